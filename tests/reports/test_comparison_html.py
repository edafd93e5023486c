"""The page of a comparison: read by structure, as a browser without scripts would."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from compared import ITEMS, LONG, example, waves
from jinja2 import meta, nodes
from psafety.analysis.comparison import compare
from psafety.reports import charts, html
from psafety.reports.comparison import charts as change_charts, content as comparison, html as comparison_html
from psafety.reports.comparison.compose import compose_comparison
from psafety.reports.comparison.content import ComparisonContent
from psafety.reports.comparison.html import to_html
from psafety.reports.compose import Look

TEMPLATES = Path(html.__file__).parent / "templates"


class Page(HTMLParser):
    """The ids, the texts and the rows of tables of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.table = self.inside = ""
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.targets += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        if tag == "div" and found.get("role") == "region":
            self.table = found["aria-label"]
            self.tables[self.table] = []
        if tag == "tr":
            self.tables[self.table].append([])
        if tag in {"td", "th"}:
            self.tables[self.table][-1].append("")
        self.inside = tag

    def handle_data(self, data) -> None:
        if self.inside in {"script", "style"}:
            return
        self.texts.append(data.strip())
        if self.table and self.tables[self.table] and self.tables[self.table][-1]:
            self.tables[self.table][-1][-1] = f"{self.tables[self.table][-1][-1]} {data.strip()}".strip()

    def handle_endtag(self, tag) -> None:
        if tag == "table":
            self.table = ""


@pytest.fixture(scope="module")
def content() -> ComparisonContent:
    return example()


