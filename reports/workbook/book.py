"""Sheets → an Excel workbook: what every workbook of ours shares.

A sheet is a declaration: records, and columns that say where in a record their value is. openpyxl makes everything
around the rows: styles, filters, colour scales, charts, names, print set-up. The rows are written into the frame it
leaves, a thousand at a time, in the only three kinds of cell there are here: a number, a string, and a formula of ours,
with its value beside it for programs that do not calculate. So no text of a survey can become a formula, memory stays
flat, and ten thousand teams take a tenth of the time that openpyxl's own rows take.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import chain, islice, pairwise, repeat
from math import ceil
from operator import attrgetter
from pathlib import Path
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.writer.excel import ExcelWriter

from ...languages import gettext as _, language, marked
from ..content import Absent, Cell, Figure, ReportContent, ScoreRow, Standing

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's dates have no time zone, and this one is on nobody's clock
MAX_TEXT = 32_767  # of a cell, in UTF-16 units
MAX_AS_TEXT = 255  # of a cell formatted as text: longer ones can show as ####
MAX_PROMPT = 255  # letters of what appears beside a selected cell
MAX_HEIGHT = 409  # of a row, in points
LINE_HEIGHT = 14  # of a row with one line of text, or with numbers alone
AT_ONCE = 1_000  # rows that are written together
PAGE_WIDTH = 270  # characters across a landscape page, at the smallest size one likes to read
ONE_PAGE = 320  # characters that are rather printed a little smaller than on two pages
UPRIGHT_WIDTH = 160  # characters across an upright page
FULL_WIDTH = 105  # characters across a landscape page at full size, in whatever font stands in for Calibri
PAGE_HEIGHT = 480  # points down a landscape page at full size
LINE_WIDTH = 130  # characters of a line above a table
LONGEST_WORD = 30  # letters that a column makes room for
LONGEST_MARK = 16  # letters of a mark that stays in one line
FILTER_HEIGHT = 12  # points of the button of a filter, which would cover a heading


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


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an .xlsx workbook, in the language that is spoken."""
    book = Workbook(write_only=True)
    book.properties.creator = "psafety"
    book.properties.title = clean(title)
    book.properties.language = language()
    book.properties.created = book.properties.modified = EPOCH
    pen = Pen(book)
    rows, descriptions = {}, []
    for number, (sheet, widths, table_rows) in enumerate(map(fitted, sheets), 1):
        _frame(book.create_sheet(sheet.name), sheet, widths, title=title)
        rows[f"xl/worksheets/sheet{number}.xml"] = pen.write(sheet, widths, table_rows)
        descriptions += [[drawn.description for drawn in sheet.drawn]] if sheet.drawn else []
        if sheet.records:
            name = range_name(sheet.name)
            table = f"$A${sheet.header}:${get_column_letter(len(sheet.columns))}${sheet.last}"
            book.defined_names[name] = DefinedName(name, attr_text=f"{quoted(sheet.name)}!{table}")
    file = BytesIO()
    ExcelWriter(book, _Archive(file, rows, descriptions)).save()
    return file.getvalue()


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


# How wide columns are


def fitted(sheet: Sheet) -> tuple[Sheet, Widths, list[Row]]:
    """The sheet with the widths of its columns, in which no word of a heading or of a cell is broken, and its table.

    Of a sheet that is printed on several pages side by side, what stands above the table begins behind the columns that
    each of them repeats, which would cut it off.
    """
    values = [list(column.values(sheet.records)) for column in sheet.columns]
    widths = tuple(
        max(column.width, _widest(_entries(sheet, at, values[at]))) for at, column in enumerate(sheet.columns)
    )
    if sheet.is_browsed and pages_across(sheet, widths) > 1:
        sheet = replace(sheet, top=tuple(_aside(row, sheet.still) for row in sheet.top))
    return sheet, widths, list(zip(*values, strict=True))


def _entries(sheet: Sheet, at: int, values: Sequence[Entry]) -> Iterator[Entry]:
    """Each entry of a column once: its heading and its cells, or on a page of text what stands there."""
    if sheet.records:
        yield Styled(sheet.columns[at].heading, HEADING)
        yield from dict(zip(map(id, values), values, strict=True)).values()
    else:
        yield from (row[at] for row in sheet.top if at < len(row))


def _widest(entries: Iterable[Entry]) -> int:
    """The width that the longest word of a column needs, of those that go from line to line."""
    texts = {_dressed(entry) for entry in entries if type(entry) is not Figure}
    return max((_room(value, look) for value, look in texts if isinstance(value, str) and look.wrap), default=0)


