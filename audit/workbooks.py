"""Excel workbooks: the figures of their sheets, and every part, name and setting that a report does not have."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from .charts import sentence_figures
from .figures import ORGANISATION, PEOPLE, Printed, Questions, Unit, Word, kind_of_share, plain, rest_name

Value = str | float
Row = list[Value]

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml"
    r"|xl/(workbook|styles|theme/theme1)\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml"
)
_SHEETS = frozenset(
    {"Read me", "Overview", "Dimensions", "Items", "Teams", "Team items", "Groups", "Comments", "Distribution"}
    | {"Data quality", "Method"}
)
_ELEMENTS = frozenset(
    [
        "worksheet",
        "sheetPr",
        "outlinePr",
        "pageSetUpPr",
        "sheetViews",
        "sheetView",
        "pane",
        "selection",
        "sheetFormatPr",
        "cols",
        "col",
        "sheetData",
        "row",
        "c",
        "v",
        "is",
        "t",
        "autoFilter",
        "conditionalFormatting",
        "cfRule",
        "colorScale",
        "cfvo",
        "color",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
    ]
)
_FORMATS = frozenset({"0", "0.00", "#,##0", "0%", '"<1%"', '">99%"', "@", "General"})
_MARK = "withheld"
_NAMES = re.compile(r"_xlnm\.(Print_Titles|_FilterDatabase)")
_RANGE = re.compile(r"('[^']+'!\$?[A-Z]{0,3}\$?\d*:\$?[A-Z]{0,3}\$?\d*,?)+")
_DANGERS = (
    ("comment", "comments on cells"),
    ("pivot", "a pivot table keeps its own copy of the data"),
    ("externalLink", "links to other files"),
    ("chart", "a chart keeps its own copy of the data"),
    ("drawing", "drawings"),
    ("vba", "a program"),
    ("customXml", "hidden custom data"),
    ("media", "pictures"),
)


def read_workbook(file: str, data: bytes, questions: Questions) -> Printed:
    """All that a workbook says, and what in it must not be there."""
    printed = Printed(file)
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, printed)
            sheets = _sheets(archive, printed)
            book = _Book(printed, questions)
            for name, part in sorted(sheets, key=lambda sheet: sheet[0] == "Groups"):  # they speak of all other rows
                if part in archive.namelist():
                    book.read(name, _rows(archive.read(part), printed, name))
    except (BadZipFile, ET.ParseError, KeyError, RuntimeError) as error:
        printed.fault("the file", f"it cannot be read as a workbook ({type(error).__name__})")
    return printed


# Parts around the sheets


def _check_parts(archive: ZipFile, printed: Printed) -> None:
    names = archive.namelist()
    if archive.comment or any(info.comment or info.extra for info in archive.infolist()):
        printed.fault("around the parts", "a comment of the archive, or more than the parts in it")
    for name in sorted({name for name in names if names.count(name) > 1}):
        printed.fault(f"part {name}", "it is there twice")
    for name in names:
        if not _PARTS.fullmatch(name):
            why = next((words for key, words in _DANGERS if key.casefold() in name.casefold()), "an unknown part")
            printed.fault(f"part {name}", f"reports do not have it: {why}")
    if archive.read("xl/theme/theme1.xml") != _theme():
        printed.fault("part xl/theme/theme1.xml", "it is not the theme that every report has")
    _check_styles(_parsed(archive.read("xl/styles.xml")), printed)
    _check_properties(archive, printed)


@cache
def _theme() -> bytes:
    from openpyxl.writer.theme import theme_xml  # noqa: PLC0415

    return theme_xml.encode()


def _check_styles(styles: ET.Element, printed: Printed) -> None:
    for element in styles.iter():
        code = element.get("formatCode")
        if code is not None and code not in _FORMATS:
            printed.fault("part xl/styles.xml", f"a number format that may carry a figure: “{code[:40]}”")
        name = element.get("name")
        if name is not None and any(map(str.isnumeric, name)):
            printed.fault("part xl/styles.xml", f"a style called “{name[:40]}”")
        if (element.text or "").strip():
            printed.fault("part xl/styles.xml", "text where there is none")


def _check_properties(archive: ZipFile, printed: Printed) -> None:
    for part in ("docProps/app.xml", "docProps/core.xml"):
        for element in _parsed(archive.read(part)):
            text = (element.text or "").strip()
            if _local(element) == "title":
                printed.claims["title"] = text
            elif _local(element) in {"Application", "AppVersion"}:
                if not text.startswith("Microsoft Excel Compatible / Openpyxl") and not re.fullmatch(r"\d\.\d", text):
                    printed.fault(f"part {part}", f"an unknown program: “{text[:40]}”")
            elif (_local(element), text) not in _PROPERTIES or len(element):
                printed.fault(f"part {part}", f"a property that reports do not have: “{_local(element)}”")


_PROPERTIES = frozenset(
    {("creator", "psafety"), ("created", "2000-01-01T00:00:00Z"), ("modified", "2000-01-01T00:00:00Z")}
)


def _sheets(archive: ZipFile, printed: Printed) -> list[tuple[str, str]]:
    """The sheets in their order: name, part."""
    book = _parsed(archive.read("xl/workbook.xml"))
    targets = {
        one.get("Id"): str(one.get("Target"))
        for one in _parsed(archive.read("xl/_rels/workbook.xml.rels"))
        if one.get("TargetMode") != "External"
    }
    known = {"sheets", "definedNames", "workbookPr", "workbookProtection", "bookViews", "calcPr"}
    for element in book:
        if _local(element) not in known:
            printed.fault("part xl/workbook.xml", f"reports do not have it: <{_local(element)}>")
    found = []
    for element in book.iter():
        if _local(element) == "sheet":
            name = str(element.get("name"))
            id_ = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            if element.get("state", "visible") != "visible":
                printed.fault(f"sheet “{name}”", "it is hidden")
            elif name not in _SHEETS:
                printed.fault(f"sheet “{name}”", "reports have no such sheet")
            found.append((name, "xl/" + targets.get(id_, "").removeprefix("/xl/")))
        elif _local(element) == "definedName" and not (
            _NAMES.fullmatch(str(element.get("name"))) and _RANGE.fullmatch(element.text or "")
        ):
            printed.fault("part xl/workbook.xml", f"a defined name that may carry a figure: “{element.get('name')}”")
    listed = {part for _, part in found}
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name not in listed:
            printed.fault(f"part {name}", "a sheet that the workbook does not list")
    return found


def _parsed(data: bytes) -> ET.Element:
    """One part as XML. Raises ParseError for a part that defines entities, which could fill the memory."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ET.ParseError("entities")
    return ET.fromstring(data)  # noqa: S314 (without entities, XML is harmless)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


