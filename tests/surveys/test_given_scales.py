"""Scales that nobody knows: their order is asked for, given with --labels or by a structure file, and never guessed."""

import csv
import json
import shlex
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st
from psafety.cli import Exit, main
from psafety.surveys.draft import draft_file, draft_instrument
from psafety.surveys.errors import ConfigError, MappingError
from psafety.surveys.given_scales import asked_scales, options_for
from psafety.surveys.instrument_files import read_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.places import find_places
from psafety.surveys.responses import load_survey
from surveyfiles import AGREEMENT, export_of, write_csv

Shared = Callable[[str], Path]
ODD = ("Nope", "Sometimes", "Totally")
PACE = ("slow", "fast", "right")


def cycle(cells, rows=60):
    return [cells[n % len(cells)] for n in range(rows)]


def export_with(**columns):
    return export_of([*columns], *zip(*columns.values(), strict=True))


def drafted(labels=(), **columns):
    return draft_instrument(export_with(**columns), (), labels)


# What a person gives ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Nope|Sometimes|Totally", ODD),
        (" Nope | Some  times |Totally ", ("Nope", "Some times", "Totally")),
        ("0 - Nope|10 - Totally", ("0 - Nope", "10 - Totally")),
        ("|".join(f"step {word}" for word in "abcdefghijk"), tuple(f"step {word}" for word in "abcdefghijk")),
    ],
)
def test_labels_are_given_lowest_first(text: str, labels: tuple[str, ...]) -> None:
    [scale] = asked_scales([text])

    assert (scale.labels, scale.low, scale.high) == ({"en": labels}, 1, len(labels))
    assert scale.favourable.isdisjoint(scale.unfavourable)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has 1 label, and a scale has 2 to 11"),
        ("Nope", "has 1 label, "),
        ("|".join("abcdefghijkl"), "has 12 labels, "),
        ("Nope||Totally", "has a label without a word"),
        ("1|2|3", "has a label without a word"),
        ("Nope|nope!|Totally", "has the same label twice"),
        ("1 - Nope|2 - Nope", "has the same label twice"),
    ],
)
def test_labels_that_make_no_scale_are_a_clear_error(text: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        asked_scales(["a|b", text])

    assert why in caught.value.problem
    assert caught.value.where == "--labels"


@given(st.lists(st.text(), max_size=3))
def test_whatever_is_given_makes_scales_or_a_clear_error(texts: list[str]) -> None:
    try:
        scales = asked_scales(texts)
    except ConfigError:
        return

    assert len(scales) == len(texts)


# What is on them -------------------------------------------------------------------------------------------------


def test_columns_of_given_labels_are_items() -> None:
    """In whatever spelling, with numbers or without, as long as no other label stands there."""
    draft = drafted(
        ["Nope|Sometimes|Totally"],
        first=cycle(ODD),
        second=cycle(["nope.", "TOTALLY", ""]),
        third=cycle(["1 - Nope", "2 - Sometimes", "Don't know"]),
        fourth=cycle([*ODD, "Else"]),
        fifth=cycle(["Nope"]),
    )

    assert list(draft.items) == ["first", "second", "third"]
    assert {item.scale.id for item in draft.instrument.items} == {"given-1"}
    assert list(draft.unclear) == [3]


def test_a_column_with_one_answer_is_on_the_scale_of_its_stem() -> None:
    columns = {"Feel? [a]": cycle(ODD), "Feel? [b]": cycle(["Totally"]), "Feel? [c]": cycle(ODD[:2])}
    draft = draft_instrument(export_with(**columns), (), ["Nope|Sometimes|Totally"])

    assert len(draft.items) == 3
    assert [dimension.names["en"] for dimension in draft.instrument.dimensions] == ["Feel?"]


def test_a_given_scale_does_not_take_columns_that_are_on_a_known_one() -> None:
    draft = drafted(["|".join(reversed(AGREEMENT))], a=cycle(AGREEMENT), b=cycle(AGREEMENT))

    assert {item.scale.id for item in draft.instrument.items} == {"agreement-5"}


def test_several_scales_may_be_given() -> None:
    draft = drafted(["Nope|Sometimes|Totally", "slow|right|fast"], a=cycle(ODD), b=cycle(PACE))

    assert [item.scale.labels["en"] for item in draft.instrument.items] == [ODD, ("slow", "right", "fast")]


def test_the_answers_are_read_in_the_given_order(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", ["a", "b"], *zip(cycle(ODD), cycle(["3 - Totally", "1 - Nope"]), strict=True))
    read = load_survey(path, Wishes(labels=("Nope|Sometimes|Totally",)))

    assert read.points.head(3).to_dict("list") == {"a": [1, 2, 3], "b": [3, 1, 3]}


def test_a_scale_that_nothing_needs_is_said() -> None:
    _, places = find_places(export_with(a=cycle(AGREEMENT)), Wishes(labels=("Nope|Sometimes|Totaly",)))

    assert places.doubts[0] == (
        "The scale “Nope|Sometimes|Totaly” was given with --labels, but no column that needs it holds only these"
        " answers."
    )


# How it is asked for ---------------------------------------------------------------------------------------------


def test_the_message_holds_the_very_option_with_the_labels_found(tmp_path: Path) -> None:
    """In the order of appearance; pasted back into a command, it is understood."""
    path = write_csv(tmp_path / "s.csv", ["a", "b"], *zip(cycle(PACE), cycle(PACE[:2] * 2 + PACE), strict=True))
    failed = CliRunner().invoke(main, ["check", str(path)])
    [option] = [line for line in failed.stderr.splitlines() if line.startswith("Try:   --labels")]
    words = shlex.split(option.removeprefix("Try:   ").partition(",")[0])

    assert failed.exit_code == Exit.PROBLEM
    assert words == ["--labels", "slow|fast|right"]
    done = CliRunner().invoke(main, ["check", str(path), "--json", *words])
    assert done.exit_code == Exit.DONE, done.output
    assert {item["scale"] for item in json.loads(done.stdout)["items"]} == {"given-1"}


def test_beside_other_ratings_it_is_a_doubt() -> None:
    _, places = find_places(export_with(a=cycle(AGREEMENT), b=cycle(PACE), c=cycle(PACE)), Wishes())

    assert (
        "To read “b” and “c”, add this option once its answers stand in order, the lowest first:"
        ' --labels "slow|fast|right"' in places.doubts
    )


def test_fewer_labels_are_asked_for_with_the_longer_list_that_holds_them() -> None:
    draft = drafted(a=cycle(PACE), b=cycle([*PACE, "stopped"]), c=cycle(ODD))

    assert options_for(draft.sketches) == {
        '--labels "slow|fast|right|stopped"': [0, 1],
        '--labels "Nope|Sometimes|Totally"': [2],
    }


def test_a_message_bears_only_the_options_for_the_most_columns() -> None:
    columns = {f"a{n}": cycle([f"{n} {letter}{n}" for letter in "abc"]) for n in "pqrstu"}
    options = options_for(drafted(**columns, b=cycle(PACE), c=cycle(PACE)).sketches)

    assert len(options) == 5
    assert next(iter(options.items())) == ('--labels "slow|fast|right"', [6, 7])


@pytest.mark.parametrize(
    "cells",
    [
        ["slow", "fast", "My lead never listens"] * 4 + ["slow", "fast"] * 24,  # given by four people
        ["slow", "fast", "x" * 41],
        [f"word {letter}" for letter in "abcdefghijkl"],
        ["slow", "fast", "$(reboot)"],
        ["slow", "fast", "`reboot`"],
        ["slow", "fast", 'right" --strict "'],
        ["slow", "fast", "right|wrong"],
        ["slow", "fast", "%PATH%"],
        ["slow", "fast", "ri\x1b[31mght"],
        ["a@example.org", "b@example.org", "c@example.org"],
    ],
)
def test_what_may_be_words_of_a_person_or_a_command_is_never_repeated(cells: list[str]) -> None:
    """The column is still named where it may hold ratings."""
    draft = drafted(a=cycle(cells))

    assert not options_for(draft.sketches)
    assert not draft.items


def test_numbers_are_asked_for_with_no_option() -> None:
    draft = drafted(level=cycle(list("12345")))

    assert draft.sketches[0].values == (1, 2, 3, 4, 5)
    assert not options_for(draft.sketches)


# From the command line and the settings ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["option", "settings"])
def test_the_option_and_the_settings_give_scales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "s.csv", ["a", "b"], *zip(cycle(ODD), cycle(ODD), strict=True))
    if how == "settings":
        (tmp_path / "psafety.toml").write_text('[survey]\nlabels = ["Nope|Sometimes|Totally"]\n', encoding="utf-8")
    option = ["--labels", "Nope|Sometimes|Totally"] if how == "option" else []
    result = CliRunner().invoke(main, ["report", "s.csv", "--format", "json", "-o", "-", *option])

    assert result.exit_code == Exit.DONE, result.output


def test_a_draft_takes_given_scales(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", ["a", "b"], *zip(cycle(ODD), cycle(ODD), strict=True))
    with pytest.raises(MappingError):
        draft_file(path)
    result = CliRunner().invoke(main, ["draft", str(path), "--labels", "Nope|Sometimes|Totally", "-o", "-"])

    assert 'labels.en = ["Nope", "Sometimes", "Totally"]' in result.stdout


# Sketches in a drafted file --------------------------------------------------------------------------------------


def without_signs(text: str) -> str:
    """The file as a person leaves it who deletes all “# ” before the sketched columns."""
    head, found, tail = text.partition("\n## Columns that may hold ratings")
    assert found
    return head + found + "\n".join(line.removeprefix("# ") for line in tail.split("\n"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A survey with ratings of a known scale, and three columns that may be ratings."""
    columns = {
        "I feel safe": cycle(AGREEMENT),
        "Pace": cycle(PACE),
        'Say "so"\\': cycle(ODD),
        "Volume": cycle(PACE),
        "Number": cycle(list("12345")),
        "Also\nsafe": cycle(AGREEMENT),
    }
    return write_csv(tmp_path / "s.csv", list(columns), *zip(*columns.values(), strict=True))


def test_unclear_columns_stand_in_the_draft_as_comments(path: Path, tmp_path: Path) -> None:
    """Which change nothing; without the comment signs, the file reads the survey with all of them."""
    drafted = tmp_path / "drafted.toml"
    drafted.write_text(draft_file(path), encoding="utf-8")
    completed = tmp_path / "completed.toml"
    completed.write_text(without_signs(draft_file(path)), encoding="utf-8")

    assert read_instrument(drafted).items == load_survey(path).instrument.items
    read = load_survey(path, Wishes(instrument=read_instrument(completed)))
    assert len(read.instrument.items) == 6
    assert read.points[["pace", "volume", "number"]].head(3).to_dict("list") == {
        "pace": [1, 2, 3], "volume": [1, 2, 3], "number": [1, 2, 3]
    }  # fmt: skip


def test_columns_with_the_same_answers_share_a_sketched_scale(path: Path) -> None:
    text = draft_file(path)

    assert text.count("# [scales.unclear-") == 3
    assert text.count('# labels.en = ["slow", "fast", "right"]') == 1
    assert "put the labels into order" in text


def test_a_draft_without_unclear_columns_has_no_sketches(tmp_path: Path) -> None:
    assert "## " not in draft_file(write_csv(tmp_path / "s.csv", ["a"], *[[label] for label in cycle(AGREEMENT)]))


@pytest.mark.parametrize("header", ["x\n[[items]]\nid = 1", "x\r# y", "\u2028[scales]", '"""', "'''"])
def test_no_header_breaks_out_of_the_comments(tmp_path: Path, header: str) -> None:
    path = write_csv(tmp_path / "s.csv", ["a", header], *zip(cycle(AGREEMENT), cycle(PACE), strict=True))
    drafted = tmp_path / "drafted.toml"
    drafted.write_text(draft_file(path), encoding="utf-8", newline="\n")

    assert [item.id for item in read_instrument(drafted).items] == ["a"]


# A structure file beside the export ------------------------------------------------------------------------------

CODES = ("AO01", "AO02", "AO03", "AO04", "AO05")
LABELS = ("Too much", "More than I like", "Just Right", "Less than I like", "Too little")


@pytest.fixture
def limesurvey(tmp_path: Path, shared: Shared) -> Callable[..., Path]:
    """An export beside the real structure file whose array Q02 has rows SQ001 to SQ005 and answers AO01 to AO05."""

    def write(*rows: str, answers=CODES) -> Path:
        structure = shared("limesurvey_structure/citric_answers.lss")
        (tmp_path / "results.lss").write_bytes(structure.read_bytes())
        header = ["id", "submitdate", "lastpage", *(f"Q02[{row}]" for row in rows)]
        lines = [
            (n, "2024-03-01 09:00:00", 1, *(answers[(n + k) % len(answers)] for k in range(len(rows))))
            for n in range(60)
        ]
        return write_csv(tmp_path / "results.csv", header, *lines)

    return write


@pytest.mark.parametrize("answers", [CODES, LABELS, LABELS[1:3]])
def test_the_structure_file_gives_the_order_and_the_dimension(limesurvey, answers) -> None:
    """Its labels are no scale that we know; all rows of the array are in its one section."""
    read = load_survey(limesurvey("SQ001", "SQ002", "SQ003", answers=answers))

    assert {item.scale.labels["en"] for item in read.instrument.items} == {LABELS}
    assert [dimension.names["en"] for dimension in read.instrument.dimensions] == ["Group One"]
    assert "of one section of the survey" in read.instrument.dimensions[0].abouts["en"]
    assert [item.texts["en"] for item in read.instrument.items] == ["Color", "Milkiness", "Creaminess"]
    assert not read.instrument.directed
    first = answers[0]
    assert read.points.iloc[0, 0] == (CODES if first in CODES else LABELS).index(first) + 1


def test_a_draft_with_a_structure_file_reads_its_own_file(limesurvey, tmp_path: Path) -> None:
    path = limesurvey("SQ001", "SQ002", "SQ003", "SQ004", "SQ005")
    drafted = tmp_path / "drafted.toml"
    drafted.write_text(draft_file(path), encoding="utf-8")
    read = load_survey(path, Wishes(instrument=read_instrument(drafted)))

    assert read.points.equals(load_survey(path).points)


def test_without_the_structure_file_the_order_is_asked_for(limesurvey, tmp_path: Path) -> None:
    path = limesurvey("SQ001", "SQ002", answers=LABELS)
    (tmp_path / "results.lss").unlink()
    with pytest.raises(MappingError) as caught:
        load_survey(path)

    assert caught.value.hint.startswith(f'--labels "{"|".join(LABELS)}"')


def structured(scales, sections=None, **columns):
    """An export whose structure file gives labels by position, and sections."""
    texts = [name.replace("_", " ") for name in columns]
    return replace(
        export_of(list(columns), *zip(*columns.values(), strict=True), texts=texts),
        scales=scales,
        sections=sections or {},
    )


def test_a_question_alone_is_asked_for_in_the_order_of_the_structure_file() -> None:
    """Its answers may be in no order, such as countries."""
    draft = draft_instrument(structured({0: ("slow", "right", "fast", "No answer")}, Pace=cycle(PACE)), ())

    assert list(options_for(draft.sketches)) == ['--labels "slow|right|fast"']
    assert not draft.items


def test_a_known_scale_is_certain_where_the_structure_file_names_all_of_it() -> None:
    """Two labels alone could be of several scales."""
    columns = {"We_listen": cycle(["Agree", "Disagree"])}

    assert not draft_instrument(structured({}, **columns), ()).items
    [item] = draft_instrument(structured({0: (*AGREEMENT, "Don't know")}, **columns), ()).instrument.items
    assert item.scale.labels["en"] == AGREEMENT


def test_answers_that_the_structure_file_does_not_know_are_not_on_its_scale() -> None:
    export = structured(dict.fromkeys(range(2), ODD), **{"Feel? [a]": cycle(ODD), "Feel? [b]": cycle([*ODD, "Else"])})

    assert list(draft_instrument(export, ()).items.values()) == [0]


def test_a_section_of_several_arrays_is_parted_by_them() -> None:
    columns = {f"{stem} [{row}]": cycle(AGREEMENT) for stem in ("We", "They") for row in "abc"}
    names = [
        dimension.names["en"]
        for dimension in draft_instrument(
            structured({}, dict.fromkeys(range(6), "Page 1"), **columns), ()
        ).instrument.dimensions
    ]

    assert names == ["We", "They"]


def test_statements_of_one_section_are_one_dimension() -> None:
    columns = {f"{word} is heard in this team": cycle(AGREEMENT) for word in ("Anna", "Everyone", "Nobody new")}
    [dimension] = draft_instrument(
        structured({}, dict.fromkeys(range(3), "Being heard"), **columns), ()
    ).instrument.dimensions

    assert (dimension.names["en"], dimension.part) == ("Being heard", "core")


# A real export ---------------------------------------------------------------------------------------------------


def test_flying_etiquette_is_read_with_the_options_it_asks_for(shared: Shared) -> None:
    """Two wordings of one scale in nine columns; how often each was answered is counted by the csv module."""
    path = shared("surveymonkey_fivethirtyeight/flying-etiquette.csv")
    rude = "No, not at all rude|Yes, somewhat rude|Yes, very rude"
    at_all = "No, not rude at all|Yes, somewhat rude|Yes, very rude"
    asked = " ".join(load_survey(path).source.doubts)
    read = load_survey(path, Wishes(labels=(rude, at_all)))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert rude in asked
    assert at_all in asked
    items = {item.texts["en"]: item.id for item in read.instrument.items if item.scale.id.startswith("given-")}
    assert len(items) == 9
    assert [column.position for column in read.source.columns if column.item in items.values()] == [
        place
        for place, name in enumerate(rows[0])
        if {row[name] for row in rows} <= {"", *rude.split("|"), *at_all.split("|")}
    ]
    for column in read.source.columns:
        if column.item in items.values():
            points = read.points[column.item].value_counts()
            counts = Counter(row[column.name] for row in rows)
            assert [points.get(2, 0), points.get(3, 0)] == [counts["Yes, somewhat rude"], counts["Yes, very rude"]]
