"""What a report says of the worth of its averages: every sentence true of its number, and words where there is none."""

from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import psafety
import pytest
from hypothesis import given, strategies as st
from psafety import Look, Policy, analyze, compose, load_survey, read_headcounts
from psafety.analysis.evidence import (
    NOT_SHOWN,
    Driver,
    Drivers,
    Evidence,
    ItemFit,
    Reliability,
    TeamDifference,
)
from psafety.analysis.findings import Findings
from psafety.analysis.scores import WITHHELD
from psafety.analysis.views import view
from psafety.reports.content import EvidenceContent, Figure, ReportContent
from psafety.reports.evidence import evidence_content, unit_evidence

SAMPLES = Path(psafety.__file__).parent / "surveys" / "samples"
NAN = float("nan")
NAMES = ("Trust", "Openness", "Speaking up", "Support", "Growth")


@pytest.fixture(scope="module")
def findings() -> Findings:
    responses = load_survey(SAMPLES / "sample-2026-q2.csv")
    return analyze(responses, headcounts=read_headcounts(SAMPLES / "sample-headcounts.csv", responses.levels))


@pytest.fixture(scope="module")
def content(findings: Findings) -> ReportContent:
    return compose(findings, Look(), version="0.1.0")


def with_evidence(findings: Findings, **changed: Any) -> Findings:
    return replace(findings, evidence=replace(findings.evidence, **changed))


def said_of(findings: Findings) -> EvidenceContent:
    labels = [item.id for item in findings.instrument.items]
    return evidence_content(findings, NAMES[: len(findings.dimensions.columns)], labels)


def reliability(dimension: str = "trust", alpha: float = 0.8, **other: Any) -> Reliability:
    items = (ItemFit("trust1", 0.5, 0.7), ItemFit("trust2", 0.6, 0.6))
    known = {"people": 99, "alpha_low": 0.75, "alpha_high": 0.9, "standardised": 0.8, "omega": 0.8, "halves": NAN}
    return Reliability(dimension=dimension, alpha=alpha, **{**known, "items": items, **other})


def only(one: Any) -> tuple[Any, ...]:
    """The first of five dimensions; of the others nothing is published."""
    return (one, *[None] * 4)


def test_the_sample_has_every_part(content: ReportContent) -> None:
    """Reliability, differences, agreement, best guesses, drivers, bounds: each with a finding and what it means."""
    evidence = content.evidence

    for part in ("together", "apart", "view", "guess", "driver", "others"):
        assert getattr(evidence, f"{part}_notes"), part
        assert getattr(evidence, f"{part}_about"), part
    assert [row.label for row in evidence.dimensions] == [row.label for row in content.dimensions]
    assert [one.words for one in evidence.views] == ["shared view", "mixed view", "split team", "too few to say"]
    assert not evidence.note


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(
            {"alpha": NAN, "items": (ItemFit("trust1", NAN, NAN),)}, "there is only one statement", id="one item"
        ),
        pytest.param({"alpha": NAN}, "the answers do not vary", id="no variance"),
        pytest.param({"alpha": -0.2}, "run against each other", id="negative"),
        pytest.param({"alpha": -0.004}, "do not belong together well", id="printed as zero"),
        pytest.param({"alpha": 0.694}, "do not belong together well", id="just below"),
        pytest.param({"alpha": 0.695, "alpha_low": 0.6}, "reaches below 0.70", id="printed as enough, not certain"),
        pytest.param({"alpha": 0.8, "alpha_low": NAN}, "reaches below 0.70", id="no interval"),
        pytest.param({"alpha": 0.8, "alpha_low": 0.7}, "They belong together", id="enough"),
    ],
)
def test_alpha_is_said_in_words(findings: Findings, changed: dict[str, Any], said: str) -> None:
    """By the figure as it is printed; where there is none, why."""
    row, *_ = said_of(with_evidence(findings, reliability=only(reliability(**changed)))).dimensions

    assert said in row.together
    assert (row.alpha.text == "not defined") == ("Cannot be worked out" in row.together)


