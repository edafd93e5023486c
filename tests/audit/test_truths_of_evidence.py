"""The audit's own evidence: it agrees with what the analysis says, and refuses whatever is not so or not allowed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.evidence import Evidence
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import Withheld
from psafety.analysis.tally import tally
from psafety.analysis.views import view
from psafety.audit.averages import OF_ROW, Limits
from psafety.audit.columns import Claims, Stated
from psafety.audit.evidence import OF_ORGANISATION, Truths
from psafety.audit.figures import Unit
from psafety.audit.members import members, people_of
from psafety.audit.proof import questions_of
from psafety.audit.truth import table_of
from psafety.surveys.headcounts import Headcounts
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source
from surveyed import digests

LEVELS = ("Department", "Team")
NAN = float("nan")


def questionnaire(points: int = 5) -> Instrument:
    """Three dimensions of three, two and one items, and a single question."""
    values = tuple(range(1, points + 1))
    scale = ResponseScale("scale", values, {}, frozenset(values[-2:]), frozenset(values[:2]))
    sizes = {"trust": 3, "speaking-up": 2, "support": 1, "ideas": 1}
    return Instrument(
        id="small",
        titles={"en": "Small"},
        version="1",
        licence="",
        citation="",
        evidence={},
        dimensions=tuple(Dimension(name, {"en": name}, {}, "outcome" if name == "ideas" else "core") for name in sizes),
        items=tuple(
            Item(f"{name}{number}", name, scale, {}, (name, number) in {("trust", 2), ("speaking-up", 1)})
            for name, size in sizes.items()
            for number in range(1, size + 1)
        ),
    )


def survey(sizes: list[int], *, seed: int = 1, blanks: float = 0.0, camps: bool = False, points: int = 5) -> Responses:
    """Teams of these sizes, three to a department; in camps, half of each team ticks low and half high."""
    draw, asked = np.random.default_rng(seed), questionnaire(points)
    team = np.repeat(np.arange(len(sizes)), sizes)
    person = draw.normal(0, 1, len(team)) + draw.normal(0, 0.6, len(sizes))[team]
    if camps:
        person = np.where(np.arange(len(team)) % 2, 2.2, -2.2) + draw.normal(0, 0.2, len(team))
    sign = np.array([-1 if item.reverse else 1 for item in asked.items])
    middle = (points + 1) / 2
    ticked = np.round(middle + sign * person[:, None] + draw.normal(0, 0.7, (len(team), len(asked.items))))
    answers = np.clip(ticked, 1, points).astype(np.int8)
    answers[draw.random(answers.shape) < blanks] = 0
    names = {WAVE: [""] * len(team), "Department": [f"D{t // 3}" for t in team], "Team": [f"T{t}" for t in team]}
    groups = pd.DataFrame({name: pd.Categorical(values, sorted({*values, ""})) for name, values in names.items()})
    frame = pd.DataFrame(answers, columns=[item.id for item in asked.items])
    source = Source("small.csv", "plain table", "", "CSV", len(frame), (), ())
    return Responses(asked, frame, groups, LEVELS, source, check_quality(frame, groups, asked, left_out=0))


def truths_of(findings: Findings, responses: Responses, **limits: float) -> Truths:
    """The audit's truths, of the rows and cells that these findings print."""
    questions = questions_of(responses.instrument)
    measures = questions.measures
    items = [measures[place].id for place in questions.items]
    people = people_of(responses, "", questions)
    units = [
        Unit(tuple(filter(None, unit.path)), LEVELS[len(unit.path) - 1] if unit.path else "", unit.kind == "rest")
        for unit in findings.units
    ]
    rows = np.array([not isinstance(unit.n, Withheld) for unit in findings.units])
    printed = {unit: bool(shown) for unit, shown in zip(units, rows, strict=True) if not unit.rest}
    homes = members(people, units, printed)
    order = [findings.items.columns.index(item) for item in items]
    shown = np.column_stack([findings.dimensions.shown, findings.items.shown[:, order]])
    table = table_of(units, homes, shown, rows, people, questions, responses.instrument)
    return Truths(responses, people, table, questions, Limits(**limits), rows)  # type: ignore[arg-type]


def claim(kind: str, unit: int | None, measure: str, value: float | str, item: str = "", decimals: int = 7) -> Stated:
    """What a report says that rounds to so many decimals."""
    rounded = value if isinstance(value, str) else round(float(value), decimals)
    return Stated(kind, unit, measure, item, rounded, decimals, f"{kind} of {unit} {measure} {item}")


