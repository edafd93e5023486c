"""The sheets on evidence: what an average is worth, how statements go together, and what goes with what."""

from collections.abc import Iterator, Sequence

from .figures import plain
from .workbook_parts import Row, Value
from .workbook_tables import Tables, is_same, row_name

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
        title = plain(self.printed.claims.get("title", ""))
        names = [(row_name(unit, title), self.path(unit)[:-1]) for unit in self.printed.units]
        order = [self.questions.measures[place].label for place in self.questions.dimensions]
        last = (0, -1)
        people: dict[int, Value] = {}
        for where, row in body:
            called = plain(str(row[0])), tuple(filter(None, plain(str(row[1])).split(" › ")))
            places = [at for at, label in enumerate(order) if len(row) == len(heads) and is_same(row[2], label)]
            place = next((at for at in places if at > last[1]), places[0] if places else -1)
            from_ = last[0] if place > last[1] else last[0] + 1
            unit = next((at for at in range(from_, len(names)) if same_row(names[at], called)), -1)
            if place < 0 or unit < 0:
                self.printed.fault(where, "a row on nobody that the other sheets know")
                return
            last = unit, place
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


def same_row(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> bool:
    """Whether two rows go by the same name below the same units."""
    return one[0] == other[0] and " › ".join(one[1]) == " › ".join(other[1])
