"""Synthetic survey exports whose truth is known: an oracle for the statistics, and a file to try the program with.

The model. To every item a person has a *tendency* on 0 to 100, and ticks the point of the scale that lies nearest:

    tendency = team + ease of the item + answer_sd · (loading · person + √(1 − loading²) · chance)

`team` is one number per team, dimension and wave; `person` (one per dimension) and `chance` are standard normal. So
the share of a team that ticks a point is a normal probability, and the mean that a team would show if it were endlessly
large is known exactly. Teams and persons differ in all dimensions at once (`correlation`), the teams of a department
resemble each other (`department_share`), and a team stays much as it was from wave to wave (`stability`).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from math import sqrt
from pathlib import Path
from typing import Final, Literal, TextIO, cast, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.optimize import brentq
from scipy.special import ndtr

from .answers import BLANK, NOT_APPLICABLE
from .errors import ConfigError, OutputError
from .instrument import Instrument, Item, in_language
from .instrument_files import load_instrument

Style = Literal["plain", "labels", "google_forms", "qualtrics"]
Lang = Literal["en", "de"]
Floats = npt.NDArray[np.float64]

_LIMITS: Final = {
    "people": (1, 100_000_000),
    "response": (0, 1),
    "missing": (0, 1),
    "not_applicable": (0, 1),
    "careless": (0, 1),
    "mean_index": (10, 90),
    "icc": (0, 0.6),
    "answer_sd": (10, 60),
    "loading": (0, 0.9),
    "correlation": (0, 1),
    "department_share": (0, 1),
    "dimension_sd": (0, 10),
    "item_sd": (0, 20),
    "change": (-50, 50),
    "stability": (0, 1),
    "seed": (0, 2**63),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesign:
    """What a synthetic survey should be like. Shares are 0 to 1; points are points of the 0–100 index.

    people: people asked, the sum of all headcounts; `response` of them answer.
    teams, departments: how many; None for about nine people per team, and √teams departments.
    mean_index: expected index over all teams and dimensions in the first wave; a dimension lies about it with
        `dimension_sd` points, an item about its dimension with `item_sd` points of tendency.
    icc: ICC(1) of the persons' dimension scores, for complete and careful answers.
    answer_sd: standard deviation of the tendency to one item inside a team, in points.
    loading: its correlation with the person's stance on the dimension; 0.75 gives five items an alpha near .85.
    correlation: of any two dimensions, between persons and between teams alike.
    department_share: how much of the variance between teams lies between departments.
    change: points by which the expected index rises from wave to wave.
    stability: correlation of a team's tendency with its tendency one wave before; 1 moves all teams alike.
    missing, not_applicable: share of the answers that are blank, or said to be not applicable.
    careless: share of people who tick one column throughout, whichever way the item is keyed.
    waves: their names, oldest first. In each the same teams are asked, and everybody is a fresh person.
    dimensions: ids of those asked; None for all that the instrument has.
    """

    people: int = 400
    teams: int | None = None
    departments: int | None = None
    response: float = 0.76
    missing: float = 0.03
    not_applicable: float = 0.0
    careless: float = 0.02
    mean_index: float = 65.0
    icc: float = 0.12
    answer_sd: float = 24.0
    loading: float = 0.75
    correlation: float = 0.6
    department_share: float = 0.2
    dimension_sd: float = 4.0
    item_sd: float = 5.0
    change: float = 0.0
    stability: float = 0.9
    waves: tuple[str, ...] = ("2026-Q1",)
    dimensions: tuple[str, ...] | None = None
    style: Style = "plain"
    lang: Lang = "en"
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn. Raises ConfigError, which names the setting."""
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"“{name}” must lie between {low:,} and {high:,}.")
        for name, known in (("style", get_args(Style)), ("lang", get_args(Lang))):
            if getattr(self, name) not in known:
                raise ConfigError(f"“{name}” must be one of {', '.join(known)}.")
        if not 1 <= self.department_count <= self.team_count <= self.people:
            raise ConfigError("There must be at least one person per team and one team per department.")
        if not self.waves or len(set(self.waves)) < len(self.waves):
            raise ConfigError("“waves” must name one or more waves, each once.")
        if self.missing + self.not_applicable > 1:
            raise ConfigError("“missing” and “not_applicable” must not exceed 1 together.")

    @property
    def team_count(self) -> int:
        """How many teams are asked."""
        return max(1, round(self.people / 9)) if self.teams is None else self.teams

    @property
    def department_count(self) -> int:
        """How many departments the teams belong to."""
        return max(1, round(sqrt(self.team_count))) if self.departments is None else self.departments


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What a perfect analysis would find: expectations over endlessly many careful people, reverse-keyed items turned.

    Columns are dimension ids (outcomes have no joint score and no column); `item_index` has a column per item id.
    All values but `icc` lie on 0 to 100.

    item_index, team_index: indexed by (wave, department, team).
    asked_index: as team_index, but the mean of just those people who were asked, had each answered everything with
        care: what an interval with the finite-population correction is about.
    department_index, organisation_index: by (wave, department) and by wave; every person asked counts once.
    icc: by wave; variance of `team_index` over teams, as a share of itself plus the mean variance inside a team of
        the persons' scores. NaN where there is one team.
    """

    item_index: pd.DataFrame
    team_index: pd.DataFrame
    asked_index: pd.DataFrame
    department_index: pd.DataFrame
    organisation_index: pd.DataFrame
    icc: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A synthetic survey: who answered what, and what is true.

    instrument: with the items that were asked, only.
    teams: columns department, team (names, each team's once), headcount (people asked in each wave); by row number.
    wave_of, team_of: per respondent, the number of the wave in `design.waves` and the row in `teams`.
    careless: per respondent, whether one column was ticked throughout.
    answers: int8 (respondents × items), as ticked: 1 for the lowest point of the scale, `answers.BLANK`, or
        `answers.NOT_APPLICABLE`; reverse-keyed items are not turned.
    """

    design: SampleDesign
    instrument: Instrument
    teams: pd.DataFrame
    wave_of: npt.NDArray[np.int16]
    team_of: npt.NDArray[np.int32]
    careless: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.int8]
    truth: Truth

    @property
    def missing(self) -> float:
        """Share of the answers that are blank, 0 to 1; NaN where nobody answered."""
        return float((self.answers == BLANK).mean()) if self.answers.size else float("nan")

    def of_wave(self, wave: str) -> "Sample":
        """The respondents of one wave; the truth stays whole."""
        rows = self.wave_of == self.design.waves.index(wave)
        return replace(
            self,
            wave_of=self.wave_of[rows],
            team_of=self.team_of[rows],
            careless=self.careless[rows],
            answers=np.asfortranarray(self.answers[rows]),
        )


