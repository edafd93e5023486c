"""The linear certificate: no sum or difference of printed rows, with any weights, speaks of too few people.

It is for rows that overlap, where the atoms alone prove nothing: cuts, comparisons, several publications of one wave.
Columns are atoms (people in exactly the same rows). A combination of rows isolates a set of atoms if it is nought on
all others: so the question is for the lightest vector of the row space, an atom weighing as much as it has people.

Method: the enumeration of Brouwer and Zimmermann for the smallest distance of a linear code. A vector that is a
combination of more than two rows of a reduced basis weighs at least three on that basis's own columns; two bases with
no person in common make six, and so on. So it is enough to look at all single rows and all pairs of rows of a few
bases without a common person.

Arithmetic is exact: modulo the prime 2³¹ - 1, in which the rank is shown to be that in whole numbers, so that every
combination in whole numbers is one modulo the prime as well; what is found is put into whole numbers and checked again
in them. Floating point decides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from .atoms import Family, Leak
from .columns import Bools, Counts

Matrix = npt.NDArray[np.int64]
PRIME = 2**31 - 1
_MOST_CELLS = 4_000_000  # rows × atoms of one elimination; above it the search does not begin
_TOGETHER = 2  # rows of a basis that are combined with each other
_MOST_BASES = 24


class Unfinished(Exception):  # noqa: N818 (a state of the search, not a mistake)
    """The search would take longer than allowed, so nothing is proved."""


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination of rows that speaks of few people: a weight per row, and the atoms it leaves."""

    weights: tuple[Fraction, ...]
    atoms: tuple[int, ...]


def find_combination(rows: Matrix, people: Sequence[int], smallest: int, *, budget: int = 20_000) -> Combination | None:
    """A combination of rows supported on 1 to `smallest` - 1 people; None is a proof that there is none.

    rows: (rows × atoms) 0 or 1. people: per atom how many people it holds, none of them 0. budget: pairs of rows that
    are looked at closely. Raises Unfinished where the search would take too long.
    """
    sizes = np.asarray(people, np.int64)
    if not rows.size or sizes.min() >= smallest:
        return None
    if rows.shape[0] * (rows.shape[1] + rows.shape[0]) > _MOST_CELLS:
        raise Unfinished
    space = _Space(rows, sizes)
    found = space.lightest(smallest, budget)
    return None if found is None else _in_whole_numbers(found, rows, people, smallest)


def isolated(family: Family, shown: Bools, counts: Counts, smallest: int) -> Iterator[Leak]:
    """The leak among overlapping rows, if there is one; as for `atoms.leaks`.

    Raises Unfinished where the search would take too long.
    """
    atoms = family.atoms(shown)
    people = [int(counts[list(atom.homes)].sum()) for atom in atoms]
    atoms, people = [atom for atom, n in zip(atoms, people, strict=True) if n], [n for n in people if n]
    wanted = np.flatnonzero(shown).tolist()
    number = {row: place for place, row in enumerate(wanted)}
    rows = np.zeros((len(wanted), len(atoms)), np.int64)
    for place, atom in enumerate(atoms):
        rows[[number[row] for row in atom.rows], place] = 1
    found = find_combination(rows, people, smallest)
    if found is not None:
        scale = lcm(*(weight.denominator for weight in found.weights))
        times = [int(weight * scale) for weight in found.weights]
        yield Leak(
            plus=tuple(row for row, number in zip(wanted, times, strict=True) for _ in range(number)),
            minus=tuple(row for row, number in zip(wanted, times, strict=True) for _ in range(-number)),
            people=sum(people[atom] for atom in found.atoms),
            unanimous=False,
        )


