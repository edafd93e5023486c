"""Which items go with speaking up, or another outcome: relative weights. They are no causes."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_DRAWS = 1_000
_AT_ONCE = 100  # draws, so that they stay in the cache
_STEPS = 80
_CLOSE = 1e-6
_LEAST = 1e-9  # eigenvalue: below it predictors follow from one another


def relative_weights(correlations: Floats, outcome: Floats) -> Floats:
    r"""How much each predictor adds to what all together explain of an outcome, shared fairly among those that overlap.

    Formula: with :math:`R = V D V'`, :math:`\Lambda = V D^{1/2} V'` and :math:`\beta = \Lambda^{-1} r`, the weights are
    :math:`\Lambda^2 \beta^2` (squares entry by entry); they add up to R².
    Shape: (predictors × predictors) and (predictors) → (predictors). Unit: share of the outcome's variance, 0 to 1.
    Undefined: NaN throughout where an entry is, or where predictors follow from one another exactly.
    What it does not show: causes. A statement can go with speaking up because both follow from a third thing.
    Source: Johnson 2000. Checked against: predictors that do not overlap, and R² of the regression (tests).
    """
    if not (np.isfinite(correlations).all() and np.isfinite(outcome).all()):
        return np.full(len(outcome), np.nan)
    values, vectors = np.linalg.eigh(correlations)
    if values[0] <= _LEAST:
        return np.full(len(outcome), np.nan)
    root = vectors * np.sqrt(values) @ vectors.T
    return np.asarray(root**2 @ np.linalg.solve(root, outcome) ** 2)


def weight_intervals(correlations: Floats, people: int, *, draws: int = _DRAWS, seed: int = 1) -> tuple[Floats, Floats]:
    """95 % bootstrap intervals of the relative weights, as (low, high); the outcome is the last row and column.

    Parametric: covariances of as many people are drawn again and again from a normal distribution with these
    correlations (Wishart), since the rows are gone after the tally. The same seed gives the same intervals.
    Undefined: NaN where the weights are, or with fewer people than variables.
    Source: Tonidandel, LeBreton and Johnson 2009 on bootstrapping the weights.
    Checked against: intervals by resampling rows of simulated answers (tests).
    """
    size = len(correlations)
    if people <= size or not np.isfinite(correlations).all() or np.linalg.eigvalsh(correlations)[0] <= _LEAST:
        return np.full(size - 1, np.nan), np.full(size - 1, np.nan)
    drawn = _wishart(people - 1, correlations, draws, np.random.default_rng(seed))
    sd = np.sqrt(np.diagonal(drawn, axis1=1, axis2=2))
    again = drawn / (sd[:, :, None] * sd[:, None, :])
    weights = np.concatenate([_weights_of_many(some) for some in np.array_split(again, max(draws // _AT_ONCE, 1))])
    low, high = np.percentile(weights, [2.5, 97.5], axis=0)
    return np.asarray(low), np.asarray(high)


def _weights_of_many(correlations: Floats) -> Floats:
    """(draws × size × size) → (draws × size - 1) the same weights, about ten decimals of them.

    The roots by Newton's iteration of Schulz, which takes nothing but products of matrices: thousands of small
    decompositions are slow where the linear algebra at hand divides each among the processors.
    """
    together, outcome = correlations[:, :-1, :-1], correlations[:, :-1, -1:]
    unit = np.eye(together.shape[-1])
    largest = np.abs(together).sum(axis=-1).max(axis=-1)[:, None, None]
    root, inverse = together / largest, np.broadcast_to(unit, together.shape)
    for _ in range(_STEPS):
        step = 1.5 * unit - 0.5 * (inverse @ root)
        root, inverse = root @ step, step @ inverse
        if np.abs(step - unit).max() < _CLOSE:
            break
    return np.asarray(((root**2 * largest) @ (inverse @ outcome / np.sqrt(largest)) ** 2)[..., 0])


def _wishart(degrees: int, scale: Floats, draws: int, random: np.random.Generator) -> Floats:
    """(draws × …) sums of products of so many rows of normal numbers with this covariance: Bartlett's decomposition."""
    size = len(scale)
    factor = np.tril(random.standard_normal((draws, size, size)), -1)
    places = np.arange(size)
    factor[:, places, places] = np.sqrt(random.chisquare(degrees - places, (draws, size)))
    rows = np.linalg.cholesky(scale) @ factor
    return np.asarray(rows @ np.swapaxes(rows, -2, -1))
