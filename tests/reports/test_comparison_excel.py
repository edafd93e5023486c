"""The workbook of a comparison, read back cell by cell."""

from io import BytesIO

import pytest
from compared import example
from openpyxl import Workbook, load_workbook
from psafety.reports.comparison.content import ComparisonContent
from psafety.reports.comparison.sheets import to_excel
from test_excel import assert_holds, table, texts

CHANGE = {
    "Answers 2025-Q4": "n_before",
    "Answers 2026-Q1": "n_after",
    "Index 2025-Q4": "before",
    "Index 2026-Q1": "after",
    "Change": "difference",
    "from": "low",
    "to": "high",
    "Invisible below": "smallest",
    "Hedges’ g": "effect",
}


@pytest.fixture(scope="module")
def content() -> ComparisonContent:
    return example()


@pytest.fixture(scope="module")
def book(content: ComparisonContent) -> Workbook:
    return load_workbook(BytesIO(to_excel(content)))


def assert_change(row, change) -> None:
    for heading, field in CHANGE.items():
        assert_holds(row[heading], getattr(change, field))
    assert row["Verdict"].value == change.verdict


def test_sheets_come_in_reading_order(book: Workbook) -> None:
    """One for each question."""
    assert book.sheetnames == [
        *("Read me", "Waves", "Organisation", "Trend", "Teams", "Items", "Team items"),
        *("Pairs", "Elsewhere", "Method"),
    ]


def test_the_organisation_holds_every_figure(book: Workbook, content: ComparisonContent) -> None:
    """Each dimension in its row."""
    for row, measure, change in zip(
        table(book, "Organisation"), content.dimensions, content.units[0].dimensions, strict=True
    ):
        assert row["Dimension"].value == measure.label
        assert_change(row, change)


def test_teams_hold_every_figure_in_the_order_of_the_report(book: Workbook, content: ComparisonContent) -> None:
    """Unit by unit, dimension by dimension; a withheld figure is a word."""
    expected = [(unit, change) for unit in content.units for change in unit.dimensions]
    for row, (unit, change) in zip(table(book, "Teams"), expected, strict=True):
        assert (row["Unit"].value, row["Dimension"].value) == (unit.name, change.measure)
        assert (row["Unit"].data_type, row["Level 2"].value or "") == ("s", "".join(unit.path[1:2]))
        assert_change(row, change)


@pytest.mark.parametrize(("sheet", "units"), [("Items", slice(1)), ("Team items", slice(None))])
def test_items_hold_every_figure(book: Workbook, content: ComparisonContent, sheet: str, units: slice) -> None:
    """The organisation with its rank test; units below it."""
    expected = [
        (measure, change)
        for unit in content.units[units]
        for measure, change in zip(content.items, unit.items, strict=True)
    ]
    for row, (measure, change) in zip(table(book, sheet), expected, strict=True):
        assert (row["Item"].value, row["Statement"].value) == (measure.id, measure.label)
        assert_change(row, change)
        if sheet == "Items":
            assert_holds(row["Rank test, p"], measure.rank_test)


def test_trends_hold_every_wave(book: Workbook, content: ComparisonContent) -> None:
    """The index of every wave with its interval, and the line through them."""
    expected = [trend for unit in content.units for trend in unit.trends]
    for row, trend in zip(table(book, "Trend"), expected, strict=True):
        for level in trend.levels:
            for heading, field in {"index": "index", "from": "low", "to": "high"}.items():
                assert_holds(row[f"{level.wave}\n{heading}"], getattr(level, field))
        for heading, field in {"Points per wave": "slope", "from": "low", "to": "high"}.items():
            assert_holds(row[heading], getattr(trend, field))
        assert row["Verdict"].value == trend.verdict


def test_figures_from_elsewhere_stand_beside_their_source(book: Workbook, content: ComparisonContent) -> None:
    """A source that looks like a formula stays a text."""
    for row, line in zip(table(book, "Elsewhere"), content.benchmark, strict=True):
        assert (row["What"].value, row["Source"].value, row["Source"].data_type) == (line.label, line.source, "s")
        assert_holds(row["Difference"], line.difference)
        assert_holds(row["Elsewhere"], line.mean)


def test_the_page_of_text_says_what_the_report_says(book: Workbook, content: ComparisonContent) -> None:
    """Notices, the five sentences, what to do next."""
    said = texts(book, "Read me")

    assert {*content.notices, *content.summary, content.order, *content.advice} <= set(said)


def test_no_cell_is_a_formula(book: Workbook) -> None:
    """A team called =1+1 stays a name."""
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_the_same_content_gives_the_same_bytes(content: ComparisonContent) -> None:
    """No clock, no machine in the file."""
    assert to_excel(content) == to_excel(example())
