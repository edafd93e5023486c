"""Google Forms: a first column Timestamp, question texts as headers, grids as "Question [Row]"."""

from ..tables import Table
from .export import Export

# What Forms calls its first column in the languages we have seen.
_TIMESTAMPS = frozenset({"timestamp", "zeitstempel", "horodateur", "marca temporal", "informazioni cronologiche"})


def recognise(table: Table) -> Export | None:
    """A file whose first column is the time stamp that Forms writes."""
    if table.header[0].strip().casefold() not in _TIMESTAMPS:
        return None
    return Export(
        platform="Google Forms",
        evidence=f"the first column is “{table.header[0].strip()}”",
        table=table,
        ids=table.header,
        texts=table.header,
        metadata=frozenset({0}),
    )
