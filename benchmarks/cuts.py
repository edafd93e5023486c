"""What cuts cost and what survives of them: simulated organisations cut by gender, tenure and site; prints a table.

    python benchmarks/cuts.py                            organisations of 100, 1,000 and 8,000 people, and small ones

Teams of 5 to 13 in divisions of about the square root of their number; 76 % answer, 3 % of the answers are blank.
Gender has three values, one of them stated by 2 %; tenure has four; site five, and most people of a team share it.

rows: of the rows of cuts that are listed, those that are printed; cells: of their items, those that are printed.
certificate, worlds: seconds of computing in either; the second is a gate with a limit for every try.
leaks: of small organisations under a small k, those in which some combination of printed rows, units and cuts, speaks
of fewer than k people. Counted person by person in exact fractions, by code that shares nothing with the protection.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from psafety.analysis.disclosure import cuts as protection
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import Withheld
from psafety.surveys.instrument import Instrument
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import only_present
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source

SIZES = (100, 1_000, 8_000)
ITEMS = 24
SMALL = Policy(min_group=3, detail_from=3, joint_from=3, cut_group=3, cut_unit=6)


def organisation(people: int, draw: np.random.Generator, asked: Instrument) -> Responses:
    """The answers of a random organisation, with what its people stated about themselves."""
    sizes = draw.integers(5, 14, people // 5 + 1)
    team = np.repeat(np.arange(len(sizes)), sizes)[:people]
    teams = int(team[-1]) + 1
    division = team // max(4, round(teams**0.5))
    usual = (2 * division + draw.integers(0, 2, len(sizes))[team]) % 5
    stated = {
        "Gender": draw.choice(["F", "M", "other"], people, p=[0.46, 0.52, 0.02]),
        "Tenure": draw.choice(["0-1", "2-4", "5-9", "10+"], people, p=[0.2, 0.35, 0.3, 0.15]),
        "Site": np.where(draw.random(people) < 0.1, draw.integers(0, 5, people), usual).astype(str),
    }
    mood = draw.normal(0.6, 0.35, len(sizes))[team][:, None] + draw.normal(0, 0.5, (people, 1))
    points = np.clip(np.rint(3 + mood + draw.normal(0, 0.9, (people, len(asked.items)))), 1, 5).astype(np.int8)
    points[draw.random(points.shape) < 0.03] = 0
    kept = (draw.random(people) < 0.76) & (points > 0).any(axis=1)
    names = {WAVE: np.full(people, ""), "Division": division.astype(str), "Team": team.astype(str), **stated}
    groups = pd.DataFrame(
        {name: pd.Categorical(values[kept], categories=[*sorted({*values, ""})]) for name, values in names.items()}
    )
    frame = pd.DataFrame(points[kept], columns=[item.id for item in asked.items])
    quality = check_quality(frame, groups[[WAVE, "Division", "Team"]], asked, left_out=0)
    source = Source("random.csv", "plain", "random", "CSV", len(frame), (), ())
    return Responses(asked, frame, groups, ("Division", "Team"), source, quality, cuts=tuple(stated))


def instrument(items: int) -> Instrument:
    """The first few items of the Open Team Survey."""
    asked = load_instrument("open-team-survey")
    return only_present(asked, [item.id for item in asked.items][:items])[0]


def members(responses: Responses, findings: Findings, item: int | None) -> list[list[int]]:
    """Who is in each printed row, units and cuts; of an item, those who answered it."""
    groups = responses.groups
    there = np.ones(len(responses), bool) if item is None else (responses.points.iloc[:, item] > 0).to_numpy()

    def of_unit(position: int) -> np.ndarray:
        inside = there.copy()
        for level, name in zip(responses.levels, findings.units[position].path, strict=False):
            inside &= (groups[level] == name).to_numpy()
        return inside

    printed = [
        of_unit(position)
        for position, unit in enumerate(findings.units)
        if unit.kind != "rest"
        and (not isinstance(unit.n, Withheld) if item is None else findings.items.shown[position, item])
    ]
    printed += [
        of_unit(row.unit) & (groups[row.attribute] == row.value).to_numpy()
        for row in findings.cuts.rows
        if not isinstance(row.n if item is None else row.items[item], Withheld)
    ]
    return [row[there].astype(int).tolist() for row in printed]


def leaks(rows: Sequence[Sequence[int]], k: int) -> bool:
    """Whether some combination of the rows is zero for everybody but 1 to k - 1 people."""
    people = range(len(rows[0])) if rows else range(0)
    everybody = rank(rows)
    few = (group for size in range(1, k) for group in combinations(people, size))
    return any(
        rank([[entry for who, entry in enumerate(row) if who not in group] for row in rows]) < everybody
        for group in few
    )


def rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank in exact fractions."""
    basis: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = [Fraction(entry) for entry in row]
        for column, known in basis:
            if left[column]:
                left = [entry - left[column] * other for entry, other in zip(left, known, strict=True)]
        lead = next((place for place, entry in enumerate(left) if entry), None)
        if lead is not None:
            basis.append((lead, [entry / left[lead] for entry in left]))
    return len(basis)


class Clock:
    """Seconds of computing spent in some function."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time added up."""

        def timed(*given: Any) -> Any:
            start = time.process_time()
            result = function(*given)
            self.seconds += time.process_time() - start
            return result

        return timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=3, help="organisations of each size")
    parser.add_argument("--small", type=int, default=100, help="small organisations that are searched for leaks")
    options = parser.parse_args()
    certifier, search = protection.Certifier.leaks, protection.find_forced
    asked = instrument(ITEMS)
    print(
        "| people | rows printed | cells printed | given up | certificate, s | worlds, s |\n|---|---|---|---|---|---|"
    )
    for people in SIZES:
        for seed in range(options.number):
            proving, searching = Clock(), Clock()
            protection.Certifier.leaks, protection.find_forced = proving.around(certifier), searching.around(search)
            found = analyze(organisation(people, np.random.default_rng(seed), asked), Policy()).cuts
            shown = [row for row in found.rows if not isinstance(row.n, Withheld)]
            cells = sum(not isinstance(score, Withheld) for row in shown for score in row.items)
            print(
                f"| {people:,} | {len(shown)} of {len(found.rows)} | {cells / max(1, ITEMS * len(shown)):.0%}"
                f" | {', '.join(found.unfinished) or '–'} | {proving.seconds:.2f} | {searching.seconds:.1f} |",
                flush=True,
            )
    protection.Certifier.leaks, protection.find_forced = certifier, search
    small, leaky, rows = instrument(2), 0, 0
    for seed in range(options.small):
        drawn = organisation(30, np.random.default_rng(seed), small)
        drawn = replace(drawn, cuts=drawn.cuts[:2], groups=drawn.groups.drop(columns=list(drawn.cuts[2:])))
        findings = analyze(drawn, SMALL)
        rows += sum(not isinstance(row.n, Withheld) for row in findings.cuts.rows)
        leaky += any(leaks(members(drawn, findings, item), SMALL.smallest) for item in (None, 0, 1))
    print(f"\nLeaks: {leaky} of {options.small} organisations of 30 people, k = 3, with {rows} rows of cuts printed.")


if __name__ == "__main__":
    main()
