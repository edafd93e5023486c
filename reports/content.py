"""ReportContent: all that a report says, once, for every format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..languages import gettext as _, ngettext
from .design import PLAIN, Design

if TYPE_CHECKING:
    from ..surveys.merging import Merged  # with pandas, which rendering does without

Standing = Literal["above", "below", "same", "withheld", "none"]
Band = Literal["upper", "middle", "lower"]
View = Literal["shared", "mixed", "split", "few", "withheld", "none"]


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


def named(label: str) -> str:
    """A label as the name in front of a colon: a statement without its full stop.

    >>> named("I am heard."), named("Trust")
    ('I am heard', 'Trust')
    """
    return label.rstrip(".")


def told(name: str, text: str) -> str:
    """What is said of something, behind its name.

    >>> told("I am heard.", "withheld")
    'I am heard: withheld'
    """
    return _("{name}: {text}").format(name=named(name), text=text)


def in_a_sentence(name: str, index: Cell, low: Cell, high: Cell, n: Cell) -> str:
    """A score in words.

    >>> seventy, nine = Figure(70, "70", "0"), Figure(9, "9", "0")
    >>> in_a_sentence("Team Ahorn, Trust", seventy, seventy, seventy, nine)
    'Team Ahorn, Trust: 70 of 100, between 70 and 70; 9 answers'
    >>> in_a_sentence("Team Ahorn, Trust", *[Absent("withheld")] * 4)
    'Team Ahorn, Trust: withheld'
    """
    if isinstance(index, Absent):
        return told(name, index.text)
    name, people = named(name), int(n.value) if isinstance(n, Figure) else 0
    if isinstance(low, Absent) or isinstance(high, Absent):
        said = ngettext("{name}: {index} of 100; {n} answer", "{name}: {index} of 100; {n} answers", people)
        return said.format(name=name, index=index.text, n=n.text)
    said = ngettext(
        "{name}: {index} of 100, between {low} and {high}; {n} answer",
        "{name}: {index} of 100, between {low} and {high}; {n} answers",
        people,
    )
    return said.format(name=name, index=index.text, low=low.text, high=high.text, n=n.text)


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


class UnitApart(NamedTuple):
    """How far one unit stands from other people in one dimension; a named tuple for the same reason as `UnitScore`.

    who: whom it is set against ("everybody else in North"). difference: signed points of the index; low, high: its
    95 % interval; all whole, tenths below one. standing: above or below by more than chance explains, same:
    chance can do it, none: there is no comparison, and every figure is absent.
    """

    who: str
    difference: Cell
    low: Cell
    high: Cell
    standing: Standing

    @property
    def sentence(self) -> str:
        """The difference in words, its interval, and whether chance explains it; "" without a comparison."""
        if isinstance(self.difference, Absent) or isinstance(self.low, Absent):
            return ""
        value, above = abs(self.difference.value), self.difference.value > 0
        number = int(value) if value == int(value) else 2  # as 0.4 points
        if number == 0:
            said = _("level with {who} (between {low} and {high} points): chance can do what differs")
        elif self.standing == "same" and above:
            said = ngettext(
                "{points} point above {who} (between {low} and {high}): chance can do that",
                "{points} points above {who} (between {low} and {high}): chance can do that",
                number,
            )
        elif self.standing == "same":
            said = ngettext(
                "{points} point below {who} (between {low} and {high}): chance can do that",
                "{points} points below {who} (between {low} and {high}): chance can do that",
                number,
            )
        elif above:
            said = ngettext(
                "{points} point above {who} (between {low} and {high}): more than chance explains",
                "{points} points above {who} (between {low} and {high}): more than chance explains",
                number,
            )
        else:
            said = ngettext(
                "{points} point below {who} (between {low} and {high}): more than chance explains",
                "{points} points below {who} (between {low} and {high}): more than chance explains",
                number,
            )
        points = self.difference.text.lstrip("+−")
        return said.format(points=points, who=self.who, low=self.low.text, high=self.high.text)


class BesideRow(NamedTuple):
    """A unit that stands apart from everybody else in the unit above it, by more than chance explains.

    unit, level: what it is called, and its level; whole: the units above; measure: the dimension.
    """

    unit: str
    level: str
    whole: str
    measure: str
    apart: UnitApart


class UnitEvidence(NamedTuple):
    """What the average of one unit in one dimension is worth; a named tuple for the same reason as `UnitScore`.

    view: whether its people see the dimension alike; "none" where nothing of the kind is said: of the organisation and
    of rests. words: the same as printed. deviation: mean AD(M) over the items as a share of what still counts as
    agreement; agreement: rwg(j); both to two decimals.
    shrunken: best guess of a team's index, whole; worth: how much the team's own average weighs in it, whole percent.
    if_low, if_high: between which whole points the index of everybody asked lies, whatever the others would have said.
    """

    view: View
    words: str
    deviation: Cell
    agreement: Cell
    shrunken: Cell
    worth: Cell
    if_low: Cell
    if_high: Cell


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit or team, parents before children, siblings by name; `rest` rows are "everybody else in …, together".

    path: names from the top-level unit down to this one; () for the organisation.
    dimensions, items: one entry per `ReportContent.dimensions` and per item, in their order.
    evidence: one entry per dimension. asked: how many people were asked.
    against, above: one entry per dimension, against everybody else in the organisation, and in the unit above; () of
    the organisation and of rests; above is also () of top-level units, of which it would say the same.
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
    evidence: tuple[UnitEvidence, ...] = ()
    asked: Cell = Absent("")
    against: tuple[UnitApart, ...] = ()
    above: tuple[UnitApart, ...] = ()


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


class GapRow(NamedTuple):
    """Two groups of one attribute in one dimension: how far they stand apart.

    one, other: what they stated; where: the unit, path: its path; measure_id: of the dimension. difference: signed
    whole points, one less the other; low, high: its 95 % interval; effect: Hedges' g. standing: above or below by more
    than chance explains, else same. said: the same in words.
    """

    attribute: str
    one: str
    other: str
    where: str
    measure: str
    difference: Cell
    low: Cell
    high: Cell
    effect: Cell
    standing: Standing
    said: str
    path: tuple[str, ...] = ()
    measure_id: str = ""


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
class ItemFitRow:
    """How one statement goes with the others of its dimension; remark: where it goes badly with them, "" elsewhere."""

    id: str
    label: str
    item_rest: Cell
    alpha_without: Cell
    remark: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What holds for a dimension in the whole organisation: do its statements belong together, do teams differ?

    Coefficients to two decimals. together, apart: what they mean, in words.
    """

    id: str
    label: str
    people: Cell
    alpha: Cell
    alpha_low: Cell
    alpha_high: Cell
    standardised: Cell
    omega: Cell
    halves: Cell
    together: str
    items: tuple[ItemFitRow, ...]
    teams: Cell
    team_people: Cell
    icc1: Cell
    icc2: Cell
    apart: str


