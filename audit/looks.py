"""What an organisation chose about the look of a page: a logo, colours, an introduction, where the chart library lies.

It is held against the settings: a picture, a colour or a sentence that they do not name could tell anything.
"""

import base64
import hashlib
import posixpath
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from .figures import Fault, Printed, plain

_HEX = r"#[0-9a-f]{6}"
_ROLES = rf"--accent: {_HEX}; --interval: {_HEX};(?: --heading: {_HEX};)?"
_STYLE = re.compile(
    rf"(?::root \{{ {_ROLES} \}} @media screen and \(prefers-color-scheme: dark\)"
    rf" \{{ :root:not\(\.print\) \{{ {_ROLES} \}} \}})?(?P<paper> ?@page \{{ size: (?:A4|letter); \}})?"
)
_LOGO = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,([A-Za-z0-9+/]+=*)")
_LIBRARY = re.compile(r"psafety-assets/plotly-[0-9a-f]{16}\.js")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the settings say. logo: the file; colours: whether any; templates: whether somebody's own are used."""

    logo: Path | None = None
    introduction: str = ""
    colours: bool = False
    templates: bool = False


def misdressed(printed: Printed, chosen: Chosen, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Everything in the look of a page that the settings do not name, or that is not as they have it.

    files: the output, by name.
    """
    checks = {"logo": _logo, "introduction": _introduction, "style": _style}
    integrity = [text for kind, text in printed.worn if kind == "integrity"]
    for kind, text in printed.worn:
        if kind == "library":
            yield from _library(printed, text, integrity, files)
        elif kind == "integrity":
            continue
        else:
            problem = checks[kind](text, chosen)
            if problem:
                yield Fault(printed.file, f"the {kind}", problem)


def _introduction(text: str, chosen: Chosen) -> str:
    said = {plain(part) for part in re.split(r"\n\s*\n", chosen.introduction)}
    return "" if plain(text) in said else f"a paragraph that the settings do not have: “{text[:40]}”"


def _style(text: str, chosen: Chosen) -> str:
    found = _STYLE.fullmatch(" ".join(text.split()))
    if not found:
        return f"it is none that psafety writes: “{text.strip()[:60]}”"
    coloured = "--accent" in text
    return "colours that the settings do not have" if coloured and not chosen.colours else ""


# The logo


def _logo(uri: str, chosen: Chosen) -> str:
    found = _LOGO.fullmatch(uri)
    if chosen.logo is None or not chosen.logo.is_file():
        return "a picture that the settings do not name"
    if not found:
        return "it is no picture of a kind that reports have"
    shown, kept = base64.b64decode(found[2]), chosen.logo.read_bytes()
    parts = {"png": _chunks, "jpeg": _segments, "svg+xml": _shapes}[found[1]]
    try:
        same = parts(shown) <= parts(kept)
    except (ValueError, IndexError, struct.error, ET.ParseError):
        same = False
    return "" if same else "it holds what the file in the settings does not"


def _chunks(data: bytes) -> set[bytes]:
    """The parts of a PNG file, each with its check sum; what stands behind the last is a part too."""
    parts, at = {data[:8]}, 8
    while data[at + 4 : at + 8] != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        parts.add(data[at:end])
        at = end
        if at >= len(data):
            raise ValueError("no end")
    return parts | ({data[at:]} if data[at + 12 :] == b"" else {data[at : at + 12], data[at + 12 :]})


def _segments(data: bytes) -> set[bytes]:
    """The segments of a JPEG file, and the picture itself."""
    parts, at = {data[:2]}, 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        parts.add(data[at:end])
        at = end
    end = data.rindex(b"\xff\xd9") + 2
    return parts | {data[at:end]} | ({data[end:]} - {b""})


def _shapes(data: bytes) -> set[bytes]:
    """The elements of a drawing, each with its attributes and its text."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("more than shapes")
    facts = set()
    for element in ET.fromstring(data).iter():  # noqa: S314 (no declaration, so no entity that could grow)
        facts.add(f"element {element.tag}".encode())
        facts.update(f"{element.tag} {name}={value}".encode() for name, value in element.attrib.items())
        facts.update(f"text {text.strip()}".encode() for text in (element.text, element.tail) if text and text.strip())
    return facts


# The library of the charts


def _library(printed: Printed, href: str, integrity: Sequence[str], files: Mapping[str, bytes]) -> Iterator[Fault]:
    data = files.get(posixpath.normpath(posixpath.join(posixpath.dirname(printed.file), href)))
    if not _LIBRARY.fullmatch(href) or data is None:
        yield Fault(printed.file, "the chart library", f"it is not among the files: “{href[:60]}”")
    elif list(integrity) != ["sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()]:
        yield Fault(printed.file, "the chart library", "its fingerprint is of another file")


def read_library(file: str, data: bytes, _: object = None) -> Printed:
    """The file that pages share: it must be the library itself, under the name that its own fingerprint gives."""
    printed = Printed(file)
    name = f"plotly-{hashlib.sha256(data).hexdigest()[:16]}.js"
    if not is_library(data):
        printed.fault("the chart library", "it is not the one that is installed here")
    elif file.rpartition("/")[2] != name:
        printed.fault("the name of the file", "it is not made of the fingerprint of the library")
    return printed


def is_library(data: bytes) -> bool:
    """Whether this is plotly.js as installed: byte by byte, or with two brackets more and a shorter list at its end."""
    return hashlib.sha256(data).digest() in _known()


@cache
def _known() -> frozenset[bytes]:
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 (only a page with charts needs it)

    source = get_plotlyjs()
    return frozenset(hashlib.sha256(one.encode()).digest() for one in _forms(source))


def _forms(source: str) -> Sequence[str]:
    """The library, and the same when only the first of the kinds in the last list of kinds is set up."""
    before, register, after = source.rpartition(".register([")
    kinds, end, rest = after.partition("])")
    opening, closing = "this, () => {", "}));"
    if not register or opening not in before or closing not in rest:
        return (source,)
    head, _, tail = rest.rpartition(closing)
    shorter = f"{before.replace(opening, 'this, (() => {', 1)}{register}{kinds.split(',')[0]}{end}{head}}})));{tail}"
    return (source, shorter)


# All files together


def look_faults(files: Mapping[str, bytes], printed: Sequence[Printed], chosen: Chosen) -> Iterator[Fault]:
    """What is wrong with the look of the pages, and with the PDF files that are printed from them."""
    from .pdf import unlike  # noqa: PLC0415 (only a folder with a PDF needs it)

    for one in printed:
        yield from misdressed(one, chosen, files)
        page = files.get(f"{one.file.removesuffix('.pdf')}.html")
        if one.file.endswith(".pdf") and page is not None:
            yield from unlike(one.file, files[one.file], page)


def unread_prints(files: Mapping[str, bytes]) -> Iterator[str]:
    """The PDF files that cannot be checked, as a reason why nothing is proved."""
    for name in files:
        if name.endswith(".pdf") and f"{name.removesuffix('.pdf')}.html" not in files:
            yield f"{name}: a PDF is read beside the page it was printed from, which is not there."


def excused(faults: Sequence[Fault], chosen: Chosen) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Faults, and apart from them those of pages that templates of an organisation's own make: they prove nothing.

    The audit knows our pages, element by element, and cannot know theirs; what such a template can reach are the
    published findings alone.
    """
    if not chosen.templates:
        return tuple(faults), ()
    theirs = [fault for fault in faults if fault.file.endswith((".html", ".pdf"))]
    said = (f"{fault.file}, {fault.place}: {fault.problem}" for fault in theirs[:3])
    lines = tuple(f"Templates of your own are used, which the audit does not know. {one}." for one in said)
    return tuple(fault for fault in faults if fault not in theirs), lines
