"""What answers of one person say together, counted anew from the rows in one go: pairs of items, gaps, scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Item
from .columns import Bools, Counts, Floats, Places

_ROWS: Final = 1 << 13  # people at once: what is worked out of them stays near the processor
_MANY_ROWS: Final = 1 << 16  # the same where it is worked out of a few columns
_EXACT: Final = 1 << 24  # whole numbers below it are exact in the short floats
_TIE: Final = 1e-9

Short = npt.NDArray[Any]  # of 32 or 64 bits, whichever is exact
Set = tuple[str, str]  # of items: what it is for, and of which dimension or item


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
class Sums:
    """Of every pair of items, over the people who answered both: what their answers add up to.

    n: how many. total, squares: of the first item, how far from the middle of its scale, keyed; products: of both.
    """

    n: Floats
    total: Floats
    squares: Floats
    products: Floats

    @property
    def pairs(self) -> Pairs:
        """How the items go together."""
        both = np.where(self.n > 1, self.n, np.nan)
        apart = self.products - self.total * self.total.T / both
        room = self.squares - self.total**2 / both
        room = np.where(room > _TIE, room, np.nan)
        return Pairs(self.n.astype(np.int64), apart / (both - 1), apart / np.sqrt(room * room.T))

    def from_nought(self, middle: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The same of the points themselves. middle: (items) of the scale."""
        first, second = middle[:, None], middle[None, :]
        return (
            self.n,
            self.total + first * self.n,
            self.squares + 2 * first * self.total + first**2 * self.n,
            self.products + second * self.total + first * self.total.T + first * second * self.n,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """All that is known of persons' answers together.

    some, gaps: by set of items, the people who answered some of it, and those of them who did not answer all of it.
    """

    sums: Sums
    pairs: Pairs
    some: Mapping[Set, int]
    gaps: Mapping[Set, int]


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

    home: (people) place of each among the homes; here: (people) their rows. dimensions: ids of those with a joint
    score.
    """

    def __init__(
        self, points: pd.DataFrame, here: Places, home: Places, items: Sequence[Item], dimensions: Sequence[str]
    ) -> None:
        ticked = points.to_numpy().T
        is_run = len(here) > 0 and here[-1] - here[0] + 1 == len(here)
        self.ticked = ticked[:, here[0] : here[-1] + 1] if is_run else ticked[:, here]
        self.columns = points.columns.get_indexer(pd.Index([item.id for item in items]))
        self.home, self.items, self.dimensions = home, items, dimensions
        self._width = np.array([len(item.scale.values) for item in items])
        self.middle = (self._width + 1) / 2
        self._sign = np.where([item.reverse for item in items], -1, 1)
        is_exact = _ROWS * int(self._width.max(initial=1) - 1) ** 2 < _EXACT
        self._type: type[np.floating[Any]] = np.float32 if is_exact else np.float64

    @cached_property
    def sets(self) -> Mapping[Set, Bools]:
        """(items) those of each dimension, and those that go with each outcome, a dimension or an item."""
        homes, ids = (np.array([getattr(item, name) for item in self.items]) for name in ("dimension", "id"))
        joint = np.isin(homes, self.dimensions)
        found = {("fit", one): homes == one for one in self.dimensions}
        for kind, names, outcomes in (("dimension", homes, self.dimensions), ("item", ids, ids.tolist())):
            for outcome in outcomes:
                mine = names == outcome
                found[kind, outcome] = mine | (joint & ~np.isin(homes, homes[mine]))
        return found

    @cached_property
    def together(self) -> Joint:
        """The pairs of all items, and the gaps in all sets of them."""
        size, sets = len(self.items), np.array(list(self.sets.values()), self._type).reshape(-1, len(self.items))
        n, total, squares, products = (np.zeros((size, size)) for _ in range(4))
        some, gaps = (np.zeros(len(sets), np.int64) for _ in range(2))
        whole = sets.sum(axis=1)[:, None]
        for given, away in self._pieces():
            n += given @ given.T
            both = np.concatenate([away, away**2]) @ given.T
            total += both[:size]
            squares += both[size:]
            products += away @ away.T
            is_whole = given.all(axis=0)
            answered = sets @ given[:, ~is_whole]
            is_some = answered > 0
            some += is_whole.sum() + is_some.sum(axis=1)
            gaps += (is_some & (answered < whole)).sum(axis=1)
        sums = Sums(n, total, squares, products)
        people = (dict(zip(self.sets, one.tolist(), strict=True)) for one in (some, gaps))
        return Joint(sums, sums.pairs, *people)

    def _pieces(self) -> Iterator[tuple[Short, Short]]:
        """(items × people) whether an answer was given, and how far it is from the middle, keyed."""
        middle, sign = self.middle.astype(self._type)[:, None], self._sign.astype(self._type)[:, None]
        for first in range(0, len(self.home), _ROWS):
            ticked = self.ticked[self.columns, first : first + _ROWS]
            given = (ticked > 0).astype(self._type)
            yield given, (ticked - middle) * sign * given

    def skipped(self, item: int) -> Mapping[int, Places]:
        """The homes of the people who did not answer an item: under 0 of those who left it blank, -1 not applicable."""
        ticked = self.ticked[self.columns[item]]
        at = np.flatnonzero(ticked <= 0)
        return {point: self.home[at[ticked[at] == point]] for point in (-1, 0)}

    def totals(self, dimension: str, homes: int) -> Counts:
        """(3 × homes × numbers of answers) what people who gave so many answers to items of a dimension ticked, keyed.

        How many they are, and the sums and the sums of squares of what the answers of each add up to.
        """
        mine = [place for place, item in enumerate(self.items) if item.dimension == dimension]
        size = len(mine) + 1
        found = np.zeros((3, homes * size))
        many = max(_MANY_ROWS, homes)
        for first in range(0, len(self.home), many):
            home = self.home[first : first + many]
            answered, total = (np.zeros(len(home), np.int32) for _ in range(2))
            for place in mine:
                ticked = self.ticked[self.columns[place], first : first + many]
                is_given = ticked > 0
                answered += is_given
                keyed = np.int16(self._width[place] + 1) - ticked if self.items[place].reverse else ticked
                total += np.where(is_given, keyed, 0)
            at = home * size + answered
            for place, weights in enumerate((None, total, total.astype(np.int64) ** 2)):
                found[place] += np.bincount(at, weights, minlength=homes * size)
        return np.rint(found).astype(np.int64).reshape(3, homes, size)


def scores_of(rows: Rows, homes: int, share: float) -> Scores:
    """Persons' scores by home. share: of the items that must be answered for a score."""
    found = np.zeros((4, len(rows.dimensions), homes))
    sd = np.zeros(len(rows.dimensions))
    for place, dimension in enumerate(rows.dimensions):
        people, total, squares = rows.totals(dimension, homes)
        middle = rows.middle[rows.sets["fit", dimension]][0]
        size = people.shape[1] - 1
        answers = np.arange(size + 1)
        enough = answers >= max(share * size - _TIE, 1)
        weights = np.where(enough, 1 / np.maximum(answers, 1), 0.0)
        scored, score, squared = people @ enough, total @ weights, squares @ weights**2
        found[0, place] = scored
        found[1, place] = score - middle * scored
        found[2, place] = squared - 2 * middle * score + middle**2 * scored
        found[3, place] = people[:, 1:size].sum(axis=1)
        sd[place] = _deviation(*found[:3, place].sum(axis=1).tolist())
    n, total, squares, gaps = found
    return Scores(n, total, squares, gaps, sd)


def _deviation(n: float, total: float, squares: float) -> float:
    """The standard deviation of scores, of which these are the sums."""
    return max((squares - total**2 / n) / (n - 1), 0.0) ** 0.5 if n > 1 else float("nan")
