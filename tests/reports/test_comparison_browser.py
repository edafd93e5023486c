"""The comparison in a real browser: nothing is fetched, nothing complains, everything can be read."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from accessibility import RULES, violations
from compared import example
from psafety.reports.comparison.html import to_html
from test_browser import DESK, MODES, WORDS, Opened, browser, open_page, overlap  # noqa: F401 (fixtures)

UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
DRAWN = """() => new Promise((done) => {
  const look = () => (document.querySelector(".chart:not(:has(.main-svg))") ? setTimeout(look, 20) : done());
  look();
})"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("comparison") / "comparison.html"
    path.write_bytes(to_html(example()))
    return path


def unfolded(page: Any) -> None:
    """Every fold open, and the charts inside drawn."""
    page.evaluate(UNFOLD)
    page.evaluate(DRAWN)


@pytest.fixture(scope="module", params=MODES)
def opened(request: pytest.FixtureRequest, open_page: Callable[..., Opened], report: Path) -> Opened:  # noqa: F811
    opened = open_page(report, drawn=False, **MODES[request.param])
    opened.page.locator(".chart .main-svg").first.wait_for()
    return opened


def test_the_page_says_nothing_and_asks_for_nothing(opened: Opened, report: Path) -> None:
    """No message on the console; the only requests are the file and the library that it carries."""
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith("blob:")] == [report.as_uri()]


def test_every_chart_is_drawn_once_its_fold_is_open(opened: Opened) -> None:
    """What is folded away has no width to draw in until then; nothing scrolls sideways."""
    unfolded(opened.page)
    width, room = opened.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")

    assert opened.page.locator(".chart").count() == 5
    assert width == room


def test_no_word_of_a_chart_is_cut_or_covered(opened: Opened) -> None:
    """Names, verdicts and numbers: inside the chart, and apart from each other."""
    unfolded(opened.page)
    for chart in opened.page.locator(".chart").all():
        seen = chart.evaluate(WORDS)
        left, right, top, bottom = seen["chart"]
        assert seen["words"]
        for text, box in seen["words"]:
            assert left - 1 <= box[0] < box[1] <= right + 1, text
            assert top - 1 <= box[2] < box[3] <= bottom + 1, text
        assert [(one, other) for (one, a), (other, b) in combinations(seen["words"], 2) if overlap(a, b)] == []


@pytest.fixture(scope="module")
def unlocked(open_page: Callable[..., Opened], report: Path) -> Any:  # noqa: F811
    """Without its own policy, which would not let axe in."""
    return open_page(report, drawn=False, bypass_csp=True, viewport=DESK).page


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(unlocked: Any, mode: str) -> None:
    """WCAG 2.2 AA and axe's own advice, with everything unfolded."""
    unlocked.set_viewport_size(MODES[mode]["viewport"])
    unlocked.emulate_media(color_scheme=MODES[mode].get("color_scheme", "light"))
    unfolded(unlocked)

    assert violations(unlocked, only=RULES[mode]) == []


def test_hovering_says_a_sentence(open_page: Callable[..., Opened], report: Path) -> None:  # noqa: F811
    """The change in words, with its interval and its verdict."""
    page = open_page(report, drawn=False, viewport=DESK).page
    dot = page.locator("#chart-dimensions-1 .scatterlayer .trace").last.locator(".point").first
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    said = page.locator("#chart-dimensions-1 .hovertext")
    said.wait_for()

    assert "between +5 and +13: better" in said.text_content()


def test_on_paper_every_chart_is_there(open_page: Callable[..., Opened], report: Path) -> None:  # noqa: F811
    """No wider than A4 between its margins; what a chart shows already, and the statements of every unit, stay away."""
    page = open_page(report, drawn=False, viewport={"width": 680, "height": 900}, color_scheme="dark").page
    page.locator(".chart .main-svg").first.wait_for()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") == 680
    assert page.locator(".chart:not(:has(.main-svg))").count() == 0
    assert page.locator("#units table").first.is_visible()
    assert not page.locator("#units-trust table").is_visible()
    assert not page.locator(".on-screen").is_visible()


def test_without_javascript_every_figure_is_there(open_page: Callable[..., Opened], report: Path) -> None:  # noqa: F811
    """The tables beside the charts stand open; only single statements of units have to be unfolded."""
    page = open_page(report, drawn=False, java_script_enabled=False, viewport=DESK).page

    assert page.locator(".chart:visible").count() == 0
    for name in ("dimensions", "units", "units-trust", "items"):
        assert page.locator(f"#{name} table").first.is_visible()
    assert page.locator("#trend details.beside table").is_visible()
