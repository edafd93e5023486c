"""Wave against wave: how large a difference is, how sure, and what it may be called. Pure functions on figures."""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from .indicators import CONFIDENCE, two_sided_p

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Verdict = Literal["better", "worse", "no visible change", "cannot tell"]

RATE: Final = 0.05  # of the reports in which nothing changed, the share that may name a change
POWER: Final = 0.8
ROUNDING: Final = 1 / 12  # variance of what rounding to whole points takes away
HIDDEN_CHANGE: Final = 50.0  # index points: where even half the scale could not be seen, nothing can be told
_BY_NUMBER: Final[dict[int, Verdict]] = {1: "better", -1: "worse", 0: "no visible change", 2: "cannot tell"}


def welch(
    variance: tuple[Floats, Floats], n: tuple[Counts, Counts], degrees: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    r"""Standard error of the difference of two independent means, and its degrees of freedom.

    Formula: :math:`\sqrt{a + b}` and :math:`(a + b)^2 / (a^2 / f_1 + b^2 / f_2)` with a and b = s² / n of either side;
    f are the degrees of freedom of the variances: n - 1 for a side's own, more for a pooled one.
    Unit: as the mean. Undefined: NaN where a side has no answers or no degree of freedom.
    Source: Welch 1947, with Satterthwaite's degrees. Checked against: `scipy.stats.ttest_ind(equal_var=False)`.
    """
    a, b = (np.asarray(each / np.where(count > 0, count, np.nan)) for each, count in zip(variance, n, strict=True))
    free = [np.where(np.asarray(each) > 0, each, np.nan) for each in degrees]
    shares = a**2 / free[0] + b**2 / free[1]
    return np.sqrt(a + b), np.asarray((a + b) ** 2 / np.where(shares > 0, shares, np.nan))


def raised(index: Floats, n: Counts) -> Floats:
    r"""By what the error of a unit is multiplied that stands nearer to the middle of the scale than people usually do.

    Formula: :math:`\sqrt{m (100 - m) / u}`, at least 1, with u the mean of m (100 - m) over people; per dimension.
    Shape: (units × dimensions), 0 answers where a unit has no index. Unit: a factor.
    Why: answers spread most in the middle of the scale and least at its ends, so that a deviation pooled over all units
    is too small for units below the others. Without it, two waves in which nothing changed name a change in up to one
    report in ten.
    Source: the largest variance of a bounded mean. Checked against: simulation (benchmarks/evidence.py).
    """
    room = np.where(n > 0, index * (100 - index), 0.0)
    usual = (room * n).sum(axis=0) / np.maximum(n.sum(axis=0), 1)
    return np.asarray(np.sqrt(np.maximum(np.divide(room, usual, out=np.ones(room.shape), where=usual > 0), 1.0)))


def interval(difference: Floats, error: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """The 95 % interval of a difference, as (low, high): Student's t. Undefined: NaN where the error is."""
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy)

    reach = stdtrit(np.maximum(degrees, 1), (1 + CONFIDENCE) / 2) * error
    return np.asarray(difference - reach), np.asarray(difference + reach)


def hedges_g(difference: Floats, pooled_sd: Floats, degrees: Floats) -> Floats:
    r"""Size of a difference in standard deviations, without the bias of small groups.

    Formula: :math:`d / s \cdot (1 - 3 / (4 f - 1))` with f degrees of freedom of s.
    Undefined: NaN where nothing varies. Source: Hedges 1981.
    Checked against: metafor's documentation example is not at hand; the exact factor by the gamma function (tests).
    """
    return np.asarray(difference / np.where(pooled_sd > 0, pooled_sd, np.nan) * (1 - 3 / (4 * degrees - 1)))


def mann_whitney_p(one: Counts, other: Counts) -> Floats:
    """How often chance alone parts two groups of ordered answers so far, both sides: Wilcoxon, Mann and Whitney.

    Shape: (… × points) counts of either group → (…). With ties, by the normal approximation and continuity correction.
    Undefined: an empty group, or one and the same answer throughout, gives NaN.
    Source: Mann and Whitney 1947. Checked against: `scipy.stats.mannwhitneyu(method="asymptotic")`.
    """
    from scipy.special import ndtr  # noqa: PLC0415 (heavy)

    both = one + other
    n, m, total = one.sum(axis=-1), other.sum(axis=-1), both.sum(axis=-1)
    rank = both.cumsum(axis=-1) - (both - 1) / 2
    u = (one * rank).sum(axis=-1) - n * (n + 1) / 2
    ties = (both.astype(float) ** 3 - both).sum(axis=-1)
    room = n * m / 12 * (total + 1 - ties / np.where(total > 1, total * (total - 1.0), np.nan))
    z = np.maximum(np.abs(u - n * m / 2) - 0.5, 0.0) / np.sqrt(np.where(room > 0, room, np.nan))
    return np.asarray(np.minimum(2 * ndtr(-z), 1.0))


def holm(p: Floats) -> Floats:
    """(… × comparisons) p values adjusted for their number, along the last axis; NaN stays and does not count.

    Formula: in ascending order times m, m - 1, …, never falling, at most 1. Source: Holm 1979.
    Checked against: R's `p.adjust(p, "holm")`, by its definition.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(2)
    array([0.03, 0.06, 0.06])
    """
    order = np.argsort(p, axis=-1)  # NaN last
    sorted_p = np.take_along_axis(p, order, axis=-1)
    left = np.isfinite(p).sum(axis=-1, keepdims=True) - np.arange(p.shape[-1])
    stepped = np.fmax.accumulate(sorted_p * np.maximum(left, 1), axis=-1)
    adjusted = np.empty_like(p, dtype=float)
    np.put_along_axis(adjusted, order, np.where(np.isnan(sorted_p), np.nan, np.minimum(stepped, 1.0)), axis=-1)
    return adjusted


def named(p: Floats, rate: float = RATE) -> Bools:
    """(teams × dimensions) which differences may be named: Holm within a team, Benjamini and Hochberg over teams.

    A team is looked at if the smallest of its adjusted p values passes among those of all teams; within it those are
    named that pass at the rate times the share of teams looked at. Where nothing changed anywhere, no more than `rate`
    of the reports name a change.
    Source: Benjamini and Bogomolov 2014 on selected families. Checked against: simulation (benchmarks/evidence.py).
    """
    adjusted = holm(p)
    per_team = np.fmin.reduce(adjusted, axis=-1, initial=np.inf)  # stays endless where there is none
    teams = np.isfinite(per_team)
    ordered = np.sort(per_team[teams])
    passing = np.flatnonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    if not len(passing):
        return np.zeros(p.shape, np.bool_)
    looked_at = teams & (per_team <= ordered[passing[-1]])
    limit = rate * looked_at.sum() / teams.sum()
    return np.asarray(looked_at[..., None] & (np.nan_to_num(adjusted, nan=2.0) <= limit))


def smallest_visible(error: Floats, degrees: Floats, comparisons: int, *, rate: float = RATE) -> Floats:
    r"""The change that would be named in four of five cases, whatever happens elsewhere in the report.

    Formula: :math:`(t_{1 - \alpha / 2m} + t_{.8}) \cdot se` with m comparisons in the report: the strictest bar that
    `named` can set. Unit: as the error. Undefined: NaN where the error is.
    Source: minimal detectable difference at a power of .8. Checked against: simulation (benchmarks/evidence.py).
    """
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy)

    free = np.maximum(degrees, 1)
    bar = stdtrit(free, 1 - rate / (2 * max(comparisons, 1)))
    return np.asarray((bar + stdtrit(free, POWER)) * error)


