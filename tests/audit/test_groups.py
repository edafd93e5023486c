"""Groups across the organisation: what the audit proves of ours, and how it refutes those of a threshold alone."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import permutations, product
from pathlib import Path

import numpy as np
import psafety.analysis.findings as road
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit import worlds
from psafety.audit.proof import Rules, audit_output
from psafety.audit.verdict import Verdict, to_lines
from psafety.audit.worlds import Clock, Puzzle, solve, window
from psafety.reports.files import write_reports
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey
from surveyed import FORMATS, Person, digests, in_words, people, questionnaire, team, threshold_only, write_survey

LEVELS = ("Department", "Team", "Gender")


def read_with(items: int = 1) -> Wishes:
    """With the gender as a cut."""
    return Wishes(instrument=questionnaire(items), units=("Department",), team="Team", cuts=("Gender",))


@contextmanager
def every_group(smallest: int) -> Iterator[None]:
    """All groups of at least that many are printed: the usual way."""
    ours = road.publish_cuts

    def publish(cells, hierarchy, published, item_shown, policy, **others):
        wide = replace(policy, cut_group=smallest, cut_unit=smallest)
        rows = ours(cells, hierarchy, published, item_shown, wide, **others)
        shown = rows.counts.sum(axis=-1) >= smallest
        return replace(rows, people_shown=rows.n >= smallest, item_shown=shown, unfinished=())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(road, "publish_cuts", publish)
        yield


def write(survey: Path, folder: Path, smallest: int = 5) -> Path:
    """Our report, with groups."""
    findings = analyze(load_survey(survey, read_with()), Policy.of(min_group=smallest))
    write_reports(findings, folder, formats=FORMATS, version="0.1.0")
    return folder


def both(tmp_path: Path, found: Sequence[Person], smallest: int = 5) -> tuple[Verdict, Verdict]:
    """The verdicts on the report that prints every group from the smallest on, and on ours."""
    survey = write_survey(tmp_path, found, LEVELS)
    with threshold_only(), every_group(smallest):
        usual = write(survey, tmp_path / "usual", smallest)
    ours = write(survey, tmp_path / "ours", smallest)
    return audit_output(usual, survey, read_with()), audit_output(ours, survey, read_with())


def group(department: str, team_: str, gender: str, size: int) -> list[Person]:
    """So many people of one team and gender."""
    return people((department, team_, gender), size)


def test_a5_two_of_three_genders_leave_the_third(tmp_path: Path) -> None:
    """A5: 44 women, 53 men and 3 others: all less women less men is three people."""
    found = group("D", "a", "F", 44) + group("D", "a", "M", 53) + group("D", "a", "X", 3)
    usual, ours = both(tmp_path, found)

    assert "The organisation − F (the organisation) − M (the organisation) = 3 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)
    assert ours.cuts == ("Gender",)


def test_a6_women_and_a_team_differ_by_three(tmp_path: Path) -> None:
    """A6: a team of eight women and a man, two women elsewhere: women less the team supports three people."""
    found = group("D", "X", "Women", 8) + group("D", "X", "Men", 1)
    found += group("D", "Y", "Women", 2) + group("D", "Y", "", 60)
    usual, ours = both(tmp_path, found)

    assert {"Women (the organisation) − Team X = 3 people", "Team X − Women (the organisation) = 3 people"} & {
        *in_words(usual)
    }
    assert ours.is_proof, to_lines(ours)


def test_a7_a_hidden_cell_of_a_table_by_gender_is_told(tmp_path: Path) -> None:
    """A7: women of the organisation less those of the other divisions are the three women of the hidden cell."""
    found = [
        person
        for name, women, others in (("A", 20, "Men"), ("B", 22, "Men"), ("C", 3, ""))
        for person in group(name, f"{name}1", "Women", women) + group(name, f"{name}1", others, 40)
    ]
    usual, ours = both(tmp_path, found)

    said = "Women (the organisation) − Women (Department A) − Women (Department B) = 3 people"
    assert said in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a21_whole_numbers_tell_what_no_sum_isolates(tmp_path: Path) -> None:
    """A21: means of women and men, and both teams: B's man and both men of A can only have answered as they did."""
    found = team(("D", "A", "Women"), 2, 4) + team(("D", "A", "Men"), 4, 4)
    found += team(("D", "B", "Women"), 3, 4) + team(("D", "B", "Men"), 3)
    usual, ours = both(tmp_path, found, smallest=3)

    known = [attack for attack in usual.attacks if attack.forced]
    assert sorted((attack.people, attack.plus[0]) for attack in known) == [(1, "Team B"), (2, "Team A")]
    assert "Men (the organisation)" in known[0].plus
    assert str(known[0]).endswith("whose answers are the only ones that fit the printed numbers (“q1”)")
    assert "Team B ∩" in " ".join(map(str, known))
    assert ours.is_proof, to_lines(ours)


