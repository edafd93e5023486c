"""Whether the reverse-keyed items are turned as the instrument says: an export may have turned them already."""

import numpy as np
import numpy.typing as npt

from .instrument import Dimension, Instrument, Item, in_language

Codes = npt.NDArray[np.int8]

_MOST_ROWS = 20_000  # evenly spread over the file: enough to see which way an item runs
_LEAST_ROWS = 50
_AGAINST = -0.2  # correlation with the rest of its dimension below which an item runs against it …
_SURE = -4.0  # … if it is so many standard errors below nought (Fisher's z)


def keying_notes(points: Codes, instrument: Instrument) -> tuple[str, ...]:
    """A sentence for each dimension in which items run against the others after the instrument's keying.

    points: (respondents × items) as in Responses. Only people who answered all items of a dimension are looked at;
    with fewer than 50 of them, or fewer than three items, nothing is said.
    """
    rows = points[:: max(1, len(points) // _MOST_ROWS)]
    place = {item.id: index for index, item in enumerate(instrument.items)}
    notes = []
    for dimension in instrument.dimensions:
        items = instrument.items_of(dimension.id)
        if dimension.part != "outcome" and len(items) >= 3:
            against = _running_against(rows[:, [place[item.id] for item in items]], items)
            if against:
                notes.append(_note(instrument, dimension, against))
    return tuple(notes)


def _running_against(ticked: Codes, items: tuple[Item, ...]) -> list[Item]:
    complete = ticked[(ticked > 0).all(axis=1)].astype(float)
    if len(complete) < _LEAST_ROWS:
        return []
    for index, item in enumerate(items):
        if item.reverse:
            complete[:, index] = len(item.scale.values) + 1 - complete[:, index]
    total = complete.sum(axis=1)
    found = []
    for index, item in enumerate(items):
        correlation = _correlation(complete[:, index], total - complete[:, index])
        if correlation < _AGAINST and np.arctanh(correlation) * np.sqrt(len(complete) - 3) < _SURE:
            found.append(item)
    return found


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Pearson's; 0 where one of them does not vary."""
    spread = float(one.std() * other.std())
    if not spread:
        return 0.0
    together = float(((one - one.mean()) * (other - other.mean())).mean())
    return max(-0.999, min(0.999, together / spread))


def _note(instrument: Instrument, dimension: Dimension, against: list[Item]) -> str:
    items = ", ".join(f"“{item.id}”" for item in against)
    name = in_language(dimension.names, "en")
    cause = (
        "perhaps the export has already turned these reverse-keyed statements round"
        if all(item.reverse for item in against)
        else "perhaps the answers to these statements are coded the other way round"
    )
    command = f"psafety instruments show {instrument.id}" if instrument.directed else "psafety draft"
    return (
        f"Under “{name}”, the answers to {items} run against those to the other statements: {cause}. Until that is"
        f" settled, do not use the figures of “{name}”. To settle it, write the questionnaire to a file with"
        f" `{command}`, change `reverse` for these statements, and name that file with --instrument."
    )
