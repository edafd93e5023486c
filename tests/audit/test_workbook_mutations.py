"""The audit finds what somebody plants in the charts, formulas, names and notes of a workbook."""

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from psafety.analysis.findings import analyze
from psafety.audit.proof import audit_responses
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.files import write_reports
from psafety.surveys.headcounts import headcounts_of
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.responses import Responses, load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from surveyed import people, write_report, write_survey
from test_mutations import SURVEY, book_with, refuted, sheet_of, verdict_on

CHART = "xl/charts/chart1.xml"
DRAWING = "xl/drawings/drawing1.xml"
HIDDEN = "Tanne"  # of three people

Written = tuple[Path, Path]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A survey with a withheld team, and our report on it."""
    folder = tmp_path_factory.mktemp("book")
    survey = write_survey(folder, SURVEY)
    return survey, write_report(survey, folder / "out", formats=("xlsx",))


def swapped(old: str, new: str, *, count: int = 1) -> Callable[[str], str]:
    """A change of a part that must change it."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return change


def test_the_workbook_alone_is_proved(written: Written, tmp_path: Path) -> None:
    """Nothing planted, nothing found."""
    verdict = verdict_on(written, tmp_path)

    assert verdict.is_proof, "\n".join(to_lines(verdict))


def test_a_workbook_with_full_names_is_proved(tmp_path: Path) -> None:
    """Teams of one name in several departments, looked up by their full names."""
    found = people(("North", "Ahorn"), 12) + people(("South", "Ahorn"), 14) + people(("South", "Birke"), 9)
    survey = write_survey(tmp_path, found)
    folder = write_report(survey, tmp_path / "out", formats=("xlsx",))

    verdict = verdict_on((survey, folder), tmp_path / "out")

    assert verdict.is_proof, "\n".join(to_lines(verdict))


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        pytest.param(
            CHART,
            swapped("</f></numRef></val>", '</f><numCache><pt idx="0"><v>3.42</v></pt></numCache></numRef></val>'),
            ("chart1", "<numCache>"),
            id="cache with a withheld figure",
        ),
        pytest.param(
            CHART,
            swapped("<numRef><f>", "<numLit><pt><v>3</v></pt></numLit><numRef><f>"),
            ("chart1", "<numLit>"),
            id="literal",
        ),
        pytest.param(
            CHART,
            lambda text: re.sub(r"(<val><numRef><f>)[^<]*", r"\1'Teams'!$F$9:$F$12", text, count=1),
            ("chart1", "other cells"),
            id="other cells",
        ),
        pytest.param(
            CHART,
            lambda text: re.sub(r"(<minus><numRef><f>)[^<]*", r"\1'Charts'!$D$8:$D$8", text, count=1),
            ("chart1", "other cells"),
            id="other ends",
        ),
        pytest.param(CHART, swapped('gapWidth val="40"', 'gapWidth val="34"'), ("gapWidth", "34"), id="width of bars"),
        pytest.param(CHART, swapped('max val="100"', 'max val="57"'), ("max", "57"), id="axis to the highest"),
        pytest.param(CHART, swapped("1B5A9B", "030402"), ("srgbClr", "030402"), id="colour"),
        pytest.param(CHART, swapped("</a:t>", " 3.42</a:t>"), ("title", "3.42"), id="title"),
        pytest.param(CHART, swapped("<plotArea>", "<plotArea>3.42"), ("plotArea", "3.42"), id="text between"),
        pytest.param(
            CHART, swapped("<a:bodyPr />", "<a:bodyPr />" * 150), ("chart1", "more than a chart"), id="very much"
        ),
        pytest.param(DRAWING, swapped('descr="', 'descr="Tanne 3.42 '), ("description", "3.42"), id="description"),
        pytest.param(DRAWING, swapped("<rowOff>0", "<rowOff>342"), ("drawing",), id="offset"),
        pytest.param(DRAWING, swapped('cx="8280000"', 'cx="342"'), ("drawing",), id="width of a chart"),
        pytest.param(
            DRAWING, lambda text: re.sub(r'cy="\d+"', 'cy="342"', text, count=1), ("stand above",), id="height"
        ),
        pytest.param(DRAWING, swapped("<clientData />", "<clientData>3</clientData>"), ("drawing",), id="client data"),
        pytest.param(
            DRAWING,
            lambda text: re.sub(r"<oneCellAnchor>.*?</oneCellAnchor>", "", text, count=1),
            ("charts where there should be",),
            id="a chart less",
        ),
        pytest.param(
            "xl/worksheets/_rels/sheet3.xml.rels",
            lambda text: re.sub("<Relationship .*?/>", "", text),
            ("Charts", "or none"),
            id="charts that no sheet leads to",
        ),
        pytest.param(
            "xl/drawings/_rels/drawing1.xml.rels",
            swapped('Target="/xl/charts/chart1.xml"', 'TargetMode="External" Target="https://3.42.example"'),
            ("leads to something",),
            id="link",
        ),
        pytest.param(
            "xl/workbook.xml",
            lambda text: re.sub(r'(<definedName name="Teams">)[^<]*', r"\1'Teams'!$A$9:$F$9", text),
            ("defined name", "Teams"),
            id="name of one row",
        ),
        pytest.param(
            "xl/workbook.xml",
            swapped("<definedNames>", '<definedNames><definedName name="Items_3">3.42</definedName>'),
            ("defined name", "Items_3"),
            id="name of a constant",
        ),
        pytest.param(
            "xl/workbook.xml",
            swapped("<definedName name=", '<definedName comment="3.42" name='),
            ("defined name",),
            id="name with a comment",
        ),
    ],
)
def test_what_is_planted_around_charts_and_names_is_found(
    written: Written, tmp_path: Path, part: str, change: Callable[[str], str], words: tuple[str, ...]
) -> None:
    """A chart draws the table below it and says nothing else; a name stands for a whole table."""
    verdict = verdict_on(written, tmp_path, xlsx=book_with(written, part, change))

    refuted(verdict, "survey-report.xlsx", *words)


