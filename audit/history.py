"""The record of what was published of a wave before: rows that a reader of this output may hold as well."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .figures import Unit, plain

_MOST_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Publication:
    """One report of the wave, as recorded.

    data: what tells whether two reports are of the same answers. file, date: as recorded. units: printed rows, groups
    across the organisation among them, with the number of their people; withheld: per row the ids of the items that
    were not printed. items: all item ids.
    """

    data: str
    file: str
    date: str
    units: Mapping[Unit, int]
    withheld: Mapping[Unit, frozenset[str]]
    items: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file} ({self.date})" if self.date else self.file


@dataclass(frozen=True, slots=True)
class History:
    """The publications of one wave; doubt: what keeps the record from being read, "" where nothing does.

    links: any two waves of the record of which people were compared by their codes, the earlier first.
    """

    publications: tuple[Publication, ...] = ()
    doubt: str = ""
    links: tuple[tuple[str, str], ...] = ()


def read_history(path: Path, wave: str, levels: Sequence[str]) -> History:
    """What a record says of one wave; a record that cannot be understood is a doubt, not an error."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return History(doubt=f"The record {path.name} is too large to be one.")
        document = json.loads(path.read_text(encoding="utf-8"))
        waves = document["waves"]
        entry = waves.get(wave) or waves.get("") or {"publications": []}
        links = tuple((earlier, later) for later, one in waves.items() for earlier in one.get("pairs", ()))
        return History(tuple(_publication(one, levels) for one in entry["publications"]), links=links)
    except OSError:
        return History(doubt=f"The record {path.name} cannot be read.")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return History(doubt=f"The record {path.name} is not one that this version understands.")


def _publication(entry: Mapping[str, Any], levels: Sequence[str]) -> Publication:
    units = {_unit(one["path"], levels): one for one in entry["units"]}
    for one in entry.get("cuts", ()):
        units[_unit(one["path"], levels)._replace(cut=(plain(one["attribute"]), plain(one["value"])))] = one
    return Publication(
        data=str(entry["data"]),
        file=str(entry["file"]),
        date=str(entry.get("date", "")),
        units={unit: int(one["n"]) for unit, one in units.items()},
        withheld={unit: frozenset(map(str, one.get("without_items", ()))) for unit, one in units.items()},
        items=tuple(map(str, entry["items"])),
    )


def _unit(path: Sequence[str], levels: Sequence[str]) -> Unit:
    """A recorded path has a name for every level, "" for one that is skipped."""
    names = tuple(plain(name) for name in path if name)
    return Unit(names, plain(levels[len(path) - 1]) if path else "")
