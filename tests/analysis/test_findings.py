"""`analyze` publishes what it may, all of it right, and not a bit of anything else."""

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest
from handmade import (
    Person,
    bits,
    from_arrays,
    instrument,
    label,
    people,
    report,
    responses,
    row,
    shown_cells,
    shown_units,
    team,
)
from hypothesis import assume, given, settings, strategies as st
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import NO_STANDING, WITHHELD, Score, Scores, Spread, Withheld
from psafety.surveys.errors import ConfigError, MappingError, PsafetyError
from psafety.surveys.headcounts import Headcounts
from psafety.surveys.responses import Responses
from scipy import stats

TWO_DIMENSIONS = instrument({"trust": 3, "open": 2}, reverse=("trust2",))
NUMBERS = ("mean", "index", "low", "high")
DETAILS = ("sd", "favourable", "neutral", "unfavourable", "favourable_low", "favourable_high")
HIDDEN_TEAM = "D / few"


def some_answers(rng: np.random.Generator, size: int, items: int = 5, *, blanks: float = 0.1) -> np.ndarray:
    """(people × items) answers 1 to 5, some of them blank."""
    answers = rng.integers(1, 6, (size, items))
    return np.where(rng.random((size, items)) < blanks, 0, answers).astype(np.int8)


def survey(sizes: dict[tuple[str, ...], int], seed: int = 1, *, blanks: float = 0.1) -> list[Person]:
    """So many people per unit, with answers to five items."""
    rng = np.random.default_rng(seed)
    paths = [path for path, size in sizes.items() for _ in range(size)]
    return list(zip(paths, some_answers(rng, len(paths), blanks=blanks).tolist(), strict=True))


SIZES = {("D", "few"): 3, ("D", "some"): 7, ("D", "more"): 12, ("E", "many"): 15, ("E", "five"): 5, ("E",): 2}


# Nothing of what is withheld


def assert_no_number_is_there(scores: Scores) -> None:
    """Every array of the scores holds NaN, or 0 for n and no standing, wherever the score is withheld."""
    for field in fields(Scores):
        values = getattr(scores, field.name)
        if field.name in {"columns", "shown", "detailed"} or values is None:
            continue
        hidden = ~scores.detailed if field.name in (*DETAILS, "distribution") else ~scores.shown
        if field.name in {"within_sd", "within_degrees"}:
            hidden = ~scores.detailed[0]
        if field.name == "n":
            assert (values[hidden] == 0).all()
        elif field.name == "standing":
            assert (values[hidden] == NO_STANDING).all()
        else:
            assert np.isnan(values[hidden]).all(), field.name
    assert not (scores.detailed & ~scores.shown).any()


@settings(deadline=None, max_examples=30)
@given(
    sizes=st.dictionaries(
        st.tuples(st.sampled_from("DEF"), st.sampled_from(["", "a", "b", "c"])), st.integers(1, 12), min_size=2
    ),
    seed=st.integers(0, 99),
)
def test_arrays_hold_no_number_where_a_value_is_withheld(sizes: dict[tuple[str, ...], int], seed: int) -> None:
    """Every array of the findings is scanned: NaN, or 0, wherever a score or its spread is not published."""
    found = survey(sizes, seed, blanks=0.4)
    if len(found) < 5:
        return
    findings = analyze(responses(found, TWO_DIMENSIONS))

    assert_no_number_is_there(findings.items)
    assert_no_number_is_there(findings.dimensions)
    for position, unit in enumerate(findings.units):
        if isinstance(unit.n, Withheld):
            assert not findings.items.shown[position].any()
            assert not findings.dimensions.shown[position].any()


def test_a_withheld_team_keeps_its_name_alone() -> None:
    """A team that is withheld says neither how many answered nor how many were asked, and no score."""
    asked = Headcounts((True, True), tuple(((*path, ""), 20) if len(path) < 2 else (path, 20) for path in SIZES))

    findings = analyze(responses(survey(SIZES), TWO_DIMENSIONS), headcounts=asked)

    hidden = row(findings, HIDDEN_TEAM)
    assert (findings.units[hidden].n, findings.units[hidden].headcount) == (WITHHELD, WITHHELD)
    assert all(findings.items.at(hidden, column) is WITHHELD for column in range(5))
    assert all(findings.dimensions.at(hidden, column) is WITHHELD for column in range(2))


