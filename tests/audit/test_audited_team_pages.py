"""Team pages are read by the audit like every other file: what is planted in them is found, page by page."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.compose import Look, compose
from psafety.reports.files import team_files, write_files, write_reports
from psafety.surveys.responses import load_survey
from surveyed import audited, people, team, wishes, write_survey

SURVEY = (
    people(("North", "Ahorn 2"), 12)
    + people(("North", "Birke"), 7)
    + people(("North", "Linde"), 11)
    + people(("South", "12"), 14)
    + team(("South", "Kiefer"), *[5, 4] * 8)
    + people(("South", "Tanne"), 3)
    + people(("South", "Ulme"), 5)
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A survey with withheld teams, and our report on it with all pages."""
    folder = tmp_path_factory.mktemp("pages")
    survey = write_survey(folder, SURVEY)
    findings = analyze(load_survey(survey, wishes()), Policy())
    write_reports(findings, folder / "out", formats=("html", "json"), version="0.1.0", team_reports=True)
    return survey, folder / "out"


@pytest.fixture
def verdict_with(written: tuple[Path, Path], tmp_path: Path) -> Callable[..., Verdict]:
    """The verdict on a copy of the report in which one file is changed."""

    def verdict(stem: str = "", change: Callable[[str], str] = str) -> Verdict:
        survey, folder = written
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        for path in copy.glob(f"survey-teams/{stem}*.html") if stem else ():
            before = path.read_text(encoding="utf-8")
            after = change(before)
            assert after != before
            path.write_text(after, encoding="utf-8")
        return audited(survey, copy)

    return verdict


def refuted(verdict: Verdict, *words: str) -> None:
    """It is no proof, and one line says where and what."""
    lines = [f"{fault.file}, {fault.place}: {fault.problem}" for fault in verdict.faults]
    assert not verdict.is_proof
    assert any(all(word in line for word in words) for line in lines), "\n".join(to_lines(verdict))


