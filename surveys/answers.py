"""What a cell says: "Agree", "5 - Stimme voll zu", "4", "n/a" → a point of the response scale, or no answer."""

import html
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .instrument import ResponseScale

BLANK = 0  # nothing was answered
NOT_APPLICABLE = -1  # answered, but outside the scale: it leaves the base and is counted apart
UNKNOWN = -2  # text that belongs to no point of the scale; never leaves this folder

# Compared after `fold`.
_BLANK_TEXTS = frozenset({"", "-", "--", ".", "na", "nan", "null", "none", "#n/a", "-99", "-999"})
_NOT_APPLICABLE_TEXTS = frozenset(
    {
        *("n/a", "n.a", "not applicable", "does not apply", "doesn't apply", "no answer", "prefer not to say"),
        *("prefer not to answer", "i prefer not to say", "don't know", "do not know", "i don't know", "dont know"),
        *("not sure", "can't say", "cannot say", "no opinion", "no basis for evaluation"),
        *("keine angabe", "k.a", "k. a", "weiß nicht", "weiss nicht", "weiß ich nicht", "nicht zutreffend"),
        *("entfällt", "trifft auf mich nicht zu", "kann ich nicht beurteilen", "möchte ich nicht sagen"),
    }
)
_TAG = re.compile(r"<[^<>]*>")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d+)?")
_NUMBER_FIRST = re.compile(r"\(?([+-]?\d{1,3})\)?\s*(?:[-=:.,)]\s*|\s+|(?=\())(.*\S)")
_NUMBER_LAST = re.compile(r"(.*\S)\s*(?:[-=:]\s*|[(\[]\s*)([+-]?\d{1,3})\s*[)\]]?")


@cache
def fold(text: str) -> str:
    """The text without what does not distinguish: case, HTML, width, kinds of quotes and dashes, outer punctuation.

    >>> fold("  <b>Strongly&nbsp;Agree</b>. ")
    'strongly agree'
    """
    text = html.unescape(text)
    text = _TAG.sub(" ", text)
    text = unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("\u200b", "")
    text = _DASHES.sub("-", text.translate(_QUOTES))
    return " ".join(text.casefold().split()).strip(" \"'“”„«».!:;*…")


@dataclass(frozen=True, slots=True)
class KnownScale:
    """A family of answer labels we know by heart: for each point, lowest first, the ways to write it, per language."""

    id: str
    labels: Mapping[str, tuple[tuple[str, ...], ...]]

    @property
    def points(self) -> int:
        """How many points it has."""
        return len(next(iter(self.labels.values())))

    def points_of(self) -> dict[str, int]:
        """Folded label → point, 1 for the lowest; a label that stands at two points in two languages is left out."""
        found: dict[str, int] = {}
        clash: set[str] = set()
        for points in self.labels.values():
            for point, names in enumerate(points, 1):
                for name in names:
                    if found.setdefault(fold(name), point) != point:
                        clash.add(fold(name))
        return {name: point for name, point in found.items() if name not in clash}


@cache
def known_scales() -> tuple[KnownScale, ...]:
    """The scales of scales.toml."""
    tables = tomllib.loads((Path(__file__).parent / "scales.toml").read_text(encoding="utf-8"))["scales"]
    return tuple(
        KnownScale(
            table["id"],
            {lang: tuple(tuple(names) for names in points) for lang, points in table.items() if lang != "id"},
        )
        for table in tables
    )


@cache
def whole_number(text: str) -> int | None:
    """The whole number that a cell writes, whatever the spreadsheet made of it ("4", "4.0", "4,00"); else None.

    >>> whole_number(" 4,0 "), whole_number("4.5"), whole_number("four")
    (4, None, None)
    """
    text = text.strip()
    if not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else None


@cache
def no_answer(text: str) -> int | None:
    """BLANK or NOT_APPLICABLE where the cell holds no answer; None where it does."""
    folded = fold(text)
    if folded in _BLANK_TEXTS:
        return BLANK
    return NOT_APPLICABLE if folded in _NOT_APPLICABLE_TEXTS else None


