"""Tally: the additive counts and sums from which every indicator is derived; no row is seen after it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..surveys.instrument import Instrument
from ..surveys.responses import WAVE, Responses
from .comments import Written, gather, of_one_wave, together
from .joint import Joint, joint_of

Counts = npt.NDArray[np.int64]

_CELLS = 4_096  # that are hashed at once


class Digests(NamedTuple):
    """What tells whether two tallies are of the same answers: see `Tally.digest`. former: by version 1 of it."""

    data: str
    former: str


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How often each answer was given, cell by cell; additive, in whole numbers, so that the order of adding is free.

    A cell is an observed combination of wave, unit names and values of the cuts; all three tables have the cells as
    their index (levels: wave, the units from the outermost to the team, then the cuts; "" where a name is missing).

    people: (cells) how many people answered anything.
    answers: (cells × [item, point]) counts after reverse-keying; point 1 is the unfavourable end of the scale,
        0 a blank, -1 "not applicable".
    scores: (cells × [dimension, answered, measure]) for the people who answered exactly `answered` of its items:
        measure "n" how many, "total" the sum and "squares" the sum of squares of their item totals (points, keyed).
        Kept per number answered, so that any rule on how many must be answered can be applied afterwards.
    joint: wave → what the answers to several items together add up to, over the whole organisation.
    comments: what people wrote, cleaned, by question, wave and unit; {} where nobody asked for it. Never in a digest.
    """

    instrument: Instrument
    levels: tuple[str, ...]
    people: "pd.Series[int]"
    answers: pd.DataFrame
    scores: pd.DataFrame
    joint: Mapping[str, Joint]
    cuts: tuple[str, ...] = ()
    comments: Written = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        """Both together; they must be of the same instrument, the same levels and the same cuts."""
        if (self.instrument, self.levels, self.cuts) != (other.instrument, other.levels, other.cuts):
            raise ValueError("tallies of different instruments or different unit levels do not add up")
        return type(self)(
            self.instrument,
            self.levels,
            self.people.add(other.people, fill_value=0).astype("int64"),
            self.answers.add(other.answers, fill_value=0).astype("int64"),
            self.scores.add(other.scores, fill_value=0).astype("int64"),
            {**other.joint, **{wave: _added(mine, other.joint.get(wave)) for wave, mine in self.joint.items()}},
            self.cuts,
            together(self.comments, other.comments),
        )

    def __eq__(self, other: object) -> bool:
        """Whether both count the same, cell by cell."""
        return (
            isinstance(other, Tally)
            and (self.instrument, self.levels, self.cuts) == (other.instrument, other.levels, other.cuts)
            and self.people.equals(other.people)
            and self.answers.equals(other.answers)
            and self.scores.equals(other.scores)
            and self.joint == other.joint
            and self.comments == other.comments
        )

    __hash__ = None  # type: ignore[assignment]  # like the tables it holds

    @property
    def waves(self) -> tuple[str, ...]:
        """The waves it holds, in alphabetical order."""
        return tuple(sorted(set(self.people.index.get_level_values(WAVE))))

    @property
    def digest(self) -> str:
        """SHA-256 of what was counted, as 64 hexadecimal digits: the same one means the same answers in the same units.

        Not of the file: the same answers in another order, from another export or under another name of the wave are
        the same data, and may be published again; one more answer, a corrected one or another team column are not. It
        is also what decides: scores are made of the tally alone, so the same tally cannot give different ones.

        What is hashed, and will be as long as records are kept: one line of JSON with “psafety-tally/2”, the former
        digest (below) and the ids of all items, sorted; then, of every pair of items in that order, as little-endian
        integers of 64 bits: how many people answered both, the sums and the sums of squares of the first over them, and
        the sums of products, one table after the other; then how many people left gaps in what the drivers of each
        dimension with a joint score are made of, and those of each item, either by id.
        The former digest (“psafety-tally/1”) knows nothing of joint answers; older records hold it. It is of one line
        of JSON with its name, the id of the instrument, the number of unit levels and the names of all counts, sorted;
        one line of JSON with the names of every cell but for the wave, sorted by code points; then the counts, cell by
        cell, as such integers. Headings of the unit columns do not enter, as exports differ in them. Nor do cuts: see
        `cuts_digest`.
        """
        return self.digests.data

    @property
    def digests(self) -> Digests:
        """The digest, and the one that older records know the same answers by."""
        if self.cuts:
            return self.without_cuts().digests
        former = self._former_digest()
        return Digests(self._joint_digest(former), former)

    def _former_digest(self) -> str:
        names = [[str(part) for part in name] for table in (self.answers, self.scores) for name in table.columns]
        columns = sorted(range(len(names)), key=names.__getitem__)
        levels = [self.people.index.get_level_values(level).tolist() for level in range(1, self.people.index.nlevels)]
        cells = [list(map(str, cell)) for cell in zip(*levels, strict=True)] if levels else [[]] * len(self.people)
        rows = sorted(range(len(cells)), key=cells.__getitem__)
        digest = hashlib.sha256()
        digest.update(_line("psafety-tally/1", self.instrument.id, len(self.levels), [names[each] for each in columns]))
        digest.update(_line(*(cells[row] for row in rows)))
        for first in range(0, len(rows), _CELLS):  # not all at once, as every copy of all counts takes memory
            some = rows[first : first + _CELLS]
            counts = np.column_stack([self.answers.iloc[some], self.scores.iloc[some]])[:, columns]
            digest.update(np.column_stack([self.people.iloc[some], counts]).astype("<i8").tobytes())
        return digest.hexdigest()

    def _joint_digest(self, former: str) -> str:
        items = [item.id for item in self.instrument.items]
        digest = hashlib.sha256(_line("psafety-tally/2", former, sorted(items)))
        for sums in sorted(joint.as_bytes(self.instrument) for joint in self.joint.values()):
            digest.update(sums)
        return digest.hexdigest()

    @property
    def cuts_digest(self) -> str:
        """The digest with the cuts as further levels: the same people in the same cuts; "" without cuts."""
        return self.cuts_digests.data

    @property
    def cuts_digests(self) -> Digests:
        """As `digests`, with the cuts as further levels."""
        return replace(self, levels=self.levels + self.cuts, cuts=()).digests if self.cuts else Digests("", "")

    def of_wave(self, wave: str) -> Self:
        """Only the cells of one wave."""
        here = self.people.index.get_level_values(WAVE) == wave
        return replace(
            self,
            people=self.people[here],
            answers=self.answers[here],
            scores=self.scores[here],
            joint={name: joint for name, joint in self.joint.items() if name == wave},
            comments=of_one_wave(self.comments, wave),
        )

    def without_cuts(self) -> Self:
        """The same people, counted by wave and unit alone."""
        if not self.cuts:
            return self
        groups = [WAVE, *self.levels]
        return replace(
            self,
            people=self.people.groupby(level=groups).sum(),
            answers=self.answers.groupby(level=groups).sum(),
            scores=self.scores.groupby(level=groups).sum(),
            cuts=(),
        )


