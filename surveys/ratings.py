"""Which columns of a file hold ratings, on which scale, where no instrument says so; and which may, but need not."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..languages import marked
from .answers import answer_texts
from .cells import fold, no_answer, split_number, whole_number
from .columns import counts_of_texts, text_codes
from .given_scales import in_structured_arrays, on_asked_scales, sketched_scale, structured_labels
from .identifying import contents, header_words
from .instrument import ResponseScale
from .mapping import free_columns
from .platforms.export import Export
from .scales import KnownScale, known_scales, label_languages, settle

TOGETHER = 3  # columns that must belong together before one lends meaning to the other
_MOST_TEXTS = 33  # different texts of a column of ratings, with all its spellings and ways not to answer
_MOST_POINTS = 11
_LONGEST_LABEL = 40
_ROWS_TO_SEE = 5000  # of a ranking
_SENTENCE = 4  # words from which a header is a statement or a question, in which "time" or "team" may stand

# Short headers of what is no rating although it is a small number or one of a few words.
_NO_RATING = re.compile(
    r"\b(num|numbers?|count|total|sum|amount|percent(age)?|years?|months?|weeks?|days?|hours?|minutes?|times?|age|size"
    r"|rank(ing)?|how (many|old|long|tall)|members|people|children|income|salary|price|cost|zip|postcode|index"
    r"|code|date|duration|version|education|qualification|degree|gender|sex|race|ethnicity|religion|nationality|country"
    r"|language|position|tenure|level|grade|class|category|type|job|role|function|shift|site|location|seniority"
    r"|experience|status|contract|wave|team|group|unit|department|division"
    r"|wie (viele?|alt|lange|oft)|anzahl|summe|prozent|jahre?n?|monate?n?|wochen?|tage?n?|stunden?|minuten?|alter"
    r"|rang(folge)?|bildung|abschluss|geschlecht|gehalt|datum|zeit|dauer|sprache|land|plz|standort|funktion|stufe)\b"
)
_NO_RATING_QUESTION = re.compile(
    r"\b(how (many|old|long|tall|much (money|time))|number of|bus factor|what (percentage|share|year)"
    r"|what is your (age|gender)|select your|(please )?rank the|highest (qualification|level)|type of contract"
    r"|wie (viele?|alt|lange)|anzahl der|rangfolge)\b|^(age|years?|months?|alter|jahre)\b"
)
# Headers that ask for a rating, so that bare numbers in one column alone may be taken for one.
_RATED = re.compile(
    r"\b(rate|ratings?|rated|satisf\w+|recommend\w*|agree|agreement|likely|likelihood|importan\w+|confiden\w+"
    r"|on a scale|how (easy|hard|difficult|useful|helpful|clear|well|good|comfortable|satisfied|happy|strongly)"
    r"|zufrieden\w*|bewert\w+|weiterempfehl\w*|empfehl\w+|zustimm\w+|wahrscheinlich\w*|wichtig\w*|auf einer skala"
    r"|wie (leicht|schwer|schwierig|gut|wohl|sehr|stark|sicher|nützlich|hilfreich|klar))\b"
)
# What stands before a number in a header and names no question.
_NO_STEM = frozenset(
    {"q", "qu", "question", "frage", "f", "item", "v", "var", "variable", "col", "column", "spalte", "x"}
)
_STEMS = (
    r"(?P<stem>.+?)\s*\[(?P<row>[^\[\]]+)\]",  # Question [Row]
    r"(?P<stem>.+\S)\s+-\s+(?P<row>\S.*)",  # Question - Row
    r"(?P<stem>.+\S):\s+(?P<row>\S.*)",  # Question: Row
    r"(?P<stem>\S+\s.*\S)-(?P<row>[^\W\d].*)",  # A question-Row
    r"(?P<stem>[A-Za-z]+\d*)[_.]\d+",  # Q3_1
    r"(?P<stem>[A-Za-z]{1,8}?)_?\d{1,3}",  # AF06
    r"(?P<stem>[A-Z][a-z]+)[A-Z]\w*",  # TrainersConsiderate
    r"(?P<stem>[a-z]+)_[a-z]\w*",  # impact_career
)


@dataclass(frozen=True, slots=True)
class Ratings:
    """What the columns of a file were found to be.

    scales: position → the scale of its answers. stems: position → what its header shares with two others, or "".
    unclear: position → why a column that may hold ratings is not read, as a clause.
    sketches: position → the answers of an unclear column as if they were a scale, for a person to put into order.
    """

    scales: Mapping[int, ResponseScale]
    stems: Mapping[int, str]
    unclear: Mapping[int, str]
    sketches: Mapping[int, ResponseScale]


def find_ratings(
    export: Export, headers: Mapping[int, str], taken: Collection[int], asked: Sequence[ResponseScale] = ()
) -> Ratings:
    """The columns that hold ratings beyond doubt, and those that only may.

    Labels count where the file leaves no doubt which known scale they are. Bare numbers count where at least three
    columns, side by side or with a common stem, hold such, or where the header asks for a rating; rankings do not.
    headers: the columns that have a header of their own, by which a person can name them; others are not read.
    asked: scales that a person gave; they count for the columns that are on none we know.
    """
    counts = {index: _counts(export, index) for index in _short_columns(export, taken)}
    stems = common_stems({index: headers.get(index, "") for index in counts})
    labels = {index: names for index, said in counts.items() if (names := _labels(said))}
    numbers = {index: found for index, said in counts.items() if (found := _numbers(said))}
    scales, unclear = _on_known_scales(labels, counts, stems, _structured(export, labels))
    open_labels = {index: names for index, names in labels.items() if index not in scales}
    scales = in_structured_arrays(export, open_labels) | on_asked_scales(open_labels, stems, asked) | scales
    unclear = {index: why for index, why in unclear.items() if index not in scales}
    unclear = {index: why for index, why in unclear.items() if not _speaks_of_no_rating(export, index)}
    rated, may_rate = _numbers_that_rate(export, numbers, stems)
    scales |= rated
    unclear |= may_rate
    for index in scales.keys() - headers.keys():
        del scales[index]
        unclear[index] = marked("no header of their own")
    texts, columns = export.texts, export.table.columns
    unclear = {index: why for index, why in sorted(unclear.items()) if not contents(texts[index], columns[index])}
    sketches = {index: _sketch(export, index, counts[index], numbers) for index in unclear if index in headers}
    sketched = {index: scale for index, scale in sketches.items() if scale is not None}
    return Ratings(dict(sorted(scales.items())), stems, unclear, sketched)


def _structured(export: Export, labels: Mapping[int, Collection[str]]) -> dict[int, KnownScale]:
    """Column → the known scale, where a structure file beside the export names all its points."""
    found = {}
    for index in export.scales.keys() & labels.keys():
        names = {fold(text) for text in structured_labels(export, index)}
        known = [scale for scale in known_scales(names) if scale.points == len(names) and scale.explains(names)]
        if len(known) == 1 and names.issuperset(labels[index]):
            found[index] = known[0]
    return found


def _sketch(
    export: Export, index: int, said: Mapping[str, int], numbers: Mapping[int, Collection[int]]
) -> ResponseScale | None:
    if index in numbers:
        return numeric_scale(min(*numbers[index], 1), max(numbers[index]))
    return sketched_scale(export, index, {text: said[text] for text in _answers(said)})


def _short_columns(export: Export, taken: Collection[int]) -> list[int]:
    """The columns that may hold answers and have few different texts."""
    columns = export.table.columns
    return [index for index in free_columns(export, taken) if 0 < len(columns[index].dictionary) <= _MOST_TEXTS]


def _counts(export: Export, index: int) -> Counter[str]:
    """How many cells hold each text."""
    counts: Counter[str] = Counter()
    for text, count in zip(answer_texts(export, index), counts_of_texts(export.table.columns[index]), strict=True):
        counts[text] += count
    return counts


def common_stems(headers: Mapping[int, str]) -> dict[int, str]:
    """Column → what its header shares with at least two others: a grid's question, a code, a leading word; else ""."""
    options = {index: [match["stem"].strip() for match in _stem_matches(header)] for index, header in headers.items()}
    counts = Counter(stem for stems in options.values() for stem in dict.fromkeys(stems))
    return {index: next((stem for stem in stems if counts[stem] >= TOGETHER), "") for index, stems in options.items()}


