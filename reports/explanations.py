"""The sentences of the report: what the survey says, how sure it is, what is hidden, what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Final

import numpy as np

from ..analysis.findings import Findings, Unit
from ..analysis.indicators import index_without
from ..analysis.scores import NO_STANDING, Score, Spread, Withheld
from ..languages import gettext as _, marked, ngettext
from ..surveys.doubtful import in_words
from ..surveys.instrument import Item, in_language
from ..surveys.kinds import Kind
from ..surveys.phrases import short
from ..surveys.quality import OFTEN_BLANK
from . import wording
from .content import Fact, Standing, Words, told

LEGEND: Final[tuple[tuple[Standing, str], ...]] = (
    ("above", marked("higher than everybody else in the organisation, by more than chance explains")),
    ("below", marked("lower than everybody else in the organisation, by more than chance explains")),
    ("same", marked("no difference can be seen")),
    ("withheld", marked("withheld to protect people’s anonymity")),
)

_REVERSED: Final = marked("turned round: here low answers are the favourable ones")
_TURNED: Final = marked(
    "read the other way round than the questionnaire says: here high answers are the favourable ones"
)
REMOVED: Final = marked("Removed, as asked")
EMPTY: Final = marked("Rows without any answer")
FLAGGED: Final[Mapping[Kind, str]] = {
    "tests": marked("Previews and tests"),
    "unfinished": marked("Not finished"),
    "duplicates": marked("Repeated rows"),
    "speeders": marked("Very short times"),
    "straight-lines": marked("One answer throughout"),
}
_MOST_NAMED = 12

ADVICE: Final = (
    marked("Start small. Pick one statement that matters to the people it is about, and talk about that one."),
    marked("Share the results of a team with the team before anybody above it discusses them."),
    marked("Ask what would make a good week, never who answered what. Nobody has to explain an answer."),
    marked("Be kind to yourself and to others. A low value is a place to listen, not a fault to assign."),
    marked("Seek support where a conversation is hard: a facilitator, a person people trust, the works council."),
    marked("Question the expectations that keep people quiet, such as “be strong” or “bring solutions, not problems”."),
    marked("Build a circle that welcomes openness: agree on one small experiment and on the day you look at it again."),
    marked(
        "Do not use these figures for bonuses, for ranking teams or leads, or to find out who said something."
        " It breaks the promise under which people answered, and they will not answer honestly again."
    ),
)


def legend() -> tuple[tuple[Standing, str], ...]:
    """What each colour of a unit's result means."""
    return tuple((standing, _(meaning)) for standing, meaning in LEGEND)


def advice() -> tuple[str, ...]:
    """What to do next."""
    return tuple(map(_, ADVICE))


def remark(item: Item) -> str:
    """What a reader must know of which way a statement is read; "" where it is read as it stands."""
    return _(_REVERSED) if item.reverse else _(_TURNED) if item.turned else ""


def subtitle(findings: Findings) -> str:
    """The line below the title: the wave, where it has a name, and how many answered."""
    people = _people(findings)
    answered = ngettext("{number} person answered", "{number} people answered", people)
    answered = answered.format(number=wording.count(people).text)
    return f"{findings.wave} · {answered}" if findings.wave else answered


def bands(findings: Findings) -> tuple[str, str, str]:
    """What the upper, middle and lower band of a scale are called."""
    if findings.instrument.directed:
        return _("Favourable"), _("Neutral"), _("Unfavourable")
    return _("Above the middle"), _("Middle"), _("Below the middle")


def notices(findings: Findings, *, audited: bool = True) -> tuple[str, ...]:
    """What must be read before any figure. audited: whether what is written is audited before anybody sees it."""
    found = list(findings.source.warnings)
    if not findings.instrument.directed:
        found.append(
            _(
                "No validated instrument. The questions in this file match no questionnaire that psafety knows. They"
                " were taken from the file as they stand and grouped by what their headings share. Nobody has checked"
                " what they measure or which end of a scale is the good one, so nothing here is a statement about"
                " psychological safety. “psafety draft {file}” writes an instrument file in which you can say what"
                " belongs together."
            ).format(file=findings.source.name)
        )
    if findings.policy.smallest < 5:
        found.append(
            _(
                "This report shows groups from {number} people on. Five is the usual lower limit; below it, answers are"
                " easier to guess."
            ).format(number=wording.count(findings.policy.smallest).text)
        )
    if findings.other_waves:
        others = [wording.quoted(wave) if wave else _("rows without a wave") for wave in findings.other_waves]
        found.append(
            _(
                "The file also holds {others}. This report is on “{wave}” alone; waves are never added up."
                " “psafety compare” sets them against each other."
            ).format(others=wording.listed(others), wave=findings.wave)
        )
    if not findings.recorded:
        found.append(
            _(
                "Made without a record. Nobody has checked whether an earlier report is on some of the same answers; if"
                " there is one, both together may tell what single people answered. And no cells are withheld by lot,"
                " so a single withheld cell can be a hint that all answered alike."
            )
        )
    if not audited:
        found.append(
            _(
                "Not audited. Nobody has proved of this report, as it is written, that no small group’s answers can be"
                " worked out from it. “psafety audit” does."
            )
        )
    return tuple(found)


