"""Team pages: what the manager of one unit reads; made of the content of the organisation report and nothing else."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from ...languages import gettext as _, marked, speaking
from .. import wording
from ..charts import shades
from ..content import (
    Absent,
    Cell,
    DistributionRow,
    Figure,
    ItemGroup,
    Moved,
    ReportContent,
    ScoreRow,
    Standing,
    UnitEvidence,
    UnitRow,
    UnitScore,
    View,
    told,
)
from ..since_last import at_a_glance, said_of
from .guides import (
    CLOSING,
    EXPERIMENTS,
    GENERAL,
    MISUSE,
    NO_PROOF,
    NOT_TO_ASK,
    NOT_TO_ASK_WITHOUT_NUMBERS,
    NOT_VALIDATED,
    OPENING,
    PLAN,
    VIEWS,
    WHY_WITHHELD,
    WITHOUT_NUMBERS,
    Experiment,
    Step,
)

_LONGEST = 60  # signs of a file name that come from the names of units
_PAIR = 2
_MOST_NAMED = 6  # dimensions and statements that are told apart, in each direction

_STANDINGS: Mapping[Standing, str] = {
    "above": marked("Higher than everybody else, by more than chance explains."),
    "below": marked("Lower than everybody else, by more than chance explains."),
    "same": marked("No difference can be seen."),
}

What = Literal["team", "unit"]
Role = Literal["own", "above", "organisation"]
Distributions = Mapping[tuple[str, str], DistributionRow]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with a page of its own. above: the units it lies in, the organisation first; file: the page's name.

    siblings: how many units lie in the one above, itself among them.
    """

    unit: UnitRow
    above: tuple[UnitRow, ...]
    file: str
    siblings: int


@dataclass(frozen=True, slots=True)
class Column:
    """A unit whose figures stand on the page: the one it is about, the nearest shown one above it, the organisation.

    name: what the page calls it; the organisation by that word, as the title of a report need not be a name.
    """

    role: Role
    row: UnitRow
    name: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A dimension or a statement: one score per column of the page, and what the first of them says, in words.

    verdict: of the same, whether it differs from everybody else. remark: see `ScoreRow`. shares: of the unit's own
    answers to each point of the scale, the lowest first; () where the page shows none. bar: the same in whole percent,
    with the stylesheet's role of each, the least favourable first.
    """

    label: str
    remark: str
    scores: tuple[UnitScore, ...]
    finding: str
    verdict: str
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
class Sight:
    """Whether a unit sees a dimension alike. words: the verdict."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Beside:
    """How far a unit stands from other people in a dimension, in a sentence that says whom."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Others:
    """A dimension's index of everybody asked: between which values it lies, whatever the others would have said."""

    label: str
    low: Cell
    high: Cell


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
    beside: how far the unit stands from others in each dimension of which it can be said; beside_note: how to read it.
    sights: one per dimension, or () where no verdict can be given on any; others: the same where people stayed away.
    meanings: the verdicts that were given, each with what it asks of the conversation.
    sights_note, others_note: what must be read before; "" where nothing of the kind is said of the unit.
    last_wave: name of the wave that moved compares with, last_notes: what that shows; "" and () where there is none.
    together: said where teams too small to be shown alone are reported as one; else "".
    """

    file: str
    report: str
    path: tuple[tuple[str, str], ...]
    what: What
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
    together: str
    summary: tuple[str, ...]
    columns: tuple[Column, ...]
    response_rates: bool
    headcounts: bool
    dimensions_caption: str
    dimensions: tuple[Measured, ...]
    beside_note: str
    beside: tuple[Beside, ...]
    sights_note: str
    sights: tuple[Sight, ...]
    meanings: tuple[tuple[str, str], ...]
    others_note: str
    others: tuple[Others, ...]
    last_wave: str
    last_notes: tuple[str, ...]
    moved: tuple[Moved, ...]
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be told of one dimension of a unit: against everybody else, among its people, against the last wave."""

    label: str
    standing: Standing
    view: View
    change: Standing = "none"


