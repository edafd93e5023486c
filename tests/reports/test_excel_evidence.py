"""The sheets on evidence, read back cell by cell, and the names of all sheets in every language."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from psafety.languages import LANGUAGES, speaking
from psafety.reports.content import Absent, ReportContent
from psafety.reports.workbook import evidence as workbook_evidence
from psafety.reports.workbook.sheets import to_excel
from test_excel import assert_holds, table, texts

COEFFICIENTS = {
    "People": "people",
    "Alpha": "alpha",
    "Alpha from": "alpha_low",
    "Alpha to": "alpha_high",
    "Alpha of correlations": "standardised",
    "Omega": "omega",
    "Halves": "halves",
    "Teams": "teams",
    "People in them": "team_people",
    "ICC(1)": "icc1",
    "ICC(2)": "icc2",
}
WORTH = {
    "Deviation": "deviation",
    "rwg(j)": "agreement",
    "Best guess": "shrunken",
    "Worth": "worth",
    "If all others lowest": "if_low",
    "If all others highest": "if_high",
}


@pytest.fixture(scope="module")
def book(content: ReportContent) -> Workbook:
    return read(content)


def read(content: ReportContent) -> Workbook:
    return load_workbook(BytesIO(to_excel(content)))


def test_evidence_holds_every_figure(book: Workbook, content: ReportContent) -> None:
    """A row for each dimension: reliability, what it means, how teams differ, what that means."""
    for row, expected in zip(table(book, "Evidence"), content.evidence.dimensions, strict=True):
        assert row["Dimension"].value == expected.label
        assert row["Do its statements belong together?"].value == (expected.together or None)
        assert row["Do teams differ?"].value == (expected.apart or None)
        for heading, field in COEFFICIENTS.items():
            assert_holds(row[heading], getattr(expected, field))


def test_statement_fit_holds_every_figure(book: Workbook, content: ReportContent) -> None:
    """A row for each statement of a dimension, in the order asked."""
    fits = [(row, fit) for row in content.evidence.dimensions for fit in row.items]
    for row, (dimension, fit) in zip(table(book, "Statement fit"), fits, strict=True):
        assert (row["Dimension"].value, row["Statement"].value) == (dimension.label, fit.label)
        assert_holds(row["With the others"], fit.item_rest)
        assert_holds(row["Alpha without it"], fit.alpha_without)
        assert (row["Remark"].value or "") == fit.remark


def test_team_scores_hold_what_each_average_is_worth(book: Workbook, content: ReportContent) -> None:
    """A row for each unit and dimension of which anything is said, beside the index itself."""
    told = [
        (unit, dimension, score, seen)
        for unit in content.units
        for dimension, score, seen in zip(content.dimensions, unit.dimensions, unit.evidence, strict=False)
        if seen.view != "none" or not isinstance(seen.if_low, Absent)
    ]
    rows = table(book, "Team scores")

    assert told
    for row, (unit, dimension, score, seen) in zip(rows, told, strict=True):
        assert (row["Unit"].value, row["Dimension"].value) == (unit.name, dimension.label)
        assert (row["Do they see it alike?"].value or "") == seen.words
        assert_holds(row["Index"], score.index)
        for heading, field in WORTH.items():
            if seen.view == "none" and not field.startswith("if_"):
                assert row[heading].value is None  # nothing is withheld
            elif getattr(seen, field) != Absent(""):
                assert_holds(row[heading], getattr(seen, field))


def test_the_verdicts_are_explained_above_the_table(book: Workbook, content: ReportContent) -> None:
    """What each of them is called, and what it means for the average."""
    said = texts(book, "Team scores")

    for view in content.evidence.views:
        assert {view.words, view.meaning} <= set(said)


def test_what_goes_with_an_outcome_holds_every_figure(book: Workbook, content: ReportContent) -> None:
    """In the order of the questionnaire, never by weight."""
    told = [(driven, row) for driven in content.evidence.drivers for row in driven.rows]
    for row, (driven, driver) in zip(table(book, "What goes with it"), told, strict=True):
        assert (row["Goes with"].value, row["Statement"].value) == (driven.label, driver.label)
        for heading, cell in {
            "Share of the differences": driver.weight,
            "from": driver.low,
            "to": driver.high,
            "All of them": driven.explained,
            "People": driven.people,
        }.items():
            assert_holds(row[heading], cell)


def test_people_asked_have_columns_only_where_somebody_told(content: ReportContent) -> None:
    """Without headcounts nobody knows what the others would have changed."""
    units = tuple(replace(unit, asked=Absent("not known")) for unit in content.units)

    assert "People asked" not in table(read(replace(content, units=units)), "Team scores")[0]


def test_of_very_many_teams_the_units_above_them_are_told(
    content: ReportContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row for each team and dimension would be no help; each team's own page has them."""
    monkeypatch.setattr(workbook_evidence, "_MOST_SCORED", 1)
    names = {row["Unit"].value for row in table(read(content), "Team scores")}

    assert names == {unit.name for unit in content.units if unit.kind != "team" and unit.evidence} - _unsaid(content)


def _unsaid(content: ReportContent) -> set[str]:
    """Units of which nothing of the kind is said."""
    return {
        unit.name
        for unit in content.units
        if all(seen.view == "none" and isinstance(seen.if_low, Absent) for seen in unit.evidence)
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_of_sheets_and_tables_are_valid_in_every_language(content: ReportContent, lang: str) -> None:
    """Different from each other, short enough, without signs that Excel forbids; tables have identifiers."""
    with speaking(lang):
        book = read(content)

    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames) == 17
    assert all(0 < len(name) <= 31 and not re.search(r"[][:*?/\\]|^'|'$", name) for name in book.sheetnames)
    assert all(re.fullmatch(r"[^\W\d]\w*", name) for name in book.defined_names)
    assert not any(re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]", name) for name in book.defined_names)
    assert book.properties.language == lang
    assert book.active is not None
