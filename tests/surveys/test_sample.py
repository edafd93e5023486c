"""The synthetic survey is what its design says, and its truth is true."""

import csv
import json
from collections.abc import Sequence
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import psafety.surveys
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from psafety.surveys.answers import BLANK, NOT_APPLICABLE
from psafety.surveys.errors import ConfigError, OutputError
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.sample import (
    SAMPLE_ORGANISATION,
    Sample,
    SampleDesign,
    sample_survey,
    write_headcounts,
    write_sample,
    write_sample_organisation,
)

CORE = ("trust", "openness", "speaking-up")
CAREFUL = {"response": 1.0, "missing": 0.0, "careless": 0.0}
SHIPPED = Path(psafety.surveys.__file__).parent / "samples"


@cache
def open_team_survey() -> Instrument:
    return load_instrument("open-team-survey")


def made_up(values: Sequence[int], reverse: Sequence[bool] = (False, True, False)) -> Instrument:
    """One dimension on any scale, without texts and labels."""
    scale = ResponseScale("any", tuple(values), {}, frozenset(), frozenset())
    return Instrument(
        id="made-up",
        titles={},
        version="1",
        licence="",
        citation="",
        evidence={},
        dimensions=(Dimension("only", {}, {}),),
        items=tuple(Item(f"i{number}", "only", scale, {}, turned) for number, turned in enumerate(reverse)),
    )


def draw(instrument: Instrument | None = None, **design) -> Sample:
    return sample_survey(SampleDesign(**design), instrument or open_team_survey())


def turned_indices(sample: Sample) -> np.ndarray:
    """(respondents × items) on 0 to 100 after reverse-keying, computed from the plain answers; all must be answered."""
    columns = []
    for item, code in zip(sample.instrument.items, sample.answers.T.astype(float), strict=True):
        points = len(item.scale.values)
        columns.append((points - code if item.reverse else code - 1) / (points - 1) * 100)
    return np.column_stack(columns)


def person_scores(sample: Sample) -> pd.DataFrame:
    """Each respondent's dimension scores on 0 to 100."""
    indices = turned_indices(sample)
    dimension_of = np.array([item.dimension for item in sample.instrument.items])
    return pd.DataFrame({name: indices[:, dimension_of == name].mean(axis=1) for name in sample.truth.team_index})


def icc1(scores: pd.Series, team: pd.Series) -> float:
    """ICC(1) of a one-way analysis of variance, teams of one size."""
    groups = scores.groupby(team)
    size = len(scores) / groups.ngroups
    within = groups.var().mean()
    between = size * groups.mean().var()
    return (between - within) / (between + (size - 1) * within)


class TestDeterminism:
    def test_the_same_design_gives_the_same_sample(self):
        one, two = draw(not_applicable=0.1), draw(not_applicable=0.1)

        assert_array_equal(one.answers, two.answers)
        assert_array_equal(one.team_of, two.team_of)
        assert_array_equal(one.careless, two.careless)
        assert one.teams.equals(two.teams)
        assert one.truth.team_index.equals(two.truth.team_index)

    def test_another_seed_gives_another_sample(self):
        one, two = draw(), draw(seed=2)

        assert one.truth.team_index.shape != two.truth.team_index.shape or not np.allclose(
            one.truth.team_index, two.truth.team_index
        )
        assert not one.teams["headcount"].equals(two.teams["headcount"])

    def test_a_later_wave_leaves_the_earlier_ones_as_they_were(self):
        one = draw()
        two = draw(waves=("2026-Q1", "2026-Q2"), change=5.0)

        assert_array_equal(two.of_wave("2026-Q1").answers, one.answers)
        assert two.truth.team_index.loc["2026-Q1"].equals(one.truth.team_index.loc["2026-Q1"])

    def test_style_and_language_change_no_answer(self):
        one, two = draw(), draw(style="qualtrics", lang="de")

        assert_array_equal(one.answers, two.answers)

    @pytest.mark.parametrize("style", ["plain", "labels", "google_forms", "qualtrics"])
    def test_the_same_sample_is_written_to_the_same_bytes(self, tmp_path, style):
        for name in ("one.csv", "two.csv"):
            write_sample(draw(people=60, style=style), tmp_path / name)

        assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