FORMULA = re.compile(r"<f>([^<]*)</f><v>[^<]*</v>")


@pytest.mark.parametrize(
    ("sheet", "change", "words"),
    [
        pytest.param("Charts", swapped("<f>C8-D8</f>", "<f>C8-3.42</f>"), ("Charts", "C8-3.42"), id="a number"),
        pytest.param(
            "Teams",
            lambda text: re.sub(r"<v>8</v>", "<f>E9-E10-E12</f><v>8</v>", text, count=1),
            ("Teams", "E9-E10-E12"),
            id="difference of the totals of rows",
        ),
        pytest.param(
            "Look up",
            lambda text: FORMULA.sub(r"<f>'Teams'!$E$9-'Teams'!$E$10</f><v>12</v>", text, count=1),
            ("Look up", "'Teams'!$E$9"),
            id="difference of totals in the look-up",
        ),
        pytest.param(
            "Look up",
            lambda text: re.sub(r"(<f>IF[^<]*INDEX[^<]*</f><v>)\d+", r"\g<1>3", text, count=1),
            ("Look up", "and gives"),
            id="another value",
        ),
        pytest.param(
            "Look up",
            lambda text: FORMULA.sub("<v>3.42</v>", text, count=1),
            ("Look up", "no formula"),
            id="no formula",
        ),
        pytest.param(
            "Look up",
            lambda text: re.sub(r">North<", f">{HIDDEN}<", text, count=1),
            ("Look up", "another unit"),
            id="a name that is not in its row",
        ),
        pytest.param("Look up", swapped("<f>", '<f t="array">'), ("Look up", "formula"), id="kind of formula"),
        pytest.param(
            "Look up",
            swapped("<formula1>", "<formula1>3,4,2,"),
            ("Look up", "list to choose from"),
            id="a list of numbers",
        ),
        pytest.param("Look up", swapped('sqref="B5"', 'sqref="B7"'), ("Look up", "list to choose"), id="another cell"),
        pytest.param("Overview", swapped("<f>COUNT(", "<f>SUM("), ("Overview", "SUM("), id="a sum"),
        pytest.param(
            "Teams",
            lambda text: re.sub('(<dataValidation [^>]*prompt=")', r"\1Tanne: 3.42 ", text, count=1),
            ("beside a cell", "3.42"),
            id="words beside a cell",
        ),
        pytest.param(
            "Teams",
            lambda text: re.sub(r'(<dataValidation [^>]*sqref=")[^"]*', r"\1A14", text, count=1),
            ("Teams", "no headings"),
            id="words beside a row",
        ),
        pytest.param(
            "Teams",
            lambda text: re.sub("<dataValidation ", '<dataValidation errorTitle="3.42" ', text, count=1),
            ("Teams", "errorTitle"),
            id="a rule for cells",
        ),
        pytest.param(
            "Teams",
            swapped("<sheetData>", '<sheetData><row ht="34" customHeight="1"></row>'),
            ("Teams", "a row made for one"),
            id="height of a row on a sheet without charts",
        ),
        pytest.param(
            "Charts",
            swapped("</sheetData>", '<row ht="342" customHeight="1"></row></sheetData>'),
            ("Charts", "holds no chart"),
            id="height of a row without a chart",
        ),
        pytest.param("Read me", swapped("'Teams'!A1", "'Teams'!A34"), ("Read me", "A34"), id="a link to a cell"),
        pytest.param(
            "Read me", swapped(' location="', ' tooltip="3.42" location="'), ("Read me", "a link"), id="words of a link"
        ),
        pytest.param(
            "Teams",
            swapped("<pageMargins", '<hyperlinks><hyperlink ref="A9" location="Teams!A1" /></hyperlinks><pageMargins'),
            ("Teams", "a link"),
            id="a link elsewhere",
        ),
        pytest.param(
            "Charts",
            swapped("<drawing ", '<rowBreaks><brk id="1" /></rowBreaks><drawing '),
            ("Charts", "a page that ends"),
            id="end of a page",
        ),
        pytest.param(
            "Teams",
            swapped("</headerFooter>", '</headerFooter><rowBreaks><brk id="3"/></rowBreaks>'),
            ("Teams", "a drawing on a sheet that has none"),
            id="end of a page of a table",
        ),
        pytest.param(
            "Teams",
            swapped("<dataValidation ", '<dataValidation type="list" '),
            ("Teams", "a rule for cells"),
            id="a list without cells",
        ),
        pytest.param(
            "Charts",
            lambda text: re.sub(r'(ht=")\d+(" customHeight)', r"\g<1>342\2", text, count=1),
            ("stand above",),
            id="height of a row",
        ),
        pytest.param(
            "Team charts",
            lambda text: re.sub(r">North<", f">{HIDDEN}<", text, count=1),
            ("Team charts", "nobody"),
            id="a chart of a withheld team",
        ),
        pytest.param(
            "Team charts",
            lambda text: re.sub(r">Trust<", ">Joy<", text, count=1),
            ("Team charts", "nobody"),
            id="a chart of something else",
        ),
        pytest.param(
            "Charts", lambda text: re.sub(r">Trust<", ">Joy<", text), ("Charts", "not asked"), id="another dimension"
        ),
        pytest.param(
            "Evidence", swapped(">Trust<", ">Joy<"), ("Evidence", "out of the order"), id="evidence of another"
        ),
        pytest.param(
            "Team scores", swapped(">Ahorn<", f">{HIDDEN}<"), ("Team scores",), id="what a withheld team is worth"
        ),
        pytest.param(
            "Dictionary",
            swapped(">points, 0 to 100<", ">points, 3.42<"),
            ("Dictionary", "3.42"),
            id="dictionary",
        ),
    ],
)
def test_what_is_planted_in_formulas_and_notes_is_found(
    written: Written, tmp_path: Path, sheet: str, change: Callable[[str], str], words: tuple[str, ...]
) -> None:
    """A formula is one that reports have, where they have it, and gives what stands beside it."""
    verdict = verdict_on(written, tmp_path, xlsx=book_with(written, sheet_of(written, sheet), change))

    refuted(verdict, "survey-report.xlsx", *words)


