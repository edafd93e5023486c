"""Any file becomes a table of text, or an error that says what to do."""

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.surveys import delimited, spreadsheets
from psafety.surveys.errors import FileError, PsafetyError, TableError
from psafety.surveys.tables import Table, read_table

Shared = Callable[[str], Path]
Read = Callable[..., Table]

on_one_file = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes, or text as UTF-8, as if they were a file."""

    def read_content(content: str | bytes, *, name: str = "survey.csv", sheet: str | None = None) -> Table:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, sheet=sheet)

    return read_content


def records(table: Table) -> list[list[str | None]]:
    return [list(cells) for cells in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def workbook(sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# What a table is -------------------------------------------------------------------------------------------------


def test_a_table_is_text_as_it_stands(read: Read) -> None:
    """Numbers keep their zeros, the header its duplicates and blanks, a cell the white space around it."""
    table = read("id,a,a,\n007,1, x ,1.0\n8,1,,-\n")

    assert table.header == ("id", "a", "a", "")
    assert records(table) == [["007", "1", " x ", "1.0"], ["8", "1", None, "-"]]
    assert table.rows == range(2, 4)
    assert table.dialect == "CSV, comma, UTF-8"
    assert table.notes == ()


def test_columns_are_encoded_by_dictionary_without_blanks(read: Read) -> None:
    """Whoever decodes a dictionary meets no null and no empty text in it."""
    table = read('a,b\n"",x\n  ,y\n\u00a0\t,x\nz,\n')

    assert {column.type for column in table.columns} == {pa.dictionary(pa.int32(), pa.string())}
    assert [column.dictionary.to_pylist() for column in table.columns] == [["z"], ["x", "y"]]
    assert table.columns[0].to_pylist() == [None, None, None, "z"]


def test_what_counts_as_white_space_is_what_python_says(read: Read) -> None:
    """No kind of space makes a cell count as answered, and nothing else is dropped."""
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) not in "\r\n"]
    others = ["\u200b", "\ufeff", "-", "."]

    table = read("a,b\n" + "".join(f"{cell},x\n" for cell in spaces + others))

    assert table.columns[0].to_pylist() == [None] * len(spaces) + others


# Layout ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dialect", "header", "cells"),
    [
        ("a,b\n1,2\n", "comma", ("a", "b"), [["1", "2"]]),
        ("a;b\n1,5;2,5\n", "semicolon", ("a", "b"), [["1,5", "2,5"]]),
        ("a\tb\nx, y\t2\n", "tab", ("a", "b"), [["x, y", "2"]]),
        ("a|b\n1|2\n", "pipe", ("a", "b"), [["1", "2"]]),
        # a tie is decided for the sign that is rarer in running text
        ("Last, first\tBoss, boss\nDoe, J\tRoe, R\n", "tab", ("Last, first", "Boss, boss"), [["Doe, J", "Roe, R"]]),
        # several answers in one cell are no columns
        ("q,r\na;b,1\nb;c,2\nc;d,3\n", "comma", ("q", "r"), [["a;b", "1"], ["b;c", "2"], ["c;d", "3"]]),
        ('"a;b","c"\n"1;2","3"\n', "comma", ("a;b", "c"), [["1;2", "3"]]),
        ("a\n1\n2\n", "one column", ("a",), [["1"], ["2"]]),
        (
            "How was it?\nfine\nwell, it depends\nok\n",
            "one column",
            ("How was it?",),
            [["fine"], ["well, it depends"], ["ok"]],
        ),
        ("sep=;\na;b\n1;2\n", "semicolon", ("a", "b"), [["1", "2"]]),
        ("sep=^\r\na^b\r\n1^2\r\n", "one column", ("a", "b"), [["1", "2"]]),  # whatever the first line names
    ],
)
def test_the_delimiter_is_found(
    read: Read, text: str, dialect: str, header: tuple[str, ...], cells: list[list[str]]
) -> None:
    """By records of one width, quotation marks respected, and never by the name of the file."""
    table = read(text, name="survey.tsv")

    assert table.dialect == f"CSV, {dialect}, UTF-8"
    assert table.header == header
    assert records(table) == cells


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quotes(read: Read, line_end: str) -> None:
    """Any line end; line ends, delimiters and doubled quotation marks inside quotes; none at the end of the file."""
    lines = ["a,b", '"x, y","say ""hi"""', f'"two{line_end}lines",2', "last,3"]

    table = read(line_end.join(lines))

    assert records(table) == [["x, y", 'say "hi"'], [f"two{line_end}lines", "2"], ["last", "3"]]
    assert table.rows == range(2, 5)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_space_behind_each_delimiter_is_left_out(read: Read, line_end: str) -> None:
    """Where only so the quotation marks enclose cells; it is said."""
    lines = ["id, team, why", '1, IT, "slow, but fine"', '2, HR, "he said ""no"", twice"', "3, IT, well"]

    table = read(line_end.join(lines))

    assert table.header == ("id", "team", "why")
    assert records(table) == [["1", "IT", "slow, but fine"], ["2", "HR", 'he said "no", twice'], ["3", "IT", "well"]]
    assert table.notes == ("A space behind each delimiter was left out: only so do the quotation marks enclose cells.",)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"x"\n2, "y"\n',  # as many cells either way
        'a,b\n1,"x, ""y"\n2,z\n',  # a quotation mark behind a space, inside a cell
    ],
)
def test_spaces_behind_delimiters_stay_where_they_do_no_harm(read: Read, text: str) -> None:
    """They may belong to the text."""
    assert not read(text).notes


