"""Findings → ReportContent: decide what to say, once, for every format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import languages
from ..analysis.findings import Findings, Unit
from ..analysis.scores import Score, Scores, Spread, Withheld
from ..surveys.instrument import Item, ResponseScale, in_language
from . import explanations, wording
from .beside import standing_apart, standings
from .cells import cells_of, nearly_percent, rows_of
from .comments import comment_notes, comment_questions
from .content import (
    Band,
    Cell,
    DistributionRow,
    ItemGroup,
    ReportContent,
    ScoreRow,
    Standing,
    UnitRow,
    UnitScore,
    in_a_sentence,
)
from .design import PLAIN, Design
from .evidence import evidence_content, people_asked, unit_evidence
from .gaps_across import gap_notes, gap_rows
from .groups_across import cut_notes, cut_rows
from .merged_teams import merged_facts
from .method import method

_MOST_DISTRIBUTED = 200  # units; above that the answers of single teams are not spread out point by point
# By the numbers of `Scores.standing` (0, 1, NO_STANDING = 2, … and -1 = below from the end), withheld cells in between.
_STANDINGS: tuple[Standing, ...] = ("same", "above", "none", "withheld", "below")


@dataclass(frozen=True, slots=True)
class Look:
    """What a person chose for the report. title: "" for the name of the file; date: "" for none.

    team_reports: a page for every team is wanted too, so the answers of every team are spread out.
    audited: whether what is written is audited before anybody sees it.
    """

    title: str = ""
    date: str = ""
    lang: str = "en"
    team_reports: bool = False
    audited: bool = True
    design: Design = PLAIN


def compose(findings: Findings, look: Look, *, version: str) -> ReportContent:
    """All that the organisation report says, in the language of the look."""
    with languages.speaking(look.lang):
        return _composed(findings, look, version)


def _composed(findings: Findings, look: Look, version: str) -> ReportContent:
    title = look.title or _stem(findings.source.name)
    merged = tuple(one for one in findings.source.merged if one.wave == findings.wave)
    names = _unit_names(findings.units, title)
    dimensions = _dimension_rows(findings, look.lang)
    groups = _item_groups(findings, look.lang)
    units = _unit_rows(findings, names, look.lang)
    return ReportContent(
        title=title,
        subtitle=explanations.subtitle(findings),
        lang=look.lang,
        version=version,
        date=languages.date(look.date),
        source=findings.source.name,
        wave=findings.wave,
        instrument_id=findings.instrument.id,
        instrument=in_language(findings.instrument.titles, look.lang),
        min_group=findings.policy.smallest,
        rules=findings.policy.digest,
        directed=findings.instrument.directed,
        bands=explanations.bands(findings),
        notices=explanations.notices(findings, audited=look.audited),
        summary=explanations.summary(findings, look.lang),
        dimensions_caption=explanations.dimensions_caption(findings, look.lang),
        dimensions=dimensions,
        items_caption=explanations.items_caption(findings),
        items=groups,
        units_caption=explanations.units_caption(findings, look.lang),
        units_legend=explanations.legend(),
        withheld_note=explanations.withheld_note(findings),
        units=units,
        distributions=_distributions(findings, names, look),
        reading=(*explanations.reading(findings, look.lang), *merged_facts(merged)),
        quality=explanations.quality(findings, look.lang),
        advice=explanations.advice(),
        method=method(findings, look.lang),
        cut_notes=cut_notes(findings),
        cuts=cut_rows(findings, names),
        beside=standing_apart(units, dimensions),
        gap_notes=gap_notes(findings, look.lang),
        gaps=gap_rows(findings, names, look.lang),
        comment_notes=comment_notes(findings),
        comments=comment_questions(findings, names),
        evidence=evidence_content(
            findings,
            [row.label for row in dimensions],
            [item_label(item, look.lang) for item in findings.instrument.items],
        ),
        design=look.design,
        merged=merged,
    )


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] or name


def _unit_names(units: Sequence[Unit], title: str) -> tuple[str, ...]:
    """What each row is called; `rest` rows by the unit whose rest they are."""
    names: list[str] = []
    for unit in units:
        parent = names[unit.parent] if unit.parent is not None else title
        names.append({"organisation": title, "rest": wording.everybody_else(parent)}.get(unit.kind, unit.name))
    return tuple(names)


def _dimension_rows(findings: Findings, lang: str) -> tuple[ScoreRow, ...]:
    rows = []
    for column, dimension in enumerate(findings.joint_dimensions):
        name, about = in_language(dimension.names, lang), in_language(dimension.abouts, lang)
        (scale, *_) = (item.scale for item in findings.instrument.items_of(dimension.id))
        rows.append(_score_row(dimension.id, name, about, findings.dimensions, column, scale))
    return tuple(rows)


def _item_groups(findings: Findings, lang: str) -> tuple[ItemGroup, ...]:
    column = {item.id: index for index, item in enumerate(findings.instrument.items)}
    groups = []
    for dimension in findings.instrument.dimensions:
        name = in_language(dimension.names, lang)
        items = findings.instrument.items_of(dimension.id)
        rows = [_item_row(item, findings.items, column[item.id], lang) for item in items]
        caption = explanations.group_caption(findings, dimension.id, name, lang)
        band = explanations.band_in_words(items, findings)
        groups.append(ItemGroup(dimension.id, name, in_language(dimension.abouts, lang), caption, band, tuple(rows)))
    return tuple(groups)


def _item_row(item: Item, scores: Scores, column: int, lang: str) -> ScoreRow:
    return replace(
        _score_row(item.id, item_label(item, lang), "", scores, column, item.scale, points=points(item.scale, lang)),
        reverse=item.reverse,
        remark=explanations.remark(item),
        bands=tuple(_band(item.scale, value) for value in item.scale.values),
    )


def _band(scale: ResponseScale, value: int) -> Band:
    if value in scale.favourable:
        return "upper"
    return "lower" if value in scale.unfavourable else "middle"


def item_label(item: Item, lang: str) -> str:
    """The text of an item, or its id where the instrument ships without wording."""
    return in_language(item.texts, lang) or item.id


def points(scale: ResponseScale, lang: str) -> tuple[str, ...]:
    """The labels of a scale, lowest first; its numbers where it has no labels."""
    labels = scale.labels.get(lang) or scale.labels.get("en") or next(iter(scale.labels.values()), ())
    return tuple(labels) or tuple(str(value) for value in scale.values)


def _score_row(
    id_: str,
    label: str,
    about: str,
    scores: Scores,
    column: int,
    scale: ResponseScale,
    *,
    points: tuple[str, ...] = (),
) -> ScoreRow:
    score = scores.at(0, column)
    cells = _score_cells(score)
    spread = _spread_cells(score)
    return ScoreRow(
        id=id_,
        label=label,
        about=about,
        reverse=False,
        remark="",
        points=points,
        bands=(),
        distribution=_distribution_cells(score, len(points)),
        sentence=in_a_sentence(label, cells["index"], cells["low"], cells["high"], cells["n"]),
        scale=(scale.values[0], scale.values[-1]),
        **cells,
        **spread,
        **_precision_cells(scores, column, len(scale.values) - 1),
    )


def _precision_cells(scores: Scores, column: int, steps: int) -> dict[str, Cell]:
    """How people's answers spread, all over and inside the printed groups, on 0 to 100. steps: of the scale."""
    if not scores.detailed[0, column]:
        return dict.fromkeys(("sd_index", "sd_within", "degrees"), wording.withheld())
    own, within, degrees = (float(values[column]) for values in (scores.sd[0], scores.within_sd, scores.within_degrees))
    return {
        "sd_index": wording.tenths(own / steps * 100),
        "sd_within": wording.tenths(within / steps * 100),
        "degrees": wording.count(int(degrees)) if within == within else wording.undefined(),  # noqa: PLR0124 (NaN)
    }


