"""Atoms: people who are in exactly the same printed rows. What a reader can work out, he works out of whole atoms."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .columns import Bools, Counts, Places

_NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Atom:
    """People in exactly the same printed rows: the rows, and the homes of the people."""

    rows: tuple[int, ...]
    homes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Leak:
    """Rows that, added and subtracted, leave fewer people than may be, or people who all said the same.

    plus, minus: rows. people: how many are left; unanimous: they all gave the same answer.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    people: int
    unanimous: bool


class Family:
    """The printed rows as sets of homes, and how they lie in each other.

    wholes: for each row that is the rest of a unit, the row of that unit; -1 for all others.
    """

    def __init__(self, members: Sequence[Places], wholes: Sequence[int], homes: int) -> None:
        self.members = [frozenset(places.tolist()) for places in members]
        self.wholes = wholes
        self.of_home: list[list[int]] = [[] for _ in range(homes)]
        for row in sorted(range(len(members)), key=lambda row: (-len(self.members[row]), row)):
            for home in self.members[row]:
                self.of_home[home].append(row)
        self._chains = np.full((homes, max(map(len, self.of_home), default=0)), _NO_ROW)
        for home, rows in enumerate(self.of_home):
            self._chains[home, : len(rows)] = rows

    def needed(self, shown: Bools) -> Bools:
        """The shown rows without rests that are their unit less shown rows in it: those say nothing new."""
        kept = shown.copy()
        rests = self._rests
        if len(rests.rows):
            is_bare = ~(rests.may_cover & self._on(shown)[rests.homes]).any(axis=1)
            is_left = np.bincount(rests.of_rest[is_bare], minlength=len(rests.rows)) == 0
            said = is_left & shown[rests.rows] & shown[rests.wholes]
            kept[rests.rows[said]] = False
        return kept

    @cached_property
    def _rests(self) -> "_Rests":
        rests = [(rest, whole) for rest, whole in enumerate(self.wholes) if whole >= 0]
        found = [(rest, whole, sorted(self.members[whole] - self.members[rest])) for rest, whole in rests]
        homes = np.array([home for _, _, others in found for home in others], np.intp)
        chains = self._chains[homes]
        of_rest = np.repeat(np.arange(len(found)), [len(others) for _, _, others in found])
        may: dict[tuple[int, int], bool] = {}
        pairs = zip(np.repeat(of_rest, chains.shape[1]).tolist(), chains.ravel().tolist(), strict=True)
        for place, row in set(pairs):
            rest, whole, _ = found[place]
            inside = row != _NO_ROW and self.wholes[row] < 0 and self.members[row] < self.members[whole]
            may[place, row] = inside and not self.members[row] & self.members[rest]
        cover = [
            [may[place, row] for row in chain] for place, chain in zip(of_rest.tolist(), chains.tolist(), strict=True)
        ]
        return _Rests(
            rows=np.array([rest for rest, _, _ in found], np.intp),
            wholes=np.array([whole for _, whole, _ in found], np.intp),
            homes=homes,
            of_rest=of_rest,
            may_cover=np.array(cover, np.bool_).reshape(chains.shape),
        )

    def _on(self, shown: Bools) -> Bools:
        """(homes × rows of each) which rows around each home are shown, the largest first."""
        return np.asarray(np.append(shown, False)[self._chains])

    def is_laminar(self, shown: Bools) -> bool:
        """Whether any two shown rows are nested or have nobody in common: each has one and the same row around it."""
        on = self._on(shown)
        around = np.full(len(self._chains), _NO_ROW)
        lowest, highest = np.full(len(shown), len(shown)), np.full(len(shown), _NO_ROW)
        for column, is_on in zip(self._chains.T, on.T, strict=True):
            row, outer = column[is_on], around[is_on]
            np.minimum.at(lowest, row, outer)
            np.maximum.at(highest, row, outer)
            around[is_on] = row
        return bool((lowest >= highest).all())

    def innermost(self, shown: Bools) -> Places:
        """(homes) the smallest shown row around each, -1 where there is none."""
        found = np.full(len(self._chains), _NO_ROW)
        for column, is_on in zip(self._chains.T, self._on(shown).T, strict=True):
            found[is_on] = column[is_on]
        return found

    def atoms(self, shown: Bools) -> list[Atom]:
        """The atoms of the rows that are shown; people who are in none of them are in no atom."""
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        on = shown.tolist()
        for home, rows in enumerate(self.of_home):
            key = tuple([row for row in rows if on[row]])
            if key:
                groups[key].append(home)
        return [Atom(rows, tuple(homes)) for rows, homes in groups.items()]

    def difference(self, inner: int, shown: Bools) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """An atom of a nested family as its innermost row less the printed rows directly in it."""
        inside = [row for row in np.flatnonzero(shown).tolist() if self.members[row] < self.members[inner]]
        inside.sort(key=lambda row: (-len(self.members[row]), row))
        taken: set[int] = set()
        minus = []
        for row in inside:
            if not self.members[row] & taken:
                taken |= self.members[row]
                minus.append(row)
        return (inner,), tuple(minus)


@dataclass(frozen=True, slots=True, eq=False)
class _Rests:
    """The rows that are the rest of a unit, and the homes of the unit that are not in the rest.

    of_rest: (homes) which rest they are of. may_cover: (homes × rows around each) rows in the unit, beside the rest.
    """

    rows: Places
    wholes: Places
    homes: Places
    of_rest: Places
    may_cover: Bools


def leaks(family: Family, shown: Bools, counts: Counts, smallest: int) -> Iterator[Leak]:
    """The atoms that are too small, or unanimous, for one question of a nested family of rows.

    shown: (rows) which rows are printed for it. counts: (homes × answers) how many gave each answer; one column for
    what is not an answer, such as the number of people, which nobody can be unanimous about.
    """
    inner = family.innermost(shown)  # in a nested family it tells the atom
    homes = np.flatnonzero(inner != _NO_ROW)
    given = np.column_stack([np.bincount(inner[homes], one[homes], len(shown)) for one in counts.T])
    total = given.sum(axis=1).astype(np.int64)
    unanimous = (total > 0) & ((given > 0).sum(axis=1) == 1) & (given.shape[1] > 1)
    wrong = ((total > 0) & (total < smallest)) | unanimous
    for row in dict.fromkeys(inner[homes[wrong[inner[homes]]]].tolist()):
        plus, minus = family.difference(row, shown)
        yield Leak(plus, minus, int(total[row]), bool(unanimous[row]))