def seen_of(content: ReportContent, unit: UnitRow) -> tuple[Seen, ...]:
    """The same for every dimension."""
    evidence: Sequence[UnitEvidence | None] = unit.evidence or (None,) * len(content.dimensions)
    changes = {one.measure: one.standing for one in moved_of(content, unit)}
    return tuple(
        Seen(row.label, score.standing, found.view if found else "none", changes.get(row.label, "none"))
        for row, score, found in zip(content.dimensions, unit.dimensions, evidence, strict=True)
    )


def moved_of(content: ReportContent, unit: UnitRow) -> tuple[Moved, ...]:
    """What has changed since the last wave; () where one of the waves prints nothing of the unit."""
    found = content.last.moved.get(unit.path, ()) if content.last else ()
    return found if any(isinstance(one.difference, Figure) for one in found) else ()


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
    siblings = Counter(unit.path[:-1] for unit in units if unit.kind in {"unit", "team"})
    for unit in units:
        if unit.kind == "rest":
            continue
        above = [*above[: unit.depth], unit]
        if unit.kind != "organisation":
            yield Place(unit, tuple(above[:-1]), file_name(unit.path, unit.level), siblings[unit.path[:-1]])


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
    """The page of one unit, in the language of the report. spread: as `distributions` gives it."""
    with speaking(content.lang):
        return _team_page(content, place, spread, report)


def _team_page(content: ReportContent, place: Place, spread: Distributions, report: str) -> TeamContent:
    unit = place.unit
    what: What = "team" if unit.kind == "team" else "unit"
    columns = _columns(place)
    dimensions = _dimensions(content, columns)
    items = _groups(content, columns, spread)
    ours = [one for group in items for panel in group.panels for one in panel.rows]
    measured = (*dimensions, *ours)
    sights = () if unit.withheld else _sights(content, unit)
    others = () if unit.withheld else _others(content, unit)
    beside = () if unit.withheld else _beside(content, place)
    moved = () if unit.withheld else moved_of(content, unit)
    last_notes = () if unit.withheld else _last_notes(content, moved, what)
    return TeamContent(
        file=place.file,
        report=report,
        path=tuple((row.name, row.level) for row in (*place.above, unit)),
        what=what,
        withheld=unit.withheld,
        subtitle=subtitle(content, unit),
        lang=content.lang,
        version=content.version,
        date=content.date,
        source=content.source,
        wave=content.wave,
        instrument=content.instrument,
        instrument_id=content.instrument_id,
        min_group=content.min_group,
        rules=content.rules,
        notices=(*(() if content.directed else (_(NOT_VALIDATED),)), _(MISUSE)),
        together=together(content, unit),
        summary=_summary(content, columns, dimensions, moved, what, withheld=unit.withheld),
        columns=columns,
        response_rates=any(isinstance(column.row.response_rate, Figure) for column in columns),
        headcounts=any(isinstance(column.row.asked, Figure) for column in columns),
        dimensions_caption=_(_AMONG_THESE[what]) if unit.withheld else _(_LANES),
        dimensions=dimensions,
        beside_note=_(_READ_BESIDE) if beside else "",
        beside=beside,
        sights_note="" if unit.withheld else _sights_note(unit, sights),
        sights=sights,
        meanings=_meanings(unit) if sights else (),
        others_note=_others_note(unit) if others else "",
        others=others,
        last_wave=content.last.wave if content.last and last_notes else "",
        last_notes=last_notes,
        moved=moved,
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
        *([] if place.unit.withheld else [Column("own", place.unit, place.unit.name)]),
        *([Column("above", nearest, nearest.name)] if nearest else []),
        Column("organisation", organisation, _("The organisation")),
    )


def subtitle(content: ReportContent, unit: UnitRow) -> str:
    """The line below the name: what it is, the wave, the organisation."""
    wave = _("wave {wave}").format(wave=content.wave) if content.wave else ""
    return " · ".join(part for part in (unit.level, wave, content.units[0].name) if part)


def together(content: ReportContent, unit: UnitRow) -> str:
    """What a reader must know of teams that are reported as one; "" of any other unit."""
    parts = next((one.parts for one in content.merged if one.path == unit.path), ())
    if not parts:
        return ""
    return _(
        "{names} are reported together, because each of them is too small to be shown alone. Nothing here tells which"
        " of them an answer came from; please do not try to tell them apart."
    ).format(names=wording.listed(parts))


