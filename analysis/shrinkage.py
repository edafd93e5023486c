"""What a small team's mean is worth: estimates drawn towards the mean of all, the more the less reliable they are."""

import numpy as np
import numpy.typing as npt

from .agreement import mean_reliability

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def shrunken(mean: Floats, n: Counts, centre: Floats | float, icc: Floats | float) -> Floats:
    r"""Empirical Bayes estimate of a team's true mean.

    Formula: :math:`\lambda \bar{x} + (1 - \lambda) c` with :math:`\lambda = n \rho / (1 + (n - 1) \rho)`.
    Shape: (teams × dimensions), centre and ICC(1) per dimension. Unit: as the mean.
    Undefined: NaN where the mean, the centre or ICC(1) is; a negative ICC(1) counts as 0: the centre is all there is.
    What it does not show: it is nearer to the truth on average over teams, not for each of them.
    Source: Raudenbush and Bryk 2002, chapter 3.
    Checked against: the root mean squared error on teams whose truth is known (benchmarks/evidence.py).

    >>> shrunken(np.array([80.0]), np.array([5]), 60.0, 0.15).round(1)
    array([69.4])
    """
    worth = mean_reliability(icc, n)
    return np.asarray(worth * mean + (1 - worth) * centre)
