"""What protection costs and what a threshold alone gives away, on random organisations; prints the table of the docs.

    python benchmarks/organisations.py                   100 organisations of each size; --number for another count
    python benchmarks/organisations.py --time            how long protection and all figures take instead

Manager trees with three to nine parts per unit, and teams of up to ten; managers answer as members of the unit above
their own, as in real exports. Between 60 and 100 % of an organisation answer, 3 % of the answers are blank; in every
second organisation the answers crowd at the upper end of the scale.

leaks: organisations in which subtracting printed rows from one another gives the sum of 1 to 4 people, or of as few
answers to an item. Counted here person by person, by code of its own that shares nothing with the protection.
lost: of the rows that a threshold of 5 shows, and of their item cells, those that the protection withholds.
"""

import argparse
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, analyze, protect
from psafety.analysis.scores import Withheld
from psafety.analysis.tally import tally
from psafety.surveys.instrument import Instrument
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import only_present
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source

SIZES = (50, 100, 500, 1_000, 5_000, 20_000)
Path = tuple[str, ...]
K = Policy().min_group


@dataclass(frozen=True)
class Outcome:
    """One organisation under a rule: whether it leaks, how many rows and item cells are printed."""

    leaks: bool
    rows: int
    cells: int


def tree(people: int, draw: np.random.Generator, path: Path = ()) -> list[Path]:
    """The unit of each person of an organisation: the team, or the unit above it for the managers of its parts."""
    if people <= draw.integers(2, 11):
        return [path] * people
    parts = int(draw.integers(3, 10))
    below = draw.multinomial(max(people - parts, 0), draw.dirichlet(np.full(parts, 2.0)))
    members = [path] * min(parts, people)
    for number, size in enumerate(below.tolist(), 1):
        members += tree(size, draw, (*path, f"{'.'.join(path[-1:]) or 'Unit'}-{number}"))
    return members


def survey(people: int, draw: np.random.Generator, *, ceiling: bool) -> Responses:
    """The answers of a random organisation to 24 items of the Open Team Survey."""
    asked = load_instrument("open-team-survey")
    homes = tree(people, draw)
    answering = np.flatnonzero(draw.random(len(homes)) < draw.uniform(0.6, 1.0))
    homes = [homes[index] for index in answering.tolist()]
    items = asked.items[:24]
    asked, _ = only_present(asked, [item.id for item in items])
    mood = {home: draw.normal(0, 0.4) for home in set(homes)}
    feeling = np.array([mood[home] for home in homes])[:, None] + draw.normal(0, 0.7, (len(homes), 1))
    answers = feeling + draw.normal(0, 0.8, (len(homes), len(items))) + (4.6 if ceiling else 3.4)
    points = np.clip(np.rint(answers), 1, 5).astype(np.int8)
    points[draw.random(points.shape) < 0.03] = 0
    kept = (points > 0).any(axis=1)
    return _responses(points[kept], [home for home, keep in zip(homes, kept, strict=True) if keep], asked)


def _responses(points: np.ndarray, homes: Sequence[Path], asked: Instrument) -> Responses:
    depth = max(map(len, homes))
    levels = tuple(f"Level {number}" for number in range(1, depth + 1))
    columns = {level: [home[at] if at < len(home) else "" for home in homes] for at, level in enumerate(levels)}
    columns = {WAVE: [""] * len(homes), **columns}
    groups = pd.DataFrame(
        {
            name: pd.Categorical(values, categories=list(dict.fromkeys([*values, ""])))
            for name, values in columns.items()
        }
    )
    frame = pd.DataFrame(points, columns=[item.id for item in asked.items])
    source = Source("random.csv", "plain", "random", "CSV", len(frame), (), ())
    return Responses(asked, frame, groups, levels, source, check_quality(frame, groups, asked, left_out=0))


def homes_of(responses: Responses) -> list[Path]:
    """The unit of each person, without the levels that nobody named."""
    names = responses.groups[list(responses.levels)].astype(object).to_numpy().tolist()
    return [tuple(name for name in row if name) for row in names]


def by_threshold(responses: Responses) -> Outcome:
    """What a tool prints that hides groups below k and nothing else."""
    homes, answered = homes_of(responses), responses.points.to_numpy() > 0
    below = _below(homes)
    sizes = {unit: len(members) for unit, members in below.items()}
    rows = {unit for unit, size in sizes.items() if size >= K}
    cells = [{unit for unit in rows if answered[below[unit], item].sum() >= K} for item in range(answered.shape[1])]
    return Outcome(leaking(homes, answered, rows, cells), len(rows), sum(map(len, cells)))


