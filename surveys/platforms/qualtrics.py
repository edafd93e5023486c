"""Qualtrics: a header row of names, one of question texts, and (since 2016) one of import ids.

Current files write {"ImportId": "QID1"}, those of 2016 {'ImportId': 'QID1'}; the legacy format has no such row, calls
its first ten columns V1 to V10 and ends every line with a comma. Some people delete the second and third row by hand.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import (
    Export,
    folded,
    mark_where,
    matching,
    place_of,
    places_of,
    plain_text,
    positions,
    row_of,
    without_first,
)

_METADATA = frozenset(
    {
        *("startdate", "enddate", "status", "ipaddress", "progress", "duration (in seconds)", "finished"),
        *("recordeddate", "responseid", "responseset", "recipientlastname", "recipientfirstname", "recipientemail"),
        *("externalreference", "externaldatareference", "locationlatitude", "locationlongitude", "locationaccuracy"),
        *("distributionchannel", "userlanguage", "emailaddress", "name", ""),
    }
)
_ALWAYS_THERE = frozenset({"startdate", "enddate", "status", "finished", "recordeddate", "ipaddress", "progress"})
# What is measured or derived beside an answer: the order of choices, clicks, what a machine read out of a text.
_DERIVED = re.compile(
    r"_DO(?:_|$)|_(?:First Click|Last Click|Page Submit|Click Count)$| - (?:Parent )?Topics?$| - Topic Hierarchy"
    r"| - Sentiment|^Q_(?:TotalDuration|Recaptcha|RelevantID|Duplicate|BallotBox|Ambiguous|Unanswered|Straightlin|URL)"
)
_TESTS = frozenset({"1", "2", "9", "17", "survey preview", "survey test", "preview spam", "offline survey preview"})
_TEXT_ENTRY = re.compile(r"(?i:QID\d.*[-_]TEXT\b)|_TEXT$")


def recognise(table: Table) -> Export | None:
    """A file with one of the headers that Qualtrics writes."""
    first, second = row_of(table, 0), row_of(table, 1)
    if first is None:
        return None
    if second is not None and second[0] and all("ImportId" in cell for cell in second if cell):
        return _export(table, _("three header rows, the third with import ids"), first, second)
    if table.header[0].strip() == "V1" and first[0].strip().casefold() == "responseid":
        names = tuple(_legacy_name(*pair) for pair in zip(table.header, first, strict=True))
        return _export(table, _("two header rows, with V1 over ResponseID"), first, names=names)
    key = place_of(table.header, "responseid")
    if key is None or len(_ALWAYS_THERE & folded(table.header)) < 4:
        return None
    if first[key].strip().casefold() in {"response id", "responseid", "antwort-id"}:
        return _export(table, _("its own columns, from StartDate to ResponseId, over a row of texts"), first)
    return _export(table, _("its own columns, from StartDate to ResponseId"), table.header, header_rows=0)


def _export(
    table: Table,
    evidence: str,
    texts: tuple[str, ...],
    imports: tuple[str, ...] = (),
    *,
    names: tuple[str, ...] = (),
    header_rows: int = 1,
) -> Export:
    names = names or table.header
    metadata = positions(names, _METADATA) | matching(names, _DERIVED)
    return Export(
        platform="Qualtrics",
        evidence=evidence,
        table=without_first(table, header_rows + bool(imports)),
        ids=names,
        texts=tuple(plain_text(text) or name for text, name in zip(texts, names, strict=True)),
        metadata=metadata,
        coded=True,
        comments=(matching(names, _TEXT_ENTRY) | matching(imports, _TEXT_ENTRY)) - metadata,
        missing=frozenset({"-99"}),  # seen, and left unanswered
        tests=mark_where(names, "status", _TESTS, "“Status” says preview or test"),
        incomplete=mark_where(names, "finished", {"0", "false"}, "“Finished” says no"),
        duration=place_of(names, "duration (in seconds)"),
        times=places_of(names, "startdate", "enddate"),
    )


def _legacy_name(name: str, text: str) -> str:
    return text if re.fullmatch(r"V\d+", name.strip()) and text.strip().casefold() in _METADATA else name
