"""ComparisonContent → an Excel workbook: one sheet per question, one row per figure that can be compared."""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from ... import languages
from ...languages import gettext as _
from ..content import Figure, Standing
from ..workbook.book import (
    FILLED,
    LABEL,
    LINE,
    LINK,
    NOTICE,
    PROSE,
    STANDINGS,
    TEXT,
    TITLE,
    Column,
    Entry,
    Look,
    Row,
    Sheet,
    Styled,
    figure_columns,
    in_line,
    prose,
    table_top,
    within,
)
from ..workbook.writing import workbook
from .content import BenchmarkLine, Change, ComparedUnit, ComparisonContent, MeasureRow, Paired, Trend, WaveRow

_MOST_ROWS = 1_000_000  # of a sheet, less than Excel can hold


class Record(NamedTuple):
    """A row of a table of changes: one unit in one dimension or item."""

    unit: ComparedUnit
    measure: MeasureRow
    change: Change


class Line(NamedTuple):
    """A row of the table of trends: one unit in one dimension."""

    unit: ComparedUnit
    trend: Trend


def to_excel(content: ComparisonContent) -> bytes:
    """The comparison as an .xlsx workbook; the same content gives the same bytes."""
    with languages.speaking(content.lang):
        return workbook(content.title, _sheets(content))


def _sheets(content: ComparisonContent) -> tuple[Sheet, ...]:
    tables = (
        _waves(content),
        _organisation(content),
        _trend(content),
        _teams(content),
        _items(content),
        _team_items(content),
        _pairs(content),
        _elsewhere(content),
        _not_compared(content),
        _method(content),
    )
    sheets = tuple(table for table in tables if table.records)
    return (_read_me(content, sheets), *sheets)


def _read_me(content: ComparisonContent, sheets: Sequence[Sheet]) -> Sheet:
    parts: tuple[tuple[str, Sequence[Row]], ...] = (
        (_("Read this first"), [prose("", notice, NOTICE) for notice in content.notices]),
        (_("At a glance"), [prose("", sentence) for sentence in (*content.summary, content.order)]),
        (_("What to do next"), [prose("", advice) for advice in content.advice]),
        (_("The sheets"), [(Styled(sheet.name, LINK), Styled(sheet.about, PROSE)) for sheet in sheets]),
        (_("Colours"), _legend(content)),
    )
    facts = (
        (_("Questionnaire"), content.instrument_id),
        (_("Date"), content.date),
        (_("Made with"), f"psafety {content.version}"),
    )
    top: list[Row] = [(Styled(content.title, TITLE),), (Styled(content.subtitle, LINE),), ()]
    top += [(Styled(label, LABEL), in_line(value)) for label, value in facts if value]
    for heading, lines in parts:
        top += [(), (Styled(heading, LABEL),), *lines] if lines else []
    return Sheet(_("Read me"), "", tuple(top), (Column("", 24, str), Column("", 110, str)))


def _look(standing: Standing) -> Look:
    return STANDINGS[standing][1]


def _legend(content: ComparisonContent) -> list[Row]:
    return [(Styled("", _look(standing)), Styled(meaning, LINE)) for standing, meaning in content.legend]


def _waves(content: ComparisonContent) -> Sheet:
    columns = (
        Column(_("Wave"), 24, attrgetter("name")),
        Column(_("Report"), 40, attrgetter("title")),
        *figure_columns(
            12, (_("Answers"), "n"), (_("Units and teams shown"), "printed"), (_("Smallest group"), "min_group")
        ),
        Column(_("Rules of disclosure"), 70, attrgetter("rules")),
    )
    records: tuple[WaveRow, ...] = content.waves
    return Sheet(
        _("Waves"), _("What is set against what."), table_top(_("Waves"), content.order), columns, records, still=0
    )


def _change_columns(content: ComparisonContent) -> Iterator[Column]:
    """A change: both waves, the difference with its interval, what could have been seen, and the verdict."""
    yield from figure_columns(
        9,
        (_("Answers {wave}").format(wave=content.before), "n_before"),
        (_("Answers {wave}").format(wave=content.after), "n_after"),
        (_("Index {wave}").format(wave=content.before), "before"),
        (_("Index {wave}").format(wave=content.after), "after"),
    )
    yield Column(_("Change"), 8, _difference, figures=True)
    yield from figure_columns(
        8, (_("from"), "low"), (_("to"), "high"), (_("Invisible below"), "smallest"), (_("Hedges’ g"), "effect")
    )
    yield Column(_("Verdict"), 24, lambda change: Styled(change.verdict, _look(change.standing)))


def _difference(change: Change | BenchmarkLine | Paired) -> Entry:
    if isinstance(change.difference, Figure):
        return Styled(change.difference, FILLED[change.standing])
    return change.difference


def _organisation(content: ComparisonContent) -> Sheet:
    columns = (Column(_("Dimension"), 28, attrgetter("measure.label")), *_of_change(content))
    records = list(map(Record, repeat(content.units[0]), content.dimensions, content.units[0].dimensions))
    top = table_top(_("The organisation"), content.dimensions_caption, legend=_legend(content))
    return Sheet(_("Organisation"), _("The organisation in every dimension."), top, columns, records)


def _of_change(content: ComparisonContent) -> Iterator[Column]:
    return within(attrgetter("change"), _change_columns(content))


def _unit_columns(content: ComparisonContent) -> Iterator[Column]:
    yield Column(_("Unit"), 26, lambda record: Styled(record.unit.name, TEXT._replace(bold=not record.unit.path)))
    yield Column(_("Level"), 12, lambda record: record.unit.level or _("Organisation"))
    depth = max(unit.depth for unit in content.units)
    for level in range(depth if depth > 1 else 0):
        yield Column(_("Level {number}").format(number=level + 1), 15, _path_part(level))


