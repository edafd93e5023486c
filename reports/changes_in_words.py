"""The sentences of a comparison: what changed, how sure that is, what could not be seen, what was not compared."""

from collections import Counter
from collections.abc import Sequence
from math import ceil, isfinite, sqrt
from statistics import median
from typing import Final

import numpy as np

from ..analysis.change import HIDDEN_CHANGE, RATE, smallest_visible
from ..analysis.comparison import Comparison
from ..analysis.waves import in_order
from . import wording
from .comparison import BenchmarkLine, Change, ComparedUnit, Trend, points_of
from .content import Absent, Figure, Section, Standing

UNTOLD: Final = Absent("cannot tell")
AGAINST: Final[dict[Standing, str]] = {
    "above": "above it",
    "below": "below it",
    "same": "no visible difference",
    "none": "cannot tell",
}
_MOST_NAMED = 12
_FEW = 7  # answers of a small team, for an example

NO_RECORD: Final = (
    "Made without a record. Nobody has checked whether earlier reports are on some of the same answers; if there are"
    " any, all of them together may tell what single people answered."
)
ADVICE: Final = (
    "Show a team its own change first, before anybody above it discusses it, and ask what they make of it.",
    "Ask what was different in these months. The figures cannot say what moved them.",
    "Where no change can be seen, talk about where things stand; do not explain a difference that chance explains.",
    "Keep what you try small, and agree now on the wave in which you will look again.",
    (
        "Do not set targets on these figures, and do not rank teams by their change: people who know that their"
        " answers are counted against somebody will give other answers."
    ),
)


def verdicts(*, directed: bool) -> dict[Standing, str]:
    """What a change is called; without a known good end of the scale, nothing is better or worse."""
    up, down = ("better", "worse") if directed else ("higher", "lower")
    return {"above": up, "below": down, "same": "no visible change", "none": UNTOLD.text}


def trends(*, directed: bool) -> dict[Standing, str]:
    """What a line through all waves is called."""
    up, down = ("getting better", "getting worse") if directed else ("rising", "falling")
    return {"above": up, "below": down, "same": "no visible trend", "none": UNTOLD.text}


def legend(*, directed: bool) -> tuple[tuple[Standing, str], ...]:
    """What the marks mean."""
    names = verdicts(directed=directed)
    return (
        ("above", f"{names['above']}, by more than chance explains"),
        ("below", f"{names['below']}, by more than chance explains"),
        ("same", "no visible change: what can be seen is what chance does"),
        ("none", "cannot tell: not printed in both waves, or too few answers"),
    )


def subtitle(comparison: Comparison) -> str:
    """The line below the title."""
    before, after = comparison.waves[-2:]
    return f"{after.wave} against {before.wave}"


def order(comparison: Comparison) -> str:
    """The order of the waves, as it was taken."""
    names = wording.listed([f"“{wave.wave}”" for wave in comparison.waves])
    before, after = comparison.waves[-2:]
    return (
        f"Taken in this order, the earliest first: {names}. Changes are those from “{before.wave}” to “{after.wave}”."
        " The waves are set against each other as they were printed; they are never added up."
    )


def notices(comparison: Comparison, notes: Sequence[str]) -> tuple[str, ...]:
    """What must be read before any figure."""
    found = [*notes, *comparison.notes]
    names = [wave.wave for wave in comparison.waves]
    plain = in_order(names)
    if plain is not None and list(plain) != names:
        found.append(
            f"The waves stand in the order in which they were given: {wording.listed(names)}. Their names suggest"
            f" another one: {wording.listed(plain)}."
        )
    if not comparison.waves[-1].directed:
        found.append(
            "Nobody has checked what these questions measure, or which end of a scale is the good one. Changes are"
            " called higher or lower, never better or worse."
        )
    return tuple(found)


def summary(comparison: Comparison, units: Sequence[ComparedUnit]) -> tuple[str, ...]:
    """The comparison in five sentences."""
    return (
        _who(comparison),
        _organisation(units[0].dimensions),
        _parts(units[1:]),
        _reach(units),
        (
            "A change of the figures does not say what brought it about, and a lower value blames nobody: it is a"
            " reason to ask."
            if comparison.waves[-1].directed
            else "A change of the figures says nothing of what brought it about, or whether it is good."
        ),
    )


def _who(comparison: Comparison) -> str:
    before, after = comparison.waves[-2:]
    then, now = int(before.people[0]), int(after.people[0])
    return (
        f"“{after.wave}” is set against “{before.wave}”: {wording.people(now)} answered now, and {wording.people(then)}"
        " then. Who is in both cannot be known, and need not be."
    )


def _organisation(changes: Sequence[Change]) -> str:
    if not changes:
        return "No dimension can be compared as a whole."
    said = _by_verdict(
        [
            (
                change.verdict,
                _moved(change) if change.standing in {"above", "below"} else change.measure,
                change.standing,
            )
            for change in changes
        ]
    )
    return f"The organisation as a whole. {said}"