class TestShares:
    @pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
    def test_response_missing_and_careless_are_as_designed(self, share):
        """Within five standard errors of a binomial."""
        people, items = 20_000, 15
        sample = draw(people=people, response=0.8, missing=share, careless=share, dimensions=CORE)
        answered = len(sample.team_of)

        assert abs(answered - 0.8 * people) < 5 * sqrt(people * 0.8 * 0.2)
        assert abs(sample.careless.sum() - share * answered) <= 5 * sqrt(answered * share * (1 - share))
        assert abs(sample.missing - share) <= 5 * sqrt(share * (1 - share) / (answered * items))

    def test_not_applicable_is_apart_from_missing(self):
        sample = draw(people=20_000, missing=0.1, not_applicable=0.05, dimensions=CORE)
        cells = sample.answers.size

        assert abs((sample.answers == NOT_APPLICABLE).mean() - 0.05) < 5 * sqrt(0.05 * 0.95 / cells)
        assert abs((sample.answers == BLANK).mean() - 0.1) < 5 * sqrt(0.1 * 0.9 / cells)

    def test_nobody_answers(self):
        sample = draw(response=0.0)

        assert sample.answers.shape == (0, len(sample.instrument.items))
        assert np.isnan(sample.missing)

    def test_careless_people_tick_one_column_throughout(self):
        """Whichever way the items are keyed; careful people do not."""
        sample = draw(people=5_000, missing=0.0, careless=0.2)
        same = (sample.answers == sample.answers[:, :1]).all(axis=1)

        assert same[sample.careless].all()
        assert same[~sample.careless].mean() < 0.001
        assert set(sample.answers[sample.careless, 0]) == {1, 2, 3, 4, 5}


