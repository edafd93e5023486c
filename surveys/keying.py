"""Whether the reverse-keyed items are turned as the instrument says: an export may have turned them already.

What a wrong turn looks like: a statement is answered against the others of its dimension. What looks like it, and is
none: people who agree with everything, whichever way it is put. That is why people who tick one answer throughout are
left aside, and why a statement must run against the others nearly as much as those go together.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

import numpy as np
import numpy.typing as npt

from ..languages import gettext as _, language, marked
from .doubtful import LONG_STRING, alike
from .errors import ConfigError, KeyingError
from .instrument import Dimension, Instrument, Item, in_language
from .phrases import listed, quoted

Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

AS_KEYED: Final = "none"  # in place of an item: the questionnaire is right, go on
_MOST_ROWS = 20_000  # evenly spread over the file: enough to see which way an item runs
_LEAST_ROWS = 50
_AGAINST = -0.2  # correlation with the others of its dimension below which an item runs against them …
_SURE = -3.5  # … if it is so many standard errors below nought (Fisher's z) …
_AS_STRONGLY = {True: 0.3, False: 0.7}  # … and at least this share of how strongly statements go together; see below
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Against:
    """An item whose answers run against those to the others of its dimension, as the instrument keys them.

    correlation: with the sum of the others. mean, of_others: on the response scale, reverse-keyed items turned.
    people: who answered all items of the dimension, on whom the figures rest.
    """

    item: Item
    correlation: float
    mean: float
    of_others: float
    people: int


def turn_items(instrument: Instrument, turn: Collection[str]) -> Instrument:
    """The instrument with some items read the other way round than it says; all that follows goes by that.

    turn: item ids; AS_KEYED says nothing of any item. Raises ConfigError where there is no such item.
    """
    ids = [item.id for item in instrument.items]
    for name in turn:
        if name != AS_KEYED and name not in ids:
            close = get_close_matches(name, ids, n=1)
            raise ConfigError(
                f"There is no item “{name}” to turn round in this survey.",
                where="--turn",
                hint=f"Did you mean “{close[0]}”?" if close else f"It has {listed(ids, most=12)}.",
            )
    return replace(
        instrument,
        items=tuple(
            replace(item, reverse=not item.reverse, turned=True) if item.id in turn else item
            for item in instrument.items
        ),
    )


def turn_notes(instrument: Instrument) -> tuple[str, ...]:
    """What a person should know of the items that were turned round."""
    turned = [quoted(item.id) for item in instrument.items if item.turned]
    if not turned:
        return ()
    note = _("Read the other way round than the questionnaire says, as asked with --turn: {items}.")
    return (note.format(items=", ".join(turned)),)


def keying_notes(points: Codes, instrument: Instrument) -> tuple[str, ...]:
    """A sentence for each dimension in which items run against the others after the instrument's keying.

    points: (respondents × items) as in Responses. Only people who answered all items of a dimension are looked at;
    with fewer than 50 of them, or fewer than three items, nothing is said.
    """
    return tuple(_note(instrument, *found) for found in running_against(points, instrument))


def keying_doubts(points: Codes, instrument: Instrument, turn: Collection[str]) -> tuple[str, ...]:
    """The same, or where `settled_keying` would stop, the evidence and the options that settle it."""
    found = running_against(points, instrument)
    if not instrument.directed or AS_KEYED in turn:
        return tuple(_note(instrument, *each) for each in found)
    return (f"{_problem(found)} {_options(instrument, found)}",) if found else ()


def settled_keying(points: Codes, instrument: Instrument, turn: Collection[str], *, where: str) -> tuple[str, ...]:
    """The warnings that must stand above the figures, where the person has said that they will do without an answer.

    instrument: after `turn_items`. Raises KeyingError with the evidence, and the options that settle it, where items of
    a known questionnaire run against the others and `turn` does not say that this is right. An instrument drafted from
    the file has no keying that could be right: there it is a warning.
    """
    found = running_against(points, instrument)
    if found and instrument.directed and AS_KEYED not in turn:
        raise KeyingError(_problem(found), where=where, hint=_options(instrument, found))
    return tuple(_note(instrument, *each) for each in found)


def running_against(points: Codes, instrument: Instrument) -> list[tuple[Dimension, tuple[Against, ...]]]:
    """The dimensions in which items run against the others, with these items.

    points: (respondents × items), each the place on the scale as ticked. The statements of a dimension are parted into
    those that go together, by the sign of the first principal component of their correlations. Of the two parts, the
    one that is suspected holds reverse-keyed items only, since these are what an export turns; else it is the smaller.
    An item of it runs against the others if its correlation with their sum is below -0.2, four standard errors below
    nought, and 0.4 of the mean correlation of the statements that go together; these limits never stopped a correct
    file in the simulations of the tests. Means decide nothing: how easy a statement is to agree with moves them, too.
    """
    rows = _not_straight(points[:: max(1, len(points) // _MOST_ROWS)], instrument)
    place = {item.id: index for index, item in enumerate(instrument.items)}
    found = []
    for dimension in instrument.dimensions:
        items = instrument.items_of(dimension.id)
        if dimension.part != "outcome" and len(items) >= 3:
            against = _in_dimension(rows[:, [place[item.id] for item in items]], items)
            if against:
                found.append((dimension, against))
    return found


def _not_straight(points: Codes, instrument: Instrument) -> Codes:
    """The rows but for straight lines: one answer throughout, as ticked or with reverse-keyed items turned.

    Both, so that neither reading of the file is favoured: an export that has turned these items has turned the
    straight lines, too.
    """
    every = range(len(instrument.items))
    straight = [alike(codes, every, LONG_STRING) > 0 for codes in (points, _keyed(points, instrument.items))]
    return points[~(straight[0] | straight[1])]


def _keyed(points: Codes, items: Sequence[Item]) -> Codes:
    """The points with reverse-keyed items turned; blanks stay what they are."""
    tops = np.array([len(item.scale.values) + 1 if item.reverse else 0 for item in items], np.int8)
    return np.where((tops > 0) & (points > 0), tops - points, points)


def _in_dimension(ticked: Codes, items: tuple[Item, ...]) -> tuple[Against, ...]:
    complete = _keyed(ticked[(ticked > 0).all(axis=1)], items).astype(float)
    if len(complete) < _LEAST_ROWS:
        return ()
    together = _correlations(complete)
    suspected = _suspected(np.linalg.eigh(together)[1][:, -1] >= 0, items)
    others = ~suspected
    if not suspected.any() or not others.any():
        return ()
    alike = _mean_of_pairs(together, suspected, others)
    across = together[np.ix_(suspected, others)].mean(axis=1)
    rest = complete[:, others].sum(axis=1)
    found = []
    for index, mean_across in zip(np.flatnonzero(suspected).tolist(), across.tolist(), strict=True):
        correlation = _correlation(complete[:, index], rest)
        sure = np.arctanh(correlation) * np.sqrt(len(complete) - 3) < _SURE
        mean, of_others = float(complete[:, index].mean()), float(complete[:, others].mean())
        supported = abs(mean - (len(items[index].scale.values) + 1 - of_others)) < abs(mean - of_others)
        if correlation < _AGAINST and sure and -mean_across >= _AS_STRONGLY[supported] * alike:
            low = items[index].scale.low - 1
            found.append(Against(items[index], correlation, mean + low, of_others + low, len(complete)))
    return tuple(found)


def _suspected(signs: npt.NDArray[np.bool_], items: Sequence[Item]) -> npt.NDArray[np.bool_]:
    """Which of the two parts is suspected. signs: (items) in which part each stands."""
    reverse = np.array([item.reverse for item in items])
    parts = [part for part in (signs, ~signs) if part.any()]
    only_reverse = [part for part in parts if reverse[part].all()]
    if len(only_reverse) == 1:
        return only_reverse[0]
    return min(parts, key=lambda part: (int(part.sum()), bool(part[0])))


def _mean_of_pairs(together: Floats, *parts: npt.NDArray[np.bool_]) -> float:
    """Mean correlation of two items of the same part; 0 where no part has two."""
    pairs = [together[np.ix_(part, part)][np.triu_indices(int(part.sum()), 1)] for part in parts]
    of_all = np.concatenate(pairs)
    return float(of_all.mean()) if of_all.size else 0.0


def _correlations(columns: Floats) -> Floats:
    """(items × items) Pearson's; 0 with an item that does not vary."""
    centred = columns - columns.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0))
    scaled = np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 0)
    together: Floats = scaled.T @ scaled
    np.fill_diagonal(together, 1.0)
    return together


