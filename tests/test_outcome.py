"""`--outcome`: of what else drivers are looked for, from the command line or the settings."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psafety.cli import Exit, main
from psafety.config import read_config
from psafety.runs.findings import Past, findings_of, responses_of

SURVEY = "survey.csv"


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a survey of 600 people, in which everything can be said."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["sample", SURVEY, "--people", "600"]).exit_code == Exit.DONE
    return tmp_path


def report(*options: str) -> Result:
    """Make the snapshot of that survey."""
    return CliRunner().invoke(main, ["report", SURVEY, "--format", "json", "-q", "--no-record", *options])


def test_the_outcome_of_the_settings_reaches_the_findings(sample: Path) -> None:
    """[report] outcome in psafety.toml names a dimension or a question by its id."""
    (sample / "psafety.toml").write_text('[report]\noutcome = "ideas"\n', encoding="utf-8")
    settings = read_config(sample / "psafety.toml")
    responses, wave = responses_of((sample / SURVEY,), settings, lambda _: None)

    with findings_of(responses, wave, settings, Past(None, False, None), lambda _: None) as (findings, _):
        outcomes = [drivers.outcome for drivers in findings.evidence.drivers]

    assert outcomes == ["speaking-up", "ideas"]


def test_an_unknown_outcome_is_told_with_the_names_there_are(sample: Path) -> None:
    """One message, nothing written."""
    result = report("--outcome", "idea")

    assert result.exit_code == Exit.PROBLEM
    assert "no dimension and no question “idea”" in result.stderr
    assert "trust" in result.stderr
    assert not list(sample.glob("*.json"))