def grid_row(header: str, stem: str) -> str:
    """What a header of a grid says of its own beside the stem; the header itself where that is a code."""
    matches = (match for match in _stem_matches(header) if match["stem"].strip() == stem)
    rows = [match["row"].strip() for match in matches if "row" in match.groupdict()]
    return rows[0] if rows and rows[0] else header.strip()


def _stem_matches(header: str) -> list[re.Match[str]]:
    found = (re.fullmatch(pattern, header.strip(), re.DOTALL) for pattern in _STEMS)
    return [match for match in found if match and match["stem"].casefold() not in _NO_STEM]


def _answers(said: Mapping[str, int]) -> list[str]:
    return [text for text in said if no_answer(text) is None]


def _labels(said: Mapping[str, int]) -> Counter[str]:
    """Folded label → how often it was given; empty where the column does not hold a few labels."""
    names: Counter[str] = Counter()
    for text in _answers(said):
        folded, pair = fold(text), split_number(text)
        names[pair.label if pair and folded not in label_languages() else folded] += said[text]
    few = len(names) <= _MOST_POINTS and all(
        (len(name) <= _LONGEST_LABEL or name in label_languages()) and ";" not in name and re.search(r"[^\W\d_]", name)
        for name in names
    )
    return names if few else Counter()


def _numbers_beside(said: Mapping[str, int]) -> dict[str, int]:
    """Folded label → the number beside it; empty where some label has none, or two."""
    pairs = [split_number(text) for text in _answers(said)]
    numbers = {pair.label: pair.number for pair in pairs if pair}
    return numbers if all(pair and numbers[pair.label] == pair.number for pair in pairs) else {}


