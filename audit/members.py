"""Who stands behind every printed row: counted anew from the raw file, with nothing taken from the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ..surveys.pieces import rows_at_once
from ..surveys.responses import WAVE, Responses
from .columns import Counts, Places
from .figures import ORGANISATION, Questions, Unit, plain
from .joint import Rows, Scores, scores_of


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The respondents of one wave, by home: those who named the very same units, and stated the same of every cut.

    homes: names per home, those of the levels, then those of the cuts; "" where a cell is empty. people: (homes) how
    many. answers: (homes × items × points) as ticked, items in the order of `Questions.items`. scores: of persons, in
    the dimensions of `Questions`. rows: the answers one by one.
    """

    levels: tuple[str, ...]
    homes: tuple[tuple[str, ...], ...]
    people: Counts
    answers: Counts
    scores: Scores
    rows: Rows
    cuts: tuple[str, ...] = ()

    @property
    def units(self) -> dict[Unit, Places]:
        """Every unit that somebody named, and the homes that lie in it."""
        found: dict[Unit, list[int]] = {ORGANISATION: list(range(len(self.homes)))}
        levels, called = [plain(level) for level in self.levels], cache(plain)
        for home, names in enumerate(self.homes):
            path: tuple[str, ...] = ()
            for level, name in zip(levels, names, strict=False):  # the names of cuts stand behind
                if name:
                    path = (*path, called(name))
                    found.setdefault(Unit(path, level), []).append(home)
        return {unit: np.array(homes, np.intp) for unit, homes in found.items()}

    def who_stated(self, attribute: str, value: str) -> Places:
        """The homes of the people who stated one value of an attribute."""
        places = [len(self.levels) + at for at, name in enumerate(self.cuts) if plain(name) == attribute]
        homes = [home for home, names in enumerate(self.homes) if any(plain(names[at]) == value for at in places)]
        return np.array(homes, np.intp)


def people_of(responses: Responses, wave: str, questions: Questions, cuts: Sequence[str] = ()) -> People:
    """The people of one wave. cuts: the attributes that are looked at."""
    here = np.flatnonzero(responses.groups[WAVE] == wave)
    home, homes = _homes(responses.groups[[*responses.levels, *cuts]], here)
    by_id = {item.id: item for item in responses.instrument.items}
    items = [by_id[questions.measures[place].id] for place in questions.items]
    dimensions = [questions.measures[place].id for place in questions.dimensions]
    rows = Rows(responses.points, here, home, items, dimensions)
    return People(
        levels=responses.levels,
        homes=homes,
        people=np.bincount(home, minlength=len(homes)),
        answers=_answers(rows, len(homes)),
        scores=scores_of(rows, len(homes), responses.instrument.min_answered),
        rows=rows,
        cuts=tuple(cuts),
    )


def _homes(groups: pd.DataFrame, here: Places) -> tuple[Places, tuple[tuple[str, ...], ...]]:
    """The home of every row that counts, and the names of all homes, in the order in which they come first."""
    home = np.zeros(len(here), np.intp)
    for name in groups:
        column = groups[name].cat
        home = pd.factorize(home * len(column.categories) + column.codes.to_numpy()[here])[0].astype(np.intp)
    first = np.zeros(home.max(initial=-1) + 1, np.intp)
    first[home[::-1]] = here[::-1]  # the last to be put into a place stays there
    names = [groups[name].iloc[first].astype(str).tolist() for name in groups]
    return home, tuple(zip(*names, strict=True)) if names else ((),) * len(first)


def _answers(rows: Rows, homes: int) -> Counts:
    """(homes × items × points) how often each point was ticked."""
    width = max(len(item.scale.values) for item in rows.items)
    counts = np.zeros((homes, len(rows.items), width), np.int64)
    skipped = 2  # places before the first point: not applicable, and blank
    for some in rows_at_once(len(rows.home)):
        home = rows.home[some] * (width + skipped)
        for place, column in enumerate(rows.columns.tolist()):
            at = home + (rows.ticked[column, some] + np.int8(skipped - 1))
            found = np.bincount(at, minlength=homes * (width + skipped)).reshape(homes, width + skipped)
            counts[:, place] += found[:, skipped:]
    return counts


def members(people: People, units: Iterable[Unit], printed: Mapping[Unit, bool]) -> dict[Unit, Places]:
    """The homes that every row of a report is about; a unit that nobody named is left out.

    printed: the units of which anything is printed; a rest holds the people who are in none of those below its unit.
    """
    known = people.units
    inside: dict[tuple[str, ...], list[Unit]] = {}
    for unit in known:
        if printed.get(unit):
            for depth in range(len(unit.path)):
                inside.setdefault(unit.path[:depth], []).append(unit)
    found: dict[Unit, Places] = {}
    for unit in units:
        whole = unit._replace(rest=False, cut=()) if unit.rest or unit.cut else unit
        if whole not in known:
            continue
        if unit.cut:
            stated = people.who_stated(*unit.cut)
            found |= {unit: np.intersect1d(known[whole], stated)} if len(stated) else {}
            continue
        found[unit] = known[whole]
        if unit.rest:
            is_in, is_left = (np.zeros(len(people.homes), np.bool_) for _ in range(2))
            is_in[known[whole]] = is_left[known[whole]] = True
            parts = [known[one] for one in inside.get(unit.path, ())]
            homes = np.concatenate([*parts, known[whole][:0]])
            of_part = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
            is_part = np.bincount(of_part[~is_in[homes]], minlength=len(parts)) == 0
            is_left[homes[is_part[of_part]]] = False
            found[unit] = np.flatnonzero(is_left)
    return found
