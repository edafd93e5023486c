"""The organisation report as one HTML file, which needs nothing beside it: content → bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from . import charts
from .content import Figure, ItemGroup, ReportContent, ScoreRow, UnitRow

MOST_UNITS_BY_STATEMENT = 120
TABLE_ROWS = 200  # of teams that stand alone, in one table of a large organisation


@dataclass(frozen=True, slots=True)
class Panel:
    """Items of one dimension that share a response scale: one table, with the charts beside it.

    legend: the stylesheet's role for each point, the least favourable first; turned: some bars are turned round.
    columns: where these items stand in `UnitRow.items`.
    """

    rows: tuple[ScoreRow, ...]
    points: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    turned: bool
    charts: tuple[charts.Chart, ...]
    columns: slice


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Some of the units: a top-level unit with all below it, or several that have none."""

    heading: str
    rows: tuple[UnitRow, ...]


def to_html(content: ReportContent) -> bytes:
    """The organisation report as a page that works offline; the same content gives the same bytes."""
    return templates().get_template("organisation.html.jinja").render(_names(content)).encode()


def _names(content: ReportContent) -> dict[str, object]:
    """What the templates can speak of."""
    loader = templates().get_template("charts.js").render()
    return {
        "content": content,
        "everything": slice(None),
        "dimension_charts": charts.dimension_charts(content.dimensions),
        "panels": _panels_by_group(content.items),
        "unit_charts": charts.unit_charts(content.units, content.dimensions),
        "unit_tables": _unit_tables(content.units),
        "units_left_out": len(charts.chartable(content.units)) < len(content.units),
        "statements_by_unit": len(content.units) <= MOST_UNITS_BY_STATEMENT,
        "response_rates": any(isinstance(unit.response_rate, Figure) for unit in content.units),
        "loader": charts.script(loader),
        "loader_hash": charts.script_hash(loader),
        "plotly": charts.plotly_js(),
    }


@cache
def templates() -> Environment:
    """The templates of all pages."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["shown"] = lambda cell: isinstance(cell, Figure)
    return environment


def _panels_by_group(groups: Sequence[ItemGroup]) -> dict[str, tuple[Panel, ...]]:
    starts = accumulate((len(group.rows) for group in groups), initial=0)
    return {group.id: tuple(_panels(group, start)) for group, start in zip(groups, starts, strict=False)}


def _panels(group: ItemGroup, start: int) -> Iterator[Panel]:
    for place, ((points, _), items) in enumerate(groupby(group.rows, key=lambda row: (row.points, row.bands))):
        rows = tuple(items)
        yield Panel(
            rows=rows,
            points=points,
            legend=tuple(zip(charts.shades(rows[0].bands), points, strict=True)),
            turned=any(row.reverse for row in rows),
            charts=charts.item_charts(group.id if place == 0 else f"{group.id}-{place + 1}", rows),
            columns=slice(start, start + len(rows)),
        )
        start += len(rows)


def _unit_tables(units: Sequence[UnitRow]) -> tuple[UnitTable, ...]:
    """None without units, one that can be read at a glance, else one for each top-level unit."""
    if len(units) < 2:
        return ()
    if len(units) <= charts.MOST_ROWS:
        return (UnitTable("all", tuple(units)),)
    return tuple(_unit_table(rows) for rows in _foldable(units))


def _foldable(units: Sequence[UnitRow]) -> Iterator[list[UnitRow]]:
    """The top-level units, each with all below it; those with nothing below them, together."""
    alone: list[UnitRow] = []
    for rows in charts.subtrees(units):
        if alone and (len(rows) > 1 or len(alone) == TABLE_ROWS):
            yield alone
            alone = []
        if len(rows) > 1:
            yield list(rows)
        else:
            alone += rows
    if alone:
        yield alone


def _unit_table(rows: Sequence[UnitRow]) -> UnitTable:
    first, last = rows[0], rows[-1]
    alone = first.path[:1] != last.path[:1]
    return UnitTable(f"{first.name} – {last.name}" if alone else first.name, tuple(rows))
