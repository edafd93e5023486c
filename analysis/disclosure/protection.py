"""The disclosure protection: which units, and which cells of them, may be published together.

A published unit leaves a *residue*: its people who are in none of its published parts. Every sum that a reader can form
from published totals is a sum of residues, so nobody can work out a group of fewer than k people if and only if no
residue has 1 to k - 1 people; and no answers are certain if, item by item, no residue is unanimous either.
Among all sets of units that keep this, `publishable` finds the one worth most, exactly.

Method: dynamic programming over the tree. What lies below a unit and is not yet covered by a published part is
summarised in a small *state*; the states of two branches merge into the state of both (a commutative monoid), so that
branches are merged pairwise and all pairs of a round at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..hierarchy import Hierarchy, Number, add_up
from ..indicators import number_of

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
States = npt.NDArray[np.intp]
Worth = npt.NDArray[np.float64]

_EMPTY = 0  # the state in which nobody is uncovered
_AT_ONCE = 4_000_000  # entries of `best` (units × states × programmes) that are looked at together, to spare memory


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """The states that uncovered people can be in, and which of them a published unit may leave behind.

    merge: (states × states) the state of two groups together. safe: (states) may be a residue.
    """

    merge: States
    safe: Bools


def headcount_rule(min_group: int) -> Rule:
    """State = how many people, capped at `min_group`; a residue is nobody, or at least that many."""
    size = np.arange(min_group + 1)
    merge = np.minimum(size[:, None] + size[None, :], min_group)
    return Rule(merge, (size == 0) | (size == min_group))


def headcounts_as_states(people: Counts, min_group: int) -> States:
    """(…) numbers of people → (…) states of the headcount rule."""
    return np.minimum(people, min_group).astype(np.intp)


def answers_rule(min_group: int, points: int) -> Rule:
    """State = how many answers, capped, and whether they are all the same; a residue is empty, or enough and mixed.

    State 0 is empty; 1 + (n - 1)·(points + 1) + s is n answers (capped) with signature s: all at point s + 1, or mixed.
    """
    mixed = points
    states = [(0, -1), *((size, sign) for size in range(1, min_group + 1) for sign in range(points + 1))]
    number = {state: index for index, state in enumerate(states)}
    merge = np.zeros((len(states), len(states)), np.intp)
    for (size, sign), row in number.items():
        for (other_size, other_sign), column in number.items():
            together = sign if other_size == 0 else other_sign if size == 0 or sign == other_sign else mixed
            merge[row, column] = number[min(size + other_size, min_group), together]
    return Rule(merge, np.array([state in ((0, -1), (min_group, mixed)) for state in states]))


def answers_as_states(counts: Counts, min_group: int) -> States:
    """(… × points) counts of answers → (…) states of the answers rule."""
    points = counts.shape[-1]
    size = np.minimum(number_of(counts), min_group)
    sign = np.where(number_of((counts > 0).astype(np.int64)) == 1, counts.argmax(axis=-1), points)
    return np.where(size == 0, _EMPTY, 1 + (size - 1) * (points + 1) + sign).astype(np.intp)


def weights(hierarchy: Hierarchy, people: Counts) -> Worth:
    """What publishing each unit is worth: the organisation 1000, then eight times less per level towards the teams.

    A team counts 1, and up to 0.1 more the larger it is, so that of two equal ways out the larger team is shown.
    Unit: 1/500 of a team, so that all are whole numbers, their sums are exact, and equal ways out are found equal.
    """
    steps = int(hierarchy.levels.max()) - hierarchy.levels
    worth = np.where(steps > 0, 1250 * 8.0 ** (steps - 1), 500.0 + np.minimum(people, 50))
    worth[0] = max(500_000.0, 8 * worth.max())
    return worth


def publishable(hierarchy: Hierarchy, rule: Rule, attached: States, allowed: Bools, worth: Worth) -> Bools:
    """The most valuable set of units whose residues are all safe, for several programmes (columns) at once.

    attached: (units × programmes) the state of the people attached to each unit directly.
    allowed: (units × programmes) which units may be published at all (enough people, not withheld elsewhere).
    Returns (units × programmes) True where published. Of sets that are worth the same, always the same one is taken.
    """
    width = max(1, _AT_ONCE // (len(hierarchy) * len(rule.safe)))
    published = np.zeros(attached.shape, np.bool_)
    for first in range(0, attached.shape[1], width):
        here = slice(first, first + width)
        search = _Search(hierarchy, rule, attached[:, here], allowed[:, here], worth)
        search.go_up()
        published[:, here] = search.go_down()
    return published


class _Search:
    """One run of the dynamic programme; see the module docstring.

    best: (states × units × programmes) the best worth of a branch that is left in a state; -inf where it cannot be.
    """

    def __init__(self, hierarchy: Hierarchy, rule: Rule, attached: States, allowed: Bools, worth: Worth) -> None:
        self.hierarchy, self.rule, self.allowed, self.worth = hierarchy, rule, allowed, worth
        self.size = len(rule.safe)
        self.best = np.full((self.size, *attached.shape), -np.inf)
        np.put_along_axis(self.best, attached[None], 0.0, axis=0)
        self.left_behind = np.zeros(attached.shape, np.intp)
        self.published_wins = np.zeros(attached.shape, np.bool_)
        self.rounds: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.int32]]] = []

    def go_up(self) -> None:
        """From the deepest units to the organisation: the best worth for every state a branch can be left in."""
        depths = self.hierarchy.depths
        for depth in range(int(depths.max(initial=0)), -1, -1):
            here = np.flatnonzero(depths == depth)
            self._publish(here)
            if depth:
                self._fold_into_parents(here)

    def _publish(self, units: npt.NDArray[np.intp]) -> None:
        """Publishing covers everybody below: it turns a safe state into the empty one, and is worth something."""
        safe = np.flatnonzero(self.rule.safe)
        choices = self.best[np.ix_(safe, units)]
        value = np.where(self.allowed[units], choices.max(axis=0) + self.worth[units, None], -np.inf)
        wins = value > self.best[_EMPTY, units]
        self.best[_EMPTY, units] = np.where(wins, value, self.best[_EMPTY, units])
        self.left_behind[units], self.published_wins[units] = safe[choices.argmax(axis=0)], wins

    def _fold_into_parents(self, units: npt.NDArray[np.intp]) -> None:
        """Merge siblings pairwise until one is left per parent, then that one into the parent."""
        parents = self.hierarchy.parents
        while len(units):
            first = np.r_[True, parents[units][1:] != parents[units][:-1]]
            rank = np.arange(len(units)) - np.maximum.accumulate(np.where(first, np.arange(len(units)), 0))
            lonely = first & np.r_[first[1:], True]
            into_parent = units[lonely]
            if len(into_parent):
                self._merge(parents[into_parent], into_parent)
            right = np.flatnonzero(rank % 2 == 1)
            if len(right):
                self._merge(units[right - 1], units[right])
            units = units[(rank % 2 == 0) & ~lonely]

    def _merge(self, keep: npt.NDArray[np.intp], gone: npt.NDArray[np.intp]) -> None:
        """Merge the branches `gone` into `keep`, remembering for every state from which two states it came.

        Most branches can be left in few states: only the pairs of states that a branch and its sibling can be in count.
        """
        shape = self.size, len(keep), self.best.shape[2]
        mine, theirs = (self.best[:, units].reshape(self.size, -1) for units in (keep, gone))
        merged = np.full_like(mine, -np.inf)
        origin = np.zeros(mine.shape, np.int32)
        possible, theirs_possible = np.isfinite(mine), np.isfinite(theirs)
        others = np.flatnonzero(theirs_possible.any(axis=1)).tolist()
        for state in np.flatnonzero(possible.any(axis=1)).tolist():
            for other in others:
                both = np.flatnonzero(possible[state] & theirs_possible[other])
                result = self.rule.merge[state, other]
                value = mine[state, both] + theirs[other, both]
                better = value > merged[result, both]
                cells = both[better]
                merged[result, cells] = value[better]
                origin[result, cells] = state * self.size + other
        self.best[:, keep] = merged.reshape(shape)
        self.rounds.append((keep, gone, origin.reshape(shape)))

    def go_down(self) -> Bools:
        """From the organisation back to the teams: which choices made the best worth."""
        depths = self.hierarchy.depths
        state = np.full(self.allowed.shape, -1, np.intp)
        state[0] = self.best[:, 0].argmax(axis=0)
        published = np.zeros(self.allowed.shape, np.bool_)
        rounds = list(reversed(self.rounds))
        for depth in range(int(depths.max(initial=0)) + 1):
            here = np.flatnonzero(depths == depth)
            chosen = (state[here] == _EMPTY) & self.published_wins[here]
            published[here] = chosen
            state[here] = np.where(chosen, self.left_behind[here], state[here])
            while rounds and depths[rounds[0][1][0]] == depth + 1:
                self._unmerge(state, *rounds.pop(0))
        return published

    def _unmerge(
        self,
        state: States,
        keep: npt.NDArray[np.intp],
        gone: npt.NDArray[np.intp],
        origin: npt.NDArray[np.int32],
    ) -> None:
        pair = np.take_along_axis(origin, state[keep][None], axis=0)[0]
        state[keep], state[gone] = pair // self.size, pair % self.size


def residues(hierarchy: Hierarchy, published: Bools, totals: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """(units × …) what each published unit holds beyond its published parts; 0 for units that are not published.

    published: (units) or (units × columns), as `totals` without its last axis or axes.
    """
    shown = published.reshape(published.shape + (1,) * (totals.ndim - published.ndim))
    covered = np.zeros_like(totals)
    for here in hierarchy.bottom_up():
        add_up(covered, hierarchy.parents[here], np.where(shown[here], totals[here], covered[here]))
    return np.where(shown, totals - covered, 0)
