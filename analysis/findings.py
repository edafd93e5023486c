"""Findings: all that may be published of one wave, and `analyze`, the one door to it."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ..surveys.instrument import Instrument
from .disclosure.policy import Policy

Floats = npt.NDArray[np.float64]
Kind = Literal["organisation", "unit", "team", "rest"]
Standing = Literal["above", "below", "no visible difference"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A value that is not published. It carries no number and no reason, since a reason is a clue."""


WITHHELD: Final = Withheld()


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers of at least `Policy.detail_from` people spread.

    sd: standard deviation on the response scale (n - 1); for a dimension of persons' scores, at organisation level only.
    favourable, neutral, unfavourable: shares of the answers in each band, 0 to 1; they add up to 1.
    favourable_low, favourable_high: the 95 % Wilson interval of the favourable share.
    distribution: share of answers per point of the scale, lowest first, as the people ticked it; () for a dimension.
    """

    sd: "float | Withheld"
    favourable: float
    neutral: float
    unfavourable: float
    favourable_low: float
    favourable_high: float
    distribution: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What one unit answered to one dimension or item.

    n: people who count for it. mean: on the response scale, after reverse-keying.
    index, low, high: the mean and its 95 % interval on 0 to 100.
    standing: against everybody else in the organisation; None for the organisation itself and for `rest` rows.
    spread: Withheld below `Policy.detail_from` answers.
    """

    n: int
    mean: float
    index: float
    low: float
    high: float
    standing: Standing | None
    spread: Spread | Withheld


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the hierarchy, in reading order: parents before children, siblings by name, `rest` last.

    kind: "rest" is the row of everybody in a unit who is in none of its published parts.
    level: the heading of the column it comes from ("Division", "Team"); "" for the organisation.
    parent: index of the parent among `Findings.units`; None for the organisation.
    n: people who answered at least one item; headcount: people asked, where known.
    """

    name: str
    kind: Kind
    level: str
    depth: int
    parent: int | None
    n: int | Withheld
    headcount: int | Withheld | None
