"""ReportContent → an Excel workbook.

A sheet is a declaration: records of the content, and columns that say where in a record their value is. openpyxl makes
everything around the rows: styles, filters, colour scales, print set-up. The rows are written into the frame it leaves,
one by one, in the only two kinds of cell there are here, a number and a string. So no text can become a formula, memory
stays flat, and ten thousand teams take a quarter of the time that openpyxl's own rows take.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from operator import attrgetter, itemgetter
from pathlib import Path
from textwrap import shorten, wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from .content import Absent, Cell, DistributionRow, Fact, Figure, ReportContent, Standing, UnitRow, UnitScore

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's dates have no time zone, and this one is on nobody's clock
MAX_TEXT = 32_767  # of a cell, in UTF-16 units
MAX_AS_TEXT = 255  # of a cell formatted as text: longer ones can show as ####
MAX_HEIGHT = 409  # of a row, in points
PAGE_WIDTH = 270  # characters across a landscape page, at the smallest size one still reads
LINE_WIDTH = 130  # characters of a line above a table


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


TITLE = Look(bold=True, size=16, line="", wrap=False)
LINE = Look(line="", wrap=False)
QUIET_LINE = LINE._replace(colour="6B6B6B")
LABEL = LINE._replace(bold=True)
PROSE = Look(line="")
NOTICE = PROSE._replace(bold=True, fill="FFF2CC")
HEADING = Look(bold=True, fill="E4EAF0", line="8A99A8")
FIGURES_HEADING = HEADING._replace(align="right")
TEXT = Look()
QUIET = Look(colour="6B6B6B")
NUMBER = Look(align="right", wrap=False)
QUIET_NUMBER = Look(colour="6B6B6B", align="right")

INDEX_SCALE = (
    (0, "FFFFFF", "everybody ticked the lowest point (reverse-keyed statements: the highest)"),
    (50, "C7E4DD", "the middle of the response scale"),
    (100, "4FA596", "everybody ticked the highest point (reverse-keyed statements: the lowest)"),
)
STANDINGS: Mapping[Standing, tuple[str, Look]] = {
    "above": ("above", TEXT._replace(fill="A9D0F5")),
    "below": ("below", TEXT._replace(fill="F8C98B")),
    "same": ("no visible difference", TEXT._replace(fill="F0F0F0")),
    "withheld": ("withheld", QUIET),
    "none": ("not compared", QUIET),
}


class Styled(NamedTuple):
    """A value with a look of its own."""

    value: str | Figure
    look: Look


Entry = str | Figure | Absent | Styled
Row = Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its width in characters, and where in a record its value is.

    figures: whether it holds numbers, to the right. scaled: whether the colour scale of the index lies on it.
    """

    heading: str
    width: float
    value: Callable[[Any], Entry]
    figures: bool = False
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `top` stands above a table of `records`; without records it is a page of text.

    about: what is on it, in a line for the reader. still: the columns that stay in sight when one scrolls sideways;
    0 for a table to be read, not browsed: no filters, nothing frozen.
    """

    name: str
    about: str
    top: tuple[Row, ...]
    columns: tuple[Column, ...]
    records: Sequence[Any] = ()
    still: int = 1

    @property
    def header(self) -> int:
        """The row of the headings."""
        return len(self.top) + 1

    def rows(self) -> Iterator[Row]:
        """All rows, from the top."""
        yield from self.top
        if self.records:
            yield [Styled(column.heading, FIGURES_HEADING if column.figures else HEADING) for column in self.columns]
        for record in self.records:
            yield [column.value(record) for column in self.columns]


def to_excel(content: ReportContent) -> bytes:
    """The report as an .xlsx workbook; the same content gives the same bytes."""
    return workbook(content.title, _sheets(content))


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an .xlsx workbook."""
    book = Workbook(write_only=True)
    book.properties.creator = "psafety"
    book.properties.title = _clean(title)
    book.properties.created = book.properties.modified = EPOCH
    pen = Pen(book)
    rows = {}
    for number, sheet in enumerate(sheets, 1):
        _frame(book.create_sheet(sheet.name), sheet, title=title)
        rows[f"xl/worksheets/sheet{number}.xml"] = pen.write(sheet)
    file = BytesIO()
    ExcelWriter(book, _Archive(file, rows)).save()
    return file.getvalue()


