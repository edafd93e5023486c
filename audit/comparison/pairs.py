"""The people in both of two waves, by the codes that they made up: counted anew from the rows of both surveys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import copysign, isnan
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...surveys.instrument import Instrument
from ...surveys.responses import Responses
from ..case import Case
from ..columns import Counts, Floats
from ..figures import Fault, Questions
from .figures import VERDICTS, Compared, Pair
from .wording import people_in_pairs

_SLACK: Final = 1e-6
_LEVEL, _POWER, _BLIND = 0.05, 0.8, 50  # of a verdict; of the smallest visible change; half the scale
_WHERE: Final = "people in both waves"


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """The answers of one wave, person by person, with their codes.

    codes: (people) without capitals and blanks around, "" for none. responses: of the wave. case: what is known of its
    printed rows. least: smallest group; joint: people from which figures of persons’ scores are printed.
    """

    codes: npt.NDArray[np.object_]
    responses: Responses
    case: Case
    least: int
    joint: int

    @property
    def once(self) -> dict[str, int]:
        """The codes that one person gave, and where that person stands."""
        names, places, times = np.unique(self.codes.astype(str), return_index=True, return_counts=True)
        return {str(name): int(place) for name, place, n in zip(names, places, times, strict=True) if name and n == 1}

    def indexes(self, dimension: str) -> Floats:
        """(people × items of the dimension) each answer on 0 to 100, the good end up; NaN for a blank."""
        return np.column_stack([self._index(place) for place in self._items(dimension)])

    def _items(self, dimension: str) -> list[int]:
        instrument = self.responses.instrument
        return [place for place, item in enumerate(instrument.items) if item.dimension == dimension]

    def _index(self, place: int) -> Floats:
        item = self.responses.instrument.items[place]
        ticked = self.responses.points[item.id].to_numpy(float)
        share = (ticked - 1) / (len(item.scale.values) - 1) * 100
        return np.where(ticked > 0, 100 - share if item.reverse else share, np.nan)

    def atoms(self, dimension: str) -> list[Counts]:
        """Per item of the dimension, (people) the innermost printed row that each is in."""
        case, found = self.case, []
        for place in self._items(dimension):
            measure = case.questions.place(self.responses.instrument.items[place].id, is_item=True)
            shown = case.known[:, measure] if measure is not None else np.zeros(len(case.units), np.bool_)
            on = shown.tolist()
            innermost = [next((row for row in reversed(rows) if on[row]), -1) for rows in case.family.of_home]
            found.append(np.array(innermost, np.int64)[case.people.rows.home])
        return found

    @property
    def are_nested(self) -> bool:
        """Whether the printed rows of every question lie in each other, as units do."""
        case = self.case
        return not case.is_cut.any() and all(
            case.family.is_laminar(case.known[:, place]) for place in case.questions.items
        )


def sheets_of(codes: pd.Series, case: Case, least: int, joint: int) -> Sheets:
    """The answers of one wave with their codes. codes: (people of the wave) as they stand in the survey."""
    plain = codes.astype(str).str.strip().str.casefold().to_numpy(object)
    return Sheets(plain, case.responses, case, least, joint)


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """The pairs in one dimension.

    changes: (pairs with a score in both waves) in points. alone: people of either wave with a score who are in none.
    gaps: pairs that left blanks. apart: of either wave, the fewest whom the sum of changes tells apart.
    """

    changes: Floats
    alone: tuple[int, int]
    gaps: int
    apart: tuple[int, int]


class Pairs:
    """All pairs of two waves: a code that one person gave in either."""

    def __init__(self, before: Sheets, after: Sheets) -> None:
        self.waves = before, after
        once = before.once, after.once
        both = sorted(once[0].keys() & once[1].keys())
        self.places = tuple(np.array([mine[code] for code in both], np.intp) for mine in once)
        self.least = max(before.least, after.least)
        self.joint = max(before.joint, after.joint, self.least)

    def people(self) -> dict[str, int]:
        """The numbers of people that a comparison says, under the names of `people_in_pairs`."""
        n = len(self.places[0])
        sizes = [len(wave.codes) for wave in self.waves]
        uncoded = [int((wave.codes == "").sum()) for wave in self.waves]
        repeated = sum(
            size - none - len(wave.once) for size, none, wave in zip(sizes, uncoded, self.waves, strict=True)
        )
        return {
            "pairs": n,
            "alone before": sizes[0] - n,
            "alone after": sizes[1] - n,
            "uncoded": sum(uncoded),
            "repeated": repeated,
        }

    def changes(self, dimension: str) -> _Changes:
        """The pairs in one dimension."""
        indexes = [wave.indexes(dimension) for wave in self.waves]
        scores = [_scores(values, wave.responses.instrument) for values, wave in zip(indexes, self.waves, strict=True)]
        then, now = (score[places] for score, places in zip(scores, self.places, strict=True))
        there = ~np.isnan(then) & ~np.isnan(now)
        blanks = [np.isnan(values[places]).any(axis=1) for values, places in zip(indexes, self.places, strict=True)]
        mine = [places[there] for places in self.places]
        apart = [
            _apart(wave.atoms(dimension), values, score, place)
            for wave, values, score, place in zip(self.waves, indexes, scores, mine, strict=True)
        ]
        alone = [int((~np.isnan(score)).sum()) - int(there.sum()) for score in scores]
        return _Changes(
            now[there] - then[there],
            (alone[0], alone[1]),
            int(((blanks[0] | blanks[1]) & there).sum()),
            (apart[0], apart[1]),
        )


def _scores(indexes: Floats, instrument: Instrument) -> Floats:
    """(people) the mean of the answers of each; NaN where too few were given."""
    given = ~np.isnan(indexes)
    number = given.sum(axis=1)
    enough = number >= max(instrument.min_answered * indexes.shape[1] - 1e-9, 1)
    total = np.where(given, indexes, 0.0).sum(axis=1)
    return np.where(enough, total / np.maximum(number, 1), np.nan)


def _apart(atoms: Sequence[Counts], indexes: Floats, scores: Floats, paired: npt.NDArray[np.intp]) -> int:
    """The fewest people whom the sum of changes sets apart in a wave, beside the printed rows of single items.

    A reader may take off each atom as often as he likes: its pairs drop out, or its others, and he picks the more.
    Where each atom is all pairs or all others, those of one weight drop out: people with gaps weigh more than others.
    """
    weights = np.zeros(len(scores))
    weights[paired] = 1 / (~np.isnan(indexes[paired])).sum(axis=1)
    kinds = [(weights > 0).astype(np.int64), np.unique(weights, return_inverse=True)[1]]
    fewest = [0, 0]
    for item, atom in enumerate(atoms):
        here = ~np.isnan(scores) & ~np.isnan(indexes[:, item])
        for kind, classes in enumerate(kinds):
            size = int(classes.max(initial=0)) + 1
            cells = np.bincount((atom[here] + 1) * size + classes[here], minlength=size)
            sizes = np.pad(cells, (0, -len(cells) % size)).reshape(-1, size)
            fewest[kind] = max(fewest[kind], int((sizes.sum(axis=1) - sizes.max(axis=1)).sum()))
    return fewest[0] or fewest[1]


def other_ways(before: Sheets, after: Sheets) -> Iterator[str]:
    """What the record knows of comparisons of people that link these waves by way of others: a ring, with this one."""
    one, other = before.case.wave, after.case.wave
    known = {link for sheets in (before, after) if sheets.case.history for link in sheets.case.history.links}
    links = {frozenset(link) for link in known} - {frozenset((one, other))}
    reached = {one}
    for _ in links:
        reached.update(*(link for link in links if link & reached))
    if other in reached:
        yield (
            f"The record holds comparisons of people that link “{one}” and “{other}” by way of other waves. Whoever"
            " holds all of them may work out what the few answered who were in some of these waves and not in others."
        )


# Comparing


def faults_of_pairs(said: Compared, questions: Questions, pairs: Pairs) -> Iterator[Fault]:
    """What one file says of the people in both waves that is not so, or that tells a few of them apart."""
    yield from (Fault(said.printed.file, where, problem) for where, problem in _problems(said, questions, pairs))


def _problems(said: Compared, questions: Questions, pairs: Pairs) -> Iterator[tuple[str, str]]:
    people, told = pairs.people(), people_in_pairs(said)
    for name, number in told.items():
        true = people[name]
        is_few = name in {"uncoded", "repeated"} and 0 < true < pairs.least
        if number != (-1 if is_few else true):
            yield _WHERE, f"{name}: {_told(number)}, but the surveys give {'a few' if is_few else true}"
    if (told or said.pairs) and people["pairs"] < pairs.joint:
        yield _WHERE, f"they are {people['pairs']}; at least {pairs.joint} are needed"
    for name in ("alone before", "alone after"):
        if (told or said.pairs) and 0 < people[name] < pairs.least:
            yield _WHERE, f"{name}: {people[name]} people, so few can be told apart"
    printed = [pair for pair in said.pairs if pair.difference is not None or pair.n is not None]
    found = {pair.measure: pairs.changes(questions.measures[pair.measure].id) for pair in printed}
    adjusted = _adjusted([_chance(found[pair.measure].changes) for pair in printed])
    for pair, p in zip(printed, adjusted, strict=True):
        unsafe = list(_unsafe(found[pair.measure], pairs))
        yield from ((pair.place, problem) for problem in unsafe)
        if not unsafe:
            yield from ((pair.place, one) for one in _untrue(pair, found[pair.measure].changes, p, len(printed)))


def _unsafe(found: _Changes, pairs: Pairs) -> Iterator[str]:
    """Why nothing may be said of a dimension."""
    if len(found.changes) < pairs.joint:
        yield f"a change of {len(found.changes)} people; at least {pairs.joint} are needed"
    for number, who in ((found.alone[0], "only before"), (found.alone[1], "only after"), (found.gaps, "with gaps")):
        if 0 < number < pairs.least:
            yield f"a change of people in both waves, which tells {number} people apart ({who})"
    if found.apart != (0, 0) and min(found.apart) < pairs.least:
        yield "a change of people in both waves that, less printed rows, tells a few people apart"
    if len(found.changes) and np.ptp(found.changes) <= _SLACK:
        yield "a change that everybody shares"


def _untrue(pair: Pair, changes: Floats, p: float, comparisons: int) -> Iterator[str]:
    """What of a printed line the surveys do not give. p: adjusted for the number of comparisons."""
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy)

    n, free = len(changes), len(changes) - 1
    mean, error = float(changes.mean()), float(changes.std(ddof=1)) / n**0.5
    reach = float(stdtrit(free, 0.975)) * error
    low, high = mean - reach, mean + reach
    bar = float(stdtrit(free, 1 - _LEVEL / (2 * comparisons)) + stdtrit(free, _POWER)) * error
    sign = int(copysign(1, mean)) if p <= _LEVEL and low * high > 0 else 0
    verdict = (sign, not sign and bar > _BLIND)
    truths = (
        ("number of people", pair.n, abs((pair.n or 0) - n) < _SLACK, n),
        ("change", pair.difference, _fits(pair.difference, mean), mean),
        ("lower end", pair.low, _fits(pair.low, max(low, -100.0)), low),
        ("upper end", pair.high, _fits(pair.high, min(high, 100.0)), high),
        ("smallest visible change", pair.smallest, _is_above(pair.smallest, min(bar, 100.0)), bar),
    )
    for name, value, fits, true in truths:
        if not fits:
            yield f"the {name} is said to be {_told(value)}, but the surveys give {true:.2f}"
    if (VERDICTS[pair.verdict], pair.verdict == "cannot tell") != verdict:
        yield f"it is called “{pair.verdict}”, which the surveys do not bear out"


def _fits(value: float | None, true: float) -> bool:
    """Whether a figure is printed as differences are: whole points, tenths below one, on its side of nought."""
    if value is None:
        return False
    if abs(value) >= 1 and abs(true) >= 1 - _SLACK:
        return abs(value - true) <= 0.5 + _SLACK and value == round(value)
    nearest = max(round(abs(true), 1), 0.1) if abs(true) > _SLACK else 0.0
    return abs(true) <= 1 + _SLACK and abs(value - copysign(nearest, true)) <= _SLACK


def _is_above(value: float | None, true: float) -> bool:
    """Whether a figure is rounded up to a whole one."""
    return value is not None and true - _SLACK <= value < true + 1 + _SLACK and value == round(value)


def _told(value: float | None) -> str:
    return "not printed" if value is None else "a few" if value == -1 else f"{value:g}"


def _chance(changes: Floats) -> float:
    """How often chance alone moves these people so far: Student’s t, both sides."""
    from scipy.special import stdtr  # noqa: PLC0415 (heavy)

    n = len(changes)
    error = changes.std(ddof=1) / n**0.5 if n > 1 else float("nan")
    return float(2 * stdtr(n - 1, -abs(changes.mean()) / error)) if n > 1 and error > 0 else float("nan")


def _adjusted(chances: Sequence[float]) -> list[float]:
    """The same for as many comparisons: Holm’s rule, the smallest times their number, and so on, never falling."""
    known = sorted((p, place) for place, p in enumerate(chances) if not isnan(p))
    found, highest = [float("nan")] * len(chances), 0.0
    for rank, (p, place) in enumerate(known):
        highest = max(highest, min(p * (len(known) - rank), 1.0))
        found[place] = highest
    return found
