"""Numbers, absences and verdicts in words: the one place where figures are rounded, and written in the language spoken.

Excel's number formats are the same in every language; Excel itself shows them in its reader's.
"""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from .. import languages
from ..analysis.scores import Score
from ..languages import decimal, gettext as _, grouped, language, ngettext
from ..surveys import phrases
from .content import Absent, Cell, Figure

Asked = ParamSpec("Asked")
Said = TypeVar("Said")


def _remembered(say: Callable[Asked, Said]) -> Callable[Asked, Said]:
    """What was said once is not made again while the same language is spoken."""

    @cache
    def said(lang: str, *values: Asked.args, **named: Asked.kwargs) -> Said:  # noqa: ARG001 (a part of the key)
        return say(*values, **named)

    @wraps(say)
    def answer(*values: Asked.args, **named: Asked.kwargs) -> Said:
        return said(language(), *values, **named)  # type: ignore[arg-type]  # all that is said is hashable

    return answer


@_remembered
def withheld() -> Absent:
    """Not shown, so that nobody's answers can be worked out."""
    return Absent(_("withheld"))


@_remembered
def undefined() -> Absent:
    """There is no such number."""
    return Absent(_("not defined"))


@_remembered
def unknown() -> Absent:
    """There is such a number, but nobody told it."""
    return Absent(_("not known"))


@_remembered
def count(number: int) -> Figure:
    """A number of people or answers.

    >>> count(1234).text
    '1,234'
    """
    return Figure(number, grouped(number), "#,##0")


def small_count(number: int, at_least: int) -> Cell:
    """A number of people, but "fewer than k" from 1 to k - 1.

    >>> small_count(3, 5).text, small_count(0, 5).text
    ('fewer than 5', '0')
    """
    if number == 0 or number >= at_least:
        return count(number)
    return Absent(_("fewer than {number}").format(number=grouped(at_least)))


@_remembered
def _index(rounded: int) -> Figure:
    return Figure(rounded, decimal(rounded, 0), "0")


def index(value: float) -> Cell:
    """A value on 0 to 100, as a whole number."""
    return undefined() if value != value else _index(round(value))  # noqa: PLR0124 (NaN)


@_remembered
def _hundredths(rounded: float) -> Figure:
    return Figure(rounded, decimal(rounded, 2), "0.00")


def on_scale(value: float) -> Cell:
    """A mean or a standard deviation on the response scale, to two decimals."""
    return undefined() if value != value else _hundredths(round(value * 100) / 100)  # noqa: PLR0124 (NaN)


def coefficient(value: float) -> Cell:
    """A correlation, a reliability, an ICC and the like, to two decimals; it may be negative.

    >>> coefficient(0.834).text, coefficient(-0.126).text, coefficient(-0.001).text
    ('0.83', '−0.13', '0.00')
    """
    return on_scale(value)


@_remembered
def _tenths(rounded: float) -> Figure:
    return Figure(rounded, decimal(rounded, 1), "0.0")


def tenths(value: float) -> Cell:
    """A standard deviation on 0 to 100, to one decimal."""
    return undefined() if value != value else _tenths(round(value, 1))  # noqa: PLR0124 (NaN)


@_remembered
def signed(rounded: float) -> Figure:
    """A difference in points, with its sign.

    >>> signed(8).text, signed(-3).text, signed(0).text, signed(-0.4).text
    ('+8', '−3', '0', '−0.4')
    """
    places = 0 if rounded == round(rounded) else 1
    form = "+0.0;-0.0;0" if places else "+0;-0;0"
    return Figure(rounded, _sign(rounded) + decimal(abs(rounded), places), form)


@_remembered
def effect_size(rounded: float) -> Figure:
    """A difference in standard deviations, to two decimals."""
    return Figure(rounded, _sign(rounded) + decimal(abs(rounded), 2), "+0.00;-0.00;0.00")


def _sign(number: float) -> str:
    return "+" if number > 0 else "−" if number < 0 else ""


def chance(p: float) -> Cell:
    """How often chance alone would do as much.

    >>> chance(0.0004).text, chance(0.034).text, chance(float("nan")).text
    ('<0.001', '0.034', 'not known')
    """
    if p != p:  # noqa: PLR0124 (NaN)
        return unknown()
    rounded = round(p, 3)
    if rounded < 0.001:
        return Figure(0.001, f"<{decimal(0.001, 3)}", '"<"0.000')
    return Figure(rounded, decimal(rounded, 3), "0.000")


@_remembered
def _percent(rounded: float, sign: str) -> Figure:
    text = sign + languages.percent(round(rounded * 100) - {"<": -1, ">": 1}.get(sign, 0))
    return Figure(rounded, text, f'"{text}"' if sign else "0%")


def percent(share: float) -> Cell:
    """A share as whole percent; what is not quite nothing, or not quite all, is said to be so.

    >>> percent(0.004).text, percent(0.0).text, percent(0.996).text, percent(0.345).text
    ('<1%', '0%', '>99%', '34%')
    """
    if share != share:  # noqa: PLR0124 (NaN)
        return undefined()
    rounded = round(share, 2)
    return _percent(rounded, "<" if rounded == 0 < share else ">" if share < 1 == rounded else "")


def people(number: int) -> str:
    """A number of people as words."""
    return ngettext("{number} person", "{number} people", number).format(number=grouped(number))


def quoted(text: str) -> str:
    """A text between the quotation marks of the language."""
    return phrases.quoted(text)


def everybody_else(whole: str) -> str:
    """What the row of a unit's people who are in none of its printed parts is called."""
    return _("Everybody else in {unit}, together").format(unit=whole)


def capitalised(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str], *, most: int | None = None) -> str:
    """Parts as a phrase; at most so many, and how many more there are.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed(["a", "b", "c"], most=1)
    ('a, b and c', 'a', 'a and 2 more')
    """
    return phrases.enumerated(parts, most=most)


def strung(parts: Sequence[str]) -> str:
    """Parts that may hold commas, as a phrase.

    >>> strung(["a", "b, c"])
    'a; b, c'
    """
    return phrases.strung(parts)


def between(score: Score) -> str:
    """The interval of a score in words; nothing where it is not defined.

    >>> from psafety.analysis.scores import WITHHELD
    >>> between(Score(9, 3.8, 71.2, 58.4, 84.0, None, WITHHELD))
    'between 58 and 84'
    """
    low, high = index(score.low), index(score.high)
    if isinstance(low, Absent) or isinstance(high, Absent):
        return ""
    return _("between {low} and {high}").format(low=low.text, high=high.text)
