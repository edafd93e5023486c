"""What Excel does to answers and hides from people is said; merged headers are read as they are meant."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.worksheet.table
import pytest
from psafety.surveys.errors import FileError
from psafety.surveys.tables import Table, read_table

Read = Callable[..., Table]
Shared = Callable[[str], Path]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a workbook made of rows, cells merged and rows or columns hidden."""

    def read_rows(
        rows: list[list[object]], *, merged: tuple[str, ...] = (), prepare: Callable[[Any], None] = lambda _: None
    ) -> Table:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for cells in merged:
            book.active.merge_cells(cells)
        prepare(book.active)
        book.save(tmp_path / "survey.xlsx")
        return read_table(tmp_path / "survey.xlsx")

    return read_rows


# Merged header cells ---------------------------------------------------------------------------------------------


def test_a_merged_header_is_completed_by_the_row_below(read: Read) -> None:
    """As Google Forms writes the questions of a grid."""
    table = read(
        [["Team", "How often do we", None, None, "Why?"], [None, "listen", "ask", "speak up"], ["A", 1, 2, 3, "x"]],
        merged=("A1:A2", "B1:D1"),
    )

    assert table.header == (
        "Team",
        "How often do we [listen]",
        "How often do we [ask]",
        "How often do we [speak up]",
        "Why?",
    )
    assert table.rows == range(3, 4)
    assert table.notes == (
        "The header in rows 1 to 2 has 1 merged cell: each was read as the name of every column below it.",
    )


def test_all_columns_may_stand_under_merged_cells(read: Read) -> None:
    """And a title above them, merged as well, is still a title."""
    table = read(
        [["Survey of May"], ["We", None, "They", None], ["listen", "ask", "hear", "see"], [1, 2, 3, 4], [2, 3, 3, 4]],
        merged=("A1:D1", "A2:B2", "C2:D2"),
    )

    assert table.header == ("We [listen]", "We [ask]", "They [hear]", "They [see]")
    assert table.rows == range(4, 6)
    assert table.notes[0] == "Row 1 above the header was left out."


@pytest.mark.parametrize(
    "second",
    [
        ["Response", "listen", "ask"],  # a row of its own, as SurveyMonkey has: left to the platform
        [None, "listen", None],
        [None, 1, 2],  # answers
    ],
)
def test_a_merged_header_that_nothing_completes_names_each_of_its_columns(read: Read, second: list[object]) -> None:
    """And no row of answers is taken for a header."""
    table = read([["Team", "How often do we", None], second, ["A", 1, 2]], merged=("B1:C1",))

    assert table.header == ("Team", "How often do we", "How often do we")
    assert table.rows == range(2, 4)


def test_merged_cells_below_the_header_change_nothing(read: Read) -> None:
    """Nor does a cell merged over two rows."""
    table = read([["Team", "q1", "q2"], ["A", 1, 2], [None, 3, 4]], merged=("A2:A3",))

    assert table.header == ("Team", "q1", "q2")
    assert table.columns[0].to_pylist() == ["A", None]
    assert not table.notes


# What is hidden --------------------------------------------------------------------------------------------------


def test_hidden_rows_and_columns_are_read_and_said(read: Read) -> None:
    """Whoever opens the file cannot see them, and may not know that they count."""

    def hide(sheet: Any) -> None:
        for row in (1, 3, 4):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["B"].hidden = True

    table = read([["Team", "q1"], *([["A", 1]] * 4)], prepare=hide)

    assert len(table.rows) == 4
    assert table.notes == (
        "2 rows are hidden in the sheet, perhaps by a filter, and were read.",
        "1 column is hidden in the sheet, perhaps by a filter, and was read.",
    )


def test_what_another_sheet_hides_is_not_said(read: Read, tmp_path: Path) -> None:
    """The parts of a workbook need not lie in the order of its sheets."""
    book = openpyxl.Workbook()
    for name in ("Codes", "Data"):
        sheet = book.active if name == "Codes" else book.create_sheet(name)
        sheet.title = name
        for row in (["a", "b"], [1, 2], [3, 4]):
            sheet.append(row)
    book["Codes"].row_dimensions[2].hidden = True
    book.move_sheet("Codes", 1)
    book.save(tmp_path / "survey.xlsx")

    assert not [note for note in read_table(tmp_path / "survey.xlsx").notes if "hidden" in note]
    codes = read_table(tmp_path / "survey.xlsx", sheet="Codes")
    assert "1 row is hidden in the sheet, perhaps by a filter, and was read." in codes.notes


