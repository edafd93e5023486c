"""The organisation report as a page: what it holds, what it hides, and that nothing in it can do harm."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jinja2.meta
import pytest
from example import HIDDEN, score_row, unit_row, unit_score
from jinja2 import Environment, PackageLoader, nodes
from psafety.reports import charts, content as contract, html
from psafety.reports.content import Absent, ReportContent, ScoreRow, UnitRow
from psafety.reports.design import Design
from psafety.reports.html import to_html
from psafety.reports.library import Library

TEMPLATES = Path(html.__file__).parent / "templates"
VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Element:
    """An element of a page and what is in it."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text below, as a reader sees it; scripts are not read."""
        if self.tag in {"script", "style"}:
            return ""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def source(self) -> str:
        """The text of a script or a style sheet."""
        return "".join(child for child in self.children if isinstance(child, str))

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        """The elements below, in the order of the page, that have a tag and attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.walk() if tag in {"", e.tag} and wanted.items() <= e.attributes.items()]

    def one(self, tag: str = "", **attributes: str) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def rows(self) -> list[list[str]]:
        """The body of a table, cell by cell, white space folded."""
        rows = self.one("tbody").all("tr")
        return [[" ".join(cell.text.split()) for cell in row.children if isinstance(cell, Element)] for row in rows]


class Parser(HTMLParser):
    """A page as a tree. Every element must be closed by its own end tag."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(page: bytes) -> Element:
    parser = Parser()
    parser.feed(page.decode())
    parser.close()
    (root,) = parser.open
    return root


NAMES = (
    *("Trust", "Openness", "Speaking up", "Acceptance", "Support"),
    *("Emotional intelligence", "Authenticity", "Norms", "Growth"),
)
TEAMS = ("Team Ahorn", "Entwicklung Antriebssysteme und Getriebe", "=1+1")
STANDINGS = ("above", "same", "withheld", "same", "below")


def enlarged(
    content: ReportContent, *, dimensions: int = 9, items: int = 37, departments: int = 5, teams: int = 9
) -> ReportContent:
    """The example with as many dimensions, items and units as a large survey has."""
    names = NAMES[:dimensions]
    groups = tuple(
        replace(
            content.items[0], id=f"d{place}", name=name, rows=tuple(items_of(name, range(place, items, dimensions)))
        )
        for place, name in enumerate(names)
    )
    units = organisation(departments, teams)
    return replace(
        content,
        dimensions=tuple(score_row(f"d{place}", name, "", 50 + 3 * place) for place, name in enumerate(names)),
        items=groups,
        units=tuple(scored(unit, standing, dimensions, items) for unit, standing in units),
    )


def items_of(dimension: str, numbers: range) -> Iterator[ScoreRow]:
    """Statements of 30 and of 120 signs, some reverse-keyed."""
    long = "In diesem Team kann ich offen sagen, was ich denke, auch wenn es niemand hören mag und die Zeit knapp ist"
    for number in numbers:
        yield score_row(
            f"i{number}",
            long if number % 4 else "Es ist leicht, um Hilfe zu bitten.",
            dimension,
            50,
            reverse=number % 3 == 0,
        )


def organisation(departments: int, teams: int) -> Iterator[tuple[UnitRow, str]]:
    """Departments with teams, each with its standing."""
    bare = unit_row("o", "Sample organisation", "organisation", 0, (), ("same",) * 3)
    yield bare, "none"
    for d in range(departments):
        name = f"Kundenservice und Vertrieb Süddeutschland {d}"
        yield replace(bare, id=f"d{d}", name=name, kind="unit", level="Department", depth=1, path=(name,)), "same"
        for t in range(teams):
            team = replace(
                bare, id=f"t{d}-{t}", name=TEAMS[t % 3], kind="team", level="Team", depth=2, path=(name, f"{t}")
            )
            yield team, STANDINGS[(d + t) % 5]


def scored(unit: UnitRow, standing: str, dimensions: int, items: int) -> UnitRow:
    """The unit with one score throughout."""
    score = unit_score(unit.name, 62, standing)
    hidden = standing == "withheld"
    n, rate = (HIDDEN, HIDDEN) if hidden else (unit.n, unit.response_rate)
    scores = {"dimensions": (score,) * dimensions, "items": (score,) * items}
    return replace(unit, withheld=hidden, n=n, response_rate=rate, **scores)


@pytest.fixture(scope="module")
def page(content: ReportContent) -> Element:
    return parse(to_html(content))


def test_the_same_content_gives_the_same_bytes(content: ReportContent) -> None:
    """No clock, no random ids: a report can be compared with an earlier one."""
    assert to_html(content) == to_html(content)


