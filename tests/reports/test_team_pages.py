"""Team pages: the unit's own figures beside its parent's and the organisation's, and nothing of any other."""

import io
import os
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from jinja2 import Environment, PackageLoader, nodes
from psafety import Look, analyze, compose, load_survey
from psafety.reports.content import Figure, Moved, ReportContent, UnitRow, UnitScore
from psafety.reports.files import write_files
from psafety.reports.teams import content as team_content, facilitator, facilitator_texts, guides as team_guides
from psafety.reports.teams.content import TeamContent, distributions, file_name, places, team_page, team_pages
from psafety.reports.teams.files import team_files
from psafety.reports.teams.html import index_html, to_html
from psafety.reports.wording import undefined, withheld
from psafety.surveys.errors import ConfigError
from psafety.surveys.merging import Merged
from teamed import HOSTILE, content_of, rows_of_all, survey

LARGE = Figure(777, "777", "0")


class Page(HTMLParser):
    """The texts of a page outside its styles, and the rows of its tables as texts."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.lanes: list[str] = []
        self.tags: set[str] = set()
        self._in_style = self._in_cell = False
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_style |= tag == "style"
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self._in_cell = True
            self.rows[-1].append("")
            self.lanes += [value or "" for name, value in attrs if name == "style" and "--low" in (value or "")]

    def handle_endtag(self, tag: str) -> None:
        self._in_style &= tag != "style"
        self._in_cell &= tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.texts.append(data)
            if self._in_cell:
                self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    return content_of(tmp_path_factory.mktemp("teams"), rows_of_all(), headcounts=True)


@pytest.fixture(scope="module")
def pages(organisation: ReportContent) -> dict[tuple[str, ...], TeamContent]:
    """The pages by the path of their unit."""
    found = team_pages(organisation, report="survey-report.html")
    return {tuple(name for name, _ in page.path[1:]): page for page in found}


def unit_of(content: ReportContent, *path: str) -> UnitRow:
    return next(unit for unit in content.units if unit.path == path and unit.kind != "rest")


# Which pages there are, and what they are called


def test_every_unit_has_a_page_and_no_rest_has_one(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """Withheld teams too, in the order of the report."""
    assert list(pages)[:5] == [("Nord",), ("Nord", "Ahorn"), ("Nord", "Birke"), ("Nord", "Linde"), ("Nord", "Ost")]
    assert len(pages) == 9
    assert [path[-1] for path, page in pages.items() if page.withheld] == ["Linde", "Ost"]


def test_names_of_files_do_not_tell_who_is_withheld(organisation: ReportContent) -> None:
    """They are made of the path alone, so they are the same on every run."""
    hidden = replace(organisation, units=tuple(replace(unit, withheld=True) for unit in organisation.units))

    assert [place.file for place in places(hidden)] == [place.file for place in places(organisation)]
    assert len({place.file for place in places(organisation)}) == len(places(organisation))


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        pytest.param(("Werkstatt", "Ahorn"), "werkstatt-ahorn", id="plain"),
        pytest.param(("../../x",), "x", id="out of the folder"),
        pytest.param(("..\\..\\x", "/etc/passwd"), "x-etc-passwd", id="other separators"),
        pytest.param(("CON",), "con", id="a device of Windows"),
        pytest.param(("a" * 300,), "a" * 60, id="longer than a file system bears"),
        pytest.param(("🦊🦊",), "unit", id="nothing but pictures"),
        pytest.param(("فريق",), "unit", id="right to left"),
        pytest.param(("Größe & Straße",), "grosse-strasse", id="umlauts"),
        pytest.param(("a\0b\n.html ",), "a-b-html", id="control signs"),
        pytest.param(("\ud800",), "unit", id="half a sign"),
    ],
)
def test_names_of_files_are_plain(path: tuple[str, ...], stem: str) -> None:
    """Small letters, digits and hyphens, whatever a team is called; alike ones differ in their fingerprint."""
    name = file_name(path, "Team")

    assert re.fullmatch(rf"{stem}-[0-9a-f]{{10}}\.html", name)
    assert name != file_name((*path, "x"), "Team")
    assert name != file_name(path, "Department")


# A page of a shown team


def test_a_page_holds_own_parents_and_organisations_figures(
    pages: dict[tuple[str, ...], TeamContent], organisation: ReportContent
) -> None:
    """As the organisation report prints them, and those of no other unit."""
    page = pages["Nord", "Ahorn"]
    shown = Page(to_html(page))

    assert [column.row for column in page.columns] == [
        unit_of(organisation, "Nord", "Ahorn"),
        unit_of(organisation, "Nord"),
        organisation.units[0],
    ]
    for place, row in enumerate(page.dimensions):
        assert row.scores == tuple(column.row.dimensions[place] for column in page.columns)
    names = {row[0] for row in shown.rows if len(row) > 1}
    assert {"Ahorn", "Nord", "The organisation"} <= names
    assert not {"Birke", "Linde", "Ost", HOSTILE} & names
    assert "Ost" not in shown.text


def test_what_the_picture_shows_is_what_the_table_says(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """Dots and bands are drawn from printed, rounded figures."""
    page = pages["Nord", "Ahorn"]

    assert Page(to_html(page)).lanes == [
        f"--low:{score.low.text};--index:{score.index.text};--high:{score.high.text}"
        for row in page.dimensions
        for score in row.scores
    ]


def test_the_title_of_the_report_is_nobodys_name(organisation: ReportContent) -> None:
    """It stands above the name of the unit, as a title; tables and sentences speak of the organisation."""
    title = "Quarterly pulse: 71 of 100"
    units = (replace(organisation.units[0], name=title), *organisation.units[1:])
    shown, hidden = (
        Page(to_html(page))
        for page in team_pages(replace(organisation, title=title, units=units))
        if page.name in {"Ahorn", "Linde"}
    )

    assert not any(title in cell for page in (shown, hidden) for row in page.rows for cell in row)
    assert [page.text.count(title) for page in (shown, hidden)] == [3, 3]  # <title>, path and the line below the name


def test_what_to_do_comes_before_the_figures(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """A manager has three minutes; the contents follow the reading."""
    for path, first in (("Nord", "Ahorn"), ["summary", "apart", "guide"]), (("Nord", "Linde"), ["summary", "guide"]):
        page = to_html(pages[path]).decode()
        parts = [id_ for id_ in re.findall(r'<section id="([\w-]+)"', page) if not id_.startswith("items-")]

        assert parts[: len(first) + 2] == [*first, "dimensions", "items"]
        assert parts[-2:] == ["others", "method"]
        assert re.findall(r'<li><a href="#([\w-]+)"', page) == parts
        assert page.count('class="try"') == 1


def test_what_stands_apart_is_named_and_tried(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """In words that tell how sure it is, without a best and a worst, with something to try."""
    page = pages["Nord", "Ahorn"]

    assert page.summary[0] == "14 people answered, 70% of those who were asked."
    assert page.summary[1].startswith("Lower than everybody else in the organisation, by more than chance explains:")
    assert page.lower[0].startswith("Trust: ")
    assert page.guide.reason == "Because something on Trust stands lower than elsewhere."
    assert not re.search(r"\b(best|worst|weakest|strongest|rank)\b", Page(to_html(page)).text)


def test_a_team_like_all_others_is_told_so(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """It gets no highest and lowest statement to read tea leaves from."""
    page = pages["Süd & Mitte", "Ein Team mit einem Namen von vierzig Zeichen, ungefähr"]

    assert (page.higher, page.lower) == ((), ())
    assert page.apart_note.startswith("No dimension and no statement of this team can be told apart")
    assert page.guide.reason.startswith("Nothing calls for one thing more than another")


def test_noise_is_half_of_the_widest_interval(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """So that a manager knows which gaps say nothing."""
    page = pages["Nord", "Ahorn"]
    widths = [row.scores[0].high.value - row.scores[0].low.value for row in page.dimensions]

    assert f"about {int(max(widths) + 1) // 2} points" in page.summary[2]


def test_shares_are_those_of_the_team_itself(
    pages: dict[tuple[str, ...], TeamContent], organisation: ReportContent
) -> None:
    """Also where another team has the same name."""
    ours = [one for group in pages["Süd & Mitte", "Ost"].items for panel in group.panels for one in panel.rows]
    row = unit_of(organisation, "Süd & Mitte", "Ost")

    assert [one.shares for one in ours] == [
        found.shares for found in organisation.distributions if found.unit_id == row.id
    ]
    assert sum(share for _, share in ours[0].bar) in range(98, 103)


def test_bars_run_from_unfavourable_to_favourable(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """Those of turned statements are turned round; the figures beside them stay as ticked."""
    ours = [one for group in pages["Nord", "Ahorn"].items for panel in group.panels for one in panel.rows]
    turned = next(one for one in ours if one.remark)

    assert [share for _, share in turned.bar] == [round(share.value * 100) for share in reversed(turned.shares)]
    assert turned.bar[0][0].startswith("against")


def test_a_group_below_ten_is_told_why_there_are_no_shares(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """Averages only, and the reason in plain words."""
    page = pages["Nord", "Birke"]

    assert all(
        not one.shares and not panel.points for group in page.items for panel in group.panels for one in panel.rows
    )
    assert "somebody could count back" in page.items_note
    assert "count back" not in pages["Nord", "Ahorn"].items_note


def test_an_interval_apart_that_may_be_chance_is_explained(organisation: ReportContent) -> None:
    """Where the organisation lies outside the interval and yet nothing is said to differ."""
    birke = unit_of(organisation, "Nord", "Birke")
    near = birke.dimensions[0]._replace(low=Figure(99, "99", "0"), high=Figure(99, "99", "0"), standing="same")
    changed = replace(birke, dimensions=(near, *birke.dimensions[1:]))
    units = tuple(changed if unit is birke else unit for unit in organisation.units)
    page = next(page for page in team_pages(replace(organisation, units=units)) if page.name == "Birke")

    assert "with so many comparisons chance can still explain it" in page.dimensions[0].finding


def test_an_index_without_an_interval_stands_alone(organisation: ReportContent) -> None:
    """Nothing is said of how sure it is where nobody can tell, and a withheld one is called so."""
    birke = unit_of(organisation, "Nord", "Birke")
    bare, hidden = (score._replace(low=undefined(), high=undefined()) for score in birke.dimensions)
    changed = replace(birke, dimensions=(bare, hidden._replace(index=withheld(), standing="withheld")))
    units = tuple(changed if unit is birke else unit for unit in organisation.units)
    page = next(page for page in team_pages(replace(organisation, units=units)) if page.name == "Birke")

    assert page.dimensions[0].finding == "71 of 100; the organisation has 62. No difference can be seen."
    assert page.dimensions[1].finding == "Withheld."
    assert not any("chance alone can move" in sentence for sentence in page.summary)
    assert len(Page(to_html(page)).lanes) == 4


def test_very_many_teams_keep_their_shares(tmp_path: Path) -> None:
    """The workbook leaves them out where teams are very many, but not where each of them gets a page."""
    path = survey(
        tmp_path, [(f"D{team % 9}", f"T{team}", *row[2:]) for team in range(210) for row in rows_of_all()[:10]]
    )
    findings = analyze(load_survey(path))
    without, with_pages = (compose(findings, Look(team_reports=wanted), version="1") for wanted in (False, True))

    assert not any(panel.points for group in team_pages(without)[-1].items for panel in group.panels)
    assert all(panel.points for group in team_pages(with_pages)[-1].items for panel in group.panels)
    assert "count back" not in team_pages(without)[-1].items_note


def test_a_questionnaire_that_nobody_checked_is_marked(organisation: ReportContent) -> None:
    """Its pages say nothing about safety, and base no advice on its dimensions."""
    page = team_pages(replace(organisation, directed=False))[1]

    assert page.notices[0].startswith("No validated instrument.")
    assert page.guide.reason.startswith("Nothing calls for")


def test_a_unit_of_which_nothing_can_be_compared_is_told_so(organisation: ReportContent) -> None:
    """Neither alike nor apart: there is nothing to compare with."""
    alone = replace(
        unit_of(organisation, "Nord"),
        dimensions=(),
        evidence=(),
        items=tuple(score._replace(standing="none") for score in organisation.units[1].items),
    )
    content = replace(organisation, dimensions=(), units=(replace(organisation.units[0], dimensions=()), alone))
    (page,) = team_pages(content)

    assert page.apart_note.startswith("Nothing was compared")
    assert page.summary[0].startswith("30 people answered")
    assert 'table class="lanes"' not in to_html(page).decode()


# A page of a withheld team


@pytest.mark.parametrize("name", ["Linde", "Ost"])
def test_a_withheld_team_gets_its_parents_results_and_a_kit(
    pages: dict[tuple[str, ...], TeamContent], organisation: ReportContent, name: str
) -> None:
    """Why, that it can happen to a large team, three questions, a plan, something to try; and no figure of its own."""
    page = pages["Nord", name]
    shown = Page(to_html(page))

    assert [column.row for column in page.columns] == [unit_of(organisation, "Nord"), organisation.units[0]]
    assert "So a large team can be left out too." in shown.text
    assert "It never depends on what anybody answered" in shown.text
    assert "Nobody did anything wrong" in shown.text
    assert len(page.guide.opening) == 3
    assert [step.minutes for step in page.guide.plan] == [
        "Five minutes",
        "Ten minutes",
        "Fifteen minutes",
        "Ten minutes",
        "Five minutes",
    ]
    assert (page.higher, page.lower, page.apart_note) == ((), (), "")


def test_below_a_withheld_unit_stands_the_nearest_shown_one(organisation: ReportContent) -> None:
    """And the organisation where no unit above is shown."""
    units = tuple(replace(unit, withheld=unit.withheld or unit.path == ("Nord",)) for unit in organisation.units)
    page = next(page for page in team_pages(replace(organisation, units=units)) if page.name == "Linde")

    assert [column.role for column in page.columns] == ["organisation"]
    assert "Results of the organisation" in Page(to_html(page)).text


def test_a_withheld_page_never_looks_at_its_own_row(organisation: ReportContent) -> None:
    """Even if figures stood there, such as how many answered and were asked, nothing of them would be printed."""
    linde = unit_of(organisation, "Nord", "Linde")
    full = replace(
        linde,
        n=LARGE,
        response_rate=LARGE,
        dimensions=organisation.units[0].dimensions,
        items=organisation.units[0].items,
    )
    units = tuple(full if unit is linde else unit for unit in organisation.units)
    spread = distributions(organisation)

    for place, other in zip(places(organisation), places(replace(organisation, units=units)), strict=True):
        if place.unit is linde:
            assert to_html(team_page(organisation, place, spread)) == to_html(team_page(organisation, other, spread))


@settings(max_examples=12)
@given(order=st.permutations(range(9)))
def test_pages_do_not_depend_on_what_a_withheld_team_answered(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    """Linde and the northern Ost are printed together: whoever of them answered what, every byte stays the same."""
    rows = rows_of_all()
    hidden = [place for place, row in enumerate(rows) if row[:2] in {("Nord", "Linde"), ("Nord", "Ost")}]
    moved = list(rows)
    for place, source in zip(hidden, order, strict=True):
        moved[place] = (*rows[place][:2], *rows[hidden[source]][2:])
    folder = tmp_path_factory.mktemp("moved")

    assert len(hidden) == 9
    assert all_bytes(content_of(folder, moved)) == all_bytes(content_of(folder, rows))


def all_bytes(content: ReportContent) -> list[bytes]:
    found = places(content)
    return [index_html(content, found), *(to_html(page) for page in team_pages(content))]


# The templates


def test_templates_use_every_field_of_a_page_and_no_others() -> None:
    """Nothing is offered in vain, nothing is asked for in vain, and no text is trusted."""
    environment = Environment(loader=PackageLoader("psafety.reports"), autoescape=True)
    names = [name for name in environment.list_templates() if name.startswith(("team", "_team")) and "jinja" in name]
    trees = [environment.parse(environment.loader.get_source(environment, name)[0]) for name in names]
    used = {node.attr for tree in trees for node in tree.find_all(nodes.Getattr)}
    modules = team_content, team_guides, facilitator, facilitator_texts
    kinds = [kind for module in modules for kind in vars(module).values()]
    mine = [kind for kind in kinds if isinstance(kind, type) and kind.__module__.partition("reports.")[2]]
    mine = [kind for kind in mine if "team" in kind.__module__ or "facilitator" in kind.__module__]
    offered = {name for kind in mine for name in kind.__annotations__} - {"standing", "view", "change"}
    from_the_report = {
        name for kind in (ReportContent, UnitRow, UnitScore, Merged, Moved) for name in kind.__annotations__
    }
    of_loops, macros = {"index0", "length"}, {"people", "statements", "logo"}

    assert len(trees) == 7
    assert used - offered - from_the_report == (of_loops | macros) - from_the_report
    assert offered - used == {
        "file",
        "above",
        "siblings",
        "page",
        "talk",
        "finding",
    }  # for the index, the folder, what is made of them
    assert not {node.name for tree in trees for node in tree.find_all(nodes.Filter)} & {"safe", "tojson", "striptags"}


# The files


def test_the_index_lists_names_and_nothing_else(organisation: ReportContent) -> None:
    """In the order of the report, each with its link, and no number outside names and the foot."""
    found = places(organisation)
    data = index_html(organisation, found, report="my survey-report.html")
    before_foot = Page(data.partition(b"<footer>")[0]).text

    assert [before_foot.index(f" {place.unit.name} ") for place in found if place.unit.name != "Ost"] == sorted(
        before_foot.index(f" {place.unit.name} ") for place in found if place.unit.name != "Ost"
    )
    assert all(f'href="{place.file}"' in data.decode() for place in found)
    assert not re.search(r"\d", before_foot.replace(HOSTILE, ""))
    assert 'href="../my%20survey-report.html"' in data.decode()


def test_pages_and_archive_are_written_and_are_the_same(organisation: ReportContent, tmp_path: Path) -> None:
    """The archive holds the folder, with the same bytes on every run."""
    write_files(team_files(organisation, tmp_path, "survey", report="survey-report.html"))
    first = (tmp_path / "survey-teams.zip").read_bytes()
    write_files(team_files(organisation, tmp_path, "survey", report="survey-report.html"))
    archive = zipfile.ZipFile(io.BytesIO(first))

    assert (tmp_path / "survey-teams.zip").read_bytes() == first
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        f"survey-teams/{path.name}": path.read_bytes() for path in (tmp_path / "survey-teams").iterdir()
    }
    assert len(archive.namelist()) == 10


def test_pages_need_nothing_beside_them(pages: dict[tuple[str, ...], TeamContent]) -> None:
    """No script, no image, nothing fetched; a page weighs little."""
    for page in pages.values():
        data = to_html(page)
        assert not {"script", "img", "link", "iframe", "object", "svg"} & Page(data).tags
        assert b"default-src 'none'; style-src 'unsafe-inline'" in data
        assert len(data) <= 60_000


def test_without_teams_there_are_no_pages(organisation: ReportContent, tmp_path: Path) -> None:
    """It was asked for, so it is said, and nothing is written."""
    with pytest.raises(ConfigError, match="no teams to make pages of"):
        team_files(replace(organisation, units=organisation.units[:1]), tmp_path, "survey")


def test_what_killed_runs_left_is_taken_away(tmp_path: Path) -> None:
    """After an hour, since another run may be writing now; the lock of the record and people's files stay."""
    names = [".psafety-abcd_123", ".psafety-zzzz9999", ".psafety-record.json.lock", ".psafety-notes"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / names[1])

    write_files({tmp_path / "a.html": b"a"})

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[1:], "a.html"])


def test_a_page_that_cannot_be_made_leaves_no_file(tmp_path: Path) -> None:
    """Not even a half one beside its place."""

    def fails(_: object) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_files({tmp_path / "a.html": lambda file: file.write(b"a"), tmp_path / "b.html": fails})
    assert list(tmp_path.iterdir()) == []
