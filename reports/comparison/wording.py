"""The sentences of a comparison: what changed, how sure that is, what could not be seen, what was not compared."""

from collections.abc import Callable, Sequence
from math import ceil, isfinite, sqrt
from statistics import median
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from ...analysis.change import HIDDEN_CHANGE, RATE, smallest_visible
from ...analysis.comparison import Comparison
from ...analysis.published import Measure
from ...analysis.waves import in_order
from ...languages import gettext as _, marked, ngettext, percent
from .. import wording
from ..content import Absent, Figure, Section, Standing
from .content import BenchmarkLine, Change, ComparedUnit, Paired, Trend, points_of

if TYPE_CHECKING:
    from ...analysis.pairs import PairedChanges  # with pandas, which rendering does without

One = TypeVar("One", Change, Paired, Trend)

_MOST_NAMED = 12
_FEW = 7  # answers of a small team, for an example

NO_RECORD: Final = marked(
    "Made without a record. Nobody has checked whether earlier reports are on some of the same answers; if there are"
    " any, all of them together may tell what single people answered."
)
NOT_AUDITED: Final = marked(
    "Not audited. Nobody has proved of this comparison, as it is written, that no small group’s answers can be worked"
    " out from it. “psafety audit” does."
)
_ADVICE: Final = (
    marked("Show a team its own change first, before anybody above it discusses it, and ask what they make of it."),
    marked("Ask what was different in these months. The figures cannot say what moved them."),
    marked(
        "Where no change can be seen, talk about where things stand; do not explain a difference that chance explains."
    ),
    marked("Keep what you try small, and agree now on the wave in which you will look again."),
    marked(
        "Do not set targets on these figures, and do not rank teams by their change: people who know that their"
        " answers are counted against somebody will give other answers."
    ),
)
_VERDICTS: Final[dict[Standing, str]] = {
    "above": marked("better"),
    "below": marked("worse"),
    "same": marked("no visible change"),
    "none": marked("cannot tell"),
}
_UNDIRECTED: Final[dict[Standing, str]] = _VERDICTS | {"above": marked("higher"), "below": marked("lower")}
_TRENDS: Final[dict[Standing, str]] = {
    "above": marked("getting better"),
    "below": marked("getting worse"),
    "same": marked("no visible trend"),
    "none": marked("cannot tell"),
}
_UNDIRECTED_TRENDS: Final[dict[Standing, str]] = _TRENDS | {"above": marked("rising"), "below": marked("falling")}
_AGAINST: Final[dict[Standing, str]] = {
    "above": marked("above it"),
    "below": marked("below it"),
    "same": marked("no visible difference"),
    "none": marked("cannot tell"),
}


def untold() -> Absent:
    """What stands for a difference that nobody can tell."""
    return Absent(_("cannot tell"))


def advice() -> tuple[str, ...]:
    """What to do next."""
    return tuple(map(_, _ADVICE))


def verdicts(*, directed: bool) -> dict[Standing, str]:
    """What a change is called; without a known good end of the scale, nothing is better or worse."""
    return _said(_VERDICTS if directed else _UNDIRECTED)


def trends(*, directed: bool) -> dict[Standing, str]:
    """What a line through all waves is called."""
    return _said(_TRENDS if directed else _UNDIRECTED_TRENDS)


def against() -> dict[Standing, str]:
    """What a difference from other people's figures is called."""
    return _said(_AGAINST)


def _said(names: dict[Standing, str]) -> dict[Standing, str]:
    return {standing: _(name) for standing, name in names.items()}


def legend(*, directed: bool) -> tuple[tuple[Standing, str], ...]:
    """What the marks mean."""
    names = verdicts(directed=directed)
    return (
        ("above", _("{verdict}, by more than chance explains").format(verdict=names["above"])),
        ("below", _("{verdict}, by more than chance explains").format(verdict=names["below"])),
        ("same", _("no visible change: what can be seen is what chance does")),
        ("none", _("cannot tell: not printed in both waves, or too few answers")),
    )


def subtitle(comparison: Comparison) -> str:
    """The line below the title."""
    before, after = comparison.waves[-2:]
    return _("{after} against {before}").format(after=after.wave, before=before.wave)


