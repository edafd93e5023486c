"""The files of team pages: a folder with a page for each unit and an index, and an archive of the same."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..surveys.errors import ConfigError
from .content import ReportContent
from .team_content import Place, distributions, places, team_page
from .team_html import index_html, to_html

INDEX = "index.html"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that an archive can hold: the same pages give the same bytes

Writer = Callable[[BinaryIO], object]


def team_files(content: ReportContent, folder: Path, stem: str, *, report: str = "") -> Mapping[Path, Writer]:
    """Every path to write, with what writes it: `<stem>-teams/…`, and `<stem>-teams.zip`, which holds that folder.

    A page is made when its file is written and forgotten then; the archive makes all of them anew, one at a time.
    report: the name of the file of the organisation report, beside the folder; "" where there is none.
    Raises ConfigError where the survey names no teams.
    """
    found = places(content)
    if not found:
        raise ConfigError("There are no teams to make pages of.", hint="Name the column of the teams with --team.")
    spread = distributions(content)

    def page(place: Place) -> bytes:
        return to_html(team_page(content, place, spread, report=report))

    makers = {INDEX: partial(index_html, content, found, report=report)}
    makers |= {place.file: partial(page, place) for place in found}
    name = f"{stem}-teams"
    files: dict[Path, Writer] = {folder / name / file: partial(_write, make) for file, make in makers.items()}
    return files | {folder / f"{name}.zip": partial(_write_archive, name, makers)}


def _write(make: Callable[[], bytes], file: BinaryIO) -> None:
    file.write(make())


def _write_archive(folder: str, makers: Mapping[str, Callable[[], bytes]], file: BinaryIO) -> None:
    with ZipFile(file, "w") as archive:
        for name, make in makers.items():
            entry = ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, make())
