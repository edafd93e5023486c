"""Sheets as declarations: records, and columns that say where in a record their value is; and what sheets share."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.utils import get_column_letter

from ...languages import gettext as _, marked
from ..content import Absent, Cell, Figure, ReportContent, ScoreRow, Standing

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase

MAX_TEXT = 32_767  # of a cell, in UTF-16 units
LINE_WIDTH = 130  # characters of a line above a table
FORBIDDEN_IN_NAMES = re.compile(r"[][:*?/\\]")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


class Look(NamedTuple):
    """How a cell looks; each becomes one style of the workbook."""

    bold: bool = False
    size: int = 10
    colour: str = "1F1F1F"
    fill: str = ""
    line: str = "E3E3E3"
    align: str = "left"
    indent: int = 1
    wrap: bool = True
    underline: bool = False


TITLE = Look(bold=True, size=16, line="", wrap=False)
LINE = Look(line="", wrap=False)
QUIET_LINE = LINE._replace(colour="6B6B6B")
LABEL = LINE._replace(bold=True)
LINK = LINE._replace(colour="1B5A9B", underline=True)
PROSE = Look(line="")
NOTICE = PROSE._replace(bold=True, fill="FFF2CC")
HEADING = Look(bold=True, fill="E4EAF0", line="8A99A8")
FIGURES_HEADING = HEADING._replace(align="right")
TEXT = Look()
QUIET = Look(colour="6B6B6B")
NUMBER = Look(align="right", wrap=False)
QUIET_NUMBER = Look(colour="6B6B6B", align="right")
CHOICE = Look(bold=True, fill="FFF2CC", line="8A99A8")

INDEX_SCALE = (
    (0, "FFFFFF", marked("everybody ticked the lowest point (reverse-keyed statements: the highest)")),
    (50, "C7E4DD", marked("the middle of the response scale")),
    (100, "4FA596", marked("everybody ticked the highest point (reverse-keyed statements: the lowest)")),
)
STANDINGS: Mapping[Standing, tuple[str, Look]] = {
    "above": (marked("above"), TEXT._replace(fill="A9D0F5")),
    "below": (marked("below"), TEXT._replace(fill="F8C98B")),
    "same": (marked("no visible difference"), TEXT._replace(fill="F0F0F0")),
    "withheld": (marked("withheld"), QUIET),
    "none": (marked("not compared"), QUIET),
}
FILLED: Mapping[Standing, Look] = {at: NUMBER._replace(fill=look.fill) for at, (_words, look) in STANDINGS.items()}


class Formula(NamedTuple):
    """A value that the sheet works out from other cells.

    code: without the sign of equality; value: what it gives now; form: how Excel shows whatever it gives.
    """

    code: str
    value: str | Figure
    form: str


class Styled(NamedTuple):
    """A value with a look of its own."""

    value: str | Figure | Formula
    look: Look


Entry = str | Figure | Absent | Formula | Styled
Row = Sequence[Entry]
Widths = Sequence[float]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its width in characters at least, and where in a record its value is.

    inside: what leads to the part of a record that holds the value, step by step; () for the record itself.
    figures: whether it holds numbers, to the right. scaled: whether the colour scale of the index lies on it.
    key: what it holds, for the notes of its heading and the dictionary; "" for a text that explains itself.
    """

    heading: str
    width: float
    value: Callable[[Any], Entry]
    figures: bool = False
    scaled: bool = False
    key: str = ""
    inside: tuple[Callable[[Any], Any], ...] = ()

    def values(self, records: Iterable[Any]) -> Iterator[Entry]:
        """The values of some records."""
        for step in self.inside:
            records = map(step, records)
        return map(self.value, records)


class Drawn(NamedTuple):
    """A chart on a sheet: the row whose height it takes, and what it shows in words, for those who cannot see it."""

    row: int
    chart: "ChartBase"
    description: str