@lru_cache(maxsize=1 << 16)
def _room(text: str, look: Look) -> int:
    """The width that a text needs so that none of its words is broken; a short mark in a number's place stays whole."""
    whole = look == QUIET_NUMBER and len(text) <= LONGEST_MARK
    longest = len(text) if whole else max(map(len, _WORD.findall(text)), default=0)
    return ceil(min(longest, LONGEST_WORD) * (0.95 if look.bold else 0.9) + 1.5 * look.indent + 0.5)


def _aside(row: Row, still: int) -> Row:
    """A line above a table, behind the columns that stay; a title and the legend of colours remain where they are."""
    is_line = len(row) == 1 and isinstance(row[0], Styled) and row[0].look == LINE
    return (*[Styled("", LINE)] * still, *row) if is_line else row


def pages_across(sheet: Sheet, widths: Widths) -> int:
    """How many pages side by side a sheet needs, each of which repeats the columns that stay."""
    if sum(widths) <= ONE_PAGE:
        return 1
    repeated = min(sum(widths[: sheet.still]), PAGE_WIDTH // 2)
    return ceil((sum(widths) - repeated) / (PAGE_WIDTH - repeated))


# How a sheet behaves


def _frame(page: Any, sheet: Sheet, widths: Widths, *, title: str) -> None:
    """All of a sheet but its rows."""
    for place, (column, width) in enumerate(zip(sheet.columns, widths, strict=True), 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = width
        if column.scaled:
            page.conditional_formatting.add(f"{letter}{sheet.header + 1}:{letter}{sheet.last}", _colour_scale())
    if sheet.is_browsed:
        _make_browsable(page, sheet)
    for drawn in sheet.drawn:
        page.add_chart(drawn.chart, f"A{drawn.row}")
    _set_up_notes(page, sheet)
    _set_up_print(page, sheet, widths, title=title)
    _link(page, sheet)


def _colour_scale() -> Rule:
    """From 0 to 100 whatever the figures: the lowest of them is no alarm."""
    stops = [FormatObject("num", value) for value, *_rest in INDEX_SCALE]
    return Rule("colorScale", colorScale=ColorScale(stops, [Color(fill) for _at, fill, _meaning in INDEX_SCALE]))


def _link(page: Any, sheet: Sheet) -> None:
    """The names of other sheets lead there. Comes last: openpyxl begins to write here, and begins with no links."""
    page._get_writer()  # noqa: SLF001 (no public way for a sheet that is written row by row)
    for number, row in enumerate(sheet.top, 1):
        match row:
            case [Styled(str(name), look), *_rest] if look == LINK:
                page._hyperlinks.append(Hyperlink(f"A{number}", location=f"{quoted(name)}!A1"))  # noqa: SLF001


def _set_up_notes(page: Any, sheet: Sheet) -> None:
    """What appears beside a cell that is selected: what a column holds, and what to do in the cell of a choice.

    Not as comments: those bring drawings of their own, and cover the cells beside them.
    """
    for key, note in sheet.notes.items():
        places = [at for at, column in enumerate(sheet.columns, 1) if column.key == key]
        cells = " ".join(f"{get_column_letter(at)}{sheet.header}" for at in places)
        if cells:
            page.data_validations.append(_prompt(note, cells))
    if sheet.choice is not None:
        cell, listed, prompt = sheet.choice
        page.data_validations.append(_prompt(prompt, cell, type="list", formula1=listed, showErrorMessage=True))


def _prompt(text: str, cells: str, **rule: Any) -> DataValidation:
    return DataValidation(
        sqref=cells, prompt=shorten(clean(text), MAX_PROMPT, placeholder=" …"), showInputMessage=True, **rule
    )


def _make_browsable(page: Any, sheet: Sheet) -> None:
    page.freeze_panes = f"{get_column_letter(sheet.still + 1)}{sheet.header + 1}"
    page.auto_filter.ref = f"A{sheet.header}:{get_column_letter(len(sheet.columns))}{sheet.last}"
    page.print_title_cols = f"A:{get_column_letter(sheet.still)}"


def _set_up_print(page: Any, sheet: Sheet, widths: Widths, *, title: str) -> None:
    page.page_setup.paperSize = 9  # A4
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.75
    page.page_margins.header = page.page_margins.footer = 0.35
    if sheet.records:
        page.print_title_rows = f"{sheet.header}:{sheet.header}"
    if sheet.begins:
        _keep_together(page, sheet, widths)
    else:
        page.page_setup.orientation = "landscape" if sum(widths) > UPRIGHT_WIDTH else "portrait"
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_setup.fitToWidth = pages_across(sheet, widths)
        page.page_setup.fitToHeight = 0
    page.HeaderFooter.oddHeader.left.text = shorten(clean(title), 100, placeholder=" …").replace("&", "&&") or None
    page.HeaderFooter.oddHeader.right.text = "&A"
    page.HeaderFooter.oddFooter.right.text = "&P / &N"


def _keep_together(page: Any, sheet: Sheet, widths: Widths) -> None:
    """Pages end between blocks. Not fitted to the page by the program, which would then end them where it likes."""
    page.page_setup.orientation = "landscape"
    page.page_setup.scale = scale = min(100, int(100 * FULL_WIDTH / sum(widths)))
    heights = [
        sheet.heights.get(number) or max([LINE_HEIGHT, *map(_height, map(_dressed, row), widths)])
        for number, row in enumerate(sheet.top, 1)
    ]
    begin = 0
    for start, end in pairwise((*sheet.begins[1:], len(heights) + 1)):
        if sum(heights[begin : end - 1]) > PAGE_HEIGHT * 100 / scale:
            begin = start - 1
            page.row_breaks.append(Break(id=begin))


# How cells are written


class Pen:
    """Writes the rows of sheets as XML, and gives the workbook the styles that they need."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._styles: dict[tuple[Look, str], int] = {}
        self._cells: dict[tuple[str | Figure | Formula, Look], str] = {}

    def write(self, sheet: Sheet, widths: Widths, rows: Sequence[Row]) -> Iterator[bytes]:
        """All rows of a sheet, from the top, so many at a time. rows: those of its table."""
        headings = [Styled(column.heading, FIGURES_HEADING if column.figures else HEADING) for column in sheet.columns]
        yield from (self._written([row], sheet, widths, number) for number, row in enumerate(sheet.top, 1))
        if rows:
            yield self._written([headings], sheet, widths, sheet.header)
        for first in range(0, len(rows), AT_ONCE):
            yield self._written(rows[first : first + AT_ONCE], sheet, widths, sheet.header + 1 + first)

    def _written(self, rows: Sequence[Row], sheet: Sheet, widths: Widths, first: int) -> bytes:
        """Some rows with as many cells as each other. first: the number of the first.

        A cell costs a look into a table: what the same object stands for is worked out once for all rows, in the order
        of the cells, in which styles get their numbers.
        """
        across = len(rows[0])
        entries = list(chain.from_iterable(rows))
        keys = list(map(id, entries))
        dressed = {key: _dressed(entry) for key, entry in dict(zip(keys, entries, strict=True)).items()}
        written = {key: self._cells.get(entry) or self._remember(entry) for key, entry in dressed.items()}
        cells = map(written.__getitem__, keys)
        heights = _heights(len(rows), (keys[place::across] for place in range(across)), dressed, widths)
        if first == sheet.header and sheet.is_browsed:
            heights = [min(MAX_HEIGHT, height + FILTER_HEIGHT) for height in heights]
        numbered = enumerate(heights, first)
        return "".join(_row(sheet.heights, *each, "".join(islice(cells, across))) for each in numbered).encode()

    def _remember(self, entry: Styled) -> str:
        """Most cells of a workbook look like others: each is written once, without its place, which its order tells."""
        self._cells[entry] = self._cell(*entry)
        return self._cells[entry]

    def _cell(self, value: str | Figure | Formula, look: Look) -> str:
        if isinstance(value, Formula):
            return self._formula(*value, look)
        if isinstance(value, Figure):
            return f'<c s="{self._style(look, value.format)}"><v>{value.value:.15g}</v></c>'
        text = escape(clean(value))
        style = self._style(look, "@" if len(text) <= MAX_AS_TEXT else "General")
        if not text:
            return f'<c s="{style}"/>'
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def _formula(self, code: str, value: str | Figure, form: str, look: Look) -> str:
        """A formula with what it gives; never formatted as text, in which Excel would show the formula itself."""
        kind = "" if isinstance(value, Figure) else ' t="str"'
        given = f"{value.value:.15g}" if isinstance(value, Figure) else escape(clean(value))
        return f'<c s="{self._style(look, form)}"{kind}><f>{escape(code)}</f><v>{given}</v></c>'

    def _style(self, look: Look, number_format: str) -> int:
        """The number under which the workbook keeps a look and a format."""
        if (look, number_format) not in self._styles:
            cell: Any = WriteOnlyCell(self._book.worksheets[0])
            cell.font = Font(
                "Calibri", look.size, bold=look.bold, color=look.colour, u="single" if look.underline else None
            )
            cell.fill = PatternFill("solid", look.fill) if look.fill else PatternFill()
            cell.border = Border(bottom=Side("thin", look.line)) if look.line else Border()
            cell.alignment = Alignment(look.align, "top", wrap_text=look.wrap, indent=look.indent)
            cell.number_format = number_format
            self._styles[look, number_format] = cell.style_id
        return self._styles[look, number_format]


def _dressed(entry: Entry) -> Styled:
    """An entry with its own look, or else that of its kind."""
    if isinstance(entry, Styled):
        return entry
    if isinstance(entry, Absent):
        return Styled(entry.text, QUIET_NUMBER)
    return Styled(entry, TEXT if isinstance(entry, str) else NUMBER)


def _row(given: Mapping[int, int], number: int, height: int, cells: str) -> str:
    """A row of a sheet. given: the heights that are not those of the texts."""
    held = f'{given[number]}" customHeight="1' if number in given else height
    return f'<row r="{number}" ht="{held}">{cells}</row>'


def _heights(
    rows: int, columns: Iterable[Sequence[int]], entries: Mapping[int, Styled], widths: Sequence[float]
) -> list[int]:
    """The points that rows need to show all of their texts: not every program finds out by itself.

    columns: the keys of their `entries`, column by column.
    """
    least, varying = LINE_HEIGHT, []
    for column, width in zip(columns, widths, strict=False):
        of_each = {key: _height(entries[key], width) for key in set(column)}
        if len(set(of_each.values())) > 1:
            varying.append(map(of_each.__getitem__, column))
        else:
            least = max(least, of_each[column[0]])
    return list(map(max, repeat(least, rows), *varying)) if varying else [least] * rows


def _height(entry: Styled, width: float) -> int:
    """The points that a text needs in a column of this width; a number needs no more than one line."""
    value, look = entry
    lines = _lines(value, look, width) if isinstance(value, str) else 0
    return min(MAX_HEIGHT, round(1.4 * look.size * lines))


@lru_cache(maxsize=1 << 16)
def _lines(text: str, look: Look, width: float) -> int:
    """The lines that a text takes; letters are narrower than the digits that widths are counted in, unless bold."""
    room = max(1, int((width - 1.5 * look.indent) * (1.1 if look.bold else 1.25)))
    if not look.wrap or (len(text) <= room and "\n" not in text):
        return 1
    return sum(len(wrap(line, room)) or 1 for line in text[:MAX_TEXT].split("\n"))


# How parts are put into the file

_WORD = re.compile(r"[^\s-]+-?")
EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
FORBIDDEN_IN_NAMES = re.compile(r"[][:*?/\\]")
UNNAMED = re.compile(r' name="Chart \d+"')
UNORDERED = re.compile("(<minus>.*?</minus>)(<plus>.*?</plus>)")  # openpyxl's order, where the standard has the other
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


class _Archive(ZipFile):
    """A workbook's parts, without the time and the machine they are from; rows go into the frame of their sheet."""

    def __init__(
        self, file: BytesIO, rows: Mapping[str, Iterable[bytes]], descriptions: Iterable[Iterable[str]]
    ) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._rows, self._descriptions = rows, iter(descriptions)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_rest: Any, **_more: Any) -> None:
        name = str(zinfo_or_arcname)
        if name.startswith("xl/drawings/drawing"):
            data = _described(data.decode() if isinstance(data, bytes) else data, next(self._descriptions))
        elif name.startswith("xl/charts/chart"):
            data = UNORDERED.sub(r"\2\1", data.decode() if isinstance(data, bytes) else data)
        super().writestr(_part_info(name), data)

    def write(self, filename: Any, arcname: Any = None, *_rest: Any, **_more: Any) -> None:
        before, after = EMPTY_ROWS.split(Path(filename).read_bytes())
        with self.open(_part_info(arcname), "w") as part:
            part.write(before + b"<sheetData>")
            part.writelines(self._rows[arcname])
            part.write(b"</sheetData>" + after)


def _described(drawing: str, descriptions: Iterable[str]) -> str:
    """The drawing with a description of each of its charts, which openpyxl cannot write."""
    said = iter(descriptions)
    return UNNAMED.sub(lambda found: f"{found[0]} descr={quoteattr(clean(next(said)))}", drawing)


def _part_info(name: str) -> ZipInfo:
    info = ZipInfo(name)  # dated 1980-01-01
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0
    return info


def clean(text: str) -> str:
    """The text as XML and Excel can hold it."""
    text = FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= MAX_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
