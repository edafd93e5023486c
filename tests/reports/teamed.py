"""A small organisation with every kind of page, and helpers to read the pages of its teams."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from psafety import Look, analyze, compose, load_survey
from psafety.reports.content import ReportContent
from psafety.surveys.headcounts import headcounts_of

ITEMS = "trust1", "trust2", "trust3", "trust4", "trust5", "open1", "open2", "open3", "open4", "open5"
HOSTILE = "../../x <script>alert(1)</script>"
TURNED = {"trust3", "trust5", "open2", "open5"}
# Linde is small, and the northern Ost is withheld so that nobody can subtract it. There are two teams called Ost.
SIZES = {
    ("Nord", "Ahorn"): 14,
    ("Nord", "Ost"): 6,
    ("Nord", "Birke"): 7,
    ("Nord", "Linde"): 3,
    ("Süd & Mitte", HOSTILE): 12,
    ("Süd & Mitte", "Ost"): 16,
    ("Süd & Mitte", "Ein Team mit einem Namen von vierzig Zeichen, ungefähr"): 5,
}
HEADCOUNTS = [("Nord", "Ahorn", 20), ("Nord", "Birke", 77), ("Nord", "Linde", 33), ("Nord", "Ost", 44)]


def answers(person: int, *, low: bool) -> tuple[int, ...]:
    """What a person ticked: the lower, or else the upper part of the scale, after turning."""
    keyed = [(1 if low else 3) + (person * 7 + place * 3) % 3 for place in range(len(ITEMS))]
    return tuple(6 - value if item in TURNED else value for item, value in zip(ITEMS, keyed, strict=True))


def rows_of_all() -> list[tuple[str, ...]]:
    """A row per person: department, team, answers."""
    people = [(path, number) for path, size in SIZES.items() for number in range(size)]
    return [(*path, *map(str, answers(number, low=path[1] == "Ahorn"))) for path, number in people]


def survey(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    """The rows as a file."""
    path = folder / "survey.csv"
    pd.DataFrame(rows, columns=["Department", "Team", *ITEMS], dtype=str).to_csv(path, index=False)
    return path


def content_of(folder: Path, rows: Sequence[Sequence[str]], *, headcounts: bool = False) -> ReportContent:
    """What the organisation report says of the rows."""
    responses, asked = load_survey(survey(folder, rows)), None
    if headcounts:
        sizes = folder / "headcounts.csv"
        pd.DataFrame(HEADCOUNTS, columns=["Department", "Team", "Headcount"]).to_csv(sizes, index=False)
        asked, responses = headcounts_of(sizes, responses)
    return compose(analyze(responses, headcounts=asked), Look(title="Sample organisation"), version="0.1.0")
