"""Records with a cell too many or too few, read in the one way in which each cell fits its column.

One slip per line is looked for: a delimiter too many or one missing, a delimiter in free text, an empty cell left out,
a quotation mark without a partner. A repair is proven only if one slip, in one place, explains the line.
"""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from ..languages import marked
from .columns import text_counts

_FEWEST_RECORDS = 10  # to learn from: fewer prove nothing
_MOST_VALUES = 2000  # of a column, to learn its shapes from
_MOST_SHAPES = 10
_TIMES_REPEATED = 3  # on average, before the answers of a column count as all there are
_MOST_PIECES = 5000  # of a line
_MOST_BLANK = 50  # cells of a line
_MOST_SIGNS = 200  # of a cell that may be two
_WORDS = re.compile(r"[^\W\d_]+")
_SMALL_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')

Cells = tuple[str, ...]

ONE_TOO_MANY = marked("a delimiter too many")
ONE_MISSING = marked("a delimiter missing")
ONE_IN_TEXT = marked("a delimiter in free text without quotation marks")
LEFT_OUT = marked("an empty cell left out")
ODD_QUOTE = marked("a quotation mark without a partner")


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cells of a column look like.

    values: the texts that occur. shapes: how they are built of words and digits; None for free text, where anything
    may stand. blank: whether a cell may be empty.
    """

    values: frozenset[str]
    shapes: frozenset[str] | None
    blank: bool

    def fits(self, text: str) -> bool:
        """Whether a cell could stand in the column."""
        text = text.strip()
        if not text:
            return self.blank
        return self.shapes is None or text in self.values or _shape(text) in self.shapes


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line: its cells, and the slip that explains it; "" where there is none."""

    cells: Cells
    slip: str = ""


def kinds_of(columns: Sequence[pa.DictionaryArray]) -> list[Kind]:
    """What each column looks like; nothing where there are too few records to say."""
    return [_kind(column) for column in columns] if columns and len(columns[0]) >= _FEWEST_RECORDS else []


def readings(line: str, delimiter: str, kinds: Sequence[Kind]) -> list[Reading]:
    """The ways to read a line: as it stands, else those with one slip, of which two are enough to prove nothing."""
    pieces = line.split(delimiter)
    if len(pieces) > _MOST_PIECES:
        return []
    as_it_stands = _rest(_Line(pieces, delimiter), 0, kinds)
    if as_it_stands is not None:
        return [Reading(as_it_stands)]
    ways: dict[Cells, str] = {}
    for way in _with_a_slip(_Line(pieces, delimiter), kinds):
        ways.setdefault(way.cells, way.slip)
        if len(ways) > 1:
            break
    return [Reading(cells, slip) for cells, slip in ways.items()]


def proven(text: str, delimiter: str, kinds: Sequence[Kind]) -> list[Reading]:
    """The records that a text stands for, line by line; nothing where a line has no reading, or more than one.

    A quotation mark without a partner joins lines that are records of their own: so each is read by itself.
    """
    found = [readings(line, delimiter, kinds) for line in re.split(r"\r\n|\r|\n", text)]
    return [way for (way,) in found] if all(len(ways) == 1 for ways in found) else []


def is_unclear(line: str, delimiter: str, kinds: Sequence[Kind]) -> bool:
    """Whether a line has several readings, or would fit much better without one of its empty cells."""
    if len(readings(line, delimiter, kinds)) > 1:
        return True
    cells = next(csv.reader([line], delimiter=delimiter))
    blank = [place for place, cell in enumerate(cells) if not cell.strip()]
    if len(blank) > _MOST_BLANK:
        return False
    fewest = min((_unfit([*cells[:place], *cells[place + 1 :]], kinds) for place in blank), default=len(cells))
    return fewest + 1 < _unfit(cells, kinds)


def _unfit(cells: Sequence[str], kinds: Sequence[Kind]) -> int:
    return sum(not kind.fits(cell) for cell, kind in zip(cells, kinds, strict=False))


def _kind(column: pa.DictionaryArray) -> Kind:
    counts = {text.strip(): count for text, count in text_counts(column).items() if count}
    filled, blank = sum(counts.values()), column.null_count > 0
    if filled >= _TIMES_REPEATED * len(counts):
        return Kind(frozenset(counts) | _numbers_between(counts), frozenset(), blank)
    shapes = frozenset(map(_shape, islice(counts, _MOST_VALUES)))
    few = len(shapes) <= _MOST_SHAPES and len(shapes) * _TIMES_REPEATED <= len(counts)
    return Kind(frozenset(), shapes if few else None, blank)


def _numbers_between(values: Collection[str]) -> frozenset[str]:
    """All numbers from the smallest to the largest, where all values are whole numbers of three digits at most."""
    if not values or not all(map(_SMALL_NUMBER.fullmatch, values)):
        return frozenset()
    return frozenset(map(str, range(min(map(int, values)), max(map(int, values)) + 1)))


