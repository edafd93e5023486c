"""Small survey files and exports, for the tests of reading."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.platforms.export import Export
from psafety.surveys.tables import Table

AGREEMENT = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
ZUSTIMMUNG = ("Stimme gar nicht zu", "Stimme eher nicht zu", "Teils, teils", "Stimme eher zu", "Stimme voll zu")


def scale_of(points: int = 5, *, low: int = 1, labels: bool = True) -> ResponseScale:
    """An agreement scale with English and German labels, or bare numbers."""
    values = tuple(range(low, low + points))
    middle = (values[0] + values[-1]) / 2
    return ResponseScale(
        id=f"scale-{points}",
        values=values,
        labels={"en": AGREEMENT, "de": ZUSTIMMUNG} if labels else {},
        favourable=frozenset(value for value in values if value > middle),
        unfavourable=frozenset(value for value in values if value < middle),
    )


def instrument_of(
    texts: dict[str, str], scale: ResponseScale | None = None, *, reverse: Iterable[str] = (), by_position: bool = False
) -> Instrument:
    """An instrument of one dimension: item id → question text, "" for none."""
    scale = scale or scale_of()
    return Instrument(
        id="test",
        titles={"en": "Test"},
        version="1",
        licence="",
        citation="",
        evidence={},
        dimensions=(Dimension("d", {"en": "Dimension"}, {}),),
        items=tuple(
            Item(id_, "d", scale, {"en": text} if text else {}, reverse=id_ in set(reverse))
            for id_, text in texts.items()
        ),
        by_position=by_position,
    )


def export_of(header: Sequence[str], *rows: Sequence[str], texts: Sequence[str] | None = None) -> Export:
    """An export as a platform would hand it on; "" is an empty cell."""
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    columns = tuple(pa.array([cell or None for cell in column], pa.string()).dictionary_encode() for column in cells)
    table = Table(Path("survey.csv"), tuple(header), columns, range(2, len(rows) + 2), "CSV")
    return Export("plain table", "", table, tuple(header), tuple(texts or header))


def write_csv(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """A CSV file as any program writes it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path