@pytest.fixture(scope="module")
def text(content: ComparisonContent) -> str:
    return to_html(content).decode()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def figures(text: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" data-chart="([^"]+)">(.*?)</script>', text, re.DOTALL)
    return {name: json.loads(figure) for name, figure in found}


def test_every_link_leads_somewhere_and_no_id_stands_twice(page: Page) -> None:
    """The table of contents follows the reading."""
    assert set(page.targets) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_sentence_of_the_content_is_on_the_page(page: Page, content: ComparisonContent) -> None:
    """Notices, the five sentences, captions, advice, method."""
    said = {" ".join(each.split()) for each in page.texts}
    paragraphs = [paragraph for section in content.method for paragraph in section.paragraphs]

    for sentence in (*content.notices, *content.summary, *content.advice, *paragraphs, content.order):
        assert sentence in said
    for caption in (content.dimensions_caption, content.units_caption, *content.dimension_captions):
        assert caption in said


def test_every_change_of_a_unit_stands_in_the_table_of_its_dimension(page: Page, content: ComparisonContent) -> None:
    """Both values with their answers, the difference with its interval, the verdict in words, what is invisible."""
    for place, measure in enumerate(content.dimensions):
        _, *rows = page.tables[f"Table of the changes in {measure.label}"]
        for row, unit in zip(rows, content.units, strict=True):
            change = unit.dimensions[place]
            assert row[0].startswith(unit.name)
            assert row[4:] == [change.verdict, change.smallest.text]
            assert row[3].startswith(change.difference.text)
            assert [cell.split()[0] for cell in row[1:3]] == [change.before.text, change.after.text]


def test_every_statement_is_there_for_the_organisation_and_every_unit(page: Page, content: ComparisonContent) -> None:
    """A unit of which no statement can be compared is left out, and that is said."""
    names = {name for name in page.tables if name.startswith("Table of the changes in every statement: ")}

    assert len(names) == len(content.units) - 2
    assert "Units of which no statement can be compared are left out here." in page.texts
    rows = page.tables["Table of the changes in every statement"]
    assert [row[0] for row in rows[1:] if len(row) > 1] == list(ITEMS)


def test_marks_are_for_verdicts_alone(text: str, content: ComparisonContent) -> None:
    """A cell is blue or orange only where the verdict is better or worse, and a chart's row likewise."""
    marked = len(re.findall(r'<td class="(?:above|below)">', text))
    changes = [change for unit in content.units for change in unit.dimensions]
    named = sum(change.standing in {"above", "below"} for change in changes)

    assert marked >= named > 0
    for name, figure in figures(text).items():
        if name.startswith("chart-units"):
            colours = figure["data"][-1]["marker"]["color"]
            assert {"var(--for-3)", "var(--against-3)", "var(--muted)"} >= set(colours)


def test_a_chart_holds_nothing_for_what_cannot_be_told(text: str) -> None:
    """The withheld team is a name and a word: no dot, no band."""
    figure = figures(text)["chart-units-trust-1"]

    assert all("unit-2" not in trace["y"] for trace in figure["data"])
    assert "cannot tell" in [note["text"] for note in figure["layout"]["annotations"]]


def test_the_band_of_a_change_is_its_interval_from_the_value_before(text: str, content: ComparisonContent) -> None:
    """Inside the scale; it leaves out the open dot where the verdict is a change."""
    figure = figures(text)["chart-dimensions-1"]
    trust = content.units[0].dimensions[0]

    assert figure["data"][0]["x"][:2] == [trust.before.value + trust.low.value, trust.before.value + trust.high.value]
    assert figure["data"][0]["x"][0] > trust.before.value


def test_lines_share_one_part_of_the_scale_and_say_which(text: str, page: Page) -> None:
    """Whole tens, wide enough that a small change looks small."""
    spans = {tuple(figure["layout"]["yaxis"]["range"]) for name, figure in figures(text).items() if "trend" in name}

    assert len(spans) == 1
    low, high = spans.pop()
    assert high - low >= 42
    assert any(f"the scale shown runs from {low + 1} to {high - 1}" in each for each in page.texts)


def test_a_trend_without_a_figure_is_drawn_without_it() -> None:
    """A wave that withholds leaves a gap; nothing at all leaves the whole scale."""
    trend = example().units[2].trends[0]

    figure = change_charts.trend_figure(trend, (0, 100))

    assert figure["data"][1]["x"] == [0, 1]
    assert len(figure["layout"]["annotations"]) == 2
    assert change_charts.trend_span(()) == (0, 100)


def test_two_waves_without_units_or_benchmark_make_a_short_page() -> None:
    """No empty headings."""
    before, last = (one.only([0]) for one in waves()[1:])

    page = Page(to_html(compose_comparison(compare([before, last]), Look(), version="1")).decode())

    assert not {"trend", "units", "benchmark"} & set(page.ids)
    assert {"dimensions", "items", "method"} <= set(page.ids)


def test_many_units_stand_in_tables_not_in_charts(content: ComparisonContent) -> None:
    """A chart that cannot be read is none; the statements of every unit are in the workbook then."""
    team = content.units[-1]
    many = tuple(replace(team, id=f"unit-{place}", path=(f"Team {place:03}",)) for place in range(5, 90))

    page = Page(to_html(replace(content, units=(*content.units, *many))).decode())

    assert any("The charts stop at the upper levels" in each for each in page.texts)
    assert any("are in the workbook" in each for each in page.texts)
    assert not any(name.startswith("chart-units") for name in page.ids)


def test_very_many_units_stand_in_one_table(content: ComparisonContent) -> None:
    """Every unit once; the tables of single dimensions stop at the upper levels, and that is said."""
    team = content.units[2]
    path = team.path[0]
    many = tuple(replace(team, id=f"unit-{place}", path=(path, f"Team {place:03}")) for place in range(5, 300))

    page = Page(to_html(replace(content, units=(*content.units, *many))).decode())

    assert len(page.tables["Table of the changes of all units"]) == 1 + 300
    assert len(page.tables["Table of the changes in Trust"]) == 1 + 3
    assert len(page.tables["Table of the units over all waves"]) == 1 + 2
    assert any("the workbook every figure" in each for each in page.texts)


def test_names_stay_names(text: str) -> None:
    """Hostile names are escaped, in charts as well."""
    assert "<script>alert(1)" not in text
    assert "<b>we</b>" not in text
    assert LONG in text


def test_the_same_content_gives_the_same_bytes(content: ComparisonContent) -> None:
    """No clock, no chance."""
    assert to_html(content) == to_html(example())


# The templates as such.


def trees() -> dict[str, nodes.Template]:
    environment = html.templates()
    names = [path for path in TEMPLATES.iterdir() if "comparison" in path.name]
    return {path.name: environment.parse(path.read_text("utf-8")) for path in names}


def test_templates_use_the_names_that_they_are_given_and_no_others(content: ComparisonContent) -> None:
    """Nothing is passed in vain, nothing is asked for in vain."""
    environment = html.templates()
    base = environment.parse((TEMPLATES / "base.html.jinja").read_text("utf-8"))
    asked = set().union(*(meta.find_undeclared_variables(tree) for tree in (*trees().values(), base)))

    assert asked - environment.globals.keys() == comparison_html._names(content).keys()


def test_templates_and_charts_use_every_field_of_the_content() -> None:
    """A field that nothing shows is for another format."""
    kinds = [kind for kind in vars(comparison).values() if getattr(kind, "__module__", "") == comparison.__name__]
    more = (charts.Chart, comparison_html.DimensionPart, comparison_html.TrendPart, comparison_html.ItemGroup)
    offered = {name for kind in (*kinds, *more) for name in getattr(kind, "__annotations__", ()) if name != "return"}
    used = {node.attr for tree in trees().values() for node in tree.find_all(nodes.Getattr)}
    source = Path(change_charts.__file__).read_text("utf-8")
    drawn = set(re.findall(r"\b(?:row|change|unit|trend|level)\.(\w+)", source))

    assert used - offered <= {"length", "first", "text", "heading", "paragraphs", "sentence"}
    in_base = {"title", "subtitle", "lang", "source", "design"}
    elsewhere = {"directed", "effect", "notices", "trends", "unit", "difference", "wave"}
    in_parts = {"dimension_captions", "group", "json"}
    assert offered - used - drawn <= in_base | in_parts | elsewhere


def test_templates_trust_no_text() -> None:
    """Autoescape is on, and nothing in a template turns it off."""
    for tree in trees().values():
        assert not {node.name for node in tree.find_all(nodes.Filter)} & {"safe", "tojson", "striptags"}
