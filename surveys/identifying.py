"""Which columns lead to a person, by what their header promises or by what their cells hold: they are never read.

The key under which a platform keeps a response (ResponseId, _uuid) is none, as long as it is the platform's own column.
It says nothing by itself: it leads to a person only on the platform, and whoever may look there sees the answers
with the person anyway. Besides, many exports are recognised by that column, and would be read worse without it.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice, pairwise

import numpy as np
import pyarrow as pa

from ..languages import marked
from .cells import fold
from .columns import distinct_texts

NUMBERS = marked("employee or respondent numbers")
PLACES = marked("places on the map")

_THINGS = r"""
    (?: (?:first|fore|given|last|family|middle|maiden|full|user|nick|login|display|sur)\ ?)? names?
    | (?:vor|nach|familien|ruf|benutzer|nutzer|anmelde)?\ ?namen? | initials | initialen | signature | unterschrift
    | e?mails? | e?mail\ ?adressen? | login | ssn | uuid | guid | id | token | ip | respondent | participant | recipient
    | teilnehmer(?:in)? | (?:tele)?phone | mobile | cell(?:phone)? | fax | handy | (?:mobil)?telefon
    | (?:telefon|handy|mobil|mobilfunk|fax)\ ?nummer | adresse | address | anschrift | street | straße | strasse
    | zip\ ?(?:code)? | post(?:al)?\ ?code | plz | postleitzahl | mac\ address | device\ ?id
    | latitude | longitude | lat | lon | lng | gps | geo\ ?location | coordinates | koordinaten | breitengrad
    | längengrad | location\ (?:latitude|longitude|accuracy) | date\ of\ birth | birth\ ?da(?:te|y) | dob
    | geburts(?:datum|tag)
    | (?:employee|staff|personnel|person|worker|member|payroll|badge|passport|student|social\ security|unique|user
      |subject|respondent|participant|response|record|submission|contact|panelist|personal|mitarbeiter(?:in)?|angestellten
      |matrikel|ausweis|sozialversicherungs|teilnehmer(?:in)?)\ ?(?:id|number|no|nr|nummer|code|key|kennung)
"""
_WHOSE = r"""
    vor|your|my|the|a|of|and|or|for|work|business|office|private|personal|home|contact|recipient|respondent|employee|manager
    |supervisor|optional|number|no|nr|please|enter|give|us|what|is|are|external|data|reference|dein|deine|deiner|ihr|ihre
    |ihrer|mein|meine|der|die|das|des|von|und|oder|für|bitte|geschäftliche?|dienstliche?|private?|angeben|eingeben|wie
    |lautet|ist|empfängers|führungskraft|vorgesetzter?