# What the sheets say


def _sheets(content: ReportContent) -> tuple[Sheet, ...]:
    tables = (
        _dimensions(content),
        _items(content),
        _teams(content),
        _team_items(content),
        _groups(content),
        _comments(content),
        _distribution(content),
        _quality(content),
        _method(content),
    )
    sheets = (_overview(content), *(table for table in tables if table.records))
    return (_read_me(content, sheets), *sheets)


def _read_me(content: ReportContent, sheets: Iterable[Sheet]) -> Sheet:
    parts: tuple[tuple[str, Sequence[Row]], ...] = (
        ("Read this first", [prose("", notice, NOTICE) for notice in content.notices]),
        ("What the survey says", [prose("", sentence) for sentence in content.summary]),
        ("What to do next", [prose("", advice) for advice in content.advice]),
        ("What is withheld", [prose("", note) for note in [content.withheld_note] if note]),
        ("The sheets", [prose(sheet.name, sheet.about) for sheet in sheets]),
        ("Colours of the index", _index_legend()),
        ("Colours of the teams", _standing_legend(content)),
    )
    top = [*_title(content)]
    for heading, lines in parts:
        top += [(), (Styled(heading, LABEL),), *lines] if lines else []
    return Sheet("Read me", "", tuple(top), (Column("", 24, str), Column("", 110, str)))


def prose(name: str, text: str, look: Look = PROSE) -> Row:
    """A line of a page of text, after its name."""
    return (Styled(name, PROSE), Styled(text, look))


def _overview(content: ReportContent) -> Sheet:
    organisation = content.units[0]
    facts: tuple[tuple[str, Cell | str], ...] = (
        ("Answers", organisation.n),
        ("Response rate", organisation.response_rate),
        ("Wave", content.wave),
        ("Questionnaire", content.instrument),
        ("Survey file", content.source),
        ("Date", content.date),
        ("Smallest group shown", Figure(content.min_group, str(content.min_group), "0")),
        ("Rules of disclosure", content.rules),
        ("Made with", f"psafety {content.version}"),
    )
    lines = [(Styled(label, LABEL), in_line(value)) for label, value in facts if value]
    columns = (
        Column("Dimension", 28, attrgetter("label")),
        *figure_columns(9, ("Index", "index"), ("from", "low"), ("to", "high")),
        Column("In words", 90, attrgetter("sentence")),
    )
    top = (*_title(content), (), *lines, ())
    return Sheet("Overview", "The organisation at a glance.", top, columns, content.dimensions, still=0)


def _dimensions(content: ReportContent) -> Sheet:
    columns = (
        Column("Dimension", 28, attrgetter("label")),
        *_organisation_columns(content.bands),
        Column("What it is about", 60, attrgetter("about")),
    )
    top = table_top("Dimensions", content.dimensions_caption, legend=_index_legend())
    return Sheet("Dimensions", "Every dimension, with its interval.", top, columns, content.dimensions)


def _items(content: ReportContent) -> Sheet:
    columns = (
        Column("Dimension", 30, lambda record: record[0].name),
        Column("Item", 18, lambda record: record[1].id),
        Column("Statement", 60, lambda record: record[1].label),
        Column("Keyed", 10, lambda record: "reverse" if record[1].reverse else ""),
        *within(itemgetter(1), _organisation_columns(content.bands)),
    )
    records = [(group, row) for group in content.items for row in group.rows]
    top = table_top("Items", content.items_caption, legend=_index_legend())
    return Sheet("Items", "Every statement of the survey, by dimension.", top, columns, records, still=3)


