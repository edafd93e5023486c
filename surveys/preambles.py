"""What stands around a table: title lines above its header, footnotes and totals below its last record.

Only what is provably no part of the table is left out, and a note says which rows that were.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..languages import gettext as _, grouped, ngettext
from .columns import text_counts
from .phrases import enumerated

_MOST_LINES_ABOVE = 30
_MOST_LINES_BELOW = 12
_FEWEST_TO_COMPARE = 3  # records, before a text that recurs in them tells anything
_NUMBER = re.compile(r"[-+(]?[\s€$£]*\d[\d\s.,:/’'()%-]*(?:[eE][-+]?\d+)?[%)€$£]?")
# As the first cell of a row that sums up those above it.
_TOTALS = re.compile(
    r"""(?:grand\s+|sub)?total(?:[ei]|en|t|es)?(?:\s+g[eé]n[eé]ral)? | sum(?:s|me|ma)? | totaal | suma | somme | soma
    | gesamt(?:summe|ergebnis|wert)? | insgesamt | average s? | avg\.? | mean s? | durchschnitt | mittel(?:wert)? | ø
    | mittelwert | moyenne s? | promedio | m[eé]dia | gemiddelde | medel(?:v[aä]rde)? | gennemsnit | gjennomsnitt
    | i\ alt | yhteens[aä] | keskiarvo | razem | [sś]rednia | celkem | pr[uů]m[eě]r | toplam | ortalama
    | 合計 | 平均 | 合计 | 总计 | 平均值""",
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN_NUMBER = re.compile(r"\s*-?[0-9]+(?:[.,][0-9]+)?\s*%?\s*")
_COMMENT = re.compile(r"\s*#\s*\D")
_WORD = re.compile(r"[^\W\d_]{3,}")
_FOOTNOTE_SIGN = re.compile(
    r"\s*(?:[*†‡§]|\(\d+\)\s|n\.?\s?b\.|notes?\b|source\b|quelle\b|anmerkung|remarque|nota\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Closing:
    """The records at the end of a table that are none.

    records: their positions. notes: what is said of them.
    """

    records: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def header_place(lines: Sequence[Sequence[str]]) -> int:
    """Which of the first lines is the header: the first, unless it is provably a title above a later one.

    The later one has a name of its own in each column that anything below it fills, none of them a number; at most two
    cells are filled in each line above it, and fewer than half; and what stands below differs in kind: a column of
    numbers, or texts that come more than once, none of them one of the names. In doubt it is the first line.
    """
    filled = [[cell.strip() for cell in line] for line in lines]
    columns = [place for place in range(max(map(len, filled), default=0)) if any(_at(line, place) for line in filled)]
    cells = [[_at(line, place) for place in columns] for line in filled]
    for place, line in enumerate(cells[: _MOST_LINES_ABOVE + 1]):
        if _is_header(line, cells[place + 1 :]) and (not place or _are_titles(lines[:place], len(_trimmed(line)))):
            return place
        if sum(map(bool, line)) > 2:
            break
    return 0


def note_on_titles(rows: Sequence[int]) -> list[str]:
    """What to say about the rows above the header; nothing where there is none."""
    if not rows:
        return []
    note = ngettext(
        "Row {rows} above the header was left out.", "Rows {rows} above the header were left out.", len(rows)
    )
    return [note.format(rows=numbers_of(rows))]


def note_on_comments(rows: Sequence[int]) -> list[str]:
    """What to say about lines of one cell behind a number sign; nothing where there is none."""
    if not rows:
        return []
    note = ngettext(
        "Row {rows} was left out: a remark behind a #, with no other cell.",
        "Rows {rows} were left out: a remark behind a #, with no other cell.",
        len(rows),
    )
    return [note.format(rows=numbers_of(rows))]


def is_comment(text: str | None) -> bool:
    """Whether the only cell of a line is a remark to whoever reads the file."""
    return bool(_COMMENT.match(text or ""))


def closing_records(columns: Sequence[pa.DictionaryArray], rows: npt.NDArray[np.int64]) -> Closing:
    """The footnotes and totals below the last answer.

    A footnote fills the first cell only, with words, and stands below a blank row, where three columns or more are
    usually filled by more than one cell. A total begins with a word for one, and all else in its row is numbers, at
    least half of which are no answers like those above.
    """
    start = max(0, len(rows) - _MOST_LINES_BELOW)
    lines = list(zip(*(column[start:].to_pylist() for column in columns), strict=True))
    blank = [not any(line) for line in lines]
    footnotes = _footnotes(lines, blank, rows[start:])
    totals = _totals(lines, footnotes)
    doubtful = [place for place in totals if _may_be_answers(columns, start + place, lines[place])]
    totals = [place for place in totals if place not in doubtful]
    notes_below = [place for place in range(footnotes, len(lines)) if not blank[place]]
    if len(totals) + len(notes_below) + sum(blank) == len(lines) and not start:
        return Closing()  # no record would be left: what looks like a total is all there is
    return Closing(
        records=tuple(start + place for place in (*totals, *notes_below)),
        notes=(
            *_note_on_totals([int(rows[start + place]) for place in totals]),
            *_note_on_footnotes([int(rows[start + place]) for place in notes_below]),
            *_note_on_doubtful([int(rows[start + place]) for place in doubtful]),
        ),
    )


# Above -----------------------------------------------------------------------------------------------------------


def _at(line: Sequence[str], place: int) -> str:
    return line[place] if place < len(line) else ""


def _trimmed(line: Sequence[str]) -> Sequence[str]:
    return line[: max((place for place, cell in enumerate(line, start=1) if cell), default=0)]


def _is_header(line: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    names = [cell.casefold() for cell in _trimmed(line)]
    if len(names) < 2 or not below or not all(names) or len(set(names)) < len(names):
        return False
    if any(_NUMBER.fullmatch(name) for name in names) or any(len(_trimmed(other)) > len(names) for other in below):
        return False
    records = [other for other in below if sum(map(bool, other)) * 2 > len(names)]
    columns = [[other[place].casefold() for other in records if other[place]] for place in range(len(names))]
    if any(name in column for name, column in zip(names, columns, strict=True)):
        return False
    return any(_tells(column) for column in columns)


def _tells(column: Sequence[str]) -> bool:
    """Whether the texts of a column are of another kind than a name above them."""
    if column and all(_NUMBER.fullmatch(text) for text in column):
        return True
    return len(column) >= _FEWEST_TO_COMPARE and len(set(column)) < len(column)


def _are_titles(lines: Sequence[Sequence[str]], width: int) -> bool:
    return all(_is_title(line, width) for line in lines)


def _is_title(line: Sequence[str], width: int) -> bool:
    """One cell or two; where the line has as many as the header, the empty ones might be columns without a name."""
    filled = sum(bool(cell.strip()) for cell in line)
    return 0 < filled <= max(1, min(2, (width - 1) // 2)) and (len(line) < width or width > 3)


# Below -----------------------------------------------------------------------------------------------------------


def _footnotes(lines: Sequence[Sequence[str | None]], blank: Sequence[bool], rows: npt.NDArray[np.int64]) -> int:
    """Where the footnotes begin, below a blank row; behind the last line where there are none, or none for certain."""
    start = len(lines)
    for place in reversed(range(len(lines))):
        if not blank[place] and not _is_remark(lines[place]):
            break
        if blank[place] or (place and rows[place] - rows[place - 1] > 1):  # a blank row, perhaps left out already
            start = place
    above = [line for line in lines[:start] if any(line)]
    if len(lines[0]) < 3 or any(sum(map(bool, line)) < 2 for line in above):  # a record may well fill one cell only
        return len(lines)
    return start


def _is_remark(line: Sequence[str | None]) -> bool:
    first, *others = line
    if first is None or any(others):
        return False
    return bool(_FOOTNOTE_SIGN.match(first)) or len(_WORD.findall(first)) > 1


def _totals(lines: Sequence[Sequence[str | None]], end: int) -> list[int]:
    """The lines just above `end` that look like totals."""
    found: list[int] = []
    for place in reversed(range(end)):
        cells = [cell.strip() for cell in lines[place] if cell]
        if not cells:
            continue
        first, *others = cells
        if not _TOTALS.fullmatch(first.rstrip(" :")) or not others or not all(map(_NUMBER.fullmatch, others)):
            break
        found.append(place)
    return found[::-1]


def _may_be_answers(columns: Sequence[pa.DictionaryArray], record: int, line: Sequence[str | None]) -> bool:
    """Whether the word stands in other records, too, or most of the numbers could: perhaps a team is called 'Total'."""
    (first, word), *numbers = [(column, cell) for column, cell in zip(columns, line, strict=True) if cell]
    if text_counts(first)[word] > 1:
        return True
    computed = [_is_computed(cell, text_counts(column[:record])) for column, cell in numbers]
    return 2 * sum(computed) < len(computed)


def _is_computed(cell: str, above: dict[str, int]) -> bool:
    """Whether a number is no answer like those above: their sum or mean, larger than all, a fraction among wholes."""
    counts = [(_value(text), count) for text, count in above.items() if count]
    values = [(value, count) for value, count in counts if value is not None]
    number, n = _value(cell), sum(count for _, count in values)
    if number is None or sum(count for _, count in counts) < 2:
        return False
    if not values:  # labels
        return True
    total = sum(value * count for value, count in values)
    rounding = 0.5 * 10.0 ** -len(re.split("[.,]", cell.strip(" %"), maxsplit=1)[-1]) if number % 1 else 1e-6
    among_them = any(value == number for value, _ in values)
    if n > 1 and not among_them and (abs(number - total) < 1e-6 or abs(number - total / n) <= rounding):
        return True
    return number > max(value for value, _ in values) or (
        bool(number % 1) and not any(value % 1 for value, _ in values)
    )


def _value(text: str) -> float | None:
    return float(text.strip(" %").replace(",", ".")) if _PLAIN_NUMBER.fullmatch(text) else None


def _note_on_totals(rows: Sequence[int]) -> list[str]:
    note = ngettext(
        "Row {rows} below the answers was left out: a total or mean of what stands above.",
        "Rows {rows} below the answers were left out: a total or mean of what stands above.",
        len(rows),
    )
    return [note.format(rows=numbers_of(rows))] if rows else []


def _note_on_footnotes(rows: Sequence[int]) -> list[str]:
    note = ngettext(
        "Row {rows} below the answers was left out: a footnote.",
        "Rows {rows} below the answers were left out: a footnote.",
        len(rows),
    )
    return [note.format(rows=numbers_of(rows))] if rows else []


def _note_on_doubtful(rows: Sequence[int]) -> list[str]:
    note = ngettext(
        "Row {rows} was read as answers, but may be a total or mean of what stands above.",
        "Rows {rows} were read as answers, but may be a total or mean of what stands above.",
        len(rows),
    )
    return [note.format(rows=numbers_of(rows))] if rows else []


def numbers_of(rows: Sequence[int], *, more: int = 0) -> str:
    """The numbers of rows for a report: "3", "3 to 5", "3, 7 and 9". more: how many are not named.

    >>> numbers_of([3]), numbers_of([3, 4, 5]), numbers_of([3, 7, 9]), numbers_of([3, 7], more=1200)
    ('3', '3 to 5', '3, 7 and 9', '3 and 7, and 1,200 more rows,')
    """
    if len(rows) > 1 and rows[-1] - rows[0] == len(rows) - 1:
        numbers = _("{first} to {last}").format(first=rows[0], last=rows[-1])
    else:
        numbers = enumerated(list(map(str, rows)))
    if not more:
        return numbers
    some = ngettext("{rows}, and {number} more row,", "{rows}, and {number} more rows,", more)
    return some.format(rows=numbers, number=grouped(more))


def name_rows(rows: Sequence[int]) -> str:
    """The rows in an error message: "Row 3", "Rows 3 to 5", "Rows 3, 7 and 9"."""
    if len(rows) == 1:
        return f"Row {rows[0]}"
    if rows[-1] - rows[0] == len(rows) - 1:
        return f"Rows {rows[0]} to {rows[-1]}"
    return f"Rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"
