"""JSON snapshots: every number in them is a printed figure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .. import languages
from .changes import note_last_wave, told_change
from .figures import (
    DECIMALS,
    ORGANISATION,
    PEOPLE,
    Measure,
    Printed,
    Questions,
    Unit,
    kind_of_share,
    loads,
    plain,
    rest_name,
)
from .groups import Gap, check_gaps

Json = Any

_KINDS = frozenset({"organisation", "unit", "team", "rest"})
_STANDINGS = frozenset({"above", "below", "same", "none"})
_TOP = frozenset(
    [
        "schema",
        "version",
        "lang",
        "title",
        "wave",
        "instrument",
        "min_group",
        "dimensions",
        "items",
        "units",
        "cuts",
        "gaps",
        "last",
        "evidence",
    ]
)
_ASKED = frozenset(["n", "response_rate", "asked"])
_UNIT = frozenset(["id", "name", "kind", "level", "path", "withheld", "dimensions", "items"]) | _ASKED
_VIEWS = {"shared": "shared view", "mixed": "mixed view", "split": "split team", "few": "too few to say"}
_OF_UNITS = {
    name: name.replace("_", " ") for name in ("deviation", "agreement", "shrunken", "worth", "if_low", "if_high")
}
_RELIABILITY = {
    "people": "reliability people",
    **{
        name: name.replace("_", " ") for name in ("alpha", "alpha_low", "alpha_high", "standardised", "omega", "halves")
    },
    **{name: name.replace("_", " ") for name in ("teams", "team_people", "icc1", "icc2")},
}
_FIT = {"item_rest": "item-rest", "alpha_without": "alpha-without"}
_DRIVERS = {"people": "driver people", "explained": "explained"}
_DRIVER = {"weight": "weight", "low": "weight low", "high": "weight high"}
_CUT = frozenset(["attribute", "value", "path", "withheld", "n", "dimensions", "items"])
_CUT_SCORE = frozenset(["id", "withheld", "n", "index", "low", "high"])
_WHOLE = frozenset(["sd_index", "sd_within", "degrees", "distribution", "scale", "items"])  # of the organisation alone
_SCORE = frozenset(["id", "label", "dimension", "reverse", "withheld", "standing"]) | DECIMALS.keys() | _WHOLE
_GAP_FIGURES = ("difference", "low", "high", "effect")
_GAP = frozenset(["attribute", "value", "other", "path", "dimension", "standing", *_GAP_FIGURES])
_STEP_FIGURES = ("before", "after", "difference", "low", "high", "smallest")
_STEP = frozenset(["id", "standing", *_STEP_FIGURES])
_VERDICTS = {"above": "higher", "below": "lower", "same": "no visible change", "none": "cannot tell"}
_WORTH = frozenset(["view", *_OF_UNITS])  # of a dimension of a unit


def read_snapshot(file: str, data: bytes, questions: Questions) -> Printed:
    """All that a snapshot says, and what in it must not be there."""
    printed = Printed(file)
    try:
        snapshot = loads(data.decode("utf-8", "replace"))
    except ValueError:
        snapshot = None
    if not isinstance(snapshot, dict) or not str(snapshot.get("schema", "")).startswith("psafety-snapshot/"):
        printed.fault("the file", "it is no snapshot of psafety, so nobody can say what its numbers are")
        return printed
    for key in ("title", "wave", "version", "min_group"):
        printed.claims[key] = str(snapshot.get(key, ""))
    _unknown_keys(printed, snapshot, _TOP, "the top level")
    printed.say("“version”", "method", f"psafety {printed.claims['version']}")
    printed.say("“instrument”", "method", str(snapshot.get("instrument", "")))
    for name, is_item in (("dimensions", False), ("items", True)):
        for score in _objects(printed, snapshot.get(name, []), name):
            _score(printed, questions, score, 0, is_item=is_item)
    _in_order(printed, questions, snapshot)
    for place, unit in enumerate(_objects(printed, snapshot.get("units", []), "units")):
        _unit(printed, questions, unit, place)
    for group in _objects(printed, snapshot.get("cuts", []), "cuts"):
        _cut(printed, questions, group)
    _gaps(printed, questions, snapshot.get("gaps", []))
    _last(printed, questions, snapshot.get("last"))
    _evidence(printed, questions, snapshot.get("evidence", {}))
    return printed


def _objects(printed: Printed, values: Json, place: str) -> list[dict[str, Json]]:
    found = [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    if not isinstance(values, list) or len(found) != len(values):
        printed.fault(f"“{place}”", "something that is no list of objects")
    return found


def _in_order(printed: Printed, questions: Questions, snapshot: Mapping[str, Json]) -> None:
    for name, measures in (("dimensions", questions.dimensions), ("items", questions.items)):
        ids = [score.get("id") for score in snapshot.get(name, []) if isinstance(score, dict)]
        if ids != [questions.measures[measure].id for measure in measures]:
            printed.fault(f"“{name}”", "they are not all there, or not in the order of the questionnaire")


def _unit(printed: Printed, questions: Questions, record: Mapping[str, Json], place: int) -> None:
    path = tuple(plain(str(name)) for name in record.get("path", ()))
    where = f"units, “{plain(str(record.get('name', '')))[:60]}”"
    row = Unit(path, plain(str(record.get("level", ""))))
    if record.get("kind") == "rest":
        wholes = (unit for unit in reversed(printed.units) if unit.path == path and not unit.rest)
        row = next(wholes, row)._replace(rest=True)
    if place > 0:
        printed.units.append(row)
    elif row != ORGANISATION:
        printed.fault(where, "the first row is not the organisation")
    _check_names(printed, record, row, place, where)
    _unknown_keys(printed, record, _UNIT, where)
    if record.get("withheld"):
        printed.hide(place, PEOPLE, "n", "withheld")
        for key in record.keys() & {*_ASKED, "dimensions", "items"}:
            printed.fault(where, f"it is withheld, and yet has “{key}”")
    for key in record.keys() & {"n", "response_rate"}:
        _figure(printed, record[key], (place, PEOPLE, key), where)
    _state(printed, record, {"asked": "headcount"}, place, "", where)
    for name, is_item in (("dimensions", False), ("items", True)):
        for score in _objects(printed, record.get(name, []), f"{where}, {name}"):
            worth = frozenset() if is_item else _WORTH
            _score(printed, questions, {key: score[key] for key in score if key not in worth}, place, is_item=is_item)
            _unit_worth(printed, {key: score[key] for key in score if key in worth}, score, place, where)


def _unit_worth(printed: Printed, said: Mapping[str, Json], score: Mapping[str, Json], unit: int, where: str) -> None:
    """What the average of a unit in one dimension is worth."""
    measure = str(score.get("id"))
    if said and score.get("withheld"):
        printed.fault(where, f"“{measure[:40]}” is withheld, and yet has “{min(said)}”")
    _state(printed, said, _OF_UNITS, unit, measure, where)
    if said.get("view") is not None:
        printed.view(unit, measure, languages.gettext(_VIEWS.get(str(said["view"]), str(said["view"]))), where)


def _state(
    printed: Printed,
    record: Mapping[str, Json],
    kinds: Mapping[str, str],
    unit: int | None,
    measure: str,
    where: str,
    item: str = "",
) -> None:
    """The figures of a record that speak of averages; kinds: key → what it is."""
    for key in kinds.keys() & record.keys():
        value = record[key]
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            printed.fault(where, f"“{key}” is “{str(value)[:40]}”, which is no number")
        else:
            printed.stated(kinds[key], unit, measure, value, where, item)


def _evidence(printed: Printed, questions: Questions, record: Json) -> None:
    """What averages are worth in the whole organisation, and what goes with what."""
    where = "“evidence”"
    if not isinstance(record, dict):
        printed.fault(where, "something that is no object")
        return
    _unknown_keys(printed, record, frozenset(["dimensions", "drivers"]), where)
    found = _objects(printed, record.get("dimensions", []), f"{where}, dimensions")
    ids = [questions.measures[place].id for place in questions.dimensions]
    if [one.get("id") for one in found] != (ids if found else []):
        printed.fault(where, "its dimensions are not all there, or not in the order of the questionnaire")
        return
    for one, id_ in zip(found, ids, strict=False):
        _unknown_keys(printed, one, frozenset(["id", "items", *_RELIABILITY]), where)
        _state(printed, one, _RELIABILITY, None, id_, where)
        _items_of(printed, questions, one, _FIT, id_)
    for one in _objects(printed, record.get("drivers", []), f"{where}, drivers"):
        _unknown_keys(printed, one, frozenset(["outcome", "items", *_DRIVERS]), where)
        _state(printed, one, _DRIVERS, None, str(one.get("outcome")), where)
        _items_of(printed, questions, one, _DRIVER, str(one.get("outcome")))


def _items_of(
    printed: Printed, questions: Questions, record: Mapping[str, Json], kinds: Mapping[str, str], measure: str
) -> None:
    """The figures of the items of a dimension or an outcome, which stand in the order of the questionnaire."""
    where = f"“evidence”, “{measure[:60]}”"
    found = _objects(printed, record.get("items", []), f"{where}, items")
    places = [questions.place(str(one.get("id")), is_item=True) for one in found]
    if places != sorted({place for place in places if place is not None}):
        printed.fault(where, "its items are not those of the questionnaire, or not in their order")
        return
    for one in found:
        _unknown_keys(printed, one, frozenset(["id", *kinds]), where)
        _state(printed, one, kinds, None, measure, where, str(one["id"]))


def _cut(printed: Printed, questions: Questions, record: Mapping[str, Json]) -> None:
    """A group across the organisation: a cut of a unit."""
    attribute, value = (plain(str(record.get(key, ""))) for key in ("attribute", "value"))
    where = f"cuts, “{value[:60]}”"
    count = len(printed.units)
    place = printed.cut(tuple(plain(str(name)) for name in record.get("path", ())), attribute, value)
    if place is None or len(printed.units) == count:
        printed.fault(where, "a group of a unit that no row stands for, or one that is there twice")
        return
    for key in sorted(record.keys() - _CUT):
        printed.fault(where, f"a key “{key[:40]}” that groups do not have")
    if record.get("withheld"):
        for key in record.keys() & {"n", "dimensions", "items"}:
            printed.fault(where, f"it is withheld, and yet has “{key}”")
    _figure(printed, record.get("n"), (place, PEOPLE, "n"), where)
    for name, is_item in (("dimensions", False), ("items", True)):
        for score in _objects(printed, record.get(name, []), f"{where}, {name}"):
            for key in sorted(score.keys() - _CUT_SCORE):
                printed.fault(where, f"a key “{key[:40]}” that scores of groups do not have")
            _score(printed, questions, score, place, is_item=is_item)


def _gaps(printed: Printed, questions: Questions, records: Json) -> None:
    """How far groups stand apart."""
    found = []
    for record in _objects(printed, records, "gaps"):
        attribute, one, other = (plain(str(record.get(key, ""))) for key in ("attribute", "value", "other"))
        where = f"gaps, “{one[:60]}”"
        measure = questions.place(str(record.get("dimension")), is_item=False)
        figures = [_exact(printed, record.get(key), 2 if key == "effect" else 1, where) for key in _GAP_FIGURES]
        numbers = [value for value in figures if value is not None]
        if measure is None or len(numbers) != len(_GAP_FIGURES) or record.keys() != _GAP:
            printed.fault(where, "a gap in something that was not asked, or with other keys than gaps have")
            continue
        difference, low, high, effect = numbers
        sides = {"above": low >= 0, "below": high <= 0, "same": True}
        if not sides.get(str(record["standing"]), False):
            printed.fault(where, f"“{str(record['standing'])[:40]}” is not what the interval says")
        path = tuple(plain(str(name)) for name in record["path"])
        found.append(Gap(attribute, one, other, (path,), measure, difference, low, high, effect, "", where))
    check_gaps(found, printed)


def _exact(printed: Printed, value: Json, decimals: int, where: str) -> float | None:
    """A number with so many decimals; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        printed.fault(where, f"“{str(value)[:40]}”, which is no number")
        return None
    if value != round(value, decimals):
        printed.fault(where, f"{value!r} is more exact than reports are")
    return float(value)


