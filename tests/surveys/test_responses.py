"""From a survey file to checked responses."""

import base64
import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.surveys.errors import AnswerError, FileError, MappingError, PsafetyError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.places import find_places
from psafety.surveys.points import read_points
from psafety.surveys.responses import BLANK, NOT_APPLICABLE, WAVE, load_survey, of_wave
from surveyfiles import AGREEMENT, export_of, instrument_of, scale_of, write_csv

INSTRUMENT = instrument_of({"w1": "We listen.", "w2": "We talk.", "w3": "We help."})
BARE = instrument_of({"w1": "", "w2": "", "w3": ""}, scale_of(labels=False))
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(tmp_path, header, *rows, **wishes):
    return load_survey(
        write_csv(tmp_path / "survey.csv", header, *rows), Wishes(**({"instrument": INSTRUMENT} | wishes))
    )


def test_answers_become_points_and_groups_names(tmp_path):
    read = load(
        tmp_path,
        ["Date", "Department", "Team", "Wave", "w1", "We talk.", "Q3 - We help.", "E-Mail", "Comment"],
        ("2026-01-01", "Sales", " Team\u00a0 A", "Q1", "4", "Agree", "5 - Strongly agree", "a@b.c", "words"),
        ("2026-01-02", "Sales", "", "Q2", "1.0", "n/a", "", "d@e.f", ""),
    )

    assert read.points.to_dict("list") == {"w1": [4, 1], "w2": [4, NOT_APPLICABLE], "w3": [5, BLANK]}
    assert read.points.to_numpy().dtype == np.int8
    assert read.levels == ("Department", "Team")
    assert read.groups.astype(str).to_dict("list") == {
        WAVE: ["Q1", "Q2"],
        "Department": ["Sales"] * 2,
        "Team": ["Team A", ""],
    }
    assert [(column.role, column.item) for column in read.source.columns] == [
        ("not used", ""), ("unit", ""), ("team", ""), ("wave", ""), ("item", "w1"), ("item", "w2"), ("item", "w3"),
        ("identifying", ""), ("not used", ""),
    ]  # fmt: skip
    assert (len(read), read.source.rows, read.source.platform, read.quality.left_out) == (2, 2, "plain table", 0)


def test_rows_without_an_answer_on_the_scale_are_left_out_and_counted(tmp_path):
    read = load(
        tmp_path,
        ["Team", "w1", "w2"],
        ("A", "4", ""),
        ("B", "", ""),
        ("C", "n/a", "n/a"),
        ("D", "-", "n/a"),
        ("E", "n/a", "1"),
    )

    assert list(read.groups["Team"]) == ["A", "E"]
    assert read.points.to_dict("list") == {"w1": [4, NOT_APPLICABLE], "w2": [BLANK, 1]}
    assert read.quality.left_out == 3


def test_a_file_of_blank_answers_is_an_error(tmp_path):
    with pytest.raises(AnswerError, match="No row holds an answer"):
        load(tmp_path, ["Team", "w1"], ("A", ""), ("B", "n/a"))


def test_a_path_may_be_given_as_text(tmp_path):
    path = write_csv(tmp_path / "survey.csv", ["w1"], ["4"])

    assert len(load_survey(str(path), Wishes(instrument=INSTRUMENT))) == 1


def test_progress_is_told_step_by_step(tmp_path):
    steps = []
    load_survey(write_csv(tmp_path / "survey.csv", ["w1"], ["4"]), Wishes(instrument=INSTRUMENT), progress=steps.append)

    assert steps == ["reading the file", "finding the questions", "understanding the answers"]


# ------------------------------------------------------------- Numbers beside labels


def doubts(tmp_path, header, *rows, **wishes):
    return load(tmp_path, header, *rows, **wishes).source.doubts


