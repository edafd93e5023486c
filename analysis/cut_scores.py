"""Cuts in findings: how groups across the organisation answered, to whole points and no finer."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .disclosure.cuts import CutCells, CutRows
from .disclosure.worlds import whole_index
from .hierarchy import Hierarchy, reading_order
from .indicators import half_width
from .layout import Layout
from .scores import WITHHELD, Bools, Counts, Floats, Withheld
from .sums import item_counts
from .tally import Tally


@dataclass(frozen=True, slots=True)
class CutScore:
    """What one group answered to one item or dimension; nothing finer is kept.

    n: answers (of a dimension: people). index, low, high: the mean and its 95 % interval on 0 to 100, whole points; the
    width of the interval is that of any group of n people, as it is made of the standard deviation of all.
    """

    n: int
    index: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class CutRow:
    """The people of one unit who stated one value of an attribute.

    unit: index among `Findings.units`: the organisation or a top-level unit. dimensions, items: in the order of
    `Findings.dimensions.columns` and `Findings.items.columns`.
    """

    attribute: str
    value: str
    unit: int
    n: int | Withheld
    dimensions: tuple[CutScore | Withheld, ...]
    items: tuple[CutScore | Withheld, ...]


@dataclass(frozen=True, slots=True)
class CutGap:
    """Two groups of one unit in one dimension.

    unit: index among `Findings.units`. one, other: the values of the attribute. dimension: column of
    `Findings.dimensions`. difference: the index of one less that of the other, both as printed; low, high: its 95 %
    interval; effect: Hedges' g. standing: 1 or -1 where more than chance explains it, else 0.
    """

    attribute: str
    unit: int
    one: str
    other: str
    dimension: int
    difference: int
    low: float
    high: float
    effect: float
    standing: int


@dataclass(frozen=True, slots=True)
class Cuts:
    """All that is published of the cuts; empty where none was asked for.

    attributes: the headings, in the order asked for. unfinished: those of which nothing is published, as it could not
    be shown in time that nobody's answer can be worked out. rows: unit by unit, the organisation first. gaps: between
    every two groups of one attribute in one unit, in the order of the rows.
    digest: tells whether two findings are of the same answers by the same people in the same cuts; "" without cuts.
    """

    attributes: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    rows: tuple[CutRow, ...] = ()
    digest: str = ""
    gaps: tuple[CutGap, ...] = ()


NO_CUTS: Final = Cuts()


@dataclass(frozen=True, slots=True, eq=False)
class CutPrecision:
    """The pooled standard deviation on the response scale and its degrees of freedom, by item and by dimension.

    points: (columns) of the scales.
    """

    sd: Floats
    degrees: Floats
    points: Counts

    def interval(self, column: int, index: int, n: int) -> tuple[int, int]:
        """The 95 % interval around a whole index, to whole points within 0 to 100."""
        reach = half_width(self.sd[column, None], np.array([n]), self.degrees[column, None])
        width = float(reach[0]) * 100 / int(self.points[column] - 1)
        if np.isnan(width):
            return 0, 100
        return max(0, int(np.floor(index - width + 0.5))), min(100, int(np.floor(index + width + 0.5)))


@dataclass(frozen=True, slots=True, eq=False)
class CutNames:
    """The values of each attribute in reading order: the numbers that CutCells and CutRows speak of."""

    attributes: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, counted: Tally) -> Self:
        """Those of a tally."""
        stated = [set(counted.people.index.get_level_values(cut)) - {""} for cut in counted.cuts]
        return cls(
            counted.cuts, tuple(tuple(sorted(names, key=lambda name: (reading_order(name), name))) for names in stated)
        )


def cut_cells(counted: Tally, hierarchy: Hierarchy, names: CutNames) -> CutCells:
    """The cells of a tally, as the protection of cuts takes them."""
    values = np.full((len(counted.people), len(names.attributes)), -1, np.intp)
    for column, (attribute, stated) in enumerate(zip(names.attributes, names.values, strict=True)):
        number = {name: place for place, name in enumerate(stated)} | {"": -1}
        values[:, column] = [number[name] for name in counted.people.index.get_level_values(attribute)]
    return CutCells(hierarchy.homes, values, counted.people.to_numpy().astype(np.int64), item_counts(counted))


def score_cuts(
    rows: CutRows,
    names: CutNames,
    layout: Layout,
    *,
    items: CutPrecision,
    dimensions: CutPrecision,
    members: Floats,
    dimension_items: float,
    digest: str,
) -> Cuts:
    """The published rows in words and whole numbers.

    members: (items × dimensions) 1 where the item is of the dimension. dimension_items: share of its items that must be
    printed for a dimension's score, which is the mean of their printed, whole indexes.
    """
    row_of = {int(unit): row for row, unit in enumerate(layout.units) if not layout.rest[row]}
    n = rows.counts.sum(axis=-1)
    totals = rows.counts @ np.arange(1, rows.counts.shape[-1] + 1)
    index = whole_index(totals, np.maximum(n, 1), items.points)
    attributes = rows.attributes.tolist()
    found = tuple(
        CutRow(
            attribute=names.attributes[attribute],
            value=names.values[attribute][value],
            unit=row_of[unit],
            n=people if rows.people_shown[row] else WITHHELD,
            dimensions=_dimension_scores(
                index[row], rows.item_shown[row], people, dimensions, members, least=dimension_items
            ),
            items=_item_scores(index[row], rows.item_shown[row], n[row], items),
        )
        for row, (unit, attribute, value, people) in enumerate(
            zip(rows.units.tolist(), attributes, rows.values.tolist(), rows.n.tolist(), strict=True)
        )
    )
    unfinished = tuple(names.attributes[attribute] for attribute in rows.unfinished)
    return Cuts(names.attributes, unfinished, found, digest)


def _item_scores(index: Counts, shown: Bools, n: Counts, precision: CutPrecision) -> tuple[CutScore | Withheld, ...]:
    return tuple(
        CutScore(people, mean, *precision.interval(item, mean, people)) if shown[item] else WITHHELD
        for item, (mean, people) in enumerate(zip(index.tolist(), n.tolist(), strict=True))
    )


def _dimension_scores(
    index: Counts, shown: Bools, people: int, precision: CutPrecision, members: Floats, *, least: float
) -> tuple[CutScore | Withheld, ...]:
    """The means of the printed, whole indexes, given that enough of a dimension's items are printed."""
    scores: list[CutScore | Withheld] = []
    for column, member in enumerate(members.T > 0):
        printed = index[member & shown]
        if len(printed) and len(printed) >= least * member.sum() - 1e-9:
            mean = int((2 * printed.sum() + len(printed)) // (2 * len(printed)))
            scores.append(CutScore(people, mean, *precision.interval(column, mean, people)))
        else:
            scores.append(WITHHELD)
    return tuple(scores)
