"""The audit of one run: what will be written is read, as anybody would read it, before it is moved into place."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import AuditError
from .findings import Past, Step
from .settings import chosen_look, names_of

if TYPE_CHECKING:
    from ..audit.ahead import Ahead
    from ..audit.comparison.proof import Source
    from ..audit.verdict import Verdict
    from ..reports.comparison.content import ComparisonContent
    from ..surveys.responses import Responses


@dataclass(slots=True)
class Approval:
    """What `write_files` asks before it moves anything.

    judge: audits a folder, and is told where files wait. folder: what is written below it is audited, but for
    `besides`, such as the record. beside: files that are read with it and not written, by name. refused: how the
    message begins where the audit refutes. lines: what it found, once it has been asked; doubts: the same where that
    is no proof. begin: counts what it needs of the answers, in a thread.
    """

    judge: "Callable[[Path, Mapping[Path, Path]], Verdict]"
    folder: Path
    refused: str
    step: Step
    besides: Collection[Path] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    lines: tuple[str, ...] = ("Not audited: nobody has checked that nothing can be worked out from these files.",)
    doubts: tuple[str, ...] = ()
    begin: Callable[[], object] = lambda: None

    def __call__(self, waiting: Mapping[Path, Path]) -> None:
        """Audit files that wait to be moved into place. waiting: their place → where they wait.

        Raises AuditError where they give answers away or say what is not so: then nothing is to be written.
        """
        self.step("checking what was written")
        with tempfile.TemporaryDirectory() as staging:
            for place, file in waiting.items():
                if place not in self.besides:
                    staged = Path(staging) / place.relative_to(self.folder)
                    staged.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, staged)
            for name, data in self.beside.items():
                (Path(staging) / name).write_bytes(data)
            verdict = self.judge(Path(staging), waiting)
        if verdict.attacks or verdict.faults:
            raise AuditError(
                f"{self.refused}, as the audit refuses it. {verdict.headline}",
                hint="This is a fault of psafety: please report it, without the survey.",
            )
        self.lines = (f"Audit: {verdict.headline}",)
        self.doubts = () if verdict.is_proof else self.lines


class _Early:
    """A result that may be worked out before it is asked for, in a thread, while this process waits for others."""

    def __init__(self, work: "Callable[[], Ahead]") -> None:
        self._work = work
        self._begun: Future[Ahead] | None = None

    def begin(self) -> None:
        """Work it out from now on. No copy of this process must be made before it has been asked for."""
        if self._begun is None:
            thread = ThreadPoolExecutor(1)
            self._begun = thread.submit(self._work)
            thread.shutdown(wait=False)

    def result(self) -> "Ahead":
        """The result, worked out now if it has not been begun."""
        return self._work() if self._begun is None else self._begun.result()


def approval_of_report(
    responses: "Responses",
    surveys: Sequence[Path],
    wave: str,
    settings: Config,
    past: Past,
    *,
    folder: Path,
    last: bytes | None,
    step: Step,
) -> Approval:
    """The audit of the reports on one wave. last: the snapshot of the wave that they are compared with.

    Where the report replaces one that nobody has seen, it stands beside the record as it will be, without that one.
    """
    from ..audit.ahead import count_ahead  # noqa: PLC0415
    from ..audit.proof import Rules, audit_responses  # noqa: PLC0415

    record, ahead = past.record, _Early(partial(count_ahead, responses, wave))

    def judge(staging: Path, waiting: Mapping[Path, Path]) -> "Verdict":
        known = waiting.get(record, record) if record and past.replaces else record
        return audit_responses(
            staging,
            responses,
            surveys,
            wave=wave,
            rules=Rules.of(settings.policy),
            record=known if known and known.exists() else None,
            names=names_of(settings),
            chosen=chosen_look(settings),
            last=last,
            ahead=ahead.result(),
            names_data=False,  # nobody is told
        )

    besides = (record,) if record else ()
    return Approval(judge, folder, "Nothing was written", step, besides=besides, begin=ahead.begin)


def approval_of_comparison(
    content: "ComparisonContent",
    sources: "Sequence[Source]",
    surveys: Sequence[Path],
    settings: Config,
    *,
    folder: Path,
    formats: Sequence[str],
    step: Step,
) -> Approval:
    """The audit of one comparison. sources: what is known of every wave; surveys: the files.

    Its JSON is read with it, written or not: a page of many units does not print all that its words rest on.
    """
    from ..audit.proof import Rules, audit_comparison  # noqa: PLC0415
    from ..reports.comparison.snapshot import to_json  # noqa: PLC0415

    rules, chosen = Rules.of(settings.policy), chosen_look(settings)
    audit = partial(audit_comparison, waves=sources, surveys=surveys, rules=rules, chosen=chosen, names_data=False)
    beside = {} if "json" in formats else {"psafety-comparison.json": to_json(content)}
    return Approval(lambda staging, _: audit(staging), folder, "No comparison was written", step, beside=beside)