# Dimensions and statements


def _dimensions(content: ReportContent, columns: Sequence[Column]) -> tuple[Measured, ...]:
    rows = []
    for place, row in enumerate(content.dimensions):
        scores = tuple(column.row.dimensions[place] for column in columns)
        rows.append(Measured(row.label, row.remark, scores, *_finding(scores, columns[0])))
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
    shares = found.shares if found else (wording.withheld(),) * len(row.points)
    keyed = shares[::-1] if row.reverse else shares
    finding, verdict = _finding(scores, first)
    return Measured(
        label=row.label,
        remark=row.remark,
        scores=scores,
        finding=finding,
        verdict=verdict,
        shares=shares,
        bar=tuple((role, _percent(share)) for role, share in zip(shades(row.bands), keyed, strict=True) if found),
    )


def _percent(share: Cell) -> int:
    return round(share.value * 100) if isinstance(share, Figure) else 0


def _finding(scores: Sequence[UnitScore], first: Column) -> tuple[str, str]:
    """The result of the page's first column in words, with its name if it is not the unit's own, beside the last's.

    And the verdict of it: whether the unit differs.
    """
    own, organisation = scores[0], scores[-1]
    if isinstance(own.index, Absent):
        return (f"{wording.capitalised(own.index.text)}.",) * 2
    has_ends = isinstance(own.low, Figure) and isinstance(own.high, Figure)
    has_other = len(scores) > 1 and isinstance(organisation.index, Figure)
    said = _scores_in_words(has_ends=has_ends, has_other=has_other, named=first.role != "own").format(
        name=first.name,
        index=own.index.text,
        low=own.low.text,
        high=own.high.text,
        other=organisation.index.text,
    )
    verdict = _standing_in_words(own, organisation)
    return " ".join(filter(None, (said, verdict))), verdict


def _scores_in_words(*, has_ends: bool, has_other: bool, named: bool) -> str:
    if named:
        if has_ends:
            return (
                _("{name}: {index} of 100, between {low} and {high}; the organisation has {other}.")
                if has_other
                else _("{name}: {index} of 100, between {low} and {high}.")
            )
        return _("{name}: {index} of 100; the organisation has {other}.") if has_other else _("{name}: {index} of 100.")
    if has_ends:
        return (
            _("{index} of 100, between {low} and {high}; the organisation has {other}.")
            if has_other
            else _("{index} of 100, between {low} and {high}.")
        )
    return _("{index} of 100; the organisation has {other}.") if has_other else _("{index} of 100.")


def _standing_in_words(own: UnitScore, organisation: UnitScore) -> str:
    """Whether the unit differs; where the intervals look as if it did, why that is not said."""
    if own.standing == "same" and _is_outside(organisation.index, own.low, own.high):
        return _("It looks like a difference, but with so many comparisons chance can still explain it.")
    return _(_STANDINGS[own.standing]) if own.standing in _STANDINGS else ""


def _is_outside(index: Cell, low: Cell, high: Cell) -> bool:
    if isinstance(index, Figure) and isinstance(low, Figure) and isinstance(high, Figure):
        return not low.value <= index.value <= high.value
    return False


# What the unit's own figures say


def _summary(
    content: ReportContent,
    columns: Sequence[Column],
    dimensions: Sequence[Measured],
    moved: Sequence[Moved],
    what: What,
    *,
    withheld: bool,
) -> tuple[str, ...]:
    if withheld:
        return tuple(map(_, WHY_WITHHELD[what]))
    no_proof = _(NO_PROOF) if content.directed else ""
    said = (
        _participation(columns[0].row),
        _apart(dimensions, what),
        *at_a_glance(moved, directed=content.directed),
        _noise(dimensions),
        no_proof,
    )
    return tuple(filter(None, said))


