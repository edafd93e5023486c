"""Several files of one survey → one table: one per team or month, a ZIP archive of them, the sheets of a workbook."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self, overload

import numpy as np
import pyarrow as pa

from ..languages import gettext as _, grouped, ngettext
from .archives import is_archive, unpack
from .columns import text_codes
from .errors import FileError, PsafetyError, TableError
from .kinds import checked_kinds
from .pieces import piece_for, spooled
from .tables import NoAnswersError, Table, read_table

if TYPE_CHECKING:
    from .mapping import Wishes

ALL_SHEETS = "*"  # in place of the name of a sheet; no sheet can be called so
_TEXT = pa.dictionary(pa.int32(), pa.string())
_MOST_HEADER_ROWS = 2  # below the header: texts and import ids
_MOST_NAMED = 3
_NUMBER = re.compile(r"[\d\s.,:/%-]+")


class RowOfPart(int):
    """A row number that says of which part: "17 of sales.csv"."""

    part: str

    def __new__(cls, number: int, part: str) -> Self:
        """The row of that number."""
        row = super().__new__(cls, number)
        row.part = part
        return row

    def __str__(self) -> str:
        return f"{int(self)} of {self.part}"

    def __format__(self, spec: str) -> str:
        return f"{int(self):{spec}} of {self.part}"


@dataclass(frozen=True, slots=True)
class RowsOfParts(Sequence[int]):
    """The row numbers of several tables, one below the other; each a RowOfPart."""

    parts: tuple[tuple[str, Sequence[int]], ...]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    @overload
    def __getitem__(self, place: int) -> RowOfPart: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> RowOfPart | Sequence[int]:
        """One row; or some, from a first on without steps as the same type."""
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self._from(start) if (stop, step) == (len(self), 1) else tuple(self)[place]
        if place < 0:
            place += len(self)
        for part, rows in self.parts:
            if 0 <= place < len(rows):
                return RowOfPart(rows[place], part)
            place -= len(rows)
        raise IndexError

    def __iter__(self) -> Iterator[RowOfPart]:
        return (RowOfPart(row, part) for part, rows in self.parts for row in rows)

    def _from(self, start: int) -> "RowsOfParts":
        parts = []
        for part, rows in self.parts:
            parts.append((part, rows[min(start, len(rows)) :]))
            start = max(0, start - len(rows))
        return RowsOfParts(tuple(parts))


@dataclass(frozen=True, slots=True)
class _Part:
    """A table, what it is called in messages and in the added column, and whether it is one sheet among several."""

    table: Table
    name: str
    label: str
    is_sheet: bool = False


def read_tables(paths: Iterable[Path], *, sheet: str | None = None, piece: int | None = None) -> Table:
    """Read the files of one survey, put together as one table of text.

    A ZIP archive stands for the exports in it. `sheet` names a sheet of each workbook, or all visible ones: "*". One
    file gives what read_table gives. Several must have the same header, white space aside; where the order of the
    columns differs they follow that of the first. A last column is added, "File" or "Sheet", with the origin of each
    record; the row numbers say so, too. Header rows below the header that all parts have alike stay in the first part
    only. A part without answers is left out and said. piece: how many cells of text are worked on at once; None
    decides by the size of the files, and of small ones it is all.

    Raises FileError where a file cannot be read or is the copy of another, TableError where headers differ.
    """
    with ExitStack() as stack:
        paths = [Path(path) for path in paths]
        piece = piece or piece_for(paths)
        _refuse_copies(paths)
        parts, notes = _read_parts(paths, sheet, piece, stack)
    if len(parts) == 1:
        table = parts[0].table
        return replace(table, notes=(*table.notes, *notes)) if notes else table
    return _joined(parts, notes, in_pieces=piece is not None)


def read_survey(
    paths: Iterable[Path],
    wishes: "Wishes",
    *,
    sheet: str | None = None,
    progress: Callable[[str], object],
    piece: int | None = None,
) -> Table:
    """The same of a survey; what is wished for is looked at first, as reading a large one takes a while."""
    checked_kinds(wishes.remove)
    progress("reading the file")
    return read_tables(paths, sheet=sheet, piece=piece)


# Which parts -----------------------------------------------------------------------------------------------------


def _refuse_copies(paths: Sequence[Path]) -> None:
    if not paths:
        raise FileError("No file is given.", hint="Name the survey export, or several.")
    by_size: dict[int, list[Path]] = defaultdict(list)
    for path in paths:
        if path.is_file():
            by_size[path.stat().st_size].append(path)
    for alike in by_size.values():
        seen: dict[bytes, Path] = {}
        for path in alike if len(alike) > 1 else []:
            other = seen.setdefault(_digest(path), path)
            if other is not path:
                raise FileError(
                    f"It is the same, byte for byte, as {_told_apart(other, path)}: each answer would count twice.",
                    where=path.name,
                    hint="Give each file once, and look whether one is a copy.",
                )


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return str(path).encode()  # whoever reads it says what is wrong


def _told_apart(path: Path, other: Path) -> str:
    return path.name if path.name != other.name else str(path)


def _read_parts(
    paths: Sequence[Path], sheet: str | None, piece: int | None, stack: ExitStack
) -> tuple[list[_Part], list[str]]:
    """The parts that hold answers, and what to say of the others."""
    parts: list[_Part] = []
    notes: list[str] = []
    empty: list[NoAnswersError] = []
    for path, name, source in _files(paths, notes, stack):
        try:
            parts += _tables(path, name, source, sheet, piece)
        except NoAnswersError as error:
            empty.append(error)
            notes.append(_("{file} holds no answers and was left out.").format(file=name))
    if not parts:
        raise empty[0]
    return parts, notes


def _files(paths: Sequence[Path], notes: list[str], stack: ExitStack) -> Iterator[tuple[Path, str, Path]]:
    """Each file to be read, how it is called, and the one that was given."""
    names = _names(paths)
    for path, name in zip(paths, names, strict=True):
        if not is_archive(path):
            yield path, name, path
            continue
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="psafety-")))
        unpacked = unpack(path, folder)
        notes += unpacked.notes
        for member, file in unpacked.files.items():
            yield file, member if len(paths) == 1 else f"{name}/{member}", path


def _names(paths: Sequence[Path]) -> list[str]:
    """The name of each file, with as many folders before it as tell it from the others."""
    names = [path.name for path in paths]
    for depth in range(2, max((len(path.parts) for path in paths), default=0) + 1):
        counts = Counter(names)
        names = [
            "/".join(path.parts[-depth:]) if counts[name] > 1 else name for path, name in zip(paths, names, strict=True)
        ]
    return names


def _tables(path: Path, name: str, source: Path, sheet: str | None, piece: int | None) -> list[_Part]:
    from .spreadsheets import read_all_sheets  # noqa: PLC0415 (a CSV file needs no reader of workbooks)

    label = name.rpartition(".")[0] or name
    try:
        sheets = read_all_sheets(path) if sheet == ALL_SHEETS else None
        if sheets is None:
            table = read_table(path, sheet=None if sheet == ALL_SHEETS else sheet, piece=piece)
            return [_Part(replace(table, path=source), name, label)]
    except PsafetyError as error:
        raise type(error)(error.problem, where=error.where.replace(path.name, name, 1), hint=error.hint) from error
    return [
        _Part(replace(table, path=source), f"sheet '{title}' of {name}", title, is_sheet=True)
        for title, table in sheets.items()
    ]


# Put together ----------------------------------------------------------------------------------------------------


def _joined(parts: Sequence[_Part], notes: Sequence[str], *, in_pieces: bool) -> Table:
    tables = _aligned(parts)
    repeated = _repeated_header_rows(tables)
    if repeated:
        tables = [tables[0], *(_without_first(table, repeated) for table in tables[1:])]
        note = ngettext(
            "The row below the header, the same in all parts, was read once.",
            "The {number} rows below the header, the same in all parts, was read once.",
            repeated,
        )
        notes = [*notes, note.format(number=repeated)]
    labels = _labels(parts)
    origin = [
        _constant(label, len(table.rows), blank=0 if part else repeated)
        for part, (label, table) in enumerate(zip(labels, tables, strict=True))
    ]
    all_columns = [(*table.columns, one) for table, one in zip(tables, origin, strict=True)]
    if in_pieces:
        columns = spooled(all_columns, len(all_columns[0]))
    else:
        columns = [pa.chunked_array(same, _TEXT).combine_chunks() for same in zip(*all_columns, strict=True)]
    kinds = list(dict.fromkeys(table.dialect for table in tables))
    first = tables[0]
    return Table(
        path=first.path,
        header=(*first.header, _new_name(first.header, "Sheet" if _are_sheets_of_one(parts) else "File")),
        columns=tuple(columns),
        rows=RowsOfParts(tuple((part.name, table.rows) for part, table in zip(parts, tables, strict=True))),
        dialect=_dialect(len(parts), kinds),
        notes=(*notes_of_parts((part.name, part.table.notes) for part in parts), *notes),
    )


def _dialect(parts: int, kinds: Sequence[str]) -> str:
    said = ngettext("{number} part: {kinds}", "{number} parts: {kinds}", parts)
    more = len(kinds) - 1
    # For translators: {kind} is like “CSV, comma, UTF-8”.
    several = ngettext("{kind} and {number} more kinds", "{kind} and {number} more kinds", more)
    named = several.format(kind=kinds[0], number=more) if more else kinds[0]
    return said.format(number=grouped(parts), kinds=named)


def _aligned(parts: Sequence[_Part]) -> list[Table]:
    """The tables with the columns of each in the order of the first."""
    first = parts[0]
    return [first.table, *(_in_order_of(first, part) for part in parts[1:])]


def _in_order_of(first: _Part, part: _Part) -> Table:
    wanted, found = _folded(first.table.header), _folded(part.table.header)
    if wanted == found:
        return part.table
    if Counter(wanted) != Counter(found):
        raise _difference(first, part, wanted, found)
    twice = next((name for name, count in Counter(wanted).items() if count > 1), None)
    if twice is not None:
        raise TableError(
            f"The columns stand in another order than in {first.name}, and {_named(twice)} comes more than once, so"
            " that it cannot be told which is which.",
            where=part.name,
            hint="Export the files with the same settings, or put the columns in the same order.",
        )
    columns = dict(zip(found, part.table.columns, strict=True))
    return replace(part.table, header=first.table.header, columns=tuple(columns[name] for name in wanted))


def _folded(header: Sequence[str]) -> list[str]:
    return [" ".join(name.replace("\ufeff", "").split()) for name in header]


def _difference(first: _Part, part: _Part, wanted: Sequence[str], found: Sequence[str]) -> TableError:
    """The first name that one header lacks. What the other has more is not quoted: it may be an answer."""
    missing = list((Counter(wanted) - Counter(found)).elements())
    surplus = Counter(found) - Counter(wanted)
    places = [place for place, name in enumerate(found, start=1) if surplus[name]]
    if missing:
        column = wanted.index(missing[0]) + 1
        problem = f"It has no column {_named(missing[0])}, which is column {column} of {first.name}"
        more = f", and lacks {len(missing) - 1:,} more" if len(missing) > 1 else ""
    else:
        problem = f"Its column {places[0]} is not in {first.name}"
        more = f", nor {'is' if len(places) == 2 else 'are'} {len(places) - 1:,} more" if len(places) > 1 else ""
    return TableError(
        f"{problem}{more}.",
        where=part.name,
        hint="Only exports of the same questions can be put together. Export them with the same settings, or read each"
        " by itself.",
    )


def _named(name: str) -> str:
    if not name:
        return "without a name"
    return f"'{name}'" if len(name) <= 60 else f"'{name[:59]}…'"


def _repeated_header_rows(tables: Sequence[Table]) -> int:
    """How many first records are the same in all parts, and provably header rows."""
    count = 0
    while count < _MOST_HEADER_ROWS and all(len(table.rows) > count + 1 for table in tables):
        lines = {tuple(column[count].as_py() for column in table.columns) for table in tables}
        if len(lines) > 1 or not all(_is_header_row(table, count) for table in tables):
            break
        count += 1
    return count


def _is_header_row(table: Table, record: int) -> bool:
    """Whether half of what a record says, and two cells, are words that no record below it says.

    Not all need be: an option of SurveyMonkey stands in its second header row, and in the rows of those who chose it.
    """
    filled = [column for column in table.columns if column[record].is_valid]
    own = [
        column for column in filled if not _NUMBER.fullmatch(column[record].as_py()) and _stands_once(column, record)
    ]
    return len(own) >= max(2, len(filled) / 2)


def _stands_once(column: pa.DictionaryArray, record: int) -> bool:
    codes = text_codes(column)
    return not (codes[record + 1 :] == codes[record]).any()


def _without_first(table: Table, count: int) -> Table:
    return replace(table, columns=tuple(column[count:] for column in table.columns), rows=table.rows[count:])


def _labels(parts: Sequence[_Part]) -> list[str]:
    """What the added column says; each another text."""
    labels = [part.label for part in parts]
    if len(set(labels)) == len(labels):
        return labels
    return [part.name for part in parts]


def _are_sheets_of_one(parts: Sequence[_Part]) -> bool:
    return all(part.is_sheet for part in parts) and len({part.label for part in parts}) == len(parts)


def _constant(text: str, count: int, *, blank: int) -> pa.DictionaryArray:
    codes = pa.array(np.zeros(count, np.int32), mask=np.arange(count) < blank)
    return pa.DictionaryArray.from_arrays(codes, pa.array([text], pa.string()))


def _new_name(header: Sequence[str], name: str) -> str:
    taken = {known.casefold() for known in _folded(header)}
    return next(
        new for new in (name, f"{name} read", *(f"{name} {i}" for i in range(2, 9999))) if new.casefold() not in taken
    )


def notes_of_parts(parts: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """What was said of each part, each sentence once, with the parts it was said of. parts: name and notes of each."""
    said: Mapping[str, list[str]] = defaultdict(list)
    for name, notes in parts:
        for note in notes:
            said[note].append(name)
    return [f"{_listed(names)}: {note}" for note, names in said.items()]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