def test_every_number_of_a_dimension_stands_in_its_row(page: Element) -> None:
    """The table beside the chart: index first, favourable share second, spread last."""
    first, *_ = page.one(id="dimensions").one("table").rows()

    assert first == [
        *("Trust What Trust is about, in a plain sentence.", "212", "71 68–74"),
        *("61% 54%–67%", "22%", "17%", "3.84", "0.81"),
    ]


def test_every_number_of_an_item_stands_in_its_row(page: Element, content: ReportContent) -> None:
    """The answers as they were ticked, reverse-keyed or not."""
    straight, turned = page.one(id="items-trust").one("table").rows()

    assert straight[0] == content.items[0].rows[0].label
    assert straight[1:] == [
        *("212", "58 55–61", "61% 54%–67%", "22%", "17%"),
        *("5%", "12%", "22%", "41%", "20%", "3.32", "0.81"),
    ]
    assert turned[0].endswith("turned round: here low answers are the favourable ones")


def test_the_points_of_the_scale_and_the_band_are_printed(page: Element, content: ReportContent) -> None:
    """What counts as favourable is said where it is used."""
    section = page.one(id="items-trust")

    assert content.items[0].band in page.one(id="items").text
    for point in content.items[0].rows[0].points:
        assert point in section.one("thead").text
        assert point in section.one("ul", class_="legend").text


def test_the_bands_are_called_what_the_content_calls_them(content: ReportContent) -> None:
    """A survey without a made instrument has no favourable end."""
    undirected = replace(content, bands=("Above the middle", "Middle", "Below the middle"))

    text = parse(to_html(undirected)).one("main").text

    assert "Above the middle" in text
    assert "Favourable 95" not in text


def test_every_number_of_a_unit_stands_in_its_row(page: Element) -> None:
    """In the order given; what a mark says to the eye, a word says to the ear."""
    assert page.one("table", class_="units").rows() == [
        ["Sample organisation", "9", "75%", "60 48–72", "63 51–75", "66 54–78"],
        [
            "Werkstatt & Technik <script>alert(1)</script> Department",
            "9",
            "75%",
            "60 above 48–72",
            "63 51–75",
            "66 54–78",
        ],
        ["=1+1 Team", "9", "75%", "60 below 48–72", "63 51–75", "withheld"],
        ["Team mit einem sehr langen Namen, vierzig Zeichen Team", *["withheld"] * 5],
        ["Everybody else in Werkstatt, together Team", "9", "75%", "60 48–72", "63 51–75", "66 54–78"],
    ]


def test_every_item_of_a_unit_stands_in_the_table_of_its_dimension(page: Element) -> None:
    """Two items each: the first table holds the first two, the last the last two."""
    tables = page.all("table", class_="statements")

    assert [table.rows()[1][1:] for table in tables] == [["55 above", "56"], ["57", "58 above"], ["59", "60"]]


def test_a_withheld_unit_shows_nothing_but_that(page: Element) -> None:
    """No number anywhere in its rows, and none in an attribute."""
    for row in page.all("tr", class_="withheld"):
        _, *cells = [child for child in row.children if isinstance(child, Element)]
        assert {cell.text for cell in cells} == {"withheld"}
        assert {tuple(cell.attributes.items()) for cell in cells} == {(("class", "absent"),)}


def test_hostile_texts_are_inert(page: Element) -> None:
    """They stand in the page as text; no element and no script came of them."""
    assert "In this team <b>we</b> can say" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert not page.all("b")
    assert [script.attributes.get("type", "ours") for script in page.all("script")] == [
        *["application/json"] * 5,
        "ours",
        "application/octet-stream",
    ]


def test_the_policy_lets_only_the_loader_run(page: Element) -> None:
    """The hash in the Content-Security-Policy is that of the loader, byte for byte."""
    (loader,) = (script for script in page.all("script") if "type" not in script.attributes)
    digest = base64.b64encode(hashlib.sha256(loader.source.encode()).digest()).decode()

    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"] or ""

    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}' 'strict-dynamic' blob:;" in policy


def test_the_page_names_nothing_outside_itself(page: Element) -> None:
    """Every link leads to a place in the page, and every place that is named exists once."""
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    links = [element.attributes["href"] or "" for element in page.all("a")]
    labels = {element.attributes.get("aria-labelledby") for element in page.walk()} - {None}

    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert labels <= set(ids)
    assert not [element for element in page.walk() if {"src", "srcset", "action"} & element.attributes.keys()]
    assert not re.search(r"url\(|@import|https?:", page.one("style").source)


def test_beside_every_chart_stands_a_table(page: Element) -> None:
    """In its figure, open without a script; and each chart has a name and its place."""
    for figure in page.all("figure"):
        assert figure.all("table")
        assert {"aria-label", "aria-labelledby"} & figure.attributes.keys()
        for place in figure.all("div", class_="chart"):
            assert place.attributes["role"] == "img"
            assert place.attributes["aria-label"]
            assert figure.one("script", data_chart=place.attributes["id"] or "")
    assert all("open" in fold.attributes for fold in page.all("details", class_="beside"))


