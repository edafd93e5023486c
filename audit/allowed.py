"""Whether figures are printed of enough people, and whether files print the same figures."""

from collections.abc import Iterator, Sequence

import numpy as np

from .case import Case
from .columns import Cell, Counts, Names, Whole
from .figures import PEOPLE, Fault, Printed, kind_in_words
from .groups import in_cut

_ENDS = ("low", "high", "favourable_low", "favourable_high", "response_rate", "sd_within", "degrees")
_DETAILED = (
    *("favourable", "favourable_low", "favourable_high", "neutral", "unfavourable"),
    *("sd", "sd_index", "sd_within", "degrees"),
)
_OF_PERSONS = "sd", "sd_index"
_MOST_KINDS = 1_000
_NONE = np.array([], np.intp)


def too_few(case: Case, one: Printed, rows: Sequence[int]) -> Iterator[Fault]:
    """Figures printed of fewer people than their kind may speak of. rows: of the table, per unit of the file."""
    cells, table = one.cells, case.table
    row = np.array(rows, np.intp)[cells.unit]
    n = np.where(cells.measure == PEOPLE, table.people[row], table.n[row, cells.measure])
    is_detail = cells.is_of(*_DETAILED, *(kind for kind in cells.kinds.all if kind.startswith("share ")))
    least = np.where(is_detail, case.rules.detailed(case.smallest), case.smallest)
    of_persons = cells.is_of(*_OF_PERSONS) & (cells.measure >= 0) & (cells.measure < len(case.questions.dimensions))
    chosen = np.flatnonzero((row >= 0) & (case.is_cut[row] | (n < least) | of_persons))
    seen: set[tuple[int, int, bool]] = set()
    for at, cell in zip(chosen.tolist(), cells.some(chosen), strict=True):
        key = cell.unit, cell.measure, bool(is_detail[at])
        if case.is_cut[row[at]]:
            yield from in_cut(one.file, cell, int(row[at]), table, case.rules.of_cuts(case.smallest))
        elif n[at] < least[at] and key not in seen:
            seen.add(key)
            what = "a share or a spread" if is_detail[at] else "a figure"
            yield Fault(one.file, cell.place, f"{what} speaks of {n[at]} answers; at least {least[at]} are needed")
        elif of_persons[at]:
            yield from _of_persons(case, one.file, cell, int(row[at]))


def _of_persons(case: Case, file: str, cell: Cell, row: int) -> Iterator[Fault]:
    """Persons' scores take several answers of one person together: of the organisation only, and of enough."""
    gaps = int(case.people.scores.gaps[cell.measure].sum())
    if row or int(case.table.n[0, cell.measure]) < case.rules.joint:
        problem = "a spread of persons’ scores, which only a large organisation as a whole may show"
        yield Fault(file, cell.place, problem)
    elif 0 < gaps < case.smallest:
        problem = f"a spread of persons’ scores, though only {gaps} people left gaps: that tells theirs"
        yield Fault(file, cell.place, problem)


# Several files


def disagreements(case: Case) -> Iterator[Fault]:
    """Figures that one file prints and another withholds, or prints otherwise."""
    numbers = _Numbers(case)
    codes = np.concatenate([numbers.of_cells(one) for one in case.printed])
    value = np.concatenate([one.cells.value for one in case.printed])
    is_end = np.concatenate([one.cells.is_of(*_ENDS) for one in case.printed])
    known, first, of_known = np.unique(codes, return_index=True, return_inverse=True)
    for at in np.flatnonzero(is_end & (value != value[first][of_known])).tolist():  # others are held against the survey
        (file, cell), (other, before) = numbers.cell(at), numbers.cell(int(first[of_known[at]]))
        problem = f"{kind_in_words(cell.kind)} is {cell.value:g} here, {before.value:g} elsewhere ({other})"
        yield Fault(file, cell.place, problem)
    for one in case.printed:
        hidden = list(one.withheld)
        found = numbers.of(one, hidden)
        place = np.minimum(np.searchsorted(known, found), len(known) - 1)
        for at in np.flatnonzero(known[place] == found).tolist() if len(known) else ():
            unit, measure, _ = hidden[at]
            other, _ = numbers.cell(int(first[place[at]]))
            what = "its people" if measure == PEOPLE else f"“{case.questions.measures[measure].label[:60]}”"
            problem = f"{what}: printed here, withheld in {one.file}"
            yield Fault(other, f"row “{one.units[unit]}”", problem)


class _Numbers:
    """A number for every figure that files print or withhold: the same for the same unit, measure and kind."""

    def __init__(self, case: Case) -> None:
        self.printed, self._measures = case.printed, len(case.questions.measures) + 1
        self._units = {
            unit: at for at, unit in enumerate(dict.fromkeys(unit for one in case.printed for unit in one.units))
        }
        self._kinds = Names()
        self._ends = np.cumsum([len(one.cells) for one in case.printed])

    def of_cells(self, one: Printed) -> Counts:
        """Those of all cells of a file."""
        kind = np.array([self._kinds.number(kind) for kind in one.cells.kinds.all], np.int64)
        return self._of(one, one.cells.unit, one.cells.measure, kind[one.cells.kind])

    def of(self, one: Printed, figures: Sequence[tuple[int, int, str]]) -> Counts:
        """Those of what a file withholds."""
        unit, measure, kind = (np.array(column) for column in zip(*figures, strict=True)) if figures else [_NONE] * 3
        return self._of(one, unit, measure, np.array([self._kinds.number(name) for name in kind.tolist()], np.int64))

    def _of(self, one: Printed, unit: Whole, measure: Whole, kind: Whole) -> Counts:
        units = np.array([self._units[name] for name in one.units], np.int64)
        return np.asarray((units[unit] * self._measures + measure + 1) * _MOST_KINDS + kind)

    def cell(self, at: int) -> tuple[str, Cell]:
        """The file and the cell at a place among the cells of all files."""
        file = int(np.searchsorted(self._ends, at, side="right"))
        one = self.printed[file]
        return one.file, one.cells.cell(at - int(self._ends[file]) + len(one.cells))
