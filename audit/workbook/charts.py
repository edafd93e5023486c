"""Native charts of a workbook: each draws the table below it, cell by cell, and holds nothing of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from ..figures import Printed, plain
from .parts import Grid, local, parsed, targets

_MOST_ELEMENTS: Final = 200
_POINT: Final = 12_700  # units of a drawing
_HIGHEST: Final = 409  # points of a row
_COLOURS: Final = ("1B5A9B", "1E232B", "5B616B", "A9C6E6", "DEDAD2", "DFE0E2", "E09A56", "FFFFFF")

# What the elements of a chart may say, as “attribute=value”; all others say nothing.
_SETTINGS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("axId", "crossAx"), ("val=10", "val=100")),
    **dict.fromkeys(("idx", "order"), ("val=0", "val=1", "val=2")),
    **dict.fromkeys(("xMode", "yMode"), ("val=edge",)),
    **dict.fromkeys(("wMode", "hMode"), ("val=factor",)),
    **dict.fromkeys(("majorTickMark", "minorTickMark"), ("val=none",)),
    **dict.fromkeys(("showBubbleSize", "showCatName", "showLegendKey", "showPercent", "showSerName"), ("val=0",)),
    **dict.fromkeys(("invertIfNegative", "noEndCap", "overlay", "roundedCorners", "varyColors"), ("val=0",)),
    **dict.fromkeys(("plotVisOnly", "showVal"), ("val=1",)),
    **dict.fromkeys(("lblOffset", "max", "overlap"), ("val=100",)),
    **dict.fromkeys(("defRPr", "rPr"), ("b=1 sz=1100", "sz=900")),
    "axPos": ("val=l",),
    "barDir": ("val=bar",),
    "crosses": ("val=max",),
    "delete": ("val=0", "val=1"),
    "dispBlanksAs": ("val=gap",),
    "errBarType": ("val=both",),
    "errValType": ("val=cust",),
    "gapWidth": ("val=40",),
    "grouping": ("val=clustered", "val=percentStacked"),
    "h": ("val=0.72",),
    "layoutTarget": ("val=inner",),
    "legendPos": ("val=b",),
    "ln": ("", "w=19050", "w=9525"),
    "majorUnit": ("val=25",),
    "min": ("val=0",),
    "numFmt": ("formatCode=0 sourceLinked=0",),
    "orientation": ("val=maxMin", "val=minMax"),
    "prstDash": ("val=solid",),
    "srgbClr": tuple(f"val={colour}" for colour in _COLOURS),
    "w": ("val=0.53",),
    "x": ("val=0.42",),
    "y": ("val=0.13",),
}
_BARE: Final = frozenset(
    [
        "barChart",
        "bodyPr",
        "cat",
        "catAx",
        "chart",
        "chartSpace",
        "dLbls",
        "endParaRPr",
        "errBars",
        "f",
        "layout",
        "legend",
        "majorGridlines",
        "manualLayout",
        "minus",
        "numRef",
        "p",
        "pPr",
        "plotArea",
        "plus",
        "r",
        "rich",
        "scaling",
        "ser",
        "solidFill",
        "spPr",
        "strRef",
        "t",
        "title",
        "tx",
        "txPr",
        "val",
        "valAx",
    ]
)
_DRAWING: Final = frozenset(
    [
        "wsDr",
        "oneCellAnchor",
        "from",
        "to",
        "col",
        "colOff",
        "row",
        "rowOff",
        "ext",
        "graphicFrame",
        "nvGraphicFramePr",
        "cNvPr",
        "cNvGraphicFramePr",
        "xfrm",
        "graphic",
        "graphicData",
        "chart",
        "clientData",
    ]
)
_NUMBERS: Final = ("col", "colOff", "row", "rowOff")
_WITH_SETTINGS: Final = ("ext", "cNvPr", "graphicData", "chart")


class Drawn(NamedTuple):
    """A table that a chart stands above. head: the row of its headings; intervals: of an index, else of shares."""

    head: int
    last: int
    intervals: bool


def check_charts(archive: ZipFile, grid: Grid, tables: Sequence[Drawn], printed: Printed, part: str) -> None:
    """Whether each table of a sheet has its chart, each chart its table, and no chart anything else."""
    where = f"the charts of {grid.where}"
    drawings = [target for target in targets(archive, grid.part, printed).values() if "/drawings/" in target]
    if len(drawings) != bool(tables):
        printed.fault(where, "a drawing too many, or none")
        return
    for drawing in drawings:
        charts = targets(archive, drawing, printed)
        frames = list(_frames(parsed(archive.read(drawing)), grid, printed, part))
        if len(frames) != len(tables) or len(charts) != len(tables):
            printed.fault(where, f"{len(frames)} charts where there should be {len(tables)}")
            continue
        for (row, height, chart), table in zip(frames, tables, strict=True):
            tall = min(_HIGHEST, 120 + 22 * (table.last - table.head))
            held = grid.heights.get(row)
            if row != table.head - 1 or held != tall or abs(height - (tall - 8) * _POINT) > 1 or chart not in charts:
                printed.fault(where, f"a chart that does not stand above its table in row {table.head}")
            else:
                _check_chart(charts[chart], parsed(archive.read(charts[chart])), grid, table, printed, part)
    if set(grid.heights) != {table.head - 1 for table in tables}:
        printed.fault(where, "a row with a height of its own that holds no chart")


def _frames(drawing: ET.Element, grid: Grid, printed: Printed, part: str) -> Iterator[tuple[int, int, str]]:
    """The row, the height and the id of each chart; what describes it is said."""
    where = f"the charts of {grid.where}"
    for place, anchor in enumerate(drawing, 1):
        found = {local(one): one for one in anchor.iter()}
        numbers = {name: (found[name].text or "") for name in _NUMBERS}
        extent, named, chart = (found.get(name) for name in ("ext", "cNvPr", "chart"))
        if (
            set(found) - _DRAWING
            or len(found) != len(list(anchor.iter()))
            or extent is None
            or named is None
            or chart is None
            or (numbers["col"], numbers["colOff"], numbers["rowOff"]) != ("0", "0", "0")
            or (extent.get("cx"), named.get("id"), named.get("name")) != ("8280000", f"{place}", f"Chart {place}")
            or set(named.attrib) != {"id", "name", "descr"}
            or any((one.text or "").strip() for name, one in found.items() if name not in _NUMBERS)
            or any(one.attrib for name, one in found.items() if name not in _WITH_SETTINGS)
        ):
            printed.fault(where, "a drawing that is no chart of a report")
            return
        printed.say(f"{where}, description", part, plain(named.get("descr", "")))
        yield int(numbers["row"]) + 1, int(extent.get("cy", "0")), next(iter(chart.attrib.values()), "")


def _check_chart(name: str, chart: ET.Element, grid: Grid, table: Drawn, printed: Printed, part: str) -> None:
    where = f"part {name}"
    elements = list(chart.iter())
    for element in elements:
        tag, text = local(element), (element.text or "").strip()
        said = " ".join(f"{key.rpartition('}')[2]}={value}" for key, value in sorted(element.attrib.items()))
        allowed = _SETTINGS.get(tag, ("",) if tag in _BARE else ())
        if said not in allowed or (text and tag not in {"f", "t"}):
            printed.fault(where, f"a chart of a report does not have it: <{tag}> {said[:40]}{text[:40]}".rstrip())
    if len(elements) > _MOST_ELEMENTS:
        printed.fault(where, "more than a chart of a report has")
    for element in elements:
        if local(element) == "t":
            printed.say(f"{where}, title", part, plain(element.text or ""))
    found = [element.text or "" for element in elements if local(element) == "f"]
    if found != list(_references(grid, table)):
        printed.fault(where, "it draws other cells than those of the table below it")


def _references(grid: Grid, table: Drawn) -> Iterator[str]:
    """The cells that a chart of the table refers to, in the order in which it does."""
    sheet = "'" + grid.name.replace("'", "''") + "'"
    cells = {letter: f"{sheet}!${letter}${table.head + 1}:${letter}${table.last}" for letter in "ACDEFG"}
    for letter in "C" if table.intervals else "CDE":
        yield f"{sheet}!${letter}${table.head}"
        yield from (cells["G"], cells["F"]) if table.intervals else ()
        yield cells["A"]
        yield cells[letter]