def _organisation_columns(bands: tuple[str, str, str]) -> tuple[Column, ...]:
    upper, middle, lower = bands
    return (
        *figure_columns(10, ("Answers", "n")),
        *figure_columns(10, ("Index", "index"), scaled=True),
        *figure_columns(
            10, ("Index from", "low"), ("Index to", "high"), ("Mean", "mean"), ("Standard deviation", "sd")
        ),
        *figure_columns(
            12, (upper, "favourable"), (f"{upper} from", "favourable_low"), (f"{upper} to", "favourable_high")
        ),
        *figure_columns(13, (middle, "neutral"), (lower, "unfavourable")),
    )


def _teams(content: ReportContent) -> Sheet:
    scores = (
        Column("index", 11, _filled_index, figures=True),
        *figure_columns(11, ("from", "low"), ("to", "high")),
        Column("against everybody else", 22, lambda score: Styled(*STANDINGS[score.standing])),
    )
    columns = [*_unit_columns(content)]
    if any(isinstance(row.response_rate, Figure) for row in content.units):
        columns += figure_columns(10, ("Response rate", "response_rate"))
    for place, dimension in enumerate(content.dimensions):
        columns += within(_nth("dimensions", place), scores, under=dimension.label)
    top = table_top("Teams", content.units_caption, legend=_standing_legend(content))
    about = "Units and teams in each dimension, against everybody else in the organisation."
    return Sheet("Teams", about, top, tuple(columns), _divided(content))


def _filled_index(score: UnitScore) -> Entry:
    if isinstance(score.index, Absent):
        return score.index
    return Styled(score.index, NUMBER._replace(fill=STANDINGS[score.standing][1].fill))


def _team_items(content: ReportContent) -> Sheet:
    columns = [*_unit_columns(content)]
    rows = [(group, row) for group in content.items for row in group.rows]
    for place, (group, row) in enumerate(rows):
        heading = row.id if row.label == row.id else f"{row.id}: {shorten(row.label, 70, placeholder=' …')}"
        columns += within(_nth("items", place), figure_columns(15, (heading, "index")), under=group.name)
    top = table_top("Team items", "The index of every statement, 0 to 100. The sheet Items has the statements in full.")
    return Sheet("Team items", "Units and teams in each statement.", top, tuple(columns), _divided(content))


def _groups(content: ReportContent) -> Sheet:
    """Groups across the organisation, in each dimension and each item."""
    columns = [
        Column("Attribute", 18, attrgetter("attribute")),
        Column("Group", 24, attrgetter("value")),
        Column("Unit", 30, attrgetter("where")),
        *figure_columns(10, ("Answers", "n")),
    ]
    scores = tuple(figure_columns(11, ("index", "index"), ("from", "low"), ("to", "high")))
    for place, dimension in enumerate(content.dimensions):
        columns += within(_nth("dimensions", place), scores, under=dimension.label)
    for place, row in enumerate(row for group in content.items for row in group.rows):
        columns += within(_nth("items", place), scores, under=row.id)
    top = table_top("Groups across the organisation", " ".join(content.cut_notes))
    return Sheet("Groups", "Groups across the organisation.", top, tuple(columns), content.cuts, still=3)


def _comments(content: ReportContent) -> Sheet:
    """What people wrote, and before it what must be read."""
    columns = (
        Column("Question", 40, itemgetter(0)),
        Column("Unit", 36, itemgetter(1)),
        Column("Comment", 110, itemgetter(2)),
    )
    records: list[tuple[str, str, str]] = []
    for question in content.comments:
        records += [(question.question, "", question.note)] if question.note else []
        records += [(question.question, group.where, text) for group in question.groups for text in group.texts]
    top = table_top("Comments", " ".join(content.comment_notes))
    return Sheet("Comments", "What people wrote. Read what stands above it first.", top, columns, records, still=0)


def _divided(content: ReportContent) -> tuple[UnitRow, ...]:
    """The organisation and its units; nothing where the survey names no units."""
    return content.units if len(content.units) > 1 else ()


