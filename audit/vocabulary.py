"""What the texts of a report may speak of: names of the survey and the questionnaire, and numbers by part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan

from .. import languages
from ..surveys.instrument import Instrument, in_language
from ..surveys.phrases import short
from ..surveys.responses import Responses
from .columns import Cell
from .figures import PEOPLE, Printed, Questions, Unit
from .prose import CONSTANTS, Vocabulary, as_written, numbers_in, withheld_units
from .truth import Table

_MOST_LISTED = 8  # columns or statements that a note names before it says how many more there are
_MOST_NAMED = 12  # units that a caption names before it says how many more there are
_MANY_UNITS = 2_500  # from which a page may leave the teams out, as it then has up to twice as many rows
_HOLDS = 0.7  # alpha from which the statements of a dimension are read as one value


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a page may say of teams that it leaves out, as it does in a very large organisation.

    numbers: how many there are, are shown, are withheld, or stand apart. names: what they are called.
    is_held: whether another file lists them, so that the numbers are known to be true.
    """

    numbers: frozenset[str]
    names: tuple[str, ...]
    is_held: bool


def elsewhere(
    printed: Printed, others: Sequence[Printed], homes: Sequence[Sequence[str]], table: Table, questions: Questions
) -> Elsewhere | None:
    """What a page may say of teams that it does not list; None where it lists some, or they are not too many for it.

    others: all files. homes: the names of units that people named, outermost first, for every team.
    """
    innermost = len(homes[0]) if homes else 0
    if printed.page is not None or not printed.file.endswith(".html") or not has_many_units(homes):
        return None
    if any(len(unit.path) == innermost and not unit.cut for unit in printed.units):
        return None
    whole = [one for one in others if any(len(unit.path) == innermost and not unit.cut for unit in one.units)]
    if whole:
        return Elsewhere(frozenset().union(*(_counts(one, table, questions) for one in whole)), (), is_held=True)
    numbers = frozenset(form for size in range(len(_units(homes)) + 1) for form in _forms(size))
    return Elsewhere(numbers, tuple({name for home in homes for name in home if name}), is_held=False)


def has_many_units(homes: Sequence[Sequence[str]]) -> bool:
    """Whether there are so many units that a page may leave the teams out."""
    return len(_units(homes)) >= _MANY_UNITS


def _units(homes: Sequence[Sequence[str]]) -> set[tuple[str, ...]]:
    return {tuple(home[: depth + 1]) for home in homes for depth in range(len(home))}


def vocabulary(
    printed: Printed,
    responses: Responses,
    questions: Questions,
    table: Table,
    rules: Sequence[float],
    headcounts: Sequence[int] = (),
    cut_rules: Sequence[float] = (),
    elsewhere: Elsewhere | None = None,
) -> Vocabulary:
    """What the texts of one file may speak of.

    rules: the numbers of the rules in force, such as the smallest group. headcounts: numbers of people asked.
    cut_rules: from how many people on groups across the organisation are shown.
    elsewhere: what it may say of teams that it leaves to other files.
    """
    numbers = CONSTANTS | {_written(value) for value in rules}
    waves = map(str, responses.groups["wave"].cat.categories)
    numbers |= numbers_in([*waves, *(name for unit in table.units for name in (*unit.path[-1:], *unit.cut))])
    first = printed.cells.of_unit(0)
    organisation = as_written(first)
    counts = _counts(printed, table, questions) | (elsewhere.numbers if elsewhere else frozenset())
    own = organisation | counts | {form for size in headcounts for form in _forms(size)}
    own |= _asked(first) | _forms(int(table.people[0]))
    labels = frozenset(_scales(responses.instrument))
    places = frozenset({str(number) for number in range(1, 1 + max(len(questions.measures), 12))})
    return Vocabulary(
        names=(
            *_names(responses, questions, table.units, printed.claims),
            *_bounds_in_words(printed, questions),
            *(elsewhere.names if elsewhere else ()),
        ),
        withheld=tuple(
            name for name in withheld_units(table.units, table.rows.tolist()) if name not in _labels(questions)
        ),
        parts={
            "": numbers,
            **dict.fromkeys(("head", "dimensions", "units", "foot"), frozenset(own)),
            "summary": frozenset(own | {"50"}),  # the middle of the index, in the legend of its colours
            "cuts": frozenset(own | {_written(value) for value in cut_rules}),
            "evidence": frozenset(_of_evidence(printed)),
            "items": frozenset(own | _scales(responses.instrument)),
            "together": frozenset(numbers_in(_merged(responses))),
            "labels": labels,
            "headings": labels | places,
            "colspan": frozenset({str(len(measure.points)) for measure in questions.measures}),
            "data": frozenset(_of_the_file(responses, first, int(rules[0])) | own | _scales(responses.instrument)),
            "method": frozenset(
                _scales(responses.instrument) | {_written(responses.instrument.min_answered, share=True)}
            ),
        },
    )


