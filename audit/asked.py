"""What was asked, as reports print it: dimensions and items in their order, with their texts in one language."""

from collections.abc import Mapping, Sequence

from ..surveys.instrument import Instrument, in_language
from .figures import Measure, Questions


def questions_of(instrument: Instrument, lang: str = "en") -> Questions:
    """What was asked, in the order of a report."""
    dimensions = [
        Measure(
            one.id,
            in_language(one.names, lang),
            is_item=False,
            dimension=one.id,
            scale=_ends(instrument.items_of(one.id)[0].scale.values),
        )
        for one in instrument.dimensions
        if one.part != "outcome"
    ]
    items = [
        Measure(
            item.id,
            in_language(item.texts, lang) or item.id,
            is_item=True,
            dimension=one.id,
            reverse=item.reverse,
            points=_points(item.scale.labels, item.scale.values, lang),
            scale=_ends(item.scale.values),
        )
        for one in instrument.dimensions
        for item in instrument.items_of(one.id)
    ]
    return Questions((*dimensions, *items))


def _ends(values: Sequence[int]) -> tuple[int, int]:
    return values[0], values[-1]


def _points(labels: Mapping[str, tuple[str, ...]], values: Sequence[int], lang: str) -> tuple[str, ...]:
    found = labels.get(lang) or labels.get("en") or next(iter(labels.values()), ())
    return tuple(found) or tuple(map(str, values))