def claims_of(findings: Findings) -> list[Stated]:
    """All that the findings say, to seven decimals; bounds in whole points, rounded outwards."""
    return [*of_organisation(findings.evidence), *of_rows(findings)]


def of_organisation(evidence: Evidence) -> Iterator[Stated]:
    """What is said of the organisation as a whole."""
    for part in filter(None, evidence.reliability):
        yield claim("reliability people", None, part.dimension, part.people)
        for kind in ("alpha", "alpha low", "alpha high", "standardised", "omega", "halves"):
            yield claim(kind, None, part.dimension, getattr(part, kind.replace(" ", "_")))
        for fit in part.items:
            yield claim("item-rest", None, part.dimension, fit.item_rest, fit.item)
            yield claim("alpha-without", None, part.dimension, fit.alpha_without, fit.item)
    for apart in filter(None, evidence.differences):
        for kind, name in (("teams", "teams"), ("team people", "people"), ("icc1", "icc1"), ("icc2", "icc2")):
            yield claim(kind, None, apart.dimension, getattr(apart, name))
    for drivers in evidence.drivers:
        yield claim("driver people", None, drivers.outcome, drivers.people)
        yield claim("explained", None, drivers.outcome, drivers.explained)
        for driver in drivers.items:
            for kind, value in (("weight", driver.weight), ("weight low", driver.low), ("weight high", driver.high)):
                yield claim(kind, None, drivers.outcome, value, driver.item)


def of_rows(findings: Findings) -> Iterator[Stated]:
    """What is said of units and teams."""
    evidence, names = findings.evidence, findings.dimensions.columns
    for row, column in np.argwhere(evidence.view >= 0).tolist():
        yield claim("view", row, names[column], view(int(evidence.view[row, column])))
    for kind in ("deviation", "agreement", "shrunken", "worth"):
        array = getattr(evidence, kind)
        for row, column in np.argwhere(np.isfinite(array)).tolist():
            yield claim(kind, row, names[column], array[row, column])
    for row, column in np.argwhere(np.isfinite(evidence.if_low)).tolist():
        yield claim("if low", row, names[column], np.floor(evidence.if_low[row, column] + 1e-9), decimals=0)
        yield claim("if high", row, names[column], np.ceil(evidence.if_high[row, column] - 1e-9), decimals=0)
    for row in np.flatnonzero(np.isfinite(evidence.if_low).any(axis=1)).tolist():
        yield claim("headcount", row, "", findings.units[row].headcount, decimals=0)


def asked_of(responses: Responses, more: int) -> Headcounts:
    """So many more people asked than answered, in every team."""
    sizes = responses.groups.groupby(list(LEVELS), observed=True).size()
    return Headcounts((True, True), tuple((names, int(n) + more) for names, n in sizes.items()))


TEAMS = [14, 12, 11, 15, 13, 12]


def found() -> tuple[Findings, Responses]:
    """A survey of which everything can be said."""
    responses = survey(TEAMS)
    policy = Policy(cover=0.0)
    return analyze(responses, policy, outcome="ideas1", headcounts=asked_of(responses, 4)), responses


def problems(claims: list[Stated]) -> list[str]:
    """What is wrong with claims on that survey."""
    return [fault.problem for fault in truths_of(*found()).faults("report.html", claims)]


def test_of_a_whole_survey_everything_is_said_and_borne_out() -> None:
    """Every kind of claim is made, and every one is true."""
    claims = claims_of(found()[0])

    assert {claim.kind for claim in claims} == {*OF_ORGANISATION, *OF_ROW}
    assert problems(claims) == []


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 16), min_size=2, max_size=8),
    seed=st.integers(0, 10_000),
    blanks=st.sampled_from([0.0, 0.02, 0.2]),
    camps=st.booleans(),
    points=st.sampled_from([4, 5, 7]),
)
def test_the_audit_bears_out_whatever_the_analysis_says(
    sizes: list[int], seed: int, blanks: float, camps: bool, points: int
) -> None:
    """Two programs that share nothing but the published rule agree to seven decimals, on surveys large and small."""
    responses = survey([*sizes, 12], seed=seed, blanks=blanks, camps=camps, points=points)
    findings = analyze(responses, Policy(), outcome="ideas1", key="5f" * 16, headcounts=asked_of(responses, 3))

    faults = list(truths_of(findings, responses).faults("report.html", claims_of(findings)))

    assert faults == []


