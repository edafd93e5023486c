"""The linear certificate agrees with exact linear algebra, and the audit with the promise, on random cases."""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psafety.analysis.findings as road
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.audit import certificate
from psafety.audit.atoms import Family
from psafety.audit.certificate import PRIME, Unfinished, _as_fraction, find_combination, isolated
from psafety.audit.verdict import to_lines
from psafety.surveys.responses import load_survey
from surveyed import Person, audited, digests, people, threshold_only, wishes, write_report, write_survey

SMALLEST = 5


def rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank of a matrix of whole numbers, in fractions."""
    work = [[Fraction(cell) for cell in row] for row in rows]
    found = 0
    for column in range(len(work[0]) if work else 0):
        lead = next((place for place in range(found, len(work)) if work[place][column]), None)
        if lead is None:
            continue
        work[found], work[lead] = work[lead], work[found]
        for place in range(found + 1, len(work)):
            factor = work[place][column] / work[found][column]
            work[place] = [a - factor * b for a, b in zip(work[place], work[found], strict=True)]
        found += 1
    return found


def can_be_isolated(rows: Sequence[Sequence[int]], people: Sequence[int]) -> bool:
    """Whether some combination of rows is nought outside a set of fewer than five people: by trying every set."""
    atoms = range(len(people))
    return any(
        sum(people[atom] for atom in chosen) < SMALLEST
        and rank(rows) > rank([[cell for atom, cell in enumerate(row) if atom not in chosen] for row in rows])
        for size in range(1, len(people) + 1)
        for chosen in combinations(atoms, size)
    )


@st.composite
def overlapping(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    """Some rows over some atoms that are all in a row."""
    count = draw(st.integers(1, 9))
    rows = draw(st.lists(st.lists(st.integers(0, 1), min_size=count, max_size=count), min_size=1, max_size=6))
    rows = [*rows, [1] * count]
    return rows, draw(st.lists(st.sampled_from([1, 1, 1, 2, 3, 7]), min_size=count, max_size=count))


@given(overlapping())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_the_certificate_finds_a_combination_exactly_where_there_is_one(
    case: tuple[list[list[int]], list[int]],
) -> None:
    """It agrees with trying every set of atoms in exact fractions, and what it names leaves fewer than five people."""
    rows, sizes = case

    found = find_combination(np.array(rows, np.int64), sizes, SMALLEST)

    assert (found is not None) == can_be_isolated(rows, sizes)
    if found is not None:
        left = [
            sum(w * cell for w, cell in zip(found.weights, column, strict=True)) for column in zip(*rows, strict=True)
        ]
        assert 0 < sum(size for size, weight in zip(sizes, left, strict=True) if weight) < SMALLEST


def test_a6_women_and_a_team_isolate_three_people() -> None:
    """A6: a team of eight women and a man; those women and two elsewhere: women less the team is three people."""
    homes = [np.array([0, 1]), np.array([0, 2])]  # 0: the eight women of the team, 1: its man, 2: two women elsewhere
    family = Family(homes, [-1, -1], 3)

    (leak,) = isolated(family, np.array([True, True]), np.array([[8], [1], [2]]), SMALLEST)

    assert not family.is_laminar(np.array([True, True]))
    assert leak.people == 3
    assert sorted((*leak.plus, *leak.minus)) == [0, 1]
    assert not list(isolated(family, np.array([True, False]), np.array([[8], [1], [2]]), SMALLEST))


def test_a_search_that_takes_too_long_proves_nothing() -> None:
    """The search says that it did not finish, both for many sets and for a matrix that is too large to begin with."""
    rows = np.concatenate([np.eye(8, dtype=np.int64), np.ones((1, 8), np.int64)])[:, :]
    alike = np.array([[1, 0, *[1] * 10], [0, 1, *[1] * 10]], np.int64)

    with pytest.raises(Unfinished):
        find_combination(alike, [1] * 12, SMALLEST, budget=0)
    with pytest.raises(Unfinished):
        find_combination(np.ones((2000, 2000), np.int64), [1] * 2000, SMALLEST)
    assert find_combination(rows, [1] * 8, SMALLEST) is not None


def test_two_rows_of_a_basis_are_taken_together() -> None:
    """A combination that no row of the reduced basis is by itself."""
    rows = [
        *([0, 1, 0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 0, 1, 0, 1], [0, 1, 0, 1, 1, 0, 1, 0]),
        *([1, 0, 0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 0, 1, 1], [1, 1, 0, 0, 0, 0, 1, 1]),
    ]

    found = find_combination(np.array(rows), [2, 1, 2, 2, 3, 1, 1, 1], 3)

    assert found is not None
    assert found.atoms == (1, 5)


def test_a_rank_that_only_the_prime_lowers_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows that cancel modulo 2, but not in whole numbers: modulo 2, the search must not say a word."""
    monkeypatch.setattr(certificate, "PRIME", 2)

    with pytest.raises(Unfinished):
        find_combination(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]), [4, 4, 4], SMALLEST + 1)


