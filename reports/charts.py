"""Charts: content → Plotly figures as plain dictionaries, and what a page needs to draw them.

A figure holds printed numbers only, and nothing for a withheld cell. Two things are left to the page's loader
(templates/charts.js): colours, which stand here as roles of the stylesheet, `var(--for-3)`; and the centring of item
bars on neutral, whose offsets would be numbers that no table prints. `narrow` holds the changes of layout for a phone,
where labels stand above their bars. plotly.graph_objects is not imported: that takes longer than all of this.
"""

import base64
import hashlib
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any, Protocol, TypeVar

from markupsafe import Markup

from .content import Absent, Band, Cell, Figure, ScoreRow, Standing, UnitRow, UnitScore, told

Json = dict[str, Any]
Row = TypeVar("Row")


class Placed(Protocol):
    """A row with a place in the hierarchy."""

    @property
    def depth(self) -> int: ...  # noqa: D102

    @property
    def path(self) -> tuple[str, ...]: ...  # noqa: D102


Node = TypeVar("Node", bound=Placed)

MOST_ROWS = 60  # in a heat map: more cannot be read
PAGE_HEIGHT = 800  # pixels that the rows of one chart may take, so that it prints on one page of A4 or Letter
LABEL_WIDTH = 310
LINE_LENGTH = 40  # characters; at 13 pixels they fit LABEL_WIDTH in the widest of the system fonts, DejaVu Sans
LINE_HEIGHT = 17
CHARACTER = 7.5
NARROWEST = 900  # pixels that a chart has at least where its labels stand beside it
HOVER_LENGTH = 56

MARKS: dict[Standing, str] = {"above": "\u2009▲", "below": "\u2009▼"}
CELLS: dict[Standing, tuple[str, str]] = {
    "above": ("var(--for-2)", "var(--on-2)"),
    "below": ("var(--against-2)", "var(--on-2)"),
    "same": ("var(--neutral)", "var(--ink)"),
    "withheld": ("var(--rule)", "var(--muted)"),
    "none": ("var(--paper)", "var(--ink)"),
}

