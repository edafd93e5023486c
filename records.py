"""psafety-record.json on disk: locked while a report is made, read, and written together with the reports."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from .analysis.counted import Counted
from .analysis.disclosure.linked import with_pairs
from .analysis.disclosure.policy import Policy
from .analysis.disclosure.record import Record, joined, joined_beside, publication
from .analysis.disclosure.record_text import from_text, to_text
from .analysis.findings import Findings, analyze
from .analysis.tally import tally
from .analysis.waves import latest
from .reports.files import why_not_written
from .surveys.errors import PsafetyError, RecordError
from .surveys.headcounts import Headcounts
from .surveys.responses import WAVE, Responses, of_wave, waves_of

_PATIENCE = 20.0  # seconds to wait for another run
_PAUSE = 0.05

Readings = Callable[[], Iterator[Responses]]


@contextmanager
def recorded_findings(
    responses: Responses | Counted,
    policy: Policy,
    path: Path,
    *,
    version: str,
    wave: str | None = None,
    headcounts: Headcounts | None = None,
    finite_population: bool = False,
    outcome: str = "",
    date: str = "",
    named: bool = False,
    replaces: bool = False,
    earlier: Readings | None = None,
    patience: float = _PATIENCE,
) -> Iterator[tuple[Findings, Mapping[Path, bytes]]]:
    """The findings of one wave that may be published beside what the record holds, and the record as it must be then.

    Give both to one `write_files`, the record first, inside the `with` block: until its end the record is locked.
    Nothing is to be written where the report says what the record holds already.

        with recorded_findings(responses, Policy(), Path("psafety-record.json"), version="1") as (findings, record):
            write_files({**record, Path("report.html"): to_html(compose(findings, Look(), version="1"))})

    wave, headcounts, finite_population, outcome: see `analyze`. date: as printed. named: a person says that this is a
    wave of its own. replaces: the earlier reports were never shared with anybody. earlier: ways to read the export of
    the earlier report, to be tried one after the other. patience: seconds to wait for another run.
    Raises RecordError where the record cannot be read or speaks against the report, and what `analyze` raises.
    """

    def found() -> tuple[Findings, Mapping[Path, bytes]]:
        kept = read_record(path)
        analyzed = partial(
            analyze,
            responses,
            policy,
            wave=wave,
            headcounts=headcounts,
            finite_population=finite_population,
            outcome=outcome,
        )
        findings, key = _with_key(analyzed, kept, _reported_wave(responses) if wave is None else wave)
        record = kept.renewed(findings.renewed)
        new = publication(findings, version=version, date=date)
        if earlier is None or isinstance(responses, Counted):
            after = joined(record, findings.wave, key, new, named=named, replaces=replaces)
        else:
            before = _reading_of(earlier, {one.data for each in record.waves.values() for one in each.publications})
            later = of_wave(responses, findings.wave)
            after = joined_beside(record, findings.wave, key, new, earlier=before, later=later, named=named)
        return findings, {} if after is kept else {path: to_text(after).encode()}

    with locked(path, patience=patience):
        yield found()  # and nothing of it is kept here, as it may be large


@contextmanager
def recorded_pairs(
    path: Path,
    earlier: str,
    later: str,
    fingerprint: Callable[[str], str],
    *,
    replaces: bool = False,
    patience: float = _PATIENCE,
) -> Iterator[Mapping[Path, bytes]]:
    """The record as it must be once the people in two waves of it are compared; nothing where it knows that already.

    earlier, later: names of waves. fingerprint: of the pairs, by the key of the later wave. To be written as by
    `recorded_findings`.
    Raises RecordError where these waves are linked by other pairs, their own or those of waves between, unless
    replaces: these were never shared; or where the record does not hold both waves.
    """
    with locked(path, patience=patience):
        kept = read_record(path)
        told = fingerprint(kept.waves[later].key) if later in kept.waves else ""
        after = with_pairs(kept, earlier, later, told, replaces=replaces)
        yield {} if after is kept else {path: to_text(after).encode()}


def _reported_wave(responses: Responses | Counted) -> str:
    """The wave that is reported on where none is named. Raises ConfigError where their order is not plain."""
    return latest(responses.waves if isinstance(responses, Counted) else waves_of(responses))


def _with_key(analyzed: Callable[..., Findings], record: Record, wave: str) -> tuple[Findings, str]:
    """The findings with the cover of their wave, and its key; a new wave gets one.

    Which wave it is, and of which answers, the findings tell: where the first key was not the one, they are made again.
    """
    key = record.key_for(wave, "") or secrets.token_hex(16)
    findings = analyzed(key=key)
    right = record.renewed(findings.renewed).key_for(findings.wave, findings.data_digest) or key
    return (findings, key) if right == key else (analyzed(key=right), right)


def _reading_of(earlier: Readings, recorded: set[str]) -> Responses:
    """The wave of the earlier export that a recorded report was made of. Raises RecordError where there is none."""
    for responses in earlier():
        for wave in responses.groups[WAVE].cat.categories:
            part = of_wave(responses, wave)
            if len(part) and recorded.intersection(tally(part).digests):
                return part
    raise RecordError(
        "The earlier export does not hold the answers of any report in the record, as it is read now.",
        hint="Give the very export that the earlier report was made of, and the same --instrument and --team.",
    )


def read_record(path: Path) -> Record:
    """The record at a path; an empty one where there is none. Raises RecordError where it cannot be read."""
    try:
        return from_text(path.read_text(encoding="utf-8"), where=path.name)
    except FileNotFoundError:
        return Record()
    except UnicodeDecodeError as error:
        raise RecordError(
            "The record is damaged: it is not UTF-8 text.", where=path.name, hint="Put back a copy from before."
        ) from error
    except OSError as error:
        raise _out_of_reach(path, error) from error


@contextmanager
def locked(path: Path, *, patience: float = _PATIENCE) -> Iterator[None]:
    """Keep other runs away from a record; the lock is the system's, so it ends with the process, however that ends.

    What is locked is a file beside the record, since the record itself is replaced. Raises RecordError where another
    run holds it for too long, or where no file can be written there.
    """
    lock = path.with_name(f".{path.name}.lock")
    deadline = time.monotonic() + patience
    while (handle := _taken(lock, path)) is None:
        if time.monotonic() > deadline:
            raise RecordError(
                "Another run of psafety is using the record.", where=path.name, hint="Wait until it has finished."
            )
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        _given_back(lock, handle)


def _taken(lock: Path, path: Path) -> int | None:
    """The locked file; None where another run holds it, or has just taken it away."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _out_of_reach(path, error) from error
    if _lock(handle):
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
    os.close(handle)
    return None


if sys.platform == "win32":  # pragma: no cover (measured on Linux)
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _given_back(lock: Path, handle: int) -> None:
        os.close(handle)
        with suppress(OSError):  # another run has opened it in the meantime
            lock.unlink()

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _given_back(lock: Path, handle: int) -> None:
        lock.unlink(missing_ok=True)  # while it is ours: a run that waits for it sees that it is gone
        os.close(handle)


def _out_of_reach(path: Path, error: OSError) -> PsafetyError:
    reason, remedy = why_not_written(error)
    return RecordError(
        f"The record of what was published cannot be kept: {reason}.",
        where=str(path),
        hint=f"{remedy}, or name another place with --record FILE.",
    )