def _unit_columns(content: ReportContent) -> Iterator[Column]:
    """Who a row is about: its name, what it is, its place in the hierarchy if that has levels, how many answered."""
    yield Column("Unit", 38, _unit_name)
    yield Column("Level", 14, _unit_level)
    depth = max(len(row.path) for row in content.units)
    for level in range(depth if depth > 1 else 0):
        yield Column(_level_name(content, level), 16, _path_part(level))
    yield from figure_columns(10, ("Answers", "n"))


def _unit_name(row: UnitRow) -> Entry:
    return Styled(row.name, TEXT._replace(bold=row.kind == "organisation", indent=min(1 + row.depth, 10)))


def _unit_level(row: UnitRow) -> str:
    words = {"organisation": "Organisation", "rest": "Everybody else"}
    return words.get(row.kind) or row.level or row.kind.capitalize()


def _level_name(content: ReportContent, level: int) -> str:
    """The name of a level of the hierarchy, where all units on it go by one."""
    names = {row.level for row in content.units if len(row.path) == level + 1 and row.kind != "rest"}
    name = names.pop() if len(names) == 1 else ""
    return name or f"Level {level + 1}"


def _path_part(level: int) -> Callable[[UnitRow], str]:
    return lambda row: row.path[level] if level < len(row.path) else ""


def _distribution(content: ReportContent) -> Sheet:
    scales = list(dict.fromkeys(row.points for row in content.distributions))
    columns = (
        Column("Unit", 36, attrgetter("unit")),
        Column("Statement", 60, attrgetter("item")),
        *figure_columns(10, ("Answers", "n")),
        *_point_columns(scales),
    )
    caption = "How the answers spread over the points of the response scale, as ticked, reverse-keyed statements too."
    top = table_top("Distribution", caption)
    about = "How many chose each answer, where enough people answered."
    return Sheet("Distribution", about, top, columns, content.distributions, still=2)


def _point_columns(scales: Sequence[tuple[str, ...]]) -> Iterator[Column]:
    """A column for each point, under its label; where scales differ under its place, beside all the labels."""
    if len(scales) == 1:
        labels = scales[0]
    else:
        labels = tuple(f"Point {place}" for place in range(1, 1 + max(map(len, scales), default=0)))
        yield Column("Points, from the first", 50, lambda row: " · ".join(row.points))
    for place, label in enumerate(labels):
        yield Column(label, 14 if len(scales) == 1 else 9, _share(place), figures=True)


def _share(place: int) -> Callable[[DistributionRow], Cell | str]:
    return lambda row: row.shares[place] if place < len(row.shares) else ""


def _quality(content: ReportContent) -> Sheet:
    columns = (
        Column("Part", 24, itemgetter(0)),
        Column("What", 36, lambda record: record[1].label),
        Column("Value", 24, _fact_value),
        Column("What it means", 90, lambda record: record[1].note),
    )
    records = [("How the file was read", fact) for fact in content.reading]
    records += [("What is doubtful", fact) for fact in content.quality]
    top = table_top("Data quality")
    return Sheet("Data quality", "What the file held, and what is doubtful in it.", top, columns, records)


def _fact_value(record: tuple[str, Fact]) -> Entry:
    """A number, or a word: what is said of a file is not absent."""
    value = record[1].value
    return Styled(value, TEXT) if isinstance(value, Figure) else value.text


def _method(content: ReportContent) -> Sheet:
    columns = (Column("About", 44, itemgetter(0)), Column("How it is done", 110, itemgetter(1)))
    records = [(section.heading, paragraph) for section in content.method for paragraph in section.paragraphs]
    records += [(f"Bands of the response scale: {group.name}", group.band) for group in content.items]
    top = table_top("Method")
    return Sheet("Method", "How the figures are made, and what protects people.", top, columns, records, still=0)


# What they have in common


def _title(content: ReportContent) -> tuple[Row, ...]:
    return ((Styled(content.title, TITLE),), (Styled(content.subtitle, LINE),))


