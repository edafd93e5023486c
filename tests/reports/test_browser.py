"""The report in a real browser, opened from disk: nothing is fetched, nothing complains, everything can be read."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from accessibility import CONTRAST, RULES, violations
from psafety.reports.content import ReportContent
from psafety.reports.design import Design, design_of
from psafety.reports.html import to_html
from psafety.reports.library import FOLDER, shared_file
from test_html import enlarged

sync_api = pytest.importorskip("playwright.sync_api")

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
DESK = {"width": 1280, "height": 900}
MODES: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}

# Where the words of a chart are, those that are hidden left out.
WORDS = """chart => {
  const box = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return [left, right, top, bottom];
  };
  const words = [...chart.querySelectorAll('.annotation-text-g text, .bartext, .xtick text')];
  return {
    chart: box(chart),
    words: words.map((word) => [word.textContent, box(word)]).filter(([_, [left, right]]) => right > left),
    bars: box(chart).at(0) + chart.layout.margin.l,
  };
}"""


@dataclass
class Opened:
    """A page, what it said on the console and what it asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with all that is hard: nine dimensions, 37 long items, fifty teams, hostile texts."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    large = enlarged(content)
    path.write_bytes(to_html(large))
    return path


@pytest.fixture(scope="module")
def example_report(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "example.html"
    path.write_bytes(to_html(content))
    return path


@pytest.fixture(scope="module")
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def opened(path: Path, *, drawn: bool = True, **options: Any) -> Opened:
        context = browser.new_context(**options)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("console", lambda message: opened.said.append(message.text))
        opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.goto(path.as_uri())
        if drawn:
            opened.page.locator(".chart").last.locator(".main-svg").first.wait_for()
        return opened

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module", params=MODES)
def opened(request: pytest.FixtureRequest, open_page: Callable[..., Opened], report: Path) -> Opened:
    return open_page(report, **MODES[request.param])


def overlap(one: list[float], other: list[float]) -> bool:
    left, right = max(one[0], other[0]), min(one[1], other[1])
    top, bottom = max(one[2], other[2]), min(one[3], other[3])
    return right - left > 1 and bottom - top > 1


def test_the_page_says_nothing_and_asks_for_nothing(opened: Opened, report: Path) -> None:
    """No message on the console; the only requests are the file and the library that it carries."""
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith("blob:")] == [report.as_uri()]


def test_every_chart_is_drawn(opened: Opened) -> None:
    """And the tables beside them are folded away."""
    charts = opened.page.locator(".chart")

    assert charts.count() == opened.page.locator(".chart:has(.main-svg)").count() > 10
    assert opened.page.locator("details[open]").count() == 0


def test_the_page_does_not_scroll_sideways(opened: Opened) -> None:
    """Wide tables scroll in their own region."""
    opened.page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    width, room = opened.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    opened.page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = false))")

    assert width == room


def test_no_word_of_a_chart_is_cut_or_covered(opened: Opened) -> None:
    """Labels, numbers and names of columns: inside the chart, apart from each other, and not under the bars."""
    for chart in opened.page.locator(".chart").all():
        seen = chart.evaluate(WORDS)
        left, right, top, bottom = seen["chart"]
        assert seen["words"]
        for text, box in seen["words"]:
            assert left - 1 <= box[0] < box[1] <= right + 1, text
            assert top - 1 <= box[2] < box[3] <= bottom + 1, text
            assert box[0] >= seen["bars"] - 1 or box[1] <= seen["bars"], text
        assert [(one, other) for (one, a), (other, b) in combinations(seen["words"], 2) if overlap(a, b)] == []


@pytest.fixture(scope="module")
def unlocked(open_page: Callable[..., Opened], example_report: Path) -> Any:
    """The example without its own policy, which would not let axe in."""
    return open_page(example_report, bypass_csp=True, viewport=DESK).page


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(unlocked: Any, mode: str) -> None:
    """WCAG 2.2 AA and axe's own advice, with everything unfolded."""
    unlocked.set_viewport_size(MODES[mode]["viewport"])
    unlocked.emulate_media(color_scheme=MODES[mode].get("color_scheme", "light"))
    unlocked.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")

    assert violations(unlocked, only=RULES[mode]) == []


