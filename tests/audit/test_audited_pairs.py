"""The people in both waves of a comparison: counted anew by their codes, and nobody told apart."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from psafety.audit.comparison.pairs import _adjusted, _fits, _is_above
from psafety.audit.proof import Source, audit_comparison
from psafety.audit.rules import Rules
from psafety.audit.verdict import Verdict
from psafety.cli import main
from psafety.surveys.responses import load_survey

WAVES = ("2025-Q4", "2026-Q1")
NAME = "2026-Q1-comparison"
Json = dict[str, Any]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two surveys with codes, and their comparison in the folder “out”."""
    folder = tmp_path_factory.mktemp("pairs")
    design = ("--people", 150, "--teams", 8, "--departments", 2, "--change", 6, "--mean-index", 50)
    assert run("sample", folder / "all.csv", "--waves", ",".join(WAVES), *design)[0] == 0
    head, *rows = (folder / "all.csv").read_text("utf-8").splitlines()
    for first, wave in zip((0, 20), WAVES, strict=True):
        mine = [row for row in rows if row.startswith(wave)]
        codes = [f" zq{first + place:04}" for place in range(len(mine))]
        codes[3], codes[4], codes[7] = "", "", codes[8]
        lines = [f"{head},Your code", *(f"{row},{code}" for row, code in zip(mine, codes, strict=True))]
        (folder / f"{wave}.csv").write_text("\n".join(lines), encoding="utf-8")
    status, said = run(
        *("compare", *files(folder), "--link", "Your code", "--format", "html,xlsx,json"),
        *("-o", folder / "out", "-q"),
    )
    assert (status, said) == (0, "")
    return folder


def files(folder: Path) -> list[Path]:
    return [folder / f"{wave}.csv" for wave in WAVES]


@pytest.fixture(scope="module")
def sources(folder: Path) -> list[Source]:
    """Both waves with the codes of their people, as `psafety compare` gives them to the audit."""
    found = []
    for wave, path in zip(WAVES, files(folder), strict=True):
        codes = pd.read_csv(path, dtype=str, keep_default_na=False)["Your code"]
        found.append(Source(wave, wave, load_survey(path), codes=codes, record=folder / "psafety-record.json"))
    return found


def only(folder: Path, tmp_path: Path, suffix: str, change: Callable[[bytes], bytes]) -> Path:
    """A folder with one format of the comparison, changed."""
    data = change((folder / "out" / f"{NAME}.{suffix}").read_bytes())
    (tmp_path / f"{NAME}.{suffix}").write_bytes(data)
    return tmp_path


def problems(verdict: Verdict) -> str:
    return "\n".join(fault.problem for fault in verdict.faults)


def test_the_people_in_both_waves_are_proved(folder: Path, sources: list[Source]) -> None:
    """In every format, and by the command, which takes the codes from the surveys; without them, they are not."""
    verdict = audit_comparison(folder / "out", sources, files(folder))
    given = ("--data", files(folder)[0], "--data", files(folder)[1])
    by_command = run("audit", folder / "out", *given, "--link", "Your code")
    without = run("audit", folder / "out", *given)

    assert verdict.is_proof, verdict.headline
    assert by_command[0] == 0, by_command[1]
    assert without[0] == 1
    assert "take both surveys and their codes (--link COLUMN)" in without[1]


def in_document(change: Callable[[Json], None]) -> Callable[[bytes], bytes]:
    """Change the first of the pairs."""

    def changed(data: bytes) -> bytes:
        document = json.loads(data)
        change(document["pairs"][0])
        return json.dumps(document).encode()

    return changed


def moved(one: Json) -> None:
    """The whole interval, and the change in it, by a point: nothing is at odds with itself."""
    one.update({key: round(one[key]) + 1 for key in ("difference", "low", "high")})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (moved, "the change is said to be"),
        (lambda one: one.update(n=one["n"] - 1), "the number of people is said to be"),
        (lambda one: one.update(low=one["low"] - 1, high=one["high"] + 1), "the lower end is said to be"),
        (lambda one: one.update(high=one["high"] + 1), "the upper end is said to be"),
        (lambda one: one.update(low=None, high=None), "the lower end is said to be not printed"),
        (lambda one: one.update(smallest=one["smallest"] + 1), "the smallest visible change is said to be"),
        (lambda one: one.update(verdict="cannot tell"), "which the surveys do not bear out"),
        (lambda one: one.update(n=None), "the number of people is said to be not printed"),
    ],
    ids=["change", "number", "interval", "one end", "no ends", "smallest", "verdict", "number withheld"],
)
def test_what_the_surveys_do_not_give_is_named(
    folder: Path, sources: list[Source], tmp_path: Path, change: Callable[[Json], None], problem: str
) -> None:
    """One changed figure of the pairs, and the sentence that says it."""
    page = only(folder, tmp_path, "json", in_document(change))

    assert problem in problems(audit_comparison(page, sources, files(folder)))


