"""What the commands do, callable from Python: settings → responses → findings under the record → audited reports.

Heavy imports happen in the function that needs them, so that `psafety --help` answers at once.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .config import FILE_NAME, RECORD_NAME, Config, read_config
from .surveys.errors import AuditError, MappingError

if TYPE_CHECKING:
    from .analysis.findings import Findings
    from .analysis.published import Published
    from .reports.compose import Look
    from .surveys.mapping import Wishes
    from .surveys.responses import Responses

Step = Callable[[str], None]


def settings_of(survey: Path, config: Path | None) -> Config:
    """The settings file that was named, else the one beside the survey, else nothing."""
    beside = survey.parent / FILE_NAME
    if config is not None:
        return read_config(config)
    return read_config(beside) if beside.is_file() else Config()


def chosen_settings(options: dict[str, object], formats: tuple[str, ...]) -> Config:
    """What the options of a command say, as settings. options: name → value, None where not given."""
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    given |= {name: str(given[name]) for name in ("headcounts", "record", "names") if name in given}
    given |= {name: parts(str(given[name])) for name in ("turn", "remove") if name in given}
    policy = {name: given.pop(name) for name in ("min_group",) if name in given}
    return Config(formats=formats, policy=policy, **given)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Past:
    """How a report stands to earlier ones. record: None for none; replaces, earlier: as the options."""

    record: Path | None
    replaces: bool
    earlier: Path | None


def record_path(survey: Path, config: Path | None, settings: Config) -> Path:
    """The record that was named, else the one beside the settings that were named, else the one beside the survey."""
    return Path(settings.record) if settings.record else (config or survey).parent / RECORD_NAME


def findings_of(
    responses: "Responses", wave: str | None, settings: Config, past: Past, step: Step
) -> "AbstractContextManager[tuple[Findings, Mapping[Path, bytes]]]":
    """The findings of one wave under the record, and what the record must say once they are published.

    Write both inside the `with` block, in one `write_files`, the record first.
    """
    from .analysis.disclosure.policy import Policy  # noqa: PLC0415
    from .analysis.findings import analyze  # noqa: PLC0415
    from .records import recorded_findings  # noqa: PLC0415
    from .surveys.headcounts import headcounts_of  # noqa: PLC0415

    policy = Policy.of(**settings.policy)
    headcounts = None
    if settings.headcounts:
        headcounts, responses = headcounts_of(Path(settings.headcounts), responses)
    step("protecting small groups")
    finite = bool(settings.finite_population)
    if past.record is None:
        return nullcontext((analyze(responses, policy, wave=wave, headcounts=headcounts, finite_population=finite), {}))
    return recorded_findings(
        responses,
        policy,
        past.record,
        version=version(),
        wave=wave,
        headcounts=headcounts,
        finite_population=finite,
        date=settings.date or "",
        named=settings.wave_name is not None,
        replaces=past.replaces,
        earlier=partial(_readings, past.earlier, settings) if past.earlier else None,
    )


def published_of(
    file: Path,
    settings: Config,
    past: Past,
    labels: Sequence[str],
    place: int,
    step: Step,
) -> "list[Published]":
    """What was printed of each wave of one file: of a survey, by way of the report that is made of it.

    labels: what a person calls the waves of all files; place: how many of them come before this file.
    """
    from .analysis.waves import ordered  # noqa: PLC0415
    from .reports.compose import compose  # noqa: PLC0415
    from .reports.files import write_files  # noqa: PLC0415
    from .reports.snapshot import as_published, read_snapshot  # noqa: PLC0415
    from .surveys.responses import waves_of, with_wave_name  # noqa: PLC0415

    by_file = file.stem.removesuffix("-report")
    if file.suffix.casefold() == ".json":
        kept = read_snapshot(file)
        return [replace(kept, wave=kept.wave or by_file)]
    responses, wave = responses_of((file,), settings, step)
    found = waves_of(responses)
    if found == ("",):
        said = labels[place] if place < len(labels) else None
        settings = replace(settings, wave_name=said)
        responses, found = with_wave_name(responses, said or by_file), (said or by_file,)
    published = []
    for one in [wave] if wave else ordered(found, labels):
        with findings_of(responses, one, settings, past, step) as (findings, record):
            write_files(record)
            published.append(as_published(compose(findings, look_of(settings), version=version())))
    return published


def parts(text: str | None) -> tuple[str, ...]:
    """What stands between the commas of an option, without blanks."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _readings(earlier: Path, settings: Config) -> Iterator["Responses"]:
    """An earlier export, read with these settings, and if need be with its own units and all of its rows."""
    mine = replace(settings, wave_name=None, comments=())  # the earlier export need not hold what people wrote
    for rows in (mine, replace(mine, remove=())):
        for way in (rows, replace(rows, team=None, units=(), wave=None)):
            with suppress(MappingError):
                yield responses_of((earlier,), way, lambda _: None)[0]


