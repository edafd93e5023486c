"""From the counts of every row of the report to its scores: means, intervals, shares, standing against the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument, Item
from .disclosure.policy import Policy
from .indicators import (
    band,
    benjamini_hochberg,
    finite_population_factor,
    half_width,
    mean_of,
    number_of,
    sd_of,
    share_in,
    skewness_of,
    squares_within,
    sum_of_squares,
    to_index,
    two_sided_p,
    wilson_interval,
)
from .scores import NO_STANDING, Bools, Counts, Floats, Scores, without_unpublished
from .sums import Sums

FALSE_DISCOVERIES = 0.05  # of the differences named among dimensions, and among items, the share that may be chance


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a report: the organisation first.

    sums: what each row sums up. compared: rows that are set against everybody else (not the organisation, not `rest`).
    population: people asked, NaN where not known or where intervals shall not use it.
    item_shown: (rows × items) which item cells may be published. published: rows that may be published at all.
    """

    sums: Sums
    compared: Bools
    population: Floats
    published: Bools
    item_shown: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """The smallest groups that the published rows can be taken apart into; disjoint.

    What is pooled over them tells nothing about how the people inside one of them differ by hidden team.
    items: (groups × items × points), each item with its own published rows; sums: of persons' scores, each dimension
    with the rows that print every item of it.
    """

    items: Counts
    sums: Sums


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """Standard deviation and its degrees of freedom, for the organisation (own) and for units (pooled within atoms).

    skewness: of the organisation's answers. All NaN for an item that is not printed even for the organisation.
    """

    own_sd: Floats
    own_degrees: Floats
    pooled_sd: Floats
    pooled_degrees: Floats
    skewness: Floats


def score_items(rows: Rows, atoms: Atoms, instrument: Instrument, policy: Policy) -> Scores:
    """The scores of all rows in all items."""
    counts = rows.sums.items
    points = np.array([len(item.scale.values) for item in instrument.items])
    n = number_of(counts)
    mean = mean_of(counts)
    precision = item_precision(rows, atoms)
    low, high = _intervals(to_index(mean, points), n, precision, 100 / (points - 1), rows.population)
    shown = rows.item_shown & (n > 0)
    detailed = shown & (n >= policy.detail_from)
    everybody = counts[0] - counts
    difference = mean - mean_of(everybody)
    arrays = without_unpublished(
        shown,
        detailed,
        {"mean": mean - 1 + _lowest(instrument.items), "index": to_index(mean, points), "low": low, "high": high},
        _spread_arrays(
            sd_of(squares_within(counts), n - 1), _band_shares(counts, instrument.items), _effective(n, rows.population)
        ),
    )
    return Scores(
        columns=tuple(item.id for item in instrument.items),
        shown=shown,
        detailed=detailed,
        n=np.where(shown, n, 0),
        standing=_standing(difference, n, number_of(everybody), precision, rows.compared[:, None] & shown),
        distribution=np.where(detailed[:, :, None], _as_ticked(counts, instrument.items), np.nan),
        within_sd=np.where(detailed[0], precision.pooled_sd, np.nan),
        within_degrees=np.where(detailed[0], precision.pooled_degrees, np.nan),
        **arrays,
    )


def score_dimensions(
    rows: Rows, atoms: Atoms, items: Scores, instrument: Instrument, dimensions: Sequence[str], policy: Policy
) -> Scores:
    """The scores of all rows in the dimensions that have a joint score.

    A score is the mean of the row's printed item means, given enough of them are printed; its interval uses the
    standard deviation of persons' scores: the organisation's own for the organisation, pooled within atoms for units.
    Shares are of all answers to the printed items; their interval counts people, as answers of one person go together.
    """
    members = np.array([[item.dimension == name for name in dimensions] for item in instrument.items], np.float64)
    scales = [instrument.items_of(name)[0].scale for name in dimensions]
    points, lowest = np.array([len(scale.values) for scale in scales]), np.array([scale.low for scale in scales])
    n = rows.sums.n
    enough = _per_dimension(items.shown.astype(float), members) >= policy.dimension_items - 1e-9
    shown = enough & (n >= policy.smallest) & rows.published[:, None]
    detailed = shown & (n >= policy.detail_from)
    index = _per_dimension(items.index, members)
    precision = dimension_precision(rows, atoms, members, policy)
    low, high = _intervals(index, n, precision, 100 / (points - 1), rows.population)
    everybody = rows.sums.items[0] - rows.sums.items
    apart = np.where(items.shown, mean_of(rows.sums.items) - mean_of(everybody), np.nan)
    arrays = without_unpublished(
        shown,
        detailed,
        {"mean": index / 100 * (points - 1) + lowest, "index": index, "low": low, "high": high},
        _spread_arrays(
            _organisation_only(precision.own_sd, _person_level(rows, members, policy), n.shape),
            _dimension_shares(rows.sums.items, items.shown, instrument.items, members),
            _effective(n, rows.population),
        ),
    )
    return Scores(
        columns=tuple(dimensions),
        shown=shown,
        detailed=detailed,
        n=np.where(shown, n, 0),
        standing=_standing(_per_dimension(apart, members), n, n[0] - n, precision, rows.compared[:, None] & shown),
        distribution=None,
        within_sd=np.where(detailed[0], precision.pooled_sd, np.nan),
        within_degrees=np.where(detailed[0], precision.pooled_degrees, np.nan),
        **arrays,
    )


