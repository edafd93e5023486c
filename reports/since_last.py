"""What has changed since the last wave, for a report on one wave: made of what both waves print, and nothing finer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..analysis.comparison import compare
from ..analysis.published import Published
from ..languages import gettext as _, marked, speaking
from . import wording
from .comparison.compose import compose_comparison
from .comparison.content import ComparedUnit
from .compose import Look
from .content import Figure, LastWave, Moved, MovedUnit, ReportContent, Standing, UnitRow
from .snapshot import as_published

_UNSEEN = marked(
    "“No visible change” does not mean that nothing has changed: with this many answers, only a change as large as the"
    " last column says would probably have been seen."
)
_BY_CHANCE = marked(
    "Among many comparisons, chance alone makes some intervals leave out 0. That is why a verdict can be “no visible"
    " change” beside an interval that does."
)
_UNCHANGED = marked("Since the last survey, no change can be seen that is more than chance.")
_NO_CAUSE = marked(
    "The figures cannot say what brought a change about, and other people may have answered. Ask what was different in"
    " these months."
)
_SOME_UNITS = marked(
    "Each has changed by more than chance explains, with so many comparisons made at once. They stand in the order of"
    " the report, which is no rank and blames nobody. Others may have changed too: in a small group only large changes"
    " can be seen."
)
_NO_UNITS = marked(
    "Of no unit and no team can a change be told from chance. That does not mean that nothing has changed there: in a"
    " small group only large changes can be seen."
)


def since_last(content: ReportContent, last: Published) -> ReportContent:
    """The same report, which also says what has changed since a published wave.

    Raises ConfigError where the two cannot be compared, as they were asked with different questionnaires.
    """
    with speaking(content.lang):
        comparison = compare([last, as_published(content)])
        compared = compose_comparison(comparison, Look(lang=content.lang), version=content.version)
        moved = {unit.path: _moved(unit) for unit in compared.units}
        found = LastWave(
            wave=last.wave,
            moved=moved,
            notes=comparison.notes,
            said=said_of(moved.get((), ()), directed=content.directed),
            units=tuple(_changed_units(content.units, moved)),
        )
        if len(content.units) > 1:
            found = replace(found, units_note=_(_SOME_UNITS if found.units else _NO_UNITS))
        *summary, caution = content.summary
        seen = at_a_glance(found.organisation, directed=content.directed)
        return replace(content, last=found, summary=(*summary, *seen, caution))


def _moved(unit: ComparedUnit) -> tuple[Moved, ...]:
    return tuple(
        Moved(
            one.measure,
            one.before,
            one.after,
            one.difference,
            one.low,
            one.high,
            one.smallest,
            one.standing,
            one.verdict,
        )
        for one in unit.dimensions
    )


def _changed_units(units: Sequence[UnitRow], moved: Mapping[tuple[str, ...], Sequence[Moved]]) -> Iterator[MovedUnit]:
    for unit in units:
        if unit.kind in {"unit", "team"}:
            whole = " › ".join(unit.path[:-1])
            for one in moved.get(unit.path, ()):
                if one.standing in {"above", "below"}:
                    yield MovedUnit(unit.name, unit.level, whole, one)


def at_a_glance(moved: Sequence[Moved], *, directed: bool) -> tuple[str, ...]:
    """What a table of changes shows, as briefly as it can be said; () where it holds no figure."""
    if not any(isinstance(one.difference, Figure) for one in moved):
        return ()
    return tuple(_visible(moved, directed=directed)) or (_(_UNCHANGED),)


def said_of(moved: Sequence[Moved], *, directed: bool) -> tuple[str, ...]:
    """What a table of changes shows, in sentences; () where it holds no figure. directed: see `ReportContent`."""
    if not any(isinstance(one.difference, Figure) for one in moved):
        return ()
    said = _visible(moved, directed=directed)
    unseen = any(one.standing in {"same", "none"} for one in moved)
    by_chance = any(one.standing == "same" and _leaves_out(one, 0) for one in moved)
    return (*said, *([_(_UNSEEN)] if unseen else []), *([_(_BY_CHANCE)] if by_chance else []), _(_NO_CAUSE))


def _visible(moved: Sequence[Moved], *, directed: bool) -> list[str]:
    """What has changed by more than chance explains."""
    return [
        sentence.format(names=wording.listed([one.measure for one in moved if one.standing == standing]))
        for standing, sentence in _changed(directed=directed)
        if any(one.standing == standing for one in moved)
    ]


def _leaves_out(one: Moved, value: float) -> bool:
    if isinstance(one.low, Figure) and isinstance(one.high, Figure):
        return not one.low.value <= value <= one.high.value
    return False


def _changed(*, directed: bool) -> Sequence[tuple[Standing, str]]:
    if directed:
        return (
            ("above", _("Better than last time, by more than chance explains: {names}.")),
            ("below", _("Worse than last time, by more than chance explains: {names}.")),
        )
    return (
        ("above", _("Higher than last time, by more than chance explains: {names}.")),
        ("below", _("Lower than last time, by more than chance explains: {names}.")),
    )
