"""Pairs by a code: who is one, what their change is, and when nothing may be said of it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from handmade import from_arrays, instrument, names_column
from hypothesis import given, strategies as st
from psafety.analysis.findings import analyze
from psafety.analysis.pairs import Coded, PairTally, coded, pair_up, paired_changes
from scipy.stats import ttest_rel

ASKED = instrument({"trust": 2, "support": 1}, reverse=("trust2",))
TRUST = ("trust",)


def wave(codes: list[str], answers: list[tuple[int, int, int]]) -> Coded:
    people = from_arrays(np.array(answers), [["A"] * len(codes), ["a"] * len(codes)], ASKED)
    with_codes = people.groups.assign(code=names_column(codes))
    return coded(type(people)(**{**_fields(people), "groups": with_codes}), "code")


def _fields(people) -> dict:
    return {name: getattr(people, name) for name in people.__slots__}


def many(codes: list[str], scores: np.ndarray) -> Coded:
    """People with one score each."""
    values = np.asarray(scores, float).reshape(-1, 1)
    return Coded(np.array(codes, object), values, np.zeros(values.shape, bool), TRUST)


def named(first: int, last: int) -> list[str]:
    return [f"c{number}" for number in range(first, last)]


def test_a_person_is_scored_as_in_reports() -> None:
    """Reverse-keyed items are turned; half of the items is enough; a gap is known as one."""
    found = wave(["MA12", " ma13 ", ""], [(5, 1, 3), (5, 0, 0), (0, 0, 1)])

    assert found.codes.tolist() == ["ma12", "ma13", ""]
    assert found.scores[:, 0].tolist()[:2] == [100, 100]
    assert np.isnan(found.scores[2, 0])
    assert found.scores[:, 1].tolist()[0] == 50
    assert found.gaps[:, 0].tolist() == [False, True, False]


def test_pairs_are_those_whose_code_stands_once_in_both_waves() -> None:
    """A code that two people gave, or nobody, makes no pair; they are counted."""
    before = many(["a", "b", "c", "c", "", "d"], [10, 20, 30, 40, 50, 60])
    after = many(["b", "a", "c", "e", ""], [25, 20, 1, 2, 3])

    counted = pair_up(before, after, TRUST)

    assert (counted.pairs, counted.n.tolist(), counted.total.tolist()) == (2, [2], [15.0])
    assert (counted.uncoded, counted.repeated) == ((1, 1), (2, 0))
    assert (counted.alone_before.tolist(), counted.alone_after.tolist()) == ([4], [3])


def test_the_interval_is_that_of_the_paired_t_test() -> None:
    """As scipy.stats.ttest_rel gives it."""
    draw = np.random.default_rng(1)
    then, now = draw.normal(50, 10, 60), draw.normal(60, 10, 60)
    counted = pair_up(many(named(0, 60), then), many(named(0, 60), now), TRUST)

    found = paired_changes(counted, TRUST, smallest=5, least_pairs=30)

    ends = ttest_rel(now, then).confidence_interval()
    assert (found.low[0], found.high[0]) == pytest.approx((ends.low, ends.high))
    assert found.difference[0] == pytest.approx((now - then).mean())
    assert (found.verdict.tolist(), found.n.tolist(), found.shown) == ([1], [60], True)


@pytest.mark.parametrize(
    ("pairs", "only_before", "only_after", "shown"),
    [
        (30, 0, 0, True),
        (29, 0, 0, False),  # too few pairs
        (40, 4, 0, False),  # four people who left could be told from the rest
        (40, 0, 1, False),
        (40, 5, 9, True),
    ],
)
def test_too_few_pairs_or_too_few_others_are_not_shown(
    pairs: int, only_before: int, only_after: int, shown: bool
) -> None:
    """Thirty pairs; and of those in no pair nobody, or a group."""
    draw = np.random.default_rng(2)
    before = many(named(0, pairs + only_before), draw.normal(50, 10, pairs + only_before))
    codes = [*named(0, pairs), *named(900, 900 + only_after)]
    after = many(codes, draw.normal(50, 10, len(codes)))

    found = paired_changes(pair_up(before, after, TRUST), TRUST, smallest=5, least_pairs=30)

    assert (found.shown, bool(np.isfinite(found.difference[0]))) == (shown, shown)
    assert (found.pairs > 0) == shown


def test_a_change_that_everybody_shares_is_not_shown() -> None:
    """Else everybody's change would be known."""
    counted = pair_up(many(named(0, 40), np.full(40, 50.0)), many(named(0, 40), np.full(40, 75.0)), TRUST)

    assert np.isnan(paired_changes(counted, TRUST, smallest=5, least_pairs=30).difference[0])


