"""Tables that are larger than memory: read piece by piece, kept on disk as small numbers that stand for texts.

What a column says is known by its distinct texts, and those are few; row by row it needs one byte or two, where the
file has twenty. So a large file becomes a table like any other, the same to the last text, whose columns lie in a file
that the operating system reads as it is needed: all that follows is the same code for it as for a small one.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .columns import text_codes
from .lookahead import ahead
from .tables import blanks_as_null

LARGE = 1 << 28  # bytes of all files together, from which they are read in pieces
_PIECE = 1 << 20  # cells of text that are worked on at once
_WAITING = 4  # pieces that may be read before they are worked on
_IN_MEMORY = 1 << 26  # bytes; what is smaller is not worth a file
_ROWS = 1 << 20  # of a large survey that are counted at once
_WIDTHS = (np.int8, np.int16, np.int32)
Told = Callable[[int], object]
Read = TypeVar("Read")
Piece = Sequence[pa.ChunkedArray | pa.DictionaryArray]  # some records, column by column: texts, or codes of texts
_told: ContextVar[Told] = ContextVar("told", default=lambda _: None)
_meanwhile: ContextVar[Callable[[], object]] = ContextVar("meanwhile", default=lambda: None)


@contextmanager
def telling(told: Told) -> Iterator[None]:
    """Inside the block, tell after each piece how many bytes of its file it took."""
    before = _told.set(told)
    try:
        yield
    finally:
        _told.reset(before)


@contextmanager
def meanwhile(done: Callable[[], object]) -> Iterator[None]:
    """Inside the block, do something while the first pieces of a large file are read."""
    before = _meanwhile.set(done)
    try:
        yield
    finally:
        _meanwhile.reset(before)


def told_by(place: Callable[[], int], pieces: Iterable[Read]) -> Iterator[Read]:
    """The same pieces, each told of. place: how far the file is read, in bytes."""
    return _told_of(_told.get(), place, pieces)  # here, as the pieces themselves may be read by another thread


def _told_of(told: Told, place: Callable[[], int], pieces: Iterable[Read]) -> Iterator[Read]:
    before = 0
    for piece in pieces:
        now = place()
        told(now - before)
        before = now
        yield piece


def rows_at_once(size: int) -> Iterator[slice]:
    """The rows of a table of this size, so many at a time that what is worked out of them stays small."""
    return (slice(first, min(first + _ROWS, size)) for first in range(0, size, _ROWS))


def size_of(paths: Iterable[Path]) -> int:
    """The bytes of all files together, as far as they are there."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def is_large(path: Path) -> bool:
    """Whether this file alone is not to be held in memory."""
    return size_of([path]) >= LARGE


def piece_for(paths: Iterable[Path]) -> int | None:
    """How many cells of these files are to be read at once; None for all, where they are small."""
    return _PIECE if size_of(paths) >= LARGE else None


def codes_of(rows: int, columns: int) -> npt.NDArray[np.int8]:
    """(rows × columns) zeros, column by column in memory; in a file that takes no memory where there are many."""
    if rows * columns <= _IN_MEMORY:
        return np.zeros((rows, columns), np.int8, order="F")
    with tempfile.TemporaryFile(prefix="psafety-") as file:
        return np.memmap(file, np.int8, "w+", shape=(rows, columns), order="F")


@dataclass(frozen=True, slots=True)
class _Part:
    """One column of one piece: where its codes stand in the file, how many and how wide, and its own texts.

    The code behind the last text is that of an empty cell.
    """

    place: int
    rows: int
    width: type[np.signedinteger]
    texts: pa.StringArray


