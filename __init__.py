"""psafety: reports on psychological safety in teams, without giving away what one person answered.

The public API; each name is imported when it is first asked for, so that `import psafety` stays fast.

    from pathlib import Path
    from psafety import analyze, load_survey, write_reports

    write_reports(analyze(load_survey(Path("survey.csv"))), Path("."))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .analysis.comparison import compare
    from .analysis.disclosure.policy import Policy
    from .analysis.findings import Findings, analyze
    from .audit.proof import audit_output
    from .records import recorded_findings
    from .reports.comparison.compose import compose_comparison
    from .reports.compose import Look, compose
    from .reports.files import write_reports
    from .reports.snapshot import read_snapshot
    from .surveys.errors import PsafetyError
    from .surveys.headcounts import read_headcounts
    from .surveys.instrument_files import load_instrument
    from .surveys.mapping import Wishes
    from .surveys.parts import read_tables
    from .surveys.responses import Responses, load_survey
    from .surveys.tables import Table, read_table

_HOMES = {
    "Findings": "analysis.findings",
    "Look": "reports.compose",
    "Policy": "analysis.disclosure.policy",
    "PsafetyError": "surveys.errors",
    "Responses": "surveys.responses",
    "Table": "surveys.tables",
    "Wishes": "surveys.mapping",
    "analyze": "analysis.findings",
    "audit_output": "audit.proof",
    "compare": "analysis.comparison",
    "compose": "reports.compose",
    "compose_comparison": "reports.comparison.compose",
    "load_instrument": "surveys.instrument_files",
    "load_survey": "surveys.responses",
    "read_headcounts": "surveys.headcounts",
    "read_snapshot": "reports.snapshot",
    "read_table": "surveys.tables",
    "read_tables": "surveys.parts",
    "recorded_findings": "records",
    "write_reports": "reports.files",
}

__all__ = [
    "Findings",
    "Look",
    "Policy",
    "PsafetyError",
    "Responses",
    "Table",
    "Wishes",
    "analyze",
    "audit_output",
    "compare",
    "compose",
    "compose_comparison",
    "load_instrument",
    "load_survey",
    "read_headcounts",
    "read_snapshot",
    "read_table",
    "read_tables",
    "recorded_findings",
    "write_reports",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