def _last(printed: Printed, questions: Questions, record: Json) -> None:
    """What has changed since the last wave."""
    if record is None:
        return
    if not isinstance(record, dict) or record.keys() != {"wave", "units"}:
        printed.fault("“last”", "other keys than it has in reports")
        return
    note_last_wave(printed, plain(str(record["wave"])))
    before = -1
    for unit in _objects(printed, record["units"], "last, units"):
        path = tuple(plain(str(name)) for name in unit.get("path", ()))
        row = Unit(path, plain(str(unit.get("level", ""))))
        where = f"last, “{row}”"
        place = printed.units.index(row) if row in printed.units else -1
        if place <= before or unit.keys() != {"path", "level", "dimensions"}:
            printed.fault(where, "a unit that no row stands for, or out of the order of the report")
            return
        before = place
        for one in _objects(printed, unit["dimensions"], f"{where}, dimensions"):
            _step(printed, questions, one, place, where)


def _step(printed: Printed, questions: Questions, record: Mapping[str, Json], unit: int, where: str) -> None:
    measure = questions.place(str(record.get("id")), is_item=False)
    if measure is None or record.keys() != _STEP:
        printed.fault(where, "a change in something that was not asked, or with other keys than changes have")
        return
    figures = {key: _exact(printed, record[key], 1, where) for key in _STEP_FIGURES}
    then, now, difference, smallest = (figures[key] for key in ("before", "after", "difference", "smallest"))
    wholes = [None if one is None else int(one) for one in (then, now, difference, smallest)]
    if any(one is not None and one != int(one) for one in (then, now, difference, smallest)):
        printed.fault(where, "a change that is more exact than reports are")
    _figure(printed, record["after"], (unit, measure, "index"), where)
    ends = tuple(end for end in (figures["low"], figures["high"]) if end is not None)
    verdict = _VERDICTS.get(str(record["standing"]), str(record["standing"]))
    told_change(printed, measure, unit, wholes, ends, languages.gettext(verdict), where)


