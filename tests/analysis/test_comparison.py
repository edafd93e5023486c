"""Waves against each other: what may be compared, what it is compared with, and what the verdicts rest on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.comparison import compare
from psafety.surveys.errors import ConfigError
from waves import measure, wave

NAN = float("nan")


def test_a_large_change_is_named_and_noise_is_not() -> None:
    """North rose by 20 points with 100 answers; the organisation and South moved by what chance explains."""
    before = wave("Q1", {"trust": [60, 55, 65]})
    after = wave("Q2", {"trust": [62, 75, 64]})

    found = compare([before, after]).dimensions

    assert found.verdict[:, 0].tolist() == [0, 1, 0]
    assert found.difference[:, 0].tolist() == [2, 20, -1]
    assert (found.low[1, 0] > 0, found.high[1, 0] < 30) == (True, True)
    assert found.effect[1, 0] == pytest.approx(1.0, abs=0.01)


def test_with_few_answers_only_large_changes_can_be_seen() -> None:
    """The smallest visible change shrinks with the number of answers, and is stated for each figure."""
    before = wave("Q1", {"trust": [60, 55, 65]}, n=(200, 7, 100))
    after = wave("Q2", {"trust": [60, 55, 65]}, n=(200, 7, 100))

    smallest = compare([before, after]).dimensions.smallest[:, 0]

    assert smallest[1] > 30 > smallest[2] > smallest[0]


def test_what_either_wave_withholds_cannot_be_told() -> None:
    """No figure, no difference, no interval, and nothing that could be mistaken for one."""
    before = wave("Q1", {"trust": [60, NAN, 65]})
    after = wave("Q2", {"trust": [60, 70, NAN]})

    found = compare([before, after]).dimensions

    assert found.verdict[1:, 0].tolist() == [2, 2]
    assert np.isnan(found.difference[1:]).all()
    assert np.isnan(found.low[1:]).all()


def test_units_are_matched_by_their_path_and_the_others_are_named() -> None:
    """A team that is gone, and one that is new, stand in no comparison."""
    before = wave("Q1", {"trust": [60, 60, 60]}, paths=((), ("North",), ("West",)))
    after = wave("Q2", {"trust": [60, 60, 60]}, paths=((), ("East",), ("North",)))

    found = compare([before, after])

    assert found.paths == ((), ("North",))
    assert (found.gone, found.new) == ((("West",),), (("East",),))


def test_a_renamed_team_is_compared_with_itself() -> None:
    """Old name = new name; a name that no earlier wave has is a mistake and is said."""
    before = wave("Q1", {"trust": [60, 50, 60]}, paths=((), ("North",), ("West",)))
    after = wave("Q2", {"trust": [60, 60, 60]}, paths=((), ("North",), ("Sunset",)))

    found = compare([before, after], renamed={"West": "Sunset"})

    assert found.paths == after.paths
    with pytest.raises(ConfigError, match="Wset"):
        compare([before, after], renamed={"Wset": "Sunset"})


def test_another_questionnaire_is_refused() -> None:
    """Two questionnaires measure two things, whatever their dimensions are called."""
    with pytest.raises(ConfigError, match="cannot be compared"):
        compare([wave("Q1", {"trust": [60, 60, 60]}), wave("Q2", {"trust": [60, 60, 60]}, instrument="other")])


def test_a_snapshot_in_another_language_is_refused_where_its_words_differ() -> None:
    """Every statement would pass for one that was changed; the same words are the same question in any language."""
    before = wave("Q1", {"trust": [60, 60, 60]}, items=[measure("t1", "Wir hören zu.")])
    after = wave("Q2", {"trust": [60, 60, 60]}, items=[measure("t1", "We listen.")])

    with pytest.raises(ConfigError, match="another language") as refused:
        compare([replace(before, lang="de"), after])
    assert "--lang de" in refused.value.hint
    assert compare([replace(before, lang="de"), replace(after, items=before.items)]).items.measures


def test_one_wave_is_no_comparison() -> None:
    """There has to be something to compare with."""
    with pytest.raises(ConfigError, match="two waves"):
        compare([wave("Q1", {"trust": [60, 60, 60]})])


INDEX = {"trust": [60, 60, 60]}
TRUST = measure("trust", items=["t1", "t2"])
ITEMS = [measure("t1", "We keep promises."), measure("t2", "We listen.")]


@pytest.mark.parametrize(
    ("before", "now", "refused"), [(False, True, True), (True, False, True), (True, True, False), (None, True, False)]
)
def test_a_statement_that_is_turned_round_in_one_wave_alone_is_not_compared(
    before: bool | None, now: bool | None, refused: bool
) -> None:
    """Its index would fall by what it stood above the middle; a snapshot that does not say is taken as it is."""
    waves = [
        wave(name, INDEX, dimensions=[TRUST], items=[replace(ITEMS[0], reverse=turned), ITEMS[1]])
        for name, turned in (("Q1", before), ("Q2", now))
    ]

    found = compare(waves)

    assert any("turned round in one of the waves" in refusal.reason for refusal in found.refused) == refused
    assert ("trust" in [measure.id for measure in found.dimensions.measures]) != refused


@pytest.mark.parametrize(
    ("dimension", "items", "refused"),
    [
        (TRUST, ITEMS, {}),
        # white space and capitals do not change a wording
        (TRUST, [measure("t1", "we keep  Promises."), ITEMS[1]], {}),
        (
            TRUST,
            [measure("t1", "We break promises."), ITEMS[1]],
            {"We break promises.": "wording", "Trust": "statements"},
        ),
        (TRUST, [measure("t1", "We keep promises.", scale=(1, 7)), ITEMS[1]], {"We keep promises.": "scales"}),
        (measure("trust", items=["t1"]), ITEMS[:1], {"Trust": "other statements", "We listen.": "later wave"}),
        (
            measure("trust", items=["t1", "t2", "t3"]),
            [*ITEMS, measure("t3", "We help.")],
            {"Trust": "other statements", "We help.": "earlier wave"},
        ),
    ],
)
def test_what_was_changed_is_not_compared_and_says_why(dimension, items, refused) -> None:
    """A changed wording, another scale, other statements: the figures stand apart, with the reason."""
    before = wave("Q1", INDEX, dimensions=[TRUST], items=ITEMS)
    after = wave("Q2", INDEX, dimensions=[dimension], items=items)

    reasons = {refusal.what: refusal.reason for refusal in compare([before, after]).refused}

    assert all(word in reasons[what] for what, word in refused.items())
    assert bool(reasons) == bool(refused)


def test_another_threshold_is_said_and_compared() -> None:
    """Figures that both waves print are compared; that they hide differently is a note."""
    strict = compare([wave("Q1", INDEX), wave("Q2", INDEX, min_group=8)])
    other = compare([wave("Q1", INDEX), wave("Q2", INDEX, rules="s")])
    old = compare([wave("Q1", INDEX, rules=""), wave("Q2", INDEX)])

    assert "from 8" in strict.notes[0]
    assert "different rules" in other.notes[0]
    assert old.notes == ()


def test_three_waves_have_a_trend_and_two_have_none() -> None:
    """The change per wave along a straight line, with its error."""
    waves = [wave(f"Q{number}", {"trust": [50 + 4 * number, 60, 60]}) for number in (1, 2, 3)]

    trend, pair = compare(waves).dimensions, compare(waves[1:]).dimensions

    assert trend.slope[0, 0] == pytest.approx(4.0)
    assert trend.slope_low[0, 0] < 4 < trend.slope_high[0, 0]
    assert trend.trend[0, 0] in {0, 1}
    assert np.isnan(pair.slope).all()


def test_the_rank_test_stands_beside_where_answers_are_printed() -> None:
    """From the printed shares of the organisation; NaN where one wave does not print them."""
    shares = [(0.1, 0.2, 0.4, 0.2, 0.1), (0.0, 0.1, 0.2, 0.3, 0.4)]
    before, after = (
        wave(name, INDEX, items=[replace(measure("t1"), shares=each)])
        for name, each in zip(("Q1", "Q2"), shares, strict=True)
    )

    assert compare([before, after]).items.by_rank[0] < 0.001
    assert np.isnan(compare([wave("Q1", INDEX, items=[measure("t1")]), after]).items.by_rank[0])


@given(
    st.lists(st.one_of(st.integers(0, 100), st.just(NAN)), min_size=3, max_size=3),
    st.lists(st.one_of(st.integers(0, 100), st.just(NAN)), min_size=3, max_size=3),
    st.lists(st.integers(5, 400), min_size=3, max_size=3),
)
def test_every_verdict_is_true_of_what_is_printed(before: list[float], after: list[float], n: list[int]) -> None:
    """Better only with the interval above 0, worse only below; intervals stay inside what an index can change by."""
    found = compare([wave("Q1", {"trust": before}, n=n), wave("Q2", {"trust": after}, n=n)]).dimensions

    verdict = found.verdict[:, 0]
    assert (found.low[verdict == 1] > 0).all()
    assert (found.high[verdict == -1] < 0).all()
    assert (verdict[np.isnan(found.difference[:, 0])] == 2).all()
    known = np.isfinite(found.low)
    assert (found.low[known] >= -100).all()
    assert (found.high[known] <= 100).all()


def test_teams_that_became_one_are_not_compared() -> None:
    """The figures of two teams are not added up; the reason names the wave."""
    before = wave("Q1", {"trust": [60, 50, 60]}, paths=((), ("North",), ("West",)))
    after = wave("Q2", {"trust": [60, 60]}, paths=((), ("North",)), n=(200, 200))

    found = compare([before, after], renamed={"West": "North"})

    assert found.paths == ((),)
    assert [(one.what, "not added up" in one.reason) for one in found.refused] == [("North", True)]


def test_a_new_name_that_the_last_wave_has_not_is_a_mistake() -> None:
    """Old and new were perhaps confused."""
    waves = [wave(name, INDEX) for name in ("Q1", "Q2")]

    with pytest.raises(ConfigError, match="“Q2” has no unit “Sunset”"):
        compare(waves, renamed={"North": "Sunset"})


def test_without_the_spread_of_answers_nothing_can_be_told() -> None:
    """A snapshot of the first version has neither spread nor scale: its figures stand there without a verdict."""
    bare = replace(TRUST, own=NAN, within=NAN, degrees=NAN, scale=(0, 0))
    before = wave("Q1", INDEX, dimensions=[bare], items=[replace(item, own=NAN, scale=(0, 0)) for item in ITEMS])

    found = compare([before, wave("Q2", INDEX, dimensions=[TRUST], items=ITEMS)])

    assert found.refused == ()
    assert found.dimensions.verdict.ravel().tolist() == [2, 2, 2]
    assert found.dimensions.difference.ravel().tolist() == [0, 0, 0]
    assert "does not say how answers spread" in found.notes[0]


def test_a_measure_that_changed_early_is_left_out_of_the_trend() -> None:
    """The last two waves ask the same; the first asked something else, so there are two waves and no trend."""
    first = wave("Q1", INDEX, dimensions=[TRUST], items=[measure("t1", "We break promises."), ITEMS[1]])
    later = [wave(name, INDEX, dimensions=[TRUST], items=ITEMS) for name in ("Q2", "Q3")]

    found = compare([first, *later])

    assert np.isnan(found.dimensions.levels[0]).all()
    assert np.isnan(found.dimensions.slope).all()
    assert found.dimensions.verdict[0, 0] == 0
    assert np.isfinite(found.items.levels[0][:, 1]).all()


@given(st.lists(st.lists(st.one_of(st.integers(0, 100), st.just(NAN)), min_size=3, max_size=3), min_size=3, max_size=5))
def test_every_trend_is_true_of_its_interval(levels: list[list[float]]) -> None:
    """Named only with the interval on one side of 0, and only over three waves that print the figure."""
    found = compare([wave(f"Q{place}", {"trust": each}) for place, each in enumerate(levels)]).dimensions

    assert (found.slope_low[found.trend == 1] > 0).all()
    assert (found.slope_high[found.trend == -1] < 0).all()
    few = np.isfinite(found.levels).sum(axis=0) < 3
    assert (found.trend[few] == 2).all()
