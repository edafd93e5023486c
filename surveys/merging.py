"""Teams of one unit that are too small to be shown alone, reported together: sorted by numbers of people alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .errors import MappingError
from .phrases import short

if TYPE_CHECKING:
    from .headcounts import Headcounts
    from .responses import Responses

_MOST_NAMED = 3  # parts in the name of a merged team
_WAVE = "wave"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Teams of one unit that are reported as one in one wave.

    above: names of the units that they lie in, outermost first, "" for a level that is skipped. name: of all of them
    together; parts: of each, in alphabetical order.
    """

    wave: str
    above: Path
    name: str
    parts: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The names of the units it lies in and its own, without the levels that are skipped."""
        return tuple(name for name in (*self.above, self.name) if name)


def merge_small(responses: "Responses", smallest: int) -> "Responses":
    """The same answers, with teams of fewer than `smallest` people put together, inside one unit and in each wave.

    Who is put together depends on how many people answered in which team and on the names of teams, never on what
    anybody answered. Inside a unit the smallest teams come first, those of one size in alphabetical order; they are
    added up until there are enough people, and what is left over at the end joins the last such group. Teams that are
    too small even together stay as they are. People who named no team stay where they are.
    """
    merged = tuple(_mergers(responses, smallest)) if responses.levels else ()
    if not merged:
        return responses
    team = responses.levels[-1]
    new = {(one.wave, *one.above, part): one.name for one in merged for part in one.parts}
    homes = responses.groups.groupby([_WAVE, *responses.levels], observed=True, sort=False)
    codes, names = pd.factorize(np.array([new.get(home, home[-1]) for home in homes.size().index], dtype=object))
    column = pd.Categorical.from_codes(codes[homes.ngroup().to_numpy()], categories=pd.Index(names))
    return replace(
        responses,
        groups=responses.groups.assign(**{team: column}),
        source=replace(responses.source, merged=merged),
    )


def _mergers(responses: "Responses", smallest: int) -> Iterator[Merged]:
    keys = [_WAVE, *responses.levels]
    counts = responses.groups.groupby(keys, observed=True).size()
    siblings: dict[Path, list[tuple[int, str]]] = {}
    for key, people in zip(counts.index.tolist(), counts.tolist(), strict=True):
        *above, team = key
        if team:
            siblings.setdefault(tuple(above), []).append((people, team))
    for wave_and_units in sorted(siblings):
        wave, *above = wave_and_units
        teams = siblings[wave_and_units]
        taken = {team for _, team in teams}
        for parts in together([(people, team) for people, team in teams if people < smallest], smallest):
            name = _called(parts, taken)
            taken.add(name)
            yield Merged(wave, tuple(above), name, parts)


def together(teams: Sequence[tuple[int, str]], smallest: int) -> tuple[tuple[str, ...], ...]:
    """Teams in groups of enough people. teams: people and name of each; a group is named in alphabetical order.

    >>> together([(3, "Birke"), (4, "Ahorn"), (2, "Linde"), (4, "Ulme")], 5)
    (('Birke', 'Linde'), ('Ahorn', 'Ulme'))
    >>> together([(3, "Birke"), (4, "Ahorn"), (4, "Linde")], 5), together([(2, "Birke"), (2, "Ahorn")], 5)
    ((('Ahorn', 'Birke', 'Linde'),), ())
    """
    groups: list[list[str]] = []
    open_: list[str] = []
    people = 0
    for size, name in sorted(teams, key=lambda team: (team[0], team[1].casefold(), team[1])):
        open_.append(name)
        people += size
        if people >= smallest:
            groups.append(open_)
            open_, people = [], 0
    if groups:
        groups[-1] += open_
    return tuple(tuple(sorted(group, key=lambda name: (name.casefold(), name))) for group in groups)


def _called(parts: Sequence[str], taken: set[str]) -> str:
    """The name of several teams, in no language: it must be the same in every report on these answers.

    >>> _called(["Ahorn", "Birke"], set()), _called(["A", "B", "C", "D", "E"], {"A + B"})
    ('Ahorn + Birke', 'A + B + C + …')
    """
    name = " + ".join([*parts[:_MOST_NAMED], *(["…"] if len(parts) > _MOST_NAMED else [])])
    while name in taken:
        name += " +"
    return name


def merged_headcounts(headcounts: "Headcounts", responses: "Responses", wave: str) -> "Headcounts":
    """The headcounts with teams called as they are reported in a wave: people asked are added up with the teams.

    Raises MappingError where a row could mean two teams, as the file leaves out the units above them.
    """
    named = headcounts.named
    meant: dict[Path, set[Path]] = {}
    for one in responses.source.merged:
        if one.wave == wave:
            for part in one.parts:
                meant.setdefault(_kept((*one.above, part), named), set()).add(_kept((*one.above, one.name), named))
    here = responses.groups.loc[(responses.groups[_WAVE] == wave).to_numpy(), list(responses.levels)]
    still = {_kept(path, named) for path in here.drop_duplicates().astype(str).itertuples(index=False, name=None)}
    if unclear := [path for path, found in meant.items() if len(found | ({path} & still)) > 1]:
        raise MappingError(
            f"Two units are called “{short(min(unclear)[-1])}”, and the headcounts do not say which is which.",
            hint="Add the columns of the units above to the headcounts, called as in the survey.",
        )
    new = {path: next(iter(found)) for path, found in meant.items()}
    return replace(headcounts, rows=tuple((new.get(names, names), people) for names, people in headcounts.rows))


def unmerged_paths(responses: "Responses", named: Sequence[bool]) -> set[Path]:
    """The teams that people named and that are reported together, in the columns that headcounts have."""
    return {_kept((*one.above, part), named) for one in responses.source.merged for part in one.parts}


def _kept(path: Path, named: Sequence[bool]) -> Path:
    return tuple(name for name, known in zip(path, named, strict=True) if known)
