"""Workbooks, of Excel and OpenDocument → a table of text: which sheet, and its cells as a person reads them."""

import datetime as dt
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..languages import gettext as _, grouped, ngettext
from .errors import FileError, PsafetyError
from .phrases import enumerated, listed
from .preambles import header_place, note_on_titles, numbers_of
from .tables import NoAnswersError, Table, assemble, blanks_as_null, no_answers
from .workbook_parts import OLE, ZIP, TablePart, WorkbookParts, inspect

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_SAMPLE = 500  # rows
_FAR_LARGER = 4  # how many times the others together a table must have to be the one with the answers
_FIRST_ROWS = 30  # that are not blank, in which a header is looked for


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    hidden: bool
    content: "CalamineSheet"
    place: int

    @property
    def empty(self) -> bool:
        return self.content.start is None

    def __str__(self) -> str:
        return f"'{self.name}'" + (" (hidden)" if self.hidden else "")


@dataclass(frozen=True, slots=True)
class _Workbook:
    path: Path
    data: bytes
    parts: WorkbookParts

    def tables_of(self, sheet: _Sheet) -> tuple[TablePart, ...]:
        """The Excel tables of a sheet."""
        return self.parts.sheets[sheet.place].tables if sheet.place < len(self.parts.sheets) else ()


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merged cell: its top row, its first and last column, from 0."""

    row: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of the columns, the row they begin in, the row below them, and the rows of the titles above; from 0."""

    names: Sequence[str]
    row: int
    end: int
    titles: Sequence[int] = ()
    merged: int = 0

    @property
    def note(self) -> list[str]:
        """What to say about merged cells in the header."""
        if not self.merged:
            return []
        # For translators: {rows} is a row like “4”, or rows like “4 to 5”.
        note = ngettext(
            "The header in row {rows} has {cells}: each was read as the name of every column below it.",
            "The header in rows {rows} has {cells}: each was read as the name of every column below it.",
            self.end - self.row,
        )
        cells = ngettext("{number} merged cell", "{number} merged cells", self.merged)
        rows = numbers_of(range(self.row + 1, self.end + 1))
        return [note.format(rows=rows, cells=cells.format(number=grouped(self.merged)))]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a workbook does; a ZIP archive of anything else begins so as well."""
    return data.startswith((ZIP, OLE))


def read_workbook(path: Path, data: bytes, *, sheet: str | None = None) -> Table:
    """Read one sheet of a workbook as text; of a sheet with an Excel table that holds most of it, exactly that table.

    sheet: the name of a sheet, or of such a table.
    Numbers that are whole stand without a decimal point, dates as 2024-12-31 or 2024-12-31 23:59:00, yes and no as
    TRUE and FALSE; a cell with an error (#N/A) is empty.

    Raises FileError where there is no such sheet, or the file is locked, damaged or no workbook.
    """
    with _failures_as_file_errors(path, data):
        parts = inspect(path, data)
        _refuse_deadly(path, data)
        sheets = _load(data)
        workbook = _Workbook(path, data, parts)
        chosen, table = _choose(workbook, sheets, sheet)
    return _read_sheet(workbook, chosen, _notes_on_sheets(chosen, sheets), named=table)


def read_all_sheets(path: Path) -> dict[str, Table] | None:
    """Read each visible sheet of a workbook that holds answers, by its name; None where the file is no workbook.

    Raises FileError as read_workbook does.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        if not is_workbook(file.read(32)):
            return None
    data = path.read_bytes()
    with _failures_as_file_errors(path, data):
        workbook = _Workbook(path, data, inspect(path, data))
        _refuse_deadly(path, data)
        sheets = [sheet for sheet in _load(data) if not sheet.empty]
    visible = [sheet for sheet in sheets if not sheet.hidden] or sheets
    unread = [sheet for sheet in sheets if sheet not in visible]
    tables: dict[str, Table] = {}
    for sheet in visible:
        try:
            tables[sheet.name] = _read_sheet(workbook, sheet, [])
        except NoAnswersError:
            unread.append(sheet)
    if not tables:
        raise no_answers(path)
    first, table = next(iter(tables.items()))
    return tables | {first: replace(table, notes=(*_note_on_unread(unread), *table.notes))}


def _read_sheet(workbook: _Workbook, sheet: _Sheet, notes: Sequence[str], *, named: TablePart | None = None) -> Table:
    path, data = workbook.path, workbook.data
    with _failures_as_file_errors(path, data):
        cells = sheet.content.to_python(skip_empty_area=False)
        merges = [_Merge(top, first, last) for (top, first), (_, last) in sheet.content.merged_cell_ranges or ()]
    columns = _columns_of_texts(cells)
    if not columns:
        raise FileError(f"The sheet '{sheet.name}' is empty.", where=path.name, hint="Name another sheet.")
    table, notes_on_tables = _choose_table(workbook, sheet, columns, named)
    first, end = (table.left - 1, table.bottom - table.totals) if table else (0, len(cells))
    if table:
        columns = columns[first : table.right]
        header = _Header([column[table.top - 1] for column in columns], table.top - 1, table.top)
    else:
        header = _find_header(columns, merges)
    rows = np.arange(header.end + 1, end + 1)
    notes = [
        *notes,
        *_notes_on_parts(workbook.parts, sheet, rows, range(first + 1, first + len(columns) + 1)),
        *notes_on_tables,
        *note_on_titles([row + 1 for row in header.titles]),
        *header.note,
    ]
    if b"opendocument.spreadsheet" in data[:200]:
        dialect = _("OpenDocument spreadsheet, sheet '{sheet}'").format(sheet=sheet.name)
    else:
        dialect = _("Excel workbook, sheet '{sheet}'").format(sheet=sheet.name)
    return assemble(path, header.names, _encoded(columns, header.end, end), rows, dialect=dialect, notes=notes)


@contextmanager
def _failures_as_file_errors(path: Path, data: bytes) -> Iterator[None]:
    try:
        yield
    except (PsafetyError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside calamine is no Exception
        raise _not_a_workbook(path, data) from error


def _not_a_workbook(path: Path, data: bytes) -> FileError:
    if zipfile.is_zipfile(io.BytesIO(data)) and b"workbook" not in data and b"content.xml" not in data:
        return FileError(
            "The file is a ZIP archive, not a workbook.",
            where=path.name,
            hint="Unpack it, and use the CSV or Excel file inside.",
        )
    return FileError(
        "The file is a damaged workbook, or another kind of Office file.",
        where=path.name,
        hint="Open it in a spreadsheet program and save it as .xlsx, or export the survey again.",
    )


# What calamine does not say --------------------------------------------------------------------------------------


def _notes_on_parts(
    parts: WorkbookParts, sheet: _Sheet, rows: npt.NDArray[np.int64], columns: Sequence[int]
) -> list[str]:
    notes = []
    if parts.error_cells:
        note = ngettext(
            "The workbook holds {number} cell with an error, such as #N/A; they count as empty.",
            "The workbook holds {number} cells with an error, such as #N/A; they count as empty.",
            parts.error_cells,
        )
        notes.append(note.format(number=grouped(parts.error_cells)))
    if sheet.place >= len(parts.sheets):
        return notes
    hidden = parts.sheets[sheet.place]
    hidden_rows = int(np.isin(rows, list(hidden.hidden_rows)).sum())
    hidden_columns = len(hidden.hidden_columns.intersection(columns))
    rows_read = ngettext(
        "{number} row is hidden in the sheet, perhaps by a filter, and was read.",
        "{number} rows are hidden in the sheet, perhaps by a filter, and were read.",
        hidden_rows,
    )
    columns_read = ngettext(
        "{number} column is hidden in the sheet, perhaps by a filter, and was read.",
        "{number} columns are hidden in the sheet, perhaps by a filter, and were read.",
        hidden_columns,
    )
    counts = ((hidden_rows, rows_read), (hidden_columns, columns_read))
    return [*notes, *(note.format(number=grouped(count)) for count, note in counts if count)]


# Sheets ----------------------------------------------------------------------------------------------------------


# calamine ends the whole program where a damaged .xls makes it ask for more memory than there is. So another one tries
# first; what it finds otherwise, the reading finds again and can say.
_TRIAL = """
import contextlib, io, sys
with contextlib.suppress(ImportError):
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 33, 1 << 33))
with contextlib.suppress(BaseException):
    from python_calamine import load_workbook
    workbook = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
"""
_LONGEST_TRIAL = 120  # seconds; the 65,536 rows that an .xls can have take some


def _refuse_deadly(path: Path, data: bytes) -> None:
    """Raise FileError where reading the sheets of an .xls would end the program."""
    if not data.startswith(OLE) or not sys.executable:
        return
    try:
        trial = subprocess.run(  # noqa: S603 - this very Python, with a program of our own
            [sys.executable, "-P", "-c", _TRIAL],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_TRIAL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _not_a_workbook(path, data) from error
    if trial.returncode:
        raise _not_a_workbook(path, data)


def _load(data: bytes) -> list[_Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415 (only workbooks need it)

    workbook = load_workbook(io.BytesIO(data))
    return [
        _Sheet(sheet.name, sheet.visible != SheetVisibleEnum.Visible, workbook.get_sheet_by_name(sheet.name), place)
        for place, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _choose(workbook: _Workbook, sheets: Sequence[_Sheet], name: str | None) -> tuple[_Sheet, TablePart | None]:
    """The sheet of that name, or the one with the Excel table of that name; else the first visible one."""
    where = workbook.path.name
    filled = [sheet for sheet in sheets if not sheet.empty]
    if not filled:
        raise FileError("The workbook is empty.", where=where, hint="Export the survey again.")
    if name is None:
        return min(filled, key=lambda sheet: sheet.hidden), None
    for sheet in filled:
        if sheet.name == name:
            return sheet, None
    for sheet in filled:
        for table in workbook.tables_of(sheet):
            if table.name == name:
                return sheet, table
    problem = f"The sheet '{name}' is empty." if name in [s.name for s in sheets] else f"There is no sheet '{name}'."
    raise FileError(problem, where=where, hint=f"Sheets that hold something: {_listed(filled)}.")


def _notes_on_sheets(chosen: _Sheet, sheets: Sequence[_Sheet]) -> list[str]:
    others = [sheet for sheet in sheets if not sheet.empty and sheet is not chosen]
    notes = [_("The sheet {sheet} was read.").format(sheet=_in_words(chosen))] if chosen.hidden else []
    return [*notes, *_note_on_unread(others)]


def _note_on_unread(sheets: Sequence[_Sheet]) -> list[str]:
    named = ", ".join(map(_in_words, sheets))
    return [_("Sheets not read, though they hold something: {sheets}.").format(sheets=named)] if sheets else []


def _in_words(sheet: _Sheet) -> str:
    """The sheet as a report names it."""
    return _("'{sheet}' (hidden)").format(sheet=sheet.name) if sheet.hidden else f"'{sheet.name}'"


def _listed(sheets: Sequence[_Sheet]) -> str:
    return ", ".join(str(sheet) for sheet in sheets)


# Excel tables ----------------------------------------------------------------------------------------------------


def _choose_table(
    workbook: _Workbook, sheet: _Sheet, columns: Sequence[Sequence[str]], named: TablePart | None
) -> tuple[TablePart | None, list[str]]:
    """The Excel table to read instead of the whole sheet, if any, within the cells of the sheet; what to say of that.

    Raises FileError where a sheet has several and none is by far the largest, or the one that was named is empty.
    """
    tables = [table for each in workbook.tables_of(sheet) if (table := _within(each, columns))]
    if named and named.name not in [table.name for table in tables]:
        raise FileError(f"The Excel table {named} is empty.", where=workbook.path.name, hint="Name a sheet.")
    if not tables:
        return None, []
    largest = max(tables, key=lambda table: table.size)
    chosen = next((table for table in tables if named and table.name == named.name), largest)
    others = [table for table in tables if table is not chosen]
    outside = _filled_outside(chosen, columns)
    if named is None:
        if outside >= chosen.size + sum(table.size for table in others):
            note = ngettext(
                "The sheet holds the Excel table {tables}, but most cells lie outside; the whole sheet was read.",
                "The sheet holds {number} Excel tables, {tables}, but most cells lie outside; the whole sheet was"
                " read.",
                len(tables),
            )
            named_ones = enumerated(list(map(str, tables)), most=5)
            return None, [note.format(number=grouped(len(tables)), tables=named_ones)]
        if chosen.size < _FAR_LARGER * sum(table.size for table in others):
            raise FileError(
                f"The sheet '{sheet.name}' holds {_tables_listed(tables)}; it is not clear which has the answers.",
                where=workbook.path.name,
                hint=f"Name one in place of the sheet: --sheet {tables[0].name}.",
            )
    note = ngettext(
        "The Excel table {table} was read; {number} filled cell outside of it was not.",
        "The Excel table {table} was read; {number} filled cells outside of it were not.",
        outside,
    )
    left_out = [note.format(table=chosen, number=grouped(outside))] if outside else []
    totals = [_("The row of totals of the table was left out.")] if chosen.totals else []
    return chosen, [*left_out, *totals]


def _within(table: TablePart, columns: Sequence[Sequence[str]]) -> TablePart | None:
    """The table as far as the cells reach; None where its header lies beyond them, or is not filled."""
    height, width = len(columns[0]), len(columns)
    table = replace(
        table,
        bottom=min(table.bottom, height),
        right=min(table.right, width),
        totals=table.totals if table.bottom <= height else 0,
    )
    if table.bottom - table.totals <= table.top or table.right < table.left:
        return None
    names = [column[table.top - 1] for column in columns[table.left - 1 : table.right]]
    return table if all(map(str.strip, names)) else None


def _filled_outside(table: TablePart, columns: Sequence[Sequence[str]]) -> int:
    """How many cells around a table hold something."""
    beside = [*columns[: table.left - 1], *columns[table.right :]]
    across = [[*column[: table.top - 1], *column[table.bottom :]] for column in columns[table.left - 1 : table.right]]
    return sum(bool(cell.strip()) for column in (*beside, *across) for cell in column)


def _tables_listed(tables: Sequence[TablePart]) -> str:
    names = listed([str(table) for table in tables], most=5)
    return f"the Excel table {names}" if len(tables) == 1 else f"{len(tables)} Excel tables, {names}"


# Cells -----------------------------------------------------------------------------------------------------------


def _columns_of_texts(cells: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The cells column by column, as a person reads them; columns right of the last text are left out."""
    columns = [
        [cell if type(cell) is str else _TEXTS[type(cell)](cell) for cell in column]
        for column in zip(*cells, strict=True)
    ]
    while columns and not any(map(str.strip, columns[-1])):
        columns.pop()
    return columns


def _find_header(columns: Sequence[list[str]], merges: Sequence[_Merge]) -> _Header:
    """The header below any titles, the text of a merged cell in each column that it spans.

    It has two rows where the second one completes the merged cells of the first: "We … [listen]", "We … [ask]".
    """
    sample = list(islice(zip(*columns, strict=True), _SAMPLE))
    filled = [row for row, line in enumerate(sample) if any(map(str.strip, line))]
    spread = next((merged for row in filled[:_FIRST_ROWS] if (merged := _spread(sample, row, merges))), None)
    if spread is None:
        place = header_place([sample[row] for row in filled])
        return _Header(sample[filled[place]], filled[place], filled[place] + 1, filled[:place])
    titles = [row for row in filled if row < spread.row]
    below = [sample[row] for row in filled if row >= spread.end]
    place = header_place([*(sample[row] for row in titles), spread.names, *below])
    if place < len(titles):
        return _Header(sample[filled[place]], filled[place], filled[place] + 1, filled[:place])
    return replace(spread, titles=titles)


def _spread(sample: Sequence[Sequence[str]], row: int, merges: Sequence[_Merge]) -> _Header | None:
    """The header that begins with a row whose merged cells stand over several columns each; None where none do."""
    names = list(sample[row])
    over = [merge for merge in merges if merge.row == row and merge.first < merge.last < len(names)]
    if not over or sum(bool(name.strip()) for name in names) < 2:  # or a title
        return None
    for merge in over:
        names[merge.first : merge.last + 1] = [names[merge.first]] * (merge.last - merge.first + 1)
    if row + 1 == len(sample) or not _completes(sample[row + 1], over):
        return _Header(tuple(names), row, row + 1, merged=len(over))
    names = [f"{name} [{part}]" if part.strip() else name for name, part in zip(names, sample[row + 1], strict=True)]
    return _Header(tuple(names), row, row + 2, merged=len(over))


def _completes(line: Sequence[str], over: Sequence[_Merge]) -> bool:
    """Whether a row has a name under each column of the merged cells above it, and nothing else."""
    below = {column for merge in over for column in range(merge.first, merge.last + 1)}
    filled = {column for column, cell in enumerate(line) if cell.strip()}
    return filled == below and not any(re.fullmatch(r"[\d.,\s%-]+", line[column]) for column in filled)


def _encoded(columns: Sequence[list[str]], start: int, end: int) -> list[pa.DictionaryArray]:
    return [blanks_as_null(pa.array(column[start:end], pa.string()).dictionary_encode()) for column in columns]


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _moment(value: dt.datetime) -> str:
    return value.isoformat(sep=" ")


def _duration(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).upper(),
    int: str,
    float: _number,
    dt.date: dt.date.isoformat,
    dt.datetime: _moment,
    dt.time: dt.time.isoformat,
    dt.timedelta: _duration,
}
