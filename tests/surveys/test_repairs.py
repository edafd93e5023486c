"""Records with a cell too many or too few are mended where only one slip explains them, and else refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.surveys.errors import PsafetyError, TableError
from psafety.surveys.tables import Table, read_table

Read = Callable[..., Table]

HEADER = "id,day,team,q1,q2,q3,why"
TEAMS = ("Sales", "R&D", "IT")
WORDS = ("fine", "too loud", "we talk", "no time", "it is good", "ask me", "so-so", "?", "yes!", "well… no")


def record(number: int) -> list[str]:
    """Ratings of 1 to 5, some of them blank, and a comment that is different each time."""
    ratings = [str((number * step) % 5 + 1) for step in (1, 2, 3)]
    if number % 7 == 0:
        ratings[number % 3] = ""
    why = f"{WORDS[number % 10]} {'x' * number}{'.!?'[number % 3]}" if number % 3 else ""
    return [f"a{number:03}", f"2026-03-{number % 28 + 1:02}", TEAMS[number % 3], *ratings, why]


RECORDS = [record(number) for number in range(1, 61)]
LINES = [",".join(cells) for cells in RECORDS]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file of the records above, with some lines of its own in the middle."""

    def read_lines(*lines: str, end: str = "\n") -> Table:
        path = tmp_path / "survey.csv"
        path.write_bytes(end.join([HEADER, *LINES[:30], *lines, *LINES[30:]]).encode())
        return read_table(path)

    return read_lines


def cells_of(table: Table) -> list[list[str]]:
    return [[cell or "" for cell in cells] for cells in zip(*(c.to_pylist() for c in table.columns), strict=True)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("line", "cells", "slip"),
    [
        (",b1,2026-03-01,IT,1,2,3,fine", ["b1"], "no repair"),  # the first cell is no number of a record
        (",a777,2026-03-01,IT,1,2,3,fine", ["a777", "2026-03-01", "IT", "1", "2", "3", "fine"], "a delimiter too many"),
        ("a777,2026-03-01,,IT,1,2,3,", ["a777", "2026-03-01", "IT", "1", "2", "3", ""], "a delimiter too many"),
        ("a7772026-03-01,IT,1,2,3,fine", ["a777", "2026-03-01", "IT", "1", "2", "3", "fine"], "a delimiter missing"),
        ("a777,2026-03-01,IT,1,23,fine", ["a777", "2026-03-01", "IT", "1", "2", "3", "fine"], "a delimiter missing"),
        (
            'a777,2026-03-01,IT,1,2,3"so, so"',
            ["a777", "2026-03-01", "IT", "1", "2", "3", "so, so"],
            "a delimiter missing",
        ),
        (
            'a777,2026-03-01,"IT"1,2,3,fine',
            ["a777", "2026-03-01", "IT", "1", "2", "3", "fine"],
            "a delimiter missing",
        ),
        (
            "a777,2026-03-01,IT,1,2,3,yes, but no",
            ["a777", "2026-03-01", "IT", "1", "2", "3", "yes, but no"],
            "a delimiter in free text without quotation marks",
        ),
        (
            'a777,"2026-03-01,IT,1,2,3,"fine"',
            ["a777", "2026-03-01", "IT", "1", "2", "3", "fine"],
            "a quotation mark without a partner",
        ),
        (
            'a777,2026-03-01,IT,1,2,3,""so, "so" or not"',
            ["a777", "2026-03-01", "IT", "1", "2", "3", '"so, "so" or not'],
            "a quotation mark without a partner",
        ),
    ],
)
def test_a_slip_that_only_one_reading_explains_is_mended_and_said(
    read: Read, line: str, cells: list[str], slip: str, end: str
) -> None:
    """With the row, as a spreadsheet counts it; all other records stay as they are."""
    if slip == "no repair":
        with pytest.raises(TableError, match="row 32 has 8"):
            read(line, end=end)
        return

    table = read(line, end=end)

    assert cells_of(table) == [*RECORDS[:30], cells, *RECORDS[30:]]
    assert table.rows == range(2, 63)
    assert table.notes == (f"Row 32 had {slip}: read in the only way in which each cell fits its column.",)


def test_records_joined_by_a_quotation_mark_come_apart(read: Read) -> None:
    """It swallows a line end; the rows below count on as in the file."""
    one, other = 'a777,2026-03-01,IT,1,2,3,"', 'a778,2026-03-02,R&D,4,,1,"no, thanks"'

    table = read(one, other)

    assert cells_of(table)[30:32] == [
        ["a777", "2026-03-01", "IT", "1", "2", "3", '"'],
        ["a778", "2026-03-02", "R&D", "4", "", "1", "no, thanks"],
    ]
    assert table.rows == range(2, 64)
    assert table.notes == (
        "Row 32 had a quotation mark without a partner: read in the only way in which each cell fits its column.",
    )


def test_many_mended_rows_are_counted(read: Read) -> None:
    """The first five are named."""
    table = read(*[f",a77{number},2026-03-01,IT,1,2,3,fine" for number in range(6)])

    assert table.notes == (
        (
            "Rows 32 to 36, and 1 more row, had a delimiter too many: read in the only way in which each cell fits its"
            " column."
        ),
    )


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a777,2026-03-01,IT,1,2,4,3,fine", 8),  # an answer too many
        ("a777,2026-03-01,1,2,3,fine", 6),  # a team is missing, and no team is ever blank
        ("a777,2026-03-01,IT,1,2,3", 6),  # perhaps the comment is missing, perhaps an answer, and 3 is the comment
        ("a777,2026-03-01,IT,1,3,fine", 6),  # any of three answers may be missing
        ("a777,2026-03-01,IT,,1,,3,fine", 8),  # either empty cell may be one too many
        ("b,2026-03-01,IT,1,2,3,yes, but, no", 9),
    ],
)
def test_what_no_slip_explains_for_certain_is_refused(read: Read, line: str, cells: int) -> None:
    """With its row; nothing is guessed."""
    with pytest.raises(TableError, match=f"The header has 7 cells, but row 32 has {cells}"):
        read(line)