class TestTruth:
    @pytest.mark.parametrize(
        "instrument",
        [
            pytest.param(None, id="open-team-survey"),
            pytest.param(made_up(range(11)), id="0 to 10"),
            pytest.param(made_up((1, 2)), id="two points"),
            pytest.param(made_up(range(-3, 4), (True, True)), id="-3 to 3, all reversed"),
            pytest.param(load_instrument("edmondson-7"), id="edmondson-7"),
        ],
    )
    @pytest.mark.parametrize("mean_index", [30.0, 65.0, 88.0])
    def test_a_huge_team_shows_its_truth(self, instrument, mean_index):
        """Observed means of 30,000 people lie within five standard errors of the stated expectation."""
        sample = draw(instrument, people=60_000, teams=2, departments=1, mean_index=mean_index, **CAREFUL)
        items = pd.DataFrame(turned_indices(sample), columns=[item.id for item in sample.instrument.items])

        for observed, truth in ((items, sample.truth.item_index), (person_scores(sample), sample.truth.team_index)):
            teams = observed.groupby(sample.team_of)
            z = (teams.mean().to_numpy() - truth.to_numpy()) / teams.sem().to_numpy()
            assert np.abs(z).max() < 5

    @pytest.mark.parametrize("icc", [0.0, 0.05, 0.12, 0.4])
    @pytest.mark.parametrize("instrument", [None, made_up((1, 2)), made_up(range(1, 8))], ids=["own", "2", "7"])
    def test_the_observed_icc_is_the_stated_one(self, icc, instrument):
        """One-way analysis of variance of forty people of each larger team, of 500."""
        sample = draw(instrument, people=40_000, teams=500, departments=1, icc=icc, **CAREFUL)
        person = pd.Series(sample.team_of)
        some = (person.groupby(person).cumcount() < 40) & (person.groupby(person).transform("size") >= 40)
        observed = person_scores(sample)[some].apply(icc1, team=person[some])

        assert person[some].nunique() > 350
        assert_allclose(observed, sample.truth.icc.loc["2026-Q1"], atol=0.02)

    @pytest.mark.parametrize("icc", [0.0, 0.05, 0.12, 0.4])
    @pytest.mark.parametrize("mean_index", [20.0, 65.0, 88.0])
    def test_the_icc_and_the_mean_are_those_asked_for(self, icc, mean_index):
        """Over very many teams the ICC and the mean of the truth are the design's, for each dimension."""
        truth = draw(
            people=20_000, teams=20_000, icc=icc, mean_index=mean_index, department_share=0, dimension_sd=0
        ).truth

        assert_allclose(truth.icc, icc, rtol=0.06)
        assert_allclose(truth.team_index.mean(), mean_index, atol=0.6)

    def test_dimensions_differ_and_have_the_design_mean_together(self):
        sample = draw(people=20_000, teams=20_000, department_share=0.0)
        means = sample.truth.team_index.mean()

        assert means.std() > 2
        assert abs(means.mean() - 65) < 1

    def test_dimensions_are_correlated_between_teams_and_between_people(self):
        sample = draw(people=20_000, teams=500, department_share=0.0, dimensions=CORE, **CAREFUL)
        teams = sample.truth.team_index.corr().to_numpy()
        scores = person_scores(sample)
        people = (scores - scores.groupby(sample.team_of).transform("mean")).corr().to_numpy()
        off = ~np.eye(3, dtype=bool)

        assert_allclose(teams[off], 0.6, atol=0.1)
        assert_allclose(people[off], 0.6 * 0.85, atol=0.06)  # answers measure a stance with an alpha of about .85

    def test_those_asked_have_the_mean_they_show_when_all_answer_with_care(self):
        sample = draw(people=300, waves=("a", "b"), **CAREFUL)
        key = [sample.wave_of, sample.team_of]

        assert_allclose(person_scores(sample).groupby(key).mean(), sample.truth.asked_index)

    def test_those_asked_do_not_depend_on_who_answers(self):
        one, two = draw(**CAREFUL), draw(response=0.3, missing=0.5, careless=0.5)

        assert one.truth.asked_index.equals(two.truth.asked_index)

    def test_units_are_the_mean_over_the_people_asked(self):
        sample = draw(waves=("a", "b"))
        department = sample.teams["department"] == sample.teams["department"].iloc[-1]
        index = sample.truth.team_index.loc["b"]
        expected = np.average(index[department.to_numpy()], axis=0, weights=sample.teams["headcount"][department])
        organisation = np.average(index, axis=0, weights=sample.teams["headcount"])

        assert_allclose(sample.truth.department_index.loc[("b", sample.teams["department"].iloc[-1])], expected)
        assert_allclose(sample.truth.organisation_index.loc["b"], organisation)

    def test_tables_stand_in_the_order_of_waves_and_teams(self):
        sample = draw(waves=("later", "a"))
        truth = sample.truth

        assert truth.team_index.index.names == ["wave", "department", "team"]
        assert list(truth.team_index.loc["later"].index.get_level_values("team")) == list(sample.teams["team"])
        assert list(truth.organisation_index.index) == ["later", "a"]
        assert list(truth.icc.index) == ["later", "a"]

    def test_outcomes_have_items_but_no_joint_score(self):
        truth = draw().truth

        assert "outcomes" not in truth.team_index
        assert {"together", "ideas", "misunderstandings"} <= set(truth.item_index)

    def test_one_team_has_no_icc(self):
        sample = draw(people=5)

        assert len(sample.teams) == 1
        assert sample.truth.icc.isna().to_numpy().all()


class TestWaves:
    def test_full_stability_moves_all_teams_alike(self):
        """By the change asked for, on average; nearer the ends of the scale by a little less."""
        truth = draw(people=5_000, teams=500, waves=("a", "b"), change=6.0, stability=1.0).truth.team_index
        moved = truth.loc["b"] - truth.loc["a"]

        assert (moved.to_numpy() > 3).all()
        assert_allclose(moved.mean(), 6, atol=0.3)

    def test_less_stability_lets_teams_drift(self):
        """Each team on its own way; the spread of the teams stays as it is."""
        waves = ("a", "b", "c")
        truth = draw(people=5_000, teams=5_000, waves=waves, stability=0.8, department_share=0.0).truth.team_index
        trust = {wave: truth.loc[wave]["trust"] for wave in waves}

        assert trust["a"].corr(trust["b"]) == pytest.approx(0.8, abs=0.03)
        assert trust["a"].corr(trust["c"]) == pytest.approx(0.64, abs=0.04)
        assert trust["c"].std() == pytest.approx(trust["a"].std(), rel=0.05)

    def test_people_are_fresh_in_each_wave(self):
        sample = draw(waves=("a", "b"), stability=1.0)
        one, two = sample.of_wave("a"), sample.of_wave("b")

        assert len(one.team_of) + len(two.team_of) == len(sample.team_of)
        assert not np.array_equal(one.team_of, two.team_of)
        assert one.teams is two.teams


