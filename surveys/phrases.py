"""Small pieces of a message: a text cut to a length, a list with what is left out."""

from collections.abc import Sequence


def short(text: str, length: int = 40) -> str:
    """The text on one line, cut to a length that a message bears."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def listed(words: Sequence[str], *, most: int = 3) -> str:
    """Some of the words, and how many more there are.

    >>> listed(["1", "2", "3"]), listed(["1", "2", "3", "4", "5"])
    ('1, 2 and 3', '1, 2, 3 and 2 more')
    """
    shown = list(words[:most]) + ([f"{len(words) - most} more"] if len(words) > most else [])
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)
