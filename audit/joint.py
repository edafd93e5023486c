"""What answers of one person say together, counted anew from the rows in one go: pairs of items, gaps, scores."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Item
from .columns import Bools, Counts, Floats, Places

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

    gaps: people who answered some of the items, but not all. sd: (dimensions) standard deviation over all people, in
    points of the scale.
    """

    n: Floats
    total: Floats
    squares: Floats
    gaps: Floats
    sd: Floats

    def of(self, dimension: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Those of one dimension."""
        return self.n[dimension], self.total[dimension], self.squares[dimension], self.gaps[dimension]


class Rows:
    """The answers of the people of one wave, a few at a time. items: in the order in which they are spoken of.

    home: (people) place of each among the homes; here: (people) their rows.
    """

    def __init__(self, points: pd.DataFrame, here: Places, home: Places, items: Sequence[Item]) -> None:
        ticked = points.to_numpy().T
        is_run = len(here) > 0 and here[-1] - here[0] + 1 == len(here)
        self.ticked = ticked[:, here[0] : here[-1] + 1] if is_run else ticked[:, here]
        self.columns = points.columns.get_indexer(pd.Index([item.id for item in items]))
        self.home, self.items = home, items
        width = np.array([len(item.scale.values) for item in items])
        self.middle = (width + 1) / 2
        self._sign = np.where([item.reverse for item in items], -1, 1)
        is_exact = _ROWS * int(width.max(initial=1) - 1) ** 2 < _EXACT
        self._type: type[np.floating[Any]] = np.float32 if is_exact else np.float64

    def pieces(self) -> Iterator[tuple[Short, Short, Places]]:
        """(items × people) whether an answer was given, and how far it is from the middle, keyed; and their homes."""
        middle, sign = self.middle.astype(self._type)[:, None], self._sign.astype(self._type)[:, None]
        for first in range(0, len(self.home), _ROWS):
            ticked = self.ticked[self.columns, first : first + _ROWS]
            given = (ticked > 0).astype(self._type)
            yield given, (ticked - middle) * sign * given, self.home[first : first + _ROWS]


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


def scores_of(rows: Rows, sets: Bools, homes: int, share: float) -> Scores:
    """Persons' scores by home. sets: (dimensions × items); share: of the items that must be answered for a score."""
    found = np.zeros((4, len(sets), homes))
    size = sets.sum(axis=1)
    most = int(size.max(initial=0)) * int(2 * rows.middle.max(initial=0)) + 1  # above any sum of one person's answers
    people = np.zeros((len(sets), (int(size.max(initial=0)) + 1) * most), np.int64)
    middle = [rows.middle[mine][0] for mine in sets]
    for given, away, home in rows.pieces():
        some, whole = sets.astype(given.dtype), (sets * rows.middle).astype(given.dtype)
        answered, total = (some @ given).astype(np.float64), (some @ away + whole @ given).astype(np.float64)
        for place, (count, sum_) in enumerate(zip(answered, total, strict=True)):
            enough = count >= max(share * size[place] - _TIE, 1)
            score = np.where(enough, sum_ / np.maximum(count, 1) - middle[place], 0.0)
            gaps = (count > 0) & (count < size[place])
            for at, weight in enumerate((enough, score, score**2, gaps)):
                found[at, place] += np.bincount(home, weights=weight, minlength=homes)
            people[place] += np.bincount((count * most + sum_)[enough].astype(np.int64), minlength=people.shape[1])
    sd = np.array([_deviation(each, most) for each in people], np.float64)
    return Scores(n=found[0], total=found[1], squares=found[2], gaps=found[3], sd=sd)


def _deviation(people: Counts, most: int) -> float:
    """The standard deviation of scores. people: of each number of answers and sum of them, sums below `most`."""
    at = np.flatnonzero(people)
    value, n = at % most / np.maximum(at // most, 1), people[at]
    mean = (value * n).sum() / max(n.sum(), 1)
    return float(np.sqrt((n * (value - mean) ** 2).sum() / (n.sum() - 1))) if n.sum() > 1 else float("nan")
