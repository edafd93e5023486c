"""Settings → responses → findings under the record."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import MappingError, RecordError
from .settings import look_of, version, wishes_of

if TYPE_CHECKING:
    from ..analysis.counted import Counted
    from ..analysis.findings import Findings
    from ..analysis.published import Published
    from ..surveys.responses import Responses

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Past:
    """How a report stands to earlier ones. record: None for none; replaces, earlier: as the options."""

    record: Path | None
    replaces: bool
    earlier: Path | None


@dataclass(frozen=True, slots=True)
class Noted:
    """One of several waves. published, snapshot: what its report says, as it is read and as bytes."""

    wave: str
    findings: "Findings"
    published: "Published"
    snapshot: bytes


def responses_of(
    surveys: tuple[Path, ...], settings: Config, step: Step, *, link: str | None = None
) -> tuple["Responses", str | None]:
    """The answers, read as the settings say, and the wave to report on; None for the last.

    link: a column of codes that people made up, which is then the last of the cuts.
    """
    from ..surveys.parts import read_survey  # noqa: PLC0415

    wishes = replace(wishes_of(settings), link=link)
    table = read_survey(surveys, wishes, sheet=settings.sheet, progress=step)

    from ..analysis.disclosure.policy import Policy  # noqa: PLC0415 (these may be loaded while a large file is read)
    from ..surveys.merging import merge_small  # noqa: PLC0415
    from ..surveys.responses import understood, with_wave_name  # noqa: PLC0415

    responses = understood(table, wishes, progress=step)
    del table
    if settings.min_answered is not None:
        responses = replace(responses, instrument=replace(responses.instrument, min_answered=settings.min_answered))
    if settings.wave_name:
        responses = with_wave_name(responses, settings.wave_name)
    if settings.merge_small:
        responses = merge_small(responses, Policy.of(**settings.policy).smallest)
    wave = (settings.wave or "").partition("=")[2]
    return responses, wave.strip() or None


def findings_of(
    responses: "Responses | Counted", wave: str | None, settings: Config, past: Past, step: Step
) -> "AbstractContextManager[tuple[Findings, Mapping[Path, bytes]]]":
    """The findings of one wave under the record, and what the record must say once they are published.

    Write both inside the `with` block, in one `write_files`, the record first.
    """
    from ..analysis.counted import Counted  # noqa: PLC0415
    from ..analysis.disclosure.policy import Policy  # noqa: PLC0415
    from ..analysis.findings import analyze  # noqa: PLC0415
    from ..analysis.waves import latest  # noqa: PLC0415
    from ..records import recorded_findings  # noqa: PLC0415
    from ..surveys.headcounts import headcounts_of  # noqa: PLC0415
    from ..surveys.responses import waves_of  # noqa: PLC0415

    policy = Policy.of(**settings.policy)
    headcounts = None
    if settings.headcounts and not isinstance(responses, Counted):
        reported = wave if wave is not None else latest(waves_of(responses))
        headcounts, responses = headcounts_of(Path(settings.headcounts), responses, wave=reported)
    step("protecting small groups")
    finite, outcome = bool(settings.finite_population), settings.outcome or ""
    if past.record is None:
        findings = analyze(
            responses, policy, wave=wave, headcounts=headcounts, finite_population=finite, outcome=outcome
        )
        return nullcontext((findings, {}))
    return recorded_findings(
        responses,
        policy,
        past.record,
        version=version(),
        wave=wave,
        headcounts=headcounts,
        finite_population=finite,
        outcome=outcome,
        date=settings.date or "",
        named=settings.wave_name is not None,
        replaces=past.replaces,
        earlier=partial(_readings, past.earlier, settings) if past.earlier else None,
    )


def noted_wave(responses: "Responses", wave: str, settings: Config, past: Past, step: Step) -> Noted:
    """One of several waves as its report says it, put into the record, since its figures are published with others.

    The earlier export is about one of the waves: it is asked where the record refuses.
    """
    try:
        return _noted(responses, wave, settings, replace(past, earlier=None), step)
    except RecordError:
        if past.earlier is None:
            raise
        return _noted(responses, wave, settings, past, step)


def _noted(responses: "Responses", wave: str, settings: Config, past: Past, step: Step) -> Noted:
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.files import write_files  # noqa: PLC0415
    from ..reports.snapshot import as_published, to_json  # noqa: PLC0415

    with findings_of(responses, wave, settings, past, step) as (findings, record):
        content = compose(findings, look_of(settings), version=version())
        write_files(record)
    return Noted(wave, findings, as_published(content), to_json(content))


def _readings(earlier: Path, settings: Config) -> Iterator["Responses"]:
    """An earlier export, read with these settings, and if need be with its own units and all of its rows."""
    mine = replace(settings, wave_name=None, comments=())  # the earlier export need not hold what people wrote
    other = replace(mine, merge_small=not mine.merge_small)
    for rows in (mine, replace(mine, remove=()), other, replace(other, remove=())):
        for way in (rows, replace(rows, team=None, units=(), wave=None)):
            with suppress(MappingError):
                yield responses_of((earlier,), way, lambda _: None)[0]
