"""Make the pictures of the README: the reports of the sample organisation, in a real browser, in light and dark.

    python .ci/screenshots.py      writes docs/images/*.png

Needs Playwright (in the extra `dev`) and an installed Chromium, Chrome or Edge.
"""

import argparse
import base64
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from psafety.reports.pdf import find_browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "surveys" / "samples"
MOST = 300_000  # bytes of all pictures together
# name → the page, the part of it that is to be seen, and how much of it, in pixels
PICTURES = {
    "organisation": ("sample-2026-q2-report.html", "figure-dimensions", 960, 560),
    "items": ("sample-2026-q2-report.html", "figure-items-trust", 960, 460),
    "units": ("sample-2026-q2-report.html", "figure-units", 960, 620),
}
SCHEMES = ("light", "dark")
# A picture → its colours and, for every pixel, which of them it has. Ever coarser, until there are few enough.
REDUCE = """async (shot) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${shot}`;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  for (let step = 4; ; step += 4) {
    const places = new Map();
    const rows = new Uint8Array(data.length / 4);
    for (let at = 0; at < data.length; at += 4) {
      const key = [0, 1, 2].map((part) => Math.min(255, Math.round(data[at + part] / step) * step)).join();
      if (!places.has(key)) places.set(key, [places.size, ...data.slice(at, at + 3)]);
      rows[at / 4] = places.get(key)[0];
    }
    if (places.size <= 256) {
      const text = Array.from(rows, (place) => String.fromCharCode(place)).join("");
      return { colours: [...places.values()].flatMap(([, ...colour]) => colour), rows: btoa(text) };
    }
  }
}"""


def write_reports(folder: Path) -> None:
    """The report of the sample survey."""
    command = [
        *(str(Path(sys.executable).parent / "psafety"), "report", str(SAMPLES / "sample-2026-q2.csv")),
        *("--headcounts", str(SAMPLES / "sample-headcounts.csv"), "--title", "Sample organisation"),
        *("--no-record", "--output", str(folder), "--quiet"),  # a record would hide other cells each time
    ]
    subprocess.run(command, check=True)


def picture_of(page: Any, part: str, height: int) -> bytes:
    """What is seen of a part of a page, as a small PNG."""
    page.locator(f"#{part} .main-svg").first.wait_for()
    page.wait_for_timeout(500)
    page.evaluate(f"document.getElementById('{part}').scrollIntoView()")
    page.wait_for_timeout(500)
    size = page.viewport_size
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": size["width"], "height": height})
    return smaller(page, shot, size["width"], height)


def smaller(page: Any, shot: bytes, width: int, height: int) -> bytes:
    """The picture with 256 colours at most, which no eye can tell from all: a third of the bytes."""
    packed = page.evaluate(REDUCE, base64.b64encode(shot).decode())
    rows = base64.b64decode(packed["rows"])
    lines = b"".join(b"\0" + rows[at : at + width] for at in range(0, len(rows), width))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(packed["colours"]))
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Make the reports, take the pictures, and write them."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        write_reports(Path(name))
        flags = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=flags)
        taken = {}
        for picture, (file, part, width, height) in PICTURES.items():
            for scheme in SCHEMES:
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
                )
                page.goto((Path(name) / file).as_uri())
                taken[f"{picture}-{scheme}.png"] = picture_of(page, part, height)
                page.close()
        browser.close()
    together = sum(map(len, taken.values()))
    if together > MOST:
        sys.exit(f"The pictures have {together / 1000:.0f} kB together; at most {MOST / 1000:.0f} kB are wanted.")
    for file, data in taken.items():
        (IMAGES / file).write_bytes(data)
        print(f"docs/images/{file}: {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
