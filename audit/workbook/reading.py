"""Excel workbooks: the figures of their sheets, their formulas and names, and whatever else a report does not have."""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

import numpy as np

from ...languages import gettext as _, marked, speaking
from ..charts import sentence_figures
from ..figures import ORGANISATION, PEOPLE, Printed, Questions, Unit, Word, kind_of_share, plain
from .charts import Drawn, check_charts
from .differences import DifferenceSheets
from .formulas import column_letter, counted, look_up
from .lines import Known, Lines, Row, Value
from .parts import (
    Grid,
    check_parts,
    language_of,
    local,
    parsed,
    read_grid,
    targets,
)
from .tables import Body, Rows, Wheres, is_same, number_in_words, row_name, statement

_SHEETS = (
    *(marked("Read me"), marked("Overview"), marked("Charts"), marked("Dimensions"), marked("Items")),
    *(marked("Teams"), marked("Team charts"), marked("Look up"), marked("Team items"), marked("Groups")),
    *(marked("Comments"), marked("Distribution"), marked("Evidence"), marked("Statement fit"), marked("Team scores")),
    *(marked("Beside everybody else"), marked("Gaps between groups"), marked("Change")),
    *(marked("What goes with it"), marked("Data quality"), marked("Method"), marked("Dictionary")),
)
_LATER = ("Groups", "Gaps between groups", "Team charts", "Look up")  # they speak of rows of other sheets
_NAMES = re.compile(r"_xlnm\.(Print_Titles|_FilterDatabase)")
_RANGE = re.compile(r"('(?:[^']|'')+'!\$?[A-Z]{0,3}\$?\d*:\$?[A-Z]{0,3}\$?\d*,?)+")


def read_workbook(file: str, data: bytes, questions: Questions) -> Printed:
    """All that a workbook says, and what in it must not be there."""
    printed = Printed(file)
    try:
        with ZipFile(BytesIO(data)) as archive, speaking(language_of(archive)):
            check_parts(archive, printed)
            grids = grids_of(archive, printed, _SHEETS)
            check_names(archive, grids, printed)
            check_links(grids, printed)
            book = _Book(printed, questions, grids)
            for key in sorted(grids, key=lambda key: key in _LATER):
                book.read(key)
            book.check_formulas()
            _check_drawings(archive, book, printed)
    except (BadZipFile, ET.ParseError, KeyError, RuntimeError) as error:
        printed.fault("the file", f"it cannot be read as a workbook ({type(error).__name__})")
    return printed


def _check_drawings(archive: ZipFile, book: "_Book", printed: Printed) -> None:
    for key, grid in book.grids.items():
        if key in book.drawn:
            check_charts(archive, grid, book.drawn[key], printed, _PARTS_OF.get(key, "summary"))
            if any(not 0 < row <= len(grid.rows) or grid.rows[row - 1] for row in grid.breaks):
                printed.fault(grid.where, "a page that ends elsewhere than between two pictures")
        elif targets(archive, grid.part, printed) or grid.heights or grid.breaks:
            printed.fault(grid.where, "a drawing on a sheet that has none, or a row made for one")


# The workbook around the sheets


def sheet_name(english: str) -> str:
    """What a sheet is called in the language that is spoken."""
    return re.sub(r"[][:*?/\\]", " ", _(english))[:31].strip()


