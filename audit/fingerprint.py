"""The digest by which a record knows answers, made anew from the raw file as docs/record.md describes it."""

import hashlib
import json

import numpy as np

from ..surveys.instrument import Instrument
from .columns import Counts, Places
from .joint import Rows
from .members import People


def digests_of(people: People, instrument: Instrument) -> frozenset[str]:
    """The digests of the answers of one wave, of the latest kind and of version 1. instrument: that was asked."""
    former = _former(people, instrument)
    items = sorted(item.id for item in instrument.items)
    digest = hashlib.sha256(_line("psafety-tally/2", former, items))
    digest.update(_joint(people.rows))
    return frozenset({digest.hexdigest(), former})


def _line(*parts: object) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _former(people: People, instrument: Instrument) -> str:
    """Of how many people of each unit gave which answer to which item, and how item totals spread."""
    names, cell = _cells(people)
    columns: dict[tuple[str, ...], Counts] = {}
    for place, item in enumerate(people.rows.items):
        ticked = _summed(people.answers[:, place, : len(item.scale.values)], cell, len(names))
        keyed = ticked[:, ::-1] if item.reverse else ticked
        columns |= {(item.id, str(point)): column for point, column in enumerate(keyed.T, 1)}
        skipped = people.rows.skipped(place)
        columns |= {(item.id, str(point)): _counted(cell[homes], len(names)) for point, homes in skipped.items()}
    for dimension in people.rows.dimensions:
        totals = people.rows.totals(dimension, len(people.homes))
        for name, table in zip(("n", "total", "squares"), totals, strict=True):
            sums = _summed(table, cell, len(names))
            columns |= {(dimension, str(count), name): column for count, column in enumerate(sums.T)}
    order = sorted(columns)
    counts = np.column_stack([_summed(people.people, cell, len(names)), *(columns[name] for name in order)])
    digest = hashlib.sha256()
    digest.update(_line("psafety-tally/1", instrument.id, len(people.levels), [list(name) for name in order]))
    digest.update(_line(*map(list, names)))
    digest.update(counts.astype("<i8").tobytes())
    return digest.hexdigest()


def _cells(people: People) -> tuple[list[tuple[str, ...]], Places]:
    """The names of all cells, which are the units that people are in, sorted; and the cell of each home."""
    units = [names[: len(people.levels)] for names in people.homes]
    names = sorted(set(units))
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place[name] for name in units], np.intp)


def _summed(counts: Counts, cell: Places, size: int) -> Counts:
    """(cells, …) the sums over the homes in each cell."""
    found = np.zeros((size, *counts.shape[1:]), np.int64)
    np.add.at(found, cell, counts)
    return found


def _counted(cell: Places, size: int) -> Counts:
    return np.bincount(cell, minlength=size).astype(np.int64)


def _joint(rows: Rows) -> bytes:
    """Of which answers go together in the whole organisation, and who left gaps in what drivers are made of."""
    order = sorted(range(len(rows.items)), key=lambda place: rows.items[place].id)
    here = np.ix_(order, order)
    joint = rows.together
    tables = (np.rint(table[here]).astype("<i8").tobytes() for table in joint.sums.from_nought(rows.middle))
    outcomes = [
        *(("dimension", name) for name in sorted(rows.dimensions)),
        *(("item", rows.items[place].id) for place in order),
    ]
    gaps = np.array([joint.gaps[outcome] for outcome in outcomes])
    return b"".join(tables) + gaps.astype("<i8").tobytes()
