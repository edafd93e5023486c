"""Team pages as HTML files that need nothing beside them, and no script: content → bytes."""

import posixpath
from collections.abc import Sequence
from urllib.parse import quote

from .content import ReportContent
from .html import templates
from .team_content import Place, TeamContent


def to_html(page: TeamContent) -> bytes:
    """The page of one unit; the same content gives the same bytes."""
    names = {"page": page, "report_link": _link(page.report)}
    return templates().get_template("team.html.jinja").render(names).encode()


def index_html(content: ReportContent, places: Sequence[Place], *, report: str = "") -> bytes:
    """The page that leads to all others: names, in the order of the report, and no figure."""
    names = {
        "content": content,
        "places": [(place, _link(place.file)) for place in places],
        "report": report,
        "report_link": _link(report),
    }
    return templates().get_template("team_index.html.jinja").render(names).encode()


def _link(file: str) -> str:
    """The address of a file: a report stands one folder up, a page beside the others; "" for none."""
    return quote(file, safe=posixpath.sep)
