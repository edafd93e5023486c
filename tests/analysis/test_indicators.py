"""The indicators agree with the programs that their docstrings name, and are undefined where they say so."""

import json
import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from handmade import response_scale
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp
from psafety.analysis.indicators import (
    band,
    benjamini_hochberg,
    finite_population_factor,
    half_width,
    mean_of,
    sd_of,
    share_in,
    skewness_of,
    squares_within,
    sum_of_squares,
    to_index,
    two_sided_p,
    wilson_interval,
)
from scipy import stats

LEADERSHIP = ("AF06", "AF07", "AP12", "AP17", "AP33", "AP34", "AS14", "AS15", "AS16", "AS17", "AS28")
COUNTS = hnp.arrays(np.int64, 5, elements=st.integers(0, 30)).filter(lambda counts: counts.sum() > 1)


@pytest.fixture
def soldiers(shared: Callable[[str], Path]) -> pd.DataFrame:
    """5,400 soldiers in 99 companies, who answered 11 questions on leadership from 1 to 5."""
    return pd.read_csv(shared("r_multilevel/bhr2000.csv"))


@pytest.fixture
def computed_by_r(shared: Callable[[str], Path]) -> dict[str, Any]:
    """What R's psych and multilevel say of them, by the name of the call."""
    values = json.loads(shared("../reference/reference_values.json").read_text(encoding="utf-8"))
    return {entry["id"]: entry["value"] for entry in values["computed"]}


def counts_of(answers: pd.DataFrame) -> np.ndarray:
    """(items × points 1..5) how often each was ticked."""
    return np.array([[(answers[item] == point).sum() for point in range(1, 6)] for item in LEADERSHIP])


def ticked(counts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(1, len(counts) + 1), counts)


def test_item_means_are_those_of_psych_alpha(soldiers: pd.DataFrame, computed_by_r: dict[str, Any]) -> None:
    """`mean_of` gives the item means that `psych::alpha` prints."""
    expected = computed_by_r["bhr2000.lead.psych.alpha_pairwise"]["item_mean"]

    assert mean_of(counts_of(soldiers)) == pytest.approx([expected[item] for item in LEADERSHIP], abs=1e-11)


def test_item_deviations_are_those_of_psych_alpha(soldiers: pd.DataFrame, computed_by_r: dict[str, Any]) -> None:
    """`squares_within` and `sd_of` give the item standard deviations that `psych::alpha` prints."""
    expected = computed_by_r["bhr2000.lead.psych.alpha_pairwise"]["item_sd"]
    counts = counts_of(soldiers)

    sd = sd_of(squares_within(counts), counts.sum(axis=-1) - 1)

    assert sd == pytest.approx([expected[item] for item in LEADERSHIP], abs=1e-11)


def test_scale_mean_and_deviation_are_those_of_psych_alpha(
    soldiers: pd.DataFrame, computed_by_r: dict[str, Any]
) -> None:
    """The mean of item means, and the deviation of persons' scores from their sums, are those of `psych::alpha`."""
    expected = computed_by_r["bhr2000.lead.psych.alpha_pairwise"]
    scores = soldiers[list(LEADERSHIP)].mean(axis=1).to_numpy()
    squares = sum_of_squares(np.array(len(scores)), scores.sum(), np.array((scores**2).sum()))

    assert mean_of(counts_of(soldiers)).mean() == pytest.approx(expected["scale_mean"], abs=1e-11)
    assert float(sd_of(squares, np.array(len(scores) - 1))) == pytest.approx(expected["scale_sd"], abs=1e-11)


def test_pooled_variance_is_the_mean_square_within_of_aov(
    soldiers: pd.DataFrame, computed_by_r: dict[str, Any]
) -> None:
    """Sums of squares added over companies, by their degrees of freedom, are R's mean square within."""
    expected = computed_by_r["bhr2000.LEAD11.icc"]
    companies = soldiers[list(LEADERSHIP)].mean(axis=1).groupby(soldiers["GRP"])
    n, total = companies.size().to_numpy(), companies.sum().to_numpy()
    squares = companies.apply(lambda scores: (scores**2).sum()).to_numpy()

    pooled = sd_of(sum_of_squares(n, total, squares).sum(), np.array(n.sum() - len(n)))

    assert float(pooled) ** 2 == pytest.approx(expected["MSW"], abs=1e-11)
    assert n.sum() - len(n) == expected["df2"]


