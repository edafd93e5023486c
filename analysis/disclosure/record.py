"""The record: what was published of each wave, without any answer; and whether one more report may join it.

A wave is frozen when it is first reported on. The danger is not the next wave but the *same answers twice*: with late
ones, corrected, sorted into other units, added up with others, under other rules. A reader of both reports subtracts
one from the other. So a report on recorded answers is made again only where it says just the same; anything else is
refused, unless the earlier report was never shared, or both were shown to be harmless together (see `overlap`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from ...surveys.errors import RecordError
from ...surveys.instrument import Instrument
from ...surveys.phrases import listed
from ...surveys.responses import Responses
from ..findings import Findings
from ..scores import Scores, Withheld
from ..tally import tally
from ..waves import may_overlap
from .overlap import Leak, Shown, leaks

_MOST_NAMED = 3  # leaks in a message

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A unit that was printed, or a group of it, and what of it was not.

    path: as of `findings.Unit`. n: people. attribute, value: of a group, the cut and what its people stated; "" for a
    unit as a whole. without_items, without_dimensions: ids of the scores that were withheld.
    """

    path: Path
    n: int
    attribute: str = ""
    value: str = ""
    without_items: tuple[str, ...] = ()
    without_dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """What one report printed, and of what it was made.

    data: `Tally.digest`. file: name of the survey file. instrument: its id. scoring: see `scoring_digest`.
    policy, policy_digest: the rules. psafety: version. items, dimensions: ids. units: those printed, in their order.
    date: as printed; "" for none. cuts: those printed; cuts_data: `Tally.cuts_digest`, "" without cuts.
    comments: the questions whose comments were printed. wave_column: the heading of the column that tells the wave, in
        small letters; "" where a person named the wave, or nobody did.
    """

    data: str
    file: str
    instrument: str
    scoring: str
    policy: Mapping[str, float]
    policy_digest: str
    psafety: str
    items: tuple[str, ...]
    dimensions: tuple[str, ...]
    units: tuple[PublishedRow, ...]
    date: str = ""
    cuts_data: str = ""
    cuts: tuple[PublishedRow, ...] = ()
    comments: tuple[str, ...] = ()
    wave_column: str = ""

    def holds(self, other: "Publication") -> bool:
        """Whether this says all that the other says: of the same answers, by the same rules, at least as much shown."""
        alike = all(getattr(self, name) == getattr(other, name) for name in ("data", "scoring", "policy_digest"))
        return alike and (not other.cuts or self.cuts_data == other.cuts_data) and self._prints(other)

    def _prints(self, other: "Publication") -> bool:
        """Whether this prints all that the other prints."""
        names = ("items", "dimensions", "units", "cuts", "comments")  # where they are the same, nothing need be listed
        return all(getattr(self, name) == getattr(other, name) for name in names) or self.printed >= other.printed

    def renewed(self, digests: Mapping[str, str]) -> Self:
        """The same with its digests as they are now; see `Record.renewed`."""
        return replace(
            self,
            data=digests.get(self.data, self.data),
            cuts_data=digests.get(self.cuts_data, self.cuts_data),
        )

    @property
    def printed(self) -> frozenset[tuple[object, ...]]:
        """Every row that is printed, and every score in it."""
        scores = [("item", name) for name in self.items] + [("dimension", name) for name in self.dimensions]
        printed: set[tuple[object, ...]] = {("comments", name) for name in self.comments}
        for row in (*self.units, *self.cuts):
            place = (row.path, row.attribute, row.value)
            withheld = {("item", name) for name in row.without_items}
            withheld.update(("dimension", name) for name in row.without_dimensions)
            printed.add((*place, row.n))
            printed.update((*place, score) for score in scores if score not in withheld)
        return frozenset(printed)

    @property
    def smallest(self) -> int:
        """As of its policy."""
        return int(self.policy["min_group"] + self.policy["coalition"])