def test_tables_can_be_scrolled_with_the_keyboard(page: Element) -> None:
    """Each in a region of its own, with a name."""
    regions = page.all("div", class_="scroll")

    assert len(regions) == len(page.all("table"))
    for region in regions:
        assert (region.attributes["tabindex"], region.attributes["role"]) == ("0", "region")
    names = [region.attributes["aria-label"] for region in regions]
    assert len(names) == len(set(names))


def test_headings_are_a_tree(page: Element) -> None:
    """One title; no level is left out on the way down."""
    levels = [int(element.tag[1]) for element in page.walk() if re.fullmatch("h[1-6]", element.tag)]

    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_all_that_is_said_in_sentences_is_there(page: Element, content: ReportContent) -> None:
    """Notices, summary, captions, advice, data notes and method, word for word."""
    said = [
        *(content.title, content.subtitle, content.source, content.version, content.instrument),
        *(*content.notices, *content.summary, *content.advice),
        *(content.dimensions_caption, content.items_caption, content.units_caption, content.withheld_note),
        *(meaning for _, meaning in content.units_legend),
        *(text for fact in (*content.reading, *content.quality) for text in (fact.label, fact.value.text, fact.note)),
        *(text for section in content.method for text in (section.heading, *section.paragraphs)),
    ]

    assert [text for text in said if text not in page.text] == []


def test_a_date_stands_in_the_page_only_where_there_is_one(content: ReportContent) -> None:
    """A renderer has no clock."""
    dated = parse(to_html(replace(content, date="1 April 2026"))).one("footer").text

    assert dated.rstrip().endswith("psafety 0.1.0 · 1 April 2026")
    assert parse(to_html(content)).one("footer").text.rstrip().endswith("psafety 0.1.0")


def test_what_a_survey_does_not_have_leaves_no_trace(content: ReportContent) -> None:
    """No heading without content, and no link to it."""
    bare = replace(
        content,
        subtitle="",
        wave="",
        notices=(),
        summary=(),
        dimensions=(),
        items=(),
        units=(replace(content.units[0], dimensions=(), items=()),),
        units_caption="",
        reading=(),
        quality=(),
        advice=(),
        method=(),
        evidence=contract.EvidenceContent(),
    )

    page = parse(to_html(bare))

    assert [heading.text for heading in page.walk() if re.fullmatch("h[1-6]", heading.tag)] == [
        "Sample organisation",
        "Data notes",
    ]
    assert not page.all("div", class_="chart")
    assert {link.attributes["href"] for link in page.all("a")} == {"#main", "#data"}


def test_response_rates_have_a_column_only_where_they_are_known(content: ReportContent) -> None:
    """Without headcounts there would be a column of nothing."""
    unknown = Absent("not known")
    without = replace(content, units=tuple(replace(unit, response_rate=unknown) for unit in content.units))

    page = parse(to_html(without))

    assert "Response rate" not in page.text
    assert page.one("table", class_="units").rows()[0][:3] == ["Sample organisation", "9", "60 48–72"]


def test_items_with_different_scales_have_tables_of_their_own(content: ReportContent) -> None:
    """One header cannot name the points of both."""
    group = content.items[0]
    short = replace(
        group.rows[1],
        points=("No", "Yes"),
        bands=("lower", "upper"),
        distribution=group.rows[1].distribution[:2],
    )
    mixed = replace(content, items=(replace(group, rows=(group.rows[0], short)), *content.items[1:]))

    section = parse(to_html(mixed)).one(id="items-trust")

    assert [len(table.rows()) for table in section.all("table")] == [1, 1]
    assert [fold.text for fold in section.all("summary")] == [f"Trust ({n}): the figures as a table" for n in (1, 2)]
    assert [place.attributes["id"] for place in section.all("div", class_="chart")] == [
        "chart-items-trust-1",
        "chart-items-trust-2-1",
    ]


def test_a_usual_report_is_small_enough_to_be_sent(content: ReportContent) -> None:
    """Fifty units, nine dimensions, 37 items, and all of plotly.js."""
    assert len(to_html(enlarged(content))) < 2_500_000


def test_more_units_than_a_chart_can_hold_are_folded_by_department(content: ReportContent) -> None:
    """The heat map stops at the upper levels and says so; the tables hold everything."""
    large = enlarged(content, dimensions=3, items=6, departments=10, teams=20)

    section = parse(to_html(large)).one(id="units")

    assert "The chart stops at the upper levels" in section.text
    assert [fold.one("summary").text for fold in section.one("figure").all("details")] == [
        "Sample organisation",
        *(f"Kundenservice und Vertrieb Süddeutschland {d}" for d in range(10)),
    ]
    assert sum(len(table.rows()) for table in section.all("table", class_="units")) == 211
    assert not section.all("table", class_="statements")
    assert "in the workbook" in section.text