def test_a_tag_may_lie_on_the_border_of_what_is_read_at_once(read: Read, tmp_path: Path) -> None:
    """A large sheet is looked through in pieces."""
    table = read([["Team", "q1"], *([["A" * 50, 1]] * 3)])
    filler, count = b"<!--" + b"x" * 25 + b"-->", 70_000
    path = tmp_path / "survey.xlsx"
    parts = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as changed:
        for name in parts.namelist():
            content = parts.read(name)
            if name.endswith("sheet1.xml"):
                rows = b"".join(b'<row r="%d" hidden="1"></row>%s' % (row, filler) for row in range(5, count))
                content = content.replace(
                    b"</sheetData>", rows + b'<row r="70000"><c r="A70000"><v>1</v></c></row></sheetData>'
                )
                content = content.replace(b'ref="A1:B4"', b'ref="A1:B70000"')
            changed.writestr(name, content)

    notes = read_table(path).notes

    assert len(table.rows) == 3
    assert f"{count - 5:,} rows are hidden in the sheet, perhaps by a filter, and were read." in notes


# What became of answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "rows"),
    [
        (["1-2", "2024-04-03", "5-6", "2024-02-01", "1-2", "7+", "5-6"], "rows 3, 5"),
        (["3", "4", "2", "5", "2024-04-03"], "row 6"),
        (["5-6", "3. Apr", "5-6", "7-8"], "row 3"),
        (["5-6", "Mär 04", "5-6", "7-8"], "row 3"),
        (["5 to 6", "4-May", "5 to 6", "> 8", "4-May", "1 to 2", "1 to 2"], "rows 3, 6"),
        (["1"] * 8 + ["2024-04-03"] * 7, "rows 10, 11, 12, 13, 14 and 2 more"),
    ],
)
def test_dates_made_of_answers_are_said(tmp_path: Path, answers: list[str], rows: str) -> None:
    """Not guessed back: 3-4 and 4-3 give dates as well."""
    (tmp_path / "survey.csv").write_text("id,years\n" + "".join(f"x,{cell}\n" for cell in answers), encoding="utf-8")

    (note,) = read_table(tmp_path / "survey.csv").notes

    assert note.startswith(f"Column 2 ('years') holds dates in {rows}: a spreadsheet program may have made them")


@pytest.mark.parametrize(
    "answers",
    [
        ["2024-04-03", "2024-04-04", "2024-04-03", "3"],  # a column of dates
        ["fine", "may 12", "so so"],
        ["1", "2", "3", "agree", "agree", "2024-04-03"],  # not mostly numbers
        ["1", "2", "3"],
    ],
)
def test_other_dates_are_left_alone(tmp_path: Path, answers: list[str]) -> None:
    """A note that is often wrong is not read."""
    (tmp_path / "survey.csv").write_text("id,years\n" + "".join(f"x,{cell}\n" for cell in answers), encoding="utf-8")

    assert read_table(tmp_path / "survey.csv").notes == ()


def test_dates_in_a_workbook_are_found_as_well(read: Read) -> None:
    """There they are dates, not texts."""

    def damage(sheet: Any) -> None:
        sheet["B3"].number_format = "dd-mmm"

    table = read(
        [["id", "How long have you been with us? Please count all years"], ["x", "1-2"], ["x", 45385], ["x", "5-6"]],
        prepare=damage,
    )

    assert table.columns[1].to_pylist() == ["1-2", "2024-04-03", "5-6"]
    assert table.notes[0].startswith("Column 2 ('How long have you been with us? Please …') holds dates in row 3:")


def test_long_numbers_that_were_rounded_are_said(read: Read, tmp_path: Path) -> None:
    """Without the numbers: they may be employees'."""
    (tmp_path / "survey.csv").write_text("id,a\n1.23457E+11,1\n7,2\n1,3E+2\n", encoding="utf-8")

    notes = [*read_table(tmp_path / "survey.csv").notes, *read([["id", "a"], [12345678901234567890, 1]]).notes]

    assert [note.partition(":")[0] for note in notes] == [
        "Column 1 ('id') holds long numbers that a spreadsheet program has rounded, in row 2",
        "Column 1 ('id') holds long numbers that a spreadsheet program has rounded, in row 2",
    ]