@pytest.fixture(scope="module")
def small(open_page: Callable[..., Opened], example_report: Path) -> Opened:
    """The example, on whatever screen a test sets."""
    return open_page(example_report, viewport=DESK)


def test_texts_are_shown_as_they_were_written(small: Opened) -> None:
    """Names that look like tags, formulas or scripts are names, in charts too."""
    assert "<script>alert(1)</script>" in small.page.locator("#chart-units-1").text_content()
    assert "In this team <b>we</b> can say" in small.page.locator("#chart-items-trust-1").text_content()
    assert small.page.locator(".chart a").count() == 0


def test_hovering_says_a_sentence(small: Opened) -> None:
    """The row in words, with the name of the unit as it stands in the file."""
    cell = small.page.locator("#chart-units-1 .barlayer .trace").first.locator(".point").nth(2)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    small.page.mouse.move(box["x"] + 9, box["y"] + 9)

    said = small.page.locator("#chart-units-1 .hovertext")
    said.wait_for()

    assert said.text_content().startswith("=1+1")


def test_colours_follow_the_scheme_at_once(small: Opened) -> None:
    """Charts are drawn anew when the reader's system turns dark."""
    dot = small.page.locator("#chart-dimensions-1 .scatterlayer .point").first
    small.page.emulate_media(color_scheme="light")
    light = dot.evaluate("element => element.style.fill")

    small.page.emulate_media(color_scheme="dark")
    small.page.wait_for_timeout(200)

    assert dot.evaluate("element => element.style.fill") == "rgb(143, 192, 240)" != light


def test_a_turned_phone_gets_the_wide_charts(small: Opened) -> None:
    """Labels stand above the bars on a narrow page and beside them on a wide one."""
    heights = []
    for size in ({"width": 360, "height": 740}, DESK):
        small.page.set_viewport_size(size)
        small.page.wait_for_timeout(500)
        heights.append(
            small.page.evaluate("[...document.querySelectorAll('.chart')].map((chart) => chart.offsetHeight)")
        )

    assert all(narrow > wide for narrow, wide in zip(*heights, strict=True))


def test_on_paper_the_colours_are_light_and_every_table_is_open(small: Opened) -> None:
    """Also for those who read in the dark; afterwards the page is as it was."""
    small.page.set_viewport_size(DESK)
    small.page.emulate_media(color_scheme="dark")
    small.page.wait_for_timeout(500)
    now = """() => ({
      colour: document.querySelector("#chart-dimensions-1 .scatterlayer .point").style.fill,
      width: document.querySelector("#chart-dimensions-1 .main-svg").clientWidth,
      folded: document.querySelectorAll("details:not([open])").length,
    })"""
    before = small.page.evaluate(now)
    small.page.evaluate(f"addEventListener('beforeprint', () => (window.onPaper = ({now})()))")

    printed = small.page.pdf(format="A4")

    assert printed.startswith(b"%PDF")
    assert small.page.evaluate("onPaper") == {"colour": "rgb(27, 90, 155)", "width": 980, "folded": 0}
    assert small.page.evaluate(now) == before
    assert before["folded"] > 5
    assert {**before, "folded": 7} == {"colour": "rgb(143, 192, 240)", "width": 928, "folded": 7}
    assert small.said == []


def test_no_table_and_no_chart_is_wider_than_paper(open_page: Callable[..., Opened], report: Path) -> None:
    """A4 leaves 680 pixels between its margins, Letter more; what is wider would shrink the whole print."""
    page = open_page(report, viewport={"width": 680, "height": 900}).page

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") == 680


def test_without_javascript_every_table_is_there(open_page: Callable[..., Opened], example_report: Path) -> None:
    """No empty places for charts, and nothing to unfold before the figures can be read."""
    page = open_page(example_report, drawn=False, java_script_enabled=False, viewport=DESK).page

    assert page.locator(".chart:visible").count() == 0
    assert page.locator("noscript").count() == 1
    for table in page.locator("section:not(#data) figure table").all():
        assert table.is_visible()