def verdicts(difference: Floats, error: Floats, degrees: Floats) -> npt.NDArray[np.int8]:
    """(teams × dimensions) 1 better, -1 worse, 0 no visible change, 2 cannot tell; `verdict` gives the words.

    Better and worse only where the 95 % interval leaves out 0 as well. Cannot tell: no comparison, or one in which even
    a change by half the scale would not be seen. An error of 0 means that chance has no part in the difference. The
    figures are on 0 to 100.
    """
    usable = np.isfinite(difference) & np.isfinite(error)
    by_chance = np.where(error > 0, two_sided_p(difference, error, degrees), difference == 0)
    p = np.where(usable, by_chance, np.nan)
    seen = named(p)
    low, high = interval(difference, error, degrees)
    comparisons = int(np.isfinite(p).sum())
    blind = ~usable | (smallest_visible(error, degrees, comparisons) > HIDDEN_CHANGE)
    sign = np.where(seen & (low > 0), 1, np.where(seen & (high < 0), -1, np.where(blind, 2, 0)))
    return np.asarray(sign, np.int8)


def verdict(number: int) -> Verdict:
    """The words of a verdict."""
    return _BY_NUMBER[number]


def slope(index: Floats, error: Floats) -> tuple[Floats, Floats]:
    """(waves × …) the change per wave along a straight line, and its standard error; waves evenly spaced, in order.

    Weighted least squares with the known error of every wave. What it does not show: seasons, or a change of course.
    Undefined: fewer than three waves with a figure give NaN: two are a difference, not a trend.
    Source: weighted least squares with known variances. Checked against: `numpy.polyfit(w=1/error, cov="unscaled")`.
    """
    there = np.isfinite(index) & np.isfinite(error) & (error > 0)
    weight = np.where(there, 1 / np.where(there, error, 1.0) ** 2, 0.0)
    place = np.arange(len(index), dtype=float).reshape(-1, *(1,) * (index.ndim - 1))
    total = weight.sum(axis=0)
    safe = np.where(total > 0, total, 1.0)
    away = place - (weight * place).sum(axis=0) / safe
    room = (weight * away**2).sum(axis=0)
    enough = (there.sum(axis=0) >= 3) & (room > 0)
    rise = (weight * away * np.where(there, index, 0.0)).sum(axis=0) / np.where(enough, room, np.nan)
    return np.asarray(rise), np.asarray(1 / np.sqrt(np.where(enough, room, np.nan)))


def if_the_others(index: Floats, n: Counts, headcount: Floats) -> tuple[Floats, Floats]:
    r"""Between which values the index of all people asked lies, whatever those who stayed away would have said.

    Formula: :math:`n m / N` to :math:`(n m + 100 (N - n)) / N`. Shape: any, of one headcount N for all dimensions
    (units × 1), say. Unit: 0 to 100.
    Undefined: NaN where everybody answered, the headcount is not above the number of answers, or one is not known.
    Source: bounds on a bounded mean (Manski 1989). Checked against: all that the others can say (tests).

    >>> [float(end.round(1)) for end in if_the_others(np.array(70.0), np.array(8), np.array(14.0))]
    [40.0, 82.9]
    """
    asked = np.where(np.nan_to_num(headcount) > n, headcount, np.nan)
    low = n * index / asked
    return np.asarray(low), np.asarray(low + 100 * (1 - n / asked))
