"""The order of waves, where their names make it plain."""

import re
from collections.abc import Iterable, Sequence

from ..surveys.errors import ConfigError

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_WORD = r"(?P<word>q|quarter|quartal|h|half|m|w|wave|welle|round|t)?"
_GAP = r"[ ./_-]*"
_PATTERNS = (
    _YEAR + _GAP + _WORD + _GAP + r"(?P<part>\d{1,2})?",  # 2026-Q1, 2026-03, 2026
    _WORD + _GAP + r"(?P<part>\d{1,2})" + _GAP + _YEAR,  # Q1 2026, 03/2026
    _WORD + _GAP + r"(?P<part>\d{1,3})",  # Wave 2, Q1, 3
)

_NAMES_OF_MONTHS = (
    *("jan january januar janvier enero januari", "feb february februar février febrero februari"),
    *("mar march märz mars marzo", "apr april avril abril", "may mai mayo maj", "jun june juni juin junio"),
    *("jul july juli juillet julio", "aug august août agosto augusti", "sep sept september septembre septiembre"),
    *("oct october okt oktober octobre octubre", "nov november novembre noviembre", "dec december dez dezember"),
)
_MONTH = {name: f"m{number}" for number, names in enumerate(_NAMES_OF_MONTHS, 1) for name in names.split()}
_MONTH |= {"décembre": "m12", "diciembre": "m12"}
_SEASONS = frozenset(
    {
        *("spring", "summer", "autumn", "fall", "winter", "frühling", "frühjahr", "sommer", "herbst", "printemps"),
        *("été", "automne", "hiver", "primavera", "verano", "otoño", "invierno", "vår", "höst"),
    }
)
_MONTHS = {"q": 3, "quarter": 3, "quartal": 3, "h": 6, "half": 6, "m": 1}  # that one of them lasts


def in_order(waves: Sequence[str]) -> tuple[str, ...] | None:
    """The waves from the earliest to the latest; None where their names do not make that plain.

    >>> in_order(["Q1 2026", "Q4 2025"])
    ('Q4 2025', 'Q1 2026')
    >>> in_order(["spring", "autumn"]) is None
    True
    >>> in_order(["H1 2026", "Q2 2026"]) is None  # one holds the other
    True
    """
    for pattern in _PATTERNS:
        matches = [re.fullmatch(pattern, wave.strip().casefold()) for wave in waves]
        if all(matches):
            parts = [match.groupdict() for match in matches if match]
            keys = [(int(part.get("year") or 0), int(part["part"] or 0)) for part in parts]
            words = {(year, part["word"]) for (year, _), part in zip(keys, parts, strict=True)}
            if len(set(keys)) == len(keys) and len(words) == len({year for year, _ in keys}):
                return tuple(wave for _, wave in sorted(zip(keys, waves, strict=True)))
    return None


def may_overlap(one: str, other: str) -> bool:
    """Whether two waves are named after times of a calendar that have a month in common.

    >>> may_overlap("2026", "2026-Q1"), may_overlap("H1 2026", "Q2 2026"), may_overlap("2026-Q1", "Q1 2026")
    (True, True, True)
    >>> may_overlap("2026-Q1", "2026-Q2"), may_overlap("2026", "2025-Q4"), may_overlap("spring", "2026")
    (False, False, False)
    >>> may_overlap("March 2026", "Q1 2026"), may_overlap("spring 2026", "2026-03 final")
    (True, True)
    >>> may_overlap("Q1 FY26", "FY26"), may_overlap("2026 pulse A", "2026 pulse B")
    (True, False)
    """
    mine, theirs = _times(one), _times(other)
    return bool(mine & theirs)


def _times(wave: str) -> frozenset[tuple[int, str]]:
    """What a name stands for: months of a year, or a numbered wave of a year; a year holds all of both."""
    said = _dated(wave)
    for pattern in _PATTERNS[:2]:
        match = re.fullmatch(pattern, said)
        if match:
            year, word, part = int(match["year"]), match["word"] or "m", int(match["part"] or 0)
            length = _MONTHS.get(word)
            first, last = (1, 12) if not part else ((part - 1) * length + 1, part * length) if length else (1, 0)
            numbered = range(1, 100) if not part else () if length else (part,)
            months = (f"month {number}" for number in range(first, last + 1))
            return frozenset((year, name) for name in (*months, *(f"wave {number}" for number in numbered)))
    return frozenset()


def _dated(wave: str) -> str:
    """A name as a date of a calendar: months as numbers, FY26 as 2026, a season as its year, without other words.

    Where only a year would be left, which other words may divide in any way, the name stays as it is.
    """
    plain = re.sub(r"\bfy ?(\d{2})\b", r"20\1", wave.strip().casefold())
    words = re.findall(r"[^\W\d_]+", plain)
    numbered = re.sub(r"[^\W\d_]+", lambda word: _MONTH.get(word[0], word[0]), plain)
    if _SEASONS.intersection(words):
        return " ".join(re.findall(_YEAR.replace("?P<year>", "?:"), plain)[:1])
    bare = re.sub(r"\b(?!(?:q|quarter|quartal|h|half|m)\d*\b)[^\W\d_]+\b", " ", numbered).strip(" ./_-")
    match = next((found for pattern in _PATTERNS[:2] if (found := re.fullmatch(pattern, bare))), None)
    return bare if match and match["part"] else numbered


def latest(waves: Sequence[str]) -> str:
    """The last wave. Raises ConfigError where there are several and their order is not plain."""
    if len(waves) == 1:
        return waves[0]
    ordered = in_order(waves) if all(waves) else None
    if ordered is None:
        raise ConfigError(
            f"The file holds {len(waves)} waves, and their names do not tell which is the last: {listed(waves)}.",
            hint="Say which one to report on: --wave “COLUMN=VALUE”.",
        )
    return ordered[-1]


def ordered(waves: Sequence[str], names: Sequence[str] = ()) -> tuple[str, ...]:
    """The waves of one file from the earliest on: as a person named them, else as their names tell.

    Raises ConfigError where neither tells.
    """
    if set(names) == set(waves) and len(names) == len(waves):
        return tuple(names)
    found = (in_order(waves) if all(waves) else None) if len(waves) > 1 else tuple(waves)
    if found is None:
        raise ConfigError(
            f"The file holds {len(waves)} waves, and their names do not tell their order: {listed(waves)}.",
            hint="Name them from the earliest on, separated by commas: --labels “spring,autumn”.",
        )
    return found


def named(waves: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The waves of a comparison as a person calls them; `names` is empty where they are to keep their names.

    Raises ConfigError where there are not as many names as waves, or where two waves go by one.
    """
    if names and len(names) != len(waves):
        raise ConfigError(
            f"There are {len(waves)} waves and {len(names)} name{'s' * (len(names) > 1)} for them.",
            where=f"The waves are, in their order: {', '.join(waves)}.",
            hint="Give --labels one name for each, separated by commas.",
        )
    called = tuple(names or waves)
    twice = next((name for name in called if called.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(
            f"Two waves are called “{twice}”.", hint="Tell them apart: --labels “2025-Q4,2026-Q1”, in their order."
        )
    return called


def listed(waves: Iterable[str]) -> str:
    """The first few waves in alphabetical order, for a message."""
    return ", ".join(f"“{wave}”" if wave else "(empty)" for wave in sorted(waves)[:8])
