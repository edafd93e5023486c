"""An instrument drafted from a file that matches none: its Likert columns, grouped by what their headers share."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from .answers import fold, known_scales, matching_scales, no_answer, whole_number
from .errors import MappingError
from .instrument import Dimension, Instrument, Item, ResponseScale
from .instrument_files import instrument_toml
from .mapping import Wishes, find_groups
from .platforms import recognise
from .platforms.export import Export
from .tables import read_table

_MOST_LABELS = 11
_COUNTED = re.compile(r"\b(age|years?|how (many|old|long)|number of|id|alter|jahre?|anzahl|zip|plz|rank(ing)?|order)\b")
_JOINT = 3  # columns that must share a stem before we add them up


@dataclass(frozen=True, slots=True)
class Draft:
    """A made-up instrument, where its items stand in the file, and the columns that look like answers but are not read.

    items: item id → column position. unclear: position → why the column was left out.
    """

    instrument: Instrument
    items: Mapping[str, int]
    unclear: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Likert:
    position: int
    header: str
    stem: str
    scale: ResponseScale


def distinct_texts(column: pa.DictionaryArray) -> list[str]:
    """The different texts of one column; never a blank one."""
    return [str(text) for text in column.dictionary.to_pylist()]


def draft_instrument(export: Export, taken: Iterable[int]) -> Draft:
    """Draft an instrument from the columns that are answers on a scale we can be sure of.

    Labels count only where a known scale explains all of them; bare numbers where they run from 0 or 1 to at most 10.
    Columns that share a stem and a scale are added up when there are at least three; the others stand alone.
    Which end of a scale is the good one is not known: the instrument is not `directed`.
    """
    skip = set(taken) | export.metadata
    texts = {
        index: distinct_texts(column)
        for index, column in enumerate(export.table.columns)
        if index not in skip and len(column.dictionary) <= 3 * _MOST_LABELS
    }
    labelled = _labelled_columns(texts)
    numbered = {index: span for index, said in texts.items() if (span := _span(said)) and not _counts(export, index)}
    columns = [*_likert_labels(export, labelled), *_likert_numbers(export, numbered)]
    columns.sort(key=lambda column: column.position)
    unclear = {
        index: "its answers are not on a scale whose order we know"
        for index, said in texts.items()
        if index not in labelled and index not in numbered and _looks_ordered(said)
    }
    dimensions, items, positions = _assemble(columns)
    instrument = Instrument(
        id="drafted-from-file",
        titles={"en": "Questions found in the file"},
        version="0",
        licence="",
        citation="",
        evidence={"en": "Made up from the file itself. Nobody has checked what these questions measure."},
        dimensions=dimensions,
        items=items,
        directed=False,
    )
    return Draft(instrument, positions, unclear)


def _labelled_columns(texts: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """Column → id of its known scale; where several fit, the one that another column of the file settles."""
    candidates = {index: found for index, said in texts.items() if len(said) > 1 and (found := matching_scales(said))}
    settled = {found[0] for found in candidates.values() if len(found) == 1}
    chosen = {}
    for index, found in candidates.items():
        fitting = found if len(found) == 1 else tuple(id_ for id_ in found if id_ in settled)
        if len(fitting) == 1:
            chosen[index] = fitting[0]
    return chosen


def _span(texts: Sequence[str]) -> tuple[int, int] | None:
    """Lowest and highest of the bare numbers of a column that may be a rating; None where it is none."""
    answers = [text for text in texts if no_answer(text) is None]
    numbers = {number for text in answers if (number := whole_number(text)) is not None}
    if len(numbers) < 3 or len(numbers) != len({text.strip() for text in answers}):
        return None
    low, high = min(numbers), max(numbers)
    return (min(low, 1), high) if low >= 0 and 3 <= high <= 10 else None


def _counts(export: Export, index: int) -> bool:
    return bool(_COUNTED.search(fold(export.texts[index])))


def _looks_ordered(texts: Sequence[str]) -> bool:
    answers = [text for text in texts if no_answer(text) is None]
    return 3 <= len(answers) <= _MOST_LABELS and all(len(text) <= 40 for text in answers) and _span(texts) is None


def _likert_labels(export: Export, labelled: Mapping[int, str]) -> list[_Likert]:
    scales = {known.id: scale_from_labels(known.id) for known in known_scales()}
    return [_Likert(index, export.texts[index], "", scales[scale]) for index, scale in labelled.items()]


def _likert_numbers(export: Export, numbered: Mapping[int, tuple[int, int]]) -> list[_Likert]:
    """The numbered columns; those that share a stem share the widest range any of them uses."""
    stems = _stems({index: export.texts[index] for index in numbered})
    found = []
    for index in numbered:
        family = (
            [span for other, span in numbered.items() if stems[other] == stems[index]]
            if stems[index]
            else [numbered[index]]
        )
        low, high = min(span[0] for span in family), max(span[1] for span in family)
        found.append(_Likert(index, export.texts[index], stems[index], numeric_scale(low, high)))
    return found


def scale_from_labels(known_id: str) -> ResponseScale:
    """A known scale as a response scale 1..n with its first label per point; above the middle is the upper band."""
    known = next(scale for scale in known_scales() if scale.id == known_id)
    labels = {lang: tuple(names[0].capitalize() for names in points) for lang, points in known.labels.items()}
    return _banded(known_id, tuple(range(1, known.points + 1)), labels)


def numeric_scale(low: int, high: int) -> ResponseScale:
    """A scale of bare numbers from `low` to `high`; above the middle is the upper band."""
    return _banded(f"numbers-{low}-{high}", tuple(range(low, high + 1)), {})


def _banded(id_: str, values: tuple[int, ...], labels: Mapping[str, tuple[str, ...]]) -> ResponseScale:
    middle = (values[0] + values[-1]) / 2
    return ResponseScale(
        id=id_,
        values=values,
        labels=labels,
        favourable=frozenset(value for value in values if value > middle),
        unfavourable=frozenset(value for value in values if value < middle),
    )


def _stems(headers: Mapping[int, str]) -> dict[int, str]:
    """Column → what its header shares with at least two others: a grid's question, a code, a leading word; else ""."""
    options = {index: _possible_stems(header) for index, header in headers.items()}
    counts = Counter(stem for stems in options.values() for stem in stems)
    return {index: next((stem for stem in stems if counts[stem] >= _JOINT), "") for index, stems in options.items()}


