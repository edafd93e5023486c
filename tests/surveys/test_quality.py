"""What is doubtful in the answers, counted by hand."""

import pandas as pd
import pytest
from psafety.surveys.quality import Quality, check_quality
from psafety.surveys.responses import WAVE
from surveyfiles import instrument_of, scale_of

NINE = {f"i{n}": f"Statement {n}." for n in range(9)}
MIXED = instrument_of(NINE, reverse=["i3"])

# Nine items; the last columns are the team and what is true of the row.
TABLE = [
    ((5, 5, 5, 5, 5, 5, 5, 5, 5), "A", "straight"),
    ((1, 1, 1, 1, 1, 1, 1, 1, 1), "A", "straight"),
    ((3, 3, 3, 3, 3, 3, 3, 3, 3), "A", "the middle contradicts nothing"),
    ((5, 5, 5, 1, 5, 5, 5, 5, 5), "B", "the reverse-keyed item is answered the other way"),
    ((5, 5, 5, 5, 5, 5, 5, 5, 0), "B", "straight: a blank says nothing against it"),
    ((0, 0, 4, 0, -1, 0, 0, 0, 0), "", "seven blanks, one not applicable"),
    ((-1, -1, -1, -1, -1, -1, -1, -1, 2), "", "eight not applicable"),
]


def checked(rows, instrument, teams=None, left_out=0):
    points = pd.DataFrame(rows, columns=[item.id for item in instrument.items], dtype="int8")
    groups = pd.DataFrame({WAVE: pd.Categorical([""] * len(rows))} | ({"Team": pd.Categorical(teams)} if teams else {}))
    return check_quality(points, groups, instrument, left_out=left_out)


def test_everything_is_counted_as_by_hand():
    rows, teams = [row for row, _, _ in TABLE], [team for _, team, _ in TABLE]

    assert checked(rows, MIXED, teams, left_out=4) == Quality(
        left_out=4,
        cells=63,
        blanks=8,
        not_applicable=9,
        unplaced=2,
        flagged={"straight-lines": 3},
        often_blank=("i8",),
    )


@pytest.mark.parametrize(("blanks", "named"), [(1, ()), (2, ("i4",)), (10, ("i4",))])
def test_an_item_that_a_fifth_left_blank_is_named(blanks, named):
    """Of ten people; answers outside the scale are no blanks, and items that all answered are never named."""
    rows = [[4, -1, 4, 4, 0 if person < blanks else 4, 4, 4, 4, 4] for person in range(10)]

    assert checked(rows, MIXED).often_blank == named


def straight(rows, instrument):
    return checked(rows, instrument).flagged.get("straight-lines")


def test_without_a_team_column_nobody_is_without_a_team():
    assert checked([(4,) * 9], MIXED).unplaced == 0


@pytest.mark.parametrize(
    ("instrument", "lines"),
    [
        (MIXED, 1),
        (instrument_of(NINE), None),  # no item runs the other way: agreeing throughout is an opinion
        (instrument_of(NINE, reverse=NINE), None),  # all run the same way
        (instrument_of({id_: NINE[id_] for id_ in list(NINE)[:8]}, reverse=["i3"]), 1),
        (instrument_of({id_: NINE[id_] for id_ in list(NINE)[:7]}, reverse=["i3"]), None),  # too few to tell
        (instrument_of(NINE, scale_of(6), reverse=["i3"]), 1),
    ],
)
def test_a_straight_line_needs_eight_items_of_which_some_run_the_other_way(instrument, lines):
    assert straight([(5,) * len(instrument.items)], instrument) == lines


def test_an_even_scale_has_no_middle():
    six = instrument_of(NINE, scale_of(6), reverse=["i3"])

    assert straight([(3,) * 9, (4,) * 9], six) == 2


def test_where_two_scales_are_as_common_the_first_in_the_survey_is_looked_at():
    """Not the one that a set happens to yield first: two runs must say the same."""
    from dataclasses import replace

    long = instrument_of({f"l{n}": "" for n in range(8)}, scale_of(7), reverse=["l1"])
    short = instrument_of({f"s{n}": "" for n in range(8)}, scale_of(5), reverse=["s1"])
    both = replace(short, items=(*short.items, *long.items))

    assert straight([(5, 5, 5, 5, 5, 5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 1)], both) == 1


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        ((5, 5, 5, 5, -1, 5, 5, 5, 5), 1),  # eight answers, one outside the scale
        ((5, 5, 5, 5, 0, -1, 5, 5, 5), 0),  # seven
        ((5, 5, 5, 0, 5, 5, 5, 5, 5), 0),  # the one that runs the other way is blank: nothing is contradicted
        ((5, 5, 5, 5, 5, 5, 5, 5, 4), 0),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0), 0),
    ],
)
def test_a_blank_neither_breaks_a_line_nor_lengthens_it(answers, lines):
    assert straight([answers], MIXED) == lines
