"""Evidence: what may be said of team scores and of what goes with what, and nothing where the rules forbid it."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import product

import numpy as np
import pytest
from handmade import LEVELS, from_arrays, instrument
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.evidence import NOT_SHOWN, SPEAKING_UP, Evidence
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import Withheld
from psafety.surveys.errors import ConfigError
from psafety.surveys.headcounts import Headcounts
from psafety.surveys.instrument import Instrument
from psafety.surveys.responses import Responses

ASKED = instrument({"trust": 3, SPEAKING_UP: 2, "results": 2}, reverse=["trust2"], outcomes=["results"])
PLAIN = Policy(cover=0.0)


def survey(
    sizes: Sequence[int],
    asked: Instrument = ASKED,
    *,
    seed: int = 1,
    blanks: float = 0.0,
    common: float = 1.0,
    apart: float = 0.7,
) -> Responses:
    """Teams of these sizes, three to a department, whose answers have something in common."""
    draw = np.random.default_rng(seed)
    team = np.repeat(np.arange(len(sizes)), sizes)
    person = draw.normal(0, common, len(team)) + draw.normal(0, apart, len(sizes))[team]
    noise = draw.normal(0, 0.8, (len(team), len(asked.items)))
    sign = np.array([-1 if item.reverse else 1 for item in asked.items])
    size = len(asked.items[0].scale.values)
    points = np.clip(np.round(3.2 + sign * person[:, None] + noise), 1, size).astype(np.int8)
    points[draw.random(points.shape) < blanks] = 0
    return answered(points, team, asked)


def answered(points: np.ndarray, team: np.ndarray, asked: Instrument = ASKED) -> Responses:
    """People with these answers, in teams of these numbers."""
    return from_arrays(points, [[f"D{each // 3}" for each in team], [f"T{each}" for each in team]], asked, LEVELS)


def without(found: Responses, rows: Sequence[int], item: str) -> Responses:
    """The same, but that some people left one item blank."""
    points = found.points.copy()
    points.iloc[list(rows), points.columns.get_loc(item)] = 0
    return replace(found, points=points)


def evidence(found: Responses, policy: Policy = PLAIN, **more: object) -> Evidence:
    """The evidence of a survey."""
    return analyze(found, policy, **more).evidence


def bits(evidence: object) -> object:
    """All of it, arrays as bytes: equal only if not a single bit differs."""
    if isinstance(evidence, np.ndarray):
        return evidence.tobytes()
    if isinstance(evidence, tuple):
        return tuple(map(bits, evidence))
    if is_dataclass(evidence):
        return tuple(bits(getattr(evidence, field.name)) for field in fields(evidence))
    return repr(evidence)


# Figures ----------------------------------------------------------------------------------------------------------


def test_reliability_is_that_of_the_answers() -> None:
    """Alpha of covariances, after reverse-keying, of everybody in the organisation."""
    found = survey([12, 12, 12])
    keyed = np.array(found.points[["trust1", "trust2", "trust3"]], float)
    keyed[:, 1] = 6 - keyed[:, 1]
    cov = np.cov(keyed, rowvar=False)

    trust = evidence(found).reliability[0]

    assert (trust.dimension, trust.people) == ("trust", 36)
    assert trust.alpha == pytest.approx(1.5 * (1 - np.trace(cov) / cov.sum()))
    assert trust.alpha_low < trust.alpha < trust.alpha_high
    assert trust.halves == pytest.approx(np.corrcoef(keyed[:, 1], keyed[:, [0, 2]].sum(axis=1))[0, 1])
    assert trust.items[2].item_rest == pytest.approx(np.corrcoef(keyed[:, 2], keyed[:, :2].sum(axis=1))[0, 1])
    assert [fit.item for fit in trust.items] == ["trust1", "trust2", "trust3"]


def test_teams_are_compared_by_the_scores_of_their_people() -> None:
    """ICC(1) from the mean squares of persons' scores between and within teams."""
    found = survey([12, 12, 12])
    keyed = np.array(found.points[["trust1", "trust2", "trust3"]], float)
    keyed[:, 1] = 6 - keyed[:, 1]
    teams = np.split(keyed.mean(axis=1), 3)
    between = 12 * np.var([team.mean() for team in teams], ddof=1)
    within = np.mean([team.var(ddof=1) for team in teams])

    trust = evidence(found).differences[0]

    assert (trust.teams, trust.people) == (3, 36)
    assert trust.icc1 == pytest.approx((between - within) / (between + 11 * within))
    assert trust.icc2 == pytest.approx((between - within) / between)