def _possible_stems(header: str) -> tuple[str, ...]:
    patterns = (
        r"(.+?)\s*\[[^\[\]]+\]",  # Question [Row]
        r"(.+\S)\s+-\s+\S.*",  # Question - Row
        r"(.+\S):\s+\S.*",  # Question: Row
        r"([A-Za-z]+\d*)[_.]\d+",  # Q3_1
        r"([A-Za-z]{1,8}?)\d{1,3}",  # AF06
        r"([A-Z][a-z]+)[A-Z]\w*",  # TrainersConsiderate
    )
    return tuple(
        match[1].strip() for pattern in patterns if (match := re.fullmatch(pattern, header.strip(), re.DOTALL))
    )


def _assemble(columns: Sequence[_Likert]) -> tuple[tuple[Dimension, ...], tuple[Item, ...], dict[str, int]]:
    """Dimensions and items in the order of the file; item id → column position."""
    stems = _stems({column.position: column.header for column in columns})
    groups: dict[tuple[str, str], list[_Likert]] = {}
    for column in columns:
        groups.setdefault((stems[column.position], column.scale.id), []).append(column)
    dimensions: list[Dimension] = []
    items: list[Item] = []
    positions: dict[str, int] = {}
    for (stem, _), members in groups.items():
        joint = bool(stem) and len(members) >= _JOINT
        dimension = _dimension(f"group{len(dimensions) + 1}", stem if joint else "", members)
        dimensions.append(dimension)
        for column in members:
            item = _item(column, dimension.id, stem if joint else "", positions.keys())
            items.append(item)
            positions[item.id] = column.position
    return tuple(dimensions), tuple(items), positions


def _dimension(id_: str, stem: str, members: Sequence[_Likert]) -> Dimension:
    scale = members[0].scale
    ends = _ends(scale)
    if stem:
        about = f"{len(members)} questions that share a heading and are answered from {ends}."
        return Dimension(id_, {"en": stem}, {"en": about}, "core")
    return Dimension(
        id_, {"en": f"Single questions, {ends}"}, {"en": f"Each stands alone; answered from {ends}."}, "outcome"
    )


def _ends(scale: ResponseScale) -> str:
    labels = scale.labels.get("en")
    return f"“{labels[0]}” to “{labels[-1]}”" if labels else f"{scale.low} to {scale.high}"


def _item(column: _Likert, dimension: str, stem: str, used: Iterable[str]) -> Item:
    slug = re.sub(r"[^a-z0-9]+", "-", column.header.casefold()).strip("-")
    id_ = slug if slug and len(slug) <= 24 and slug not in used else f"column-{column.position + 1}"
    text = column.header.strip()
    row = text[len(stem) :].strip(" []-:") if stem and text.startswith(stem) and " " in text else text
    return Item(id_, dimension, column.scale, {"en": row or text} if text else {})


def draft_file(path: Path, *, sheet: str | None = None) -> str:
    """The text of a commented instrument TOML, drafted from the questions of a survey file.

    Raises MappingError where no column holds answers on a scale we can be sure of.
    """
    export = recognise(read_table(path, sheet=sheet))
    draft = draft_instrument(export, find_groups(export, Wishes()))
    if not draft.items:
        raise MappingError(
            "No column holds answers that we can read as a rating.",
            where=path.name,
            hint="Export the answers as numbers or as the labels people saw.",
        )
    return instrument_toml(draft.instrument)
