"""An export that has already turned the reverse-keyed items is noticed; an honest one is left in peace."""

import numpy as np
import pytest
from psafety import Look, analyze, compose, load_survey
from psafety.surveys.cells import BLANK
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.keying import keying_notes
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

CORE = "trust", "openness", "speaking-up"


def drawn(**design):
    sample = sample_survey(SampleDesign(dimensions=CORE, **design), load_instrument("open-team-survey"))
    return np.asfortranarray(sample.answers), sample


@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("people", [80, 400])
def test_an_honest_export_is_left_in_peace(seed, people):
    """Small or large, with careless people and blanks: no false alarm."""
    points, sample = drawn(people=people, seed=seed)

    assert keying_notes(points, sample.instrument) == ()


@pytest.mark.parametrize("seed", range(1, 6))
def test_items_that_the_export_has_turned_are_named(seed):
    """Turned twice, a statement runs against the rest of its dimension, and that is said with the way out."""
    points, sample = drawn(people=300, seed=seed)
    for index, item in enumerate(sample.instrument.items):
        if item.reverse and item.dimension == "trust":
            ticked = points[:, index]
            points[:, index] = np.where(ticked > 0, 6 - ticked, ticked)

    (note,) = keying_notes(points, sample.instrument)

    named = {item.id for item in sample.instrument.items if f"“{item.id}”" in note}
    assert named == {item.id for item in sample.instrument.items if item.reverse and item.dimension == "trust"}
    assert "already turned" in note
    assert "--instrument" in note


def test_too_few_people_say_nothing():
    """With few complete answers no item is accused, whatever they ticked."""
    points, sample = drawn(people=60, seed=1)
    points[::2, 0] = BLANK

    assert keying_notes(points[:, :], sample.instrument) == ()
    assert keying_notes(np.full_like(points, 3), sample.instrument) == ()  # nobody differs


def test_the_warning_stands_above_every_figure(tmp_path):
    """What is found is read before any figure of the report."""
    points, sample = drawn(people=300, seed=2)
    place = next(index for index, item in enumerate(sample.instrument.items) if item.reverse)
    sample.answers[:, place] = np.where(points[:, place] > 0, 6 - points[:, place], points[:, place])
    write_sample(sample, tmp_path / "s.csv")

    content = compose(analyze(load_survey(tmp_path / "s.csv")), Look(), version="1")
    assert "run against" in content.notices[0]


def test_real_data_with_items_that_nobody_turned(shared):
    """In bfi, A1 and C4 are worded the other way round; read without a questionnaire, they are named."""
    warnings = " ".join(load_survey(shared("r_psych/bfi.csv")).source.warnings)

    assert "“a1”" in warnings
    assert "“c4”" in warnings
    assert "`psafety draft`" in warnings