@pytest.mark.parametrize("value", [Fraction(0), Fraction(1), Fraction(-1), Fraction(2, 3), Fraction(-7, 5)])
def test_small_fractions_come_back_from_the_prime(value: Fraction) -> None:
    """A small fraction is told again from what it is modulo the prime."""
    residue = value.numerator * pow(value.denominator, -1, PRIME) % PRIME

    assert _as_fraction(residue) == value


PATHS = [("D", "a"), ("D", "b"), ("D", "c"), ("E", "d"), ("E", "e"), ("D",), ("E",), ("F", "f")]


@st.composite
def organisations(draw: st.DrawFn) -> list[Person]:
    """A small tree with people in its teams and some in the departments themselves."""
    sizes = draw(
        st.lists(st.integers(0, 11), min_size=len(PATHS), max_size=len(PATHS)).filter(lambda s: sum(s) >= SMALLEST)
    )
    return [person for path, size in zip(PATHS, sizes, strict=True) for person in people(path, size)]


def left_over(shown: set[tuple[str, ...]], found: Sequence[Person]) -> list[int]:
    """How many people each shown unit holds beyond its shown parts, by definition."""
    homes = [max((unit for unit in shown if path[: len(unit)] == unit), key=len, default=None) for path, _ in found]
    return [homes.count(unit) for unit in shown]


