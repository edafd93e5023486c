"""What a spreadsheet program has done to answers: said, and never guessed back."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..languages import gettext as _, grouped, ngettext
from .columns import distinct_texts, text_codes, text_counts

_MOST_DISTINCT = 100  # texts: more are no answers to choose from
_MOST_LOOKED_AT = 1000
_MOST_ROWS_NAMED = 5
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|se[pt]|o[ck]t|nov|de[cz])[a-z]{0,2}"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?: 00:00:00)?|\d{{1,2}}[-. ]{{1,2}}{_MONTH}\.?|{_MONTH}\.?[- ]\d{{1,2}}", re.IGNORECASE
)
_CHOICE = re.compile(r"\s*[<>≤≥]?\s*\d{1,3}\s*(?:(?:-|–|to|bis|à|a)\s*\d{1,3}|\+)?\s*", re.IGNORECASE)
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+(?:1[1-9]|[2-9]\d)$", re.MULTILINE)


def notes_on_damage(
    header: Sequence[str], columns: Sequence[pa.DictionaryArray], rows: npt.NDArray[np.int64]
) -> list[str]:
    """Sentences on the columns in which a few answers became dates, or long numbers were rounded."""
    notes = []
    for place, (name, column) in enumerate(zip(header, columns, strict=True), start=1):
        if dates := _dates_among_choices(column):
            notes.append(
                _(
                    "Column {column} ({name}) holds dates in {rows}: a spreadsheet program may have made them of"
                    " answers such as 3-4. Mend them in the file, or in the survey tool's own export."
                ).format(column=place, name=_short(name), rows=_rows_with(column, dates, rows))
            )
        if rounded := _ROUNDED.findall("\n".join(column.dictionary[:_MOST_LOOKED_AT].to_pylist())):
            notes.append(
                _(
                    "Column {column} ({name}) holds long numbers that a spreadsheet program has rounded, in {rows}:"
                    " different ones may look alike."
                ).format(column=place, name=_short(name), rows=_rows_with(column, rounded, rows))
            )
    return notes


def _dates_among_choices(column: pa.DictionaryArray) -> list[str]:
    """The dates in a column of small numbers and ranges of such; none where there are as many dates as those."""
    if len(column.dictionary) > _MOST_DISTINCT:
        return []
    dates = [text for text in distinct_texts(column) if _DATE.fullmatch(text)]
    if not dates:
        return []
    counts = text_counts(column)
    choices = sum(count for text, count in counts.items() if _CHOICE.fullmatch(text))
    others = sum(counts.values()) - choices
    return dates if 0 < others < choices and others <= 2 * sum(counts[text] for text in dates) else []


def _rows_with(column: pa.DictionaryArray, texts: Sequence[str], rows: npt.NDArray[np.int64]) -> str:
    codes = [code for code, text in enumerate(distinct_texts(column)) if text in set(texts)]
    found = rows[np.isin(text_codes(column), codes)].tolist()
    named = ", ".join(map(str, found[:_MOST_ROWS_NAMED]))
    if len(found) > _MOST_ROWS_NAMED:
        more = grouped(len(found) - _MOST_ROWS_NAMED)
        # For translators: stands behind “in”.
        return _("rows {rows} and {number} more").format(rows=named, number=more)
    # For translators: stands behind “in”.
    return ngettext("row {rows}", "rows {rows}", len(found)).format(rows=named)


def _short(name: str) -> str:
    name = " ".join(name.split())
    return f"'{name}'" if len(name) <= 40 else f"'{name[:39]}…'"
