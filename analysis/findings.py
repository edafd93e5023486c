"""Findings: all that may be published of one wave, and `analyze`, the one door to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ..surveys.errors import ConfigError, MappingError, PsafetyError
from ..surveys.headcounts import Headcounts
from ..surveys.instrument import Dimension, Instrument
from ..surveys.quality import Quality
from ..surveys.responses import Responses, Source, of_wave, waves_of
from .against import Against, set_against
from .comments import Comments, publish_comments
from .counted import Counted
from .cut_gaps import cut_gaps
from .cut_scores import NO_CUTS, CutNames, CutPrecision, Cuts, cut_cells, score_cuts
from .disclosure.certificate import Indices
from .disclosure.cover import covered
from .disclosure.cuts import Cover, publish_cuts
from .disclosure.policy import Policy
from .disclosure.protection import (
    Bools,
    answers_as_states,
    answers_rule,
    headcount_rule,
    headcounts_as_states,
    publishable,
    residues,
    weights,
)
from .evidence import Basis, Evidence, evidence_of, require_outcome
from .hierarchy import Hierarchy, build_hierarchy
from .indicators import number_of
from .layout import Layout, lay_out
from .scores import WITHHELD, Counts, Floats, Scores, Withheld
from .scoring import Atoms, Rows, dimension_precision, item_precision, score_dimensions, score_items
from .sums import Sums, attached_sums
from .tally import Tally, tally
from .waves import latest, listed

_USUAL = Policy().min_group

Kind = Literal["organisation", "unit", "team", "rest"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the report: a node of the hierarchy, parents before children, siblings by name, `rest` last.

    kind: "rest" is the row of everybody in a unit who is in none of its published parts.
    level: the heading of the column it comes from ("Division", "Team"); "" for the organisation.
    parent: index of the parent among `Findings.units`; None for the organisation.
    path: its names from the outermost level inwards, "" for a level it skips; of a `rest` that of the unit it is in.
    n: people who answered at least one item; headcount: people asked, None where not known.
    """

    name: str
    kind: Kind
    level: str
    depth: int
    parent: int | None
    n: int | Withheld
    headcount: int | Withheld | None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What may be published of one wave; nothing else enters a report.

    units: the organisation first. dimensions, items: their scores, one row per unit.
    source: of the file as a whole. quality: of this wave, but for rows without any answer, which are those of the file.
    other_waves: waves that the file holds besides this one.
    finite_population: whether the intervals make use of the headcounts.
    evidence: whether averages are team scores, and what goes with what.
    data_digest: tells whether two findings are of the same answers (see `Tally.digest`).
    renewed: by which digest a record of an earlier version knows the answers → by which one now; also with the cuts.
    recorded: whether they were made with the key of a record, and so with the cover.
    cuts: groups across the organisation, where they were asked for.
    comments: what people wrote, by question, where it was asked for; nobody's words are told from others'.
    against: how far each unit stands from everybody else in the organisation, and in the unit above it.
    """

    instrument: Instrument
    policy: Policy
    source: Source
    quality: Quality
    wave: str
    other_waves: tuple[str, ...]
    units: tuple[Unit, ...]
    dimensions: Scores
    items: Scores
    finite_population: bool
    evidence: Evidence
    data_digest: str = ""
    renewed: Mapping[str, str] = field(default_factory=dict)
    recorded: bool = False
    cuts: Cuts = NO_CUTS
    comments: tuple[Comments, ...] = ()
    against: Against | None = None

    @property
    def joint_dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that have a joint score, in the order of `dimensions.columns`."""
        return tuple(dimension for dimension in self.instrument.dimensions if dimension.part != "outcome")


