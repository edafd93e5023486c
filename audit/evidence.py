"""Evidence: whether what a report says of team scores, and of what goes with what, is what the raw rows give.

Nothing is taken from the analysis: every figure is made again from the rows, by its published definition.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Item
from ..surveys.pieces import rows_at_once
from ..surveys.responses import Responses
from .figures import Fault, Questions, Stated, plain
from .members import People, Places
from .truth import Table
from .vocabulary import has_many_units

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SLACK: Final = 1e-6
_TIE: Final = 1e-9  # figures nearer to a bound than this may fall on either side of it
_SPEAKING_UP: Final = "speaking-up"
_STEPS: Final = 20_000
_STILL: Final = 1e-13
_DEPENDENT: Final = 1e-10
_FEW_PEOPLE: Final = 10  # for each item that goes with an outcome
_ENDS: Final = {"weight low": 1, "weight high": -1}
_LOOSE: Final = {"omega": 0.01}  # found by another search, which stops elsewhere

# What a claim may be, and what it is called in a fault.
OF_ORGANISATION: Final = {
    "reliability people": "the number of people behind a reliability",
    "alpha": "Cronbach’s alpha",
    "alpha low": "the lower end of alpha",
    "alpha high": "the upper end of alpha",
    "standardised": "the standardised alpha",
    "omega": "McDonald’s omega",
    "halves": "the correlation of the reverse-keyed half with the other",
    "item-rest": "the correlation of an item with the others",
    "alpha-without": "alpha without an item",
    "teams": "the number of teams compared",
    "team people": "the number of people in the teams compared",
    "icc1": "ICC(1)",
    "icc2": "ICC(2)",
    "driver people": "the number of people behind relative weights",
    "explained": "the explained share",
    "weight": "a relative weight",
    "weight low": "the lower end of a relative weight",
    "weight high": "the upper end of a relative weight",
}
OF_ROW: Final = {
    "view": "the verdict on the view",
    "deviation": "the average deviation",
    "agreement": "the agreement rwg(j)",
    "shrunken": "the shrunken index",
    "worth": "what the mean is worth",
    "headcount": "the number of people asked",
    "if low": "the lowest index if all had answered",
    "if high": "the highest index if all had answered",
}
_DIFFERENCES: Final = frozenset({"teams", "team people", "icc1", "icc2"})
_WEIGHTS: Final = frozenset({"driver people", "explained", "weight", "weight low", "weight high"})
_OF_ITEM: Final = frozenset({"item-rest", "alpha-without", "weight", "weight low", "weight high"})
_OF_TEAM: Final = frozenset({"shrunken", "worth"})

_VIEWS: Final = "shared view", "mixed view", "split team", "too few to say"
_PARTS: Final = (0.0, 0.4), (0.4, 0.6), (0.6, 1.0)  # of a response scale
_CAMP: Final = 0.25  # of the answers
_MAY_NOT: Final = "few people answered, few left gaps, or a statement of it is not printed"


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many people on which figure may be printed; as `Policy`, a coalition among them."""

    smallest: int = 5
    detail_from: int = 10
    joint_from: int = 30
    dimension_items: float = 2 / 3


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Of every pair of items, over the people who answered both: how many, covariance, correlation of their answers."""

    n: Counts
    covariance: Floats
    correlation: Floats


@dataclass(frozen=True, slots=True)
class _Figures:
    """Some true figures by kind and item, "" for none. reason: why none of them may be printed, "" where they may."""

    values: dict[tuple[str, str], float] = field(default_factory=dict)
    reason: str = ""


class Truths:
    """The true evidence of one wave: `truths.faults("report.html", claims)` gives whatever is not so, or not allowed.

    responses: of the wave alone. people, table, questions: as the audit has them. published: (rows of the table) rows
    that are published, in whichever file; the teams among them are those that ICC(1) is made of.
    """

    def __init__(
        self,
        responses: Responses,
        people: People,
        table: Table,
        questions: Questions,
        limits: Limits,
        published: Bools,
    ) -> None:
        self.responses, self.people, self.table, self.questions = responses, people, table, questions
        self.limits, self.published = limits, published
        by_id = {item.id: item for item in responses.instrument.items}
        self.items: list[Item] = [by_id[questions.measures[place].id] for place in questions.items]
        self.dimensions = [questions.measures[place].id for place in questions.dimensions]
        innermost = plain(responses.levels[-1]) if responses.levels else ""
        self.is_team = np.array(
            [bool(unit.path) and unit.level == innermost and not (unit.rest or unit.cut) for unit in table.units]
        )
        self.is_unit = np.array([bool(unit.path) and not (unit.rest or unit.cut) for unit in table.units])
        self._known: dict[tuple[str, str], _Figures] = {}
        self._views: dict[str, _Seen] = {}

    def faults(self, file: str, claimed: Iterable[Stated]) -> Iterator[Fault]:
        """Every claim of one file that the rows do not bear out, or that the rules forbid; all its claims together.

        unit of a claim: row of the table, None for what is said of the organisation as a whole.
        A kind that is not known, a measure, an item or a row that is not there are faults as well. A claim with NaN is
        borne out where the figure is not defined. Both ends of “if low” and “if high” of a row must fit one whole
        headcount, and the one that is claimed (“headcount”) if there is one; they are rounded outwards.
        """
        of_rows: dict[str, list[Stated]] = defaultdict(list)
        for claim in claimed:
            problem = self._unknown(claim)
            if problem:
                yield Fault(file, claim.place, problem)
            elif claim.kind in OF_ROW:
                of_rows[claim.kind].append(claim)
            else:
                yield from self._of_organisation(file, claim)
        for kind in ("view", "deviation", "agreement", "shrunken", "worth"):
            yield from self._of_rows(file, kind, of_rows[kind])
        yield from self._bounds(file, of_rows["headcount"], [*of_rows["if low"], *of_rows["if high"]])

    def _unknown(self, claim: Stated) -> str:
        """What keeps a claim from being one that a report can make."""
        words = OF_ROW.get(claim.kind) or OF_ORGANISATION.get(claim.kind)
        if words is None:
            return f"a figure of an unknown kind, “{claim.kind[:40]}”"
        if (claim.kind in OF_ROW) != (claim.unit is not None):
            return f"{words} is said of {'a unit' if claim.unit is not None else 'no unit'}"
        if claim.unit is not None and not 0 <= claim.unit < len(self.table.units):
            return f"{words} is said of a unit that is not there"
        items = {item.id for item in self.items}
        measures = {*self.dimensions, *(items if claim.kind in _WEIGHTS else ())}
        if claim.kind != "headcount" and claim.measure not in measures:
            return f"{words} is said of “{claim.measure[:40]}”, which is not there"
        if (claim.item in items) != (claim.kind in _OF_ITEM):
            return f"{words} is said of “{claim.item[:40]}”, which it cannot be of"
        return ""

    # What is said of the organisation as a whole

    def _of_organisation(self, file: str, claim: Stated) -> Iterator[Fault]:
        true, words = self._true(claim.kind, claim.measure), OF_ORGANISATION[claim.kind]
        if true.reason:
            yield Fault(file, claim.place, f"{words} may not be printed here: {true.reason}")
        elif claim.kind in _ENDS:
            sign, weight = _ENDS[claim.kind], true.values.get(("weight", claim.item), np.nan)
            if not sign * (_number(claim) - weight) <= 0.5 * 10.0**-claim.decimals + _SLACK:
                yield Fault(file, claim.place, f"{words} is said to be {claim.value}, beyond the weight, {weight:.3f}")
        elif true.values:
            found = true.values.get((claim.kind, claim.item), np.nan)
            if not _bears_out(claim, found):
                yield _untrue(file, claim, words, found)

    def _true(self, kind: str, measure: str) -> _Figures:
        """The true figures that one of this kind stands among; none at all where the files do not tell enough."""
        make = next((make for kinds, make in self._makers if kind in kinds), self._reliability)
        key = make.__name__, measure
        if key not in self._known:
            self._known[key] = make(measure)
        return self._known[key]

    @property
    def _makers(self) -> tuple[tuple[frozenset[str], Callable[[str], _Figures]], ...]:
        return (_DIFFERENCES, self._differences), (_WEIGHTS, self._weights)

    def _reliability(self, dimension: str) -> _Figures:
        mine = self._items_of(dimension)
        pairs = self._pairs_of(mine)
        if not self._may_be_joined(mine, pairs, self._left_gaps(mine)):
            return _Figures(reason=_MAY_NOT)
        cov, size = pairs.covariance, len(mine)
        people = self._some_answered(mine)
        value = _alpha(cov)
        low, high = _feldt(value, people, size)
        sd = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
        reverse = np.array([self.items[place].reverse for place in mine])
        values = {
            ("reliability people", ""): float(people),
            ("alpha", ""): value,
            ("alpha low", ""): low,
            ("alpha high", ""): high,
            ("standardised", ""): _alpha(cov / np.outer(sd, sd)),
            ("omega", ""): _omega(pairs.correlation),
            ("halves", ""): _correlated(cov, reverse.astype(float), (~reverse).astype(float)),
        }
        for place, at in enumerate(mine):
            others = np.arange(size) != place
            values["item-rest", self.items[at].id] = _correlated(cov, (~others).astype(float), others.astype(float))
            values["alpha-without", self.items[at].id] = _alpha(cov[np.ix_(others, others)])
        return _Figures(values)

    def _differences(self, dimension: str) -> _Figures:
        """Analysis of variance over the printed teams of which every item is printed; {} where no file prints items."""
        column, mine = self.dimensions.index(dimension), self._items_of(dimension)
        printed = self._printed[:, mine]
        teams = self.is_team & self.published & self._shown[:, column]
        if (teams & ~printed.any(axis=1)).any() or (not self.is_team.any() and has_many_units(self._homes)):
            return _Figures()  # the audit says of those rows, or of a page without its teams, that they are not proved
        team = np.full(len(self.people.homes), -1)
        for place, row in enumerate(np.flatnonzero(teams & printed.all(axis=1)).tolist()):
            team[self.table.members[row]] = place
        n, total, squares, gaps = self._scores_by_home(mine)
        inside = team >= 0
        sums = [np.bincount(team[inside], weights=each[inside]) for each in (n, total, squares)]
        people = int(n[inside].sum())
        if people < self.limits.joint_from or 0 < gaps[inside].sum() < self.limits.smallest:
            return _Figures(reason=_MAY_NOT)
        between, within, size = _mean_squares(*(each[sums[0] > 0].astype(float) for each in sums))
        if n.sum() >= self.limits.joint_from and not 0 < gaps.sum() < self.limits.smallest and printed[0].all():
            within = self._within(column, printed, (n, total, squares), within)
        room = between + (size - 1) * within
        return _Figures(
            {
                ("teams", ""): float((sums[0] > 0).sum()),
                ("team people", ""): float(people),
                ("icc1", ""): (between - within) / room if room > _TIE else np.nan,
                ("icc2", ""): (between - within) / between if between > _TIE else np.nan,
            }
        )

    def _within(self, column: int, printed: Bools, sums: Sequence[Floats], of_teams: float) -> float:
        """The variance inside the innermost rows that print every item; that of the teams where nothing is left of it.

        sums: (homes) each, of persons' scores.
        """
        rows = np.flatnonzero(self.published & self._shown[:, column] & printed.all(axis=1) & self._is_row)
        inner = np.full(len(self.people.homes), -1)
        for row in sorted(rows.tolist(), key=lambda row: -len(self.table.members[row])):
            inner[self.table.members[row]] = row
        n, total, squares = (np.bincount(inner[inner >= 0], weights=each[inner >= 0]) for each in sums)
        degrees = n.sum() - (n > 0).sum()
        inside = squares.sum() - (total**2 / np.maximum(n, 1)).sum()
        return float(max(inside, 0.0) / degrees) if degrees > 0 else of_teams

    @property
    def _is_row(self) -> Bools:
        """(rows) the organisation, units and teams."""
        return np.asarray(self.is_unit | (np.arange(len(self.is_unit)) == 0))

    def _weights(self, outcome: str) -> _Figures:
        answers = [place for place, item in enumerate(self.items) if item.dimension == outcome]
        if outcome not in self.dimensions:
            answers = [place for place, item in enumerate(self.items) if item.id == outcome]
        home = {self.items[place].dimension for place in answers}
        predictors = [
            place
            for place, item in enumerate(self.items)
            if item.dimension in self.dimensions and item.dimension not in home
        ]
        used = [*predictors, *answers]
        pairs = self._pairs_of(used)
        if not self._may_be_joined(used, pairs, self._left_gaps(used)):
            return _Figures(reason=_MAY_NOT)
        people, size = int(pairs.n.min()), len(predictors)
        if not 0 < size * _FEW_PEOPLE <= people:
            return _Figures(reason=f"{people} people are too few for {size} statements")
        both = np.column_stack([np.eye(len(used))[:, :size], (np.arange(len(used)) >= size).astype(float)])
        cov = both.T @ pairs.covariance @ both
        sd = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
        weights = _relative_weights(cov / np.outer(sd, sd))
        ids = [self.items[place].id for place in predictors]
        values = {("weight", id_): float(weight) for id_, weight in zip(ids, weights, strict=True)}
        values |= {("driver people", ""): float(people), ("explained", ""): float(weights.sum())}
        return _Figures(values)

    def _may_be_joined(self, items: Sequence[int], pairs: _Pairs, gaps: int) -> bool:
        """Whether figures of several answers of one person may be made of these items.

        Where no file prints a single item of the organisation, that they are printed cannot be asked for.
        """
        enough = int(pairs.n.min(initial=self.limits.joint_from)) >= self.limits.joint_from
        printed = self._printed[0]
        return enough and not 0 < gaps < self.limits.smallest and bool(printed[items].all() or not printed.any())

    # What is said of a row

    def _of_rows(self, file: str, kind: str, claims: Sequence[Stated]) -> Iterator[Fault]:
        words, rows_with = OF_ROW[kind], self.is_team if kind in _OF_TEAM else self.is_unit
        may_stand = (rows_with & self.published)[:, None] & self._shown
        drawn: dict[str, tuple[_Figures, Floats]] = {}
        for claim in claims:
            row, column = int(claim.unit or 0), self.dimensions.index(claim.measure)
            if not may_stand[row, column]:
                yield Fault(file, claim.place, f"{words} stands where it may not be printed")
            elif kind == "view":
                said = self._seen(claim.measure).verdicts(row)
                if claim.value not in said:
                    yield Fault(file, claim.place, f"{words} is said to be “{claim.value}”, but it is “{said[0]}”")
            elif kind in _OF_TEAM:
                if claim.measure not in drawn:
                    true = self._true("icc1", claim.measure)
                    icc = true.values.get(("icc1", ""), np.nan)
                    drawn[claim.measure] = true, self._drawn(column, icc)[kind == "worth"]
                true, all_drawn = drawn[claim.measure]
                found = float(all_drawn[row])
                if (true.values or true.reason) and not _bears_out(claim, found):
                    yield _untrue(file, claim, words, found)
            elif self._seen(claim.measure).told[row]:
                found = float(getattr(self._seen(claim.measure), kind)[row])
                if not _bears_out(claim, found):
                    yield _untrue(file, claim, words, found)

    def _drawn(self, column: int, icc: float) -> tuple[Floats, Floats]:
        """(rows) the index drawn towards the organisation's, and what the mean is worth."""
        share, n, index = max(icc, 0.0), self.table.n[:, column], self.table.index[:, column]
        worth = n * share / (1 + (n - 1) * share)
        return worth * index + (1 - worth) * index[0], worth

    def _bounds(self, file: str, counts: Sequence[Stated], ends: Sequence[Stated]) -> Iterator[Fault]:
        """What is said of the index of everybody asked: one whole number of people must explain all of a row's ends."""
        said = {claim.unit: _number(claim) for claim in counts}
        by_row: dict[int, list[Stated]] = defaultdict(list)
        shown = self._shown
        for claim in ends:
            by_row[int(claim.unit or 0)].append(claim)
        for row, claims in by_row.items():
            first, columns = claims[0], [self.dimensions.index(claim.measure) for claim in claims]
            if not (self.published[row] and shown[row, columns].all()) or self.table.units[row].cut:
                yield Fault(file, first.place, f"{OF_ROW[first.kind]} stands where it may not be printed")
                continue
            n = self.table.n[row, columns]
            fewest, most = self._asked(claims, n, self.table.index[row, columns])
            fewest = max(fewest, int(self.table.people[row]), int(n.max()) + 1)
            asked = said.get(row)
            if asked is None and not fewest <= most:
                problem = "no number of people asked explains what the index could be if all had answered"
                yield Fault(file, first.place, problem)
            elif asked is not None and not fewest <= asked <= most:
                problem = f"what the index could be if all had answered is not what {asked:g} people asked give"
                yield Fault(file, first.place, problem)

    def _asked(self, claims: Sequence[Stated], n: Counts, index: Floats) -> tuple[float, float]:
        """The fewest and the most people who can have been asked, given ends that are rounded outwards.

        Of N people asked the index is at least n·m / N, and it falls short of 100 by at least n·(100 - m) / N.
        """
        is_low = np.array([claim.kind == "if low" for claim in claims])
        value = np.array([_number(claim) for claim in claims])
        short = np.where(is_low, value, 100 - value)
        sums = n * np.where(is_low, index, 100 - index)
        most = np.where(short > _SLACK, sums / np.maximum(short - _SLACK, _TIE), np.inf)
        unit = 10.0 ** -np.array([claim.decimals for claim in claims])
        fewest = sums / (short + unit + _SLACK)
        return float(np.ceil(fewest.max())), float(np.floor(most.min()))

    # What the rows say

    @property
    def _homes(self) -> list[tuple[str, ...]]:
        """The units that people are in, without the groups across them."""
        return [home[: len(self.responses.levels)] for home in self.people.homes]

    def _items_of(self, dimension: str) -> list[int]:
        return [place for place, item in enumerate(self.items) if item.dimension == dimension]

    @property
    def _printed(self) -> Bools:
        """(rows × items) what some file prints."""
        return np.asarray(self.table.shown[:, self.questions.items])

    @property
    def _shown(self) -> Bools:
        """(rows × dimensions) the same of dimensions."""
        return np.asarray(self.table.shown[:, self.questions.dimensions])

    def _pieces(self, items: Sequence[int]) -> Iterator[tuple[Floats, Places]]:
        """The answers to some items, keyed, 0 where there is none, and the homes of the people: some rows at a time."""
        points = self.responses.points
        ids = points.columns.tolist()
        columns = np.array([ids.index(self.items[place].id) for place in items], np.intp)
        width = np.array([len(self.items[place].scale.values) for place in items])
        reverse = np.array([self.items[place].reverse for place in items], np.bool_)
        ticked = points.to_numpy()
        for rows in rows_at_once(len(points)):
            mine = ticked[rows][:, columns].astype(float)
            yield np.where(mine > 0, np.where(reverse, width + 1 - mine, mine), 0.0), self.people.home[rows]

    def _left_gaps(self, items: Sequence[int]) -> int:
        """How many people answered some of the items, but not all."""
        answered = (((keyed > 0).sum(axis=1)) for keyed, _ in self._pieces(items))
        return sum(int(((some > 0) & (some < len(items))).sum()) for some in answered)

    def _some_answered(self, items: Sequence[int]) -> int:
        return sum(int((keyed > 0).any(axis=1).sum()) for keyed, _ in self._pieces(items))

    def _scores_by_home(self, items: Sequence[int]) -> tuple[Floats, Floats, Floats, Floats]:
        """Per home: persons' scores, their sum and sum of squares from the middle of the scale; people with gaps."""
        least = max(self.responses.instrument.min_answered * len(items) - _TIE, 1)
        middle = (len(self.items[items[0]].scale.values) + 1) / 2
        found = np.zeros((4, len(self.people.homes)))
        for keyed, home in self._pieces(items):
            answered = (keyed > 0).sum(axis=1)
            enough = answered >= least
            score = np.where(enough, keyed.sum(axis=1) / np.maximum(answered, 1) - middle, 0.0)
            gaps = (answered > 0) & (answered < len(items))
            for place, weight in enumerate((enough, score, score**2, gaps)):
                found[place] += np.bincount(home, weights=weight, minlength=found.shape[1])
        return found[0], found[1], found[2], found[3]

    def _pairs_of(self, items: Sequence[int]) -> _Pairs:
        n, total, squares, products = (np.zeros((len(items), len(items))) for _ in range(4))
        middle = np.array([(len(self.items[place].scale.values) + 1) / 2 for place in items])
        for keyed, _ in self._pieces(items):
            given = (keyed > 0).astype(float)
            away = given * (keyed - middle)
            n += given.T @ given
            total += away.T @ given
            squares += (away**2).T @ given
            products += away.T @ away
        both = np.where(n > 1, n, np.nan)
        apart = products - total * total.T / both
        room = squares - total**2 / both
        room = np.where(room > _TIE, room, np.nan)
        return _Pairs(n.astype(np.int64), apart / (both - 1), apart / np.sqrt(room * room.T))

    def _seen(self, dimension: str) -> "_Seen":
        if dimension not in self._views:
            mine = self._items_of(dimension)
            size = len(self.items[mine[0]].scale.values)
            answers = self.people.answers[:, mine, :size]
            counts = np.array([answers[homes].sum(axis=0) for homes in self.table.members])
            for place, at in enumerate(mine):
                if self.items[at].reverse:
                    counts[:, place] = counts[:, place, ::-1]
            used = self._printed[:, mine] & np.asarray(counts.sum(axis=2) >= self.limits.detail_from)
            enough = np.asarray(used.sum(axis=1) >= max(self.limits.dimension_items * len(mine) - _TIE, 1))
            told = np.asarray(self._printed[:, mine].any(axis=1))
            self._views[dimension] = _seen(np.where(used[..., None], counts, 0), enough, told)
        return self._views[dimension]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """(rows) of one dimension: AD(M) in shares of its limit, rwg(j), NaN without a verdict.

    enough: whether there is one. told: whether any item is printed, so that it can be checked. strength: how far two
    camps are above the bar; smaller: share of the smaller side.
    """

    deviation: Floats
    agreement: Floats
    enough: Bools
    told: Bools
    strength: Floats
    smaller: Floats

    def verdicts(self, row: int) -> tuple[str, ...]:
        """The verdicts that may be given on a row; several where a figure stands on a bound, or none can be told."""
        if not self.told[row]:
            return _VIEWS
        if not self.enough[row]:
            return ("too few to say",)
        apart, camps = self.deviation[row] - 1, min(self.strength[row], self.smaller[row] - _CAMP)
        found = ["shared view"] if apart <= _TIE else []
        if apart > -_TIE:
            found += ["split team"] if camps >= -_TIE else []
            found += ["mixed view"] if camps <= _TIE else []
        return tuple(found)


