"""What a report costs, beside something run on the same file in the same minute; prints the table of the README.

    python benchmarks/report.py                          the small survey: 2,000 people × 24 items × 50 teams
    python benchmarks/report.py --large                  also 1,000,000 people × 24 items × 10,000 teams
    python benchmarks/report.py --ydata PYTHON           also ydata-profiling --minimal, run by that Python

CPU is user and system time of the process and its children, peak the largest resident set; both from the kernel.
Python may keep compiled files, as it does of an installed package, whatever the environment says.
Where the machine is shared, only the ratios count; each figure is the least of several runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

YDATA = """
import sys, pandas, ydata_profiling
report = ydata_profiling.ProfileReport(pandas.read_csv(sys.argv[1]), minimal=True, progress_bar=False)
report.to_file(sys.argv[2])
"""
CORE_AND_THREE_MODULES = "trust", "openness", "speaking-up", "acceptance", "support", "growth"  # 24 items


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of CPU, and peak memory in MB of one command."""

    wall: float
    cpu: float
    peak: float


def cost_of(command: list[str], *, runs: int) -> Cost:
    """The least that a command takes in several runs."""
    costs = [_run(command) for _ in range(runs)]
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), min(c.peak for c in costs))


def _run(command: list[str]) -> Cost:
    start = time.perf_counter()
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, env=compiled, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{process.stderr.read().decode() if process.stderr else ''}")
    if process.stderr:
        process.stderr.close()
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def write_survey(path: Path, people: int, teams: int) -> None:
    """A survey with as many answers as given, every answer a label."""
    from psafety.surveys.instrument_files import load_instrument
    from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

    design = SampleDesign(people=people, teams=teams, response=1.0, style="labels", dimensions=CORE_AND_THREE_MODULES)
    write_sample(sample_survey(design, load_instrument("open-team-survey")), path)


def report_command(survey: Path, folder: Path, *options: str) -> list[str]:
    """The command that makes the reports of a survey."""
    return [
        str(Path(sys.executable).parent / "psafety"),
        "report",
        str(survey),
        "--quiet",
        "--output",
        str(folder),
        "--record",
        str(survey.with_suffix(".record.json")),
        *options,
    ]


def line(what: str, limit: str, cost: Cost, said: str = "") -> None:
    """One line of the table."""
    print(f"| {what} | {limit} | {cost.cpu:.2f} s | {cost.wall:.2f} s | {cost.peak:.0f} MB | {said} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--ydata", metavar="PYTHON")
    options = parser.parse_args()
    print("| what | asked | CPU | clock | peak | |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        psafety = str(Path(sys.executable).parent / "psafety")
        line("`psafety --help`", "≤ 0.15 s CPU", cost_of([psafety, "--help"], runs=5))
        small = folder / "small.csv"
        write_survey(small, 2000, 50)
        ours = cost_of(report_command(small, folder), runs=5)
        size = (folder / "small-report.html").stat().st_size / 1e6
        line("report, 2,000 × 24, 50 teams", "≤ 2.0 s CPU, ≤ 350 MB", ours, f"HTML {size:.2f} MB")
        if options.ydata:
            theirs = cost_of([options.ydata, "-W", "ignore", "-c", YDATA, str(small), str(folder / "y.html")], runs=2)
            line("ydata-profiling minimal, same file", "≥ 3 × ours", theirs, f"{theirs.cpu / ours.cpu:.1f} × our CPU")
        if options.large:
            large = folder / "large.csv"
            write_survey(large, 1_000_000, 10_000)
            bare = cost_of([sys.executable, "-c", f"import pandas; pandas.read_csv({str(large)!r})"], runs=2)
            line("bare `pandas.read_csv`, 1,000,000 × 24", "", bare, f"file {large.stat().st_size / 1e6:.0f} MB")
            code = f"from pathlib import Path; import psafety; psafety.read_table(Path({str(large)!r}))"
            read = cost_of([sys.executable, "-c", code], runs=2)
            line("`psafety.read_table` of it", "≤ 1.5 × read_csv", read, f"{read.wall / bare.wall:.1f} × its clock")
            for what, chosen in (
                ("report of it, 10,000 teams, not audited", ["--no-audit"]),
                ("the same, audited", []),
            ):
                whole = cost_of(report_command(large, folder, *chosen), runs=1)
                size = (folder / "large-report.html").stat().st_size / 1e6
                said = f"{whole.wall / bare.wall:.1f} × its clock; HTML {size:.1f} MB"
                line(what, "≤ 3 × read_csv", whole, said)


if __name__ == "__main__":
    main()
