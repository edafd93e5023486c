"""Intervals: that one spread explains those of all units. A unit's own spread would tell how its people differ."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from .columns import Bools, Counts, Floats, Places, Whole
from .figures import PEOPLE, Fault, Printed, Questions, kind_in_words
from .truth import Table

_SLACK = 1e-6
_INFINITY = float("inf")
_NORMAL = 1.959964
_BOUNDED = ("low", "high", "favourable_low", "favourable_high", "response_rate", "sd_within", "degrees")
_MOST_WITHIN = 1.5**0.5  # of the spread of all: groups of three leave two degrees of freedom of three people
_FARTHEST_T = 2.7765  # of Student's t with four degrees of freedom: five people


def own_spread(printed: Printed, rows: Sequence[int], table: Table, questions: Questions) -> Iterator[Fault]:
    """The measures whose intervals cannot come from a single spread.

    Neither without a correction for a finite population nor with one, for which the printed response rates tell how
    many were asked. Reach of an interval = spread · constant / √n, cut off at 0 and 100; so every end bounds the
    spread from both sides.
    """
    cells = printed.cells
    place = np.array(rows, np.intp)
    at = np.flatnonzero(cells.is_of("low", "high") & (cells.measure != PEOPLE) & (place[cells.unit] > 0))
    is_rate = cells.is_of("response_rate")
    rates = np.zeros(len(printed.units))
    rates[cells.unit[is_rate]] = cells.value[is_rate]
    unit, measure, value = cells.unit[at], cells.measure[at], cells.value[at]
    row = place[unit]
    n = table.n[row, measure]
    reach = np.where(cells.is_of("low")[at], -1, 1) * (value - table.index[row, measure])
    cut_off = np.isin(value, [0.0, 100.0])
    whole = np.ones(len(at)), np.ones(len(at))
    bounds = [
        _bounds(reach, n, cut_off, *factors) for factors in (whole, _corrections(n, table.people[row], rates[unit]))
    ]
    for one in dict.fromkeys(measure.tolist()):
        mine = measure == one
        if not any(lowest[mine].max() <= highest[mine].min() for lowest, highest in bounds):
            yield Fault(
                printed.file,
                f"intervals of “{questions.measures[one].label[:60]}”",
                "no single spread explains them all, so the own spread of a unit may be in them",
            )


def _bounds(reach: Floats, n: Counts, cut_off: Bools, narrow: Floats, wide: Floats) -> tuple[Floats, Floats]:
    """Between which values the spread lies that each end can be made with."""
    scale = np.sqrt(n)
    lowest = (reach - 0.5 - _SLACK) * scale / np.where(wide > 0, wide, np.inf)
    highest = (reach + 0.5 + _SLACK) * scale / np.where(narrow > 0, narrow, 1.0)
    return np.maximum(lowest, 0.0), np.where((narrow > 0) & ~cut_off, highest, np.inf)


def _corrections(n: Counts, people: Counts, rate: Floats) -> tuple[Floats, Floats]:
    """The smallest and the largest factor that a finite population can narrow an interval by.

    rate: as printed, 0 where none is.
    """
    fewest, most = people / np.minimum(rate + 0.005, 1), people / np.maximum(rate - 0.005, 0.001)
    low, high = (np.sqrt(np.maximum((size - n) / np.maximum(size, 1), 0)) for size in (fewest, most))
    return np.where(rate > 0, low, 1.0), np.where(rate > 0, high, 1.0)


def ends_astray(printed: Printed, rows: Sequence[int], table: Table) -> Iterator[Fault]:
    """Ends of intervals that do not lie about their figure, or lie further from it than chance could carry it.

    Bounds, not formulas: a share's interval lies within Wilson's; a mean's reaches no further than Student's t of four
    degrees of freedom times the standard error. A correction for a finite population only narrows them.
    """
    cells = printed.cells
    place = np.array(rows, np.intp)
    at = np.flatnonzero(cells.is_of(*_BOUNDED) & (place[cells.unit] >= 0))
    row, measure, value = place[cells.unit[at]], cells.measure[at], cells.value[at]
    kinds = np.array(cells.kinds.all, np.str_)[cells.kind[at]]
    lowest, highest = _allowed(kinds, row, measure, table)
    for cell in cells.some(at[~((lowest <= value) & (value <= highest))]):
        yield Fault(printed.file, cell.place, f"{kind_in_words(cell.kind)} cannot be {cell.value:g}")


def _allowed(kinds: npt.NDArray[np.str_], row: Places, measure: Whole, table: Table) -> tuple[Floats, Floats]:
    """Between which values each end may lie."""
    n = table.n[row, measure]
    lowest, highest = np.zeros(len(row)), np.where(kinds == "degrees", np.maximum(n, 1) - 1.0, 1.0)
    highest = np.where(kinds == "sd_within", _MOST_WITHIN * table.spread[measure] + 0.05 + _SLACK, highest)
    is_low = np.char.endswith(kinds, "low")
    of_index = np.isin(kinds, ["low", "high"])
    of_share = np.char.startswith(kinds, "favourable")
    share = table.figures["favourable"][row, measure] if of_share.any() else np.zeros(len(row))
    below, above = _wilson(share, n)
    is_wide = np.array([not (at == 0 or table.units[at].cut) for at in row.tolist()], np.bool_)
    reach = np.where(is_wide, _INFINITY, _FARTHEST_T * table.spread[measure] / np.sqrt(np.maximum(n, 1)))
    reach = np.where(of_index, reach, np.where(is_low, share - below, above - share))
    middle, unit = np.where(of_index, table.index[row, measure], share), np.where(of_index, 1.0, 0.01)
    most = np.where(of_index, 100.0, 1.0)
    ends = of_index | of_share
    lowest = np.where(ends, np.maximum(np.where(is_low, middle - reach, middle), 0.0) - unit / 2 - _SLACK, lowest)
    far = np.minimum(np.where(is_low, middle, middle + reach), most) + unit / 2 + _SLACK
    return lowest, np.where(ends, far, highest)


def _wilson(share: Floats, n: Counts) -> tuple[Floats, Floats]:
    weight = _NORMAL**2 / np.maximum(n, 1)
    centre = (share + weight / 2) / (1 + weight)
    half = _NORMAL / (1 + weight) * np.sqrt(share * (1 - share) / np.maximum(n, 1) + weight / (4 * np.maximum(n, 1)))
    return centre - half, centre + half
