"""The rows of a sheet in the form in which reports write them: every different cell is read once.

A large sheet has a few hundred different cells beside its names. What is written in another form is left to the
reader that knows all of XML, and says what is wrong.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import Final
from xml.sax.saxutils import escape

Value = str | float

_HEAD: Final = re.compile(rb'(?: ht="\d{1,3}")?>')
_CELL: Final = re.compile(
    rb's="(?P<style>\d{1,5})"(?: t="(?P<type>inlineStr|n)")?'
    rb'(?:/>|>(?:<v>(?P<number>-?[\d.eE+-]{1,30})</v>|<is><t(?: xml:space="preserve")?>(?P<text>[^<]*)</t></is>)</c>)'
)
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_END: Final = b"</row>"
_UTF_8: Final = re.compile(rb"(?:<\?xml version=.1\.0.(?: encoding=.(?i:utf-8).)?(?: standalone=.\w+.)?\?>\s*)?<[^?!]")
# Entities that XML knows, and all signs that need no second look.
_ENTITIES: Final = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_ODD_SIGNS: Final = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class OtherForm(Exception):  # noqa: N818 (no mistake: the other reader knows it)
    """A sheet is written in another form than that of reports."""


def split_sheet(data: bytes) -> tuple[bytes, bytes]:
    """A sheet without its rows, and its rows. Raises OtherForm."""
    start, stop = data.find(_OPEN), data.rfind(_CLOSE)
    if start < 0 or stop < start or not _UTF_8.match(data):
        raise OtherForm
    start += len(_OPEN)
    return data[:start] + data[stop:], data[start:stop]


def read_lines(rows: bytes, mark: str) -> tuple[list[list[Value]], bool]:
    """The values row by row, and whether all cells of a column that say the mark look alike.

    Values that are the same are one object. Raises OtherForm.
    """
    known, sought = _Known(mark), escape(mark).encode()
    heads: dict[bytes, bool] = {}
    styles: dict[int, set[bytes]] = defaultdict(set)
    found: list[list[Value]] = []
    for number, line in enumerate(_lines(rows), 1):
        head, *cells = line.split(b"<c ")
        begin = b'<row r="%d"' % number
        rest = head[len(begin) :]
        if not head.startswith(begin) or not heads.setdefault(rest, _HEAD.fullmatch(rest) is not None):
            raise OtherForm
        found.append([known[cell] for cell in cells])
        if sought in line:
            for column, cell in enumerate(cells):
                if cell in known.marks:
                    styles[column].add(known.marks[cell])
    return found, all(len(one) == 1 for one in styles.values())


def _lines(rows: bytes) -> Iterator[bytes]:
    start = 0
    while (stop := rows.find(_END, start)) >= 0:
        yield rows[start:stop]
        start = stop + len(_END)
    if start != len(rows):
        raise OtherForm


class _Known(dict[bytes, Value]):
    """The value of each cell, by what stands behind “<c ”; marks: the style of those that say the mark."""

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


def _text(written: bytes) -> str:
    text = written.decode()
    if _ODD_SIGNS.search(text) or _ENTITIES.search(text):
        raise OtherForm
    return unescape(text) if "&" in text else text
