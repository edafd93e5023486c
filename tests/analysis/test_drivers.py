"""Relative weights: they share out what is explained, and say nothing where nothing is determined."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.drivers import relative_weights, weight_intervals


def correlations_of(seed: int, people: int = 200, size: int = 5) -> np.ndarray:
    """Correlations of simulated answers that have something in common; the last variable is the outcome."""
    draw = np.random.default_rng(seed)
    answers = draw.normal(size=(people, size)) + draw.normal(size=(people, 1)) * draw.uniform(0, 1.5)
    return np.corrcoef(answers, rowvar=False)


@given(st.integers(0, 10_000))
def test_weights_add_up_to_what_the_regression_explains(seed: int) -> None:
    """No weight is negative, and together they are R²."""
    all_of = correlations_of(seed)
    predictors, outcome = all_of[:-1, :-1], all_of[:-1, -1]

    weights = relative_weights(predictors, outcome)

    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(outcome @ np.linalg.solve(predictors, outcome))


def test_predictors_that_do_not_overlap_weigh_their_squared_correlation() -> None:
    """Then nothing has to be shared out."""
    assert relative_weights(np.eye(3), np.array([0.5, 0.3, 0.0])) == pytest.approx([0.25, 0.09, 0.0])


def test_two_predictors_that_are_nearly_the_same_share() -> None:
    """Regression would give one of them everything; the weights do not."""
    weights = relative_weights(np.array([[1, 0.95], [0.95, 1]]), np.array([0.6, 0.58]))

    assert weights[0] / weights.sum() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("predictors", "outcome"),
    [
        (np.ones((2, 2)), np.array([0.5, 0.5])),  # one follows from the other
        (np.array([[1, np.nan], [np.nan, 1]]), np.array([0.5, 0.5])),  # an item that does not vary
        (np.eye(2), np.array([np.nan, 0.5])),  # nobody answered both
    ],
)
def test_undefined_weights_are_nan(predictors: np.ndarray, outcome: np.ndarray) -> None:
    """Where nothing is determined there is no figure, and no interval."""
    together = np.block([[predictors, outcome[:, None]], [outcome[None], np.ones((1, 1))]])

    assert np.isnan(relative_weights(predictors, outcome)).all()
    assert np.isnan(weight_intervals(together, 100)).all()


def test_too_few_people_have_no_interval() -> None:
    """As many variables as people explain everything and nothing."""
    assert np.isnan(weight_intervals(correlations_of(1), 5)).all()


def test_intervals_are_about_as_wide_as_resampled_rows_give() -> None:
    """Drawn from the correlations alone, they agree with the bootstrap of the rows themselves; the same every time."""
    draw = np.random.default_rng(3)
    answers = draw.normal(size=(300, 4)) + draw.normal(size=(300, 1))
    rows = [answers[draw.integers(0, 300, 300)] for _ in range(800)]
    again = [np.corrcoef(each, rowvar=False) for each in rows]
    expected = np.percentile([relative_weights(each[:-1, :-1], each[:-1, -1]) for each in again], [2.5, 97.5], axis=0)

    found = weight_intervals(np.corrcoef(answers, rowvar=False), 300)

    assert np.array(found) == pytest.approx(expected, abs=0.03)
    assert np.array_equal(found, weight_intervals(np.corrcoef(answers, rowvar=False), 300))
