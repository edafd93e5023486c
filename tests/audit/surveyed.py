"""Small surveys as files, and reports on them: ours, and the one that a threshold alone would give."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psafety.analysis.findings as road
import pytest
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit.fingerprint import digests_of
from psafety.audit.members import people_of
from psafety.audit.proof import audit_output, questions_of
from psafety.audit.verdict import Verdict
from psafety.reports.files import write_reports
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import Responses, load_survey, waves_of

Person = tuple[tuple[str, ...], Sequence[int]]
FORMATS = ("html", "xlsx", "json")
SCALE = ResponseScale(
    "agreement",
    (1, 2, 3, 4, 5),
    {"en": ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")},
    frozenset({4, 5}),
    frozenset({1, 2}),
)


def questionnaire(items: int = 1) -> Instrument:
    """So many questions on trust."""
    return Instrument(
        id="small",
        titles={"en": "Small"},
        version="one",
        licence="",
        citation="",
        evidence={},
        dimensions=(Dimension("trust", {"en": "Trust"}, {}),),
        items=tuple(Item(f"q{number}", "trust", SCALE, {}) for number in range(1, items + 1)),
    )


def team(path: str | tuple[str, ...], *answers: int | Sequence[int]) -> list[Person]:
    """A team (or another unit) whose people gave these answers; 0 is a blank."""
    names = (path,) if isinstance(path, str) else path
    return [(names, (given,) if isinstance(given, int) else tuple(given)) for given in answers]


def people(path: str | tuple[str, ...], size: int) -> list[Person]:
    """So many people of whom only the number matters; their answers go 1, 2, 3, 4, 5, 1…"""
    return team(path, *(1 + number % 5 for number in range(size)))


def write_survey(folder: Path, found: Sequence[Person], levels: Sequence[str] = ("Department", "Team")) -> Path:
    """The survey as a CSV file."""
    path = folder / "survey.csv"
    count = len(found[0][1])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*levels, *(f"q{number}" for number in range(1, count + 1))])
        for names, answers in found:
            writer.writerow([*names, *[""] * (len(levels) - len(names)), *(answer or "" for answer in answers)])
    return path


def wishes(items: int = 1) -> Wishes:
    """How the survey is to be read."""
    return Wishes(instrument=questionnaire(items))


def write_report(survey: Path, folder: Path, *, items: int = 1, formats: Sequence[str] = FORMATS) -> Path:
    """Our report on it; gives the folder."""
    findings = analyze(load_survey(survey, wishes(items)), Policy())
    write_reports(findings, folder, formats=formats, version="0.1.0")
    return folder


@contextmanager
def threshold_only() -> Iterator[None]:
    """Everything that at least k people answered is published, and nothing is printed of who is left: the usual way."""
    plain_layout = road.lay_out
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(road, "publishable", lambda *of_the_search: of_the_search[3].copy())
        patch.setattr(road, "lay_out", lambda tree, shown, left: plain_layout(tree, shown, np.zeros_like(left)))
        yield


def audited(survey: Path, folder: Path, *, items: int = 1, record: Path | None = None) -> Verdict:
    """The verdict on a folder of reports."""
    return audit_output(folder, survey, wishes(items), record=record)


def digests(responses: Responses) -> frozenset[str]:
    """By which a record knows the answers of a survey of one wave, as the audit makes them."""
    (wave,) = waves_of(responses)
    people = people_of(responses, wave, questions_of(responses.instrument), responses.cuts)
    return digests_of(people, responses.instrument)


def both(
    tmp_path: Path, found: Sequence[Person], levels: Sequence[str] = ("Department", "Team")
) -> tuple[Verdict, Verdict]:
    """The verdicts on the report of a threshold alone, and on ours."""
    items = len(found[0][1])
    survey = write_survey(tmp_path, found, levels)
    with threshold_only():
        usual = write_report(survey, tmp_path / "usual", items=items)
    ours = write_report(survey, tmp_path / "ours", items=items)
    return audited(survey, usual, items=items), audited(survey, ours, items=items)


def in_words(verdict: Verdict) -> list[str]:
    """The attacks, a line each."""
    return [str(attack) for attack in verdict.attacks]