def grids_of(archive: ZipFile, printed: Printed, sheets: Sequence[str]) -> dict[str, Grid]:
    """The sheets in their order, by their English names. sheets: those that the workbook may have."""
    book = parsed(archive.read("xl/workbook.xml"))
    rels = parsed(archive.read("xl/_rels/workbook.xml.rels"))
    files = {one.get("Id"): str(one.get("Target")) for one in rels if one.get("TargetMode") != "External"}
    known = {"sheets", "definedNames", "workbookPr", "workbookProtection", "bookViews", "calcPr"}
    for element in book:
        if local(element) not in known:
            printed.fault("part xl/workbook.xml", f"reports do not have it: <{local(element)}>")
    names = {sheet_name(english): english for english in sheets}
    found: dict[str, Grid] = {}
    cells = Known(_("withheld"))
    listed = set()
    for element in (one for one in book.iter() if local(one) == "sheet"):
        name = str(element.get("name"))
        id_ = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        part = "xl/" + files.get(id_, "").removeprefix("/xl/")
        listed.add(part)
        key = names.get(name, name)
        if element.get("state", "visible") != "visible":
            printed.fault(f"sheet “{name}”", "it is hidden")
        elif name not in names or key in found:
            printed.fault(f"sheet “{name}”", "reports have no such sheet")
        if part in archive.namelist():
            found[key] = read_grid(Grid(name, part), archive.read(part), printed, cells)
    for name in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]*", name) and name not in listed:
            printed.fault(f"part {name}", "a sheet that the workbook does not list")
    return found


def check_names(archive: ZipFile, grids: Mapping[str, Grid], printed: Printed) -> None:
    """Each defined name stands for the whole table of the sheet whose name it has, or is one of Excel’s own."""
    tables = {re.sub(r"\W", "_", grid.name): _table_cells(grid) for grid in grids.values()}
    for element in parsed(archive.read("xl/workbook.xml")).iter():
        if local(element) == "definedName":
            name, text = str(element.get("name")), element.text or ""
            own = (
                _NAMES.fullmatch(name)
                and _RANGE.fullmatch(text)
                and set(element.attrib) <= {"name", "localSheetId", "hidden"}
            )
            if not own and (set(element.attrib) != {"name"} or tables.get(name) != text):
                printed.fault("part xl/workbook.xml", f"a defined name that may carry a figure: “{name}”")


def check_links(grids: Mapping[str, Grid], printed: Printed) -> None:
    """Only the names of sheets on the first page lead anywhere, and there."""
    sheets = {grid.name: "'" + grid.name.replace("'", "''") + "'!A1" for grid in grids.values()}
    for key, grid in grids.items():
        for cell, place in grid.links:
            row = int(cell[1:]) if re.fullmatch(r"A\d{1,3}", cell) else 0
            if key != "Read me" or not row or sheets.get(str(grid.value(row, 1))) != place:
                printed.fault(grid.where, f"a link that reports do not have: “{cell}” to “{place[:40]}”")


def _table_cells(grid: Grid) -> str:
    """Where the table of a sheet stands: all rows behind the last empty one."""
    last, widths = len(grid.rows), grid.rows.widths
    above = int(np.flatnonzero(widths == 0).max(initial=-1)) + 1
    width = int(widths[above]) if above < last else 0
    return f"'{grid.name.replace(chr(39), chr(39) * 2)}'!$A${above + 1}:${column_letter(width)}${last}" if width else ""


_FACTS = (
    *(marked("Answers"), marked("Response rate"), marked("Rows of the sheet on teams")),
    *(marked("Rows of it with answers shown"), marked("Wave"), marked("Survey file"), marked("Date")),
    *(marked("Smallest group shown"), marked("Made with")),
)
_PARTS_OF: Mapping[str, str] = {
    "Data quality": "data",
    "Method": "method",
    "Dictionary": "headings",
    "Charts": "items",
    "Team charts": "units",
}


