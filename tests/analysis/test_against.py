"""One wave against figures from elsewhere."""

import numpy as np
import pytest
from psafety.analysis.benchmark import against
from psafety.surveys.benchmark import BenchmarkRow
from psafety.surveys.errors import ConfigError
from waves import measure, wave

WAVE = wave("Q1", {"trust": [60, 55, 65], "openness": [50, 50, 50]}, items=[measure("t1")])


def test_a_large_difference_is_named_and_noise_is_not() -> None:
    """Both sides carry their own chance; the interval is that of Welch, with the rounding of the printed index."""
    found = against(WAVE, [BenchmarkRow("trust", 70.0, 20.0, 200, "A"), BenchmarkRow("openness", 51.0, 20.0, 200, "B")])

    assert found.difference.tolist() == [-10.0, -1.0]
    assert found.verdict.tolist() == [-1, 0]
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.966 * np.sqrt(4 + 1 / 12), rel=0.001)


def test_items_can_be_set_against_figures_too() -> None:
    """By their id."""
    assert against(WAVE, [BenchmarkRow("t1", 50.0, 20.0, 90, "A")]).verdict.tolist() == [0]


def test_what_the_organisation_does_not_print_cannot_be_told() -> None:
    """No figure, no difference."""
    hidden = wave("Q1", {"trust": [float("nan"), 55, 65]})

    found = against(hidden, [BenchmarkRow("trust", 70.0, 20.0, 200, "A")])

    assert (np.isnan(found.difference[0]), found.verdict.tolist()) == (True, [2])


def test_an_id_that_was_not_asked_is_a_mistake() -> None:
    """And the ids that there are are named."""
    with pytest.raises(ConfigError, match="trsut") as caught:
        against(WAVE, [BenchmarkRow("trsut", 70.0, 20.0, 200, "A")])

    assert "trust, openness" in caught.value.hint