def swapped(found: list[Person], one: int, other: int) -> list[Person]:
    """The same survey with the whole answers of two people exchanged."""
    copy = list(found)
    copy[one], copy[other] = (found[one][0], found[other][1]), (found[other][0], found[one][1])
    return copy


@settings(deadline=None, max_examples=30)
@given(
    few=st.integers(1, 4),
    others=st.lists(st.integers(1, 14), min_size=1, max_size=4),
    elsewhere=st.integers(5, 12),
    min_answered=st.sampled_from([0.2, 0.5, 1.0]),
    seed=st.integers(0, 999),
)
def test_what_the_people_of_a_withheld_team_answer_changes_not_a_bit(
    few: int, others: list[int], elsewhere: int, min_answered: float, seed: int
) -> None:
    """Exchange all answers of two people in the same residue, whatever their teams: the findings stay the same bits."""
    asked = instrument({"trust": 7, "open": 3}, reverse=("trust2",), min_answered=min_answered)
    sizes = {("D", "few"): few, **{("D", f"t{i}"): size for i, size in enumerate(others)}, ("E", "t"): elsewhere}
    rng = np.random.default_rng(seed)
    paths = [path for path, size in sizes.items() for _ in range(size)]
    found = list(zip(paths, some_answers(rng, len(paths), 10, blanks=0.2).tolist(), strict=True))
    findings = analyze(responses(found, asked))
    published = {tuple(name.split(" / ")) for name in shown_units(findings) if name and not name.endswith("rest")}
    homes = [next((path[:depth] for depth in (2, 1) if path[:depth] in published), ()) for path in paths]

    withheld = [person for person, path in enumerate(paths) if homes[person] != path]
    pairs = [(one, other) for one, other in product(withheld, range(len(paths))) if homes[one] == homes[other]]
    moved = [(one, other) for one, other in pairs if paths[one] != paths[other]]

    for number in rng.permutation(len(moved))[:3]:
        assert bits(analyze(responses(swapped(found, *moved[number]), asked))) == bits(findings)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 999))
def test_what_stands_in_a_withheld_cell_changes_no_mean(seed: int) -> None:
    """Exchange answers to one item between a team withheld for it and others of its residue: means and shares stay."""
    rng = np.random.default_rng(seed)
    paths = [("D", "A")] * 12 + [("D", "B")] * 9 + [("D", "C")] * 12
    answers = some_answers(rng, 33, blanks=0)
    answers[3:12, 2] = 0  # three of team A answered the third item
    moved = answers.copy()
    moved[:2, 2], moved[12:14, 2] = answers[12:14, 2], answers[:2, 2]
    one, other = (
        analyze(responses(list(zip(paths, rows.tolist(), strict=True)), TWO_DIMENSIONS)) for rows in (answers, moved)
    )

    assert shown_units(one).keys() == {"", "D", "D / A", "D / B", "D / C"}
    assert not one.items.shown[row(one, "D / A"), 2]
    assume((one.items.shown == other.items.shown).all() and not one.items.shown[row(one, "D / B"), 2])
    assert bits(replace(one, dimensions=one.items)) == bits(replace(other, dimensions=other.items))
    for name in ("n", "mean", "index", "favourable", "neutral", "unfavourable"):
        assert getattr(one.dimensions, name).tobytes() == getattr(other.dimensions, name).tobytes()


def test_the_hidden_team_of_the_property_is_hidden() -> None:
    """The property above speaks of something: its small team is withheld, and swapping moves answers between teams."""
    findings = report(people(("D", "few"), 3), people(("D", "t0"), 7), people(("E", "t"), 8))

    assert HIDDEN_TEAM not in shown_units(findings)


# P5: the spread from ten answers on


@pytest.mark.parametrize(
    ("answers", "shown", "spread"),
    [
        (4, False, False),
        (5, True, False),
        (9, True, False),
        (10, True, True),
    ],
)
def test_a_score_is_shown_from_5_answers_and_its_spread_from_10(answers: int, shown: bool, spread: bool) -> None:
    """A team of 12 of whom so many answered the item: the mean from 5 answers on, shares and deviation from 10."""
    some = team(("D", "A"), *([1, 5] * 6)[:answers], *[0] * (12 - answers))
    findings = report(some, people(("D", "B"), 20), people(("E", "C"), 20))

    score = findings.items.at(row(findings, "D / A"), 0)
    dimension = findings.dimensions.at(row(findings, "D / A"), 0)

    assert isinstance(score, Score) == isinstance(dimension, Score) == shown
    if isinstance(score, Score) and isinstance(dimension, Score):
        assert score.n == dimension.n == answers
        assert isinstance(score.spread, Spread) == isinstance(dimension.spread, Spread) == spread


