"""Comparisons of waves: every figure is one that its wave’s own report may print, or is made of two such figures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...surveys.responses import Responses
from ..asked import questions_of
from ..columns import Cell
from ..figures import (
    ORGANISATION,
    PEOPLE,
    Fault,
    Measure,
    Printed,
    Questions,
    Unit,
    disordered,
    loads,
    plain,
)
from ..folder import Written
from ..prose import unexplained
from ..rules import USUAL, Rules
from ..snapshots import read_snapshot
from .figures import VERDICTS, Compared, Gap, Line, Move
from .pages import read_compared_page
from .snapshots import read_compared_json
from .wording import at_a_glance, people_in_pairs, vocabulary_of
from .workbooks import read_compared_workbook

if TYPE_CHECKING:
    import pandas as pd

Json = Any

_READERS: Final = {
    ".html": read_compared_page,
    ".xlsx": read_compared_workbook,
    ".json": read_compared_json,
    ".pdf": lambda name, *_: Compared(Printed(name)),  # held against its page
}
_SLACK: Final = 1e-6
_UNEVEN: Final = 2  # points by which an interval may lie unevenly about its figure, as all three are rounded
_FARTHEST_T: Final = 4.3027  # of Student's t with two degrees of freedom


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of one wave. wave: what the comparison calls it; name: what the survey does.

    responses: of the survey, None where only a snapshot is given. snapshot: the JSON of its own report. renamed: old →
    new names of units. record: of what was published. rules: of the wave, None for those of the comparison. codes:
    (rows of the survey) that people made up, None where they are not given.
    """

    wave: str
    name: str = ""
    responses: Responses | None = None
    snapshot: bytes | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    record: Path | None = None
    rules: Rules | None = None
    codes: "pd.Series[str] | None" = None

    def questions(self, lang: str) -> Questions | None:
        """What was asked in this wave; None where nothing is known of it."""
        if self.responses is not None:
            return questions_of(self.responses.instrument, lang)
        with suppress(ValueError):
            return questions_in(self.snapshot) if self.snapshot else None
        return None


def read_comparisons(files: Sequence[Written], questions: Questions) -> list[Compared]:
    """All that the files of comparisons say."""
    found = []
    for file in files:
        try:
            found.append(_READERS[Path(file.name).suffix.casefold()](file.name, file.data, questions))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            problem = f"it is not built as comparisons are, and cannot be read ({type(error).__name__})"
            found.append(Compared(Printed(file.name, faults=[Fault(file.name, "the file", problem)])))
    return found


