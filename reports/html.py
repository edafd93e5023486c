"""The organisation report as one HTML file, which needs nothing beside it: content → bytes."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, groupby
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateSyntaxError,
)

from .. import languages
from ..surveys.errors import ConfigError
from . import charts
from .beside import standing_apart
from .content import Figure, ItemGroup, ReportContent, ScoreRow, UnitRow
from .design import Design
from .kept import compiled_templates
from .library import library

MOST_UNITS_BY_STATEMENT = 120
MOST_UNITS = 5_000  # rows of units on a page that people can still search and scroll; above, the teams are left out
TABLE_ROWS = 200  # of teams that stand alone, in one table of a large organisation


@dataclass(frozen=True, slots=True)
class Panel:
    """Items of one dimension that share a response scale: one table, with the charts beside it.

    legend: the stylesheet's role for each point, the least favourable first; turned: some bars are turned round.
    columns: where these items stand in `UnitRow.items`.
    """

    rows: tuple[ScoreRow, ...]
    points: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    turned: bool
    charts: tuple[charts.Chart, ...]
    columns: slice


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Some of the units: a top-level unit with all below it, or several that have none."""

    heading: str
    rows: tuple[UnitRow, ...]


def to_html(content: ReportContent) -> bytes:
    """The organisation report as a page that works offline; the same content gives the same bytes."""
    return rendered("organisation.html.jinja", lambda: _names(content), lang=content.lang, design=content.design)


def rendered(template: str, names: Callable[[], Mapping[str, object]], *, lang: str, design: Design) -> bytes:
    """A page. names: what its template can speak of, beside `design`; found in the language of the page.

    Raises ConfigError for a mistake in one of the templates that override ours.
    """
    with languages.speaking(lang):
        try:
            page = templates(design.templates).get_template(template)
            return page.render({**names(), "design": design}).encode()
        except Exception as error:
            place = _own_template(error, design.templates)
            if place is None:
                raise
            said = str(error) or type(error).__name__
            raise ConfigError(
                f"A template of your own cannot be used: {said}",
                where=place,
                hint="docs/look.md lists what it may use.",
            ) from error


def _own_template(error: Exception, folder: str) -> str | None:
    """The file and line of the mistake that an error comes from, where it is in a template of this folder."""
    if isinstance(error, TemplateSyntaxError):
        return (
            f"{error.name}, line {error.lineno}"
            if folder and Path(error.filename or "").parent == Path(folder)
            else None
        )
    lines = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if folder and Path(frame.filename).parent == Path(folder)
    ]
    return f"{Path(lines[-1].filename).name}, line {lines[-1].lineno}" if lines else None


def _names(content: ReportContent) -> dict[str, object]:
    """What the templates can speak of."""
    loader = templates().get_template("charts.js").render()
    every, content = content, on_page(content)
    return {
        "content": content,
        "everything": slice(None),
        "dimension_charts": charts.dimension_charts(content.dimensions),
        "panels": _panels_by_group(content.items),
        "shared_band": _shared_band(content.items),
        "unit_charts": charts.unit_charts(content.units, content.dimensions),
        "unit_tables": _unit_tables(content.units),
        "teams_left_out": len(content.units) < len(every.units),
        "units_left_out": len(charts.chartable(content.units)) < len(content.units),
        "statements_by_unit": len(content.units) <= MOST_UNITS_BY_STATEMENT,
        "response_rates": any(isinstance(unit.response_rate, Figure) for unit in content.units),
        **_of_evidence(content),
        "loader": charts.script(loader),
        "loader_hash": charts.script_hash(loader),
        "library": library(shared=content.design.shared),
    }


def on_page(content: ReportContent) -> ReportContent:
    """The report without its single teams where there are too many rows for a page: the workbook holds all of them.

    Everybody else in a unit stays where the parts that they stand beside do. Ids count the rows of the page.
    """
    if len(content.units) <= MOST_UNITS:
        return content
    above = {unit.path[:-1] for unit in content.units if unit.kind == "unit"}
    left = (unit for unit in content.units if (unit.path in above if unit.kind == "rest" else unit.kind != "team"))
    kept = tuple(replace(unit, id=f"unit-{place}") for place, unit in enumerate(left))
    return replace(content, units=kept, beside=standing_apart(kept, content.dimensions))