def _of_evidence(printed: Printed) -> set[str]:
    """What may be said of averages in sentences: how many were asked and answered, and how much is explained."""
    found = {"1", "2", languages.decimal(_HOLDS, 2)}  # ICC(1), ICC(2), and alpha from which a dimension is one value
    for one in _of_the_organisation(printed, "explained"):
        found |= {languages.percent(round(100 * one)), f"<{languages.percent(1)}", f">{languages.percent(99)}"}
    people = [cell.value for cell in printed.cells.of_unit(0) if (cell.measure, cell.kind) == (PEOPLE, "n")]
    for asked in _of_the_organisation(printed, "headcount"):
        found |= {languages.grouped(int(number)) for n in people for number in (n, asked, asked - n)}
    return found


def _of_the_organisation(printed: Printed, kind: str, measure: str = "") -> list[float]:
    """What a file says of one kind of the organisation; measure: "" for any."""
    return [
        float(one.value)
        for one in (*printed.evidence, *printed.averages.of_unit(0))
        if one.kind == kind and not one.unit and measure in {"", one.measure} and not isnan(float(one.value))
    ]


def _bounds_in_words(printed: Printed, questions: Questions) -> Iterator[str]:
    """How a sentence says between which values the index of a dimension lies; nothing else may stand there."""
    for place in questions.dimensions:
        measure = questions.measures[place]
        ends = (_of_the_organisation(printed, kind, measure.id) for kind in ("if low", "if high"))
        for low, high in zip(*ends, strict=False):
            yield languages.gettext("{dimension} between {low} and {high}").format(
                dimension=measure.label, low=languages.decimal(low, 0), high=languages.decimal(high, 0)
            )


def _merged(responses: Responses) -> tuple[str, ...]:
    """The names of teams that are reported together with others."""
    return tuple(part for one in responses.source.merged for part in one.parts)


def _labels(questions: Questions) -> frozenset[str]:
    return frozenset(measure.label for measure in questions.measures)


def _written(value: float, *, share: bool = False) -> str:
    return languages.percent(round(100 * value)) if share or 0 < value < 1 else f"{value:g}"


def _forms(number: int) -> set[str]:
    """A whole number as pages and as workbooks write it."""
    return {languages.grouped(number), str(number)}


def _counts(printed: Printed, table: Table, questions: Questions) -> set[str]:
    """How many units and questions there are, are shown, are withheld, or stand apart."""
    rows = [unit for unit in printed.units if not unit.cut]
    units = [unit for unit in rows if unit.path and not unit.rest]
    deepest = _deepest(table.units)
    teams = sum(unit.level == deepest for unit in units)
    known = dict(zip(table.units, table.rows.tolist(), strict=True))
    shown = sum(known.get(unit, False) for unit in units)
    apart = len(printed.differing)
    sizes = {len(units), teams, len(units) - teams, shown, len(units) - shown, apart, apart - _MOST_NAMED}
    sizes |= {len(rows), len(questions.items), len(questions.dimensions)}
    return {form for size in sizes if size >= 0 for form in _forms(size)}


def _deepest(units: Sequence[Unit]) -> str:
    """The heading of the teams’ column: the level of the unit with the longest path."""
    return max((unit for unit in units if not unit.rest), key=lambda unit: len(unit.path)).level


