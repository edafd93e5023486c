"""How well the items of a dimension measure one thing: alpha, omega, item-rest correlation, from sums of products."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_STEPS = 20_000  # of the one-factor solution; most need a few dozen
_CLOSE = 1e-13
_NOTHING = 1e-9  # squared points: what is left of a variance of 0 by rounding
_EXACT_IN_32 = 2**24  # whole numbers below it, and their sums, are exact in floats of 32 bits


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """What people's answers to pairs of items add up to; additive, in whole numbers, keyed.

    n: (items × items) people who answered both; on the diagonal those who answered the item.
    sums, squares: (items × items) in row i and column j the sum, and the sum of squares, of item i over the people who
        answered i and j.
    products: (items × items) the sum of products of both.
    """

    n: Counts
    sums: Counts
    squares: Counts
    products: Counts

    def __add__(self, other: Self) -> Self:
        """Both together, of the same items."""
        return type(self)(
            self.n + other.n,
            self.sums + other.sums,
            self.squares + other.squares,
            self.products + other.products,
        )

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same sums."""
        return isinstance(other, Products) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]  # like the arrays it holds

    def of(self, items: npt.NDArray[np.intp]) -> Self:
        """Only some of the items, in that order."""
        here = np.ix_(items, items)
        return type(self)(self.n[here], self.sums[here], self.squares[here], self.products[here])


def no_products(items: int) -> Products:
    """The products of nobody."""
    return Products(*(np.zeros((items, items), np.int64) for _ in Products.__slots__))


def products_of(points: npt.NDArray[np.integer]) -> Products:
    """The sums of products of (people × items) keyed points; 0 or less where nothing was answered.

    Exact: floats hold every whole number up to 2²⁴ (32 bits) or 2⁵³ (64 bits), and no sum here gets larger.
    """
    largest = max(int(points.max(initial=1)), 1) ** 2
    kind = np.float32 if largest * len(points) < _EXACT_IN_32 else np.float64
    values = np.maximum(points, 0).astype(kind)
    answered = (points > 0).astype(kind)
    found = np.concatenate([answered, values, values**2], axis=1).T @ answered, values.T @ values
    n, sums, squares = np.split(found[0].astype(np.int64), 3)
    return Products(n, sums, squares, found[1].astype(np.int64))


def covariance(products: Products) -> Floats:
    """Covariance of every pair of items over the people who answered both (divisor n - 1).

    Shape: (items × items). Unit: squared points.
    Blanks: pairwise; for listwise give the products of people who answered all items.
    Undefined: fewer than two people for a pair gives NaN.
    Checked against: R 4.2.2 `cov(x, use = "pairwise")`, by way of psych::alpha.
    """
    n = np.where(products.n > 1, products.n, np.nan)
    return np.asarray((products.products - products.sums * products.sums.T / n) / (n - 1))


def pairwise_correlation(products: Products) -> Floats:
    """Correlation of every pair of items, both means and deviations over the people who answered both.

    With gaps it differs from `correlation`, whose deviations are those of all who answered each item.
    Undefined: a pair in which an item does not vary gives NaN.
    Checked against: R 4.2.2 `cor(x, use = "pairwise")`, by way of psych::fa.
    """
    n = np.where(products.n > 1, products.n, np.nan)
    room = products.squares - products.sums**2 / n
    room = np.where(room > 0, room, np.nan)
    return np.asarray((products.products - products.sums * products.sums.T / n) / np.sqrt(room * room.T))


def correlation(cov: Floats) -> Floats:
    """The correlations that belong to a covariance matrix; NaN in the row and column of an item without variance."""
    sd = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
    return np.asarray(cov / np.outer(sd, sd))


def alpha(cov: Floats) -> float:
    r"""Cronbach's alpha: the share of a sum score's variance that its items have in common.

    Formula: :math:`k/(k-1) \cdot (1 - \sum_i c_{ii} / \sum_{ij} c_{ij})`. Raw from covariances, standardised from
    correlations. Unit: at most 1; negative where items run against each other.
    Undefined: fewer than two items, or a sum score that does not vary, gives NaN.
    Source: Cronbach 1951. Checked against: psych::alpha (2.2.9), pairwise and listwise; multilevel::cronbach (2.7).
    """
    items, total = len(cov), cov.sum()
    if items < 2 or not total > _NOTHING:
        return float("nan")
    return float(items / (items - 1) * (1 - np.trace(cov) / total))


def alpha_interval(value: float, people: int, items: int, *, confidence: float = 0.95) -> tuple[float, float]:
    r"""Feldt's interval of alpha.

    Formula: :math:`1 - (1 - \alpha) F_{q}(n - 1, (n - 1)(k - 1))` at both ends of the confidence.
    Undefined: NaN for fewer than two people or items, or where alpha is.
    Source: Feldt, Woodruff and Salih 1987. Checked against: psych::alpha (2.2.9) `feldt` on attitude and bfi.
    """
    if people < 2 or items < 2 or np.isnan(value):
        return float("nan"), float("nan")
    from scipy.special import fdtri  # noqa: PLC0415 (heavy)

    degrees = people - 1, (people - 1) * (items - 1)
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - value) * fdtri(*degrees, q) for q in (1 - tail, tail))
    return float(low), float(high)


def alpha_without_each(cov: Floats) -> Floats:
    """(items) alpha of the other items, for every item left out. Checked against: psych::alpha `alpha.drop`."""
    kept = (np.delete(np.arange(len(cov)), item) for item in range(len(cov)))
    return np.array([alpha(cov[np.ix_(rest, rest)]) for rest in kept])


