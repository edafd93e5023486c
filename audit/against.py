"""How far a unit stands from other people: the true difference, and whether intervals around it tell a spread."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..languages import language, speaking
from .columns import Floats, Places, Texts, different
from .figures import Fault, Printed, Questions, plain
from .language import pattern, patterns
from .markup import Slot
from .truth import Table

_SLACK = 1e-6
_COLUMNS = 4
_NUMBER = re.compile(r"[+−-]?\d+(?:[.,]\d+)?")
_POINTS = r"\d{1,3}(?:[.,]\d)?"
_END = rf"[+−]?{_POINTS}"


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Printed differences of rows from the other people of rows that hold them, in points of the index.

    row, above: places in `Table.units`; dimension: places in `Questions.dimensions`. low, high: NaN where not printed.
    place: as `texts` numbers where they stand.
    """

    row: Places
    above: Places
    dimension: Places
    difference: Floats
    low: Floats
    high: Floats
    texts: Texts
    place: Places

    def where(self, at: int) -> str:
        """Where one of them stands."""
        return self.texts[int(self.place[at])]


def astray(file: str, gaps: Gaps, table: Table, questions: Questions) -> Iterator[Fault]:
    """The differences that are not those of the survey, and the dimensions whose intervals no single spread explains.

    An interval reaches as far as chance carries two groups of their sizes, by one spread for all: else the spread of a
    unit’s own answers could be read from it.
    """
    true = true_gaps(gaps, table, questions)
    is_unknown = np.isnan(true)
    slack = np.where(np.abs(gaps.difference) >= 1, 0.5, 0.1) + _SLACK
    for at in np.flatnonzero(is_unknown | (np.abs(true - gaps.difference) > slack)).tolist():
        problem = "a difference from other people that the printed rows do not hold"
        if not is_unknown[at]:
            problem = f"the difference is said to be {gaps.difference[at]:g}, but the survey gives {true[at]:.0f}"
        yield Fault(file, gaps.where(at), problem)
    lowest, highest = _spreads(gaps, true, table, questions)
    for dimension in different(gaps.dimension[~is_unknown]):
        here = gaps.dimension == dimension
        if lowest[here].max(initial=0.0) > highest[here].min(initial=np.inf):
            label = questions.measures[questions.dimensions[dimension]].label[:60]
            yield Fault(file, f"differences in “{label}”", "no single spread explains the intervals of them all")


def _spreads(gaps: Gaps, true: Floats, table: Table, questions: Questions) -> tuple[Floats, Floats]:
    """The least and the largest spread that the interval of each can be made with; of unknown ones any."""
    measure = np.array(questions.dimensions, np.intp)[gaps.dimension]
    n, whole = table.n[gaps.row, measure], table.n[gaps.above, measure]
    is_known = ~np.isnan(true)
    scale = np.where(is_known, (1 / np.maximum(n, 1) + 1 / np.maximum(whole - n, 1)) ** -0.5, 0.0)
    lowest, highest = np.zeros(len(true)), np.full(len(true), np.inf)
    for end, side in ((gaps.low, -1), (gaps.high, 1)):
        reach, slack = side * (end - true), np.where(np.abs(end) < 1, 0.1, 0.5)
        is_told = is_known & ~np.isnan(end)
        lowest = np.where(is_told, np.maximum(lowest, (reach - slack - _SLACK) * scale), lowest)
        is_bound = is_told & (np.abs(end) != 100)
        highest = np.where(is_bound, np.minimum(highest, (reach + slack + _SLACK) * scale), highest)
    return lowest, highest


def true_gaps(gaps: Gaps, table: Table, questions: Questions) -> Floats:
    """Each row less the others, over the items of the dimension that both rows print; NaN where there are none.

    A mean over items: of each, the others’ mean is what is left of the larger row without the smaller one.
    """
    found = np.full(len(gaps.row), np.nan)
    for column in different(gaps.dimension):
        measure = questions.dimensions[column]
        id_ = questions.measures[measure].id
        mine = np.array([item for item in questions.items if questions.measures[item].dimension == id_], np.intp)
        here = np.flatnonzero(gaps.dimension == column)
        cells, whole_cells = np.ix_(gaps.row[here], mine), np.ix_(gaps.above[here], mine)
        n, whole = table.n[cells], table.n[whole_cells]
        usable = table.shown[cells] & table.shown[whole_cells] & (n > 0) & (n < whole)
        own, all_ = table.index[cells], table.index[whole_cells]
        apart = own - (all_ * whole - own * n) / np.where(usable, whole - n, 1)
        means = np.where(usable, apart, 0.0).sum(axis=1) / np.maximum(usable.sum(axis=1), 1)
        people, others = table.n[gaps.row[here], measure], table.n[gaps.above[here], measure]
        is_told = usable.any(axis=1) & (people > 0) & (people < others)
        found[here[is_told]] = means[is_told]
    return found


