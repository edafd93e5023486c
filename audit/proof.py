"""`audit_output`: reads an output and the survey it is from, and proves or refutes that it keeps the promise."""

import hashlib
import posixpath
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from ..languages import gettext, language, speaking
from ..surveys.errors import ConfigError
from ..surveys.instrument import Instrument, in_language
from ..surveys.mapping import Wishes
from ..surveys.phrases import listed
from ..surveys.responses import WAVE, Responses, load_survey, of_wave, survey_paths
from . import prose
from .against import astray, gaps_of
from .atoms import Family, Leak, leaks
from .certificate import Unfinished, isolated
from .changes import misleading, unchecked
from .comparisons import check_comparison
from .evidence import Limits, Truths
from .figures import (
    ORGANISATION,
    PEOPLE,
    Fault,
    Measure,
    Printed,
    Questions,
    Stated,
    Unit,
    disordered,
    kind_in_words,
    plain,
)
from .folder import Output, Written, collect, is_comparison
from .groups import CutRules, Settled, in_cut, settle
from .history import Publication, read_history
from .language import language_of, pattern
from .looks import Chosen, excused, look_faults, read_library, unread_prints
from .members import Counts, members, people_of
from .pages import read_page
from .snapshots import read_snapshot
from .spread import ends_astray, own_spread
from .teams import misnamed, team_vocabulary, unfounded
from .truth import Table, table_of, untrue
from .verdict import Attack, Verdict, rows_in_words
from .vocabulary import vocabulary
from .words import misprinted
from .workbooks import read_workbook
from .worlds import SECONDS, Clock

Bools = npt.NDArray[np.bool_]

