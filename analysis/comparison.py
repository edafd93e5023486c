"""Comparison: published waves set against each other where that is legitimate, with a verdict per figure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..languages import gettext as _
from ..surveys.errors import ConfigError
from .change import (
    HIDDEN_CHANGE,
    ROUNDING,
    hedges_g,
    interval,
    mann_whitney_p,
    raised,
    slope,
    smallest_visible,
    verdicts,
    welch,
)
from .published import UNKNOWN_SCALE, Figures, Measure, Path, Published

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The last wave against the one before, for all units (rows) in comparable measures (columns).

    before, after: the printed indexes. difference, low, high: after minus before, with its 95 % interval.
    smallest: the change that would have been seen in four of five cases. effect: Hedges' g.
    by_rank: p of the rank test of the organisation's answers, per measure; NaN where the answers are not printed.
    verdict: 1 better, -1 worse, 0 no visible change, 2 cannot tell.
    levels, level_low, level_high: (waves × units × measures) the printed index of every wave with its 95 % interval.
    slope, slope_low, slope_high: the change per wave along a straight line through three waves or more, with its 95 %
        interval; NaN with fewer. trend: whether it may be named, by the numbers of `verdict`.
    """

    measures: tuple[Measure, ...]
    before: Floats
    after: Floats
    n_before: Counts
    n_after: Counts
    difference: Floats
    low: Floats
    high: Floats
    smallest: Floats
    effect: Floats
    by_rank: Floats
    verdict: npt.NDArray[np.int8]
    levels: Floats
    level_low: Floats
    level_high: Floats
    slope: Floats
    slope_low: Floats
    slope_high: Floats
    trend: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A measure, or a unit, that is not compared. what: its label; reason: a sentence."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Several waves, the earliest first.

    paths: the units that the last two waves have in common, the organisation first, in the order of the last wave.
    gone, new: units of only one of the last two waves. refused: measures that are not compared, and why.
    notes: what differs between the waves and does not forbid the comparison.
    """

    waves: tuple[Published, ...]
    paths: tuple[Path, ...]
    levels: tuple[str, ...]
    gone: tuple[Path, ...]
    new: tuple[Path, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]
    dimensions: Changes
    items: Changes


def compare(waves: Sequence[Published], *, renamed: Mapping[str, str] | None = None) -> Comparison:
    """Set published waves against each other, the earliest first.

    renamed: name of a unit in an earlier wave → its name in the last one.
    Raises ConfigError for fewer than two waves, different questionnaires or languages, or a name that no earlier wave
    has, or the last one has not.
    """
    if len(waves) < 2:
        raise ConfigError("A comparison needs two waves.", hint="Name the file of an earlier wave as well.")
    last, names = waves[-1], dict(renamed or {})
    _require_known(names, waves)
    waves = [wave.renamed(names) for wave in waves[:-1]]
    merged = tuple(dict.fromkeys(refusal for wave in waves for refusal in _merged(wave)))
    waves = [*(wave.only(_alone(wave)) for wave in waves), last]
    for wave in waves[:-1]:
        if wave.instrument != last.instrument:
            raise ConfigError(
                f"“{wave.wave}” was asked with the questionnaire “{wave.instrument}”, “{last.wave}” with"
                f" “{last.instrument}”: their figures cannot be compared.",
                hint="Compare waves of one questionnaire; or read both with the same one by --instrument.",
            )
        if wave.lang != last.lang and _labels(wave) != _labels(last):
            raise ConfigError(
                f"“{wave.wave}” is written in another language ({wave.lang}) than “{last.wave}” ({last.lang}):"
                " whether the same was asked cannot be seen.",
                hint=f"Make the snapshot again with --lang {last.lang}, or give --lang {wave.lang} here.",
            )
    before = waves[-2]
    here = set(before.paths)
    earlier = [_earlier(wave, last) for wave in waves[:-2]]
    paths = tuple(path for path in last.paths if path in here)
    items, refused_items = _comparable(before.items, last.items)
    changed = {measure.id for measure in last.items.measures} - set(items)
    dimensions, refused = _comparable(before.dimensions, last.dimensions, changed)
    return Comparison(
        waves=tuple(waves),
        paths=paths,
        levels=tuple(last.levels[last.paths.index(path)] for path in paths),
        gone=tuple(path for path in before.paths if path not in set(last.paths)),
        new=tuple(path for path in last.paths if path not in here),
        refused=(*merged, *refused, *refused_items),
        notes=tuple(dict.fromkeys(note for wave in waves[:-1] for note in _notes(wave, last))),
        dimensions=_changes(
            [*(wave[0] for wave in earlier), before.dimensions, last.dimensions], waves, paths, dimensions
        ),
        items=_changes([*(wave[1] for wave in earlier), before.items, last.items], waves, paths, items),
    )


def _labels(wave: Published) -> frozenset[str]:
    return frozenset(measure.label for measure in wave.items.measures)


def _merged(wave: Published) -> tuple[Refusal, ...]:
    """The units that several of an earlier wave became: figures of two teams are not added up."""
    often = Counter(wave.paths)
    reason = _("Several teams of “{wave}” are now one. The figures of two teams are not added up.").format(
        wave=wave.wave
    )
    return tuple(Refusal(path[-1], reason) for path, times in often.items() if times > 1)


def _alone(wave: Published) -> list[int]:
    often = Counter(wave.paths)
    return [row for row, path in enumerate(wave.paths) if often[path] == 1]


def _earlier(wave: Published, last: Published) -> tuple[Figures, Figures]:
    """Dimensions and items of a wave before the last two, but for those that do not mean the same in the last."""
    items = _comparable(wave.items, last.items)[0]
    changed = {measure.id for measure in last.items.measures} - set(items)
    dimensions = _comparable(wave.dimensions, last.dimensions, changed)[0]
    return _of_these(wave.dimensions, dimensions), _of_these(wave.items, items)


def _of_these(figures: Figures, ids: Sequence[str]) -> Figures:
    columns = [figures.column(id_) for id_ in ids]
    measures = tuple(figures.measures[column] for column in columns)
    return Figures(measures, figures.index[:, columns], figures.n[:, columns])


def _require_known(names: Mapping[str, str], waves: Sequence[Published]) -> None:
    known = {name for wave in waves[:-1] for path in wave.paths for name in path}
    now = {name for path in waves[-1].paths for name in path}
    for name, new in names.items():
        if new not in now:
            raise ConfigError(
                f"“{waves[-1].wave}” has no unit “{new}”.", hint="Give the old name first: --map “old name=new name”."
            )
        if name not in known:
            raise ConfigError(
                f"No earlier wave has a unit “{name}”.", hint="Give the old name first: --map “old name=new name”."
            )


def _notes(before: Published, last: Published) -> tuple[str, ...]:
    notes = []
    if before.min_group != last.min_group:
        notes.append(
            _(
                "“{before}” shows groups from {then} people on, “{after}” from {now}. Figures that both waves print are"
                " compared."
            ).format(before=before.wave, then=before.min_group, after=last.wave, now=last.min_group)
        )
    elif before.rules and last.rules and before.rules != last.rules:
        notes.append(_("The two waves hide by different rules. Figures that both waves print are compared."))
    notes += [
        _("The file of “{wave}” does not say how answers spread, so no change from or to it can be judged.").format(
            wave=wave.wave
        )
        for wave in (before, last)
        if not _says_spread(wave)
    ]
    return tuple(notes)


def _says_spread(wave: Published) -> bool:
    return any(np.isfinite(measure.own) for measure in (*wave.dimensions.measures, *wave.items.measures))


def _comparable(
    before: Figures, last: Figures, changed: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """The ids of the measures that mean the same in both waves; the others with the reason.

    changed: ids of the items that do not.
    """
    earlier = {measure.id: measure for measure in before.measures}
    ids, refused = [], []
    for measure in last.measures:
        reason = _difference(earlier.get(measure.id), measure, changed)
        if reason:
            refused.append(Refusal(measure.label, reason))
        else:
            ids.append(measure.id)
    now = {measure.id for measure in last.measures}
    refused += [Refusal(m.label, _("The later wave does not have it.")) for m in before.measures if m.id not in now]
    return tuple(ids), tuple(refused)


def _difference(before: Measure | None, after: Measure, changed: Collection[str]) -> str:
    """Why a measure is not the same in both waves; "" where it is."""
    if before is None:
        return _("The earlier wave does not have it.")
    if before.scale != after.scale and UNKNOWN_SCALE not in {before.scale, after.scale}:
        return _(
            "Its answers went from {low_before} to {high_before}, and now go from {low} to {high}: people use scales of"
            " different length differently."
        ).format(low_before=before.scale[0], high_before=before.scale[1], low=after.scale[0], high=after.scale[1])
    if not after.items and " ".join(before.label.split()).casefold() != " ".join(after.label.split()).casefold():
        return _("Its wording has changed, and a change of words can move answers as much as a change of minds.")
    if before.reverse is not after.reverse and None not in {before.reverse, after.reverse}:
        return _("It is turned round in one of the waves, and not in the other.")
    if set(before.items) != set(after.items):
        return _("It is made of other statements than before. Statements that both waves have are compared one by one.")
    is_changed = bool(set(changed) & set(after.items))
    return _("One of its statements has changed. The others are compared one by one.") if is_changed else ""


def _changes(
    figures: Sequence[Figures], waves: Sequence[Published], paths: Sequence[Path], ids: Sequence[str]
) -> Changes:
    measures = tuple(figures[-1].measures[figures[-1].column(id_)] for id_ in ids)
    levels, errors, counts, degrees = (
        np.stack(each)
        for each in zip(*(_aligned(*pair, paths, ids) for pair in zip(figures, waves, strict=True)), strict=True)
    )
    difference = levels[-1] - levels[-2]
    error, free = welch(
        (errors[-1] ** 2, errors[-2] ** 2),
        (np.ones_like(counts[-1]), np.ones_like(counts[-2])),
        (degrees[-1], degrees[-2]),
    )
    rows = [slice(0, 1), slice(1, None)]  # the organisation is one family of comparisons, its parts are another
    people = np.where(np.isfinite(error), counts[-1] + counts[-2], 0)
    error[rows[1]] *= raised((levels[-1] + levels[-2])[rows[1]] / 2, people[rows[1]])
    low, high = interval(difference, error, free)
    level_low, level_high = interval(levels, errors, degrees)
    rise, rise_error = slope(levels, errors)
    loosest = np.fmin.reduce(degrees, axis=0)
    slope_low, slope_high = interval(rise, rise_error, loosest)
    within = np.array([measure.within for measure in measures])
    return Changes(
        measures=measures,
        before=levels[-2],
        after=levels[-1],
        n_before=counts[-2],
        n_after=counts[-1],
        difference=difference,
        low=np.maximum(low, -100.0),
        high=np.minimum(high, 100.0),
        smallest=np.concatenate([_smallest(error[part], free[part]) for part in rows]),
        effect=hedges_g(difference, within, free),
        by_rank=np.array([_by_rank(figures[-2], figures[-1], id_) for id_ in ids]),
        verdict=np.concatenate([verdicts(difference[part], error[part], free[part]) for part in rows]),
        levels=levels,
        level_low=np.maximum(level_low, 0.0),
        level_high=np.minimum(level_high, 100.0),
        slope=rise,
        slope_low=slope_low,
        slope_high=slope_high,
        trend=np.concatenate([verdicts(rise[part], rise_error[part], loosest[part]) for part in rows]),
    )


def _smallest(error: Floats, free: Floats) -> Floats:
    comparisons = int(np.isfinite(error).sum())
    return np.minimum(smallest_visible(error, free, comparisons), 100.0)


def _aligned(
    figures: Figures, wave: Published, paths: Sequence[Path], ids: Sequence[str]
) -> tuple[Floats, Floats, Counts, Floats]:
    """Index, standard error, number of answers and degrees of freedom of one wave, in the order of `paths` and `ids`.

    NaN where the wave does not print a figure, or does not have the unit or the measure.
    """
    row_of = {path: row for row, path in enumerate(wave.paths)}
    column_of = {measure.id: column for column, measure in enumerate(figures.measures)}
    rows = np.array([row_of.get(path, -1) for path in paths])  # -1: the row, and the column, of what is not there
    columns = np.array([column_of.get(id_, -1) for id_ in ids], np.intp)
    index = np.pad(figures.index, (0, 1), constant_values=np.nan)[np.ix_(rows, columns)]
    n = np.pad(figures.n, (0, 1))[np.ix_(rows, columns)]
    own, within, pooled = (
        np.array([*(getattr(measure, name) for measure in figures.measures), np.nan])[columns]
        for name in ("own", "within", "degrees")
    )
    people = np.where(n > 0, n, np.nan)
    sd = np.where(np.arange(len(paths))[:, None] == 0, own, within)
    free = np.where(np.arange(len(paths))[:, None] == 0, people - 1, pooled)
    return index, np.sqrt(sd**2 / people + ROUNDING), n, np.where(np.isfinite(index), free, np.nan)


def _by_rank(before: Figures, after: Figures, id_: str) -> float:
    """The rank test of the organisation's answers, as near as printed shares give the counts."""
    one, other = (figures.measures[figures.column(id_)].shares for figures in (before, after))
    if not one or len(one) != len(other):
        return float("nan")
    counts = [
        np.rint(np.array(shares) * figures.n[0, figures.column(id_)]).astype(np.int64)
        for shares, figures in ((one, before), (other, after))
    ]
    return float(mann_whitney_p(counts[0], counts[1]))


__all__ = ["HIDDEN_CHANGE", "Changes", "Comparison", "Refusal", "compare"]
