"""The order of waves, where their names make it plain."""

import re
from collections.abc import Sequence

from ..surveys.errors import ConfigError

_PATTERNS = (
    r"(?P<year>\d{4})[ ./_-]*(?:q|quarter|quartal|h|half|w|wave|m)?[ ./_-]*(?P<part>\d{1,2})?",  # 2026-Q1, 2026-03, 2026
    r"(?:q|quarter|quartal|h|half|wave|welle|round)?[ ./_-]*(?P<part>\d{1,2})[ ./_-]*(?P<year>\d{4})",  # Q1 2026, 03/2026
    r"(?:q|quarter|quartal|h|half|wave|welle|round|t)?[ ./_-]*(?P<part>\d{1,3})",  # Wave 2, Q1, 3
)


def in_order(waves: Sequence[str]) -> tuple[str, ...] | None:
    """The waves from the earliest to the latest; None where their names do not make that plain.

    >>> in_order(["Q1 2026", "Q4 2025"])
    ('Q4 2025', 'Q1 2026')
    >>> in_order(["spring", "autumn"]) is None
    True
    """
    for pattern in _PATTERNS:
        matches = [re.fullmatch(pattern, wave.strip().casefold()) for wave in waves]
        if all(matches):
            keys = [
                tuple(int(match.groupdict().get(part) or 0) for part in ("year", "part")) for match in matches if match
            ]
            if len(set(keys)) == len(keys):
                return tuple(wave for _, wave in sorted(zip(keys, waves, strict=True)))
    return None


def latest(waves: Sequence[str]) -> str:
    """The last wave. Raises ConfigError where there are several and their order is not plain."""
    named = [wave for wave in waves if wave]
    if len(waves) == 1:
        return waves[0]
    ordered = in_order(named) if len(named) == len(waves) else None
    if ordered is None:
        shown = ", ".join(f"“{wave}”" if wave else "(empty)" for wave in sorted(waves)[:8])
        raise ConfigError(
            f"The file holds {len(waves)} waves, and their names do not tell which is the last: {shown}.",
            hint="Say which one to report on: --wave “COLUMN=VALUE”.",
        )
    return ordered[-1]