CONFIG: Json = {
    "displayModeBar": False,
    "doubleClick": False,
    "scrollZoom": False,
    "showTips": False,
    "typesetMath": False,
}
LAYOUT: Json = {
    "barmode": "stack",
    "dragmode": False,
    "font": {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 13, "color": "var(--ink)"},
    "hoverdistance": 40,
    "hoverlabel": {"align": "left", "bgcolor": "var(--panel)", "bordercolor": "var(--muted)", "font": {"size": 13}},
    "hovermode": "closest",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "showlegend": False,
    "uniformtext": {"mode": "hide", "minsize": 12},
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure of the page: the id of the place it is drawn in, and its JSON, safe inside a script element."""

    id: str
    json: Markup


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a row, or above it on a phone: lines of plain text, and a remark under them."""

    id: str
    lines: tuple[str, ...]
    remark: tuple[str, ...] = ()
    bold: bool = False
    indent: int = 0

    @property
    def text(self) -> str:
        """The label in Plotly's pseudo-HTML."""
        lines = [f"<b>{escaped(line)}</b>" if self.bold else escaped(line) for line in self.lines]
        return "<br>".join([*lines, *(f"<i>{escaped(line)}</i>" for line in self.remark)])

    @property
    def height(self) -> int:
        """What the label takes, in pixels."""
        return LINE_HEIGHT * (len(self.lines) + len(self.remark))

    @property
    def width(self) -> float:
        """What the label takes, in pixels, in the widest of the system fonts."""
        return self.indent + CHARACTER * max(map(len, self.lines)) * (1.07 if self.bold else 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the rows at one width of page: the axis, the room for its labels, and words in the rows."""

    axis: Json
    top: int = 4
    right: int = 4
    bottom: int = 4
    notes: tuple[Json, ...] = ()


# The dimensions: dots with intervals.


def dimension_charts(rows: Sequence[ScoreRow]) -> tuple[Chart, ...]:
    """The dimensions as dots on a line from 0 to 100, each with its interval."""
    return numbered("chart-dimensions", (dimension_figure(page) for page in on_sheets([rows], 46)))


def dimension_figure(rows: Sequence[ScoreRow]) -> Json:
    """A line from `low` to `high`, a dot at the index, its number above; an absent index is said in words."""
    shown = [row for row in rows if isinstance(row.index, Figure)]
    axis: Json = {
        "range": [-2, 102],
        "tickvals": [0, 25, 50, 75, 100],
        "tickfont": {"color": "var(--muted)"},
        "gridcolor": "var(--rule)",
    }
    notes = tuple(_index(row) if row in shown else _note(row.id, row.index, at=50) for row in rows)
    frame = Frame(axis, right=16, bottom=28, notes=notes)
    labels = [Label(row.id, wrapped(row.label)) for row in rows]
    return row_figure([_intervals(shown), _dots(shown)], labels, bar=44, row=46, wide=frame, narrow=frame)


def _intervals(rows: Sequence[ScoreRow]) -> Json:
    known = [row for row in rows if isinstance(row.low, Figure) and isinstance(row.high, Figure)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for row in known for x in (number_of(row.low), number_of(row.high), None)],
        "y": [y for row in known for y in (row.id, row.id, None)],
        "line": {"color": "var(--interval)", "width": 8},
        "hoverinfo": "skip",
    }


def _dots(rows: Sequence[ScoreRow]) -> Json:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [number_of(row.index) for row in rows],
        "y": [row.id for row in rows],
        "marker": {"size": 12, "color": "var(--accent)", "line": {"color": "var(--paper)", "width": 2}},
        "hoverinfo": "text",
        "hovertext": [hovered(row.sentence) for row in rows],
    }


def _index(row: ScoreRow) -> Json:
    """The number above the dot, on a ground that keeps the lines of the grid out of it."""
    text = {"text": escaped(row.index.text), "x": number_of(row.index), "y": row.id, "yshift": 16}
    return text | {"bgcolor": "var(--paper)", "borderpad": 0, "showarrow": False}


# The items: bars that spread to both sides of neutral.


def item_charts(place: str, rows: Sequence[ScoreRow]) -> tuple[Chart, ...]:
    """The answers to items that share a response scale; none where the answers have no points."""
    if not rows[0].points:
        return ()
    height = row_height([_item_label(row) for row in rows], air=12)
    return numbered(f"chart-items-{place}", (item_figure(page, height) for page in on_sheets([rows], height)))


def item_figure(rows: Sequence[ScoreRow], height: int) -> Json:
    """One trace for each point of the scale, the least favourable first; a reverse-keyed item's bar is turned round."""
    bands = rows[0].bands
    absent = {row.id: share for row in rows for share in row.distribution if isinstance(share, Absent)}
    shown = [row for row in rows if row.id not in absent]
    axis = {"showticklabels": False, "showgrid": False, "zeroline": True, "zerolinecolor": "var(--rule)"}
    frame = Frame(axis, notes=tuple(_note(row, share, at=0) for row, share in absent.items()))
    figure = row_figure(
        [_answers(shown, place, role) for place, role in enumerate(shades(bands))],
        [_item_label(row) for row in rows],
        bar=24,
        row=height,
        wide=frame,
        narrow=frame,
        width=LABEL_WIDTH,
    )
    return figure | {"centred": {"against": bands.count("lower"), "neutral": bands.count("middle")}}


def shades(bands: Sequence[Band]) -> tuple[str, ...]:
    """A role of the stylesheet for each point of a scale, the least favourable first; stronger away from neutral.

    >>> shades(("lower", "lower", "middle", "upper", "upper"))
    ('against-3', 'against-1', 'neutral', 'for-1', 'for-3')
    """
    against = [f"against-{strength}" for strength in reversed(_strengths(bands.count("lower")))]
    favourable = [f"for-{strength}" for strength in _strengths(bands.count("upper"))]
    return (*against, *["neutral"] * bands.count("middle"), *favourable)


def _strengths(steps: int) -> list[int]:
    """How strong the points of one side are, from neutral outwards: 1 to 3."""
    return [2] if steps == 1 else [1 + round(2 * step / (steps - 1)) for step in range(steps)]


def _item_label(row: ScoreRow) -> Label:
    return Label(row.id, wrapped(row.label), wrapped(row.remark) if row.remark else ())


def _answers(rows: Sequence[ScoreRow], place: int, role: str) -> Json:
    """The answers in one place of the scale, as its trace."""
    places = [-1 - place if row.reverse else place for row in rows]
    shares = [row.distribution[at] for row, at in zip(rows, places, strict=True)]
    points = [row.points[at] for row, at in zip(rows, places, strict=True)]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [number_of(share) for share in shares],
        "y": [row.id for row in rows],
        "text": [escaped(share.text) for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": 12, "color": f"var(--on-{role.rpartition('-')[2]})"},
        "marker": {"color": f"var(--{role})", "line": {"color": "var(--paper)", "width": 1}},
        "hoverinfo": "text",
        "hovertext": [
            hovered(told(point, share.text), row.sentence)
            for point, share, row in zip(points, shares, rows, strict=True)
        ],
    }


# Units by dimensions: the heat map.


def unit_charts(units: Sequence[UnitRow], dimensions: Sequence[ScoreRow]) -> tuple[Chart, ...]:
    """The heat map of units by dimensions; none where there is nothing to set side by side."""
    rows = chartable(units)
    if len(rows) < 2 or not dimensions:
        return ()
    labels = [_unit_label(unit) for unit in rows]
    height, width = row_height(labels, air=4), label_width(labels)
    pages = on_sheets(subtrees(rows), height)
    return numbered("chart-units", (unit_figure(page, dimensions, height, width) for page in pages))


def subtrees(units: Iterable[Node]) -> Iterator[tuple[Node, ...]]:
    """The organisation, then each top-level unit with all below it."""
    return (tuple(subtree) for _, subtree in groupby(units, key=lambda unit: unit.path[:1]))


def chartable(units: Sequence[Node]) -> Sequence[Node]:
    """The units that one heat map can hold: all, or as many levels from the top as make at most 60 rows."""
    for depth in range(max(unit.depth for unit in units), -1, -1):
        rows = [unit for unit in units if unit.depth <= depth]
        if len(rows) <= MOST_ROWS:
            return rows
    return ()


def unit_figure(rows: Sequence[UnitRow], dimensions: Sequence[ScoreRow], height: int, width: int) -> Json:
    """One trace for each dimension, a cell for each unit: bars of one length, since a heat map cannot be hatched."""
    names = [dimension.label for dimension in dimensions]
    columns = [[(unit.id, unit.dimensions[place]) for unit in rows] for place in range(len(names))]
    notes = tuple(
        _note(unit, score.index, at=place + 0.5)
        for place, column in enumerate(columns)
        for unit, score in column
        if isinstance(score.index, Absent)
    )
    whole = tuple(_note(unit.id, unit.n, at=len(names) / 2) for unit in rows if unit.withheld)
    longest = max((len(note["text"]) - len("<i></i>") for note in notes), default=0)
    fits = longest * CHARACTER <= (NARROWEST - (width or 0)) / max(len(names), 1)
    return row_figure(
        [_standings(column) for column in columns],
        [_unit_label(unit) for unit in rows],
        bar=height - 2,
        row=height,
        wide=_heads(names, notes if fits else whole, turned=len(names) > 6),
        narrow=_heads(names, notes if len(names) < 4 else whole, turned=len(names) > 3),
        width=width,
    )


def _unit_label(unit: UnitRow) -> Label:
    bold = unit.kind in {"organisation", "unit"}
    return Label(unit.id, wrapped(unit.name), bold=bold, indent=14 * max(unit.depth - 1, 0))


def _standings(scores: Sequence[tuple[str, UnitScore]]) -> Json:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [1] * len(scores),
        "y": [unit for unit, _ in scores],
        "text": [_standing(score) for _, score in scores],
        "textposition": "inside",
        "constraintext": "none",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": 12, "color": [CELLS[score.standing][1] for _, score in scores]},
        "marker": {
            "color": [CELLS[score.standing][0] for _, score in scores],
            "line": {"color": "var(--paper)", "width": 2},
            "pattern": {
                "shape": ["/" if score.standing == "withheld" else "" for _, score in scores],
                "solidity": 0.15,
            },
        },
        "hoverinfo": "text",
        "hovertext": [hovered(score.sentence) for _, score in scores],
    }


def _standing(score: UnitScore) -> str:
    """The index with its mark; close together, since a cell may be 34 pixels wide."""
    return escaped(score.index.text) + MARKS.get(score.standing, "") if isinstance(score.index, Figure) else ""


def _heads(names: Sequence[str], notes: tuple[Json, ...], *, turned: bool) -> Frame:
    """The names of the columns above them: lying where they fit, else standing."""
    heads = [wrapped(name, 24 if turned else 13) for name in names]
    room = max(map(len, names)) * CHARACTER if turned else max(map(len, heads)) * LINE_HEIGHT
    axis: Json = {
        "side": "top",
        "range": [0, len(names)],
        "tickvals": [place + 0.5 for place in range(len(names))],
        "ticktext": ["<br>".join(map(escaped, head)) for head in heads],
        "tickangle": -90 if turned else 0,
        "showgrid": False,
        "zeroline": False,
    }
    return Frame(axis, top=round(room) + 12, notes=notes)


# What all charts share: rows with labels.


def row_figure(
    traces: list[Json],
    labels: Sequence[Label],
    *,
    bar: int,
    row: int,
    wide: Frame,
    narrow: Frame,
    width: int | None = None,
) -> Json:
    """Rows of `row` pixels with a bar of `bar` in each, labels beside them; `narrow`: with labels above them."""
    left = width or label_width(labels)
    beside = [_beside(label, left) for label in labels]
    above = [_above(label, bar) for label in labels]
    tall = bar + 10 + max(label.height for label in labels)
    return {
        "data": traces,
        "layout": LAYOUT | _rows(labels, wide, bar=bar, row=row, left=left) | {"annotations": [*beside, *wide.notes]},
        "narrow": _rows(labels, narrow, bar=bar, row=tall, left=0) | {"annotations": [*above, *narrow.notes]},
        "config": CONFIG,
    }


def _rows(labels: Sequence[Label], frame: Frame, *, bar: int, row: int, left: int) -> Json:
    """The layout of rows; without room at the left, bars sink to the foot of their rows, under their labels."""
    gap = round(1 - bar / row, 3)
    sink = 0 if left else gap / 2
    return {
        "height": frame.top + len(labels) * row + frame.bottom,
        "margin": {"l": left, "r": frame.right, "t": frame.top, "b": frame.bottom},
        "bargap": gap,
        "xaxis": {"fixedrange": True, "zeroline": False} | frame.axis,
        "yaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [label.id for label in labels],
            "range": [len(labels) - 0.5 - sink, -0.5 - sink],
            "fixedrange": True,
            "showgrid": False,
            "showticklabels": False,
            "zeroline": False,
        },
    }


