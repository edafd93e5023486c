"""What a report says: true of the findings it was made from, and nothing about what is withheld."""

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import psafety
import pytest
from psafety import Look, Policy, analyze, compose, load_survey, read_headcounts
from psafety.analysis.scores import Score, Withheld
from psafety.reports.content import Absent, Figure
from psafety.reports.explanations import group_caption, notices, summary, units_caption
from psafety.reports.formats import RENDERERS

SAMPLES = Path(psafety.__file__).parent / "surveys" / "samples"


@pytest.fixture(scope="module")
def responses():
    return load_survey(SAMPLES / "sample-2026-q2.csv")


@pytest.fixture(scope="module")
def findings(responses):
    return analyze(responses, headcounts=read_headcounts(SAMPLES / "sample-headcounts.csv", responses.levels))


@pytest.fixture(scope="module")
def content(findings):
    return compose(findings, Look(title="Sample"), version="1")


def texts(value):
    """Every text inside content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def test_the_survey_is_said_in_five_sentences(findings, content):
    """The summary has five parts and opens with who answered."""
    assert len(content.summary) == 5
    assert content.summary[0].startswith(f"{findings.units[0].n} people answered, ")
    assert "of the 240 who were asked" in content.summary[0]


def test_every_printed_score_is_that_of_the_findings(findings, content):
    """Index, interval and n of every shown cell are the findings', rounded; of a withheld cell nothing is there."""
    for position, unit in enumerate(content.units):
        for column, cell in enumerate(unit.dimensions):
            score = findings.dimensions.at(position, column)
            match score:
                case Withheld():
                    assert {cell.index, cell.low, cell.high, cell.mean, cell.n, cell.favourable} == {Absent("withheld")}
                    assert cell.standing == "withheld"
                case Score():
                    values = [cell.index.value, cell.low.value, cell.high.value, cell.n.value]
                    assert values == [round(score.index), round(score.low), round(score.high), score.n]


def test_a_withheld_unit_is_a_name_and_nothing_else(content):
    """A withheld unit has no figure in any cell."""
    hidden = [unit for unit in content.units if unit.withheld]

    assert hidden
    for unit in hidden:
        cells = [unit.n, unit.response_rate, *(score.index for score in (*unit.dimensions, *unit.items))]
        assert not any(isinstance(cell, Figure) for cell in cells)


def test_units_stand_in_alphabetical_order(content):
    """Siblings are in alphabetical order, the rest of a unit last."""
    for level in {unit.level for unit in content.units if unit.kind == "team"}:
        departments = {}
        for unit in content.units:
            if unit.level == level:
                departments.setdefault(unit.path[:-1], []).append(unit.name.casefold())
        assert all(names == sorted(names) for names in departments.values())


def test_the_number_of_units_that_stand_out_is_true(findings):
    """The sentence counts exactly the shown units with at least one visible difference."""
    apart = sum(
        any(
            isinstance(score := findings.dimensions.at(row, column), Score) and score.standing in {"above", "below"}
            for column in range(len(findings.dimensions.columns))
        )
        for row, unit in enumerate(findings.units)
        if unit.kind in {"unit", "team"}
    )

    assert f"; {apart} of them differ" in summary(findings, "en")[3]
    assert units_caption(findings, "en").count("higher") + units_caption(findings, "en").count("lower") >= apart


def test_the_extreme_questions_are_named_only_if_they_can_be_told_apart(findings):
    """With few people no question is called the largest or the smallest."""
    few = analyze(replace_rows(findings, 12))

    assert summary(findings, "en")[2].startswith("Most favourable answers: ")
    assert "No statement has a clearly larger favourable share" in summary(few, "en")[2]
    assert "much alike" in group_caption(few, "trust", "Trust", "en")


def replace_rows(findings, number):
    responses = load_survey(SAMPLES / "sample-2026-q2.csv")
    return replace(responses, points=responses.points[:number], groups=responses.groups[:number])


def test_no_sentence_blames_ranks_or_promises(content):
    """No report claims proof, ranks teams or blames; and it never calls itself what it is not."""
    said = " ".join(texts(content)).casefold()

    for word in (
        "worst",
        "best team",
        "failing",
        "k-anonymous",
        "differential privacy",
        "100 % anonymous",
        "proves that",
    ):
        assert word not in said


def test_a_drafted_instrument_is_marked(tmp_path):
    """A file that matches no questionnaire is marked before anything else, and nothing in it is called favourable."""
    path = tmp_path / "own.csv"
    rows = "".join(
        f"{a},{b},{c}\n" for a, b, c in ((1, 2, 3), (5, 4, 3), (2, 2, 2), (4, 5, 4), (3, 4, 5), (3, 1, 2)) * 3
    )
    path.write_text("We help [Often],We help [Early],We help [Gladly]\n" + rows)

    content = compose(analyze(load_survey(path)), Look(), version="1")

    assert content.notices[0].startswith("No validated instrument.")
    assert content.bands == ("Above the middle", "Middle", "Below the middle")
    shown = (content.summary, content.dimensions_caption, content.items_caption, content.items)
    assert "favourable" not in " ".join(texts(shown)).casefold()


def test_a_low_threshold_is_warned_about(responses):
    """A report on groups below five says so before any figure."""
    assert "groups from 3 people on" in notices(analyze(responses, Policy(min_group=3)))[0]
    assert notices(analyze(responses, key="00" * 16)) == ()


def test_a_report_without_a_record_says_so(responses):
    """Where nobody checked what was published before, the report says that, and that there is no cover."""
    (said,) = notices(analyze(responses))

    assert said.startswith("Made without a record.")
    assert "hint" in said


def test_a_survey_without_teams_says_so(responses):
    """Without team names the report is on the organisation, in words."""
    alone = replace(responses, groups=responses.groups[["wave"]], levels=())

    assert summary(analyze(alone), "en")[3] == "This report is on the organisation as a whole: the file names no teams."


def test_units_that_were_not_compared_are_not_called_alike(responses):
    """Without a common score, or with one team that is everybody, nothing is said about differences."""
    trust = responses.instrument.items_of("trust")
    alone = replace(
        responses,
        instrument=replace(
            responses.instrument,
            items=trust,
            dimensions=tuple(
                replace(dimension, part="outcome")
                for dimension in responses.instrument.dimensions
                if dimension.id == "trust"
            ),
        ),
        points=responses.points[[item.id for item in trust]],
    )

    findings = analyze(alone)

    assert "not compared" in summary(findings, "en")[3]
    assert "not compared" in units_caption(findings, "en")
    assert "chance" not in summary(findings, "en")[3]
    content = compose(findings, Look(), version="1")
    assert {unit.dimensions for unit in content.units} == {()}
    for render in RENDERERS.values():
        assert render(content)
