"""Comparison → ComparisonContent: what is said of the change between waves, once, for every format."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ... import languages
from ...analysis.benchmark import Against
from ...analysis.comparison import Changes, Comparison
from ...analysis.published import Measure, Path, Published
from ...languages import gettext as _
from .. import wording
from ..beside import end_as_printed
from ..cells import cells_of, rows_of
from ..compose import Look
from ..content import Absent, Cell, Standing
from . import wording as words
from .content import (
    BenchmarkLine,
    Change,
    ComparedUnit,
    ComparisonContent,
    Level,
    MeasureRow,
    NotCompared,
    Paired,
    Trend,
    WaveRow,
)

if TYPE_CHECKING:
    from ...analysis.pairs import PairedChanges

Floats = npt.NDArray[np.float64]
# By the numbers of a verdict: no visible change, better, cannot tell, and worse (-1) from the end.
STANDINGS: Final[tuple[Standing, ...]] = ("same", "above", "none", "below")


def compose_comparison(
    comparison: Comparison,
    look: Look,
    *,
    version: str,
    notes: Sequence[str] = (),
    benchmark: Against | None = None,
    pairs: "PairedChanges | None" = None,
) -> ComparisonContent:
    """All that the comparison says. notes: what else must be read first, such as how the waves were put in order."""
    with languages.speaking(look.lang):
        return _composed(comparison, look, version=version, notes=notes, benchmark=benchmark, pairs=pairs)


def _composed(
    comparison: Comparison,
    look: Look,
    *,
    version: str,
    notes: Sequence[str],
    benchmark: Against | None,
    pairs: "PairedChanges | None",
) -> ComparisonContent:
    before, after = comparison.waves[-2:]
    titles = {wave.title for wave in comparison.waves}
    title = look.title or (after.title if len(titles) == 1 else _("The organisation"))
    units = _units(comparison)
    dimensions = _measure_rows(comparison.dimensions, after)
    items = _measure_rows(comparison.items, after)
    trends = len(comparison.waves) > 2
    lines = _benchmark_lines(benchmark) if benchmark else ()
    paired = _paired_rows(pairs, comparison) if pairs and pairs.shown else ()
    return ComparisonContent(
        title=title,
        subtitle=words.subtitle(comparison),
        lang=look.lang,
        version=version,
        date=look.date,
        instrument_id=after.instrument,
        directed=after.directed,
        before=before.wave,
        after=after.wave,
        notices=words.notices(comparison, notes),
        summary=words.summary(comparison, units, with_pairs=pairs is not None),
        waves=tuple(_wave_row(wave) for wave in comparison.waves),
        order=words.order(comparison),
        not_compared=_not_compared(comparison),
        legend=words.legend(directed=after.directed),
        dimensions=dimensions,
        dimensions_caption=words.dimensions_caption(units[0].dimensions),
        dimension_captions=tuple(
            words.units_of_a_dimension(row.label, [unit.dimensions[place] for unit in units[1:]])
            for place, row in enumerate(dimensions)
        ),
        trends=trends and bool(dimensions),
        trend_caption=words.trend_caption(units[0].trends, len(comparison.waves)) if trends else "",
        items=items,
        items_caption=words.items_caption(units[0].items),
        units=units,
        units_caption=words.units_caption(units),
        benchmark=lines,
        benchmark_caption=words.benchmark_caption(lines, after.wave),
        pairs=paired,
        pairs_notes=words.pairs_notes(pairs, paired, before.wave, after.wave) if pairs else (),
        advice=words.advice(),
        method=words.method(comparison, with_benchmark=bool(lines), with_pairs=pairs is not None),
    )


def _wave_row(wave: Published) -> WaveRow:
    return WaveRow(
        name=wave.wave,
        title=wave.title,
        n=_count_or_withheld(int(wave.people[0])),
        printed=wording.count(int((wave.people[1:] > 0).sum())),
        min_group=wording.count(wave.min_group),
        rules=wave.rules,
    )


def _not_compared(comparison: Comparison) -> tuple[NotCompared, ...]:
    before, after = comparison.waves[-2:]
    return (
        *(NotCompared(refusal.what, refusal.reason) for refusal in comparison.refused),
        *(
            NotCompared(" › ".join(path), _("Only “{wave}” has it.").format(wave=before.wave))
            for path in comparison.gone
        ),
        *(NotCompared(" › ".join(path), _("Only “{wave}” has it.").format(wave=after.wave)) for path in comparison.new),
    )


def _measure_rows(changes: Changes, wave: Published) -> tuple[MeasureRow, ...]:
    groups = {item: dimension.label for dimension in wave.dimensions.measures for item in dimension.items}
    return tuple(
        MeasureRow(
            measure.id,
            measure.label,
            groups.get(measure.id, ""),
            wording.chance(float(p)),
            words.remark(measure, directed=wave.directed),
        )
        for measure, p in zip(changes.measures, changes.by_rank, strict=True)
    )


def _units(comparison: Comparison) -> tuple[ComparedUnit, ...]:
    before, after = comparison.waves[-2:]
    names = [path[-1] if path else _("The organisation") for path in comparison.paths]
    larger = {path[:-1] for path in comparison.paths}
    directed = after.directed
    dimensions = _change_rows(comparison.dimensions, names, directed=directed)
    items = _change_rows(comparison.items, names, directed=directed)
    trends = _trend_rows(comparison, directed=directed)
    people = [_people(wave, comparison.paths) for wave in (before, after)]
    return tuple(
        ComparedUnit(
            id=f"unit-{row}",
            name=names[row],
            level=comparison.levels[row],
            depth=len(path),
            path=path,
            larger=path in larger,
            n_before=people[0][row],
            n_after=people[1][row],
            dimensions=dimensions[row],
            items=items[row],
            trends=trends[row],
        )
        for row, path in enumerate(comparison.paths)
    )


def _people(wave: Published, paths: Sequence[Path]) -> list[Cell]:
    known = dict(zip(wave.paths, wave.people.tolist(), strict=True))
    return [_count_or_withheld(known[path]) for path in paths]


def _count_or_withheld(people: int) -> Cell:
    return wording.count(people) if people else wording.withheld()


def _change_rows(changes: Changes, units: Sequence[str], *, directed: bool) -> list[tuple[Change, ...]]:
    """The changes of all units, row by row; made array by array, since a large organisation has a million of them."""
    rows, columns = changes.difference.shape
    known, judged = np.isfinite(changes.difference), np.isfinite(changes.low)
    names = words.verdicts(directed=directed)
    fields = (
        np.repeat(np.array(units, object), columns),
        np.tile(np.array([measure.label for measure in changes.measures], object), rows),
        cells_of(changes.n_before, changes.n_before > 0, wording.count),
        cells_of(changes.n_after, changes.n_after > 0, wording.count),
        cells_of(changes.before, np.isfinite(changes.before), wording.index),
        cells_of(changes.after, np.isfinite(changes.after), wording.index),
        _absent_as(words.untold(), cells_of(np.rint(changes.difference), known, wording.signed)),
        *(
            _absent_as(wording.unknown(), cells_of(end_as_printed(end), judged, wording.signed))
            for end in (changes.low, changes.high)
        ),
        _absent_as(
            wording.unknown(), cells_of(np.ceil(changes.smallest), np.isfinite(changes.smallest), wording.index)
        ),
        _absent_as(
            wording.unknown(),
            cells_of(np.round(changes.effect, 2), np.isfinite(changes.effect), wording.effect_size),
        ),
        np.array(STANDINGS, object)[changes.verdict.ravel()],
        np.array([names[standing] for standing in STANDINGS], object)[changes.verdict.ravel()],
    )
    return rows_of(Change, fields, (rows, columns))


def _absent_as(absent: Absent, cells: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Cells in which a missing number has another name than “withheld”: it is not a figure of one wave."""
    cells[cells == wording.withheld()] = absent
    return cells


