"""Responses: checked answers of one survey file; `load_survey` reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..languages import gettext as _
from .cells import BLANK, NOT_APPLICABLE, group_name, no_answer
from .columns import distinct_texts, text_codes
from .comments import read_comments
from .doubtful import Flags, any_of, flag_rows, removed_rows
from .errors import AnswerError, ConfigError
from .instrument import Instrument
from .keying import settled_keying, turn_items, turn_notes
from .mapping import Column, Wishes
from .merging import Merged
from .parts import read_survey
from .pieces import codes_of
from .places import Places, find_places
from .platforms import recognise
from .platforms.export import Export
from .points import Codes, read_points
from .quality import Quality, check_quality
from .tables import Table

WAVE = "wave"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the responses come from and how the file was understood.

    columns: every column of the file with its role, in file order. doubts: sentences a person should read.
    warnings: the same, but of figures that are likely to be wrong. merged: small teams that are reported together.
    """

    name: str
    platform: str
    evidence: str
    dialect: str
    rows: int
    columns: tuple[Column, ...]
    doubts: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Responses:
    """The answers of a survey, checked; one row per respondent who answered at least one item.

    points: (respondents × item ids) int8: place on the scale as ticked, 1 for its lowest value; BLANK, NOT_APPLICABLE.
    groups: (respondents × [wave, *levels, *cuts]) categoricals of names, "" where the cell was empty.
    levels: the headings of the unit columns, outermost first, the team last; () where the file names no groups.
    flags: which of the respondents are doubtful; None for responses that come from no file.
    cuts: the headings of the columns by which the organisation is cut, beside the hierarchy; usually ().
    comments: (respondents × questions) categoricals of what they wrote, cleaned, "" where nothing; None where nobody
        asked for it.
    """

    instrument: Instrument
    points: pd.DataFrame
    groups: pd.DataFrame
    levels: tuple[str, ...]
    source: Source
    quality: Quality
    flags: Flags | None = None
    cuts: tuple[str, ...] = ()
    comments: pd.DataFrame | None = None

    def __len__(self) -> int:
        """How many people answered."""
        return len(self.points)


def load_survey(
    path: Path | Sequence[Path],
    wishes: Wishes | None = None,
    *,
    sheet: str | None = None,
    progress: Progress = lambda _: None,
    piece: int | None = None,
) -> Responses:
    """Read one survey: recognise the platform, find items and groups, understand the answers.

    path: a file, a .zip of exports, or several files of one survey with the same columns; a last column “File” or
        “Sheet” then says where a row is from, and can be named as team or wave. sheet: "*" reads all sheets.
    piece: how many cells of text are worked on at once; None decides by the size of the files. It changes no answer.
    Raises a PsafetyError that names what is unclear or wrong, where, and what to try.
    """
    wishes = wishes or Wishes()
    table = read_survey(survey_paths(path), wishes, sheet=sheet, progress=progress, piece=piece)
    return understood(table, wishes, progress=progress)


def understood(table: Table, wishes: Wishes, *, progress: Progress = lambda _: None) -> Responses:
    """The same of a table that has been read."""
    export = recognise(table, wishes.platform)
    name = table.path.name
    progress("finding the questions")
    instrument, places = find_places(export, wishes)
    instrument = turn_items(instrument, wishes.turn)
    progress("understanding the answers")
    points, notes = read_points(export, instrument, places.items)
    answered = _answered(points)
    if not answered.any():
        raise AnswerError(
            "No row holds an answer to any of the questions.",
            where=name,
            hint="Look whether the export is empty.",
        )
    flags = flag_rows(export, points, instrument, places.items)
    removed = removed_rows(flags, wishes.remove, where=name)
    wanted = answered & ~any_of(removed, len(points))
    if not wanted.any():
        raise AnswerError(
            "No answer is left without the rows that are to be removed.",
            where=name,
            hint="Remove fewer kinds of rows: see --remove.",
        )
    groups, levels, cuts, doubts = _read_groups(export, places)
    kept, kept_groups = _rows(points, groups, wanted)
    flags = flags.at(wanted)
    frame = pd.DataFrame(kept, columns=[item.id for item in instrument.items], copy=False)
    return Responses(
        instrument=instrument,
        points=frame,
        groups=kept_groups,
        levels=levels,
        source=Source(
            name=name,
            platform=export.platform,
            evidence=export.evidence,
            dialect=export.table.dialect,
            rows=len(points),
            columns=places.columns,
            doubts=(
                *export.table.notes,
                *places.doubts,
                *notes,
                *doubts,
                *flags.notes,
                *turn_notes(instrument),
            ),
            warnings=settled_keying(kept, instrument, wishes.turn, where=name),
        ),
        quality=check_quality(
            frame,
            kept_groups[[WAVE, *levels]],
            instrument,
            left_out=len(points) - int(answered.sum()),
            flags=flags,
            removed={kind: int(rows.sum()) for kind, rows in removed.items()},
        ),
        flags=flags,
        cuts=cuts,
        comments=read_comments(export, headings_of(export, places.comments), places.comments, wishes.names, wanted)
        if places.comments
        else None,
    )


