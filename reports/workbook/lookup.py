"""The look-up: choose a unit from a list, and see its printed results beside those of the organisation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...languages import gettext as _
from ..content import Absent, Cell, Figure, ReportContent, UnitRow, UnitScore
from .book import (
    CHOICE,
    FIGURES_HEADING,
    HEADING,
    LABEL,
    LINE,
    NUMBER,
    TEXT,
    TITLE,
    Choice,
    Column,
    Entry,
    Formula,
    Row,
    Sheet,
    Styled,
    clean,
    marked_reverse,
    reverse_note,
    sheet_name,
    standing,
)

_CHOSEN, _LINE = "$B$5", "$B$6"
_SIGNED: Final = "+0;-0;0"
_MOST_LISTED: Final = 20_000  # units: Excel lists 32,767 at most, and nobody finds one among so many
_WIDTHS: Final = (40, 66, 10, 9, 9, 14, 12, 24)


def full_names(units: Sequence[UnitRow]) -> Mapping[str, str]:
    """By the id of a unit, its name with those above it; nothing where names alone tell, or for too many to look up."""
    if len(units) > _MOST_LISTED or len({unit.name for unit in units}) == len(units):
        return {}
    return {unit.id: " › ".join(_path(unit)) for unit in units}


def _path(unit: UnitRow) -> tuple[str, ...]:
    return (*unit.path, unit.name) if unit.kind in {"organisation", "rest"} else unit.path


def look_up(content: ReportContent, teams: Sheet, team_items: Sheet) -> Sheet:
    """One unit in all dimensions and statements, by formulas that fetch what the sheets on teams print.

    Nothing where there are no units, or too many for a list, or where two go by one name.
    """
    name = sheet_name(_("Look up"))
    names = list((full_names(content.units) or {unit.id: unit.name for unit in content.units}).values())
    listable = 0 < len(teams.records) <= _MOST_LISTED
    if not listable or len({clean(one).casefold() for one in names}) < len(names):
        return Sheet(name, "", (), ())
    listed = teams.cells(_place(teams, "full_name") or 1)
    chance = _("A difference is more than chance only where “above” or “below” stands beside it.")
    rows: list[Row] = [
        (Styled(name, TITLE),),
        (Styled(_("Choose a unit or team in the coloured cell. All else is fetched from the sheets on teams."), LINE),),
        (Styled(f"{chance} {reverse_note(content)}".strip(), LINE),),
        (),
        (Styled(_("Unit or team"), LABEL), Styled(names[1], CHOICE)),
        (Styled(_("Its row in the table"), LABEL), _left(_found(listed))),
    ]
    unit = content.units[1]
    rows.append((Styled(_("Answers"), LABEL), _left(_fetched(teams, _place(teams, "n"), unit.n, "#,##0"))))
    if rate := _place(teams, "response_rate"):
        rows.append((Styled(_("Response rate"), LABEL), _left(_fetched(teams, rate, unit.response_rate, "0%"))))
    rows += [(), *_dimensions(content, teams, len(rows) + 3)]
    rows += [(), *_statements(content, team_items, len(rows) + 3)]
    about = _("Choose a team, and see all that is printed of it beside the organisation.")
    choice = Choice(_CHOSEN.replace("$", ""), listed, _("Choose from the list."))
    return Sheet(name, about, tuple(rows), tuple(Column("", width, str) for width in _WIDTHS), choice=choice)


def _place(sheet: Sheet, key: str, before: int = 0) -> int:
    """The first column that holds this, behind so many others that do; 0 where there is none."""
    places = [at for at, column in enumerate(sheet.columns, 1) if column.key == key]
    return places[before] if before < len(places) else 0


def _dimensions(content: ReportContent, teams: Sheet, first: int) -> Iterator[Row]:
    """The table of dimensions; first: the row below its headings."""
    if content.dimensions:
        yield _heads(_("Dimension"), "", _("against everybody else"))
    for place, dimension in enumerate(content.dimensions):
        whole, score = (unit.dimensions[place] for unit in content.units[:2])
        index = _place(teams, "index", place)
        said = _fetched(teams, _place(teams, "standing", place), str(standing(score.standing).value), "General")
        yield [dimension.label, "", *_scored(teams, index, first + place, whole, score), Styled(said, TEXT)]


def _statements(content: ReportContent, team_items: Sheet, first: int) -> Iterator[Row]:
    """The table of statements, with their own numbers of answers where the sheet on teams has them."""
    rows = [(group, row) for group in content.items for row in group.rows]
    if rows:
        yield _heads(_("Dimension"), _("Statement"), _("Answers"))
    for place, (group, row) in enumerate(rows):
        whole, score = (unit.items[place] for unit in content.units[:2])
        index = _place(team_items, "index", place)
        answers = _place(team_items, "n", 1 + place)  # behind the answers of the unit itself
        n = _fetched(team_items, answers, score.n, "#,##0") if answers else ""
        yield [group.name, marked_reverse(row), *_scored(team_items, index, first + place, whole, score), n]


def _heads(first: str, second: str, last: str) -> Row:
    figures = (_("Index"), _("from"), _("to"), _("Organisation"), _("Difference"), last)
    return [*(Styled(head, HEADING) for head in (first, second)), *(Styled(head, FIGURES_HEADING) for head in figures)]


def _scored(sheet: Sheet, column: int, row: int, whole: UnitScore, score: UnitScore) -> Iterator[Entry]:
    """The index with its ends where the sheet has them, that of the organisation, and the difference of both."""
    yield _fetched(sheet, column, score.index, "0")
    for at, (key, cell) in enumerate((("low", score.low), ("high", score.high)), 1):
        has_ends = sheet.columns[column - 1 + at].key == key if column - 1 + at < len(sheet.columns) else False
        yield _fetched(sheet, column + at, cell, "0") if has_ends else ""
    of_all = sheet.cells(column).partition(":")[0]
    yield Formula(of_all, _said(whole.index), "0")
    difference: str | Figure = "–"
    if isinstance(score.index, Figure) and isinstance(whole.index, Figure):
        points = score.index.value - whole.index.value
        difference = Figure(points, f"{points:+.0f}", _SIGNED)
    yield Formula(f'IF(AND(ISNUMBER(C{row}),ISNUMBER(F{row})),C{row}-F{row},"–")', difference, _SIGNED)


def _found(listed: str) -> Formula:
    """Which row of the table bears the chosen name, letter by letter: a name may hold signs that a search obeys."""
    first = listed.partition(":")[0]
    code = f"SUMPRODUCT(MAX(EXACT({listed},{_CHOSEN})*(ROW({listed})-ROW({first})+1)))"
    return Formula(code, Figure(2, "2", "0"), "0")


def _fetched(sheet: Sheet, column: int, now: Cell | str, form: str) -> Formula:
    """What stands in that row of a column. now: in the row that is chosen at first; form: how a number is shown."""
    return Formula(f'IF({_LINE}=0,"",INDEX({sheet.cells(column)},{_LINE}))', _said(now), form)


def _said(cell: Cell | str) -> str | Figure:
    return cell.text if isinstance(cell, Absent) else cell


def _left(formula: Formula) -> Styled:
    return Styled(formula, NUMBER._replace(align="left"))
