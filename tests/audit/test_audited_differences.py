"""Differences from other people, as the audit sees them: of people that the survey has, by one spread for all."""

import numpy as np
import pytest
from psafety.audit.against import Gaps, astray, gaps_of, read_apart, true_gaps
from psafety.audit.columns import Texts
from psafety.audit.figures import Measure, Printed, Questions, Unit
from psafety.audit.markup import Slot
from psafety.audit.truth import Table

QUESTIONS = Questions(
    (
        Measure("trust", "Trust", is_item=False, dimension=""),
        Measure("q1", "One", is_item=True, dimension="trust"),
        Measure("q2", "Two", is_item=True, dimension="trust"),
    )
)


def table(*, second: bool = True) -> Table:
    """An organisation of 40 at 50, and two teams of it: 10 at 80 and 20 at 50."""
    units = (Unit((), ""), Unit(("A",), "Team"), Unit(("B",), "Team"))
    n = np.repeat(np.array([[40], [10], [20]]), 3, axis=1)
    index = np.repeat(np.array([[50.0], [80.0], [50.0]]), 3, axis=1)
    shown = np.array([[True, True, True], [True, True, second], [True, True, True]])
    return Table(units, ((), (), ()), np.ones(3, bool), shown, n[:, 0], n, index, np.full(3, 25.0), {}, n[:0])


Gap = tuple[int, float, float, float]


def gap(difference: float = 40, low: float = 23, high: float = 57, row: int = 1) -> Gap:
    return row, difference, low, high


def gaps(*found: Gap) -> Gaps:
    """Differences of rows from the rest of the organisation."""
    row, difference, low, high = (np.array(column) for column in zip(*found, strict=True))
    texts = Texts()
    return Gaps(row, 0 * row, 0 * row, difference, low, high, texts, texts.numbers(["here"] * len(found)))


def problems(*found: Gap) -> list[str]:
    return [fault.problem for fault in astray("file", gaps(*found), table(), QUESTIONS)]


@pytest.mark.parametrize("second", [True, False])
def test_the_true_difference_is_over_what_both_rows_print(second: bool) -> None:
    """Ten at 80 and thirty others at 40, whether both statements are printed or one."""
    assert true_gaps(gaps(gap()), table(second=second), QUESTIONS).tolist() == [pytest.approx(40)]


def test_true_figures_pass() -> None:
    """Both rows by one spread: 17 points for 10 against 30, 15 for 20 against 20."""
    assert problems(gap(), gap(0, -15, 15, row=2)) == []
    assert problems(gap(low=np.nan, high=np.nan)) == []


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ([gap(difference=42)], "the difference is said to be 42, but the survey gives 40"),
        ([gap(row=0)], "a difference from other people that the printed rows do not hold"),
        ([gap(), gap(0, -5, 5, row=2)], "no single spread explains the intervals of them all"),
        ([gap(high=47)], "no single spread explains the intervals of them all"),
    ],
    ids=["a false difference", "nobody else", "a spread of its own", "a lopsided interval"],
)
def test_what_is_not_so_is_named(found: list[Gap], problem: str) -> None:
    """A number that the survey does not give, a row without others, a unit's own spread."""
    assert problems(*found) == [problem]


def slot(text: str, small: str = "") -> Slot:
    return Slot(head=False, classes=(), text=text, small=small)


def read(*row: Slot) -> Printed:
    """A page that prints a team of a department, and one row of differences."""
    printed = Printed("page")
    printed.units += [Unit(("North",), "Department"), Unit(("North", "A 1"), "Team")]
    read_apart([row], printed, QUESTIONS)
    return printed


def test_a_row_of_differences_is_read() -> None:
    """The unit, the one above it, the dimension, and the three numbers; only of rows that the survey knows."""
    printed = read(slot("A 1", "Team"), slot("North"), slot("Trust"), slot("+40", "+23 to +57"))

    assert printed.faults == []
    found = gaps_of(printed, [0, 3, 5])
    columns = (found.row, found.above, found.dimension, found.difference, found.low, found.high)
    assert [column.tolist() for column in columns] == [[5], [3], [0], [40.0], [23.0], [57.0]]
    assert len(gaps_of(printed, [0, 3, -1]).place) == 0


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("B", "North", "Trust", "+40", "+23 to +57"), "no rows stand for"),
        (("A 1", "South", "Trust", "+40", "+23 to +57"), "no rows stand for"),
        (("A 1", "North", "Luck", "+40", "+23 to +57"), "no rows stand for"),
        (("A 1", "North", "Trust", "+40", ""), "without its interval"),
        (("A 1", "North", "Trust", "+40", "+23 to +57 of 9"), "without its interval"),
    ],
)
def test_a_row_that_cannot_be_placed_is_named(row: tuple[str, ...], problem: str) -> None:
    """A unit, a whole or a dimension that is not there; more or fewer numbers than three."""
    unit, whole, dimension, difference, ends = row

    printed = read(slot(unit, "Team"), slot(whole), slot(dimension), slot(difference, ends))

    assert [problem in fault.problem for fault in printed.faults] == [True]