def responses_of(surveys: tuple[Path, ...], settings: Config, step: Step) -> tuple["Responses", str | None]:
    """The answers, read as the settings say, and the wave to report on; None for the last."""
    from .surveys.responses import load_survey, with_wave_name  # noqa: PLC0415

    responses = load_survey(surveys, wishes_of(settings), sheet=settings.sheet, progress=step)
    if settings.min_answered is not None:
        responses = replace(responses, instrument=replace(responses.instrument, min_answered=settings.min_answered))
    if settings.wave_name:
        responses = with_wave_name(responses, settings.wave_name)
    wave = (settings.wave or "").partition("=")[2]
    return responses, wave.strip() or None


def wishes_of(settings: Config) -> "Wishes":
    """What the settings say about the files."""
    from .surveys.instrument_files import load_instrument  # noqa: PLC0415
    from .surveys.mapping import Wishes  # noqa: PLC0415

    return Wishes(
        instrument=load_instrument(settings.instrument) if settings.instrument else None,
        platform=settings.platform,
        team=settings.team,
        units=settings.units,
        cuts=settings.cuts,
        wave=(settings.wave or "").partition("=")[0].strip() or None,
        items=settings.items,
        labels=settings.labels,
        strict=bool(settings.strict),
        turn=settings.turn,
        remove=settings.remove,
        comments=settings.comments,
        names=names_of(settings),
    )


def names_of(settings: Config) -> tuple[str, ...]:
    """The names to mask in comments."""
    from .surveys.comments import read_names  # noqa: PLC0415

    return read_names(Path(settings.names)) if settings.names and settings.comments else ()


def look_of(settings: Config) -> "Look":
    """What the settings say about the looks of a report."""
    from .reports.compose import Look  # noqa: PLC0415

    return Look(title=settings.title or "", date=settings.date or "", team_reports=bool(settings.team_reports))


def version() -> str:
    """The version of psafety that runs."""
    from importlib.metadata import version  # noqa: PLC0415

    return version("psafety")


@dataclass(slots=True)
class Audit:
    """The audit of one run: what will be written is read, as anybody would read it, before it is moved into place.

    responses, surveys: as read, and the files. wave: the one reported on. record: None for none. folder: what is
    written below it is audited. lines: what it found, once it has been asked; doubts: the same
    where that is no proof.
    """

    responses: "Responses"
    surveys: Sequence[Path]
    wave: str
    settings: Config
    record: Path | None
    folder: Path
    lines: tuple[str, ...] = ("Not audited: nobody has checked that nothing can be worked out from these files.",)
    doubts: tuple[str, ...] = ()

    def approve(self, waiting: Mapping[Path, Path]) -> None:
        """Audit files that wait to be moved into place. waiting: their place → where they wait.

        Raises AuditError where they give answers away or say what is not so: then nothing is to be written.
        """
        from .audit.proof import Rules, audit_responses  # noqa: PLC0415

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
            )
        if verdict.attacks or verdict.faults:
            raise AuditError(
                f"Nothing was written, as the audit refuses it. {verdict.headline}",
                hint="This is a fault of psafety: please report it, without the survey.",
            )
        self.lines = (f"Audit: {verdict.headline}",)
        self.doubts = () if verdict.is_proof else self.lines