"""
_IDENTIFYING = re.compile(rf"(?:(?:{_WHOSE})\ )*(?:{_THINGS})(?:\ (?:{_WHOSE}|{_THINGS}))*", re.VERBOSE)
_OWN_ID = re.compile(
    r"(?:(?:respond(?:ent|er)|response|record|submission|instance|antwort|collector|entry|case)\ ?)?"
    r"(?:id|uuid|guid|no|nr|number|key)|respondent"
)
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-z])")
_MOST_WORDS = 8


def header_words(header: str) -> list[str]:
    """The words of a header, folded, CamelCase and codes taken apart; no numbers and no single letters.

    >>> header_words("Q3_1. LikelyToRecommend"), header_words("E-Mail-Adresse")
    (['likely', 'to', 'recommend'], ['email', 'adresse'])
    """
    words = _WORD.findall(fold(_HUMP.sub(" ", header)))
    text = re.sub(r"\be mail", "email", " ".join(words))
    return [word for word in text.split() if len(word) > 1 or word == "a"]


def is_identifying(header: str) -> bool:
    """Whether a header names nothing but what leads to a person: "Your e-mail address (optional)", "LocationLatitude".

    A question that only contains such a word is none: "I can name problems openly".
    """
    words = header_words(header)
    return len(words) <= _MOST_WORDS and bool(_IDENTIFYING.fullmatch(" ".join(words)))


def is_own_id(header: str) -> bool:
    """Whether a header is that of the key under which a platform keeps a response: "ResponseId", "_uuid", "id"."""
    return bool(_OWN_ID.fullmatch(" ".join(header_words(header))))


# By content ------------------------------------------------------------------------------------------------------

_CELLS_TO_SEE = 1000  # of a column, spread over all of its rows
_FIRST_LOOK = 40  # texts that tell whether the others are worth a look
_SHORTEST_CODE = 4  # signs of a number of the same length as all others
_LONGEST = 100  # characters; what is longer are words, not an address or a number
_ENOUGH = 20  # cells, before it says anything that they all differ
_NEARLY_ALL, _MOST, _HALF = 0.95, 0.8, 0.5
_LIKE_SCORES = 3  # half of the numbers of a standardised score lie below it
_SAYS_NOTHING = frozenset(
    {"", "-", "--", ".", "/", "?", "x", "n/a", "na", "no", "none", "nein", "kein", "keine", "anonymous", "anonym"}
)
_EMAIL = re.compile(r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_MAYBE_IP = re.compile(r"(?=[^.]*(?:\.[^.]*){3}$|[^:]*:[^:]*:)[0-9A-Fa-f.:]{2,45}")
_COORDINATES = re.compile(
    r"\(?([+-]?\d{1,2}\.\d{3,})°?\ ?[NS]?\s?[,; ]\s?([+-]?1?\d{1,2}\.\d{3,})°?\ ?[EWO]?\)?(?:\s[\d.-]+){0,2}"
)
_FINE_DECIMAL = re.compile(r"[+-]?\d{1,3}[.,]\d{4,}")
_PHONE = re.compile(r"(?:\+|00?|\(0?)[\d\s()./-]{6,22}|\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}")
_PERSON = re.compile(r"[^\W\d_][\w'’-]+(?:\ [\w'’-]+){0,2},\ [^\W\d_][\w'’.-]*(?:\ [\w'’.-]+){0,2}")
_CODE = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_MOMENT = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d).*|.*\d{1,2}:\d{2}.*|1[0-9]{9}(?:[0-9]{3})?")
_DAY = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)-\d\d?-\d\d?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?",
        r"(?P<year>(?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
        r"\d{1,2}([./-])\d{1,2}\1(?P<year>(?:19|20)?\d\d)(?:\ 0?0:00(?::00)?)?",
        r"(?:\d{1,2}\.?\ [^\W\d_]{3,12}\.?|[^\W\d_]{3,12}\.?\ \d{1,2},?)\ (?P<year>(?:19|20)\d\d)",
    )
)
_BORN = range(1930, 2013)
_GENERATION = 10  # years between the first and the last date, which no survey is open for
_NO_PLACE = re.compile(r"\b(time|timer|times|timing|click|seconds|duration|weight|score|zeit|dauer|sekunden|gewicht)\b")
_NO_ADDRESS = re.compile(r"\b(version|browser|release)\b")


@dataclass(frozen=True, slots=True)
class _Cells:
    """Some cells of a column, spread over its rows: each different text once, and how many cells hold it."""

    counts: Mapping[str, int]

    @property
    def size(self) -> int:
        return sum(self.counts.values())

    @property
    def distinct(self) -> float:
        """How many of the cells hold a text of their own, as a share."""
        return len(self.counts) / self.size

    def share(self, looks: Callable[[str], object]) -> float:
        """The share of cells that look so."""
        return sum(count for text, count in self.counts.items() if looks(text)) / self.size

    def worth_a_look(self) -> bool:
        """Whether a quarter of a handful of them looks like anything but words."""
        first = list(islice(self.counts, _FIRST_LOOK))
        return 4 * sum(any(looks(text) for looks in _LOOKS) for text in first) >= len(first) > 0


def contents(header: str, column: pa.DictionaryArray) -> str:
    """What the cells of one column hold that leads to a person, in words: "e-mail addresses"; "" where nothing.

    Whole cells are compared, so that words that mention an address are none. Some thousand cells at most are looked
    at. Numbers and codes count where nearly every row has one of its own, all of the same form; names of persons where
    nearly all are written "Surname, First name" and differ.
    """
    cells = _some_cells(column)
    if not cells.worth_a_look():
        return ""
    words = " ".join(header_words(header))
    return next((kind for kind, hold in _KINDS if hold(cells, words)), "")


def says_something(column: pa.DictionaryArray) -> bool:
    """Whether any cell holds more than a sign that nothing is said, such as “anonymous”."""
    return len(column.dictionary) > len(_SAYS_NOTHING) or any(map(_says, distinct_texts(column)))


def coordinate_pairs(headers: Sequence[str], columns: Sequence[pa.DictionaryArray]) -> frozenset[int]:
    """The columns that stand side by side and hold degrees north and east, with four decimals or more."""
    degrees = [_degrees(header, column) for header, column in zip(headers, columns, strict=True)]
    return frozenset(
        place
        for first, (north, east) in enumerate(pairwise(degrees))
        if 0 < north <= 90 and 0 < east <= 180
        for place in (first, first + 1)
    )


def _degrees(header: str, column: pa.DictionaryArray) -> float:
    """The largest number of a column of fine decimals that may be degrees, without its sign; 0 where it is none."""
    if len(column.dictionary) < 2 or _NO_PLACE.search(" ".join(header_words(header))):
        return 0
    cells = _some_cells(column)
    if not cells.worth_a_look() or cells.share(_FINE_DECIMAL.fullmatch) < _MOST:
        return 0
    sizes = sorted(abs(float(text.replace(",", "."))) for text in cells.counts if _FINE_DECIMAL.fullmatch(text))
    return sizes[-1] if sizes[len(sizes) // 2] > _LIKE_SCORES else 0


def _some_cells(column: pa.DictionaryArray) -> _Cells:
    codes = column.indices.drop_null() if column.null_count else column.indices
    if len(codes) > _CELLS_TO_SEE:
        codes = codes.take(pa.array(np.linspace(0, len(codes) - 1, _CELLS_TO_SEE).astype(np.int64)))
    places, counts = np.unique(codes.to_numpy(zero_copy_only=False), return_counts=True)
    texts = column.dictionary.take(pa.array(places)).to_pylist()
    seen: Counter[str] = Counter()
    for text, count in zip(texts, counts.tolist(), strict=True):
        if _says(text):
            seen[text.strip()[: _LONGEST + 1]] += count
    return _Cells(seen)


def _says(text: str) -> bool:
    return text.strip().casefold() not in _SAYS_NOTHING


def _hold_emails(cells: _Cells, _: str) -> bool:
    return cells.share(_EMAIL.fullmatch) >= _HALF


def _hold_ips(cells: _Cells, words: str) -> bool:
    return not _NO_ADDRESS.search(words) and cells.share(_is_ip) >= _MOST


def _is_ip(text: str) -> bool:
    if not _MAYBE_IP.fullmatch(text):
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _hold_coordinates(cells: _Cells, _: str) -> bool:
    return cells.share(_is_place) >= _MOST


def _is_place(text: str) -> bool:
    match = _COORDINATES.fullmatch(text)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180


def _hold_birthdays(cells: _Cells, _: str) -> bool:
    years = sorted(year for year in map(_year, cells.counts) if year in _BORN)
    wide = len(years) >= 5 and years[-1] - years[0] >= _GENERATION
    return wide and cells.distinct >= _HALF and cells.share(lambda text: _year(text) in _BORN) >= _MOST


def _year(text: str) -> int:
    """The year of an exact date without a time of day; 0 where the text is none."""
    match = next((found for pattern in _DAY if (found := pattern.fullmatch(text))), None)
    year = int(match["year"]) if match else 0
    return year if year > 99 or not match else year + (1900 if year >= 30 else 2000)


def _hold_phones(cells: _Cells, _: str) -> bool:
    return cells.size >= 3 and cells.distinct >= _HALF and cells.share(_is_phone) >= _MOST


def _is_phone(text: str) -> bool:
    return bool(
        _PHONE.fullmatch(text)
        and (7 if re.search(r"[^\d]", text) else 9) <= sum(map(str.isdigit, text)) <= 15
        and not _DECIMAL.fullmatch(text)
        and not _MOMENT.fullmatch(text)
    )


def _hold_persons(cells: _Cells, _: str) -> bool:
    return cells.size >= _ENOUGH and min(cells.distinct, cells.share(_is_person)) >= _NEARLY_ALL


def _is_person(text: str) -> bool:
    return bool(_PERSON.fullmatch(text)) and all(part[:1].isupper() for part in text.split(", "))


def _hold_numbers(cells: _Cells, words: str) -> bool:
    if cells.size < _ENOUGH or cells.distinct < _NEARLY_ALL or _NO_PLACE.search(words):
        return False
    forms: Counter[str] = Counter(form for text, count in cells.counts.items() for form in _forms(text) * count)
    return max(forms.values(), default=0) >= _NEARLY_ALL * cells.size


def _forms(text: str) -> list[str]:
    """The forms of a code that others may share: its letters with any number; its length and signs.

    A bare number shares only its length, from four digits: so years of service, and the running number of a row, are
    none.
    """
    if not _CODE.fullmatch(text) or _MOMENT.fullmatch(text) or _DECIMAL.fullmatch(text):
        return []
    if text.isdigit():
        return [f"{len(text)} digits"] if len(text) >= _SHORTEST_CODE else []
    lettered = [re.sub(r"\d+", "9", text)] if re.search(r"[A-Za-z]", text) else []
    fixed = [re.sub(r"[A-Za-z0-9]", "x", text)] if len(text) >= _SHORTEST_CODE else []
    return list({*lettered, *fixed})


_KINDS: tuple[tuple[str, Callable[[_Cells, str], bool]], ...] = (
    (marked("e-mail addresses"), _hold_emails),
    (marked("IP addresses"), _hold_ips),
    (PLACES, _hold_coordinates),
    (marked("dates of birth"), _hold_birthdays),
    (marked("phone numbers"), _hold_phones),
    (marked("names of persons"), _hold_persons),
    (NUMBERS, _hold_numbers),
)
_LOOKS: tuple[Callable[[str], object], ...] = (
    _EMAIL.fullmatch,
    _is_ip,
    _is_place,
    _year,
    _is_phone,
    _is_person,
    _forms,
    _FINE_DECIMAL.fullmatch,
)
