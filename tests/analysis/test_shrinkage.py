"""Estimates drawn towards the mean of all: nearer to the truth, and never beyond either end."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.shrinkage import shrunken


@given(st.floats(0, 100), st.integers(1, 500), st.floats(0, 100), st.floats(-0.2, 0.9))
def test_it_lies_between_the_team_and_everybody(mean: float, n: int, centre: float, icc: float) -> None:
    """Never beyond the team's own mean, never beyond the mean of all."""
    estimate = shrunken(np.array(mean), np.array(n), centre, icc)

    assert min(mean, centre) - 1e-9 <= estimate <= max(mean, centre) + 1e-9


@pytest.mark.parametrize("n", [5, 8, 15, 30])
def test_it_is_nearer_to_the_truth_than_the_mean_itself(n: int) -> None:
    """Root mean squared error over many teams whose truth is known, at an ICC(1) of .15."""
    draw = np.random.default_rng(n)
    truth = 60 + draw.normal(0, 8, 2_000)
    within = 8 * np.sqrt((1 - 0.15) / 0.15)
    mean = truth + draw.normal(0, within / np.sqrt(n), 2_000)

    estimate = shrunken(mean, np.full(2_000, n), 60.0, 0.15)

    assert ((estimate - truth) ** 2).mean() < ((mean - truth) ** 2).mean()
