"""Comparisons as JSON: the same figures, under the keys that comparisons have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..figures import Printed, Questions, Unit, loads, plain
from .figures import VERDICTS, Beside, Compared, Line, Move, Pair, Wave

Json = Any

_SCHEMA: Final = "psafety-comparison/1"
_CHANGE: Final = frozenset(
    ["id", "n_before", "n_after", "before", "after", "difference", "low", "high", "smallest", "effect", "verdict"]
)
_KEYS: Final[Mapping[str, frozenset[str]]] = {
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
_DECIMALS: Final = {"effect": 2, "rank_test": 3, "low": 1, "high": 1, "slope": 1, "mean": 1, "difference": 1}
_MOVE: Final = ("n_before", "n_after", "before", "after", "difference", "low", "high", "smallest", "effect", "verdict")


def read_compared_json(file: str, data: bytes, questions: Questions) -> Compared:
    """All that the document says, and what in it must not be there."""
    said = Compared(Printed(file))
    try:
        document = loads(data.decode("utf-8", "replace"))
    except ValueError:
        document = None
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        said.fault("the file", "it is no comparison of psafety")
        return said
    for place, problem in _unbuilt(document, ""):
        said.fault(place, problem)
    if not said.printed.faults:
        _read(document, said, questions)
    return said


def _unbuilt(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """Keys that comparisons do not have, numbers with more decimals than are printed."""
    if isinstance(value, list):
        for one in value:
            if not isinstance(one, dict):
                yield f"“{path}”", "something that is no list of objects"
            else:
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
            elif key == "verdict" and part not in VERDICTS:
                yield f"“{path}”", f"an unknown verdict: “{str(part)[:40]}”"


def _misrounded(number: float, key: str, path: str) -> Iterator[tuple[str, str]]:
    if abs(number * 10 ** _DECIMALS.get(key, 0) % 1 - 0.5) < 0.5 - 1e-6:
        yield f"“{path}”", f"“{key}” is {number}, with more decimals than are printed"


def _read(document: Mapping[str, Json], said: Compared, questions: Questions) -> None:
    said.before, said.after = str(document["before"]), str(document["after"])
    said.printed.claims["h1"] = plain(str(document["title"]))
    said.printed.say("“version”", "method", f"psafety {document['version']}")
    said.printed.say("“instrument”", "method", str(document["instrument"]))
    for one in document["waves"]:
        figures = (one[key] for key in ("n", "printed", "min_group"))
        said.waves.append(Wave._make((str(one["name"]), plain(str(one["title"])), *figures, f"wave “{one['name']}”")))
        said.printed.say("“rules”", "method", str(one["rules"]))
    if [said.before, said.after] != [wave.name for wave in said.waves[-2:]]:
        said.fault("“before” and “after”", "they are not the last two waves")
    for one in document["not_compared"]:
        said.left_out.append((str(one["what"]), str(one["reason"])))
        for text in one.values():
            said.printed.say("“not_compared”", "left-out", str(text))
    for key, is_item in (("dimensions", False), ("items", True)):
        _measures(document[key], said, questions, f"“{key}”", is_item=is_item)
    for unit in document["units"]:
        _unit(unit, said, questions)
    _others(document, said, questions)


def _measures(entries: Sequence[Json], said: Compared, questions: Questions, where: str, *, is_item: bool) -> None:
    for one in entries:
        measure = _place(said, questions, one, where, is_item=is_item)
        if measure is None:
            continue
        if plain(questions.measures[measure].label) != plain(str(one["label"])):
            said.fault(where, f"another text than was asked: “{str(one['label'])[:60]}”")
        if one.get("rank_test") is not None:
            said.ranks.append((measure, float(one["rank_test"]), f"“{one['id']}”"))


def _others(document: Mapping[str, Json], said: Compared, questions: Questions) -> None:
    for one in document["benchmark"]:
        figures = [one[key] for key in ("n", "mean", "index", "difference", "low", "high", "verdict")]
        said.beside.append(Beside._make((plain(one["label"]), plain(one["source"]), *figures, f"“{one['id']}”")))
    for one in document["pairs"]:
        where = f"pairs, “{one['id']}”"
        measure = _place(said, questions, one, where, is_item=False)
        if measure is not None:
            figures = [one[key] for key in ("n", "difference", "low", "high", "smallest", "verdict")]
            said.pairs.append(Pair._make((measure, *figures, where)))


def _unit(record: Mapping[str, Json], said: Compared, questions: Questions) -> None:
    unit = said.unit(Unit(tuple(plain(str(name)) for name in record["path"]), plain(str(record["level"]))))
    if unit.path and plain(str(record["name"])) != unit.path[-1]:
        said.fault(f"row “{unit}”", "its name is not the last of its path")
    said.people.append((unit, record["n_before"], record["n_after"]))
    for part, is_item in (("dimensions", False), ("items", True)):
        for one in record[part]:
            where = f"row “{unit}”, “{str(one['id'])[:40]}”"
            measure = _place(said, questions, one, where, is_item=is_item)
            if measure is not None:
                said.move(Move._make((unit, measure, *(one[key] for key in _MOVE), where)))
    for one in record["trends"]:
        where = f"row “{unit}”, “{str(one['id'])[:40]}”"
        measure = _place(said, questions, one, where, is_item=False)
        if [level["wave"] for level in one["levels"]] != [wave.name for wave in said.waves]:
            said.fault(where, "its levels are not of the waves")
        elif measure is not None:
            levels = tuple((level["index"], level["low"], level["high"]) for level in one["levels"])
            figures = (one[key] for key in ("slope", "low", "high", "verdict"))
            said.lines.append(Line._make((unit, measure, levels, *figures, where)))


def _place(said: Compared, questions: Questions, one: Mapping[str, Json], where: str, *, is_item: bool) -> int | None:
    place = questions.place(str(one["id"]), is_item=is_item)
    if place is None:
        said.fault(where, "a figure of something that was not asked")
    return place
