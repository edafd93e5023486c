"""Team pages: what the manager of one unit reads; made of the content of the organisation report and nothing else."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from . import wording
from .charts import shades
from .content import (
    Absent,
    Cell,
    DistributionRow,
    Figure,
    ItemGroup,
    ReportContent,
    ScoreRow,
    Standing,
    UnitRow,
    UnitScore,
)
from .team_guides import (
    CLOSING,
    EXPERIMENTS,
    GENERAL,
    MISUSE,
    NO_PROOF,
    NOT_TO_ASK,
    NOT_VALIDATED,
    OPENING,
    PLAN,
    WHY_WITHHELD,
    WITHOUT_NUMBERS,
    Experiment,
    Step,
)

_LONGEST = 60  # signs of a file name that come from the names of units
_MOST_NAMED = 6  # dimensions and statements that are told apart, in each direction

_STANDINGS: Mapping[Standing, str] = {
    "above": "Higher than everybody else, by more than chance explains.",
    "below": "Lower than everybody else, by more than chance explains.",
    "same": "No difference can be seen.",
}

Role = Literal["own", "above", "organisation"]
Distributions = Mapping[tuple[str, str], DistributionRow]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with a page of its own. above: the units it lies in, the organisation first; file: the page's name."""

    unit: UnitRow
    above: tuple[UnitRow, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Column:
    """A unit whose figures stand on the page: the one it is about, the nearest shown one above it, the organisation."""

    role: Role
    row: UnitRow


@dataclass(frozen=True, slots=True)
class Measured:
    """A dimension or a statement: one score per column of the page, and what the first of them says, in words.

    remark: see `ScoreRow`. shares: of the unit's own answers to each point of the scale, the lowest first; () where the
    page shows none. bar: the same in whole percent, with the stylesheet's role of each, the least favourable first.
    """

    label: str
    remark: str
    scores: tuple[UnitScore, ...]
    finding: str
    shares: tuple[Cell, ...] = ()
    bar: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Statements of one dimension that share a scale. legend: role and label of each point; () without shares."""

    rows: tuple[Measured, ...]
    points: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    turned: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one dimension."""

    id: str
    name: str
    about: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """What to talk about: how to begin, what to leave, how to end, one thing to try; plan: of a meeting, or ()."""

    experiment: Experiment
    reason: str
    opening: tuple[str, ...]
    not_to_ask: tuple[str, ...]
    closing: tuple[str, ...]
    plan: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TeamContent:
    """All that the page of one unit says; of a withheld one nothing but its name is its own.

    path: the unit's name and level with those above it, the organisation first. what: "team" or "unit".
    report: the file of the organisation report, beside the folder of pages; "" where there is none.
    columns: whose figures stand on the page. higher, lower: what can be told apart from everybody else, in words.
    """

    file: str
    report: str
    path: tuple[tuple[str, str], ...]
    what: str
    withheld: bool
    subtitle: str
    lang: str
    version: str
    date: str
    source: str
    wave: str
    instrument: str
    instrument_id: str
    min_group: int
    rules: str
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    columns: tuple[Column, ...]
    response_rates: bool
    dimensions_caption: str
    dimensions: tuple[Measured, ...]
    higher: tuple[str, ...]
    lower: tuple[str, ...]
    apart_note: str
    guide: Guide
    items_note: str
    items: tuple[Group, ...]
    method: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the unit is called."""
        return self.path[-1][0]


def team_pages(content: ReportContent, *, report: str = "") -> tuple[TeamContent, ...]:
    """The pages of all units and teams, withheld ones too, in the order of the report.

    report: the name of the file of the organisation report. Rows of everybody else in a unit have no page.
    """
    spread = distributions(content)
    return tuple(team_page(content, place, spread, report=report) for place in places(content))


def places(content: ReportContent) -> tuple[Place, ...]:
    """Every unit that has a page, in the order of the report."""
    return tuple(_places(content.units))


def _places(units: Sequence[UnitRow]) -> Iterator[Place]:
    above: list[UnitRow] = []
    for unit in units:
        if unit.kind == "rest":
            continue
        above = [*above[: unit.depth], unit]
        if unit.kind != "organisation":
            yield Place(unit, tuple(above[:-1]), file_name(unit.path, unit.level))


def file_name(path: Sequence[str], level: str) -> str:
    """The name of a unit's page: its names in plain letters, and a fingerprint that keeps alike names apart.

    It is made of names alone, so it tells nothing of the answers, nor whether there is anything to see.

    >>> file_name(("Werkstatt", "Südhof 2"), "Team")
    'werkstatt-sudhof-2-133df34277.html'
    >>> file_name(("../../x",), "Team"), file_name(("…",), "Team")
    ('x-70077d555e.html', 'unit-420e0af668.html')
    """
    letters = unicodedata.normalize("NFKD", " ".join(path).casefold()).encode("ascii", "ignore").decode()
    plain = re.sub("[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].strip("-")
    print_ = hashlib.sha256("\x1f".join([*path, level]).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{plain or 'unit'}-{print_}.html"


def distributions(content: ReportContent) -> Distributions:
    """How answers spread, by the ids of the unit's row and of the item."""
    return {(row.unit_id, row.item_id): row for row in content.distributions}


def team_page(content: ReportContent, place: Place, spread: Distributions, *, report: str = "") -> TeamContent:
    """The page of one unit. spread: as `distributions` gives it."""
    unit, what = place.unit, "team" if place.unit.kind == "team" else "unit"
    columns = _columns(place)
    dimensions = _dimensions(content, columns)
    items = _groups(content, columns, spread)
    ours = [one for group in items for panel in group.panels for one in panel.rows]
    measured = (*dimensions, *ours)
    return TeamContent(
        file=place.file,
        report=report,
        path=tuple((row.name, row.level) for row in (*place.above, unit)),
        what=what,
        withheld=unit.withheld,
        subtitle=_subtitle(content, unit),
        lang=content.lang,
        version=content.version,
        date=content.date,
        source=content.source,
        wave=content.wave,
        instrument=content.instrument,
        instrument_id=content.instrument_id,
        min_group=content.min_group,
        rules=content.rules,
        notices=(*(() if content.directed else (NOT_VALIDATED,)), MISUSE),
        summary=_summary(content, columns, dimensions, what, withheld=unit.withheld),
        columns=columns,
        response_rates=any(isinstance(column.row.response_rate, Figure) for column in columns),
        dimensions_caption=_dimensions_caption(columns, what, withheld=unit.withheld),
        dimensions=dimensions,
        higher=() if unit.withheld else _told_apart(measured, "above"),
        lower=() if unit.withheld else _told_apart(measured, "below"),
        apart_note="" if unit.withheld else _apart_note(measured, what),
        guide=_guide(content, unit, what),
        items_note=_items_note(ours, what, withheld=unit.withheld),
        items=items,
        method=_method(content, report, what),
    )


def _columns(place: Place) -> tuple[Column, ...]:
    """The unit, unless it is withheld; the nearest shown unit above it; the organisation."""
    organisation, *between = place.above
    nearest = next((row for row in reversed(between) if not row.withheld), None)
    return (
        *([] if place.unit.withheld else [Column("own", place.unit)]),
        *([Column("above", nearest)] if nearest else []),
        Column("organisation", organisation),
    )


def _subtitle(content: ReportContent, unit: UnitRow) -> str:
    parts = [unit.level, f"wave {content.wave}" if content.wave else "", content.units[0].name]
    return " · ".join(part for part in parts if part)


# Dimensions and statements


def _dimensions(content: ReportContent, columns: Sequence[Column]) -> tuple[Measured, ...]:
    rows = []
    for place, row in enumerate(content.dimensions):
        scores = tuple(column.row.dimensions[place] for column in columns)
        rows.append(Measured(row.label, row.remark, scores, _finding(scores, columns[0])))
    return tuple(rows)


def _groups(content: ReportContent, columns: Sequence[Column], spread: Distributions) -> tuple[Group, ...]:
    groups, start = [], 0
    for group in content.items:
        panels = tuple(_panels(group, start, columns, spread))
        groups.append(Group(group.id, group.name, group.about, panels))
        start += len(group.rows)
    return tuple(groups)


def _panels(group: ItemGroup, start: int, columns: Sequence[Column], spread: Distributions) -> Iterator[Panel]:
    """The statements in the order asked, in a new table wherever the scale changes."""
    for (points, bands), some in groupby(group.rows, key=lambda row: (row.points, row.bands)):
        asked = tuple(some)
        rows = tuple(
            _statement(row, tuple(column.row.items[place] for column in columns), columns[0], spread)
            for place, row in enumerate(asked, start)
        )
        start += len(asked)
        if any(row.bar for row in rows):
            turned = any(row.bar and one.reverse for row, one in zip(rows, asked, strict=True))
            yield Panel(rows, points, tuple(zip(shades(bands), points, strict=True)), turned)
        else:
            yield Panel(tuple(replace(row, shares=()) for row in rows), (), (), turned=False)


def _statement(row: ScoreRow, scores: tuple[UnitScore, ...], first: Column, spread: Distributions) -> Measured:
    found = spread.get((first.row.id, row.id))
    shares = found.shares if found else (wording.WITHHELD,) * len(row.points)
    keyed = shares[::-1] if row.reverse else shares
    return Measured(
        label=row.label,
        remark=row.remark,
        scores=scores,
        finding=_finding(scores, first),
        shares=shares,
        bar=tuple((role, _percent(share)) for role, share in zip(shades(row.bands), keyed, strict=True) if found),
    )


def _percent(share: Cell) -> int:
    return round(share.value * 100) if isinstance(share, Figure) else 0


def _finding(scores: Sequence[UnitScore], first: Column) -> str:
    """The result of the page's first column in words, with its name if it is not the unit's own, beside the last's."""
    own, organisation = scores[0], scores[-1]
    if isinstance(own.index, Absent):
        return f"{own.index.text[0].upper()}{own.index.text[1:]}."
    said = f"{own.index.text} of 100" if first.role == "own" else f"{first.row.name}: {own.index.text} of 100"
    if isinstance(own.low, Figure) and isinstance(own.high, Figure):
        said += f", between {own.low.text} and {own.high.text}"
    if len(scores) > 1 and isinstance(organisation.index, Figure):
        said += f"; the organisation has {organisation.index.text}"
    return " ".join(filter(None, (f"{said}.", _standing_in_words(own, organisation))))


def _standing_in_words(own: UnitScore, organisation: UnitScore) -> str:
    """Whether the unit differs; where the intervals look as if it did, why that is not said."""
    if own.standing == "same" and _is_outside(organisation.index, own.low, own.high):
        return "It looks like a difference, but with so many comparisons chance can still explain it."
    return _STANDINGS.get(own.standing, "")


def _is_outside(index: Cell, low: Cell, high: Cell) -> bool:
    if isinstance(index, Figure) and isinstance(low, Figure) and isinstance(high, Figure):
        return not low.value <= index.value <= high.value
    return False


# What the unit's own figures say


def _summary(
    content: ReportContent, columns: Sequence[Column], dimensions: Sequence[Measured], what: str, *, withheld: bool
) -> tuple[str, ...]:
    if withheld:
        return tuple(text.format(what=what) for text in WHY_WITHHELD)
    no_proof = NO_PROOF if content.directed else ""
    said = (_participation(columns[0].row), _apart(dimensions, what), _noise(dimensions), no_proof)
    return tuple(filter(None, said))


def _participation(unit: UnitRow) -> str:
    people = wording.people(int(unit.n.value)) if isinstance(unit.n, Figure) else ""
    rate = f", {unit.response_rate.text} of those who were asked" if isinstance(unit.response_rate, Figure) else ""
    return f"{people} answered{rate}." if people else ""


def _apart(dimensions: Sequence[Measured], what: str) -> str:
    """In which dimensions the unit can be told apart; "" where nothing was compared."""
    compared = [one for one in dimensions if one.scores[0].standing in _STANDINGS]
    by_standing: dict[str, list[str]] = {
        standing: [one.label for one in compared if one.scores[0].standing == standing] for standing in _STANDINGS
    }
    apart = [
        f"{word} than everybody else in the organisation, by more than chance explains:"
        f" {wording.listed(by_standing[standing])}."
        for standing, word in (("above", "Higher"), ("below", "Lower"))
        if by_standing[standing]
    ]
    if not compared:
        return ""
    if not apart:
        return (
            f"In no dimension can this {what} be told apart from everybody else in the organisation. That does not mean"
            " that it is like them: in a small group only large differences can be seen."
        )
    rest = ["In the other dimensions no difference can be seen."] if by_standing["same"] else []
    return " ".join((*apart, *rest))


def _noise(dimensions: Sequence[Measured]) -> str:
    """How far chance alone carries an index of this unit: half of its widest interval."""
    reach = max((_reach(one.scores[0]) for one in dimensions), default=0)
    if not reach:
        return ""
    return (
        f"With this many answers, chance alone can move an index by about {reach} points up or down."
        " A smaller gap says nothing."
    )


def _reach(score: UnitScore) -> int:
    if not isinstance(score.low, Figure) or not isinstance(score.high, Figure):
        return 0
    return int(score.high.value - score.low.value + 1) // 2


def _dimensions_caption(columns: Sequence[Column], what: str, *, withheld: bool) -> str:
    names = wording.listed([column.row.name for column in columns if column.role != "own"])
    if withheld:
        return f"The results of {names}. The answers of this {what} are among them and cannot be told apart."
    return (
        f"This {what}, beside {names}. The dot is the index; the band around it is where the true value may well lie."
    )


def _told_apart(measured: Sequence[Measured], standing: Standing) -> tuple[str, ...]:
    found = [one for one in measured if one.scores[0].standing == standing]
    said = [f"{one.label}: {one.finding.removesuffix(_STANDINGS[standing]).strip()}" for one in found[:_MOST_NAMED]]
    more = ["More statements carry the same mark in the tables below."] if len(found) > len(said) else []
    return (*said, *more)


def _apart_note(measured: Sequence[Measured], what: str) -> str:
    standings = {one.scores[0].standing for one in measured}
    if standings & {"above", "below"}:
        return (
            "Only what differs from everybody else in the organisation by more than chance explains stands here, in the"
            " order asked. It is a place to begin a conversation, not a verdict."
        )
    if "same" not in standings:
        return "Nothing was compared: there is nobody else, or no common score, to compare with."
    return (
        f"No dimension and no statement of this {what} can be told apart from the rest of the organisation. Please do"
        " not look for a highest and a lowest one: with this many answers, chance alone can order them."
    )


def _items_note(rows: Sequence[Measured], what: str, *, withheld: bool) -> str:
    if withheld:
        return f"The same for every statement. No figure here is on this {what} alone."
    said = "One statement is a thin thread: look for what several say together."
    if not any(row.bar or isinstance(row.scores[0].favourable, Figure) for row in rows):
        said += (
            f" How the answers of this {what} spread over the points of the scale is not shown: in a group of this size"
            " somebody could count back from a share who ticked what. So there are averages only."
        )
    if any(isinstance(row.scores[0].index, Absent) for row in rows):
        said += (
            " Where a figure is withheld, that protects people; some are withheld by lot, so it is no hint to anything."
        )
    return said


def _guide(content: ReportContent, unit: UnitRow, what: str) -> Guide:
    if unit.withheld:
        reason = f"This works without any figure of the {what}."
        return Guide(GENERAL, reason, WITHOUT_NUMBERS, NOT_TO_ASK, CLOSING, PLAN)
    reason, experiment = _experiment(content, unit, what)
    return Guide(experiment, reason, OPENING, NOT_TO_ASK, CLOSING, ())


def _experiment(content: ReportContent, unit: UnitRow, what: str) -> tuple[str, Experiment]:
    """One thing to try: on what stands lower than everybody else, if anything does and something is known to help."""
    lower = [
        (row.id, row.label)
        for row, score in zip(content.dimensions, unit.dimensions, strict=True)
        if score.standing == "below"
    ]
    scores = iter(unit.items)
    lower += [(group.id, group.name) for group in content.items for _ in group.rows if next(scores).standing == "below"]
    for id_, name in lower:
        if id_ in EXPERIMENTS and content.directed:
            return f"Because something on {name} stands lower than elsewhere.", EXPERIMENTS[id_]
    return f"Nothing calls for one thing more than another, so let the {what} choose. If it has no wish:", GENERAL


def _method(content: ReportContent, report: str, what: str) -> tuple[str, ...]:
    more = "The organisation report says more on this" if report else "The report of the organisation says more"
    return (
        (
            "The index is the average answer, put on a scale from 0 to 100; statements that run the other way are"
            " turned round first. The interval holds the true value in 95 of 100 such surveys, as far as chance goes;"
            " it does not know who stayed away."
        ),
        (
            "A difference is named only against everybody else in the organisation, never against another team, and"
            " only where it is larger than chance explains, with so many comparisons made at once."
        ),
        (
            f"No group below {content.min_group} is shown, and nothing from which a smaller one could be worked out. No"
            f" page tells of another {what}. {more}, and on what is hidden and why."
        ),
    )
