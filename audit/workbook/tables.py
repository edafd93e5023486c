"""The tables of a workbook's sheets: their headings, their rows, their figures and their words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from ...languages import gettext as _
from ..columns import Names, Places
from ..figures import Measure, Printed, Questions, Unit, is_rounded, plain, rest_name
from .lines import Column, Lines, Row, Value

_NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Wheres:
    """Where rows stand, in words that are made when they are asked for. numbers: of the rows, from 1 on."""

    sheet: str
    numbers: Places

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, at: int) -> str:
        return f"sheet “{self.sheet}”, row {self.numbers[at]}"

    def __iter__(self) -> Iterator[str]:
        return (f"sheet “{self.sheet}”, row {number}" for number in self.numbers.tolist())


@dataclass(frozen=True, slots=True)
class Body(Iterable[tuple[str, Row]]):
    """The rows of a table below its headings, and where they stand."""

    lines: Lines
    wheres: Wheres

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        return zip(self.wheres, self.lines, strict=True)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a table, all of one width: which they are, the place of the unit of each, and in `Questions.dimensions`.

    dimensions: of a table that has none, empty.
    """

    body: Body
    at: Places
    units: Places
    dimensions: Places

    @property
    def wheres(self) -> Wheres:
        """Where they stand."""
        return Wheres(self.body.wheres.sheet, self.body.wheres.numbers[self.at])

    def column(self, at: int) -> Column:
        """What they have in one column."""
        return self.body.lines.column(at, self.at)