def split_number(text: str) -> tuple[int, str] | None:
    """Number and label of "4 - Agree", "4 = Agree", "Agree (4)" or "1 (None at all)"; None where there is no such pair.

    >>> split_number("4 - Agree"), split_number("Agree (4)"), split_number("Agree")
    ((4, 'agree'), (4, 'agree'), None)
    """
    folded = fold(text)
    if match := _NUMBER_FIRST.fullmatch(folded):
        return int(match[1]), fold(match[2].strip("()[]"))
    if match := _NUMBER_LAST.fullmatch(folded):
        return int(match[2]), fold(match[1])
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the distinct texts of one column were understood.

    points: one entry per distinct text, in the order given: 1 (lowest) to the number of points, or BLANK,
        NOT_APPLICABLE, UNKNOWN.
    turned: the numbers written beside the labels run against them ("1 - Strongly agree"); the labels were believed.
    """

    points: tuple[int, ...]
    turned: bool = False


def read_answers(texts: Sequence[str], scale: ResponseScale) -> Reading:
    """Understand the distinct texts of one column as points of a scale, by number, by label, or by both.

    A label counts in any language of the scale, else as one of the known labels of a scale with as many points.
    Where number and label of "1 - Strongly agree" disagree, the label is believed; the numbers of the instrument
    are only a way to write its points.
    """
    by_label = _labels_of(scale, texts)
    points = [_point(text, scale, by_label) for text in texts]
    pairs = [(pair[0], by_label[pair[1]]) for text in texts if (pair := split_number(text)) and pair[1] in by_label]
    turned = any(number in scale.values and scale.values.index(number) + 1 != point for number, point in pairs)
    return Reading(tuple(points), turned)


def _point(text: str, scale: ResponseScale, by_label: Mapping[str, int]) -> int:
    if (point := by_label.get(fold(text))) is not None:
        return point
    if (nothing := no_answer(text)) is not None:
        return nothing
    number = whole_number(text)
    if number is None and (pair := split_number(text)):
        if (point := by_label.get(pair[1])) is not None:
            return point
        number = pair[0] if not by_label or not scale.labels else None
    return scale.values.index(number) + 1 if number in scale.values else UNKNOWN


def _labels_of(scale: ResponseScale, texts: Sequence[str]) -> dict[str, int]:
    """Folded label → point: the scale's own labels, and the known scale with as many points that explains most texts."""
    own = {fold(label): point for labels in scale.labels.values() for point, label in enumerate(labels, 1)}
    said = {name for text in texts for name in (fold(text), (split_number(text) or (0, ""))[1])}
    candidates = [known.points_of() for known in known_scales() if known.points == len(scale.values)]
    best = max(candidates, key=lambda labels: len(said & labels.keys()), default={})
    return best | own if not own or _agree(best, own) else own


def _agree(known: Mapping[str, int], own: Mapping[str, int]) -> bool:
    """Whether a known scale puts every label that both have at the same point, and they have one in common."""
    common = known.keys() & own.keys()
    return bool(common) and all(known[label] == own[label] for label in common)


def matching_scales(texts: Iterable[str]) -> tuple[str, ...]:
    """The ids of the known scales that explain every answer of a column, each answer at a point of its own.

    Where the answers use every point of one of them, there is no doubt, and it is the only one.
    """
    answers = [text for text in texts if no_answer(text) is None]
    used = {known.id: _points_used(known.points_of(), answers) for known in known_scales()}
    whole = tuple(known.id for known in known_scales() if used[known.id] == known.points)
    return whole[:1] if len(whole) == 1 else tuple(id_ for id_, count in used.items() if count)


def _points_used(labels: Mapping[str, int], answers: Sequence[str]) -> int:
    """How many points the answers stand at; 0 where one of them is none of the labels, or two share a point."""
    names = {fold(text) if fold(text) in labels else (split_number(text) or (0, ""))[1] for text in answers}
    if not names or not names <= labels.keys():
        return 0
    places = {labels[name] for name in names}
    return len(places) if len(places) == len(names) else 0
