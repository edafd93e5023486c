"""LimeSurvey: id, submitdate, lastpage and startlanguage first; headings as codes, as texts, or as both.

Codes are Q02, or Q02[SQ001] for a row of an array. Both together are written "Q02[SQ001]. Question [Row]", or with
"._." between; alone, the texts of the first columns are in the language of the account. "-oth-" stands where somebody
chose to write an answer, which then is in Q02[other]. A structure file (.lss) beside the export knows the texts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...languages import gettext as _
from ..tables import Table
from .export import Export, Mark, folded, mark_where, matching, place_of, places_of, plain_text, positions
from .limesurvey_structure import OTHER, Question, Structure, read_structure_beside, with_labels

_CODED = re.compile(
    r"(?P<code>[A-Za-z]\w*(?:-\d+)?(?:\[[^\]]*\])*)(?P<mark>\._\.|\.(?=\s|$))\s*(?P<text>.*)", re.DOTALL
)
_SYSTEM = frozenset({"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"})
_METADATA = _SYSTEM | {"token", "ipaddr", "refurl", "interviewtime", "firstname", "lastname", "email", ""}
# The headings of the same columns as texts, in the languages we have seen.
_TEXTS = {
    text: code
    for code, texts in {
        "id": ("response id", "antwort id"),
        "submitdate": ("date submitted", "datum abgeschickt"),
        "lastpage": ("last page", "letzte seite"),
        "startlanguage": ("start language", "start-sprache"),
        "seed": ("zufallsstartwert",),
        "startdate": ("date started", "datum gestartet"),
        "datestamp": ("date last action", "datum letzte aktivität"),
        "ipaddr": ("ip address", "ip-adresse"),
        "refurl": ("referrer url", "weiterleitungs-url"),
        "interviewtime": ("total time", "gesamtzeit"),
    }.items()
    for text in texts
}
_TIME_TAKEN = re.compile(r"^groupTime\d+|Time$")  # per page and question, where times were saved at all
_EMPTY = re.compile(r"\s*\[\]$|^\[([^\[\]]+)\]$")  # the brackets of a row that has no words, or no question
_WRITTEN = re.compile(r"(?i)(\[other\]|\[(\w+)?comment\]|_other|_comment)$")


def recognise(table: Table) -> Export | None:
    """A file with LimeSurvey's own columns, or whose headings are codes with texts."""
    matches = [_CODED.match(name) for name in table.header]
    codes = [match["code"] if match else _code(name) for name, match in zip(table.header, matches, strict=True)]
    own = _SYSTEM & folded(codes)
    coded = [match for match in matches if match]
    named = [name for name in table.header if name.strip()]
    if len(own) < 3 and (10 * len(coded) < 9 * len(named) or not _are_its_codes(coded)):
        return None
    texts = [_asked(match["text"] if match else name) for name, match in zip(table.header, matches, strict=True)]
    evidence = _("its own columns (id, submitdate, …)") if len(own) > 2 else _("its headings are codes and questions")
    asked = [code for code in codes if code.casefold() not in _METADATA]
    return _export(table, codes, texts, evidence, read_structure_beside(table.path, asked))


def _code(name: str) -> str:
    return _TEXTS.get(plain_text(name).casefold(), plain_text(name))


def _asked(text: str) -> str:
    """The words of a heading: of an array, the question or its row where the other is empty.

    >>> _asked("How often? []"), _asked("[I am heard.]"), _asked("How much do you agree? [I am heard.]")
    ('How often?', 'I am heard.', 'How much do you agree? [I am heard.]')
    """
    return _EMPTY.sub(r"\1", plain_text(text))


def _are_its_codes(coded: Sequence[re.Match[str]]) -> bool:
    """Whether codes have rows in brackets or stand before "._.", or are not simply counted: Q1, Q2, Q3."""
    if any(match["mark"] == "._." or "[" in match["code"] for match in coded):
        return True
    return len({match["code"].rstrip("0123456789abcdefghij-") for match in coded}) > 4


def _export(table: Table, codes: list[str], texts: list[str], evidence: str, structure: Structure | None) -> Export:
    questions = structure.of_columns(codes) if structure else {}
    total = place_of(codes, "interviewtime")
    metadata = positions(codes, _METADATA) | (matching(codes, _TIME_TAKEN) if total is not None else frozenset())
    free = {place for place, question in questions.items() if question.free_text}
    return Export(
        platform="LimeSurvey",
        evidence=_("{evidence}, and {file} beside it").format(evidence=evidence, file=structure.name)
        if structure
        else evidence,
        table=_labelled(table, questions),
        ids=tuple(codes),
        texts=tuple(
            questions[place].text if place in questions else text or codes[place] for place, text in enumerate(texts)
        ),
        metadata=metadata,
        comments=(matching(codes, _WRITTEN) | free) - metadata,
        not_applicable=frozenset({OTHER}),
        incomplete=_never_submitted(codes),
        duration=total,
        times=places_of(codes, "startdate", "submitdate") or places_of(codes, "startdate", "datestamp"),
        scales={place: tuple(question.labels.values()) for place, question in questions.items() if question.labels},
        sections={place: question.section for place, question in questions.items() if question.section},
    )


def _labelled(table: Table, questions: Mapping[int, Question]) -> Table:
    columns = list(table.columns)
    for place, question in questions.items():
        columns[place] = with_labels(columns[place], question.labels)
    return replace(table, columns=tuple(columns))


def _never_submitted(codes: Sequence[str]) -> Mark | None:
    return mark_where(codes, "submitdate", {""}, "there is no date of submission")
