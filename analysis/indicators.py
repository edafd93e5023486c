"""Mean, 0–100 index, shares and their intervals: pure functions on counts and sums, for many groups at once."""

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import ResponseScale

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
CONFIDENCE = 0.95
_COMMON = 0.1  # of a p from which on nobody looks more closely


def number_of(counts: Counts) -> Counts:
    """How many answers there are: (..., points) → (...). Not by `sum`, which is slow over so short an axis."""
    return np.asarray(np.einsum("...k->...", counts))


def mean_of(counts: Counts) -> Floats:
    r"""Mean position on the scale, 1 for its unfavourable end.

    Formula: :math:`\sum_k k c_k / \sum_k c_k` over the points k = 1..C, after reverse-keying.
    Shape: (..., points) → (...).
    Unit: position on the response scale, 1 to C.
    Blanks: not in `counts`; nothing is imputed.
    Undefined: no answers gives NaN.
    Source: the arithmetic mean.
    Checked against: `psych::alpha(bhr2000[, 2:12])$item.stats$mean` (psych 2.2.9).
    """
    points = np.arange(1, counts.shape[-1] + 1)
    return _ratio(counts @ points, number_of(counts))


def squares_within(counts: Counts) -> Floats:
    r"""Sum of squared distances from the mean; to pool it, add over groups before dividing by degrees of freedom.

    Formula: :math:`\sum_k c_k k^2 - (\sum_k c_k k)^2 / n`.
    Shape: (..., points) → (...).
    Unit: squared points.
    Blanks: not in `counts`.
    Undefined: no answers gives 0: such a group adds nothing to a pooled figure.
    Source: the analysis of variance.
    Checked against: `psych::alpha(bhr2000[, 2:12])$item.stats$sd` (psych 2.2.9), through `sd_of`.
    """
    points = np.arange(1, counts.shape[-1] + 1)
    return sum_of_squares(number_of(counts), counts @ points, counts @ points**2)


def sum_of_squares(n: Counts | Floats, total: Counts | Floats, squares: Counts | Floats) -> Floats:
    """The same from n, sum and sum of squares; never below 0, whatever rounding does.

    Checked against: `MSW` of `aov(LEAD11 ~ as.factor(GRP))` on bhr2000 (R 4.2.2), summed over groups.
    """
    left = squares - np.square(np.asarray(total, np.float64)) / np.maximum(n, 1)
    return np.asarray(np.maximum(left, 0.0))


def sd_of(squares: Floats, degrees: Counts | Floats) -> Floats:
    """Standard deviation from a sum of squares and its degrees of freedom (n - 1, or n minus the number of groups).

    Unit: as the mean. Undefined: no degree of freedom gives NaN.
    Checked against: the SD of the scale in `psych::alpha(bhr2000[, 2:12])` (psych 2.2.9).
    """
    return np.sqrt(_ratio(squares, degrees))


def skewness_of(counts: Counts) -> Floats:
    r"""How far answers lean: below 0 where they crowd at the favourable end.

    Formula: :math:`g_1 = m_3 / m_2^{3/2}` with the central moments :math:`m_r = \sum_k c_k (k - \bar{x})^r / n`.
    Shape: (..., points) → (...).
    Unit: none.
    Blanks: not in `counts`.
    Undefined: no answers, or all alike, gives 0: nothing leans.
    Source: Fisher's moment coefficient.
    Checked against: `scipy.stats.skew`.
    """
    away = np.arange(1, counts.shape[-1] + 1) - mean_of(counts)[..., None]
    n = number_of(counts)
    second, third = (np.nan_to_num(_ratio((counts * away**power).sum(axis=-1), n)) for power in (2, 3))
    return np.asarray(np.divide(third, second**1.5, out=np.zeros(second.shape), where=second > 1e-12))


def to_index(mean: Floats, points: npt.NDArray[np.int64] | int) -> Floats:
    """A mean position 1..C on 0 to 100: 0 if everybody ticked the unfavourable end, 100 if the favourable one.

    Formula: 100 (m - 1) / (C - 1). Unit: index points.
    Source: percent of maximum possible (Cohen, Cohen, Aiken & West, 1999).

    >>> to_index(np.array([1.0, 3.0, 4.5]), 5)
    array([ 0. , 50. , 87.5])
    """
    return np.asarray(100 * (mean - 1) / (np.asarray(points) - 1))


def finite_population_factor(n: Counts | Floats, population: Floats) -> Floats:
    """What an interval shrinks by when n of `population` people answered: the square root of (N - n) / N.

    1 where the population is not known (NaN), 0 where everybody answered; more answers than people count as everybody.
    Source: Cochran, Sampling Techniques (1977), 2.6, for a standard deviation with n - 1.
    Checked against: the variance of the mean over all samples that can be drawn from a small population.

    >>> finite_population_factor(np.array([10, 10, 10]), np.array([10.0, 20.0, np.nan])).round(3)
    array([0.   , 0.707, 1.   ])
    """
    left = np.maximum(population - n, 0)
    return np.where(np.isnan(population), 1.0, np.sqrt(left / np.maximum(population, 1)))