@pytest.mark.parametrize(
    ("teams", "icc1", "icc2", "said"),
    [
        (0, NAN, NAN, "no team is shown"),
        (1, NAN, NAN, "only one team is shown"),
        (9, NAN, NAN, "the answers do not vary"),
        (9, -0.2, NAN, "less than chance alone would make them"),
        (9, -0.02, -0.3, "less than chance alone would make them: nothing points to differences between teams. The av"),
        (9, 0.044, 0.3, "hardly differ"),
        (
            9,
            0.046,
            0.495,
            "differ somewhat; most differences are those between people of the same team. The average of a",
        ),
        (9, 0.245, 0.494, "chance for the larger part"),
        (9, 0.3, 0.694, "but chance has a large part in it"),
        (9, 0.3, 0.7, "Teams differ a great deal. The average of a team of usual size is steady enough"),
    ],
)
def test_differences_between_teams_are_said_in_words(
    findings: Findings, teams: int, icc1: float, icc2: float, said: str
) -> None:
    """A negative ICC is shown as it is; where there is none, why."""
    differences = only(TeamDifference("trust", teams, 10 * teams, icc1, icc2))

    row, *_ = said_of(with_evidence(findings, differences=differences)).dimensions

    assert said in row.apart
    assert row.icc1.text == ("not defined" if isnan(icc1) else f"{icc1:.2f}".replace("-", "−"))


@pytest.mark.parametrize(
    ("rest", "remark"),
    [
        (0.5, ""),
        (0.295, ""),
        *((value, "goes badly with the others") for value in (0.294, 0.0, -0.004)),
        (-0.3, "runs against the others"),
        (NAN, ""),
    ],
)
def test_a_statement_that_goes_badly_is_marked(findings: Findings, rest: float, remark: str) -> None:
    """Below .30, and again below 0."""
    fits = only(reliability(items=(ItemFit("trust1", rest, 0.8), ItemFit("trust2", 0.5, 0.8))))

    row, *_ = said_of(with_evidence(findings, reliability=fits)).dimensions

    assert [item.remark for item in row.items] == [remark, ""]


@pytest.mark.parametrize(("halves", "said"), [(0.6, "go with the others"), (0.1, "hardly go"), (-0.4, "hardly go")])
def test_the_reverse_keyed_half_is_set_against_the_other(findings: Findings, halves: float, said: str) -> None:
    """Low where they measure something else, or where people read past the word “not”."""
    notes = said_of(with_evidence(findings, reliability=only(reliability(halves=halves)))).together_notes

    assert any(note.startswith("Trust: the statements that run the other way") and said in note for note in notes)


def test_what_is_not_published_has_one_mark(findings: Findings) -> None:
    """A dimension without reliability says “withheld” throughout, and no sentence speaks of it."""
    said = said_of(with_evidence(findings, reliability=only(reliability()), differences=(None,) * 5))

    hidden = said.dimensions[1]
    assert {cell.text for cell in (hidden.people, hidden.alpha, hidden.omega, hidden.icc1, hidden.teams)} == {
        "withheld"
    }
    assert (hidden.together, hidden.apart, hidden.items) == ("withheld", "withheld", ())
    assert not any("Openness" in note for note in said.together_notes)
    assert said.apart_notes == ()


@pytest.mark.parametrize(("people", "said"), [(24, "With fewer than 30 people"), (192, "are withheld to protect")])
def test_a_survey_of_which_nothing_may_be_said_says_why(findings: Findings, people: int, said: str) -> None:
    """One sentence, and no empty tables."""
    small = replace(findings, units=(replace(findings.units[0], n=people), *findings.units[1:]))

    evidence = said_of(with_evidence(small, reliability=(None,) * 5, differences=(None,) * 5, drivers=()))

    assert said in evidence.note
    assert evidence.is_said
    assert (evidence.dimensions, evidence.together_notes, evidence.apart_notes, evidence.driver_notes) == ((),) * 4


def test_a_file_without_a_common_score_says_nothing(findings: Findings) -> None:
    """There is no average whose worth could be told."""
    assert evidence_content(findings, (), ()) == EvidenceContent()
    assert not EvidenceContent().is_said


# Units and teams


def test_every_row_says_no_more_than_it_may(findings: Findings) -> None:
    """The organisation and rests have no view; a withheld score has one mark for everything."""
    rows = unit_evidence(findings)

    for place, (unit, row) in enumerate(zip(findings.units, rows, strict=True)):
        for column, one in enumerate(row):
            if unit.kind in {"organisation", "rest"}:
                assert (one.view, one.words) == ("none", "")
            elif not findings.dimensions.shown[place, column]:
                assert {one.words, *(cell.text for cell in one[2:])} == {"withheld"}
            else:
                assert one.words == view(int(findings.evidence.view[place, column]))
            if unit.kind != "team":
                assert not isinstance(one.shrunken, Figure)


