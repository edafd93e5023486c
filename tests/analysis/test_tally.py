"""The tally is additive and says the same as counting by hand."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from handmade import LEVELS, from_arrays, instrument, responses
from hypothesis import given, settings, strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal
from psafety.analysis.joint import joint_of, questions_of
from psafety.analysis.reliability import products_of
from psafety.analysis.tally import Tally, tally
from psafety.surveys.instrument import Instrument
from psafety.surveys.responses import WAVE, Responses

ASKED = instrument({"trust": 3, "open": 2, "results": 2}, reverse=("trust2", "open1"), outcomes=("results",))
MIXED_SCALES = instrument({"trust": 2, "open": 2}, points={"trust": 7, "open": 2}, low=0, reverse=("trust1", "open2"))


def surveys(asked: Instrument, *, waves: tuple[str, ...] = ("", "2026-Q1", "2026-Q2")) -> st.SearchStrategy[Responses]:
    """Up to 25 people in a few departments and teams, some without a name; blanks (0) and “not applicable” (-1)."""
    answers = st.tuples(*(st.integers(-1, len(item.scale.values)) for item in asked.items))
    path = st.tuples(st.sampled_from(["", "Sales", "IT"]), st.sampled_from(["", "North", "South", "Ärzte", "10", "9"]))
    row = st.tuples(path, answers, st.sampled_from(waves))
    return st.lists(row, min_size=1, max_size=25).map(
        lambda rows: responses([(path, answer) for path, answer, _ in rows], asked, waves=[wave for _, _, wave in rows])
    )


def part(survey: Responses, rows: np.ndarray) -> Responses:
    """Some rows of a survey, as a file of their own: with its own categories, in its own order."""
    units = [survey.groups[level].astype(object).to_numpy()[rows].tolist() for level in survey.levels]
    waves = survey.groups[WAVE].astype(object).to_numpy()[rows].tolist()
    return from_arrays(survey.points.to_numpy()[rows], units, survey.instrument, survey.levels, waves)


def assert_same(one: Tally, other: Tally) -> None:
    assert one == other
    assert_series_equal(one.people, other.people, check_exact=True)
    assert_frame_equal(one.answers, other.answers, check_exact=True)
    assert_frame_equal(one.scores, other.scores, check_exact=True)


@pytest.mark.parametrize("asked", [ASKED, MIXED_SCALES], ids=["reverse-keyed", "two scales"])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_tallies_of_two_parts_add_up_to_the_tally_of_the_whole(asked: Instrument, data: st.DataObject) -> None:
    """However a survey is split and its rows are shuffled, the tallies of the parts add up to that of the whole."""
    survey = data.draw(surveys(asked))
    order = np.array(data.draw(st.permutations(range(len(survey)))), np.intp)
    cut = data.draw(st.integers(1, len(survey)))
    whole = tally(survey)
    first, second = part(survey, order[:cut]), part(survey, order[cut:])

    assert_same(tally(part(survey, order)), whole)
    if len(second):
        assert_same(tally(first) + tally(second), whole)
        assert_same(tally(second) + tally(first), whole)


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_three_tallies_add_up_in_any_grouping(data: st.DataObject) -> None:
    """Adding is associative, so a file can be read in pieces and the pieces added in any order."""
    one, two, three = (tally(data.draw(surveys(ASKED))) for _ in range(3))

    assert_same((one + two) + three, one + (two + three))


def test_an_empty_piece_adds_nothing() -> None:
    """A piece of a file that holds no row leaves a tally as it is."""
    whole = responses([(("Sales", "North"), (1, 2, 3, 4, 5, 1, 2))], ASKED)
    nobody = part(whole, np.array([], np.intp))

    assert_same(tally(whole) + tally(nobody), tally(whole))
    assert_same(tally(nobody) + tally(whole), tally(whole))


def test_a_survey_without_groups_is_one_cell() -> None:
    """Without unit columns the tallies still add up, in the one cell there is."""
    rows = [((), (1, 2, 3, 4, 5, 1, 2)), ((), (5, 0, -1, 4, 5, 1, 2))]
    one, other = (responses([row], ASKED, levels=()) for row in rows)

    both = tally(responses(rows, ASKED, levels=()))

    assert len(both.people) == 1
    assert_same(tally(one) + tally(other), both)


@settings(deadline=None, max_examples=25)
@given(survey=surveys(ASKED))
def test_counts_are_those_of_counting_by_hand(survey: Responses) -> None:
    """Every count of an answer is what a Counter over the rows says, reverse-keyed items turned round."""
    counted = tally(survey)

    expected: Counter[tuple[object, ...]] = Counter()
    people: Counter[tuple[str, ...]] = Counter()
    for row in range(len(survey)):
        cell = tuple(survey.groups.iloc[row])
        people[cell] += 1
        for item in ASKED.items:
            ticked = int(survey.points[item.id].iloc[row])
            expected[cell, item.id, 6 - ticked if item.reverse and ticked > 0 else ticked] += 1
    got = {(cell, *key): n for cell, line in counted.answers.iterrows() for key, n in line.items() if n}
    assert got == dict(expected)
    assert dict(counted.people.items()) == dict(people)
    assert counted.answers.to_numpy().sum() == len(survey) * len(ASKED.items)  # blanks are counted too


@settings(deadline=None, max_examples=25)
@given(survey=surveys(ASKED))
def test_scores_are_those_of_pandas(survey: Responses) -> None:
    """Sums of item totals by number answered are what a pandas groupby over the persons says."""
    counted = tally(survey)

    keyed = survey.points.astype(float).where(survey.points > 0)
    for item in ASKED.items:
        if item.reverse:
            keyed[item.id] = 6 - keyed[item.id]
    for name in ("trust", "open"):
        mine = keyed[[item.id for item in ASKED.items_of(name)]]
        persons = pd.DataFrame({"answered": mine.count(axis=1), "total": mine.sum(axis=1)})
        keys = [survey.groups[column].astype(object) for column in survey.groups]
        for (*cell, answered), group in persons.groupby([*keys, "answered"]):
            line = counted.scores.loc[tuple(cell), name][answered]
            assert (line["n"], line["total"]) == (len(group), group["total"].sum())
            assert line["squares"] == (group["total"] ** 2).sum()
        assert counted.scores.xs("n", axis=1, level="measure")[name].to_numpy().sum() == len(survey)


@settings(deadline=None, max_examples=25)
@given(survey=surveys(ASKED))
def test_joint_answers_are_those_of_pandas(survey: Responses) -> None:
    """Wave by wave: pairs of items over the people who answered both, and who left gaps in what drivers are made of."""
    counted = tally(survey)

    keyed = survey.points.astype(float).where(survey.points > 0)
    for item in ASKED.items:
        if item.reverse:
            keyed[item.id] = 6 - keyed[item.id]
    asked = questions_of(ASKED)
    for wave, joint in counted.joint.items():
        mine = keyed[(survey.groups[WAVE] == wave).to_numpy()]
        for i, one in enumerate(mine):
            for j, other in enumerate(mine):
                both = mine[[one, other]].dropna().to_numpy()
                sums = [getattr(joint.products, name)[i, j] for name in ("n", "sums", "squares", "products")]
                assert sums == [len(both), both[:, 0].sum(), (both[:, 0] ** 2).sum(), both.prod(axis=1).sum()]
        for question, gaps in zip(asked, joint.gaps.tolist(), strict=True):
            answered = mine.iloc[:, question.items].count(axis=1)
            assert gaps == ((answered > 0) & (answered < len(question.items))).sum()
    assert set(counted.joint) == set(counted.waves)


def test_large_sums_are_exact() -> None:
    """A hundred points and many people: sums beyond what floats of 32 bits can count are whole all the same."""
    asked = instrument({"trust": 2}, points=100)
    answers = np.full((200_001, 2), 99, np.int8)

    found = joint_of(answers, asked).products

    assert (found.squares == 200_001 * 99**2).all()
    assert products_of(answers).squares.tolist() == found.squares.tolist()


def test_outcomes_have_no_joint_score() -> None:
    """The items of an outcome stand alone: the tally keeps no sums of them per person."""
    counted = tally(responses([(("Sales", "North"), (1, 2, 3, 4, 5, 1, 2))], ASKED))

    assert set(counted.scores.columns.get_level_values("dimension")) == {"trust", "open"}


def test_an_instrument_of_outcomes_only_still_adds_up() -> None:
    """Where no dimension has a joint score, tallies have no score columns and add up all the same."""
    asked = instrument({"results": 2}, outcomes=("results",))
    one, other = (responses([(("Sales", team), (4, 5))], asked) for team in ("North", "South"))

    both = tally(one) + tally(other)

    assert both.scores.shape == (2, 0)
    assert both.people.tolist() == [1, 1]


def test_a_wave_holds_its_own_cells_only() -> None:
    """`of_wave` keeps the cells of one wave, and the waves together are the whole."""
    rows = [(("Sales", "North"), (1, 2, 3, 4, 5, 1, 2)), (("Sales", "South"), (2, 2, 3, 4, 5, 1, 2))]
    counted = tally(responses(rows, ASKED, waves=["2026-Q2", "2026-Q1"]))

    assert counted.waves == ("2026-Q1", "2026-Q2")
    assert counted.of_wave("2026-Q2").people.index.tolist() == [("2026-Q2", "Sales", "North")]
    assert_same(counted.of_wave("2026-Q1") + counted.of_wave("2026-Q2"), counted)


def test_tallies_of_different_instruments_do_not_add_up() -> None:
    """Adding what was asked differently is refused."""
    one = tally(responses([(("Sales", "North"), (1, 2))], instrument({"trust": 2})))
    other = tally(responses([(("Sales", "North"), (1, 2))], instrument({"trust": 2}, reverse=("trust1",))))

    assert one != other
    with pytest.raises(ValueError, match="different instruments"):
        one + other


def test_tallies_of_different_levels_do_not_add_up() -> None:
    """Adding teams to departments is refused."""
    row = [(("Sales", "North"), (1,))]
    one, other = (tally(responses(row, instrument({"trust": 1}), levels=levels)) for levels in (LEVELS, ("A", "B")))

    with pytest.raises(ValueError, match="different unit levels"):
        one + other


def test_the_digest_is_the_same_however_many_cells_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is hashed in parts is what would be hashed as a whole."""
    counted = tally(responses([(("IT", str(team)), (1, 2, 0, 3, 1, 2, 3)) for team in range(5)], ASKED))
    whole = counted.digests

    monkeypatch.setattr("psafety.analysis.tally._CELLS", 2)

    assert counted.digests == whole
