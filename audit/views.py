"""Views: how far the people of a unit agree, made again from the printed distributions."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from .columns import Bools, Counts, Floats
from .figures import VIEWS

_TIE: Final = 1e-9  # figures nearer to a bound than this may fall on either side of it
_PARTS: Final = (0.0, 0.4), (0.4, 0.6), (0.6, 1.0)  # of a response scale
_IN_FAULTS: Final = (0, 2, 1, 3)
_CAMP: Final = 0.25  # of the answers


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """(rows) of one dimension: AD(M) in shares of its limit, rwg(j), NaN without a verdict.

    enough: whether there is one. told: whether any item is printed, so that it can be checked. strength: how far two
    camps are above the bar; smaller: share of the smaller side.
    """

    deviation: Floats
    agreement: Floats
    enough: Bools
    told: Bools
    strength: Floats
    smaller: Floats

    @property
    def verdicts(self) -> Bools:
        """(rows × views) which may be given; several where a figure stands on a bound, all where none can be told."""
        apart, camps = self.deviation - 1, np.minimum(self.strength, self.smaller - _CAMP)
        is_apart = apart > -_TIE
        few = np.where(self.told, ~self.enough, True)
        found = (apart <= _TIE, is_apart & (camps <= _TIE), is_apart & (camps >= -_TIE))
        usual = [np.where(self.told, self.enough & one, True) for one in found]
        return np.column_stack([*usual, few])

    def likely(self, row: int) -> str:
        """The verdict on a row that a fault names, where there are several."""
        verdicts = self.verdicts[row]
        return next(VIEWS[view] for view in _IN_FAULTS if verdicts[view])


def seen(counts: Counts, enough: Bools, told: Bools) -> Seen:
    """Views of (rows × items × points) keyed counts of the printed distributions; 0 for items that are left out.

    Agreed: AD(M) averages at most a sixth of the points. Two camps: the middle fifth of the scale is emptier than
    random ticking would leave it, and the same shares stand on either side item after item (docs/statistics.md).
    """
    size = counts.shape[2]
    n = counts.sum(axis=2)
    used = n > 0
    items = np.where(enough, used.sum(axis=1), np.nan)
    share = counts / np.maximum(n, 1)[..., None]
    place = np.arange(1, size + 1)
    mean = (share * place).sum(axis=2)
    apart = (share * np.abs(place - mean[..., None])).sum(axis=2)
    variance = (counts * (place - mean[..., None]) ** 2).sum(axis=2) / np.maximum(n - 1, 1)
    ratio = np.minimum(variance.sum(axis=1) / ((size**2 - 1) / 12) / items, 1.0)

    people = n.sum(axis=1) / items
    edges = np.linspace(0, 1, size + 1)
    thirds = np.array([[_inside(low, high, *part) * size for part in _PARTS] for low, high in pairwise(edges)])
    parts = share @ thirds
    low, middle, high = (parts[..., side].sum(axis=1) / items for side in range(3))
    centre = share.sum(axis=1) / items[:, None]
    free = np.maximum(items - 1, 1)
    point_spread = (np.where(used[..., None], share - centre[:, None], 0) ** 2).sum(axis=(1, 2)) / free
    side_spread = sum(
        (np.where(used, parts[..., side] - whole[:, None], 0) ** 2).sum(axis=1) / free
        for side, whole in ((0, low), (2, high))
    )
    repeated = people * point_spread <= 0.1 * (1 - (centre**2).sum(axis=1))
    chance = thirds.var(axis=0)
    z = np.sqrt(people * np.where(repeated, 1, items)) * (0.2 - middle) / np.sqrt(chance[1])
    bar = 1.7 + items * (1.3 / people + 0.17 * max(0, 1 - 5 / size))
    steady = 10 / 3 * np.sqrt(items / people) * (chance[0] + chance[2] - people * side_spread)
    return Seen(
        deviation=np.asarray(apart.sum(axis=1) / (size / 6) / items),
        agreement=np.asarray(items * (1 - ratio) / (items * (1 - ratio) + ratio)),
        enough=enough,
        told=told,
        strength=np.asarray(z + np.where(repeated, 0, steady) - bar),
        smaller=np.minimum(low, high),
    )


def _inside(low: float, high: float, start: float, end: float) -> float:
    """How long the part of one stretch is that lies in another."""
    return max(0.0, min(high, end) - max(low, start))
