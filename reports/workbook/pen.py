"""How cells are written: the rows of a sheet as XML, and the styles that they need."""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from ..content import Figure
from .book import FIGURES_HEADING, HEADING, Formula, Look, Row, Sheet, Styled, Widths, clean, dressed
from .fit import MAX_HEIGHT, Filled, height_of_row, heights_of

MAX_AS_TEXT = 255  # of a cell formatted as text: longer ones can show as ####
AT_ONCE = 4_096  # rows that are written together
ROW_END = "</row>"
FILTER_HEIGHT = 12  # points of the button of a filter, which would cover a heading


class Pen:
    """Writes the rows of sheets as XML, and gives the workbook the styles that they need."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._styles: dict[tuple[Look, str], int] = {}

    def write(self, sheet: Sheet, widths: Widths, table: Sequence[Filled]) -> Iterator[bytes | memoryview]:
        """All rows of a sheet, from the top, so many at a time. table: its columns, filled."""
        for number, row in enumerate(sheet.top, 1):
            yield self._alone(row, height_of_row(row, widths), sheet, number)
        if sheet.records:
            headings = [
                Styled(column.heading, FIGURES_HEADING if column.figures else HEADING) for column in sheet.columns
            ]
            height = height_of_row(headings, widths)
            height = min(MAX_HEIGHT, height + FILTER_HEIGHT) if sheet.is_browsed else height
            yield self._alone(headings, height, sheet, sheet.header)
            yield from self._table(sheet, widths, table)

    def _alone(self, row: Row, height: int, sheet: Sheet, number: int) -> bytes:
        """A row above a table, or of a page of text, which may have a height that its texts do not tell."""
        held = f'{sheet.heights[number]}" customHeight="1' if number in sheet.heights else height
        return "".join([_begun(number, held), *map(self._cell, map(dressed, row)), ROW_END]).encode()

    def _table(self, sheet: Sheet, widths: Widths, table: Sequence[Filled]) -> Iterator[memoryview]:
        """What the same object stands for is written once for all rows; Arrow puts the cells of a row together."""
        columns = [
            pa.DictionaryArray.from_arrays(column.places, pa.array(map(self._cell, column.entries), pa.string()))
            for column in table
        ]
        heights = heights_of(table, widths)
        for first in range(0, len(heights), AT_ONCE):
            some = heights[first : first + AT_ONCE]
            begun = pa.array(_begun(number, height) for number, height in enumerate(some, sheet.header + 1 + first))
            cells = [column.slice(first, AT_ONCE).dictionary_decode() for column in columns]
            rows = pc.binary_join_element_wise(begun, *cells, ROW_END, "")
            yield memoryview(rows.buffers()[2])  # the text of one row stands behind that of the row before

    def _cell(self, entry: Styled) -> str:
        """A cell without its place, which its order tells."""
        value, look = entry
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


def _begun(number: int, height: int | str) -> str:
    return f'<row r="{number}" ht="{height}">'
