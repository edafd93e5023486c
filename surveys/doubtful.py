"""Rows that a reader should know of: tests, unfinished ones, duplicates, speeders, straight lines.

Each is a sign, and no proof. Rows are flagged and counted; they are removed only where the person asks for it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..languages import decimal, gettext as _, marked
from .cells import BLANK
from .columns import text_codes
from .errors import AnswerError
from .instrument import Instrument
from .kinds import Kind, checked_kinds
from .parts import RowOfPart
from .pieces import rows_at_once
from .platforms.durations import durations
from .platforms.export import Export, Mark, marked_rows, place_of

Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

SECONDS_PER_ITEM: Final = 2.0
LONG_STRING: Final = 8  # items answered alike, of which one is reverse-keyed, before we call it a straight line
_MANY_KEYS: Final = 1 << 20
MANY_ITEMS: Final = 12  # answered, before the same answers in two rows are more than chance
_NO_TIMES = marked(
    "Most of the times in this file are shorter than {seconds} seconds per statement. They are no times that people"
    " took, or not in seconds, and were not used."
)
_FEWEST_TIMED = 5  # items answered, before their time says anything
_MINUTE = 60.0
_VARIED = 0.5  # share of the answers that may be one and the same: two content people are often content alike
_DISTINCT = 0.9  # share of rows that a time stamp must tell apart
# What platforms call the number that they give to each response.
_RESPONSE_IDS = (
    *("responseid", "response id", "respondent_id", "respondentid", "respondent id", "_uuid", "meta/instanceid"),
    *("meta.instanceid", "meta-instanceid", "instanceid", "key", "_id", "#", "case", "id"),
)


@dataclass(frozen=True, slots=True)
class Flags:
    """Which respondents are doubtful, kind by kind.

    rows: kind → (respondents,) flagged or not; only of the kinds that the file can tell. Of duplicates, all but the
        first are flagged.
    surmised: whether duplicates are so by their answers alone, as the file has neither response ids nor time stamps.
    notes: why a kind cannot be told although it looks as if it could.
    """

    rows: Mapping[Kind, Rows] = field(default_factory=dict)
    surmised: bool = False
    notes: tuple[str, ...] = ()

    def at(self, wanted: Rows) -> "Flags":
        """The flags of some respondents only."""
        if wanted.all():
            return self
        return Flags({kind: flagged[wanted] for kind, flagged in self.rows.items()}, self.surmised, self.notes)


def flag_rows(export: Export, points: Codes, instrument: Instrument, items: Mapping[str, int]) -> Flags:
    """Flag the rows of a file.

    points: (rows × items) as in Responses, of all rows of the file; items: item id → column. Rows without any answer
    are never flagged.
    """
    answered = _number_answered(points)
    held = answered > 0
    rows: dict[Kind, Rows] = {}
    for kind, mark in _marks(export).items():
        rows[kind] = marked_rows(export.table, mark) & held
    found = _duplicates(export, points, answered, set(items.values()))
    if found is not None:
        rows["duplicates"] = found[0]
    fast, notes = _speeders(export, answered, rows.get("tests"))
    if fast is not None:
        rows["speeders"] = fast
    rows.update(answers_alone(points, instrument).rows)
    return Flags(rows, surmised=found is not None and found[1], notes=notes)


def _marks(export: Export) -> dict[Kind, Mark]:
    """The kinds that a column of the platform tells."""
    marks: dict[Kind, Mark | None] = {"tests": export.tests, "unfinished": export.incomplete}
    return {kind: mark for kind, mark in marks.items() if mark is not None}


def answers_alone(points: Codes, instrument: Instrument) -> Flags:
    """The flags that need nothing but the answers."""
    straight = straight_lines(points, instrument)
    return Flags({} if straight is None else {"straight-lines": straight})


def removed_rows(flags: Flags, remove: Collection[str], *, where: str) -> Mapping[Kind, Rows]:
    """Kind → (rows,) to be removed; a row that is of several kinds is told under the first alone.

    Raises ConfigError where there is no such kind, AnswerError where the file cannot tell which rows are of it.
    """
    removed: dict[Kind, Rows] = {}
    for kind in checked_kinds(remove):
        if kind not in flags.rows:
            raise AnswerError(
                f"“{kind}” cannot be removed: {_UNKNOWN[kind]}.",
                where=where,
                hint=f"Leave “{kind}” out of --remove; this file can tell of: {', '.join(flags.rows) or 'none'}.",
            )
        removed[kind] = flags.rows[kind] & ~any_of(removed, len(flags.rows[kind]))
    return removed


def flag_notes(export: Export, flags: Flags, removed: Mapping[Kind, Rows]) -> tuple[str, ...]:
    """A sentence for each kind of which the file holds rows, with their number, for the person who has the file."""
    why = {kind: f" ({mark.reason})" for kind, mark in _marks(export).items()}
    notes = []
    for kind, rows in flags.rows.items():
        flagged = int(rows.sum())
        what = in_words(kind, surmised=flags.surmised) + why.get(kind, "")
        if kind in removed:
            notes.append(f"Removed, as asked: {what}: {int(removed[kind].sum()):,}.")
        elif flagged:
            what = what[0].upper() + what[1:]
            notes.append(f"{what}: {flagged:,}. They count like all others; `--remove {kind}` leaves them out.")
    return (*flags.notes, *notes)


def in_words(kind: Kind, *, surmised: bool) -> str:
    """What a number of doubtful rows is a number of. surmised: whether duplicates are so by their answers alone."""
    if kind == "duplicates" and surmised:
        return _("rows that may repeat an earlier one: the same answers in the same team, which nobody else gave")
    return _(_WORDS[kind]).format(seconds=decimal(SECONDS_PER_ITEM, 0))


def any_of(removed: Mapping[Kind, Rows], size: int) -> Rows:
    """(rows,) which are of any of the kinds; size: how many rows there are."""
    rows = np.zeros(size, dtype=bool)
    for flagged in removed.values():
        rows |= flagged
    return rows


_WORDS: Final[Mapping[Kind, str]] = {
    "tests": marked("rows of previews or tests"),
    "unfinished": marked("people who did not finish"),
    "duplicates": marked("rows that repeat an earlier one"),
    "speeders": marked("people who took less than {seconds} seconds per statement"),
    "straight-lines": marked(
        "people who ticked the same answer everywhere, although some statements run the other way"
    ),
}
_UNKNOWN: Final[Mapping[Kind, str]] = {
    "tests": "the export does not say which rows are of previews or tests",
    "unfinished": "the export does not say who finished",
    "duplicates": (
        f"the export has neither response ids nor time stamps, and the same answers to fewer than {MANY_ITEMS}"
        " statements may well be those of two people"
    ),
    "speeders": "the export holds no times that say how long somebody took",
    "straight-lines": (
        f"that takes at least {LONG_STRING} statements on one scale, some of them reverse-keyed; where none is,"
        " the same answer throughout may be an honest one"
    ),
}


def straight_lines(points: Codes, instrument: Instrument) -> Rows | None:
    """(rows,) whose answers on the commonest scale are all alike, eight at least, although some are reverse-keyed.

    Such a row contradicts itself. The middle of a scale does not, so an all-middle row is not flagged; a blank neither
    breaks a line nor lengthens it. None where too few items share a scale, or none is reverse-keyed, or all are.
    """
    at = commonest_scale(instrument)
    reverse = [index for index in at if instrument.items[index].reverse]
    if len(at) < LONG_STRING or len(reverse) in {0, len(at)}:
        return None
    answer = alike(points, at, LONG_STRING)
    both_ways = _any_answer(points, reverse) & _any_answer(points, [index for index in at if index not in reverse])
    size = len(instrument.items[at[0]].scale.values)
    return np.asarray((answer > 0) & (2 * answer != size + 1) & both_ways)


def one_end(points: Codes, instrument: Instrument) -> Rows | None:
    """(rows,) whose answers on the commonest scale are all at one and the same end of it.

    A long string, as the literature calls it (Johnson 2005, Journal of Research in Personality 39, 103-129), at its
    longest. Where no item is reverse-keyed it cannot tell somebody who did not read from somebody who is content (or
    is not) with everything: it is worth a mention and never a reason to remove anybody. None where fewer than twelve
    items share a scale, or where some are reverse-keyed, so that `straight_lines` says more.
    """
    at = commonest_scale(instrument)
    if len(at) < MANY_ITEMS or len({instrument.items[index].reverse for index in at}) > 1:
        return None
    answer = alike(points, at, MANY_ITEMS)
    return np.asarray((answer == 1) | (answer == len(instrument.items[at[0]].scale.values)))


def commonest_scale(instrument: Instrument) -> Sequence[int]:
    """The places of the items on the commonest scale; the first of several, in the order of the items."""
    scales = [item.scale.id for item in instrument.items]
    commonest = max(dict.fromkeys(scales), key=scales.count)
    return [index for index, scale in enumerate(scales) if scale == commonest]


def alike(points: Codes, at: Sequence[int], least: int) -> Codes:
    """(rows,) the one answer that a row gives to all of these items that it answers; 0 where they differ.

    Blanks and answers outside the scale are passed over; 0 also where fewer than `least` items are answered.
    """
    highest, lowest = np.zeros(len(points), np.int8), np.full(len(points), 255, np.uint8)
    number = np.zeros(len(points), np.int16)
    for index in at:
        column = points[:, index]
        number += column > 0
        np.maximum(highest, column, out=highest)
        np.minimum(lowest, (column - 1).view(np.uint8), out=lowest)  # so that what is no answer comes last
    same = (lowest + np.uint8(1) == highest) & (number >= least)
    return np.where(same, highest, 0).astype(np.int8, copy=False)


def _any_answer(points: Codes, at: Sequence[int]) -> Rows:
    answered = np.zeros(len(points), dtype=bool)
    for index in at:
        answered |= points[:, index] > 0
    return answered


def _number_answered(points: Codes) -> npt.NDArray[np.int16]:
    """(rows,) how many items were answered, on the scale or outside it; 0 where none was on its scale."""
    number, held = np.zeros(len(points), np.int16), np.zeros(len(points), dtype=bool)
    for column in points.T:  # as `points` lies in memory
        number += column != BLANK
        held |= column > 0
    number[~held] = 0
    return number


# Speeders --------------------------------------------------------------------------------------------------------


def _speeders(
    export: Export, answered: npt.NDArray[np.int16], tests: Rows | None
) -> tuple[Rows | None, tuple[str, ...]]:
    """(rows,) of people who took less than two seconds per item that they answered; None where no time is known.

    The time is that of the whole survey, so that whoever had other questions, too, is flagged too late rather than too
    early. No time at all, or less than none, is no time. Times in whole minutes may be up to one minute short. Where
    more than half of the people (tests aside) would have been so fast, it is the times that are wrong.
    Source: Huang, Curran, Keeney, Poposki & DeShon (2012), Journal of Business and Psychology 27, 99-114.
    """
    seconds = durations(export)
    if seconds is None:
        return None, ()
    usable = (seconds > 0) & (answered > 0)
    if not usable.any():
        return None, ()
    slack = _MINUTE if not (seconds[usable] % _MINUTE).any() else 0.0
    fast: Rows = usable & (answered >= _FEWEST_TIMED) & (seconds + slack < SECONDS_PER_ITEM * answered)
    judged = usable if tests is None else usable & ~tests
    if 2 * int((fast & judged).sum()) > int(judged.sum()):
        return None, (_(_NO_TIMES).format(seconds=decimal(SECONDS_PER_ITEM, 0)),)
    return fast, ()


# Duplicates ------------------------------------------------------------------------------------------------------


def _duplicates(
    export: Export, points: Codes, answered: npt.NDArray[np.int16], items: Collection[int]
) -> tuple[Rows, bool] | None:
    """(rows,) that repeat an earlier one, and whether this is surmised; None where it cannot be told.

    With response ids: the same id in the same file; in two files, the same id and the same in all else. With time
    stamps: the same in every column. With neither: the same in every column, at least twelve items answered, not half
    of them alike, and so by nobody else in the file, since what others answered, too, is no sign of anything.
    """
    held = np.flatnonzero(answered)
    origin = _origin(export)
    found = _same_id(export, held, origin)
    if found is None:
        found = _same_stamp(export, held, points, {*items, origin})
    if found is not None:
        return _marked(len(points), found), False
    if points.shape[1] < MANY_ITEMS:
        return None
    return _marked(len(points), _same_answers(export, points, answered, items)), True


def _marked(size: int, rows: npt.NDArray[np.int64]) -> Rows:
    marked = np.zeros(size, dtype=bool)
    marked[rows] = True
    return marked


def _origin(export: Export) -> int | None:
    """The column that was added to say which file or sheet a row is from."""
    names = [place for place, name in enumerate(export.table.header) if name.startswith(("File", "Sheet"))]
    return names[-1] if names and isinstance(export.table.rows[0], RowOfPart) else None


def _same_id(export: Export, held: npt.NDArray[np.int64], origin: int | None) -> npt.NDArray[np.int64] | None:
    """The rows that repeat an earlier response id; None where there is no column of ids that tells most rows apart."""
    names = [name if place in export.metadata else "" for place, name in enumerate(export.ids)]
    place = place_of(names, *_RESPONSE_IDS)
    if place is None:
        return None
    codes, rows = _filled(export, place, held)
    again = _repeated(codes)
    if not _tell_apart(codes):
        return None
    rows, ids = rows[again], codes[again].astype(np.uint64)
    in_one_file = ids if origin is None else _mixed(ids, text_codes(export.table.columns[origin])[rows])
    everywhere = _all_columns(export, rows, ids, without={origin})
    return rows[_later(in_one_file) | _later(everywhere)]


def _same_stamp(
    export: Export, held: npt.NDArray[np.int64], points: Codes, without: Collection[int | None]
) -> npt.NDArray[np.int64] | None:
    """The rows that repeat an earlier one in every column; None where no column of the platform tells rows apart.

    without: the columns of items, whose answers are in `points`, and that of the file.
    """
    stamps = sorted(
        export.metadata - {*without}, key=lambda place: (-len(export.table.columns[place].dictionary), place)
    )
    if not stamps:
        return None
    codes, rows = _filled(export, stamps[0], held)
    if len(rows) < _DISTINCT * len(held) or not _tell_apart(codes):
        return None
    among = rows[_repeated(codes)]
    later = among[_later(_all_columns(export, among, _answers(points[among]), without=without))]
    return later if _distinct(codes) >= _DISTINCT * (len(rows) - len(later)) else None


def _same_answers(
    export: Export, points: Codes, answered: npt.NDArray[np.int16], items: Collection[int]
) -> npt.NDArray[np.int64]:
    """The rows that repeat the answers of an earlier one, which nobody else in the file gave."""
    answers = _answers(points)
    rows = np.flatnonzero(answered >= MANY_ITEMS)
    rows = rows[_repeated(answers[rows])]
    rows = rows[_commonest(points[rows]) <= _VARIED * answered[rows]]
    same = _all_columns(export, rows, answers[rows], without=items)
    return np.asarray(rows[_later(same) & (_how_often(answers[rows]) == _how_often(same))])


def _filled(
    export: Export, place: int, held: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The codes of the filled cells of one column, and their rows."""
    column = export.table.columns[place]
    codes = text_codes(column)[held]
    filled = codes < len(column.dictionary)
    return (codes, held) if filled.all() else (codes[filled], held[filled])


