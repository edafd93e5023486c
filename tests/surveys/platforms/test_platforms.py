"""Each platform is known by the structure of its exports, and what it says of columns and rows is understood."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from psafety.surveys.errors import ConfigError, MappingError
from psafety.surveys.platforms import PLATFORMS, recognise
from psafety.surveys.platforms.durations import durations
from psafety.surveys.platforms.export import Export, marked_rows, plain_text
from psafety.surveys.tables import Table, read_table

Rows = Sequence[Sequence[object]]
Write = Callable[..., Table]


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    """The table of some rows written as CSV, without any quoting."""

    def write(*rows: str, encoding: str = "utf-8", name: str = "export.csv") -> Table:
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n", encoding=encoding)
        return read_table(path)

    return write


@pytest.fixture
def xlsx(tmp_path: Path) -> Write:
    """The table of some rows written as a workbook."""

    def write(*rows: Sequence[object]) -> Table:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "export.xlsx")
        return read_table(tmp_path / "export.xlsx")

    return write


def names(export: Export, places: frozenset[int]) -> set[str]:
    return {export.ids[place] for place in places}


_QUALTRICS = (
    "StartDate,EndDate,Status,Progress,Duration (in seconds),Finished,ResponseId,"
    "Q1_1,Q1_2,Q1_DO_1,Q2_TEXT,Q7_Page Submit"
)
_QUALTRICS_TEXTS = (
    "Start Date,End Date,Response Type,Progress,Duration (in seconds),Finished,Response ID,"
    "How far? - We <b>listen</b>,How far? - We ask,How far? - Display Order,Anything else?,Timing - Page Submit"
)
_IMPORTS = ",".join(
    f"{{'ImportId': '{name}'}}"
    for name in ("s", "e", "st", "p", "d", "f", "_recordId", "QID1_1", "QID1_2", "QID1_DO", "QID2_TEXT", "t")
)
_HEADERS = (_QUALTRICS, _QUALTRICS_TEXTS, _IMPORTS)
_ANSWERS = (
    "2024-03-01 09:00:00,2024-03-01 09:04:10,0,100,250,1,R_1,4,5,1|2,Fine,12.5",
    "2024-03-01 09:00:00,2024-03-01 09:00:40,1,100,40,1,R_2,1,1,2|1,,3.0",
    "2024-03-01 09:00:00,2024-03-01 09:01:00,0,40,60,0,R_3,-99,,2|1,,4.0",
)


@pytest.mark.parametrize("header", [_HEADERS, _HEADERS[:2], _HEADERS[:1]])
def test_qualtrics_is_known_even_when_somebody_deleted_its_extra_header_rows(header: Sequence[str], csv: Write) -> None:
    export = recognise(csv(*header, *_ANSWERS))

    assert export.platform == "Qualtrics"
    assert len(export.table.rows) == 3
    assert export.table.rows[0] == len(header) + 1
    assert names(export, export.comments) == {"Q2_TEXT"}
    assert names(export, frozenset(range(12)) - export.metadata - export.comments) == {"Q1_1", "Q1_2"}
    assert marked_rows(export.table, export.tests).tolist() == [False, True, False]
    assert marked_rows(export.table, export.incomplete).tolist() == [False, False, True]
    assert "-99" in export.missing


def test_qualtrics_texts_lose_their_html(csv: Write) -> None:
    export = recognise(csv(*_HEADERS, *_ANSWERS))

    assert export.texts[7] == "How far? - We listen"


def test_qualtrics_choice_text_in_utf_16_with_tabs_is_the_same_export(csv: Write) -> None:
    rows = [row.replace(",", "\t") for row in _HEADERS]
    answers = "2024-03-01\t2024-03-01\t{}\t100\t60\t{}\tR_1\tAgree\tDisagree\t\t\t"

    export = recognise(
        csv(*rows, answers.format("IP Address", "True"), answers.format("Survey Preview", "False"), encoding="utf-16")
    )

    assert export.platform == "Qualtrics"
    assert marked_rows(export.table, export.tests).tolist() == [False, True]
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]


_MONKEY_HEADER = ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Custom Data 1")
_MONKEY: Rows = (
    (*_MONKEY_HEADER, "How far do you\u00a0agree?", None, "Which <em>team</em>?", None, "Comments"),
    (*[None] * 6, "We listen", "We ask", "Response", "Other (please specify)", "Open-Ended Response"),
    (1, 7, "03/01/2024 11:58:00 PM", "03/02/2024 12:03:00 AM", "", "", "Agree", "Disagree", "A", "", "Words"),
)


def test_surveymonkey_rows_and_options_stand_in_brackets_behind_their_question(xlsx: Write) -> None:
    export = recognise(xlsx(*_MONKEY))

    assert export.platform == "SurveyMonkey"
    assert export.ids[6:] == (
        "How far do you agree? [We listen]",
        "How far do you agree? [We ask]",
        "Which team?",
        "Which team? [Other (please specify)]",
        "Comments",
    )
    assert export.metadata == frozenset(range(6))
    assert export.comments == frozenset({9, 10})
    assert durations(export).tolist() == [300.0]


@pytest.mark.parametrize(
    "first", ["Respondent ID,Collector ID,Start Date,End Date", "respondent_id,collector_id,date_created,date_modified"]
)
def test_surveymonkey_without_a_second_header_row_is_known_by_its_columns(first: str, csv: Write) -> None:
    export = recognise(csv(f"{first},We listen,We ask", "1,7,2024-03-01 09:00:00,2024-03-01 09:02:00,Agree,Disagree"))

    assert export.platform == "SurveyMonkey"
    assert (len(export.table.rows), export.ids[4:]) == (1, ("We listen", "We ask"))


@pytest.mark.parametrize(
    ("timestamp", "moment"),
    [
        ("Timestamp", "4/22/2016 19:57:50"),
        ("Timestamp", "2020/06/05 11:34:01 AM EST"),
        ("Zeitstempel", "05.06.2020 11:34:01"),
        ("Horodateur", "05/06/2020 11:34:01"),
        ("Marca temporal", "5/6/2020 11:34:01"),
        ("Carimbo de data/hora", "05/06/2020 11:34:01"),
        ("Tijdstempel", "4-5-2026 10:59:37"),
        ("Časová značka", "5. 6. 2020 11:34:01"),
        ("タイムスタンプ", "2020/06/05 11:34:01"),
    ],
)
def test_google_forms_is_known_by_its_time_stamp_in_any_language(timestamp: str, moment: str, csv: Write) -> None:
    export = recognise(csv(f"{timestamp},Score,How often?  [We listen],Which tools?", f"{moment},3,Often,A;B"))

    assert export.platform == "Google Forms"
    assert export.ids == (timestamp, "Score", "How often? [We listen]", "Which tools?")
    assert export.metadata == frozenset({0, 1})


def test_google_forms_in_a_workbook_is_the_same_export(xlsx: Write) -> None:
    export = recognise(xlsx(("Timestamp", "We listen"), (datetime(2024, 3, 1, 9, 0, 5), 4)))  # noqa: DTZ001

    assert (export.platform, export.metadata) == ("Google Forms", frozenset({0}))


@pytest.mark.parametrize(
    "header",
    [
        ("ID", "Start time", "Completion time", "Email", "Name"),
        ("ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name"),
        ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"),
        ("Id", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"),
        ("Id", "Hora de início", "Hora de conclusão", "Email", "Nome"),
        ("ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"),
    ],
)
def test_microsoft_forms_is_known_by_its_first_columns_in_any_language(header: Sequence[str], xlsx: Write) -> None:
    started, completed = datetime(2024, 3, 1, 9, 0), datetime(2024, 3, 1, 9, 3)  # noqa: DTZ001

    export = recognise(
        xlsx((*header, "We listen", "Points - We listen"), (1, started, completed, "anonymous", "", 4, 1))
    )

    assert export.platform == "Microsoft Forms"
    assert names(export, export.metadata) == {*header, "Points - We listen"}
    assert durations(export).tolist() == [180.0]


def test_microsoft_forms_without_names_keeps_the_questions_that_follow(csv: Write) -> None:
    export = recognise(csv("ID,Start time,Completion time,We listen,We ask", "1,3/1/24 9:00:00,3/1/24 9:03:00,4,5"))

    assert export.metadata == frozenset({0, 1, 2})
    assert durations(export).tolist() == [180.0]


def test_typeform_headers_lose_their_markup(csv: Write) -> None:
    export = recognise(
        csv(
            "#,<strong>Do we listen?</strong>,*How far* do you agree?,Other,Response Type,Start Date (UTC),"
            "Submit Date (UTC),Network ID",
            "k1,1,4,,completed,2024-03-01 09:00:00,2024-03-01 09:02:00,n1",
            "k2,0,5,Words,partial,2024-03-01 09:00:00,,n2",
        )
    )

    assert export.platform == "Typeform"
    assert export.texts[1:3] == ("Do we listen?", "How far do you agree?")
    assert names(export, export.comments) == {"Other"}
    assert export.metadata == frozenset({0, 4, 5, 6, 7})
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]
    np.testing.assert_array_equal(durations(export), [120, np.nan])


def test_alchemer_turns_its_grids_round(csv: Write) -> None:
    export = recognise(
        csv(
            "Response ID,Time Started,Date Submitted,Status,We listen:How far do you agree?,Note: your team,Country",
            "1,2024-03-01 09:00:00,2024-03-01 09:02:00,Complete,Agree,A,FR",
            "2,2024-03-01 09:00:00,2024-03-01 09:02:00,Disqualified,,,",
        )
    )

    assert export.platform == "Alchemer (SurveyGizmo)"
    assert export.texts[4:] == ("How far do you agree? [We listen]", "Note: your team", "Country")
    assert export.metadata == frozenset({0, 1, 2, 3})  # not Country, which stands among the questions
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]


_SOSCI = "CASE\tSERIAL\tREF\tQUESTNNR\tMODE\tSTARTED\tTR01_01\tTR01_02\tTIME001\tTIME_SUM\tFINISHED\tLASTDATA"


@pytest.mark.parametrize("has_texts", [True, False])
def test_sosci_codes_modes_and_texts_are_understood(has_texts: bool, csv: Write) -> None:
    texts = (
        "Interview-Nummer (fortlaufend)\tSeriennummer\tReferenz\tFragebogen\tInterview-Modus\tZeitpunkt"
        "\tVertrauen: Wir hören zu.\tVertrauen: Wir fragen.\tVerweildauer\tVerweildauer\tbeendet\tzuletzt"
    )

    export = recognise(
        csv(
            *(_SOSCI, texts) if has_texts else (_SOSCI,),
            "12\t\t\tbase\tinterview\t2024-03-01 09:00:00\t4\t-9\t20\t95\t1\t2024-03-01 09:02:00",
            "13\t\t\tbase\tdebug\t2024-03-01 09:00:00\t-1\t5\t20\t10\t0\t2024-03-01 09:02:00",
        )
    )

    assert export.platform == "SoSci Survey"
    assert export.ids[6] == "TR01_01"
    assert export.texts[6] == ("Vertrauen: Wir hören zu." if has_texts else "TR01_01")
    assert names(export, frozenset(range(12)) - export.metadata) == {"TR01_01", "TR01_02"}
    assert (export.missing, export.not_applicable) == ({"-9"}, {"-1", "-2"})
    assert marked_rows(export.table, export.tests).tolist() == [False, True]
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]
    assert durations(export).tolist() == [95.0, 10.0]


@pytest.mark.parametrize(
    "key", ["_id,_uuid,_submission_time", "meta/instanceID,__version__,_index", "KEY,SubmissionDate,meta-instanceID"]
)
def test_kobotoolbox_and_odk_are_known_by_what_the_server_adds(key: str, csv: Write) -> None:
    export = recognise(
        csv(
            f"start,end,trust/listen,trust/ask,{key}",
            "2024-03-01T09:00:00.0+01:00,2024-03-01T09:01:30.0+01:00,4,5,a,b,c",
        )
    )

    assert export.platform == "KoboToolbox or ODK"
    assert names(export, frozenset(range(7)) - export.metadata) == {"trust/listen", "trust/ask"}
    assert durations(export).tolist() == [90.0]


def test_formbricks_is_known_by_its_first_columns(csv: Write) -> None:
    export = recognise(
        csv(
            "No.,Response ID,Timestamp,Finished,Survey ID,Formbricks ID (internal),User ID,Tags,"
            "userAgent - browser,1. We listen",
            "1,r1,2024-03-01 09:00:00,Yes,s1,,,,Firefox,4",
            "2,r2,2024-03-01 09:00:00,No,s1,,,,Firefox,",
        )
    )

    assert export.platform == "Formbricks"
    assert names(export, frozenset(range(10)) - export.metadata) == {"1. We listen"}
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]


def test_an_employee_survey_is_known_by_its_columns_on_employee_and_response(csv: Write) -> None:
    export = recognise(
        csv(
            "Employee ID,Manager Email,Team,Submitted At,I can speak up,I can speak up - Comment",
            "17,m@example.org,A,2024-03-01,4,Words",
        )
    )

    assert export.platform == "employee survey (as of Culture Amp, Peakon or Glint)"
    assert names(export, export.metadata) == {"Employee ID", "Manager Email", "Submitted At"}
    assert names(export, export.comments) == {"I can speak up - Comment"}


@pytest.mark.parametrize(
    "header",
    [
        "Team,Timestamp,We listen",  # Google writes it first
        "Timestamp,Team,We listen",  # and with dates
        "ID,Start,End,We listen",
        "ID,Team,We listen,We ask",
        "#,Team,We listen,We ask",
        "Status,Date,Team,We listen",
        "Case,Mode,Team,We listen",
        "_id,Team,We listen,We ask",
        "Q1. We listen,Q2. We ask,Q3. We admit mistakes,Q4. We help",
        "id,id,ID,seed",
        "Response,Question,Team,We listen",
        "Employee ID,Team,We listen,We ask",
        "First name,Last name,We listen,We ask",
    ],
)
def test_a_table_that_only_resembles_an_export_is_plain(header: str, csv: Write) -> None:
    width = header.count(",") + 1
    rows = (",".join(cells[:width]) for cells in (("a", "b", "4", "5"), ("c", "d", "5", "3")))

    assert recognise(csv(header, *rows)).platform == "plain table"


@pytest.mark.parametrize("platform", [platform for platform in PLATFORMS if platform.name != "plain"])
def test_a_forced_platform_that_does_not_fit_says_what_is_missing(platform: object, csv: Write) -> None:
    with pytest.raises(MappingError) as caught:
        recognise(csv("Team,We listen", "A,4"), platform.name)

    assert platform.name in caught.value.problem
    assert platform.needs in caught.value.problem
    assert caught.value.where == "export.csv"


def test_an_unknown_platform_is_answered_with_the_known_ones(csv: Write) -> None:
    with pytest.raises(ConfigError) as caught:
        recognise(csv("Team,We listen", "A,4"), "monkey")

    assert all(platform.name in caught.value.hint for platform in PLATFORMS)


@pytest.mark.parametrize("name", ["plain", " PLAIN ", "qualtrics"])
def test_a_forced_platform_wins_over_what_the_file_looks_like(name: str, csv: Write) -> None:
    export = recognise(csv(*_HEADERS, *_ANSWERS), name)

    assert export.platform == ("Qualtrics" if name == "qualtrics" else "plain table")


def test_header_rows_leave_no_trace_among_the_answers(csv: Write) -> None:
    """What stood in a header row is no distinct text of its column any more."""
    export = recognise(csv(*_HEADERS, *_ANSWERS))

    assert set(export.table.columns[7].dictionary.to_pylist()) == {"4", "1", "-99"}


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2024-03-01T09:00:00Z", "2024-03-01T09:01:00Z", 60),
        ("03/01/2024 11:59:30 PM", "03/02/2024 12:00:30 AM", 60),
        ("31.12.2024 23:59:00", "01.01.2025 00:00:00", 60),
        ("13/01/2024 09:00:00", "13/01/2024 09:01:00", 60),
        ("2024-03-01 09:01:00", "2024-03-01 09:00:00", np.nan),  # a clock that went back
        ("yesterday", "today", np.nan),
    ],
)
def test_durations_come_from_start_and_end(start: str, end: str, seconds: float, csv: Write) -> None:
    export = recognise(csv("ID,Start time,Completion time,We listen", f"1,{start},{end},4"))

    np.testing.assert_array_equal(durations(export), [seconds])


def test_an_export_without_times_has_no_durations(csv: Write) -> None:
    assert durations(recognise(csv("Team,We listen", "A,4"))) is None


def test_plain_text_keeps_what_is_no_markup() -> None:
    assert plain_text("\ufeffScore <5 or >3?\u00a0 <br/>R&amp;D") == "Score <5 or >3? R&D"
