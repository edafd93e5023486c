"""Comments: only columns that were named, and nothing in them that leads straight to a person."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from psafety.surveys.comments import LONGEST, MASK, Names, clean, read_names
from psafety.surveys.errors import ConfigError, FileError, MappingError, PsafetyError
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey, of_wave
from surveyfiles import write_csv

SAID = "Warum ist das so?"


@pytest.mark.parametrize(
    "address",
    [
        "john.doe@ex.co.uk",
        "J_D+list@sub.example.museum",
        "jürgen@müller-bau.de",
        "mailto:john@ex.com",
        "john @ example.com",
        "john (at) example (dot) com",
        "john[at]example[dot]com",
        "john at example.com",
        "john&#64;example.com",
        "john&amp;#64;example.com",
        "john_x0040_example.com",
        "jo\u200bhn@exam\u00adple.com",
        "ｊｏｈｎ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        '"john doe"@example.com',
        "john@[192.168.0.1]",
        "john@localhost",
        "@john@social.example",
    ],
)
def test_no_address_survives(address):
    """However an e-mail address is written, one mask stands in its place, and the words around it stay."""
    assert clean(f"Bitte {address} fragen") == f"Bitte {MASK} fragen"


@pytest.mark.parametrize(
    "number",
    [
        "+49 (0)170 1234567",
        "0170/1234567",
        "0 30 / 12 34 56",
        "(030) 12 34 56",
        "(+49) 30 123456",
        "+1-212-555-1234",
        "212.555.1234",
        "(212) 555-1234",
        "0170–123–45–67",
        "01\u00a070 123\u202f45",
        "0\u200c1\u200d7 0 1 2",
        "0️⃣1️⃣7️⃣0️⃣1️⃣2️⃣",
        "٠١٧٠١٢٣٤٥٦٧",
        "０１７０１２３４",
        "123456",
        "12,345,678",
        "192.168.100.200",
        "tel:0170123",
    ],
)
def test_no_long_number_survives(number):
    """Phone numbers, and any other number of six digits or more, in the digits of any script, become one mask."""
    assert clean(f"ruf mich an: {number} bitte") == f"ruf mich an: {MASK} bitte"


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a?b=c#d",
        "HTTP://user:pw@host:80/x",
        "www.example.de",
        "www2.example.de/x",
        "linkedin.com/in/john",
        "t.me/john",
        "firma.example/wiki/seite",
        "ftp://x",
        "@handle",
        "@a.b-c",
        "＠handle",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_no_link_and_no_handle_survives(link):
    """Addresses of pages, and of people in social networks, become one mask."""
    assert clean(f"siehe {link} dort") == f"siehe {MASK} dort"


@pytest.mark.parametrize(
    "harmless",
    [
        "We met 3 times in 2023, 10:30 - 12:45, for 1.5 hours, 20 % too long.",
        "z.B. u.a. 5/5, 10/10 oder 12.345",
        "gut.Das war es.In der Tat",
        "I <3 you; a<b and c>d; 2 > 1 & 1 < 2",
        "Größe, naïve, العمل جيد, 仕事が多い, काम ज़्यादा है, 👍🏽",
        "e-mail at home; look at me",
    ],
)
def test_words_and_short_numbers_stay(harmless):
    """What leads to nobody is printed as it was written."""
    assert clean(harmless) == harmless


NAMES = Names.of(
    [
        *(
            "Müller",
            "Anne-Marie",
            "Rose",
            "John Smith",
            "Schmidt, Anna",
            "O'Brien",
            "Günther",
            "von der Leyen",
            "Klaus",
        ),
        *("田中太郎", "김철수", "Łukasz", "Александр", "محمد", "प्रिया", "J. R. Tolkien"),
    ]
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Frau Müller", f"Frau {MASK}"),
        ("MÜLLER sagt", f"{MASK} sagt"),
        ("mu\u0308ller sagt", f"{MASK} sagt"),  # the other way to write “ü”
        ("Mueller sagt", f"{MASK} sagt"),
        ("Muller sagt", f"{MASK} sagt"),
        ("Mül\u200bler sagt", f"{MASK} sagt"),
        ("Müller’s Büro", f"{MASK} Büro"),
        ("Müller's Büro", f"{MASK} Büro"),
        ("Müllers Büro", f"{MASK} Büro"),
        ("Klaus' Büro", f"{MASK} Büro"),
        ("(Müller) und „Müller“", f"({MASK}) und „{MASK}“"),
        ("Anne-Marie ist nett", f"{MASK} ist nett"),
        ("Anne–Marie ist nett", f"{MASK} ist nett"),
        ("anne marie ist nett", f"{MASK} ist nett"),
        ("Annemarie ist nett", f"{MASK} ist nett"),
        ("O’Brien’s idea", f"{MASK} idea"),
        ("obrien said", f"{MASK} said"),
        ("john smith said", f"{MASK} said"),
        ("Ask Smith or John", f"Ask {MASK} or {MASK}"),
        ("Anna Schmidt sagt", f"{MASK} sagt"),
        ("Schmidt, Anna sagt", f"{MASK} sagt"),
        ("anna schmidt sagt", f"{MASK} sagt"),
        ("Frau von der Leyen sagt", f"Frau {MASK} sagt"),
        ("Tolkien sagt", f"{MASK} sagt"),
        ("Müller, Rose und Klaus", f"{MASK} und {MASK}"),  # neighbours are one mask, so that nobody counts them
        ("田中太郎さんは忙しい", f"{MASK}さんは忙しい"),
        ("김철수는 바쁘다", f"{MASK}는 바쁘다"),
        ("łukasz i ja", f"{MASK} i ja"),
        ("Александр ушёл", f"{MASK} ушёл"),
        ("محمد قال", f"{MASK} قال"),
        ("प्रिया ने कहा", f"{MASK} ने कहा"),
    ],
)
def test_names_of_the_list_are_masked(text, cleaned):
    """Whatever the case, the accents, the genitive, the hyphen or the script."""
    assert clean(text, NAMES) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "prose and primrose, rosy",  # “Rose” within words
        "blacksmith, Johnson",
        "Klausur im Juli",
        "will smith so, and john do that",  # parts of a name count with a capital only
        "von der Arbeit",
        "der Mullerin",
    ],
)
def test_names_inside_words_stay(text):
    """A name is a whole word, and single words of a longer name count only where they begin with a capital."""
    assert clean(text, NAMES) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  \n",
            "-",
            "--",
            "n/a",
            "N/A",
            "keine",
            "Keine.",
            "nichts",
            "no",
            "No comment!",
            "k.A.",
            "...",
            "???",
            "!",
        ),
        *("\u200b\u00ad", "<p></p>", "john@ex.com", "0170 1234567", "@me", "Müller"),
    ],
)
def test_what_says_nothing_is_no_comment(text):
    """Blanks, words for no answer, and texts of which only masks would be left count for nobody."""
    assert clean(text, NAMES) == ""


def test_a_comment_is_one_line_of_plain_text():
    """Markup, unseen signs, directions of writing and breaks go; half characters that no file can hold go too."""
    text = "<p class='x'>a\tb<br>c</p>\r\n\u2028d\x00e_x000D_f \u202eg\u202c \ud800h<!-- i --><script>j</script>"

    assert clean(text) == "a b c d e f g h j"


@pytest.mark.parametrize(("length", "printed"), [(LONGEST, LONGEST), (LONGEST + 1, LONGEST), (50 * LONGEST, LONGEST)])
def test_a_long_comment_is_cut(length, printed):
    """A thousand characters at most, and a sign where there were more."""
    text = clean("x" * length)

    assert len(text) == printed
    assert text.endswith("…") == (length > LONGEST)


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.text(st.characters(codec="utf-8"), max_size=60))
def test_whatever_is_around_it_an_address_goes(before, after):
    """No text around an address, a number or a name makes it survive; and cleaning twice changes nothing."""
    text = clean(f"{before} john.doe@ex.co.uk 0170/1234567 Frau Müllers {after}", NAMES)

    assert not re.search(r"doe|ex\.co|1234567|Müller", text.replace(before, "").replace(after, ""))
    assert "\n" not in text


def test_a_list_of_names_is_read_line_by_line(tmp_path):
    """One name per line, whatever the encoding; empty lines and repetitions are passed over."""
    path = tmp_path / "names.txt"
    path.write_bytes("Müller\r\n\r\n  Anne   Marie \r\nMüller\r\n--\r\n".encode("utf-16"))

    assert read_names(path) == ("Müller", "Anne Marie")


def test_a_list_without_a_name_is_an_error(tmp_path):
    """An empty list would mask nothing, which nobody means."""
    path = tmp_path / "names.txt"
    path.write_text("\n \n", encoding="utf-8")

    with pytest.raises(ConfigError, match="is empty"):
        read_names(path)
    with pytest.raises(FileError, match="cannot be read"):
        read_names(Path(tmp_path / "none.txt"))


ITEMS = ("When someone in our team takes on a task, I can count on it.", "We trust each other", "We listen")
HEADER = ("Quarter", "Department", "Team", "trust1", "trust2", "trust3", "Gender", "Email", "Staff", SAID, "More?")
ROWS = [
    (
        "2026-Q1" if number % 2 else "2026-Q2",
        f"D{number % 2}",
        f"T{number % 4}",
        *(1 + (number + shift) % 5 for shift in range(3)),
        "f" if number % 3 else "m",
        f"p{number}@ex.com",
        40000 + 7 * number,
        f"text {number} von Rose, p{number}@ex.com" if number % 5 else "-",
        "",
    )
    for number in range(40)
]


@pytest.fixture
def survey(tmp_path):
    return write_csv(tmp_path / "survey.csv", HEADER, *ROWS)


def test_free_text_is_read_only_where_it_was_named(survey):
    """Without a wish there are no comments; with one there is that column alone, cleaned, row by row."""
    plain = load_survey(survey)
    asked = load_survey(survey, Wishes(comments=(SAID,), names=("Rose",)))

    assert plain.comments is None
    assert list(asked.comments) == [SAID]
    assert asked.comments[SAID].tolist() == [f"text {number} von {MASK}" if number % 5 else "" for number in range(40)]
    assert asked.points.equals(plain.points)
    assert asked.groups.equals(plain.groups)
    assert [column.role for column in asked.source.columns].count("comment") == 1


def test_comments_go_with_their_wave(survey):
    """Of one wave, only its own comments are there."""
    asked = of_wave(load_survey(survey, Wishes(comments=(SAID,))), "2026-Q1")

    assert [text[5:7].strip() for text in asked.comments[SAID] if text] == [
        str(number) for number in range(1, 40, 2) if number % 5
    ]


def test_rows_without_an_answer_have_no_comment(tmp_path):
    """Who answered no question is in no figure, and so in no comment."""
    rows = [(*ROWS[number][:3], "", "", "", *ROWS[number][6:]) if number < 9 else ROWS[number] for number in range(40)]
    asked = load_survey(write_csv(tmp_path / "survey.csv", HEADER, *rows), Wishes(comments=(SAID, "More?")))

    assert len(asked.comments) == len(asked) == 31
    assert asked.comments["More?"].tolist() == [""] * 31


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes(comments=("Nowhere",)), "no column “Nowhere”"),
        (Wishes(comments=(SAID, SAID)), "named for two things"),
        (Wishes(comments=("Team",)), "named for two things"),
        (Wishes(comments=("Department",)), "named for two things"),
        (Wishes(comments=("Quarter",)), "named for two things"),
        (Wishes(comments=("Gender",), cuts=("Gender",)), "named for two things"),
        (Wishes(comments=(SAID,), team=SAID), "named for two things"),
        (Wishes(comments=("trust1",)), "is the item “trust1”"),
        (Wishes(comments=(SAID,), items={"trust1": SAID}), "both as an item and as comments"),
        (Wishes(comments=("Email",)), "may lead to a person"),
        (Wishes(comments=("Staff",)), "holds employee or respondent numbers"),
        (Wishes(comments=("Gender",)), "look like answers to tick"),
    ],
)
def test_what_is_no_column_of_comments_is_refused(survey, wishes, said):
    """Items, groups and what leads to a person cannot be comments; the message names the column and no cell."""
    with pytest.raises(PsafetyError) as error:
        load_survey(survey, wishes)

    assert said in error.value.problem
    assert "text 1" not in str(error.value)


def test_ratings_of_no_questionnaire_cannot_be_comments(tmp_path):
    """Printed as comments, ticked answers would be the raw data."""
    header = ("Team", "We help [a]", "We help [b]", "We help [c]", "We help [d]", "Why?", "Age")
    rows = [
        ("T", *(1 + (number + shift) % 5 for shift in range(4)), f"why {number}", 20 + number) for number in range(30)
    ]
    path = write_csv(tmp_path / "own.csv", header, *rows)

    for named in ("We help [d]", "Age"):
        with pytest.raises(MappingError, match="look like answers to tick"):
            load_survey(path, Wishes(comments=(named,)))
    assert set(load_survey(path, Wishes(comments=("Why?",))).comments["Why?"]) == {f"why {n}" for n in range(30)}


def test_a_column_of_the_platform_is_no_comment(tmp_path):
    """Dates and durations that a platform writes by itself are nobody's words."""
    header = ("Timestamp", "Team", "trust1", "trust2", "trust3", SAID)
    rows = [(f"2026/01/{day:02} 10:00:00 AM GMT+1", "T", 1, 2, 3, f"text {day}") for day in range(1, 29)]
    path = write_csv(tmp_path / "form.csv", header, *rows)

    with pytest.raises(MappingError, match="adds by itself"):
        load_survey(path, Wishes(comments=("Timestamp",)))
