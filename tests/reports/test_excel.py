"""The workbook, read back cell by cell: what content says stands in it, as numbers and as text that stays text."""

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from example import HIDDEN, POINTS, example, share, unit_row, unit_score
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook, load_workbook
from psafety.languages import speaking
from psafety.reports.content import Absent, Cell, Figure, ReportContent
from psafety.reports.workbook import sheets as excel
from psafety.reports.workbook.sheets import to_excel

SHEETS = [
    "Read me",
    "Overview",
    "Charts",
    "Dimensions",
    "Items",
    "Teams",
    "Team charts",
    "Look up",
    "Team items",
    "Distribution",
    "Evidence",
    "Statement fit",
    "Team scores",
    "What goes with it",
    "Data quality",
    "Method",
    "Dictionary",
]
ABOUT_TEAMS = {"Teams", "Team charts", "Look up", "Team items", "Distribution"}
BROWSED = [
    *("Dimensions", "Items", "Teams", "Team items", "Distribution"),
    *("Evidence", "Statement fit", "Team scores", "What goes with it", "Data quality", "Dictionary"),
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+1",
    "-1",
    "\t=1+1",
    "\r=1+1",
    "=",
    "#N/A",
    "'=1",
    "1",
    "TRUE",
]


@pytest.fixture(scope="session")
def file(content: ReportContent) -> bytes:
    return to_excel(content)


@pytest.fixture(scope="session")
def book(file: bytes) -> Workbook:
    return load_workbook(BytesIO(file))


def read(content: ReportContent) -> Workbook:
    return load_workbook(BytesIO(to_excel(content)))


def parts(file: bytes) -> dict[str, str]:
    """The files inside a workbook, by name."""
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def header_row(sheet: Any) -> int:
    """The row of the headings: the first that is bold and filled all along."""
    return next(row[0].row for row in sheet.iter_rows() if all(cell.font.bold and cell.fill.fill_type for cell in row))


def table(book: Workbook, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet's table: cells by heading."""
    sheet = book[name]
    header = header_row(sheet)
    headings = [cell.value for cell in sheet[header]]
    return [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=header + 1)]


def texts(book: Workbook, name: str) -> list[str]:
    return [cell.value for row in book[name].iter_rows() for cell in row if isinstance(cell.value, str)]


def assert_holds(cell: Any, expected: Cell) -> None:
    """A figure is a number with its format, anything else is text in a quieter colour."""
    match expected:
        case Figure(value, _, number_format):
            assert (cell.data_type, cell.number_format) == ("n", number_format)
            assert cell.value == pytest.approx(value, abs=1e-12)
        case Absent(text):
            assert (cell.data_type, cell.value) == ("s", text)
            assert cell.font.color.rgb == "006B6B6B"


SCORE_COLUMNS = {
    "Answers": "n",
    "Index": "index",
    "Index from": "low",
    "Index to": "high",
    "Mean": "mean",
    "Standard deviation": "sd",
    "Favourable": "favourable",
    "Favourable from": "favourable_low",
    "Favourable to": "favourable_high",
    "Neutral": "neutral",
    "Unfavourable": "unfavourable",
}


def test_sheets_come_in_reading_order(book: Workbook) -> None:
    """What to know first, then the organisation, then its parts, then how it was done."""
    assert book.sheetnames == SHEETS
    assert book.active is not None
    assert book.active.title == "Read me"


def test_dimensions_hold_every_figure(book: Workbook, content: ReportContent) -> None:
    """Each figure of a dimension stands in its row, as a number."""
    rows = table(book, "Dimensions")

    assert [row["Dimension"].value for row in rows] == [row.label for row in content.dimensions]
    for row, expected in zip(rows, content.dimensions, strict=True):
        assert row["What it is about"].value == expected.about
        for heading, field in SCORE_COLUMNS.items():
            assert_holds(row[heading], getattr(expected, field))


def test_items_hold_every_figure(book: Workbook, content: ReportContent) -> None:
    """Each item stands under its dimension, marked where it is reverse-keyed."""
    rows = table(book, "Items")
    items = [(group, item) for group in content.items for item in group.rows]

    for row, (group, item) in zip(rows, items, strict=True):
        assert [row[heading].value for heading in ("Dimension", "Item", "Statement")] == [
            group.name,
            item.id,
            item.label,
        ]
        assert row["Keyed"].value == ("reverse" if item.reverse else None)
        for heading, field in SCORE_COLUMNS.items():
            assert_holds(row[heading], getattr(item, field))


