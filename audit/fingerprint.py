"""The digest by which a record knows answers, made anew from the raw file as docs/record.md describes it."""

import hashlib
import json
from dataclasses import dataclass

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
    cells = _cells_of(people)
    columns: dict[tuple[str, ...], Counts] = {}
    for place, item in enumerate(people.rows.items):
        ticked = cells.summed(people.answers[:, place, : len(item.scale.values)])
        keyed = ticked[:, ::-1] if item.reverse else ticked
        columns |= {(item.id, str(point)): column for point, column in enumerate(keyed.T, 1)}
        columns |= {(item.id, str(point)): cells.people(homes) for point, homes in people.rows.skipped(place).items()}
    for dimension in people.rows.dimensions:
        totals = people.rows.totals(dimension, len(people.homes))
        for name, table in zip(("n", "total", "squares"), totals, strict=True):
            columns |= {(dimension, str(count), name): one for count, one in enumerate(cells.summed(table).T)}
    order = sorted(columns)
    counts = np.column_stack([cells.summed(people.people), *(columns[name] for name in order)])
    digest = hashlib.sha256()
    digest.update(_line("psafety-tally/1", instrument.id, len(people.levels), [list(name) for name in order]))
    digest.update(_line(*map(list, cells.names)))
    digest.update(counts.astype("<i8").tobytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The units that people are in, sorted. cell: of each home; order: homes by cell; starts: of each cell in it."""

    names: list[tuple[str, ...]]
    cell: Places
    order: Places
    starts: Places

    def summed(self, counts: Counts) -> Counts:
        """(cells, …) the sums over the homes in each, of which there is one at least."""
        return np.asarray(np.add.reduceat(counts[self.order], self.starts, axis=0))

    def people(self, homes: Places) -> Counts:
        """(cells) how many people there are in each. homes: theirs."""
        return np.bincount(self.cell[homes], minlength=len(self.names)).astype(np.int64)


def _cells_of(people: People) -> _Cells:
    units = [names[: len(people.levels)] for names in people.homes]
    names = sorted(set(units))
    place = {name: at for at, name in enumerate(names)}
    cell = np.array([place[name] for name in units], np.intp)
    order = np.argsort(cell, kind="stable")
    return _Cells(names, cell, order, np.searchsorted(cell[order], np.arange(len(names))))


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
