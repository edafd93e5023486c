"""The snapshot: the published figures, all of them and nothing else."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from example import HIDDEN, whole
from hypothesis import given, strategies as st
from psafety.reports.content import Figure, ReportContent
from psafety.reports.snapshot import to_json

DOCUMENT = Path(__file__).parents[2] / "docs" / "snapshot.md"


@pytest.fixture(scope="session")
def snapshot(content: ReportContent) -> Any:
    return json.loads(to_json(content))


def keys(value: Any, path: str = "") -> Iterator[str]:
    """Every key below a value, as the document writes them: `units[].name`."""
    match value:
        case dict():
            for key, below in value.items():
                yield f"{path}.{key}".lstrip(".")
                yield from keys(below, f"{path}.{key}".lstrip("."))
        case list():
            for below in value:
                yield from keys(below, f"{path}[]")


def test_says_which_schema_it_follows(snapshot: Any) -> None:
    """A reader can tell the version of the format from the first key."""
    assert next(iter(snapshot)) == "schema"
    assert snapshot["schema"] == "psafety-snapshot/2"


def test_the_document_names_every_key_in_its_order(snapshot: Any) -> None:
    """docs/snapshot.md lists the keys that are written, no more and no fewer, and objects come in its order."""
    documented = re.findall(r"^\| `([^`]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    written = list(dict.fromkeys(keys(snapshot)))

    assert sorted(documented) == sorted(written)
    assert [key for key in documented if "withheld" not in key] == [key for key in written if "withheld" not in key]


def test_the_example_of_the_document_is_as_files_are(snapshot: Any) -> None:
    """What a reader copies from docs/snapshot.md has the keys, and their order, of what is written."""
    block = re.search(r"```json\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert block is not None
    shown, hidden = json.loads(block[1])

    assert [list(shown), list(hidden)] == [list(snapshot["units"][2]), list(snapshot["units"][3])]
    assert [list(score) for score in shown["dimensions"]] == [
        list(score) for score in snapshot["units"][2]["dimensions"][1:]
    ]


def test_carries_what_identifies_the_report(snapshot: Any, content: ReportContent) -> None:
    """Wave, instrument and policy stand at the top, for whoever compares two files."""
    assert (snapshot["title"], snapshot["wave"]) == (content.title, content.wave)
    assert (snapshot["instrument"], snapshot["min_group"]) == (content.instrument_id, content.min_group)


@pytest.mark.parametrize("figure", ["n", "index", "low", "high", "mean", "sd", "favourable_low", "neutral"])
def test_figures_of_the_organisation_are_as_published(snapshot: Any, content: ReportContent, figure: str) -> None:
    """Each figure is the rounded value that the pages print."""
    rows = [*content.dimensions, *(row for group in content.items for row in group.rows)]

    assert [row[figure] for row in snapshot["dimensions"] + snapshot["items"]] == [
        getattr(row, figure).value for row in rows
    ]


def test_items_name_their_dimension_and_their_keying(snapshot: Any, content: ReportContent) -> None:
    """An item can be joined to its dimension by id."""
    expected = [(group.id, row.id, row.reverse) for group in content.items for row in group.rows]

    assert [(item["dimension"], item["id"], item["reverse"]) for item in snapshot["items"]] == expected


def test_units_stand_in_the_order_of_the_report(snapshot: Any, content: ReportContent) -> None:
    """Parents come before their children, with the names that lead down to them."""
    assert [(unit["name"], tuple(unit["path"])) for unit in snapshot["units"]] == [
        (row.name, row.path) for row in content.units
    ]


def test_a_shown_score_carries_its_figures_and_standing(snapshot: Any, content: ReportContent) -> None:
    """A unit's score has the id of its dimension, its figures, and null for a figure that is not published."""
    score = content.units[1].dimensions[0]
    assert isinstance(score.index, Figure)

    written = snapshot["units"][1]["dimensions"][0]
    assert (written["id"], written["index"], written["standing"]) == ("trust", score.index.value, "above")
    assert written["favourable"] is None


def test_a_withheld_score_carries_nothing_else(snapshot: Any) -> None:
    """No number, no reason and no standing goes with a withheld score."""
    assert snapshot["units"][2]["dimensions"][2] == {"id": "speaking-up", "withheld": True}


def test_a_withheld_unit_carries_nothing_about_answers(snapshot: Any) -> None:
    """Of a withheld unit only its name and place are told."""
    unit = snapshot["units"][3]

    assert unit["withheld"] is True
    assert set(unit) == {"id", "name", "kind", "level", "path", "withheld"}


def test_what_a_withheld_unit_holds_does_not_change_the_file(content: ReportContent) -> None:
    """Even if a withheld row came with figures, none would be written."""
    units = list(content.units)
    units[3] = replace(units[3], n=whole(3), dimensions=content.units[1].dimensions)

    assert to_json(replace(content, units=tuple(units))) == to_json(content)


def test_withheld_and_undefined_look_the_same(content: ReportContent) -> None:
    """A single figure that is missing is null, whatever the reason: the reason would be a clue."""
    dimension = replace(content.dimensions[0], sd=HIDDEN)
    undefined = replace(content.dimensions[0], sd=replace(HIDDEN, text="not defined"))

    assert to_json(replace(content, dimensions=(dimension, *content.dimensions[1:]))) == to_json(
        replace(content, dimensions=(undefined, *content.dimensions[1:]))
    )


def test_whole_numbers_have_no_decimals(content: ReportContent) -> None:
    """71 is written as 71, whether it came as an integer or not."""
    as_float = replace(content.dimensions[0], index=whole(71.0))

    assert to_json(replace(content, dimensions=(as_float, *content.dimensions[1:]))) == to_json(content)


def test_holds_no_sentence_of_the_report(content: ReportContent) -> None:
    """Only figures and names: no summary, no caption, no note on the file."""
    text = to_json(content).decode()

    assert not any(sentence in text for sentence in (*content.summary, *content.notices, content.units_caption))
    assert content.source not in text


@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_is_written_as_utf_8(content: ReportContent, text: str) -> None:
    """Names come back as they were, but for what no UTF-8 file can hold."""
    snapshot = json.loads(to_json(replace(content, title=text)))

    assert snapshot["title"] == text.encode(errors="replace").decode()
