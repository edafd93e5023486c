"""`psafety report --last`: pages that say what has changed, from what both waves print; and their audit."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
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
        *("report", "--wave", "Quarter=2026-Q2", "--facilitator", "--last", "2026-Q1", "--format", "html,json,xlsx"),
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


def test_the_change_stands_at_a_glance(made: Path) -> None:
    """Of a team, and of the organisation; where chance explains all of it, that is said."""
    seen = [
        text.partition('<section id="summary">')[2].partition("</section>")[0]
        for text in (page(made, "ahorn"), page(made, "esche"))
    ]

    assert "<p>Better than last time, by more than chance explains: Trust.</p>" in seen[0]
    assert "<p>Since the last survey, no change can be seen that is more than chance.</p>" in seen[1]


@pytest.mark.parametrize(
    ("stem", "old", "new", "words"),
    [
        pytest.param("ahorn", "Better than last", "Worse than last", "“worse” is not what lines say", id="verdict"),
        pytest.param(
            "ahorn",
            "Better than last time, by more than chance explains: Trust.",
            "Better than last time, by more than chance explains: Trust and joy.",
            "“better” is not what",
            id="dimension",
        ),
        pytest.param(
            "ahorn",
            "Higher than everybody else in the organisation, by more than chance explains: Trust.",
            "Lower than everybody else in the organisation, by more than chance explains: Trust.",
            "what is “below” is not what the table says",
            id="standing",
        ),
        pytest.param(
            "esche",
            "Since the last survey, no change can be seen that is more than chance.",
            "Better than last time, by more than chance explains: Trust.",
            "“better” is not what",
            id="noise",
        ),
        pytest.param(
            "ahorn",
            "Better than last time, by more than chance explains: Trust.",
            "Since the last survey, no change can be seen that is more than chance.",
            "nothing is said to have",
            id="none",
        ),
    ],
)
def test_a_sentence_on_a_change_that_is_not_so_is_found(
    made: Path, tmp_path: Path, stem: str, old: str, new: str, words: str
) -> None:
    """What a page says at a glance is what its table says."""
    copy = shutil.copytree(made / "out", tmp_path / "out")
    (file,) = [one for one in (copy / "pulse-teams").glob(f"{stem}-*.html") if "facilitator" not in one.name]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    assert words in audited(made, copy).output


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


def test_with_the_snapshot_of_the_last_wave_pages_are_proved(made: Path, tmp_path: Path) -> None:
    """It stands beside them, or is named; without it the verdict says what nobody has checked."""
    bare = shutil.copytree(made / "out", tmp_path / "bare")
    (bare / "pulse-last-wave.json").unlink()
    proved = audited(made, bare, "--last", str(made / "first" / "pulse-report.json"))
    beside, left_open = audited(made, made / "out"), audited(made, bare)

    assert proved.exit_code == Exit.DONE, proved.output
    assert beside.exit_code == Exit.DONE, beside.output
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


ROW_OF_ULME = r'<tr><th scope="row">Ulme <small>(?:(?!</tr>).)*</tr>'
ROW_OF_ALL = r'<tr><th scope="row">Trust</th>(?:(?!</tr>).)*class="said".*?</tr>'


def copied(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out"


def test_the_report_names_the_units_that_have_changed_and_no_others(made: Path) -> None:
    """In the order of the report, after the organisation as a whole; page, workbook and snapshot say the same.

    Linde is too small, and Birke is withheld so that nobody can subtract it.
    """
    text = (made / "out" / "pulse-report.html").read_text(encoding="utf-8")
    section = text.partition('<section id="change">')[2].partition("</section>")[0]
    book = load_workbook(made / "out" / "pulse-report.xlsx")
    sheet = [row for row in book["Change"].iter_rows(values_only=True) if row[2] == "Trust"]
    kept = json.loads((made / "out" / "pulse-report.json").read_text(encoding="utf-8"))["last"]

    assert re.findall(r'<th scope="row">(\w+) <small>', section) == ["Ahorn", "Ulme"]
    assert 'href="#change"' in text
    assert [row[0] for row in sheet] == ["pulse", "Ahorn", "Esche", "Ulme"]
    assert [row[5] for row in sheet] == [unit["dimensions"][0]["difference"] for unit in kept["units"]]
    assert all(row[4] - row[3] == row[5] for row in sheet)
    assert [row[8] for row in sheet if row[0] in {"Ahorn", "Ulme"}] == ["better", "worse"]
    assert [unit["path"] for unit in kept["units"]] == [[], ["Ahorn"], ["Esche"], ["Ulme"]]


@pytest.mark.parametrize(
    ("pattern", "change", "words"),
    [
        pytest.param(ROW_OF_ULME, lambda row: row.replace("worse", "better"), "not what the interval", id="verdict"),
        pytest.param(
            ROW_OF_ULME, lambda row: row.replace("worse", "no visible change"), "says that it has not", id="no change"
        ),
        pytest.param(
            ROW_OF_ULME, lambda row: row.replace("Ulme", "Linde"), "Team Linde = 3 people", id="withheld unit"
        ),
        pytest.param(ROW_OF_ULME, lambda row: row + row, "out of the order of the report", id="twice"),
        pytest.param(ROW_OF_ULME, lambda row: row.replace("</tr>", "<td>3</td></tr>"), "other columns", id="column"),
        pytest.param(ROW_OF_ULME, lambda row: row.replace("Trust", "Hope"), "no row stands for", id="dimension"),
        pytest.param(
            ROW_OF_ULME, lambda row: re.sub(r"<td>\d\d</td>", "<td>34</td>", row, count=1), "snapshot says", id="before"
        ),
        pytest.param(
            ROW_OF_ALL, lambda row: re.sub(r">([+−]?)\d+ <small>", r">+33 <small>", row), "the change is not", id="all"
        ),
        pytest.param(ROW_OF_ALL, lambda row: row.replace("Trust", "Hope"), "was not asked", id="what was not asked"),
        pytest.param(
            ROW_OF_ALL, lambda row: row.replace("</td></tr>", " <small>3</small></td></tr>"), "small print", id="small"
        ),
        pytest.param(
            ROW_OF_ALL, lambda row: row.replace('<td class="said">', '<td class="said">7 '), "belongs", id="words"
        ),
        pytest.param(
            r'<table class="changes">', lambda _: '<table class="moves">', "reports do not have", id="other table"
        ),
        pytest.param(r"Among many comparisons[^<]*|Each has changed", lambda text: f"{text} 37", "37 is no", id="text"),
    ],
)
def test_a_change_in_the_report_that_is_not_so_is_found(
    made: Path, tmp_path: Path, pattern: str, change: Callable[[str], str], words: str
) -> None:
    """In the table of the organisation, and in that of the units that have changed."""
    file = copied(made, tmp_path) / "pulse-report.html"
    before, section, after = file.read_text(encoding="utf-8").partition('<section id="change">')
    row = re.search(pattern, after, re.DOTALL)
    assert row
    assert change(row[0]) != row[0]
    file.write_text(before + section + after.replace(row[0], change(row[0]), 1), encoding="utf-8")

    result = audited(made, file, "--last", str(made / "first" / "pulse-report.json"))

    assert result.exit_code == Exit.PROBLEM
    assert words in result.output


def last_of(snapshot: Any, place: int = 1) -> Any:
    return snapshot["last"]["units"][place]["dimensions"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda last: last.update(after=3), "index", id="after"),
        pytest.param(lambda last: last.update(before=3), "the last wave is said to have 3", id="before"),
        pytest.param(lambda last: last.update(difference=3.5), "more exact", id="exact"),
        pytest.param(lambda last: last.update(difference=3), "the change is not", id="difference"),
        pytest.param(lambda last: last.update(high=None), "two ends", id="half an interval"),
        pytest.param(lambda last: last.update(high=3.14), "more exact", id="exact interval"),
        pytest.param(lambda last: last.update(high="3"), "no number", id="text"),
        pytest.param(lambda last: last.update(standing="below"), "not what the interval says", id="standing"),
        pytest.param(lambda last: last.update(standing="best"), "a verdict on a change", id="unknown standing"),
        pytest.param(lambda last: last.update(id="hope"), "was not asked", id="dimension"),
        pytest.param(lambda last: last.update(n=3), "other keys", id="key"),
    ],
)
def test_a_change_in_the_snapshot_that_is_not_so_is_found(
    made: Path, tmp_path: Path, change: Callable[[Any], None], words: str
) -> None:
    """Key by key."""
    file = copied(made, tmp_path) / "pulse-report.json"
    snapshot = json.loads(file.read_text(encoding="utf-8"))
    change(last_of(snapshot))
    file.write_text(json.dumps(snapshot), encoding="utf-8")

    result = audited(made, file, "--last", str(made / "first" / "pulse-report.json"))

    assert result.exit_code == Exit.PROBLEM
    assert words in result.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda last: last["units"].reverse(), "out of the order of the report", id="order"),
        pytest.param(lambda last: last["units"][1].update(path=["Linde 2"]), "no row stands for", id="unit"),
        pytest.param(lambda last: last.update(wave="2025-Q1"), "which the snapshot is not of", id="wave"),
        pytest.param(lambda last: last.update(people=3), "other keys", id="key"),
    ],
)
def test_what_the_snapshot_says_of_the_last_wave_is_closed(
    made: Path, tmp_path: Path, change: Callable[[Any], None], words: str
) -> None:
    """Its units, their order, the wave, and no key beside them."""
    file = copied(made, tmp_path) / "pulse-report.json"
    snapshot = json.loads(file.read_text(encoding="utf-8"))
    change(snapshot["last"])
    file.write_text(json.dumps(snapshot), encoding="utf-8")

    result = audited(made, file, "--last", str(made / "first" / "pulse-report.json"))

    assert words in result.output


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        pytest.param("D", 3, "the last wave is said to have 3", id="before"),
        pytest.param("F", 3, "the change is not", id="change"),
        pytest.param("F", 3.5, "more exact", id="exact"),
        pytest.param("G", "from 3", "a number belongs", id="number in a text"),
        pytest.param("H", "", "two ends", id="half an interval"),
        pytest.param("I", "best", "a verdict on a change", id="words"),
        pytest.param("I", "worse", "not what the interval says", id="verdict"),
        pytest.param("J", 3.2, "more exact", id="smallest"),
        pytest.param("A", "Linde", "nobody that the other sheets know", id="unit"),
    ],
)
def test_a_change_in_the_workbook_that_is_not_so_is_found(
    made: Path, tmp_path: Path, column: str, value: object, words: str
) -> None:
    """Cell by cell of the row of Ahorn."""
    file = copied(made, tmp_path) / "pulse-report.xlsx"
    rewrite(file, "Change", "Ahorn", column, value)

    result = audited(made, file, "--last", str(made / "first" / "pulse-report.json"))

    assert result.exit_code == Exit.PROBLEM
    assert words in result.output


def rewrite(file: Path, sheet: str, unit: str, column: str, value: object) -> None:
    """Put a value into the row of a unit, in the part of the sheet itself."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
    text = parts[part].decode()
    row = next(one for one in re.findall(r"<row .*?</row>", text, re.DOTALL) if f">{unit}<" in one)
    cells = re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", row, re.DOTALL)
    style = re.search(r's="\d+"', cells[ord(column) - ord("A")])
    assert style
    new = (
        f'<c {style[0]} t="inlineStr"><is><t>{value}</t></is></c>'
        if isinstance(value, str)
        else f"<c {style[0]}><v>{value}</v></c>"
    )
    cells[ord(column) - ord("A")] = new
    changed = re.match(r"<row [^>]*>", row)[0] + "".join(cells) + "</row>"  # type: ignore[index]
    parts[part] = text.replace(row, changed).encode()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_of_several_waves_in_one_file_the_report_takes_the_one_before(made: Path, tmp_path: Path) -> None:
    """Nobody names a wave: the last is reported on, and what has changed since the one before it."""
    shutil.copy(made / "pulse.csv", tmp_path)

    result = run(tmp_path, "report", "--format", "json", "--output", str(tmp_path / "out"))

    assert result.exit_code == Exit.DONE, result.output
    kept = json.loads((tmp_path / "out" / "pulse-report.json").read_text(encoding="utf-8"))
    record = json.loads((tmp_path / "psafety-record.json").read_text(encoding="utf-8"))
    assert (kept["wave"], kept["last"]["wave"]) == ("2026-Q2", "2026-Q1")
    assert "2026-Q1" in json.dumps(record)


