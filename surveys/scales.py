"""The response scales we know by their labels, and which of them the columns of a file use."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from .cells import fold_labels
from .label_files import label_tables, written_labels

_ENOUGH = 50  # answers, before a point inside a scale that nobody chose speaks against the scale
_MANY = 20  # answers at the end of a scale, before nobody beyond it means that it ends there
_UNLIKELY = 0.001  # chance below which we say that answers are not on a scale
_NO_NUMBERS: Mapping[int, Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class KnownScale:
    """A family of answer labels we know by heart; the same one, whichever of its languages were read.

    labels: language → per point, lowest first, the ways to write it. places: language → folded label → point, from 1.
    """

    id: str
    points: int
    labels: Mapping[str, tuple[tuple[str, ...], ...]] = field(compare=False)
    places: Mapping[str, Mapping[str, int]] = field(compare=False)
    _of_all: Mapping[str, int] = field(compare=False)

    def points_of(self, names: Iterable[str]) -> dict[str, int]:
        """Folded label → point, for those of `names` that it knows; languages never differ about a label."""
        return {name: self._of_all[name] for name in names if name in self._of_all}

    def confuses(self, names: Iterable[str]) -> bool:
        """Whether two of the labels are only two ways to write one point in one language: then it is another scale."""
        known = self.points_of(names)
        if len(set(known.values())) == len(known):
            return False
        return any(
            count > 1
            for place in self.places.values()
            for count in Counter(place[name] for name in known if name in place).values()
        )

    def explains(self, names: Iterable[str]) -> bool:
        """Whether each of the labels is one of its own, at a point of its own."""
        names = set(names)
        return bool(names) and self._of_all.keys() >= names and not self.confuses(names)


def known_scales(labels: Iterable[str] | None = None) -> tuple[KnownScale, ...]:
    """The scales of the label files, in the languages that know one of the folded labels; without labels, in all.

    Languages that know none of the labels cannot change what the scales say of them, and need not be read.
    """
    if labels is None:
        return _scales_in(tuple(written_labels()))
    spoken = {lang for label in labels for lang in label_languages().get(label, ())}
    return _scales_in(tuple(lang for lang in written_labels() if lang in spoken)) if spoken else ()


@cache
def label_languages() -> Mapping[str, tuple[str, ...]]:
    """Folded label → the languages in which it is an answer on a scale we know."""
    languages: dict[str, tuple[str, ...]] = {}
    for lang in written_labels():
        for label in set(_folded(lang).values()):
            languages[label] = (*languages.get(label, ()), lang)
    return languages


@cache
def _folded(lang: str) -> Mapping[str, str]:
    """Way to write a label → its folded text."""
    ways = list(dict.fromkeys(written_labels()[lang]))
    return dict(zip(ways, fold_labels(ways), strict=True))


@cache
def _scales_in(languages: tuple[str, ...]) -> tuple[KnownScale, ...]:
    labels: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
    for lang in languages:
        for id_, points in label_tables(lang).items():
            labels.setdefault(id_, {})[lang] = points
    return tuple(_known_scale(id_, tables) for id_, tables in labels.items())


def _known_scale(id_: str, labels: Mapping[str, tuple[tuple[str, ...], ...]]) -> KnownScale:
    places = {
        lang: {_folded(lang)[way]: place for place, ways in enumerate(points, 1) for way in ways}
        for lang, points in labels.items()
    }
    points = len(next(iter(labels.values())))
    return KnownScale(id_, points, labels, places, {way: at for place in places.values() for way, at in place.items()})


Shares = Counter[int]  # point → how many answers stand there


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Columns that share a stem, or one alone, and the scales that explain all their labels, with answers per point.

    marked: the scales whose two ends are given with the numbers that such a scale has there.
    """

    columns: tuple[int, ...]
    labels: frozenset[str]
    fitting: Mapping[KnownScale, Shares]
    marked: frozenset[KnownScale]

    @property
    def whole(self) -> tuple[KnownScale, ...]:
        """The scales of which it uses every point, or marks both ends."""
        return tuple(
            scale for scale, answers in self.fitting.items() if len(answers) == scale.points or scale in self.marked
        )


def settle(
    counts: Mapping[int, Mapping[str, int]],
    stems: Mapping[int, str],
    numbers: Mapping[int, Mapping[str, int]] = _NO_NUMBERS,
) -> dict[int, KnownScale]:
    """Column → the known scale of its answers, for the columns about which the file leaves no doubt.

    counts: per column, folded label → how often it was given; a column some of whose labels nobody knows is left out.
    stems: per column, what its header shares with others, "" where nothing.
    numbers: per column that writes a number beside each label, folded label → number.

    A scale is there for certain where one column, or the columns of one stem, use all its points, unless it may go on
    beyond them. A column that fits none of those has the one scale, if any, of which the columns together use
    neighbouring points without a gap. Where a column fits several of all these, its gaps must rule out the others, or
    one of them be the only one possible for some column.
    Numbers rule out the scales on which they would not count the points; both ends with their numbers make it certain.
    """
    blocks = _blocks(counts, stems, numbers)
    used = dict.fromkeys(scale for block in blocks for scale in block.whole)
    whole = {scale: _together(blocks, scale, whole=True) for scale in used}
    certain = {scale: answers for scale, answers in whole.items() if not _may_go_on(scale, answers, blocks)}
    open_ = [block for block in blocks if certain.keys().isdisjoint(block.fitting)]
    held = dict.fromkeys(scale for block in open_ for scale in block.fitting)
    usual = {scale: _together(blocks, scale, whole=False) for scale in held} | certain
    gapless = {scale for scale in usual.keys() - certain.keys() if _is_gapless(usual[scale])}
    rivals = {scale for block in open_ for scale in gapless.intersection(block.fitting) or block.fitting}
    plausible = {
        block.columns: [
            scale
            for scale, answers in block.fitting.items()
            if (scale in certain or scale in rivals)
            and _plausible(answers, usual[scale])
            and not _ends_before(scale, block, certain)
        ]
        for block in blocks
    }
    needed = {options[0] for options in plausible.values() if len(options) == 1}
    chosen: dict[int, KnownScale] = {}
    for block in blocks:
        options = plausible[block.columns]
        if len(options) > 1:
            options = [scale for scale in options if scale in needed] or _all_the_same(options, block, certain)
        if block in open_:
            options = [scale for scale in block.fitting if scale in gapless]
        if len(options) == 1 and (options[0] in certain or options[0] in gapless):
            chosen.update(dict.fromkeys(block.columns, options[0]))
    return chosen


