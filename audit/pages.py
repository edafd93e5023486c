"""HTML reports: the figures of their tables and charts, and everything in them that a report does not have."""

import base64
import gzip
import hashlib
from functools import cache
from importlib.resources import files

from .charts import read_chart
from .figures import ORGANISATION, PEOPLE, Printed, Questions, Unit, kind_of_share, plain, rest_name
from .markup import Markup, Script, Slot, Table
from .teams import TeamPage, read_index

_ORGANISATION_KINDS = "index", "favourable", "neutral", "unfavourable"


def read_page(file: str, data: bytes, questions: Questions) -> Printed:
    """All that a page says, and what in it must not be there."""
    printed = Printed(file)
    names = frozenset(one.dimension for one in questions.measures)
    markup = Markup(printed, names)
    markup.feed(data.decode("utf-8", "replace"))
    markup.close()
    page = TeamPage(printed, questions, markup.path) if markup.path else _Page(printed, questions)
    read_index(markup.pages, printed)
    for table in markup.tables:
        page.read(table)
    for script in markup.scripts:
        if script.chart:
            read_chart(script.chart, script.text, printed, questions, page.names)
        else:
            _check_script(script, printed)
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

    # The organisation

    def _organisation(self, table: Table) -> None:
        head, body = _halves(table)
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
        head, body = _halves(table)
        self._heads(table, head)
        rates = any(plain(slot.text) == "Response rate" for slot in head)
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
        head, body = _halves(table)
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
        head, body = _halves(table)
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

    def _heads(self, table: Table, head: list[Slot]) -> None:
        for slot in head:
            self.printed.say(f"part “{table.section}”, headings", "labels", f"{slot.text} {slot.small}".strip())


def _halves(table: Table) -> tuple[list[Slot], list[list[Slot]]]:
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


def _check_script(script: Script, printed: Printed) -> None:
    if script.id == "plotly":
        try:
            source = gzip.decompress(base64.b64decode(script.text))
        except (ValueError, OSError, EOFError):
            source = b""
        if hashlib.sha256(source).digest() != _plotly_digest():
            printed.fault("the chart library in the page", "it is not the one that is installed here")
    elif _squeezed(script.text) not in _shipped():
        kind = "stylesheet" if script.type == "style" else "script"
        printed.fault(f"a {kind}", f"it is none that psafety ships: “{script.text.strip()[:60]}”")


@cache
def _plotly_digest() -> bytes:
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 (only a page with charts needs it)

    return hashlib.sha256(get_plotlyjs().encode()).digest()


@cache
def _shipped() -> frozenset[str]:
    """The scripts and stylesheets that come with the program, read as files."""
    folder = files("psafety") / "reports" / "templates"
    names = [one for one in folder.iterdir() if one.name.endswith((".js", ".css"))]
    return frozenset(_squeezed(one.read_text(encoding="utf-8")) for one in names)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
