"""The audit holds the printed comments against the survey, and finds each that should not stand where it stands."""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from psafety.analysis.findings import analyze
from psafety.audit.proof import Rules, audit_output, audit_responses
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.files import write_reports
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey
from surveyed import questionnaire

WHAT = "What should change in 2026?"
TEAMS = {"Ahorn": 12, "Birke": 8, "Eiche": 11, "Kiefer": 10, "Fichte": 6, "Lärche": 6}
ABOVE = {"Ahorn": "North", "Birke": "North", "Eiche": "South", "Kiefer": "South", "Fichte": "East", "Lärche": "East"}
WISHES = Wishes(instrument=questionnaire(), comments=(WHAT, "Else?"), names=("Meier",))


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People of six teams, all of whom wrote something, few of them to the second question."""
    path = tmp_path_factory.mktemp("words") / "survey.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Department", "Team", "q1", WHAT, "Else?"])
        for team, size in TEAMS.items():
            for number in range(size):
                said = f"{number} wishes of {team}, says Meier, {number}@{team}.de"
                writer.writerow([ABOVE[team], team, 1 + number % 5, said, "4 of 7" if number < 1 else ""])
    return path


@pytest.fixture(scope="module")
def page(survey: Path) -> str:
    """Our page on it."""
    write_reports(
        analyze(load_survey(survey, WISHES)), survey.parent / "out", formats=("html", "xlsx"), version="0.1.0"
    )
    return (survey.parent / "out" / "survey-report.html").read_text(encoding="utf-8")


def verdict_on(
    survey: Path, page: str, tmp_path: Path, *, wishes: Wishes = WISHES, rules: Rules | None = None
) -> Verdict:
    """The verdict on a changed page."""
    (tmp_path / "survey-report.html").write_text(page, encoding="utf-8")
    return audit_output(tmp_path, survey, wishes, rules=rules)


def problems(verdict: Verdict) -> set[str]:
    """What is found, without the place."""
    return {fault.problem for fault in verdict.faults}


def test_comments_as_we_print_them_pass(survey: Path, page: str) -> None:
    """Page and workbook together are proved, numbers in comments and question and all, with a word of caution."""
    verdict = audit_output(survey.parent / "out", survey, WISHES)

    assert "7 wishes of Birke" in page
    assert verdict.is_proof, to_lines(verdict)
    assert any("in their own words" in note for note in verdict.notes)


def swapped(page: str, change: Callable[[list[str]], list[str]]) -> str:
    """The page with other comments of the south."""
    (old,) = re.findall(r"<summary>South</summary>\n<ul>\n(.*?)</ul>", page, re.DOTALL)
    return page.replace(old, "".join(change([f"{line}\n" for line in old.splitlines()])))


def items(team: str, numbers: Iterable[int]) -> list[str]:
    """Comments of one team as they stand in the page."""
    return [f'<li dir="auto">{number} wishes of {team}, says […]</li>\n' for number in numbers]


UNKNOWN = "words that are no comment of the survey, as comments are cleaned"
NO_UNIT = "comments stand under something that is no unit above the teams"
PLANTED: dict[str, tuple[Callable[[str], str], str]] = {
    "few": (lambda page: swapped(page, lambda old: old[:9]), "comments of fewer than 10 people stand together"),
    "one team": (
        lambda page: swapped(page, lambda _: items("Eiche", (3, 1, 2, 10, 0, 4, 9, 5, 6, 8, 7))),
        "comments that are all of one team stand together",
    ),
    "made up": (lambda page: swapped(page, lambda old: ['<li dir="auto">mean 3.42</li>\n', *old]), UNKNOWN),
    "uncleaned": (lambda page: page.replace("1 wishes of Eiche, says […]", "1 wishes of Eiche, says Meier"), UNKNOWN),
    "twice": (
        lambda page: swapped(page, lambda old: [*old, old[0]]),
        "a comment stands there more often than it was written",
    ),
    "misplaced": (
        lambda page: swapped(page, lambda old: [*old, *items("Fichte", [1])]),
        "a comment that nobody of that unit wrote",
    ),
    "sorted": (
        lambda page: swapped(page, lambda _: items("Eiche", range(11)) + items("Kiefer", range(10))),
        "comments stand in the order of the file",
    ),
    "under a team": (lambda page: page.replace("<summary>South</summary>", "<summary>Eiche</summary>"), NO_UNIT),
    "a figure": (lambda page: page.replace("<summary>South</summary>", "<summary>South: 3</summary>"), NO_UNIT),
    "a question": (
        lambda page: page.replace('<h3 dir="auto">Else?</h3>', '<h3 dir="auto">Whatever?</h3>'),
        "comments on a question that nobody named with --comments",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_comment_is_found(survey: Path, page: str, tmp_path: Path, name: str) -> None:
    """Too few, of one team, made up, twice, misplaced, in the order of the file, under a team: each is named."""
    change, problem = PLANTED[name]
    changed = change(page)
    assert changed != page

    verdict = verdict_on(survey, changed, tmp_path)

    assert problem in problems(verdict)
    assert not any("wishes" in fault.problem for fault in verdict.faults)  # nobody's words stand in a finding


def test_a_comment_that_was_not_cleaned_is_found(survey: Path, page: str, tmp_path: Path) -> None:
    """An address is found by other means than those that clean: here the cleaning is told to do nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("psafety.surveys.comments._MASKED", ())
        write_reports(analyze(load_survey(survey, WISHES)), tmp_path, formats=("html",), version="0.1.0")
        verdict = audit_output(tmp_path, survey, WISHES)

    assert "a comment holds an address or a long number" in problems(verdict)


