"""How cells are written: the rows of a sheet as XML, and the styles that they need."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from ..content import Figure
from .book import FIGURES_HEADING, HEADING, Formula, Look, Row, Sheet, Styled, Widths, clean, dressed
from .fit import MAX_HEIGHT, heights_of

MAX_AS_TEXT = 255  # of a cell formatted as text: longer ones can show as ####
AT_ONCE = 1_000  # rows that are written together
FILTER_HEIGHT = 12  # points of the button of a filter, which would cover a heading


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
        looks = {key: dressed(entry) for key, entry in dict(zip(keys, entries, strict=True)).items()}
        written = {key: self._cells.get(entry) or self._remember(entry) for key, entry in looks.items()}
        cells = map(written.__getitem__, keys)
        heights = heights_of(len(rows), (keys[place::across] for place in range(across)), looks, widths)
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


def _row(given: Mapping[int, int], number: int, height: int, cells: str) -> str:
    """A row of a sheet. given: the heights that are not those of the texts."""
    held = f'{given[number]}" customHeight="1' if number in given else height
    return f'<row r="{number}" ht="{held}">{cells}</row>'
