"""The files of team pages: a folder with a page for each unit and an index, and an archive of the same."""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from html import unescape
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import unquote
from weakref import finalize
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...surveys.errors import ConfigError
from ..content import ReportContent
from ..pdf import printable, to_pdf
from .content import Place, distributions, places, team_page
from .facilitator import facilitator_sheet, sheet_name
from .html import index_html, sheet_html, to_html

INDEX = "index.html"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that an archive can hold: the same pages give the same bytes
_LINK = re.compile(r'<a href="([^"/#]+\.html)"')

Writer = Callable[[BinaryIO], object]


def team_files(
    content: ReportContent,
    folder: Path,
    stem: str,
    *,
    report: str = "",
    facilitator: bool = False,
    printed: bool = False,
    jobs: int = 1,
) -> Mapping[Path, Writer]:
    """Every path to write, with what writes it: `<stem>-teams/…`, and `<stem>-teams.zip`, which holds that folder.

    A page is made when its file is written and kept on the disk alone, from where the archive takes it.
    report: the name of the file of the organisation report, beside the folder; "" where there is none.
    facilitator: a sheet beside every page. printed: beside all of these the same as PDF, each printed when its turn
    comes, which takes a browser more than a second. jobs: how many browsers may print at a time.
    Raises ConfigError where the survey names no teams.
    """
    found = places(content)
    if not found:
        raise ConfigError("There are no teams to make pages of.", hint="Name the column of the teams with --team.")
    spread = distributions(content)

    def page(content: ReportContent, place: Place) -> bytes:
        return to_html(team_page(content, place, spread, report=report), content.design)

    def sheet(content: ReportContent, place: Place) -> bytes:
        return sheet_html(content, facilitator_sheet(content, place))

    def pages(content: ReportContent) -> Mapping[str, Callable[[], bytes]]:
        made: dict[str, Callable[[], bytes]] = {place.file: partial(page, content, place) for place in found}
        return made | {sheet_name(place.file): partial(sheet, content, place) for place in found if facilitator}

    makers: dict[str, Callable[[], bytes]] = {
        INDEX: partial(index_html, content, found, report=report, facilitator=facilitator)
    }
    makers |= pages(content)
    if printed:
        prints = _Prints(pages(replace(content, design=printable(content.design))), content.design.browser, jobs)
        makers |= {_print_of(file): partial(prints.take, file) for file in prints.order}
    name = f"{stem}-teams"
    kept = _Kept(makers)
    files: dict[Path, Writer] = {folder / name / file: partial(kept.write, file) for file in makers}
    return files | {folder / f"{name}.zip": partial(kept.write_archive, name)}


def _print_of(page: str) -> str:
    return page.removesuffix(".html") + ".pdf"


def former_pages(folder: Path, stem: str, written: Iterable[Path]) -> tuple[Path, ...]:
    """Pages that an earlier run left in the folder of the team pages, of units that there are no more.

    Only those that its index, made by this program, leads to, and their prints: nothing else there is ours to remove.
    """
    pages = folder / f"{stem}-teams"
    try:
        index = (pages / INDEX).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ()
    if '<meta name="generator" content="psafety ' not in index:
        return ()
    linked = {unquote(unescape(name)) for name in _LINK.findall(index)}
    linked |= set(map(_print_of, linked))
    return tuple(sorted(path for name in linked if (path := pages / name).is_file() and path not in set(written)))


class _Prints:
    """Pages as PDF. While one is printed, those after it are begun: a browser takes long to start and computes little.

    Each has a thread of its own, which ends with it, so that none is left when processes are forked later.
    """

    def __init__(self, makers: Mapping[str, Callable[[], bytes]], browser: str, jobs: int) -> None:
        self.order = tuple(makers)
        self._makers, self._browser, self._jobs = makers, browser, jobs
        self._begun: dict[str, Future[bytes]] = {}

    def take(self, name: str) -> bytes:
        """One of them, once it is printed."""
        place = self.order.index(name)
        for one in self.order[place : place + self._jobs]:
            if one not in self._begun:
                self._begun[one] = self._begin(one)
        return self._begun.pop(name).result()

    def _begin(self, name: str) -> Future[bytes]:
        thread = ThreadPoolExecutor(1)
        printed = thread.submit(to_pdf, self._makers[name](), browser=self._browser)
        thread.shutdown(wait=False)
        return printed


class _Kept:
    """Pages by their file, each made once: what was written stays in a nameless file until the archive is written."""

    def __init__(self, makers: Mapping[str, Callable[[], bytes]]) -> None:
        self._makers = makers
        self._places: dict[str, tuple[int, int]] = {}
        self._file = TemporaryFile()  # noqa: SIM115 (it lives as long as the functions that write to it)
        finalize(self, self._file.close)

    def write(self, name: str, file: BinaryIO) -> None:
        """Make a page, write it, and keep it."""
        page = self._makers[name]()
        self._places[name] = self._file.seek(0, SEEK_END), len(page)
        self._file.write(page)
        file.write(page)

    def write_archive(self, folder: str, file: BinaryIO) -> None:
        """Write all pages into an archive; those that were not written before are made now."""
        with ZipFile(file, "w") as archive:
            for name in self._makers:
                entry = ZipInfo(f"{folder}/{name}", _EPOCH)
                entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
                archive.writestr(entry, self._page(name))

    def _page(self, name: str) -> bytes:
        if name not in self._places:
            return self._makers[name]()
        start, length = self._places.pop(name)
        self._file.seek(start)
        return self._file.read(length)
