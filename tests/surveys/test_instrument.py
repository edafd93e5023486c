"""Instruments: the shipped ones keep the editorial rules, a broken file gets one clear message, writing reads back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

import pytest
from hypothesis import given, settings, strategies as st
from psafety.languages import LANGUAGES
from psafety.surveys.errors import InstrumentError
from psafety.surveys.instrument import Dimension, Instrument, Item, Part, ResponseScale, Texts
from psafety.surveys.instrument_files import instrument_toml, load_instrument, read_instrument, shipped_instruments

SHIPPED = {instrument.id: instrument for instrument in shipped_instruments()}
OPEN = SHIPPED["open-team-survey"]
OPEN_TEXTS = [(item.id, lang, text) for item in OPEN.items for lang, text in item.texts.items()]

PULSE = """\
id = "pulse"
version = "1"
title.en = "Pulse"
min_answered = 0.5

[scales.agreement]
values = [1, 2, 3]
labels.en = ["No", "Partly", "Yes"]
favourable = [3]
unfavourable = [1]

[scales.frequency]
values = [0, 1, 2, 3]
favourable = [2, 3]

[[dimensions]]
id = "trust"
name.en = "Trust"

[[dimensions]]
id = "results"
part = "outcome"
name.en = "Results"

[[items]]
id = "q1"
dimension = "trust"
scale = "agreement"
text = { en = "First", de = "Erstens" }

[[items]]
id = "q2"
dimension = "results"
scale = "frequency"
reverse = true
[items.text]
en = "Second"
"""


def write(folder: Path, text: str, *, name: str = "pulse.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def text_fields(instrument: Instrument) -> Iterator[Texts]:
    """All that an instrument says per language, its items apart."""
    yield from (instrument.titles, instrument.evidence, instrument.notes)
    for dimension in instrument.dimensions:
        yield from (dimension.names, dimension.abouts)


# ------------------------------------------------------------------ What ships


def test_shipped_instruments_are_sorted_and_named_as_their_files() -> None:
    """The id is the file's name, so that `load_instrument` and the folder say the same."""
    assert list(SHIPPED) == sorted(SHIPPED) == ["edmondson-7", "open-team-survey"]
    assert all(load_instrument(id_) == instrument for id_, instrument in SHIPPED.items())


@pytest.mark.parametrize("instrument", SHIPPED.values(), ids=SHIPPED)
def test_shipped_instruments_speak_every_language_of_the_reports(instrument: Instrument) -> None:
    """Nothing is said in some languages only; an item has all its texts or, of a published scale, none."""
    assert all(set(texts) == set(LANGUAGES) for texts in text_fields(instrument))
    assert {frozenset(item.texts) for item in instrument.items} in ({frozenset(LANGUAGES)}, {frozenset()})
    assert instrument.licence
    assert instrument.citation


@pytest.mark.parametrize("instrument", SHIPPED.values(), ids=SHIPPED)
def test_each_about_is_one_plain_sentence(instrument: Instrument) -> None:
    """A manager reads what a dimension asks about in one breath."""
    for dimension in instrument.dimensions:
        for about in dimension.abouts.values():
            assert re.fullmatch(r"[^.?!]+\.", about)
            assert len(about.split()) <= 30


def test_edmondson_is_scored_as_published_without_its_wording() -> None:
    """Seven items from 1 to 7, the first, third and fifth reverse-keyed (Edmondson 1999, appendix)."""
    edmondson = SHIPPED["edmondson-7"]
    (scale,) = {item.scale.values: item.scale for item in edmondson.items}.values()

    assert [item.reverse for item in edmondson.items] == [True, False, True, False, True, False, False]
    assert scale.values == (1, 2, 3, 4, 5, 6, 7)
    assert (scale.favourable, scale.unfavourable, scale.labels) == ({5, 6, 7}, {1, 2, 3}, {})
    assert not any(item.texts for item in edmondson.items)
    assert edmondson.by_position
    assert "10.2307/2666999" in edmondson.citation


def test_open_team_survey_has_the_parts_of_the_design() -> None:
    """Three core dimensions of five items, six modules of three, three single outcomes."""
    sizes = {part: [] for part in get_args(Part)}
    for dimension in OPEN.dimensions:
        sizes[dimension.part].append(len(OPEN.items_of(dimension.id)))

    assert sizes == {"core": [5] * 3, "module": [3] * 6, "outcome": [3]}
    assert [d.names["en"] for d in OPEN.dimensions if d.part == "core"] == ["Trust", "Openness", "Speaking up"]


