"""What a report says of the worth of its averages is worked out again, and nothing else is let through."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psafety
import pytest
from psafety.analysis.findings import analyze
from psafety.audit.proof import audit_output
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.files import write_reports
from psafety.surveys.headcounts import read_headcounts
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey
from surveyed import people, questionnaire, write_survey

SAMPLES = Path(psafety.__file__).parent / "surveys" / "samples"
SURVEY = SAMPLES / "sample-2026-q2.csv"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report on the sample with headcounts, page and snapshot, as texts."""
    folder = tmp_path_factory.mktemp("worth")
    responses = load_survey(SURVEY)
    findings = analyze(responses, headcounts=read_headcounts(SAMPLES / "sample-headcounts.csv", responses.levels))
    write_reports(findings, folder, formats=("html", "json"), version="0.1.0")
    return {path.suffix[1:]: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def verdict_on(folder: Path, **texts: str) -> Verdict:
    for kind, text in texts.items():
        (folder / f"sample-2026-q2-report.{kind}").write_text(text, encoding="utf-8")
    return audit_output(folder, SURVEY)


def refuted(verdict: Verdict, *words: str) -> None:
    """It is no proof, and one line says what."""
    lines = [f"{fault.file}, {fault.place}: {fault.problem}" for fault in verdict.faults]
    assert not verdict.is_proof
    assert any(all(word in line for word in words) for line in lines), "\n".join(to_lines(verdict))


def test_what_the_report_says_is_proved(written: dict[str, str], tmp_path: Path) -> None:
    """Page and snapshot, with headcounts and drivers; the page alone holds hundreds of such figures."""
    verdict = verdict_on(tmp_path, **written)

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    for kind in ("together", "fits", "apart", "views", "guesses", "drivers", "others"):
        assert written["html"].count(f'<table class="{kind}">') == 1


ROW = '<tr><th scope="row">Elbe › Leadership team <small>Team</small></th>'


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        pytest.param("together", r"<td>0\.83 <small>", "<td>0.84 <small>", ("Trust", "alpha"), id="alpha"),
        pytest.param(
            "together", r"<small>0\.\d\d–", "<small>0.61–", ("Trust", "lower end of alpha"), id="its lower end"
        ),
        pytest.param("together", r"–0\.\d\d</small>", "–0.99</small>", ("Trust", "upper end"), id="its upper end"),
        pytest.param("together", r"</small></td><td>0\.\d\d", "</small></td><td>0.11", ("omega",), id="omega"),
        pytest.param("together", r"<td>192</td>", "<td>191</td>", ("people", "reliability"), id="people"),
        pytest.param("together", r"<td>0\.83 ", "<td>0.834 ", ("0.834", "as reports round"), id="too exact"),
        pytest.param("together", r"<td>0\.83 ", "<td>.83 ", (".83", "as reports round"), id="written otherwise"),
        pytest.param("together", r"as one value", "as 77 values", ("77",), id="a number among the words"),
        pytest.param("together", r"<td>0\.83 <small>[^<]*</small>", "<td>fine", ("fine",), id="a word for alpha"),
        pytest.param(
            "together", r"<tr><th scope=\"row\">Growth", '<tr><th scope="row">Groth', ("order",), id="dimension"
        ),
        pytest.param("together", r"–0\.\d\d</small>", "–0.86–1</small>", ("small print",), id="three ends"),
        pytest.param(
            "together",
            r"They belong together: [^<]*",
            "They do not belong together well: read them one by one.",
            ("Trust", "figures lead to “They belong"),
            id="verdict on the statements",
        ),
        pytest.param(
            "together",
            r"They seem [^<]*",
            "They belong together: their average can be read as one value.",
            ("Growth", "figures lead to “They seem"),
            id="certain though the interval is wide",
        ),
        pytest.param("apart", r"Teams hardly differ[^<]*", "Teams differ a great deal.", ("lead to",), id="teams"),
        pytest.param("apart", r"is steady enough to stand for", "is chance for", ("lead to",), id="usual team"),
        pytest.param(
            "fits",
            r"(When someone in[^<]*)<",
            r"\1 <small>goes badly with the others</small><",
            ("lead to “”", "goes badly"),
            id="remark",
        ),
        pytest.param("fits", r"<td>0\.\d\d</td><td>", "<td>0.09</td><td>", ("with the others",), id="item-rest"),
        pytest.param(
            "fits", r"</td><td>0\.\d\d</td></tr>", "</td><td>0.09</td></tr>", ("without",), id="alpha without"
        ),
        pytest.param("fits", r"When someone in", "When nobody in", ("order",), id="statement"),
        pytest.param("apart", r"<td>14</td>", "<td>13</td>", ("teams",), id="teams"),
        pytest.param("apart", r"<td>0\.04</td>", "<td>0.15</td>", ("ICC(1)", "0.15"), id="ICC(1)"),
        pytest.param("apart", r"<td>0\.28</td>", "<td>−0.28</td>", ("ICC(2)", "-0.28"), id="ICC(2)"),
        pytest.param("views", r">mixed view<", ">shared view<", ("verdict", "shared view"), id="verdict"),
        pytest.param("views", r">shared view<", ">split team<", ("verdict", "split team"), id="split"),
        pytest.param("views", r">shared view<", ">all at odds<", ("all at odds",), id="verdict of its own"),
        pytest.param("views", r">Isar <", ">Isa <", ("stands in no table above",), id="unit"),
        pytest.param(
            "views",
            r"<tbody>\n",
            f"<tbody>\n{ROW}{'<td>shared view</td>' * 5}</tr>",
            ("Leadership",),
            id="withheld team",
        ),
        pytest.param("guesses", r"<td>69 <small>", "<td>66 <small>", ("shrunken", "66"), id="best guess"),
        pytest.param("guesses", r"<small>70 · ", "<small>73 · ", ("index", "73"), id="average"),
        pytest.param("guesses", r"· 25%", "· 45%", ("worth", "0.45"), id="worth"),
        pytest.param("guesses", r"<small>70 · 20%<", "<small>about 70<", ("small print",), id="small print"),
        pytest.param("drivers", r"<td>2% <small>", "<td>9% <small>", ("weight",), id="weight"),
        pytest.param("drivers", r"<td>35%</td>", "<td>53%</td>", ("explained", "0.53"), id="explained"),
        pytest.param("drivers", r"<small>Speaking up", "<small>Speeding up", ("not asked",), id="outcome"),
        pytest.param("drivers", r"When someone in", "When nobody in", ("order",), id="driver"),
        pytest.param("others", r"<td>54–75</td>", "<td>54–72</td>", ("if all had answered", "240"), id="upper bound"),
        pytest.param("others", r"<td>54–75</td>", "<td>58–75</td>", ("if all had answered", "240"), id="lower bound"),
        pytest.param("others", r"<td>54–75</td>", "<td>54</td>", ("bounds that reports do not have",), id="one bound"),
        pytest.param("others", r"<td>41</td>", "<td>61</td>", ("Donau",), id="people asked"),
        pytest.param("others", r"<td>36</td>", "<td>35</td>", ("number of answers",), id="answers"),
        pytest.param("others", r'class="others"', 'class="more"', ("a table that reports do not have",), id="table"),
    ],
)
def test_a_changed_figure_of_the_page_is_found(
    written: dict[str, str], tmp_path: Path, table: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """One figure, word or row of a table on the worth of averages."""
    before, start, after = written["html"].partition(f'<table class="{table}">')
    changed = re.sub(old, new, start + after, count=1)
    assert changed != start + after

    refuted(verdict_on(tmp_path, html=before + changed), "sample-2026-q2-report.html", *words)


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        pytest.param("192 of 240 people answered", "192 of 242 people answered", "242", id="asked"),
        pytest.param("Whatever the other 48", "Whatever the other 47", "47", id="the others"),
        pytest.param("Trust between 54 and 75", "Trust between 54 and 78", "54", id="the bound of another dimension"),
        pytest.param("35% of the differences", "44% of the differences", "44%", id="explained"),
        pytest.param("From 0.70 on", "From 0.66 on", "0.66", id="limit"),
    ],
)
def test_a_changed_number_of_a_sentence_is_found(
    written: dict[str, str], tmp_path: Path, old: str, new: str, number: str
) -> None:
    """Sentences hold numbers of the tables beside them, and no others."""
    assert old in written["html"]

    refuted(verdict_on(tmp_path, html=written["html"].replace(old, new, 1)), number)


