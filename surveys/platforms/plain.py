"""Any table with one header row and one row per respondent."""

from ...languages import gettext as _
from ..tables import Table
from .export import Export


def recognise(table: Table) -> Export:
    """Every table is at least this."""
    return Export(
        platform=_("plain table"),
        evidence=_("one header row, no sign of a survey platform"),
        table=table,
        ids=table.header,
        texts=table.header,
    )