def test_a_withheld_score_says_nothing_whatever_the_evidence_holds(findings: Findings) -> None:
    """Even if numbers came with it, none would be printed."""
    hidden = ~findings.dimensions.shown
    filled = {
        name: np.where(hidden, 0.5, getattr(findings.evidence, name))
        for name in ("deviation", "agreement", "shrunken", "worth", "if_low", "if_high")
    }

    filled["view"] = np.where(hidden, 3, findings.evidence.view).astype(np.int8)

    assert unit_evidence(with_evidence(findings, **filled)) == unit_evidence(findings)
    assert hidden.any()


def test_a_guess_that_is_not_defined_is_told_from_one_that_is_withheld(findings: Findings) -> None:
    """Teams that do not vary have no ICC(1); where it may not be published, the guess is withheld with it."""
    team = next(place for place, unit in enumerate(findings.units) if unit.kind == "team" and unit.n != WITHHELD)
    nothing = np.full(findings.dimensions.shown.shape, np.nan)
    differences = (TeamDifference("trust", 9, 99, NAN, NAN), *[None] * 4)

    row = unit_evidence(with_evidence(findings, differences=differences, shrunken=nothing, worth=nothing))[team]

    shown = findings.dimensions.shown[team]
    assert [one.shrunken.text for one, seen in zip(row, shown, strict=True) if seen][:2] == ["not defined", "withheld"]


def test_without_headcounts_nothing_is_said_of_the_others(findings: Findings) -> None:
    """No bounds, no part of the page."""
    nowhere = np.full(findings.dimensions.shown.shape, np.nan)
    units = tuple(replace(unit, headcount=None) for unit in findings.units)

    unknown = with_evidence(replace(findings, units=units), if_low=nowhere, if_high=nowhere)

    assert said_of(unknown).others_notes == ()
    assert {one.if_low.text for row in unit_evidence(unknown) for one in row} == {"not known", "withheld"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (192, "Everybody who was asked in the organisation answered."),
        (193, "192 of 193 people answered. Whatever the other one would have said"),
        (240, "192 of 240 people answered. Whatever the other 48 would have said"),
        (None, "is worked out where it is known how many people were asked"),
        (100, "is worked out where it is known how many people were asked"),
    ],
)
def test_the_others_are_counted(findings: Findings, asked: int | None, said: str) -> None:
    """One, many, none; unknown where the organisation's number is not known or cannot be."""
    organisation = replace(findings.units[0], headcount=asked)

    first, *_ = said_of(replace(findings, units=(organisation, *findings.units[1:]))).others_notes

    assert said in first


def test_what_the_others_ticked_is_said_as_the_scale_has_it(findings: Findings) -> None:
    """Of questions of which nobody knows the good end, nothing is called favourable."""
    plain = replace(findings, instrument=replace(findings.instrument, directed=False))

    assert "favourable" in "".join(said_of(findings).others_about)
    assert "favourable" not in "".join(said_of(plain).others_about)


def test_split_teams_are_named_and_many_are_not_counted(findings: Findings) -> None:
    """In the order of the report, with the dimension; among many, the first twelve."""
    teams = [
        place
        for place, unit in enumerate(findings.units)
        if unit.kind == "team" and findings.dimensions.shown[place, 0]
    ]
    few, many = (np.where(findings.evidence.view == NOT_SHOWN, NOT_SHOWN, 1).astype(np.int8) for _ in range(2))
    few[teams[2], 0], few[teams[2], 3] = 3, 3
    many[teams, 0] = 3

    name = findings.units[teams[2]].name
    assert (
        said_of(with_evidence(findings, view=few))
        .view_notes[1]
        .startswith(f"Two camps can be seen in {name} (Trust and Su")
    )
    said = said_of(with_evidence(findings, view=many)).view_notes[1]
    assert said.startswith("Two camps can be seen in many places, among them ")
    assert sum(findings.units[place].name in said for place in teams) == 12 < len(teams)