def test_a_header_may_span_lines(read: Read) -> None:
    """It is one row all the same, as in a spreadsheet."""
    table = read('"How are\nyou?",b\n1,2\n')

    assert table.header == ("How are\nyou?", "b")
    assert table.rows == range(2, 3)


def test_the_sign_of_a_byte_order_mark_inside_the_table_stays(read: Read) -> None:
    """LimeSurvey exports hold it in answer labels, perhaps in the very first."""
    table = read("a,b\n\ufeff1 (None at all),2\n\ufeff1,2,\n")

    assert records(table) == [["\ufeff1 (None at all)", "2"], ["\ufeff1", "2"]]


@pytest.mark.parametrize(
    ("text", "rows", "note"),
    [
        ("a,b\n1,2\n\n3,4\n", (2, 4), "1 blank row was skipped."),
        ("a,b\n1,2\n,\n ,\t\n3,4\n", (2, 5), "2 blank rows were skipped."),
        ("a,b\n1,2\n,,,,\n3,4\n", (2, 4), "1 blank row was skipped."),  # blank, however wide
        ("a\n1\n\n3\n", (2, 4), "1 blank row was skipped."),
        ("\n,\na,b\n1,2\n3,4\n", range(4, 6), None),
        ('a,b\n"1\n1",2\n3,4\n', range(2, 4), None),
    ],
)
def test_rows_are_numbered_as_in_a_spreadsheet(
    read: Read, text: str, rows: range | tuple[int, ...], note: str | None
) -> None:
    """Blank rows count in the numbers but are no records."""
    table = read(text)

    assert table.rows == rows
    assert table.notes == ((note,) if note else ())


# Rows of another width -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("a,b\n1,2,\n3,4,\n", 0),  # every row ends with a delimiter, the header does not
        ("a,b\n1,2, \n3,4,\n", 0),
        ("a,b,,\n1,2\n3,4\n", 0),  # the header has more, all of them blank
        ("a,b\n1,2,,\n3,4\n", 1),
        ("a,b\n1,2\n3,4,\n", 1),
        ("a,b,\n1,2\n3,4,\n", 1),
    ],
)
def test_cells_too_many_or_too_few_do_not_matter_while_empty(read: Read, text: str, notes: int) -> None:
    """They are cut or filled; it is said where rows differ among themselves."""
    table = read(text)

    assert table.header[:2] == ("a", "b")
    assert [record[:2] for record in records(table)] == [["1", "2"], ["3", "4"]]
    assert all(cell is None for record in records(table) for cell in record[2:])
    assert len(table.notes) == notes


