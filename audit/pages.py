"""HTML reports: the figures of their tables and charts, and everything in them that a report does not have."""

import base64
import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from ..languages import gettext as _
from .against import read_apart
from .changes import read_changes, read_moved
from .charts import read_chart
from .figures import ORGANISATION, PEOPLE, Printed, Questions, Unit, kind_of_share, plain, rest_name
from .groups import read_gaps
from .looks import is_library
from .markup import Markup, Script, Slot, Table
from .teams import read_index, unit_page

_CHANGES = {"changes": read_changes, "moved": read_moved}
_ORGANISATION_KINDS = "index", "favourable", "neutral", "unfavourable"


def read_page(file: str, data: bytes, questions: Questions) -> Printed:
    """All that a page says, and what in it must not be there."""
    printed = Printed(file)
    names = frozenset(one.dimension for one in questions.measures)
    markup = Markup(printed, names)
    markup.feed(data.decode("utf-8", "replace"))
    markup.close()
    page = unit_page(printed, questions, markup) if markup.path else _Page(printed, questions)
    read_index(markup.pages, printed)
    for table in markup.tables:
        page.read(table)
    for script in markup.scripts:
        if script.chart:
            read_chart(script.chart, script.text, printed, questions, page.names)
        else:
            check_script(script, printed)
    return printed