@pytest.mark.parametrize("language", ["xx", "sv 3.42"])
def test_a_language_that_no_report_has_is_found(written: Written, tmp_path: Path, language: str) -> None:
    """The language is one of those that reports are written in."""
    book = book_with(written, "docProps/core.xml", swapped(">en<", f">{language}<"))

    refuted(verdict_on(written, tmp_path, xlsx=book), "survey-report.xlsx", "cannot be read")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Responses, Path, Path]:
    """A survey large enough for drivers, with the number of people asked, and our workbook on it."""
    folder = tmp_path_factory.mktemp("told")
    path = folder / "survey.csv"
    sample = sample_survey(SampleDesign(people=700, teams=12), load_instrument("open-team-survey"))
    write_sample(sample, path)
    responses = load_survey(path)
    asked = responses.groups.groupby(list(responses.levels), observed=True).size()
    counts = pd.DataFrame({"Department": asked.index.get_level_values(0), "Team": asked.index.get_level_values(1)})
    counts["Headcount"] = asked.to_numpy() + 3
    counts.to_csv(folder / "counts.csv", index=False)
    headcounts, responses = headcounts_of(folder / "counts.csv", responses)
    write_reports(analyze(responses, headcounts=headcounts), folder / "out", formats=("xlsx",), version="0.1.0")
    return responses, path, folder / "out"


