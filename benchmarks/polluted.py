"""How well a published corpus of polluted CSV files is read: by psafety.read_table and by pandas.read_csv.

    python benchmarks/polluted.py FOLDER

FOLDER holds the files of Pollock (Vitagliano et al., VLDB 2023): csv/ the polluted ones, clean/ what each should be
read as, and, where there is one, pollock_weights.json: how often a pollution was met in open data.

As there, a file scores 0 to 10: one for being read at all, and precision, recall and F1 of the cells of its header, of
its records, and of all its cells, each as a multiset. A file refused scores 0, however right the refusal is.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from psafety import read_table
from psafety.surveys.errors import PsafetyError

Rows = list[list[str]]
Measure = tuple[float, float, float]

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PLACE = re.compile(r"^row_[a-z_]*?(?:row|quote|delimiter_)(\d+)_")
_KINDS = {
    "row_less_sep": "a delimiter missing in one row",
    "row_more_sep": "a delimiter too many in one row",
    "row_extra_quote": "a quotation mark too many in one cell",
    "row_field_delimiter": "one row delimited by spaces",
}
_MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file.

    rows: the header first; None where the file was refused. said: its notes, or why it was refused.
    clear: whether a refusal is one meant for people.
    """

    rows: Rows | None
    said: str = ""
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Of one file: whether it was read, and precision, recall and F1 of header, records and cells."""

    read: bool
    header: Measure
    records: Measure
    cells: Measure

    @property
    def points(self) -> float:
        """0 to 10."""
        return self.read + sum(self.header) + sum(self.records) + sum(self.cells)


def by_psafety(path: Path) -> Reading:
    try:
        table = read_table(path)
    except PsafetyError as error:
        return Reading(None, str(error), clear=True)
    records = zip(*(column.to_pylist() for column in table.columns), strict=True)
    rows = [list(table.header), *([cell or "" for cell in record] for record in records)]
    return Reading(rows, " ".join(table.notes))


def by_pandas(path: Path, **options: Any) -> Reading:
    """In its favour, what it takes for an index is a first column, and a name it made up is none."""
    try:
        frame = pd.read_csv(path, **options)
    except (ValueError, csv.Error) as error:  # ParserError and EmptyDataError are ValueErrors
        return Reading(None, str(error))
    counted = isinstance(frame.index, pd.RangeIndex)
    index = [() if counted else name if isinstance(name, tuple) else (name,) for name in frame.index]
    names = ["" if str(name).startswith("Unnamed: ") else str(name) for name in frame.columns]
    names = [re.sub(r"\.\d+$", "", name) for name in names]
    cells = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    rows = [[str(cell) for cell in (*name, *row)] for name, row in zip(index, cells, strict=True)]
    return Reading([[""] * len(index[0] if index else ()) + names, *rows])


def by_pandas_sniffing(path: Path) -> Reading:
    return by_pandas(path, engine="python", sep=None)


READERS: Mapping[str, Callable[[Path], Reading]] = {
    "psafety": by_psafety,
    "pandas": by_pandas,
    "pandas, sep=None": by_pandas_sniffing,
}


def score(rows: Rows | None, truth: Rows) -> Score:
    """Where nothing should be found, whatever was read is right, as in the paper."""
    if rows is None:
        return Score(False, (0.0,) * 3, (0.0,) * 3, (0.0,) * 3)
    if not truth:
        return Score(True, (1.0,) * 3, (1.0,) * 3, (1.0,) * 3)
    found, wanted = _folded(rows), _folded(truth)
    return Score(
        True,
        _agreement(found[0] if found else [], wanted[0]),
        _agreement(map("".join, found[1:]), map("".join, wanted[1:])),
        _agreement(_all(found), _all(wanted)),
    )


def _agreement(found: Iterable[str], wanted: Iterable[str]) -> Measure:
    """Precision, recall and F1 of two multisets; 1 where nothing is wanted."""
    counted, due = Counter(found), Counter(wanted)
    if not due:
        return 1.0, 1.0, 1.0
    both = (counted & due).total()
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / counted.total(), both / due.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def _all(rows: Rows) -> list[str]:
    return [cell for row in rows for cell in row]


def _folded(rows: Rows) -> Rows:
    """Numbers alike however they are written, as pandas makes 2.0 of 2 beside an empty cell."""
    return [[str(float(cell)) if _NUMBER.fullmatch(cell) else cell for cell in row] for row in rows]


def kind_of(name: str) -> str:
    return next((kind for start, kind in _KINDS.items() if name.startswith(start)), name.removesuffix(".csv"))


def explains(name: str, said: str) -> bool:
    """Whether a refusal names the row that was polluted; of a whole file, whether it says anything."""
    place = _PLACE.match(name)
    if not place:
        return bool(said)
    row = int(place[1]) + 1
    return bool(re.search(rf"\brows? (?:\d+ and )?{row}\b", said, re.IGNORECASE)) or (row == 1 and "header" in said)


def mean(scores: Mapping[str, Score], weights: Mapping[str, float]) -> float:
    return sum(scores[name].points * weights[name] for name in scores) / sum(weights[name] for name in scores)


def print_kinds(scores: Mapping[str, Mapping[str, Score]], names: Sequence[str]) -> None:
    print("| pollution | files |" + "".join(f" {reader}: read | points |" for reader in READERS))
    print("|---|--:|" + "--:|--:|" * len(READERS))
    for kind in dict.fromkeys(map(kind_of, names)):
        files = [name for name in names if kind_of(name) == kind]
        cells = "".join(
            f" {sum(scores[reader][name].read for name in files)} |"
            f" {sum(scores[reader][name].points for name in files) / len(files):.2f} |"
            for reader in READERS
        )
        print(f"| {kind} | {len(files)} |{cells}")


def print_overall(
    scores: Mapping[str, Mapping[str, Score]],
    said: Mapping[str, Mapping[str, str]],
    weights: Mapping[str, float] | None,
) -> None:
    parts = "".join(f" {part} P | R | F1 |" for part in ("header", "records", "cells"))
    print(f"\n| overall | read |{parts} points | weighted | wrong, unsaid |")
    print("|---|" + "--:|" * 13)
    for reader, found in scores.items():
        measures = [
            sum(getattr(file, part)[which] for file in found.values()) / len(found)
            for part in ("header", "records", "cells")
            for which in range(3)
        ]
        points = mean(found, dict.fromkeys(found, 1.0))
        weighted = f"{mean(found, weights):.2f}" if weights else "–"
        silent = sum(file.read and file.points < 10 and not said[reader][name] for name, file in found.items())
        print(
            f"| {reader} | {sum(file.read for file in found.values())} | "
            + " | ".join(f"{value:.3f}" for value in measures)
            + f" | {points:.2f} | {weighted} | {silent} |"
        )


def print_behind(scores: Mapping[str, Mapping[str, Score]], said: Mapping[str, str]) -> None:
    """The files that pandas, called one way or the other, reads better."""
    ours, *others = scores.values()
    behind = [name for name in ours if any(other[name].points > ours[name].points + 1e-9 for other in others)]
    print(f"\nBetter with pandas: {len(behind)} files.")
    for kind in dict.fromkeys(map(kind_of, behind)):
        files = [name for name in behind if kind_of(name) == kind]
        refused = [name for name in files if not ours[name].read]
        print(f"- {kind}: {len(files)}, of which {len(refused)} are refused by psafety")
        for name in files[:_MOST_NAMES]:
            print(f"  {name}: {' / '.join(f'{found[name].points:.2f}' for found in scores.values())} {said[name]}")


def main() -> None:
    folder = Path(sys.argv[1])
    names = sorted(path.name for path in (folder / "csv").glob("*.csv"))
    scores: dict[str, dict[str, Score]] = {reader: {} for reader in READERS}
    said: dict[str, dict[str, str]] = {reader: {} for reader in READERS}
    refused: list[str] = []
    for name in names:
        with (folder / "clean" / name).open(encoding="utf-8", newline="") as file:
            truth = list(csv.reader(file))
        for reader, read in READERS.items():
            reading = read(folder / "csv" / name)
            scores[reader][name] = score(reading.rows, truth)
            said[reader][name] = reading.said
            refused += [name] * reading.clear
    weights_file = folder / "pollock_weights.json"
    weights = json.loads(weights_file.read_text(encoding="utf-8")) if weights_file.exists() else None
    print_kinds(scores, names)
    print_overall(scores, said, weights)
    explained = sum(explains(name, said["psafety"][name]) for name in refused)
    print(f"\npsafety refused {len(refused)} files; in {explained} the error names what was polluted.")
    print_behind(scores, said["psafety"])


if __name__ == "__main__":
    main()
