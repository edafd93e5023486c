"""Numbers in texts: each is a figure of the organisation, a count of the report's own rows, or a constant of a rule."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..languages import decimal, grouped, percent
from .columns import Cell
from .figures import PEOPLE, Fault, Printed, Unit, decimals, plain
from .language import pattern, spoken_number

# The digest of the rules, and the version.
_FIXED = re.compile(r"\b[0-9a-f]{64}\b|\bpsafety \d{1,2}\.\d{1,2}\.\d{1,2}\b")
_VERSION = r"\d{1,2}\.\d{1,2}\.\d{1,2}"
_WORD = re.compile(r"\w+")
_SHORTEST_NAME = 2  # letters; “A” begins many a sentence
CONSTANTS = frozenset({"0", "100", "95", "95%", "2%", "5%"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What numbers a text may hold.

    names: texts that stand in the survey or the questionnaire and may hold digits. withheld: names of units of which
    nothing is shown, beside which no number may stand. parts: the numbers that belong to each part of a report; ""
    for those of every part.
    """

    names: tuple[str, ...]
    withheld: tuple[str, ...]
    parts: Mapping[str, frozenset[str]]


def unexplained(printed: Printed, vocabulary: Vocabulary) -> Iterator[Fault]:
    """The numbers in the texts of one file that are nothing of what they may be."""
    names = any_of(vocabulary.names, (prose.text for prose in printed.prose))
    hidden = frozenset(vocabulary.withheld)
    known = {part: frozenset(map(_bare, numbers)) for part, numbers in vocabulary.parts.items()}
    everywhere, form, made_from = known.get("", frozenset()), spoken_number(), _made_from()
    for prose in printed.prose:
        text = plain(prose.text)
        if not any(map(str.isnumeric, text)):
            continue
        masked = _masked(text, names, made_from)
        allowed = everywhere | known.get(_part(prose.part), frozenset())
        numbers = list(map(_bare, form.findall(masked)))
        strange = [number for number in numbers if number not in allowed]
        if not strange and any(sign.isnumeric() and not sign.isascii() for sign in masked):
            strange = ["a number in other signs"]
        said = names.findall(text) if names and numbers and hidden else []
        named = sorted(hidden.intersection(said))
        if named and _part(prose.part) not in {"data", "method", "labels", "headings"}:
            yield Fault(
                printed.file, prose.place, f"a number beside “{named[0]}”, which is withheld: “{prose.text[:80]}”"
            )
        elif strange:
            yield Fault(
                printed.file,
                prose.place,
                f"{strange[0]} is no printed figure and no number of the report’s own: “{prose.text[:80]}”",
            )


def _bare(number: str) -> str:
    """A number without white space, and without the comma or full stop of its sentence."""
    return "".join(number.split()).strip(",.")


def _part(part: str) -> str:
    return part.partition("-")[0]


def _made_from() -> re.Pattern[str]:
    """What a report is made from, and the date that the person who made it gave, which stands behind."""
    made = pattern("Made from %(file)s with psafety %(version)s", file=".*", version=_VERSION)
    return re.compile(rf"{made}(?: · [\w .,:/–-]{{1,40}}$)?")


def _masked(text: str, names: re.Pattern[str] | None, made_from: re.Pattern[str]) -> str:
    """A text without what may hold any digits. text: as `plain` gives it."""
    text = _FIXED.sub(" ", made_from.sub(r"\g<file>", text))
    return names.sub(" ", text) if names else text


def any_of(names: Iterable[str], texts: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for any of some names, as whole words, the longest first; a name without a letter is a number.

    texts: in which it is looked for. Names of which they do not hold every word stand in none of them.
    """
    words = {word for text in texts for word in _WORD.findall(plain(text))}
    found = {name for name, parts in map(_taken_apart, names) if parts <= words}
    parts = sorted((text for text in found if any(map(str.isalpha, text))), key=lambda text: (-len(text), text))
    if not parts:
        return None
    return re.compile(rf"(?<!\w)(?<!\d[.,])(?:{'|'.join(map(re.escape, parts))})(?!\w|[.,]\d)")


@lru_cache(maxsize=1 << 16)
def _taken_apart(name: str) -> tuple[str, frozenset[str]]:
    """A name as every format can hold it, and its words."""
    return plain(name), frozenset(_WORD.findall(plain(name)))


def numbers_in(texts: Iterable[str]) -> set[str]:
    """The numbers of texts that are nothing else, such as a team that is called 27: they may stand in a sentence."""
    numeric = (plain(text) for text in texts if not any(map(str.isalpha, text)))
    form = spoken_number()
    return {_bare(number) for text in numeric for number in form.findall(text)}


def as_written(cells: Iterable[Cell]) -> set[str]:
    """How the figures of some cells are written in a sentence."""
    found = set()
    for cell in cells:
        places = decimals(cell.kind)
        if cell.kind == "n":
            found |= {grouped(int(cell.value)), f"{cell.value:.0f}"}
        elif cell.measure == PEOPLE or (places == 2 and cell.kind not in {"mean", "sd"}):
            found |= {percent(round(100 * cell.value)), f"{cell.value:.15g}", f"<{percent(1)}", f">{percent(99)}"}
        else:
            found |= {decimal(abs(cell.value), places), f"{abs(cell.value):.15g}"}
    return found


def withheld_units(units: Sequence[Unit], shown: Sequence[bool]) -> Iterator[str]:
    """The names of which no row is shown; without those too short to be known in a sentence."""
    seen = {
        unit.path[-1] for unit, is_shown in zip(units, shown, strict=True) if unit.path and is_shown and not unit.cut
    }
    names = {unit.path[-1] for unit in units if unit.path and not unit.cut} - seen
    return (name for name in sorted(names) if len(name) > _SHORTEST_NAME and not name.isdecimal())
