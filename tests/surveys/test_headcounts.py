"""How many people were asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psafety.surveys.errors import MappingError, TableError
from psafety.surveys.headcounts import Headcounts, read_headcounts
from surveyfiles import write_csv


def read(tmp_path, header, *rows, levels=("Team",)):
    return read_headcounts(write_csv(tmp_path / "counts.csv", header, *rows), levels)


def test_each_team_has_its_headcount(tmp_path):
    counts = read(tmp_path, ["Team", "Headcount"], ("Team\u00a0 A", "12"), ("B", "7.0"), ("C", 0))

    assert counts == Headcounts((True,), ((("Team A",), 12), (("B",), 7), (("C",), 0)))
    assert counts.sums() == {(): 19, ("Team A",): 12, ("B",): 7, ("C",): 0}


def test_units_above_the_team_are_summed_up(tmp_path):
    counts = read(
        tmp_path,
        ["n", "Team", "Department"],
        (5, "A", "Sales"),
        (6, "B", "Sales"),
        (7, "A", "Lab"),
        levels=("Department", "Team"),
    )

    assert counts.sums() == {
        (): 18, ("Sales",): 11, ("Lab",): 7, ("Sales", "A"): 5, ("Sales", "B"): 6, ("Lab", "A"): 7
    }  # fmt: skip


def test_a_level_the_file_does_not_name_is_said_to_be_missing(tmp_path):
    assert read(tmp_path, ["Team", "people"], ("A", 5), levels=("Department", "Team")).named == (False, True)


@pytest.mark.parametrize("team", ["Team", "Which team are you in?", "Teamname", "SQUAD", "Welches Team?"])
@pytest.mark.parametrize("count", ["Headcount", "HEAD COUNT", "Anzahl", "Teamgröße", "People", "n", "Mitarbeiter"])
def test_the_columns_may_be_called_as_people_call_them(tmp_path, team, count):
    assert (
        read(tmp_path, [count, team, "Comment"], (5, "A", "x"), levels=("Which team are you in?",)).sums()[("A",)] == 5
    )


@pytest.mark.parametrize("cell", ["", "many", "4.5", "-3", "1,200", "1.200", "12 people", "1e3", "∞"])
def test_a_headcount_that_is_no_whole_number_is_an_error_that_names_the_cell(tmp_path, cell):
    with pytest.raises(TableError, match="must be a whole number") as caught:
        read(tmp_path, ["Team", "Headcount"], ("A", "5"), ("B", cell))

    assert caught.value.where == "counts.csv, row 3, column 2"


@pytest.mark.parametrize(
    ("header", "levels", "problem"),
    [
        (["Team", "Other"], ("Team",), "The headcounts have no column with the number of people."),
        (
            ["Team", "People", "Headcount"],
            ("Team",),
            "The headcounts have more than one column with the number of people.",
        ),
        (["Place", "People"], ("Team",), "The headcounts have no column that names the team."),
        (["Team", "Squad", "People"], ("Crew",), "2 columns of the headcounts could name the units called “Crew”."),
        (["Team", "Team", "People"], ("Team",), "2 columns of the headcounts could name the units called “Team”."),
        (["Team", "People"], (), "The survey names no teams, so headcounts per team cannot be used."),
    ],
)
def test_a_file_whose_columns_are_not_clear_is_an_error(tmp_path, header, levels, problem):
    with pytest.raises(MappingError) as caught:
        read(tmp_path, header, [5] * len(header), levels=levels)

    assert (caught.value.problem, caught.value.where) == (problem, "counts.csv")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["Total", "TOTAL:", "Gesamt", "Summe", "Grand total"])
def test_a_total_among_the_teams_is_not_taken_for_one(tmp_path, name):
    """One at the end of the file is already left out by the reader of tables."""
    with pytest.raises(TableError, match="looks like a total") as caught:
        read(tmp_path, ["Team", "Headcount"], ("A", 5), (name, 11), ("B", 6))

    assert caught.value.where == "counts.csv, row 3"


def test_a_team_that_stands_there_twice_is_an_error(tmp_path):
    with pytest.raises(TableError, match="more than one row") as caught:
        read(tmp_path, ["Team", "Headcount"], ("A", 5), ("B", 6), ("A ", 7))

    assert caught.value.where == "counts.csv, rows 2 and 4"


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("123")), st.integers(0, 99), min_size=1
    )
)
def test_every_unit_is_the_sum_of_what_lies_in_it(rows):
    sums = Headcounts((True, True, True), tuple(rows.items())).sums()

    for unit, people in sums.items():
        inside = [path for path in sums if len(path) == len(unit) + 1 and path[:-1] == unit]
        assert not inside or people == sum(sums[path] for path in inside)
    assert sums[()] == sum(rows.values())
