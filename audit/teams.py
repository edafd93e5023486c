"""Team pages: figures of the unit that a page is about, of a unit above it and of the organisation, and of no other."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from ..languages import gettext, grouped, language, speaking
from ..surveys.phrases import enumerated
from .against import apart_in_words
from .changes import note_last_wave, read_change
from .figures import ORGANISATION, PEOPLE, Fault, Printed, Questions, Unit, kind_of_share, number_in, plain
from .markup import Entry, Markup, Slot, Table
from .prose import Vocabulary, as_written

_LONGEST = 60
_ENDS = "low", "index", "high"
_HALF = 0.5  # of those who were asked: where fewer answered, a sheet speaks of that
_PATTERN = "pattern-"
_BOX = "☐"
_SUFFIX = "-facilitator.html"


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
        readers = self._readers()
        if table.kind not in readers:
            self.printed.fault(f"part “{table.section}”", "a table that team pages do not have")
            return
        for row in table.rows:
            if row and all(slot.head for slot in row) and not any("group" in slot.classes for slot in row):
                for slot in row:
                    said = _without(f"{slot.text} {slot.small}".strip(), self.names)
                    self.printed.say(f"part “{table.section}”, headings", "headings", said)
        readers[table.kind](table)

    def _readers(self) -> Mapping[str, Callable[[Table], None]]:
        return {
            "people": self._people,
            "lanes": self._lanes,
            "side": self._side,
            "views": self._views,
            "others": self._others,
            "beside": self._beside,
            "changes": self._changes,
        }

    def _unit(self, slot: Slot, where: str) -> int | None:
        """The place of a unit that a row or a column is on: it must be on the page's path."""
        depth = slot.depth if slot.depth is not None else -1
        named = [plain(gettext("The organisation")), *self.names[1:]]
        if not 0 <= depth < len(named) or named[depth] != plain(slot.text) or slot.small.strip():
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
        classes = {name for slot in table.rows[0] for name in slot.classes}
        columns = ["n", *(name for name in ("asked", "rate") if name in classes)]
        for row in _body(table):
            where = self._place(table, row[0])
            unit = self._unit(row[0], where)
            if unit is None or not self._wide(row, 1 + len(columns), where):
                continue
            for slot, name in zip(row[1:], columns, strict=True):
                if name == "asked":
                    self._stated("headcount", unit, "", slot, where)
                else:
                    self._figure(unit, PEOPLE, "n" if name == "n" else "response_rate", slot, where)

    def _views(self, table: Table) -> None:
        """Whether people see each dimension alike."""
        for row, measure, where in self._by_dimension(table, width=2):
            self.printed.view(self._own, measure, row[1].text.strip(), where)
            self._bare(row, where)

    def _others(self, table: Table) -> None:
        """Between which values the index of everybody asked lies."""
        for row, measure, where in self._by_dimension(table):
            self._stated("if low", self._own, measure, row[1], where)
            self._stated("if high", self._own, measure, row[2], where)

    def _changes(self, table: Table) -> None:
        """The index then and now, the change with its interval, a verdict, and what would have been seen."""
        heads = [slot for row in table.rows for slot in row if not _is_statement(row)]
        if len(heads) > 1:
            note_last_wave(self.printed, plain(heads[1].text))
        for row, id_, where in self._by_dimension(table, width=6):
            read_change(self.printed, self.questions.place(id_, is_item=False) or 0, self._own, row[1:], where)

    def _beside(self, table: Table) -> None:
        """How far the unit stands from other people, in a sentence that says from whom."""
        for row, id_, where in self._by_dimension(table, width=2):
            self._bare(row, where)
            found = apart_in_words(row[1].text)
            wholes = {plain(gettext("everybody else in the organisation")): 0}
            for place in range(self._own - 1, 0, -1):
                name = gettext("everybody else in {unit}").format(unit=self.names[place])
                wholes.setdefault(plain(name), place)
            if found is None or found[0] not in wholes or wholes[found[0]] not in {0, self._own - 1}:
                self.printed.fault(where, f"a sentence on others that reports do not have: “{row[1].text[:60]}”")
                continue
            dimension = self.questions.dimensions.index(self.questions.place(id_, is_item=False) or 0)
            self.printed.apart.append(self._own, wholes[found[0]], dimension, found[1:], where)

    @property
    def _own(self) -> int:
        return len(self.names) - 1

    def _by_dimension(self, table: Table, *, width: int = 3) -> Iterator[tuple[list[Slot], str, str]]:
        """The rows of a table that has one for each of some dimensions, in order, with their ids."""
        dimensions = iter(self.questions.dimensions)
        for row in _body(table):
            where = self._place(table, row[0])
            labels = ((place, plain(self.questions.measures[place].label)) for place in dimensions)
            measure = next((place for place, label in labels if label == plain(row[0].text)), None)
            if measure is None or row[0].small.strip():
                self.printed.fault(where, "a row that is out of the order of the questionnaire")
                return
            if self._wide(row, width, where):
                yield row, self.questions.measures[measure].id, where

    def _stated(self, kind: str, unit: int, measure: str, slot: Slot, where: str) -> None:
        self.printed.stated(kind, unit, measure, slot.text.strip(), where)
        self._bare([slot], where)

    def _bare(self, row: Sequence[Slot], where: str) -> None:
        """Cells of texts and single numbers have no picture, no small print, and nothing that is only spoken."""
        if any(slot.drawn or slot.bar or slot.small.strip() or slot.spoken.strip() for slot in row):
            self.printed.fault(where, "small print or a picture where team pages have none")

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
        if unit == self._own and measure in self.questions.dimensions:
            id_ = self.questions.measures[measure].id
            self.printed.told |= {(id_, name) for name in ("above", "below") if name in slot.classes}


