"""The sentences of a comparison, as its figures make them: a sentence with another number is none of them."""

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor

from ...languages import gettext as _, marked, ngettext, percent
from ...surveys.phrases import enumerated
from ..figures import ORGANISATION, Questions, Unit, before_colon, plain
from ..language import pattern, patterns
from ..prose import CONSTANTS, Vocabulary, numbers_in
from .figures import VERDICTS, Compared, Line, Move, written

_MOST_NAMED = 12
_LEAST_SPAN = 40
_EXAMPLE, _RATE, _HALF = 7, 5, 50  # answers of the example, false alarms in a hundred, half the scale
_OF_A_TEAM = marked(
    "In a team of middling size ({then} answers then, {now} now) less than {points} points can be invisible:"
    " “no visible change” does not mean that nothing has changed."
)


def difference_in_words(value: float) -> str:
    """A difference in points.

    >>> difference_in_words(8), difference_in_words(-1), difference_in_words(0.4)
    ('8 points more', '1 point less', '0.4 points more')
    """
    if value == 0:
        return _("no difference")
    number, points = abs(value), written(abs(value), "signed").lstrip("+")
    plural = int(number) if number == int(number) else 2
    if value > 0:
        return ngettext("{points} point more", "{points} points more", plural).format(points=points)
    return ngettext("{points} point less", "{points} points less", plural).format(points=points)


def name_of(unit: Unit) -> str:
    """What a comparison calls a unit."""
    return unit.path[-1] if unit.path else _("The organisation")


def hover_of_move(move: Move, label: str) -> str:
    """The change in words, as a chart says it."""
    said = _move_in_words(move)
    return _("{unit}, {measure}: {said}").format(unit=name_of(move.unit), measure=before_colon(label), said=said)


def _move_in_words(move: Move) -> str:
    verdict = _(move.verdict)
    if move.difference is None or move.before is None or move.after is None:
        return _("{verdict}, one of the waves does not print it").format(verdict=verdict)
    moved = _("from {before} to {after}, {difference}").format(
        before=written(move.before, "index"),
        after=written(move.after, "index"),
        difference=difference_in_words(move.difference),
    )
    if move.low is None or move.high is None:
        return _("{moved}: {verdict}, it is not known how answers spread").format(moved=moved, verdict=verdict)
    said = _("{moved}, between {low} and {high}: {verdict}").format(
        moved=moved, low=written(move.low, "signed"), high=written(move.high, "signed"), verdict=verdict
    )
    if not VERDICTS[move.verdict] and move.smallest is not None:
        return _("{said}; {invisible}").format(said=said, invisible=_invisible(move))
    return said


def _invisible(move: Move) -> str:
    then, now, points = _reach(move)
    if then == now:
        return _("with {n} answers, less than {points} points can be invisible").format(n=now, points=points)
    return _("with {then} answers then and {now} now, less than {points} points can be invisible").format(
        then=then, now=now, points=points
    )


def _reach(move: Move) -> tuple[str, str, str]:
    then, now = (written(value or 0, "count") for value in (move.n_before, move.n_after))
    return then, now, written(move.smallest or 0, "index")


def verdict_beside(move: Move) -> str:
    """What stands beside a row of a chart."""
    if move.difference is None:
        return _(move.verdict)
    return _("{difference}, {verdict}").format(difference=written(move.difference, "signed"), verdict=_(move.verdict))


def hover_of_level(line: Line, place: int, wave: str, label: str) -> str:
    """The value of one wave, as a chart says it."""
    index, low, high = line.levels[place]
    if low is None or high is None:
        said = _("{wave}: {index} of 100").format(wave=wave, index=written(index or 0, "index"))
    else:
        said = _("{wave}: {index} of 100, between {low} and {high}").format(
            wave=wave, index=written(index or 0, "index"), low=written(low, "index"), high=written(high, "index")
        )
    return _("{name}, {said}").format(name=label, said=said)


def line_in_words(line: Line, label: str, waves: Sequence[str]) -> str:
    """The level and the slope of the organisation in one dimension."""
    shown = [(wave, level[0]) for wave, level in zip(waves, line.levels, strict=True) if level[0] is not None]
    stands = label
    if shown:
        stands = _("{measure} stood at {index} in {wave}").format(
            measure=label, index=written(shown[-1][1] or 0, "index"), wave=shown[-1][0]
        )
    verdict = _(line.verdict)
    if line.slope is None or line.low is None or line.high is None:
        return _("{stands}: {verdict}.").format(stands=stands, verdict=verdict)
    if line.slope == 0:
        said = _("{stands}: {verdict}; about level, between {low} and {high} points per wave.")
    else:
        said = _("{stands}: {verdict}; about {points} per wave, between {low} and {high}.")
    return said.format(
        stands=stands,
        verdict=verdict,
        points=difference_in_words(line.slope),
        low=written(line.low, "signed"),
        high=written(line.high, "signed"),
    )


