"""Beside other people: how far a unit stands from everybody else in the organisation, and in the unit above it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np
import numpy.typing as npt

from ..languages import gettext as _, marked
from . import wording
from .content import BesideRow, Cell, ScoreRow, Standing, UnitApart, UnitRow

if TYPE_CHECKING:
    from ..analysis.against import Apart
    from ..analysis.findings import Findings

ABOUT: Final = marked(
    "Everybody else means those who answered and are not part of what is set against them. A difference counts as more"
    " than chance only where it stands out among all that were compared at once: so an interval can leave out 0, and"
    " chance can still do it. Please read nothing into such a difference. Where chance cannot do it, ask what is"
    " different there, not who is to blame. A group can differ from the rest of its unit and not from the rest of the"
    " organisation, or the other way round: these are two questions."
)

Floats = npt.NDArray[np.float64]

# By the numbers of `Apart.standing`: no visible difference, above, no comparison, and below (-1) from the end.
_STANDINGS: Final[tuple[Standing, ...]] = ("same", "above", "none", "below")


class Standings(TypedDict, total=False):
    """The fields of `UnitRow` that this module makes."""

    against: tuple[UnitApart, ...]
    above: tuple[UnitApart, ...]


def standings(findings: "Findings", row: int, names: Sequence[str]) -> Standings:
    """How far a unit stands from others, dimension by dimension. names: what the rows are called."""
    unit = findings.units[row]
    if findings.against is None or unit.kind not in {"unit", "team"} or unit.parent is None:
        return {}
    found: Standings = {"against": _row(findings.against.organisation, row, _("everybody else in the organisation"))}
    if unit.parent > 0:
        found["above"] = _row(
            findings.against.above, row, _("everybody else in {unit}").format(unit=names[unit.parent])
        )
    return found


def standing_apart(units: Sequence[UnitRow], dimensions: Sequence[ScoreRow]) -> tuple[BesideRow, ...]:
    """The units that stand above or below everybody else in the unit above them, in the order of the report."""
    return tuple(
        BesideRow(unit.name, unit.level, " › ".join(unit.path[:-1]), dimension.label, apart)
        for unit in units
        for dimension, apart in zip(dimensions, unit.above, strict=False)
        if apart.standing in {"above", "below"}
    )


def _row(apart: "Apart", row: int, who: str) -> tuple[UnitApart, ...]:
    printed = (end_as_printed(values[row]).tolist() for values in (apart.difference, apart.low, apart.high))
    cells = zip(*printed, apart.standing[row].tolist(), strict=True)
    return tuple(
        _apart(who, (difference, low, high), _STANDINGS[standing]) for difference, low, high, standing in cells
    )


def _apart(who: str, figures: tuple[float, float, float], standing: Standing) -> UnitApart:
    if standing == "none":
        difference: Cell = wording.withheld()
        return UnitApart(who, difference, difference, difference, standing)
    difference, low, high = (wording.signed(value + 0.0) for value in figures)
    return UnitApart(who, difference, low, high, standing)


def end_as_printed(end: Floats) -> Floats:
    """An end of the interval of a difference: whole points, tenths below one, so that it keeps its side of 0."""
    tenths = np.copysign(np.maximum(np.round(np.abs(end), 1), 0.1), end)
    return np.asarray(np.where(np.abs(end) >= 1, np.rint(end), np.where(end == 0, 0.0, tenths)))