def test_numbers_that_run_against_their_labels_are_reported_once_for_all_columns(tmp_path):
    read = load(
        tmp_path,
        ["w1", "w2", "w3"],
        ("1 - Strongly agree", "5 - Strongly disagree", "Agree"),
        ("2", "2 - Agree", "Agree"),
    )

    assert read.points.to_dict("list") == {"w1": [5, 4], "w2": [1, 4], "w3": [4, 4]}
    assert "In columns 1 and 2 the numbers run against the labels; the labels were believed." in read.source.doubts


def test_a_column_of_bare_numbers_counts_as_the_labelled_columns_of_its_scale(tmp_path):
    """Nobody ticked a labelled end of the third statement, so that column is all numbers."""
    read = load(tmp_path, ["w1", "w2", "w3"], ("1 - Strongly agree", "5 - Strongly disagree", "2"), ("3", "2", "4"))

    assert read.points.to_dict("list") == {"w1": [5, 3], "w2": [1, 4], "w3": [4, 2]}
    assert "In columns 1, 2 and 3 the numbers run against the labels; the labels were believed." in read.source.doubts


def test_bare_numbers_are_refused_where_other_columns_count_both_ways(tmp_path):
    with pytest.raises(AnswerError, match=r"Column 3 .* holds bare numbers, and in other columns .* different ways"):
        load(tmp_path, ["w1", "w2", "w3"], ("1 - Strongly agree", "1 - Strongly disagree", "2"))


def test_numbers_that_start_elsewhere_and_numbers_in_no_order_are_reported(tmp_path):
    said = doubts(
        tmp_path, ["w1", "w2"], ("0 - Strongly disagree", "7 - Agree"), ("4 - Strongly agree", "3 - Disagree")
    )

    assert "In column 1 the numbers do not start where those of the instrument do; the labels were believed." in said
    assert "In column 2 the numbers do not follow the order of the labels; the labels were believed." in said


def test_what_the_platform_writes_where_there_is_no_answer_is_none():
    export = replace(
        export_of(["w1", "w2"], ("-9", "-1"), ("4", "2")), missing=frozenset({"-9"}), not_applicable=frozenset({"-1"})
    )
    points, _ = read_points(export, INSTRUMENT, {"w1": 0, "w2": 1, "w3": 0})

    assert points.tolist() == [[BLANK, NOT_APPLICABLE, BLANK], [4, 2, 4]]


def test_what_the_platform_calls_free_text_holds_no_item():
    export = replace(export_of(["w1", "w2"], ("4", "4")), comments=frozenset({1}))

    assert find_places(export, Wishes(instrument=INSTRUMENT))[1].items == {"w1": 0}


# ------------------------------------------------------------- Errors


@pytest.mark.parametrize(
    ("cell", "what"),
    [("6", "the number 6"), ("0", "the number 0"), ("99", "the number 99"), ("9 - Agree wholly", "the number 9"),
     ("Agree wholly", "an answer that is not one of the labels"), ("5 years here",
     "an answer that is not one of the labels"),
     ("4.5", "an answer that is not one of the labels")],
)  # fmt: skip
def test_an_answer_off_the_scale_is_an_error_that_names_column_rows_and_scale(tmp_path, cell, what):
    rows = [("A", "4", "4"), ("A", "4", cell), ("", "", ""), ("A", "4", "4"), ("A", "4", cell)]
    with pytest.raises(AnswerError) as caught:
        load(tmp_path, ["Team", "w1", "w2"], *rows)

    assert caught.value.problem == (
        f"Column 3 (“w2”) holds {what}, which does not fit the scale of item “w2”:"
        " 1 to 5, “Strongly disagree” to “Strongly agree”."
    )
    assert caught.value.where == "survey.csv, rows 3, 6"


def test_many_wrong_rows_are_not_all_listed(tmp_path):
    with pytest.raises(AnswerError) as caught:
        load(tmp_path, ["w1"], *[["7"]] * 20)

    assert caught.value.where == "survey.csv, rows 2, 3, 4, 5, 6 and 15 more"


