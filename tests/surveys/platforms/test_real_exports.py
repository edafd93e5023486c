"""Real exports are recognised as what they are; every figure here was read off the file by hand."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from psafety.surveys.errors import PsafetyError
from psafety.surveys.platforms import PLATFORMS, recognise
from psafety.surveys.platforms.export import marked_rows
from psafety.surveys.tables import Table, read_table

Shared = Callable[[str], Path]
_TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".ods", ".txt"}


class Facts(NamedTuple):
    """What a file holds.

    columns: position → (id, text) of some; metadata, comments: how many columns; tests, incomplete: how many rows.
    """

    platform: str
    rows: int
    width: int
    columns: dict[int, tuple[str, str]]
    metadata: int
    comments: int = 0
    tests: int = 0
    incomplete: int = 0
    missing: frozenset[str] = frozenset()


def same(text: str) -> tuple[str, str]:
    """A column whose question is its only name."""
    return text, text


_SEEN = frozenset({"-99"})
_TOOLS = "qualtrics_qualtricstools/"
_MATRIX = (
    "In this survey, we're going to test a variety of different kinds of single answer matrices. The...-"
    "Click to write Statement 1"
)
_FILMS = (
    "Please rank the Star Wars films in order of preference with 1 being your favorite film in the franchise and 6"
    " being your least favorite film."
)
EXPORTS = {
    "qualtrics_qualtRics/sample.csv": Facts(
        "Qualtrics",
        1,
        20,
        {17: ("Q1", "This is a multiple choice question."), 0: ("StartDate", "Anfangsdatum")},
        metadata=18,  # 17 of its own, and "Q2 - Topics", which a machine read out of the text
        comments=1,
        missing=_SEEN,
    ),
    "qualtrics_qualtRics/sample_legacy.csv": Facts(
        "Qualtrics",
        1,
        16,
        {0: ("ResponseID", "ResponseID"), 10: ("Q1", "This is a multiple choice question."), 15: ("", "")},
        metadata=14,  # V1 to V10, the place, and the empty column that the last comma opens
        missing=_SEEN,
    ),
    _TOOLS + "Better_Sample_Survey.csv": Facts(
        "Qualtrics",
        10,
        59,
        {
            11: (
                "q1_recent_q1_recent_1_1",
                "Please indicate how recently you've eaten each of the following fruit-Canteloupe-In the last week",
            )
        },
        metadata=14,
        comments=1,  # q5_position
        tests=10,
        missing=_SEEN,
    ),
    _TOOLS + "Matrix_Single_Answer_Testing.csv": Facts(
        "Qualtrics", 5, 35, {11: ("Q12_1", _MATRIX)}, metadata=14, tests=5, missing=_SEEN
    ),
    _TOOLS + "No_Basis_for_Evaluation_(Insights).csv": Facts(
        "Qualtrics",
        15,
        49,
        {
            11: ("Q1", "Indicate how you feel about squash"),
            15: ("Q2_-1", "Check all statements you agree with-No basis for evaluation"),
        },
        metadata=14,
        tests=15,
        missing=_SEEN,
    ),
    _TOOLS + "No_Basis_for_Evaluation_(Legacy).csv": Facts(
        "Qualtrics",
        15,
        49,
        {6: ("Status", "Status"), 16: ("Q3_1", "Indicate how you feel about the following vegetables-Squash")},
        metadata=14,
        tests=15,
        missing=_SEEN,
    ),
    _TOOLS + "Questions_with_Text_Entry_Components.csv": Facts(
        "Qualtrics",
        15,
        40,
        {12: ("MCSA_single_text_TEXT", "Click to write the question text")},
        14,
        12,
        15,
        missing=_SEEN,
    ),
    "surveymonkey_fivethirtyeight/StarWars.csv": Facts(
        "SurveyMonkey",
        1186,
        38,
        {
            1: same("Have you seen any of the 6 films in the Star Wars franchise?"),
            14: same(f"{_FILMS} [Star Wars: Episode VI Return of the Jedi]"),
        },
        metadata=1,
    ),
    "surveymonkey_fivethirtyeight/religion-survey-results.csv": Facts(
        "SurveyMonkey",
        1039,
        48,
        {
            0: same("What is your present religion, if any?"),
            1: same("What is your present religion, if any? [None of these]"),
        },
        metadata=0,
    ),
    # Its publishers took the platform's columns and the second header row away: nothing is left to know it by.
    "surveymonkey_fivethirtyeight/flying-etiquette.csv": Facts(
        "plain table", 1040, 27, {0: ("RespondentID", "RespondentID")}, metadata=0
    ),
    "googleforms_oss_surveys/dask2020.csv": Facts(
        "Google Forms",
        239,
        25,
        {8: same("What common feature requests do you care about most? [Better Numpy/Pandas support]")},
        metadata=1,
    ),
    "googleforms_oss_surveys/jupyter_education_2016_redacted.csv": Facts(
        "Google Forms", 125, 25, {6: same("How often is this course taught?")}, metadata=1
    ),
    "limesurvey_rse_survey/rse2016_uk.csv": Facts(
        "LimeSurvey",
        273,
        67,
        {34: ("turnOver2", "How often do you look forward to another day at work?"), 0: ("", "")},
        metadata=1,  # the unnamed numbers of the rows
    ),
    "limesurvey_rse_survey/rse2017_uk.csv": Facts(
        "LimeSurvey",
        253,
        245,
        {9: ("time1can[time1can]", "In an average month, how much time do you spend on: [Software development]")},
        metadata=1,
    ),
    "limesurvey_rse_survey/rse2018_international.csv": Facts(
        "LimeSurvey",
        997,
        707,
        {27: ("likert0[time1can]", "On average, how much of your time is spent developing software?")},
        metadata=2,  # and startdate
    ),
    "surveygizmo_jupyter_2015/20160115235816-SurveyExport.csv": Facts(
        "Alchemer (SurveyGizmo)",
        1706,
        37,
        {
            3: same("How often do you use Jupyter Notebook?"),
            10: (
                "Other - Write In:How do you run the Jupyter Notebook?",
                "How do you run the Jupyter Notebook? [Other - Write In]",
            ),
        },
        metadata=3,
        comments=1,
        incomplete=927,
    ),
    "kobotoolbox/robotoolbox_data_ml_fr.csv": Facts(
        "KoboToolbox or ODK", 5, 16, {4: ("pet_yesno", "pet_yesno")}, metadata=14
    ),
    "kobotoolbox/robotoolbox_data_sm.csv": Facts(
        "KoboToolbox or ODK", 5, 22, {5: ("pet_type_1", "pet_type_1")}, metadata=15
    ),
    "kobotoolbox/cleaningtools_raw_data_150rows.csv": Facts(
        "KoboToolbox or ODK", 150, 348, {0: ("start", "start"), 341: ("_id", "_id")}, metadata=10
    ),
    "carpentries_training/20180908_post_clean.csv": Facts("plain table", 967, 41, {8: ("Material", "Material")}, 0),
    "carpentries_training/longterm_October2017.csv": Facts("plain table", 476, 75, {0: ("Country", "Country")}, 0),
    "r_multilevel/bhr2000.csv": Facts("plain table", 5400, 14, {0: ("GRP", "GRP")}, 0),
    "uk_civil_service_people_survey/csps2009_2020_median_benchmark.csv": Facts(
        "plain table", 157, 26, {0: ("Measure", "Measure")}, 0
    ),
}


@pytest.mark.parametrize("file", EXPORTS)
def test_a_real_export_is_read_as_what_it_is(file: str, shared: Shared) -> None:
    facts = EXPORTS[file]

    export = recognise(read_table(shared(file)))

    assert export.platform == facts.platform
    assert (len(export.table.rows), len(export.ids), len(export.texts)) == (facts.rows, facts.width, facts.width)
    assert {place: (export.ids[place], export.texts[place]) for place in facts.columns} == facts.columns
    assert (len(export.metadata), len(export.comments)) == (facts.metadata, facts.comments)
    assert marked_rows(export.table, export.tests).sum() == facts.tests
    assert marked_rows(export.table, export.incomplete).sum() == facts.incomplete
    assert export.missing == facts.missing


def test_no_platform_claims_a_file_of_another(shared: Shared) -> None:
    """Each file of the shared data has at most one platform, whatever the order in which they are asked."""
    named = [platform for platform in PLATFORMS if platform.name != "plain"]

    claims = {
        path.name: [platform.name for platform in named if platform.recognise(table) is not None]
        for path, table in _all_tables(shared(""))
    }

    assert {name: claim for name, claim in claims.items() if len(claim) > 1} == {}
    assert len([claim for claim in claims.values() if claim]) >= 30


@pytest.mark.parametrize("folder", ["frictionless_data", "tabulator_data", "csv_spectrum", "r_psych", "clevercsv"])
def test_what_is_no_survey_export_is_a_plain_table(folder: str, shared: Shared) -> None:
    exports = {path.name: recognise(table).platform for path, table in _all_tables(shared(folder))}

    assert {name: platform for name, platform in exports.items() if platform != "plain table"} == {}


@cache
def _all_tables(folder: Path) -> list[tuple[Path, Table]]:
    tables = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TABLES and path.is_file():
            try:
                tables.append((path, read_table(path)))
            except PsafetyError:
                continue
    return tables
