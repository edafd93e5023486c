"""Printed figures: what a report says of a unit and a measure, how it is written, and what is wrong with it."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Final, NamedTuple

from .. import languages
from .columns import Cell, Cells, Claims, Differences, Stated

_LARGEST = 10**9  # figure: nobody asked more people
PEOPLE = -1  # the measure of a row that speaks of its people, not of their answers
SHARES = "favourable", "favourable_low", "favourable_high", "neutral", "unfavourable", "response_rate"
DECIMALS: Mapping[str, int] = {
    **dict.fromkeys(("n", "index", "low", "high", "degrees"), 0),
    **dict.fromkeys(("sd_index", "sd_within"), 1),
    **dict.fromkeys(("mean", "sd", *SHARES), 2),
}
WORDS: Mapping[str, str] = {
    "n": "the number of answers",
    "index": "the index",
    "low": "the lower end of the interval",
    "high": "the upper end of the interval",
    "mean": "the mean",
    "sd": "the standard deviation",
    "sd_index": "the standard deviation on 0 to 100",
    "sd_within": "the standard deviation inside groups",
    "degrees": "the degrees of freedom",
    "favourable": "the favourable share",
    "favourable_low": "the lower end of the favourable share",
    "favourable_high": "the upper end of the favourable share",
    "neutral": "the neutral share",
    "unfavourable": "the unfavourable share",
    "response_rate": "the response rate",
}
# How other figures are written; shares as whole percent.
_WRITTEN: Final = {
    "n": "count",
    "index": "index",
    "low": "index",
    "high": "index",
    "mean": "coefficient",
    "sd": "coefficient",
}
# How what is said of averages is written: numbers of people, coefficients, whole percent, whole points of the index.
EVIDENCE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("reliability people", "teams", "team people", "driver people", "headcount"), "count"),
    **dict.fromkeys(("alpha", "alpha low", "alpha high", "standardised", "omega", "halves"), "coefficient"),
    **dict.fromkeys(("item-rest", "alpha-without", "icc1", "icc2", "deviation", "agreement"), "coefficient"),
    **dict.fromkeys(("explained", "weight", "weight low", "weight high", "worth"), "percent"),
    **dict.fromkeys(("shrunken", "if low", "if high"), "index"),
}
VIEWS: Final = "shared view", "mixed view", "split team", "too few to say"
WITHHELD: Final = "withheld"
_UNDEFINED: Final = "not defined"
MARKS: Final = (WITHHELD, _UNDEFINED, "not known")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def kind_of_share(point: int) -> str:
    """The kind of figure that the share of one point of the scale is; 1 is its lowest point.

    >>> kind_of_share(3)
    'share 3'
    """
    return f"share {point}"


def kind_in_words(kind: str) -> str:
    """What a kind of figure is called.

    >>> kind_in_words("n"), kind_in_words("share 3")
    ('the number of answers', 'the share of point 3')
    """
    return WORDS.get(kind) or f"the share of point {kind.removeprefix('share ')}"


def decimals(kind: str) -> int:
    """How many decimals a figure of this kind is printed with."""
    return DECIMALS.get(kind, 2)


def is_rounded(value: float, kind: str) -> bool:
    """Whether a number could be a figure of this kind as it is printed."""
    return abs(value) <= _LARGEST and value == round(value, decimals(kind))


def decimals_of_evidence(kind: str) -> int:
    """How many decimals a figure on an average is printed with; of a percentage, as a share."""
    return 2 if EVIDENCE[kind] in {"coefficient", "percent"} else 0


def is_rounded_evidence(value: float, kind: str) -> bool:
    """Whether a number could be a figure on an average as it is printed."""
    return abs(value) <= _LARGEST and value == round(value, decimals_of_evidence(kind))


class Unit(NamedTuple):
    """A row of a report: a unit, the people of a unit who are in none of its printed parts (`rest`), or a cut of it.

    path: names from the top-level unit down, () for the organisation; level: the heading of its column, "" there.
    For a rest both are those of the unit whose rest it is. cut: attribute and value, of the people of the unit who
    stated it; () for everybody.
    """

    path: tuple[str, ...]
    level: str
    rest: bool = False
    cut: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.cut:
            return f"{self.cut[1]} ({self._replace(cut=())})"
        name = self.path[-1] if self.path else "the organisation"
        if self.path and self.level and not name.casefold().startswith(self.level.casefold()):
            name = f"{self.level} {name}"
        return f"everybody else in {name}" if self.rest else name


ORGANISATION = Unit((), "")


class Fault(NamedTuple):
    """Something that must not be in a report: where it stands, and what it is, in plain words."""

    file: str
    place: str
    problem: str


class Prose(NamedTuple):
    """A text that may hold numbers; `part` is the part of the report it stands in."""

    place: str
    part: str
    text: str


class Verdict(NamedTuple):
    """What is said in words beside figures of the organisation.

    kind: "together" of the statements of a dimension, "apart" of its teams, "fit" of one statement among the others.
    measure, item: as in `Stated`.
    """

    kind: str
    measure: str
    item: str
    text: str
    place: str


class Word(NamedTuple):
    """A comment: the question, the unit it stands under, and what it says; the last two "" where there is none."""

    place: str
    question: str
    unit: str
    text: str


@dataclass(slots=True)
class Printed:
    """All that one file says. It is filled while the file is read, and not changed after.

    units: the rows on units in reading order, the organisation first. cells: the figures on them. withheld: what is
    printed as not shown, as places in `units` with the measure. differing: rows marked as above or below. claims: what
    the file says of itself (title, wave, source, version, smallest group). words: comments. evidence: what is said of
    averages in the whole organisation, and verdicts: the same in words; averages: what is said of those of units.
    apart: how far units stand from other people. worn: what an organisation chose about the look, by kind.
    said: the texts that are neither figures nor comments. page: the unit that a team page is about. links:
    places and addresses that lead out of the page. told: ids of the dimensions in which that unit is marked as above
    or below. steps: what is said of changes (`changes.Step`).
    """

    file: str
    units: list[Unit] = field(default_factory=lambda: [ORGANISATION])
    cells: Cells = field(default_factory=Cells)
    withheld: set[tuple[int, int, str]] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    differing: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    evidence: list[Stated] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    page: Unit | None = None
    averages: Claims = field(default_factory=Claims)
    apart: Differences = field(default_factory=Differences)
    links: list[tuple[str, str]] = field(default_factory=list)
    worn: list[tuple[str, str]] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    steps: list[Any] = field(default_factory=list)

    def fault(self, place: str, problem: str) -> None:
        """Note something that must not be there."""
        self.faults.append(Fault(self.file, place, problem))

    def say(self, place: str, part: str, text: str) -> None:
        """Note a text; if it holds numbers, they must be explained."""
        self.said.append(plain(text))
        if any(sign.isnumeric() for sign in text):
            self.prose.append(Prose(place, part, text))

    def read(self, unit: int, measure: int, kind: str, text: str, place: str) -> None:
        """Note a figure as text: a number at its printed rounding, or a mark without any number."""
        text = text.strip()
        if not any(sign.isnumeric() for sign in text):
            self.said.append(plain(text))
            self.hide(unit, measure, kind, text)
            return
        value = number_in(text, kind)
        if value is None:
            self.fault(place, f"“{text[:40]}” is not {kind_in_words(kind)} as reports round and write it")
        else:
            self.cells.append(Cell(unit, measure, kind, value, place))

    def count(self, unit: int, measure: int, kind: str, value: float, place: str) -> None:
        """Note a figure as a number, which must be rounded as it is printed."""
        if abs(value) > _LARGEST:
            self.fault(place, f"{value!r} cannot be {kind_in_words(kind)}")
        elif not is_rounded(value, kind):
            self.fault(place, f"{value!r} is more exact than {kind_in_words(kind)} is printed")
        else:
            self.cells.append(Cell(unit, measure, kind, float(value), place))

    def stated(
        self, kind: str, unit: int | None, measure: str, value: str | float | None, place: str, item: str = ""
    ) -> None:
        """Note what is said of an average: a number, a number as written, or a mark in its place (None in JSON).

        measure: the id of the dimension or the outcome. A mark makes no claim, but of the organisation as a whole, of
        which “not defined” is claimed.
        """
        form, decimals = EVIDENCE[kind], decimals_of_evidence(kind)
        if value is None:
            return
        if isinstance(value, str) and not any(map(str.isnumeric, value)):
            self._marked(kind, unit, measure, item, value, place)
            return
        number = _number_as_written(value.strip(), form) if isinstance(value, str) else float(value)
        if number is None or not is_rounded_evidence(number, kind):
            self.fault(place, f"“{str(value)[:40]}” is not {kind} as reports round and write it")
        else:
            self._claim(Stated(kind, unit, measure, item, number, decimals, place))

    def _marked(self, kind: str, unit: int | None, measure: str, item: str, value: str, place: str) -> None:
        mark = in_english(value)
        self.said.append(plain(value))
        if mark not in MARKS:
            self.fault(place, f"“{value[:40]}” where {kind} belongs")
        elif mark == _UNDEFINED and unit is None:
            self.evidence.append(Stated(kind, unit, measure, item, float("nan"), 2, place))

    def judge(self, kind: str, measure: str, text: str, place: str, item: str = "") -> None:
        """Note a verdict in words on figures of the organisation, as of `Verdict`."""
        self.say(place, "evidence", text)
        self.verdicts.append(Verdict(kind, measure, item, plain(text), place))

    def _claim(self, claim: Stated) -> None:
        if claim.unit is None or claim.item:
            self.evidence.append(claim)
        else:
            self.averages.append(claim)

    def view(self, unit: int, measure: str, text: str, place: str) -> None:
        """Note the verdict on how far the people of a unit agree in a dimension (its id), or the mark in its place."""
        words = in_english(text)
        self.said.append(plain(text))
        if words in VIEWS:
            self._claim(Stated("view", unit, measure, "", words, 0, place))
        elif words != WITHHELD:
            self.fault(place, f"“{text[:40]}” where a verdict on the view belongs")

    def cut(self, path: tuple[str, ...], attribute: str, value: str) -> int | None:
        """The place of a cut of a unit, added where it is new; None where no such unit stands before it."""
        whole = next((unit for unit in self.units if unit.path == path and not unit.rest), None)
        if whole is None or not attribute or not value:
            return None
        row = whole._replace(cut=(attribute, value))
        if row not in self.units:
            self.units.append(row)
        return self.units.index(row)

    def hide(self, unit: int, measure: int, kind: str, mark: str) -> None:
        """Note a figure that is not shown, and the mark that stands in its place."""
        self.withheld.add((unit, measure, kind))
        self.marks.add(mark)


def number_in(text: str, kind: str) -> float | None:
    """The number that a figure says, where it is written as reports write this kind of figure; else None.

    >>> number_in("1,234", "n"), number_in("34%", "favourable"), number_in("<1%", "share 2"), number_in("3.428", "mean")
    (1234.0, 0.34, 0.0, None)
    """
    return _read_number(plain(text), _WRITTEN.get(kind, "percent"), languages.language())


def _alike(one: str, other: str) -> bool:
    """Whether two texts differ in white space alone, at which lines may have been broken."""
    return "".join(one.split()) == "".join(other.split())


@cache
def _read_number(text: str, form: str, lang: str) -> float | None:  # noqa: ARG001 (a part of the key)
    return _number_as_written(text, form)


def in_english(text: str) -> str:
    """A verdict on a view, or a mark of evidence, as it is called in English; "" for any other text."""
    return _in_english(languages.language()).get(plain(text), "")


@cache
def _in_english(lang: str) -> Mapping[str, str]:
    """The verdicts and marks of evidence, in a language, as they are called in English."""
    with languages.speaking(lang):
        return {languages.gettext(one): one for one in (*VIEWS, *MARKS)}


def _number_as_written(text: str, form: str) -> float | None:
    """The number that a text says in the language that is spoken, where it is written exactly as reports would.

    >>> _number_as_written("−0.13", "coefficient"), _number_as_written("<1%", "percent")
    (-0.13, 0.0)
    >>> _number_as_written("1,234", "count"), _number_as_written("1,2", "index")
    (1234.0, None)
    """
    digits = re.sub(r"\D", "", text)
    if not digits or len(digits) > 12:
        return None
    number = int(digits) * (-1 if text.startswith("−") else 1)
    if form == "coefficient":
        return number / 100 if _alike(languages.decimal(number / 100, 2), text) else None
    if form == "percent":
        about = {"<": (1, 0.0), ">": (99, 1.0)}.get(text[0], (number, number / 100))
        return about[1] if _alike(languages.percent(about[0]), text.lstrip("<>")) else None
    written = languages.grouped(number) if form == "count" else languages.decimal(number, 0)
    return float(number) if _alike(written, text) else None


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension with a joint score, or an item: its id and its text in the language of the report."""

    id: str
    label: str
    is_item: bool
    dimension: str
    reverse: bool = False
    points: tuple[str, ...] = ()
    scale: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Questions:
    """What was asked, in the order of a report: the dimensions with a joint score, then every item by dimension."""

    measures: tuple[Measure, ...]

    @cached_property
    def dimensions(self) -> list[int]:
        """The places of the dimensions."""
        return [place for place, measure in enumerate(self.measures) if not measure.is_item]

    @cached_property
    def items(self) -> list[int]:
        """The places of the items."""
        return [place for place, measure in enumerate(self.measures) if measure.is_item]

    def place(self, id_: str, *, is_item: bool) -> int | None:
        """Where a measure stands; None where there is none of that id."""
        found = (place for place, one in enumerate(self.measures) if (one.id, one.is_item) == (id_, is_item))
        return next(found, None)


