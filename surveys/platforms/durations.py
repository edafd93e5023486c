"""How long people took, from whatever the platform says about it."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ..columns import distinct_texts, text_codes
from .export import Export

# Day or month first makes no difference to how long somebody took, but for those who started before midnight.
_FORMATS = (
    *("ISO8601", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M:%S", "%m/%d/%y %H:%M"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"),
)
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
    readings = [(_moments(start, format_), _moments(end, format_)) for format_ in _FORMATS]
    started, ended = max(readings, key=lambda both: int(np.isfinite(both[1] - both[0]).sum()))
    return _not_negative(ended - started)


def _moments(column: pa.DictionaryArray, format_: str) -> Seconds:
    """(rows,) seconds since 1970, NaN where the cell is no date and time of this format."""
    texts = pd.Series(distinct_texts(column), dtype=object)
    moments = pd.to_datetime(texts, format=format_, errors="coerce", utc=True)
    return _spread(column, ((moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)).to_numpy(np.float64))


def _spread(column: pa.DictionaryArray, of_each_text: npt.NDArray[np.floating[Any]]) -> Seconds:
    spread: Seconds = np.append(of_each_text, np.nan)[text_codes(column)]
    return spread


def _not_negative(seconds: Seconds) -> Seconds:
    return np.where(seconds >= 0, seconds, np.nan)
