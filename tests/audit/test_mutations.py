"""The audit finds what somebody plants in a report, place by place, and names the place."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from psafety.audit.verdict import Verdict, to_lines
from surveyed import audited, people, write_report, write_survey

SURVEY = (
    people(("North", "Ahorn"), 12)
    + people(("North", "Birke"), 8)
    + people(("North", "Linde"), 11)
    + people(("South", "Eiche"), 14)
    + people(("South", "Kiefer"), 13)
    + people(("South", "Tanne"), 3)
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A survey with a withheld team, and our report on it."""
    folder = tmp_path_factory.mktemp("planted")
    survey = write_survey(folder, SURVEY)
    return survey, write_report(survey, folder / "out")


def verdict_on(written: tuple[Path, Path], tmp_path: Path, **changed: bytes) -> Verdict:
    """The verdict on the report with some of its files (by format) exchanged."""
    survey, folder = written
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(changed.get(path.suffix[1:], path.read_bytes()))
    return audited(survey, tmp_path)


def page_with(written: tuple[Path, Path], old: str, new: str) -> bytes:
    """The page with one piece exchanged."""
    text = (written[1] / "survey-report.html").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1).encode()


def book_with(written: tuple[Path, Path], part: str, change: Callable[[str], str], **more: str) -> bytes:
    """The workbook with one part changed, and parts added."""
    out = BytesIO()
    with ZipFile(written[1] / "survey-report.xlsx") as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).decode()
            changed = change(data) if name == part else data
            assert name != part or changed != data or more
            new.writestr(name, changed)
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet_of(written: tuple[Path, Path], name: str) -> str:
    """The part that a sheet stands in."""
    with ZipFile(written[1] / "survey-report.xlsx") as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    return f"xl/worksheets/sheet{names.index(name) + 1}.xml"


def refuted(verdict: Verdict, *words: str) -> None:
    """It is no proof, and one line says where and what."""
    lines = [f"{fault.file}, {fault.place}: {fault.problem}" for fault in verdict.faults]
    assert not verdict.is_proof
    assert any(all(word in line for word in words) for line in lines), "\n".join(to_lines(verdict))


