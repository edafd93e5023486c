"""What Excel is strict about, and would offer to repair: in the parts of a workbook, as they are written."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as ET

import pytest
from compared import example as compared
from psafety.reports.comparison.sheets import to_excel as to_excel_compared
from psafety.reports.content import ReportContent
from psafety.reports.workbook.sheets import to_excel

# The children of a worksheet, in the order of ECMA-376, part 1, 18.3.1.99.
ORDER = [
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"),
    *("headerFooter", "rowBreaks", "colBreaks", "drawing"),
]
REFERENCE = re.compile(r"'((?:[^']|'')+)'!\$?([A-Z]*)\$?(\d*)(?::\$?([A-Z]*)\$?(\d*))?")
Parts = dict[str, ET.Element]


@pytest.fixture(scope="module", params=["report", "comparison"])
def parts(request: pytest.FixtureRequest, content: ReportContent) -> Parts:
    """The XML of a workbook by the names of its parts."""
    file = to_excel(content) if request.param == "report" else to_excel_compared(compared())
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 (our own)


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def found(parts: Parts, tag: str, within: str = "xl/worksheets/sheet") -> Iterator[ET.Element]:
    """All elements of this name."""
    return (one for name, part in parts.items() if name.startswith(within) for one in part.iter() if local(one) == tag)


def sheets(parts: Parts) -> dict[str, int]:
    """How many rows each sheet has, by its name."""
    named = found(parts, "sheet", "xl/workbook.xml")
    return {str(one.get("name")): _rows(parts[f"xl/worksheets/sheet{at}.xml"]) for at, one in enumerate(named, 1)}


def _rows(part: ET.Element) -> int:
    return sum(local(one) == "row" for one in part.iter())


def test_the_parts_of_a_sheet_stand_in_the_order_of_the_standard(parts: Parts) -> None:
    """Excel repairs a sheet that has them in another."""
    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            places = [ORDER.index(local(child)) for child in part]
            assert places == sorted(places), name


def test_every_part_has_a_kind_and_every_relation_a_target(parts: Parts) -> None:
    """A relation into nothing makes the file unreadable."""
    kinds = {str(one.get("PartName", "")).lstrip("/") for one in parts["[Content_Types].xml"]}
    for name, part in parts.items():
        if name.endswith(".rels"):
            base = dirname(dirname(name))
            targets = [str(one.get("Target")) for one in part]
            assert {normpath(join("/" + base, target)).lstrip("/") for target in targets} <= parts.keys()
        else:
            assert name == "[Content_Types].xml" or name in kinds


def test_every_name_formula_chart_and_link_refers_to_cells_that_are_there(parts: Parts) -> None:
    """With the name of the sheet in quotation marks."""
    rows = sheets(parts)
    said = [one.text or "" for one in found(parts, "definedName", "xl/workbook.xml")]
    said += [one.text or "" for tag in ("f", "formula1") for one in found(parts, tag)]
    said += [one.text or "" for one in found(parts, "f", "xl/charts/")]
    said += [str(one.get("location")) for one in found(parts, "hyperlink")]

    assert not any(code.startswith("=") for code in said)
    for code in said:
        assert "!" not in REFERENCE.sub("", code), code
        for sheet, _column, first, _last_column, last in REFERENCE.findall(code):
            name = sheet.replace("''", "'")
            assert 1 <= int(first or 1) <= int(last or first or 1) <= rows[name], code


def test_texts_and_settings_keep_within_the_limits_of_excel(parts: Parts) -> None:
    """Letters of a cell, a prompt, a list and a header; heights and widths; styles that exist, each once."""
    styles = next(one for one in parts["xl/styles.xml"] if local(one) == "cellXfs")
    looks = [ET.tostring(style) for style in styles]

    assert len(looks) == len(set(looks)) < 64_000
    assert all(int(cell.get("s", "0")) < len(looks) for cell in found(parts, "c"))
    assert all(len(text.text or "") <= 32_767 for text in found(parts, "t"))
    assert all(float(row.get("ht", "0")) <= 409 for row in found(parts, "row"))
    assert all(0 < float(column.get("width", "0")) <= 255 for column in found(parts, "col"))
    assert all(len(rule.get("prompt", "")) <= 255 for rule in found(parts, "dataValidation"))
    assert all(len(rule.text or "") <= 255 for rule in found(parts, "formula1"))
    assert all(len(head.text or "") <= 255 for tag in ("oddHeader", "oddFooter") for head in found(parts, tag))
    assert all(len(name) <= 31 for name in sheets(parts))


def test_no_setting_is_given_twice(parts: Parts) -> None:
    """One prompt for a cell, one filter for a sheet, one name for a range."""
    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            prompted = [
                cell
                for rule in part.iter()
                if local(rule) == "dataValidation"
                for cell in rule.get("sqref", "").split()
            ]
            assert len(prompted) == len(set(prompted)), name
            assert sum(local(child) == "autoFilter" for child in part) <= 1
    names = [
        (str(one.get("name")).casefold(), one.get("localSheetId"))
        for one in found(parts, "definedName", "xl/workbook.xml")
    ]
    assert len(names) == len(set(names))