@given(organisations(), st.integers(0, 20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_showing_one_hidden_unit_fails_the_audit_or_is_harmless(found: list[Person], chosen: int) -> None:
    """Our report is proved; with one more unit shown it is proved if and only if no remainder has 1 to 4 people."""
    ours = road.publishable
    shown: set[tuple[str, ...]] = set()

    def with_one_more(hierarchy, rule, attached, allowed, worth):
        published = ours(hierarchy, rule, attached, allowed, worth)
        if allowed.shape[1] == 1 and not shown:
            hidden = np.flatnonzero(allowed[:, 0] & ~published[:, 0])
            if len(hidden):
                published[hidden[chosen % len(hidden)], 0] = True
            shown.update(hierarchy.paths[unit] for unit in np.flatnonzero(published[:, 0]))
        return published

    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        survey = write_survey(folder, found)
        proved = audited(survey, write_report(survey, folder / "ours", formats=("json",)))
        patch.setattr(road, "publishable", with_one_more)
        more = audited(survey, write_report(survey, folder / "more", formats=("json",)))

    assert proved.is_proof, to_lines(proved)
    people_leak = any(0 < n < SMALLEST for n in left_over(shown, found))
    assert bool([attack for attack in more.attacks if not attack.about]) == people_leak


@st.composite
def answering(draw: st.DrawFn) -> list[Person]:
    """The same with answers of their own, blanks among them; somebody answered in every case."""
    found = draw(organisations())
    answers = draw(st.lists(st.sampled_from([0, 1, 2, 2, 2]), min_size=len(found), max_size=len(found)))
    return [
        (path, (answer, 1 + number % 5)) for number, ((path, _), answer) in enumerate(zip(found, answers, strict=True))
    ]


def given_answers(shown: set[tuple[str, ...]], found: Sequence[Person]) -> list[list[int]]:
    """The answers to the first question that each shown unit holds beyond its shown parts, by definition."""
    left: dict[tuple[str, ...], list[int]] = {unit: [] for unit in shown}
    for path, (answer, _) in found:
        home = max((unit for unit in shown if path[: len(unit)] == unit), key=len, default=None)
        if home is not None and answer:
            left[home].append(answer)
    return list(left.values())


@given(answering())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_a_report_by_threshold_is_proved_if_and_only_if_every_remainder_is_safe(found: list[Person]) -> None:
    """With blanks and answers alike: the audit and the definition agree on every question, and ours is proved."""
    units = {path[:depth] for path, _ in found for depth in range(len(path) + 1)}
    of_unit = {unit: [answers for path, answers in found if path[: len(unit)] == unit] for unit in units}
    rows = {unit for unit, answers in of_unit.items() if len(answers) >= SMALLEST}
    cells = {unit for unit in rows if sum(first > 0 for first, _ in of_unit[unit]) >= SMALLEST}
    safe_people = not any(0 < n < SMALLEST for n in left_over(rows, found))
    safe_answers = all(
        not left or (len(left) >= SMALLEST and len(set(left)) > 1) for left in given_answers(cells, found)
    )

    with TemporaryDirectory() as name:
        folder = Path(name)
        survey = write_survey(folder, found)
        ours = audited(survey, write_report(survey, folder / "ours", items=2, formats=("json",)), items=2)
        with threshold_only():
            usual = audited(survey, write_report(survey, folder / "usual", items=2, formats=("json",)), items=2)

    assert ours.is_proof, to_lines(ours)
    about_first = [attack for attack in usual.attacks if not attack.about or "q1" in attack.about]
    assert bool(about_first) == (not safe_people or not safe_answers)


def record_of(units: Sequence[tuple[list[str], int]], data: str = "a") -> dict[str, Any]:
    """A record with one publication of the nameless wave."""
    publication = {
        "data": data,
        "file": "survey.csv",
        "date": "May",
        "items": ["q1", "gone"],
        "units": [{"path": path, "n": n} for path, n in units],
    }
    return {"schema": "psafety-record/1", "waves": {"": {"key": "", "publications": [publication]}}}


def test_a20_what_an_earlier_report_showed_is_added_up_with_this_one(tmp_path: Path) -> None:
    """A20: two safe reports on the same answers are not safe together; the record tells."""
    found = people(("D", "a"), 9) + people(("D", "b"), 8) + people(("D", "c"), 3)
    survey = write_survey(tmp_path, found)
    ours = write_report(survey, tmp_path / "out")
    record = tmp_path / "record.json"
    before = audited(survey, ours)

    earlier = record_of([([], 20), (["D"], 20), (["D", "a"], 9), (["D", "b"], 8)])
    earlier["waves"][""]["publications"][0]["data"] = max(digests(load_survey(survey, wishes())))
    record.write_text(json.dumps(earlier))
    verdict = audited(survey, ours, record=record)

    assert before.is_proof
    assert "No record was given" in to_lines(before)[-1]
    assert [str(attack) for attack in verdict.attacks] == ["Department D − Team a − Team b = 3 people"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps(record_of([([], 19)])), "on other answers, survey.csv (May)"),
        ("[]", "not one that this version understands"),
        ("{", "not one that this version understands"),
    ],
)
def test_a16_a_record_of_other_answers_leaves_the_proof_open(tmp_path: Path, content: str, reason: str) -> None:
    """A16: an earlier report on other answers of the wave, or a record that cannot be understood, is no proof."""
    survey = write_survey(tmp_path, people(("D", "a"), 12) + people(("D", "b"), 8))
    ours = write_report(survey, tmp_path / "out")
    record = tmp_path / "record.json"
    record.write_text(content)

    verdict = audited(survey, ours, record=record)

    assert not verdict.is_proof
    assert reason in " ".join(verdict.unproved)


def test_corrected_answers_of_the_same_people_leave_the_proof_open(tmp_path: Path) -> None:
    """A16: two recorded reports that count the same people, but not the same answers, are not one publication."""
    survey = write_survey(tmp_path, people(("D", "a"), 12))
    ours = write_report(survey, tmp_path / "out")
    rows: list[tuple[list[str], int]] = [([], 12), (["D"], 12)]
    first, last = record_of(rows, data="a"), record_of(rows, data="b")
    first["waves"][""]["publications"] += last["waves"][""]["publications"]
    record = tmp_path / "record.json"
    record.write_text(json.dumps(first))

    verdict = audited(survey, ours, record=record)

    assert len(verdict.unproved) == 1
    assert not verdict.is_proof


def test_a_record_that_is_not_there_leaves_the_proof_open(tmp_path: Path) -> None:
    """A named record that cannot be read is said."""
    survey = write_survey(tmp_path, people(("D", "a"), 12))

    verdict = audited(survey, write_report(survey, tmp_path / "out"), record=tmp_path / "none.json")

    assert verdict.unproved == ("The record none.json cannot be read.",)