def test_views_and_estimates_stand_in_the_rows_of_teams() -> None:
    """A view for units and teams, an estimate for teams alone, neither for the organisation."""
    findings = analyze(survey([12, 12, 12, 12]), PLAIN)
    kinds = np.array([unit.kind for unit in findings.units])

    found = findings.evidence

    assert (found.view[kinds == "organisation"] == NOT_SHOWN).all()
    assert (found.view[np.isin(kinds, ["unit", "team"])] > 0).all()
    assert np.isfinite(found.deviation[found.view > 0]).all()
    assert np.isfinite(found.agreement[found.view > 0]).all()
    assert np.array_equal(np.isfinite(found.shrunken[:, 0]), kinds == "team")
    assert np.array_equal(np.isfinite(found.worth), np.isfinite(found.shrunken))
    index, centre = findings.dimensions.index[kinds == "team"], findings.dimensions.index[0]
    drawn = found.shrunken[kinds == "team"]
    assert (np.abs(drawn - centre) <= np.abs(index - centre) + 1e-9).all()


def test_teams_of_few_have_no_view_but_an_estimate() -> None:
    """Below ten answers a view is too few to say; the index is shown, and is worth little."""
    findings = analyze(survey([7] * 6), PLAIN)
    teams = np.array([unit.kind == "team" for unit in findings.units])

    found = findings.evidence

    assert (found.view[teams] == 0).all()
    assert np.isnan(found.deviation[teams]).all()
    assert np.isnan(found.agreement[teams]).all()
    assert ((found.worth[teams] > 0) & (found.worth[teams] < 1)).all()


def test_those_who_stayed_away_bound_the_index() -> None:
    """With a headcount, between what it would be if all others had answered nothing but 0, and nothing but 100."""
    found = survey([12, 12, 12])
    asked = Headcounts((True, True), ((("D0", "T0"), 24), (("D0", "T1"), 12), (("D0", "T2"), 6)))
    findings = analyze(found, PLAIN, headcounts=asked)
    row = {unit.name: place for place, unit in enumerate(findings.units)}
    index = findings.dimensions.index[row["T0"]]

    bounds = findings.evidence

    assert bounds.if_low[row["T0"]] == pytest.approx(index / 2)
    assert bounds.if_high[row["T0"]] == pytest.approx(index / 2 + 50)
    assert np.isnan(bounds.if_low[row["T1"]]).all()  # everybody answered
    assert np.isnan(bounds.if_high[row["T2"]]).all()  # more answers than people: the headcount is wrong


def test_drivers_share_out_what_the_regression_explains() -> None:
    """Of speaking up, by the items of the other dimensions; single questions are no predictors."""
    found = survey([40, 40])
    keyed = np.array(found.points, float)
    keyed[:, 1] = 6 - keyed[:, 1]
    outcome = keyed[:, 3:5].sum(axis=1)
    fitted = np.column_stack([np.ones(80), keyed[:, :3]])
    left = outcome - fitted @ np.linalg.lstsq(fitted, outcome, rcond=None)[0]

    (speaking_up,) = evidence(found).drivers

    assert (speaking_up.outcome, speaking_up.people) == (SPEAKING_UP, 80)
    assert [driver.item for driver in speaking_up.items] == ["trust1", "trust2", "trust3"]
    assert speaking_up.explained == pytest.approx(1 - left.var() / outcome.var())
    assert sum(driver.weight for driver in speaking_up.items) == pytest.approx(speaking_up.explained)
    assert all(driver.low <= driver.weight <= driver.high for driver in speaking_up.items)


