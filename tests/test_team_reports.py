"""`psafety report --team-reports`: pages for teams beside the report, by an option or a setting."""

from pathlib import Path
from zipfile import ZipFile

import psafety.reports.teams.files
import pytest
from click.testing import CliRunner, Result
from psafety import Look, analyze, compose, load_survey
from psafety.cli import Exit, main
from psafety.reports.files import former_pages, team_files, write_files, write_reports
from psafety.reports.pdf import find_browser
from psafety.surveys.errors import ConfigError

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


def test_pages_are_printed_where_pdf_is_asked_for(survey: Path) -> None:
    """Each page and sheet, in the folder and in the archive, and the audit reads every print beside its page."""
    try:
        find_browser()
    except ConfigError:
        pytest.skip("no browser is installed")
    survey.write_text("\n".join(["Team,trust1,trust2,trust3", *ROWS[:12], ""]))

    result = run(survey, "--facilitator", "--format", "pdf")
    pages = survey.parent / "out" / "pulse 1-teams"

    assert result.exit_code == Exit.DONE, result.output
    assert "and 2 pages, 2 as PDF too, beside it" in result.output
    assert {path.stem for path in pages.glob("*.pdf")} == {path.stem for path in pages.glob("ahorn-*.html")}
    with ZipFile(survey.parent / "out" / "pulse 1-teams.zip") as archive:
        assert sorted(Path(name).name for name in archive.namelist()) == sorted(path.name for path in pages.iterdir())
    audited = CliRunner().invoke(main, ["audit", str(survey.parent / "out"), "--data", str(survey)])
    assert audited.exit_code == Exit.DONE, audited.output


