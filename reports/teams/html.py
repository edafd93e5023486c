"""Team pages as HTML files that need nothing beside them, and no script: content → bytes."""

import posixpath
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from ...languages import speaking
from .. import wording
from ..content import ReportContent
from ..design import PLAIN, Design
from ..html import rendered
from .content import Place, TeamContent
from .facilitator import Sheet, sheet_name


def to_html(page: TeamContent, design: Design = PLAIN) -> bytes:
    """The page of one unit; the same content gives the same bytes."""
    return _rendered("team", page.lang, {"page": page, "report_link": _link(page.report)}, design)


def sheet_html(content: ReportContent, sheet: Sheet) -> bytes:
    """The facilitator's sheet of one unit."""
    names = {"sheet": sheet, "content": content, "page_link": _link(sheet.page)}
    return _rendered("team_sheet", content.lang, names, content.design)


def index_html(
    content: ReportContent, places: Sequence[Place], *, report: str = "", facilitator: bool = False
) -> bytes:
    """The page that leads to all others: names, in the order of the report, and no figure."""
    with speaking(content.lang):
        merged = [
            (wording.listed(one.parts), place, _link(place.file))
            for one in content.merged
            for place in places
            if place.unit.path == one.path
        ]
    names = {
        "content": content,
        "places": [(place, _link(place.file)) for place in places],
        "merged": merged,
        "sheets": [(place, _link(sheet_name(place.file))) for place in places] if facilitator else [],
        "report": report,
        "report_link": _link(report),
    }
    return _rendered("team_index", content.lang, names, content.design)


def _rendered(name: str, lang: str, names: Mapping[str, object], design: Design) -> bytes:
    return rendered(f"{name}.html.jinja", lambda: names, lang=lang, design=design)


def _link(file: str) -> str:
    """The address of a file: a report stands one folder up, a page beside the others; "" for none."""
    return quote(file, safe=posixpath.sep)
