"""Export: a table, and what its platform says about its columns and rows."""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ..columns import distinct_texts, text_codes, without_unused
from ..tables import Table

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_INLINE_TAG = re.compile(r"(?i)</?(?:a|b|em|font|i|small|span|strong|sub|sup|u)\b[^<>]*>")  # within a word, too
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Mark:
    """Rows that one column singles out.

    column: its position. texts: what its cell says in such a row, in small letters; "" stands for an empty cell.
    reason: what that means, as a clause a person can read.
    """

    column: int
    texts: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """A survey export with its header understood.

    platform: its name for a person; evidence: why we think so, in a clause.
    table: without the extra header rows.
    ids, texts: per column its short name, and the question as the respondents saw it; the same where there is one.
    metadata: the columns that the platform adds by itself: dates, durations, addresses, progress.
    coded: whether the platform writes numbers for choices of any kind, so that neighbouring numbers need be no ratings.
    comments: the columns of free text.
    missing, not_applicable: what a cell holds where a question, whichever, was left unanswered; or answered outside the
        scale ("don't know"). Compared as a whole, without outer white space.
    tests, incomplete: the rows of previews and tests; of people who did not finish. None where the export does not say.
    duration: the column of seconds that each person took; times: the columns of start and end. See `durations`.
    scales: column → the labels of its answers, in the order of the scale, from a structure file beside the export.
    sections: column → the heading it stands under, from a structure file: columns of one section may be one dimension.
    """

    platform: str
    evidence: str
    table: Table
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    metadata: frozenset[int] = frozenset()
    coded: bool = False
    comments: frozenset[int] = frozenset()
    missing: frozenset[str] = frozenset()
    not_applicable: frozenset[str] = frozenset()
    tests: Mark | None = None
    incomplete: Mark | None = None
    duration: int | None = None
    times: tuple[int, int] | None = None
    scales: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[int, str] = field(default_factory=dict)


def marked_rows(table: Table, mark: Mark | None) -> npt.NDArray[np.bool_]:
    """(rows,) which rows are singled out; none where there is no mark."""
    if mark is None:
        return np.zeros(len(table.rows), dtype=bool)
    column = table.columns[mark.column]
    says = [text.strip().casefold() in mark.texts for text in distinct_texts(column)]
    marked: npt.NDArray[np.bool_] = np.array([*says, "" in mark.texts])[text_codes(column)]
    return marked


def mark_where(names: Sequence[str], column: str, texts: Iterable[str], reason: str) -> Mark | None:
    """The rows in which the column of that name holds one of the texts; None where there is no such column."""
    place = place_of(names, column)
    return None if place is None else Mark(place, frozenset(texts), reason)


def place_of(names: Sequence[str], *known: str) -> int | None:
    """Where the first of the known names stands; compared without case and outer white space; None where none does."""
    plain = [name.strip().casefold() for name in names]
    return next((plain.index(name) for name in known if name in plain), None)


def folded(names: Iterable[str]) -> set[str]:
    """The names without case and outer white space."""
    return {name.strip().casefold() for name in names}


def places_of(names: Sequence[str], start: str, end: str) -> tuple[int, int] | None:
    """Where two columns stand; None where one of them is missing."""
    places = place_of(names, start), place_of(names, end)
    return None if places[0] is None or places[1] is None else (places[0], places[1])


def positions(names: Sequence[str], known: Collection[str]) -> frozenset[int]:
    """Where among `names` the known ones stand; compared without case and outer white space."""
    return frozenset(index for index, name in enumerate(names) if name.strip().casefold() in known)


def matching(names: Sequence[str], pattern: re.Pattern[str]) -> frozenset[int]:
    """Where the names stand in which the pattern is found."""
    return frozenset(index for index, name in enumerate(names) if pattern.search(name))


def row_of(table: Table, index: int) -> tuple[str, ...] | None:
    """The cells of one record, "" for empty ones; None where the table has no such record."""
    if index >= len(table.rows):
        return None
    return tuple(column[index].as_py() or "" for column in table.columns)


def without_first(table: Table, count: int) -> Table:
    """The table without its first records, which were header rows."""
    columns = tuple(without_unused(column.slice(count)) for column in table.columns)
    return replace(table, columns=columns, rows=table.rows[count:])


def plain_text(header: str) -> str:
    """A header as a person reads it: no HTML, no invisible signs, one space between words.

    >>> plain_text(" Do we <strong>listen</strong>?<br>Always&nbsp;&amp; well?")
    'Do we listen? Always & well?'
    """
    text = _TAG.sub(" ", _INLINE_TAG.sub("", html.unescape(header)))
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN).split())
