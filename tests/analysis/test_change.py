"""Wave against wave: its tests agree with other programs, and its verdicts are true of their figures."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from psafety.analysis.change import (
    hedges_g,
    holm,
    if_the_others,
    interval,
    mann_whitney_p,
    named,
    raised,
    slope,
    smallest_visible,
    verdict,
    verdicts,
    welch,
)
from scipy import stats
from scipy.special import gamma

P = arrays(float, (6, 3), elements=st.one_of(st.floats(0, 1), st.just(np.nan)))


def test_welch_is_that_of_scipy() -> None:
    """Error and degrees of freedom of two independent samples of different spread."""
    one, other = np.array([1.0, 2, 3, 4, 9]), np.array([2.0, 2, 3, 1, 2, 2, 4])
    expected = stats.ttest_ind(one, other, equal_var=False)

    error, degrees = welch(
        (one.var(ddof=1), other.var(ddof=1)), (np.array(5), np.array(7)), (np.array(4.0), np.array(6.0))
    )

    assert (one.mean() - other.mean()) / error == pytest.approx(expected.statistic)
    assert degrees == pytest.approx(expected.df)
    limits = expected.confidence_interval(0.95)
    assert interval(one.mean() - other.mean(), error, degrees) == pytest.approx((limits.low, limits.high))


def test_a_side_without_answers_or_freedom_has_no_error() -> None:
    """Nobody, or one person whose spread nobody knows, compares with nothing."""
    error, degrees = welch(
        (np.array([1.0, 1.0]), np.array([1.0, 1.0])),
        (np.array([0, 5]), np.array([5, 5])),
        (np.array([3.0, 0.0]), np.array([4.0, 4.0])),
    )

    assert np.isnan(error[0])
    assert np.isnan(degrees).all()


def test_hedges_factor_is_near_the_exact_one() -> None:
    """The usual approximation and the gamma function agree to a thousandth from ten degrees of freedom on."""
    for degrees in (10.0, 30.0, 100.0):
        exact = gamma(degrees / 2) / (np.sqrt(degrees / 2) * gamma((degrees - 1) / 2))
        assert hedges_g(np.array(1.0), np.array(1.0), np.array(degrees)) == pytest.approx(exact, abs=1e-3)

    assert np.isnan(hedges_g(np.array(1.0), np.array(0.0), np.array(10.0)))


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_the_rank_test_is_that_of_scipy(one: list[int], other: list[int]) -> None:
    """From counts, with ties; NaN where a group is empty or everybody said the same."""
    both = np.array([one, other])
    found = mann_whitney_p(both[0], both[1])

    if not all(both.sum(axis=1)) or (both.sum(axis=0) > 0).sum() < 2:
        assert np.isnan(found)
    else:
        answers = [np.repeat(np.arange(5), counts) for counts in both]
        assert found == pytest.approx(stats.mannwhitneyu(*answers, method="asymptotic").pvalue, abs=1e-9)


@given(P)
def test_holm_is_what_its_definition_says(p: np.ndarray) -> None:
    """Row by row: p values in order times how many are left, never falling, at most 1; gaps stay gaps."""
    adjusted = holm(p)

    for row, found in zip(p, adjusted, strict=True):
        there = row[np.isfinite(row)]
        expected, highest = {}, 0.0
        for place, value in enumerate(np.sort(there)):
            highest = max(highest, min(1.0, value * (len(there) - place)))
            expected[value] = max(highest, expected.get(value, 0.0))
        assert np.isnan(found[np.isnan(row)]).all()
        assert found[np.isfinite(row)] == pytest.approx([expected[value] for value in there])


@given(P)
def test_what_is_named_passes_on_its_own(p: np.ndarray) -> None:
    """No difference is named that would not pass alone; and if anything is, the smallest p value is."""
    found = named(p)

    assert (p[found] <= 0.05).all()
    assert not found.any() or found[p == np.nanmin(p)].any()


def test_nothing_to_compare_names_nothing() -> None:
    """Without a single p value there is no verdict, and no warning."""
    assert not named(np.full((3, 2), np.nan)).any()


FIGURES = arrays(float, (5, 3), elements=st.one_of(st.floats(-100, 100), st.just(np.nan)))


@given(FIGURES, arrays(float, (5, 3), elements=st.one_of(st.just(0.0), st.floats(0.1, 60))), st.floats(1, 300))
def test_every_verdict_is_true_of_its_figures(difference: np.ndarray, error: np.ndarray, free: float) -> None:
    """Better only where the interval lies above 0, worse only below it; without a figure nothing can be told."""
    degrees = np.full(difference.shape, free)

    found = verdicts(difference, error, degrees)
    low, high = interval(difference, error, degrees)

    assert (low[found == 1] > 0).all()
    assert (high[found == -1] < 0).all()
    assert (found[np.isnan(difference)] == 2).all()
    assert (np.abs(found[(error == 0) & (np.abs(difference) > 0)]) == 1).all()


def test_verdicts_have_words() -> None:
    """Better, worse, no visible change, cannot tell: and nothing else."""
    difference = np.array([[40.0], [-40.0], [1.0], [5.0]])
    error = np.array([[3.0], [3.0], [3.0], [60.0]])

    found = verdicts(difference, error, np.full((4, 1), 40.0))

    assert [verdict(number) for number in found[:, 0]] == ["better", "worse", "no visible change", "cannot tell"]


def test_the_smallest_visible_change_is_seen_in_four_of_five_cases() -> None:
    """One team of fifty changes by that much in one of three dimensions: 80 % of the reports name it, or more."""
    draw = np.random.default_rng(11)
    error, degrees = np.full((50, 3), 8.0), np.full((50, 3), 200.0)
    change = smallest_visible(error, degrees, 150)[0, 0]
    hits = 0
    for _ in range(300):
        noise = draw.standard_t(200, (50, 3)) * 8.0
        noise[0, 0] += change
        hits += verdicts(noise, error, degrees)[0, 0] == 1

    assert hits / 300 >= 0.77  # 80 % less two standard errors


def test_where_nothing_changed_few_reports_name_a_change() -> None:
    """Fifty unchanged teams in three dimensions: of 400 reports no more than about 5 % name a change anywhere."""
    draw = np.random.default_rng(12)
    error, degrees = np.full((50, 3), 8.0), np.full((50, 3), 200.0)

    false = [(np.abs(verdicts(draw.standard_t(200, (50, 3)) * 8.0, error, degrees)) == 1).any() for _ in range(400)]

    assert np.mean(false) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)


def test_a_trend_is_that_of_numpy() -> None:
    """Weighted by the error of every wave; a missing wave is left out and keeps its place."""
    index = np.array([50.0, 55.0, np.nan, 58.0, 66.0])
    error = np.array([2.0, 3.0, 1.0, 2.0, 4.0])
    there = np.isfinite(index)
    (expected, _), covariance = np.polyfit(np.arange(5)[there], index[there], 1, w=1 / error[there], cov="unscaled")

    rise, uncertainty = slope(index, error)

    assert rise == pytest.approx(expected)
    assert uncertainty == pytest.approx(np.sqrt(covariance[0, 0]))


def test_two_waves_are_no_trend() -> None:
    """A difference has a verdict; a slope through two points would only say it again."""
    assert np.isnan(slope(np.array([50.0, 60.0]), np.array([2.0, 2.0]))).all()


@given(st.integers(0, 100), st.integers(1, 40), st.integers(1, 40))
def test_those_who_stayed_away_move_the_index_inside_its_bounds(index: int, n: int, headcount: int) -> None:
    """Whatever they would have said; and where everybody answered there are no bounds."""
    low, high = if_the_others(np.array(float(index)), np.array(n), np.array(float(headcount)))

    if headcount <= n:
        assert np.isnan([low, high]).all()
    else:
        for others in (0, 37, 100):
            assert low - 1e-9 <= (n * index + (headcount - n) * others) / headcount <= high + 1e-9


def test_the_error_is_raised_nearer_to_the_middle_and_never_lowered() -> None:
    """Most people are at 80; a unit at 50 has more room to differ, one at 95 less, one without a figure none."""
    index = np.array([[80.0], [80.0], [50.0], [95.0], [np.nan]])

    factor = raised(index, np.array([[100], [100], [5], [5], [0]]))[:, 0]

    assert factor[2] > 1.2
    assert factor[[0, 1]] == pytest.approx(1.0, abs=0.01)
    assert factor[[3, 4]].tolist() == [1.0, 1.0]
    assert raised(np.array([[0.0]]), np.array([[10]])).tolist() == [[1.0]]