def item_rest_correlation(cov: Floats) -> Floats:
    r"""Correlation of every item with the sum of the others (corrected item-total correlation).

    Formula: :math:`(\sum_j c_{ij} - c_{ii}) / \sqrt{c_{ii} (V - 2 \sum_j c_{ij} + c_{ii})}` with V the sum of all.
    Undefined: an item, or a rest, that does not vary gives NaN.
    Checked against: psych::alpha (2.2.9) `r.drop`; multilevel::item.total (2.7).
    """
    own, row = np.diag(cov), cov.sum(axis=1)
    room = own * (cov.sum() - 2 * row + own)
    return np.asarray((row - own) / np.sqrt(np.where(room > _NOTHING, room, np.nan)))


def omega(correlations: Floats) -> float:
    r"""McDonald's omega total of one factor: alpha without the assumption that all items measure equally well.

    Formula: :math:`(\sum \lambda)^2 / ((\sum \lambda)^2 + \sum \theta)` with loadings and residual variances of the
    one-factor solution by minimum residuals, of standardised items.
    Blanks: as in the correlations; psych takes those of `pairwise_correlation`.
    Undefined: fewer than three items (one factor is not determined), an item without variance, or an item that the
    factor explains whole (Heywood case) gives NaN. An item that runs against the others lowers it.
    Source: McDonald 1999. Checked against: psych::fa(x, 1, fm = "minres") (2.2.9), pairwise.
    """
    loadings = one_factor(correlations)
    unique = 1 - loadings**2
    if np.isnan(loadings).any() or (unique <= 0).any():
        return float("nan")
    together = loadings.sum() ** 2
    return float(together / (together + unique.sum()))


def omega_of_total(correlations: Floats) -> float:
    r"""Omega total with the observed variance of the sum below the line: :math:`1 - \sum \theta / \sum_{ij} r_{ij}`.

    The same as `omega` where one factor reproduces the correlations; undefined where that is.
    Checked against: psych::omega(x, nfactors = 1) (2.2.9), pairwise.
    """
    loadings = one_factor(correlations)
    if np.isnan(loadings).any() or (loadings**2 >= 1).any():
        return float("nan")
    return float(1 - (1 - loadings**2).sum() / correlations.sum())


def omega_by_likelihood(cov: Floats) -> float:
    r"""McDonald's omega total of one factor by maximum likelihood, of covariances (raw) or correlations (standardised).

    Formula and undefined cases as for `omega`. Blanks: as in the covariances; lavaan's default is listwise.
    Source: Jöreskog 1967 for the likelihood. Checked against: lavaan::cfa (0.6.14), listwise.
    """
    items = len(cov)
    if items < 3 or not (np.isfinite(cov).all() and np.linalg.eigvalsh(cov)[0] > 0):
        return float("nan")

    def misfit(log_unique: Floats) -> tuple[float, Floats]:
        unique = np.exp(log_unique)
        values, vectors = np.linalg.eigh(cov / np.sqrt(np.outer(unique, unique)))
        rest = values[:-1]
        slope = -((rest - 1) * vectors[:, :-1] ** 2).sum(axis=1)
        return float((rest - np.log(rest) - 1).sum()), np.asarray(slope)

    from scipy import optimize  # noqa: PLC0415 (heavy)

    start = np.log(1 / np.diag(np.linalg.inv(cov)))
    found = optimize.minimize(misfit, start, jac=True, method="BFGS", options={"gtol": 1e-9})
    unique = np.exp(found.x)
    values, vectors = np.linalg.eigh(cov / np.sqrt(np.outer(unique, unique)))
    loadings = np.sqrt(unique * max(values[-1] - 1, 0.0)) * vectors[:, -1]
    if (unique < 1e-8 * np.diag(cov)).any():
        return float("nan")
    together = loadings.sum() ** 2
    return float(together / (together + unique.sum()))


def one_factor(correlations: Floats) -> Floats:
    """(items) the loadings of one factor on standardised items, by minimum residuals; NaN where undefined.

    Found by repeated principal axes, whose fixed point leaves the least sum of squared residual correlations.
    """
    items = len(correlations)
    if items < 3 or np.isnan(correlations).any():
        return np.full(items, np.nan)
    communality = np.abs(correlations - np.eye(items)).max(axis=0) ** 2
    for _ in range(_STEPS):
        values, vectors = np.linalg.eigh(correlations - np.diag(1 - communality))
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        moved = np.abs(loadings**2 - communality).max()
        communality = loadings**2
        if moved < _CLOSE:
            break
        if communality.max() > 1:
            return np.full(items, np.nan)
    return np.asarray(loadings * (1 if loadings.sum() >= 0 else -1))


def halves_correlation(cov: Floats, reverse: npt.NDArray[np.bool_]) -> float:
    """Correlation of the sum of the reverse-keyed items (turned round) with the sum of the others; NaN without both.

    Low where the two halves measure something different, or where people read past the word “not”.
    """
    if reverse.all() or not reverse.any():
        return float("nan")
    own, other = cov[np.ix_(reverse, reverse)].sum(), cov[np.ix_(~reverse, ~reverse)].sum()
    room = own * other
    return float(cov[np.ix_(reverse, ~reverse)].sum() / np.sqrt(room)) if room > _NOTHING else float("nan")
