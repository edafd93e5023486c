"""Gaps between groups of one attribute: the difference of two printed indexes, with its interval and its size."""

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

import numpy as np

from .change import ROUNDING, hedges_g, interval
from .cut_scores import CutGap, CutPrecision, CutRow, CutScore
from .indicators import benjamini_hochberg, two_sided_p
from .scores import Floats, Withheld
from .scoring import FALSE_DISCOVERIES


def cut_gaps(rows: Sequence[CutRow], precision: CutPrecision) -> tuple[CutGap, ...]:
    """Every two printed groups of one attribute in one unit, dimension by dimension.

    precision: of the dimensions, in points of their scales. Each mean carries its own chance and what rounding to whole
    points takes away; which gaps may be named is decided over all of them together (Benjamini and Hochberg). They are
    made of printed figures alone, so they tell nothing that those do not.
    """
    pairs = list(_pairs(rows))
    if not pairs:
        return ()
    one, other = (
        np.array([[score.index, score.n] for score in side], float)
        for side in zip(*(each[2] for each in pairs), strict=True)
    )
    columns = np.array([column for _, column, _ in pairs])
    deviation = (precision.sd * 100 / (precision.points - 1))[columns]
    degrees = precision.degrees[columns].astype(float)
    difference = one[:, 0] - other[:, 0]
    error = np.sqrt(deviation**2 * (1 / one[:, 1] + 1 / other[:, 1]) + 2 * ROUNDING)
    p = np.where(np.isfinite(error), two_sided_p(difference, error, degrees), np.nan)
    standing = np.where(benjamini_hochberg(p, FALSE_DISCOVERIES), np.sign(difference), 0)
    low, high = interval(difference, error, degrees)
    effect = hedges_g(difference, deviation, degrees)
    return tuple(_gaps(pairs, np.column_stack([difference, low, high, effect, standing])))


def _pairs(
    rows: Sequence[CutRow],
) -> Iterator[tuple[tuple[CutRow, CutRow], int, tuple[CutScore, CutScore]]]:
    """Two rows, a column, and the scores that both print in it; the rows stand unit by unit, attribute by attribute."""
    for _, group in groupby(rows, key=lambda row: (row.unit, row.attribute)):
        for one, other in combinations(group, 2):
            for column, (mine, theirs) in enumerate(zip(one.dimensions, other.dimensions, strict=True)):
                if not isinstance(mine, Withheld) and not isinstance(theirs, Withheld):
                    yield (one, other), column, (mine, theirs)


def _gaps(
    pairs: Sequence[tuple[tuple[CutRow, CutRow], int, tuple[CutScore, CutScore]]], figures: Floats
) -> Iterator[CutGap]:
    for ((one, other), column, _), (difference, low, high, effect, standing) in zip(
        pairs, figures.tolist(), strict=True
    ):
        if np.isfinite(low):
            yield CutGap(
                attribute=one.attribute,
                unit=one.unit,
                one=one.value,
                other=other.value,
                dimension=column,
                difference=int(difference),
                low=max(low, -100.0),
                high=min(high, 100.0),
                effect=effect,
                standing=int(standing),
            )
