"""The native charts of the workbook: every reference followed to the cell it names, and what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from example import HIDDEN, example, unit_row
from openpyxl import Workbook, load_workbook
from psafety.reports.content import Figure, ReportContent
from psafety.reports.workbook.sheets import to_excel

PALETTE = {"1B5A9B", "A9C6E6", "1E232B", "5B616B", "DEDAD2", "DFE0E2", "E09A56", "FFFFFF"}


@pytest.fixture(scope="module")
def file(content: ReportContent) -> bytes:
    return to_excel(content)


@pytest.fixture(scope="module")
def book(file: bytes) -> Workbook:
    return load_workbook(BytesIO(file))


def read(content: ReportContent) -> Workbook:
    return load_workbook(BytesIO(to_excel(content)))


def cells(book: Workbook, reference: str) -> list[Any]:
    """What stands in the cells that a chart refers to."""
    found = re.fullmatch(r"'([^']+)'!(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)", reference)
    assert found is not None, reference
    area = book[found[1]][found[2].replace("$", "")]
    return [row[0].value for row in area] if isinstance(area, tuple) else [area.value]


def drawn(book: Workbook, sheet: str) -> Iterator[dict[str, Any]]:
    """The charts of a sheet: title, and for each series its name, labels, values and errors, all from the cells."""
    for chart in book[sheet]._charts:
        (paragraph,) = chart.title.tx.rich.p
        series = [
            {
                "name": cells(book, one.tx.strRef.f)[0],
                "labels": cells(book, one.cat.strRef.f if one.cat.strRef else one.cat.numRef.f),
                "values": cells(book, one.val.numRef.f),
                "errors": [cells(book, end.numRef.f) for end in (one.errBars.minus, one.errBars.plus)]
                if one.errBars
                else [],
                "labelled": bool(one.dLbls and one.dLbls.showVal),
            }
            for one in chart.series
        ]
        yield {"title": paragraph.r[0].t, "series": series, "legend": chart.legend is not None, "row": chart.anchor}


def test_dimensions_are_drawn_with_their_intervals(book: Workbook, content: ReportContent) -> None:
    """One bar for each dimension, its index as printed, and lines to both ends of its interval."""
    chart = next(drawn(book, "Charts"))
    (series,) = chart["series"]

    assert chart["title"] == content.dimensions_caption
    assert series["labels"] == [row.label for row in content.dimensions]
    assert series["values"] == [row.index.value for row in content.dimensions]
    below, above = series["errors"]
    rows = range(8, 8 + len(content.dimensions))
    assert below == [f"=C{row}-D{row}" for row in rows]
    assert above == [f"=E{row}-C{row}" for row in rows]


def test_the_ends_of_intervals_are_worked_out_from_the_printed_ones(file: bytes, content: ReportContent) -> None:
    """What a formula gives stands beside it, for programs that do not calculate."""
    sheet = load_workbook(BytesIO(file), data_only=True)["Charts"]

    for row, dimension in enumerate(content.dimensions, 8):
        assert [cell.value for cell in sheet[row][1:7]] == [
            *(dimension.n.value, dimension.index.value, dimension.low.value, dimension.high.value),
            *(dimension.index.value - dimension.low.value, dimension.high.value - dimension.index.value),
        ]


def test_statements_are_drawn_by_the_bands_of_their_scale(book: Workbook, content: ReportContent) -> None:
    """A chart for each dimension: three shares of each statement, named and labelled: no colour stands alone."""
    for group, chart in zip(content.items, list(drawn(book, "Charts"))[1:], strict=True):
        assert chart["title"] == group.caption
        assert chart["legend"]
        assert [series["name"] for series in chart["series"]] == list(content.bands)
        for series, field in zip(chart["series"], ("favourable", "neutral", "unfavourable"), strict=True):
            assert series["labels"] == [row.label + " (reverse-keyed)" * row.reverse for row in group.rows]
            assert series["values"] == [getattr(row, field).value for row in group.rows]
            assert series["labelled"]


def test_units_are_drawn_a_dimension_at_a_time_in_the_order_of_their_names(
    book: Workbook, content: ReportContent
) -> None:
    """Those that are printed, without those who are left over; nothing is drawn of a withheld one."""
    for place, chart in enumerate(drawn(book, "Team charts")):
        (series,) = chart["series"]
        shown = [
            (unit.name, unit.dimensions[place].index.value)
            for unit in content.units
            if unit.kind != "rest" and isinstance(unit.dimensions[place].index, Figure)
        ]
        assert list(zip(series["labels"], series["values"], strict=True)) == shown


def test_a_chart_of_units_says_whether_any_differs(book: Workbook) -> None:
    """By more than chance; its title is the finding, and which one differs stands in words in its table."""
    titles = [chart["title"] for chart in drawn(book, "Team charts")]

    assert titles[0] == "Trust: of the units shown here, some differ visibly from everybody else."
    assert titles[1] == "Openness: none of the units shown here differs visibly from everybody else."


def test_charts_hold_no_number_of_their_own(file: bytes) -> None:
    """No copy of the data: neither caches nor literals, and every figure of the look is the same in all reports."""
    with ZipFile(BytesIO(file)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/")]

    assert len(charts) == 7
    for xml in charts:
        assert not re.search("Cache|Lit>|<pt|<v>", xml)
        assert set(re.findall('srgbClr val="([^"]+)"', xml)) <= PALETTE


def test_parts_of_a_chart_stand_in_the_order_of_the_standard(file: bytes) -> None:
    """Excel repairs a file in which they do not; LibreOffice and openpyxl do not mind."""
    order = {
        "barChart": "barDir grouping varyColors ser gapWidth overlap axId",
        "ser": "idx order tx spPr invertIfNegative dLbls errBars cat val",
        "errBars": "errBarType errValType noEndCap plus minus spPr",
        "dLbls": "txPr showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
        "catAx": "axId scaling delete axPos majorTickMark minorTickMark spPr txPr crossAx lblOffset",
        "valAx": (
            "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark txPr crossAx crosses majorUnit"
        ),
        "scaling": "orientation max min",
        "chart": "title plotArea legend plotVisOnly dispBlanksAs",
        "chartSpace": "roundedCorners chart",
    }
    with ZipFile(BytesIO(file)) as archive:
        charts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/charts/")]

    for element in (one for chart in charts for one in ET.fromstring(chart).iter()):  # noqa: S314 - our own file
        if (tag := element.tag.rpartition("}")[2]) in order:
            found = list(dict.fromkeys(child.tag.rpartition("}")[2] for child in element))
            assert found == [name for name in order[tag].split() if name in found]


def test_every_part_has_its_type_and_its_way_in(file: bytes) -> None:
    """Excel repairs a file with a part of unknown type, or a relationship that leads nowhere."""
    with ZipFile(BytesIO(file)) as archive:
        names = set(archive.namelist())
        types = ET.fromstring(archive.read("[Content_Types].xml"))  # noqa: S314 - our own file
        typed = {one.get("PartName", "")[1:] for one in types if one.get("PartName")}
        led = {
            str(one.get("Target")).removeprefix("/")
            for name in names
            if name.startswith(("xl/worksheets/_rels/", "xl/drawings/_rels/"))
            for one in ET.fromstring(archive.read(name))  # noqa: S314 - our own file
        }

    assert {name for name in names if name.endswith(".xml")} - {"[Content_Types].xml"} <= typed
    assert led == {name for name in names if name.startswith(("xl/charts/", "xl/drawings/drawing"))}
    assert typed <= names


def test_a_chart_stands_in_a_row_of_its_own_above_its_table(book: Workbook) -> None:
    """So that neither covers the other on screen or on paper."""
    for name in ("Charts", "Team charts"):
        sheet = book[name]
        for chart in sheet._charts:
            row = chart.anchor._from.row + 1
            assert all(cell.value is None for cell in sheet[row])
            assert sheet.row_dimensions[row].height * 12_700 > chart.anchor.ext.height
            assert sheet.cell(row + 1, 2).value == "Answers"
            assert chart.series[0].val.numRef.f.split("!")[1].startswith(f"$C${row + 2}:")


def test_charts_are_described_for_those_who_cannot_see_them(file: bytes, content: ReportContent) -> None:
    """The description says what is seen, in full."""
    with ZipFile(BytesIO(file)) as archive:
        said = re.findall('descr="([^"]*)"', archive.read("xl/drawings/drawing1.xml").decode())

    assert said == [content.dimensions_caption, *(group.caption for group in content.items)]


def test_a_finding_too_long_for_a_title_stands_above_the_chart() -> None:
    """The title then says what is drawn."""
    content = example()
    long = replace(content, items=(replace(content.items[0], caption="Much is said of it here. " * 5),))
    book = read(long)

    assert list(drawn(book, "Charts"))[1]["title"] == "Trust: how its statements were answered"
    assert "Much is said of it here." in str(book["Charts"]["A13"].value)


def test_what_is_withheld_has_no_row_in_a_chart() -> None:
    """It is left out, not drawn as nothing; where all is withheld there is no chart, and no sheet without one."""
    content = example()
    first, *others = content.dimensions
    gone = replace(first, index=HIDDEN, low=HIDDEN, high=HIDDEN)
    statements = tuple(
        replace(group, rows=tuple(replace(row, favourable=HIDDEN) for row in group.rows)) for group in content.items
    )
    (chart,) = drawn(read(replace(content, dimensions=(gone, *others), items=statements)), "Charts")

    assert chart["series"][0]["labels"] == [row.label for row in others]
    hidden = tuple(replace(row, index=HIDDEN, low=HIDDEN, high=HIDDEN) for row in content.dimensions)
    assert "Charts" not in read(replace(content, dimensions=hidden, items=statements)).sheetnames


@pytest.mark.parametrize(
    ("departments", "teams", "drawn_rows"),
    [
        (2, 3, 9),  # the organisation, two departments, six teams
        (3, 5, 4),  # the teams of all are too many
        (15, 1, 0),  # even the departments are
    ],
)
def test_as_many_levels_are_drawn_as_can_be_read(departments: int, teams: int, drawn_rows: int) -> None:
    """At most fifteen rows, always whole levels: nobody is picked out."""
    content = example()
    same = ("same",) * 3
    units = [content.units[0]]
    for one in range(departments):
        units.append(unit_row(f"d{one}", f"D{one}", "unit", 1, (f"D{one}",), same))
        units += [
            unit_row(f"t{one}{two}", f"T{one}.{two}", "team", 2, (f"D{one}", f"T{two}"), same) for two in range(teams)
        ]
    book = read(replace(content, units=tuple(units)))

    charts = list(drawn(book, "Team charts")) if "Team charts" in book.sheetnames else []
    assert len(charts) == (3 if drawn_rows else 0)
    assert all(len(chart["series"][0]["labels"]) == drawn_rows for chart in charts)


def test_many_statements_of_one_dimension_are_drawn_in_several_charts() -> None:
    """Ten to a chart, so that their texts can be read."""
    content = example()
    group = content.items[0]
    book = read(replace(content, items=(replace(group, rows=group.rows * 6),), units=content.units[:1]))

    assert [len(chart["series"][0]["labels"]) for chart in list(drawn(book, "Charts"))[1:]] == [10, 2]
