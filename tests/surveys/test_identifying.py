"""Columns that lead to a person by what their cells hold: found, said, refused when asked."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st
from psafety.cli import Exit, main
from psafety.surveys.errors import MappingError
from psafety.surveys.groups import find_groups
from psafety.surveys.identifying import contents, coordinate_pairs, is_identifying, is_own_id, says_something
from psafety.surveys.mapping import Wishes
from psafety.surveys.places import find_places
from psafety.surveys.platforms import recognise
from psafety.surveys.responses import load_survey
from psafety.surveys.tables import read_table
from surveyfiles import AGREEMENT, export_of, write_csv

Shared = Callable[[str], Path]
PEOPLE = range(40)
FIRST = ("Ana", "Björn", "Chloé", "Dénes", "Émile", "Fatma", "Grete", "Hans-Peter")


def column(cells: list[str]) -> pa.DictionaryArray:
    return pa.array([cell or None for cell in cells], pa.string()).dictionary_encode()


def held(cells: list[str], header: str = "Q7") -> str:
    return contents(header, column(cells))


def born(n: int) -> date:
    return date(1961, 3, 1) + timedelta(days=397 * n)


HOLDING = {
    "e-mail addresses": {
        "plain": [f"ana.{n}@example.org" for n in PEOPLE],
        "capitals": [f"A{n}@EXAMPLE.CO.UK" for n in PEOPLE],
        "one for all": ["office@example.org"] * 40,
        "optional": [f"a{n}@example.org" if n % 5 == 0 else "" for n in PEOPLE],
        "half decline": [f"a{n}@example.org" if n % 2 else "rather not" for n in PEOPLE],
        "of managers": [f"boss{n % 4}@example.org" for n in PEOPLE],
        "a link": [f"mailto:a{n}@example.org" for n in PEOPLE],
        "one": ["a@example.org"],
    },
    "IP addresses": {
        "v4": [f"203.0.113.{n}" for n in PEOPLE],
        "v6": [f"2001:db8::{n:x}" for n in PEOPLE],
        "both": ["203.0.113.7", "2001:db8:0:0:0:0:0:1", "::1"],
    },
    "places on the map": {
        "pair": [f"52.5{n:03}, 13.4{n:03}" for n in PEOPLE],
        "with altitude and accuracy": [f"-1.28{n:03} 36.82{n:03} 1700.0 4.5" for n in PEOPLE],
        "in brackets": [f"(52.5{n:03},13.4{n:03})" for n in PEOPLE],
    },
    "dates of birth": {
        "ISO": [born(n).isoformat() for n in PEOPLE],
        "from a workbook": [f"{born(n)} 00:00:00" for n in PEOPLE],
        "German": [f"{born(n):%d.%m.%Y}" for n in PEOPLE],
        "American": [f"{born(n):%m/%d/%Y}" for n in PEOPLE],
        "two digits": [f"{born(n):%d/%m/%y}" for n in PEOPLE],
        "in one": [f"{born(n):%Y%m%d}" for n in PEOPLE],
        "in words": [f"{born(n).day} March {born(n).year}" for n in PEOPLE],
    },
    "phone numbers": {
        "international": [f"+49 30 9018{n:04}" for n in PEOPLE],
        "national": [f"030/9018 {n:04}" for n in PEOPLE],
        "American": [f"(555) 010-{n:04}" for n in PEOPLE],
        "some": [f"+1 555 010 {n:04}" if n % 3 else "" for n in PEOPLE],
    },
    "names of persons": {
        "all": [f"{'ABCDE'[n % 5]}ndersen-{'xyzuvwst'[n // 5]}o, {FIRST[n % 8]} {'KLMNO'[n % 5]}." for n in PEOPLE],
    },
    "employee or respondent numbers": {
        "numbers": [str(104_233 + 17 * n) for n in PEOPLE],
        "leading zeros": [f"00{4233 + 17 * n}" for n in PEOPLE],
        "with a letter": [f"E{7 * n}" for n in PEOPLE],
        "grouped": [f"EMP-{n:02}-{977 * n % 1000:03}" for n in PEOPLE],
        "random": [f"R_{''.join('aB3dE6gH9k'[(n * k + n // 3) % 10] for k in range(1, 12))}{n:02}" for n in PEOPLE],
        "uuid": [f"{n:08x}-0000-4000-8000-{n * n:012x}" for n in PEOPLE],
    },
}


@pytest.mark.parametrize(
    ("kind", "cells"),
    [pytest.param(kind, of[name], id=f"{kind}-{name}") for kind, of in HOLDING.items() for name in of],
)
def test_cells_that_lead_to_a_person_are_known_by_their_form(kind: str, cells: list[str]) -> None:
    """Whatever the header says; only words that name something else speak against it."""
    assert held(cells) == kind


HARMLESS = {
    "ratings": [str(n % 5 + 1) for n in PEOPLE],
    "labels": [AGREEMENT[n % 5] for n in PEOPLE],
    "teams": [f"Team {n % 12}" for n in PEOPLE],
    "a team for each": [f"Team {n}" for n in PEOPLE],  # two words are no code
    "cost centres": [f"47{n % 9}1-A" for n in PEOPLE],
    "cost centres as numbers": [str(47_110 + n % 9) for n in PEOPLE],
    "teams as surname and first name": [f"Müller, {FIRST[n % 8]}" for n in PEOPLE],
    "places as city and country": [f"{'ABCD'[n % 4]}stadt, Österreich" for n in PEOPLE],
    "dates of submission": [f"2026-03-{n % 28 + 1:02}" for n in PEOPLE],
    "moments of submission": [f"2026-03-01 09:{n:02}:11" for n in PEOPLE],
    "American moments": [f"3/{n % 28 + 1}/2026 9:{n:02}" for n in PEOPLE],
    "seconds since 1970": [str(1_772_355_600 + 61 * n) for n in PEOPLE],
    "days of an old survey": [f"2011-03-{n % 28 + 1:02}" for n in PEOPLE],
    "years": [str(1960 + n) for n in PEOPLE][:10],
    "times": [f"09:{n:02}:07" for n in PEOPLE],
    "running numbers": [str(n + 1) for n in PEOPLE],
    "seconds taken": [str(400 + 13 * n) for n in PEOPLE],
    "amounts": [f"{1000 + 37 * n}.50" for n in PEOPLE],
    "comments": [f"We talk about it {n} times, and then no more." for n in PEOPLE],
    "comments that mention an address": [f"Write to a{n}@example.org or call +49 30 901{n:04}." for n in PEOPLE],
    "one address among comments": [*(f"Words {n}" for n in PEOPLE), "a@example.org"],
    "one word each": ["mnopqrst"[n % 8 :] + "aeiou"[n % 5] + "klmnopq"[: n % 7] for n in PEOPLE],
    "several choices": [f"tea, milk{', sugar' * (n % 2)}" for n in PEOPLE],
    "ranges": [f"{n}-{n + 4}" for n in PEOPLE],
    "pages": [f"https://example.org/{n}" for n in PEOPLE],
    "anonymous": ["anonymous"] * 40,
    "nothing": [""] * 40,
    "few numbers": [str(104_233 + 17 * n) for n in range(10)],
    "three different phones for all": [f"+49 30 9018{n % 3:04}" for n in PEOPLE],
    "no address": [f"999.0.113.{n}" for n in PEOPLE],
    "long": ["x" * 5000 + f"{n}@example.org" for n in PEOPLE],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_cells_that_only_look_a_little_like_it_lead_to_nobody(name: str) -> None:
    assert held(HARMLESS[name]) == ""


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Browser Version", HOLDING["IP addresses"]["v4"]),
        ("Q3_Page Submit time", HOLDING["employee or respondent numbers"]["numbers"]),
    ],
)
def test_a_header_that_names_something_else_is_believed(header: str, cells: list[str]) -> None:
    assert held(cells, header) == ""


@given(st.lists(st.text(max_size=60), max_size=60))
def test_whatever_the_cells_hold_they_are_looked_at_without_failing(cells: list[str]) -> None:
    assert isinstance(held([cell for cell in cells if cell.strip()]), str)


@pytest.mark.parametrize(
    "cell",
    [
        "@" * 99,
        "a@" + "a." * 40,
        "1." * 40,
        "0 " * 45,
        ":" * 60,
        "(" * 80,
        "Aa-" * 30 + ", ",
        "9" * 99,
        "1-" * 49,
        "Ab " * 30,
    ],
)
def test_no_cell_keeps_the_search_busy(cell: str) -> None:
    """Forms that are nearly matched a thousand times over; a search that went back and forth would take minutes."""
    assert isinstance(held([f"{cell}{n}" for n in range(1000)]), str)


def test_a_million_rows_cost_no_more_than_a_thousand() -> None:
    """Only some cells are looked at, from all over the file: here the addresses begin after half of it."""
    texts = pa.array(["", "words"] + [f"a{n}@example.org" for n in range(1000)])
    codes = pa.array([1] * 400_000 + [2 + n % 1000 for n in range(600_000)], pa.int32())

    assert contents("x", pa.DictionaryArray.from_arrays(codes, texts)) == "e-mail addresses"


# Coordinates in two columns --------------------------------------------------------------------------------------

NORTH = [f"52.5{n:03}7" for n in PEOPLE]
EAST = [f"-113.4{n:03}2" for n in PEOPLE]


@pytest.mark.parametrize(
    ("headers", "columns", "found"),
    [
        (["a", "b", "c"], [["x"] * 40, NORTH, EAST], {1, 2}),
        (["a", "b"], [[cell.replace(".", ",") for cell in NORTH], EAST], {0, 1}),
        (["a", "b"], [EAST, NORTH], set()),  # no place is 113 degrees north
        (["a", "b"], [NORTH, ["x"] * 40], set()),
        (["a", "b"], [[f"0.5{n:03}7" for n in PEOPLE], [f"-1.2{n:03}7" for n in PEOPLE]], set()),  # scores
        (["first click time", "last click time"], [NORTH, NORTH], set()),
        (["a", "b"], [["52.51"] * 40, ["13.45"] * 40], set()),
        (["a", "b"], [["52.5111"] * 40, ["13.4511"] * 40], set()),  # one place for all: an office
        (["a"], [NORTH], set()),
        ([], [], set()),
    ],
)
def test_degrees_in_neighbouring_columns_are_a_place(headers, columns, found) -> None:
    assert coordinate_pairs(headers, [column(cells) for cells in columns]) == found


# In a survey -----------------------------------------------------------------------------------------------------


def survey(**columns: list[str]):
    """An export with three statements and these columns."""
    ratings = {f"I feel safe {word}": [AGREEMENT[(n + k) % 5] for n in PEOPLE] for k, word in enumerate("abc")}
    return export_of([*ratings, *columns], *zip(*ratings.values(), *columns.values(), strict=True))


def test_such_a_column_is_not_read_and_said_by_its_number() -> None:
    """Never with a cell; columns of one kind are put together."""
    export = survey(
        q9=HOLDING["e-mail addresses"]["plain"],
        Name=["Ana"] * 40,
        q10=HOLDING["phone numbers"]["some"],
        q11=HOLDING["e-mail addresses"]["optional"],
        Team=[f"Team {n % 4}" for n in PEOPLE],
    )
    _, places = find_places(export, Wishes())

    assert [column.role for column in places.columns] == [*["item"] * 3, *["identifying"] * 4, "team"]
    assert places.columns[3].evidence == "its cells look like e-mail addresses; never read"
    assert places.doubts == (
        (
            "4 columns may lead to a person and were not read: numbers 4 and 7 (e-mail addresses);"
            " 5 (as the header says); 6 (phone numbers)."
        ),
    )


def test_under_strict_such_a_column_is_an_error_that_lists_them() -> None:
    export = survey(q9=HOLDING["IP addresses"]["v4"], Name=["Ana"] * 40)
    with pytest.raises(MappingError) as caught:
        find_places(export, Wishes(strict=True))

    assert caught.value.problem == "2 columns lead to a person: 4 (IP addresses); 5 (as the header says)."
    assert caught.value.hint.startswith("Delete these columns from the export")


@pytest.mark.parametrize("cells", [[""] * 40, ["anonymous"] * 40])
def test_a_column_that_says_nothing_of_anybody_is_no_reason_to_stop(cells: list[str]) -> None:
    """Qualtrics and Microsoft Forms write such columns into anonymous exports."""
    _, places = find_places(survey(Name=cells), Wishes(strict=True))

    assert (places.columns[3].role, len(places.doubts)) == ("identifying", 1)
    assert "No column names the team" in places.doubts[0]
    assert not says_something(column(cells))


def test_harmless_columns_stop_nobody_under_strict() -> None:
    columns = {f"q{n}": cells for n, cells in enumerate(HARMLESS.values()) if len(cells) == len(PEOPLE)}
    roles = {column.role for column in find_places(survey(**columns), Wishes(strict=True))[1].columns}

    assert roles == {"item", "not used"}


@pytest.mark.parametrize(
    ("wish", "role"), [({"team": "q9"}, "team"), ({"units": ("q9",)}, "unit"), ({"wave": "q9"}, "wave")]
)
@pytest.mark.parametrize("kind", ["e-mail addresses", "employee or respondent numbers", "names of persons"])
def test_such_a_column_cannot_be_named_for_a_group(wish, role: str, kind: str) -> None:
    [cells, *_] = HOLDING[kind].values()
    with pytest.raises(MappingError) as caught:
        find_groups(survey(q9=cells), Wishes(**wish))

    assert caught.value.problem == f"Column 4 holds {kind}; it cannot name {role}s."
    assert f"Give --{role} a column" in caught.value.hint
    assert cells[0] not in str(caught.value)


def test_a_column_called_team_that_holds_addresses_is_no_team() -> None:
    _, places = find_places(survey(Team=HOLDING["e-mail addresses"]["of managers"]), Wishes())

    assert (places.team, places.columns[3].role) == (None, "identifying")


def test_the_items_of_a_survey_are_never_looked_at() -> None:
    """A person may name any column for an item."""
    export = survey(q9=HOLDING["employee or respondent numbers"]["numbers"])
    export = replace(export, metadata=frozenset({3}))

    assert find_places(export, Wishes(strict=True))[1].columns[3].role == "metadata"  # a platform's own number


@pytest.mark.parametrize(
    ("header", "own"),
    [("ResponseId", True), ("_uuid", True), ("id", True), ("Respondent ID", True),
     ("IPAddress", False), ("RecipientEmail", False), ("token", False), ("deviceid", False), ("Employee ID", False),
     ("full_name", False)],
)  # fmt: skip
def test_the_key_of_a_response_is_told_from_what_leads_to_its_person(header: str, own: bool) -> None:
    assert is_identifying(header)
    assert is_own_id(header) == own


def test_under_strict_addresses_of_a_platform_count_and_its_own_key_does_not() -> None:
    addresses = [f"203.0.113.{n}" for n in PEOPLE]
    export = survey(ResponseId=HOLDING["employee or respondent numbers"]["random"], IPAddress=addresses)
    export = replace(export, metadata=frozenset({3, 4}), platform="Qualtrics")
    _, places = find_places(export, Wishes())

    assert [column.role for column in places.columns[3:]] == ["metadata", "identifying"]
    with pytest.raises(MappingError, match=r"1 column leads to a person: 5 \(IP addresses\)"):
        find_places(export, Wishes(strict=True))


# From the command line -------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [(f"a{n}@example.org", f"Team {n % 4}", *(AGREEMENT[(n + k) % 5] for k in range(3))) for n in range(60)]
    header = ["Q1", "Team", "We listen to each other", "We help each other", "We ask each other"]
    return write_csv(tmp_path / "survey.csv", header, *rows)


@pytest.mark.parametrize("command", ["check", "report"])
@pytest.mark.parametrize("how", ["option", "settings"])
def test_strict_can_be_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch, command: str, how: str) -> None:
    monkeypatch.chdir(path.parent)
    if how == "settings":
        (path.parent / "psafety.toml").write_text("[survey]\nstrict = true\n", encoding="utf-8")
    result = CliRunner().invoke(main, [command, str(path), *(["--strict"] if how == "option" else [])])

    assert result.exit_code == Exit.PROBLEM
    assert "1 column leads to a person: 1 (e-mail addresses)." in result.stderr
    assert not list(path.parent.glob("*.html"))


def test_the_check_says_it(path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(path), "--json"])

    assert (
        "1 column may lead to a person and was not read: number 1 (e-mail addresses)."
        in json.loads(result.stdout)["doubts"]
    )
    assert "@example" not in result.output


def test_no_cell_of_such_a_column_gets_into_the_responses(path: Path) -> None:
    assert "@" not in repr(load_survey(path))


# Real exports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("carpentries_training/20180908_post_clean.csv", {5: "employee or respondent numbers"}),
        ("r_psych/bfi.csv", {1: "employee or respondent numbers"}),  # the numbers of its cases
        ("qualtrics_qualtRics/sample.csv", {4: "IP addresses"}),
        ("surveymonkey_fivethirtyeight/StarWars.csv", {1: "employee or respondent numbers"}),
        ("r_multilevel/bhr2000.csv", {}),
        ("limesurvey_rse_survey/rse2018_international.csv", {}),
        ("surveygizmo_jupyter_2015/20160115235816-SurveyExport.csv", {}),
        ("kobotoolbox/robotoolbox_data_ml_en.csv", {}),
    ],
)
def test_in_real_exports_just_the_right_columns_are_found(shared: Shared, name: str, found: dict[int, str]) -> None:
    export = recognise(read_table(shared(name)))
    kinds = {
        place: kind
        for place, (text, cells) in enumerate(zip(export.texts, export.table.columns, strict=True), start=1)
        if (kind := contents(text, cells))
    }

    assert kinds == found
