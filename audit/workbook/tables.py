"""The tables of a workbook's sheets: their headings, their rows, their figures and their words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from ...languages import gettext as _
from ..columns import Floats, Places
from ..figures import Measure, Printed, Questions, Unit, is_rounded, plain, rest_name
from .lines import Value
from .parts import Row

_NOBODY = -1
_NO_CELLS: Row = ["", "", ""]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table, each with where it stands, the place of its unit, and that in `Questions.dimensions`."""

    wheres: list[str]
    cells: list[Row]
    units: list[int]
    dimensions: list[int]

    def column(self, at: int) -> list[Value]:
        """What they have in one column."""
        return [row[at] for row in self.cells]


class Tables:
    """What all sheets are read with."""

    def __init__(self, printed: Printed, questions: Questions) -> None:
        self.printed, self.questions = printed, questions
        self._plain: dict[Value, str] = {}

    def prose(self, where: str, part: str, row: Sequence[Value]) -> None:
        """Note the texts of a row, which hold no figures of their own."""
        for value in row:
            if isinstance(value, str):
                self.printed.say(where, part, plain(value))
            else:
                self.printed.say(where, part, number_in_words(value))

    def table(self, name: str, rows: list[Row], first: str, part: str) -> tuple[list[str], Iterator[tuple[str, Row]]]:
        """The headings of the table whose first heading is `first`, and its rows; what stands above is prose."""
        first = _(first)
        starts = [at for at, row in enumerate(rows) if len(row) > 2 and row[0] == first]
        if not starts:
            self.printed.fault(f"sheet “{name}”", f"no table with the heading “{first}”")
            return [], iter(())
        at = starts[0]
        above = [value if isinstance(value, str) else number_in_words(value) for row in rows[:at] for value in row]
        self.printed.say(f"sheet “{name}”, above the table", part, plain(" ".join(above)))  # lines may break in a name
        heads = [plain(str(value)) for value in rows[at]]
        for head in heads:
            self.printed.say(f"sheet “{name}”, headings", "headings", head)
        body = ((f"sheet “{name}”, row {number}", row) for number, row in enumerate(rows[at + 1 :], at + 2))
        return heads, body

    def figure(self, unit: int, measure: int, kind: str, value: Value, where: str) -> None:
        """Note a figure, or the mark in its place."""
        if isinstance(value, str) and _is_mark(value):
            self.printed.hide(unit, measure, kind, value)
        elif isinstance(value, str):
            self.printed.fault(where, f"“{value[:40]}” where {kind} belongs")
        else:
            self.printed.count(unit, measure, kind, value, where)

    def figures(
        self,
        units: Places,
        measure: Places | int,
        kind: str,
        values: Sequence[Value],
        wheres: Sequence[str],
        place: Places,
    ) -> None:
        """The same for a column. measure: of all its cells, or of each; wheres, place: where they stand."""
        measures = np.broadcast_to(measure, len(values))
        if not all(_is_mark(value) if isinstance(value, str) else is_rounded(value, kind) for value in set(values)):
            for unit, at, value, where in zip(units.tolist(), measures.tolist(), values, wheres, strict=True):
                self.figure(unit, at, kind, value, where)
            return
        numbers = as_numbers(values)
        hidden = np.isnan(numbers)
        self.printed.cells.add(units[~hidden], measures[~hidden], kind, numbers[~hidden], place[~hidden])
        self.printed.withheld.update(zip(units[hidden].tolist(), measures[hidden].tolist(), repeat(kind)))
        self.printed.marks.update(value for value in set(values) if isinstance(value, str))

    def by_unit(self, body: Iterator[tuple[str, Row]], width: int) -> "Rows":
        """The rows of a table that has some for each unit and dimension: unit, units above, dimension, figures.

        Both stand in their order; some may be left out.
        """
        rows = list(body)
        cells = [row if len(row) == width else _NO_CELLS for _, row in rows]
        called = [(self.plain(row[0]), self.plain(row[1])) for row in cells]
        places = self._dimensions_of([row[2] for row in cells])
        units = self._units_of(called, places)
        end = next((at for at, unit in enumerate(units) if unit < 0), len(units))
        if end < len(rows):
            self.printed.fault(rows[end][0], "a row on nobody that the other sheets know")
        return Rows([where for where, _ in rows[:end]], cells[:end], units[:end], places[:end])

    def _dimensions_of(self, said: Sequence[Value]) -> list[int]:
        """The dimension of each row; of several of one name the next one. -1 where there is none."""
        named: dict[str, list[int]] = defaultdict(list)
        for at, measure in enumerate(self.questions.dimensions):
            named[plain(self.questions.measures[measure].label)].append(at)
        of = {value: named.get(self.plain(value), [_NOBODY]) for value in set(said)}
        found: list[int] = []
        for value in said:
            places = of[value]
            found.append(next((at for at in places if found and at > found[-1]), places[0]))
        return found

    def _units_of(self, called: Sequence[tuple[str, str]], places: Sequence[int]) -> list[int]:
        """The unit of each row, which comes behind that of the row before or is the same; -1 from where there is none.

        called: its name and those of the units above; places: of its dimension.
        """
        title = plain(self.printed.claims.get("title", ""))
        names = [(row_name(unit, title), " › ".join(self.path(unit)[:-1])) for unit in self.printed.units]
        unit = 0
        found: list[int] = []
        before: tuple[tuple[str, str], int] = ("", ""), _NOBODY
        for name, place in zip(called, places, strict=True):
            if name != before[0] or place <= before[1]:
                from_ = unit if place > before[1] else unit + 1
                unit = next((at for at in range(from_, len(names)) if names[at] == name), _NOBODY)
            if min(unit, place) < 0:
                return [*found, *[_NOBODY] * (len(called) - len(found))]
            before = name, place
            found.append(unit)
        return found

    def plain(self, value: Value) -> str:
        """A cell as a text, white space folded; each different one is folded once."""
        if value not in self._plain:
            self._plain[value] = plain(str(value))
        return self._plain[value]

    def path(self, unit: Unit) -> tuple[str, ...]:
        """The names that the full name of a row is made of."""
        name = row_name(unit, plain(self.printed.claims.get("title", "")))
        return (*unit.path, name) if unit.rest or not unit.path else unit.path


def as_numbers(values: Sequence[Value]) -> Floats:
    """A column as numbers, NaN for texts."""
    return np.array([np.nan if isinstance(value, str) else value for value in values], np.float64)


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