def tally(responses: Responses) -> Tally:
    """Count the answers, cell by cell."""
    cells, index = _cells(responses.groups)
    points = responses.points.to_numpy()
    return Tally(
        instrument=responses.instrument,
        levels=responses.levels,
        people=pd.Series(np.bincount(cells, minlength=len(index)), index=index),
        answers=_count_answers(cells, index, points, responses.instrument),
        scores=_sum_scores(cells, index, points, responses.instrument),
        joint=_join(responses.groups[WAVE], points, responses.instrument),
        cuts=responses.cuts,
        comments=gather(responses),
    )


def _added(one: Joint, other: Joint | None) -> Joint:
    return one if other is None else one + other


def _line(*parts: object) -> bytes:
    """One line of compact JSON."""
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _join(waves: "pd.Series[str]", points: npt.NDArray[np.int8], instrument: Instrument) -> dict[str, Joint]:
    """The joint answers of every wave that somebody answered in."""
    codes = waves.cat.codes.to_numpy()
    found = np.unique(codes)
    return {
        str(waves.cat.categories[code]): joint_of(points if len(found) == 1 else points[codes == code], instrument)
        for code in found.tolist()
    }


def _cells(groups: pd.DataFrame) -> tuple[npt.NDArray[np.intp], pd.MultiIndex]:
    """The cell of every row, and the names of the cells in alphabetical order."""
    columns = [groups[name].cat for name in groups]
    code = np.zeros(len(groups), np.int64)
    for column in columns:
        code *= len(column.categories)
        code += column.codes.to_numpy()
    cells, found = pd.factorize(code)
    names = []
    for column in reversed(columns):
        found, place = np.divmod(found, len(column.categories))
        names.append(column.categories.to_numpy(dtype=object)[place])
    index = pd.MultiIndex.from_arrays(names[::-1], names=list(groups))
    order = index.argsort()
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return rank[cells], index[order]


def _count_answers(
    cells: npt.NDArray[np.intp], index: pd.MultiIndex, points: npt.NDArray[np.int8], instrument: Instrument
) -> pd.DataFrame:
    blocks = []
    slot = np.empty(len(cells), np.int64)
    for column, item in enumerate(instrument.items):
        size = len(item.scale.values)
        np.multiply(cells, size + 2, out=slot)
        slot += points[:, column]
        slot += 1  # -1, 0, 1..size → 0, 1, 2..size+1
        counts = np.bincount(slot, minlength=len(index) * (size + 2)).reshape(-1, size + 2)
        if item.reverse:
            counts[:, 2:] = counts[:, :1:-1]
        names = [(item.id, point) for point in range(-1, size + 1)]
        blocks.append(
            pd.DataFrame(counts, index=index, columns=pd.MultiIndex.from_tuples(names, names=["item", "point"]))
        )
    return pd.concat(blocks, axis=1)


def _sum_scores(
    cells: npt.NDArray[np.intp], index: pd.MultiIndex, points: npt.NDArray[np.int8], instrument: Instrument
) -> pd.DataFrame:
    place = {item.id: column for column, item in enumerate(instrument.items)}
    blocks = []
    for dimension in instrument.dimensions:
        if dimension.part == "outcome":
            continue
        items = instrument.items_of(dimension.id)
        answered, total = np.zeros(len(points), np.int16), np.zeros(len(points), np.int32)
        for item in items:
            ticked = points[:, place[item.id]]
            given = ticked > 0
            answered += given
            total += np.where(given, len(item.scale.values) + 1 - ticked if item.reverse else ticked, np.int8(0))
        sizes = len(items) + 1
        slot = cells * sizes
        slot += answered
        weights = (None, total, np.square(total, dtype=np.float64))
        sums = [
            np.bincount(slot, weights=weight, minlength=len(index) * sizes).astype(np.int64).reshape(-1, sizes)
            for weight in weights
        ]
        stacked = np.stack(sums, axis=2).reshape(len(index), 3 * sizes)
        names = [(dimension.id, count, measure) for count in range(sizes) for measure in ("n", "total", "squares")]
        columns = pd.MultiIndex.from_tuples(names, names=["dimension", "answered", "measure"])
        blocks.append(pd.DataFrame(stacked, index=index, columns=columns))
    return pd.concat(blocks, axis=1) if blocks else pd.DataFrame(index=index)
