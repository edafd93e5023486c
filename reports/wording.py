"""Numbers, absences and verdicts in words: the one place where figures are rounded."""

from collections.abc import Sequence
from functools import cache

from ..analysis.scores import Score
from ..surveys import phrases
from .content import Absent, Cell, Figure

WITHHELD = Absent("withheld")
UNDEFINED = Absent("not defined")
UNKNOWN = Absent("not known")


@cache
def count(number: int) -> Figure:
    """A number of people or answers.

    >>> count(1234).text
    '1,234'
    """
    return Figure(number, f"{number:,}", "#,##0")


def small_count(number: int, at_least: int) -> Cell:
    """A number of people, but "fewer than k" from 1 to k - 1.

    >>> small_count(3, 5).text, small_count(0, 5).text
    ('fewer than 5', '0')
    """
    return count(number) if number == 0 or number >= at_least else Absent(f"fewer than {at_least}")


@cache
def _index(rounded: int) -> Figure:
    return Figure(rounded, str(rounded), "0")


def index(value: float) -> Cell:
    """A value on 0 to 100, as a whole number."""
    return UNDEFINED if value != value else _index(round(value))  # noqa: PLR0124 (NaN)


@cache
def _hundredths(rounded: float) -> Figure:
    return Figure(rounded, f"{rounded:.2f}", "0.00")


def on_scale(value: float) -> Cell:
    """A mean or a standard deviation on the response scale, to two decimals."""
    return UNDEFINED if value != value else _hundredths(round(value * 100) / 100)  # noqa: PLR0124 (NaN)


@cache
def _tenths(rounded: float) -> Figure:
    return Figure(rounded, f"{rounded:.1f}", "0.0")


def tenths(value: float) -> Cell:
    """A standard deviation on 0 to 100, to one decimal."""
    return UNDEFINED if value != value else _tenths(round(value, 1))  # noqa: PLR0124 (NaN)


@cache
def signed(rounded: float) -> Figure:
    """A difference in points, with its sign.

    >>> signed(8).text, signed(-3).text, signed(0).text, signed(-0.4).text
    ('+8', '−3', '0', '−0.4')
    """
    number = f"{abs(rounded):.0f}" if rounded == round(rounded) else f"{abs(rounded):.1f}"
    form = "+0;-0;0" if rounded == round(rounded) else "+0.0;-0.0;0"
    return Figure(rounded, ("+" if rounded > 0 else "−" if rounded < 0 else "") + number, form)


@cache
def effect_size(rounded: float) -> Figure:
    """A difference in standard deviations, to two decimals."""
    return Figure(
        rounded, ("+" if rounded > 0 else "−" if rounded < 0 else "") + f"{abs(rounded):.2f}", "+0.00;-0.00;0.00"
    )


def chance(p: float) -> Cell:
    """How often chance alone would do as much.

    >>> chance(0.0004).text, chance(0.034).text, chance(float("nan")).text
    ('<0.001', '0.034', 'not known')
    """
    if p != p:  # noqa: PLR0124 (NaN)
        return UNKNOWN
    rounded = round(p, 3)
    return Figure(0.001, "<0.001", '"<"0.000') if rounded < 0.001 else Figure(rounded, f"{rounded:.3f}", "0.000")


@cache
def _percent(rounded: float, text: str) -> Figure:
    return Figure(rounded, text, "0%" if text[0].isdigit() else f'"{text}"')


def percent(share: float) -> Cell:
    """A share as whole percent; what is not quite nothing, or not quite all, is said to be so.

    >>> percent(0.004).text, percent(0.0).text, percent(0.996).text, percent(0.345).text
    ('<1%', '0%', '>99%', '34%')
    """
    if share != share:  # noqa: PLR0124 (NaN)
        return UNDEFINED
    rounded = round(share, 2)
    if rounded == 0 < share:
        return _percent(rounded, "<1%")
    if share < 1 == rounded:
        return _percent(rounded, ">99%")
    return _percent(rounded, f"{rounded:.0%}")


def people(number: int) -> str:
    """A number of people as words."""
    return "1 person" if number == 1 else f"{number:,} people"


def plural(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> plural(1, "team", "teams"), plural(3, "team", "teams")
    ('1 team', '3 teams')
    """
    return f"{number:,} {one if number == 1 else many}"


def listed(parts: Sequence[str]) -> str:
    """Parts as a phrase.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return phrases.listed(parts, most=len(parts))


def between(score: Score) -> str:
    """The interval of a score in words; nothing where it is not defined.

    >>> from psafety.analysis.scores import WITHHELD
    >>> between(Score(9, 3.8, 71.2, 58.4, 84.0, None, WITHHELD))
    'between 58 and 84'
    """
    low, high = index(score.low), index(score.high)
    return f"between {low.text} and {high.text}" if isinstance(low, Figure) and isinstance(high, Figure) else ""
