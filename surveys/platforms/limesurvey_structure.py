"""What the structure file beside a LimeSurvey export knows: the text, labels and question group of each column code.

Since version 4 the texts stand apart from the questions, in blocks called "…_l10ns", one row per language; before, each
question and answer had a row per language.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow as pa

from ..columns import distinct_texts
from .lss_file import Row, read_lss, rows_of, texts_of

OTHER = "-oth-"  # the code of an answer that was written rather than chosen
_FREE_TEXT = frozenset("STUQ;|")  # question types: short, long, huge, several texts, arrays of texts; files
_CODE = re.compile(r"(?:\d+X\d+X\d+)?(?P<question>[A-Za-z][A-Za-z0-9]*)(?:[\[_](?P<row>[A-Za-z0-9]+)\]?.*)?")


@dataclass(frozen=True, slots=True)
class Question:
    """One column: its text ("Question [Row]"), label by code in the order of the scale, question group."""

    text: str
    labels: Mapping[str, str]
    section: str
    free_text: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """The questions of one structure file, by question code and row code ("" for a question without rows)."""

    name: str
    questions: Mapping[tuple[str, str], Question]

    def of_columns(self, codes: Sequence[str]) -> dict[int, Question]:
        """Column → its question, for the columns that the file knows."""
        matches = {place: _CODE.fullmatch(code) for place, code in enumerate(codes)}
        keys = {place: (match["question"], match["row"] or "") for place, match in matches.items() if match}
        return {place: self.questions[key] for place, key in keys.items() if key in self.questions}


def read_structure_beside(export: Path, codes: Sequence[str]) -> Structure | None:
    """The structure file beside the export: of the same stem, or the only one; None where it does not know most codes.

    Raises FileError where it is there and cannot be read.
    """
    found = sorted(path for path in export.parent.glob("*.lss") if path.is_file())
    chosen = [path for path in found if path.stem == export.stem] or found
    if len(chosen) != 1:
        return None
    root = read_lss(chosen[0])
    structure = Structure(chosen[0].name, dict(_questions(root)))
    return structure if 2 * len(structure.of_columns(codes)) > len(codes) else None


def with_labels(column: pa.DictionaryArray, labels: Mapping[str, str]) -> pa.DictionaryArray:
    """The column with labels in place of codes; the very same where it does not hold these codes only."""
    texts = distinct_texts(column)
    if not set(texts) - {OTHER} <= labels.keys():
        return column
    told = pa.array([labels.get(text, text) for text in texts], pa.string())
    return told.take(column.indices).dictionary_encode()


def _questions(root: ET.Element) -> Iterator[tuple[tuple[str, str], Question]]:
    language = root.findtext("surveys/rows/row/language") or root.findtext("languages/language") or ""
    texts = texts_of(root, ("questions", "subquestions", "question_l10ns"), "qid", "question", language)
    groups = texts_of(root, ("groups", "group_l10ns"), "gid", "group_name", language)
    labels = _labels(root, language)
    children: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(root, "subquestions", language):
        children[row.get("parent_qid", "")].append(row)
    for row in rows_of(root, "questions", language):
        code, qid = row.get("title", ""), row.get("qid", "")
        stem, free = texts.get(qid, code), row.get("type", "") in _FREE_TEXT
        for child in ({"title": ""}, *children[qid]):
            own = texts.get(child.get("qid", ""))
            text = f"{stem} [{own}]" if own else stem
            section = groups.get(row.get("gid", ""), "")
            yield (code, child.get("title", "")), Question(text, labels.get(qid, {}), section, free)


def _labels(root: ET.Element, language: str) -> dict[str, dict[str, str]]:
    """Question id → code → label, in the order in which the answers are shown."""
    apart = texts_of(root, ("answer_l10ns",), "aid", "answer", language)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(rows_of(root, "answers", language), key=lambda row: int(row.get("sortorder") or 0)):
        label = apart.get(row.get("aid", "")) or row.get("answer", "")
        if label and row.get("scale_id") in {None, "", "0"}:
            labels[row.get("qid", "")][row.get("code", "")] = label
    return labels
