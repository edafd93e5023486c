"""ReportContent → the published findings as JSON, for other programs and later waves; docs/snapshot.md lists every key.

Figures only, rounded as printed, in the order of the report; no sentences. What is not published follows one rule. A
withheld unit, and a withheld score of a unit, says `"withheld": true` and nothing else about the answers. Any other
figure without a number is null, be it withheld or not defined: the file does not say which, since a reason is a clue.
"""

import json
from collections.abc import Iterable
from typing import Any

from .content import Absent, Cell, ReportContent, ScoreRow, UnitRow, UnitScore

SCHEMA = "psafety-snapshot/1"
UNIT_FIGURES = ("n", "index", "low", "high", "mean", "favourable")
ORGANISATION_FIGURES = (*UNIT_FIGURES, "sd", "favourable_low", "favourable_high", "neutral", "unfavourable")

Json = dict[str, Any]


def to_json(content: ReportContent) -> bytes:
    """The published findings, as UTF-8 JSON; the same content gives the same bytes."""
    dimensions = [row.id for row in content.dimensions]
    items = [row.id for group in content.items for row in group.rows]
    snapshot = {
        "schema": SCHEMA,
        "version": content.version,
        "title": content.title,
        "wave": content.wave,
        "instrument": content.instrument_id,
        "min_group": content.min_group,
        "rules": content.rules,
        "dimensions": [_organisation_score(row) for row in content.dimensions],
        "items": [
            {"dimension": group.id, "reverse": row.reverse, **_organisation_score(row)}
            for group in content.items
            for row in group.rows
        ],
        "units": [_unit(row, dimensions, items) for row in content.units],
    }
    return json.dumps(snapshot, ensure_ascii=False, allow_nan=False, indent=1).encode(errors="replace") + b"\n"


def _organisation_score(row: ScoreRow) -> Json:
    return {"id": row.id, "label": row.label, **_figures(row, ORGANISATION_FIGURES)}


def _unit(row: UnitRow, dimensions: Iterable[str], items: Iterable[str]) -> Json:
    unit = {"id": row.id, "name": row.name, "kind": row.kind, "level": row.level, "path": row.path}
    if row.withheld:
        return {**unit, "withheld": True}
    return {
        **unit,
        **_figures(row, ("n", "response_rate")),
        "dimensions": [_unit_score(*pair) for pair in zip(dimensions, row.dimensions, strict=True)],
        "items": [_unit_score(*pair) for pair in zip(items, row.items, strict=True)],
    }


def _unit_score(id: str, score: UnitScore) -> Json:  # noqa: A002 - as the key is called
    if score.standing == "withheld":
        return {"id": id, "withheld": True}
    return {"id": id, **_figures(score, UNIT_FIGURES), "standing": score.standing}


def _figures(row: ScoreRow | UnitRow | UnitScore, names: Iterable[str]) -> Json:
    return {name: _number(getattr(row, name)) for name in names}


def _number(cell: Cell) -> float | None:
    """The published number, a whole one without decimals."""
    if isinstance(cell, Absent):
        return None
    return int(cell.value) if cell.value == int(cell.value) else cell.value
