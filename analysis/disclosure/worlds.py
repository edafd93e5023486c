"""Whole-number worlds: whether the printed numbers leave every answer open, where cuts are printed beside units.

A *world* is another set of answers that gives exactly the same printed numbers. Of the hierarchy everything is taken as
known, down to how often each answer was given in every residue; of a cut its n and its mean as printed, to whole
points. Adding and subtracting finds nobody's answer then (see certificate.py), but answers are whole numbers between
the ends of a scale, and that can pin them. An atom (people who are in the same printed rows) is *free* if there is a
world in which it gave other answers; where all its people ticked the same, that frees every one of them, and inside an
atom of more than one mind people can always trade.

Worlds are looked for in three ways, the cheapest first: two people of one residue trade answers; two or three such
trades make up for each other; and a search over all whole numbers (HiGHS), which ends with a world or with the finding
that there is none. Every world found by floating point is checked in whole numbers. Each looks at some residues at a
time and leaves all others as they are: a world is a world, and where that finds none, more residues are taken together.
What is not found to be free among 600 people counts as forced.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .certificate import Bools, Counts, Indices

_TRADED: Final = 150, 700  # people among whom trades that make up for each other are looked for
_SEARCHED: Final = (60, 10), (150, 30), (600, 60)  # people whose answers are searched at a time, and the steps of that
_PARTNERS: Final = 40  # of a residue, with whom a trade is tried
_TRADES: Final = 40_000  # of a region, that are set against each other
_PICKED: Final = 24  # trades of an atom that are set against two others
_TURNS: Final = 10  # others of the opposite effect that a trade is set against
_TIGHT: Final = 8, 2  # room below which a printed sum must come out the same
_ANY: Final = 1e6  # the gap by which a search ends with the first world it finds


def whole_index(totals: Counts, n: Counts, points: Counts | int) -> Counts:
    """Means on 0 to 100 to whole points, halves upwards, in whole numbers throughout.

    totals: sums of answers 1..points; n: how many, at least 1.
    """
    return (200 * (totals - n) + (points - 1) * n) // (2 * (points - 1) * n)


def sums_of(index: Counts, n: Counts, points: int) -> tuple[Counts, Counts]:
    """The least and the largest sum of n answers 1..points whose mean is printed as this index."""
    step = (points - 1) * n
    low = n - (-(2 * index - 1) * step // 200)
    high = n - (-(2 * index + 1) * step // 200) - 1
    return np.maximum(low, n), np.minimum(high, points * n)


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """What is printed about one item, atom by atom, and what was answered.

    answers: (atoms × points) how often each answer was given. residues, cuts, inside: as in System, and residues that
        lie in one unit stand together.
    weights: (facts × points) what is summed up over a cut: the points 1..C where its mean is printed.
    low, high: (cuts × facts) between which that sum must lie to be printed as it was.
    """

    answers: Counts
    residues: Indices
    cuts: Indices
    inside: Indices
    weights: Counts
    low: Counts
    high: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """forced: (atoms) no world was found that gives the atom other answers. finished: whether the time sufficed."""

    forced: Bools
    finished: bool


class Deadline:
    """Seconds of computing that some searches may take together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    @property
    def left(self) -> float:
        """Seconds left; 0 or below where the time is up."""
        return self._end - time.process_time()


def find_forced(printed: Printed, k: int, deadline: Deadline, known: Bools | None = None) -> Verdict:
    """The atoms whose answers are forced: those of one mind, and those of fewer than k people, that are not free.

    known: (atoms) those that are known to be free.
    """
    n = printed.answers.sum(axis=1)
    open_ = ((printed.answers > 0).sum(axis=1) == 1) | (n < k)
    open_ &= ~(np.zeros(len(n), np.bool_) if known is None else known)
    slack = _slack(printed)
    open_ &= ~_free_by_a_trade(printed, slack)
    for size in _TRADED:
        for atoms in _regions(printed.residues, n, open_, size):
            trades = _Trades.within(_region(printed, slack, atoms))
            free = _free_by_two_trades(trades, open_[atoms])
            free |= _free_by_three_trades(trades, open_[atoms] & ~free)
            open_[atoms[free]] = False
    for size, nodes in _SEARCHED:
        for atoms in _regions(printed.residues, n, open_, size):
            free = _free_by_search(_region(printed, slack, atoms), open_[atoms], deadline, nodes)
            open_[atoms[free]] = False
    return Verdict(open_, finished=not open_.any() or deadline.left > 0)


