"""Facilitator sheets: a page to guess on, and two for the room, chosen by what can be told from the printed figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...languages import gettext as _, speaking
from .. import wording
from ..content import Figure, ReportContent, Standing, UnitRow
from .content import Place, Seen, seen_of, subtitle
from .facilitator_texts import (
    GROUND_RULES,
    LONG_PLAN,
    NEVER,
    PRACTICES,
    SCRIPTS,
    SHORT_PLAN,
    TALK,
    Pattern,
    Script,
)
from .guides import Experiment, Step

_HALF = 0.5  # of those who were asked: where fewer answered, silence is the subject


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the sheet of one unit says; nothing on it is a figure.

    file: its name; page: that of the unit's page. path: as of `TeamContent`. dimensions: what to guess, by name.
    reason: why this pattern was chosen. script, rules, never, plans, practices: what to do with it; see the texts.
    """

    file: str
    page: str
    path: tuple[tuple[str, str], ...]
    subtitle: str
    withheld: bool
    pattern: Pattern
    dimensions: tuple[str, ...]
    reason: tuple[str, ...]
    script: Script
    rules: tuple[str, ...]
    never: tuple[str, ...]
    plans: tuple[tuple[str, tuple[Step, ...]], ...]
    practices: tuple[Experiment, ...]

    @property
    def name(self) -> str:
        """What the unit is called."""
        return self.path[-1][0]


def sheet_name(file: str) -> str:
    """The name of the sheet that goes with a page.

    >>> sheet_name("nord-ahorn-3f9a2c1b7d.html")
    'nord-ahorn-3f9a2c1b7d-facilitator.html'
    """
    return f"{file.removesuffix('.html')}-facilitator.html"


def facilitator_sheet(content: ReportContent, place: Place) -> Sheet:
    """The sheet of one unit, in the language of the report."""
    with speaking(content.lang):
        unit = place.unit
        seen = () if unit.withheld else seen_of(content, unit)
        pattern = pattern_of(unit, seen, directed=content.directed)
        script = said(SCRIPTS[pattern])
        return Sheet(
            file=sheet_name(place.file),
            page=place.file,
            path=tuple((row.name, row.level) for row in (*place.above, unit)),
            subtitle=subtitle(content, unit),
            withheld=unit.withheld,
            pattern=pattern,
            dimensions=tuple(one.label for one in content.dimensions) or tuple(group.name for group in content.items),
            reason=_reason(seen, pattern),
            script=script,
            rules=tuple(map(_, GROUND_RULES)),
            never=tuple(map(_, NEVER)),
            plans=(
                (_("Forty-five minutes"), _plan(SHORT_PLAN, script)),
                (_("Ninety minutes"), _plan(LONG_PLAN, script)),
            ),
            practices=tuple(Experiment(_(one.practice), _(one.text), _(one.check_in)) for one in PRACTICES),
        )


def said(script: Script) -> Script:
    """The script in the language that is spoken."""
    return Script(
        _(script.title),
        _(script.aim),
        tuple(map(_, script.opening)),
        tuple(map(_, script.not_to_ask)),
        _(script.talk),
    )


def _plan(steps: Sequence[Step], script: Script) -> tuple[Step, ...]:
    return tuple(
        Step(_(step.minutes), _(step.name), script.talk if step.text == TALK else _(step.text)) for step in steps
    )


# Which pattern


def pattern_of(unit: UnitRow, seen: Sequence[Seen], *, directed: bool) -> Pattern:
    """What a conversation should be about, from what is printed of a unit; of a withheld one nothing is looked at.

    Low and high mean told apart from everybody else, falling and rising a visible change; where a good end of the
    scales is not known, neither is named. What nobody can tell from chance is nothing that stands out.
    """
    if unit.withheld:
        return "unseen"
    if isinstance(unit.response_rate, Figure) and unit.response_rate.value < _HALF:
        return "silent"
    found = _told_apart(seen) if directed else None
    return found or ("split" if any(one.view == "split" for one in seen) else "plain")


def _told_apart(seen: Sequence[Seen]) -> Pattern | None:
    """The pattern of what can be told from chance: what moved downwards or is low comes first."""
    lower, higher = _standing(seen, "below"), _standing(seen, "above")
    if any(one.change == "below" for one in seen):
        return "falling"
    if lower:
        return _with_view("low-agreed", "low-split", "low-open", lower)
    if any(one.change == "above" for one in seen):
        return "rising"
    return _with_view("high-agreed", "high-split", "high-open", higher) if higher else None


def _standing(seen: Sequence[Seen], standing: Standing) -> list[Seen]:
    return [one for one in seen if one.standing == standing]


def _with_view(agreed: Pattern, split: Pattern, open_: Pattern, seen: Sequence[Seen]) -> Pattern:
    """Split if the unit is over any of the dimensions, agreed if it sees all of them alike."""
    if any(one.view == "split" for one in seen):
        return split
    return agreed if all(one.view == "shared" for one in seen) else open_


def _reason(seen: Sequence[Seen], pattern: Pattern) -> tuple[str, ...]:
    """Why this pattern, in sentences without a figure; those that hold beside it, too."""
    if pattern == "unseen":
        return (
            _(
                "No figures of this group are shown. That depends only on how many people answered where, never on"
                " what anybody answered. The sheet is the same for every such group."
            ),
        )
    if pattern == "silent":
        return (_("Fewer than half of those who were asked have answered, so the figures speak for a part of them."),)
    if pattern == "plain":
        return (
            _(
                "No dimension can be told apart from everybody else in the organisation. That is what most groups of"
                " this size will read, whatever they are like."
            ),
        )
    said = (
        (
            _("Lower than everybody else in the organisation, by more than chance explains: {names}."),
            [one for one in seen if one.standing == "below"],
        ),
        (
            _("Higher than everybody else in the organisation, by more than chance explains: {names}."),
            [one for one in seen if one.standing == "above"],
        ),
        (
            _("Lower than last time, by more than chance explains: {names}."),
            [one for one in seen if one.change == "below"],
        ),
        (
            _("Higher than last time, by more than chance explains: {names}."),
            [one for one in seen if one.change == "above"],
        ),
        (_("The team is split over: {names}."), [one for one in seen if one.view == "split"]),
    )
    return tuple(
        sentence.format(names=wording.listed([one.label for one in found])) for sentence, found in said if found
    )
