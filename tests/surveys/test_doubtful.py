"""Doubtful rows are flagged for what the file says of them, never for an opinion; and go only where asked."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st
from psafety import Look, Policy, analyze, compose, load_survey
from psafety.cli import Exit, main
from psafety.surveys.check import check_survey
from psafety.surveys.doubtful import flag_rows, one_end
from psafety.surveys.errors import AnswerError, ConfigError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.kinds import KINDS
from psafety.surveys.mapping import Wishes
from psafety.surveys.places import find_places
from psafety.surveys.platforms import recognise
from psafety.surveys.points import read_points
from psafety.surveys.responses import of_wave
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from psafety.surveys.tables import read_table
from surveyfiles import instrument_of, scale_of, write_csv

IDS = [f"i{number}" for number in range(14)]
SURVEY = instrument_of({id_: f"Statement {id_}." for id_ in IDS}, scale_of(labels=False))
WISHES = Wishes(instrument=SURVEY)
ALIKE = (5, 4, 3, 2, 1, 5, 4, 3, 2, 1, 5, 4, 3, 2)  # not half of the answers are one and the same
LIMESURVEY = ["id", "submitdate", "lastpage", "startlanguage", "startdate", *IDS]
QUALTRICS = [
    *("StartDate", "EndDate", "Status", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId")
]


def flags(path, wishes=WISHES):
    """The flags of all rows of a file: kind → numbers of the rows, the first below the header being 0."""
    export = recognise(read_table(path))
    instrument, places = find_places(export, wishes)
    found = flag_rows(export, read_points(export, instrument, places.items)[0], instrument, places.items)
    return {kind: np.flatnonzero(rows).tolist() for kind, rows in found.rows.items()}


def qualtrics(path, *rows, asked=IDS):
    """A Qualtrics export without the rows of texts and import ids: per row status, seconds, finished, id, answers."""
    return write_csv(
        path,
        [*QUALTRICS, *asked],
        *(
            [*("2026-03-01 09:00:00", "2026-03-01 09:10:00", status, 100, seconds, finished, "", id_), *answers]
            for status, seconds, finished, id_, answers in rows
        ),
    )


def person(number):
    """The answers of one of many people, no two alike."""
    return [1 + (number // 5**place) % 5 for place in range(6)] + [1 + (number + place) % 5 for place in range(8)]


@pytest.fixture
def export(tmp_path):
    """Forty people, among them a preview, two who did not finish, one exported twice and one who rushed through."""
    rows = [["IP Address", 300 + number, "True", f"R_{number:03}", person(number)] for number in range(40)]
    rows[3][0] = "Survey Preview"
    rows[5][2] = rows[6][2] = "False"
    rows[8] = list(rows[7])
    rows[9][1] = 27  # for fourteen statements
    rows[10][1] = 28  # exactly two seconds each
    return qualtrics(tmp_path / "q.csv", *rows)


def test_each_kind_is_flagged_where_it_is(export):
    assert flags(export) == {"tests": [3], "unfinished": [5, 6], "duplicates": [8], "speeders": [9]}


def test_nothing_is_removed_unless_asked(export):
    read = load_survey(export, WISHES)

    assert len(read) == 40
    assert read.quality.flagged == {"tests": 1, "unfinished": 2, "duplicates": 1, "speeders": 1}
    assert read.quality.removed == {}


def test_what_is_asked_for_is_removed_and_counted(export):
    """The kinds in the order of KINDS, however they are named; the others stay flagged."""
    read = load_survey(export, Wishes(instrument=SURVEY, remove=("duplicates", "tests", "duplicates")))

    assert len(read) == 38
    assert list(read.quality.removed.items()) == [("tests", 1), ("duplicates", 1)]
    assert read.quality.flagged == {"tests": 0, "unfinished": 2, "duplicates": 0, "speeders": 1}
    assert read.quality.left_out == 0


def test_a_row_of_two_kinds_is_counted_once(tmp_path):
    rows = [["IP Address", 300, "True", f"R_{number}", person(number)] for number in range(9)]
    rows[4][0], rows[4][2] = "Survey Test", "False"
    path = qualtrics(tmp_path / "q.csv", *rows)

    read = load_survey(path, Wishes(instrument=SURVEY, remove=("unfinished", "tests")))

    assert (len(read), dict(read.quality.removed)) == (8, {"tests": 1, "unfinished": 0})


def test_check_says_what_is_there_and_what_was_removed(export):
    """With the reason, and with the option that removes it; and once removed, that it was."""
    there = " ".join(check_survey(export, WISHES).doubts)
    gone = check_survey(export, Wishes(instrument=SURVEY, remove=("unfinished", "speeders")))

    assert "Rows of previews or tests (“Status” says preview or test): 1. They count like all others;" in there
    assert "`--remove unfinished` leaves them out." in there
    assert "People who took less than 2 seconds per statement: 1." in there
    assert "Removed, as asked: people who did not finish (“Finished” says no): 2." in gone.doubts
    assert {sum(count for _, count in item.answers) for item in gone.items} == {37}


@pytest.mark.parametrize("wanted", ["straightliners", "Tests", "all"])
def test_an_unknown_kind_is_an_error_that_names_the_kinds(wanted, export):
    with pytest.raises(ConfigError, match=f"kind “{wanted}”") as stopped:
        load_survey(export, Wishes(instrument=SURVEY, remove=(wanted,)))

    assert all(kind in stopped.value.hint for kind in KINDS)


@pytest.mark.parametrize("kind", ["tests", "unfinished", "speeders", "straight-lines"])
def test_a_kind_that_the_file_cannot_tell_is_an_error(kind, tmp_path):
    """Without a column for it, or without statements that run the other way."""
    path = write_csv(tmp_path / "s.csv", IDS, *(person(number) for number in range(9)))

    with pytest.raises(AnswerError, match=f"“{kind}” cannot be removed: ") as stopped:
        load_survey(path, Wishes(instrument=SURVEY, remove=(kind,)))

    assert "this file can tell of: duplicates." in stopped.value.hint


def test_removing_everybody_is_an_error(tmp_path):
    path = qualtrics(tmp_path / "q.csv", *(("Survey Preview", 300, "True", f"R_{n}", person(n)) for n in range(3)))

    with pytest.raises(AnswerError, match="No answer is left"):
        load_survey(path, Wishes(instrument=SURVEY, remove=("tests",)))


# Duplicates


def test_the_same_id_is_the_same_response_even_where_more_was_answered_later(tmp_path):
    rows = [["IP Address", 300, "True", f"R_{number}", person(number)] for number in range(9)]
    rows[4][4] = [*person(2)[:7], *[""] * 7]
    rows[4][3] = "R_2"

    assert flags(qualtrics(tmp_path / "q.csv", *rows))["duplicates"] == [4]


def test_ids_that_somebody_blanked_out_say_nothing(tmp_path):
    """Redacted, they are all alike; then the times tell, or nothing does."""
    path = qualtrics(tmp_path / "q.csv", *(("IP Address", 300, "True", "R_x", person(n)) for n in range(9)))

    assert flags(path)["duplicates"] == []


def test_numbers_that_start_anew_in_every_file_are_not_the_same_response(tmp_path):
    """LimeSurvey counts from 1: the same number in two files is a duplicate only if all else is the same, too."""
    starts = [f"2026-03-{1 + number:02} 09:00:00" for number in range(18)]
    rows = [[number + 1, "2026-03-20 09:00:00", 5, "en", starts[number], *person(number)] for number in range(9)]
    others = [
        [number + 1, "2026-03-21 09:00:00", 5, "en", starts[9 + number], *person(90 + number)] for number in range(9)
    ]
    others[4] = rows[4]
    paths = [write_csv(tmp_path / "a.csv", LIMESURVEY, *rows), write_csv(tmp_path / "b.csv", LIMESURVEY, *others)]

    read = load_survey(paths, WISHES)

    assert read.flags is not None
    assert np.flatnonzero(read.flags.rows["duplicates"]).tolist() == [13]


def test_time_stamps_tell_where_there_are_no_ids(tmp_path):
    """Google Forms: the same in every column is the same response; the same second alone is not."""
    short = Wishes(instrument=instrument_of({id_: f"Statement {id_}." for id_ in IDS[:3]}, scale_of(labels=False)))
    rows = [[f"2026/03/01 9:00:{number:02}", "A", *person(number)[:3]] for number in range(30)]
    rows[11], rows[21][0] = list(rows[10]), rows[20][0]

    path = write_csv(tmp_path / "g.csv", ["Timestamp", "Team", *IDS[:3]], *rows)

    assert load_survey(path, short).source.platform == "Google Forms"
    assert flags(path, short)["duplicates"] == [11]
    assert not load_survey(path, short).quality.surmised


@pytest.mark.parametrize(
    ("rows", "flagged"),
    [
        ([("A", ALIKE), ("A", ALIKE)], [1]),
        ([("A", ALIKE), ("A", ALIKE), ("A", ALIKE)], [1, 2]),
        ([("A", ALIKE), ("B", ALIKE)], []),  # another team
        ([("A", ALIKE), ("A", ALIKE), ("B", ALIKE)], []),  # what others answer, too, is no sign
        ([("A", (4,) * 14), ("A", (4,) * 14)], []),  # two who are content alike
        ([("A", (*(4,) * 8, *ALIKE[:6])), ("A", (*(4,) * 8, *ALIKE[:6]))], []),  # mostly so
        ([("A", (*ALIKE[:11], "", "", "")), ("A", (*ALIKE[:11], "", "", ""))], []),  # too few answers
        ([("A", ("",) * 14), ("A", ("",) * 14)], []),
    ],
)
def test_without_ids_and_times_only_telling_answers_are_a_possible_duplicate(rows, flagged, tmp_path):
    others = [["A", *person(number)] for number in range(5, 12)]
    path = write_csv(tmp_path / "s.csv", ["Team", *IDS], *([team, *answers] for team, answers in rows), *others)

    assert flags(path)["duplicates"] == flagged
    assert load_survey(path, WISHES).quality.surmised


def test_a_short_questionnaire_says_nothing_of_duplicates(tmp_path):
    few = Wishes(instrument=instrument_of({id_: f"Statement {id_}." for id_ in IDS[:11]}, scale_of(labels=False)))
    path = write_csv(tmp_path / "s.csv", ["Team", *IDS[:11]], *[["A", *ALIKE[:11]]] * 4)

    assert flags(path, few) == {}


@pytest.mark.parametrize("mean_index", [50, 65, 85])
def test_honest_people_are_hardly_ever_taken_for_duplicates(mean_index, tmp_path):
    """Four thousand of them, content or not, in a file without ids and times: at most one in a thousand."""
    core = "trust", "openness", "speaking-up"
    design = SampleDesign(people=5_000, mean_index=mean_index, dimensions=core, seed=3)
    write_sample(sample_survey(design, load_instrument("open-team-survey")), tmp_path / "s.csv")

    read = load_survey(tmp_path / "s.csv")

    assert read.quality.flagged["duplicates"] <= len(read) / 1_000


@given(copies=st.lists(st.integers(0, 59), max_size=12), order=st.randoms(use_true_random=False))
def test_all_copies_but_the_first_are_flagged(copies, order, tmp_path_factory):
    """Wherever they stand in the file."""
    numbers = [*range(60), *copies]
    order.shuffle(numbers)
    path = qualtrics(
        tmp_path_factory.mktemp("s") / "q.csv", *(("0", 300, "True", f"R_{n}", person(n)) for n in numbers)
    )

    assert flags(path)["duplicates"] == np.flatnonzero(pd.Series(numbers).duplicated()).tolist()


# Speeders


@pytest.mark.parametrize(
    ("seconds", "answers", "fast"),
    [
        ("27", ALIKE, True),
        ("27.9", ALIKE, True),
        ("28", ALIKE, False),
        ("0", ALIKE, False),  # no time at all is no time
        ("-5", ALIKE, False),
        ("", ALIKE, False),
        ("soon", ALIKE, False),
        ("27", (*ALIKE[:13], ""), False),  # thirteen answers
        ("9", (*ALIKE[:5], *[""] * 9), True),
        ("7", (*ALIKE[:4], *[""] * 10), False),  # too few to tell
    ],
)
def test_a_speeder_takes_less_than_two_seconds_per_answer(seconds, answers, fast, tmp_path):
    others = [("0", 301 + number, "True", f"R_{number}", person(number)) for number in range(5)]
    path = qualtrics(tmp_path / "q.csv", *others, ("0", seconds, "True", "R_x", answers))

    assert flags(path)["speeders"] == [5] * fast


def test_whole_minutes_may_be_one_minute_short(tmp_path):
    """From 9:00 to 9:01 may be two minutes: that is enough for sixty statements, and not for sixty-one."""
    found = []
    for size in (60, 61):
        ids = [f"i{number}" for number in range(size)]
        header = [*LIMESURVEY[:5], *ids]
        rows = [[n, f"2026-03-01 09:{1 + 4 * n:02}", 5, "en", "2026-03-01 09:00", *[4] * size] for n in range(5)]
        path = write_csv(tmp_path / f"{size}.csv", header, *rows)
        asked = Wishes(instrument=instrument_of(dict.fromkeys(ids, ""), scale_of(labels=False)))
        found.append(flags(path, asked)["speeders"])

    assert found == [[], [0]]


def test_times_too_short_for_most_people_are_not_believed(tmp_path):
    """Minutes taken for seconds, say: nobody is flagged, and it is said."""
    path = qualtrics(
        tmp_path / "q.csv", *(("0", 4 + number, "True", f"R_{number}", person(number)) for number in range(9))
    )

    read = load_survey(path, WISHES)

    assert "speeders" not in read.quality.flagged
    assert any("not in seconds" in doubt for doubt in read.source.doubts)
    assert any("not in seconds" in doubt for doubt in check_survey(path, WISHES).doubts)


def test_fast_previews_do_not_discredit_the_times(tmp_path):
    """Whoever tests a survey clicks through it: that is fast, and true."""
    tests = [("Survey Preview", 5, "True", f"R_t{number}", person(90 + number)) for number in range(6)]
    people = [("0", 300, "True", f"R_{number}", person(number)) for number in range(4)]

    assert flags(qualtrics(tmp_path / "q.csv", *tests, *people))["speeders"] == [0, 1, 2, 3, 4, 5]


def test_an_export_whose_times_are_all_empty_cannot_tell(tmp_path):
    rows = [[1 + number, "", 5, "en", "", *person(number)] for number in range(5)]

    assert "speeders" not in flags(write_csv(tmp_path / "l.csv", LIMESURVEY, *rows))


# One end of the scale throughout


@pytest.mark.parametrize(
    ("answers", "at_one_end"),
    [
        *(((5,) * 13, True), ((1,) * 13, True), ((3,) * 13, False), ((4,) * 13, False)),
        ((*(5,) * 12, 0), True),
        ((*(5,) * 11, 0, 0), False),  # too few
    ],
)
def test_one_end_throughout_is_mentioned_where_nothing_contradicts_it(answers, at_one_end):
    asked = instrument_of(dict.fromkeys(IDS[:13], ""))

    assert one_end(np.array([answers], np.int8), asked).tolist() == [at_one_end]


@pytest.mark.parametrize(
    "asked",
    [
        instrument_of(dict.fromkeys(IDS[:11], "")),  # too few to mention
        instrument_of(dict.fromkeys(IDS[:12], ""), reverse=["i0"]),  # there a straight line contradicts itself
    ],
)
def test_else_it_is_not_even_counted(asked):
    assert one_end(np.full((3, len(asked.items)), 5, np.int8), asked) is None


def test_it_cannot_be_removed(tmp_path):
    """Agreeing with everything is an opinion."""
    path = write_csv(tmp_path / "s.csv", IDS, *[(5,) * 14] * 3)

    with pytest.raises(AnswerError, match="may be an honest one"):
        load_survey(path, Wishes(instrument=SURVEY, remove=("straight-lines",)))
    assert load_survey(path, WISHES).quality.one_end == 3


# In waves, reports, and on the screen


def test_flags_go_with_their_wave(tmp_path):
    """What is counted in one wave is of that wave."""
    rows = [["0", 300, "True", f"R_{number}", [number % 2, *person(number)]] for number in range(20)]
    rows[4][1] = rows[6][1] = rows[7][1] = 20

    read = load_survey(qualtrics(tmp_path / "q.csv", *rows, asked=["Wave", *IDS]), WISHES)

    assert of_wave(read, "0").quality.flagged["speeders"] == 2
    assert of_wave(read, "1").quality.flagged["speeders"] == 1


@pytest.fixture
def content(export):
    """Makes the content of the report on the export, with some kinds removed."""

    def make(*remove):
        responses = load_survey(export, Wishes(instrument=SURVEY, remove=remove))
        return compose(analyze(responses, Policy(min_group=3, joint_from=30)), Look(), version="1")

    return make


def test_the_report_tells_each_kind_and_what_the_scores_may_be_without(content):
    """Counts are folded; the bounds follow from the printed index, the printed n and the folded count alone."""
    report = content()
    facts = {fact.label: fact for fact in report.quality}
    index = report.dimensions[0].index.value
    low, high = np.floor((40 * (index - 0.5) - 200) / 38), np.ceil(40 * (index + 0.5) / 38)

    assert [facts[label].value.text for label in ("Previews and tests", "Not finished", "Very short times")] == [
        "fewer than 3"
    ] * 3
    assert facts["Repeated rows"].note == (
        "Rows that repeat an earlier one. They are counted. Whatever they answered, without them the scores would be:"
        f" Dimension between {low:.0f} and {high:.0f} (with them {index})."
    )


def test_fewer_than_the_smallest_group_are_told_apart_by_nothing(content, tmp_path):
    """One preview or two: the same words, the same bounds."""
    rows = [["0", 300, "True", f"R_{number:03}", person(number)] for number in range(40)]
    facts = []
    for tests in ((3,), (3, 7)):
        changed = [["Survey Preview" if number in tests else "0", *row[1:]] for number, row in enumerate(rows)]
        read = load_survey(qualtrics(tmp_path / f"{len(tests)}.csv", *changed), WISHES)
        facts.append(compose(analyze(read, Policy(min_group=3)), Look(), version="1").quality)

    assert facts[0] == facts[1]


def test_the_report_and_the_screen_say_what_was_removed(content, export, tmp_path):
    report = content("tests", "speeders")
    removed = [(fact.value.text, fact.note) for fact in report.quality if fact.label == "Removed, as asked"]

    result = CliRunner().invoke(
        main,
        [
            *("report", str(write_instrumented(export)), "--format", "json", "--output", str(tmp_path / "out")),
            *("--remove", "unfinished, duplicates"),
        ],
    )

    assert removed == [
        ("fewer than 3", "Rows of previews or tests. No figure speaks of them."),
        ("fewer than 3", "People who took less than 2 seconds per statement. No figure speaks of them."),
    ]
    assert result.exit_code == Exit.DONE, result.output
    assert "Removed, as asked: fewer than 5 – People who did not finish." in result.stderr
    assert "Previews and tests: fewer than 5 – Rows of previews or tests. They are counted." in result.stderr


def write_instrumented(export):
    """The export with the settings beside it that it needs; psafety finds them."""
    from psafety.surveys.instrument_files import instrument_toml

    (export.parent / "asked.toml").write_text(instrument_toml(SURVEY), encoding="utf-8")
    (export.parent / "psafety.toml").write_text('[survey]\ninstrument = "asked.toml"\nremove = ["tests"]\n', "utf-8")
    return export


def test_an_option_wins_over_the_settings(export, tmp_path):
    """[survey] remove is what is removed where no option says otherwise."""
    write_instrumented(export)
    said = CliRunner().invoke(main, ["check", str(export)]).stdout
    other = CliRunner().invoke(main, ["check", str(export), "--remove", "speeders"]).stdout

    assert "Removed, as asked: rows of previews" in said
    assert "Removed, as asked: people who took" in other
    assert "Removed, as asked: rows" not in other


def test_possible_duplicates_are_called_so(tmp_path):
    rows = [["A", *person(number)] for number in range(40)]
    rows[31] = rows[30] = ["A", *ALIKE]
    read = load_survey(write_csv(tmp_path / "s.csv", ["Team", *IDS], *rows), WISHES)

    facts = {fact.label: fact for fact in compose(analyze(read), Look(), version="1").quality}

    assert "Rows that may repeat an earlier one" in facts["Repeated rows"].note
    assert "One end of the scale throughout" in facts