def test_a_column_of_free_text_named_for_an_item_is_an_error_before_it_is_read(tmp_path):
    with pytest.raises(AnswerError, match=r"Column 2 .* holds 1,500 different texts: these are no ratings"):
        load(tmp_path, ["w1", "Why?"], *[("4", f"words {n}") for n in range(1500)], items={"w2": "Why?"})


def test_a_file_that_fits_no_item_of_the_named_instrument_is_an_error(tmp_path):
    with pytest.raises(MappingError, match="No column of this file holds an item of “test”"):
        load(tmp_path, ["a", "b"], ("4", "5"))


WORDS = "zQxj private words"
ANSWERS = [
    "1",
    "5",
    "Agree",
    "4 - Agree",
    "1 - Strongly agree",
    "n/a",
    "",
    "7",
    "3,0",
    "x",
    "Team A",
    "2026-01-01",
    "0",
]
CELLS = st.sampled_from(ANSWERS)
FREE = st.sampled_from(
    [f"{head}{WORDS}{tail}" for head in ("", "5 - ", "=", "2 ", "Agree ") for tail in ("", " (3)", ";")]
)
REALISTIC = st.sampled_from(
    [
        *(
            "w1",
            "w2",
            "We listen.",
            "We talk.",
            "How? [We listen.]",
            "Team",
            "Department",
            "Group",
            "Wave",
            "E-Mail",
            "Name",
        ),
        *(
            "Comment",
            "trust1",
            "trust2",
            "trust3",
            "open1",
            "ideas",
            "Age",
            "Timestamp",
            "RespondentID",
            "Q1",
            "Q2",
            "V1",
        ),
        *("ResponseID", "", " "),
    ]
)
HOSTILE = st.sampled_from(
    [
        *(
            "=1+1",
            "<script>alert(1)</script>",
            "\u202e",
            "x" * 500,
            "a\nb",
            '"',
            "'",
            "{'ImportId': 'Q1'}",
            "\ufeff",
            "%s{0}",
        ),
        *("🙂", "Response", "\x00", "Unnamed: 3"),
    ]
)
MANY_WISHES = [
    Wishes(),
    Wishes(instrument=INSTRUMENT),
    Wishes(instrument=BARE),
    Wishes(team="Comment"),
    Wishes(team="Nowhere"),
    Wishes(units=("Team", "Wave")),
    Wishes(instrument=INSTRUMENT, items={"w1": "Comment"}),
]


@QUIET
@given(data=st.data())
def test_no_message_repeats_what_somebody_wrote(tmp_path, data):
    """Free text stands anywhere, in item and team columns too; numbers may be named, words may not."""
    header = data.draw(st.lists(REALISTIC, min_size=1, max_size=6).filter(lambda names: any(map(str.strip, names))))
    rows = data.draw(st.lists(st.tuples(*[CELLS | FREE] * len(header)), min_size=1, max_size=8))
    wishes = data.draw(st.sampled_from(MANY_WISHES))
    try:
        said = load_survey(write_csv(tmp_path / "survey.csv", header, *rows), wishes).source.doubts
    except PsafetyError as error:
        said = (error.problem, error.where, error.hint)

    assert not any("zQxj" in part for part in said)


@QUIET
@given(data=st.data())
def test_any_table_gives_responses_or_a_psafety_error(tmp_path, data):
    header = data.draw(st.lists(REALISTIC | HOSTILE | st.text(max_size=12), min_size=1, max_size=7))
    rows = data.draw(st.lists(st.tuples(*[CELLS | HOSTILE | st.text(max_size=8)] * len(header)), max_size=10))
    wishes = data.draw(st.sampled_from(MANY_WISHES))
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    path = tmp_path / "survey.csv"
    path.write_bytes(stream.getvalue().encode("utf-8", "surrogatepass"))
    try:
        read = load_survey(path, wishes)
    except PsafetyError:
        return

    check_shape(read)


