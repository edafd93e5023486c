"""Layout: the rows of a report in reading order, and the `rest` rows among them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .hierarchy import Hierarchy

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The rows of a report: every unit, and behind the units of one that is published its `rest`, where there is one.

    units: per row the unit it is on. rest: whether it is the unit's `rest`: its people who are in none of its published
    parts. parents: row of the unit above (for a `rest` row the unit itself); -1 for the organisation.
    """

    units: npt.NDArray[np.intp]
    rest: Bools
    parents: npt.NDArray[np.intp]


def lay_out(hierarchy: Hierarchy, published: Bools, residue: npt.NDArray[np.int64]) -> Layout:
    """The rows in reading order.

    residue: (units) people of each published unit who are in none of its published parts.
    """
    holds_part = np.zeros(len(hierarchy), np.bool_)
    for here in hierarchy.bottom_up():
        np.logical_or.at(holds_part, hierarchy.parents[here], published[here] | holds_part[here])
    closing = np.flatnonzero(published & holds_part & (residue > 0))
    units = np.concatenate([np.arange(len(hierarchy)), closing])
    rest = np.arange(len(units)) >= len(hierarchy)
    last = np.where(rest, hierarchy.ends()[units] - 1, units)  # the unit behind which the row stands
    order = np.lexsort((-hierarchy.depths[units], rest, last))
    units, rest = units[order], rest[order]
    row_of = np.zeros(len(hierarchy), np.intp)
    row_of[units[~rest]] = np.flatnonzero(~rest)
    parents = np.where(rest, row_of[units], row_of[np.maximum(hierarchy.parents[units], 0)])
    parents[0] = -1
    return Layout(units, rest, parents)
