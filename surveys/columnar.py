"""Parquet files → a table of text: every value as a person would write it into a CSV file."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .errors import FileError
from .pieces import pieces_of, spooled, told_by
from .tables import Table, assemble, blanks_as_null, no_answers

_TEXT = pa.dictionary(pa.int32(), pa.string())
_HEADER = 1  # the row that the names of the columns would stand in


def read_parquet(path: Path, *, piece: int | None = None) -> Table:
    """Read a Parquet file as text; rows count as in a spreadsheet with a header row.

    Whole numbers are written without a decimal point, also where a blank among them made fractions of them; times as
    2026-03-02 08:00:00. piece: how many cells are worked on at once; None for all.
    Raises FileError where it cannot be read, or a column holds lists or the like.
    """
    try:
        with pq.ParquetFile(path) as file:
            names, size = file.schema_arrow.names, file.metadata.num_rows
            if not names or not size:
                raise no_answers(path)
            _refuse_nested(path, file.schema_arrow.types)
            if piece is not None:
                rows = max(1, piece // len(names))
                share = path.stat().st_size * rows // size
                pieces = told_by(count(share, share).__next__, pieces_of(_batches(file, rows), piece))
                columns = spooled(pieces, len(names))
            else:
                whole = pa.Table.from_batches(_batches(file, size)).combine_chunks()
                columns = [blanks_as_null(column.chunk(0)) for column in whole.columns]
    except (pa.ArrowException, OSError) as error:
        raise FileError(
            "The Parquet file cannot be read.", where=path.name, hint="Write it again, or export it as CSV."
        ) from error
    numbers = np.arange(_HEADER + 1, _HEADER + 1 + size)
    return assemble(path, names, columns, numbers, dialect="Parquet")


def _refuse_nested(path: Path, kinds: Sequence[pa.DataType]) -> None:
    for place, kind in enumerate(kinds, start=1):
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise FileError(
                f"Column {place} holds no plain values but {kind}.",
                where=path.name,
                hint="Write the table again with one value in each cell.",
            )


def _batches(file: pq.ParquetFile, size: int) -> Iterator[pa.RecordBatch]:
    for batch in file.iter_batches(batch_size=size):
        columns = [_as_text(column) for column in batch.columns]
        yield pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(columns))])


def _as_text(column: pa.Array) -> pa.DictionaryArray:
    """One column as texts, each once; what differs only in how it is stored is one text."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = _written(encoded.dictionary)
    once = texts.dictionary_encode()
    indices = once.indices.take(encoded.indices.cast(pa.int32()))
    return pa.DictionaryArray.from_arrays(indices, once.dictionary).cast(_TEXT)


def _written(values: pa.Array) -> pa.StringArray:
    kind = values.type
    if pa.types.is_floating(kind):
        whole = pc.equal(pc.floor(values), values)
        exact = pc.and_(whole, pc.less(pc.abs(values), 2.0**53))
        numbers = pc.if_else(exact, values, None).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(numbers, pc.if_else(pc.is_nan(values), None, values).cast(pa.string()))
    if pa.types.is_timestamp(kind):
        seconds = values.cast(pa.timestamp("s", kind.tz), safe=False)
        return pc.strftime(seconds, format="%Y-%m-%d %H:%M:%S")
    return values.cast(pa.string())