def verdict_on_told(told: tuple[Responses, Path, Path], tmp_path: Path, sheet: str, old: str, new: str) -> Verdict:
    """The verdict on that workbook with one piece of a sheet exchanged."""
    responses, path, folder = told
    book = book_with((path, folder), sheet_of((path, folder), sheet), lambda text: re.sub(old, new, text, count=1))
    (tmp_path / "survey-report.xlsx").write_bytes(book)
    return audit_responses(tmp_path, responses, [path])


def test_a_workbook_with_drivers_and_headcounts_is_proved(told: tuple[Responses, Path, Path]) -> None:
    """Every sheet that a report can have on evidence is read, and each of its figures is true."""
    responses, path, folder = told

    verdict = audit_responses(folder, responses, [path])

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    with ZipFile(folder / "survey-report.xlsx") as book:
        assert b'"What goes with it"' in book.read("xl/workbook.xml")


@pytest.mark.parametrize(
    ("sheet", "old", "new", "words"),
    [
        ("What goes with it", "<v>0[^<]*</v>", "<v>0.97</v>", ("What goes with it",)),
        ("What goes with it", ">Speaking up<", ">Joy<", ("What goes with it", "out of the order")),
        ("Team scores", "<v>[1-9][0-9]</v></c></row>", "<v>1</v></c></row>", ("Team scores",)),
        ("Team scores", r"(?s)(>Trust<.*?)>(?:shared|mixed|split) \w+<", r"\1>bad team<", ("Team scores", "verdict")),
        ("Team scores", ">Trust<", ">Joy<", ("Team scores", "nobody")),
        (
            "Team scores",
            r'<v>\d+</v>(</c><c s="\d+"><v>\d+</v></c><c s="\d+"><v>\d+</v></c></row>)',
            r"<v>777</v>\1",
            ("Team scores", "another number of people asked"),
        ),
        ("Evidence", "<v>0\\.[^<]*</v>", "<v>0.01</v>", ("Evidence",)),
        ("Statement fit", "<v>0\\.[^<]*</v>", "<v>0.01</v>", ("Statement fit",)),
        ("Statement fit", ">Trust<", ">Joy<", ("Statement fit", "out of the order")),
        ("Evidence", ">They belong together: [^<]*<", ">They do not.<", ("Evidence", "lead to “They belong")),
        ("Evidence", ">Teams [^<]*<", ">Teams differ a great deal.<", ("Evidence", "not to “Teams differ a great")),
        ("Statement fit", r'<c s="\d+"/></row>', "<c><is><t>goes badly</t></is></c></row>", ("fit", "lead to “”")),
        ("Teams", "<row ", "3.42<row ", ("Teams", "text where there is none")),
        ("Teams", "</c></row>", "</c>3.42</row>", ("Teams", "text where there is none")),
        ("Look up", ">Openness<", ">Joy<", ("Look up", "no formula in column 1")),
        ("Look up", r"(?s)^(.*>Trust<.*?>Trust<.*?<t[^>]*>)[^<]*", r"\1Joy", ("Look up", "no formula in column 2")),
    ],
)
def test_what_is_planted_in_the_sheets_on_evidence_is_found(
    told: tuple[Responses, Path, Path], tmp_path: Path, sheet: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Another figure, another name, another verdict: each is set against the survey."""
    refuted(verdict_on_told(told, tmp_path, sheet, old, new), "survey-report.xlsx", *words)
