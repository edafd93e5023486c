"""How many people were asked, team by team: a small file beside the survey."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..languages import gettext as _, ngettext
from .cells import fold, group_name, whole_number
from .errors import MappingError, TableError
from .groups import is_team_header
from .merging import merged_headcounts, unmerged_paths
from .phrases import enumerated, listed, quoted, short
from .tables import Table, read_table

if TYPE_CHECKING:
    from .responses import Responses

_COUNT_NAMES = frozenset(
    map(
        fold,
        (
            *(
                "headcount",
                "head count",
                "people",
                "number of people",
                "size",
                "team size",
                "members",
                "employees",
                "staff",
            ),
            *(
                "number of employees",
                "invited",
                "asked",
                "n",
                "mitarbeitende",
                "mitarbeiter",
                "anzahl",
                "personen",
                "köpfe",
            ),
            *(
                "mitarbeiterzahl",
                "anzahl mitarbeitende",
                "anzahl mitarbeiter",
                "anzahl personen",
                "teamgröße",
                "eingeladen",
            ),
            *("kopfzahl", "personenzahl", "beschäftigte", "größe"),
        ),
    )
)
_TOTALS = frozenset({"total", "totals", "grand total", "sum", "overall", "gesamt", "gesamtsumme", "summe", "insgesamt"})


@dataclass(frozen=True, slots=True)
class Headcounts:
    """People asked, one row per team.

    named: for each unit level of the survey, whether the file names it. rows: (names of those levels, people).
    notes: what a person should know of the reading of the file.
    """

    named: tuple[bool, ...]
    rows: tuple[tuple[tuple[str, ...], int], ...]
    notes: tuple[str, ...] = ()

    def sums(self) -> dict[tuple[str, ...], int]:
        """People asked in each unit: names of the named levels, outermost first → people; () is everybody."""
        sums: dict[tuple[str, ...], int] = {}
        for names, count in self.rows:
            for depth in range(len(names) + 1):
                sums[names[:depth]] = sums.get(names[:depth], 0) + count
        return sums


def read_headcounts(path: Path, levels: Sequence[str]) -> Headcounts:
    """Read a file of team and headcount; its unit columns are called as in the survey, or the team column “Team”.

    Raises TableError naming the rows where a headcount is no whole number or a team stands there twice, MappingError
    where a column is missing.
    """
    path = Path(path)
    if not levels:
        raise MappingError(
            "The survey names no teams, so headcounts per team cannot be used.",
            where=path.name,
            hint="Name the team column of the survey with --team.",
        )
    table = read_table(path)
    counts = _count_place(table)
    places = [_level_place(table, level, last=level == levels[-1]) for level in levels]
    if places[-1] is None:
        raise MappingError(
            "The headcounts have no column that names the team.",
            where=path.name,
            hint=f"Give the file the columns “{levels[-1]}” and “Headcount”.",
        )
    names = zip(*(map(group_name, _texts(table, place)) for place in places if place is not None), strict=True)
    rows = tuple(zip(names, _counts(table, counts), strict=True))
    _check_teams(table, [team for team, _ in rows])
    notes = tuple(_("Headcounts: {note}").format(note=note) for note in table.notes)
    return Headcounts(tuple(place is not None for place in places), rows, notes)


def headcounts_of(path: Path, responses: "Responses", *, wave: str = "") -> tuple[Headcounts, "Responses"]:
    """The headcounts in a file, for the teams of a survey, and the responses with what is doubtful about them.

    wave: the one that they are for; it matters where small teams are reported together.
    Raises as read_headcounts.
    """
    headcounts = merged_headcounts(match_teams(read_headcounts(path, responses.levels), responses), responses, wave)
    source = replace(responses.source, doubts=(*responses.source.doubts, *headcounts.notes))
    return headcounts, replace(responses, source=source)


def match_teams(headcounts: Headcounts, responses: "Responses") -> Headcounts:
    """The headcounts with their teams called as in the survey, where only capitals differ and no two could be meant.

    Its notes then also say which teams nobody in the survey names: they count as asked, in the units above, too.
    """
    named = [level for level, known in zip(responses.levels, headcounts.named, strict=True) if known]
    paths = set(responses.groups[named].drop_duplicates().astype(str).itertuples(index=False, name=None))
    paths |= unmerged_paths(responses, headcounts.named)
    alike: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in sorted(paths):
        alike.setdefault(_folded(path), []).append(path)
    counts = Counter(_folded(names) for names, _ in headcounts.rows)
    rows = []
    for names, people in headcounts.rows:
        meant = alike.get(_folded(names), [])
        clear = names not in paths and len(meant) == 1 and counts[_folded(names)] == 1
        rows.append((meant[0] if clear else names, people))
    strangers = [names[-1] for names, _ in rows if names not in paths]
    return replace(headcounts, rows=tuple(rows), notes=(*headcounts.notes, *_note_on_strangers(strangers)))


def _folded(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(fold, names))


def _note_on_strangers(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    note = ngettext(
        "Headcounts: {number} team stands in this file and not in the survey: {teams}. It counts as asked; look"
        " whether the names are written as in the survey.",
        "Headcounts: {number} teams stand in this file and not in the survey: {teams}. They count as asked; look"
        " whether the names are written as in the survey.",
        len(names),
    )
    teams = [quoted(short(name)) if name else _("one without a name") for name in names]
    return (note.format(number=len(names), teams=enumerated(teams, most=5)),)


def _texts(table: Table, place: int) -> list[str]:
    return [text or "" for text in table.columns[place].to_pylist()]


def _level_place(table: Table, level: str, *, last: bool) -> int | None:
    """The column that is called like the level; for the last one, else the one that any survey would call a team."""
    exact = [index for index, name in enumerate(table.header) if fold(name) == fold(level)]
    found = exact or [index for index, name in enumerate(table.header) if last and is_team_header(name)]
    if len(found) > 1:
        raise MappingError(
            f"{len(found)} columns of the headcounts could name the units called “{short(level)}”.",
            where=table.path.name,
            hint="Remove all but one of them, or give each its own header.",
        )
    return found[0] if found else None


def _count_place(table: Table) -> int:
    found = [index for index, name in enumerate(table.header) if fold(name) in _COUNT_NAMES]
    if len(found) != 1:
        raise MappingError(
            f"The headcounts have {'more than one' if found else 'no'} column with the number of people.",
            where=table.path.name,
            hint="Call that column “Headcount”" + (", and the others something else." if found else "."),
        )
    return found[0]


def _counts(table: Table, place: int) -> list[int]:
    """The headcount of every row. A sign among the digits may part thousands or decimals, so it is refused."""
    counts = []
    for text, row in zip(_texts(table, place), table.rows, strict=True):
        count = whole_number(text)
        if count is None or count < 0 or re.search(r"[.,]\d{3}", text):
            raise TableError(
                "A headcount must be a whole number, without signs for thousands.",
                where=f"{table.path.name}, row {row}, column {place + 1}",
                hint="Correct the cell; a team whose size is not known can be left out.",
            )
        counts.append(count)
    return counts


def _check_teams(table: Table, teams: Sequence[tuple[str, ...]]) -> None:
    """Raise where a row is a total, or a team stands in two rows."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for team, row in zip(teams, table.rows, strict=True):
        if any(fold(name) in _TOTALS for name in team):
            raise TableError(
                "This row looks like a total, and would be counted as a team.",
                where=f"{table.path.name}, row {row}",
                hint="Delete the row: the sums are made from the teams.",
            )
        rows.setdefault(team, []).append(row)
    twice = next((numbers for numbers in rows.values() if len(numbers) > 1), None)
    if twice:
        raise TableError(
            "A team stands in more than one row.",
            where=f"{table.path.name}, rows {listed([str(row) for row in twice])}",
            hint="Give each team one row. Where teams of two departments share a name, add the department's column.",
        )
