"""Whether every printed figure is the one that the raw file gives, at the rounding of print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..surveys.instrument import Instrument, Item
from .columns import Bools, Counts, Floats, Places, Whole
from .figures import PEOPLE, Fault, Printed, Questions, Unit, decimals, kind_in_words
from .members import People

_SLACK = 1e-6
_NOBODY = np.array([], np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Everything printed, over all files: a row per unit, a column per measure.

    units: the rows; shown: (rows × measures) whether any figure of the cell is printed, in any file; rows: whether
    anything at all is printed of the row. members: the homes of each row. counts: (rows × items × points) answers as
    ticked. spread: (measures) the largest standard
    deviation that an interval of the organisation may be made with, in points of the index.
    """

    units: tuple[Unit, ...]
    members: tuple[Places, ...]
    rows: Bools
    shown: Bools
    people: Counts
    n: Counts
    index: Floats
    spread: Floats
    figures: Mapping[str, Floats]
    counts: Counts


def table_of(
    units: Sequence[Unit],
    homes: Mapping[Unit, Places],
    shown: Bools,
    rows: Bools,
    people: People,
    questions: Questions,
    instrument: Instrument,
) -> Table:
    """The true figures of every row.

    A dimension's score is the mean of the scores of its printed items, so that it says nothing that they do not say.
    For cuts it is that of the items' indexes as printed, in whole points.
    """
    sizes = [homes[unit] for unit in units]
    items = [_item(instrument, questions, place) for place in questions.items]
    counts = _summed(people.answers, sizes)
    found = _item_figures(counts, items, len(questions.dimensions))
    n, index = found.pop("n"), found.pop("index")
    totals = _summed(people.people, sizes)
    cuts = np.array([bool(unit.cut) for unit in units])
    index[cuts] = _in_whole_points(index[cuts])
    n[:, : len(questions.dimensions)] = np.where(
        cuts[:, None], totals[:, None], _summed(people.scores.n.T.astype(np.int64), sizes)
    )
    _add_dimensions(found, index, counts, shown, questions, items)
    index[cuts] = _in_whole_points(index[cuts])
    found["sd"][0, : len(questions.dimensions)] = people.scores.sd
    found["sd_index"] = _on_index(found["sd"], items, questions)
    return Table(
        tuple(units),
        tuple(sizes),
        rows,
        shown,
        totals,
        n.astype(np.int64),
        index,
        _largest_spread(people.scores.sd, found["sd"][0], items, questions),
        found,
        counts,
    )


def _in_whole_points(index: Floats) -> Floats:
    return np.asarray(np.floor(index + 0.5 + 1e-9))


def _on_index(deviation: Floats, items: Sequence[Item], questions: Questions) -> Floats:
    steps = {item.dimension: len(item.scale.values) - 1 for item in reversed(items)}
    of_dimensions = [steps[questions.measures[place].id] for place in questions.dimensions]
    return np.asarray(deviation / np.array([*of_dimensions, *(len(item.scale.values) - 1 for item in items)]) * 100)


def _largest_spread(of_persons: Floats, deviation: Floats, items: Sequence[Item], questions: Questions) -> Floats:
    """In points of the index; of a dimension that of persons’ scores, or of its most varied item where that is more."""
    first = len(questions.dimensions)
    steps = np.array([len(item.scale.values) - 1 for item in items])
    of_items = np.nan_to_num(deviation[first:]) / steps * 100
    of_dimensions = []
    for column, place in enumerate(questions.dimensions):
        mine = [at for at, item in enumerate(items) if item.dimension == questions.measures[place].id]
        persons = float(np.nan_to_num(of_persons[column])) / steps[mine[0]] * 100
        of_dimensions.append(max(persons, *of_items[mine]))
    return np.array([*of_dimensions, *of_items])


def _item(instrument: Instrument, questions: Questions, place: int) -> Item:
    return next(item for item in instrument.items if item.id == questions.measures[place].id)


def _summed(counts: Counts, members: Sequence[Places]) -> Counts:
    """(rows, …) the sums over the homes of each row."""
    sizes = np.array([len(homes) for homes in members])
    found = np.zeros((len(members), *counts.shape[1:]), np.int64)
    filled = np.flatnonzero(sizes)
    starts = np.cumsum([0, *sizes[filled][:-1].tolist()]) if len(filled) else filled
    found[filled] = np.add.reduceat(counts[np.concatenate([*members, _NOBODY])], starts, axis=0)
    return found