def test_changes_that_cancel_out_are_nought() -> None:
    """Twelfths of the scale do not add up exactly; what is left of them is no change."""
    parts = np.arange(40) % 13 * 100 / 12
    then, now = parts, parts[np.random.default_rng(1).permutation(40)]

    found = paired_changes(
        pair_up(many(named(0, 40), then), many(named(0, 40), now), TRUST), TRUST, smallest=5, least_pairs=30
    )

    assert (now - then).sum() != 0
    assert found.difference.tolist() == [0.0]


def test_a_few_people_with_gaps_keep_their_dimension_back() -> None:
    """A mean of persons beside means of items would tell on them."""
    draw = np.random.default_rng(3)
    before, after = many(named(0, 40), draw.normal(50, 9, 40)), many(named(0, 40), draw.normal(50, 9, 40))
    before.gaps[:4] = True

    few = paired_changes(pair_up(before, after, TRUST), TRUST, smallest=5, least_pairs=30)
    before.gaps[4] = True
    enough = paired_changes(pair_up(before, after, TRUST), TRUST, smallest=5, least_pairs=30)

    assert (few.shown, np.isnan(few.difference[0]), np.isnan(enough.difference[0])) == (True, True, False)


@pytest.mark.parametrize(
    ("left", "new_team", "elsewhere", "shown"),
    [
        (0, 6, 1, False),  # those who came less the new team, whose answers are printed, is one person
        (0, 6, 0, True),  # the sum of changes says no more than the new team's row
        (5, 6, 1, False),
        (5, 6, 4, False),
        (5, 6, 5, True),
        (5, 0, 6, True),
        (5, 6, 0, False),  # the pairs of the wave after are known, and with another wave others of it may be
        (0, 0, 6, False),
    ],
)
def test_people_whom_pairs_split_off_from_printed_rows_are_nobody_or_a_group(
    left: int, new_team: int, elsewhere: int, shown: bool
) -> None:
    """From the change and the printed waves follows a sum over those who came and those who left."""
    draw = np.random.default_rng(4)
    before = many(named(-left, 40), draw.normal(50, 9, 40 + left))
    codes = named(0, 40 + new_team + elsewhere)
    homes = np.array([1] * 40 + [2] * new_team + [1] * elsewhere).reshape(-1, 1)
    after = replace(many(codes, draw.normal(50, 9, len(codes))), homes=(homes,), rows=3)

    found = paired_changes(pair_up(before, after, TRUST), TRUST, smallest=5, least_pairs=30)

    assert (found.shown, bool(np.isfinite(found.difference[0]))) == (True, shown)


