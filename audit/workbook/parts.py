"""Parts of an Excel workbook: what a report has of them, how they hang together, and every setting of a sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from posixpath import basename
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from ...languages import LANGUAGES, gettext as _, percent
from ..figures import Printed, plain
from .lines import Known, Lines, OtherForm, Row, Value, read_lines, split_sheet

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml"
    r"|xl/(workbook|styles|theme/theme1)\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml"
    r"|xl/worksheets/_rels/sheet\d+\.xml\.rels|xl/drawings/drawing\d+\.xml|xl/drawings/_rels/drawing\d+\.xml\.rels"
    r"|xl/charts/chart\d+\.xml"
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
        "f",
        "autoFilter",
        "conditionalFormatting",
        "cfRule",
        "colorScale",
        "cfvo",
        "color",
        "dataValidations",
        "dataValidation",
        "formula1",
        "hyperlinks",
        "hyperlink",
        "rowBreaks",
        "brk",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
        "drawing",
    ]
)
_CELLS = frozenset({"row", "c", "v", "is", "t", "f"})  # looked at where their values are read
_HEADS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_TEXTS = _HEADS | {"v", "t", "f", "formula1"}
_FORMATS = frozenset({"0", "0.0", "0.00", "0.000", "#,##0", "0%", "@", "General"})
_FORMATS |= {"+0;-0;0", "+0.0;-0.0;0", "+0.00;-0.00;0.00", '"<"0.000'}
_DANGERS = (
    ("comment", "comments on cells"),
    ("pivot", "a pivot table keeps its own copy of the data"),
    ("externalLink", "links to other files"),
    ("chart", "a chart that stands on no sheet"),
    ("drawing", "drawings"),
    ("vba", "a program"),
    ("customXml", "hidden custom data"),
    ("media", "pictures"),
)
_PROPERTIES = frozenset(
    {("creator", "psafety"), ("created", "2000-01-01T00:00:00Z"), ("modified", "2000-01-01T00:00:00Z")}
)
_OF_VALIDATIONS = {
    "showDropDown": {"0"},
    "showInputMessage": {"1"},
    "showErrorMessage": {"0", "1"},
    "allowBlank": {"0"},
    "type": {"list"},
}


class Validation(NamedTuple):
    """What a sheet does where a cell is selected. cells: which; listed: where the list to choose from stands, or ""."""

    cells: str
    listed: str


class Link(NamedTuple):
    """A cell that leads to another place of the workbook."""

    cell: str
    place: str


@dataclass(slots=True)
class Grid:
    """One sheet: values by row, as a program sees them that does not calculate, and what else is on it.

    formulas: by row and column from 1 on; heights: of the rows that have one of their own; part: in the archive;
    breaks: the rows after which a printed page ends.
    """

    name: str
    part: str
    rows: Lines = field(default_factory=lambda: Lines.of(()))
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    validations: list[Validation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The sheet, as faults name it."""
        return f"sheet “{self.name}”"

    def value(self, row: int, column: int) -> Value:
        """What stands there; "" where nothing does."""
        return self.rows.value(row - 1, column - 1)


def language_of(archive: ZipFile) -> str:
    """The language that a workbook says it is in; English where it says none. Raises KeyError for one nobody knows."""
    found = [one.text or "" for one in parsed(archive.read("docProps/core.xml")) if local(one) == "language"]
    lang = found[0] if found else "en"
    return lang if lang in LANGUAGES else LANGUAGES[lang]


def check_parts(archive: ZipFile, printed: Printed) -> None:
    """Every part by its name, and all that stands in the parts around the sheets."""
    names = archive.namelist()
    if archive.comment or any(info.comment or info.extra for info in archive.infolist()):
        printed.fault("around the parts", "a comment of the archive, or more than the parts in it")
    for name in sorted({name for name in names if names.count(name) > 1}):
        printed.fault(f"part {name}", "it is there twice")
    reached = _reached(archive, printed)
    for name in names:
        if not _PARTS.fullmatch(name) or (name.startswith(("xl/drawings/", "xl/charts/")) and name not in reached):
            why = next((words for key, words in _DANGERS if key.casefold() in name.casefold()), "an unknown part")
            printed.fault(f"part {name}", f"reports do not have it: {why}")
    if archive.read("xl/theme/theme1.xml") != _theme():
        printed.fault("part xl/theme/theme1.xml", "it is not the theme that every report has")
    _check_styles(parsed(archive.read("xl/styles.xml")), printed)
    _check_properties(archive, printed)


