"""What an average is worth: do statements belong together, do teams agree and differ, what goes with what, in words.

Every verdict is made from the figures as they are printed, so that each sentence is true of the number beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..analysis.evidence import NOT_SHOWN, Drivers, Floats, ItemFit, Reliability, TeamDifference
from ..analysis.findings import Findings, Unit
from ..analysis.scores import Withheld
from ..languages import gettext as _, marked, ngettext
from . import wording
from .cells import nearly_percent, rows_of
from .content import (
    Cell,
    DriverRow,
    DriverTable,
    EvidenceContent,
    EvidenceRow,
    Figure,
    ItemFitRow,
    UnitEvidence,
    View,
    ViewMeaning,
)

HOLDS: Final = 0.7  # alpha from which the statements of a dimension are read as one value
FITS: Final = 0.3  # item-rest correlation below which a statement goes badly with the others
STEADY: Final = 0.7  # ICC(2) from which the average of a usual team stands for the team
HALF: Final = 0.5  # ICC(2) below which, and worth below which, chance has the larger part
_HARDLY, _MUCH = 0.05, 0.25  # ICC(1)
_MOST_NAMED = 12
_EDGE = 1e-9  # a whole number in floating point

# By the numbers of `views.view`; the last two stand in for NOT_SHOWN.
_VIEWS: Final[tuple[View, ...]] = ("few", "shared", "mixed", "split", "withheld", "none")
VIEW_WORDS: Final[Mapping[View, str]] = {
    "shared": marked("shared view"),
    "mixed": marked("mixed view"),
    "split": marked("split team"),
    "few": marked("too few to say"),
    "withheld": marked("withheld"),
}

_TOGETHER: Final = {
    "together": marked("They belong together: their average can be read as one value."),
    "unsure": marked("They seem to belong together, but the interval of alpha reaches below {limit}."),
    "apart": marked("They do not belong together well: read them one by one."),
    "against": marked("They run against each other: an average hides what they say. Read them one by one."),
    "single": marked("Cannot be worked out: there is only one statement."),
    "undefined": marked(
        "Cannot be worked out: the answers do not vary, or too few people answered the same statements."
    ),
}
_TOGETHER_NOTES: Final = {
    "together": marked("{names}: the statements belong together, so that their average can be read as one value."),
    "unsure": marked("{names}: the statements seem to belong together; with so few answers that is not certain."),
    "apart": marked("{names}: the statements do not belong together well. Read them one by one."),
    "against": marked("{names}: the statements run against each other. Read them one by one, not their average."),
    "single": marked("{names}: there is only one statement, so there is nothing that could belong together."),
    "undefined": marked("{names}: it cannot be worked out whether the statements belong together."),
}
_HALVES: Final = {
    True: marked("{names}: the statements that run the other way go with the others, once they are turned round."),
    False: marked(
        "{names}: the statements that run the other way hardly go with the others, even turned round. Perhaps they ask"
        " for something else, or some people read past the word “not”."
    ),
}
_ICC1: Final = {
    "less": marked("Teams differ less than chance alone would make them: nothing points to differences between teams."),
    "hardly": marked("Teams hardly differ: nearly all differences are those between people of the same team."),
    "somewhat": marked("Teams differ somewhat; most differences are those between people of the same team."),
    "much": marked("Teams differ a great deal."),
    "none": marked("Cannot be worked out: no team is shown."),
    "single": marked("Cannot be worked out: only one team is shown, and there is none to set it against."),
    "undefined": marked("Cannot be worked out: the answers do not vary, or there is one answer per team."),
}
_ICC2: Final = {
    "steady": marked("The average of a team of usual size is steady enough to stand for the team."),
    "partly": marked(
        "The average of a team of usual size says something about the team, but chance has a large part in it."
    ),
    "chance": marked("The average of a team of usual size is chance for the larger part."),
}
_ICC2_NOTES: Final = {
    "steady": marked("{names}: a team’s average may be called the team’s, in a team of usual size."),
    "partly": marked("{names}: a team’s average says something about the team, but chance has a large part in it."),
    "chance": marked(
        "{names}: a team’s average is chance for the larger part, in a team of usual size. Do not call it the team’s."
    ),
    "undefined": marked("{names}: it cannot be worked out whether a team’s average may be called the team’s."),
}


def evidence_content(findings: Findings, dimensions: Sequence[str], items: Sequence[str]) -> EvidenceContent:
    """All that a report says of what its averages are worth.

    dimensions, items: what those of `Findings.joint_dimensions` and of the instrument are called.
    """
    if not dimensions:
        return EvidenceContent()
    evidence = findings.evidence
    labels = dict(zip((item.id for item in findings.instrument.items), items, strict=True))
    said = [
        _row(id_, label, reliability, difference, labels)
        for id_, label, reliability, difference in zip(
            findings.dimensions.columns, dimensions, evidence.reliability, evidence.differences, strict=True
        )
    ]
    whole = any(one is not None for one in (*evidence.reliability, *evidence.differences))
    outcomes = dict(zip(findings.dimensions.columns, dimensions, strict=True))
    drivers = tuple(_driver_table(one, outcomes, labels) for one in evidence.drivers)
    return EvidenceContent(
        note="" if whole else _too_small(findings),
        dimensions=tuple(said) if whole else (),
        together_notes=_together_notes(said, evidence.reliability),
        together_about=_together_about(),
        apart_notes=_apart_notes(said, evidence.differences),
        apart_about=_apart_about(),
        views=_meanings(findings.policy.detail_from),
        view_notes=_view_notes(findings, evidence.view, dimensions),
        view_about=_view_about(),
        guess_notes=_guess_notes(evidence.worth[findings.dimensions.shown]),
        guess_about=_guess_about(),
        drivers=drivers,
        driver_notes=_driver_notes() if drivers else (),
        driver_about=_driver_about(),
        others_notes=_others_notes(findings, dimensions),
        others_about=_others_about(directed=findings.instrument.directed),
    )


def _too_small(findings: Findings) -> str:
    n, least = findings.units[0].n, findings.policy.joint_from
    if isinstance(n, Withheld) or n >= least:
        return _(
            "Whether the statements of a dimension belong together, and whether teams differ, takes everybody’s answers"
            " to several statements. Here these figures are withheld to protect people’s anonymity."
        )
    return _(
        "Whether the statements of a dimension belong together, and whether teams differ, takes everybody’s answers to"
        " several statements. With fewer than {least} people, such figures are not shown."
    ).format(least=wording.count(least).text)


# Dimensions


def _row(
    id_: str, label: str, fit: Reliability | None, difference: TeamDifference | None, labels: Mapping[str, str]
) -> EvidenceRow:
    hidden = wording.withheld()
    figures = ("alpha", "alpha_low", "alpha_high", "standardised", "omega", "halves")
    cells: dict[str, Cell] = {
        name: hidden if fit is None else wording.coefficient(getattr(fit, name)) for name in figures
    }
    iccs: dict[str, Cell] = {
        name: hidden if difference is None else wording.coefficient(getattr(difference, name))
        for name in ("icc1", "icc2")
    }
    return EvidenceRow(
        id=id_,
        label=label,
        people=hidden if fit is None else wording.count(fit.people),
        **cells,
        together=hidden.text if fit is None else _together(cells, len(fit.items)),
        items=() if fit is None else tuple(_item_row(item, labels[item.item]) for item in fit.items),
        teams=hidden if difference is None else wording.count(difference.teams),
        team_people=hidden if difference is None else wording.count(difference.people),
        **iccs,
        apart=hidden.text if difference is None else _apart(iccs, difference.teams),
    )


def _item_row(fit: ItemFit, label: str) -> ItemFitRow:
    rest = wording.coefficient(fit.item_rest)
    return ItemFitRow(fit.item, label, rest, wording.coefficient(fit.alpha_without), _item_remark(rest))


def _item_remark(rest: Cell) -> str:
    """What a reader must know of how a statement goes with the others, by their correlation as printed."""
    if not isinstance(rest, Figure) or rest.value >= FITS:
        return ""
    return _("runs against the others") if rest.value < 0 else _("goes badly with the others")


def togetherness(alpha: Cell, low: Cell, items: int) -> str:
    """Whether statements belong together, by alpha as printed: a key of the verdicts in words."""
    if not isinstance(alpha, Figure):
        return "single" if items < 2 else "undefined"
    if alpha.value < HOLDS:
        return "against" if alpha.value < 0 else "apart"
    return "together" if isinstance(low, Figure) and low.value >= HOLDS else "unsure"


def _together(cells: Mapping[str, Cell], items: int) -> str:
    verdict = togetherness(cells["alpha"], cells["alpha_low"], items)
    return _(_TOGETHER[verdict]).format(limit=wording.coefficient(HOLDS).text)


def difference_between_teams(icc: Cell, teams: int) -> str:
    """How much teams differ, by ICC(1) as printed: a key of the verdicts in words."""
    if not isinstance(icc, Figure):
        return {0: "none", 1: "single"}.get(teams, "undefined")
    if icc.value < 0:
        return "less"
    return "hardly" if icc.value < _HARDLY else "somewhat" if icc.value < _MUCH else "much"


def steadiness(icc: Cell) -> str:
    """What the average of a usual team is worth, by ICC(2) as printed: a key of the verdicts in words."""
    if not isinstance(icc, Figure):
        return "undefined"
    return "steady" if icc.value >= STEADY else "partly" if icc.value >= HALF else "chance"


def _apart(iccs: Mapping[str, Cell], teams: int) -> str:
    said = [_(_ICC1[difference_between_teams(iccs["icc1"], teams)])]
    if isinstance(iccs["icc2"], Figure):
        said.append(_(_ICC2[steadiness(iccs["icc2"])]))
    return " ".join(said)


def _named(rows: Sequence[EvidenceRow], kinds: Sequence[str], sentences: Mapping[str, str]) -> list[str]:
    """A sentence for every verdict that some dimension has, with the names of these; kinds: the verdict of each."""
    return [
        _(sentence).format(
            names=wording.listed([row.label for row, one in zip(rows, kinds, strict=True) if one == kind])
        )
        for kind, sentence in sentences.items()
        if kind in kinds
    ]


def _together_notes(rows: Sequence[EvidenceRow], fits: Sequence[Reliability | None]) -> tuple[str, ...]:
    if all(fit is None for fit in fits):
        return ()
    kinds = [
        "" if fit is None else togetherness(row.alpha, row.alpha_low, len(fit.items))
        for row, fit in zip(rows, fits, strict=True)
    ]
    halves = [row for row in rows if isinstance(row.halves, Figure)]
    fitting = {good: [row for row in halves if _is_at_least(row.halves, FITS) == good] for good in (True, False)}
    return (
        *_named(rows, kinds, _TOGETHER_NOTES),
        *(
            _(_HALVES[good]).format(names=wording.listed([row.label for row in found]))
            for good, found in fitting.items()
            if found
        ),
    )


def _together_about() -> tuple[str, ...]:
    return (
        _(
            "Alpha and omega tell how much the statements of a dimension have in common, from 0 (nothing) to 1"
            " (everything). From {limit} on, a dimension can be read as one value; below that, every statement stands"
            " for itself. That they belong together does not prove that they measure what they are called."
        ).format(limit=wording.coefficient(HOLDS).text),
    )


def _is_at_least(cell: Cell, limit: float) -> bool:
    return isinstance(cell, Figure) and cell.value >= limit


def _apart_notes(rows: Sequence[EvidenceRow], differences: Sequence[TeamDifference | None]) -> tuple[str, ...]:
    if not any(one is not None and one.teams for one in differences):
        return ()
    kinds = ["" if one is None else steadiness(row.icc2) for row, one in zip(rows, differences, strict=True)]
    return tuple(_named(rows, kinds, _ICC2_NOTES))


def _apart_about() -> tuple[str, ...]:
    return (
        _(
            "ICC(1) is the share of the differences between people that lies between teams. ICC(2) tells how steady the"
            " average of a team of usual size is: near 1, the same team would come out much the same again; near 0, the"
            " average is a matter of who happened to answer. Below 0 stands what is less than chance alone would make."
        ),
    )


# Teams


def unit_evidence(findings: Findings) -> list[tuple[UnitEvidence, ...]]:
    """What the averages of every unit are worth, row by row; made array by array, since there may be 100,000."""
    evidence, shown = findings.evidence, findings.dimensions.shown
    units = [unit.kind in {"unit", "team"} for unit in findings.units]
    hidden = np.where(np.array(units, np.bool_)[:, None], _VIEWS.index("withheld"), _VIEWS.index("none"))
    view = np.where((evidence.view == NOT_SHOWN) | ~shown, hidden, evidence.view).ravel()
    published = np.array([one is not None for one in evidence.differences], np.bool_) & shown
    unsaid = _either(published, wording.undefined(), wording.withheld())
    unknown = _either(shown, wording.unknown(), wording.withheld())
    withheld = _either(shown, wording.withheld(), wording.withheld())
    words = np.array([_(VIEW_WORDS[one]) if one in VIEW_WORDS else "" for one in _VIEWS], object)
    columns = (
        np.array(_VIEWS, object)[view],
        words[view],
        _cells(evidence.deviation, shown, wording.coefficient, withheld, decimals=2),
        _cells(evidence.agreement, shown, wording.coefficient, withheld, decimals=2),
        _cells(np.rint(evidence.shrunken), shown, wording.index, unsaid),
        _cells(nearly_percent(evidence.worth), shown, wording.percent, unsaid, decimals=12),
        _cells(np.floor(evidence.if_low + _EDGE), shown, wording.index, unknown),
        _cells(np.ceil(evidence.if_high - _EDGE), shown, wording.index, unknown),
    )
    return rows_of(UnitEvidence, columns, shown.shape)


def _either(chosen: npt.NDArray[np.bool_], one: Cell, other: Cell) -> npt.NDArray[np.object_]:
    """One of two cells for each entry; flat."""
    cells = np.empty(2, object)
    cells[:] = [other, one]
    return cells[chosen.ravel().astype(np.intp)]


def _cells(
    values: Floats,
    shown: npt.NDArray[np.bool_],
    say: Callable[[Any], Cell],
    missing: npt.NDArray[np.object_],
    *,
    decimals: int = 0,
) -> npt.NDArray[np.object_]:
    """Each number as its cell, said once per different number; `missing` where there is none; flat."""
    there = (shown & ~np.isnan(values)).ravel()
    different, place = np.unique(np.round(values.ravel()[there], decimals), return_inverse=True)
    said = np.empty(len(different), object)
    said[:] = [say(value) for value in different.tolist()]
    cells = missing.copy()
    cells[there] = said[place]
    return cells


def people_asked(unit: Unit) -> Cell:
    """How many people of a unit were asked; not known where more answered than that."""
    if isinstance(unit.n, Withheld) or isinstance(unit.headcount, Withheld):
        return wording.withheld()
    return wording.unknown() if unit.headcount is None or unit.headcount < unit.n else wording.count(unit.headcount)


def _meanings(least: int) -> tuple[ViewMeaning, ...]:
    meanings: tuple[tuple[View, str], ...] = (
        ("shared", _("The answers lie close together: the average speaks for most of the people.")),
        (
            "mixed",
            _(
                "The answers lie apart, but not in two camps: the average is the middle of many views. Ask for what"
                " stands behind them."
            ),
        ),
        (
            "split",
            _(
                "The answers lie in two camps, one high and one low: the average is a mean that hardly anybody holds."
                " Talk about both views, and never about who holds which."
            ),
        ),
        (
            "few",
            _(
                "Most statements have fewer than {least} answers that may be shown: nothing is said about how far"
                " people agree. It is no sign of anything."
            ).format(least=wording.count(least).text),
        ),
    )
    return tuple(ViewMeaning(view, _(VIEW_WORDS[view]), meaning) for view, meaning in meanings)


def _view_notes(findings: Findings, view: npt.NDArray[np.int8], dimensions: Sequence[str]) -> tuple[str, ...]:
    """Where camps are seen, by name; nothing where the file names no units."""
    shown = [place for place, unit in enumerate(findings.units) if unit.kind in {"unit", "team"}]
    if not shown or not (view[shown] != NOT_SHOWN).any():
        return ()
    judged = view[shown][view[shown] > _VIEWS.index("few")]
    if not judged.size:
        return (_("No unit or team has enough answers to say how far its people agree."),)
    alike = _alike(float((judged == _VIEWS.index("shared")).mean()))
    split = _VIEWS.index("split")
    camps = [place for place in shown if (view[place] == split).any()]
    if not camps:
        return alike, _("No unit or team of which it can be said is split into two camps.")
    named = [
        _("{unit} ({dimensions})").format(
            unit=findings.units[place].name,
            dimensions=wording.listed([dimensions[at] for at in np.flatnonzero(view[place] == split).tolist()]),
        )
        for place in camps[:_MOST_NAMED]
    ]
    message = (
        _("Two camps can be seen in {named}. There, the average is a mean that hardly anybody holds.")
        if len(camps) <= _MOST_NAMED
        else _(
            "Two camps can be seen in many places, among them {named}. There, the average is a mean that hardly anybody"
            " holds."
        )
    )
    return alike, message.format(named=wording.strung(named))


def _alike(share: float) -> str:
    """How often people share one view, of all verdicts that say something of it."""
    if share == 1:
        return _("Wherever it can be said, people share one view.")
    if share > HALF:
        return _("Where it can be said, people mostly share one view.")
    if share > 0:
        return _("Where it can be said, people share one view in some places, and more often they do not.")
    return _("Nowhere that it can be said do people share one view.")


def _view_about() -> tuple[str, ...]:
    return (
        _(
            "An average alone does not tell whether people agree. These verdicts do, unit by unit, wherever most"
            " statements have enough answers:"
        ),
    )


def _guess_notes(worth: Floats) -> tuple[str, ...]:
    """How much of team averages is the team's, in words; nothing where no team has an estimate."""
    found = worth[~np.isnan(worth)]
    if not found.size:
        return ()
    less = np.round(found, 2) < HALF
    if less.all():
        finding = _("The average of every team shown is chance for the larger part.")
    elif less.mean() > HALF:
        finding = _("Most averages of teams are chance for the larger part.")
    elif less.any():
        finding = _("Some averages of teams are chance for the larger part.")
    else:
        finding = _("No average of a team shown is chance for the larger part.")
    return (finding,)


