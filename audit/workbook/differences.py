"""The sheets on differences: between waves, from other people, and between groups."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ...languages import gettext as _, marked
from ..changes import note_last_wave, told_change
from ..columns import Places
from ..figures import plain
from ..groups import Gap, check_gaps, gap_paths, measure_called
from .evidence import EvidenceSheets
from .lines import Lines, Value
from .tables import Rows

_STANDINGS: Final = (marked("above"), marked("below"), marked("no visible difference"), marked("not compared"))
_APART = 4  # columns: a difference, its interval, whether chance explains it


class DifferenceSheets(EvidenceSheets):
    """Reads them, by the English names of the sheets."""

    def change(self, name: str, rows: Lines) -> None:
        """What has changed since the last wave, a row for each unit and dimension, both in their order."""
        heads, body = self.table(name, rows, "Unit", "change")
        if len(heads) > _APART:
            note_last_wave(self.printed, heads[3])
        found = self.by_unit(body, 10)
        columns = zip(*(found.column(at) for at in range(3, 10)), strict=True)
        places = zip(found.wheres, found.units.tolist(), found.dimensions.tolist(), strict=True)
        for (where, unit, place), row in zip(places, columns, strict=True):
            before, after, change, low, high, verdict, smallest = row
            measure = self.questions.dimensions[place]
            self.figure(unit, measure, "index", after, where)
            numbers = [self._whole(value, where) for value in (before, after, change, smallest)]
            ends = tuple(end for end in (self._tenth(low, where), self._tenth(high, where)) if end is not None)
            told_change(self.printed, measure, unit, numbers, ends, str(verdict), where)

    def _whole(self, value: Value, where: str) -> int | None:
        """A whole number; None for a text without any, such as the mark of what is withheld."""
        number = self._tenth(value, where)
        if number is not None and number != int(number):
            self.printed.fault(where, f"{number:g} where a whole number belongs")
        return None if number is None else int(number)

    def _tenth(self, value: Value, where: str) -> float | None:
        """A number with one decimal at most."""
        if isinstance(value, str):
            if any(map(str.isnumeric, value)):
                self.printed.fault(where, f"“{value[:40]}” where a number belongs")
            return None
        if not _is_tenth(value):
            self.printed.fault(where, f"{value!r} is more exact than reports are")
        return value

    def beside(self, name: str, rows: Lines) -> None:
        """How far units stand from everybody else, and from the rest of the unit above."""
        heads, body = self.table(name, rows, "Unit", "units")
        wholes: dict[tuple[str, ...], int] = {}
        for at, one in enumerate(self.printed.units):
            if not (one.rest or one.cut):
                wholes.setdefault(one.path, at)
        found = self.by_unit(body, len(heads))
        place = self.printed.apart.texts.numbers(found.wheres)
        self._all_apart(found, np.zeros(len(found.units), np.intp), 3, place)
        if len(heads) > 3 + _APART:
            above = np.array([wholes.get(unit.path[:-1], 0) for unit in self.printed.units], np.intp)
            self._all_apart(found, above[found.units], 3 + _APART, place)

    def _all_apart(self, found: Rows, above: Places, first: int, place: Places) -> None:
        """Differences from the people of other units, from one column on; rows that are not in order one by one."""
        columns = [found.column(at) for at in range(first, first + _APART)]
        figures = [column.numbers for column in columns[:3]]
        difference, low, high = figures
        is_said = {name: columns[3].says(_(name)) for name in _STANDINGS}
        fits = (is_said["above"] & (low >= 0)) | (is_said["below"] & (high <= 0)) | is_said["no visible difference"]
        is_good = fits & (low <= difference) & (difference <= high)
        is_good &= np.all([column.told(_is_figure) for column in columns[:3]], axis=0)
        wheres = found.wheres
        for at in np.flatnonzero(~is_good).tolist():
            cells = [column[at] for column in columns]
            is_good[at] = self._check_apart(int(found.units[at]), int(found.dimensions[at]), cells, wheres[at])
        chosen = [found.units, above, found.dimensions, place]
        units, above, dimensions, place = (one[is_good] for one in chosen)
        self.printed.apart.add(units, above, dimensions, [one[is_good] for one in figures], place)

    def _check_apart(self, unit: int, place: int, cells: Sequence[Value], where: str) -> bool:
        """Note what is wrong with a difference; whether it is printed at all."""
        difference, low, high = (self._tenth(value, where) for value in cells[:3])
        said = {_(one): one for one in _STANDINGS}.get(str(cells[3]), "")
        if difference is None or low is None or high is None:
            for mark in {str(value) for value in cells[:3]} - {""}:
                self.printed.hide(unit, self.questions.dimensions[place], "apart", mark)
            if said != "not compared" or (difference, low, high) != (None, None, None):
                self.printed.fault(where, "a difference without its interval, or words on one that is not printed")
            return False
        sides: Mapping[str, bool] = {"above": low >= 0, "below": high <= 0, "no visible difference": True}
        if not low <= difference <= high or not sides.get(said, False):
            self.printed.fault(where, f"“{str(cells[3])[:40]}” is not what the interval says")
        return True

    def gaps(self, name: str, rows: Lines) -> None:
        """How far groups stand apart."""
        _heads, body = self.table(name, rows, "Attribute", "cuts")
        title = plain(self.printed.claims.get("title", ""))
        found = []
        for where, row in body:
            measure = measure_called(str(row[4]), self.questions) if len(row) == 10 else None
            numbers = [value for value in row[5:9] if not isinstance(value, str)]
            if measure is None or len(numbers) != 4:
                self.printed.fault(where, "a gap in something that was not asked, or without its interval and its size")
                continue
            for number in numbers[:3]:
                self._tenth(number, where)
            if numbers[3] != round(numbers[3], 2):
                self.printed.fault(where, f"{numbers[3]!r} is more exact than reports are")
            difference, low, high, effect = numbers
            attribute, one, other, unit = (plain(str(value)) for value in row[:4])
            paths = gap_paths(unit, title)
            said = plain(str(row[9]))
            found.append(Gap(attribute, one, other, paths, measure, difference, low, high, effect, said, where))
        check_gaps(found, self.printed)


def _is_figure(value: Value) -> bool:
    """Whether a cell is a number as differences are rounded."""
    return not isinstance(value, str) and _is_tenth(value)


def _is_tenth(value: float) -> bool:
    """Whether a number is rounded as differences are: below 1 to one decimal, else to none."""
    return value == round(value, 1) and (abs(value) < 1 or value == round(value))