def test_the_spread_is_that_of_the_answers() -> None:
    """Shares, deviation and distribution of a team of ten are those of its ten answers, lowest point first."""
    findings = report(team(("D", "A"), 1, 1, 2, 3, 4, 4, 4, 5, 5, 5), people(("D", "B"), 20))

    score = findings.items.at(row(findings, "D / A"), 0)

    assert isinstance(score, Score)
    assert isinstance(score.spread, Spread)
    assert (score.mean, score.index) == pytest.approx((3.4, 60.0))
    assert score.spread.sd == pytest.approx(np.std([1, 1, 2, 3, 4, 4, 4, 5, 5, 5], ddof=1))
    assert (score.spread.unfavourable, score.spread.neutral, score.spread.favourable) == pytest.approx((0.3, 0.1, 0.6))
    assert score.spread.distribution == pytest.approx((0.2, 0.1, 0.1, 0.3, 0.3))


def test_a_reverse_keyed_item_is_turned_for_the_mean_and_printed_as_ticked() -> None:
    """Agreeing with a reverse-keyed item is unfavourable; its distribution stands as people saw the scale."""
    asked = instrument({"trust": 1}, reverse=("trust1",), points=4, low=0)
    ticked = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4]  # points of the scale 0 to 3, the first one ticked by four

    findings = analyze(responses(team("A", *ticked), asked, levels=("Team",)))

    score = findings.items.at(0, 0)
    assert isinstance(score, Score)
    assert isinstance(score.spread, Spread)
    assert score.spread.distribution == pytest.approx((4 / 12, 2 / 12, 2 / 12, 4 / 12))
    assert score.mean == pytest.approx(3 - np.mean([tick - 1 for tick in ticked]))
    assert score.index == pytest.approx(100 * score.mean / 3)
    assert score.spread.unfavourable == pytest.approx(6 / 12)


# P7: a dimension's score


@pytest.mark.parametrize("sizes", [SIZES, {("D", "a"): 9, ("D", "b"): 8, ("E", "c"): 10}])
def test_a_dimension_score_is_the_mean_of_its_printed_item_means(sizes: dict[tuple[str, ...], int]) -> None:
    """Every printed dimension score, the organisation's too, is the mean of that row's printed item means."""
    findings = analyze(responses(survey(sizes), TWO_DIMENSIONS))

    for position, (column, of) in product(range(len(findings.units)), enumerate([slice(0, 3), slice(3, 5)])):
        if findings.dimensions.shown[position, column]:
            expected = np.nanmean(findings.items.mean[position, of])
            assert findings.dimensions.mean[position, column] == pytest.approx(expected, abs=1e-12)
            assert findings.dimensions.index[position, column] == pytest.approx((expected - 1) * 25, abs=1e-10)


@pytest.mark.parametrize(("printed", "shown"), [(3, True), (2, True), (1, False), (0, False)])
def test_a_dimension_needs_two_thirds_of_its_items(printed: int, shown: bool) -> None:
    """Of three items, two must be printed for the team before its dimension score is."""
    asked = instrument({"trust": 3}, min_answered=1 / 3)
    some = [
        (("D", "A"), tuple(1 + (person + item) % 5 if item < printed or person < 4 else 0 for item in range(3)))
        for person in range(12)
    ]
    many = [(("D", "B"), (1 + person % 5,) * 3) for person in range(30)]

    findings = analyze(responses(some + many, asked))

    position = row(findings, "D / A")
    assert findings.items.shown[position].sum() == printed
    assert findings.dimensions.shown[position, 0] == shown
    if shown:
        expected = findings.items.mean[position, :printed].mean()
        assert findings.dimensions.mean[position, 0] == pytest.approx(expected, abs=1e-12)


