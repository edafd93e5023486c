"""Cuts: which rows of a demographic grouping may be printed beside the units of the hierarchy.

A cut (women, people with two to five years of service) overlaps the teams, so that differences of printed rows can
isolate a few people where no single row does. Five steps decide, each only taking away: enough people and no unanimous
answers; no sibling that is what the others leave; the certificate (certificate.py); the search for whole-number worlds
(worlds.py), which is a gate: what it finds forced is not printed, and where it does not end, the attribute is not.
Before all that a few cells are withheld by lot, as those of teams are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..hierarchy import Hierarchy
from .certificate import Bools, Certifier, Counts, Indices, System
from .policy import Policy
from .worlds import Deadline, Printed, find_forced, sums_of, whole_index

Cover = Callable[[Indices, Indices, Indices], Bools]  # (rows) units, attributes, values → (rows × items)
SECONDS = 30.0  # of computing, that the search for worlds may take before an attribute is given up


@dataclass(frozen=True, slots=True, eq=False)
class CutCells:
    """The cells of a tally, as the cuts see them: people of one team who stated the same of every attribute.

    homes: (cells) the unit of the hierarchy they are attached to. values: (cells × attributes) number of the value
    stated, from 0; -1 where none was. people: (cells). items: (cells × items × points) counts, 0 beyond a scale's end.
    """

    homes: Indices
    values: Indices
    people: Counts
    items: Counts


@dataclass(frozen=True, slots=True, eq=False)
class CutRows:
    """The rows a report lists: unit by unit (the organisation first), attribute by attribute, value by value.

    Only values that enough people stated are listed, and in every unit, whether somebody there did or not.
    units, attributes, values: (rows) their numbers. n: (rows) people. counts: (rows × items × points).
    people_shown: (rows) whether the row is printed. item_shown: (rows × items) which of its items.
    unfinished: the attributes of which nothing is printed, as the search for worlds did not end in time.
    """

    units: Indices
    attributes: Indices
    values: Indices
    n: Counts
    counts: Counts
    people_shown: Bools
    item_shown: Bools
    unfinished: tuple[int, ...] = ()


def publish_cuts(
    cells: CutCells,
    hierarchy: Hierarchy,
    published: Bools,
    item_shown: Bools,
    policy: Policy,
    *,
    points: Sequence[int],
    cover: Cover | None = None,
    seconds: float = SECONDS,
) -> CutRows:
    """Decide which rows of the cuts may be printed beside the units that are.

    published: (units), item_shown: (units × items) what is printed of the hierarchy; every residue of it holds at least
    `policy.smallest` answers, not all alike. points: (items) how many their scales have.
    cover: tells which cells are withheld by lot, so that withheld ones need not be unanimous; None for none.
    seconds: of computing that the search for worlds may take; where it does not end, the attribute named last is given
    up and the others are tried once more.
    """
    attributes = cells.values.shape[1]
    for first in range(attributes, 0, -1):
        choice = _Choice(cells, hierarchy, published, item_shown, policy, first)
        choice.withhold(cover)
        deadline = Deadline(seconds)
        if all(choice.add_item(item, size, deadline) for item, size in enumerate(points)):
            return choice.rows(tuple(range(first, attributes)))
    return _Choice(cells, hierarchy, published, item_shown, policy, 0).rows(tuple(range(attributes)))


class _Choice:
    """The rows of the first few attributes, and what of them may be printed.

    row_of: (2 × cells × attributes) the row of a cell's top-level unit, and that of the organisation; -1 for none.
    residues: (cells × [items, people]) the unit whose residue each cell is in; -1 where nothing is printed.
    """

    def __init__(
        self,
        cells: CutCells,
        hierarchy: Hierarchy,
        published: Bools,
        item_shown: Bools,
        policy: Policy,
        attributes: int,
    ) -> None:
        self.cells, self.policy = cells, policy
        self.certifier = Certifier(policy.smallest)
        self.shown_units = np.column_stack([item_shown, published])
        self.answers = np.column_stack([cells.items.sum(axis=-1), cells.people])
        self.residues = _owners(hierarchy, self.shown_units)[cells.homes]
        self.totals = hierarchy.below(hierarchy.attached(self.answers))
        size = np.array([cells.values[:, attribute].max(initial=-1) + 1 for attribute in range(attributes)], np.intp)
        place = np.where(cells.values[:, :attributes] >= 0, cells.values[:, :attributes] + np.cumsum(size) - size, -1)
        listed = self._sums(place, int(size.sum()), cells.people) >= policy.smallest
        number = np.r_[np.cumsum(listed) - 1, -1]
        place = np.where(np.r_[listed, False][place], number[place], -1)
        self.width = int(listed.sum())
        self.units = _cut_units(hierarchy, published, self.totals[:, -1], policy)
        self.row_of = np.stack([self._in_top_units(hierarchy, place), place if len(self.units) else place * 0 - 1])
        self.attributes = np.tile(np.repeat(np.arange(attributes), size)[listed], len(self.units)).astype(np.intp)
        self.values = np.tile(
            (np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size))[listed], len(self.units)
        )
        self.row_units = np.repeat(self.units, self.width)
        self.n = self._row_sums(self.answers)
        self.people_shown = self._without_leaks(self._large(np.ones(len(self.n), np.bool_), -1), -1)
        self.item_shown = np.zeros((len(self.n), item_shown.shape[1]), np.bool_)
        self.covered = self.item_shown.copy()

    def withhold(self, cover: Cover | None) -> None:
        """Withhold cells by lot."""
        if cover is not None and len(self.n):
            self.covered = cover(self.row_units, self.attributes, self.values)

    def add_item(self, item: int, points: int, deadline: Deadline) -> bool:
        """Decide about an item; False where the search for worlds did not end."""
        counts = self.cells.items[:, item, :points]
        row_counts = self._row_sums(counts)
        mixed = (row_counts > 0).sum(axis=1) > 1
        shown = self._without_leaks(self._large(self.people_shown & mixed & ~self.covered[:, item], item), item)
        known = np.zeros(
            len(counts), np.int64
        )  # (cells) how many people were in the cell's atom when it was found free
        while shown.any():
            system, atom, there = self._system(shown, item)
            answers = np.zeros((len(system.n), points), np.int64)
            np.add.at(answers, atom, counts[there])
            n = np.maximum(row_counts.sum(axis=1), 1)
            low, high = sums_of(whole_index(row_counts @ np.arange(1, points + 1), n, points), n, points)
            weights = np.arange(1, points + 1)[None]
            verdict = find_forced(
                Printed(answers, system.residues, system.cuts, system.inside, weights, low[:, None], high[:, None]),
                self.policy.smallest,
                deadline,
                known[there[np.unique(atom, return_index=True)[1]]] == system.n,
            )
            if not verdict.finished:
                return False
            if not verdict.forced.any():
                break
            known[there] = np.where(verdict.forced, 0, system.n)[atom]
            for residue in np.unique(system.residues[verdict.forced]):
                cuts = system.cuts[system.residues == residue]
                touching = np.union1d(cuts[cuts >= 0], system.inside[cuts[cuts >= 0]])
                shown[self._least(touching[touching >= 0], item)] = False
        self.item_shown[:, item] = shown
        return True

    def rows(self, unfinished: tuple[int, ...]) -> CutRows:
        """What was decided."""
        return CutRows(
            units=self.row_units,
            attributes=self.attributes,
            values=self.values,
            n=self.n[:, -1],
            counts=self._row_sums(self.cells.items),
            people_shown=self.people_shown,
            item_shown=self.item_shown,
            unfinished=unfinished,
        )

    def _in_top_units(self, hierarchy: Hierarchy, place: Indices) -> Indices:
        """(cells × attributes) the row in the top-level unit of each cell; -1 where that is not cut."""
        tops = np.arange(len(hierarchy))
        for depth in range(2, int(hierarchy.depths.max(initial=0)) + 1):
            here = np.flatnonzero(hierarchy.depths == depth)
            tops[here] = tops[hierarchy.parents[here]]
        number = np.zeros(len(hierarchy), np.intp)
        number[self.units] = np.arange(len(self.units))
        number = number[tops[self.cells.homes]][:, None]  # 0, the organisation, for units that are not cut
        return np.where((place >= 0) & (number > 0), number * self.width + place, -1)

    def _sums(self, rows: Indices, size: int, counts: Counts) -> Counts:
        """(rows × …) the sum over the cells of each row; rows: (cells × attributes), -1 for none."""
        sums = np.zeros((size, *counts.shape[1:]), np.int64)
        cell, attribute = np.nonzero(rows >= 0)
        np.add.at(sums, rows[cell, attribute], counts[cell])
        return sums

    def _row_sums(self, counts: Counts) -> Counts:
        size = len(self.units) * self.width
        return self._sums(self.row_of[0], size, counts) + self._sums(self.row_of[1], size, counts)

    def _large(self, shown: Bools, item: int) -> Bools:
        """Of the rows given, those with enough answers whose unit is printed, and without what their siblings leave."""
        n, k = self.n[:, item], self.policy.smallest
        shown = shown & (n >= self.policy.cut_group + self.policy.coalition) & self.shown_units[self.row_units, item]
        for group in self._siblings():
            hidden = int(self.totals[self.row_units[group[0]], item] - n[group][shown[group]].sum())
            while 0 < hidden < k and shown[group].any():
                least = min(group[shown[group]].tolist(), key=lambda row: (int(n[row]), -row))
                shown[least] = False
                hidden += int(n[least])
        return np.asarray(shown)

    def _siblings(self) -> list[Indices]:
        """The rows of one attribute in one unit, group by group."""
        if not len(self.attributes):
            return []
        new = (self.attributes[1:] != self.attributes[:-1]) | (self.row_units[1:] != self.row_units[:-1])
        return np.split(np.arange(len(self.attributes)), np.flatnonzero(new) + 1)

    def _without_leaks(self, shown: Bools, item: int) -> Bools:
        """The rows that are left when, for every leak found, one row in it is dropped, until there is none."""
        shown = shown.copy()
        while shown.any():
            leaks = self.certifier.leaks(self._system(shown, item)[0])
            if not leaks:
                break
            for leak in leaks:
                shown[self._least(np.array([cut for cut, _ in leak.cuts]), item)] = False
        return shown

    def _least(self, rows: Indices, item: int) -> int:
        """The row that is missed least: in a unit rather than in the organisation, and the smallest."""
        return int(min(rows.tolist(), key=lambda row: (self.row_units[row] == 0, int(self.n[row, item]), -row)))

    def _system(self, shown: Bools, item: int) -> tuple[System, Indices, Indices]:
        """What is printed of an item; the atom of each cell that has answers; those cells."""
        there = np.flatnonzero(self.answers[:, item])
        printed = np.r_[shown, False]
        unit_row, whole_row = self.row_of[:, there]
        cuts = np.where(printed[unit_row], unit_row, np.where(printed[whole_row], whole_row, -1))
        code = self.residues[there, item]
        for attribute in range(cuts.shape[1]):
            code = np.unique(code * (len(shown) + 1) + cuts[:, attribute] + 1, return_inverse=True)[1]
        _, first, atom = np.unique(code, return_index=True, return_inverse=True)
        n = np.bincount(atom, weights=self.answers[there, item]).astype(np.int64)
        whole = np.arange(len(shown)) % max(self.width, 1)
        inside = np.where(shown & (self.row_units > 0) & shown[whole], whole, -1)
        return System(n, self.residues[there, item][first], cuts[first], inside), atom, there


def _owners(hierarchy: Hierarchy, shown: Bools) -> Indices:
    """(units × columns) the innermost unit around (or the unit itself) that is printed; -1 where none is."""
    owners = np.where(shown, np.arange(len(hierarchy))[:, None], -1)
    for depth in range(1, int(hierarchy.depths.max(initial=0)) + 1):
        here = np.flatnonzero(hierarchy.depths == depth)
        owners[here] = np.where(shown[here], owners[here], owners[hierarchy.parents[here]])
    return owners


def _cut_units(hierarchy: Hierarchy, published: Bools, people: Counts, policy: Policy) -> Indices:
    """The units that are cut: the organisation, and the top-level units, where they are printed and large enough."""
    large = published & (people >= policy.cut_unit + policy.coalition) & (hierarchy.depths <= 1)
    return np.flatnonzero(large & large[0])