def _guess_about() -> tuple[str, ...]:
    return (
        _(
            "The best guess of where a team stands lies between its own average and that of the organisation. The fewer"
            " people answered, and the less teams differ, the nearer it lies to the organisation: what a team’s average"
            " is worth tells how much it counts in the guess."
        ),
        _(
            "Over all teams, best guesses are nearer to the truth than averages; for a single team they need not be."
            " They are no reason to compare or to rank teams."
        ),
    )


# What goes with what


def _driver_table(found: Drivers, outcomes: Mapping[str, str], labels: Mapping[str, str]) -> DriverTable:
    is_item = found.outcome not in outcomes
    label = labels[found.outcome] if is_item else outcomes[found.outcome]
    explained = wording.percent(found.explained)
    caption = ngettext(
        "{explained} of the differences between people on “{label}” go with what they answered to the one other"
        " statement.",
        "{explained} of the differences between people on “{label}” go with what they answered to the other"
        " statements.",
        len(found.items),
    )
    return DriverTable(
        id=found.outcome,
        label=label,
        is_item=is_item,
        people=wording.count(found.people),
        explained=explained,
        caption=caption.format(label=label, explained=explained.text),
        rows=tuple(
            DriverRow(
                one.item,
                labels[one.item],
                wording.percent(one.weight),
                wording.percent(one.low),
                wording.percent(one.high),
            )
            for one in found.items
        ),
    )