class _Space:
    """The row space modulo the prime: rows as combinations of the given ones, which stand behind them.

    work: (rows × [atoms, given rows]). Columns of atoms with at least `smallest` people must be nought in what is
    looked for, so they are cleared first.
    """

    def __init__(self, rows: Matrix, people: Matrix) -> None:
        self.people, self.atoms = people, rows.shape[1]
        order = np.argsort(rows.sum(axis=1), kind="stable")  # short rows first: the matrix stays empty for longer
        self.work = np.concatenate([rows[order], np.eye(len(rows), dtype=np.int64)[order]], axis=1)
        self.given = rows

    def lightest(self, smallest: int, budget: int) -> Matrix | None:
        """Weights of the given rows, modulo the prime, whose combination speaks of fewer people than `smallest`."""
        large = self.people >= smallest
        self.work = self.work[self._reduce(np.where(large, self.people, 0)) < 0]
        left = np.where(large, 0, self.people)
        bound = 0
        for turn in range(_MOST_BASES):
            leads = self._reduce(left)
            if turn == 0:
                self._check_rank(self.work[leads < 0, self.atoms :])
                self.work, leads = self.work[leads >= 0], leads[leads >= 0]
            if not len(self.work):
                return None
            found = self._among_few(smallest, budget)
            if found is not None:
                return found
            bound += max(_TOGETHER + 1 - int((leads < 0).sum()), 0)
            if bound >= smallest:
                return None
            left[leads[leads >= 0]] -= 1
        raise Unfinished

    def _reduce(self, left: Matrix) -> Matrix:
        """Bring the rows into reduced form on columns with people left; the column that each leads in, -1 for none.

        left: (atoms) how many of its people no earlier basis has used. A row leads where most people are left around.
        """
        shared = self.work[:, : self.atoms] != 0
        most = int(self.people.sum()) + 1
        around = np.where(shared, (shared @ left)[:, None], most).min(axis=0, initial=most)
        rank = around * (int(left.max(initial=0)) + 1) + left
        leads = np.full(len(self.work), -1)
        for row in range(len(self.work)):
            open_ = np.flatnonzero((self.work[row, : self.atoms] != 0) & (left > 0))
            if not len(open_):
                continue
            column = int(open_[np.argmax(rank[open_])])
            self._clear(row, column)
            leads[row] = column
        return leads

    def _clear(self, row: int, column: int) -> None:
        """Make the row one in the column, and all others nought."""
        at = np.flatnonzero(self.work[row])
        values = self.work[row, at] * pow(int(self.work[row, column]), -1, PRIME) % PRIME
        self.work[row, at] = values
        others = np.flatnonzero(self.work[:, column])
        others = others[others != row]
        cells = np.ix_(others, at)
        self.work[cells] = (self.work[cells] - self.work[others, column][:, None] * values) % PRIME

    def _check_rank(self, relations: Matrix) -> None:
        """Rows that cancel modulo the prime cancel in whole numbers too, or nothing is proved."""
        for relation in relations:
            used = np.flatnonzero(relation)
            weights = [_as_fraction(weight) for weight in relation[used].tolist()]
            scale = lcm(*(weight.denominator for weight in weights))
            whole = np.array([int(weight * scale) for weight in weights], dtype=object)
            if (whole @ self.given[used].astype(object)).any():
                raise Unfinished

    def _among_few(self, smallest: int, budget: int) -> Matrix | None:
        """The weights of a row, or of a combination of two, that speaks of few people; None where there is none."""
        from scipy.sparse import csr_array  # noqa: PLC0415 (few reports need it)

        support = csr_array((self.work[:, : self.atoms] != 0).astype(np.int64))
        alone = support @ self.people
        few = np.flatnonzero(alone < smallest)
        if len(few):
            return self.work[few[0], self.atoms :]
        both = (support @ csr_array(support.multiply(self.people)).T).toarray()
        apart = alone[:, None] + alone[None, :] - 2 * both
        first, second = np.nonzero(np.triu(apart < smallest, 1))
        if len(first) > budget:
            raise Unfinished
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            times = self._cancelling(one, other, int(apart[one, other]), smallest)
            if times:
                return np.asarray((self.work[one, self.atoms :] + times * self.work[other, self.atoms :]) % PRIME)
        return None

    def _cancelling(self, one: int, other: int, apart: int, smallest: int) -> int:
        """By how much to multiply the other row so that the sum speaks of few people; 0 where no number does."""
        at = np.flatnonzero((self.work[one, : self.atoms] != 0) & (self.work[other, : self.atoms] != 0))
        ratios = [
            -a * pow(b, -1, PRIME) % PRIME
            for a, b in zip(self.work[one, at].tolist(), self.work[other, at].tolist(), strict=True)
        ]
        together = int(self.people[at].sum())
        gone: dict[int, int] = {}
        for ratio, number in zip(ratios, self.people[at].tolist(), strict=True):
            gone[ratio] = gone.get(ratio, 0) + number
        best = max(gone, key=lambda ratio: (gone[ratio], -ratio), default=1)
        return best if apart + together - gone.get(best, 0) < smallest else 0


def _in_whole_numbers(weights: Matrix, rows: Matrix, people: Sequence[int], smallest: int) -> Combination:
    """The weights as fractions, checked anew; without a check that holds, nothing is proved either way."""
    fractions = [_as_fraction(int(weight)) for weight in weights]
    left = [sum((w * int(cell) for w, cell in zip(fractions, column, strict=True)), Fraction(0)) for column in rows.T]
    atoms = tuple(atom for atom, weight in enumerate(left) if weight)
    if not atoms or sum(people[atom] for atom in atoms) >= smallest:
        raise Unfinished
    scale = left[atoms[0]]
    return Combination(tuple(weight / scale for weight in fractions), atoms)


def _as_fraction(residue: int) -> Fraction:
    """The fraction of small whole numbers that a number modulo the prime stands for (Wang's reconstruction)."""
    high, low, above, below = PRIME, residue % PRIME, 0, 1
    while low * low * 2 > PRIME:
        quotient = high // low
        high, low, above, below = low, high - quotient * low, below, above - quotient * below
    return Fraction(low, below)
