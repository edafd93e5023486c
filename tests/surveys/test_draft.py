"""The instrument drafted from a file that matches none."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.surveys.draft import draft_file, draft_instrument, in_english, own_headers
from psafety.surveys.errors import MappingError, PsafetyError
from psafety.surveys.instrument_files import read_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.ratings import common_stems, labelled_scale
from psafety.surveys.responses import load_survey
from psafety.surveys.scales import known_scales
from surveyfiles import AGREEMENT, ZUSTIMMUNG, export_of, write_csv


def cycle(cells, rows=60):
    """A column that goes round the cells, so that every one of them is there."""
    return [cells[n % len(cells)] for n in range(rows)]


def drafted(columns: dict[str, list[str]], **kwargs):
    return draft_instrument(export_of(list(columns), *zip(*columns.values(), strict=True), **kwargs), ())


def groups_of(draft) -> dict[str, tuple[str, list[str]]]:
    """Name of the dimension → its part and the texts of its items."""
    instrument = draft.instrument
    return {
        dimension.names["en"]: (dimension.part, [item.texts["en"] for item in instrument.items_of(dimension.id)])
        for dimension in instrument.dimensions
    }


FIVE = list("12345")


@pytest.mark.parametrize(
    ("headers", "stem", "texts"),
    [
        (["Feel? [Safe]", "Feel? [Heard]", "Feel? [Seen]"], "Feel?", ["Safe", "Heard", "Seen"]),
        (["How far? - I am safe", "How far? - I am heard", "How far? - I am seen"], "How far?", ["I am safe",
        "I am heard", "I am seen"]),
        (["At work: safe", "At work: heard", "At work: seen"], "At work", ["safe", "heard", "seen"]),
        (["How far…-I am safe", "How far…-I am heard", "How far…-I am seen"], "How far…", ["I am safe", "I am heard",
        "I am seen"]),
        (["G3_1", "G3_2", "G3_3"], "G3", ["G3_1", "G3_2", "G3_3"]),
        (["AF06", "AF07", "AF12"], "AF", ["AF06", "AF07", "AF12"]),
        (["TrainersClear", "TrainersKind", "TrainersKeen"], "Trainers", ["TrainersClear", "TrainersKind",
        "TrainersKeen"]),
        (["impact_career", "impact_skills", "impact_pay"], "impact", ["impact_career", "impact_skills", "impact_pay"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("answers", [FIVE, AGREEMENT, ZUSTIMMUNG])
def test_columns_that_share_a_stem_are_added_up(headers, stem, texts, answers):
    draft = drafted({header: cycle(answers) for header in headers})

    assert groups_of(draft) == {stem: ("core", texts)}
    assert not draft.instrument.directed
    assert list(draft.items.values()) == [0, 1, 2]


@pytest.mark.parametrize(
    "headers", [["Q1", "Q2", "Q3"], ["Item 1", "Item 2", "Item 3"], ["Frage1", "Frage2", "Frage3"], ["A", "B", "C"]]
)
def test_a_bare_count_of_questions_is_no_stem(headers):
    [(part, texts)] = groups_of(drafted({header: cycle(AGREEMENT) for header in headers})).values()

    assert (part, texts) == ("outcome", headers)


def test_columns_of_one_stem_but_two_scales_are_not_added_up():
    columns = {
        "Feel? [a]": cycle(FIVE),
        "Feel? [b]": cycle(FIVE),
        "Feel? [c]": cycle(AGREEMENT),
        "Feel? [d]": cycle(AGREEMENT),
    }

    assert {part for part, _ in groups_of(drafted(columns)).values()} == {"outcome"}


def test_two_groups_of_one_stem_are_told_apart_by_their_scales():
    columns = {f"Feel? [{n}]": cycle(FIVE) for n in "abc"} | {f"Feel? [{n}]": cycle(AGREEMENT) for n in "xyz"}

    assert list(groups_of(drafted(columns))) == [
        "Feel?, 1 to 5",
        "Feel?, “Strongly disagree” to “Strongly agree” in 5 steps",
    ]


def test_the_labels_of_the_file_become_those_of_the_scale_in_its_language():
    scale = drafted({"Feel? [a]": cycle([label.upper() for label in ZUSTIMMUNG])}).instrument.items[0].scale

    assert scale.labels == {"de": tuple(label.upper() for label in ZUSTIMMUNG)}
    assert (scale.values, scale.favourable, scale.unfavourable) == ((1, 2, 3, 4, 5), {4, 5}, {1, 2})


def test_without_texts_a_known_scale_has_its_commonest_labels():
    known = next(scale for scale in known_scales() if scale.id == "agreement-5")

    assert labelled_scale(known).labels["en"] == AGREEMENT


@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        (["I feel safe in my team", "I speak up when it matters", "I am heard by the others"], FIVE),
        (["AF06", "AF07", "AP12"], FIVE),
        (["Trust", "Openness", "Warmth"], FIVE),
        (["G1_1", "G1_2", "G1_3"], list("0123456")),
    ],
)
def test_bare_numbers_side_by_side_are_ratings(headers, cells):
    assert len(drafted({header: cycle(cells) for header in headers}).items) == 3


def test_a_comment_between_two_ratings_does_not_part_them():
    columns = {}
    for n in range(3):
        columns |= {
            f"I feel safe in team number {n}": cycle(FIVE),
            f"Why {n}?": [f"words {n} {row}" for row in range(60)],
        }

    assert list(drafted(columns).items.values()) == [0, 2, 4]


@pytest.mark.parametrize("header", ["How satisfied are you?", "Please rate the lead", "LikelyToRecommend",
                                    "How easy is it to ask?",
                                    "Wie zufrieden sind Sie?", "Weiterempfehlung"])  # fmt: skip
def test_one_column_of_numbers_is_a_rating_where_its_header_asks_for_one(header):
    assert len(drafted({header: cycle(FIVE)}).items) == 1


@pytest.mark.parametrize("header", ["Age", "Alter", "Tenure", "Years here", "Number of children",
                                    "How many meetings do you have?",
                                    "Rank", "ID", "Employee ID", "Education", "Bildung",
                                    "Score of the bus factor: how many know it?",
                                    "RELIG", "HRS",
                                    "What is the bus factor of your most important project?"])  # fmt: skip
def test_one_column_of_numbers_alone_is_no_rating(header):
    draft = drafted({header: cycle(FIVE)})

    assert not draft.items
    assert draft.unclear in ({0: "small numbers that need not be ratings"}, {})


@pytest.mark.parametrize("headers", [["Age", "Tenure", "Level"], ["num_children", "num_adults", "num_rooms"],
                                     ["Years here", "Years in job", "Years in role"],
                                     ["How many meetings did you attend?", "How many of them were useful?",
                                     "How many did you lead yourself?"],
                                     ["Employee ID", "User ID", "Person ID"]])  # fmt: skip
def test_counts_and_facts_side_by_side_are_no_ratings(headers):
    assert not drafted({header: cycle(FIVE) for header in headers}).items


@pytest.mark.parametrize(
    "cells", [["0", "1"], ["1", "2"], ["12", "13", "14"], ["-1", "0", "1"], ["1.5", "2.5", "3.5"], ["1", "50", "100"]]
)
def test_other_numbers_are_no_ratings(cells):
    assert not drafted({f"I feel safe, version {n}": cycle(cells) for n in "abc"}).items


def test_a_ranking_is_no_rating():
    orders = ["123", "132", "213", "231", "312", "321"]
    columns = {f"Order [{name}]": cycle([order[place] for order in orders]) for place, name in enumerate("abc")}
    draft = drafted(columns)

    assert not draft.items
    assert set(draft.unclear.values()) == {"places in a ranking"}


def test_a_ranking_of_the_best_two_of_four_is_no_rating():
    rows = [
        ("1", "2", "", ""),
        ("2", "1", "", ""),
        ("", "1", "2", ""),
        ("", "", "1", "2"),
        ("1", "", "", "2"),
        ("3", "1", "2", ""),
    ]
    columns = {f"Best [{name}]": [row[place] for row in rows] for place, name in enumerate("abcd")}

    assert not drafted(columns).items


def test_numbers_that_a_platform_writes_for_any_choice_are_ratings_only_in_a_grid():
    """Qualtrics writes 1, 2, 3 for red, green and blue."""
    from dataclasses import replace

    header = ["Q1", "Q2", "Q3", "Q4_1", "Q4_2", "Q4_3"]
    export = replace(export_of(header, *zip(*[cycle(FIVE)] * 6, strict=True)), coded=True)

    assert list(draft_instrument(export, ()).items.values()) == [3, 4, 5]


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        (FIVE, 1, 5),
        (["2", "3", "4"], 1, 4),  # 5 is not seen, and the report says so
        (list("01234"), 0, 4),
        ([str(n) for n in range(11)], 0, 10),
        (["1.0", "2,0", "3", "4 "], 1, 4),
        (["1 (None at all)", "2", "3", "10 (All of it)"], 1, 10),
        (["0 - Mostly me", "1", "3", "5 - Mostly others"], 0, 5),
    ],
)
def test_a_scale_of_numbers_runs_from_the_lowest_to_the_highest_found(cells, low, high):
    draft = drafted({f"Feel? [{n}]": cycle(cells) for n in "abc"})
    [dimension] = draft.instrument.dimensions

    assert (draft.instrument.items[0].scale.low, draft.instrument.items[0].scale.high) == (low, high)
    assert dimension.abouts["en"] == (
        f"3 questions whose headers begin alike, answered from {low} to {high}."
        " These are the ends found in this file: an end that nobody chose cannot be seen."
    )


def test_columns_that_belong_together_share_the_widest_range():
    draft = drafted(
        {"Feel? [a]": cycle(["2", "3"]), "Feel? [b]": cycle(["1", "2", "3"]), "Feel? [c]": cycle(["4", "5"])}
    )

    assert {item.scale.values for item in draft.instrument.items} == {(1, 2, 3, 4, 5)}
    assert len(draft.items) == 3


def test_a_long_scale_beside_short_ones_keeps_its_own_range():
    columns = {f"I feel safe at place {n}": cycle(FIVE) for n in "abc"} | {
        "How likely are you to recommend us?": cycle([str(n) for n in range(11)])
    }

    assert [item.scale.high for item in drafted(columns).instrument.items] == [5, 5, 5, 10]


@pytest.mark.parametrize("cells", [["Critical to me", "Somewhat useful", "Not relevant for me"], ["Daily", "Weekly",
                                   "Monthly"],
                                   ["Too slow", "Just right", "Too fast"], ["Low", "Middle", "High"]])  # fmt: skip
def test_the_order_of_unknown_labels_is_never_guessed(cells):
    draft = drafted({f"Feature? [{n}]": cycle(cells) for n in "abc"})

    assert not draft.items
    assert set(draft.unclear.values()) == {"answers whose order is not known"}


@pytest.mark.parametrize(("header", "cells"), [("Gender", ["f", "m", "x"]), ("Country", ["A", "B", "C"]), ("Any?",
                                               ["Yes", "No", "Maybe"]),
                                               ("Tools", ["a;b", "b;c", "c"]), ("When", ["2026-01-01", "2026-01-02",
                                               "2026-01-03"])])  # fmt: skip
def test_what_cannot_be_a_rating_is_not_reported_as_one(header, cells):
    assert drafted({header: cycle(cells)}).unclear == {}


def test_identifying_taken_and_platform_columns_are_never_read():
    from dataclasses import replace

    header = ["Mobile", "Rating 1", "Rating 2"]
    export = replace(export_of(header, *zip(*[cycle(AGREEMENT)] * 3, strict=True)), metadata=frozenset({1}))

    assert list(draft_instrument(export, [2]).items) == []


def test_blank_and_shared_headers_are_not_read_and_reported():
    columns = [cycle(AGREEMENT)] * 5
    export = export_of(["Warm", "warm ", "", "***", "Kind"], *zip(*columns, strict=True))
    draft = draft_instrument(export, ())

    assert list(draft.items.values()) == [4]
    assert draft.unclear == dict.fromkeys(range(4), "no header of their own")


def test_where_question_texts_are_shared_the_short_names_are_taken():
    export = export_of(["Q1", "Q2", "Q3"], ("a", "b", "c"), texts=["How far?", "How far?", "Warm?"])

    assert own_headers(export) == {0: "Q1", 1: "Q2", 2: "Warm?"}


def test_no_stem_is_made_of_two_headers():
    assert common_stems({0: "AF01", 1: "AF02", 2: "B01"}) == {0: "", 1: "", 2: ""}


# ------------------------------------------------------------- The file


def same_answers(path, tmp_path):
    """Draft an instrument of a file, write it, read it, and read the same file with it."""
    instrument = tmp_path / "drafted.toml"
    instrument.write_text(draft_file(path), encoding="utf-8")
    drafted, written = load_survey(path), load_survey(path, Wishes(instrument=read_instrument(instrument)))

    assert written.instrument == in_english(drafted.instrument)
    assert written.points.equals(drafted.points)
    return written


HARD_HEADERS = [
    *("Importance [Communication]", "Satisfaction [Communication]", "Other [Communication]"),
    *("Importance [Pay]", "Importance [Trust]", "Satisfaction [Pay]", "Satisfaction [Trust]"),
    *("A 1", "A-1", "a.1", "Column14", "column 3", "ideas", "Together", "Pre: Recommend", "Recommend"),
    *("Ünïcode ☃", 'say "so"', "back\\slash", "tab\there", "=1+1", "<b>bold</b>", "We listen. (1 = no)", "We listen"),
    *("x" * 300, "日本語", "[row]", "- ", "3. We talk"),
]


def test_a_drafted_instrument_reads_the_file_it_came_from(tmp_path):
    rows = [[AGREEMENT[(n + column) % 5] for column in range(len(HARD_HEADERS))] for n in range(20)]
    path = write_csv(tmp_path / "survey.csv", HARD_HEADERS, *rows)

    assert len(same_answers(path, tmp_path).instrument.items) >= 25


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.lists(
        st.sampled_from(HARD_HEADERS) | st.text(st.characters(exclude_categories=["C"]), max_size=12),
        min_size=2,
        max_size=8,
        unique=True,
    )
)
def test_whatever_its_headers_a_drafted_instrument_reads_its_file_or_there_is_none(tmp_path, headers):
    rows = [[AGREEMENT[(n + column) % 5] for column in range(len(headers))] for n in range(10)]
    path = write_csv(tmp_path / "survey.csv", headers, *rows)
    try:
        draft_file(path)
    except PsafetyError:
        return

    same_answers(path, tmp_path)


def test_the_file_of_numbers_and_labels_reads_back(tmp_path):
    rows = [
        (n % 5 + 1, n % 4 + 1, (n + 1) % 5 + 1, AGREEMENT[n % 5], AGREEMENT[n % 4], f"words {n}", f"Team {n % 3}")
        for n in range(30)
    ]
    header = ["AF1", "AF2", "AF3", "We listen to each other", "We help each other", "Why?", "Team"]
    read = same_answers(write_csv(tmp_path / "survey.csv", header, *rows), tmp_path)

    assert [dimension.names["en"] for dimension in read.instrument.dimensions] == [
        "AF",
        "Single questions, “Strongly disagree” to “Strongly agree” in 5 steps",
    ]
    assert read.levels == ("Team",)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["", ""], ("Agree", "4")),
        (["a", "a"], ("Agree", "4")),
        (["When", "Why"], ("2026-01-01", "words")),
        (["x"], ("1",)),
    ],
)
def test_a_file_without_ratings_is_a_clear_error(tmp_path, header, cells):
    path = write_csv(tmp_path / "survey.csv", header, *[cells] * 30)
    for read in (draft_file, load_survey):
        with pytest.raises(MappingError, match="No column holds answers that can be read as ratings") as caught:
            read(path)

        assert caught.value.where == "survey.csv"
        assert "--instrument" in caught.value.hint


def test_the_error_says_which_columns_may_hold_ratings(tmp_path):
    path = write_csv(
        tmp_path / "survey.csv",
        ["Pace", "Volume", "Number"],
        *[(("slow", "fast", "right")[n % 3], "abc"[n % 3], n % 5) for n in range(30)],
    )
    with pytest.raises(MappingError) as caught:
        draft_file(path)

    assert caught.value.problem == (
        "No column holds answers that can be read as ratings. 2 columns have answers whose order is not known and were"
        " not read: “Pace” and “Volume”."
        " 1 column has small numbers that need not be ratings and was not read: “Number”."
    )


def test_hundreds_of_columns_are_drafted_in_a_moment(tmp_path):
    header = [f"How far do you agree? [Statement {n}, about one thing and another]" for n in range(600)]
    path = write_csv(
        tmp_path / "survey.csv", header, *[[AGREEMENT[(n + column) % 5] for column in range(600)] for n in range(20)]
    )

    assert len(same_answers(path, tmp_path).instrument.items) == 600