def _driver_notes() -> tuple[str, ...]:
    return (
        _(
            "These are no causes. Two things can go together because both follow from a third, and nobody has changed"
            " one of them to see what happens. Take them as questions for a conversation."
        ),
    )


def _driver_about() -> tuple[str, ...]:
    return (
        _(
            "The share beside a statement is its part of the whole (Johnson’s relative weights). Statements stand in"
            " the order of the questionnaire; where the intervals of two overlap, it cannot be said which of them"
            " weighs more."
        ),
    )


# Who did not answer


def _others_notes(findings: Findings, dimensions: Sequence[str]) -> tuple[str, ...]:
    """Between what the organisation's values lie, whatever the others would have said; nothing without headcounts."""
    asked = [unit for unit in findings.units if isinstance(people_asked(unit), Figure)]
    if not asked or np.isnan(findings.evidence.if_low).all():
        return ()
    return tuple(_whole(findings, dimensions)) or (
        _(
            "How far those who did not answer could move the index of a unit is worked out where it is known how many"
            " people were asked."
        ),
    )


def _others_about(*, directed: bool) -> tuple[str, ...]:
    if directed:
        return (
            _(
                "Beside each unit stands between which values its index would lie if everybody asked had answered: at"
                " the lower end all others ticked the least favourable point throughout, at the upper end the most"
                " favourable one. The truth lies in between for certain, and most likely nowhere near the ends."
            ),
        )
    return (
        _(
            "Beside each unit stands between which values its index would lie if everybody asked had answered: at the"
            " lower end all others ticked the lowest point throughout, at the upper end the highest. The truth lies in"
            " between for certain, and most likely nowhere near the ends."
        ),
    )