class TestOrganisation:
    @pytest.mark.parametrize(
        ("people", "teams", "departments"),
        [
            (1, None, None),
            (2, 2, 2),
            (7, 7, 1),
            (40, 20, 5),  # hardly two people for each team
            (400, None, None),
            (1_000, 3, 3),
            (100_000, 10_000, 800),
        ],
    )
    def test_everybody_has_a_team_and_every_team_a_department(self, people, teams, departments):
        sample = draw(people=people, teams=teams, departments=departments, dimensions=CORE)

        assert sample.teams["headcount"].sum() == people
        assert sample.teams["headcount"].min() >= 1
        assert sample.teams["department"].nunique() == sample.design.department_count
        assert len(sample.teams) == sample.design.team_count

    def test_sizes_are_skewed_with_a_few_tiny_teams(self):
        sizes = draw(people=9_000).teams["headcount"]

        assert 0.05 < (sizes < 3).mean() < 0.11
        assert sizes[sizes >= 3].between(3, 25).mean() > 0.95
        assert sizes[sizes >= 3].median() < sizes[sizes >= 3].mean()

    def test_the_heads_of_departments_are_a_team(self):
        german = draw(lang="de").teams.iloc[0]

        assert draw().teams.iloc[0]["team"] == "Leadership team"
        assert german["team"] == "Leitungskreis"
        assert german["headcount"] == draw().design.department_count + 1

    @pytest.mark.parametrize("lang", ["en", "de"])
    def test_no_name_stands_twice_among_ten_thousand(self, lang):
        teams = draw(people=12_000, teams=12_000, dimensions=CORE, lang=lang).teams

        assert teams["team"].is_unique
        assert teams["team"].str.len().max() <= 60

    def test_names_have_umlauts_and_some_have_forty_characters(self):
        names = draw().teams["team"]

        assert {"Team Ahorn", "Team Möwe"} <= set(names)
        assert names.str.len().between(40, 50).sum() >= 2


