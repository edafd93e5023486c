"""What cells and columns of answers say."""

import pytest
from hypothesis import given, strategies as st
from psafety.surveys.answers import BLANK, NOT_APPLICABLE, UNKNOWN, Numbering, read_answers
from psafety.surveys.cells import fold, group_name, no_answer, split_number, whole_number
from psafety.surveys.scales import known_scales, settle
from surveyfiles import AGREEMENT, ZUSTIMMUNG, scale_of

BARE = scale_of(labels=False)
LABELLED = scale_of()


def points(*texts: str, scale=LABELLED) -> list[int]:
    return list(read_answers(texts, scale).points)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Strongly\u00a0 AGREE ", "strongly agree"),
        ("<p>Strongly&nbsp;<b>agree</b></p>.", "strongly agree"),
        ("“Strongly agree”", "strongly agree"),
        ("Don’t know", "don't know"),
        ("\ufeff1 (None at all)", "1 (none at all)"),
        ("Ｓtrongly agree", "strongly agree"),  # full-width letter
        ("strongly\u200b agree\u00ad", "strongly agree"),
        ("Weiß nicht", "weiss nicht"),
        ("< 5 and > 3", "< 5 and > 3"),  # no tag
        ("d´accord", "d'accord"),
        ("KATILIYORUM", "katiliyorum"),
        ("katılıyorum", "katiliyorum"),
        ("İyi", "iyi"),
        ("「同意」。", "同意"),
        ("👍🏽 Agree 👍🏽", "agree"),
        ("❤️ Agree…", "agree"),
        ("👩‍💻", "👩💻"),  # alone it is the text
        ("👍 -", "👍 -"),
        ("5 ★", "5"),
        ("", ""),
    ],
)
def test_folding_takes_away_what_does_not_distinguish(text, folded):
    assert fold(text) == folded


@given(st.text(), st.sampled_from(["\u00a0", "\u200b", "“", "\ufeff", "<br>", " . "]))
def test_what_surrounds_a_text_makes_no_difference(text, ornament):
    assert fold(f"{ornament}{text}{ornament}") == fold(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("4", 4),
            (" 4 ", 4),
            ("4.0", 4),
            ("4,0", 4),
            ("4,00", 4),
            ("4.", 4),
            ("'4", 4),
            ("+4", 4),
            ("-2", -2),
            ("４", 4),
        ),
        *(("007", 7), ("\u22122", -2), ("4\u200b", 4)),
        # A fraction, a text, a list, too long to be an answer.
        *(("4.5", None), ("4,5", None), (".5", None), ("four", None), ("", None), ("1 2", None), ("12345678", None)),
        *(("3-4", None), ("1e1", None), ("٤", None), ("4%", None)),
    ],
)
def test_a_whole_number_is_read_in_every_spelling_a_spreadsheet_gives_it(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["4 - Agree", "4 – Agree", "4=Agree", "4: Agree", "4. Agree", "4) Agree", "(4) Agree",
                                  "[4] Agree", "4-Agree", "4/Agree", "Agree (4)", "Agree [4]", "Agree - 4", "Agree = 4",
                                  "(4) - Agree", "4 (Agree)", " 4  -  AGREE. ", "4、Agree", "4️⃣ - Agree",
                                  "👍 4 - Agree 👍", "４．Ａｇｒｅｅ"])  # fmt: skip
def test_number_and_label_of_one_cell_are_parted(text):
    assert split_number(text) == (4, "agree", True)


@pytest.mark.parametrize(("text", "label"), [("5 - Satisfait(e)", "satisfait(e)"), ("Satisfait(e) (5)", "satisfait(e)"),
                                             ("5同意", "同意"), ("5 (None (at all))", "none (at all")])  # fmt: skip
def test_a_label_keeps_brackets_of_its_own(text, label):
    assert split_number(text)[:2] == (5, label)


