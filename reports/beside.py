"""Beside other people: how far a unit stands from everybody else in the organisation, and in the unit above it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np
import numpy.typing as npt

from ..languages import gettext as _, marked
from . import wording
from .cells import cells_of, rows_of
from .content import BesideRow, ScoreRow, Standing, UnitApart, UnitRow

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


def standings(findings: "Findings", names: Sequence[str]) -> list[Standings]:
    """How far each unit stands from others, dimension by dimension. names: what the rows are called."""
    units, against = findings.units, findings.against
    if against is None:
        return [{} for _unit in units]
    parents = [unit.parent or 0 for unit in units]
    rest = {parent: _("everybody else in {unit}").format(unit=names[parent]) for parent in set(parents)}
    those = [rest[parent] for parent in parents]
    organisation = _rows(against.organisation, [_("everybody else in the organisation")] * len(units))
    above = _rows(against.above, those)
    found: list[Standings] = []
    for unit, parent, of_all, of_unit in zip(units, parents, organisation, above, strict=True):
        if unit.kind not in {"unit", "team"} or unit.parent is None:
            found.append({})
        else:
            found.append({"against": of_all, "above": of_unit} if parent else {"against": of_all})
    return found


def standing_apart(units: Sequence[UnitRow], dimensions: Sequence[ScoreRow]) -> tuple[BesideRow, ...]:
    """The units that stand above or below everybody else in the unit above them, in the order of the report."""
    return tuple(
        BesideRow(unit.name, unit.level, " › ".join(unit.path[:-1]), dimension.label, apart)
        for unit in units
        for dimension, apart in zip(dimensions, unit.above, strict=False)
        if apart.standing in {"above", "below"}
    )


def _rows(apart: "Apart", who: Sequence[str]) -> list[tuple[UnitApart, ...]]:
    """Row by row; made array by array. who: by row, whom it is set against."""
    across = apart.standing.shape[1]
    shown = apart.standing != _STANDINGS.index("none")
    ends = (end_as_printed(values) + 0.0 for values in (apart.difference, apart.low, apart.high))
    columns = (
        np.repeat(np.array(who, object), across),
        *(cells_of(values, shown, wording.signed) for values in ends),
        np.array(_STANDINGS, object)[apart.standing.ravel()],
    )
    return rows_of(UnitApart, columns, (len(who), across))


def end_as_printed(end: Floats) -> Floats:
    """An end of the interval of a difference: whole points, tenths below one, so that it keeps its side of 0."""
    tenths = np.copysign(np.maximum(np.round(np.abs(end), 1), 0.1), end)
    return np.asarray(np.where(np.abs(end) >= 1, np.rint(end), np.where(end == 0, 0.0, tenths)))