def sample_survey(design: SampleDesign, instrument: Instrument) -> Sample:
    """Draw a synthetic survey; the same design and instrument give the same one.

    Takes about a second and 240 MB in all for a million people and 24 items.
    Raises ConfigError where the design does not fit the instrument.
    """
    model = _model(design, _asked(instrument, design.dimensions))
    waves = [_answer(model, wave) for wave in range(len(design.waves))]
    return Sample(
        design=design,
        instrument=model.instrument,
        teams=model.teams,
        wave_of=np.repeat(np.arange(len(waves), dtype=np.int16), [len(wave.team_of) for wave in waves]),
        team_of=np.concatenate([wave.team_of for wave in waves]),
        careless=np.concatenate([wave.careless for wave in waves]),
        answers=np.concatenate([wave.answers.T for wave in waves], axis=1).T,
        truth=_truth(model, np.concatenate([wave.asked for wave in waves])),
    )


def _asked(instrument: Instrument, dimensions: tuple[str, ...] | None) -> Instrument:
    """The instrument with the dimensions that are asked."""
    if dimensions is None:
        return instrument
    known = {dimension.id for dimension in instrument.dimensions}
    if unknown := [name for name in dimensions if name not in known]:
        hint = f"It has {', '.join(sorted(known))}."
        raise ConfigError(f"“{instrument.id}” has no dimension “{unknown[0]}”.", hint=hint)
    return replace(
        instrument,
        dimensions=tuple(each for each in instrument.dimensions if each.id in dimensions),
        items=tuple(item for item in instrument.items if item.dimension in dimensions),
    )