class Tables:
    """What all sheets are read with."""

    def __init__(self, printed: Printed, questions: Questions) -> None:
        self.printed, self.questions = printed, questions
        self._plain: dict[Value, str] = {}
        self._called: list[tuple[str, str]] = []

    def prose(self, where: str, part: str, row: Sequence[Value]) -> None:
        """Note the texts of a row, which hold no figures of their own."""
        for value in row:
            if isinstance(value, str):
                self.printed.say(where, part, plain(value))
            else:
                self.printed.say(where, part, number_in_words(value))

    def table(self, name: str, rows: Lines, first: str, part: str) -> tuple[list[str], Body]:
        """The headings of the table whose first heading is `first`, and its rows; what stands above is prose."""
        first = _(first)
        starts = rows.headed(first)
        if not starts:
            self.printed.fault(f"sheet “{name}”", f"no table with the heading “{first}”")
            return [], Body(rows[:0], Wheres(name, np.arange(0)))
        at = starts[0]
        above = [value if isinstance(value, str) else number_in_words(value) for row in rows[:at] for value in row]
        self.printed.say(f"sheet “{name}”, above the table", part, plain(" ".join(above)))  # lines may break in a name
        heads = [plain(str(value)) for value in rows[at]]
        for head in heads:
            self.printed.say(f"sheet “{name}”, headings", "headings", head)
        return heads, Body(rows[at + 1 :], Wheres(name, np.arange(at + 2, len(rows) + 1)))

    def figure(self, unit: int, measure: int, kind: str, value: Value, where: str) -> None:
        """Note a figure, or the mark in its place."""
        if isinstance(value, str) and _is_mark(value):
            self.printed.hide(unit, measure, kind, value)
        elif isinstance(value, str):
            self.printed.fault(where, f"“{value[:40]}” where {kind} belongs")
        else:
            self.printed.count(unit, measure, kind, value, where)

    def figures(self, found: Rows, measure: Places | int, kind: str, column: Column, place: Places) -> None:
        """The same for a column of some rows. measure: of all its cells, or of each; place: where they stand."""
        measures, different = np.broadcast_to(measure, len(column)), column.different
        if not all(_is_mark(value) if isinstance(value, str) else is_rounded(value, kind) for value in different):
            for unit, at, value, where in zip(
                found.units.tolist(), measures.tolist(), column, found.wheres, strict=True
            ):
                self.figure(unit, at, kind, value, where)
            return
        numbers = column.numbers
        hidden = np.isnan(numbers)
        self.printed.cells.add(found.units[~hidden], measures[~hidden], kind, numbers[~hidden], place[~hidden])
        self.printed.withheld.update(zip(found.units[hidden].tolist(), measures[hidden].tolist(), repeat(kind)))
        self.printed.marks.update(value for value in different if isinstance(value, str))

    def by_unit(self, body: Body, width: int) -> Rows:
        """The rows of a table that has some for each unit and dimension: unit, units above, dimension, figures.

        Both stand in their order; some may be left out.
        """
        lines, nobody = body.lines, np.flatnonzero(body.lines.widths != width)
        at = np.arange(nobody[0] if len(nobody) else len(lines))
        names, paths, said = (lines.column(column, at) for column in range(3))
        places = self._dimensions_of(said)
        units = self._units_of(names, paths, places)
        if len(units) < len(lines):
            self.printed.fault(body.wheres[len(units)], "a row on nobody that the other sheets know")
        return Rows(body, at[: len(units)], units, places[: len(units)])

    def _dimensions_of(self, said: Column) -> Places:
        """The dimension of each row; of several of one name the next one. -1 where there is none."""
        named: dict[str, list[int]] = defaultdict(list)
        for at, measure in enumerate(self.questions.dimensions):
            named[plain(self.questions.measures[measure].label)].append(at)
        if all(len(places) == 1 for places in named.values()):
            return said.told(lambda value: named.get(self.plain(value), [_NOBODY])[0]).astype(np.intp)
        found: list[int] = []
        for value in said:
            places = named.get(self.plain(value), [_NOBODY])
            found.append(next((at for at in places if found and at > found[-1]), places[0]))
        return np.array(found, np.intp)

    def _units_of(self, names: Column, paths: Column, places: Places) -> Places:
        """The unit of each row, which comes behind that of the row before or is the same; up to where there is none.

        names, paths: its name and those of the units above; places: of its dimension.
        """
        numbers = Names()
        said = [column.told(lambda value: numbers.number(self.plain(value))) for column in (names, paths)]
        is_other = np.any([one[1:] != one[:-1] for one in said], axis=0) if len(places) else False
        firsts = np.flatnonzero(np.append(True, is_other | (places[1:] <= places[:-1]))) if len(places) else places
        called, unit = self.called(), 0
        found: list[int] = []
        for first in firsts.tolist():
            name = self.plain(names[first]), self.plain(paths[first])
            from_ = unit if places[first] > (places[first - 1] if first else _NOBODY) else unit + 1
            unit = next((at for at in range(from_, len(called)) if called[at] == name), _NOBODY)
            if min(unit, places[first]) < 0:
                break
            found.append(unit)
        ends = np.append(firsts, len(places))[: len(found) + 1]
        return np.repeat(np.array(found, np.intp), ends[1:] - ends[:-1])

    def called(self) -> list[tuple[str, str]]:
        """What each row is called, and the names of the units above."""
        title = plain(self.printed.claims.get("title", ""))
        for unit in self.printed.units[len(self._called) :]:
            self._called.append((row_name(unit, title), " › ".join(self.path(unit)[:-1])))
        return self._called

    def plain(self, value: Value) -> str:
        """A cell as a text, white space folded; each different one is folded once."""
        if value not in self._plain:
            self._plain[value] = plain(str(value))
        return self._plain[value]

    def path(self, unit: Unit) -> tuple[str, ...]:
        """The names that the full name of a row is made of."""
        if unit.path and not unit.rest:
            return unit.path
        return (*unit.path, row_name(unit, plain(self.printed.claims.get("title", ""))))


def _is_mark(text: str) -> bool:
    """Whether a text holds no number."""
    return not any(map(str.isnumeric, text))


def is_same(value: Value, label: str) -> bool:
    """Whether a cell says this."""
    return plain(str(value)) == plain(label)


def statement(measure: Measure) -> str:
    """A statement as the sheets call it that turn its figures round: with a mark where agreeing is unfavourable."""
    return _("{statement} (reverse-keyed)").format(statement=measure.label) if measure.reverse else measure.label


def number_in_words(value: Value) -> str:
    """A cell as a text."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def row_name(unit: Unit, title: str) -> str:
    """What a row is called in the sheet of distributions; the organisation goes by the title of the report."""
    name = unit.path[-1] if unit.path else title
    return rest_name(name) if unit.rest else name