def _check_names(printed: Printed, record: Mapping[str, Json], row: Unit, place: int, where: str) -> None:
    """What a row is called follows from its place alone."""
    name = plain(str(record.get("name", "")))
    whole = row.path[-1] if row.path else plain(printed.claims["title"])
    if name != (rest_name(whole) if row.rest else whole):
        printed.fault(where, f"its name is not that of its place, “{whole[:60]}”")
    if record.get("kind") not in _KINDS:
        printed.fault(where, f"it is of an unknown kind: “{str(record.get('kind'))[:40]}”")
    if record.get("id") != f"unit-{place}":
        printed.fault(where, f"its id is “{str(record.get('id'))[:40]}”, not “unit-{place}”")


def _score(printed: Printed, questions: Questions, score: Mapping[str, Json], unit: int, *, is_item: bool) -> None:
    measure = questions.place(str(score.get("id")), is_item=is_item)
    where = f"row {unit + 1}, “{str(score.get('id'))[:60]}”"
    if measure is None:
        printed.fault(where, "a score of something that was not asked")
        return
    _unknown_keys(printed, score, _SCORE, where)
    asked = questions.measures[measure]
    texts = {"label": asked.label, "dimension": asked.dimension, "reverse": asked.reverse, "scale": list(asked.scale)}
    texts |= {} if is_item else {"items": _members(questions, asked)}
    for key in texts.keys() & score.keys():
        if score[key] != texts[key]:
            printed.fault(where, f"its {key} is “{str(score[key])[:40]}”, not that of the questionnaire")
    if score.get("standing", "none") not in _STANDINGS:
        printed.fault(where, f"an unknown comparison: “{str(score['standing'])[:40]}”")
    if score.get("withheld"):
        printed.hide(unit, measure, "index", "withheld")
        for key in score.keys() - {"id", "withheld"}:
            printed.fault(where, f"it is withheld, and yet has “{key}”")
    _figures(printed, score, unit, measure, where)
    if not is_item and score.get("standing") in {"above", "below"}:
        printed.differing.add(unit)


