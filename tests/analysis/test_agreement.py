"""Agreement inside teams and differences between them: the figures of R, the laws, the undefined cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.agreement import (
    agreement_limit,
    average_deviation,
    icc1,
    icc1_by_reml,
    icc2,
    mean_reliability,
    null_variance,
    rwg,
    rwg_j,
    rwg_j_lindell,
    variances_of,
    variation,
)
from reference import FOLDER, r

LEAD = slice(1, 12)


def close(found: object, wanted: object) -> bool:
    """To 1e-6."""
    return bool(np.abs(np.asarray(found) - np.asarray(wanted, float)).max() < 1e-6)


def counts_of(points: np.ndarray, teams: np.ndarray, size: int) -> np.ndarray:
    """(people × items) points → (teams × items × points) counts; 0 for a blank."""
    counts = np.zeros((teams.max() + 1, points.shape[1], size + 1), int)
    for item in range(points.shape[1]):
        np.add.at(counts, (teams, item, points[:, item]), 1)
    return counts[:, :, 1:]


def sums_of(scores: "pd.Series[float]", teams: "pd.Series[str]") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(teams × 1) number, sum and sum of squares."""
    grouped = pd.DataFrame({"n": 1, "total": scores, "squares": scores**2}).groupby(teams).sum()
    n, total, squares = (grouped[name].to_numpy()[:, None] for name in grouped)
    return n, total, squares


@pytest.fixture
def bhr2000(shared) -> pd.DataFrame:
    """5,400 soldiers in 99 companies."""
    return pd.read_csv(shared("r_multilevel/bhr2000.csv"))


@pytest.mark.parametrize("name", ["LEAD11", "HRS", "RELIG"])
def test_icc_is_that_of_multilevel(bhr2000: pd.DataFrame, name: str) -> None:
    """Mean squares, ICC(1) with both team sizes, ICC(2), and by restricted maximum likelihood."""
    scores = bhr2000.iloc[:, LEAD].mean(axis=1) if name == "LEAD11" else bhr2000[name]
    wanted = r(f"bhr2000.{name}.icc")
    n, total, squares = sums_of(scores, bhr2000["GRP"])

    found = variation(n, total, squares)
    by_reml = icc1_by_reml(n[:, 0], total[:, 0], squares[:, 0])

    assert close([found.between[0], found.within[0]], [wanted["MSB"], wanted["MSW"]])
    assert close([found.mean_size[0], found.n0[0]], [wanted["mean_group_size"], wanted["n0_adjusted_group_size"]])
    assert close([icc1(found)[0], icc1(found, size="n0")[0]], [wanted["ICC1"], wanted["ICC1_with_n0"]])
    assert close(icc2(found)[0], wanted["ICC2"])
    # For RELIG lme stops 4e-6 beside the maximum of the likelihood; see the next test.
    slack = 5e-6 if name == "RELIG" else 1e-6
    assert by_reml == pytest.approx(wanted["ICC1_lme_REML"], abs=slack)
    assert mean_reliability(by_reml, found.mean_size)[0] == pytest.approx(wanted["ICC2_lme_REML"], abs=slack * 30)


def test_the_restricted_likelihood_is_higher_where_we_stop_than_where_lme_does(bhr2000: pd.DataFrame) -> None:
    """The one figure that differs from R's by more than 1e-6 differs for the better."""
    n, total, squares = (column[:, 0] for column in sums_of(bhr2000["RELIG"], bhr2000["GRP"]))
    within = (squares - total**2 / n).sum()

    def deviance(icc: float) -> float:
        weight = n / (1 + n * icc / (1 - icc))
        apart = total / n - (weight * total / n).sum() / weight.sum()
        spread = within + (weight * apart**2).sum()
        return (n.sum() - 1) * np.log(spread) + np.log(n / weight).sum() + np.log(weight.sum())

    assert deviance(icc1_by_reml(n, total, squares)) < deviance(r("bhr2000.RELIG.icc")["ICC1_lme_REML"])


def test_agreement_is_that_of_multilevel_in_every_company(bhr2000: pd.DataFrame) -> None:
    """rwg(j), Lindell's variant and AD(M) of all 99 companies; AD(Md) and rwg by their summaries."""
    path = FOLDER / "reference_groups_bhr2000.csv"
    if not path.is_file():
        pytest.skip("the reference figures are not at hand")
    companies = pd.read_csv(path, dtype={"group": str}).set_index("group")
    teams, names = pd.factorize(bhr2000["GRP"].astype(str))
    wanted = companies.loc[names]
    counts = counts_of(bhr2000.iloc[:, LEAD].to_numpy(int), teams, 5)

    variances = variances_of(counts)
    religion = rwg(variances_of(counts_of(bhr2000[["RELIG"]].to_numpy(int), teams, 5))[:, 0], null_variance(5))

    assert close(rwg_j(variances, null_variance(5)), wanted["rwg.j"])
    assert close(rwg_j_lindell(variances, null_variance(5)), wanted["rwg.j.lindell"])
    assert close(average_deviation(counts).mean(axis=-1), wanted["ad.mean"])
    by_median = average_deviation(counts, around="median").mean(axis=-1)
    for found, entry in ((by_median, "lead.ad.m.median"), (religion, "RELIG.rwg")):
        summary = r(f"bhr2000.{entry}")
        assert close(
            [found.mean(), np.median(found), found.std(ddof=1), found.min(), found.max()],
            [summary[name] for name in ("mean", "median", "sd", "min", "max")],
        )


