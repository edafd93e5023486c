"""Gaps between groups across the organisation: figures and words, for every format."""

from typing import Final

import numpy as np

from ..analysis.cut_scores import CutGap
from ..analysis.findings import Findings
from ..languages import gettext as _, marked, ngettext
from ..surveys.instrument import in_language
from . import wording
from .beside import end_as_printed
from .content import GapRow, Standing

_OPENNESS: Final = "openness"  # the dimension of being oneself without keeping up a front
_SIZES: Final = (
    (0.2, marked("a very small difference")),
    (0.5, marked("a small difference")),
    (0.8, marked("a medium difference")),
    (float("inf"), marked("a large difference")),
)
# By the numbers of `CutGap.standing`: no visible difference, above, and below (-1) from the end.
_STANDINGS: Final[tuple[Standing, ...]] = ("same", "above", "below")


def gap_rows(findings: Findings, names: tuple[str, ...], lang: str) -> tuple[GapRow, ...]:
    """Every two printed groups of one attribute, dimension by dimension. names: what the rows of units are called."""
    labels, ids = _labels(findings, lang), [dimension.id for dimension in findings.joint_dimensions]
    return tuple(
        _row(gap, names[gap.unit], labels[gap.dimension])._replace(
            path=(findings.units[gap.unit].name,) if gap.unit else (), measure_id=ids[gap.dimension]
        )
        for gap in findings.cuts.gaps
    )


def _labels(findings: Findings, lang: str) -> list[str]:
    return [in_language(dimension.names, lang) for dimension in findings.joint_dimensions]


def _row(gap: CutGap, where: str, measure: str) -> GapRow:
    low, high = (wording.signed(float(end_as_printed(np.array(end))) + 0.0) for end in (gap.low, gap.high))
    row = GapRow(
        attribute=gap.attribute,
        one=gap.one,
        other=gap.other,
        where=where,
        measure=measure,
        difference=wording.signed(float(gap.difference)),
        low=low,
        high=high,
        effect=wording.effect_size(round(gap.effect, 2) + 0.0),
        standing=_STANDINGS[gap.standing],
        said="",
    )
    return row._replace(said=_in_words(row, gap.effect))


def _in_words(row: GapRow, effect: float) -> str:
    """The gap in a sentence; the lower end first, whichever group stands higher."""
    if row.standing == "same":
        return _("no more than chance can do")
    ends = [row.low, row.high] if row.standing == "above" else [row.high, row.low]
    low, high = (cell.text.lstrip("+−") for cell in ends)
    points = row.difference.text.lstrip("+−")
    if row.standing == "above":
        said = ngettext(
            "“{one}” stands {points} point higher than “{other}” (between {low} and {high}): {size}",
            "“{one}” stands {points} points higher than “{other}” (between {low} and {high}): {size}",
            int(points),
        )
    else:
        said = ngettext(
            "“{one}” stands {points} point lower than “{other}” (between {low} and {high}): {size}",
            "“{one}” stands {points} points lower than “{other}” (between {low} and {high}): {size}",
            int(points),
        )
    size = next(_(name) for limit, name in _SIZES if abs(effect) < limit)
    return said.format(one=row.one, other=row.other, points=points, low=low, high=high, size=size)


def gap_notes(findings: Findings, lang: str) -> tuple[str, ...]:
    """What holds for gaps, which of them chance does not explain, and what openness costs whom."""
    gaps = findings.cuts.gaps
    if not gaps:
        return ()
    rules = _(
        "Every two groups of one attribute are set against each other. A gap is called higher or lower only where it"
        " stands out among all of them (by Benjamini and Hochberg’s rule), and its size is Hedges’ g: the difference in"
        " standard deviations inside groups, called very small, small, medium or large by Cohen’s limits. A gap says"
        " nothing of why it is there, and nothing of any one person."
    )
    labels = _labels(findings, lang)
    ids = [dimension.id for dimension in findings.joint_dimensions]
    named = [gap for gap in gaps if gap.standing]
    found = _("Between no two groups is there a gap that chance could not make.")
    if named:
        parts = list(dict.fromkeys(_named(gap, labels[gap.dimension]) for gap in named))
        found = _("Gaps that chance does not explain: {gaps}.").format(gaps=wording.listed(parts, most=12))
    openness = ids.index(_OPENNESS) if _OPENNESS in ids else -1
    if all(gap.dimension != openness for gap in gaps):
        return rules, found
    if any(gap.dimension == openness for gap in named):
        costs = _(
            "Does openness cost some groups more than others? The answers differ between groups by more than chance"
            " explains. Ask those who find it harder what it would take; do not explain it for them."
        )
    else:
        costs = _(
            "Does openness cost some groups more than others? These answers do not show it. A gap that is smaller than"
            " its interval could still be there."
        )
    return rules, found, costs


def _named(gap: CutGap, measure: str) -> str:
    return _("{measure} ({one} and {other})").format(measure=measure, one=gap.one, other=gap.other)