def _of_evidence(content: ReportContent) -> dict[str, object]:
    """The rows of the tables on what averages are worth: those of which something is said.

    With very many units, only the organisation is: the workbook holds the others.
    """
    by_unit = len(content.units) <= MOST_UNITS_BY_STATEMENT
    listed = [unit for unit in content.units if unit.kind != "rest" and (by_unit or not unit.path)]
    return {
        "evidence_by_unit": by_unit,
        "halves": any(isinstance(row.halves, Figure) for row in content.evidence.dimensions),
        "judged": [unit for unit in listed if any(one.view in {"shared", "mixed", "split"} for one in unit.evidence)],
        "guessed": [
            (unit, tuple(zip(unit.evidence, unit.dimensions, strict=False)))
            for unit in listed
            if any(isinstance(one.shrunken, Figure) for one in unit.evidence)
        ],
        "bounded": [unit for unit in listed if any(isinstance(one.if_low, Figure) for one in unit.evidence)],
    }


@cache
def templates(own: str = "") -> Environment:
    """The templates of all pages. They say their words in the language that is spoken while they are rendered.

    own: a folder whose templates come before ours of the same name, which are then called `psafety/…`.
    """
    ours = PackageLoader(__package__)
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(own), PrefixLoader({"psafety": ours}), ours]) if own else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=None if own else compiled_templates(),
    )
    environment.policies["ext.i18n.trimmed"] = True
    words = languages.gettext, languages.ngettext
    environment.install_gettext_callables(*words, newstyle=True, pgettext=languages.pgettext)  # type: ignore[attr-defined]
    environment.filters["inside"] = lambda text: text[:1].lower() + text[1:]  # of a sentence
    environment.tests["shown"] = lambda cell: isinstance(cell, Figure)
    return environment


def _shared_band(groups: Sequence[ItemGroup]) -> str:
    """Which answers are favourable, where it is the same for all statements; else ""."""
    bands = {group.band for group in groups}
    return bands.pop() if len(bands) == 1 else ""


def _panels_by_group(groups: Sequence[ItemGroup]) -> dict[str, tuple[Panel, ...]]:
    starts = accumulate((len(group.rows) for group in groups), initial=0)
    return {group.id: tuple(_panels(group, start)) for group, start in zip(groups, starts, strict=False)}


def _panels(group: ItemGroup, start: int) -> Iterator[Panel]:
    for place, ((points, _), items) in enumerate(groupby(group.rows, key=lambda row: (row.points, row.bands))):
        rows = tuple(items)
        yield Panel(
            rows=rows,
            points=points,
            legend=tuple(zip(charts.shades(rows[0].bands), points, strict=True)),
            turned=any(row.reverse for row in rows),
            charts=charts.item_charts(group.id if place == 0 else f"{group.id}-{place + 1}", rows),
            columns=slice(start, start + len(rows)),
        )
        start += len(rows)


def _unit_tables(units: Sequence[UnitRow]) -> tuple[UnitTable, ...]:
    """None without units, one that can be read at a glance, else one for each top-level unit."""
    if len(units) < 2:
        return ()
    if len(units) <= charts.MOST_ROWS:
        return (UnitTable("all", tuple(units)),)
    return tuple(_unit_table(rows) for rows in _foldable(units))


def _foldable(units: Sequence[UnitRow]) -> Iterator[list[UnitRow]]:
    """The top-level units, each with all below it; those with nothing below them, together."""
    alone: list[UnitRow] = []
    for rows in charts.subtrees(units):
        if alone and (len(rows) > 1 or len(alone) == TABLE_ROWS):
            yield alone
            alone = []
        if len(rows) > 1:
            yield list(rows)
        else:
            alone += rows
    if alone:
        yield alone


def _unit_table(rows: Sequence[UnitRow]) -> UnitTable:
    first, last = rows[0], rows[-1]
    alone = first.path[:1] != last.path[:1]
    return UnitTable(f"{first.name} – {last.name}" if alone else first.name, tuple(rows))
