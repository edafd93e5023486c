"""Scores: the results of every unit in every dimension or item, with what is not published taken out."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Standing = Literal["above", "below", "no visible difference"]

_STANDINGS: Final[dict[int, Standing]] = {1: "above", -1: "below", 0: "no visible difference"}
NO_STANDING: Final = 2  # the organisation itself, and rows that are compared with nobody


@dataclass(frozen=True, slots=True)
class Withheld:
    """A value that is not published. It carries no number and no reason, since a reason is a clue."""


WITHHELD: Final = Withheld()


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers of at least `Policy.detail_from` people spread.

    sd: standard deviation on the response scale (n - 1); for a dimension that of persons' scores, for the organisation
        only and from `Policy.joint_from` people.
    favourable, neutral, unfavourable: shares of the answers in each band, 0 to 1; they add up to 1.
    favourable_low, favourable_high: the 95 % Wilson interval of the favourable share; for a dimension it counts people.
    distribution: share of answers per point of the scale, lowest first, as people ticked it; () for a dimension.
    """

    sd: float | Withheld
    favourable: float
    neutral: float
    unfavourable: float
    favourable_low: float
    favourable_high: float
    distribution: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What one unit answered to one dimension or item.

    n: people who count for it. mean: on the response scale, after reverse-keying.
    index, low, high: the mean and its 95 % interval on 0 to 100.
    standing: against everybody else in the organisation; None for the organisation itself and for `rest` rows.
    spread: Withheld below `Policy.detail_from` answers.
    """

    n: int
    mean: float
    index: float
    low: float
    high: float
    standing: Standing | None
    spread: Spread | Withheld


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The published scores of all units (rows) in all dimensions or items (columns), by column arrays.

    shown, detailed: (units × columns) whether the score, and its spread, is published; where not, every array holds
    NaN (0 for `n`), so that no number is there to be found. `at` gives one cell as a Score or as Withheld.
    standing: 1 above, -1 below, 0 no visible difference, NO_STANDING where there is no comparison.
    distribution: (units × columns × points) shares as ticked, NaN beyond the points of a scale; None for dimensions.
    within_sd, within_degrees: per column the standard deviation pooled inside the printed groups, in points of the
        scale, and its degrees of freedom; NaN where the organisation's own spread would not be published either.
    """

    columns: tuple[str, ...]
    shown: Bools
    detailed: Bools
    n: Counts
    mean: Floats
    index: Floats
    low: Floats
    high: Floats
    standing: npt.NDArray[np.int8]
    sd: Floats
    favourable: Floats
    neutral: Floats
    unfavourable: Floats
    favourable_low: Floats
    favourable_high: Floats
    distribution: Floats | None
    within_sd: Floats
    within_degrees: Floats

    def at(self, unit: int, column: int) -> Score | Withheld:
        """The score of one unit in one dimension or item."""
        here = unit, column
        if not self.shown[here]:
            return WITHHELD
        return Score(
            n=int(self.n[here]),
            mean=float(self.mean[here]),
            index=float(self.index[here]),
            low=float(self.low[here]),
            high=float(self.high[here]),
            standing=_STANDINGS.get(int(self.standing[here])),
            spread=self._spread(here) if self.detailed[here] else WITHHELD,
        )

    def _spread(self, here: tuple[int, int]) -> Spread:
        sd = float(self.sd[here])
        shares = [] if self.distribution is None else self.distribution[here]
        return Spread(
            sd=WITHHELD if np.isnan(sd) else sd,
            favourable=float(self.favourable[here]),
            neutral=float(self.neutral[here]),
            unfavourable=float(self.unfavourable[here]),
            favourable_low=float(self.favourable_low[here]),
            favourable_high=float(self.favourable_high[here]),
            distribution=tuple(float(share) for share in shares if not np.isnan(share)),
        )


def without_unpublished(
    shown: Bools, detailed: Bools, values: dict[str, Floats], details: dict[str, Floats]
) -> dict[str, Floats]:
    """The arrays with NaN wherever a value is not published."""
    open_ = {name: np.where(shown, array, np.nan) for name, array in values.items()}
    open_.update({name: np.where(detailed, array, np.nan) for name, array in details.items()})
    return open_
