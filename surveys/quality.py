"""What is doubtful in the answers: counted and said, never silently dropped."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .answers import BLANK, NOT_APPLICABLE
from .instrument import Instrument

_LONG_STRING = 8  # items answered alike, of which one is reverse-keyed, before we call it a straight line


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts over all rows of a file.

    left_out: rows without any answer. blanks, not_applicable: cells among the answered rows. cells: all of those.
    straight_lines: people who ticked one and the same answer throughout, reverse-keyed items included; they are kept.
    unplaced: people whose cell in the team column is empty; they count for the units they named, and the organisation.
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
    return Quality(
        left_out=left_out,
        cells=ticked.size,
        blanks=int((ticked == BLANK).sum()),
        not_applicable=int((ticked == NOT_APPLICABLE).sum()),
        straight_lines=_straight_lines(ticked, instrument),
        unplaced=int((groups.iloc[:, -1] == "").sum()) if groups.shape[1] > 1 else 0,
    )


def _straight_lines(ticked: np.ndarray[tuple[int, int], np.dtype[np.int8]], instrument: Instrument) -> int:
    """People whose answers on the commonest scale are all alike although some items are reverse-keyed.

    The middle of a scale does not contradict itself, so an all-middle row does not count.
    """
    scales = [item.scale.id for item in instrument.items]
    commonest = max(set(scales), key=scales.count)
    at = [index for index, scale in enumerate(scales) if scale == commonest]
    if len(at) < _LONG_STRING or not any(instrument.items[index].reverse for index in at):
        return 0
    answers = ticked[:, at]
    points = len(instrument.items[at[0]].scale.values)
    first = answers[:, :1]
    alike = (answers == first).all(axis=1) & (first[:, 0] > 0) & (2 * first[:, 0] != points + 1)
    return int(alike.sum())
