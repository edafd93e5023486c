"""What a comparison of waves says, in whatever format it says it, and how its figures are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from ... import languages
from ..figures import ORGANISATION, Printed, Questions, Unit, plain

Json = Any

VERDICTS: Final[Mapping[str, int]] = {
    "better": 1,
    "higher": 1,
    "worse": -1,
    "lower": -1,
    "no visible change": 0,
    "cannot tell": 0,
    "getting better": 1,
    "rising": 1,
    "getting worse": -1,
    "falling": -1,
    "no visible trend": 0,
    "above it": 1,
    "below it": -1,
    "no visible difference": 0,
}
_MARKS: Final = ("withheld", "cannot tell", "not known", "not defined")
_PLACES: Final[Mapping[str, Sequence[int]]] = {
    **dict.fromkeys(("count", "index"), (0,)),
    "signed": (0, 1),
    "tenths": (1,),
    "effect": (2,),
    "chance": (3,),
}
_SIGNED: Final = frozenset({"signed", "effect"})
_LARGEST: Final = 10**9


class Move(NamedTuple):
    """A change of one unit in one measure. measure: place in `Questions.measures`; verdict: in English.

    Figures as printed; None where none is printed, or where the file does not have this column.
    """

    unit: Unit
    measure: int
    n_before: float | None
    n_after: float | None
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    smallest: float | None
    effect: float | None
    verdict: str
    place: str


class Gap(NamedTuple):
    """A change without the figures it is between. sign: of its verdict, None for “cannot tell”."""

    unit: Unit
    measure: int
    difference: float | None
    low: float | None
    high: float | None
    sign: int | None
    place: str


class Line(NamedTuple):
    """One unit in one dimension over all waves. levels: (index, low, high) per wave, () where only the slope stands.

    verdict: in English, "" where none stands there.
    """

    unit: Unit
    measure: int
    levels: tuple[tuple[float | None, float | None, float | None], ...]
    slope: float | None
    low: float | None
    high: float | None
    verdict: str
    place: str


class Beside(NamedTuple):
    """The organisation in the last wave against a figure from elsewhere."""

    label: str
    source: str
    n: float | None
    mean: float | None
    index: float | None  # type: ignore[assignment]  # no use here for tuple.index
    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    place: str


class Pair(NamedTuple):
    """The people in both waves, in one dimension."""

    measure: int
    n: float | None
    difference: float | None
    low: float | None
    high: float | None
    smallest: float | None
    verdict: str
    place: str


class Wave(NamedTuple):
    """A wave, as the comparison describes it."""

    name: str
    title: str
    n: float | None
    printed: float | None
    min_group: float | None
    place: str


@dataclass(slots=True)
class Compared:
    """All that one file of a comparison says. `printed` holds its texts and faults.

    units: in reading order, the organisation first. people: units, and how many answered, before and after.
    gaps: changes as differences alone, those of `moves` among them. ranks: measures and p of their rank tests.
    left_out: what is not compared, and why.
    """

    printed: Printed
    before: str = ""
    after: str = ""
    units: list[Unit] = field(default_factory=lambda: [ORGANISATION])
    waves: list[Wave] = field(default_factory=list)
    people: list[tuple[Unit, float | None, float | None]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ranks: list[tuple[int, float, str]] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    _known: set[Unit] = field(default_factory=lambda: {ORGANISATION})

    def fault(self, place: str, problem: str) -> None:
        """Note something that must not be there."""
        self.printed.fault(place, problem)

    def unit(self, unit: Unit) -> Unit:
        """A unit, added where it is new."""
        if unit not in self._known:
            self._known.add(unit)
            self.units.append(unit)
        return unit

    def move(self, move: Move) -> None:
        """Note a change, and its difference."""
        self.moves.append(move)
        sign = VERDICTS[move.verdict] if move.verdict != "cannot tell" else None
        self.gaps.append(Gap(move.unit, move.measure, move.difference, move.low, move.high, sign, move.place))

    def figure(self, value: str | float, form: str, place: str) -> float | None:
        """A figure as it is written or counted; None for a mark in its place. Anything else is a fault."""
        found = _number(value, form) if isinstance(value, str) else _counted(value, form)
        if found is None and not (isinstance(value, str) and plain(value) in _marks(languages.language())):
            self.fault(place, f"“{str(value)[:40]}” is no figure as comparisons round and write it")
        return found

    def verdict(self, text: str | float, place: str) -> str:
        """A verdict in English; one that comparisons do not have is a fault."""
        known = _verdicts(languages.language()).get(plain(str(text)))
        if known is None:
            self.fault(place, f"an unknown verdict: “{str(text)[:40]}”")
        return known or "cannot tell"

    def measure(self, questions: Questions, label: str, rest: Iterable[int], place: str) -> int | None:
        """The next of some measures that is called so; None, and a fault, where there is none."""
        found = next((one for one in rest if plain(questions.measures[one].label) == plain(label)), None)
        if found is None:
            self.fault(place, "a row that is out of the order of the questionnaire")
        return found


def written(value: float, form: str) -> str:
    """A figure as a comparison writes it, in the language that is spoken.

    >>> written(8, "signed"), written(-0.4, "signed"), written(1234, "count"), written(0.001, "chance")
    ('+8', '−0.4', '1,234', '0.001')
    """
    if form == "count":
        return languages.grouped(int(value))
    places = _PLACES[form][-1] if form != "signed" or value != round(value) else 0
    sign = ("+" if value > 0 else "−" if value < 0 else "") if form in _SIGNED else ""
    return sign + languages.decimal(abs(value), places)


def squeezed(text: str) -> str:
    """A text without white space, at which lines may have been broken."""
    return "".join(text.split())


def _number(text: str, form: str) -> float | None:
    text = plain(text)
    digits = re.sub(r"\D", "", text)
    if not digits or len(digits) > 9:
        return None
    bare = text.removeprefix("<") if form == "chance" else text
    for places in _PLACES[form]:
        number = int(digits) / 10**places * (-1 if text.startswith("−") else 1)
        is_tenth = form != "signed" or not places or number != round(number)
        if is_tenth and squeezed(written(number, form)) == squeezed(bare):
            return number if bare == text or number == 0.001 else None
    return None


def _counted(value: float, form: str) -> float | None:
    rounded = round(value, _PLACES[form][-1])
    return value if value == rounded and abs(value) < _LARGEST and (value >= 0 or form in _SIGNED) else None


@cache
def _marks(lang: str) -> frozenset[str]:
    with languages.speaking(lang):
        return frozenset(map(languages.gettext, _MARKS))


@cache
def _verdicts(lang: str) -> Mapping[str, str]:
    with languages.speaking(lang):
        return {languages.gettext(one): one for one in VERDICTS}
