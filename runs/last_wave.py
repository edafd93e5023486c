"""What has changed since the last wave, for a report on one wave of a file."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import ConfigError, PsafetyError
from .findings import Past, Step, beside_earlier
from .settings import look_of, version

if TYPE_CHECKING:
    from ..analysis.published import Published
    from ..reports.comparison import ComparisonContent
    from ..reports.content import ReportContent
    from ..surveys.responses import Responses


@dataclass(frozen=True, slots=True)
class Last:
    """The wave that a report is compared with, as printed. wave: its name where it stands in the same file."""

    published: "Published"
    snapshot: bytes
    wave: str | None = None


def last_of(responses: "Responses", wave: str | None, settings: Config, past: Past, step: Step) -> Last | None:
    """The last wave that the settings name: a kept snapshot, or a wave of the same file, which joins the record.

    Where they name none and team pages are wanted, the one before the last of a file of several waves, if it can be
    reported on. wave: the one that was chosen to report on.
    Raises ConfigError where the settings name something else.
    """
    from ..analysis.waves import in_order  # noqa: PLC0415
    from ..reports.snapshot import read_snapshot  # noqa: PLC0415
    from ..surveys.responses import waves_of  # noqa: PLC0415

    found = waves_of(responses)
    if settings.last is None:
        ordered = in_order(found) if wave is None and len(found) > 1 and all(found) else None
        if ordered is None or not (settings.team_reports or settings.facilitator):
            return None
        with suppress(PsafetyError):
            return _last_in_file(responses, ordered[-2], settings, past, step)
        return None
    file = Path(settings.last)
    if settings.last in found:
        return _last_in_file(responses, settings.last, settings, past, step)
    if file.suffix.casefold() != ".json":
        raise ConfigError(
            f"“{settings.last}” is no wave of the file, and no snapshot.",
            hint="Name a wave that the file holds, or a snapshot: psafety report SURVEY --format json makes one.",
        )
    kept = read_snapshot(file)
    return Last(replace(kept, wave=kept.wave or file.stem.removesuffix("-report")), file.read_bytes())


def _last_in_file(responses: "Responses", wave: str, settings: Config, past: Past, step: Step) -> Last:
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.files import write_files  # noqa: PLC0415
    from ..reports.snapshot import as_published, to_json  # noqa: PLC0415

    with beside_earlier(responses, wave, settings, past, step) as (findings, record):
        write_files(record)
        content = compose(findings, look_of(settings), version=version())
    return Last(as_published(content), to_json(content), wave)


def with_last(content: "ReportContent", last: Last | None) -> "ReportContent":
    """A report that also says what has changed since the last wave.

    Raises ConfigError where that is the very wave that it is on.
    """
    from ..reports.since_last import since_last  # noqa: PLC0415

    if last is None:
        return content
    if last.published.wave == content.wave:
        raise ConfigError(
            f"The last wave is “{content.wave}”, which this report is on.", hint="Name an earlier one with --last."
        )
    return since_last(content, last.published)


def waves_before(responses: "Responses", wave: str | None) -> tuple[str, ...]:
    """The waves of a file before the one that is reported on, None for the last; the earliest first.

    Raises ConfigError where there is none, or their order is not plain.
    """
    from ..analysis.waves import in_order  # noqa: PLC0415
    from ..surveys.responses import waves_of  # noqa: PLC0415

    found = waves_of(responses)
    ordered = (in_order(found) if all(found) else None) or ()
    before = ordered[: ordered.index(wave)] if wave in ordered else ordered[:-1]
    if not before:
        raise ConfigError(
            "There is nothing to compare: the file holds no wave before this one, or their order is not plain.",
            hint="Leave --change out, or use psafety compare with --labels.",
        )
    return before


def change_beside(
    responses: "Responses",
    before: Sequence[str],
    settings: Config,
    past: Past,
    last: "Published",
    step: Step,
) -> "tuple[ComparisonContent, tuple[str, ...]]":
    """A wave against those before it in the same file; and which of these were left out, in sentences.

    before: their names, the earliest first. last: what the report on the wave prints.
    Raises ConfigError where none of the waves before can be reported on.
    """
    from ..analysis.comparison import compare  # noqa: PLC0415
    from ..reports.changes_in_words import NO_RECORD  # noqa: PLC0415
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.compose_comparison import compose_comparison  # noqa: PLC0415
    from ..reports.files import write_files  # noqa: PLC0415
    from ..reports.snapshot import as_published  # noqa: PLC0415

    waves, left_out = [], []
    step("comparing the waves")
    for wave in before:
        try:
            with beside_earlier(responses, wave, settings, past, lambda _: None) as (findings, record):
                write_files(record)
                waves.append(as_published(compose(findings, look_of(settings), version=version())))
        except PsafetyError as error:
            left_out.append(f"The wave “{wave}” is not compared. {error.problem}")
    notes = () if past.record else (NO_RECORD,)
    content = compose_comparison(compare([*waves, last]), look_of(settings), version=version(), notes=notes)
    return content, tuple(left_out)
