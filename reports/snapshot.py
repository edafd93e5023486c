"""The published findings as JSON, for other programs and for later waves, and back; docs/snapshot.md lists every key.

Figures only, rounded as printed, in the order of the report; no sentences. What is not published follows one rule. A
withheld unit, and a withheld score of a unit, says `"withheld": true` and nothing else about the answers. Any other
figure without a number is null, be it withheld or not defined: the file does not say which, since a reason is a clue.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.published import UNKNOWN_SCALE, Figures, Measure, Path as UnitPath, Published
from ..surveys.errors import FileError
from .content import (
    Absent,
    Cell,
    CutFigures,
    CutRow,
    DriverTable,
    EvidenceRow,
    Figure,
    GapRow,
    ReportContent,
    ScoreRow,
    UnitEvidence,
    UnitRow,
    UnitScore,
)

SCHEMA = "psafety-snapshot/2"
READABLE = ("psafety-snapshot/1", SCHEMA)
UNDIRECTED = "drafted-from-file"  # the questionnaire of the first version of which no end is the good one
MOST_PEOPLE = 10**9  # more than there are, to keep a hostile number out
NAN = float("nan")
UNIT_FIGURES = ("n", "index", "low", "high", "mean", "favourable")
ORGANISATION_FIGURES = (*UNIT_FIGURES, "sd", "favourable_low", "favourable_high", "neutral", "unfavourable")
PRECISION_FIGURES = ("sd_index", "sd_within", "degrees")
UNIT_EVIDENCE = ("deviation", "agreement", "shrunken", "worth", "if_low", "if_high")
RELIABILITY_FIGURES = ("people", "alpha", "alpha_low", "alpha_high", "standardised", "omega", "halves")
GAP_FIGURES = ("difference", "low", "high", "effect")
CHANGE_FIGURES = ("before", "after", "difference", "low", "high", "smallest")
DIFFERENCE_FIGURES = ("teams", "team_people", "icc1", "icc2")

Json = dict[str, Any]


def to_json(content: ReportContent) -> bytes:
    """The published findings, as UTF-8 JSON; the same content gives the same bytes."""
    dimensions = [row.id for row in content.dimensions]
    items = [row.id for group in content.items for row in group.rows]
    members = {group.id: [row.id for row in group.rows] for group in content.items}
    snapshot = {
        "schema": SCHEMA,
        "version": content.version,
        "lang": content.lang,
        "title": content.title,
        "wave": content.wave,
        "instrument": content.instrument_id,
        "directed": content.directed,
        "min_group": content.min_group,
        "rules": content.rules,
        "dimensions": [{**_organisation_score(row), "items": members.get(row.id, [])} for row in content.dimensions],
        "items": [
            {
                "dimension": group.id,
                "reverse": row.reverse,
                **_organisation_score(row),
                "distribution": [number(share) for share in row.distribution],
            }
            for group in content.items
            for row in group.rows
        ],
        "units": [_unit(row, dimensions, items) for row in content.units],
        **_evidence(content),
        **({"cuts": [_cut(row, dimensions, items) for row in content.cuts]} if content.cuts else {}),
        **({"gaps": [_gap(row) for row in content.gaps]} if content.gaps else {}),
        **_last(content),
    }
    return json.dumps(snapshot, ensure_ascii=False, allow_nan=False, indent=1).encode(errors="replace") + b"\n"


def _organisation_score(row: ScoreRow) -> Json:
    return {
        "id": row.id,
        "label": row.label,
        **_figures(row, ORGANISATION_FIGURES),
        "scale": list(row.scale),
        **_figures(row, PRECISION_FIGURES),
    }


def _evidence(content: ReportContent) -> Json:
    """What averages are worth in the whole organisation; no key where nothing of it is published."""
    evidence = content.evidence
    if not evidence.dimensions and not evidence.drivers:
        return {}
    return {
        "evidence": {
            "dimensions": [_reliability(row) for row in evidence.dimensions],
            "drivers": [_drivers(table) for table in evidence.drivers],
        }
    }


def _reliability(row: EvidenceRow) -> Json:
    return {
        "id": row.id,
        **_figures(row, RELIABILITY_FIGURES),
        "items": [{"id": item.id, **_figures(item, ("item_rest", "alpha_without"))} for item in row.items],
        **_figures(row, DIFFERENCE_FIGURES),
    }


def _drivers(table: DriverTable) -> Json:
    return {
        "outcome": table.id,
        **_figures(table, ("people", "explained")),
        "items": [{"id": row.id, **_figures(row, ("weight", "low", "high"))} for row in table.rows],
    }


def _unit(row: UnitRow, dimensions: Iterable[str], items: Iterable[str]) -> Json:
    unit = {"id": row.id, "name": row.name, "kind": row.kind, "level": row.level, "path": row.path}
    if row.withheld:
        return {**unit, "withheld": True}
    return {
        **unit,
        **_figures(row, ("n", "response_rate", *(("asked",) if row.evidence else ()))),
        "dimensions": [
            _unit_score(*three)
            for three in zip(dimensions, row.dimensions, row.evidence or [None] * len(row.dimensions), strict=True)
        ],
        "items": [_unit_score(*pair) for pair in zip(items, row.items, strict=True)],
    }


def _unit_score(id: str, score: UnitScore, evidence: UnitEvidence | None = None) -> Json:  # noqa: A002 - as the key
    if score.standing == "withheld":
        return {"id": id, "withheld": True}
    said = {"id": id, **_figures(score, UNIT_FIGURES), "standing": score.standing}
    if evidence is None:
        return said
    view = evidence.view if evidence.view not in {"withheld", "none"} else None
    return {**said, "view": view, **_figures(evidence, UNIT_EVIDENCE)}


def _cut(row: CutRow, dimensions: Iterable[str], items: Iterable[str]) -> Json:
    cut = {"attribute": row.attribute, "value": row.value, "path": row.path}
    if row.withheld:
        return {**cut, "withheld": True}
    return {
        **cut,
        "n": number(row.n),
        "dimensions": [_cut_score(*pair) for pair in zip(dimensions, row.dimensions, strict=True)],
        "items": [_cut_score(*pair) for pair in zip(items, row.items, strict=True)],
    }


def _cut_score(id: str, score: CutFigures) -> Json:  # noqa: A002 - as the key is called
    if isinstance(score.index, Absent):
        return {"id": id, "withheld": True}
    return {"id": id, **{name: number(getattr(score, name)) for name in score._fields}}


def _gap(row: GapRow) -> Json:
    return {
        "attribute": row.attribute,
        "value": row.one,
        "other": row.other,
        "path": row.path,
        "dimension": row.measure_id,
        **_figures(row, GAP_FIGURES),
        "standing": row.standing,
    }


def _last(content: ReportContent) -> Json:
    """What has changed since the last wave; no key where nobody gave one."""
    last = content.last
    if last is None:
        return {}
    ids = {row.label: row.id for row in content.dimensions}
    return {
        "last": {
            "wave": last.wave,
            "units": [
                {
                    "path": unit.path,
                    "level": unit.level,
                    "dimensions": [
                        {"id": ids[one.measure], **_figures(one, CHANGE_FIGURES), "standing": one.standing}
                        for one in last.moved[unit.path]
                    ],
                }
                for unit in content.units
                if unit.kind != "rest"
                and any(isinstance(one.difference, Figure) for one in last.moved.get(unit.path, ()))
            ],
        }
    }


def _figures(row: object, names: Iterable[str]) -> Json:
    return {name: number(getattr(row, name)) for name in names}


def number(cell: Cell) -> float | None:
    """The published number, a whole one without decimals."""
    if isinstance(cell, Absent):
        return None
    return int(cell.value) if cell.value == int(cell.value) else cell.value


# Reading


def read_snapshot(path: Path) -> Published:
    """What one report printed, from the snapshot that was kept of it.

    Raises FileError where the file is no snapshot, is damaged, or follows a later version of the format.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError("The snapshot cannot be read.", where=path.name, hint="Check the path.") from error
    try:
        snapshot = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path.name) from error
    _require_readable(snapshot, path.name)
    try:
        return published(snapshot)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise _damaged(path.name) from error


