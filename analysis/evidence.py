"""Evidence: may an average be called a team score, and what goes with what? All that a report may say of that."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ..surveys.errors import ConfigError
from ..surveys.instrument import Instrument
from ..surveys.phrases import listed
from .agreement import (
    agreement_limit,
    average_deviation,
    icc1,
    icc2,
    mean_reliability,
    null_variance,
    rwg_j_of,
    variances_of,
    variation,
)
from .change import if_the_others
from .disclosure.policy import Policy
from .drivers import relative_weights, weight_intervals
from .joint import Joint, Question, questions_of
from .reliability import (
    Products,
    alpha,
    alpha_interval,
    alpha_without_each,
    correlation,
    covariance,
    halves_correlation,
    item_rest_correlation,
    omega,
    pairwise_correlation,
)
from .scores import Bools, Scores
from .shrinkage import shrunken
from .sums import Sums
from .views import views

Floats = npt.NDArray[np.float64]
NOT_SHOWN: Final = -1  # in `Evidence.view`: withheld, or a row of which nothing of the kind is said
SPEAKING_UP: Final = "speaking-up"  # the dimension whose drivers are looked for without being asked
PEOPLE_PER_PREDICTOR: Final = 10


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

    teams, people: over which it was made; the variance inside groups is pooled over all printed ones. icc1: share of
    the variance that lies between teams, negative as estimated. icc2: how reliable the mean of a team of usual size is.
    NaN where not defined, as for a single team.
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


# The making -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What evidence is made of: sums, and of all else only what is printed.

    sums: of every row; the organisation first. joint: of the whole organisation. dimensions, items: as in `Findings`.
    teams, units: (rows) which rows are teams, and which are units above them. asked: (rows) the printed headcounts that
    can be true, else NaN.
    """

    instrument: Instrument
    sums: Sums
    joint: Joint
    dimensions: Scores
    items: Scores
    teams: Bools
    units: Bools
    asked: Floats

    @property
    def members(self) -> Floats:
        """(items × dimensions) 1 where an item belongs to a dimension."""
        home = np.array([item.dimension for item in self.instrument.items], object)
        return np.asarray(home[:, None] == np.array(self.dimensions.columns, object), np.float64)


def evidence_of(basis: Basis, policy: Policy, *, outcome: str = "") -> Evidence:
    """All evidence that may be published of one wave.

    outcome: id of a dimension with a joint score, or of an item, with which drivers are asked for beside those of
        speaking up.
    Rules: what takes several answers of one person together is of the whole organisation, or of all printed teams
        together, and made only of `Policy.joint_from` people or more, of items that are printed there, and where
        nobody left gaps or `Policy.smallest` people did. All else follows from printed figures and distributions.
    Undefined: NaN, or no drivers; never an error.
    """
    differences, icc = _differences(basis, policy)
    view, deviation, agreement = _views(basis, policy)
    shrunk, worth = _shrunken(basis, icc)
    low, high = if_the_others(basis.dimensions.index, basis.dimensions.n, basis.asked[:, None])
    return Evidence(
        reliability=tuple(_reliability(basis, policy, place) for place in range(len(basis.dimensions.columns))),
        differences=differences,
        drivers=tuple(_drivers(basis, policy, outcome)),
        view=view,
        deviation=deviation,
        agreement=agreement,
        shrunken=shrunk,
        worth=worth,
        if_low=low,
        if_high=high,
    )


def _reliability(basis: Basis, policy: Policy, place: int) -> Reliability | None:
    name = basis.dimensions.columns[place]
    items = np.flatnonzero(basis.members[:, place])
    products = basis.joint.products.of(items)
    gaps = int(basis.sums.incomplete[0, place])
    if not (_may_be_joined(products, gaps, policy) and basis.items.shown[0, items].all()):
        return None
    cov, people = covariance(products), int(basis.sums.scores[0, place, 1:, 0].sum())
    value = alpha(cov)
    low, high = alpha_interval(value, people, len(items))
    reverse = np.array([basis.instrument.items[item].reverse for item in items])
    return Reliability(
        dimension=name,
        people=people,
        alpha=value,
        alpha_low=low,
        alpha_high=high,
        standardised=alpha(correlation(cov)),
        omega=omega(pairwise_correlation(products)),
        halves=halves_correlation(cov, reverse),
        items=tuple(
            ItemFit(basis.instrument.items[item].id, float(rest), float(without))
            for item, rest, without in zip(
                items.tolist(), item_rest_correlation(cov), alpha_without_each(cov), strict=True
            )
        ),
    )


def _may_be_joined(products: Products, gaps: int, policy: Policy) -> bool:
    """Whether figures may be made of these pairs of items: each of enough people, and not a few of them with gaps."""
    fewest = int(products.n.min(initial=_enough(policy)))
    return fewest >= _enough(policy) and _gaps_allowed(gaps, policy)


def _enough(policy: Policy) -> int:
    return max(policy.joint_from, policy.smallest)


def _gaps_allowed(gaps: int, policy: Policy) -> bool:
    return gaps == 0 or gaps >= policy.smallest