class Spool:
    """The columns of a table, to which records are added piece by piece; they wait in a file without a name.

    Takes one to four bytes per cell on disk, an eighth of a byte in memory, and there the distinct texts.
    """

    def __init__(self, width: int) -> None:
        """For tables of so many columns."""
        self._parts: list[list[_Part]] = [[] for _ in range(width)]
        self._file = tempfile.TemporaryFile(prefix="psafety-")  # noqa: SIM115 (it is closed once the columns are made)
        self.rows = 0

    def add(self, columns: Piece) -> None:
        """Add the next records, all columns of them; blank cells become empty ones."""
        for parts, each in zip(self._parts, columns, strict=True):
            column = blanks_as_null(_in_codes(each))
            width = _narrowest(len(column.dictionary))
            parts.append(_Part(self._file.tell(), len(column), width, column.dictionary))
            self._file.write(text_codes(column).astype(width).data)
        self.rows += len(columns[0])

    def columns(self) -> list[pa.DictionaryArray]:
        """The columns of all records; their texts stand in the order in which they come first. Nothing can be added."""
        self._file.flush()
        found = [_encoded(parts) for parts in self._parts]
        widths = [_narrowest(len(texts)) for texts, _ in found]
        sizes = [-(-self.rows * np.dtype(width).itemsize // 8) * 8 for width in widths]
        with tempfile.TemporaryFile(prefix="psafety-") as file:
            room = np.memmap(file, np.uint8, "w+", shape=(max(1, sum(sizes)),))
        ends = np.cumsum([0, *sizes]).tolist()
        made = []
        for (texts, lookups), width, start, parts in zip(found, widths, ends, self._parts, strict=False):
            codes = room[start : start + self.rows * np.dtype(width).itemsize].view(width)
            valid = np.zeros(self.rows, bool)
            end = 0
            for part, lookup in zip(parts, lookups, strict=True):
                rows = slice(end, end := end + part.rows)
                new = lookup[self._codes(part)]
                valid[rows] = new >= 0
                codes[rows] = np.maximum(new, 0)
            made.append(_column(codes, valid, texts))
        self._file.close()
        return made

    def _codes(self, part: _Part) -> npt.NDArray[np.signedinteger]:
        self._file.seek(part.place)
        return np.frombuffer(self._file.read(part.rows * np.dtype(part.width).itemsize), part.width)


def spooled(pieces: Iterable[Piece], width: int) -> list[pa.DictionaryArray]:
    """The columns of all pieces, one below the other, as a Spool keeps them."""
    spool = Spool(width)
    for piece in ahead(iter(pieces), most=_WAITING, meanwhile=_meanwhile.get()):
        spool.add(piece)
    return spool.columns()


def pieces_of(batches: Iterable[pa.RecordBatch], cells: int) -> Iterator[Piece]:
    """The records of all batches in pieces of so many cells or somewhat more, column by column."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        rows = max(1, cells // batch.num_columns)
        for first in range(0, batch.num_rows, rows):
            waiting.append(batch.slice(first, rows))
            held += waiting[-1].num_rows
            if held >= rows:
                yield pa.Table.from_batches(waiting).columns
                waiting, held = [], 0
    if held:
        yield pa.Table.from_batches(waiting).columns


def _in_codes(column: pa.ChunkedArray | pa.DictionaryArray) -> pa.DictionaryArray:
    """One column of a piece with each text once; here and not by the reader, so that both cores have their part."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _encoded(parts: Sequence[_Part]) -> tuple[pa.StringArray, list[npt.NDArray[np.int32]]]:
    """The texts of all parts of a column, each once; and for each part the new code of each old one, -1 for none."""
    if not parts:
        return pa.array([], pa.string()), []
    together = pa.concat_arrays([part.texts for part in parts]).dictionary_encode()
    new = together.indices.to_numpy()
    ends = np.cumsum([0, *(len(part.texts) for part in parts)]).tolist()
    lookups = [np.append(new[first:last], -1).astype(np.int32) for first, last in pairwise(ends)]
    return together.dictionary, lookups


def _narrowest(texts: int) -> type[np.signedinteger]:
    """The smallest whole number that tells so many texts and an empty cell apart."""
    return next(width for width in _WIDTHS if texts <= np.iinfo(width).max)


def _column(
    codes: npt.NDArray[np.signedinteger], valid: npt.NDArray[np.bool_], texts: pa.StringArray
) -> pa.DictionaryArray:
    bitmap = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    indices = pa.Array.from_buffers(pa.from_numpy_dtype(codes.dtype), len(codes), [bitmap, pa.py_buffer(codes)])
    return pa.DictionaryArray.from_arrays(indices, texts, safe=False)
