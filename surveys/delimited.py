"""Delimited text → a table of text: which encoding, which delimiter, which rows fit the header."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from .errors import FileError, TableError
from .tables import Table, assemble, blank_records, blanks_as_null, no_answers

# In the order that decides a tie: a tab in every row is meant as a delimiter, a comma may be part of every answer.
_DELIMITERS = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}
_NO_DELIMITER = "\x1f"  # the unit separator, which nobody types
_NAMED_DELIMITER = re.compile(rb'"?sep=([\t -!#-~])"?(\r\n?|\n)', re.IGNORECASE)  # a first line made for Excel
_SAMPLE = 500  # records
_BLOCK = 4 << 20  # bytes that Arrow parses at once
_LARGEST_BLOCK = (1 << 31) - 1
_TEXT = pa.dictionary(pa.int32(), pa.string())
_QUOTE = re.compile(rb'"')
_NUL = re.compile(rb"\0")
_MARKUP = {
    "a web page (HTML)": re.compile(rb"\s*<(!doctype html|html|head|body|meta|table)\b", re.IGNORECASE),
    "an XML file": re.compile(rb"\s*<\?xml\b"),
    "a JSON file": re.compile(rb'\s*(\{\s*"|\[\s*["\[{])'),
}


def read_delimited(path: Path, data: bytes) -> Table:
    """Read delimited text, whatever its encoding and whichever of the usual delimiters it has.

    Raises FileError where the bytes are no such text, TableError where rows do not fit the header.
    """
    text = _decode(path, data)
    _refuse_markup(path, text.utf8)
    utf8, layout = _lay_out(path, text.utf8)
    groups = _parse(path, utf8, layout)
    _refuse_open_quote(path, utf8, groups)
    columns, rows, notes = _fit(path, groups, layout)
    dialect = f"CSV, {_DELIMITERS.get(layout.delimiter, 'one column')}, {text.encoding}"
    return assemble(path, layout.header, columns, rows, dialect=dialect, notes=(*text.notes, *notes))


# Encoding --------------------------------------------------------------------------------------------------------

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_GUESSES = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp850"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
# What text in a wrong encoding looks like and right text hardly ever: "vˆllig", "gr¸ﬂe", "donÕt", "siê" with "³".
_ODD = re.compile(
    r"""(?<=[^\W\d_]) [¡-´¶¸-¿×÷‚„†‡ˆ‰‹›“”•–—˜™€] (?=[^\W\d_])  # a sign between two letters
    | (?<=[a-zß-öø-ÿšžœ]) [À-ÖØ-ÞŠŽŒŸ]                          # a capital inside a word
    | (?<=[à-öø-ÿ]) [A-Z]
    | (?<![^\W_]) [ÊÐÑÒÓÔÕ] (?![^\W_])                          # a letter that is no word
    | [À-ÖØ-öø-ÿŠŽŒŸšžœ]{3}                                     # an accent on every letter
    | [þðýÞÐÝ∂√ˇ∆Ω◊ƒ≈∞≠≤≥ªº\x80-\x9f]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Text:
    utf8: memoryview
    encoding: str
    notes: tuple[str, ...] = ()


