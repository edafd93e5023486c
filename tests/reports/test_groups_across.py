"""Groups across the organisation: the same figures in every format, and nothing of what is hidden."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import psafety
import pytest
from example import example
from openpyxl import load_workbook
from psafety.analysis.cut_scores import CutRow as Row, Cuts, CutScore
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import WITHHELD
from psafety.reports.compose import Look, compose
from psafety.reports.content import ReportContent
from psafety.reports.html import to_html
from psafety.reports.method import method
from psafety.reports.snapshot import to_json
from psafety.reports.workbook.sheets import to_excel
from psafety.surveys.responses import load_survey

SAMPLE = Path(psafety.__file__).parent / "surveys" / "samples" / "sample-2026-q2.csv"


@pytest.fixture(scope="module")
def findings() -> Findings:
    return analyze(load_survey(SAMPLE))


@pytest.fixture(scope="module")
def with_groups(findings: Findings) -> ReportContent:
    """A report of the sample with one group shown, one withheld, and one attribute that was given up."""
    size = len(findings.dimensions.columns), len(findings.items.columns)
    shown = Row(
        "Gender",
        "<Women>",
        0,
        91,
        (CutScore(91, 63, 59, 67), *[WITHHELD] * (size[0] - 1)),
        (CutScore(90, 61, 55, 66), *[WITHHELD] * (size[1] - 1)),
    )
    hidden = Row("Gender", "Men", 1, WITHHELD, (WITHHELD,) * size[0], (WITHHELD,) * size[1])
    cuts = Cuts(("Gender", "Site"), ("Site",), (shown, hidden))
    return compose(replace(findings, cuts=cuts), Look(title="Sample"), version="1")


def page_part(content: ReportContent) -> str:
    return re.search(r'<section id="cuts">.*?</section>', to_html(content).decode(), re.DOTALL)[0]


def test_the_weaker_promise_stands_above_the_groups(with_groups: ReportContent) -> None:
    """The rules, what is proved and what was only searched, and what could not be settled, in this order."""
    rules, promise, unfinished = with_groups.cut_notes

    assert "at least 50 people, from 10 people on" in rules
    assert "the promise is weaker" in promise
    assert "“Site”" in unfinished
    assert [note in page_part(with_groups).replace("&#39;", "'") for note in with_groups.cut_notes] == [True] * 3


def test_the_page_prints_whole_points_and_one_mark(with_groups: ReportContent) -> None:
    """A shown group has n, index and interval; a withheld one its name, and the neutral mark in every cell."""
    part = page_part(with_groups)

    assert "<td>63 <small>59–67</small>" in part
    assert "&lt;Women&gt;" in part
    hidden = re.search(r'<tr class="withheld"><th scope="row">Men.*?</tr>', part, re.DOTALL)[0]
    left = re.sub(r"<[^>]+>|\s|Men|Gender|withheld", "", hidden)
    assert left.replace("&amp;", "&") == re.sub(r"\s", "", with_groups.cuts[1].where)


def test_the_workbook_has_them_on_a_sheet(with_groups: ReportContent) -> None:
    """The sheet Groups holds the same numbers."""
    sheet = load_workbook(BytesIO(to_excel(with_groups)))["Groups"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert ["Gender", "<Women>", with_groups.title, 91, 63, 59, 67] in [row[:7] for row in rows]
    assert ["Gender", "Men", with_groups.cuts[1].where, *["withheld"] * 4] in [row[:7] for row in rows]


def test_the_snapshot_holds_them_by_unit_and_value(with_groups: ReportContent) -> None:
    """A shown group with its scores; a withheld one says so and nothing else."""
    shown, hidden = json.loads(to_json(with_groups))["cuts"]

    assert {key: shown[key] for key in ("attribute", "value", "path", "n")} == {
        "attribute": "Gender",
        "value": "<Women>",
        "path": [],
        "n": 91,
    }
    assert shown["dimensions"][0] == {"id": with_groups.dimensions[0].id, "n": 91, "index": 63, "low": 59, "high": 67}
    assert shown["items"][1] == {"id": shown["items"][1]["id"], "withheld": True}
    assert hidden == {"attribute": "Gender", "value": "Men", "path": list(with_groups.cuts[1].path), "withheld": True}


def test_the_lot_that_covers_groups_is_said(findings: Findings) -> None:
    """Only where there are groups, and a record by which the lot is drawn."""
    said = "So are as many of the figures of groups across the organisation"
    one = Row("Gender", "Women", 0, 91, (WITHHELD,) * len(findings.dimensions.columns), (WITHHELD,) * 36)
    for found, is_said in (
        (findings, False),
        (replace(findings, recorded=True), False),
        (replace(findings, recorded=True, cuts=Cuts(("Gender",), (), (one,))), True),
    ):
        text = " ".join(part for section in method(found, "en") for part in section.paragraphs)
        assert (said in text) == is_said


def test_without_cuts_no_format_speaks_of_them() -> None:
    """No section, no sheet, no key."""
    content = example()

    assert b'id="cuts"' not in to_html(content)
    assert "Groups" not in load_workbook(BytesIO(to_excel(content))).sheetnames
    assert "cuts" not in json.loads(to_json(content))