_READERS: Mapping[str, Callable[[str, bytes, Questions], Printed]] = {
    ".html": read_page,
    ".xlsx": read_workbook,
    ".json": read_snapshot,
    ".js": read_library,
    ".pdf": lambda name, *_: Printed(name),  # held against its page, once all is read
}
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_FEWEST_DETAILED = 10
_FEWEST_JOINT = 30
_DIMENSION_ITEMS = 2 / 3
_ENDS = frozenset({"low", "high", "favourable_low", "favourable_high", "response_rate", "sd_within", "degrees"})
_ODD = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError),
    zlib.error,
)  # whatever a file that is no report can break a reader with
_USUAL = 5
_LOWEST = 3  # no smallest group may be smaller
_FEWEST_IN_CUT = 10
_FEWEST_CUT_UP = 50
_DETAILED = frozenset(
    {"favourable", "favourable_low", "favourable_high", "neutral", "unfavourable"}
    | {"sd", "sd_index", "sd_within", "degrees"}
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a report must keep. None: as the report itself says, or by default.

    min_group: people; coalition: how many of them may put their own answers together; detail_from: answers from which
    shares and spread are printed; joint_from: people from which figures of persons’ scores are; cut_group: people from
    which groups across the organisation are; cut_unit: people from which a unit has such groups; dimension_items: share
    of a dimension's items that must be printed.
    """

    min_group: int | None = None
    coalition: int = 0
    detail_from: int | None = None
    joint_from: int | None = None
    cut_group: int | None = None
    cut_unit: int | None = None
    dimension_items: float | None = None

    @classmethod
    def of(cls, policy: Mapping[str, float]) -> "Rules":
        """The rules of a settings file, as far as the audit needs them."""
        found = {name: policy[name] for name in cls.__slots__ if name in policy}
        whole = {name: int(value) for name, value in found.items() if name != "dimension_items"}
        return cls(**whole, dimension_items=found.get("dimension_items"))


def audit_output(
    outputs: Path | Sequence[Path],
    surveys: Path | Sequence[Path],
    wishes: Wishes | None = None,
    *,
    sheet: str | None = None,
    wave: str | None = None,
    rules: Rules | None = None,
    record: Path | None = None,
) -> Verdict:
    """Prove, or refute, that nobody can work out the answers of a small group from an output.

    outputs: folders and files that were written; surveys, wishes, sheet: as for `load_survey`; wave: the one that the
    reports must be on; rules: what must hold, beyond what the reports say of themselves; record: what was published.
    Raises PsafetyError where the output or the survey cannot be read at all.
    """
    with speaking(language_of_output(outputs, surveys)):
        responses = load_survey(surveys, wishes, sheet=sheet)
    names = wishes.names if wishes else ()
    return audit_responses(
        outputs, responses, survey_paths(surveys), wave=wave, rules=rules, record=record, names=names
    )


def language_of_output(outputs: Path | Sequence[Path], surveys: Path | Sequence[Path]) -> str:
    """The language of the reports: the survey must be read in it, as they repeat what was said of its reading.

    Raises FileError where there is no report, ConfigError where there are some in several languages.
    """
    return language_of(collect(survey_paths(outputs), besides=survey_paths(surveys)).files)


def audit_responses(
    outputs: Path | Sequence[Path],
    responses: Responses,
    surveys: Sequence[Path],
    *,
    wave: str | None = None,
    rules: Rules | None = None,
    record: Path | None = None,
    names: Sequence[str] = (),
    chosen: Chosen | None = None,
    last: bytes | None = None,
) -> Verdict:
    """The same for a survey that has been read already.

    surveys: the files it is from. names: those that were to be masked in comments. chosen: the look in the settings.
    last: the snapshot of the wave that pages say has changed since; it is to be audited as a report of its own.
    """
    output = collect(survey_paths(outputs), besides=surveys)
    comparisons = [file for file in output.files if is_comparison(file.name)]
    output = replace(output, files=tuple(file for file in output.files if not is_comparison(file.name)))
    with speaking(language_of(output.files)):
        questions = questions_of(responses.instrument, language())
        printed = _read_all(output.files, questions)
        data = tuple(map(_digest, surveys))
        case = _Case(output, responses, questions, printed, rules or Rules(), wave, record, names)
        case.last = read_snapshot("the snapshot of the last wave", last, questions) if last is not None else None
        unproved = [f"{fault.file}: {fault.problem}." for fault in output.unread]
        unproved += list(case.unproved())
        by_name = {file.name: file.data for file in output.files}
        faults = dict.fromkeys([*case.faults(), *look_faults(by_name, printed, chosen or Chosen())])
        upheld, doubts = excused(tuple(faults), chosen or Chosen())
        unproved += [*doubts, *unread_prints(by_name)]
        for file in comparisons:
            untrue_changes, unchecked = check_comparison(file, responses, questions)
            upheld += tuple(untrue_changes)
            unproved += unchecked
        return Verdict(
            attacks=tuple(case.attacks()),
            faults=upheld,
            unproved=tuple(unproved),
            files=tuple(file.name for file in (*output.files, *comparisons)),
            rows=int(case.table.rows.sum()),
            items=len(questions.items),
            smallest=case.smallest,
            figures=sum(len(one.cells) for one in printed),
            data=data,
            notes=tuple(case.notes()),
            policy=case.policy,
            wave=case.wave,
            cuts=tuple(dict.fromkeys(unit.cut[0] for unit in case.units if unit.cut)),
        )


def _smallest_shown() -> str:
    """The pattern of the sentence that says which is the smallest group."""
    return pattern("no group below %(number)s is shown", number=r"\d+")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_all(files: Sequence[Written], questions: Questions) -> list[Printed]:
    """All that the files say; what has the very bytes of another, as a page in an archive has, is read once.

    Of such a copy only what depends on its place is kept: the unit that its name must be made of, and its links.
    """
    first: dict[tuple[str, bytes], Printed] = {}
    known: dict[Any, Any] = {}
    printed = []
    for file in files:
        key = Path(file.name).suffix.casefold(), file.data
        if key in first:
            printed.append(Printed(file.name, page=first[key].page, links=first[key].links))
        else:
            printed.append(first.setdefault(key, _read(file, questions)))
            _share(printed[-1], known)
    return printed


def _share(printed: Printed, known: dict[Any, Any]) -> None:
    """Keep what many files say, such as the figures of the organisation on every team page, only once in memory."""
    printed.cells = [known.setdefault(cell, cell) for cell in printed.cells]
    printed.said = [known.setdefault(text, text) for text in printed.said]
    printed.prose = [known.setdefault(text, text) for text in printed.prose]


def _read(file: Written, questions: Questions) -> Printed:
    """All that one file says; one that is not built as reports are is a fault, whatever is wrong with it."""
    reader = _READERS[Path(file.name).suffix.casefold()]
    try:
        return reader(file.name, file.data, questions)
    except _ODD as error:
        problem = f"it is not built as reports are, and cannot be read ({type(error).__name__})"
        return Printed(file.name, faults=[Fault(file.name, "the file", problem)])


def questions_of(instrument: Instrument, lang: str = "en") -> Questions:
    """What was asked, in the order of a report."""
    dimensions = [
        Measure(
            one.id,
            in_language(one.names, lang),
            is_item=False,
            dimension=one.id,
            scale=_ends(instrument.items_of(one.id)[0].scale.values),
        )
        for one in instrument.dimensions
        if one.part != "outcome"
    ]
    items = [
        Measure(
            item.id,
            in_language(item.texts, lang) or item.id,
            is_item=True,
            dimension=one.id,
            reverse=item.reverse,
            points=_points(item.scale.labels, item.scale.values, lang),
            scale=_ends(item.scale.values),
        )
        for one in instrument.dimensions
        for item in instrument.items_of(one.id)
    ]
    return Questions((*dimensions, *items))


def _ends(values: Sequence[int]) -> tuple[int, int]:
    return values[0], values[-1]


def _points(labels: Mapping[str, tuple[str, ...]], values: Sequence[int], lang: str) -> tuple[str, ...]:
    found = labels.get(lang) or labels.get("en") or next(iter(labels.values()), ())
    return tuple(found) or tuple(map(str, values))


@dataclass(frozen=True, slots=True)
class _Sums:
    """What sums of rows isolate for one question, "" for the people.

    is_nested: whether units lie in each other, so that the leaks are all there are; is_finished: the search for others.
    """

    label: str
    leaks: tuple[Leak, ...]
    is_nested: bool
    is_finished: bool


class _Case:
    """One output against one survey: everything that the verdict is made of."""

    def __init__(
        self,
        output: Output,
        responses: Responses,
        questions: Questions,
        printed: list[Printed],
        rules: Rules,
        wave: str | None,
        record: Path | None,
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
        self.smallest = max(self.min_group, (rules.min_group or _USUAL) + rules.coalition if rules.coalition else 0)
        self.policy = self._digest()
        measures = questions.measures
        self.history = read_history(record, self.wave, responses.levels) if record is not None else None
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
        self.truths = Truths(
            self.responses, self.people, self.table, self.questions, self._limits(), published=self.known_rows
        )
        self.sums = tuple(self._sums())
        self.settled = tuple(self._settle())

    # What the reports say of themselves

    def _wave(self) -> str:
        waves = self.responses.groups[WAVE]
        present: list[str] = [wave for wave in waves.cat.categories if (waves == wave).any()]
        said = {claim for one in self.printed for claim in [self._claimed_wave(one)] if claim is not None}
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

    def _claimed_wave(self, printed: Printed) -> str | None:
        if "wave" in printed.claims:
            return printed.claims["wave"]
        if "foot" in printed.claims:
            line = plain(printed.claims["foot"].split("\n")[0])
            found = re.search(f" · {pattern('wave %(name)s', name='.*')} · {_smallest_shown()}", line)
            return found["name"] if found else ""
        return None

    def _min_group(self) -> int:
        said = {claim for one in self.printed for claim in self._claimed_min_group(one)}
        if self.rules.min_group is not None:
            return self.rules.min_group
        return max(said, default=_USUAL)

    def _claimed_min_group(self, printed: Printed) -> Iterator[int]:
        text = printed.claims.get("min_group", "")
        found = re.search(_smallest_shown(), plain(printed.claims.get("foot", "")))
        text = text or (found["number"] if found else "")
        if text.isdecimal():
            yield int(text)

    def _digest(self) -> str:
        said = {
            digest
            for one in self.printed
            for text in (*(prose_.text for prose_ in one.prose), *one.claims.values())
            for digest in _DIGEST.findall(text)
        }
        return ", ".join(sorted(said))

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
        """Whether a recorded report is of the answers of the last one, and counts the people that the survey gives."""
        people = dict(zip(self.units, self.table.people.tolist(), strict=True))
        return publication.data == self._earlier()[-1].data and all(
            people.get(unit) == n for unit, n in publication.units.items()
        )

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
            yield from self._unknown_units(one, rows)
            yield from self._claims(one)
            yield from self._order(one)
            yield from self._marks(one)
            yield from self._thresholds(one, rows)
            yield from untrue(one, rows, self.table)
            yield from astray(one.file, gaps_of(one, rows), self.table, self.questions)
            yield from own_spread(one, rows, self.table, self.questions)
            yield from ends_astray(one, rows, self.table)
            yield from self.truths.faults(one.file, self._evidence(one, rows))
            yield from prose.unexplained(one, self._vocabulary(one)) if one.prose else ()
            yield from misprinted(one, self.responses, self._fewest_writers(), self.names)
            yield from self._links(one)
            yield from misleading(one, self.last)
        for sheet in (one for one in self.printed if "pattern" in one.claims):
            yield from unfounded(sheet, self.printed, directed=self.responses.instrument.directed)
        yield from self._disagreements()
        yield from self._file_names()

    def _limits(self) -> Limits:
        return Limits(
            smallest=self.smallest,
            detail_from=max(self.rules.detail_from or _FEWEST_DETAILED, self.smallest),
            joint_from=max(self.rules.joint_from or _FEWEST_JOINT, self.smallest),
            dimension_items=_DIMENSION_ITEMS if self.rules.dimension_items is None else self.rules.dimension_items,
        )

    def _evidence(self, one: Printed, rows: list[int]) -> Iterator[Stated]:
        """What a file says of averages, with rows of the table; of units that nobody names there is no truth."""
        for said in one.evidence:
            if said.unit is None:
                yield said
            elif rows[said.unit] >= 0:
                yield said._replace(unit=rows[said.unit])

    def _fewest_writers(self) -> int:
        """How many comments must stand together: as many as answers of which the spread is printed, and a coalition."""
        return max((self.rules.detail_from or _FEWEST_DETAILED) + self.rules.coalition, self.smallest)

    def _unknown_units(self, one: Printed, rows: list[int]) -> Iterator[Fault]:
        for unit, row in zip(one.units, rows, strict=True):
            if row < 0:
                is_asked = not unit.cut or unit.cut[0] in map(plain, self.responses.cuts)
                what = "nobody in the survey names this unit" if is_asked else "groups that nobody named with --cut"
                yield Fault(one.file, f"row “{unit}”", what)

    def _claims(self, one: Printed) -> Iterator[Fault]:
        wave = self._claimed_wave(one)
        if wave is not None and wave != self.wave:
            yield Fault(one.file, "the wave", f"it is said to be “{wave[:40]}”, not “{self.wave}”")
        for said in self._claimed_min_group(one):
            if said < max(self.min_group, _LOWEST):
                least = max(self.min_group, _LOWEST)
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
        detail = max(self.rules.detail_from or _FEWEST_DETAILED, self.smallest)
        seen: set[tuple[int, int, str]] = set()
        for cell in one.cells:
            row = rows[cell.unit]
            if row < 0:
                continue
            if self.is_cut[row]:
                yield from in_cut(one.file, cell, row, self.table, self._cut_rules())
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

    def _cut_rules(self) -> CutRules:
        group = max((self.rules.cut_group or _FEWEST_IN_CUT) + self.rules.coalition, self.smallest)
        return CutRules(group, max((self.rules.cut_unit or _FEWEST_CUT_UP) + self.rules.coalition, group))

    def _person_level(self, file: str, place: str, row: int, dimension: int) -> Iterator[Fault]:
        """Persons' scores take several answers of one person together: of the organisation only, and of enough."""
        gaps = int(self.people.gaps[dimension])
        if row or int(self.table.n[0, dimension]) < (self.rules.joint_from or _FEWEST_JOINT):
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
        for file, one in zip(self.output.files, self.printed, strict=True):
            if file.name.endswith(".js"):  # its name was held against its own fingerprint
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
        rules = [
            self.min_group,
            self.smallest,
            self.rules.detail_from or max(_FEWEST_DETAILED, self.min_group),
            self.rules.joint_from or max(_FEWEST_JOINT, self.min_group),
        ]
        cut_rules = self._cut_rules()
        whole = vocabulary(
            one, self.responses, self.questions, self.table, rules, cut_rules=(cut_rules.group, cut_rules.unit)
        )
        return whole if one.page is None else team_vocabulary(one, whole)

    # What could not be checked

    def unproved(self) -> Iterator[str]:
        """What the audit cannot say, so that the whole is not proved."""
        if not any(one.cells for one in self.printed):
            yield "No file prints any figure, so there is nothing to prove."
        yield from self._overlapping()
        yield from self._other_answers()
        yield from unchecked(self.printed, is_given=self.last is not None)
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
        for publication in self._earlier():
            unread = {unit.cut[0] for unit in publication.units if unit.cut} - set(map(plain, self.responses.cuts))
            if unread:
                named = listed([f"“{name}”" for name in sorted(unread)])
                yield f"The record holds a report with groups by {named}, {publication}. Name them with --cut."
            elif not self._of_these_answers(publication):
                yield (
                    f"The record holds a report of this wave on other answers, {publication}. Whoever holds both can"
                    " subtract one from the other."
                )

    def notes(self) -> Iterator[str]:
        """What a proof leaves open, so that everybody knows."""
        if any(one.words for one in self.printed):
            yield "What people wrote in their own words is no part of the proof: they may be known by it."
        if self.history is None:
            yield "No record was given, so only this output was looked at, not what may have been published before."