def test_many_teams_without_departments_are_folded_into_handy_tables(content: ReportContent) -> None:
    """Two hundred at most in each, under the names of the first and the last."""
    teams = (unit_row(f"t{t}", f"Team {t:03}", "team", 1, (f"Team {t:03}",), ("same",) * 3) for t in range(450))

    section = parse(to_html(replace(content, units=(content.units[0], *teams)))).one(id="units")

    assert "too many units for one chart" in section.text
    assert [fold.one("summary").text for fold in section.all("details")] == [
        "Sample organisation – Team 198",
        "Team 199 – Team 398",
        "Team 399 – Team 449",
    ]


def test_ten_thousand_units_stay_light(content: ReportContent) -> None:
    """A browser opens it, and a mailbox takes it."""
    few, many = (enlarged(content, dimensions=3, items=6, departments=d, teams=99) for d in (2, 100))

    sizes = [len(to_html(one)) for one in (few, many)]

    assert sizes[1] < 8_000_000
    assert (sizes[1] - sizes[0]) / (len(many.units) - len(few.units)) < 450


# The templates as such.


def templates() -> dict[str, nodes.Template]:
    environment = Environment(loader=PackageLoader("psafety.reports"), autoescape=True)
    mine = (path for path in TEMPLATES.iterdir() if not {"comparison", "team"} & set(re.split(r"[._]", path.name)))
    return {path.name: environment.parse(path.read_text("utf-8")) for path in mine}


def test_templates_use_the_names_that_they_are_given_and_no_others(content: ReportContent) -> None:
    """Nothing is passed in vain, nothing is asked for in vain."""
    asked = set().union(*(jinja2.meta.find_undeclared_variables(tree) for tree in templates().values()))

    assert asked - {"speaks_against", "_", "ngettext", "design"} == html._names(content).keys()


def test_templates_and_charts_use_every_field_of_the_content() -> None:
    """A field that nothing has is a mistake; a field that nothing shows is for another format."""
    kinds = [
        kind for kind in vars(contract).values() if isinstance(kind, type) and kind.__module__ == contract.__name__
    ]
    parts = html.Panel, html.UnitTable, charts.Chart, Library, Design
    offered = {name for kind in (*kinds, *parts) for name in kind.__annotations__}
    used = {node.attr for tree in templates().values() for node in tree.find_all(nodes.Getattr)}
    source = Path(charts.__file__).read_text("utf-8")
    drawn = set(re.findall(r"\b(?:row|score|share|cell|unit|dimension)\.(\w+)", source))

    assert used - offered == {"length", "is_said", "organisation"}  # of a loop; questions to the content
    in_a_sentence = {"who"}
    in_the_snapshot = {"directed", "scale", "sd_index", "sd_within", "degrees", "measure_id"}
    in_the_workbook = {"format", "distributions", "item", "shares"}
    in_the_workbook |= {"is_item", "standardised", "team_people", "deviation", "agreement"}
    on_team_pages = {"unit_id", "item_id", "against", "above", "merged"}
    for_the_program = {"design", "shared", "templates", "browser"}
    elsewhere = in_a_sentence | in_the_snapshot | in_the_workbook | on_team_pages | for_the_program
    assert offered - used - drawn == elsewhere


def test_templates_trust_no_text() -> None:
    """Autoescape is on, and nothing in a template turns it off."""
    for tree in templates().values():
        assert not {node.name for node in tree.find_all(nodes.Filter)} & {"safe", "tojson", "striptags"}
        assert not list(tree.find_all((nodes.MarkSafe, nodes.MarkSafeIfAutoescape, nodes.ScopedEvalContextModifier)))


# The stylesheet.


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT, DARK = (
    palette(block.partition("\n}\n")[0])
    for block in (TEMPLATES / "style.css").read_text("utf-8").split("@media screen and (prefers-color-scheme: dark)")
)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *((words, ground) for words in ("ink", "muted", "accent") for ground in ("paper", "panel")),
        *((f"on-{level}", f"{side}-{level}") for level in "123" for side in ("for", "against")),
        ("on-neutral", "neutral"),
        ("ink", "neutral"),
        ("ink", "for-1"),  # a cell of a table
        ("ink", "against-1"),
    ],
)
def test_words_stand_out_from_what_they_stand_on(colours: dict[str, str], words: str, ground: str) -> None:
    """WCAG 2.2 AA; axe cannot see into a chart."""
    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_can_be_told_apart_stands_out_from_what_cannot(colours: dict[str, str]) -> None:
    """Marked cells against the grey of the others: lighter or darker, not only of another hue."""
    assert contrast(colours["for-2"], colours["neutral"]) > 1.5
    assert contrast(colours["against-2"], colours["neutral"]) > 1.5
