"""Team pages: figures of the unit that a page is about, of a unit above it and of the organisation, and of no other."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from .figures import ORGANISATION, PEOPLE, Fault, Printed, Questions, Unit, kind_of_share, number_in, plain
from .markup import Entry, Slot, Table
from .prose import Vocabulary, as_written

_LONGEST = 60
_ENDS = "low", "index", "high"


def page_name(unit: Unit, names: Sequence[str]) -> str:
    """What the page of a unit must be called: its names in plain letters, and their fingerprint; nothing else.

    names: of the unit's path, as they stand in the survey.
    """
    letters = unicodedata.normalize("NFKD", " ".join(names).casefold()).encode("ascii", "ignore").decode()
    stem = "-".join(re.findall("[a-z0-9]+", letters))[:_LONGEST].strip("-") or "unit"
    whole = "\x1f".join([*names, unit.level]).encode("utf-8", "surrogatepass")
    return f"{stem}-{hashlib.sha256(whole).hexdigest()[:10]}.html"


def read_index(entries: Sequence[Entry], printed: Printed) -> None:
    """The list of all pages: units under units, which is all that it says."""
    above: list[Unit] = [ORGANISATION]
    for entry in entries:
        if entry.depth is None or not 0 < entry.depth <= len(above):
            printed.fault("the list of pages", "a name that is set in where no unit stands above it")
            return
        unit = Unit((*above[entry.depth - 1].path, plain(entry.text)), plain(entry.small))
        above = [*above[: entry.depth], unit]
        printed.units.append(unit)


class TeamPage:
    """The tables of the page of one unit. path: the unit with those it lies in, the organisation first."""

    def __init__(self, printed: Printed, questions: Questions, path: Sequence[Entry]) -> None:
        self.printed, self.questions = printed, questions
        self.names = [plain(entry.text) for entry in path]
        for depth, entry in enumerate(path[1:], 2):
            printed.units.append(Unit(tuple(self.names[1:depth]), plain(entry.small)))
        printed.page = printed.units[-1]
        printed.claims["organisation"] = self.names[0]
        printed.prose = [one._replace(text=_without(one.text, self.names)) for one in printed.prose]
        self._items = iter(questions.items)
        if plain(printed.claims.get("h1", "")) != self.names[-1] or not printed.page.path:
            printed.fault("the heading", "it is not the name of the unit that the page is about")

    def read(self, table: Table) -> None:
        """One table, or the fault that there is none like it."""
        readers = {"people": self._people, "lanes": self._lanes, "side": self._side}
        if table.kind not in readers:
            self.printed.fault(f"part “{table.section}”", "a table that team pages do not have")
            return
        for row in table.rows:
            if row and all(slot.head for slot in row) and not any("group" in slot.classes for slot in row):
                for slot in row:
                    said = _without(f"{slot.text} {slot.small}".strip(), self.names)
                    self.printed.say(f"part “{table.section}”, headings", "headings", said)
        readers[table.kind](table)

    def _unit(self, slot: Slot, where: str) -> int | None:
        """The place of a unit that a row or a column is on: it must be on the page's path."""
        depth = slot.depth if slot.depth is not None else -1
        if not 0 <= depth < len(self.names) or self.names[depth] != plain(slot.text) or slot.small.strip():
            self.printed.fault(where, "figures of a unit that this page is not on")
            return None
        return depth

    def _place(self, table: Table, slot: Slot) -> str:
        return f"part “{table.section}”, row “{plain(slot.text)[:60]}”"

    def _wide(self, row: Sequence[Slot], width: int, where: str) -> bool:
        if len(row) != width:
            self.printed.fault(where, f"{len(row)} columns where team pages have {width}")
        return len(row) == width

    def _people(self, table: Table) -> None:
        kinds = "n", "response_rate"
        for row in _body(table):
            where = self._place(table, row[0])
            unit = self._unit(row[0], where)
            if unit is not None and self._wide(row, min(max(len(table.rows[0]), 2), 3), where):
                for slot, kind in zip(row[1:], kinds, strict=False):
                    self._figure(unit, PEOPLE, kind, slot, where)

    def _lanes(self, table: Table) -> None:
        """A heading for each dimension, and below it a row for each unit, with a picture of its figures."""
        dimensions = iter(self.questions.dimensions)
        measure: int | None = None
        for row in table.rows[1:]:
            where = self._place(table, row[0]) if row else "a row"
            if len(row) == 1:
                measure = next(dimensions, None)
                self.printed.say(where, table.section, _without(row[0].small, self.names))
                if measure is None or plain(row[0].text) != plain(self.questions.measures[measure].label):
                    self.printed.fault(where, "a row that is out of the order of the questionnaire")
                    return
            elif self._wide(row, 4, where) and measure is not None:
                unit = self._unit(row[0], where)
                if unit is not None:
                    self._figure(unit, measure, "n", row[2], where)
                    self._figure(unit, measure, "index", row[3], where)
                    self._drawn(row[1], row[3], where)

    def _drawn(self, picture: Slot, figures: Slot, where: str) -> None:
        low, _, high = figures.small.partition("–")
        said = tuple(zip(_ENDS, map(plain, (low, figures.text, high)), strict=True)) if high else ()
        if picture.drawn != said or picture.text.strip() or picture.small.strip():
            self.printed.fault(where, "the picture shows other figures than the table")

    def _side(self, table: Table) -> None:
        """A row for each statement: the index of each unit, and how the answers of the first one spread."""
        head = table.rows[0]
        if any(slot.bar for row in table.rows for slot in row if not _is_statement(row)):
            self.printed.fault(f"part “{table.section}”, headings", "a picture where team pages have none")
        units = [self._unit(slot, f"part “{table.section}”, headings") for slot in head if slot.depth is not None]
        for row in _body(table):
            where = self._place(table, row[0])
            measure = next(self._items, None)
            if measure is None or plain(row[0].text) != plain(self.questions.measures[measure].label):
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                return
            spread = len(head) > 1 + len(units)
            points = len(self.questions.measures[measure].points) if spread else 0
            if self._wide(row, 1 + len(units) + spread + points, where) and None not in units and units:
                self._statement(row, measure, [unit for unit in units if unit is not None], points, where)

    def _statement(self, row: Sequence[Slot], measure: int, units: Sequence[int], points: int, where: str) -> None:
        for unit, slot in zip(units, row[1:], strict=False):
            self._figure(unit, measure, "index", slot, where)
        shares = row[len(row) - points :] if points else []
        if points:
            self._figure(units[0], measure, "n", row[1 + len(units)], where)
        for point, slot in enumerate(shares, 1):
            self._figure(units[0], measure, kind_of_share(point), slot, where)
        percent = [_percent(slot.text) for slot in shares]
        if self.questions.measures[measure].reverse:
            percent.reverse()
        if row[0].bar and row[0].bar != percent:
            self.printed.fault(where, "the bar shows other shares than the table")
        self.printed.say(where, "labels", row[0].small)

    def _figure(self, unit: int, measure: int, kind: str, slot: Slot, where: str) -> None:
        self.printed.read(unit, measure, kind, slot.text, where)
        if slot.drawn or slot.bar:
            self.printed.fault(where, "a picture where team pages have none")
        low, dash, high = slot.small.partition("–")
        if kind == "index" and dash:
            self.printed.read(unit, measure, "low", low, where)
            self.printed.read(unit, measure, "high", high, where)
        elif slot.small.strip():
            self.printed.fault(where, f"small print that reports do not have: “{slot.small[:40]}”")
        marked = bool({"above", "below"} & set(slot.classes) or slot.spoken.strip())
        if marked and (unit, measure, kind) in self.printed.withheld:
            self.printed.fault(where, "a withheld figure is marked as above or below")
        if any(map(str.isnumeric, slot.spoken)):
            self.printed.fault(where, f"a number that only a screen reader says: “{slot.spoken.strip()[:40]}”")