def span_of(lines: Sequence[Line]) -> tuple[int, int]:
    """The part of the scale that the lines of the organisation are drawn on: whole tens around all, at least 40."""
    ends = [value for line in lines for level in line.levels for value in level if value is not None]
    low, high = 10 * floor(min(ends, default=0) / 10), 10 * ceil(max(ends, default=100) / 10)
    while high - low < _LEAST_SPAN:
        low, high = max(low - 10, 0), min(high + 10, 100)
    return low, high


# What the texts may hold


def vocabulary_of(said: Compared, questions: Questions, names: Sequence[str], numbers: Sequence[str]) -> Vocabulary:
    """What the texts of one file may speak of. names: texts that may hold digits; numbers: of the rules and scales."""
    sentences = tuple(dict.fromkeys(_sentences(said, questions)))
    everywhere = CONSTANTS | set(numbers) | numbers_in([wave.name for wave in said.waves])
    everywhere |= numbers_in(name for unit in said.units for name in unit.path)
    counts = _counts(said, questions)
    waves = frozenset({written(len(said.waves), "count"), *_span_texts(said)})
    return Vocabulary(
        names=(*sentences, *names),
        withheld=(),
        parts={
            "": frozenset(everywhere),
            **dict.fromkeys(("summary", "dimensions", "units", "items"), counts),
            "trend": waves,
            "pairs": frozenset(_of_pairs(said)),
            "headings": frozenset(str(number) for number in range(1, 13)),
            "method": frozenset({str(_EXAMPLE), percent(_RATE), str(_HALF), *_example(said)}),
            "colspan": frozenset({"6", "7"}),
        },
    )


def _sentences(said: Compared, questions: Questions) -> Iterator[str]:
    """Every sentence that its figures make, without the full stop."""
    labels = [plain(measure.label) for measure in questions.measures]
    now, then = _people(said)
    if now and then:
        for message in (
            _(
                "“{after}” is set against “{before}”: {now} answered now, and {then} then. Who is in both cannot be"
                " known, and need not be."
            ),
            _(
                "“{after}” is set against “{before}”: {now} answered now, and {then} then. Those who gave the same code"
                " in both are looked at on their own as well."
            ),
        ):
            yield message.format(after=said.after, before=said.before, now=now, then=then)
    for move in said.moves:
        if move.unit == ORGANISATION and None not in {move.before, move.after, move.difference, move.low, move.high}:
            yield _moved(move, labels[move.measure])
    yield from reaches(said, questions)
    waves = [wave.name for wave in said.waves]
    for line in said.lines:
        if line.unit == ORGANISATION and len(line.levels) == len(waves):
            yield line_in_words(line, labels[line.measure], waves)


