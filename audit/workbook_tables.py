"""The tables of a workbook's sheets: their headings, their rows, their figures and their words."""

from collections.abc import Iterator, Sequence

from ..languages import gettext as _
from .figures import Printed, Questions, Unit, plain, rest_name
from .workbook_parts import Row, Value


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

    def path(self, unit: Unit) -> tuple[str, ...]:
        """The names that the full name of a row is made of."""
        name = row_name(unit, plain(self.printed.claims.get("title", "")))
        return (*unit.path, name) if unit.rest or not unit.path else unit.path


def is_same(value: Value, label: str) -> bool:
    """Whether a cell says this."""
    return plain(str(value)) == plain(label)


def number_in_words(value: Value) -> str:
    """A cell as a text."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def row_name(unit: Unit, title: str) -> str:
    """What a row is called in the sheet of distributions; the organisation goes by the title of the report."""
    name = unit.path[-1] if unit.path else title
    return rest_name(name) if unit.rest else name