class TestFiles:
    def rows(self, path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, folder: Path, **design) -> tuple[Sample, list[list[str]]]:
        sample = draw(people=120, missing=0.1, not_applicable=0.1, dimensions=CORE, **design)
        write_sample(sample, folder / "survey.csv")
        return sample, self.rows(folder / "survey.csv")

    def test_plain_has_ids_and_numbers(self, tmp_path):
        sample, (header, *rows) = self.write(tmp_path)
        texts = {BLANK: "", NOT_APPLICABLE: "n/a", **{value: str(value) for value in range(1, 6)}}

        assert header[:4] == ["Quarter", "Department", "Team", "trust1"]
        assert header[-1] == "Anything else you want to say?"
        assert [row[3:-1] for row in rows] == [[texts[code] for code in person] for person in sample.answers.tolist()]
        assert [row[0] for row in rows] == ["2026-Q1"] * len(rows)
        assert [row[1:3] for row in rows] == sample.teams.iloc[sample.team_of][
            ["department", "team"]
        ].to_numpy().tolist()

    def test_numbers_are_those_of_the_scale(self, tmp_path):
        write_sample(draw(made_up(range(11)), careless=0.5, missing=0.0), tmp_path / "survey.csv")
        header, *rows = self.rows(tmp_path / "survey.csv")

        assert header[3:-1] == ["i0", "i1", "i2"]
        assert {cell for row in rows for cell in row[3:-1]} == {str(value) for value in range(11)}

    def test_labels_has_questions_and_words(self, tmp_path):
        sample, (header, *rows) = self.write(tmp_path, style="labels", lang="de")
        labels = open_team_survey().items[0].scale.labels["de"]
        texts = dict(enumerate(("", *labels))) | {NOT_APPLICABLE: "Kann ich nicht beurteilen"}

        assert header[:3] == ["Quartal", "Abteilung", "Team"]
        assert header[3:-1] == [item.texts["de"] for item in sample.instrument.items]
        assert [row[3:-1] for row in rows] == [[texts[code] for code in person] for person in sample.answers.tolist()]

    def test_labels_without_texts_and_words_falls_back_on_ids_and_numbers(self, tmp_path):
        write_sample(draw(made_up((1, 2)), style="labels"), tmp_path / "survey.csv")
        header, *rows = self.rows(tmp_path / "survey.csv")

        assert header[3:-1] == ["i0", "i1", "i2"]
        assert {cell for row in rows for cell in row[3:-1]} == {"", "1", "2"}

    def test_google_forms_begins_with_timestamps_in_order(self, tmp_path):
        _, (header, *rows) = self.write(tmp_path, style="google_forms", waves=("2026-Q1", "2026-Q2"))
        times = pd.to_datetime([row[0] for row in rows], format="%Y/%m/%d %I:%M:%S %p GMT+1")

        assert header[:4] == ["Timestamp", "Quarter", "Department", "Team"]
        assert times.is_monotonic_increasing
        assert set(times.to_period("Q").astype(str)) == {"2026Q1", "2026Q2"}
        assert "Strongly agree" in rows[0] + rows[1] + rows[2]

    def test_qualtrics_has_three_header_rows_and_metadata(self, tmp_path):
        sample, (names, texts, import_ids, *rows) = self.write(tmp_path, style="qualtrics")
        table = pd.DataFrame(rows, columns=names)
        duration = pd.to_datetime(table["EndDate"]) - pd.to_datetime(table["StartDate"])

        assert names[:3] == ["StartDate", "EndDate", "Status"]
        assert names[-17:] == ["Team", *(f"Q{number}" for number in range(1, 17))]
        assert texts[-16:-1] == [item.texts["en"] for item in sample.instrument.items]
        assert [json.loads(cell)["ImportId"] for cell in import_ids][-2:] == ["QID15", "QID16_TEXT"]
        assert json.loads(import_ids[names.index("ResponseId")]) == {"ImportId": "_recordId"}
        assert table["ResponseId"].str.fullmatch("R_[0-9A-Za-z]{15}").all()
        assert table["ResponseId"].is_unique
        assert list(duration.dt.total_seconds()) == list(table["Duration (in seconds)"].astype(float))
        assert set(table["Q1"]) <= {"", "n/a", "1", "2", "3", "4", "5"}

    def test_some_people_leave_a_comment(self, tmp_path):
        _, (_, *rows) = self.write(tmp_path)
        comments = [row[-1] for row in rows]

        assert 0 < sum(map(bool, comments)) < len(rows) / 2

    @pytest.mark.parametrize(
        ("lang", "headings"),
        [("en", ["Department", "Team", "Headcount"]), ("de", ["Abteilung", "Team", "Mitarbeitende"])],
    )
    def test_headcounts_count_those_asked(self, tmp_path, lang, headings):
        sample = draw(lang=lang)
        write_headcounts(sample, tmp_path / "headcounts.csv")
        header, *rows = self.rows(tmp_path / "headcounts.csv")

        assert header == headings
        assert [row[:2] for row in rows] == sample.teams[["department", "team"]].to_numpy().tolist()
        assert sum(int(row[2]) for row in rows) == sample.design.people

    def test_what_cannot_be_written_is_said_and_leaves_nothing(self, tmp_path):
        with pytest.raises(OutputError, match="cannot be written"):
            write_sample(draw(), tmp_path / "no such folder" / "survey.csv")
        with pytest.raises(OutputError, match="cannot be written"):
            write_sample(draw(), tmp_path)

        assert list(tmp_path.parent.glob(f".{tmp_path.name}*")) == []

    def test_a_disk_that_fills_leaves_the_earlier_file(self, tmp_path, monkeypatch):
        path = tmp_path / "survey.csv"
        path.write_text("earlier", encoding="utf-8")

        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("psafety.surveys.sample.csv.writer", full)
        with pytest.raises(OutputError, match="No space left"):
            write_sample(draw(), path)

        assert [each.name for each in tmp_path.iterdir()] == ["survey.csv"]
        assert path.read_text(encoding="utf-8") == "earlier"