@pytest.mark.parametrize("dimension", [d.id for d in OPEN.dimensions if d.part == "core"])
def test_core_dimensions_are_keyed_both_ways(dimension: str) -> None:
    """Some items are reverse-keyed, against agreeing with everything; most are not, so that it stays easy to answer."""
    reverse = [item.reverse for item in OPEN.items_of(dimension)]

    assert 1 <= sum(reverse) < len(reverse) / 2
    assert not reverse[0]


def test_a_high_score_on_acceptance_means_little_fear() -> None:
    """All its items name a fear, so all are reverse-keyed, and the about says how to read the score."""
    (acceptance,) = (dimension for dimension in OPEN.dimensions if dimension.id == "acceptance")

    assert all(item.reverse for item in OPEN.items_of("acceptance"))
    assert "little fear" in acceptance.abouts["en"]


def test_open_team_survey_says_that_it_is_not_validated() -> None:
    """The sentence stands in every report until a study exists."""
    assert OPEN.evidence["en"].startswith("No validation study")
    assert "keine Validierungsstudie" in OPEN.evidence["de"]


_JOINING = {
    "en": {"and", "or"},
    "de": {"und", "oder", "sowie"},
    "fr": {"et", "ou"},
    "es": {"y", "e", "o", "u"},
    "sv": {"och", "eller"},
}


@pytest.mark.parametrize(("id_", "lang", "text"), OPEN_TEXTS)
def test_items_are_short_and_hold_one_idea(id_: str, lang: str, text: str) -> None:
    """At most 16 words, one sentence, nothing joined by and/or, at most one negation, words that fit any gender."""
    words = re.findall(r"[\w'-]+", text.casefold())

    assert re.fullmatch(r"[^.?!]+\.", text)
    assert len(words) <= 16
    assert not _JOINING[lang] & set(words)
    assert (
        sum(
            bool(
                re.fullmatch(
                    r"not|no|never|nobody|nothing|\w+n't|nicht|nie|kein\w*|nichts|jamais|rien|ningún|nunca|nada|inte|aldrig|inget",
                    w,
                )
            )
            for w in words
        )
        <= 1
    )
    assert lang != "de" or not any(re.match(r"kolleg|mitarbeiter|chef|vorgesetzter", word) for word in words)
    assert re.fullmatch(r"[a-z]+[1-5]?", id_)


def test_no_two_items_say_the_same() -> None:
    """Texts stay apart when case, punctuation and blanks are folded, since columns are recognised by them."""
    folded = [re.sub(r"\W+", "", text.casefold()) for _, _, text in OPEN_TEXTS]

    assert len(set(folded)) == len(folded) == 180


# ------------------------------------------------------------------ Reading


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    """Three ways to write a text are one: a dotted key, an inline table, a table of its own."""
    instrument = read_instrument(write(tmp_path, PULSE))
    first, second = instrument.items

    assert first == Item("q1", "trust", first.scale, {"en": "First", "de": "Erstens"})
    assert (second.texts, second.reverse) == ({"en": "Second"}, True)
    assert first.scale == ResponseScale("agreement", (1, 2, 3), {"en": ("No", "Partly", "Yes")}, {3}, {1})
    assert instrument.dimensions[1] == Dimension("results", {"en": "Results"}, {}, "outcome")
    assert (instrument.min_answered, instrument.directed, instrument.by_position) == (0.5, True, False)


def test_windows_editors_make_no_difference(tmp_path: Path) -> None:
    """A byte order mark and CRLF are read as if they were not there."""
    plain = read_instrument(write(tmp_path, PULSE))
    windows = read_instrument(write(tmp_path, "\ufeff" + PULSE.replace("\n", "\r\n"), name="Windows.TOML"))

    assert windows == plain == load_instrument(str(tmp_path / "Windows.TOML"))


def test_an_item_need_not_name_the_only_scale(tmp_path: Path) -> None:
    """Where there is one response scale, the items have it."""
    text = PULSE.replace('scale = "agreement"\n', "").replace('scale = "frequency"\n', "")
    text = re.sub(r"\[scales\.frequency\]\n.+\n.+\n", "", text)

    assert {item.scale.id for item in read_instrument(write(tmp_path, text)).items} == {"agreement"}