def _path_part(level: int) -> Callable[[Any], str]:
    return lambda record: record.unit.path[level] if level < len(record.unit.path) else ""


def _teams(content: ComparisonContent) -> Sheet:
    columns = (*_unit_columns(content), Column(_("Dimension"), 28, attrgetter("measure.label")), *_of_change(content))
    records = [
        Record(unit, *pair)
        for unit in _parts(content)
        for pair in zip(content.dimensions, unit.dimensions, strict=True)
    ]
    top = table_top(_("Teams and units"), content.units_caption, legend=_legend(content))
    return Sheet(_("Teams"), _("Units and teams in every dimension; filter by either."), top, columns, records)


def _parts(content: ComparisonContent) -> tuple[ComparedUnit, ...]:
    """The organisation and its units; nothing where no unit is in both waves."""
    return content.units if len(content.units) > 1 else ()


def _items(content: ComparisonContent) -> Sheet:
    columns = (
        *_item_columns(),
        *_of_change(content),
        Column(_("Rank test, p"), 11, attrgetter("measure.rank_test"), figures=True),
    )
    records = list(map(Record, repeat(content.units[0]), content.items, content.units[0].items))
    top = table_top(_("Statements"), content.items_caption, legend=_legend(content))
    return Sheet(_("Items"), _("The organisation in every statement."), top, columns, records, still=3)


def _item_columns() -> Iterator[Column]:
    yield Column(_("Dimension"), 16, attrgetter("measure.group"))
    yield Column(_("Item"), 8, attrgetter("measure.id"))
    yield Column(_("Statement"), 46, attrgetter("measure.label"))


def _team_items(content: ComparisonContent) -> Sheet:
    columns = (*_unit_columns(content), *_item_columns(), *_of_change(content))
    units = _parts(content)[: _MOST_ROWS // max(len(content.items), 1)]
    records = [Record(unit, *pair) for unit in units for pair in zip(content.items, unit.items, strict=True)]
    caption = _("One statement in one team is a thin thread: look for what several say together.")
    top = table_top(_("Statements by team"), caption, legend=_legend(content))
    return Sheet(_("Team items"), _("Units and teams in every statement."), top, columns, records)


def _trend(content: ComparisonContent) -> Sheet:
    columns = [*_unit_columns(content), Column(_("Dimension"), 28, attrgetter("trend.measure"))]
    for place, wave in enumerate(content.waves):
        levels = figure_columns(10, (_("index"), "index"), (_("from"), "low"), (_("to"), "high"))
        columns += within(_level(place), levels, under=wave.name)
    slope = figure_columns(10, (_("Points per wave"), "slope"), (_("from"), "low"), (_("to"), "high"))
    columns += within(attrgetter("trend"), slope)
    columns.append(Column(_("Verdict"), 24, lambda line: Styled(line.trend.verdict, _look(line.trend.standing))))
    records = [Line(unit, trend) for unit in content.units for trend in unit.trends]
    top = table_top(_("Over all waves"), content.trend_caption)
    return Sheet(_("Trend"), _("Every wave, and the line through all of them."), top, tuple(columns), records)


def _level(place: int) -> Callable[[Line], Any]:
    return lambda line: line.trend.levels[place]


def _pairs(content: ComparisonContent) -> Sheet:
    columns = (
        Column(_("Dimension"), 28, attrgetter("measure")),
        *figure_columns(12, (_("People in both"), "n")),
        Column(_("Change"), 12, _difference, figures=True),
        *figure_columns(10, (_("from"), "low"), (_("to"), "high"), (_("Invisible below"), "smallest")),
        Column(_("Verdict"), 24, lambda pair: Styled(pair.verdict, _look(pair.standing))),
    )
    top = table_top(_("People in both waves"), " ".join(content.pairs_notes), legend=_legend(content))
    about = _("The same people in both waves, found by their codes.")
    return Sheet(_("Pairs"), about, top, columns, content.pairs, still=0)


def _elsewhere(content: ComparisonContent) -> Sheet:
    columns = (
        Column(_("What"), 40, attrgetter("label")),
        *figure_columns(
            12,
            (_("Index {wave}").format(wave=content.after), "index"),
            (_("Elsewhere"), "mean"),
            (_("People elsewhere"), "n"),
        ),
        Column(_("Difference"), 12, _difference, figures=True),
        *figure_columns(10, (_("from"), "low"), (_("to"), "high")),
        Column(_("Verdict"), 24, lambda line: Styled(line.verdict, _look(line.standing))),
        Column(_("Source"), 60, attrgetter("source")),
    )
    top = table_top(_("Figures from elsewhere"), content.benchmark_caption)
    return Sheet(
        _("Elsewhere"), _("The organisation against figures from elsewhere."), top, columns, content.benchmark, still=0
    )


def _not_compared(content: ComparisonContent) -> Sheet:
    columns = (Column(_("What"), 60, attrgetter("what")), Column(_("Why"), 90, attrgetter("reason")))
    top = table_top(_("Not compared"))
    return Sheet(_("Not compared"), _("What is left out, and why."), top, columns, content.not_compared, still=0)


def _method(content: ComparisonContent) -> Sheet:
    columns = (Column(_("About"), 44, itemgetter(0)), Column(_("How it is done"), 110, itemgetter(1)))
    records = [(section.heading, paragraph) for section in content.method for paragraph in section.paragraphs]
    return Sheet(_("Method"), _("How the comparison is made."), table_top(_("Method")), columns, records, still=0)
