"""An instrument: what was asked, on which response scale, and how the answers become scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["core", "module", "outcome"]
Texts = Mapping[str, str]  # language code ("en", "de") → text


@dataclass(frozen=True, slots=True)
class ResponseScale:
    """The points an answer can take, from the lowest to the highest.

    values: consecutive whole numbers, ascending, as a numeric export writes them (1..5, 0..10).
    labels: language → one label per value, in the order of `values`; may be empty where only the ends are labelled.
    favourable, unfavourable: the values of each band, after reverse-keying; what is in neither is neutral.
    """

    id: str
    values: tuple[int, ...]
    labels: Mapping[str, tuple[str, ...]]
    favourable: frozenset[int]
    unfavourable: frozenset[int]

    @property
    def low(self) -> int:
        """The lowest value."""
        return self.values[0]

    @property
    def high(self) -> int:
        """The highest value."""
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question; `reverse` where agreeing speaks against the dimension.

    turned: whether `reverse` is the opposite of what the questionnaire says, as the person asked for this file.
    """

    id: str
    dimension: str
    scale: ResponseScale
    texts: Texts
    reverse: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """What several items measure together; for `part == "outcome"` the items stand alone and have no joint score."""

    id: str
    names: Texts
    abouts: Texts
    part: Part = "core"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as data.

    items: in the order in which they are asked; all items of a dimension share one response scale.
    min_answered: the share of a dimension's items that a person must have answered to count for its score, 0 to 1.
    evidence: in a sentence, what is known about how well it measures; printed in every report.
    directed: False where we do not know which end of the scale is the good one (an instrument made up from the file).
    by_position: True where the items of a survey are known by their order alone, as their wording may not ship.
    notes: what a person who runs the survey should know.
    """

    id: str
    titles: Texts
    version: str
    licence: str
    citation: str
    evidence: Texts
    dimensions: tuple[Dimension, ...]
    items: tuple[Item, ...]
    min_answered: float = 0.5
    directed: bool = True
    by_position: bool = False
    notes: Texts = field(default_factory=dict)

    def items_of(self, dimension: str) -> tuple[Item, ...]:
        """The items of one dimension, in the order asked."""
        return tuple(item for item in self.items if item.dimension == dimension)


def in_language(texts: Texts, lang: str) -> str:
    """The text in `lang`, else in English, else in whichever language there is; "" where there is none."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")
