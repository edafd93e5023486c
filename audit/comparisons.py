"""Comparisons of waves, as JSON: every figure is one that its wave’s own report may print, or a difference of two.

The page and the workbook of a comparison are not read; they are made of the same content.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..surveys.responses import Responses, of_wave, waves_of
from .figures import Fault, Questions, Unit, loads, plain
from .folder import Written
from .members import people_of
from .truth import Table, table_of

Json = Any

_SLACK = 1e-6
_SCHEMA = "psafety-comparison/1"
_SIDES = ("before", "after")
_VERDICTS = {
    "better": 1,
    "higher": 1,
    "worse": -1,
    "lower": -1,
    "no visible change": 0,
    "cannot tell": 0,
    "getting better": 1,
    "rising": 1,
    "getting worse": -1,
    "falling": -1,
    "no visible trend": 0,
    "above it": 1,
    "below it": -1,
    "no visible difference": 0,
}
_CHANGE = frozenset(
    ["id", "n_before", "n_after", "before", "after", "difference", "low", "high", "smallest", "effect", "verdict"]
)
_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(
        ["schema", "version", "title", "instrument", "directed", "before", "after", "waves", "not_compared"],
    )
    | frozenset(["dimensions", "items", "units", "benchmark", "pairs"]),
    "waves": frozenset(["name", "title", "n", "printed", "min_group", "rules"]),
    "not_compared": frozenset(["what", "reason"]),
    "dimensions": frozenset(["id", "label"]),
    "items": frozenset(["id", "label", "dimension", "rank_test"]),
    "units": frozenset(["name", "level", "path", "n_before", "n_after", "dimensions", "items", "trends"]),
    "units.dimensions": _CHANGE,
    "units.items": _CHANGE,
    "units.trends": frozenset(["id", "levels", "slope", "low", "high", "verdict"]),
    "units.trends.levels": frozenset(["wave", "index", "low", "high"]),
    "benchmark": frozenset(["id", "label", "source", "n", "mean", "index", "difference", "low", "high", "verdict"]),
    "pairs": frozenset(["id", "n", "difference", "low", "high", "smallest", "verdict"]),
}
_DECIMALS = {"effect": 2, "rank_test": 3, "low": 1, "high": 1, "slope": 1, "mean": 1, "difference": 1}


def check_comparison(file: Written, responses: Responses, questions: Questions) -> tuple[list[Fault], list[str]]:
    """What is not so in one comparison, and what of it could not be checked.

    responses: the survey as it was read, with all of its waves.
    """
    try:
        document = loads(file.data.decode("utf-8", "replace"))
    except ValueError:
        document = None
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        return [Fault(file.name, "the file", "it is no comparison of psafety")], []
    faults = [Fault(file.name, place, problem) for place, problem in _unbuilt(document, "")]
    if faults:
        return faults, []
    present = waves_of(responses)
    unproved = []
    for side in _SIDES:
        wave = document[side]
        if wave not in present:
            unproved.append(f"{file.name}: the figures of “{wave}”, of which no survey was given.")
            continue
        faults += _of_a_wave(file.name, document, side, _Truth(responses, wave, questions))
    faults += [Fault(file.name, place, problem) for place, problem in _differences(document)]
    if document["pairs"]:
        unproved.append(f"{file.name}: the figures of pairs, which take the codes of two surveys.")
    return faults, unproved


# What it is built of


def _unbuilt(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """Keys that comparisons do not have, numbers with more decimals than are printed."""
    if isinstance(value, list):
        for one in value:
            yield from _unbuilt(one, path)
    elif isinstance(value, dict):
        if path not in _KEYS or value.keys() != _KEYS[path]:
            odd = sorted(value.keys() ^ _KEYS.get(path, frozenset()))
            yield f"“{path or 'the top level'}”", f"keys that comparisons do not have, or that are missing: {odd[:3]}"
            return
        for key, part in value.items():
            if isinstance(part, dict | list) and key != "path":
                yield from _unbuilt(part, f"{path}.{key}".lstrip("."))
            elif isinstance(part, int | float) and not isinstance(part, bool):
                yield from _misrounded(part, key, path)
            elif key == "verdict" and part not in _VERDICTS:
                yield f"“{path}”", f"an unknown verdict: “{str(part)[:40]}”"


def _misrounded(number: float, key: str, path: str) -> Iterator[tuple[str, str]]:
    if abs(number * 10 ** _DECIMALS.get(key, 0) % 1 - 0.5) < 0.5 - 1e-6:
        yield f"“{path}”", f"“{key}” is {number}, with more decimals than are printed"


# What the waves say


class _Truth:
    """The true figures of one wave, for the units and scores that a comparison prints of it."""

    def __init__(self, responses: Responses, wave: str, questions: Questions) -> None:
        self.questions = questions
        self.wave = wave
        self.instrument = responses.instrument
        ids = [[questions.measures[at].id for at in places] for places in (questions.items, questions.dimensions)]
        self.people = people_of(of_wave(responses, wave), wave, *ids)

    def table(self, units: Sequence[Unit], shown: "np.ndarray[Any, np.dtype[np.bool_]]") -> Table:
        homes = self.people.units
        rows = np.ones(len(units), np.bool_)
        return table_of(units, homes, shown, rows, self.people, self.questions, self.instrument)


def _of_a_wave(file: str, document: Json, side: str, truth: _Truth) -> Iterator[Fault]:
    """The figures of one wave that are not those of its people."""
    questions, named = truth.questions, truth.people.units
    records = [(Unit(tuple(map(plain, one["path"])), plain(one["level"])), one) for one in document["units"]]
    for unit, _ in records:
        if unit not in named:
            yield Fault(file, f"row “{unit}”", f"nobody in “{truth.wave}” names this unit")
    records = [(unit, record) for unit, record in records if unit in named]
    scores = [
        (row, questions.place(str(score["id"]), is_item=part == "items"), score)
        for row, (_, record) in enumerate(records)
        for part in ("dimensions", "items")
        for score in record[part]
    ]
    shown = np.zeros((len(records), len(questions.measures)), np.bool_)
    for row, measure, score in scores:
        if measure is not None:
            shown[row, measure] = score[side] is not None
    table = truth.table([unit for unit, _ in records], shown)
    for row, (unit, record) in enumerate(records):
        n = record[f"n_{side}"]
        if n not in {None, int(table.people[row])}:
            yield Fault(file, f"row “{unit}”", f"{n} people are said to be in “{truth.wave}”, not {table.people[row]}")
    for row, measure, score in scores:
        where = f"row “{records[row][0]}”, “{str(score['id'])[:40]}”"
        if measure is None:
            yield Fault(file, where, "a change of something that was not asked")
        elif score[side] is not None:
            problems = _false_figures(score, side, float(table.index[row, measure]), int(table.n[row, measure]))
            yield from (Fault(file, where, f"{problem} in “{truth.wave}”") for problem in problems)


def _false_figures(score: Mapping[str, Json], side: str, index: float, n: int) -> Iterator[str]:
    if abs(score[side] - index) > 0.5 + _SLACK:
        yield f"the index is said to be {score[side]}, but it is {index:.0f}"
    if score[f"n_{side}"] != n:
        yield f"{score[f'n_{side}']} answers are said to be there, but there are {n}"


# What is made of them


def _differences(document: Json) -> Iterator[tuple[str, str]]:
    for record in document["units"]:
        for part in ("dimensions", "items"):
            for one in record[part]:
                where = f"row “{record['name']}”, “{one['id']}”"
                ends = one["after"], one["before"]
                true = None if None in ends else ends[0] - ends[1]
                if one["difference"] != true:
                    yield (
                        where,
                        f"the change is said to be {one['difference']}, but from {ends[1]} to {ends[0]} it is {true}",
                    )
                yield from _about(one, "difference", where)
        for trend in record["trends"]:
            yield from _about(trend, "slope", f"row “{record['name']}”, “{trend['id']}”")
    for line in document["benchmark"]:
        yield from _about(line, "difference", f"“{line['id']}”")
    for pair in document["pairs"]:
        yield from _about(pair, "difference", f"pairs, “{pair['id']}”")


def _about(one: Mapping[str, Json], key: str, where: str) -> Iterator[tuple[str, str]]:
    """An interval lies about its figure, and a verdict on its side of nought; without a figure there is neither."""
    low, middle, high, sign = one["low"], one[key], one["high"], _VERDICTS[one["verdict"]]
    if middle is None or low is None or high is None:
        if (middle is None and (low, high) != (None, None)) or (low is None) != (high is None) or sign:
            yield where, "an interval or a verdict without the figure that it is about"
        return
    if not low <= middle <= high:
        yield where, f"the interval from {low} to {high} does not lie about {middle}"
    if (sign > 0 >= low) or (sign < 0 <= high):
        yield where, f"“{one['verdict']}” is said of an interval from {low} to {high}"
