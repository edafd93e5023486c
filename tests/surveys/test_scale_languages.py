"""The labels we know, in every language: each stands at its point however it is written, and sizes are told apart."""

import string
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from psafety.surveys import cells, label_files
from psafety.surveys.answers import BLANK, NOT_APPLICABLE, UNKNOWN, read_answers
from psafety.surveys.cells import fold, fold_labels, no_answer, split_number
from psafety.surveys.label_files import label_tables, no_answer_words, written_labels
from psafety.surveys.responses import load_survey
from psafety.surveys.scales import KnownScale, known_scales, label_languages, settle
from surveyfiles import scale_of, write_csv

LANGUAGES = tuple(written_labels())
FAMILIES = "agreement", "frequency", "satisfaction", "likelihood", "extent", "accuracy"
SCALES = {scale.id: scale for scale in known_scales()}
TABLES = [(lang, id_) for lang in LANGUAGES for id_ in label_tables(lang)]
# The tables that every language has, next to which the others are second wordings.
PLAIN = [f"{family}-{points}" for family in FAMILIES for points in (4, 5, 6, 7)]
MANY = 25  # answers at each point: enough to be sure that nobody was offered more

_FULL_WIDTH = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in string.ascii_letters + string.digits + "().:-"})
_QUOTED = ("“{}”", "«{}»", "‹{}›", "„{}“", "'{}'", '"{}"', "‘{}’", "「{}」", "『{}』")
_ENDED = ("{}.", "{}!", "{} …", "{}。", "{}；", "{}，", "{}、")
_DECORATED = ("😀 {}", "{} 👍🏽", "{}👍", "❤️ {} ❤️", "• {}", "☑ {}", "⭐⭐ {}")
_SPACED = ("\u00a0{}\u3000", "\ufeff{}\u200b", "&nbsp;{}&nbsp;", "<b>{}</b><br>", "  {}\t")
_NUMBERED = ("{n} - {}", "{n} – {}", "{n}. {}", "{n}．{}", "{n}：{}", "{n}、{}", "{n} = {}", "{n} {}", "{} ({n})",
             "{}（{n}）", "{n}) {}", "({n}) {}", "{} [{n}]", "{} - {n}", "{n}️⃣ {}", "😀 {n} - {} 👍")  # fmt: skip


def written(way: str, n: int) -> list[str]:
    """The ways in which a cell may hold a label that is the n-th of its scale."""
    capitals = [way.upper(), way.title(), way.capitalize(), way.replace("i", "İ").upper()]
    apostrophes = [way.replace("'", sign) for sign in ("’", "´", "`", "&#39;", "&rsquo;", "＇")]
    styles = (*_QUOTED, *_ENDED, *_DECORATED, *_SPACED, *_NUMBERED)
    plain = [way, *capitals, *apostrophes, *(style.format(way, n=n) for style in styles)]
    return [*plain, *(text.translate(_FULL_WIDTH) for text in (way, f"{n}. {way}", f"{way} ({n})"))]


def label_in(text: str) -> str:
    pair = split_number(text)
    return pair.label if pair else fold(text)


def settled(*columns: dict[str, int], numbers: tuple[dict[str, int], ...] = ()) -> list[KnownScale | None]:
    found = settle(dict(enumerate(columns)), dict.fromkeys(range(len(columns)), ""), dict(enumerate(numbers)))
    return [found.get(index) for index in range(len(columns))]