def summary(findings: Findings, lang: str) -> tuple[str, ...]:
    """The survey in five sentences."""
    return (
        _participation(findings),
        _dimensions(findings, lang),
        _extremes(findings, lang),
        _units_in_a_sentence(findings) or _("This report is on the organisation as a whole: the file names no teams."),
        _caution(findings),
    )


def _caution(findings: Findings) -> str:
    if not findings.instrument.directed:
        return _("Nobody has checked what these questions measure: a high or a low value proves nothing by itself.")
    return _(
        "A high score is no proof that people feel safe, and a low one blames nobody: these figures are a reason to"
        " talk, and the conversation is what counts."
    )


def _people(findings: Findings) -> int:
    n = findings.units[0].n
    return 0 if isinstance(n, Withheld) else n


def _participation(findings: Findings) -> str:
    organisation, teams = findings.units[0], _units_in_words(findings.units)
    answered = _people(findings)
    asked = organisation.headcount if isinstance(organisation.headcount, int) else -1
    if asked >= answered and teams:
        said = ngettext(
            "{number} person answered, {share} of the {asked} who were asked, from {teams}.",
            "{number} people answered, {share} of the {asked} who were asked, from {teams}.",
            answered,
        )
    elif asked >= answered:
        said = ngettext(
            "{number} person answered, {share} of the {asked} who were asked.",
            "{number} people answered, {share} of the {asked} who were asked.",
            answered,
        )
    elif teams:
        said = ngettext("{number} person answered, from {teams}.", "{number} people answered, from {teams}.", answered)
    else:
        said = ngettext("{number} person answered.", "{number} people answered.", answered)
    share = wording.percent(answered / asked if asked else 1.0)
    return said.format(
        number=wording.count(answered).text, share=share.text, asked=wording.count(asked).text, teams=teams
    )


def _units_in_words(units: Sequence[Unit]) -> str:
    """How many teams and larger units there are, withheld ones included."""
    teams, larger = (sum(unit.kind == kind for unit in units) for kind in ("team", "unit"))
    # For translators: stands behind “from”.
    named = [(teams, ngettext("{number} team", "{number} teams", teams))]
    # For translators: stands behind “from”.
    named += [(larger, ngettext("{number} larger unit", "{number} larger units", larger))]
    return wording.listed([text.format(number=wording.count(number).text) for number, text in named if number])


def _scored(findings: Findings, lang: str) -> list[tuple[str, Score]]:
    """The dimensions that may be shown for the organisation, with their names."""
    scores = [findings.dimensions.at(0, column) for column in range(len(findings.dimensions.columns))]
    names = [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]
    return [(name, score) for name, score in zip(names, scores, strict=True) if isinstance(score, Score)]


def _dimensions(findings: Findings, lang: str) -> str:
    scored = _scored(findings, lang)
    if not scored:
        return _("No questions of this file can be added up to a common score, so each question stands for itself.")
    said = [_beside_its_name(name, score) for name, score in scored]
    # For translators: {scores} is a list like “Trust 71 (between 68 and 74) and Openness 65 (between 61 and 69)”.
    return _("On a scale from 0 to 100: {scores}.").format(scores=wording.listed(said))


def _beside_its_name(name: str, score: Score) -> str:
    index, interval = wording.index(score.index).text, wording.between(score)
    # For translators: {interval} is like “between 68 and 74”.
    form = _("{name} {index} ({interval})") if interval else _("{name} {index}")
    return form.format(name=name, index=index, interval=interval)


