"""Export: a table, and what its platform says about the columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..tables import Table


@dataclass(frozen=True, slots=True)
class Export:
    """A survey export with its header understood.

    platform: its name for a person; evidence: why we think so, in a clause.
    table: without the extra header rows.
    ids, texts: per column its short name, and the question as the respondents saw it (the same where there is one).
    metadata: the columns that the platform adds by itself: dates, durations, addresses, progress.
    """

    platform: str
    evidence: str
    table: Table
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    metadata: frozenset[int] = frozenset()


def row_of(table: Table, index: int) -> tuple[str, ...] | None:
    """The cells of one record, "" for empty ones; None where the table has no such record."""
    if index >= len(table.rows):
        return None
    return tuple(column[index].as_py() or "" for column in table.columns)


def without_first(table: Table, count: int) -> Table:
    """The table without its first records, which were header rows."""
    columns = tuple(column.slice(count) for column in table.columns)
    return replace(table, columns=columns, rows=table.rows[count:])


def positions(names: Sequence[str], known: frozenset[str]) -> frozenset[int]:
    """Where among `names` the known ones stand; compared without case and outer white space."""
    return frozenset(index for index, name in enumerate(names) if name.strip().casefold() in known)