@pytest.mark.parametrize(
    "text", ["4.5", "3-4", "2-3 times", "Agree", "10:30", "5/10", "2018-07-01", "covid-19", "", "-", "4 5"]
)
def test_what_only_looks_like_a_number_with_a_label_is_not_parted(text):
    assert split_number(text) is None


@pytest.mark.parametrize("text", ["N/A", "n.a.", "Don't know", "DON’T KNOW", "I don't know", "Not applicable", "Unsure",
                                  "Prefer not to say", "Keine Angabe", "k. A.", "k.A.", "Weiß nicht", "weiss nicht",
                                  "Kann ich nicht beurteilen", "Don't know / not applicable", "N/A (not applicable)",
                                  "6 - Don't know", "Don't know (6)", "99 = keine Angabe", "<i>N/A</i>"])  # fmt: skip
def test_refusing_to_answer_is_not_applicable(text):
    assert no_answer(text) == NOT_APPLICABLE


@pytest.mark.parametrize(
    "text", ["-", "--", "NA", "nan", "NULL", "None", "#N/A", "#NV", ".", "-99", "-999", " ", "Not answered"]
)
def test_what_a_program_writes_for_nothing_is_blank(text):
    assert no_answer(text) == BLANK


@pytest.mark.parametrize("text", ["Agree", "4", "1 - not sure", "Never", "None of the time", "No", "x", "0", "99"])
def test_an_answer_is_an_answer(text):
    assert no_answer(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Team\u00a0 A \t", "Team A"),
        ("Team\u200b A", "Team A"),
        ("\ufeffTeam A", "Team A"),
        ("Zu\u0308rich", "Zürich"),  # the letter and its dots written apart
        ("team a", "team a"),
        ("\u202egnp.exe", "gnp.exe"),  # no name turns the writing round
        ("👩\u200d💻", "👩\u200d💻"),
        ("=1+1", "=1+1"),
        ("n/a", ""),
        ("Keine Angabe", ""),
        ("-", ""),
        ("\u200b", ""),
    ],
)
def test_names_of_groups_lose_what_nobody_sees_and_nothing_else(text, name):
    assert group_name(text) == name


@pytest.mark.parametrize("labels", [AGREEMENT, ZUSTIMMUNG])
@pytest.mark.parametrize(
    "style", ["{label}", "{n} - {label}", "{label} ({n})", "{n} {label}", "<b>{label}</b>", "{n}", "{n}.0", "{n},0"]
)
def test_every_way_to_write_a_point_is_that_point(labels, style):
    texts = [style.format(n=n, label=label) for n, label in enumerate(labels, 1)]

    assert points(*texts) == [1, 2, 3, 4, 5]


def test_labels_numbers_and_both_may_stand_in_one_column():
    assert points("Agree", "4", "5 - Strongly agree", "stimme voll zu", "2.0", "n/a", "-") == [4, 4, 5, 5, 2, -1, 0]


def test_numbers_against_the_labels_are_noticed_and_the_labels_believed():
    reading = read_answers(["1 - Strongly agree", "4 - Disagree", "5 - Strongly disagree"], LABELLED)

    assert reading.points == (5, 2, 1)
    assert reading.numbering == Numbering(-1, 6)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # Only the ends have labels, as many tools export it; the bare numbers between them count the same way.
        (("1 - Strongly agree", "2", "3", "4", "5 - Strongly disagree"), [5, 4, 3, 2, 1]),
        (("1 - Strongly disagree", "2", "5"), [1, 2, 5]),
        (("0 - Strongly disagree", "1", "4"), [1, 2, 5]),
        (("0 - Strongly agree", "1", "4"), [5, 4, 1]),
        (("3 - Neither agree nor disagree", "4"), [3, 4]),  # says nothing of the direction
        (("1 - Agree", "2 - Strongly disagree", "3 - Disagree", "4"), [4, 1, 2, UNKNOWN]),  # codes in no order
    ],
)
def test_bare_numbers_count_as_the_labelled_ones_beside_them(texts, expected):
    assert points(*texts) == expected


