"""The sheets on evidence: what an average is worth, how statements go together, and what goes with what."""

from collections.abc import Sequence

import numpy as np

from ...languages import gettext as _
from ..columns import Bools, Floats, Places
from ..figures import MARKS, VIEWS, WITHHELD, decimals_of_evidence, in_english, is_rounded_evidence, plain
from .lines import Column, Lines, Row
from .tables import Body, Rows, Tables, is_same

_IN_WORDS = ("together", "apart")
_WITH_ASKED = 9  # columns of the sheet on units, to which come three where it is known how many were asked
_OF_STATEMENTS = ("alpha", "alpha low", "alpha high", "standardised", "omega", "halves")


class EvidenceSheets(Tables):
    """Reads them, by the English names of the sheets."""

    def evidence(self, name: str, rows: Lines) -> None:
        """Whether statements belong together and teams differ, a row for each dimension."""
        _heads, body = self.table(name, rows, "Dimension", "evidence")
        self._of_dimensions(
            body, ("reliability people", *_OF_STATEMENTS, "together", "teams", "team people", "icc1", "icc2", "apart")
        )

    def _of_dimensions(self, body: Body, kinds: Sequence[str]) -> None:
        rest = iter(self.questions.dimensions)
        for where, row in body:
            measure = next((self.questions.measures[place] for place in rest), None)
            if measure is None or len(row) != 1 + len(kinds) or plain(str(row[0])) != plain(measure.label):
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                continue
            for kind, value in zip(kinds, row[1:], strict=True):
                if kind in _IN_WORDS:
                    self.printed.judge(kind, measure.id, str(value), where)
                else:
                    self.printed.stated(kind, None, measure.id, value, where)

    def statement_fit(self, name: str, rows: Lines) -> None:
        """How each statement of a dimension goes with the others."""
        _heads, body = self.table(name, rows, "Dimension", "evidence")
        dimensions = {one.id: one for one in self.questions.measures if not one.is_item}
        asked = [self.questions.measures[place] for place in self.questions.items]
        rest = iter([item for item in asked if item.dimension in dimensions])
        for where, row in body:
            item = next((one for one in rest if len(row) == 5 and is_same(row[1], one.label)), None)
            if item is None or not is_same(row[0], dimensions[item.dimension].label):
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                continue
            for kind, value in zip(("item-rest", "alpha-without"), row[2:], strict=False):
                self.printed.stated(kind, None, item.dimension, value, where, item.id)
            self.printed.judge("fit", item.dimension, str(row[4]), where, item.id)

    def team_scores(self, name: str, rows: Lines) -> None:
        """What the average of a unit is worth, a row for each unit and dimension, both in their order."""
        heads, body = self.table(name, rows, "Unit", "evidence")
        found = self.by_unit(body, len(heads))
        asked = len(heads) > _WITH_ASKED
        if len(heads) != (_WITH_ASKED + 3 if asked else _WITH_ASKED):
            self.printed.fault(f"sheet “{name}”", f"{len(heads)} columns, which the sheet has not in reports")
            return
        dimensions = np.array(self.questions.dimensions, np.intp)[found.dimensions]
        place = self.printed.cells.texts.numbers(found.wheres)
        self.figures(found, dimensions, "index", found.column(6), place)
        place = self.printed.averages.texts.numbers(found.wheres)
        views = found.column(3)
        self._views(found, views, place)
        ids = [self.questions.measures[at].id for at in self.questions.dimensions]
        for at, kind in ((4, "deviation"), (5, "agreement"), (7, "shrunken"), (8, "worth")):
            column = found.column(at)
            self._averages(kind, found, ids, column, place, bare=views.says("") & column.says(""))
        if asked:
            self._asked(found)
            self._averages("headcount", found, [""] * len(ids), found.column(9), place)
            for at, kind in ((10, "if low"), (11, "if high")):
                self._averages(kind, found, ids, found.column(at), place)

    def _asked(self, found: Rows) -> None:
        """The number of people asked is the same in all rows of a unit."""
        people, wheres = found.column(_WITH_ASKED).codes, found.wheres
        first = np.zeros(len(self.printed.units), np.intp)
        first[found.units[::-1]] = people[::-1]
        for at in np.flatnonzero(first[found.units] != people).tolist():
            self.printed.fault(wheres[at], "another number of people asked than in the row before")

    def _views(self, found: Rows, column: Column, place: Places) -> None:
        words = {value: in_english(str(value)) for value in column.different}
        ids = [self.questions.measures[at].id for at in self.questions.dimensions]
        if not all(word in {*VIEWS, WITHHELD} for value, word in words.items() if value):
            for unit, at, value, where in zip(
                found.units.tolist(), found.dimensions.tolist(), column, found.wheres, strict=True
            ):
                if value:
                    self.printed.view(unit, ids[at], str(value), where)
            return
        self.printed.said += [plain(str(value)) for value in words if value]
        views = {value: self.printed.averages.views.number(word) for value, word in words.items() if word in VIEWS}
        self._claims("view", found, ids, column.told(lambda value: views.get(value, np.nan)), 0, place)

    def _averages(
        self, kind: str, found: Rows, ids: Sequence[str], column: Column, place: Places, bare: Bools | None = None
    ) -> None:
        """A column of numbers, with marks where none are printed.

        ids: of what is spoken of, by the place of the dimension. bare: rows that are empty beside an empty view, of
        which nothing is said, as of what is withheld.
        """
        mark, is_bare = _("withheld"), np.zeros(len(column), np.bool_) if bare is None else bare
        different = Column(column.lines, column.codes[~is_bare]).different
        if is_bare.any() and mark not in different:
            different.append(mark)
        if not all(
            in_english(value) in MARKS if isinstance(value, str) else is_rounded_evidence(value, kind)
            for value in different
        ):
            said = (mark if none else value for value, none in zip(column, is_bare.tolist(), strict=True))
            for unit, at, value, where in zip(
                found.units.tolist(), found.dimensions.tolist(), said, found.wheres, strict=True
            ):
                self.printed.stated(kind, unit, ids[at], value, where)
            return
        self.printed.said += [plain(value) for value in different if isinstance(value, str)]
        self._claims(kind, found, ids, column.numbers, decimals_of_evidence(kind), place)

    def _claims(
        self, kind: str, found: Rows, ids: Sequence[str], numbers: Floats, decimals: int, place: Places
    ) -> None:
        """Note what a column says; of rows with NaN nothing is said."""
        averages = self.printed.averages
        measure = np.zeros(len(ids), np.intp)
        for at in dict.fromkeys(found.dimensions.tolist()):
            measure[at] = averages.measures.number(ids[at])
        told = ~np.isnan(numbers)
        averages.add(found.units[told], measure[found.dimensions[told]], kind, numbers[told], decimals, place[told])

    def drivers(self, name: str, rows: Lines) -> None:
        """What goes with an outcome, statement by statement."""
        _heads, body = self.table(name, rows, "Goes with", "evidence")
        outcome, rest = "", iter(self.questions.items)
        for where, row in body:
            if not is_same(row[0], outcome):
                outcome = str(row[0])
                rest = iter(self.questions.items)
            told = next((one for one in self.questions.measures if is_same(outcome, one.label)), None)
            item = next((self.questions.measures[at] for at in rest if self._labelled(at, row)), None)
            if told is None or item is None or len(row) != 7:
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                continue
            for kind, value in zip(("weight", "weight low", "weight high"), row[2:5], strict=True):
                self.printed.stated(kind, None, told.id, value, where, item.id)
            for kind, value in zip(("explained", "driver people"), row[5:], strict=True):
                self.printed.stated(kind, None, told.id, value, where)

    def _labelled(self, measure: int, row: Row) -> bool:
        return len(row) > 1 and is_same(row[1], self.questions.measures[measure].label)
