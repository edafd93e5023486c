"""What answers of one person say together, counted anew from the rows in one go: pairs of items, gaps, scores."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Item
from .columns import Floats, Places
from .members import Counts

_ROWS: Final = 1 << 16  # people at once: what is worked out of them stays near the processor
_EXACT: Final = 1 << 24  # whole numbers below it are exact in the short floats
_TIE: Final = 1e-9

Short = npt.NDArray[Any]  # of 32 or 64 bits, whichever is exact


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Of every pair of items, over the people who answered both: how many, covariance, correlation of their answers."""

    n: Counts
    covariance: Floats
    correlation: Floats

    def of(self, items: Sequence[int]) -> "Pairs":
        """Those of some items."""
        here = np.ix_(items, items)
        return Pairs(self.n[here], self.covariance[here], self.correlation[here])


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """All that is known of persons' answers together.

    some, gaps: (sets of items) people who answered some of a set, and those of them who did not answer all of it.
    """

    pairs: Pairs
    some: Counts
    gaps: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Persons' scores, (dimensions × homes): how many, their sum and sum of squares from the middle of the scale.

    gaps: people who answered some of the items, but not all.
    """

    n: Floats
    total: Floats
    squares: Floats
    gaps: Floats

    def of(self, dimension: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Those of one dimension."""
        return self.n[dimension], self.total[dimension], self.squares[dimension], self.gaps[dimension]


class Rows:
    """The answers of the people of one wave, a few at a time. items: in the order in which they are spoken of."""

    def __init__(self, points: pd.DataFrame, home: Places, items: Sequence[Item]) -> None:
        self._ticked = points.to_numpy().T
        self._columns = points.columns.get_indexer(pd.Index([item.id for item in items]))
        self._home = home
        width = np.array([len(item.scale.values) for item in items])
        self.middle = (width + 1) / 2
        self._sign = np.where([item.reverse for item in items], -1, 1)
        self._type: type[np.floating[Any]] = (
            np.float32 if _ROWS * int(width.max(initial=1) - 1) ** 2 < _EXACT else np.float64
        )

    def pieces(self) -> Iterator[tuple[Short, Short, Places]]:
        """(items × people) whether an answer was given, and how far it is from the middle, keyed; and their homes."""
        middle, sign = self.middle.astype(self._type)[:, None], self._sign.astype(self._type)[:, None]
        for first in range(0, len(self._home), _ROWS):
            ticked = self._ticked[self._columns, first : first + _ROWS]
            given = (ticked > 0).astype(self._type)
            yield given, (ticked - middle) * sign * given, self._home[first : first + _ROWS]


def joint_of(rows: Rows, sets: npt.NDArray[np.bool_]) -> Joint:
    """The pairs of all items, and the gaps in sets of them. sets: (sets × items)."""
    size = sets.shape[1]
    n, total, squares, products = (np.zeros((size, size)) for _ in range(4))
    some, gaps = (np.zeros(len(sets), np.int64) for _ in range(2))
    for given, away, _ in rows.pieces():
        n += given @ given.T
        total += away @ given.T
        squares += away**2 @ given.T
        products += away @ away.T
        answered = sets.astype(given.dtype) @ given
        is_some = answered > 0
        some += is_some.sum(axis=1)
        gaps += (is_some & (answered < sets.sum(axis=1)[:, None])).sum(axis=1)
    both = np.where(n > 1, n, np.nan)
    apart = products - total * total.T / both
    room = squares - total**2 / both
    room = np.where(room > _TIE, room, np.nan)
    return Joint(Pairs(n.astype(np.int64), apart / (both - 1), apart / np.sqrt(room * room.T)), some, gaps)


def scores_of(rows: Rows, sets: npt.NDArray[np.bool_], homes: int, share: float) -> Scores:
    """Persons' scores by home. sets: (dimensions × items); share: of the items that must be answered for a score."""
    found = np.zeros((4, len(sets), homes))
    size = sets.sum(axis=1)
    middle = np.array([rows.middle[mine][0] for mine in sets])
    for given, away, home in rows.pieces():
        answered = (sets.astype(given.dtype) @ given).astype(np.float64)
        total = sets.astype(given.dtype) @ away + (sets * rows.middle) @ given
        for place, (count, sum_) in enumerate(zip(answered, total, strict=True)):
            enough = count >= max(share * size[place] - _TIE, 1)
            score = np.where(enough, sum_ / np.maximum(count, 1) - middle[place], 0.0)
            gaps = (count > 0) & (count < size[place])
            for at, weight in enumerate((enough, score, score**2, gaps)):
                found[at, place] += np.bincount(home, weights=weight, minlength=homes)
    return Scores(*found)