@pytest.mark.parametrize("name", ["merged-cells.xlsx", "merged-cells.xls"])
def test_a_real_workbook_of_one_merged_cell_is_no_table(shared: Shared, name: str) -> None:
    """Its only cell is a header."""
    with pytest.raises(Exception, match="a header row but no answers"):
        read_table(shared(f"tabulator_data/special/{name}"))


# Excel tables ----------------------------------------------------------------------------------------------------

ANSWERS = [["Team", "q1", "q2"], *(["A", n % 5 + 1, n % 4 + 1] for n in range(12))]


def with_tables(*places: tuple[str, str], totals: bool = False, header: bool = True) -> Callable[[Any], None]:
    """Makes tables of a sheet: name and range of each."""

    def prepare(sheet: Any) -> None:
        for name, ref in places:
            table = openpyxl.worksheet.table.Table(displayName=name, ref=ref, headerRowCount=1 if header else 0)
            table.totalsRowCount = 1 if totals else None
            if header:
                table._initialise_columns()
                cells = sheet[ref][0]
                for column, cell in zip(table.tableColumns, cells, strict=True):
                    column.name = str(cell.value)
            sheet._tables.add(table)

    return prepare


def aside(rows: list[list[object]], *, above: int = 0, left: int = 0) -> list[list[object]]:
    """The rows moved down and to the right."""
    return [*([[None]] * above), *([None] * left + row for row in rows)]


def test_exactly_the_table_of_a_sheet_is_read(read: Read) -> None:
    """Not the title above, the legend beside, or the note below, whatever they look like."""
    rows = aside(ANSWERS, above=3, left=1)
    rows[0] = ["Survey of May", "all teams", "draft"]
    rows[4] += [None, "1", "never"]
    rows += [[], ["Made by", "HR", "in", "June"]]
    table = read(rows, prepare=with_tables(("Answers", "B4:D16")))

    assert table.header == ("Team", "q1", "q2")
    assert (table.rows, table.columns[1].to_pylist()[:3]) == (range(5, 17), ["1", "2", "3"])
    assert table.notes == ("The Excel table 'Answers' (B4:D16) was read; 9 filled cells outside of it were not.",)


def test_a_table_with_nothing_around_it_is_nothing_to_speak_of(read: Read) -> None:
    """As Microsoft Forms writes its exports."""
    table = read(ANSWERS, prepare=with_tables(("Table1", "A1:C13")))

    assert (table.header, len(table.rows), table.notes) == (("Team", "q1", "q2"), 12, ())
    assert table.dialect == "Excel workbook, sheet 'Sheet'"


def test_the_row_of_totals_is_no_answer(read: Read) -> None:
    table = read([*ANSWERS, ["Average", 3, 2.5]], prepare=with_tables(("Table1", "A1:C14"), totals=True))

    assert (len(table.rows), table.notes) == (12, ("The row of totals of the table was left out.",))


def test_a_small_table_beside_the_answers_is_not_taken_for_them(read: Read) -> None:
    rows = [[*row, None, *more] for row, more in zip(ANSWERS, [["Code", "Means"], [1, "no"], *[[]] * 11], strict=True)]
    table = read(rows, prepare=with_tables(("Codes", "E1:F2")))

    assert (table.header[:3], len(table.rows)) == (("Team", "q1", "q2"), 12)
    assert table.notes == (
        "The sheet holds the Excel table 'Codes' (E1:F2), but most cells lie outside; the whole sheet was read.",
    )


def test_of_several_tables_one_that_is_far_larger_is_read(read: Read) -> None:
    rows = [[*row, None, *more] for row, more in zip(ANSWERS, [["Code", "Means"], [1, "no"], *[[]] * 11], strict=True)]
    table = read(rows, prepare=with_tables(("Codes", "E1:F2"), ("Answers", "A1:C13")))

    assert table.header == ("Team", "q1", "q2")
    assert "4 filled cells outside of it were not" in table.notes[0]


