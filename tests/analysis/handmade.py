"""Surveys written down by hand: an instrument, who sits where, what they ticked. For the tests of the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, Unit, analyze
from psafety.analysis.scores import Scores, Withheld
from psafety.surveys.instrument import Dimension, Instrument, Item, ResponseScale
from psafety.surveys.quality import check_quality
from psafety.surveys.responses import WAVE, Responses, Source

Path = tuple[str, ...]
Person = tuple[Path, Sequence[int]]  # names of the units from the outermost to the team; answers as ticked

LEVELS = ("Department", "Team")


def response_scale(points: int = 5, low: int = 1) -> ResponseScale:
    """A scale whose upper points are favourable and whose lower ones are not, with one neutral point in odd ones."""
    values = tuple(range(low, low + points))
    half = points // 2
    return ResponseScale(f"{low}-{points}", values, {}, frozenset(values[-half:]), frozenset(values[:half]))


def instrument(
    dimensions: Mapping[str, int] | None = None,
    *,
    points: int | Mapping[str, int] = 5,
    low: int = 1,
    reverse: Iterable[str] = (),
    outcomes: Iterable[str] = (),
    min_answered: float = 0.5,
) -> Instrument:
    """An instrument with so many items per dimension; the items of “trust” are trust1, trust2 and so on."""
    sizes = {"trust": 3} if dimensions is None else dict(dimensions)
    scales = {name: response_scale(points if isinstance(points, int) else points[name], low) for name in sizes}
    return Instrument(
        id="handmade",
        titles={"en": "Handmade"},
        version="1",
        licence="",
        citation="",
        evidence={},
        dimensions=tuple(
            Dimension(name, {"en": name}, {}, "outcome" if name in set(outcomes) else "core") for name in sizes
        ),
        items=tuple(
            Item(f"{name}{number}", name, scales[name], {}, f"{name}{number}" in set(reverse))
            for name, size in sizes.items()
            for number in range(1, size + 1)
        ),
        min_answered=min_answered,
    )


ONE_ITEM = instrument({"trust": 1})
SOURCE = Source("handmade.csv", "plain table", "made by hand", "CSV", 0, (), ())


def names_column(names: Sequence[str]) -> "pd.Categorical[str]":
    """Names as the loader gives them: categories in the order met, "" always among them."""
    codes, categories = pd.factorize(np.array([*names, ""], dtype=object))
    return pd.Categorical.from_codes(codes[:-1], categories=pd.Index(categories))


def responses(
    people: Sequence[Person],
    asked: Instrument = ONE_ITEM,
    *,
    levels: Sequence[str] = LEVELS,
    waves: Sequence[str] | None = None,
) -> Responses:
    """The answers of some people; a path shorter than the levels leaves the innermost ones empty."""
    answers = np.array([answers for _, answers in people], np.int8).reshape(len(people), len(asked.items))
    full = [path + ("",) * (len(levels) - len(path)) for path, _ in people]
    return from_arrays(answers, [[path[depth] for path in full] for depth in range(len(levels))], asked, levels, waves)


def from_arrays(
    answers: np.ndarray,
    units: Sequence[Sequence[str]],
    asked: Instrument,
    levels: Sequence[str] = LEVELS,
    waves: Sequence[str] | None = None,
) -> Responses:
    """The same from (people × items) answers and one column of names per level."""
    points = pd.DataFrame(answers, columns=[item.id for item in asked.items])
    groups = pd.DataFrame(
        {
            WAVE: names_column(waves if waves is not None else [""] * len(points)),
            **{level: names_column(names) for level, names in zip(levels, units, strict=True)},
        }
    )
    return Responses(asked, points, groups, tuple(levels), SOURCE, check_quality(points, groups, asked, left_out=0))


def team(name: str | Path, *answers: int) -> list[Person]:
    """A team (or another unit) in which everybody answered one question."""
    path = (name,) if isinstance(name, str) else name
    return [(path, (answer,)) for answer in answers]


def people(name: str | Path, size: int) -> list[Person]:
    """So many people of whom only the number matters; their answers go 1, 2, 3, 4, 5, 1…"""
    return team(name, *(1 + number % 5 for number in range(size)))


def report(*groups: Sequence[Person], levels: Sequence[str] = LEVELS, min_group: int = 5) -> Findings:
    """The findings on one question, asked of these groups."""
    return analyze(responses([person for group in groups for person in group], levels=levels), Policy(min_group))


def label(units: Sequence[Unit], position: int) -> str:
    """“Sales / North” for the team North in the department Sales; “Sales / rest”; "" for the organisation."""
    unit = units[position]
    if unit.parent is None:
        return ""
    above = label(units, unit.parent)
    return (f"{above} / " if above else "") + ("rest" if unit.kind == "rest" else unit.name)


def shown_units(findings: Findings) -> dict[str, int]:
    """The printed rows and how many people they are about."""
    return {
        label(findings.units, position): unit.n
        for position, unit in enumerate(findings.units)
        if not isinstance(unit.n, Withheld)
    }


def shown_cells(findings: Findings, item: str = "trust1") -> dict[str, tuple[int, float]]:
    """The printed rows of one item: how many answers, and their sum (mean times number)."""
    column = findings.items.columns.index(item)
    return {
        label(findings.units, row): (int(findings.items.n[row, column]), round(float(mean * n), 9))
        for row in np.flatnonzero(findings.items.shown[:, column])
        for mean, n in [(findings.items.mean[row, column], findings.items.n[row, column])]
    }


def row(findings: Findings, name: str) -> int:
    """The position of a row by its label."""
    return [label(findings.units, position) for position in range(len(findings.units))].index(name)


def bits(findings: Findings) -> tuple[object, ...]:
    """All that the findings say, arrays as bytes: equal only if not a single bit differs."""
    arrays = [
        value.tobytes() if isinstance(value, np.ndarray) else value
        for scores in (findings.dimensions, findings.items)
        for value in (getattr(scores, field.name) for field in fields(Scores))
    ]
    return (findings.units, findings.quality, findings.wave, findings.other_waves, *arrays)