def _asked(cells: Sequence[Cell]) -> set[str]:
    """The numbers of people asked that the printed response rate of the organisation leaves open."""
    n = next((cell.value for cell in cells if (cell.unit, cell.measure, cell.kind) == (0, PEOPLE, "n")), None)
    rate = next((cell.value for cell in cells if (cell.unit, cell.kind) == (0, "response_rate")), None)
    if n is None or not rate:
        return set()
    lowest, highest = int(n / (rate + 0.005)), int(n / max(rate - 0.005, 0.001)) + 1
    return {languages.grouped(size) for size in range(max(lowest, int(n)), highest + 1)}


def _scales(instrument: Instrument) -> set[str]:
    """The points of the scales, as numbers."""
    return {str(value) for item in instrument.items for value in item.scale.values}


def _of_the_file(responses: Responses, cells: Sequence[Cell], smallest: int) -> set[str]:
    """What may be said of the file: rows, columns, blanks; numbers of people only from the smallest group on."""
    quality, source = responses.quality, responses.source
    doubtful = [*quality.flagged.values(), *quality.removed.values(), quality.unplaced, quality.one_end or 0]
    roles = [column.role for column in source.columns]
    counts = [number for number in doubtful if number == 0 or number >= smallest]
    listed = [len(quality.often_blank), *(roles.count(role) for role in set(roles))]
    counts += [source.rows, quality.left_out, *listed, *(number - _MOST_LISTED for number in listed)]
    counts += [len(responses.instrument.items_of(one.id)) for one in responses.instrument.dimensions]
    shares = (quality.blanks / quality.cells, quality.not_applicable / quality.cells)
    written = {form for number in counts for form in _forms(number)}
    written |= {form for share in shares for form in (languages.percent(round(100 * share)), f"{round(share, 2):.15g}")}
    about = {languages.percent(20), f"<{languages.percent(1)}", f">{languages.percent(99)}"}
    return written | about | _without(cells, [max(one, smallest - 1) for one in doubtful])


def _without(cells: Sequence[Cell], flagged: Sequence[int]) -> set[str]:
    """The bounds between which a printed index must lie without some people, as the printed figures alone give them.

    From an index and a number of answers as printed: those left out all ticked one end of the scale, or the other.
    """
    index = {cell.measure: cell.value for cell in cells if cell.unit == 0 and cell.kind == "index"}
    answers = {cell.measure: cell.value for cell in cells if cell.unit == 0 and cell.kind == "n"}
    found = set()
    for n in {answers[measure] for measure in index if measure in answers}:
        for people in {one for one in flagged if one < n}:
            for value in set(index.values()):
                low = ((value - 0.5) * n - 100 * people) / (n - people)
                high = (value + 0.5) * n / (n - people)
                found |= {str(floor(max(low, 0))), str(ceil(min(high, 100)))}
    return found


def _names(
    responses: Responses, questions: Questions, units: Sequence[Unit], claims: Mapping[str, str]
) -> Iterator[str]:
    """Texts that may hold digits and are known from the survey or the questionnaire."""
    instrument, source = responses.instrument, responses.source
    yield from (unit.path[-1] for unit in units if unit.path and not unit.path[-1].isdecimal())
    yield from (name for unit in units for name in unit.cut)
    for measure in questions.measures:
        yield from (measure.label, measure.id, *measure.points)
    for texts in (instrument.titles, instrument.evidence, instrument.notes):
        yield from texts.values()
    for dimension in instrument.dimensions:
        yield from (*dimension.abouts.values(), *dimension.names.values())
    title = in_language(instrument.titles, languages.language())
    said = languages.gettext("{questionnaire}, version {version}.")
    yield said.format(questionnaire=title, version=instrument.version).rstrip(".")
    yield from (instrument.citation, instrument.licence, f"version {instrument.version}", instrument.id)
    yield from (source.name, source.platform, source.evidence, source.dialect, *source.doubts, *source.warnings)
    yield source.name.rpartition(".")[0]
    for column in source.columns:
        evidence = column.evidence
        yield from (short(column.name, 60), column.name, evidence, evidence[:1].upper() + evidence[1:])
    yield from (str(name) for name in responses.groups["wave"].cat.categories)
    yield from responses.cuts
    yield from _merged(responses)
    yield from (claims.get("h1", ""), claims.get("title", "") if "h1" not in claims else "", claims.get("date", ""))
    yield claims.get("last wave", "")
