"""A comparison of waves as one HTML file, which needs nothing beside it: content → bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ...languages import gettext as _
from .. import charts
from ..content import Figure
from ..html import rendered, templates
from ..library import library
from . import charts as change_charts
from .content import Change, ComparedUnit, ComparisonContent, MeasureRow, Trend

MOST_UNITS_BY_STATEMENT = 60
MOST_UNITS_BY_DIMENSION = 200


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """One dimension over all units. charts: none without units."""

    row: MeasureRow
    caption: str
    charts: tuple[charts.Chart, ...]
    changes: tuple[tuple[ComparedUnit, Change], ...]


@dataclass(frozen=True, slots=True)
class TrendPart:
    """One dimension of the organisation over all waves."""

    trend: Trend
    chart: charts.Chart


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items of one dimension, with their places in `ComparedUnit.items`."""

    name: str
    rows: tuple[tuple[int, MeasureRow], ...]


def to_html(content: ComparisonContent) -> bytes:
    """The comparison as a page that works offline; the same content gives the same bytes."""
    return rendered("comparison.html.jinja", lambda: _names(content), lang=content.lang, design=content.design)


def _names(content: ComparisonContent) -> dict[str, object]:
    """What the templates can speak of."""
    loader = templates().get_template("charts.js").render()
    organisation, parts = content.units[0], content.units[1:]
    small = len(content.units) <= MOST_UNITS_BY_DIMENSION
    listed = content.units if small else charts.chartable(content.units)
    span = change_charts.trend_span(organisation.trends)
    return {
        "content": content,
        "organisation": organisation,
        "parts": parts,
        "dimension_charts": change_charts.dimension_changes(content.dimensions, organisation.dimensions),
        "listed": listed,
        "dimension_parts": _dimension_parts(content, listed) if parts else (),
        "trend_parts": _trend_parts(content, span),
        "trend_span": span,
        "unit_statements": [unit for unit in parts if any(isinstance(one.difference, Figure) for one in unit.items)],
        "item_groups": _item_groups(content.items),
        "units_left_out": len(charts.chartable(content.units)) < len(content.units),
        "statements_by_unit": len(content.units) <= MOST_UNITS_BY_STATEMENT,
        "loader": charts.script(loader),
        "loader_hash": charts.script_hash(loader),
        "library": library(shared=content.design.shared),
    }


def _dimension_parts(content: ComparisonContent, listed: Sequence[ComparedUnit]) -> tuple[DimensionPart, ...]:
    return tuple(
        DimensionPart(
            row=row,
            caption=content.dimension_captions[place],
            charts=change_charts.unit_changes(place, row.id, content.units),
            changes=tuple((unit, unit.dimensions[place]) for unit in listed),
        )
        for place, row in enumerate(content.dimensions)
    )


def _trend_parts(content: ComparisonContent, span: tuple[int, int]) -> tuple[TrendPart, ...]:
    if not content.trends:
        return ()
    pairs = zip(content.dimensions, content.units[0].trends, strict=True)
    return tuple(TrendPart(trend, change_charts.trend_chart(row.id, trend, span)) for row, trend in pairs)


def _item_groups(items: tuple[MeasureRow, ...]) -> tuple[ItemGroup, ...]:
    grouped = groupby(enumerate(items), key=lambda pair: pair[1].group)
    return tuple(ItemGroup(name or _("Other statements"), tuple(rows)) for name, rows in grouped)
