"""What a comparison says: every sentence is true of its figures, and noise is never called a change."""

import re
from dataclasses import replace

import numpy as np
import pytest
from compared import NAN, PATHS, STATEMENTS, comparison, example, people_in_both, wave, waves
from hypothesis import given, settings, strategies as st
from psafety.analysis.comparison import compare
from psafety.analysis.pairs import PairTally, paired_changes
from psafety.reports.comparison.compose import compose_comparison, end_as_printed
from psafety.reports.comparison.content import Change, ComparisonContent, Trend
from psafety.reports.comparison.wording import remark
from psafety.reports.compose import Look
from psafety.reports.content import Absent, Figure

indexes = st.lists(st.one_of(st.integers(0, 100).map(float), st.just(NAN)), min_size=5, max_size=5)


def composed(*published) -> ComparisonContent:
    return compose_comparison(compare(published), Look(), version="1")


@pytest.fixture(scope="module")
def content() -> ComparisonContent:
    return example()


def change(content: ComparisonContent, unit: str, measure: str) -> Change:
    (row,) = (unit_ for unit_ in content.units if unit_.name == unit)
    return next(each for each in row.dimensions if each.measure == measure)


def test_a_change_is_said_with_its_interval_and_its_verdict(content: ComparisonContent) -> None:
    """The organisation's trust rose: both values, the difference in points, the interval, the word."""
    sentence = change(content, "The organisation", "Trust").sentence

    assert sentence == "The organisation, Trust: from 62 to 71, 9 points more, between +5 and +13: better"


def test_what_chance_explains_is_not_a_change(content: ComparisonContent) -> None:
    """The sentence says what would have been needed to see one."""
    sentence = change(content, "The organisation", "Openness").sentence

    assert ": no visible change; with 212 answers, less than " in sentence
    assert sentence.endswith("points can be invisible")


def test_what_is_invisible_is_said_with_the_answers_of_both_waves(content: ComparisonContent) -> None:
    """One number where both waves have as many, else both."""
    told = change(content, "=1+1", "Openness")._replace(n_before=Figure(9, "9", "0"), n_after=Figure(7, "7", "0"))

    assert told._replace(smallest=Figure(43, "43", "0")).invisible == (
        "with 9 answers then and 7 now, less than 43 points can be invisible"
    )


def test_what_a_wave_withholds_cannot_be_told(content: ComparisonContent) -> None:
    """No difference, no interval, and no reason that would be a clue."""
    told = change(content, "=1+1", "Trust")

    assert (told.after, told.difference) == (Absent("withheld"), Absent("cannot tell"))
    assert told.sentence == "=1+1, Trust: cannot tell, one of the waves does not print it"


def test_without_the_spread_of_answers_no_change_is_judged() -> None:
    """Snapshots of the first version: the values are there, the verdict is not."""
    first, last = waves()[1:]
    bare = replace(
        first,
        dimensions=replace(
            first.dimensions,
            measures=tuple(replace(one, own=NAN, within=NAN, degrees=NAN) for one in first.dimensions.measures),
        ),
        items=replace(
            first.items, measures=tuple(replace(one, own=NAN, within=NAN, shares=()) for one in first.items.measures)
        ),
    )

    content = composed(bare, last)

    assert change(content, "The organisation", "Trust").sentence.endswith(
        "cannot tell, it is not known how answers spread"
    )
    assert any("does not say how answers spread" in notice for notice in content.notices)
    assert {one.standing for unit in content.units for one in unit.dimensions} == {"none"}


def test_without_a_good_end_of_the_scale_nothing_is_better_or_worse() -> None:
    """Higher and lower, in every text of the report, and a notice that says why."""
    content = example(directed=False)
    said = {one.verdict for unit in content.units for one in (*unit.dimensions, *unit.items)}
    texts = (*content.summary, content.dimensions_caption, content.units_caption, *content.dimension_captions)

    assert said == {"higher", "lower", "no visible change", "cannot tell"}
    assert not any("better" in text or "worse" in text for text in texts)
    assert any("never better or worse" in notice for notice in content.notices)


def test_the_summary_has_five_sentences_on_five_things(content: ComparisonContent) -> None:
    """Who, the organisation, its parts, what could not be seen, and what the figures do not say."""
    who, organisation, parts, reach, caution = content.summary

    assert who.startswith("“2026-Q1” is set against “2025-Q4”: 212 people answered now, and 212 people then.")
    assert organisation == (
        "The organisation as a whole. Better: Trust from 62 to 71 (9 points more, between +5 and +13)."
        " No visible change: Openness."
    )
    assert parts == (
        "Both waves name 4 units and teams. Better in at least one dimension: 1. Worse in at least one dimension: 1."
        " No visible change in any dimension: 1. Nothing can be told: 1."
    )
    assert "12 answers then, 12 now" in reach
    assert "blames nobody" in caution


