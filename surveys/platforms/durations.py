"""How long people took, from whatever the platform says about it."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..columns import distinct_texts, text_codes
from .export import Export

# Day or month first makes no difference to how long somebody took, but for those who started before midnight.
_FORMATS = (
    *("ISO8601", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M:%S", "%m/%d/%y %H:%M"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"),
)
_SAMPLE = 1_000  # different texts of a column, evenly spread, that tell which format they are in
Seconds = npt.NDArray[np.float64]


def durations(export: Export) -> Seconds | None:
    """(rows,) the seconds that each person took, NaN where the cell does not say; None where the export never does."""
    if export.duration is not None:
        column = export.table.columns[export.duration]
        numbers = pd.to_numeric(pd.Series(distinct_texts(column), dtype=object), errors="coerce")
        return _not_negative(_spread(column, numbers.to_numpy(np.float64)))
    if export.times is None:
        return None
    start, end = (export.table.columns[place] for place in export.times)
    texts = [_some(column.dictionary) for column in (start, end)]
    format_ = max(_FORMATS, key=lambda each: min(int(np.isfinite(_moments(some, each)).sum()) for some in texts))
    started, ended = (_spread(column, _moments(column.dictionary, format_)) for column in (start, end))
    return _not_negative(ended - started)


def _some(texts: pa.StringArray) -> pa.StringArray:
    if len(texts) <= _SAMPLE:
        return texts
    return texts.take(pa.array(np.linspace(0, len(texts) - 1, _SAMPLE).astype(np.int64)))


def _moments(texts: pa.StringArray, format_: str) -> Seconds:
    """(texts,) seconds since 1970, NaN where the text is no date and time of this format."""
    if format_ == "ISO8601":
        moments = pd.to_datetime(pd.Series(texts.to_pylist(), dtype=object), format=format_, errors="coerce", utc=True)
        since_1970 = (moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        return since_1970.to_numpy(np.float64).astype(np.float64, copy=False)
    read = pc.strptime(pc.utf8_trim_whitespace(texts), format=format_, unit="s", error_is_null=True)
    seconds: Seconds = read.cast(pa.int64()).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return seconds


def _spread(column: pa.DictionaryArray, of_each_text: npt.NDArray[np.floating[Any]]) -> Seconds:
    spread: Seconds = np.append(of_each_text, np.nan)[text_codes(column)]
    return spread


def _not_negative(seconds: Seconds) -> Seconds:
    return np.where(seconds >= 0, seconds, np.nan)
