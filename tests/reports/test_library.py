"""The library of the charts: what is changed in it, and that it is the same each time."""

import base64
import gzip
import re
from difflib import SequenceMatcher

from plotly.offline import get_plotlyjs
from psafety.reports import library as module
from psafety.reports.library import library, quick, shared_file


def test_the_library_is_packed_the_same_way_each_time() -> None:
    """No time stamp in the gzip header."""
    first = module.plotly_js()
    module.plotly_js.cache_clear()

    assert module.plotly_js() == first
    assert len(first) < 2_000_000


def test_only_two_brackets_and_a_list_are_changed() -> None:
    """All of the code travels, so that whoever reads it can hold it against the library as it is published."""
    source, changed = get_plotlyjs(), quick(get_plotlyjs())
    start, end = changed.rindex(".register(["), changed.rindex("])", 0, changed.rindex("return p") + 1)

    assert len(source) - 2_000 < len(changed) < len(source)
    assert changed.replace("this, (() => {", "this, () => {", 1)[: start - 1] == source[: start - 1]
    assert re.fullmatch(r"\.register\(\[[\w$]+\(\)", changed[start:end])
    assert changed.endswith("})));") or "})));" in changed[-200:]


def test_a_library_that_is_built_otherwise_stays_as_it_is() -> None:
    """A later version may be put together in another way: then it is only slower."""
    source = get_plotlyjs()
    without_list = source.replace(".register([", ".enlist([")
    without_bars = source.replace('moduleType:"trace",name:"bar"', 'moduleType:"trace",name:"bars"')
    without_function = source.replace("this, () => {", "this, function() {")

    for other in (without_list, without_bars, without_function):
        assert quick(other) == other


def test_the_page_and_the_shared_file_hold_the_same_library() -> None:
    """Whether it is packed into the page or lies beside it."""
    name, source = shared_file()
    packed, beside = library(shared=False), library(shared=True)

    assert gzip.decompress(base64.b64decode(packed.packed)) == source == quick(get_plotlyjs()).encode()
    assert beside.href == f"psafety-assets/{name}"
    assert beside.integrity.startswith("sha256-")
    assert (packed.href, beside.packed) == ("", "")
    assert SequenceMatcher(None, name, "plotly-0123456789abcdef.js").ratio() > 0.4