@pytest.mark.parametrize("kind", sorted({*OF_ORGANISATION, *OF_ROW} - {"view", "headcount", "if low", "if high"}))
def test_a_figure_that_is_not_so_is_a_fault(kind: str) -> None:
    """One claim of each kind is moved by a twentieth; an end of an interval into the other half."""
    true = next(claim for claim in claims_of(found()[0]) if claim.kind == kind)
    moved = {"weight low": 0.9, "weight high": -0.9}.get(kind, 0.05)

    (problem,) = problems([true._replace(value=float(true.value) + moved, decimals=2)])

    assert problem.startswith((OF_ORGANISATION | OF_ROW)[kind])


@pytest.mark.parametrize("said", ["shared view", "mixed view", "split team", "too few to say"])
def test_only_the_true_verdict_stands(said: str) -> None:
    """A team whose people agree is no split team, and so on."""
    claims = [claim for claim in claims_of(found()[0]) if claim.kind == "view"]

    wrong = problems([claim._replace(value=said) for claim in claims])

    assert len(wrong) == sum(claim.value != said for claim in claims) > 0


def test_teams_in_two_camps_are_found_by_both() -> None:
    """Half of the people low, half high: the analysis says so, and the audit by its own count."""
    responses = survey([20, 20, 20], camps=True)
    findings = analyze(responses, Policy(cover=0.0))
    claims = [claim for claim in claims_of(findings) if claim.kind == "view"]

    faults = list(truths_of(findings, responses).faults("report.html", claims))

    assert "split team" in {claim.value for claim in claims}
    assert faults == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda low, high, _: [low, high], None),  # no headcount is printed: some number of people explains both
        (lambda low, high, asked: [low._replace(value=low.value + 1), high, asked], "people asked give"),  # rounded in
        (lambda low, high, asked: [low, high._replace(value=high.value - 1), asked], "people asked give"),
        (lambda low, high, asked: [low._replace(value=low.value - 1), high, asked], "people asked give"),
        (lambda low, high, asked: [low, high, asked._replace(value=asked.value + 9)], "people asked give"),
        (lambda low, high, _: [low._replace(value=0.0), high], "no number of people asked"),
        (lambda low, high, _: [low._replace(value=NAN), high], "no number of people asked"),
    ],
)
def test_bounds_fit_one_number_of_people_asked(change: Callable[..., list[Stated]], said: str | None) -> None:
    """Both ends are rounded outwards, and belong to the headcount that is printed."""
    claims = [claim for claim in claims_of(found()[0]) if claim.unit == 2]
    low, high, asked = (
        next(claim for claim in claims if claim.kind == kind) for kind in ("if low", "if high", "headcount")
    )

    wrong = problems(change(low, high, asked))

    assert [said in problem for problem in wrong] == ([] if said is None else [True])


def of(kind: str, **changes: object) -> Stated:
    """A claim on the first dimension as a whole."""
    return Stated(kind, None, "trust", "", 0.5, 2, "here")._replace(**changes)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (of("beauty"), "unknown kind"),
        (of("alpha", unit=1), "said of a unit"),
        (of("view", value="shared view"), "said of no unit"),
        (of("worth", unit=99), "unit that is not there"),
        (of("alpha", measure="ideas"), "“ideas”, which is not there"),
        (of("alpha", measure="trust1"), "“trust1”, which is not there"),
        (of("alpha", item="trust1"), "“trust1”, which it cannot be of"),
        (of("item-rest"), "“”, which it cannot be of"),
        (of("item-rest", item="ideas1"), "is said to be 0.5, but it is not defined"),  # of another dimension
        (of("weight", item="trust1"), "is said to be 0.5, but it is not defined"),  # by an item of itself
        (of("view", unit=0, value="shared view"), "where it may not be printed"),  # of the organisation
        (of("worth", unit=1), "where it may not be printed"),  # of a department
        (of("alpha", value=NAN), "is said not to be defined, but the survey gives"),
        (of("omega", measure="support"), "but it is not defined"),  # a single item
        (of("alpha", value="high"), "is said not to be defined"),
    ],
)
def test_a_claim_that_no_report_can_make_is_a_fault(claim: Stated, said: str) -> None:
    """What is not known, not there or not defined is refused, in words that say so."""
    (problem,) = problems([claim])

    assert said in problem


