"""Typeform: a first column "#" with the response's key, the questions, then dates in UTC and a network id.

Headers keep the questions' markup, as HTML or as *bold*; options of a multiple choice have a column each; a column
"Other" holds what was written. Yes and no are 1 and 0, or TRUE and FALSE.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import Export, mark_where, places_of, plain_text, positions

_METADATA = frozenset(
    {
        *("#", "start date (utc)", "submit date (utc)", "stage date (utc)", "network id", "response type", "tags"),
        *("ending", "score"),
    }
)
_ITS_OWN = frozenset({"start date (utc)", "submit date (utc)", "stage date (utc)", "network id"})
_BOLD = re.compile(r"\*+(?=\S)([^*]+)(?<=\S)\*+")


def recognise(table: Table) -> Export | None:
    """A file whose first column is "#", and that has Typeform's dates or network id."""
    if table.header[0].strip() != "#" or not positions(table.header, _ITS_OWN):
        return None
    names = tuple(_BOLD.sub(r"\1", plain_text(name)) for name in table.header)
    return Export(
        platform="Typeform",
        evidence=_("the first column is “#”, and there are dates in UTC or a network id"),
        table=table,
        ids=names,
        texts=names,
        metadata=positions(names, _METADATA),
        comments=positions(names, frozenset({"other"})),
        incomplete=mark_where(names, "response type", {"partial", "started"}, "“Response Type” says partial"),
        times=places_of(names, "start date (utc)", "submit date (utc)"),
    )
