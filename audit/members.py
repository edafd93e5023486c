"""Who stands behind every printed row: counted anew from the raw file, with nothing taken from the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Instrument
from ..surveys.pieces import rows_at_once
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
    home: (people) place of each in `homes`, in the order of the file.
    """

    levels: tuple[str, ...]
    homes: tuple[tuple[str, ...], ...]
    people: Counts
    answers: Counts
    scored: Counts
    sd: Floats
    gaps: Counts
    home: Places
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
    here = np.flatnonzero(responses.groups[WAVE] == wave)
    home, homes = _homes(responses.groups[[*responses.levels, *cuts]], here)
    points, columns = responses.points.to_numpy(), responses.points.columns.get_indexer(pd.Index(item_ids))
    answers = np.zeros((len(homes), len(item_ids), _widest(responses.instrument, item_ids)), np.int64)
    scored = np.zeros((len(homes), len(dimension_ids)), np.int64)
    gaps = np.zeros(len(dimension_ids), np.int64)
    means = [pd.Series(dtype=np.int64)] * len(dimension_ids)
    for rows in rows_at_once(len(here)):
        ticked, at = _some(points, here[rows])[:, columns], home[rows]
        scores = _scores(ticked, responses.instrument, item_ids, dimension_ids)
        answers += _answers(ticked, at, *answers.shape[::2])
        scored += _added(~np.isnan(scores.mean), at, len(homes))
        gaps += scores.gaps
        means = [found.add(_counts(each), fill_value=0) for found, each in zip(means, scores.mean.T, strict=True)]
    return People(
        levels=responses.levels,
        homes=homes,
        people=np.bincount(home, minlength=len(homes)),
        answers=answers,
        scored=scored,
        sd=np.array([_deviation(found) for found in means]),
        gaps=gaps,
        home=home,
        cuts=tuple(cuts),
    )


def _some(points: npt.NDArray[np.int8], rows: Places) -> npt.NDArray[np.int8]:
    """The points of some rows; not copied where they stand one below the other."""
    first, last = rows[0], rows[-1]
    return points[first : last + 1] if last - first + 1 == len(rows) else points[rows]


def _homes(groups: pd.DataFrame, here: Places) -> tuple[Places, tuple[tuple[str, ...], ...]]:
    """The home of every row that counts, and the names of all homes, in the order in which they come first."""
    home = np.zeros(len(here), np.intp)
    for name in groups:
        column = groups[name].cat
        home = pd.factorize(home * len(column.categories) + column.codes.to_numpy()[here])[0].astype(np.intp)
    first = here[np.unique(home, return_index=True)[1]] if len(groups.columns) else here[:1]
    names = [groups[name].iloc[first].astype(str).tolist() for name in groups]
    return home, tuple(zip(*names, strict=True)) if names else ((),) * len(first)


def _widest(instrument: Instrument, item_ids: Sequence[str]) -> int:
    return max(len(item.scale.values) for item in instrument.items if item.id in item_ids)


def _added(flags: npt.NDArray[np.bool_], home: Places, homes: int) -> Counts:
    counts = [np.bincount(home[column], minlength=homes) for column in flags.T]
    return np.array(counts, np.int64).reshape(flags.shape[1], homes).T


def _answers(points: npt.NDArray[np.int8], home: Places, homes: int, width: int) -> Counts:
    """(homes × items × points) how often each point was ticked."""
    counts = np.zeros((homes, points.shape[1], width), np.int64)
    for column, ticked in enumerate(points.T):
        given = ticked > 0
        at = home[given] * width + ticked[given] - 1
        counts[:, column] = np.bincount(at, minlength=homes * width).reshape(homes, width)
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


def _counts(mean: Floats) -> "pd.Series[int]":
    """How many people have each score."""
    return pd.Series(mean[~np.isnan(mean)]).value_counts()


def _deviation(counts: "pd.Series[int]") -> float:
    """The standard deviation of the scores of all people, of which there are so many of each."""
    values, n = counts.index.to_numpy(np.float64), counts.to_numpy(np.float64)
    people = n.sum()
    mean = (values * n).sum() / people if people else 0.0
    return float(np.sqrt((n * (values - mean) ** 2).sum() / (people - 1))) if people > 1 else float("nan")


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
            is_in, is_left = (np.zeros(len(people.homes), np.bool_) for _ in range(2))
            is_in[known[whole]] = is_left[known[whole]] = True
            for part in (known[one] for one in inside.get(unit.path, ())):
                if is_in[part].all():
                    is_left[part] = False
            found[unit] = np.flatnonzero(is_left)
    return found