def _item_figures(counts: Counts, items: Sequence[Item], dimensions: int) -> dict[str, Floats]:
    """Of (rows × items × points) answers as ticked; columns for the dimensions stand before, still empty."""
    rows, width = counts.shape[0], counts.shape[2]
    names = ("n", "index", "mean", "sd", "favourable", "neutral", "unfavourable")
    found = {name: np.full((rows, dimensions + len(items)), np.nan) for name in names}
    found |= {f"share {point}": np.full((rows, dimensions + len(items)), np.nan) for point in range(1, width + 1)}
    for column, item in enumerate(items):
        size = len(item.scale.values)
        ticked = counts[:, column, :size]
        keyed = ticked[:, ::-1] if item.reverse else ticked
        n = ticked.sum(axis=1)
        least = np.where(n > 0, n, 1)
        place = np.arange(size)
        mean = keyed @ place / least
        squares = keyed @ place**2 - n * mean**2
        at = dimensions + column
        found["n"][:, at] = n
        found["index"][:, at] = mean / (size - 1) * 100
        found["mean"][:, at] = mean + item.scale.low
        found["sd"][:, at] = np.sqrt(np.maximum(squares, 0) / np.where(n > 1, n - 1, 1))
        good = np.isin(item.scale.values, list(item.scale.favourable))
        bad = np.isin(item.scale.values, list(item.scale.unfavourable))
        for name, band in (("favourable", good), ("unfavourable", bad), ("neutral", ~good & ~bad)):
            found[name][:, at] = keyed @ band / least
        for point in range(size):
            found[f"share {point + 1}"][:, at] = ticked[:, point] / least
    return found


def _add_dimensions(
    found: dict[str, Floats],
    index: Floats,
    counts: Counts,
    shown: Bools,
    questions: Questions,
    items: Sequence[Item],
) -> None:
    """Fill the columns of the dimensions from the printed items of each row."""
    first = len(questions.dimensions)
    answers = counts.sum(axis=2)
    for column, place in enumerate(questions.dimensions):
        mine = [at for at, item in enumerate(items) if item.dimension == questions.measures[place].id]
        printed = shown[:, [first + at for at in mine]]
        count = printed.sum(axis=1)
        least = np.where(count > 0, count, 1)
        scores = np.where(printed, index[:, [first + at for at in mine]], 0)
        index[:, column] = np.where(count > 0, scores.sum(axis=1) / least, np.nan)
        scale = items[mine[0]].scale
        found["mean"][:, column] = index[:, column] / 100 * (len(scale.values) - 1) + scale.low
        weight = np.where(printed, answers[:, mine], 0)
        total = np.where(weight.sum(axis=1) > 0, weight.sum(axis=1), 1)
        for name in ("favourable", "neutral", "unfavourable"):
            found[name][:, column] = (found[name][:, [first + at for at in mine]] * weight).sum(axis=1) / total


# Comparing


def untrue(printed: Printed, rows: Sequence[int], table: Table) -> Iterator[Fault]:
    """The figures of one file that are not those of the raw file, each with both.

    rows: the row of `table` for every unit of the file; -1 where the file names a unit that the data do not have.
    """
    cells = printed.cells
    row = np.array(rows, np.intp)[cells.unit]
    for number, kind in enumerate(cells.kinds.all):
        at = np.flatnonzero((cells.kind == number) & (row >= 0))
        truth, known = _truth(kind, row[at], cells.measure[at], table)
        wrong = known & ~(np.abs(cells.value[at] - truth) <= 0.5 * 10.0 ** -decimals(kind) + _SLACK)
        for true, place in zip(truth[wrong].tolist(), at[wrong].tolist(), strict=True):
            cell = cells.cell(place)
            problem = f"is said to be {cell.value:g}, but the survey gives {true:.{decimals(kind)}f}"
            yield Fault(printed.file, cell.place, f"{kind_in_words(kind)} {problem}")


def _truth(kind: str, row: Places, measure: Whole, table: Table) -> tuple[Floats, Bools]:
    """The true values of some cells, and which of them can be told from the raw file."""
    if kind == "n":
        found = np.where(measure == PEOPLE, table.people[row], table.n[row, np.maximum(measure, 0)])
        return found.astype(float), measure >= PEOPLE
    if kind == "index":
        index = table.index[row, measure]
        return index, (measure >= 0) & ~np.isnan(index)  # of a dimension without printed items there is no truth
    if kind in table.figures:
        return table.figures[kind][row, measure], measure >= 0
    return np.zeros(len(row)), np.zeros(len(row), np.bool_)
