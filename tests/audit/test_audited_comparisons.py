"""Comparisons of waves, as the audit reads them: figures of their waves, differences of these, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from psafety.audit.comparisons import check_comparison
from psafety.audit.folder import Written
from psafety.audit.proof import questions_of
from psafety.cli import main
from psafety.surveys.responses import Responses, load_survey, of_wave

Json = dict[str, Any]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three waves in one file, and their comparison beside it."""
    folder = tmp_path_factory.mktemp("waves")
    path = folder / "all.csv"
    design = ("--people", "120", "--teams", "8", "--departments", "2", "--waves", "2025-Q3,2025-Q4,2026-Q1")
    runner = CliRunner()
    assert runner.invoke(main, ["sample", str(path), *design]).exit_code == 0
    done = runner.invoke(main, ["compare", str(path), "--format", "json", "-o", str(folder), "-q"])
    assert done.exit_code == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def responses(survey: Path) -> Responses:
    return load_survey(survey)


@pytest.fixture
def document(survey: Path) -> Json:
    return json.loads((survey.parent / "all-comparison.json").read_text("utf-8"))


def checked(document: object, responses: Responses) -> tuple[list[str], list[str]]:
    data = json.dumps(document).encode()
    faults, unproved = check_comparison(Written("c.json", data), responses, questions_of(responses.instrument))
    return [fault.problem for fault in faults], unproved


def test_a_true_comparison_is_proved(document: Json, responses: Responses) -> None:
    """Every figure of every wave that the survey holds, and every difference."""
    assert checked(document, responses) == ([], [])


def test_a_wave_without_its_survey_is_not_proved(document: Json, responses: Responses) -> None:
    """The figures of the others are held against theirs all the same."""
    faults, unproved = checked(document, of_wave(responses, "2026-Q1"))

    assert (faults, unproved) == ([], ["c.json: the figures of “2025-Q4”, of which no survey was given."])


def of_the_organisation(change: Callable[[Json], None]) -> Callable[[Json], None]:
    return lambda document: change(document["units"][0]["dimensions"][0])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (of_the_organisation(lambda one: one.update(before=99)), "the index is said to be 99, but it is"),
        (of_the_organisation(lambda one: one.update(n_after=3)), "3 answers are said to be there"),
        (of_the_organisation(lambda one: one.update(difference=40)), "the change is said to be 40"),
        (of_the_organisation(lambda one: one.update(low=90)), "does not lie about"),
        (of_the_organisation(lambda one: one.update(effect=0.12345)), "more decimals than are printed"),
        (of_the_organisation(lambda one: one.update(verdict="excellent")), "an unknown verdict"),
        (of_the_organisation(lambda one: one.update(verdict="better", low=-1)), "“better” is said of an interval"),
        (of_the_organisation(lambda one: one.update(low=None)), "without the figure that it is about"),
        (of_the_organisation(lambda one: one.update(id="luck")), "a change of something that was not asked"),
        (lambda document: document["units"][0].update(people=[1, 2]), "keys that comparisons do not have"),
        (lambda document: document["units"][0].update(n_before=7), "7 people are said to be in"),
        (lambda document: document["units"][1].update(path=["Nowhere"]), "names this unit"),
        (lambda document: document.update(schema="other"), "it is no comparison of psafety"),
    ],
)
def test_what_is_not_so_is_named(
    document: Json, responses: Responses, change: Callable[[Json], None], problem: str
) -> None:
    """One changed figure, and the sentence that says it."""
    change(document)

    assert any(problem in said for said in checked(document, responses)[0])


def test_what_is_no_json_is_no_comparison(responses: Responses) -> None:
    """Nor is a key that stands twice."""
    for data in (b"nothing", b'{"schema": 1, "schema": 2}'):
        faults, _ = check_comparison(Written("c.json", data), responses, questions_of(responses.instrument))
        assert [fault.problem for fault in faults] == ["it is no comparison of psafety"]
