"""Numbers in words: rounded once, and never saying more than is known."""

import math

import pytest
from hypothesis import given, strategies as st
from psafety.languages import speaking
from psafety.reports import wording
from psafety.reports.content import Absent, Figure


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1e-9, "<1%"),  # not nothing
        (0.0049, "<1%"),
        (0.0051, "1%"),
        (0.345, "34%"),
        (0.9951, ">99%"),  # not all
        (1.0, "100%"),
    ],
)
def test_shares_are_whole_percent_and_honest_at_the_ends(share, text):
    """A share that is not quite 0 or 1 is not printed as if it were."""
    assert wording.percent(share).text == text


@given(st.floats(0, 1))
def test_a_share_carries_no_more_than_it_prints(share):
    """The number behind a percentage has two decimals at most, so a workbook knows no more than the page."""
    figure = wording.percent(share)

    assert figure.value == round(figure.value, 2)
    assert abs(figure.value - share) <= 0.005 + 1e-9


@given(st.floats(0, 100))
def test_an_index_is_a_whole_number(value):
    """An index is printed, and carried, as a whole number."""
    figure = wording.index(value)

    assert isinstance(figure.value, int)
    assert figure.text == str(figure.value)


@given(st.floats(1, 11))
def test_a_mean_has_two_decimals(value):
    """A mean on the response scale carries two decimals, as printed."""
    assert float(wording.on_scale(value).text) == wording.on_scale(value).value


@pytest.mark.parametrize("say", [wording.index, wording.on_scale, wording.percent])
def test_what_is_not_defined_is_said_in_words(say):
    """NaN becomes words, never a number."""
    assert say(math.nan) == Absent("not defined")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1234, "1,234")]
)
def test_small_numbers_of_people_are_not_told(number, text):
    """From 1 to k - 1 people the number itself is not printed."""
    assert wording.small_count(number, 5).text == text
    assert isinstance(wording.small_count(number, 5), Figure) == (number in {0, 5, 1234})


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_become_a_phrase(parts, text):
    """Parts are joined as a person would."""
    assert wording.listed(parts) == text


def test_spanish_says_e_before_an_i():
    """But “y” before a diphthong, as it sounds otherwise."""
    with speaking("es"):
        said = [wording.listed(["a", last]) for last in ("Innovación", "hijos", "hielo", "iones", "Apoyo")]

    assert said == ["a e Innovación", "a e hijos", "a y hielo", "a y iones", "a y Apoyo"]
