"""One output against one survey: who is behind every row, what follows from all rows, and what must not be there."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from ..languages import gettext
from ..surveys.errors import ConfigError
from ..surveys.phrases import listed
from ..surveys.responses import WAVE, Responses, of_wave
from . import prose
from .against import astray, gaps_of
from .atoms import Family, Leak, leaks
from .certificate import Unfinished, isolated
from .changes import gainsaid, misleading, unchecked
from .claims import claimed_min_group, claimed_wave, digests_in
from .evidence import Truths
from .figures import ORGANISATION, PEOPLE, Fault, Printed, Questions, Stated, Unit, disordered, kind_in_words, plain
from .fingerprint import digests_of
from .folder import Output
from .groups import Settled, in_cut, settle
from .history import Publication, read_history
from .language import pattern
from .members import Counts, members, people_of
from .rules import LOWEST, USUAL, Rules
from .spread import ends_astray, own_spread
from .teams import misnamed, misplaced, team_vocabulary, unfounded
from .truth import Table, table_of, untrue
from .verdict import Attack, rows_in_words
from .vocabulary import Elsewhere, elsewhere, vocabulary
from .words import misprinted
from .worlds import SECONDS, Clock

Bools = npt.NDArray[np.bool_]

_ENDS = frozenset({"low", "high", "favourable_low", "favourable_high", "response_rate", "sd_within", "degrees"})
_OTHER_SMALLEST = (
    "“{before}” shows groups from {then} people on, “{after}” from {now}. Figures that both waves print are compared."
)
_DETAILED = frozenset(
    {"favourable", "favourable_low", "favourable_high", "neutral", "unfavourable"}
    | {"sd", "sd_index", "sd_within", "degrees"}
)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What sums of rows isolate for one question, "" for the people.

    is_nested: whether units lie in each other, so that the leaks are all there are; is_finished: the search for others.
    """

    label: str
    leaks: tuple[Leak, ...]
    is_nested: bool
    is_finished: bool


