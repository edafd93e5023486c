"""How well polluted CSV files are read: by psafety.read_table, and by pandas.read_csv as it is called without options.

    python benchmarks/tables.py [files per pollution]

The files are made here, from clean tables whose truth is known.
"""

import csv
import io
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from psafety import read_table
from psafety.surveys.errors import PsafetyError

Rows = list[list[str]]
Pollution = Callable[[Rows, random.Random], bytes]

_TEAMS = ("Vertrieb", "Küche", "IT", "Öffentlichkeitsarbeit", "R&D")
_LABELS = ("Stimme zu", "Stimme völlig zu", "weder noch", "Lehne ab", "weiß nicht")
_COMMENTS = ("", "Ça va, merci", 'Er sagte "nein"', "zwei\nZeilen", "gut; weiter so", "“naïve” – oder?", "a|b", "5,5")


def clean_table(chance: random.Random) -> Rows:
    """A survey of two ratings, two labelled answers, a comment and a decimal number."""
    header = ["id", "team", "We listen", "We ask, too", "Agree?", "Why?", "years"]
    rows = [
        [
            f"{number:04}",
            chance.choice(_TEAMS),
            str(chance.randint(1, 5)),
            str(chance.randint(1, 5)),
            chance.choice(_LABELS),
            chance.choice(_COMMENTS),
            f"{chance.randint(0, 30)},{chance.randint(1, 9)}",
        ]
        for number in range(1, chance.randint(20, 60))
    ]
    return [header, *rows]


def text(rows: Sequence[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n", *, quoting: int = 0) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return file.getvalue()


def delimiters(rows: Rows, chance: random.Random) -> bytes:
    return text(rows, chance.choice(";\t|")).encode()


def named_delimiter(rows: Rows, chance: random.Random) -> bytes:
    delimiter = chance.choice(";\t,")
    return (f"sep={delimiter}\r\n" + text(rows, delimiter)).encode()


def line_ends_and_quotes(rows: Rows, chance: random.Random) -> bytes:
    line_end = chance.choice(["\n", "\r", "\r\n"])
    rows = [[cell.replace("\n", line_end) for cell in row] for row in rows]
    return text(rows, ",", line_end, quoting=chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])).encode()


def encodings(rows: Rows, chance: random.Random) -> bytes:
    return text(rows).encode(chance.choice(["cp1252", "utf-16", "utf-8-sig", "mac_roman"]))


def escaped_quotes(rows: Rows, _: random.Random) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, doublequote=False, escapechar="\\", quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue().encode()


def escaped_delimiters(rows: Rows, _: random.Random) -> bytes:
    body = [",".join(cell.replace(",", "\\,") for cell in row) for row in rows[1:]]
    header = ",".join(f'"{cell}"' for cell in rows[0])
    return "\n".join([header, *body, ""]).encode()


def titles(rows: Rows, chance: random.Random) -> bytes:
    lines = chance.sample([["Survey Q3 2024"], ["Exported on 3 May 2024"], ["# all teams"], []], k=chance.randint(1, 4))
    delimiter = chance.choice(",;")
    return (text(lines, delimiter) + text(rows, delimiter)).encode()


def padded_titles(rows: Rows, chance: random.Random) -> bytes:
    lines = [[line] + [""] * (len(rows[0]) - 1) for line in ["Survey Q3 2024", "", "All teams"][: chance.randint(1, 3)]]
    return text([*lines, *rows]).encode()


def totals(rows: Rows, chance: random.Random) -> bytes:
    sums = [f"{sum(int(row[column]) for row in rows[1:]) / len(rows[1:]):.3f}" for column in (2, 3)]
    return text([*rows, [chance.choice(["Total", "Gesamt", "Average"]), "", *sums, "", "", ""]]).encode()


def footnotes(rows: Rows, chance: random.Random) -> bytes:
    width = len(rows[0]) if chance.random() < 0.5 else 1
    lines = ["", "Report created in October 2024", "* without the trainees"][: chance.randint(2, 3)]
    return text([*rows, *([line] + [""] * (width - 1) for line in lines)]).encode()


def several_header_rows(rows: Rows, _: random.Random) -> bytes:
    return text(rows).encode()  # see _truth: they are records until the platform is known


def blank_rows(rows: Rows, chance: random.Random) -> bytes:
    polluted: list[list[str]] = []
    for row in rows:
        polluted += [row, *([[""] * len(row)] if chance.random() < 0.1 else [])]
    return text(polluted).encode()


def trailing_delimiters(rows: Rows, chance: random.Random) -> bytes:
    header = rows[0] if chance.random() < 0.5 else [*rows[0], ""]
    return text([header, *([*row, ""] for row in rows[1:])]).encode()


def row_names(rows: Rows, _: random.Random) -> bytes:
    return text([rows[0][1:], *([str(number), *row[1:]] for number, row in enumerate(rows[1:], start=1))]).encode()


