"""Sums: what scores are made of, for any groups of people."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from .hierarchy import Hierarchy
from .tally import Tally

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over people, group by group (the first axis of every array but the last two).

    All are whole numbers, so that sums over the same people are the same to the bit, however they are arrived at: else
    the last digits of a published figure would tell how the people are spread over teams that are withheld.

    people: (groups) who answered anything.
    items: (groups × items × points) counts after reverse-keying, 0 beyond the points of an item's scale.
    scores: (groups × dimensions × answered × 3) as in Tally: how many people answered so many items of a dimension, the
        sum and the sum of squares of their item totals; 0 beyond the items of a dimension.
    enough, gaps: (dimensions × answered) whether somebody who answered so many items has a score (at least
        `Instrument.min_answered` of them), and whether that is some of the items, but not all.
    """

    people: Counts
    items: Counts
    scores: Counts
    enough: Bools
    gaps: Bools

    @property
    def n(self) -> Counts:
        """(groups × dimensions) people with a score, which is the mean of the items they answered."""
        return np.asarray(np.einsum("...a,...a", self.scores[..., 0], self.enough))

    @property
    def total(self) -> Floats:
        """(groups × dimensions) the sum of their scores, points 1..C."""
        return np.asarray((self.scores[..., 1] * self.enough / self._answered).sum(axis=-1))

    @property
    def squares(self) -> Floats:
        """(groups × dimensions) the sum of squares of their scores."""
        return np.asarray((self.scores[..., 2] * self.enough / self._answered**2).sum(axis=-1))

    @property
    def incomplete(self) -> Counts:
        """(groups × dimensions) people who answered some of the dimension's items, but not all."""
        return np.asarray(np.einsum("...a,...a", self.scores[..., 0], self.gaps))

    @property
    def _answered(self) -> Counts:
        return np.maximum(np.arange(self.enough.shape[1]), 1)

    def at(self, groups: npt.NDArray[np.intp]) -> Self:
        """The sums of the given groups, in that order."""
        return self.each(lambda counts: counts[groups])

    def each(self, change: Callable[[Counts], Counts]) -> Self:
        """The same change made to every array of sums."""
        return replace(self, people=change(self.people), items=change(self.items), scores=change(self.scores))

    def without_items(self) -> Self:
        """Only the sums of persons' scores, where the others would be kept in memory for nothing."""
        return replace(self, items=self.items[:0].copy())

    def where(self, mine: Bools, other: Self) -> Self:
        """Group by group these sums where `mine`, else the other's."""
        return replace(
            self,
            people=_where(mine, self.people, other.people),
            items=_where(mine, self.items, other.items),
            scores=_where(mine, self.scores, other.scores),
        )


def _where(mine: Bools, one: Counts, other: Counts) -> Counts:
    return np.where(mine.reshape(-1, *(1,) * (one.ndim - 1)), one, other)


def attached_sums(counted: Tally, hierarchy: Hierarchy, dimensions: tuple[str, ...]) -> Sums:
    """The sums over the people attached to each unit of the hierarchy directly, for the given joint dimensions."""
    sizes = np.array([len(counted.instrument.items_of(name)) for name in dimensions], np.intp)[:, None]
    answered = np.arange(sizes.max(initial=0) + 1)
    cells = Sums(
        people=counted.people.to_numpy().astype(np.int64),
        items=item_counts(counted),
        scores=_scores(counted, dimensions, len(answered)),
        enough=(answered >= np.maximum(counted.instrument.min_answered * sizes - 1e-9, 1)) & (answered <= sizes),
        gaps=(answered > 0) & (answered < sizes),
    )
    return cells.each(hierarchy.attached)


def item_counts(counted: Tally) -> Counts:
    """(cells × items × points) counts after reverse-keying, 0 beyond the points of an item's scale."""
    items = counted.instrument.items
    width = max(len(item.scale.values) for item in items)
    counts = np.zeros((len(counted.people), len(items), width), np.int64)
    for index, item in enumerate(items):
        counts[:, index, : len(item.scale.values)] = counted.answers[item.id].to_numpy()[:, 2:]
    return counts


def _scores(counted: Tally, dimensions: tuple[str, ...], width: int) -> Counts:
    scores = np.zeros((len(counted.people), len(dimensions), width, 3), np.int64)
    for column, name in enumerate(dimensions):
        table = counted.scores[name].to_numpy().reshape(len(scores), -1, 3)
        scores[:, column, : table.shape[1]] = table
    return scores
