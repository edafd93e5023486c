"""Which comments may be published, and where: of units large enough, so that nobody is left over, and never of a team.

The comments of a unit are also those of the units above it. Whoever sees both takes the equal texts away, and holds
those of the others. So what counts is what is left over: the *residue* of each printed unit, as with figures (see
`disclosure.protection`). Each comment is printed once, under the smallest printed unit that its writer belongs to, and
together those are the residues: each holds nobody, or enough writers, from two teams at least.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..surveys.responses import WAVE, Responses
from .disclosure.policy import Policy
from .disclosure.protection import Bools, Counts, Rule, States, publishable, weights
from .hierarchy import Hierarchy
from .layout import Layout

Cell = tuple[str, ...]
Texts = tuple[str, ...]
# Question → wave and unit names → the cleaned texts written there, by code points; cells without any are not there.
Written = Mapping[str, Mapping[Cell, Texts]]

_EMPTY = 0


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """Comments that are printed together, in an order that tells nothing.

    unit: index among `Findings.units`. rest: whether they are of everybody in the unit who is in none of its printed
    parts. texts: cleaned.
    """

    unit: int
    rest: bool
    texts: Texts


@dataclass(frozen=True, slots=True)
class Comments:
    """What may be printed of the comments on one question.

    groups: in the order of the units; () where too few people wrote something.
    """

    question: str
    groups: tuple[CommentGroup, ...]


# Counting -----------------------------------------------------------------------------------------------------------


def gather(responses: Responses) -> Written:
    """The comments by question, wave and unit; empty where nobody asked for any. Cuts do not enter."""
    if responses.comments is None:
        return {}
    groups = responses.groups[[WAVE, *responses.levels]]
    return {str(name): _by_cell(groups, responses.comments[name]) for name in responses.comments}


def _by_cell(groups: pd.DataFrame, texts: "pd.Series[str]") -> dict[Cell, Texts]:
    said = (texts != "").to_numpy()
    columns = [column[said].astype(object) for _, column in groups.items()]
    cells: dict[Cell, list[str]] = {}
    for *cell, text in zip(*columns, texts[said].astype(object), strict=True):
        cells.setdefault(tuple(cell), []).append(text)
    return _sorted(cells)


def together(one: Written, other: Written) -> Written:
    """The comments of both."""
    return {
        question: _sorted(
            {
                cell: [*mine.get(cell, ()), *theirs.get(cell, ())]
                for mine, theirs in [(one.get(question, {}), other.get(question, {}))]
                for cell in {**mine, **theirs}
            }
        )
        for question in {**one, **other}
    }


def _sorted(cells: Mapping[Cell, Iterable[str]]) -> dict[Cell, Texts]:
    return {cell: tuple(sorted(cells[cell])) for cell in sorted(cells)}


def of_one_wave(written: Written, wave: str) -> Written:
    """Only the comments of one wave."""
    return {
        question: {cell: texts for cell, texts in cells.items() if cell[0] == wave}
        for question, cells in written.items()
    }


# Publishing ---------------------------------------------------------------------------------------------------------


def publish_comments(
    written: Written, hierarchy: Hierarchy, layout: Layout, published: Bools, levels: int, policy: Policy, key: str
) -> tuple[Comments, ...]:
    """The comments of one wave that may be printed, question by question.

    published: (units) which units are printed at all. levels: how many columns of units there are; what the last one
    names are teams. key: of the wave (hexadecimal), see `shuffled`.
    """
    homes = {path: unit for unit, path in enumerate(hierarchy.paths)}
    row_of = {int(unit): row for row, unit in enumerate(layout.units) if not layout.rest[row]}
    teams = (hierarchy.levels == levels - 1) & (hierarchy.depths > 0)
    found = []
    for question, cells in written.items():
        at = {unit: texts for cell, texts in cells.items() for unit in [homes[_home(cell[1:])]]}
        writers = np.zeros(len(hierarchy), np.int64)
        writers[list(at)] = list(map(len, at.values()))
        printed = printed_units(hierarchy, writers, teams, published, fewest_writers(policy))
        groups = [
            CommentGroup(row_of[unit], rest, shuffled(texts, key))
            for unit, rest, texts in _groups(hierarchy, printed, at)
        ]
        found.append(Comments(question, tuple(groups)))
    return tuple(found)


def fewest_writers(policy: Policy) -> int:
    """How many people must have written the comments that stand together, a coalition among them."""
    return policy.detail_from + policy.coalition


def printed_units(hierarchy: Hierarchy, writers: Counts, teams: Bools, published: Bools, fewest: int) -> Bools:
    """(units) under which units comments are printed: the exact optimum.

    writers: (units) how many of those attached to each unit wrote something. teams: (units) which units are teams.
    published: (units) which are printed at all.
    """
    allowed = published & ~teams & (hierarchy.below(writers) >= fewest)
    return publishable(
        hierarchy,
        writers_rule(fewest),
        writers_as_states(writers, teams, fewest)[:, None],
        allowed[:, None],
        weights(hierarchy, writers),
    )[:, 0]


def writers_rule(fewest: int) -> Rule:
    """State = how many writers, capped at `fewest`, and whether one team holds them all; a residue is nobody, or mixed.

    State 0 is nobody; n is n writers of one team, `fewest` + n is n writers of more.
    """
    states = np.arange(2 * fewest + 1)
    size = np.where(states > fewest, states - fewest, states)
    both = np.minimum(size[:, None] + size[None, :], fewest) + fewest
    merge = np.where(size[:, None] == 0, states[None, :], np.where(size[None, :] == 0, states[:, None], both))
    return Rule(merge.astype(np.intp), (states == _EMPTY) | (states == 2 * fewest))


def writers_as_states(writers: Counts, teams: Bools, fewest: int) -> States:
    """(units) numbers of writers → (units) states; people who named no team are taken for a mixed group."""
    size = np.minimum(writers, fewest)
    return np.where((size == 0) | teams, size, fewest + size).astype(np.intp)


def _groups(hierarchy: Hierarchy, printed: Bools, at: Mapping[int, Texts]) -> list[tuple[int, bool, Texts]]:
    """Printed units that hold a residue, whether they have printed parts too, and its texts; in reading order.

    What everybody else in a unit wrote comes behind its parts, as in the tables.
    """
    residues: dict[int, Texts] = {}
    for unit, texts in at.items():
        place = unit
        while place >= 0 and not printed[place]:
            place = int(hierarchy.parents[place])
        if place >= 0:
            residues[place] = residues.get(place, ()) + texts
    ends = hierarchy.ends()
    rests = {unit: bool(printed[unit + 1 : ends[unit]].any()) for unit in residues}
    order = sorted(residues, key=lambda unit: (ends[unit] - 1 if rests[unit] else unit, rests[unit], -unit))
    return [(unit, rests[unit], residues[unit]) for unit in order]


def _home(names: Cell) -> Cell:
    """The path of the unit that a cell is attached to: its names without the empty ones at their end."""
    named = [depth for depth, name in enumerate(names) if name]
    return names[: named[-1] + 1] if named else ()


def shuffled(texts: Iterable[str], key: str) -> Texts:
    """The texts in an order that depends on nothing but themselves and the key.

    Not on the file, nor on who wrote what when. Method: by HMAC-SHA-256 of the text under the key; without a key the
    same with an empty one, so that the order is still that of a hash of the texts alone.
    """
    secret = bytes.fromhex(key)
    return tuple(sorted(texts, key=lambda text: hmac.digest(secret, text.encode(), "sha256")))