def _beside(label: Label, left: int) -> Json:
    return _text(label) | {"xshift": label.indent - left, "yanchor": "middle"}


def _above(label: Label, bar: int) -> Json:
    return _text(label) | {"xshift": label.indent, "yanchor": "bottom", "yshift": bar // 2, "bgcolor": "var(--paper)"}


def _text(label: Label) -> Json:
    """A label as an annotation: an axis would set its ticks flush right, and cannot set them above a bar."""
    return {
        "text": label.text,
        "align": "left",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": label.id,
        "showarrow": False,
        "borderpad": 0,
    }


def _note(row: str, cell: Cell, *, at: float) -> Json:
    return {
        "text": f"<i>{escaped(cell.text)}</i>",
        "x": at,
        "y": row,
        "showarrow": False,
        "font": {"color": "var(--muted)"},
    }


def row_height(labels: Sequence[Label], *, air: int) -> int:
    """The pixels that every row needs for the tallest label."""
    return max(28, air + max(label.height for label in labels))


def label_width(labels: Sequence[Label]) -> int:
    """The pixels to keep free for labels beside their rows."""
    return min(LABEL_WIDTH, 20 + round(max(label.width for label in labels)))


def on_sheets(parts: Iterable[Sequence[Row]], row: int) -> Iterator[Sequence[Row]]:
    """The rows in charts that each fit on a sheet; a part is cut only where it fits on none."""
    most = max(1, PAGE_HEIGHT // row)
    page: list[Row] = []
    for part in parts:
        if page and len(page) + len(part) > most >= len(part):
            yield page
            page = []
        page += part
        while len(page) > most:
            yield page[:most]
            page = page[most:]
    if page:
        yield page


def numbered(name: str, figures: Iterable[Json]) -> tuple[Chart, ...]:
    """The figures as charts, each with an id of its own that never changes."""
    return tuple(Chart(f"{name}-{place}", embedded(figure)) for place, figure in enumerate(figures, start=1))


# Words in a figure, and the figure in a page.


def number_of(cell: Cell) -> float | None:
    """The number of a cell, None where there is none."""
    return cell.value if isinstance(cell, Figure) else None


def escaped(text: str) -> str:
    """Text as Plotly shows it literally: its labels are a pseudo-HTML with <b>, <a> and entities."""
    return escape(text, quote=False)


@lru_cache(maxsize=1024)
def wrapped(text: str, length: int = LINE_LENGTH) -> tuple[str, ...]:
    """Lines of about the same length, as few as there can be."""
    lines = textwrap.wrap(text, length)
    while len(lines) > 1 and len(shorter := textwrap.wrap(text, length - 1)) == len(lines):
        lines, length = shorter, length - 1
    return tuple(lines) or ("",)


def hovered(*paragraphs: str) -> str:
    """A text to hover, in lines of its own."""
    lines = (line for paragraph in paragraphs for line in textwrap.wrap(paragraph, HOVER_LENGTH))
    return "<br>".join(map(escaped, lines))


UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embedded(figure: Json) -> Markup:
    """The figure as the text of a script element, which no sign in it can close."""
    text = json.dumps(figure, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(UNSAFE))  # noqa: S704


def script(source: str) -> Markup:
    """A script of ours as the text of a script element."""
    return Markup(source)  # noqa: S704


def script_hash(source: str) -> str:
    """What a Content-Security-Policy knows a script by."""
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