UNUSED = '\n[[dimensions]]\nid = "unused"\nname.en = "Unused"'

BROKEN = [
    # TOML itself
    ('version = "1"', "version = 1 2", "not TOML", 2),
    ('version = "1"', 'version = "1', "not TOML", 2),
    ('en = "Second"', 'en = """Second', "not TOML", 37),  # found at the end of the document only
    ('dimension = "trust"', 'id = "q1"', "not TOML", 27),
    # keys
    ("favourable = [3]", "favorable = [3]", 'A response scale has no key "favorable".', 9),
    ('part = "outcome"', 'kind = "outcome"', 'A dimension has no key "kind".', 22),
    ("reverse = true", "directed = true", 'An item has no key "directed".', 35),
    ('version = "1"', 'versoin = "1"', 'An instrument has no key "versoin".', 2),
    ('version = "1"\n', "", 'An instrument needs "version".', 1),
    ('version = "1"', 'version = " "', 'An instrument needs "version".', 2),
    ("values = [1, 2, 3]\n", "", 'A response scale needs "values".', 6),
    ('name.en = "Results"', "", 'A dimension needs "name".', 20),
    ('scale = "frequency"', "", 'An item needs "scale".', 31),
    # types
    ('version = "1"', "version = 1", '"version" must be text in double quotes.', 2),
    ('title.en = "Pulse"', 'title = "Pulse"', '"title" must say its language.', 3),
    ("labels.en =", "labels =", '"labels" must say its language.', 8),
    ('title.en = "Pulse"', 'title.english = "Pulse"', '"english" is not a language code.', 3),
    ('title.en = "Pulse"', "title.en = 7", '"en" must be text in double quotes.', 3),
    ('en = "Second"', 'en = ""', '"text.en" is empty.', 37),
    ("reverse = true", 'reverse = "yes"', '"reverse" must be true or false.', 35),
    ("[scales.frequency]", "[scales]", "A response scale needs a name.", 13),
    (PULSE[PULSE.index("[scales") :], "scales = 3\nitems = 1\ndimensions = 1", '"scales" must be a table.', 6),
    ("[1, 2, 3]", '["1", "2", "3"]', '"values" must be a list of whole numbers.', 7),
    ("[1, 2, 3]", "[false, true]", '"values" must be a list of whole numbers.', 7),
    ("[1, 2, 3]", "3", '"values" must be a list.', 7),
    # scales
    ("[1, 2, 3]", "[1]", '"values" must be two or more whole numbers in a row', 7),
    ("[1, 2, 3]", "[1, 3, 5]", '"values" must be two or more whole numbers in a row', 7),
    ("[1, 2, 3]", "[3, 2, 1]", '"values" must be two or more whole numbers in a row', 7),
    ('"No", "Partly", "Yes"', '"No", "Yes"', "There are 2 labels for 3 values.", 8),
    ('"No", "Partly", "Yes"', '"No", "yes", "Yes "', "A label is empty or appears twice.", 8),
    ("favourable = [3]", "favourable = [3, 4]", '"favourable" has a value outside the scale.', 9),
    ("unfavourable = [1]", "unfavourable = [1, 3]", "A value is both favourable and unfavourable.", 10),
    ("favourable = [3]\nunfavourable = [1]", "favourable = [1]\nunfavourable = [3]", "must lie above", 9),
    ("favourable = [2, 3]\n", "", "The scale has no favourable values.", 12),
    # dimensions and items
    ('part = "outcome"', 'part = "extra"', 'There is no part "extra".', 22),
    ('id = "results"', 'id = "Trust"', 'The id "Trust" is used twice in "dimensions".', 21),
    ('id = "q2"', 'id = "q1"', 'The id "q1" is used twice in "items".', 32),
    ('id = "q2"', "id = 2", '"id" must be text in double quotes.', 32),
    ('dimension = "trust"', 'dimension = "trsut"', 'There is no dimension "trsut".', 27),
    ('scale = "frequency"', 'scale = "often"', 'There is no scale "often".', 34),
    ('name.en = "Trust"', 'name.en = "Trust"' + UNUSED, 'The dimension "unused" has no items.', 20),
    ("min_answered = 0.5", "min_answered = 0", '"min_answered" must be a number above 0', 4),
    ("min_answered = 0.5", "min_answered = 50", '"min_answered" must be a number above 0', 4),
    ("min_answered = 0.5", "min_answered = nan", '"min_answered" must be a number above 0', 4),
    ("min_answered = 0.5", "min_answered = true", '"min_answered" must be a number above 0', 4),
]


