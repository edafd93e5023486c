"""How far a unit stands from other people: from everybody else in the organisation, and in the unit above it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument
from .change import interval
from .disclosure.policy import Policy
from .indicators import benjamini_hochberg, mean_of, two_sided_p
from .scores import NO_STANDING, Bools, Counts, Floats, Scores
from .scoring import FALSE_DISCOVERIES, Atoms, Rows, dimension_precision


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """(units × dimensions) how far each unit stands from other people, in points of 0 to 100; NaN where not shown.

    others: how many they are. difference: the unit less them, over the items that are printed of both; low, high: its
    95 % interval. standing: 1 above, -1 below, 0 no visible difference, NO_STANDING where there is no comparison.
    """

    others: Counts
    difference: Floats
    low: Floats
    high: Floats
    standing: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """Each unit against everybody else in the organisation, and against everybody else in the unit above it.

    above: only of units whose unit above is not the organisation itself; else it would say the same twice.
    """

    organisation: Apart
    above: Apart


def set_against(
    rows: Rows,
    atoms: Atoms,
    parents: npt.NDArray[np.intp],
    scores: tuple[Scores, Scores],
    instrument: Instrument,
    policy: Policy,
) -> Against:
    """Every printed unit against the others in the organisation, and in its printed unit above.

    parents: (rows) of each unit's unit above, -1 for the organisation. scores: of the dimensions, and of the items.

    The others are the printed unit above without the printed unit, item by item. They tell nothing new: what is left of
    one printed row without another is a sum of residues, each of which has `Policy.smallest` people or more who did
    not all answer alike, and the protection takes it for granted that a reader works out just such differences.
    """
    dimensions, items = scores
    members = np.array([[item.dimension == name for name in dimensions.columns] for item in instrument.items], float)
    points = np.array([len(instrument.items_of(name)[0].scale.values) for name in dimensions.columns])
    precision = dimension_precision(rows, atoms, members, policy)
    deviation, degrees = precision.pooled_sd * 100 / (points - 1), precision.pooled_degrees
    whole = np.zeros(len(parents), np.intp)
    deeper = rows.compared & (parents > 0)
    apart = []
    for above, compared in ((whole, rows.compared), (np.where(deeper, parents, 0), deeper)):
        difference = _differences(rows, items, above, members, policy) * 100 / (points - 1)
        others = rows.sums.n[above] - rows.sums.n
        shown = compared[:, None] & dimensions.shown & dimensions.shown[above] & (others > 0) & np.isfinite(difference)
        apart.append((difference, others, shown))
    everybody, of_unit = (
        _apart(*each, deviation=deviation, degrees=degrees, skewness=precision.skewness, n=rows.sums.n)
        for each in apart
    )
    return Against(everybody, of_unit)


def _differences(rows: Rows, items: Scores, above: npt.NDArray[np.intp], members: Floats, policy: Policy) -> Floats:
    """(rows × dimensions) mean over the items printed of both, in points of the scale; NaN where those are too few."""
    counts = rows.sums.items
    apart = mean_of(counts) - mean_of(counts[above] - counts)
    usable = items.shown & items.shown[above] & np.isfinite(apart)
    number = usable @ members
    enough = number >= policy.dimension_items * members.sum(axis=0) - 1e-9
    total = np.where(usable, apart, 0.0) @ members
    return np.asarray(np.divide(total, number, out=np.full(number.shape, np.nan), where=enough & (number > 0)))


def _apart(
    difference: Floats,
    others: Counts,
    shown: Bools,
    *,
    deviation: Floats,
    degrees: Floats,
    skewness: Floats,
    n: Counts,
) -> Apart:
    """The intervals by the deviation pooled inside the printed groups; the verdicts as those of `Scores.standing`."""
    mine, theirs = 1 / np.where(shown, n, np.nan), 1 / np.where(shown, others, np.nan)
    error = deviation * np.sqrt(mine + theirs)
    leaning = skewness * (mine**2 - theirs**2) / (mine + theirs) ** 1.5
    p = np.where(shown, two_sided_p(difference, error, degrees, leaning), np.nan)
    visible = benjamini_hochberg(p, FALSE_DISCOVERIES)
    low, high = interval(difference, error, degrees)
    return Apart(
        others=np.where(shown, others, 0),
        difference=np.where(shown, difference, np.nan),
        low=np.where(shown, np.maximum(low, -100.0), np.nan),
        high=np.where(shown, np.minimum(high, 100.0), np.nan),
        standing=np.where(shown, np.where(visible, np.sign(np.nan_to_num(difference)), 0), NO_STANDING).astype(np.int8),
    )
