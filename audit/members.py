"""Who stands behind every printed row: counted anew from the raw file, with nothing taken from the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument
from ..surveys.responses import WAVE, Responses
from .figures import ORGANISATION, Unit, plain

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The respondents of one wave, by home: those who named the very same units, and stated the same of every cut.

    homes: names per home, those of the levels, then those of the cuts; "" where a cell is empty. people: (homes) how
    many. answers: (homes × items × points) as ticked, items in the order of `Questions.items`. scored: (homes ×
    dimensions) people who answered enough for a score.
    sd: (dimensions) standard deviation of persons' scores in the whole organisation, in points of the scale; gaps:
    (dimensions) people who answered some of its items, but not all.
    """

    levels: tuple[str, ...]
    homes: tuple[tuple[str, ...], ...]
    people: Counts
    answers: Counts
    scored: Counts
    sd: Floats
    gaps: Counts
    cuts: tuple[str, ...] = ()

    @property
    def units(self) -> dict[Unit, Places]:
        """Every unit that somebody named, and the homes that lie in it."""
        found: dict[Unit, list[int]] = {ORGANISATION: list(range(len(self.homes)))}
        for home, names in enumerate(self.homes):
            path: tuple[str, ...] = ()
            for level, name in zip(self.levels, names[: len(self.levels)], strict=True):
                if name:
                    path = (*path, plain(name))
                    found.setdefault(Unit(path, plain(level)), []).append(home)
        return {unit: np.array(homes, np.intp) for unit, homes in found.items()}

    def who_stated(self, attribute: str, value: str) -> Places:
        """The homes of the people who stated one value of an attribute."""
        places = [len(self.levels) + at for at, name in enumerate(self.cuts) if plain(name) == attribute]
        homes = [home for home, names in enumerate(self.homes) if any(plain(names[at]) == value for at in places)]
        return np.array(homes, np.intp)


def people_of(
    responses: Responses, wave: str, item_ids: Sequence[str], dimension_ids: Sequence[str], cuts: Sequence[str] = ()
) -> People:
    """The people of one wave. item_ids, dimension_ids: as in `Questions`; cuts: the attributes that are looked at."""
    rows = (responses.groups[WAVE] == wave).to_numpy()
    groups = responses.groups.loc[rows, [*responses.levels, *cuts]]
    points = responses.points.loc[rows, list(item_ids)].to_numpy()
    home, homes = _homes(groups.astype(str).to_numpy(dtype=object))
    scores = _scores(points, responses.instrument, item_ids, dimension_ids)
    enough = ~np.isnan(scores.mean)
    return People(
        levels=responses.levels,
        homes=homes,
        people=np.bincount(home, minlength=len(homes)),
        answers=_answers(points, home, len(homes), responses.instrument, item_ids),
        scored=_added(enough.astype(np.int64), home, len(homes)),
        sd=_deviations(scores.mean),
        gaps=scores.gaps,
        cuts=tuple(cuts),
    )


def _homes(names: npt.NDArray[np.object_]) -> tuple[Places, tuple[tuple[str, ...], ...]]:
    numbers: dict[tuple[str, ...], int] = {}
    home = [numbers.setdefault(row, len(numbers)) for row in map(tuple, names.tolist())]
    return np.array(home, np.intp), tuple(numbers)


def _added(values: Counts, home: Places, homes: int) -> Counts:
    sums = np.zeros((homes, values.shape[1]), np.int64)
    np.add.at(sums, home, values)
    return sums


def _answers(
    points: npt.NDArray[np.int8], home: Places, homes: int, instrument: Instrument, item_ids: Sequence[str]
) -> Counts:
    sizes = {item.id: len(item.scale.values) for item in instrument.items}
    width = max(sizes.values())
    counts = np.zeros((homes, len(item_ids), width), np.int64)
    for column in range(len(item_ids)):
        given = points[:, column] > 0
        np.add.at(counts[:, column], (home[given], points[given, column].astype(np.intp) - 1), 1)
    return counts


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """mean: (people × dimensions) NaN for those who answered too few of its items; gaps: (dimensions)."""

    mean: Floats
    gaps: Counts


def _scores(
    points: npt.NDArray[np.int8], instrument: Instrument, item_ids: Sequence[str], dimension_ids: Sequence[str]
) -> _Scores:
    """Persons' scores: the mean of the items of a dimension that a person answered, after reverse-keying."""
    items = {item.id: item for item in instrument.items}
    mean = np.full((len(points), len(dimension_ids)), np.nan)
    gaps = np.zeros(len(dimension_ids), np.int64)
    for column, name in enumerate(dimension_ids):
        mine = [place for place, id_ in enumerate(item_ids) if items[id_].dimension == name]
        ticked = points[:, mine].astype(float)
        given = ticked > 0
        for place, at in enumerate(mine):
            item = items[item_ids[at]]
            if item.reverse:
                ticked[:, place] = len(item.scale.values) + 1 - ticked[:, place]
        answered = given.sum(axis=1)
        enough = answered >= max(instrument.min_answered * len(mine) - 1e-9, 1)
        total = np.where(given, ticked, 0).sum(axis=1)
        mean[enough, column] = total[enough] / answered[enough]
        gaps[column] = int(((answered > 0) & (answered < len(mine))).sum())
    return _Scores(mean, gaps)


def _deviations(mean: Floats) -> Floats:
    found = [column[~np.isnan(column)] for column in mean.T]
    return np.array([column.std(ddof=1) if len(column) > 1 else np.nan for column in found])


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
        whole = unit._replace(rest=False, cut=())
        if whole not in known:
            continue
        if unit.cut:
            stated = people.who_stated(*unit.cut)
            found |= {unit: np.intersect1d(known[whole], stated)} if len(stated) else {}
            continue
        found[unit] = known[whole]
        if unit.rest:
            parts = [known[one] for one in inside.get(unit.path, ()) if np.isin(known[one], known[whole]).all()]
            found[unit] = np.setdiff1d(known[whole], np.concatenate([*parts, np.array([], np.intp)]))
    return found
