"""What an audit counts of the answers before it reads any file: it changes no verdict, and takes no second process."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psafety.audit.ahead
import pytest
from click.testing import CliRunner
from psafety.audit.ahead import Ahead, count_ahead
from psafety.audit.proof import audit_responses
from psafety.cli import main
from psafety.runs import report
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from surveyed import people, wishes, write_report, write_survey


def other_wave(ahead: Ahead) -> Ahead:
    """What was counted of nobody who is asked about."""
    return replace(ahead, wave="2025", people=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [lambda ahead: ahead, other_wave, lambda ahead: replace(ahead, cuts=("Gender",))])
def test_what_is_counted_before_changes_no_verdict(tmp_path: Path, change: Callable[[Ahead], Ahead]) -> None:
    """Neither where it is used, nor where it is of another wave or of groups that no file prints."""
    survey = write_survey(tmp_path, people(("D", "a"), 9) + people(("D", "b"), 8))
    responses, out = load_survey(survey, wishes()), write_report(survey, tmp_path / "out")

    at_once = audit_responses(out, responses, [survey])
    later = audit_responses(out, responses, [survey], ahead=change(count_ahead(responses, "")), names_data=False)

    assert later == replace(at_once, data=())
    assert later.is_proof


@pytest.mark.parametrize(("jobs", "beside"), [(1, False), (2, True)])
def test_answers_are_counted_while_others_render(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, *, beside: bool
) -> None:
    """In a thread where there is a second core, once; with one job nothing is done beside anything."""
    survey = tmp_path / "survey.csv"
    write_sample(sample_survey(SampleDesign(people=60, teams=5), load_instrument("open-team-survey")), survey)
    counted: list[bool] = []

    def told(*given: object) -> Ahead:
        counted.append(threading.current_thread() is not threading.main_thread())
        return count_ahead(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(psafety.audit.ahead, "count_ahead", told)
    monkeypatch.setattr(report, "_LARGE", 1)
    options = ("--format", "json", "--no-record", "--jobs", str(jobs), "-q", "-o", str(tmp_path / "out"))

    result = CliRunner().invoke(main, ["report", str(survey), *options], catch_exceptions=False)

    assert result.exit_code == 0, result.output
    assert counted == [beside]
