"""Published: what one report of one wave printed, as far as later waves are compared with it; nothing finer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Path = tuple[str, ...]

UNKNOWN_SCALE = (0, 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension or an item of one wave.

    label: its name or wording. items: of a dimension, the ids of its items; () for an item.
    scale: lowest and highest value of its response scale; UNKNOWN_SCALE where the report did not say.
    own, within: standard deviation on 0 to 100 of the organisation's people, and pooled inside its printed groups; NaN
        where not published. degrees: degrees of freedom of `within`.
    shares: of the organisation's answers per point as ticked, lowest first; () where not published.
    reverse: of an item, whether low answers are the good ones, so that it is turned round; None where not known.
    """

    id: str
    label: str
    items: tuple[str, ...]
    scale: tuple[int, int]
    own: float
    within: float
    degrees: float
    shares: tuple[float, ...] = ()
    reverse: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The printed index of every unit (rows) in every measure (columns): NaN, and n = 0, where withheld."""

    measures: tuple[Measure, ...]
    index: Floats
    n: Counts

    def column(self, id_: str) -> int:
        """The position of the measure of that id."""
        return next(place for place, measure in enumerate(self.measures) if measure.id == id_)

    def only(self, rows: npt.NDArray[np.intp]) -> Self:
        """The figures of some units alone."""
        return replace(self, index=self.index[rows], n=self.n[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """One wave as printed.

    paths: per unit its names from the top-level unit down; () for the organisation, which comes first. `rest` rows are
        left out: they are other people in every wave. people: answers per unit, 0 where withheld.
    rules: digest of the rules of disclosure; "" where the report was made before there was one.
    directed: whether it is known which end of a scale is the good one. lang: the language that it is written in.
    """

    title: str
    wave: str
    instrument: str
    min_group: int
    rules: str
    paths: tuple[Path, ...]
    levels: tuple[str, ...]
    people: Counts
    dimensions: Figures
    items: Figures
    directed: bool = True
    lang: str = "en"

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same wave with some units called otherwise, wherever they stand in the tree."""
        return replace(self, paths=tuple(tuple(names.get(name, name) for name in path) for path in self.paths))

    def only(self, rows: Sequence[int]) -> Self:
        """The same wave with some of its units alone."""
        at = np.array(rows, np.intp)
        return replace(
            self,
            paths=tuple(self.paths[row] for row in rows),
            levels=tuple(self.levels[row] for row in rows),
            people=self.people[at],
            dimensions=self.dimensions.only(at),
            items=self.items.only(at),
        )