class Choice(NamedTuple):
    """A cell in which one chooses from a list. cell: its place; cells: where the list stands; prompt: what to do."""

    cell: str
    cells: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `top` stands above a table of `records`; without records it is a page of text.

    about: what is on it, in a line for the reader. still: the columns that stay in sight when one scrolls sideways;
    0 for a table to be read, not browsed: no filters, nothing frozen.
    heights: points of rows whose height their texts do not tell. notes: by the key of a column, what appears when one
    selects its heading. begins: the rows at which something begins that no end of a printed page should tear apart.
    """

    name: str
    about: str
    top: tuple[Row, ...]
    columns: tuple[Column, ...]
    records: Sequence[Any] = ()
    still: int = 1
    drawn: tuple[Drawn, ...] = ()
    choice: Choice | None = None
    heights: Mapping[int, int] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    begins: tuple[int, ...] = ()

    @property
    def is_browsed(self) -> bool:
        """Whether it is a table that one scrolls and filters."""
        return bool(self.records and self.still)

    @property
    def header(self) -> int:
        """The row of the headings."""
        return len(self.top) + 1

    @property
    def last(self) -> int:
        """The last row of the table."""
        return self.header + len(self.records)

    def cells(self, column: int, *, headed: bool = False) -> str:
        """Where a column of the table stands, the first being 1; headed: with its heading."""
        letter = get_column_letter(column)
        return f"{quoted(self.name)}!${letter}${self.header + (not headed)}:${letter}${self.last}"


def quoted(sheet: str) -> str:
    """The name of a sheet as it stands in a formula.

    >>> quoted("Team’s items"), quoted("Team's items")
    ("'Team’s items'", "'Team''s items'")
    """
    return "'" + sheet.replace("'", "''") + "'"


def sheet_name(text: str) -> str:
    """The text as Excel allows it for a sheet: without seven signs, and at most 31 letters."""
    return FORBIDDEN_IN_NAMES.sub(" ", text)[:31].strip()


def range_name(sheet: str) -> str:
    """The name under which formulas find the table of a sheet.

    >>> range_name("Team items")
    'Team_items'
    """
    return re.sub(r"\W", "_", sheet)


# What sheets have in common


def prose(name: str, text: str, look: Look = PROSE) -> Row:
    """A line of a page of text, after its name."""
    return (Styled(name, PROSE), Styled(text, look))


def table_top(title: str, caption: str = "", *, legend: Sequence[Row] = ()) -> tuple[Row, ...]:
    """What stands above a table: its title, what it shows in words, the legend of its colours, an empty row."""
    lines = [(Styled(line, LINE),) for line in wrap(caption, LINE_WIDTH)]
    return ((Styled(title, TITLE),), *lines, *legend, ())


def in_line(value: Cell | Formula | str) -> Styled:
    """A value in a line above a table."""
    return Styled(value.text, QUIET_LINE) if isinstance(value, Absent) else Styled(value, LINE)


def index_legend() -> list[Row]:
    """What the colours of the index mean."""
    swatches = [Styled(Figure(at, str(at), "0"), TEXT._replace(fill=fill)) for at, fill, _meaning in INDEX_SCALE]
    meanings = [_(meaning) for *_stop, meaning in INDEX_SCALE]
    return [(swatch, Styled(meaning, LINE)) for swatch, meaning in zip(swatches, meanings, strict=True)]


def marked_reverse(row: ScoreRow, called: str = "") -> str:
    """A statement as it is called, its wording unless told otherwise, with a mark where agreeing is unfavourable."""
    statement = called or row.label
    return _("{statement} (reverse-keyed)").format(statement=statement) if row.reverse else statement


def reverse_note(content: ReportContent) -> str:
    """What the mark means; "" where no statement bears it."""
    if not any(row.reverse for group in content.items for row in group.rows):
        return ""
    return _(
        "Where a statement is marked as reverse-keyed, agreeing is the unfavourable answer; its index is turned round."
    )


def standing(against: Standing) -> Styled:
    """How a unit stands against everybody else, in words and colour."""
    words, look = STANDINGS[against]
    return Styled(_(words), look)


def standing_column(heading: str, width: float, *, key: str) -> Column:
    """How records stand against everybody else, in words and colour."""
    said = {against: standing(against) for against in STANDINGS}
    return Column(heading, width, lambda record: said[record.standing], key=key)


def figure_columns(width: float, *columns: tuple[str, str], scaled: bool = False) -> Iterator[Column]:
    """Columns of numbers, each from its heading and the field that holds it."""
    for heading, name in columns:
        yield Column(heading, width, attrgetter(name), figures=True, scaled=scaled, key=name)


def within(part: Callable[[Any], Any], columns: Iterable[Column], *, under: str = "") -> Iterator[Column]:
    """The columns of a part of the record, under a heading that says which part."""
    for column in columns:
        heading = f"{under}\n{column.heading}" if under else column.heading
        yield replace(column, heading=heading, inside=(part, *column.inside))


def dressed(entry: Entry) -> Styled:
    """An entry with its own look, or else that of its kind."""
    if isinstance(entry, Styled):
        return entry
    if isinstance(entry, Absent):
        return Styled(entry.text, QUIET_NUMBER)
    return Styled(entry, TEXT if isinstance(entry, str) else NUMBER)


def clean(text: str) -> str:
    """The text as XML and Excel can hold it."""
    text = FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= MAX_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