def test_prints_of_pages_that_are_no_more_are_removed_with_them(survey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is left out takes its print with it."""
    monkeypatch.setattr(psafety.reports.teams.files, "to_pdf", lambda page, **_: b"%PDF-" + page[:9])
    content = compose(analyze(load_survey(survey)), Look(), version="1")
    folder = survey.parent / "out"
    written = write_files(team_files(content, folder, "pulse", ("html", "pdf")))
    gone = [path for path in written if path.name.startswith("birke-")]

    assert sorted(path.suffix for path in gone) == [".html", ".pdf"]
    assert former_pages(folder, "pulse", [path for path in written if path not in gone]) == tuple(sorted(gone))


def test_several_browsers_print_at_a_time_what_one_would(survey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page once, in its own file, with any number of jobs."""
    asked: list[bytes] = []

    def stand_in(page: bytes, **_: object) -> bytes:
        asked.append(page)
        return b"%PDF-" + page

    monkeypatch.setattr(psafety.reports.teams.files, "to_pdf", stand_in)
    content = compose(analyze(load_survey(survey)), Look(), version="1")
    folders = [survey.parent / f"out-{jobs}" for jobs in (1, 3)]
    for jobs, folder in zip((1, 3), folders, strict=True):
        write_files(team_files(content, folder, "pulse", ("html", "pdf"), jobs=jobs))

    one, three = ({path.name: path.read_bytes() for path in folder.rglob("*.*")} for folder in folders)
    assert one == three
    assert len(asked) == 2 * sum(name.endswith(".pdf") for name in one) == 2 * len(set(asked))


def test_python_can_ask_for_sheets_too(survey: Path, tmp_path: Path) -> None:
    """Sheets come with their pages."""
    written = write_reports(analyze(load_survey(survey)), tmp_path / "out", formats=("html",), facilitator=True)

    assert sum(path.name.endswith("-facilitator.html") for path in written) == 3
    assert sum(path.parent.name == "pulse 1-teams" for path in written) == 7


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


def test_a_sheet_for_whoever_leads_the_talk_goes_with_every_page(survey: Path) -> None:
    """By the option alone; page and sheet pass the audit."""
    result = run(survey, "--facilitator")
    folder = survey.parent / "out" / "pulse 1-teams"

    assert result.exit_code == Exit.DONE, result.output
    assert len(list(folder.glob("*-facilitator.html"))) == 3
    assert len(list(folder.glob("*.html"))) == 7
    verdict = CliRunner().invoke(main, ["audit", str(survey.parent / "out"), "--data", str(survey)])
    assert verdict.exit_code == Exit.DONE, verdict.output


def small(folder: Path) -> Path:
    """A survey of two departments, with small teams in one of them."""
    sizes = {("Nord", "Ahorn"): 12, ("Nord", "Birke 2"): 3, ("Nord", "Linde"): 4, ("Süd", "Ost"): 14}
    lines = [
        f"{department},{team},{1 + number % 5},{1 + (number + 1) % 5},{1 + (number * 2) % 5}"
        for (department, team), size in sizes.items()
        for number in range(size)
    ]
    path = folder / "small.csv"
    path.write_text("\n".join(["Department,Team,trust1,trust2,trust3", *lines, ""]))
    return path


def test_small_teams_are_reported_together(tmp_path: Path) -> None:
    """The report says so, their page too, and the index says for each of them where its answers are."""
    survey = small(tmp_path)
    result = run(survey, "--facilitator", "--merge-small")
    folder = tmp_path / "out" / "small-teams"

    assert result.exit_code == Exit.DONE, result.output
    (page,) = [one for one in folder.glob("nord-birke-2-linde-*.html") if "facilitator" not in one.name]
    text = page.read_text(encoding="utf-8")
    assert "Birke 2 and Linde are reported together" in text
    assert 'class="own"' in text
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert f'Birke 2 and Linde: <a href="{page.name}">Birke 2 + Linde</a>' in index
    assert "Teams reported together" in (tmp_path / "out" / "small-report.html").read_text(encoding="utf-8")


def test_the_audit_sees_the_groups_that_the_report_has(tmp_path: Path) -> None:
    """With the same option; without it nobody in the survey names such a team."""
    survey = small(tmp_path)
    run(survey, "--facilitator", "--merge-small")
    command = ["audit", str(tmp_path / "out"), "--data", str(survey)]

    same, other = (CliRunner().invoke(main, [*command, *options]) for options in (("--merge-small",), ()))

    assert same.exit_code == Exit.DONE, same.output
    assert "nobody in the survey names this unit" in other.output


@pytest.mark.parametrize("first", [(), ("--merge-small",)])
def test_the_same_answers_in_other_groups_are_refused(tmp_path: Path, first: tuple[str, ...]) -> None:
    """Whoever held both reports could subtract one from the other."""
    survey = small(tmp_path)
    second = () if first else ("--merge-small",)

    assert run(survey, *first).exit_code == Exit.DONE
    refused = run(survey, *second)

    assert refused.exit_code == Exit.PROBLEM
    assert "people sorted into other units" in refused.output
    assert run(survey, *first).exit_code == Exit.DONE


def test_both_ways_of_grouping_can_be_checked_together(tmp_path: Path) -> None:
    """The earlier export is read as the earlier report read it, with or without the option; both are then judged."""
    survey = small(tmp_path)
    run(survey)

    result = run(survey, "--merge-small", "--earlier", str(survey))

    assert "does not hold the answers" not in result.output


def test_the_settings_can_ask_for_sheets_and_for_larger_groups(tmp_path: Path) -> None:
    """`[report] facilitator = true` and `[survey] merge_small = true`."""
    survey = small(tmp_path)
    (tmp_path / "psafety.toml").write_text("[survey]\nmerge_small = true\n[report]\nfacilitator = true\n")

    assert run(survey).exit_code == Exit.DONE
    assert list((tmp_path / "out" / "small-teams").glob("nord-birke-2-linde-*-facilitator.html"))


def test_people_asked_follow_their_teams(tmp_path: Path) -> None:
    """The rate of the group is that of all who were asked in it, though the headcounts name the teams one by one."""
    survey = small(tmp_path)
    counts = tmp_path / "counts.csv"
    counts.write_text("Department,Team,Headcount\nNord,Ahorn,12\nNord,Birke 2,5\nNord,Linde,9\nSüd,Ost,20\n")

    result = run(survey, "--team-reports", "--merge-small", "--headcounts", str(counts))

    assert result.exit_code == Exit.DONE, result.output
    (page,) = (tmp_path / "out" / "small-teams").glob("nord-birke-2-linde-*.html")
    assert "7 people answered, 50% of those who were asked." in page.read_text(encoding="utf-8")


def test_pages_of_units_that_are_no_more_are_removed_and_nothing_else(tmp_path: Path) -> None:
    """Only what the index that we wrote leads to; whoever put another file there keeps it."""
    pages = tmp_path / "survey-teams"
    pages.mkdir()
    (pages / "index.html").write_text(
        '<meta name="generator" content="psafety 0.1.0"><a href="old-0123456789.html">Old</a>'
        '<a href="new-0123456789.html">New</a><a href="gone.html">Gone</a><a href="../report.html">Up</a>'
    )
    for name in ("old-0123456789.html", "new-0123456789.html", "mine.html"):
        (pages / name).write_text("")
    (tmp_path / "report.html").write_text("")

    found = former_pages(tmp_path, "survey", [pages / "new-0123456789.html", pages / "index.html"])
    (pages / "index.html").write_text('<a href="old-0123456789.html">somebody else’s</a>')

    assert found == (pages / "old-0123456789.html",)
    assert former_pages(tmp_path, "survey", []) == ()
    assert former_pages(tmp_path / "nowhere", "survey", []) == ()
