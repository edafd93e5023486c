"""Responses: checked answers of one survey file; `load_survey` reads them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from .answers import BLANK, NOT_APPLICABLE, UNKNOWN, Reading, read_answers, split_number, whole_number
from .draft import Draft, distinct_texts, draft_instrument
from .errors import AnswerError, MappingError
from .instrument import Instrument, Item, ResponseScale
from .instrument_files import shipped_instruments
from .mapping import (
    Column,
    Places,
    Wishes,
    choose_instrument,
    find_groups,
    is_identifying,
    match_items,
    only_present,
)
from .platforms import recognise
from .platforms.export import Export
from .quality import Quality, check_quality
from .tables import read_table

WAVE = "wave"
Codes = npt.NDArray[np.int8]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the responses come from and how the file was understood.

    columns: every column of the file with its role, in file order. doubts: sentences a person should read.
    """

    name: str
    platform: str
    evidence: str
    dialect: str
    rows: int
    columns: tuple[Column, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """The answers of a survey, checked; one row per respondent who answered at least one item.

    points: (respondents × item ids) int8: position on the scale as ticked, 1 for its lowest value; BLANK, NOT_APPLICABLE.
    groups: (respondents × [wave, *levels]) categoricals of names, "" where the cell was empty.
    levels: the headings of the unit columns, outermost first, the team last; () where the file names no groups.
    """

    instrument: Instrument
    points: pd.DataFrame
    groups: pd.DataFrame
    levels: tuple[str, ...]
    source: Source
    quality: Quality

    def __len__(self) -> int:
        """How many people answered."""
        return len(self.points)


def load_survey(
    path: Path, wishes: Wishes | None = None, *, sheet: str | None = None, progress: Progress = lambda _: None
) -> Responses:
    """Read one survey file: recognise the platform, find items and groups, understand the answers.

    Raises a PsafetyError that names what is unclear or wrong, where, and what to try.
    """
    wishes = wishes or Wishes()
    progress("reading the file")
    export = recognise(read_table(Path(path), sheet=sheet))
    progress("finding the questions")
    instrument, places = find_places(export, wishes)
    progress("understanding the answers")
    points, turned = _read_items(export, instrument, places)
    groups, levels = _read_groups(export, places)
    answered = np.asarray(points.any(axis=1))
    kept = pd.DataFrame(points[answered], columns=[item.id for item in instrument.items], copy=False)
    if not len(kept):
        raise AnswerError(
            "No row holds an answer to any of the questions.", where=path.name, hint="Look whether the export is empty."
        )
    kept_groups = groups.loc[answered].reset_index(drop=True)
    return Responses(
        instrument=instrument,
        points=kept,
        groups=kept_groups,
        levels=levels,
        source=Source(
            name=path.name,
            platform=export.platform,
            evidence=export.evidence,
            dialect=export.table.dialect,
            rows=len(points),
            columns=places.columns,
            doubts=(*export.table.notes, *places.doubts, *turned),
        ),
        quality=check_quality(kept, kept_groups, instrument, left_out=int((~answered).sum())),
    )


def find_places(export: Export, wishes: Wishes) -> tuple[Instrument, Places]:
    """The instrument the file is read with, and which column is what.

    Raises MappingError where the file holds no item at all, or what the person named is not there.
    """
    group_columns = find_groups(export, wishes)
    instrument = wishes.instrument or choose_instrument(export, shipped_instruments(), group_columns)
    unclear: dict[int, str] = {}
    if instrument is None:
        draft = draft_instrument(export, group_columns)
        instrument, items, unclear = draft.instrument, dict(draft.items), dict(draft.unclear)
        evidence = {
            place: Column(place, export.ids[place], "item", "its answers", item) for item, place in items.items()
        }
        notes: tuple[str, ...] = ()
    else:
        items, evidence, doubts = match_items(export, instrument, wishes, group_columns)
        if not items and instrument.by_position:
            items, evidence = _by_position(export, instrument, draft_instrument(export, group_columns))
        instrument, missing = only_present(instrument, items)
        notes = (*doubts, *missing)
    if not items:
        raise MappingError(
            "No column holds answers that we can read as a rating.",
            where=export.table.path.name,
            hint="Export the answers as numbers or as the labels people saw, or name an instrument with --instrument.",
        )
    columns = tuple(
        group_columns.get(index) or evidence.get(index) or _other_column(export, index, unclear)
        for index in range(len(export.ids))
    )
    return instrument, Places(
        items=items,
        units=tuple(index for index, column in group_columns.items() if column.role == "unit"),
        team=_place_of("team", group_columns.values()),
        wave=_place_of("wave", group_columns.values()),
        columns=columns,
        doubts=(*notes, *_unclear_note(export, unclear), *_team_note(export, columns)),
    )


def _place_of(role: str, columns: Iterable[Column]) -> int | None:
    return next((column.position for column in columns if column.role == role), None)


def _by_position(export: Export, instrument: Instrument, draft: Draft) -> tuple[dict[str, int], dict[int, Column]]:
    """The items in file order, where the file has exactly as many rating columns on a scale of as many points."""
    size = len(instrument.items[0].scale.values)
    fitting = sorted(draft.items[item.id] for item in draft.instrument.items if len(item.scale.values) <= size)
    if len(fitting) != len(instrument.items):
        raise MappingError(
            f"“{instrument.id}” is matched by position and needs {len(instrument.items)} rating columns;"
            f" this file has {len(fitting)}.",
            where=export.table.path.name,
            hint="Name the columns under [items] in psafety.toml, one line per item.",
        )
    items = {item.id: place for item, place in zip(instrument.items, fitting, strict=True)}
    return items, {
        place: Column(place, export.ids[place], "item", "its position in the file", item)
        for item, place in items.items()
    }


def _other_column(export: Export, index: int, unclear: dict[int, str]) -> Column:
    name = export.ids[index]
    if is_identifying(name) or is_identifying(export.texts[index]):
        return Column(index, name, "identifying", "it may lead to a person; never read")
    if index in export.metadata:
        return Column(index, name, "metadata", f"{export.platform} adds it")
    return Column(index, name, "not used", unclear.get(index, "it matches no question"))


def _unclear_note(export: Export, unclear: dict[int, str]) -> tuple[str, ...]:
    if not unclear:
        return ()
    names = ", ".join(f"“{_short(export.ids[index])}”" for index in list(unclear)[:3])
    more = f" and {len(unclear) - 3} more" if len(unclear) > 3 else ""
    return (
        (
            f"{len(unclear)} columns look like ratings on a scale whose order we do not know, and were left out: {names}{more}."
            " `psafety draft` writes an instrument file in which you can give the order."
        ),
    )


def _short(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _team_note(export: Export, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Where no column names the team: which could."""
    if any(column.role == "team" for column in columns):
        return ()
    rows = len(export.table.rows)
    likely = [
        f"“{_short(column.name)}” ({count} different values)"
        for column in columns
        if column.role == "not used"
        and 2 <= (count := len(export.table.columns[column.position].dictionary)) <= max(2, rows // 5)
        and len(set(export.table.columns[column.position].dictionary.to_pylist())) == count
        and not _numbers(export.table.columns[column.position])
    ][:4]
    if not likely:
        return ("No column names the team, so this report is on the organisation as a whole.",)
    return (
        (
            "No column is called team, so this report is on the organisation as a whole."
            f" If one of these is the team, name it with --team: {', '.join(likely)}."
        ),
    )


def _numbers(column: pa.DictionaryArray) -> bool:
    return all(whole_number(text) is not None for text in distinct_texts(column)[:50])


def _read_items(export: Export, instrument: Instrument, places: Places) -> tuple[Codes, list[str]]:
    """(rows × items) points as ticked; notes on columns whose numbers run against their labels."""
    points = np.zeros((len(export.table.rows), len(instrument.items)), np.int8, order="F")
    turned = []
    for index, item in enumerate(instrument.items):
        position = places.items[item.id]
        column = export.table.columns[position]
        reading = read_answers(distinct_texts(column), item.scale)
        codes = _spread(column, reading)
        if UNKNOWN in reading.points and (codes == UNKNOWN).any():
            raise _foreign_answer(export, position, item, codes)
        points[:, index] = codes
        if reading.turned:
            turned.append(
                f"In column {position + 1} the numbers run against the labels; the labels were believed (item “{item.id}”)."
            )
    return points, turned


def _spread(column: pa.DictionaryArray, reading: Reading) -> Codes:
    """The point of every row, from the point of every distinct text."""
    lookup: Codes = np.array([*reading.points, BLANK], np.int8)
    return lookup[_codes(column)]


def _codes(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Per row the position of its text among the distinct ones; behind the last for an empty cell."""
    codes: npt.NDArray[np.int32] = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)
    return codes


def _foreign_answer(export: Export, position: int, item: Item, codes: Codes) -> AnswerError:
    rows = np.flatnonzero(codes == UNKNOWN)
    column = export.table.columns[position]
    text = str(column[int(rows[0])].as_py())
    number = whole_number(text) if whole_number(text) is not None else (split_number(text) or (None,))[0]
    what = f"the number {number}" if number is not None else "an answer that is not one of the labels"
    where = ", ".join(str(export.table.rows[int(row)]) for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return AnswerError(
        f"Column {position + 1} (“{_short(export.ids[position])}”) holds {what}, which does not fit the scale of"
        f" item “{item.id}”: {_scale_in_words(item.scale)}.",
        where=f"{export.table.path.name}, row{'s' if len(rows) > 1 else ''} {where}{more}",
        hint="Correct these cells, or leave them empty if nothing was answered; or name another instrument.",
    )


def _scale_in_words(scale: ResponseScale) -> str:
    labels = scale.labels.get("en") or next(iter(scale.labels.values()), ())
    ends = f", “{labels[0]}” to “{labels[-1]}”" if labels else ""
    return f"{scale.low} to {scale.high}{ends}"


def _read_groups(export: Export, places: Places) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Wave and unit names per row as categoricals, "" for empty cells; and the headings of the levels."""
    level_places = [*places.units, *([places.team] if places.team is not None else [])]
    levels = _headings(export, level_places)
    columns = {WAVE: _names(export, places.wave)}
    columns.update({level: _names(export, place) for level, place in zip(levels, level_places, strict=True)})
    return pd.DataFrame(columns), levels


def _headings(export: Export, level_places: Sequence[int]) -> tuple[str, ...]:
    """The headers of the unit columns; numbered where two are the same or one is called like the wave."""
    names: list[str] = []
    for place in level_places:
        name = " ".join(export.texts[place].split()) or f"Column {place + 1}"
        names.append(name if name not in (*names, WAVE) else f"{name} ({place + 1})")
    return tuple(names)


def _names(export: Export, place: int | None) -> "pd.Categorical[str]":
    """One column of names: outer and double white space folded, empty cells as ""."""
    if place is None:
        return pd.Categorical.from_codes(np.zeros(len(export.table.rows), np.int8), categories=pd.Index([""]))
    column = export.table.columns[place]
    cleaned = [" ".join(text.split()) for text in distinct_texts(column)]
    codes, categories = pd.factorize(np.array([*cleaned, ""], dtype=object))
    return pd.Categorical.from_codes(codes[_codes(column)], categories=pd.Index(categories))


def of_wave(responses: Responses, wave: str) -> Responses:
    """Only the rows of one wave."""
    rows = (responses.groups[WAVE] == wave).to_numpy()
    points, groups = (frame[rows].reset_index(drop=True) for frame in (responses.points, responses.groups))
    quality = check_quality(points, groups, responses.instrument, left_out=responses.quality.left_out)
    return replace(responses, points=points, groups=groups, quality=quality)


__all__ = ["BLANK", "NOT_APPLICABLE", "WAVE", "Responses", "Source", "find_places", "load_survey", "of_wave"]
