"""What files print, as columns: figures of thousands of units are kept, and held against the survey, all at once."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Whole = npt.NDArray[np.signedinteger]
Column = npt.NDArray[np.generic]

_MOST_LOOSE = 4096  # rows that wait to become columns


class Cell(NamedTuple):
    """One printed number. unit: place in `Printed.units`; measure: place in `Questions.measures`, or PEOPLE."""

    unit: int
    measure: int
    kind: str
    value: float
    place: str


class Stated(NamedTuple):
    """One thing that a file says of what an average is worth, or of what goes with what.

    kind: one of `EVIDENCE`, or "view". unit: place in `Printed.units`; None for what is said of the organisation as a
    whole. measure: id of the dimension, or of the outcome; "" for a headcount. item: id of the item, if it is of one.
    value: as printed, shares from 0 to 1, NaN where it is said not to be defined; of a view its English words.
    decimals: with how many it is printed; of a percentage, as a share, 2.
    """

    kind: str
    unit: int | None
    measure: str
    item: str
    value: float | str
    decimals: int
    place: str


class Said(Protocol):
    """Some texts, which may be made when they are asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> str: ...


def different(numbers: Whole) -> list[int]:
    """The different ones among numbers from 0 on, ascending: as `np.unique`, which sorts them."""
    found: list[int] = np.flatnonzero(np.bincount(numbers)).tolist()
    return found


class Texts:
    """Texts by number; the last one again is not kept twice."""

    def __init__(self) -> None:
        self._parts: list[Said] = []
        self._starts: list[int] = []
        self._loose: list[str] | None = None
        self._size = 0

    def __getitem__(self, at: int) -> str:
        part = bisect_right(self._starts, at) - 1
        return self._parts[part][at - self._starts[part]]

    def number(self, text: str) -> int:
        """The number of a text, which was the last one or comes new."""
        if self._loose is None:
            self._loose = []
            self._add(self._loose)
        if not self._loose or self._loose[-1] != text:
            self._loose.append(text)
            self._size += 1
        return self._size - 1

    def numbers(self, texts: Said) -> Places:
        """Those of several new ones, to be used for as many columns as their rows have."""
        self._add(texts)
        self._loose = None
        self._size += len(texts)
        return np.arange(self._size - len(texts), self._size)

    def share(self, known: dict[str, str]) -> None:
        """Keep texts that others have, too, only once in memory; but not such as are made when they are asked for."""
        for part in self._parts:
            if isinstance(part, list):
                part[:] = [known.setdefault(text, text) for text in part]

    def _add(self, texts: Said) -> None:
        self._starts.append(self._size)
        self._parts.append(texts)


class Names:
    """Different names by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __getitem__(self, at: int) -> str:
        return self.all[at]

    @property
    def all(self) -> tuple[str, ...]:
        """All of them in their order."""
        return tuple(self._numbers)

    def number(self, name: str) -> int:
        """The number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))


class Growing:
    """Rows of numbers, which come one by one or by the column, and are kept as columns in the order in which they came.

    Of each row is known where it stands: its last column is the number of a text in `texts`.
    """

    types: ClassVar[tuple[type[np.generic], ...]]

    def __init__(self) -> None:
        self.texts = Texts()
        self._parts: list[tuple[Column, ...]] = []
        self._loose: list[tuple[float, ...]] = []

    def __len__(self) -> int:
        return sum(len(part[0]) for part in self._parts) + len(self._loose)

    def share(self, known: dict[str, str]) -> None:
        """Keep texts that other files have, too, only once in memory."""
        self.texts.share(known)

    def column(self, at: int) -> Column:
        """One of the columns."""
        self._settle()
        if len(self._parts) != 1:
            none = tuple(np.array([], kind) for kind in self.types)
            self._parts = [tuple(map(np.concatenate, zip(none, *self._parts, strict=True)))]
        return self._parts[0][at]

    def _row(self, *row: float) -> None:
        self._loose.append(row)
        if len(self._loose) == _MOST_LOOSE:
            self._settle()

    def _columns(self, *columns: npt.ArrayLike) -> None:
        """Add some rows. columns: of single numbers or of as many as the last one has."""
        self._settle()
        size = np.size(columns[-1])
        self._parts.append(
            tuple(np.broadcast_to(np.asarray(one, kind), size) for one, kind in zip(columns, self.types, strict=True))
        )

    def _settle(self) -> None:
        if self._loose:
            columns = zip(*self._loose, strict=True)
            self._parts.append(tuple(np.array(one, kind) for one, kind in zip(columns, self.types, strict=True)))
            self._loose = []


