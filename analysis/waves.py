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


def listed(waves: Iterable[str]) -> str:
    """The first few waves in alphabetical order, for a message."""
    return ", ".join(f"“{wave}”" if wave else "(empty)" for wave in sorted(waves)[:8])
