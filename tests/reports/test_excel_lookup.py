"""The look-up, the dictionary, the names and the notes of the workbook; its formulas calculated by LibreOffice."""

import csv
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from example import example, unit_row
from openpyxl import Workbook, load_workbook
from psafety.reports.content import Figure, ReportContent
from psafety.reports.workbook import lookup as workbook_lookup
from psafety.reports.workbook.sheets import to_excel
from test_excel import header_row, table

VALUE = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture(scope="module")
def file(content: ReportContent) -> bytes:
    return to_excel(content)


@pytest.fixture(scope="module")
def book(file: bytes) -> Workbook:
    return load_workbook(BytesIO(file))


def read(content: ReportContent) -> Workbook:
    return load_workbook(BytesIO(to_excel(content)))


def calculated(file: bytes, folder: Path, chosen: str = "") -> Mapping[str, list[list[str]]]:
    """The sheets as LibreOffice shows them when it works out every formula itself, with a unit chosen."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = folder / "book.xlsx"
    with ZipFile(BytesIO(file)) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            text = VALUE.sub(r"\1", old.read(name).decode())
            if chosen and "SUMPRODUCT" in text:
                text = re.sub(r"(Unit or team</t></is></c><c[^>]*><is><t[^>]*>)[^<]*", rf"\g<1>{chosen}", text)
            new.writestr(name, text)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", CSV, "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {
        found.stem.removeprefix("book-"): list(csv.reader(StringIO(found.read_text("utf-8"), newline="")))
        for found in folder.glob("book-*.csv")
    }


def shown(value: object, form: str) -> str:
    """A value as a sheet shows it."""
    if not isinstance(value, int | float):
        return str(value)
    return {"0%": f"{value:.0%}", "+0;-0;0": f"{value:+.0f}" if value else "0"}.get(form, f"{value:.0f}")


def test_every_formula_gives_what_stands_beside_it(file: bytes, book: Workbook, tmp_path: Path) -> None:
    """LibreOffice, which knows nothing of our values, comes to the very same."""
    sheets = calculated(file, tmp_path)
    kept = load_workbook(BytesIO(file), data_only=True)

    compared = 0
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            value = kept[sheet.title][cell.coordinate].value
            assert sheets[sheet.title][cell.row - 1][cell.column - 1] == shown(value, cell.number_format)
            compared += 1
    assert compared > 60


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("=1+1", ["3", "9", "75%"]),
        ("Team mit einem sehr langen Namen, vierzig Zeichen", ["4", "withheld", "withheld"]),
        ("nobody", ["0", "", ""]),
    ],
)
def test_another_unit_can_be_chosen(
    file: bytes, content: ReportContent, tmp_path: Path, chosen: str, found: list[str]
) -> None:
    """Its figures are fetched as printed, a withheld one says so, and a name that is in no list gives nothing."""
    sheet = calculated(file, tmp_path, chosen)["Look up"]

    assert [row[1] for row in sheet[5:8]] == found
    unit = next((unit for unit in content.units if unit.name == chosen), None)
    for row, score in zip(sheet[10:13], unit.dimensions if unit else [None] * 3, strict=True):
        index = score.index if score else None
        assert row[2] == ("" if index is None else index.text)
        assert row[6].lstrip("+-").isdecimal() == isinstance(index, Figure)


def test_the_list_to_choose_from_is_that_of_the_teams(book: Workbook, content: ReportContent) -> None:
    """Names alone, where no two are alike; the cell of the choice is formatted as text."""
    (rule,) = (rule for rule in book["Look up"].data_validations.dataValidation if rule.type == "list")
    header = header_row(book["Teams"])

    assert str(rule.sqref) == "B5"
    assert rule.formula1 == f"'Teams'!$A${header + 1}:$A${header + len(content.units)}"
    assert book["Look up"]["B5"].value == content.units[1].name
    assert book["Look up"]["B5"].number_format == "@"


def test_units_of_one_name_are_told_apart_by_those_above_them() -> None:
    """The sheet on teams then has a column of full names, and the list is made of them."""
    content = example()
    same = ("same",) * 3
    rest = unit_row("r", "Everybody else in Nord, together", "rest", 2, ("Nord",), same)
    units = [
        unit_row(f"{name}{kind}", "Ost" if kind == "team" else name, kind, 1 + (kind == "team"), path, same)
        for name in ("Nord", "Süd")
        for kind, path in (("unit", (name,)), ("team", (name, "Ost")))
    ]
    book = read(replace(content, units=(content.units[0], *units, rest)))

    names = [row["Full name"].value for row in table(book, "Teams")]
    assert names == [
        "Sample organisation",
        "Nord",
        "Nord › Ost",
        "Süd",
        "Süd › Ost",
        "Nord › Everybody else in Nord, together",
    ]
    assert "$S$" in next(
        rule.formula1 for rule in book["Look up"].data_validations.dataValidation if rule.type == "list"
    )


def test_where_names_do_not_tell_units_apart_there_is_no_look_up() -> None:
    """Rather than the figures of another unit."""
    content = example()
    twice = replace(content.units[1], name="A › B", path=("A › B",))
    other = replace(content.units[2], name="B", path=("A", "B"))

    assert "Look up" not in read(replace(content, units=(content.units[0], twice, other, other))).sheetnames


def test_too_many_units_for_a_list_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel lists 32,767 at most."""
    monkeypatch.setattr(workbook_lookup, "_MOST_LISTED", 4)
    book = read(example())

    assert "Look up" not in book.sheetnames
    assert "Full name" not in table(book, "Teams")[0]