# Sheets


def _rows(data: bytes, printed: Printed, name: str) -> list[Row]:
    """The rows of a sheet as texts and numbers; settings that a report does not have are faults."""
    where = f"sheet “{name}”"
    rows: list[Row] = []
    styles: dict[tuple[int, Value], set[str | None]] = {}
    for element in _parsed(data).iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "row":
            if set(element.attrib) - {"r", "ht"} or not re.fullmatch(r"\d{1,3}", element.get("ht", "14")):
                printed.fault(
                    f"{where}, row {len(rows) + 1}", "a setting of the row that reports do not have, such as hidden"
                )
            rows.append([_value(cell, printed, where, len(rows) + 1) for cell in element])
            for column, (cell, value) in enumerate(zip(element, rows[-1], strict=True)):
                if value == _MARK:
                    styles.setdefault((column, value), set()).add(cell.get("s"))
        elif tag not in {"c", "v", "is", "t"}:
            _check_setting(tag, element, printed, where)
    if any(len(found) > 1 for found in styles.values()):
        printed.fault(where, "withheld cells of one column differ in style, which is a clue")
    return rows


def _value(cell: ET.Element, printed: Printed, where: str, row: int) -> Value:
    value: Value = ""
    if set(cell.attrib) - {"s", "t", "r"}:
        printed.fault(f"{where}, row {row}", "a setting of a cell that reports do not have")
    for part in cell:
        tag = part.tag.rpartition("}")[2]
        if tag == "v" and cell.get("t") in {None, "n"}:
            try:
                value = float(part.text or "")
            except ValueError:
                printed.fault(f"{where}, row {row}", f"“{(part.text or '')[:40]}” where a number belongs")
        elif tag == "is":
            value = "".join(part.itertext())
        else:
            printed.fault(f"{where}, row {row}", "a formula" if tag == "f" else f"a cell with <{tag}>")
    return value


