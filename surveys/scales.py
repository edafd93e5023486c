"""The response scales we know by their labels, and which of them the columns of a file use."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .cells import fold

_ENOUGH = 50  # answers, before a point inside a scale that nobody chose speaks against the scale
_UNLIKELY = 0.001  # chance below which we say that answers are not on a scale


@dataclass(frozen=True, slots=True, eq=False)
class KnownScale:
    """A family of answer labels we know by heart.

    labels: language → per point, lowest first, the ways to write it. places: language → folded label → point, from 1.
    """

    id: str
    points: int
    labels: Mapping[str, tuple[tuple[str, ...], ...]]
    places: Mapping[str, Mapping[str, int]]

    def points_of(self, names: Iterable[str]) -> dict[str, int]:
        """Folded label → point, for those of `names` that it knows; the first language that knows a label decides."""
        known = set(names)
        return {
            name: point
            for place in reversed(list(self.places.values()))
            for name, point in place.items()
            if name in known
        }

    def confuses(self, names: Iterable[str]) -> bool:
        """Whether two of the labels are only two ways to write one point in one language: then it is another scale."""
        known = set(names)
        return any(
            count > 1
            for place in self.places.values()
            for count in Counter(place[name] for name in known & place.keys()).values()
        )

    def explains(self, names: Iterable[str]) -> bool:
        """Whether each of the labels is one of its own, at a point of its own."""
        names = set(names)
        return bool(names) and len(self.points_of(names)) == len(names) and not self.confuses(names)


@cache
def known_scales() -> tuple[KnownScale, ...]:
    """The scales of scales.toml."""
    tables = tomllib.loads((Path(__file__).parent / "scales.toml").read_text(encoding="utf-8"))["scales"]
    return tuple(_known_scale(table) for table in tables)


def _known_scale(table: Mapping[str, object]) -> KnownScale:
    labels = {lang: tuple(tuple(ways) for ways in points) for lang, points in table.items() if isinstance(points, list)}
    places = {
        lang: {fold(way): place for place, ways in enumerate(points, 1) for way in ways}
        for lang, points in labels.items()
    }
    return KnownScale(str(table["id"]), int(str(table["points"])), labels, places)


Shares = Counter[int]  # point → how many answers stand there


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns that share a stem, or one alone, and the scales that explain all their labels, with answers per point."""

    columns: tuple[int, ...]
    fitting: Mapping[KnownScale, Shares]

    @property
    def whole(self) -> tuple[KnownScale, ...]:
        """The scales of which it uses every point."""
        return tuple(scale for scale, answers in self.fitting.items() if len(answers) == scale.points)


def settle(counts: Mapping[int, Mapping[str, int]], stems: Mapping[int, str]) -> dict[int, KnownScale]:
    """Column → the known scale of its answers, for the columns about which the file leaves no doubt.

    counts: per column, folded label → how often it was given; a column some of whose labels nobody knows is left out.
    stems: per column, what its header shares with others, "" where nothing.

    A scale is there for certain where one column, or the columns of one stem, use all its points. A column that fits
    several of those has one only where its gaps rule out the others; the scale must also be the only one possible for
    some column. Where no scale is there for certain, the columns together must use neighbouring points of just one.
    """
    blocks = _blocks(counts, stems)
    certain = {scale: _together(blocks, scale, whole=True) for block in blocks for scale in block.whole}
    plausible = {
        block.columns: [
            scale for scale in certain if scale in block.fitting and _plausible(block.fitting[scale], certain[scale])
        ]
        for block in blocks
    }
    needed = {options[0] for options in plausible.values() if len(options) == 1}
    gapless = {
        scale
        for scale in {scale for block in blocks for scale in block.fitting} - certain.keys()
        if _is_gapless(_together(blocks, scale, whole=False))
    }
    chosen: dict[int, KnownScale] = {}
    for block in blocks:
        options = plausible[block.columns]
        if len(options) > 1:
            options = [scale for scale in options if scale in needed]
        if certain.keys().isdisjoint(block.fitting):
            options = [scale for scale in block.fitting if scale in gapless]
        if len(options) == 1:
            chosen.update(dict.fromkeys(block.columns, options[0]))
    return chosen


def _blocks(counts: Mapping[int, Mapping[str, int]], stems: Mapping[int, str]) -> list[_Block]:
    """The columns of each stem together, where one scale explains them all; the others each alone."""
    families: dict[str, list[int]] = {}
    for column in counts:
        families.setdefault(stems[column] or f"\0{column}", []).append(column)
    blocks = []
    for columns in families.values():
        together = _block(columns, counts)
        blocks += [together] if together.fitting else [_block([column], counts) for column in columns]
    return [block for block in blocks if block.fitting]


def _block(columns: Sequence[int], counts: Mapping[int, Mapping[str, int]]) -> _Block:
    said: Counter[str] = Counter()
    for column in columns:
        said.update(counts[column])
    fitting = {
        scale: Counter({point: said[label] for label, point in scale.points_of(said).items()})
        for scale in known_scales()
        if scale.explains(said)
    }
    return _Block(tuple(columns), fitting)


def _together(blocks: Iterable[_Block], scale: KnownScale, *, whole: bool) -> Shares:
    """The answers of all blocks that fit the scale; or of those that use the whole of it."""
    total: Shares = Counter()
    for block in blocks:
        if scale in (block.whole if whole else block.fitting):
            total.update(block.fitting[scale])
    return total


def _plausible(answers: Shares, usual: Shares) -> bool:
    """Whether answers may be on a scale, although they leave out points between the ones they use.

    usual: how often each point is chosen by those who use the whole scale. The points beyond the ends do not count: a
    statement with which everybody agrees leaves them empty.
    """
    between = {point: count for point, count in usual.items() if min(answers) <= point <= max(answers)}
    share = sum(between[point] for point in answers) / sum(between.values())
    return bool(share ** answers.total() >= _UNLIKELY)


def _is_gapless(answers: Shares) -> bool:
    """Whether they use three neighbouring points or more without a gap, and are enough for a gap to have shown."""
    return 3 <= len(answers) == max(answers) - min(answers) + 1 and answers.total() >= _ENOUGH
