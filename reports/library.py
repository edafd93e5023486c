"""plotly.js for the pages: the library as it comes with plotly, made to start at once, in the page or beside it."""

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from .kept import kept

FOLDER = "psafety-assets"
KINDS = ("bar",)  # of traces, beside those of which plotly.js is built (scatter)
_WHOLE = re.compile(r"\.register\(\[((?:[\w$]+\(\),)*[\w$]+\(\))\]\)")
_OPENING, _CLOSING = "this, () => {", "}));"


@dataclass(frozen=True, slots=True)
class Library:
    """How a page comes by plotly.js: packed, in the page itself, or as a file beside it (href), known by its hash."""

    packed: Markup | str = ""
    href: str = ""
    integrity: str = ""


def library(*, shared: bool) -> Library:
    """The library for a page. shared: as a file beside the report, `shared_file`, instead of in it."""
    if not shared:
        return Library(packed=plotly_js())
    name, source = shared_file()
    return Library(href=f"{FOLDER}/{name}", integrity="sha256-" + base64.b64encode(_digest(source)).decode())


def shared_file() -> tuple[str, bytes]:
    """The name of the file that pages share, and what it holds; the same plotly gives the same of both."""
    source = quick(get_plotlyjs()).encode()
    return f"plotly-{_digest(source).hex()[:16]}.js", source


@cache
def plotly_js() -> Markup:
    """plotly.js, gzipped and in base64: 1.96 MB. Level 9 takes 30 % longer and saves 0.2 %."""
    source = quick(get_plotlyjs()).encode()
    packed = kept(f"plotly-{_digest(source).hex()}.gz", lambda: gzip.compress(source, 6, mtime=0))
    return Markup(base64.b64encode(packed).decode())  # noqa: S704


def quick(source: str) -> str:
    """plotly.js with only the kinds of traces that reports draw set up, and read once by the browser instead of twice.

    All of its code is there. Left out of one list are the names of the kinds to set up at the start (maps, volumes and
    forty others: half of the time that the library takes); and its one large function is put in brackets, which tells
    a browser that it will be called at once (a third). A library that is not built in the way known here stays as it
    is, and takes a second more.

    >>> quick("another library")
    'another library'
    """
    registered = _WHOLE.match(source, max(0, source.rfind(".register([")))
    if registered is None or source.count(_OPENING) != 1:
        return source
    makers = registered[1].split(",")
    wanted = list(islice((maker for maker in makers if _kind(source, maker) in KINDS), len(KINDS)))
    if len(wanted) != len(KINDS):
        return source
    start, end = source.index(_OPENING) + len("this, "), source.rindex(_CLOSING) + 1
    return (
        f"{source[:start]}({source[start : registered.start(1)]}{','.join(wanted)}"
        f"{source[registered.end(1) : end]}){source[end:]}"
    )


def _kind(source: str, maker: str) -> str:
    """The name of the kind of traces that a function of the library gives, "" where it cannot be told."""
    module = _exported(source, maker.removesuffix("()"))
    found = re.search(r"\.exports=([\w$]+)\(\)$", module)
    said = re.search(r'moduleType:"trace",name:"(\w+)"', _exported(source, found[1]) if found else "")
    return said[1] if said else ""


def _exported(source: str, name: str) -> str:
    """The beginning of the module of that name."""
    at = source.find(f"var {name}=")
    return source[at : at + 1500].partition("});var ")[0] if at >= 0 else ""


def _digest(source: bytes) -> bytes:
    return hashlib.sha256(source).digest()