def test_bands_are_called_as_content_calls_them(content: ReportContent) -> None:
    """A scale without a good end has no favourable share."""
    book = read(replace(content, bands=("Above the middle", "Middle", "Below the middle")))

    assert {"Above the middle", "Above the middle from", "Middle", "Below the middle"} < set(table(book, "Items")[0])
    assert "Favourable" not in table(book, "Dimensions")[0]


def test_teams_hold_every_figure(book: Workbook, content: ReportContent) -> None:
    """Units, rest rows and withheld rows stand in the order of content, with interval and standing."""
    rows = table(book, "Teams")

    for row, unit in zip(rows, content.units, strict=True):
        assert row["Unit"].value == unit.name
        assert_holds(row["Answers"], unit.n)
        assert_holds(row["Response rate"], unit.response_rate)
        for dimension, score in zip(content.dimensions, unit.dimensions, strict=True):
            for heading, field in {"index": "index", "from": "low", "to": "high"}.items():
                assert_holds(row[f"{dimension.label}\n{heading}"], getattr(score, field))


@pytest.mark.parametrize(
    ("standing", "word", "fill"),
    [
        ("above", "above", "00A9D0F5"),
        ("below", "below", "00F8C98B"),
        ("same", "no visible difference", "00F0F0F0"),
        ("withheld", "withheld", None),
        ("none", "not compared", None),
    ],
)
def test_standing_is_said_in_words_and_colour(
    content: ReportContent, standing: str, word: str, fill: str | None
) -> None:
    """The colour of an index never says more than the word beside it."""
    unit = replace(content.units[1], dimensions=(unit_score("Team", 60, standing),) * 3)
    row = table(read(replace(content, units=(content.units[0], unit))), "Teams")[1]

    said, index = row["Trust\nagainst everybody else"], row["Trust\nindex"]
    assert said.value == word
    assert {cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in (said, index)} == {fill}


def test_the_hierarchy_is_columns_and_indents(book: Workbook) -> None:
    """Each level has a column that can be filtered, and names stand further in the deeper they are."""
    rows = table(book, "Teams")

    assert [(row["Department"].value, row["Team"].value) for row in rows] == [
        (None, None),
        ("Werkstatt", None),
        ("Werkstatt", "=1+1"),
        ("Werkstatt", "Team lang"),
        ("Werkstatt", None),
    ]
    assert [row["Unit"].alignment.indent for row in rows] == [1, 2, 3, 3, 3]
    assert [row["Level"].value for row in rows] == ["Organisation", "Department", "Team", "Team", "Everybody else"]


def test_levels_without_one_name_are_numbered(content: ReportContent) -> None:
    """Where departments and branches stand on one level, its column takes no side."""
    branch = replace(unit_row("b", "Nord", "unit", 1, ("Nord",), ("same",) * 3), level="Branch")
    book = read(replace(content, units=(*content.units, branch)))

    assert "Level 1" in table(book, "Teams")[0]


def test_one_level_needs_no_columns(content: ReportContent) -> None:
    """Teams alone are named once."""
    team = unit_row("t", "Nord", "team", 1, ("Nord",), ("same",) * 3)
    headings = list(table(read(replace(content, units=(content.units[0], team))), "Teams")[0])

    assert headings[:3] == ["Unit", "Level", "Answers"]


def test_response_rates_that_nobody_knows_have_no_column(content: ReportContent) -> None:
    """Without headcounts the sheet is not filled with "not known"."""
    units = tuple(replace(unit, response_rate=Absent("not known")) for unit in content.units)

    assert "Response rate" not in table(read(replace(content, units=units)), "Teams")[0]


def test_team_items_hold_every_index(book: Workbook, content: ReportContent) -> None:
    """Units by items: the index under its dimension, its id and how it begins, then its interval and its answers."""
    rows = table(book, "Team items")
    items = [item for group in content.items for item in group.rows]
    headings = list(rows[0])[-4 * len(items) :]

    assert headings[0].startswith("Trust\ntr0: In this team")
    for row, unit in zip(rows, content.units, strict=True):
        for place, (item, score) in enumerate(zip(items, unit.items, strict=True)):
            assert_holds(row[headings[4 * place]], score.index)
            for heading, field in {"from": "low", "to": "high", "answers": "n"}.items():
                assert_holds(row[f"{item.id}\n{heading}"], getattr(score, field))


