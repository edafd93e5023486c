"""The fast reader of sheets reads what reports write, as the reader of any XML does; it leaves all else to that one."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from psafety.analysis.findings import analyze
from psafety.audit.figures import ORGANISATION, Measure, Printed, Questions, Unit
from psafety.audit.workbook import parts
from psafety.audit.workbook.lines import Known, Lines, OtherForm, read_lines, split_sheet
from psafety.audit.workbook.parts import Grid, Validation, read_grid
from psafety.audit.workbook.reading import _Book
from psafety.audit.workbook.tables import Body, Tables, Wheres
from psafety.reports.files import write_reports
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

NUMBER, TEXT = '<c s="3"><v>71</v></c>', '<c s="4" t="inlineStr"><is><t xml:space="preserve">North</t></is></c>'
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(*rows: str, head: str = "") -> bytes:
    """A sheet of rows, each given by its cells."""
    lines = "".join(f'<row r="{number}" ht="14">{cells}</row>' for number, cells in enumerate(rows, 1))
    return f'{head}<worksheet xmlns="{NAMESPACE}"><sheetData>{lines}</sheetData></worksheet>'.encode()


def lines_of(data: bytes) -> tuple[list[list[float | str]], bool]:
    lines, is_alike = read_lines(split_sheet(data)[1], Known("withheld"))
    return list(lines), is_alike


def test_numbers_texts_and_empty_cells_are_read() -> None:
    """Entities stand for their signs; a row may be empty."""
    signs = TEXT.replace("North", "A &amp; B &lt;1&gt;")

    assert lines_of(sheet(NUMBER + TEXT, "", '<c s="1"/>' + signs)) == ([[71.0, "North"], [], ["", "A & B <1>"]], True)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('r="1"', 'r="2"'),
        lambda text: text.replace('ht="14"', 'ht="14" hidden="1"'),
        lambda text: text.replace('ht="14"', 'ht="3.42"'),
        lambda text: text.replace("<v>71</v>", "<v>71</v><f>A1</f>"),
        lambda text: text.replace("<v>71</v>", "<v>seventy</v>"),
        lambda text: text.replace("<v>71</v>", "<v>7.1.1</v>"),
        lambda text: text.replace(' t="inlineStr"', ' t="s"'),
        lambda text: text.replace(' t="inlineStr"', ""),
        lambda text: text.replace("North", "&secret;"),
        lambda text: text.replace("North", "&#51;"),
        lambda text: text.replace("North", "<b>3</b>"),
        lambda text: text.replace("North", "No\x00rth"),
        lambda text: text.replace("<c ", "3.42<c "),
        lambda text: text.replace("</row>", "</row>3.42"),
        lambda text: text.replace("</row>", "</row ><row>"),
        lambda text: text.replace("</row>", ""),
        lambda text: text.replace("<row", "3.42<row"),
        lambda text: text.replace("<row", "<cow"),
        lambda text: text.replace("<sheetData>", "<sheetData/><!-- 3.42 -->"),
        lambda text: text.replace("North", "&#119;ithheld"),
        lambda text: '<?xml version="1.0" encoding="latin-1"?>' + text,
        lambda text: "<!DOCTYPE a>" + text,
    ],
)
def test_what_is_written_otherwise_is_left_to_the_other_reader(change: Callable[[str], str]) -> None:
    """Another attribute, element, number, entity or sign, text between cells, or another encoding."""
    changed = change(sheet(NUMBER + TEXT).decode())

    with pytest.raises(OtherForm):
        lines_of(changed.encode())


@pytest.mark.parametrize("second", ["4", "5"])
def test_withheld_cells_of_a_column_must_look_alike(second: str) -> None:
    """A style of its own tells one withheld cell from another."""
    mark = TEXT.replace("North", "withheld")

    _rows, is_alike = lines_of(sheet(NUMBER + mark, NUMBER + mark.replace('s="4"', f's="{second}"')))

    assert is_alike == (second == "4")


def test_both_readers_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sheet of a report, formulas among them."""
    write_sample(
        sample_survey(SampleDesign(people=120, teams=9), load_instrument("open-team-survey")), tmp_path / "a.csv"
    )
    (book,) = write_reports(analyze(load_survey(tmp_path / "a.csv")), tmp_path, formats=("xlsx",), version="0.1.0")
    with ZipFile(book) as archive:
        sheets = {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")}

    fast = {name: read_grid(Grid(name, name), data, Printed("book")) for name, data in sheets.items()}
    monkeypatch.setattr(parts, "split_sheet", refuse)
    slow = {name: read_grid(Grid(name, name), data, Printed("book")) for name, data in sheets.items()}

    assert fast == slow
    assert sum(is_fast(data) for data in sheets.values()) > len(sheets) / 2


def test_a_sheet_without_rows_and_parts_of_one_are_read() -> None:
    """Nothing is nothing; a part of the rows is rows as well, and a row may be asked for beyond the last."""
    lines = Lines.of([["Unit", "Level", 3.0], [], ["North", "Team", 4.0]])

    assert lines_of(sheet()) == ([], True)
    assert lines[1:] == Lines.of([[], ["North", "Team", 4.0]])
    assert (lines.value(2, 1), lines.value(1, 0), lines.value(3, 0)) == ("Team", "", "")
    assert (lines.headed("North"), lines.headed("Level")) == ([2], [])
    assert list(lines[2:].column(2, np.array([0]))) == [4.0]


@pytest.mark.parametrize(
    ("names", "found", "faults"),
    [
        (["A", "A", "B"], ([1, 1, 2], [0, 1, 0]), []),
        (["A", "B", "B"], ([1, 2], [0, 1]), ["sheet “Scores”, row 9"]),  # what B says of the first one is left out
        (["B", "A", "A"], ([2], [0]), ["sheet “Scores”, row 8"]),  # A stands before B
        (["A", "A", "A"], ([1, 1], [0, 1]), ["sheet “Scores”, row 9"]),  # there is one A, of two dimensions
        (["", "A", "B"], ([], []), ["sheet “Scores”, row 7"]),
    ],
)
def test_dimensions_of_one_name_are_told_apart_by_their_order(
    names: list[str], found: tuple[list[int], list[int]], faults: list[str]
) -> None:
    """A second row of a unit is on the second one; from the first row on nobody on, none is taken for anything."""
    dimensions = [Measure(id_, "Trust", is_item=False, dimension=id_) for id_ in ("one", "two")]
    printed = Printed("book", units=[ORGANISATION, Unit(("A",), "Team"), Unit(("B",), "Team")])
    printed.claims["title"] = "All"
    body = Body(Lines.of([[name, "", "Trust", 71.0] for name in names]), Wheres("Scores", np.arange(7, 10)))

    rows = Tables(printed, Questions(tuple(dimensions))).by_unit(body, 4)

    assert (rows.units.tolist(), rows.dimensions.tolist()) == found
    assert [fault.place for fault in printed.faults] == faults


def refuse(_: bytes) -> tuple[bytes, bytes]:
    raise OtherForm


def is_fast(data: bytes) -> bool:
    try:
        lines_of(data)
    except OtherForm:
        return False
    return True


@pytest.mark.parametrize(("cells", "found"), [("A3", 0), ("A2", 1), ("A4", 1)])
def test_words_may_appear_where_the_headings_of_an_empty_table_would_stand(cells: str, found: int) -> None:
    """A survey whose questions have no joint score has no table of dimensions; what is said of its columns stays."""
    grid = Grid("Overview", "part", rows=Lines.of([["Answers", 9.0], []]), validations=[Validation(cells, "")])
    printed = Printed("book")

    _Book(printed, Questions(()), {"Overview": grid}).check_formulas()

    assert len(printed.faults) == found