def test_uneven_rows_keep_their_place(read: Read) -> None:
    """What Arrow sets aside comes back where it stood, with a dictionary of its own."""
    text = "a,b\n" + "".join(f"{i},{'even' if i % 3 else 'odd,'}\n" for i in range(2, 50))

    table = read(text)

    assert table.columns[0].to_pylist() == [str(i) for i in range(2, 50)]
    assert table.columns[1].to_pylist() == ["even" if i % 3 else "odd" for i in range(2, 50)]
    assert table.rows == range(2, 50)
    assert table.notes == ("16 of 48 rows have more or fewer cells than the header, all of them empty.",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b,c\n1,2,3\n1,2\n1,2,3\n", "The header has 3 cells, but row 3 has 2."),
        ("a,b\n1,2\n1,2,3\n\n1,2\n1,2,3,4\n", "The header has 2 cells, but row 3 has 3, row 6 has 4."),
        ("a,b\n1,x,2\n2,y,3\n", "The header has 2 cells, but row 2 has 3, row 3 has 3."),  # row names of R, or answers
        ("a,b,c\n1,2\n2,3\n", "The header has 3 cells, but row 2 has 2, row 3 has 2."),
        ("Report of May\na,b\nx,y\n", "The header has 1 cell, but row 2 has 2, row 3 has 2."),  # perhaps no title
        ("a\n" + "1,2\n" * 5, f"The header has 1 cell, but {', '.join(f'row {i} has 2' for i in range(2, 7))}."),
        (
            "a\n" + "1,2\n" * 6,
            f"The header has 1 cell, but {', '.join(f'row {i} has 2' for i in range(2, 7))}, and there are more.",
        ),
    ],
)
def test_rows_that_do_not_fit_are_named(read: Read, text: str, problem: str) -> None:
    """At most five, by number and width, and none of their words."""
    with pytest.raises(TableError) as caught:
        read(text)

    assert caught.value.problem == problem
    assert caught.value.where == "survey.csv"
    assert caught.value.hint.startswith("Open the file in a spreadsheet program")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a,b\n1,2\n3,"x\n5,6\n7,8\n', 3),
        ('a,b\n1,2\n3,"x ""y""\r\n5,6\r\n7,8', 3),
        ('a,b,\n1,2,\n"3\n5,6,\n', 3),
        ('a,"b\n1,2\n3,4\n', 1),
        ('a,b\n1,"' + "x\n" * 200_000, 2),
        ('a,"b' + "x\n" * 200_000, 1),
    ],
)
def test_a_quotation_mark_never_closed_is_an_error(read: Read, text: str, row: int) -> None:
    """Else it would swallow all the rows below, without a word."""
    with pytest.raises(TableError, match=f"A quotation mark in row {row} is never closed"):
        read(text)


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"x\ny"\n', 'a,b\n1,2\n3,"x\n"""\n\n', 'a,b\n1,"x\ny"z'])
def test_a_last_cell_of_several_lines_is_fine(read: Read, text: str) -> None:
    """As long as its quotation mark is closed."""
    assert "\n" in str(records(read(text))[-1][1])


# Encoding --------------------------------------------------------------------------------------------------------

GERMAN = "Rolle;Antwort\nÖffentlichkeitsarbeit;Stimme völlig zu\nKüche;„weiß nicht“ – später\n"
FRENCH = "rôle;réponse\nà côté;Plutôt d’accord\nÉquipe;Ça va\n"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, GERMAN.replace("\n", "\r")])
@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-16-le", b"", "UTF-16"),
        ("utf-16-be", b"", "UTF-16"),
        ("cp1252", b"", "Windows-1252"),
        ("mac_roman", b"", "Mac Roman"),
    ],
)
def test_the_encoding_is_found(read: Read, text: str, codec: str, mark: bytes, name: str) -> None:
    """And only a guess is worth a note."""
    table = read(mark + text.encode(codec))

    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [list(table.header), *records(table)] == expected
    assert table.dialect == f"CSV, semicolon, {name}"
    assert bool(table.notes) == (name == "Mac Roman")


@pytest.mark.parametrize(
    ("codec", "answers"),
    [
        ("cp1250", "Zdecydowanie się zgadzam, współpraca, mogę, źle, środa, żaden"),
        ("cp1251", "Полностью согласен. Я чувствую себя в безопасности на работе"),
        ("cp1254", "Kesinlikle katılıyorum. Güven, açıklık, değişim, şeffaflık"),
        ("cp932", "非常にそう思う。わたしのチームでは安心して話せる"),
        ("gb18030", "非常同意。我可以放心发言。团队合作很好"),
    ],
)
def test_other_encodings_are_guessed_and_said(read: Read, codec: str, answers: str) -> None:
    """The note asks to check the letters, since a guess may be wrong."""
    table = read(f"id\tanswer\n1\t{answers}\n2\t{answers}\n".encode(codec))

    assert table.columns[1].to_pylist() == [answers, answers]
    assert table.notes[0].startswith("The encoding was guessed as")