@pytest.mark.parametrize(
    "line",
    [
        "a777,2026-03-01,IT,,1,,3,",  # nothing beyond the header, but either empty cell may be one too many
        ",a777,2026-03-01,Board,1,2,3,",  # moved for certain, with a team that is nowhere else
    ],
)
def test_what_can_be_read_in_several_ways_is_refused(read: Read, line: str) -> None:
    """Even where the number of cells is right: an answer must not end in another column."""
    with pytest.raises(TableError, match="Row 32 can be read in more than one way"):
        read(line)


def test_many_unclear_rows_are_counted(read: Read) -> None:
    """The first five are named."""
    with pytest.raises(TableError, match="Rows 32 to 36, and 1 more rows, can be read"):
        read(*["a777,2026-03-01,IT,,1,,3,"] * 6)


@pytest.mark.parametrize("memo", ["", ","])
def test_a_column_that_is_always_empty_may_be_left_out(tmp_path: Path, memo: str) -> None:
    """If only there something can be missing."""
    path = tmp_path / "survey.csv"
    lines = [f"a{number:03},2026-03-01,IT,memo {'x' * number}," for number in range(20)]
    path.write_text("\n".join(["id,day,team,why,note", *lines, "a777,2026-03-01,IT,so so" + memo, ""]))

    table = read_table(path)

    assert cells_of(table)[-1] == ["a777", "2026-03-01", "IT", "so so", ""]
    assert len(table.notes) == 1 - len(memo)


@pytest.mark.parametrize("line", ["a777,2026-03-01,IT,1,2,3,fine,", "a777,2026-03-01,Board,1,2,3,fine,,,"])
def test_empty_cells_at_the_end_stay_without_meaning(read: Read, line: str) -> None:
    """Whether or not the others look as usual, as long as no other reading fits."""
    assert cells_of(read(line))[30] == line.rstrip(",").split(",")


def test_where_many_records_are_uneven_nothing_is_mended(read: Read) -> None:
    """It is no slip."""
    with pytest.raises(TableError, match="row 32 has 8, row 33 has 8"):
        read(*[",a777,2026-03-01,IT,1,2,3,fine"] * 10)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('a777,2026-03-01,IT,1,2,3,5" is enough', '5" is enough'),
        ('a777,2026-03-01,IT,1,2,3,"so ""so"', 'so "so'),
        ('a777,2026-03-01,IT,1,2,3,"one\ntwo"', "one\ntwo"),
    ],
)
def test_quotation_marks_in_free_text_are_no_slip(read: Read, line: str, why: str) -> None:
    """They stay as they are, and nothing is said."""
    table = read(line)

    assert cells_of(table)[30][-1] == why
    assert not table.notes


def test_behind_an_odd_mark_that_swallows_a_line_nothing_is_guessed(read: Read) -> None:
    """Which row is which is no longer certain; the records that are of the usual width stay as they are."""
    table = read('a777,2026-03-01,IT,1,2,3,"one', 'two"x', "a778,2026-03-01,IT,1,2,3,fine")

    assert [cells[0] for cells in cells_of(table)[30:32]] == ["a777", "a778"]


def test_few_records_prove_nothing(tmp_path: Path) -> None:
    """Nine are too few to say what a column looks like."""
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([HEADER, *LINES[:10], ",a777,2026-03-01,IT,1,2,3,fine"]))
    enough = read_table(path)
    path.write_text("\n".join([HEADER, *LINES[:9], ",a777,2026-03-01,IT,1,2,3,fine"]))

    assert len(enough.rows) == 11
    with pytest.raises(TableError):
        read_table(path)


def test_a_line_of_very_many_pieces_is_not_searched(read: Read) -> None:
    """It is no record with a slip."""
    with pytest.raises(TableError):
        read("a777,2026-03-01,IT,1,2,3,fine" + ",x" * 6000)


@given(
    number=st.integers(0, 999),
    slip=st.sampled_from(["more", "less", "quote"]),
    place=st.integers(0, 6),
    texts=st.tuples(
        st.sampled_from(["", "1", "5"]), st.sampled_from(["", "2"]), st.sampled_from(["", "no", "a, b", "4"])
    ),
)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_slip_is_mended_rightly_or_refused(
    read: Read, number: int, slip: str, place: int, texts: tuple[str, str, str]
) -> None:
    """One delimiter or quotation mark more or less, anywhere, never puts an answer into another column."""
    cells = [f"a{number:03}", "2026-03-09", "R&D", "3", *texts]
    written = [f'"{cell}"' if "," in cell else cell for cell in cells]
    if slip == "quote":
        written[place] = f'"{written[place]}'
        line = ",".join(written)
    else:
        cut = ",".join(written[:place]), ",".join(written[place:])
        line = ("," if not place else ",,").join(cut) if slip == "more" else "".join(cut)

    try:
        found = cells_of(read(line))
    except PsafetyError:
        return

    assert [cell.strip('"') for cell in found[30]] == cells
    assert found[:30] + found[31:] == RECORDS
