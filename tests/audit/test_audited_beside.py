"""Differences as they are printed, on team pages, in the workbook and in the snapshot: what is not so is found."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from psafety import languages
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit.against import apart_in_words
from psafety.audit.proof import audit_output
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.content import Absent, Figure, Standing, UnitApart
from psafety.reports.files import write_reports
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey
from surveyed import FORMATS, questionnaire, write_survey

LEVELS = ("Department", "Team", "Gender")
TEAMS = {
    ("North", "Ahorn"): 2,
    ("North", "Birke"): 3,
    ("North", "Linde"): 5,
    ("South", "Eiche"): 5,
    ("South", "Kiefer"): 5,
}
WISHES = Wishes(instrument=questionnaire(), units=("Department",), team="Team", cuts=("Gender",))
SENTENCE = r'<td class="said">[^<]*everybody else in North[^<]*</td>'


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Five teams of twenty to sixty people, women lower than men, with every page and format."""
    folder = tmp_path_factory.mktemp("beside")
    chance = np.random.default_rng(3)
    found = []
    for place, (path, level) in enumerate(TEAMS.items()):
        for number in range(20 + 10 * place):
            gender = ("F", "M")[number % 2]
            ticked = int(np.clip(level + chance.integers(-1, 2) - (gender == "F"), 1, 5))
            found.append(((*path, gender), (ticked,)))
    survey = write_survey(folder, found, LEVELS)
    findings = analyze(load_survey(survey, WISHES), Policy())
    write_reports(findings, folder / "out", formats=FORMATS, version="0.1.0", team_reports=True, facilitator=True)
    return survey, folder / "out"


@pytest.fixture
def verdict_with(written: tuple[Path, Path], tmp_path: Path) -> Callable[..., Verdict]:
    """The verdict on a copy of the report in which one file is changed."""

    def verdict(file: str = "", change: Callable[[Path], None] = lambda _: None) -> Verdict:
        survey, folder = written
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        if file:
            (found,) = [path for path in copy.glob(file) if "facilitator" not in path.name]
            before = found.read_bytes()
            change(found)
            assert found.read_bytes() != before
        return audit_output(copy, survey, WISHES)

    return verdict


def refuted(verdict: Verdict, *words: str) -> None:
    lines = [f"{fault.file}, {fault.place}: {fault.problem}" for fault in verdict.faults]
    assert not verdict.is_proof
    assert any(all(word in line for word in words) for line in lines), "\n".join(to_lines(verdict))


def test_what_is_written_is_proved(written: tuple[Path, Path], verdict_with: Callable[..., Verdict]) -> None:
    """And it holds what the others of this file change."""
    verdict = verdict_with()
    kept = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))

    assert not verdict.faults, "\n".join(to_lines(verdict))
    assert not verdict.attacks
    assert {(gap["one"] if "one" in gap else gap["value"], tuple(gap["path"])) for gap in kept["gaps"]} >= {("F", ())}


def test_a_page_sets_a_team_beside_the_rest_of_its_department(written: tuple[Path, Path]) -> None:
    """Where that is one other team, whose result the page must not tell, beside the rest of the organisation."""
    pages = written[1] / "survey-teams"
    (ahorn,), (eiche,) = (
        [one.read_text(encoding="utf-8") for one in pages.glob(f"*-{name}-*.html") if "facilitator" not in one.name]
        for name in ("ahorn", "eiche")
    )

    assert re.search(SENTENCE, ahorn)
    assert "below everybody else in North (between −" in ahorn
    assert "everybody else in South" not in eiche
    assert "everybody else in the organisation (between" in eiche


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(r"\d+ points below", "51 points below", "but the survey gives", id="difference"),
        pytest.param(r"points below", "points above", "reports do not have", id="side"),
        pytest.param(r"in North \(", "in South (", "reports do not have", id="another department"),
        pytest.param(r"in North \(", "in the organisation (", "but the survey gives", id="the wrong people"),
        pytest.param(r"and −\d+\)", "and +3)", "reports do not have", id="told beside an interval around 0"),
        pytest.param(r"explains</td>", "explains, 3 people</td>", "reports do not have", id="words"),
        pytest.param(r"explains</td>", "explains <small>3</small></td>", "small print", id="small print"),
    ],
)
def test_a_sentence_that_is_not_so_is_found(
    verdict_with: Callable[..., Verdict], old: str, new: str, words: str
) -> None:
    """Each number of it, the people it speaks of, and what it says of chance."""

    def change(page: Path) -> None:
        text = page.read_text(encoding="utf-8")
        said = re.search(SENTENCE, text)
        assert said
        page.write_text(text.replace(said[0], re.sub(old, new, said[0]), 1), encoding="utf-8")

    refuted(verdict_with("survey-teams/*-ahorn-*.html", change), "north-ahorn", words)


