"""The .lss file of a LimeSurvey: which text, labels and question group each column code has.

XML, with one block of rows per database table. Since version 4 the texts stand apart from the questions, in blocks
called "…_l10ns", one row per language; before, each question and answer had a row per language.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from ..errors import FileError
from .export import plain_text

_LARGEST = 20_000_000  # bytes; real ones have some hundred thousand
_FREE_TEXT = frozenset("STUQ;|")  # question types: short, long, huge, several texts, arrays of texts; files
_CODE = re.compile(r"(?:\d+X\d+X\d+)?(?P<question>[A-Za-z][A-Za-z0-9]*)(?:[\[_](?P<row>[A-Za-z0-9]+)\]?.*)?")
Row = Mapping[str, str]


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
    """The structure file beside the export: of the same stem, or the only one; None where none fits the codes.

    Raises FileError where it is there and cannot be read.
    """
    found = sorted(path for path in export.parent.glob("*.lss") if path.is_file())
    same_stem = [path for path in found if path.stem == export.stem]
    if len(found) != 1 and not same_stem:
        return None
    structure = read_structure((same_stem or found)[0])
    return structure if structure.of_columns(codes) else None


def read_structure(path: Path) -> Structure:
    """Read one .lss file. Raises FileError where it is no such file, or one that may do harm."""
    if path.stat().st_size > _LARGEST:
        raise _unreadable(path, "is too large to be one")
    try:
        text = path.read_bytes().decode("utf-8-sig")  # in another encoding, declarations could hide
        root = ET.fromstring(text, ET.XMLParser(target=_NoDeclarations()))  # noqa: S314 - see _NoDeclarations
    except (ET.ParseError, ValueError, OSError) as error:
        raise _unreadable(path, "is no well-formed XML, or declares entities") from error
    if root.findtext("LimeSurveyDocType") != "Survey":
        raise _unreadable(path, "does not call itself one")
    return Structure(path.name, dict(_questions(root)))


class _NoDeclarations(ET.TreeBuilder):
    """Builds the tree of a document that declares nothing, so that there are no entities to expand or to fetch."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        """Refuse the declaration before anything in it is read."""
        raise ValueError(name)


def _unreadable(path: Path, why: str) -> FileError:
    return FileError(
        f"The LimeSurvey structure file beside the export {why}.",
        where=path.name,
        hint="Export the structure again, or move the file to another folder.",
    )


def _questions(root: ET.Element) -> Iterator[tuple[tuple[str, str], Question]]:
    language = root.findtext("surveys/rows/row/language") or root.findtext("languages/language") or ""
    texts = _texts(root, "questions", "qid", "question", language) | _texts(
        root, "subquestions", "qid", "question", language
    )
    groups = _texts(root, "groups", "gid", "group_name", language)
    labels = _labels(root, language)
    children: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(root, "subquestions"):
        if row.get("language", language) == language:
            children[row.get("parent_qid", "")].append(row)
    for row in _rows(root, "questions"):
        code, qid = row.get("title", ""), row.get("qid", "")
        text, section = texts.get(qid, code), groups.get(row.get("gid", ""), "")
        free = row.get("type", "") in _FREE_TEXT
        yield (code, ""), Question(text, labels.get(qid, {}), section, free)
        for child in children[qid]:
            row_text = texts.get(child.get("qid", ""), "")
            whole = f"{text} [{row_text}]" if row_text else text
            yield (code, child.get("title", "")), Question(whole, labels.get(qid, {}), section, free)


def _rows(root: ET.Element, block: str) -> Iterator[Row]:
    for row in root.iterfind(f"{block}/rows/row"):
        yield {cell.tag: (cell.text or "").strip() for cell in row}


def _texts(root: ET.Element, block: str, key: str, field: str, language: str) -> dict[str, str]:
    """The texts of a block in the survey's first language, by id, wherever this version keeps them."""
    apart = {
        "questions": "question_l10ns",
        "subquestions": "question_l10ns",
        "groups": "group_l10ns",
        "answers": "answer_l10ns",
    }
    rows = [*_rows(root, block), *_rows(root, apart[block])]
    return {
        row[key]: plain_text(row[field])
        for row in rows
        if row.get(key) and row.get(field) and row.get("language", language) == language
    }


def _labels(root: ET.Element, language: str) -> dict[str, dict[str, str]]:
    """Question id → code → label, in the order in which the answers are shown."""
    texts = _texts(root, "answers", "aid", "answer", language)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(_rows(root, "answers"), key=lambda row: int(row.get("sortorder") or 0)):
        if row.get("language", language) == language and row.get("scale_id", "0") in {"", "0"}:
            label = texts.get(row.get("aid", ""), "") or plain_text(row.get("answer", ""))
            labels[row.get("qid", "")][row.get("code", "")] = label
    return labels
