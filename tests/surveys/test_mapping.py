"""Which column is what."""

import pytest
from hypothesis import given, strategies as st
from psafety.surveys.errors import MappingError
from psafety.surveys.groups import find_groups, team_note
from psafety.surveys.identifying import is_identifying
from psafety.surveys.instrument_files import load_instrument, shipped_instruments
from psafety.surveys.mapping import (
    Column,
    Wishes,
    choose_instrument,
    find_column,
    listed,
    match_items,
    only_present,
    short,
)
from psafety.surveys.places import find_places
from psafety.surveys.questions import likeness, question_texts
from surveyfiles import export_of, instrument_of

OPEN_TEAM = load_instrument("open-team-survey")
EDMONDSON = load_instrument("edmondson-7")
TEXTS = {
    "w1": "We listen to each other.",
    "w2": "Mistakes are held against you.",
    "w3": "In our team, everyone can raise a hard topic.",
}
INSTRUMENT = instrument_of(TEXTS)
THREE_ROWS = (("1", "2", "3"), ("2", "3", "4"), ("5", "5", "5"))


def matched(header, *rows, texts=None, instrument=INSTRUMENT, **wishes):
    export = export_of(header, *(rows or (("4",) * len(header),)), texts=texts)
    places, _, doubts = match_items(
        export, instrument, Wishes(instrument=instrument, **wishes), find_groups(export, Wishes())
    )
    return places, doubts


@pytest.mark.parametrize("header", ["w1", "W1", " w1 ", "w_1", "W-1", "w.1"])
def test_an_item_is_found_by_its_id_in_any_spelling(header):
    assert matched([header])[0] == {"w1": 0}


@pytest.mark.parametrize(
    "header",
    [
        "We listen to each other.",
        "we LISTEN to each\u00a0 other",
        "<p>We listen&nbsp;to <b>each other</b>.</p>",
        "“We listen to each other.”",
        "We listen to each other. *",
        "3. We listen to each other.",
        "3) We listen to each other.",
        "(3) We listen to each other.",
        "a) We listen to each other.",
        "Q3 - We listen to each other.",
        "Q3_1 - We listen to each other.",
        "Q3: We listen to each other.",
        "Q3 We listen to each other.",
        "12 We listen to each other.",
        "Frage 3: We listen to each other.",
        "rse16a. We listen to each other.",
        "G01Q02[SQ001]. How far do you agree? [We listen to each other.]",
        "How far do you agree?  [We listen to each other.]",
        "How far do you agree? - We listen to each other.",
        "How far do you agree - We listen to each other.",
        "How far do you agree?-We listen to each other.",
        "How far do you agree: We listen to each other.",
        "How far do you agree? We listen to each other.",
        "likert0[SQ1]._. [We listen to each other.]",
        "We listen to each other. (1 = not at all, 5 = very much)",
        "\ufeffWe listen to each other.",
    ],
)  # fmt: skip
def test_an_item_is_found_by_its_question_text_whatever_stands_around_it(header):
    assert matched([header])[0] == {"w1": 0}


def test_the_question_text_of_a_platform_counts_as_well_as_its_header():
    assert matched(["Q7", "Q8"], texts=["We listen to each other.", "Something else"])[0] == {"w1": 0}


def test_a_question_text_wins_over_an_id_that_says_otherwise():
    """Platforms number their questions as they like: their Q-ids may be those of other items."""
    places, _ = matched(["w2", "w1"], texts=[TEXTS["w1"], TEXTS["w2"]])

    assert places == {"w1": 0, "w2": 1}


def test_items_are_found_in_any_order_and_returned_in_that_of_the_instrument():
    places, _ = matched(["w3", "x", "w1"])

    assert list(places.items()) == [("w1", 2), ("w3", 0)]


