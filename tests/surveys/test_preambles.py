"""Titles, footnotes, totals and shifted rows: what is provable is mended and said, what is not is an error or stays."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from psafety.surveys.errors import TableError
from psafety.surveys.tables import Table, read_table

Read = Callable[[str], Table]
Shared = Callable[[str], Path]

BODY = "team,q1,q2,q3\n" + "".join(f"{'AB'[i % 2]},{i % 5 + 1},{i % 3 + 1},\n" for i in range(8))


@pytest.fixture(params=["csv", "xlsx"])
def read_as(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """Reads text without quotation marks as CSV, and as the workbook that it would be."""

    def read_content(text: str) -> Table:
        path = tmp_path / f"survey.{request.param}"
        if request.param == "csv":
            path.write_text(text, encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for line in text.splitlines():
                book.active.append([number(cell) for cell in line.split(",")])
            book.save(path)
        return read_table(path)

    return read_content


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_content(text: str) -> Table:
        path = tmp_path / "survey.csv"
        path.write_text(text, encoding="utf-8")
        return read_table(path)

    return read_content


def number(cell: str) -> object:
    return float(cell) if cell.replace(".", "").isdigit() else cell or None


# Above the header ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "note"),
    [
        ("", None),
        ("Team survey 2024\n", "Row 1 above the header was left out."),
        ("Team survey 2024,,,\n", "Row 1 above the header was left out."),
        ("Team survey 2024,,,\n,,,\nExported on 1 May\n\n", "Rows 1 and 3 above the header were left out."),
        ("# made by hand\n2024\n# twice\n", "Rows 1 to 3 above the header were left out."),
    ],
)
def test_titles_above_the_header_are_left_out_and_said(read_as: Read, above: str, note: str | None) -> None:
    """Whether they have the empty cells that Excel adds, or not; the rows keep their numbers."""
    table = read_as(above + BODY)

    assert table.header == ("team", "q1", "q2", "q3")[: len(table.header)]
    assert len(table.rows) == 8
    assert table.rows[0] == above.count("\n") + 2
    assert table.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    "text",
    [
        "Question,,,\nA,B,C,A\nx,y,z,x\n",  # a name twice
        "Question,,,\nid,B,C,\nid,y,z,5\n",  # a column without a name; a name that comes again
        "id,Agree?,,\n,We listen,We ask,We say\n1,5,4,4\n2,5,3,4\n",  # two header rows
        "Team\nA\nB\nA\n",  # one column
        "Team,,\nA,B,C\nD,E,F\nG,H,I\n",  # nothing tells a name from an answer
        "2024,,,\n1,2,3,4\n2,3,4,5\n",  # numbers are no names
        "Team,\nZ,w\nB,y\nA,y\nB,x\n",  # the second column has no name
    ],
)
def test_in_doubt_the_first_row_is_the_header(read_as: Read, text: str) -> None:
    """A title is only what can be nothing else."""
    table = read_as(text)

    assert list(filter(None, table.header)) == list(filter(None, text.partition("\n")[0].split(",")))
    assert not table.notes


def test_a_title_does_not_decide_the_delimiter(read: Read) -> None:
    """Neither its commas nor the decimal commas below."""
    table = read("Survey, all teams\nteam;q1;q2\n" + "A;1,5;2,5\nB;2,5;3,5\n" * 3)

    assert table.dialect == "CSV, semicolon, UTF-8"
    assert table.header == ("team", "q1", "q2")
    assert table.columns[1].to_pylist() == ["1,5", "2,5"] * 3


def test_a_header_does_not_become_a_title_because_of_signs_in_answers(read: Read) -> None:
    """Each answer of this column is divided by a pipe, and the header by commas only."""
    table = read("start,rank,why\n" + "".join(f"{i},{i % 3}|2,{i * 0.5}\n" for i in range(9)))

    assert table.header == ("start", "rank", "why")
    assert table.dialect == "CSV, comma, UTF-8"


def test_a_quotation_mark_left_open_in_a_title_is_an_error(read: Read) -> None:
    """It would swallow the table."""
    with pytest.raises(TableError, match="A quotation mark in row 1 is never closed"):
        read('"Survey\n' + BODY)


# Below the answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "notes"),
    [
        ("Total,9.5,8,\n", ["Row 10 below the answers was left out: a total or mean of what stands above."]),
        ("Gesamt:,2.75\n", ["Row 10 below the answers was left out: a total or mean of what stands above."]),
        (
            "Summe,22,16,\nDurchschnitt,2.75,2,\n",
            ["Rows 10 to 11 below the answers were left out: a total or mean of what stands above."],
        ),
        (
            "\nAverage,2.75,2,\n\nReport created in October\n* without trainees\n",
            [
                "Row 11 below the answers was left out: a total or mean of what stands above.",
                "Rows 13 to 14 below the answers were left out: a footnote.",
            ],
        ),
        ("\nSource: our own survey,,,\n", ["Row 11 below the answers was left out: a footnote."]),
    ],
)
def test_totals_and_footnotes_are_left_out_and_said(read_as: Read, below: str, notes: list[str]) -> None:
    """No answers, though they stand in the rows of answers."""
    table = read_as(BODY + below)

    assert len(table.rows) == 8
    assert [note for note in table.notes if "blank" not in note] == notes
    assert set(table.columns[0].dictionary.to_pylist()) == {"A", "B"}


@pytest.mark.parametrize(
    ("below", "notes"),
    [
        ("Total,agree,2,\n", []),  # words are answers
        ("Totality,22,16,\n", []),
        ("Total,,,\n", []),
        ("C,22,16,\n", []),
        ("\nC,,,\n", []),  # one word after a blank row: perhaps a team
        # a team of this name
        (
            "Total,5,3,\n",
            ["Row 10 was read as answers, but may be a total or mean of what stands above."],
        ),
        ("Total,22,3,\nB,1,1,\n", []),
        # a team whose people gave answers that nobody else gave
        (
            "Total,22,16,\nTotal,9,8,\n",
            ["Rows 10 to 11 were read as answers, but may be a total or mean of what stands above."],
        ),
    ],
)
def test_in_doubt_the_last_row_holds_answers(read_as: Read, below: str, notes: list[str]) -> None:
    """Nobody's answers are lost for the name of a team."""
    table = read_as(BODY + below)

    assert len(table.rows) == 8 + len(list(filter(None, below.split("\n"))))
    assert [note for note in table.notes if "blank" not in note] == notes


