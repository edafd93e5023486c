"""One row per answer becomes one row per person, and nothing is lost on the way."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, strategies as st
from psafety.surveys.errors import TableError
from psafety.surveys.platforms import recognise
from psafety.surveys.platforms.export import Export
from psafety.surveys.tables import read_table

_HEADER = "team,respondent,question,answer,moment"
_ROWS = (
    "A,p1,We listen,4,9:01",
    "A,p1,We ask,5,9:02",
    "B,p2,We ask,,9:03",
    ",p2,We listen,2,9:04",
    "B,p2,We help,1,9:05",
    "A,p1,We help,3,9:06",
)


def exported(folder: Path, *rows: str) -> Export:
    (folder / "long.csv").write_text("\n".join(rows), encoding="utf-8")
    return recognise(read_table(folder / "long.csv"))


def test_people_become_rows_and_questions_columns(tmp_path: Path) -> None:
    export = exported(tmp_path, _HEADER, *_ROWS)

    assert export.platform == "long format"
    assert export.ids == ("respondent", "team", "We listen", "We ask", "We help")
    assert [column.to_pylist() for column in export.table.columns] == [
        ["p1", "p2"],
        ["A", "B"],
        ["4", "2"],
        ["5", None],
        ["3", "1"],
    ]
    assert list(export.table.rows) == [2, 4]
    assert export.metadata == frozenset({0})


def test_what_differs_within_a_person_is_left_out_and_named(tmp_path: Path) -> None:
    notes = exported(tmp_path, _HEADER, *_ROWS).table.notes

    assert notes[-2:] == (
        "The file has one row per answer: 6 answers of 2 people to 3 questions were put into one row per person.",
        "Left out, since they differ within a person: “moment”.",
    )


def test_questions_with_codes_get_their_texts(tmp_path: Path) -> None:
    rows = [f"{person},{code},{text},4" for person in "ab" for code, text in (("q1", "We listen"), ("q2", "We ask"))]

    export = exported(tmp_path, "Respondent ID,Question ID,Question Text,Score", *rows)

    assert export.ids[1:] == ("q1", "q2")
    assert export.texts[1:] == ("We listen", "We ask")


def test_two_answers_of_one_person_to_one_question_are_an_error_that_names_the_rows(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        exported(tmp_path, _HEADER, *_ROWS, "A,p1,We ask,1,9:07")

    assert "row 3, 8" in caught.value.problem


@pytest.mark.parametrize("row", ["A,,We listen,4,9:07", "A,p1,,4,9:07"])
def test_a_row_without_person_or_question_is_an_error_that_names_it(row: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="row 8"):
        exported(tmp_path, _HEADER, *_ROWS, row)


@pytest.mark.parametrize(
    "rows",
    [
        ("p1,We listen,4", "p2,We ask,5"),  # nobody answers twice
        ("p1,We listen,4", "p1,We ask,5", "p1,We help,3"),  # no question is answered twice
    ],
)
def test_a_table_in_which_people_or_questions_do_not_repeat_is_plain(rows: tuple[str, ...], tmp_path: Path) -> None:
    assert exported(tmp_path, "respondent,question,answer", *rows).platform == "plain table"


@given(people=st.integers(2, 6), questions=st.integers(2, 6), order=st.randoms(use_true_random=False))
def test_any_order_of_the_answers_gives_the_same_table(
    people: int, questions: int, order: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answers = {(p, q): order.randint(1, 5) for p in range(people) for q in range(questions)}
    rows = [f"p{p},q{q},{answer}" for (p, q), answer in answers.items()]
    order.shuffle(rows)

    table = exported(tmp_path_factory.getbasetemp(), "respondent,question,answer", *rows).table

    columns = dict(zip(table.header, (column.to_pylist() for column in table.columns), strict=True))
    places = {name: place for place, name in enumerate(columns["respondent"])}
    assert {(p, q): int(columns[f"q{q}"][places[f"p{p}"]]) for p, q in answers} == answers
