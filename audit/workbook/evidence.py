"""The sheets on evidence: what an average is worth, how statements go together, and what goes with what."""

from collections.abc import Iterator, Sequence

from ..figures import plain
from .parts import Row, Value
from .tables import Tables, is_same

_OF_STATEMENTS = ("alpha", "alpha low", "alpha high", "standardised", "omega", "halves")


class EvidenceSheets(Tables):
    """Reads them, by the English names of the sheets."""

    def evidence(self, name: str, rows: list[Row]) -> None:
        """Whether statements belong together and teams differ, a row for each dimension."""
        _heads, body = self.table(name, rows, "Dimension", "evidence")
        self._of_dimensions(
            body, ("reliability people", *_OF_STATEMENTS, "", "teams", "team people", "icc1", "icc2", "")
        )

    def _of_dimensions(self, body: Iterator[tuple[str, Row]], kinds: Sequence[str]) -> None:
        rest = iter(self.questions.dimensions)
        for where, row in body:
            measure = next((self.questions.measures[place] for place in rest), None)
            if measure is None or len(row) != 1 + len(kinds) or plain(str(row[0])) != plain(measure.label):
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                continue
            for kind, value in zip(kinds, row[1:], strict=True):
                if kind:
                    self.printed.stated(kind, None, measure.id, value, where)
                else:
                    self.prose(where, "evidence", [value])

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
            self.prose(where, "evidence", row[4:])

    def team_scores(self, name: str, rows: list[Row]) -> None:
        """What the average of a unit is worth, a row for each unit and dimension, both in their order."""
        heads, body = self.table(name, rows, "Unit", "evidence")
        asked = len(heads) > 9
        people: dict[int, Value] = {}
        for where, row, unit, place in self.by_unit(body, len(heads)):
            if asked and people.setdefault(unit, row[9]) != row[9]:
                self.printed.fault(where, "another number of people asked than in the row before")
            self._team_score(unit, self.questions.dimensions[place], row, where, asked=asked)

    def _team_score(self, unit: int, measure: int, row: Row, where: str, *, asked: bool) -> None:
        dimension = self.questions.measures[measure].id
        _name, _above, _dimension, view, deviation, agreement, index, shrunken, worth, *others = row
        if view:
            self.printed.view(unit, dimension, str(view), where)
        self.figure(unit, measure, "index", index, where)
        kinds = ("deviation", "agreement", "shrunken", "worth")
        for kind, value in zip(kinds, (deviation, agreement, shrunken, worth), strict=True):
            if view or value != "":
                self.printed.stated(kind, unit, dimension, value, where)
        if asked:
            for kind, value in zip(("headcount", "if low", "if high"), others, strict=True):
                self.printed.stated(kind, unit, "" if kind == "headcount" else dimension, value, where)

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