def test_gaps_count_item_by_item_or_not_at_all(shared) -> None:
    """Cohesion with a gap: item by item as multilevel 2.8, without the whole row as 2.7."""
    cohesion = pd.read_csv(shared("r_multilevel/cohesion.csv"))
    teams, names = pd.factorize(cohesion["UNIT"] + " " + cohesion["PLATOON"])
    points = cohesion.iloc[:, 2:].fillna(0).to_numpy(int)
    whole = (points > 0).all(axis=1)
    wanted = r("cohesion.rwg.j.2.8")

    found = rwg_j(variances_of(counts_of(points, teams, 5)), null_variance(5))
    listwise = rwg_j(variances_of(counts_of(points[whole], teams[whole], 5)), null_variance(5))
    first = rwg(variances_of(counts_of(points[:, :1], teams, 5))[:, 0], null_variance(5))

    assert names.tolist() == wanted["group"]
    assert close(found, wanted["rwg.j"])
    assert close(listwise, r("cohesion.rwg.j.listwise")["rwg.j"])
    assert close(first, r("cohesion.COH01.rwg")["rwg"])


@given(st.lists(st.integers(0, 6), min_size=2, max_size=9).filter(lambda counts: sum(counts) > 1))
def test_agreement_keeps_its_range(counts: list[int]) -> None:
    """rwg and rwg(j) lie from 0 to 1; the deviation from the median is never above that from the mean."""
    found = np.array([[counts]])
    variances = variances_of(found)

    assert 0 <= rwg(variances[0, 0], null_variance(len(counts))) <= 1
    assert 0 <= rwg_j(variances, null_variance(len(counts)))[0] <= 1
    assert average_deviation(found, around="median") <= average_deviation(found) + 1e-12


def test_people_who_all_say_the_same_agree_and_two_camps_do_not() -> None:
    """Unanimous: 1 and no deviation. Half at either end: 0, and a deviation beyond the limit."""
    unanimous, camps = np.array([0, 0, 0, 8, 0]), np.array([4, 0, 0, 0, 4])

    assert rwg(variances_of(unanimous), null_variance(5)) == 1
    assert average_deviation(unanimous) == 0
    assert rwg(variances_of(camps), null_variance(5)) == 0
    assert average_deviation(camps) > agreement_limit(5)


def test_the_skewed_null_is_known_for_five_and_seven_points() -> None:
    """Five points from the shares behind it; for other scales there is no figure rather than a made-up one."""
    shares, points = np.array([0.05, 0.15, 0.20, 0.35, 0.25]), np.arange(1, 6)

    assert null_variance(5, "slightly skewed") == pytest.approx((shares * (points - shares @ points) ** 2).sum())
    assert null_variance(7, "slightly skewed") == 2.9
    assert np.isnan(null_variance(6, "slightly skewed"))


def test_at_an_icc_of_15_a_mean_of_five_is_worth_about_half() -> None:
    """Spearman and Brown's formula; teams that do not differ have means that are worth nothing."""
    assert mean_reliability(0.15, 5) == pytest.approx(0.469, abs=5e-4)
    assert mean_reliability(-0.02, 50) == 0


UNDEFINED = {
    "one team": [(8, 24.0, 80.0)],
    "teams of one": [(1, 3.0, 9.0), (1, 4.0, 16.0)],
    "nobody": [(0, 0.0, 0.0), (0, 0.0, 0.0)],
    "nothing varies": [(4, 12.0, 36.0), (4, 12.0, 36.0)],
}


@pytest.mark.parametrize("case", UNDEFINED)
def test_undefined_cases_give_nan_and_no_warning(case: str) -> None:
    """Where there is nothing to compare, every figure is NaN, which the report says in words."""
    n, total, squares = (np.array(column)[:, None] for column in zip(*UNDEFINED[case], strict=True))

    found = variation(n, total, squares)

    assert np.isnan([icc1(found)[0], icc1(found, size="n0")[0], icc2(found)[0]]).all()
    assert np.isnan(icc1_by_reml(n[:, 0], total[:, 0], squares[:, 0]))


def test_a_single_answer_has_no_agreement() -> None:
    """One person cannot agree or disagree."""
    single = np.array([[0, 0, 1, 0, 0]])

    assert np.isnan(rwg(variances_of(single), null_variance(5))).all()
    assert np.isnan(average_deviation(single)).all()
    assert np.isnan(rwg_j(variances_of(single), null_variance(5)))


def test_teams_that_differ_less_than_chance_have_a_negative_icc_and_none_by_reml() -> None:
    """The estimate by ANOVA is shown as it is; the other stops at nought."""
    n, total, squares = np.array([[4], [4]]), np.array([[12.0], [12.0]]), np.array([[44.0], [40.0]])

    assert icc1(variation(n, total, squares))[0] < 0
    assert icc1_by_reml(n[:, 0], total[:, 0], squares[:, 0]) == 0


def test_agreement_alone_lets_people_pass_who_agree_on_nothing() -> None:
    """rwg(j) of .70 passes about one five-person team in ten that ticked eight or twelve items at random.

    That is why a team's view is judged by AD(M), which passes one in forty or fewer, and rwg(j) only stands beside it.
    """
    draw = np.random.default_rng(5)
    for items in (8, 12):
        answers = draw.integers(1, 6, (4_000, 5, items))
        counts = (answers[..., None] == np.arange(1, 6)).sum(axis=1)

        by_rwg = (rwg_j(variances_of(counts), null_variance(5)) >= 0.7).mean()
        by_deviation = (average_deviation(counts).mean(axis=-1) <= agreement_limit(5)).mean()

        assert 0.08 < by_rwg < 0.16
        assert by_deviation < 0.03