def test_units_are_told_in_their_order_not_by_their_change(content: ComparisonContent) -> None:
    """Alphabetical within each unit: nobody is ranked."""
    assert [unit.path for unit in content.units] == list(PATHS)
    assert content.units_caption.index("Werkstatt") < content.units_caption.index("Zentrale (Trust worse)")


def test_two_waves_have_no_trend() -> None:
    """Two are a difference."""
    content = composed(*waves()[1:])

    assert not content.trends
    assert content.trend_caption == ""
    assert all(unit.trends == () for unit in content.units)
    assert "trend" not in [section.id for section in content.method]


def test_three_waves_have_one_and_say_how_sure_it_is(content: ComparisonContent) -> None:
    """Level and slope in a sentence; a level line is not called a trend."""
    trust, openness = content.units[0].trends

    assert trust.sentence == (
        "Trust stood at 71 in 2026-Q1: getting better; about 5 points more per wave, between +3 and +8."
    )
    assert "no visible trend" in openness.sentence
    assert content.units[2].trends[0].verdict == "cannot tell"
    assert content.units[2].trends[0].sentence == "Trust stood at 58 in 2025-Q4: cannot tell."


@pytest.mark.parametrize(
    ("last", "line"),
    [(66.8, "about 0.4 points more per wave"), (66.0, "about level"), (69.0, "about 2 points more per wave")],
)
def test_a_slope_below_a_point_has_a_decimal(last: float, line: str) -> None:
    """A line that rises is not called level."""
    flat = [66.0] * 5

    content = composed(wave("Q1", flat, flat), wave("Q2", flat, flat), wave("Q3", [last] * 5, flat))

    assert line in content.units[0].trends[0].sentence


def test_waves_in_another_order_than_their_names_are_said() -> None:
    """The order of the command line stands, with a notice."""
    first, _, last = waves()

    assert any("suggest another one: 2025-Q3 and 2026-Q1" in notice for notice in composed(last, first).notices)
    assert composed(first, last).notices == ()


def test_what_only_one_wave_has_is_named() -> None:
    """Units that are gone or new are not dropped silently."""
    before, last = waves()[1:]
    gone = replace(before, paths=(*PATHS[:-1], ("Altbau",)))

    content = composed(gone, last)

    assert [(one.what, one.reason) for one in content.not_compared] == [
        ("Altbau", "Only “2025-Q4” has it."),
        ("Zentrale", "Only “2026-Q1” has it."),
    ]


def test_an_organisation_without_units_is_compared_as_a_whole() -> None:
    """One row, and a sentence that says so."""
    before, last = (one.only([0]) for one in waves()[1:])

    content = composed(before, last)

    assert "compared as a whole" in content.summary[2]
    assert content.summary[3].startswith("In the organisation as a whole, less than")
    assert (len(content.units), content.units_caption) == (1, "")


def test_nothing_in_common_is_said_and_not_drawn() -> None:
    """No dimension, no item: sentences, and no empty figures."""
    before, last = waves()[1:]
    none = replace(before, dimensions=replace(before.dimensions, measures=(), index=before.dimensions.index[:, :0]))
    other = replace(none, items=replace(before.items, measures=(), index=before.items.index[:, :0]))

    content = composed(other, last)

    assert content.dimensions == content.items == ()
    assert content.summary[1] == "No dimension can be compared as a whole."
    assert content.summary[3] == "How large a change would have to be to be seen cannot be said."
    assert len(content.not_compared) == 6


def test_a_benchmark_names_its_source_in_every_line(content: ComparisonContent) -> None:
    """One figure that the organisation stands above by more than chance explains, and one it cannot be told from."""
    trust, openness = content.benchmark

    assert (trust.source, trust.mean.text, trust.difference.text, trust.verdict) == (
        "Sister company 2025",
        "66.5",
        "+4.5",
        "above it",
    )
    assert (openness.difference.text, openness.verdict) == ("0", "no visible difference")
    assert "Sister company 2025" in content.benchmark_caption


def number(cell) -> float:
    """The number as the page prints it."""
    return float(cell.text.replace("−", "-").replace("+", ""))


def assert_true(change: Change) -> None:
    """The verdict is one that the printed figures bear out."""
    if change.standing == "above":
        assert number(change.low) > 0
    if change.standing == "below":
        assert number(change.high) < 0
    if isinstance(change.difference, Figure):
        assert number(change.difference) == number(change.after) - number(change.before)
        if isinstance(change.low, Figure):
            assert number(change.low) <= number(change.difference) <= number(change.high)
    else:
        assert (change.standing, isinstance(change.low, Absent)) == ("none", True)
    if change.standing == "same":
        assert number(change.smallest) <= 50


