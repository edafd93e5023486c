"""Native charts of the workbook, each above the table that it draws.

A chart holds no number of its own: it refers to the cells of its table, and what is withheld has no row there, so it is
left out rather than drawn as nothing. The ends of an interval stand in the table as printed; how far they are from the
index, which is what Excel needs to draw them, is a formula beside them.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from ...languages import gettext as _
from ..content import Cell, Figure, ItemGroup, ReportContent, ScoreRow, UnitRow, UnitScore
from .book import (
    FIGURES_HEADING,
    HEADING,
    LABEL,
    LINE,
    LINE_WIDTH,
    TITLE,
    Column,
    Drawn,
    Formula,
    Row,
    Sheet,
    Styled,
    clean,
    marked_reverse,
    quoted,
    sheet_name,
    standing,
)
from .fit import MAX_HEIGHT

_MOST_UNITS: Final = 15  # in a chart of teams: more cannot be read
_MOST_STATEMENTS: Final = 10
_LONGEST_TITLE: Final = 110
_ACCENT, _LIGHT, _INK, _MUTED, _RULE = "1B5A9B", "A9C6E6", "1E232B", "5B616B", "DEDAD2"
# Upper, middle and lower band: dark, very light and between, so that they differ without any colour; words on them.
_BANDS: Final = (("1B5A9B", "FFFFFF"), ("DFE0E2", "1E232B"), ("E09A56", "1E232B"))
_WIDTHS: Final = (62, 12, 14, 14, 14, 18, 18, 24)
_WIDE: Final = 23.0  # centimetres, a little less than the columns of figures


class _Block(NamedTuple):
    """A chart and its table. caption: what is seen; title: the same in a line; head, lines: the table without names."""

    heading: str
    caption: str
    title: str
    head: tuple[str, ...]
    lines: Sequence[tuple[str, tuple[Cell | Styled, ...]]]

    @property
    def is_intervals(self) -> bool:
        """Whether each line is an index with its interval; else it is the shares of three bands."""
        return len(self.head) > 5


def organisation_charts(content: ReportContent) -> Sheet:
    """The organisation in pictures: every dimension with its interval, every statement by the bands of its scale."""
    blocks = [*_dimensions(content)]
    for group in content.items:
        blocks += _statements(group, content.bands)
    about = _("The organisation in pictures, each above its figures.")
    return _page(_("Charts"), about, _("What is withheld is left out of a picture."), blocks)


def team_charts(content: ReportContent) -> Sheet:
    """Units in pictures, a dimension at a time; nothing where they are too many to be read."""
    units = _few(content.units)
    blocks = [block for place in range(len(content.dimensions)) for block in _units(content, units, place)]
    note = _("What is withheld is left out. Whether a difference is more than chance stands in the last column.")
    return _page(_("Team charts"), _("Units in pictures, a dimension at a time."), note, blocks if units else [])


def _few(units: Sequence[UnitRow]) -> Sequence[UnitRow]:
    """As many levels from the top as one chart can hold, without those who are left over; () where even one is more."""
    named = [unit for unit in units if unit.kind != "rest"]
    for depth in range(max(unit.depth for unit in units), 0, -1):
        rows = [unit for unit in named if unit.depth <= depth]
        if len(rows) <= _MOST_UNITS:
            return rows
    return ()


def _dimensions(content: ReportContent) -> Iterator[_Block]:
    lines = [(row.label, cells) for row in content.dimensions if (cells := _interval(row))]
    if lines:
        title = _titled(content.dimensions_caption, _("The dimensions with their intervals"))
        yield _Block(_("Dimensions"), content.dimensions_caption, title, _interval_head(_("Dimension")), lines)


def _interval_head(first: str) -> tuple[str, ...]:
    below, above = _("Interval below the index"), _("Interval above the index")
    return (first, _("Answers"), _("Index"), _("Index from"), _("Index to"), below, above)


def _interval(row: ScoreRow | UnitScore) -> tuple[Cell, ...]:
    """Answers, index and ends; () where one of them is not printed."""
    cells = (row.n, row.index, row.low, row.high)
    return cells if all(isinstance(cell, Figure) for cell in cells) else ()


def _units(content: ReportContent, units: Sequence[UnitRow], place: int) -> Iterator[_Block]:
    name = content.dimensions[place].label
    scored = [(unit.name, unit.dimensions[place]) for unit in units]
    lines = [(unit, (*cells, standing(score.standing))) for unit, score in scored if (cells := _interval(score))]
    if len(lines) > 1:
        differ = any(score.standing in {"above", "below"} for _unit, score in scored)
        caption = (
            _("{dimension}: of the units shown here, some differ visibly from everybody else.")
            if differ
            else _("{dimension}: none of the units shown here differs visibly from everybody else.")
        ).format(dimension=name)
        head = (*_interval_head(_("Unit")), _("against everybody else"))
        yield _Block(name, caption, _titled(caption, name), head, lines)


def _statements(group: ItemGroup, bands: tuple[str, str, str]) -> Iterator[_Block]:
    lines = [(marked_reverse(row), cells) for row in group.rows if (cells := _shares(row))]
    title = _titled(group.caption, _("{dimension}: how its statements were answered").format(dimension=group.name))
    head = (_("Statement"), _("Answers"), *bands)
    for start in range(0, len(lines), _MOST_STATEMENTS):
        yield _Block(group.name, group.caption, title, head, lines[start : start + _MOST_STATEMENTS])


def _shares(row: ScoreRow) -> tuple[Cell, ...]:
    cells = (row.n, row.favourable, row.neutral, row.unfavourable)
    return cells if all(isinstance(cell, Figure) for cell in cells) else ()


def _titled(caption: str, otherwise: str) -> str:
    return caption if len(caption) <= _LONGEST_TITLE else otherwise


# How they stand on a sheet


def _page(name: str, about: str, note: str, blocks: Sequence[_Block]) -> Sheet:
    name = sheet_name(name)
    rows: list[Row] = [(Styled(name, TITLE),), (Styled(note, LINE),), ()]
    heights: dict[int, int] = {}
    drawn: list[Drawn] = []
    begins: list[int] = []
    for block in blocks:
        begins.append(len(rows) + 1)
        rows += [(Styled(block.heading, LABEL),), *((Styled(line, LINE),) for line in wrap(block.caption, LINE_WIDTH))]
        rows += [(), _head(block)]
        first = len(rows) + 1
        heights[first - 2] = height = min(MAX_HEIGHT, 120 + 22 * len(block.lines))
        rows += [_line(block, at, first + at) for at in range(len(block.lines))]
        chart = _chart(block, name, first, len(rows))
        chart.width, chart.height = _WIDE, (height - 8) / 72 * 2.54  # type: ignore[assignment]  # no need to be whole
        drawn.append(Drawn(first - 2, chart, block.caption))
        rows.append(())
    columns = tuple(Column("", width, str) for width in _WIDTHS)
    return Sheet(name, about, tuple(rows), columns, heights=heights, drawn=tuple(drawn), begins=tuple(begins))


def _head(block: _Block) -> Row:
    first, *figures = block.head
    return [Styled(first, HEADING), *(Styled(heading, FIGURES_HEADING) for heading in figures)]


def _line(block: _Block, at: int, row: int) -> Row:
    """A line of the table; behind the ends of an interval, how far they are from the index."""
    name, cells = block.lines[at]
    match cells:
        case [n, Figure(index) as middle, Figure(low) as lower, Figure(high) as upper, *rest] if block.is_intervals:
            below = Formula(f"C{row}-D{row}", _points(index - low), "0")
            above = Formula(f"E{row}-C{row}", _points(high - index), "0")
            return [name, n, middle, lower, upper, below, above, *rest]
        case _:
            return [name, *cells]


def _points(difference: float) -> Figure:
    return Figure(difference, f"{difference:.0f}", "0")


# How they look


def _chart(block: _Block, sheet: str, first: int, last: int) -> BarChart:
    """Lying bars, one for each line of the table, in its order."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.varyColors, chart.roundedCorners = "bar", 40, False, False
    chart.title = _title(block.title)
    chart.layout = Layout(
        ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.42, y=0.13, w=0.53, h=0.72)
    )
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = False
    chart.x_axis.txPr = _text(900, _INK)
    chart.x_axis.graphicalProperties = _lined(_RULE)
    chart.y_axis.txPr = _text(900, _MUTED)
    chart.y_axis.majorGridlines = ChartLines(spPr=_lined(_RULE))
    at = f"{quoted(sheet)}!$%s${first}:$%s${last}"
    name = f"{quoted(sheet)}!$%s${first - 1}"
    if block.is_intervals:
        chart.legend = None
        chart.y_axis.delete = False
        chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 100, 25
        chart.y_axis.number_format = "0"
        chart.y_axis.crosses = "max"
        chart.series.append(_series(0, name, at, "C", _LIGHT))
        chart.series[0].errBars = ErrorBars(
            errBarType="both",
            errValType="cust",
            noEndCap=False,
            plus=NumDataSource(NumRef(at % ("G", "G"))),
            minus=NumDataSource(NumRef(at % ("F", "F"))),
            spPr=_lined(_ACCENT, width=19050),
        )
    else:
        chart.grouping, chart.overlap = "percentStacked", 100
        chart.y_axis.delete, chart.y_axis.majorGridlines = True, None
        chart.legend = Legend()
        chart.legend.position, chart.legend.txPr = "b", _text(900, _INK)
        for place, (column, (fill, ink)) in enumerate(zip("CDE", _BANDS, strict=True)):
            series = _series(place, name, at, column, fill)
            series.dLbls = DataLabelList(
                showVal=True,
                showSerName=False,
                showCatName=False,
                showPercent=False,
                showLegendKey=False,
                showBubbleSize=False,
                txPr=_text(900, ink),
            )
            chart.series.append(series)
    return chart


def _series(place: int, name: str, at: str, column: str, fill: str) -> Series:
    return Series(
        idx=place,
        order=place,
        tx=SeriesLabel(StrRef(name % column)),
        cat=AxDataSource(strRef=StrRef(at % ("A", "A"))),
        val=NumDataSource(NumRef(at % (column, column))),
        spPr=GraphicalProperties(solidFill=fill),
        invertIfNegative=False,
    )


def _title(text: str) -> Title:
    look = CharacterProperties(sz=1100, b=True, solidFill=_INK)
    run = RegularTextRun(rPr=look, t=clean(text))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _text(size: int, colour: str) -> RichText:
    """How words look; size: hundredths of a point."""
    look = ParagraphProperties(defRPr=CharacterProperties(sz=size, solidFill=colour))
    return RichText(p=[Paragraph(pPr=look, r=[], endParaRPr=CharacterProperties())])


def _lined(colour: str, width: int = 9525) -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(w=width, solidFill=colour))
