"""Evidence: whether what a report says of team scores, and of what goes with what, is what the raw rows give.

Nothing is taken from the analysis: every figure is made again from the rows, by its published definition.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ..surveys.instrument import Item
from ..surveys.responses import Responses
from .atoms import Family
from .averages import OF_ROW, Averages, Limits, bear_out, untrue_claim
from .coefficients import alpha, correlated, feldt, mean_squares, omega, relative_weights
from .columns import Bools, Claims, Floats, Stated, Whole
from .figures import Fault, Printed, Questions, decimals, kind_in_words, plain
from .joint import Pairs
from .members import People
from .truth import Table
from .vocabulary import has_many_units

_SLACK: Final = 1e-6
_TIE: Final = 1e-9  # figures nearer to a bound than this may fall on either side of it
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
_DIFFERENCES: Final = frozenset({"teams", "team people", "icc1", "icc2"})
_WEIGHTS: Final = frozenset({"driver people", "explained", "weight", "weight low", "weight high"})
_INSIDE: Final = ("sd_within", "degrees")
_OF_ITEM: Final = frozenset({"item-rest", "alpha-without", "weight", "weight low", "weight high"})
_MAY_NOT: Final = "few people answered, few left gaps, or a statement of it is not printed"


@dataclass(frozen=True, slots=True)
class _Figures:
    """Some true figures by kind and item, "" for none. reason: why none of them may be printed, "" where they may."""

    values: dict[tuple[str, str], float] = field(default_factory=dict)
    reason: str = ""


class Truths:
    """The true evidence of one wave: `truths.faults("report.html", claims)` gives whatever is not so, or not allowed.

    responses: of the wave alone. people, table, questions: as the audit has them. published: (rows of the table) rows
    that are published, in whichever file; the teams among them are those that ICC(1) is made of. family: the rows as
    sets of homes.
    """

    def __init__(
        self,
        responses: Responses,
        people: People,
        table: Table,
        questions: Questions,
        limits: Limits,
        published: Bools,
        family: Family | None = None,
    ) -> None:
        self.family = family or Family(table.members, [-1] * len(table.members), len(people.homes))
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
        self.averages = Averages(
            *(people, table, questions, self.items, limits, published, self.is_team, self.is_unit), icc=self._icc
        )

    def _icc(self, dimension: str) -> float | None:
        """ICC(1) among the printed teams, NaN where it may not be told or is not defined; None where nobody knows."""
        true = self._true("icc1", dimension)
        return true.values.get(("icc1", ""), np.nan) if true.values or true.reason else None

    def faults(
        self,
        file: str,
        claimed: Iterable[Stated],
        averages: Claims | None = None,
        rows: Sequence[int] | None = None,
    ) -> Iterator[Fault]:
        """Every claim of one file that the rows do not bear out, or that the rules forbid; all its claims together.

        unit of a claim: row of the table, None for what is said of the organisation as a whole. averages: what is said
        of units, by the places of the file; rows: the row of the table of each of them, -1 for one that nobody names,
        of which there is no truth.
        A kind that is not known, a measure, an item or a row that is not there are faults as well. A claim with NaN is
        borne out where the figure is not defined. Both ends of “if low” and “if high” of a row must fit one whole
        headcount, and the one that is claimed (“headcount”) if there is one; they are rounded outwards.
        """
        of_rows: list[Stated] = []
        for claim in claimed:
            problem = self._unknown(claim)
            if problem:
                yield Fault(file, claim.place, problem)
            elif claim.kind in OF_ROW:
                of_rows.append(claim)
            else:
                yield from self._of_organisation(file, claim)
        yield from self.averages.faults(file, Claims.of(of_rows), np.arange(len(self.table.units)))
        if averages is not None and rows is not None:
            yield from self.averages.faults(file, averages, np.array(rows, np.intp))

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
            found, said = true.values.get((claim.kind, claim.item), np.nan), _number(claim)
            loose = _LOOSE.get(claim.kind, 0.0)
            if not bear_out(np.array(said), np.array(found), np.array(claim.decimals), loose):
                yield Fault(file, claim.place, untrue_claim(words, said, found, claim.decimals))

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
        joint = self.people.rows.together
        pairs = joint.pairs.of(mine)
        if not self._may_be_joined(mine, pairs, joint.gaps["fit", dimension]):
            return _Figures(reason=_MAY_NOT)
        cov, size = pairs.covariance, len(mine)
        people = joint.some["fit", dimension]
        value = alpha(cov)
        low, high = feldt(value, people, size)
        sd = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
        reverse = np.array([self.items[place].reverse for place in mine])
        values = {
            ("reliability people", ""): float(people),
            ("alpha", ""): value,
            ("alpha low", ""): low,
            ("alpha high", ""): high,
            ("standardised", ""): alpha(cov / np.outer(sd, sd)),
            ("omega", ""): omega(pairs.correlation),
            ("halves", ""): correlated(cov, reverse.astype(float), (~reverse).astype(float)),
        }
        for place, at in enumerate(mine):
            others = np.arange(size) != place
            values["item-rest", self.items[at].id] = correlated(cov, (~others).astype(float), others.astype(float))
            values["alpha-without", self.items[at].id] = alpha(cov[np.ix_(others, others)])
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
        n, total, squares, gaps = self.people.scores.of(column)
        inside = team >= 0
        sums = [np.bincount(team[inside], weights=each[inside]) for each in (n, total, squares)]
        people = int(n[inside].sum())
        if people < self.limits.joint_from or 0 < gaps[inside].sum() < self.limits.smallest:
            return _Figures(reason=_MAY_NOT)
        between, within, size = mean_squares(*(each[sums[0] > 0].astype(float) for each in sums))
        if self._may_pool(column):
            pooled, degrees = self._pooled(column)
            within = pooled / degrees if degrees > 0 else within
        room = between + (size - 1) * within
        return _Figures(
            {
                ("teams", ""): float((sums[0] > 0).sum()),
                ("team people", ""): float(people),
                ("icc1", ""): (between - within) / room if room > _TIE else np.nan,
                ("icc2", ""): (between - within) / between if between > _TIE else np.nan,
            }
        )

    def _may_pool(self, column: int) -> bool:
        """Whether a spread of persons' scores may be pooled: of enough people, nobody or enough of whom left gaps."""
        n, _, _, gaps = self.people.scores.of(column)
        enough = n.sum() >= self.limits.joint_from and not 0 < gaps.sum() < self.limits.smallest
        return bool(enough and self._printed[0, self._items_of(self.dimensions[column])].all())

    def _pooled(self, column: int) -> tuple[float, float]:
        """Squares of persons' scores inside the innermost rows that print every item of a dimension; their freedom."""
        whole = self._printed[:, self._items_of(self.dimensions[column])].all(axis=1)
        inner = self.family.innermost(self.published & self._shown[:, column] & whole & self._is_row)
        home = np.flatnonzero(inner >= 0)
        n, total, squares = (
            np.bincount(inner[home], one[home], len(inner)) for one in self.people.scores.of(column)[:3]
        )
        return _squares_inside(n, total, squares)

    def _pooled_item(self, place: int) -> tuple[float, float]:
        """The same of the answers to one item, inside the innermost rows that print it."""
        inner = self.family.innermost(self.published & self._printed[:, place] & self._is_row)
        home = np.flatnonzero(inner >= 0)
        size = len(self.items[place].scale.values)
        ticked = self.people.answers[home, place, :size]
        counts = np.column_stack([np.bincount(inner[home], one, len(inner)) for one in ticked.T])
        points = np.arange(size)
        return _squares_inside(counts.sum(axis=1), counts @ points, counts @ points**2)

    # How answers spread inside groups

    def spread_faults(self, printed: Printed, rows: Sequence[int]) -> Iterator[Fault]:
        """The spreads inside groups that are not those of the rows, where the files print what they are made of."""
        cells = printed.cells
        at = np.flatnonzero(cells.is_of(*_INSIDE) & (np.array(rows, np.intp)[cells.unit] == 0))
        for cell in cells.some(at):
            found = self._inside(cell.measure)
            true = found[_INSIDE.index(cell.kind)] if found else cell.value
            if not abs(cell.value - true) <= 0.5 * 10.0 ** -decimals(cell.kind) + _SLACK:
                problem = f"is said to be {cell.value:g}, but the survey gives {true:.{decimals(cell.kind)}f}"
                yield Fault(printed.file, cell.place, f"{kind_in_words(cell.kind)} {problem}")

    def _inside(self, measure: int) -> tuple[float, float] | None:
        """The deviation inside groups, on 0 to 100, and its freedom; None where no file prints what it is made of.

        Of a dimension that of persons' scores, or where these may not be put together the mean of those of its items.
        """
        if measure in self.questions.items:
            return self._inside_item(self.questions.items.index(measure))
        column = self.questions.dimensions.index(measure)
        mine = self._items_of(self.dimensions[column])
        if not self._printed[:, mine].any():
            return None
        pooled, degrees = self._pooled(column) if self._may_pool(column) else (0.0, 0.0)
        if degrees > 0:
            return _deviation(pooled, degrees) / (len(self.items[mine[0]].scale.values) - 1) * 100, degrees
        found = [self._inside_item(place) for place in mine if self._printed[0, place]]
        told = [deviation for deviation, _ in found if not np.isnan(deviation)]
        return float(np.mean(told)) if told else float("nan"), min(degrees for _, degrees in found)

    def _inside_item(self, place: int) -> tuple[float, float]:
        pooled, degrees = self._pooled_item(place)
        return _deviation(pooled, degrees) / (len(self.items[place].scale.values) - 1) * 100, degrees

    @property
    def _is_row(self) -> Bools:
        """(rows) the organisation, units and teams."""
        return np.asarray(self.is_unit | (np.arange(len(self.is_unit)) == 0))

    def _weights(self, outcome: str) -> _Figures:
        kind = "dimension" if outcome in self.dimensions else "item"
        answers = [
            place
            for place, item in enumerate(self.items)
            if outcome == (item.dimension if kind == "dimension" else item.id)
        ]
        home = {self.items[place].dimension for place in answers}
        predictors = [
            place
            for place, item in enumerate(self.items)
            if item.dimension in self.dimensions and item.dimension not in home
        ]
        used = [*predictors, *answers]
        joint = self.people.rows.together
        pairs = joint.pairs.of(used)
        if not self._may_be_joined(used, pairs, joint.gaps[kind, outcome]):
            return _Figures(reason=_MAY_NOT)
        people, size = int(pairs.n.min()), len(predictors)
        if not 0 < size * _FEW_PEOPLE <= people:
            return _Figures(reason=f"{people} people are too few for {size} statements")
        both = np.column_stack([np.eye(len(used))[:, :size], (np.arange(len(used)) >= size).astype(float)])
        cov = both.T @ pairs.covariance @ both
        sd = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
        weights = relative_weights(cov / np.outer(sd, sd))
        ids = [self.items[place].id for place in predictors]
        values = {("weight", id_): float(weight) for id_, weight in zip(ids, weights, strict=True)}
        values |= {("driver people", ""): float(people), ("explained", ""): float(weights.sum())}
        return _Figures(values)

    def _may_be_joined(self, items: Sequence[int], pairs: Pairs, gaps: int) -> bool:
        """Whether figures of several answers of one person may be made of these items.

        Where no file prints a single item of the organisation, that they are printed cannot be asked for.
        """
        enough = int(pairs.n.min(initial=self.limits.joint_from)) >= self.limits.joint_from
        printed = self._printed[0]
        return enough and not 0 < gaps < self.limits.smallest and bool(printed[items].all() or not printed.any())

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


def _number(claim: Stated) -> float:
    return float(claim.value) if isinstance(claim.value, (int, float)) else float("nan")


def _squares_inside(n: Floats | Whole, total: Floats | Whole, squares: Floats | Whole) -> tuple[float, float]:
    """The sum of squares inside groups, and its degrees of freedom; of sums, group by group."""
    inside = squares.sum() - (total**2 / np.maximum(n, 1)).sum()
    return float(max(inside, 0.0)), float(n.sum() - (n > 0).sum())


def _deviation(squares: float, degrees: float) -> float:
    return float((squares / degrees) ** 0.5) if degrees > 0 else float("nan")
