"""Which items go with speaking up, or another outcome: relative weights. They are no causes."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_DRAWS = 2_000


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
    if values[0] <= 1e-10:
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
    if people <= size or not np.isfinite(correlations).all() or np.linalg.eigvalsh(correlations)[0] <= 1e-10:
        return np.full(size - 1, np.nan), np.full(size - 1, np.nan)
    from scipy.stats import wishart  # noqa: PLC0415 (heavy)

    drawn = wishart(people - 1, correlations).rvs(draws, random_state=np.random.default_rng(seed))
    sd = np.sqrt(np.diagonal(drawn, axis1=1, axis2=2))
    again = drawn / (sd[:, :, None] * sd[:, None, :])
    weights = np.array([relative_weights(each[:-1, :-1], each[:-1, -1]) for each in again])
    low, high = np.nanpercentile(weights, [2.5, 97.5], axis=0)
    return np.asarray(low), np.asarray(high)