def _decode(path: Path, data: bytes) -> _Text:
    """The text as UTF-8 without byte order mark, with the name of the encoding that it had."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    codec = _MARKS.get(mark) or _unmarked_utf16(data[:4096])
    content = memoryview(data)[len(mark) :]
    if codec in ("utf-16-le", "utf-16-be"):
        text = _from_utf16(path, content, codec)
    elif _is_utf8(content):
        text = _Text(content, "UTF-8")
    else:
        text = _from_damaged_utf8(content) or _from_guess(path, bytes(content))
    if _NUL.search(text.utf8):
        raise _not_text(path)
    return text


def _not_text(path: Path) -> FileError:
    return FileError(
        "The file is neither text nor a workbook.", where=path.name, hint="Export the survey as CSV or Excel."
    )


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 by its null bytes, where every second byte of much of the text is one and none of the others."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or max(even, odd) <= len(head) / 8:
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _is_utf8(content: memoryview) -> bool:
    """Checked where it lies: to decode a large file would take as much memory again."""
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(content)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _from_utf16(path: Path, content: memoryview, codec: str) -> _Text:
    try:
        return _Text(memoryview(str(content, codec).encode()), "UTF-16")
    except UnicodeDecodeError as error:
        raise _not_text(path) from error


def _from_damaged_utf8(content: memoryview) -> _Text | None:
    """UTF-8 with a few broken characters, as files glued together have; None where it is another encoding."""
    text = str(content, "utf-8", "replace")
    broken = text.count("\ufffd")
    if len(re.findall("[^\x00-\x7f\ufffd]", text)) <= 2 * broken:
        return None
    note = f"{broken:,} damaged characters were read as \ufffd." if broken > 1 else "A damaged character became \ufffd."
    return _Text(memoryview(text.encode()), "UTF-8", (note,))


def _from_guess(path: Path, data: bytes) -> _Text:
    for codec in _plausible_codecs(_telling_lines(data)):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        name = {"mac_roman": "Mac Roman"}.get(codec, codec.replace("cp125", "Windows-125"))
        note = () if codec == "cp1252" else (f"The encoding was guessed as {name}: check letters with accents.",)
        return _Text(memoryview(text.encode()), name, note)
    raise _not_text(path)


def _plausible_codecs(sample: bytes) -> Iterator[str]:
    """Windows-1252 where it reads well, else what reads best; charset-normalizer alone errs on short samples."""
    if _oddness(sample, "cp1252") < 0.05:
        yield "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 (hardly any file needs it)

    others = [match.encoding for match in from_bytes(sample, cp_isolation=list(_GUESSES))]
    yield from sorted(["cp1252", "mac_roman", *others], key=partial(_oddness, sample))


def _oddness(sample: bytes, codec: str) -> float:
    """The share of letters and signs beyond ASCII that look out of place."""
    text = sample.decode(codec, "ignore")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return len(_ODD.findall(text)) / beyond if beyond else 1.0


def _telling_lines(data: bytes, most: int = 1 << 16) -> bytes:
    """The first lines that are not plain ASCII; of a very long line the part that matters."""
    lines: list[bytes] = []
    end = 0
    while sum(map(len, lines)) < most and (found := _NOT_ASCII.search(data, end)):
        start = max(data.rfind(b"\n", 0, found.start()) + 1, end, found.start() - 1000)
        line_end = data.find(b"\n", found.end())
        end = min(len(data) if line_end < 0 else line_end, found.end() + 1000)
        lines.append(data[start:end])
    return b"\n".join(lines)


def _refuse_markup(path: Path, utf8: memoryview) -> None:
    for kind, beginning in _MARKUP.items():
        if beginning.match(utf8):
            raise FileError(
                f"The file is {kind}, not a table.",
                where=path.name,
                hint="Export the survey as CSV or Excel; or open it in a spreadsheet program and save it as .xlsx.",
            )


# Delimiter and header --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the text is laid out; `width` is the number of cells that most records have."""

    delimiter: str
    header: tuple[str, ...]
    header_row: int
    width: int


def _lay_out(path: Path, utf8: memoryview) -> tuple[memoryview, _Layout]:
    """The text from its first row to the end of its last, and how it is laid out."""
    named = _NAMED_DELIMITER.match(utf8)
    utf8 = utf8[named.end() if named else 0 : len(utf8) - _line_ends_after(utf8)]
    delimiter = named[1].decode() if named else _find_delimiter(utf8)
    header, header_row = _header(path, utf8, delimiter)
    widths = _widths(utf8, delimiter)[1:]
    if not widths:
        raise no_answers(path)
    return utf8, _Layout(delimiter, header, header_row, _usual([w for w in widths if w] or [len(header)]))


def _line_ends_after(utf8: memoryview) -> int:
    tail = bytes(utf8[-4096:])
    return len(tail) - len(tail.rstrip(b"\r\n"))


