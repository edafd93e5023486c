"""Beside other people: each sentence is true of its figures, and chance is called chance."""

from pathlib import Path

import pytest
from psafety.analysis.findings import analyze
from psafety.reports.compose import Look, compose
from psafety.reports.content import Absent, Figure, Standing, UnitApart
from psafety.surveys import responses


def figure(value: int) -> Figure:
    return Figure(value, f"{value:+d}".replace("-", "−"), "0")


@pytest.mark.parametrize(
    ("difference", "low", "high", "standing", "sentence"),
    [
        (8, 2, 14, "above", "8 points above everybody (between +2 and +14): more than chance explains"),
        (-1, -2, -1, "below", "1 point below everybody (between −2 and −1): more than chance explains"),
        (8, -2, 18, "same", "8 points above everybody (between −2 and +18): chance can do that"),
        (-8, -18, 2, "same", "8 points below everybody (between −18 and +2): chance can do that"),
    ],
)
def test_a_difference_in_words(difference: int, low: int, high: int, standing: Standing, sentence: str) -> None:
    """The points, whom from, how sure, and what chance can do."""
    assert UnitApart("everybody", figure(difference), figure(low), figure(high), standing).sentence == sentence


def test_no_difference_and_no_comparison() -> None:
    """Level is said; where a figure is withheld there is no sentence."""
    level = UnitApart("everybody", Figure(0, "0", "0"), figure(-9), figure(9), "same").sentence

    assert level == "level with everybody (between −9 and +9 points): chance can do what differs"
    assert UnitApart("everybody", *[Absent("withheld")] * 3, "none").sentence == ""


def test_every_unit_of_a_sample_is_set_beside_others() -> None:
    """Top-level units beside the organisation, teams beside both; a withheld team has no number."""
    sample = Path(responses.__file__).parent / "samples" / "sample-2026-q1.csv"
    content = compose(analyze(responses.load_survey(sample)), Look(), version="1")

    for unit in content.units:
        assert bool(unit.against) == (unit.kind in {"unit", "team"})
        assert bool(unit.above) == (unit.kind == "team")
        for one in (*unit.against, *unit.above):
            assert (one.standing == "none") == isinstance(one.difference, Absent)
            if one.standing == "above":
                assert one.low.value > 0
            if one.standing == "below":
                assert one.high.value < 0
        if unit.withheld:
            assert {one.standing for one in (*unit.against, *unit.above)} == {"none"}
