"""Team pages in a real browser, opened from disk: nothing runs, nothing is fetched, everything fits and can be read."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from accessibility import RULES, violations
from psafety.languages import LANGUAGES, speaking
from psafety.reports.files import write_files
from psafety.reports.teams.content import places
from psafety.reports.teams.facilitator import facilitator_sheet, said, sheet_name
from psafety.reports.teams.facilitator_texts import SCRIPTS
from psafety.reports.teams.files import team_files
from psafety.reports.teams.html import index_html, sheet_html
from teamed import HOSTILE, SIZES, content_of, rows_of_all

sync_api = pytest.importorskip("playwright.sync_api")

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
DESK = {"width": 1280, "height": 900}
MODES: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
}
KINDS = {
    "shown": ("Nord", "Ahorn"),
    "fewer than ten": ("Süd & Mitte", "Ein Team mit einem Namen von vierzig Zeichen, ungefähr"),
    "withheld": ("Nord", "Linde"),
    "hostile": ("Süd & Mitte", HOSTILE),
    "unit": ("Nord",),
}

SHEETS = {"sheet": "shown", "long sheet": "fewer than ten", "sheet without figures": "withheld"}
ALL = [*KINDS, *SHEETS, "index"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of every kind, and the index."""
    folder = tmp_path_factory.mktemp("pages")
    content = content_of(folder, rows_of_all(), headcounts=True)
    write_files(team_files(content, folder, "survey", report="survey-report.html", facilitator=True))
    names = {place.unit.path: place.file for place in places(content)}
    found = {kind: folder / "survey-teams" / names[path] for kind, path in KINDS.items()}
    sheets = {kind: folder / "survey-teams" / sheet_name(names[KINDS[page]]) for kind, page in SHEETS.items()}
    return {**found, **sheets, "index": folder / "survey-teams" / "index.html"}


@pytest.fixture(scope="module")
def page(files: dict[str, Path]) -> Iterator[Any]:
    """One tab; its policy is switched off, since it would not let axe in."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser.new_context(bypass_csp=True).new_page()
        browser.close()


@pytest.fixture
def opened(page: Any, files: dict[str, Path]) -> Callable[[str, str], Any]:
    """Opens a page of one kind in one mode."""

    def open_(kind: str, mode: str) -> Any:
        page.set_viewport_size(MODES[mode]["viewport"])
        page.emulate_media(color_scheme=MODES[mode].get("color_scheme", "light"), media="screen")
        page.goto(files[kind].as_uri())
        return page

    return open_


def test_pages_are_still(page: Any, files: dict[str, Path]) -> None:
    """No message, no dialogue, no request but for the pages themselves; their own policy in force."""
    context = page.context.browser.new_context()
    fresh, said, asked = context.new_page(), [], []
    fresh.on("console", lambda message: said.append(message.text))
    fresh.on("pageerror", lambda error: said.append(str(error)))
    fresh.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    fresh.on("request", lambda request: asked.append(request.url))
    for kind in ALL:
        fresh.goto(files[kind].as_uri())
        fresh.wait_for_timeout(100)
    context.close()

    assert said == []
    assert asked == [files[kind].as_uri() for kind in ALL]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ALL)
def test_axe_finds_nothing(opened: Callable[[str, str], Any], kind: str, mode: str) -> None:
    """WCAG 2.2 AA and axe's own advice."""
    assert violations(opened(kind, mode), only=RULES[mode]) == []


@pytest.mark.parametrize("kind", ALL)
def test_a_phone_never_scrolls_sideways(opened: Callable[[str, str], Any], kind: str) -> None:
    """Wide tables scroll in their own region; the table of dimensions fits as it is."""
    page = opened(kind, "phone")

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for region in page.locator(".scroll:has(.lanes)").all():
        assert region.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("kind", [*KINDS, *SHEETS])