@settings(max_examples=60)
@given(indexes, indexes, indexes)
def test_every_printed_sentence_is_true_of_its_figures(one, two, three) -> None:
    """Better only with the printed interval above 0, worse below; a difference is that of the printed values."""
    content = composed(wave("Q1", one, two), wave("Q2", two, three), wave("Q3", three, one))

    for unit in content.units:
        for each in (*unit.dimensions, *unit.items):
            assert_true(each)
        for trend in unit.trends:
            assert_trend_true(trend)
    moved = {each.measure for each in content.units[0].dimensions if each.standing in {"above", "below"}}
    seen = content.dimensions_caption.partition("No visible change")[0].partition("Cannot tell")[0]
    assert moved == {measure for measure in ("Trust", "Openness") if measure in seen} or not moved
    for unit in content.units[1:]:
        told = any(each.standing in {"above", "below"} for each in unit.dimensions)
        assert (f"{unit.name} (" in content.units_caption) == told


def assert_trend_true(trend: Trend) -> None:
    if trend.standing == "above":
        assert number(trend.low) > 0
    if trend.standing == "below":
        assert number(trend.high) < 0
    if sum(isinstance(level.index, Figure) for level in trend.levels) < 3:
        assert (trend.standing, trend.slope) == ("none", Absent("cannot tell"))


@pytest.mark.parametrize(
    ("end", "printed"),
    [
        (0.0, 0.0),
        (0.02, 0.1),  # on its side of 0, however near
        (-0.02, -0.1),
        (0.44, 0.4),
        (0.97, 1.0),
        (1.4, 1.0),
        (-12.6, -13.0),
    ],
)
def test_an_end_of_an_interval_keeps_its_side_of_nought(end: float, printed: float) -> None:
    """Else “better” could stand beside an interval that begins at 0."""
    assert end_as_printed(np.array(end)) == printed


def test_the_method_gives_an_example_from_the_survey_itself(content: ComparisonContent) -> None:
    """How much a team of seven could see at best, worked out from the spread of these answers."""
    (section,) = (section for section in content.method if section.id == "invisible")

    assert "With 7 answers in each wave, for example, less than 31 points can be invisible" in section.paragraphs[0]


@pytest.mark.parametrize(("directed", "said"), [(True, True), (False, False)])
def test_a_statement_that_is_turned_round_says_so(directed: bool, said: bool) -> None:
    """Else a reader takes more of it for worse; where nobody knows the good end, there is no such word."""
    measure = replace(STATEMENTS[0], reverse=True)

    assert bool(remark(measure, directed=directed)) == said
    assert remark(replace(measure, reverse=None), directed=directed) == ""


def test_the_same_waves_give_the_same_content() -> None:
    """No clock and no chance in it."""
    assert example() == example()
    assert compose_comparison(comparison(), Look(title="Ours"), version="1").title == "Ours"


def test_people_in_both_waves_are_told_with_attrition(content: ComparisonContent) -> None:
    """How many, how many are in one wave only and why; one dimension with its interval, one that is not told."""
    trust, openness = content.pairs

    assert [one.text for one in (trust.n, trust.difference, trust.low, trust.high)] == ["98", "+5", "+2", "+8"]
    assert (openness.n, openness.difference) == (Absent("withheld"), Absent("cannot tell"))
    assert content.pairs_notes[:4] == (
        "100 people gave the same code in both waves.",
        "Found in one wave only: 112 people of “2025-Q4” and 106 of “2026-Q1”.",
        "Among them without a code, in both waves together: 7; with a code that stands twice: fewer than 5.",
        "Better: Trust. Cannot tell: Openness.",
    )
    assert "pairs" in [section.id for section in content.method]


def test_pairs_that_may_not_be_told_are_one_sentence() -> None:
    """No count, and no reason that would be one."""
    hidden = replace(people_in_both(), shown=False)

    content = compose_comparison(comparison(), Look(), version="1", pairs=hidden)

    assert content.pairs == ()
    assert len(content.pairs_notes) == 1
    assert not any(map(str.isdigit, content.pairs_notes[0]))


@given(st.floats(-60, 60), st.floats(1, 40), st.integers(30, 300))
def test_every_sentence_on_pairs_is_true(mean: float, spread: float, n: int) -> None:
    """Better only with the printed interval above 0, worse below."""
    counted = PairTally(
        pairs=n,
        before=n,
        after=n,
        uncoded=(0, 0),
        repeated=(0, 0),
        n=np.array([n, n]),
        total=np.array([mean * n, 0.0]),
        squares=np.array([(mean**2 + spread**2) * n, spread**2 * n]),
        alone_before=np.array([0, 0]),
        alone_after=np.array([0, 0]),
        gaps=np.array([0, 0]),
        inside_before=(np.array([[[n, 0]]]),) * 2,
        inside_after=(np.array([[[n, 0]]]),) * 2,
    )
    pairs = paired_changes(counted, ("trust", "openness"), smallest=5, least_pairs=30)

    content = compose_comparison(comparison(), Look(), version="1", pairs=pairs)

    for pair in content.pairs:
        assert number(pair.low) <= number(pair.difference) <= number(pair.high)
        assert (pair.standing == "above") <= (number(pair.low) > 0)
        assert (pair.standing == "below") <= (number(pair.high) < 0)
        assert re.search(rf"(?i){pair.verdict}: [^.]*{pair.measure}", content.pairs_notes[3])
