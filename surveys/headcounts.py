"""How many people were asked, team by team: a small file beside the survey."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .answers import fold, whole_number
from .errors import MappingError, TableError
from .tables import Table, read_table

_COUNT_NAMES = frozenset(
    {
        *("headcount", "head count", "people", "size", "team size", "members", "employees", "invited", "asked", "n"),
        *("mitarbeitende", "anzahl", "personen", "teamgröße", "eingeladen", "kopfzahl"),
    }
)


@dataclass(frozen=True, slots=True)
class Headcounts:
    """People asked, one row per team.

    named: for each unit level of the survey, whether the file names it. rows: (names of those levels, people).
    """

    named: tuple[bool, ...]
    rows: tuple[tuple[tuple[str, ...], int], ...]

    def sums(self) -> dict[tuple[str, ...], int]:
        """How many people were asked in each unit: names of the named levels, outermost first → people; () is everybody."""
        sums: dict[tuple[str, ...], int] = {}
        for names, count in self.rows:
            for depth in range(len(names) + 1):
                sums[names[:depth]] = sums.get(names[:depth], 0) + count
        return sums


def read_headcounts(path: Path, levels: Sequence[str]) -> Headcounts:
    """Read a file of team and headcount; its unit columns are called as in the survey, or the team column “Team”.

    Raises TableError naming row and column where a headcount is no whole number, MappingError where a column is missing.
    """
    table = read_table(path)
    counts = _count_place(table, path)
    places = [_level_place(table, level, last=level == levels[-1]) for level in levels]
    if not levels or places[-1] is None:
        raise MappingError(
            "The headcounts name no team column."
            if levels
            else "The survey names no teams, so headcounts per team cannot be used.",
            where=path.name,
            hint=f"Give the file the columns “{levels[-1]}” and “Headcount”."
            if levels
            else "Name the team column with --team.",
        )
    rows = []
    for row, number in enumerate(table.rows):
        count = whole_number(_text(table, counts, row))
        if count is None or count < 0:
            raise TableError(
                "A headcount must be a whole number.",
                where=f"{path.name}, row {number}, column {counts + 1}",
                hint="Correct the cell.",
            )
        rows.append((tuple(_text(table, place, row) for place in places if place is not None), count))
    return Headcounts(tuple(place is not None for place in places), tuple(rows))


def _text(table: Table, column: int, row: int) -> str:
    return " ".join(str(table.columns[column][row].as_py() or "").split())


def _level_place(table: Table, level: str, *, last: bool) -> int | None:
    wanted = {fold(level), *(("team",) if last else ())}
    return next((index for index, name in enumerate(table.header) if fold(name) in wanted), None)


def _count_place(table: Table, path: Path) -> int:
    found = [index for index, name in enumerate(table.header) if fold(name) in _COUNT_NAMES]
    if len(found) != 1:
        raise MappingError(
            f"The headcounts have {'more than one' if found else 'no'} column with the number of people.",
            where=path.name,
            hint="Call that column “Headcount”.",
        )
    return found[0]
