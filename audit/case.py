"""One output against one survey: who is behind every row, what follows from all rows, and what must not be there."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from ..surveys.errors import ConfigError
from ..surveys.phrases import listed
from ..surveys.responses import WAVE, Responses, of_wave
from .ahead import Ahead
from .atoms import Family
from .attacks import settled_of, sums_of
from .claims import claimed_min_group, claimed_wave, digests_in
from .columns import Bools, different
from .evidence import Truths
from .figures import ORGANISATION, Printed, Questions, Unit, plain
from .fingerprint import digests_of
from .folder import Output
from .history import Publication, read_history
from .members import People, members, people_of
from .rules import USUAL, Rules
from .truth import Table, table_of
from .vocabulary import Elsewhere, elsewhere


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
        ahead: Ahead | None = None,
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
        self.history = read_history(record, self.wave, responses.levels) if record is not None else None
        self.people = self._people(ahead)
        self.digests = digests_of(self.people, self.responses.instrument) if self.earlier() else frozenset()
        self.units, self.rows_of = self._rows()
        self.table = self._table()
        place = {unit: row for row, unit in enumerate(self.units)}
        wholes = [place.get(unit._replace(rest=False), -1) if unit.rest else -1 for unit in self.units]
        self.family = Family(self.table.members, wholes, len(self.people.homes))
        self.known_rows, self.known = self._known()
        self.is_cut = np.array([bool(unit.cut) for unit in self.units])
        limits = rules.limits(self.smallest)
        self.truths = Truths(
            *(self.responses, self.people, self.table, self.questions, limits), self.known_rows, self.family
        )
        self.sums = tuple(sums_of(self))
        self.settled = tuple(settled_of(self))

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

    def _people(self, ahead: Ahead | None) -> People:
        """Who answered what; as it was counted before, if that was for this wave and these groups."""
        cuts = self.responses.cuts if self._has_cuts() else ()
        if ahead is not None and (ahead.wave, ahead.cuts) == (self.wave, cuts):
            return ahead.people
        return people_of(self.responses, self.wave, self.questions, cuts)

    # The rows of all files together

    def _rows(self) -> tuple[list[Unit], list[list[int]]]:
        """The units of all files, the organisation first, and for each file their places; -1 where nobody is in one."""
        order: dict[Unit, None] = {ORGANISATION: None}
        for one in self.printed:
            order.update(dict.fromkeys(one.units))
        said: dict[Unit, bool] = dict.fromkeys(order, False)
        for one in self.printed:
            for unit in different(one.cells.unit):
                said[one.units[unit]] = True
        for publication in self.earlier():
            order.update(dict.fromkeys(publication.units))
        self.homes = members(self.people, order, said)
        units = [unit for unit in order if unit in self.homes]
        place = {unit: row for row, unit in enumerate(units)}
        return units, [[place.get(unit, -1) for unit in one.units] for one in self.printed]

    def _table(self) -> Table:
        shown = np.zeros((len(self.units), len(self.questions.measures)), np.bool_)
        rows = np.zeros(len(self.units), np.bool_)
        for one, places in zip(self.printed, self.rows_of, strict=True):
            at = np.array(places, np.intp)[one.cells.unit]
            rows[at[at >= 0]] = True
            known = (at >= 0) & (one.cells.measure >= 0)
            shown[at[known], one.cells.measure[known]] = True
        return table_of(self.units, self.homes, shown, rows, self.people, self.questions, self.responses.instrument)

    def earlier(self) -> tuple[Publication, ...]:
        """The reports on the wave that the record holds."""
        return self.history.publications if self.history else ()

    def _of_these_answers(self, publication: Publication) -> bool:
        """Whether a recorded report is of the very answers that are in the survey, in the units that it names."""
        return publication.data in self.digests and all(unit in self.homes for unit in publication.units)

    def _known(self) -> tuple[Bools, Bools]:
        """(rows), (rows × measures) what a reader may hold: what is printed here, and earlier of the same answers."""
        rows, shown = self.table.rows.copy(), self.table.shown.copy()
        place = {unit: row for row, unit in enumerate(self.units)}
        for publication in filter(self._of_these_answers, self.earlier()):
            at = np.array([place[unit] for unit in publication.units], np.intp)
            rows[at] = True
            asked = {id_: self.questions.place(id_, is_item=True) for id_ in publication.items}
            measures = [measure for measure in asked.values() if measure is not None]
            told = np.zeros((len(at), shown.shape[1]), np.bool_)
            told[:, measures] = True
            for one, withheld in enumerate(publication.withheld[unit] for unit in publication.units):
                if withheld:
                    told[
                        one, [measure for id_, measure in asked.items() if id_ in withheld and measure is not None]
                    ] = False
            shown[at] |= told
        return rows, shown

    def _has_cuts(self) -> bool:
        earlier = (unit for publication in self.earlier() for unit in publication.units)
        return any(unit.cut for unit in (*(unit for one in self.printed for unit in one.units), *earlier))

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The names of units and groups as they are printed, to those that the survey has."""
        return {plain(name): name for home in self.people.homes for name in home}

    def elsewhere(self, one: Printed) -> Elsewhere | None:
        """What a page may say of teams that it leaves to other files; None for all other files."""
        homes = [home[: len(self.responses.levels)] for home in self.people.homes]
        return elsewhere(one, self.printed, homes, self.table, self.questions)