@dataclass(frozen=True, slots=True)
class Wave:
    """What was published of one wave. key: the secret of its cover, 32 hexadecimal digits.

    pairs: the name of an earlier wave → the fingerprint of the people in both, where these were compared.
    """

    key: str
    publications: tuple[Publication, ...]
    pairs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """All that was published. waves: by name; "" for answers of which the file does not say the wave."""

    waves: Mapping[str, Wave] = field(default_factory=dict)

    def renewed(self, digests: Mapping[str, str]) -> Self:
        """The record with the digests of an earlier version as they are now, where it holds some of these answers.

        digests: see `Findings.renewed`. Reports of that time printed nothing but what the former digest is made of, so
        they are reports on the same answers, and may be made again. The very same record where there is none.
        """
        old = {one.data for wave in self.waves.values() for one in wave.publications}
        if not old & digests.keys():
            return self
        return type(self)(
            {
                name: replace(wave, publications=tuple(one.renewed(digests) for one in wave.publications))
                for name, wave in self.waves.items()
            }
        )

    def key_for(self, wave: str, data: str) -> str:
        """The key of a wave, also where its answers stand there without a name; "" for a new wave."""
        known = self.waves.get(wave) or self._unnamed(data)
        return known.key if known else ""

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The waves of which the people were compared by their codes, the earlier first."""
        return tuple((earlier, later) for later, wave in self.waves.items() for earlier in wave.pairs)

    def without_pairs(self, links: AbstractSet[tuple[str, str]]) -> Self:
        """The record without some of these comparisons, given with either wave first."""
        gone = links | {link[::-1] for link in links}
        return type(self)(
            {
                name: replace(
                    wave, pairs={other: kept for other, kept in wave.pairs.items() if (other, name) not in gone}
                )
                for name, wave in self.waves.items()
            }
        )

    def _unnamed(self, data: str) -> Wave | None:
        unnamed = self.waves.get("")
        return unnamed if unnamed and unnamed.publications[0].data == data else None


def publication(findings: Findings, *, version: str, date: str = "") -> Publication:
    """What a report on these findings prints."""
    return Publication(
        data=findings.data_digest,
        file=findings.source.name,
        instrument=findings.instrument.id,
        scoring=scoring_digest(findings.instrument),
        policy=asdict(findings.policy),
        policy_digest=findings.policy.digest,
        psafety=version,
        items=findings.items.columns,
        dimensions=findings.dimensions.columns,
        units=tuple(
            PublishedRow(
                unit.path,
                unit.n,
                without_items=_withheld(findings.items, row),
                without_dimensions=_withheld(findings.dimensions, row),
            )
            for row, unit in enumerate(findings.units)
            if unit.kind != "rest" and not isinstance(unit.n, Withheld)
        ),
        date=date,
        cuts_data=findings.cuts.digest,
        cuts=tuple(
            PublishedRow(
                findings.units[row.unit].path,
                row.n,
                row.attribute,
                row.value,
                _absent(findings.items.columns, row.items),
                _absent(findings.dimensions.columns, row.dimensions),
            )
            for row in findings.cuts.rows
            if not isinstance(row.n, Withheld)
        ),
        comments=tuple(asked.question for asked in findings.comments if asked.groups),
        wave_column=next((_plain(column.name) for column in findings.source.columns if column.role == "wave"), ""),
    )


def _plain(name: str) -> str:
    """A name without what does not tell it from another: capitals, blanks, signs."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _absent(names: Sequence[str], scores: Sequence[object]) -> tuple[str, ...]:
    return tuple(name for name, score in zip(names, scores, strict=True) if isinstance(score, Withheld))


def _withheld(scores: Scores, row: int) -> tuple[str, ...]:
    return tuple(name for name, shown in zip(scores.columns, scores.shown[row].tolist(), strict=True) if not shown)


def scoring_digest(instrument: Instrument) -> str:
    """SHA-256 of what makes scores of answers: items, their points, which are turned round, dimensions, gaps allowed.

    Wording and favourable bands do not enter: they say nothing that the distribution does not say.
    """
    items = sorted((item.id, item.dimension, list(item.scale.values), item.reverse) for item in instrument.items)
    joint = sorted(dimension.id for dimension in instrument.dimensions if dimension.part != "outcome")
    rules = json.dumps([items, joint, instrument.min_answered], separators=(",", ":"))
    return hashlib.sha256(rules.encode()).hexdigest()


# Whether one more report may join -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Clash:
    """A recorded wave with which a new report may not stand. problem, hint: in words; hint: beside the two ways on."""

    wave: str
    problem: str
    hint: str = ""


def joined(
    record: Record, wave: str, key: str, new: Publication, *, named: bool = False, replaces: bool = False
) -> Record:
    """The record with one more report; the very same where it says nothing new.

    A report that says all that the earlier one says, and more (with cuts added, say), takes its place: that all of it
    can be shown together was decided when it was made.
    key: of the wave, where it is not recorded yet. named: whether a person says that this is a wave of its own.
    replaces: the reports that stand in its way were never shared with anybody; they leave the record.
    Raises RecordError where the report may not join.
    """
    if _known(record, wave, new):
        return record
    own = record.waves.get(wave)
    if own and all(new.holds(one) for one in own.publications):
        return _with_more(record, wave, new, replaces=replaces)
    if _names_the_unnamed(record, wave, new):
        others = {name: entry for name, entry in record.waves.items() if name}
        return Record({**others, wave: record.waves[""]})
    clashes = _clashes(record, wave, new, named=named)
    if clashes and not replaces:
        raise _refused(record, clashes)
    gone = {clash.wave for clash in clashes}
    left = {name: entry for name, entry in record.waves.items() if name not in gone}
    return Record({**left, wave: Wave(own.key if own else key, (new,))})


