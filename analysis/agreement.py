"""May the answers of a team be called a team score? How much people agree inside teams, and how much teams differ."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from .indicators import mean_of, number_of, squares_within

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Null = Literal["uniform", "slightly skewed"]
GroupSize = Literal["mean", "n0"]

_NOTHING = 1e-9  # squared points: what is left of a variance of 0 by rounding
# Variance of answers that lean to one side a little (shares .05 .15 .20 .35 .25 on five points), by number of points.
_SLIGHTLY_SKEWED = {5: 1.34, 7: 2.90}


def null_variance(points: int, null: Null = "uniform") -> float:
    r"""Variance of answers given without agreement.

    uniform: :math:`(A^2 - 1) / 12` with A points. slightly skewed: as tabled for 5 and 7 points, else NaN.
    Source: James, Demaree and Wolf 1984; LeBreton and Senter 2008, table 2.
    """
    return (points**2 - 1) / 12 if null == "uniform" else _SLIGHTLY_SKEWED.get(points, float("nan"))


def variances_of(counts: Counts) -> Floats:
    """(… × points) counts → (…) variance of the answers (divisor n - 1); NaN for fewer than two."""
    n = number_of(counts)
    return np.asarray(squares_within(counts) / np.where(n > 1, n - 1, np.nan))


def rwg(variances: Floats, null: Floats | float) -> Floats:
    r"""Agreement on one item: :math:`1 - s^2 / \sigma^2_E`; less agreement than the null counts as 0.

    Shape: any. Unit: 0 to 1. Undefined: NaN where the variance is (fewer than two answers).
    Source: James, Demaree and Wolf 1984. Checked against: multilevel::rwg (2.7).
    """
    return np.asarray(np.where(np.isnan(variances), np.nan, np.maximum(1 - variances / null, 0.0)))


def rwg_j(variances: Floats, null: Floats | float) -> Floats:
    r"""Agreement on several items: :math:`J(1 - q) / (J(1 - q) + q)` with q the mean of s² / σ²E over J items.

    Shape: (… × items) → (…). Unit: 0 to 1; q above 1 counts as 0.
    Blanks: each item with the answers it has (multilevel 2.8); listwise if the variances are (multilevel 2.7).
    Undefined: NaN where the variance of an item is.
    What it does not show: it grows with the number of items alone, so that people who agree on nothing can pass .70.
    Source: James, Demaree and Wolf 1984. Checked against: multilevel::rwg.j (2.7 and 2.8).
    """
    return rwg_j_of(np.mean(variances / null, axis=-1), variances.shape[-1])


def rwg_j_of(ratio: Floats, items: Floats | int) -> Floats:
    """The same from the mean over so many items of s² / σ²E, which may be another number for every team.

    Shape: any. Undefined: NaN where the mean is. Checked against: `rwg_j`.
    """
    q = np.minimum(ratio, 1.0)
    agreed = items * (1 - q)
    return np.asarray(agreed / (agreed + q))


def rwg_j_lindell(variances: Floats, null: Floats | float) -> Floats:
    """Agreement on several items without the growth by their number: 1 - mean of s² / σ²E; may be negative.

    Shape: (… × items) → (…). Source: Lindell, Brandt and Whitney 1999.
    Checked against: multilevel::rwg.j.lindell (2.7).
    """
    return np.asarray(1 - np.mean(variances / null, axis=-1))


def average_deviation(counts: Counts, *, around: Literal["mean", "median"] = "mean") -> Floats:
    r"""Average deviation of answers from their mean, AD(M), or from their median, AD(Md).

    Formula: :math:`\sum_p c_p |p - m| / \sum_p c_p`. Shape: (… × points) → (…). Unit: points of the scale.
    Undefined: NaN for fewer than two answers. For several items take the mean over items.
    Agreement: at most A/6 with A points (`agreement_limit`).
    Source: Burke, Finkelstein and Dusig 1999; Burke and Dunlap 2002 for the limit.
    Checked against: multilevel::ad.m (2.7).
    """
    n = number_of(counts)
    points = np.arange(1, counts.shape[-1] + 1)
    centre = mean_of(counts) if around == "mean" else _median(counts)
    apart = np.abs(points - centre[..., None])
    return np.asarray((counts * apart).sum(axis=-1) / np.where(n > 1, n, np.nan))


def agreement_limit(points: Floats | int) -> Floats:
    """The largest average deviation that counts as agreement: a sixth of the number of points."""
    return np.asarray(np.asarray(points) / 6)


def _median(counts: Counts) -> Floats:
    """(… × points) counts → (…) median; halfway between two points where half of the answers lie on either side."""
    n = counts.sum(axis=-1, keepdims=True)
    reached = counts.cumsum(axis=-1)
    low = (2 * reached >= n).argmax(axis=-1)
    high = (2 * reached > n).argmax(axis=-1)
    return np.asarray((low + high) / 2 + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """Analysis of variance of persons' scores over teams; every array has one entry per dimension.

    groups: teams with at least one score. people: scores. between, within: mean squares, NaN where without freedom.
    mean_size: people per team; n0: the same, corrected for teams of different size.
    """

    groups: Counts
    people: Counts
    between: Floats
    within: Floats
    mean_size: Floats
    n0: Floats


def variation(n: Counts, total: Floats, squares: Floats) -> Variation:
    r"""One-way analysis of variance from the number, the sum and the sum of squares of the scores in each team.

    Shape: (teams × dimensions) each. n0: :math:`(N - \sum n_g^2 / N) / (k - 1)`.
    Checked against: R 4.2.2 `aov(score ~ team)` on bhr2000.
    """
    groups, people = (n > 0).sum(axis=0), n.sum(axis=0)
    size = np.where(n > 0, n, 1)
    inside = (squares - total**2 / size).sum(axis=0)
    everybody = np.where(people > 0, people, 1)
    across = (total**2 / size).sum(axis=0) - total.sum(axis=0) ** 2 / everybody
    free = np.where(groups > 1, groups - 1, np.nan)
    return Variation(
        groups=groups,
        people=people,
        between=np.asarray(across / free),
        within=np.asarray(np.maximum(inside, 0.0) / np.where(people > groups, people - groups, np.nan)),
        mean_size=people / np.where(groups > 0, groups, np.nan),
        n0=np.asarray((people - (n**2).sum(axis=0) / everybody) / free),
    )


def icc1(found: Variation, *, size: GroupSize = "mean") -> Floats:
    r"""ICC(1): the share of the variance of persons' scores that lies between teams.

    Formula: :math:`(MSB - MSW) / (MSB + (g - 1) MSW)` with g people per team: the mean N/k, or n0.
    Unit: share; negative where teams differ less than chance alone would make them.
    Undefined: NaN for one team, for teams of one, and where nothing varies.
    Source: Bliese 2000. Checked against: multilevel::ICC1 (2.7) with the mean; the n0 formula on bhr2000.
    """
    people = found.mean_size if size == "mean" else found.n0
    room = found.between + (people - 1) * found.within
    return np.asarray((found.between - found.within) / np.where(room > _NOTHING, room, np.nan))


def icc2(found: Variation) -> Floats:
    """ICC(2): how reliable the mean of a team of usual size is, (MSB - MSW) / MSB.

    Undefined: NaN where ICC(1) is, and where team means do not vary. Checked against: multilevel::ICC2 (2.7).
    """
    return np.asarray((found.between - found.within) / np.where(found.between > _NOTHING, found.between, np.nan))


def mean_reliability(icc: Floats | float, people: Floats | Counts | int) -> Floats:
    """How reliable the mean of so many people is, given ICC(1): Spearman and Brown's n·ICC / (1 + (n - 1)·ICC).

    A negative ICC(1) counts as 0. At .15 the mean of five people is worth .47: about half.
    """
    share = np.maximum(icc, 0.0)
    return np.asarray(people * share / (1 + (people - 1) * share))


def icc1_by_reml(n: Counts, total: Floats, squares: Floats) -> float:
    r"""ICC(1) of one dimension by restricted maximum likelihood: better than ANOVA where teams differ in size.

    Shape: (teams) each. Model: score = mean + team + person, both normal; the profile likelihood over the ratio of the
    two variances has one argument; its slope is 0 at the estimate. Never negative.
    Undefined: NaN for one team, for teams of one, and where nobody differs inside a team.
    Checked against: nlme::lme by way of multilevel::mult.icc (2.7).
    """
    there = n > 0
    n, total, squares = n[there], total[there], squares[there]
    people, inside = int(n.sum()), float((squares - total**2 / n).sum())
    if len(n) < 2 or people <= len(n) or inside <= 0:
        return float("nan")
    means = total / n

    def slope(ratio: float) -> float:
        weight = n / (1 + n * ratio)
        apart = (means - (weight * means).sum() / weight.sum()) ** 2
        fit = (people - 1) * (weight**2 * apart).sum() / (inside + (weight * apart).sum())
        return float(weight.sum() - (weight**2).sum() / weight.sum() - fit)

    if slope(0.0) >= 0:
        return 0.0
    from scipy import optimize  # noqa: PLC0415 (heavy)

    ratio = optimize.brentq(slope, 0.0, 1e9, xtol=1e-14)
    return float(ratio / (1 + ratio))