@dataclass(frozen=True, slots=True)
class ViewMeaning:
    """One of the verdicts on how far a team agrees: what it is called, and what it means for its average."""

    view: View
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class DriverRow:
    """How much one statement adds to what all explain of an outcome, with its 95 % interval: shares of its variance."""

    id: str
    label: str
    weight: Cell
    low: Cell
    high: Cell


@dataclass(frozen=True, slots=True)
class DriverTable:
    """What goes with one outcome, in the order of the questionnaire. id, is_item: the dimension or item it is."""

    id: str
    label: str
    is_item: bool
    people: Cell
    explained: Cell
    caption: str
    rows: tuple[DriverRow, ...]


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """What an average is worth.

    *_notes: the findings of each part, () where the part has nothing to say; *_about: what its figures mean.
    note: why nothing can be said of the whole organisation; "" where something can.
    dimensions: one per dimension with a joint score, () where nothing may be said of any. views: the verdicts on teams.
    """

    note: str = ""
    dimensions: tuple[EvidenceRow, ...] = ()
    together_notes: tuple[str, ...] = ()
    together_about: tuple[str, ...] = ()
    apart_notes: tuple[str, ...] = ()
    apart_about: tuple[str, ...] = ()
    views: tuple[ViewMeaning, ...] = ()
    view_notes: tuple[str, ...] = ()
    view_about: tuple[str, ...] = ()
    guess_notes: tuple[str, ...] = ()
    guess_about: tuple[str, ...] = ()
    drivers: tuple[DriverTable, ...] = ()
    driver_notes: tuple[str, ...] = ()
    driver_about: tuple[str, ...] = ()
    others_notes: tuple[str, ...] = ()
    others_about: tuple[str, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.note or self.dimensions or self.view_notes or self.others_notes)


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


class Moved(NamedTuple):
    """One unit in one dimension, this wave against the last: whole points of the index, as printed in both.

    low, high: 95 % interval of the difference; smallest: the change that would have been seen in four of five cases.
    standing: above = better (or higher), below = worse (or lower), same = no visible change, none = cannot tell;
    verdict: the same in words.
    """

    measure: str
    before: Cell
    after: Cell
    difference: Cell
    low: Cell
    high: Cell
    smallest: Cell
    standing: Standing
    verdict: str


class MovedUnit(NamedTuple):
    """A unit in a dimension in which it has changed by more than chance explains. whole: the units above it."""

    unit: str
    level: str
    whole: str
    moved: Moved


@dataclass(frozen=True, slots=True)
class LastWave:
    """What has changed since the last wave. wave: its name; moved: by the path of the unit, a line per dimension.

    Units and dimensions that only one of the waves has are not in it. notes: what must be known of the comparison.
    said: what the lines of the organisation show. units: those that have changed, in the order of the report;
    units_note: what holds for these, "" where the survey names no units.
    """

    wave: str
    moved: Mapping[tuple[str, ...], tuple[Moved, ...]]
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    units: tuple[MovedUnit, ...] = ()
    units_note: str = ""

    @property
    def organisation(self) -> tuple[Moved, ...]:
        """The lines of the organisation as a whole."""
        return self.moved.get((), ())


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
    beside: units that stand apart from the rest of their unit. gaps: between their groups; gap_notes: what holds for
    these.
    comments: what people wrote; comment_notes: what must be read before, () where nobody asked for comments.
    evidence: what an average is worth. merged: teams that are reported together, as each is too small alone.
    last: what has changed since the last wave; None where nobody gave one.
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
    beside: tuple[BesideRow, ...] = ()
    gap_notes: tuple[str, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    comment_notes: tuple[str, ...] = ()
    comments: tuple[CommentQuestion, ...] = ()
    evidence: EvidenceContent = EvidenceContent()
    design: Design = PLAIN
    merged: "tuple[Merged, ...]" = ()
    last: LastWave | None = None
