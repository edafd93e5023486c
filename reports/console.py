"""What the command line says after a report: what was taken for what, what is doubtful, how much is withheld."""

from ..languages import gettext as _, speaking
from .content import ReportContent, Words
from .explanations import EMPTY, FLAGGED, REMOVED


def to_lines(content: ReportContent) -> tuple[str, ...]:
    """The reading of the file and its doubts, a line each, and the number of withheld units."""
    with speaking(content.lang):
        if_any = {_(EMPTY), *map(_, FLAGGED.values())}
        always = {_("Please check"), _(REMOVED)}
    facts = [f"{fact.label}: {fact.value.text}" + (f" – {fact.note}" if fact.note else "") for fact in content.reading]
    doubts = [
        f"{fact.label}: " + (fact.note if isinstance(fact.value, Words) else f"{fact.value.text} – {fact.note}")
        for fact in content.quality
        if fact.label in always or (fact.label in if_any and fact.value.text != "0")
    ]
    notices = [f"Note: {notice}" for notice in content.notices]
    units = [unit for unit in content.units if unit.level]
    hidden = sum(unit.withheld for unit in units)
    withheld = [f"Withheld to protect anonymity: {hidden} of {len(units)} units and teams"] if units else []
    return (*facts, *notices, *doubts, *withheld)
