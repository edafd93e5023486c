"""What the answers of a column say: "Agree", "5 - Stimme voll zu", "4", "n/a" → a point of the scale, or none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .cells import BLANK, NOT_APPLICABLE, fold, no_answer, split_number, whole_number
from .columns import distinct_texts
from .instrument import ResponseScale
from .platforms.export import Export
from .scales import KnownScale, known_scales

UNKNOWN = -2  # text that belongs to no point of the scale; never leaves this folder


class Numbering(NamedTuple):
    """How the numbers of a column count the points of its scale: point = sign · number + start; sign 0: not at all."""

    sign: int
    start: int

    def point(self, number: int, points: int) -> int:
        """The point, from 1, that a number stands for, or UNKNOWN."""
        point = self.sign * number + self.start
        return point if self.sign and 1 <= point <= points else UNKNOWN


def as_in_instrument(scale: ResponseScale) -> Numbering:
    """The numbering of the scale itself: its lowest value is point 1."""
    return Numbering(1, 1 - scale.low)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the distinct texts of one column were understood.

    points: one entry per distinct text, in the order given: 1 (lowest) to the number of points, or BLANK,
        NOT_APPLICABLE, UNKNOWN.
    numbering: what the labels beside the numbers say about them; None where no number has a label that we know.
    bare: whether some of the points come from a number without a known label.
    """

    points: tuple[int, ...]
    numbering: Numbering | None = None
    bare: bool = False


def answer_texts(export: Export, position: int) -> list[str]:
    """The distinct texts of one column, with "" and "n/a" for what the platform writes where there is no answer."""
    texts = distinct_texts(export.table.columns[position])
    if not export.missing and not export.not_applicable:
        return texts
    words = dict.fromkeys(export.not_applicable, "n/a") | dict.fromkeys(export.missing, "")
    return [words.get(text.strip(), text) for text in texts]


def read_answers(texts: Sequence[str], scale: ResponseScale, numbering: Numbering | None = None) -> Reading:
    """Understand the distinct texts of one column as points of a scale, by number, by label, or by both.

    A label counts in any language of the scale, else as one of the known labels of a scale with as many points.
    Where number and label of "1 - Strongly agree" disagree, the label is believed, and the bare numbers of the column
    count as those with a label do. Without any label, they count as `numbering` says, or else as the instrument does.
    On a scale without labels of its own, "0 - very likely … 10 - very unlikely" is enough to turn the numbers round.
    """
    labels = _labels_of(scale, texts)
    pairs = {
        (pair.number, labels[pair.label]) for text in texts if (pair := split_number(text)) and pair.label in labels
    }
    found = _numbering(pairs, scale) if pairs else _turned_round(texts, scale)
    bare = _bare_numbers(texts, scale, labels)
    line = found or numbering or as_in_instrument(scale)
    points = tuple(
        line.point(bare[text], len(scale.values)) if text in bare else _point(text, labels) for text in texts
    )
    return Reading(points, found, bare=bool(bare))


def _point(text: str, labels: Mapping[str, int]) -> int:
    """The point of a text that holds no bare number."""
    if (point := labels.get(fold(text))) is not None:
        return point
    if (nothing := no_answer(text)) is not None:
        return nothing
    pair = split_number(text)
    return labels.get(pair.label, UNKNOWN) if pair else UNKNOWN


def _bare_numbers(texts: Iterable[str], scale: ResponseScale, labels: Collection[str]) -> dict[str, int]:
    """Text → number, where nothing but the number says which point is meant.

    That is "4", and on a scale without labels "1 (None at all)", as long as one number has one label.
    """
    bare: dict[str, int] = {}
    named: dict[int, dict[str, str]] = {}
    for text in texts:
        if fold(text) in labels or no_answer(text) is not None:
            continue
        if (number := whole_number(text)) is not None:
            bare[text] = number
        elif not scale.labels and (pair := split_number(text)) and pair.marked and pair.label not in labels:
            named.setdefault(pair.number, {}).setdefault(text, pair.label)
    for number, written in named.items():
        if len(set(written.values())) == 1:
            bare.update(dict.fromkeys(written, number))
    return bare


def _numbering(pairs: Collection[tuple[int, int]], scale: ResponseScale) -> Numbering:
    """The first way to count that fits all numbers with a label: as the instrument does, backwards, from 0, from 1."""
    points = len(scale.values)
    ways = (
        as_in_instrument(scale),
        Numbering(-1, scale.high + 1),
        Numbering(1, 1),
        Numbering(-1, points),
        Numbering(1, 0),
        Numbering(-1, points + 1),
    )
    fitting = (way for way in ways if all(way.point(number, points) == point for number, point in pairs))
    return next(fitting, Numbering(0, 0))


def _turned_round(texts: Iterable[str], scale: ResponseScale) -> Numbering | None:
    """Counting down, where labels of the upper half of scales of any length stand beside the lower numbers."""
    pairs = [pair for text in texts if (pair := split_number(text)) and pair.marked] if not scale.labels else []
    known = known_scales({pair.label for pair in pairs}) if pairs else ()
    halves: dict[str, set[int]] = {"upper": set(), "lower": set()}
    for pair in pairs:
        places = [(other.points_of([pair.label]).get(pair.label), (other.points + 1) / 2) for other in known]
        sides = {"upper" if point > middle else "lower" for point, middle in places if point not in {None, middle}}
        if len(sides) == 1:
            halves[sides.pop()].add(pair.number)
    upper, lower = halves["upper"], halves["lower"]
    return Numbering(-1, scale.high + 1) if upper and lower and max(upper) < min(lower) else None


def _labels_of(scale: ResponseScale, texts: Iterable[str]) -> dict[str, int]:
    """Folded label → point: the scale's own labels, and those of the known scale that explains most of the texts.

    A known scale must agree with the scale's own labels; and where several explain as much, they must not differ.
    """
    own = {fold(label): point for labels in scale.labels.values() for point, label in enumerate(labels, 1)}
    own.pop("", None)
    said = {fold(text) for text in texts} | {pair.label for text in texts if (pair := split_number(text))}
    said = {label for label in said if any(map(str.isalpha, label))}
    if said <= own.keys():
        return own
    found = [
        points
        for known in known_scales(said | own.keys())
        if known.points == len(scale.values)
        and _agrees(known, own)
        and (points := known.points_of(said))
        and not known.confuses(said)
    ]
    most = max(map(len, found), default=0)
    best = [points for points in found if len(points) == most]
    return best[0] | own if best and all(points == best[0] for points in best) else own


def _agrees(known: KnownScale, own: Mapping[str, int]) -> bool:
    """Whether a known scale puts every label that both have at the same point, and they have one in common."""
    common = known.points_of(own)
    return not own or (bool(common) and all(own[label] == point for label, point in common.items()))


__all__ = [
    "BLANK",
    "NOT_APPLICABLE",
    "UNKNOWN",
    "Numbering",
    "Reading",
    "answer_texts",
    "as_in_instrument",
    "read_answers",
]
