"""What has changed since the last wave, for a report on one wave of a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import ConfigError, PsafetyError
from .findings import Past, Step, noted_wave
from .settings import look_of, version

if TYPE_CHECKING:
    from ..analysis.published import Published
    from ..audit.comparison.proof import Source
    from ..reports.comparison.content import ComparisonContent
    from ..reports.content import ReportContent
    from ..surveys.responses import Responses


@dataclass(frozen=True, slots=True)
class Last:
    """The wave that a report is compared with, as printed. wave: its name where it stands in the same file."""

    published: "Published"
    snapshot: bytes
    wave: str | None = None


def last_of(
    responses: "Responses", wave: str | None, settings: Config, past: Past, step: Step
) -> tuple[Last | None, tuple[str, ...]]:
    """The last wave that the settings name: a kept snapshot, or a wave of the same file; and why there is none.

    Where they name none, the one before the last of a file of several waves, if it can be reported on. A wave of the
    same file joins the record, since its figures are published with the changes from it. wave: the one that was chosen
    to report on.
    Raises ConfigError where the settings name something else.
    """
    from ..analysis.waves import in_order  # noqa: PLC0415
    from ..surveys.responses import waves_of  # noqa: PLC0415

    found = waves_of(responses)
    if settings.last is None:
        ordered = in_order(found) if wave is None and len(found) > 1 and all(found) else None
        if ordered is None:
            return None, ()
        try:
            return _last_in_file(responses, ordered[-2], settings, past, step), ()
        except PsafetyError as error:
            return None, (f"Nothing is said of a change since the wave “{ordered[-2]}”. {error.problem}",)
    file = Path(settings.last)
    if settings.last in found:
        return _last_in_file(responses, settings.last, settings, past, step), ()
    if file.suffix.casefold() != ".json":
        raise ConfigError(
            f"“{settings.last}” is no wave of the file, and no snapshot.",
            hint="Name a wave that the file holds, or a snapshot: psafety report SURVEY --format json makes one.",
        )
    return kept_wave(file), ()


def kept_wave(file: Path) -> Last:
    """A kept snapshot; the wave goes by the name of the file where it has none of its own."""
    from ..reports.snapshot import read_snapshot  # noqa: PLC0415

    kept = read_snapshot(file)
    return Last(replace(kept, wave=kept.wave or wave_of_file(file)), file.read_bytes())


def wave_of_file(file: Path) -> str:
    """What a wave is called that has no name."""
    return file.stem.removesuffix("-report")


def _last_in_file(responses: "Responses", wave: str, settings: Config, past: Past, step: Step) -> Last:
    noted = noted_wave(responses, wave, settings, past, step)
    return Last(noted.published, noted.snapshot, wave)


def noted_in(record: Path | None) -> bytes | None:
    """What the record says; None where there is none."""
    return record.read_bytes() if record is not None and record.is_file() else None


@contextmanager
def taken_back(record: Path | None, former: bytes | None) -> Iterator[None]:
    """Where nothing comes of the run, an earlier wave that it has put into the record is taken out again.

    former: what the record said before. Whatever somebody else has written there since stays.
    """
    noted = noted_in(record)
    try:
        yield
    except BaseException:
        if record is not None and noted != former and noted_in(record) == noted:
            if former is None:
                record.unlink()
            else:
                record.write_bytes(former)
        raise


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
    last: Last | None,
    settings: Config,
    past: Past,
    content: "ReportContent",
    step: Step,
) -> "tuple[ComparisonContent, tuple[Source, ...], tuple[str, ...]]":
    """A wave against those before it in the same file; what is known of each; and which were left out, in sentences.

    before: their names, the earliest first. last: the one of them that is at hand already. content: the report on the
    wave. Raises ConfigError where none of the waves before can be reported on.
    """
    from ..analysis.comparison import compare  # noqa: PLC0415
    from ..audit.comparison.proof import Source  # noqa: PLC0415
    from ..audit.rules import Rules  # noqa: PLC0415
    from ..reports.comparison.compose import compose_comparison  # noqa: PLC0415
    from ..reports.comparison.wording import NO_RECORD  # noqa: PLC0415
    from ..reports.snapshot import as_published, to_json  # noqa: PLC0415

    waves, sources, left_out = [], [], []
    known = partial(Source, responses=responses, record=past.record, rules=Rules.of(settings.policy))
    step("comparing the waves")
    for wave in before:
        try:
            if last is not None and last.wave == wave:
                one = last
            else:
                one = _last_in_file(responses, wave, settings, past, lambda _: None)
        except PsafetyError as error:
            left_out.append(f"The wave “{wave}” is not compared. {error.problem}")
        else:
            waves.append(one.published)
            sources.append(known(wave, wave, snapshot=one.snapshot))
    notes = () if past.record else (NO_RECORD,)
    sources.append(known(content.wave, content.wave, snapshot=to_json(content)))
    found = compare([*waves, as_published(content)])
    changes = compose_comparison(found, look_of(settings), version=version(), notes=notes)
    return changes, tuple(sources), tuple(left_out)
