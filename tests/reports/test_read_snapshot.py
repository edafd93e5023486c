"""Snapshots read back: what a report printed, and nothing that is not a snapshot."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example import HIDDEN
from psafety.analysis.published import UNKNOWN_SCALE
from psafety.reports.content import ReportContent
from psafety.reports.snapshot import as_published, read_snapshot, to_json
from psafety.surveys.errors import FileError


@pytest.fixture
def snapshot(content: ReportContent) -> Any:
    return json.loads(to_json(content))


def written(folder: Path, snapshot: Any) -> Path:
    path = folder / "q1-report.json"
    path.write_text(snapshot if isinstance(snapshot, str) else json.dumps(snapshot), encoding="utf-8")
    return path


def test_what_was_printed_is_read_back(content: ReportContent, tmp_path: Path) -> None:
    """Names, figures and numbers of answers; rows on “everybody else” are other people in every wave."""
    path = tmp_path / "q1-report.json"
    path.write_bytes(to_json(content))

    read = read_snapshot(path)

    assert (read.title, read.wave, read.instrument, read.min_group) == (
        content.title,
        content.wave,
        content.instrument_id,
        content.min_group,
    )
    assert read.paths == tuple(unit.path for unit in content.units if unit.kind != "rest")
    assert read.people.tolist() == [9, 9, 9, 0]
    assert read.dimensions.index[:3, 0].tolist() == [60.0, 60.0, 60.0]
    assert read.directed


def test_a_withheld_figure_is_not_there(content: ReportContent) -> None:
    """NaN and no answers, for a score and for a whole unit."""
    read = as_published(content)

    assert np.isnan(read.dimensions.index[3]).all()
    assert (np.isnan(read.dimensions.index[2, 2]), read.dimensions.n[2, 2]) == (True, 0)


def test_a_measure_says_what_makes_it_the_same_in_two_waves(content: ReportContent) -> None:
    """Wording, scale, the items of a dimension, how answers spread."""
    read = as_published(content)
    trust, item = read.dimensions.measures[0], read.items.measures[0]

    assert (trust.items, trust.scale, trust.own, trust.within, trust.degrees) == (
        ("tr0", "tr1"),
        (1, 5),
        20.3,
        19.1,
        190,
    )
    assert (item.label, item.items, item.shares) == (content.items[0].rows[0].label, (), (0.05, 0.12, 0.22, 0.41, 0.2))


def test_where_the_spread_of_persons_is_not_shown_that_inside_groups_stands_in(content: ReportContent) -> None:
    """`sd_index` is null where too few people answered."""
    bare = replace(content.dimensions[0], sd_index=HIDDEN)

    read = as_published(replace(content, dimensions=(bare, *content.dimensions[1:])))

    assert (read.dimensions.measures[0].own, read.dimensions.measures[1].own) == (19.1, 20.3)


def test_a_distribution_that_is_withheld_in_part_is_not_used(content: ReportContent) -> None:
    """The rank test needs all of it."""
    group = content.items[0]
    bare = replace(group.rows[0], distribution=(HIDDEN, *group.rows[0].distribution[1:]))

    read = as_published(replace(content, items=(replace(group, rows=(bare, *group.rows[1:])), *content.items[1:])))

    assert (read.items.measures[0].shares, len(read.items.measures[1].shares)) == ((), 5)


@pytest.mark.parametrize(("instrument", "directed"), [("open-team-survey", True), ("drafted-from-file", False)])
def test_the_first_version_is_read_without_what_it_does_not_say(
    snapshot: Any, tmp_path: Path, instrument: str, directed: bool
) -> None:
    """No scale, no spread; the items of a dimension are those that name it."""
    added = ("scale", "sd_index", "sd_within", "degrees", "distribution")
    for row in (*snapshot["dimensions"], *snapshot["items"]):
        for key in added:
            row.pop(key, None)
    for row in snapshot["dimensions"]:
        del row["items"]
    del snapshot["directed"], snapshot["rules"]

    read = read_snapshot(written(tmp_path, snapshot | {"schema": "psafety-snapshot/1", "instrument": instrument}))

    assert read.dimensions.measures[0].items == ("tr0", "tr1")
    assert read.dimensions.measures[0].scale == UNKNOWN_SCALE
    assert np.isnan(read.dimensions.measures[0].own)
    assert (read.rules, read.directed) == ("", directed)


def test_units_of_one_path_are_told_apart_by_their_level(snapshot: Any, tmp_path: Path) -> None:
    """A department and a team of its name, with nothing above either."""
    for unit in snapshot["units"][1:3]:
        unit["path"] = ["North"]

    read = read_snapshot(written(tmp_path, snapshot))

    assert read.paths[1:3] == (("North (Department)",), ("North (Team)",))


def test_a_later_version_is_refused_as_such(snapshot: Any, tmp_path: Path) -> None:
    """The remedy is another psafety, not another file."""
    with pytest.raises(FileError, match="does not know") as caught:
        read_snapshot(written(tmp_path, snapshot | {"schema": "psafety-snapshot/9"}))

    assert caught.value.hint == "Update psafety."


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '"psafety-snapshot/2"', "{}", '{"schema": "psafety-snapshot/2"}', '{"schema": ["x"]}'),
        *("[" * 100_000, '{"schema": "psafety-comparison/1"}', '{"schema": "psafety-snapshot/x"}', "name,team\na,b\n"),
    ],
    ids=range(12),
)
def test_what_is_no_snapshot_is_refused(text: str, tmp_path: Path) -> None:
    """Cut off, of another program, or hostile: one clear message."""
    with pytest.raises(FileError, match="no snapshot of psafety, or it is damaged"):
        read_snapshot(written(tmp_path, text))


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found.update(wave=None),
        lambda found: found.update(min_group=True),
        lambda found: found.update(units=[]),
        lambda found: found.update(units=found["units"][1:]),
        lambda found: found["units"].append(found["units"][1]),
        lambda found: found["units"][1].update(path=[]),
        lambda found: found["units"][1].update(path=3),
        lambda found: found["units"][1].update(path=[["North"]]),
        lambda found: found["units"][1]["dimensions"].pop(),
        lambda found: found["units"][1]["dimensions"][0].update(index=101),
        lambda found: found["units"][1]["dimensions"][0].update(index="60"),
        lambda found: found["units"][1]["dimensions"][0].update(n=10**12),
        lambda found: found["units"][1]["dimensions"][0].update(n=-5),
        lambda found: found["units"][1].update(n=2.5),
        lambda found: found["dimensions"].append(found["dimensions"][0]),
        lambda found: found["dimensions"][0].update(scale=[1]),
        lambda found: found["dimensions"][0].update(sd_within=float("inf")),
        lambda found: found["items"][0].update(distribution=["all"]),
    ],
    ids=range(18),
)
def test_a_damaged_snapshot_is_refused(snapshot: Any, tmp_path: Path, damage: Any) -> None:
    """A figure that cannot be, a unit that is missing: nothing is made of it."""
    damage(snapshot)

    with pytest.raises(FileError, match="damaged") as caught:
        read_snapshot(written(tmp_path, snapshot))

    assert caught.value.where == "q1-report.json"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And one that is no text."""
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00{")

    for name in ("none.json", "bytes.json"):
        with pytest.raises(FileError, match="cannot be read"):
            read_snapshot(tmp_path / name)