@pytest.mark.parametrize(("favourable", "n"), [(8, 10), (0, 7), (7, 7), (1, 5), (431, 1000)])
def test_wilson_interval_is_scipys(favourable: int, n: int) -> None:
    """`wilson_interval` is the interval of a binomial test in scipy; 8 of 10 gives 0.4902 to 0.9433."""
    expected = stats.binomtest(favourable, n).proportion_ci(method="wilson")

    low, high = wilson_interval(np.array([favourable / n]), np.array([n]))

    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)
    if (favourable, n) == (8, 10):
        assert (round(low[0], 4), round(high[0], 4)) == (0.4902, 0.9433)


@settings(deadline=None)
@given(counts=COUNTS.filter(lambda counts: (counts > 0).sum() > 1))
def test_interval_of_a_mean_is_students_t(counts: np.ndarray) -> None:
    """Mean and half width give the interval that `scipy.stats.t.interval` gives for the same answers."""
    answers = ticked(counts)
    n = counts.sum()
    expected = stats.t.interval(0.95, n - 1, loc=answers.mean(), scale=stats.sem(answers))

    reach = half_width(sd_of(squares_within(counts), n - 1), n, n - 1)

    assert (mean_of(counts) - reach, mean_of(counts) + reach) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None)
@given(counts=COUNTS)
def test_shares_are_those_of_counting_rows(counts: np.ndarray) -> None:
    """`share_in` is the mean of the rows that lie in the band."""
    scale = response_scale(5)

    share = share_in(counts, band(scale, scale.favourable))

    assert float(share) == pytest.approx(pd.Series(ticked(counts)).isin(scale.favourable).mean(), abs=1e-12)


@settings(deadline=None)
@given(counts=COUNTS.filter(lambda counts: (counts > 0).sum() > 1))
def test_skewness_is_scipys(counts: np.ndarray) -> None:
    """`skewness_of` is the moment coefficient that `scipy.stats.skew` gives for the rows."""
    assert float(skewness_of(counts)) == pytest.approx(float(stats.skew(ticked(counts))), abs=1e-9)


@settings(deadline=None)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=40), rate=st.sampled_from([0.01, 0.05, 0.2]))
def test_benjamini_hochberg_is_scipys(p: list[float], rate: float) -> None:
    """A comparison stands out exactly where scipy's adjusted p is within the rate."""
    adjusted = stats.false_discovery_control(p, method="bh")
    unclear = np.abs(adjusted - rate) < 1e-12  # a product against a quotient: either side of a tie is right

    found = benjamini_hochberg(np.array(p), rate)

    assert ((found == (adjusted <= rate)) | unclear).all()


def test_benjamini_hochberg_passes_over_missing_comparisons() -> None:
    """A comparison that was not made neither stands out nor counts among the comparisons."""
    p = np.array([[0.001, np.nan], [0.04, np.nan]])

    assert benjamini_hochberg(p, 0.05).tolist() == [[True, False], [True, False]]
    assert not benjamini_hochberg(np.array([np.nan]), 0.05).any()


@pytest.mark.parametrize(("mean", "sd", "n"), [((3.1, 3.9), 0.9, (7, 40)), ((4.0, 3.9), 1.1, (12, 12))])
def test_two_sided_p_is_the_t_test_of_two_groups(mean: tuple[float, float], sd: float, n: tuple[int, int]) -> None:
    """Without skewness, p is that of scipy's t test with a pooled standard deviation."""
    expected = stats.ttest_ind_from_stats(mean[0], sd, n[0], mean[1], sd, n[1]).pvalue
    error = np.array([sd * math.sqrt(1 / n[0] + 1 / n[1])])

    assert two_sided_p(np.array([mean[0] - mean[1]]), error, n[0] + n[1] - 2) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("skewness", [-0.9, -0.2, 0.2, 0.9])
@pytest.mark.parametrize("t", [-4.0, -2.0, 2.0, 4.0])
def test_a_difference_on_the_long_tail_is_held_against_pearsons_curve(t: float, skewness: float) -> None:
    """p is twice the longer tail of scipy's Pearson III curve there, and Student's t on the shorter one."""
    student = 2 * stats.t.sf(abs(t), 400)
    pearson = 2 * stats.pearson3.sf(abs(t), math.copysign(1, t) * skewness)

    p = two_sided_p(np.array([t]), np.array([1.0]), 400, np.array([skewness]))

    assert p[0] == pytest.approx(max(student, pearson) if t * skewness > 0 else student, rel=1e-6)


def test_finite_population_factor_is_that_of_all_samples() -> None:
    """Over all samples of a small population, the squared standard error with the factor is on average the true one."""
    population, n = np.array([1.0, 2.0, 2.0, 4.0, 5.0, 5.0, 3.0]), 4
    samples = [np.array(sample) for sample in combinations(population, n)]
    factor = finite_population_factor(np.array(n), np.array(float(len(population))))

    estimated = np.mean([np.var(sample, ddof=1) / n for sample in samples]) * factor**2

    assert estimated == pytest.approx(np.var([sample.mean() for sample in samples]), rel=1e-12)


