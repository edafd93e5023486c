"""How many people were asked."""

import pytest
from hypothesis import given, strategies as st
from psafety.surveys.errors import MappingError, TableError
from psafety.surveys.headcounts import Headcounts, headcounts_of, match_teams, read_headcounts
from psafety.surveys.responses import load_survey
from surveyfiles import AGREEMENT, write_csv


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


# Against the survey ----------------------------------------------------------------------------------------------


@pytest.fixture
def survey(tmp_path):
    """The responses of some teams, each named once; a team in a department is written “Department/Team”."""

    def load(*teams):
        rows = [(*team.rpartition("/")[::2], AGREEMENT[n % 5]) for n, team in enumerate(teams * 20)]
        above = any("/" in team for team in teams)
        header = ["Department" if above else "Note", "Team", "We listen"]
        return load_survey(write_csv(tmp_path / "survey.csv", header, *rows))

    return load


def counts_of(responses, *rows):
    named = (True,) * len(responses.levels)
    return match_teams(Headcounts(named, tuple((tuple(name.split("/")), people) for name, people in rows)), responses)


def test_capitals_make_no_difference_where_only_one_team_can_be_meant(survey):
    counts = counts_of(survey("Sales", "R&D"), ("SALES", 7), ("r&d", 8))

    assert counts.rows == ((("Sales",), 7), (("R&D",), 8))
    assert not counts.notes


@pytest.mark.parametrize(
    ("teams", "rows"),
    [
        (("Sales", "SALES"), [("sales", 7)]),  # two teams of the survey
        (("Sales",), [("SALES", 7), ("sales", 8)]),  # two rows of the file
    ],
)
def test_capitals_that_leave_a_doubt_are_left_alone(survey, teams, rows):
    counts = counts_of(survey(*teams), *rows)

    assert [(names[0], people) for names, people in counts.rows] == rows
    assert len(counts.notes) == 1


def test_a_team_that_is_written_as_in_the_survey_is_that_team(survey):
    counts = counts_of(survey("Sales", "SALES"), ("Sales", 7), ("SALES", 8))

    assert counts.rows == ((("Sales",), 7), (("SALES",), 8))


def test_teams_are_matched_with_the_units_above_them(survey):
    counts = counts_of(survey("North/A", "South/A"), ("north/a", 7), ("SOUTH/A", 8), ("West/A", 9))

    assert counts.rows == ((("North", "A"), 7), (("South", "A"), 8), (("West", "A"), 9))
    assert "1 team stands in this file and not in the survey: “A”. It counts as asked" in counts.notes[0]


def test_names_that_match_no_team_are_said(survey):
    """Some of them; a name may be anything that somebody wrote into the file."""
    odd = ["", "x" * 90, "B\x1b[0m", *(f"C{n}" for n in range(6))]
    [note] = counts_of(survey("Sales"), ("Sales", 7), *((name, 3) for name in odd)).notes

    assert note.startswith("Headcounts: 9 teams stand in this file and not in the survey: one without a name, “x")
    assert "“C1” and 4 more. They count as asked" in note
    assert "x" * 50 not in note


def test_what_the_file_has_that_is_odd_is_told_with_the_survey(survey, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("Headcounts of May\n\nTeam,Headcount\nsales,7\n\nR&D,8\nLegal,9\n", encoding="utf-8")
    counts, responses = headcounts_of(path, survey("Sales", "R&D"))

    assert counts.sums() == {(): 24, ("Sales",): 7, ("R&D",): 8, ("Legal",): 9}
    assert responses.source.doubts[-len(counts.notes) :] == counts.notes
    assert all(note.startswith("Headcounts: ") for note in counts.notes)
    assert "“Legal”" in counts.notes[-1]


def test_a_file_that_cannot_be_read_is_still_an_error(survey, tmp_path):
    with pytest.raises(TableError, match="must be a whole number"):
        headcounts_of(write_csv(tmp_path / "counts.csv", ["Team", "n"], ("Sales", "many")), survey("Sales"))


def test_the_public_names_are_there():
    import psafety

    assert all(getattr(psafety, name) is not None for name in psafety.__all__)
    assert {"Table", "read_table", "read_tables"} <= set(psafety.__all__)
    with pytest.raises(AttributeError):
        _ = psafety.read_nothing
