"""What a page says of the change since the last wave: differences of printed figures, against a kept snapshot."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from .. import languages
from ..surveys.phrases import enumerated
from .figures import Fault, Printed, Questions, Unit, plain
from .language import pattern
from .markup import Slot

_SIGNED: Final = re.compile(r"[+−]?\d{1,3}")
_END: Final = re.compile(r"[+−]?\d{1,3}(?:[.,]\d)?")  # of an interval: to one decimal where it lies near 0
_VERDICTS: Final = ("better", "worse", "higher", "lower", "no visible change", "cannot tell")
_UP: Final = frozenset({"better", "higher"})
_DOWN: Final = frozenset({"worse", "lower"})
_SAID: Final = {
    "better": "Better than last time, by more than chance explains: {names}.",
    "worse": "Worse than last time, by more than chance explains: {names}.",
    "higher": "Higher than last time, by more than chance explains: {names}.",
    "lower": "Lower than last time, by more than chance explains: {names}.",
}
_UNCHANGED: Final = "Since the last survey, no change can be seen that is more than chance."
_CHANGE_COLUMNS = "before", "after", "change", "verdict", "smallest"
_UNEVEN = 2  # points by which an interval may lie unevenly about its difference, as all three are rounded


class Step(NamedTuple):
    """One line on a change. unit: place in `Printed.units`; measure: place in `Questions.measures`.

    Figures as printed, None where there is none; verdict: in English.
    """

    unit: int
    measure: int
    before: int | None
    after: int | None
    difference: int | None
    ends: tuple[float, ...]
    smallest: int | None
    verdict: str
    place: str


def whole(text: str) -> int | None:
    """A whole number with or without its sign, as reports write it; None for anything else.

    >>> whole("+8"), whole("−3"), whole("0"), whole("-3"), whole("withheld")
    (8, -3, 0, None, None)
    """
    text = text.strip()
    return int(text.replace("−", "-")) if _SIGNED.fullmatch(text) else None


def ends_in(text: str) -> tuple[float, ...]:
    """The two ends of an interval in small print: signed numbers between words.

    >>> ends_in("−2 to +9"), ends_in("−0,4 bis +9"), ends_in("")
    ((-2.0, 9.0), (-0.4, 9.0), ())
    """
    return tuple(float(found.replace("−", "-").replace(",", ".")) for found in _END.findall(text))


@cache
def verdicts(lang: str) -> Mapping[str, str]:
    """The verdicts on a change, in a language, as they are called in English."""
    with languages.speaking(lang):
        return {languages.gettext(one): one for one in _VERDICTS}


def read_change(printed: Printed, measure: int, unit: int, slots: Sequence[Slot], where: str) -> None:
    """A line on a page: the index then and now, the change with its interval, a verdict, what would have been seen.

    measure, unit: as in `Step`.
    """
    before, after, change, verdict, smallest = slots
    if any(slot.drawn or slot.bar or slot.spoken.strip() for slot in slots):
        printed.fault(where, "a picture, or something that is only spoken, beside a change")
    if any(slot.small.strip() for slot in (before, after, verdict, smallest)):
        printed.fault(where, "small print beside a change")
    printed.read(unit, measure, "index", after.text, where)
    if any(any(map(str.isnumeric, slot.text)) and whole(slot.text) is None for slot in slots):
        printed.fault(where, "a figure that is not written as reports write it")
    figures = [whole(slot.text) for slot in (before, after, change, smallest)]
    told_change(printed, measure, unit, figures, ends_in(change.small), verdict.text, where)


def told_change(
    printed: Printed,
    measure: int,
    unit: int,
    figures: Sequence[int | None],
    ends: tuple[float, ...],
    verdict: str,
    where: str,
) -> None:
    """Note a change. figures: the index then and now, the change, what would have been seen; verdict: as printed."""
    before, after, difference, smallest = figures
    known = verdicts(languages.language())
    if plain(verdict) not in known:
        printed.fault(where, f"“{verdict[:40]}” where a verdict on a change belongs")
    said = known.get(plain(verdict), "")
    printed.steps.append(Step(unit, measure, before, after, difference, ends, smallest, said, where))


def read_changes(rows: Sequence[Sequence[Slot]], heads: Sequence[Slot], printed: Printed, questions: Questions) -> None:
    """The table of the organisation: a line for each of some dimensions, in the order of the questionnaire."""
    _note_wave(printed, heads, 1)
    dimensions = iter(questions.dimensions)
    for row in rows:
        where = f"changes, “{plain(row[0].text)[:40]}”"
        labels = ((at, plain(questions.measures[at].label)) for at in dimensions)
        measure = next((at for at, label in labels if label == plain(row[0].text)), None)
        if measure is None or len(row) != len(_CHANGE_COLUMNS) + 1 or row[0].small.strip():
            printed.fault(where, "a change in something that was not asked, or out of the order of the questionnaire")
            return
        read_change(printed, measure, 0, row[1:], where)


def read_moved(rows: Sequence[Sequence[Slot]], heads: Sequence[Slot], printed: Printed, questions: Questions) -> None:
    """The table of the units that have changed, in the order of the report: unit, unit above, dimension, change."""
    _note_wave(printed, heads, 3)
    labels = [plain(questions.measures[at].label) for at in questions.dimensions]
    last = (-1, -1)
    for row in rows:
        where = f"changes of units, “{plain(row[0].text)[:40]}”"
        if len(row) != len(_CHANGE_COLUMNS) + 3 or row[1].small.strip() or row[2].small.strip():
            printed.fault(where, "a change with other columns than reports have")
            continue
        name, level, whole_, dimension = (plain(text) for text in (row[0].text, row[0].small, row[1].text, row[2].text))
        found = (
            (place, labels.index(dimension))
            for place, unit in enumerate(printed.units)
            if dimension in labels
            and (unit.path[-1:], unit.level, unit.rest, unit.cut) == ((name,), level, False, ())
            and plain(" › ".join(unit.path[:-1])) == whole_
        )
        at = next((one for one in found if one > last), None)
        if at is None:
            printed.fault(where, "a change of a unit that no row stands for, or out of the order of the report")
            continue
        last = at
        read_change(printed, questions.dimensions[at[1]], at[0], row[3:], where)
        if printed.steps[-1].verdict not in _UP | _DOWN:
            printed.fault(where, "it stands among the units that have changed, and its verdict says that it has not")


def _note_wave(printed: Printed, heads: Sequence[Slot], place: int) -> None:
    """Which wave the figures before a change are said to be of: the heading of their column says it."""
    if len(heads) > place:
        note_last_wave(printed, plain(heads[place].text))


def note_last_wave(printed: Printed, name: str) -> None:
    """Note the name of the last wave, of which a file has one."""
    if printed.claims.setdefault("last wave", name) != name:
        printed.fault("the last wave", f"it is “{printed.claims['last wave'][:40]}” and “{name[:40]}” in one file")


def misleading(printed: Printed, last: Printed | None) -> Iterator[Fault]:
    """What is wrong with what one file says of changes. last: the snapshot of the last wave, None for none."""
    known = _figures(last) if last is not None else {}
    for one in printed.steps:
        problems = list(_problems(one))
        then = known.get((printed.units[one.unit], one.measure))
        if last is not None and one.before != then:
            said, kept = ("withheld" if value is None else str(value) for value in (one.before, then))
            problems.append(f"the last wave is said to have {said}, but its snapshot says {kept}")
        for problem in problems:
            yield Fault(printed.file, one.place, problem)
    named = printed.claims.get("last wave")
    if named == languages.gettext("Last wave"):
        named = ""
    if named and last is not None and last.claims.get("wave", "") not in {"", named}:
        yield Fault(printed.file, "the last wave", f"it is said to be “{named[:40]}”, which the snapshot is not of")


def gainsaid(printed: Printed, questions: Questions) -> Iterator[Fault]:
    """Sentences on what has changed in the unit that a file is about, where the lines on it say otherwise.

    A sheet holds no lines: whether it fits its page is looked at elsewhere.
    """
    if "pattern" in printed.claims:
        return
    own = len(printed.units) - 1 if printed.page is not None else 0
    found: dict[str, dict[str, None]] = {}
    for one in printed.steps:
        if one.unit == own:
            found.setdefault(one.verdict, {})[questions.measures[one.measure].label] = None
    for verdict, message in _SAID.items():
        said = languages.gettext(message).format(names=enumerated([*found.get(verdict, ())]))
        form = re.compile(pattern(message, names=".+"))
        if any(form.fullmatch(text) and text != plain(said) for text in printed.said):
            yield Fault(printed.file, "the sentences on what has changed", f"what is “{verdict}” is not what lines say")
    if found.keys() & _SAID.keys() and plain(languages.gettext(_UNCHANGED)) in printed.said:
        yield Fault(
            printed.file, "the sentences on what has changed", "nothing is said to have, where lines say it has"
        )


def _figures(last: Printed) -> Mapping[tuple[Unit, int], int]:
    return {
        (last.units[cell.unit], cell.measure): int(cell.value)
        for cell in last.cells.some(np.flatnonzero(last.cells.is_of("index")))
        if not last.units[cell.unit].rest
    }


def _problems(one: Step) -> Iterator[str]:
    """Whether a line agrees with itself."""
    if one.before is None or one.after is None or one.difference is None:
        if one.difference is not None or one.ends or one.verdict != "cannot tell":
            yield "a change from or to a figure that is not printed"
        return
    if one.difference != one.after - one.before:
        yield f"the change is not {one.after} − {one.before}"
    elif len(one.ends) not in {0, 2}:
        yield "an interval that has not two ends"
    elif one.ends and not one.ends[0] <= one.difference <= one.ends[1]:
        yield "the interval does not hold the change"
    elif one.ends and abs(one.ends[0] + one.ends[1] - 2 * one.difference) > _UNEVEN:
        yield "the interval does not lie about the change"
    elif one.verdict in _UP | _DOWN and not _is_told(one):
        yield f"“{one.verdict}” is not what the interval says"


def _is_told(one: Step) -> bool:
    """Whether a change that is named lies on the side that its name says, with all of its interval."""
    if len(one.ends) != 2 or not one.difference:
        return False
    low, high = one.ends
    return low >= 0 if one.verdict in _UP else high <= 0


def unchecked(printed: Sequence[Printed], *, is_given: bool) -> Iterator[str]:
    """That nobody has checked the figures of the last wave, where files print some and no snapshot of it is given."""
    if not is_given and any(one.steps for one in printed):
        yield "Pages say what has changed since the last wave, whose snapshot was not given: name it with --last."
