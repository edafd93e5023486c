"""The answers of all items, row by row, as points of their scales."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..languages import gettext as _, marked
from .answers import UNKNOWN, Numbering, Reading, answer_texts, as_in_instrument, read_answers
from .cells import BLANK, split_number, whole_number
from .columns import text_codes
from .errors import AnswerError
from .instrument import Instrument, Item, ResponseScale
from .phrases import enumerated, short
from .pieces import codes_of
from .platforms.export import Export

Codes = npt.NDArray[np.int8]
_MOST_TEXTS = (
    1000  # more different texts than any column of ratings holds: it is free text, or numbers of something else
)
_ODD_NUMBERING = {
    -1: (
        marked("In column {columns} the numbers run against the labels; the labels were believed."),
        marked("In columns {columns} the numbers run against the labels; the labels were believed."),
    ),
    0: (
        marked("In column {columns} the numbers do not follow the order of the labels; the labels were believed."),
        marked("In columns {columns} the numbers do not follow the order of the labels; the labels were believed."),
    ),
    1: (
        marked(
            "In column {columns} the numbers do not start where those of the instrument do; the labels were believed."
        ),
        marked(
            "In columns {columns} the numbers do not start where those of the instrument do; the labels were believed."
        ),
    ),
}


def read_points(export: Export, instrument: Instrument, items: Mapping[str, int]) -> tuple[Codes, tuple[str, ...]]:
    """(rows × items) points as ticked; notes on columns whose numbers do not count as the instrument does.

    items: item id → column. Raises AnswerError naming rows and column where an answer is not on the scale of its item.
    """
    readings = readings_of(export, instrument, items)
    points = codes_of(len(export.table.rows), len(instrument.items))
    for index, item in enumerate(instrument.items):
        codes = _spread(export.table.columns[items[item.id]], readings[item.id])
        if UNKNOWN in readings[item.id].points and (codes == UNKNOWN).any():
            raise _foreign_answer(export, items[item.id], item, codes)
        points[:, index] = codes
    return points, _numbering_notes(instrument, items, readings)


def readings_of(export: Export, instrument: Instrument, items: Mapping[str, int]) -> dict[str, Reading]:
    """Item id → how the distinct texts of its column are understood, in the order of its dictionary.

    Raises AnswerError where a column holds no ratings, or bare numbers that columns of the same scale count in
    different ways.
    """
    readings = {item.id: _reading(export, item, items[item.id], None) for item in instrument.items}
    for item in instrument.items:
        reading = readings[item.id]
        if reading.bare and reading.numbering is None:
            borrowed = _numbering_of_others(export, item, items, instrument, readings)
            if borrowed is not None:
                readings[item.id] = replace(_reading(export, item, items[item.id], borrowed), numbering=borrowed)
    return readings


def _reading(export: Export, item: Item, position: int, numbering: Numbering | None) -> Reading:
    column = export.table.columns[position]
    if len(column.dictionary) > _MOST_TEXTS:
        raise AnswerError(
            f"Column {position + 1} (“{short(export.ids[position])}”) was taken for the item “{item.id}”, but holds"
            f" {len(column.dictionary):,} different texts: these are no ratings.",
            where=export.table.path.name,
            hint="Name the right column under [items] in psafety.toml, or give this one another header.",
        )
    return read_answers(answer_texts(export, position), item.scale, numbering)


def _numbering_of_others(
    export: Export, item: Item, items: Mapping[str, int], instrument: Instrument, readings: Mapping[str, Reading]
) -> Numbering | None:
    """How the columns of the same scale that have labels beside some numbers count; None where there is none.

    Raises AnswerError where they count in different ways, so that the bare numbers of this one say nothing.
    """
    counts = {
        reading.numbering
        for other in instrument.items
        if other.scale == item.scale and (reading := readings[other.id]).numbering is not None
    }
    if len(counts) > 1:
        position = items[item.id]
        raise AnswerError(
            f"Column {position + 1} (“{short(export.ids[position])}”) holds bare numbers, and in other columns of the"
            " same scale the labels beside the numbers say that they count in different ways.",
            where=export.table.path.name,
            hint="Export this column with its labels.",
        )
    return next(iter(counts), None)


def _numbering_notes(
    instrument: Instrument, items: Mapping[str, int], readings: Mapping[str, Reading]
) -> tuple[str, ...]:
    """What a person should know of the columns whose numbers do not count as the instrument does."""
    odd: dict[int, list[int]] = {}
    for item in instrument.items:
        numbering = readings[item.id].numbering
        if numbering is not None and numbering != as_in_instrument(item.scale):
            odd.setdefault(numbering.sign, []).append(items[item.id] + 1)
    return tuple(
        _(_ODD_NUMBERING[sign][len(columns) > 1]).format(columns=enumerated(list(map(str, columns)), most=8))
        for sign, columns in odd.items()
    )


def _spread(column: pa.DictionaryArray, reading: Reading) -> Codes:
    """The point of every row, from the point of every distinct text."""
    lookup: Codes = np.array([*reading.points, BLANK], np.int8)
    return lookup[text_codes(column)]


def _foreign_answer(export: Export, position: int, item: Item, codes: Codes) -> AnswerError:
    rows = np.flatnonzero(codes == UNKNOWN)
    number = _number_in(str(export.table.columns[position][int(rows[0])].as_py()))
    what = f"the number {number}" if number is not None else "an answer that is not one of the labels"
    where = ", ".join(str(export.table.rows[int(row)]) for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return AnswerError(
        f"Column {position + 1} (“{short(export.ids[position])}”) holds {what}, which does not fit the scale of"
        f" item “{item.id}”: {_scale_in_words(item.scale)}.",
        where=f"{export.table.path.name}, row{'s' if len(rows) > 1 else ''} {where}{more}",
        hint="Correct these cells, or leave them empty if nothing was answered; or describe the scale in an instrument"
        " file (`psafety draft` writes one) and name it with --instrument.",
    )


def _number_in(text: str) -> int | None:
    """The number that a cell is, or that stands beside its label."""
    number, pair = whole_number(text), split_number(text)
    return pair.number if number is None and pair and pair.marked else number


def _scale_in_words(scale: ResponseScale) -> str:
    labels = scale.labels.get("en") or next(iter(scale.labels.values()), ())
    ends = f", “{labels[0]}” to “{labels[-1]}”" if labels else ""
    return f"{scale.low} to {scale.high}{ends}"