@QUIET
@given(data=st.data())
def test_any_readable_answers_give_responses_of_the_promised_shape(tmp_path, data):
    """Most random tables are errors; here each column holds what it may hold."""
    columns = {
        "Team": st.sampled_from(["A", "B", " A ", "", "n/a"]),
        "Wave": st.sampled_from(["Q1", "Q2", ""]),
        **dict.fromkeys(
            ["w1", "We talk.", "How? [We help.]"], st.sampled_from(["1", "5", "Agree", "4 - Agree", "n/a", "", "2,0"])
        ),
        "Comment": FREE,
    }
    header = data.draw(st.lists(st.sampled_from(list(columns)), min_size=1, unique=True))
    rows = data.draw(st.lists(st.tuples(*(columns[name] for name in header)), min_size=1, max_size=10))
    path = write_csv(tmp_path / "survey.csv", header, *rows)
    items = [place for place, name in enumerate(header) if name.startswith(("w", "We", "How"))]
    if any(row[place] not in {"", "n/a"} for row in rows for place in items):
        check_shape(load_survey(path, Wishes(instrument=INSTRUMENT)))
    else:
        with pytest.raises((AnswerError, MappingError, FileError)):
            load_survey(path, Wishes(instrument=INSTRUMENT))


def check_shape(read):
    """What Responses promises."""
    assert 0 < len(read) == len(read.groups) <= read.source.rows
    assert list(read.points.columns) == [item.id for item in read.instrument.items]
    assert list(read.groups.columns) == [WAVE, *read.levels]
    for item in read.instrument.items:
        assert read.points[item.id].between(NOT_APPLICABLE, len(item.scale.values)).all()
    assert (read.points.to_numpy() > 0).any(axis=1).all()
    assert read.quality.left_out == read.source.rows - len(read)


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes_give_responses_or_a_psafety_error(tmp_path, data):
    path = tmp_path / "survey.csv"
    path.write_bytes(data)
    try:
        load_survey(path)
    except PsafetyError:
        return


def hostile_strings(shared) -> list[str]:
    encoded = json.loads(shared("naughty_strings/blns.base64.json").read_text())
    naughty = [base64.b64decode(text).decode("utf-8", "replace") for text in encoded]
    lists = (
        "xss_strings/IntrudersXSS.txt",
        "xss_strings/RSNAKE_XSS.txt",
        "xss_strings/XSS_Polyglots.txt",
        "csv_injection/payloadbox_csv-payload.txt",
    )
    return [*naughty, *(line for name in lists for line in shared(name).read_text("utf-8", "replace").splitlines())]


def test_hostile_names_of_teams_are_names(tmp_path, shared):
    strings = hostile_strings(shared)
    read = load(tmp_path, ["Team", "w1"], *[(text, "4") for text in strings])

    assert len(read) == len(strings)
    assert "=1+1" in strings or any(name.startswith("=") for name in read.groups["Team"].cat.categories)
    assert not any(re.search("[\u202a-\u202e\u2066-\u2069\ufeff]", name) for name in read.groups["Team"].cat.categories)


def test_hostile_headers_hold_no_item_and_do_no_harm(tmp_path, shared):
    strings = hostile_strings(shared)
    read = load(tmp_path, ["w1", *strings], *[("4", *(["5"] * len(strings)))] * 3)

    assert list(read.points) == ["w1"]


def test_hostile_headers_can_be_drafted(tmp_path, shared):
    strings = hostile_strings(shared)
    read = load(tmp_path, strings, *[[AGREEMENT[n]] * len(strings) for n in range(5)], instrument=None)

    assert len(read.instrument.items) > 400


def test_hostile_answers_are_an_error_or_no_answer(tmp_path, shared):
    for text in hostile_strings(shared):
        try:
            read = load(tmp_path, ["w1", "w2"], ("4", text))
        except PsafetyError:
            continue
        assert read.points["w2"].iloc[0] in {BLANK, NOT_APPLICABLE, 1, 2, 3, 4, 5}


