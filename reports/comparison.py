"""ComparisonContent: all that a comparison of waves says, once, for every format."""

from dataclasses import dataclass
from typing import NamedTuple

from .content import Absent, Cell, Figure, Section, Standing


def points_of(difference: Cell) -> str:
    """A difference in words.

    >>> points_of(Figure(8, "+8", "0")), points_of(Figure(-1, "−1", "0")), points_of(Figure(0, "0", "0"))
    ('8 points more', '1 point less', 'no difference')
    >>> points_of(Figure(0.4, "+0.4", "0.0")), points_of(Absent("cannot tell"))
    ('0.4 points more', 'cannot tell')
    """
    if isinstance(difference, Absent):
        return difference.text
    if difference.value == 0:
        return "no difference"
    noun = "point" if abs(difference.value) == 1 else "points"
    return f"{difference.text.lstrip('+−')} {noun} {'more' if difference.value > 0 else 'less'}"


class Change(NamedTuple):
    """One unit in one dimension or item, the last wave against the one before.

    difference: after minus before, whole points of the index; low, high: its 95 % interval. smallest: what would have
    been seen in four of five cases; effect: Hedges' g. standing: above = better (or higher), below = worse (or lower),
    same = no visible change, none = cannot tell; verdict: the same in words.
    """

    unit: str
    measure: str
    n_before: Cell
    n_after: Cell
    before: Cell
    after: Cell
    difference: Cell
    low: Cell
    high: Cell
    smallest: Cell
    effect: Cell
    standing: Standing
    verdict: str

    @property
    def sentence(self) -> str:
        """The change in words, for hover texts and screen readers."""
        return f"{self.unit}, {self.measure}: {self.in_words}"

    @property
    def in_words(self) -> str:
        """The same without whose it is."""
        if isinstance(self.difference, Absent):
            return f"{self.verdict}, one of the waves does not print it"
        moved = f"from {self.before.text} to {self.after.text}, {points_of(self.difference)}"
        if isinstance(self.low, Absent):
            return f"{moved}: {self.verdict}, it is not known how answers spread"
        said = f"{moved}, between {self.low.text} and {self.high.text}: {self.verdict}"
        if self.standing in {"same", "none"} and isinstance(self.smallest, Figure):
            return f"{said}; less than {self.smallest.text} points is invisible here"
        return said


class Level(NamedTuple):
    """The index of one wave with its 95 % interval."""

    wave: str
    index: Cell  # type: ignore[assignment]  # no use here for tuple.index
    low: Cell
    high: Cell

    @property
    def in_words(self) -> str:
        """The value and its interval, for hover texts."""
        sure = f", between {self.low.text} and {self.high.text}" if isinstance(self.low, Figure) else ""
        return f"{self.wave}: {self.index.text} of 100{sure}"


class Trend(NamedTuple):
    """One unit in one dimension over all waves; slope: points per wave, with its 95 % interval.

    standing, verdict: whether the line may be said to rise or fall.
    """

    measure: str
    levels: tuple[Level, ...]
    slope: Cell
    low: Cell
    high: Cell
    standing: Standing
    verdict: str

    @property
    def sentence(self) -> str:
        """The level and the slope in words."""
        shown = [level for level in self.levels if isinstance(level.index, Figure)]
        stands = f"{self.measure} stood at {shown[-1].index.text} in {shown[-1].wave}" if shown else self.measure
        if isinstance(self.slope, Absent) or isinstance(self.low, Absent):
            return f"{stands}: {self.verdict}."
        line = f"about {points_of(self.slope)} per wave, between {self.low.text} and {self.high.text}"
        if self.slope.value == 0:
            line = f"about level, between {self.low.text} and {self.high.text} points per wave"
        return f"{stands}: {self.verdict}; {line}."


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A dimension or an item that is compared. group: of an item, the name of its dimension; "" where it has none.

    rank_test: p of the rank test of the organisation's answers, a check beside the comparison of means.
    """

    id: str
    label: str
    group: str
    rank_test: Cell


@dataclass(frozen=True, slots=True)
class ComparedUnit:
    """A unit that both waves have, the organisation first; one entry per dimension, per item, and per dimension again.

    larger: whether it has parts of its own.
    """

    id: str
    name: str
    level: str
    depth: int
    path: tuple[str, ...]
    larger: bool
    n_before: Cell
    n_after: Cell
    dimensions: tuple[Change, ...]
    items: tuple[Change, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave as it was published: answers, units and teams that it prints, and the smallest group it shows."""

    name: str
    title: str
    n: Cell
    printed: Cell
    min_group: Cell
    rules: str


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What is left out, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class BenchmarkLine:
    """The organisation in the last wave against a figure from elsewhere."""

    id: str
    label: str
    source: str
    n: Cell
    mean: Cell
    index: Cell
    difference: Cell
    low: Cell
    high: Cell
    standing: Standing
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparisonContent:
    """All that a comparison says.

    before, after: names of the last two waves. legend: what the marks mean. trends: whether there are three waves.
    *_caption: the finding of the part, in a sentence; dimension_captions: one per dimension, on its units.
    """

    title: str
    subtitle: str
    lang: str
    version: str
    date: str
    instrument_id: str
    directed: bool
    before: str
    after: str
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    waves: tuple[WaveRow, ...]
    order: str
    not_compared: tuple[NotCompared, ...]
    legend: tuple[tuple[Standing, str], ...]
    dimensions: tuple[MeasureRow, ...]
    dimensions_caption: str
    dimension_captions: tuple[str, ...]
    trends: bool
    trend_caption: str
    items: tuple[MeasureRow, ...]
    items_caption: str
    units: tuple[ComparedUnit, ...]
    units_caption: str
    benchmark: tuple[BenchmarkLine, ...]
    benchmark_caption: str
    advice: tuple[str, ...]
    method: tuple[Section, ...]
