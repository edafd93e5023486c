"""The certificate: whether any sum or difference of printed rows speaks of fewer than k people, decided exactly.

Rows of a hierarchy are taken apart into *residues*, which are disjoint; cuts overlap them. What a reader can form is
v = sum of x_b over residues b + sum of y_c over cuts c, a number for every person; a *leak* is a v that is zero for
everybody but 1 to k - 1 people. Where y is zero throughout, residues of at least k people rule that out. Else people of
one residue differ in v by what their cuts differ: the differences within residues decide, and residues whose people
differ in no common cut fall into parts that are searched one by one.

Search: a *basis* is a small set of people on whom no y but zero is zero. Every leak touches every basis, so k disjoint
bases prove that there is none (the packing argument). Where fewer are found, the people of one basis are tried as part
of the leak, one after the other, and so on inwards: at most k - 1 deep, and without a leak that proves it, too.

Ranks are taken modulo the prime 2^31 - 1, never in floating point. A set that is independent modulo a prime is so in
rational numbers, and that is all that a proof of safety uses; a leak is confirmed in rational numbers before it is
named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]

PRIME: Final = 2**31 - 1  # products of two residues fit into 63 bits
_MOST_STEPS = 400  # of the search of one part; beyond that it counts as not safe. Counted, not timed: always the same


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """What is printed about one item (or about people), as far as adding and subtracting goes.

    An atom is a group of people who are in exactly the same printed rows.
    n: (atoms) how many people, at least 1. residues: (atoms) the residue of the hierarchy they are in, from 0.
    cuts: (atoms × attributes) the innermost printed cut of each attribute they are in, from 0; -1 for none.
    inside: (cuts) the printed cut that holds it, of the same attribute and value, in a larger unit; -1 for none.
    """

    n: Counts
    residues: Indices
    cuts: Indices
    inside: Indices


@dataclass(frozen=True, slots=True)
class Leak:
    """A sum of printed rows that speaks of few people.

    people: how many; None where the search ended before it could tell, which counts as a leak.
    cuts, residues: the rows in it, each with how often it is added; below 0 it is subtracted.
    """

    people: int | None
    cuts: tuple[tuple[int, int], ...]
    residues: tuple[tuple[int, int], ...]


class Certifier:
    """Looks for leaks of fewer than k people; remembers parts it has proved safe, as items share most of them."""

    def __init__(self, k: int) -> None:
        self.k = k
        self._safe: set[tuple[object, ...]] = set()

    def leaks(self, system: System) -> tuple[Leak, ...]:
        """The first leak of every part of the system that has one; none proves that there is none at all.

        Every residue must hold at least k people.
        """
        alike = _alike(system, self.k)
        joined = _joined(system, alike)
        found = []
        for part in _parts(joined):
            if part.key in self._safe:
                continue
            leak = _Search(part, self.k).leak()
            if leak is None:
                self._safe.add(part.key)
            else:
                found.append(_named(system, joined, alike, part, leak))
        return tuple(found)


def _alike(system: System, k: int) -> Indices:
    """(cuts + "no cut") the class of each cut: in every leak all cuts of a class have the same y, that of "no cut" 0.

    Two people of one residue who differ in one attribute alone differ in v by what its cuts differ in y. Of k such
    pairs that share nobody, a leak leaves one untouched, so that the two cuts have the same y in it. From there the
    cuts count as one, and others may follow.
    """
    nowhere = len(system.inside)
    alike = np.arange(nowhere + 1)
    while True:
        cuts = alike[system.cuts]
        links = [
            _paired(np.column_stack([system.residues, np.delete(cuts, column, axis=1)]), cuts[:, column], system.n, k)
            for column in range(cuts.shape[1])
        ]
        one, other = np.concatenate(links, axis=1) if links else np.zeros((2, 0), np.intp)
        if not len(one):
            return alike
        alike = _linked(one, other, nowhere + 1)[alike]


def _linked(one: Indices, other: Indices, size: int) -> Indices:
    """(size) the same number for all that links between `one` and `other` hold together."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - takes its time to load
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    links = coo_array((np.ones(len(one)), (one, other)), (size, size))
    return np.asarray(connected_components(links, directed=False)[1], np.intp)