def published(snapshot: Json) -> Published:
    """The same from a snapshot in memory. Raises KeyError, TypeError or ValueError where it is not built as one."""
    units = [unit for unit in snapshot["units"] if unit["kind"] != "rest"]
    paths = _paths(units)
    if not units or paths[0] or () in paths[1:] or len(set(paths)) < len(paths):
        raise ValueError("the units are not those of one organisation")
    return Published(
        title=_text(snapshot["title"]),
        wave=_text(snapshot["wave"]),
        instrument=_text(snapshot["instrument"]),
        min_group=_count(snapshot["min_group"]),
        rules=_text(snapshot.get("rules", "")),
        paths=paths,
        levels=tuple(_text(unit["level"]) for unit in units),
        people=np.array([0 if _withheld(unit) else _count(unit["n"]) for unit in units], np.int64),
        dimensions=_read_figures(snapshot, "dimensions", units),
        items=_read_figures(snapshot, "items", units),
        directed=snapshot.get("directed", snapshot["instrument"] != UNDIRECTED) is True,
        lang=_text(snapshot.get("lang", "en")),
    )


def as_published(content: ReportContent) -> Published:
    """What a report prints, by way of its snapshot: nothing that is not in the one can be in the other."""
    return published(json.loads(to_json(content)))


def _damaged(name: str) -> FileError:
    return FileError(
        "The file is no snapshot of psafety, or it is damaged.",
        where=name,
        hint="Make it again: psafety report SURVEY --format json.",
    )