# ------------------------------------------------------------- Groups


def test_names_that_differ_in_capitals_are_kept_apart_and_reported(tmp_path):
    read = load(
        tmp_path,
        ["Team", "w1"],
        ("Team A", "4"),
        ("team a", "4"),
        ("Team A ", "4"),
        ("Zu\u0308rich", "4"),
        ("Zürich", "4"),
    )

    assert list(read.groups["Team"]) == ["Team A", "team a", "Team A", "Zürich", "Zürich"]
    assert "In column 1 some names differ in capitals only; they count as different units." in read.source.doubts


def test_an_answer_that_is_no_name_counts_as_an_empty_cell_and_is_reported(tmp_path):
    read = load(tmp_path, ["Team", "w1"], ("A", "4"), ("Prefer not to say", "4"), ("NA", "4"), ("", "4"))

    assert list(read.groups["Team"]) == ["A", "", "", ""]
    assert read.quality.unplaced == 3
    assert any(doubt.startswith("Some cells of column 1 give no name") for doubt in read.source.doubts)


def test_levels_of_one_header_are_told_apart(tmp_path):
    header = ["wave", "Unit", "Unit (2)", "Unit", "w1"]
    export = write_csv(tmp_path / "survey.csv", header, ("q", "a", "b", "c", "4"))
    with pytest.raises(MappingError):
        load_survey(export, Wishes(instrument=INSTRUMENT))
    read = load(tmp_path, ["wave", "Q1", "Q2", "w1"], ("q", "a", "b", "4"), units=("Q1",), team="wave")

    assert read.levels == ("Q1", "wave (1)")


def test_a_file_without_groups_has_one_nameless_wave(tmp_path):
    read = load(tmp_path, ["w1"], ["4"], ["5"])

    assert read.levels == ()
    assert list(read.groups[WAVE]) == ["", ""]


def test_one_wave_can_be_taken_alone(tmp_path):
    read = load(
        tmp_path, ["Wave", "Team", "w1", "w2"], ("Q1", "A", "4", ""), ("Q2", "", "5", "n/a"), ("Q2", "B", "1", "2")
    )
    second = of_wave(read, "Q2")

    assert second.points.to_dict("list") == {"w1": [5, 1], "w2": [NOT_APPLICABLE, 2]}
    assert list(second.groups["Team"]) == ["", "B"]
    assert (second.quality.blanks, second.quality.not_applicable, second.quality.unplaced) == (0, 1, 1)


def test_free_text_of_which_nobody_wrote_the_same_is_never_looked_at(tmp_path, monkeypatch):
    """A large file must not pay for it, whether an instrument is named, found, or drafted."""
    from psafety.surveys import columns

    looked_at = []
    real = columns.distinct_texts

    def spy(column):
        looked_at.append(len(column.dictionary))
        return real(column)

    for module in ("columns", "answers", "responses"):
        monkeypatch.setattr(f"psafety.surveys.{module}.distinct_texts", spy)
    for item in ("w", "trust", "G7_"):
        rows = [("A", n % 5 + 1, n % 4 + 1, n % 3 + 1, f"words of person {n}", str(n)) for n in range(3000)]
        header = ["Team", f"{item}1", f"{item}2", f"{item}3", "ideas", "Row"]
        read = load(tmp_path, header, *rows, instrument=INSTRUMENT if item == "w" else None)

        assert len(read.points.columns) == 3
    assert max(looked_at) <= 5


def test_a_sample_survey_reads_without_a_doubt():
    path = Path(load_survey.__code__.co_filename).parent / "samples" / "sample-2026-q2.csv"
    read = load_survey(path)

    assert read.instrument.id == load_instrument("open-team-survey").id
    assert not any("not used" in doubt for doubt in read.source.doubts)
