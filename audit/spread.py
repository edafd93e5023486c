"""Intervals: that one spread explains those of all units. A unit's own spread would tell how its people differ."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .figures import PEOPLE, Cell, Fault, Printed, Questions, kind_in_words
from .truth import Table

_SLACK = 1e-6
_INFINITY = float("inf")
_NORMAL = 1.959964
_BOUNDED = frozenset(["low", "high", "favourable_low", "favourable_high", "response_rate", "sd_within", "degrees"])
_MOST_WITHIN = 1.5**0.5  # of the spread of all: groups of three leave two degrees of freedom of three people
_FARTHEST_T = 2.7765  # of Student's t with four degrees of freedom: five people


def own_spread(printed: Printed, rows: Sequence[int], table: Table, questions: Questions) -> Iterator[Fault]:
    """The measures whose intervals cannot come from a single spread.

    Neither without a correction for a finite population nor with one, for which the printed response rates tell how
    many were asked. Reach of an interval = spread · constant / √n, cut off at 0 and 100; so every end bounds the
    spread from both sides.
    """
    by_measure: dict[int, list[Cell]] = defaultdict(list)
    rates = {cell.unit: cell.value for cell in printed.cells if cell.kind == "response_rate"}
    for cell in printed.cells:
        if cell.kind in {"low", "high"} and cell.measure != PEOPLE and rows[cell.unit] > 0:
            by_measure[cell.measure].append(cell)
    for measure, cells in by_measure.items():
        if not any(_agree(cells, rows, table, share) for share in (None, rates)):
            yield Fault(
                printed.file,
                f"intervals of “{questions.measures[measure].label[:60]}”",
                "no single spread explains them all, so the own spread of a unit may be in them",
            )


def _agree(cells: Sequence[Cell], rows: Sequence[int], table: Table, rates: dict[int, float] | None) -> bool:
    lowest, highest = 0.0, _INFINITY
    for cell in cells:
        row = rows[cell.unit]
        n, index = int(table.n[row, cell.measure]), float(table.index[row, cell.measure])
        reach = index - cell.value if cell.kind == "low" else cell.value - index
        cut_off = cell.value in {0.0, 100.0}
        narrow, wide = (1.0, 1.0) if rates is None else _corrections(n, int(table.people[row]), rates.get(cell.unit))
        scale = n**0.5
        if wide:
            lowest = max(lowest, (reach - 0.5 - _SLACK) * scale / wide)
        if narrow and not cut_off:
            highest = min(highest, (reach + 0.5 + _SLACK) * scale / narrow)
    return lowest <= highest


def _corrections(n: int, people: int, rate: float | None) -> tuple[float, float]:
    """The smallest and the largest factor that a finite population can narrow an interval by, given a printed rate."""
    if not rate:
        return 1.0, 1.0
    sizes = (people / min(rate + 0.005, 1), people / max(rate - 0.005, 0.001))
    low, high = (max((size - n) / size, 0) ** 0.5 for size in sizes)
    return low, high


def ends_astray(printed: Printed, rows: Sequence[int], table: Table) -> Iterator[Fault]:
    """Ends of intervals that do not lie about their figure, or lie further from it than chance could carry it.

    Bounds, not formulas: a share's interval lies within Wilson's; a mean's reaches no further than Student's t of four
    degrees of freedom times the standard error. A correction for a finite population only narrows them.
    """
    for cell in printed.cells:
        row, measure = rows[cell.unit], cell.measure
        if row < 0 or cell.kind not in _BOUNDED:
            continue
        if cell.kind == "response_rate":
            allowed = 0.0 <= cell.value <= 1.0
        elif cell.kind == "degrees":
            allowed = 0 <= cell.value < max(int(table.n[row, measure]), 1)
        elif cell.kind == "sd_within":
            allowed = 0.0 <= cell.value <= _MOST_WITHIN * float(table.spread[measure]) + 0.05 + _SLACK
        elif cell.kind in {"low", "high"}:
            allowed = _about(cell, float(table.index[row, measure]), _reach(row, measure, table), unit=1.0, most=100.0)
        else:
            share = float(table.figures["favourable"][row, measure])
            ends = _wilson(share, int(table.n[row, measure]))
            allowed = _about(cell, share, abs(ends[cell.kind == "favourable_high"] - share), unit=0.01, most=1.0)
        if not allowed:
            yield Fault(printed.file, cell.place, f"{kind_in_words(cell.kind)} cannot be {cell.value:g}")


def _about(cell: Cell, middle: float, reach: float, *, unit: float, most: float) -> bool:
    """Whether an end lies on its side of the figure, no further off than `reach`, but for rounding."""
    slack = unit / 2 + _SLACK
    lowest, highest = (middle - reach, middle) if cell.kind.endswith("low") else (middle, middle + reach)
    return max(lowest, 0.0) - slack <= cell.value <= min(highest, most) + slack


def _reach(row: int, measure: int, table: Table) -> float:
    """How far the interval of the organisation or a cut can reach; units are judged by `own_spread`."""
    deviation, n = float(table.spread[measure]), int(table.n[row, measure])
    return _FARTHEST_T * deviation / max(n, 1) ** 0.5 if row == 0 or table.units[row].cut else _INFINITY


def _wilson(share: float, n: int) -> tuple[float, float]:
    weight = _NORMAL**2 / max(n, 1)
    centre = (share + weight / 2) / (1 + weight)
    half = _NORMAL / (1 + weight) * (share * (1 - share) / max(n, 1) + weight / (4 * max(n, 1))) ** 0.5
    return centre - half, centre + half