class Case:
    """One output against one survey: everything that the verdict is made of."""

    def __init__(
        self,
        output: Output,
        responses: Responses,
        questions: Questions,
        printed: list[Printed],
        rules: Rules,
        wave: str | None = None,
        record: Path | None = None,
        names: Sequence[str] = (),
    ) -> None:
        self.names = names
        self.last: Printed | None = None
        self.output, self.responses, self.questions, self.printed = output, responses, questions, printed
        self.rules, self.wanted_wave = rules, wave
        self.wave = self._wave()
        if (responses.groups[WAVE] != self.wave).any():
            self.responses = of_wave(responses, self.wave)
        self.min_group = self._min_group()
        self.smallest = rules.smallest(self.min_group)
        self.policy = digests_in(printed)
        measures = questions.measures
        self.history = read_history(record, self.wave, responses.levels) if record is not None else None
        self.digests = digests_of(self.responses) if self._earlier() else frozenset()
        self.people = people_of(
            self.responses,
            self.wave,
            [measures[place].id for place in questions.items],
            [measures[place].id for place in questions.dimensions],
            self.responses.cuts if self._has_cuts() else (),
        )
        self.units, self.rows_of = self._rows()
        self.table = self._table()
        place = {unit: row for row, unit in enumerate(self.units)}
        wholes = [place.get(unit._replace(rest=False), -1) if unit.rest else -1 for unit in self.units]
        self.family = Family(self.table.members, wholes, len(self.people.homes))
        self.known_rows, self.known = self._known()
        self.is_cut = np.array([bool(unit.cut) for unit in self.units])
        limits = rules.limits(self.smallest)
        self.truths = Truths(self.responses, self.people, self.table, self.questions, limits, published=self.known_rows)
        self.sums = tuple(self._sums())
        self.settled = tuple(self._settle())

    # What the reports say of themselves

    def _wave(self) -> str:
        waves = self.responses.groups[WAVE]
        present: list[str] = [wave for wave in waves.cat.categories if (waves == wave).any()]
        said = {claim for one in self.printed for claim in [claimed_wave(one)] if claim is not None}
        named = sorted(said & set(present))
        if self.wanted_wave is not None:
            if self.wanted_wave not in present:
                raise ConfigError(f"The file holds no wave “{self.wanted_wave}”.", hint=f"It holds: {listed(present)}.")
            return self.wanted_wave
        if len(named) > 1:
            raise ConfigError(
                f"The output holds reports on several waves: {listed(named)}.", hint="Audit each wave by itself."
            )
        if named:
            return named[0]
        if len(present) == 1:
            return present[0]
        raise ConfigError("The reports do not say which wave they are on.", hint="Name it with --wave COLUMN=VALUE.")

    def _min_group(self) -> int:
        said = {claim for one in self.printed for claim in claimed_min_group(one)}
        if self.rules.min_group is not None:
            return self.rules.min_group
        return max(said, default=USUAL)

    # The rows of all files together

    def _rows(self) -> tuple[list[Unit], list[list[int]]]:
        """The units of all files, the organisation first, and for each file their places; -1 where nobody is in one."""
        order: dict[Unit, None] = {ORGANISATION: None}
        for one in self.printed:
            order.update(dict.fromkeys(one.units))
        said: dict[Unit, bool] = dict.fromkeys(order, False)
        for one in self.printed:
            for cell in one.cells:
                said[one.units[cell.unit]] = True
        for publication in self._earlier():
            order.update(dict.fromkeys(publication.units))
        self.homes = members(self.people, order, said)
        units = [unit for unit in order if unit in self.homes]
        place = {unit: row for row, unit in enumerate(units)}
        return units, [[place.get(unit, -1) for unit in one.units] for one in self.printed]

    def _table(self) -> Table:
        shown = np.zeros((len(self.units), len(self.questions.measures)), np.bool_)
        rows = np.zeros(len(self.units), np.bool_)
        for one, places in zip(self.printed, self.rows_of, strict=True):
            at = np.array([places[cell.unit] for cell in one.cells], np.intp)
            measure = np.array([cell.measure for cell in one.cells], np.intp)
            known = at >= 0
            rows[at[known]] = True
            known &= measure >= 0
            shown[at[known], measure[known]] = True
        return table_of(self.units, self.homes, shown, rows, self.people, self.questions, self.responses.instrument)

    def _earlier(self) -> tuple[Publication, ...]:
        return self.history.publications if self.history else ()

    def _of_these_answers(self, publication: Publication) -> bool:
        """Whether a recorded report is of the very answers that are in the survey, in the units that it names."""
        return publication.data in self.digests and all(unit in self.homes for unit in publication.units)

    def _known(self) -> tuple[Bools, Bools]:
        """(rows), (rows × measures) what a reader may hold: what is printed here, and earlier of the same answers."""
        rows, shown = self.table.rows.copy(), self.table.shown.copy()
        place = {unit: row for row, unit in enumerate(self.units)}
        for publication in filter(self._of_these_answers, self._earlier()):
            for unit in publication.units:
                rows[place[unit]] = True
                for id_ in set(publication.items) - publication.withheld[unit]:
                    measure = self.questions.place(id_, is_item=True)
                    if measure is not None:
                        shown[place[unit], measure] = True
        return rows, shown

    def _has_cuts(self) -> bool:
        earlier = (unit for publication in self._earlier() for unit in publication.units)
        return any(unit.cut for unit in (*(unit for one in self.printed for unit in one.units), *earlier))

    # What can be worked out

    def attacks(self) -> Iterator[Attack]:
        """Every leak in words; one attack for all questions that it works on."""
        found: dict[Leak, list[str]] = defaultdict(list)
        for one in self.sums:
            for leak in one.leaks:
                found[leak].append(one.label)
        names = rows_in_words(self.units)
        yield from self._forced(names)
        for leak, about in found.items():
            yield Attack(
                plus=tuple(names[row] for row in leak.plus),
                minus=tuple(names[row] for row in leak.minus),
                people=leak.people,
                unanimous=leak.unanimous,
                about=() if "" in about else tuple(about),
            )

    def _programmes(self) -> Iterator[tuple[str, Bools, Counts]]:
        """What is looked at one by one: the people, then every question, with the rows printed for it."""
        yield "", self.family.needed(self.known_rows), self.people.people[:, None]
        for column, measure in enumerate(self.questions.items):
            label = self.questions.measures[measure].label
            yield label, self.family.needed(self.known[:, measure]), self.people.answers[:, column]

    def _sums(self) -> Iterator[_Sums]:
        """What sums and differences of printed rows isolate.

        Units are nested, so that their atoms say it all. Rows that overlap are searched as well, where that alone finds
        nothing.
        """
        for label, shown, counts in self._programmes():
            of_units = shown & ~self.is_cut
            is_nested = self.family.is_laminar(of_units)
            found = list(leaks(self.family, of_units, counts, self.smallest)) if is_nested else []
            is_finished = True
            if not is_nested or (not found and (shown & self.is_cut).any()):
                try:
                    found = list(isolated(self.family, shown, counts, self.smallest))
                except Unfinished:
                    is_finished = False
            yield _Sums(label, tuple(found), is_nested, is_finished)

    def _forced(self, names: Sequence[str]) -> Iterator[Attack]:
        """People whose answers are the only ones that fit the printed numbers, though no sum of rows isolates them."""
        found: dict[tuple[tuple[int, ...], int], list[str]] = defaultdict(list)
        for one in self.settled:
            for rows, people in one.known:
                found[rows, people].append(one.label)
        for (rows, people), about in found.items():
            given = tuple(names[row] for row in rows)
            yield Attack(given, (), people, unanimous=False, about=tuple(about), forced=True)

    def _settle(self) -> Iterator[Settled]:
        """Every question of which groups across the organisation are printed, within the time that there is for all."""
        clock = Clock(SECONDS)
        for column, place in enumerate(self.questions.items):
            shown = self.known[:, place]
            if (shown & self.is_cut).any():
                measure = self.questions.measures[place]
                yield settle(measure, self.people.answers[:, column], shown, self.is_cut, self.family, clock)

    # What must not be there

    def faults(self) -> Iterator[Fault]:
        """Everything in the files that is not true, or that a report must not hold."""
        for one, rows in zip(self.printed, self.rows_of, strict=True):
            yield from one.faults
            yield from self._claims(one)
            yield from self._order(one)
            yield from self._figures(one, rows)
            yield from self._marks(one)
            yield from self.truths.faults(one.file, self._evidence(one, rows))
            yield from prose.unexplained(one, self._vocabulary(one)) if one.prose else ()
            yield from misprinted(one, self.responses, self.rules.writers(self.smallest), self.names)
            yield from self._links(one)
            yield from misleading(one, self.last)
            yield from gainsaid(one, self.questions)
            yield from misplaced(one, self.questions)
        for sheet in (one for one in self.printed if "pattern" in one.claims):
            yield from unfounded(sheet, self.printed, directed=self.responses.instrument.directed)
        yield from self._disagreements()
        yield from self._file_names()

    def misread(self) -> str:
        """What to do where the survey, as it is read here, cannot be that of the files; "" where it may be."""
        named = [row for rows in self.rows_of for row in rows[1:]]
        claimed = {claim for one in self.printed for claim in [claimed_wave(one)] if claim}
        waves = set(map(str, self.responses.groups[WAVE].cat.categories))
        wrong = sum(
            1 for one, rows in zip(self.printed, self.rows_of, strict=True) for _ in untrue(one, rows, self.table)
        )
        is_other = wrong > sum(len(one.cells) for one in self.printed) / 2
        if (named and max(named) < 0) or (is_other and claimed and not claimed & waves):
            return (
                "The survey, as it is read here, names none of the units in the files, or another wave: add the options"
                " that the report was made with, such as --team, --unit, --wave, --instrument or --config."
            )
        return ""

    def untrue_figures(self) -> Iterator[Fault]:
        """Of all this, what is wrong with rows and figures alone."""
        for one, rows in zip(self.printed, self.rows_of, strict=True):
            yield from self._figures(one, rows)
        yield from self._disagreements()

    def _figures(self, one: Printed, rows: list[int]) -> Iterator[Fault]:
        yield from self._unknown_units(one, rows)
        yield from self._thresholds(one, rows)
        yield from untrue(one, rows, self.table)
        yield from astray(one.file, gaps_of(one, rows), self.table, self.questions)
        yield from own_spread(one, rows, self.table, self.questions)
        yield from ends_astray(one, rows, self.table)

    def _evidence(self, one: Printed, rows: list[int]) -> Iterator[Stated]:
        """What a file says of averages, with rows of the table; of units that nobody names there is no truth."""
        for said in one.evidence:
            if said.unit is None:
                yield said
            elif rows[said.unit] >= 0:
                yield said._replace(unit=rows[said.unit])

    def _unknown_units(self, one: Printed, rows: list[int]) -> Iterator[Fault]:
        for unit, row in zip(one.units, rows, strict=True):
            if row < 0:
                is_asked = not unit.cut or unit.cut[0] in map(plain, self.responses.cuts)
                what = "nobody in the survey names this unit" if is_asked else "groups that nobody named with --cut"
                yield Fault(one.file, f"row “{unit}”", what)

    def _claims(self, one: Printed) -> Iterator[Fault]:
        wave = claimed_wave(one)
        if wave is not None and wave != self.wave:
            yield Fault(one.file, "the wave", f"it is said to be “{wave[:40]}”, not “{self.wave}”")
        for said in claimed_min_group(one):
            if said < max(self.min_group, LOWEST):
                least = max(self.min_group, LOWEST)
                yield Fault(one.file, "the smallest group", f"it is said to be {said}; it must be at least {least}")

    def _order(self, one: Printed) -> Iterator[Fault]:
        names = {plain(name): name for home in self.people.homes for name in home}
        for before, unit in disordered(one.units, names):
            yield Fault(
                one.file,
                f"row “{unit}”",
                f"it stands behind “{before}”, against the alphabet: an order can tell figures",
            )

    def _marks(self, one: Printed) -> Iterator[Fault]:
        """Withheld cells of scores carry one neutral mark; only a rate or a spread may also not be known or defined."""
        marks = {mark.strip() for mark in one.marks} - {gettext("not defined"), gettext("not known")}
        if len(marks) > 1:
            said = listed([f"“{mark[:30]}”" for mark in sorted(marks)])
            yield Fault(one.file, "withheld cells", f"they carry different marks, and a reason is a clue: {said}")

    def _thresholds(self, one: Printed, rows: list[int]) -> Iterator[Fault]:
        """Figures printed of fewer people than their kind may speak of."""
        detail = self.rules.detailed(self.smallest)
        seen: set[tuple[int, int, str]] = set()
        for cell in one.cells:
            row = rows[cell.unit]
            if row < 0:
                continue
            if self.is_cut[row]:
                yield from in_cut(one.file, cell, row, self.table, self.rules.of_cuts(self.smallest))
                continue
            n = int(self.table.people[row] if cell.measure == PEOPLE else self.table.n[row, cell.measure])
            is_detail = cell.kind in _DETAILED or cell.kind.startswith("share ")
            least = detail if is_detail else self.smallest
            key = (cell.unit, cell.measure, "detail" if is_detail else "")
            if n < least and key not in seen:
                seen.add(key)
                what = "a share or a spread" if is_detail else "a figure"
                yield Fault(one.file, cell.place, f"{what} speaks of {n} answers; at least {least} are needed")
            elif cell.kind in {"sd", "sd_index"} and 0 <= cell.measure < len(self.questions.dimensions):
                yield from self._person_level(one.file, cell.place, row, cell.measure)

    def _person_level(self, file: str, place: str, row: int, dimension: int) -> Iterator[Fault]:
        """Persons' scores take several answers of one person together: of the organisation only, and of enough."""
        gaps = int(self.people.gaps[dimension])
        if row or int(self.table.n[0, dimension]) < self.rules.joint:
            yield Fault(file, place, "a spread of persons’ scores, which only a large organisation as a whole may show")
        elif 0 < gaps < self.smallest:
            yield Fault(
                file, place, f"a spread of persons’ scores, though only {gaps} people left gaps: that tells theirs"
            )

    def _disagreements(self) -> Iterator[Fault]:
        """Figures that one file prints and another withholds, or prints otherwise."""
        printed: dict[tuple[Unit, int, str], tuple[float, str]] = {}
        for one in self.printed:
            for cell in one.cells:
                key = one.units[cell.unit], cell.measure, cell.kind
                value, other = printed.setdefault(key, (cell.value, one.file))
                if value != cell.value and cell.kind in _ENDS:  # all others were held against the survey
                    problem = f"{kind_in_words(cell.kind)} is {cell.value:g} here, {value:g} elsewhere ({other})"
                    yield Fault(one.file, cell.place, problem)
        for one in self.printed:
            for unit, measure, kind in one.withheld:
                _, other = printed.get((one.units[unit], measure, kind), (0, ""))
                if other:
                    what = "its people" if measure == PEOPLE else f"“{self.questions.measures[measure].label[:60]}”"
                    yield Fault(other, f"row “{one.units[unit]}”", f"{what}: printed here, withheld in {one.file}")

    def _file_names(self) -> Iterator[Fault]:
        stem = {Path(self.responses.source.name).stem, self.wave}
        names = prose._any_of([*stem, *(name for unit in self.units for name in unit.path)])  # noqa: SLF001
        raw = {plain(name): name for home in self.people.homes for name in home}
        pages = {one.file for one in self.printed if one.page is not None}
        for file, one in zip(self.output.files, self.printed, strict=True):
            if file.name.endswith(".js"):  # its name was held against its own fingerprint
                continue
            if file.name.removesuffix(".pdf") + ".html" in pages:  # a print goes by the name of its page
                continue
            said = file.name
            if one.page is not None:
                yield from misnamed(one, file.name, [raw.get(name, name) for name in one.page.path])
                said = file.name.rpartition("/")[0]
            left = names.sub("", plain(said)) if names else said
            if any(map(str.isnumeric, left)):
                yield Fault(
                    file.name, "the name of the file", "a number that is not of the survey’s name may be a figure"
                )

    def _links(self, one: Printed) -> Iterator[Fault]:
        """Links lead to other files of the output, or to the report of this survey, and carry nothing else."""
        known = {file.name for file in self.output.files}
        report = f"../{Path(self.responses.source.name).stem}-report.html"
        for place, href in one.links:
            file = unquote(href)
            if file != report and posixpath.normpath(posixpath.join(posixpath.dirname(one.file), file)) not in known:
                yield Fault(one.file, place, f"a link that leads out of the report: “{href[:60]}”")

    # What the texts may say

    def _vocabulary(self, one: Printed) -> prose.Vocabulary:
        """The names of the survey, and the numbers that belong to each part of a report."""
        rules = self.rules.in_words(self.min_group, self.smallest)
        cut_rules = self.rules.of_cuts(self.smallest)
        whole = vocabulary(
            one,
            self.responses,
            self.questions,
            self.table,
            rules,
            cut_rules=(cut_rules.group, cut_rules.unit),
            elsewhere=self._elsewhere(one),
        )
        whole = whole if one.page is None else team_vocabulary(one, whole)
        before = (self.last.claims.get("wave", ""),) if self.last is not None else ()
        return replace(
            whole,
            names=(*whole.names, *before),
            parts={**whole.parts, "change": whole.parts.get("change", frozenset()) | self._smallest_then(one)},
        )

    def _elsewhere(self, one: Printed) -> Elsewhere | None:
        homes = [home[: len(self.responses.levels)] for home in self.people.homes]
        return elsewhere(one, self.printed, homes, self.table, self.questions)

    def _smallest_then(self, one: Printed) -> frozenset[str]:
        """From how many people on the last wave shows groups: as its snapshot has it, else as the file says."""
        if not one.steps:
            return frozenset()
        if self.last is not None:
            return frozenset({self.last.claims.get("min_group", "")})
        form = pattern(_OTHER_SMALLEST, before=".+", then=r"\d+", after=".+", now=r"\d+")
        return frozenset(found["then"] for prose in one.prose if (found := re.search(form, prose.text)))

    # What could not be checked

    def unproved(self) -> Iterator[str]:
        """What the audit cannot say, so that the whole is not proved."""
        if not any(one.cells for one in self.printed):
            yield "No file prints any figure, so there is nothing to prove."
        yield from self._overlapping()
        yield from self._other_answers()
        yield from unchecked(self.printed, is_given=self.last is not None)
        for one in self.printed:
            left_out = self._elsewhere(one)
            if left_out is not None and not left_out.is_held:
                yield (
                    f"{one.file}: it counts teams that no file lists."
                    " Audit it together with the workbook or the JSON of the same report."
                )
        measures = self.questions.measures
        for column, place in enumerate(self.questions.dimensions):
            mine = [at for at in self.questions.items if measures[at].dimension == measures[place].id]
            bare = self.table.shown[:, column] & ~self.table.shown[:, mine].any(axis=1)
            if bare.any():
                yield (
                    f"“{measures[place].label}” is printed for {int(bare.sum())} rows whose statements no file prints."
                    " Audit it together with the workbook or the JSON of the same report."
                )

    def _overlapping(self) -> Iterator[str]:
        """Rows that overlap take more than atoms: sums are searched; of cuts also what whole numbers tell beyond."""
        for one in self.sums:
            about = f"“{one.label}”" if one.label else "the people"
            far = "" if one.is_finished else " without coming to an end"
            if not one.is_nested:
                yield (
                    f"The rows printed for {about} overlap in a way that units do not."
                    f" Sums were searched{far}; what whole numbers tell beyond them was not."
                )
            elif not one.is_finished:
                yield f"Sums of groups and units printed for {about} were searched{far}."
        left_open: dict[str, list[str]] = defaultdict(list)
        for settled in self.settled:
            for attribute in sorted({self.units[row].cut[0] for row in settled.left_open}):
                left_open[attribute].append(settled.label)
        for attribute, labels in left_open.items():
            about = listed([f"“{label}”" for label in labels], most=3)
            yield (
                f"Groups by “{attribute}”: within {SECONDS:.0f} seconds it was not settled whether the printed numbers"
                f" leave only one answer for somebody, for {about}."
            )

    def _other_answers(self) -> Iterator[str]:
        if self.history and self.history.doubt:
            yield self.history.doubt
        cuts: dict[str, None] = {}
        for publication in self._earlier():
            unread = {unit.cut[0] for unit in publication.units if unit.cut} - set(map(plain, self.responses.cuts))
            if publication.data not in self.digests:
                yield (
                    f"The record holds a report of this wave on other answers, {publication}, as the survey is read"
                    " here. Whoever holds both can subtract one from the other. If it is the same survey, add the"
                    " options that the report was made with."
                )
            else:
                cuts.update(dict.fromkeys(sorted(unread)))
        if cuts:
            options = " ".join(f'--cut "{name}"' for name in cuts)
            yield (
                "The record holds a report of this wave with groups across the organisation, which a reader of this"
                f" output may hold as well. To prove both together, add {options}."
            )

        if self.history and self.is_cut.any() and any(self.wave in link for link in self.history.links):
            yield (
                "The record holds a comparison of people of this wave with those of another, by their codes. That it"
                " tells nobody apart beside groups across the organisation is not proved."
            )

    def notes(self) -> Iterator[str]:
        """What a proof leaves open, so that everybody knows."""
        if any(one.words for one in self.printed):
            yield "What people wrote in their own words is no part of the proof: they may be known by it."
        if self.history is None:
            yield "No record was given, so only this output was looked at, not what may have been published before."
