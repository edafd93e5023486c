"""Any table with one header row and one row per respondent."""

from ..tables import Table
from .export import Export


def recognise(table: Table) -> Export:
    """Every table is at least this."""
    return Export(
        platform="plain table",
        evidence="one header row, no sign of a survey platform",
        table=table,
        ids=table.header,
        texts=table.header,
    )
