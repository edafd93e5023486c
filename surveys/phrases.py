"""Small pieces of a message: a text cut to a length, a list with what is left out.

What is said in a report is said in the language that is spoken; an error message is English.
"""

import re
from collections.abc import Sequence
from functools import reduce

from ..languages import gettext as _, grouped, ngettext, pgettext

_BEGINS_WITH_I = re.compile("h?[ií](?![aeouáéóú])", re.IGNORECASE)


def short(text: str, length: int = 40) -> str:
    """The text on one line, cut to a length that a message bears."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def listed(words: Sequence[str], *, most: int = 3) -> str:
    """Some of the words, and how many more there are, for an error message.

    >>> listed(["1", "2", "3"]), listed(["1", "2", "3", "4", "5"])
    ('1, 2 and 3', '1, 2, 3 and 2 more')
    """
    shown = list(words[:most]) + ([f"{len(words) - most} more"] if len(words) > most else [])
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def enumerated(words: Sequence[str], *, most: int | None = None) -> str:
    """The same for a report, in the language that is spoken; all of the words unless it is said how many at most.

    >>> enumerated(["a", "b", "c"]), enumerated(["a"]), enumerated(["a", "b", "c"], most=1)
    ('a, b and c', 'a', 'a and 2 more')
    """
    shown = list(words[:most])
    more = len(words) - len(shown)
    if more:
        shown.append(ngettext("{number} more", "{number} more", more).format(number=grouped(more)))
    if len(shown) < 2:
        return "".join(shown)
    *parts, last = shown
    form = _("{parts} and {last}")
    if _BEGINS_WITH_I.match(last):
        # For translators: the same as without the context, but for Spanish, which says “e” for “y” before an i.
        form = pgettext("before an i", "{parts} and {last}")
    return form.format(parts=", ".join(parts), last=last)


def strung(parts: Sequence[str]) -> str:
    """Parts that may hold commas, in the language that is spoken; "" for none.

    >>> strung(["a", "b, c", "d"])
    'a; b, c; d'
    """
    return reduce(lambda said, last: _("{parts}; {last}").format(parts=said, last=last), parts) if parts else ""


def quoted(text: str) -> str:
    """A text between the quotation marks of the language that is spoken."""
    return _("“{text}”").format(text=text)