def order(comparison: Comparison) -> str:
    """The order of the waves, as it was taken."""
    before, after = comparison.waves[-2:]
    return _(
        "Taken in this order, the earliest first: {waves}. Changes are those from “{before}” to “{after}”. The waves"
        " are set against each other as they were printed; they are never added up."
    ).format(
        waves=wording.listed([wording.quoted(wave.wave) for wave in comparison.waves]),
        before=before.wave,
        after=after.wave,
    )


def notices(comparison: Comparison, notes: Sequence[str]) -> tuple[str, ...]:
    """What must be read before any figure. notes: messages in English, as the catalogs know them."""
    found = [*map(_, notes), *comparison.notes]
    names = [wave.wave for wave in comparison.waves]
    plain = in_order(names)
    if plain is not None and list(plain) != names:
        found.append(
            _(
                "The waves stand in the order in which they were given: {given}. Their names suggest another one:"
                " {suggested}."
            ).format(given=wording.listed(names), suggested=wording.listed(plain))
        )
    if not comparison.waves[-1].directed:
        found.append(
            _(
                "Nobody has checked what these questions measure, or which end of a scale is the good one. Changes are"
                " called higher or lower, never better or worse."
            )
        )
    return tuple(found)


def summary(comparison: Comparison, units: Sequence[ComparedUnit], *, with_pairs: bool = False) -> tuple[str, ...]:
    """The comparison in five sentences."""
    directed = comparison.waves[-1].directed
    return (
        _who(comparison, with_pairs=with_pairs),
        _organisation(units[0].dimensions),
        _parts(units[1:], verdicts(directed=directed)),
        _reach(units),
        (
            _(
                "A change of the figures does not say what brought it about, and a lower value blames nobody: it is a"
                " reason to ask."
            )
            if directed
            else _("A change of the figures says nothing of what brought it about, or whether it is good.")
        ),
    )


def _who(comparison: Comparison, *, with_pairs: bool) -> str:
    before, after = comparison.waves[-2:]
    then, now = int(before.people[0]), int(after.people[0])
    said = _(
        "“{after}” is set against “{before}”: {now} answered now, and {then} then. Who is in both cannot be known, and"
        " need not be."
    )
    if with_pairs:
        said = _(
            "“{after}” is set against “{before}”: {now} answered now, and {then} then. Those who gave the same code in"
            " both are looked at on their own as well."
        )
    return said.format(after=after.wave, before=before.wave, now=wording.people(now), then=wording.people(then))


def _organisation(changes: Sequence[Change]) -> str:
    if not changes:
        return _("No dimension can be compared as a whole.")
    found = _by_verdict(changes, lambda change: _moved(change) if _is_named(change) else change.measure)
    return _("The organisation as a whole. {found}").format(found=found)


def _is_named(change: Change | Trend) -> bool:
    return change.standing in {"above", "below"}


def _moved(change: Change) -> str:
    return _("{measure} from {before} to {after} ({difference}, between {low} and {high})").format(
        measure=change.measure,
        before=change.before.text,
        after=change.after.text,
        difference=points_of(change.difference),
        low=change.low.text,
        high=change.high.text,
    )


def _parts(units: Sequence[ComparedUnit], names: dict[Standing, str]) -> str:
    """How many units changed visibly, and of how many nothing can be said."""
    if not units:
        return _("No unit or team is in both waves, so the organisation is compared as a whole.")
    standings = [{change.standing for change in unit.dimensions} for unit in units]
    number = len(units)
    said = [
        ngettext("Both waves name {number} unit or team.", "Both waves name {number} units and teams.", number).format(
            number=wording.count(number).text
        )
    ]
    moved: tuple[Standing, ...] = ("above", "below")
    for standing in moved:
        how_many = sum(standing in found for found in standings)
        if how_many:
            said.append(
                _("{verdict} in at least one dimension: {number}.").format(
                    verdict=wording.capitalised(names[standing]), number=wording.count(how_many).text
                )
            )
    unseen = sum(not found & {"above", "below"} and "same" in found for found in standings)
    untold = sum(found <= {"none"} for found in standings)
    if unseen:
        said.append(_("No visible change in any dimension: {number}.").format(number=wording.count(unseen).text))
    if untold:
        said.append(_("Nothing can be told: {number}.").format(number=wording.count(untold).text))
    return " ".join(said)


