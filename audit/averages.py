"""What is said of the averages of units: verdicts on views, best guesses, what could be if all had answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..surveys.instrument import Item
from .columns import Bools, Claims, Counts, Floats, Places, different
from .figures import VIEWS, Fault, Questions
from .members import People
from .truth import Table
from .views import Seen, seen

_SLACK: Final = 1e-6
_TIE: Final = 1e-9
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
_OF_TEAM: Final = frozenset({"shrunken", "worth"})
_OF_ALL: Final = ("if low", "if high")


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many people on which figure may be printed; as `Policy`, a coalition among them."""

    smallest: int = 5
    detail_from: int = 10
    joint_from: int = 30
    dimension_items: float = 2 / 3


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """Claims of one kind and dimension. at: their places; row: of the table."""

    kind: str
    measure: str
    at: Places
    row: Places
    value: Floats
    decimals: Counts

    def some(self, chosen: Bools) -> "_Column":
        return _Column(
            self.kind, self.measure, self.at[chosen], self.row[chosen], self.value[chosen], self.decimals[chosen]
        )


class Averages:
    """The true figures on the averages of the rows of a table.

    items, dimensions: in the order of `Questions`. published: (rows) which are published; is_team, is_unit: (rows).
    icc: of a dimension, by its id, ICC(1) among the printed teams, NaN where it is not defined; None where it cannot
    be told.
    """

    def __init__(
        self,
        people: People,
        table: Table,
        questions: Questions,
        items: Sequence[Item],
        limits: Limits,
        published: Bools,
        is_team: Bools,
        is_unit: Bools,
        icc: Callable[[str], float | None],
    ) -> None:
        self.people, self.table, self.items, self.limits = people, table, items, limits
        self.published, self.is_team, self.is_unit, self.icc = published, is_team, is_unit, icc
        self.dimensions = [questions.measures[place].id for place in questions.dimensions]
        self._printed = table.shown[:, questions.items]
        self._shown = table.shown[:, questions.dimensions]
        self._views: dict[str, Seen] = {}

    def faults(self, file: str, claims: Claims, rows: Places) -> Iterator[Fault]:
        """Every claim on a unit that the rows do not bear out, or that the rules forbid.

        rows: of the table, by the places that the claims name; -1 for a unit that nobody names, of which there is no
        truth.
        """
        columns = list(_columns(claims, rows))
        order = list(OF_ROW)
        for column in sorted(columns, key=lambda one: order.index(one.kind) if one.kind in order else -1):
            problem = self._unknown(column.kind, column.measure)
            if problem:
                yield from (Fault(file, claims.claim(at).place, problem) for at in column.at.tolist())
            elif column.kind != "headcount" and column.kind not in _OF_ALL:
                yield from self._of_rows(file, claims, column)
        known = [column for column in columns if not self._unknown(column.kind, column.measure)]
        yield from self._bounds(
            file,
            claims,
            [column for column in known if column.kind == "headcount"],
            [column for kind in _OF_ALL for column in known if column.kind == kind],
        )

    def _unknown(self, kind: str, measure: str) -> str:
        """What keeps a claim on a unit from being one that a report can make."""
        if kind not in OF_ROW:
            return f"a figure of an unknown kind of a unit, “{kind[:40]}”"
        if kind != "headcount" and measure not in self.dimensions:
            return f"{OF_ROW[kind]} is said of “{measure[:40]}”, which is not there"
        return ""

    def _of_rows(self, file: str, claims: Claims, column: _Column) -> Iterator[Fault]:
        kind, dimension = column.kind, self.dimensions.index(column.measure)
        rows_with = self.is_team if kind in _OF_TEAM else self.is_unit
        may_stand = (rows_with & self.published & self._shown[:, dimension])[column.row]
        for at in column.at[~may_stand].tolist():
            yield Fault(file, claims.claim(at).place, f"{OF_ROW[kind]} stands where it may not be printed")
        column = column.some(may_stand)
        if kind == "view":
            yield from self._of_views(file, claims, column)
            return
        true = self._drawn(dimension)[kind == "worth"] if kind in _OF_TEAM else self._of_view(column.measure, kind)
        if true is not None:
            is_told, found = true[0][column.row], true[1][column.row]
            for at in np.flatnonzero(is_told & ~bear_out(column.value, found, column.decimals)).tolist():
                claim = claims.claim(int(column.at[at]))
                yield Fault(file, claim.place, untrue_claim(OF_ROW[kind], column.value[at], found[at], claim.decimals))

    def _of_views(self, file: str, claims: Claims, column: _Column) -> Iterator[Fault]:
        true = self._seen(column.measure)
        numbers = np.array([VIEWS.index(name) if name in VIEWS else len(VIEWS) for name in claims.views.all], np.intp)
        allowed = np.column_stack([true.verdicts, np.zeros(len(true.told), np.bool_)])
        said = numbers[column.value.astype(np.intp)]
        for at in np.flatnonzero(~allowed[column.row, said]).tolist():
            claim, likely = claims.claim(int(column.at[at])), true.likely(int(column.row[at]))
            problem = f"{OF_ROW['view']} is said to be “{claim.value}”, but it is “{likely}”"
            yield Fault(file, claim.place, problem)

    def _of_view(self, dimension: str, kind: str) -> tuple[Bools, Floats]:
        """(rows) whether it can be told, and what it is."""
        true = self._seen(dimension)
        return true.told, true.deviation if kind == "deviation" else true.agreement

    def _drawn(self, dimension: int) -> tuple[tuple[Bools, Floats] | None, tuple[Bools, Floats] | None]:
        """(rows) the index drawn towards the organisation's, and what the mean is worth; None where nobody can tell."""
        icc = self.icc(self.dimensions[dimension])
        if icc is None:
            return None, None
        share, n, index = max(icc, 0.0), self.table.n[:, dimension], self.table.index[:, dimension]
        worth = n * share / (1 + (n - 1) * share)
        is_told = np.ones(len(n), np.bool_)
        return (is_told, worth * index + (1 - worth) * index[0]), (is_told, worth)

    def _seen(self, dimension: str) -> Seen:
        if dimension not in self._views:
            mine = [place for place, item in enumerate(self.items) if item.dimension == dimension]
            size = len(self.items[mine[0]].scale.values)
            counts = np.array(self.table.counts[:, mine, :size])
            for place, at in enumerate(mine):
                if self.items[at].reverse:
                    counts[:, place] = counts[:, place, ::-1]
            used = self._printed[:, mine] & np.asarray(counts.sum(axis=2) >= self.limits.detail_from)
            enough = np.asarray(used.sum(axis=1) >= max(self.limits.dimension_items * len(mine) - _TIE, 1))
            told = np.asarray(self._printed[:, mine].any(axis=1))
            self._views[dimension] = seen(np.where(used[..., None], counts, 0), enough, told)
        return self._views[dimension]

    # If all had answered

    def _bounds(self, file: str, claims: Claims, counts: Sequence[_Column], ends: Sequence[_Column]) -> Iterator[Fault]:
        """What is said of the index of everybody asked: one whole number of people must explain all of a row's ends."""
        if not ends:
            return
        at, row, value, decimals = (
            np.concatenate([getattr(one, name) for one in ends]) for name in ("at", "row", "value", "decimals")
        )
        column = np.concatenate([np.full(len(one.at), self.dimensions.index(one.measure)) for one in ends])
        is_low = np.concatenate([np.full(len(one.at), one.kind == "if low") for one in ends])
        said = np.full(len(self.published), np.nan)
        for one in counts:
            said[one.row] = one.value
        rows, first, of_row = np.unique(row, return_index=True, return_inverse=True)
        n = self.table.n[row, column]
        may_stand = np.ones(len(rows), np.bool_)
        np.logical_and.at(may_stand, of_row, self.published[row] & self._shown[row, column])
        may_stand &= ~np.array([bool(self.table.units[one].cut) for one in rows.tolist()])
        fewest = np.maximum(self.table.people[rows], 0).astype(float)
        most = np.full(len(rows), np.inf)
        lowest, highest = _asked(n, self.table.index[row, column], value, decimals, is_low)
        np.maximum.at(fewest, of_row, np.maximum(lowest, n + 1))
        np.minimum.at(most, of_row, highest)
        asked = said[rows]
        is_explained = np.where(np.isnan(asked), fewest <= most, (fewest <= asked) & (asked <= most))
        for place in np.flatnonzero(~(may_stand & is_explained))[
            np.argsort(first[~(may_stand & is_explained)])
        ].tolist():
            claim = claims.claim(int(at[first[place]]))
            problem = "no number of people asked explains what the index could be if all had answered"
            if not may_stand[place]:
                problem = f"{OF_ROW[claim.kind]} stands where it may not be printed"
            elif not np.isnan(asked[place]):
                problem = f"what the index could be if all had answered is not what {asked[place]:g} people asked give"
            yield Fault(file, claim.place, problem)


