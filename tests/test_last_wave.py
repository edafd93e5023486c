"""`psafety report --last`: pages that say what has changed, from what both waves print; and their audit."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psafety.audit.changes import ends_in, whole
from psafety.cli import Exit, main

ITEMS = "trust1", "trust2", "trust3", "trust4", "trust5"
TURNED = {"trust3", "trust5"}
TEAMS = {"Ahorn": 16, "Birke": 9, "Esche": 18, "Linde": 3, "Ulme": 20}


def rows(wave: str, *, high: str = "", low: str = "", teams: dict[str, int] = TEAMS) -> list[str]:
    """A line per person; `high` answers the upper part of the scale, `low` the lower, all others the middle."""
    lines = []
    for team, size in teams.items():
        start = 4 if team == high else 1 if team == low else 2 + (team in {"Esche", "Ulme"})
        for number in range(size):
            keyed = [start + (number * 3 + place) % 2 for place in range(len(ITEMS))]
            ticked = [6 - value if item in TURNED else value for item, value in zip(ITEMS, keyed, strict=True)]
            lines.append(",".join((wave, team, *map(str, ticked))))
    return lines


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of two waves, the report on the second with its pages, and the snapshot of the first."""
    folder = tmp_path_factory.mktemp("waves")
    header = ",".join(("Quarter", "Team", *ITEMS))
    lines = [*rows("2026-Q1", low="Ahorn"), *rows("2026-Q2", high="Ahorn", low="Ulme")]
    (folder / "pulse.csv").write_text("\n".join((header, *lines, "")))
    first = run(folder, "report", "--wave", "Quarter=2026-Q1", "--format", "json", "--output", str(folder / "first"))
    assert first.exit_code == Exit.DONE, first.output
    second = run(
        folder,
        *("report", "--wave", "Quarter=2026-Q2", "--facilitator", "--last", "2026-Q1", "--format", "html,json"),
        *("--output", str(folder / "out")),
    )
    assert second.exit_code == Exit.DONE, second.output
    return folder


def run(folder: Path, command: str, *options: str) -> Result:
    return CliRunner().invoke(main, [command, str(folder / "pulse.csv"), *options])


def page(folder: Path, stem: str) -> str:
    (found,) = [one for one in (folder / "out" / "pulse-teams").glob(f"{stem}-*.html") if "facilitator" not in one.name]
    return found.read_text(encoding="utf-8")


def table(text: str) -> list[list[str]]:
    """The cells of the table of changes, without the head."""
    found = re.search(r'<table class="changes">.*?</table>', text, re.DOTALL)
    body = re.findall(r"<tr>(.*?)</tr>", found[0], re.DOTALL)[1:] if found else []
    return [[re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in body]


def test_a_visible_change_is_named_with_its_interval(made: Path) -> None:
    """Before, now, the difference of the two as printed, a verdict in words, and what would have been seen."""
    (row,) = table(page(made, "ahorn"))

    assert row[0] == "Trust"
    assert int(row[2]) - int(row[1]) == whole(row[3].split()[0])
    assert row[4] == "better"
    assert int(row[5]) > 0
    assert "Better than last time, by more than chance explains: Trust." in page(made, "ahorn")


def test_what_chance_explains_is_no_change(made: Path) -> None:
    """And the page says that this does not mean that nothing has changed."""
    text = page(made, "esche")

    assert table(text)[0][4] == "no visible change"
    assert "does not mean that nothing has changed" in text


def test_a_withheld_team_is_told_nothing_of_a_change(made: Path) -> None:
    """Neither that there was one nor that there was none."""
    assert "Since the last survey" not in page(made, "linde")


@pytest.mark.parametrize(("stem", "pattern"), [("ahorn", "rising"), ("ulme", "falling"), ("linde", "unseen")])
def test_a_change_leads_to_its_sheet(made: Path, stem: str, pattern: str) -> None:
    """Falling and rising are patterns of their own."""
    (sheet,) = (made / "out" / "pulse-teams").glob(f"{stem}-*-facilitator.html")

    assert f'id="pattern-{pattern}"' in sheet.read_text(encoding="utf-8")


def audited(folder: Path, output: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["audit", str(output), "--data", str(folder / "pulse.csv"), *options])


def test_with_the_snapshot_of_the_last_wave_pages_are_proved(made: Path) -> None:
    """Without it the verdict says what nobody has checked."""
    proved = audited(made, made / "out", "--last", str(made / "first" / "pulse-report.json"))
    left_open = audited(made, made / "out")

    assert proved.exit_code == Exit.DONE, proved.output
    assert left_open.exit_code == Exit.PROBLEM
    assert "whose snapshot was not given: name it with --last" in left_open.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda row: row.replace("better", "worse"), "is not what the interval says", id="verdict"),
        pytest.param(lambda row: row.replace("better", "much better"), "a verdict on a change belongs", id="words"),
        pytest.param(lambda row: re.sub(r"<td>(\d\d)</td>", "<td>34</td>", row, count=1), "snapshot says", id="before"),
        pytest.param(lambda row: re.sub(r"<td>\+\d+", "<td>+34", row), "the change is not", id="difference"),
        pytest.param(lambda row: re.sub(r"<td>\+(\d+)", r"<td>\1.5", row), "as reports write it", id="exact"),
        pytest.param(lambda row: re.sub(r"to \+\d+", "to +3", row), "does not hold the change", id="interval"),
        pytest.param(lambda row: re.sub(r"to \+\d+", "to +99", row), "does not lie about", id="wide interval"),
        pytest.param(lambda row: re.sub(r"<small>.*?</small>", "", row), "interval says", id="without interval"),
        pytest.param(lambda row: re.sub(r" to \+\d+", "", row), "two ends", id="half an interval"),
        pytest.param(lambda row: row.replace("Trust", "Hope"), "out of the order", id="dimension"),
        pytest.param(lambda row: row.replace("</tr>", "<td>3</td></tr>"), "7 columns", id="column"),
    ],
)
def test_a_change_that_is_not_so_is_found(made: Path, tmp_path: Path, change: Callable[[str], str], words: str) -> None:
    """Each figure and the verdict of a line, changed one by one."""
    copy = tmp_path / "out"
    shutil.copytree(made / "out", copy)
    (file,) = [one for one in copy.glob("pulse-teams/ahorn-*.html") if "facilitator" not in one.name]
    text = file.read_text(encoding="utf-8")
    row = re.search(r'<tr><th scope="row">Trust</th>(?:(?!</tr>).)*better.*?</tr>', text, re.DOTALL)
    assert row
    changed = change(row[0])
    assert changed != row[0]
    file.write_text(text.replace(row[0], changed), encoding="utf-8")

    result = audited(made, copy, "--last", str(made / "first" / "pulse-report.json"))

    assert result.exit_code == Exit.PROBLEM
    assert words in result.output