def _find_delimiter(utf8: memoryview) -> str:
    """The delimiter that gives most records the same number of cells, best if it divides the header as well."""
    scores = {delimiter: _consistency(_widths(utf8, delimiter)) for delimiter in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (False, 0.5) else _NO_DELIMITER


def _consistency(widths: Sequence[int]) -> tuple[bool, float]:
    if not widths or _usual(widths) < 2:
        return False, 0.0
    return widths[0] > 1, widths.count(_usual(widths)) / len(widths)


def _usual(widths: Sequence[int]) -> int:
    return Counter(widths).most_common(1)[0][0]


def _widths(utf8: memoryview, delimiter: str) -> list[int]:
    """The number of cells of the first records that are not blank; 0 where quotation marks do not pair."""
    widths: list[int] = []
    records = _records(utf8, delimiter, strict=True)
    while len(widths) < _SAMPLE:
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error:
            widths.append(0)
        else:
            widths += [len(record)] * any(map(str.strip, record))
    return widths


def _header(path: Path, utf8: memoryview, delimiter: str) -> tuple[tuple[str, ...], int]:
    """The first record that is not blank, and its row."""
    try:
        for row, record in enumerate(_records(utf8, delimiter), start=1):
            if any(map(str.strip, record)):
                if _runs_to_the_end(record[-1], utf8):
                    raise _open_quote(path, row)
                return tuple(record), row
    except csv.Error as error:  # a cell beyond the limit of 131,072 characters
        raise _open_quote(path, 1) from error
    raise FileError("The file is empty.", where=path.name, hint="Export the survey again.")


def _records(utf8: memoryview, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    lines = io.TextIOWrapper(pa.BufferReader(utf8), encoding="utf-8", newline="")
    return csv.reader(lines, delimiter=delimiter, strict=strict)


# Records ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Records of one width: their row numbers, ascending, and their cells, column by column."""

    rows: npt.NDArray[np.int64]
    columns: list[pa.DictionaryArray]


def _parse(path: Path, utf8: memoryview, layout: _Layout) -> list[_Group]:
    """The records below the header: those of the usual width, then those of each other width."""
    first = layout.header_row + 1
    try:
        columns = _parse_even(utf8, layout.delimiter, layout.width, skip=layout.header_row)
    except pa.ArrowInvalid:  # a record of another width, or one longer than a block
        try:
            return _parse_uneven(utf8, layout)
        except pa.ArrowInvalid as error:
            raise TableError(
                "The file cannot be divided into rows and cells.", where=path.name, hint=_HINT_ON_ROWS
            ) from error
    return [_Group(np.arange(first, first + len(columns[0])), columns)]


def _parse_uneven(utf8: memoryview, layout: _Layout) -> list[_Group]:
    uneven: list[Any] = []

    def set_aside(record: Any) -> str:
        uneven.append(record)
        return "skip"

    columns = _parse_even(utf8, layout.delimiter, layout.width, skip=layout.header_row, on_uneven=set_aside)
    count = len(columns[0]) + len(uneven)
    rows = np.arange(layout.header_row + 1, layout.header_row + 1 + count)
    groups = [_Group(np.setdiff1d(rows, [record.number for record in uneven]), columns)]
    for width in sorted({record.actual_columns for record in uneven}):
        records = [record for record in uneven if record.actual_columns == width]
        text = "\n".join(["", *(record.text for record in records)])
        columns = _parse_even(memoryview(text.encode()), layout.delimiter, width, skip=1)
        groups.append(_Group(np.array([record.number for record in records]), columns))
    return groups


def _parse_even(
    utf8: memoryview, delimiter: str, width: int, *, skip: int, on_uneven: Callable[[Any], str] | None = None
) -> list[pa.DictionaryArray]:
    """The columns of the records after the first `skip`; Arrow's error at a record of another width.

    With `on_uneven` such records are handed over instead, and all is read in one piece: only then are they numbered.
    """
    names = [str(column) for column in range(width)]
    quoted = _QUOTE.search(utf8) is not None
    block = min(len(utf8), _LARGEST_BLOCK) if on_uneven else _block_size(utf8, quoted=quoted)
    table = pacsv.read_csv(
        pa.BufferReader(utf8),
        pacsv.ReadOptions(
            column_names=names, skip_rows_after_names=skip, block_size=block, use_threads=on_uneven is None
        ),
        pacsv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
            invalid_row_handler=on_uneven,
        ),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, _TEXT), null_values=[""], strings_can_be_null=True, check_utf8=False
        ),
    )
    return [blanks_as_null(column.combine_chunks()) for column in table.unify_dictionaries().columns]


