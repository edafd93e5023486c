"""Columns by which an organisation is cut: how they are named, read and refused."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from psafety.config import Config, overlaid, read_config
from psafety.surveys.check import check_survey
from psafety.surveys.errors import MappingError
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import WAVE, load_survey, of_wave
from surveyfiles import instrument_of, write_csv

ASKED = instrument_of({"q1": "We speak up", "q2": "We listen"})


def survey(folder: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """A file with two questions, the last two columns, answered by everybody."""
    return write_csv(folder / "survey.csv", [*header, "q1", "q2"], *([*row, 4, 2] for row in rows))


def wishes(*cuts: str, **others: object) -> Wishes:
    return Wishes(instrument=ASKED, cuts=cuts, **others)  # type: ignore[arg-type]


def test_cuts_stand_behind_the_levels(tmp_path: Path) -> None:
    """Their columns follow the team's, in the order asked for; what nobody stated is empty."""
    path = survey(
        tmp_path,
        ["Tenure", "Team", "Gender"],
        ["0-2", "North", "Women"],
        ["3+", "North", "prefer not to say"],
        ["", "South", "Men"],
    )

    found = load_survey(path, wishes("Gender", "tenure"))

    assert found.levels == ("Team",)
    assert found.cuts == ("Gender", "Tenure")
    assert list(found.groups) == [WAVE, "Team", "Gender", "Tenure"]
    assert found.groups["Gender"].tolist() == ["Women", "", "Men"]
    assert found.groups["Tenure"].tolist() == ["0-2", "3+", ""]


def test_people_without_a_value_still_have_a_team(tmp_path: Path) -> None:
    """Who is counted as placed in no team does not hang on a cut."""
    path = survey(tmp_path, ["Team", "Gender", "Wave"], ["North", "", "1"], ["", "Men", "1"], ["South", "", "2"])

    found = load_survey(path, wishes("Gender"))

    assert found.quality.unplaced == 1
    assert of_wave(found, "1").quality.unplaced == 1
    assert of_wave(found, "1").cuts == ("Gender",)


def test_what_is_not_asked_for_is_not_read(tmp_path: Path) -> None:
    """A column of genders is left alone unless it is named."""
    found = load_survey(survey(tmp_path, ["Team", "Gender"], ["North", "Women"]), wishes())

    assert found.cuts == ()
    assert list(found.groups) == [WAVE, "Team"]


def test_a_column_above_the_team_can_be_a_cut_instead(tmp_path: Path) -> None:
    """A region is a unit unless it is named as a cut."""
    path = survey(tmp_path, ["Region", "Team"], ["East", "North"], ["West", "North"])

    assert load_survey(path, wishes()).levels == ("Region", "Team")
    assert load_survey(path, wishes("Region")).levels == ("Team",)


def test_the_check_says_what_a_cut_is(tmp_path: Path) -> None:
    """The explanation of a file shows the column's role, and that it was named."""
    path = survey(tmp_path, ["Team", "Gender"], ["North", "Women"])

    columns = check_survey(path, wishes("Gender")).columns

    assert [(column.role, column.evidence) for column in columns[:2]] == [
        ("team", "its header says so"),
        ("cut", "named with --cut"),
    ]


@pytest.mark.parametrize(
    ("header", "values", "word"),
    [
        ("Place", [f"place {number}" for number in range(13)], "more than 12"),
        ("Salary band", [str(1000 * number) for number in range(13)], "more than 12"),
        ("Age", ["23", "31", "43", "52", "61", "64"], "ages"),
        ("E-mail", ["a", "b"], "lead to a person"),
        ("Contact", [f"person{number}@example.org" for number in range(8)], "e-mail addresses"),
    ],
)
def test_a_column_that_is_no_grouping_is_refused(tmp_path: Path, header: str, values: list[str], word: str) -> None:
    """Too many values, ages, and what leads to a person: the message says what to do, and quotes no cell."""
    path = survey(tmp_path, ["Team", header], *(["North", value] for value in values))

    with pytest.raises(MappingError) as caught:
        load_survey(path, wishes(header))

    assert word in caught.value.problem
    assert caught.value.hint
    assert not any(value in f"{caught.value.problem} {caught.value.hint}" for value in values if len(value) > 1)


@pytest.mark.parametrize("values", [["1", "2", "3"], ["25", "35", "45"], [str(number) for number in range(101, 110)]])
def test_codes_are_groups_like_others(tmp_path: Path, values: list[str]) -> None:
    """A few numbers may well be codes."""
    path = survey(tmp_path, ["Team", "Site"], *(["North", value] for value in values))

    assert set(load_survey(path, wishes("Site")).groups["Site"]) == set(values)


@pytest.mark.parametrize(
    ("cuts", "others"),
    [
        (("Team",), {}),  # found by its header
        (("Team",), {"team": "Team"}),
        (("Gender",), {"team": "Gender"}),
        (("Gender", "Gender"), {}),
        (("Quarter",), {}),
        (("q1",), {"items": {"q1": "q1"}}),
    ],
)
def test_one_column_cannot_be_two_things(tmp_path: Path, cuts: tuple[str, ...], others: dict[str, object]) -> None:
    """A cut is not the team, the wave, an item or another cut as well."""
    path = survey(tmp_path, ["Team", "Gender", "Quarter"], ["North", "Women", "2026-Q1"])

    with pytest.raises(MappingError, match="two things"):
        load_survey(path, wishes(*cuts, **others))


def test_cuts_are_kept_in_the_settings(tmp_path: Path) -> None:
    """[survey] cuts lists them, and --cut wins over it."""
    path = tmp_path / "psafety.toml"
    path.write_text('[survey]\ncuts = ["Gender"]\n', encoding="utf-8")

    assert read_config(path).cuts == ("Gender",)
    assert overlaid(read_config(path), Config(cuts=("Site",))).cuts == ("Site",)
