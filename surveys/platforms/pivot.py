"""From one row per answer to one row per person, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ...languages import gettext as _, grouped
from ..columns import distinct_texts, text_codes, without_unused
from ..errors import TableError
from ..phrases import quoted
from ..tables import Table
from .export import plain_text

_MOST_ROWS_NAMED = 5
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Keys:
    """Per row the number of its text, by first appearance, -1 for an empty cell. first: the row where each appears."""

    codes: Codes
    texts: Sequence[str]
    first: Codes


def pivot(
    table: Table, person: int, question: int, answer: int, *, text: int | None = None
) -> tuple[Table, tuple[str, ...]]:
    """One row per person: the person, what never differs within a person, and a column per question; and their texts.

    person, question, answer: columns. text: the column with the question's text, where `question` is only its code.
    Row numbers are those of each person's first answer. Cells without an answer are empty.
    Raises TableError where a row lacks person or question, or where somebody has two answers to one question.
    """
    people, questions = _keys(table.columns[person]), _keys(table.columns[question])
    _check(table, people, questions)
    others = [place for place in range(len(table.header)) if place not in {person, question, answer, text}]
    values = {place: _within(table.columns[place], people) for place in others}
    kept = {place: value for place, value in values.items() if value is not None}
    wording = None if text is None or text == question else _within(table.columns[text], questions)
    texts = questions.texts if wording is None else [cell or "" for cell in wording.to_pylist()]
    wide = Table(
        path=table.path,
        header=(table.header[person], *(table.header[place] for place in kept), *questions.texts),
        columns=(
            table.columns[person].take(pa.array(people.first)),
            *kept.values(),
            *_answers(table.columns[answer], people, questions),
        ),
        rows=tuple(table.rows[row] for row in people.first.tolist()),
        dialect=table.dialect,
        notes=(*table.notes, *_notes(table, people, questions, [place for place in others if place not in kept])),
    )
    return wide, tuple(map(plain_text, (*wide.header[: 1 + len(kept)], *texts)))


def _keys(column: pa.DictionaryArray) -> _Keys:
    raw, texts = text_codes(column), distinct_texts(column)
    seen, first = np.unique(raw, return_index=True)
    seen, first = seen[seen < len(texts)], first[seen < len(texts)]
    order = np.argsort(first)
    number = np.full(len(texts) + 1, -1)
    number[seen[order]] = np.arange(len(order))
    return _Keys(number[raw], [texts[code] for code in seen[order]], first[order])


def _check(table: Table, people: _Keys, questions: _Keys) -> None:
    unnamed = np.flatnonzero((people.codes < 0) | (questions.codes < 0))
    if unnamed.size:
        raise _error(table, unnamed, "do not say who answered, or which question")
    cells = people.codes * len(questions.texts) + questions.codes
    order = np.argsort(cells, kind="stable")
    again = np.flatnonzero(np.diff(cells[order]) == 0)
    if again.size:
        raise _error(
            table, np.unique(order[np.concatenate([again, again + 1])]), "answer a question again for the same person"
        )


def _error(table: Table, rows: Codes, what: str) -> TableError:
    named = ", ".join(f"{table.rows[row]:,}" for row in rows[:_MOST_ROWS_NAMED].tolist())
    more = f" and {rows.size - _MOST_ROWS_NAMED:,} more" if rows.size > _MOST_ROWS_NAMED else ""
    return TableError(
        f"The file has one row per answer, and {rows.size:,} of its rows {what}: row {named}{more}.",
        where=table.path.name,
        hint="Export again with one answer per person and question; several waves need a file each.",
    )


def _within(column: pa.DictionaryArray, keys: _Keys) -> pa.DictionaryArray | None:
    """Per key the one text that its rows hold, null where they hold none; None where some key's rows differ."""
    codes = text_codes(column).astype(np.int64)
    filled = codes < len(column.dictionary)
    least, most = np.full(len(keys.texts), len(column.dictionary)), np.full(len(keys.texts), -1)
    np.minimum.at(least, keys.codes[filled], codes[filled])
    np.maximum.at(most, keys.codes[filled], codes[filled])
    return None if (least < most).any() else _column(most, column.dictionary)


def _answers(column: pa.DictionaryArray, people: _Keys, questions: _Keys) -> list[pa.DictionaryArray]:
    codes = text_codes(column)
    cells = np.full((len(questions.texts), len(people.texts)), -1)
    cells[questions.codes, people.codes] = np.where(codes < len(column.dictionary), codes, -1)
    return [without_unused(_column(row, column.dictionary)) for row in cells]


def _column(codes: Codes, texts: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes < 0), texts)


def _notes(table: Table, people: _Keys, questions: _Keys, left_out: Sequence[int]) -> tuple[str, ...]:
    made = _(
        "The file has one row per answer: {answers} answers of {people} people to {questions} questions were put into"
        " one row per person."
    ).format(
        answers=grouped(len(table.rows)), people=grouped(len(people.texts)), questions=grouped(len(questions.texts))
    )
    if not left_out:
        return (made,)
    names = ", ".join(quoted(plain_text(table.header[place])) for place in left_out)
    return made, _("Left out, since they differ within a person: {columns}.").format(columns=names)