@pytest.mark.parametrize(
    ("outcome", "predictors"),
    [
        ("trust", [f"{SPEAKING_UP}1", f"{SPEAKING_UP}2"]),
        ("trust1", [f"{SPEAKING_UP}1", f"{SPEAKING_UP}2"]),  # not by the other items of its own dimension
        ("results2", ["trust1", "trust2", "trust3", f"{SPEAKING_UP}1", f"{SPEAKING_UP}2"]),
        (SPEAKING_UP, None),  # which is looked at anyway
    ],
)
def test_another_outcome_is_looked_at_where_it_is_named(outcome: str, predictors: list[str] | None) -> None:
    """A dimension or an item, beside speaking up."""
    found = evidence(survey([40, 40]), outcome=outcome).drivers

    assert [each.outcome for each in found] == list(dict.fromkeys([SPEAKING_UP, outcome]))
    assert predictors is None or [driver.item for driver in found[1].items] == predictors


@pytest.mark.parametrize(("outcome", "hint"), [("trst", "trust, speaking-up"), ("results", "results1 and results2")])
def test_an_outcome_that_is_not_there_is_refused(outcome: str, hint: str) -> None:
    """With the names there are; single questions are named one by one."""
    with pytest.raises(ConfigError) as refused:
        evidence(survey([40, 40]), outcome=outcome)

    assert hint in refused.value.hint


# Undefined --------------------------------------------------------------------------------------------------------


def one_team() -> Responses:
    return survey([36])


def no_groups() -> Responses:
    found = survey([36])
    return from_arrays(found.points.to_numpy(), [], ASKED, ())


def nothing_varies() -> Responses:
    return answered(np.full((36, 7), 3, np.int8), np.repeat([0, 1, 2], 12))


def an_item_nobody_answered() -> Responses:
    return without(survey([12, 12, 12]), range(36), "trust2")


def one_answer_to_an_item() -> Responses:
    return without(survey([12, 12, 12]), range(1, 36), "trust2")


def an_item_of_one_answer_throughout() -> Responses:
    found = survey([12, 12, 12])
    return replace(found, points=found.points.assign(trust2=np.int8(4)))


def items_that_cancel_out() -> Responses:
    found = survey([12, 12, 12])
    return replace(found, points=found.points.assign(**{f"{SPEAKING_UP}2": 6 - found.points[f"{SPEAKING_UP}1"]}))


def two_items_that_are_one() -> Responses:
    found = survey([40, 40])
    return replace(found, points=found.points.assign(trust3=found.points["trust1"]))


def of_single_items() -> Responses:
    return survey([12, 12, 12], instrument({"trust": 1, SPEAKING_UP: 1}))


def of_two_items() -> Responses:
    return survey([12, 12, 12], instrument({"trust": 2}))


def without_dimensions() -> Responses:
    return survey([12, 12, 12], instrument({"results": 3}, outcomes=["results"]))


def few_people() -> Responses:
    return survey([7])


# Each case: what it is of, which figure, and whether it is not published (None), not defined (nan) or a number.
NO, UNDEFINED, DEFINED = "not published", "not defined", "defined"
CASES: list[tuple[Callable[[], Responses], str, str]] = [
    (one_team, "icc1", UNDEFINED),
    (one_team, "icc2", UNDEFINED),
    (one_team, "alpha", DEFINED),
    (no_groups, "icc1", NO),
    (no_groups, "alpha", DEFINED),
    (nothing_varies, "alpha", NO),  # an item of one answer throughout is not printed
    (nothing_varies, "icc1", NO),
    (an_item_nobody_answered, "alpha", NO),
    (one_answer_to_an_item, "alpha", NO),
    (an_item_of_one_answer_throughout, "alpha", NO),
    (items_that_cancel_out, "alpha of speaking up", UNDEFINED),
    (items_that_cancel_out, "icc1 of speaking up", UNDEFINED),
    (of_single_items, "alpha", UNDEFINED),
    (of_single_items, "omega", UNDEFINED),
    (of_single_items, "item-rest", UNDEFINED),
    (of_single_items, "halves", UNDEFINED),
    (of_single_items, "icc1", DEFINED),
    (of_two_items, "alpha", DEFINED),
    (of_two_items, "omega", UNDEFINED),  # one factor of two items is not determined
    (of_two_items, "alpha-without", UNDEFINED),
    (of_two_items, "halves", UNDEFINED),  # no item is reverse-keyed
    (of_two_items, "drivers", NO),
    (two_items_that_are_one, "drivers", NO),
    (few_people, "alpha", NO),
    (few_people, "icc1", NO),
    (few_people, "drivers", NO),
]


