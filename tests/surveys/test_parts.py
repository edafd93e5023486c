"""Several files, archives and sheets are one table that knows where each record is from, or an error that says why."""

import csv
import io
import pickle
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from psafety.surveys import archives
from psafety.surveys.errors import FileError, PsafetyError, TableError
from psafety.surveys.parts import RowOfPart, RowsOfParts, read_tables
from psafety.surveys.platforms import recognise
from psafety.surveys.tables import Table, read_table

Write = Callable[..., list[Path]]
Shared = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files and gives their paths."""

    def write_files(files: dict[str, str | bytes]) -> list[Path]:
        paths = [tmp_path / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return paths

    return write_files


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
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


# Files -----------------------------------------------------------------------------------------------------------


def test_files_with_one_header_become_one_table(write: Write) -> None:
    """Each record with the name of its file and its row in it."""
    table = read_tables(write({"sales.csv": "q1,q2\n1,2\n3,4\n", "it.csv": "q1;q2\n\n5;6\n"}))

    assert table.header == ("q1", "q2", "File")
    assert records(table) == [["1", "2", "sales"], ["3", "4", "sales"], ["5", "6", "it"]]
    assert [str(row) for row in table.rows] == ["2 of sales.csv", "3 of sales.csv", "3 of it.csv"]
    assert table.path.name == "sales.csv"
    assert table.dialect == "2 parts: CSV, comma, UTF-8 and 1 more kinds"
    assert table.notes == ("it.csv: 1 blank row was skipped.",)


def test_one_file_is_read_as_by_itself(write: Write) -> None:
    """Without a column for its name."""
    (path,) = write({"survey.csv": "q1,q2\n1,2\n"})

    assert read_tables([path]) == read_table(path)


def test_columns_follow_their_names(write: Write) -> None:
    """White space aside, and in the order of the first file."""
    table = read_tables(
        write({"a.csv": "Team,How are\u00a0 you?\nA,1\n", "b.csv": '\ufeff"How are\nyou? ",Team\n2,B\n'})
    )

    assert table.header == ("Team", "How are\u00a0 you?", "File")
    assert records(table) == [["A", "1", "a"], ["B", "2", "b"]]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("q1,q3\n1,2\n", "It has no column 'q2', which is column 2 of a.csv."),
        ("x,y\n1,2\n", "It has no column 'q1', which is column 1 of a.csv, and lacks 1 more."),
        ("q1,q2,my own words\n1,2,3\n", "Its column 3 is not in a.csv."),
        ("q1,q2,x,y,z\n1,2,3,4,5\n", "Its column 3 is not in a.csv, nor are 2 more."),
    ],
)
def test_other_headers_are_an_error_that_names_the_first_difference(write: Write, second: str, problem: str) -> None:
    """And the file; never a text that only the second file has, which may be an answer."""
    with pytest.raises(TableError) as caught:
        read_tables(write({"a.csv": "q1,q2\n1,2\n", "b.csv": second}))

    assert (caught.value.where, caught.value.problem) == ("b.csv", problem)


def test_two_columns_of_one_name_must_stand_in_the_same_order(write: Write) -> None:
    """Else it cannot be told which is which."""
    assert len(read_tables(write({"a.csv": "q,x,q\n1,2,3\n", "b.csv": "q,x,q\n4,5,6\n"})).rows) == 2
    with pytest.raises(TableError, match="'q' comes more than once"):
        read_tables(write({"c.csv": "q,x,q\n1,2,3\n", "d.csv": "x,q,q\n4,5,6\n"}))


def test_files_of_one_name_are_told_apart_by_their_folders(write: Write) -> None:
    """As many as it takes."""
    table = read_tables(
        write({"q3/it/s.csv": "q1,q2\n1,2\n", "q3/hr/s.csv": "q1,q2\n3,4\n", "q3/x.csv": "q1,q2\n5,6\n"})
    )

    assert table.columns[2].to_pylist() == ["it/s", "hr/s", "x"]
    assert str(table.rows[1]) == "2 of hr/s.csv"


def test_a_column_of_that_name_stays_what_it_is(write: Write) -> None:
    """The added one is called otherwise."""
    table = read_tables(write({"a.csv": "file,q2\n1,2\n", "b.csv": "file,q2\n3,4\n"}))

    assert table.header == ("file", "q2", "File read")


def test_a_copy_is_an_error(write: Write, tmp_path: Path) -> None:
    """Its answers would count twice."""
    paths = write({"a.csv": "q1,q2\n1,2\n", "a (1).csv": "q1,q2\n1,2\n", "b.csv": "q1,q2\n1,3\n"})

    with pytest.raises(FileError, match=r"a \(1\)\.csv: It is the same, byte for byte, as a\.csv"):
        read_tables(paths)
    with pytest.raises(FileError, match="It is the same, byte for byte"):
        read_tables([paths[0], paths[0]])


def test_a_file_without_answers_is_left_out_and_said(write: Write) -> None:
    """A team in which nobody took part; if that holds for all, it is an error."""
    paths = write({"a.csv": "q1,q2\n1,2\n", "b.csv": "q1,q2\n", "c.csv": "q1,q2\n\n"})

    table = read_tables(paths)

    assert len(table.rows) == 1
    assert table.notes == ("b.csv holds no answers and was left out.", "c.csv holds no answers and was left out.")
    with pytest.raises(FileError, match=r"b\.csv: The file has a header row but no answers"):
        read_tables(paths[1:])


def test_an_error_names_its_file(write: Write, tmp_path: Path) -> None:
    """Also one that is not there, and when there is none at all."""
    with pytest.raises(TableError, match=r"^x/b\.csv: .*row 2 has 3"):
        read_tables(write({"b.csv": "q1,q2\n1,2\n", "x/b.csv": "q1,q2\n1,x,3\n"}))
    with pytest.raises(FileError, match=r"no\.csv: There is no such file"):
        read_tables([tmp_path / "no.csv", tmp_path / "nor.csv"])
    with pytest.raises(FileError, match="No file is given"):
        read_tables([])


def test_notes_of_many_files_are_said_once(write: Write) -> None:
    """With the files they are about."""
    table = read_tables(write({f"{i}.csv": f"q1,q2\n\n{i},2\n" for i in range(5)}))

    assert table.notes == ("0.csv, 1.csv, 2.csv and 2 more: 1 blank row was skipped.",)


# Header rows below the header ------------------------------------------------------------------------------------


def test_header_rows_that_all_parts_have_are_read_once(write: Write) -> None:
    """Whatever the platform: the same first record everywhere, with texts that no answer repeats."""
    table = read_tables(write({f"{i}.csv": f"Q1,Q2\nHow?,Why?\n{i},x\n{i},y\n" for i in range(3)}))

    assert records(table)[:4] == [["How?", "Why?", None], ["0", "x", "0"], ["0", "y", "0"], ["1", "x", "1"]]
    assert str(table.rows[3]) == "3 of 1.csv"
    assert table.notes == ("The row below the header, the same in all parts, was read once.",)


@pytest.mark.parametrize(
    "texts",
    [
        ("a,b\nx,y\nx,z\nv,w\n", "a,b\nx,y\nv,w\n"),  # in one of them it comes again
        ("a,b\n3,4\n5,1\n", "a,b\n3,4\n5,2\n"),  # numbers
        ("a,b\nx,y\nv,w\n", "a,b\nX,y\nv,w\n"),
        ("a,b\nx,\nv,w\n", "a,b\nx,\nv,u\n"),  # one cell tells little
        ("a,b\nx,y\n", "a,b\nx,y\n\n"),  # nothing would be left
    ],
)
def test_two_people_with_the_same_answers_are_two(write: Write, texts: tuple[str, str]) -> None:
    """What is not provably a header row is an answer."""
    paths = write({f"{i}.csv": text for i, text in enumerate(texts)})

    assert len(read_tables(paths).rows) == sum(len(read_table(path).rows) for path in paths)


@pytest.mark.parametrize(
    ("path", "header_rows", "platform"),
    [
        ("qualtrics_qualtRics/sample.csv", 3, "Qualtrics"),
        ("qualtrics_qualtRics/sample_legacy.csv", 2, "Qualtrics"),
        ("surveymonkey_fivethirtyeight/flying-etiquette.csv", 1, "plain table"),
        ("surveymonkey_fivethirtyeight/StarWars.csv", 2, "SurveyMonkey"),
    ],
)
def test_a_real_export_cut_in_two_is_put_together_again(
    shared: Shared, write: Write, path: str, header_rows: int, platform: str
) -> None:
    """And its platform is recognised all the same."""
    content = shared(path).read_bytes()
    codec = "utf-8-sig" if "StarWars" not in path else "mac_roman"
    lines = list(csv.reader(io.StringIO(content.decode(codec), newline="")))
    top, body = lines[:header_rows], lines[header_rows:] + [lines[-1]] * 2

    def text(rows: list[list[str]]) -> str:
        file = io.StringIO(newline="")
        csv.writer(file).writerows([*top, *rows])
        return file.getvalue()

    whole, first, second = write({"all.csv": text(body), "1.csv": text(body[:2]), "2.csv": text(body[2:])})

    export, expected = recognise(read_tables([first, second])), recognise(read_table(whole))

    assert export.platform == expected.platform
    assert export.ids == (*expected.ids, "File")
    assert [line[:-1] for line in records(export.table)] == records(expected.table)
    assert export.table.columns[-1].to_pylist() == ["1"] * 2 + ["2"] * (len(body) - 2)


# Row numbers -----------------------------------------------------------------------------------------------------


def test_row_numbers_of_parts_are_numbers_that_name_their_part() -> None:
    """Whoever writes one writes the part as well."""
    rows = RowsOfParts((("a", range(2, 4)), ("b", (5, 1200)), ("c", range(0))))

    assert list(rows) == [2, 3, 5, 1200]
    assert (len(rows), rows[-1], f"{rows[-1]:,}", f"{rows[0]}") == (4, 1200, "1,200 of b", "2 of a")
    assert list(map(str, rows[1:])) == ["3 of a", "5 of b", "1200 of b"]
    assert list(map(str, rows[3:])) == ["1200 of b"]
    assert list(map(str, rows[::-2])) == ["1200 of b", "3 of a"]
    assert isinstance(rows[1], RowOfPart)
    with pytest.raises(IndexError):
        rows[4]


# Archives --------------------------------------------------------------------------------------------------------


def test_an_archive_stands_for_the_exports_in_it(write: Write, tmp_path: Path) -> None:
    """Other files in it are named, what operating systems add is not."""
    members: dict[str, str | bytes] = {
        "q3/sales.csv": "q1,q2\n1,2\n",
        "q3/it.xlsx": workbook({"Data": [["q1", "q2"], [3, 4]]}),
        "q3/": "",
        "readme.pdf": "%PDF",
        "__MACOSX/q3/._sales.csv": "\0\0",
        "q3/.DS_Store": "\0",
    }
    paths = write({"q3.zip": archive(members), "hr.csv": "q1,q2\n5,6\n"})

    alone, together = read_tables(paths[:1]), read_tables(paths)

    assert records(alone) == [["1", "2", "q3/sales"], ["3", "4", "q3/it"]]
    assert alone.path == paths[0]
    assert alone.notes == ("Not read in q3.zip, since no tables: readme.pdf.",)
    assert together.columns[2].to_pylist() == ["q3.zip/q3/sales", "q3.zip/q3/it", "hr"]


def test_an_archive_of_one_export_is_that_export(write: Write) -> None:
    """Under its own name."""
    (path,) = write({"export.zip": archive({"survey.csv": "q1,q2\n1,2\n"})})

    table = read_tables([path])

    assert (table.header, table.path, table.rows) == (("q1", "q2"), path, range(2, 3))


def test_an_error_inside_an_archive_names_the_file_there(write: Write) -> None:
    """Not the one that was unpacked for a moment."""
    with pytest.raises(TableError) as caught:
        read_tables(write({"q3.zip": archive({"a.csv": "q1,q2\n1,x,3\n"})}))

    assert caught.value.where == "a.csv"


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("link.csv")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../survey.csv", "a file that would lie outside of it"),
        ("/etc/survey.csv", "a file that would lie outside of it"),
        ("a/../../survey.csv", "a file that would lie outside of it"),
        ("C:/survey.csv", "a file that would lie outside of it"),
        (link(), "a file that would lie outside of it"),
        ("more.zip", "another archive"),
        ("survey.csv.gz", "another archive"),
        ("survey.pdf", "no CSV or Excel file"),
    ],
)
def test_a_suspicious_archive_is_refused(write: Write, name: str, problem: str) -> None:
    """With everything in it."""
    content = archive({name: "q1,q2\n1,2\n"})

    with pytest.raises(FileError, match=f"The ZIP archive holds {problem}"):
        read_tables(write({"q3.zip": content}))


def test_an_archive_that_unpacks_to_too_much_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what it really holds; and one of too many files."""
    paths = write({"q3.zip": archive({"a.csv": "q1,q2\n" + "1,2\n" * 10_000, "b.csv": "q1,q2\n1,2\n"})})

    for name, most in (("_MOST_BYTES", 40_000), ("_MOST_MEMBERS", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(archives, name, most)
            with pytest.raises(FileError, match="holds more than"):
                read_tables(paths)
    assert len(read_tables(paths).rows) == 10_001


def test_a_locked_archive_is_said_to_be_locked(write: Write) -> None:
    """By the flag of its files."""
    content = bytearray(archive({"a.csv": "q1,q2\n1,2\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileError, match="locked by a password"):
        read_tables(write({"q3.zip": bytes(content)}))


def test_a_damaged_archive_gives_an_error(write: Write) -> None:
    """Wherever it is cut or changed."""
    content = archive({"a.csv": "q1,q2\n" + "".join(f"{i},{i * 7 % 11}\n" for i in range(99))})

    for place in range(4, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        for changed in (bytes(damaged), content[:place]):
            with suppress(PsafetyError):
                read_tables(write({"q3.zip": changed}))


# Sheets ----------------------------------------------------------------------------------------------------------


def test_all_sheets_of_a_workbook_can_be_read(write: Write) -> None:
    """Each visible one that holds answers, with its name."""
    rows = [["q1", "q2"], [1, 2]]
    book = workbook({"May": rows, "June": [["q2", "q1"], [4, 3]], "July": rows[:1], "Old": rows}, hidden=("Old",))

    table = read_tables(write({"survey.xlsx": book}), sheet="*")

    assert table.header == ("q1", "q2", "Sheet")
    assert records(table) == [["1", "2", "May"], ["3", "4", "June"]]
    assert str(table.rows[1]) == "2 of sheet 'June' of survey.xlsx"
    assert any("'July', 'Old' (hidden)" in note or "'Old' (hidden), 'July'" in note for note in table.notes)


def test_all_sheets_of_several_workbooks_can_be_read(write: Write) -> None:
    """Text has one sheet, so to say."""
    paths = write(
        {
            "a.xlsx": workbook({"X": [["q1", "q2"], [1, 2]]}),
            "b.xlsx": workbook({"X": [["q1", "q2"], [3, 4]], "Y": [["q1", "q2"], [5, 6]]}),
            "c.csv": "q1,q2\n7,8\n",
        }
    )

    table = read_tables(paths, sheet="*")

    assert table.header[2] == "File"
    assert table.columns[2].to_pylist() == [
        "sheet 'X' of a.xlsx",
        "sheet 'X' of b.xlsx",
        "sheet 'Y' of b.xlsx",
        "c.csv",
    ]


def test_one_sheet_of_each_workbook_can_be_named(write: Write) -> None:
    """As for a single file."""
    sheets: dict[str, list[list[object]]] = {"X": [["a"], [0]], "Y": [["q1", "q2"], [1, 2]]}
    paths = write({"a.xlsx": workbook(sheets), "b.xlsx": workbook(sheets | {"Y": [["q1", "q2"], [3, 4]]})})

    assert records(read_tables(paths, sheet="Y")) == [["1", "2", "a"], ["3", "4", "b"]]


def test_a_sheet_of_something_else_is_an_error_that_names_it(write: Write) -> None:
    """Lists of codes are no answers."""
    book = workbook({"Data": [["q1", "q2"], [1, 2]], "Codes": [["code", "label"], [1, "yes"]]})

    with pytest.raises(TableError, match=r"^sheet 'Codes' of survey\.xlsx: It has no column 'q1'"):
        read_tables(write({"survey.xlsx": book}), sheet="*")


def test_a_workbook_without_answers_in_any_sheet_is_an_error(write: Write) -> None:
    """As if it were read by itself."""
    with pytest.raises(FileError, match="no answers"):
        read_tables(write({"survey.xlsx": workbook({"A": [["q1"]], "B": [["q1"]]})}), sheet="*")


def test_the_table_can_be_sent_to_another_process(write: Write) -> None:
    """Row numbers included."""
    rows = read_tables(write({"a.csv": "q1,q2\n1,2\n", "b.csv": "q1,q2\n3,4\n"})).rows

    assert list(map(str, pickle.loads(pickle.dumps(rows)))) == list(map(str, rows))  # noqa: S301 (our own)