def rewritten(sheet: str, row: str, column: str, value: object) -> Callable[[Path], None]:
    """A value for one cell of the first row of a sheet that holds a text."""

    def change(file: Path) -> None:
        with ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
        part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
        text = parts[part].decode()
        old = next(one for one in re.findall(r"<row .*?</row>", text, re.DOTALL) if f">{row}<" in one)
        cells = re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", old, re.DOTALL)
        place = ord(column) - ord("A")
        style = re.search(r's="\d+"', cells[place])
        assert style
        said = f"<v>{value}</v></c>" if isinstance(value, float | int) else f"<is><t>{value}</t></is></c>"
        kind = "" if isinstance(value, float | int) else ' t="inlineStr"'
        cells[place] = f"<c {style[0]}{kind}>{said}"
        start = re.match(r"<row [^>]*>", old)
        assert start
        parts[part] = text.replace(old, start[0] + "".join(cells) + "</row>", 1).encode()
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return change


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "words"),
    [
        pytest.param("Beside everybody else", "Ahorn", "D", -3, "but the survey gives", id="from everybody"),
        pytest.param("Beside everybody else", "Ahorn", "D", -30.3, "more exact", id="exact"),
        pytest.param("Beside everybody else", "Ahorn", "F", 3, "not what the interval says", id="end"),
        pytest.param("Beside everybody else", "Ahorn", "F", "3", "a number belongs", id="number in a text"),
        pytest.param("Beside everybody else", "Ahorn", "F", "", "without its interval", id="no end"),
        pytest.param("Beside everybody else", "Ahorn", "G", "above", "not what the interval says", id="verdict"),
        pytest.param("Beside everybody else", "Ahorn", "G", "worst", "not what the interval says", id="words"),
        pytest.param("Beside everybody else", "Ahorn", "H", -3, "but the survey gives", id="from the department"),
        pytest.param("Beside everybody else", "North", "H", -3, "without its interval", id="of a top-level unit"),
        pytest.param("Beside everybody else", "Ahorn", "A", "Eiche", "the other sheets know", id="unit"),
        pytest.param("Gaps between groups", "Gender", "F", 3, "the gap is said to be", id="gap"),
        pytest.param("Gaps between groups", "Gender", "G", -90, "does not lie about its gap", id="end of a gap"),
        pytest.param("Gaps between groups", "Gender", "I", 3.14159, "more exact", id="exact size"),
        pytest.param("Gaps between groups", "Gender", "I", "", "without its interval", id="no size"),
        pytest.param("Gaps between groups", "Gender", "B", "X", "not both printed", id="group"),
        pytest.param("Gaps between groups", "Gender", "E", "Luck", "was not asked", id="dimension"),
        pytest.param("Gaps between groups", "Gender", "J", "3 people", "other numbers than its own", id="gap in words"),
    ],
)
def test_what_is_not_so_in_the_workbook_is_found(
    verdict_with: Callable[..., Verdict], sheet: str, row: str, column: str, value: object, words: str
) -> None:
    """Cell by cell."""
    refuted(verdict_with("survey-report.xlsx", rewritten(sheet, row, column, value)), "survey-report.xlsx", words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"difference": 3}, "the gap is said to be 3", id="gap"),
        pytest.param({"low": -99}, "does not lie about its gap", id="end"),
        pytest.param({"low": -9.87}, "more exact", id="exact"),
        pytest.param({"high": None}, "other keys", id="no end"),
        pytest.param({"effect": "large"}, "no number", id="text"),
        pytest.param({"standing": "worst"}, "not what the interval says", id="standing"),
        pytest.param({"other": "X"}, "not both printed", id="group"),
        pytest.param({"path": ["East"]}, "not both printed", id="unit"),
        pytest.param({"dimension": "luck"}, "was not asked", id="dimension"),
        pytest.param({"n": 3}, "other keys", id="key"),
    ],
)
def test_a_gap_in_the_snapshot_that_is_not_so_is_found(
    verdict_with: Callable[..., Verdict], change: dict[str, Any], words: str
) -> None:
    """Key by key."""

    def edit(file: Path) -> None:
        snapshot = json.loads(file.read_text(encoding="utf-8"))
        snapshot["gaps"][0].update(change)
        file.write_text(json.dumps(snapshot), encoding="utf-8")

    refuted(verdict_with("survey-report.json", edit), "survey-report.json", words)


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es", "sv"])
@pytest.mark.parametrize(
    ("difference", "low", "high", "standing"),
    [(8, 2, 14, "above"), (-1, -2, -1, "below"), (8, -2, 18, "same"), (-0.4, -9, 8, "same"), (0, -9, 9, "same")],
)
def test_every_sentence_of_a_report_is_read(
    lang: str, difference: float, low: float, high: float, standing: Standing
) -> None:
    """In every language, with one point and several, below one, and level."""
    with languages.speaking(lang):
        cells = [Figure(one, _signed(one), "0") for one in (difference, low, high)]
        who = languages.gettext("everybody else in {unit}").format(unit="Team 3 (between 2 and 4)")
        said = UnitApart(who, *cells, standing).sentence

        assert apart_in_words(said) == (who, difference, low, high)
        assert apart_in_words(said + " 3") is None
        assert UnitApart(who, *[Absent("withheld")] * 3, "none").sentence == ""


def _signed(number: float) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return sign + languages.decimal(abs(number), 0 if number == int(number) else 1)
