"""Groups across the organisation: what may be printed of them, and each question as a puzzle for its readers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .atoms import Bools, Family
from .figures import PEOPLE, Cell, Fault, Measure, kind_in_words
from .members import Counts
from .truth import Table
from .worlds import Clock, Puzzle, solve, window

_KINDS = frozenset({"n", "index", "low", "high"})


class CutRules(NamedTuple):
    """From how many people on a group is shown, and a unit has groups."""

    group: int
    unit: int


def in_cut(file: str, cell: Cell, row: int, table: Table, rules: CutRules) -> Iterator[Fault]:
    """What is wrong with a figure of a cut: its kind, too few answers, a unit that is too small or lies too deep."""
    unit = table.units[row]
    whole = table.units.index(unit._replace(cut=()))
    n = int(table.people[row] if cell.measure == PEOPLE else table.n[row, cell.measure])
    if cell.kind not in _KINDS:
        yield Fault(file, cell.place, f"{kind_in_words(cell.kind)} of a group, of which only means are printed")
    elif n < rules.group and cell.kind in {"n", "index"}:
        yield Fault(file, cell.place, f"a figure of a group speaks of {n} answers; at least {rules.group} are needed")
    if cell.measure == PEOPLE and unit.path and (table.people[whole] < rules.unit or len(unit.path) > 1):
        yield Fault(
            file,
            cell.place,
            f"groups of a unit of {table.people[whole]} people; only top-level units of {rules.unit} have some",
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What whole numbers tell of one question.

    known: people whose answers are known, as the rows that they alone have in common, the innermost unit first, and how
    many they are. left_open: the rows of cuts of which it was not found out in time.
    """

    label: str
    known: tuple[tuple[tuple[int, ...], int], ...]
    left_open: frozenset[int]


def settle(measure: Measure, answers: Counts, shown: Bools, is_cut: Bools, family: Family, clock: Clock) -> Settled:
    """Search one question for answers that whole numbers give away.

    answers: (homes × points) as ticked. shown, is_cut: (rows) which rows are printed for it, and which are cuts.
    """
    points = measure.scale[1] - measure.scale[0] + 1
    keyed = answers[:, :points][:, :: -1 if measure.reverse else 1]
    cells: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
    homes: dict[tuple[int, ...], int] = {(): -1}
    for home in np.flatnonzero(keyed.any(axis=1)).tolist():
        rows = [row for row in family.of_home[home] if shown[row]]
        units = tuple(row for row in rows if not is_cut[row])
        cells[units, tuple(row for row in rows if is_cut[row])].append(home)
        homes.setdefault(units, len(homes) - 1)
    cuts = np.flatnonzero(shown & is_cut)
    inside = np.array([np.isin(cuts, rows) for _, rows in cells]).reshape(len(cells), len(cuts)).T
    counts = np.array([keyed[mine].sum(axis=0) for mine in cells.values()])
    n = inside @ counts.sum(axis=1)
    whole = np.maximum(n * (points - 1), 1)
    index = (200 * (inside @ (counts @ np.arange(points))) + whole) // (2 * whole)
    ends = np.array([window(*one, points) for one in zip(index.tolist(), n.tolist(), strict=True)], np.int64)
    puzzle = Puzzle(counts, np.array([homes[units] for units, _ in cells]), inside, ends[:, 0], ends[:, 1])
    outcome = solve(puzzle, clock)
    names = list(cells)
    return Settled(
        measure.label,
        tuple(((*names[at][0][-1:], *names[at][1]), int(counts[at].sum())) for at in outcome.known),
        frozenset(row for at in outcome.left_open for row in names[at][1]),
    )
