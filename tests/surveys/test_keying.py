"""An export that has already turned the reverse-keyed items is noticed; an honest one is left in peace."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from psafety import Look, analyze, compose, load_survey
from psafety.cli import Exit, main
from psafety.surveys.cells import BLANK
from psafety.surveys.check import check_survey
from psafety.surveys.errors import ConfigError, KeyingError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.keying import keying_notes, running_against, turn_items
from psafety.surveys.mapping import Wishes
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from surveyfiles import instrument_of

CORE = "trust", "openness", "speaking-up"
BFI_REVERSE = frozenset({"a1", "c4", "c5", "e1", "e2", "o2", "o5"})  # as its documentation says


def drawn(**design):
    sample = sample_survey(SampleDesign(**{"dimensions": CORE} | design), load_instrument("open-team-survey"))
    return np.asfortranarray(sample.answers), sample


def turned(points, instrument, dimensions=CORE):
    """The file of somebody who has turned the reverse-keyed items already."""
    points = points.copy(order="F")
    for index, item in enumerate(instrument.items):
        if item.reverse and item.dimension in dimensions:
            points[:, index] = np.where(points[:, index] > 0, 6 - points[:, index], points[:, index])
    return points


def agreeing(points, *, sd, mean=0.0, seed=0):
    """The same, had people leaned towards agreement, or away from it, whatever a statement says."""
    leaning = np.random.default_rng(seed).normal(mean, sd, len(points)).round()[:, None]
    return np.asfortranarray(np.where(points > 0, np.clip(points + leaning, 1, 5), points).astype(np.int8))


def accused(points, instrument):
    return {against.item.id for _, found in running_against(points, instrument) for against in found}


def reverse_ids(instrument, dimensions=CORE):
    return {item.id for item in instrument.items if item.reverse and item.dimension in dimensions}


@pytest.mark.parametrize("design", [{}, {"careless": 0.3}, {"mean_index": 50}, {"loading": 0.4}], ids=str)
@pytest.mark.parametrize("people", [80, 400])
def test_an_honest_export_is_left_in_peace(people, design):
    """Small or large, with careless people and blanks, with weak statements: no false alarm in eight files."""
    for seed in range(1, 9):
        points, sample = drawn(people=people, seed=seed, **design)

        assert accused(points, sample.instrument) == set()


@pytest.mark.parametrize("mean", [0.0, 0.5])
@pytest.mark.parametrize("people", [80, 400])
def test_people_who_agree_with_everything_are_no_wrong_turn(people, mean):
    """Even where leaning towards agreement moves answers as much as what is asked about."""
    for seed in range(1, 9):
        points, sample = drawn(people=people, seed=seed)

        assert accused(agreeing(points, sd=0.7, mean=mean, seed=seed), sample.instrument) == set()


@pytest.mark.parametrize(("design", "leaning"), [({}, 0.0), ({"mean_index": 50}, 0.0), ({}, 0.3)], ids=str)
def test_all_items_that_the_export_has_turned_are_named(design, leaning):
    """These, and no other; whatever the level of the answers, and with some leaning towards agreement."""
    for seed in range(1, 7):
        points, sample = drawn(people=500, seed=seed, **design)
        file = turned(agreeing(points, sd=leaning, seed=seed), sample.instrument)

        assert accused(file, sample.instrument) == reverse_ids(sample.instrument)


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_warning_names_the_items_of_one_dimension(seed):
    """Turned twice, a statement runs against the rest of its dimension, and that is said with the way out."""
    points, sample = drawn(people=300, seed=seed)

    (note,) = keying_notes(turned(points, sample.instrument, ["trust"]), sample.instrument)

    named = {item.id for item in sample.instrument.items if f"“{item.id}”" in note}
    assert named == reverse_ids(sample.instrument, ["trust"])
    assert "already turned" in note
    assert "--instrument" in note


def test_of_two_halves_the_reverse_keyed_one_is_suspected():
    """Two statements against two: correlations do not say which pair is wrong, but exports turn reverse-keyed ones."""
    chance = np.random.default_rng(1)
    stance = chance.normal(0, 1, (200, 1))
    points = np.clip(np.rint(3 + stance + chance.normal(0, 0.6, (200, 4))), 1, 5).astype(np.int8)
    instrument = instrument_of(dict.fromkeys("abcd", ""), reverse="cd")

    assert accused(points, instrument) == {"c", "d"}
    assert accused(points, instrument_of(dict.fromkeys("abcd", ""), reverse="abc")) == {"a", "b", "c"}
    assert accused(points, instrument_of(dict.fromkeys("abcd", ""))) == set()


def test_too_few_people_say_nothing():
    """With few complete answers no item is accused, whatever they ticked."""
    points, sample = drawn(people=60, seed=1)
    points[::2, 0] = BLANK

    assert keying_notes(points[:, :], sample.instrument) == ()
    assert keying_notes(np.full_like(points, 3), sample.instrument) == ()  # nobody differs


@pytest.fixture
def survey(tmp_path):
    """A survey of 300 people in which the export has turned the reverse-keyed statements under Trust."""
    points, sample = drawn(people=300, seed=2)
    write_sample(replace(sample, answers=turned(points, sample.instrument, ["trust"])), tmp_path / "s.csv")
    return tmp_path / "s.csv"


def test_the_run_stops_with_the_evidence_and_the_options(survey):
    """Correlation, means, people; and both options, ready to copy."""
    with pytest.raises(KeyingError) as stopped:
        load_survey(survey)

    assert "Under “Trust”: “trust3” (correlation with the others -0." in stopped.value.problem
    assert " people)" in stopped.value.problem
    assert "already turned" in stopped.value.problem
    assert "`--turn trust3,trust5`" in stopped.value.hint
    assert "`--turn none`" in stopped.value.hint


def test_turned_items_score_as_if_the_file_had_never_been_touched(survey, tmp_path):
    """--turn reads them the other way round, once: every figure is that of the untouched file, and it is said."""
    _, sample = drawn(people=300, seed=2)
    write_sample(sample, tmp_path / "untouched.csv")
    untouched = compose(analyze(load_survey(tmp_path / "untouched.csv")), Look(), version="1")

    read = load_survey(survey, Wishes(turn=("trust3", "trust5")))
    content = compose(analyze(read), Look(), version="1")

    assert content.dimensions == untouched.dimensions
    assert read.source.warnings == ()
    assert any("as asked with --turn: “trust3”, “trust5”" in doubt for doubt in read.source.doubts)
    rows = {row.id: row for group in content.items for row in group.rows}
    assert not rows["trust3"].reverse
    assert "here high answers are the favourable ones" in rows["trust3"].remark
    assert "here low answers" in rows["open2"].remark


def test_what_is_right_as_it_is_goes_on_under_a_warning(survey):
    """--turn none: the report opens with the warning, as it is read before any figure."""
    content = compose(analyze(load_survey(survey, Wishes(turn=("none",)))), Look(), version="1")

    assert "run against" in content.notices[0]


def test_the_options_keep_what_was_turned_before(survey):
    """One of two turned: the option names both; one turned wrongly: the option leaves it out."""
    with pytest.raises(KeyingError) as half:
        load_survey(survey, Wishes(turn=("trust3",)))
    with pytest.raises(KeyingError) as wrong:
        load_survey(survey, Wishes(turn=("trust3", "trust5", "open1")))

    assert "`--turn trust3,trust5`" in half.value.hint
    assert "`--turn trust3,none`" in half.value.hint
    assert "`--turn trust3,trust5`" in wrong.value.hint
    assert "perhaps the answers" in wrong.value.problem.casefold()


def test_a_turn_that_was_wrong_is_taken_back_by_leaving_it_out(tmp_path):
    _, sample = drawn(people=300, seed=2)
    write_sample(sample, tmp_path / "s.csv")

    with pytest.raises(KeyingError, match="leave --turn out"):
        load_survey(tmp_path / "s.csv", Wishes(turn=("trust1",)))


@pytest.mark.parametrize(("wanted", "hint"), [("trust33", "Did you mean “trust3”?"), ("xyz", "It has trust1, ")])
def test_an_item_that_is_not_there_cannot_be_turned(wanted, hint, survey):
    with pytest.raises(ConfigError, match=f"no item “{wanted}” to turn") as stopped:
        load_survey(survey, Wishes(turn=(wanted,)))

    assert stopped.value.hint.startswith(hint)


def test_turning_an_item_twice_gives_it_back():
    instrument = load_instrument("open-team-survey")

    once = turn_items(instrument, ["trust1", "none"])

    assert [item.id for item in once.items if item.turned] == ["trust1"]
    assert [item.reverse for item in turn_items(once, ["trust1"]).items] == [item.reverse for item in instrument.items]
    assert turn_items(instrument, ["none"]) == instrument


def test_check_never_stops_and_says_the_same(survey):
    """It lists the evidence among the doubts, with the options; once it is settled, no longer."""
    doubts = check_survey(survey).doubts
    settled = check_survey(survey, Wishes(turn=("trust3", "trust5"))).doubts
    believed = check_survey(survey, Wishes(turn=("none",))).doubts

    assert any("“trust3” (correlation" in doubt and "`--turn trust3,trust5`" in doubt for doubt in doubts)
    assert not any("run against" in doubt for doubt in settled)
    assert any("as asked with --turn" in doubt for doubt in settled)
    assert any("run against" in doubt for doubt in believed)


def test_option_and_setting_say_the_same(survey, tmp_path):
    """--turn on the command line, and turn under [survey] in the settings."""
    beside = tmp_path / "settings"
    beside.mkdir()
    (beside / "psafety.toml").write_text('[survey]\nturn = ["none"]\n', encoding="utf-8")
    shutil.copy(survey, beside / "s.csv")
    options = ["--format", "json", "--output", str(tmp_path / "out")]

    stopped = CliRunner().invoke(main, ["report", str(survey), *options])
    done = CliRunner().invoke(main, ["report", str(survey), *options, "--turn", "trust3, trust5"])
    believed = CliRunner().invoke(main, ["report", str(beside / "s.csv"), *options])

    assert stopped.exit_code == Exit.PROBLEM
    assert "Try:   Look at the file." in stopped.stderr
    assert (done.exit_code, believed.exit_code) == (Exit.DONE, Exit.DONE), done.output + believed.output
    assert "run against" in believed.stderr


def bfi(path, reverse):
    """The questionnaire of bfi, drafted from the file, with some items reverse-keyed and good ends known."""
    drafted = load_survey(path).instrument
    items = tuple(replace(item, reverse=item.id in reverse) for item in drafted.items)
    return Wishes(instrument=replace(drafted, id="bfi", directed=True, items=items))


def test_real_data_with_their_right_key_are_left_in_peace(shared):
    """2,800 people, five dimensions, seven reverse-keyed items; keyed as documented, nothing stops."""
    path = shared("r_psych/bfi.csv")

    assert load_survey(path, bfi(path, BFI_REVERSE)).source.warnings == ()


@pytest.mark.parametrize(
    ("reverse", "named"),
    [
        (frozenset(), BFI_REVERSE),  # nobody turned them
        (BFI_REVERSE - {"a1"}, {"a1"}),
        (BFI_REVERSE | {"a2"}, {"a2"}),
    ],
    ids=["none", "one forgotten", "one too many"],
)
def test_real_data_with_a_wrong_key_stop_with_the_right_one(reverse, named, shared):
    path = shared("r_psych/bfi.csv")

    with pytest.raises(KeyingError) as stopped:
        load_survey(path, bfi(path, reverse))

    assert f"`--turn {','.join(sorted(named))}`" in stopped.value.hint


def test_real_data_with_items_that_nobody_turned(shared):
    """In bfi, A1 and C4 are worded the other way round; read without a questionnaire, they are named."""
    warnings = " ".join(load_survey(shared("r_psych/bfi.csv")).source.warnings)

    assert "“a1”" in warnings
    assert "“c4”" in warnings
    assert "`psafety draft`" in warnings