@pytest.mark.parametrize(
    "header",
    [
        "We do not listen to each other.",
        "We never listen to each other.",
        "We don't listen to each other.",
        "We hardly listen to each other.",
        "We listened to each other's music.",
        "We listen to each other's excuses.",
        "We like each other.",
        "Other",
        "each other.",
        "We",
        "",
    ],
)
def test_another_text_is_not_taken_for_the_item(header):
    assert matched([header]) == ({}, [])


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("in our team everyone can raise hard topics", "in our team, everyone can raise a hard topic"),
        ("in my team, everyone can raise a hard topic", "in our team, everyone can raise a hard topic"),
        ("in our team, everyonne can raise a hard topic", "in our team, everyone can raise a hard topic"),
        ("im team sage ich offen wenn ich unsicher bin", "im team sage ich es offen, wenn ich unsicher bin"),
    ],
)
def test_spelling_and_light_words_leave_two_texts_nearly_the_same(mine, theirs):
    assert likeness([mine], [theirs]) >= 0.9


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("i am able to raise a hard topic in our team", "i am unable to raise a hard topic in our team"),
        ("i can raise a hard topic in our team", "i cannot raise a hard topic in our team"),
        ("people in our team do trust one another at work", "people in our team do not trust one another at work"),
        ("people in our team do not trust each other at all", "people in our team do now trust each other at all"),
        ("it is easy to ask the others in my team for help", "it is hard to ask the others in my team for help"),
        ("my manager agrees with what the team has decided", "my manager disagrees with what the team has decided"),
        (
            "in meiner gruppe wird offen über fehler gesprochen",
            "in meiner gruppe wird nie offen über fehler gesprochen",
        ),
        ("ich habe eine stimme in unserem team und nutze sie", "ich habe keine stimme in unserem team und nutze sie"),
        ("in the last 3 weeks we have worked well together", "in the last 8 weeks we have worked well together"),
        ("the demands on our team have increased this quarter", "the demands on our team have decreased this quarter"),
    ],
)
def test_a_text_that_denies_or_turns_another_is_never_nearly_the_same(mine, theirs):
    assert likeness([mine], [theirs]) == 0


def test_a_near_match_is_taken_and_reported():
    places, doubts = matched(["w1", "In our team, everyone can raise hard topics."])

    assert places == {"w1": 0, "w3": 1}
    assert doubts == ["Column 2 was taken for the item “w3”, as its text is nearly the same."]


def test_near_matches_that_two_columns_offer_are_not_taken_and_reported():
    near = ["In our team, everyone can raise hard topics.", "In our team, everyonne can raise a hard topic."]
    places, doubts = matched(["w1", *near])

    assert places == {"w1": 0}
    assert len(doubts) == 2
    assert all("not used" in doubt for doubt in doubts)


def test_a_near_match_to_an_item_that_is_there_is_not_given_to_another_one():
    twins = instrument_of(
        {"a1": "In our team, everyone can raise a hard topic.", "a2": "In our team, anyone can raise a hard topic."}
    )
    places, _ = matched(["a1", "In our team, everyone can raise hard topic."], instrument=twins)

    assert places == {"a1": 0}


def test_a_near_match_must_hold_answers_of_the_item():
    rows = (("4", "I would rather not say that here"), ("5", "Because of last week"))

    assert matched(["w1", "In our team, everyone can raise hard topics."], *rows)[0] == {"w1": 0}


def test_near_matches_need_an_exact_one_or_a_named_instrument():
    header = [item.texts["en"].replace("team", "teem") for item in OPEN_TEAM.items[:5]]
    export = export_of(header, ("4",) * 5)

    assert choose_instrument(export, [OPEN_TEAM], Wishes(), ()) is None


@pytest.mark.parametrize(
    "header", [["w1", "W1"], ["w1", "We listen to each other."], ["Q1 - We listen to each other.", "w1"]]
)
def test_two_columns_for_one_item_are_an_error_that_names_them(header):
    with pytest.raises(MappingError, match=r"Columns 1 and 2 could each be the item “w1”") as caught:
        matched(header)

    assert all(name in caught.value.problem for name in header)
    assert "[items]" in caught.value.hint


