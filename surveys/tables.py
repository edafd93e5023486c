"""Any survey file → a table of text: which kind of file it is, and what its reading must keep to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..languages import grouped, ngettext
from .columns import without_unused
from .errors import FileError
from .excel_damage import notes_on_damage
from .preambles import closing_records

# The first bytes of what is often taken for a survey file, and is none.
_OTHER_KINDS = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a Word document",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"BZh": "a compressed file (bzip2)",
    b"7z\xbc\xaf": "a compressed file (7z)",
    b"Rar!": "a compressed file (RAR)",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"$FL2": "an SPSS data file",
    b"<stata_dta>": "a Stata data file",
    b"SQLite format 3": "a database",
}

_PARQUET = b"PAR1"


class NoAnswersError(FileError):
    """The file ends with its header."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text: nothing interpreted, nothing dropped without a note.

    header: its cells as they stand (duplicates and blanks included): the first non-empty row, unless it is provably
        a title above the header.
    columns: one pyarrow dictionary<int32, string> array per header cell, all of one length, in file order;
        an empty cell is null; no dictionary holds null or "". Blank cells of white space only count as empty. Of a
        large file the codes are as narrow as the texts are few, and lie in a file: see `pieces`.
    rows: the row number, as a spreadsheet shows it (1 is the first row of the file), of each record.
    dialect: what was found, in words for a person: "CSV, semicolon, Windows-1252", "Excel workbook, sheet 'Data'".
    notes: sentences on what a person should know about the reading (blank rows skipped, other sheets not read).
    """

    path: Path
    header: tuple[str, ...]
    columns: tuple[pa.DictionaryArray, ...]
    rows: Sequence[int]
    dialect: str
    notes: tuple[str, ...] = ()


def read_table(path: Path, *, sheet: str | None = None, piece: int | None = None) -> Table:
    """Read one survey file as text.

    The content decides what the file is, never its name. `sheet` names a sheet of a workbook; by default it is the
    first visible one that holds anything. piece: how many cells of text are worked on at once; None for all.

    Raises FileError where the file cannot be read as a table, TableError where its rows do not hold together.
    """
    # The two readers make a Table and so import this module; and a CSV file needs no reader of workbooks.
    from .delimited import read_delimited  # noqa: PLC0415
    from .spreadsheets import is_workbook, read_workbook  # noqa: PLC0415

    try:
        first_bytes = _first_bytes(path)
        if is_workbook(first_bytes):
            return read_workbook(path, path.read_bytes(), sheet=sheet)
        _refuse_other_kinds(path, first_bytes)
        if sheet is not None:
            raise FileError("The file is text, and text has no sheets.", where=path.name, hint="Leave the sheet out.")
        if first_bytes.startswith(_PARQUET):
            from .columnar import read_parquet  # noqa: PLC0415 (hardly any survey needs it)

            return read_parquet(path, piece=piece)
        return read_delimited(path, piece=piece)
    except OSError as error:
        raise FileError(
            "The file cannot be opened.",
            where=path.name,
            hint="Check that you may read it, and that no other program holds it open.",
        ) from error


def assemble(
    path: Path,
    header: Sequence[str],
    columns: Sequence[pa.DictionaryArray],
    rows: npt.NDArray[np.int64],
    *,
    dialect: str,
    notes: Sequence[str] = (),
) -> Table:
    """The Table of what a reader found, without blank records, footnotes and totals; all of that is said.

    Raises FileError where no record is left.
    """
    filled = ~blank_records(columns, len(rows))
    if not filled.any():
        raise no_answers(path)
    skipped = len(rows) - int(filled.sum())
    closing = closing_records(columns, rows)
    filled[list(closing.records)] = False
    if not filled.all():
        columns = [without_unused(column.filter(pa.array(filled))) for column in columns]
        rows = rows[filled]
    if skipped:
        note = ngettext("{number} blank row was skipped.", "{number} blank rows were skipped.", skipped)
        notes = (*notes, note.format(number=grouped(skipped)))
    notes = (*notes, *closing.notes, *notes_on_damage(header, columns, rows))
    return Table(path, tuple(header), tuple(columns), _spreadsheet_rows(rows), dialect, tuple(notes))


def blanks_as_null(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with null in place of every text that is empty or white space only."""
    texts = column.dictionary
    blank = pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    if not blank.any():
        return column
    new_places = pa.array(np.cumsum(~blank) - 1, column.type.index_type, mask=blank)
    return pa.DictionaryArray.from_arrays(new_places.take(column.indices), texts.filter(pa.array(~blank)))


def blank_records(columns: Sequence[pa.DictionaryArray], count: int) -> npt.NDArray[np.bool_]:
    """Which records have no text in any column."""
    if any(column.null_count == 0 for column in columns):
        return np.zeros(count, dtype=bool)
    blank = np.ones(count, dtype=bool)
    for column in columns:
        blank &= column.is_null().to_numpy(zero_copy_only=False)
    return blank


def no_answers(path: Path) -> NoAnswersError:
    """The error for a file that ends with its header."""
    return NoAnswersError(
        "The file has a header row but no answers below.",
        where=path.name,
        hint="Check that the survey has answers and that the export includes them.",
    )


def _first_bytes(path: Path) -> bytes:
    if not path.exists():
        raise FileError("There is no such file.", where=path.name, hint="Check the name and the folder.")
    if path.is_dir():
        raise FileError("This is a folder, not a file.", where=path.name, hint="Name one file inside it.")
    with path.open("rb") as file:
        return file.read(32)


def _refuse_other_kinds(path: Path, data: bytes) -> None:
    for first_bytes, kind in _OTHER_KINDS.items():
        if data.startswith(first_bytes):
            raise FileError(
                f"The file is {kind}, not a table.", where=path.name, hint="Export the survey as CSV or Excel."
            )


def _spreadsheet_rows(rows: npt.NDArray[np.int64]) -> Sequence[int]:
    first, last = int(rows[0]), int(rows[-1])
    return range(first, last + 1) if last - first + 1 == len(rows) else tuple(rows.tolist())