def _on_known_scales(
    labels: Mapping[int, Mapping[str, int]],
    counts: Mapping[int, Mapping[str, int]],
    stems: Mapping[int, str],
    structured: Mapping[int, KnownScale],
) -> tuple[dict[int, ResponseScale], dict[int, str]]:
    """Column → scale, where the labels settle it; column → why not, where they may be in some order."""
    chosen = settle(labels, stems, {index: _numbers_beside(counts[index]) for index in labels}) | dict(structured)
    scales: dict[int, ResponseScale] = {}
    for known in {known.id: known for known in chosen.values()}.values():
        columns = [index for index in chosen if chosen[index].id == known.id]
        scale = labelled_scale(known, [text for index in columns for text in _answers(counts[index])])
        scales |= dict.fromkeys(columns, scale)
    unclear = {
        index: marked("answers whose order is not known")
        for index, names in labels.items()
        if index not in chosen and len(names) >= 3 and not names.keys() & {"yes", "no", "ja", "nein"}
    }
    return scales, unclear


def labelled_scale(known: KnownScale, texts: Collection[str] = ()) -> ResponseScale:
    """A known scale as a response scale 1..n, with the labels of the texts, in their language; else the commonest."""
    seen = {fold(text): " ".join(text.split()) for text in texts if not re.search(r"[<>&]", text)}
    said = {pair.label if (pair := split_number(text)) else fold(text) for text in texts}
    said &= {label for place in known.places.values() for label in place}
    spoken = [lang for lang, place in known.places.items() if said and said <= place.keys()]
    labels = {
        lang: tuple(
            next((seen[way] for way in map(fold, ways) if way in seen), ways[0].capitalize())
            for ways in known.labels[lang]
        )
        for lang in spoken or known.labels
    }
    return _banded(known.id, range(1, known.points + 1), labels)


def numeric_scale(low: int, high: int) -> ResponseScale:
    """A scale of bare numbers from `low` to `high`."""
    return _banded(f"numbers-{low}-{high}", range(low, high + 1), {})


def _banded(id_: str, values: Sequence[int], labels: Mapping[str, tuple[str, ...]]) -> ResponseScale:
    """A scale whose bands are above and below the middle."""
    middle = (values[0] + values[-1]) / 2
    return ResponseScale(
        id=id_,
        values=tuple(values),
        labels=labels,
        favourable=frozenset(value for value in values if value > middle),
        unfavourable=frozenset(value for value in values if value < middle),
    )


def _numbers(said: Mapping[str, int]) -> frozenset[int]:
    """The numbers of a column that holds nothing else but, beside some of them, always the same label; else none."""
    labels: dict[int, str] = {}
    found: set[int] = set()
    for text in _answers(said):
        number, pair = whole_number(text), split_number(text)
        if number is None and pair and pair.marked and labels.setdefault(pair.number, pair.label) == pair.label:
            number = pair.number
        if number is None:
            return frozenset()
        found.add(number)
    return frozenset(found) if labels.keys() != found else frozenset()


