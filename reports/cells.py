"""Numbers → cells, array by array: a large organisation has a million of them, and few that differ."""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from . import wording
from .content import Cell

Record = TypeVar("Record", bound=NamedTuple)


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


def rows_of(
    kind: type[Record], columns: Sequence[npt.NDArray[np.object_]], shape: tuple[int, ...]
) -> list[tuple[Record, ...]]:
    """The records of each row. columns: the fields of all, one row behind the other; shape: rows, records in each."""
    rows, across = shape
    fields = zip(*(column.tolist() for column in columns), strict=True)
    records = list(map(tuple.__new__, repeat(kind), fields))  # as `_make` does, which takes three times as long
    return [tuple(records[row * across : (row + 1) * across]) for row in range(rows)]


def nearly_percent(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Shares, of which far fewer differ, and `wording.percent` says the same of each: rounded where that is no tie."""
    hundredths = shares * 100
    rounded = np.clip(np.rint(hundredths), np.where(shares > 0, 0.1, 0), np.where(shares < 1, 99.9, 100)) / 100
    return np.where(np.abs(hundredths % 1 - 0.5) < 1e-6, shares, rounded)
