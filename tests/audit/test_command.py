"""`psafety audit`: exit status 0 for a proof and for nothing else, and words or JSON."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from psafety.cli import main
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A synthetic survey of two waves with departments and teams."""
    path = tmp_path / "survey.csv"
    design = SampleDesign(people=120, teams=14, careless=0.2, waves=("2026-Q1", "2026-Q2"), seed=4)
    write_sample(sample_survey(design, load_instrument("open-team-survey")), path)
    return path


def run(*arguments: object) -> tuple[int, str]:
    """The exit status and what is said."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_our_own_report_is_proved_by_the_command(survey: Path, tmp_path: Path) -> None:
    """Report and audit, with the record beside the survey: status 0 and a sentence that says what was proved."""
    report = run("report", survey, "-o", tmp_path / "out", "--format", "html,xlsx,json", "-q")
    status, said = run("audit", tmp_path / "out", "--data", survey)

    assert report == (0, "")
    assert status == 0, said
    assert said.startswith("OK: ")
    assert "wave 2026-Q2" in said
    assert "No record was given" not in said


def test_the_verdict_as_json(survey: Path, tmp_path: Path) -> None:
    """For machines: whether it is proved, and all parts of the verdict."""
    run("report", survey, "-o", tmp_path / "out", "--format", "json", "-q", "--no-record", "--wave", "Quarter=2026-Q1")

    status, said = run("audit", tmp_path / "out" / "survey-report.json", "--data", survey, "--json")

    verdict = json.loads(said)
    assert status == 0
    assert verdict["schema"] == "psafety-audit/1"
    assert verdict["proved"] is True
    assert verdict["wave"] == "2026-Q1"
    assert verdict["notes"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--min-group", "40"), "at least 40 are needed"),
        (("--wave", "Quarter=2026-Q1"), "not “2026-Q1”"),
        (("--wave", "Quarter=2025"), "no wave “2025”"),
        (("--remove", "straight-lines"), "NOT SAFE"),
    ],
)
def test_an_audit_that_finds_something_ends_with_status_1(
    survey: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    """Another smallest group, wave or choice of rows: the output does not keep it, and the shell is told."""
    run("report", survey, "-o", tmp_path / "out", "--format", "json", "-q")

    status, said = run("audit", tmp_path / "out", "--data", survey, *options)

    assert status == 1
    assert words in said


@pytest.mark.parametrize(("output", "words"), [("nowhere", "no such file or folder"), (".", "no report to audit")])
def test_an_output_that_is_not_there_is_said(survey: Path, tmp_path: Path, output: str, words: str) -> None:
    """An audit of nothing is no proof."""
    empty = tmp_path / "empty"
    empty.mkdir()

    status, said = run("audit", empty / output, "--data", survey)

    assert status == 1
    assert words in said


def test_a_report_with_groups_is_proved_by_the_command(survey: Path, tmp_path: Path) -> None:
    """With the cut named, groups are proved; without it, they are not."""
    lines = survey.read_text(encoding="utf-8").splitlines()
    survey.write_text(
        "\n".join(
            [lines[0] + ",Site", *(f"{line},{'Bonn' if place % 3 else 'Kiel'}" for place, line in enumerate(lines[1:]))]
        ),
        encoding="utf-8",
    )
    run("report", survey, "-o", tmp_path / "out", "--cut", "Site", "--no-record", "-q")

    proved = run("audit", tmp_path / "out", "--data", survey, "--cut", "Site")
    refuted = run("audit", tmp_path / "out", "--data", survey)

    assert proved[0] == 0, proved[1]
    assert "nobody’s answer is the only one that fits the printed numbers" in proved[1]
    assert refuted[0] == 1
    assert "groups that nobody named with --cut" in refuted[1]


def test_a_comparison_is_audited_beside_a_report(survey: Path, tmp_path: Path) -> None:
    """Its page and its workbook are read like those of a report."""
    run("compare", survey, "-o", tmp_path / "out", "-q")
    page = tmp_path / "out" / "survey-comparison.html"
    page.write_text(page.read_text("utf-8").replace("<h2>Method</h2>", "<h2>Method</h2><p>47 left.</p>"), "utf-8")

    status, said = run("audit", tmp_path / "out", "--data", survey)

    assert status == 1
    assert said.startswith("NOT SAFE")
    assert "survey-comparison.html" in said
    assert "47 is no printed figure" in said


def test_a_comparison_is_audited_against_a_survey_in_parts(survey: Path, tmp_path: Path) -> None:
    """Two files with one header and the same waves are one survey."""
    head, *rows = survey.read_text("utf-8").splitlines()
    parts = [tmp_path / "north.csv", tmp_path / "south.csv"]
    for place, part in enumerate(parts):
        part.write_text("\n".join([head, *rows[place::2]]), "utf-8")
    made = run("compare", survey, "-o", tmp_path / "out", "--format", "json", "-q", "--no-record")

    status, said = run("audit", tmp_path / "out", "--data", parts[0], "--data", parts[1])

    assert made == (0, "")
    assert status == 0, said


def test_a_report_that_the_audit_refuses_is_not_written(
    survey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the protection ever failed, nothing would be written, the record included, and the attack would be said."""
    monkeypatch.setattr("psafety.analysis.findings.publishable", lambda *arguments: arguments[3])

    status, said = run("report", survey, "-o", tmp_path / "out", "-q")

    assert status == 1
    assert "Nothing was written, as the audit refuses it. NOT SAFE" in said
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["survey.csv"]