def _moved(change: Change) -> str:
    return (
        f"{change.measure} from {change.before.text} to {change.after.text} ({points_of(change.difference)}, between"
        f" {change.low.text} and {change.high.text})"
    )


def _parts(units: Sequence[ComparedUnit]) -> str:
    """How many units changed visibly, and of how many nothing can be said."""
    if not units:
        return "No unit or team is in both waves, so the organisation is compared as a whole."
    standings = [{change.standing for change in unit.dimensions} for unit in units]
    count = Counter(standing for found in standings for standing in found & {"above", "below"})
    names = {change.standing: change.verdict for unit in units for change in unit.dimensions}
    unseen = sum(not found & {"above", "below"} and "same" in found for found in standings)
    untold = sum(found <= {"none"} for found in standings)
    said = [
        f"{count[standing]:,} {'is' if count[standing] == 1 else 'are'} {names[standing]} in at least one dimension"
        for standing in ("above", "below")
        if count[standing]
    ]
    if unseen:
        said.append(f"in {unseen:,} no change can be seen")
    if untold:
        said.append(f"of {untold:,} nothing can be told")
    number = wording.plural(len(units), "unit or team", "units and teams")
    return f"Of the {number} that both waves name, {wording.listed(said)}."


def _reach(units: Sequence[ComparedUnit]) -> str:
    """The smallest visible change of a typical team; of the organisation where there is none."""
    teams = [unit for unit in units[1:] if not unit.larger]
    found = sorted(
        (
            (change.smallest.value, change.n_before.text, change.n_after.text)
            for unit in teams
            for change in unit.dimensions
            if isinstance(change.smallest, Figure)
        ),
        key=lambda each: each[0],
    )
    if found:
        points, then, now = found[len(found) // 2]
        return (
            f"In a team of middling size ({then} answers then, {now} now) less than {points:.0f} points is invisible:"
            " “no visible change” does not mean that nothing has changed."
        )
    whole = [change.smallest.value for change in units[0].dimensions if isinstance(change.smallest, Figure)]
    if whole:
        return f"In the organisation as a whole, less than {max(whole):.0f} points can be invisible."
    return "How large a change would have to be to be seen cannot be said."


def dimensions_caption(changes: Sequence[Change]) -> str:
    """Which dimensions of the organisation changed."""
    if not any(change.standing in {"above", "below"} for change in changes):
        if any(change.standing == "same" for change in changes):
            return "In no dimension can a change of the organisation as a whole be seen."
        return "Of no dimension can it be told whether the organisation as a whole has changed."
    return _by_verdict([(change.verdict, change.measure, change.standing) for change in changes])


def _by_verdict(found: Sequence[tuple[str, str, Standing]]) -> str:
    """(verdict, what, standing) as a sentence for each verdict: what can be seen first."""
    said = []
    for standing in ("above", "below", "same", "none"):
        mine = [(verdict, what) for verdict, what, one in found if one == standing]
        if mine:
            verdict = mine[0][0]
            said.append(f"{verdict[0].upper()}{verdict[1:]}: {wording.listed([what for _, what in mine])}.")
    return " ".join(said)


def units_of_a_dimension(label: str, changes: Sequence[Change]) -> str:
    """Which units changed in one dimension."""
    moved = [f"{change.unit} ({change.verdict})" for change in changes if change.standing in {"above", "below"}]
    if moved:
        return f"Changed by more than chance explains, in alphabetical order within each unit: {_first(moved)}."
    if any(change.standing == "same" for change in changes):
        return f"In no unit or team can a change in {label} be seen."
    return f"Of no unit or team can it be told whether {label} has changed." if changes else ""


def units_caption(units: Sequence[ComparedUnit]) -> str:
    """Which units changed, and in what; "" without units."""
    if len(units) < 2:
        return ""
    said = []
    for unit in units[1:]:
        moved = [
            f"{change.measure} {change.verdict}" for change in unit.dimensions if change.standing in {"above", "below"}
        ]
        if moved:
            said.append(f"{unit.name} ({', '.join(moved)})")
    if not said:
        return "No visible change in any unit or team."
    return f"Changed by more than chance explains, in alphabetical order within each unit: {_first(said, '; ')}."


def _first(named: Sequence[str], between: str = ", ") -> str:
    more = len(named) - _MOST_NAMED
    return between.join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def items_caption(changes: Sequence[Change]) -> str:
    """How many statements changed in the organisation as a whole."""
    moved = [change for change in changes if change.standing in {"above", "below"}]
    if not changes:
        return ""
    if not moved:
        return "No statement has visibly changed in the organisation as a whole."
    number = f"{len(moved):,} of {len(changes):,} statements"
    return f"{number} {'has' if len(moved) == 1 else 'have'} visibly changed in the organisation as a whole."


def trend_caption(found: Sequence[Trend], waves: int) -> str:
    """What the lines of the organisation show."""
    said = _by_verdict([(trend.verdict, trend.measure, trend.standing) for trend in found])
    return f"Over {waves} waves. {said} Few waves make no season: a line through them is a summary, not a forecast."


def benchmark_caption(lines: Sequence[BenchmarkLine], wave: str) -> str:
    """What the figures from elsewhere are."""
    if not lines:
        return ""
    sources = wording.listed(list(dict.fromkeys(line.source for line in lines)))
    return (
        f"The organisation in “{wave}” against figures from elsewhere. Source: {sources}. Other people, other"
        " workplaces, perhaps another translation: a difference can have many reasons."
    )


def method(comparison: Comparison, *, with_benchmark: bool) -> tuple[Section, ...]:
    """How the comparison was made, and what it does not show."""
    sections = [
        Section("basis", "What is compared", _BASIS),
        Section("change", "When a change is called a change", _change(comparison)),
        Section("invisible", "What “no visible change” and “cannot tell” mean", _invisible(comparison)),
    ]
    if len(comparison.waves) > 2:
        sections.append(Section("trend", "The line through all waves", _TREND))
    if with_benchmark:
        sections.append(Section("benchmark", "Figures from elsewhere", _BENCHMARK))
    return (*sections, Section("anonymity", "What this comparison hides", _ANONYMITY))


_BASIS: Final = (
    (
        "Every figure of a wave is the one that its own report printed, rounded as it was printed. What a report"
        " withheld is not known here either."
    ),
    (
        "Anonymous waves cannot be matched person by person. They are treated as independent samples; that makes this"
        " comparison cautious when most people stayed: some changes that are there will not be named."
    ),
    (
        "Only what means the same in both waves is compared: the same questionnaire, wording and response scale; a"
        " dimension only if it is made of the same statements; a unit only if it goes by the same name in the same"
        " place, or was said to have been renamed."
    ),
)


def _change(comparison: Comparison) -> tuple[str, ...]:
    better, worse = (verdicts(directed=comparison.waves[-1].directed)[one] for one in ("above", "below"))
    return (
        (
            "The interval beside a difference shows how far chance can carry it (Welch’s method, 95 %). For the"
            " organisation it rests on the spread of all answers, for units and teams on the spread inside the printed"
            " groups, pooled over the organisation. It also allows for the rounding of the printed figures."
        ),
        (
            f"A change is called {better} or {worse} only if its interval leaves out 0 and it stands out among all that"
            " are compared: within a unit by Holm’s rule over the dimensions, over the units by Benjamini and"
            f" Hochberg’s. If nothing has changed anywhere, no more than about {RATE:.0%} of such reports name a"
            " change. That is why an interval can leave out 0 and the verdict still be “no visible change”: among many"
            " comparisons, chance does that."
        ),
        (
            "Beside the statements stands the rank test of the organisation’s answers (Wilcoxon, Mann and Whitney), as"
            " a check that does not take the points of a scale for equal steps. It is not corrected for the number of"
            " statements and decides nothing. The effect size is Hedges’ g: the difference in standard deviations"
            " inside groups."
        ),
    )


def _invisible(comparison: Comparison) -> tuple[str, ...]:
    return (
        (
            "“No visible change” means that a change as small as the one seen is what chance does."
            f"{_example(comparison)} The smallest visible change stands beside every figure: one that large would have"
            " been named in four of five cases, whatever else is in the report."
        ),
        (
            f"“Cannot tell” means that a wave does not print the figure, or that even a change of {HIDDEN_CHANGE:.0f}"
            " points, half the scale, could have been missed."
        ),
    )


def _example(comparison: Comparison) -> str:
    """What a small team could see if it were looked at alone; "" where the spread of answers is not known."""
    spreads = [measure.within for measure in comparison.dimensions.measures if isfinite(measure.within)]
    if not spreads:
        return ""
    error = np.array(median(spreads) * sqrt(2 / _FEW))
    points = ceil(smallest_visible(error, np.array(2.0 * _FEW - 2), 1))
    return (
        f" With {_FEW} answers in each wave, for example, less than {points} points is invisible even if nothing but"
        " this team is looked at; in a report on many teams the bar is higher."
    )


_TREND: Final = (
    (
        "A straight line through the waves, each weighted by how sure it is. Waves count as evenly spaced. The line is"
        " named rising or falling only if it stands out among all lines, by the same rules as a change. It shows"
        " neither seasons nor a change of course, and foretells nothing."
    ),
)
_BENCHMARK: Final = (
    (
        "Both sides carry their own chance (Welch’s method); a difference is named by Holm’s rule over all lines. The"
        " figures are those of the file that was given, with the source that it names; nobody has checked them."
    ),
)
_ANONYMITY: Final = (
    (
        "This comparison is made from published reports alone, so it holds nothing that they withhold. Waves are never"
        " added up: a figure over two waves could be subtracted from the figures of one."
    ),
    "Units stand in alphabetical order within the unit that they belong to. This comparison ranks nobody.",
)
