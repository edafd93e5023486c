"""SurveyMonkey: a second header row with the rows and options of each question, or "Response" where there are none.

The first row names a question once and leaves the cells of its further rows and options empty. The platform's own
columns (Respondent ID, Collector ID, …; respondent_id in newer files) have nothing in the second row. Condensed files
have no such row at all.
"""

from collections.abc import Sequence

from ...languages import gettext as _
from ..tables import Table
from .export import Export, folded, places_of, plain_text, positions, row_of, without_first

_METADATA = frozenset(
    {
        *("respondentid", "respondent id", "collectorid", "collector id", "startdate", "start date", "enddate"),
        *("end date", "ip address", "ipaddress", "email address", "first name", "last name", "customdata"),
        *("custom data 1", "custom data", "respondent_id", "collector_id", "date_created", "date_modified"),
        *("ip_address", "email_address", "first_name", "last_name", "custom_1"),
    }
)
_RESPONSE = frozenset({"response", "open-ended response"})
_FREE_TEXT = frozenset({"open-ended response", "other (please specify)"})


def recognise(table: Table) -> Export | None:
    """A file with the header rows, or at least the own columns, of SurveyMonkey."""
    own = positions(table.header, _METADATA)
    second = row_of(table, 0)
    if second is not None and _is_second_header(table.header, second, own):
        return _export(
            table, own, second, _("two header rows, the second with “Response” and the rows of each question")
        )
    if len(own) > 3 and folded(table.header) & {"collector id", "collectorid", "collector_id"}:
        return _export(
            table, own, ("",) * len(table.header), _("its own columns, from Respondent ID on"), header_rows=0
        )
    return None


def _is_second_header(header: Sequence[str], second: Sequence[str], own: frozenset[int]) -> bool:
    """Whether nothing stands under the own columns, something under every gap, and somewhere what no person answers."""
    gaps = [index for index, name in enumerate(header) if _is_empty(name) or name in header[max(index - 1, 0) : index]]
    if any(second[index].strip() for index in own) or not all(second[index].strip() for index in gaps) or 0 in gaps:
        return False
    says_response = any(cell.strip().casefold() in _RESPONSE for cell in second)
    return (says_response and bool(gaps or own)) or (bool(gaps) and len(own) > 1)


def _export(table: Table, own: frozenset[int], second: Sequence[str], evidence: str, *, header_rows: int = 1) -> Export:
    rows = tuple(plain_text(cell) for cell in second)
    names = tuple(
        f"{question} [{row}]" if row and row.casefold() not in _RESPONSE else question
        for question, row in zip(_questions(table.header), rows, strict=True)
    )
    return Export(
        platform="SurveyMonkey",
        evidence=evidence,
        table=without_first(table, header_rows),
        ids=names,
        texts=names,
        metadata=own,
        comments=positions(rows, _FREE_TEXT) - own,
        times=places_of(table.header, "start date", "end date")
        or places_of(table.header, "date_created", "date_modified"),
    )


def _questions(header: Sequence[str]) -> list[str]:
    """The header with each gap closed by the question to its left."""
    questions: list[str] = []
    for name in header:
        questions.append(questions[-1] if _is_empty(name) and questions else plain_text(name))
    return questions


def _is_empty(name: str) -> bool:
    return not plain_text(name) or name.startswith("Unnamed:")