def test_mac_roman_no_break_spaces_are_told_from_windows_letters(read: Read) -> None:
    """SurveyMonkey files saved on a Mac: in Windows-1252 the space would be an Ê."""
    table = read("id,How much?\u00a0\n1,a lot \u00a0 really\n".encode("mac_roman"))

    assert table.header == ("id", "How much?\u00a0")


def test_a_few_damaged_characters_do_not_change_the_encoding(read: Read) -> None:
    """One broken byte must not turn every umlaut into two signs."""
    table = read(GERMAN.encode() + b"x;\xfc\n")

    assert records(table)[0] == ["Öffentlichkeitsarbeit", "Stimme völlig zu"]
    assert table.notes == ("A damaged character became \ufffd.",)


def test_an_accent_far_into_the_file_is_found(read: Read) -> None:
    """The whole file decides, not its first lines."""
    table = read(("a,b\n" + "x,yes\n" * 100_000 + "y,für später\n").encode("cp1252"))

    assert table.columns[1][-1].as_py() == "für später"
    assert table.dialect == "CSV, comma, Windows-1252"


# What is no table ------------------------------------------------------------------------------------------------


def zipped(name: str, content: str = "x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\xff\xfe", "The file is empty."),
        (b" \r\n\t\n", "The file is empty."),
        (b",,\n,,\n", "The file is empty."),
        (b"sep=;\n", "The file is empty."),
        (b"a,b\n", "The file has a header row but no answers below."),
        (b"a,b", "The file has a header row but no answers below."),
        (b"a,b\n,\n\n", "The file has a header row but no answers below."),
        (b"a\n\n\n", "The file has a header row but no answers below."),
        (b'"" \na', "The file has a header row but no answers below."),
        (b"%PDF-1.7\n%\xe2\xe3\n", "The file is a PDF document, not a table."),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "The file is a compressed file (gzip), not a table."),
        (b"\x89PNG\r\n\x1a\n\0\0", "The file is an image, not a table."),
        (b"$FL2@(#) SPSS DATA FILE", "The file is an SPSS data file, not a table."),
        (zipped("survey.csv", "a,b\n1,2\n"), "The file is a ZIP archive, not a workbook."),
        (zipped("xl/workbook.xml"), "The file is a damaged workbook, or another kind of Office file."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "The file is a damaged workbook, or another kind of Office file.",
        ),
        (b"  <!DOCTYPE html><html><table>", "The file is a web page (HTML), not a table."),
        (b"<html xmlns:o='urn:schemas-microsoft-com'>", "The file is a web page (HTML), not a table."),
        (b"\xef\xbb\xbf<?xml version='1.0'?><document>", "The file is an XML file, not a table."),
        ("<?xml version='1.0'?><document>".encode("utf-16"), "The file is an XML file, not a table."),
        (b'{"SurveyEntry": {}}', "The file is a JSON file, not a table."),
        (b'[\n  {"a": 1}\n]', "The file is a JSON file, not a table."),
        (b"a,b\n1,\0\n" * 9, "The file is neither text nor a workbook."),
        (bytes(range(256)) * 9, "The file is neither text nor a workbook."),
        (b"\xff\xfea\0\0\0\n\0", "The file is neither text nor a workbook."),
        (b"\xff\xfea\0\0\xd8\n\0", "The file is neither text nor a workbook."),  # half a surrogate pair
    ],
)
def test_what_is_no_table_is_said(read: Read, content: bytes, problem: str) -> None:
    """In one sentence, with the name of the file and something to do about it."""
    with pytest.raises(FileError) as caught:
        read(content)

    assert caught.value.problem == problem
    assert caught.value.where == "survey.csv"
    assert caught.value.hint


