"""The formats that reports are written in, and what renders each: loaded only where it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..surveys.errors import ConfigError

if TYPE_CHECKING:
    from .comparison.content import ComparisonContent
    from .content import ReportContent

Content = TypeVar("Content", "ReportContent", "ComparisonContent")
Renderer = Callable[["ReportContent"], bytes]


def _html(content: "ReportContent") -> bytes:
    from .html import to_html  # noqa: PLC0415

    return to_html(content)


def _xlsx(content: "ReportContent") -> bytes:
    from .workbook.sheets import to_excel  # noqa: PLC0415

    return to_excel(content)


def _json(content: "ReportContent") -> bytes:
    from .snapshot import to_json  # noqa: PLC0415

    return to_json(content)


def _printed(page: Callable[[Content], bytes], content: Content) -> bytes:
    """A page as a PDF."""
    from .pdf import printable, to_pdf  # noqa: PLC0415

    return to_pdf(page(replace(content, design=printable(content.design))), browser=content.design.browser)


RENDERERS: Mapping[str, Renderer] = {"html": _html, "xlsx": _xlsx, "json": _json, "pdf": partial(_printed, _html)}


def _comparison_html(content: "ComparisonContent") -> bytes:
    from .comparison.html import to_html  # noqa: PLC0415

    return to_html(content)


def _comparison_xlsx(content: "ComparisonContent") -> bytes:
    from .comparison.sheets import to_excel  # noqa: PLC0415

    return to_excel(content)


def _comparison_json(content: "ComparisonContent") -> bytes:
    from .comparison.snapshot import to_json  # noqa: PLC0415

    return to_json(content)


COMPARISON_RENDERERS: Mapping[str, Callable[["ComparisonContent"], bytes]] = {
    "html": _comparison_html,
    "xlsx": _comparison_xlsx,
    "json": _comparison_json,
    "pdf": partial(_printed, _comparison_html),
}


def comparison_renderer_of(format_: str) -> Callable[["ComparisonContent"], bytes]:
    """The same for a comparison of waves."""
    renderer_of(format_)  # the formats are the same
    return COMPARISON_RENDERERS[format_]


def renderer_of(format_: str) -> Renderer:
    """The renderer of one format. Raises ConfigError for a format there is none for."""
    try:
        return RENDERERS[format_]
    except KeyError:
        raise ConfigError(
            f"There is no report format “{format_}”.", hint=f"Formats are: {', '.join(RENDERERS)}."
        ) from None


def with_page(formats: Iterable[str]) -> tuple[str, ...]:
    """The formats to write: a PDF comes with the page it is printed from, in which the audit reads it.

    >>> with_page(["xlsx", "pdf"]), with_page(["json"])
    (('html', 'xlsx', 'pdf'), ('json',))
    """
    asked = tuple(dict.fromkeys(formats))
    return ("html", *asked) if "pdf" in asked and "html" not in asked else asked
