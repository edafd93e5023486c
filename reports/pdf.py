"""A page as PDF, printed by an installed browser: page → bytes. Nothing is drawn here; the page has a print style."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..surveys.errors import ConfigError, OutputError
from .design import Design, page_size
from .library import FOLDER, shared_file

VARIABLE = "PSAFETY_BROWSER"
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_ON_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
_ON_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions"),
    *("--disable-sync", "--disable-background-networking", "--disable-component-update"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--force-color-profile=srgb", "--no-pdf-header-footer"),
)
_LINK_TO_FILE = re.compile(rb'<a href="(?!#)[^"]*">')
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}([^)]*)\)")
_CREATOR = re.compile(rb"/Creator \((?:\\.|[^\\()])*\)")
_NODE = re.compile(rb"\(node(\d{8})\)")
_INFORMATION = 4096  # bytes at the beginning, in which the facts about the file stand
_TIME = 120.0  # seconds that one page may take


def printable(design: Design) -> Design:
    """The look of a page that is to be printed: on a paper of a known size, its charts drawn before it is loaded.

    The library lies beside the page because a browser prints a page once it is loaded, and it is loaded once all its
    files are: a library that travels in the page would come a moment later.
    """
    sized = design.style if "@page" in design.style else "\n".join(filter(None, [design.style, page_size("A4")]))
    return replace(design, shared=True, style=sized)


def to_pdf(page: bytes, *, browser: str = "", seconds: float = _TIME) -> bytes:
    """A page of ours as PDF; the same page and the same browser give the same bytes.

    page: made in the look that `printable` gives. browser: as for `find_browser`. seconds: that printing may take.
    Raises ConfigError where there is no browser, OutputError where it fails.
    """
    program = find_browser(browser)
    with tempfile.TemporaryDirectory(prefix="psafety-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_bytes(_LINK_TO_FILE.sub(b"<a>", page))  # would name the folder it was made in
        (folder / FOLDER).mkdir()
        library, source = shared_file()
        (folder / FOLDER / library).write_bytes(source)
        printed = folder / "page.pdf"
        _run([str(program), *_FLAGS, *_rights(), f"--user-data-dir={folder / 'profile'}"], folder, printed, seconds)
        if not printed.is_file() or not (data := printed.read_bytes()).startswith(b"%PDF-"):
            raise OutputError(
                "The browser made no PDF.", where=program.name, hint=f"Try another one: --browser PATH, or {VARIABLE}."
            )
    return _impersonal(data)


def find_browser(named: str = "") -> Path:
    """The browser to print with: the one named, else that of the environment variable, else one that is installed.

    named: a path, or a name on the PATH. Raises ConfigError where there is none.
    """
    named = named or os.environ.get(VARIABLE, "")
    if named:
        found = shutil.which(named)
        if not found:
            raise ConfigError("There is no such browser.", where=Path(named).name, hint="Check the path.")
        return Path(found)
    for candidate in _usual_places():
        found = shutil.which(candidate)
        if found:
            return Path(found)
    raise ConfigError(
        "A PDF needs Chromium, Google Chrome or Microsoft Edge, and none is installed here.",
        hint=f"Install one, or name it: --browser PATH, or {VARIABLE}. Or print the HTML report from any browser.",
    )


def _usual_places() -> Iterator[str]:
    yield from NAMES
    if sys.platform == "darwin":
        for place in (Path("/Applications"), Path.home() / "Applications"):
            yield from (str(place / f"{name}.app/Contents/MacOS/{name}") for name in _ON_MACOS)
    if os.name == "nt":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            if variable in os.environ:
                yield from (str(Path(os.environ[variable], place)) for place in _ON_WINDOWS)


def _rights() -> tuple[str, ...]:
    """A browser does not put itself into a sandbox for root, as whom containers run."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _run(command: list[str], folder: Path, printed: Path, seconds: float) -> None:
    asked = [*command, f"--print-to-pdf={printed}", (folder / "page.html").as_uri()]
    apart = os.name != "nt"  # so that all processes of the browser can be ended together
    try:
        process = subprocess.Popen(  # noqa: S603 (the browser that a person chose or installed)
            asked,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=apart,
        )
    except OSError as error:
        raise OutputError(
            "The browser cannot be started.", where=Path(command[0]).name, hint=f"Try another one: {VARIABLE}."
        ) from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"The browser did not finish within {seconds:.0f} seconds.",
            where=Path(command[0]).name,
            hint=f"Try again, or with another one: --browser PATH, or {VARIABLE}.",
        ) from error
    finally:
        if process.poll() is None:
            _end(process, apart=apart)


def _end(process: "subprocess.Popen[bytes]", *, apart: bool) -> None:
    if apart:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _impersonal(data: bytes) -> bytes:
    """The file without the time and the system it was made on; of the same length, since places in it are counted.

    The browser numbers the parts of a page in the order in which it happens to come upon them; here they count from 1.
    """
    numbers = {found: place for place, found in enumerate(sorted(set(_NODE.findall(data))), 1)}
    data = _NODE.sub(lambda found: b"(node%08d)" % numbers[found[1]], data)
    head, rest = data[:_INFORMATION], data[_INFORMATION:]
    head = _DATE.sub(rb"/\1 (D:20000101000000\2)", head)
    head = _CREATOR.sub(lambda found: b"/Creator (psafety".ljust(len(found[0]) - 1) + b")", head)
    return head + rest