class _Page:
    """The tables of one page, read in the order in which they stand."""

    def __init__(self, printed: Printed, questions: Questions) -> None:
        self.printed, self.questions = printed, questions
        self.names: list[str] = [""]
        self._above: list[Unit] = [ORGANISATION]
        self._started = False
        self._items = iter(questions.items)
        self._asked = iter(questions.items)
        self._cut_items = iter(questions.items)

    def read(self, table: Table) -> None:
        if table.kind in {"lanes", "side"}:
            self.printed.fault(f"part “{table.section}”", "a table that only team pages have")
        elif table.kind == "facts":
            self._facts(table)
        elif table.section.startswith("evidence-"):
            self._evidence(table)
        elif table.section in {"beside", "gaps", "change"}:
            self._differences(table)
        elif table.section == "cuts":
            self._cuts(table)
        elif table.kind == "units":
            self._units(table)
        elif table.kind == "statements":
            self._statements(table)
        elif table.kind == "items" or table.section == "dimensions":
            self._organisation(table)
        else:
            self.printed.fault(f"part “{table.section}”", "a table that reports do not have")

    def place(self, table: Table, slot: Slot) -> str:
        return f"part “{table.section}”, row “{plain(slot.text)[:60]}”"

    def _facts(self, table: Table) -> None:
        for row in table.rows:
            for slot in row:
                self.printed.say(f"part “{table.section}”, table of facts", "data", f"{slot.text} {slot.small}".strip())

    def _differences(self, table: Table) -> None:
        """How far units stand from others, groups from each other, and this wave from the last."""
        head, body = halves(table)
        self._heads(table, head)
        if table.section == "beside":
            read_apart(body, self.printed, self.questions)
        elif table.section == "gaps":
            read_gaps(body, self.printed, self.questions, self.names[0] or self.printed.claims.get("h1", ""))
        elif table.kind in _CHANGES:
            _CHANGES[table.kind](body, head, self.printed, self.questions)
        else:
            self.printed.fault(f"part “{table.section}”", "a table that reports do not have")

    # The organisation

    def _organisation(self, table: Table) -> None:
        head, body = halves(table)
        self._heads(table, head)
        measures = iter(self.questions.dimensions) if table.kind != "items" else self._items
        for row in body:
            measure = next(measures, None)
            if measure is None or plain(row[0].text) != plain(self.questions.measures[measure].label):
                self.printed.fault(self.place(table, row[0]), "a row that is out of the order of the questionnaire")
                return
            self._organisation_row(table, row, measure)

    def _organisation_row(self, table: Table, row: list[Slot], measure: int) -> None:
        where = self.place(table, row[0])
        points = len(self.questions.measures[measure].points) if table.kind == "items" else 0
        kinds = ("n", *_ORGANISATION_KINDS, *(kind_of_share(1 + point) for point in range(points)), "mean", "sd")
        self.printed.say(where, "labels", row[0].small)
        if len(row) != 1 + len(kinds):
            self.printed.fault(where, f"{len(row)} columns where reports have {1 + len(kinds)}")
            return
        for slot, kind in zip(row[1:], kinds, strict=True):
            self.printed.read(0, measure, kind, slot.text, where)
            self._interval(0, measure, kind, slot, where)

    def _interval(self, unit: int, measure: int, kind: str, slot: Slot, where: str) -> None:
        if slot.small.strip():
            ends = slot.small.split("–")
            kinds = {"index": ("low", "high"), "favourable": ("favourable_low", "favourable_high")}.get(kind)
            if kinds is None or len(ends) != 2:
                self.printed.fault(where, f"small print that reports do not have: “{slot.small[:40]}”")
                return
            for end, text in zip(kinds, ends, strict=True):
                self.printed.read(unit, measure, end, text, where)

    # Units

    def _units(self, table: Table) -> None:
        head, body = halves(table)
        self._heads(table, head)
        rates = any(plain(slot.text) == plain(_("Response rate")) for slot in head)
        kinds: list[tuple[int, str]] = [(PEOPLE, "n"), *([(PEOPLE, "response_rate")] if rates else [])]
        kinds += [(measure, "index") for measure in self.questions.dimensions]
        for row, classes in body_with_classes(table, body):
            unit = self._add_unit(table, row[0])
            if unit is not None:
                self._unit_row(table, row, classes, unit, kinds)

    def _add_unit(self, table: Table, slot: Slot) -> int | None:
        """The row's place among the units, with its path from the depth at which it is set in."""
        depth, name = slot.depth or 0, plain(slot.text)
        if not self._started:
            self._started = True
            self.names[0] = name
            if depth == 0:
                return 0
        if not 0 < depth <= len(self._above):
            self.printed.fault(self.place(table, slot), "a row that is set in where no unit stands above it")
            return None
        above = self._above[depth - 1]
        whole = above.path[-1] if above.path else self.names[0]
        is_rest = not slot.small.strip() and name == rest_name(whole)
        unit = above._replace(rest=True) if is_rest else Unit((*above.path, name), plain(slot.small))
        self._above = [*self._above[:depth], *([] if is_rest else [unit])]
        if is_rest:
            self._above.append(above)  # nothing stands under a rest
        self.printed.units.append(unit)
        self.names.append(name)
        return len(self.printed.units) - 1

    def _unit_row(
        self, table: Table, row: list[Slot], classes: tuple[str, ...], unit: int, kinds: list[tuple[int, str]]
    ) -> None:
        where = self.place(table, row[0])
        if len(row) != 1 + len(kinds):
            self.printed.fault(where, f"{len(row)} columns where reports have {1 + len(kinds)}")
            return
        for slot, (measure, kind) in zip(row[1:], kinds, strict=True):
            self._figure(unit, measure, kind, slot, where)
        if "withheld" in classes and (unit, PEOPLE, "n") not in self.printed.withheld:
            self.printed.fault(where, "the row is marked as withheld and yet says how many answered")

    def _figure(self, unit: int, measure: int, kind: str, slot: Slot, where: str) -> None:
        self.printed.read(unit, measure, kind, slot.text, where)
        self._interval(unit, measure, kind, slot, where)
        marked = bool({"above", "below"} & set(slot.classes) or slot.spoken.strip())
        if marked and (unit, measure, kind) in self.printed.withheld:
            self.printed.fault(where, "a withheld figure is marked as above or below")
        elif marked and measure in self.questions.dimensions:
            self.printed.differing.add(unit)
        if any(map(str.isnumeric, slot.spoken)):
            self.printed.fault(where, f"a number that only a screen reader says: “{slot.spoken.strip()[:40]}”")

    def _statements(self, table: Table) -> None:
        head, body = halves(table)
        measures = [next(self._asked, None) for _ in head[1:]]
        labels = [plain(self.questions.measures[one].label) if one is not None else None for one in measures]
        if [plain(slot.text) for slot in head[1:]] != labels or table.columns not in {None, len(labels)}:
            self.printed.fault(f"part “{table.section}”", "a table of statements out of the order of the questionnaire")
            return
        if [plain(row[0].text) for row in body] != self.names:
            self.printed.fault(
                f"part “{table.section}”", "a table of statements with other rows than the table of units"
            )
            return
        for unit, row in enumerate(body):
            where = self.place(table, row[0])
            if len(row) != len(head):
                self.printed.fault(where, f"{len(row)} columns under {len(head)} headings")
                continue
            for slot, measure in zip(row[1:], measures, strict=True):
                if measure is not None:
                    self._figure(unit, measure, "index", slot, where)

    # Groups across the organisation

    def _cuts(self, table: Table) -> None:
        head, body = halves(table)
        self._heads(table, head[:3])
        labels = [plain(slot.text) for slot in head[3:]]
        measures = self.questions.dimensions
        if not measures or labels != [plain(self.questions.measures[one].label) for one in measures]:
            measures = [one for one in (next(self._cut_items, None) for _ in labels) if one is not None]
        if labels != [plain(self.questions.measures[one].label) for one in measures]:
            self.printed.fault("part “cuts”", "a table of groups out of the order of the questionnaire")
            return
        seen: set[int] = set()
        for row in body:
            where = self.place(table, row[0])
            unit = self._cut_row(row, seen)
            if unit is None or len(row) != len(head):
                self.printed.fault(where, "a group of a unit that no row stands for")
                continue
            self._figure(unit, PEOPLE, "n", row[2], where)
            for slot, measure in zip(row[3:], measures, strict=True):
                self._figure(unit, measure, "index", slot, where)

    def _cut_row(self, row: list[Slot], seen: set[int]) -> int | None:
        """The place of a row on a group, which joins `seen`; None where it cannot be told, or stood there before.

        The groups of all come first, so that a top-level unit may have the name of the organisation.
        """
        if len(row) < 3:
            return None
        value, attribute, name = (plain(text) for text in (row[0].text, row[0].small, row[1].text))
        whole = self.names[0] if self._started else plain(self.printed.claims.get("h1", ""))
        for path in ((), (name,)):
            place = self.printed.cut(path, attribute, value) if path or name == whole else None
            if place is not None and place not in seen:
                seen.add(place)
                return place
        return None

    # What averages are worth

    def _evidence(self, table: Table) -> None:
        readers = {
            "together": self._together,
            "fits": self._fits,
            "apart": self._apart,
            "views": self._by_unit,
            "guesses": self._by_unit,
            "others": self._by_unit,
            "drivers": self._drivers,
        }
        reader = readers.get(table.kind)
        if reader is None:
            self.printed.fault(f"part “{table.section}”", "a table that reports do not have")
        else:
            reader(table)

    def _stated(
        self, kinds: Sequence[str], unit: int | None, measure: str, slot: Slot, where: str, item: str = ""
    ) -> None:
        """The figure of a cell, and the two ends of its interval where there are kinds for them."""
        kind, *ends = kinds
        self.printed.stated(kind, unit, measure, slot.text.strip(), where, item)
        small = slot.small.split("–") if slot.small.strip() else []
        if small and len(small) != len(ends):
            self.printed.fault(where, f"small print that reports do not have: “{slot.small[:40]}”")
            return
        for end, text in zip(ends, small, strict=bool(small)):
            self.printed.stated(end, unit, measure, text.strip(), where, item)

    def _dimension_rows(self, table: Table, width: Sequence[int]) -> Iterator[tuple[list[Slot], str, str]]:
        """The rows of a table that has one for each dimension, with the dimension's id and the place in words."""
        head, body = halves(table)
        self._heads(table, head)
        if len(body) != len(self.questions.dimensions):
            self.printed.fault(f"part “{table.section}”", "a table without a row for each dimension")
        for row, place in zip(body, self.questions.dimensions, strict=False):
            where, measure = self.place(table, row[0]), self.questions.measures[place]
            self.printed.say(where, "labels", row[0].small)
            if plain(row[0].text) != plain(measure.label):
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
            elif self._is_wide(row, width, where):
                yield row, measure.id, where

    def _is_wide(self, row: Sequence[Slot], width: Sequence[int], where: str) -> bool:
        if len(row) not in width:
            self.printed.fault(where, f"{len(row)} columns where reports have {width[0]}")
        return len(row) in width

    def _together(self, table: Table) -> None:
        for row, measure, where in self._dimension_rows(table, (5, 6)):
            self._stated(("reliability people",), None, measure, row[1], where)
            self._stated(("alpha", "alpha low", "alpha high"), None, measure, row[2], where)
            for kind, slot in zip(("omega", "halves"), row[3:-1], strict=False):
                self._stated((kind,), None, measure, slot, where)
            self.printed.judge("together", measure, f"{row[-1].text} {row[-1].small}", where)

    def _apart(self, table: Table) -> None:
        for row, measure, where in self._dimension_rows(table, (5,)):
            for kind, slot in zip(("teams", "icc1", "icc2"), row[1:-1], strict=True):
                self._stated((kind,), None, measure, slot, where)
            self.printed.judge("apart", measure, f"{row[-1].text} {row[-1].small}", where)

    def _fits(self, table: Table) -> None:
        """A heading for each dimension of which the statements stand below it."""
        dimensions = iter(self.questions.dimensions)
        measures = self.questions.measures
        items: Iterator[int] = iter(())
        for slot in table.rows[0]:
            self.printed.say(f"part “{table.section}”, headings", "labels", f"{slot.text} {slot.small}".strip())
        for row in table.rows[1:]:
            where = self.place(table, row[0])
            if len(row) == 1:
                found = (place for place in dimensions if plain(measures[place].label) == plain(row[0].text))
                dimension = next(found, None)
                items = iter(
                    [at for at in self.questions.items if dimension is not None and self._is_of(at, dimension)]
                )
                if dimension is None or row[0].small.strip():
                    self.printed.fault(where, "a row that is out of the order of the questionnaire")
                continue
            item = next(items, None)
            if item is None or plain(row[0].text) != plain(measures[item].label):
                self.printed.say(where, "labels", row[0].small)
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
            elif self._is_wide(row, (3,), where):
                self.printed.judge("fit", measures[item].dimension, row[0].small, where, measures[item].id)
                for kind, slot in zip(("item-rest", "alpha-without"), row[1:], strict=True):
                    self._stated((kind,), None, measures[item].dimension, slot, where, measures[item].id)

    def _is_of(self, item: int, dimension: int) -> bool:
        return self.questions.measures[item].dimension == self.questions.measures[dimension].id

    def _drivers(self, table: Table) -> None:
        """What goes with one outcome, which the small print of the first heading names; rows in the order asked."""
        head, body = halves(table)
        measures = self.questions.measures
        named = plain(head[0].small) if head else ""
        outcome = next((one for one in measures if plain(one.label) == named), None)
        if outcome is None or not body:
            self.printed.fault(
                f"part “{table.section}”", f"what goes with something that was not asked: “{named[:40]}”"
            )
            return
        self._heads(table, [Slot(head=True, classes=(), text=head[0].text), *head[1:]])
        items = iter(self.questions.items)
        for row in body:
            where = self.place(table, row[0])
            self.printed.say(where, "labels", row[0].small)
            if not self._is_wide(row, (2,), where):
                continue
            if row is body[0]:
                self._stated(("explained",), None, outcome.id, row[1], where)
                continue
            item = next((place for place in items if plain(measures[place].label) == plain(row[0].text)), None)
            if item is None:
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                return
            self._stated(("weight", "weight low", "weight high"), None, outcome.id, row[1], where, measures[item].id)

    def _by_unit(self, table: Table) -> None:
        """Tables of units by dimensions: verdicts on agreement, best guesses, bounds. Rows may be left out."""
        head, body = halves(table)
        before = 3 if table.kind == "others" else 1
        self._heads(table, head[:before])
        labels = [self.questions.measures[one].label for one in self.questions.dimensions]
        if [plain(slot.text) for slot in head[before:]] != list(map(plain, labels)):
            self.printed.fault(f"part “{table.section}”", "a table out of the order of the questionnaire")
            return
        known = self._units_by_name()
        for row in body:
            where = self.place(table, row[0])
            places = known.get((plain(row[0].text), plain(row[0].small)), [])
            if not places:
                self.printed.fault(where, "a row of a unit that stands in no table above, or stands there twice")
            elif self._is_wide(row, (before + len(labels),), where):
                self._unit_evidence(table.kind, places.pop(0), row, where)

    def _units_by_name(self) -> dict[tuple[str, str], list[int]]:
        """Units by their names from the top down, and by their level."""
        known: dict[tuple[str, str], list[int]] = defaultdict(list)
        whole = self.names[0] if self._started else plain(self.printed.claims.get("h1", ""))
        for place, unit in enumerate(self.printed.units):
            if not unit.rest and not unit.cut:
                known[plain(" › ".join(unit.path) or whole), unit.level].append(place)
        return known

    def _unit_evidence(self, kind: str, unit: int, row: list[Slot], where: str) -> None:
        if kind == "others":
            self._stated(("headcount",), unit, "", row[1], where)
            self._figure(unit, PEOPLE, "n", row[2], where)
        slots = row[3 if kind == "others" else 1 :]
        for slot, place in zip(slots, self.questions.dimensions, strict=True):
            measure = self.questions.measures[place].id
            if kind == "views":
                self.printed.view(unit, measure, slot.text, where)
                self.printed.say(where, "evidence", slot.small)
            elif kind == "guesses":
                self._guess(unit, place, slot, where)
            else:
                self._bounds(unit, measure, slot, where)

    def _guess(self, unit: int, place: int, slot: Slot, where: str) -> None:
        """The best guess; in small print the index, and what it is worth."""
        measure = self.questions.measures[place].id
        self.printed.stated("shrunken", unit, measure, slot.text.strip(), where)
        index, _, worth = slot.small.partition(" · ")
        if worth:
            self.printed.read(unit, place, "index", index, where)
            self.printed.stated("worth", unit, measure, worth.strip(), where)
        elif slot.small.strip():
            self.printed.fault(where, f"small print that reports do not have: “{slot.small[:40]}”")

    def _bounds(self, unit: int, measure: str, slot: Slot, where: str) -> None:
        low, dash, high = slot.text.partition("–")
        self.printed.stated("if low", unit, measure, low.strip(), where)
        if dash:
            self.printed.stated("if high", unit, measure, high.strip(), where)
        if slot.small.strip() or (any(map(str.isnumeric, low)) and not dash):
            self.printed.fault(where, f"bounds that reports do not have: “{slot.text[:40]}{slot.small[:40]}”")

    def _heads(self, table: Table, head: list[Slot]) -> None:
        for slot in head:
            self.printed.say(f"part “{table.section}”, headings", "labels", f"{slot.text} {slot.small}".strip())