def test_where_nobody_can_be_judged_that_is_said(findings: Findings) -> None:
    """Too few everywhere; and without units nothing at all."""
    few = np.where(findings.evidence.view == NOT_SHOWN, NOT_SHOWN, 0).astype(np.int8)

    assert said_of(with_evidence(findings, view=few)).view_notes == (
        "No unit or team has enough answers to say how far its people agree.",
    )
    assert said_of(with_evidence(findings, view=np.full_like(few, NOT_SHOWN))).view_notes == ()


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([1], "Wherever it can be said, people share one view."),
        ([1, 1, 2, 0], "people mostly share one view"),
        ([1, 2, 2, 0], "share one view in some places, and more often they do not"),
        ([1, 2], "more often they do not"),
        ([2, 3, 0], "Nowhere that it can be said"),
    ],
)
def test_how_often_people_share_one_view_is_summed_up(findings: Findings, verdicts: list[int], said: str) -> None:
    """Over all verdicts but “too few to say”."""
    everywhere = np.full(findings.dimensions.shown.shape, NOT_SHOWN, np.int8)
    team = next(place for place, unit in enumerate(findings.units) if unit.kind == "team")
    everywhere[team, : len(verdicts)] = verdicts

    assert said in said_of(with_evidence(findings, view=everywhere)).view_notes[0]


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        ([0.1, 0.494, 0.3], "every team shown is chance"),
        ([0.1, 0.2, 0.9], "Most averages of teams"),
        ([0.1, 0.9, 0.9], "Some averages of teams"),
        ([0.495, 0.9, 0.5], "No average of a team shown"),
    ],
)
def test_what_averages_are_worth_is_summed_up(findings: Findings, worth: list[float], said: str) -> None:
    """By the percentages as they are printed."""
    shape = findings.dimensions.shown.shape
    everywhere = np.resize(np.array(worth), shape)
    everywhere = np.where(np.cumsum(findings.dimensions.shown).reshape(shape) <= 3, everywhere, np.nan)
    few = np.full(shape, np.nan)
    few[np.nonzero(findings.dimensions.shown)[0][:3], np.nonzero(findings.dimensions.shown)[1][:3]] = worth

    (note,) = said_of(with_evidence(findings, worth=few)).guess_notes

    assert said in note


# The law: each printed sentence is true of its number

coefficients = st.one_of(st.just(NAN), st.floats(-1, 1))
shares = st.floats(0, 1)


@st.composite
def evidences(draw: st.DrawFn, findings: Findings) -> Evidence:
    """Anything that the types of `Evidence` allow, of the sample."""
    shown, units = findings.dimensions.shown, [unit.kind for unit in findings.units]
    ids = findings.dimensions.columns
    fits = [
        draw(
            st.none() | st.builds(reliability, st.just(id_), coefficients, alpha_low=coefficients, halves=coefficients)
        )
        for id_ in ids
    ]
    teams = [
        draw(
            st.none()
            | st.builds(TeamDifference, st.just(id_), st.integers(0, 99), st.just(500), coefficients, coefficients)
        )
        for id_ in ids
    ]
    parts = shown & np.array([kind in {"unit", "team"} for kind in units])[:, None]
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    low = np.where(shown, seed.uniform(0, 100, shown.shape), np.nan)
    item = st.sampled_from([item.id for item in findings.instrument.items])
    weights = st.lists(st.builds(Driver, item, shares, shares, shares), min_size=1, max_size=4)
    return Evidence(
        reliability=tuple(fits),
        differences=tuple(teams),
        drivers=tuple(
            Drivers("speaking-up", 120, draw(shares), tuple(draw(weights))) for _ in range(draw(st.integers(0, 1)))
        ),
        view=np.where(parts, seed.integers(0, 4, shown.shape), NOT_SHOWN).astype(np.int8),
        deviation=np.where(parts, seed.uniform(0, 2, shown.shape), np.nan),
        agreement=np.where(parts, seed.uniform(0, 1, shown.shape), np.nan),
        shrunken=np.where(parts, seed.uniform(0, 100, shown.shape), np.nan),
        worth=np.where(parts, seed.uniform(0, 1, shown.shape), np.nan),
        if_low=low,
        if_high=low + (100 - low) * seed.uniform(0, 1, shown.shape),
    )


def number(cell: Any) -> float:
    return cell.value if isinstance(cell, Figure) else NAN


