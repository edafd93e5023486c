"""Figures of other people to compare with, from a small file that names the source of each of them; none ships."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .cells import fold
from .errors import TableError
from .tables import Table, read_table

_COLUMNS = {
    "id": ("id", "dimension", "item", "measure"),
    "mean": ("mean",),
    "sd": ("sd", "standard deviation"),
    "n": ("n", "people"),
    "source": ("source",),
}
_SCALE = re.compile(r"\s*(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})\s*")


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """What other people answered to one dimension or item. mean, sd: on 0 to 100; n: people; source: who says so."""

    id: str
    mean: float
    sd: float
    n: int
    source: str


def read_benchmark(path: Path) -> tuple[BenchmarkRow, ...]:
    """Read a file with the columns id, mean, sd, n and source; mean and sd on 0 to 100, or on a `scale` such as 1-5.

    Raises TableError naming the row where a figure cannot be, or where a line does not name its source.
    """
    path = Path(path)
    table = read_table(path)
    texts = _texts(table, path.name)
    rows = tuple(_row(*cells, where=f"{path.name}, row {number}") for number, cells in texts)
    ids = [row.id for row in rows]
    for row in rows:
        if ids.count(row.id) > 1:
            raise TableError(
                f"“{row.id[:40]}” stands there twice.", where=path.name, hint="Keep one line for each dimension."
            )
    return rows


def _texts(table: Table, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row with its number: id, mean, sd, n, source, scale as texts."""
    headers = [fold(header) for header in table.header]
    places = []
    for column, names in _COLUMNS.items():
        found = [place for place, header in enumerate(headers) if header in names]
        if not found:
            raise TableError(
                f"The benchmark has no column “{column}”.", where=name, hint="Give it: id, mean, sd, n, source."
            )
        places.append(found[0])
    columns = [table.columns[place].to_pylist() for place in places]
    scale = table.columns[headers.index("scale")].to_pylist() if "scale" in headers else [None] * len(table.rows)
    for number, *cells in zip(table.rows, *columns, scale, strict=True):
        yield number, tuple((cell or "").strip() for cell in cells)


def _row(id_: str, mean: str, sd: str, n: str, source: str, scale: str, *, where: str) -> BenchmarkRow:
    if not source:
        raise TableError(
            "This line does not name its source, and a figure of unknown origin is no benchmark.",
            where=where,
            hint="Write in the column “source” where the figure is from.",
        )
    if scale and not _SCALE.fullmatch(scale):
        raise TableError("The scale is not two numbers.", where=where, hint="Write it as 1-5, or leave it empty.")
    low, high = map(float, _SCALE.fullmatch(scale or "0-100").groups())  # type: ignore[union-attr]
    value, spread, people = (_number(text, where) for text in (mean, sd, n))
    if not (low < high and low <= value <= high and 0 <= spread <= high - low and people == int(people) >= 2):
        raise TableError(
            "A figure of this line cannot be: the mean has to lie on the scale, the SD to be smaller than it, and n to"
            " be a whole number from 2.",
            where=where,
            hint="Figures on another scale than 0 to 100 need a column “scale”, such as 1-5.",
        )
    return BenchmarkRow(id_, (value - low) / (high - low) * 100, spread / (high - low) * 100, int(people), source)


def _number(text: str, where: str) -> float:
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e9:
        raise TableError("Mean, SD and n have to be numbers.", where=where, hint="Correct this line.")
    return value
