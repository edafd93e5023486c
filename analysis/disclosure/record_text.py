"""The record as text: JSON for people and other programs; docs/record.md lists every key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ...surveys.errors import RecordError
from .record import Publication, PublishedRow, Record, Wave

SCHEMA = "psafety-record/2"
_FORMER = "psafety-record/1"  # the same, but for what `data` is a digest of: see `Record.renewed`
ABOUT = "What psafety published of each wave. Keep it, unchanged, where the export is kept, and show it to nobody else."

Json = dict[str, Any]


def to_text(record: Record) -> str:
    """The record as JSON, sorted and one unit to a line; the same record gives the same text."""
    waves = ",\n".join(f"  {_json(name)}: {_wave_text(record.waves[name])}" for name in sorted(record.waves))
    head = {"schema": SCHEMA, "about": ABOUT, "checksum": _checksum(_as_json(record))}
    lines = [f" {_json(name)}: {_json(value)}," for name, value in head.items()]
    return "\n".join(["{", *lines, ' "waves": {', *([waves] if waves else []), " }", "}", ""])


def _json(value: object) -> str:
    """On one line; signs that a reader would not see are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else json.dumps(value, allow_nan=False)


def _wave_text(wave: Wave) -> str:
    publications = ",\n".join(_publication_text(one) for one in wave.publications)
    pairs = f',\n   "pairs": {_json(dict(sorted(wave.pairs.items())))}' if wave.pairs else ""
    return f'{{\n   "key": {_json(wave.key)},\n   "publications": [\n{publications}\n   ]{pairs}\n  }}'


def _publication_text(one: Publication) -> str:
    parts = [
        f"     {_json(name)}: {_rows_text(value) if name in _ROWS else _json(value)}"
        for name, value in _publication_json(one).items()
    ]
    return "    {\n" + ",\n".join(parts) + "\n    }"


def _rows_text(rows: Sequence[Json]) -> str:
    return "[\n" + ",\n".join(f"      {_json(row)}" for row in rows) + "\n     ]"


def _as_json(record: Record) -> Json:
    return {
        name: {"key": wave.key, "publications": [_publication_json(one) for one in wave.publications]}
        | ({"pairs": dict(wave.pairs)} if wave.pairs else {})
        for name, wave in sorted(record.waves.items())
    }


def _publication_json(one: Publication) -> Json:
    """What is empty is left out where it may be."""
    entries: Json = {}
    for name in _KINDS:
        value = getattr(one, name)
        if name in _ROWS:
            value = [_row_json(row) for row in value]
        if value or name not in _MAY_BE_MISSING:
            entries[name] = list(value) if isinstance(value, tuple) else value
    return entries


def _row_json(row: PublishedRow) -> Json:
    return {name: value for name in _ROW_FIELDS if (value := getattr(row, name)) or name in _CELLS_NEEDED}


def _checksum(waves: Json) -> str:
    """SHA-256 of the waves as compact JSON with sorted keys."""
    text = json.dumps(waves, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# What stands in a publication, in this order.
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("file", "date", "data", "instrument", "scoring", "psafety"), str),
    "policy": dict,
    "policy_digest": str,
    "items": list,
    "dimensions": list,
    "units": list,
    "cuts_data": str,
    "cuts": list,
    "comments": list,
    "wave_column": str,
}
_MAY_BE_MISSING = frozenset({"date", "cuts_data", "cuts", "comments", "wave_column"})
_ROWS = ("units", "cuts")
_CELLS: Mapping[str, type] = {
    **dict.fromkeys(("path", "without_items", "without_dimensions"), list),
    **dict.fromkeys(("attribute", "value"), str),
    "n": int,
}
_CELLS_NEEDED = frozenset({"path", "n"})
_ROW_FIELDS = tuple(field.name for field in fields(PublishedRow))
_NEEDED_RULES = frozenset({"min_group", "coalition", "joint_from"})


def from_text(text: str, *, where: str) -> Record:
    """Read a record. Raises RecordError where it is damaged, was edited, or comes from another version of psafety."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _unreadable("The record is damaged: it is not valid JSON.", where, place) from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, str) or not schema.startswith("psafety-record/"):
        raise _unreadable("This file is not a record of psafety.", where, "")
    if schema not in {SCHEMA, _FORMER}:
        raise RecordError(
            f"The record is of another version of psafety (“{schema}”, not “{SCHEMA}”).",
            where=where,
            hint="Use the version of psafety that wrote it, or a newer one.",
        )
    waves = document.get("waves")
    if document.keys() != {"schema", "about", "checksum", "waves"} or not isinstance(waves, dict):
        raise _unreadable("The record is damaged: parts of it are missing, or there are others.", where, "")
    if document["checksum"] != _checksum(waves):
        raise _unreadable("The record was edited, or is damaged: its checksum does not fit.", where, "")
    return Record({name: _wave(entry, where, f"wave “{name}”") for name, entry in waves.items()})


def _unreadable(problem: str, file: str, place: str) -> RecordError:
    return RecordError(
        problem,
        where=", ".join(filter(None, (file, place))),
        hint="Put back a copy from before. Without a record nobody knows which reports were made; only where none was"
        " shared with anybody, move the file away, and a new one begins.",
    )


def _wave(entry: Any, where: str, place: str) -> Wave:
    known = (
        isinstance(entry, dict) and entry.keys() - {"pairs"} == {"key", "publications"} and _is_hex(entry["key"], 32)
    )
    if not known or not isinstance(entry["publications"], list) or not entry["publications"]:
        raise _unreadable("The record is damaged: a wave is not as it was written.", where, place)
    pairs = entry.get("pairs", {})
    if not isinstance(pairs, dict) or not all(_is_hex(digest, 64) for digest in pairs.values()):
        raise _unreadable("The record is damaged: the pairs of a wave are not as they were written.", where, place)
    return Wave(entry["key"], tuple(_publication(one, where, place) for one in entry["publications"]), pairs)


def _is_hex(text: Any, length: int) -> bool:
    return isinstance(text, str) and len(text) == length and set(text) <= set("0123456789abcdef")


def _publication(entry: Any, where: str, place: str) -> Publication:
    fits = (
        isinstance(entry, dict)
        and _KINDS.keys() >= entry.keys() >= _KINDS.keys() - _MAY_BE_MISSING
        and all(isinstance(value, _KINDS[name]) for name, value in entry.items())
        and entry["policy"].keys() >= _NEEDED_RULES
        and all(isinstance(value, (int, float)) for value in entry["policy"].values())
    )
    if not fits:
        raise _unreadable("The record is damaged: a report in it is not as it was written.", where, place)
    texts = {name: _texts(entry[name], where, place) for name in ("items", "dimensions", "comments") if name in entry}
    rows = {name: tuple(_row(row, where, place) for row in entry.get(name, ())) for name in _ROWS}
    return Publication(**entry | texts | rows)


def _row(entry: Any, where: str, place: str) -> PublishedRow:
    if not (
        isinstance(entry, dict)
        and _CELLS.keys() >= entry.keys() >= _CELLS_NEEDED
        and all(type(value) is _CELLS[name] for name, value in entry.items())
    ):
        raise _unreadable("The record is damaged: a row of a report is not as it was written.", where, place)
    lists = {name: _texts(value, where, place) for name, value in entry.items() if isinstance(value, list)}
    return PublishedRow(**entry | lists)


def _texts(entry: Any, where: str, place: str) -> tuple[str, ...]:
    if not isinstance(entry, list) or not all(isinstance(text, str) for text in entry):
        raise _unreadable("The record is damaged: a list of names is not as it was written.", where, place)
    return tuple(entry)