def test_what_is_not_defined_may_be_said() -> None:
    """A single item has no alpha, and a report that says so is right."""
    assert problems([of("alpha", measure="support", value=NAN)]) == []


@pytest.mark.parametrize(
    ("sizes", "gaps", "kinds"),
    [
        ([14, 14], 0, ["alpha", "icc1", "weight"]),  # 28 people
        ([20, 20], 2, ["alpha", "icc1", "weight"]),  # two left gaps
        ([20, 4, 3, 20], 30, ["alpha", "weight"]),  # 17 answered both items of a pair
    ],
)
def test_joint_figures_of_few_are_refused(sizes: list[int], gaps: int, kinds: list[str]) -> None:
    """Whatever they are said to be, and also where they are said not to be defined."""
    responses = survey(sizes)
    points = responses.points.copy()
    points.iloc[:gaps, 0] = 0
    responses = Responses(responses.instrument, points, responses.groups, LEVELS, responses.source, responses.quality)
    findings = analyze(responses, Policy(cover=0.0))
    claims = [of(kind, value=value, measure="trust") for kind in kinds for value in (0.5, NAN)]
    claims = [claim._replace(item="support1") if claim.kind == "weight" else claim for claim in claims]

    faults = list(truths_of(findings, responses).faults("report.html", claims))

    assert len(faults) == len(claims)
    assert all("may not be printed here" in fault.problem for fault in faults)


def test_what_is_said_of_withheld_teams_is_refused() -> None:
    """Of a team that prints nothing, nothing may be said, not even that too few answered."""
    responses = survey([14, 12, 4, 3, 13, 12])
    findings = analyze(responses, Policy(cover=0.0))
    hidden = [row for row, unit in enumerate(findings.units) if isinstance(unit.n, Withheld)]
    kinds = {
        "view": "too few to say",
        "deviation": 0.5,
        "agreement": 0.5,
        "shrunken": 50.0,
        "worth": 0.5,
        "if low": 1.0,
    }
    claims = [of(kind, unit=row, value=value) for row in hidden for kind, value in kinds.items()]

    faults = list(truths_of(findings, responses).faults("report.html", claims))

    assert len(faults) == len(claims) > 0


def test_a_view_of_fewer_than_ten_answers_is_refused() -> None:
    """Eight people: too few to say, whatever they ticked."""
    responses = survey([8] * 6)
    findings = analyze(responses, Policy(cover=0.0))
    row = next(row for row, unit in enumerate(findings.units) if unit.kind == "team")
    claims = [of("view", unit=row, value="shared view"), of("deviation", unit=row), of("agreement", unit=row)]

    said = [fault.problem for fault in truths_of(findings, responses).faults("report.html", claims)]

    assert "too few to say" in said[0]
    assert all("not defined" in problem for problem in said[1:])


def test_where_no_file_prints_items_nothing_is_held_against_the_report() -> None:
    """A page alone does not tell which items its teams print: the audit says that this is no proof, and no more."""
    findings, responses = found()
    truths = truths_of(findings, responses)
    truths.table.shown[:, truths.questions.items] = False

    assert list(truths.faults("report.html", claims_of(findings))) == []


@pytest.mark.parametrize(
    ("kind", "measure", "problem"),
    [
        ("alpha", "trust", "a figure of an unknown kind of a unit, “alpha”"),
        ("deviation", "luck", "the average deviation is said of “luck”, which is not there"),
    ],
)
def test_what_cannot_be_said_of_a_unit_is_named(kind: str, measure: str, problem: str) -> None:
    """Read by the column from a file; of units that nobody in the survey names there is no truth."""
    responses = survey([12, 12, 12])
    truths = truths_of(analyze(responses), responses)
    claims = Claims.of([claim(kind, 1, measure, 0.5), claim(kind, 2, measure, 0.5)])

    found = truths.faults("file", (), claims, [0, 2, -1])

    assert [fault.problem for fault in found] == [problem]


def test_blanks_and_turned_scales_are_in_the_digest_as_in_the_record() -> None:
    """Statements that are turned round, blanks, what does not apply, a single question: in both versions of it."""
    responses = survey([9, 4, 7, 12], blanks=0.15, points=4)
    answers = responses.points.copy()
    answers.iloc[::7, 2] = -1
    responses = replace(responses, points=answers)

    assert digests(responses) == set(tally(responses).digests)