def of_dimension(name: str, value: float) -> Callable[[Any], None]:
    return lambda snapshot: snapshot["evidence"]["dimensions"][0].__setitem__(name, value)


def of_driver(name: str, value: float) -> Callable[[Any], None]:
    return lambda snapshot: snapshot["evidence"]["drivers"][0]["items"][0].__setitem__(name, value)


def of_team(name: str, value: Any) -> Callable[[Any], None]:
    """In the first score of the first team that is shown."""

    def change(snapshot: Any) -> None:
        team = next(unit for unit in snapshot["units"] if unit["kind"] == "team" and "withheld" not in unit)
        team["dimensions"][0][name] = value

    return change


def of_withheld(name: str, value: Any) -> Callable[[Any], None]:
    """In a score that is withheld, of a unit that is shown."""

    def change(snapshot: Any) -> None:
        scores = (score for unit in snapshot["units"] for score in unit.get("dimensions", ()))
        next(score for score in scores if "withheld" in score)[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(of_dimension("alpha", 0.9), ("alpha", "0.9"), id="alpha"),
        pytest.param(of_dimension("standardised", 0.9), ("standardised",), id="standardised"),
        pytest.param(of_dimension("halves", 0.1), ("half",), id="halves"),
        pytest.param(of_dimension("alpha", 0.834), ("0.834", "round"), id="too exact"),
        pytest.param(of_dimension("alpha", "high"), ("high", "no number"), id="a word"),
        pytest.param(of_dimension("seed", 17), ("seed", "cannot place"), id="unknown key"),
        pytest.param(of_dimension("id", "trusty"), ("not in the order",), id="unknown dimension"),
        pytest.param(
            of_dimension("items", [{"id": "open1", "item_rest": 0.5}, {"id": "trust1"}]), ("order",), id="items"
        ),
        pytest.param(of_dimension("items", [{"id": "trust1", "item_rest": 0.11}]), ("0.11",), id="item-rest"),
        pytest.param(of_dimension("icc1", 0.4), ("ICC(1)",), id="ICC(1)"),
        pytest.param(of_dimension("team_people", 135), ("people in the teams",), id="people of teams"),
        pytest.param(of_driver("weight", 0.3), ("weight",), id="weight"),
        pytest.param(of_driver("low", 0.2), ("lower end of a relative weight",), id="its lower end"),
        pytest.param(of_team("view", "split"), ("verdict", "split team"), id="view"),
        pytest.param(of_team("view", "at odds"), ("at odds",), id="unknown view"),
        pytest.param(of_team("shrunken", 12), ("shrunken",), id="best guess"),
        pytest.param(of_team("worth", 0.9), ("worth", "0.9"), id="worth"),
        pytest.param(of_team("deviation", 0.5), ("average deviation",), id="deviation of a small team"),
        pytest.param(of_team("if_low", 1), ("if all had answered",), id="bound"),
        pytest.param(of_withheld("view", "shared"), ("withheld", "view"), id="view of a withheld score"),
        pytest.param(of_withheld("shrunken", 60), ("withheld", "shrunken"), id="guess of a withheld score"),
        pytest.param(lambda snapshot: snapshot.__setitem__("evidence", [3]), ("no object",), id="a list"),
        pytest.param(lambda snapshot: snapshot["units"][1].__setitem__("asked", 1), ("asked",), id="people asked"),
    ],
)
def test_a_changed_figure_of_the_snapshot_is_found(
    written: dict[str, str], tmp_path: Path, change: Callable[[Any], None], words: tuple[str, ...]
) -> None:
    """Every key on the worth of averages is checked, and no other is let through."""
    snapshot = json.loads(written["json"])
    change(snapshot)

    refuted(verdict_on(tmp_path, json=json.dumps(snapshot)), "sample-2026-q2-report.json", *words)


