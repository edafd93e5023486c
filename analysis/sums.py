"""Sums: what scores are made of, for any groups of people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from .hierarchy import Hierarchy, Number
from .tally import Tally

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over people, group by group (the first axis of every array).

    people: (groups) who answered anything.
    items: (groups × items × points) counts after reverse-keying, 0 beyond the points of an item's scale.
    n, total, squares: (groups × dimensions) people with a score, sum and sum of squares of their scores (points 1..C).
        A person's score is the mean of the items answered, given at least `Instrument.min_answered` of them are.
    incomplete: (groups × dimensions) people who answered some of the dimension's items, but not all.
    """

    people: Counts
    items: Counts
    n: Counts
    total: Floats
    squares: Floats
    incomplete: Counts

    def at(self, groups: npt.NDArray[np.intp]) -> Self:
        """The sums of the given groups, in that order."""
        return self.each(lambda counts: counts[groups], lambda sums: sums[groups])

    def each(self, counts: Callable[[Counts], Counts], sums: Callable[[Floats], Floats]) -> Self:
        """The same change made to every array; `counts` for the whole numbers, `sums` for the others."""
        return type(self)(
            counts(self.people),
            counts(self.items),
            counts(self.n),
            sums(self.total),
            sums(self.squares),
            counts(self.incomplete),
        )

    def where(self, mine: Bools, other: Self) -> Self:
        """Group by group these sums where `mine`, else the other's."""
        return type(self)(
            _where(mine, self.people, other.people),
            _where(mine, self.items, other.items),
            _where(mine, self.n, other.n),
            _where(mine, self.total, other.total),
            _where(mine, self.squares, other.squares),
            _where(mine, self.incomplete, other.incomplete),
        )


def _where(mine: Bools, one: npt.NDArray[Number], other: npt.NDArray[Number]) -> npt.NDArray[Number]:
    return np.where(mine.reshape(-1, *(1,) * (one.ndim - 1)), one, other)


def attached_sums(counted: Tally, hierarchy: Hierarchy, dimensions: tuple[str, ...]) -> Sums:
    """The sums over the people attached to each unit of the hierarchy directly, for the given joint dimensions."""
    cells = Sums(counted.people.to_numpy().astype(np.int64), _items(counted), *_scores(counted, dimensions))
    return cells.each(hierarchy.attached, hierarchy.attached)


def _items(counted: Tally) -> Counts:
    items = counted.instrument.items
    width = max(len(item.scale.values) for item in items)
    counts = np.zeros((len(counted.people), len(items), width), np.int64)
    for index, item in enumerate(items):
        counts[:, index, : len(item.scale.values)] = counted.answers[item.id].to_numpy()[:, 2:]
    return counts


def _scores(counted: Tally, dimensions: tuple[str, ...]) -> tuple[Counts, Floats, Floats, Counts]:
    """(cells × dimensions) each: people with a score, sum and sum of squares of their scores, people with gaps."""
    shape = len(counted.people), len(dimensions)
    n, gaps = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    total, squares = np.zeros(shape), np.zeros(shape)
    for column, name in enumerate(dimensions):
        table = counted.scores[name].to_numpy().reshape(shape[0], -1, 3)
        answered = np.arange(table.shape[1])
        enough = answered >= max(counted.instrument.min_answered * answered[-1] - 1e-9, 1)
        divisor = np.maximum(answered, 1)
        n[:, column] = table[:, enough, 0].sum(axis=1)
        total[:, column] = (table[:, :, 1] / divisor)[:, enough].sum(axis=1)
        squares[:, column] = (table[:, :, 2] / divisor**2)[:, enough].sum(axis=1)
        gaps[:, column] = table[:, 1:-1, 0].sum(axis=1)
    return n, total, squares, gaps
