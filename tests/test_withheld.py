"""What the people of a withheld team answer cannot be seen in any written byte."""

from itertools import product
from pathlib import Path

import numpy as np
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure.cover import covered
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, analyze
from psafety.reports.compose import Look, compose
from psafety.reports.files import team_files, write_files
from psafety.reports.formats import RENDERERS
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import Responses, load_survey

KEY = "5f" * 16
HEADER = ("Department", "Team", *(f"{part}{number}" for part in ("trust", "open", "speak") for number in (1, 2, 3)))


def read(folder: Path, rows: list[list[str]]) -> Responses:
    """The answers of a file with these rows."""
    path = folder / "survey.csv"
    path.write_text("\n".join(",".join(row) for row in [HEADER, *rows]), encoding="utf-8")
    return load_survey(path, Wishes(team="Team", units=("Department",), turn=("none",)))


def written(folder: Path, findings: Findings) -> dict[str, bytes]:
    """Everything that is written of them, file by file, team pages and their sheets included; a PDF prints a page."""
    content = compose(findings, Look(team_reports=True), version="1")
    renderers = {name: render for name, render in RENDERERS.items() if name != "pdf"}
    files = {folder / f"survey-report.{name}": render(content) for name, render in renderers.items()}
    paths = write_files({**files, **team_files(content, folder, "survey", renderers, facilitator=True)})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def homes_of(findings: Findings, rows: list[list[str]]) -> list[tuple[str, ...]]:
    """The smallest printed unit that each person is in."""
    printed = {unit.path for unit in findings.units if isinstance(unit.n, int) and unit.kind != "rest"}
    return [next(tuple(row[:depth]) for depth in (2, 1, 0) if tuple(row[:depth]) in printed) for row in rows]


@settings(deadline=None, max_examples=8)
@given(few=st.integers(1, 4), others=st.lists(st.integers(4, 9), min_size=2, max_size=3), seed=st.integers(0, 999))
def test_whatever_a_withheld_team_answers_every_written_byte_stays_the_same(
    tmp_path_factory, few: int, others: list[int], seed: int
) -> None:
    """Page, workbook, snapshot, team pages and their archive: exchange answers with others of the same remainder.

    What remains possible is what sums allow: the answers of the remainder as a whole.
    """
    draw = np.random.default_rng(seed)
    sizes = {("North", "Small"): few, **{("North", f"T{i}"): size for i, size in enumerate(others)}, ("South", "S"): 12}
    places = [place for place, size in sizes.items() for _ in range(size)]
    rows = [[*place, *map(str, draw.integers(1, 6, 9))] for place in places]
    folder = tmp_path_factory.mktemp("bytes")
    findings = analyze(read(folder, rows), key=KEY)
    homes = homes_of(findings, rows)
    hidden = [person for person, place in enumerate(places) if homes[person] != place]
    pairs = [(a, b) for a, b in product(hidden, range(len(rows))) if homes[a] == homes[b] and places[a] != places[b]]

    for one, other in [pairs[at] for at in draw.permutation(len(pairs))[:2]]:
        swapped = [list(row) for row in rows]
        swapped[one][2:], swapped[other][2:] = rows[other][2:], rows[one][2:]
        again = analyze(read(folder, swapped), key=KEY)

        assert written(folder / "b", again) == written(folder / "a", findings)


TWINS = ("North", "A"), ("North", "B")  # two teams whose people answered alike, question 2 apart
HIDDEN = 1


def key_that_covers_it() -> str:
    """One by which that question is withheld of both, and no other of its dimension."""
    for number in range(10_000):
        key = f"{number:032x}"
        cover = covered(key, TWINS, HEADER[2:], COVER.cover)
        if cover[:, :3].tolist() == [[False, True, False]] * 2:
            return key
    raise AssertionError


COVER = Policy.of(cover=0.3)


def test_what_a_withheld_cell_of_a_printed_team_holds_is_in_no_written_byte_either(tmp_path) -> None:
    """Not in the spread inside groups, say, which two teams of known sums and one of unknown would give away."""
    draw = np.random.default_rng(1)
    people = draw.integers(1, 6, (8, 9))
    other, south = people.copy(), draw.integers(1, 6, (20, 9))
    people[:, HIDDEN], other[:, HIDDEN] = (5, 5, 5, 5, 5, 5, 4, 4), (1, 1, 1, 2, 2, 2, 3, 3)

    def findings(a: np.ndarray, b: np.ndarray) -> Findings:
        teams = ((*TWINS[0], a), (*TWINS[1], b), ("South", "C", south))
        rows = [[unit, team, *map(str, answers)] for unit, team, several in teams for answers in several]
        return analyze(read(tmp_path, rows), COVER, key=key_that_covers_it())

    before = findings(people, other)
    swapped, with_other = people.copy(), other.copy()
    swapped[:3], with_other[:3] = other[:3], people[:3]

    after = findings(swapped, with_other)

    assert [unit.n for unit in before.units if unit.path in TWINS] == [8, 8]
    assert written(tmp_path / "b", after) == written(tmp_path / "a", before)