def test_a_comment_on_an_item_is_not_the_item():
    header = ["We listen to each other.", "Comment - We listen to each other."]
    rows = (("4", "mostly"), ("5", ""), ("3", "not on Mondays"))

    assert matched(header, *rows)[0] == {"w1": 0}


def test_duplicate_headers_make_no_difference_where_they_are_not_needed():
    assert matched(["w1", "Other", "Other", "", ""])[0] == {"w1": 0}


@pytest.mark.parametrize("name", ["ideas", "together", "misunderstandings"])
def test_a_comment_column_called_like_an_item_is_not_taken_for_it(name):
    """The ids of three items are ordinary words."""
    header = ["trust1", "trust2", "trust3", name]
    rows = (("4", "4", "2", "more time"), ("5", "4", "1", "fewer meetings"), ("5", "4", "1", "5"), ("5", "4", "1", ""))
    places, doubts = matched(header, *rows, instrument=OPEN_TEAM)

    assert list(places) == ["trust1", "trust2", "trust3"]
    assert doubts == [f"Column 4 bears the name of the item “{name}”, but no answers on its scale, and was not used."]


def test_an_item_whose_id_is_an_ordinary_word_is_found_by_its_answers():
    places, _ = matched(
        ["ideas", "Together"], ("4", "Agree"), ("5", "n/a"), ("x", ""), ("", "Disagree"), instrument=OPEN_TEAM
    )

    assert places == {"together": 1, "ideas": 0}


def test_a_column_of_as_many_texts_as_people_is_never_an_item_by_an_ordinary_word():
    rows = [(str(n), "4") for n in range(500)]

    assert matched(["ideas", "trust1"], *rows, instrument=OPEN_TEAM)[0] == {"trust1": 1}


def test_a_column_that_leads_to_a_person_is_no_item():
    phone = instrument_of({"phone": "Phone", "w1": "We listen."})

    assert matched(["Phone", "w1"], instrument=phone)[0] == {"w1": 1}


def test_a_text_that_two_items_share_says_nothing():
    twins = instrument_of({"a1": "We listen.", "a2": "We listen."})

    assert matched(["We listen.", "a2"], instrument=twins)[0] == {"a2": 1}


def test_the_person_says_which_column_is_which_item():
    places, _ = matched(["v7", "v8", "w2"], items={"w1": "v8", "w2": "v7"})

    assert places == {"w1": 1, "w2": 0}


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ({"w9": "v7"}, "no item “w9”"),
        ({"w1": "v9"}, "no column “v9”"),
        ({"w1": "v7", "w2": "v7"}, "“v7” is named for two items, “w1” and “w2”"),
        ({"w1": "twice"}, "2 columns are called “twice”"),
    ],
)
def test_a_wish_for_an_item_that_cannot_be_met_is_an_error(items, problem):
    with pytest.raises(MappingError, match=problem):
        matched(["v7", "v8", "twice", "twice"], items=items)


def test_the_instrument_follows_from_the_items_the_person_placed():
    export = export_of(["v1", "v2"], ("4", "5"))

    assert (
        choose_instrument(export, shipped_instruments(), Wishes(items={"trust1": "v1", "open1": "v2"}), ()) == OPEN_TEAM
    )
    with pytest.raises(MappingError, match="not the instrument these items belong to"):
        choose_instrument(export, shipped_instruments(), Wishes(items={"w1": "v1"}), ())


def test_a_shipped_instrument_is_chosen_from_three_items_on():
    def chosen(*header):
        return choose_instrument(export_of(header, ("4",) * len(header)), shipped_instruments(), Wishes(), ())

    assert chosen("trust1", "trust2", "open1") == OPEN_TEAM
    assert chosen("trust1", "trust2", "x") is None
    # Stray duplicates of a file that has nothing to do with the instrument are no error.
    assert chosen("trust1", "trust1", "x") is None


@pytest.mark.parametrize("lang", ["en", "de"])
def test_all_questions_of_the_shipped_survey_are_told_apart(lang):
    header = [f"{n}. {item.texts[lang]}" for n, item in enumerate(OPEN_TEAM.items, 1)]

    assert matched(header, instrument=OPEN_TEAM) == ({item.id: n for n, item in enumerate(OPEN_TEAM.items)}, [])


