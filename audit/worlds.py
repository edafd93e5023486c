"""Whole-number worlds: whether printed numbers leave only one answer for somebody, though no sum isolates him or her.

A world is a set of answers of everybody that gives the very same printed numbers. Assumed is the worst case: readers
know who is in which group, and of every printed unit exactly how many gave which answer; of cuts they know the number
of answers and the mean in whole points. People who are in exactly the same printed rows can be swapped with each other,
so only those cells are in question whose people all answered alike: for each, a world is wanted in which one of them
answered otherwise.

Worlds are found by trades: two people of one innermost printed unit swap their answers, alone, or together with another
two whose swap makes good for it in the cuts. What trades do not settle, an integer program does; where it proves that a
cell cannot change, the people in it are known. The given time is a limit: what is not settled by then is left open.
"""

from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import Bools, Counts, Places

SECONDS: Final = 15.0  # of computing, for all questions of a report together
_FEW_HOMES = 4  # whose answers the integer program changes at first
_MANY_HOMES = 16
_MOST_OWN = 24  # trades of one cell that are tried
_MOST_NEAR = 2_000  # trades that they are put together with
_IMPOSSIBLE = np.iinfo(np.int64).max
_NEAREST = 40  # pairs of trades to which a third is looked for
_MOST_TRADES = 60_000  # of one question; others are not tried

Small = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Puzzle:
    """One question, as readers know it.

    counts: (cells × points) how many people of each cell gave each answer, none of the cells empty. homes: (cells) the
    innermost printed unit, whose distribution is known; -1 for people who are in no printed unit. rows: (cuts × cells)
    who is in which cut. low, high: (cuts) between what ends the sum of their points (0 for the lowest) must lie.
    """

    counts: Counts
    homes: Places
    rows: Bools
    low: Counts
    high: Counts


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cells whose people's answers are known, and those of which it was not found out in time."""

    known: tuple[int, ...]
    left_open: tuple[int, ...]


class Clock:
    """How much computing is left."""

    def __init__(self, seconds: float) -> None:
        self._end = process_time() + seconds

    @property
    def left(self) -> float:
        """Seconds; not above nought when they are used up."""
        return self._end - process_time()


