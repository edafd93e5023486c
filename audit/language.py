"""The language of an output: what its files say of themselves; and messages as patterns that find their parts again."""

import json
import re
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ..languages import LANGUAGES, decimal, gettext, grouped, ngettext
from ..surveys.errors import ConfigError
from ..surveys.phrases import listed
from .folder import Written

_PAGE = re.compile(rb"<html[^>]*\blang=\"([\w-]*)\"")
_WORKBOOK = re.compile(rb"<dc:language>([\w-]*)</dc:language>")
_HEAD = 4096  # bytes of a page in which it says its language
_FIELD = re.compile(r"\{(\w+)\}|%\((\w+)\)s")
_NUMBERS = (0, 1, 2, 5, 1_000_000)  # among them every form that a language has for numbers


def language_of(files: Iterable[Written]) -> str:
    """The one language that all files are in; English where none says any.

    Raises ConfigError where they are in several. A language that reports are not in counts as English: whatever is
    said in it is nothing that reports say.
    """
    found = sorted({lang for file in files if (lang := _of_file(file)) in LANGUAGES})
    if len(found) > 1:
        raise ConfigError(
            f"The output holds reports in several languages: {listed([LANGUAGES[lang] for lang in found])}.",
            hint="Audit those of each language by themselves.",
        )
    return found[0] if found else "en"


def _of_file(file: Written) -> str:
    """The language that a file says it is in; "" where it says none."""
    match Path(file.name).suffix.casefold():
        case ".html":
            found = _PAGE.search(file.data[:_HEAD])
            return found[1].decode() if found else ""
        case ".xlsx":
            return _of_workbook(file.data)
        case ".json":
            return _of_snapshot(file.data)
    return ""


def _of_workbook(data: bytes) -> str:
    try:
        with ZipFile(BytesIO(data)) as archive:
            found = _WORKBOOK.search(archive.read("docProps/core.xml"))
    except (BadZipFile, KeyError, OSError, RuntimeError, ValueError):
        return ""  # whoever reads it says what is wrong
    return found[1].decode() if found else ""


def _of_snapshot(data: bytes) -> str:
    try:
        snapshot = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return str(snapshot.get("lang", "")) if isinstance(snapshot, dict) else ""


def pattern(message: str, /, **parts: str) -> str:
    r"""A message, as a report says it in the language that is spoken, as a pattern with a group for each field.

    parts: field → what may stand there.

    >>> pattern("{name}: {text}", name=".*", text="[a-z]+")
    '(?P<name>.*):\\ (?P<text>[a-z]+)'
    """
    return _pattern(gettext(message), **parts)


def patterns(one: str, many: str, /, **parts: str) -> tuple[str, ...]:
    """The same for a message that goes with a number: a pattern for each of its forms."""
    return tuple(dict.fromkeys(_pattern(ngettext(one, many, number), **parts) for number in _NUMBERS))


def _pattern(text: str, /, **parts: str) -> str:
    found, seen, end = [], set(), 0
    for field in _FIELD.finditer(text):
        name = field[1] or field[2]
        found.append(_literal(text[end : field.start()]))
        found.append(f"(?P={name})" if name in seen else f"(?P<{name}>{parts[name]})")
        seen.add(name)
        end = field.end()
    return "".join([*found, _literal(text[end:])])


def _literal(text: str) -> str:
    """White space of any kind is one space, as readers fold it."""
    return re.escape(re.sub(r"\s", " ", text.replace("%%", "%")))


def spoken_number() -> re.Pattern[str]:
    """A number in a sentence, white space folded, with “<”, “>” or a percent sign where it has them."""
    return _number(grouped(1000)[1], decimal(0.5, 1)[1])


@cache
def _number(group: str, point: str) -> re.Pattern[str]:
    """group, point: the signs between thousands and before decimals."""
    digits = r"\d+(?:[.,]\d+)*"
    if group.isspace():
        digits = rf"\d{{1,3}}(?: \d{{3}})+(?:{re.escape(point)}\d+)?(?!\d)|{digits}"
    return re.compile(rf"[<>]?(?:{digits})\s?%?")
