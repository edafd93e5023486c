"""Facilitator sheets: chosen by what can be told from chance, without a figure, alike for all withheld units."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from psafety.languages import LANGUAGES
from psafety.reports.content import Figure, ReportContent, Standing, UnitRow, View
from psafety.reports.files import write_files
from psafety.reports.teams.content import Seen, places
from psafety.reports.teams.facilitator import facilitator_sheet, pattern_of, sheet_name
from psafety.reports.teams.facilitator_texts import SCRIPTS, Pattern
from psafety.reports.teams.files import team_files
from psafety.reports.teams.html import index_html, sheet_html
from psafety.reports.wording import unknown
from teamed import content_of, rows_of_all


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    return content_of(tmp_path_factory.mktemp("sheets"), rows_of_all(), headcounts=True)


def text_of(data: bytes) -> str:
    """What a reader sees: no styles, no tags, no foot."""
    body = data.decode().partition("<body>")[2].partition("<footer>")[0]
    return " ".join(re.sub("<[^>]*>", " ", body).split())


def unit(organisation: ReportContent, **changes: object) -> UnitRow:
    found = next(unit for unit in organisation.units if unit.path == ("Nord", "Ahorn"))
    return replace(found, **{"response_rate": unknown(), **changes})  # type: ignore[arg-type]


def seen(standing: Standing = "same", view: View = "few", change: Standing = "none") -> Seen:
    return Seen("Trust", standing, view, change)


@pytest.mark.parametrize(
    ("found", "pattern"),
    [
        pytest.param([], "plain", id="nothing to compare"),
        pytest.param([seen(), seen(view="mixed")], "plain", id="nothing told apart"),
        pytest.param([seen("none", "withheld")], "plain", id="nothing compared"),
        pytest.param([seen("below", "shared")], "low-agreed", id="low and agreed"),
        pytest.param([seen("below", "split")], "low-split", id="low and split"),
        pytest.param([seen("below", "few")], "low-open", id="low, too few to say"),
        pytest.param([seen("below", "mixed")], "low-open", id="low, mixed"),
        pytest.param([seen("below", "shared"), seen("below", "few")], "low-open", id="agreed on one of two"),
        pytest.param([seen("below", "shared"), seen("same", "split")], "low-agreed", id="split over something else"),
        pytest.param([seen("above", "shared")], "high-agreed", id="high and agreed"),
        pytest.param([seen("above", "split")], "high-split", id="high and split"),
        pytest.param([seen("above", "mixed")], "high-open", id="high, mixed"),
        pytest.param([seen("above"), seen("below")], "low-open", id="what is low comes first"),
        pytest.param([seen(view="split")], "split", id="split and neither low nor high"),
        pytest.param([seen(change="below"), seen("below", "split")], "falling", id="falling comes first"),
        pytest.param([seen(change="above")], "rising", id="rising"),
        pytest.param([seen(change="above"), seen("below")], "low-open", id="rising and still low"),
        pytest.param([seen(change="above"), seen("above")], "rising", id="rising and high"),
        pytest.param([seen(change="same")], "plain", id="no visible change"),
    ],
)
def test_a_pattern_is_what_can_be_told_from_chance(
    organisation: ReportContent, found: list[Seen], pattern: Pattern
) -> None:
    """Noise is never called low, high, falling or rising."""
    assert pattern_of(unit(organisation), found, directed=True) == pattern


@pytest.mark.parametrize(
    ("rate", "pattern"), [(0.0, "silent"), (0.49, "silent"), (0.5, "low-split"), (1.0, "low-split")]
)
def test_silence_comes_first(organisation: ReportContent, rate: float, pattern: Pattern) -> None:
    """Where fewer than half answered, that is the subject; where nobody knows who was asked, it is not."""
    found = [seen("below", "split")]

    assert pattern_of(unit(organisation, response_rate=Figure(rate, "", "")), found, directed=True) == pattern
    assert pattern_of(unit(organisation), found, directed=True) == "low-split"


def test_without_a_known_good_end_nothing_is_low(organisation: ReportContent) -> None:
    """Nobody has checked which end of the scale is the good one, so only a split can be seen."""
    assert pattern_of(unit(organisation), [seen("below", "shared", "below")], directed=False) == "plain"
    assert pattern_of(unit(organisation), [seen("below", "split")], directed=False) == "split"


def test_of_a_withheld_unit_nothing_is_looked_at(organisation: ReportContent) -> None:
    """Whatever stood in its row, the pattern is the one that needs no figures."""
    hidden = unit(organisation, withheld=True, response_rate=Figure(0.1, "10%", "0%"))

    assert pattern_of(hidden, [seen("below", "split", "below")], directed=True) == "unseen"


def test_the_reason_names_what_the_pattern_rests_on(organisation: ReportContent) -> None:
    """In words, without a figure; Ahorn answered low throughout."""
    sheets = {place.unit.path: facilitator_sheet(organisation, place) for place in places(organisation)}

    ahorn = sheets["Nord", "Ahorn"]
    assert ahorn.pattern.startswith("low-")
    assert ahorn.reason[0].startswith("Lower than everybody else in the organisation, by more than chance explains: Tr")
    assert sheets["Nord", "Linde"].pattern == "unseen"
    assert "never on what anybody answered" in sheets["Nord", "Linde"].reason[0]


def test_no_sheet_holds_a_figure(organisation: ReportContent) -> None:
    """Minutes are written in words, so that no number can be taken for a result."""
    for place in places(organisation):
        said = text_of(sheet_html(organisation, facilitator_sheet(organisation, place)))

        assert not re.search(r"\d", said.replace("script>alert(1)", "").replace("alert(1)", "")), said


def test_sheets_of_withheld_units_differ_in_names_alone(organisation: ReportContent) -> None:
    """So that no sheet is a hint."""
    found = [place for place in places(organisation) if place.unit.withheld]
    texts = {
        text_of(sheet_html(organisation, facilitator_sheet(organisation, place))).replace(place.unit.name, "…")
        for place in found
    }

    assert len(found) == 2
    assert len(texts) == 1


@pytest.mark.parametrize("pattern", SCRIPTS)
def test_every_pattern_has_what_a_facilitator_needs(pattern: Pattern) -> None:
    """An aim, three questions, two that are not to be asked, something to do in the longest step."""
    script = SCRIPTS[pattern]

    assert all((script.title, script.aim, script.talk))
    assert (len(script.opening), len(script.not_to_ask)) == (3, 2)
    assert all(question.endswith(("?", ".")) for question in script.opening)
    assert all(text.startswith("“") for text in script.not_to_ask)
    assert not re.search(r"\d", " ".join((script.title, script.aim, script.talk, *script.opening)))


def test_plans_fill_their_time(organisation: ReportContent) -> None:
    """The steps add up to forty-five and ninety minutes, with the pattern's own step in each."""
    sheet = facilitator_sheet(organisation, places(organisation)[1])
    minutes = {"Five": 5, "Ten": 10, "Twenty": 20, "Thirty": 30}

    sums = {heading: sum(minutes[step.minutes.split()[0]] for step in steps) for heading, steps in sheet.plans}

    assert sums == {"Forty-five minutes": 45, "Ninety minutes": 90}
    assert all(sheet.script.talk in [step.text for step in steps] for _, steps in sheet.plans)
    assert len(sheet.practices) == 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_speaks_the_language_of_the_report(organisation: ReportContent, lang: str) -> None:
    """And says so to the browser."""
    data = sheet_html(
        replace(organisation, lang=lang), facilitator_sheet(replace(organisation, lang=lang), places(organisation)[1])
    )

    assert f'<html lang="{lang}">' in data.decode()


def test_sheets_lie_beside_their_pages(organisation: ReportContent, tmp_path: Path) -> None:
    """With a name made of the page's, in the index and in the archive; without the wish there are none."""
    found = places(organisation)
    files = team_files(organisation, tmp_path, "survey", facilitator=True)
    write_files(files)

    names = {path.name for path in (tmp_path / "survey-teams").iterdir()}
    assert {sheet_name(place.file) for place in found} <= names
    assert len(names) == 2 * len(found) + 1
    index = index_html(organisation, found, facilitator=True).decode()
    assert all(f'href="{sheet_name(place.file)}"' in index for place in found)
    assert "facilitator" not in index_html(organisation, found).decode()
    assert len(team_files(organisation, tmp_path, "survey")) == len(found) + 2


def test_a_sheet_weighs_little(organisation: ReportContent) -> None:
    """It is complete in itself, without any script."""
    for place in places(organisation):
        data = sheet_html(organisation, facilitator_sheet(organisation, place))

        assert len(data) <= 60_000
        assert b"<script" not in data