def dimensions_caption(findings: Findings, lang: str) -> str:
    """Whether the dimensions can be told apart."""
    scored = _scored(findings, lang)
    if not scored:
        return _dimensions(findings, lang)
    if len(scored) == 1:
        return _("{name} is the only dimension with a common score.").format(name=scored[0][0])
    low_name, low = min(scored, key=lambda pair: pair[1].index)
    high_name, high = max(scored, key=lambda pair: pair[1].index)
    if high.low > low.high:
        return _("{higher} stands higher than {lower}; their intervals do not meet.").format(
            higher=high_name, lower=low_name
        )
    return _("The intervals of the dimensions overlap: this survey does not show which of them stands highest.")


def items_caption(findings: Findings) -> str:
    """What the list of statements is."""
    number = len(findings.instrument.items)
    said = ngettext(
        "{number} statement, in the order asked. Figures are those of everybody who answered the statement.",
        "{number} statements, in the order asked. Figures are those of everybody who answered the statement.",
        number,
    ).format(number=wording.count(number).text)
    if any(item.reverse for item in findings.instrument.items):
        return " ".join([said, _("Statements marked as turned round are read from the other end.")])
    return said


def _extremes(findings: Findings, lang: str) -> str:
    """The statements with the largest and the smallest favourable share of the whole survey."""
    if len(findings.instrument.items) == 1:
        score = findings.items.at(0, 0)
        name = _quoted(findings.instrument.items[0], lang)
        if isinstance(score, Withheld):
            return _("There is one question to show: {question}.").format(question=name)
        return _("On a scale from 0 to 100: {scores}.").format(scores=_beside_its_name(name, score))
    spread = _furthest_apart(findings, range(len(findings.instrument.items)), lang)
    if spread:
        return spread
    if findings.instrument.directed:
        return _("No statement has a clearly larger favourable share than another.")
    return _("No statement has a clearly larger share of answers above the middle than another.")


def group_caption(findings: Findings, dimension: str, name: str, lang: str) -> str:
    """The same for the statements of one dimension."""
    columns = [column for column, item in enumerate(findings.instrument.items) if item.dimension == dimension]
    if len(columns) < 2:
        return ""
    spread = _furthest_apart(findings, columns, lang)
    return spread or _("The statements under “{dimension}” are answered much alike.").format(dimension=name)


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
    if findings.instrument.directed:
        said = _("Most favourable answers: {largest}, to {first}. Fewest: {smallest}, to {last}.")
    else:
        said = _("Most answers above the middle: {largest}, to {first}. Fewest: {smallest}, to {last}.")
    return said.format(
        largest=wording.percent(most[1].favourable).text,
        first=most[0],
        smallest=wording.percent(least[1].favourable).text,
        last=least[0],
    )


def _quoted(item: Item, lang: str) -> str:
    text = wording.quoted((in_language(item.texts, lang) or item.id).rstrip("."))
    if not item.reverse:
        return text
    # For translators: {statement} is a statement in quotation marks.
    return _("{statement} (there, low answers are the favourable ones)").format(statement=text)


def _units_in_a_sentence(findings: Findings) -> str:
    """How many units stand out from everybody else; "" where there are none."""
    compared = [row for row, unit in enumerate(findings.units) if unit.kind in {"unit", "team"}]
    shown = [row for row in compared if not isinstance(findings.units[row].n, Withheld)]
    if not compared:
        return ""
    if not shown:
        return _("No unit or team can be shown on its own.")
    number = wording.count(len(shown)).text
    if not _anything_compared(findings):
        return ngettext(
            "{number} unit or team is shown, but not compared: there is no common score, or nobody else, to compare"
            " with.",
            "{number} units and teams are shown, but not compared: there is no common score, or nobody else, to compare"
            " with.",
            len(shown),
        ).format(number=number)
    apart = len(_standing_out(findings))
    if not apart:
        return ngettext(
            "{number} unit or team is shown, and none of them differs from everybody else by more than chance explains."
            " That does not mean that they are all alike: small differences cannot be seen in small groups.",
            "{number} units and teams are shown, and none of them differs from everybody else by more than chance"
            " explains. That does not mean that they are all alike: small differences cannot be seen in small groups.",
            len(shown),
        ).format(number=number)
    are_shown = ngettext("{number} unit or team is shown", "{number} units and teams are shown", len(shown))
    differ = ngettext(
        "{number} of them differs from everybody else in at least one dimension by more than chance explains.",
        "{number} of them differ from everybody else in at least one dimension by more than chance explains.",
        apart,
    )
    said = [wording.strung([are_shown.format(number=number), differ.format(number=wording.count(apart).text)])]
    if apart < len(shown):
        said.append(_("For the others no difference can be seen, which does not mean that there is none."))
    return " ".join(said)


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
        return _("Units and teams are not compared: there is no common score, or nobody else, to compare with.")
    if not rows:
        return _("No unit or team can be told apart from everybody else.")
    names = [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]
    said = []
    for row in rows[:_MOST_NAMED]:
        standing = findings.dimensions.standing[row].tolist()
        parts = [
            (_("{dimension} higher") if sign > 0 else _("{dimension} lower")).format(dimension=name)
            for name, sign in zip(names, standing, strict=True)
            if sign in {1, -1}
        ]
        said.append(f"{findings.units[row].name} ({', '.join(parts)})")
    more = len(rows) - len(said)
    if more:
        said.append(ngettext("and {number} more", "and {number} more", more).format(number=wording.count(more).text))
    # For translators: {units} is a list like “Team Ahorn (Trust higher, Openness lower); Team Birke (Trust lower)”.
    return _("Told apart from everybody else, in alphabetical order within each unit: {units}.").format(
        units=wording.strung(said)
    )


