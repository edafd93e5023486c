"""How soon a report can be read and used in a browser: the page of an organisation of fifty teams, opened from disk.

    python benchmarks/page.py [FILE …]      other pages instead

Each page is opened several times, each time in a new browser without a cache; the middle of the times is printed, in
seconds since the navigation began.

text         the words are on the screen (first contentful paint)
in view      every chart that is on the screen is drawn (the page is opened where its first chart stands)
usable       in view, and no task has held the page for longer than 50 ms since, for half a second: it answers at once
all          every chart of the page is drawn, those far below included (while nobody waits for them)
longest      the longest that the page held up its reader after the words were there, in milliseconds

Needs Playwright (in the extra `dev`) and an installed Chromium, Chrome or Edge.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

BROWSERS = "chromium", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge"
FLAGS = "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--enable-benchmarking"
WATCH = """
window.held = [];
new PerformanceObserver((list) => held.push(...list.getEntries().map((one) => [one.startTime, one.duration])))
  .observe({ type: 'longtask', buffered: true });
const near = (place) => {
  const { top, bottom, width } = place.getBoundingClientRect();
  return width > 0 && top < innerHeight && bottom > 0;
};
const now = (what) => (window[what] ??= performance.now());
const look = () => {
  const places = [...document.querySelectorAll('.chart')].filter((place) => place.checkVisibility());
  const open = (all) => all.length > 0 && all.every((place) => place.querySelector('.main-svg'));
  if (document.readyState !== 'loading' && open(places.filter(near))) now('inView');
  if (document.readyState !== 'loading' && open(places)) now('allDrawn');
  if (!window.allDrawn) requestAnimationFrame(look);
  else window.onDrawn?.();
};
requestAnimationFrame(look);
"""
READ = """() => {
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  const later = (end, [start, length]) => (start < end + 500 ? Math.max(end, start + length) : end);
  const usable = held.reduce(later, inView);
  const longest = Math.max(0, ...held.map(([start, length]) => start + length - Math.max(start, paint.startTime)));
  return { text: paint.startTime, 'in view': inView, usable, all: allDrawn, longest };
}"""


def times_of(browser: Any, page: Path, look: dict[str, int]) -> dict[str, float]:
    """What the clock says of one page, opened once, in milliseconds."""
    opened = browser.new_page(viewport=look)
    opened.add_init_script(WATCH)
    opened.goto(page.as_uri() + "#dimensions", wait_until="commit")
    opened.evaluate("new Promise((done) => { window.onDrawn = done; if (window.allDrawn) done(); })")
    opened.wait_for_timeout(700)
    times: dict[str, float] = opened.evaluate(READ)
    opened.close()
    return times


@contextmanager
def usual_report() -> Iterator[Path]:
    """The report on 450 people in fifty teams."""
    psafety = str(Path(sys.executable).parent / "psafety")
    with tempfile.TemporaryDirectory() as name:
        survey = Path(name) / "survey.csv"
        subprocess.run([psafety, "sample", survey, "--people", "450", "--teams", "50"], check=True, capture_output=True)
        subprocess.run([psafety, "report", survey, "--quiet", "--no-record", "--output", name], check=True)
        yield Path(name) / "survey-report.html"


def measure(pages: Sequence[Path], runs: int) -> None:
    """Print a line for each page and screen."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    print(f"{'page':<40} {'screen':>9} {'text':>6} {'in view':>8} {'usable':>7} {'all':>6} {'longest ms':>11}")
    with sync_playwright() as playwright:
        for page in pages:
            for look in ({"width": 1280, "height": 900}, {"width": 360, "height": 740}):
                taken = []
                for _ in range(runs):
                    browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
                    taken.append(times_of(browser, page, look))
                    browser.close()
                middle = {name: statistics.median(one[name] for one in taken) for name in taken[0]}
                seconds = [middle[name] / 1000 for name in ("text", "in view", "usable", "all")]
                print(
                    f"{page.name:<40} {look['width']:>4}×{look['height']:<4}"
                    + " {:>6.2f} {:>8.2f} {:>7.2f} {:>6.2f}".format(*seconds)
                    + f" {middle['longest']:>11.0f}",
                    flush=True,
                )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if options.pages:
        measure([page.resolve() for page in options.pages], options.runs)
    else:
        with usual_report() as page:
            measure([page], options.runs)


if __name__ == "__main__":
    main()
