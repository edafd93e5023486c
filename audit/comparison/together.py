"""Comparisons against what is known of their waves: the figures of each, all of its reports together, and the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ...languages import language
from ...surveys.instrument import in_language
from ...surveys.responses import WAVE, Responses, of_wave
from ..attacks import attacks_of
from ..case import Case
from ..doubts import notes_of, unproved_of
from ..faults import untrue_figures
from ..figures import PEOPLE, Fault, Printed, Questions, Unit, plain
from ..folder import Output, Written
from ..history import read_history
from ..rules import USUAL, Rules
from ..verdict import Attack
from .figures import Compared
from .pairs import Pairs, Sheets, faults_of_pairs, other_ways, sheets_of
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
from .wording import people_in_pairs, reaches, unfounded_reaches


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
    names += _reaches(found, questions)
    faults = [fault for said in found for fault in faults_of(said, questions, names, numbers)]
    faults += disagreements(found)
    unproved = list(uncharted(found))
    attacks: list[Attack] = []
    notes: list[str] = []
    rows, smallest = 0, rules.smallest(USUAL)
    sheets: dict[str, Sheets | None] = {}
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
        sheets[wave] = judged.sheets()
    for said in found:
        if said.pairs or people_in_pairs(said):
            told, doubts = _of_pairs(said, questions, sheets)
            faults += told
            unproved += doubts
    return Together(
        tuple(dict.fromkeys(attacks)),
        tuple(dict.fromkeys(faults)),
        tuple(dict.fromkeys(unproved)),
        tuple(dict.fromkeys(notes)),
        tuple(said.printed for said in found),
        waves[-1] if waves else "",
        rows,
        smallest,
        sum(len(said.moves) * 2 + sum(len(line.levels) for line in said.lines) + len(said.pairs) for said in found),
        tuple(source.wave for source in sources if source.responses is None and source.wave in waves),
    )


def _reaches(found: Sequence[Compared], questions: Questions) -> list[str]:
    """The smallest visible changes, as any file may say them: a page of many units has not the tables they are from.

    Where no file has them, every such sentence passes; `uncharted` then says that the page alone is no proof.
    """
    said = [sentence for one in found for sentence in reaches(one, questions)]
    of_teams = any(move.unit.path and move.smallest is not None for one in found for move in one.moves)
    return said if of_teams else [*said, *(sentence for one in found for sentence in unfounded_reaches(one))]


def _of_pairs(
    said: Compared, questions: Questions, sheets: Mapping[str, Sheets | None]
) -> tuple[list[Fault], list[str]]:
    """What one file says of the people in both waves that is not so, and what of it could not be checked."""
    before, after = sheets.get(said.before), sheets.get(said.after)
    if before is None or after is None:
        doubt = "the figures of the people in both waves, which take both surveys and their codes (--link COLUMN)"
        return [], [f"{said.printed.file}: {doubt}."]
    if not (before.are_nested and after.are_nested):
        doubt = "the figures of the people in both waves, beside rows that overlap in a way that units do not"
        return [], [f"{said.printed.file}: {doubt}."]
    return list(faults_of_pairs(said, questions, Pairs(before, after))), list(other_ways(before, after))


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
        self.case: Case | None = None
        self.source, self.found, self.questions = source, found, questions
        self.rules = source.rules or rules
        if source.responses is not None:
            self._by_survey(source.responses, self.rules, reports)
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
        self.case = case = judge(printed=every, record=self.source.record)
        self.attacks += attacks_of(case)
        self.faults += untrue_figures(case)
        self.unproved += unproved_of(case)
        self.notes += notes_of(case)
        self.rows, self.smallest = int(case.table.rows.sum()), case.smallest

    def sheets(self) -> Sheets | None:
        """The answers of the wave with the codes of its people, where they are known."""
        source, case = self.source, self.case
        if case is None or source.codes is None or source.responses is None:
            return None
        mine = source.codes[(source.responses.groups[WAVE] == source.name).to_numpy()]
        return sheets_of(mine, case, case.smallest, self.rules.joint)

    def _early(self, judge: Callable[..., Case], printed: Sequence[Printed], asked: Questions) -> None:
        """A wave of which only dimensions are printed: its figures, made of the statements that its report printed.

        The record says which; without one, as if it had printed them all.
        """
        withheld = self._withheld()
        for one in printed:
            for cell in [cell for cell in one.cells if cell.kind == "index" and cell.measure in asked.dimensions]:
                left_out = withheld.get(one.units[cell.unit], frozenset())
                mine = [
                    at
                    for at in asked.items
                    if asked.measures[at].dimension == asked.measures[cell.measure].id
                    and asked.measures[at].id not in left_out
                ]
                one.cells.extend(cell._replace(measure=at, kind="as printed", value=0.0) for at in mine)
        case = judge(printed=printed, record=self.source.record)
        self.unproved += unproved_of(case)
        doubts = [*(fault.problem for fault in untrue_figures(case)), *map(str, attacks_of(case))]
        if doubts:
            self.unproved.append(
                f"“{self.source.wave}” is not one of the last two waves, so that its statements are not printed here,"
                f" and nobody can say which its figures are made of ({doubts[0]})."
            )

    def _withheld(self) -> Mapping[Unit, frozenset[str]]:
        """The items that the only recorded report of the wave did not print, by unit."""
        source = self.source
        if source.record is None or source.responses is None:
            return {}
        found = read_history(source.record, source.name, source.responses.levels).publications
        return found[0].withheld if len(found) == 1 else {}

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
