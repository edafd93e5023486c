"""Gaps between groups in words: each sentence is true of its figures, and only what stands out is called a gap."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st
from psafety.analysis.cut_scores import CutGap, Cuts
from psafety.reports.gaps_across import gap_notes, gap_rows
from psafety.surveys.instrument import Dimension

DIMENSIONS = (Dimension("trust", {"en": "Trust"}, {}), Dimension("openness", {"en": "Openness"}, {}))


def gap(difference: int = -8, half: float = 6, effect: float = -0.4, standing: int = -1, **other: object) -> CutGap:
    found = {"attribute": "Gender", "unit": 0, "one": "Women", "other": "Men", "dimension": 1}
    ends = {"low": difference - half, "high": difference + half}
    return CutGap(**(found | ends | {"difference": difference, "effect": effect, "standing": standing} | other))


def findings(*gaps: CutGap, dimensions: tuple[Dimension, ...] = DIMENSIONS) -> SimpleNamespace:
    return SimpleNamespace(cuts=Cuts(gaps=gaps), joint_dimensions=dimensions)


def said(one: CutGap) -> str:
    (row,) = gap_rows(findings(one), ("Ours",), "en")
    return row.said


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (gap(), "“Women” stands 8 points lower than “Men” (between 2 and 14): a small difference"),
        (
            gap(8, 7.5, 0.19, 1),
            "“Women” stands 8 points higher than “Men” (between 0.5 and 16): a very small difference",
        ),
        (gap(-1, 0.5, -0.6), "“Women” stands 1 point lower than “Men” (between 0.5 and 2): a medium difference"),
        (gap(30, 5, 1.5, 1), "“Women” stands 30 points higher than “Men” (between 25 and 35): a large difference"),
        (gap(-8, 9, -0.4, 0), "no more than chance can do"),
    ],
)
def test_a_gap_in_words(one: CutGap, sentence: str) -> None:
    """Which group stands where, how far apart, how sure, and how large that is; chance is called chance."""
    assert said(one) == sentence


def test_without_gaps_there_are_no_words() -> None:
    """Nothing was asked for, or nothing is printed of two groups."""
    assert gap_notes(findings(), "en") == ()
    assert gap_rows(findings(), ("Ours",), "en") == ()


def test_the_question_what_openness_costs_is_answered() -> None:
    """By a gap that stands out, or by saying that none does and what that leaves open."""
    shown = gap_notes(findings(gap(), gap(dimension=0, standing=0)), "en")
    unseen = gap_notes(findings(gap(standing=0)), "en")
    unasked = gap_notes(findings(gap(dimension=0), dimensions=DIMENSIONS[:1]), "en")

    assert shown[1:] == (
        "Gaps that chance does not explain: Openness (Women and Men).",
        (
            "Does openness cost some groups more than others? The answers differ between groups by more than chance"
            " explains. Ask those who find it harder what it would take; do not explain it for them."
        ),
    )
    assert unseen[1] == "Between no two groups is there a gap that chance could not make."
    assert "These answers do not show it" in unseen[2]
    assert len(unasked) == 2


@given(st.integers(1, 100), st.floats(0.2, 30), st.floats(0.01, 3), st.sampled_from([-1, 1]))
def test_every_sentence_is_true_of_its_figures(size: int, half: float, effect: float, sign: int) -> None:
    """Higher only above nought, lower only below; the lower end first; the points are those of the difference."""
    half = min(half, size - 0.1)

    sentence = said(gap(sign * size, half, sign * effect, sign))

    assert ("higher" in sentence) == (sign > 0)
    points, low, high = (float(number) for number in re.findall(r"\d+(?:\.\d+)?", sentence))
    assert low <= points == size <= high
    assert low > 0