@pytest.mark.parametrize(("old", "new", "problem", "line"), BROKEN)
def test_a_broken_file_gets_one_message_with_its_line(
    tmp_path: Path, old: str, new: str, problem: str, line: int
) -> None:
    """What is wrong, and the line to look at: that of the key, or of the table that lacks it."""
    path = write(tmp_path, PULSE.replace(old, new, 1))

    with pytest.raises(InstrumentError) as caught:
        read_instrument(path)

    assert problem in caught.value.problem
    assert caught.value.where == f"pulse.toml, line {line}"


def test_items_of_one_score_share_a_scale(tmp_path: Path) -> None:
    """The mean of a 1–3 and a 0–3 answer would mean nothing."""
    third = '\n[[items]]\nid = "q3"\ndimension = "trust"\nscale = "frequency"\n'

    with pytest.raises(InstrumentError) as caught:
        read_instrument(write(tmp_path, PULSE + third))

    assert caught.value.problem == 'The items of "trust" have different response scales.'
    assert caught.value.where == "pulse.toml, line 42"


def test_single_outcomes_may_have_scales_of_their_own(tmp_path: Path) -> None:
    """They have no joint score."""
    third = '\n[[items]]\nid = "q3"\ndimension = "results"\nscale = "agreement"\n'

    assert len(read_instrument(write(tmp_path, PULSE + third)).items_of("results")) == 2


def test_lists_want_double_brackets(tmp_path: Path) -> None:
    """[items] for [[items]] is the slip that everyone makes once."""
    text = PULSE[: PULSE.index("[[items]]", PULSE.index("[[items]]") + 1)].replace("[[items]]", "[items]")

    with pytest.raises(InstrumentError, match=re.escape("[[items]]")) as caught:
        read_instrument(write(tmp_path, text))

    assert caught.value.where == "pulse.toml, line 25"


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("favourable = [3]", "favorable = [3]", 'Did you mean "favourable"?'),
        ("reverse = true", "min_answered = 1", "Move it to the top of the file, before the first [table]."),
        ('dimension = "trust"', 'dimension = "zzz"', "Known here: trust, results."),
    ],
)
def test_hints_say_what_to_try(tmp_path: Path, old: str, new: str, hint: str) -> None:
    """A near miss names its neighbour; a top-level key further down says where it belongs."""
    with pytest.raises(InstrumentError) as caught:
        read_instrument(write(tmp_path, PULSE.replace(old, new, 1)))

    assert caught.value.hint == hint


