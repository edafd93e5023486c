"""The audit refutes what a threshold alone would print, in words, and proves what we print instead."""

from pathlib import Path

import pytest
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit.proof import Rules, audit_output
from psafety.audit.verdict import to_lines
from psafety.records import recorded_findings
from psafety.reports.files import write_reports
from psafety.surveys.responses import load_survey
from surveyed import (
    FORMATS,
    audited,
    both,
    in_words,
    people,
    team,
    threshold_only,
    wishes,
    write_report,
    write_survey,
)


def test_a1_a_team_less_is_told(tmp_path: Path) -> None:
    """A1: the department less its shown team is the hidden team of three."""
    usual, ours = both(tmp_path, team(("D", "A"), *[4] * 8, 3) + team(("D", "B"), 2, 2, 3))

    assert "Department D − Team A = 3 people" in in_words(usual)
    assert not usual.is_proof
    assert ours.is_proof, to_lines(ours)


def test_a2_the_managers_of_a_roll_up_are_told(tmp_path: Path) -> None:
    """A2: the roll-up less its three teams is the three managers."""
    found = people("Boss", 3) + people(("Boss", "a"), 8) + people(("Boss", "b"), 9) + people(("Boss", "c"), 7)
    usual, ours = both(tmp_path, found)

    assert "Department Boss − Team a − Team b − Team c = 3 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a3_two_small_teams_together_are_told(tmp_path: Path) -> None:
    """A3: the department less its large team is four people, though no single team of them is."""
    usual, ours = both(tmp_path, people(("D", "a"), 2) + people(("D", "b"), 2) + people(("D", "c"), 16))

    assert "Department D − Team c = 4 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a4_the_parts_of_a_unit_give_its_neighbour_away(tmp_path: Path) -> None:
    """A4: hiding one unit does not help while its parts are shown."""
    found = people("S", 3) + people(("L", "five"), 5) + people(("L", "six"), 6) + people("M", 20)
    usual, ours = both(tmp_path, found)

    assert "The organisation − Department L − Department M = 3 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


@pytest.mark.parametrize("answer", [1, 4, 5])
def test_a8_a9_a_unanimous_team_is_told(tmp_path: Path, answer: int) -> None:
    """A8, A9: of a team that all ticked the same point, everybody's answer is known."""
    found = team(("D", "X"), *[answer] * 8) + people(("D", "Y"), 9) + people(("D", "Z"), 10)
    usual, ours = both(tmp_path, found)

    assert in_words(usual) == ["Team X = 8 people, who all gave the same answer (“q1”)"]
    assert ours.is_proof, to_lines(ours)


def test_a10_an_extreme_mean_is_allowed(tmp_path: Path) -> None:
    """A10: five people with a mean of 4.8 are four fives and a four; whose the four is, nobody can tell."""
    usual, ours = both(tmp_path, team(("D", "A"), 5, 5, 5, 5, 4) + people(("D", "B"), 9))

    assert usual.is_proof, to_lines(usual)
    assert ours.is_proof, to_lines(ours)
    assert '"mean": 4.8,' in (tmp_path / "ours" / "survey-report.json").read_text()


def test_a12_rounding_protects_nobody(tmp_path: Path) -> None:
    """A12: a page that prints whole points only is refuted like one with exact sums: of few people they are those."""
    survey = write_survey(tmp_path, team(("D", "A"), *[4] * 8, 3) + team(("D", "B"), 2, 2, 3))
    with threshold_only():
        usual = write_report(survey, tmp_path / "usual", formats=("html",))
    ours = write_report(survey, tmp_path / "ours", formats=("html",))

    assert "Department D − Team A = 3 people" in in_words(audited(survey, usual))
    assert not in_words(audited(survey, ours))


def test_a13_few_answers_of_a_large_team_are_told(tmp_path: Path) -> None:
    """A13: four of eight people answered the question; their mean is not hidden by the size of the team."""
    found = team(("D", "A"), (1, 3), (2, 3), (3, 4), (4, 2), *[(0, 4)] * 3, (0, 2))
    found += team(("D", "B"), *[(1 + number % 5, 1 + number % 4) for number in range(9)])
    survey = write_survey(tmp_path, found)
    ours = write_report(survey, tmp_path / "ours", items=2)
    snapshot = ours / "survey-report.json"
    text = snapshot.read_text()
    at = text.index('"name": "A"')
    planted = text[:at] + text[at:].replace(
        '"id": "q1",\n     "withheld": true', '"id": "q1",\n     "n": 4,\n     "mean": 2.5', 1
    )
    assert audited(survey, ours, items=2).is_proof

    snapshot.write_text(planted)
    verdict = audited(survey, ours, items=2)

    assert planted != text
    assert any("speaks of 4 answers; at least 5 are needed" in fault.problem for fault in verdict.faults)
    assert any(str(attack).startswith("Team A = 4 people") for attack in verdict.attacks)


