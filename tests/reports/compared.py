"""Three hand-made waves with every kind of row, long names and hostile texts; for the tests of comparisons."""

from dataclasses import replace

import numpy as np
from psafety.analysis.benchmark import against
from psafety.analysis.comparison import Comparison, compare
from psafety.analysis.pairs import PairedChanges, PairTally, paired_changes
from psafety.analysis.published import Figures, Measure, Published
from psafety.reports.comparison.compose import compose_comparison
from psafety.reports.comparison.content import ComparisonContent
from psafety.reports.compose import Look
from psafety.surveys.benchmark import BenchmarkRow

NAN = float("nan")
LONG = "Team mit einem sehr langen Namen, das vierzig Zeichen und mehr hat"
PATHS = (
    (),
    ("Werkstatt & Technik <script>alert(1)</script>",),
    ("Werkstatt & Technik <script>alert(1)</script>", "=1+1"),
    ("Werkstatt & Technik <script>alert(1)</script>", LONG),
    ("Zentrale",),
)
PEOPLE = (212, 80, 9, 12, 60)
ITEMS = (
    (
        "In this team <b>we</b> can say what we think, even when it is the third time this month that a long sentence"
        " is read."
    ),
    "We keep promises.",
    "We listen.",
    "We help.",
)


def measure(id_: str, label: str, items: tuple[str, ...] = ()) -> Measure:
    shares = () if items else (0.05, 0.15, 0.3, 0.3, 0.2)
    return Measure(id_, label, items, (1, 5), own=21.0, within=19.0, degrees=190.0, shares=shares)


DIMENSIONS = (
    measure("trust", "Trust", ("t1", "t2")),
    measure("openness", "Openness", ("o1",)),
)
STATEMENTS = tuple(measure(id_, text) for id_, text in zip(("t1", "t2", "o1", "x1"), ITEMS, strict=True))


def wave(name: str, trust: list[float], openness: list[float], *, directed: bool = True) -> Published:
    index = np.array([trust, openness], float).T
    people = np.array(PEOPLE)
    statements = index[:, [0, 0, 1, 1]]
    return Published(
        title="Sample organisation",
        wave=name,
        instrument="open-team-survey",
        min_group=5,
        rules="7" * 64,
        paths=PATHS,
        levels=("", "Department", "Team", "Team", "Department"),
        people=np.where(np.isfinite(index).any(axis=1), people, 0),
        dimensions=Figures(DIMENSIONS, index, np.where(np.isfinite(index), people[:, None], 0)),
        items=Figures(STATEMENTS, statements, np.where(np.isfinite(statements), people[:, None], 0)),
        directed=directed,
    )


def waves(*, directed: bool = True) -> list[Published]:
    """Trust rises in the organisation, Zentrale falls, =1+1 is withheld once, the others move as chance does."""
    return [
        wave("2025-Q3", [60, 60, 58, 61, 62], [64, 65, 60, 60, 66], directed=directed),
        wave("2025-Q4", [62, 61, 58, 61, 78], [64, 65, 60, 60, 66], directed=directed),
        wave("2026-Q1", [71, 84, NAN, 66, 58], [65, 64, NAN, 66, 66], directed=directed),
    ]


def comparison(*, directed: bool = True) -> Comparison:
    first, before, last = waves(directed=directed)
    before = replace(before, paths=(*PATHS[:-1], ("Zentrale",)))
    return compare([first, before, last])


def people_in_both() -> PairedChanges:
    """A hundred people in both waves: trust rose, and openness is not told."""
    counted = PairTally(
        pairs=100,
        before=212,
        after=206,
        uncoded=(3, 4),
        repeated=(2, 0),
        n=np.array([98, 100]),
        total=np.array([490.0, 0.0]),
        squares=np.array([20000.0, 9000.0]),
        alone_before=np.array([112, 3]),
        alone_after=np.array([100, 106]),
        gaps=np.array([0, 0]),
        inside_before=(np.array([[[98, 112]]]), np.array([[[100, 3]]])),
        inside_after=(np.array([[[98, 100]]]), np.array([[[100, 106]]])),
    )
    return paired_changes(counted, ("trust", "openness"), smallest=5, least_pairs=30)


def example(*, directed: bool = True) -> ComparisonContent:
    """Everything that a comparison can hold, with a benchmark."""
    found = comparison(directed=directed)
    rows = (BenchmarkRow("trust", 66.5, 18.0, 1200, "Sister company 2025"), BenchmarkRow("o1", 65.0, 20.0, 90, "=2+2"))
    return compose_comparison(
        found,
        Look(),
        version="0.1.0",
        notes=("A note that must be read first.",),
        benchmark=against(found.waves[-1], rows),
        pairs=people_in_both(),
    )
