"""Pairs: the same people in two waves, found by a code that they made up themselves; counted, and told of no one else.

A code enters here, is compared with those of the other wave, and goes no further: what comes out are counts and sums.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Instrument
from ..surveys.responses import Responses
from .change import interval, smallest_visible, verdicts
from .findings import Findings

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """The people of one wave as pairs are made of them.

    codes: (people) as they wrote them, without case and blanks around; "" for none. scores: (people × dimensions) of a
    person, 0 to 100, NaN where too few of the items were answered. gaps: whether some of them were left blank.
    dimensions: ids. homes: per dimension (people × its items) the innermost of the printed `rows` that each is in, -1
    where a person left the item blank; () where only the organisation is printed, and nobody left a gap.
    """

    codes: npt.NDArray[np.object_]
    scores: Floats
    gaps: Bools
    dimensions: tuple[str, ...]
    homes: tuple[Counts, ...] = ()
    rows: int = 1

    def homes_of(self, dimension: int) -> Counts:
        """(people × items) as `homes`, of one dimension."""
        return self.homes[dimension] if self.homes else np.zeros((len(self.codes), 1), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class PairTally:
    """Sums over pairs; additive, so that parts of a survey in which no code stands twice can be counted apart.

    pairs: people found in both waves. before, after: people who answered in either wave. uncoded, repeated: of either
    wave, those without a code and those whose code stands twice, of whom no pair is made.
    n, total, squares: (dimensions) pairs who have a score in both waves, the sum of their changes, and of its squares.
    alone_before, alone_after: (dimensions) people with a score in one wave who are in no such pair. gaps: (dimensions)
    pairs that left an item blank in either wave.
    inside_before, inside_after: per dimension (its items × printed rows × classes) people with a score who answered the
    item, by the innermost printed row that they are in. Classes are those who have one weight in the sum of changes:
    the people in no such pair, and those in one by how many of the items they answered.
    """

    pairs: int
    before: int
    after: int
    uncoded: tuple[int, int]
    repeated: tuple[int, int]
    n: Counts
    total: Floats
    squares: Floats
    alone_before: Counts
    alone_after: Counts
    gaps: Counts
    inside_before: tuple[Counts, ...]
    inside_after: tuple[Counts, ...]

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.pairs + other.pairs,
            self.before + other.before,
            self.after + other.after,
            (self.uncoded[0] + other.uncoded[0], self.uncoded[1] + other.uncoded[1]),
            (self.repeated[0] + other.repeated[0], self.repeated[1] + other.repeated[1]),
            *(
                getattr(self, name) + getattr(other, name)
                for name in ("n", "total", "squares", "alone_before", "alone_after", "gaps")
            ),
            *(
                tuple(mine + theirs for mine, theirs in zip(getattr(self, name), getattr(other, name), strict=True))
                for name in ("inside_before", "inside_after")
            ),
        )

    @property
    def apart(self) -> Counts:
        """(waves × dimensions) the fewest people whom the sum of changes, beside printed rows, sets apart in a wave.

        From that sum a reader takes what is known of a row as a whole: what is left is its pairs, or its other people,
        and he picks the fewer. Where each row is all pairs or all others, those who left gaps may still be told from
        the rest of the pairs, as they weigh more. 0 where they cannot either, so that nothing new is said.
        """
        sides = (self.inside_before, self.inside_after)
        return np.array([[_fewest(inside) for inside in each] for each in sides], np.int64).reshape(len(sides), -1)


def _fewest(inside: Counts) -> int:
    """As `PairTally.apart`, of one dimension in one wave. Those who are left with one item are among those of all."""
    others = inside[..., 0]
    from_pairs = np.minimum(others, inside.sum(axis=-1) - others).sum(axis=-1).max(initial=0)
    from_all = (inside.sum(axis=-1) - inside.max(axis=-1)).sum(axis=-1).max(initial=0)
    return int(from_pairs or from_all)


@dataclass(frozen=True, slots=True, eq=False)
class PairedChanges:
    """What may be printed of the people in both waves: the whole organisation, dimension by dimension.

    shown: whether anything is, the counts among it. pairs, alone_before, alone_after: people; uncoded, repeated: people
    of both waves together, of whom no pair could be made. least: smallest group; numbers below it are not told.
    n: pairs with a score in both waves; 0, and NaN in all others, where a dimension is not printed.
    difference, low, high: the mean change, later less earlier, in points of 0 to 100, with its 95 % interval.
    smallest: what would have been seen in four of five cases. verdict: as of `change.verdicts`.
    """

    shown: bool
    pairs: int
    alone_before: int
    alone_after: int
    uncoded: int
    repeated: int
    least: int
    dimensions: tuple[str, ...]
    n: Counts
    difference: Floats
    low: Floats
    high: Floats
    smallest: Floats
    verdict: npt.NDArray[np.int8]


def coded(responses: Responses, link: str, findings: Findings | None = None) -> Coded:
    """The people of one wave, by the code in a column of `Responses.groups`.

    findings: what is printed of the wave; None where that is the organisation alone.
    """
    codes = responses.groups[link].astype(str).str.strip().str.casefold().to_numpy(object)
    joint = [dimension.id for dimension in responses.instrument.dimensions if dimension.part != "outcome"]
    scored = [_scores(responses.points, responses.instrument, dimension) for dimension in joint]
    scores, gaps = (np.column_stack(each) for each in zip(*scored, strict=True))
    if findings is None:
        return Coded(codes, scores, gaps, tuple(joint))
    given = responses.points[[item.id for item in findings.instrument.items]].to_numpy() > 0
    homes = np.where(given, _homes(responses, findings), -1)
    of_items = [[item.dimension == name for item in findings.instrument.items] for name in joint]
    return Coded(codes, scores, gaps, tuple(joint), tuple(homes[:, mine] for mine in of_items), len(findings.units))


def _homes(responses: Responses, findings: Findings) -> Counts:
    """(people × items) the innermost unit of `Findings.units` that prints the item; else the organisation."""
    units = {unit.path: row for row, unit in enumerate(findings.units) if unit.kind != "rest"}
    if not responses.levels:
        return np.zeros((len(responses), len(findings.items.columns)), np.int64)
    place = responses.groups.groupby(list(responses.levels), observed=True, sort=False)
    found = []
    for names in place.size().index:
        path = names if isinstance(names, tuple) else (names,)
        home = np.zeros(len(findings.items.columns), np.int64)
        for depth in range(1, len(path) + 1):
            row = units.get(path[:depth], 0)
            home = np.where(findings.items.shown[row], row, home) if row else home
        found.append(home)
    return np.array(found, np.int64)[place.ngroup().to_numpy()]


def without_codes(responses: Responses) -> tuple[Responses, str]:
    """The same answers without their last cut, which holds the codes, and the heading of that."""
    *cuts, link = responses.cuts
    return replace(responses, groups=responses.groups.drop(columns=link), cuts=tuple(cuts)), link


def _scores(points: pd.DataFrame, instrument: Instrument, dimension: str) -> tuple[Floats, Bools]:
    """(people) the mean of the items that each answered, on 0 to 100, and whether some were left blank."""
    items = instrument.items_of(dimension)
    ticked = points[[item.id for item in items]].to_numpy().astype(np.int64)
    sizes = np.array([len(item.scale.values) for item in items])
    keyed = np.where([item.reverse for item in items], sizes + 1 - ticked, ticked)
    given = ticked > 0
    answered = given.sum(axis=1)
    index = np.where(given, (keyed - 1) / (sizes - 1) * 100, 0.0).sum(axis=1) / np.maximum(answered, 1)
    enough = answered >= max(instrument.min_answered * len(items) - 1e-9, 1)
    return np.where(enough, index, np.nan), enough & (answered < len(items))


def pair_up(before: Coded, after: Coded, dimensions: Sequence[str]) -> PairTally:
    """Count the pairs of two waves, and sum up their changes. dimensions: ids of those that mean the same in both.

    A code that stands twice in a wave could be of two people, so nobody who gave it is in a pair.
    """
    places = [_once(wave.codes) for wave in (before, after)]
    one, other = (
        pd.Series(place, index=wave.codes[place]) for place, wave in zip(places, (before, after), strict=True)
    )
    both = one.index.intersection(other.index)
    columns = [[wave.dimensions.index(id_) for id_ in dimensions] for wave in (before, after)]
    then, now = before.scores[:, columns[0]], after.scores[:, columns[1]]
    rows = one[both].to_numpy(np.intp), other[both].to_numpy(np.intp)
    change = now[rows[1]] - then[rows[0]]
    there = np.isfinite(change)
    known = np.where(there, change, 0.0)
    gaps = before.gaps[rows[0]][:, columns[0]] | after.gaps[rows[1]][:, columns[1]]
    n = there.sum(axis=0)
    return PairTally(
        pairs=len(both),
        before=len(before.codes),
        after=len(after.codes),
        uncoded=(int((before.codes == "").sum()), int((after.codes == "").sum())),
        repeated=(_left_out(before.codes, places[0]), _left_out(after.codes, places[1])),
        n=n,
        total=known.sum(axis=0),
        squares=(known**2).sum(axis=0),
        alone_before=np.isfinite(then).sum(axis=0) - n,
        alone_after=np.isfinite(now).sum(axis=0) - n,
        gaps=(gaps & there).sum(axis=0),
        inside_before=_inside(before, columns[0], rows[0], there),
        inside_after=_inside(after, columns[1], rows[1], there),
    )


def _inside(wave: Coded, columns: Sequence[int], paired: npt.NDArray[np.intp], there: Bools) -> tuple[Counts, ...]:
    """As `PairTally.inside_before`. paired: the people in pairs; there: (pairs × dimensions) who has both scores."""
    found = []
    for place, column in enumerate(columns):
        all_homes = wave.homes_of(column)
        classes, items = all_homes.shape[1] + 1, all_homes.shape[1]
        weight = np.zeros(len(all_homes), np.int64)
        mine = paired[there[:, place]]
        weight[mine] = (all_homes[mine] >= 0).sum(axis=1)
        counted = np.isfinite(wave.scores[:, column])[:, None] & (all_homes >= 0)
        cells = (all_homes * classes + weight[:, None]).T
        size = wave.rows * classes
        counts = [np.bincount(cells[item][counted[:, item]], minlength=size) for item in range(items)]
        found.append(np.array(counts, np.int64).reshape(items, wave.rows, classes))
    return tuple(found)


def _once(codes: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """The places of the codes that stand there once."""
    series = pd.Series(codes)
    return np.flatnonzero((series != "") & ~series.duplicated(keep=False))


def _left_out(codes: npt.NDArray[np.object_], once: npt.NDArray[np.intp]) -> int:
    return int((codes != "").sum()) - len(once)


def paired_changes(counted: PairTally, dimensions: Sequence[str], *, smallest: int, least_pairs: int) -> PairedChanges:
    r"""What may be printed of pairs: nothing below `least_pairs`, and nothing that sets fewer than `smallest` apart.

    The pairs, and those of either wave who are in none, are parts of the organisation like any other: of each there
    must be nobody or `smallest`. A mean of persons' scores beside means of items tells on those who left gaps, so these
    must be nobody or `smallest` too. And if everybody changed by the same, everybody's change would be known. It is
    for the organisation alone: teams are too small for it.

    Interval: Student's t of the differences, :math:`t_{.975, n-1} \cdot s_d / \sqrt{n}`; verdicts by Holm over the
    dimensions. Checked against: `scipy.stats.ttest_rel`.
    """
    alone = counted.before - counted.pairs, counted.after - counted.pairs
    shown = counted.pairs >= least_pairs and all(each == 0 or each >= smallest for each in alone)
    n = np.maximum(counted.n, 1)
    mean = np.round(counted.total / n, 9)  # sums of fractions that cancel out are nought
    left = np.maximum(counted.squares - counted.total * mean, 0.0)
    open_ = (counted.n >= least_pairs) & (left > 1e-6)
    for group in (counted.alone_before, counted.alone_after, counted.gaps):
        open_ &= (group == 0) | (group >= smallest)
    open_ &= shown & ((counted.apart == 0).all(axis=0) | (counted.apart >= smallest).all(axis=0))
    free = np.where(open_, counted.n - 1, np.nan).astype(float)
    error = np.sqrt(np.where(open_, left, np.nan) / free / n)
    difference = np.where(open_, mean, np.nan)
    low, high = interval(difference, error, free)
    return PairedChanges(
        shown=shown,
        pairs=counted.pairs if shown else 0,
        alone_before=alone[0] if shown else 0,
        alone_after=alone[1] if shown else 0,
        uncoded=sum(counted.uncoded) if shown else 0,
        repeated=sum(counted.repeated) if shown else 0,
        least=smallest,
        dimensions=tuple(dimensions),
        n=np.where(open_, counted.n, 0),
        difference=difference,
        low=np.maximum(low, -100.0),
        high=np.minimum(high, 100.0),
        smallest=np.minimum(smallest_visible(error, free, int(open_.sum())), 100.0),
        verdict=verdicts(difference[None], error[None], free[None])[0],
    )


def fingerprint(counted: PairTally, dimensions: Sequence[str], *, key: str, smallest: int, least_pairs: int) -> str:
    """What tells whether two comparisons of the people in two waves are the same: 64 hexadecimal digits.

    Of all counts and sums, the dimensions, and the rules; keyed, so that nobody without the record can try codes out.
    key: of the later wave in the record.
    """
    counts = [counted.pairs, counted.before, counted.after, *counted.uncoded, *counted.repeated, smallest, least_pairs]
    sums = (counted.n, counted.total.round(6), counted.squares.round(6), counted.alone_before, counted.alone_after)
    told = json.dumps([counts, list(dimensions), [part.tolist() for part in (*sums, counted.gaps)]])
    return hmac.new(key.encode(), told.encode(), "sha256").hexdigest()