def test_without_labels_bare_numbers_count_as_told():
    assert read_answers(["1", "5"], LABELLED, Numbering(-1, 6)).points == (5, 1)


@pytest.mark.parametrize(
    "text", ["0", "6", "-1", "99", "4.5", "3-4", "agree somehow", "6 - Agree strongly so", "5 years ago"]
)
def test_what_is_not_on_the_scale_is_unknown(text):
    assert points(text) == [UNKNOWN]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("1 (None at all)", "2", "5 (All my time)"), [1, 2, 5]),
        (("1 - low", "1 - high", "3 - mid"), [UNKNOWN, UNKNOWN, 3]),  # one number, two labels
        (("5 years with this team", "3"), [UNKNOWN, 3]),  # running text
        (("6 - Don't know", "5"), [NOT_APPLICABLE, 5]),
        (("5 - don't know", "4"), [NOT_APPLICABLE, 4]),
    ],
)
def test_a_scale_without_labels_takes_the_number_beside_any_label(texts, expected):
    assert points(*texts, scale=BARE) == expected


def test_a_scale_without_labels_takes_the_known_labels_of_as_many_points():
    assert points("Strongly agree", "Disagree", scale=BARE) == [5, 2]
    assert points("Somewhat agree", "Agree", "Strongly agree", scale=scale_of(7, labels=False)) == [5, 6, 7]


def test_labels_that_two_known_scales_place_differently_are_not_guessed():
    """ "Often" is the fourth of never … always, and the third of never, sometimes, often, very often, always."""
    assert points("Never", "Sometimes", "Often", scale=BARE) == [UNKNOWN] * 3
    assert points("Never", "Rarely", "Sometimes", "Often", scale=BARE) == [1, 2, 3, 4]


def test_a_known_way_to_write_the_instruments_own_label_is_understood():
    assert points("Totally agree", "Disagree", "Neutral") == [5, 2, 3]


def test_two_labels_of_one_language_are_never_put_at_one_point():
    """ "Stimme zu" beside "Stimme voll zu" belongs to another scale than the instrument's."""
    assert points("Stimme zu", "Stimme voll zu") == [UNKNOWN, 5]
    assert points("Somewhat agree", "Agree") == [UNKNOWN, 4]


def test_known_labels_that_contradict_the_instrument_are_not_used():
    assert points("Often", "Never") == [UNKNOWN, UNKNOWN]


def test_an_own_label_wins_over_what_it_means_elsewhere():
    scale = scale_of(3)
    own = type(scale)("own", scale.values, {"en": ("None", "Not sure", "A lot")}, scale.favourable, scale.unfavourable)

    assert points("none", "Not sure", "a lot", "n/a", scale=own) == [1, 2, 3, NOT_APPLICABLE]


@given(
    st.lists(st.sampled_from([*AGREEMENT, *ZUSTIMMUNG, "1", "5", "n/a", "-", "hm", "9", "2 - Disagree"]), unique=True)
)
def test_the_order_of_the_texts_makes_no_difference(texts):
    forth, back = read_answers(texts, LABELLED), read_answers(texts[::-1], LABELLED)

    assert forth.points == back.points[::-1]


@given(st.text(), st.sampled_from([LABELLED, BARE, scale_of(11, low=0, labels=False)]))
def test_any_text_is_a_point_or_none(text, scale):
    [point] = read_answers([text], scale).points

    assert point in {BLANK, NOT_APPLICABLE, UNKNOWN} or 1 <= point <= len(scale.values)


@pytest.mark.parametrize("scale", known_scales(), ids=lambda scale: scale.id)
def test_a_known_scale_is_well_formed(scale):
    for labels in scale.labels.values():
        folded = [fold(way) for ways in labels for way in ways]
        assert len(labels) == scale.points
        assert len(set(folded)) == len(folded)
        assert all(no_answer(way) is None for way in folded)
    for label in {label for place in scale.places.values() for label in place}:
        assert len({place[label] for place in scale.places.values() if label in place}) == 1, label