def _body(table: Table) -> Iterator[list[Slot]]:
    return filter(_is_statement, table.rows)


def _is_statement(row: Sequence[Slot]) -> bool:
    return any(not slot.head for slot in row)


def _without(text: str, names: Sequence[str]) -> str:
    """A text without the names in it that have no letter, so that they would be taken for figures.

    They are left out where a name can stand: at the ends, or between spaces and marks.

    >>> _without("12: 71 of 100", ["12"]), _without("Results of 3/4", ["3/4"]), _without("712 people", ["12"])
    (': 71 of 100', 'Results of ', '712 people')
    """
    for name in names:
        if name and not any(map(str.isalpha, name)):
            text = re.sub(
                rf"(?:(?<=beside )|(?<=esults of )|(?<=and )|(?<=ticked in )|^){re.escape(name)}(?!\w)", "", text
            )
    return text


def _percent(text: str) -> int:
    """A printed share as a bar shows it.

    >>> _percent("<1%"), _percent(">99%"), _percent("34%"), _percent("withheld")
    (0, 100, 34, 0)
    """
    share = number_in(text.strip(), "share")
    return round(100 * share) if share is not None else 0


def team_vocabulary(printed: Printed, whole: Vocabulary) -> Vocabulary:
    """What the texts of a team page may speak of: its own figures, and numbers of rules where rules are explained.

    whole: the same for an organisation report of this survey. On the page of a unit of which nothing is printed, no
    number may stand in the parts that speak of it.
    """
    own = len(printed.units) - 1
    cells = as_written(printed.cells)
    mine = as_written(cell for cell in printed.cells if cell.unit == own)
    rules = whole.parts[""]
    return Vocabulary(
        names=(*whole.names, printed.claims.get("organisation", "")),
        withheld=whole.withheld,
        parts={
            "": frozenset(),
            "summary": frozenset(mine | _reach(printed, own)),
            "dimensions": frozenset(cells | {"100"}),
            "apart": frozenset(mine | cells | {"100"} if mine else ()),
            "items": frozenset(cells) | whole.parts["labels"],
            "labels": whole.parts["labels"],
            "headings": whole.parts["headings"] | rules,
            "colspan": whole.parts["colspan"],
            **dict.fromkeys(("method", "foot"), rules),
        },
    )


def _reach(printed: Printed, own: int) -> set[str]:
    """Half of the widest interval of a dimension, which is how far chance carries the unit's figures."""
    ends = {(cell.measure, cell.kind): cell.value for cell in printed.cells if cell.unit == own}
    widths = [ends[measure, "high"] - ends[measure, "low"] for measure, kind in ends if kind == "high"]
    return {str(int(width + 1) // 2) for width in widths}


def misnamed(printed: Printed, file: str, names: Sequence[str]) -> Iterator[Fault]:
    """Whether a page carries the name of its unit and no other, so that its name tells no figure."""
    if printed.page is not None and file.rpartition("/")[2] != page_name(printed.page, names):
        yield Fault(file, "the name of the file", "it is not made of the names of its unit alone")
