"""The hierarchy: which unit lies in which, and sums over all that lie below."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Number = TypeVar("Number", np.int64, np.float64)
_PARTS = re.compile(r"(\d{1,15})|(\D+|\d+)")


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """The units of a survey as a tree in reading order: the organisation first, parents before children, then by name.

    paths: per unit its names from the outermost level inwards; () for the organisation; "" for a level it skips.
    parents: index of the parent; -1 for the organisation. depths: 0 for the organisation.
    homes: per cell of the tally, the unit its people are attached to.
    """

    paths: tuple[tuple[str, ...], ...]
    parents: npt.NDArray[np.intp]
    depths: npt.NDArray[np.intp]
    homes: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def levels(self) -> npt.NDArray[np.intp]:
        """Per unit the position of its column of names; -1 for the organisation."""
        return np.array([len(path) - 1 for path in self.paths], np.intp)

    def bottom_up(self) -> Iterator[npt.NDArray[np.intp]]:
        """The units of each depth, the deepest first, without the organisation."""
        for depth in range(int(self.depths.max(initial=0)), 0, -1):
            yield np.flatnonzero(self.depths == depth)

    def ends(self) -> npt.NDArray[np.intp]:
        """Per unit the position behind the last unit that lies in it."""
        ends = np.arange(1, len(self) + 1)
        for here in self.bottom_up():
            np.maximum.at(ends, self.parents[here], ends[here])
        return ends

    def attached(self, counts: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """(cells × …) → (units × …): what is attached to each unit directly."""
        sums = np.zeros((len(self), *counts.shape[1:]), counts.dtype)
        add_up(sums, self.homes, counts)
        return sums

    def below(self, counts: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """(units × …) → (units × …): each unit with all that lies below it."""
        sums = counts.copy()
        for here in self.bottom_up():
            add_up(sums, self.parents[here], sums[here])
        return sums


def add_up(sums: npt.NDArray[Number], groups: npt.NDArray[np.intp], values: npt.NDArray[Number]) -> None:
    """Add to `sums` the values of each group: as `np.add.at`, which takes many times as long for tables."""
    order = np.argsort(groups, kind="stable")
    found, firsts = np.unique(groups[order], return_index=True)
    if len(found):
        sums[found] += np.add.reduceat(values[order], firsts, axis=0)


def build_hierarchy(cells: pd.Index, levels: tuple[str, ...]) -> Hierarchy:
    """The tree that the cells of one wave span.

    A name stands for the unit under the names before it, so two departments may each have a team “North”.
    A missing name is skipped: people who named a department but no team are attached to the department.
    """
    named = _names(cells, levels)
    paths = {()} | {names[: depth + 1] for names in named for depth in range(len(levels)) if names[depth]}
    keys = {name: (reading_order(name), name) for name in {name for path in paths for name in path}}
    ordered = sorted(paths, key=lambda path: tuple(map(keys.__getitem__, path)))
    index = {path: position for position, path in enumerate(ordered)}
    parents = np.array([index[_home(path[:-1])] if path else -1 for path in ordered], np.intp)
    depths = np.zeros(len(ordered), np.intp)
    for position in range(1, len(ordered)):
        depths[position] = depths[parents[position]] + 1
    homes = np.array([index[_home(names)] for names in named], np.intp)
    return Hierarchy(tuple(ordered), parents, depths, homes)


def _names(cells: pd.Index, levels: tuple[str, ...]) -> list[tuple[str, ...]]:
    columns = [cells.get_level_values(level).tolist() for level in levels]
    return list(zip(*columns, strict=True)) if columns else [()] * len(cells)


def _home(names: tuple[str, ...]) -> tuple[str, ...]:
    """The path without the empty names at its end."""
    named = [depth for depth, name in enumerate(names) if name]
    return names[: named[-1] + 1] if named else ()


def reading_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which “Team 2” comes before “Team 10” and “Ärzte” before “Bau”; case does not matter, nameless first."""
    letters = name.casefold()
    if not letters.isascii():
        letters = "".join(sign for sign in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(sign))
    parts = _PARTS.findall(letters)
    return tuple([(0, int(digits), "") if digits else (1, 0, text) for digits, text in parts])
