"""ReportContent: all that a report says, once, for every format."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Standing = Literal["above", "below", "same", "withheld", "none"]
Band = Literal["upper", "middle", "lower"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number: `value` rounded as printed, `text` as a page prints it, `format` as Excel shows it."""

    value: float
    text: str
    format: str


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no number here: withheld, or not defined. `text` is all that may be said."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A value that is a text: the name of a platform or of a column."""

    text: str


Cell = Figure | Absent


def in_a_sentence(name: str, index: Cell, low: Cell, high: Cell, n: Cell) -> str:
    """A score in words.

    >>> seventy, nine = Figure(70, "70", "0"), Figure(9, "9", "0")
    >>> in_a_sentence("Team Ahorn, Trust", seventy, seventy, seventy, nine)
    'Team Ahorn, Trust: 70 of 100, between 70 and 70; 9 answers'
    >>> in_a_sentence("Team Ahorn, Trust", *[Absent("withheld")] * 4)
    'Team Ahorn, Trust: withheld'
    """
    if isinstance(index, Absent):
        return f"{name}: {index.text}"
    interval = "" if isinstance(low, Absent) or isinstance(high, Absent) else f", between {low.text} and {high.text}"
    answers = "answer" if isinstance(n, Figure) and n.value == 1 else "answers"
    return f"{name}: {index.text} of 100{interval}; {n.text} {answers}"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A dimension or an item at organisation level.

    label: a dimension's name or an item's text.
    index, low, high: 0 to 100, whole; mean, sd: on the response scale; shares: 0 to 1, whole percent.
    remark: what a reader must know of a reverse-keyed item; "" for others.
    points: the labels of the scale, lowest first, as ticked; distribution: a share for each; both () for a dimension.
    bands: the band of each point after reverse-keying, the lower end first.
    sentence: the row in words, for hover texts and screen readers.
    scale: lowest and highest value of the response scale. sd_index: the standard deviation on 0 to 100; sd_within: the
    same inside the printed groups, with its degrees of freedom: what a later wave is compared by.
    """

    id: str
    label: str
    about: str
    reverse: bool
    remark: str
    n: Cell
    index: Cell
    low: Cell
    high: Cell
    mean: Cell
    sd: Cell
    favourable: Cell
    favourable_low: Cell
    favourable_high: Cell
    neutral: Cell
    unfavourable: Cell
    points: tuple[str, ...]
    bands: tuple[Band, ...]
    distribution: tuple[Cell, ...]
    sentence: str
    scale: tuple[int, int]
    sd_index: Cell
    sd_within: Cell
    degrees: Cell


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items of one dimension, in the order asked, under the dimension's name; `caption` is what they show."""

    id: str
    name: str
    about: str
    caption: str
    band: str
    rows: tuple[ScoreRow, ...]


class UnitScore(NamedTuple):
    """One unit's result in one dimension or item; `standing` is against everybody else in the organisation.

    A named tuple, not a dataclass: a large organisation has a million of them, and tuples are made much faster.
    unit, measure: the names of the unit and of the dimension or item.
    """

    unit: str
    measure: str
    n: Cell
    index: Cell  # type: ignore[assignment]  # no use here for tuple.index
    low: Cell
    high: Cell
    mean: Cell
    favourable: Cell
    standing: Standing

    @property
    def sentence(self) -> str:
        """The result in words, for hover texts and screen readers."""
        return in_a_sentence(f"{self.unit}, {self.measure}", self.index, self.low, self.high, self.n)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit or team, parents before children, siblings by name; `rest` rows are "everybody else in …, together".

    path: names from the top-level unit down to this one; () for the organisation.
    dimensions, items: one entry per `ReportContent.dimensions` and per item, in their order.
    """

    id: str
    name: str
    kind: Literal["organisation", "unit", "team", "rest"]
    level: str
    depth: int
    path: tuple[str, ...]
    withheld: bool
    n: Cell
    response_rate: Cell
    dimensions: tuple[UnitScore, ...]
    items: tuple[UnitScore, ...]


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """How the answers of one unit to one item spread over the points of the scale, as ticked, lowest first.

    unit_id, item_id: of the unit's row and of the item; names alone may stand for several.
    """

    unit: str
    item: str
    points: tuple[str, ...]
    n: Cell
    shares: tuple[Cell, ...]
    unit_id: str = ""
    item_id: str = ""


class CutFigures(NamedTuple):
    """What one group across the organisation answered to one dimension or item: whole points of 0 to 100."""

    n: Cell
    index: Cell  # type: ignore[assignment]  # no use here for tuple.index
    low: Cell
    high: Cell


@dataclass(frozen=True, slots=True)
class CutRow:
    """The people of one unit who stated one value of an attribute, such as the women of a division.

    where: what the unit is called; path: () for the organisation, the name of a top-level unit.
    dimensions, items: one entry per `ReportContent.dimensions` and per item, in their order.
    """

    where: str
    path: tuple[str, ...]
    attribute: str
    value: str
    withheld: bool
    n: Cell
    dimensions: tuple[CutFigures, ...]
    items: tuple[CutFigures, ...]


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """What people of one unit wrote, cleaned. where: its name, or that of everybody else in it; texts: shuffled."""

    where: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommentQuestion:
    """The comments on one question. note: why there are none; "" where there are."""

    question: str
    note: str
    groups: tuple[CommentGroup, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the data notes: what it is, its value, what it means."""

    label: str
    value: Figure | Absent | Words
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs of plain text."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that the organisation report says.

    date: as given on the command line, "" where none was: a renderer has no clock.
    rules: the digest of the rules of disclosure: reports with the same one hide by the same rules.
    directed: whether it is known which end of a scale is the good one.
    bands: what the upper, the middle and the lower band of a scale are called in this report.
    notices: what must be read before any figure ("no validated instrument"); summary: the survey in five sentences.
    *_caption: the finding of the part, in a sentence. legend: what the standing colours mean.
    dimensions: the dimensions with a joint score; items: every item, by dimension, outcomes last.
    units: the organisation first; empty captions and one row where the file names no units.
    cuts: groups across the organisation; cut_notes: what holds for them, () where none was asked for.
    comments: what people wrote; comment_notes: what must be read before, () where nobody asked for comments.
    """

    title: str
    subtitle: str
    lang: str
    version: str
    date: str
    source: str
    wave: str
    instrument_id: str
    instrument: str
    min_group: int
    rules: str
    directed: bool
    bands: tuple[str, str, str]
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    dimensions_caption: str
    dimensions: tuple[ScoreRow, ...]
    items_caption: str
    items: tuple[ItemGroup, ...]
    units_caption: str
    units_legend: tuple[tuple[Standing, str], ...]
    withheld_note: str
    units: tuple[UnitRow, ...]
    distributions: tuple[DistributionRow, ...]
    reading: tuple[Fact, ...]
    quality: tuple[Fact, ...]
    advice: tuple[str, ...]
    method: tuple[Section, ...]
    cut_notes: tuple[str, ...] = ()
    cuts: tuple[CutRow, ...] = ()
    comment_notes: tuple[str, ...] = ()
    comments: tuple[CommentQuestion, ...] = ()
