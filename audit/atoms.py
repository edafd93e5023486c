"""Atoms: people who are in exactly the same printed rows. What a reader can work out, he works out of whole atoms."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .members import Counts, Places

Bools = npt.NDArray[np.bool_]


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

    def needed(self, shown: Bools) -> Bools:
        """The shown rows without rests that are their unit less shown rows in it: those say nothing new."""
        kept = shown.copy()
        for row, whole in enumerate(self.wholes):
            if whole >= 0 and shown[row] and shown[whole] and self._is_what_is_left(row, whole, shown):
                kept[row] = False
        return kept

    def _is_what_is_left(self, rest: int, whole: int, shown: Bools) -> bool:
        left, outer = self.members[rest], self.members[whole]
        return all(
            any(
                shown[row] and self.wholes[row] < 0 and self.members[row] < outer and not self.members[row] & left
                for row in self.of_home[home]
            )
            for home in outer - left
        )

    def is_laminar(self, shown: Bools) -> bool:
        """Whether any two shown rows are nested or have nobody in common."""
        chains = ([row for row in rows if shown[row]] for rows in self.of_home)
        steps = {pair for chain in chains for pair in pairwise(chain)}
        return all(self.members[inner] <= self.members[outer] for outer, inner in steps)

    def atoms(self, shown: Bools) -> list[Atom]:
        """The atoms of the rows that are shown; people who are in none of them are in no atom."""
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        on = shown.tolist()
        for home, rows in enumerate(self.of_home):
            key = tuple([row for row in rows if on[row]])
            if key:
                groups[key].append(home)
        return [Atom(rows, tuple(homes)) for rows, homes in groups.items()]

    def difference(self, atom: Atom, shown: Bools) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """An atom of a nested family as its innermost row less the printed rows directly in it."""
        inner = atom.rows[-1]
        inside = [row for row in np.flatnonzero(shown).tolist() if self.members[row] < self.members[inner]]
        inside.sort(key=lambda row: (-len(self.members[row]), row))
        taken: set[int] = set()
        minus = []
        for row in inside:
            if not self.members[row] & taken:
                taken |= self.members[row]
                minus.append(row)
        return (inner,), tuple(minus)


def leaks(family: Family, shown: Bools, counts: Counts, smallest: int) -> Iterator[Leak]:
    """The atoms that are too small, or unanimous, for one question of a nested family of rows.

    shown: (rows) which rows are printed for it. counts: (homes × answers) how many gave each answer; one column for
    what is not an answer, such as the number of people, which nobody can be unanimous about.
    """
    for atom in family.atoms(shown):
        given = counts[list(atom.homes)].sum(axis=0)
        total = int(given.sum())
        unanimous = len(given) > 1 and total > 0 and int((given > 0).sum()) == 1
        if 0 < total < smallest or unanimous:
            plus, minus = family.difference(atom, shown)
            yield Leak(plus, minus, total, unanimous)
