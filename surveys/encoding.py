"""Bytes → text: UTF-8 where it strictly is, else the encoding in which the text reads well."""

import codecs
import io
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pyarrow as pa

from ..languages import gettext as _, grouped, ngettext
from .errors import FileError
from .pieces import is_large, told_by

_CHUNK = 1 << 18  # bytes; larger ones are slower
_BEGINNING = 1 << 20  # bytes that are looked at before a large file is taken for UTF-8
_TELLING = 1 << 16  # bytes, by which an encoding is told
_AROUND = 1000  # bytes at both sides of a sign that is not ASCII
ANYWHERE = sys.maxsize
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_GUESSES = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp850"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
# What text in a wrong encoding looks like, and right text hardly ever: "gr§ter", "donÕt", "Ïîëíîñòüþ".
_ODD = re.compile(
    r"""(?<=[^\W\d_]) [¡-´¶¸-¿×÷‚„†‡ˆ‰‹›“”•–—˜™€] (?=[^\W\d_])  # a sign between two letters
    | (?<=[a-zß-öø-ÿšžœ]) [À-ÖØ-ÞŠŽŒŸ]                          # a capital inside a word
    | (?<=[à-öø-ÿ]) [A-Z]
    | (?<![^\W_]) [ÊÐÑÒÓÔÕ] (?![^\W_])                          # a letter that is no word
    | [À-ÖØ-öø-ÿŠŽŒŸšžœ]{3}                                     # an accent on every letter
    | [þðýÞÐÝŸ∂√ˇ∆Ω◊ƒ≈∞≠≤≥ªº\x80-\x9f]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file as UTF-8, to be read from its start as often as needed.

    source: the file itself where it is UTF-8 already, so that a large one is never held in memory; else the bytes, of a
        large one in a file without a name, which vanishes with this.
    start: where in the source the text begins, after any byte order mark.
    last_quote: where the last quotation mark stands, counted from `start`; -1 where there is none, and ANYWHERE where
        nobody has looked.
    encoding: the name of the encoding the file has.
    """

    source: Path | bytes | mmap
    start: int
    last_quote: int
    encoding: str
    notes: tuple[str, ...] = ()

    def open(self, place: int = 0) -> pa.NativeFile:
        """The text as a file of bytes, from `place` on; from so far before its end where that is negative."""
        file = pa.OSFile(str(self.source)) if isinstance(self.source, Path) else pa.BufferReader(self.source)
        file.seek(max(self.start, file.size() + place) if place < 0 else self.start + place)
        return file

    @property
    def size(self) -> int:
        """The number of its bytes."""
        with self.open() as file:
            return int(file.size()) - self.start


def read_text(path: Path) -> Text:
    """Find the encoding of a file.

    Raises FileError where it is not text, OSError where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    codec = _MARKS.get(mark) or _unmarked_utf16(head)
    if codec in ("utf-16-le", "utf-16-be"):
        return _from_utf16(path, len(mark), codec)
    return _from_utf8(path, len(mark)) or _from_damaged_utf8(path, len(mark)) or _from_guess(path, len(mark))


def trusted_text(path: Path) -> Text | None:
    """The file as UTF-8, of which only the beginning has been looked at; None where that is something else.

    Whoever reads on must find out whether the rest is, and spares a large file one reading.
    """
    with path.open("rb") as file:
        head = file.read(_BEGINNING)
    mark = next((mark for mark, codec in _MARKS.items() if codec == "utf-8" and head.startswith(mark)), b"")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None
    return None if b"\0" in head else Text(path, len(mark), ANYWHERE, "UTF-8")


def rewritten(path: Path, pieces: Iterable[str], encoding: str, *notes: str) -> Text:
    """Text that was made of that in a file, as UTF-8: in memory, or on disk if the file is large.

    Raises FileError where there is a null in it.
    """
    last_quote = -1
    with tempfile.TemporaryFile(prefix="psafety-") if is_large(path) else io.BytesIO() as file:
        for piece in pieces:
            if "\0" in piece:
                raise not_text(path)
            data = piece.encode()
            if (place := data.rfind(b'"')) >= 0:
                last_quote = file.tell() + place
            file.write(data)
        file.flush()
        source = file.getvalue() if isinstance(file, io.BytesIO) else mmap(file.fileno(), 0, access=ACCESS_READ)
    return Text(source, 0, last_quote, encoding, notes)


def not_text(path: Path) -> FileError:
    """The error for a file that is of no kind we know."""
    return FileError(
        "The file is neither text nor a workbook.", where=path.name, hint="Export the survey as CSV or Excel."
    )


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 by its null bytes, where every second byte of much of the text is one and none of the others."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or max(even, odd) <= len(head) / 8:
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _from_utf8(path: Path, start: int) -> Text | None:
    """The file itself, read through once; None where it is not strictly UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    last_quote = -1
    with path.open("rb") as file:
        file.seek(start)
        try:
            for chunk in told_by(file.tell, iter(partial(file.read, _CHUNK), b"")):
                decoder.decode(chunk)
                if (place := chunk.rfind(b'"')) >= 0:
                    last_quote = file.tell() - len(chunk) + place - start
                if b"\0" in chunk:
                    raise not_text(path)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return Text(path, start, last_quote, "UTF-8")


def _decoded(path: Path, start: int, codec: str, errors: str = "strict", *, told: bool = False) -> Iterator[str]:
    """The text from a place on, a piece at a time. told: whether each is told of, as that of one reading is."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    with path.open("rb") as file:
        file.seek(start)
        chunks = iter(partial(file.read, _CHUNK), b"")
        for chunk in told_by(file.tell, chunks) if told else chunks:
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _from_utf16(path: Path, start: int, codec: str) -> Text:
    try:
        return rewritten(path, _decoded(path, start, codec), "UTF-16")
    except UnicodeDecodeError as error:
        raise not_text(path) from error


def _from_damaged_utf8(path: Path, start: int) -> Text | None:
    """UTF-8 with a few broken characters, as files glued together have; None where it is another encoding."""
    broken = beyond = 0
    for piece in _decoded(path, start, "utf-8", "replace", told=True):
        broken += piece.count("\ufffd")
        beyond += _beyond_ascii(piece)
    if beyond <= 3 * broken:
        return None
    if broken > 1:
        note = ngettext(
            "{number} damaged character was read as {sign}.", "{number} damaged characters were read as {sign}.", broken
        ).format(number=grouped(broken), sign="\ufffd")
    else:
        note = _("A damaged character became {sign}.").format(sign="\ufffd")
    return rewritten(path, _decoded(path, start, "utf-8", "replace"), "UTF-8", note)


def _from_guess(path: Path, start: int) -> Text:
    return next(_readings(path, start))  # there is one: Mac Roman knows every byte


def _readings(path: Path, start: int) -> Iterator[Text]:
    for codec in _plausible_codecs(_telling_lines(path, start)):
        name = {"mac_roman": "Mac Roman"}.get(codec, codec.replace("cp125", "Windows-125"))
        note = _("The encoding was guessed as {encoding}: check letters with accents.").format(encoding=name)
        with suppress(UnicodeDecodeError):
            yield rewritten(path, _decoded(path, start, codec), name, *(() if codec == "cp1252" else (note,)))


def _plausible_codecs(sample: bytes) -> Iterator[str]:
    """Windows-1252 where it reads well, else what reads best; charset-normalizer alone errs on short samples."""
    if _oddness(sample, "cp1252") < 0.05:
        yield "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 (hardly any file needs it)

    others = [match.encoding for match in from_bytes(sample, cp_isolation=list(_GUESSES))]
    yield from sorted(["cp1252", "mac_roman", *others], key=partial(_oddness, sample))


def _oddness(sample: bytes, codec: str) -> float:
    """The share of letters and signs beyond ASCII that look out of place."""
    text = sample.decode(codec, "ignore")
    beyond = _beyond_ascii(text)
    return len(_ODD.findall(text)) / beyond if beyond else 1.0


def _beyond_ascii(text: str) -> int:
    """How many of its characters are not in ASCII."""
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _telling_lines(path: Path, start: int) -> bytes:
    """The first lines that are not plain ASCII; of a very long line the part that matters."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        lines: list[bytes] = []
        size, end = 0, start
        while size < _TELLING and (found := _NOT_ASCII.search(data, end)):
            first, last = found.span()
            del found  # as it holds on to the data
            first = max(data.rfind(b"\n", 0, first) + 1, end, first - _AROUND)
            line_end = data.find(b"\n", last)
            end = min(len(data) if line_end < 0 else line_end, last + _AROUND)
            lines.append(data[first:end])
            size += end - first
        return b"\n".join(lines)