def _with_more(record: Record, wave: str, new: Publication, *, replaces: bool) -> Record:
    """The record with a report that says all that the earlier ones on its wave say, and more, in their place.

    Raises RecordError where it has other rows, and people of the wave were compared by codes: these were held against
    the earlier rows alone.
    """
    own = record.waves[wave]
    printed = frozenset().union(*(one.printed for one in own.publications))
    more = {entry for entry in new.printed - printed if entry[0] != "comments"}
    links = {link for link in record.links if wave in link}
    if more and links and not replaces:
        raise RecordError(
            f"People of {_called(wave)} were compared with those of another wave by their codes. This report has more"
            " rows than there were then: that both together tell few people apart is not ruled out.",
            hint="Make the report with the rows it had: without --cut, say. If that comparison was never shared with"
            " anybody, add --replaces.",
        )
    left = record.without_pairs(links) if more and links else record
    return Record({**left.waves, wave: replace(left.waves[wave], publications=(new,))})


def joined_beside(
    record: Record,
    wave: str,
    key: str,
    new: Publication,
    *,
    earlier: Responses,
    later: Responses,
    named: bool = False,
) -> Record:
    """The record with one more report on answers of which an earlier one stands there, if both together are harmless.

    earlier, later: the answers of one wave that the earlier and the new report are made of.
    Raises RecordError where they are not what was recorded, or where something can be worked out from both reports.
    """
    if _known(record, wave, new):
        return record
    clashes = _clashes(record, wave, new, named=named)
    if not clashes:
        return joined(record, wave, key, new, named=named)
    old = _only_publication(record, clashes)
    if old.data not in tally(earlier).digests:
        raise RecordError(
            "The earlier export does not hold the answers that the earlier report was made of, as far as can be told.",
            where=f"The report was made of {old.file}.",
            hint="Give that export, unchanged, with --earlier.",
        )
    if old.scoring != new.scoring:
        raise RecordError(
            "The questionnaire is scored in another way than in the earlier report; the two cannot be compared person"
            " by person.",
            hint="Use the earlier questionnaire. If the earlier report was never shared with anybody, add --replaces.",
        )
    if old.cuts or new.cuts or old.comments or new.comments:
        raise RecordError(
            "Reports with cuts or comments cannot be checked together with other reports on the same answers.",
            hint="Leave them out. If the earlier report was never shared with anybody, add --replaces instead.",
        )
    if any({wave, clash.wave} & set(link) for clash in clashes for link in record.links):
        raise RecordError(
            "People of this wave were compared with those of another by their codes. That comparison cannot be checked"
            " together with two reports on the same answers.",
            hint="Do not publish this report. If the earlier one was never shared with anybody, use --replaces.",
        )
    found = _leaks(old, new, earlier, later)
    if found:
        raise _given_away(found, max(old.smallest, new.smallest))
    own = record.waves.get(wave) or Wave(key, ())
    return Record({**record.waves, wave: replace(own, publications=(*own.publications, new))})


def _known(record: Record, wave: str, new: Publication) -> bool:
    own = record.waves.get(wave)
    return own is not None and any(one.holds(new) for one in own.publications)


def _names_the_unnamed(record: Record, wave: str, new: Publication) -> bool:
    """Whether this is the report on the wave without a name, which now has one."""
    return wave not in record.waves and _known(record, "", new)


def _clashes(record: Record, wave: str, new: Publication, *, named: bool) -> tuple[_Clash, ...]:
    return tuple(
        clash
        for name, entry in record.waves.items()
        if (clash := _clash(name, entry, wave, new, named=named)) is not None
    )


def _clash(name: str, entry: Wave, wave: str, new: Publication, *, named: bool) -> _Clash | None:
    """Why a new report on a wave may not stand beside the recorded ones on a wave of this name; None if it may."""
    if name == wave:
        old = entry.publications[-1]
        may_be_new = not wave and not _sorted_otherwise(old, new)
        new_wave = "If these are the answers of a new wave, name it: --wave-name 2026-Q4, for example."
        return _Clash(name, _difference(wave, old, new), new_wave if may_be_new else "")
    if any(one.data == new.data for one in entry.publications):
        return _Clash(name, f"The same answers stand in the record as {_called(name)}.", "Keep that name of the wave.")
    if not wave:
        return _Clash(
            name,
            f"The file does not say which wave it is of, and the record holds {_called(name)}: it is not clear whether"
            " the same people’s answers are in both.",
            "If these are the answers of a new wave, name it: --wave-name 2026-Q4, for example.",
        )
    if not name and not named:
        return _Clash(
            name,
            f"The record holds a report on a wave without a name: it is not clear whether the same answers are part of"
            f" {_called(wave)}.",
            "If they are not, make the report on the earlier export once more, with --wave-name and its name.",
        )
    return _overlapping(name, entry, wave, new) if name else None