def _spread_arrays(sd: Floats, shares: tuple[Floats, Floats, Floats], answers: Floats) -> dict[str, Floats]:
    """What `Spread` holds, by name. shares: favourable, neutral, unfavourable; answers: the number they are worth."""
    low, high = wilson_interval(shares[0], answers)
    names = ("sd", "favourable", "neutral", "unfavourable", "favourable_low", "favourable_high")
    return dict(zip(names, (sd, *shares, low, high), strict=True))


def item_precision(rows: Rows, atoms: Atoms) -> Precision:
    """The precision of every item; only of those that are printed for the organisation."""
    organisation, printed = rows.sums.items[0], rows.item_shown[0]
    own_degrees = number_of(organisation) - 1
    n = number_of(atoms.items)
    pooled_degrees = n.sum(axis=0) - (n > 0).sum(axis=0)
    return Precision(
        np.where(printed, sd_of(squares_within(organisation), own_degrees), np.nan),
        np.where(printed, own_degrees, np.nan),
        np.where(printed, sd_of(squares_within(atoms.items).sum(axis=0), pooled_degrees), np.nan),
        np.where(printed, pooled_degrees, np.nan),
        np.where(printed, skewness_of(organisation), np.nan),
    )


def dimension_precision(rows: Rows, atoms: Atoms, members: Floats, policy: Policy) -> Precision:
    """From persons' scores where those may be used and say something; else the mean of the item deviations.

    The item deviations are larger than that of their mean, so the intervals only get wider. So is their skewness, which
    is always taken from the items: it can only make a difference harder to name.
    """
    whole, parts = rows.sums, atoms.sums
    own_degrees = whole.n[0] - 1
    pooled_degrees = parts.n.sum(axis=0) - (parts.n > 0).sum(axis=0)
    own = sd_of(sum_of_squares(whole.n[0], whole.total[0], whole.squares[0]), own_degrees)
    pooled = sd_of(sum_of_squares(parts.n, parts.total, parts.squares).sum(axis=0), pooled_degrees)
    by_item = item_precision(rows, atoms)
    usable = _person_level(rows, members, policy)
    pools = usable & (pooled_degrees > 0)
    item_degrees = np.fmin.reduce(np.where(members > 0, by_item.pooled_degrees[:, None], np.nan), axis=0)
    return Precision(
        np.where(usable, own, _per_dimension(by_item.own_sd[None], members)[0]),
        own_degrees.astype(float),
        np.where(pools, pooled, _per_dimension(by_item.pooled_sd[None], members)[0]),
        np.where(pools, pooled_degrees, item_degrees),
        _per_dimension(by_item.skewness[None], members)[0],
    )


def _person_level(rows: Rows, members: Floats, policy: Policy) -> Bools:
    """(dimensions) whether figures from persons' scores can be printed beside item means.

    That takes enough people; nobody, or enough of them, who left gaps; and no item that few answered or all alike.
    """
    people, incomplete = rows.sums.n[0], rows.sums.incomplete[0]
    printed = ~rows.item_shown[0] @ members == 0
    return np.asarray(printed & (people >= policy.joint_from) & ((incomplete == 0) | (incomplete >= policy.smallest)))


