"""Comments: what people wrote in their own words, read only from columns that were named, and cleaned.

What leads to a person is masked: addresses, numbers, links, and names from a list. That helps; it is no promise. A
person may be known by a story, a turn of phrase or a slip of the pen.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..languages import gettext as _
from .cells import fold_case, no_answer
from .columns import counts_of_texts, distinct_texts, text_codes
from .draft import draft_instrument
from .encoding import read_text
from .errors import ConfigError, FileError, MappingError
from .identifying import contents, is_identifying
from .instrument import Instrument
from .mapping import Column, Wishes, bears_an_item, find_column
from .phrases import short
from .platforms.export import Export

MASK = "[…]"
LONGEST = 1000  # characters of a comment; what is longer is cut
_READ = 20 * LONGEST  # characters of a cell that are looked at

# How a text is written, before anything is looked for in it
_TAGS = re.compile(
    r"(?i)</?(?:a|article|audio|b|blockquote|body|br|button|center|code|div|em|font|form|h[1-6]|head|hr|html|i|iframe|img"
    r"|input|li|link|meta|object|ol|p|pre|s|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|tt|u"
    r"|ul|video)(?:\s[^<>=]{0,80}=[^<>]{0,2000}|\s{0,3}/?)>|<!--.{0,2000}?-->"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes signs that XML cannot hold
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

# What is masked, in this order
_AT = r"(?:@\s?|\s@\s|\s?[\[({<]\s?(?:at|ät|a|@)\s?[\])}>]\s?)"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|punkt|point|punto|\.)\s?[\])}>]\s?|\s(?:dot|punkt)\s)"
_LABEL = r"[\w\u200c\u200d-]{1,63}"
_DOMAINS = (
    "com|org|net|edu|gov|info|biz|io|ai|app|dev|eu|de|ch|uk|fr|es|nl|pl|cz|sk|hu|ro|bg|gr|dk|se|fi|pt|lu|ie|ca|au|nz|jp"
    "|cn|kr|br|mx|ru|ua|il|ae|sg|hk"
)
_MASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # links
        r"\b(?:[a-z][a-z0-9+.-]{1,15}://|(?:mailto|tel|sms|callto|skype|whatsapp|data|javascript):(?=\S)|www\d{0,3}\.)\S+",
        # e-mail addresses, also “name (at) firm (dot) example” and “name at firm.com”
        rf"""@?(?:"[^"]{{1,64}}"|[^\s@<>()\[\]{{}},;:"]{{1,64}}){_AT}(?:{_LABEL}{_DOT}){{1,8}}{_LABEL}""",
        r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>(),;]{1,255}",
        rf"\b[\w.+-]{{1,64}}\s(?:at|ät)\s(?:{_LABEL}{_DOT}){{1,8}}(?:{_DOMAINS})\b",
        # hosts without “www”: with a path, or with a well-known ending
        rf"(?<![\w.-])(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}(?::\d{{1,5}})?/[^\s]*",
        rf"(?<![\w.-])(?:{_LABEL}\.){{1,8}}(?:{_DOMAINS})(?![\w-])",
        # handles
        r"@[\w\u200c\u200d](?:[\w.\u200c\u200d-]*\w)?",
        # phone numbers, and whatever else has six digits or more: “+49 (0)170 …”, “0 30 / 12 34 56”, “555-123-4567”
        r"(?:\+\s?|\(\s?\+?\s?(?=\d{1,6}\s?\)))?\d(?:(?:[\s()/.+_‐-―−~·|\u200c\u200d\ufe0f\u20e3-]{0,4}|,)\d){5,}[\ufe0f\u20e3]*",
    )
)
_MASKS = re.compile(rf"{re.escape(MASK)}(?:[\s,;/&+-]{{0,3}}{re.escape(MASK)})+")

_NOTHING_SAID = frozenset(
    {
        *(
            "no",
            "nope",
            "none",
            "nothing",
            "nil",
            "nein",
            "kein",
            "keine",
            "keiner",
            "keines",
            "nichts",
            "nix",
            "non",
            "rien",
        ),
        *("nada", "niente", "x", "xx", "xxx", "no comment", "no comments", "nothing to add", "kein kommentar", "s. o."),
        *("keine kommentare", "keine anmerkung", "keine anmerkungen", "keine angabe", "k. a.", "k.a.", "ka", "s.o."),
    }
)
_LONGEST_NO_ANSWER = 60  # characters

# Words, with the marks that are part of letters in other scripts
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
)
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}\u200c\u200d])+")
_BETWEEN = re.compile(r"[\s.'’ʼ‘`,_‐-―−-]{0,3}")  # within a name of several words
_GENITIVE = re.compile(r"['’ʼ‘`]s?(?![^\W_])", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SHORTEST_PART = 3  # letters of a part of a name that is masked alone
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ł": "l"})

# Which columns can be comments
_FEW = 10  # cells, below which it says nothing that they repeat each other


@dataclass(frozen=True, slots=True)
class Names:
    """The names to be masked, ready to be looked up.

    whole: the words of every name, folded: a name is masked wherever they stand one after the other.
    parts: single words of names that have several; masked where they begin with a capital, since “may” is also a word.
    within: names in scripts that set no space between words, masked wherever they stand.
    """

    whole: frozenset[tuple[str, ...]] = frozenset()
    parts: frozenset[str] = frozenset()
    within: re.Pattern[str] | None = None
    longest: int = field(default=0)

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The names of a list, one each; “Surname, First name” and “First name Surname” are the same."""
        whole: set[tuple[str, ...]] = set()
        parts: set[str] = set()
        within: set[str] = set()
        for name in map(_plain, names):
            found = _WORD.findall(name)
            if _UNSPACED.search(name):
                within |= {name, name.replace(" ", "")}
            for words in {tuple(map(spell, found)) for spell in (_folded, _spelled_out)} - {()}:
                whole |= {words, ("".join(words),)}
                whole |= {(*words[1:], words[0]), (words[-1], *words[:-1])} if "," in name else set()
            parts |= {
                spell(word) for word in found if _may_stand_alone(word, found) for spell in (_folded, _spelled_out)
            }
        longest = max(map(len, whole), default=0)
        pattern = "|".join(map(re.escape, sorted(within, key=lambda name: (-len(name), name))))
        return cls(frozenset(whole), frozenset(parts), re.compile(pattern, re.IGNORECASE) if within else None, longest)

    def masked(self, text: str) -> str:
        """The text with every name as a mask."""
        if self.within is not None:
            text = self.within.sub(MASK, text)
        if not self.whole:
            return text
        kept, end = [], 0
        for start, stop in self._spans(text):
            kept += [text[end:start], MASK]
            end = stop
        return "".join([*kept, text[end:]])

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names begin and end, the longest that begins at a word first."""
        words = list(_WORD.finditer(text))
        keys = [_folded(word[0]) for word in words]
        place = 0
        while place < len(words):
            size = self._names_from(text, words, keys, place)
            if size:
                start, stop = words[place].start(), words[place + size - 1].end()
                genitive = _GENITIVE.match(text, stop)
                yield start, genitive.end() if genitive else stop
            place += size or 1

    def _names_from(self, text: str, words: Sequence[re.Match[str]], keys: Sequence[str], place: int) -> int:
        """How many words the name has that begins with this one; 0 where none does."""
        most = 1
        while (
            most < self.longest
            and place + most < len(words)
            and _BETWEEN.fullmatch(text, words[place + most - 1].end(), words[place + most].start())
        ):
            most += 1
        for size in range(most, 0, -1):
            *first, last = keys[place : place + size]
            if any((*first, stem) in self.whole for stem in _stems(last)):
                return size
        capital = words[place][0][0].isupper() or words[place][0][0].istitle()
        return int(capital and any(stem in self.parts for stem in _stems(keys[place])))


def _may_stand_alone(word: str, name: Sequence[str]) -> bool:
    """Whether a word of a longer name is masked by itself: no initial, and no “von” or “de”."""
    return len(name) > 1 and len(word) >= _SHORTEST_PART and not word[0].islower()


def _stems(word: str) -> tuple[str, ...]:
    """A folded word, and what it may be the genitive of."""
    return (word, word[:-1]) if word.endswith("s") and len(word) > 1 else (word,)


def _folded(word: str) -> str:
    """Small letters without accents and joiners: “Müller” and “MULLER” are one name."""
    apart = unicodedata.normalize("NFKD", fold_case(word))
    return "".join(sign for sign in apart if not unicodedata.combining(sign) and sign not in "\u200c\u200d")


def _spelled_out(word: str) -> str:
    """The same with “ue” for “ü”."""
    return _folded(unicodedata.normalize("NFC", fold_case(word)).translate(_SPELLED_OUT))


def read_names(path: Path) -> tuple[str, ...]:
    """The names of a list to be masked, one per line; empty lines are passed over.

    Raises FileError where the file cannot be read, ConfigError where it holds no name.
    """
    try:
        with read_text(path).open() as file:
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise FileError("The list of names cannot be read.", where=path.name, hint="Check the path.") from error
    names = tuple(dict.fromkeys(name for line in lines if _WORD.search(name := " ".join(line.split()))))
    if not names:
        raise ConfigError(
            "The list of names is empty.", where=path.name, hint="Write one name per line, or leave --names out."
        )
    return names


def clean(text: str, names: Names | None = None) -> str:
    r"""A comment as a report may print it, "" where it says nothing.

    E-mail addresses, links, phone numbers, @handles, numbers of six digits or more and the given names become “[…]”;
    markup and signs that cannot be seen go, white space is folded, and what is longer than 1,000 characters is cut.

    >>> clean("  Ask john.doe@ex.co.uk,\n or 0170/1234567. "), clean(" n/a ")
    ('Ask […], or […].', '')
    >>> clean("Frau Müller’s prose", Names.of(["Müller", "Rose"]))
    'Frau […] prose'
    """
    text = _plain(text[: 5 * _READ])[:_READ]
    if _says_nothing(text):
        return ""
    for pattern in _MASKED:
        text = pattern.sub(MASK, text)
    text = _MASKS.sub(MASK, (names or Names()).masked(text))
    if not any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in text.replace(MASK, "")):
        return ""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _plain(text: str) -> str:
    """The text without markup and unseen signs, in the usual widths and forms of letters, on one line."""
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    text = _TAGS.sub(" ", html.unescape(html.unescape(text))).replace("´", "'")
    text = _UNSEEN.sub("", _CONTROL.sub(" ", unicodedata.normalize("NFKC", text)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def _says_nothing(text: str) -> bool:
    if len(text) > _LONGEST_NO_ANSWER:
        return False
    return no_answer(text) is not None or text.casefold().strip(" .!-–_*") in _NOTHING_SAID


# The columns of a file ----------------------------------------------------------------------------------------------


def comment_columns(export: Export, wishes: Wishes, groups: Collection[int]) -> dict[int, Column]:
    """The columns that a person named as comments. groups: those of team, units, wave and cuts.

    Raises MappingError where there is no such column, it is named for something else too, or it can hold no comments
    because it leads to a person or is the platform’s own.
    """
    found: dict[int, Column] = {}
    for wanted in wishes.comments:
        place = find_column(export, wanted, "--comments")
        if place in found or place in groups:
            raise _no_comments(
                export, place, f"The column “{short(wanted)}” is named for two things at once, one of them comments."
            )
        _check_person(export, place)
        found[place] = Column(place, export.ids[place], "comment", _("named with {option}").format(option="--comments"))
    for header in wishes.items.values() if found else ():
        place = find_column(export, header, "[items] in psafety.toml")
        if place in found:
            raise _no_comments(export, place, f"The column “{short(header)}” is named both as an item and as comments.")
    return found


def _check_person(export: Export, place: int) -> None:
    header = short(export.ids[place])
    if is_identifying(export.ids[place]) or is_identifying(export.texts[place]):
        raise _no_comments(export, place, f"The column “{header}” may lead to a person; it is never read.")
    if held := contents(export.texts[place], export.table.columns[place]):
        raise _no_comments(export, place, f"Column {place + 1} holds {held}; it is never read.")
    if place in export.metadata:
        raise _no_comments(
            export, place, f"The column “{header}” is one that {export.platform} adds by itself, not a comment."
        )


def check_comments(export: Export, instruments: Sequence[Instrument], places: Collection[int]) -> None:
    """Raise MappingError where a column that was named as comments holds answers to tick.

    Printed as comments, such answers would be the raw data. instruments: those that the file may be read with.
    """
    columns = range(len(export.ids))
    drafted = draft_instrument(export, [place for place in columns if place not in places]) if places else None
    for place in sorted(places):
        header = short(export.ids[place])
        if item := bears_an_item(export, instruments, place):
            raise _no_comments(export, place, f"The column “{header}” is the item “{item}”, not a comment.")
        ticked = drafted is not None and (place in drafted.items.values() or place in drafted.unclear)
        if ticked or _repeats_itself(export, place):
            raise _no_comments(
                export, place, f"The cells of column {place + 1} look like answers to tick, not like comments."
            )


def _repeats_itself(export: Export, place: int) -> bool:
    """Whether fewer than half of the cells that say something hold a text of their own, or all of them are numbers."""
    column = export.table.columns[place]
    counts = dict(zip(distinct_texts(column), counts_of_texts(column), strict=True))
    said = {text: count for text, count in counts.items() if not _says_nothing(_plain(text))}
    filled = sum(said.values())
    return filled >= _FEW and (2 * len(said) < filled or not any(re.search(r"[^\W\d_]", text) for text in said))


def _no_comments(export: Export, place: int, problem: str) -> MappingError:
    return MappingError(
        problem,
        where=f"{export.table.path.name}, column {place + 1}",
        hint="Name a column of free text with --comments, or leave it out.",
    )


def read_comments(
    export: Export, headings: Sequence[str], places: Sequence[int], names: Sequence[str], rows: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """(rows wanted × headings) categoricals of cleaned comments, "" where nothing is said.

    rows: which of the rows of the file. names: to be masked.
    """
    cleaned = partial(clean, names=Names.of(names))
    return pd.DataFrame(
        {heading: _column(export, place, cleaned, rows) for heading, place in zip(headings, places, strict=True)}
    )


def _column(
    export: Export, place: int, cleaned: Callable[[str], str], rows: npt.NDArray[np.bool_]
) -> "pd.Categorical[str]":
    column = export.table.columns[place]
    used, own = np.unique(text_codes(column)[rows], return_inverse=True)
    raw = [*distinct_texts(column), ""]
    codes, texts = pd.factorize(np.array([*(cleaned(raw[code]) for code in used.tolist()), ""], dtype=object))
    return pd.Categorical.from_codes(codes[own], categories=pd.Index(texts))