def _columns(claims: Claims, rows: Places) -> Iterator[_Column]:
    """The claims by kind and measure, without those on units that nobody names."""
    row = rows[claims.unit]
    kind, measure = (np.asarray(claims.column(at), np.intp) for at in (2, 1))
    code = kind * (len(claims.measures.all) + 1) + measure
    for one in different(code[row >= 0]):
        at = np.flatnonzero((code == one) & (row >= 0))
        named = claims.kinds[int(kind[at[0]])], claims.measures[int(measure[at[0]])]
        value, decimals = (np.asarray(claims.column(place)[at]) for place in (3, 4))
        yield _Column(*named, at, row[at], value.astype(np.float64), decimals.astype(np.int64))


def _asked(n: Counts, index: Floats, value: Floats, decimals: Counts, is_low: Bools) -> tuple[Floats, Floats]:
    """The fewest and the most people who can have been asked, given ends that are rounded outwards.

    Of N people asked the index is at least n·m / N, and it falls short of 100 by at least n·(100 - m) / N.
    Where an end is not told no number will do.
    """
    short = np.where(is_low, value, 100 - value)
    sums = n * np.where(is_low, index, 100 - index)
    is_told = ~np.isnan(short + sums)
    short, sums = np.where(is_told, short, 0.0), np.where(is_told, sums, 0.0)
    fewest = np.ceil(sums / (short + 10.0**-decimals + _SLACK))
    most = np.where(short > _SLACK, sums / np.maximum(short - _SLACK, _TIE), np.inf)
    return np.where(is_told, fewest, np.inf), np.floor(most)


def bear_out(said: Floats, found: Floats, decimals: Counts, loose: float = 0.0) -> Bools:
    """Which figures are the true ones at the rounding of print; NaN for those that are not defined.

    loose: by how much more they may be off.
    """
    is_near = np.abs(said - found) <= np.maximum(0.5 * 10.0**-decimals, loose) + _SLACK
    return np.asarray(np.where(np.isnan(said) | np.isnan(found), np.isnan(said) & np.isnan(found), is_near))


def untrue_claim(words: str, said: float, found: float, decimals: int) -> str:
    """That a figure, in words, is not what it is said to be; NaN where it is not defined."""
    claimed = "not to be defined" if np.isnan(said) else f"to be {said:g}"
    true = "it is not defined" if np.isnan(found) else f"the survey gives {found:.{max(decimals, 2)}f}"
    return f"{words} is said {claimed}, but {true}"
