"""What was written: every file of an output, archives opened; what cannot be read is said, never passed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from ..surveys.errors import FileError
from .figures import Fault

READABLE = (".html", ".xlsx", ".json", ".pdf", ".js")
_OWN = frozenset({"psafety-record.json", "psafety.toml"})  # kept beside the reports, and never shared with them
LAST_WAVE = "-last-wave.json"  # ends the name of the snapshot of the wave before, beside a report
_COMPARISON = "-comparison"
_DEEPEST = 4
_LARGEST = 2**31  # bytes of one file in an archive


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the output: its name within it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Output:
    """Everything found. unread: files whose content nobody looked at, with the reason."""

    files: tuple[Written, ...]
    unread: tuple[Fault, ...]


def collect(outputs: Sequence[Path], *, besides: Sequence[Path] = ()) -> Output:
    """All files of an output. outputs: folders and files; besides: files that are not part of it, such as the survey.

    Raises FileError where there is nothing.
    """
    left_out = {path.resolve() for path in besides}
    files: list[Written] = []
    unread: list[Fault] = []
    for output in outputs:
        if not output.exists():
            raise FileError("There is no such file or folder.", where=str(output), hint="Check the path.")
        base = output if output.is_dir() else output.parent
        for path in sorted(one for one in (output.rglob("*") if output.is_dir() else [output]) if one.is_file()):
            if path.resolve() not in left_out and path.name not in _OWN:
                _take(path.relative_to(base).as_posix(), path.read_bytes(), files, unread)
    if not files and not unread:
        raise FileError(
            "There is no report to audit.",
            where=str(outputs[0]),
            hint="Name the folder that `psafety report` wrote to.",
        )
    same: dict[bytes, bytes] = {}  # a page and its copy in an archive are kept once
    return Output(tuple(Written(one.name, same.setdefault(one.data, one.data)) for one in files), tuple(unread))


def is_comparison(name: str) -> bool:
    """Whether a file is one of a comparison of waves."""
    return Path(name).stem.endswith(_COMPARISON)


def _take(name: str, data: bytes, files: list[Written], unread: list[Fault], depth: int = 0) -> None:
    suffix = Path(name).suffix.casefold()
    if suffix in READABLE:
        files.append(Written(name, data))
    elif suffix == ".zip":
        _open(name, data, files, unread, depth)
    else:
        unread.append(
            Fault(
                name,
                "the file",
                f"a {suffix or 'nameless'} file cannot be read, so nobody knows what it says; keep what is no report in"
                " another folder, or name the reports alone",
            )
        )


def _open(name: str, data: bytes, files: list[Written], unread: list[Fault], depth: int) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            if archive.comment:
                unread.append(Fault(name, "the end of the file", "a comment of the archive"))
            for info in _entries(archive):
                if depth == _DEEPEST or info.file_size > _LARGEST:
                    unread.append(Fault(f"{name}/{info.filename}", "the file", "it is packed too deep, or too large"))
                else:
                    _take(f"{name}/{info.filename}", archive.read(info), files, unread, depth + 1)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError):
        unread.append(Fault(name, "the file", "the archive cannot be opened"))


def _entries(archive: ZipFile) -> Iterator[ZipInfo]:
    return (info for info in archive.infolist() if not info.is_dir())
