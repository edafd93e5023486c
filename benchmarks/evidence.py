"""How well the statistics keep their word, on surveys whose truth is known; prints the tables of docs/statistics.md.

    python benchmarks/evidence.py                      all tables; --number for another count of surveys
    python benchmarks/evidence.py coverage change      only these: coverage, change, power, shrinkage, split, time

Surveys are those of `psafety sample`: 50 teams of 12 people on average, of whom 76 % answer, nine dimensions of three
to five items on five points, ICC(1) of .12, 3 % blanks, 2 % careless; where a table says otherwise, it says so.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from psafety.analysis import agreement, change, drivers, reliability
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.hierarchy import build_hierarchy
from psafety.analysis.indicators import CONFIDENCE, to_index
from psafety.analysis.shrinkage import shrunken
from psafety.analysis.sums import Sums, attached_sums
from psafety.analysis.tally import tally
from psafety.analysis.views import views
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source
from psafety.surveys.sample import Sample, SampleDesign, Truth, sample_survey
from scipy.special import gammaln, stdtrit
from scipy.stats import multinomial

FIFTY = SampleDesign(people=600, teams=50)
LEVELS = ("Department", "Team")
ASKED = load_instrument("open-team-survey")
WAVES = ("2026-Q1", "2026-Q2")
ROUNDING = 1 / 12  # variance of what rounding to whole points takes away


# ------------------------------------------------------------------ From a sample to what a report prints


def responses_of(sample: Sample) -> Responses:
    """A sample as the loader would give it."""
    kept = (sample.answers > 0).any(axis=1)
    teams = sample.teams.loc[sample.team_of[kept]]
    columns = {WAVE: np.array(sample.design.waves, object)[sample.wave_of[kept]]}
    columns |= {level: teams[level.casefold()].to_numpy(object) for level in LEVELS}
    groups = pd.DataFrame({name: _names(values) for name, values in columns.items()})
    frame = pd.DataFrame(sample.answers[kept], columns=[item.id for item in sample.instrument.items])
    source = Source("sample.csv", "plain", "sample", "CSV", len(frame), (), ())
    quality = check_quality(frame, groups, sample.instrument, left_out=0)
    return Responses(sample.instrument, frame, groups, LEVELS, source, quality)


def _names(values: np.ndarray) -> "pd.Categorical[str]":
    codes, names = pd.factorize(np.append(values, ""))
    return pd.Categorical.from_codes(codes[:-1], categories=pd.Index(names))


@dataclass(frozen=True)
class Printed:
    """The dimensions of one wave: (rows × dimensions) index, n, error, degrees of freedom and 95 % interval.

    units: the names of the departments and teams, in the order of the rows; the organisation is kept apart.
    """

    units: list[tuple[str, ...]]
    index: np.ndarray
    n: np.ndarray
    error: np.ndarray
    degrees: np.ndarray
    low: np.ndarray
    high: np.ndarray
    organisation: tuple[np.ndarray, np.ndarray]


def printed(findings: Findings) -> Printed:
    """What the report of one wave shows; the standard errors are those behind its intervals."""
    scores = findings.dimensions
    rows = [row for row, unit in enumerate(findings.units) if unit.kind in {"unit", "team"}]
    index, low, high, n = (getattr(scores, name)[rows] for name in ("index", "low", "high", "n"))
    groups = sum(unit.kind in {"team", "rest"} for unit in findings.units)
    degrees = np.broadcast_to(np.maximum(scores.n[0] - groups, 1).astype(float), index.shape)
    reach = np.maximum(index - low, high - index)  # an end that was cut off at 0 or 100 tells nothing
    error = reach / stdtrit(degrees, (1 + CONFIDENCE) / 2)
    paths = [findings.units[row].path for row in rows]
    return Printed(paths, index, n, error, degrees, low, high, (scores.low[0], scores.high[0]))


def of_wave(sample: Sample, wave: str) -> Printed:
    return printed(analyze(responses_of(sample.of_wave(wave)), wave=wave))


def truth_of(truth: Truth, wave: str, units: list[tuple[str, ...]], dimensions: list[str]) -> np.ndarray:
    """(units × dimensions) the true index of departments and teams."""
    teams, departments = truth.team_index[dimensions].loc[wave], truth.department_index[dimensions].loc[wave]
    values = dict(zip(teams.index, teams.to_numpy(), strict=True))
    values |= {(name,): row for name, row in zip(departments.index, departments.to_numpy(), strict=True)}
    return np.array([values[unit] for unit in units])


# ------------------------------------------------------------------ Coverage


def coverage(number: int) -> None:
    """How often a 95 % interval holds the truth: of teams, departments, and the organisation."""
    print("\n| survey | teams | departments | organisation |\n|---|---|---|---|")
    designs = {
        "usual": FIFTY,
        "nobody careless": replace(FIFTY, careless=0.0),
        "near the ceiling (mean 80)": replace(FIFTY, mean_index=80.0, careless=0.0),
        "one in ten careless": replace(FIFTY, careless=0.1),
        "200 teams of 6": SampleDesign(people=1_200, teams=200),
    }
    for name, design in designs.items():
        hits = [[], [], []]
        for seed in range(number):
            sample = sample_survey(replace(design, seed=seed), ASKED)
            wave = sample.design.waves[0]
            shown = of_wave(sample, wave)
            dimensions = list(sample.truth.team_index.columns)
            true = truth_of(sample.truth, wave, shown.units, dimensions)
            inside = (shown.low <= true) & (true <= shown.high)
            for place, depth in enumerate((2, 1)):
                rows = np.array([len(unit) == depth for unit in shown.units])
                hits[place].append(inside[rows][np.isfinite(shown.low[rows])])
            whole = sample.truth.organisation_index.loc[wave, dimensions].to_numpy()
            hits[2].append((shown.organisation[0] <= whole) & (whole <= shown.organisation[1]))
        shares = (f"{np.concatenate(each).mean():.1%}" for each in hits)
        print(f"| {name} | {' | '.join(shares)} |", flush=True)


# ------------------------------------------------------------------ Change


@dataclass(frozen=True)
class Difference:
    """Two waves, the later less the earlier: (units × dimensions) difference of printed indexes, error, degrees."""

    units: list[tuple[str, ...]]
    difference: np.ndarray
    error: np.ndarray
    degrees: np.ndarray

    @property
    def names_a_change(self) -> bool:
        """Whether a report would call anything better or worse."""
        return bool((np.abs(change.verdicts(self.difference, self.error, self.degrees)) == 1).any())


def difference_of(one: Printed, other: Printed) -> Difference:
    """Of the units that both waves print."""
    units = [unit for unit in one.units if unit in set(other.units)]
    a, b = ([wave.units.index(unit) for unit in units] for wave in (one, other))
    error, degrees = change.welch(
        (one.error[a] ** 2 + ROUNDING, other.error[b] ** 2 + ROUNDING),
        (np.ones(one.error[a].shape, int), np.ones(other.error[b].shape, int)),
        (one.degrees[a], other.degrees[b]),
    )
    before, after = np.round(one.index[a]), np.round(other.index[b])
    people = np.where(np.isfinite(error), one.n[a] + other.n[b], 0)
    return Difference(units, after - before, error * change.raised((before + after) / 2, people), degrees)


def changes(number: int) -> None:
    """Reports that name a change where nothing changed."""
    print("\n| two waves, nothing changed | reports that name a change | chance |\n|---|---|---|")
    unchanged = replace(FIFTY, waves=WAVES, stability=1.0)
    designs = {
        "usual": unchanged,
        "near the ceiling (mean 80)": replace(unchanged, mean_index=80.0),
        "teams of 7": replace(unchanged, people=350),
        "core dimensions only": replace(unchanged, dimensions=("trust", "openness", "speaking-up")),
    }
    for name, design in designs.items():
        false = []
        for seed in range(number):
            sample = sample_survey(replace(design, seed=seed), ASKED)
            found = difference_of(*(of_wave(sample, wave) for wave in WAVES))
            false.append(found.names_a_change)
        share = np.mean(false)
        print(f"| {name} | {share:.1%} | ± {1.96 * np.sqrt(share * (1 - share) / number):.1%} |", flush=True)


def power(number: int) -> None:
    """How often one team's true fall in one dimension is named, by as much as the report says could be seen."""
    seen: list[tuple[float, float, float, bool]] = []
    for seed in range(max(number // 40, 3)):
        design = replace(FIFTY, waves=WAVES, stability=1.0, seed=seed, careless=0.0)
        still = sample_survey(design, ASKED)
        dimensions = list(still.truth.team_index.columns)
        before, same = (of_wave(still, wave) for wave in WAVES)
        steady = difference_of(before, same)
        stated = change.smallest_visible(
            steady.error, steady.degrees, int(np.isfinite(steady.difference * steady.error).sum())
        )
        falls = []
        for fall in range(14, 51, 2):
            moved = sample_survey(replace(design, change=-fall), ASKED)
            real = [truth_of(moved.truth, wave, steady.units, dimensions) for wave in WAVES]
            after = difference_of(before, of_wave(moved, WAVES[1]))
            if after.units == steady.units:
                falls.append((real[1] - real[0], after.difference))
        real, shown = (np.stack(each) for each in zip(*falls, strict=True))
        nearest = np.nanargmin(np.abs(real + np.nan_to_num(stated, nan=1e3)), axis=0)
        for row, column in np.argwhere(np.isfinite(steady.difference) & (stated < change.HIDDEN_CHANGE)):
            pick = nearest[row, column], row, column
            if len(steady.units[row]) < 2 or abs(real[pick] + stated[row, column]) > 1 or not np.isfinite(shown[pick]):
                continue
            mixed = steady.difference.copy()
            mixed[row, column] = shown[pick]
            verdict = change.verdicts(mixed, steady.error, steady.degrees)[row, column]
            n = before.n[before.units.index(steady.units[row]), column]
            seen.append((n, stated[row, column], -real[pick], verdict == -1))
    n, stated, true, found = np.array(seen, float).T
    print("\n| answers | cells | smallest visible change, stated | true change | named |\n|---|---|---|---|---|")
    for low, high in ((5, 7), (8, 10), (11, 15), (16, 40), (5, 40)):
        rows = (n >= low) & (n <= high)
        if rows.any():
            means = f"{stated[rows].mean():.1f} | {true[rows].mean():.1f} | {found[rows].mean():.1%}"
            print(f"| {low} to {high} | {rows.sum():,} | {means} |", flush=True)


# ------------------------------------------------------------------ Shrinkage


def shrinkage(number: int) -> None:
    """Root mean squared error of raw and shrunken team means, by how many people have a score."""
    rows = []
    for seed in range(max(number // 100, 2)):
        for size in (9, 28):
            design = SampleDesign(people=size * 400, teams=400, seed=seed)
            sample = sample_survey(design, ASKED)
            sums, names, joint = team_sums(sample)
            mean = to_index(sums.total / np.where(sums.n > 0, sums.n, np.nan), 5)
            share = agreement.icc1(agreement.variation(sums.n, sums.total, sums.squares))
            centre = to_index(sums.total.sum(axis=0) / sums.n.sum(axis=0), 5)
            estimate = shrunken(mean, sums.n, centre, share)
            true = sample.truth.team_index[joint].loc[[(design.waves[0], *name) for name in names]].to_numpy()
            rows.append(np.stack([sums.n, mean - true, estimate - true], axis=-1).reshape(-1, 3))
    n, raw, drawn = np.concatenate(rows).T
    print("\n| answers | teams × dimensions | raw mean | shrunken |\n|---|---|---|---|")
    for people in (5, 8, 10, 15, 20, 30):
        here = n == people
        errors = (f"{np.sqrt(np.mean(each[here] ** 2)):.1f}" for each in (raw, drawn))
        print(f"| {people} | {here.sum():,} | {' | '.join(errors)} |", flush=True)


def team_sums(sample: Sample) -> tuple[Sums, list[tuple[str, ...]], list[str]]:
    """The sums of every team, its names, and the dimensions."""
    counted = tally(responses_of(sample))
    hierarchy = build_hierarchy(counted.people.index, counted.levels)
    joint = [each.id for each in sample.instrument.dimensions if each.part != "outcome"]
    teams = np.flatnonzero(hierarchy.levels == len(LEVELS) - 1)
    return attached_sums(counted, hierarchy, tuple(joint)).at(teams), [hierarchy.paths[team] for team in teams], joint


# ------------------------------------------------------------------ Split teams

_NOISE = FIFTY.answer_sd * np.sqrt(1 - FIFTY.loading**2) / 25  # of an answer, in steps of a scale of five points
_EASE = FIFTY.item_sd / 25
TEAMS = 10_000
Moods = Callable[[np.random.Generator, int], np.ndarray]
Drawn = Callable[[np.random.Generator, int, int, int], np.ndarray]


def camps(share: float) -> Moods:
    """Two camps, 1.2 to 1.5 steps from the middle."""

    def moods(draw: np.random.Generator, people: int) -> np.ndarray:
        sides = np.where(np.arange(people) < round(share * people), -1, 1)
        return 3 + sides * draw.uniform(1.2, 1.5, (TEAMS, people))

    return moods


def plain_camps(stray: float) -> Drawn:
    """Half of the people tick 1 or 2, half 4 or 5; of the answers a share of `stray` is any point, at random."""
    sides = np.array([[0.5, 0.5, 0, 0, 0], [0, 0, 0, 0.5, 0.5]]) * (1 - stray) + stray / 5

    def drawn(draw: np.random.Generator, people: int, items: int, points: int) -> np.ndarray:
        mine = sides[(np.arange(people) >= people / 2).astype(int)].cumsum(axis=1)[None, :, None, :-1]
        return counted_points(1 + (draw.random((TEAMS, people, items, 1)) > mine).sum(axis=-1), points)

    return drawn


def normal(centre: float, wide: float) -> Moods:
    """One camp, normally distributed about its centre, in steps."""
    return lambda draw, people: centre + wide * draw.standard_normal((TEAMS, people))


def answered(draw: np.random.Generator, moods: np.ndarray, items: int, points: int) -> np.ndarray:
    """(teams × people) moods in steps of a scale of five points → (teams × items × points) counts."""
    step = (points - 1) / 4
    tendency = moods[:, :, None] - 1 + _NOISE * draw.standard_normal((*moods.shape, items))
    tendency += _EASE * draw.standard_normal((len(moods), 1, items))
    return counted_points(np.clip(np.rint(1 + step * tendency), 1, points), points)


def counted_points(ticked: np.ndarray, points: int) -> np.ndarray:
    return np.stack([(ticked == point).sum(axis=1) for point in range(1, points + 1)], axis=-1)


def at_random(draw: np.random.Generator, people: int, items: int, points: int) -> np.ndarray:
    return counted_points(draw.integers(1, points + 1, (TEAMS, people, items)), points)


def one_column(draw: np.random.Generator, people: int, items: int, points: int) -> np.ndarray:
    return counted_points(draw.integers(1, points + 1, (TEAMS, people, 1)).repeat(items, 2), points)


def nearly_one_column(draw: np.random.Generator, people: int, items: int, points: int) -> np.ndarray:
    ticked = draw.integers(1, points + 1, (TEAMS, people, 1)).repeat(items, 2)
    other = draw.random(ticked.shape) < 0.2
    return counted_points(np.where(other, draw.integers(1, points + 1, ticked.shape), ticked), points)


def split(number: int) -> None:  # noqa: ARG001 (every table takes the same)
    """Split teams found, and teams without camps that are called split."""
    with_camps = {"two camps, 50:50": camps(0.5), "two camps, 60:40": camps(0.4)}
    without = {
        "one camp, usual (SD 0.7)": normal(3.6, 0.72),
        "one camp, wide (SD 1.2)": normal(3.3, 1.2),
        "one camp, at the ceiling": normal(4.6, 0.72),
        "one camp, wide, at the ceiling": normal(4.5, 1.2),
        "moods evenly over the whole scale": lambda draw, people: draw.uniform(1, 5, (TEAMS, people)),
        "one camp, SD 1.5: more at the ends than within": normal(3.0, 1.5),
    }
    careless = {
        "whole team ticks at random": at_random,
        "whole team, one random column each": one_column,
        "the same, but for every fifth answer": nearly_one_column,
    }
    sizes = [(n, items, 5) for n in (10, 15, 20, 30) for items in (3, 5)]
    scales = [(n, 4, points) for points in (4, 6, 7, 11) for n in (10, 20)]
    for what, shapes in (("five points", sizes), ("four items", scales)):
        other = [f"{items} items" if shapes is sizes else f"{points} points" for _, items, points in shapes]
        head = [f"n {shape[0]}, {size}" for shape, size in zip(shapes, other, strict=True)]
        print(f"\n| {what} | {' | '.join(head)} |\n|---|{'---|' * len(head)}")
        if shapes is sizes:
            for stray in (0.1, 0.2):
                print_split(
                    f"half at 1 or 2, half at 4 or 5, {stray:.0%} of the answers stray", shapes, plain_camps(stray)
                )
        for name, moods in (with_camps | without).items():
            print_split(name, shapes, lambda draw, n, items, points, m=moods: answered(draw, m(draw, n), items, points))
        for name, drawn in careless.items():
            print_split(name, shapes, drawn)
    print_best(camps(0.5))
    print_agreement()


def print_best(split_in_half: Moods) -> None:
    """What no rule can surpass: the likelihood ratio of just these camps, at 5 % false alarms of random ticking."""
    print("\n| answers | statements | most that any rule can find |\n|---|---|---|")
    draw = np.random.default_rng(7)
    step = answered(draw, split_in_half(draw, 1_000)[:, :500], 1, 5).sum(axis=(0, 1))  # of the lower camp alone
    for n in (10, 15):
        likely = likelihoods(n, step / step.sum())
        for items in (3, 5):
            bar = np.quantile(log_ratio(at_random(draw, n, items, 5), likely), 0.95)
            found = log_ratio(answered(draw, split_in_half(draw, n), items, 5), likely) > bar
            print(f"| {n} | {items} | {found.mean():.0%} |", flush=True)


def likelihoods(n: int, lower: np.ndarray) -> np.ndarray:
    """(n + 1)⁴ how likely counts of the first four points are, if half answer as `lower` and half as its mirror."""
    likely = np.zeros((n + 1,) * 4)
    one, other = (ways(size, side) for size, side in ((round(n / 2), lower), (n - round(n / 2), lower[::-1])))
    for counts, chance in zip(*one, strict=True):
        np.add.at(likely, tuple((counts + other[0])[:, :4].T), chance * other[1])
    return likely


def ways(people: int, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All counts of five points that so many people can make, and how likely each is."""
    counts = np.array([each for each in product(range(people + 1), repeat=5) if sum(each) == people])
    return counts, multinomial.pmf(counts, people, shares / shares.sum())


def log_ratio(counts: np.ndarray, likely: np.ndarray) -> np.ndarray:
    """(teams) two camps against ticking at random, over all items."""
    tiny = np.finfo(float).tiny
    ratio = np.log(np.maximum(likely[tuple(np.moveaxis(counts[..., :4], -1, 0))], tiny)) + gammaln(counts + 1).sum(-1)
    return ratio.sum(axis=-1)


def print_split(name: str, shapes: list[tuple[int, int, int]], drawn: Drawn) -> None:
    shares = []
    for n, items, points in shapes:
        counts = drawn(np.random.default_rng([n, items, points]), n, items, points)
        shares.append((views(counts, np.full(items, points), np.ones((items, 1))) == 3).mean())
    print(
        f"| {name} | {' | '.join(f'{share:.0%}' if share > 0.1 else f'{share:.1%}' for share in shares)} |", flush=True
    )


def print_agreement() -> None:
    """Teams of five that tick at random, and pass as a team that agrees."""
    print("\n| items, five people ticking at random | rwg(j) ≥ .70 | AD(M) ≤ A/6 |\n|---|---|---|")
    for items in (3, 5, 8, 12):
        counts = at_random(np.random.default_rng(items), 5, items, 5)
        by_rwg = (agreement.rwg_j(agreement.variances_of(counts), agreement.null_variance(5)) >= 0.7).mean()
        by_deviation = (agreement.average_deviation(counts).mean(axis=-1) <= agreement.agreement_limit(5)).mean()
        print(f"| {items} | {by_rwg:.1%} | {by_deviation:.1%} |", flush=True)


# ------------------------------------------------------------------ Time


@contextmanager
def timed(what: str, spent: list[float]) -> Iterator[None]:
    """One line of the table: seconds of CPU and on the clock."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    spent.append(time.process_time() - cpu)
    print(f"| {what} | {spent[-1]:.2f} s | {time.perf_counter() - start:.2f} s |", flush=True)


def duration(number: int) -> None:  # noqa: ARG001 (every table takes the same)
    """All statistics of 10,000 teams × 9 dimensions of five items, from counts and sums."""
    teams, dimensions, items, points = 10_000, 9, 5, 5
    draw = np.random.default_rng(1)
    people = draw.integers(5, 25, teams)
    now, then = (draw.multinomial(people[:, None], [0.1, 0.15, 0.25, 0.3, 0.2], (teams, 45)) for _ in range(2))
    members = np.repeat(np.eye(dimensions), items, axis=0)
    sizes = np.full(dimensions * items, points)
    n = np.repeat(people[:, None], dimensions, axis=1)
    scores = 3.4 + draw.normal(0, 0.3, n.shape)
    total, squares = n * scores, n * (scores**2 + 0.6)
    products = [reliability.products_of(draw.integers(1, points + 1, (1_000, items))) for _ in range(dimensions)]
    spent: list[float] = []
    print("\n| 10,000 teams × 9 dimensions | CPU | clock |\n|---|---|---|")
    with timed("rwg, rwg(j), AD(M) around mean and median", spent):
        variances = agreement.variances_of(now)
        agreement.rwg(variances, agreement.null_variance(points))
        agreement.rwg_j(variances.reshape(teams, dimensions, items), agreement.null_variance(points))
        agreement.average_deviation(now)
        agreement.average_deviation(now, around="median")
    with timed("views", spent):
        views(now, sizes, members)
    with timed("ICC(1), ICC(2), also by REML", spent):
        found = agreement.variation(n, total, squares)
        share = agreement.icc1(found)
        agreement.icc2(found)
        for column in range(dimensions):
            agreement.icc1_by_reml(n[:, column], total[:, column], squares[:, column])
    with timed("shrinkage", spent):
        shrunken(scores, n, scores.mean(axis=0), share)
    with timed("change: Welch, intervals, Hedges' g, verdicts, smallest visible change", spent):
        difference = draw.normal(0, 5, n.shape)
        variance, free = np.full(n.shape, 400.0), np.full(n.shape, 1e5)
        error, degrees = change.welch((variance, variance), (n, n), (free, free))
        change.interval(difference, error, degrees)
        change.hedges_g(difference, np.full(n.shape, 20.0), degrees)
        change.verdicts(difference, error, degrees)
        change.smallest_visible(error, degrees, n.size)
    with timed("rank test of every item", spent):
        change.mann_whitney_p(now, then)
    with timed("alpha and its interval, omega, item-rest, alpha without each; relative weights with intervals", spent):
        for each in products:
            covariance = reliability.covariance(each)
            reliability.alpha_interval(reliability.alpha(covariance), 1_000, items)
            reliability.omega(reliability.correlation(covariance))
            reliability.item_rest_correlation(covariance)
            reliability.alpha_without_each(covariance)
        correlations = np.full((dimensions, dimensions), 0.5) + 0.5 * np.eye(dimensions)
        drivers.relative_weights(correlations[:-1, :-1], correlations[-1, :-1])
        drivers.weight_intervals(correlations, 1_000)
    print(f"| together | {sum(spent):.2f} s | |")


TABLES = {
    "coverage": coverage,
    "change": changes,
    "power": power,
    "shrinkage": shrinkage,
    "split": split,
    "time": duration,
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help="which tables; all without any")
    parser.add_argument("--number", type=int, default=400, help="surveys for coverage and for false alarms")
    options = parser.parse_args()
    for name in options.tables or TABLES:
        TABLES[name](options.number)


if __name__ == "__main__":
    main()