def test_a14_the_answers_that_two_teams_leave_are_told(tmp_path: Path) -> None:
    """A14: the department's answers to the question less two teams' are those of two people."""
    found = people(("D", "a"), 6) + people(("D", "b"), 6) + team(("D", "c"), 5, 1, 0, 0, 0, 0)
    found = [(path, (answers[0], 1 + place % 5)) for place, (path, answers) in enumerate(found)]
    usual, ours = both(tmp_path, found)

    assert "Department D − Team a − Team b = 2 people (“q1”)" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a15_a_score_of_persons_beside_item_means_is_told(tmp_path: Path) -> None:
    """A15: a dimension's score that is the mean of persons' scores gives away who skipped an item."""
    answers = [(4, 5, 4), (4, 3, 4), (2, 5, 4), (3, 4, 4), (3, 4, 3), (3, 2, 0)]
    survey = write_survey(tmp_path, team(("D", "A"), *answers) + team(("D", "B"), *[(1, 5, 2), (5, 2, 4)] * 4))
    ours = write_report(survey, tmp_path / "ours", items=3)
    assert audited(survey, ours, items=3).is_proof

    snapshot = ours / "survey-report.json"
    text = snapshot.read_text()
    at = text.index('"id": "unit-2"')
    planted = text[:at] + text[at:].replace('"mean": 3.6', '"mean": 3.53', 1)
    snapshot.write_text(planted)
    verdict = audited(survey, ours, items=3)

    assert planted != text
    assert any("the mean is said to be 3.53, but the survey gives 3.60" in fault.problem for fault in verdict.faults)


def test_a19_a_complement_is_a_group_like_any_other(tmp_path: Path) -> None:
    """A19: all teams but one add up to everybody else, so the hidden team of four is told."""
    usual, ours = both(tmp_path, people("A", 10) + people("B", 11) + people("T", 4), ("Team",))

    assert "The organisation − Team A − Team B = 4 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a22_a_team_hidden_for_one_question_alone_is_no_leak(tmp_path: Path) -> None:
    """A22: a team of eight that all ticked the highest point is hidden for that question, with a neutral mark."""
    found = team("T", *[5] * 8) + team("U", *[1, 2, 2, 3, 3, 3, 4, 4, 4, 4]) + people("V", 20)
    usual, ours = both(tmp_path, found, ("Team",))

    assert in_words(usual) == ["Team T = 8 people, who all gave the same answer (“q1”)"]
    assert ours.is_proof, to_lines(ours)


def test_a26_a_department_with_one_team_is_proved(tmp_path: Path) -> None:
    """A26: a department and its only team are the same people, which says nothing more."""
    _, ours = both(tmp_path, people(("D", "only"), 9) + people(("E", "other"), 12))

    assert ours.is_proof, to_lines(ours)


def test_a17_a_row_of_a_year_less_its_first_quarter_is_told(tmp_path: Path) -> None:
    """A17: nine people in the year, six of them in the first quarter: the three of the second are told."""
    found = (
        team(("Year", "Spring"), 3, 3, 3, 4, 4, 3) + team(("Year", "Summer"), 2, 2, 3) + people(("Other", "Team"), 12)
    )
    usual, ours = both(tmp_path, found)

    assert "Department Year − Team Spring = 3 people" in in_words(usual)
    assert ours.is_proof, to_lines(ours)


def test_a18_two_teams_that_differ_by_a_move_are_never_proved_together(tmp_path: Path) -> None:
    """A18: a team of eight, then the same with two more of the same answers: with the record there is no proof."""
    answers = team(("D", "A"), *[1, 2, 3, 4, 5, 4, 3, 2]) + team(("D", "B"), *[5, 1, 2, 4, 3, 3, 2, 4, 1, 2])
    moved = [((path[0], "A") if place in {8, 9} else path, given) for place, (path, given) in enumerate(answers)]
    record = tmp_path / "psafety-record.json"
    before = load_survey(write_survey(tmp_path, answers), wishes())
    with recorded_findings(before, Policy(), record, version="0.1.0") as (_, contents):
        for path, content in contents.items():
            path.write_bytes(content)
    survey = write_survey(tmp_path, moved)
    usual = write_report(survey, tmp_path / "usual")

    verdict = audited(survey, usual, record=record)

    assert audited(survey, usual).is_proof
    assert not verdict.is_proof
    assert any("Whoever holds both can subtract one from the other" in reason for reason in verdict.unproved)


def test_a25_a_manager_in_a_team_of_five_leaves_four(tmp_path: Path) -> None:
    """A25: with one person who adds his or her own answers, five are too few, and six are asked for."""
    survey = write_survey(tmp_path, people(("D", "A"), 5) + people(("D", "B"), 11))
    usual = write_report(survey, tmp_path / "usual")
    findings = analyze(load_survey(survey, wishes()), Policy(coalition=1))
    write_reports(findings, tmp_path / "ours", formats=FORMATS, version="0.1.0")
    rules = Rules(coalition=1)

    refuted = audit_output(usual, survey, wishes(), rules=rules)
    proved = audit_output(tmp_path / "ours", survey, wishes(), rules=rules)

    assert "Team A = 5 people" in in_words(refuted)
    assert any("speaks of 5 answers; at least 6 are needed" in fault.problem for fault in refuted.faults)
    assert proved.is_proof, to_lines(proved)
    assert proved.smallest == 6
