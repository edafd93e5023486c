"""What is doubtful in the answers: counted and said, never silently dropped."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .cells import BLANK, NOT_APPLICABLE
from .instrument import Instrument

_LONG_STRING = 8  # items answered alike, of which one is reverse-keyed, before we call it a straight line


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts over all rows of a file.

    left_out: rows without an answer on any scale. cells: answers asked for from all others; blanks and not_applicable
        are among those.
    straight_lines: people who ticked one and the same answer throughout, reverse-keyed items included; they are kept.
    unplaced: people whose cell in the team column names no team; they count for the units they named, and the
        organisation. 0 where the file names no teams at all.
    """

    left_out: int
    cells: int
    blanks: int
    not_applicable: int
    straight_lines: int
    unplaced: int


def check_quality(points: pd.DataFrame, groups: pd.DataFrame, instrument: Instrument, *, left_out: int) -> Quality:
    """Count what a reader should know of the answers.

    points, groups: as in Responses. left_out: rows that held no answer.
    """
    ticked = points.to_numpy()
    # Column by column, as the answers lie in memory.
    return Quality(
        left_out=left_out,
        cells=ticked.size,
        blanks=sum(int(np.count_nonzero(column == BLANK)) for column in ticked.T),
        not_applicable=sum(int(np.count_nonzero(column == NOT_APPLICABLE)) for column in ticked.T),
        straight_lines=_straight_lines(ticked, instrument),
        unplaced=int((groups.iloc[:, -1] == "").sum()) if groups.shape[1] > 1 else 0,
    )


def _straight_lines(ticked: np.ndarray[tuple[int, int], np.dtype[np.int8]], instrument: Instrument) -> int:
    """People whose answers on the commonest scale are all alike although some items are reverse-keyed.

    The middle of a scale does not contradict itself, so an all-middle row does not count.
    """
    scales = [item.scale.id for item in instrument.items]
    commonest = max(dict.fromkeys(scales), key=scales.count)  # the first of several, in the order of the items
    at = [index for index, scale in enumerate(scales) if scale == commonest]
    if len(at) < _LONG_STRING or len({instrument.items[index].reverse for index in at}) == 1:
        return 0
    first = ticked[:, at[0]]
    alike = (first > 0) & (2 * first != len(instrument.items[at[0]].scale.values) + 1)
    for index in at[1:]:
        alike &= ticked[:, index] == first
    return int(alike.sum())