def _reached(archive: ZipFile, printed: Printed) -> set[str]:
    """The drawings and charts that sheets lead to, with the parts that lead on."""
    found: set[str] = set()
    names = set(archive.namelist())
    for name in sorted(names):
        if name.startswith(("xl/worksheets/_rels/", "xl/drawings/_rels/")):
            found.add(name)
            found.update(_targets(archive, name, printed).values())
    led = {f"xl/drawings/_rels/{basename(name)}.rels" for name in found if name.startswith("xl/drawings/drawing")}
    return {name for name in found if not name.startswith("xl/drawings/_rels/") or name in led}


def targets(archive: ZipFile, part: str, printed: Printed) -> Mapping[str, str]:
    """The parts that a part leads to, by their ids."""
    folder, _slash, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    return _targets(archive, rels, printed) if rels in archive.namelist() else {}


def _targets(archive: ZipFile, rels: str, printed: Printed) -> dict[str, str]:
    found = {}
    for one in parsed(archive.read(rels)):
        kind, target = str(one.get("Type")).rpartition("/")[2], str(one.get("Target"))
        known = re.fullmatch(r"/(xl/drawings/drawing|xl/charts/chart)\d+\.xml", target)
        if set(one.attrib) != {"Type", "Target", "Id"} or kind not in {"drawing", "chart"} or not known:
            printed.fault(f"part {rels}", f"it leads to something that reports do not have: “{target[:40]}”")
        else:
            found[str(one.get("Id"))] = target.removeprefix("/")
    return found


@cache
def _theme() -> bytes:
    from openpyxl.writer.theme import theme_xml  # noqa: PLC0415

    return theme_xml.encode()


def _check_styles(styles: ET.Element, printed: Printed) -> None:
    formats = _FORMATS | {f'"<{percent(1)}"', f'">{percent(99)}"'}
    for element in styles.iter():
        code = element.get("formatCode")
        if code is not None and code not in formats:
            printed.fault("part xl/styles.xml", f"a number format that may carry a figure: “{code[:40]}”")
        name = element.get("name")
        if name is not None and any(map(str.isnumeric, name)):
            printed.fault("part xl/styles.xml", f"a style called “{name[:40]}”")
        if (element.text or "").strip():
            printed.fault("part xl/styles.xml", "text where there is none")


def _check_properties(archive: ZipFile, printed: Printed) -> None:
    for part in ("docProps/app.xml", "docProps/core.xml"):
        for element in parsed(archive.read(part)):
            text = (element.text or "").strip()
            if local(element) == "title":
                printed.claims["title"] = text
            elif local(element) in {"Application", "AppVersion"}:
                if not text.startswith("Microsoft Excel Compatible / Openpyxl") and not re.fullmatch(r"\d\.\d", text):
                    printed.fault(f"part {part}", f"an unknown program: “{text[:40]}”")
            elif local(element) == "language" and text in LANGUAGES and not len(element):
                continue
            elif (local(element), text) not in _PROPERTIES or len(element):
                printed.fault(f"part {part}", f"a property that reports do not have: “{local(element)}”")


