"""Delimited text → a table of text: which delimiter, which header, which rows fit it."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from ..languages import gettext as _, marked, ngettext
from .columns import with_wide_codes
from .encoding import ANYWHERE, Text, not_text, read_text, rewritten, trusted_text
from .errors import FileError, PsafetyError, TableError
from .pieces import pieces_of, spooled, told_by
from .preambles import (
    closing_records,
    header_place,
    is_comment,
    name_rows,
    note_on_comments,
    note_on_titles,
    numbers_of,
)
from .repairs import Kind, Reading, is_unclear, kinds_of, proven
from .tables import Table, assemble, blank_records, blanks_as_null, no_answers

# In the order that decides a tie: a tab in every row is meant as a delimiter, a comma may be part of every answer.
_ONE_COLUMN = marked("one column")
_DELIMITERS = {"\t": marked("tab"), "|": marked("pipe"), ";": marked("semicolon"), ",": marked("comma")}
_NO_DELIMITER = "\x1f"  # the unit separator, which nobody types
_NAMED_DELIMITER = re.compile(rb'"?sep=([\t -!#-~])"?(\r\n?|\n)', re.IGNORECASE)  # a first line made for Excel
_SAMPLE = 500  # records
_BLOCK = 1 << 20  # bytes that Arrow parses at once
_LARGEST_BLOCK = (1 << 31) - 1
_TEXT = pa.dictionary(pa.int32(), pa.string())
_MOST_BYTES = 1 << 24  # of a file whose every quotation mark is looked at: no survey is larger
_MOST_REPAIRED = 0.1  # of the records; where more are uneven, it is no slip
_FEWEST_ROW_NAMES = 5  # that count 1, 2, 3, …: fewer may be answers
# A first name that the numbers of the records may belong to, so that it is another column that lacks one.
_NAMES_A_RECORD = re.compile(
    r"\s*(#|.*\b(id|ids|no|nr|num|number|nummer|index|idx|row|case|key|record|respondent|response|participant)\b.*)\s*\.?",
    re.IGNORECASE,
)
_NOTE_ON_ESCAPES = marked(
    "The rows fit the header, and quotation marks pair, only where a backslash makes text of the sign behind it; so the"
    " file was read."
)
_NOTE_ON_SPACES = marked("A space behind each delimiter was left out: only so do the quotation marks enclose cells.")
_NOTE_ON_ROW_NAMES = marked(
    "Each row has one cell more than the header, and the first ones count 1, 2, 3, …: they were read as a first column"
    " without a name, as R writes its row names."
)
_MARKUP = {
    "a web page (HTML)": re.compile(rb"\s*<(!doctype html|html|head|body|meta|table)\b", re.IGNORECASE),
    "an XML file": re.compile(rb"\s*<\?xml\b"),
    "a JSON file": re.compile(rb'\s*(\{\s*"|\[\s*["\[{])'),
}
_HINT_ON_ROWS = (
    "Open the file in a spreadsheet program and look at these rows: often an answer in free text holds the delimiter"
    " and is not in quotation marks. Exporting again, best as an Excel workbook, usually helps."
)
_HINT_ON_HEADER = (
    "Open the file in a spreadsheet program and look at its first rows: perhaps the header lacks the name of a column,"
    " or other lines stand above it."
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is laid out.

    body: where the records begin, in bytes from the start of the text.
    width: the number of cells that most records have. titles: the rows above the header that are not blank.
    row_names: whether the records begin with a cell that the header does not name.
    escaped: whether a backslash makes text of the sign behind it.
    piece: how many cells are read at once; None for all.
    """

    delimiter: str
    header: tuple[str, ...]
    header_row: int
    body: int
    width: int
    titles: tuple[int, ...] = ()
    row_names: bool = False
    escaped: bool = False
    piece: int | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Records of one width: their row numbers, ascending, and their cells, column by column.

    texts: the records as they stand in the file; none for those of the usual width.
    """

    rows: npt.NDArray[np.int64]
    columns: list[pa.DictionaryArray]
    texts: tuple[str, ...] = ()

    @property
    def last_row(self) -> int:
        return int(self.rows[-1]) if len(self.rows) else 0


def read_delimited(path: Path, *, piece: int | None = None) -> Table:
    """Read delimited text, whatever its encoding and whichever of the usual delimiters it has.

    piece: how many cells are worked on at once, as text; None for all.

    Raises FileError where the file is no such text, TableError where rows do not fit the header.
    """
    if piece is not None and (table := _read_trusting(path, piece)) is not None:
        return table
    text = read_text(path)
    _refuse_markup(path, text)
    text, layout = _lay_out(path, text)
    layout = replace(layout, piece=piece)
    try:
        return _read(path, text, layout)
    except TableError as error:
        if not _may_have_escapes(text, layout):
            raise
        try:
            return _read(path, text, replace(layout, escaped=True))
        except (PsafetyError, UnicodeDecodeError):
            raise error from None  # what is wrong is something else


def _read_trusting(path: Path, piece: int) -> Table | None:
    """A large file that is UTF-8 and as it should be; None for any other, which a closer look will tell."""
    text = trusted_text(path)
    if text is None:
        return None
    try:
        _refuse_markup(path, text)
        text, layout = _lay_out(path, text)
        return _read(path, text, replace(layout, piece=piece))
    except (PsafetyError, UnicodeDecodeError):
        return None


def _read(path: Path, text: Text, layout: _Layout) -> Table:
    groups = _parse(path, text, layout)
    if text.last_quote == ANYWHERE:
        _refuse_other_signs(path, groups)
    _refuse_open_quote(path, text, groups)
    layout = _with_row_names(groups, layout)
    groups, repairs, unclear = _repaired(groups, layout, _odd_lines(text, layout))
    columns, rows, notes = _fit(path, groups, layout)
    if unclear:
        raise _unclear_error(path, unclear)
    notes = [
        *text.notes,
        *note_on_titles(layout.titles),
        *([_(_NOTE_ON_ESCAPES)] if layout.escaped else []),
        *([_(_NOTE_ON_ROW_NAMES)] if layout.row_names else []),
        *repairs,
        *notes,
    ]
    delimiter = _(_DELIMITERS.get(layout.delimiter, _ONE_COLUMN))
    dialect = f"CSV, {delimiter}, {text.encoding}"
    return assemble(path, layout.header, columns, rows, dialect=dialect, notes=notes)


def _may_have_escapes(text: Text, layout: _Layout) -> bool:
    """Whether a backslash stands before a quotation mark or a delimiter, below a header that has none."""
    if layout.escaped or any("\\" in name for name in layout.header):
        return False
    escapes = (b'\\"', b"\\" + layout.delimiter.encode())
    with text.open() as file:
        while chunk := bytes(file.read(_BLOCK)):
            if any(escape in chunk for escape in escapes):
                return True
    return False


def _refuse_markup(path: Path, text: Text) -> None:
    beginning = text.open().read(4096)
    for kind, pattern in _MARKUP.items():
        if pattern.match(beginning):
            raise FileError(
                f"The file is {kind}, not a table.",
                where=path.name,
                hint="Export the survey as CSV or Excel; or open it in a spreadsheet program and save it as .xlsx.",
            )


# Delimiter and header --------------------------------------------------------------------------------------------


def _lay_out(path: Path, text: Text) -> tuple[Text, _Layout]:
    """The text from its first row on, and how it is laid out."""
    named = _NAMED_DELIMITER.match(text.open().read(16))
    if named:
        text = replace(text, start=text.start + named.end())
    delimiter = named[1].decode() if named else _find_delimiter(text)
    text = _without_spaces(path, text, delimiter)
    lines = _sample(text, delimiter)
    escaped = [] in lines and [] not in _sample(text, delimiter, escaped=True)
    top = _top(path, text, delimiter, escaped=escaped)
    place = header_place([cells for _, cells in top])
    header_row, header = top[place]
    for row, cells in top[: place + 1]:
        if _runs_to_the_end(cells[-1], text):
            raise _open_quote(path, row)
    widths = [len(cells) for _, cells in top[place + 1 :]] if escaped else _widths(lines)[place + 1 :]
    if not widths:
        raise no_answers(path)
    width = _usual([w for w in widths if w] or [len(header)])
    body = _bytes_of(text, delimiter, header_row, escaped=escaped)
    if body == text.size:
        raise no_answers(path)
    titles = tuple(row for row, _ in top[:place])
    return text, _Layout(delimiter, tuple(header), header_row, body, width, titles, escaped=escaped)


def _without_spaces(path: Path, text: Text, delimiter: str) -> Text:
    """The text without spaces behind its delimiters, where only so quotation marks begin cells and rows are alike."""
    if delimiter == _NO_DELIMITER or f'{delimiter} "'.encode() not in text.open().read(_BLOCK):
        return text
    widths = _widths(_sample(text, delimiter))
    spaceless = _widths(list(islice(_divided(_lines(text), delimiter, spaced=True), _SAMPLE)))
    if len(set(spaceless) - {0}) != 1 or len(set(widths) - {0}) == 1:
        return text
    line = csv.writer(_Echo(), delimiter=delimiter).writerow
    lines = map(line, _divided(_lines(text), delimiter, spaced=True))
    return rewritten(path, lines, text.encoding, *text.notes, _(_NOTE_ON_SPACES))


class _Echo:
    """What a writer of CSV writes to gives back what was written."""

    def write(self, text: str) -> str:
        return text


def _find_delimiter(text: Text) -> str:
    """The delimiter that gives most records the same number of cells, best if it divides the header as well."""
    samples = {delimiter: _sample(text, delimiter) for delimiter in _DELIMITERS}
    found = _best_fit(samples)
    found = found or _best_fit({delimiter: _sample(text, delimiter, escaped=True) for delimiter in _DELIMITERS})
    if found:
        return found
    first_line = re.split(rb"[\r\n]", text.open().read(1 << 16), maxsplit=1)[0]
    for delimiter, lines in samples.items():  # nothing but delimiters, or a header with a quotation mark left open
        if not lines or (not lines[0] and delimiter.encode() in first_line):
            return delimiter
    return _NO_DELIMITER


def _best_fit(samples: Mapping[str, Sequence[Sequence[str]]]) -> str | None:
    """The delimiter that divides most records alike; None where none does half of them."""
    most = max((len(lines[0]) for lines in samples.values() if lines), default=0)
    fits = {delimiter: _fit_of(lines, most) for delimiter, lines in samples.items()}
    best = max(_DELIMITERS, key=fits.__getitem__)
    return best if fits[best] > (0, 0.5) else None


def _fit_of(lines: Sequence[Sequence[str]], most: int) -> tuple[int, float]:
    """How well a delimiter fits the header, and the share of records with the usual number of cells.

    Best if the first line has that number, too; then if the header stands below titles, though not if another delimiter
    makes more cells (`most`) of the first title than this one of the header; then if it divides the first line at all.
    """
    widths = _widths(lines)
    if not widths or _usual(widths) < 2:
        return 0, 0.0
    place = header_place(lines)
    if place and len(lines[place]) >= most:
        return 2, _share_of_usual(widths[place:])
    return 3 if widths[0] == _usual(widths) else int(widths[0] > 1), _share_of_usual(widths)


def _share_of_usual(widths: Sequence[int]) -> float:
    return widths.count(_usual(widths)) / len(widths)


def _usual(widths: Sequence[int]) -> int:
    return Counter(widths).most_common(1)[0][0]


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    return list(map(len, lines))


def _sample(text: Text, delimiter: str, *, escaped: bool = False) -> list[list[str]]:
    """The first records that are not blank; without a cell where quotation marks do not pair."""
    lines: list[list[str]] = []
    records = _records(text, delimiter, strict=True, escaped=escaped)
    while len(lines) < _SAMPLE:
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error as error:
            lines.append([])
            if "field limit" in str(error):  # a quotation mark left open: what follows would be read amiss
                break
        else:
            lines += [record] * any(map(str.strip, record))
    return lines


def _top(path: Path, text: Text, delimiter: str, *, escaped: bool) -> list[tuple[int, list[str]]]:
    """The first records that are not blank, each with its row; only the first where a later one has no end."""
    top: list[tuple[int, list[str]]] = []
    try:
        for row, record in enumerate(_records(text, delimiter, escaped=escaped), start=1):
            if any(map(str.strip, record)):
                top.append((row, record))
            if len(top) == _SAMPLE:
                break
    except csv.Error as error:  # a cell beyond the limit of 131,072 characters
        if not top:
            raise _open_quote(path, 1) from error
        return top[:1]
    if not top:
        raise FileError("The file is empty.", where=path.name, hint="Export the survey again.")
    return top


def _records(text: Text, delimiter: str, *, strict: bool = False, escaped: bool = False) -> Iterator[list[str]]:
    return _divided(_lines(text), delimiter, strict=strict, escaped=escaped)


def _divided(
    lines: Iterable[str], delimiter: str, *, strict: bool = False, escaped: bool = False, spaced: bool = False
) -> Iterator[list[str]]:
    escape = "\\" if escaped else None
    return csv.reader(lines, delimiter=delimiter, strict=strict, escapechar=escape, skipinitialspace=spaced)


def _lines(text: Text) -> Iterable[str]:
    return io.TextIOWrapper(text.open(), encoding="utf-8", newline="")


def _bytes_of(text: Text, delimiter: str, count: int, *, escaped: bool) -> int:
    """How many bytes the first so many records take."""
    taken: list[int] = []

    def measured() -> Iterator[str]:
        for line in _lines(text):
            taken.append(len(line.encode()))
            yield line

    for _record in islice(_divided(measured(), delimiter, escaped=escaped), count):
        pass
    return sum(taken)


# Records ---------------------------------------------------------------------------------------------------------


def _parse(path: Path, text: Text, layout: _Layout) -> list[_Group]:
    """The records below the header: those of the usual width, then those of each other width."""
    first = layout.header_row + 1
    try:
        columns = _parse_even(text, layout, block=_block_size(text, layout))
    except pa.ArrowInvalid:  # a record of another width, or one longer than a block
        return _parse_uneven(path, text, layout)
    return [_Group(np.arange(first, first + len(columns[0])), columns)]


def _parse_uneven(path: Path, text: Text, layout: _Layout) -> list[_Group]:
    """As _parse, but on one core: only then are the records of another width numbered."""
    for block in (_block_size(text, layout), min(text.size, _LARGEST_BLOCK)):
        uneven = _Uneven()
        try:
            columns = _parse_even(text, layout, block=block, set_aside=uneven)
            return [_even_group(columns, uneven, layout), *_uneven_groups(uneven, layout)]
        except pa.ArrowInvalid as error:
            failure = error
    raise TableError(
        "The file cannot be divided into rows and cells.", where=path.name, hint=_HINT_ON_ROWS
    ) from failure


class _Uneven(list[Any]):
    """Collects what Arrow knows of each record of another width: its number, width and text."""

    def __call__(self, record: Any) -> str:
        self.append(record)
        return "skip"


def _even_group(columns: list[pa.DictionaryArray], uneven: _Uneven, layout: _Layout) -> _Group:
    first = layout.header_row + 1
    rows = np.arange(first, first + len(columns[0]) + len(uneven))
    return _Group(np.setdiff1d(rows, [layout.header_row + record.number - 1 for record in uneven]), columns)


def _uneven_groups(uneven: _Uneven, layout: _Layout) -> Iterator[_Group]:
    for width in sorted({record.actual_columns for record in uneven}):
        records = [record for record in uneven if record.actual_columns == width]
        lines = "\n".join(["", *(record.text for record in records)]).encode()  # a line end, as in front of any body
        columns = _parse_even(
            Text(lines, 0, lines.rfind(b'"'), ""), replace(layout, body=1, width=width), block=len(lines)
        )
        rows = np.array([layout.header_row + record.number - 1 for record in records])
        yield _Group(rows, columns, tuple(record.text for record in records))


def _parse_even(
    text: Text, layout: _Layout, *, block: int, set_aside: _Uneven | None = None
) -> list[pa.DictionaryArray]:
    """The columns of the records below the header; Arrow's error at one of another width than the layout's."""
    names = [str(column) for column in range(layout.width)]
    kind = _TEXT if layout.piece is None else pa.string()
    with text.open(layout.body - 1) as file:  # with a line end in front, as a byte order mark would be lost there
        options = (
            pacsv.ReadOptions(
                column_names=names,
                skip_rows_after_names=1,
                block_size=block,
                use_threads=set_aside is None,
            ),
            pacsv.ParseOptions(
                delimiter=layout.delimiter,
                escape_char="\\" if layout.escaped else False,
                newlines_in_values=text.last_quote >= layout.body,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), null_values=[""], strings_can_be_null=True, check_utf8=False
            ),
        )
        if layout.piece is not None:
            pieces = pieces_of(pacsv.open_csv(file, *options), layout.piece)
            return spooled(told_by(file.tell, pieces), layout.width)
        table = pacsv.read_csv(file, *options)
    return [blanks_as_null(column.combine_chunks()) for column in table.columns]


def _block_size(text: Text, layout: _Layout) -> int:
    """A size such that no two blocks share a CRLF: inside quotes Arrow would lose its line feed (seen in 26.0)."""
    size = _BLOCK
    while text.last_quote >= layout.body and _divides_a_line_end(text, layout.body, size):
        size += size // 16 + 1
    return size


def _divides_a_line_end(text: Text, body: int, block: int) -> bool:
    with text.open() as file:
        for end in range(body + block, text.size, block):
            file.seek(text.start + end - 1)
            if file.read(2) == b"\r\n":
                return True
    return False


def _refuse_other_signs(path: Path, groups: Sequence[_Group]) -> None:
    """What is no UTF-8 and what is no text: looked for in what was read, where nobody did before."""
    for texts in (column.dictionary for group in groups for column in group.columns):
        try:
            texts.validate(full=True)
        except pa.ArrowInvalid as error:
            raise not_text(path) from error
        if pc.any(pc.match_substring(texts, "\0")).as_py():
            raise not_text(path)


def _refuse_open_quote(path: Path, text: Text, groups: Sequence[_Group]) -> None:
    """A quotation mark that nothing closes makes one cell of all that follows."""
    last = max(groups, key=lambda group: group.last_row)
    if last.last_row and _runs_to_the_end(last.columns[-1][-1].as_py(), text):
        raise _open_quote(path, last.last_row)


def _runs_to_the_end(cell: str | None, text: Text) -> bool:
    """Whether a cell of several lines is the end of the file, with no quotation mark to close it."""
    if cell is None or not re.search("[\r\n]", cell):
        return False
    written = cell.rstrip("\r\n").replace('"', '""').encode()
    with text.open(-len(written) - 4096) as end:
        return bytes(end.read()).rstrip(b"\r\n").endswith(written)


def _open_quote(path: Path, row: int) -> TableError:
    return TableError(
        f"A quotation mark in row {row} is never closed, so that all below it runs into one cell.",
        where=path.name,
        hint="Look at this row in a text editor, and export the survey again, best as an Excel workbook.",
    )


# Repairs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Repairs:
    """What became of records of another width.

    found: per row the records that stand there, more than one where a quotation mark had joined them.
    unclear: the rows that may be read in more than one way, or look moved.
    """

    found: dict[int, list[Reading]]
    unclear: tuple[int, ...]


def _odd_lines(text: Text, layout: _Layout) -> dict[int, str]:
    """The lines whose quotation marks do not enclose whole cells, by row; none behind one that swallows a line."""
    if text.last_quote < layout.body or text.size > _MOST_BYTES or layout.delimiter == _NO_DELIMITER or layout.escaped:
        return {}
    sign = re.escape(layout.delimiter)
    inside = re.compile(f'"(?<=[^"{sign}\\r\\n]")(?=[^"{sign}\\r\\n])')
    if not _has_odd_quotes(text, layout.delimiter, inside):
        return {}
    taken: list[str] = []

    def kept() -> Iterator[str]:
        for line in _lines(text):
            taken.append(line)
            yield line

    odd = {}
    records = _divided(kept(), layout.delimiter, strict=True)
    for row in count(1):
        taken.clear()
        try:
            next(records)
            amiss = inside.search(taken[-1]) is not None
        except StopIteration:
            break
        except csv.Error:
            amiss = True
        if amiss and len(taken) > 1:
            break
        if amiss and row > layout.header_row:
            odd[row] = taken[-1].rstrip("\r\n")
    return odd


def _has_odd_quotes(text: Text, delimiter: str, inside: re.Pattern[str]) -> bool:
    if any(map(inside.search, _lines(text))):
        return True
    try:
        deque(_divided(_lines(text), delimiter, strict=True), maxlen=0)
    except csv.Error:
        return True
    return False


def _repaired(
    groups: list[_Group], layout: _Layout, odd: dict[int, str]
) -> tuple[list[_Group], list[str], tuple[int, ...]]:
    """The groups with each record of another width in its place, where only one reading of it fits the columns.

    So, too, the records of the usual width whose lines are `odd`. Also what is to be said, and the rows that can be
    read in several ways. Where more than a few records are amiss, it is no slip, and they stay as they are.
    """
    even, *others = groups
    uneven = {row: text for group in others for row, text in zip(group.rows.tolist(), group.texts, strict=True)}
    few = 0 < len(uneven | odd) <= len(even.rows) * _MOST_REPAIRED
    if layout.escaped or layout.width != len(layout.header) or not few:
        return groups, [], ()
    sound = pa.array(~np.isin(even.rows, list(odd)))
    kinds = kinds_of([column.filter(sound) for column in even.columns] if odd else even.columns)
    repairs = _repairs(odd | uneven, layout.delimiter, kinds) if kinds else _Repairs({}, ())
    places = np.array(sorted(repairs.found), np.int64)
    moved_by = np.cumsum([0, *(len(repairs.found[row]) - 1 for row in places.tolist())])
    unclear = np.array(repairs.unclear, np.int64)
    unclear += moved_by[np.searchsorted(places, unclear)]
    if not repairs.found:
        return groups, [], tuple(unclear.tolist())
    ways = [
        (int(row + moved_by[place] + line), way)
        for place, row in enumerate(places.tolist())
        for line, way in enumerate(repairs.found[row])
    ]
    kept = [_without(group, places, moved_by) for group in groups]
    return [*kept, _mended(ways, len(kinds))], _notes_on_repairs(ways), tuple(unclear.tolist())


def _repairs(texts: dict[int, str], delimiter: str, kinds: Sequence[Kind]) -> _Repairs:
    found: dict[int, list[Reading]] = {}
    unclear = []
    for row, text in sorted(texts.items()):
        cells = [cell for cell in text.split(delimiter) if cell.strip(' "')]
        if not cells or cells == [text]:  # blank, or a remark
            continue
        ways = proven(text, delimiter, kinds)
        if any(way.slip for way in ways):
            found[row] = ways
        elif not ways and is_unclear(text, delimiter, kinds):
            unclear.append(row)
    return _Repairs(found, tuple(unclear))


def _without(group: _Group, places: npt.NDArray[np.int64], moved_by: npt.NDArray[np.int64]) -> _Group:
    """The group without some rows, the others moved down by the records that came out of these."""
    stays = ~np.isin(group.rows, places)
    rows = group.rows[stays]
    columns = group.columns if stays.all() else [column.filter(pa.array(stays)) for column in group.columns]
    return _Group(rows + moved_by[np.searchsorted(places, rows)], columns)


def _mended(ways: Sequence[tuple[int, Reading]], width: int) -> _Group:
    columns = [
        pa.array([way.cells[place] for _, way in ways], pa.string()).dictionary_encode() for place in range(width)
    ]
    return _Group(np.array([row for row, _ in ways]), [blanks_as_null(column) for column in columns])


def _notes_on_repairs(ways: Sequence[tuple[int, Reading]]) -> list[str]:
    notes = []
    for slip in dict.fromkeys(way.slip for _row, way in ways if way.slip):
        rows = [row for row, way in ways if way.slip == slip]
        # For translators: {slip} is like “a delimiter too many”.
        note = ngettext(
            "Row {rows} had {slip}: read in the only way in which each cell fits its column.",
            "Rows {rows} had {slip}: read in the only way in which each cell fits its column.",
            len(rows),
        )
        notes.append(note.format(rows=numbers_of(rows[:5], more=len(rows[5:])), slip=_(slip)))
    return notes


# Do they fit the header? -----------------------------------------------------------------------------------------


def _with_row_names(groups: Sequence[_Group], layout: _Layout) -> _Layout:
    """The layout with a first column without a name, where the records provably begin with their own numbers.

    As R's write.table does: every record has one cell more than the header, and the first cells count 1, 2, 3, …
    """
    header = layout.header
    if (
        layout.width != len(header) + 1
        or not all(name.strip() for name in header)
        or _NAMES_A_RECORD.fullmatch(header[0])
    ):
        return layout
    records = [(group, ~blank_records(group.columns, len(group.rows))) for group in groups]
    if any(filled.any() for group, filled in records if len(group.columns) != layout.width):
        return layout
    group, filled = next((group, filled) for group, filled in records if len(group.columns) == layout.width)
    numbers = group.columns[0].filter(pa.array(filled)).to_pylist()
    if len(numbers) < _FEWEST_ROW_NAMES or group.columns[-1].null_count == len(group.rows):
        return layout
    if numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        return layout
    return replace(layout, header=("", *header), row_names=True)


def _fit(
    path: Path, groups: Sequence[_Group], layout: _Layout
) -> tuple[list[pa.DictionaryArray], npt.NDArray[np.int64], list[str]]:
    """All records, in file order, each with as many cells as the header."""
    width = len(layout.header)
    columns, rows = _joined_groups(groups, width)
    misfits = [(int(row), len(group.columns)) for group in groups for row in _misfits(group, layout.header)]
    if not misfits:
        return columns, rows, _note_on_widths(groups, width)
    short = [row for row, cells in misfits if cells < width]
    around = closing_records(columns, rows)
    closing = {int(rows[record]) for record in around.records} & set(short)
    comments = _comments(columns, rows, set(short) - closing)
    misfits = sorted((row, cells) for row, cells in misfits if row not in closing and row not in comments)
    if misfits:
        raise _misfit_error(path, misfits, layout)
    kept = pa.array(~np.isin(rows, comments))
    columns, rows = [column.filter(kept) for column in columns], rows[kept.to_numpy(zero_copy_only=False)]
    return columns, rows, note_on_comments(comments)


def _joined_groups(groups: Sequence[_Group], width: int) -> tuple[list[pa.DictionaryArray], npt.NDArray[np.int64]]:
    """The records of all groups in file order, cut or filled to one width."""
    rows = np.concatenate([group.rows for group in groups])
    columns = [_joined([_column(group, place) for group in groups]) for place in range(width)]
    if len(groups) > 1:
        order = np.argsort(rows)
        rows, columns = rows[order], [column.take(pa.array(order)) for column in columns]
    return columns, rows


def _comments(columns: Sequence[pa.DictionaryArray], rows: npt.NDArray[np.int64], short: set[int]) -> list[int]:
    """The rows among the short ones whose only cell is a remark behind a number sign."""
    return [
        row
        for row, record in zip(sorted(short), np.searchsorted(rows, sorted(short)).tolist(), strict=True)
        if is_comment(columns[0][record].as_py()) and not any(column[record].is_valid for column in columns[1:])
    ]


def _misfits(group: _Group, header: Sequence[str]) -> list[int]:
    """The rows with text beyond the header, or without a cell for each name in it; blank rows fit any header."""
    width = len(group.columns)
    named = max(place for place, name in enumerate(header, start=1) if name.strip())
    telling = group.columns if width < named else group.columns[len(header) :]
    return [int(row) for row in group.rows[~blank_records(telling, len(group.rows))]]


def _unclear_error(path: Path, rows: Sequence[int]) -> TableError:
    more = f", and {len(rows) - 5:,} more rows," if len(rows) > 5 else ""
    return TableError(
        f"{name_rows(rows[:5])}{more} can be read in more than one way, as a delimiter or a quotation mark is amiss.",
        where=path.name,
        hint=_HINT_ON_ROWS,
    )


def _misfit_error(path: Path, misfits: Sequence[tuple[int, int]], layout: _Layout) -> TableError:
    width = len(layout.header)
    listed = ", ".join(f"row {row} has {cells}" for row, cells in misfits[:5])
    more = ", and there are more" if len(misfits) > 5 else ""
    return TableError(
        f"The header has {width} {'cell' if width == 1 else 'cells'}, but {listed}{more}.",
        where=path.name,
        hint=_hint_on_misfits(misfits, layout),
    )


def _hint_on_misfits(misfits: Sequence[tuple[int, int]], layout: _Layout) -> str:
    width = len(layout.header)
    if layout.width != width:
        return _HINT_ON_HEADER
    for (row, cells), (next_row, others) in pairwise(misfits):
        if next_row == row + 1 and cells + others == width + 1:
            return (
                f"Rows {row} and {next_row} may be one record, broken by a line break inside an answer that is not in"
                " quotation marks. Exporting again, best as an Excel workbook, usually helps."
            )
    return _HINT_ON_ROWS


def _column(group: _Group, place: int) -> pa.DictionaryArray:
    return group.columns[place] if place < len(group.columns) else pa.nulls(len(group.rows), _TEXT)


def _joined(parts: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    if len(parts) == 1:
        return parts[0]
    return pa.chunked_array([with_wide_codes(part) for part in parts]).combine_chunks()


def _note_on_widths(groups: Sequence[_Group], width: int) -> list[str]:
    if len(groups) == 1:  # all rows alike, if not like the header
        return []
    filled = [len(group.rows) - int(blank_records(group.columns, len(group.rows)).sum()) for group in groups]
    other = sum(count for count, group in zip(filled, groups, strict=True) if len(group.columns) != width)
    if not 0 < other < sum(filled):
        return []
    return [f"{other:,} of {sum(filled):,} rows have more or fewer cells than the header, all of them empty."]
