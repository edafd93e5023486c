"""Figures from elsewhere: each with its source, on a scale that is known."""

from pathlib import Path

import pytest
from psafety.surveys.benchmark import BenchmarkRow, read_benchmark
from psafety.surveys.errors import TableError

HEAD = "id,mean,sd,n,source,scale\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "benchmark.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_is_read_on_0_to_100(tmp_path: Path) -> None:
    """A mean on another scale is put on 0 to 100; a comma is a decimal point."""
    path = written(tmp_path, HEAD + 'trust,"70,5",18,1200,Sister company,\nopenness,4,0.8,400,Trade survey,1-5\n')

    assert read_benchmark(path) == (
        BenchmarkRow("trust", 70.5, 18.0, 1200, "Sister company"),
        BenchmarkRow("openness", 75.0, 20.0, 400, "Trade survey"),
    )


def test_headings_may_come_in_any_order_and_by_other_names(tmp_path: Path) -> None:
    """Dimension for id, people for n; without a column “scale” all is on 0 to 100."""
    path = written(tmp_path, "Source;People;SD;Mean;Dimension\nA;20;18;70;trust\nB;20;18;70;openness\n")

    assert [row.id for row in read_benchmark(path)] == ["trust", "openness"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,mean,sd,n\ntrust,70,18,20\n", "no column “source”"),
        (HEAD + "trust,70,18,20,,\nopenness,70,18,20,B,\n", "does not name its source"),
        (HEAD + "trust,many,18,20,A,\nopenness,70,18,20,B,\n", "have to be numbers"),
        (HEAD + "trust,inf,18,20,A,\nopenness,70,18,20,B,\n", "have to be numbers"),
        (HEAD + "trust,170,18,20,A,\nopenness,70,18,20,B,\n", "cannot be"),
        (HEAD + "trust,70,-1,20,A,\nopenness,70,18,20,B,\n", "cannot be"),
        (HEAD + "trust,70,18,1,A,\nopenness,70,18,20,B,\n", "cannot be"),
        (HEAD + "trust,70,18,2.5,A,\nopenness,70,18,20,B,\n", "cannot be"),
        (HEAD + "trust,3,1,20,A,5-1\nopenness,70,18,20,B,\n", "cannot be"),
        (HEAD + "trust,3,1,20,A,five\nopenness,70,18,20,B,\n", "scale is not two numbers"),
        (HEAD + "trust,70,18,20,A,\ntrust,70,18,20,B,\n", "stands there twice"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(tmp_path: Path, text: str, problem: str) -> None:
    """A figure of unknown origin, or none at all, is no benchmark."""
    with pytest.raises(TableError, match=problem) as caught:
        read_benchmark(written(tmp_path, text))

    assert "benchmark.csv" in caught.value.where
    assert caught.value.hint