class TestDesign:
    @pytest.mark.parametrize(
        ("setting", "named"),
        [
            ({"people": 0}, "“people”"),
            ({"response": 1.1}, "“response”"),
            ({"missing": -0.1}, "“missing”"),
            ({"icc": float("nan")}, "“icc”"),
            ({"missing": 0.6, "not_applicable": 0.5}, "together"),
            ({"people": 10, "teams": 11}, "one person per team"),
            ({"people": 10, "teams": 0}, "one person per team"),
            ({"teams": 3, "departments": 4}, "one team per department"),
            ({"waves": ()}, "“waves”"),
            ({"waves": ("a", "a")}, "“waves”"),
            ({"style": "paper"}, "“style”"),
            ({"lang": "la"}, "“lang”"),
        ],
    )
    def test_what_cannot_be_drawn_is_refused(self, setting, named):
        with pytest.raises(ConfigError, match=named):
            SampleDesign(**setting)

    def test_a_change_that_leaves_the_scale_is_refused(self):
        with pytest.raises(ConfigError, match="would leave 2 to 98"):
            draw(change=20.0, waves=("a", "b", "c"))

    def test_an_unknown_dimension_is_refused(self):
        with pytest.raises(ConfigError, match="no dimension “courage”"):
            draw(dimensions=("trust", "courage"))

    def test_an_instrument_without_items_is_refused(self):
        with pytest.raises(ConfigError, match="no item"):
            draw(made_up((1, 2), ()))

    def test_only_what_is_asked_stands_in_the_sample(self):
        sample = draw(dimensions=("growth", "trust"))

        assert [dimension.id for dimension in sample.instrument.dimensions] == ["trust", "growth"]
        assert sample.answers.shape[1] == len(sample.instrument.items) == 8

    @pytest.mark.parametrize(
        "extreme",
        [
            {"mean_index": 90, "icc": 0.6, "answer_sd": 60, "loading": 0.9, "dimension_sd": 0},
            {"mean_index": 10, "icc": 0.6, "answer_sd": 10, "loading": 0.9, "item_sd": 20, "dimension_sd": 0},
            {"mean_index": 50, "icc": 0.01, "answer_sd": 10, "loading": 0, "correlation": 1, "item_sd": 0},
            {"correlation": 0, "department_share": 1, "stability": 0, "waves": ("a", "b")},
        ],
    )
    def test_the_ends_of_the_settings_can_be_drawn(self, extreme):
        truth = draw(people=20_000, teams=4_000, departments=4_000, **extreme).truth

        assert_allclose(truth.icc, extreme.get("icc", 0.12), rtol=0.15)


class TestSampleOrganisation:
    def test_the_shipped_files_are_what_the_program_makes(self, tmp_path):
        """If not: python -c "from pathlib import Path; from psafety.surveys.sample import *;
        write_sample_organisation(Path('surveys/samples'))".
        """
        write_sample_organisation(tmp_path)
        made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}

        assert made == {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.csv")}

    def test_it_has_teams_to_protect_in_both_quarters(self):
        """Teams below five answers, and departments whose hidden teams have below five together."""
        sample = sample_survey(SAMPLE_ORGANISATION, open_team_survey())

        for wave in sample.design.waves:
            answers = np.bincount(sample.of_wave(wave).team_of, minlength=26)
            hidden = answers < 5
            by_department = pd.Series(answers[hidden]).groupby(sample.teams["department"].to_numpy()[hidden]).sum()
            assert 180 <= answers.sum() <= 220
            assert hidden.sum() >= 3
            assert by_department.between(1, 4).sum() >= 1