def test_a_survey_without_a_common_score_says_nothing_of_averages(tmp_path: Path) -> None:
    """Single questions have no average over several statements; the report on them is proved all the same."""
    survey = write_survey(tmp_path, people(("North", "Ahorn"), 12) + people(("North", "Birke"), 14))
    single = questionnaire()
    single = replace(single, dimensions=(replace(single.dimensions[0], part="outcome"),))
    findings = analyze(load_survey(survey, Wishes(instrument=single)))
    write_reports(findings, tmp_path / "out", formats=("html", "json"), version="0.1.0")

    verdict = audit_output(tmp_path / "out", survey, Wishes(instrument=single))

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert 'id="evidence"' not in (tmp_path / "out" / "survey-report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Trust, Openness, Speaking up and Support: the statements belong", "Trust and Growth: the statements belong"),
        ("Growth: the statements seem to belong together", "Trust: the statements seem to belong together"),
        ("Trust, Openness, Speaking up and Growth: the statements that run", "Trust: the statements that run"),
        ("Trust and Growth: a team’s average is chance", "Growth: a team’s average is chance"),
    ],
    ids=["named as one value", "another dimension", "turned round", "chance"],
)
def test_a_sentence_names_those_dimensions_whose_figures_lead_to_it(
    written: dict[str, str], tmp_path: Path, old: str, new: str
) -> None:
    """All of them and no other."""
    assert old in written["html"]

    verdict = verdict_on(tmp_path, html=written["html"].replace(old, new, 1))

    refuted(verdict, "what is said of averages", "no figures beside it lead to")