def test_a_table_of_totals_only_keeps_them(read_as: Read) -> None:
    """A published figure may be all that there is."""
    assert len(read_as("group,q1,q2\nTotal,3.5,4.5\n").rows) == 1


def test_a_footnote_without_a_blank_row_is_a_short_row(read: Read) -> None:
    """It may be the end of the answer above it."""
    with pytest.raises(TableError, match="row 10 has 1"):
        read(BODY + "and that is all we have to say\n")


def test_remarks_behind_a_number_sign_are_left_out_and_said(read: Read) -> None:
    """Where they are all their row has."""
    table = read("a,b\n1,x\n# half time\n2,# y\n")

    assert table.columns[1].to_pylist() == ["x", "# y"]
    assert table.notes == ("Row 3 was left out: a remark behind a #, with no other cell.",)


# Shifted rows ----------------------------------------------------------------------------------------------------


def shifted(header: str, first_cells: list[object]) -> str:
    return header + "\n" + "".join(f"{cell},{i % 5 + 1},{i % 2}\n" for i, cell in enumerate(first_cells))


def test_row_names_of_r_become_a_column_without_a_name(read: Read) -> None:
    """One cell more in each record, counting from 1: pandas takes them for an index."""
    table = read(shifted("q1,q2", [1, 2, 3, 4, 5]))

    assert table.header == ("", "q1", "q2")
    assert table.columns[0].to_pylist() == ["1", "2", "3", "4", "5"]
    assert table.notes[0].startswith("Each row has one cell more than the header, and the first ones count 1, 2, 3, …")


@pytest.mark.parametrize(
    ("header", "first_cells"),
    [
        ("q1,q2", [1, 2, 3, 4]),  # may be answers
        ("q1,q2", [1, 2, 4, 5, 6]),
        ("q1,q2", ["a", "b", "c", "d", "e"]),
        ("id,q2", [1, 2, 3, 4, 5]),  # the numbers have a name, and another column lacks one
        ("Response ID,q2", [1, 2, 3, 4, 5]),
        (",q2", [1, 2, 3, 4, 5]),
        ("q1", [1, 2, 3, 4, 5]),  # two cells more
    ],
)
def test_a_shift_that_is_not_provable_is_an_error(read: Read, header: str, first_cells: list[object]) -> None:
    """It is never known which of the columns lacks its name."""
    with pytest.raises(TableError, match=r"The header has \d cells?, but row 2 has 3"):
        read(shifted(header, first_cells))