def test_a_path_that_is_no_readable_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, a folder, or closed to this user."""
    closed = tmp_path / "closed.csv"
    closed.touch()

    with pytest.raises(FileError, match=r"missing\.csv: There is no such file"):
        read_table(tmp_path / "missing.csv")
    with pytest.raises(FileError, match="This is a folder"):
        read_table(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match=r"closed\.csv: The file cannot be opened"):
        read_table(closed)


def refuse(*_: object, **__: object) -> None:
    raise PermissionError("denied")


def test_text_has_no_sheets(read: Read) -> None:
    """A sheet asked for and not there is never ignored."""
    with pytest.raises(FileError, match="text has no sheets"):
        read("a,b\n1,2\n", sheet="Data")


# Workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_is_known_by_its_content(read: Read) -> None:
    """However the file is called."""
    table = read(workbook({"Data": [["a", "b"], ["x", "y"]]}), name="survey.csv")

    assert table.header == ("a", "b")
    assert records(table) == [["x", "y"]]
    assert table.rows == range(2, 3)
    assert table.dialect == "Excel workbook, sheet 'Data'"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007", "007"),
        (4, "4"),
        (4.0, "4"),
        (-0.5, "-0.5"),
        (0.1, "0.1"),
        (1e21, "1e+21"),
        (12345678901, "12345678901"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2024, 12, 31), "2024-12-31"),
        (dt.datetime(2024, 12, 31, 23, 59), "2024-12-31 23:59:00"),  # noqa: DTZ001 (Excel knows no time zone)
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=30, minutes=2), "30:02:00"),
        (" x\ny ", " x\ny "),
        ("  ", None),
        (None, None),
    ],
)
def test_cells_read_as_a_person_reads_them(read: Read, value: object, text: str | None) -> None:
    """Whole numbers without a point, dates as in ISO 8601."""
    table = read(workbook({"Data": [["id", "value"], [1, value]]}))

    assert records(table) == [["1", text]]


def test_a_table_need_not_begin_in_the_first_cell(read: Read) -> None:
    """The numbers of its rows are those of the sheet, and empty columns to its left stay."""
    book = openpyxl.Workbook()
    for place, value in {"B3": "a", "C3": "b", "B4": 1, "C4": 2, "B6": 3}.items():
        book.active[place] = value

    table = read(saved(book))

    assert table.header == ("", "a", "b")
    assert records(table) == [[None, "1", "2"], [None, "3", None]]
    assert table.rows == (4, 6)
    assert table.notes == ("1 blank row was skipped.",)


def test_the_first_visible_sheet_with_data_is_read(read: Read) -> None:
    """And the others are named, hidden ones as such; `sheet` reads any."""
    content = workbook(
        {"Lists": [["x"], [1]], "Cover": [], "Data": [["a"], [1]], "Codes": [["b"], [2]]}, hidden=("Lists",)
    )

    first, asked = read(content), read(content, sheet="Lists")

    assert first.dialect == "Excel workbook, sheet 'Data'"
    assert first.notes == ("Sheets not read, though they hold something: 'Lists' (hidden), 'Codes'.",)
    assert asked.header == ("x",)
    assert asked.notes[0] == "The sheet 'Lists' (hidden) was read."


@pytest.mark.parametrize(
    ("sheet", "problem"), [("data", "There is no sheet 'data'."), ("Cover", "The sheet 'Cover' is empty.")]
)
def test_an_unknown_sheet_is_an_error_that_lists_the_sheets(read: Read, sheet: str, problem: str) -> None:
    """So that the right one can be named."""
    with pytest.raises(FileError) as caught:
        read(workbook({"Cover": [], "Data": [["a"], [1]], "Codes": [["b"], [2]]}), sheet=sheet)

    assert caught.value.problem == problem
    assert caught.value.hint == "Sheets that hold something: 'Data', 'Codes'."


def test_error_cells_are_empty_and_counted(read: Read) -> None:
    """A formula that failed is no answer."""
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, 't="e"'], ["#N/A", "#DIV/0!"], ["#N/A", 4]):
        book.active.append(row)

    table = read(saved(book))

    assert records(table) == [["1", 't="e"'], [None, "4"]]
    assert table.notes[0] == "The workbook holds 3 cells with an error, such as #N/A; they count as empty."


def test_a_workbook_without_answers_is_an_error(read: Read) -> None:
    """Whether it has a header or nothing at all."""
    with pytest.raises(FileError, match="The workbook is empty"):
        read(workbook({"Data": []}))
    with pytest.raises(FileError, match="is empty"):
        read(workbook({"Data": [["  ", " "], [None, "\u00a0"]]}))
    with pytest.raises(FileError, match="a header row but no answers"):
        read(workbook({"Data": [["a", "b"]]}))


def test_a_stray_cell_at_the_end_of_the_sheet_is_an_error(read: Read) -> None:
    """calamine would ask for half a terabyte of memory, and take the program down with it."""
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active["XFD1048576"] = "."

    with pytest.raises(FileError, match="reaches to cell XFD1048576"):
        read(saved(book))


def locked_xlsx(xls: bytes) -> bytes:
    """As Excel encrypts an .xlsx: an OLE file with a stream of this name."""
    name, locked = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    place = xls.index(name)
    return xls[:place] + locked.ljust(64, b"\0") + bytes([len(locked) + 2, 0]) + xls[place + 66 :]


def locked_xls(xls: bytes) -> bytes:
    """As Excel encrypts an .xls: a FILEPASS record after the first one."""
    place = xls.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return xls[:place] + b"\x2f\x00" + xls[place + 2 :]


@pytest.mark.parametrize("lock", [locked_xlsx, locked_xls])
def test_a_locked_excel_workbook_is_said_to_be_locked(
    read: Read, shared: Shared, lock: Callable[[bytes], bytes]
) -> None:
    """And what to do about it; calamine only says that it knows no such format."""
    content = lock(shared("frictionless_data/table.xls").read_bytes())

    with pytest.raises(FileError, match=r"locked by a password.*without a password"):
        read(content)


def test_a_locked_opendocument_spreadsheet_is_said_to_be_locked(read: Read) -> None:
    """By its manifest."""
    content = zipped("META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")

    with pytest.raises(FileError, match="locked by a password"):
        read(content)


def test_a_panic_inside_calamine_is_a_file_error(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no Exception, and must not pass for a bug of ours; an interrupt still interrupts."""

    class Panic(BaseException):
        pass

    for raised, expected in ((Panic(), FileError), (KeyboardInterrupt(), KeyboardInterrupt)):
        monkeypatch.setattr(spreadsheets, "_load", raising(raised))
        with pytest.raises(expected):
            read(workbook({"Data": [["a"], [1]]}))