def _reach(units: Sequence[ComparedUnit]) -> str:
    """The smallest visible change of a typical team; of the organisation where there is none."""
    teams = [unit for unit in units[1:] if not unit.larger]
    found = sorted(
        (
            (change.smallest.value, change)
            for unit in teams
            for change in unit.dimensions
            if isinstance(change.smallest, Figure)
        ),
        key=lambda each: each[0],
    )
    if found:
        _value, change = found[len(found) // 2]
        return _(
            "In a team of middling size ({then} answers then, {now} now) less than {points} points can be invisible:"
            " “no visible change” does not mean that nothing has changed."
        ).format(then=change.n_before.text, now=change.n_after.text, points=change.smallest.text)
    whole = [change.smallest for change in units[0].dimensions if isinstance(change.smallest, Figure)]
    if whole:
        return _("In the organisation as a whole, less than {points} points can be invisible.").format(
            points=max(whole, key=lambda cell: cell.value).text
        )
    return _("How large a change would have to be to be seen cannot be said.")


def dimensions_caption(changes: Sequence[Change]) -> str:
    """Which dimensions of the organisation changed."""
    if not any(map(_is_named, changes)):
        if any(change.standing == "same" for change in changes):
            return _("In no dimension can a change of the organisation as a whole be seen.")
        return _("Of no dimension can it be told whether the organisation as a whole has changed.")
    return _by_verdict(changes, lambda change: change.measure)


def _by_verdict(found: Sequence[One], what: Callable[[One], str]) -> str:
    """A sentence for each verdict, with what it is on: what can be seen first."""
    said = []
    for standing in ("above", "below", "same", "none"):
        mine = [one for one in found if one.standing == standing]
        if mine:
            text = wording.listed(list(map(what, mine)))
            said.append(_("{verdict}: {found}.").format(verdict=wording.capitalised(mine[0].verdict), found=text))
    return " ".join(said)


def units_of_a_dimension(label: str, changes: Sequence[Change]) -> str:
    """Which units changed in one dimension."""
    moved = [
        _("{unit} ({verdict})").format(unit=change.unit, verdict=change.verdict)
        for change in changes
        if _is_named(change)
    ]
    if moved:
        return _changed(moved)
    if any(change.standing == "same" for change in changes):
        return _("In no unit or team can a change in {dimension} be seen.").format(dimension=label)
    if changes:
        return _("Of no unit or team can it be told whether {dimension} has changed.").format(dimension=label)
    return ""


def units_caption(units: Sequence[ComparedUnit]) -> str:
    """Which units changed, and in what; "" without units."""
    if len(units) < 2:
        return ""
    said = []
    for unit in units[1:]:
        moved = [
            _("{measure} {verdict}").format(measure=change.measure, verdict=change.verdict)
            for change in unit.dimensions
            if _is_named(change)
        ]
        if moved:
            said.append(_("{unit} ({verdict})").format(unit=unit.name, verdict=", ".join(moved)))
    return _changed(said) if said else _("No visible change in any unit or team.")


def _changed(units: Sequence[str]) -> str:
    return _("Changed by more than chance explains, in alphabetical order within each unit: {units}.").format(
        units=wording.listed(units, most=_MOST_NAMED)
    )


def items_caption(changes: Sequence[Change]) -> str:
    """How many statements changed in the organisation as a whole."""
    moved = sum(map(_is_named, changes))
    if not changes:
        return ""
    if not moved:
        return _("No statement has visibly changed in the organisation as a whole.")
    return ngettext(
        "{moved} of {number} statements has visibly changed in the organisation as a whole.",
        "{moved} of {number} statements have visibly changed in the organisation as a whole.",
        moved,
    ).format(moved=wording.count(moved).text, number=wording.count(len(changes)).text)


def remark(measure: Measure, *, directed: bool) -> str:
    """What a reader must know of a statement that is turned round; "" for others."""
    return _("turned round: here low answers are the favourable ones") if measure.reverse and directed else ""


def trend_caption(found: Sequence[Trend], waves: int) -> str:
    """What the lines of the organisation show."""
    return _(
        "Over {waves} waves. {found} Over several waves a change can be seen that is too small to be seen from one to"
        " the next. Few waves make no season: a line through them is a summary, not a forecast."
    ).format(waves=wording.count(waves).text, found=_by_verdict(found, lambda trend: trend.measure))


def benchmark_caption(lines: Sequence[BenchmarkLine], wave: str) -> str:
    """What the figures from elsewhere are."""
    if not lines:
        return ""
    return _(
        "The organisation in “{wave}” against figures from elsewhere. Source: {sources}. Other people, other"
        " workplaces, perhaps another translation: a difference can have many reasons."
    ).format(wave=wave, sources=wording.listed(list(dict.fromkeys(line.source for line in lines))))


def pairs_notes(pairs: "PairedChanges", rows: Sequence[Paired], before: str, after: str) -> tuple[str, ...]:
    """Who the people in both waves are, how many are not among them, and what can be seen. rows: one per dimension."""
    if not pairs.shown:
        return (
            _(
                "Codes were given, and nothing is said of those who are in both waves: too few people share a code, or"
                " so few do not that they could be told apart."
            ),
        )
    said = [
        ngettext(
            "{number} person gave the same code in both waves.",
            "{number} people gave the same code in both waves.",
            pairs.pairs,
        ).format(number=wording.count(pairs.pairs).text),
        _("Found in one wave only: {before} people of “{then}” and {after} of “{now}”.").format(
            before=wording.count(pairs.alone_before).text,
            then=before,
            after=wording.count(pairs.alone_after).text,
            now=after,
        ),
        _(
            "Among them without a code, in both waves together: {uncoded}; with a code that stands twice: {repeated}."
        ).format(
            uncoded=wording.small_count(pairs.uncoded, pairs.least).text,
            repeated=wording.small_count(pairs.repeated, pairs.least).text,
        ),
        _by_verdict(rows, lambda row: row.measure),
        _(
            "These are the people who took part twice and kept their code, not the organisation: those who left, or no"
            " longer answer, may think otherwise."
        ),
        _(
            "Where it says otherwise than for the whole organisation, both are true: here the same people are asked"
            " twice, so that smaller changes can be seen; there it is everybody who answered."
        ),
    ]
    return tuple(said)


def method(comparison: Comparison, *, with_benchmark: bool, with_pairs: bool = False) -> tuple[Section, ...]:
    """How the comparison was made, and what it does not show."""
    sections = [
        Section("basis", _("What is compared"), tuple(map(_, _BASIS))),
        Section("change", _("When a change is called a change"), _change(comparison)),
        Section("invisible", _("What “no visible change” and “cannot tell” mean"), _invisible(comparison)),
    ]
    if len(comparison.waves) > 2:
        sections.append(Section("trend", _("The line through all waves"), (_(_TREND),)))
    if with_benchmark:
        sections.append(Section("benchmark", _("Figures from elsewhere"), (_(_BENCHMARK),)))
    if with_pairs:
        sections.append(Section("pairs", _("People in both waves"), tuple(map(_, _PAIRS))))
    hides = (*_ANONYMITY, _BUT_PAIRS) if with_pairs else _ANONYMITY
    return (*sections, Section("anonymity", _("What this comparison hides"), tuple(map(_, hides))))


_BASIS: Final = (
    marked("Statements that run the other way are turned round first, so that a high value is always the same end."),
    marked(
        "Every figure of a wave is the one that its own report printed, rounded as it was printed. What a report"
        " withheld is not known here either."
    ),
    marked(
        "Anonymous waves cannot be matched person by person. They are treated as independent samples; that makes this"
        " comparison cautious when most people stayed: some changes that are there will not be named."
    ),
    marked(
        "Only what means the same in both waves is compared: the same questionnaire, wording and response scale; a"
        " dimension only if it is made of the same statements; a unit only if it goes by the same name in the same"
        " place, or was said to have been renamed."
    ),
)


def _change(comparison: Comparison) -> tuple[str, ...]:
    names = verdicts(directed=comparison.waves[-1].directed)
    return (
        _(
            "The interval beside a difference shows how far chance can carry it (Welch’s method, 95 %). For the"
            " organisation it rests on the spread of all answers, for units and teams on the spread inside the printed"
            " groups, pooled over the organisation. It also allows for the rounding of the printed figures."
        ),
        _(
            "A change is called {better} or {worse} only if its interval leaves out 0 and it stands out among all that"
            " are compared: within a unit by Holm’s rule over the dimensions, over the units by Benjamini and"
            " Hochberg’s. If nothing has changed anywhere, no more than about {share} of such reports name a change."
            " That is why an interval can leave out 0 and the verdict still be “no visible change”: among many"
            " comparisons, chance does that."
        ).format(better=names["above"], worse=names["below"], share=percent(round(100 * RATE))),
        _(
            "Beside the statements stands the rank test of the organisation’s answers (Wilcoxon, Mann and Whitney), as"
            " a check that does not take the points of a scale for equal steps. It is not corrected for the number of"
            " statements and decides nothing. The effect size is Hedges’ g: the difference in standard deviations"
            " inside groups."
        ),
    )


def _invisible(comparison: Comparison) -> tuple[str, ...]:
    said = [
        _("“No visible change” means that a change as small as the one seen is what chance does."),
        _example(comparison),
    ]
    said.append(
        _(
            "The smallest visible change stands beside every figure: one that large would have been named in four of"
            " five cases, whatever else is in the report."
        )
    )
    return (
        " ".join(filter(None, said)),
        _(
            "“Cannot tell” means that a wave does not print the figure, or that even a change of {points} points, half"
            " the scale, could have been missed."
        ).format(points=wording.index(HIDDEN_CHANGE).text),
    )


def _example(comparison: Comparison) -> str:
    """What a small team could see if it were looked at alone; "" where the spread of answers is not known."""
    spreads = [measure.within for measure in comparison.dimensions.measures if isfinite(measure.within)]
    if not spreads:
        return ""
    error = np.array(median(spreads) * sqrt(2 / _FEW))
    points = ceil(smallest_visible(error, np.array(2.0 * _FEW - 2), 1))
    return _(
        "With {answers} answers in each wave, for example, less than {points} points can be invisible even if nothing"
        " but this team is looked at; in a report on many teams the bar is higher."
    ).format(answers=_FEW, points=wording.index(points).text)


_TREND: Final = marked(
    "A straight line through the waves, each weighted by how sure it is. Waves count as evenly spaced. The line is"
    " named rising or falling only if it stands out among all lines, by the same rules as a change. It shows neither"
    " seasons nor a change of course, and foretells nothing."
)
_BENCHMARK: Final = marked(
    "Both sides carry their own chance (Welch’s method); a difference is named by Holm’s rule over all lines. The"
    " figures are those of the file that was given, with the source that it names; nobody has checked them."
)
_PAIRS: Final = (
    marked(
        "A pair is a code that stands once in each of the two waves, whatever its capitals. Codes are compared and then"
        " forgotten; none is printed or kept. The change is the mean of each person’s own score, later less earlier,"
        " with the interval of the paired t test; a change is named by Holm’s rule over the dimensions."
    ),
    marked(
        "Of the same people smaller changes can be seen than of two samples. They are compared for the organisation as"
        " a whole alone, and only where those without a pair, and those who left gaps, are nobody or at least as many"
        " as the smallest group."
    ),
)
_BUT_PAIRS: Final = marked(
    "The one exception is what is said of the people in both waves: it takes their codes, is told of the organisation"
    " as a whole alone, and only where nobody can be told apart by it and the reports together."
)
_ANONYMITY: Final = (
    marked(
        "This comparison is made from published reports alone, so it holds nothing that they withhold. Waves are never"
        " added up: a figure over two waves could be subtracted from the figures of one."
    ),
    marked("Units stand in alphabetical order within the unit that they belong to. This comparison ranks nobody."),
)
