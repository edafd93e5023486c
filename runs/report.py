"""`psafety report`: the findings of a survey, every file that says them, and the audit before any is written."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import AuditError
from .findings import Past, Step, findings_of, responses_of
from .last_wave import Last, change_beside, last_of, noted_in, taken_back, waves_before, with_last
from .settings import chosen_look, look_of, names_of, version

if TYPE_CHECKING:
    from ..reports.content import ReportContent
    from ..reports.files import Source
    from ..surveys.responses import Responses

_SECONDS_TO_PRINT = 2  # that a browser takes to print a page

Counting = Callable[[int], AbstractContextManager[Callable[[Path], None]]]


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
    step: Step,
    counting: Counting,
) -> Reported:
    """Read a survey, write its reports into a folder, all or none of them, and say what was done.

    Where the report says what has changed since a wave of the same file, the snapshot of that wave stands beside it.
    change: also compare with the waves before it in the same file. audited: prove first that nobody can be worked out.
    jobs: processes that may work on a large report. step: is told what is done next; counting: makes, of a number of
    files, what is told each file that was written.
    """
    from ..audit.folder import LAST_WAVE  # noqa: PLC0415
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.console import to_lines  # noqa: PLC0415
    from ..reports.files import comparison_renderer_of, former_pages, rendered_files, write_files  # noqa: PLC0415
    from .comparison_audit import ComparisonAudit  # noqa: PLC0415

    stem = surveys[0].stem
    responses, wave = responses_of(tuple(surveys), settings, step)
    before = waves_before(responses, wave) if change else ()
    former = noted_in(past.record)
    last, unsaid = last_of(responses, wave, settings, past, step)
    with taken_back(past.record, former), findings_of(responses, wave, settings, past, step) as (findings, record):
        content = compose(findings, replace(look_of(settings), audited=audited), version=version())
        content = with_last(content, last)
        files: dict[Path, Source] = {}
        if last is not None and last.wave is not None:
            files[folder / f"{stem}{LAST_WAVE}"] = last.snapshot
        files |= files_of(content, settings, folder, stem, formats, jobs=jobs, step=step)
        outdated = former_pages(folder, stem, files) if _wants_pages(settings) else ()
        audit = Audit(responses, surveys, findings.wave, settings, past.record, folder, last)

        def approve(waiting: Mapping[Path, Path]) -> None:
            step("checking what was written")
            audit.approve(waiting)

        with counting(len(files)) as each:
            written = write_files(
                {**record, **files}, approve=approve if audited else None, outdated=outdated, each=each
            )
    left_out: tuple[str, ...] = ()
    doubts = audit.doubts
    if before:
        changes, sources, left_out = change_beside(responses, before, settings, past, content, step)
        renderers = {name: comparison_renderer_of(name) for name in formats}
        check = ComparisonAudit(changes, sources, surveys, settings, folder)
        compared = rendered_files(changes, renderers, folder / f"{stem}-comparison")
        written += write_files(compared, approve=check.approve if audited else None)
        doubts += check.doubts
    removed = tuple(f"Removed, as there is no such unit any more: {path}" for path in outdated)
    notes = (*unsaid, *left_out, *content.design.notes, *removed)
    return Reported(written, (*to_lines(content), *notes, *audit.lines), doubts)


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
    from ..reports.files import rendered_files, renderer_of, team_files  # noqa: PLC0415

    renderers = {name: renderer_of(name) for name in formats}
    files = rendered_files(content, renderers, folder / f"{stem}-report", step=step, jobs=jobs)
    if _wants_pages(settings):
        pages = team_files(content, folder, stem, renderers, facilitator=bool(settings.facilitator))
        prints = sum(path.suffix == ".pdf" for path in pages)
        minutes = -(-prints * _SECONDS_TO_PRINT // 60)
        step("writing team pages" + (f" and printing {prints:,}, in about {minutes:,} min" if prints else ""))
        files |= pages
    return files


def _wants_pages(settings: Config) -> bool:
    return bool(settings.team_reports or settings.facilitator)


@dataclass(slots=True)
class Audit:
    """The audit of one run: what will be written is read, as anybody would read it, before it is moved into place.

    responses, surveys: as read, and the files. wave: the one reported on. record: None for none. folder: what is
    written below it is audited. last: the wave that it is compared with. lines: what it found, once it has been asked;
    doubts: the same where that is no proof.
    """

    responses: "Responses"
    surveys: Sequence[Path]
    wave: str
    settings: Config
    record: Path | None
    folder: Path
    last: "Last | None" = None
    lines: tuple[str, ...] = ("Not audited: nobody has checked that nothing can be worked out from these files.",)
    doubts: tuple[str, ...] = ()

    def approve(self, waiting: Mapping[Path, Path]) -> None:
        """Audit files that wait to be moved into place. waiting: their place → where they wait.

        Raises AuditError where they give answers away or say what is not so: then nothing is to be written.
        """
        from ..audit.proof import Rules, audit_responses  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as staging:
            for place, file in waiting.items():
                if place != self.record:
                    staged = Path(staging) / place.relative_to(self.folder)
                    staged.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, staged)
            verdict = audit_responses(
                Path(staging),
                self.responses,
                self.surveys,
                wave=self.wave,
                rules=Rules.of(self.settings.policy),
                record=self.record if self.record and self.record.exists() else None,
                names=names_of(self.settings),
                chosen=chosen_look(self.settings),
                last=self.last.snapshot if self.last else None,
            )
        if verdict.attacks or verdict.faults:
            raise AuditError(
                f"Nothing was written, as the audit refuses it. {verdict.headline}",
                hint="This is a fault of psafety: please report it, without the survey.",
            )
        self.lines = (f"Audit: {verdict.headline}",)
        self.doubts = () if verdict.is_proof else self.lines
