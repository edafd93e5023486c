"""Gaps between groups: of printed figures alone, with an interval, a size, and a bar that chance seldom takes."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.cut_gaps import cut_gaps
from psafety.analysis.cut_scores import CutPrecision, CutRow, CutScore
from psafety.analysis.scores import WITHHELD
from scipy.stats import t

PRECISION = CutPrecision(np.array([0.8]), np.array([500]), np.array([5]))  # 20 points of 100


def group(value: str, index: int | None, n: int = 100, *, attribute: str = "Gender", unit: int = 0) -> CutRow:
    score = WITHHELD if index is None else CutScore(n, index, 0, 100)
    return CutRow(attribute, value, unit, n, (score,), ())


def test_a_gap_is_the_difference_of_two_printed_indexes() -> None:
    """Eight points of twenty: .4 standard deviations, and an interval that rounding widens a little."""
    (gap,) = cut_gaps([group("F", 62), group("M", 70)], PRECISION)

    reach = t.ppf(0.975, 500) * np.sqrt(400 * 2 / 100 + 2 / 12)
    assert (gap.one, gap.other, gap.difference, gap.standing) == ("F", "M", -8, -1)
    assert (gap.low, gap.high) == pytest.approx((-8 - reach, -8 + reach))
    assert gap.effect == pytest.approx(-0.4, abs=0.001)


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ([], 0),
        ([group("F", 60)], 0),
        ([group("F", 60), group("M", None)], 0),  # a withheld figure has no gap
        ([group("a", 60), group("b", 61), group("c", 62)], 3),
        ([group("F", 60), group("Bonn", 61, attribute="Site")], 0),  # of different attributes
        ([group("F", 60), group("M", 60, unit=1)], 0),  # of different units
    ],
)
def test_only_printed_groups_of_one_attribute_in_one_unit_are_set_against_each_other(rows, pairs: int) -> None:
    """Every two of them."""
    assert len(cut_gaps(rows, PRECISION)) == pairs


def test_without_a_spread_there_is_no_gap_to_speak_of() -> None:
    """An interval cannot be given, so nothing is."""
    unknown = CutPrecision(np.array([np.nan]), np.array([np.nan]), np.array([5]))

    assert cut_gaps([group("F", 62), group("M", 70)], unknown) == ()


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(10, 400)), min_size=2, max_size=5))
def test_a_named_gap_has_its_interval_on_one_side_of_nought(scores) -> None:
    """Whatever the groups: never the other way round."""
    rows = [group(str(place), *score) for place, score in enumerate(scores)]

    for gap in cut_gaps(rows, PRECISION):
        assert gap.low <= gap.difference <= gap.high
        assert (gap.standing == 1) <= (gap.low > 0)
        assert (gap.standing == -1) <= (gap.high < 0)


def test_chance_is_seldom_named() -> None:
    """Ten groups that do not differ: in at most one of twenty surveys any gap is named."""
    draw = np.random.default_rng(4)
    named = 0
    for _ in range(200):
        means = draw.normal(60, 2, 10)  # 20 points over the root of 100 people
        rows = [group(str(place), round(mean)) for place, mean in enumerate(means)]
        named += any(gap.standing for gap in cut_gaps(rows, PRECISION))

    assert named / 200 <= 0.08  # 5 % and two standard errors