def _all_columns(export: Export, rows: npt.NDArray[np.int64], keys: Keys, *, without: Collection[int | None]) -> Keys:
    """A key of the rows' texts in all columns but some, mixed into `keys`."""
    for place, column in enumerate(export.table.columns if len(rows) else ()):
        if place not in without:
            keys = _mixed(keys, text_codes(column)[rows])
    return keys


def _mixed(keys: Keys, codes: npt.NDArray[np.integer]) -> Keys:
    """Keys of 64 bits for pairs of key and code: two different pairs have the same one by a rare chance only."""
    mixed: Keys = keys * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed += codes.astype(np.uint64, copy=False)
    return mixed


def _answers(points: Codes) -> Keys:
    """A key of each row's answers, eight items at a time."""
    keys: Keys = np.zeros(len(points), np.uint64)
    eight = np.zeros((len(points), 8), np.int8)
    for first in range(0, points.shape[1], 8):
        for place, column in enumerate(points.T[first : first + 8]):
            eight[:, place] = column
        keys = _mixed(keys, eight.view(np.uint64)[:, 0])
    return keys


def _repeated(keys: npt.NDArray[np.integer]) -> Rows:
    if len(keys) < _MANY_KEYS:
        return pd.Series(keys).duplicated(keep=False).to_numpy()
    ordered = np.sort(keys)  # slower, but takes no more memory than the keys themselves
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    found = np.zeros(len(keys), dtype=bool)
    for rows in rows_at_once(len(keys)):
        found[rows] = np.isin(keys[rows], twice)
    return found


def _later(keys: npt.NDArray[np.integer]) -> Rows:
    return pd.Series(keys).duplicated().to_numpy()


def _commonest(points: Codes) -> npt.NDArray[np.int64]:
    """(rows,) how many items were given the answer that the row gives most often."""
    most = np.zeros(len(points), np.int64)
    for point in range(1, int(points.max(initial=0)) + 1):
        most = np.maximum(most, (points == point).sum(axis=1))
    return most


def _how_often(keys: Keys) -> npt.NDArray[np.int64]:
    codes = pd.factorize(keys)[0]
    counts: npt.NDArray[np.int64] = np.bincount(codes)[codes] if codes.size else codes
    return counts


def _tell_apart(codes: npt.NDArray[np.integer]) -> bool:
    """Whether a column has as many different texts as half its rows; fewer, and a whole file stood in another twice."""
    return len(codes) > 0 and 2 * _distinct(codes) >= len(codes)


def _distinct(codes: npt.NDArray[np.integer]) -> int:
    return int(pd.Series(codes).nunique())
