"""Small teams reported together: by numbers of people alone, inside one unit, in each wave, with their headcounts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from psafety import analyze, load_survey
from psafety.surveys.errors import MappingError
from psafety.surveys.headcounts import headcounts_of
from psafety.surveys.mapping import Wishes
from psafety.surveys.merging import merge_small, together
from psafety.surveys.responses import WAVE, Responses

SIZES = {
    ("Nord", "Ahorn"): 9,
    ("Nord", "Birke"): 3,
    ("Nord", "Linde"): 2,
    ("Nord", "Ulme"): 4,
    ("Nord", "Erle"): 3,
    ("Süd", "Birke"): 4,
    ("Süd", "Ost"): 12,
    ("West", "Tanne"): 2,
    ("West", "Fichte"): 2,
}


def read(folder: Path, sizes: dict[tuple[str, str], int], *, first: int = 0, wave: str = "") -> Responses:
    rows = [
        (wave, *path, *(str(1 + (first + n + k) % 5) for k in range(3)))
        for path, size in sizes.items()
        for n in range(size)
    ]
    path = folder / "survey.csv"
    columns = ["Quarter", "Department", "Team", "trust1", "trust2", "trust3"]
    frame = pd.DataFrame(rows, columns=columns)
    (frame if wave else frame.drop(columns="Quarter")).to_csv(path, index=False)
    return load_survey(path)


def sizes_of(responses: Responses) -> dict[tuple[str, ...], int]:
    found = responses.groups.groupby(list(responses.levels), observed=True).size()
    return {path: int(size) for path, size in found.items()}


@pytest.mark.parametrize(
    ("teams", "groups"),
    [
        pytest.param([], (), id="none"),
        pytest.param([(4, "A")], (), id="one has no partner"),
        pytest.param([(2, "A"), (2, "B")], (), id="too small even together"),
        pytest.param([(1, "A"), (4, "B")], (("A", "B"),), id="just enough"),
        pytest.param([(4, "A"), (4, "B"), (4, "C")], (("A", "B", "C"),), id="what is left over joins the last"),
        pytest.param([(2, "C"), (3, "A"), (3, "B"), (4, "D")], (("A", "C"), ("B", "D")), id="smallest first"),
        pytest.param([(3, "b"), (3, "A"), (3, "a"), (3, "B")], (("A", "a"), ("B", "b")), id="ties by name"),
    ],
)
def test_teams_are_added_up_until_there_are_enough(
    teams: list[tuple[int, str]], groups: tuple[tuple[str, ...], ...]
) -> None:
    """The smallest first, those of one size in alphabetical order."""
    assert together(teams, 5) == groups


@given(sizes=st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 4), max_size=12))
def test_every_group_is_large_enough_and_no_team_is_in_two(sizes: dict[str, int]) -> None:
    """Whatever the sizes, in whatever order the teams are given; nobody stays out where there is a group."""
    teams = [(people, name) for name, people in sizes.items()]

    groups = together(teams, 5)

    assert groups == together(teams[::-1], 5)
    assert all(sum(sizes[name] for name in group) >= 5 for group in groups)
    named = [name for group in groups for name in group]
    assert sorted(named) == (sorted(sizes) if sum(sizes.values()) >= 5 else [])


def test_only_small_teams_of_one_unit_are_put_together(tmp_path: Path) -> None:
    """Large teams stay as they are, alike names in another unit too, and so do those too small even together."""
    merged = merge_small(read(tmp_path, SIZES), 5)

    assert sizes_of(merged) == {
        ("Nord", "Ahorn"): 9,
        ("Nord", "Birke + Linde"): 5,
        ("Nord", "Erle + Ulme"): 7,
        ("Süd", "Birke"): 4,
        ("Süd", "Ost"): 12,
        ("West", "Fichte"): 2,
        ("West", "Tanne"): 2,
    }
    assert [(one.above, one.name, one.parts) for one in merged.source.merged] == [
        (("Nord",), "Birke + Linde", ("Birke", "Linde")),
        (("Nord",), "Erle + Ulme", ("Erle", "Ulme")),
    ]
    assert merged.source.merged[0].path == ("Nord", "Birke + Linde")


def test_answers_decide_nothing(tmp_path: Path) -> None:
    """Other answers of the same people give the same groups; and nobody changes their row."""
    one, other = (merge_small(read(tmp_path, SIZES, first=first), 5) for first in (0, 3))

    assert one.source.merged == other.source.merged
    assert (one.groups["Team"].astype(str).to_numpy() == other.groups["Team"].astype(str).to_numpy()).all()
    assert not np.array_equal(one.points.to_numpy(), other.points.to_numpy())


def test_each_wave_is_sorted_by_itself(tmp_path: Path) -> None:
    """So that a new wave never sorts the people of an earlier one otherwise."""
    first = read(tmp_path, SIZES, wave="2026-Q1")
    second = read(tmp_path, {**SIZES, ("Nord", "Linde"): 8}, wave="2026-Q2")
    frame = pd.concat([pd.concat([one.groups.astype(str), one.points.astype(str)], axis=1) for one in (first, second)])
    path = tmp_path / "both.csv"
    frame.rename(columns={WAVE: "Quarter"}).to_csv(path, index=False)

    merged = merge_small(load_survey(path), 5)

    assert {one.wave: [] for one in merged.source.merged} == {"2026-Q1": [], "2026-Q2": []}
    assert [one.name for one in merged.source.merged if one.wave == "2026-Q1"] == ["Birke + Linde", "Erle + Ulme"]
    assert [one.name for one in merged.source.merged if one.wave == "2026-Q2"] == ["Birke + Erle + Ulme"]


def test_nothing_small_changes_nothing(tmp_path: Path) -> None:
    """The very same responses; also where the file names no teams."""
    responses = read(tmp_path, {("Nord", "Ahorn"): 9, ("Nord", "Birke"): 5})
    bare = tmp_path / "bare.csv"
    bare.write_text("trust1,trust2,trust3\n" + "1,2,3\n" * 6)

    assert merge_small(responses, 5) is responses
    assert merge_small(alone := load_survey(bare), 5) is alone


def test_a_team_that_has_the_name_already_keeps_it(tmp_path: Path) -> None:
    """The group gets another one, and one that is too long is cut."""
    sizes = {("Nord", "A + B"): 9, **{("Nord", name): 3 for name in "AB"}}
    many = {("Nord", name): 1 for name in "ABCDE"}

    assert merge_small(read(tmp_path, sizes), 5).source.merged[0].name == "A + B +"
    assert merge_small(read(tmp_path, many), 5).source.merged[0].name == "A + B + C + …"


def test_people_asked_are_added_up_with_the_teams(tmp_path: Path) -> None:
    """The headcounts name the teams as they are; what is reported is the rate of all of them."""
    responses = merge_small(read(tmp_path, SIZES), 5)
    path = tmp_path / "headcounts.csv"
    rows = [(*names, size + 2) for names, size in SIZES.items()]
    pd.DataFrame(rows, columns=["Department", "Team", "Headcount"]).replace("Linde", "LINDE").to_csv(path, index=False)

    headcounts, responses = headcounts_of(path, responses)
    findings = analyze(responses, headcounts=headcounts)

    assert headcounts.sums()["Nord", "Birke + Linde"] == 9
    assert not [note for note in headcounts.notes if "not in the survey" in note]
    assert {unit.name: unit.headcount for unit in findings.units if unit.name == "Erle + Ulme"} == {"Erle + Ulme": 11}


def test_headcounts_that_could_mean_two_teams_are_refused(tmp_path: Path) -> None:
    """Birke of the north is put together with another team, that of the south is not; the file does not say which."""
    responses = merge_small(read(tmp_path, SIZES), 5)
    path = tmp_path / "headcounts.csv"
    path.write_text("Team,Headcount\nBirke,9\nLinde,4\n")

    with pytest.raises(MappingError, match="Two units are called “Birke”"):
        headcounts_of(path, responses)


def test_merged_teams_are_shown_and_named_in_the_findings(tmp_path: Path) -> None:
    """What each of them alone would not be."""
    alone, merged = (read(tmp_path, SIZES), merge_small(read(tmp_path, SIZES), 5))
    shown = [{unit.name for unit in analyze(one).units if isinstance(unit.n, int)} for one in (alone, merged)]

    assert "Birke + Linde" in shown[1]
    assert not {"Birke", "Linde"} & shown[0]
    assert analyze(alone).data_digest != analyze(merged).data_digest


def test_a_file_can_name_its_own_columns(tmp_path: Path) -> None:
    """The team is the innermost level, whatever it is called."""
    path = tmp_path / "survey.csv"
    path.write_text("Crew,trust1,trust2,trust3\n" + "A,1,2,3\n" * 3 + "B,3,2,1\n" * 3 + "C,2,2,2\n" * 8)

    merged = merge_small(load_survey(path, Wishes(team="Crew")), 5)

    assert sizes_of(merged) == {("A + B",): 6, ("C",): 8} or sizes_of(merged) == {"A + B": 6, "C": 8}
