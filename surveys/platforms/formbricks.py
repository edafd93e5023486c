"""Formbricks: No., Response ID, Timestamp, Finished and Survey ID first, then the browser's data, then the questions.

Questions are numbered ("1. How …?"), rows of a grid stand behind a dash. Finished is Yes or No.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import Export, folded, mark_where, matching, plain_text, positions

_NEEDED = frozenset({"response id", "timestamp", "finished", "survey id"})
_METADATA = _NEEDED | {
    *("no.", "formbricks id (internal)", "formbricks user id", "user id", "notes", "tags", "quotas"),
    *("source", "url", "country", "action", "language", "ipaddress"),
}
_BROWSER = re.compile(r"(?i)^userAgent - ")


def recognise(table: Table) -> Export | None:
    """A file with the four columns that all versions of Formbricks write first."""
    names = tuple(map(plain_text, table.header))
    if not folded(names[:6]) >= _NEEDED:
        return None
    return Export(
        platform="Formbricks",
        evidence=_("it starts with Response ID, Timestamp, Finished and Survey ID"),
        table=table,
        ids=names,
        texts=names,
        metadata=positions(names, _METADATA) | matching(names, _BROWSER),
        incomplete=mark_where(names, "finished", {"no", "false"}, "“Finished” says no"),
    )
