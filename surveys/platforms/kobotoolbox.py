"""KoboToolbox and ODK: headers like group/name, and _id, _uuid, _submission_time or KEY, SubmissionDate beside them.

start, end and today come from the form. A question with several choices has one column with all of them and one of 0
and 1 for each. R writes "." for "/" and X_id for _id, and keeps the byte order mark as "X.U.FEFF.".
"""

import re

from ...languages import gettext as _
from ..phrases import enumerated, quoted
from ..tables import Table
from .export import Export, matching, places_of, plain_text, positions

_ITS_OWN = frozenset(
    {
        *("_id", "_uuid", "_submission_time", "_validation_status", "_submitted_by", "_xform_id_string", "__version__"),
        *("meta/instanceid", "meta.instanceid", "meta-instanceid", "instanceid", "submissiondate", "submitterid"),
        *("formhub/uuid", "submitted_via_web"),
    }
)
_METADATA = _ITS_OWN | {
    *("start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "audit", "uuid"),
    *("key", "deprecatedid", "meta/deprecatedid", "submittername", "attachmentspresent", "attachmentsexpected"),
    *("edits", "reviewstate", "devicestatus", "formversion", "meta/instancename", "meta-instancename", "meta/rootuuid"),
}
_LEFT_BY_R = re.compile(r"^X\.U\.FEFF\.|^X(?=_)")


def recognise(table: Table) -> Export | None:
    """A file with at least two of the columns that the server adds to each submission."""
    names = tuple(_LEFT_BY_R.sub("", plain_text(name)) for name in table.header)
    own = list({name.casefold(): name for name in names if name.casefold() in _ITS_OWN}.values())
    if len(own) < 2:
        return None
    return Export(
        platform="KoboToolbox or ODK",
        evidence=_("it has {columns}").format(columns=enumerated([quoted(name) for name in own[:2]])),
        table=table,
        ids=names,
        texts=names,
        metadata=positions(names, _METADATA) | matching(names, re.compile("^_")),
        coded=True,
        times=places_of(names, "start", "end"),
    )