def _participation(unit: UnitRow) -> str:
    if not isinstance(unit.n, Figure):
        return ""
    people = wording.people(int(unit.n.value))
    if isinstance(unit.response_rate, Figure):
        return _("{people} answered, {rate} of those who were asked.").format(
            people=people, rate=unit.response_rate.text
        )
    return _("{people} answered.").format(people=people)


def _apart(dimensions: Sequence[Measured], what: What) -> str:
    """In which dimensions the unit can be told apart; "" where nothing was compared."""
    compared = [one for one in dimensions if one.scores[0].standing in _STANDINGS]
    if not compared:
        return ""
    higher, lower, same = (
        [one.label for one in compared if one.scores[0].standing == standing] for standing in _STANDINGS_IN_ORDER
    )
    if not (higher or lower):
        return _(_NOT_APART[what])
    said = [
        sentence.format(names=wording.listed(names))
        for sentence, names in (
            (_("Higher than everybody else in the organisation, by more than chance explains: {names}."), higher),
            (_("Lower than everybody else in the organisation, by more than chance explains: {names}."), lower),
        )
        if names
    ]
    return " ".join((*said, *([_("In the other dimensions no difference can be seen.")] if same else [])))


_STANDINGS_IN_ORDER: tuple[Standing, ...] = ("above", "below", "same")
_NOT_APART: Mapping[What, str] = {
    "team": marked(
        "In no dimension can this team be told apart from everybody else in the organisation. That does not mean"
        " that it is like them."
    ),
    "unit": marked(
        "In no dimension can this unit be told apart from everybody else in the organisation. That does not mean"
        " that it is like them."
    ),
}


def _noise(dimensions: Sequence[Measured]) -> str:
    """How far chance alone carries an index of this unit: half of its widest interval."""
    reach = max((_reach(one.scores[0]) for one in dimensions), default=0)
    if not reach:
        return ""
    return _(
        "With this many answers, chance alone can move an average by about {points} points up or down. A smaller gap"
        " says nothing, and a larger one only where this page calls it more than chance."
    ).format(points=wording.count(reach).text)


def _reach(score: UnitScore) -> int:
    if not isinstance(score.low, Figure) or not isinstance(score.high, Figure):
        return 0
    return int(score.high.value - score.low.value + 1) // 2


_LANES = marked(
    "The dot is the index: the average answer, on a scale from 0 to 100. The band around it is where the true value may"
    " well lie."
)
_AMONG_THESE: Mapping[What, str] = {
    "team": marked("The answers of this team are among these results and cannot be told apart from the others."),
    "unit": marked("The answers of this unit are among these results and cannot be told apart from the others."),
}


# How far others are away

_READ_BESIDE = marked(
    "How far the index lies from that of everybody else. Where the table says that chance can do it, please read"
    " nothing into it, even if the interval leaves out 0: many comparisons were made at once. Where chance cannot, ask"
    " what is different, not who is to blame."
)


def _beside(content: ReportContent, place: Place) -> tuple[Beside, ...]:
    """Against everybody else in the unit above; in the organisation, where nothing can be said of that.

    Nor is it said where everybody else is the one other team, whose result no other page is to tell.
    """
    apart = place.unit.above if place.siblings > _PAIR else ()
    if not any(one.sentence for one in apart):
        apart = place.unit.against
    pairs = zip(content.dimensions, apart, strict=False)
    return tuple(Beside(row.label, one.sentence) for row, one in pairs if one.sentence)


# Whether people see it alike, and those who did not answer


def _sights(content: ReportContent, unit: UnitRow) -> tuple[Sight, ...]:
    """What is said of every dimension; () where there is no verdict on any."""
    if not any(evidence.view in _VERDICTS for evidence in unit.evidence):
        return ()
    return tuple(
        Sight(row.label, evidence.words) for row, evidence in zip(content.dimensions, unit.evidence, strict=True)
    )


def _meanings(unit: UnitRow) -> tuple[tuple[str, str], ...]:
    words = {evidence.view: evidence.words for evidence in unit.evidence}
    return tuple((words[view], _(meaning)) for view, meaning in VIEWS.items() if view in words)


_VERDICTS: frozenset[View] = frozenset({"shared", "mixed", "split"})


