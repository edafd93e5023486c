"""Qualtrics: header rows of names, of question texts, and of {"ImportId": …}."""

from ..tables import Table
from .export import Export, positions, row_of, without_first

_METADATA = frozenset(
    {
        *("startdate", "enddate", "status", "ipaddress", "progress", "duration (in seconds)", "finished"),
        *("recordeddate", "responseid", "responseset", "recipientlastname", "recipientfirstname", "recipientemail"),
        *("externalreference", "externaldatareference", "locationlatitude", "locationlongitude", "locationaccuracy"),
        *("distributionchannel", "userlanguage", "emailaddress", "name"),
    }
)


def recognise(table: Table) -> Export | None:
    """A file whose third row holds the import ids."""
    texts, imports = row_of(table, 0), row_of(table, 1)
    if texts is None or imports is None or "ImportId" not in imports[0]:
        return None
    return Export(
        platform="Qualtrics",
        evidence="three header rows, the third with import ids",
        table=without_first(table, 2),
        ids=table.header,
        texts=texts,
        metadata=positions(table.header, _METADATA),
    )
