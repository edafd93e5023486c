"""Waves are put in order where their names make it plain, and never by guessing."""

import pytest
from psafety.analysis.waves import in_order, latest, named, ordered
from psafety.surveys.errors import ConfigError


@pytest.mark.parametrize(
    "ordered",
    [
        ("2025-Q4", "2026-Q1", "2026-Q2"),
        ("Q4 2025", "Q1 2026"),
        ("2025", "2026"),
        ("2025-Q4", "2026"),  # another rhythm, but another year
        ("202512", "202601"),
        ("122025", "012026"),
        ("2025/12", "2026/01"),
        ("wave 2", "Wave 10"),
        ("T0", "T1"),
        ("2", "10"),
    ],
)
def test_plain_names_are_put_in_order(ordered: tuple[str, ...]) -> None:
    """Years and numbers tell the order, however the waves come in."""
    assert in_order(ordered[::-1]) == ordered
    assert latest(ordered[::-1]) == ordered[-1]


@pytest.mark.parametrize(
    "waves",
    [
        ("spring", "autumn"),
        ("2026", "after the merger"),
        ("2026-Q1", "2026/Q1"),  # the same quarter twice
        ("H1 2026", "Q2 2026"),  # one holds the other
        ("Q1", "H2"),
        ("2026-Q1", ""),  # rows without a wave
        ("2026-03-01", "2026-06-01"),
    ],
)
def test_unclear_names_are_never_guessed(waves: tuple[str, ...]) -> None:
    """Where names do not tell the last wave, the person is asked, and told what there is."""
    with pytest.raises(ConfigError, match="which is the last") as caught:
        latest(waves)

    assert "--wave" in caught.value.hint
    assert all((f"“{wave}”" if wave else "(empty)") in caught.value.problem for wave in waves)


def test_one_wave_needs_no_order() -> None:
    """A file of one wave is that wave, whatever it is called."""
    assert latest(("",)) == ""
    assert latest(("spring",)) == "spring"


def test_waves_of_one_file_stand_in_the_order_of_their_names_or_of_a_person() -> None:
    """A person's order wins; names that tell no order are asked for."""
    assert ordered(["Q2 2026", "Q1 2026"]) == ("Q1 2026", "Q2 2026")
    assert ordered(["spring", "autumn"], ["spring", "autumn"]) == ("spring", "autumn")
    assert ordered(["whenever"]) == ("whenever",)
    with pytest.raises(ConfigError, match="do not tell their order") as caught:
        ordered(["spring", "autumn"], ["spring"])
    assert "--labels" in caught.value.hint


def test_waves_are_called_as_a_person_says() -> None:
    """One name for each, and no name twice."""
    assert named(["a", "b"], []) == ("a", "b")
    assert named(["a", "b"], ["Q1", "Q2"]) == ("Q1", "Q2")
    with pytest.raises(ConfigError, match="2 waves and 3 names"):
        named(["a", "b"], ["Q1", "Q2", "Q3"])
    with pytest.raises(ConfigError, match="Two waves are called “a”"):
        named(["a", "a"], [])
