"""The dictionary of the workbook: what each column of each sheet holds, in which unit, and from when it is shown."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from ...languages import gettext as _, marked
from ..content import ReportContent
from .book import Column, Sheet, sheet_name, table_top

Shown = Literal["always", "group", "detail", "joint"]


class Meaning(NamedTuple):
    """What a column holds. unit: in which its values are; shown: from when they are."""

    text: str
    unit: str
    shown: Shown


class _Entry(NamedTuple):
    sheet: str
    heading: str
    text: str
    unit: str
    shown: str


_POINTS: Final = marked("points, 0 to 100")
_POINTS_APART: Final = marked("points of the index")
_SCALE: Final = marked("points of the response scale")
_SHARE: Final = marked("share of the answers")
_WORDS: Final = marked("words")
_PEOPLE: Final = marked("people")
_MEANINGS: Final[Mapping[str, Meaning]] = {
    "dimension": Meaning(marked("What several statements ask about together."), _WORDS, "always"),
    "about": Meaning(marked("What the dimension is about."), _WORDS, "always"),
    "together": Meaning(marked("What these figures mean for adding up the statements."), _WORDS, "always"),
    "apart": Meaning(marked("What these figures mean for comparing teams."), _WORDS, "always"),
    "remark": Meaning(marked("Where a statement goes badly with the others."), _WORDS, "always"),
    "outcome": Meaning(marked("The outcome that the statements are set against."), _WORDS, "always"),
    "item": Meaning(marked("The short name of a statement in the questionnaire."), _WORDS, "always"),
    "statement": Meaning(marked("What people answered, in full."), _WORDS, "always"),
    "keyed": Meaning(
        marked("“reverse”: agreeing is the unfavourable answer; its figures are turned round."), _WORDS, "always"
    ),
    "sentence": Meaning(marked("The row in a sentence."), _WORDS, "group"),
    "unit": Meaning(
        marked("A unit or team, or everybody else in it: those in none of its printed parts."), _WORDS, "always"
    ),
    "level": Meaning(marked("What kind of unit it is."), _WORDS, "always"),
    "path": Meaning(marked("The unit above, for filtering."), _WORDS, "always"),
    "full_name": Meaning(marked("The unit with all those above it, for looking it up."), _WORDS, "always"),
    "attribute": Meaning(marked("What people stated about themselves."), _WORDS, "always"),
    "group": Meaning(marked("The people who stated this."), _WORDS, "always"),
    "n": Meaning(marked("How many answered."), _PEOPLE, "group"),
    "response_rate": Meaning(marked("How many of those who were asked have answered."), marked("share"), "group"),
    "index": Meaning(
        marked("The mean of the answers: 0 is the lowest point of the scale, 100 the highest."), _POINTS, "group"
    ),
    "low": Meaning(
        marked("Lower end of the interval: chance alone could have given an index as low as this."), _POINTS, "group"
    ),
    "high": Meaning(
        marked("Upper end of the interval: chance alone could have given an index as high as this."), _POINTS, "group"
    ),
    "mean": Meaning(marked("The mean of the answers on the response scale."), _SCALE, "group"),
    "sd": Meaning(marked("How far answers usually lie from their mean."), _SCALE, "detail"),
    "favourable": Meaning(
        marked("Answers in the upper band of the scale; the sheet on method has the bands."), _SHARE, "detail"
    ),
    "favourable_low": Meaning(marked("Lower end of its interval."), _SHARE, "detail"),
    "favourable_high": Meaning(marked("Upper end of its interval."), _SHARE, "detail"),
    "neutral": Meaning(marked("Answers in the middle band of the scale."), _SHARE, "detail"),
    "unfavourable": Meaning(marked("Answers in the lower band of the scale."), _SHARE, "detail"),
    "standing": Meaning(
        marked("Whether the unit differs from everybody else in the organisation by more than chance."), _WORDS, "group"
    ),
    "difference": Meaning(
        marked("By how many points the two are apart; below 0 where the first stands lower."), _POINTS_APART, "group"
    ),
    "end_low": Meaning(marked("Lower end of its interval."), _POINTS_APART, "group"),
    "end_high": Meaning(marked("Upper end of its interval."), _POINTS_APART, "group"),
    "chance": Meaning(marked("Whether chance explains the difference."), _WORDS, "group"),
    "other_group": Meaning(marked("The people whom these are set against."), _WORDS, "always"),
    "effect": Meaning(
        marked("Hedges’ g: the difference in standard deviations inside groups."),
        marked("standard deviations"),
        "group",
    ),
    "before": Meaning(marked("The index in the last wave."), _POINTS, "group"),
    "after": Meaning(marked("The index in this wave."), _POINTS, "group"),
    "change": Meaning(marked("The index of this wave less that of the last one."), _POINTS_APART, "group"),
    "smallest": Meaning(marked("How large a change would probably have been seen."), _POINTS_APART, "group"),
    "points": Meaning(marked("The answers one could choose from."), _WORDS, "always"),
    "point": Meaning(marked("Answers at this point of the scale, as ticked."), _SHARE, "detail"),
    "people": Meaning(marked("How many people the figures of the row rest on."), _PEOPLE, "joint"),
    "alpha": Meaning(marked("Cronbach’s alpha: how well the statements measure one thing."), marked("0 to 1"), "joint"),
    "alpha_low": Meaning(marked("Lower end of its interval."), marked("0 to 1"), "joint"),
    "alpha_high": Meaning(marked("Upper end of its interval."), marked("0 to 1"), "joint"),
    "standardised": Meaning(marked("The same, of correlations instead of covariances."), marked("0 to 1"), "joint"),
    "omega": Meaning(marked("McDonald’s omega, of one factor; read like alpha."), marked("0 to 1"), "joint"),
    "halves": Meaning(
        marked("Correlation between the reverse-keyed statements and the others."), marked("−1 to 1"), "joint"
    ),
    "teams": Meaning(marked("How many printed teams were set against each other."), marked("teams"), "joint"),
    "team_people": Meaning(marked("How many people answered in them."), _PEOPLE, "joint"),
    "icc1": Meaning(marked("How much of the differences between people lies between teams."), marked("share"), "joint"),
    "icc2": Meaning(marked("How reliable the average of a team of usual size is."), marked("0 to 1"), "joint"),
    "item_rest": Meaning(
        marked("Correlation of the statement with the mean of the others."), marked("−1 to 1"), "joint"
    ),
    "alpha_without": Meaning(marked("Alpha of the other statements."), marked("0 to 1"), "joint"),
    "view": Meaning(marked("Whether the people of a team see the dimension alike."), _WORDS, "detail"),
    "deviation": Meaning(
        marked("How far answers lie from the team’s mean; up to 1 counts as agreement."),
        marked("multiples of the limit"),
        "detail",
    ),
    "agreement": Meaning(
        marked("rwg(j): agreement against answers spread evenly by chance."), marked("at most 1"), "detail"
    ),
    "shrunken": Meaning(
        marked("The index drawn towards that of the organisation, the more so the less it is worth."), _POINTS, "group"
    ),
    "worth": Meaning(marked("How much the team’s own average weighs in the best guess."), marked("share"), "group"),
    "asked": Meaning(marked("How many were asked."), _PEOPLE, "group"),
    "if_low": Meaning(
        marked("The index of everybody asked, had all others ticked the lowest point."), _POINTS, "group"
    ),
    "if_high": Meaning(
        marked("The index of everybody asked, had all others ticked the highest point."), _POINTS, "group"
    ),
    "weight": Meaning(
        marked("How much of the differences in the outcome goes with this statement; not a cause."),
        marked("share"),
        "joint",
    ),
    "explained": Meaning(marked("The sum over all statements."), marked("share"), "joint"),
}


def notes(sheet: Sheet, content: ReportContent) -> Mapping[str, str]:
    """What appears beside the headings of a sheet, by the keys of its columns."""
    keys = dict.fromkeys(column.key for column in sheet.columns if column.key in _MEANINGS)
    return {key: _note(_MEANINGS[key], content) for key in keys}


def _note(meaning: Meaning, content: ReportContent) -> str:
    return f"{_(meaning.text)} {_from(meaning.shown, content)}".strip()


def _from(shown: Shown, content: ReportContent) -> str:
    """From when a figure is shown, in words."""
    match shown:
        case "always":
            return ""
        case "group":
            return _("Shown from {number} answers on.").format(number=content.min_group)
        case "detail":
            return _("Shown where enough people answered; the sheet on method says how many.")
        case "joint":
            return _(
                "Shown of the whole organisation, where enough people answered; the sheet on method says how many."
            )


def dictionary(content: ReportContent, sheets: Iterable[Sheet]) -> Sheet:
    """Each column of each sheet that is a table."""
    columns = (
        Column(_("Sheet"), 20, attrgetter("sheet")),
        Column(_("Column"), 30, attrgetter("heading")),
        Column(_("What it holds"), 90, attrgetter("text")),
        Column(_("In"), 26, attrgetter("unit")),
        Column(_("From when"), 72, attrgetter("shown")),
    )
    records = [entry for sheet in sheets if sheet.records for entry in _entries(sheet, content)]
    about = _("What each column holds, in which unit, and from how many answers on it is shown.")
    return Sheet(sheet_name(_("Dictionary")), about, table_top(_("Dictionary")), columns, records)


def _entries(sheet: Sheet, content: ReportContent) -> Iterator[_Entry]:
    """One for each kind of column: what repeats for every dimension or statement is said once."""
    seen: dict[str, list[Column]] = {}
    for column in sheet.columns:
        seen.setdefault(column.key or column.heading, []).append(column)
    for key, columns in seen.items():
        headings = {column.heading.rpartition("\n")[2] for column in columns}
        meaning = _MEANINGS.get(key)
        if meaning is not None:
            heading = headings.pop() if len(headings) == 1 else _several(key)
            yield _Entry(sheet.name, heading, _(meaning.text), _(meaning.unit), _from(meaning.shown, content))


def _several(key: str) -> str:
    """What columns of different headings are called together."""
    words = {"path": _("the levels"), "point": _("the points of the scale"), "n": _("answers")}
    return words.get(key) or _("a column for each statement")
