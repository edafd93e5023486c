"""Published waves written down by hand, for the tests of comparisons."""

from collections.abc import Mapping, Sequence

import numpy as np
from psafety.analysis.published import Figures, Measure, Published

TREE = ((), ("North",), ("South",))


def measure(id_: str, label: str = "", *, items: Sequence[str] = (), scale: tuple[int, int] = (1, 5)) -> Measure:
    """A dimension or item whose answers spread by 20 points."""
    return Measure(id_, label or id_.capitalize(), tuple(items), scale, own=20.0, within=20.0, degrees=300.0)


def wave(
    name: str,
    index: Mapping[str, Sequence[float]],
    *,
    paths: Sequence[tuple[str, ...]] = TREE,
    n: Sequence[int] = (200, 100, 100),
    dimensions: Sequence[Measure] | None = None,
    items: Sequence[Measure] = (),
    instrument: str = "ours",
    min_group: int = 5,
    rules: str = "r",
) -> Published:
    """A wave by the index of every unit in every dimension; NaN where withheld."""
    measures = tuple(dimensions or [measure(id_) for id_ in index])
    values = np.array([index[each.id] for each in measures], float).T.reshape(len(paths), len(measures))
    people = np.array(n)
    counts = np.where(np.isfinite(values), people[:, None], 0)
    of_items = np.full((len(paths), len(items)), 50.0)
    return Published(
        title="Survey",
        wave=name,
        instrument=instrument,
        min_group=min_group,
        rules=rules,
        paths=tuple(paths),
        levels=tuple("" if not path else "Team" for path in paths),
        people=people,
        dimensions=Figures(measures, values, counts),
        items=Figures(tuple(items), of_items, np.repeat(people[:, None], len(items), axis=1)),
    )