def withheld_note(findings: Findings) -> str:
    """How much is withheld, and why, without a clue to any of it."""
    hidden = sum(isinstance(unit.n, Withheld) for unit in findings.units)
    rule = _(
        "Nothing is shown that speaks of fewer than {number} people, and nothing from which the answers of fewer than"
        " {number} people could be worked out by adding or subtracting. That is why a large group can be withheld too."
        " Whether a unit is withheld depends on how many people answered where, never on what they answered."
    ).format(number=wording.count(findings.policy.smallest).text)
    if not hidden:
        return " ".join([_("No unit or team is withheld as a whole."), rule])
    said = ngettext("{number} unit or team is withheld.", "{number} units and teams are withheld.", hidden)
    return " ".join([said.format(number=wording.count(hidden).text), rule])


def reading(findings: Findings, lang: str) -> tuple[Fact, ...]:
    """What was taken for what."""
    source = findings.source
    rows = ngettext("{number} row below the header.", "{number} rows below the header.", source.rows)
    facts = [
        Fact(_("File"), Words(source.name), f"{source.dialect}. {rows.format(number=wording.count(source.rows).text)}"),
        Fact(
            _("Platform"), Words(source.platform), _("Recognised by this: {evidence}.").format(evidence=source.evidence)
        ),
        Fact(_("Questionnaire"), Words(in_language(findings.instrument.titles, lang)), ""),
    ]
    for dimension in findings.instrument.dimensions:
        items = findings.instrument.items_of(dimension.id)
        facts.append(
            Fact(in_language(dimension.names, lang), wording.count(len(items)), _item_columns(findings, items))
        )
    roles = {
        "team": _("Team column"),
        "unit": _("Unit column"),
        "wave": _("Wave column"),
        "cut": _("Cut column"),
        "comment": _("Column of comments"),
    }
    for column in source.columns:
        if column.role in roles:
            why = wording.capitalised(column.evidence)
            facts.append(Fact(roles[column.role], Words(short(column.name, 60)), f"{why}."))
    free_text = _("Free text never enters a report.")
    if findings.comments:
        free_text = _("Of free text, only the comments asked for enter this report.")
    for role, label, note in (
        ("metadata", _("Columns that the platform adds"), _("Not read.")),
        ("identifying", _("Columns that may lead to a person"), _("Never read.")),
        ("not used", _("Columns not used"), " ".join([_("They match no question."), free_text])),
    ):
        names = [
            wording.quoted(short(column.name, 60)) if column.name.strip() else _("one without a name")
            for column in source.columns
            if column.role == role
        ]
        if names:
            facts.append(Fact(label, wording.count(len(names)), f"{wording.listed(names, most=8)}. {note}"))
    return tuple(facts)


def _item_columns(findings: Findings, items: Sequence[Item]) -> str:
    ids = {item.id for item in items}
    evidence = {column.evidence for column in findings.source.columns if column.item in ids}
    # For translators: {evidence} is one or several of “the same question text”, “the same id”, “the settings” …
    return _("Questions, matched by {evidence}.").format(evidence=wording.listed(sorted(evidence)))