def _sights_note(unit: UnitRow, sights: Sequence[Sight]) -> str:
    if sights:
        return _(
            "The same average can come from people who agree and from people who do not. This is judged from how the"
            " answers to each statement spread, never from what one person answered."
        )
    if unit.evidence:
        return _(
            "The same average can come from people who agree and from people who do not. Here nobody can tell which:"
            " there are too few answers. So please do not speak of “the” view of the team, and do not guess."
        )
    return ""


def _others(content: ReportContent, unit: UnitRow) -> tuple[Others, ...]:
    """Every dimension of which it can be said; () where everybody answered, or nobody knows who was asked."""
    if not isinstance(unit.asked, Figure) or not isinstance(unit.n, Figure) or unit.asked.value <= unit.n.value:
        return ()
    return tuple(
        Others(row.label, evidence.if_low, evidence.if_high)
        for row, evidence in zip(content.dimensions, unit.evidence, strict=False)
        if isinstance(evidence.if_low, Figure) and isinstance(evidence.if_high, Figure)
    )


def _others_note(unit: UnitRow) -> str:
    return _(
        "{answered} of {asked} people answered. Nobody knows what the others would have said, and silence is an answer"
        " that deserves respect. If all of them had ticked the lowest or the highest point throughout, the index of"
        " everybody asked would lie at these ends. The truth lies somewhere between them."
    ).format(answered=unit.n.text, asked=unit.asked.text)


# What has changed


def _last_notes(content: ReportContent, moved: Sequence[Moved], what: What) -> tuple[str, ...]:
    """What the table of changes shows, in sentences; () where no last wave was given."""
    last = content.last
    if last is None:
        return ()
    if not moved:
        return (_(_NOT_THEN[what]).format(wave=last.wave),)
    return (*last.notes, *said_of(moved, directed=content.directed))


_NOT_THEN: Mapping[What, str] = {
    "team": marked("Nothing of this team is shown in the wave {wave}, so nothing can be said of a change."),
    "unit": marked("Nothing of this unit is shown in the wave {wave}, so nothing can be said of a change."),
}


# What stands out, and what to do


def _told_apart(measured: Sequence[Measured], standing: Standing) -> tuple[str, ...]:
    found = [one for one in measured if one.scores[0].standing == standing]
    suffix = _(_STANDINGS[standing])
    said = [told(one.label, one.finding.removesuffix(suffix).strip()) for one in found[:_MOST_NAMED]]
    more = [_("More statements carry the same mark in the tables below.")] if len(found) > len(said) else []
    return (*said, *more)


def _apart_note(measured: Sequence[Measured], what: What) -> str:
    standings = {one.scores[0].standing for one in measured}
    if standings & {"above", "below"}:
        return _(
            "Only what differs from everybody else in the organisation by more than chance explains stands here, in the"
            " order asked. It is a place to begin a conversation, not a verdict."
        )
    if "same" not in standings:
        return _("Nothing was compared: there is nobody else, or no common score, to compare with.")
    return _(_NOTHING_APART[what])


_NOTHING_APART: Mapping[What, str] = {
    "team": marked(
        "No dimension and no statement of this team can be told apart from the rest of the organisation. Please do"
        " not look for a highest and a lowest one: with this many answers, chance alone can order them."
    ),
    "unit": marked(
        "No dimension and no statement of this unit can be told apart from the rest of the organisation. Please do"
        " not look for a highest and a lowest one: with this many answers, chance alone can order them."
    ),
}


def _items_note(rows: Sequence[Measured], what: What, *, withheld: bool) -> str:
    if withheld:
        return _(_NOT_ON_THIS[what])
    said = [
        _("The index of every statement, with its interval below it."),
        _("One statement is a thin thread: look for what several say together."),
    ]
    if not any(row.bar or isinstance(row.scores[0].favourable, Figure) for row in rows):
        said.append(_(_NO_SHARES[what]))
    if any(isinstance(row.scores[0].index, Absent) for row in rows):
        said.append(
            _(
                "Where a figure is withheld, that protects people; some are withheld by lot, so it is no hint to"
                " anything."
            )
        )
    return " ".join(said)


