"""Joint answers: what the organisation's answers to several items together add up to, person by person, additive."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument
from .reliability import Products, no_products, products_of

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

_ROWS = 4_096  # at once: they stay in the cache


@dataclass(frozen=True, slots=True)
class Question:
    """What drivers are asked for: with what an outcome goes, and which items may go with it.

    outcome: id of a dimension with a joint score, or of an item. answers: places of its items; predictors: those of the
    items of all other dimensions with a joint score.
    """

    outcome: str
    answers: tuple[int, ...]
    predictors: tuple[int, ...]

    @property
    def items(self) -> Places:
        """All items used, the predictors first."""
        return np.array([*self.predictors, *self.answers], np.intp)


def questions_of(instrument: Instrument) -> tuple[Question, ...]:
    """Every question on drivers that can be asked: of each dimension with a joint score, then of each item."""
    joint = [dimension.id for dimension in instrument.dimensions if dimension.part != "outcome"]
    home = [item.dimension for item in instrument.items]

    def question(outcome: str, dimension: str, answers: Iterator[int]) -> Question:
        others = (place for place, name in enumerate(home) if name in joint and name != dimension)
        return Question(outcome, tuple(answers), tuple(others))

    return (
        *(question(name, name, (place for place, one in enumerate(home) if one == name)) for name in joint),
        *(question(item.id, item.dimension, iter((place,))) for place, item in enumerate(instrument.items)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """What one wave's answers to several items add up to over the whole organisation; in whole numbers, keyed.

    products: of every pair of items, in the order of the instrument. gaps: (questions of `questions_of`) people who
    answered some of the items that the question is about, but not all.
    """

    products: Products
    gaps: Counts

    def __add__(self, other: Self) -> Self:
        """Both together, of the same instrument."""
        return type(self)(self.products + other.products, self.gaps + other.gaps)

    def __eq__(self, other: object) -> bool:
        """Whether both are made of the same sums."""
        return isinstance(other, Joint) and self.products == other.products and np.array_equal(self.gaps, other.gaps)

    __hash__ = None  # type: ignore[assignment]  # like the arrays it holds

    def as_bytes(self, instrument: Instrument) -> bytes:
        """All sums as little-endian integers of 64 bits, whatever the order of the instrument; the gaps last."""
        items, asked = [item.id for item in instrument.items], questions_of(instrument)
        first = len(asked) - len(items)  # questions on dimensions come before those on items
        products = self.products.of(np.array(sorted(range(len(items)), key=items.__getitem__), np.intp))
        order = sorted(range(len(asked)), key=lambda place: (place >= first, asked[place].outcome))
        tables = (products.n, products.sums, products.squares, products.products, self.gaps[order])
        return b"".join(table.astype("<i8").tobytes() for table in tables)


def joint_of(points: npt.NDArray[np.int8], instrument: Instrument) -> Joint:
    """Add up the answers of (people × items) points as ticked, 0 or less where nothing was answered."""
    turned = np.array([len(item.scale.values) + 1 if item.reverse else 0 for item in instrument.items], np.int8)
    used = np.array([np.isin(np.arange(len(turned)), question.items) for question in questions_of(instrument)])
    sets, which = np.unique(used, axis=0, return_inverse=True)
    products, gaps = no_products(len(turned)), np.zeros(len(sets), np.int64)
    for start in range(0, len(points), _ROWS):
        ticked = points[start : start + _ROWS]
        given = ticked > 0
        products += products_of(np.where(given, np.where(turned > 0, turned - ticked, ticked), 0))
        with_gaps = given[~given.all(axis=1)]  # few people
        answered = with_gaps.astype(np.float32) @ sets.T.astype(np.float32)
        gaps += ((answered > 0) & (answered < sets.sum(axis=1))).sum(axis=0)
    return Joint(products, gaps[which.reshape(-1)])