def _require_readable(snapshot: Any, name: str) -> None:
    schema = str(snapshot.get("schema")) if isinstance(snapshot, dict) else ""
    if schema in READABLE:
        return
    family, _, version = schema.rpartition("/")
    if family == SCHEMA.rpartition("/")[0] and version.isdecimal():
        raise FileError(
            f"The snapshot follows a format that this version of psafety does not know: “{schema[:40]}”.",
            where=name,
            hint="Update psafety.",
        )
    raise _damaged(name)


def _paths(units: Sequence[Json]) -> tuple[UnitPath, ...]:
    """Where each unit stands; two of one path, on different levels, are told apart by these."""
    paths = [tuple(_text(name) for name in unit["path"]) for unit in units]
    often = Counter(paths)
    return tuple(
        (*path[:-1], f"{path[-1]} ({_text(unit['level'])})") if path and often[path] > 1 else path
        for path, unit in zip(paths, units, strict=True)
    )


def _read_figures(snapshot: Json, name: str, units: Sequence[Json]) -> Figures:
    measures = tuple(_measure(row, snapshot) for row in snapshot[name])
    ids = [measure.id for measure in measures]
    if len(set(ids)) < len(ids):
        raise ValueError("two measures of one id")
    index, n = np.full((len(units), len(ids)), np.nan), np.zeros((len(units), len(ids)), np.int64)
    for row, unit in enumerate(units):
        if not _withheld(unit):
            index[row], n[row] = _read_scores(unit[name], ids)
    return Figures(measures, index, n)


def _read_scores(scores: Sequence[Json], ids: Sequence[str]) -> tuple[list[float], list[int]]:
    if [score["id"] for score in scores] != list(ids):
        raise ValueError("the scores of a unit are not those of the organisation")
    shown = [not _withheld(score) and score["index"] is not None for score in scores]
    index = [_within(score["index"], 100) if seen else NAN for seen, score in zip(shown, scores, strict=True)]
    return index, [_count(score["n"]) if seen else 0 for seen, score in zip(shown, scores, strict=True)]


def _measure(row: Json, snapshot: Json) -> Measure:
    """What makes a measure the same in two waves. Not all of it is in a file of the first version."""
    is_item = "dimension" in row
    of_it = [item["id"] for item in snapshot["items"] if item["dimension"] == row["id"]]
    items = () if is_item else tuple(_text(id_) for id_ in row.get("items", of_it))
    low, high = (_whole(end) for end in row.get("scale", UNKNOWN_SCALE))
    own, within, degrees = (_number_or_nan(row.get(name)) for name in PRECISION_FIGURES)
    shares = [_number_or_nan(share) for share in row.get("distribution", ())]
    return Measure(
        id=_text(row["id"]),
        label=_text(row["label"]),
        items=items,
        scale=(low, high),
        own=within if own != own else own,  # noqa: PLR0124 (NaN)
        within=within,
        degrees=degrees,
        shares=() if any(share != share for share in shares) else tuple(shares),  # noqa: PLR0124
        reverse=row.get("reverse") is True if is_item and "reverse" in row else None,
    )


def _withheld(record: Json) -> bool:
    return record.get("withheld") is True


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is missing")
    return value


def _count(value: Any) -> int:
    return int(_within(_whole(value), MOST_PEOPLE))


def _within(value: Any, most: float) -> float:
    """A number from 0 to `most`."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError("a number is missing, or cannot be")
    return float(value)


def _number_or_nan(value: Any) -> float:
    return NAN if value is None else _within(value, MOST_PEOPLE)
