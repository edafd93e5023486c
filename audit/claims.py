"""What reports say of themselves: the wave, the smallest group, the digest of the rules."""

import re
from collections.abc import Iterable, Iterator

from .figures import Printed, plain
from .language import pattern

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def claimed_wave(printed: Printed) -> str | None:
    """The wave that a file says it is on, "" for one without a name; None where it says nothing of waves."""
    if "wave" in printed.claims:
        return printed.claims["wave"]
    if "foot" in printed.claims:
        line = plain(printed.claims["foot"].split("\n")[0])
        found = re.search(f" · {pattern('wave %(name)s', name='.*')} · {_smallest_shown()}", line)
        return found["name"] if found else ""
    return None


def claimed_min_group(printed: Printed) -> Iterator[int]:
    """The smallest group that a file says it shows; nothing where it says none."""
    text = printed.claims.get("min_group", "")
    found = re.search(_smallest_shown(), plain(printed.claims.get("foot", "")))
    text = text or (found["number"] if found else "")
    if text.isdecimal():
        yield int(text)


def digests_in(files: Iterable[Printed]) -> str:
    """The digests of rules that files print."""
    said = {
        digest
        for one in files
        for text in (*(prose.text for prose in one.prose), *one.claims.values())
        for digest in _DIGEST.findall(text)
    }
    return ", ".join(sorted(said))


def _smallest_shown() -> str:
    """The pattern of the sentence that says which is the smallest group."""
    return pattern("no group below %(number)s is shown", number=r"\d+")