def test_a_browser_that_cannot_unpack_shows_the_tables(
    browser: Any, open_page: Callable[..., Opened], example_report: Path
) -> None:
    """An old browser says so on its console, and holds back no figure."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script("delete window.DecompressionStream")
    page.goto(example_report.as_uri())
    page.locator("details.beside[open]").first.wait_for()

    assert page.locator(".chart:visible").count() == 0
    assert page.locator("details.beside:not([open])").count() == 0
    assert said[0].startswith("The charts could not be drawn")
    context.close()


# The table of contents, and the way to every figure.


def test_the_table_of_contents_follows_the_reading(small: Opened) -> None:
    """One link at a time is marked, for screen readers too: the part that is being read."""
    small.page.set_viewport_size(DESK)
    marked = "[...document.querySelectorAll('nav a[aria-current]')].map((link) => link.hash)"
    found = []
    for place in ("summary", "items-openness", "method"):
        small.page.evaluate(f"document.getElementById('{place}').scrollIntoView()")
        small.page.wait_for_timeout(200)
        found.append(small.page.evaluate(marked))

    assert found[:2] == [["#summary"], ["#items-openness"]]
    assert [len(links) for links in found] == [1, 1, 1]
    assert found[2][0].startswith("#method")


def test_every_figure_has_an_address_of_its_own(small: Opened) -> None:
    """A link that leads to the figure it stands in; seen when it is reached by keyboard or pointed at."""
    small.page.set_viewport_size(DESK)
    for figure in small.page.locator("figure").all():
        link = figure.locator(".anchor").first
        assert link.get_attribute("href") == f"#{figure.get_attribute('id')}"
        assert link.get_attribute("aria-label")
        link.focus()
        assert link.evaluate("link => getComputedStyle(link).opacity") == "1"


def test_an_address_leads_to_its_figure_at_once(open_page: Callable[..., Opened], report: Path) -> None:
    """Room is kept for charts that are not drawn yet, so that nothing moves under the reader."""
    page = open_page(report, drawn=False, viewport=DESK).page
    page.goto(f"{report.as_uri()}#figure-units")
    top = "document.getElementById('figure-units').getBoundingClientRect().top"
    early = page.evaluate(top)
    page.locator(".chart").last.locator(".main-svg").first.wait_for()
    page.wait_for_timeout(300)

    assert -5 < early < 60
    assert abs(page.evaluate(top) - early) < 60


def test_the_keyboard_reaches_every_link_fold_and_table(small: Opened) -> None:
    """And nothing holds it fast."""
    small.page.set_viewport_size(DESK)
    small.page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    small.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    wanted = small.page.locator("a[href], summary, [tabindex='0']").count()
    here = "() => [...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].indexOf(document.activeElement)"
    reached = []
    for _ in range(wanted + 1):
        small.page.keyboard.press("Tab")
        reached.append(small.page.evaluate(here))
    small.page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = false))")

    assert set(range(wanted)) <= set(reached)


# Many units.


@pytest.fixture(scope="module")
def many_units(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose units do not fit one table."""
    path = tmp_path_factory.mktemp("page") / "many.html"
    path.write_bytes(to_html(enlarged(content, dimensions=3, items=6, departments=8, teams=20)))
    return path


SHOWN = """() => [...document.querySelectorAll("#units details[open] tbody tr")].filter((row) => row.checkVisibility())
    .map((row) => row.cells[0].firstChild.textContent.trim())"""


def test_a_unit_is_found_by_a_part_of_its_name(open_page: Callable[..., Opened], many_units: Path) -> None:
    """With the keyboard alone; under the units that it is in. All is as before once the field is empty."""
    opened = open_page(many_units, viewport=DESK)
    page, field = opened.page, opened.page.get_by_label("Find a unit or team by its name:")
    names = page.evaluate(
        "[...document.querySelectorAll('#units tbody th')].map((cell) => cell.firstChild.textContent)"
    )
    wanted = names[-1].strip()
    field.focus()
    page.keyboard.type(wanted.upper())
    page.wait_for_timeout(300)
    shown = page.evaluate(SHOWN)
    field.fill("no unit is called this")
    page.wait_for_timeout(300)
    is_said = page.get_by_role("status").is_visible()
    field.fill("")
    page.wait_for_timeout(300)

    assert wanted in shown
    assert 1 < len(shown) < len(names) / 2
    assert is_said
    assert (page.evaluate(SHOWN), page.locator("#units [hidden]").count()) == ([], 0)
    assert opened.said == []


