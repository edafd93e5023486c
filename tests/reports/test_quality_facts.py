"""What the report says of doubtful data: counts that speak of nobody, and bounds instead of differences."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from psafety import Look, Policy, analyze, compose
from psafety.reports.console import to_lines
from psafety.reports.wording import count
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.mapping import Column
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source

SCALE = ResponseScale("one-to-five", (1, 2, 3, 4, 5), {}, frozenset({4, 5}), frozenset({1, 2}))


def asked_of(size, *, reverse=None, part="core"):
    """An instrument of one dimension with so many statements, one of them reverse-keyed or none."""
    items = tuple(Item(f"i{n}", "d", SCALE, {"en": f"Statement {n}."}, reverse=n == reverse) for n in range(size))
    dimension = Dimension("d", {"en": "Dimension"}, {}, part)
    return Instrument("test", {"en": "Test"}, "1", "", "", {}, (dimension,), items)


NINE = asked_of(9, reverse=3)
TWELVE = asked_of(12)


def answers_of(people, asked, *, seed=1):
    """Answers of all kinds, none blank."""
    return np.random.default_rng(seed).integers(1, 6, (people, len(asked.items))).astype(np.int8)


def report(points, asked, policy=None, columns=()):
    """The content of a report on these answers."""
    frame = pd.DataFrame(points, columns=[item.id for item in asked.items])
    groups = pd.DataFrame({WAVE: pd.Categorical([""] * len(frame))})
    source = Source("hand.csv", "plain table", "made by hand", "CSV", len(frame), columns, ())
    quality = check_quality(frame, groups, asked, left_out=0)
    return compose(analyze(Responses(asked, frame, groups, (), source, quality), policy), Look(), version="1")


def facts(content):
    return {fact.label: fact for fact in content.quality}


@pytest.mark.parametrize(("straight", "said"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")])
def test_few_people_are_never_counted(straight, said):
    points = answers_of(60, NINE)
    points[:straight] = 5

    assert facts(report(points, NINE))["One answer throughout"].value.text == said


@pytest.mark.parametrize(("straight", "said"), [(6, "fewer than 7"), (7, "7")])
def test_people_who_tell_each_other_their_answers_count_with_the_smallest_group(straight, said):
    """Two of seven who know each other's answers would learn those of the other five."""
    points = answers_of(60, NINE)
    points[:straight] = 5

    found = facts(report(points, NINE, Policy(coalition=2)))["One answer throughout"]

    assert found.value.text == said


def test_one_to_four_flagged_people_give_the_same_words():
    """Though their answers are in the figures, the sentence about them follows from what else is printed."""
    for straight in (1, 4):
        points = answers_of(60, NINE)
        points[:straight] = 5
        content = report(points, NINE)
        index = content.dimensions[0].index.value
        low, high = np.floor((60 * (index - 0.5) - 400) / 56), np.ceil(60 * (index + 0.5) / 56)

        note = facts(content)["One answer throughout"].note

        assert note.endswith(f"would be: Dimension between {low:.0f} and {high:.0f} (with them {index}).")


def test_nobody_flagged_leaves_nothing_to_say():
    note = facts(report(answers_of(60, NINE), NINE))["One answer throughout"].note

    assert note == "People who ticked the same answer everywhere, although some statements run the other way."


def test_a_dimension_that_few_answered_has_bounds_of_its_own_number():
    """The bounds go by the statement that the fewest people answered, as it may change the most."""
    points = answers_of(60, NINE)
    points[:5] = 5
    points[20:50, 0] = 0
    content = report(points, NINE)
    index = content.dimensions[0].index.value
    low = max(0, np.floor((30 * (index - 0.5) - 500) / 25))

    assert f"between {low:.0f} and" in facts(content)["One answer throughout"].note


def test_where_nobody_need_be_left_no_bounds_are_given():
    everybody = np.repeat(np.array([[1], [5]], np.int8), 20, axis=0) * np.ones((1, 9), np.int8)

    assert facts(report(everybody, NINE))["One answer throughout"].note.endswith("They are counted.")


def test_a_small_survey_says_nothing_of_single_peoples_rows():
    """Below 30 people, nothing is said that needs everybody's answers to several statements."""
    labels = facts(report(answers_of(29, TWELVE), TWELVE)).keys() | facts(report(answers_of(29, NINE), NINE)).keys()

    assert not labels & {"One answer throughout", "One end of the scale throughout"}


def test_one_end_throughout_is_mentioned_without_a_verdict():
    points = answers_of(60, TWELVE)
    points[:6], points[6:12] = 5, 1

    fact = facts(report(points, TWELVE))["One end of the scale throughout"]

    assert fact.value.text == "12"
    assert "may well be what people think" in fact.note
    assert "One answer throughout" not in facts(report(points, TWELVE))


def test_statements_often_left_blank_are_named():
    points = answers_of(60, NINE)
    points[:12, 2], points[:11, 4] = 0, 0

    fact = facts(report(points, NINE))["Statements often left blank"]

    assert (fact.value.text, fact.note) == ("1", "Left blank by at least 20% of the people: “Statement 2.”.")
    assert "Statements often left blank" not in facts(report(answers_of(60, NINE), NINE))


def test_a_survey_without_joint_scores_has_no_bounds():
    single = asked_of(9, reverse=3, part="outcome")
    points = answers_of(60, single)
    points[:9] = 5

    assert facts(report(points, single))["One answer throughout"].note.endswith("They are counted.")


def test_the_screen_says_what_was_flagged_and_nothing_of_what_was_not():
    flagged, clean = answers_of(60, NINE), answers_of(60, NINE)
    flagged[:6] = 5

    assert any(line.startswith("One answer throughout: 6 – People who") for line in to_lines(report(flagged, NINE)))
    assert not any("throughout" in line for line in to_lines(report(clean, NINE, Policy(min_group=7))))


def test_a_column_without_a_name_is_called_so():
    columns = (Column(0, " ", "metadata", "unnamed"), Column(1, "seed", "metadata", "its name"))

    reading = {fact.label: fact for fact in report(answers_of(60, NINE), NINE, columns=columns).reading}

    assert reading["Columns that the platform adds"].note == "one without a name and “seed”. Not read."


def test_one_dimension_has_a_caption_of_its_own():
    content = report(answers_of(60, NINE), NINE)

    assert content.dimensions_caption == "Dimension is the only dimension with a common score."


def test_the_screen_says_how_many_rows_hold_no_answer():
    content = report(answers_of(60, NINE), NINE)
    empty = tuple(
        replace(fact, value=count(56)) if fact.label == "Rows without any answer" else fact for fact in content.quality
    )

    assert any(line.startswith("Rows without any answer: 56 – ") for line in to_lines(replace(content, quality=empty)))
    assert not any("Rows without" in line for line in to_lines(content))
