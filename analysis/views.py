"""Does a team share one view? A verdict per team and dimension, from how often each point was ticked, item by item."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from .agreement import agreement_limit, average_deviation
from .indicators import number_of

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
View = Literal["too few to say", "shared view", "mixed view", "split team"]

_BY_NUMBER: Final[dict[int, View]] = {0: "too few to say", 1: "shared view", 2: "mixed view", 3: "split team"}
_CAMP: Final = 0.25  # of the answers lie on the smaller side, or it is no camp but a few people
_SIDE: Final = 0.4  # of the scale belongs to either side, and what is left to the middle
_STEADY: Final = 10 / 3  # weight of steadiness against the hollow, as likelihoods of camps and of chance would have it
_ALIKE: Final = 0.1  # items that differ by less than this share of what chance makes are one item asked again
_BAR: Final = 1.7  # of camps, at least; one wide camp looks the more like two, the more items and points there are:
_FEW_PEOPLE, _FINE_SCALE = 1.3, 0.17  # per item, over n, and for points beyond five (benchmarks/evidence.py)


def views(
    counts: Counts, points: Counts, members: Floats, *, detail_from: int = 10, dimension_items: float = 2 / 3
) -> npt.NDArray[np.int8]:
    r"""Whether the people of a team see a dimension alike: 0 to 3 for the words that `view` gives.

    shared view: they agree, by the mean over items of AD(M) / limit, at most 1 (`agreement.agreement_limit`: A/6).
    split team: they do not, and stand in two camps on either side of the middle: the mean lies between them, where
        hardly anybody is. `camps` is above 1.7 + J (1.3 / n + .17 (1 - 5 / A)), J the items, n the answers to each, A
        the points (the last term 0 for up to five), and a quarter of the answers or more are on the smaller side.
    mixed view: they do not agree, and no two camps can be told from chance.
    too few to say: fewer than `dimension_items` of the items have `detail_from` answers.
    Shape: (teams × items × points), (items) how many points an item has, (items × dimensions) 1 where it belongs there
        → (teams × dimensions). Counts are keyed, and 0 beyond an item's points.
    Blanks: not in `counts`; an item with fewer than `detail_from` answers is left out, and so is a withheld one if its
        counts are 0. Only distributions that may be printed go in: no person's answers to two items are joined.
    Undefined: a dimension without items is too few to say. Each team is judged alone, so one is as good as many.
    What it does not show: who is in which camp, or why; camps that both lie on one side of the middle; on four points
        camps that are not near the ends. With ten answers to three items it misses half of the teams whose camps are
        blurred, and one in seven whose camps are plain (docs/statistics.md).
    Source: Burke and Dunlap 2002 for the limit of AD(M); camps: this project.
    Checked against: simulated teams with camps and without (benchmarks/evidence.py).
    """
    used = number_of(counts) >= detail_from
    asked = members.sum(axis=0)
    answered = used @ members
    enough = (asked > 0) & (answered >= np.maximum(dimension_items * asked - 1e-9, 1))
    apart = np.where(used, average_deviation(counts), 0.0) / agreement_limit(points.astype(float)) @ members
    agreed = apart <= answered + 1e-9
    found = camps(np.where(used[..., None], counts, 0), points, members)
    finer = np.maximum(0, 1 - 5 * asked / np.maximum(points @ members, 1))
    bar = _BAR + answered * (_FEW_PEOPLE / found.people + _FINE_SCALE * finer)
    split = (found.strength > bar) & (found.smaller >= _CAMP)
    return np.asarray(np.where(enough, np.where(agreed, 1, np.where(split, 3, 2)), 0), np.int8)


def view(number: int) -> View:
    """The words of a verdict."""
    return _BY_NUMBER[number]


@dataclass(frozen=True, slots=True, eq=False)
class Camps:
    """Signs of two camps, (teams × dimensions) each; NaN where nobody answered.

    strength: z value of `camps`. smaller: share of the answers in the smaller of the two sides, 0 to 1.
    people: answers per item, on average over the items that have any.
    """

    strength: Floats
    smaller: Floats
    people: Floats


def camps(counts: Counts, points: Counts, members: Floats) -> Camps:
    r"""How far the middle of the scale is emptier than ticking at random would leave it, with people on steady sides.

    Cut each item's scale into its lower two fifths, its middle fifth and its upper two fifths (a point is a slice of
    the scale and may lie in two parts), and let l, m and u be the shares of answers in them, on average over J items
    with n answers each. Random ticking gives .4, .2 and .4.
    Formula: :math:`\sqrt{nJ} (.2 - m) / s + \frac{10}{3} \sqrt{J/n} (v - d)`. First the hollow: how much emptier the
    middle is; s is the standard deviation of a random answer's share in the middle, which makes it a z value. Then
    steadiness: d is n times the variance over items of l and of u, which for random ticking is v on average and near 0
    where the same people stand on the same side throughout. Where items do not differ at all (d of all points below a
    tenth of what chance makes) they repeat each other: J counts as 1, and steadiness as nothing.
    Shape: as `views`. Unit: z value; for random ticking about standard normal.
    Undefined: no answers to any item of the dimension gives NaN.
    Source: this project; likelihoods of two camps and of random ticking differ most in these two respects.
    Checked against: simulated teams with camps and without (benchmarks/evidence.py).
    """
    parts = [_parts(int(size), counts.shape[-1]) for size in points]
    weights = np.stack([part.weights for part in parts])
    n = number_of(counts)
    used = n > 0
    items = used @ members
    some = np.where(items > 0, items, np.nan)
    people = n @ members / some
    shares = np.moveaxis(counts / np.maximum(n, 1)[..., None], 1, 0).copy()  # items first: they are summed over
    point_mean, point_variance = _over_items(shares, members, some)
    sides, side_variance = _over_items(shares @ weights, members, some)
    low, middle, high = (sides[..., part] for part in range(3))
    chance = 1 - (point_mean**2).sum(axis=-1)
    alike = people * point_variance.sum(axis=-1) <= _ALIKE * chance
    deviation, variation = (
        used @ (members * np.array([getattr(part, name) for part in parts])[:, None]) / some
        for name in ("deviation", "variation")
    )
    hollow = (1 - 2 * _SIDE - middle) / deviation
    steadiness = variation - people * (side_variance[..., 0] + side_variance[..., 2])
    z = np.sqrt(people * np.where(alike, 1, items)) * hollow
    z += np.where(alike, 0.0, _STEADY * np.sqrt(items / people) * steadiness)
    return Camps(z, np.minimum(low, high), people)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A response scale in three: (points × 3) the share of each point in the lower, middle and upper part.

    deviation: standard deviation of a random answer's middle share; variation: variance of its lower and upper share
    together.
    """

    weights: Floats
    deviation: float
    variation: float


def _parts(size: int, width: int) -> _Parts:
    edges = np.arange(size + 1) / size
    cuts = np.array([0, _SIDE, 1 - _SIDE, 1])
    overlap = np.minimum(edges[1:, None], cuts[1:]) - np.maximum(edges[:-1, None], cuts[:-1])
    weights = np.zeros((width, 3))
    weights[:size] = np.maximum(overlap, 0) * size
    low, middle, high = weights[:size].var(axis=0)
    return _Parts(weights, float(np.sqrt(middle)), float(low + high))


def _over_items(values: Floats, members: Floats, items: Floats) -> tuple[Floats, Floats]:
    """(items × teams × k) → (teams × dimensions × k) mean and variance over the items; the latter 0 for a single item.

    Items without answers must be 0 throughout. items: (teams × dimensions) how many have some.
    """
    total, squares = (np.tensordot(members, each, axes=(0, 0)).swapaxes(0, 1) for each in (values, values**2))
    mean = total / items[..., None]
    left = np.maximum(squares - total * mean, 0.0)
    return mean, left / np.maximum(items - 1, 1)[..., None]