class SheetPage(TeamPage):
    """A facilitator's sheet: a table to guess in and one of experiments, and no figure.

    pattern: the one it says to have been chosen for.
    """

    def __init__(self, printed: Printed, questions: Questions, path: Sequence[Entry], pattern: str) -> None:
        super().__init__(printed, questions, path)
        printed.claims["pattern"] = pattern

    def _readers(self) -> Mapping[str, Callable[[Table], None]]:
        return {"guess": self._guess, "practices": self._practices}

    def _guess(self, table: Table) -> None:
        """A row of empty boxes for each dimension, which stand in the order of the questionnaire."""
        measures = self.questions.measures
        asked = [plain(measures[place].label) for place in self.questions.dimensions]
        body = list(_body(table))
        if asked and [plain(row[0].text) for row in body] != asked:
            self.printed.fault(f"part “{table.section}”", "other dimensions than those of the questionnaire")
        for row in body:
            where = self._place(table, row[0])
            self.printed.say(where, "labels", row[0].text)
            self._bare(row, where)
            if any(slot.text.strip() not in {"", _BOX} or {"above", "below"} & set(slot.classes) for slot in row[1:]):
                self.printed.fault(where, "something is filled in where a reader is to guess")

    def _practices(self, table: Table) -> None:
        for row in _body(table):
            where = self._place(table, row[0])
            self._bare(row, where)
            for slot in row:
                self.printed.say(where, table.section, slot.text)


def unit_page(printed: Printed, questions: Questions, markup: Markup) -> TeamPage:
    """What reads the tables of a page on one unit: of its figures, or of the sheet for whoever leads the talk."""
    patterns = [id_.removeprefix(_PATTERN) for id_ in markup.sections if id_.startswith(_PATTERN)]
    if not patterns:
        return TeamPage(printed, questions, markup.path)
    if len(patterns) > 1:
        printed.fault("the pattern", "a sheet with several of them")
    return SheetPage(printed, questions, markup.path, patterns[0])


def unfounded(sheet: Printed, pages: Sequence[Printed], *, directed: bool) -> Iterator[Fault]:
    """Whether a sheet was chosen for what the page of its unit says, and for nothing else.

    pages: all that was read. directed: whether the good end of the scales is known.
    """
    page = next((one for one in pages if one.page == sheet.page and "pattern" not in one.claims), None)
    pattern = sheet.claims["pattern"]
    if page is not None and pattern not in (fitting := _patterns(page, directed=directed)):
        said = " or ".join(f"“{one}”" for one in sorted(fitting))
        yield Fault(
            sheet.file, "the pattern", f"it is “{pattern[:40]}”, where what the page of the unit says leads to {said}"
        )
    if pattern == "unseen":
        like = next(one for one in pages if one.claims.get("pattern") == "unseen")
        if _nameless(sheet) != _nameless(like):
            yield Fault(sheet.file, "the sheet", "it says something that sheets of other withheld units do not say")


_STANDINGS = {
    "above": "Higher than everybody else in the organisation, by more than chance explains: {names}.",
    "below": "Lower than everybody else in the organisation, by more than chance explains: {names}.",
}


def misplaced(page: Printed, questions: Questions) -> Iterator[Fault]:
    """A sentence on where the unit of a page stands, where the table of its dimensions marks others."""
    if page.page is None or "pattern" in page.claims:
        return
    measures = [questions.measures[place] for place in questions.dimensions]
    for name, message in _STANDINGS.items():
        marked = [one.label for one in measures if (one.id, name) in page.told]
        begins = plain(gettext(message).partition("{names}")[0])
        said = plain(gettext(message).format(names=enumerated(marked)))
        if any(begins in text and said not in text for text in page.said):
            yield Fault(page.file, "the sentences on where it stands", f"what is “{name}” is not what the table says")


