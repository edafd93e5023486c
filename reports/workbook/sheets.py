"""ReportContent → an Excel workbook: a sheet for each question that people ask of a survey."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter, itemgetter
from textwrap import shorten

from ...languages import gettext as _
from ..content import Absent, Cell, DistributionRow, Fact, Figure, ReportContent, Standing, UnitRow, UnitScore
from .book import (
    FILLED,
    LABEL,
    LINE,
    LINK,
    NOTICE,
    PROSE,
    TEXT,
    TITLE,
    Column,
    Entry,
    Formula,
    Look,
    Row,
    Sheet,
    Styled,
    figure_columns,
    in_line,
    index_legend,
    marked_reverse,
    prose,
    reverse_note,
    sheet_name,
    standing,
    standing_column,
    table_top,
    within,
)
from .charts import organisation_charts, team_charts
from .dictionary import dictionary, notes
from .differences import beside, change, gaps
from .evidence import belonging, drivers, statements, team_evidence
from .lookup import full_names, look_up
from .writing import workbook

_MOST_DETAILED = 20_000  # cells of units by items; above that their intervals are left to the snapshot


def to_excel(content: ReportContent) -> bytes:
    """The report as an .xlsx workbook; the same content gives the same bytes."""
    return workbook(content.title, _sheets(content))


def _sheets(content: ReportContent) -> tuple[Sheet, ...]:
    teams, team_items = _teams(content), _team_items(content)
    tables = (
        organisation_charts(content),
        _dimensions(content),
        _items(content),
        teams,
        team_charts(content),
        look_up(content, teams, team_items),
        team_items,
        beside(content),
        _groups(content),
        gaps(content),
        change(content),
        _comments(content),
        _distribution(content),
        belonging(content),
        statements(content),
        team_evidence(content),
        drivers(content),
        _quality(content),
        _method(content),
    )
    sheets = (_overview(content, teams), *(table for table in tables if table.records or table.heights or table.choice))
    noted = tuple(replace(sheet, notes=notes(sheet, content)) for sheet in (*sheets, dictionary(content, sheets)))
    return (_read_me(content, noted), *noted)


def _read_me(content: ReportContent, sheets: Iterable[Sheet]) -> Sheet:
    parts: tuple[tuple[str, Sequence[Row]], ...] = (
        (_("Read this first"), [prose("", notice, NOTICE) for notice in content.notices]),
        (_("What the survey says"), [prose("", sentence) for sentence in content.summary]),
        (_("What to do next"), [prose("", advice) for advice in content.advice]),
        (_("What is withheld"), [prose("", note) for note in [content.withheld_note] if note]),
        (_("The sheets"), [(Styled(sheet.name, LINK), Styled(sheet.about, PROSE)) for sheet in sheets]),
        (_("Colours of the index"), index_legend()),
        (_("Colours of the teams"), _standing_legend(content)),
    )
    top = [*_title(content)]
    for heading, lines in parts:
        top += [(), (Styled(heading, LABEL),), *lines] if lines else []
    return Sheet(sheet_name(_("Read me")), "", tuple(top), (Column("", 24, str), Column("", 110, str)))


def _overview(content: ReportContent, teams: Sheet) -> Sheet:
    organisation = content.units[0]
    facts: tuple[tuple[str, Cell | Formula | str], ...] = (
        (_("Answers"), organisation.n),
        (_("Response rate"), organisation.response_rate),
        *_counted(teams),
        (_("Wave"), content.wave),
        (_("Questionnaire"), content.instrument),
        (_("Survey file"), content.source),
        (_("Date"), content.date),
        (_("Smallest group shown"), Figure(content.min_group, str(content.min_group), "0")),
        (_("Rules of disclosure"), content.rules),
        (_("Made with"), f"psafety {content.version}"),
    )
    lines = [(Styled(label, LABEL), in_line(value)) for label, value in facts if value]
    columns = (
        Column(_("Dimension"), 28, attrgetter("label"), key="dimension"),
        *figure_columns(10, (_("Answers"), "n"), (_("Index"), "index"), (_("from"), "low"), (_("to"), "high")),
        Column(_("In words"), 90, attrgetter("sentence"), key="sentence"),
    )
    top = (*_title(content), (), *lines, ())
    about = _("The organisation at a glance.")
    return Sheet(sheet_name(_("Overview")), about, top, columns, content.dimensions, still=0)


def _counted(teams: Sheet) -> Iterator[tuple[str, Formula]]:
    """How many rows the sheet of teams has, and how many of them with answers: counted there."""
    if teams.records:
        counted = teams.cells(next(at for at, column in enumerate(teams.columns, 1) if column.key == "n"))
        shown = sum(isinstance(row.n, Figure) for row in teams.records)
        rows = len(teams.records)
        yield _("Rows of the sheet on teams"), Formula(f"ROWS({counted})", Figure(rows, str(rows), "#,##0"), "#,##0")
        yield (
            _("Rows of it with answers shown"),
            Formula(f"COUNT({counted})", Figure(shown, str(shown), "#,##0"), "#,##0"),
        )


def _dimensions(content: ReportContent) -> Sheet:
    columns = (
        Column(_("Dimension"), 28, attrgetter("label"), key="dimension"),
        *_organisation_columns(content.bands),
        Column(_("What it is about"), 60, attrgetter("about"), key="about"),
    )
    top = table_top(_("Dimensions"), content.dimensions_caption, legend=index_legend())
    about = _("Every dimension, with its interval.")
    return Sheet(sheet_name(_("Dimensions")), about, top, columns, content.dimensions)


def _items(content: ReportContent) -> Sheet:
    columns = (
        Column(_("Dimension"), 30, lambda record: record[0].name, key="dimension"),
        Column(_("Item"), 18, lambda record: record[1].id, key="item"),
        Column(_("Statement"), 60, lambda record: record[1].label, key="statement"),
        Column(_("Keyed"), 10, lambda record: _("reverse") if record[1].reverse else "", key="keyed"),
        *within(itemgetter(1), _organisation_columns(content.bands)),
    )
    records = [(group, row) for group in content.items for row in group.rows]
    top = table_top(_("Items"), content.items_caption, legend=index_legend())
    about = _("Every statement of the survey, by dimension.")
    return Sheet(sheet_name(_("Items")), about, top, columns, records, still=3)


def _organisation_columns(bands: tuple[str, str, str]) -> tuple[Column, ...]:
    upper, middle, lower = bands
    from_, to = _("{name} from"), _("{name} to")
    return (
        *figure_columns(10, (_("Answers"), "n")),
        *figure_columns(10, (_("Index"), "index"), scaled=True),
        *figure_columns(
            10,
            (_("Index from"), "low"),
            (_("Index to"), "high"),
            (_("Mean"), "mean"),
            (_("Standard deviation"), "sd"),
        ),
        *figure_columns(
            12,
            (upper, "favourable"),
            (from_.format(name=upper), "favourable_low"),
            (to.format(name=upper), "favourable_high"),
        ),
        *figure_columns(13, (middle, "neutral"), (lower, "unfavourable")),
    )


def _teams(content: ReportContent) -> Sheet:
    scores = (
        Column(_("index"), 9, _filled_index, figures=True, key="index"),
        *figure_columns(8, (_("from"), "low"), (_("to"), "high")),
        standing_column(_("against everybody else"), 24, key="standing"),
    )
    columns = [*_unit_columns(content)]
    if any(isinstance(row.response_rate, Figure) for row in content.units):
        columns += figure_columns(10, (_("Response rate"), "response_rate"))
    for place, dimension in enumerate(content.dimensions):
        columns += _nth("dimensions", place, scores, under=dimension.label)
    if names := full_names(content.units):
        columns.append(Column(_("Full name"), 50, lambda row: names[row.id], key="full_name"))
    top = table_top(_("Teams"), content.units_caption, legend=_standing_legend(content))
    about = _("Units and teams in each dimension, against everybody else in the organisation.")
    return Sheet(sheet_name(_("Teams")), about, top, tuple(columns), _divided(content))


def _filled_index(score: UnitScore) -> Entry:
    return score.index if isinstance(score.index, Absent) else _filled(score.index, score.standing)


@cache
def _filled(index: Figure, standing: Standing) -> Styled:
    """One for all cells that look alike: each that differs is written anew."""
    return Styled(index, FILLED[standing])


def _team_items(content: ReportContent) -> Sheet:
    columns = [*_unit_columns(content)]
    rows = [(group, row) for group in content.items for row in group.rows]
    detailed = len(rows) * len(content.units) <= _MOST_DETAILED
    for place, (group, row) in enumerate(rows):
        heading = row.id if row.label == row.id else f"{row.id}: {shorten(row.label, 70, placeholder=' …')}"
        index = tuple(figure_columns(15, (marked_reverse(row, heading), "index")))
        rest = tuple(figure_columns(9, (_("from"), "low"), (_("to"), "high"), (_("answers"), "n"))) if detailed else ()
        columns += _nth("items", place, index, under=group.name)
        columns += _nth("items", place, rest, under=row.id)
    caption = _("The index of every statement, 0 to 100. The sheet Items has the statements in full.")
    top = table_top(_("Team items"), f"{caption} {reverse_note(content)}".strip())
    about = _("Units and teams in each statement.")
    return Sheet(sheet_name(_("Team items")), about, top, tuple(columns), _divided(content))


def _groups(content: ReportContent) -> Sheet:
    """Groups across the organisation, in each dimension and each item."""
    columns = [
        Column(_("Attribute"), 18, attrgetter("attribute"), key="attribute"),
        Column(_("Group"), 24, attrgetter("value"), key="group"),
        Column(_("Unit"), 30, attrgetter("where"), key="unit"),
        *figure_columns(10, (_("Answers"), "n")),
    ]
    scores = tuple(figure_columns(11, (_("index"), "index"), (_("from"), "low"), (_("to"), "high")))
    for place, dimension in enumerate(content.dimensions):
        columns += _nth("dimensions", place, scores, under=dimension.label)
    for place, row in enumerate(row for group in content.items for row in group.rows):
        columns += _nth("items", place, scores, under=row.id)
    top = table_top(_("Groups across the organisation"), " ".join(content.cut_notes))
    about = _("Groups across the organisation.")
    return Sheet(sheet_name(_("Groups")), about, top, tuple(columns), content.cuts, still=3)


def _comments(content: ReportContent) -> Sheet:
    """What people wrote, and before it what must be read."""
    columns = (
        Column(_("Question"), 40, itemgetter(0)),
        Column(_("Unit"), 36, itemgetter(1), key="unit"),
        Column(_("Comment"), 110, itemgetter(2)),
    )
    records: list[tuple[str, str, str]] = []
    for question in content.comments:
        records += [(question.question, "", question.note)] if question.note else []
        records += [(question.question, group.where, text) for group in question.groups for text in group.texts]
    top = table_top(_("Comments"), " ".join(content.comment_notes))
    about = _("What people wrote. Read what stands above it first.")
    return Sheet(sheet_name(_("Comments")), about, top, columns, records, still=0)


def _divided(content: ReportContent) -> tuple[UnitRow, ...]:
    """The organisation and its units; nothing where the survey names no units."""
    return content.units if len(content.units) > 1 else ()


def _unit_columns(content: ReportContent) -> Iterator[Column]:
    """Who a row is about: its name, what it is, its place in the hierarchy if that has levels, how many answered."""
    yield Column(_("Unit"), 38, _unit_name, key="unit")
    yield Column(_("Level"), 14, _unit_level(), key="level")
    depth = max(len(row.path) for row in content.units)
    for level in range(depth if depth > 1 else 0):
        yield Column(_level_name(content, level), 16, _path_part(level), key="path")
    yield from figure_columns(10, (_("Answers"), "n"))


def _unit_name(row: UnitRow) -> Entry:
    return Styled(row.name, _of_unit(row.kind == "organisation", min(1 + row.depth, 10)))


@cache
def _of_unit(bold: bool, indent: int) -> Look:
    return TEXT._replace(bold=bold, indent=indent)


def _unit_level() -> Callable[[UnitRow], str]:
    words = {"organisation": _("Organisation"), "rest": _("Everybody else")}
    nameless = {"unit": _("Unit"), "team": _("Team")}
    return lambda row: words.get(row.kind) or row.level or nameless[row.kind]


def _level_name(content: ReportContent, level: int) -> str:
    """The name of a level of the hierarchy, where all units on it go by one."""
    names = {row.level for row in content.units if len(row.path) == level + 1 and row.kind != "rest"}
    name = names.pop() if len(names) == 1 else ""
    return name or _("Level {number}").format(number=level + 1)


def _path_part(level: int) -> Callable[[UnitRow], str]:
    return lambda row: row.path[level] if level < len(row.path) else ""


def _distribution(content: ReportContent) -> Sheet:
    scales = list(dict.fromkeys(row.points for row in content.distributions))
    columns = (
        Column(_("Unit"), 36, attrgetter("unit"), key="unit"),
        Column(_("Statement"), 72, attrgetter("item"), key="statement"),
        *figure_columns(10, (_("Answers"), "n")),
        *_point_columns(scales),
    )
    caption = _(
        "How the answers spread over the points of the response scale, as ticked, reverse-keyed statements too."
    )
    top = table_top(_("Distribution"), caption)
    about = _("How many chose each answer, where enough people answered.")
    return Sheet(sheet_name(_("Distribution")), about, top, columns, content.distributions, still=2)


def _point_columns(scales: Sequence[tuple[str, ...]]) -> Iterator[Column]:
    """A column for each point, under its label; where scales differ under its place, beside all the labels."""
    if len(scales) == 1:
        labels = scales[0]
    else:
        number = range(1, 1 + max(map(len, scales), default=0))
        labels = tuple(_("Point {number}").format(number=place) for place in number)
        yield Column(_("Points, from the first"), 50, lambda row: " · ".join(row.points), key="points")
    for place, label in enumerate(labels):
        yield Column(label, 14 if len(scales) == 1 else 9, _share(place), figures=True, key="point")


def _share(place: int) -> Callable[[DistributionRow], Cell | str]:
    return lambda row: row.shares[place] if place < len(row.shares) else ""


def _quality(content: ReportContent) -> Sheet:
    columns = (
        Column(_("Part"), 24, itemgetter(0)),
        Column(_("What"), 36, lambda record: record[1].label),
        Column(_("Value"), 24, _fact_value),
        Column(_("What it means"), 90, lambda record: record[1].note),
    )
    records = [(_("How the file was read"), fact) for fact in content.reading]
    records += [(_("What is doubtful"), fact) for fact in content.quality]
    about = _("What the file held, and what is doubtful in it.")
    return Sheet(sheet_name(_("Data quality")), about, table_top(_("Data quality")), columns, records)


def _fact_value(record: tuple[str, Fact]) -> Entry:
    """A number, or a word: what is said of a file is not absent."""
    value = record[1].value
    return Styled(value, TEXT) if isinstance(value, Figure) else value.text


def _method(content: ReportContent) -> Sheet:
    columns = (Column(_("About"), 44, itemgetter(0)), Column(_("How it is done"), 110, itemgetter(1)))
    records = [(section.heading, paragraph) for section in content.method for paragraph in section.paragraphs]
    bands = _("Bands of the response scale: {name}")
    records += [(bands.format(name=group.name), group.band) for group in content.items]
    about = _("How the figures are made, and what protects people.")
    return Sheet(sheet_name(_("Method")), about, table_top(_("Method")), columns, records, still=0)


# What they have in common


def _title(content: ReportContent) -> tuple[Row, ...]:
    return ((Styled(content.title, TITLE),), (Styled(content.subtitle, LINE),))


def _standing_legend(content: ReportContent) -> list[Row]:
    if not (content.dimensions and _divided(content)):
        return []
    return [(standing(against), Styled(meaning, LINE)) for against, meaning in content.units_legend]


def _nth(field: str, place: int, columns: Iterable[Column], *, under: str) -> Iterator[Column]:
    """The columns of one of the dimensions or items that a record has under a field."""
    return within(attrgetter(field), within(itemgetter(place), columns, under=under))
