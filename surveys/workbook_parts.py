"""What the parts of a workbook say and calamine does not: locks, sheets too large, errors in cells, what is hidden."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import FileError

ZIP = b"PK\x03\x04"  # .xlsx, .xlsm, .xlsb, .ods
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and whatever Excel locks with a password

# calamine lays out every cell up to the last one, and no more memory ends the whole program (calamine issue 693).
_MOST_CELLS = 50_000_000
_LAST_CELL = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_ERROR_CELL = re.compile(rb'<c\s[^>]*\bt="e"')
_HIDDEN = re.compile(rb'<(?:\w+:)?(row|col)\s[^>]*\bhidden="(?:1|true)"[^>]*>')
_NUMBERED = {name: re.compile(rb"\b%s=\"(\d{1,7})\"" % name.encode()) for name in ("r", "min", "max")}
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*\b\w+:id="([^"]+)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target|Type)="([^"]*)"')
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^>]*>")
_OF_TABLE = re.compile(rb'\s(name|displayName|ref|headerRowCount|totalsRowCount)="([^"]*)"')
_RANGE = re.compile(rb"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_START_OF_XLS = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_FILEPASS = 0x2F


@dataclass(frozen=True, slots=True)
class TablePart:
    """A range of a sheet that Excel calls a table; its first row names its columns.

    ref: as Excel writes it, "A3:F20". top, bottom: its first and last row; left, right: its columns; all from 1.
    totals: how many of its last rows are totals.
    """

    name: str
    ref: str
    top: int
    left: int
    bottom: int
    right: int
    totals: int = 0

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def __str__(self) -> str:
        return f"'{self.name}' ({self.ref})"


@dataclass(frozen=True, slots=True)
class SheetParts:
    """What one sheet hides: the numbers of its rows, and of its columns, from 1; and its tables."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    tables: tuple[TablePart, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """What was found in all parts of a workbook.

    error_cells: how many cells of all sheets hold an error; calamine gives them as empty.
    sheets: per sheet, in the order of the workbook; none where the file is no .xlsx.
    """

    error_cells: int = 0
    sheets: tuple[SheetParts, ...] = ()


def inspect(path: Path, data: bytes) -> WorkbookParts:
    """Look through the parts of a workbook; raises FileError where it must not be opened."""
    if not data.startswith(ZIP):
        if _ENCRYPTED_PACKAGE in data or _is_locked_xls(data):
            raise _locked(path)
        return WorkbookParts()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _locked(path)
        parts = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        for part in parts:
            _refuse_far_reaching(path, archive, part)
        found = {part: _look_through(archive, part) for part in parts}
        return WorkbookParts(
            error_cells=sum(errors for errors, _ in found.values()),
            sheets=tuple(found.get(part, (0, SheetParts()))[1] for part in _sheets_in_order(archive, names)),
        )


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


def _look_through(archive: zipfile.ZipFile, part: str) -> tuple[int, SheetParts]:
    """How many cells of a sheet hold an error, and what it hides."""
    errors = 0
    hidden: dict[bytes, set[int]] = {b"row": set(), b"col": set()}
    for text in _whole_tags(archive, part):
        if b't="e"' in text:
            errors += len(_ERROR_CELL.findall(text))
        if b"hidden=" in text:
            for tag in _HIDDEN.finditer(text):
                hidden[tag[1]].update(_numbers(tag))
    return errors, SheetParts(frozenset(hidden[b"row"]), frozenset(hidden[b"col"]), _tables_of(archive, part))


def _tables_of(archive: zipfile.ZipFile, part: str) -> tuple[TablePart, ...]:
    """The tables of a sheet whose columns have names."""
    folder, name = posixpath.split(part)
    names = set(archive.namelist())
    if (relations := f"{folder}/_rels/{name}.rels") not in names:
        return ()
    links = [dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(_beginning(archive, relations))]
    targets = [
        posixpath.normpath(posixpath.join(folder, link.get(b"Target", b"").decode(errors="replace"))).lstrip("/")
        for link in links
        if link.get(b"Type", b"").endswith(b"/table")
    ]
    tables = (_table(_beginning(archive, target)) for target in targets if target in names)
    return tuple(table for table in tables if table)


def _beginning(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as content:
        return content.read(1 << 20)


def _table(text: bytes) -> TablePart | None:
    tag = _TABLE.search(text)
    said = {key: value.decode(errors="replace") for key, value in _OF_TABLE.findall(tag[0])} if tag else {}
    place = _RANGE.fullmatch(said.get(b"ref", "").encode())
    if not place or said.get(b"headerRowCount", "1") != "1":
        return None
    left, right = _column_number(place[1]), _column_number(place[3])
    top, bottom = int(place[2]), int(place[4])
    totals = 1 if said.get(b"totalsRowCount", "0") == "1" else 0
    if not (1 <= top < bottom and left <= right):
        return None
    return TablePart(
        said.get(b"displayName") or said.get(b"name", ""), place[0].decode(), top, left, bottom, right, totals
    )


def _whole_tags(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The text of a part in pieces, none of which ends inside a tag."""
    rest = b""
    with archive.open(part) as content:
        while chunk := content.read(1 << 20):
            text = rest + chunk
            end = text.rfind(b"<")
            rest = text[end:] if end >= 0 and b">" not in text[end:] else b""
            yield text[:end] if rest else text
    yield rest


def _numbers(tag: re.Match[bytes]) -> range:
    """The rows, or the columns, that a tag speaks of."""
    first, last = ("r", "r") if tag[1] == b"row" else ("min", "max")
    numbers = [found and int(found[1]) for found in (_NUMBERED[first].search(tag[0]), _NUMBERED[last].search(tag[0]))]
    if numbers[0] is None or numbers[1] is None:
        return range(0)
    return range(numbers[0], min(numbers[1], numbers[0] + 16_384) + 1)


def _sheets_in_order(archive: zipfile.ZipFile, names: list[str]) -> list[str]:
    """The name of the part that holds each sheet of a workbook; empty where it does not say."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(names):
        return []
    relations = [dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))]
    targets = {relation.get(b"Id", b""): relation.get(b"Target", b"").decode() for relation in relations}
    parts = [targets.get(key, "") for key in _SHEET.findall(archive.read("xl/workbook.xml"))]
    return [part.lstrip("/") if part.startswith("/") else f"xl/{part}" for part in parts]
