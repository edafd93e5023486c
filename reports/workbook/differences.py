"""The sheets on differences: between waves, from other people, and between groups."""

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from ...languages import gettext as _
from ..beside import ABOUT
from ..content import Absent, Figure, Moved, ReportContent, UnitApart, UnitRow
from .book import (
    FILLED,
    STANDINGS,
    Column,
    Entry,
    Sheet,
    Styled,
    figure_columns,
    sheet_name,
    standing_column,
    table_top,
    within,
)

_MOST_ROWS = 100_000  # above that only those of units above the teams


class _Changed(NamedTuple):
    """One unit in one dimension, this wave against the last. home: the units above it."""

    unit: UnitRow
    home: str
    moved: Moved


class _Beside(NamedTuple):
    """One unit in one dimension: how far it stands from everybody else, and from the rest of the unit above.

    home: the units above it.
    """

    unit: UnitRow
    home: str
    dimension: str
    against: UnitApart
    above: UnitApart


_NOT_SET = UnitApart(
    "", Absent(""), Absent(""), Absent(""), "none"
)  # of top-level units, of which it would say the same


def change(content: ReportContent) -> Sheet:
    """What has changed since the last wave, a row for each unit and dimension."""
    last = content.last
    columns = (
        *_unit_columns(),
        Column(_("Dimension"), 28, attrgetter("moved.measure"), key="dimension"),
        *within(
            attrgetter("moved"),
            (
                *figure_columns(
                    12,
                    ((last.wave if last else "") or _("Last wave"), "before"),
                    (content.wave or _("This wave"), "after"),
                ),
                Column(_("Change"), 12, _filled_difference, figures=True, key="change"),
                *_ends(),
                Column(_("Verdict"), 24, _verdict, key="chance"),
                *figure_columns(12, (_("Likely seen from"), "smallest")),
            ),
        ),
    )
    notes = (*last.notes, *last.said) if last else ()
    top = table_top(_("Since the last survey"), " ".join(notes))
    about = _("What has changed since the last wave, in the organisation and in every unit.")
    return Sheet(sheet_name(_("Change")), about, top, columns, list(_changes(content)), still=3)


def _changes(content: ReportContent) -> Iterator[_Changed]:
    for unit, home in _listed(content):
        moved = content.last.moved.get(unit.path, ()) if content.last and unit.kind != "rest" else ()
        if any(isinstance(one.difference, Figure) for one in moved):
            yield from (_Changed(unit, home, one) for one in moved)


def _filled_difference(moved: Moved) -> Entry:
    if isinstance(moved.difference, Figure) and moved.standing in {"above", "below"}:
        return Styled(moved.difference, FILLED[moved.standing])
    return moved.difference


def _verdict(moved: Moved) -> Entry:
    return Styled(moved.verdict, STANDINGS[moved.standing][1])


def beside(content: ReportContent) -> Sheet:
    """How far each unit stands from everybody else, and from the rest of the unit above."""
    apart = (
        *figure_columns(14, (_("Difference"), "difference")),
        *_ends(14),
        standing_column(_("In words"), 24, key="chance"),
    )
    columns = [
        *_unit_columns(),
        Column(_("Dimension"), 28, attrgetter("dimension"), key="dimension"),
        *within(attrgetter("against"), apart, under=_("Against everybody else")),
    ]
    records = list(_besides(content))
    if any(record.above is not _NOT_SET for record in records):
        columns += within(attrgetter("above"), apart, under=_("Against the rest of the unit above"))
    top = table_top(_("Beside everybody else"), _(ABOUT))
    about = _("How far each unit stands from everybody else, and from the rest of the unit above it.")
    return Sheet(sheet_name(_("Beside everybody else")), about, top, tuple(columns), records, still=3)


def _besides(content: ReportContent) -> Iterator[_Beside]:
    for unit, home in _listed(content):
        above = unit.above or (_NOT_SET,) * len(unit.against)
        for row, one, other in zip(content.dimensions, unit.against, above, strict=False):
            if {one.standing, other.standing} != {"none"}:
                yield _Beside(unit, home, row.label, one, other)


def gaps(content: ReportContent) -> Sheet:
    """How far the groups across the organisation stand apart."""
    columns = (
        Column(_("Attribute"), 18, attrgetter("attribute"), key="attribute"),
        Column(_("Group"), 24, attrgetter("one"), key="group"),
        Column(_("Other group"), 24, attrgetter("other"), key="other_group"),
        Column(_("Unit"), 30, attrgetter("where"), key="unit"),
        Column(_("Dimension"), 28, attrgetter("measure"), key="dimension"),
        *figure_columns(11, (_("Difference"), "difference")),
        *_ends(),
        *figure_columns(11, (_("Hedges’ g"), "effect")),
        Column(_("In words"), 90, attrgetter("said"), key="sentence"),
    )
    top = table_top(_("Gaps between groups"), " ".join(content.gap_notes))
    about = _("How far groups stand apart, in each dimension.")
    return Sheet(sheet_name(_("Gaps between groups")), about, top, columns, content.gaps, still=3)


def _listed(content: ReportContent) -> Iterator[tuple[UnitRow, str]]:
    """The units to tell of, each with the units above it."""
    few = len(content.units) * len(content.dimensions) <= _MOST_ROWS
    return ((unit, " › ".join(unit.path[:-1])) for unit in content.units if few or unit.kind != "team")


def _unit_columns() -> Iterator[Column]:
    yield Column(_("Unit"), 38, attrgetter("unit.name"), key="unit")
    yield Column(_("Above it"), 30, attrgetter("home"), key="path")


def _ends(width: float = 9) -> Iterator[Column]:
    """The interval of a difference."""
    yield Column(_("from"), width, attrgetter("low"), figures=True, key="end_low")
    yield Column(_("to"), width, attrgetter("high"), figures=True, key="end_high")
