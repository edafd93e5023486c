"""The audit of a comparison: what will be written is read, as anybody would read it, before it is moved into place."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import AuditError
from .settings import chosen_look

if TYPE_CHECKING:
    from ..audit.comparisons import Source
    from ..reports.comparison import ComparisonContent


@dataclass(slots=True)
class ComparisonAudit:
    """The audit of one comparison, before it is moved into place.

    sources: what is known of every wave; surveys: the files. folder: what is written below it is audited,
    but for the record. lines: what was found, once it has been asked; doubts: the same where that is no proof.
    """

    content: "ComparisonContent"
    sources: "Sequence[Source]"
    surveys: Sequence[Path]
    settings: Config
    folder: Path
    record: Sequence[Path] = ()
    lines: tuple[str, ...] = ("Not audited: nobody has checked that nothing can be worked out from these files.",)
    doubts: tuple[str, ...] = ()

    def approve(self, waiting: Mapping[Path, Path]) -> None:
        """Audit files that wait to be moved into place. waiting: their place → where they wait.

        The JSON of the same comparison is read with them: a page of many units does not print all that its charts and
        captions rest on. Raises AuditError where they say what is not so, or what no report may say.
        """
        from ..audit.proof import Rules, audit_comparison  # noqa: PLC0415
        from ..reports.comparison_json import to_json  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as staging:
            for place, file in waiting.items():
                if place in self.record:
                    continue
                staged = Path(staging) / place.relative_to(self.folder)
                staged.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, staged)
            if not any(place.suffix == ".json" for place in waiting):
                (Path(staging) / "psafety-comparison.json").write_bytes(to_json(self.content))
            verdict = audit_comparison(
                Path(staging),
                self.sources,
                self.surveys,
                rules=Rules.of(self.settings.policy),
                chosen=chosen_look(self.settings),
            )
        if verdict.attacks or verdict.faults:
            raise AuditError(
                f"No comparison was written, as the audit refuses it. {verdict.headline}",
                hint="This is a fault of psafety: please report it, without the survey.",
            )
        self.lines = (f"Audit: {verdict.headline}",)
        self.doubts = () if verdict.is_proof else self.lines