def test_a_planted_comment_in_the_workbook_is_found(survey: Path, page: str, tmp_path: Path) -> None:
    """The sheet of comments is held against the survey as the page is."""
    parts = ZipFile(survey.parent / "out" / "survey-report.xlsx")
    with ZipFile(tmp_path / "survey-report.xlsx", "w", ZIP_DEFLATED) as book:
        for part in parts.namelist():
            data = parts.read(part).decode()
            data = data.replace("1 wishes of Eiche, says […]", "1 wish of Eiche")
            book.writestr(
                part, re.sub(r"(2 wishes of Eiche, says \[…\]</t></is></c>)", r'\1<c s="1"><v>3.42</v></c>', data)
            )

    verdict = audit_output(tmp_path, survey, WISHES)

    assert problems(verdict) >= {UNKNOWN, "something else than a question, a unit and a comment"}


def test_comments_that_nobody_asked_for_are_found(survey: Path, page: str, tmp_path: Path) -> None:
    """Whoever audits without naming the columns is told that comments stand in the report."""
    verdict = verdict_on(survey, page, tmp_path, wishes=Wishes(instrument=questionnaire()))

    assert "comments on a question that nobody named with --comments" in problems(verdict)


def test_the_limit_is_that_of_the_rules(survey: Path, page: str, tmp_path: Path) -> None:
    """Under stricter rules the same page does not pass."""
    verdict = verdict_on(survey, page, tmp_path, rules=Rules(detail_from=25, coalition=1))

    assert "comments of fewer than 26 people stand together" in problems(verdict)


def test_names_of_the_list_are_found(survey: Path, page: str, tmp_path: Path) -> None:
    """A name that was not masked is found: all of it, or a part with a capital; a word that only looks alike is not."""
    found = re.search(r'<li dir="auto">([^<]*)</li>', page)
    assert found

    def named(names: tuple[str, ...]) -> bool:
        wishes = replace(WISHES, names=("Meier", *names))
        report = load_survey(survey, WISHES)
        (tmp_path / "survey-report.html").write_text(page, encoding="utf-8")
        verdict = audit_responses(tmp_path, report, [survey], names=wishes.names)
        return "a comment holds a name of the list" in problems(verdict)

    assert not named(())
    assert named(("WISHES of ahorn",))
    assert named(("Jo Ahorn",))
    assert not named(("Wishes Jo",))


@pytest.mark.parametrize("key", ["words", "notes"])
def test_a_comment_in_the_snapshot_is_found(survey: Path, page: str, tmp_path: Path, key: str) -> None:
    """Comments stand in no JSON, under whatever key."""
    write_reports(analyze(load_survey(survey, WISHES)), tmp_path, formats=("json",), version="0.1.0")
    snapshot = tmp_path / "survey-report.json"
    said = next(text for text in re.findall(r'<li dir="auto">([^<]*)</li>', page) if "[…]" in text)
    planted = f'{{"{key}": ["{said}"], ' + snapshot.read_text(encoding="utf-8").lstrip("{")
    assert audit_output(tmp_path, survey, WISHES).is_proof

    snapshot.write_text(planted, encoding="utf-8")

    assert "a comment stands where none may stand" in problems(audit_output(tmp_path, survey, WISHES))
