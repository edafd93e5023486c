"""SoSci Survey: CASE, SERIAL, REF, QUESTNNR, MODE and STARTED first; often a second header row with the texts.

Variables are named like AB01_03, and answers are codes: -9 is not answered, -1 and -2 are ways out such as "don't
know". MODE tells interviews from pretests; FINISHED whether the last page was reached; TIME_SUM the seconds, without
breaks. Files are called .csv and hold tabs.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import (
    Export,
    Mark,
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

_FIRST = frozenset({"serial", "ref", "questnnr", "mode", "started"})
_METADATA = frozenset(
    {
        *("case", "serial", "ref", "questnnr", "mode", "language", "started", "mailsent", "lastdata", "status"),
        *("finished", "q_viewer", "lastpage", "maxpage", "missing", "missrel", "time_sum", "time_rsi", "deg_time"),
    }
)
_MEASURED = re.compile(r"^TIME\d+$|_(?:CP|RV)$")  # seconds per page; the numbers of random draws


def recognise(table: Table) -> Export | None:
    """A file that starts with CASE and has most of the columns that follow it."""
    if table.header[0].strip().casefold() != "case" or len(_FIRST & folded(table.header)) < 3:
        return None
    names = tuple(name.strip() for name in table.header)
    second = row_of(table, 0)
    has_texts = second is not None and not second[0].strip().isdigit()
    texts = second if second is not None and has_texts else names
    metadata = positions(names, _METADATA) | matching(names, _MEASURED)
    return Export(
        platform="SoSci Survey",
        evidence=_("it starts with CASE, and has MODE, QUESTNNR or STARTED, over a row of texts")
        if has_texts
        else _("it starts with CASE, and has MODE, QUESTNNR or STARTED"),
        table=without_first(table, int(has_texts)),
        ids=names,
        texts=tuple(plain_text(text) or name for text, name in zip(texts, names, strict=True)),
        metadata=metadata,
        coded=True,
        missing=frozenset({"-9"}),
        not_applicable=frozenset({"-1", "-2"}),
        tests=mark_where(names, "mode", {"pretest", "debug", "admin", "test"}, "“MODE” says pretest, debug or admin"),
        incomplete=_incomplete(names),
        duration=place_of(names, "time_sum"),
        times=places_of(names, "started", "lastdata"),
    )


def _incomplete(names: tuple[str, ...]) -> Mark | None:
    return mark_where(names, "finished", {"0", "f", "false", "abgebrochen"}, "“FINISHED” says no")
