"""What a reader can work out from the printed rows: by sums and differences, and by what whole numbers tell beyond."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .atoms import Leak, leaks
from .certificate import Unfinished, isolated
from .columns import Bools, Counts
from .groups import Settled, settle
from .verdict import Attack, rows_in_words
from .worlds import SECONDS, Clock

if TYPE_CHECKING:
    from .case import Case


@dataclass(frozen=True, slots=True)
class Sums:
    """What sums of rows isolate for one question, "" for the people.

    is_nested: whether units lie in each other, so that the leaks are all there are; is_finished: the search for others.
    """

    label: str
    leaks: tuple[Leak, ...]
    is_nested: bool
    is_finished: bool


def attacks_of(case: "Case") -> Iterator[Attack]:
    """Every leak in words; one attack for all questions that it works on."""
    found: dict[Leak, list[str]] = defaultdict(list)
    for one in case.sums:
        for leak in one.leaks:
            found[leak].append(one.label)
    names = rows_in_words(case.units)
    yield from _forced(case, names)
    for leak, about in found.items():
        yield Attack(
            plus=tuple(names[row] for row in leak.plus),
            minus=tuple(names[row] for row in leak.minus),
            people=leak.people,
            unanimous=leak.unanimous,
            about=() if "" in about else tuple(about),
        )


def _programmes(case: "Case") -> Iterator[tuple[str, Bools, Counts]]:
    """What is looked at one by one: the people, then every question, with the rows printed for it."""
    yield "", case.family.needed(case.known_rows), case.people.people[:, None]
    for column, measure in enumerate(case.questions.items):
        label = case.questions.measures[measure].label
        yield label, case.family.needed(case.known[:, measure]), case.people.answers[:, column]


def sums_of(case: "Case") -> Iterator[Sums]:
    """What sums and differences of printed rows isolate.

    Units are nested, so that their atoms say it all. Rows that overlap are searched as well, where that alone finds
    nothing.
    """
    for label, shown, counts in _programmes(case):
        of_units = shown & ~case.is_cut
        is_nested = case.family.is_laminar(of_units)
        found = list(leaks(case.family, of_units, counts, case.smallest)) if is_nested else []
        is_finished = True
        if not is_nested or (not found and (shown & case.is_cut).any()):
            try:
                found = list(isolated(case.family, shown, counts, case.smallest))
            except Unfinished:
                is_finished = False
        yield Sums(label, tuple(found), is_nested, is_finished)


def _forced(case: "Case", names: Sequence[str]) -> Iterator[Attack]:
    """People whose answers are the only ones that fit the printed numbers, though no sum of rows isolates them."""
    found: dict[tuple[tuple[int, ...], int], list[str]] = defaultdict(list)
    for one in case.settled:
        for rows, people in one.known:
            found[rows, people].append(one.label)
    for (rows, people), about in found.items():
        given = tuple(names[row] for row in rows)
        yield Attack(given, (), people, unanimous=False, about=tuple(about), forced=True)


def settled_of(case: "Case") -> Iterator[Settled]:
    """Every question of which groups across the organisation are printed, within the time that there is for all."""
    clock = Clock(SECONDS)
    for column, place in enumerate(case.questions.items):
        shown = case.known[:, place]
        if (shown & case.is_cut).any():
            measure = case.questions.measures[place]
            yield settle(measure, case.people.answers[:, column], shown, case.is_cut, case.family, clock)