def _trend_rows(comparison: Comparison, *, directed: bool) -> list[tuple[Trend, ...]]:
    changes, waves = comparison.dimensions, [wave.wave for wave in comparison.waves]
    if len(waves) < 3:
        return [()] * len(comparison.paths)
    names = words.trends(directed=directed)
    return [
        tuple(_trend(changes, (row, column), measure, waves, names) for column, measure in enumerate(changes.measures))
        for row in range(len(comparison.paths))
    ]


def _trend(
    changes: Changes, at: tuple[int, int], measure: Measure, waves: Sequence[str], names: dict[Standing, str]
) -> Trend:
    ends = [float(end_as_printed(np.array(end[at]))) for end in (changes.slope_low, changes.slope_high)]
    standing = STANDINGS[changes.trend[at]]
    levels = zip(waves, changes.levels, changes.level_low, changes.level_high, strict=True)
    return Trend(
        measure=measure.label,
        levels=tuple(
            Level(wave, *(_index_or_withheld(float(values[at])) for values in each)) for wave, *each in levels
        ),
        slope=_signed_or_unknown(_slope_as_printed(float(changes.slope[at]))),
        low=_signed_or_unknown(ends[0]),
        high=_signed_or_unknown(ends[1]),
        standing=standing,
        verdict=names[standing],
    )


def _slope_as_printed(slope: float) -> float:
    """Whole points, tenths below one: over many waves a tenth adds up."""
    return float(np.rint(slope)) if abs(slope) >= 1 else float(np.round(slope, 1))


def _index_or_withheld(value: float) -> Cell:
    return wording.index(value) if np.isfinite(value) else wording.withheld()


def _signed_or_unknown(value: float) -> Cell:
    return wording.signed(value + 0.0) if np.isfinite(value) else words.untold()


def _paired_rows(pairs: "PairedChanges", comparison: Comparison) -> tuple[Paired, ...]:
    names = words.verdicts(directed=comparison.waves[-1].directed)
    rows = []
    for place, measure in enumerate(comparison.dimensions.measures):
        low, high = (float(end_as_printed(end[place])) for end in (pairs.low, pairs.high))
        standing = STANDINGS[pairs.verdict[place]]
        reach = float(np.ceil(pairs.smallest[place]))
        rows.append(
            Paired(
                measure=measure.label,
                n=_count_or_withheld(int(pairs.n[place])),
                difference=_signed_or_unknown(float(end_as_printed(pairs.difference[place]))),
                low=_signed_or_unknown(low),
                high=_signed_or_unknown(high),
                smallest=wording.index(reach) if np.isfinite(reach) else wording.unknown(),
                standing=standing,
                verdict=names[standing],
            )
        )
    return tuple(rows)


def _benchmark_lines(found: Against) -> tuple[BenchmarkLine, ...]:
    numbers: Any = zip(
        found.measures, found.rows, found.index, found.difference, found.low, found.high, found.verdict, strict=True
    )
    lines = []
    for measure, row, index, difference, low, high, verdict in numbers:
        standing = STANDINGS[verdict]
        lines.append(
            BenchmarkLine(
                id=measure.id,
                label=measure.label,
                source=row.source,
                n=wording.count(row.n),
                mean=wording.tenths(row.mean),
                index=_index_or_withheld(float(index)),
                difference=_signed_or_unknown(float(np.round(difference, 1))),
                low=_signed_or_unknown(float(end_as_printed(low))),
                high=_signed_or_unknown(float(end_as_printed(high))),
                standing=standing,
                verdict=words.against()[standing],
            )
        )
    return tuple(lines)