def _numbers_that_rate(
    export: Export, numbers: Mapping[int, Collection[int]], stems: Mapping[int, str]
) -> tuple[dict[int, ResponseScale], dict[int, str]]:
    """Column → scale, for the numbers that are ratings; column → why not, for those that may be."""
    small = {index: found for index, found in numbers.items() if min(found) >= 0 and max(found) < _MOST_POINTS}
    rating_headers = [index for index in small if not _speaks_of_no_rating(export, index)]
    unclear = {
        index: marked("small numbers that need not be ratings") for index, found in small.items() if max(found) >= 3
    }
    scales: dict[int, ResponseScale] = {}
    for columns in _companies(export, rating_headers, numbers, stems):
        found = {number for index in columns for number in numbers[index]}
        if len(found) < 3 or max(found) < 3:
            continue
        if _is_ranking(export, columns):
            unclear |= dict.fromkeys(columns, marked("places in a ranking"))
        elif len(columns) >= TOGETHER or _RATED.search(" ".join(header_words(export.texts[columns[0]]))):
            scales = dict.fromkeys(columns, numeric_scale(min(*found, 1), max(found))) | scales
    return scales, {index: why for index, why in unclear.items() if index not in scales}


def _companies(
    export: Export, candidates: Sequence[int], numbers: Mapping[int, Collection[int]], stems: Mapping[int, str]
) -> Iterator[list[int]]:
    """The columns that share a scale: those of one stem; else neighbours whose scales are alike; else each alone."""
    by_stem: dict[str, list[int]] = {}
    for index in candidates:
        by_stem.setdefault(stems[index], []).append(index)
    of_stems = [columns for stem, columns in by_stem.items() if stem and len(columns) >= TOGETHER]
    yield from of_stems
    settled = {index for columns in of_stems for index in columns}
    for neighbours in _neighbours([index for index in candidates if len(set(numbers[index])) >= 3]):
        for alike in _alike(export, neighbours, numbers):
            if len(alike) >= TOGETHER and not export.coded and not settled.issuperset(alike):
                yield [*(index for index in alike if index not in settled), *settled.intersection(alike)]
            else:
                yield from ([index] for index in alike if index not in settled)


def _neighbours(columns: Sequence[int]) -> list[list[int]]:
    """Runs of columns with at most one other between two of them: perhaps a comment."""
    runs: list[list[int]] = []
    for index in columns:
        if runs and index - runs[-1][-1] <= 2:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _alike(export: Export, columns: Sequence[int], numbers: Mapping[int, Collection[int]]) -> Iterator[list[int]]:
    """The columns parted by the kind of their header, by the length of their scale and by a zero that few have."""
    kinds: dict[tuple[bool, bool], list[int]] = {}
    for index in columns:
        header = export.texts[index]
        named = len(header_words(header)) < 3 and not re.search(r"\d", header)  # as facts about a person are: "tenure"
        kinds.setdefault((named, max(numbers[index]) > 7), []).append(index)
    for alike in kinds.values():
        with_zero = [index for index in alike if 0 in numbers[index]]
        if 2 * len(with_zero) >= len(alike):
            yield alike
        else:
            yield from ([index for index in alike if index not in with_zero], with_zero)


def _is_ranking(export: Export, columns: Sequence[int]) -> bool:
    """Whether nearly every row holds each of 1, 2, 3, … once among these columns."""
    if len(columns) < TOGETHER:
        return False
    values = np.stack([_first_values(export, index) for index in columns], axis=1)
    values.sort(axis=1)
    answered = np.count_nonzero(values, axis=1)
    expected = np.maximum(np.arange(1, len(columns) + 1) - (len(columns) - answered)[:, None], 0)
    rows = answered >= 2
    return bool(rows.any() and (values == expected)[rows].all(axis=1).mean() >= 0.95)


def _first_values(export: Export, index: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The numbers of the first rows, 0 where there is none."""
    column = export.table.columns[index]
    numbers = [0 if no_answer(text) is not None else _number(text) for text in answer_texts(export, index)]
    return np.array([*numbers, 0], np.int64)[text_codes(column)[:_ROWS_TO_SEE]]


def _number(text: str) -> int:
    pair = split_number(text)
    return whole_number(text) or (pair.number if pair else 0)


def _speaks_of_no_rating(export: Export, index: int) -> bool:
    """Whether the header is that of a count, an amount, a date or a fact about the person."""
    header = export.texts[index]
    pattern = _NO_RATING if len(header.split()) < _SENTENCE else _NO_RATING_QUESTION
    return bool(pattern.search(" ".join(header_words(header))))