def halves(table: Table) -> tuple[list[Slot], list[list[Slot]]]:
    """The headings, and the rows below them."""
    head = [slot for row in table.rows if row and not _is_body(row) for slot in row]
    return head, [row for row in table.rows if row and _is_body(row)]


def _is_body(row: list[Slot]) -> bool:
    return any(not slot.head for slot in row)


def body_with_classes(table: Table, body: list[list[Slot]]) -> list[tuple[list[Slot], tuple[str, ...]]]:
    """The rows with the classes they carry."""
    wanted = {id(row) for row in body}
    return [pair for pair in zip(table.rows, table.row_classes, strict=True) if id(pair[0]) in wanted]


# Scripts and styles: only those that ship


def check_script(script: Script, printed: Printed) -> None:
    """Note a script or a stylesheet that is none of those that ship."""
    if script.id == "plotly" and any(kind == "library" for kind, _ in printed.worn) and not script.text.strip():
        return
    if script.id == "plotly":
        try:
            source = gzip.decompress(base64.b64decode(script.text))
        except (ValueError, OSError, EOFError):
            source = b""
        if not is_library(source):
            printed.fault("the chart library in the page", "it is not the one that is installed here")
    elif script.type == "style" and script.text.strip().startswith((":root { --accent", "@page {")):
        printed.worn.append(("style", script.text))
    elif _squeezed(script.text) not in _shipped():
        kind = "stylesheet" if script.type == "style" else "script"
        printed.fault(f"a {kind}", f"it is none that psafety ships: “{script.text.strip()[:60]}”")


@cache
def _shipped() -> frozenset[str]:
    """The scripts and stylesheets that come with the program, read as files."""
    folder = files("psafety") / "reports" / "templates"
    names = [one for one in folder.iterdir() if one.name.endswith((".js", ".css"))]
    return frozenset(_squeezed(one.read_text(encoding="utf-8")) for one in names)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
