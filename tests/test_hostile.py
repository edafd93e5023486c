"""Strings that break programs, as names of teams, headers, titles and files, through the whole road."""

import base64
import csv
import io
import json
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from formulas import formulas
from psafety import Look, analyze, compose, load_survey
from psafety.cli import Exit, main
from psafety.reports.html import to_html
from psafety.reports.snapshot import to_json
from psafety.reports.workbook.sheets import to_excel
from psafety.surveys.mapping import Wishes

BROWSERS = "chromium", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge"
ANSWERS = [(1, 2, 3), (5, 4, 3), (2, 2, 2), (4, 5, 4), (3, 4, 5), (3, 1, 2)]  # six people, no two alike


@pytest.fixture
def strings(shared):
    """Some hundred strings that people collected because they broke something."""
    naughty = json.loads(shared("naughty_strings/blns.base64.json").read_text())
    found = [base64.b64decode(text).decode("utf-8", "replace") for text in naughty]
    for name in ("XSSDetection.txt", "RSNAKE_XSS.txt", "XSS_Polyglots.txt", "IntrudersXSS.txt"):
        found += shared(f"xss_strings/{name}").read_text("utf-8").splitlines()
    found += shared("csv_injection/payloadbox_csv-payload.txt").read_text().splitlines()
    found += ["../../x", "..\\..\\x", "=1+1", "@SUM(A1)", "+1", "-1", "\t=1", "\r=1", "CON", "a" * 400]
    return [text for text in dict.fromkeys(found) if text.strip()]


@pytest.fixture
def content(strings, tmp_path):
    """A report in which every string is a team, and some are headers, answers nobody asked for, and the title."""
    rows = [(team, *answers) for team in strings for answers in ANSWERS]
    table = pd.DataFrame(rows, columns=["Team", "trust1", "trust2", "trust4"], dtype=str)
    for number, text in enumerate(strings[::40]):
        table[f"{text} {number}"] = text
    path = tmp_path / "hostile.csv"
    table.to_csv(path, index=False)
    return compose(analyze(load_survey(path)), Look(title=strings[-1] + "<script>alert(1)</script>"), version="1")


def scripts(page):
    """The kinds of script elements of a page."""
    found = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: (
        found.add(dict(attributes).get("type")) if tag == "script" else None
    )
    parser.feed(page)
    return found


def test_every_string_stays_a_name(content):
    """No team is lost; the page, the workbook and the snapshot hold text where a name is."""
    page, book, snapshot = to_html(content).decode(), to_excel(content), json.loads(to_json(content))

    assert len(content.units) > 500
    plain = to_html(replace(content, units=content.units[:1], title="", notices=(), reading=())).decode()
    assert scripts(page) - scripts(plain) == {"application/json"} - scripts(plain)
    assert [unit["path"][-1] for unit in snapshot["units"][1:] if unit["path"]] == [
        unit.path[-1] for unit in content.units[1:] if unit.path
    ]
    harmless = [replace(unit, name=f"Unit {place}") for place, unit in enumerate(content.units)]
    assert {*formulas(book)} <= {*formulas(to_excel(replace(content, title="Us", units=tuple(harmless))))}
    assert len(openpyxl.load_workbook(io.BytesIO(book)).sheetnames) >= 8


def test_nothing_runs_in_a_browser(content, tmp_path):
    """A page full of scripts as names opens without running one, asking for anything, or complaining."""
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no browser is installed")
    (tmp_path / "hostile.html").write_bytes(to_html(content))
    seen = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("request", lambda request: seen.append(request.url) if request.url.startswith("http") else None)
        page.goto((tmp_path / "hostile.html").as_uri())
        page.wait_for_selector(".js-plotly-plot")
        browser.close()

    assert seen == []


def test_every_string_as_a_comment_stays_text(strings, tmp_path):
    """What people write is printed as text, without addresses, in a page and a workbook in which nothing runs."""
    rows = [(f"T{row % 2}", *ANSWERS[row % 6], text) for row, text in enumerate(strings)]
    path = tmp_path / "hostile.csv"
    table = pd.DataFrame(rows, columns=["Team", "trust1", "trust2", "trust4", "Why?"], dtype=str)
    table.to_csv(path, index=False, quoting=csv.QUOTE_ALL)
    content = compose(analyze(load_survey(path, Wishes(comments=("Why?",)))), Look(), version="1")
    ((question,), page) = content.comments, to_html(content).decode()
    plain = to_html(replace(content, comments=())).decode()

    assert sum(len(group.texts) for group in question.groups) > 400
    assert page.count("<script") == plain.count("<script")
    assert not any("://" in text for group in question.groups for text in group.texts)
    assert formulas(to_excel(content)) == formulas(to_excel(replace(content, comments=())))


def test_strings_as_headers_and_answers_are_read_or_refused(strings, tmp_path):
    """Any of them as a header or an answer gives a report or a message, never a traceback."""
    for start in range(0, len(strings), 25):
        some = strings[start : start + 25]
        table = pd.DataFrame({f"{text}{number}": [text, "1", "5", "3", text, "2"] for number, text in enumerate(some)})
        path = tmp_path / "headers.csv"
        table.to_csv(path, index=False)
        result = CliRunner().invoke(main, ["report", str(path), "--output", str(tmp_path / "out")])

        assert result.exit_code in {Exit.DONE, Exit.PROBLEM}, result.output
        assert result.output.replace("\n", "").isprintable()  # no sign that a terminal would obey
