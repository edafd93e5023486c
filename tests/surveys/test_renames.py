"""Teams that go by another name than before."""

from pathlib import Path

import pytest
from psafety.surveys.errors import ConfigError, TableError
from psafety.surveys.renames import renames


def written(folder: Path, text: str) -> Path:
    path = folder / "names.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_come_from_the_command_line_and_from_a_file(tmp_path: Path) -> None:
    """Both together; a name may hold “=” after the first."""
    path = written(tmp_path, "New,Old\nSunset,West\nMoon,Night\n")

    assert renames(["North = Nord=Ost"], path) == {"North": "Nord=Ost", "West": "Sunset", "Night": "Moon"}
    assert renames([]) == {}


@pytest.mark.parametrize("pair", ["North", "=Nord", "North=", " = "])
def test_a_pair_that_says_only_one_name_is_refused(pair: str) -> None:
    """With the way to write it."""
    with pytest.raises(ConfigError, match="which name became which") as caught:
        renames([pair])

    assert "--map" in caught.value.hint


def test_a_team_that_was_split_has_no_successor() -> None:
    """One of its parts is not the team."""
    with pytest.raises(ConfigError, match="split"):
        renames(["North=One", "North=Two"])


def test_a_file_without_the_two_columns_is_refused(tmp_path: Path) -> None:
    """Its headings say which name is which."""
    with pytest.raises(TableError, match="columns “old” and “new”"):
        renames([], written(tmp_path, "before,after\nNorth,Nord\nWest,Sunset\n"))


def test_a_missing_name_is_refused_with_its_row(tmp_path: Path) -> None:
    """A team cannot become nothing."""
    with pytest.raises(TableError, match="missing") as caught:
        renames([], written(tmp_path, "old,new\nNorth,Nord\nWest,\nEast,Ost\n"))

    assert caught.value.where.endswith("row 3")