def by_psafety(responses: Responses, key: str) -> Outcome:
    """What psafety prints of the same answers."""
    findings = analyze(responses, Policy(), key=key)
    paths = _paths(findings)
    named = [row for row, unit in enumerate(findings.units) if unit.kind != "rest"]
    rows = {paths[row] for row in named if not isinstance(findings.units[row].n, Withheld)}
    cells = [{paths[row] for row in named if shown[row]} for shown in findings.items.shown.T]
    homes, answered = homes_of(responses), responses.points.to_numpy() > 0
    return Outcome(leaking(homes, answered, rows, cells), len(rows), sum(map(len, cells)))


def _paths(findings: Findings) -> list[Path]:
    paths: list[Path] = []
    for unit in findings.units:
        above = paths[unit.parent] if unit.parent is not None else ()
        paths.append(above if unit.kind in {"organisation", "rest"} else (*above, unit.name))
    return paths


def _below(homes: Sequence[Path]) -> dict[Path, list[int]]:
    below: dict[Path, list[int]] = {}
    for person, home in enumerate(homes):
        for length in range(len(home) + 1):
            below.setdefault(home[:length], []).append(person)
    return below


def leaking(
    homes: Sequence[Path], answered: np.ndarray, rows: Collection[Path], cells: Sequence[Collection[Path]]
) -> bool:
    """Whether subtracting printed rows isolates 1 to k - 1 people, or the answers of as few to an item."""
    return _few_left(homes, rows) or any(
        _few_left([home for home, there in zip(homes, answered[:, item].tolist(), strict=True) if there], printed)
        for item, printed in enumerate(cells)
    )


def _few_left(homes: Sequence[Path], printed: Collection[Path]) -> bool:
    """Whether a printed row, without the printed rows inside it, holds 1 to k - 1 people."""
    innermost = {
        home: next((home[:length] for length in range(len(home), -1, -1) if home[:length] in printed), None)
        for home in set(homes)
    }
    left = Counter(innermost[home] for home in homes)
    return any(0 < size < K for unit, size in left.items() if unit is not None)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=100, help="organisations of each size (fewer of the largest)")
    parser.add_argument("--time", action="store_true", help="measure seconds instead")
    chosen = parser.parse_args()
    if chosen.time:
        timings()
        return
    wanted = chosen.number
    print("| people asked | organisations | threshold of 5: leaks | psafety: leaks | rows lost | item cells lost |")
    print("|---|---|---|---|---|---|")
    for size in SIZES:
        number = max(wanted * 1_000 // max(size, 1_000), 5)
        draw = np.random.default_rng(size)
        pairs = [compare(size, draw, ceiling=bool(run % 2)) for run in range(number)]
        naive, ours = ([pair[side] for pair in pairs] for side in (0, 1))
        rows, cells = (
            1 - sum(getattr(o, what) for o in ours) / sum(getattr(o, what) for o in naive) for what in ("rows", "cells")
        )
        leaks = [sum(outcome.leaks for outcome in side) / number for side in (naive, ours)]
        print(f"| {size:,} | {number} | {leaks[0]:.0%} | {leaks[1]:.0%} | {rows:.1%} | {cells:.1%} |", flush=True)


def timings() -> None:
    """Seconds of CPU for the decision and all figures of one wave, from its tally: the least of three runs."""
    print("| units | items | protection and figures |\n|---|---|---|")
    for size in (3_850, 37_000):
        responses = survey(size, np.random.default_rng(size), ceiling=False)
        counted, best = tally(responses), float("inf")
        for _ in range(3):
            start = time.process_time()
            findings = protect(counted, Policy(), source=responses.source, quality=responses.quality, key="00" * 16)
            best = min(best, time.process_time() - start)
        units = sum(unit.kind != "rest" for unit in findings.units)
        print(f"| {units:,} | {len(findings.instrument.items)} | {best:.2f} s |", flush=True)


def compare(size: int, draw: np.random.Generator, *, ceiling: bool) -> tuple[Outcome, Outcome]:
    """The same random organisation by a threshold alone, and by psafety."""
    responses = survey(size, draw, ceiling=ceiling)
    return by_threshold(responses), by_psafety(responses, key=draw.bytes(16).hex())


if __name__ == "__main__":
    main()