def test_people_are_in_the_innermost_printed_row_item_by_item() -> None:
    """A withheld team is part of its department; of an item that a team does not print, so is the team."""
    units = [["North"] * 19 + ["South"] * 8, ["a"] * 8 + ["b"] * 8 + ["c"] * 3 + ["d"] * 8]
    answers = np.random.default_rng(5).integers(1, 6, (27, 3))
    answers[:8, 0] = 5  # of one answer, so withheld
    people = from_arrays(answers, units, ASKED)
    with_codes = replace(people, groups=people.groups.assign(code=names_column(named(0, 27))))
    findings = analyze(people)

    found = coded(with_codes, "code", findings)

    names = [unit.path[-1] if unit.path else "" for unit in findings.units]
    assert [len(homes.T) for homes in found.homes] == [2, 1]
    assert {names[home] for home in found.homes[0][:8, 0]} == {"North"}
    for column, homes in enumerate(np.hstack(found.homes).T):
        for person, home in enumerate(homes.tolist()):
            assert names[home] in {"", units[0][person], units[1][person]}
            assert findings.items.shown[home, column]
            assert not any(
                findings.items.shown[row, column] and len(findings.units[row].path) > len(findings.units[home].path)
                for row, unit in enumerate(findings.units)
                if unit.kind != "rest" and unit.path and unit.path[-1] in {units[0][person], units[1][person]}
            )


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=40), st.integers(1, 39))
def test_tallies_of_parts_add_up(scores, cut) -> None:
    """Counting two halves of the people and adding gives what counting all gives."""
    cut = min(cut, len(scores) - 1)

    def counted(first: int, last: int) -> PairTally:
        then, now = np.array(scores[first:last], float).T
        return pair_up(many(named(first, last), then), many(named(first, last), now), TRUST)

    whole, parts = counted(0, len(scores)), counted(0, cut) + counted(cut, len(scores))

    for name in ("pairs", "before", "after", "n", "total", "squares", "alone_before"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_nobody_is_a_case_too() -> None:
    """No codes at all: no pairs, nothing shown, no number that is not one."""
    nobody = many(["", ""], [1, 2])

    found = paired_changes(pair_up(nobody, nobody, TRUST), TRUST, smallest=5, least_pairs=30)

    assert (found.shown, found.pairs) == (False, 0)
    assert pd.isna(found.low).all()


# Several waves --------------------------------------------------------------------------------------------------------

FEW, MANY = 2, 14  # people who must not be told apart, in organisations so small that everybody can be tried


def drawn(seed: int) -> tuple[list[np.ndarray], list[Coded]]:
    """Three waves of fourteen people in two teams: per wave who answered, and what pairs are made of."""
    draw = np.random.default_rng(seed)
    stays = [(0, 1, 2), (0,), (1,), (2,), (0, 1), (1, 2), (0, 2)]
    came = draw.choice(len(stays), MANY, p=[0.49, *[0.13] * 3, *[0.04] * 3])
    there = [np.flatnonzero([wave in stays[one] for one in came]) for wave in range(3)]
    waves = []
    for who in there:
        team = np.where(who % 2, 1, 2)
        printed = np.bincount(team, minlength=3)[1:].min() >= FEW
        homes = (team if printed else np.zeros(len(who), np.int64)).reshape(-1, 1)
        coded_ = many([f"c{person}" for person in who], draw.normal(50, 10, len(who)))
        waves.append(replace(coded_, homes=(homes,), rows=3))
    return there, waves


def published_rows(
    there: list[np.ndarray], waves: list[Coded], links: list[tuple[int, int]]
) -> tuple[list[np.ndarray], set[tuple[int, int]]]:
    """(rows × waves · people) what a reader has: sums over units, and sums of changes; and which pairs are among it."""
    rows, told = [], set()
    for wave, who in enumerate(there):
        for home in np.unique(waves[wave].homes[0]).tolist():
            row = np.zeros((3, MANY), np.int64)
            row[wave, who[waves[wave].homes[0][:, 0] == home]] = 1
            rows.append(row.ravel())
    for one, other in links:
        counted = pair_up(waves[one], waves[other], TRUST)
        if np.isfinite(paired_changes(counted, TRUST, smallest=FEW, least_pairs=3).difference[0]):
            both = np.intersect1d(there[one], there[other])
            row = np.zeros((3, MANY), np.int64)
            row[one, both], row[other, both] = -1, 1
            rows.append(row.ravel())
            told.add((one, other))
    return rows, told


def rank(rows: np.ndarray, prime: int = 2_147_483_629) -> int:
    """The rank of a matrix of whole numbers, exactly but for multiples of the prime."""
    left, found = rows % prime, 0
    for column in range(left.shape[1]):
        pivot = found + int(np.argmax(left[found:, column] != 0)) if found < len(left) else found
        if found == len(left):
            break
        if left[pivot, column]:
            left[[found, pivot]] = left[[pivot, found]]
            left[found] = left[found] * pow(int(left[found, column]), -1, prime) % prime
            left[found + 1 :] = (left[found + 1 :] - left[found + 1 :, column, None] * left[found]) % prime
            found += 1
    return found


def told_apart(rows: list[np.ndarray]) -> list[int]:
    """The people of whom some combination of rows speaks and of nobody else, whatever its weights, in any wave."""
    table = np.array(rows).reshape(len(rows), 3, MANY)
    whole = rank(table.reshape(len(rows), -1))
    return [person for person in range(MANY) if rank(np.delete(table, person, axis=2).reshape(len(rows), -1)) < whole]


def test_pairs_of_waves_in_a_row_tell_nobody_apart() -> None:
    """Every person is tried, against all sums of units and both sums of changes together."""
    both = 0
    for seed in range(60):
        there, waves = drawn(seed)
        rows, told = published_rows(there, waves, [(0, 1), (1, 2)])
        both += len(told) == 2

        assert told_apart(rows) == []
    assert both >= 10


def test_pairs_of_waves_in_a_ring_tell_people_apart() -> None:
    """Each of the three by itself could be shown: that is why the record refuses the third."""
    found = []
    for seed in range(60):
        there, waves = drawn(seed)
        rows, told = published_rows(there, waves, [(0, 1), (1, 2), (0, 2)])
        found += [told_apart(rows)] if len(told) == 3 else []

    assert len(found) >= 5
    assert any(found)


def test_those_who_left_a_blank_weigh_more_than_others() -> None:
    """Where a row is all pairs, a few of them with a gap can be told from the rest: they are counted, too."""
    draw = np.random.default_rng(6)
    before, after = (many(named(0, 40), draw.normal(50, 9, 40)) for _ in range(2))
    homes = np.zeros((40, 3), np.int64)
    with_gaps = homes.copy()
    with_gaps[:4, 0] = -1

    plain = pair_up(*(replace(wave, homes=(homes,)) for wave in (before, after)), TRUST)
    few = pair_up(replace(before, homes=(with_gaps,)), replace(after, homes=(homes,)), TRUST)

    assert (plain.apart.ravel().tolist(), few.apart.ravel().tolist()) == ([0, 0], [4, 0])
    assert np.isnan(paired_changes(few, TRUST, smallest=5, least_pairs=30).difference[0])
