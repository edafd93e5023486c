"""What one cell says before any scale is known: its text without ornament, a number, a pair of both, or no answer."""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from .label_files import no_answer_words

BLANK = 0  # nothing was answered
NOT_APPLICABLE = -1  # answered, but outside the scale: it leaves the base and is counted apart

_REMEMBERED = 1 << 14  # texts; enough for the answers of any survey, and no store of what people wrote

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# What cannot be seen: soft hyphen, zero-width signs, directions of writing, byte order mark, control characters; and
# the key that an emoji draws round a digit.
_UNSEEN = dict.fromkeys(
    code
    for first, last in (
        *((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD)),
        *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0x20E3, 0x20E3), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    )
    for code in range(first, last + 1)
)
# In a name the joiners stay, which shape letters and emoji.
_UNSEEN_IN_NAMES = {code: None for code in _UNSEEN if code not in {0x200C, 0x200D, 0x20E3, 0xFE0F}}
_NUMBER = re.compile(r"([+-]?[0-9]{1,6})(?:[.,]0*)?")
_NUMBER_FIRST = re.compile(r"[(\[]?([+-]?[0-9]{1,3})\s*(?:[-=:.,、/|_)\]]|(?=[(\[]))\s*(?P<label>\D.*)")
_NUMBER_LAST = re.compile(r"(?P<label>.*\S)(?:\s+[-|]|\s*[=:(\[])\s*([+-]?[0-9]{1,3})\s*[)\]]?")
_NUMBER_LOOSE = re.compile(r"([+-]?[0-9]{1,3})(?:\s+|(?=[\u3040-\u30ff\u3400-\u9fff]))(?P<label>\D.*)")
_LETTER = re.compile(r"[^\W\d_]")
_PARTS = re.compile(
    r"\s?[/・]\s|\s/|(?<=[\u3040-\u9fff])[/・](?=[\u3040-\u9fff])|[()\[\],、|=;]|\s-\s"
    r"|\s(?:or|oder|ou|o|of|eller|tai|lub|nebo|veya)\s|または|或者?"
)

# Of no meaning at either end of a text.
OUTER_SIGNS = " \"'“”„‟«»‹›‚.,!:;*…。、・「」『』《》〈〉【】〔〕"
# Beside those, what decorates an answer: emoji, bullets, boxes to tick, stars.
_ORNAMENT = re.compile(
    rf"[{re.escape(OUTER_SIGNS)}•‣·"
    "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]*"
)


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """The text without what does not distinguish: case, HTML, width, kinds of quotes and dashes, outer punctuation.

    An emoji beside words is ornament; alone, it is the text.

    >>> fold("  <b>Strongly&nbsp;Agree</b>. "), fold("👍 Agree"), fold("👍")
    ('strongly agree', 'agree', '👍')
    """
    text = _TAG.sub(" ", html.unescape(text)).replace("\u00b4", "'")  # an accent that NFKC would set on a blank
    text = unicodedata.normalize("NFKC", text).translate(_UNSEEN).translate(_SIGNS)
    text = " ".join(fold_case(text).split()).strip(OUTER_SIGNS)
    if text.isascii():
        return text
    first, last = _ORNAMENT.match(text), _ORNAMENT.match(text[::-1])
    bare = text[first.end() if first else 0 : len(text) - (last.end() if last else 0)]
    return bare if any(map(str.isalnum, bare)) else text


def fold_case(text: str) -> str:
    """Small letters; the Turkish i without a dot, and the one whose capital has it, are the plain one.

    >>> fold_case("KISMEN"), fold_case("kısmen"), fold_case("İYİ")
    ('kismen', 'kismen', 'iyi')
    """
    return text.casefold().replace("\u0131", "i").replace("i\u0307", "i")


def fold_labels(texts: Sequence[str]) -> list[str]:
    """What `fold` makes of many texts in simple spelling, without markup, emoji or unseen signs; ten times as fast."""
    return [text.strip(OUTER_SIGNS) for text in fold_case(unicodedata.normalize("NFKC", "\n".join(texts))).split("\n")]


# What a program writes for nothing, in no language; compared after `fold`.
_BLANK_TEXTS = frozenset(("", "-", "--", "---", "_", "na", "nan", "null", "none", "nil", "#n/a", "#nv", "-99", "-999"))


class _Words(NamedTuple):
    """Folded words for no answer, of all languages."""

    blank: frozenset[str]
    not_applicable: frozenset[str]
    uncertain: frozenset[str]  # beside a number these may be the low end of a scale: "1 - not sure"


@cache
def _words() -> _Words:
    words = no_answer_words()
    return _Words(*(frozenset(fold_labels(words[kind])) for kind in ("blank", "not-applicable", "uncertain")))


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
    if not _LETTER.search(folded):
        return None
    words = _words()
    if folded in words.blank:
        return BLANK
    if folded in words.not_applicable or folded in words.uncertain:
        return NOT_APPLICABLE
    parts = [part for part in map(fold, _PARTS.split(folded)) if part and whole_number(part) is None]
    return NOT_APPLICABLE if parts and words.not_applicable.issuperset(parts) else None


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
        label = _without_brackets(match["label"]) if match else ""
        if match and _LETTER.search(label):
            number = match[2] if pattern is _NUMBER_LAST else match[1]
            return NumberedLabel(int(number), label, marked)
    return None


def _without_brackets(label: str) -> str:
    """A folded label that stood in brackets, or beside half of one, without them; "satisfait(e)" keeps its own."""
    label = label.strip(" -=:|")
    own = label[:1] not in {"(", "["} and label.count("(") == label.count(")")
    return fold(label if own else label.strip("()[] -=:|"))


def group_name(text: str) -> str:
    """The name of a team, unit or wave as a report shows it; "" where the cell names none ("-", "n/a", "no answer").

    White space, invisible signs and the two ways to write "ü" make no difference; capitals do.

    >>> group_name("  Team\u00a0 A\u200b "), group_name("keine Angabe")
    ('Team A', '')
    """
    if no_answer(text) is not None:
        return ""
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN_IN_NAMES).split())