_NOT_ON_THIS: Mapping[What, str] = {
    "team": marked("The same for every statement. No figure here is on this team alone."),
    "unit": marked("The same for every statement. No figure here is on this unit alone."),
}
_NO_SHARES: Mapping[What, str] = {
    "team": marked(
        "How the answers of this team spread over the points of the scale is not shown: in a group of this size"
        " somebody could count back from a share who ticked what. So there are averages only."
    ),
    "unit": marked(
        "How the answers of this unit spread over the points of the scale is not shown: in a group of this size"
        " somebody could count back from a share who ticked what. So there are averages only."
    ),
}


def _guide(content: ReportContent, unit: UnitRow, what: What) -> Guide:
    if unit.withheld:
        reason, experiment, opening, plan = _(_WITHOUT_FIGURES[what]), GENERAL, WITHOUT_NUMBERS, PLAN
        avoided = NOT_TO_ASK_WITHOUT_NUMBERS
    else:
        (reason, experiment), opening, plan = _experiment(content, unit, what), OPENING, ()
        avoided = NOT_TO_ASK
    return Guide(
        Experiment(_(experiment.practice), _(experiment.text), _(experiment.check_in)),
        reason,
        tuple(map(_, opening)),
        tuple(map(_, avoided)),
        tuple(map(_, CLOSING)),
        tuple(Step(_(one.minutes), _(one.name), _(one.text)) for one in plan),
    )


_WITHOUT_FIGURES: Mapping[What, str] = {
    "team": marked("This works without any figure of the team."),
    "unit": marked("This works without any figure of the unit."),
}
_ITS_CHOICE: Mapping[What, str] = {
    "team": marked("Nothing calls for one thing more than another, so let the team choose. If it has no wish:"),
    "unit": marked("Nothing calls for one thing more than another, so let the unit choose. If it has no wish:"),
}


def _experiment(content: ReportContent, unit: UnitRow, what: What) -> tuple[str, Experiment]:
    """One thing to try: on what stands lower than everybody else, if anything does and something is known to help."""
    lower = [
        (row.id, row.label)
        for row, score in zip(content.dimensions, unit.dimensions, strict=True)
        if score.standing == "below"
    ]
    scores = iter(unit.items)
    lower += [
        (group.id, group.name) for group in content.items for _row in group.rows if next(scores).standing == "below"
    ]
    for id_, name in lower:
        if id_ in EXPERIMENTS and content.directed:
            reason = _("Because something on {dimension} stands lower than elsewhere.").format(dimension=name)
            return reason, EXPERIMENTS[id_]
    return _(_ITS_CHOICE[what]), GENERAL


def _method(content: ReportContent, report: str, what: What) -> tuple[str, ...]:
    hidden = (_HIDDEN_IN_REPORT if report else _HIDDEN)[what]
    return (
        _(
            "The index is the average answer, put on a scale from 0 to 100; statements that run the other way are"
            " turned round first. The interval holds the true value in 95 of 100 such surveys, as far as chance goes;"
            " it does not know who stayed away."
        ),
        _(
            "A difference is named only against everybody else in the organisation, never against another team, and"
            " only where it is larger than chance explains, with so many comparisons made at once."
        ),
        _(hidden).format(number=wording.count(content.min_group).text),
    )


_HIDDEN: Mapping[What, str] = {
    "team": marked(
        "No group below {number} is shown, and nothing from which a smaller one could be worked out. No page tells of"
        " another team. The report of the organisation says more on this, and on what is hidden and why."
    ),
    "unit": marked(
        "No group below {number} is shown, and nothing from which a smaller one could be worked out. No page tells of"
        " another unit. The report of the organisation says more on this, and on what is hidden and why."
    ),
}
_HIDDEN_IN_REPORT: Mapping[What, str] = {
    "team": marked(
        "No group below {number} is shown, and nothing from which a smaller one could be worked out. No page tells of"
        " another team. The organisation report says more on this, and on what is hidden and why."
    ),
    "unit": marked(
        "No group below {number} is shown, and nothing from which a smaller one could be worked out. No page tells of"
        " another unit. The organisation report says more on this, and on what is hidden and why."
    ),
}
