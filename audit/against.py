"""How far a unit stands from other people: the true difference, and whether intervals around it tell a spread."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .figures import Fault, Printed, Questions, plain
from .markup import Slot
from .truth import Table

_SLACK = 1e-6
_COLUMNS = 4
_NUMBER = re.compile(r"[+−-]?\d+(?:[.,]\d+)?")


class Gap(NamedTuple):
    """A printed difference of a row from the other people of a row that holds it, in points of the index.

    row, above: places in `Table.units`; dimension: place in `Questions.dimensions`. low, high: None where not printed.
    """

    row: int
    above: int
    dimension: int
    difference: float
    low: float | None
    high: float | None
    place: str


def astray(file: str, gaps: Sequence[Gap], table: Table, questions: Questions) -> Iterator[Fault]:
    """The differences that are not those of the survey, and the dimensions whose intervals no single spread explains.

    An interval reaches as far as chance carries two groups of their sizes, by one spread for all: else the spread of a
    unit’s own answers could be read from it.
    """
    spreads: dict[int, tuple[float, float]] = {}
    for gap in gaps:
        true = true_gap(gap, table, questions)
        if true is None:
            yield Fault(file, gap.place, "a difference from other people that the printed rows do not hold")
            continue
        if abs(true - gap.difference) > (0.5 if abs(gap.difference) >= 1 else 0.1) + _SLACK:
            problem = f"the difference is said to be {gap.difference:g}, but the survey gives {true:.0f}"
            yield Fault(file, gap.place, problem)
        n, whole = (int(table.n[row, questions.dimensions[gap.dimension]]) for row in (gap.row, gap.above))
        scale = (1 / n + 1 / (whole - n)) ** -0.5
        lowest, highest = spreads.get(gap.dimension, (0.0, float("inf")))
        for end, side in ((gap.low, -1), (gap.high, 1)):
            if end is not None:
                reach, slack = side * (end - true), 0.1 if abs(end) < 1 else 0.5
                lowest = max(lowest, (reach - slack - _SLACK) * scale)
                highest = highest if abs(end) == 100 else min(highest, (reach + slack + _SLACK) * scale)
        spreads[gap.dimension] = lowest, highest
    for dimension, (lowest, highest) in spreads.items():
        if lowest > highest:
            label = questions.measures[questions.dimensions[dimension]].label[:60]
            yield Fault(file, f"differences in “{label}”", "no single spread explains the intervals of them all")


def true_gap(gap: Gap, table: Table, questions: Questions) -> float | None:
    """The row less the others, over the items of the dimension that both rows print; None where there are none.

    A mean over items: of each, the others’ mean is what is left of the larger row without the smaller one.
    """
    dimension = questions.measures[questions.dimensions[gap.dimension]].id
    apart = []
    for item in questions.items:
        if questions.measures[item].dimension == dimension and table.shown[[gap.row, gap.above], item].all():
            n, whole = int(table.n[gap.row, item]), int(table.n[gap.above, item])
            if 0 < n < whole:
                mine, all_ = float(table.index[gap.row, item]), float(table.index[gap.above, item])
                apart.append(mine - (all_ * whole - mine * n) / (whole - n))
    people = [int(table.n[row, questions.dimensions[gap.dimension]]) for row in (gap.row, gap.above)]
    return sum(apart) / len(apart) if apart and 0 < people[0] < people[1] else None


def read_apart(rows: Sequence[Sequence[Slot]], printed: Printed, questions: Questions) -> None:
    """The table of units that stand apart from the rest of the unit above: unit, unit above, dimension, difference."""
    labels = [plain(questions.measures[at].label) for at in questions.dimensions]
    for row in rows:
        where = f"units apart, “{plain(row[0].text)[:40]}”"
        numbers = [*_NUMBER.findall(row[3].text), *_NUMBER.findall(row[3].small)] if len(row) == _COLUMNS else []
        if len(numbers) != 3 or row[1].small.strip() or row[2].small.strip():
            printed.fault(where, "a difference without its interval, or with other columns than reports have")
            continue
        name, level, whole, dimension = (plain(text) for text in (row[0].text, row[0].small, row[1].text, row[2].text))
        units = [
            place
            for place, unit in enumerate(printed.units)
            if len(unit.path) > 1 and not unit.rest and not unit.cut and (unit.path[-1], unit.level) == (name, level)
        ]
        for place in units:
            path = printed.units[place].path[:-1]
            above = [
                at for at, unit in enumerate(printed.units) if (unit.path, unit.rest, unit.cut) == (path, False, ())
            ]
            if above and plain(" › ".join(path)) == whole and dimension in labels:
                figures = (float(text.replace("−", "-").replace(",", ".")) for text in numbers)
                difference, low, high = figures
                printed.apart.append((place, above[0], labels.index(dimension), difference, low, high, where))
                break
        else:
            printed.fault(where, "a difference of units that no rows stand for")


def gaps_of(printed: Printed, rows: Sequence[int]) -> list[Gap]:
    """The differences of one file, by the rows of the table. rows: per unit of the file, -1 where there is none."""
    return [
        Gap(rows[unit], rows[above], dimension, difference, low, high, place)
        for unit, above, dimension, difference, low, high, place in printed.apart
        if rows[unit] >= 0 and rows[above] >= 0
    ]
