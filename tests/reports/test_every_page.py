"""Every kind of page in every language, in a real browser: still, readable on a phone, within reach of the keyboard.

What the other browser tests look at in depth in English is not repeated here.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from accessibility import CONTRAST, violations
from psafety import Look, analyze, compose, load_survey
from psafety.analysis.comparison import compare
from psafety.languages import LANGUAGES
from psafety.reports import html
from psafety.reports.comparison import html as comparison_html
from psafety.reports.comparison.compose import compose_comparison
from psafety.reports.files import write_files
from psafety.reports.since_last import since_last
from psafety.reports.snapshot import as_published
from psafety.reports.teams.content import places
from psafety.reports.teams.facilitator import sheet_name
from psafety.reports.teams.files import team_files
from psafety.surveys.instrument import Instrument
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from test_browser import DESK, MODES, WORDS, Opened, browser, overlap  # noqa: F401 (fixture)

LONG = "Kraftfahrzeughaftpflichtversicherungsamt"  # forty characters
UNIT = "Entwicklung Antriebssysteme und Getriebe"  # forty characters in words
BEFORE = "Wenn in unserer Arbeitsgruppe Weiterbildungsveranstaltungen oder Arbeitsunfähigkeitsbescheinigungen anstehen:"
COMMENT = "What should change?"
KINDS = "organisation", "team", "withheld", "sheet", "index", "comparison"
PAGES = [(kind, lang) for lang, kind in product(LANGUAGES, KINDS)]
PAPER = {"width": 680, "height": 900}  # what A4 leaves between its margins
UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
DRAWN = """() => new Promise((done) => {
  const look = () => (document.querySelector(".drawn .chart:not(:has(.main-svg))") ? setTimeout(look, 20) : done());
  look();
})"""

# Words of headings that are broken without a hyphen, and cells whose words stand out of them.
BROKEN = """() => {
  const found = [];
  const words = document.createRange();
  for (const cell of document.querySelectorAll("th, .lanes td")) {
    if (!cell.checkVisibility() || cell.closest(".vh")) continue;
    const style = getComputedStyle(cell);
    if (cell.scrollWidth > cell.clientWidth + 1) found.push(["cut", cell.textContent.trim()]);
    if (style.hyphens === "auto" || cell.scope === "row") continue;
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (texts.currentNode.parentElement.closest(".vh")) continue;
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/[^\\s\\u200b–-]+/g)) {
        words.setStart(texts.currentNode, index);
        words.setEnd(texts.currentNode, index + word.length);
        const lines = new Set([...words.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(["broken", word]);
      }
    }
  }
  return found;
}"""

# What the Tab key should reach, and does not take the focus.
UNREACHED = """() => [...document.querySelectorAll("a[href], summary, [tabindex]")]
  .filter((one) => {
    one.focus({ preventScroll: true });
    return one.tabIndex !== 0 || document.activeElement !== one;
  })
  .map((one) => one.outerHTML.slice(0, 200))"""


def wordy(instrument: Instrument) -> Instrument:
    """Two statements of each dimension, which in German are long, and of long words."""
    kept = [
        [item for item in instrument.items if item.dimension == dimension.id][:2] for dimension in instrument.dimensions
    ]
    return replace(
        instrument,
        items=tuple(
            replace(item, texts={**item.texts, "de": f"{BEFORE} {item.texts['de']}"})
            for items in kept
            for item in items
        ),
    )


def survey(folder: Path, instrument: Instrument) -> Path:
    """Seven teams in two units, two waves, a column to cut by and one of comments; two teams are too small."""
    path = folder / "survey.csv"
    design = SampleDesign(waves=("2026-Q1", "2026-Q2"), departments=2, teams=7, people=80, seed=3)
    write_sample(sample_survey(design, instrument), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    renamed = {"Team Ahorn": LONG, "Elbe": UNIT}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                [*header[:-1], "Gender", COMMENT],
                *(
                    [*(renamed.get(cell, cell) for cell in row[:-1]), ("Women", "Men")[place % 2], f"Comment {place}."]
                    for place, row in enumerate(rows)
                ),
            ]
        )
    return path


@pytest.fixture(scope="module")
def file_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Finds a page of one kind in one language; the survey is counted once, each language written when it is due."""
    folder = tmp_path_factory.mktemp("every")
    instrument = wordy(load_instrument("open-team-survey"))
    wishes = Wishes(instrument=instrument, cuts=("Gender",), comments=(COMMENT,))
    responses = load_survey(survey(folder, instrument), wishes)
    waves = [analyze(responses, wave=wave) for wave in ("2026-Q1", "2026-Q2")]

    @cache
    def written(lang: str) -> Mapping[str, Path]:
        look = Look(lang=lang, date="2026-07-01", team_reports=True)
        earlier, now = (compose(wave, look, version="0.1.0") for wave in waves)
        content = since_last(now, as_published(earlier))
        changes = compose_comparison(compare([as_published(earlier), as_published(now)]), look, version="0.1.0")
        pages, teams = folder / lang, folder / lang / "survey-teams"
        files = team_files(content, pages, "survey", report="organisation.html", facilitator=True)
        found = places(content)
        (shown,) = (place.file for place in found if place.unit.name == LONG)
        hidden = next(place.file for place in found if place.unit.withheld and place.unit.kind == "team")
        pages.mkdir()
        wanted = {
            "organisation": pages / "organisation.html",
            "team": teams / shown,
            "withheld": teams / hidden,
            "sheet": teams / sheet_name(shown),
            "index": teams / "index.html",
            "comparison": pages / "comparison.html",
        }
        write_files({path: write for path, write in files.items() if path in wanted.values()})
        wanted["organisation"].write_bytes(html.to_html(content))
        wanted["comparison"].write_bytes(comparison_html.to_html(changes))
        return wanted

    return lambda kind, lang: written(lang)[kind]