def commonest(lang: str, id_: str) -> list[str]:
    return [ways[0] for ways in label_tables(lang)[id_]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_family_at_every_length(lang):
    tables = label_tables(lang)

    assert set(PLAIN) <= tables.keys()
    assert [id_ for id_, points in tables.items() if len(points) != int(id_.split("-")[1])] == []
    assert [id_ for id_, points in tables.items() if not all(map(all, points)) or not all(points)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_label_stands_at_its_point_however_it_is_written(lang):
    """Numbers, capitals, quotes, apostrophes, emoji, entities, full-width signs and white space make no difference."""
    wrong = {
        (id_, way, text)
        for id_, points in label_tables(lang).items()
        for point, ways in enumerate(points, 1)
        for way in ways
        for text in (written(way, point) if way == ways[0] else [way, f"{point} - {way.upper()}"])
        if SCALES[id_].places[lang].get(label_in(text)) != point or no_answer(text) is not None
    }

    assert wrong == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_in_any_language_is_read_on_its_scales(tmp_path, lang):
    """All families and lengths in one file: bare labels, numbered ones, where 1 is the best, where the lowest is 0."""
    shapes = ["{label}", "{n}. {label}", "{back} - {label}", "{label} ({zero})", "👉 {label}!"]
    headers, columns = [], []
    for index, id_ in enumerate(PLAIN):
        labels = commonest(lang, id_)
        size, shape = len(labels), shapes[index % len(shapes)]
        said = [shape.format(label=label, n=n + 1, back=size - n, zero=n) for n, label in enumerate(labels)]
        headers.append(f"What do you say of {id_.replace('-', ' with ')} steps")
        columns.append([said[row % size] for row in range(MANY * 7)])

    responses = load_survey(write_csv(tmp_path / "s.csv", headers, *zip(*columns, strict=True)))

    assert [item.scale.id for item in responses.instrument.items] == PLAIN
    for id_, column in zip(PLAIN, responses.points, strict=True):
        size = SCALES[id_].points
        assert responses.points[column].tolist() == [row % size + 1 for row in range(MANY * 7)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_that_uses_a_whole_table_is_on_it(lang):
    found = {id_: settled({fold(way): MANY for way in commonest(lang, id_)}) for id_ in label_tables(lang)}

    assert found == {id_: [SCALES[id_]] for id_ in label_tables(lang)}


@st.composite
def answered_tables(draw: st.DrawFn, *, whole: bool) -> tuple[str, list[str]]:
    """A table, and one way to write each of its points, or of some."""
    lang, id_ = draw(st.sampled_from(TABLES))
    points = label_tables(lang)[id_]
    left_out = draw(st.sets(st.sampled_from(range(len(points))), min_size=1, max_size=len(points) - 1))
    chosen = [ways for place, ways in enumerate(points) if whole or place not in left_out]
    return id_, [fold(draw(st.sampled_from(ways))) for ways in chosen]


@given(answered_tables(whole=True), st.integers(MANY, 200))
def test_no_whole_scale_is_taken_for_one_of_another_length(answered, count):
    """Whichever synonyms a survey uses: it is on a scale of this length, or left unread."""
    id_, labels = answered

    [found] = settled(dict.fromkeys(labels, count))

    assert found is None or found.points == SCALES[id_].points


@given(answered_tables(whole=False), st.integers(1, 6))
def test_a_column_with_gaps_is_not_settled_on_its_own(answered, count):
    """Unless its labels are all those of a shorter scale, and no longer one holds them without a gap."""
    _, labels = answered

    [found] = settled(dict.fromkeys(labels, count))

    assert found is None or found.points == len(labels)
    if found is not None:
        others = [scale.points_of(labels).values() for scale in known_scales(labels) if scale.explains(labels)]
        runs = [max(places) for places in others if max(places) - min(places) + 1 == len(labels)]
        assert max(runs) == found.points


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_answers_that_leave_out_the_middle_are_not_guessed(lang, family):
    """Beside a column with the middle, one without is on the same scale, or on none; never on a scale of four."""
    labels = [fold(way) for way in commonest(lang, f"{family}-5")]
    without = {labels[0]: 2, labels[1]: 5, labels[3]: 8, labels[4]: 4}
    some = {labels[1]: 5, labels[2]: 6, labels[3]: 10, labels[4]: 4}

    assert {scale and scale.points for scale in settled(without, some)} <= {None, 5}
    assert {scale and scale.points for scale in settled(without, some, some)} <= {None, 5}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_beside_the_labels_tell_how_long_the_scale_is(lang):
    """ "1 - Strongly disagree, 2 - Disagree, 4 - Agree, 5 - Strongly agree" is a scale of five."""
    labels = [fold(way) for way in commonest(lang, "agreement-5")]
    ends = {labels[place]: place + 1 for place in (0, 1, 3, 4)}

    assert settled(dict.fromkeys(ends, 3), numbers=(ends,)) == [SCALES["agreement-5"]]
    assert settled(dict.fromkeys(ends, 3), numbers=({name: 6 - n for name, n in ends.items()},)) == [
        SCALES["agreement-5"]
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id_", ["likelihood-5", "agreement-7", "satisfaction-4"])
def test_numbers_from_0_to_10_count_as_the_labels_at_their_ends_say(lang, id_):
    """With or without labels at the ends; and downwards where 0 is the best."""
    labels = commonest(lang, id_)
    between = [str(number) for number in range(1, 10)]
    bare = scale_of(11, low=0, labels=False)

    assert read_answers(["0", *between, "10"], bare).points == tuple(range(1, 12))
    up = read_answers([f"0 - {labels[0]}", *between, f"10 - {labels[-1]}"], bare)
    down = read_answers([f"0 - {labels[-1]}", *between, f"10 ({labels[0]})"], bare)
    assert up.points == tuple(range(1, 12))
    assert down.points == tuple(range(11, 0, -1))
    assert down.numbering == (-1, 11)


def test_numbers_with_labels_whose_place_is_not_known_count_upwards():
    bare = scale_of(11, low=0, labels=False)

    reading = read_answers(["0 - neutral", "10 - whatever", "5 - sometimes"], bare)

    assert reading.points == (1, 11, 6)
    assert reading.numbering is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_ways_to_write_different_points_are_the_same(lang):
    for id_, points in label_tables(lang).items():
        folded = [{fold(way) for way in ways} for ways in points]
        assert sum(map(len, folded)) == len(set().union(*folded)), id_


def test_no_language_contradicts_another():
    """A label that two languages share stands at one point of a scale: so it makes no difference which is spoken."""
    found = {
        (scale.id, label): {lang: place[label] for lang, place in scale.places.items() if label in place}
        for scale in SCALES.values()
        for place in scale.places.values()
        for label in place
    }

    assert {where: places for where, places in found.items() if len(set(places.values())) > 1} == {}


def test_no_word_for_no_answer_is_an_answer_in_any_language():
    assert [label for label in label_languages() if no_answer(label) is not None] == []


@pytest.mark.parametrize("kind", ["not-applicable", "uncertain", "blank"])
def test_words_for_no_answer_leave_the_base(kind):
    expected = BLANK if kind == "blank" else NOT_APPLICABLE
    words = no_answer_words()[kind]

    assert {no_answer(style.format(word)) for word in words for style in ("{}", "{}。", "😶 {}", "“{}”")} == {expected}
    if kind == "not-applicable":
        assert {no_answer(f"9 - {word.upper()}") for word in words if fold(word).isalpha()} == {NOT_APPLICABLE}
        plain = [word for word in words if not set("/()") & set(word)]
        assert {no_answer(f"{one} / {two}") for one, two in pairwise(plain)} == {NOT_APPLICABLE}


def test_no_word_for_no_answer_is_likely_to_be_the_name_of_a_team():
    """ "ND" or "KA" may be a department: without its dots such a code is no refusal to answer."""
    words = [fold(word) for words in no_answer_words().values() for word in words]

    assert [word for word in words if len(word) < 3 and word.isascii() and word.isalpha()] == []


@pytest.mark.parametrize(("text", "expected"), [
    ("わからない/該当なし", NOT_APPLICABLE), ("weiß nicht, keine Angabe", NOT_APPLICABLE),
    ("no sabe / no contesta", NOT_APPLICABLE), ("ne sait pas ou sans objet", NOT_APPLICABLE),
    ("わからない または まあまあ", None), ("Team 4 / Team 5", None), ("👍", None), ("🚀🚀", None), ("★★★☆☆", None),
])  # fmt: skip
def test_several_words_for_no_answer_are_none(text, expected):
    assert no_answer(text) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_languages_of_a_label_are_found_without_reading_the_tables(lang):
    ways = {fold(way) for points in label_tables(lang).values() for ways in points for way in ways}

    assert {label for label, langs in label_languages().items() if lang in langs} == ways


def test_the_label_files_are_in_simple_spelling():
    """All their texts at once fold as each does alone."""
    texts = [way for ways in (*written_labels().values(), *no_answer_words().values()) for way in ways]

    assert dict(zip(texts, fold_labels(texts), strict=True)) == {text: fold(text) for text in texts}


@given(st.lists(st.sampled_from(sorted(label_languages())), max_size=6), st.sampled_from(["", "hm"]))
def test_languages_that_are_not_spoken_make_no_difference(labels, other):
    """Reading only the languages that know a label gives what all of them would."""
    labels = [*labels, *filter(None, [other])]

    few = {scale: (scale.points_of(labels), scale.explains(labels)) for scale in known_scales(labels)}

    for scale in known_scales():
        expected = scale.points_of(labels), scale.explains(labels)
        assert few.get(scale, ({}, False)) == expected


def test_labels_of_another_language_are_read_on_an_instruments_scale():
    """A translated survey with the item ids as headers is read, though the instrument knows two languages only."""
    from psafety.surveys.instrument_files import load_instrument

    scale = load_instrument("open-team-survey").items[0].scale

    for lang in LANGUAGES:
        assert read_answers(commonest(lang, "agreement-5"), scale).points == (1, 2, 3, 4, 5), lang


def test_two_languages_in_one_column_are_read_together():
    texts = ["Agree", "Stimme eher zu", "D'accord", "De acuerdo", "Neutral", "Neutre"]

    assert read_answers(texts, scale_of(labels=False)).points == (4, 4, 4, 4, 3, 3)


def test_unknown_labels_are_never_put_in_order():
    assert read_answers(["Meh", "Agree", "Yay"], scale_of()).points == (UNKNOWN, 4, UNKNOWN)
    assert settled({"meh": 50, "agree": 50, "yay": 50}) == [None]


def test_bare_numbers_need_no_labels(monkeypatch):
    """The label files are not opened for a file of bare numbers."""
    monkeypatch.setattr(label_files, "_files", None)

    for text in ("1", "5.0", "-99", "", "#N/A", "4️⃣", "３"):
        cells.no_answer.__wrapped__(text)
    assert read_answers(["1", "5,0", "-99", "", "3"], scale_of(labels=False)).points == (1, 5, 0, 0, 3)


def test_the_label_files_are_not_opened_before_an_answer_is_read():
    code = "import psafety, psafety.cli, sys; sys.exit('psafety.surveys.label_files' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
