"""Workbooks, of Excel and OpenDocument → a table of text: which sheet, and its cells as a person reads them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .errors import FileError, PsafetyError
from .tables import Table, assemble, blanks_as_null

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_ZIP = b"PK\x03\x04"  # .xlsx, .xlsm, .xlsb, .ods
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and whatever Excel locks with a password

# calamine lays out every cell up to the last one, and no more memory ends the whole program (calamine issue 693).
_MOST_CELLS = 50_000_000
_LAST_CELL = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_ERROR_CELL = re.compile(rb'<c\s[^>]*\bt="e"')
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_START_OF_XLS = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_FILEPASS = 0x2F


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    hidden: bool
    content: "CalamineSheet"

    @property
    def empty(self) -> bool:
        return self.content.start is None

    def __str__(self) -> str:
        return f"'{self.name}'" + (" (hidden)" if self.hidden else "")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a workbook does; a ZIP archive of anything else begins so as well."""
    return data.startswith((_ZIP, _OLE))


def read_workbook(path: Path, data: bytes, *, sheet: str | None = None) -> Table:
    """Read one sheet of a workbook as text.

    Numbers that are whole stand without a decimal point, dates as 2024-12-31 or 2024-12-31 23:59:00, yes and no as
    TRUE and FALSE; a cell with an error (#N/A) is empty.

    Raises FileError where there is no such sheet, or the file is locked, damaged or no workbook.
    """
    with _failures_as_file_errors(path, data):
        notes = _inspect(path, data)
        sheets = _load(data)
        chosen = _choose(path, sheets, sheet)
        cells = chosen.content.to_python(skip_empty_area=False)
    header, columns, rows = _texts(cells)
    if not header:
        raise FileError(f"The sheet '{chosen.name}' is empty.", where=path.name, hint="Name another sheet.")
    notes = [*_notes_on_sheets(chosen, sheets), *notes]
    kind = "OpenDocument spreadsheet" if b"opendocument.spreadsheet" in data[:200] else "Excel workbook"
    return assemble(path, header, columns, rows, dialect=f"{kind}, sheet '{chosen.name}'", notes=notes)


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


# Before calamine: what it does not say ---------------------------------------------------------------------------


def _inspect(path: Path, data: bytes) -> list[str]:
    """Notes on the workbook as a whole; raises FileError where it must not be opened."""
    if not data.startswith(_ZIP):
        if _ENCRYPTED_PACKAGE in data or _is_locked_xls(data):
            raise _locked(path)
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _locked(path)
        parts = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        for part in parts:
            _refuse_far_reaching(path, archive, part)
        return _note_on_errors(sum(_error_cells(archive, part) for part in parts))


def _locked(path: Path) -> FileError:
    return FileError(
        "The workbook is locked by a password.",
        where=path.name,
        hint="Open it in a spreadsheet program and save a copy without a password.",
    )


def _is_locked_xls(data: bytes) -> bool:
    """Whether one of the first records of an .xls says that all the others are encrypted."""
    start = _START_OF_XLS.search(data)
    place = start.start() if start else len(data)
    for _ in range(4):
        kind, length = (int.from_bytes(data[place + i : place + i + 2], "little") for i in (0, 2))
        if kind == _FILEPASS:
            return True
        place += 4 + length
    return False


def _refuse_far_reaching(path: Path, archive: zipfile.ZipFile, part: str) -> None:
    with archive.open(part) as content:
        last = _LAST_CELL.search(content.read(4096))
    if last and _column_number(last[1]) * int(last[2]) > _MOST_CELLS:
        raise FileError(
            f"A sheet reaches to cell {(last[1] + last[2]).decode()}, far more cells than a survey fills.",
            where=path.name,
            hint="Delete the empty rows and columns beyond the answers, or save the sheet as CSV.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _error_cells(archive: zipfile.ZipFile, part: str) -> int:
    """How many cells of a sheet hold an error: calamine gives them as empty."""
    count, rest = 0, b""
    with archive.open(part) as content:
        while chunk := content.read(1 << 20):
            text = rest + chunk
            if b't="e"' in text:
                count += len(_ERROR_CELL.findall(text))
            rest = text[text.rfind(b"<") :]
            rest = b"" if b">" in rest else rest
    return count


def _note_on_errors(count: int) -> list[str]:
    if not count:
        return []
    holds = "1 cell with an error" if count == 1 else f"{count:,} cells with an error"
    return [f"The workbook holds {holds}, such as #N/A; they count as empty."]


# Sheets ----------------------------------------------------------------------------------------------------------


def _load(data: bytes) -> list[_Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415 (only workbooks need it)

    workbook = load_workbook(io.BytesIO(data))
    return [
        _Sheet(sheet.name, sheet.visible != SheetVisibleEnum.Visible, workbook.get_sheet_by_name(sheet.name))
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _choose(path: Path, sheets: Sequence[_Sheet], name: str | None) -> _Sheet:
    filled = [sheet for sheet in sheets if not sheet.empty]
    if not filled:
        raise FileError("The workbook is empty.", where=path.name, hint="Export the survey again.")
    if name is None:
        return min(filled, key=lambda sheet: sheet.hidden)
    for sheet in filled:
        if sheet.name == name:
            return sheet
    problem = f"The sheet '{name}' is empty." if name in [s.name for s in sheets] else f"There is no sheet '{name}'."
    raise FileError(problem, where=path.name, hint=f"Sheets that hold something: {_listed(filled)}.")


def _notes_on_sheets(chosen: _Sheet, sheets: Sequence[_Sheet]) -> list[str]:
    others = [sheet for sheet in sheets if not sheet.empty and sheet is not chosen]
    notes = [f"The sheet {chosen} was read."] if chosen.hidden else []
    if others:
        notes.append(f"Sheets not read, though they hold something: {_listed(others)}.")
    return notes


def _listed(sheets: Sequence[_Sheet]) -> str:
    return ", ".join(str(sheet) for sheet in sheets)


# Cells -----------------------------------------------------------------------------------------------------------


def _texts(cells: Sequence[Sequence[Any]]) -> tuple[tuple[str, ...], list[pa.DictionaryArray], npt.NDArray[np.int64]]:
    """Header, columns below it and their row numbers; columns right of the last text are left out."""
    columns = [
        [cell if type(cell) is str else _TEXTS[type(cell)](cell) for cell in column]
        for column in zip(*cells, strict=True)
    ]
    while columns and not any(map(str.strip, columns[-1])):
        columns.pop()
    top = next((i for i in range(len(cells)) if any(column[i].strip() for column in columns)), 0)
    header = tuple(column[top] for column in columns)
    arrays = [pa.array(column[top + 1 :], pa.string()).dictionary_encode() for column in columns]
    return header, [blanks_as_null(array) for array in arrays], np.arange(top + 2, len(cells) + 1)


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