class _Book(DifferenceSheets):
    """The sheets of one workbook, read in the order in which they stand; `drawn`: the tables that have charts."""

    def __init__(self, printed: Printed, questions: Questions, grids: Mapping[str, Grid]) -> None:
        super().__init__(printed, questions)
        self.grids = grids
        self.drawn: dict[str, list[Drawn]] = {}
        self._known: dict[str, dict[tuple[int, int], tuple[str, Value]]] = {}
        self._has_units = False
        self._named: list[tuple[str, ...]] = []

    def read(self, key: str) -> None:
        """One sheet, by its English name."""
        readers = {
            "Overview": self._overview,
            "Charts": self._charts,
            "Dimensions": self._dimensions,
            "Items": self._items,
            "Teams": self._teams,
            "Team charts": self._team_charts,
            "Look up": self._look_up,
            "Team items": self._team_items,
            "Distribution": self._distribution,
            "Comments": self._comments,
            "Groups": self._groups,
            "Beside everybody else": self.beside,
            "Gaps between groups": self.gaps,
            "Change": self.change,
            "Evidence": self.evidence,
            "Statement fit": self.statement_fit,
            "Team scores": self.team_scores,
            "What goes with it": self.drivers,
        }
        grid = self.grids[key]
        if key in readers:
            readers[key](grid.name, grid.rows)
        else:
            for number, row in enumerate(grid.rows, 1):
                self.prose(f"{grid.where}, row {number}", _PARTS_OF.get(key, "summary"), row)

    def check_formulas(self) -> None:
        """Every formula stands where a report has it, is the one it has there, and gives what it would give."""
        for key, grid in self.grids.items():
            known = self._known.get(key, {})
            for (row, column), code in grid.formulas.items():
                expected, gives = known.get((row, column), ("", ""))
                if code != expected:
                    self.printed.fault(f"{grid.where}, row {row}", f"a formula that reports do not have: “{code[:60]}”")
                elif grid.value(row, column) != gives:
                    self.printed.fault(
                        f"{grid.where}, row {row}", f"a formula says {grid.value(row, column)!r}, and gives {gives!r}"
                    )
            for row, column in known.keys() - grid.formulas.keys():
                self.printed.fault(f"{grid.where}, row {row}", f"no formula in column {column}")
            for cells, listed in grid.validations:
                self._check_choice(key, cells, listed)

    def _check_choice(self, key: str, cells: str, listed: str) -> None:
        """What appears beside a cell belongs to a heading; what one chooses from is the list of units."""
        grid = self.grids[key]
        if listed:
            if key != "Look up" or cells != "B5" or listed not in grid.formulas.get((6, 2), ""):
                self.printed.fault(grid.where, "a list to choose from that reports do not have")
            return
        head = _table_cells(grid).rpartition("!$A$")[2].partition(":")[0]
        if not head and grid.rows and not grid.rows[-1]:
            head = str(len(grid.rows) + 1)  # where the headings of a table without rows would stand
        if not all(re.fullmatch(rf"[A-Z]{{1,3}}{head}(:[A-Z]{{1,3}}{head})?", cell) for cell in cells.split()):
            self.printed.fault(grid.where, "words that appear beside cells that are no headings")

    # The organisation

    def _overview(self, name: str, rows: Lines) -> None:
        starts = [at for at, row in enumerate(rows) if len(row) > 2 and row[0] == _("Dimension")]
        above = rows[: starts[0]] if starts else rows
        said = {_(label): label for label in _FACTS}
        for number, row in enumerate(above, 1):
            where = f"sheet “{name}”, row {number}"
            label, value = (said.get(str(row[0]), ""), row[1]) if len(row) == 2 else ("", "")
            match label:
                case "Answers":
                    self.figure(0, PEOPLE, "n", value, where)
                case "Response rate":
                    self.figure(0, PEOPLE, "response_rate", value, where)
                case "Rows of the sheet on teams" | "Rows of it with answers shown" if "Teams" in self.grids:
                    expected = counted(self.grids["Teams"], shown="shown" in label)
                    self._known.setdefault("Overview", {})[number, 2] = expected
                case "Smallest group shown":
                    self.printed.claims["min_group"] = number_in_words(value)
                case "Wave" | "Survey file" | "Date":
                    self.printed.claims[label.lower()] = str(value)
                case "Made with":
                    self.printed.claims["version"] = str(value).removeprefix("psafety ")
                case _other:
                    self.prose(where, "summary", row)
        if starts:
            _heads, body = self.table(name, rows[starts[0] :], "Dimension", "summary")
            for (where, row), measure in zip(body, self.questions.dimensions, strict=False):
                self._measure(row, measure, ("n", "index", "low", "high"), where, first=1)
                self._sentence(row, measure, where)

    def _sentence(self, row: Row, measure: int, where: str) -> None:
        found = sentence_figures(plain(str(row[-1])))
        if found is not None:
            for kind, text in found[1].items():
                self.printed.read(0, measure, kind, text, where)
        else:
            self.prose(where, "labels", row[-1:])

    def _measure(self, row: Row, measure: int, kinds: Sequence[str], where: str, *, first: int) -> None:
        measured = self.questions.measures[measure]
        names = (
            [measured.id, measured.label, _("reverse") if measured.reverse else ""] if first > 1 else [measured.label]
        )
        if [plain(str(value)) for value in row[first - len(names) : first]] != [plain(name) for name in names]:
            self.printed.fault(where, "a row that is out of the order of the questionnaire")
            return
        for kind, value in zip(kinds, row[first:], strict=False):
            self.figure(0, measure, kind, value, where)
        for value in row[first + len(kinds) :]:
            if not isinstance(value, str):
                self.printed.fault(where, "a number in a column that holds none")

    _ORGANISATION = (
        *("n", "index", "low", "high", "mean", "sd"),
        *("favourable", "favourable_low", "favourable_high", "neutral", "unfavourable"),
    )

    def _dimensions(self, name: str, rows: Lines) -> None:
        _heads, body = self.table(name, rows, "Dimension", "summary")
        self._measures(body, self.questions.dimensions, first=1)

    def _items(self, name: str, rows: Lines) -> None:
        _heads, body = self.table(name, rows, "Dimension", "summary")
        self._measures(body, self.questions.items, first=4)

    def _measures(self, body: Body, measures: list[int], *, first: int) -> None:
        rest = iter(measures)
        for where, row in body:
            measure = next(rest, None)
            if measure is None:
                self.printed.fault(where, "a row more than the questionnaire has")
            else:
                self._measure(row, measure, self._ORGANISATION, where, first=first)
                self.prose(where, "labels", [value for value in row[:first] if not isinstance(value, str)])

    # Units

    def _teams(self, name: str, rows: Lines) -> None:
        heads, body = self.table(name, rows, "Unit", "units")
        start = heads.index(_("Answers")) if _("Answers") in heads else len(heads)
        rate = int(_("Response rate") in heads)
        full = int(heads[-1:] == [_("Full name")])
        kinds = ("index", "low", "high", "")
        expected = start + 1 + rate + len(kinds) * len(self.questions.dimensions) + full
        found = self._unit_rows(body, start, expected)
        place = self.printed.cells.texts.numbers(found.wheres)
        self.figures(found, PEOPLE, "n", found.column(start), place)
        if rate:
            self.figures(found, PEOPLE, "response_rate", found.column(start + 1), place)
        column = start + 1 + rate
        for measure in self.questions.dimensions:
            for kind in kinds:
                if kind:
                    self.figures(found, measure, kind, found.column(column), place)
                else:
                    self._standings(found, measure, column)
                column += 1
        if full:
            wheres, units = found.wheres, self.printed.units
            names = found.column(expected - 1).texts(self.plain)
            for at, (unit, said) in enumerate(zip(found.units.tolist(), names, strict=True)):
                if said != plain(" › ".join(self.path(units[unit]))):
                    self.printed.fault(wheres[at], "its full name is not made of the names above it")
        self._has_units = True

    def _unit_rows(self, body: Body, start: int, expected: int) -> Rows:
        """The rows of a table that has one for each unit, those that can be placed."""
        named, widths = self._names(body.lines, start), body.lines.widths
        level, is_placed = plain(_("Everybody else")), widths == expected
        is_known = self._has_units and named == self._named  # what is right once is right again
        places, units = np.arange(len(named)), []
        for at in np.flatnonzero(~is_placed).tolist() if is_known else range(len(named)):
            units.append(None if is_known else self._unit(at, named[at], level, body.wheres))
            if not self._has_units:
                places[at] = len(self.printed.units) - 1
            if units[-1] is None or not is_placed[at]:
                is_placed[at] = False
                self.printed.fault(body.wheres[at], f"{widths[at]} columns where there should be {expected}")
        if units == self.printed.units and not self.printed.faults:
            self._named = named
        rows = np.flatnonzero(is_placed)
        return Rows(body, rows, places[rows], rows[:0])

    def _names(self, lines: Lines, start: int) -> list[tuple[str, ...]]:
        """What each row begins with, up to a column; () for rows that are shorter, or begin with numbers."""
        if not len(lines):
            return []
        found: list[tuple[str, ...]] = [()] * len(lines)
        at = np.flatnonzero(lines.widths >= start)
        columns = [lines.column(column, at) for column in range(start)]
        is_text = np.all([column.told(lambda value: isinstance(value, str)) for column in columns], axis=0)
        texts = (column.texts(self.plain) for column in columns)
        for row, is_name, names in zip(at.tolist(), is_text.tolist(), zip(*texts, strict=True), strict=True):
            found[row] = names if is_name else ()
        return found

    def _standings(self, found: Rows, measure: int, at: int) -> None:
        """Whether units are marked as above or below, in words or not at all."""
        column, wheres = found.column(at), found.wheres
        rows = np.flatnonzero(~column.says(_("no visible difference"), ""))
        units, is_marked = found.units[rows], column.says(_("above"), _("below"))[rows]
        self.printed.differing.update(units[is_marked].tolist())
        for row, unit, is_told in zip(rows.tolist(), units.tolist(), is_marked.tolist(), strict=True):
            if not is_told or (unit, measure, "index") in self.printed.withheld:
                self._standing(unit, measure, column[row], wheres[row])

    def _standing(self, unit: int, measure: int, value: Value, where: str) -> None:
        """The same of one of them."""
        if value in {_("above"), _("below")}:
            self.printed.differing.add(unit)
            if (unit, measure, "index") in self.printed.withheld:
                self.printed.fault(where, "a withheld figure is marked as above or below")
        elif any(map(str.isnumeric, str(value))):
            self.printed.fault(where, f"“{value}” where a comparison in words belongs")

    def _unit(self, place: int, named: tuple[str, ...], everybody_else: str, wheres: Wheres) -> Unit | None:
        """The unit of a row, which is added where the sheet of units is read. named: as of `_names`."""
        if not named:
            return None
        name, level, *path = named
        names = tuple(part for part in path if part)
        if level == everybody_else:
            above = next(
                (one for one in reversed(self.printed.units) if one.path == names and not one.rest), ORGANISATION
            )
            unit = above._replace(rest=True)
            if name != row_name(unit, plain(self.printed.claims.get("title", ""))):
                self.printed.fault(wheres[place], "its name is not that of everybody else in its unit")
        elif place == 0:
            unit = ORGANISATION
        else:
            unit = Unit(names or (name,), level)
            if unit.path[-1] != name:
                self.printed.fault(wheres[place], "its name is not the last of its path")
        if self._has_units:
            if place >= len(self.printed.units) or self.printed.units[place] != unit:
                self.printed.fault(wheres[place], "another unit than in the sheet before")
                return None
        elif place > 0:
            self.printed.units.append(unit)
        return unit

    def _team_items(self, name: str, rows: Lines) -> None:
        heads, body = self.table(name, rows, "Unit", "units")
        start = heads.index(_("Answers")) if _("Answers") in heads else len(heads)
        items = self.questions.items
        kinds = ("index", "low", "high", "n") if len(heads) > start + 1 + len(items) else ("index",)
        expected = start + 1 + len(kinds) * len(items)
        found = self._unit_rows(body, start, expected)
        place = self.printed.cells.texts.numbers(found.wheres)
        self.figures(found, PEOPLE, "n", found.column(start), place)
        columns = ((measure, kind) for measure in items for kind in kinds)
        for column, (measure, kind) in enumerate(columns, start + 1):
            self.figures(found, measure, kind, found.column(column), place)

    # Pictures

    def _charts(self, name: str, rows: Lines) -> None:
        """Tables of dimensions and of statements, each with its chart."""
        measures = self.questions.measures
        labels: dict[str, list[int]] = {}
        for place in self.questions.dimensions:
            labels.setdefault(plain(measures[place].label), []).append(place)
        statements: dict[str, list[int]] = {}
        for place in self.questions.items:
            statements.setdefault(plain(statement(measures[place])), []).append(place)
        for head, lines in self._blocks("Charts", rows, {"Dimension": 7, "Statement": 5}):
            intervals = len(rows[head - 1]) == 7
            asked = labels if intervals else statements
            kinds = ("n", "index", "low", "high") if intervals else ("n", "favourable", "neutral", "unfavourable")
            for number in lines:
                where, row = f"sheet “{name}”, row {number}", rows[number - 1]
                left = asked.get(plain(str(row[0])), [])
                if not left:
                    self.printed.fault(where, "a row on something that was not asked")
                    continue
                measure = left.pop(0)
                for kind, value in zip(kinds, row[1:], strict=False):
                    self.figure(0, measure, kind, value, where)
                if intervals:
                    self._distances("Charts", number)

    def _team_charts(self, name: str, rows: Lines) -> None:
        """A table for each dimension: the units by name, with their intervals."""
        left = list(self.questions.dimensions)
        title = plain(self.printed.claims.get("title", ""))
        names = [row_name(unit, title) for unit in self.printed.units]
        for head, lines in self._blocks("Team charts", rows, {"Unit": 8}):
            above = max((row for row in range(1, head - 1) if not rows[row - 1]), default=0)
            called = (place for place in left if is_same(rows[above][0], self.questions.measures[place].label))
            measure = next(called, None)
            left = [place for place in left if place != measure]
            unit = -1
            for number in lines:
                where, row = f"sheet “{name}”, row {number}", rows[number - 1]
                later = (place for place in range(unit + 1, len(names)) if names[place] == plain(str(row[0])))
                unit = next(later, -1)
                if measure is None or unit < 0:
                    self.printed.fault(where, "a row on nobody that the other sheets know")
                    break
                self._distances("Team charts", number)
                for kind, value in zip(("n", "index", "low", "high"), row[1:], strict=False):
                    self.figure(unit, measure, kind, value, where)
                self._standing(unit, measure, row[7], where)

    def _blocks(self, key: str, rows: Lines, widths: Mapping[str, int]) -> Iterator[tuple[int, range]]:
        """The tables of a sheet of charts: the row of the headings, and the rows below; all else is prose."""
        heads = {(_(first), width) for first, width in widths.items()}
        grid, part = self.grids[key], _PARTS_OF[key]
        self.drawn[key] = []
        inside = 0
        tables: list[tuple[int, int]] = []
        for number, row in enumerate(rows, 1):
            if row and (row[0], len(row)) in heads and not inside:
                inside = number
                for head in row:
                    self.printed.say(f"{grid.where}, headings", "headings", plain(str(head)))
            elif not row:
                tables += [(inside, number - 1)] if inside else []
                inside = 0
            elif inside and len(row) != len(rows[inside - 1]):
                self.printed.fault(f"{grid.where}, row {number}", "a row that is longer or shorter than its table")
            elif not inside:
                self.prose(f"{grid.where}, row {number}", part, row)
        for head, last in tables:
            self.drawn[key].append(Drawn(head, last, intervals=len(rows[head - 1]) > 5))
            yield head, range(head + 1, last + 1)

    def _distances(self, key: str, row: int) -> None:
        """How far the ends of an interval are from the index."""
        grid = self.grids[key]
        index, low, high = (grid.value(row, column) for column in (3, 4, 5))
        if isinstance(index, float) and isinstance(low, float) and isinstance(high, float):
            known = self._known.setdefault(key, {})
            known[row, 6] = f"C{row}-D{row}", index - low
            known[row, 7] = f"E{row}-C{row}", high - index
        else:
            self.printed.fault(f"{grid.where}, row {row}", "a chart draws something that is no figure")

    def _look_up(self, name: str, rows: Lines) -> None:
        """One unit, fetched by formulas; it prints nothing that the sheets on teams do not."""
        known = look_up(self.grids, self.questions)
        self._known["Look up"] = known
        for number, row in enumerate(rows, 1):
            texts = [value for column, value in enumerate(row, 1) if (number, column) not in known]
            self.prose(f"sheet “{name}”, row {number}", "labels", texts)

    # Groups, distributions, comments

    def _groups(self, name: str, rows: Lines) -> None:
        heads, body = self.table(name, rows, "Attribute", "cuts")
        measures = [*self.questions.dimensions, *self.questions.items]
        expected = 4 + 3 * len(measures)
        seen: set[int] = set()
        for where, row in body:
            unit = self._group(row[:3], seen)
            if unit is None or len(row) != expected or len(heads) != expected:
                self.printed.fault(where, "a group of a unit that no row stands for, or more columns than there are")
                continue
            self.figure(unit, PEOPLE, "n", row[3], where)
            values = iter(row[4:])
            for measure in measures:
                for kind in ("index", "low", "high"):
                    self.figure(unit, measure, kind, next(values), where)

    def _group(self, names: Row, seen: set[int]) -> int | None:
        """The place of a group, which joins `seen`; that of all comes before that of a unit of the same name."""
        attribute, value, name = (plain(str(text)) for text in names)
        is_all = name == plain(self.printed.claims.get("title", ""))
        for path in ((), (name,)):
            place = self.printed.cut(path, attribute, value) if path or is_all else None
            if place is not None and place not in seen:
                seen.add(place)
                return place
        return None

    def _distribution(self, name: str, rows: Lines) -> None:
        heads, body = self.table(name, rows, "Unit", "labels")
        first = 4 if len(heads) > 3 and heads[3] == plain(_("Points, from the first")) else 3
        labels = {plain(self.questions.measures[measure].label): measure for measure in self.questions.items}
        title = plain(self.printed.claims.get("title", ""))
        names = [row_name(unit, title) for unit in self.printed.units]
        unit, last = 0, (-1, -1)
        for where, row in body:
            measure = labels.get(plain(str(row[1]))) if len(row) > 1 else None
            unit = self._next_unit(names, plain(str(row[0])), measure, unit, last)
            if measure is None or unit < 0:
                self.printed.fault(where, "a row on nobody that the other sheets know")
                return
            last = (unit, measure)
            self._distribution_row(row, unit, measure, first, where)

    def _next_unit(self, names: list[str], name: str, measure: int | None, unit: int, last: tuple[int, int]) -> int:
        """The row of that name, the same as before or a later one; later if its questions begin anew."""
        begin = unit if last[0] != unit or measure is None or measure > last[1] else unit + 1
        for place in range(begin, len(names)):
            if names[place] == name:
                return place
        return -1

    def _distribution_row(self, row: Row, unit: int, measure: int, first: int, where: str) -> None:
        points = len(self.questions.measures[measure].points)
        self.figure(unit, measure, "n", row[2], where)
        self.prose(where, "labels", row[3:first])
        for point, value in enumerate(row[first:], 1):
            if point <= points:
                self.figure(unit, measure, kind_of_share(point), value, where)
            elif value != "":
                self.printed.fault(where, "a value beyond the points of the scale")

    def _comments(self, name: str, rows: Lines) -> None:
        _heads, body = self.table(name, rows, "Question", "summary")
        for where, row in body:
            match row:
                case [str(question), "", str(note)]:
                    self.prose(where, "method", [note])
                    self.printed.words.append(Word(where, plain(question), "", ""))
                case [str(question), str(unit), str(text)]:
                    self.printed.words.append(Word(where, plain(question), plain(unit), plain(text)))
                case _:
                    self.printed.fault(where, "something else than a question, a unit and a comment")