def test_no_shipped_question_is_nearly_another_one():
    for item in OPEN_TEAM.items:
        others = [text for other in OPEN_TEAM.items if other is not item for text in other.texts.values()]
        assert likeness(question_texts(item.texts["en"]), others) < 0.9


def test_a_dimension_that_lacks_too_many_items_has_no_score():
    held, notes = only_present(OPEN_TEAM, ["trust1", "trust2", "trust3", "open1", "open2", "together"])

    assert [(each.id, each.part) for each in held.dimensions] == [
        ("trust", "core"),
        ("openness", "outcome"),
        ("outcomes", "outcome"),
    ]
    assert notes[0] == "“Trust” lacks 2 of its 5 items in this file: trust4 and trust5."
    assert notes[1].endswith("The others are too few for a score and stand alone.")


# ------------------------------------------------------------- Matched by position


def test_a_file_with_just_the_right_number_of_ratings_is_matched_by_position():
    header = ["Date", "Comment", *(f"Statement {n}" for n in range(1, 8))]
    rows = [(f"2026-0{day}-01", f"words {day}", *"1234566"[day:], *"1234567"[:day]) for day in range(1, 6)]
    instrument, places = find_places(export_of(header, *rows), Wishes(instrument=EDMONDSON))

    assert places.items == {f"item{n}": n + 1 for n in range(1, 8)}
    assert instrument == EDMONDSON
    assert {column.evidence for column in places.columns if column.role == "item"} == {"its position in the file"}


@pytest.mark.parametrize("count", [3, 6, 8])
def test_another_number_of_ratings_is_an_error_that_says_how_many(count):
    rows = [tuple(str((row + n) % 7 + 1) for n in range(count)) for row in range(7)]
    header = [f"Statement {n}" for n in range(count)]

    with pytest.raises(
        MappingError, match=rf"exactly 7 columns of ratings from 1 to 7; this file has {count}: “Statement 0”"
    ):
        find_places(export_of(header, *rows), Wishes(instrument=EDMONDSON))


def test_ratings_on_a_longer_scale_are_not_matched_by_position():
    rows = [tuple(str((row + n) % 10 + 1) for n in range(7)) for row in range(10)]

    with pytest.raises(MappingError, match="this file has 0: none"):
        find_places(export_of([f"Statement {n}" for n in range(7)], *rows), Wishes(instrument=EDMONDSON))


def test_an_instrument_by_position_takes_the_columns_the_person_names():
    header = [f"Statement {n}" for n in range(9)]
    wishes = Wishes(instrument=EDMONDSON, items={f"item{n}": f"Statement {n}" for n in range(1, 8)})
    _, places = find_places(export_of(header, ("4",) * 9), wishes)

    assert places.items == {f"item{n}": n for n in range(1, 8)}


def test_a_file_without_an_item_of_the_named_instrument_is_an_error():
    with pytest.raises(MappingError, match="No column of this file holds an item of “test”"):
        find_places(export_of(["a", "b", "c"], *THREE_ROWS), Wishes(instrument=INSTRUMENT))


def test_where_the_right_columns_hold_other_answers_the_error_says_so():
    export = export_of(["How far? [We listen to each other.]"], ("rather yes",), ("rather no",))
    with pytest.raises(MappingError) as caught:
        find_places(export, Wishes(instrument=INSTRUMENT))

    assert caught.value.problem == (
        "No column of this file holds an item of “test”."
        " Column 1 bears the name of the item “w1”, but no answers on its scale, and was not used."
    )


def test_a_numbered_question_is_its_item_even_with_answers_nobody_understands():
    """So that reading them is an error that names rows and scale."""
    assert matched(["3. We listen to each other."], ("rather yes",), ("rather no",))[0] == {"w1": 0}


# ------------------------------------------------------------- Team, units, wave


def roles(header, **wishes):
    found = find_groups(export_of(header, ("x",) * len(header)), Wishes(**wishes))
    return {place: column.role for place, column in found.items()}


