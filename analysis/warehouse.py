"""The tally as a query: what a database counts, so that no row leaves it. See `counted` for its way back."""
# ruff: noqa: S608 (queries are what this file makes; every name and text in them goes through _name or _text)

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from ..surveys.plan import Plan
from .joint import questions_of

Dialect = Literal["duckdb", "postgres"]
VERSION: Final = "psafety-tally/1"
MEASURES: Final = ("measure", "item", "other", "point", "n")
_UNKNOWN = -2


def tally_query(plan: Plan, *, table: str = "survey", dialect: Dialect = "duckdb") -> str:
    """One SQL statement that counts the answers of a table with the columns of a plan, cell by cell.

    Each row of its result is a number: `wave`, `unit_1` … and `cut_1` … name the cell; `measure` says what is counted,
    `item`, `other` and `point` of what; `n` is the number. table: its name, with a dot behind that of the schema.
    The result holds counts of small teams: it is as confidential as the rows, until `psafety report` has read it.
    """
    keys = ["wave", *(f"unit_{k}" for k in range(1, len(plan.levels) + 1))]
    keys += [f"cut_{k}" for k in range(1, len(plan.cuts) + 1)]
    selects = [
        *_head(plan, keys),
        *_cells(plan, keys),
        *_joint(plan, keys),
        *_left_out(plan, keys),
    ]
    note = "-- Counts, team by team: as confidential as the answers themselves until psafety has protected them.\n"
    return note + f"WITH {_answers(plan, table, dialect)},\n{_kept(plan)}\n" + "\nUNION ALL\n".join(selects) + ";\n"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _answers(plan: Plan, table: str, dialect: Dialect) -> str:
    """One row per row of the table: the names of its cell, and the point that was ticked for each item."""
    headers = [plan.wave, *plan.levels.values(), *plan.cuts.values()]
    names = ["wave", *(f"unit_{k}" for k in range(1, len(plan.levels) + 1))]
    names += [f"cut_{k}" for k in range(1, len(plan.cuts) + 1)]
    kind = "VARCHAR" if dialect == "duckdb" else "TEXT"
    columns = [
        f"COALESCE(CAST({_name(header)} AS {kind}), '') AS {name}" if header else f"'' AS {name}"
        for header, name in zip(headers, names, strict=True)
    ]
    for k, (header, points) in enumerate(zip(plan.columns, plan.points, strict=True), start=1):
        known = " ".join(f"WHEN {_text(text)} THEN {point}" for text, point in sorted(points.items()))
        column = f"TRIM(COALESCE(CAST({_name(header)} AS {kind}), ''))"
        columns.append(f"CASE {column} {known} ELSE {_UNKNOWN} END AS a{k}")
    source = ".".join(map(_name, table.split(".")))
    return "answers AS MATERIALIZED (\n  SELECT\n    " + ",\n    ".join(columns) + f"\n  FROM {source}\n)"


def _kept(plan: Plan) -> str:
    """The people who answered anything, their points after reverse-keying, and the sums of each dimension."""
    instrument, place = plan.instrument, {item.id: k for k, item in enumerate(plan.instrument.items, start=1)}
    keyed = []
    for k, item in enumerate(instrument.items, start=1):
        point = f"{len(item.scale.values) + 1} - a{k}" if item.reverse else f"a{k}"
        keyed.append(f"CASE WHEN a{k} > 0 THEN {point} ELSE 0 END AS k{k}")
    sums = []
    for d, dimension in enumerate(_joint_dimensions(plan), start=1):
        mine = [place[item.id] for item in instrument.items_of(dimension)]
        sums.append(f"{_answered(mine)} AS n{d}")
        sums.append(" + ".join(f"k{k}" for k in mine) + f" AS t{d}")
    return (
        "keyed AS MATERIALIZED (\n  SELECT *,\n    "
        + ",\n    ".join(keyed)
        + f"\n  FROM answers\n  WHERE {_anything(plan)}\n),\n"
        "kept AS MATERIALIZED (\n  SELECT *" + "".join(f",\n    {each}" for each in sums) + "\n  FROM keyed\n)"
    )


def _joint_dimensions(plan: Plan) -> list[str]:
    return [dimension.id for dimension in plan.instrument.dimensions if dimension.part != "outcome"]


def _answered(places: Sequence[int]) -> str:
    return " + ".join(f"CASE WHEN a{k} > 0 THEN 1 ELSE 0 END" for k in places)


def _anything(plan: Plan) -> str:
    return " OR ".join(f"a{k} > 0" for k in range(1, len(plan.columns) + 1))