def in_page(pattern: str, by: Callable[[re.Match[str]], str]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        text, times = re.subn(pattern, by, data.decode(), count=1, flags=re.DOTALL)
        assert times == 1
        return text.encode()

    return changed


def more(found: re.Match[str]) -> str:
    return f"{found[1]}{int(found[2]) + 1}{found[3]}"


def in_book(data: bytes) -> bytes:
    """One person more in the first row of the pairs."""
    book = load_workbook(BytesIO(data))
    cell = next(cell for row in book["Pairs"].iter_rows() for cell in row if isinstance(cell.value, int))
    cell.value += 1
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("suffix", "change", "problem"),
    [
        ("html", in_page(r"()(\d+)( people gave the same code)", more), "pairs: "),
        ("html", in_page(r"(one wave only: )(\d+)( people)", more), "alone before: "),
        ("html", in_page(r"(together: )(fewer than 5)(; with)", lambda found: f"{found[1]}0{found[3]}"), "give a few"),
        ("html", in_page(r"(stands twice: )(fewer than 5)", lambda found: f"{found[1]}5"), "repeated: 5, but"),
        ("html", in_page(r'(id="pairs".*?row">Trust</th><td>)(\d+)(<)', more), "the number of people is said to be"),
        ("xlsx", in_book, "the number of people is said to be"),
    ],
    ids=["pairs", "others", "uncoded", "repeated", "row", "workbook"],
)
def test_what_is_not_so_on_the_page_or_in_the_workbook_is_named(
    folder: Path,
    sources: list[Source],
    tmp_path: Path,
    suffix: str,
    change: Callable[[bytes], bytes],
    problem: str,
) -> None:
    """Who is in both waves, and who is not; numbers below the smallest group are not told."""
    page = only(folder, tmp_path, suffix, change)

    assert problem in problems(audit_comparison(page, sources, files(folder)))


# What would tell a few people apart -----------------------------------------------------------------------------------

Coder = Callable[[list[Source]], list[Source]]


def coded(sources: list[Source], *codes: list[str]) -> list[Source]:
    return [replace(source, codes=pd.Series(mine)) for source, mine in zip(sources, codes, strict=True)]


def numbered(source: Source) -> list[str]:
    return [f"c{place}" for place in range(len(source.codes))]


def few_pairs(sources: list[Source]) -> list[Source]:
    return coded(sources, numbered(sources[0])[:29] + [""] * (len(sources[0].codes) - 29), numbered(sources[1]))


def few_others(sources: list[Source]) -> list[Source]:
    """All but three of the smaller wave are in the other."""
    codes = [numbered(source) for source in sources]
    smaller = min(codes, key=len)
    smaller[:3] = [""] * 3
    return coded(sources, *codes)


def a_team_and_one_more(sources: list[Source]) -> list[Source]:
    """In the smaller wave a printed team and one other person have no code."""
    before, after = sources
    assert len(before.codes) > len(after.codes)
    teams = after.responses.groups["Team"].astype(str)
    out = (teams == teams.value_counts().index[0]).to_numpy(copy=True)
    out[np.flatnonzero(~out)[0]] = True
    mine = ["" if is_out else code for code, is_out in zip(numbered(after), out, strict=True)]
    return coded(sources, numbered(before), mine)


def answered(source: Source, points: pd.DataFrame) -> Source:
    return replace(source, responses=replace(source.responses, points=points.astype("int8")))


def two_with_gaps(sources: list[Source]) -> list[Source]:
    """Everybody answered everything, but for two of those in both waves."""
    filled = [source.responses.points.replace(0, 3) for source in sources]
    place = int(np.flatnonzero(sources[0].codes.str.strip().isin(sources[1].codes.str.strip()))[10])
    filled[0].iloc[place : place + 2, 0] = 0
    return [answered(source, points) for source, points in zip(sources, filled, strict=True)]