def parsed(data: bytes) -> ET.Element:
    """One part as XML. Raises ParseError for a part that defines entities, which could fill the memory."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ET.ParseError("entities")
    return ET.fromstring(data)  # noqa: S314 (without entities, XML is harmless)


def local(element: ET.Element) -> str:
    """The name of an element without its name space."""
    return element.tag.rpartition("}")[2]


# Sheets


def read_grid(grid: Grid, data: bytes, printed: Printed, known: Known | None = None) -> Grid:
    """The values of a sheet as texts and numbers; settings that a report does not have are faults.

    known: the cells of the sheets before.
    """
    known = Known(_("withheld")) if known is None else known
    try:
        around, rows = split_sheet(data)
        grid.rows, is_alike = read_lines(rows, known)
    except OtherForm:
        around, is_alike = data, _read_elements(parsed(data), grid, known.mark, printed)
    for element in parsed(around).iter():
        if local(element) not in _CELLS:
            _check_setting(local(element), element, grid, printed)
        if (element.tail or "").strip() or (local(element) not in _TEXTS and (element.text or "").strip()):
            printed.fault(grid.where, f"text where there is none, beside <{local(element)}>")
    if not is_alike:
        printed.fault(grid.where, "withheld cells of one column differ in style, which is a clue")
    return grid


def _read_elements(sheet: ET.Element, grid: Grid, mark: str, printed: Printed) -> bool:
    """The rows of a sheet in whatever form; whether all cells of a column that say the mark look alike."""
    styles: dict[int, set[str | None]] = {}
    rows: list[Row] = []
    for element in sheet.iter():
        if local(element) == "row":
            rows.append([])
            _check_row(element, len(rows), grid, printed)
            for column, cell in enumerate(element):
                value = _value(cell, grid, (len(rows), column + 1), printed)
                rows[-1].append(value)
                if value == mark and cell.get("t") != "str":
                    styles.setdefault(column, set()).add(cell.get("s"))
    grid.rows = Lines.of(rows)
    return all(len(found) == 1 for found in styles.values())


def _check_row(element: ET.Element, number: int, grid: Grid, printed: Printed) -> None:
    height = element.get("ht", "14")
    own = element.get("customHeight")
    if own == "1" and not len(element):
        grid.heights[number] = int(height) if height.isdecimal() else -1
    if (
        set(element.attrib) - {"r", "ht", "customHeight"}
        or not re.fullmatch(r"\d{1,3}", height)
        or (own is not None and (own != "1" or len(element)))
    ):
        printed.fault(f"{grid.where}, row {number}", "a setting of the row that reports do not have, such as hidden")


def _value(cell: ET.Element, grid: Grid, at: tuple[int, int], printed: Printed) -> Value:
    value: Value = ""
    where = f"{grid.where}, row {at[0]}"
    if set(cell.attrib) - {"s", "t", "r"}:
        printed.fault(where, "a setting of a cell that reports do not have")
    has_formula = False
    for part in cell:
        tag = local(part)
        if tag == "f" and not part.attrib and not has_formula:
            grid.formulas[at] = part.text or ""
            has_formula = True
        elif tag == "v" and cell.get("t") in {None, "n"}:
            try:
                value = float(part.text or "")
            except ValueError:
                printed.fault(where, f"“{(part.text or '')[:40]}” where a number belongs")
        elif tag == "v" and cell.get("t") == "str" and has_formula:
            value = part.text or ""
        elif tag == "is" and not has_formula:
            value = "".join(part.itertext())
        else:
            printed.fault(where, "a formula" if tag == "f" else f"a cell with <{tag}>")
    return value


def _check_setting(tag: str, element: ET.Element, grid: Grid, printed: Printed) -> None:
    where = grid.where
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
    elif tag in {"dataValidation", "hyperlink", "brk"}:
        _note(tag, element, grid, printed)
    elif tag in _HEADS:
        printed.say(f"{where}, {tag}", "head", re.sub("&[LCRAPN]", " ", element.text or "").replace("&&", "&"))
    elif tag == "autoFilter" and len(element):
        printed.fault(where, "a filter is set, which hides rows")


def _note(tag: str, element: ET.Element, grid: Grid, printed: Printed) -> None:
    """What is checked once the whole sheet has been read."""
    if tag == "dataValidation":
        _validation(element, grid, printed)
    elif tag == "brk":
        row = element.get("id", "")
        grid.breaks.append(int(row) if re.fullmatch(r"\d{1,7}", row) else 0)
    else:
        grid.links.append(Link(element.get("ref", ""), element.get("location", "")))
        if set(element.attrib) != {"ref", "location"} or len(element):
            printed.fault(grid.where, "a link that leads out of the workbook, or says more than where it leads")


def _validation(element: ET.Element, grid: Grid, printed: Printed) -> None:
    listed = "".join(one.text or "" for one in element if local(one) == "formula1")
    for name, value in element.attrib.items():
        if name == "prompt":
            printed.say(f"{grid.where}, what appears beside a cell", "headings", plain(value))
        elif name != "sqref" and value not in _OF_VALIDATIONS.get(name, set()):
            printed.fault(grid.where, f"a rule for cells that reports do not have: {name} is “{value[:40]}”")
    if len(element) != bool(listed) or bool(listed) != (element.get("type") == "list"):
        printed.fault(grid.where, "a rule for cells that reports do not have")
    grid.validations.append(Validation(element.get("sqref", ""), listed))


def empty(row: Sequence[Value]) -> bool:
    """Whether nothing stands in a row."""
    return all(value == "" for value in row)
