"""Writing reports: all formats are rendered first, then written whole, so that a failure leaves no half report."""

import errno
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..analysis.findings import Findings
from ..surveys.errors import ConfigError, OutputError
from .compose import Look, compose
from .content import ReportContent

Renderer = Callable[[ReportContent], bytes]


def _html(content: ReportContent) -> bytes:
    from .html import to_html  # noqa: PLC0415 (only the renderers that are asked for are loaded)

    return to_html(content)


def _xlsx(content: ReportContent) -> bytes:
    from .excel import to_excel  # noqa: PLC0415

    return to_excel(content)


def _json(content: ReportContent) -> bytes:
    from .snapshot import to_json  # noqa: PLC0415

    return to_json(content)


RENDERERS: Mapping[str, Renderer] = {"html": _html, "xlsx": _xlsx, "json": _json}


def renderer_of(format_: str) -> Renderer:
    """The renderer of one format. Raises ConfigError for a format there is none for."""
    try:
        return RENDERERS[format_]
    except KeyError:
        raise ConfigError(
            f"There is no report format “{format_}”.", hint=f"Formats are: {', '.join(RENDERERS)}."
        ) from None


def write_reports(
    findings: Findings,
    folder: Path,
    *,
    formats: Sequence[str] = ("html", "xlsx"),
    look: Look | None = None,
    version: str = "",
) -> tuple[Path, ...]:
    """Write `<name>-report.<format>` into a folder, which is made where it is missing; gives the paths written.

    Raises OutputError where a file cannot be written; then none of them is changed.
    """
    renderers = {format_: renderer_of(format_) for format_ in formats}
    content = compose(findings, look or Look(), version=version)
    stem = Path(findings.source.name).stem
    return write_files({folder / f"{stem}-report.{format_}": render(content) for format_, render in renderers.items()})


def write_files(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write files whole or not at all: each beside its place first, all moved there only when all are written.

    Raises OutputError naming the file that could not be written.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            waiting[path] = _written_beside(path, content)
        for path in list(waiting):
            waiting[path].replace(path)
            del waiting[path]
    except OSError as error:
        raise _cannot_write(Path(error.filename2 or error.filename or path), error) from error
    finally:
        for leftover in waiting.values():
            leftover.unlink(missing_ok=True)
    return tuple(contents)


def _written_beside(path: Path, content: bytes) -> Path:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".psafety-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _cannot_write(path: Path, error: OSError) -> OutputError:
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
    reason, remedy = reasons.get(error.errno or 0, ("the system refuses it", "Check the path"))
    name = str(path.parent) if path.name.startswith(".psafety-") else path.name
    return OutputError(
        f"The report cannot be written: {reason}.", where=name, hint=f"{remedy}, or name another folder with --output."
    )