def half_width(sd: Floats, n: Counts | Floats, degrees: Counts | Floats) -> Floats:
    r"""Half the width of the 95 % interval of a mean.

    Formula: :math:`t_{.975, df} \cdot s / \sqrt{n}`, with the degrees of freedom of the standard deviation.
    Unit: as `sd`.
    Undefined: no answers or no degree of freedom gives NaN.
    Source: Student's t interval.
    Checked against: `scipy.stats.t.interval`.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy)

    quantile = stdtrit(np.maximum(degrees, 1), (1 + CONFIDENCE) / 2)
    return np.where(np.asarray(degrees) > 0, quantile, np.nan) * sd * np.sqrt(_ratio(1.0, n))


def share_in(counts: Counts, points: npt.NDArray[np.bool_]) -> Floats:
    r"""Share of answers at the given points of the scale.

    Formula: :math:`\sum_{k \in band} c_k / \sum_k c_k`.
    Shape: (..., points) and (points) → (...).
    Unit: share, 0 to 1.
    Blanks: not in `counts`.
    Undefined: no answers gives NaN.
    Source: the top-two-box convention; the band is the instrument's, and every report prints it.
    Checked against: `pandas.Series.isin(band).mean()`.
    """
    return _ratio(counts @ points.astype(np.int64), number_of(counts))


def wilson_interval(share: Floats, n: Counts | Floats) -> tuple[Floats, Floats]:
    """The 95 % Wilson score interval of a share, as (low, high).

    n: answers, or for a finite population the number they are worth; infinite where everybody answered.
    Unit: share, 0 to 1; never outside it.
    Undefined: n = 0 gives NaN.
    Source: Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    Checked against: `scipy.stats.binomtest(8, 10).proportion_ci(method="wilson")`: 0.4902 to 0.9433.
    """
    from scipy.special import ndtri  # noqa: PLC0415 (heavy)

    z = float(ndtri((1 + CONFIDENCE) / 2))
    people = np.where(np.asarray(n) > 0, n, np.nan)
    centre = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    reach = z * np.sqrt(share * (1 - share) / people + z**2 / (4 * people**2)) / (1 + z**2 / people)
    return np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)


def two_sided_p(difference: Floats, error: Floats, degrees: Counts | Floats, skewness: Floats | float = 0.0) -> Floats:
    r"""How often chance alone makes a difference at least this large, both sides.

    Formula: :math:`2 P(T_{df} > |d| / se)`; where the difference lies on the longer tail of a skewed distribution, at
    least twice that tail of the gamma (Pearson III) distribution of the same `skewness`. Answers crowd at one end of a
    scale, and far out on the other side Student's t alone calls chance rare that is not. What t alone already calls
    common, 10 % and more, is left at that: the tail could only make it more so, and nobody names such a difference.
    Undefined: a standard error of 0 or NaN gives 1: nothing can be said.
    Source: Student's t test; Pearson's type III curve as the sum of many skewed answers.
    Checked against: `scipy.stats.ttest_ind_from_stats`, `scipy.stats.pearson3.sf`.
    """
    from scipy.special import gammaincc, stdtr  # noqa: PLC0415 (heavy)

    usable = np.isfinite(difference) & np.isfinite(error) & (error > 0)
    t = np.divide(np.abs(difference), error, out=np.zeros(np.shape(difference)), where=usable)
    p = 2 * stdtr(np.maximum(degrees, 1), -t)
    leaning = skewness * np.sign(difference)
    long = usable & (leaning > 1e-3) & (p < _COMMON)
    shape = 4 / leaning[long] ** 2
    tail = np.zeros(np.shape(p))
    tail[long] = 2 * gammaincc(shape, shape + t[long] * np.sqrt(shape))
    return np.where(usable, np.minimum(np.maximum(p, tail), 1.0), 1.0)


def benjamini_hochberg(p: Floats, rate: float) -> npt.NDArray[np.bool_]:
    """Which of many comparisons stand out, when at most a share `rate` of those named may be chance; NaN never does.

    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300.
    Checked against: `scipy.stats.false_discovery_control(p) <= rate`.

    >>> benjamini_hochberg(np.array([0.001, 0.02, 0.03, 0.9]), 0.05)
    array([ True,  True,  True, False])
    """
    flat = p[np.isfinite(p)]
    ordered = np.sort(flat)
    passing = np.flatnonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    limit = ordered[passing[-1]] if len(passing) else -1.0
    return np.isfinite(p) & (p <= limit)


def index_without(index: float, n: int, left_out: int, *, rounded_by: float = 0.5) -> tuple[float, float] | None:
    r"""Between which values an index lies without some of the people, whatever these answered, as (low, high).

    Formula: :math:`(n (m - r) - 100 f) / (n - f)` to :math:`n (m + r) / (n - f)`, cut to 0 and 100: the f people left
    out had all answered 100, or all 0. Where m is the mean of several items' means, n is the smallest number of answers
    to one of them: an item that lost fewer answers, or had more, moves less.
    Arguments: m, printed index, and r, half a unit of its last digit; f, the most people that may be left out.
    Unit: 0 to 100.
    Undefined: f >= n gives None: nothing need be left.
    Discloses nothing: it is worked out from printed figures alone, so every reader can do the same.
    Source: the mean of bounded values. Checked against: all ways to leave out up to f of n simulated answers (tests).

    >>> low, high = index_without(68, 400, 12)
    >>> round(low, 1), round(high, 1)
    (66.5, 70.6)
    """
    if left_out >= n:
        return None
    low = (n * (index - rounded_by) - 100 * left_out) / (n - left_out)
    high = n * (index + rounded_by) / (n - left_out)
    return max(0.0, low), min(100.0, high)


def band(scale: ResponseScale, values: frozenset[int]) -> npt.NDArray[np.bool_]:
    """The points of a scale (keyed, lowest first) that belong to a band given by its values."""
    return np.array([value in values for value in scale.values])


def _ratio(part: Floats | Counts | float, whole: Counts | Floats) -> Floats:
    whole = np.asarray(whole, np.float64)
    empty = np.full(np.broadcast_shapes(np.shape(part), whole.shape), np.nan)
    return np.asarray(np.divide(part, whole, out=empty, where=whole > 0))
