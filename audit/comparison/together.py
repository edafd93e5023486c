"""Comparisons against what is known of their waves: the figures of each, all of its reports together, and the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ...languages import language
from ...surveys.instrument import in_language
from ...surveys.responses import Responses, of_wave
from ..attacks import attacks_of
from ..case import Case
from ..doubts import notes_of, unproved_of
from ..faults import untrue_figures
from ..figures import PEOPLE, Fault, Printed, Questions, Unit, plain
from ..folder import Output, Written
from ..rules import USUAL, Rules
from ..verdict import Attack
from .figures import Compared
from .proof import (
    Source,
    by_new_names,
    disagreements,
    faults_of,
    not_of_the_snapshot,
    of_wave_in,
    read_comparisons,
    snapshot_of,
    uncharted,
)


@dataclass(frozen=True, slots=True)
class Together:
    """What was found of the comparisons of an output.

    printed: the texts and faults of each file. wave: the last one; rows: of it; smallest: group. The rest: as of
    `Verdict`. kept: waves of which only a snapshot is known.
    """

    attacks: tuple[Attack, ...] = ()
    faults: tuple[Fault, ...] = ()
    unproved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    printed: tuple[Printed, ...] = ()
    wave: str = ""
    rows: int = 0
    smallest: int = USUAL
    figures: int = 0
    kept: tuple[str, ...] = ()


def together(
    files: Sequence[Written],
    sources: Sequence[Source],
    questions: Questions,
    rules: Rules,
    *,
    reports: Mapping[str, Sequence[Printed]] | None = None,
) -> Together:
    """What is wrong with comparisons, and what could not be checked.

    questions: what the last wave was asked. reports: by wave of the survey, what its reports in the same output say.
    """
    if not files:
        return Together()
    found = read_comparisons(files, questions)
    names, numbers = list(_names(sources, questions)), [f"{one:g}" for one in _numbers(sources, found, questions)]
    faults = [fault for said in found for fault in faults_of(said, questions, names, numbers)]
    faults += disagreements(found)
    unproved = list(uncharted(found))
    attacks: list[Attack] = []
    notes: list[str] = []
    rows, smallest = 0, rules.smallest(USUAL)
    by_name = {source.wave: source for source in sources}
    waves = list(dict.fromkeys(wave.name for said in found for wave in said.waves))
    for wave in waves:
        source = by_name.get(wave, Source(wave))
        judged = _Judged(source, found, questions, rules, (reports or {}).get(source.name, ()))
        attacks += judged.attacks
        faults += judged.faults
        unproved += judged.unproved
        notes += judged.notes
        rows, smallest = judged.rows or rows, max(smallest, judged.smallest)
    if any(said.pairs for said in found):
        unproved.append(f"{found[0].printed.file}: the figures of pairs, which take the codes of two surveys.")
    return Together(
        tuple(dict.fromkeys(attacks)),
        tuple(dict.fromkeys(faults)),
        tuple(dict.fromkeys(unproved)),
        tuple(dict.fromkeys(notes)),
        tuple(said.printed for said in found),
        waves[-1] if waves else "",
        rows,
        smallest,
        sum(len(said.moves) * 2 + sum(len(line.levels) for line in said.lines) for said in found),
        tuple(source.wave for source in sources if source.responses is None and source.wave in waves),
    )


class _Judged:
    """What the figures of one wave come to, over all files of a comparison."""

    def __init__(
        self,
        source: Source,
        found: Sequence[Compared],
        questions: Questions,
        rules: Rules,
        reports: Sequence[Printed],
    ) -> None:
        self.attacks: list[Attack] = []
        self.faults: list[Fault] = []
        self.unproved: list[str] = []
        self.notes: list[str] = []
        self.rows, self.smallest = 0, 0
        self.source, self.found, self.questions = source, found, questions
        if source.responses is not None:
            self._by_survey(source.responses, source.rules or rules, reports)
        elif source.snapshot is not None:
            self._by_snapshot()
        else:
            files = dict.fromkeys(said.printed.file for said in found)
            self.unproved = [f"{file}: the figures of “{source.wave}”, of which no survey was given." for file in files]

    def _printed(self, asked: Questions, units: Sequence[Unit]) -> list[Printed]:
        places = [asked.place(one.id, is_item=one.is_item) for one in self.questions.measures]
        known = by_new_names(units, self.source.renamed)
        printed = [of_wave_in(said, self.source, known, places) for said in self.found]
        self.faults += [fault for one in printed for fault in one.faults]
        return printed

    def _by_survey(self, responses: Responses, rules: Rules, reports: Sequence[Printed]) -> None:
        """Every figure against the people of the wave, and what follows from all figures of the wave together."""
        asked = self.source.questions(language()) or self.questions
        printed = self._printed(asked, list(_units(of_wave(responses, self.source.name))))
        kept = snapshot_of(self.source, asked)
        if kept is not None:
            self.faults += kept.faults
            self.faults += [fault for one in printed for fault in not_of_the_snapshot(one, kept)]
        said = [*printed, *([kept] if kept else []), *reports]
        every = [replace(one, steps=[]) for one in said]  # what a report says of changes is held against its last wave
        is_early = all(self.source.wave not in {said.before, said.after} for said in self.found)
        judge = partial(Case, Output((), ()), responses, asked, rules=rules, wave=self.source.name)
        if is_early and kept is None and not reports:
            self._early(judge, printed, asked)
            return
        case = judge(printed=every, record=self.source.record)
        self.attacks += attacks_of(case)
        self.faults += untrue_figures(case)
        self.unproved += unproved_of(case)
        self.notes += notes_of(case)
        self.rows, self.smallest = int(case.table.rows.sum()), case.smallest

    def _early(self, judge: Callable[..., Case], printed: Sequence[Printed], asked: Questions) -> None:
        """A wave of which only dimensions are printed: its figures, as if its report had printed every statement."""
        for one in printed:
            for cell in [cell for cell in one.cells if cell.kind == "index" and cell.measure in asked.dimensions]:
                mine = [at for at in asked.items if asked.measures[at].dimension == asked.measures[cell.measure].id]
                one.cells.extend(cell._replace(measure=at, kind="as printed", value=0.0) for at in mine)
        case = judge(printed=printed, record=self.source.record)
        self.unproved += unproved_of(case)
        doubts = [*(fault.problem for fault in untrue_figures(case)), *map(str, attacks_of(case))]
        if doubts:
            self.unproved.append(
                f"“{self.source.wave}” is not one of the last two waves, so that its statements are not printed here,"
                f" and nobody can say which its figures are made of ({doubts[0]})."
            )

    def _by_snapshot(self) -> None:
        asked = self.source.questions(language())
        kept = snapshot_of(self.source, asked) if asked else None
        if asked is None or kept is None:
            self.unproved.append(f"The snapshot of “{self.source.wave}” is none that can be read.")
            return
        for one in self._printed(asked, kept.units):
            self.faults += not_of_the_snapshot(one, kept)
        self.rows = len(np.unique(kept.cells.unit[kept.cells.measure == PEOPLE]))
        self.smallest = int(kept.claims["min_group"]) if kept.claims["min_group"].isdecimal() else 0


def _units(responses: Responses) -> Iterator[Unit]:
    """Every unit that somebody of the wave named."""
    for names in responses.groups[list(responses.levels)].drop_duplicates().itertuples(index=False):
        path: tuple[str, ...] = ()
        for level, name in zip(responses.levels, names, strict=True):
            if str(name):
                path = (*path, plain(str(name)))
                yield Unit(path, plain(level))


def _names(sources: Sequence[Source], questions: Questions) -> Iterator[str]:
    """Texts that may hold digits: of what was asked, in any wave, of its units, and of the survey."""
    lang = language()
    for source in sources:
        asked = source.questions(lang) or questions
        for measure in asked.measures:
            yield from (measure.label, measure.id)
        if source.responses is not None:
            instrument, file = source.responses.instrument, source.responses.source.name
            yield from (in_language(instrument.titles, lang), instrument.id, file.rpartition(".")[0])
            for unit in dict.fromkeys(_units(source.responses)):
                yield from (unit.path[-1], " › ".join(unit.path))
        elif source.snapshot is not None:
            kept = snapshot_of(source, asked)
            for unit in kept.units if kept else ():
                yield from unit.path
            yield kept.claims["title"] if kept else ""
    for measure in questions.measures:
        yield from (measure.label, measure.id)


def _numbers(sources: Sequence[Source], found: Sequence[Compared], questions: Questions) -> Iterator[float]:
    """The numbers of the rules and of the scales."""
    yield from (wave.min_group for said in found for wave in said.waves if wave.min_group is not None)
    for source in sources:
        for measure in (source.questions(language()) or questions).measures:
            yield from measure.scale