def analyze(
    responses: Responses | Counted,
    policy: Policy | None = None,
    *,
    wave: str | None = None,
    headcounts: Headcounts | None = None,
    finite_population: bool = False,
    key: str = "",
    outcome: str = "",
) -> Findings:
    """All findings of one wave that may be published.

    wave: which one, where the file holds several; None takes the last, where their order is plain.
    key: the secret of the wave in its record (hexadecimal), by which a few cells of teams are withheld as a cover; ""
        for findings that are not recorded: then there is no cover, and a single withheld cell can be a hint.
    headcounts: people asked; finite_population: narrow the intervals by the share who answered (needs headcounts).
    outcome: id of a dimension or an item of which drivers are looked for, beside those of speaking up.
    Raises ConfigError for a wave or an outcome that is not there or an unclear order, PsafetyError where too few people
    answered.
    """
    if finite_population and headcounts is None:
        raise ConfigError("Intervals for a finite population need headcounts.", hint="Give them with --headcounts.")
    waves = responses.waves if isinstance(responses, Counted) else waves_of(responses)
    chosen = latest(waves) if wave is None else wave
    if chosen not in waves:
        raise ConfigError(f"The file holds no wave “{chosen}”.", hint=f"It holds: {listed(waves)}.")
    if isinstance(responses, Counted):
        counted, quality = responses.tally, responses.quality_of(chosen)
    else:
        mine = responses if len(waves) == 1 else of_wave(responses, chosen)
        counted, quality = tally(mine), mine.quality
    return protect(
        counted.of_wave(chosen),
        policy or Policy(),
        source=responses.source,
        quality=quality,
        other_waves=tuple(name for name in waves if name != chosen),
        headcounts=headcounts,
        finite_population=finite_population,
        key=key,
        outcome=outcome,
    )


def protect(
    counted: Tally,
    policy: Policy,
    *,
    source: Source,
    quality: Quality,
    other_waves: tuple[str, ...] = (),
    headcounts: Headcounts | None = None,
    finite_population: bool = False,
    key: str = "",
    outcome: str = "",
) -> Findings:
    """Decide over all units and cells together what may be published, and derive every figure from that alone.

    counted: the tally of one wave. key, outcome: see `analyze`.
    Raises PsafetyError where fewer than `policy.smallest` people answered, ConfigError for an unknown outcome.
    """
    (wave,) = counted.waves
    instrument = counted.instrument
    require_outcome(instrument, outcome)
    joint = tuple(dimension.id for dimension in instrument.dimensions if dimension.part != "outcome")
    hierarchy = build_hierarchy(counted.people.index, counted.levels)
    totals, published, item_shown = _published(hierarchy, counted, joint, policy, key)
    layout, rows, atoms = _rows(hierarchy, totals, (published, item_shown), instrument, joint)
    del totals  # no longer needed, and large
    asked = _asked(hierarchy, layout, published, headcounts)
    believable = np.where(asked >= rows.sums.people, asked, np.nan)  # more answers than people: the headcount is wrong
    if finite_population:
        rows = replace(rows, population=believable)
    items = score_items(rows, atoms, instrument, policy)
    dimensions = score_dimensions(rows, atoms, items, instrument, joint, policy)
    units = _units(hierarchy, layout, counted.levels, rows, asked)
    teams, above = (np.array([unit.kind == kind for unit in units]) for kind in ("team", "unit"))
    basis = Basis(instrument, rows.sums, counted.joint[wave], dimensions, items, teams, above, believable)
    digests, cuts_digests = counted.digests, counted.cuts_digests
    return Findings(
        instrument=instrument,
        policy=policy,
        source=source,
        quality=quality,
        wave=wave,
        other_waves=other_waves,
        units=units,
        dimensions=dimensions,
        items=items,
        finite_population=finite_population,
        evidence=evidence_of(basis, policy, outcome=outcome),
        data_digest=digests.data,
        renewed={one.former: one.data for one in (digests, cuts_digests) if one.former},
        recorded=bool(key),
        cuts=_cuts(counted, hierarchy, layout, (published, item_shown), (rows, atoms), joint, policy, key),
        comments=publish_comments(counted.comments, hierarchy, layout, published, len(counted.levels), policy, key=key),
        against=set_against(rows, atoms, layout.parents, (dimensions, items), instrument, policy),
    )


def _require_enough(people: int, policy: Policy) -> None:
    if people < policy.smallest:
        raise PsafetyError(
            f"Only {people} {'person' if people == 1 else 'people'} answered. Below {policy.smallest}, no figure can"
            " be shown without giving answers away.",
            hint="Wait for more answers" + (", or choose a smaller --min-group." if policy.min_group > _USUAL else "."),
        )