def _correlation(one: Floats, other: Floats) -> float:
    """Pearson's, within ±0.999 so that Fisher's z is finite; 0 where one of them does not vary."""
    together = float(_correlations(np.column_stack([one, other]))[0, 1])
    return max(-0.999, min(0.999, together))


def _note(instrument: Instrument, dimension: Dimension, against: Sequence[Against]) -> str:
    return _(
        "Under “{dimension}”, the answers to {items} run against those to the other statements: {cause}. Until that is"
        " settled, do not use the figures of “{dimension}”. To settle it, write the questionnaire to a file with"
        " `{command}`, change `reverse` for these statements, and name that file with --instrument."
    ).format(
        dimension=in_language(dimension.names, language()),
        items=", ".join(quoted(each.item.id) for each in against),
        cause=_(_cause(against)),
        command=f"psafety instruments show {instrument.id}" if instrument.directed else "psafety draft",
    )


def _cause(against: Iterable[Against]) -> str:
    if all(each.item.reverse and not each.item.turned for each in against):
        return marked("perhaps the export has already turned these reverse-keyed statements round")
    return marked("perhaps the answers to these statements are coded the other way round")


def _problem(found: Sequence[tuple[Dimension, tuple[Against, ...]]]) -> str:
    """What runs against what, with the evidence."""
    evidence = " ".join(
        f"Under “{in_language(dimension.names, 'en')}”: {listed(list(map(_evidence, against)), most=_MOST_NAMED)}."
        for dimension, against in found
    )
    cause = _cause([each for _, against in found for each in against])
    return (
        "Read as the questionnaire says, the answers to some statements run against those to the others."
        f" {evidence} {cause[0].upper()}{cause[1:]}."
    )


def _evidence(against: Against) -> str:
    return (
        f"“{against.item.id}” (correlation with the others {against.correlation:.2f}, mean {against.mean:.1f} beside"
        f" {against.of_others:.1f}, {against.people:,} people)"
    )


def _options(instrument: Instrument, found: Iterable[tuple[Dimension, Iterable[Against]]]) -> str:
    """The two ways on, to copy: what was turned before stays turned, unless it is this that runs against the others."""
    before = {item.id for item in instrument.items if item.turned}
    against = {each.item.id for _, items in found for each in items}
    kept, better = (
        [item.id for item in instrument.items if item.id in ids]
        for ids in (before, before.symmetric_difference(against))
    )
    other_way = f"read them the other way round with `--turn {','.join(better)}`" if better else "leave --turn out"
    return (
        f"Look at the file. If these answers are coded the other way round, {other_way}; if they are right as they"
        f" are, say so with `--turn {','.join([*kept, AS_KEYED])}`, and the report opens with a warning."
    )
