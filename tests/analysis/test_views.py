"""One view or several: the verdict on a team, its laws, the cases without an answer, and how often it errs."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from psafety.analysis.agreement import agreement_limit, average_deviation
from psafety.analysis.views import camps, view, views

UNANIMOUS, CAMPS, SPREAD = (0, 0, 0, 12, 0), (1, 5, 0, 5, 1), (2, 3, 2, 3, 2)


def judged(*items: tuple[int, ...], dimension_items: float = 2 / 3) -> str:
    """The verdict on one team in one dimension, whose items were answered like this."""
    counts = np.array([items]).reshape(1, len(items), -1)
    points = np.full(len(items), counts.shape[-1])
    return view(int(views(counts, points, np.ones((len(items), 1)), dimension_items=dimension_items)[0, 0]))


def team(draw: np.random.Generator, moods: np.ndarray, *, items: int = 5, points: int = 5) -> np.ndarray:
    """(teams × people) moods on a scale of five points → (teams × items × points) counts, with the chance of a sample.

    Of `surveys.sample`: 24 points of tendency, .75 of it the person's own; an item is 5 points easier or harder.
    """
    step = (points - 1) / 4
    chance = 0.96 * np.sqrt(1 - 0.75**2) * draw.standard_normal((*moods.shape, items))
    ease = 0.2 * draw.standard_normal((len(moods), 1, items))
    ticked = np.clip(np.rint(1 + step * (moods[:, :, None] - 1 + chance + ease)), 1, points)
    return np.asarray((ticked[..., None] == np.arange(1, points + 1)).sum(axis=1))


def share_split(counts: np.ndarray) -> float:
    """Share of the teams that are called split."""
    items, points = counts.shape[1:]
    return float((views(counts, np.full(items, points), np.ones((items, 1))) == 3).mean())


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((UNANIMOUS, UNANIMOUS, UNANIMOUS), "shared view"),
        (((0, 1, 4, 6, 1),) * 3, "shared view"),
        ((SPREAD, SPREAD, SPREAD), "mixed view"),
        (((1, 5, 0, 5, 1), (0, 6, 0, 4, 2), (2, 4, 1, 4, 1)), "split team"),
        (((6, 0, 0, 0, 6), (5, 1, 0, 1, 5), (6, 0, 0, 1, 5)), "split team"),
        # All at the upper end but for two: they do not agree, and two are no camp.
        (((2, 0, 0, 0, 8), (2, 0, 0, 0, 8), (1, 1, 0, 0, 8)), "mixed view"),
        # The middle is full: wide, but not split.
        (((3, 1, 4, 1, 3), (3, 0, 5, 1, 3), (2, 2, 4, 2, 2)), "mixed view"),
    ],
)
def test_the_verdict_follows_the_shape(items: tuple[tuple[int, ...], ...], expected: str) -> None:
    """Close together, spread out, or two camps with nobody between them."""
    assert judged(*items) == expected


UNDEFINED = {
    "nobody": (((0, 0, 0, 0, 0),) * 3, "too few to say"),
    "one answer": (((0, 0, 1, 0, 0),) * 3, "too few to say"),
    "nine answers": (((4, 0, 0, 0, 5),) * 3, "too few to say"),
    "ten answers": (((0, 0, 0, 10, 0),) * 3, "shared view"),
    "an item nobody answered": ((UNANIMOUS, UNANIMOUS, (0, 0, 0, 0, 0)), "shared view"),
    "most items unanswered": ((UNANIMOUS, (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)), "too few to say"),
    "one item, everybody alike": ((UNANIMOUS,), "shared view"),
    "one item, spread out": ((SPREAD,), "mixed view"),
    "one item, two camps of six": ((CAMPS,), "mixed view"),  # in one question, chance does that now and then
    "one item, two camps of thirty": (((10, 20, 1, 20, 10),), "split team"),
    "one column ticked throughout": (((2, 3, 0, 3, 2),) * 5, "mixed view"),  # five items that say one thing once
    "no variance at an end": (((10, 0, 0, 0, 0),) * 3, "shared view"),
}


@pytest.mark.parametrize("case", UNDEFINED)
def test_odd_cases_have_words(case: str) -> None:
    """Whatever is missing, there is a verdict in words, and no warning."""
    items, expected = UNDEFINED[case]

    assert judged(*items) == expected


def test_a_dimension_without_items_is_too_few_to_say() -> None:
    """And where nobody answered anything, camps have no figure."""
    nothing = np.zeros((2, 1, 5), int)

    assert (views(nothing, np.array([5]), np.zeros((1, 1))) == 0).all()
    assert np.isnan(camps(nothing, np.array([5]), np.ones((1, 1))).strength).all()


COUNTS = arrays(int, (4, 3, 5), elements=st.integers(0, 9))


@given(COUNTS)
def test_every_verdict_is_true_of_its_figures(counts: np.ndarray) -> None:
    """Shared: AD(M) within its limit. Split: beyond it, with people on both sides. Too few: too few answers."""
    found = views(counts, np.full(3, 5), np.ones((3, 1)))[:, 0]

    for team_counts, verdict in zip(counts, found, strict=True):
        used = team_counts[team_counts.sum(axis=1) >= 10]
        if len(used) < 2:
            assert verdict == 0
            continue
        agreed = average_deviation(used).mean() <= agreement_limit(5) + 1e-9
        shares = (used / used.sum(axis=1, keepdims=True)).mean(axis=0)
        assert (verdict == 1) == agreed
        assert verdict != 3 or min(shares[:2].sum(), shares[3:].sum()) >= 0.25


@given(COUNTS, st.permutations(range(4)), st.permutations(range(3)))
def test_order_and_direction_do_not_matter(counts: np.ndarray, teams: list[int], items: list[int]) -> None:
    """Teams are judged alone, items have no order, and a scale read from the other end is the same scale."""
    members, points = np.ones((3, 1)), np.full(3, 5)
    found = views(counts, points, members)

    assert (views(counts[teams], points, members) == found[teams]).all()
    assert (views(counts[:, items], points, members) == found).all()
    assert (views(counts[:, :, ::-1], points, members) == found).all()


def test_dimensions_are_judged_by_their_own_items_and_scales() -> None:
    """Three items on five points, two on seven with room beyond: side by side as alone."""
    draw = np.random.default_rng(3)
    five, seven = draw.integers(0, 7, (50, 3, 5)), draw.integers(0, 5, (50, 2, 7))
    both = np.concatenate([np.pad(five, ((0, 0), (0, 0), (0, 2))), seven], axis=1)
    members = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 2)

    found = views(both, np.array([5, 5, 5, 7, 7]), members)

    assert (found[:, :1] == views(five, np.full(3, 5), np.ones((3, 1)))).all()
    assert (found[:, 1:] == views(seven, np.full(2, 7), np.ones((2, 1)))).all()


def test_random_ticking_has_a_strength_of_nought() -> None:
    """The hollow and the steadiness are measured from what chance gives: no drift with the number of items."""
    draw = np.random.default_rng(4)
    for points, items in ((5, 3), (7, 5), (11, 3)):
        ticked = draw.integers(0, points, (4_000, 40, items))
        counts = (ticked[..., None] == np.arange(points)).sum(axis=1)

        strength = camps(counts, np.full(items, points), np.ones((items, 1))).strength

        assert abs(strength.mean()) < 0.35
        assert 0.8 < strength.std() < 1.35


@pytest.mark.parametrize(("people", "least"), [(10, 0.55), (15, 0.75), (20, 0.8)])
@pytest.mark.parametrize("points", [5, 7, 11])
@pytest.mark.parametrize("share", [0.5, 0.4])
def test_blurred_camps_are_found(share: float, points: int, people: int, least: float) -> None:
    """Camps of equal size, or of two to three, 1.2 to 1.5 steps from the middle: four in five of twenty people."""
    draw = np.random.default_rng([points, people, round(10 * share)])
    sides = np.where(np.arange(people) < share * people, -1, 1)
    counts = team(draw, 3 + sides * draw.uniform(1.2, 1.5, (2_000, people)), points=points)

    assert share_split(counts) >= least


@pytest.mark.parametrize(("stray", "least"), [(0.0, 0.9), (0.1, 0.95), (0.2, 0.8)])
def test_plain_camps_are_found_with_three_statements(stray: float, least: float) -> None:
    """Of ten people five tick 1 or 2, five 4 or 5; a few answers are any point at random."""
    draw = np.random.default_rng(round(100 * stray))
    side = np.where(np.arange(10) < 5, 0, 3)[:, None] + draw.integers(1, 3, (3_000, 10, 3))
    ticked = np.where(draw.random(side.shape) < stray, draw.integers(1, 6, side.shape), side)
    counts = (ticked[..., None] == np.arange(1, 6)).sum(axis=1)

    assert share_split(counts) >= least


WITHOUT_CAMPS = {
    "usual": (3.6, 0.72),
    "in the middle": (3.0, 0.72),
    "wide": (3.3, 1.2),
    "at the ceiling": (4.6, 0.72),
    "wide at the ceiling": (4.5, 1.2),
}


@pytest.mark.parametrize("people", [10, 30])
@pytest.mark.parametrize("case", WITHOUT_CAMPS)
def test_a_team_without_camps_is_seldom_called_split(case: str, people: int) -> None:
    """At most one in twenty, however wide its moods, and at the end of the scale."""
    draw = np.random.default_rng([people, *case.encode()])
    centre, wide = WITHOUT_CAMPS[case]
    for items in (3, 5):
        counts = team(draw, centre + wide * draw.standard_normal((2_000, people)), items=items)

        assert share_split(counts) <= 0.05


@pytest.mark.parametrize("points", [5, 7, 11])
@pytest.mark.parametrize("people", [10, 20])
@pytest.mark.parametrize("evenly", [True, False])
def test_opinions_as_wide_as_the_scale_are_seldom_called_split(evenly: bool, people: int, points: int) -> None:
    """Evenly over the whole scale, or normal with a standard deviation that piles them up at both ends."""
    draw = np.random.default_rng([people, points, evenly])
    size = (3_000, people)
    moods = draw.uniform(1, 5, size) if evenly else 3 + 1.5 * draw.standard_normal(size)
    for items in (3, 5):
        assert share_split(team(draw, moods, items=items, points=points)) <= 0.058  # 5 % and two standard errors


@pytest.mark.parametrize("people", [10, 15, 30])
@pytest.mark.parametrize("throughout", [True, False])
def test_careless_ticking_is_seldom_called_split(throughout: bool, people: int) -> None:
    """A whole team that ticks at random, item by item or one column throughout."""
    draw = np.random.default_rng([people, throughout])
    for items in (3, 5):
        ticked = draw.integers(0, 5, (4_000, people, 1 if throughout else items)).repeat(items if throughout else 1, 2)
        counts = (ticked[..., None] == np.arange(5)).sum(axis=1)

        assert share_split(counts) <= 0.057  # 5 % and two standard errors
