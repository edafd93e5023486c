"""Scales that no table of labels knows: their order comes from a person or a structure file, never from a guess."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from .cells import fold, no_answer, split_number
from .errors import ConfigError
from .instrument import ResponseScale
from .phrases import short
from .platforms.export import Export

MOST_POINTS = 11
LONGEST_LABEL = 40
FEWEST = 5  # people who gave a label, before it is repeated to anyone
OPTION = "--labels"
_MOST = 5  # options that a message bears
_MOST_LABELS = 7  # of a scale that is suggested: longer lists are countries, professions and the like
_LABEL = re.compile(r"[^\"$`\\|%!\x00-\x1f\x7f]+")  # can be typed between double quotes in any shell


def asked_scales(wanted: Sequence[str]) -> tuple[ResponseScale, ...]:
    """The scales a person gave, each as "Nope|Sometimes|Totally", the lowest first; numbers beside them do not count.

    Raises ConfigError where there are less than 2 or more than 11 labels, or one is empty, a number, or there twice.
    """
    return tuple(_asked_scale(f"given-{number}", text) for number, text in enumerate(wanted, start=1))


def _asked_scale(id_: str, text: str) -> ResponseScale:
    labels = [" ".join(label.split()) for label in text.split("|")]
    names = [label_name(label) for label in labels]
    if not 2 <= len(labels) <= MOST_POINTS:
        raise _wrong(text, f"has {len(labels)} label{'s' * (len(labels) != 1)}, and a scale has 2 to {MOST_POINTS}")
    if not all(re.search(r"[^\W\d_]", name) for name in names):
        raise _wrong(text, "has a label without a word")
    if len(set(names)) < len(names):
        raise _wrong(text, "has the same label twice")
    return scale_of(id_, labels)


def _wrong(text: str, why: str) -> ConfigError:
    return ConfigError(
        f"The scale “{short(text, 60)}” {why}.",
        where=OPTION,
        hint=f'Write the answers as they stand in the file, the lowest first: {OPTION} "Nope|Sometimes|Totally".',
    )


def scale_of(id_: str, labels: Sequence[str]) -> ResponseScale:
    """A scale 1..n of these labels, the lowest first; its bands are above and below the middle."""
    values = range(1, len(labels) + 1)
    middle = (len(labels) + 1) / 2
    return ResponseScale(
        id=id_,
        values=tuple(values),
        labels={"en": tuple(labels)},
        favourable=frozenset(value for value in values if value > middle),
        unfavourable=frozenset(value for value in values if value < middle),
    )


def label_name(label: str) -> str:
    """A label as it is compared: folded, without a number beside it."""
    pair = split_number(label)
    return pair.label if pair else fold(label)


def names_of(scale: ResponseScale) -> frozenset[str]:
    """The labels of a scale as they are compared, in all its languages, with and without a number beside them."""
    labels = [label for ways in scale.labels.values() for label in ways]
    return frozenset(map(label_name, labels)) | frozenset(map(fold, labels))


def on_asked_scales(
    labels: Mapping[int, Collection[str]], stems: Mapping[int, str], asked: Sequence[ResponseScale]
) -> dict[int, ResponseScale]:
    """Column → the scale that a person gave, where it holds at least two of its labels and no other.

    A column that holds one label only is on the scale if another of its stem is.
    """
    found: dict[int, ResponseScale] = {}
    for scale in asked:
        names = names_of(scale)
        fitting = [index for index, said in labels.items() if said and names.issuperset(said) and index not in found]
        several = [index for index in fitting if len(labels[index]) > 1]
        families = {stems[index] for index in several} - {""}
        found |= {index: scale for index in fitting if index in several or stems[index] in families}
    return found


def structured_labels(export: Export, index: int) -> tuple[str, ...]:
    """The labels that a structure file gives for a column, in its order, without those outside the scale."""
    return tuple(label for label in export.scales.get(index, ()) if no_answer(label) is None)


def in_structured_arrays(export: Export, labels: Mapping[int, Collection[str]]) -> dict[int, ResponseScale]:
    """Column → the scale of a structure file, for the rows of arrays: what all rows are answered with is in some order.

    The answers to a question that stands alone may be in no order, such as countries.
    """
    arrays = {
        index: (_stem(export, index), structured_labels(export, index))
        for index in export.scales
        if export.texts[index].endswith("]")
    }
    sizes = Counter(arrays.values())
    numbers = {scale: number for number, scale in enumerate(dict.fromkeys(labels for _, labels in arrays.values()), 1)}
    found = {}
    for index, (stem, ordered) in arrays.items():
        scale = scale_of(f"structure-{numbers[ordered]}", ordered)
        fits = labels.get(index) and names_of(scale).issuperset(labels[index])
        if fits and sizes[stem, ordered] > 1 and 2 <= len(ordered) <= MOST_POINTS:
            found[index] = scale
    return found


def _stem(export: Export, index: int) -> str:
    return export.texts[index].rpartition("[")[0]


def sketched_scale(export: Export, index: int, said: Mapping[str, int]) -> ResponseScale | None:
    """The labels of a column whose order nobody gave, as a person may see them; in the order of appearance.

    None where they may be somebody's own words: one is long, was given by too few, or holds signs that no option takes.
    said: text → how often it was given, without what is no answer.
    """
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for text, count in said.items():
        name = label_name(text)
        counts[name] += count
        spelled.setdefault(name, " ".join(text.split()))
    labels = list(spelled.values())
    ordered = {label_name(label): label for label in structured_labels(export, index)}
    if ordered.keys() >= counts.keys():
        labels = list(ordered.values())
    fits = 2 <= len(labels) <= MOST_POINTS and min(counts.values()) >= FEWEST
    if not fits or not all(len(label) <= LONGEST_LABEL and _may_be_typed(label) for label in labels):
        return None
    return scale_of(f"unordered-{index + 1}", labels)


def _may_be_typed(label: str) -> bool:
    return bool(_LABEL.fullmatch(label)) and label.isprintable()


def options_for(sketches: Mapping[int, ResponseScale]) -> dict[str, list[int]]:
    """The option that gives the order of some labels → the columns it is for; those for the most columns, these first.

    Only of lists as short as those of a scale. Columns with fewer labels stand with the longer list that holds them.
    """
    options: dict[str, list[int]] = {}
    known: dict[str, frozenset[str]] = {}
    labelled = {index: scale for index, scale in sketches.items() if scale.labels and len(scale.values) <= _MOST_LABELS}
    for index, scale in sorted(labelled.items(), key=lambda pair: (-len(pair[1].values), pair[0])):
        names = names_of(scale)
        option = next((option for option, longer in known.items() if names <= longer), "")
        if not option:
            option = f'{OPTION} "{"|".join(scale.labels["en"])}"'
            known[option] = names
        options.setdefault(option, []).append(index)
    return {option: sorted(options[option]) for option in sorted(options, key=lambda each: -len(options[each]))[:_MOST]}