def _shape(text: str) -> str:
    """Words of any length are alike, numbers only of the same length."""
    return re.sub(r"\d", "0", _WORDS.sub("a", text))


# One line ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line cut at each delimiter, also at those inside quotation marks."""

    pieces: Sequence[str]
    delimiter: str

    def joined(self, start: int) -> Iterator[tuple[str, int]]:
        """The text from a piece on, one piece longer each time, and the place behind it."""
        text = self.pieces[start]
        for end in range(start + 1, len(self.pieces) + 1):
            yield text, end
            if end < len(self.pieces):
                text = f"{text}{self.delimiter}{self.pieces[end]}"

    def cell(self, start: int) -> tuple[str, int] | None:
        """The cell that begins at a piece, and the place behind it; None where its quotation marks do not pair."""
        piece = self.pieces[start]
        if not piece.startswith('"'):
            return piece, start + 1
        return next(((_unquoted(text), end) for text, end in self.joined(start) if _QUOTED.fullmatch(text)), None)


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _rest(line: _Line, place: int, kinds: Sequence[Kind]) -> Cells | None:
    """The cells from a place on, where each fits its column and none is left over."""
    cells = []
    for kind in kinds:
        found = line.cell(place) if place < len(line.pieces) else None
        if found is None or not kind.fits(found[0]):
            return None
        cells.append(found[0])
        place = found[1]
    return tuple(cells) if place == len(line.pieces) else None


def _with_a_slip(line: _Line, kinds: Sequence[Kind]) -> Iterator[Reading]:
    """Each reading with a slip at some cell, all before and behind it as they stand."""
    before: list[str] = []
    place = 0
    while True:
        for cells, end, slip in _slips(line, place, kinds[len(before) :]):
            behind = _rest(line, end, kinds[len(before) + len(cells) :])
            if behind is not None:
                yield Reading((*before, *cells, *behind), slip)
        found = line.cell(place) if place < len(line.pieces) else None
        if found is None or len(before) == len(kinds) or not kinds[len(before)].fits(found[0]):
            return
        before.append(found[0])
        place = found[1]


def _slips(line: _Line, place: int, kinds: Sequence[Kind]) -> Iterator[tuple[Cells, int, str]]:
    """What may stand at a place if something is amiss there: the cells, the place behind them, and the slip."""
    if kinds and kinds[0].blank:
        yield ("",), place, LEFT_OUT
    if place == len(line.pieces):
        return
    piece = line.pieces[place]
    if not piece.strip():
        yield (), place + 1, ONE_TOO_MANY
    if not kinds:
        return
    if piece.startswith('"'):
        yield from _odd_quotes(line, place, kinds[0])
    elif place + 1 < len(line.pieces) and kinds[0].shapes is None:
        following = line.pieces[place + 1]
        if piece.strip() and following.strip() and following.startswith(" "):  # as in prose
            yield (f"{piece}{line.delimiter}{following}",), place + 2, ONE_IN_TEXT
    if len(kinds) > 1:
        yield from _two_in_one(line, place, kinds)


def _odd_quotes(line: _Line, place: int, kind: Kind) -> Iterator[tuple[Cells, int, str]]:
    """A cell with a quotation mark that is text, or in a column without free text stands there by mistake."""
    piece = line.pieces[place]
    if not _QUOTED.fullmatch(piece) and kind.fits(piece[1:]):
        yield (piece if kind.shapes is None else piece[1:],), place + 1, ODD_QUOTE
    for text, end in line.joined(place):
        if len(text) > 1 and text.endswith('"') and not _QUOTED.fullmatch(text):
            cell = _unquoted(text)
            if kind.fits(cell.strip('"')):
                yield (cell if kind.shapes is None else cell.strip('"'),), end, ODD_QUOTE


def _two_in_one(line: _Line, place: int, kinds: Sequence[Kind]) -> Iterator[tuple[Cells, int, str]]:
    """A cell that is two, which fits no column as it stands, or in which a quoted one begins or ends."""
    first, second, *_ = kinds
    piece = line.pieces[place]
    if '"' not in piece and len(piece) <= _MOST_SIGNS and not first.fits(piece):
        for cut in range(1, len(piece)):
            if first.fits(piece[:cut]) and second.fits(piece[cut:]):
                yield (piece[:cut], piece[cut:]), place + 1, ONE_MISSING
    for text, end in line.joined(place):
        for mark in re.finditer('"', text):
            for cut in (mark.start(), mark.end()):
                left, right = text[:cut], text[cut:]
                if not all(_is_cell(side, line.delimiter) for side in (left, right)):
                    continue
                if first.fits(_unquoted(left)) and second.fits(_unquoted(right)):
                    yield (_unquoted(left), _unquoted(right)), end, ONE_MISSING


def _is_cell(text: str, delimiter: str) -> bool:
    """Whether a text is a cell with a quotation mark at both ends, or with none."""
    return bool(_QUOTED.fullmatch(text)) or bool(text and '"' not in text and delimiter not in text)