def _paired(same: Indices, cuts: Indices, n: Counts, k: int) -> tuple[Indices, Indices]:
    """The pairs of cuts with k pairs of people, none in two of them, who are alike in `same` and differ in the cut."""
    group = np.unique(same, axis=0, return_inverse=True)[1]
    size = int(cuts.max(initial=-1)) + 1
    code, place = np.unique(group * size + cuts, return_inverse=True)
    people = np.bincount(place, weights=n).astype(np.int64)
    group, cut = code // max(size, 1), code % max(size, 1)
    codes, pairs = [], []
    for step in range(1, len(code)):
        together = np.flatnonzero(group[step:] == group[:-step])
        if not len(together):
            break
        codes.append(cut[together] * size + cut[together + step])
        pairs.append(np.minimum(people[together], people[together + step]))
    if not codes:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    different, place = np.unique(np.concatenate(codes), return_inverse=True)
    enough = different[np.bincount(place, weights=np.concatenate(pairs)) >= k]
    return enough // size, enough % size


def _joined(system: System, alike: Indices) -> System:
    """The system with cuts that are alike as one, and atoms that do not differ any more as one."""
    nowhere = alike[-1]
    cuts = np.where(alike[system.cuts] == nowhere, -1, alike[system.cuts])
    lines = np.column_stack([system.residues, cuts])
    different, place = np.unique(lines, axis=0, return_inverse=True)
    n = np.bincount(place, weights=system.n, minlength=len(different)).astype(np.int64)
    return System(n, different[:, 0], different[:, 1:], np.full(len(alike), -1, np.intp))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Residues and cuts that hang together. atoms, columns: atoms and cuts of the system, by their numbers there.

    n, residue: (atoms) as in the system, residues numbered anew. member: (atoms × columns) 1 where the atom's people
    are in the cut and in none that lies inside it, as far as the people of their residue differ in that.
    """

    atoms: Indices
    n: Counts
    residue: Indices
    member: Counts
    columns: Indices

    @property
    def key(self) -> tuple[object, ...]:
        member = np.packbits(self.member.astype(bool)).tobytes()
        return self.n.tobytes(), self.residue.tobytes(), member, self.member.shape


def _parts(system: System) -> Iterator[_Part]:
    """The parts in which people of one residue are in different cuts; everywhere else nothing can be told apart."""
    order = np.lexsort((-system.n, system.residues))
    n, residues, cuts = system.n[order], system.residues[order], system.cuts[order]
    starts = np.flatnonzero(np.r_[True, residues[1:] != residues[:-1]]) if len(n) else np.zeros(0, np.intp)
    group = np.cumsum(np.r_[False, residues[1:] != residues[:-1]]) if len(n) else starts
    varied = np.logical_or.reduceat(cuts != cuts[starts][group], starts, axis=0)[group] if len(n) else cuts < -1
    atom, attribute = np.nonzero(varied & (cuts >= 0))
    groups, size = len(starts), len(starts) + len(system.inside)
    touched = groups + cuts[atom, attribute]
    label = _linked(group[atom], touched, size)
    by_label = np.argsort(label[group], kind="stable")
    here = label[group][by_label]
    busy = np.isin(here, label[group[atom]])
    by_label, here = by_label[busy], here[busy]
    local = np.full(len(system.inside), -1, np.intp)
    for atoms in np.split(by_label, np.flatnonzero(here[1:] != here[:-1]) + 1) if len(here) else ():
        kept = np.where(varied[atoms], cuts[atoms], -1)
        columns = np.unique(kept[kept >= 0])
        local[columns] = np.arange(len(columns))
        member = np.zeros((len(atoms), len(columns)), np.int64)
        row, attribute = np.nonzero(kept >= 0)
        member[row, local[kept[row, attribute]]] = 1
        residue = np.unique(residues[atoms], return_inverse=True)[1]
        yield _Part(order[atoms], n[atoms], residue, member, columns)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A leak of a part. times: (columns) how often each cut is added. gone: (atoms) everybody it may be about.

    proved: False where the search ended before it could tell.
    """

    times: Counts
    gone: Bools
    proved: bool