@pytest.mark.parametrize(
    ("n", "asked", "factor"),
    [
        (10, 20, math.sqrt(0.5)),
        (10, 10, 0.0),
        (11, 10, 0.0),  # more answers than people
        (10, math.nan, 1.0),  # not known
        (0, 0, 0.0),
    ],
)
def test_finite_population_factor_at_its_ends(n: int, asked: float, factor: float) -> None:
    """Nothing is left to chance where everybody answered; where the number is not known, nothing is gained."""
    assert float(finite_population_factor(np.array(n), np.array(float(asked)))) == pytest.approx(factor)


def test_index_of_the_ends_of_a_scale() -> None:
    """The index is 0 at the unfavourable end, 100 at the favourable one, whatever the number of points."""
    assert to_index(np.array([1.0, 1.0, 7.0, 11.0]), np.array([2, 11, 7, 11])).tolist() == [0, 0, 100, 100]


@pytest.mark.parametrize(
    ("counts", "mean", "sd", "share", "skewness"),
    [
        ([0, 0, 0, 0, 0], math.nan, math.nan, math.nan, 0.0),  # nobody answered
        ([0, 0, 0, 1, 0], 4.0, math.nan, 1.0, 0.0),  # one answer has no spread
        ([0, 0, 6, 0, 0], 3.0, 0.0, 0.0, 0.0),  # no variance
        ([1, 0, 0, 0, 1], 3.0, math.sqrt(8), 0.5, 0.0),
    ],
)
def test_what_is_undefined(counts: list[int], mean: float, sd: float, share: float, skewness: float) -> None:
    """Without answers, or with one, a figure is NaN and never a number that looks like one."""
    given = np.array(counts)
    scale = response_scale(5)

    assert float(mean_of(given)) == pytest.approx(mean, nan_ok=True)
    assert float(sd_of(squares_within(given), given.sum() - 1)) == pytest.approx(sd, nan_ok=True)
    assert float(share_in(given, band(scale, scale.favourable))) == pytest.approx(share, nan_ok=True)
    assert float(skewness_of(given)) == skewness


@pytest.mark.parametrize(
    ("sd", "n", "degrees", "width"),
    [
        (1.0, 0, 5, math.nan),  # nobody in the group
        (1.0, 1, 0, math.nan),  # no degree of freedom
        (math.nan, 5, 4, math.nan),
        (0.0, 5, 4, 0.0),  # no variance
        (1.0, 1, 99, 1.984217),  # a pooled deviation gives an interval even to one answer
    ],
)
def test_half_width_where_it_is_undefined(sd: float, n: int, degrees: int, width: float) -> None:
    """An interval needs answers and degrees of freedom."""
    reach = half_width(np.array([sd]), np.array([n]), np.array([degrees]))

    assert reach[0] == pytest.approx(width, nan_ok=True, abs=1e-6)


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [
        (math.nan, 0, math.nan, math.nan),
        (0.0, 5, 0.0, 0.434482),
        (1.0, 5, 0.565518, 1.0),
        (0.5, math.inf, 0.5, 0.5),  # everybody of a finite population
    ],
)
def test_wilson_interval_at_its_ends(share: float, n: float, low: float, high: float) -> None:
    """The interval of a share stays within 0 and 1, and is NaN without answers."""
    found = wilson_interval(np.array([share]), np.array([n]))

    assert [end[0] for end in found] == pytest.approx([low, high], nan_ok=True, abs=1e-6)


@pytest.mark.parametrize(
    ("difference", "error"), [(math.nan, 1.0), (1.0, math.nan), (1.0, 0.0), (0.0, 0.0), (0.0, 1.0)]
)
def test_no_difference_is_claimed_where_nothing_can_be_said(difference: float, error: float) -> None:
    """Without a difference or a standard error, p is 1."""
    p = two_sided_p(np.array([difference]), np.array([error]), np.array([10]), np.array([0.5]))

    assert p.tolist() == [1.0]


@settings(deadline=None)
@given(
    n=st.integers(1, 10**6),
    value=st.floats(1, 5),
)
def test_sum_of_squares_is_never_negative(n: int, value: float) -> None:
    """People who all have the same score have a spread of 0, whatever rounding does to the sums."""
    spread = sum_of_squares(np.array(n), np.array(n * value), np.array(n * value**2))

    assert 0 <= float(spread) <= 1e-6 * n