def test_a_wave_before_that_cannot_be_reported_on_is_left_out_and_said(tmp_path: Path) -> None:
    """Four people answered then: nothing of them is shown, and the report is made all the same."""
    header = ",".join(("Quarter", "Team", *ITEMS))
    lines = [*rows("2026-Q1", teams={"Ulme": 4}), *rows("2026-Q2")]
    (tmp_path / "pulse.csv").write_text("\n".join((header, *lines, "")))

    result = run(tmp_path, "report", "--format", "json", "--output", str(tmp_path / "out"))

    assert result.exit_code == Exit.DONE, result.output
    assert "Nothing is said of a change since the wave “2026-Q1”." in result.output
    assert "last" not in json.loads((tmp_path / "out" / "pulse-report.json").read_text(encoding="utf-8"))


def test_where_nothing_has_changed_visibly_the_report_says_so(tmp_path: Path) -> None:
    """It lists no unit, and does not say that nothing has changed."""
    header = ",".join(("Quarter", "Team", *ITEMS))
    (tmp_path / "pulse.csv").write_text("\n".join((header, *rows("2026-Q1"), *rows("2026-Q2")[:-1], "")))

    result = run(tmp_path, "report", "--format", "html", "--output", str(tmp_path / "out"))

    assert result.exit_code == Exit.DONE, result.output
    section = (tmp_path / "out" / "pulse-report.html").read_text(encoding="utf-8").partition('<section id="change">')[2]
    assert "Of no unit and no team can a change be told from chance." in section
    assert '<table class="moved">' not in section


def test_another_smallest_group_then_is_no_figure(made: Path, tmp_path: Path) -> None:
    """The note that says from how many people on each wave shows groups may hold both numbers."""
    shutil.copy(made / "pulse.csv", tmp_path)
    (tmp_path / "psafety.toml").write_text("[policy]\nmin_group = 7\n")

    result = run(
        tmp_path,
        *("report", "--wave", "Quarter=2026-Q2", "--last", str(made / "first" / "pulse-report.json"), "--no-record"),
        *("--format", "html", "--output", str(tmp_path / "out")),
    )

    assert result.exit_code == Exit.DONE, result.output
    text = (tmp_path / "out" / "pulse-report.html").read_text(encoding="utf-8")
    assert "“2026-Q1” shows groups from 5 people on, “2026-Q2” from 7." in text
    assert "5 is no printed figure" not in audited(tmp_path, tmp_path / "out", "--min-group", "7").output


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
            "html,json,xlsx",
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