def questions_in(snapshot: bytes) -> Questions:
    """What was asked, as a snapshot has it, where there is no survey. Raises ValueError for something else."""
    document = loads(snapshot.decode("utf-8", "replace"))
    try:
        dimensions = [_measure(one, is_item=False) for one in document["dimensions"]]
        items = [_measure(one, is_item=True) for one in document["items"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return Questions((*dimensions, *items))


def _measure(one: Mapping[str, Json], *, is_item: bool) -> Measure:
    scale = one.get("scale") or (0, 0)
    return Measure(
        str(one["id"]),
        str(one.get("label", one["id"])),
        is_item=is_item,
        dimension=str(one.get("dimension", "")) if is_item else str(one["id"]),
        reverse=bool(one.get("reverse", False)),
        points=tuple(map(str, range(len(one.get("distribution") or ())))),
        scale=(int(scale[0]), int(scale[1])),
    )


# The figures of one wave


def of_wave_in(
    said: Compared, source: Source, known: Mapping[tuple[str, ...], Unit], places_of: Sequence[int | None]
) -> Printed:
    """What a comparison prints of one wave, as if a report did.

    known: the units of the wave, by their new names; places_of: where each measure stands in what the wave was asked.
    """
    printed = Printed(said.printed.file)
    places: dict[Unit, int] = {ORGANISATION: 0}
    for unit, measure, kind, value, where in _figures_of(said, source.wave):
        at = measure if measure == PEOPLE else places_of[measure]
        if at is None:
            printed.fault(where, f"“{source.wave}” was not asked this")
            continue
        mine = known.get(unit.path, unit)
        if mine not in places:
            places[mine] = len(printed.units)
            printed.units.append(mine)
        printed.cells.append(Cell(places[mine], at, kind, float(value), where))
    least = next((wave.min_group for wave in said.waves if wave.name == source.wave), None)
    printed.claims["min_group"] = f"{least:.0f}" if least is not None else ""
    return printed


def _figures_of(said: Compared, wave: str) -> Iterator[tuple[Unit, int, str, float, str]]:
    """Every figure of one wave that a comparison prints: unit, measure, kind, value, place."""
    side = {said.before: 0, said.after: 1}.get(wave)
    at = next((place for place, one in enumerate(said.waves) if one.name == wave), None)
    found: list[tuple[Unit, int, str, float | None, str]] = []
    if at is not None:
        found.append((ORGANISATION, PEOPLE, "n", said.waves[at].n, said.waves[at].place))
        found += [(one.unit, one.measure, "index", one.levels[at][0], one.place) for one in said.lines if one.levels]
    if side is not None:
        found += [(unit, PEOPLE, "n", people[side], f"row “{unit}”") for unit, *people in said.people]
        for one in said.moves:
            found.append((one.unit, one.measure, "index", (one.before, one.after)[side], one.place))
            found.append((one.unit, one.measure, "n", (one.n_before, one.n_after)[side], one.place))
    return ((*place, value, where) for *place, value, where in found if value is not None)  # type: ignore[misc]


def not_of_the_snapshot(printed: Printed, snapshot: Printed) -> Iterator[Fault]:
    """Figures of a wave that its own report withholds, or prints otherwise."""
    kept = {(snapshot.units[cell.unit], cell.measure, cell.kind): cell.value for cell in snapshot.cells}
    for cell in printed.cells:
        value = kept.get((printed.units[cell.unit], cell.measure, cell.kind))
        if value is None:
            yield Fault(printed.file, cell.place, f"{cell.value:g} is printed, which the report of that wave withholds")
        elif value != cell.value:
            yield Fault(
                printed.file, cell.place, f"{cell.value:g} is printed, but the report of that wave says {value:g}"
            )


def snapshot_of(source: Source, questions: Questions) -> Printed | None:
    """What the report of a wave printed, where it is given."""
    return read_snapshot(f"the report on {source.wave}", source.snapshot, questions) if source.snapshot else None


def by_new_names(units: Iterable[Unit], renamed: Mapping[str, str]) -> dict[tuple[str, ...], Unit]:
    """The units of a wave, by the names that they have in the last."""
    names = {plain(old): plain(new) for old, new in renamed.items()}
    found: dict[tuple[str, ...], Unit] = {}
    for unit in units:
        if not unit.rest and not unit.cut:
            found.setdefault(tuple(names.get(name, name) for name in unit.path), unit)
    return found


# What is made of them


def faults_of(said: Compared, questions: Questions, names: Sequence[str], numbers: Sequence[str]) -> Iterator[Fault]:
    """What in one file is at odds with itself. names: texts that may hold digits; numbers: of the rules and scales."""
    file = said.printed.file
    yield from said.printed.faults
    if file.endswith(".pdf"):
        return
    if not said.waves or len({wave.name for wave in said.waves}) < max(len(said.waves), 2):
        yield Fault(file, "the waves", "they are not all named, or two of them alike")
    for place, problem in _at_odds(said):
        yield Fault(file, place, problem)
    for before, unit in disordered(said.units, {}):
        problem = f"it stands behind “{before}”, against the alphabet: an order can tell figures"
        yield Fault(file, f"row “{unit}”", problem)
    glance = at_a_glance(said, questions)
    if glance and not file.endswith(".json") and glance not in said.printed.said:
        yield Fault(file, "the organisation at a glance", "the sentence on it says otherwise than its table")
    for place, href in said.printed.links:
        yield Fault(file, place, f"a link that leads out of the comparison: “{href[:60]}”")
    if said.printed.prose:
        yield from unexplained(said.printed, vocabulary_of(said, questions, [*names, *_names(said)], numbers))


def _names(said: Compared) -> Iterator[str]:
    for wave in said.waves:
        yield from (wave.name, wave.title)
    for unit in said.units:
        yield from (name for name in unit.path if not name.isdecimal())
    for line in said.beside:
        yield from (line.label, line.source)
    claims = said.printed.claims
    yield from (claims.get("h1", ""), claims.get("date", ""))


def _at_odds(said: Compared) -> Iterator[tuple[str, str]]:
    for move in said.moves:
        yield from _of_a_move(move)
    known = {(one.unit, one.measure): one for one in said.moves}
    for gap in said.gaps:
        yield from _about(gap.low, gap.difference, gap.high, gap.sign or 0, gap.place, most=100.0)
        table = known.get((gap.unit, gap.measure))
        if table and (table.difference, table.low, table.high) != (gap.difference, gap.low, gap.high):
            yield gap.place, "the change is another one than in the table of its dimension"
        elif table and (gap.sign or 0) != VERDICTS[table.verdict]:
            yield gap.place, f"it is coloured otherwise than “{table.verdict}” is"
    for line in said.lines:
        yield from _about(line.low, line.slope, line.high, VERDICTS.get(line.verdict, 0), line.place)
        yield from _of_a_line(line)
    for one in said.beside:
        yield from _about(one.low, one.difference, one.high, VERDICTS[one.verdict], one.place)
        true = None if one.index is None or one.mean is None else one.index - one.mean
        # the index behind the difference is printed whole, so that both may differ by its rounding
        if (true is None) != (one.difference is None) or abs((one.difference or 0) - (true or 0)) > 0.5 + 0.1 + _SLACK:
            yield one.place, f"the difference is said to be {one.difference}, but {one.index} − {one.mean} is another"
    yield from _of_pairs(said)


def _of_a_move(move: Move) -> Iterator[tuple[str, str]]:
    where = move.place
    ends = move.before, move.after
    true = None if move.before is None or move.after is None else move.after - move.before
    if move.difference != true:
        way = f"from {_told(ends[0])} to {_told(ends[1])}"
        yield where, f"the change is said to be {_told(move.difference)}, but {way} it is {_told(true)}"
    if move.difference is None or move.low is None or move.high is None:
        return
    half = (move.high - move.low) / 2
    if move.smallest is not None and move.smallest < min(half, 100) - 1:
        yield where, f"less than {move.smallest:g} points is said to be invisible, though chance reaches {half:g}"
    if move.effect is not None and move.difference and move.effect * move.difference < 0:
        yield where, f"the effect is said to be {move.effect:g}, and the change {move.difference:g}"
    if move.unit == ORGANISATION and move.n_before and move.n_after:
        most = _FARTHEST_T * sum(2500 / max(n - 1, 1) + 1 for n in (move.n_before, move.n_after)) ** 0.5
        if half > most + 1:
            yield where, f"the interval reaches further than chance could carry {move.n_after:g} answers"


def _told(value: float | None) -> str:
    return "not printed" if value is None else f"{value:g}"


def _about(
    low: float | None, middle: float | None, high: float | None, sign: int, where: str, *, most: float = 1e9
) -> Iterator[tuple[str, str]]:
    """An interval lies about its figure, and a verdict on its side of nought; without a figure there is neither."""
    if middle is None or low is None or high is None:
        if (middle is None and (low, high) != (None, None)) or (low is None) != (high is None) or sign:
            yield where, "an interval or a verdict without the figure that it is about"
        return
    cut = most in {-low, high}
    if not low <= middle <= high or max(-low, high) > most:
        yield where, f"the interval from {low:g} to {high:g} does not lie about {middle:g}"
    elif not cut and abs(low + high - 2 * middle) > _UNEVEN + _SLACK:
        yield where, f"the interval from {low:g} to {high:g} does not lie evenly about {middle:g}"
    if (sign > 0 >= low) or (sign < 0 <= high):
        yield where, f"it is said to have moved, of an interval from {low:g} to {high:g}"


def _of_a_line(line: Line) -> Iterator[tuple[str, str]]:
    """The slope of a line through some values lies between those of its pairs, as far as rounding leaves it."""
    known = [(place, level[0]) for place, level in enumerate(line.levels) if level[0] is not None]
    steps = [
        ((later - earlier) / (at - before), 1 / (at - before))
        for before, earlier in known
        for at, later in known
        if at > before and earlier is not None and later is not None
    ]
    for index, low, high in line.levels:
        if low is not None and high is not None and index is None:
            yield line.place, "an interval without the figure that it is about"
        elif low is not None and high is not None and index is not None:
            cut_off = {low, high} & {0, 100}
            if not low <= index <= high or not (cut_off or abs(low + high - 2 * index) <= _UNEVEN):
                yield line.place, f"the interval from {low:g} to {high:g} does not lie about {index:g}"
    if line.slope is None or not line.levels:
        return
    if not steps or not (
        min(step - slack for step, slack in steps) - 0.5
        <= line.slope
        <= max(step + slack for step, slack in steps) + 0.5
    ):
        yield line.place, f"no line through its values rises by {line.slope:g} points per wave"


def _of_pairs(said: Compared) -> Iterator[tuple[str, str]]:
    """The people in both waves are parts of both; nobody, or a group, is left of either."""
    people = people_in_pairs(said)
    answered = {wave.name: wave.n for wave in said.waves}
    least = max((int(wave.min_group or USUAL) for wave in said.waves[-2:]), default=USUAL)
    for pair in said.pairs:
        yield from _about(pair.low, pair.difference, pair.high, VERDICTS[pair.verdict], pair.place, most=100.0)
        if pair.n is not None and people and not least <= pair.n <= people["pairs"]:
            yield pair.place, f"{pair.n:g} people are said to be in both waves, of {people['pairs']:g}"
    for side, wave in (("alone before", said.before), ("alone after", said.after)):
        alone = people.get(side)
        if alone is None:
            continue
        if 0 < alone < least:
            yield "people in both waves", f"{alone:g} people of “{wave}” are in no pair: so few can be told apart"
        if answered.get(wave) is not None and alone + people["pairs"] != answered[wave]:
            yield "people in both waves", f"{people['pairs']:g} in pairs and {alone:g} others are not all of “{wave}”"


# All files of one comparison together


def disagreements(found: Sequence[Compared]) -> Iterator[Fault]:
    """Figures that one file of a comparison prints, and another one otherwise, or not at all."""
    figures: dict[tuple[object, ...], tuple[object, str]] = {}
    for said in found:
        for key, value, place in _facts(said):
            known, other = figures.setdefault(key, (value, said.printed.file))
            if known != value:
                yield Fault(said.printed.file, place, f"it says otherwise than {other}")


Fact = tuple[tuple[object, ...], object, str]


def _facts(said: Compared) -> Iterator[Fact]:
    """What a file says, under what, and where."""
    yield from _facts_of_units(said)
    yield from ((("rank", measure), p, place) for measure, p, place in said.ranks)
    yield from ((("pair", pair.measure), pair[:-1], pair.place) for pair in said.pairs)
    yield from ((("beside", one.label), one[:-1], one.place) for one in said.beside)
    yield from ((("wave", wave.name), wave[2:-2], wave.place) for wave in said.waves)


def _facts_of_units(said: Compared) -> Iterator[Fact]:
    for one in said.gaps:
        yield ("gap", one.unit.path, one.measure), (one.difference, one.low, one.high, one.sign), one.place
    for move in said.moves:
        yield ("move", move.unit.path, move.measure), (move.before, move.after, move.smallest, move.verdict), move.place
        for side, n in (("then", move.n_before), ("now", move.n_after)):
            if n is not None:
                yield ("n", side, move.unit.path, move.measure), n, move.place
    for line in said.lines:
        yield ("slope", line.unit.path, line.measure), (line.slope, line.low, line.high), line.place
        if line.levels:
            yield ("line", line.unit.path, line.measure), (line.levels, line.verdict), line.place


def uncharted(found: Sequence[Compared]) -> Iterator[str]:
    """Changes and slopes of which no file prints the figures that they are made of."""
    moves = {(one.unit.path, one.measure) for said in found for one in said.moves}
    lines = {(one.unit.path, one.measure) for said in found for one in said.lines if one.levels}
    bare: defaultdict[str, int] = defaultdict(int)
    for said in found:
        gaps: Iterable[Gap | Line] = [*said.gaps, *said.lines]
        for one in gaps:
            known = moves if isinstance(one, Gap) else lines
            value = one.difference if isinstance(one, Gap) else one.slope
            bare[said.printed.file] += value is not None and (one.unit.path, one.measure) not in known
    for file, number in bare.items():
        if number:
            yield (
                f"{file}: {number} changes of units, whose figures no file prints. Audit it together with the workbook"
                " or the JSON of the same comparison."
            )