def raising(error: BaseException) -> Callable[[bytes], None]:
    def fail(_: bytes) -> None:
        raise error

    return fail


@pytest.mark.parametrize("name", ["table.xls", "table.xlsx", "table.ods"])
def test_a_workbook_cut_short_is_a_file_error(read: Read, shared: Shared, name: str) -> None:
    """At many of these lengths calamine panics."""
    content = shared(f"frictionless_data/{name}").read_bytes()

    for length in range(40, len(content) * 9 // 10, 331):
        with pytest.raises(FileError):
            read(content[:length])


# However it is read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [37, 64, 100, 1000])
@pytest.mark.parametrize("threads", [1, 4])
def test_blocks_and_threads_make_no_difference(
    read: Read, monkeypatch: pytest.MonkeyPatch, block: int, threads: int
) -> None:
    """Line ends inside quotes fall between two blocks, answers appear first in different blocks."""
    text = "a,b\r\n" + "".join(f'{i % 7},"x\r\n{i % 5}\r\n"\r\n' for i in range(200)) + '9,"' + "long " * 100 + '"\r\n'
    whole = read(text)
    before = pa.cpu_count()

    monkeypatch.setattr(delimited, "_BLOCK", block)
    pa.set_cpu_count(threads)
    try:
        pieces = read(text)
    finally:
        pa.set_cpu_count(before)

    assert pieces.columns == whole.columns
    assert pieces.rows == whole.rows
    assert whole.columns[1][0].as_py() == "x\r\n0\r\n"


def test_a_record_longer_than_a_block_is_read_whole(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the largest block there is; beyond it, in two gigabytes, the file is no table."""
    text = "a,b\n1," + "long " * 100 + "\n2,x\n"
    monkeypatch.setattr(delimited, "_BLOCK", 64)

    assert read(text).columns[1].to_pylist() == ["long " * 100, "x"]
    monkeypatch.setattr(delimited, "_LARGEST_BLOCK", 64)
    with pytest.raises(TableError, match="cannot be divided into rows and cells"):
        read(text)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(
    cells=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@on_one_file
def test_what_is_written_reads_back(
    read: Read, cells: list[tuple[str, ...]], delimiter: str, line_end: str, codec: str
) -> None:
    """Every cell exactly, blank ones as null, blank rows left out but counted in the row numbers."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(
        [("item 1", "item 2", "item 3"), *cells]
    )
    expected = [[cell if cell.strip() else None for cell in row] for row in cells]
    if not any(map(any, expected)):
        expected = None

    if expected is None:
        with pytest.raises(FileError, match="no answers"):
            read(file.getvalue().encode(codec))
        return
    table = read(file.getvalue().encode(codec))

    assert table.header == ("item 1", "item 2", "item 3")
    assert records(table) == [row for row in expected if any(row)]
    assert list(table.rows) == [number for number, row in enumerate(expected, start=2) if any(row)]


@given(
    cells=st.lists(st.tuples(st.sampled_from(["Stimme völlig zu", "weiß nicht", "", "5,5"]), CELLS), min_size=1),
    delimiter=st.sampled_from(",;\t|"),
)
@on_one_file
def test_what_is_written_with_few_quotes_reads_back(read: Read, cells: list[tuple[str, ...]], delimiter: str) -> None:
    """Quotation marks only where they are needed."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([("item 1", "item 2"), ("x", "y"), *cells])

    table = read(file.getvalue())

    assert records(table)[1:] == [
        [cell if cell.strip() else None for cell in row] for row in cells if any(map(str.strip, row))
    ]


# Any bytes -------------------------------------------------------------------------------------------------------


def outcome(read: Callable[..., Table], content: bytes | Path) -> Table | PsafetyError:
    try:
        return read(content)
    except PsafetyError as error:
        return error


def check_any_bytes(read: Read, content: bytes) -> None:
    result = outcome(read, content)
    if isinstance(result, PsafetyError):
        assert result.where == "survey.csv"
        assert result.hint
        return
    assert len(result.header) == len(result.columns) > 0
    assert {len(column) for column in result.columns} == {len(result.rows)}
    for column in result.columns:
        assert all(text and text.strip() for text in column.dictionary.to_pylist())


@given(st.binary(max_size=200))
@on_one_file
def test_any_bytes_give_a_table_or_an_error(read: Read, content: bytes) -> None:
    """Never a traceback."""
    check_any_bytes(read, content)


@given(st.text(st.sampled_from('ab1 ,;"\n\r\té\ufeff'), max_size=60), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@on_one_file
def test_any_text_gives_a_table_or_an_error(read: Read, text: str, codec: str) -> None:
    """Whatever quotation marks and delimiters it is made of."""
    check_any_bytes(read, text.encode(codec, "replace"))


@cache
def small_workbook() -> bytes:
    return workbook({"Data": [["a", "b"], [1, "x"], [2, "y"]], "Codes": [["c"], [3]]})


@given(st.lists(st.tuples(st.integers(0, 1 << 14), st.integers(0, 255)), max_size=5), st.integers(0, 1 << 14))
@on_one_file
def test_any_damaged_workbook_gives_a_table_or_an_error(read: Read, bytes_: list[tuple[int, int]], cut: int) -> None:
    """Some bytes changed, some at the end lost."""
    content = bytearray(small_workbook())
    for place, byte in bytes_:
        content[place % len(content)] = byte
    check_any_bytes(read, bytes(content[: len(content) - max(0, cut - (1 << 13))]))


# Real files ------------------------------------------------------------------------------------------------------


def test_every_file_of_the_collections_gives_a_table_or_an_error(shared: Shared) -> None:
    """Made by others, to break readers."""
    for collection in ("csv_spectrum", "frictionless_data", "tabulator_data", "clevercsv", "naughty_strings"):
        for path in filter(Path.is_file, shared(collection).rglob("*")):
            assert isinstance(outcome(read_table, path), Table | PsafetyError)


@pytest.mark.parametrize(
    "name",
    [
        *("comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf"),
        *("quotes_and_newlines", "simple", "simple_crlf", "utf8"),
    ],
)
def test_csv_spectrum_reads_as_its_authors_say(shared: Shared, name: str) -> None:
    """Each file has its truth beside it, as JSON."""
    truth = json.loads(shared(f"csv_spectrum/json/{name}.json").read_text("utf-8").replace("\\r\\n", "\\n"))

    table = read_table(shared(f"csv_spectrum/csvs/{name}.csv"))

    assert [dict(zip(table.header, (cell or "" for cell in record), strict=True)) for record in records(table)] == truth


@pytest.mark.parametrize(
    ("path", "dialect", "columns", "rows"),
    [
        ("clevercsv/airedale.csv", "CSV, comma, UTF-8", 8, 53),  # and one blank row, one footnote
        ("clevercsv/imdb.csv", "CSV, comma, UTF-8", 44, 100),  # a backslash before commas
        ("clevercsv/milk.csv", "CSV, tab, UTF-8", 23, 379),
        ("frictionless_data/accent.csv", "CSV, semicolon, UTF-8", 17, 2),
        ("frictionless_data/bom.csv", "CSV, comma, UTF-8", 2, 2),
        ("frictionless_data/country-1.csv", "CSV, comma, UTF-8", 4, 5),
        ("frictionless_data/doublequote.csv", "CSV, comma, UTF-8", 17, 5),
        ("frictionless_data/issue-1009-semicolon.csv", "CSV, semicolon, UTF-8", 2, 1),
        ("frictionless_data/issue-1066-smallcellsize.csv", "CSV, comma, UTF-8", 2, 12),
        ("frictionless_data/issue-1232.csv", "CSV, semicolon, UTF-8", 7, 5),
        ("frictionless_data/issue-1478/table.csv", "CSV, pipe, UTF-8", 4, 9),
        ("frictionless_data/issue-493.csv", "CSV, comma, UTF-8", 126, 9),
        ("frictionless_data/latin1.csv", "CSV, comma, Windows-1252", 2, 2),
        ("frictionless_data/leading-zeros.csv", "CSV, one column, UTF-8", 1, 3),
        ("frictionless_data/table.tsv", "CSV, tab, UTF-8", 2, 3),
        ("tabulator_data/special/issue305.csv", "CSV, comma, UTF-8", 31, 338),
        ("tabulator_data/special/escaping.csv", "CSV, comma, UTF-8", 2, 3),
        ("frictionless_data/table.xls", "Excel workbook, sheet 'Лист1'", 2, 2),
        ("frictionless_data/table.xlsx", "Excel workbook, sheet 'Лист1'", 2, 2),
        ("frictionless_data/sheet2.xlsx", "Excel workbook, sheet 'Sheet2'", 2, 2),
        ("frictionless_data/issue-313.xlsx", "Excel workbook, sheet 'Sheet1'", 5, 2),
        ("frictionless_data/table-with-two-sheets.ods", "OpenDocument spreadsheet, sheet 'Лист1'", 2, 2),
        ("frictionless_data/table-with-ints-floats-dates.xls", "Excel workbook, sheet 'Лист1'", 3, 3),
        ("googleforms_oss_surveys/jupyter_education_2016_redacted.csv", "CSV, comma, UTF-8", 25, 125),
        ("kobotoolbox/cleaningtools_raw_data_150rows.csv", "CSV, comma, UTF-8", 348, 150),
        ("limesurvey_rse_survey/rse2018_international.csv", "CSV, comma, UTF-8", 707, 997),
        ("qualtrics_qualtRics/sample_legacy.csv", "CSV, comma, UTF-8", 16, 2),
        ("carpentries_training/20180908_post_clean.csv", "CSV, comma, UTF-8", 41, 967),
        # its provenance says Mac Roman, but the two bytes in question are letters in either
        ("surveymonkey_fivethirtyeight/StarWars.csv", "CSV, comma, Windows-1252", 38, 1187),
    ],
)
def test_real_files_read_as_their_provenance_says(
    shared: Shared, path: str, dialect: str, columns: int, rows: int
) -> None:
    """Encoding, delimiter, width and number of records."""
    table = read_table(shared(path))

    assert table.dialect == dialect
    assert len(table.header) == columns
    assert len(table.rows) == rows


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("frictionless_data/defective-rows.csv", "The header has 3 cells, but row 2 has 2, row 3 has 4."),
        ("frictionless_data/invalid.csv", "The header has 4 cells, but row 2 has 2, row 3 has 2, row 5 has 5."),
        ("frictionless_data/capital-invalid.csv", "The header has 3 cells, but row 10 has 2, row 12 has 4."),
        ("frictionless_data/without-rows.csv", "The file has a header row but no answers below."),
        ("frictionless_data/empty.csv", "The file is empty."),
        ("frictionless_data/compression/implicit-zip.csv", "The file is a ZIP archive, not a workbook."),
        ("limesurvey_structure/citric_survey.lss", "The file is an XML file, not a table."),
        ("qualtrics_qualtricstools/Sample_Survey.qsf", "The file is a JSON file, not a table."),
    ],
)
def test_real_files_that_are_broken_are_told_apart(shared: Shared, path: str, problem: str) -> None:
    """Each by what is wrong with it."""
    with pytest.raises(PsafetyError) as caught:
        read_table(shared(path))

    assert caught.value.problem == problem