def read_apart(rows: Sequence[Sequence[Slot]], printed: Printed, questions: Questions) -> None:
    """The table of units that stand apart from the rest of the unit above: unit, unit above, dimension, difference."""
    labels = [plain(questions.measures[at].label) for at in questions.dimensions]
    named, holds = _units(printed)
    for row in rows:
        where = f"units apart, “{plain(row[0].text)[:40]}”"
        numbers = [*_NUMBER.findall(row[3].text), *_NUMBER.findall(row[3].small)] if len(row) == _COLUMNS else []
        if len(numbers) != 3 or row[1].small.strip() or row[2].small.strip():
            printed.fault(where, "a difference without its interval, or with other columns than reports have")
            continue
        name, level, whole, dimension = (plain(text) for text in (row[0].text, row[0].small, row[1].text, row[2].text))
        for place in named.get((name, level), ()):
            path = printed.units[place].path[:-1]
            if path in holds and plain(" › ".join(path)) == whole and dimension in labels:
                figures = (float(text.replace("−", "-").replace(",", ".")) for text in numbers)
                difference, low, high = figures
                printed.apart.append(place, holds[path], labels.index(dimension), (difference, low, high), where)
                break
        else:
            printed.fault(where, "a difference of units that no rows stand for")


def _units(printed: Printed) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[str, ...], int]]:
    """The places of the units below top level, by name and level; and the first place of every unit, by its path."""
    named: dict[tuple[str, str], list[int]] = {}
    holds: dict[tuple[str, ...], int] = {}
    for place, unit in enumerate(printed.units):
        if not (unit.rest or unit.cut):
            holds.setdefault(unit.path, place)
            if len(unit.path) > 1:
                named.setdefault((unit.path[-1], unit.level), []).append(place)
    return named, holds


_ABOVE = (
    (
        "{points} point above {who} (between {low} and {high}): chance can do that",
        "{points} points above {who} (between {low} and {high}): chance can do that",
    ),
    (
        "{points} point above {who} (between {low} and {high}): more than chance explains",
        "{points} points above {who} (between {low} and {high}): more than chance explains",
    ),
)
_BELOW = (
    (
        "{points} point below {who} (between {low} and {high}): chance can do that",
        "{points} points below {who} (between {low} and {high}): chance can do that",
    ),
    (
        "{points} point below {who} (between {low} and {high}): more than chance explains",
        "{points} points below {who} (between {low} and {high}): more than chance explains",
    ),
)
_LEVEL = "level with {who} (between {low} and {high} points): chance can do what differs"


def apart_in_words(sentence: str) -> tuple[str, float, float, float] | None:
    """A sentence on a difference in the language that is spoken: from whom, the difference, and its interval.

    None where reports have no such sentence, or where what it says of chance is not what its interval says.

    >>> apart_in_words("8 points below everybody else in North (between −14 and −2): more than chance explains")
    ('everybody else in North', -8.0, -14.0, -2.0)
    >>> apart_in_words("8 points below everybody else in North (between −14 and +2): more than chance explains")
    """
    for form, side, is_told in _sentences(language()):
        found = re.fullmatch(form, plain(sentence))
        if found:
            points, low, high = (_value(found.groupdict().get(name) or "0") for name in ("points", "low", "high"))
            agrees = low <= side * points <= high and (side == 0 or points > 0)
            away = low >= 0 if side > 0 else high <= 0
            return (found["who"], side * points, low, high) if agrees and (away or not is_told) else None
    return None


@cache
def _sentences(lang: str) -> tuple[tuple[str, int, bool], ...]:
    """Patterns of the sentences on a difference, with the side they tell, and whether they say that it is told."""
    with speaking(lang):
        parts = {"who": ".+", "low": _END, "high": _END}
        found = [(pattern(_LEVEL, **parts), 0, False)]
        for side, frames in ((1, _ABOVE), (-1, _BELOW)):
            for frame, is_told in zip(frames, (False, True), strict=True):
                found += [(form, side, is_told) for form in patterns(*frame, points=_POINTS, **parts)]
        return tuple(found)


def _value(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def gaps_of(printed: Printed, rows: Sequence[int]) -> Gaps:
    """The differences of one file, by the rows of the table. rows: per unit of the file, -1 where there is none."""
    apart, known = printed.apart, np.array(rows, np.intp)
    row, above = known[apart.column(0)], known[apart.column(1)]
    is_there = (row >= 0) & (above >= 0)
    dimension, *figures, place = (apart.column(at)[is_there] for at in range(2, 7))
    difference, low, high = (np.asarray(one, np.float64) for one in figures)
    dimension, place = (np.asarray(one, np.intp) for one in (dimension, place))
    return Gaps(row[is_there], above[is_there], dimension, difference, low, high, apart.texts, place)
