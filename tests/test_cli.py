"""The command line, as the person at the keyboard meets it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import psafety
import pytest
from click.testing import CliRunner
from psafety.cli import Exit, main

SAMPLES = Path(psafety.__file__).parent / "surveys" / "samples"
Q2 = SAMPLES / "sample-2026-q2.csv"


@pytest.fixture
def run(tmp_path, tmp_path_factory, monkeypatch):
    """Run psafety in an empty folder, on a copy of the samples where a record may be kept; gives click's result.

    The cover is the same every time.
    """
    monkeypatch.setattr("secrets.token_hex", lambda size: "5a" * size)
    samples = shutil.copytree(SAMPLES, tmp_path_factory.mktemp("files") / "samples")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(
        main, [str(argument).replace(str(SAMPLES), str(samples)) for argument in arguments]
    )


def test_ctrl_c_ends_with_one_word_and_a_status_of_its_own(run, tmp_path, monkeypatch):
    """Whoever calls psafety can tell that from a survey that cannot be read; nothing is written."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("psafety.analysis.findings.tally", interrupted)

    result = run("report", Q2)

    assert (result.exit_code, result.stderr) == (Exit.STOPPED, "Stopped.\n")
    assert not list(tmp_path.iterdir())


def test_a_report_needs_no_option(run, tmp_path):
    """One file name gives a page and a workbook in the current folder, and says what was taken for what."""
    result = run("report", Q2)

    assert result.exit_code == Exit.DONE, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "sample-2026-q2-report.html",
        "sample-2026-q2-report.xlsx",
    ]
    for said in (
        "Open Team Survey",
        "Trust: 5",
        "Team column: Team",
        "Wave column: Quarter",
        "Columns not used: 1",
        "Withheld",
    ):
        assert said in result.stderr
    assert result.stdout == ""


def test_quiet_says_nothing(run):
    """--quiet leaves the screen empty when all goes well."""
    result = run("report", Q2, "--quiet", "--format", "json")

    assert result.output == ""


def test_data_on_standard_output_is_nothing_but_data(run, tmp_path):
    """`--output -` writes the data to standard output, all else to the error stream, and no file."""
    result = run("report", Q2, "--format", "json", "--output", "-")

    assert json.loads(result.stdout)["wave"] == "2026-Q2"
    assert "Open Team Survey" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_formats_do_not_go_to_standard_output(run):
    """Two formats on one stream would be a mess, so they are refused as a usage error."""
    assert run("report", Q2, "--output", "-").exit_code == Exit.USAGE


def test_headcounts_give_response_rates(run):
    """With the people asked per team, the report says how many of them answered."""
    result = run("report", Q2, "--headcounts", SAMPLES / "sample-headcounts.csv", "--format", "json", "-o", "-", "-q")

    organisation = json.loads(result.stdout)["units"][0]
    assert organisation["response_rate"] == pytest.approx(organisation["n"] / 240, abs=0.005)


