"""Evidence: may an average be called a team score, and what goes with what? All that a report may say of that."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NOT_SHOWN: Final = -1  # in `Evidence.view`: withheld, or a row of which nothing of the kind is said


@dataclass(frozen=True, slots=True)
class ItemFit:
    """How one item goes with the others of its dimension; NaN where not defined.

    item_rest: correlation with the mean of the others. alpha_without: alpha of the others.
    """

    item: str
    item_rest: float
    alpha_without: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the items of one dimension measure one thing, in the whole organisation; NaN where not defined.

    people: who answered at least one of its items. alpha: Cronbach's, of covariances, with Feldt's 95 % interval;
    standardised: of correlations. omega: McDonald's, of one factor. halves: correlation between the mean of the
    reverse-keyed items and that of the others, after keying; NaN where there is no such half. Blanks: pairwise.
    """

    dimension: str
    people: int
    alpha: float
    alpha_low: float
    alpha_high: float
    standardised: float
    omega: float
    halves: float
    items: tuple[ItemFit, ...]


@dataclass(frozen=True, slots=True)
class TeamDifference:
    """How much the printed teams differ in one dimension; ANOVA of persons' scores, people per team as N/k.

    teams, people: over which it was made. icc1: share of the variance that lies between teams, negative as estimated.
    icc2: how reliable the mean of a team of usual size is. NaN where not defined, as for a single team.
    """

    dimension: str
    teams: int
    people: int
    icc1: float
    icc2: float


@dataclass(frozen=True, slots=True)
class Driver:
    """How much one item adds to what all together explain of the outcome: a share of its variance, with 95 % ends."""

    item: str
    weight: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drivers:
    """Items that go with an outcome in the whole organisation, in the order of the questionnaire; no causes.

    outcome: id of a dimension or of an item. people: answers it rests on. explained: R², the sum of the weights.
    """

    outcome: str
    people: int
    explained: float
    items: tuple[Driver, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What may be said of one wave; rows and columns as in `Findings.units` and `Findings.dimensions`.

    reliability, differences: one per dimension with a joint score; None where it is not published.
    view: (units × dimensions) the numbers of `views.view`, of units and teams; NOT_SHOWN for other rows.
    deviation: AD(M), mean over the items, in shares of what counts as agreement (A/6): at most 1 is agreement;
    agreement: rwg(j) against the uniform null. Both NaN wherever there is no view, or too few answers for one.
    shrunken: index on 0 to 100 drawn towards the organisation's, by ICC(1); worth: how reliable the mean is, 0 to 1;
    both of units that are teams, NaN where the index or ICC(1) is not published.
    if_low, if_high: between which values the index of everybody asked lies, whatever the others would have said;
    NaN without a headcount.
    """

    reliability: tuple[Reliability | None, ...]
    differences: tuple[TeamDifference | None, ...]
    drivers: tuple[Drivers, ...]
    view: npt.NDArray[np.int8]
    deviation: Floats
    agreement: Floats
    shrunken: Floats
    worth: Floats
    if_low: Floats
    if_high: Floats
