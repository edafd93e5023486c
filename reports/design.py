"""What an organisation may choose about the look of its reports: logo, colours, introduction, templates, paper."""

import base64
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from ..surveys.errors import ConfigError

PAPERS = ("A4", "Letter")
LARGEST_LOGO = 200_000  # bytes
LEAST_CONTRAST = 4.5  # of words, WCAG 2.2 AA
LIGHT = ("#fcfbf9", "#f3f1ec", "#ffffff")  # the grounds that words stand on: --paper, --panel, and paper itself
DARK = ("#14171c", "#1d2128")
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LEADS_OUT = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(|javascript:", re.IGNORECASE)
_LEADS_IN = "#", "data:image/png;", "data:image/jpeg;"
_KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs"})
_KEPT_SEGMENTS = frozenset({0xE0, 0xE2, 0xEE})  # of those that programs write for each other: size, colours


@dataclass(frozen=True, slots=True)
class Design:
    """How a report looks, beyond the stylesheet of all reports.

    logo: as a data URI. introduction: paragraphs of plain text. style: rules that follow the stylesheet.
    shared: plotly.js lies in a file beside the pages, not in each. templates: a folder of templates that override ours.
    notes: what must be said to whoever chose it.
    """

    logo: str = ""
    introduction: tuple[str, ...] = ()
    style: str = ""
    shared: bool = False
    templates: str = ""
    browser: str = ""
    notes: tuple[str, ...] = ()


PLAIN = Design()


def design_of(
    *,
    logo: str | None = None,
    colours: Sequence[str] = (),
    introduction: str | None = None,
    templates: str | None = None,
    assets: str | None = None,
    paper: str | None = None,
    browser: str | None = None,
) -> Design:
    """The look that settings ask for. logo, templates: paths; colours: one or two, as in CSS; assets: inline or shared.

    Raises ConfigError for what cannot be had: a logo that is no picture, a colour that is none, a folder without
    templates.
    """
    if assets not in {None, "inline", "shared"}:
        raise ConfigError(f"“{assets}” is no way to keep assets.", hint="Ways are: inline, shared.")
    if templates and not any(Path(templates).glob("*.jinja")):
        raise ConfigError(
            "There are no templates in this folder.",
            where=Path(templates).name,
            hint="Put files there that are called as ours are (docs/look.md), such as _data.html.jinja.",
        )
    style, notes = brand(colours)
    return Design(
        logo=picture(Path(logo)) if logo else "",
        introduction=paragraphs(introduction or ""),
        style="\n".join(filter(None, [style, page_size(paper)])),
        shared=assets == "shared",
        templates=templates or "",
        browser=browser or "",
        notes=notes,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    r"""Plain text as paragraphs, which blank lines set apart.

    >>> paragraphs("Thank you\nall.\n\nAnna")
    ('Thank you all.', 'Anna')
    """
    return tuple(said for part in re.split(r"\n\s*\n", text) if (said := " ".join(part.split())))


def page_size(paper: str | None) -> str:
    """The rule that sets the size of the printed page; "" where the reader's printer decides.

    >>> page_size("letter")
    '@page { size: letter; }'
    """
    if not paper:
        return ""
    if paper.casefold() not in map(str.casefold, PAPERS):
        raise ConfigError(f"There is no paper “{paper}”.", hint=f"Papers are: {', '.join(PAPERS)}.")
    return f"@page {{ size: {'A4' if paper.casefold() == 'a4' else 'letter'}; }}"


# Colours


def brand(colours: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Up to two colours as rules of a stylesheet, and what is to be said of them: accent, then headings.

    A colour that words could not be read in is made darker on light ground and lighter on dark ground until they can.
    """
    if len(colours) > 2:
        raise ConfigError(f"There are {len(colours)} colours where a report has two.", hint="Name one or two.")
    wrong = [colour for colour in colours if not _COLOUR.fullmatch(colour)]
    if wrong:
        raise ConfigError(f"“{wrong[0]}” is not a colour.", hint="Write it as #1b5a9b.")
    if not colours:
        return "", ()
    full = [_full(colour) for colour in colours]
    light = _rules([readable(colour, LIGHT) for colour in full], "#ffffff")
    dark = _rules([readable(colour, DARK) for colour in full], DARK[0])
    style = f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root:not(.print) {{ {dark} }} }}"
    return style, tuple(_said(colour, readable(colour, LIGHT)) for colour in full if readable(colour, LIGHT) != colour)


def _rules(colours: Sequence[str], ground: str) -> str:
    interval = _mixed(colours[0], ground, 0.62)
    return f"--accent: {colours[0]}; --interval: {interval};" + "".join(f" --heading: {one};" for one in colours[1:])


def _said(colour: str, used: str) -> str:
    ratio = min(contrast(colour, ground) for ground in LIGHT)
    return (
        f"The colour {colour} has a contrast of {ratio:.1f} to 1 on the paper of the report, and words need"
        f" {LEAST_CONTRAST}: words and lines are in {used} instead."
    )


def readable(colour: str, grounds: Sequence[str]) -> str:
    """The colour, or the nearest one, darker or lighter, in which words can be read on all of these grounds.

    >>> readable("#1b5a9b", LIGHT), readable("#ffcc00", LIGHT), readable("#1b5a9b", DARK)
    ('#1b5a9b', '#806600', '#5f8cb9')
    """
    end = "#000000" if luminance(grounds[0]) > 0.5 else "#ffffff"
    steps = (_mixed(colour, end, step / 20) for step in range(21))
    return next(one for one in steps if min(contrast(one, ground) for ground in grounds) >= LEAST_CONTRAST)


def contrast(one: str, other: str) -> float:
    """How well two colours can be told apart, 1 to 21: WCAG 2.2, contrast ratio.

    >>> contrast("#ffffff", "#000000"), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How light a colour is, 0 to 1: WCAG 2.2, relative luminance."""
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _full(colour: str) -> str:
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


# The logo


def picture(path: Path) -> str:
    """A PNG, JPEG or SVG file as a data URI, without what programs and cameras write into it about its maker.

    Raises ConfigError for any other file, one above 200 kB, or a drawing with a script or a reference to elsewhere.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError("The logo cannot be read.", where=path.name, hint="Check the path.") from error
    if len(data) > LARGEST_LOGO:
        raise ConfigError(
            f"The logo has {len(data) / 1000:.0f} kB, and every page carries it.",
            where=path.name,
            hint=f"Save it with at most {LARGEST_LOGO / 1000:.0f} kB.",
        )
    try:
        kind, bare = _bare(data)
    except (ValueError, struct.error, IndexError) as error:
        raise ConfigError(
            "The logo is no PNG, JPEG or SVG that can be read.", where=path.name, hint="Save it as one of these."
        ) from error
    except _UnsafeError as error:
        raise ConfigError(
            f"The logo holds {error}, which a picture in a report must not.",
            where=path.name,
            hint="Save it as a plain SVG or as a PNG.",
        ) from error
    return f"data:image/{kind};base64,{base64.b64encode(bare).decode()}"


class _UnsafeError(Exception):
    """What a drawing must not hold, in words."""


def _bare(data: bytes) -> tuple[str, bytes]:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", data[:8] + b"".join(_chunks(data))
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", data[:2] + b"".join(_segments(data))
    return "svg+xml", _drawing(data)


def _chunks(data: bytes) -> Iterator[bytes]:
    """The parts of a PNG file that make the picture, without texts and times."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise ValueError("it is cut short")
        if kind in _KEPT_CHUNKS:
            yield data[at:end]
        at = len(data) if kind == b"IEND" else end


def _segments(data: bytes) -> Iterator[bytes]:
    """The parts of a JPEG file that make the picture, without those that hold texts, places and thumbnails."""
    at = 2
    while data[at + 1] != 0xDA:  # there the picture itself begins
        marker, length = struct.unpack(">HH", data[at : at + 4])
        if marker < 0xFF00 or length < 2:
            raise ValueError("it is no JPEG file")
        kind = marker & 0xFF
        if not (0xE0 <= kind <= 0xEF or kind == 0xFE) or kind in _KEPT_SEGMENTS:
            yield data[at : at + 2 + length]
        at += 2 + length
    yield data[at : data.rindex(b"\xff\xd9") + 2]


def _drawing(data: bytes) -> bytes:
    """An SVG file with its shapes alone: no notes of the program that drew it."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _UnsafeError("a declaration of its own")
    try:
        root = ET.fromstring(data)  # noqa: S314 (no declaration, so no entity that could grow)
    except ET.ParseError as error:
        raise ValueError("no XML") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError("no SVG")
    _strip(root)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root)


def _strip(element: ET.Element) -> None:
    """Take away what is not of SVG and all words nobody sees; refuse what could act or lead elsewhere."""
    for name in list(element.attrib):
        space, _, local = name.rpartition("}")
        if space not in {"", "{" + _XLINK}:
            del element.attrib[name]
        elif local.casefold().startswith("on"):
            raise _UnsafeError("a script")
        elif (local == "href" and not element.attrib[name].startswith(_LEADS_IN)) or _LEADS_OUT.search(
            element.attrib[name]
        ):
            raise _UnsafeError("a reference to elsewhere")
    if _LEADS_OUT.search(element.text or ""):
        raise _UnsafeError("a reference to elsewhere")
    for child in list(element):
        space, _, local = str(child.tag).rpartition("}")
        if local in {"script", "foreignObject", "handler", "iframe"}:
            raise _UnsafeError("a script" if local != "foreignObject" else "a page within it")
        if space != "{" + _SVG or local in {"metadata", "title", "desc"}:
            element.remove(child)
        else:
            _strip(child)
