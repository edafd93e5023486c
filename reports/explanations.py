"""The sentences of the report: what the survey says, how sure it is, what is hidden, what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Final

import numpy as np

from ..analysis.findings import Findings, Unit
from ..analysis.indicators import index_without
from ..analysis.scores import NO_STANDING, Score, Spread, Withheld
from ..surveys.doubtful import Kind, in_words
from ..surveys.instrument import Item, in_language
from ..surveys.phrases import listed, short
from ..surveys.quality import OFTEN_BLANK
from . import wording
from .content import Fact, Standing, Words

LEGEND: Final[tuple[tuple[Standing, str], ...]] = (
    ("above", "higher than everybody else in the organisation, by more than chance explains"),
    ("below", "lower than everybody else in the organisation, by more than chance explains"),
    ("same", "no difference can be seen"),
    ("withheld", "withheld to protect people’s anonymity"),
)

_REVERSED: Final = "turned round: here low answers are the favourable ones"
_TURNED: Final = "read the other way round than the questionnaire says: here high answers are the favourable ones"
REMOVED: Final = "Removed, as asked"
FLAGGED: Final[Mapping[Kind, str]] = {
    "tests": "Previews and tests",
    "unfinished": "Not finished",
    "duplicates": "Repeated rows",
    "speeders": "Very short times",
    "straight-lines": "One answer throughout",
}
_MOST_NAMED = 12

ADVICE: Final = (
    "Start small. Pick one statement that matters to the people it is about, and talk about that one.",
    "Share the results of a team with the team before anybody above it discusses them.",
    "Ask what would make a good week, never who answered what. Nobody has to explain an answer.",
    "Be kind to yourself and to others. A low value is a place to listen, not a fault to assign.",
    "Seek support where a conversation is hard: a facilitator, a person people trust, the works council.",
    "Question the expectations that keep people quiet, such as “be strong” or “bring solutions, not problems”.",
    "Build a circle that welcomes openness: agree on one small experiment and on the day you look at it again.",
    (
        "Do not use these figures for bonuses, for ranking teams or leads, or to find out who said something."
        " It breaks the promise under which people answered, and they will not answer honestly again."
    ),
)


def remark(item: Item) -> str:
    """What a reader must know of which way a statement is read; "" where it is read as it stands."""
    return _REVERSED if item.reverse else _TURNED if item.turned else ""


def subtitle(findings: Findings) -> str:
    """The line below the title: the wave, where it has a name, and how many answered."""
    answered = f"{wording.people(_people(findings))} answered"
    return f"{findings.wave} · {answered}" if findings.wave else answered


def bands(findings: Findings) -> tuple[str, str, str]:
    """What the upper, middle and lower band of a scale are called."""
    if findings.instrument.directed:
        return "Favourable", "Neutral", "Unfavourable"
    return "Above the middle", "Middle", "Below the middle"


def notices(findings: Findings, *, audited: bool = True) -> tuple[str, ...]:
    """What must be read before any figure. audited: whether what is written is audited before anybody sees it."""
    found = list(findings.source.warnings)
    if not findings.instrument.directed:
        found.append(
            "No validated instrument. The questions in this file match no questionnaire that psafety knows. They"
            " were taken from the file as they stand and grouped by what their headings share. Nobody has checked"
            " what they measure or which end of a scale is the good one, so nothing here is a statement about"
            f" psychological safety. “psafety draft {findings.source.name}” writes an instrument file in which you"
            " can say what belongs together."
        )
    if findings.policy.min_group < 5:
        found.append(
            f"This report shows groups from {findings.policy.min_group} people on. Five is the usual lower limit;"
            " below it, answers are easier to guess."
        )
    if findings.other_waves:
        others = wording.listed([f"“{wave}”" if wave else "rows without a wave" for wave in findings.other_waves])
        found.append(
            f"The file also holds {others}. This report is on “{findings.wave}” alone; waves are never added up."
            " “psafety compare” sets them against each other."
        )
    if not findings.recorded:
        found.append(
            "Made without a record. Nobody has checked whether an earlier report is on some of the same answers; if"
            " there is one, both together may tell what single people answered. And no cells are withheld by lot, so a"
            " single withheld cell can be a hint that all answered alike."
        )
    if not audited:
        found.append(
            "Not audited. Nobody has proved of this report, as it is written, that no small group’s answers can be"
            " worked out from it. “psafety audit” does."
        )
    return tuple(found)


def summary(findings: Findings, lang: str) -> tuple[str, ...]:
    """The survey in five sentences."""
    return (
        _participation(findings),
        _dimensions(findings, lang),
        _extremes(findings, lang),
        _units_in_a_sentence(findings) or "This report is on the organisation as a whole: the file names no teams.",
        _caution(findings),
    )


def _caution(findings: Findings) -> str:
    if not findings.instrument.directed:
        return "Nobody has checked what these questions measure: a high or a low value proves nothing by itself."
    return (
        "A high score is no proof that people feel safe, and a low one blames nobody:"
        " these figures are a reason to talk, and the conversation is what counts."
    )


def _people(findings: Findings) -> int:
    n = findings.units[0].n
    return 0 if isinstance(n, Withheld) else n


def _participation(findings: Findings) -> str:
    organisation = findings.units[0]
    answered = _people(findings)
    parts = [wording.people(answered) + " answered"]
    if isinstance(organisation.headcount, int) and organisation.headcount >= answered:
        parts.append(
            f", {wording.percent(answered / organisation.headcount).text} of the {organisation.headcount:,} who"
            " were asked"
        )
    teams = _units_in_words(findings.units)
    return "".join(parts) + (f", from {teams}." if teams else ".")


def _units_in_words(units: Sequence[Unit]) -> str:
    """How many teams and larger units there are, withheld ones included."""
    teams, larger = (sum(unit.kind == kind for unit in units) for kind in ("team", "unit"))
    named = [(teams, "team", "teams"), (larger, "larger unit", "larger units")]
    return wording.listed([wording.plural(number, one, many) for number, one, many in named if number])


def _scored(findings: Findings, lang: str) -> list[tuple[str, Score]]:
    """The dimensions that may be shown for the organisation, with their names."""
    scores = [findings.dimensions.at(0, column) for column in range(len(findings.dimensions.columns))]
    names = [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]
    return [(name, score) for name, score in zip(names, scores, strict=True) if isinstance(score, Score)]


def _dimensions(findings: Findings, lang: str) -> str:
    scored = _scored(findings, lang)
    if not scored:
        return "No questions of this file can be added up to a common score, so each question stands for itself."
    said = [_stands_at(name, score) for name, score in scored]
    return f"On a scale from 0 to 100, {wording.listed(said)}."


def _stands_at(name: str, score: Score) -> str:
    interval = wording.between(score)
    return f"{name} stands at {wording.index(score.index).text}" + (f" ({interval})" if interval else "")


def dimensions_caption(findings: Findings, lang: str) -> str:
    """Whether the dimensions can be told apart."""
    scored = _scored(findings, lang)
    if len(scored) < 2:
        return _dimensions(findings, lang)
    low_name, low = min(scored, key=lambda pair: pair[1].index)
    high_name, high = max(scored, key=lambda pair: pair[1].index)
    if high.low > low.high:
        return f"{high_name} stands higher than {low_name}; their intervals do not meet."
    return "The intervals of the dimensions overlap: this survey does not show which of them stands highest."


def items_caption(findings: Findings) -> str:
    """What the list of statements is."""
    number = wording.plural(len(findings.instrument.items), "statement", "statements")
    return f"{number}, in the order asked. Figures are those of everybody who answered the statement."


def _extremes(findings: Findings, lang: str) -> str:
    """The statements with the largest and the smallest favourable share of the whole survey."""
    if len(findings.instrument.items) == 1:
        score = findings.items.at(0, 0)
        name = _quoted(findings.instrument.items[0], lang)
        return (
            f"There is one question to show: {name}." if isinstance(score, Withheld) else f"{_stands_at(name, score)}."
        )
    spread = _furthest_apart(findings, range(len(findings.instrument.items)), lang)
    return spread or f"No statement has a clearly larger {_upper_share(findings)} than another."


def _upper_share(findings: Findings) -> str:
    """What the share of answers in the upper band is called."""
    return "favourable share" if findings.instrument.directed else "share of answers above the middle"


def group_caption(findings: Findings, dimension: str, name: str, lang: str) -> str:
    """The same for the statements of one dimension."""
    columns = [column for column, item in enumerate(findings.instrument.items) if item.dimension == dimension]
    if len(columns) < 2:
        return ""
    spread = _furthest_apart(findings, columns, lang)
    return spread or f"The statements under “{name}” are answered much alike."


def _furthest_apart(findings: Findings, columns: Iterable[int], lang: str) -> str:
    """The statements with the largest and smallest favourable share, if their intervals do not meet; else ""."""
    spreads = []
    for column in columns:
        score = findings.items.at(0, column)
        if isinstance(score, Score) and isinstance(score.spread, Spread):
            spreads.append((_quoted(findings.instrument.items[column], lang), score.spread))
    if len(spreads) < 2:
        return ""
    least, most = min(spreads, key=lambda pair: pair[1].favourable), max(spreads, key=lambda pair: pair[1].favourable)
    if most[1].favourable_low <= least[1].favourable_high:
        return ""
    return (
        f"The largest {_upper_share(findings)}, {wording.percent(most[1].favourable).text}, went to"
        f" {most[0]}; the smallest, {wording.percent(least[1].favourable).text}, to {least[0]}."
    )


def _quoted(item: Item, lang: str) -> str:
    text = (in_language(item.texts, lang) or item.id).rstrip(".")
    return f"“{text}”" + (" (there, low answers are the favourable ones)" if item.reverse else "")


def _units_in_a_sentence(findings: Findings) -> str:
    """How many units stand out from everybody else; "" where there are none."""
    compared = [row for row, unit in enumerate(findings.units) if unit.kind in {"unit", "team"}]
    shown = [row for row in compared if not isinstance(findings.units[row].n, Withheld)]
    if not compared:
        return ""
    if not shown:
        return "No unit or team can be shown on its own."
    apart = len(_standing_out(findings))
    are_shown = f"{_units_are(len(shown))} shown"
    if not _anything_compared(findings):
        return f"{are_shown}, but not compared: there is no common score, or nobody else, to compare with."
    if not apart:
        return (
            f"{are_shown}, and none of them differs from everybody else by more than chance explains. That does not"
            " mean that they are all alike: small differences cannot be seen in small groups."
        )
    others = " For the others no difference can be seen, which does not mean that there is none."
    return (
        f"{are_shown}; {apart} of them {'differs' if apart == 1 else 'differ'} from everybody else in at least one"
        f" dimension by more than chance explains.{others if apart < len(shown) else ''}"
    )


def _standing_out(findings: Findings) -> list[int]:
    """The rows that differ visibly from everybody else in at least one dimension, in the order of the report."""
    standing = findings.dimensions.standing
    return np.flatnonzero(((standing == 1) | (standing == -1)).any(axis=1)).tolist()


def _anything_compared(findings: Findings) -> bool:
    return bool((findings.dimensions.standing != NO_STANDING).any())


def units_caption(findings: Findings, lang: str) -> str:
    """Which units stand out, and in what; "" where the file names no units."""
    if all(unit.kind == "organisation" for unit in findings.units):
        return ""
    rows = _standing_out(findings)
    if not _anything_compared(findings):
        return "Units and teams are not compared: there is no common score, or nobody else, to compare with."
    if not rows:
        return "No unit or team can be told apart from everybody else."
    names = [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]
    said = []
    for row in rows[:_MOST_NAMED]:
        standing = findings.dimensions.standing[row].tolist()
        parts = [
            f"{name} {'higher' if sign > 0 else 'lower'}"
            for name, sign in zip(names, standing, strict=True)
            if sign in {1, -1}
        ]
        said.append(f"{findings.units[row].name} ({', '.join(parts)})")
    more = len(rows) - len(said)
    named = "; ".join(said) + (f"; and {more} more" if more else "")
    return f"Told apart from everybody else, in alphabetical order within each unit: {named}."


def _units_are(number: int) -> str:
    return wording.plural(number, "unit or team is", "units and teams are")


def withheld_note(findings: Findings) -> str:
    """How much is withheld, and why, without a clue to any of it."""
    hidden = sum(isinstance(unit.n, Withheld) for unit in findings.units)
    k = findings.policy.smallest
    rule = (
        f"Nothing is shown that speaks of fewer than {k} people, and nothing from which the answers of fewer than"
        f" {k} people could be worked out by adding or subtracting. That is why a large group can be withheld too."
        " Whether a unit is withheld depends on how many people answered where, never on what they answered."
    )
    if not hidden:
        return f"No unit or team is withheld as a whole. {rule}"
    return f"{wording.plural(hidden, 'unit or team is', 'units and teams are')} withheld. {rule}"


def reading(findings: Findings, lang: str) -> tuple[Fact, ...]:
    """What was taken for what."""
    source = findings.source
    facts = [
        Fact(
            "File",
            Words(source.name),
            f"{source.dialect}. {wording.plural(source.rows, 'row', 'rows')} below the header.",
        ),
        Fact("Platform", Words(source.platform), f"Recognised by this: {source.evidence}."),
        Fact("Questionnaire", Words(in_language(findings.instrument.titles, lang)), ""),
    ]
    for dimension in findings.instrument.dimensions:
        items = findings.instrument.items_of(dimension.id)
        facts.append(
            Fact(in_language(dimension.names, lang), wording.count(len(items)), _item_columns(findings, items))
        )
    roles = {"team": "Team column", "unit": "Unit column", "wave": "Wave column", "cut": "Cut column"}
    roles["comment"] = "Column of comments"
    free_text = "Free text never enters a report."
    if findings.comments:
        free_text = "Of free text, only the comments asked for enter this report."
    for column in source.columns:
        if column.role in roles:
            facts.append(Fact(roles[column.role], Words(short(column.name, 60)), f"{column.evidence.capitalize()}."))
    for role, label, note in (
        ("metadata", "Columns that the platform adds", "Not read."),
        ("identifying", "Columns that may lead to a person", "Never read."),
        ("not used", "Columns not used", f"They match no question. {free_text}"),
    ):
        names = [f"“{short(column.name, 60)}”" for column in source.columns if column.role == role]
        if names:
            facts.append(Fact(label, wording.count(len(names)), f"{listed(names, most=8)}. {note}"))
    return tuple(facts)


def _item_columns(findings: Findings, items: Sequence[Item]) -> str:
    ids = {item.id for item in items}
    evidence = {column.evidence for column in findings.source.columns if column.item in ids}
    return f"Questions, matched by {wording.listed(sorted(evidence))}."


def quality(findings: Findings, lang: str) -> tuple[Fact, ...]:
    """What is doubtful in the data."""
    found, k = findings.quality, findings.policy.min_group
    facts = [
        Fact("Rows without any answer", wording.count(found.left_out), "Left out: there is nothing to count in them."),
        *(
            Fact(REMOVED, wording.small_count(number, k), f"{_rows_of(kind, findings)}. No figure speaks of them.")
            for kind, number in found.removed.items()
        ),
        Fact(
            "Blank answers",
            wording.percent(found.blanks / found.cells),
            "Left out question by question; nothing is filled in.",
        ),
        *_often_blank(findings, lang),
        Fact(
            "“Not applicable” answers",
            wording.percent(found.not_applicable / found.cells),
            "Not part of any average or share.",
        ),
        *_doubtful_rows(findings, lang),
    ]
    if any(unit.level for unit in findings.units):
        facts.append(
            Fact("People who named no team", wording.small_count(found.unplaced, k), "They count for the organisation.")
        )
    facts += [Fact("Please check", Words("see note"), doubt) for doubt in findings.source.doubts]
    return tuple(facts)


def _often_blank(findings: Findings, lang: str) -> list[Fact]:
    texts = [
        f"“{short(in_language(item.texts, lang) or item.id, 60)}”"
        for item in findings.instrument.items
        if item.id in findings.quality.often_blank
    ]
    if not texts:
        return []
    note = f"Left blank by at least {wording.percent(OFTEN_BLANK).text} of the people: {listed(texts, most=8)}."
    return [Fact("Statements often left blank", wording.count(len(texts)), note)]


def _doubtful_rows(findings: Findings, lang: str) -> list[Fact]:
    """How many rows are doubtful, kind by kind, and what the scores may be without them.

    What needs everybody's answers to several statements is only said of a survey that is large enough for that.
    """
    found, policy = findings.quality, findings.policy
    joint = _people(findings) >= policy.joint_from
    facts = [
        Fact(
            FLAGGED[kind],
            wording.small_count(number, policy.min_group),
            f"{_rows_of(kind, findings)}." + (number > 0) * f" They are counted.{_without(findings, number, lang)}",
        )
        for kind, number in found.flagged.items()
        if joint or not (kind == "straight-lines" or (kind == "duplicates" and found.surmised))
    ]
    if joint and found.one_end is not None:
        facts.append(
            Fact(
                "One end of the scale throughout",
                wording.small_count(found.one_end, policy.min_group),
                "All statements run the same way, so that this may well be what people think. They are counted.",
            )
        )
    return facts


def _rows_of(kind: Kind, findings: Findings) -> str:
    words = in_words(kind, surmised=findings.quality.surmised)
    return words[0].upper() + words[1:]


def _without(findings: Findings, flagged: int, lang: str) -> str:
    """Between which values the scores lie without the flagged people, from printed figures alone; "" if none can be.

    Their exact scores would be the answers of those people, by subtraction.
    """
    most = max(flagged, findings.policy.min_group - 1)  # fewer are not told apart
    said = []
    for column, dimension in enumerate(findings.joint_dimensions):
        score = findings.dimensions.at(0, column)
        items = [
            findings.items.at(0, place)
            for place, item in enumerate(findings.instrument.items)
            if item.dimension == dimension.id
        ]
        if isinstance(score, Score):
            answers = min(item.n for item in items if isinstance(item, Score))
            bounds = index_without(round(score.index), answers, most)
            if bounds is not None:
                low, high = floor(bounds[0]), ceil(bounds[1])
                name, index = in_language(dimension.names, lang), wording.index(score.index).text
                said.append(f"{name} between {low} and {high} (with them {index})")
    return f" Whatever they answered, without them the scores would be: {wording.listed(said)}." if said else ""


def band_in_words(items: Sequence[Item], findings: Findings) -> str:
    """The bands of the scale that a group of items shares."""
    scale = items[0].scale
    names = bands(findings)
    middle = frozenset(scale.values) - scale.favourable - scale.unfavourable
    parts = [
        f"{name}: {wording.listed([str(value) for value in sorted(values)])}"
        for name, values in zip(names, (scale.favourable, middle, scale.unfavourable), strict=True)
        if values
    ]
    said = f"{'. '.join(parts)}, on a scale from {scale.low} to {scale.high}."
    if any(item.reverse for item in items):
        said += " Statements marked as turned round are read from the other end."
    return said