def _patterns(page: Printed, *, directed: bool) -> set[str]:
    """The patterns that may be chosen where a page says what it says."""
    own = len(page.units) - 1
    cells = page.cells.of_unit(own)
    if not cells:
        return {"unseen"}
    if any(cell.kind == "response_rate" and cell.value < _HALF for cell in cells):
        return {"silent"}
    views = {one.measure: str(one.value) for one in page.averages.of_unit(own) if one.kind == "view"}
    split = {"split"} if "split team" in views.values() else {"plain"}
    if not directed:
        return split
    moved = {one.verdict for one in page.steps}
    candidates = (
        {"falling"} if "worse" in moved else set(),
        _level("low", {id_ for id_, name in page.told if name == "below"}, views),
        {"rising"} if "better" in moved else set(),
        _level("high", {id_ for id_, name in page.told if name == "above"}, views),
    )
    return next(filter(None, candidates), split)


def _level(level: str, dimensions: set[str], views: Mapping[str, str]) -> set[str]:
    """The pattern of a page on which these dimensions are told apart; views: dimension → verdict on it."""
    found = {views.get(id_) for id_ in dimensions}
    kind = "split" if "split team" in found else "agreed" if found == {"shared view"} else "open"
    return {f"{level}-{kind}"} if dimensions else set()


def _nameless(sheet: Printed) -> set[str]:
    """What a sheet says, without the texts that hold a name of its own path."""
    names = [name for unit in sheet.units for name in unit.path[-1:]]
    return {text for text in sheet.said if not any(name in text for name in names)}


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
            text = re.sub(rf"(?:{_before_names(language())}|^){re.escape(name)}(?!\w)", "", text)
    return text


_FRAMES = (
    "Results of %(name)s",
    "As ticked in %(name)s",
    "{parts} and {last}",
)


@cache
def _before_names(lang: str) -> str:
    """What may stand before a name in the texts of a page, as a pattern that looks back."""
    with speaking(lang):
        said = [re.split(r"%\(name\)s|\{names\}|\{last\}", gettext(frame))[0] for frame in _FRAMES]
    before = {re.sub(r"\{parts\}", "", text)[-12:] for text in said} - {""}
    return "|".join(f"(?<={re.escape(text)})" for text in sorted(before))


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
    mine = as_written(printed.cells.of_unit(own))
    rules = whole.parts[""]
    return Vocabulary(
        names=(*whole.names, *(printed.claims.get(name, "") for name in ("organisation", "last wave"))),
        withheld=whole.withheld,
        parts={
            "": frozenset(),
            "head": whole.parts["together"],
            "summary": frozenset(mine | _reach(printed, own)),
            "dimensions": frozenset(cells | {"0", "100"}),
            "apart": frozenset(mine | cells | {"100"} if mine else ()),
            "others": frozenset(mine | _asked(printed, own)),
            "beside": frozenset({"0"} if printed.apart else ()),
            "change": frozenset({"0"} if printed.steps else ()),
            "items": frozenset(cells) | whole.parts["labels"],
            "labels": whole.parts["labels"],
            "headings": whole.parts["headings"] | rules,
            "colspan": whole.parts["colspan"],
            **dict.fromkeys(("method", "foot"), rules),
        },
    )


def _asked(printed: Printed, own: int) -> set[str]:
    """How many were asked, as the table of those who answered says it."""
    said = (one.value for one in printed.averages.of_unit(own) if one.kind == "headcount")
    return {form for value in said if isinstance(value, float) for form in (grouped(int(value)), str(int(value)))}


def _reach(printed: Printed, own: int) -> set[str]:
    """Half of the widest interval of a dimension, which is how far chance carries the unit's figures."""
    ends = {(cell.measure, cell.kind): cell.value for cell in printed.cells.of_unit(own)}
    widths = [ends[measure, "high"] - ends[measure, "low"] for measure, kind in ends if kind == "high"]
    return {str(int(width + 1) // 2) for width in widths}


def misnamed(printed: Printed, file: str, names: Sequence[str]) -> Iterator[Fault]:
    """Whether a page carries the name of its unit and no other, so that its name tells no figure."""
    said = file.rpartition("/")[2]
    if said.endswith(_SUFFIX):
        said = said.removesuffix(_SUFFIX) + ".html"
    if printed.page is not None and said != page_name(printed.page, names):
        yield Fault(file, "the name of the file", "it is not made of the names of its unit alone")