def test_groups_that_an_earlier_report_printed_join_the_search(tmp_path: Path) -> None:
    """A20: of a record with groups, all are read, or the proof is left open."""
    found = group("D", "X", "Women", 8) + group("D", "X", "Men", 9) + group("D", "Y", "Women", 2)
    found += group("D", "Y", "", 60)
    survey = write_survey(tmp_path, found, LEVELS)
    ours = write(survey, tmp_path / "out")
    units = [{"path": path, "n": n} for path, n in (([], 79), (["D"], 79), (["D", "X"], 17), (["D", "Y"], 62))]
    cuts = [
        {"path": ["D", "X"], "n": 9, "attribute": "Gender", "value": "Men"},
        {"path": [], "n": 10, "attribute": "Gender", "value": "Women"},
    ]
    data = max(digests(load_survey(survey, read_with())))
    publication = {"data": data, "file": "survey.csv", "items": ["q1"], "units": units, "cuts": cuts}
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"waves": {"": {"publications": [publication]}}}), encoding="utf-8")

    told = audit_output(ours, survey, read_with(), record=record)
    untold = audit_output(ours, survey, replace(read_with(), cuts=()), record=record)

    assert any(words.endswith("= 2 people") for words in in_words(told))
    assert any(reason.endswith('add --cut "Gender".') for reason in untold.unproved)