def swapped(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def test_pages_as_they_are_written_are_proved(verdict_with: Callable[..., Verdict]) -> None:
    """Folder and archive, shown and withheld teams, a team whose name is a number."""
    verdict = verdict_with()

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert sum(name.startswith("survey-teams/") for name in verdict.files) == 10
    assert sum("survey-teams.zip/" in name for name in verdict.files) == 10


@pytest.mark.parametrize(
    ("stem", "old", "new", "words"),
    [
        pytest.param(
            "north-linde",
            '<tr class="own"><th scope="row" style="--depth:2">Linde',
            '<tr class="own"><th scope="row" style="--depth:2">Kiefer',
            ("a unit that this page is not on",),
            id="row of a neighbour",
        ),
        pytest.param("south-tanne", "So a large team", "3 people. So a large team", ("3 is no",), id="withheld n"),
        pytest.param(
            "south-tanne", "So a large team", "5 people. So a large team", ("5 is no",), id="number of a rule"
        ),
        pytest.param("south-tanne", "So a large team", "Of 100. So a large team", ("100 is no",), id="a constant"),
        pytest.param("south-tanne", "Start small.", "Start small, all 3.", ("3 is no",), id="in the guide"),
        pytest.param("south-tanne", "<h1>Tanne", "<h1>Tanne 3", ("heading",), id="heading"),
        pytest.param("south-kiefer", "--index:", "--index:1000", ("attribute", "--index:1000"), id="picture of more"),
        pytest.param("south-kiefer", "</ol>\n<h1>", "<li>Tanne</li></ol>\n<h1>", ("heading",), id="path"),
        pytest.param("south-kiefer", "people answered.", "people answered, 34.", ("34 is no",), id="figure in a text"),
        pytest.param("south-kiefer", 'scope="row">q1', 'scope="row">q2', ("out of the order",), id="statement"),
        pytest.param(
            "south-kiefer", 'class="group">Trust', 'class="group">Hope', ("out of the order",), id="dimension"
        ),
        pytest.param("south-kiefer", '"--depth:1">South', '"--depth:1">North', ("is not on",), id="another department"),
        pytest.param(
            "south-kiefer", 'class="side">', 'class="side"><tr><th><i style="--share:3"></i></th></tr>', (), id="head"
        ),
        pytest.param("south-kiefer", "<td>16</td>", "<td>16 <small>x</small></td>", ("small print",), id="small print"),
        pytest.param(
            "south-kiefer",
            '</span></th><td class="above">',
            '</span></th><td class="above"><i style="--share:3"></i>',
            ("a picture where",),
            id="picture in a cell",
        ),
        pytest.param(
            "south-kiefer", '"vh"> above', '"vh"> above 3', ("only a screen reader says",), id="spoken number"
        ),
        pytest.param("south-kiefer", "<td>16</td>", "<td>16</td><td>3</td>", ("5 columns",), id="one more column"),
        pytest.param("index", 'style="--depth:2"', 'style="--depth:3"', ("no unit stands above",), id="depth"),
        pytest.param("south-kiefer", "<main", '<ol class="path"></ol><main', ("twice",), id="second path"),
        pytest.param("south-kiefer", "<main", "<!-- Tanne 3 --><main", ("comment",), id="comment"),
        pytest.param("south-kiefer", "<main", '<p><a href="x.html?n=3">x</a></p><main', ("leads out",), id="link"),
        pytest.param("south-kiefer", "<main", "<script>let n</script><main", ("script",), id="script"),
        pytest.param("south-kiefer", "</style>", "i{width:34%}</style>", ("stylesheet",), id="stylesheet"),
        pytest.param("south-kiefer", '<table class="people">', '<table class="facts">', ("do not have",), id="table"),
        pytest.param("index", "</a> <small>", " 3</a> <small>", ("nobody in the survey",), id="figure in the index"),
        pytest.param("index", "<p>In alpha", "<p>34 In alpha", ("34 is no",), id="number in the index"),
    ],
)
def test_what_is_planted_in_a_page_is_found(
    verdict_with: Callable[..., Verdict], stem: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Figures of neighbours and of withheld teams, wherever somebody puts them."""
    refuted(verdict_with(stem, swapped(old, new)), f"survey-teams/{stem}", *words)


def test_a_neighbours_figures_under_the_units_name_are_found(
    written: tuple[Path, Path], verdict_with: Callable[..., Verdict]
) -> None:
    """A page that carries another team's whole table under its own name."""
    (other,) = (written[1] / "survey-teams").glob("south-12-*.html")
    body = other.read_text(encoding="utf-8").replace(">12", ">Kiefer").replace(" 12", " Kiefer")
    table = re.search(r'<table class="lanes">.*?</table>', body, re.DOTALL)
    assert table

    verdict = verdict_with(
        "south-kiefer", lambda text: re.sub(r'<table class="lanes">.*?</table>', table[0], text, flags=re.DOTALL)
    )

    refuted(verdict, "survey-teams/south-kiefer", "is said to be", "but the survey gives")


def test_a_picture_of_other_figures_is_found(verdict_with: Callable[..., Verdict]) -> None:
    """A dot that lies elsewhere than its figure says."""
    verdict = verdict_with("south-kiefer", lambda text: re.sub(r"--index:\d+", "--index:34", text, count=1))

    refuted(verdict, "south-kiefer", "the picture shows other figures than the table")


def test_a_marked_figure_that_is_withheld_is_found(verdict_with: Callable[..., Verdict]) -> None:
    """A mark would say on which side a hidden figure lies."""
    verdict = verdict_with("south-kiefer", lambda text: re.sub(r'(class="above">)\d+', r"\1withheld", text, count=1))

    refuted(verdict, "south-kiefer", "a withheld figure is marked as above or below")


def test_a_bar_of_other_shares_is_found(verdict_with: Callable[..., Verdict]) -> None:
    """A bar that is longer than its share."""
    verdict = verdict_with("south-kiefer", lambda text: re.sub(r"--share:\d+", "--share:34", text, count=1))

    refuted(verdict, "south-kiefer", "the bar shows other shares than the table")


def test_a_figure_in_the_name_of_a_file_is_found(
    written: tuple[Path, Path], tmp_path: Path, verdict_with: Callable[..., Verdict]
) -> None:
    """A name must be made of the unit's names alone; here it carries an index in place of the fingerprint."""
    copy = tmp_path / "renamed"
    shutil.copytree(written[1], copy)
    (page,) = (copy / "survey-teams").glob("south-tanne*.html")
    page.rename(page.with_name("south-tanne-34.html"))

    refuted(audited(written[0], copy), "south-tanne-34.html", "not made of the names of its unit alone")


def test_what_is_planted_in_the_archive_alone_is_found(written: tuple[Path, Path], tmp_path: Path) -> None:
    """The folder is as it was written, and one page of the archive says more."""
    copy = tmp_path / "packed"
    shutil.copytree(written[1], copy)
    with ZipFile(written[1] / "survey-teams.zip") as old, ZipFile(copy / "survey-teams.zip", "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace("So a large", "3 people. So a large") if "tanne" in name else text)

    refuted(audited(written[0], copy), "survey-teams.zip/survey-teams/south-tanne", "3 is no printed figure")


def test_pages_by_themselves_are_proved_with_the_report_elsewhere(written: tuple[Path, Path], tmp_path: Path) -> None:
    """Whoever got the archive alone can have it checked."""
    shutil.copy(written[1] / "survey-teams.zip", tmp_path / "survey-teams.zip")

    verdict = audited(written[0], tmp_path)

    assert verdict.faults == (), "\n".join(to_lines(verdict))


def test_pages_below_a_withheld_unit_are_proved(tmp_path: Path) -> None:
    """The path of a page names units of which nothing is shown; figures are of the nearest shown one above."""
    survey = write_survey(
        tmp_path,
        [
            *people(("Works", "North", "Ahorn"), 9),
            *people(("Works", "North", "Birke"), 3),
            *people(("Works", "South", "Linde"), 12),
            *people(("Works", "South", "Tanne"), 11),
            *people(("Sales", "West", "Ulme"), 16),
        ],
        ("Division", "Department", "Team"),
    )
    findings = analyze(load_survey(survey, wishes()), Policy())
    write_reports(findings, tmp_path / "out", version="0.1.0", team_reports=True)

    verdict = audited(survey, tmp_path / "out")

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert len(list((tmp_path / "out" / "survey-teams").iterdir())) == 11


@pytest.mark.parametrize("name", ["34", "3/4", "₀₁₂", "1,234", "🦊", "x" * 200])
def test_a_name_that_looks_like_a_figure_is_a_name(tmp_path: Path, name: str) -> None:
    """Pages of teams that are called by numbers are proved as well."""
    survey = write_survey(
        tmp_path, [*people(("North", name), 12), *people(("North", "Ulme"), 11), *people(("7", "0.5"), 9)]
    )
    findings = analyze(load_survey(survey, wishes()), Policy())
    write_reports(findings, tmp_path / "out", formats=("html",), version="0.1.0", team_reports=True)

    verdict = audited(survey, tmp_path / "out")

    assert not [fault for fault in verdict.faults if "teams" in fault.file], "\n".join(to_lines(verdict))


# Sheets


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same survey with a sheet beside every page."""
    folder = tmp_path_factory.mktemp("sheets")
    survey = write_survey(folder, SURVEY)
    content = compose(analyze(load_survey(survey, wishes()), Policy()), Look(team_reports=True), version="0.1.0")
    write_files(team_files(content, folder / "out", "survey", (), facilitator=True))
    return survey, folder / "out"


@pytest.fixture
def verdict_on_sheets(sheets: tuple[Path, Path], tmp_path: Path) -> Callable[..., Verdict]:
    """The verdict where one sheet is changed."""

    def verdict(stem: str = "", change: Callable[[str], str] = str) -> Verdict:
        copy = tmp_path / "copy"
        shutil.copytree(sheets[1], copy)
        for path in copy.glob(f"survey-teams/{stem}*-facilitator.html") if stem else ():
            before = path.read_text(encoding="utf-8")
            after = change(before)
            assert after != before
            path.write_text(after, encoding="utf-8")
        return audited(sheets[0], copy)

    return verdict


def test_sheets_as_they_are_written_hold_no_fault(verdict_on_sheets: Callable[..., Verdict]) -> None:
    """Of shown and of withheld units, in the folder and in the archive."""
    verdict = verdict_on_sheets()

    assert verdict.faults == (), "\n".join(to_lines(verdict))
    assert sum(name.endswith("-facilitator.html") for name in verdict.files) == 18


@pytest.mark.parametrize(
    ("stem", "old", "new", "words"),
    [
        pytest.param("south-tanne", "<h3>Aim", "<h3>Aim 3", ("3 is no printed figure",), id="a number"),
        pytest.param("south-tanne", "<td>☐</td>", "<td>☒</td>", ("something is filled in",), id="a box ticked"),
        pytest.param("south-tanne", "<td>☐</td>", '<td class="below">☐</td>', ("is filled in",), id="a box marked"),
        pytest.param("south-tanne", '"pattern-unseen" class', '"pattern-low-split" class', ("leads to",), id="pattern"),
        pytest.param("south-tanne", "Nothing here tells", "All is low, which tells", ("other withheld",), id="a hint"),
        pytest.param("south-kiefer", "<h1>Kiefer", "<h1>Tanne", ("heading",), id="another unit"),
        pytest.param(
            "south-kiefer", '<table class="practices">', '<table class="people">', ("do not have",), id="table"
        ),
        pytest.param("south-kiefer", '"line"></td>', '"line">71</td>', (), id="a figure to guess"),
        pytest.param("south-kiefer", 'row">Trust', 'row">Hope', ("other dimensions",), id="dimension"),
        pytest.param(
            "south-kiefer",
            '<section id="plans">',
            '<section id="pattern-x"></section><section id="plans">',
            ("several of them",),
            id="two patterns",
        ),
    ],
)
def test_what_is_planted_in_a_sheet_is_found(
    verdict_on_sheets: Callable[..., Verdict], stem: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Figures, ticks, hints, and a pattern that the page does not lead to."""
    refuted(verdict_on_sheets(stem, swapped(old, new)), f"survey-teams/{stem}", *words)


def test_a_sheet_for_a_pattern_that_the_page_does_not_show_is_found(
    verdict_on_sheets: Callable[..., Verdict],
) -> None:
    """Kiefer stands higher than everybody else; a sheet for teams that do not would tell otherwise."""
    verdict = verdict_on_sheets("south-kiefer", lambda text: re.sub('id="pattern-[a-z-]*"', 'id="pattern-plain"', text))

    refuted(verdict, "south-kiefer", "it is “plain”", "high-")


def test_a_verdict_that_the_answers_do_not_give_is_found(verdict_with: Callable[..., Verdict]) -> None:
    """Kiefer agrees; a page that says otherwise would send people into the wrong conversation."""
    verdict = verdict_with("south-kiefer", swapped('class="verdict">shared view', 'class="verdict">split team'))

    refuted(verdict, "south-kiefer")


def test_a_verdict_on_a_withheld_unit_is_found(verdict_with: Callable[..., Verdict]) -> None:
    """A table of verdicts on a page that may hold none."""
    row = '<tr><th scope="row">Trust</th><td>split team</td></tr>'
    table = f'<section id="views"><table class="views"><tbody>{row}</tbody></table></section><section id="items">'

    refuted(verdict_with("south-tanne", swapped('<section id="items">', table)), "south-tanne")
