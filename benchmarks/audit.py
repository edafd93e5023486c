"""How long the audit of an organisation report takes (HTML, workbook and JSON), beside making the report itself.

Run: python benchmarks/audit.py. Prints a line per size: teams, figures read, seconds of processor time for both.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from psafety import analyze, load_survey
from psafety.audit.proof import audit_responses
from psafety.reports.files import write_reports
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

Result = TypeVar("Result")
SIZES = (50, 450), (1000, 9000)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    formats = ("html", "xlsx", "json")
    print(f"{'teams':>6} {'figures':>9} {'report s':>9} {'audit s':>8}")
    for teams, people in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder, survey = Path(name) / "out", Path(name) / "survey.csv"
            write_sample(
                sample_survey(SampleDesign(people=people, teams=teams), load_instrument("open-team-survey")), survey
            )
            responses = load_survey(survey)
            making, _ = timed(lambda: write_reports(analyze(responses), folder, formats=formats, version="0.1.0"))  # noqa: B023
            auditing, verdict = timed(lambda: audit_responses(folder, responses, [survey]))  # noqa: B023
            assert verdict.is_proof
            print(f"{teams:>6} {verdict.figures:>9,} {making:>9.2f} {auditing:>8.2f}")


if __name__ == "__main__":
    main()
