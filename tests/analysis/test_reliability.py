"""Alpha, omega and their kin: the figures of R, the laws they keep, the cases in which they say nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.reliability import (
    Products,
    alpha,
    alpha_interval,
    alpha_without_each,
    correlation,
    covariance,
    halves_correlation,
    item_rest_correlation,
    omega,
    omega_by_likelihood,
    omega_of_total,
    one_factor,
    pairwise_correlation,
    products_of,
)
from reference import r

BFI = {
    "agree": ("A", [1]),
    "conscientious": ("C", [4, 5]),
    "extraversion": ("E", [1, 2]),
    "neuroticism": ("N", []),
    "openness": ("O", [2, 5]),
}
ANSWERS = st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=2, max_size=30).map(np.array)


def close(found: object, wanted: object) -> bool:
    """To 1e-6."""
    return bool(np.abs(np.asarray(found) - np.asarray(wanted, float)).max() < 1e-6)


def bfi(shared, name: str, *, listwise: bool) -> np.ndarray:
    """The keyed answers to one scale of psych's bfi; 0 for a blank."""
    letter, reverse = BFI[name]
    points = pd.read_csv(shared("r_psych/bfi.csv"))[[f"{letter}{number}" for number in range(1, 6)]]
    points[[f"{letter}{number}" for number in reverse]] = 7 - points[[f"{letter}{number}" for number in reverse]]
    points = points.dropna() if listwise else points.fillna(0)
    return points.to_numpy(int)


@pytest.mark.parametrize("how", ["pairwise", "listwise"])
@pytest.mark.parametrize("name", BFI)
def test_alpha_is_that_of_psych(shared, name: str, how: str) -> None:
    """Raw and standardised alpha, alpha without each item, item-rest correlation and Feldt's interval."""
    points = bfi(shared, name, listwise=how == "listwise")
    wanted = r(f"bfi.{name}.alpha_{how}")

    cov = covariance(products_of(points))

    assert close(alpha(cov), wanted["raw_alpha"])
    assert close(alpha(correlation(cov)), wanted["std_alpha"])
    assert close(alpha_without_each(cov), list(wanted["raw_alpha_if_dropped"].values()))
    assert close(item_rest_correlation(cov), list(wanted["r_drop"].values()))
    if how == "listwise":
        assert close(alpha_interval(alpha(cov), len(points), 5), wanted["feldt_ci95"])


@pytest.mark.parametrize("name", BFI)
def test_omega_is_that_of_psych_and_lavaan(shared, name: str) -> None:
    """By minimum residuals, over the observed variance, and by maximum likelihood raw and standardised."""
    wanted = r(f"bfi.{name}.omega")
    products, whole = (products_of(bfi(shared, name, listwise=listwise)) for listwise in (False, True))

    correlations, cov = pairwise_correlation(products), covariance(whole)

    assert close(omega(correlations), wanted["omega_total_1factor_minres_pairwise"])
    assert close(omega_of_total(correlations), wanted["omega_total_psych_nfactors1"])
    assert close(omega_by_likelihood(cov), wanted["omega_cfa_ML_raw_listwise"])
    assert close(omega_by_likelihood(correlation(cov)), wanted["omega_cfa_ML_std_listwise"])
    # psych's search for the loadings stops a little earlier than ours
    assert np.abs(one_factor(correlations) - list(wanted["fa_minres_loadings"].values())).max() < 1e-5


def test_bhr2000_is_that_of_psych_multilevel_and_lavaan(shared) -> None:
    """Eleven items on leadership, answered by 5,400 soldiers."""
    points = pd.read_csv(shared("r_multilevel/bhr2000.csv")).iloc[:, 1:12].to_numpy(int)
    wanted, factor = r("bhr2000.lead.psych.alpha_pairwise"), r("bhr2000.lead.psych.omega")

    cov = covariance(products_of(points))

    assert close(alpha(cov), wanted["raw_alpha"])
    assert close(alpha(cov), r("bhr2000.items2_12.cronbach")["alpha"])
    assert close(alpha(cov[:10, :10]), r("bhr2000.items2_11.cronbach")["alpha"])
    assert close(item_rest_correlation(cov), list(r("bhr2000.items2_12.cronbach")["item_total"].values()))
    assert close(omega(correlation(cov)), factor["omega_total_1factor_minres_pairwise"])
    assert close(omega_by_likelihood(cov), factor["omega_cfa_ML_raw_listwise"])