def _intervals(
    index: Floats, n: Counts, precision: Precision, per_point: Floats, population: Floats
) -> tuple[Floats, Floats]:
    """The 95 % interval of an index, in 0 to 100; the first row with its own deviation, the others with the pooled."""
    reach = half_width(precision.pooled_sd, n, precision.pooled_degrees)
    reach[0] = half_width(precision.own_sd, n[0], precision.own_degrees)
    reach = reach * per_point * finite_population_factor(n, population[:, None])
    return np.maximum(index - reach, 0.0), np.minimum(index + reach, 100.0)


def _effective(n: Counts, population: Floats) -> Floats:
    """How many answers of an endless population would be worth as much as n of a finite one; infinite for all of it."""
    factor = finite_population_factor(n, population[:, None])
    return np.asarray(np.divide(n, factor**2, out=np.full(n.shape, np.inf), where=factor > 0))


def _standing(
    difference: Floats, n: Counts, others: Counts, precision: Precision, compared: Bools
) -> npt.NDArray[np.int8]:
    """1, -1 or 0 per cell: above or below all others by more than chance explains, with false discoveries held down."""
    compared = compared & (others > 0)
    mine, theirs = 1 / np.where(compared, n, np.nan), 1 / np.where(compared, others, np.nan)
    error = precision.pooled_sd * np.sqrt(mine + theirs)
    skewness = precision.skewness * (mine**2 - theirs**2) / (mine + theirs) ** 1.5
    p = two_sided_p(difference, error, precision.pooled_degrees, skewness)
    visible = benjamini_hochberg(np.where(compared, p, np.nan), FALSE_DISCOVERIES)
    sign = np.where(visible, np.sign(np.nan_to_num(difference)), 0)
    return np.where(compared, sign, NO_STANDING).astype(np.int8)


def _band_shares(counts: Counts, items: Sequence[Item]) -> tuple[Floats, Floats, Floats]:
    """(rows × items) shares of favourable, neutral and unfavourable answers."""
    good, bad = _bands(items, counts.shape[-1])
    shares = [
        np.stack([share_in(counts[:, index], mask[index]) for index in range(len(items))], axis=1)
        for mask in (good, bad)
    ]
    return shares[0], np.maximum(1 - shares[0] - shares[1], 0.0), shares[1]


def _dimension_shares(
    counts: Counts, shown: Bools, items: Sequence[Item], members: Floats
) -> tuple[Floats, Floats, Floats]:
    """(rows × dimensions) shares among all answers to the printed items of a dimension."""
    good, bad = _bands(items, counts.shape[-1])
    open_counts = np.where(shown[:, :, None], counts, 0)
    favourable, unfavourable, answers = (
        np.einsum("rik,ik->ri", open_counts, mask.astype(np.int64)) @ members
        for mask in (good, bad, np.ones_like(good))
    )
    answers[answers == 0] = np.nan
    good_share, bad_share = favourable / answers, unfavourable / answers
    return good_share, np.maximum(1 - good_share - bad_share, 0.0), bad_share


def _bands(items: Sequence[Item], width: int) -> tuple[Bools, Bools]:
    """(items × points) which keyed points are favourable, and which unfavourable."""
    good, bad = np.zeros((len(items), width), np.bool_), np.zeros((len(items), width), np.bool_)
    for index, item in enumerate(items):
        size = len(item.scale.values)
        good[index, :size] = band(item.scale, item.scale.favourable)
        bad[index, :size] = band(item.scale, item.scale.unfavourable)
    return good, bad


def _as_ticked(counts: Counts, items: Sequence[Item]) -> Floats:
    """(rows × items × points) shares, lowest point first as people saw the scale; NaN beyond its points."""
    n = counts.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(counts, n, out=np.full(counts.shape, np.nan), where=n > 0)
    for index, item in enumerate(items):
        size = len(item.scale.values)
        if item.reverse:
            shares[:, index, :size] = shares[:, index, :size][:, ::-1].copy()
        shares[:, index, size:] = np.nan
    return shares


def _per_dimension(values: Floats, members: Floats) -> Floats:
    """(rows × items) → (rows × dimensions): the mean over the items that have a value; NaN where none has."""
    there = ~np.isnan(values)
    count = there @ members
    total = np.where(there, values, 0.0) @ members
    return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def _organisation_only(values: Floats, allowed: Bools, shape: tuple[int, ...]) -> Floats:
    """(rows × dimensions) NaN but for the first row, and there only what is allowed."""
    array = np.full(shape, np.nan)
    array[0] = np.where(allowed, values, np.nan)
    return array


def _lowest(items: Sequence[Item]) -> Floats:
    return np.array([item.scale.low for item in items], float)