def _overlapping(name: str, entry: Wave, wave: str, new: Publication) -> _Clash | None:
    """Why two waves with different names may hold the same people's answers."""
    if _plain(name) == _plain(wave):
        return _Clash(
            name,
            f"The record holds {_called(name)}, which is the same name but for capitals, blanks or signs.",
            "Write the name as it stands in the record.",
        )
    columns = {one.wave_column for one in entry.publications} - {""}
    if new.wave_column and columns and new.wave_column not in columns:
        return _Clash(
            name,
            f"The wave “{name}” was told by another column than “{wave}” is: the same people’s answers may be in both.",
            "Tell the waves of one record by one column: --wave COLUMN=VALUE.",
        )
    if may_overlap(name, wave):
        return _Clash(
            name,
            f"The wave “{wave}” covers some of the same months as {_called(name)}, which stands in the record: answers"
            " that are in both could be subtracted.",
        )
    return None


def _called(wave: str) -> str:
    return f"the wave “{wave}”" if wave else "a wave without a name"


def _difference(wave: str, old: Publication, new: Publication) -> str:
    """What is not as it was at the earlier report, in words."""
    if old.scoring != new.scoring:
        what = "The questionnaire is scored in another way"
    elif _sorted_otherwise(old, new):
        what = "The same file is now read with other levels of teams and units,"
    elif old.data != new.data:
        what = "Answers were added, left out or corrected, or people sorted into other units,"
    elif old.policy_digest != new.policy_digest:
        rules = [
            f"{name} was {old.policy.get(name, 'not there')}, now {value}"
            for name, value in new.policy.items()
            if old.policy.get(name) != value
        ]
        what = f"The rules of disclosure have changed ({listed(rules)})"
    else:
        what = "Other figures on the same answers would be printed: other cuts, or by another version of psafety,"
    return (
        f"{what} since {_called(wave) if wave else 'this wave'} was first reported on. Whoever holds both reports could"
        " work out by subtraction what a few people answered."
    )


def _sorted_otherwise(old: Publication, new: Publication) -> bool:
    """Whether the same people of one file stand in more or fewer levels of units, as where --team was added."""
    levels = [max(len(unit.path) for unit in one.units) for one in (old, new)]
    people = [next(unit.n for unit in one.units if not unit.path) for one in (old, new)]
    return old.file == new.file and people[0] == people[1] and levels[0] != levels[1]


def _refused(record: Record, clashes: tuple[_Clash, ...]) -> RecordError:
    clash = clashes[0]
    ways = (
        "If the earlier report was never shared with anybody, add --replaces. Else give the export it was made of with"
        " --earlier FILE: the report is made if both together give nothing away. Another survey needs a record of its"
        " own: --record FILE."
    )
    return RecordError(
        clash.problem,
        where=f"The report on {_called(clash.wave)} was made of {record.waves[clash.wave].publications[-1].file}.",
        hint=" ".join(filter(None, (clash.hint, ways))),
    )


def _only_publication(record: Record, clashes: tuple[_Clash, ...]) -> Publication:
    """The earlier report. Raises RecordError where there are several."""
    found = [one for clash in clashes for one in record.waves[clash.wave].publications]
    if len(found) > 1:
        raise RecordError(
            f"{len(found)} earlier reports stand in the record that may be on some of the same answers; a new one can"
            " be checked against one of them only.",
            where=f"Waves: {listed([_called(clash.wave) for clash in clashes])}.",
            hint="Do not publish this report. If none of the earlier ones was shared with anybody, use --replaces.",
        )
    return found[0]


def _leaks(old: Publication, new: Publication, earlier: Responses, later: Responses) -> tuple[Leak, ...]:
    before, after = (
        Shown(answers, {unit.path: frozenset(one.items) - frozenset(unit.without_items) for unit in one.units})
        for one, answers in ((old, earlier), (new, later))
    )
    try:
        return leaks(
            before,
            after,
            least=max(old.smallest, new.smallest),
            joint_from=int(max(one.policy["joint_from"] for one in (old, new))),
        )
    except OverflowError:
        raise RecordError(
            "Too many people answered alike to tell who of the one export is who in the other, so it cannot be proved"
            " that both reports together give nothing away.",
            hint="Do not publish this report. If the earlier one was never shared with anybody, use --replaces.",
        ) from None


def _given_away(found: tuple[Leak, ...], least: int) -> RecordError:
    words = [leak.words for leak in found[:_MOST_NAMED]]
    more = len(found) - len(words)
    return RecordError(
        f"Both reports together would tell what fewer than {least} people answered, or people who all answered alike:"
        f" {'; '.join(words)}{f'; and {more} more' if more else ''}.",
        hint="Do not publish this report. If the earlier one was never shared with anybody, use --replaces.",
    )