def test_the_report_as_it_is_written_is_proved(written: tuple[Path, Path], tmp_path: Path) -> None:
    """Nothing planted, nothing found."""
    verdict = verdict_on(written, tmp_path)

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert (verdict.smallest, verdict.items) == (5, 1)
    assert to_lines(verdict)[0].startswith("OK: ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("<main", "<!-- Tanne: 3.33 --><main", ("comment", "Tanne: 3.33"), id="comment"),
        pytest.param("<h1>", '<h1 data-mean="3.42">', ("data-mean", "3.42"), id="data attribute"),
        pytest.param(
            '<tr class="withheld">', '<tr class="withheld" style="width:34%">', ("width:34%",), id="bar width"
        ),
        pytest.param('<tr class="withheld">', '<tr class="withheld" title="3 of 12">', ("3 of 12",), id="title"),
        pytest.param('<tr class="withheld">', '<tr class="withheld" id="row-333">', ("“row”", "333"), id="id"),
        pytest.param('<tr class="withheld">', '<tr class="withheld at-34">', ("class", "at-34"), id="class"),
        pytest.param("<main", "<svg></svg><main", ("<svg>",), id="drawing"),
        pytest.param("<main", '<p><a href="x.html?n=3">x</a></p><main', ("leads out",), id="link"),
        pytest.param(
            '"hoverinfo":"skip"', '"hoverinfo":"skip","customdata":[[3.4285714]]', ("customdata",), id="customdata"
        ),
        pytest.param('{"type":"scatter","mode":"lines"', '{"type":"histogram"', ("histogram",), id="histogram"),
        pytest.param('{"type":"scatter","mode":"lines"', '{"type":"box"', ("box",), id="box"),
        pytest.param(' answers"', ' answers, sum 205"', ("hover text", "sum 205"), id="hover text"),
        pytest.param('"range":[-2,102]', '"range":[41,58]', ("range", "41"), id="axis from lowest to highest"),
        pytest.param('"width":8', '"width":3.4', ("width", "3.4"), id="line width"),
        pytest.param('"solidity":0.15', '"solidity":0.15,"cmin":41', ("cmin", "41"), id="colour scale"),
        pytest.param('"config":{', '"meta":{"n":3},"config":{', ("meta",), id="part of a chart"),
        pytest.param('id="chart-dimensions-1"', 'id="chart-dimensions-1" onclick="n(3)"', ("onclick",), id="handler"),
        pytest.param("</style>", "i{width:34%}</style>", ("stylesheet",), id="stylesheet"),
        pytest.param("<script>// Draws", "<script>// 34 Draws", ("script",), id="script"),
        pytest.param('id="plotly">', 'id="plotly">AAAA', ("chart library",), id="chart library"),
    ],
)
def test_what_is_planted_in_the_page_is_found(
    written: tuple[Path, Path], tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Scripts, attributes, comments and charts carry no more than the tables print."""
    verdict = verdict_on(written, tmp_path, html=page_with(written, old, new))

    refuted(verdict, "survey-report.html", *words)


def test_a_withheld_team_says_nothing_in_its_row(written: tuple[Path, Path], tmp_path: Path) -> None:
    """“3 of 12” in the row of a withheld team is found, and so is a sentence that says it."""
    text = (written[1] / "survey-report.html").read_text(encoding="utf-8")
    row = re.search(r'<tr class="withheld">.*?Tanne.*?</th>\s*<td class="absent">withheld</td>', text, re.DOTALL)
    assert row
    in_the_row = text.replace(row[0], row[0].replace(">withheld<", ">3 of 12<"), 1).encode()
    in_a_sentence = text.replace(
        "<h2>Data notes</h2>", "<h2>Data notes</h2><p>Tanne: 3 of 12 answered.</p>", 1
    ).encode()
    in_a_caption = text.replace("<h3>Statement by", "<p>Tanne has 5 answers.</p><h3>Statement by", 1).encode()

    refuted(verdict_on(written, tmp_path, html=in_the_row), "Tanne", "3 of 12")
    refuted(verdict_on(written, tmp_path, html=in_a_sentence), "Tanne: 3 of 12")
    refuted(verdict_on(written, tmp_path, html=in_a_caption), "Tanne", "which is withheld")


def test_a_reason_in_place_of_the_neutral_mark_is_found(written: tuple[Path, Path], tmp_path: Path) -> None:
    """One withheld cell that says “too few” while the others say “withheld” is a clue."""
    page = page_with(written, '<td class="absent">withheld</td>', '<td class="absent">too few</td>')

    refuted(verdict_on(written, tmp_path, html=page), "different marks", "too few")


def test_rows_sorted_by_score_are_found(written: tuple[Path, Path], tmp_path: Path) -> None:
    """Rows that stand in another order than that of their names are found in every format."""
    snapshot = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))
    units = snapshot["units"]
    first = next(place for place, unit in enumerate(units) if unit["name"] == "Ahorn")
    units[first], units[first + 1] = units[first + 1], units[first]

    verdict = verdict_on(written, tmp_path, json=json.dumps(snapshot).encode())

    refuted(verdict, "survey-report.json", "against the alphabet")


def nudge(record: dict[str, float], key: str, by: float) -> None:
    """Change a figure by a little."""
    record[key] = round(record[key] + by, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found["units"][2].update(n=found["units"][2]["n"] + 1), ("the survey gives",)),
        (lambda found: found["items"][0].update(mean=3.4285714), ("more exact",)),
        (lambda found: found["units"][1]["items"][0].update(mean=1.0), ("the mean is said to be 1",)),
        (lambda found: found["units"][1].update(rank=2), ("rank", "cannot place")),
        (lambda found: found.update(raw=[3, 4, 5]), ("raw", "cannot place")),
        (lambda found: found["units"][-1].update(id="unit-342"), ("unit-342",)),
        (lambda found: found["units"][1].update(n="12"), ("no number",)),
        (lambda found: found["dimensions"].append({"id": "joy", "n": 9}), ("not asked",)),
        (lambda found: found["units"].append("3"), ("no list of objects",)),
        (lambda found: found.update(schema="other"), ("no snapshot",)),
        (lambda found: found["items"].pop(), ("not all there",)),
        (lambda found: found.update(wave="other"), ("the wave",)),
        (lambda found: found["units"][1]["items"][0].update(sd_within=20.1), ("organisation alone",)),
        (lambda found: found["items"][0].update(sd_index=3.1), ("the standard deviation on 0 to 100",)),
        (lambda found: found["items"][0].update(sd_within=99.9), ("inside groups",)),
        (lambda found: nudge(found["items"][0], "sd_within", 0.1), ("inside groups is said to be",)),
        (lambda found: nudge(found["dimensions"][0], "sd_within", -0.1), ("inside groups is said to be",)),
        (lambda found: nudge(found["items"][0], "degrees", 1), ("degrees of freedom is said to be",)),
        (lambda found: nudge(found["dimensions"][0], "degrees", -1), ("degrees of freedom is said to be",)),
        (lambda found: found["items"][0].update(degrees=10_000), ("degrees of freedom",)),
        (lambda found: found["items"][0]["distribution"].reverse(), ("the share of point 1",)),
        (lambda found: found["items"][0].update(scale=[3, 17]), ("its scale",)),
        (lambda found: found["dimensions"][0].update(items=["3.4285714"]), ("its items",)),
    ],
)
def test_what_is_planted_in_the_snapshot_is_found(
    written: tuple[Path, Path], tmp_path: Path, change: Callable[[dict[str, object]], object], words: tuple[str, ...]
) -> None:
    """Every number of the JSON is a true figure, rounded as printed."""
    snapshot = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))
    change(snapshot)

    refuted(verdict_on(written, tmp_path, json=json.dumps(snapshot).encode()), *words)


def test_a_figure_of_a_withheld_team_is_found_in_the_snapshot(written: tuple[Path, Path], tmp_path: Path) -> None:
    """A withheld unit that has a figure all the same is found, with what can be worked out from it."""
    snapshot = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))
    next(unit for unit in snapshot["units"] if unit["name"] == "Tanne").pop("withheld")
    next(unit for unit in snapshot["units"] if unit["name"] == "Tanne")["n"] = 3

    verdict = verdict_on(written, tmp_path, json=json.dumps(snapshot).encode())

    refuted(verdict, "printed here, withheld in")
    assert "Team Tanne = 3 people" in [str(attack) for attack in verdict.attacks]


@pytest.mark.parametrize(
    ("sheet", "old", "new", "words"),
    [
        ("Teams", "<v>12</v>", "<v>12.25</v>", ("Teams", "more exact")),
        ("Items", "<sheetData>", '<sheetData><row r="1" hidden="1"/>', ("Items", "hidden")),
        ("Teams", '<col width="38"', '<col hidden="1" width="38"', ("Teams", "hidden")),
        ("Teams", '<col width="38"', '<col width="38.43"', ("Teams", "38.43")),
        ("Items", 'val="100"', 'val="57"', ("Items", "colour scale", "57")),
        ("Teams", "</worksheet>", "<extLst/></worksheet>", ("Teams", "extLst")),
        ("Teams", "<v>12</v>", "<f>SUM(1,2)</f><v>12</v>", ("Teams", "formula")),
        ("Teams", "not compared", "3 of 12", ("Teams", "3 of 12")),
        (
            "Read me",
            "<sheetData>",
            '<sheetData><row r="1"><c t="inlineStr"><is><t>Tanne: 3.33</t></is></c></row>',
            ("Tanne",),
        ),
        ("Method", "<sheetData>", '<sheetData><row r="1"><c><v>3.33</v></c></row>', ("Method", "3.33")),
        ("Overview", "of 100", "of 100 (3.33)", ("Overview", "3.33")),
    ],
)
def test_what_is_planted_in_a_sheet_is_found(
    written: tuple[Path, Path], tmp_path: Path, sheet: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Cells hold rounded figures; rows, columns and colours hide none."""
    book = book_with(written, sheet_of(written, sheet), lambda text: text.replace(old, new, 1))

    refuted(verdict_on(written, tmp_path, xlsx=book), "survey-report.xlsx", *words)


def test_a_withheld_cell_with_a_colour_of_its_own_is_found(written: tuple[Path, Path], tmp_path: Path) -> None:
    """The fill of one withheld cell could say what the cell does not."""
    cell = re.compile(r'<c s="\d+"( t="inlineStr"><is><t[^>]*>withheld)')
    book = book_with(written, sheet_of(written, "Team items"), lambda text: cell.sub(r'<c s="3"\1', text, count=1))

    refuted(verdict_on(written, tmp_path, xlsx=book), "Team items", "differ in style")


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        ("xl/workbook.xml", 'state="visible"', 'state="veryHidden"', ("Read me", "hidden")),
        ("xl/workbook.xml", '<sheet name="Overview"', '<sheet name="Raw"', ("Raw", "no such sheet")),
        (
            "xl/workbook.xml",
            "</definedNames>",
            '<definedName name="Tanne">3.33</definedName></definedNames>',
            ("Tanne",),
        ),
        ("xl/workbook.xml", "<calcPr", "<pivotCaches/><calcPr", ("pivotCaches",)),
        ("xl/styles.xml", "<numFmts", '<numFmt formatCode="0.0000"/><numFmts', ("number format",)),
        ("xl/styles.xml", '<cellStyle name="', '<cellStyle name="3.33', ("style called",)),
        ("xl/theme/theme1.xml", "Office", "Office 3.33", ("theme",)),
        ("docProps/core.xml", "<dc:creator>psafety", "<dc:creator>Tanne 3.33", ("creator",)),
        ("docProps/app.xml", "</Properties>", "<Company>3.33</Company></Properties>", ("Company",)),
    ],
)
def test_what_is_planted_in_a_part_is_found(
    written: tuple[Path, Path], tmp_path: Path, part: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    """Names, styles, properties and the theme of a workbook are as in every report."""
    book = book_with(written, part, lambda text: text.replace(old, new, 1))

    refuted(verdict_on(written, tmp_path, xlsx=book), "survey-report.xlsx", *words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xl/comments1.xml", "comments on cells"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "pivot table"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/charts/chart99.xml", "a chart"),
        ("xl/worksheets/sheet99.xml", "does not list"),
        ("customXml/item1.xml", "custom data"),
    ],
)
def test_a_planted_part_is_found(written: tuple[Path, Path], tmp_path: Path, name: str, words: str) -> None:
    """Parts that a report does not have are named, with what they are."""
    book = book_with(written, "", str, **{name: "<a>3.33</a>"})

    refuted(verdict_on(written, tmp_path, xlsx=book), name, words)


