"""Groups across the organisation: the cuts in words and figures, for every format."""

from ..analysis.cut_scores import CutScore
from ..analysis.findings import Findings
from ..analysis.scores import Withheld
from ..languages import gettext as _
from . import wording
from .content import CutFigures, CutRow


def cut_rows(findings: Findings, names: tuple[str, ...]) -> tuple[CutRow, ...]:
    """The rows of the cuts; names: what each unit of the findings is called."""
    return tuple(
        CutRow(
            where=names[row.unit],
            path=(findings.units[row.unit].name,) if row.unit else (),
            attribute=row.attribute,
            value=row.value,
            withheld=isinstance(row.n, Withheld),
            n=wording.withheld() if isinstance(row.n, Withheld) else wording.count(row.n),
            dimensions=tuple(map(_figures, row.dimensions)),
            items=tuple(map(_figures, row.items)),
        )
        for row in findings.cuts.rows
    )


def _figures(score: CutScore | Withheld) -> CutFigures:
    if isinstance(score, Withheld):
        return CutFigures(*[wording.withheld()] * 4)
    return CutFigures(
        wording.count(score.n), wording.index(score.index), wording.index(score.low), wording.index(score.high)
    )


def cut_notes(findings: Findings) -> tuple[str, ...]:
    """What holds for groups across the organisation: the weaker promise, the rules, what could not be published."""
    if not findings.cuts.attributes:
        return ()
    policy = findings.policy
    rules = _(
        "Groups are shown for the organisation and for top-level units of at least {unit} people, from {group} people"
        " on, as whole points of 0 to 100, and one attribute at a time. People who did not state an attribute are in"
        " none of its groups. An interval is as wide for every group of the same size."
    ).format(
        unit=wording.count(policy.cut_unit + policy.coalition).text,
        group=wording.count(policy.cut_group + policy.coalition).text,
    )
    promise = _(
        "Groups overlap with teams, so the promise is weaker here than for units: no sum or difference of printed rows"
        " isolates fewer than {number} people, which was proved for this report, and a search found nobody whose answer"
        " follows from the printed numbers. Anything that did not pass is withheld, with one mark for every reason;"
        " unlike that of a unit, such a mark can depend on the answers."
    ).format(number=wording.count(policy.smallest).text)
    if not findings.cuts.unfinished:
        return rules, promise
    unfinished = _(
        "Nothing is shown by {attributes}: whether answers follow from the numbers could not be settled in time."
    )
    attributes = wording.listed([wording.quoted(name) for name in findings.cuts.unfinished])
    return rules, promise, unfinished.format(attributes=attributes)
