"""How wide columns are, how high rows, and where printed pages end: found from the words that are written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil
from textwrap import wrap
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .book import HEADING, LINE, MAX_TEXT, QUIET_NUMBER, Column, Look, Row, Sheet, Styled, Widths, dressed

MAX_HEIGHT = 409  # of a row, in points
LINE_HEIGHT = 14  # of a row with one line of text, or with numbers alone
PAGE_WIDTH = 270  # characters across a landscape page, at the smallest size one likes to read
ONE_PAGE = 320  # characters that are rather printed a little smaller than on two pages
FULL_WIDTH = 105  # characters across a landscape page at full size, in whatever font stands in for Calibri
PAGE_HEIGHT = 480  # points down a landscape page at full size
LONGEST_WORD = 30  # letters that a column makes room for
LONGEST_MARK = 16  # letters of a mark that stays in one line
_WORD = re.compile(r"[^\s-]+-?")


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A column of a table with what stands in it: there are many cells, and few that differ.

    entries: each once, as it looks. places: (rows) which of them stands there.
    """

    entries: tuple[Styled, ...]
    places: npt.NDArray[np.int32]

    @classmethod
    def of(cls, column: Column, records: Iterable[Any]) -> Self:
        """The values of some records; the same object is the same entry."""
        values = list(column.values(records))
        keys = pa.array(np.fromiter(map(id, values), np.int64, len(values))).dictionary_encode()
        places = keys.indices.to_numpy()
        first = np.empty(len(keys.dictionary), np.intp)
        first[places[::-1]] = np.arange(len(values))[::-1]  # the last one that is set is the first one that there is
        return cls(tuple(dressed(values[place]) for place in first.tolist()), places)


def fitted(sheet: Sheet) -> tuple[Sheet, Widths, list[Filled]]:
    """The sheet with the widths of its columns, in which no word of a heading or of a cell is broken, and its table.

    Of a sheet that is printed on several pages side by side, what stands above the table begins behind the columns that
    each of them repeats, which would cut it off.
    """
    table = [Filled.of(column, sheet.records) for column in sheet.columns]
    widths = tuple(
        max(column.width, _widest(_entries(sheet, at, table[at]))) for at, column in enumerate(sheet.columns)
    )
    if sheet.is_browsed and pages_across(sheet, widths) > 1:
        sheet = replace(sheet, top=tuple(_aside(row, sheet.still) for row in sheet.top))
    return sheet, widths, table


def _entries(sheet: Sheet, at: int, filled: Filled) -> Iterator[Styled]:
    """Each entry of a column once: its heading and its cells, or on a page of text what stands there."""
    if sheet.records:
        yield Styled(sheet.columns[at].heading, HEADING)
        yield from filled.entries
    else:
        yield from (dressed(row[at]) for row in sheet.top if at < len(row))


def _widest(entries: Iterable[Styled]) -> int:
    """The width that the longest word of a column needs, of those that go from line to line."""
    return max((_room(value, look) for value, look in entries if isinstance(value, str) and look.wrap), default=0)


@lru_cache(maxsize=1 << 16)
def _room(text: str, look: Look) -> int:
    """The width that a text needs so that none of its words is broken; a short mark in a number's place stays whole."""
    whole = look == QUIET_NUMBER and len(text) <= LONGEST_MARK
    longest = len(text) if whole else max(map(len, _WORD.findall(text)), default=0)
    return ceil(min(longest, LONGEST_WORD) * (0.95 if look.bold else 0.9) + 1.5 * look.indent + 0.5)


def _aside(row: Row, still: int) -> Row:
    """A line above a table, behind the columns that stay; a title and the legend of colours remain where they are."""
    is_line = len(row) == 1 and isinstance(row[0], Styled) and row[0].look == LINE
    return (*[Styled("", LINE)] * still, *row) if is_line else row


def pages_across(sheet: Sheet, widths: Widths) -> int:
    """How many pages side by side a sheet needs, each of which repeats the columns that stay."""
    if sum(widths) <= ONE_PAGE:
        return 1
    repeated = min(sum(widths[: sheet.still]), PAGE_WIDTH // 2)
    return ceil((sum(widths) - repeated) / (PAGE_WIDTH - repeated))


def heights_of(table: Sequence[Filled], widths: Widths) -> list[int]:
    """The points that each row of a table needs to show all of its texts: not every program finds out by itself."""
    heights = np.full(len(table[0].places), LINE_HEIGHT)
    for column, width in zip(table, widths, strict=True):
        needed = np.array([height_of(entry, width) for entry in column.entries])
        if needed.max() > LINE_HEIGHT:
            np.maximum(heights, needed[column.places], out=heights)
    return heights.tolist()


def height_of_row(row: Row, widths: Widths) -> int:
    """The same for a row by itself."""
    return max([LINE_HEIGHT, *map(height_of, map(dressed, row), widths)])


def height_of(entry: Styled, width: float) -> int:
    """The points that a text needs in a column of this width; a number needs no more than one line."""
    value, look = entry
    lines = _lines(value, look, width) if isinstance(value, str) else 0
    return min(MAX_HEIGHT, round(1.4 * look.size * lines))


@lru_cache(maxsize=1 << 16)
def _lines(text: str, look: Look, width: float) -> int:
    """The lines that a text takes; letters are narrower than the digits that widths are counted in, unless bold."""
    room = max(1, int((width - 1.5 * look.indent) * (1.1 if look.bold else 1.25)))
    if not look.wrap or (len(text) <= room and "\n" not in text):
        return 1
    return sum(len(wrap(line, room)) or 1 for line in text[:MAX_TEXT].split("\n"))


def ends_of_pages(sheet: Sheet, widths: Widths, scale: int) -> Iterator[int]:
    """The rows after which a printed page ends: between blocks. scale: percent of the full size."""
    heights = [sheet.heights.get(number) or height_of_row(row, widths) for number, row in enumerate(sheet.top, 1)]
    begin = 0
    for start, end in pairwise((*sheet.begins[1:], len(heights) + 1)):
        if sum(heights[begin : end - 1]) > PAGE_HEIGHT * 100 / scale:
            begin = start - 1
            yield begin