def survey_paths(path: Path | Sequence[Path]) -> list[Path]:
    """The files of a survey, given one or several."""
    return [Path(path)] if isinstance(path, (str, Path)) else [Path(one) for one in path]


def _answered(points: Codes) -> npt.NDArray[np.bool_]:
    """Which rows hold at least one answer on a scale. Column by column, as `points` lies in memory."""
    answered = np.zeros(len(points), dtype=bool)
    for column in points.T:
        answered |= column > 0
    return answered


def _rows(points: Codes, groups: pd.DataFrame, wanted: npt.NDArray[np.bool_]) -> tuple[Codes, pd.DataFrame]:
    """The wanted rows of both; the very same where that is all of them."""
    if wanted.all():
        return points, groups
    kept = codes_of(int(wanted.sum()), points.shape[1])
    for old, new in zip(points.T, kept.T, strict=True):
        np.compress(wanted, old, out=new)
    return kept, groups.loc[wanted].reset_index(drop=True)


def _read_groups(
    export: Export, places: Places
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Wave, units and cuts per row as categoricals, "" for empty cells; the headings of levels and of cuts; doubts."""
    units = [*places.units, *([places.team] if places.team is not None else [])]
    level_places = [*units, *places.cuts]
    levels = headings_of(export, level_places)
    columns = {WAVE: _names(export, places.wave)}
    columns.update({level: _names(export, place) for level, place in zip(levels, level_places, strict=True)})
    doubts = [
        note
        for level, place in zip(levels, level_places, strict=True)
        for note in _name_notes(export, place, columns[level])
    ]
    return pd.DataFrame(columns), levels[: len(units)], levels[len(units) :], tuple(doubts)


def headings_of(export: Export, level_places: Sequence[int]) -> tuple[str, ...]:
    """The headers of unit and cut columns; with the column's number where two are the same or one is “wave”."""
    names: list[str] = []
    for place in level_places:
        name = " ".join(export.texts[place].split()) or f"Column {place + 1}"
        while name in (*names, WAVE):
            name = f"{name} ({place + 1})"
        names.append(name)
    return tuple(names)


def _names(export: Export, place: int | None) -> "pd.Categorical[str]":
    """One column of names: outer and double white space folded, "" for cells that name nothing."""
    if place is None:
        return pd.Categorical.from_codes(np.zeros(len(export.table.rows), np.int8), categories=pd.Index([""]))
    column = export.table.columns[place]
    codes, names = pd.factorize(np.array([*map(group_name, distinct_texts(column)), ""], dtype=object))
    return pd.Categorical.from_codes(codes[text_codes(column)], categories=pd.Index(names))


def _name_notes(export: Export, place: int, names: "pd.Categorical[str]") -> list[str]:
    """What a person should know of a column of names; never a name, as the column may hold anything."""
    notes = []
    shown = [name for name in names.categories if name]
    if len({name.casefold() for name in shown}) < len(shown):
        note = _("In column {column} some names differ in capitals only; they count as different units.")
        notes.append(note.format(column=place + 1))
    texts = export.table.columns[place].dictionary
    if len(shown) < len(texts) and any(
        no_answer(text) is not None for text in distinct_texts(export.table.columns[place])
    ):
        note = _(
            "Some cells of column {column} give no name but “NA”, “n/a”, “prefer not to say” or the like; they count as"
            " empty."
        )
        notes.append(note.format(column=place + 1))
    return notes


def waves_of(responses: Responses) -> tuple[str, ...]:
    """The waves that somebody answered in, in the order of the file; "" for rows that name none."""
    column = responses.groups[WAVE]
    return tuple(wave for wave in column.cat.categories if (column == wave).any())


def with_wave_name(responses: Responses, name: str) -> Responses:
    """The same answers, of which the file does not say the wave, as those of a wave of this name.

    Raises ConfigError where the file says so itself.
    """
    if (responses.groups[WAVE] != "").any():
        raise ConfigError(
            "The file says itself which wave it is of, so it cannot be given another name.",
            hint="Leave --wave-name out; choose a wave with --wave COLUMN=VALUE.",
        )
    column = pd.Categorical.from_codes(np.zeros(len(responses), np.int8), categories=pd.Index([name]))
    return replace(responses, groups=responses.groups.assign(**{WAVE: column}))


def of_wave(responses: Responses, wave: str) -> Responses:
    """Only the rows of one wave."""
    rows = (responses.groups[WAVE] == wave).to_numpy()
    points, groups = (frame[rows].reset_index(drop=True) for frame in (responses.points, responses.groups))
    flags = None if responses.flags is None else responses.flags.at(rows)
    comments = None if responses.comments is None else responses.comments[rows].reset_index(drop=True)
    quality = check_quality(
        points,
        groups[[WAVE, *responses.levels]],
        responses.instrument,
        left_out=responses.quality.left_out,
        flags=flags,
        removed=responses.quality.removed,
    )
    return replace(responses, points=points, groups=groups, quality=quality, flags=flags, comments=comments)


__all__ = ["BLANK", "NOT_APPLICABLE", "WAVE", "Responses", "Source", "load_survey", "of_wave"]