def quality(findings: Findings, lang: str) -> tuple[Fact, ...]:
    """What is doubtful in the data."""
    found, k = findings.quality, findings.policy.smallest
    facts = [
        Fact(
            _(EMPTY),
            wording.count(found.left_out),
            _("Left out: there is nothing to count in them."),
        ),
        *(
            Fact(
                _(REMOVED),
                wording.small_count(number, k),
                " ".join([_rows_of(kind, findings), _("No figure speaks of them.")]),
            )
            for kind, number in found.removed.items()
        ),
        Fact(
            _("Blank answers"),
            wording.percent(found.blanks / found.cells),
            _("Left out question by question; nothing is filled in."),
        ),
        *_often_blank(findings, lang),
        Fact(
            _("“Not applicable” answers"),
            wording.percent(found.not_applicable / found.cells),
            _("Not part of any average or share."),
        ),
        *_doubtful_rows(findings, lang),
    ]
    if any(unit.level for unit in findings.units):
        unplaced = wording.small_count(found.unplaced, k)
        facts.append(Fact(_("People who named no team"), unplaced, _("They count for the organisation.")))
    facts += [Fact(_("Please check"), Words(_("see note")), doubt) for doubt in findings.source.doubts]
    return tuple(facts)


def _often_blank(findings: Findings, lang: str) -> list[Fact]:
    texts = [
        wording.quoted(short(in_language(item.texts, lang) or item.id, 60))
        for item in findings.instrument.items
        if item.id in findings.quality.often_blank
    ]
    if not texts:
        return []
    note = _("Left blank by at least {share} of the people: {statements}.").format(
        share=wording.percent(OFTEN_BLANK).text, statements=wording.listed(texts, most=8)
    )
    return [Fact(_("Statements often left blank"), wording.count(len(texts)), note)]


def _doubtful_rows(findings: Findings, lang: str) -> list[Fact]:
    """How many rows are doubtful, kind by kind, and what the scores may be without them.

    What needs everybody's answers to several statements is only said of a survey that is large enough for that.
    """
    found, policy = findings.quality, findings.policy
    joint = _people(findings) >= policy.joint_from
    facts = [
        Fact(
            _(FLAGGED[kind]),
            wording.small_count(number, policy.smallest),
            " ".join([_rows_of(kind, findings), *(_counted_all_the_same(findings, number, lang) if number else ())]),
        )
        for kind, number in found.flagged.items()
        if joint or not (kind == "straight-lines" or (kind == "duplicates" and found.surmised))
    ]
    if joint and found.one_end is not None:
        facts.append(
            Fact(
                _("One end of the scale throughout"),
                wording.small_count(found.one_end, policy.smallest),
                _("All statements run the same way, so that this may well be what people think. They are counted."),
            )
        )
    return facts


def _rows_of(kind: Kind, findings: Findings) -> str:
    return f"{wording.capitalised(in_words(kind, surmised=findings.quality.surmised))}."


def _counted_all_the_same(findings: Findings, flagged: int, lang: str) -> tuple[str, ...]:
    """That the flagged people are counted, and between which values the scores lie without them, if it can be said.

    From printed figures alone: their exact scores would be the answers of those people, by subtraction.
    """
    most = max(flagged, findings.policy.smallest - 1)  # fewer are not told apart
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
                said.append(
                    _("{name} between {low} and {high} (with them {index})").format(
                        name=in_language(dimension.names, lang),
                        low=wording.index(low).text,
                        high=wording.index(high).text,
                        index=wording.index(score.index).text,
                    )
                )
    counted = _("They are counted.")
    if not said:
        return (counted,)
    without = _("Whatever they answered, without them the scores would be: {scores}.")
    return counted, without.format(scores=wording.listed(said))


def band_in_words(items: Sequence[Item], findings: Findings) -> str:
    """The bands of the scale that a group of items shares."""
    scale = items[0].scale
    names = bands(findings)
    middle = frozenset(scale.values) - scale.favourable - scale.unfavourable
    parts = [
        told(name, wording.listed([str(value) for value in sorted(values)]))
        for name, values in zip(names, (scale.favourable, middle, scale.unfavourable), strict=True)
        if values
    ]
    # For translators: {bands} is like “Favourable: 4 and 5. Neutral: 3. Unfavourable: 1 and 2”.
    return _("{bands}, on a scale from {low} to {high}.").format(bands=". ".join(parts), low=scale.low, high=scale.high)