def _seen(counts: Counts, enough: Bools, told: Bools) -> _Seen:
    """Views of (rows × items × points) keyed counts of the printed distributions; 0 for items that are left out.

    Agreed: AD(M) averages at most a sixth of the points. Two camps: the middle fifth of the scale is emptier than
    random ticking would leave it, and the same shares stand on either side item after item (docs/statistics.md).
    """
    size = counts.shape[2]
    n = counts.sum(axis=2)
    used = n > 0
    items = np.where(enough, used.sum(axis=1), np.nan)
    share = counts / np.maximum(n, 1)[..., None]
    place = np.arange(1, size + 1)
    mean = (share * place).sum(axis=2)
    apart = (share * np.abs(place - mean[..., None])).sum(axis=2)
    variance = (counts * (place - mean[..., None]) ** 2).sum(axis=2) / np.maximum(n - 1, 1)
    ratio = np.minimum(variance.sum(axis=1) / ((size**2 - 1) / 12) / items, 1.0)

    people = n.sum(axis=1) / items
    edges = np.linspace(0, 1, size + 1)
    thirds = np.array([[_inside(low, high, *part) * size for part in _PARTS] for low, high in pairwise(edges)])
    parts = share @ thirds
    low, middle, high = (parts[..., side].sum(axis=1) / items for side in range(3))
    centre = share.sum(axis=1) / items[:, None]
    free = np.maximum(items - 1, 1)
    point_spread = (np.where(used[..., None], share - centre[:, None], 0) ** 2).sum(axis=(1, 2)) / free
    side_spread = sum(
        (np.where(used, parts[..., side] - whole[:, None], 0) ** 2).sum(axis=1) / free
        for side, whole in ((0, low), (2, high))
    )
    repeated = people * point_spread <= 0.1 * (1 - (centre**2).sum(axis=1))
    chance = thirds.var(axis=0)
    z = np.sqrt(people * np.where(repeated, 1, items)) * (0.2 - middle) / np.sqrt(chance[1])
    bar = 1.7 + items * (1.3 / people + 0.17 * max(0, 1 - 5 / size))
    steady = 10 / 3 * np.sqrt(items / people) * (chance[0] + chance[2] - people * side_spread)
    return _Seen(
        deviation=np.asarray(apart.sum(axis=1) / (size / 6) / items),
        agreement=np.asarray(items * (1 - ratio) / (items * (1 - ratio) + ratio)),
        enough=enough,
        told=told,
        strength=np.asarray(z + np.where(repeated, 0, steady) - bar),
        smaller=np.minimum(low, high),
    )