def reaches(said: Compared, questions: Questions) -> Iterator[str]:
    """The smallest visible change of a typical team; of the organisation where there is none."""
    above = {unit.path[:-1] for unit in said.units}
    place = {unit: at for at, unit in enumerate(said.units)}
    moves = [one for one in said.moves if not questions.measures[one.measure].is_item and one.smallest is not None]
    teams = sorted(
        dict.fromkeys(one._replace(place="") for one in moves if one.unit.path and one.unit.path not in above),
        key=lambda one: (one.smallest, place[one.unit], one.measure),
    )
    for move in teams[len(teams) // 2 : len(teams) // 2 + 1]:
        then, now, points = _reach(move)
        yield _(_OF_A_TEAM).format(then=then, now=now, points=points)
    of_all = [one.smallest for one in moves if one.unit == ORGANISATION and one.smallest is not None]
    if of_all:
        yield _("In the organisation as a whole, less than {points} points can be invisible.").format(
            points=written(max(of_all), "index")
        )


def unfounded_reaches(said: Compared) -> list[str]:
    """What a file says of a typical team, whichever that is: where no file prints the figures of any."""
    form = pattern(_OF_A_TEAM, **dict.fromkeys(("then", "now", "points"), r"\d[\d.,\s]*?"))
    return [found[0] for text in said.printed.said if (found := re.search(form, text)) is not None]


def at_a_glance(said: Compared, questions: Questions) -> str:
    """The sentence on the organisation as a whole: what changed, visibly or not; "" without dimensions."""
    by_verdict: dict[str, list[str]] = {}
    moves = {one.measure: one for one in said.moves if one.unit == ORGANISATION}  # it may stand in two tables
    for move in [moves[place] for place in questions.dimensions if place in moves]:
        label = questions.measures[move.measure].label
        by_verdict.setdefault(move.verdict, []).append(_moved(move, label) if VERDICTS[move.verdict] else label)
    order = ("better", "higher", "worse", "lower", "no visible change", "cannot tell")
    found = [(_(name), by_verdict[name]) for name in order if name in by_verdict]
    lines = [
        _("{verdict}: {found}.").format(verdict=name[:1].upper() + name[1:], found=enumerated(parts))
        for name, parts in found
    ]
    return plain(_("The organisation as a whole. {found}").format(found=" ".join(lines))) if lines else ""


def _moved(move: Move, label: str) -> str:
    return _("{measure} from {before} to {after} ({difference}, between {low} and {high})").format(
        measure=label,
        before=written(move.before or 0, "index"),
        after=written(move.after or 0, "index"),
        difference=difference_in_words(move.difference or 0),
        low=written(move.low or 0, "signed"),
        high=written(move.high or 0, "signed"),
    )


def _people(said: Compared) -> tuple[str, str]:
    """How many answered now, and then, in words."""
    known = {wave.name: wave.n for wave in said.waves}
    found = [int(known.get(name) or 0) for name in (said.after, said.before)]
    now, then = (
        ngettext("{number} person", "{number} people", n).format(number=written(n, "count")) if n else "" for n in found
    )
    return now, then


def _counts(said: Compared, questions: Questions) -> frozenset[str]:
    """How many units and statements there are, and how many are said to have changed, or not; units in dimensions."""
    by_unit: dict[Unit, set[int | None]] = {unit: set() for unit in said.units if unit != ORGANISATION}
    by_measure: dict[int, set[Unit]] = {}
    items: dict[int, int] = {}
    for gap in said.gaps:
        if gap.unit == ORGANISATION or questions.measures[gap.measure].is_item:
            continue
        by_unit.setdefault(gap.unit, set()).add(gap.sign)
        if gap.sign:
            by_measure.setdefault(gap.measure, set()).add(gap.unit)
    for move in said.moves:
        if move.unit == ORGANISATION and questions.measures[move.measure].is_item:
            items[move.measure] = VERDICTS[move.verdict]
    found = list(by_unit.values())
    apart = sum(bool({1, -1} & one) for one in found)
    numbers = [
        len(found),
        *(sum(sign in one for one in found) for sign in (1, -1)),
        sum(not {1, -1} & one and 0 in one for one in found),
        sum(one <= {None} for one in found),
        apart - _MOST_NAMED,
        *(len(units) - _MOST_NAMED for units in by_measure.values()),
        len(items),
        sum(map(bool, items.values())),
    ]
    return frozenset(written(number, "count") for number in numbers if number >= 0)


def _span_texts(said: Compared) -> Iterator[str]:
    of_all = [line for line in said.lines if line.unit == ORGANISATION and line.levels]
    return (str(end) for end in span_of(of_all))


def _example(said: Compared) -> Iterator[str]:
    """The points in the sentence on a small team: a figure of the whole organisation, which no table prints."""
    form = pattern(
        "With {answers} answers in each wave, for example, less than {points} points can be invisible even if nothing"
        " but this team is looked at; in a report on many teams the bar is higher.",
        answers=str(_EXAMPLE),
        points=r"\d{1,2}|100",
    )
    found = {one["points"] for text in said.printed.said if (one := re.search(form, text)) is not None}
    if len(found) == 1:
        yield from found


_PAIR_NOTES = (
    (
        "{number} person gave the same code in both waves.",
        "{number} people gave the same code in both waves.",
        {"number": "pairs"},
    ),
    (
        "Found in one wave only: {before} people of “{then}” and {after} of “{now}”.",
        "Found in one wave only: {before} people of “{then}” and {after} of “{now}”.",
        {"before": "alone before", "after": "alone after"},
    ),
    (
        "Among them without a code, in both waves together: {uncoded}; with a code that stands twice: {repeated}.",
        "Among them without a code, in both waves together: {uncoded}; with a code that stands twice: {repeated}.",
        {"uncoded": "uncoded", "repeated": "repeated"},
    ),
)


def people_in_pairs(said: Compared) -> dict[str, float]:
    """What the sentences on the people in both waves say of their number: pairs, alone before and after, and so on.

    -1 where they say that it is below the smallest group.
    """
    numbers = dict.fromkeys(("number", "before", "after", "uncoded", "repeated"), r"\d[\d.,\s]*?")
    fewer = pattern("fewer than {number}", number=r"\d+").replace("?P<number>", "?:")
    numbers |= {name: rf"{numbers[name]}|{fewer}" for name in ("uncoded", "repeated")}
    texts = {"then": re.escape(said.before), "now": re.escape(said.after)}
    found: dict[str, float] = {}
    for one, many, fields in _PAIR_NOTES:
        forms = [pattern(one, **numbers, **texts)] if one == many else patterns(one, many, **numbers, **texts)
        for form in forms:
            for match in (re.search(form, text) for text in said.printed.said):
                if match is not None:
                    found |= {name: _whole(match[field]) for field, name in fields.items()}
    return found


def _whole(text: str) -> float:
    return float(re.sub(r"\D", "", text)) if text[:1].isdigit() else -1.0


def _of_pairs(said: Compared) -> Iterator[str]:
    """The numbers of the sentences on who is in both waves, which are held against the waves elsewhere."""
    yield from (written(value, "count") for value in people_in_pairs(said).values() if value >= 0)
