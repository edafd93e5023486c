"""The tables of a workbook's sheets: their headings, their rows, their figures and their words."""

from collections.abc import Iterator, Sequence

from ...languages import gettext as _
from ..figures import Measure, Printed, Questions, Unit, plain, rest_name
from .parts import Row, Value


class Tables:
    """What all sheets are read with."""

    def __init__(self, printed: Printed, questions: Questions) -> None:
        self.printed, self.questions = printed, questions

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
        if isinstance(value, str) and not any(map(str.isnumeric, value)):
            self.printed.hide(unit, measure, kind, value)
        elif isinstance(value, str):
            self.printed.fault(where, f"“{value[:40]}” where {kind} belongs")
        else:
            self.printed.count(unit, measure, kind, value, where)

    def by_unit(self, body: Iterator[tuple[str, Row]], width: int) -> Iterator[tuple[str, Row, int, int]]:
        """The rows of a table that has some for each unit and dimension: unit, units above, dimension, figures.

        With each row the place of its unit and that of its dimension in `Questions.dimensions`, both in their order.
        """
        title = plain(self.printed.claims.get("title", ""))
        names = [(row_name(unit, title), " › ".join(self.path(unit)[:-1])) for unit in self.printed.units]
        order = [self.questions.measures[place].label for place in self.questions.dimensions]
        last = (0, -1)
        for where, row in body:
            called = (plain(str(row[0])), plain(str(row[1]))) if len(row) == width else ("", "")
            places = [at for at, label in enumerate(order) if len(row) == width and is_same(row[2], label)]
            place = next((at for at in places if at > last[1]), places[0] if places else -1)
            from_ = last[0] if place > last[1] else last[0] + 1
            unit = next((at for at in range(from_, len(names)) if names[at] == called), -1)
            if place < 0 or unit < 0:
                self.printed.fault(where, "a row on nobody that the other sheets know")
                return
            last = unit, place
            yield where, row, unit, place

    def path(self, unit: Unit) -> tuple[str, ...]:
        """The names that the full name of a row is made of."""
        name = row_name(unit, plain(self.printed.claims.get("title", "")))
        return (*unit.path, name) if unit.rest or not unit.path else unit.path


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