def _inside(low: float, high: float, start: float, end: float) -> float:
    """How long the part of one stretch is that lies in another."""
    return max(0.0, min(high, end) - max(low, start))


# Figures


def _bears_out(claim: Stated, found: float) -> bool:
    """Whether a figure is the true one at the rounding of print; NaN for one that is not defined."""
    said = _number(claim)
    if np.isnan(said) or np.isnan(found):
        return bool(np.isnan(said) and np.isnan(found))
    return abs(said - found) <= max(0.5 * 10.0**-claim.decimals, _LOOSE.get(claim.kind, 0.0)) + _SLACK


def _number(claim: Stated) -> float:
    return float(claim.value) if isinstance(claim.value, (int, float)) else float("nan")


def _untrue(file: str, claim: Stated, words: str, found: float) -> Fault:
    said = "not to be defined" if np.isnan(_number(claim)) else f"to be {claim.value:g}"
    true = "it is not defined" if np.isnan(found) else f"the survey gives {found:.{max(claim.decimals, 2)}f}"
    return Fault(file, claim.place, f"{words} is said {said}, but {true}")


def _alpha(cov: Floats) -> float:
    size, total = len(cov), cov.sum()
    return float(size / (size - 1) * (1 - np.diag(cov).sum() / total)) if size > 1 and total > _TIE else float("nan")