def unquoted_delimiter(rows: Rows, chance: random.Random) -> bytes:
    place = chance.randrange(2, len(rows))
    return text([*rows[:place], [*rows[place][:5], "too", "much", rows[place][6]], *rows[place + 1 :]]).encode()


def short_rows(rows: Rows, chance: random.Random) -> bytes:
    place = chance.randrange(2, len(rows))
    return text([*rows[:place], rows[place][:2] + rows[place][4:], *rows[place + 1 :]]).encode()


POLLUTIONS: dict[str, Pollution] = {
    "none": lambda rows, _: text(rows).encode(),
    "delimiters: semicolon, tab, pipe": delimiters,
    "delimiter named in the first line": named_delimiter,
    "line ends and quotes": line_ends_and_quotes,
    "encodings": encodings,
    "a backslash before quotes": escaped_quotes,
    "a backslash before delimiters": escaped_delimiters,
    "titles above the header": titles,
    "titles with empty cells": padded_titles,
    "totals below": totals,
    "footnotes below": footnotes,
    "several header rows": several_header_rows,
    "blank rows": blank_rows,
    "delimiter at the end of each row": trailing_delimiters,
    "row names without a header": row_names,
    "one row longer (not provable)": unquoted_delimiter,
    "one row shorter (not provable)": short_rows,
}


def _truth(name: str, rows: Rows) -> Rows:
    if name == "several header rows":
        return [rows[0], [f"Text of {cell}" for cell in rows[0]], *rows[1:]]
    if name == "a backslash before delimiters":
        return [[cell.replace("\n", " ") for cell in row] for row in rows]
    if name == "row names without a header":
        return [["", *rows[0][1:]], *([str(number), *row[1:]] for number, row in enumerate(rows[1:], start=1))]
    return rows


def by_psafety(path: Path) -> tuple[list[list[object]], bool]:
    """What was read, header first; and whether anything was said about it."""
    table = read_table(path)
    records = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [list(table.header), *map(list, records)], bool(table.notes)


def by_pandas(path: Path) -> tuple[list[list[object]], bool]:
    """The same of pandas; in its favour, an index counts as a first column, and blank rows as left out."""
    frame = pd.read_csv(path)
    counted = frame.index.equals(pd.RangeIndex(len(frame)))
    frame = frame.dropna(how="all")
    names = [() if counted else name if isinstance(name, tuple) else (name,) for name in frame.index]
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    header = [""] * len(names[0] if names else ()) + list(frame.columns)
    return [header, *([*name, *row] for name, row in zip(names, cells, strict=True))], False


def share_right(found: Sequence[Sequence[object]], truth: Rows) -> float:
    """Of the cells that are there or should be, the header's included, the share that is right in its place."""
    right = sum(
        _same(cell, expected)
        for line, wanted in zip(found, truth, strict=False)
        for cell, expected in zip(line, wanted, strict=False)
    )
    blank = sum(_is_blank(cell) for line in found for cell in line[len(truth[0]) :])  # no loss
    cells = max(len(found), len(truth)) * max(len(found[0]), len(truth[0])) - blank
    return right / cells


def _is_blank(cell: object) -> bool:
    return cell is None or cell == "" or str(cell).startswith("Unnamed: ")


def _same(cell: object, expected: str) -> bool:
    """As text, or as the same number: pandas makes numbers of texts."""
    if _is_blank(cell) or not expected.strip():
        return _is_blank(cell) and not expected.strip()
    if isinstance(cell, int | float):
        return expected.replace(".", "", 1).isdigit() and float(expected) == cell
    return str(cell).replace("\r\n", "\n").replace("\r", "\n") == expected


def scores(name: str, count: int, folder: Path) -> list[tuple[float, int, int]]:
    """Per reader: mean share of cells read right, files refused, and files read wrong without a word."""
    results = []
    for read in (by_psafety, by_pandas):
        shares, refused, silent = [], 0, 0
        for seed in range(count):
            chance = random.Random(f"{name} {seed}")  # noqa: S311 (no secret)
            truth = _truth(name, clean_table(chance))
            path = folder / "survey.csv"
            path.write_bytes(POLLUTIONS[name](truth, chance))
            try:
                found, said = read(path)
            except (PsafetyError, ValueError):  # UnicodeDecodeError and ParserError are ValueErrors
                refused += 1
                shares.append(0.0)
                continue
            shares.append(share_right(found, truth))
            silent += shares[-1] < 1 and not said
        results.append((sum(shares) / count, refused, silent))
    return results


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    print(f"{count} files of each kind, made from clean tables; pandas {pd.__version__}, read_csv without options.\n")
    print("| pollution | cells right: psafety | pandas | refused: psafety | pandas | wrong, unsaid: psafety | pandas |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in POLLUTIONS:
            (ours, our_refused, our_silent), (theirs, refused, silent) = scores(name, count, Path(folder))
            print(f"| {name} | {ours:.1%} | {theirs:.1%} | {our_refused} | {refused} | {our_silent} | {silent} |")


if __name__ == "__main__":
    main()