def test_another_wave_than_the_snapshot_is_of_is_found(made: Path, tmp_path: Path) -> None:
    """The heading names the wave whose figures stand below it."""
    copy = tmp_path / "out"
    shutil.copytree(made / "out", copy)
    for file in copy.glob("pulse-teams/ahorn-*.html"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('<th scope="col">2026-Q1', '<th scope="col">2025-Q1'), encoding="utf-8")

    result = audited(made, copy, "--last", str(made / "first" / "pulse-report.json"))

    assert "which the snapshot is not of" in result.output


def test_a_kept_snapshot_gives_the_same_pages(made: Path) -> None:
    """As the wave in the file does, with the same record."""
    result = run(
        made,
        *(
            "report",
            "--wave",
            "Quarter=2026-Q2",
            "--facilitator",
            "--format",
            "html,json",
            "--output",
            str(made / "again"),
        ),
        *("--last", str(made / "first" / "pulse-report.json")),
    )

    assert result.exit_code == Exit.DONE, result.output
    folders = [made / name / "pulse-teams" for name in ("out", "again")]
    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == other


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("2020-Q1", "is no wave of the file, and no snapshot"),
        ("2026-Q2", "which this report is on"),
        ("missing.json", "missing.json"),
    ],
)
def test_a_last_wave_that_is_none_is_refused(made: Path, tmp_path: Path, last: str, words: str) -> None:
    """Before anything is written, with what to try."""
    result = run(
        made, "report", "--wave", "Quarter=2026-Q2", "--team-reports", "--last", last, "--output", str(tmp_path / "out")
    )

    assert result.exit_code == Exit.PROBLEM
    assert words in result.output
    assert not (tmp_path / "out").exists()


def test_a_unit_that_was_not_there_is_told_so(tmp_path: Path) -> None:
    """And nothing is said of a change."""
    header = ",".join(("Quarter", "Team", *ITEMS))
    lines = [*rows("2026-Q1", teams={"Ulme": 20}), *rows("2026-Q2")]
    (tmp_path / "pulse.csv").write_text("\n".join((header, *lines, "")))

    result = run(
        tmp_path,
        *("report", "--wave", "Quarter=2026-Q2", "--team-reports", "--last", "2026-Q1", "--format", "html"),
        *("--output", str(tmp_path / "out")),
    )

    assert result.exit_code == Exit.DONE, result.output
    assert "Nothing of this team is shown in the wave 2026-Q1" in page(tmp_path, "ahorn")


def test_signs_are_those_of_print() -> None:
    """A hyphen is no minus, and ends may have a decimal in either language."""
    assert [whole(text) for text in ("+8", "−3", "0", "-3", "1.5", "")] == [8, -3, 0, None, None, None]
    assert ends_in("−0,4 bis +9") == (-0.4, 9.0)