def _feldt(value: float, people: int, items: int) -> tuple[float, float]:
    from scipy.special import fdtri  # noqa: PLC0415 (heavy)

    if np.isnan(value):
        return float("nan"), float("nan")
    low, high = (
        1 - (1 - value) * float(fdtri(people - 1, (people - 1) * (items - 1), tail)) for tail in (0.975, 0.025)
    )
    return low, high


def _correlated(cov: Floats, one: Floats, other: Floats) -> float:
    """The correlation of two weighted sums of items."""
    room = (one @ cov @ one) * (other @ cov @ other)
    return float(one @ cov @ other / np.sqrt(room)) if room > _TIE else float("nan")


def _omega(correlations: Floats) -> float:
    """McDonald's omega total of one factor by repeated principal axes.

    What items share with the others is first taken for their largest correlation, squared, and then found again and
    again as the square of their loading on the first axis, until nothing moves; not defined where one comes to share
    more than all.
    """
    if len(correlations) < 3 or np.isnan(correlations).any():
        return float("nan")
    reduced = np.array(correlations)
    shared = np.abs(reduced - np.diag(np.diag(reduced))).max(axis=0) ** 2
    for _ in range(_STEPS):
        np.fill_diagonal(reduced, shared)
        sizes, axes = np.linalg.eigh(reduced)
        loadings = axes[:, -1] * np.sqrt(max(sizes[-1], 0.0))
        moved, shared = np.abs(loadings**2 - shared).max(), loadings**2
        if moved < _STILL:
            break
        if shared.max() > 1:
            return float("nan")
    loadings = loadings * np.sign(loadings.sum() or 1)
    common = loadings.sum() ** 2
    return float("nan") if (loadings**2 >= 1).any() else float(common / (common + (1 - loadings**2).sum()))


def _mean_squares(n: Floats, total: Floats, squares: Floats) -> tuple[float, float, float]:
    """Between teams and within them (NaN without freedom), and people per team; of sums of scores, team by team."""
    teams, people = len(n), n.sum()
    between = (n * (total / n - total.sum() / max(people, 1)) ** 2).sum()
    within = max(squares.sum() - (total**2 / n).sum(), 0.0)
    return (
        float(between / (teams - 1)) if teams > 1 else float("nan"),
        float(within / (people - teams)) if people > teams else float("nan"),
        float(people / max(teams, 1)),
    )


def _relative_weights(correlations: Floats) -> Floats:
    """Johnson's weights, by singular values; the outcome is the last row. NaN where they are not determined."""
    together, outcome = correlations[:-1, :-1], correlations[:-1, -1]
    if np.isnan(correlations).any() or np.linalg.eigvalsh(correlations)[0] <= _DEPENDENT:
        return np.full(len(outcome), np.nan)
    left, sizes, right = np.linalg.svd(together)
    near = left * np.sqrt(sizes) @ right
    return np.asarray((near**2) @ (np.linalg.inv(near) @ outcome) ** 2)
