"""Alchemer, formerly SurveyGizmo: Time Started, Date Submitted and Status; rows of a grid as "Row:Question".

Behind the first colon without a space comes the question. Status is Complete, Partial or Disqualified; partial
responses are often wholly empty.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import Export, folded, mark_where, matching, places_of, plain_text, positions

_METADATA = frozenset(
    {
        *("response id", "time started", "date submitted", "status", "contact id", "legacy comments", "comments"),
        *("language", "referer", "extended referer", "sessionid", "session id", "user agent", "extended user agent"),
        *("ip address", "longitude", "latitude", "country", "city", "state/region", "postal", "tags", "link name"),
    }
)
_NEEDED = frozenset({"time started", "date submitted", "status"})
_ROW_FIRST = re.compile(r"(?P<row>[^:]*[^:\s]):(?P<question>(?![\s/]).+)")
_WRITTEN_IN = re.compile(r"(?i)^(Other - Write In|Comments?)\b.*:")


def recognise(table: Table) -> Export | None:
    """A file with the three columns that every export of Alchemer has."""
    names = tuple(map(plain_text, table.header))
    if not folded(names[:12]) >= _NEEDED:
        return None
    # Behind the questions, a column called Country or Comments is one that the survey asked for.
    metadata = frozenset(place for place in positions(names, _METADATA) if place <= _last_own(names))
    texts = tuple(name if index in metadata else _question_first(name) for index, name in enumerate(names))
    return Export(
        platform="Alchemer (SurveyGizmo)",
        evidence=_("it has Time Started, Date Submitted and Status"),
        table=table,
        ids=names,
        texts=texts,
        metadata=metadata,
        comments=matching(names, _WRITTEN_IN) - metadata,
        incomplete=mark_where(names, "status", {"partial", "disqualified"}, "“Status” says partial or disqualified"),
        times=places_of(names, "time started", "date submitted"),
    )


def _last_own(names: tuple[str, ...]) -> int:
    """Where the run of own columns at the front ends."""
    return next((place - 1 for place, name in enumerate(names) if name.casefold() not in _METADATA), len(names) - 1)


def _question_first(name: str) -> str:
    """The header the other way round, as grids are written elsewhere.

    >>> _question_first("We listen:How far do you agree?"), _question_first("Note: none")
    ('How far do you agree? [We listen]', 'Note: none')
    """
    match = _ROW_FIRST.fullmatch(name)
    return f"{match['question']} [{match['row']}]" if match else name