def _all_the_same(options: Sequence[KnownScale], block: _Block, certain: Collection[KnownScale]) -> list[KnownScale]:
    """The first of certain scales as long as each other that put all labels at the same points; else none."""
    first = options[0]
    same = all(
        scale in certain
        and scale.points == first.points
        and scale.points_of(block.labels) == first.points_of(block.labels)
        for scale in options
    )
    return [first] if same else []


def _blocks(
    counts: Mapping[int, Mapping[str, int]], stems: Mapping[int, str], numbers: Mapping[int, Mapping[str, int]]
) -> list[_Block]:
    """The columns of each stem together, where one scale explains them all; the others each alone."""
    scales = known_scales({label for names in counts.values() for label in names})
    families: dict[str, list[int]] = {}
    for column in counts:
        families.setdefault(stems[column] or f"\0{column}", []).append(column)
    blocks = []
    for columns in families.values():
        together = _block(columns, counts, numbers, scales)
        blocks += [together] if together.fitting else [_block([column], counts, numbers, scales) for column in columns]
    return [block for block in blocks if block.fitting]


def _block(
    columns: Sequence[int],
    counts: Mapping[int, Mapping[str, int]],
    numbers: Mapping[int, Mapping[str, int]],
    scales: Iterable[KnownScale],
) -> _Block:
    said: Counter[str] = Counter()
    for column in columns:
        said.update(counts[column])
    fitting = {
        scale: Counter({point: said[label] for label, point in scale.points_of(said).items()})
        for scale in scales
        if scale.explains(said)
    }
    beside = {pair for column in columns for pair in numbers.get(column, {}).items()}
    counted = {scale: answers for scale, answers in fitting.items() if beside and _counts(scale, beside)}
    marked = {scale for scale, answers in counted.items() if {1, scale.points} <= answers.keys()}
    return _Block(tuple(columns), frozenset(said), counted or fitting, frozenset(marked))


def _counts(scale: KnownScale, beside: Iterable[tuple[str, int]]) -> bool:
    """Whether the numbers beside labels count the points of a scale: from 0, 1 or about the middle, up or down."""
    places = [(scale.points_of([label])[label], number) for label, number in beside]
    down = [(scale.points + 1 - point, number) for point, number in places]
    middle = (scale.points + 1) / 2
    return any(
        all(point - start == number for point, number in way) for way in (places, down) for start in (0, 1, middle)
    )


def _together(blocks: Iterable[_Block], scale: KnownScale, *, whole: bool) -> Shares:
    """The answers of all blocks that fit the scale; or of those that use the whole of it."""
    total: Shares = Counter()
    for block in blocks:
        if scale in (block.whole if whole else block.fitting):
            total.update(block.fitting[scale])
    return total


def _may_go_on(scale: KnownScale, usual: Shares, blocks: Iterable[_Block]) -> bool:
    """Whether a longer scale holds the same answers without a gap, and its end was just too far for all.

    usual: how often each point is chosen by those who use the whole scale. Where many stand at its own end, some would
    have gone further had they been asked.
    """
    open_ends = {
        end
        for block in blocks
        if scale in block.whole
        for other, answers in block.fitting.items()
        if other.points > scale.points and _is_run(answers)
        for end, goes_on in ((1, min(answers) > 1), (scale.points, max(answers) < other.points))
        if goes_on
    }
    return any(usual[end] < _MANY for end in open_ends)


def _ends_before(scale: KnownScale, block: _Block, certain: Collection[KnownScale]) -> bool:
    """Whether answers that a scale holds without a gap are so often at the ends of a certain shorter one."""
    return _is_run(block.fitting[scale]) and any(
        shorter in certain and not _may_go_on(shorter, block.fitting[shorter], [block])
        for shorter in block.whole
        if shorter.points < scale.points
    )


def _plausible(answers: Shares, usual: Shares) -> bool:
    """Whether answers may be on a scale, although they leave out points between the ones they use.

    usual: how often each point is chosen by those who use the whole scale. The points beyond the ends do not count: a
    statement with which everybody agrees leaves them empty.
    """
    between = {point: max(usual[point], 1) for point in range(min(answers), max(answers) + 1)}
    share = sum(between[point] for point in answers) / sum(between.values())
    return bool(share ** answers.total() >= _UNLIKELY)


def _is_run(answers: Shares) -> bool:
    """Whether they use neighbouring points without a gap."""
    return len(answers) == max(answers) - min(answers) + 1


def _is_gapless(answers: Shares) -> bool:
    """Whether they use three neighbouring points or more without a gap, and are enough for a gap to have shown."""
    return len(answers) >= 3 and _is_run(answers) and answers.total() >= _ENOUGH