def _figures(printed: Printed, score: Mapping[str, Json], unit: int, measure: int, where: str) -> None:
    for key in (score.keys() & _WHOLE) if unit else ():
        printed.fault(where, f"“{key}” is for the organisation alone")
    for key in score.keys() & DECIMALS.keys():
        _figure(printed, score[key], (unit, measure, key), where)
    for point, share in enumerate(score.get("distribution", ()), start=1):
        _figure(printed, share, (unit, measure, kind_of_share(point)), where)


def _members(questions: Questions, dimension: Measure) -> list[str]:
    return [one.id for one in questions.measures if one.is_item and one.dimension == dimension.id]


def _figure(printed: Printed, value: Json, key: tuple[int, int, str], where: str) -> None:
    unit, measure, kind = key
    if value is None:
        printed.hide(unit, measure, kind, "withheld")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        printed.fault(where, f"“{kind}” is “{str(value)[:40]}”, which is no number")
    else:
        printed.count(unit, measure, kind, value, where)


def _unknown_keys(printed: Printed, record: Mapping[str, Json], known: frozenset[str], where: str) -> None:
    """Keys may be added to snapshots, but not numbers that nobody can place."""
    for key in sorted(record.keys() - known):
        if any(map(str.isnumeric, key)) or _holds_number(record[key]):
            printed.fault(where, f"“{key[:40]}” holds a number that the audit cannot place")
        else:
            printed.say(f"{where}, “{key}”", "method", json.dumps(record[key], ensure_ascii=False))
            printed.said += map(plain, _texts(record[key]))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _holds_number(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_number, value.values()))
    if isinstance(value, list):
        return any(map(_holds_number, value))
    return isinstance(value, int | float) and not isinstance(value, bool)
