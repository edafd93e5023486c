"""Figures of several answers of one person, by their published definitions: alpha, omega, ICC, relative weights."""

from typing import Final

import numpy as np

from .columns import Floats

_TIE: Final = 1e-9
_STEPS: Final = 20_000
_STILL: Final = 1e-13
_DEPENDENT: Final = 1e-10


def alpha(cov: Floats) -> float:
    """Cronbach's alpha of a table of covariances; NaN where it is not defined."""
    size, total = len(cov), cov.sum()
    return float(size / (size - 1) * (1 - np.diag(cov).sum() / total)) if size > 1 and total > _TIE else float("nan")


def feldt(value: float, people: int, items: int) -> tuple[float, float]:
    """Feldt's interval of alpha."""
    from scipy.special import fdtri  # noqa: PLC0415 (heavy)

    if np.isnan(value):
        return float("nan"), float("nan")
    low, high = (
        1 - (1 - value) * float(fdtri(people - 1, (people - 1) * (items - 1), tail)) for tail in (0.975, 0.025)
    )
    return low, high


def correlated(cov: Floats, one: Floats, other: Floats) -> float:
    """The correlation of two weighted sums of items."""
    room = (one @ cov @ one) * (other @ cov @ other)
    return float(one @ cov @ other / np.sqrt(room)) if room > _TIE else float("nan")


def omega(correlations: Floats) -> float:
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


def mean_squares(n: Floats, total: Floats, squares: Floats) -> tuple[float, float, float]:
    """Between teams and within them (NaN without freedom), and people per team; of sums of scores, team by team."""
    teams, people = len(n), n.sum()
    between = (n * (total / n - total.sum() / max(people, 1)) ** 2).sum()
    within = max(squares.sum() - (total**2 / n).sum(), 0.0)
    return (
        float(between / (teams - 1)) if teams > 1 else float("nan"),
        float(within / (people - teams)) if people > teams else float("nan"),
        float(people / max(teams, 1)),
    )


def relative_weights(correlations: Floats) -> Floats:
    """Johnson's weights, by singular values; the outcome is the last row. NaN where they are not determined."""
    together, outcome = correlations[:-1, :-1], correlations[:-1, -1]
    if np.isnan(correlations).any() or np.linalg.eigvalsh(correlations)[0] <= _DEPENDENT:
        return np.full(len(outcome), np.nan)
    left, sizes, right = np.linalg.svd(together)
    near = left * np.sqrt(sizes) @ right
    return np.asarray((near**2) @ (np.linalg.inv(near) @ outcome) ** 2)