def test_very_many_teams_have_the_index_of_each_item_alone(
    content: ReportContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet of a million cells more would be no help; the snapshot has their intervals."""
    monkeypatch.setattr(excel, "_MOST_DETAILED", 29)
    rows = table(read(content), "Team items")

    assert len(rows[0]) == 5 + 6
    assert_holds(rows[1][list(rows[0])[5]], content.units[1].items[0].index)


def test_distribution_has_a_column_for_each_point(book: Workbook, content: ReportContent) -> None:
    """Where all items share a scale, its labels are the headings."""
    rows = table(book, "Distribution")

    assert tuple(list(rows[0])[3:]) == POINTS
    for row, expected in zip(rows, content.distributions, strict=True):
        assert (row["Unit"].value, row["Statement"].value) == (expected.unit, expected.item)
        assert_holds(row["Answers"], expected.n)
        for point, value in zip(expected.points, expected.shares, strict=True):
            assert_holds(row[point], value)


def test_distribution_of_several_scales_numbers_the_points(content: ReportContent) -> None:
    """Where scales differ, points are numbered and each row names its own."""
    short = replace(content.distributions[0], points=("No", "Yes"), shares=(share(0.25), HIDDEN))
    first, second = table(read(replace(content, distributions=(content.distributions[0], short))), "Distribution")

    assert_holds(first["Point 5"], content.distributions[0].shares[4])
    assert_holds(second["Point 1"], short.shares[0])
    assert_holds(second["Point 2"], HIDDEN)
    assert second["Point 3"].value is None
    assert second["Points, from the first"].value == "No · Yes"


def test_data_quality_holds_every_fact(book: Workbook, content: ReportContent) -> None:
    """How the file was read, and what is doubtful in it; numbers as numbers, names as plain text."""
    rows = table(book, "Data quality")
    facts = [*content.reading, *content.quality]

    for row, fact in zip(rows, facts, strict=True):
        value = fact.value.value if isinstance(fact.value, Figure) else fact.value.text
        assert [row["What"].value, row["Value"].value] == [fact.label, value]
        assert (row["What it means"].value or "") == fact.note


def test_read_me_says_how_to_read_the_workbook(book: Workbook, content: ReportContent) -> None:
    """Notices, the survey in sentences, what is withheld, what the colours mean, and every other sheet."""
    said = texts(book, "Read me")

    assert {*content.notices, *content.summary, *content.advice, content.withheld_note} <= set(said)
    assert {meaning for _, meaning in content.units_legend} <= set(said)
    assert [name for name in said if name in SHEETS] == SHEETS[1:]


def test_overview_shows_the_organisation_at_a_glance(book: Workbook, content: ReportContent) -> None:
    """Who answered, and each dimension with its interval and in words."""
    facts = {row[0].value: row[1] for row in book["Overview"].iter_rows(max_row=header_row(book["Overview"]) - 1)}
    rows = table(book, "Overview")

    organisation = content.units[0]
    assert_holds(facts["Answers"], organisation.n)
    assert_holds(facts["Response rate"], organisation.response_rate)
    assert (facts["Wave"].value, facts["Smallest group shown"].value) == (content.wave, content.min_group)
    assert "Date" not in facts
    for row, dimension in zip(rows, content.dimensions, strict=True):
        assert_holds(row["Index"], dimension.index)
        assert_holds(row["from"], dimension.low)
        assert row["In words"].value == dimension.sentence


def test_method_holds_every_paragraph_and_the_bands(book: Workbook, content: ReportContent) -> None:
    """Whoever asks how a figure came about finds it in the same file."""
    paragraphs = [paragraph for section in content.method for paragraph in section.paragraphs]

    assert {*paragraphs, *(group.band for group in content.items)} <= set(texts(book, "Method"))


def test_captions_stand_above_their_tables(book: Workbook, content: ReportContent) -> None:
    """The finding of a part is said before its figures."""
    for name, caption in {
        "Dimensions": content.dimensions_caption,
        "Items": content.items_caption,
        "Teams": content.units_caption,
    }.items():
        sheet = book[name]
        lines = [str(sheet.cell(row, 1).value) for row in range(2, header_row(sheet))]
        assert " ".join(lines).startswith(caption)


def test_a_survey_without_teams_has_no_sheets_about_them(content: ReportContent) -> None:
    """An empty sheet would only make people look for what is missing."""
    book = read(replace(content, units=content.units[:1], units_caption="", distributions=()))

    assert book.sheetnames == [name for name in SHEETS if name not in ABOUT_TEAMS]
    assert "Rows of the sheet on teams" not in texts(book, "Overview")
    assert "Colours of the teams" not in texts(book, "Read me")


def test_a_survey_without_dimensions_still_shows_its_teams(content: ReportContent) -> None:
    """Items that add up to nothing leave a table of who answered, and no colours."""
    units = tuple(replace(unit, dimensions=()) for unit in content.units)
    book = read(replace(content, dimensions=(), units=units))

    assert "Dimensions" not in book.sheetnames
    assert [row["Unit"].value for row in table(book, "Teams")] == [unit.name for unit in units]
    assert "In words" not in texts(book, "Overview")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(content: ReportContent, text: str) -> None:
    """A team may be called like a formula, an error or a number."""
    unit = replace(content.units[2], name=text, path=("Werkstatt", text))
    file = to_excel(replace(content, units=(content.units[0], unit)))

    cell = table(load_workbook(BytesIO(file)), "Teams")[1]["Unit"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "\n"))
    assert cell_kinds(file) == {"inlineStr", None}


OURS = re.compile(
    r"[CEF]\d+-[CDF]\d+"  # a difference of printed figures beside each other
    r"|(COUNT|ROWS)\(CELLS\)"
    r'|IF\(\$B\$6=0,"",INDEX\(CELLS,\$B\$6\)\)|CELL'
    r'|IF\(AND\(ISNUMBER\(C(\d+)\),ISNUMBER\(F\2\)\),C\2-F\2,"–"\)'
    r"|SUMPRODUCT\(MAX\(EXACT\(CELLS,\$B\$5\)\*\(ROW\(CELLS\)-ROW\(CELL\)\+1\)\)\)"
)


def cell_kinds(file: bytes) -> set[str | None]:
    """The kinds of cell in the sheets as they are written, without formulas, which must be ours; None is a number."""
    found = set()
    for name, part in parts(file).items():
        cells = ET.fromstring(part).iter(f"{MAIN}c") if name.startswith("xl/worksheets/sheet") else ()  # noqa: S314
        for cell in cells:
            formula = cell.findtext(f"{MAIN}f")
            if formula is None:
                found.add(cell.get("t"))
            else:
                named = re.sub(r"'[\w ]+'!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+", "CELLS", formula)
                assert OURS.fullmatch(re.sub(r"'[\w ]+'!\$[A-Z]+\$\d+", "CELL", named)), formula
                assert cell.find(f"{MAIN}v") is not None, "programs that do not calculate see nothing"
    return found


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(deadline=None, max_examples=15)
@given(text=ANY_TEXT)
def test_no_text_breaks_the_workbook(text: str) -> None:
    """Whatever stands in the texts of a survey, the workbook opens, and holds numbers, strings and our formulas."""
    file = to_excel(with_text(example(), text))

    book = load_workbook(BytesIO(file))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"n", "s", "f"}
    assert cell_kinds(file) == {"inlineStr", None}


def with_text(content: ReportContent, text: str) -> ReportContent:
    """The content with a text in every place that a survey can fill."""
    unit = replace(content.units[2], name=text, level=text, path=(text, text), response_rate=Absent(text))
    group = content.items[0]
    item = replace(group.rows[0], id=text, label=text, points=(text, text))
    return replace(
        content,
        title=text,
        subtitle=text,
        wave=text,
        source=text,
        notices=(text,),
        summary=(text,),
        items_caption=text,
        units_caption=text,
        dimensions=tuple(replace(row, label=text, sentence=text) for row in content.dimensions),
        items=(replace(group, name=text, band=text, rows=(item, *group.rows[1:])), *content.items[1:]),
        units=(content.units[0], unit, *content.units[3:]),
        distributions=(replace(content.distributions[0], unit=text, item=text, points=(text,) * 5),),
        reading=tuple(replace(fact, label=text, value=Absent(text), note=text) for fact in content.reading),
    )


def test_short_text_stays_text_when_it_is_edited(content: ReportContent) -> None:
    """A name has the format of text, so that Excel makes no formula of it; long text has not, to be seen whole."""
    book = read(replace(content, summary=("x" * 255, "x" * 256)))
    formats = {cell.value: cell.number_format for cell in book["Read me"]["B"] if cell.value}

    assert table(book, "Teams")[2]["Unit"].number_format == "@"
    assert (formats["x" * 255], formats["x" * 256]) == ("@", "General")


def test_an_item_without_wording_is_named_once(content: ReportContent) -> None:
    """Instruments that ship as a scoring key have ids for texts."""
    group = content.items[0]
    item = replace(group.rows[0], id="e1", label="e1")
    book = read(replace(content, items=(replace(group, rows=(item, group.rows[1])), *content.items[1:])))

    assert "Trust\ne1" in table(book, "Team items")[0]


@pytest.mark.parametrize(("letter", "kept"), [("x", 32_767), ("🙂", 16_383)])
def test_a_text_too_long_for_a_cell_is_cut(content: ReportContent, letter: str, kept: int) -> None:
    """Excel counts UTF-16 units, and repairs a file that has more than 32,767 of them in a cell."""
    book = read(replace(content, summary=(letter * 40_000,)))

    assert letter * kept in texts(book, "Read me")


def test_nothing_is_hidden(book: Workbook, file: bytes) -> None:
    """No hidden sheet, row or column, no comment, no name but those of tables, filters and printed titles."""
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
    names = re.findall(r'<definedName name="([^"]+)"', parts(file)["xl/workbook.xml"])
    tables = {name.replace(" ", "_") for name in SHEETS} - {"Read_me", "Charts", "Team_charts", "Look_up"}
    assert set(names) == {"_xlnm._FilterDatabase", "_xlnm.Print_Titles", *tables}
    assert set(parts(file)) == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/workbook.xml",
        *(f"xl/worksheets/sheet{number}.xml" for number in range(1, len(SHEETS) + 1)),
        *(f"xl/worksheets/_rels/sheet{1 + SHEETS.index(name)}.xml.rels" for name in ("Charts", "Team charts")),
        *(f"xl/drawings/{name}" for number in (1, 2) for name in drawing_parts(number)),
        *(f"xl/charts/chart{number}.xml" for number in range(1, 8)),
    }


def drawing_parts(number: int) -> tuple[str, str]:
    """The parts of one drawing."""
    return f"drawing{number}.xml", f"_rels/drawing{number}.xml.rels"


def test_the_same_content_gives_the_same_bytes(content: ReportContent, file: bytes) -> None:
    """In this process, and in others with another clock, time zone, hash seed and user."""
    code = (
        "import sys, example, psafety.reports.workbook.sheets as sheets\n"
        "sys.stdout.buffer.write(sheets.to_excel(example.example()))"
    )
    elsewhere = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "USER": "somebody",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    other = subprocess.run([sys.executable, "-c", code], env=os.environ | elsewhere, capture_output=True, check=True)

    assert to_excel(content) == file
    assert other.stdout == file


def test_the_file_tells_neither_clock_nor_machine(book: Workbook, file: bytes) -> None:
    """Every date in it is fixed, and its author is the program."""
    with zipfile.ZipFile(BytesIO(file)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {0}
    properties = book.properties
    assert (properties.creator, properties.lastModifiedBy) == ("psafety", None)
    assert properties.created == properties.modified == datetime(2000, 1, 1)  # noqa: DTZ001


@pytest.mark.parametrize("name", BROWSED)
def test_headings_stay_in_sight_can_be_filtered_and_are_printed_again(book: Workbook, name: str) -> None:
    """Frozen panes and filters begin at the headings, and each printed page repeats them."""
    sheet = book[name]
    header = header_row(sheet)

    assert re.sub(r"\D", "", str(sheet.freeze_panes)) == str(header + 1)
    assert sheet.auto_filter.ref == f"A{header}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert sheet.print_title_rows == f"${header}:${header}"


@pytest.mark.parametrize("name", SHEETS)
def test_pages_are_set_up_for_print(book: Workbook, name: str) -> None:
    """Upright or landscape, as wide as a page, with the title, the sheet and the page number."""
    sheet = book[name]
    drawn = name in {"Charts", "Team charts"}
    wide = drawn or sum(column.width for column in sheet.column_dimensions.values()) > 160

    assert sheet.page_setup.orientation == ("landscape" if wide else "portrait")
    assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) is not drawn
    if drawn:
        assert 50 <= sheet.page_setup.scale <= 60
    else:
        assert (sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth) == (0, 2 if name == "Team items" else 1)
    assert sheet.oddHeader.left.text == "Sample organisation"
    assert (sheet.oddHeader.right.text, sheet.oddFooter.right.text) == ("&A", "&P / &N")


def test_a_wide_table_is_printed_on_several_pages(content: ReportContent) -> None:
    """Rather than too small to read; the names of the units stand on each, and what is said above them on the first."""
    group = content.items[0]
    units = tuple(replace(unit, items=unit.items * 4) for unit in content.units)
    sheet = read(replace(content, items=(replace(group, rows=group.rows * 12),), units=units))["Team items"]

    assert sheet.page_setup.fitToWidth == 5
    assert sheet.print_title_cols == "$A:$A"
    assert (sheet["A1"].value, sheet["A2"].value) == ("Team items", None)
    assert sheet["B2"].value.startswith("The index of every statement")


def test_columns_are_as_wide_as_their_longest_word(content: ReportContent) -> None:
    """No program breaks a word, and no word lies over the next column, in the language of the longest words."""
    with speaking("de"):
        book = read(replace(content, lang="de"))

    broken = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.alignment.wrap_text
        for word in re.findall(r"[^\s-]+-?", cell.value)
        if len(word) <= 30 and 0.9 * len(word) + 1.5 > sheet.column_dimensions[cell.column_letter].width
    ]
    assert not broken


def test_a_page_ends_between_two_pictures(content: ReportContent) -> None:
    """Each stays with its words and its table; pictures that fit on one page share it."""
    book = read(content)
    for name in ("Charts", "Team charts"):
        sheet = book[name]
        ends = [end.id for end in sheet.row_breaks.brk]
        assert ends
        for end in ends:
            assert not any(cell.value for cell in sheet[end])
            assert sheet.cell(end + 1, 1).font.bold


def test_the_first_sheet_leads_to_the_others(book: Workbook) -> None:
    """By the name of each, where it is said what it holds."""
    links = {cell.value: cell.hyperlink.location for (cell,) in book["Read me"]["A1:A99"] if cell.hyperlink}

    assert links == {name: f"'{name}'!A1" for name in SHEETS[1:]}


def test_a_title_cannot_command_the_printed_page(content: ReportContent) -> None:
    """An ampersand in a title is printed, not obeyed, and a long title is cut."""
    xml = parts(to_excel(replace(content, title="R&D &P of &N" + " and more" * 50)))["xl/worksheets/sheet1.xml"]

    header = re.search("<oddHeader>(.*?)</oddHeader>", xml)
    assert header is not None
    assert header[1].startswith("&amp;LR&amp;&amp;D &amp;&amp;P of &amp;&amp;N and more")
    assert len(header[1]) < 255


@pytest.mark.parametrize("name", ["Dimensions", "Items"])
def test_the_colour_scale_is_fixed_and_explained(book: Workbook, name: str) -> None:
    """The index is coloured from 0 to 100 whatever the figures are, and the legend shows the very colours."""
    sheet = book[name]
    header = header_row(sheet)
    column = next(cell.column_letter for cell in sheet[header] if cell.value == "Index")

    (scale,) = sheet.conditional_formatting
    (rule,) = scale.rules
    stops = {int(stop.val): color.rgb for stop, color in zip(rule.colorScale.cfvo, rule.colorScale.color, strict=True)}
    swatches = {cell.value: cell.fill.fgColor.rgb for cell in sheet["A"][: header - 1] if isinstance(cell.value, int)}
    assert str(scale.sqref) == f"{column}{header + 1}:{column}{sheet.max_row}"
    assert all(stop.type == "num" for stop in rule.colorScale.cfvo)
    assert stops == swatches
    assert list(stops) == [0, 50, 100]


def test_long_text_is_wrapped_in_a_row_high_enough(book: Workbook, content: ReportContent) -> None:
    """A statement of two lines is read in full, also in a program that does not fit rows by itself."""
    statement = table(book, "Items")[0]["Statement"]

    assert statement.alignment.wrap_text
    assert book["Items"].row_dimensions[statement.row].height == 28


def test_every_field_of_a_score_is_shown_somewhere(book: Workbook, content: ReportContent) -> None:
    """A figure that content gains must not be forgotten here."""
    shown = {
        *SCORE_COLUMNS.values(),
        "id",
        "label",
        "about",
        "reverse",
        "remark",
        "sentence",
        "points",
        "bands",
        "distribution",
    }

    in_the_snapshot = {"scale", "sd_index", "sd_within", "degrees"}

    assert shown | in_the_snapshot == {field.name for field in fields(content.dimensions[0])}


def test_a_sheet_is_the_same_however_many_rows_are_written_at_once(
    content: ReportContent, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is worked out once for many rows is what each of them needs: cells, styles and heights."""
    monkeypatch.setattr("psafety.reports.workbook.pen.AT_ONCE", 2)

    assert to_excel(content) == file
