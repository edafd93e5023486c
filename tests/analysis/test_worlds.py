"""Whole-number worlds: what is found forced is forced, by going through all worlds; and A21."""

from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.disclosure.certificate import Certifier, System
from psafety.analysis.disclosure.worlds import Deadline, Printed, find_forced, sums_of, whole_index

SEARCH = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def printed_of(
    answers: list[list[int]], residues: list[int], cuts: list[list[int]], *, exact: bool = False, inside: int = 0
) -> Printed:
    """What is printed of atoms; the cuts as means to whole points, or with every share exactly.

    inside: how many of the last cuts lie in the first one.
    """
    counts, held = np.array(answers, np.int64), np.array(cuts, np.intp)
    points, size = counts.shape[1], int(held.max()) + 1
    outer = np.array([0 if cut >= size - inside else -1 for cut in range(size)], np.intp)
    member = np.array(
        [[(row == cut).any() or (outer[row[row >= 0]] == cut).any() for row in held] for cut in range(size)]
    )
    weights = np.eye(points, dtype=np.int64) if exact else np.arange(1, points + 1)[None]
    facts = member.astype(np.int64) @ counts @ weights.T
    n = np.maximum(member.astype(np.int64) @ counts.sum(axis=1), 1)
    low, high = (facts, facts) if exact else sums_of(whole_index(facts, n[:, None], points), n[:, None], points)
    return Printed(counts, np.array(residues, np.intp), held, outer, weights, low, high)


def splits(total: int, points: int) -> list[tuple[int, ...]]:
    """All ways to give so many answers."""
    return [way for way in product(range(total + 1), repeat=points) if sum(way) == total]


def forced_by_hand(printed: Printed, k: int) -> list[bool]:
    """The same by going through every world."""
    n, points = printed.answers.sum(axis=1), printed.answers.shape[1]
    outer = np.r_[printed.inside, -1][printed.cuts]
    member = [((printed.cuts == cut) | (outer == cut)).any(axis=1) for cut in range(len(printed.inside))]
    open_ = ((printed.answers > 0).sum(axis=1) == 1) | (n < k)
    for way in product(*(splits(int(total), points) for total in n)):
        world = np.array(way)
        same = all(
            (world[printed.residues == home].sum(axis=0) == printed.answers[printed.residues == home].sum(axis=0)).all()
            for home in set(printed.residues.tolist())
        )
        sums = [world[held].sum(axis=0) @ printed.weights.T for held in member]
        if same and all(
            (low <= fact).all() and (fact <= high).all()
            for held, low, fact, high in zip(member, printed.low, sums, printed.high, strict=True)
            if held.any()  # a cut without people prints nothing
        ):
            open_ &= (world == printed.answers).all(axis=1)
    return open_.tolist()


@st.composite
def answered(draw: st.DrawFn) -> Printed:
    """Two or three residues, each cut in up to three, two or three points."""
    points = draw(st.integers(2, 3))
    answers, residues, cuts = [], [], []
    for residue in range(draw(st.integers(1, 3))):
        for cut in range(draw(st.integers(1, 2))):
            counts = [0] * points
            for _ in range(draw(st.integers(1, 3))):
                counts[draw(st.integers(0, points - 1))] += 1
            answers.append(counts)
            residues.append(residue)
            cuts.append([draw(st.sampled_from([-1, cut, 2])), draw(st.sampled_from([-1, 3, 4]))])
    cuts[0][0] = max(cuts[0][0], 0)
    last = max(map(max, cuts))
    apart = not any(
        row[0] == 0 and last in row for row in cuts
    )  # nobody is in a cut both by itself and by way of another
    inside = draw(st.integers(0, 1)) if apart else 0
    return printed_of(answers, residues, cuts, exact=draw(st.booleans()), inside=inside)


@SEARCH
@given(printed=answered(), k=st.integers(2, 4))
def test_exactly_the_atoms_without_another_world_are_forced(printed: Printed, k: int) -> None:
    """An atom is found free if and only if going through all worlds finds one where it answered otherwise."""
    verdict = find_forced(printed, k, Deadline(30))

    assert verdict.finished
    assert verdict.forced.tolist() == forced_by_hand(printed, k)


def test_what_is_known_to_be_free_is_not_looked_at() -> None:
    """Atoms found free before stay so."""
    printed = printed_of([[0, 1], [1, 1]], [0, 1], [[0], [0]])

    assert find_forced(printed, 3, Deadline(5)).forced.tolist() == [True, True]
    assert find_forced(printed, 3, Deadline(5), np.array([True, False])).forced.tolist() == [False, True]


def test_without_time_the_search_says_that_it_did_not_finish() -> None:
    """What was not searched counts as forced, and the verdict says so."""
    verdict = find_forced(printed_of([[0, 1], [1, 1]], [0, 1], [[0], [0]]), 3, Deadline(-1))

    assert verdict.forced.any()
    assert not verdict.finished


@settings(deadline=None)
@given(n=st.integers(1, 400), points=st.integers(2, 11), data=st.data())
def test_the_sums_behind_a_whole_index_are_just_those_that_are_printed_so(
    n: int, points: int, data: st.DataObject
) -> None:
    """Every sum between the two ends is printed as the index, and the ones beside them are not."""
    total = data.draw(st.integers(n, points * n))
    index = whole_index(np.array(total), np.array(n), points)
    low, high = (int(end) for end in sums_of(index, np.array(n), points))

    assert low <= total <= high
    assert int(whole_index(np.array(low), np.array(n), points)) == int(index)
    assert int(whole_index(np.array(high), np.array(n), points)) == int(index)
    assert low == n or int(whole_index(np.array(low - 1), np.array(n), points)) < index
    assert high == points * n or int(whole_index(np.array(high + 1), np.array(n), points)) > index


@pytest.mark.parametrize(
    ("total", "n", "points", "index"), [(5, 5, 5, 0), (25, 5, 5, 100), (41, 40, 5, 1), (81, 80, 5, 0)]
)
def test_halves_are_rounded_upwards(total: int, n: int, points: int, index: int) -> None:
    """A mean of 0.625 is printed as 1, one of 0.3125 as 0."""
    assert whole_index(np.array(total), np.array(n), points) == index


A21 = [[1, 0, 1], [0, 0, 2], [0, 1, 1], [0, 1, 0]]  # women and men of A, women and man of B: no, neutral, yes


def test_a21_printed_shares_force_answers_that_no_difference_isolates() -> None:
    """A21: with the shares of women and men printed, adding and subtracting finds nobody, yet three are certain."""
    homes, gender = [0, 0, 1, 1], [[0], [1], [0], [1]]
    n = np.array(A21).sum(axis=1)
    system = System(n, np.array(homes, np.intp), np.array(gender, np.intp), np.array([-1, -1], np.intp))
    assert Certifier(3).leaks(system) == ()

    forced = find_forced(printed_of(A21, homes, gender, exact=True), 3, Deadline(5)).forced

    assert forced.tolist() == forced_by_hand(printed_of(A21, homes, gender, exact=True), 3)
    assert forced[[1, 3]].all()  # B's man was neutral, both men of A said yes
