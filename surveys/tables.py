"""Any survey file → a table of text: encoding, delimiter, sheet, ragged rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text: nothing interpreted, nothing dropped.

    header: the cells of the first non-empty row, as they stand (duplicates and blanks included).
    columns: one pyarrow dictionary<int32, string> array per header cell, all of one length, in file order;
        an empty cell is null; no dictionary holds null or "". Blank cells of white space only count as empty.
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


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """Read one survey file as text.

    Raises FileError where the file cannot be read as a table, TableError where its rows do not hold together.
    """
    raise NotImplementedError