@dataclass
class Seen(Opened):
    """An opened page of one kind in one language."""

    kind: str = ""
    lang: str = ""
    file: Path = Path()


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Opened]:  # noqa: F811
    """One tab for all pages, a window each takes longer than most tests; axe is there from the start."""
    context = browser.new_context(viewport=DESK)
    context.add_init_script(pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT)
    tab = Opened(context.new_page())
    tab.page.on("console", lambda message: tab.said.append(message.text))
    tab.page.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.page.on("request", lambda request: tab.asked.append(request.url))
    yield tab
    context.close()


@pytest.fixture(scope="module")
def paper(browser: Any) -> Iterator[Any]:  # noqa: F811
    """One tab as wide as paper, in which no script runs."""
    context = browser.new_context(java_script_enabled=False, viewport=PAPER)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=PAGES, ids=["-".join(page) for page in PAGES])
def seen(request: pytest.FixtureRequest, tab: Opened, file_of: Callable[[str, str], Path]) -> Seen:
    """A page on a desk, as it opens."""
    kind, lang = request.param
    tab.said.clear()
    tab.asked.clear()
    seen = Seen(tab.page, tab.said, tab.asked, kind=kind, lang=lang, file=file_of(kind, lang))
    seen.page.goto(seen.file.as_uri())
    if seen.page.locator(".chart").count():
        seen.page.locator(".chart .main-svg").first.wait_for()
    return seen


def charts_are_readable(page: Any) -> None:
    """Every word of a chart lies inside it, apart from every other."""
    for chart in page.locator(".chart").all():
        seen = chart.evaluate(WORDS)
        left, right, top, bottom = seen["chart"]
        assert seen["words"]
        for text, box in seen["words"]:
            assert left - 1 <= box[0] < box[1] <= right + 1, text
            assert top - 1 <= box[2] < box[3] <= bottom + 1, text
        assert [(one, other) for (one, a), (other, b) in combinations(seen["words"], 2) if overlap(a, b)] == []


def test_a_page_can_be_read_at_a_desk(seen: Seen) -> None:
    """Axe finds nothing, folds included; no word is cut, broken or covered, nothing out of the Tab key's reach."""
    page = seen.page
    page.evaluate(UNFOLD)
    page.evaluate(DRAWN)

    assert page.locator("html").get_attribute("lang") == seen.lang
    assert violations(page, without=CONTRAST) == []
    assert page.evaluate(BROKEN) == []
    charts_are_readable(page)
    assert page.evaluate(UNREACHED) == []


def test_a_page_can_be_read_on_a_phone(seen: Seen) -> None:
    """Nothing scrolls sideways but tables in their own region; charts have their words, whatever their length."""
    page = seen.page
    page.evaluate(UNFOLD)
    page.set_viewport_size(MODES["phone"]["viewport"])
    page.wait_for_timeout(250 if seen.kind in {"organisation", "comparison"} else 0)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    charts_are_readable(page)
    assert page.evaluate(BROKEN) == []
    page.set_viewport_size(DESK)


def test_without_javascript_a_page_says_as_much_and_fits_on_paper(paper: Any, seen: Seen) -> None:
    """Tables that charts stand for are open, no place of a chart is left empty, and nothing is wider than A4."""
    paper.emulate_media(media="screen")
    paper.goto(seen.file.as_uri())

    assert paper.locator(".chart:visible").count() == 0
    for table in paper.locator("details.beside table").all():
        assert table.is_visible()
    paper.emulate_media(media="print")
    assert paper.evaluate("document.documentElement.scrollWidth") == PAPER["width"]
    assert paper.evaluate(BROKEN) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_can_be_read_on_paper(
    browser: Any,  # noqa: F811
    file_of: Callable[[str, str], Path],
    kind: str,
) -> None:
    """With its charts, and in the colours of paper."""
    context = browser.new_context(viewport=PAPER, bypass_csp=True)
    page = context.new_page()
    page.goto(file_of(kind, "en").as_uri())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") == PAPER["width"]
    assert page.evaluate(BROKEN) == []
    assert violations(page, only=CONTRAST) == []
    context.close()


@pytest.mark.parametrize("kind", ["team", "withheld", "comparison"])
def test_the_tab_key_walks_through_the_whole_page(
    browser: Any,  # noqa: F811
    file_of: Callable[[str, str], Path],
    kind: str,
) -> None:
    """Every link, fold and table that scrolls, one after the other; nothing holds it fast."""
    page = browser.new_page(viewport=DESK)
    page.goto(file_of(kind, "en").as_uri())
    page.evaluate(UNFOLD)
    wanted = "[...document.querySelectorAll('a[href], summary, [tabindex]')]"
    reached = []
    for _ in range(page.evaluate(f"{wanted}.length")):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"{wanted}.indexOf(document.activeElement)"))
    page.close()

    assert reached == sorted(reached)
    assert set(reached) == set(range(len(reached)))


def test_the_pages_say_nothing_and_ask_for_nothing(seen: Seen) -> None:
    """All that was done with a page put no message on the console and asked for the file alone."""
    assert seen.said == []
    assert [url for url in seen.asked if not url.startswith("blob:")] == [seen.file.as_uri()]
