"""How fast team pages are written, and how much memory that takes.

Run: python benchmarks/teams.py [TEAMS …]. Prints a line per size: pages, pages a second (folder and archive written),
the largest page, and by how much the peak of memory grew over that of the finished content. Then the whole command,
`psafety report --team-reports --assets shared`, audited and not: seconds on the clock, of CPU, and the peak of memory.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from psafety import Look, analyze, compose, load_survey
from psafety.reports.files import write_files
from psafety.reports.teams.files import team_files
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample


def peak() -> float:
    """The largest resident set so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def whole_command(survey: Path, *options: str) -> str:
    """What the command takes from the beginning to the end, in a process of its own."""
    program = str(Path(sys.executable).parent / "psafety")
    asked = ["report", str(survey), "--team-reports", "--assets", "shared", "--no-record", "--quiet"]
    begun = time.perf_counter()
    process = subprocess.Popen([program, *asked, "--output", str(survey.parent / "out"), *options])
    _, status, usage = os.wait4(process.pid, 0)
    seconds, cpu = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    said = "not audited" if options else "audited"
    return f"  {said}: {seconds:.1f} s, CPU {cpu:.1f} s, peak {usage.ru_maxrss / 1024:.0f} MB, status {status}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("teams", nargs="*", type=int, default=[50, 1000])
    print(f"{'pages':>6} {'pages/s':>8} {'CPU s':>7} {'largest kB':>11} {'peak MB':>8} {'grown by MB':>12}")
    for teams in parser.parse_args().teams:
        with tempfile.TemporaryDirectory() as name:
            folder, survey = Path(name), Path(name) / "survey.csv"
            design = SampleDesign(people=teams * 9, teams=teams)
            write_sample(sample_survey(design, load_instrument("open-team-survey")), survey)
            content = compose(analyze(load_survey(survey)), Look(team_reports=True), version="0.1.0")
            before, start, cpu = peak(), time.perf_counter(), time.process_time()
            written = write_files(team_files(content, folder, "survey", report="survey-report.html"))
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
            pages = [path for path in written if path.suffix == ".html" and path.name != "index.html"]
            largest = max(path.stat().st_size for path in pages) / 1000
            print(
                f"{len(pages):>6} {len(pages) / seconds:>8.0f} {cpu:>7.1f} {largest:>11.1f} {peak():>8.0f}"
                f" {peak() - before:>12.1f}"
            )
            print(whole_command(survey), whole_command(survey, "--no-audit"), sep="\n", flush=True)


if __name__ == "__main__":
    main()
