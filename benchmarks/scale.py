"""What size costs: reports of a thousand to ten million people, beside pandas reading the same file in the same minute.

    python benchmarks/scale.py FOLDER                    2,000 and 1,000,000 people × 24 items
    python benchmarks/scale.py FOLDER --largest          also 3,000,000 and 10,000,000 (4.2 GB of CSV; 12 GB of disk)
    python benchmarks/scale.py FOLDER --people N …       only these of the four

FOLDER keeps the surveys, so that a second run need not make them. Each command is a process of its own; its time is
that on the clock, its CPU that of all its threads and children, its peak the largest resident set, from the kernel;
up to a million people each the least of three runs, since where others share the machine one run says little.
Pages of a file that is mapped into memory count there, though the system takes them back as soon as it needs them.
Prints the table of docs/scale.md.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.sample import Sample, SampleDesign, sample_survey, write_sample
from report import CORE_AND_THREE_MODULES, Cost, cost_of, report_command

REGION = 1_000_000  # people that are drawn at once
PANDAS = "import pandas; pandas.read_csv({path!r})"
PANDAS_IN_PIECES = "import pandas; sum(len(piece) for piece in pandas.read_csv({path!r}, chunksize=250_000))"
TALLY = """
from pathlib import Path
import psafety
from psafety.analysis.tally import tally
tally(psafety.load_survey(Path({path!r})))
"""
FINDINGS = """
import time
from pathlib import Path
import psafety
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import protect
from psafety.analysis.tally import tally
responses = psafety.load_survey(Path({path!r}))
counted = tally(responses)
begun = time.process_time()
protect(counted, Policy(), source=responses.source, quality=responses.quality, key="ab" * 16)
print(time.process_time() - begun)
"""


@dataclass(frozen=True)
class Size:
    """A survey to be measured."""

    people: int
    teams: int


SIZES = (Size(2_000, 50), Size(1_000_000, 10_000), Size(3_000_000, 20_000), Size(10_000_000, 50_000))


def regions(size: Size) -> Iterator[Sample]:
    """The people of a survey, a region at a time; the names of its units say which."""
    count = max(1, size.people // REGION)
    for region in range(1, count + 1):
        design = SampleDesign(
            people=size.people // count,
            teams=size.teams // count,
            response=1.0,
            style="labels",
            dimensions=CORE_AND_THREE_MODULES,
            seed=region,
        )
        sample = sample_survey(design, load_instrument("open-team-survey"))
        teams = sample.teams.assign(
            department=[f"Region {region:02d} {name}" for name in sample.teams["department"]],
            team=[f"{name} {region:02d}" for name in sample.teams["team"]],
        )
        yield replace(sample, teams=teams)


def survey_of(size: Size, folder: Path) -> Path:
    """The export of a survey; made where it is not there yet."""
    path = folder / f"scale-{size.people}.csv"
    if path.exists():
        return path
    part, whole = folder / "region.csv", path.with_suffix(".part")
    with whole.open("wb") as file:
        for number, sample in enumerate(regions(size)):
            write_sample(sample, part)
            with part.open("rb") as rows:
                if number:
                    rows.readline()
                while piece := rows.read(1 << 24):
                    file.write(piece)
    part.unlink()
    return whole.rename(path)


def line(size: Size, what: str, cost: Cost, beside: Cost | None = None) -> None:
    """One line of the table."""
    ratio = f"{cost.wall / beside.wall:.1f} ×" if beside else ""
    rate = f"{size.people / cost.wall:,.0f}"
    print(
        f"| {size.people:,} | {what} | {cost.wall:.1f} s | {cost.cpu:.1f} s | {cost.peak:,.0f} MB | {rate} | {ratio} |",
        flush=True,
    )


def code(text: str, path: Path) -> list[str]:
    """The command that runs a few lines of Python on a file."""
    return [sys.executable, "-c", text.format(path=str(path))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--largest", action="store_true")
    parser.add_argument("--people", type=int, nargs="*", metavar="N")
    options = parser.parse_args()
    asked = options.people or [size.people for size in (SIZES if options.largest else SIZES[:2])]
    print("| people | what | clock | CPU | peak | people/s | of pandas |\n|---|---|---|---|---|---|---|")
    for size in (one for one in SIZES if one.people in asked):
        path = survey_of(size, options.folder)
        in_pieces = size.people > REGION
        runs = 1 if in_pieces else 3
        bare = cost_of(code(PANDAS_IN_PIECES if in_pieces else PANDAS, path), runs=runs)
        line(size, "`pandas.read_csv`" + " in pieces" * in_pieces, bare)
        line(size, "read and tallied", cost_of(code(TALLY, path), runs=runs), bare)
        line(size, "and protected, with all statistics", cost_of(code(FINDINGS, path), runs=runs), bare)
        for what, chosen in (("report, not audited", ("--no-audit",)), ("report, audited", ())):
            path.with_suffix(".record.json").unlink(missing_ok=True)
            line(size, what, cost_of(report_command(path, options.folder, *chosen), runs=runs), bare)
        for report in sorted(options.folder.glob(f"{path.stem}-report.*")):
            print(f"| {size.people:,} | `{report.name}` | | | {report.stat().st_size / 1e6:.1f} MB on disk | | |")


if __name__ == "__main__":
    main()
