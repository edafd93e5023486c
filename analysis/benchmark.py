"""One wave against figures of other people, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..surveys.benchmark import BenchmarkRow
from ..surveys.errors import ConfigError
from .change import ROUNDING, interval, verdicts, welch
from .published import Measure, Published

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """The organisation's index minus the benchmark, line by line, with its 95 % interval.

    verdict: 1 above, -1 below, 0 no visible difference, 2 cannot tell.
    """

    measures: tuple[Measure, ...]
    rows: tuple[BenchmarkRow, ...]
    index: Floats
    difference: Floats
    low: Floats
    high: Floats
    verdict: npt.NDArray[np.int8]


def against(wave: Published, rows: Sequence[BenchmarkRow]) -> Against:
    """Set the organisation of one wave against a benchmark. Raises ConfigError for an id that the wave does not have.

    Both means carry their own error (Welch); what may be called a difference is decided over all lines together (Holm).
    """
    found = [_found(wave, row.id) for row in rows]
    measures = tuple(measure for measure, _, _ in found)
    index, n = (np.array([each[place] for each in found], float) for place in (1, 2))
    own = np.array([measure.own for measure in measures])
    theirs = np.array([row.sd for row in rows]), np.array([row.n for row in rows], float)
    people = np.where(n > 0, n, np.nan)
    error, degrees = welch(
        (own**2 / people + ROUNDING, theirs[0] ** 2 / theirs[1]),
        (np.ones(len(rows), np.int64), np.ones(len(rows), np.int64)),
        (people - 1, theirs[1] - 1),
    )
    difference = index - np.array([row.mean for row in rows])
    low, high = interval(difference, error, degrees)
    return Against(
        measures=measures,
        rows=tuple(rows),
        index=index,
        difference=difference,
        low=np.maximum(low, -100.0),
        high=np.minimum(high, 100.0),
        verdict=verdicts(difference[None], error[None], degrees[None])[0],
    )


def _found(wave: Published, id_: str) -> tuple[Measure, float, int]:
    for figures in (wave.dimensions, wave.items):
        for column, measure in enumerate(figures.measures):
            if measure.id == id_:
                return measure, float(figures.index[0, column]), int(figures.n[0, column])
    known = [measure.id for measure in wave.dimensions.measures]
    raise ConfigError(
        f"The benchmark names “{id_[:40]}”, and the survey has no dimension or item of that id.",
        hint=f"Dimensions are: {', '.join(known)}.",
    )