def settled(*columns: dict[str, int], stems: tuple[str, ...] = ()) -> list[str]:
    stems = stems or ("",) * len(columns)
    found = settle(dict(enumerate(columns)), dict(enumerate(stems)))
    return [found[index].id if index in found else "" for index in range(len(columns))]


FIVE = {"strongly disagree": 5, "disagree": 20, "neutral": 20, "agree": 30, "strongly agree": 25}
SEVEN = FIVE | {"somewhat agree": 20, "somewhat disagree": 10}
FOUR = {"strongly disagree": 2, "disagree": 5, "agree": 8, "strongly agree": 4}
NO_END = {"disagree": 5, "neutral": 6, "agree": 10, "strongly agree": 4}
VERY_OFTEN = {"never": 3, "sometimes": 9, "often": 7, "very often": 5, "always": 2}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([FIVE], ["agreement-5"]),
        ([SEVEN], ["agreement-7"]),
        ([FOUR], ["agreement-4"]),
        # Nineteen people without the middle, beside a column that has it: one scale for both.
        ([FIVE, FOUR], ["agreement-5", "agreement-5"]),
        # But two thousand people without the middle were not offered it.
        ([FIVE, {label: 100 * n for label, n in FOUR.items()}], ["agreement-5", "agreement-4"]),
        ([{"agree": 9, "strongly agree": 9}], [""]),  # fits many scales
        ([{"agree": 9, "strongly agree": 9}, FIVE], ["agreement-5", "agreement-5"]),
        ([{"agree": 9, "strongly agree": 9}, FIVE, SEVEN], ["", "agreement-5", "agreement-7"]),
        ([{"agree": 9}, FIVE], ["agreement-5", "agreement-5"]),  # all of one mind
        # No whole scale anywhere, but no gap either, and answers enough.
        ([{"disagree": 20, "neutral": 20, "agree": 30}], ["agreement-5"]),
        ([{"disagree": 2, "neutral": 2, "agree": 3}], [""]),
        ([{"disagree": 20, "agree": 30}], [""]),
        # The real file rse2016: two columns nobody answered “very often” or “always”.
        ([{"never": 43, "sometimes": 145, "often": 83}, VERY_OFTEN], ["frequency-5-very-often-always"] * 2),
        ([{"never": 43, "sometimes": 145, "often": 83}], [""]),
        ([{"all of the time": 5, "often": 4, "sometimes": 1, "rarely": 1, "never": 1}], ["frequency-5"]),
        ([{"agree": 5, "somewhat agree": 5, "disagree": 4, "whatever": 1}], [""]),
        ([{"yes": 5, "no": 5}], [""]),
        # Five that may be the first five of six, whose last was too much for all; or not, if many stand at the fifth.
        ([{"never": 9, "rarely": 9, "sometimes": 9, "often": 9, "very often": 9}], [""]),
        ([{"never": 9, "rarely": 9, "sometimes": 9, "often": 9, "very often": 25}], ["frequency-5-very-often"]),
        # Nobody uses all five points, but the middle is there: then the four of another column are of five too, or
        # nobody knows.
        ([FOUR, NO_END], ["", ""]),
        ([FOUR, NO_END, NO_END], ["agreement-5"] * 3),
        ([{"agree": 5, "mostly agree": 5}, FIVE], ["", "agreement-5"]),  # two ways to write one point: another scale
    ],
)  # fmt: skip
def test_a_known_scale_is_chosen_only_where_the_file_leaves_no_doubt(columns, expected):
    assert settled(*columns) == expected


def test_the_columns_of_one_grid_settle_their_scale_together():
    ends = [{"never": 5, "rarely": 4}, {"sometimes": 5}, {"often": 3, "always": 2}]

    assert settled(*ends, stems=("Grid",) * 3) == ["frequency-5"] * 3
    assert settled(*ends) == [""] * 3