@pytest.mark.parametrize("blanks", [0, 2])
def test_74_names_over_72_cells_are_an_error_unless_the_last_two_are_blank(read: Read, blanks: int) -> None:
    """pandas gives such a file two empty columns, and perhaps the wrong names to others, without a word."""
    header = ",".join([f"question {i}" for i in range(74 - blanks)] + [""] * blanks)
    text = header + "\n" + "".join(",".join(str((i * j) % 5 + 1) for j in range(72)) + "\n" for i in range(1, 9))

    if not blanks:
        with pytest.raises(TableError, match="The header has 74 cells, but row 2 has 72"):
            read(text)
        return
    table = read(text)

    assert len(table.header) == 74
    assert [column.null_count for column in table.columns] == [0] * 72 + [8] * 2


def test_a_record_broken_in_two_is_an_error_that_says_so(read: Read) -> None:
    """The halves may add up, but which text goes on where is a guess."""
    with pytest.raises(TableError, match="Rows 4 and 5 may be one record, broken by a line break") as caught:
        read("a,b,c\n1,x,y\n2,x,y\n3,one\ntwo,y\n4,x,y\n")

    assert caught.value.problem == "The header has 3 cells, but row 4 has 2, row 5 has 2."


# Escapes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('a,b\n1,"say \\"x\\""\n2,"y"\n', ['say "x"', "y"]),
        ("a,b\n1,x\\, y\n2,z\n", ["x, y", "z"]),
        ('a,b\n1,"\\\\ \\""\n2,z\n', ['\\ "', "z"]),
        ('"a","say \\"b\\""\n"1","x"\n', ["x"]),
    ],
)
def test_a_backslash_makes_text_of_the_next_sign_where_only_that_fits(read: Read, text: str, cells: list[str]) -> None:
    """As databases export; and it is said."""
    table = read(text)

    assert table.columns[1].to_pylist() == cells
    assert table.header[1] in {"b", 'say "b"'}
    assert "only where a backslash makes text of the sign behind it" in table.notes[0]


def test_other_backslashes_stay(read: Read) -> None:
    """Where the file is right as it stands."""
    table = read('a,b\n1,C:\\\n2,"x \\ ""y"""\n3,\\z\n')

    assert table.columns[1].to_pylist() == ["C:\\", 'x \\ "y"', "\\z"]
    assert table.notes == ()


def test_escapes_do_not_hide_what_else_is_wrong(read: Read) -> None:
    """The error is that of the file as it stands."""
    with pytest.raises(TableError, match="row 2 has 3, row 3 has 3"):
        read("a,b\n1,x\\,y\n2,x,y\n")


# Real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "header", "rows", "notes"),
    [
        ("tabulator_data/special/skip-rows-before-headers.csv", ("id", "name"), 2, 1),
        ("tabulator_data/special/skip-rows.csv", ("id", "name"), 2, 2),
        ("tabulator_data/special/skip-blank-at-the-end.csv", ("test1", "test2"), 1, 2),
        ("frictionless_data/matrix-with-comment.csv", ("f1", "f2", "f3", "f4"), 4, 1),
        ("frictionless_data/country-2.csv", ("id", "neighbor_id", "name", "population"), 5, 1),
    ],
)
def test_real_files_with_lines_around_the_table(
    shared: Shared, path: str, header: tuple[str, ...], rows: int, notes: int
) -> None:
    """Each as its authors read it, with options that we need not be given."""
    table = read_table(shared(path))

    assert (table.header, len(table.rows), len(table.notes)) == (header, rows, notes)


def test_real_files_without_such_lines_are_left_alone(shared: Shared) -> None:
    """Nothing of them is taken for a title or a total."""
    for path in shared("").glob("*/*.csv"):
        if path.parent.name in {"clevercsv", "frictionless_data", "tabulator_data"}:
            continue
        assert not [note for note in read_table(path).notes if "left out" in note or "may hold" in note]