def all_alike(sources: list[Source]) -> list[Source]:
    return [answered(source, source.responses.points * 0 + 3) for source in sources]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (few_pairs, "they are 29; at least 30 are needed"),
        (few_others, "3 people, so few can be told apart"),
        (few_others, "which tells 3 people apart"),
        (a_team_and_one_more, "less printed rows, tells a few people apart"),
        (two_with_gaps, "2 people apart (with gaps)"),
        (all_alike, "a change that everybody shares"),
        (lambda sources: [replace(one, rules=Rules(joint_from=400)) for one in sources], "at least 400 are needed"),
    ],
    ids=["few pairs", "few others", "few others in a dimension", "rows", "gaps", "alike", "rules"],
)
def test_pairs_that_tell_a_few_people_apart_are_refused(
    folder: Path, sources: list[Source], tmp_path: Path, changed: Coder, problem: str
) -> None:
    """The same print, of other people: what was harmless is not any more."""
    page = only(folder, tmp_path, "html", bytes)

    assert problem in problems(audit_comparison(page, changed(sources), files(folder)))


def test_pairs_beside_groups_are_not_proved(folder: Path, sources: list[Source], tmp_path: Path) -> None:
    """Groups across the organisation overlap with the units, so that what is left of a row is not a part of a unit."""
    document = json.loads((folder / "psafety-record.json").read_text("utf-8"))
    responses = sources[0].responses
    half = np.arange(len(responses)) % 2
    groups = responses.groups.assign(Site=pd.Categorical(np.where(half, "A", "B")))
    cut = [{"path": [], "n": int((half == site).sum()), "attribute": "Site", "value": "BA"[site]} for site in (0, 1)]
    document["waves"][WAVES[0]]["publications"][0]["cuts"] = cut
    (tmp_path / "record.json").write_text(json.dumps(document), "utf-8")
    one = replace(
        sources[0], responses=replace(responses, groups=groups, cuts=("Site",)), record=tmp_path / "record.json"
    )

    verdict = audit_comparison(folder / "out" / f"{NAME}.json", [one, sources[1]], files(folder))

    assert any("overlap in a way that units do not" in line for line in verdict.unproved)
    assert any("apart beside groups across the organisation is not proved" in line for line in verdict.unproved)


def test_pairs_of_waves_in_a_ring_are_not_proved(folder: Path, sources: list[Source], tmp_path: Path) -> None:
    """A record that somebody else has kept: with a third wave, both are linked without this comparison."""
    document = json.loads((folder / "psafety-record.json").read_text("utf-8"))
    document["waves"]["2025-Q3"] = {"key": "", "publications": [], "pairs": dict.fromkeys(WAVES, "f" * 64)}
    (tmp_path / "record.json").write_text(json.dumps(document), "utf-8")
    found = [replace(source, record=tmp_path / "record.json") for source in sources]

    verdict = audit_comparison(folder / "out" / f"{NAME}.json", found, files(folder))

    assert any("by way of other waves" in line for line in verdict.unproved)


# The figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "true", "fits"),
    [
        (4, 4.4, True),
        (4, 4.6, False),
        (-4, -3.6, True),
        (0.4, 0.44, True),
        (0.1, 0.02, True),  # on its side of nought
        (-0.1, 0.02, False),
        (0, 0.0, True),
        (0, 0.2, False),
        (1, 0.97, True),
        (1, 1.04, True),
        (0.9, 1.04, False),
        (4.4, 4.4, False),
        (None, 4.4, False),
    ],
)
def test_differences_are_whole_points_and_tenths_below_one(value: float | None, true: float, fits: bool) -> None:
    assert _fits(value, true) == fits


@pytest.mark.parametrize(("value", "fits"), [(5, True), (4, False), (6, False), (4.2, False), (None, False)])
def test_the_smallest_visible_change_is_rounded_up(value: float | None, fits: bool) -> None:
    assert _is_above(value, 4.2) == fits


def test_chances_are_adjusted_by_holms_rule() -> None:
    """The smallest three times, the next twice; one that is not defined does not count."""
    assert _adjusted([0.04, 0.01, float("nan"), 0.03])[:2] == pytest.approx([0.06, 0.03])
    assert _adjusted([0.04, 0.01, 0.03])[2] == pytest.approx(0.06)
