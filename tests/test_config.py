"""psafety.toml: what it may say, and what it answers to a mistake."""

import pytest
from psafety.config import Config, overlaid, read_config
from psafety.surveys.errors import ConfigError


def test_every_setting_is_read(tmp_path):
    """Each part of the settings arrives where it belongs."""
    path = tmp_path / "psafety.toml"
    path.write_text(
        """
        [survey]
        instrument = "edmondson-7"
        team = "Crew"
        units = ["Division", "Department"]
        wave = "Quarter=2026-Q1"
        wave_name = "2026-Q1"
        min_answered = 0.6
        [items]
        item1 = "Q7_1"
        [policy]
        min_group = 6
        detail_from = 12
        [report]
        title = "Our survey"
        formats = ["html"]
        finite_population = true
        """,
        encoding="utf-8",
    )

    config = read_config(path)

    assert config == Config(
        instrument="edmondson-7",
        team="Crew",
        units=("Division", "Department"),
        wave="Quarter=2026-Q1",
        min_answered=0.6,
        items={"item1": "Q7_1"},
        policy={"min_group": 6, "detail_from": 12},
        title="Our survey",
        formats=("html",),
        wave_name="2026-Q1",
        finite_population=True,
    )


def test_paths_are_relative_to_the_settings(tmp_path):
    """A file named in the settings is looked for beside them, not in the current folder."""
    (tmp_path / "people.csv").write_text("Team,Headcount\n", encoding="utf-8")
    text = '[survey]\nheadcounts = "people.csv"\n[report]\nrecord = "kept/record.json"'
    (tmp_path / "psafety.toml").write_text(text, encoding="utf-8")

    config = read_config(tmp_path / "psafety.toml")

    assert config.headcounts == str(tmp_path / "people.csv")
    assert config.record == str(tmp_path / "kept" / "record.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[survey\n", "line 1"),
        ("[surveys]\nteam = 'x'", "“surveys” is not a part"),
        ("team = 'x'", "“team” is not a part"),  # a setting outside any table
        ("[survey]\nteams = 'x'", "no setting “teams”"),
        ("[survey]\nteam = 3", "must be a text"),
        ("[survey]\nunits = 'Division'", "must be a list of texts"),
        ("[survey]\nunits = [1]", "must be a list of texts"),
        ("[policy]\nmin_group = true", "must be a whole number"),
        ("[policy]\nmin_group = 5.5", "must be a whole number"),
        ("[report]\nfinite_population = 1", "must be true or false"),
        ("[items]\na = 1", "must be the header of a column"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, said):
    """An unknown key or a value of the wrong kind is an error that names it, and the file."""
    path = tmp_path / "psafety.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as error:
        read_config(path)

    assert said in error.value.problem
    assert error.value.where == "psafety.toml"


def test_a_missing_file_is_named(tmp_path):
    """Settings that are not there are an error, not silence."""
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config(tmp_path / "none.toml")


def test_the_command_line_wins():
    """What is set above replaces what is set below; what is not set leaves it."""
    below = Config(team="Crew", units=("Division",), policy={"cover": 0.05, "min_group": 6})

    assert overlaid(below, Config(team="Squad", policy={"min_group": 7})) == Config(
        team="Squad", units=("Division",), policy={"cover": 0.05, "min_group": 7}
    )
