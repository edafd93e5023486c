"""PDF files: their text, held against the page they were printed from, and all else in them."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from .figures import Fault, loads, plain

_TABLE = re.compile(
    rb"xref\n0 \d+\n(?:\d{10} \d{5} [nf] ?\r?\n)+trailer\n(<<.*?>>)\nstartxref\n\d+\n%%EOF\n?", re.DOTALL
)
_HEAD = re.compile(rb"%PDF-1\.\d\n%[\x80-\xff]{4}\n")
_REFUSED = re.compile(
    rb"/(EmbeddedFiles?|Filespec|EF|JavaScript|JS|Launch|GoToR|GoToE|URI|SubmitForm|ImportData|AA|OpenAction|AcroForm"
    rb"|XFA|RichMedia|Movie|Sound|Metadata|PieceInfo|ObjStm|XRef|OCG|Alternates|Collection)\b"
)
_INFORMATION = re.compile(
    rb"<<(?:/Title (?P<title><[0-9A-Fa-f]*>|\((?:\\.|[^\\()])*\))\s*)?(?:/Creator \(psafety *\)\s*)?"
    rb"(?:/Producer \(Skia/PDF m\d+\)\s*)?(?:/(?:CreationDate|ModDate) \(D:20000101000000[^)]{0,10}\)\s*)*>>"
)
_CODES = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>\n")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>\n")
_TEXT = re.compile(rb"/(F\d+) [-\d.]+ Tf|<([0-9A-Fa-f]*)> Tj|\bET\b|\((?:\\.|[^\\()])*\) (?:Tj|')|\] ?TJ")
_DRAWN = str.maketrans("", "", "▲▼●›()\u00ad\u200b\u2010-")
_HATCHED = re.compile(rb'"shape":\["[^\]]*/')
_LARGEST_PICTURE = 64  # pixels to each side: a hatch, a mark of a legend
_LARGEST = 100_000_000  # bytes of one stream

Json = Any


@dataclass(frozen=True, slots=True)
class _File:
    """The parts of a PDF file: its objects by number, the content of those that are streams, the trailer."""

    objects: dict[int, bytes]
    streams: dict[int, bytes]
    trailer: bytes


def unlike(file: str, data: bytes, page: bytes) -> Iterator[Fault]:
    """What a PDF file says or holds that the page it is printed from does not."""
    found = _taken_apart(data)
    if isinstance(found, str):
        yield Fault(file, "the file", found)
        return
    for problem in _strange(found, page):
        yield Fault(file, "the file", problem)
    corpus = "\n".join(_words_of(page))
    whole, numbers = _squeezed(corpus), set(re.findall(r"\d+", corpus))
    pages = sum(1 for one in found.objects.values() if re.match(rb"<</Type /Page\s", one))
    try:
        for said in _texts(found, pages):
            is_there = _squeezed(said) in whole or any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in said)
            if not is_there or not set(re.findall(r"\d+", said)) <= numbers:
                yield Fault(file, "its text", f"the page that it is printed from does not say “{said[:60]}”")
    except (LookupError, ValueError, zlib.error):
        yield Fault(file, "its text", "it cannot be read")


def _taken_apart(data: bytes) -> _File | str:
    """The parts, or what is wrong: nothing may stand between them, since nobody would see it."""
    head = _HEAD.match(data)
    if not head:
        return "it is no PDF file that a browser printed"
    objects, streams, at = {}, {}, head.end()
    while found := _object(data, at):
        number, body, stream, at = found
        if number in objects:
            return "an object that is there twice"
        objects[number] = body
        if stream is not None:
            streams[number] = stream
    table = _TABLE.fullmatch(data, at)
    if not table:
        return "something stands between its parts"
    return _File(objects, streams, table[1])


def _object(data: bytes, at: int) -> tuple[int, bytes, bytes | None, int] | None:
    """The object that begins at a place: its number, its dictionary, its stream, and where it ends."""
    start = re.compile(rb"(\d{1,7}) 0 obj\n").match(data, at)
    if not start:
        return None
    plain_end = data.find(b"\nendobj\n", start.end())
    opened = data.find(b"stream\n", start.end(), plain_end if plain_end >= 0 else None)
    if opened < 0:
        return int(start[1]), data[start.end() : plain_end], None, plain_end + len(b"\nendobj\n")
    body = data[start.end() : opened]
    length = re.search(rb"/Length (\d+)", body)
    begin = opened + len(b"stream\n")
    end = begin + int(length[1]) if length else -1
    closing = b"\nendstream\nendobj\n"
    if end < 0 or data[end : end + len(closing)] != closing:
        return None
    return int(start[1]), body, data[begin:end], end + len(closing)


def _strange(found: _File, page: bytes) -> Iterator[str]:
    """Whatever may carry more than what is seen: files, scripts, links, pictures, facts about the maker."""
    information = re.search(rb"/Info (\d+) 0 R", found.trailer)
    has_pictures = b'<img class="logo"' in page or _HATCHED.search(page) is not None
    for number, body in found.objects.items():
        if information and number == int(information[1]):
            yield from _maker(body, page)
            continue
        refused = _REFUSED.search(body)
        if refused:
            yield f"a part that printed pages do not have: {refused[1].decode()}"
        size = re.search(rb"/Subtype /Image\b.*?/Width (\d+)\s+/Height (\d+)", body, re.DOTALL)
        if size and not has_pictures and max(int(size[1]), int(size[2])) > _LARGEST_PICTURE:
            yield "a picture, though the page has none"


def _maker(body: bytes, page: bytes) -> Iterator[str]:
    said = _INFORMATION.fullmatch(body)
    title = re.search(rb"<title>(.*?)</title>", page, re.DOTALL)
    if not said:
        yield "facts about the one who made it, or when"
    elif said["title"] and title and _string(said["title"]) != plain(unescape(title[1].decode("utf-8", "replace"))):
        yield "a title that the page does not have"


def _string(written: bytes) -> str:
    if written.startswith(b"<"):
        raw = bytes.fromhex(written[1:-1].decode())
        return plain(raw.decode("utf-16") if raw[:2] in {b"\xfe\xff", b"\xff\xfe"} else raw.decode("latin-1"))
    return plain(re.sub(rb"\\(.)", rb"\1", written[1:-1]).decode("latin-1"))


# The text


def _texts(found: _File, pages: int) -> Iterator[str]:
    """What is written, a piece after the other, without the numbers of the pages.

    Raises ValueError for signs that stand for nothing known.
    """
    fonts = {number: _signs(found, body) for number, body in found.objects.items() if b"/ToUnicode" in body}
    page = 0
    for number, body in found.objects.items():
        if number in found.streams and _is_drawing(body):
            named = {name: fonts[at] for name, at in _fonts_of(number, found).items()}
            said = list(_written(_content(body, found.streams[number]), named))
            if "".join(said[:3]) == f"{page + 1} / {pages}":
                page, said = page + 1, said[3:]
            yield from said


def _is_drawing(body: bytes) -> bool:
    return (
        b"/Subtype /Form" in body
        or b"/PatternType 1" in body
        or not re.search(rb"/(Type|Subtype|FunctionType|N|Length1)\b", body)
    )


def _fonts_of(number: int, found: _File) -> dict[str, int]:
    """The fonts that a drawing names, by their places: of the page it is the content of, or its own."""
    named = re.compile(rb"/Contents %d 0 R\b" % number)
    for place, body in found.objects.items():
        if place == number or named.search(body):
            fonts = re.findall(rb"/(F\d+) (\d+) 0 R", body)
            if fonts:
                return {name.decode(): int(at) for name, at in fonts}
    return {}


def _content(body: bytes, stream: bytes) -> bytes:
    if b"/Filter" not in body:
        return stream
    if b"/FlateDecode" not in body:
        raise ValueError("another way to pack")
    unpacked = zlib.decompressobj().decompress(stream, _LARGEST)
    if len(unpacked) == _LARGEST:
        raise ValueError("too large")
    return unpacked


def _signs(found: _File, body: bytes) -> tuple[int, dict[int, str]]:
    """How many digits a sign of a font is written with, and what each stands for."""
    place = re.search(rb"/ToUnicode (\d+) 0 R", body)
    number = int(place[1]) if place else -1
    table = _content(found.objects[number], found.streams[number])
    width = _CODES.search(table)
    signs: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        signs |= {int(code, 16): _unicode(text) for code, text in _CHAR.findall(block)}
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start = _unicode(text)
            for step in range(int(last, 16) - int(first, 16) + 1):
                signs[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return len(width[1]) if width else 4, signs


def _unicode(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")


def _written(content: bytes, fonts: dict[str, tuple[int, dict[int, str]]]) -> Iterator[str]:
    """The text of a drawing, a piece for each time that writing begins."""
    said: list[str] = []
    width, signs = 4, dict[int, str]()
    for found in _TEXT.finditer(content):
        if found[1]:
            width, signs = fonts[found[1].decode()]
        elif found[2] is not None:
            codes = found[2].decode()
            said += [signs[int(codes[at : at + width], 16)] for at in range(0, len(codes), width)]
        elif found[0] == b"ET":
            yield "".join(said)
            said = []
        else:
            raise ValueError("text that is written in another way")


def _squeezed(text: str) -> str:
    """Text without spaces, marks and hyphens, which move where lines are broken; ligatures as letters."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_DRAWN).split())


class _Words(HTMLParser):
    """All words of a page: those between its tags, and those of its charts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside = ""
        self._lists: list[int] = []  # how many entries of each list that is open were read; -1 without numbers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ol", "ul"}:
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li" and self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self.words.append(f"{self._lists[-1]}.")  # a browser prints the numbers of a list
        if tag in {"script", "style"}:
            self._inside = "chart" if "data-chart" in dict(attrs) else tag

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._inside = ""
        elif tag in {"ol", "ul"} and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._inside == "chart":
            self.words += _strings(loads(data))
        elif not self._inside:
            self.words.append(data)


def _strings(value: Json) -> Sequence[str]:
    if isinstance(value, str):
        return [unescape(re.sub(r"</?[bi]>|<br>", " ", value))]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    marks = [str(mark) for mark in value.get("tickvals", ())] if isinstance(value, dict) else []
    return [*marks, *(text for part in parts for text in _strings(part))]


def _words_of(page: bytes) -> Sequence[str]:
    """The words of a page, one after the other."""
    words = _Words()
    words.feed(page.decode("utf-8", "replace"))
    words.close()
    return words.words
