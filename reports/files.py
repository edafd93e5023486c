"""Writing reports: all formats are rendered first, then written whole, so that a failure leaves no half report."""

import errno
import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..analysis.findings import Findings
from ..surveys.errors import OutputError
from .compose import Look, compose
from .content import ReportContent
from .formats import Content, renderer_of, with_page
from .interrupts import uninterrupted

_WAITING = re.compile(r"\.psafety-\w{8}")
_LARGE = 1_500  # units of a report, from which another process pays
_MANY = 50  # files, from which all are brought to the disk at once: one by one takes longer than to make them
_LONGEST_RUN = 3600.0  # seconds that a file may wait for its place

Source = bytes | Callable[[BinaryIO], object]  # what a file is to hold, or what writes it there when its turn comes


def rendered_files(
    content: Content,
    renderers: Mapping[str, Callable[[Content], bytes]],
    place: Path,
    *,
    step: Callable[[str], None] = lambda _: None,
    jobs: int = 1,
) -> dict[Path, Source]:
    """A report in every format, ready to be written. place: its path without the dot and the format after it.

    With them what its page shares with others, in a folder beside it. step: is told which format comes next.
    jobs: how many processes may render a large report at a time.
    """
    from .side_by_side import side_by_side  # noqa: PLC0415

    files: dict[Path, Source] = {}
    if content.design.shared and "html" in renderers:
        from .library import FOLDER, shared_file  # noqa: PLC0415

        name, source = shared_file()
        files[place.parent / FOLDER / name] = source
    units = len(content.units) if isinstance(content, ReportContent) else 0
    rendered = side_by_side(
        {format_: partial(render, content) for format_, render in renderers.items()},
        jobs=jobs if units >= _LARGE else 1,
        step=lambda format_: step(f"writing {format_}"),
    )
    return files | {place.with_name(f"{place.name}.{format_}"): data for format_, data in rendered.items()}


def write_reports(
    findings: Findings,
    folder: Path,
    *,
    formats: Sequence[str] = ("html", "xlsx"),
    look: Look | None = None,
    version: str = "",
    team_reports: bool = False,
    facilitator: bool = False,
) -> tuple[Path, ...]:
    """Write `<name>-report.<format>` into a folder, which is made where it is missing; gives the paths written.

    team_reports: also a page for every unit and team, in `<name>-teams`, and `<name>-teams.zip` with all of them.
    facilitator: the same, and beside every page a sheet for whoever leads the conversation.
    Raises OutputError where a file cannot be written; then none of them is changed.
    """
    renderers = {format_: renderer_of(format_) for format_ in with_page(formats)}
    with_pages = team_reports or facilitator
    content = compose(findings, replace(look or Look(), team_reports=with_pages), version=version)
    stem = Path(findings.source.name).stem
    files = rendered_files(content, renderers, folder / f"{stem}-report")
    pages = team_files(content, folder, stem, renderers, facilitator=facilitator) if with_pages else {}
    return write_files({**files, **pages})


def team_files(
    content: ReportContent,
    folder: Path,
    stem: str,
    formats: Collection[str],
    *,
    facilitator: bool = False,
    jobs: int = 1,
) -> Mapping[Path, Callable[[BinaryIO], object]]:
    """What `write_files` needs for the team pages of a report. formats: those that the report itself is written in.

    facilitator: a sheet for whoever leads the conversation as well, beside every page. Where "pdf" is among the
    formats, pages and sheets are printed too, by so many browsers at a time as jobs says.

    Raises ConfigError where the survey names no teams.
    """
    from .teams.files import team_files as files_of  # noqa: PLC0415

    report = f"{stem}-report.html" if "html" in formats else ""
    return files_of(content, folder, stem, report=report, facilitator=facilitator, printed="pdf" in formats, jobs=jobs)


def former_pages(folder: Path, stem: str, written: Iterable[Path]) -> tuple[Path, ...]:
    """Team pages of an earlier run, of units that there are no more: `write_files` can remove them."""
    from .teams.files import former_pages as found_in  # noqa: PLC0415

    return found_in(folder, stem, written)


def write_files(
    contents: Mapping[Path, Source],
    *,
    approve: Callable[[Mapping[Path, Path]], None] | None = None,
    outdated: Iterable[Path] = (),
    each: Callable[[Path], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Write files whole or not at all: each beside its place first, all moved there only when all are written.

    Who interrupts it finds the old files, or, once they are being moved, the new ones; never some of both.

    They are moved in the order given, so that what must be known of the others, such as the record, can come first.
    Of a thousand pages that are given as functions, one at a time is in memory.
    approve: is shown where each file waits before it is moved; if it raises, nothing is written. outdated: files that
    the new ones make wrong, removed with the same move. each: is told of every file that is ready.
    Raises OutputError naming the file that could not be written.
    """
    at_once = hasattr(os, "sync") and len(contents) > _MANY
    waiting: dict[Path, Path] = {}
    try:
        for folder in {path.parent for path in contents}:
            _clear_up(folder)
        for path, content in contents.items():
            waiting[path] = _written_beside(path, content, settled=not at_once)
            each(path)
        if at_once:
            os.sync()
        if approve is not None:
            approve(waiting)
        with uninterrupted():
            for path in list(waiting):
                waiting[path].replace(path)
                del waiting[path]
            for path in outdated:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(Path(error.filename2 or error.filename or path), error) from error
    finally:
        for leftover in waiting.values():
            leftover.unlink(missing_ok=True)
    return tuple(contents)


def _clear_up(folder: Path) -> None:
    """Take away what runs left that were killed before they could: nothing that may still be waiting for its place."""
    for path in folder.glob(".psafety-*") if folder.is_dir() else ():
        if _WAITING.fullmatch(path.name) and path.is_file() and time.time() - path.stat().st_mtime > _LONGEST_RUN:
            path.unlink(missing_ok=True)


def _written_beside(path: Path, content: Source, *, settled: bool) -> Path:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".psafety-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            if settled:
                file.flush()
                os.fsync(handle)  # else a power cut may leave the new name with nothing in it
        Path(name).chmod(0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _cannot_write(path: Path, error: OSError) -> OutputError:
    reason, remedy = why_not_written(error)
    name = str(path.parent) if path.name.startswith(".psafety-") else path.name
    return OutputError(
        f"The report cannot be written: {reason}.", where=name, hint=f"{remedy}, or name another folder with --output."
    )


def why_not_written(error: OSError) -> tuple[str, str]:
    """What the system says against writing a file, and what to do about it, in words."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "Free some space"),
        errno.EACCES: ("writing there is not allowed", "Close the file if another program has it open"),
        errno.EPERM: ("writing there is not allowed", "Close the file if another program has it open"),
        errno.EISDIR: ("a folder of that name stands there", "Move the folder away"),
        errno.EEXIST: ("a file stands where a folder should be", "Correct the path"),
        errno.ENOTDIR: ("part of the path is a file, not a folder", "Correct the path"),
        errno.EROFS: ("the disk can only be read", "Choose another disk"),
        errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter one"),
    }
    return reasons.get(error.errno or 0, ("the system refuses it", "Check the path"))