def loads(text: str) -> Any:
    """JSON in which no key is given twice (readers would see the last alone) and every number is finite.

    Raises ValueError for anything else.
    """
    return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _refuse(text: str) -> None:
    raise ValueError(text)


def rest_name(whole: str) -> str:
    """What the row of everybody else in a unit, or in the organisation, is called."""
    return languages.gettext("Everybody else in {unit}, together").format(unit=whole)


def plain(text: str) -> str:
    """A text as every format can hold it: no signs that XML forbids, white space folded."""
    return " ".join(_NOT_XML.sub("", text).split())


def before_colon(label: str) -> str:
    """A label as it stands in front of a colon: a statement without its full stop.

    >>> before_colon("I am heard."), before_colon("Trust")
    ('I am heard', 'Trust')
    """
    return label.rstrip(".")


@lru_cache(maxsize=1 << 16)
def reading_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key of alphabetical order in which “Team 2” comes before “Team 10” and accents and case do not matter."""
    letters = name.casefold()
    if not letters.isascii():
        letters = "".join(one for one in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(one))
    return tuple(
        (0, int(part), "") if part.isdecimal() and len(part) <= 15 else (1, 0, part)
        for part in re.findall(r"\d{1,15}|\D+|\d+", letters)
    )


def disordered(units: Iterable[Unit], names: Mapping[str, str]) -> Iterator[tuple[Unit, Unit]]:
    """Neighbours under one unit that stand against the order of their names: an order by figures would do that.

    names: as printed → as the survey has them, by which rows are ordered.
    """
    last: dict[tuple[object, ...], Unit] = {}
    for unit in units:
        if unit.rest or not (unit.path or unit.cut):
            continue
        place = (unit.path, unit.cut[:1]) if unit.cut else (unit.path[:-1], ())
        before = last.get(place)
        last[place] = unit
        if before is not None and before.level == unit.level and bool(before.cut) == bool(unit.cut):
            name, earlier = (names.get(called, called) for called in (_last_name(unit), _last_name(before)))
            if (reading_key(earlier), earlier) > (reading_key(name), name):
                yield before, unit


def _last_name(unit: Unit) -> str:
    return unit.cut[1] if unit.cut else unit.path[-1]
