"""LimeSurvey exports in their three kinds of headings, and the structure file beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from psafety.surveys.errors import FileError
from psafety.surveys.platforms import recognise
from psafety.surveys.platforms.durations import durations
from psafety.surveys.platforms.export import Export, marked_rows
from psafety.surveys.tables import read_table

Shared = Callable[[str], Path]

_ROWS = (
    '"1","2024-03-01 09:02:00","3","en","77","2024-03-01 09:00:00","A1","A2",""',
    '"2","","1","en","78","2024-03-01 09:00:00","-oth-","","Words"',
)
_CODES = '"id","submitdate","lastpage","startlanguage","seed","startdate","Q02[SQ001]","Q02[SQ002]","Q02[other]"'
_BOTH = (
    '"id. Response ID","submitdate. Date submitted","lastpage. Last page","startlanguage. Start language","seed. Seed",'
    '"startdate. Date started","Q02[SQ001]. How far? [We listen]","Q02[SQ002]. How far? [We ask]",'
    '"Q02[other]. How far? [Other]"'
)
_TEXTS = (
    '"Response ID","Date submitted","Last page","Start language","Seed","Date started","How far? [We listen]",'
    '"How far? [We ask]","How far? [Other]"'
)
_GERMAN = (
    '"Antwort ID","Datum Abgeschickt","Letzte Seite","Start-Sprache","Zufallsstartwert","Datum gestartet",'
    '"How far? [We listen]","How far? [We ask]","How far? [Other]"'
)


def exported(folder: Path, *rows: str) -> Export:
    (folder / "results.csv").write_text("\n".join(rows), encoding="utf-8")
    return recognise(read_table(folder / "results.csv"))


@pytest.mark.parametrize("header", [_CODES, _BOTH, _BOTH.replace(". ", "._."), _TEXTS, _GERMAN])
def test_all_kinds_of_headings_are_understood(header: str, tmp_path: Path) -> None:
    export = exported(tmp_path, header, *_ROWS)

    assert export.platform == "LimeSurvey"
    assert export.metadata == frozenset(range(6))
    assert export.texts[6] == ("Q02[SQ001]" if header == _CODES else "How far? [We listen]")
    assert export.not_applicable == {"-oth-"}
    assert marked_rows(export.table, export.incomplete).tolist() == [False, True]
    assert durations(export)[0] == 120


@pytest.mark.parametrize("header", [_CODES, _BOTH])
def test_written_answers_are_comments(header: str, tmp_path: Path) -> None:
    assert exported(tmp_path, header, *_ROWS).comments == frozenset({8})


def test_saved_times_are_metadata_only_where_the_export_saved_times(tmp_path: Path) -> None:
    plain = exported(tmp_path, "id,submitdate,lastpage,workTime", "1,2024-03-01 09:00:00,3,4")
    timed = exported(
        tmp_path, "id,submitdate,lastpage,Q1,interviewtime,groupTime7,Q1Time", "1,2024-03-01,3,4,61.5,61.5,9.1"
    )

    assert plain.metadata == frozenset({0, 1, 2})
    assert timed.metadata == frozenset({0, 1, 2, 4, 5, 6})
    assert durations(timed).tolist() == [61.5]


def test_the_structure_file_gives_texts_labels_and_groups(tmp_path: Path, shared: Shared) -> None:
    """A real .lss beside an export of codes: its array Q02 has rows SQ001 to SQ005 and answers AO01 to AO05."""
    structure = shared("limesurvey_structure/citric_answers.lss")
    (tmp_path / "survey.lss").write_bytes(structure.read_bytes())

    export = exported(
        tmp_path,
        "id,submitdate,lastpage,Q01[SQ001],Q02[SQ001],Q02_SQ002",
        "1,2024-03-01 09:00:00,1,Y,AO01,AO05",
        "2,2024-03-01 09:00:00,1,Y,AO03,-oth-",
    )

    assert export.evidence == "its own columns (id, submitdate, …), and survey.lss beside it"
    assert export.texts[3] == "This is the first question [First option]"
    assert export.table.columns[4].to_pylist() == ["Too much", "Just Right"]
    assert export.table.columns[5].to_pylist() == ["Too little", "-oth-"]
    assert export.scales[4] == ("Too much", "More than I like", "Just Right", "Less than I like", "Too little")
    assert export.sections == {3: "Group One", 4: "Group One", 5: "Group One"}


def test_full_answers_stay_as_they_are_beside_a_structure_file(tmp_path: Path, shared: Shared) -> None:
    (tmp_path / "survey.lss").write_bytes(shared("limesurvey_structure/citric_answers.lss").read_bytes())

    export = exported(tmp_path, "id,submitdate,lastpage,Q02[SQ001]", "1,2024-03-01 09:00:00,1,Too much")

    assert export.table.columns[3].to_pylist() == ["Too much"]


def test_free_text_questions_of_the_structure_file_are_comments(tmp_path: Path, shared: Shared) -> None:
    (tmp_path / "a.lss").write_bytes(shared("limesurvey_structure/citric_limesurvey_survey_432535.lss").read_bytes())

    export = exported(tmp_path, "id,submitdate,lastpage,G01Q01,G01Q02", "1,2024-03-01 09:00:00,1,4,Words")

    assert export.texts[3:] == ("Text for question 1", "Text for question 2")
    assert export.comments == frozenset({4})


def test_an_older_structure_file_holds_the_texts_in_its_questions(tmp_path: Path) -> None:
    (tmp_path / "results.lss").write_text(
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>de</language></languages>"
        "<answers><rows><row><qid>1</qid><code>2</code><answer>Nein</answer><sortorder>2</sortorder>"
        "<language>de</language></row>"
        "<row><qid>1</qid><code>1</code><answer>Ja</answer><sortorder>1</sortorder><language>de</language></row>"
        "<row><qid>1</qid><code>1</code><answer>Yes</answer><sortorder>1</sortorder><language>en</language></row>"
        "</rows></answers>"
        "<groups><rows><row><gid>9</gid><group_name>Vertrauen</group_name><language>de</language></row></rows></groups>"
        "<questions><rows><row><qid>1</qid><gid>9</gid><type>L</type><title>Q1</title>"
        "<question>Hören wir zu?</question><language>de</language></row></rows></questions></document>",
        encoding="utf-8",
    )
    (tmp_path / "another.lss").write_text("no structure at all", encoding="utf-8")  # the one of the same stem is taken

    export = exported(tmp_path, "id,submitdate,lastpage,Q1", "1,2024-03-01 09:00:00,1,2")

    assert (export.texts[3], export.scales[3], export.sections[3]) == ("Hören wir zu?", ("Ja", "Nein"), "Vertrauen")
    assert export.table.columns[3].to_pylist() == ["Nein"]


@pytest.mark.parametrize("files", [("other.lss",), ("other.lss", "third.lss")])
def test_a_structure_file_of_another_survey_is_left_alone(
    files: tuple[str, ...], tmp_path: Path, shared: Shared
) -> None:
    for name in files:
        (tmp_path / name).write_bytes(shared("limesurvey_structure/citric_answers.lss").read_bytes())

    export = exported(tmp_path, "id,submitdate,lastpage,T1,T2,T3", "1,2024-03-01 09:00:00,1,1,2,3")

    assert (export.scales, export.evidence) == ({}, "its own columns (id, submitdate, …)")


_BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><document>&b;</document>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<document>",
        b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>",
        _BOMB.encode(),
        _BOMB.encode("utf-16"),
        b'<?xml version="1.0" encoding="cp037"?>' + _BOMB.encode("cp037"),
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><document/>',
        b"<document/>" + b" " * 20_000_001,
    ],
    ids=["empty", "broken", "a group", "entities", "in UTF-16", "in EBCDIC", "from outside", "too large"],
)
def test_a_structure_file_that_is_none_or_may_do_harm_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "survey.lss").write_bytes(content)

    with pytest.raises(FileError) as caught:
        exported(tmp_path, _CODES, *_ROWS)

    assert caught.value.where == "survey.lss"
