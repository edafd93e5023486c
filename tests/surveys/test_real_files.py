"""Real exports, read without or with an instrument; the figures were counted in the files by hand."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from psafety.surveys.draft import draft_file, in_english
from psafety.surveys.errors import MappingError, PsafetyError
from psafety.surveys.instrument_files import read_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import Responses, load_survey
from surveyfiles import instrument_of, scale_of

Shared = Callable[[str], Path]
BHR = Path(__file__).parents[1] / "data" / "bhr-leadership.toml"


def groups_of(read: Responses) -> dict[str, int]:
    """Name of the dimension → number of its items."""
    return {
        dimension.names["en"]: len(read.instrument.items_of(dimension.id)) for dimension in read.instrument.dimensions
    }


def values(read: Responses) -> pd.DataFrame:
    """The answers as the file writes them, NaN for none."""
    low = {item.id: item.scale.low for item in read.instrument.items}
    return pd.DataFrame({name: column.where(column > 0) - 1 + low[name] for name, column in read.points.items()})


def not_read(read: Responses) -> str:
    return " ".join(read.source.doubts)


def test_bhr2000_with_its_instrument(shared: Shared):
    """Item by item what the file holds; mean and standard deviation of the scale computed with awk."""
    read = load_survey(shared("r_multilevel/bhr2000.csv"), Wishes(instrument=read_instrument(BHR), team="GRP"))
    plain = pd.read_csv(shared("r_multilevel/bhr2000.csv"))
    answers = values(read)

    assert (len(read), read.source.platform, read.quality.blanks) == (5400, "plain table", 0)
    assert list(read.points) == list(plain.columns[1:12])
    assert answers.astype(int).equals(plain.iloc[:, 1:12].astype(int))
    assert answers["AF06"].mean() == pytest.approx(16739 / 5400)
    assert answers.mean(axis=1).agg(["mean", "std"]).to_list() == pytest.approx([2.86143, 0.772574], abs=5e-6)
    assert read.groups["GRP"].nunique() == 99


def test_bhr2000_without_an_instrument(shared: Shared):
    """Hours of work (HRS) and religiousness (RELIG, one column alone) are not taken for questions on leadership."""
    read = load_survey(shared("r_multilevel/bhr2000.csv"))

    assert groups_of(read) == {"Single questions, 1 to 5": 2, "AP": 4, "AS": 5}
    assert "“GRP” (99 different names)" in not_read(read)
    assert "1 column has small numbers that need not be ratings and was not read: “RELIG”." in read.source.doubts


def test_cohesion(shared: Shared):
    read = load_survey(shared("r_multilevel/cohesion.csv"), Wishes(team="PLATOON"))

    assert (len(read), groups_of(read), read.levels) == (11, {"COH": 5}, ("UNIT", "PLATOON"))
    assert values(read).mean().round(3).to_dict() == {
        "coh01": 2.818, "coh02": 2.9, "coh03": 3.091, "coh04": 3.455, "coh05": 3.364
    }  # fmt: skip
    assert read.quality.blanks == 1


def test_bfi(shared: Shared):
    """Five scales of five items, 1 to 6; gender, education (1 to 5) and age are no ratings, row numbers neither."""
    read = load_survey(shared("r_psych/bfi.csv"))

    assert groups_of(read) == dict.fromkeys("ACENO", 5)
    assert {item.scale.values for item in read.instrument.items} == {(1, 2, 3, 4, 5, 6)}
    assert (len(read), read.quality.blanks) == (2800, 508)
    assert values(read).mean().round(2)[["a1", "a2", "o5"]].to_list() == [2.41, 4.8, 2.49]
    assert "“education”" in not_read(read)


def test_carpentries_post_workshop(shared: Shared):
    """81 workshops in MemberSite; six statements to agree with, four on the trainers, one recommendation."""
    path = shared("carpentries_training/20180908_post_clean.csv")
    read = load_survey(path, Wishes(team="MemberSite"))
    points = read.points

    assert (read.source.rows, len(read), read.quality.left_out) == (967, 911, 56)
    assert groups_of(read) == {
        "Single questions, “Strongly Disagree” to “Strongly Agree” in 5 steps": 6,
        "Trainers": 4,
        "Single questions, 1 to 10": 1,
    }
    assert (points > 0).sum().to_list() == [907, 909, 911, 910, 667, 904, 907, 906, 907, 907, 889]
    assert points["atmospherewelcoming"].value_counts().to_dict() == {5: 698, 4: 185, 3: 15, 1: 9, 2: 2, 0: 2}
    assert points["trainersenthusiastic"].value_counts().to_dict() == {5: 732, 4: 158, 3: 14, 0: 4, 2: 2, 1: 1}
    assert read.groups["MemberSite"].nunique() - ("" in set(read.groups["MemberSite"])) == 81
    assert not any("\u00a0" in name for name in read.groups["MemberSite"].cat.categories)
    # "Too slow … too fast" has its best answer in the middle, and "able" or "motivated" are no scales we know.
    assert {column.name for column in read.source.columns if column.role == "not used"} >= {
        "Pace",
        "HandsOn",
        "NewInformation",
    }
    assert [column.name for column in read.source.columns if column.role == "identifying"] == ["UniqueID"]


def test_carpentries_offers_the_workshop_as_the_team(shared: Shared):
    read = load_survey(shared("carpentries_training/20180908_post_clean.csv"))

    assert read.levels == ()
    assert "name it with --team: “MemberSite” (81 different names)." in not_read(read)


def test_carpentries_long_term(shared: Shared):
    read = load_survey(shared("carpentries_training/longterm_October2017.csv"))

    assert groups_of(read) == {
        "Single questions, “Strongly disagree” to “Strongly agree” in 5 steps": 7,
        "Single questions, 0 to 10": 1,
    }
    assert (read.points > 0).sum().to_list() == [409, 408, 409, 407, 409, 408, 408, 402]
    assert "Programming-Usage-Before-Workshop" in not_read(
        read
    )  # "Daily. Weekly. Monthly." has an order we do not know


def test_carpentries_long_term_2020(shared: Shared):
    read = load_survey(shared("carpentries_training/2020-12-long-term-other_questions-no-open.csv"))

    assert groups_of(read) == {"impact": 7, "Single questions, 1 to 10": 1}
    assert (len(read), read.quality.blanks) == (87, 3)


def test_dask2020(shared: Shared):
    """One linear scale; the grid of "Critical to me", "Somewhat useful",
    "Not relevant for me" is not put in an order."""
    read = load_survey(shared("googleforms_oss_surveys/dask2020.csv"))
    [item] = read.instrument.items
    [dimension] = read.instrument.dimensions

    assert (read.source.platform, read.source.rows, len(read)) == ("Google Forms", 239, 232)
    assert item.texts["en"] == "How easy is it for you to upgrade to newer versions of Python libraries"
    assert read.points[item.id].value_counts().to_dict() == {4: 110, 3: 101, 2: 17, 1: 4}
    assert dimension.abouts["en"].endswith("an end that nobody chose cannot be seen.")
    assert any(doubt.startswith("11 columns have answers whose order is not known") for doubt in read.source.doubts)
    assert "No column names the team, so this report is on the organisation as a whole." in read.source.doubts


def test_rse2016(shared: Shared):
    """Ten questions from never to always, of which two have no "very often"; a bus factor of 1 to 5 is no rating."""
    read = load_survey(shared("limesurvey_rse_survey/rse2016_uk.csv"))
    scales = [item.scale for item in read.instrument.items]

    assert len(read) == 273
    assert sorted(map(len, (scale.labels["en"] for scale in scales))) == [5] * 29
    assert sum(scale.labels["en"] == ("Never", "Sometimes", "Often", "Very Often", "Always") for scale in scales) == 10
    assert sum("Neither agree or disagree" in scale.labels["en"] for scale in scales) == 19
    assert "stability1" in not_read(read)


def test_qualtrics_with_an_instrument(shared: Shared):
    """One person, row 4 of the file, who chose the second answer; texts, ids and metadata of the platform."""
    path = shared("qualtrics_qualtRics/sample.csv")
    instrument = instrument_of({"first": "This is a multiple choice question."}, scale_of(3, labels=False))
    read = load_survey(path, Wishes(instrument=instrument))
    roles = [column.role for column in read.source.columns]

    assert (read.source.platform, len(read)) == ("Qualtrics", 1)
    assert read.points.to_dict("list") == {"first": [2]}
    assert (roles.count("item"), len(roles)) == (1, 20)
    assert {column.name for column in read.source.columns if column.role == "identifying"} >= {
        "IPAddress",
        "RecipientEmail",
    }


def test_qualtrics_with_one_answer_cannot_be_drafted(shared: Shared):
    with pytest.raises(MappingError, match="No column holds answers that can be read as ratings"):
        load_survey(shared("qualtrics_qualtRics/sample.csv"))


def test_star_wars_films_in_order_of_preference_are_not_rated(shared: Shared):
    with pytest.raises(MappingError, match="6 columns have small numbers that need not be ratings"):
        load_survey(shared("surveymonkey_fivethirtyeight/StarWars.csv"))


def test_flying_etiquette(shared: Shared):
    """Only "do you ever recline" is answered on a scale we know; how often people fly is on one of its own."""
    read = load_survey(shared("surveymonkey_fivethirtyeight/flying-etiquette.csv"))
    [item] = read.instrument.items

    assert item.scale.labels["en"] == ("Never", "Once in a while", "About half the time", "Usually", "Always")
    assert read.points[item.id].value_counts().to_dict() == {1: 171, 2: 257, 3: 118, 4: 175, 5: 137}


@pytest.mark.parametrize(
    "name",
    [
        "kobotoolbox/cleaningtools_raw_data_150rows.csv",  # days, hours, people and rooms are counts
        "r_psych/attitude.csv",  # percentages of departments
        "uk_civil_service_people_survey/csps2019_all_organisation_scores.csv",  # results, not answers
        "surveymonkey_fivethirtyeight/religion-survey-results.csv",
    ],
)
def test_a_file_of_other_things_is_a_clear_error(shared: Shared, name: str):
    with pytest.raises(MappingError, match="No column holds answers that can be read as ratings"):
        load_survey(shared(name))


FOLDERS = [
    *("carpentries_training", "googleforms_oss_surveys", "kobotoolbox", "limesurvey_rse_survey", "qualtrics_qualtRics"),
    *(
        "qualtrics_qualtricstools",
        "r_multilevel",
        "r_psych",
        "surveygizmo_jupyter_2015",
        "surveymonkey_fivethirtyeight",
    ),
    *("uk_civil_service_people_survey", "csv_spectrum/csvs", "clevercsv"),
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_reads_or_says_why_not_and_never_reads_what_leads_to_a_person(shared: Shared, folder: str):
    for path in sorted(shared(folder).glob("*.csv")):
        try:
            read = load_survey(path)
        except PsafetyError:
            continue
        for column in read.source.columns:
            if column.role == "item":
                assert not any(
                    word in column.name.casefold() for word in ("email", "address", "latitude", "age?", "duration")
                )
        assert len(read.levels) <= 1


@pytest.mark.parametrize(
    "name",
    [
        "carpentries_training/20180908_post_clean.csv",
        "carpentries_training/longterm_October2017.csv",
        "googleforms_oss_surveys/dask2020.csv",
        "limesurvey_rse_survey/rse2017_uk.csv",
        "limesurvey_rse_survey/rse2018_international.csv",
        "qualtrics_qualtricstools/Sample_Survey_(Insights).csv",
        "r_multilevel/bhr2000.csv",
        "r_psych/bfi.csv",
    ],
)
def test_a_drafted_instrument_reads_its_file_with_the_same_items(shared: Shared, name: str, tmp_path: Path):
    path, written = shared(name), tmp_path / "drafted.toml"
    written.write_text(draft_file(path), encoding="utf-8")
    drafted, read = load_survey(path), load_survey(path, Wishes(instrument=read_instrument(written)))

    assert read.instrument == in_english(drafted.instrument)
    assert read.points.equals(drafted.points)