@given(data=st.data())
def test_each_sentence_is_true_of_its_number(data: st.DataObject, findings: Findings) -> None:
    """Over anything that evidence can be: verdicts by the printed figures, and names under the right sentence."""
    evidence = data.draw(evidences(findings))
    any_evidence = replace(findings, evidence=evidence)

    said, units = said_of(any_evidence), unit_evidence(any_evidence)

    for row, fit, difference in zip(said.dimensions, evidence.reliability, evidence.differences, strict=False):
        if fit is not None:
            alpha, low = number(row.alpha), number(row.alpha_low)
            assert ("run against" in row.together) == (alpha < 0)
            assert ("do not belong" in row.together) == (0 <= alpha < 0.7)
            assert ("They belong" in row.together) == (alpha >= 0.7 and low >= 0.7)
            assert ("seem" in row.together) == (alpha >= 0.7 and not low >= 0.7)
            assert ("Cannot" in row.together) == isnan(fit.alpha)
            finding = next(note for note in said.together_notes if row.label in note)
            assert ("one value" in finding) == ("They belong" in row.together)
        if difference is not None:
            assert ("less than chance alone" in row.apart) == (number(row.icc1) < 0)
            assert ("great deal" in row.apart) == (number(row.icc1) >= 0.25)
            assert ("steady enough" in row.apart) == (number(row.icc2) >= 0.7)
            assert ("larger part" in row.apart) == (number(row.icc2) < 0.5)
            assert ("Cannot" in row.apart) == isnan(difference.icc1)
            for note in said.apart_notes:
                assert not (
                    row.label in note and "may be called the team’s, in" in note and not number(row.icc2) >= 0.7
                )
    for place, row in enumerate(units):
        for column, one in enumerate(row):
            if findings.dimensions.shown[place, column]:
                true_low, true_high = evidence.if_low[place, column], evidence.if_high[place, column]
                assert true_low - 1 < number(one.if_low) <= true_low + 1e-6
                assert true_high - 1e-6 <= number(one.if_high) < true_high + 1
            if one.view not in {"withheld", "none"}:
                assert one.words == view(int(evidence.view[place, column]))
                assert abs(number(one.deviation) - evidence.deviation[place, column]) <= 0.005 + 1e-9
    split = {unit.name for unit, row in zip(findings.units, evidence.view, strict=True) if (row == 3).any()}
    assert any("Two camps" in note for note in said.view_notes) == bool(split)
    worths = [number(one.worth) for row in units for one in row if isinstance(one.worth, Figure)]
    assert ("every team shown is chance" in said.guess_notes[0]) == all(worth < 0.5 for worth in worths)
    for table, drivers in zip(said.drivers, evidence.drivers, strict=True):
        assert table.explained.text in table.caption
        assert [row.id for row in table.rows] == [one.item for one in drivers.items]
        assert all(
            abs(number(row.weight) - one.weight) <= 0.005 + 1e-9
            for row, one in zip(table.rows, drivers.items, strict=True)
        )


def test_no_number_is_ever_said_to_be_nan(findings: Findings) -> None:
    """Where nothing is defined, words stand, in every cell and every sentence."""
    nowhere = np.full(findings.dimensions.shown.shape, np.nan)
    nothing = with_evidence(
        findings,
        reliability=tuple(
            reliability(
                id_,
                NAN,
                alpha_low=NAN,
                alpha_high=NAN,
                standardised=NAN,
                omega=NAN,
                items=(ItemFit("trust1", NAN, NAN),),
            )
            for id_ in findings.dimensions.columns
        ),
        differences=tuple(TeamDifference(id_, 1, 20, NAN, NAN) for id_ in findings.dimensions.columns),
        drivers=(),
        **dict.fromkeys(("deviation", "agreement", "shrunken", "worth", "if_low", "if_high"), nowhere),
    )

    content = compose(nothing, Look(), version="0.1.0")

    assert "nan" not in repr((content.evidence, [unit.evidence for unit in content.units])).casefold()


def test_a_stricter_policy_says_its_own_number(findings: Findings) -> None:
    """How many answers a verdict needs is the policy's."""
    strict = replace(findings, policy=Policy(detail_from=15))

    assert "fewer than 15 answers" in said_of(strict).views[-1].meaning
