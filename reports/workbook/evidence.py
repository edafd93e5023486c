"""The sheets on evidence: may an average be called a team score, do statements belong together, what goes with what?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import NamedTuple

from ...languages import gettext as _
from ..content import (
    Cell,
    DriverRow,
    DriverTable,
    Figure,
    ItemFitRow,
    ReportContent,
    UnitEvidence,
    UnitRow,
    ViewMeaning,
)
from .book import LABEL, LINE, Column, Entry, Row, Sheet, Styled, figure_columns, sheet_name, table_top, within

_MOST_SCORED = 100_000  # rows; above that only those of units above the teams


class _Seen(NamedTuple):
    """One unit in one dimension: its row, the units above it, the dimension, its index, and what that is worth."""

    unit: UnitRow
    home: str
    dimension: str
    index: Cell  # type: ignore[assignment]  # no use here for tuple.index
    evidence: UnitEvidence


def belonging(content: ReportContent) -> Sheet:
    """Whether the statements of a dimension belong together, and whether teams differ in it."""
    columns = (
        Column(_("Dimension"), 28, attrgetter("label"), key="dimension"),
        *figure_columns(
            11,
            (_("People"), "people"),
            (_("Alpha"), "alpha"),
            (_("Alpha from"), "alpha_low"),
            (_("Alpha to"), "alpha_high"),
            (_("Alpha of correlations"), "standardised"),
            (_("Omega"), "omega"),
            (_("Halves"), "halves"),
        ),
        Column(_("Do its statements belong together?"), 46, attrgetter("together"), key="together"),
        *figure_columns(
            11,
            (_("Teams"), "teams"),
            (_("People in them"), "team_people"),
            (_("ICC(1)"), "icc1"),
            (_("ICC(2)"), "icc2"),
        ),
        Column(_("Do teams differ?"), 46, attrgetter("apart"), key="apart"),
    )
    notes = (*content.evidence.together_notes, *content.evidence.apart_notes)
    top = table_top(_("Evidence"), " ".join(notes))
    about = _("Whether the statements of a dimension belong together, and whether teams differ in it.")
    return Sheet(sheet_name(_("Evidence")), about, top, columns, content.evidence.dimensions)


def statements(content: ReportContent) -> Sheet:
    """How each statement goes with the others of its dimension."""
    columns = (
        Column(_("Dimension"), 28, itemgetter(0), key="dimension"),
        Column(_("Statement"), 60, lambda record: record[1].label, key="statement"),
        *within(
            itemgetter(1),
            figure_columns(14, (_("With the others"), "item_rest"), (_("Alpha without it"), "alpha_without")),
        ),
        Column(_("Remark"), 60, lambda record: record[1].remark, key="remark"),
    )
    records: list[tuple[str, ItemFitRow]] = [
        (row.label, fit) for row in content.evidence.dimensions for fit in row.items
    ]
    top = table_top(_("Fit of the statements"), "")
    about = _("How each statement goes with the others of its dimension.")
    return Sheet(sheet_name(_("Statement fit")), about, top, columns, records, still=2)


def team_evidence(content: ReportContent) -> Sheet:
    """What the average of each unit is worth, a row for each dimension."""
    columns = [
        Column(_("Unit"), 38, attrgetter("unit.name"), key="unit"),
        Column(_("Above it"), 30, attrgetter("home"), key="path"),
        Column(_("Dimension"), 28, attrgetter("dimension"), key="dimension"),
        Column(_("Do they see it alike?"), 26, attrgetter("evidence.words"), key="view"),
        *_of_units(figure_columns(13, (_("Deviation"), "deviation"), (_("rwg(j)"), "agreement"))),
        *figure_columns(10, (_("Index"), "index")),
        *_of_units(figure_columns(12, (_("Best guess"), "shrunken"), (_("Worth"), "worth"))),
    ]
    records = list(_seen(content))
    if any(isinstance(seen.unit.asked, Figure) for seen in records):
        columns += within(attrgetter("unit"), figure_columns(12, (_("People asked"), "asked")))
        ends = figure_columns(14, (_("If all others lowest"), "if_low"), (_("If all others highest"), "if_high"))
        columns += within(attrgetter("evidence"), ends)
    evidence = content.evidence
    notes = (*evidence.view_notes, *evidence.guess_notes, *evidence.others_notes)
    top = table_top(_("Team scores"), " ".join(notes), legend=[_meaning(view) for view in evidence.views])
    about = _("What the average of each unit is worth: do its people see things alike, how much is chance?")
    return Sheet(sheet_name(_("Team scores")), about, top, tuple(columns), records)


def _of_units(columns: Iterable[Column]) -> Iterator[Column]:
    """What is worked out of units and teams; of the organisation, and of those left over in a unit, nothing is said."""
    for column in columns:
        yield replace(column, value=_where_asked(column.value))


def _where_asked(value: Callable[[UnitEvidence], Entry]) -> Callable[[_Seen], Entry]:
    return lambda seen: value(seen.evidence) if seen.evidence.view != "none" else ""


def _meaning(view: ViewMeaning) -> Row:
    return (Styled(view.words, LABEL), Styled(view.meaning, LINE))


def _seen(content: ReportContent) -> Iterator[_Seen]:
    few = len(content.units) * len(content.dimensions) <= _MOST_SCORED
    for unit in (unit for unit in content.units if few or unit.kind != "team"):
        home = " › ".join(unit.path if unit.kind == "rest" else unit.path[:-1])
        for row, score, seen in zip(content.dimensions, unit.dimensions, unit.evidence, strict=False):
            if seen.view != "none" or isinstance(seen.if_low, Figure):
                yield _Seen(unit, home, row.label, score.index, seen)


def drivers(content: ReportContent) -> Sheet:
    """What goes with an outcome, statement by statement, in the order of the questionnaire."""
    columns = (
        Column(_("Goes with"), 32, lambda record: record[0].label, key="outcome"),
        Column(_("Statement"), 60, lambda record: record[1].label, key="statement"),
        *within(
            itemgetter(1),
            figure_columns(14, (_("Share of the differences"), "weight"), (_("from"), "low"), (_("to"), "high")),
        ),
        *within(itemgetter(0), figure_columns(12, (_("All of them"), "explained"), (_("People"), "people"))),
    )
    records: list[tuple[DriverTable, DriverRow]] = [
        (table, row) for table in content.evidence.drivers for row in table.rows
    ]
    notes = [*(table.caption for table in content.evidence.drivers), *content.evidence.driver_notes]
    top = table_top(_("What goes with it"), " ".join(notes))
    about = _("Which statements go with an outcome; no causes.")
    return Sheet(sheet_name(_("What goes with it")), about, top, columns, records, still=2)