@pytest.mark.parametrize("name", ["survey-report-3.33.json", "Tanne-3.json"])
def test_a_figure_in_the_name_of_a_file_is_found(written: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    """A name of a file holds no number but those of the survey's name, its wave and its units."""
    (tmp_path / name).write_bytes((written[1] / "survey-report.json").read_bytes())

    refuted(verdict_on(written, tmp_path), name, "name of the file")


def test_archives_are_opened_and_what_is_no_report_is_named(written: tuple[Path, Path], tmp_path: Path) -> None:
    """A planted comment is found inside a .zip inside a .zip; a PDF is named as unread, so that nothing is proved."""
    inner = BytesIO()
    with ZipFile(inner, "w") as archive:
        archive.writestr("page.html", page_with(written, "<main", "<!-- 3.33 --><main"))
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("team pages.zip", inner.getvalue())
    refuted(verdict_on(written, tmp_path), "all.zip/team pages.zip/page.html", "3.33")

    (tmp_path / "all.zip").unlink()
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    verdict = verdict_on(written, tmp_path)

    assert not verdict.is_proof
    assert [reason for reason in verdict.unproved if "letter.pdf" in reason]
    assert to_lines(verdict)[0].startswith("NOT PROVED")


@pytest.mark.parametrize("suffix", ["html", "xlsx", "json"])
def test_a_broken_file_is_no_proof(written: tuple[Path, Path], tmp_path: Path, suffix: str) -> None:
    """A file that cannot be read is a fault, not a pass and not a crash."""
    verdict = verdict_on(written, tmp_path, **{suffix: b"\x00<table><tr><td>3</td></tr></table>"})

    assert not verdict.is_proof


# Charts, piece by piece


def chart_with(written: tuple[Path, Path], name: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The page with the data of one chart changed."""
    text = (written[1] / "survey-report.html").read_text(encoding="utf-8")
    found = re.search(rf'data-chart="{name}">(.*?)</script>', text)
    assert found
    figure = json.loads(found[1])
    change(figure)
    planted = json.dumps(figure, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    return text.replace(found[1], planted, 1).encode()


def recolour(figure: dict[str, Any]) -> None:
    """Give one withheld cell of the units the colour of those that stand above."""
    trace = figure["data"][0]
    place = next(at for at, text in enumerate(trace["hovertext"]) if text.endswith("withheld"))
    trace["marker"]["color"][place] = "var(--for-2)"


DIMENSIONS, ITEMS, UNITS = "chart-dimensions-1", "chart-items-trust-1", "chart-units-1"


@pytest.mark.parametrize(
    ("chart", "change", "words"),
    [
        (DIMENSIONS, lambda it: it["data"][1]["x"].__setitem__(0, 3), "the index is said to be 3"),
        (DIMENSIONS, lambda it: it["data"][1]["x"].__setitem__(0, "3"), "where a number belongs"),
        (DIMENSIONS, lambda it: it["data"][1].update(text=["3"]), "the index is said to be 3"),
        (DIMENSIONS, lambda it: it["data"][1].update(x=3), "must be a list"),
        (DIMENSIONS, lambda it: it["data"][1]["x"].append(3), "more values than rows"),
        (DIMENSIONS, lambda it: it["data"][0]["x"].__setitem__(2, 3), "a value without a row"),
        (DIMENSIONS, lambda it: it["data"][1]["y"].__setitem__(0, "joy"), "stands in no table"),
        (DIMENSIONS, lambda it: it["data"][1].update(hoverinfo="text 3"), "“hoverinfo” holds a number"),
        (DIMENSIONS, lambda it: it["data"][1]["marker"].update(note="Tanne"), "“note” is not a part"),
        (DIMENSIONS, lambda it: it["data"][1]["marker"].update(size=[12, 3]), "“size” holds the number 3"),
        (DIMENSIONS, lambda it: it["data"][1].update(hovertext=["Joy: 3 of 100"]), "begins otherwise"),
        (DIMENSIONS, lambda it: it["layout"].update(height=99_999), "no number of pixels"),
        (DIMENSIONS, lambda it: it["layout"].update(bargap=3.42), "“bargap” holds 3.42"),
        (DIMENSIONS, lambda it: it["layout"]["xaxis"].update(tickvals=[41, 58]), "the marks of the xaxis"),
        (DIMENSIONS, lambda it: it["layout"]["xaxis"].update(ticktext=["3.42"]), "3.42 is no printed figure"),
        (DIMENSIONS, lambda it: it["layout"]["yaxis"].update(range=[3, 0]), "the range of the rows"),
        (DIMENSIONS, lambda it: it["layout"]["yaxis"].update(categoryarray=["3"]), "stands in no table"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][0].update(text="Joy"), "is labelled “Joy”"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][0].update(text="Trust 3"), "goes on with a number"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][0].update(x=3), "stands at 3"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][0].update(y="joy"), "that is in no table"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][1].update(text="3"), "the index is said to be 3"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][1].update(text="–", x=3), "stands at 3"),
        (DIMENSIONS, lambda it: it["layout"]["annotations"][1].update(borderpad=3), "“borderpad” holds the number 3"),
        (ITEMS, lambda it: it.update(centred={"against": 34}), "must count traces"),
        (ITEMS, lambda it: it["data"][0]["x"].__setitem__(0, 0.03), "the share of point 1 is said to be 0.03"),
        (ITEMS, lambda it: it["data"][0]["x"].__setitem__(0, 0.2131), "more exact"),
        (ITEMS, lambda it: it["data"][0]["text"].__setitem__(0, "3%"), "the share of point 1 is said to be 0.03"),
        (ITEMS, lambda it: it["data"][0]["hovertext"].__setitem__(0, "Tanne: 3"), "does not begin with the point"),
        (ITEMS, lambda it: it["data"][0]["y"].__setitem__(0, "joy"), "stands in no table"),
        (UNITS, lambda it: it["data"][0]["x"].__setitem__(0, 3.3), "3.3 wide"),
        (UNITS, lambda it: it["data"][0]["y"].__setitem__(0, "unit-99"), "stands in no table"),
        (UNITS, lambda it: it["data"][0]["text"].__setitem__(-2, "too few"), "different marks"),
        (UNITS, lambda it: it["data"].append(it["data"][0]), "more traces than dimensions"),
        (UNITS, lambda it: it["layout"]["annotations"][-1].update(text="3 of 12"), "a number stands in the row"),
        (UNITS, lambda it: it["layout"]["annotations"][-1].update(x=0.34), "stands at 0.34"),
        (UNITS, recolour, "withheld cells differ in colour"),
    ],
)
def test_what_is_planted_in_a_chart_is_found(
    written: tuple[Path, Path], tmp_path: Path, chart: str, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    """Values, texts, labels, axes and colours of a chart are those of the tables, or the same in every report."""
    verdict = verdict_on(written, tmp_path, html=chart_with(written, chart, change))

    refuted(verdict, "survey-report.html", words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param('data-chart="chart-units-1">{', 'data-chart="chart-units-1">{{', "cannot be read", id="broken"),
        pytest.param('data-chart="chart-units-1">', 'data-chart="chart-raw-1">', "does not know", id="unknown chart"),
        pytest.param("<!doctype html>", "<!doctype html><!ENTITY n '3'>", "a comment", id="declaration"),
        pytest.param("<main", "<?n 3?><main", "instruction", id="instruction"),
        pytest.param('<table class="units">', '<table class="raw">', "a table that reports do not have", id="table"),
        pytest.param('<td class="absent">withheld</td>', "", "columns where reports have", id="cell taken out"),
        pytest.param('<th scope="row">Trust', '<th scope="row">Joy', "order of the questionnaire", id="dimension"),
        pytest.param('style="--depth:2"', 'style="--depth:7"', "where no unit stands above", id="depth"),
        pytest.param("<small>Team</small>", "<small>Squad</small>", "nobody in the survey names", id="level"),
        pytest.param('<td class="absent">withheld', '<td class="absent above">withheld', "marked as above", id="mark"),
        pytest.param("<main", '<main lang="en-3"', "may carry a figure", id="language"),
        pytest.param("<h2>Data notes</h2>", "<h2>Data notes ③</h2>", "other signs", id="other digits"),
        pytest.param("no group below 5", "no group below 2", "must be at least", id="smallest group"),
    ],
)
def test_what_is_not_built_as_reports_are_is_found(
    written: tuple[Path, Path], tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Elements, tables and rows that differ from those of a report are named."""
    refuted(verdict_on(written, tmp_path, html=page_with(written, old, new)), "survey-report.html", words)


@pytest.mark.parametrize(
    ("sheet", "old", "new", "words"),
    [
        ("Teams", '<c s="', '<c cm="1" s="', "a setting of a cell"),
        ("Teams", "<v>12</v>", "<v>x</v>", "where a number belongs"),
        ("Items", 'type="colorScale"', 'type="dataBar"', "conditional formatting"),
        ("Teams", "<autoFilter ref=", '<autoFilter r="1"><filterColumn/></autoFilter><x ref=', "a filter is set"),
        ("Teams", ">Unit<", ">Who<", "no table with the heading"),
        ("Teams", ">Ahorn<", ">Tanne<", "not the last of its path"),
        ("Teams", ' t="inlineStr"><is><t xml:space="preserve">Ahorn</t></is>', "><v>3</v>", "where there should be"),
        ("Teams", ">Everybody else in South, together<", ">Everybody else (3.33)<", "not that of everybody else"),
        ("Team items", ">North<", ">West<", "not the last of its path"),
        ("Items", '<t xml:space="preserve">q1</t>', "<t>q7</t>", "order of the questionnaire"),
        ("Dimensions", "</sheetData>", "<row><c/><c/><c/></row></sheetData>", "a row more than"),
        ("Distribution", ">Ahorn<", ">Linde 3<", "nobody that the other sheets know"),
        ("Distribution", "</row></sheetData>", "<c><v>3</v></c></row></sheetData>", "beyond the points"),
    ],
)
def test_sheets_that_are_not_built_as_reports_are_found(
    written: tuple[Path, Path], tmp_path: Path, sheet: str, old: str, new: str, words: str
) -> None:
    """Cells, headings and rows that differ from those of a report are named."""
    book = book_with(written, sheet_of(written, sheet), lambda text: text.replace(old, new, 1))

    refuted(verdict_on(written, tmp_path, xlsx=book), "survey-report.xlsx", words)


def test_a_snapshot_with_a_key_given_twice_is_no_snapshot(written: tuple[Path, Path], tmp_path: Path) -> None:
    """A program that reads the file sees the last value alone; a person who opens it sees both."""
    text = (
        (written[1] / "survey-report.json").read_text(encoding="utf-8").replace('"wave"', '"n": 3, "n": 4, "wave"', 1)
    )

    refuted(verdict_on(written, tmp_path, json=text.encode()), "no snapshot")


def test_an_interval_from_a_units_own_spread_is_found(written: tuple[Path, Path], tmp_path: Path) -> None:
    """A11: an interval that is too narrow for the spread of all other units tells of the unit's own answers."""
    snapshot = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))
    unit = next(unit for unit in snapshot["units"] if unit["name"] == "North")
    unit["items"][0].update(low=unit["items"][0]["index"], high=unit["items"][0]["index"])

    refuted(verdict_on(written, tmp_path, json=json.dumps(snapshot).encode()), "no single spread explains them all")


@pytest.mark.parametrize(("key", "value"), [("low", 0), ("high", 100), ("favourable_low", 0), ("favourable_high", 1)])
def test_ends_of_intervals_that_chance_does_not_explain_are_found(
    written: tuple[Path, Path], tmp_path: Path, key: str, value: float
) -> None:
    """An end of an interval is no place for another figure."""
    snapshot = json.loads((written[1] / "survey-report.json").read_text(encoding="utf-8"))
    snapshot["items"][0][key] = value

    refuted(verdict_on(written, tmp_path, json=json.dumps(snapshot).encode()), f"cannot be {value}")