def test_other_encodings_are_named_with_their_line(tmp_path: Path) -> None:
    """The file was saved as Windows-1252."""
    path = tmp_path / "pulse.toml"
    path.write_bytes(PULSE.replace("Erstens", "Zunächst").encode("cp1252"))

    with pytest.raises(InstrumentError, match="UTF-8") as caught:
        read_instrument(path)

    assert caught.value.where == "pulse.toml, line 29"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The whole path, since the folder may be the wrong one."""
    with pytest.raises(InstrumentError, match="cannot be read") as caught:
        load_instrument(tmp_path / "none.toml")

    assert caught.value.where == str(tmp_path / "none.toml")


def test_an_unknown_name_lists_what_ships() -> None:
    """A person who mistypes an id need not look it up."""
    with pytest.raises(InstrumentError) as caught:
        load_instrument("open-team")

    assert '"open-team-survey"' in caught.value.hint


LINES = instrument_toml(SHIPPED["open-team-survey"], comments=False).split("\n")
VALUES = ["1", "-0.5", '""', '"x"', "true", "[]", "{}", "[[1]]", "[{}]", "{ en = 1 }", "2026-01-01", "nan"]


@settings(deadline=None, max_examples=150)
@given(place=st.integers(0, len(LINES) - 1), value=st.sampled_from(["", *VALUES]))
def test_damage_to_a_line_is_reported_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: str
) -> None:
    """Whatever stands on one line, the file is an instrument or gets one message with a line in it."""
    key, equals, _ = LINES[place].partition(" = ")
    damaged = [*LINES[:place], f"{key} = {value}" if equals and value else value, *LINES[place + 1 :]]
    path = write(tmp_path_factory.getbasetemp(), "\n".join(damaged), name="damaged.toml")

    try:
        assert read_instrument(path).id
    except InstrumentError as error:
        assert re.fullmatch(r"damaged\.toml, line \d+", error.where)  # noqa: PT017 - either outcome is right


# ------------------------------------------------------------------ Writing


def visible(**options: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=1, **options).filter(str.strip)


def per_language(values: st.SearchStrategy[str], **options: int) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["en", "de", "pt-BR"]), values, **options)


def ids(**options: int) -> st.SearchStrategy[list[str]]:
    return st.lists(visible(max_size=8), min_size=1, unique_by=str.casefold, **options)


@st.composite
def scales(draw: st.DrawFn, id_: str) -> ResponseScale:
    lowest, points = draw(st.integers(-3, 3)), draw(st.integers(2, 11))
    values = tuple(range(lowest, lowest + points))
    names = st.lists(
        visible(max_size=8), min_size=points, max_size=points, unique_by=lambda label: label.strip().casefold()
    ).map(tuple)
    labels = draw(st.dictionaries(st.sampled_from(["en", "de"]), names))
    top, bottom = draw(st.integers(1, points - 1)), draw(st.integers(0, 1))
    return ResponseScale(id_, values, labels, frozenset(values[-top:]), frozenset(values[:bottom]))


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Any instrument that a file can hold."""
    shared = [draw(scales(id_)) for id_ in draw(ids(max_size=2))]
    dimensions = [
        Dimension(id_, draw(per_language(visible(), min_size=1)), draw(per_language(visible())), cast("Part", part))
        for id_ in draw(ids(max_size=3))
        for part in [draw(st.sampled_from(get_args(Part)))]
    ]
    scale_of = {dimension.id: draw(st.sampled_from(shared)) for dimension in dimensions}
    names = draw(ids(max_size=6).filter(lambda found: len(found) >= len(dimensions)))
    items = [
        Item(id_, dimension.id, scale_of[dimension.id], draw(per_language(visible())), draw(st.booleans()))
        for id_, dimension in zip(names, dimensions * len(names), strict=False)
    ]
    return Instrument(
        id=draw(visible()),
        titles=draw(per_language(visible(), min_size=1)),
        version=draw(visible()),
        licence=draw(st.text(st.characters(exclude_categories=["Cs"]))),
        citation=draw(st.text(st.characters(exclude_categories=["Cs"]))),
        evidence=draw(per_language(visible())),
        dimensions=tuple(dimensions),
        items=tuple(draw(st.permutations(items))),
        min_answered=draw(st.floats(0, 1, exclude_min=True)),
        directed=draw(st.booleans()),
        by_position=draw(st.booleans()),
        notes=draw(per_language(visible())),
    )


@settings(deadline=None, max_examples=100)
@given(instrument=instruments(), comments=st.booleans())
def test_what_is_written_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, instrument: Instrument, comments: bool
) -> None:
    """Quotes, line breaks and control characters in any text survive, with comments and without."""
    text = instrument_toml(instrument, comments=comments)

    assert read_instrument(write(tmp_path_factory.getbasetemp(), text, name="written.toml")) == instrument


@pytest.mark.parametrize("instrument", SHIPPED.values(), ids=SHIPPED)
def test_shipped_instruments_are_written_and_read_back(tmp_path: Path, instrument: Instrument) -> None:
    """A person can start their own questionnaire from one of ours."""
    assert read_instrument(write(tmp_path, instrument_toml(instrument))) == instrument


def test_comments_explain_every_key() -> None:
    """Whoever edits a draft finds each of its keys in the comments, and can have it without them."""
    text = instrument_toml(OPEN)
    explained = " ".join(line for line in text.split("\n") if line.startswith("#"))
    keys = set(re.findall(r"^(\w+)(?:\.\w+)* = ", text, flags=re.MULTILINE))
    preceded = set(re.findall(r"^# .+\n(\w+)(?:\.\w+)* = ", text, flags=re.MULTILINE))

    assert {key for key in keys - preceded if not re.search(rf"#   {key} ", explained)} == set()
    assert "#" not in instrument_toml(OPEN, comments=False)