# Figures that groups must not have


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two departments of 53 people, women and men in each, and our report on them."""
    folder = tmp_path_factory.mktemp("groups")
    found = [
        person
        for department in "NS"
        for number in range(4)
        for gender, size in (("Men", 7), ("Women", 8 if number else 1))
        for person in team(
            (f"{department}", f"{department}{number}", gender), *[1 + (3 * n + number) % 5 for n in range(size)]
        )
    ]
    survey = write_survey(folder, found, LEVELS)
    write(survey, folder / "out")
    return survey


def changed(organisation: Path, tmp_path: Path, change: dict[str, object], place: int = 0) -> Verdict:
    """The verdict on the snapshot with one group changed; None takes a key away."""
    snapshot = json.loads((organisation.parent / "out" / "survey-report.json").read_text(encoding="utf-8"))
    cut = snapshot["cuts"][place]
    for key, value in change.items():
        target = cut
        *path, last = key.split(".")
        for step in path:
            target = target[int(step)] if step.isdecimal() else target[step]
        target[last] = value
    (tmp_path / "survey-report.json").write_text(json.dumps(snapshot), encoding="utf-8")
    return audit_output(tmp_path, organisation, read_with())


def test_groups_as_we_print_them_are_proved(organisation: Path) -> None:
    """Page, workbook and snapshot with groups of the organisation and of its departments."""
    verdict = audit_output(organisation.parent / "out", organisation, read_with())

    assert verdict.is_proof, to_lines(verdict)
    assert verdict.headline.endswith("nobody’s answer is the only one that fits the printed numbers.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 55}, "the number of answers is said to be 55, but the survey gives 56"),
        ({"items.0.index": 3}, "the index is said to be 3"),
        ({"items.0.index": 50.4}, "more exact than the index is printed"),
        ({"items.0.low": 0}, "no single spread explains them all"),
        ({"items.0.mean": 3.1}, "a key “mean” that scores of groups do not have"),
        ({"items.0.favourable": 0.5}, "a key “favourable” that scores of groups do not have"),
        ({"sd": 1}, "a key “sd” that groups do not have"),
        ({"withheld": True}, "it is withheld, and yet has"),
        ({"value": "Others"}, "nobody in the survey names this unit"),
        ({"attribute": "Site"}, "groups that nobody named with --cut"),
        ({"path": ["W"]}, "a group of a unit that no row stands for"),
        ({"value": "Women"}, "there twice"),
    ],
)
def test_what_a_group_must_not_say_is_found(
    organisation: Path, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    """Figures that are not true, too exact, of another kind, or of nobody."""
    verdict = changed(organisation, tmp_path, change)

    assert not verdict.is_proof
    assert any(words in fault.problem for fault in verdict.faults), to_lines(verdict)


def test_small_groups_and_groups_of_small_units_are_found(tmp_path: Path) -> None:
    """A group of nine, and groups of a unit of 40 people, are refuted whether or not anything follows from them."""
    found = group("D", "a", "Women", 41) + group("D", "a", "Men", 9) + group("E", "b", "Women", 40)
    usual, _ = both(tmp_path, found)

    problems = {fault.problem for fault in usual.faults}
    assert "a figure of a group speaks of 9 answers; at least 10 are needed" in problems
    assert "groups of a unit of 40 people; only top-level units of 50 have some" in problems


def test_groups_in_another_order_are_found(organisation: Path, tmp_path: Path) -> None:
    """Women before men: an order may tell figures."""
    snapshot = json.loads((organisation.parent / "out" / "survey-report.json").read_text(encoding="utf-8"))
    snapshot["cuts"][:2] = snapshot["cuts"][1::-1]
    (tmp_path / "survey-report.json").write_text(json.dumps(snapshot), encoding="utf-8")

    verdict = audit_output(tmp_path, organisation, read_with())

    assert any("against the alphabet" in fault.problem for fault in verdict.faults)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('<th scope="col">q1</th>', '<th scope="col">q2</th>', "out of the order of the questionnaire"),
        ("<small>Gender</small></th><td>survey</td>", "<small>Gender</small></th><td>Elsewhere</td>", "no row stands"),
        ('<th scope="row">Men <small>Gender', '<th scope="row">Women <small>Gender', "no row stands for"),
    ],
)
def test_tables_of_groups_that_are_not_built_as_ours_are_found(
    organisation: Path, tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Another heading, another unit, the same group twice."""
    text = (organisation.parent / "out" / "survey-report.html").read_text(encoding="utf-8")
    at = text.index('<section id="cuts">')
    (tmp_path / "survey-report.html").write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")

    verdict = audit_output(tmp_path, organisation, read_with())

    assert old in text[at:]
    assert any(words in fault.problem for fault in verdict.faults), to_lines(verdict)


def test_an_audit_that_was_not_told_of_the_cut_says_so(organisation: Path) -> None:
    """Without --cut nobody knows who is in a group."""
    verdict = audit_output(organisation.parent / "out", organisation, replace(read_with(), cuts=()))

    assert {fault.problem for fault in verdict.faults} == {"groups that nobody named with --cut"}


@pytest.mark.parametrize("coalition", [1, 20])
def test_coalitions_raise_the_limits_of_groups(organisation: Path, coalition: int) -> None:
    """Groups from 10 people on, and of units from 50 on, are too small where people put their answers together."""
    verdict = audit_output(organisation.parent / "out", organisation, read_with(), rules=Rules(coalition=coalition))

    too_small = coalition == 20
    assert any(f"at least {10 + coalition} are needed" in fault.problem for fault in verdict.faults) == too_small
    assert any(f"top-level units of {50 + coalition}" in fault.problem for fault in verdict.faults) == too_small