class _Search:
    """The search of one part; see the module docstring.

    columns: the cuts that say something the other columns and the residues do not; every v can be made of them.
    """

    def __init__(self, part: _Part, k: int) -> None:
        self.part, self.budget, self.steps = part, k - 1, 0
        everybody = self._differences(np.ones(len(part.n), np.bool_))[0]
        self.columns, self.sure = _independent_columns(everybody)

    def leak(self) -> _Found | None:
        """The first leak met; None where there is none."""
        if not self.sure:
            return self._unproved()
        if not len(self.columns):
            return None
        nobody = np.zeros(len(self.part.n), np.bool_)
        return self._look(nobody, nobody.copy(), self.budget)

    def _look(self, gone: Bools, kept: Bools, budget: int) -> _Found | None:
        """A leak among atoms that are `gone` and others of at most `budget` people together, none of them `kept`."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return self._unproved()
        open_ = ~gone & ~kept & (self.part.n <= budget)
        bases = self._disjoint_bases(gone, open_, budget + 1)
        if not bases:
            return self._confirmed(gone)
        if len(bases) > budget:
            return None
        kept = kept.copy()
        for atom in min(([atom for atom in basis if open_[atom]] for basis in bases), key=len):
            inner = gone.copy()
            inner[atom] = True
            leak = self._look(inner, kept, budget - int(self.part.n[atom]))
            if leak is not None:
                return leak
            kept[atom] = True
        return None

    def _disjoint_bases(self, gone: Bools, open_: Bools, wanted: int) -> list[list[int]]:
        """As many bases as are found, up to `wanted`, that share no person who may be part of the leak."""
        copies = np.where(open_, self.part.n, wanted)
        copies[gone] = 0
        bases: list[list[int]] = []
        while len(bases) < wanted:
            basis = self._basis(copies)
            if basis is None:
                break
            bases.append(basis.tolist())
            if not open_[basis].any():
                return bases * wanted  # no leak can touch it
            copies[basis] -= open_[basis]
        return bases

    def _basis(self, copies: Counts) -> Indices | None:
        """A basis of people of whom there are copies, taking from large residues first; None where there is none."""
        differences, atoms, firsts = self._differences(copies > 0, copies)
        chosen = _independent_rows(differences[:, self.columns], len(self.columns))
        if chosen is None:
            return None
        return np.unique(np.concatenate([atoms[chosen], firsts[chosen]]))

    def _differences(self, there: Bools, worth: Counts | None = None) -> tuple[Counts, Indices, Indices]:
        """(pairs × columns) how each atom differs from the first of its residue; the atoms; the firsts."""
        part = self.part
        atoms = np.flatnonzero(there)
        weight = part.n[atoms] if worth is None else worth[atoms]
        total = np.bincount(part.residue[atoms], weights=weight, minlength=int(part.residue.max()) + 1)
        order = np.lexsort((-weight, part.residue[atoms], -total[part.residue[atoms]]))
        atoms = atoms[order]
        is_first = np.r_[True, part.residue[atoms][1:] != part.residue[atoms][:-1]][: len(atoms)]
        firsts = atoms[np.flatnonzero(is_first)][np.cumsum(is_first) - 1]
        others = ~is_first
        return part.member[atoms[others]] - part.member[firsts[others]], atoms[others], firsts[others]

    def _confirmed(self, gone: Bools) -> _Found:
        """The leak on the atoms that are gone, in whole numbers; the part as a whole where it is not confirmed."""
        vector = _null_vector(self._differences(~gone)[0][:, self.columns])
        if vector is None:
            return self._unproved()
        times = np.zeros(len(self.part.columns), np.int64)
        times[self.columns] = vector
        return _Found(times, gone, proved=True)

    def _unproved(self) -> _Found:
        return _Found(np.ones(len(self.part.columns), np.int64), np.ones(len(self.part.n), np.bool_), proved=False)


def _named(system: System, joined: System, alike: Indices, part: _Part, found: _Found) -> Leak:
    """The leak in terms of the printed rows: what was counted without the cuts inside it is printed with them."""
    if not found.proved:
        return Leak(None, tuple((int(cut), 1) for cut in np.flatnonzero(np.isin(alike[:-1], part.columns))), ())
    times = np.zeros(len(alike), np.int64)
    times[part.columns] = found.times
    own = times[alike]
    printed = own[:-1] - own[system.inside]
    cuts = tuple((int(cut), int(printed[cut])) for cut in np.flatnonzero(printed))
    value = np.where(joined.cuts >= 0, times[joined.cuts], 0).sum(axis=1)
    others = np.ones(len(value), np.bool_)
    others[part.atoms[found.gone]] = False
    base = np.zeros(int(joined.residues.max()) + 1, np.int64)
    base[joined.residues[others]] = value[others]  # of one residue they all have the same
    people = joined.n[value != base[joined.residues]].sum()
    return Leak(int(people), cuts, tuple((int(residue), int(-base[residue])) for residue in np.flatnonzero(base)))


def _independent_rows(rows: Counts, rank: int) -> Indices | None:
    """The first rows that are independent modulo the prime, as many as the rank; None where there are fewer."""
    left = rows % PRIME
    chosen: list[int] = []
    start = 0
    while len(chosen) < rank:
        filled = np.flatnonzero(np.any(left[start:] != 0, axis=1))
        if not len(filled):
            return None
        row = start + int(filled[0])
        chosen.append(row)
        start = row + 1
        pivot = left[row]
        column = int(np.flatnonzero(pivot)[0])
        factor = left[start:, column] * pow(int(pivot[column]), -1, PRIME) % PRIME
        touched = np.flatnonzero(factor)
        if len(touched):
            left[start + touched] = (left[start + touched] - factor[touched, None] * pivot) % PRIME
    return np.array(chosen, np.intp)


def _independent_columns(matrix: Counts) -> tuple[Indices, bool]:
    """The columns that are independent modulo the prime, and whether the others surely are made of them."""
    columns = _independent_prefix(matrix)
    others = np.setdiff1d(np.arange(matrix.shape[1]), columns)
    if not len(others):
        return columns, True
    kept, rest = matrix[:, columns], matrix[:, others]
    guess = np.rint(np.linalg.lstsq(kept.astype(float), rest.astype(float))[0]).astype(np.int64)
    if np.array_equal(kept @ guess, rest):  # the guess is a float, the check is not
        return columns, True
    return columns, _rank(matrix) == len(columns)


def _independent_prefix(matrix: Counts) -> Indices:
    """The first columns that are independent of those before them, modulo the prime."""
    left = np.unique(matrix, axis=0).T % PRIME
    chosen = []
    for row in range(len(left)):
        pivot = left[row]
        filled = np.flatnonzero(pivot)
        if len(filled):
            chosen.append(row)
            factor = left[row + 1 :, filled[0]] * pow(int(pivot[filled[0]]), -1, PRIME) % PRIME
            left[row + 1 :] = (left[row + 1 :] - factor[:, None] * pivot) % PRIME
    return np.array(chosen, np.intp)


def _rank(matrix: Counts) -> int:
    return len(_reduced(matrix))


def _null_vector(matrix: Counts) -> Counts | None:
    """A vector of whole numbers, as small as they come, that every row takes to zero; None where only zero does."""
    width = matrix.shape[1]
    reduced = _reduced(matrix)
    free = [column for column in range(width) if column not in reduced]
    vectors = []
    for column in free:
        vector = [Fraction(0)] * width
        vector[column] = Fraction(1)
        for lead, row in reduced.items():
            vector[lead] = -row[column]
        vectors.append(_whole(vector))
    return np.array(min(vectors, key=lambda vector: sum(map(abs, vector))), np.int64) if vectors else None


def _reduced(matrix: Counts) -> dict[int, list[Fraction]]:
    """The reduced row echelon form in rational numbers: leading column → row."""
    reduced: dict[int, list[Fraction]] = {}
    for line in np.unique(matrix, axis=0).tolist():
        row = [Fraction(entry) for entry in line]
        for column, known in reduced.items():
            if row[column]:
                row = _minus(row, row[column], known)
        lead = next((column for column, entry in enumerate(row) if entry), None)
        if lead is not None:
            row = [entry / row[lead] for entry in row]
            reduced = {column: _minus(known, known[lead], row) for column, known in reduced.items()} | {lead: row}
    return reduced


def _minus(row: Sequence[Fraction], times: Fraction, other: Sequence[Fraction]) -> list[Fraction]:
    return [entry - times * known for entry, known in zip(row, other, strict=True)]


def _whole(vector: Sequence[Fraction]) -> list[int]:
    scale = lcm(*(entry.denominator for entry in vector))
    numbers = [int(entry * scale) for entry in vector]
    return [number // gcd(*numbers) for number in numbers]


def in_words(leak: Leak, cuts: Mapping[int, str], units: Mapping[int, str], around: Mapping[int, int]) -> str:
    """A leak as a sum of named rows: "Women (organisation) − Team X = 3 people".

    cuts: what each cut is called. units: what the unit is called whose residue each is. around: residue → that of the
    printed unit next around it, where there is one.
    """
    if leak.people is None:
        return f"not proved safe: {', '.join(cuts[cut] for cut, _ in leak.cuts)}"
    own = dict(leak.residues)
    printed = {unit: own.get(unit, 0) - own.get(around.get(unit, -1), 0) for unit in units}
    terms = [(cuts[cut], often) for cut, often in leak.cuts] + [(units[unit], often) for unit, often in printed.items()]
    sign = 1 if terms[0][1] > 0 else -1
    ordered = sorted(((name, sign * often) for name, often in terms if often), key=lambda term: term[1] < 0)
    text = "".join(
        f" {'−' if often < 0 else '+'} {abs(often) if abs(often) > 1 else ''}{'·' * (abs(often) > 1)}{name}"
        for name, often in ordered
    )
    return f"{text.removeprefix(' + ')} = {leak.people} {'person' if leak.people == 1 else 'people'}"
