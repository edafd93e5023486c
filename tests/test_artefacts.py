"""Every file of a report, opened and read as anybody could: nothing is in it that a report must not give away."""

import csv
import getpass
import json
import re
import socket
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner
from pictures import png
from psafety.audit import pdf
from psafety.cli import Exit, main
from psafety.reports.pdf import find_browser
from psafety.surveys.errors import ConfigError

WRITTEN = "Xylophonqueller"  # a word that somebody wrote, and that stands nowhere else
SIZES = {
    ("Nord", "Ahorn"): 14,
    ("Nord", "Birke"): 12,
    ("Nord", "Winzling"): 3,
    ("Sued", "Linde"): 13,
    ("Sued", "Esche"): 11,
}
ITEMS = tuple(f"{part}{number}" for part in ("trust", "open", "speak") for number in (1, 2, 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey and all that can be made of it: page, PDF, workbook, JSON, team pages, archive, shared library."""
    folder = tmp_path_factory.mktemp("artefacts-of-this-machine")
    with (folder / "survey.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Department", "Team", *ITEMS, "Gender", "Anything else?"])
        person = 0
        for (department, team), size in SIZES.items():
            for _ in range(size):
                person += 1
                answers = [1 + (person * (place + 3) + place * place) % 5 for place in range(len(ITEMS))]
                gender = ("woman", "man")[person % 2]
                writer.writerow([department, team, *answers, gender, f"{WRITTEN} {person}" if person % 4 else ""])
    (folder / "logo.png").write_bytes(png())
    (folder / "psafety.toml").write_text(
        '[report]\nlogo = "logo.png"\ncolors = ["#1b5a9b", "#7a1f5c"]\nintroduction = "Thank you all."\n'
    )
    try:
        find_browser()
        formats = "html,xlsx,json,pdf"
    except ConfigError:
        formats = "html,xlsx,json"
    options = [
        "--team-reports",
        "--turn",
        "none",
        "--assets",
        "shared",
        "--format",
        formats,
        "--output",
        str(folder / "out"),
    ]
    ran = CliRunner().invoke(main, ["report", str(folder / "survey.csv"), *options], catch_exceptions=False)
    assert ran.exit_code == Exit.DONE, ran.output
    return folder


def parts_of(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and all that is packed in it: archives, workbooks, the drawings of a PDF."""
    yield name, data
    if name.endswith((".zip", ".xlsx")):
        with ZipFile(BytesIO(data)) as archive:
            for entry in archive.namelist():
                yield from parts_of(f"{name}/{entry}", archive.read(entry))
    elif name.endswith(".pdf"):
        found = pdf._taken_apart(data)
        assert not isinstance(found, str)
        pages = sum(1 for one in found.objects.values() if re.match(rb"<</Type /Page\s", one))
        yield f"{name}/text", "\n".join(pdf._texts(found, pages)).encode()


@pytest.fixture(scope="module")
def parts(folder: Path) -> dict[str, bytes]:
    """Everything that was written for others to read, part by part."""
    return {
        name: data
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file()
        for name, data in parts_of(path.relative_to(folder / "out").as_posix(), path.read_bytes())
        if not name.startswith("psafety-assets/")  # plotly.js and nothing else: the audit held it against its own bytes
    }


def test_every_kind_of_file_is_among_them(parts: dict[str, bytes]) -> None:
    """Else the tests below would look at nothing."""
    kinds = {Path(name).suffix for name in parts}

    assert {".html", ".xlsx", ".json", ".zip", ".xml"} <= kinds
    assert any(name.startswith("survey-teams/nord-winzling") for name in parts)


def test_no_part_says_what_somebody_wrote(parts: dict[str, bytes]) -> None:
    """Comments were not asked for by name, so no format holds a word of them."""
    assert [
        name for name, data in parts.items() if WRITTEN.encode() in data or WRITTEN.encode("utf-16-be") in data
    ] == []


def test_no_part_knows_the_machine_it_was_made_on(parts: dict[str, bytes], folder: Path) -> None:
    """No path, no name of a user or a computer, not even that of the temporary folder of the browser."""
    told = {str(folder), folder.name, "/tmp/", "file:/", str(Path.home()) + "/"}  # noqa: S108
    told |= {name for name in (socket.gethostname(), getpass.getuser()) if len(name) > 6}

    assert [(name, one) for name, data in parts.items() for one in told if one.encode() in data] == []


def test_the_people_of_a_withheld_team_are_counted_nowhere(parts: dict[str, bytes]) -> None:
    """The name of the team stands in every format; no figure stands beside it."""
    snapshot = json.loads(parts["survey-report.json"])
    (unit,) = (one for one in snapshot["units"] if one["name"] == "Winzling")
    rows = re.findall(
        r"<tr[^>]*>(?:(?!</tr>).)*Winzling(?:(?!</tr>).)*</tr>", parts["survey-report.html"].decode(), re.DOTALL
    )
    book = openpyxl.load_workbook(BytesIO(parts["survey-report.xlsx"]))
    cells = [
        [cell.value for cell in row]
        for sheet in book
        for row in sheet.iter_rows()
        if any(cell.value == "Winzling" for cell in row)
    ]

    assert unit["withheld"] is True
    assert not [key for key, value in unit.items() if isinstance(value, float)]
    assert rows
    assert [row for row in rows if re.search(r"\d", re.sub(r"<[^>]*>", "", row))] == []
    assert cells
    assert [
        value for row in cells for value in row if isinstance(value, int | float) and not isinstance(value, bool)
    ] == []


def test_no_sheet_row_or_column_of_the_workbook_is_hidden(parts: dict[str, bytes]) -> None:
    """Nor is there anything that a reader would not see: pivot caches, links to other files, comments of authors."""
    book = openpyxl.load_workbook(BytesIO(parts["survey-report.xlsx"]))

    assert {sheet.sheet_state for sheet in book} == {"visible"}
    for sheet in book:
        assert not [at for at, row in sheet.row_dimensions.items() if row.hidden]
        assert not [at for at, column in sheet.column_dimensions.items() if column.hidden]
    assert not [
        name for name in parts if re.search("pivotCache|externalLink|customXml|vbaProject|printerSettings", name)
    ]


def test_no_number_is_more_exact_than_it_is_printed(parts: dict[str, bytes]) -> None:
    """At most two decimals behind any figure: a mean of answers to its last digit tells their sum."""
    figures = r"(?<![\w.#])-?\d+\.\d{3,}(?![\w.])"
    charts = re.findall(r"<script[^>]*data-chart[^>]*>(.*?)</script>", parts["survey-report.html"].decode(), re.DOTALL)
    shown = [re.findall(r'"(?:x|text|hovertext)":\[[^]]*\]', chart) for chart in charts]
    texts = {
        name: unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", data.decode(), flags=re.DOTALL))
        for name, data in parts.items()
        if name.endswith(".html")
    }
    sheets = [
        cell.value
        for sheet in openpyxl.load_workbook(BytesIO(parts["survey-report.xlsx"]))
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, float)
    ]

    assert shown
    assert re.findall(figures, str(shown)) == []
    assert {name: found for name, text in texts.items() if (found := re.findall(figures, text))} == {}
    assert re.findall(figures, parts["survey-report.json"].decode()) == []
    assert [value for value in sheets if round(value, 4) != value] == []


def test_no_row_of_the_survey_stands_anywhere(parts: dict[str, bytes], folder: Path) -> None:
    """What one person answered to nine questions, in a row, in any form that a list of numbers takes."""
    with (folder / "survey.csv").open(encoding="utf-8") as file:
        rows = [row[2 : 2 + len(ITEMS)] for row in list(csv.reader(file))[1:]]
    looked = {name: re.sub(rb"[^0-9]+", b",", data) for name, data in parts.items() if name.endswith((".json", ".xml"))}
    charts = b" ".join(
        re.findall(rb"<script[^>]*data-chart[^>]*>(.*?)</script>", parts["survey-report.html"], re.DOTALL)
    )
    looked["charts"] = re.sub(rb"[^0-9]+", b",", charts)

    for row in rows:
        assert [name for name, data in looked.items() if b"," + ",".join(row).encode() + b"," in data] == []


def test_the_text_of_the_pdf_is_that_of_the_page(parts: dict[str, bytes]) -> None:
    """No figure that the page does not have; nothing about its maker."""
    if "survey-report.pdf" not in parts:
        pytest.skip("no browser is installed")

    assert list(pdf.unlike("a", parts["survey-report.pdf"], parts["survey-report.html"])) == []
    assert b"Winzling" in parts["survey-report.pdf/text"]
