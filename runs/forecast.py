"""How long the steps of a report take, for the person who waits: nothing else rests on it."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..analysis.counted import Counted
    from ..surveys.responses import Responses

# Seconds of each step, measured with 20,000 to 10,000,000 people in 200 to 50,000 teams, on one core of 2026:
# whatever the size, for a million answers (people × items), for a thousand figures (units × items), for a team page.
_COSTS = {
    "reading the file": (0.1, 0.11, 0.0, 0.0),
    "understanding the answers": (0.1, 0.014, 0.0, 0.0),
    "protecting small groups": (0.3, 0.017, 0.0055, 0.0),
    "writing html": (0.4, 0.0, 0.0, 0.0),
    "writing xlsx": (0.2, 0.0, 0.0055, 0.0),
    "writing team pages": (0.0, 0.0, 0.0, 0.005),
    "checking what was written": (0.6, 0.05, 0.0063, 0.022),
}


def forecast(
    survey: "Responses | Counted", formats: Collection[str], *, pages: bool, audited: bool
) -> Mapping[str, float]:
    """Seconds of each step whose length is known, those of reading among them. pages: whether teams have theirs."""
    people, units, items = _size_of(survey)
    left_out = {f"writing {name}" for name in ("html", "xlsx") if name not in formats}
    left_out |= set() if pages else {"writing team pages"}
    left_out |= set() if audited else {"checking what was written"}
    return {
        step: whatever + answer * people * items / 1e6 + figure * units * items / 1e3 + page * units * pages
        for step, (whatever, answer, figure, page) in _COSTS.items()
        if step not in left_out
    }


def _size_of(survey: "Responses | Counted") -> tuple[int, int, int]:
    """People, units and items: units of all waves, since most are in each of them."""
    from ..surveys.responses import Responses  # noqa: PLC0415

    if isinstance(survey, Responses):
        units = sum(len(survey.groups[level].cat.categories) for level in survey.levels)
        return len(survey), units, len(survey.instrument.items)
    return int(survey.tally.people.sum()), len(survey.tally.people), len(survey.tally.instrument.items)
