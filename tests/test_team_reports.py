"""`psafety report --team-reports`: pages for teams beside the report, by an option or a setting."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psafety import analyze, load_survey
from psafety.cli import Exit, main
from psafety.reports.files import write_reports

ROWS = [
    f"{team},{1 + (number * step) % 5},{1 + (number + step) % 5},{1 + (2 * number + step) % 5}"
    for step, (team, size) in enumerate({"Ahorn": 12, "Birke": 7, "Linde": 3}.items(), 1)
    for number in range(size)
]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "pulse 1.csv"
    path.write_text("\n".join(["Team,trust1,trust2,trust3", *ROWS, ""]))
    return path


def run(survey: Path, *options: str) -> Result:
    out = ("--output", str(survey.parent / "out")) if "--output" not in options else ()
    return CliRunner().invoke(main, ["report", str(survey), "--format", "html", *out, *options])


def test_the_option_writes_pages_an_index_and_an_archive(survey: Path) -> None:
    """And says so in two lines, however many teams there are."""
    result = run(survey, "--team-reports")
    out = survey.parent / "out"

    assert result.exit_code == Exit.DONE, result.output
    assert (out / "pulse 1-teams" / "index.html").exists()
    assert (out / "pulse 1-teams.zip").exists()
    assert len(list((out / "pulse 1-teams").glob("*.html"))) == 4
    assert result.output.count("Written:") == 4  # the record, the report, the archive, the index with the pages
    assert "and 3 pages beside it" in result.output
    page = next((out / "pulse 1-teams").glob("ahorn-*.html")).read_text(encoding="utf-8")
    assert 'href="../pulse%201-report.html"' in page


def test_a_second_run_writes_the_same_bytes(survey: Path) -> None:
    """Names and pages do not depend on the run."""
    run(survey, "--team-reports")
    first = {path: path.read_bytes() for path in (survey.parent / "out").rglob("*") if path.is_file()}
    run(survey, "--team-reports")

    assert {path: path.read_bytes() for path in (survey.parent / "out").rglob("*") if path.is_file()} == first


def test_the_written_pages_pass_the_audit(survey: Path) -> None:
    """With the record that the same run kept, and cells withheld by lot."""
    run(survey, "--team-reports")

    result = CliRunner().invoke(main, ["audit", str(survey.parent / "out"), "--data", str(survey)])

    assert result.exit_code == Exit.DONE, result.output


def test_the_settings_can_ask_for_pages(survey: Path) -> None:
    """`[report] team_reports = true`."""
    (survey.parent / "psafety.toml").write_text("[report]\nteam_reports = true\n")

    assert run(survey).exit_code == Exit.DONE
    assert (survey.parent / "out" / "pulse 1-teams" / "index.html").exists()


def test_without_the_option_there_are_no_pages(survey: Path) -> None:
    """Nobody gets pages who did not ask for them."""
    run(survey)

    assert not (survey.parent / "out" / "pulse 1-teams").exists()


def test_standard_output_holds_no_pages(survey: Path) -> None:
    """They are many files."""
    result = run(survey, "--team-reports", "--output", "-")

    assert result.exit_code == Exit.USAGE
    assert "name a folder" in result.output


def test_a_survey_without_teams_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """The option is a wish that cannot be met, and the message names the way on."""
    survey = tmp_path / "plain.csv"
    survey.write_text("\n".join(["trust1,trust2,trust3", *(row.partition(",")[2] for row in ROWS), ""]))

    result = run(survey, "--team-reports")

    assert result.exit_code == Exit.PROBLEM
    assert "no teams to make pages of" in result.output
    assert not (tmp_path / "out").exists()


def test_without_the_html_report_pages_lead_to_none(survey: Path) -> None:
    """A link goes only where a file is."""
    CliRunner().invoke(
        main,
        ["report", str(survey), "--format", "json", "--team-reports", "--output", str(survey.parent / "out")],
    )
    page = next((survey.parent / "out" / "pulse 1-teams").glob("ahorn-*.html")).read_text(encoding="utf-8")

    assert "-report.html" not in page


def test_python_can_ask_for_pages_too(survey: Path, tmp_path: Path) -> None:
    """`write_reports(…, team_reports=True)`, with shares for every team however many there are."""
    written = write_reports(analyze(load_survey(survey)), tmp_path / "python", formats=("html",), team_reports=True)

    assert [path.name for path in written][:2] == ["pulse 1-report.html", "index.html"]
    assert len(written) == 6