@pytest.mark.parametrize("header", ["Team", "team", "TEAM ", "Team name", "Teamname", "Your team", "My Team",
                                    "Team ID", "Team:", "Team*",
                                    "3. Team", "Q1 - Team", "Which team are you in?", "What team do you work in?",
                                    "Which team do you belong to?", "2. In welchem Team arbeitest du?", "Dein Team",
                                    "Ihr Team",
                                    "Welches Team?", "Squad", "Group", "Gruppe", "Arbeitsgruppe", "Work group",
                                    "<b>Team</b>",
                                    "Name of your team", "team_id", "Teamzugehörigkeit"])  # fmt: skip
def test_a_team_column_is_recognised_by_its_header(header):
    assert roles(["x", header]) == {1: "team"}


@pytest.mark.parametrize("header", ["Teamwork", "In our team, we listen.", "Team spirit", "Team size",
                                    "How is your team?", "Age group",
                                    "Steam", "Together", "I trust my team", "Team lead", "Teamleitung", "",
                                    "Groups of friends"])  # fmt: skip
def test_a_header_that_only_contains_the_word_is_no_team_column(header):
    assert roles(["x", header]) == {}


@pytest.mark.parametrize(
    ("header", "role"),
    [("Department", "unit"), ("Abteilung", "unit"), ("Division", "unit"), ("Bereich", "unit"), ("Unit", "unit"),
    ("Wave", "wave"),
     ("Quarter", "wave"), ("Welle", "wave"), ("Quartal", "wave"), ("Survey round", "wave"), ("Dept.", "unit")],
)  # fmt: skip
def test_units_and_waves_are_recognised_by_their_headers(header, role):
    assert roles(["x", header]) == {1: role}


def test_units_stand_outermost_first_whatever_their_order_in_the_file():
    assert list(roles(["Team", "Department", "Division", "Wave"]).items()) == [
        (2, "unit"),
        (1, "unit"),
        (0, "team"),
        (3, "wave"),
    ]


@pytest.mark.parametrize(
    ("header", "problem", "hint"),
    [
        (["Team", "Group"], "“Team” and “Group” (columns 1 and 2) could each be the team column.",
        "Say which one: --team “Team”."),
        (["Team", "x", "Team"], "“Team” and “Team” (columns 1 and 3) could each be the team column.",
        "Give each column its own header."),
        (["Wave", "Quarter"], "“Wave” and “Quarter” (columns 1 and 2) could each be the wave column.",
        "Say which one: --wave “Wave”."),
        (["Department", "Unit"], "“Department” and “Unit” (columns 1 and 2) could each be the unit column.",
         "Say which are the units, the outermost first: --unit “Department” --unit “Unit”."),
    ],
)  # fmt: skip
def test_two_candidates_are_an_error_that_names_the_option(header, problem, hint):
    with pytest.raises(MappingError) as caught:
        roles(header)

    assert (caught.value.problem, caught.value.hint) == (problem, hint)


def test_what_the_person_names_settles_it():
    assert roles(["Team", "Group"], team="Group") == {1: "team"}
    assert roles(["Company", "Department", "Team"], units=("Company",)) == {0: "unit", 2: "team"}
    assert roles(["Department"], team="department") == {0: "team"}
    assert roles(["Team", "Group"], items={"w1": "Group"}) == {0: "team"}


def test_a_column_is_found_by_header_or_question_text():
    export = export_of(["Q1", "Q2", "q2"], ("a", "b", "c"), texts=["Which team?", "We  listen.", "We talk."])

    assert find_column(export, "which TEAM?", "--team") == 0
    assert find_column(export, "we listen", "--team") == 1
    assert find_column(export, "Q2", "--team") == 1  # the very same header before one in other capitals


@pytest.mark.parametrize(
    "wishes",
    [
        {"team": "x", "wave": "x"},
        {"team": "x", "units": ("x",)},
        {"units": ("x", "X")},
        {"team": "x", "items": {"w1": "x"}},
    ],
)
def test_one_column_cannot_be_two_things(wishes):
    with pytest.raises(MappingError, match="named for two things at once"):
        roles(["x", "y"], **wishes)