def test_a_report_without_an_audit_says_so(survey: Path, tmp_path: Path) -> None:
    """On the screen and above the figures."""
    status, said = run("report", survey, "-o", tmp_path / "out", "--no-audit", "--format", "html")

    assert status == 0
    assert "Not audited" in said
    assert "Not audited." in (tmp_path / "out" / "survey-report.html").read_text("utf-8")


def test_an_audited_report_says_what_was_proved(survey: Path, tmp_path: Path) -> None:
    """The last word on the screen before the files, also where the report goes to standard output."""
    status, said = run("report", survey, "-o", tmp_path / "out")
    to_stdout = CliRunner().invoke(main, ["report", str(survey), "-o", "-", "--format", "json"])

    assert status == 0
    assert "Audit: OK: " in said
    assert json.loads(to_stdout.stdout)["wave"] == "2026-Q2"
    assert "Audit: OK: " in to_stdout.stderr


ITEMS = ["trust1", "trust2", "trust3", "open1", "open2", "open3"]


def numbered(path: Path, groups: dict[str, list[str]]) -> Path:
    """A survey of 60 people with columns of names that are numbers, and more answers in the last third."""
    draw = np.random.default_rng(7)
    names = list(groups)
    lines = [",".join([*names, *ITEMS])]
    for person in range(60):
        base = 4 if person >= 40 else 2
        answers = [str(min(5, max(1, base + int(draw.integers(-1, 2))))) for _ in ITEMS]
        lines.append(",".join([*(values[person * len(values) // 60] for values in groups.values()), *answers]))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("groups", "options"),
    [
        ({"Team": ["1", "2", "27"]}, ()),
        ({"Department": ["100", "101"], "Team": ["3", "4", "5", "6"]}, ("--team-reports",)),
        ({"Team": ["27; 5 %", "=1+27", "2021"]}, ("--date", "2026-11-22")),
        ({"Team": ["North", "South"]}, ("--date", "22 November 2026", "--wave-name", "17")),
        ({"Gender": ["1", "2", "3"]}, ("--cut", "Gender", "--title", "Survey 2026, part 2")),
        ({"Wave": ["17"], "Team": ["North", "South"]}, ()),
    ],
)
def test_names_and_dates_that_are_numbers_are_no_figures(
    tmp_path: Path, groups: dict[str, list[str]], options: tuple[str, ...]
) -> None:
    """Teams, departments, waves, groups and dates may be numbers: the report is written, and proved from outside."""
    survey = numbered(tmp_path / "survey.csv", groups)
    reading = ("--turn", "none", *(option for option in options if option in {"--cut", "Gender", "--wave-name", "17"}))

    report = run(
        "report", survey, "-o", tmp_path / "out", "-q", "--turn", "none", "--format", "html,xlsx,json", *options
    )
    status, said = run("audit", tmp_path / "out", "--data", survey, *reading)

    assert report == (0, "")
    assert status == 0, said