def test_the_same_input_gives_the_same_bytes(run, tmp_path):
    """Two runs on one file differ in no byte."""
    for folder in ("a", "b"):
        run("report", Q2, "--format", "html,json,xlsx", "-o", folder)

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_settings_beside_the_survey_are_used_and_options_win(run, tmp_path):
    """psafety.toml beside the survey is read without being named; an option on the command line wins over it."""
    survey = tmp_path / "survey.csv"
    survey.write_bytes(Q2.read_bytes())
    (tmp_path / "psafety.toml").write_text(
        '[report]\ntitle = "From the file"\nformats = ["json"]\n[policy]\nmin_group = 8'
    )

    by_file = json.loads(run("report", survey, "-o", "-").stdout)
    by_option = json.loads(run("report", survey, "-o", "-", "--title", "Mine", "--min-group", 6, "--replaces").stdout)

    assert (by_file["title"], by_file["min_group"]) == ("From the file", 8)
    assert (by_option["title"], by_option["min_group"]) == ("Mine", 6)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "none.csv"),
        ("empty.csv", b"", "empty"),
        ("report.csv", b"%PDF-1.7\n\x00", "PDF"),
        ("free.csv", b"Comment,City\nhello there,Ulm\nfine by me,Bonn\n", "rating"),
        ("ragged.csv", b"trust1,trust2,trust3,Team\n1,2,3,A\n1,2,3,A,oops,more\n4,4,4,A\n5,5,5,B\n2,2,2,B\n", "row"),
        ("three.csv", b"trust1,trust2,trust3,Team\n1,2,3,A\n1,2,2,A\n4,4,4,A\n", "Only 3 people"),
        ("range.csv", b"trust1,trust2,trust3,Team\n" + b"1,2,3,A\n" * 9 + b"9,2,3,A\n", "row 11"),
    ],
)
def test_bad_input_gives_one_clear_message(run, tmp_path, name, content, said):
    """A message with what is wrong, a non-zero exit, no traceback and no file."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = sorted(tmp_path.iterdir())

    result = run("report", name)

    assert result.exit_code == Exit.PROBLEM
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_is_not_a_survey(run, tmp_path):
    """A folder in place of a file is said to be one."""
    result = run("report", tmp_path)

    assert result.exit_code == Exit.PROBLEM
    assert "folder" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--min-group", 2], "cannot be 2"),
        (["--team", "Crew"], "no column “Crew”"),
        (["--instrument", "nonesuch"], "nonesuch"),
        (["--platform", "nonesuch"], "It can be one of: qualtrics"),
        (["--platform", "qualtrics"], "no export of the platform “qualtrics”"),
        (["--format", "docx"], "docx"),
        (["--wave", "Quarter=2020-Q1"], "2020-Q1"),
        (["--config", "none.toml"], "none.toml"),
        (["--finite-population"], "need headcounts"),
        (["--output", Q2], "file"),
    ],
)
def test_a_wish_that_cannot_be_met_is_named(run, tmp_path, options, said):
    """An option that does not fit gives a message naming it, exit status 1, and nothing is written."""
    result = run("report", Q2, *options)

    assert result.exit_code == Exit.PROBLEM
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_team_called_like_a_path_or_formula_stays_a_name(run, tmp_path):
    """Hostile names of teams and of the file are shown as they are; nothing is written outside the folder."""
    rows = "".join(
        f"{team},{a},{b},{c}\n"
        for team in ("../../x", "=1+1", "<script>alert(1)</script>")
        for a, b, c in ((1, 2, 3), (5, 4, 3), (2, 2, 2), (4, 5, 4), (3, 4, 5), (3, 1, 2))
    )
    (tmp_path / "s.csv").write_text("Team,trust1,trust2,trust3\n" + rows)

    result = run("report", "s.csv")

    assert result.exit_code == Exit.DONE, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "psafety-record.json",
        "s-report.html",
        "s-report.xlsx",
        "s.csv",
    ]
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "s-report.xlsx") for row in sheet for cell in row]
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}
    assert "<script>alert" not in (tmp_path / "s-report.html").read_text()


def test_several_waves_are_never_pooled(run, tmp_path):
    """A file with two quarters is reported on for the last one, and says so; --wave chooses another."""
    first, second = (path.read_text() for path in sorted(SAMPLES.glob("sample-2026-q?.csv")))
    (tmp_path / "both.csv").write_text(first + second.split("\n", 1)[1])

    last = run("report", "both.csv", "--format", "json", "-o", "-")
    chosen = run("report", "both.csv", "--format", "json", "-o", "-", "--wave", "Quarter=2026-Q1")

    assert json.loads(last.stdout)["wave"] == "2026-Q2"
    assert "also holds “2026-Q1”" in last.stderr
    assert json.loads(chosen.stdout)["wave"] == "2026-Q1"


def test_check_explains_the_reading_and_writes_nothing(run, tmp_path):
    """`psafety check` says what each column is and why, and how each item is answered, for people and for machines."""
    said = run("check", Q2)
    data = json.loads(run("check", Q2, "--json").stdout)

    assert said.exit_code == Exit.DONE, said.output
    assert "team: its header says so" in said.stdout
    assert "trust1 (column 4): Strongly disagree" in said.stdout
    assert [column["role"] for column in data["columns"]][:4] == ["wave", "unit", "team", "item"]
    item = data["items"][0]
    assert sum(count for _, count in item["answers"]) + item["blank"] + item["not_applicable"] == data["rows"]
    assert list(tmp_path.iterdir()) == []


def test_several_files_and_a_zip_are_one_survey(run, tmp_path):
    """One file per team, given one by one or zipped, gives the same figures as all in one file."""
    header, *rows = Q2.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, part in enumerate((rows[:90], rows[90:])):
        (tmp_path / f"part{number}.csv").write_text(header + "".join(part), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number in range(2):
            archive.write(tmp_path / f"part{number}.csv", f"part{number}.csv")

    whole, parts, zipped = (
        json.loads(run("report", *paths, "--format", "json", "-o", "-", "--title", "T", "--record", "r.json").stdout)
        for paths in ((Q2,), ("part0.csv", "part1.csv"), ("all.zip",))
    )

    assert parts == whole
    assert zipped == whole


def test_the_files_can_be_the_teams(run, tmp_path):
    """Where no column names the team, the name of the file can."""
    header, *rows = Q2.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, part in (("north.csv", rows[:60]), ("south.csv", rows[60:120]), ("west.csv", rows[120:])):
        (tmp_path / name).write_text(header + "".join(part), encoding="utf-8")

    result = run(
        "report",
        "north.csv",
        "south.csv",
        "west.csv",
        "--team",
        "File",
        "--unit",
        "Quarter",
        "--format",
        "json",
        "-o",
        "-",
    )

    teams = [unit["path"][-1] for unit in json.loads(result.stdout)["units"] if unit["level"] == "File"]
    assert teams == ["north", "south", "west"]


def test_a_draft_can_be_edited_and_used(run, tmp_path):
    """`psafety draft` writes an instrument file with which the same file gives the same figures."""
    rows = "".join(f"{a},{b},{c}\n" for a, b, c in ((1, 2, 3), (5, 4, 3), (2, 2, 2), (4, 5, 4), (3, 4, 5), (3, 1, 2)))
    (tmp_path / "own.csv").write_text("We help [Often],We help [Early],We help [Gladly]\n" + rows)

    drafted = run("draft", "own.csv")
    plain = run("report", "own.csv", "--format", "json", "-o", "-")
    used = run("report", "own.csv", "--instrument", "own-instrument.toml", "--format", "json", "-o", "-", "--replaces")

    assert drafted.exit_code == Exit.DONE, drafted.output
    assert "No validated instrument" in plain.stderr
    assert used.exit_code == Exit.DONE, used.output
    assert json.loads(plain.stdout)["items"] == json.loads(used.stdout)["items"]


def test_a_draft_goes_to_standard_output(run):
    """`psafety draft FILE -o -` prints nothing but the TOML."""
    assert run("draft", Q2, "-o", "-").stdout.count("[[items]]") == 24


def test_instruments_are_listed_and_shown(run):
    """The questionnaires that ship are listed by id, and each can be printed as TOML."""
    listed = run("instruments").stdout

    assert "open-team-survey" in listed
    assert "edmondson-7" in listed
    assert 'id = "edmondson-7"' in run("instruments", "show", "edmondson-7").stdout
    assert run("instruments", "show", "nonesuch").exit_code == Exit.PROBLEM


def test_a_sample_comes_with_its_truth(run, tmp_path):
    """`psafety sample` writes an export that reports can be made of, the headcounts and the truth."""
    made = run(
        "sample", "s.csv", "--people", 120, "--headcounts", "h.csv", "--truth", "t.csv", "--waves", "2026-Q1,2026-Q2"
    )

    assert made.exit_code == Exit.DONE, made.output
    assert run("report", "s.csv", "--headcounts", "h.csv", "-q").exit_code == Exit.DONE
    assert (tmp_path / "t.csv").read_text().startswith("wave,department,team,trust,openness,speaking-up")


def test_the_program_runs_as_installed(tmp_path):
    """The command that pip installs answers; help needs none of the heavy libraries, and reading a file few of them."""
    heavy = {"pandas", "openpyxl", "plotly", "jinja2", "scipy"}
    code = f"""
import sys, psafety.cli
assert not {heavy | {"numpy", "pyarrow"}} & set(sys.modules)
import psafety.runs.report, psafety.reports.formats, psafety.reports.side_by_side, psafety.surveys.kinds
import psafety.surveys.parts
psafety.runs.settings.wishes_of(psafety.config.Config())
assert not {heavy} & set(sys.modules)  # a large file is read while they are loaded
"""

    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
    command = Path(sys.executable).parent / ("psafety.exe" if os.name == "nt" else "psafety")
    assert subprocess.run([command, "--version"], capture_output=True, check=True).stdout.startswith(b"psafety")
