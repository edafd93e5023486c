"""Numbers → cells, array by array: a large organisation has a million of them, and few that differ."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import wording
from .content import Cell


def cells_of(
    values: npt.NDArray[Any], shown: npt.NDArray[np.bool_], say: Callable[[Any], Cell]
) -> npt.NDArray[np.object_]:
    """Each shown value as its cell, said once per different value; the others as withheld; flat."""
    different, place = np.unique(values[shown], return_inverse=True)
    said = np.empty(len(different), object)
    said[:] = [say(value) for value in different.tolist()]
    cells = np.full(values.size, wording.withheld(), object)
    cells[shown.ravel()] = said[place]
    return cells
