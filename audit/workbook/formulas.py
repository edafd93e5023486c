"""The formulas of a workbook: the only ones that a report has, and what each must give."""

from collections.abc import Iterator, Mapping

from ...languages import gettext as _
from ..figures import Questions, plain
from .lines import Value
from .parts import Grid
from .tables import statement

Known = dict[tuple[int, int], tuple[str, Value]]  # by row and column: the formula, and what it gives

_CHOSEN, _PLACE = "$B$5", "$B$6"
_FIRST = 6  # the row of the look-up that finds the unit in the table


def column_letter(column: int) -> str:
    """How Excel calls a column.

    >>> column_letter(1), column_letter(27), column_letter(703)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


class _Table:
    """The table of a sheet whose first heading is known."""

    def __init__(self, grid: Grid, first: str) -> None:
        starts = grid.rows.headed(_(first))
        self.grid = grid
        self.head = starts[0] + 1 if starts else len(grid.rows)
        self.heads = [plain(str(value)) for value in (grid.rows[self.head - 1] if starts else ())]

    def column(self, head: str) -> int:
        """The column of a heading, from 1 on; 0 where there is none."""
        return self.heads.index(head) + 1 if head in self.heads else 0

    def cells(self, column: int) -> str:
        """The cells of a column below its heading."""
        sheet, letter = self.grid.name.replace("'", "''"), column_letter(column)
        return f"'{sheet}'!${letter}${self.head + 1}:${letter}${len(self.grid.rows)}"

    def value(self, place: int, column: int) -> Value:
        """What stands in a row of the table, the first being 1."""
        return self.grid.value(self.head + place, column)


def counted(teams: Grid, *, shown: bool) -> tuple[str, Value]:
    """How many rows the sheet of teams has; shown: how many of them with a number of answers."""
    table = _Table(teams, "Unit")
    column = table.column(plain(_("Answers")))
    values = [table.value(place, column) for place in range(1, len(teams.rows) - table.head + 1)]
    found = sum(isinstance(value, float) for value in values) if shown else len(values)
    return f"{'COUNT' if shown else 'ROWS'}({table.cells(column)})", float(found)


def look_up(grids: Mapping[str, Grid], questions: Questions) -> Known:
    """Every formula of the look-up, with what it gives of the unit that is chosen at first, the second of the table."""
    if not {"Look up", "Teams"} <= grids.keys():
        return {}
    teams, grid = _Table(grids["Teams"], "Unit"), grids["Look up"]
    named = teams.column(plain(_("Full name"))) or 1
    listed = teams.cells(named)
    first = listed.partition(":")[0]
    found = f"SUMPRODUCT(MAX(EXACT({listed},{_CHOSEN})*(ROW({listed})-ROW({first})+1)))"
    known: Known = {(_FIRST, 2): (found, 2.0 if grid.value(5, 2) == teams.value(2, named) else "another unit")}
    answers = teams.column(plain(_("Answers")))
    rate = teams.column(plain(_("Response rate")))
    for row, column in enumerate([answers, rate] if rate else [answers], _FIRST + 1):
        known[row, 2] = _fetched(teams, column)
    start = _FIRST + 1 + bool(rate) + 3  # behind an empty row and the headings
    column = answers + bool(rate) + 1
    for row, dimension in enumerate(questions.dimensions, start):
        _check_name(grid, known, row, questions.measures[dimension].label)
        known |= _scored(teams, column, row, has_ends=True) | {(row, 8): _fetched(teams, column + 3)}
        column += 4
    start += len(questions.dimensions) + 2 - (0 if questions.dimensions else 1)
    return known | dict(_statements(grids, questions, start))


def _check_name(grid: Grid, known: Known, row: int, label: str) -> None:
    """A row that bears another name than the dimension it is of has no formula that could be right."""
    if plain(str(grid.value(row, 1))) != plain(label):
        known[row, 1] = "the name of the dimension", ""


def _statements(
    grids: Mapping[str, Grid], questions: Questions, start: int
) -> Iterator[tuple[tuple[int, int], tuple[str, Value]]]:
    if "Team items" not in grids:
        return
    items = _Table(grids["Team items"], "Unit")
    column = items.column(plain(_("Answers"))) + 1
    has_ends = len(items.heads) >= column + len(questions.items) * 4 - 1 > column + len(questions.items) - 1
    for row, item in enumerate(questions.items, start):
        if plain(str(grids["Look up"].value(row, 2))) != plain(statement(questions.measures[item])):
            yield (row, 2), ("the statement", "")
        yield from _scored(items, column, row, has_ends=has_ends).items()
        if has_ends:
            yield (row, 8), _fetched(items, column + 3)
        column += 4 if has_ends else 1


def _scored(table: _Table, column: int, row: int, *, has_ends: bool) -> Known:
    """The index with its ends, that of the organisation, and the difference of both."""
    of_unit, of_all = table.value(2, column), table.value(1, column)
    known: Known = {(row, 3): _fetched(table, column)}
    if has_ends:
        known |= {(row, 3 + end): _fetched(table, column + end) for end in (1, 2)}
    known[row, 6] = table.cells(column).partition(":")[0], of_all
    difference = of_unit - of_all if isinstance(of_unit, float) and isinstance(of_all, float) else "–"
    known[row, 7] = f'IF(AND(ISNUMBER(C{row}),ISNUMBER(F{row})),C{row}-F{row},"–")', difference
    return known


def _fetched(table: _Table, column: int) -> tuple[str, Value]:
    return f'IF({_PLACE}=0,"",INDEX({table.cells(column)},{_PLACE}))', table.value(2, column)
