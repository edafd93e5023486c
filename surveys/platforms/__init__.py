"""The survey platforms, each in a small file: how to recognise its exports, and what their columns are.

A platform is recognised by the structure of the file, never by its name. Each module offers
`recognise(table) -> Export | None`; `PLATFORMS` is the order in which they are asked, from the most to the least
certain, the plain table last.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..errors import ConfigError, MappingError
from ..tables import Table
from . import (
    alchemer,
    employee_survey,
    formbricks,
    google_forms,
    kobotoolbox,
    limesurvey,
    long_format,
    microsoft_forms,
    plain,
    qualtrics,
    sosci,
    surveymonkey,
    typeform,
)
from .export import Export


class Platform(NamedTuple):
    """One platform: its name on the command line, how its exports are recognised, and what all of them have."""

    name: str
    recognise: Callable[[Table], Export | None]
    needs: str


PLATFORMS = (
    Platform(
        "qualtrics", qualtrics.recognise, "a third row of import ids, V1 over ResponseID, or StartDate to ResponseId"
    ),
    Platform("sosci", sosci.recognise, "a first column CASE, and QUESTNNR, MODE or STARTED"),
    Platform("formbricks", formbricks.recognise, "Response ID, Timestamp, Finished and Survey ID as first columns"),
    Platform("microsoft-forms", microsoft_forms.recognise, "ID, start time and completion time as first columns"),
    Platform("typeform", typeform.recognise, "a first column “#”, and Submit Date (UTC) or Network ID"),
    Platform("alchemer", alchemer.recognise, "Time Started, Date Submitted and Status"),
    Platform(
        "surveymonkey", surveymonkey.recognise, "a second header row with “Response”, or Respondent ID, Collector ID, …"
    ),
    Platform(
        "kobotoolbox", kobotoolbox.recognise, "at least two of _id, _uuid, _submission_time, instanceID, SubmissionDate"
    ),
    Platform("google-forms", google_forms.recognise, "a first column Timestamp that holds dates"),
    Platform("limesurvey", limesurvey.recognise, "id, submitdate and lastpage, or headings of code and question"),
    Platform(
        "long", long_format.recognise, "columns respondent, question and answer, with people and questions repeated"
    ),
    Platform("employee-survey", employee_survey.recognise, "columns on the employee and on the response"),
    Platform("plain", plain.recognise, "a header row"),
)


def recognise(table: Table, name: str | None = None) -> Export:
    """What kind of export the table is, and what its header says; `name` asks for one platform and no other.

    Raises ConfigError where no platform has that name, MappingError where the table is no export of it.
    """
    if name is None:
        return next(export for platform in PLATFORMS if (export := platform.recognise(table)) is not None)
    platform = _platform(name)
    export = platform.recognise(table)
    if export is None:
        raise MappingError(
            f"This is no export of the platform “{platform.name}”: it does not have {platform.needs}.",
            where=table.path.name,
            hint="Leave the platform out, and psafety looks for itself; `plain` takes any table with one header row.",
        )
    return export


def _platform(name: str) -> Platform:
    for platform in PLATFORMS:
        if platform.name == name.strip().casefold():
            return platform
    raise ConfigError(
        f"There is no platform “{name}”.",
        hint=f"It can be one of: {', '.join(platform.name for platform in PLATFORMS)}.",
    )