def _row(keys: Sequence[str], measure: str, item: str, other: str, point: str, n: str) -> str:
    names = [*keys, *MEASURES]
    values = [*("''" for _ in keys), _text(measure), _text(item), _text(other), point, f"CAST({n} AS BIGINT)"]
    return ", ".join(f"{value} AS {name}" for value, name in zip(values, names, strict=True))


def _head(plan: Plan, keys: Sequence[str]) -> Iterator[str]:
    """What the counts are of, so that they cannot be taken for others."""
    yield "SELECT " + _row(keys, VERSION, plan.instrument.id, "", "0", "0")
    for measure, names in (("level", plan.levels), ("cut", plan.cuts)):
        for k, heading in enumerate(names, start=1):
            yield "SELECT " + _row(keys, measure, heading, "", str(k), "0")
    for item in plan.instrument.items:
        yield "SELECT " + _row(
            keys, "item", item.id, "reverse" if item.reverse else "", str(len(item.scale.values)), "0"
        )


def _cells(plan: Plan, keys: Sequence[str]) -> Iterator[str]:
    """The counts of each cell: people, answers by item and point, and sums by dimension and number answered."""
    cell = ", ".join(keys)
    yield f"SELECT {cell}, 'people', '', '', 0, CAST(COUNT(*) AS BIGINT) FROM kept GROUP BY {cell}"
    for k, item in enumerate(plan.instrument.items, start=1):
        yield (
            f"SELECT {cell}, 'answers', {_text(item.id)}, '', a{k}, CAST(COUNT(*) AS BIGINT)"
            f" FROM kept GROUP BY {cell}, a{k}"
        )
    for d, dimension in enumerate(_joint_dimensions(plan), start=1):
        counts = {"n": "COUNT(*)", "total": f"SUM(t{d})", "squares": f"SUM(t{d} * t{d})"}
        numbers = [(f"scores {measure}", dimension, "", sum_) for measure, sum_ in counts.items()]
        yield _unrolled([*keys, f"n{d}"], [*keys], numbers, point=f"n{d}")


def _joint(plan: Plan, keys: Sequence[str]) -> Iterator[str]:
    """Of each wave: sums over pairs of items, and how many people left gaps in what drivers are made of."""
    ids = [item.id for item in plan.instrument.items]
    for k, item in enumerate(ids, start=1):
        numbers = []
        for j, other in enumerate(ids, start=1):
            both = f"a{k} > 0 AND a{j} > 0"
            numbers += [
                ("pairs n", item, other, f"SUM(CASE WHEN {both} THEN 1 ELSE 0 END)"),
                ("pairs sums", item, other, f"SUM(CASE WHEN {both} THEN k{k} ELSE 0 END)"),
                ("pairs squares", item, other, f"SUM(CASE WHEN {both} THEN k{k} * k{k} ELSE 0 END)"),
                ("pairs products", item, other, f"SUM(k{k} * k{j})"),
            ]
        yield _unrolled(["wave"], keys, numbers)
    numbers = []
    for question in questions_of(plan.instrument):
        answered = _answered([int(place) + 1 for place in question.items])
        some = f"SUM(CASE WHEN ({answered}) BETWEEN 1 AND {len(question.items) - 1} THEN 1 ELSE 0 END)"
        numbers.append(("gaps", question.outcome, "", some))
    yield _unrolled(["wave"], keys, numbers)


def _left_out(plan: Plan, keys: Sequence[str]) -> Iterator[str]:
    """The rows without any answer, and the cells with a text that is no answer that we know."""
    yield f"SELECT {_row(keys, 'left_out', '', '', '0', 'COUNT(*)')} FROM answers WHERE NOT ({_anything(plan)})"
    for k, item in enumerate(plan.instrument.items, start=1):
        yield f"SELECT {_row(keys, 'unknown', item.id, '', '0', 'COUNT(*)')} FROM answers WHERE a{k} = {_UNKNOWN}"


def _unrolled(
    group: Sequence[str], keys: Sequence[str], numbers: Sequence[tuple[str, str, str, str]], *, point: str = "0"
) -> str:
    """Several sums of each group, one below the other."""
    arrays = ["ARRAY[" + ", ".join(_text(number[part]) for number in numbers) + "]" for part in range(3)] + [
        "ARRAY[" + ", ".join(f"CAST({number[3]} AS BIGINT)" for number in numbers) + "]"
    ]
    shown = ", ".join(key if key in group else "''" for key in keys)
    inner = ", ".join([*group, f"{arrays[3]} AS numbers"])
    unrolled = [f"UNNEST({array})" for array in arrays[:3]]
    return (
        f"SELECT {shown}, {', '.join(unrolled)}, {point}, UNNEST(numbers)"
        f" FROM (SELECT {inner} FROM kept GROUP BY {', '.join(group)}) AS summed"
    )