def test_without_javascript_there_is_no_field(open_page: Callable[..., Opened], many_units: Path) -> None:
    """Nothing asks for a name that nobody would look up."""
    page = open_page(many_units, drawn=False, java_script_enabled=False, viewport=DESK).page

    assert not page.locator(".find").is_visible()
    assert not page.locator(".find-none").is_visible()


# The library in a file of its own.


@pytest.fixture(scope="module")
def shared_report(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    name, source = shared_file()
    (folder / FOLDER).mkdir()
    (folder / FOLDER / name).write_bytes(source)
    (folder / "report.html").write_bytes(to_html(replace(content, design=Design(shared=True))))
    return folder / "report.html"


def test_a_shared_library_draws_the_same_charts(
    open_page: Callable[..., Opened], shared_report: Path, example_report: Path
) -> None:
    """The only request is for the file beside the page; nothing is said on the console."""
    beside, within = (open_page(path, viewport=DESK) for path in (shared_report, example_report))
    drawn = "[...document.querySelectorAll('.chart')].map((chart) => chart.textContent)"
    beside.page.wait_for_timeout(500)
    within.page.wait_for_timeout(500)

    assert beside.page.evaluate(drawn) == within.page.evaluate(drawn)
    assert beside.said == []
    assert [url.removeprefix(shared_report.parent.as_uri()) for url in beside.asked] == [
        "/report.html",
        f"/{FOLDER}/{shared_file()[0]}",
    ]


def test_without_the_file_beside_it_the_page_shows_its_tables(
    browser: Any, shared_report: Path, tmp_path: Path
) -> None:
    """Whoever sends the page alone sends every figure."""
    (tmp_path / "report.html").write_bytes(shared_report.read_bytes())
    page = browser.new_page(viewport=DESK)
    page.goto((tmp_path / "report.html").as_uri())
    page.locator("details.beside[open]").first.wait_for()

    assert page.locator(".chart:visible").count() == 0
    page.close()


def test_from_a_server_the_fingerprint_of_the_library_is_compared(browser: Any, shared_report: Path) -> None:
    """A file that was exchanged is not run."""
    page = browser.new_page(viewport=DESK)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    script = {"content_type": "text/javascript", "body": "window.exchanged = true"}
    page.route("http://reports.test/**", lambda route: route.fulfill(path=shared_report, content_type="text/html"))
    page.route("http://reports.test/psafety-assets/**", lambda route: route.fulfill(**script))
    page.goto("http://reports.test/report.html")
    page.locator("details.beside[open]").first.wait_for()

    assert page.evaluate("window.exchanged") is None
    assert any("integrity" in line for line in said)
    page.close()


# A look of one's own.


@pytest.mark.parametrize("colour", ["#ffcc00", "#101010", "#d0005f"])
def test_any_colour_can_be_read(unlocked: Any, content: ReportContent, tmp_path: Path, colour: str) -> None:
    """A colour that is too light or too dark is not used as it is, in the light and in the dark."""
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><path d="M0 0h90v30"/></svg>')
    chosen = design_of(logo=str(logo), colours=[colour, colour], introduction="Thank you.\n\nWe talk in March.")
    path = tmp_path / "report.html"
    path.write_bytes(to_html(replace(content, design=chosen)))
    unlocked.goto(path.as_uri())

    assert unlocked.locator(".logo").evaluate("logo => logo.naturalWidth") == 90
    for scheme in ("light", "dark"):
        unlocked.emulate_media(color_scheme=scheme)
        assert violations(unlocked, only=CONTRAST) == []