def _check_setting(tag: str, element: ET.Element, printed: Printed, where: str) -> None:
    if tag not in _ELEMENTS:
        printed.fault(where, f"reports do not have it: <{tag}>")
    elif tag == "cfvo" and (element.get("type"), element.get("val")) not in {
        ("num", "0"),
        ("num", "50"),
        ("num", "100"),
    }:
        printed.fault(where, f"a colour scale that begins or ends at a figure: {element.get('val')}")
    elif tag == "cfRule" and element.get("type") != "colorScale":
        printed.fault(where, "a rule of conditional formatting that reports do not have")
    elif tag == "col":
        width = element.get("width", "")
        if element.get("hidden") in {"1", "true"} or not re.fullmatch(r"\d{1,3}", width):
            printed.fault(
                where, f"columns {element.get('min')} to {element.get('max')} are hidden, or oddly wide ({width})"
            )
    elif tag in {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}:
        printed.say(f"{where}, {tag}", "head", re.sub("&[LCRAPN]", " ", element.text or "").replace("&&", "&"))
    elif tag == "autoFilter" and len(element):
        printed.fault(where, "a filter is set, which hides rows")


class _Book:
    """The sheets of one workbook, read in the order in which they stand."""

    def __init__(self, printed: Printed, questions: Questions) -> None:
        self.printed, self.questions = printed, questions
        self._has_units = False

    def read(self, name: str, rows: list[Row]) -> None:
        readers = {
            "Overview": self._overview,
            "Dimensions": self._dimensions,
            "Items": self._items,
            "Teams": self._teams,
            "Team items": self._team_items,
            "Distribution": self._distribution,
            "Comments": self._comments,
            "Groups": self._groups,
        }
        if name in readers:
            readers[name](name, rows)
        else:
            part = {"Data quality": "data", "Method": "method"}.get(name, "summary")
            for number, row in enumerate(rows, 1):
                self._prose(f"sheet “{name}”, row {number}", part, row)

    def _prose(self, where: str, part: str, row: Sequence[Value]) -> None:
        for value in row:
            if isinstance(value, str):
                self.printed.say(where, part, plain(value))
            else:
                self.printed.say(where, part, _number_in_words(value))

    def _table(self, name: str, rows: list[Row], first: str, part: str) -> tuple[list[str], Iterator[tuple[str, Row]]]:
        """The headings of the table whose first heading is `first`, and its rows; what stands above is prose."""
        starts = [at for at, row in enumerate(rows) if len(row) > 2 and row[0] == first]
        if not starts:
            self.printed.fault(f"sheet “{name}”", f"no table with the heading “{first}”")
            return [], iter(())
        at = starts[0]
        above = [value if isinstance(value, str) else _number_in_words(value) for row in rows[:at] for value in row]
        self.printed.say(f"sheet “{name}”, above the table", part, plain(" ".join(above)))  # lines may break in a name
        heads = [plain(str(value)) for value in rows[at]]
        for head in heads:
            self.printed.say(f"sheet “{name}”, headings", "headings", head)
        body = ((f"sheet “{name}”, row {number}", row) for number, row in enumerate(rows[at + 1 :], at + 2))
        return heads, body

    def _figure(self, unit: int, measure: int, kind: str, value: Value, where: str) -> None:
        if isinstance(value, str) and not any(map(str.isnumeric, value)):
            self.printed.hide(unit, measure, kind, value)
        elif isinstance(value, str):
            self.printed.fault(where, f"“{value[:40]}” where {kind} belongs")
        else:
            self.printed.count(unit, measure, kind, value, where)

    # The organisation

    def _overview(self, name: str, rows: list[Row]) -> None:
        starts = [at for at, row in enumerate(rows) if len(row) > 2 and row[0] == "Dimension"]
        above = rows[: starts[0]] if starts else rows
        for number, row in enumerate(above, 1):
            where = f"sheet “{name}”, row {number}"
            match row:
                case ["Answers", value]:
                    self._figure(0, PEOPLE, "n", value, where)
                case ["Response rate", value]:
                    self._figure(0, PEOPLE, "response_rate", value, where)
                case ["Smallest group shown", value]:
                    self.printed.claims["min_group"] = _number_in_words(value)
                case ["Wave" | "Survey file" | "Date" as key, value]:
                    self.printed.claims[str(key).lower()] = str(value)
                case ["Made with", value]:
                    self.printed.claims["version"] = str(value).removeprefix("psafety ")
                case _:
                    self._prose(where, "summary", row)
        if starts:
            _, body = self._table(name, rows[starts[0] :], "Dimension", "summary")
            for (where, row), measure in zip(body, self.questions.dimensions, strict=False):
                self._measure(row, measure, ("index", "low", "high"), where, first=1)
                self._sentence(row, measure, where)

    def _sentence(self, row: Row, measure: int, where: str) -> None:
        found = sentence_figures(plain(str(row[-1])))
        if found is not None:
            for kind, text in found[1].items():
                self.printed.read(0, measure, kind, text, where)
        else:
            self._prose(where, "labels", row[-1:])

    def _measure(self, row: Row, measure: int, kinds: Sequence[str], where: str, *, first: int) -> None:
        measured = self.questions.measures[measure]
        names = [measured.id, measured.label, "reverse" if measured.reverse else ""] if first > 1 else [measured.label]
        if [plain(str(value)) for value in row[first - len(names) : first]] != [plain(name) for name in names]:
            self.printed.fault(where, "a row that is out of the order of the questionnaire")
            return
        for kind, value in zip(kinds, row[first:], strict=False):
            self._figure(0, measure, kind, value, where)
        for value in row[first + len(kinds) :]:
            if not isinstance(value, str):
                self.printed.fault(where, "a number in a column that holds none")

    _ORGANISATION = (
        *("n", "index", "low", "high", "mean", "sd"),
        *("favourable", "favourable_low", "favourable_high", "neutral", "unfavourable"),
    )

    def _dimensions(self, name: str, rows: list[Row]) -> None:
        _, body = self._table(name, rows, "Dimension", "summary")
        self._measures(body, self.questions.dimensions, first=1)

    def _items(self, name: str, rows: list[Row]) -> None:
        _, body = self._table(name, rows, "Dimension", "summary")
        self._measures(body, self.questions.items, first=4)

    def _measures(self, body: Iterator[tuple[str, Row]], measures: list[int], *, first: int) -> None:
        rest = iter(measures)
        for where, row in body:
            measure = next(rest, None)
            if measure is None:
                self.printed.fault(where, "a row more than the questionnaire has")
            else:
                self._measure(row, measure, self._ORGANISATION, where, first=first)
                self._prose(where, "labels", [value for value in row[:first] if not isinstance(value, str)])

    # Units

    def _teams(self, name: str, rows: list[Row]) -> None:
        heads, body = self._table(name, rows, "Unit", "units")
        start = heads.index("Answers") if "Answers" in heads else len(heads)
        rate = int("Response rate" in heads)
        kinds = ("index", "low", "high", "")
        expected = start + 1 + rate + len(kinds) * len(self.questions.dimensions)
        for place, (where, row) in enumerate(body):
            unit = self._unit(place, row, start, where)
            if unit is None or len(row) != expected:
                self.printed.fault(where, f"{len(row)} columns where there should be {expected}")
                continue
            self._figure(unit, PEOPLE, "n", row[start], where)
            if rate:
                self._figure(unit, PEOPLE, "response_rate", row[start + 1], where)
            values = iter(row[start + 1 + rate :])
            for measure in self.questions.dimensions:
                for kind in kinds:
                    self._team_figure(unit, measure, kind, next(values), where)
        self._has_units = True

    def _team_figure(self, unit: int, measure: int, kind: str, value: Value, where: str) -> None:
        if kind:
            self._figure(unit, measure, kind, value, where)
        elif value in {"above", "below"}:
            self.printed.differing.add(unit)
            if (unit, measure, "index") in self.printed.withheld:
                self.printed.fault(where, "a withheld figure is marked as above or below")
        elif any(map(str.isnumeric, str(value))):
            self.printed.fault(where, f"“{value}” where a comparison in words belongs")

    def _unit(self, place: int, row: Row, start: int, where: str) -> int | None:
        """The place of a row's unit, which is added where the sheet of units is read."""
        if len(row) < start or not all(isinstance(value, str) for value in row[:start]):
            return None
        name, level, *path = (plain(str(value)) for value in row[:start])
        names = tuple(part for part in path if part)
        if level == "Everybody else":
            above = next(
                (one for one in reversed(self.printed.units) if one.path == names and not one.rest), ORGANISATION
            )
            unit = above._replace(rest=True)
            if name != _row_name(unit, plain(self.printed.claims.get("title", ""))):
                self.printed.fault(where, "its name is not that of everybody else in its unit")
        elif place == 0:
            unit = ORGANISATION
        else:
            unit = Unit(names or (name,), level)
            if unit.path[-1] != name:
                self.printed.fault(where, "its name is not the last of its path")
        if self._has_units:
            if place >= len(self.printed.units) or self.printed.units[place] != unit:
                self.printed.fault(where, "another unit than in the sheet before")
                return None
        elif place > 0:
            self.printed.units.append(unit)
        return place

    def _team_items(self, name: str, rows: list[Row]) -> None:
        heads, body = self._table(name, rows, "Unit", "units")
        start = heads.index("Answers") if "Answers" in heads else len(heads)
        expected = start + 1 + len(self.questions.items)
        for place, (where, row) in enumerate(body):
            unit = self._unit(place, row, start, where)
            if unit is None or len(row) != expected:
                self.printed.fault(where, f"{len(row)} columns where there should be {expected}")
                continue
            self._figure(unit, PEOPLE, "n", row[start], where)
            for measure, value in zip(self.questions.items, row[start + 1 :], strict=True):
                self._figure(unit, measure, "index", value, where)

    def _groups(self, name: str, rows: list[Row]) -> None:
        heads, body = self._table(name, rows, "Attribute", "cuts")
        measures = [*self.questions.dimensions, *self.questions.items]
        expected = 4 + 3 * len(measures)
        seen: set[int] = set()
        for where, row in body:
            unit = self._group(row[:3], seen)
            if unit is None or len(row) != expected or len(heads) != expected:
                self.printed.fault(where, "a group of a unit that no row stands for, or more columns than there are")
                continue
            self._figure(unit, PEOPLE, "n", row[3], where)
            values = iter(row[4:])
            for measure in measures:
                for kind in ("index", "low", "high"):
                    self._figure(unit, measure, kind, next(values), where)

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

    def _distribution(self, name: str, rows: list[Row]) -> None:
        heads, body = self._table(name, rows, "Unit", "labels")
        first = 4 if len(heads) > 3 and heads[3].startswith("Points") else 3
        labels = {plain(self.questions.measures[measure].label): measure for measure in self.questions.items}
        title = plain(self.printed.claims.get("title", ""))
        names = [_row_name(unit, title) for unit in self.printed.units]
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
        self._figure(unit, measure, "n", row[2], where)
        self._prose(where, "labels", row[3:first])
        for point, value in enumerate(row[first:], 1):
            if point <= points:
                self._figure(unit, measure, kind_of_share(point), value, where)
            elif value != "":
                self.printed.fault(where, "a value beyond the points of the scale")

    def _comments(self, name: str, rows: list[Row]) -> None:
        _, body = self._table(name, rows, "Question", "summary")
        for where, row in body:
            match row:
                case [str(question), "", str(note)]:
                    self._prose(where, "method", [note])
                    self.printed.words.append(Word(where, plain(question), "", ""))
                case [str(question), str(unit), str(text)]:
                    self.printed.words.append(Word(where, plain(question), plain(unit), plain(text)))
                case _:
                    self.printed.fault(where, "something else than a question, a unit and a comment")


def _number_in_words(value: Value) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _row_name(unit: Unit, title: str) -> str:
    """What a row is called in the sheet of distributions; the organisation goes by the title of the report."""
    name = unit.path[-1] if unit.path else title
    return rest_name(name) if unit.rest else name