def _slack(printed: Printed) -> tuple[Counts, Counts]:
    """(cuts × facts) by how much a sum may fall, and rise; one line more, for "no cut", where anything goes."""
    sums = np.zeros((len(printed.inside), len(printed.weights)), np.int64)
    facts = printed.answers @ printed.weights.T
    for member in _memberships(printed):
        inner = member >= 0
        np.add.at(sums, member[inner], facts[np.nonzero(inner)[0]])
    anything = np.full((1, len(printed.weights)), np.iinfo(np.int64).max // 2)
    return np.vstack([sums - printed.low, anything]), np.vstack([printed.high - sums, anything])


def _memberships(printed: Printed) -> tuple[Indices, Indices]:
    """(atoms × attributes) the innermost cut of each atom, and the one that holds that; -1 for none."""
    outer = np.r_[printed.inside, -1][printed.cuts]
    return printed.cuts, outer


def _free_by_a_trade(printed: Printed, slack: tuple[Counts, Counts]) -> Bools:
    """(atoms) whether somebody of it can trade answers within the residue, and no printed number changes."""
    atom, answer = np.nonzero(printed.answers)
    order = np.lexsort((answer, atom, printed.residues[atom]))
    atom, answer = atom[order], answer[order]
    residue = printed.residues[atom]
    start = np.flatnonzero(np.r_[True, residue[1:] != residue[:-1]]) if len(atom) else np.zeros(0, np.intp)
    size = np.diff(np.r_[start, len(atom)])
    begins, sizes = np.repeat(start, size), np.repeat(size, size)
    place = np.arange(len(atom)) - begins
    free = np.zeros(len(printed.answers), np.bool_)
    for step in range(1, min(_PARTNERS, int(size.max(initial=0)) - 1) + 1):
        mine = np.flatnonzero((sizes > step) & ~free[atom])
        other = begins[mine] + (place[mine] + step) % sizes[mine]
        differ = (atom[mine] != atom[other]) & (answer[mine] != answer[other])
        mine, other = mine[differ], other[differ]
        change = printed.weights.T[answer[other]] - printed.weights.T[answer[mine]]
        fits = _fits(printed, slack, atom[mine], atom[other], change)
        free[atom[mine[fits]]] = True
    return free


def _fits(printed: Printed, slack: tuple[Counts, Counts], mine: Indices, other: Indices, change: Counts) -> Bools:
    """(trades) whether the cuts that hold only one of two atoms may change by that much; change: (trades × facts)."""
    fits = np.ones(len(mine), np.bool_)
    for member in _memberships(printed):
        for attribute in range(member.shape[1]):
            gains, loses = member[mine, attribute], member[other, attribute]
            same = gains == loses
            rise, fall = np.where(same, -1, gains), np.where(same, -1, loses)
            for cut, by in ((rise, change), (fall, -change)):
                fits &= ((by <= slack[1][cut]) & (-by <= slack[0][cut])).all(axis=1)
    return fits


def _regions(residues: Indices, n: Counts, open_: Bools, size: int) -> Iterator[Indices]:
    """Atoms of neighbouring residues, about so many people together, where one of them is open."""
    number, people = np.unique(residues, return_inverse=True)[1], np.bincount(residues, weights=n)
    before = np.cumsum(people[people > 0]) - people[people > 0]
    region = (before // size).astype(np.intp)[number]
    for which in np.unique(region[open_]):
        yield np.flatnonzero(region == which)


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """Atoms whose answers are varied together while all others stay.

    member: (atoms × cuts) 1 where the cut holds the atom. fall, rise: (cuts × facts) by how much a sum may change.
    """

    answers: Counts
    residues: Indices
    member: Counts
    weights: Counts
    fall: Counts
    rise: Counts


def _region(printed: Printed, slack: tuple[Counts, Counts], atoms: Indices) -> _Region:
    inner, outer = (member[atoms] for member in _memberships(printed))
    both = np.hstack([inner, outer])
    cuts = np.unique(both[both >= 0])
    member = np.zeros((len(atoms), len(printed.inside)), np.int64)
    row, column = np.nonzero(both >= 0)
    member[row, both[row, column]] = 1
    return _Region(
        answers=printed.answers[atoms],
        residues=np.unique(printed.residues[atoms], return_inverse=True)[1],
        member=member[:, cuts],
        weights=printed.weights,
        fall=slack[0][cuts],
        rise=slack[1][cuts],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Trades:
    """Trades of answers between two people of one residue; together, those of different residues make a world.

    atom, residue: (trades) of the first of the two. effect: (trades × facts of the cuts) how the printed sums change.
    """

    region: _Region
    atom: Indices
    residue: Indices
    effect: Counts

    @classmethod
    def within(cls, region: _Region) -> Self:
        """The trades of a region, or an even selection of them where there are very many."""
        atom, answer = np.nonzero(region.answers)
        first, second = np.nonzero(
            (region.residues[atom][:, None] == region.residues[atom])
            & (atom[:, None] != atom)
            & (answer[:, None] != answer)
        )
        some = slice(None, None, len(first) // _TRADES + 1)
        first, second = first[some], second[some]
        change = region.weights.T[answer[second]] - region.weights.T[answer[first]]
        apart = region.member[atom[first]] - region.member[atom[second]]
        effect = (apart[:, :, None] * change[:, None, :]).reshape(len(first), region.fall.size)
        return cls(region, atom[first], region.residues[atom[first]], effect)

    def make_worlds(self, *together: Indices) -> Bools:
        """Whether trades made together leave every printed number as it is; they are given by their numbers."""
        effect = sum((self.effect[each] for each in together), np.zeros((1, 1), np.int64))
        apart = [
            self.residue[one] != self.residue[other] for place, one in enumerate(together) for other in together[:place]
        ]
        fits = (effect <= self.region.rise.ravel()) & (-effect <= self.region.fall.ravel())
        return np.asarray(np.logical_and.reduce([fits.all(axis=1), *apart]))

    def keys(self, least: int) -> Counts:
        """A number per trade, such that effects on sums with little room that cancel have numbers that do."""
        tight = np.minimum(self.region.fall, self.region.rise).ravel() < least
        columns = np.random.default_rng(1).integers(-(2**40), 2**40, int(tight.sum()))
        return np.asarray(self.effect[:, tight] @ columns)


def _free_by_two_trades(trades: _Trades, open_: Bools) -> Bools:
    """(atoms) which of the open ones have a trade that another one makes up for."""
    free = np.zeros(len(open_), np.bool_)
    for least in _TIGHT:
        keys = trades.keys(least)
        order = np.argsort(keys, kind="stable")
        mine = np.flatnonzero((open_ & ~free)[trades.atom])
        begin, end = (np.searchsorted(keys[order], -keys[mine], side=side) for side in ("left", "right"))
        mine, begin, end = mine[begin < end], begin[begin < end], end[begin < end]
        for turn in range(_TURNS):
            partner = order[begin + (end - begin) * turn // _TURNS]
            free[trades.atom[mine[trades.make_worlds(mine, partner)]]] = True
    return free


def _free_by_three_trades(trades: _Trades, open_: Bools) -> Bools:
    """(atoms) which of the open ones have a trade that two others make up for."""
    free = np.zeros(len(open_), np.bool_)
    keys = trades.keys(_TIGHT[0])
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    for atom in np.flatnonzero(open_):
        mine = np.flatnonzero(trades.atom == atom)[:_PICKED]
        wanted = -(keys[mine][:, None] + keys)
        place = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
        one, other = np.nonzero(ordered[place] == wanted)
        free[atom] = trades.make_worlds(mine[one], other, order[place[one, other]]).any()
    return free


def _free_by_search(region: _Region, open_: Bools, deadline: Deadline, nodes: int) -> Bools:
    """(atoms) which of the open ones are free, looking for any world of the region in so many steps."""
    free = np.zeros(len(open_), np.bool_)
    search = _Search(region, deadline, nodes)
    mixed = (region.answers > 0).sum(axis=1) > 1
    while (open_ & ~mixed & ~free).any():
        changed = search.changed((open_ & ~mixed & ~free)[:, None] * (region.answers > 0))
        free |= open_ & changed
        if not changed.any():
            break
    for atom, answer in zip(*np.nonzero((open_ & mixed)[:, None] * region.answers), strict=True):
        if not free[atom]:
            wish = np.zeros_like(region.answers)
            wish[atom, answer] = 1
            free |= open_ & search.changed(wish)
    return free


class _Search:
    """The worlds of a region as a whole-number programme: one number per atom and answer."""

    def __init__(self, region: _Region, deadline: Deadline, nodes: int) -> None:
        from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415 - takes its time to load
        from scipy.sparse import csr_array, eye_array, kron, vstack  # noqa: PLC0415

        self.region, self.deadline, self.nodes = region, deadline, nodes
        atoms, points = region.answers.shape
        of_residue = csr_array((np.ones(atoms), (region.residues, np.arange(atoms))))
        held = of_residue @ region.answers
        same = vstack([kron(eye_array(atoms), np.ones((1, points))), kron(of_residue, eye_array(points))])
        known = same @ region.answers.ravel()
        facts = kron(csr_array(region.member.T.astype(float)), region.weights.astype(float))
        sums = facts @ region.answers.ravel()
        self.constraints = [
            LinearConstraint(same.tocsc(), known, known),
            LinearConstraint(facts.tocsc(), sums - region.fall.ravel(), sums + region.rise.ravel()),
        ]
        most = np.minimum(region.answers.sum(axis=1)[:, None], held[region.residues])
        self.bounds = Bounds(0, most.ravel())

    def changed(self, wish: Counts) -> Bools:
        """(atoms) who answers otherwise in some world in which the wished for numbers add up to less; nobody without.

        wish: (atoms × points) 1 for the numbers that should be smaller.
        """
        from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415

        nobody = np.zeros(len(wish), np.bool_)
        if self.deadline.left <= 0:
            return nobody
        less = LinearConstraint(wish.ravel()[None], -np.inf, (self.region.answers * wish).sum() - 1)
        found = milp(
            wish.ravel(),
            integrality=np.ones(wish.size, np.int64),
            bounds=self.bounds,
            constraints=[*self.constraints, less],
            options={"time_limit": self.deadline.left, "node_limit": self.nodes, "mip_rel_gap": _ANY},
        )
        if found.x is None:
            return nobody
        world = np.rint(found.x).astype(np.int64).reshape(wish.shape)
        return np.asarray((world != self.region.answers).any(axis=1)) if self._is_world(world) else nobody

    def _is_world(self, world: Counts) -> bool:
        """Whether it gives the printed numbers, in whole numbers."""
        region, change = self.region, world - self.region.answers
        held = np.zeros((int(region.residues.max()) + 1, world.shape[1]), np.int64)
        np.add.at(held, region.residues, change)
        facts = region.member.T @ change @ region.weights.T
        return bool(
            (world >= 0).all()
            and not change.sum(axis=1).any()
            and not held.any()
            and (facts <= region.rise).all()
            and (-facts <= region.fall).all()
        )