def test_attitude_and_cohesion_are_those_of_r(shared) -> None:
    """Thirty departments on attitudes, with Feldt's interval as published; ten soldiers without gaps on cohesion."""
    wanted = r("attitude.alpha")
    attitude = pd.read_csv(shared("r_psych/attitude.csv"))[list(wanted["r_drop"])].to_numpy(int)
    cohesion = pd.read_csv(shared("r_multilevel/cohesion.csv")).iloc[:, 2:].dropna().to_numpy(int)

    cov, small = covariance(products_of(attitude)), covariance(products_of(cohesion))

    assert close(alpha(cov), wanted["raw_alpha"])
    assert close(alpha_interval(alpha(cov), 30, 7), wanted["feldt_ci95"])
    assert close(alpha(small), r("cohesion.cronbach")["alpha"])
    assert close(item_rest_correlation(small), list(r("cohesion.cronbach")["item_total"].values()))


def test_an_item_nobody_reversed_runs_against_the_others(shared) -> None:
    """The sign of it is a negative item-rest correlation, as psych gives it."""
    points = bfi(shared, "agree", listwise=False)
    points[:, 0] = np.where(points[:, 0] > 0, 7 - points[:, 0], 0)
    wanted = r("bfi.agree.unreversed")

    cov = covariance(products_of(points))

    assert close(alpha(cov), wanted["raw_alpha"])
    assert close(item_rest_correlation(cov), list(wanted["r_drop"].values()))


@given(points=ANSWERS, at=st.integers(0, 30))
def test_products_add_up(points: np.ndarray, at: int) -> None:
    """Counted in two parts they are the same as counted at once."""
    parts = products_of(points[:at]) + products_of(points[at:])
    whole = products_of(points)

    assert all(np.array_equal(getattr(parts, name), getattr(whole, name)) for name in Products.__slots__)


@given(points=ANSWERS)
def test_alpha_is_at_most_one_and_of_some_items_that_of_those_alone(points: np.ndarray) -> None:
    """Complete answers: never above 1; and picking items from the products is the same as picking columns."""
    points = np.maximum(points, 1)
    some = np.array([2, 0, 3])

    assert not alpha(covariance(products_of(points))) > 1
    assert np.array_equal(products_of(points).of(some).products, products_of(points[:, some]).products)


def test_equal_items_have_one_alpha_and_one_omega() -> None:
    """Where all items correlate alike, alpha and omega agree (Spearman and Brown's formula)."""
    correlations = np.full((4, 4), 0.5) + np.eye(4) / 2

    expected = 4 * 0.5 / (1 + 3 * 0.5)
    assert close([alpha(correlations), omega(correlations), omega_by_likelihood(correlations)], [expected] * 3)
    assert close(omega_of_total(correlations), expected)


UNDEFINED = {
    "one item": np.array([[1], [2], [3]]),
    "no variance": np.full((5, 4), 3),
    "one person": np.array([[1, 2, 3, 4]]),
    "nobody answered": np.zeros((5, 4), int),
    "an item nobody answered": np.array([[1, 2, 3, 0], [2, 2, 4, 0], [3, 5, 1, 0]]),
}


@pytest.mark.parametrize("case", UNDEFINED)
def test_undefined_cases_give_nan_and_no_warning(case: str) -> None:
    """Where a figure has no meaning it is NaN, which the report says in words."""
    products = products_of(UNDEFINED[case])
    cov, correlations = covariance(products), pairwise_correlation(products)

    figures = [alpha(cov), omega(correlations), omega_by_likelihood(cov), omega_of_total(correlations)]

    assert np.isnan(figures).all()
    assert np.isnan(alpha_interval(figures[0], 30, 4)).all()


def test_too_few_people_or_items_have_no_interval() -> None:
    """Feldt's interval needs two of each."""
    assert np.isnan([alpha_interval(0.8, 1, 4), alpha_interval(0.8, 30, 1)]).all()


def test_an_item_that_the_factor_explains_whole_leaves_omega_undefined() -> None:
    """A Heywood case: the third item would have to correlate with the factor by more than 1."""
    correlations = np.array([[1, 0.2, 0.8], [0.2, 1, 0.8], [0.8, 0.8, 1]])

    assert np.isnan([omega(correlations), omega_of_total(correlations), omega_by_likelihood(correlations)]).all()


def test_the_reverse_keyed_half_is_set_against_the_other() -> None:
    """Halves that measure the same correlate; without one of the halves there is nothing to say."""
    answers = np.array([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [5, 4, 5, 4]])
    cov = covariance(products_of(answers))

    assert halves_correlation(cov, np.array([True, True, False, False])) > 0.99
    assert np.isnan(halves_correlation(cov, np.array([False] * 4)))
    assert np.isnan(halves_correlation(np.zeros((2, 2)), np.array([True, False])))
