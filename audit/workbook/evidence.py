"""The sheets on evidence: what an average is worth, how statements go together, and what goes with what."""

from collections.abc import Iterator, Sequence

import numpy as np

from ...languages import gettext as _
from ..columns import Floats, Places
from ..figures import MARKS, VIEWS, WITHHELD, decimals_of_evidence, in_english, is_rounded_evidence, plain
from .lines import Value
from .parts import Row
from .tables import Rows, Tables, as_numbers, is_same

_IN_WORDS = ("together", "apart")
_WITH_ASKED = 9  # columns of the sheet on units, to which come three where it is known how many were asked
_OF_STATEMENTS = ("alpha", "alpha low", "alpha high", "standardised", "omega", "halves")


class EvidenceSheets(Tables):
    """Reads them, by the English names of the sheets."""

    def evidence(self, name: str, rows: list[Row]) -> None:
        """Whether statements belong together and teams differ, a row for each dimension."""
        _heads, body = self.table(name, rows, "Dimension", "evidence")
        self._of_dimensions(
            body, ("reliability people", *_OF_STATEMENTS, "together", "teams", "team people", "icc1", "icc2", "apart")
        )

    def _of_dimensions(self, body: Iterator[tuple[str, Row]], kinds: Sequence[str]) -> None:
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

    def statement_fit(self, name: str, rows: list[Row]) -> None:
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

    def team_scores(self, name: str, rows: list[Row]) -> None:
        """What the average of a unit is worth, a row for each unit and dimension, both in their order."""
        heads, body = self.table(name, rows, "Unit", "evidence")
        found = self.by_unit(body, len(heads))
        asked = len(heads) > _WITH_ASKED
        if len(heads) != (_WITH_ASKED + 3 if asked else _WITH_ASKED):
            self.printed.fault(f"sheet “{name}”", f"{len(heads)} columns, which the sheet has not in reports")
            return
        units = np.array(found.units, np.intp)
        dimensions = np.array(self.questions.dimensions, np.intp)[np.array(found.dimensions, np.intp)]
        place = self.printed.cells.texts.numbers(found.wheres)
        self.figures(units, dimensions, "index", found.column(6), found.wheres, place)
        said = [self.questions.measures[at].id for at in dimensions.tolist()]
        place = self.printed.averages.texts.numbers(found.wheres)
        self._views(found, said, found.column(3), place)
        for at, kind in ((4, "deviation"), (5, "agreement"), (7, "shrunken"), (8, "worth")):
            self._averages(kind, found, said, self._of_units(found, at), place)
        if asked:
            self._asked(found)
            self._averages("headcount", found, [""] * len(said), found.column(9), place)
            for at, kind in ((10, "if low"), (11, "if high")):
                self._averages(kind, found, said, found.column(at), place)

    @staticmethod
    def _of_units(found: Rows, at: int) -> list[Value]:
        """A column that is empty beside an empty view: of such rows nothing is said, as of what is withheld."""
        mark = _("withheld")
        pairs = zip(found.column(3), found.column(at), strict=True)
        return [mark if view == value == "" else value for view, value in pairs]

    def _asked(self, found: Rows) -> None:
        """The number of people asked is the same in all rows of a unit."""
        people: dict[int, Value] = {}
        for unit, value, where in zip(found.units, found.column(_WITH_ASKED), found.wheres, strict=True):
            if people.setdefault(unit, value) != value:
                self.printed.fault(where, "another number of people asked than in the row before")

    def _views(self, found: Rows, measures: Sequence[str], values: Sequence[Value], place: Places) -> None:
        words = {value: in_english(str(value)) for value in set(values)}
        if not all(word in {*VIEWS, WITHHELD} for value, word in words.items() if value):
            for unit, measure, value, where in zip(found.units, measures, values, found.wheres, strict=True):
                if value:
                    self.printed.view(unit, measure, str(value), where)
            return
        self.printed.said += [plain(str(value)) for value in words if value]
        views = {value: self.printed.averages.views.number(word) for value, word in words.items() if word in VIEWS}
        told = np.array([views.get(value, np.nan) for value in values], np.float64)
        self._claims("view", found, measures, told, 0, place)

    def _averages(
        self, kind: str, found: Rows, measures: Sequence[str], values: Sequence[Value], place: Places
    ) -> None:
        """A column of numbers, with marks where none are printed."""
        if not all(
            in_english(value) in MARKS if isinstance(value, str) else is_rounded_evidence(value, kind)
            for value in set(values)
        ):
            for unit, measure, value, where in zip(found.units, measures, values, found.wheres, strict=True):
                self.printed.stated(kind, unit, measure, value, where)
            return
        self.printed.said += [plain(value) for value in set(values) if isinstance(value, str)]
        self._claims(kind, found, measures, as_numbers(values), decimals_of_evidence(kind), place)

    def _claims(
        self, kind: str, found: Rows, measures: Sequence[str], numbers: Floats, decimals: int, place: Places
    ) -> None:
        """Note what a column says; of rows with NaN nothing is said."""
        averages = self.printed.averages
        ids = {id_: averages.measures.number(id_) for id_ in dict.fromkeys(measures)}
        told = ~np.isnan(numbers)
        averages.add(
            np.array(found.units, np.intp)[told],
            np.array([ids[id_] for id_ in measures], np.intp)[told],
            kind,
            numbers[told],
            decimals,
            place[told],
        )

    def drivers(self, name: str, rows: list[Row]) -> None:
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