def _differences(basis: Basis, policy: Policy) -> tuple[tuple[TeamDifference | None, ...], Floats]:
    """How much the printed teams differ, and ICC(1) as printed, NaN where it is not.

    A team counts in a dimension of which it prints every item.
    """
    all_items = (~basis.items.shown @ basis.members) == 0
    counted = basis.teams[:, None] & basis.dimensions.shown & all_items
    n, total, squares = (np.where(counted, each, 0) for each in (basis.sums.n, basis.sums.total, basis.sums.squares))
    gaps = np.where(counted, basis.sums.incomplete, 0).sum(axis=0)
    found = variation(n, total, squares)
    found = replace(found, within=_within(basis, found.within))
    between, reliable = icc1(found), icc2(found)
    allowed = [
        people >= _enough(policy) and _gaps_allowed(left, policy)
        for people, left in zip(found.people.tolist(), gaps.tolist(), strict=True)
    ]
    differences = tuple(
        TeamDifference(
            dimension=name,
            teams=int(found.groups[place]),
            people=int(found.people[place]),
            icc1=float(between[place]),
            icc2=float(reliable[place]),
        )
        if allowed[place]
        else None
        for place, name in enumerate(basis.dimensions.columns)
    )
    return differences, np.where(allowed, between, np.nan)


def _within(basis: Basis, of_teams: Floats) -> Floats:
    """The variance inside groups: that of the printed deviation, where it is of persons' scores, else of the teams.

    Beside the organisation's deviation, a second one over some of the groups would tell that of the others, who can be
    as few as one group may have people.
    """
    printed = np.isfinite(basis.dimensions.sd[0]) & (basis.dimensions.within_degrees > 0)
    return np.where(printed, basis.dimensions.within_sd**2, of_teams)


def _views(basis: Basis, policy: Policy) -> tuple[npt.NDArray[np.int8], Floats, Floats]:
    """View, deviation and agreement, from the distributions that are printed."""
    said = (basis.units | basis.teams)[:, None] & basis.dimensions.shown
    used = basis.items.detailed
    counts = np.where(used[..., None], basis.sums.items, 0)
    points = np.array([len(item.scale.values) for item in basis.instrument.items], np.int64)
    chance = np.array([null_variance(size) for size in points.tolist()])
    members = basis.members
    seen = views(counts, points, members, detail_from=policy.detail_from, dimension_items=policy.dimension_items)
    view = np.where(said, seen, NOT_SHOWN).astype(np.int8)
    items = np.where(view > 0, used @ members, np.nan)
    apart = np.where(used, average_deviation(counts) / agreement_limit(points.astype(float)), 0.0) @ members
    spread = np.where(used, variances_of(counts) / chance, 0.0) @ members
    return view, np.asarray(apart / items), rwg_j_of(spread / items, items)


def _shrunken(basis: Basis, icc: Floats) -> tuple[Floats, Floats]:
    """The index of every printed team drawn towards the organisation's, and how reliable it is."""
    scores = basis.dimensions
    said = basis.teams[:, None] & scores.shown
    mean, n = np.where(said, scores.index, np.nan), np.where(said, scores.n, 1)
    drawn = shrunken(mean, n, scores.index[0], icc)
    return drawn, np.where(np.isnan(drawn), np.nan, mean_reliability(icc, n))


def _drivers(basis: Basis, policy: Policy, outcome: str) -> Iterator[Drivers]:
    """Of speaking up, where it is asked about, and of the named outcome; not where little can be told.

    That is: where there are more than one item to ten people (those who answered the two items that the fewest people
    answered both), where an item does not vary, where items follow from one another, and where correlations that are
    each of other people cannot all be those of one group.
    """
    asked = questions_of(basis.instrument)
    first = len(basis.dimensions.columns)
    for name in dict.fromkeys((SPEAKING_UP, outcome)):
        of_dimensions = [place for place, question in enumerate(asked[:first]) if question.outcome == name]
        of_items = [place for place, question in enumerate(asked) if name == outcome == question.outcome]
        for place in (of_dimensions or of_items)[:1]:
            yield from _drivers_of(basis, policy, asked[place], int(basis.joint.gaps[place]))


def _drivers_of(basis: Basis, policy: Policy, question: Question, gaps: int) -> Iterator[Drivers]:
    products = basis.joint.products.of(question.items)
    people, size = int(products.n.min()), len(question.predictors)
    if not (_may_be_joined(products, gaps, policy) and basis.items.shown[0, question.items].all()):
        return
    if not 0 < size <= people / PEOPLE_PER_PREDICTOR:
        return
    together = np.eye(size + 1, len(question.items))
    together[size, size:] = 1  # the outcome is the sum of its items
    correlations = correlation(together @ covariance(products) @ together.T)
    weights = relative_weights(correlations[:size, :size], correlations[:size, size])
    low, high = weight_intervals(correlations, people)
    if np.isnan([weights, low, high]).any():
        return
    ends = np.minimum(low, weights), np.maximum(high, weights)  # of tiny weights all draws can lie on one side
    rows = zip(question.predictors, weights.tolist(), *(end.tolist() for end in ends), strict=True)
    yield Drivers(
        outcome=question.outcome,
        people=people,
        explained=float(weights.sum()),
        items=tuple(Driver(basis.instrument.items[place].id, *figures) for place, *figures in rows),
    )


def require_outcome(instrument: Instrument, outcome: str) -> None:
    """Raises ConfigError where an outcome was named with which no drivers can be asked for; "" names none."""
    known = [question.outcome for question in questions_of(instrument)]
    if outcome and outcome not in known:
        single = [item.id for item in instrument.items if item.dimension == outcome]
        raise ConfigError(
            f"The outcome “{outcome}” has no score of its own, only its single questions have."
            if single
            else f"The questionnaire has no dimension and no question “{outcome}” that could be an outcome.",
            hint=f"Name one of: {listed(single or known)}.",
        )