def said(found: Evidence, figure: str) -> str:
    """Whether a figure of the first dimension (of the last, where it is of speaking up) is there."""
    place = -1 if figure.endswith(" of speaking up") else 0
    name = figure.removesuffix(" of speaking up")
    if name == "drivers":
        return DEFINED if found.drivers else NO
    part = (found.differences if name.startswith("icc") else found.reliability)[place]
    if part is None:
        return NO
    if name in {"item-rest", "alpha-without"}:
        return UNDEFINED if np.isnan(getattr(part.items[0], name.replace("-", "_"))) else DEFINED
    return UNDEFINED if np.isnan(getattr(part, name)) else DEFINED


@pytest.mark.parametrize(
    ("case", "figure", "expected"), CASES, ids=[f"{case.__name__} {figure}" for case, figure, _ in CASES]
)
def test_undefined_cases_are_no_error_and_no_warning(case: Callable[[], Responses], figure: str, expected: str) -> None:
    """What is not defined is NaN, what is not published is not there, and nothing is said on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = evidence(case())

    assert said(found, figure) == expected


def test_an_instrument_without_dimensions_has_no_evidence() -> None:
    """Single questions have no joint score: nothing is measured together."""
    found = evidence(without_dimensions())

    assert (found.reliability, found.differences, found.drivers) == ((), (), ())
    assert found.view.shape[1] == found.worth.shape[1] == 0


# The rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "gaps", "there"),
    [
        (30, 0, True),
        (29, 0, False),  # too few for figures of joint answers
        (40, 1, False),
        (40, 4, False),
        (40, 5, True),
        (34, 5, False),  # 29 answered both items of a pair
    ],
)
def test_joint_answers_are_of_enough_people_and_no_few_gaps(people: int, gaps: int, there: bool) -> None:
    """The rule of reliability, of differences and of drivers, at its bounds."""
    size = people // 2
    whole = survey([size, people - size])

    found = evidence(without(whole, range(gaps), "trust1"), outcome="trust")

    assert (found.reliability[0] is not None) == there
    assert bool(found.drivers) == there
    assert (found.differences[0] is not None) == (there or people == 34)  # in the teams 34 people have a score
    assert (found.reliability[1] is not None) == (people >= 30)


def test_teams_that_are_withheld_are_not_compared() -> None:
    """Nor their people counted; a team with a withheld item is left out where the item belongs."""
    hidden = evidence(survey([12, 12, 12, 3, 3, 12]))
    partly = evidence(without(survey([12, 12, 12, 12]), range(12), "trust1"))

    assert [(each.teams, each.people) for each in hidden.differences] == [(4, 48)] * 2
    assert [(each.teams, each.people) for each in partly.differences] == [(3, 36), (4, 48)]


def test_how_much_teams_differ_follows_from_printed_figures_so_that_it_tells_nothing_of_the_rest() -> None:
    """Else the spread inside all groups, less that inside the teams, would be that of the six in no printed team."""
    findings = analyze(survey([12, 14, 11, 3, 3]), PLAIN)
    teams = [
        row for row, unit in enumerate(findings.units) if unit.kind == "team" and findings.dimensions.shown[row, 0]
    ]
    n, mean = findings.dimensions.n[teams, 0], findings.dimensions.mean[teams, 0]
    between = (n * (mean - np.average(mean, weights=n)) ** 2).sum() / 2
    within = findings.dimensions.within_sd[0] ** 2

    found = findings.evidence.differences[0]

    assert (findings.dimensions.n[0, 0], n.tolist()) == (43, [12, 14, 11])
    assert (found.icc1, found.icc2) == pytest.approx(
        ((between - within) / (between + (37 / 3 - 1) * within), (between - within) / between)
    )


def test_more_predictors_than_a_tenth_of_the_people_are_too_many() -> None:
    """With 30 people three statements can be weighed, with 29 (in a looser rule) they cannot."""
    loose = replace(PLAIN, joint_from=20)

    assert evidence(survey([15, 15]), loose).drivers
    assert not evidence(survey([15, 14]), loose).drivers


sizes = st.lists(st.integers(1, 14), min_size=2, max_size=7)


def homes(findings: Findings, paths: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The smallest printed unit that each person is in."""
    printed = {unit.path for unit in findings.units if not isinstance(unit.n, Withheld) and unit.kind != "rest"}
    return [next(path[:depth] for depth in (2, 1, 0) if path[:depth] in printed) for path in paths]


