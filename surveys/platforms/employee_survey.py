"""Raw data of an employee survey, as Culture Amp, Peakon, Glint and their like hand it out: one row per person.

These vendors document no fixed format. What they share is a single header row in which columns on the employee (number,
manager, hire date) and on the response (its number, date, state) stand before the questions, each question maybe with a
column of comments behind it. We say "employee survey", not which vendor: the file does not tell.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import Export, mark_where, matching, plain_text, positions

_EMPLOYEE = frozenset(
    {
        *("employee id", "employee number", "employee name", "employee email", "employee identifier", "employeeid"),
        *("employee external id", "manager email", "manager id", "manager name", "manager employee id"),
        *("preferred name", "hire date", "start date", "end date", "date of birth", "termination date", "email"),
    }
)
_RESPONSE = frozenset(
    {
        *("response id", "response date", "response status", "response state", "responded at", "submitted at"),
        *("submitted date", "completed at", "completed date", "completion date", "completion status", "survey name"),
        *(
            "survey id",
            "survey date",
            "survey status",
            "survey title",
            "survey period end",
            "invited at",
            "date invited",
        ),
    }
)
_PLAINLY_EMPLOYEE = re.compile(r"(?i)^(employee|manager) ")
_COMMENT = re.compile(r"(?i)(^comments?\b|[-:(\[/_] ?comments?[\])]?$)")


def recognise(table: Table) -> Export | None:
    """A file that speaks of the employee and of the response, in headers of their own."""
    names = tuple(map(plain_text, table.header))
    employee, response = positions(names, _EMPLOYEE), positions(names, _RESPONSE)
    if not response or not any(_PLAINLY_EMPLOYEE.match(names[place]) for place in employee):
        return None
    seen = names[min(employee)], names[min(response)]
    return Export(
        platform="employee survey (as of Culture Amp, Peakon or Glint)",
        evidence=_("it has columns on the employee (“{employee}”) and on the response (“{response}”)").format(
            employee=seen[0], response=seen[1]
        ),
        table=table,
        ids=names,
        texts=names,
        metadata=employee | response,
        comments=matching(names, _COMMENT),
        incomplete=mark_where(
            names, "response status", {"incomplete", "partial", "in progress", "started"}, "“Response status” says so"
        ),
    )