def persons(found: list[Person], items: slice, reverse: tuple[int, ...] = ()) -> np.ndarray:
    """Per person the mean of the items answered, NaN where fewer than half are."""
    answers = np.array([answer for _, answer in found], float)
    answers[:, reverse] = np.where(answers[:, reverse] > 0, 6 - answers[:, reverse], 0)
    mine = np.where(answers[:, items] > 0, answers[:, items], np.nan)
    answered = (~np.isnan(mine)).sum(axis=1)
    totals = np.nansum(mine, axis=1)
    return np.where(answered >= mine.shape[1] / 2, totals / np.maximum(answered, 1), np.nan)


def residue_of(findings: Findings, path: tuple[str, ...]) -> str:
    """The printed row that a person counts for and no smaller one."""
    shown = shown_units(findings)
    return next(name for depth in (2, 1, 0) if (name := " / ".join(path[:depth])) in shown)


@pytest.mark.parametrize("blanks", [0.0, 0.15])
def test_intervals_of_units_use_the_deviation_pooled_within_atoms(blanks: float) -> None:
    """A unit's interval is mean ± t · pooled deviation of persons' scores / √n; the organisation's uses its own."""
    found = survey(SIZES, blanks=blanks)
    findings = analyze(responses(found, TWO_DIMENSIONS))
    scores = persons(found, slice(0, 3), reverse=(1,))
    there = ~np.isnan(scores)
    atoms = np.array([residue_of(findings, path) for path, _ in found])
    groups = [scores[there & (atoms == atom)] for atom in np.unique(atoms[there])]
    degrees = there.sum() - len(groups)
    pooled = np.sqrt(sum(((group - group.mean()) ** 2).sum() for group in groups) / degrees)

    for name in shown_units(findings):
        position = row(findings, name)
        score = findings.dimensions.at(position, 0)
        assert isinstance(score, Score)
        sd, df = (pooled, degrees) if name else (np.std(scores[there], ddof=1), there.sum() - 1)
        reach = stats.t.ppf(0.975, df) * sd / np.sqrt(score.n) * 25
        assert (score.low, score.high) == pytest.approx((score.index - reach, score.index + reach), abs=1e-9)


def test_intervals_of_items_use_the_deviation_pooled_within_the_items_own_atoms() -> None:
    """The same for an item, with the groups in which that item is printed."""
    found = survey(SIZES)
    findings = analyze(responses(found, TWO_DIMENSIONS))
    answers = np.array([answer[0] for _, answer in found], float)
    printed = shown_cells(findings)
    atoms = [next(n for d in (2, 1, 0) if (n := " / ".join(path[:d])) in printed) for path, _ in found]
    groups = [answers[(np.array(atoms) == atom) & (answers > 0)] for atom in sorted(set(atoms))]
    degrees = (answers > 0).sum() - len(groups)
    pooled = np.sqrt(sum(((group - group.mean()) ** 2).sum() for group in groups) / degrees)

    for name in printed.keys() - {""}:
        score = findings.items.at(row(findings, name), 0)
        assert isinstance(score, Score)
        reach = stats.t.ppf(0.975, degrees) * pooled / np.sqrt(score.n) * 25
        assert (score.low, score.high) == pytest.approx((max(score.index - reach, 0), min(score.index + reach, 100)))


@pytest.mark.parametrize(
    ("size", "incomplete", "shown"),
    [
        (40, 0, True),
        (40, 1, False),  # A15: items and persons' scores together would give the one person's answers
        (40, 4, False),
        (40, 5, True),
        (30, 0, True),
        (29, 0, False),  # figures across items are made from 30 people on
    ],
)
def test_the_deviation_of_a_dimension_is_the_organisations_alone(size: int, incomplete: int, shown: bool) -> None:
    """Persons' scores give a deviation for the organisation, if nobody or at least 5 left gaps; never for a unit."""
    asked = instrument({"trust": 3})
    rng = np.random.default_rng(7)
    answers = rng.integers(1, 6, (size, 3))
    answers[:incomplete, 2] = 0
    found = [(("D", f"t{person % 2}"), tuple(answer)) for person, answer in enumerate(answers)]

    findings = analyze(responses(found, asked))

    sd = findings.dimensions.sd
    expected = np.std(persons(found, slice(0, 3)), ddof=1)
    assert sd[0, 0] == pytest.approx(expected if shown else np.nan, nan_ok=True)
    assert np.isnan(sd[1:]).all()
    assert findings.dimensions.detailed[:, 0].all()
    assert not np.isnan(findings.dimensions.low).any()


