"""`psafety report`: the findings of a survey, every file that says them, and the audit before any is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from .approval import approval_of_comparison, approval_of_report
from .findings import Past, Step, findings_of, responses_of
from .forecast import forecast
from .last_wave import change_beside, last_of, noted_in, taken_back, waves_before, with_last
from .settings import look_of, version

if TYPE_CHECKING:
    from ..bars import Watch
    from ..reports.content import ReportContent
    from ..reports.files import Source

_LARGE = 1 << 16  # people; of fewer, all is counted before another thread would have begun


@dataclass(frozen=True, slots=True)
class Reported:
    """What a run wrote, in the order of writing, and what there is to say of it.

    lines: for somebody who watches; doubts: for everybody, also where nothing else is said.
    """

    written: tuple[Path, ...]
    lines: tuple[str, ...]
    doubts: tuple[str, ...]


def write_report(
    surveys: Sequence[Path],
    settings: Config,
    past: Past,
    *,
    folder: Path,
    formats: Sequence[str],
    change: bool = False,
    audited: bool = True,
    jobs: int = 1,
    watch: "Watch",
) -> Reported:
    """Read a survey, write its reports into a folder, all or none of them, and say what was done.

    Where the report says what has changed since a wave of the same file, the snapshot of that wave stands beside it.
    change: also compare with the waves before it in the same file. audited: prove first that nobody can be worked out.
    jobs: processes that may work on a large report. watch: is told what is done.
    """
    from ..surveys.pieces import meanwhile  # noqa: PLC0415

    stem = surveys[0].stem
    with meanwhile(_load_libraries), watch.reading(surveys):
        responses, wave = responses_of(tuple(surveys), settings, watch)

    from ..audit.folder import LAST_WAVE  # noqa: PLC0415
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.console import to_lines  # noqa: PLC0415
    from ..reports.files import former_pages, rendered_files, write_files  # noqa: PLC0415
    from ..reports.formats import comparison_renderer_of  # noqa: PLC0415

    watch.expect(forecast(responses, formats, pages=wants_pages(settings), audited=audited))
    before = waves_before(responses, wave) if change else ()
    former = noted_in(past.record)
    last, unsaid = last_of(responses, wave, settings, past, watch)
    with taken_back(past.record, former), findings_of(responses, wave, settings, past, watch) as (findings, record):
        content = compose(findings, replace(look_of(settings), audited=audited), version=version())
        content = with_last(content, last)
        files: dict[Path, Source] = {}
        if last is not None and last.wave is not None:
            files[folder / f"{stem}{LAST_WAVE}"] = last.snapshot
        approval = approval_of_report(
            *(responses, surveys, findings.wave, settings, past),
            folder=folder,
            last=last.snapshot if last else None,
            step=watch,
        )
        del findings  # what is large goes as soon as it can: the audit needs the room
        is_idle = audited and jobs > 1 and len(responses) >= _LARGE and not wants_pages(settings)
        told = partial(_then, watch, approval.begin) if is_idle else watch  # the second core renders, this one waits
        files |= files_of(content, settings, folder, stem, formats, jobs=jobs, step=told)
        outdated = former_pages(folder, stem, files) if wants_pages(settings) else ()
        lines, notes = to_lines(content), content.design.notes
        compared = content if before else None
        del content
        with watch.counting(len(files)) as each:
            written = write_files(
                {**record, **files}, approve=approval if audited else None, outdated=outdated, each=each
            )
    left_out: tuple[str, ...] = ()
    doubts = approval.doubts
    if compared is not None:
        changes, sources, left_out = change_beside(responses, before, last, settings, past, compared, watch)
        renderers = {name: comparison_renderer_of(name) for name in formats}
        check = approval_of_comparison(changes, sources, surveys, settings, folder=folder, formats=formats, step=watch)
        rendered = rendered_files(changes, renderers, folder / f"{stem}-comparison")
        written += write_files(rendered, approve=check if audited else None)
        doubts += check.doubts
    removed = tuple(f"Removed, as there is no such unit any more: {path}" for path in outdated)
    return Reported(written, (*lines, *unsaid, *left_out, *notes, *removed, *approval.lines), doubts)


def _then(step: Step, begin: Callable[[], object], name: str) -> None:
    """Say what is done, and begin what is done beside it."""
    step(name)
    begin()


def files_of(
    content: "ReportContent",
    settings: Config,
    folder: Path,
    stem: str,
    formats: Sequence[str],
    *,
    jobs: int,
    step: Step,
) -> "dict[Path, Source]":
    """A report in every format and, where they are wanted, the pages of teams, ready to be written."""
    from ..reports.files import rendered_files, team_files  # noqa: PLC0415
    from ..reports.formats import renderer_of  # noqa: PLC0415

    renderers = {name: renderer_of(name) for name in formats}
    files = rendered_files(content, renderers, folder / f"{stem}-report", step=step, jobs=jobs)
    if wants_pages(settings):
        step("writing team pages")
        files |= team_files(content, folder, stem, renderers, facilitator=bool(settings.facilitator), jobs=jobs)
    return files


def _load_libraries() -> None:
    """Load what a report needs once its answers are read; all of it, as much of that time is Python's."""
    for name in ("records", "reports.html", "reports.workbook.sheets", "audit.proof"):
        import_module(f"..{name}", __package__)


def wants_pages(settings: Config) -> bool:
    """Whether every team is to have a page of its own."""
    return bool(settings.team_reports or settings.facilitator)
