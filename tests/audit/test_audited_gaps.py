"""Gaps between groups, as the audit reads them: of printed groups, as far apart as those are, by one spread."""

import pytest
from psafety.audit.figures import Measure, Printed, Questions, Unit
from psafety.audit.groups import read_gaps
from psafety.audit.markup import Slot

QUESTIONS = Questions((Measure("trust", "Trust", is_item=False, dimension=""),))
SENTENCE = "“F 1” stands 8 points lower than “M” (between 2 and 14): a small difference"


def slot(text: str, small: str = "") -> Slot:
    return Slot(head=False, classes=(), text=text, small=small)


def row(**other: Slot) -> list[Slot]:
    cells = {
        "one": slot("F 1", "Gender"),
        "other": slot("M"),
        "where": slot("Ours"),
        "measure": slot("Trust"),
        "difference": slot("−8", "−14 to −2"),
        "effect": slot("−0.40"),
        "said": slot(SENTENCE),
    }
    return list((cells | other).values())


def problems(*rows: list[Slot]) -> list[str]:
    printed = Printed("page")
    for value, index in (("F 1", 62), ("M", 70), ("X", 66)):
        printed.units.append(Unit((), "", cut=("Gender", value)))
        printed.count(len(printed.units) - 1, 0, "index", index, "cuts")
    read_gaps(rows, printed, QUESTIONS, "Ours")
    return [fault.problem for fault in printed.faults]


def test_a_true_gap_passes() -> None:
    """Its number, its interval, its size, and words with the same numbers; numbers in names are names."""
    assert problems(row()) == []
    assert problems(row(), row(other=slot("X"), difference=slot("−4", "−10 to +2"), effect=slot("−0.20"))) == [
        "words about a gap with other numbers than its own"
    ]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"difference": slot("−9", "−15 to −3")}, "the gap is said to be -9, but the printed groups are -8 apart"),
        ({"difference": slot("−8", "−20 to −2")}, "an interval that does not lie about its gap"),
        ({"difference": slot("−8")}, "a gap without its interval and its size"),
        ({"effect": slot("+0.40")}, "a size that points the other way than its gap"),
        ({"said": slot("3 people differ")}, "words about a gap with other numbers than its own"),
        ({"other": slot("Nobody")}, "a gap between groups that are not both printed"),
        ({"measure": slot("Luck")}, "a gap in something that was not asked, or with other columns than reports have"),
        ({"where": slot("Ours", "3.41")}, "small print that reports do not have"),
    ],
)
def test_what_is_not_so_is_named(cells: dict[str, Slot], problem: str) -> None:
    """One changed cell, one fault that says it."""
    assert problem in problems(row(**cells))


def test_the_spread_of_one_pair_alone_is_refused() -> None:
    """A size by another spread than the others’ would tell how the answers of that group differ."""
    own = row(other=slot("X"), difference=slot("−4", "−10 to +2"), effect=slot("−0.60"), said=slot("a gap"))

    assert "sizes of gaps that no single spread explains" in problems(row(), own)
