"""What is doubtful in the answers: counted and said, never silently dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .cells import BLANK, NOT_APPLICABLE
from .doubtful import Flags, answers_alone, one_end
from .instrument import Instrument
from .kinds import Kind

OFTEN_BLANK = 0.2  # share of people who left an item blank, from which it is named


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts over all rows of a file.

    left_out: rows without an answer on any scale. cells: answers asked for from all others; blanks and not_applicable
        are among those.
    unplaced: people whose cell in the team column names no team; they count for the units they named, and the
        organisation. 0 where the file names no teams at all.
    flagged: kind of doubtful rows → people who are flagged and count all the same; only kinds that the file can tell.
    surmised: whether duplicates are so by their answers alone.
    one_end: people who ticked one and the same end of the scale throughout, where no item is reverse-keyed; None where
        too few items share a scale, or some are.
    often_blank: the items that at least a fifth of the people left blank, in the order asked.
    removed: kind → rows that were removed, as the person asked.
    """

    left_out: int
    cells: int
    blanks: int
    not_applicable: int
    unplaced: int
    flagged: Mapping[Kind, int] = field(default_factory=dict)
    surmised: bool = False
    one_end: int | None = None
    often_blank: tuple[str, ...] = ()
    removed: Mapping[Kind, int] = field(default_factory=dict)


def check_quality(
    points: pd.DataFrame,
    groups: pd.DataFrame,
    instrument: Instrument,
    *,
    left_out: int,
    flags: Flags | None = None,
    removed: Mapping[Kind, int] | None = None,
) -> Quality:
    """Count what a reader should know of the answers.

    points, groups: as in Responses. left_out: rows that held no answer; removed: kind → rows that were removed.
    flags: of these respondents; None for those that need nothing but the answers.
    """
    ticked = points.to_numpy()
    flags = answers_alone(ticked, instrument) if flags is None else flags
    # Column by column, as the answers lie in memory.
    blanks = [int(np.count_nonzero(column == BLANK)) for column in ticked.T]
    at_one_end = one_end(ticked, instrument)
    return Quality(
        left_out=left_out,
        cells=ticked.size,
        blanks=sum(blanks),
        not_applicable=sum(int(np.count_nonzero(column == NOT_APPLICABLE)) for column in ticked.T),
        unplaced=int((groups.iloc[:, -1] == "").sum()) if groups.shape[1] > 1 else 0,
        flagged={kind: int(np.count_nonzero(rows)) for kind, rows in flags.rows.items()},
        surmised=flags.surmised,
        one_end=None if at_one_end is None else int(np.count_nonzero(at_one_end)),
        often_blank=tuple(
            item.id
            for item, blank in zip(instrument.items, blanks, strict=True)
            if blank and blank >= OFTEN_BLANK * len(ticked)
        ),
        removed=removed or {},
    )
