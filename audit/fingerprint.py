"""The digest by which a record knows answers, made anew from the raw file as docs/record.md describes it."""

import hashlib
import json

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument, Item
from ..surveys.pieces import rows_at_once
from ..surveys.responses import WAVE, Responses
from .columns import Counts

_NOT_APPLICABLE = -1


def digests_of(responses: Responses) -> frozenset[str]:
    """The digests of the answers of one wave, of the latest kind and of version 1."""
    former = _former(responses)
    items = sorted(item.id for item in responses.instrument.items)
    digest = hashlib.sha256(_line("psafety-tally/2", former, items))
    digest.update(_joint(responses.points.to_numpy(), responses.instrument))
    return frozenset({digest.hexdigest(), former})


def _line(*parts: object) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _former(responses: Responses) -> str:
    """Of how many people of each unit gave which answer to which item, and how item totals spread."""
    instrument = responses.instrument
    names, cell = _cells(responses)
    points, size = responses.points.to_numpy(), len(names)
    columns: dict[tuple[str, ...], Counts] = {}
    for place, item in enumerate(instrument.items):
        ticked = points[:, place].astype(np.int64)
        keyed = np.where(ticked > 0, _keyed(ticked, item), ticked)
        for point in range(_NOT_APPLICABLE, len(item.scale.values) + 1):
            columns[item.id, str(point)] = np.bincount(cell[keyed == point], minlength=size)
    for dimension in instrument.dimensions:
        if dimension.part != "outcome":
            columns |= _totals(dimension.id, points, cell, instrument, size)
    order = sorted(columns)
    people = np.bincount(cell, minlength=size)
    counts = np.column_stack([people, *(columns[name] for name in order)])
    digest = hashlib.sha256()
    digest.update(_line("psafety-tally/1", instrument.id, len(responses.levels), [list(name) for name in order]))
    digest.update(_line(*map(list, names)))
    digest.update(counts.astype("<i8").tobytes())
    return digest.hexdigest()


def _cells(responses: Responses) -> tuple[list[tuple[str, ...]], npt.NDArray[np.intp]]:
    """The names of all cells, sorted, and the cell of each person."""
    groups = responses.groups[[WAVE, *responses.levels]]
    rows = groups[list(responses.levels)].astype(str)
    names: list[tuple[str, ...]] = sorted(set(rows.itertuples(index=False, name=None))) if responses.levels else [()]
    place = {name: at for at, name in enumerate(names)}
    if not responses.levels:
        return names, np.zeros(len(groups), np.intp)
    found = rows.groupby(list(responses.levels), sort=False).ngroup().to_numpy()
    first = rows.iloc[np.unique(found, return_index=True)[1]]
    at = np.array([place[name] for name in first.itertuples(index=False, name=None)], np.intp)
    return names, at[found]


def _keyed(ticked: Counts, item: Item) -> Counts:
    return len(item.scale.values) + 1 - ticked if item.reverse else ticked


def _totals(
    dimension: str, points: npt.NDArray[np.int8], cell: npt.NDArray[np.intp], instrument: Instrument, size: int
) -> dict[tuple[str, ...], Counts]:
    """How many answered so many items of a dimension; the sums, and the sums of squares, of what these add up to."""
    mine = [(place, item) for place, item in enumerate(instrument.items) if item.dimension == dimension]
    answered = np.zeros(len(points), np.int64)
    total = np.zeros(len(points), np.int64)
    for place, item in mine:
        ticked = points[:, place].astype(np.int64)
        answered += ticked > 0
        total += np.where(ticked > 0, _keyed(ticked, item), 0)
    columns: dict[tuple[str, ...], Counts] = {}
    for count in range(len(mine) + 1):
        here = answered == count
        weights = {"n": np.ones(len(points), np.int64), "total": total, "squares": total**2}
        for name, weight in weights.items():
            sums = np.bincount(cell[here], weights=weight[here].astype(float), minlength=size)
            columns[dimension, str(count), name] = np.rint(sums).astype(np.int64)
    return columns


def _joint(points: npt.NDArray[np.int8], instrument: Instrument) -> bytes:
    """Of which answers go together in the whole organisation, and who left gaps in what drivers are made of."""
    order = sorted(range(len(instrument.items)), key=lambda place: instrument.items[place].id)
    turned = np.array([len(item.scale.values) + 1 if item.reverse else 0 for item in instrument.items], np.int64)
    used = _used(instrument)
    tables = np.zeros((4, len(order), len(order)), np.int64)
    gaps = np.zeros(len(used), np.int64)
    for rows in rows_at_once(len(points)):
        ticked = points[rows].astype(np.int64)
        given = (ticked > 0).astype(float)
        keyed = np.where(ticked > 0, np.where(turned > 0, turned - ticked, ticked), 0).astype(float)
        sums = [left.T @ right for left, right in ((given, given), (keyed, given), (keyed**2, given), (keyed, keyed))]
        tables += np.rint(sums).astype(np.int64)
        answered = given @ used.T
        gaps += ((answered > 0) & (answered < used.sum(axis=1))).sum(axis=0)
    here = np.ix_(order, order)
    return b"".join(table[here].astype("<i8").tobytes() for table in tables) + gaps.astype("<i8").tobytes()


def _used(instrument: Instrument) -> npt.NDArray[np.float64]:
    """(questions × items) the items of each question on drivers: on joint dimensions first, then on items; by id."""
    joint = [dimension.id for dimension in instrument.dimensions if dimension.part != "outcome"]
    homes = [item.dimension for item in instrument.items]
    questions = [
        *((name, [home == name for home in homes]) for name in sorted(joint)),
        *((item.dimension, [one is item for one in instrument.items]) for item in _by_id(instrument)),
    ]
    return np.array(
        [
            [mine or (home in joint and home != dimension) for mine, home in zip(answers, homes, strict=True)]
            for dimension, answers in questions
        ],
        np.float64,
    )


def _by_id(instrument: Instrument) -> list[Item]:
    return sorted(instrument.items, key=lambda item: item.id)