def table_top(title: str, caption: str = "", *, legend: Sequence[Row] = ()) -> tuple[Row, ...]:
    """What stands above a table: its title, what it shows in words, the legend of its colours, an empty row."""
    lines = [(Styled(line, LINE),) for line in wrap(caption, LINE_WIDTH)]
    return ((Styled(title, TITLE),), *lines, *legend, ())


def in_line(value: Cell | str) -> Styled:
    """A value in a line above a table."""
    return Styled(value.text, QUIET_LINE) if isinstance(value, Absent) else Styled(value, LINE)


def _index_legend() -> list[Row]:
    swatches = [Styled(Figure(at, str(at), "0"), TEXT._replace(fill=fill)) for at, fill, _ in INDEX_SCALE]
    return [(swatch, Styled(meaning, LINE)) for swatch, (_, _, meaning) in zip(swatches, INDEX_SCALE, strict=True)]


def _standing_legend(content: ReportContent) -> list[Row]:
    if not (content.dimensions and _divided(content)):
        return []
    return [(Styled(*STANDINGS[standing]), Styled(meaning, LINE)) for standing, meaning in content.units_legend]


def figure_columns(width: float, *columns: tuple[str, str], scaled: bool = False) -> Iterator[Column]:
    """Columns of numbers, each from its heading and the field that holds it."""
    for heading, field in columns:
        yield Column(heading, width, attrgetter(field), figures=True, scaled=scaled)


def within(part: Callable[[Any], Any], columns: Iterable[Column], *, under: str = "") -> Iterator[Column]:
    """The columns of a part of the record, under a heading that says which part."""
    for column in columns:
        heading = f"{under}\n{column.heading}" if under else column.heading
        yield replace(column, heading=heading, value=_after(part, column.value))


def _after(part: Callable[[Any], Any], value: Callable[[Any], Entry]) -> Callable[[Any], Entry]:
    return lambda record: value(part(record))


def _nth(field: str, place: int) -> Callable[[Any], Any]:
    return lambda row: getattr(row, field)[place]


# How a sheet behaves


def _frame(page: Any, sheet: Sheet, *, title: str) -> None:
    """All of a sheet but its rows."""
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        if column.scaled:
            page.conditional_formatting.add(f"{letter}{sheet.header + 1}:{letter}{_last_row(sheet)}", _colour_scale())
    if sheet.records and sheet.still:
        _make_browsable(page, sheet)
    _set_up_print(page, sheet, title=title)


def _colour_scale() -> Rule:
    """From 0 to 100 whatever the figures: the lowest of them is no alarm."""
    stops = [FormatObject("num", value) for value, _, _ in INDEX_SCALE]
    return Rule("colorScale", colorScale=ColorScale(stops, [Color(fill) for _, fill, _ in INDEX_SCALE]))


def _make_browsable(page: Any, sheet: Sheet) -> None:
    page.freeze_panes = f"{get_column_letter(sheet.still + 1)}{sheet.header + 1}"
    page.auto_filter.ref = f"A{sheet.header}:{get_column_letter(len(sheet.columns))}{_last_row(sheet)}"
    page.print_title_rows = f"{sheet.header}:{sheet.header}"
    page.print_title_cols = f"A:{get_column_letter(sheet.still)}"