def test_nothing_is_wider_than_paper(opened: Callable[[str, str], Any], kind: str) -> None:
    """A4 leaves 680 pixels between its margins; and the dots of a lane lie inside it on paper too."""
    page = opened(kind, "light")
    page.set_viewport_size({"width": 680, "height": 900})
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") == 680
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_is_three_pages_on_paper(page: Any, tmp_path: Path, lang: str, paper: str) -> None:
    """One to guess on, two for the room: for every pattern, with long names and nine dimensions, in every language."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not installed")
    content = content_of(tmp_path, rows_of_all(), headcounts=True)
    first = content.dimensions[0]
    nine = tuple(replace(first, label=f"Eine Dimension mit langem Namen {sign}") for sign in "ABCDEFGHI")
    place = next(place for place in places(content) if place.unit.path == KINDS["fewer than ten"])
    sheet = facilitator_sheet(replace(content, lang=lang), place)
    with speaking(lang):
        sheets = [
            replace(
                sheet,
                pattern=pattern,
                script=said(script),
                dimensions=tuple(row.label for row in nine),
                reason=(REASON,) * 3,
            )
            for pattern, script in SCRIPTS.items()
        ]
    longest = max(sheets, key=lambda one: len(str(one.script)))
    for one in (sheets[0], longest):
        path = tmp_path / "sheet.html"
        path.write_bytes(sheet_html(replace(content, lang=lang), one))
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        printed = tmp_path / "sheet.pdf"
        page.pdf(path=printed, format=paper)
        told = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout

        assert "Pages:           3\n" in told, told


REASON = "Lower than everybody else in the organisation, by more than chance explains: one thing, another and a third."


def test_the_keyboard_reaches_every_link_and_table(opened: Callable[[str, str], Any]) -> None:
    """Of a sheet and of the index; tables that scroll can be reached too."""
    for kind in ("sheet", "index"):
        page = opened(kind, "light")
        wanted = page.evaluate("document.querySelectorAll('a, [tabindex]').length")
        seen = set()
        for _ in range(wanted + 2):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("[...document.querySelectorAll('a, [tabindex]')].indexOf(document.activeElement)"))

        assert seen - {-1} == set(range(wanted))


def test_a_dot_lies_where_its_index_does(opened: Callable[[str, str], Any]) -> None:
    """From the left end of the lane, which is 0, to its right end, which is 100."""
    page = opened("shown", "light")
    seen = page.locator(".lane[style]").first.evaluate("""lane => {
      const [own, dot] = [getComputedStyle(lane), getComputedStyle(lane, '::after')];
      const room = lane.clientWidth - parseFloat(own.paddingLeft) - parseFloat(own.paddingRight);
      const middle = parseFloat(dot.left) + parseFloat(dot.marginLeft) + parseFloat(dot.width) / 2;
      return [(middle - parseFloat(own.paddingLeft)) / room * 100, parseFloat(own.getPropertyValue('--index'))];
    }""")

    assert seen[0] == pytest.approx(seen[1], abs=0.5)


def test_every_link_of_the_index_leads_to_a_page(opened: Callable[[str, str], Any]) -> None:
    """Beside it, whatever the team is called."""
    page = opened("index", "light")
    hrefs = page.locator(".pages a").evaluate_all("links => links.map((link) => link.href)")

    assert len(hrefs) == len(SIZES) + 2
    for href in hrefs:
        page.goto(href)
        assert page.locator("h1").count() == 1


@pytest.fixture
def strings(shared: Callable[[str], Path]) -> list[str]:
    """Some hundred strings that people collected because they broke something."""
    naughty = json.loads(shared("naughty_strings/blns.base64.json").read_text())
    found = [base64.b64decode(text).decode("utf-8", "replace") for text in naughty]
    found += shared("xss_strings/XSSDetection.txt").read_text("utf-8").splitlines()
    found += ["CON", "..", "a" * 300, "\u202e\u202etxt", "👩‍👩‍👧"]
    return [text for text in dict.fromkeys(found) if text.strip()]


def test_every_string_as_a_team_stays_a_name(page: Any, strings: list[str], tmp_path: Path) -> None:
    """A page each, inside the folder, and an index in which nothing runs."""
    rows = [
        (("Nord", "Süd")[number % 2], text, *row[2:])
        for number, text in enumerate(strings)
        for row in rows_of_all()[:6]
    ]
    content = content_of(tmp_path, rows)
    found = places(content)
    written = write_files(team_files(content, tmp_path, "survey"))
    said: list[str] = []
    context = page.context.browser.new_context()
    fresh = context.new_page()
    fresh.on("console", lambda message: said.append(message.text))
    fresh.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    fresh.goto((tmp_path / "survey-teams" / "index.html").as_uri())
    for place in found[:: max(len(found) // 12, 1)]:
        fresh.goto((tmp_path / "survey-teams" / place.file).as_uri())
        assert fresh.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()

    assert said == []
    assert len({path.name.casefold() for path in written}) == len(written) == len(found) + 2 > 400
    assert {path.parent for path in written} == {tmp_path, tmp_path / "survey-teams"}
    assert index_html(content, found).count(b"<li style") == len(found)
