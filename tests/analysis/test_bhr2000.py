"""A real file through the whole road to the findings: 5,400 soldiers in 99 companies, 11 questions on leadership."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import Score, Spread
from psafety.surveys.instrument_files import read_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey

KEY = Path(__file__).resolve().parents[1] / "data" / "bhr-leadership.toml"
ITEMS = ["AF06", "AF07", "AP12", "AP17", "AP33", "AP34", "AS14", "AS15", "AS16", "AS17", "AS28"]


@pytest.fixture
def file(shared: Callable[[str], Path]) -> Path:
    """The file as R's package multilevel has it."""
    return shared("r_multilevel/bhr2000.csv")


@pytest.fixture
def findings(file: Path) -> Findings:
    """What psafety publishes of it."""
    return analyze(load_survey(file, Wishes(instrument=read_instrument(KEY), team="GRP")))


def test_item_figures_are_those_of_pandas(findings: Findings, file: Path) -> None:
    """Mean, deviation and shares of every item are what pandas says of the file."""
    answers = pd.read_csv(file)[ITEMS]

    assert list(findings.items.columns) == ITEMS
    assert findings.items.n[0].tolist() == [5400] * 11
    assert findings.items.mean[0] == pytest.approx(answers.mean().to_numpy(), abs=1e-9)
    assert findings.items.sd[0] == pytest.approx(answers.std().to_numpy(), abs=1e-9)
    assert findings.items.favourable[0] == pytest.approx((answers >= 4).mean().to_numpy(), abs=1e-9)
    assert findings.items.unfavourable[0] == pytest.approx((answers <= 2).mean().to_numpy(), abs=1e-9)


def test_scale_mean_and_deviation_are_those_of_pandas(findings: Findings, file: Path) -> None:
    """The score of the dimension and its deviation are those of the persons' means."""
    scale = pd.read_csv(file)[ITEMS].mean(axis=1)

    score = findings.dimensions.at(0, 0)

    assert isinstance(score, Score)
    assert isinstance(score.spread, Spread)
    assert (score.n, score.mean, score.spread.sd) == (
        5400,
        pytest.approx(scale.mean(), abs=1e-9),
        pytest.approx(scale.std(), abs=1e-9),
    )


def test_scale_mean_and_deviation_are_those_of_psych_alpha(findings: Findings, shared: Callable[[str], Path]) -> None:
    """The same, as computed by `psych::alpha(bhr2000[, 2:12])` in R."""
    entries = json.loads(shared("../reference/reference_values.json").read_text(encoding="utf-8"))["computed"]
    (expected,) = (entry["value"] for entry in entries if entry["id"] == "bhr2000.lead.psych.alpha_pairwise")

    assert findings.dimensions.mean[0, 0] == pytest.approx(expected["scale_mean"], abs=1e-9)
    assert findings.dimensions.sd[0, 0] == pytest.approx(expected["scale_sd"], abs=1e-9)


def test_company_means_are_those_of_r(findings: Findings, shared: Callable[[str], Path]) -> None:
    """Size and scale mean of each of the 99 companies are those computed in R."""
    expected = pd.read_csv(shared("../reference/reference_groups_bhr2000.csv"), dtype={"group": str})
    companies = [position for position, unit in enumerate(findings.units) if unit.kind == "team"]
    found = pd.DataFrame(
        {
            "group": [findings.units[position].name for position in companies],
            "n": [findings.units[position].n for position in companies],
            "mean": findings.dimensions.mean[companies, 0],
        }
    )

    both = expected.merge(found, on="group", validate="one_to_one")

    assert len(both) == len(found) == 99
    assert (both["n"] == both["gsize"]).all()
    assert both["mean"].to_numpy() == pytest.approx(both["scale_mean"].to_numpy(), abs=1e-9)


def test_company_intervals_use_the_variance_within_of_r(findings: Findings, shared: Callable[[str], Path]) -> None:
    """The intervals of the companies follow from R's mean square within (`aov`) and its degrees of freedom."""
    from scipy import stats

    entries = json.loads(shared("../reference/reference_values.json").read_text(encoding="utf-8"))["computed"]
    (within,) = (entry["value"] for entry in entries if entry["id"] == "bhr2000.LEAD11.icc")
    companies = [position for position, unit in enumerate(findings.units) if unit.kind == "team"]
    n = findings.dimensions.n[companies, 0]

    reach = (findings.dimensions.high - findings.dimensions.low)[companies, 0] / 2

    assert reach == pytest.approx(25 * stats.t.ppf(0.975, within["df2"]) * np.sqrt(within["MSW"] / n), abs=1e-9)