def test_statements_without_intervals_are_looked_up_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sheet on statements by team has the index alone."""
    monkeypatch.setattr("psafety.reports.workbook.sheets._MOST_DETAILED", 1)
    row = read(example())["Look up"][16]

    assert [cell.data_type for cell in row] == ["s", "s", "f", "n", "n", "f", "f", "n"]


def test_every_table_has_a_name_for_formulas_and_pivot_tables(book: Workbook) -> None:
    """That of its sheet; headings and all rows."""
    for name, defined in book.defined_names.items():
        sheet = book[name.replace("_", " ")]
        ((title, area),) = defined.destinations
        assert title == sheet.title
        last = sheet.cell(sheet.max_row, sheet.max_column).column_letter
        assert area == f"$A${header_row(sheet)}:${last}${sheet.max_row}"


def test_the_dictionary_explains_every_column(book: Workbook) -> None:
    """What it holds, its unit, and from when it is shown; what repeats for each dimension is said once."""
    rows = [{head: cell.value for head, cell in row.items()} for row in table(book, "Dictionary")]
    said = {(row["Sheet"], row["Column"]): row for row in rows}

    for name in ("Dimensions", "Items", "Teams", "Distribution", "Evidence", "Statement fit", "Team scores"):
        for heading in table(book, name)[0]:
            last = heading.rpartition("\n")[2]
            assert (name, last) in said or (name, "the points of the scale") in said or (name, "the levels") in said
    assert said["Teams", "index"]["In"] == "points, 0 to 100"
    assert said["Teams", "index"]["From when"] == "Shown from 5 answers on."
    assert len(said) == len(rows)


def test_what_a_column_holds_appears_when_its_heading_is_selected(book: Workbook) -> None:
    """As a message of the cell, not as a comment; no longer than Excel allows."""
    sheet = book["Teams"]
    notes = {str(cell): rule.prompt for rule in sheet.data_validations.dataValidation for cell in rule.sqref.ranges}
    index = next(cell.coordinate for cell in sheet[header_row(sheet)] if cell.value == "Trust\nindex")

    assert notes[index].startswith("The mean of the answers: 0 is the lowest")
    assert max(map(len, notes.values())) <= 255
    assert all(rule.showInputMessage for rule in sheet.data_validations.dataValidation)


def test_how_many_rows_are_shown_is_counted_by_a_formula(file: bytes, book: Workbook) -> None:
    """In the sheet on teams, so that a reader can see what is counted."""
    facts = {row[0].value: row[1] for row in book["Overview"].iter_rows(max_row=12, max_col=2)}
    kept = load_workbook(BytesIO(file), data_only=True)["Overview"]

    rows, answered = facts["Rows of the sheet on teams"], facts["Rows of it with answers shown"]
    assert str(rows.value).startswith("=ROWS('Teams'!$E$")
    assert str(answered.value).startswith("=COUNT('Teams'!$E$")
    assert (kept[rows.coordinate].value, kept[answered.coordinate].value) == (5, 4)