class Cells(Growing, Iterable[Cell]):
    """Printed numbers of units and measures, as of `Cell`."""

    types = (np.int32, np.int16, np.int16, np.float64, np.int32)

    def __init__(self) -> None:
        super().__init__()
        self.kinds = Names()

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.some(np.arange(len(self))))

    def append(self, cell: Cell) -> None:
        """Add one."""
        self._row(cell.unit, cell.measure, self.kinds.number(cell.kind), cell.value, self.texts.number(cell.place))

    def extend(self, cells: Iterable[Cell]) -> None:
        """Add some."""
        for cell in cells:
            self.append(cell)

    def add(self, unit: Places, measure: Places | int, kind: str, value: Floats, place: Places) -> None:
        """Add a column of one kind. measure: of all its cells, or of each; place: as `texts` numbers them."""
        self._columns(unit, measure, self.kinds.number(kind), value, place)

    @property
    def unit(self) -> Whole:
        """(cells) the places of the units."""
        return np.asarray(self.column(0), np.int32)

    @property
    def measure(self) -> Whole:
        """(cells) the places of the measures."""
        return np.asarray(self.column(1), np.int16)

    @property
    def kind(self) -> Whole:
        """(cells) the numbers of the kinds in `kinds`."""
        return np.asarray(self.column(2), np.int16)

    @property
    def value(self) -> Floats:
        """(cells) the numbers as printed."""
        return np.asarray(self.column(3), np.float64)

    def is_of(self, *kinds: str) -> Bools:
        """(cells) which are of one of these kinds."""
        return np.array([kind in kinds for kind in self.kinds.all], np.bool_)[self.kind]

    def cell(self, at: int) -> Cell:
        """One of them."""
        return self.some(np.array([at]))[0]

    def some(self, chosen: Places) -> list[Cell]:
        """Some of them. chosen: their places."""
        kinds, texts = self.kinds.all, self.texts
        columns = (self.column(at)[chosen].tolist() for at in range(5))
        return [
            Cell(unit, measure, kinds[kind], value, texts[text])
            for unit, measure, kind, value, text in zip(*columns, strict=True)
        ]

    def of_unit(self, unit: int) -> list[Cell]:
        """Those of one unit."""
        return self.some(np.flatnonzero(self.unit == unit))


class Claims(Growing):
    """What is said of the averages of units, as of `Stated`; of a view, the value is its place in `views`."""

    types = (np.int32, np.int16, np.int16, np.float64, np.int16, np.int32)

    def __init__(self) -> None:
        super().__init__()
        self.kinds, self.measures, self.views = Names(), Names(), Names()

    @classmethod
    def of(cls, claims: Iterable[Stated]) -> Self:
        """Claims on units as columns."""
        found = cls()
        for claim in claims:
            found.append(claim)
        return found

    def append(self, claim: Stated) -> None:
        """Add one, which is of a unit."""
        kind, unit, measure, _item, value, decimals, place = claim
        number = self.views.number(value) if isinstance(value, str) else value
        place_ = self.texts.number(place)
        self._row(
            -1 if unit is None else unit,
            self.measures.number(measure),
            self.kinds.number(kind),
            number,
            decimals,
            place_,
        )

    def add(self, unit: Places, measure: Places | int, kind: str, value: Floats, decimals: int, place: Places) -> None:
        """Add a column of one kind. measure: as `measures` numbers their ids; place: as `texts` numbers them."""
        self._columns(unit, measure, self.kinds.number(kind), value, decimals, place)

    def claim(self, at: int) -> Stated:
        """One of them."""
        unit, measure, kind, value, decimals, place = (self.column(column)[at].item() for column in range(6))
        said = self.views[int(value)] if self.kinds[kind] == "view" else value
        return Stated(self.kinds[kind], unit, self.measures[measure], "", said, decimals, self.texts[place])

    @property
    def unit(self) -> Whole:
        """(claims) the places of the units."""
        return np.asarray(self.column(0), np.int32)

    def of_unit(self, unit: int) -> list[Stated]:
        """Those of one unit."""
        return [self.claim(at) for at in np.flatnonzero(self.unit == unit).tolist()]


class Differences(Growing):
    """Printed differences of units from the other people of units that hold them, in points of the index.

    Of each the places of both units, that of the dimension in `Questions.dimensions`, the difference and both ends of
    its interval, NaN where they are not printed.
    """

    types = (np.int32, np.int32, np.int16, np.float64, np.float64, np.float64, np.int32)

    def append(self, unit: int, above: int, dimension: int, figures: Sequence[float], place: str) -> None:
        """Add one. figures: the difference, and the ends of its interval."""
        self._row(unit, above, dimension, *figures, self.texts.number(place))

    def add(
        self, unit: Places, above: Places | int, dimension: Places, figures: Sequence[Floats], place: Places
    ) -> None:
        """Add a column of them."""
        self._columns(unit, above, dimension, *figures, place)