def test_several_tables_of_like_size_are_asked_about(read: Read, tmp_path: Path) -> None:
    """Each can be named like a sheet."""
    rows = [*ANSWERS, [], *[["Unit", "p1", "p2"], *(["B", 5, 4] for _ in range(12))]]
    prepare = with_tables(("May", "A1:C13"), ("June", "A15:C27"))
    with pytest.raises(FileError) as caught:
        read(rows, prepare=prepare)

    assert caught.value.problem == (
        "The sheet 'Sheet' holds 2 Excel tables, 'May' (A1:C13) and 'June' (A15:C27); it is not clear which has the"
        " answers."
    )
    assert caught.value.hint == "Name one in place of the sheet: --sheet May."
    table = read_table(tmp_path / "survey.xlsx", sheet="June")
    assert (table.header, table.rows) == (("Unit", "p1", "p2"), range(16, 28))


@pytest.mark.parametrize(
    "prepare",
    [
        with_tables(("Table1", "A1:C12"), header=False),  # its columns have no names in the sheet
        with_tables(("Table1", "A20:C30")),  # beyond the cells
    ],
)
def test_a_table_without_a_header_in_the_sheet_is_no_help(read: Read, prepare: Callable[[Any], None]) -> None:
    table = read(ANSWERS, prepare=lambda sheet: prepare(sheet) if sheet.max_row < 20 else None)

    assert (table.header, len(table.rows)) == (("Team", "q1", "q2"), 12)


def test_an_empty_table_cannot_be_named(read: Read, tmp_path: Path) -> None:
    read([*ANSWERS, [], [], [None, "x"]], prepare=with_tables(("Answers", "A1:C13"), ("Later", "A15:C15")))
    with pytest.raises(FileError, match="There is no sheet 'Later'"):
        read_table(tmp_path / "survey.xlsx", sheet="Later")

    read(ANSWERS, prepare=with_tables(("Answers", "A1:C13"), ("Later", "A30:C40")))
    with pytest.raises(FileError, match=r"The Excel table 'Later' \(A30:C40\) is empty"):
        read_table(tmp_path / "survey.xlsx", sheet="Later")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'ref="A1:C13"', b'ref="A1:XFD1048576"'),
        (b'ref="A1:C13"', b'ref="C13:A1"'),
        (b'ref="A1:C13"', b'ref="../../etc/passwd"'),
        (b'ref="A1:C13"', b"ref='A1'"),
        (b"<table ", b"<tabble "),
        (b'displayName="Table1"', b'displayName="&lt;script&gt;"'),
    ],
)
def test_a_table_that_a_damaged_part_describes_costs_nobody_the_answers(
    read: Read, tmp_path: Path, old: bytes, new: bytes
) -> None:
    read(ANSWERS, prepare=with_tables(("Table1", "A1:C13")))
    whole = tmp_path / "survey.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name.startswith("xl/tables/") else content)

    assert read_table(tmp_path / "odd.xlsx").columns == read_table(whole).columns


@pytest.mark.parametrize("target", ["/xl/tables/none.xml", "../../../../secret.xml", "../tables/table1.xml\x00", ""])
def test_a_relation_to_nothing_is_no_table(read: Read, tmp_path: Path, target: str) -> None:
    read(ANSWERS, prepare=with_tables(("Table1", "A1:C13")))
    with zipfile.ZipFile(tmp_path / "survey.xlsx") as source, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as made:
        for name in source.namelist():
            content = source.read(name)
            made.writestr(
                name, content.replace(b"/xl/tables/table1.xml", target.encode()) if name.endswith(".rels") else content
            )

    assert len(read_table(tmp_path / "odd.xlsx").rows) == 12


# Damaged .xls ----------------------------------------------------------------------------------------------------


def test_an_xls_that_would_end_the_program_is_an_error(shared: Shared, tmp_path: Path) -> None:
    """One byte of a real file says that a cell stands far away; the reader then asks for more memory than there is."""
    data = bytearray(shared("frictionless_data/merged-cells.xls").read_bytes())
    data[3601] = 0x2F
    path = tmp_path / "survey.xls"
    path.write_bytes(data)

    with pytest.raises(FileError, match="damaged workbook"):
        read_table(path)


def test_an_xls_that_keeps_its_reader_busy_for_ever_is_an_error(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psafety.surveys.spreadsheets._LONGEST_TRIAL", 0)
    with pytest.raises(FileError, match="damaged workbook"):
        read_table(shared("frictionless_data/table.xls"))


def test_where_no_other_python_can_be_started_an_xls_is_read_all_the_same(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "")

    assert read_table(shared("frictionless_data/table.xls")).header == ("id", "name")