def _score_cells(score: Score | Withheld) -> dict[str, Cell]:
    match score:
        case Withheld():
            return dict.fromkeys(("n", "index", "low", "high", "mean"), wording.withheld())
        case Score():
            return {
                "n": wording.count(score.n),
                "index": wording.index(score.index),
                "low": wording.index(score.low),
                "high": wording.index(score.high),
                "mean": wording.on_scale(score.mean),
            }


def _spread_cells(score: Score | Withheld) -> dict[str, Cell]:
    names = ("favourable", "neutral", "unfavourable", "favourable_low", "favourable_high")
    match _spread(score):
        case Withheld():
            return dict.fromkeys(("sd", *names), wording.withheld())
        case Spread() as spread:
            sd = wording.withheld() if isinstance(spread.sd, Withheld) else wording.on_scale(spread.sd)
            return {"sd": sd, **{name: wording.percent(getattr(spread, name)) for name in names}}


def _spread(score: Score | Withheld) -> Spread | Withheld:
    return score if isinstance(score, Withheld) else score.spread


def _distribution_cells(score: Score | Withheld, size: int) -> tuple[Cell, ...]:
    match _spread(score):
        case Withheld():
            return (wording.withheld(),) * size
        case Spread() as spread:
            return tuple(wording.percent(share) for share in spread.distribution)


