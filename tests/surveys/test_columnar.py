"""Parquet files are read as the CSV file of the same table would be."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from psafety.surveys.errors import FileError
from psafety.surveys.pieces import telling
from psafety.surveys.responses import load_survey
from psafety.surveys.tables import NoAnswersError, read_table

SAMPLE = Path(__file__).resolve().parents[2] / "surveys" / "samples" / "sample-2026-q1.csv"


@pytest.mark.parametrize("piece", [None, 7, 100])
def test_a_survey_in_parquet_is_the_survey_in_csv(tmp_path: Path, piece: int | None) -> None:
    """The same responses, whole and in pieces, whatever the format of the file."""
    path = tmp_path / SAMPLE.with_suffix(".parquet").name
    pq.write_table(pacsv.read_csv(SAMPLE), path, row_group_size=50)

    ours, csv = load_survey(path, piece=piece), load_survey(SAMPLE)

    assert ours.points.equals(csv.points)
    assert ours.groups.equals(csv.groups)
    assert ours.quality == csv.quality
    assert ours.source.dialect == "Parquet"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([1, None, 3]), ["1", None, "3"]),
        (pa.array([1.0, None, 3.0]), ["1", None, "3"]),  # as pandas writes whole numbers with a blank among them
        (pa.array([1.5, float("nan"), 1e300]), ["1.5", None, "1e+300"]),
        (pa.array(["a", " ", ""]), ["a", None, None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([datetime(2026, 3, 2, 8, 0, 0, 500, tzinfo=UTC)] * 3), ["2026-03-02 08:00:00"] * 3),
        (pa.array([None, None, None]), [None, None, None]),
    ],
)
def test_values_are_written_as_in_a_csv_file(tmp_path: Path, values: pa.Array, texts: list[str | None]) -> None:
    """Each kind of value becomes the text that a person expects."""
    path = tmp_path / "values.parquet"
    pq.write_table(pa.table({"first": ["x", "y", "z"], "value": values}), path)

    table = read_table(path)

    assert table.columns[1].to_pylist() == texts
    assert (list(table.rows), table.header) == ([2, 3, 4], ("first", "value"))


def test_lists_in_cells_are_refused(tmp_path: Path) -> None:
    """A column that is no column of texts or numbers is named, its cells are not quoted."""
    path = tmp_path / "nested.parquet"
    pq.write_table(pa.table({"a": [1], "b": [["x", "y"]]}), path)

    with pytest.raises(FileError, match="Column 2 holds no plain values"):
        read_table(path)


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """A file that only begins like Parquet is none."""
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 and nothing else")

    with pytest.raises(FileError, match="cannot be read"):
        read_table(path)


def test_a_file_without_rows_holds_no_answers(tmp_path: Path) -> None:
    """As with a CSV file that ends with its header."""
    path = tmp_path / "empty.parquet"
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), path)

    with pytest.raises(NoAnswersError):
        read_table(path)


def test_whoever_watches_is_told_how_much_of_a_file_was_read(tmp_path: Path) -> None:
    """By its rows: in all as much as the file has."""
    told: list[int] = []
    path = tmp_path / "survey.parquet"
    pq.write_table(pa.table({"Team": ["A"] * 100, "Q1": [1] * 100}), path)

    with telling(told.append):
        read_table(path, piece=20)

    assert (len(told), sum(told)) == (10, pytest.approx(path.stat().st_size, rel=0.01))