def _published(
    hierarchy: Hierarchy, counted: Tally, joint: tuple[str, ...], policy: Policy, key: str
) -> tuple[Sums, Bools, Bools]:
    """The sums of every unit, (units) which of them may be published, and (units × items) which of their cells."""
    attached = attached_sums(counted, hierarchy, joint)
    totals = attached.each(hierarchy.below)
    _require_enough(int(totals.people[0]), policy)
    published = _published_units(hierarchy, attached, totals, policy)
    open_cells = published[:, None] & ~_cover(hierarchy, counted, policy, key)
    return totals, published, _published_items(hierarchy, attached, totals, open_cells, policy)


def _rows(
    hierarchy: Hierarchy, totals: Sums, shown: tuple[Bools, Bools], instrument: Instrument, joint: tuple[str, ...]
) -> tuple[Layout, Rows, Atoms]:
    """What is printed of the units and items that may be (`shown`), and what a reader can take apart of it."""
    published, item_shown = shown
    left = totals.each(lambda counts: residues(hierarchy, published, counts))
    item_residues = residues(hierarchy, item_shown, totals.items)
    layout = lay_out(hierarchy, published, left.people)
    rows = Rows(
        sums=left.at(layout.units).where(layout.rest, totals.at(layout.units)),
        compared=~layout.rest & (layout.parents >= 0),
        population=np.full(len(layout.units), np.nan),
        published=published[layout.units],
        item_shown=_item_shown(layout, item_shown, left.items, item_residues),
    )
    return (
        layout,
        rows,
        Atoms(item_residues, _scored_residues(hierarchy, item_shown, totals.without_items(), instrument, joint)),
    )


def _published_units(hierarchy: Hierarchy, attached: Sums, totals: Sums, policy: Policy) -> Bools:
    """(units) which units may be published: the exact optimum under the rule on people."""
    return publishable(
        hierarchy,
        headcount_rule(policy.smallest),
        headcounts_as_states(attached.people, policy.smallest)[:, None],
        (totals.people >= policy.smallest)[:, None],
        weights(hierarchy, totals.people),
    )[:, 0]


def _cover(hierarchy: Hierarchy, counted: Tally, policy: Policy, key: str) -> Bools:
    """(units × items) the cells of teams that are withheld by lot; none without a key."""
    items = [item.id for item in counted.instrument.items]
    cover = np.zeros((len(hierarchy), len(items)), np.bool_)
    teams = np.flatnonzero((hierarchy.levels == len(counted.levels) - 1) & (hierarchy.depths > 0))
    if key:
        cover[teams] = covered(key, [hierarchy.paths[team] for team in teams], items, policy.cover)
    return cover


def _published_items(hierarchy: Hierarchy, attached: Sums, totals: Sums, open_cells: Bools, policy: Policy) -> Bools:
    """(units × items) which of the open item cells may be published: the same, item by item, on answers."""
    return publishable(
        hierarchy,
        answers_rule(policy.smallest, attached.items.shape[-1]),
        answers_as_states(attached.items, policy.smallest),
        open_cells & (number_of(totals.items) >= policy.smallest),
        weights(hierarchy, totals.people),
    )


def _cuts(
    counted: Tally,
    hierarchy: Hierarchy,
    layout: Layout,
    shown: tuple[Bools, Bools],
    scored: tuple[Rows, Atoms],
    dimensions: tuple[str, ...],
    policy: Policy,
    key: str,
) -> Cuts:
    """The cuts that may be printed beside the units and items that are (`shown`), with intervals as wide as theirs."""
    if not counted.cuts:
        return NO_CUTS
    items = counted.instrument.items
    names = CutNames.of(counted)
    points = np.array([len(item.scale.values) for item in items])
    members = np.array([[item.dimension == name for name in dimensions] for item in items], np.float64)
    by_item, by_dimension = item_precision(*scored), dimension_precision(*scored, members, policy)
    of_dimensions = CutPrecision(
        by_dimension.pooled_sd,
        by_dimension.pooled_degrees,
        np.array([len(counted.instrument.items_of(name)[0].scale.values) for name in dimensions], np.int64),
    )
    cuts = score_cuts(
        publish_cuts(
            cut_cells(counted, hierarchy, names),
            hierarchy,
            *shown,
            policy,
            points=points.tolist(),
            cover=_cover_of_cuts(hierarchy, counted, names, policy, key) if key else None,
        ),
        names,
        layout,
        items=CutPrecision(by_item.pooled_sd, by_item.pooled_degrees, points),
        dimensions=of_dimensions,
        members=members,
        dimension_items=policy.dimension_items,
        digest=counted.cuts_digest,
    )
    return replace(cuts, gaps=cut_gaps(cuts.rows, of_dimensions))