def test_a_wish_for_a_column_that_is_not_there_lists_the_headers():
    header = ["Alpha", "Beta", "x" * 90, "", *(f"h{n}" for n in range(20))]
    with pytest.raises(MappingError, match="There is no column “Nowhere”") as caught:
        roles(header, team="Nowhere")

    assert caught.value.hint.startswith(f"--team takes one of its headers: “Alpha”, “Beta”, “{'x' * 39}…”, “h0”, ")
    assert caught.value.hint.endswith("and 11 more.")
    assert caught.value.where == "survey.csv"


def test_a_wish_with_a_slip_of_the_pen_is_answered_with_the_header_meant():
    with pytest.raises(MappingError) as caught:
        roles(["Abteilung", "Standort"], team="Standord")

    assert caught.value.hint == "Did you mean “Standort”?"


def test_a_wish_for_a_header_that_stands_twice_is_an_error():
    with pytest.raises(MappingError, match="2 columns are called “x”: columns 1 and 3"):
        roles(["x", "y", "x"], team="x")


def note(header, *rows, unclear=()):
    export = export_of(header, *rows)
    taken = find_groups(export, Wishes())
    columns = [
        taken.get(n) or Column(n, name, "identifying" if is_identifying(name) else "not used", "")
        for n, name in enumerate(header)
    ]
    return " ".join(team_note(export, columns, unclear))


def test_columns_that_may_be_the_team_are_offered():
    rows = [(f"Site {n % 4}", f"Person {n % 6}", f"my words {n}", "4") for n in range(48)]

    assert note(["MemberSite", "Full name", "Comment", "trust1"], *rows) == (
        "No column is called team, so this report is on the organisation as a whole."
        " If the team stands in one of these, name it with --team: “MemberSite” (4 different names)."
    )


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Comments", [f"words {n}" for n in range(40)]),
        (
            "Anything else",
            ["I fear my manager, and so does everybody who has worked here for more than a year"] * 20 + ["no"] * 20,
        ),
        ("Employee ID", ["a", "b"] * 20),
        ("Gender", ["f", "m"] * 20),
        ("Why do you say so?", ["because", "of", "the", "lead"] * 10),
        ("Tools you use", ["a;b", "b;c", "a", "b", "c"] * 8),
        ("Floor", ["1", "2", "3", "4", "5"] * 8),  # numbers, and no header that speaks of a group
        ("Mostly blank", ["A", "B", "C", "D", "E"] * 3 + [""] * 25),
        ("", ["A", "B", "C", "D", "E"] * 8),
        ("Region of birth, as you would describe it", ["A", "B"] * 20),
    ],
)
def test_a_column_that_cannot_be_the_team_is_not_offered(header, cells):
    said = note([header, "trust1"], *[(cell, "4") for cell in cells])

    assert said == "No column names the team, so this report is on the organisation as a whole."


def test_a_column_of_what_may_be_ratings_is_offered_only_if_it_speaks_of_a_group():
    rows = [(name, name) for name in "ABCDE" * 8]

    assert "Ward" in note(["Ward", "Pace"], *rows, unclear=(0, 1))
    assert "Pace" not in note(["Ward", "Pace"], *rows, unclear=(0, 1))
    assert note(["Pace", "Speed"], *rows, unclear=(0, 1)).startswith("No column names the team")


def test_numbered_groups_are_offered_where_the_header_says_group():
    assert "“GRP” (5 different names)" in note(["GRP", "RANK"], *[(n, n) for n in "12345" * 8])


def test_a_file_with_units_but_no_team_says_so():
    assert (
        note(["Department"], ("A",), ("B",))
        == "No column names the team, so this report goes down to the units above the teams."
    )


# ------------------------------------------------------------- Who may be found


