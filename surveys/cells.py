"""What one cell says before any scale is known: its text without ornament, a number, a pair of both, or no answer."""

import html
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

BLANK = 0  # nothing was answered
NOT_APPLICABLE = -1  # answered, but outside the scale: it leaves the base and is counted apart

_REMEMBERED = 1 << 14  # texts; enough for the answers of any survey, and no store of what people wrote

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# What cannot be seen: soft hyphen, zero-width signs, directions of writing, byte order mark, control characters.
_UNSEEN = dict.fromkeys(
    code
    for first, last in (
        *((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD)),
        *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    )
    for code in range(first, last + 1)
)
# In a name the joiners stay, which shape letters and emoji.
_UNSEEN_IN_NAMES = {code: None for code in _UNSEEN if code not in {0x200C, 0x200D, 0xFE0F}}
_NUMBER = re.compile(r"([+-]?[0-9]{1,6})(?:[.,]0*)?")
_NUMBER_FIRST = re.compile(r"[(\[]?([+-]?[0-9]{1,3})\s*(?:[-=:.,/|_)\]]|(?=[(\[]))\s*(?P<label>\D.*)")
_NUMBER_LAST = re.compile(r"(?P<label>.*\S)(?:\s+[-|]|\s*[=:(\[])\s*([+-]?[0-9]{1,3})\s*[)\]]?")
_NUMBER_LOOSE = re.compile(r"([+-]?[0-9]{1,3})\s+(?P<label>\D.*)")


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """The text without what does not distinguish: case, HTML, width, kinds of quotes and dashes, outer punctuation.

    >>> fold("  <b>Strongly&nbsp;Agree</b>. ")
    'strongly agree'
    """
    text = _TAG.sub(" ", html.unescape(text))
    text = unicodedata.normalize("NFKC", text).translate(_UNSEEN).translate(_SIGNS)
    return " ".join(text.casefold().split()).strip(" \"'“”„«».!:;*…")


# Compared after `fold`.
_BLANK_TEXTS = frozenset(
    {
        *("", "-", "--", "---", "_", "na", "nan", "null", "none", "nil", "#n/a", "#nv", "-99", "-999", "missing"),
        *("skipped", "not answered", "unanswered", "no response", "(blank)", "(empty)", "nicht beantwortet"),
    }
)
# Beside a number these may be the low end of a scale: "1 - not sure".
_UNCERTAIN_TEXTS = frozenset({"not sure", "i'm not sure", "i am not sure", "unsure", "no opinion", "keine meinung"})
_NOT_APPLICABLE_TEXTS = frozenset(
    map(
        fold,
        (
            *("n/a", "n.a.", "n. a.", "not applicable", "not applicable to me", "does not apply", "doesn't apply"),
            *("does not apply to me", "no answer", "prefer not to say", "prefer not to answer", "rather not say"),
            *("i prefer not to say", "i'd rather not say", "i would rather not say", "i prefer not to answer"),
            *("decline to answer", "don't know", "do not know", "i don't know", "i do not know", "dont know"),
            *("i dont know", "can't say", "cannot say", "can't judge", "cannot judge", "unable to judge"),
            *("unable to rate", "unable to say", "no basis for evaluation", "no basis for judgement"),
            *("keine angabe", "keine angaben", "k.a.", "k. a.", "weiß nicht", "weiß ich nicht", "ich weiß nicht"),
            *("ich weiß es nicht", "nicht zutreffend", "nicht anwendbar", "entfällt", "trifft auf mich nicht zu"),
            *("kann ich nicht beurteilen", "kann ich nicht sagen", "kann ich nicht einschätzen", "keine aussage"),
            *("nicht beurteilbar", "keine antwort", "möchte ich nicht sagen", "möchte ich nicht beantworten"),
        ),
    )
)


@lru_cache(_REMEMBERED)
def whole_number(text: str) -> int | None:
    """The whole number that a cell writes, whatever the spreadsheet made of it ("4", "4.0", "4,00"); else None.

    >>> whole_number(" 4,0 "), whole_number("4.5"), whole_number("four")
    (4, None, None)
    """
    plain = unicodedata.normalize("NFKC", text).translate(_UNSEEN).translate(_SIGNS).strip(" \t\r\n\"'")
    match = _NUMBER.fullmatch(plain)
    return int(match[1]) if match else None


@lru_cache(_REMEMBERED)
def no_answer(text: str) -> int | None:
    """BLANK or NOT_APPLICABLE where the cell holds no answer; None where it does.

    >>> no_answer(" - "), no_answer("Don't know / not applicable"), no_answer("6 - Keine Angabe"), no_answer("4")
    (0, -1, -1, None)
    """
    folded = fold(text)
    if folded in _BLANK_TEXTS:
        return BLANK
    if folded in _NOT_APPLICABLE_TEXTS or folded in _UNCERTAIN_TEXTS:
        return NOT_APPLICABLE
    parts = map(str.strip, re.split(r"\s/\s|[()\[\],|=]|\s-\s|\s(?:or|oder)\s", folded))
    words = [part for part in parts if part and whole_number(part) is None]
    return NOT_APPLICABLE if words and _NOT_APPLICABLE_TEXTS.issuperset(words) else None


class NumberedLabel(NamedTuple):
    """A number and a label that stand in one cell; `marked` where a sign parts them, so that it is no running text."""

    number: int
    label: str
    marked: bool


@lru_cache(_REMEMBERED)
def split_number(text: str) -> NumberedLabel | None:
    """Number and label of "4 - Agree", "4 = Agree", "Agree (4)" or "1 (None at all)"; None where there is no such pair.

    >>> split_number("4 - Agree")
    NumberedLabel(number=4, label='agree', marked=True)
    >>> split_number("4 Agree").marked, split_number("4.5"), split_number("3-4 times"), split_number("Agree")
    (False, None, None, None)
    """
    folded = fold(text)
    for pattern, marked in ((_NUMBER_FIRST, True), (_NUMBER_LAST, True), (_NUMBER_LOOSE, False)):
        match = pattern.fullmatch(folded)
        label = fold(match["label"].strip("()[] -=:|")) if match else ""
        if match and re.search(r"[^\W\d_]", label):
            number = match[2] if pattern is _NUMBER_LAST else match[1]
            return NumberedLabel(int(number), label, marked)
    return None


def group_name(text: str) -> str:
    """The name of a team, unit or wave as a report shows it; "" where the cell names none ("-", "n/a", "no answer").

    White space, invisible signs and the two ways to write "ü" make no difference; capitals do.

    >>> group_name("  Team\u00a0 A\u200b "), group_name("keine Angabe")
    ('Team A', '')
    """
    if no_answer(text) is not None:
        return ""
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN_IN_NAMES).split())