def _scored_residues(
    hierarchy: Hierarchy, item_shown: Bools, totals: Sums, instrument: Instrument, dimensions: tuple[str, ...]
) -> Sums:
    """What is left of each unit beyond its parts, dimension by dimension, of units that print every item of it.

    How persons' scores differ inside smaller groups would tell their sums, and so the sum of an item withheld there.
    """
    members = np.array([[item.dimension == name for name in dimensions] for item in instrument.items], np.int64)
    whole = (~item_shown).astype(np.int64) @ members.reshape(len(instrument.items), -1) == 0
    return replace(totals, scores=residues(hierarchy, whole, totals.scores))


def _cover_of_cuts(hierarchy: Hierarchy, counted: Tally, names: CutNames, policy: Policy, key: str) -> Cover:
    """Which cells of groups are withheld by lot, by the unit, the attribute and the value of a group."""
    items = [item.id for item in counted.instrument.items]

    def cover(units: Indices, attributes: Indices, values: Indices) -> Bools:
        rows = zip(units.tolist(), attributes.tolist(), values.tolist(), strict=True)
        groups = [("cut", *hierarchy.paths[u], names.attributes[a], names.values[a][v]) for u, a, v in rows]
        return covered(key, groups, items, policy.cover)

    return cover


def _item_shown(layout: Layout, item_shown: Bools, residue: Counts, item_residue: Counts) -> Bools:
    """(rows × items) which cells may be published.

    A `rest` row shows an item only where it is about the same people as the row: where no published part of the unit is
    hidden for that item.
    """
    same = (residue == item_residue).all(axis=-1)[layout.units]
    return np.asarray(item_shown[layout.units] & (same | ~layout.rest[:, None]))


def _asked(hierarchy: Hierarchy, layout: Layout, published: Bools, headcounts: Headcounts | None) -> Floats:
    """(rows) how many people were asked, NaN where the headcounts do not tell.

    Raises MappingError where the headcounts cannot tell two units apart.
    """
    asked = np.full(len(hierarchy), np.nan)
    if headcounts is not None:
        sums, seen = headcounts.sums(), set()
        for unit, path in enumerate(hierarchy.paths):
            if path and not headcounts.named[len(path) - 1]:
                continue
            names = tuple(name for name, named in zip(path, headcounts.named, strict=False) if named)
            if names in seen:
                raise MappingError(
                    f"Two units are called “{path[-1]}”, and the headcounts do not say which is which.",
                    hint="Add the columns of the units above to the headcounts, called as in the survey.",
                )
            seen.add(names)
            asked[unit] = sums.get(names, np.nan)
    left = residues(hierarchy, published, asked)
    return np.where(layout.rest, left[layout.units], asked[layout.units])


def _units(
    hierarchy: Hierarchy, layout: Layout, levels: tuple[str, ...], rows: Rows, asked: Floats
) -> tuple[Unit, ...]:
    """The rows in words and whole numbers; withheld ones keep their name alone."""
    units = []
    for row, (unit, is_rest) in enumerate(zip(layout.units.tolist(), layout.rest.tolist(), strict=True)):
        path = hierarchy.paths[unit]
        known = None if np.isnan(asked[row]) else int(asked[row])
        units.append(
            Unit(
                name=path[-1] if path else "",
                kind=_kind(path, levels, is_rest=is_rest),
                level=levels[len(path) - 1] if path and not is_rest else "",
                depth=int(hierarchy.depths[unit]) + is_rest,
                parent=int(layout.parents[row]) if row else None,
                n=int(rows.sums.people[row]) if rows.published[row] else WITHHELD,
                headcount=known if rows.published[row] else WITHHELD,
                path=path,
            )
        )
    return tuple(units)


def _kind(path: tuple[str, ...], levels: tuple[str, ...], *, is_rest: bool) -> Kind:
    if is_rest:
        return "rest"
    if not path:
        return "organisation"
    return "team" if len(path) == len(levels) else "unit"
