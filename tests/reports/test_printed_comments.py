"""Comments in the page and the workbook: read with care, harmless whatever they hold, and nowhere else."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import psafety
import pytest
from click.testing import CliRunner
from formulas import formulas
from psafety import Look, analyze, compose, load_survey
from psafety.cli import Exit, main
from psafety.reports.content import CommentGroup, CommentQuestion
from psafety.reports.formats import RENDERERS
from psafety.reports.html import to_html
from psafety.reports.snapshot import to_json
from psafety.reports.workbook.sheets import to_excel
from psafety.surveys.mapping import Wishes

SAMPLE = Path(psafety.__file__).parent / "surveys" / "samples" / "sample-2026-q2.csv"
WHAT = "What should change?"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "</li></ul></details><h1>x",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+SUM(A1)",
    "-2+3",
    "\u202eabc",
    "שלום <b>עולם</b>",
    "]]> <!-- &lt;script&gt; &#x3c;script&#x3e;",
)


def table(comment=lambda row: f"words of row {row}"):
    """The sample with a column of comments, every other cell of which is empty."""
    found = pd.read_csv(SAMPLE, dtype=str, keep_default_na=False)
    found[WHAT] = [comment(row) if row % 2 else "" for row in range(len(found))]
    return found


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    path = tmp_path_factory.mktemp("survey") / "survey.csv"
    table().to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def asked(survey):
    return compose(analyze(load_survey(survey, Wishes(comments=(WHAT,))), key="5a" * 16), Look(title="Us"), version="1")


def sheet(content, name="Comments"):
    """The rows of one sheet, as texts."""
    book = openpyxl.load_workbook(io.BytesIO(to_excel(content)))
    return [[cell.value for cell in row] for row in book[name].iter_rows()] if name in book.sheetnames else None


def test_every_comment_stands_once_in_page_and_workbook(asked):
    """Each text is printed exactly once in either, under the unit that the content says."""
    (question,) = asked.comments
    texts = [text for group in question.groups for text in group.texts]
    page = to_html(asked).decode()

    assert sorted(texts) == sorted(f"words of row {row}" for row in range(1, 192, 2))
    assert all(page.count(f">{text}<") == 1 for text in texts)
    rows = sheet(asked)
    assert rows[-len(texts) :] == [[WHAT, group.where, text] for group in question.groups for text in group.texts]


def test_units_are_called_by_name_and_the_others_together(tmp_path):
    """Comments stand under a unit above the teams, or under everybody else in one; never under a team."""
    path = tmp_path / "survey.csv"
    written = table()
    small = written["Department"].isin(["Elbe", "Havel"]) & (written.index % 10 != 1)
    written.loc[small, WHAT] = ""
    written.to_csv(path, index=False)
    content = compose(analyze(load_survey(path, Wishes(comments=(WHAT,)))), Look(title="Us"), version="1")
    places = [group.where for group in content.comments[0].groups]

    assert places[-1] == "Everybody else in Us, together"
    assert places[:-1] == sorted({*places[:-1]} & {*written["Department"]} - {"Elbe", "Havel"})
    assert not {*written["Team"]} & {*places}


def test_the_warning_stands_above_the_comments(asked):
    """That people may be known by their words is read before any of them, in the page and in the sheet."""
    page, rows = to_html(asked).decode(), sheet(asked)
    above = " ".join(str(row[0]) for row in rows[: rows.index(["Question", "Unit", "Comment"])])

    for said in ("riskiest part of a survey", "Do not try to find out who wrote what", "is not everything"):
        assert page.index(said) < page.index("words of row")
        assert said in above


def test_no_figure_stands_beside_a_comment(asked):
    """Neither scores nor how many people wrote something: the part of the page holds words alone."""
    page = to_html(replace(asked, comments=(replace(asked.comments[0], groups=(CommentGroup("A", ("x",)),)),))).decode()
    part = re.search(r'<section id="comments">.*?</section>\s*</section>', page, re.DOTALL)[0]

    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", part))
    assert all(len([cell for cell in row if isinstance(cell, (int, float))]) == 0 for row in sheet(asked))


def test_nothing_in_a_comment_runs(asked):
    """Scripts, markup and formulas stay text, in the page as in the workbook."""
    groups = (CommentGroup("=1+1", HOSTILE), CommentGroup("<b>B</b>", HOSTILE))
    content = replace(asked, comments=(CommentQuestion("<i>Why</i> =1?", "", groups),))
    page, plain = to_html(content).decode(), to_html(replace(asked, comments=())).decode()

    for tag in ("<script", "<img", "<h1", "<b>", "<i>", "<!--"):
        assert page.count(tag) == plain.count(tag)
    assert formulas(to_excel(content)) == formulas(to_excel(replace(asked, comments=())))
    assert [row[2] for row in sheet(content)[-len(HOSTILE) :]] == list(HOSTILE)


def test_what_a_file_holds_is_harmless_all_the_way(tmp_path):
    """From the cells of a file to the page: addresses and names are gone, and what is left is text."""
    path = tmp_path / "survey.csv"
    table(lambda row: f"{HOSTILE[row % len(HOSTILE)]} 0170/1234567 me{row}@ex.com Rose").to_csv(path, index=False)
    responses = load_survey(path, Wishes(comments=(WHAT,), names=("Rose",)))
    page = to_html(compose(analyze(responses), Look(), version="1")).decode()

    assert "1234567" not in page
    assert "@ex.com" not in page
    assert "Rose" not in page
    assert "<script>alert" not in page
    assert "onerror=" not in page.replace("onerror=alert(1)&gt;", "")


def test_comments_are_in_no_snapshot(asked):
    """What other programs and later waves read holds no word of anybody."""
    without = to_json(replace(asked, comments=(), comment_notes=(), method=asked.method[:-1]))

    assert to_json(asked) == without
    assert b"words of row" not in without
    assert WHAT not in json.dumps(json.loads(without))


def test_a_question_with_too_few_says_so(survey):
    """Where too few people wrote, there is one neutral sentence, in the page and in the sheet."""
    responses = load_survey(survey, Wishes(comments=(WHAT,)))
    said = responses.comments[WHAT]
    few = responses.comments.assign(**{WHAT: said.where(said.index < 12, "")})
    content = compose(analyze(replace(responses, comments=few)), Look(), version="1")
    note = content.comments[0].note

    assert note.startswith("Nothing is shown here. Comments are shown where at least 10 people")
    assert note in to_html(content).decode()
    assert sheet(content)[-1] == [WHAT, None, note]
    assert b"words of row" not in b"".join(render(content) for render in RENDERERS.values())


def test_the_method_says_how_comments_were_chosen(survey, asked):
    """With comments the method notes have a part on them, that tells with and without a record apart."""
    (said,) = [section for section in asked.method if section.id == "comments"]
    without_record = compose(analyze(load_survey(survey, Wishes(comments=(WHAT,)))), Look(), version="1")

    assert "never for a team by itself" in " ".join(said.paragraphs)
    assert "secret key" in " ".join(said.paragraphs)
    assert "hash of the text" in " ".join(without_record.method[-1].paragraphs)


def test_reports_without_the_wish_are_the_same_byte_for_byte(survey, tmp_path):
    """A column of free text leaves no trace where nobody asked for it, whatever stands in it."""
    path = tmp_path / "survey.csv"
    table(lambda row: f"other words {row}, a@b.de").to_csv(path, index=False)
    mine, other = (compose(analyze(load_survey(one)), Look(title="Us"), version="1") for one in (survey, path))

    for name in ("html", "xlsx", "json"):
        assert RENDERERS[name](mine) == RENDERERS[name](other)
    assert mine.comments == mine.comment_notes == ()
    assert "comments" not in [section.id for section in mine.method]
    assert b'id="comments"' not in to_html(mine)
    assert sheet(mine) is None


def test_the_command_line_prints_comments_and_masks_names(survey, tmp_path):
    """--comments and --names do what the settings file does with the same words."""
    (tmp_path / "names.txt").write_text("row\n", encoding="utf-8")
    (tmp_path / "psafety.toml").write_text(f'[survey]\ncomments = ["{WHAT}"]\nnames = "names.txt"\n', encoding="utf-8")
    options = ["report", str(survey), "--no-record", "--format", "html", "-q", "--output"]
    wish = ["--comments", WHAT, "--names", str(tmp_path / "names.txt")]

    by_option = CliRunner().invoke(main, [*options, str(tmp_path / "a"), *wish])
    by_settings = CliRunner().invoke(main, [*options, str(tmp_path / "b"), "--config", str(tmp_path / "psafety.toml")])

    assert (by_option.exit_code, by_settings.exit_code) == (Exit.DONE, Exit.DONE)
    pages = [(tmp_path / folder / "survey-report.html").read_text(encoding="utf-8") for folder in "ab"]
    assert pages[0] == pages[1]
    assert "words of […] 11<" in pages[0]
    assert "words of row" not in pages[0]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (["--comments", "Team"], "named for two things"),
        (["--comments", WHAT, "--names", "none.txt"], "list of names cannot be read"),
    ],
)
def test_a_wrong_wish_is_a_message(survey, tmp_path, wish, said):
    """A column that is none of comments, and a list that is not there, are errors in words."""
    result = CliRunner().invoke(main, ["report", str(survey), "--no-record", "--output", str(tmp_path), *wish])

    assert result.exit_code == Exit.PROBLEM
    assert said in result.output


def test_the_check_names_the_column(survey):
    """`psafety check` says which column would be printed."""
    result = CliRunner().invoke(main, ["check", str(survey), "--comments", WHAT])

    assert result.exit_code == Exit.DONE
    assert "comment: named with --comments" in result.output
    assert "words of row" not in result.output