def _block_size(utf8: memoryview, *, quoted: bool) -> int:
    """A size such that no two blocks share a CRLF: inside quotes Arrow would lose its line feed (seen in 26.0)."""
    size = _BLOCK
    while quoted and any(bytes(utf8[end - 1 : end + 1]) == b"\r\n" for end in range(size, len(utf8), size)):
        size += size // 16 + 1
    return size


def _refuse_open_quote(path: Path, utf8: memoryview, groups: Sequence[_Group]) -> None:
    """A quotation mark that nothing closes makes one cell of all that follows."""
    last = max((group for group in groups if len(group.rows)), key=lambda group: int(group.rows[-1]))
    if _runs_to_the_end(last.columns[-1][-1].as_py(), utf8):
        raise _open_quote(path, int(last.rows[-1]))


def _runs_to_the_end(cell: str | None, utf8: memoryview) -> bool:
    """Whether a cell of several lines is the end of the file, with no quotation mark to close it."""
    if cell is None or not re.search("[\r\n]", cell):
        return False
    written = cell.replace('"', '""').encode()
    return bytes(utf8[-len(written) :]) == written


def _open_quote(path: Path, row: int) -> TableError:
    return TableError(
        f"A quotation mark in row {row} is never closed, so that all below it runs into one cell.",
        where=path.name,
        hint="Look at this row in a text editor, and export the survey again, best as an Excel workbook.",
    )


# Do they fit the header? -----------------------------------------------------------------------------------------

_HINT_ON_ROWS = (
    "Open the file in a spreadsheet program and look at these rows: often an answer in free text holds the delimiter"
    " and is not in quotation marks. Exporting again, best as an Excel workbook, usually helps."
)
_HINT_ON_HEADER = (
    "Open the file in a spreadsheet program and look at its first rows: perhaps the header lacks the name of a column,"
    " or other lines stand above it."
)


def _fit(
    path: Path, groups: Sequence[_Group], layout: _Layout
) -> tuple[list[pa.DictionaryArray], npt.NDArray[np.int64], list[str]]:
    """All records, in file order, each with as many cells as the header."""
    misfits = [(int(row), len(group.columns)) for group in groups for row in _misfits(group, layout.header)[:5]]
    if misfits:
        raise _misfit_error(path, sorted(misfits)[:5], layout)
    width = len(layout.header)
    rows = np.concatenate([group.rows for group in groups])
    columns = [_joined([_column(group, place) for group in groups]) for place in range(width)]
    if len(groups) > 1:
        order = np.argsort(rows)
        rows, columns = rows[order], [column.take(pa.array(order)) for column in columns]
    return columns, rows, _note_on_widths(groups, width)


def _misfits(group: _Group, header: Sequence[str]) -> npt.NDArray[np.int64]:
    """The rows with text beyond the header, or without a cell for each name in it; blank rows fit any header."""
    width = len(group.columns)
    named = max(place for place, name in enumerate(header, start=1) if name.strip())
    telling = group.columns if width < named else group.columns[len(header) :]
    return group.rows[~blank_records(telling, len(group.rows))]


def _filled(group: _Group) -> int:
    return int((~blank_records(group.columns, len(group.rows))).sum())


def _misfit_error(path: Path, misfits: Sequence[tuple[int, int]], layout: _Layout) -> TableError:
    width = len(layout.header)
    listed = ", ".join(f"row {row} has {cells}" for row, cells in misfits)
    more = ", and there are more" if len(misfits) == 5 else ""
    return TableError(
        f"The header has {width} {'cell' if width == 1 else 'cells'}, but {listed}{more}.",
        where=path.name,
        hint=_HINT_ON_ROWS if layout.width == width else _HINT_ON_HEADER,
    )


def _column(group: _Group, place: int) -> pa.DictionaryArray:
    return group.columns[place] if place < len(group.columns) else pa.nulls(len(group.rows), _TEXT)


def _joined(parts: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    return parts[0] if len(parts) == 1 else pa.chunked_array(parts).unify_dictionaries().combine_chunks()


def _note_on_widths(groups: Sequence[_Group], width: int) -> list[str]:
    filled = sum(map(_filled, groups))
    other = sum(_filled(group) for group in groups if len(group.columns) != width)
    if not 0 < other < filled:
        return []
    return [f"{other:,} of {filled:,} rows have more or fewer cells than the header, all of them empty."]
