"""What a newcomer does, with all its set-up: `report` (of the sample), `test` (all tests and checks), `coverage`.

Runs on any Python ≥ 3.11 with its standard library alone, on Linux, macOS and Windows; installs into .venv.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SAMPLES = ROOT / "surveys" / "samples"


def run(program: str, *arguments: str | Path) -> None:
    """Run a program of the virtual environment in the project folder; stop where it fails."""
    command = [str(BIN / program), *map(str, arguments)]
    print("$", program, *arguments, flush=True)
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


def install(*, for_tests: bool) -> None:
    """Put psafety into .venv as a user would get it: built as a wheel, nothing left over from an earlier build."""
    if not BIN.is_dir():
        print("Making a virtual environment in .venv", flush=True)
        venv.create(VENV, with_pip=True)
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    target = f"{ROOT}[dev]" if for_tests else str(ROOT)
    run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", target)
    shutil.rmtree(ROOT / "build", ignore_errors=True)


def report() -> None:
    """Make the reports of the sample survey, into the folder sample-report."""
    install(for_tests=False)
    run(
        "psafety",
        *("report", SAMPLES / "sample-2026-q2.csv"),
        *("--headcounts", SAMPLES / "sample-headcounts.csv"),
        *("--title", "Sample organisation", "--output", "sample-report"),
        *("--record", ROOT / "sample-report" / "psafety-record.json"),
    )


def test() -> None:
    """Run all checks and tests on the installed wheel."""
    install(for_tests=True)
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("lint-imports")
    run("mypy", "-p", "psafety")
    run_tests()


def coverage() -> None:
    """Run the tests, and stop where they reach too few lines and branches; that takes half as long again."""
    install(for_tests=True)
    run_tests("--cov")


def run_tests(*options: str) -> None:
    """All tests, on two cores, each handed to whichever process is free."""
    split = ("-n", "2", "--dist", "worksteal")
    run("python", "-m", "pytest", *split, "--doctest-modules", *options, "--pyargs", "psafety", "tests")


TASKS = {"report": report, "test": test, "coverage": coverage}


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (run by whatever Python a newcomer has)
        sys.exit("psafety needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if len(sys.argv) != 2 or sys.argv[1] not in TASKS:
        sys.exit(f"usage: python {Path(__file__).name} {'|'.join(TASKS)}")
    TASKS[sys.argv[1]]()
