"""How a survey file is read, column by column, with the evidence: for the person who exported it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .cells import BLANK, NOT_APPLICABLE
from .doubtful import any_of, flag_notes, flag_rows, removed_rows
from .instrument import Item, ResponseScale, in_language
from .keying import keying_doubts, turn_items, turn_notes
from .mapping import Column, Wishes
from .parts import read_tables
from .phrases import short
from .places import find_places
from .platforms import recognise
from .points import Codes, read_points
from .responses import survey_paths


@dataclass(frozen=True, slots=True)
class ItemCheck:
    """How the answers to one item are understood.

    column: its number in the file, from 1. answers: how often each point of the scale was ticked, the lowest first.
    blank, not_applicable: rows without an answer, and rows with one outside the scale.
    """

    item: str
    column: int
    scale: str
    answers: tuple[tuple[str, int], ...]
    blank: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Check:
    """What `load_survey` makes of a file. columns: in file order; doubts: sentences a person should read."""

    file: str
    dialect: str
    rows: int
    platform: str
    evidence: str
    instrument: str
    columns: tuple[Column, ...]
    items: tuple[ItemCheck, ...]
    doubts: tuple[str, ...]


def check_survey(path: Path | Sequence[Path], wishes: Wishes | None = None, *, sheet: str | None = None) -> Check:
    """Explain how a survey is read; nothing is made of it.

    path, sheet: as for `load_survey`. Raises the same PsafetyError as `load_survey` where the file cannot be read.
    """
    wishes = wishes or Wishes()
    paths = survey_paths(path)
    export = recognise(read_tables(paths, sheet=sheet), wishes.platform)
    instrument, places = find_places(export, wishes)
    instrument = turn_items(instrument, wishes.turn)
    points, notes = read_points(export, instrument, places.items)
    flags = flag_rows(export, points, instrument, places.items)
    removed = removed_rows(flags, wishes.remove, where=paths[0].name)
    left = points[~any_of(removed, len(points))] if removed else points
    return Check(
        file=paths[0].name,
        dialect=export.table.dialect,
        rows=len(points),
        platform=export.platform,
        evidence=export.evidence,
        instrument=in_language(instrument.titles, "en"),
        columns=places.columns,
        items=tuple(
            _check_item(item, places.items[item.id], left[:, index]) for index, item in enumerate(instrument.items)
        ),
        doubts=(
            *keying_doubts(left, instrument, wishes.turn),
            *turn_notes(instrument),
            *export.table.notes,
            *places.doubts,
            *notes,
            *flag_notes(export, flags, removed),
        ),
    )


def _check_item(item: Item, position: int, codes: Codes) -> ItemCheck:
    size = len(item.scale.values)
    ticked = np.bincount(codes[codes > 0], minlength=size + 1)[1:].tolist()
    return ItemCheck(
        item=item.id,
        column=position + 1,
        scale=item.scale.id,
        answers=tuple(zip(_labels(item.scale), ticked, strict=True)),
        blank=int((codes == BLANK).sum()),
        not_applicable=int((codes == NOT_APPLICABLE).sum()),
    )


def _labels(scale: ResponseScale) -> tuple[str, ...]:
    labels = scale.labels.get("en") or next(iter(scale.labels.values()), ())
    return labels or tuple(str(value) for value in scale.values)


def to_lines(check: Check) -> tuple[str, ...]:
    """The check as lines for a screen."""
    lines = [
        f"{check.file}: {check.dialect}, {check.rows:,} rows",
        f"Platform: {check.platform} ({check.evidence})",
        f"Questionnaire: {check.instrument}",
        "",
        "Columns",
    ]
    for column in check.columns:
        taken = f"item {column.item}" if column.item else column.role
        lines += [f"{column.position + 1:>5}  {short(column.name, 60)}", f"       {taken}: {column.evidence}"]
    lines += ["", "Answers"]
    for item in check.items:
        answers = ", ".join(f"{label} {count:,}" for label, count in item.answers)
        lines.append(
            f"  {item.item} (column {item.column}): {answers}; blank {item.blank:,},"
            f" not applicable {item.not_applicable:,}"
        )
    if check.doubts:
        lines += ["", "Please check", *(f"  {doubt}" for doubt in check.doubts)]
    return tuple(lines)