def _whole(findings: Findings, dimensions: Sequence[str]) -> list[str]:
    organisation, evidence = findings.units[0], findings.evidence
    if not isinstance(people_asked(organisation), Figure) or np.isnan(evidence.if_low[0]).all():
        return []
    n, headcount = organisation.n, organisation.headcount
    if isinstance(n, Withheld) or not isinstance(headcount, int):
        return []
    if n == headcount:
        return [_("Everybody who was asked in the organisation answered.")]
    said = [
        _("{dimension} between {low} and {high}").format(
            dimension=label,
            low=wording.index(np.floor(low + _EDGE)).text,
            high=wording.index(np.ceil(high - _EDGE)).text,
        )
        for label, low, high in zip(dimensions, evidence.if_low[0], evidence.if_high[0], strict=True)
        if not np.isnan(low)
    ]
    message = ngettext(
        "{n} of {asked} people answered. Whatever the other one would have said, with them the index of the"
        " organisation would be: {said}.",
        "{n} of {asked} people answered. Whatever the other {others} would have said, with them the index of the"
        " organisation would be: {said}.",
        headcount - n,
    )
    return [
        message.format(
            n=wording.count(n).text,
            asked=wording.count(headcount).text,
            others=wording.count(headcount - n).text,
            said=wording.listed(said),
        )
    ]