@settings(max_examples=40)
@given(sizes=sizes, seed=st.integers(0, 10_000), blanks=st.sampled_from([0.0, 0.05]))
def test_whatever_withheld_people_answer_the_evidence_stays_the_same(
    sizes: list[int], seed: int, blanks: float
) -> None:
    """Whole answers exchanged with others of the same remainder change not a bit of it."""
    found = survey([12, *sizes], seed=seed, blanks=blanks)
    paths = list(zip(found.groups["Department"], found.groups["Team"], strict=True))
    findings = analyze(found, PLAIN, outcome="results1")
    home = homes(findings, paths)
    hidden = [person for person, path in enumerate(paths) if home[person] != path]
    pairs = [(a, b) for a, b in product(hidden, range(len(paths))) if home[a] == home[b] and paths[a] != paths[b]]
    points = found.points.to_numpy().copy()
    for at in np.random.default_rng(seed).permutation(len(pairs))[:5]:
        points[list(pairs[at])] = points[list(pairs[at][::-1])]

    again = analyze(
        replace(found, points=found.points.assign(**dict(zip(found.points, points.T, strict=True)))),
        PLAIN,
        outcome="results1",
    )

    assert bits(again.evidence) == bits(findings.evidence)


@settings(max_examples=60)
@given(
    sizes=sizes,
    seed=st.integers(0, 10_000),
    blanks=st.sampled_from([0.0, 0.02, 0.3]),
    coalition=st.sampled_from([0, 2]),
    asked=st.sampled_from([0, 15]),
)
def test_evidence_never_holds_a_number_that_the_rules_forbid(
    sizes: list[int], seed: int, blanks: float, coalition: int, asked: int
) -> None:
    """Checked from the rows: few people, few with gaps, withheld rows, too few answers for a view, no headcount."""
    found = survey([16, *sizes], seed=seed, blanks=blanks)
    policy = Policy(coalition=coalition, cover=0.1)
    counts = dict.fromkeys(zip(found.groups["Department"], found.groups["Team"], strict=True), asked)
    headcounts = Headcounts((True, True), tuple(counts.items())) if asked else None
    findings = analyze(found, policy, outcome="results2", key="5f" * 16, headcounts=headcounts)
    evidence, points = findings.evidence, found.points.to_numpy() > 0
    items = found.points.columns.tolist()

    def joined(names: list[str]) -> bool:
        mine = points[:, [items.index(name) for name in names]]
        gaps = int((mine.any(axis=1) & ~mine.all(axis=1)).sum())
        fewest = int((mine.T.astype(int) @ mine).min())
        return fewest >= 30 and (gaps == 0 or gaps >= policy.smallest)

    for place, name in enumerate(("trust", SPEAKING_UP)):
        mine = [item.id for item in ASKED.items_of(name)]
        assert evidence.reliability[place] is None or joined(mine)
        assert evidence.differences[place] is None or evidence.differences[place].people >= 30
    for each in evidence.drivers:
        mine = [item.id for item in ASKED.items_of(each.outcome)] or [each.outcome]
        assert joined([*mine, *(driver.item for driver in each.items)])
        assert len(each.items) * 10 <= each.people
    shown = findings.dimensions.shown
    few = findings.dimensions.n < policy.detail_from
    teams = np.array([unit.kind == "team" for unit in findings.units])
    assert (evidence.view[~shown] == NOT_SHOWN).all()
    assert not np.isfinite(evidence.deviation[~(evidence.view > 0)]).any()
    assert not np.isfinite(evidence.agreement[~(evidence.view > 0)]).any()
    assert not ((evidence.view > 0) & few & (blanks == 0)).any()
    assert not np.isfinite(evidence.shrunken[~(shown & teams[:, None])]).any()
    assert not np.isfinite(evidence.if_low[~shown]).any()
    assert asked or not np.isfinite(evidence.if_high).any()