def window(index: int, answers: int, points: int) -> tuple[int, int]:
    """The lowest and highest sum of points (0 for the lowest) whose mean is printed as this index, halves rounded up.

    >>> window(50, 12, 5), window(0, 12, 5), window(80, 400, 5)
    ((24, 24), (0, 0), (1272, 1287))
    """
    whole = answers * (points - 1)
    low, high = -((1 - 2 * index) * whole // 200), -((-1 - 2 * index) * whole // 200) - 1
    return max(low, 0), min(max(high, 0), whole)


def solve(puzzle: Puzzle, clock: Clock) -> Outcome:
    """Which cells are known for certain, and which could not be settled in time."""
    waiting = (puzzle.counts > 0).sum(axis=1) == 1
    _settle_by_trades(puzzle, waiting)
    close = _closeness(puzzle)
    for most in (_FEW_HOMES, _MANY_HOMES):
        for cell in np.flatnonzero(waiting).tolist():
            if waiting[cell] and clock.left > 0:
                near = close.around(cell, most)
                world = _other_world(_part(puzzle, near), waiting[near], clock)
                if world is not None:
                    waiting[near] &= (world == puzzle.counts[near]).all(axis=1)
    while waiting.any() and clock.left > 0:
        world = _other_world(puzzle, waiting, clock)
        if world is None:
            break
        changed = waiting & (world != puzzle.counts).any(axis=1)
        if not changed.any():
            return Outcome(tuple(np.flatnonzero(waiting).tolist()), ())
        waiting &= ~changed
    return Outcome((), tuple(np.flatnonzero(waiting).tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class _Closeness:
    """How many cuts two homes have in common. place: (cells) the place of their home; shared: (homes × homes)."""

    place: Places
    shared: Counts

    def around(self, cell: int, most: int) -> Places:
        """The cells of the cell's own home, and of those homes that share most cuts with it."""
        chosen = np.argsort(-self.shared[self.place[cell]], kind="stable")[:most]
        return np.flatnonzero(np.isin(self.place, chosen))


def _closeness(puzzle: Puzzle) -> _Closeness:
    homes, place = np.unique(puzzle.homes, return_inverse=True)
    touched = np.zeros((len(homes), len(puzzle.rows)), np.int64)
    np.maximum.at(touched, place, puzzle.rows.T.astype(np.int64))
    shared = touched @ touched.T
    np.fill_diagonal(shared, np.iinfo(np.int64).max)
    return _Closeness(place, shared)


def _part(puzzle: Puzzle, cells: Places) -> Puzzle:
    """The same question for some homes, while the people of all others answer as they did."""
    steps = np.arange(puzzle.counts.shape[1])
    left_out = np.ones(len(puzzle.counts), np.bool_)
    left_out[cells] = False
    fixed = puzzle.rows[:, left_out] @ (puzzle.counts[left_out] @ steps)
    rows = puzzle.rows[:, cells]
    met = rows.any(axis=1)
    return Puzzle(
        puzzle.counts[cells], puzzle.homes[cells], rows[met], (puzzle.low - fixed)[met], (puzzle.high - fixed)[met]
    )


# Trades


@dataclass(frozen=True, slots=True, eq=False)
class _Trades:
    """Swaps of two answers. one, other: (trades) the cells; effect: (trades × cuts) by how much the sums would change.

    used: (trades × 2) the entries, that is the cell and the answer, of which each takes one person.
    """

    one: Places
    other: Places
    used: Places
    effect: Small

    def of(self, cell: int) -> Bools:
        """Which trades the cell has a part in."""
        return np.asarray((self.one == cell) | (self.other == cell))

    def among(self, chosen: Bools) -> "_Trades":
        """Some of the trades."""
        return _Trades(self.one[chosen], self.other[chosen], self.used[chosen], self.effect[chosen])


def _settle_by_trades(puzzle: Puzzle, waiting: Bools) -> None:
    """Take from `waiting` the cells that change in a world that is one trade or two away."""
    trades = _trades_of(puzzle)
    if not len(trades.one):
        return
    total = puzzle.rows.astype(np.int64) @ (puzzle.counts @ np.arange(puzzle.counts.shape[1]))
    down, up = puzzle.low - total, puzzle.high - total
    fits = ((trades.effect >= down) & (trades.effect <= up)).all(axis=1)
    _mark(waiting, trades, np.asarray(fits))
    _mark(waiting, trades, _cancelled(trades))
    close = _closeness(puzzle)
    for cell in np.flatnonzero(waiting).tolist():
        if waiting[cell]:
            near = np.isin(trades.one, close.around(cell, _MANY_HOMES))
            near &= near.cumsum() <= _MOST_NEAR
            _search_for(cell, trades.among(near | trades.of(cell)), down, up, waiting)


def _mark(waiting: Bools, trades: _Trades, fits: Bools) -> None:
    waiting[trades.one[fits]] = False
    waiting[trades.other[fits]] = False


def _trades_of(puzzle: Puzzle) -> _Trades:
    """Every swap of two different answers inside one unit; of people who are in none, every change of one answer."""
    cells, answers = np.nonzero(puzzle.counts)
    homes = puzzle.homes[cells]
    points = puzzle.counts.shape[1]
    first, second, gain = [], [], []
    for home in np.unique(homes).tolist():
        at = np.flatnonzero(homes == home)
        if home < 0:
            mine, wanted = (grid.ravel() for grid in np.meshgrid(at, np.arange(points), indexing="ij"))
            differ = answers[mine] != wanted
            first.append(mine[differ])
            second.append(mine[differ])
            gain.append(wanted[differ] - answers[mine[differ]])
            continue
        one, other = np.triu_indices(len(at), 1)
        one, other = at[one], at[other]
        differ = (cells[one] != cells[other]) & (answers[one] != answers[other])
        first.append(one[differ])
        second.append(other[differ])
        gain.append(answers[other[differ]] - answers[one[differ]])
    one, other, change = (
        np.concatenate([*parts, np.array([], np.intp)])[:_MOST_TRADES] for parts in (first, second, gain)
    )
    rows = puzzle.rows.T.astype(np.int16)
    back = np.where((one == other)[:, None], 0, rows[cells[other]])
    effect = (change.astype(np.int16)[:, None] * (rows[cells[one]] - back)).astype(np.int16)
    return _Trades(cells[one], cells[other], np.column_stack([one, other]), effect)


def _cancelled(trades: _Trades) -> Bools:
    """Which trades have another one, of other people, whose effect is the opposite."""
    weights = np.random.default_rng(0).integers(-(2**40), 2**40, trades.effect.shape[1])
    key = trades.effect.astype(np.int64) @ weights
    order = np.argsort(key, kind="stable")
    found = np.zeros(len(key), np.bool_)
    start = np.searchsorted(key[order], -key, side="left")
    stop = np.searchsorted(key[order], -key, side="right")
    for place in (0, -1):
        at = np.where(stop > start, order[np.clip(start if place == 0 else stop - 1, 0, len(key) - 1)], -1)
        free = (trades.used[:, :, None] != trades.used[at][:, None, :]).all(axis=(1, 2))
        found |= (at >= 0) & free & (trades.effect == -trades.effect[at]).all(axis=1)
    return found


def _search_for(cell: int, trades: _Trades, down: Counts, up: Counts, waiting: Bools) -> None:
    """Look for two or three trades, one of them of the cell, that leave every cut as it is printed.

    Of three, the first two are those that together come nearest to it.
    """
    mine = np.flatnonzero(trades.of(cell))[:_MOST_OWN]
    both = trades.effect[mine][:, None, :] + trades.effect[None, :, :]
    astray = (np.maximum(down - both, 0) + np.maximum(both - up, 0)).sum(axis=2)
    astray[~_apart(trades, mine)] = _IMPOSSIBLE
    found = np.unravel_index(np.argsort(astray, axis=None, kind="stable")[:_NEAREST], astray.shape)
    far = astray[found].tolist()
    for first, second, distance in zip(mine[found[0]].tolist(), found[1].tolist(), far, strict=True):
        if distance == _IMPOSSIBLE:
            return
        if distance == 0:
            _change(waiting, trades, [first, second])
            return
        fits = trades.effect + (trades.effect[first] + trades.effect[second])
        good = ((fits >= down) & (fits <= up)).all(axis=1) & _apart(trades, np.array([first, second])).all(axis=0)
        if good.any():
            _change(waiting, trades, [first, second, int(np.argmax(good))])
            return


def _apart(trades: _Trades, some: Places) -> Bools:
    """(some × trades) whether two trades take different people."""
    return np.asarray((trades.used[some][:, None, :, None] != trades.used[None, :, None, :]).all(axis=(2, 3)))


def _change(waiting: Bools, trades: _Trades, made: list[int]) -> None:
    waiting[trades.one[made]] = False
    waiting[trades.other[made]] = False


# The integer program


def _other_world(puzzle: Puzzle, waiting: Bools, clock: Clock) -> Counts | None:
    """A world in which as many waiting cells as possible answer otherwise; None where it cannot be said in time.

    The same answers again prove that none of them can change.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (few reports need it)
    from scipy.sparse import csr_array  # noqa: PLC0415

    cells, points = puzzle.counts.shape
    people = puzzle.counts.sum(axis=1)
    cell = np.repeat(np.arange(cells), points)
    answer = np.tile(np.arange(points), cells)
    units = np.unique(puzzle.homes[puzzle.homes >= 0])
    home = np.searchsorted(units, puzzle.homes[cell])
    inside = np.flatnonzero(puzzle.homes[cell] >= 0)
    variables = np.arange(cells * points)
    size = len(units) * points
    in_cells = csr_array((np.ones(len(variables)), (cell, variables)), shape=(cells, len(variables)))
    in_units = csr_array(
        (np.ones(len(inside)), (home[inside] * points + answer[inside], inside)), shape=(size, len(variables))
    )
    in_cuts = csr_array(np.repeat(puzzle.rows, points, axis=1) * answer.astype(float))
    given = in_units @ puzzle.counts.ravel()
    given_answer = puzzle.counts.argmax(axis=1)
    objective = np.zeros(len(variables))
    objective[np.flatnonzero(waiting) * points + given_answer[waiting]] = 1.0
    found = milp(
        objective,
        integrality=np.ones(len(variables), np.int64),
        bounds=Bounds(0, people[cell].astype(float)),
        constraints=[
            LinearConstraint(in_cells, people, people),
            LinearConstraint(in_units, given, given),
            LinearConstraint(in_cuts, puzzle.low, puzzle.high),
        ],
        options={"time_limit": max(clock.left, 0.1), "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    world = np.rint(found.x).astype(np.int64).reshape(cells, points)
    changed = (waiting & (world != puzzle.counts).any(axis=1)).any()
    return world if (changed and _is_world(puzzle, world)) or (found.status == 0 and not changed) else None


def _is_world(puzzle: Puzzle, world: Counts) -> bool:
    """Whether the answers give the same printed numbers: counted anew, since the solver computes with fractions."""
    total = puzzle.rows.astype(np.int64) @ (world @ np.arange(world.shape[1]))
    units = [puzzle.homes == home for home in np.unique(puzzle.homes[puzzle.homes >= 0])]
    return bool(
        (world >= 0).all()
        and (world.sum(axis=1) == puzzle.counts.sum(axis=1)).all()
        and all((world[at].sum(axis=0) == puzzle.counts[at].sum(axis=0)).all() for at in units)
        and ((puzzle.low <= total) & (total <= puzzle.high)).all()
    )