def test_a_search_that_does_not_end_names_the_attribute(
    organisation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without time nothing is proved, and nothing refuted."""
    monkeypatch.setattr(worlds, "_settle_by_trades", lambda *_: None)
    for name in ("attacks", "doubts"):
        monkeypatch.setattr(f"psafety.audit.{name}.SECONDS", 0.0)

    verdict = audit_output(organisation.parent / "out", organisation, read_with())

    assert not verdict.attacks
    assert not verdict.faults
    assert [reason for reason in verdict.unproved if reason.startswith("Groups by “Gender”: within 0 seconds")]
    assert verdict.headline.startswith("NOT PROVED")


# Whole numbers


@st.composite
def puzzles(draw: st.DrawFn) -> Puzzle:
    """A few people in two units, or in none, and one to three cuts."""
    cells = draw(st.integers(2, 5))
    points = draw(st.integers(2, 3))
    counts = np.zeros((cells, points), np.int64)
    for cell in range(cells):
        for answer in draw(st.lists(st.integers(0, points - 1), min_size=1, max_size=2)):
            counts[cell, answer] += 1
    homes = np.array(draw(st.lists(st.integers(-1, 1), min_size=cells, max_size=cells)))
    rows = np.array(draw(st.lists(st.lists(st.booleans(), min_size=cells, max_size=cells), min_size=1, max_size=3)))
    n, totals = rows @ counts.sum(axis=1), rows @ (counts @ np.arange(points))
    whole = np.maximum(n * (points - 1), 1)
    ends = [
        window(int((200 * total + size) // (2 * size)), int(answers), points)
        for total, size, answers in zip(totals, whole, n, strict=True)
    ]
    low, high = np.array(ends, np.int64).T
    return Puzzle(counts, homes, rows, low, high)


def worlds_of(puzzle: Puzzle) -> Iterator[np.ndarray]:
    """All answers of everybody that give the same printed numbers, by trying them all."""
    points = puzzle.counts.shape[1]
    cell_of = np.repeat(np.arange(len(puzzle.counts)), puzzle.counts.sum(axis=1))
    answers = np.concatenate([np.repeat(np.arange(points), row) for row in puzzle.counts])
    parts = []
    for home in np.unique(puzzle.homes).tolist():
        at = np.flatnonzero(puzzle.homes[cell_of] == home)
        free = product(range(points), repeat=len(at)) if home < 0 else set(permutations(answers[at].tolist()))
        parts.append([(at, given) for given in free])
    for chosen in product(*parts):
        world = np.zeros_like(puzzle.counts)
        for at, answered in chosen:
            np.add.at(world, (cell_of[at], np.array(answered)), 1)
        total = puzzle.rows @ (world @ np.arange(points))
        if ((puzzle.low <= total) & (total <= puzzle.high)).all():
            yield world


@pytest.mark.parametrize("trades", [True, False])
@given(puzzles())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_whole_numbers_give_away_exactly_the_cells_that_no_world_changes(trades: bool, puzzle: Puzzle) -> None:
    """It agrees with trying all worlds, whether found by trades or by the integer program alone."""
    alike = (puzzle.counts > 0).sum(axis=1) == 1
    fixed = alike.copy()
    for world in worlds_of(puzzle):
        fixed &= (world == puzzle.counts).all(axis=1)

    with pytest.MonkeyPatch.context() as patch:
        if not trades:
            patch.setattr(worlds, "_settle_by_trades", lambda *_: None)
        found = solve(puzzle, Clock(20.0))

    assert not found.left_open
    assert list(found.known) == np.flatnonzero(fixed).tolist()


def test_without_time_nothing_is_said_of_anybody() -> None:
    """Cells that trades do not settle are left open when the time is used up."""
    puzzle = Puzzle(
        np.array([[1, 0], [0, 1]]), np.array([0, 0]), np.array([[True, False]]), *np.zeros((2, 1), np.int64)
    )

    assert solve(puzzle, Clock(0.0)).left_open == (0, 1)
    assert solve(puzzle, Clock(9.0)).known == (0, 1)


@pytest.mark.parametrize("points", [2, 5, 7])
def test_the_window_holds_exactly_the_sums_that_are_printed_alike(points: int) -> None:
    """Every sum lies in the window of its own index, and its neighbours outside of it have another one."""
    index = partial(lambda total, whole: (200 * total + whole) // (2 * whole))
    for answers in range(1, 60):
        whole = answers * (points - 1)
        for total in range(whole + 1):
            low, high = window(index(total, whole), answers, points)
            alike = [other for other in range(whole + 1) if index(other, whole) == index(total, whole)]
            assert (low, high) == (alike[0], alike[-1])
