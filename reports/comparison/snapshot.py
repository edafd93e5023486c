"""ComparisonContent → its figures as JSON, for other programs; docs/comparison.md lists every key.

Figures only, rounded as printed. A figure without a number is null, whatever the reason.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from ... import languages
from ..content import Standing
from ..snapshot import Json, number
from . import wording as words
from .content import BenchmarkLine, Change, ComparedUnit, ComparisonContent, MeasureRow, Paired, Trend, WaveRow

Names = Mapping[Standing, str]

SCHEMA = "psafety-comparison/1"
CHANGE_FIGURES = ("n_before", "n_after", "before", "after", "difference", "low", "high", "smallest", "effect")


def to_json(content: ComparisonContent) -> bytes:
    """The figures of the comparison, as UTF-8 JSON; the same content gives the same bytes."""
    dimensions, items = ([row.id for row in rows] for rows in (content.dimensions, content.items))
    with languages.speaking("en"):  # names of keys and verdicts are the same in every language
        verdicts, trends = words.verdicts(directed=content.directed), words.trends(directed=content.directed)
        against = words.against()
    document = {
        "schema": SCHEMA,
        "version": content.version,
        "title": content.title,
        "instrument": content.instrument_id,
        "directed": content.directed,
        "before": content.before,
        "after": content.after,
        "waves": [_wave(wave) for wave in content.waves],
        "not_compared": [{"what": one.what, "reason": one.reason} for one in content.not_compared],
        "dimensions": [{"id": row.id, "label": row.label} for row in content.dimensions],
        "items": [_item(row) for row in content.items],
        "units": [_unit(unit, dimensions, items, verdicts, trends) for unit in content.units],
        "benchmark": [_line(line, against) for line in content.benchmark],
        "pairs": [_pair(*pair, verdicts) for pair in zip(dimensions, content.pairs, strict=bool(content.pairs))],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).encode(errors="replace") + b"\n"


def _wave(wave: WaveRow) -> Json:
    return {
        "name": wave.name,
        "title": wave.title,
        **_figures(wave, ("n", "printed", "min_group")),
        "rules": wave.rules,
    }


def _item(row: MeasureRow) -> Json:
    return {"id": row.id, "label": row.label, "dimension": row.group, **_figures(row, ("rank_test",))}


def _unit(unit: ComparedUnit, dimensions: Sequence[str], items: Sequence[str], verdicts: Names, trends: Names) -> Json:
    return {
        "name": unit.name,
        "level": unit.level,
        "path": list(unit.path),
        **_figures(unit, ("n_before", "n_after")),
        "dimensions": [_change(*pair, verdicts) for pair in zip(dimensions, unit.dimensions, strict=True)],
        "items": [_change(*pair, verdicts) for pair in zip(items, unit.items, strict=True)],
        "trends": [_trend(*pair, trends) for pair in zip(dimensions, unit.trends, strict=bool(unit.trends))],
    }


def _change(id: str, change: Change, names: Names) -> Json:  # noqa: A002 - as the key is called
    return {"id": id, **_figures(change, CHANGE_FIGURES), "verdict": names[change.standing]}


def _pair(id: str, pair: Paired, names: Names) -> Json:  # noqa: A002
    figures = _figures(pair, ("n", "difference", "low", "high", "smallest"))
    return {"id": id, **figures, "verdict": names[pair.standing]}


def _trend(id: str, trend: Trend, names: Names) -> Json:  # noqa: A002
    levels = [{"wave": level.wave, **_figures(level, ("index", "low", "high"))} for level in trend.levels]
    return {"id": id, "levels": levels, **_figures(trend, ("slope", "low", "high")), "verdict": names[trend.standing]}


def _line(line: BenchmarkLine, names: Names) -> Json:
    figures = _figures(line, ("n", "mean", "index", "difference", "low", "high"))
    return {"id": line.id, "label": line.label, "source": line.source, **figures, "verdict": names[line.standing]}


def _figures(row: object, names: Iterable[str]) -> Json:
    return {name: number(getattr(row, name)) for name in names}
