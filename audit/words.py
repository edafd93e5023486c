"""Comments: whether what people wrote is printed as the survey has it, once, and never where few could have written it.

A finding names the place and never the words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..surveys.responses import Responses
from .figures import Fault, Printed, Word, plain, rest_name

_LEADS_TO_A_PERSON = re.compile(r"@\w|(?:\d[\s()/.-]{0,3}){5}\d|\w{2,}://\S|\bwww\.\S")
_PART = re.compile(r"[^\W_]+")
_SHORTEST_PART = 3  # letters of a part of a name
_FEWEST_WORDS = 3  # of a comment that is looked for elsewhere: “Yes” may stand anywhere
_MANY = 6  # comments, from which the order of the file is no accident

Home = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """What the survey holds on one question: each text with the rows and the units of those who wrote it."""

    rows: Mapping[str, Sequence[int]]
    homes: Mapping[str, Sequence[Home]]


def misprinted(printed: Printed, responses: Responses, fewest: int, names: Sequence[str] = ()) -> Iterator[Fault]:
    """What is wrong with the comments of one file. fewest: how many must stand together. names: to be masked."""
    survey = _survey(responses)
    yield from _elsewhere(printed, survey)
    yield from _named(printed, names)
    homes = [home for written in survey.values() for found in written.homes.values() for home in found]
    uppers = {name for home in homes for name in home[: len(responses.levels) - 1]} - {""}
    title = plain(printed.claims.get("h1", printed.claims.get("title", "")))
    groups: dict[tuple[str, str], list[Word]] = defaultdict(list)
    for word in printed.words:
        if word.question not in survey:
            yield Fault(printed.file, word.place, "comments on a question that nobody named with --comments")
        elif word.unit or word.text:
            groups[word.question, word.unit].append(word)
    for (question, unit), words in groups.items():
        above = next((name for name in (title, *uppers) if unit in {name, rest_name(name)}), None)
        for problem in _problems(words, survey[question], above, "" if above == title else above, fewest):
            yield Fault(printed.file, words[0].place, problem)
    for question, written in survey.items():
        seen = Counter(word.text for word in printed.words if word.question == question)
        if any(number > len(written.rows[text]) for text, number in seen.items() if text in written.rows):
            yield Fault(printed.file, "the comments", "a comment stands there more often than it was written")


def _elsewhere(printed: Printed, survey: Mapping[str, _Written]) -> Iterator[Fault]:
    """Comments outside the part of the report that is for them."""
    said = "\n".join(printed.said)
    texts = {text for written in survey.values() for text in written.rows if len(text.split()) >= _FEWEST_WORDS}
    if any(text in said for text in texts):
        yield Fault(printed.file, "outside the comments", "a comment stands where none may stand")


def _named(printed: Printed, names: Sequence[str]) -> Iterator[Fault]:
    """Comments with a name of the list: all of it in small or capital letters, or a part with a capital."""
    whole = {tuple(_PART.findall(name.casefold())) for name in names} - {()}
    longer = [found for name in names if len(found := _PART.findall(name)) > 1]
    parts = {part.casefold() for found in longer for part in found if len(part) >= _SHORTEST_PART and part[0].isupper()}
    longest = max(map(len, whole), default=0)
    for word in printed.words:
        found = _PART.findall(word.text)
        folded = [part.casefold() for part in found]
        spans = {tuple(folded[at : at + size]) for at in range(len(folded)) for size in range(1, longest + 1)}
        alone = {small for part, small in zip(found, folded, strict=True) if part[0].isupper()}
        if spans & whole or alone & parts:
            yield Fault(printed.file, word.place, "a comment holds a name of the list")


def _survey(responses: Responses) -> dict[str, _Written]:
    """Question → what was written, as every format can hold it."""
    found: dict[str, _Written] = {}
    if responses.comments is None:
        return found
    units = list(zip(*(responses.groups[level].astype(object) for level in responses.levels), strict=True))
    for question, texts in responses.comments.items():
        rows: dict[str, list[int]] = defaultdict(list)
        homes: dict[str, list[Home]] = defaultdict(list)
        for row, text in enumerate(texts.astype(object)):
            if text:
                rows[plain(text)].append(row)
                homes[plain(text)].append(tuple(map(plain, units[row])) if units else ())
        found[plain(str(question))] = _Written(rows, homes)
    return found


def _problems(
    words: Sequence[Word], written: _Written, above: str | None, unit: str | None, fewest: int
) -> Iterator[str]:
    """What is wrong with the comments that stand together. above: the unit they are of; unit: the same, "" for all."""
    if above is None:
        yield "comments stand under something that is no unit above the teams"
        return
    if any(word.text not in written.rows for word in words):
        yield "words that are no comment of the survey, as comments are cleaned"
        return
    homes = [written.homes[word.text] for word in words]
    if unit and any(all(unit not in home for home in found) for found in homes):
        yield "a comment that nobody of that unit wrote"
    if len(words) < fewest:
        yield f"comments of fewer than {fewest} people stand together"
    elif len({home for found in homes for home in found}) == 1 and homes[0][0] and homes[0][0][-1]:
        yield "comments that are all of one team stand together"
    if any(_LEADS_TO_A_PERSON.search(word.text) for word in words):
        yield "a comment holds an address or a long number"
    first = [written.rows[word.text][0] for word in words]
    steps = {later > earlier for earlier, later in pairwise(first)}
    if len(words) >= _MANY and len(steps) == 1:
        yield "comments stand in the order of the file"
