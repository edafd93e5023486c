r"""The language of a report: its words (gettext catalogs), and how numbers and dates are written in it.

Everybody may import this folder; it knows nothing of the others. The English text is the key of a message. One language
is spoken at a time, from `speaking(lang)` on to the end of its block:

>>> with speaking("de"):
...     decimal(0.5, 2), grouped(1234), percent(34)
('0,50', '1.234', '34\xa0%')
"""

import gettext as _catalogs
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

LANGUAGES: Final = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "sv": "Svenska"}
DOMAIN: Final = "psafety"
FOLDER: Final = Path(__file__).parent / "catalogs"

_spoken: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Everything inside the block is said in this language. Raises KeyError for one that is not in LANGUAGES."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    before = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The language that is spoken, as its code."""
    return _spoken.get()


# Words


@cache
def _catalog(lang: str) -> _catalogs.NullTranslations:
    return _catalogs.translation(DOMAIN, FOLDER, [lang], fallback=lang == "en")


def gettext(message: str) -> str:
    """A message in the language that is spoken; modules call it `_`, so that the catalogs find it."""
    return _catalog(language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a message that goes with a number; the number is not filled in."""
    return _catalog(language()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """A message whose English text alone does not tell what it means."""
    return _catalog(language()).pgettext(context, message)


def marked(message: str) -> str:
    """The message itself: marks a constant for the catalogs, which is said with `gettext` where it is used."""
    return message


# Numbers and dates


class _Signs(NamedTuple):
    """How a language writes numbers. point: before decimals; group: between thousands; percent: behind a number."""

    point: str
    group: str
    percent: str


@cache
def _signs(lang: str) -> _Signs:
    from babel import Locale  # noqa: PLC0415 (heavy)

    locale = Locale.parse(lang)
    signs = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    return _Signs(signs["decimal"], signs["group"], pattern.partition("0")[2].replace("%", signs["percentSign"]))


def decimal(value: float, places: int) -> str:
    """A number with so many decimals; a negative one with a true minus sign.

    >>> decimal(-3.14159, 2)
    '−3.14'
    """
    return f"{value:.{places}f}".replace("-", "−").replace(".", _signs(language()).point)


def grouped(number: int) -> str:
    r"""A whole number with its thousands apart.

    >>> with speaking("sv"):
    ...     grouped(12345)
    '12\xa0345'
    """
    return f"{number:,}".replace("-", "−").replace(",", _signs(language()).group)


def percent(number: int) -> str:
    """A whole number of percent.

    >>> percent(34)
    '34%'
    """
    return f"{number}{_signs(language()).percent}"


def date(text: str) -> str:
    """A date as a person wrote it; one like 2026-03-31 in the long form of the language.

    >>> date("2026-03-31"), date("spring 2026")
    ('March 31, 2026', 'spring 2026')
    """
    from datetime import date as day  # noqa: PLC0415

    try:
        found = day.fromisoformat(text) if len(text) == len("2026-03-31") else None
    except ValueError:
        found = None
    if found is None:
        return text
    from babel.dates import format_date  # noqa: PLC0415 (heavy)

    return format_date(found, "long", locale=language())
