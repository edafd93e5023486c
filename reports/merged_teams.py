"""What a report says of teams that are reported together."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..languages import gettext as _
from . import wording
from .content import Fact, Words

if TYPE_CHECKING:
    from ..surveys.merging import Merged


def merged_facts(merged: "Sequence[Merged]") -> Iterator[Fact]:
    """A line for every group of teams."""
    for one in merged:
        note = _(
            "{names}. Each of them is too small to be shown alone, so that their answers were added up before anything"
            " else was done. Which teams are put together depends on their size and name alone, never on answers."
        ).format(names=wording.listed(one.parts))
        yield Fact(_("Teams reported together"), Words(one.name), note)