@pytest.mark.parametrize("header", ["Name", "Your name", "name", "E-Mail", "Email Address",
                                    "Your e-mail address (optional)", "IP Address",
                                    "IPAddress", "LocationLatitude", "LocationLongitude", "RecipientEmail",
                                    "RecipientLastName",
                                    "First name", "first_name", "Last Name", "Full Name", "Surname", "User name",
                                    "Username", "Phone",
                                    "Mobile", "Mobile number", "Employee ID", "EmployeeNumber", "Personnel number",
                                    "Date of birth",
                                    "DOB", "Birthday", "ZIP code", "What is your name?",
                                    "Please enter your e-mail address", "3. Your name",
                                    "Q3_1 - Name", "<b>Name</b>", "Respondent", "Respondent ID", "UniqueID",
                                    "ResponseId", "ID",
                                    "Initials", "Name of your manager", "contact/phone", "\ufeffEmail",
                                    "Vorname", "Nachname", "Vor- und Nachname", "Familienname", "Dein Name",
                                    "Wie lautet Ihr Name?",
                                    "E-Mail-Adresse", "Ihre E-Mail-Adresse", "Telefon", "Telefonnummer",
                                    "Personalnummer", "Personal-Nr.",
                                    "Mitarbeiter-ID", "Geburtsdatum", "IP-Adresse", "Anschrift",
                                    "Nachname des Empfängers"])  # fmt: skip
def test_a_header_that_leads_to_a_person_is_recognised(header):
    assert is_identifying(header)


@pytest.mark.parametrize("header", ["Team", "Teamname", "Team name", "Team ID", "Group ID", "Department number",
                                    "Company name",
                                    "How mobile do you feel", "I can name problems openly",
                                    "In our team, I address problems",
                                    "Phone support quality", "I give my name to what I say",
                                    "how_engaged_by_office.phone",
                                    "My e-mail load is fine", "The mobile app works", "Name one thing you would change",
                                    "On which platforms do you work? [Mobile]", "We share contact details", "Manager",
                                    "Age", "Gender",
                                    "Ideas", "Number", "Number of years", "Data",
                                    "Is your manager open to your ideas?", "", "Work is fun",
                                    "Im Team kennt man meinen Namen und meine Arbeit",
                                    "Mein Team kennt mich"])  # fmt: skip
def test_a_header_that_only_contains_such_a_word_is_not(header):
    assert not is_identifying(header)


def test_no_item_of_a_shipped_instrument_leads_to_a_person():
    for instrument in shipped_instruments():
        for item in instrument.items:
            assert not any(map(is_identifying, [item.id, *item.texts.values()]))


# ------------------------------------------------------------- Words and laws


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ""),
        (["1"], "1"),
        (["1", "2"], "1 and 2"),
        (["1", "2", "3"], "1, 2 and 3"),
        (list("1234"), "1, 2, 3 and 1 more"),
    ],
)
def test_lists_read_as_a_person_writes_them(words, said):
    assert listed(words) == said


def test_long_headers_are_cut_and_put_on_one_line():
    assert short("a\n  b") == "a b"
    assert short("x" * 41) == "x" * 39 + "…"


HEADERS = st.one_of(
    st.sampled_from(
        [
            *TEXTS,
            *TEXTS.values(),
            "Team",
            "Group",
            "Department",
            "Wave",
            "Name",
            "E-Mail",
            "",
            " ",
            "ideas",
            "Q1",
            "q1 ",
        ]
    ),
    st.text(max_size=30),
)


@given(st.lists(st.tuples(HEADERS, st.sampled_from(["4", "Agree", "words", ""])), min_size=1, max_size=8))
def test_whatever_the_headers_no_column_has_two_roles_and_no_item_two_columns(columns):
    export = export_of([name for name, _ in columns], [cell for _, cell in columns])
    try:
        groups = find_groups(export, Wishes())
        places, evidence, _ = match_items(export, INSTRUMENT, Wishes(), groups)
    except MappingError:
        return

    assert len(set(places.values())) == len(places)
    assert not set(places.values()) & set(groups)
    assert {column.item: place for place, column in evidence.items()} == places
