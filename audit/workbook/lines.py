"""The rows of a sheet in the form in which reports write them: every different cell is read once.

A large sheet has a few hundred different cells beside its names. What is written in another form is left to the
reader that knows all of XML, and says what is wrong.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from html import unescape
from itertools import pairwise
from typing import Final, Self, overload
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..columns import Bools, Floats, Places, Whole

Value = str | float
Row = list[Value]

_HEAD: Final = re.compile(rb'(?: ht="\d{1,3}")?>')
_CELL: Final = re.compile(
    rb'<c s="(?P<style>\d{1,5})"(?: t="(?P<type>inlineStr|n)")?'
    rb'(?:/>|>(?:<v>(?P<number>-?[\d.eE+-]{1,30})</v>|<is><t(?: xml:space="preserve")?>(?P<text>[^<]*)</t></is>)</c>)'
)
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_BEGIN, _END = b'<row r="%d"', b"</row>"
_NO_STYLE: Final = -1
_ANGLE, _SLASH, _BLANK, _C, _R = b"</ cr"
_AT_ONCE: Final = 1 << 19  # bytes that are looked through at once: they stay near the processor
_UTF_8: Final = re.compile(rb"(?:<\?xml version=.1\.0.(?: encoding=.(?i:utf-8).)?(?: standalone=.\w+.)?\?>\s*)?<[^?!]")
# Entities that XML knows, and all signs that need no second look.
_ENTITIES: Final = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_ODD_SIGNS: Final = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class OtherForm(Exception):  # noqa: N818 (no mistake: the other reader knows it)
    """A sheet is written in another form than that of reports."""


class Lines(Sequence[Row]):
    """The rows of a sheet, each with as many cells as it has.

    values: the different ones. codes: (cells) which value each has; starts: (rows + 1) where each row begins in them.
    """

    def __init__(self, values: Sequence[Value], codes: Whole, starts: Whole) -> None:
        self.values, self.codes, self.starts = values, codes, starts

    @classmethod
    def of(cls, rows: Iterable[Sequence[Value]]) -> Self:
        """Rows as they are."""
        known: dict[Value, int] = {}
        codes, starts = [], [0]
        for row in rows:
            codes += [known.setdefault(value, len(known)) for value in row]
            starts.append(len(codes))
        return cls(list(known), np.array(codes, np.intp), np.array(starts, np.intp))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> "Lines": ...
    def __getitem__(self, at: int | slice) -> "Row | Lines":
        if isinstance(at, slice):
            first, stop, _ = at.indices(len(self))
            return Lines(self.values, self.codes, self.starts[first : max(first, stop) + 1])
        row = range(len(self))[at]
        return [self.values[code] for code in self.codes[self.starts[row] : self.starts[row + 1]].tolist()]

    def __iter__(self) -> Iterator[Row]:
        codes = self.codes[self.starts[0] : self.starts[-1]].tolist()
        for first, stop in pairwise((self.starts - self.starts[0]).tolist()):
            yield [self.values[code] for code in codes[first:stop]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lines) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def widths(self) -> Whole:
        """(rows) how many cells each has."""
        return np.diff(self.starts)

    @cached_property
    def numbers(self) -> Floats:
        """(values) those that are numbers, NaN for texts."""
        return np.array([np.nan if isinstance(value, str) else value for value in self.values], np.float64)

    def value(self, row: int, column: int) -> Value:
        """What stands there, both counted from 0 on; "" where nothing does."""
        if not (0 <= row < len(self) and 0 <= column < self.starts[row + 1] - self.starts[row]):
            return ""
        return self.values[int(self.codes[self.starts[row] + column])]

    def column(self, at: int, rows: Places) -> "Column":
        """One cell of some rows, all of which have it."""
        return Column(self, self.codes[self.starts[rows] + at])

    def headed(self, first: str) -> list[int]:
        """The rows of more than two cells of which the first says this."""
        wide = np.flatnonzero(self.widths > 2)
        return [int(row) for row in wide[self.column(0, wide).says(first)]]


class Column(Iterable[Value]):
    """Some cells of a sheet. codes: (cells) which of its different values each has."""

    def __init__(self, lines: Lines, codes: Whole) -> None:
        self.lines, self.codes = lines, codes

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, at: int) -> Value:
        return self.lines.values[int(self.codes[at])]

    def __iter__(self) -> Iterator[Value]:
        return (self.lines.values[code] for code in self.codes.tolist())

    @property
    def numbers(self) -> Floats:
        """(cells) the numbers, NaN for texts."""
        return np.asarray(self.lines.numbers[self.codes])

    @property
    def different(self) -> list[Value]:
        """The different values."""
        return [self.lines.values[code] for code in self._codes.tolist()]

    @property
    def _codes(self) -> Places:
        is_there = np.zeros(len(self.lines.values), np.bool_)
        is_there[self.codes] = True
        return np.flatnonzero(is_there)

    def texts(self, say: Callable[[Value], str]) -> list[str]:
        """What is said of the value of each cell, in words."""
        said = {code: say(self.lines.values[code]) for code in self._codes.tolist()}
        return [said[code] for code in self.codes.tolist()]

    def says(self, *values: Value) -> Bools:
        """(cells) which have one of these values."""
        return self.told(lambda value: value in values).astype(np.bool_)

    def told(self, say: Callable[[Value], float]) -> Floats:
        """(cells) what is said of the value of each, which is asked once for every different one."""
        found = np.zeros(len(self.lines.values))
        codes = self._codes
        found[codes] = [say(self.lines.values[code]) for code in codes.tolist()]
        return np.asarray(found[self.codes])


# Reading


class Known(dict[bytes, Value]):
    """The value of each cell, by how it is written; marks: the style of those that say the mark.

    It serves all sheets of a workbook: values that are the same are one object.
    """

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.sought = mark, escape(mark).encode()
        self.marks: dict[bytes, bytes] = {}
        self.kept: dict[Value, Value] = {}

    def __missing__(self, cell: bytes) -> Value:
        found = _CELL.fullmatch(cell)
        if found is None or (found["type"] == b"inlineStr") != (found["text"] is not None):
            raise OtherForm
        try:
            value = float(found["number"]) if found["number"] is not None else _text(found["text"] or b"")
        except ValueError:
            raise OtherForm from None
        if value == self.mark:
            if self.sought not in cell:
                raise OtherForm
            self.marks[cell] = found["style"]
        self[cell] = value = self.kept.setdefault(value, value)
        return value


def split_sheet(data: bytes) -> tuple[bytes, bytes]:
    """A sheet without its rows, and its rows. Raises OtherForm."""
    start, stop = data.find(_OPEN), data.rfind(_CLOSE)
    if start < 0 or stop < start or not _UTF_8.match(data):
        raise OtherForm
    start += len(_OPEN)
    return data[:start] + data[stop:], data[start:stop]


def read_lines(rows: bytes, known: Known) -> tuple[Lines, bool]:
    """The rows of a sheet, and whether all cells of a column that say the mark look alike. Raises OtherForm."""
    if not rows:
        return Lines.of(()), True
    cuts = _cuts(rows)
    heads, ends = _rows_at(np.frombuffer(rows, np.uint8)[cuts + 1], cuts)
    places = np.append(cuts, len(rows)).astype(np.int64)
    written = pa.Array.from_buffers(pa.large_binary(), len(cuts), [None, pa.py_buffer(places), pa.py_buffer(rows)])
    written = written.dictionary_encode()
    different, codes = written.dictionary, written.indices.to_numpy()
    _check_rows(different.take(pa.array(codes[heads])).to_pylist())
    if (codes[ends] != codes[ends[0]]).any() or different[int(codes[ends[0]])].as_py() != _END:
        raise OtherForm
    is_cell = np.ones(len(codes), np.bool_)
    is_cell[heads] = is_cell[ends] = False
    cells, starts = codes[is_cell], np.append(0, np.cumsum(ends - heads - 1))
    used = np.flatnonzero(np.bincount(cells, minlength=len(different)))
    names = different.take(pa.array(used)).to_pylist()
    places_of: dict[Value, int] = {}
    code = np.zeros(len(different), np.intp)
    code[used] = [places_of.setdefault(known[name], len(places_of)) for name in names]
    styles = np.full(len(different), _NO_STYLE)
    styles[used] = [int(known.marks.get(name, _NO_STYLE)) for name in names]
    return Lines(list(places_of), code[cells], starts), _are_alike(styles[cells], starts)


def _cuts(rows: bytes) -> Places:
    """Where a row begins, a cell begins and a row ends, for all that can be told at a glance."""
    found = []
    signs = np.frombuffer(rows, np.uint8)
    for first in range(0, len(signs), _AT_ONCE):
        some = signs[first : first + _AT_ONCE + 2]
        second, third = some[1:-1], some[2:]
        is_cut = ((second == _C) & (third == _BLANK)) | (second == _R) | ((second == _SLASH) & (third == _R))
        found.append(np.flatnonzero(is_cut & (some[:-2] == _ANGLE)) + first)
    return np.concatenate(found)


def _rows_at(signs: npt.NDArray[np.uint8], cuts: Places) -> tuple[Places, Places]:
    """The first and the last of what each row is made of. signs: what follows the angle at `cuts`. Raises OtherForm."""
    heads, ends = np.flatnonzero(signs == _R), np.flatnonzero(signs == _SLASH)
    is_whole = len(heads) == len(ends) > 0 and cuts[0] == heads[0] == 0 and ends[-1] == len(signs) - 1
    if not is_whole or (heads[1:] != ends[:-1] + 1).any():
        raise OtherForm
    return heads, ends


def _check_rows(heads: Sequence[bytes]) -> None:
    """Whether rows are counted from 1 on, and have no other setting than a height. Raises OtherForm."""
    usual = heads[-1].removeprefix(_BEGIN % len(heads))
    for number, head in enumerate(heads, 1):
        if head != _BEGIN % number + usual or number == len(heads):  # few rows are of another height than the last
            begin = _BEGIN % number
            if not head.startswith(begin) or not _HEAD.fullmatch(head, len(begin)):
                raise OtherForm


def _are_alike(styles: Whole, starts: Whole) -> bool:
    """Whether cells of a column that say the mark have one style. styles: (cells) of those, -1 for all others."""
    at = np.flatnonzero(styles != _NO_STYLE)
    column = at - starts[np.searchsorted(starts, at, side="right") - 1]
    pairs = column * (styles.max(initial=0) + 1) + styles[at]
    return bool(np.count_nonzero(np.bincount(column)) == np.count_nonzero(np.bincount(pairs)))


def _text(written: bytes) -> str:
    text = written.decode()
    if _ODD_SIGNS.search(text) or _ENTITIES.search(text):
        raise OtherForm
    return unescape(text) if "&" in text else text
