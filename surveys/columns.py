"""One column of a table, by its distinct texts: never row by row."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def distinct_texts(column: pa.DictionaryArray) -> list[str]:
    """The different texts of one column; never a blank one. Ask how many first: they may be everybody's own words."""
    return [str(text) for text in column.dictionary.to_pylist()]


def text_codes(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Per row the position of its text among the distinct ones; behind the last for an empty cell."""
    narrow = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)
    codes: npt.NDArray[np.int32] = narrow.astype(np.int32, copy=False)
    return codes


def counts_of_texts(column: pa.DictionaryArray) -> list[int]:
    """How many cells hold each of the distinct texts, in their order."""
    counts: list[int] = np.bincount(text_codes(column), minlength=len(column.dictionary) + 1)[:-1].tolist()
    return counts


def text_counts(column: pa.DictionaryArray) -> dict[str, int]:
    """How many cells hold each of the distinct texts."""
    return dict(zip(distinct_texts(column), counts_of_texts(column), strict=True))


def without_unused(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with only those distinct texts that some row holds."""
    used = np.bincount(text_codes(column), minlength=len(column.dictionary) + 1)[: len(column.dictionary)] > 0
    if used.all():
        return column
    new_places = pa.array(np.cumsum(used) - 1, column.type.index_type, mask=~used)
    return pa.DictionaryArray.from_arrays(new_places.take(column.indices), column.dictionary.filter(pa.array(used)))


def with_wide_codes(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with codes of 32 bits, as those that are to be put together must have; they may be narrower."""
    if column.type.index_type == pa.int32():
        return column
    return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), column.dictionary)
