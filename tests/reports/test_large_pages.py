"""With more rows than a page can hold, it holds the units and leaves the teams to the workbook."""

from dataclasses import replace

import pytest
from psafety.reports import html
from psafety.reports.content import ReportContent, UnitRow
from psafety.reports.html import on_page, to_html


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that holds few rows."""
    monkeypatch.setattr(html, "MOST_UNITS", 4)


def like(unit: UnitRow, name: str, kind: str, path: tuple[str, ...]) -> UnitRow:
    return replace(unit, id=name, name=name, kind=kind, depth=len(path) + (kind == "rest"), path=path)  # type: ignore[arg-type]


@pytest.fixture
def large(content: ReportContent) -> ReportContent:
    """Two departments with teams, and everybody else in each, and beside both."""
    whole, unit = content.units[0], content.units[1]
    rows = [whole]
    for name in ("North", "South"):
        rows += [like(unit, name, "unit", (name,)), like(unit, f"{name} 1", "team", (name, f"{name} 1"))]
        rows += [like(unit, f"{name} 2", "team", (name, f"{name} 2")), like(unit, f"not {name}", "rest", (name,))]
    return replace(content, units=(*rows, like(unit, "elsewhere", "rest", ())))


def test_units_stay_and_teams_go(large: ReportContent) -> None:
    """Everybody else stays beside units, and goes with the teams beside which it stood."""
    assert [unit.name for unit in on_page(large).units[1:]] == ["North", "South", "elsewhere"]


def test_few_rows_stay_as_they_are(content: ReportContent) -> None:
    """Nothing is left out of a page that can hold it."""
    few = replace(content, units=content.units[:3])

    assert on_page(few) is few


def test_the_page_says_where_the_teams_are(large: ReportContent) -> None:
    """In the workbook; nothing claims that the tables hold them."""
    page = to_html(large).decode()

    assert "every team is in the workbook" in page
    assert "hold every unit" not in page
    assert "North 1" not in page


def test_an_organisation_of_teams_alone_says_so_too(content: ReportContent) -> None:
    """There are no units to show, but the part is there."""
    unit = content.units[1]
    teams = (like(unit, f"Team {number}", "team", (f"Team {number}",)) for number in range(9))
    page = to_html(replace(content, units=(content.units[0], *teams))).decode()

    assert '<section id="units">' in page
    assert "every team is in the workbook" in page