def _set_up_print(page: Any, sheet: Sheet, *, title: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth = 1 + int(sum(column.width for column in sheet.columns) // PAGE_WIDTH)
    page.page_setup.fitToHeight = 0
    page.page_margins.left = page.page_margins.right = 0.4
    page.HeaderFooter.oddHeader.left.text = shorten(_clean(title), 100, placeholder=" …").replace("&", "&&") or None
    page.HeaderFooter.oddHeader.right.text = "&A"
    page.HeaderFooter.oddFooter.right.text = "&P / &N"


def _last_row(sheet: Sheet) -> int:
    return sheet.header + len(sheet.records)


# How cells are written


class Pen:
    """Writes the rows of sheets as XML, and gives the workbook the styles that they need."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._styles: dict[tuple[Look, str], int] = {}
        self._cells: dict[tuple[str | Figure, Look], str] = {}

    def write(self, sheet: Sheet) -> Iterator[bytes]:
        """The rows of a sheet, one by one."""
        widths = [column.width for column in sheet.columns]
        for number, row in enumerate(sheet.rows(), 1):
            entries = [_dressed(entry) for entry in row]
            cells = "".join([self._cells.get(entry) or self._remember(entry) for entry in entries])
            yield f'<row r="{number}" ht="{_height(entries, widths)}">{cells}</row>'.encode()

    def _remember(self, entry: Styled) -> str:
        """Most cells of a workbook look like others: each is written once, without its place, which its order tells."""
        self._cells[entry] = self._cell(*entry)
        return self._cells[entry]

    def _cell(self, value: str | Figure, look: Look) -> str:
        if isinstance(value, Figure):
            return f'<c s="{self._style(look, value.format)}"><v>{value.value:.15g}</v></c>'
        text = escape(_clean(value))
        style = self._style(look, "@" if len(text) <= MAX_AS_TEXT else "General")
        if not text:
            return f'<c s="{style}"/>'
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def _style(self, look: Look, number_format: str) -> int:
        """The number under which the workbook keeps a look and a format."""
        if (look, number_format) not in self._styles:
            cell: Any = WriteOnlyCell(self._book.worksheets[0])
            cell.font = Font("Calibri", look.size, bold=look.bold, color=look.colour)
            cell.fill = PatternFill("solid", look.fill) if look.fill else PatternFill()
            cell.border = Border(bottom=Side("thin", look.line)) if look.line else Border()
            cell.alignment = Alignment(look.align, "top", wrap_text=look.wrap, indent=look.indent)
            cell.number_format = number_format
            self._styles[look, number_format] = cell.style_id
        return self._styles[look, number_format]


def _dressed(entry: Entry) -> Styled:
    """An entry with its own look, or else that of its kind."""
    match entry:
        case Styled():
            return entry
        case Figure():
            return Styled(entry, NUMBER)
        case Absent(text):
            return Styled(text, QUIET_NUMBER)
        case _:
            return Styled(entry, TEXT)


def _height(row: Sequence[Styled], widths: Sequence[float]) -> int:
    """The points that a row needs to show all of its texts: not every program finds out by itself."""
    heights = (
        1.4 * look.size * _lines(value, look, width)
        for (value, look), width in zip(row, widths, strict=False)
        if isinstance(value, str)
    )
    return min(MAX_HEIGHT, round(max(heights, default=14)))


@lru_cache(maxsize=4096)
def _lines(text: str, look: Look, width: float) -> int:
    """The lines that a text takes; letters are narrower than the digits that widths are counted in, unless bold."""
    room = max(1, int((width - look.indent) * (1 if look.bold else 1.25)))
    if not look.wrap or (len(text) <= room and "\n" not in text):
        return 1
    return sum(len(wrap(line, room)) or 1 for line in text[:MAX_TEXT].split("\n"))


# How parts are put into the file

EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


class _Archive(ZipFile):
    """A workbook's parts, without the time and the machine they are from; rows go into the frame of their sheet."""

    def __init__(self, file: BytesIO, rows: Mapping[str, Iterable[bytes]]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._rows = rows

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(_part_info(str(zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        before, after = EMPTY_ROWS.split(Path(filename).read_bytes())
        with self.open(_part_info(arcname), "w") as part:
            part.write(before + b"<sheetData>")
            part.writelines(self._rows[arcname])
            part.write(b"</sheetData>" + after)


def _part_info(name: str) -> ZipInfo:
    info = ZipInfo(name)  # dated 1980-01-01
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0
    return info


def _clean(text: str) -> str:
    """The text as XML and Excel can hold it."""
    text = FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= MAX_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
