"""Groups across the organisation: what may be printed of them, and each question as a puzzle for its readers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .atoms import Family
from .columns import Bools, Cell, Counts, Places
from .figures import PEOPLE, Fault, Measure, Printed, Questions, kind_in_words, plain
from .markup import Slot
from .truth import Table
from .worlds import Clock, Puzzle, solve, window

_NUMBER = re.compile(r"[+−-]?\d+(?:[.,]\d+)?")
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


_GAP_COLUMNS = 7
_FIGURES = 4  # of a gap: how large, its interval, its size
_FARTHEST_T = 2.7765  # as in `spread`
_LITTLE = 0.02  # by which the factor for small groups can narrow an effect, with 30 degrees of freedom or more


class Gap(NamedTuple):
    """A printed gap between two groups of one attribute, in points of the index; effect: in standard deviations.

    paths: of the units that may be meant, the first of which prints both groups. measure: place in
    `Questions.measures`. said: the gap in words, "" where there are none.
    """

    attribute: str
    one: str
    other: str
    paths: tuple[tuple[str, ...], ...]
    measure: int
    difference: float
    low: float
    high: float
    effect: float
    said: str
    place: str


def read_gaps(rows: Sequence[Sequence[Slot]], printed: Printed, questions: Questions, whole: str) -> None:
    """The table of gaps between groups. rows: those without its headings; whole: what the organisation is called."""
    found = []
    for row in rows:
        where = f"gaps, “{plain(row[0].text)[:40]}”"
        measure = measure_called(row[3].text, questions) if len(row) == _GAP_COLUMNS else None
        if measure is None:
            printed.fault(where, "a gap in something that was not asked, or with other columns than reports have")
            continue
        if any(slot.small.strip() for slot in (row[1], row[2], row[3], row[5], row[6])):
            printed.fault(where, "small print that reports do not have")
        texts = [row[4].text.strip(), *_NUMBER.findall(row[4].small), row[5].text.strip()]
        numbers = [number for number in map(_number, texts) if number is not None]
        if len(texts) != _FIGURES or len(numbers) != _FIGURES:
            printed.fault(where, "a gap without its interval and its size")
            continue
        difference, low, high, effect = numbers
        names = plain(row[0].small), plain(row[0].text), plain(row[1].text)
        paths = gap_paths(row[2].text, whole)
        found.append(Gap(*names, paths, measure, difference, low, high, effect, plain(row[6].text), where))
    check_gaps(found, printed)


def gap_paths(name: str, whole: str) -> tuple[tuple[str, ...], ...]:
    """Which units a row on groups may mean by a name; whole: what the organisation is called."""
    return ((), (plain(name),)) if plain(name) == plain(whole) else ((plain(name),),)


def check_gaps(gaps: Sequence[Gap], printed: Printed) -> None:
    """Note what is wrong: each must be the difference of two printed indexes, and all of one spread.

    The groups themselves were read before.
    """
    index = {(cell.unit, cell.measure): cell.value for cell in printed.cells.some(_of_cuts(printed))} if gaps else {}
    places = {(unit.path, unit.cut): place for place, unit in enumerate(printed.units) if unit.cut}
    spreads: dict[int, tuple[float, float]] = {}
    for gap in gaps:
        for path in gap.paths:
            pair = [
                index.get((places.get((path, (gap.attribute, value)), -1), gap.measure))
                for value in (gap.one, gap.other)
            ]
            if pair[0] is not None and pair[1] is not None:
                _check_gap(gap, pair[0] - pair[1], spreads, printed)
                break
        else:
            printed.fault(gap.place, "a gap between groups that are not both printed")


def _of_cuts(printed: Printed) -> Places:
    """The places of the cells that are indexes of groups."""
    is_cut = np.array([bool(unit.cut) for unit in printed.units])
    return np.flatnonzero(is_cut[printed.cells.unit] & printed.cells.is_of("index"))


def measure_called(label: str, questions: Questions) -> int | None:
    """The place of the dimension of that name; None where there is none."""
    return next((at for at in questions.dimensions if plain(questions.measures[at].label) == plain(label)), None)


def _check_gap(gap: Gap, difference: float, spreads: dict[int, tuple[float, float]], printed: Printed) -> None:
    said, low, high, effect = gap.difference, gap.low, gap.high, gap.effect
    if said != difference:
        printed.fault(gap.place, f"the gap is said to be {said:g}, but the printed groups are {difference:g} apart")
    if not low <= said <= high or (abs(high + low - 2 * said) > 1 + _LITTLE and max(abs(low), abs(high)) < 100):
        printed.fault(gap.place, "an interval that does not lie about its gap")
    if effect * said < 0:
        printed.fault(gap.place, "a size that points the other way than its gap")
    if effect:
        narrow, wide = abs(said) / (abs(effect) + 0.005) * (1 - _LITTLE), abs(said) / max(abs(effect) - 0.005, 0.001)
        lowest, highest = spreads.get(gap.measure, (0.0, float("inf")))
        spreads[gap.measure] = max(lowest, narrow), min(highest, wide)
        if spreads[gap.measure][0] > spreads[gap.measure][1]:
            printed.fault(gap.place, "sizes of gaps that no single spread explains")
    known = {abs(value) for value in (said, low, high)} | _numbers(f"{gap.one} {gap.other}")
    if not _numbers(gap.said) <= known:
        printed.fault(gap.place, "words about a gap with other numbers than its own")


def _numbers(text: str) -> set[float]:
    return {abs(number) for number in map(_number, _NUMBER.findall(text)) if number is not None}


def _number(text: str) -> float | None:
    try:
        return float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        return None


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