def _stream(design: SampleDesign, *key: int) -> np.random.Generator:
    """A stream of chance of its own, so that another wave, response rate or style leaves the rest as it was."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(design.seed, spawn_key=key)))


_TEAMS, _ITEMS, _EFFECTS, _PEOPLE, _FLAWS, _EXPORT = range(6)  # first part of the key of each stream


# ------------------------------------------------------------------ The organisation

_TINY_SHARE = 0.08  # of the teams have one or two people
_SMALLEST = 3  # people in any other team, where there are enough
_LARGEST_LEADERSHIP = 25


def _organisation(design: SampleDesign) -> pd.DataFrame:
    """Departments, their teams and headcounts, as in `Sample.teams`."""
    rng = _stream(design, _TEAMS)
    in_department = _split(design.team_count, rng.lognormal(0, 0.4, design.department_count))
    names = _department_names(design.department_count)
    return pd.DataFrame(
        {
            "department": np.repeat(np.array(names, dtype=object), in_department),
            "team": _team_names(design),
            "headcount": _team_sizes(design, rng),
        }
    )


def _team_sizes(design: SampleDesign, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Headcounts: skewed, mostly 3 to 25 at nine on average; some tiny teams; first, the heads of departments."""
    count = design.team_count
    least = np.full(count, min(_SMALLEST, design.people // count))
    weights = np.clip(rng.lognormal(0, 0.55, count), 0.1, 3.2)
    tiny = rng.permutation(np.arange(1, count))[: round(_TINY_SHARE * count)]
    least[tiny] = np.minimum(least[tiny], rng.integers(1, _SMALLEST, len(tiny)))
    weights[tiny] = 0
    if design.department_count > 1:
        wanted = min(design.department_count + 1, _LARGEST_LEADERSHIP)
        least[0] += min(design.people - least.sum(), max(0, wanted - least[0]))
        weights[0] = 0
    return least + _split(design.people - int(least.sum()), weights, least=0)


def _split(total: int, weights: Floats, *, least: int = 1) -> npt.NDArray[np.int64]:
    """Whole numbers, none below `least`, that add up to `total` and follow the weights as closely as they can."""
    exact = (total - least * len(weights)) * weights / weights.sum()
    parts: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    short = total - least * len(weights) - parts.sum()
    parts[np.argsort(parts - exact, kind="stable")[:short]] += 1
    return parts + least


# ------------------------------------------------------------------ Tendencies, and the answers they lead to

_NODES, _DENSITY = np.polynomial.hermite_e.hermegauss(32)
_WEIGHTS = _DENSITY / _DENSITY.sum()  # an expectation over a standard normal is a sum over the nodes with these
_FAR, _WIDE = 1000.0, 300.0  # points; no tendency, and no standard deviation of teams, lies beyond


@dataclass(frozen=True, slots=True, eq=False)
class _Score:
    """The items of one dimension, as the model sees them.

    columns, reverse: per item, its place in the instrument and how it is keyed.
    ease: per item, points of tendency by which it is easier to agree with than its dimension; 0 on average.
    target: expected index in the first wave.
    """

    dimension: str
    columns: tuple[int, ...]
    reverse: tuple[bool, ...]
    points: int
    ease: Floats
    target: float


@dataclass(frozen=True, slots=True)
class _Model:
    """All that is fixed before anybody answers; centres: the teams' tendencies, (waves × teams × dimensions)."""

    design: SampleDesign
    instrument: Instrument
    teams: pd.DataFrame
    scores: tuple[_Score, ...]
    centres: Floats


def _model(design: SampleDesign, instrument: Instrument) -> _Model:
    teams, scores = _organisation(design), _scores(design, instrument)
    return _Model(design, instrument, teams, scores, _centres(design, scores, teams))


def _scores(design: SampleDesign, instrument: Instrument) -> tuple[_Score, ...]:
    """One per dimension that has items."""
    rng = _stream(design, _ITEMS)
    dimensions = [each.id for each in instrument.dimensions if instrument.items_of(each.id)]
    if not dimensions:
        raise ConfigError(f"“{instrument.id}” has no item to answer.")
    targets = design.mean_index + design.dimension_sd * _centred(rng.standard_normal(len(dimensions)))
    last = targets + design.change * (len(design.waves) - 1)
    if min(targets.min(), last.min()) < 2 or max(targets.max(), last.max()) > 98:
        hint = "Lower dimension_sd or change, or move mean_index towards 50."
        raise ConfigError("The index of a dimension would leave 2 to 98.", hint=hint)
    return tuple(
        _score(instrument, dimension, design.item_sd, target, rng)
        for dimension, target in zip(dimensions, targets.tolist(), strict=True)
    )


def _score(instrument: Instrument, dimension: str, item_sd: float, target: float, rng: np.random.Generator) -> _Score:
    items = instrument.items_of(dimension)
    return _Score(
        dimension=dimension,
        columns=tuple(map(instrument.items.index, items)),
        reverse=tuple(item.reverse for item in items),
        points=len(items[0].scale.values),
        ease=item_sd * _centred(rng.standard_normal(len(items))),
        target=target,
    )


def _centred(values: Floats) -> Floats:
    return values - float(values.mean())


def _answer_moments(tendency: Floats, points: int, sd: float) -> tuple[Floats, Floats]:
    """Mean and variance, on 0 to 100, of the point nearest to a normal tendency of this mean and standard deviation.

    A point is reached from half a step below it: P(at least point k) = Φ((tendency − (k − ½) step) / sd), k = 1, 2, …;
    the mean of k is the sum of these, and that of k² the sum of (2k − 1) times these.
    """
    step = 100 / (points - 1)
    mean, square = np.zeros_like(tendency), np.zeros_like(tendency)
    for k in range(1, points):
        reached = ndtr((tendency - (k - 0.5) * step) / sd)
        mean += reached
        square += (2 * k - 1) * reached
    return step * mean, step**2 * (square - mean**2)


def _expected(centre: Floats, score: _Score, design: SampleDesign) -> Floats:
    """Expected answer to each item in teams of this tendency: (teams,) → (teams × items), on 0 to 100."""
    return _answer_moments(centre[:, None] + score.ease, score.points, design.answer_sd)[0]


def _variance_inside(centre: Floats, score: _Score, design: SampleDesign) -> Floats:
    """Variance inside teams of this tendency of the persons' mean over the items: (teams,) → (teams,).

    Given the person the items are independent, so it is the variance of the person's expectation plus the expectation
    of the person's variance; over persons both are Gauss–Hermite sums.
    """
    person = design.answer_sd * design.loading * _NODES
    chance = design.answer_sd * sqrt(1 - design.loading**2)
    mean, variance = _answer_moments(centre[:, None, None] + person[:, None] + score.ease, score.points, chance)
    expectation = mean.mean(axis=2)
    of_expectation: Floats = (expectation**2) @ _WEIGHTS - (expectation @ _WEIGHTS) ** 2
    of_chance: Floats = variance.sum(axis=2) @ _WEIGHTS / len(score.ease) ** 2
    return of_expectation + of_chance


def _centre_for(target: float, team_sd: float, score: _Score, design: SampleDesign) -> float:
    """The tendency about which teams must lie for their expected index to be `target` on average."""

    def excess(centre: float) -> float:
        return float(_WEIGHTS @ _expected(centre + team_sd * _NODES, score, design).mean(axis=1)) - target

    return brentq(excess, -_FAR, _FAR, xtol=1e-6)


def _team_sd_for(icc: float, score: _Score, design: SampleDesign) -> float:
    """The standard deviation of teams' tendencies that gives the persons' scores this ICC(1)."""

    def excess(team_sd: float) -> float:
        centre = _centre_for(score.target, team_sd, score, design) + team_sd * _NODES
        index = _expected(centre, score, design).mean(axis=1)
        between = float(_WEIGHTS @ (index - _WEIGHTS @ index) ** 2)
        return between / (between + float(_WEIGHTS @ _variance_inside(centre, score, design))) - icc

    return brentq(excess, 0, _WIDE, xtol=1e-6) if icc else 0.0


def _centres(design: SampleDesign, scores: Sequence[_Score], teams: pd.DataFrame) -> Floats:
    """The tendency of each team: (waves × teams × dimensions)."""
    effects = _team_effects(design, len(scores), teams)
    for number, score in enumerate(scores):
        team_sd = _team_sd_for(design.icc, score, design)
        for wave in range(len(design.waves)):
            centre = _centre_for(score.target + wave * design.change, team_sd, score, design)
            effects[wave, :, number] = centre + team_sd * effects[wave, :, number]
    return effects


def _team_effects(design: SampleDesign, dimensions: int, teams: pd.DataFrame) -> Floats:
    """Standard normal effects, (waves × teams × dimensions); as much comes new as fades, so the spread stays."""
    department = pd.factorize(teams["department"])[0]
    effects = np.zeros((len(design.waves), len(teams), dimensions))
    for wave in range(len(design.waves)):
        rng = _stream(design, _EFFECTS, wave)
        shared = _correlated(rng, (design.department_count, dimensions), design.correlation)[department]
        own = _correlated(rng, (len(teams), dimensions), design.correlation)
        fresh = sqrt(design.department_share) * shared + sqrt(1 - design.department_share) * own
        kept = design.stability if wave else 0.0
        effects[wave] = kept * effects[wave - 1] + sqrt(1 - kept**2) * fresh
    return effects


def _correlated(rng: np.random.Generator, shape: tuple[int, int], correlation: float) -> Floats:
    """Standard normal, rows independent, columns correlated."""
    common = rng.standard_normal((shape[0], 1))
    return sqrt(correlation) * common + sqrt(1 - correlation) * rng.standard_normal(shape)


# ------------------------------------------------------------------ The people


@dataclass(frozen=True, slots=True)
class _Wave:
    """What one wave brought: per respondent as in `Sample`; asked: (teams × items), as `Truth.asked_index`."""

    team_of: npt.NDArray[np.int32]
    careless: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.int8]
    asked: Floats


def _answer(model: _Model, wave: int) -> _Wave:
    """Everybody's answers to one wave, item by item: only the answers are held for all items at once."""
    design, headcount = model.design, model.teams["headcount"].to_numpy()
    rng, flaws = _stream(design, _PEOPLE, wave), _stream(design, _FLAWS, wave)
    team = rng.permutation(np.repeat(np.arange(len(headcount), dtype=np.int32), headcount))
    responded = flaws.random(len(team), dtype=np.float32) < design.response
    careless = flaws.random(len(team), dtype=np.float32)[responded] < design.careless
    column = flaws.random(int(careless.sum()), dtype=np.float32)  # 0 for the first column on the page, 1 for the last
    common = _normal(rng, len(team))
    answers = np.empty((int(responded.sum()), len(model.instrument.items)), dtype=np.int8, order="F")
    asked = np.empty((len(headcount), len(model.instrument.items)))
    for number, score in enumerate(model.scores):
        person = sqrt(design.correlation) * common + sqrt(1 - design.correlation) * _normal(rng, len(team))
        stance = model.centres[wave, :, number].astype(np.float32)[team] + design.answer_sd * design.loading * person
        for place, reverse, ease in zip(score.columns, score.reverse, score.ease.tolist(), strict=True):
            keyed = _nearest_point(stance + ease, score.points, design, rng)
            asked[:, place] = np.bincount(team, keyed, len(headcount)) / headcount * (100 / (score.points - 1))
            ticked = score.points - keyed[responded] if reverse else 1 + keyed[responded]
            ticked[careless] = 1 + np.floor(column * score.points).astype(np.int8)
            answers[:, place] = _with_gaps(ticked, design, flaws)
    return _Wave(team[responded], careless, answers, asked)


def _normal(rng: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
    return rng.standard_normal(count, dtype=np.float32)


def _nearest_point(
    stance: npt.NDArray[np.float32], points: int, design: SampleDesign, rng: np.random.Generator
) -> npt.NDArray[np.int8]:
    """The point, counted from 0, that lies nearest to each person's tendency."""
    tendency = stance + design.answer_sd * sqrt(1 - design.loading**2) * _normal(rng, len(stance))
    return np.clip(np.rint(tendency * ((points - 1) / 100)), 0, points - 1).astype(np.int8)


def _with_gaps(ticked: npt.NDArray[np.int8], design: SampleDesign, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    """The answers to one item, some of them left blank or said to be not applicable."""
    chance = rng.random(len(ticked), dtype=np.float32)
    ticked[chance < design.missing + design.not_applicable] = NOT_APPLICABLE
    ticked[chance < design.missing] = BLANK
    return ticked


# ------------------------------------------------------------------ The truth


def _truth(model: _Model, asked: Floats) -> Truth:
    """The expectations behind the answers; `asked`, (waves · teams × items), has the rows of the result."""
    design, instrument, index = model.design, model.instrument, _index(model.design, model.teams)
    by_score = dict(zip(model.scores, np.moveaxis(model.centres, 2, 0).reshape(len(model.scores), -1), strict=True))
    expected = np.empty_like(asked)
    for score, centre in by_score.items():
        expected[:, score.columns] = _expected(centre, score, design)
    single = {each.id for each in instrument.dimensions if each.part == "outcome"}
    joint = [score for score in model.scores if score.dimension not in single]
    inside = {score.dimension: _variance_along(by_score[score], score, design) for score in joint}
    team_index = _of_dimensions(expected, joint, index)
    headcount = pd.Series(np.tile(model.teams["headcount"].to_numpy(), len(design.waves)), index)
    return Truth(
        item_index=pd.DataFrame(expected, index, [item.id for item in instrument.items]),
        team_index=team_index,
        asked_index=_of_dimensions(asked, joint, index),
        department_index=_over_people(team_index, headcount, ["wave", "department"]),
        organisation_index=_over_people(team_index, headcount, ["wave"]),
        icc=_icc(team_index, pd.DataFrame(inside, index)),
    )


def _index(design: SampleDesign, teams: pd.DataFrame) -> pd.MultiIndex:
    """Every team in every wave, in the order of (waves × teams)."""
    waves = len(design.waves)
    levels = {
        "wave": np.repeat(np.array(design.waves, dtype=object), len(teams)),
        "department": np.tile(teams["department"].to_numpy(object), waves),
        "team": np.tile(teams["team"].to_numpy(object), waves),
    }
    return pd.MultiIndex.from_arrays(list(levels.values()), names=list(levels))


def _of_dimensions(by_item: Floats, scores: Sequence[_Score], index: pd.MultiIndex) -> pd.DataFrame:
    """The mean over the items of each dimension."""
    return pd.DataFrame({score.dimension: by_item[:, score.columns].mean(axis=1) for score in scores}, index)


def _over_people(team_index: pd.DataFrame, headcount: "pd.Series[int]", by: list[str]) -> pd.DataFrame:
    """The mean over everybody asked of what their teams would show."""
    sums = team_index.mul(headcount, axis=0).groupby(by, sort=False).sum()
    return sums.div(headcount.groupby(by, sort=False).sum(), axis=0)


def _variance_along(centre: Floats, score: _Score, design: SampleDesign) -> Floats:
    """`_variance_inside` for many teams: it is smooth, so 200 places on the way and straight lines between will do."""
    grid = np.linspace(centre.min(), centre.max(), 200)
    return np.interp(centre, grid, _variance_inside(grid, score, design))


def _icc(team_index: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    between = team_index.groupby("wave", sort=False).var()
    return between / (between + inside.groupby("wave", sort=False).mean())


# ------------------------------------------------------------------ Names

_RIVERS = (
    *("Elbe", "Isar", "Havel", "Donau & Inn", "Lahn", "Möhne", "Neckar", "Spree", "Thames", "Würm", "Mosel"),
    *("Severn", "Alster", "Weser", "Tay", "Wümme", "Main", "Oder", "Leine", "Avon", "Fulda", "Rhein", "Tweed"),
)
_TREES_AND_BIRDS = (
    *("Ahorn", "Robin", "Möwe", "Linden", "Zaunkönig", "Aspen", "Kranich", "Weißdorn", "Heron", "Birke"),
    *("Lärche", "Wren", "Hazel", "Eichelhäher", "Kastanie", "Swift", "Rowan", "Specht", "Kiefer", "Osprey"),
    *("Drossel", "Elder", "Eisvogel", "Buche", "Krähe", "Juniper", "Holly", "Löffler", "Amsel", "Willow"),
    *("Pirol", "Plover", "Ulme", "Finch", "Schwalbe", "Alder", "Rotkehlchen", "Poplar", "Kiebitz", "Curlew"),
    *("Zeder", "Mistel", "Lerche", "Sparrow", "Quitte", "Storch", "Tanne", "Siskin", "Ginster", "Dove"),
    *("Grünspecht", "Chestnut", "Uhu", "Walnut", "Stieglitz", "Larch"),
)
_PLACES: Final[Mapping[Lang, tuple[str, ...]]] = {
    "en": ("", "North", "South", "East", "West", "Hill", "Valley", "Shore", "Forest", "Meadow", "Island", "Coast"),
    "de": ("", "Nord", "Süd", "Ost", "West", "Berg", "Tal", "Ufer", "Wald", "Wiese", "Insel", "Küste"),
}
_FAR_AWAY: Final[Mapping[Lang, str]] = {
    "en": "on the far side of the old bridge",
    "de": "auf der anderen Seite der Brücke",
}
_LEADERSHIP: Final[Mapping[Lang, str]] = {"en": "Leadership team", "de": "Leitungskreis"}


def _department_names(count: int) -> list[str]:
    """Rivers, numbered where there are not enough of them."""
    return [_numbered(_RIVERS[k % len(_RIVERS)], k // len(_RIVERS)) for k in range(count)]


def _team_names(design: SampleDesign) -> list[str]:
    """No name twice; every fifteenth has about forty characters; the heads of departments come first."""
    names = [_team_name(k, design.lang) for k in range(design.team_count)]
    return [_LEADERSHIP[design.lang], *names[:-1]] if design.department_count > 1 else names


def _team_name(k: int, lang: Lang) -> str:
    """The k-th name: a tree or a bird, then with a place, then with a number too."""
    round_, word = divmod(k, len(_TREES_AND_BIRDS))
    number, place = divmod(round_, len(_PLACES[lang]))
    tail = _FAR_AWAY[lang] if k % 15 == 4 else ""
    return _numbered(" ".join(filter(None, ("Team", _TREES_AND_BIRDS[word], _PLACES[lang][place], tail))), number)


def _numbered(name: str, number: int) -> str:
    return f"{name} {number + 1}" if number else name


# ------------------------------------------------------------------ Files

_COMMENT_SHARE = 0.12  # of the respondents leave a comment
_BEGIN = np.datetime64("2026-03-02T08:00:00")  # of the first wave; the others follow every 13 weeks
_OPEN_DAYS = 12
_PIECE = 50_000  # rows
_ID_CHARACTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype="S1")


@dataclass(frozen=True, slots=True)
class _Wording:
    """What an export says in one language, beside the instrument."""

    groups: tuple[str, str, str]
    headcount: str
    timestamp: str
    time_zone: str
    not_applicable: str
    comment: str
    comments: tuple[str, ...]


_WORDINGS: Final[Mapping[Lang, _Wording]] = {
    "en": _Wording(
        groups=("Quarter", "Department", "Team"),
        headcount="Headcount",
        timestamp="Timestamp",
        time_zone="GMT+1",
        not_applicable="Not applicable",
        comment="Anything else you want to say?",
        comments=(
            "Thank you for asking.",
            "The Friday round helps, please keep it.",
            "Our stand-up could be shorter.",
            "More time for questions after the monthly meeting would be good.",
            'I like that we say "I do not know yet" more often now.',
            "The new room is great; the coffee is not.",
            "Nothing to add.",
            "It would help to hear earlier when priorities change.",
        ),
    ),
    "de": _Wording(
        groups=("Quartal", "Abteilung", "Team"),
        headcount="Mitarbeitende",
        timestamp="Zeitstempel",
        time_zone="MEZ",
        not_applicable="Kann ich nicht beurteilen",
        comment="Möchten Sie uns noch etwas sagen?",
        comments=(
            "Danke für die Nachfrage.",
            "Die Runde am Freitag hilft, bitte beibehalten.",
            "Unsere Morgenrunde könnte kürzer sein.",
            "Mehr Zeit für Fragen nach der Monatsrunde wäre schön.",
            "Gut, dass wir öfter „das weiß ich noch nicht“ sagen.",
            "Der neue Raum ist toll; der Kaffee nicht.",
            "Nichts weiter.",
            "Es würde helfen, früher von neuen Prioritäten zu hören.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of an export: what each header row calls it, and its cells.

    words, place: each row's cell is the word at its place; an empty cell has the word "".
    """

    name: str
    text: str
    import_id: str
    words: npt.NDArray[np.object_]
    place: npt.NDArray[np.integer]

    def cells(self, rows: slice) -> list[str]:
        """The texts of some rows."""
        return cast("list[str]", self.words[self.place[rows]].tolist())


def write_sample(sample: Sample, path: Path) -> None:
    """Write the export of a sample, as its design's platform does: CSV, UTF-8, a comma between cells.

    plain: item ids above numbers. labels: question texts above the words of the response scale.
    google_forms: as labels, with a timestamp first. qualtrics: three header rows (names, texts, import ids), metadata,
    numbers. Where the instrument has no texts or no words, ids and numbers stand in for them. An answer that is not
    applicable is "n/a" among numbers. The same sample gives the same bytes. Raises OutputError.
    """
    columns = _columns(sample)
    headers = [[column.text for column in columns]]
    if sample.design.style == "qualtrics":
        import_ids = [f'{{"ImportId":"{column.import_id}"}}' for column in columns]
        headers = [[column.name for column in columns], *headers, import_ids]
    _write_csv(path, chain(headers, _rows(columns)))


def write_headcounts(sample: Sample, path: Path) -> None:
    """Write how many people were asked in each team, under the headings of the export. Raises OutputError."""
    wording = _WORDINGS[sample.design.lang]
    teams = sample.teams[["department", "team", "headcount"]].astype(str).to_numpy().tolist()
    _write_csv(path, [[*wording.groups[1:], wording.headcount], *teams])


def write_truth(sample: Sample, path: Path) -> None:
    """Write the true index of every team in every dimension, wave by wave, to four decimals. Raises OutputError."""
    table = sample.truth.team_index
    rows = [
        [*map(str, names), *(f"{value:.4f}" for value in values)]
        for names, values in zip(table.index, table.to_numpy(), strict=True)
    ]
    _write_csv(path, [[*map(str, table.index.names), *table.columns], *rows])


SAMPLE_ORGANISATION: Final = SampleDesign(
    people=240,
    teams=26,
    departments=5,
    change=7,
    stability=0.8,
    waves=("2026-Q1", "2026-Q2"),
    dimensions=("trust", "openness", "speaking-up", "support", "growth", "outcomes"),
    icc=0.2,
    style="labels",
    seed=3,
)


def write_sample_organisation(folder: Path) -> None:
    """Write the sample organisation that ships with psafety: two quarters and the headcounts. Raises OutputError."""
    sample = sample_survey(SAMPLE_ORGANISATION, load_instrument("open-team-survey"))
    for wave in sample.design.waves:
        write_sample(sample.of_wave(wave), folder / f"sample-{wave.lower()}.csv")
    write_headcounts(sample, folder / "sample-headcounts.csv")


def _columns(sample: Sample) -> list[_Column]:
    """All columns, in the order of the platform."""
    rng = _stream(sample.design, _EXPORT, *np.unique(sample.wave_of).tolist())
    before = {"google_forms": _google_forms_columns, "qualtrics": _qualtrics_columns}.get(sample.design.style)
    return [
        *(before(sample, rng) if before else ()),
        *_group_columns(sample),
        *(_item_column(sample, number, item) for number, item in enumerate(sample.instrument.items)),
        _comment_column(sample, rng),
    ]


def _group_columns(sample: Sample) -> Iterator[_Column]:
    """Wave, department and team."""
    wave, department, team = _WORDINGS[sample.design.lang].groups
    codes, names = pd.factorize(sample.teams["department"])
    yield _coded(wave, wave, wave, sample.design.waves, sample.wave_of)
    yield _coded(department, department, department, names, codes[sample.team_of])
    yield _coded(team, team, team, sample.teams["team"], sample.team_of)


def _item_column(sample: Sample, number: int, item: Item) -> _Column:
    """The answers to one item; words in the order of the codes: blank (0), the points, and last (-1) not applicable."""
    design = sample.design
    numeric = design.style in {"plain", "qualtrics"}
    labels = () if numeric else item.scale.labels.get(design.lang) or item.scale.labels.get("en", ())
    beside = "n/a" if numeric else _WORDINGS[design.lang].not_applicable
    words = ["", *(labels or map(str, item.scale.values)), beside]
    text = "" if design.style == "plain" else in_language(item.texts, design.lang)
    return _coded(f"Q{number + 1}", text or item.id, f"QID{number + 1}", words, sample.answers[:, number])


def _comment_column(sample: Sample, rng: np.random.Generator) -> _Column:
    wording, number = _WORDINGS[sample.design.lang], len(sample.instrument.items) + 1
    which = rng.integers(1, len(wording.comments) + 1, size=len(sample.team_of))
    which[rng.random(len(which)) >= _COMMENT_SHARE] = 0
    return _coded(f"Q{number}", wording.comment, f"QID{number}_TEXT", ["", *wording.comments], which)


def _google_forms_columns(sample: Sample, rng: np.random.Generator) -> Iterator[_Column]:
    wording = _WORDINGS[sample.design.lang]
    times = _written(_begins(sample, rng), f"%Y/%m/%d %I:%M:%S %p {wording.time_zone}")
    yield _row_by_row(wording.timestamp, wording.timestamp, "", times)


def _qualtrics_columns(sample: Sample, rng: np.random.Generator) -> Iterator[_Column]:
    begins, count = _begins(sample, rng), len(sample.wave_of)
    seconds = rng.integers(120, 900, count)
    start, end = (_written(times, "%Y-%m-%d %H:%M:%S") for times in (begins, begins + seconds))
    yield _row_by_row("StartDate", "Start Date", "startDate", start)
    yield _row_by_row("EndDate", "End Date", "endDate", end)
    yield _throughout("Status", "Response Type", "status", "0", count)
    yield _throughout("Progress", "Progress", "progress", "100", count)
    yield _row_by_row("Duration (in seconds)", "Duration (in seconds)", "duration", seconds.astype(object))
    yield _throughout("Finished", "Finished", "finished", "1", count)
    yield _row_by_row("RecordedDate", "Recorded Date", "recordedDate", end)
    yield _row_by_row("ResponseId", "Response ID", "_recordId", _response_ids(count, rng))
    yield _throughout("DistributionChannel", "Distribution Channel", "distributionChannel", "anonymous", count)
    yield _throughout("UserLanguage", "User Language", "userLanguage", sample.design.lang.upper(), count)


def _begins(sample: Sample, rng: np.random.Generator) -> npt.NDArray[np.datetime64]:
    """When each answer began, to the second; in order, as a platform lists them."""
    day = rng.integers(_OPEN_DAYS, size=len(sample.wave_of))
    second = rng.integers(10 * 3600, size=len(sample.wave_of))
    since = (sample.wave_of.astype(np.int64) * 13 * 7 + day) * 86_400 + second
    since.sort()  # rows stand wave by wave, and waves do not overlap
    return _BEGIN + since.astype("timedelta64[s]")


def _written(times: npt.NDArray[np.datetime64], form: str) -> npt.NDArray[np.object_]:
    written: npt.NDArray[np.object_] = pc.strftime(pa.array(times), form).to_numpy(zero_copy_only=False)
    return written


def _response_ids(count: int, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Such as R_2YPOQ602ER1jkf1."""
    characters = _ID_CHARACTERS[rng.integers(len(_ID_CHARACTERS), size=(count, 15), dtype=np.int8)]
    ids: npt.NDArray[np.object_] = np.strings.add("R_", characters.view("S15").ravel().astype("U15")).astype(object)
    return ids


def _coded(name: str, text: str, import_id: str, words: Iterable[str], place: npt.NDArray[np.integer]) -> _Column:
    return _Column(name, text, import_id, np.array(list(words), dtype=object), place)


def _throughout(name: str, text: str, import_id: str, word: str, count: int) -> _Column:
    return _coded(name, text, import_id, [word], np.zeros(count, dtype=np.int8))


def _row_by_row(name: str, text: str, import_id: str, cells: npt.NDArray[np.object_]) -> _Column:
    return _Column(name, text, import_id, cells, np.arange(len(cells)))


def _rows(columns: Sequence[_Column]) -> Iterator[tuple[str, ...]]:
    """The rows as texts, made in pieces, since the texts take far more memory than the codes."""
    for first in range(0, len(columns[0].place), _PIECE):
        rows = slice(first, first + _PIECE)
        yield from zip(*(column.cells(rows) for column in columns), strict=True)


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with _whole_or_not(path) as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@contextmanager
def _whole_or_not(path: Path) -> Iterator[TextIO]:
    """A file that takes its place when all is written, so that a failure leaves what was there before."""
    part = path.with_name(f".{path.name}.part")
    try:
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        problem = f"The file cannot be written: {error.strerror or error}."
        raise OutputError(problem, where=str(path), hint="Is there such a folder, and room in it?") from error
