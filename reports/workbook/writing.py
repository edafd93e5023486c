"""Sheets → an Excel workbook.

openpyxl makes everything around the rows: styles, filters, colour scales, charts, names, print set-up. The rows are
written into the frame it leaves, some thousand at a time, in the only three kinds of cell there are here: a number, a
string, and a formula of ours, with its value beside it for programs that do not calculate. So no text of a survey can
become a formula, memory stays flat, and ten thousand teams take a tenth of the time that openpyxl's own rows take.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from textwrap import shorten
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Color
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.writer.excel import ExcelWriter

from ...languages import language
from ...surveys.lookahead import ahead
from .book import INDEX_SCALE, LINK, Sheet, Styled, Widths, clean, quoted, range_name
from .fit import FULL_WIDTH, ends_of_pages, fitted, pages_across
from .pen import Pen

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's dates have no time zone, and this one is on nobody's clock
MAX_PROMPT = 255  # letters of what appears beside a selected cell
UPRIGHT_WIDTH = 160  # characters across an upright page
EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
UNNAMED = re.compile(r' name="Chart \d+"')
UNORDERED = re.compile("(<minus>.*?</minus>)(<plus>.*?</plus>)")  # openpyxl's order, where the standard has the other


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an .xlsx workbook, in the language that is spoken."""
    book = Workbook(write_only=True)
    book.properties.creator = "psafety"
    book.properties.title = clean(title)
    book.properties.language = language()
    book.properties.created = book.properties.modified = EPOCH
    pen = Pen(book)
    rows, descriptions = {}, []
    for number, (sheet, widths, table) in enumerate(map(fitted, sheets), 1):
        _frame(book.create_sheet(sheet.name), sheet, widths, title=title)
        rows[f"xl/worksheets/sheet{number}.xml"] = pen.write(sheet, widths, table)
        descriptions += [[drawn.description for drawn in sheet.drawn]] if sheet.drawn else []
        if sheet.records:
            name = range_name(sheet.name)
            cells = f"$A${sheet.header}:${get_column_letter(len(sheet.columns))}${sheet.last}"
            book.defined_names[name] = DefinedName(name, attr_text=f"{quoted(sheet.name)}!{cells}")
    file = BytesIO()
    ExcelWriter(book, _Archive(file, rows, descriptions)).save()
    return file.getvalue()


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
    for row in ends_of_pages(sheet, widths, scale):
        page.row_breaks.append(Break(id=row))


# How parts are put into the file


class _Archive(ZipFile):
    """A workbook's parts, without the time and the machine they are from; rows go into the frame of their sheet."""

    def __init__(
        self, file: BytesIO, rows: Mapping[str, Iterator[bytes | memoryview]], descriptions: Iterable[Iterable[str]]
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
            part.writelines(ahead(self._rows[arcname]))  # one core writes rows, the other compresses
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