def _unit_rows(findings: Findings, names: Sequence[str], lang: str) -> tuple[UnitRow, ...]:
    dimension_names = [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]
    item_names = [item_label(item, lang) for item in findings.instrument.items]
    dimensions = _unit_scores(findings.dimensions, names, dimension_names)
    items = _unit_scores(findings.items, names, item_names)
    evidence = unit_evidence(findings)
    beside = standings(findings, names)
    rows: list[UnitRow] = []
    for position, unit in enumerate(findings.units):
        above = rows[unit.parent].path if unit.parent is not None else ()
        rows.append(
            UnitRow(
                id=f"unit-{position}",
                name=names[position],
                kind=unit.kind,
                level=unit.level,
                depth=unit.depth,
                path=above if unit.kind in {"organisation", "rest"} else (*above, unit.name),
                withheld=isinstance(unit.n, Withheld),
                n=wording.withheld() if isinstance(unit.n, Withheld) else wording.count(unit.n),
                response_rate=_response_rate(unit),
                dimensions=dimensions[position],
                items=items[position],
                evidence=evidence[position],
                asked=people_asked(unit),
                **beside[position],
            )
        )
    return tuple(rows)


def _response_rate(unit: Unit) -> Cell:
    if isinstance(unit.n, Withheld) or isinstance(unit.headcount, Withheld):
        return wording.withheld()
    if unit.headcount is None or unit.headcount < unit.n:
        return wording.unknown()
    return wording.percent(unit.n / unit.headcount)


def _unit_scores(scores: Scores, units: Sequence[str], measures: Sequence[str]) -> list[tuple[UnitScore, ...]]:
    """The scores of all units, row by row; made array by array, since a large organisation has a million of them."""
    shape = scores.shown.shape
    standing = np.where(scores.shown, scores.standing, _STANDINGS.index("withheld"))
    columns = (
        np.repeat(np.array(units, object), shape[1]),
        np.tile(np.array(measures, object), shape[0]),
        cells_of(scores.n, scores.shown, wording.count),
        cells_of(np.rint(scores.index), scores.shown, wording.index),
        cells_of(np.rint(scores.low), scores.shown, wording.index),
        cells_of(np.rint(scores.high), scores.shown, wording.index),
        cells_of(np.round(scores.mean, 2), scores.shown, wording.on_scale),
        cells_of(nearly_percent(scores.favourable), scores.detailed, wording.percent),
        np.array(_STANDINGS, object)[standing.ravel()],
    )
    return rows_of(UnitScore, columns, shape)


def _distributions(findings: Findings, names: Sequence[str], look: Look) -> tuple[DistributionRow, ...]:
    """The spread of every item in every unit that may show it; where teams are very many, only if they have pages."""
    teams_too = look.team_reports or len(findings.units) <= _MOST_DISTRIBUTED
    rows = []
    for position, unit in enumerate(findings.units):
        if unit.kind in {"organisation", "unit"} or teams_too:
            for column, item in enumerate(findings.instrument.items):
                score = findings.items.at(position, column)
                if not isinstance(_spread(score), Withheld):
                    labels = points(item.scale, look.lang)
                    shares = _distribution_cells(score, len(labels))
                    rows.append(
                        DistributionRow(
                            unit=names[position],
                            item=item_label(item, look.lang),
                            points=labels,
                            n=_score_cells(score)["n"],
                            shares=shares,
                            unit_id=f"unit-{position}",
                            item_id=item.id,
                        )
                    )
    return tuple(rows)
