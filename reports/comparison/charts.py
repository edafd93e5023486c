"""Charts of changes: from the open dot of the wave before to the filled one of the last, and lines through all waves.

The band of a change is the 95 % interval of the difference, laid from the value before: where it reaches the open dot,
chance explains the change. Blue and orange stand for verdicts alone, and a triangle and words say the same.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple

from ...languages import gettext as _
from ..charts import (
    CHARACTER,
    CONFIG,
    LABEL_WIDTH,
    LAYOUT,
    LINE_HEIGHT,
    Chart,
    Frame,
    Json,
    Label,
    chartable,
    escaped,
    hovered,
    label_width,
    number_of,
    numbered,
    on_sheets,
    row_figure,
    row_height,
    subtrees,
    wrapped,
)
from ..content import Absent, Figure, Standing
from .content import Change, ComparedUnit, Level, MeasureRow, Trend

BAR = 26
LEAST_SPAN = 40
SIGNS: dict[Standing, str] = {"above": "triangle-up", "below": "triangle-down", "same": "circle", "none": "diamond"}
COLOURS: dict[Standing, str] = {
    "above": "var(--for-3)",
    "below": "var(--against-3)",
    "same": "var(--muted)",
    "none": "var(--muted)",
}
AXIS: Json = {
    "range": [-2, 102],
    "tickvals": [0, 25, 50, 75, 100],
    "tickfont": {"color": "var(--muted)"},
    "gridcolor": "var(--rule)",
}


class Row(NamedTuple):
    """A row of a chart: what it is called, and its change."""

    id: str
    name: str
    change: Change
    bold: bool = False
    indent: int = 0


def dimension_changes(dimensions: Sequence[MeasureRow], changes: Sequence[Change]) -> tuple[Chart, ...]:
    """The organisation, a row for each dimension; none without dimensions."""
    rows = [Row(row.id, row.label, change) for row, change in zip(dimensions, changes, strict=True)]
    return _change_charts("chart-dimensions", [rows]) if rows else ()


def unit_changes(place: int, id_: str, units: Sequence[ComparedUnit]) -> tuple[Chart, ...]:
    """One dimension, a row for each unit; none where there is nothing to set side by side."""
    shown = chartable(units)
    if len(shown) < 2:
        return ()
    parts = [
        [Row(unit.id, unit.name, unit.dimensions[place], unit.larger, 14 * max(unit.depth - 1, 0)) for unit in subtree]
        for subtree in subtrees(shown)
    ]
    return _change_charts(f"chart-units-{id_}", parts)


def _change_charts(name: str, parts: Sequence[Sequence[Row]]) -> tuple[Chart, ...]:
    rows = [row for part in parts for row in part]
    labels = [_label(row) for row in rows]
    height, left = max(row_height(labels, air=6), BAR + 4), label_width(labels)
    right = 20 + max(round(CHARACTER * len(_verdict(row.change))) for row in rows)
    return numbered(name, (change_figure(page, height, left, right) for page in on_sheets(parts, height)))


def change_figure(rows: Sequence[Row], height: int, left: int, right: int) -> Json:
    """A band, a line and two dots for each row, with the verdict in words; nothing for a figure that is not there.

    height: of a row; left, right: the room for names and for verdicts. On a phone the verdict stands under the name.
    """
    traces = [_bands(rows), *(_lines(rows, standing) for standing in COLOURS), _befores(rows), _afters(rows)]
    names, said = [_label(row) for row in rows], tuple(_said(row) for row in rows)
    narrow = [
        Label(row.id, wrapped(row.name), (_verdict(row.change),), bold=row.bold, indent=row.indent) for row in rows
    ]
    wide = Frame(AXIS, right=right, bottom=28, notes=said)
    small = Frame(AXIS, right=8, bottom=28)
    figure = row_figure(traces, names, bar=BAR, row=height, wide=wide, narrow=small, width=left)
    stacked = row_figure(traces, narrow, bar=BAR, row=height, wide=small, narrow=small, width=LABEL_WIDTH)
    return figure | {"narrow": stacked["narrow"]}


def _label(row: Row) -> Label:
    return Label(row.id, wrapped(row.name), bold=row.bold, indent=row.indent)


def _verdict(change: Change) -> str:
    if isinstance(change.difference, Absent):
        return change.verdict
    return _("{difference}, {verdict}").format(difference=change.difference.text, verdict=change.verdict)


def _said(row: Row) -> Json:
    return {
        "text": escaped(_verdict(row.change)),
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 10,
        "y": row.id,
        "showarrow": False,
        "borderpad": 0,
        "font": {"color": COLOURS[row.change.standing]},
    }


def _known(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row.change.difference, Figure)]


def _bands(rows: Sequence[Row]) -> Json:
    """From the value before plus the lower end of the difference to the same plus the upper end, inside the scale."""
    x: list[float | None] = []
    y: list[str | None] = []
    for row in _known(rows):
        before, low, high = (number_of(cell) for cell in (row.change.before, row.change.low, row.change.high))
        if before is not None and low is not None and high is not None:
            x += [max(before + low, 0), min(before + high, 100), None]
            y += [row.id, row.id, None]
    return _trace("lines", x, y) | {"line": {"color": "var(--neutral)", "width": 12}}


def _lines(rows: Sequence[Row], standing: Standing) -> Json:
    """From the value before to the value after, of the rows with one verdict."""
    mine = [row for row in _known(rows) if row.change.standing == standing]
    x = [x for row in mine for x in (number_of(row.change.before), number_of(row.change.after), None)]
    y = [y for row in mine for y in (row.id, row.id, None)]
    return _trace("lines", x, y) | {"line": {"color": COLOURS[standing], "width": 2}}


def _befores(rows: Sequence[Row]) -> Json:
    known = _known(rows)
    marker = {"size": 10, "color": "var(--paper)", "line": {"color": "var(--muted)", "width": 2}}
    x, y = [number_of(row.change.before) for row in known], [row.id for row in known]
    return _trace("markers", x, y) | {"marker": marker}


def _afters(rows: Sequence[Row]) -> Json:
    known = _known(rows)
    marker = {
        "size": 12,
        "symbol": [SIGNS[row.change.standing] for row in known],
        "color": [COLOURS[row.change.standing] for row in known],
        "line": {"color": "var(--paper)", "width": 1},
    }
    return _trace("markers", [number_of(row.change.after) for row in known], [row.id for row in known]) | {
        "marker": marker,
        "hoverinfo": "text",
        "hovertext": [hovered(row.change.sentence) for row in known],
    }


def _trace(mode: str, x: Sequence[float | None], y: Sequence[str | float | None]) -> Json:
    return {"type": "scatter", "mode": mode, "x": list(x), "y": list(y), "hoverinfo": "skip"}


# Lines through all waves.


def _top(level: Level) -> float | None:
    """Where the number stands: above the interval."""
    return number_of(level.high) if isinstance(level.high, Figure) else number_of(level.index)


def trend_span(trends: Sequence[Trend]) -> tuple[int, int]:
    """The part of the scale that all lines are drawn on: whole tens around every interval, and 40 points at least.

    One for all charts, so that they can be held against each other, and wide, so that a small change looks small.
    """
    ends = [
        cell.value
        for trend in trends
        for level in trend.levels
        for cell in (level.index, level.low, level.high)
        if isinstance(cell, Figure)
    ]
    low, high = 10 * floor(min(ends, default=0) / 10), 10 * ceil(max(ends, default=100) / 10)
    while high - low < LEAST_SPAN:
        low, high = max(low - 10, 0), min(high + 10, 100)
    return low, high


def trend_chart(id_: str, trend: Trend, span: tuple[int, int]) -> Chart:
    """The index of the organisation wave by wave, with intervals."""
    (chart,) = numbered(f"chart-trend-{id_}", [trend_figure(trend, span)])
    return chart


def trend_figure(trend: Trend, span: tuple[int, int]) -> Json:
    """Dots with intervals, and numbers beside them; on the part of the scale that all charts of a page share."""
    shown = [(place, level) for place, level in enumerate(trend.levels) if isinstance(level.index, Figure)]
    sure = [(place, level) for place, level in shown if isinstance(level.low, Figure)]
    ends = [
        (x, y)
        for place, level in sure
        for x, y in ((place, number_of(level.low)), (place, number_of(level.high)), (None, None))
    ]
    x, y = [place for place, _ in shown], [number_of(level.index) for place, level in shown]
    dots: Json = {
        "marker": {"size": 7, "color": "var(--ink)"},
        "line": {"color": "var(--muted)", "width": 1},
        "hoverinfo": "text",
        "hovertext": [
            hovered(_("{name}, {said}").format(name=trend.measure, said=level.in_words)) for place, level in shown
        ],
    }
    heads = [wrapped(level.wave, 10) for level in trend.levels]
    return {
        "data": [
            _trace("lines", [end[0] for end in ends], [end[1] for end in ends])
            | {"line": {"color": "var(--muted)", "width": 3}},
            _trace("lines+markers", x, y) | dots,
        ],
        "layout": LAYOUT
        | {
            "height": 232 + max(map(len, heads)) * LINE_HEIGHT,
            "margin": {"l": 30, "r": 8, "t": 20, "b": 12 + max(map(len, heads)) * LINE_HEIGHT},
            "xaxis": {
                "range": [-0.5, len(heads) - 0.5],
                "tickvals": list(range(len(heads))),
                "ticktext": ["<br>".join(map(escaped, head)) for head in heads],
                "tickangle": 0,
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis": {
                "range": [span[0] - 1, span[1] + 1],
                "tickvals": list(range(span[0], span[1] + 1, 10)),
                "tickfont": {"color": "var(--muted)"},
                "gridcolor": "var(--rule)",
                "fixedrange": True,
                "zeroline": False,
            },
            "annotations": [
                {"text": escaped(level.index.text), "x": place, "y": _top(level), "yshift": 11}
                | {"showarrow": False, "borderpad": 0, "bgcolor": "var(--paper)"}
                for place, level in shown
            ],
        },
        "narrow": {},
        "config": CONFIG,
    }