def test_a15_no_figure_gives_the_answers_of_the_one_who_skipped_a_question() -> None:
    """A15: sums 19, 23 and 19 over items beside a mean of 3.8667 over persons give one person's Q1 + Q2 = 3."""
    complete = [(4, 5, 4), (4, 4, 4), (4, 4, 4), (3, 4, 4), (3, 4, 3)]
    found = [(("A",), answers) for answers in [*complete, (1, 2, 0)]]
    items = np.array([answers for _, answers in found])
    assert items.sum(axis=0).tolist() == [19, 23, 19]
    assert round(np.mean(complete), 4) == 3.8667
    assert items.sum() - round(15 * 3.8667) == 3

    findings = analyze(responses(found, instrument({"trust": 3}, min_answered=1.0), levels=("Team",)))

    printed = np.concatenate([getattr(findings.dimensions, name).ravel() for name in (*NUMBERS, *DETAILS)])
    assert findings.dimensions.mean[0, 0] == pytest.approx((19 / 6 + 23 / 6 + 19 / 5) / 3)
    assert not np.isclose(printed, 58 / 15, atol=1e-3).any()
    assert np.isnan(findings.dimensions.sd).all()


@pytest.mark.parametrize("size", [20, 40])  # below and above the 30 people from whom persons' scores are used
@pytest.mark.parametrize("few", [(1, 2, 3), (5, 5, 1), (2, 2, 2)])
def test_what_few_answered_enters_no_figure(size: int, few: tuple[int, ...]) -> None:
    """An item that three people answered is not printed, and what they answered moves no interval of its dimension."""
    asked = instrument({"trust": 3})
    answers = np.random.default_rng(3).integers(1, 6, (size, 3))
    answers[:, 2] = 0
    one, other = answers.copy(), answers.copy()
    one[:3, 2], other[:3, 2] = (4, 1, 5), few
    names = [["A", "B"] * (size // 2)]

    expected, found = (analyze(from_arrays(rows, names, asked, ("Team",))) for rows in (one, other))

    assert found.items.shown.sum(axis=0).tolist() == [3, 3, 0]
    assert found.dimensions.shown.all()
    assert bits(found) == bits(expected)


def test_an_interval_is_there_where_persons_scores_have_no_freedom() -> None:
    """One person per team answered a module: its items are printed for the departments, and so is an interval."""
    asked = instrument({"trust": 1, "module": 2})
    found = [
        ((department, f"team {team}"), (1 + (team + person) % 5, *((0, 0) if person else (2 + team % 3, 1 + team % 4))))
        for department in "XY"
        for team in range(6)
        for person in range(6)
    ]

    findings = analyze(responses(found, asked))

    assert findings.dimensions.shown[:, 1].sum() == 3
    assert not np.isnan(findings.dimensions.low[findings.dimensions.shown]).any()


# Rows


@settings(deadline=None, max_examples=30)
@given(
    sizes=st.dictionaries(
        st.tuples(st.sampled_from("DEF"), st.sampled_from(["", "a", "b", "c"])), st.integers(1, 12), min_size=2
    ),
    seed=st.integers(0, 99),
)
def test_every_printed_figure_is_that_of_the_people_it_speaks_of(sizes: dict[tuple[str, ...], int], seed: int) -> None:
    """n and item means of every row, `rest` rows included, are those of its people, counted again from the answers."""
    found = survey({tuple(name for name in path if name): size for path, size in sizes.items()}, seed, blanks=0.2)
    if len(found) < 5:
        return
    findings = analyze(responses(found, TWO_DIMENSIONS))
    printed = [name for name in shown_units(findings) if not name.endswith("rest")]

    for name, n in shown_units(findings).items():
        position = row(findings, name)
        unit = name.removesuffix("rest").removesuffix(" / ")
        parts = [part for part in printed if part.startswith(unit) and part != unit] if name.endswith("rest") else []
        inside = [person for person in found if is_in(person, unit) and not any(is_in(person, part) for part in parts)]
        assert n == len(inside)
        for column in np.flatnonzero(findings.items.shown[position]):
            answers = [answer[column] for _, answer in inside if answer[column] > 0]
            keyed = [6 - answer for answer in answers] if column == 1 else answers
            assert findings.items.n[position, column] == len(answers)
            assert findings.items.mean[position, column] == pytest.approx(np.mean(keyed), abs=1e-12)


def is_in(person: Person, name: str) -> bool:
    path = tuple(name.split(" / ")) if name else ()
    return person[0][: len(path)] == path


def test_a_rest_row_is_silent_on_an_item_for_which_it_would_be_other_people() -> None:
    """A printed team that is withheld for one item joins the others there, so the rest row does not show that item."""
    asked = instrument({"trust": 2})
    found = [
        *((("D",), (1 + person % 5, 1 + person % 5)) for person in range(6)),
        *((("D", "alike"), (4, 1 + person % 5)) for person in range(9)),  # all ticked 4 for the first item
        *((("D", "b"), (1 + person % 5, 1 + person % 5)) for person in range(10)),
    ]

    findings = analyze(responses(found, asked))

    assert shown_units(findings) == {"": 25, "D": 25, "D / alike": 9, "D / b": 10, "D / rest": 6}
    assert findings.items.shown[row(findings, "D / alike")].tolist() == [False, True]
    assert findings.items.shown[row(findings, "D / rest")].tolist() == [False, True]


def test_units_stand_in_the_order_a_person_expects() -> None:
    """By name, numbers by their value, case and accents aside; parents before their parts, `rest` last."""
    names = ["Team 10", "Team 2", "ärzte", "Bau", "apotheke", "Zoll", "Team 1"]
    found = [person for name in names for person in people(("D", name), 6)] + people("D", 5) + people("C", 7)

    findings = report(found)

    assert [label(findings.units, position) for position in range(len(findings.units))] == [
        "",
        "C",
        "D",
        *(f"D / {name}" for name in ["apotheke", "ärzte", "Bau", "Team 1", "Team 2", "Team 10", "Zoll", "rest"]),
    ]


def test_rest_rows_stand_behind_the_parts_of_their_unit() -> None:
    """The rest of a department comes after its teams, the rest of a division after its departments."""
    levels = ("Division", "Department", "Team")
    found = (
        people(("V", "D", "a"), 9)
        + people(("V", "D"), 5)
        + people(("V",), 6)
        + people(("W", "E", "b"), 9)
        + people((), 7)
    )

    findings = report(found, levels=levels)

    assert [label(findings.units, position) for position in range(len(findings.units))] == [
        *("", "V", "V / D", "V / D / a", "V / D / rest", "V / rest", "W", "W / E", "W / E / b", "rest"),
    ]
    assert [unit.kind for unit in findings.units] == [
        *("organisation", "unit", "unit", "team", "rest", "rest", "unit", "unit", "team", "rest"),
    ]
    assert [unit.depth for unit in findings.units] == [0, 1, 2, 3, 3, 2, 1, 2, 3, 1]
    assert [unit.level for unit in findings.units] == [
        *("", "Division", "Department", "Team", "", "", "Division", "Department", "Team", ""),
    ]


def test_people_without_a_team_count_for_the_units_they_named() -> None:
    """A blank team puts people in the department, a blank department their team below the organisation."""
    found = people(("D", "a"), 8) + people(("D", ""), 6) + people(("", "free"), 7) + people(("", ""), 5)

    findings = report(found)

    assert shown_units(findings) == {"": 26, "free": 7, "D": 14, "D / a": 8, "D / rest": 6, "rest": 5}
    assert findings.quality.unplaced == 11


def test_teams_of_the_same_name_in_two_departments_are_two_teams() -> None:
    """A name stands for the unit under the names before it."""
    findings = report(people(("D", "North"), 6), people(("E", "North"), 7))

    assert shown_units(findings) == {"": 13, "D": 6, "D / North": 6, "E": 7, "E / North": 7}


def test_a_survey_without_groups_is_the_organisation_alone() -> None:
    """Without unit columns there is one row, and nobody to compare it with."""
    findings = report(people((), 8), levels=())

    assert shown_units(findings) == {"": 8}
    assert findings.items.standing.tolist() == [[NO_STANDING]]


# Waves


def two_waves(first: str, second: str) -> Responses:
    found = people("A", 7) + people("A", 9)
    return responses(found, levels=("Team",), waves=[first] * 7 + [second] * 9)


def test_the_last_wave_is_reported_and_the_others_are_named() -> None:
    """Of several waves in a plain order the last is taken, alone."""
    findings = analyze(two_waves("2026-Q2", "2026-Q1"))

    assert (findings.wave, findings.other_waves) == ("2026-Q2", ("2026-Q1",))
    assert findings.units[0].n == 7
    assert findings.quality.cells == 7


def test_a_wave_can_be_chosen() -> None:
    """Any wave of the file can be reported on by its name."""
    findings = analyze(two_waves("spring", "autumn"), wave="autumn")

    assert (findings.wave, findings.other_waves, findings.units[0].n) == ("autumn", ("spring",), 9)


def test_an_unclear_order_of_waves_is_asked_about() -> None:
    """Waves whose names do not tell which is the last are not guessed at."""
    with pytest.raises(ConfigError, match="which is the last"):
        analyze(two_waves("spring", "autumn"))


def test_a_wave_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    """A misspelt wave is said, with what there is."""
    with pytest.raises(ConfigError) as caught:
        analyze(two_waves("spring", ""), wave="Spring")

    assert "“Spring”" in caught.value.problem
    assert caught.value.hint == "It holds: (empty), “spring”."


@pytest.mark.parametrize(("number", "word"), [(1, "1 person answered"), (4, "4 people answered")])
def test_too_few_people_get_no_report(number: int, word: str) -> None:
    """Below k people in all nothing can be shown, and that is said."""
    with pytest.raises(PsafetyError) as caught:
        report(people("A", number))

    assert word in caught.value.problem


def test_too_few_people_in_the_wave_get_no_report() -> None:
    """What counts is the wave that is reported on."""
    with pytest.raises(PsafetyError, match="Only 2 people"):
        analyze(responses(people("A", 9), levels=("Team",), waves=["1"] * 7 + ["2"] * 2))


def test_an_item_on_which_all_agree_is_withheld_for_the_organisation_too() -> None:
    """Where everybody ticked the same point, printing the item would print everybody's answer."""
    findings = report(team("A", 4, 4, 4, 4, 4), team("B", 4, 4, 4, 4, 4, 4), levels=("Team",))

    assert shown_units(findings) == {"": 11, "A": 5, "B": 6}
    assert not findings.items.shown.any()
    assert not findings.dimensions.shown.any()


# Headcounts


TEAMS = people(("D", "a"), 8) + people(("D", "b"), 7) + people(("D", "c"), 3) + people(("E", "d"), 6)
ASKED = Headcounts(
    (True, True), ((("D", "a"), 8), (("D", "b"), 10), (("D", "c"), 9), (("D", "silent"), 4), (("E", "d"), 5))
)


def test_headcounts_are_those_of_the_people_of_a_row() -> None:
    """Units sum their teams, those that nobody answered from too; a rest row has what is left; no team, no number."""
    findings = analyze(responses(TEAMS), headcounts=ASKED)

    known = {label(findings.units, position): unit.headcount for position, unit in enumerate(findings.units)}
    assert known == {
        "": 36,
        "D": 31,
        "D / a": 8,
        "D / b": WITHHELD,
        "D / c": WITHHELD,
        "D / rest": 23,
        "E": 5,
        "E / d": 5,
    }


def test_headcounts_by_team_alone_tell_nothing_of_departments() -> None:
    """A file that names only the teams gives the teams' and the organisation's numbers."""
    asked = Headcounts((False, True), ((("a",), 8), (("b",), 10), (("c",), 9)))

    findings = analyze(responses(TEAMS), headcounts=asked)

    assert [findings.units[row(findings, name)].headcount for name in ("", "D", "D / a", "D / rest", "E / d")] == [
        *(27, None, 8, None, None)
    ]


def test_headcounts_that_cannot_tell_two_teams_apart_are_refused() -> None:
    """Two teams called North and headcounts without departments: the person is asked for them."""
    asked = Headcounts((False, True), ((("North",), 20),))

    with pytest.raises(MappingError, match="“North”"):
        analyze(responses(people(("D", "North"), 6) + people(("E", "North"), 7)), headcounts=asked)


def widths(findings: Findings, name: str) -> tuple[float, float]:
    """The width of the interval of the index and of the favourable share."""
    position = row(findings, name)
    return (
        float(findings.items.high[position, 0] - findings.items.low[position, 0]),
        float(findings.items.favourable_high[position, 0] - findings.items.favourable_low[position, 0]),
    )


def test_nothing_is_left_to_chance_where_everybody_answered() -> None:
    """With a finite population, the intervals of a team of which all answered have no width; others are narrower."""
    found = people(("D", "a"), 12) + people(("D", "b"), 12) + people(("E", "c"), 12)
    asked = Headcounts((True, True), ((("D", "a"), 12), (("D", "b"), 16)))
    endless, finite = (
        analyze(responses(found), headcounts=asked, finite_population=wanted) for wanted in (False, True)
    )

    assert finite.finite_population
    assert widths(finite, "D / a") == pytest.approx((0, 0), abs=1e-12)
    assert widths(finite, "D / b")[0] == pytest.approx(widths(endless, "D / b")[0] / 2)  # a quarter did not answer
    assert widths(finite, "D / b")[1] < widths(endless, "D / b")[1]
    assert widths(finite, "E / c") == widths(endless, "E / c")  # not known how many were asked


def test_a_headcount_below_the_number_of_answers_narrows_nothing() -> None:
    """More answers than people asked means the headcount is wrong: the interval is made without it."""
    found = people(("D", "a"), 12) + people(("E", "b"), 12)
    asked = Headcounts((True, True), ((("D", "a"), 11), (("E", "b"), 40)))

    endless, finite = (
        analyze(responses(found), headcounts=asked, finite_population=wanted) for wanted in (False, True)
    )

    assert widths(finite, "D / a") == widths(endless, "D / a")
    assert widths(finite, "E / b") < widths(endless, "E / b")


def test_a_finite_population_needs_headcounts() -> None:
    """Intervals cannot be narrowed by the share who answered where nobody said how many were asked."""
    with pytest.raises(ConfigError, match="headcounts"):
        analyze(responses(TEAMS), finite_population=True)


# Standing


def organisation(rng: np.random.Generator, *, crowded: bool, teams: int = 50, size: int = 10) -> np.ndarray:
    """Answers of people who differ only by chance; `crowded` at the favourable end of the scale."""
    people = teams * size
    answers = 0.7 * rng.normal(size=(people, 1)) + 0.8 * rng.normal(size=(people, 6))
    return np.clip(np.round(answers + (4.6 if crowded else 3.4)), 1, 5).astype(np.int8)


@pytest.mark.parametrize("crowded", [False, True])
def test_where_no_team_differs_few_reports_name_a_difference(crowded: bool) -> None:
    """Of 100 surveys of 50 teams alike, about 5 name any difference; also where answers crowd at one end."""
    asked = instrument({"trust": 3, "open": 3})
    rng = np.random.default_rng(2026)
    names = [f"Team {number // 10}" for number in range(500)]
    naming = 0
    for _ in range(100):
        findings = analyze(from_arrays(organisation(rng, crowded=crowded), [names], asked, ("Team",)))
        standing = np.hstack([findings.dimensions.standing, findings.items.standing])
        naming += bool((np.abs(standing) == 1).any())

    assert naming <= 10  # with 5 expected, more than 10 come up in 1 of 90 such runs


def test_a_team_that_truly_differs_is_found() -> None:
    """A team far below 49 others is named as below them, and no other is."""
    asked = instrument({"trust": 3, "open": 3})
    answers = organisation(np.random.default_rng(1), crowded=False)
    answers[:10] = np.maximum(answers[:10] - 2, 1)
    names = [f"Team {number // 10}" for number in range(500)]

    findings = analyze(from_arrays(answers, [names], asked, ("Team",)))

    found = row(findings, "Team 0")
    assert findings.dimensions.standing[found].tolist() == [-1, -1]
    score = findings.dimensions.at(found, 0)
    assert isinstance(score, Score)
    assert score.standing == "below"
    assert (np.delete(findings.dimensions.standing, [0, found], axis=0) == 0).all()


def test_the_organisation_and_rest_rows_are_compared_with_nobody() -> None:
    """Only units and teams have a standing."""
    findings = report(people(("D", "a"), 3), people(("D", "b"), 9), people(("D", "c"), 9), people(("E", "d"), 9))

    for position, unit in enumerate(findings.units):
        score = findings.items.at(position, 0)
        if isinstance(score, Score):
            assert (score.standing is None) == (unit.kind in {"organisation", "rest"})
