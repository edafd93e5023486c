"""ZIP archives of exports: their files, unpacked where nothing else lies, and never more than a survey can need."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..languages import gettext as _, grouped, ngettext
from .errors import FileError

_KINDS = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz"})
_MOST_MEMBERS = 1000
_MOST_BYTES = 1 << 30  # unpacked, of all files together
_CHUNK = 1 << 20
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive, by the names they have in it, in their order; and what to say of those not read."""

    files: Mapping[str, Path]
    notes: tuple[str, ...] = ()


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP archive, and not one of the workbooks that are ZIP archives, too."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False  # whoever reads it says what is wrong
    return not names & {"[Content_Types].xml", "mimetype", "content.xml", "xl/workbook.xml", "META-INF/manifest.xml"}


def unpack(path: Path, folder: Path) -> Unpacked:
    """Write the tables in an archive into a folder, under names of our own.

    Raises FileError where the archive is damaged, locked, too large, or holds another archive or a suspicious path.
    """
    with _failures_as_file_errors(path), zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_litter(member)]
        if len(members) > _MOST_MEMBERS:
            raise _too_large(path)
        for member in members:
            _refuse(path, member)
        tables = [member for member in members if _suffix(member) in _KINDS]
        others = [member.filename for member in members if _suffix(member) not in _KINDS]
        if not tables:
            raise FileError(
                "The ZIP archive holds no CSV or Excel file.", where=path.name, hint="Export the survey again."
            )
        files, left = {}, _MOST_BYTES
        for number, member in enumerate(tables):
            target = folder / f"{number}{_suffix(member)}"
            left -= _write(path, archive, member, target, left)
            files[member.filename] = target
    return Unpacked(files, _note_on_others(path, others))


@contextmanager
def _failures_as_file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise FileError(
            "The ZIP archive cannot be unpacked: it is damaged, or the disk is full.",
            where=path.name,
            hint="Get it again; or unpack it, and give the files inside.",
        ) from error


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """What operating systems add."""
    parts = PurePosixPath(member.filename).parts
    return not parts or parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1] in {"Thumbs.db", "desktop.ini"}


def _refuse(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts or is_link:
        raise FileError(
            "The ZIP archive holds a file that would lie outside of it.",
            where=path.name,
            hint="Do not trust this archive; ask for the exports themselves.",
        )
    if _suffix(member) in _ARCHIVES:
        raise FileError(
            "The ZIP archive holds another archive.", where=path.name, hint="Unpack it, and give the files inside."
        )
    if member.flag_bits & 1:
        raise FileError(
            "The ZIP archive is locked by a password.", where=path.name, hint="Unpack it, and give the files inside."
        )


def _write(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> int:
    """The number of bytes written; what the archive says of them itself is not trusted."""
    written = 0
    with archive.open(member) as packed, target.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise _too_large(path)
            file.write(chunk)
    return written


def _too_large(path: Path) -> FileError:
    return FileError(
        f"The ZIP archive holds more than {_MOST_MEMBERS:,} files or {_MOST_BYTES >> 30} gigabyte unpacked.",
        where=path.name,
        hint="Unpack it, and give the files that are meant.",
    )


def _note_on_others(path: Path, others: list[str]) -> tuple[str, ...]:
    if not others:
        return ()
    named, more = ", ".join(others[:_MOST_NAMED]), len(others) - _MOST_NAMED
    if more <= 0:
        return (_("Not read in {file}, since no tables: {others}.").format(file=path.name, others=named),)
    note = ngettext(
        "Not read in {file}, since no tables: {others} and {number} more.",
        "Not read in {file}, since no tables: {others} and {number} more.",
        more,
    )
    return (note.format(file=path.name, others=named, number=grouped(more)),)
