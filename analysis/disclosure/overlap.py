"""Two reports on overlapping people: whether both together give away what fewer people than the limit answered.

Nobody is named in a survey export, so people of two exports are known by their answers: a row of the one that answers
every question as a row of the other is taken for the same person. Where several people answered alike it is open who of
them moved, came or left. Then nothing is guessed: of every group the *least* number of people that it can hold counts
as its protection, and a group that *may* exist counts as there. One thing is taken for granted: where the same answers
stand in the same units in both files, nobody moved (that two people who answered every question alike have changed
places is not considered).

Everybody stands in one innermost printed row of the earlier report (or in none) and in one of the later report. Those
who share both are a *group* that no sum and no difference of printed rows can split. Exchanging the answers of two
people of one group changes no printed figure of either report; so if every group has at least k answers to an item, not
all of them alike, then for any fewer than k people other answers would have been printed the same. This is what is
asked for, item by item. It is exact where the groups are differences of printed rows: late answers to the same rows, a
year that holds a quarter, another rule on the same answers. Where rows cross each other (people moved between teams
that both are printed) it asks for more than that no sum isolates fewer than k people, and must: “2 people left, 3 came”
isolates five, but the difference of the two distributions shows outright what each of the two and the three ticked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...surveys.phrases import listed
from ...surveys.responses import Responses

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Path = tuple[str, ...]

_MOST_PAIRS = 5_000_000  # of units before and after in which people who answered alike may be
_MOST_NAMED = 3  # leaks of one item
_NOWHERE = -1  # in no printed row, or not in the file


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report prints of some answers: the items of every printed unit, from which the rows of rests follow."""

    responses: Responses
    units: Mapping[Path, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Leak:
    """A group of too few people that both reports together set apart.

    n: how many it has at most. words: how to arrive at it. alike: whether it is large enough, but may be of one answer.
    """

    n: int
    words: str
    alike: bool = False


def leaks(earlier: Shown, later: Shown, *, least: int, joint_from: int) -> tuple[Leak, ...]:
    """The groups that both reports set apart and should not, the smallest first; none if both may be known together.

    Both must be of the same items. least: people that a group must have. joint_from: the same for figures that need
    each person's answers to several items, which are printed for the organisation alone.
    Raises OverflowError where too many people answered alike to tell.
    """
    people = _match(earlier.responses, later.responses)
    items = [str(item) for item in earlier.responses.points.columns]
    before, after = (
        _rows(shown.units, paths, items) for shown, paths in zip((earlier, later), people.paths, strict=True)
    )
    found = {leak for column in range(len(items)) for leak in _item_leaks(people, before, after, column, least)}
    found.update(_joint_leaks(people, earlier, later, least, joint_from))
    found.update(_team_leaks(people, earlier, later, joint_from))
    return tuple(sorted(found, key=lambda leak: (leak.alike, leak.n, leak.words)))


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    """Who may be who: one entry per set of answers, unit before and unit after.

    answers: (entries × items) what they answered. before, after: (entries) which of the paths; -1 for not in that file.
    fewest, most: (entries) how many people it can be. paths: (before, after) the units that people named.
    distinct: (sets × items) the different sets of answers; left, came: (sets) how many people with these answers are in
        one file only.
    """

    answers: npt.NDArray[np.int8]
    before: Ints
    after: Ints
    fewest: Ints
    most: Ints
    paths: tuple[tuple[Path, ...], tuple[Path, ...]]
    distinct: npt.NDArray[np.int8]
    left: Ints
    came: Ints


def _match(earlier: Responses, later: Responses) -> _People:
    """Who of the earlier file may be who of the later one."""
    points = np.vstack([earlier.points.to_numpy(), later.points[earlier.points.columns].to_numpy()])
    distinct, answers = _distinct_rows(points)
    paths_before, units_before = _paths(earlier)
    paths_after, units_after = _paths(later)
    here = {path: unit for unit, path in enumerate(paths_before)}
    same = np.array([here.get(path, _NOWHERE) for path in paths_after], np.int64)
    before = _counted(answers[: len(earlier)], units_before)
    after = _counted(answers[len(earlier) :], units_after)
    stays = _stays(before, after.assign(before=same[after["unit"]]))
    rest_before, rest_after = (one[~one["answers"].isin(stays["answers"])] for one in (before, after))
    surplus = np.bincount(answers[: len(earlier)], minlength=len(distinct)) - np.bincount(
        answers[len(earlier) :], minlength=len(distinct)
    )
    entries = pd.concat([stays, _moves(rest_before, rest_after)], ignore_index=True).astype(np.int64)
    return _People(
        answers=distinct[entries["answers"]],
        before=entries["before"].to_numpy(),
        after=entries["after"].to_numpy(),
        fewest=entries["fewest"].to_numpy(),
        most=entries["most"].to_numpy(),
        paths=(paths_before, paths_after),
        distinct=distinct,
        left=np.maximum(surplus, 0),
        came=np.maximum(-surplus, 0),
    )


def _distinct_rows(points: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], Ints]:
    """The different rows, and which of them each row is."""
    packed = np.ascontiguousarray(points).view(np.dtype((np.void, points.shape[1]))).ravel()
    distinct, place = np.unique(packed, return_inverse=True)
    return distinct.view(np.int8).reshape(-1, points.shape[1]), place.astype(np.int64)


def _paths(responses: Responses) -> tuple[tuple[Path, ...], Ints]:
    """The units that people named, without empty names at the end, and which of them each person named."""
    if not responses.levels:
        return ((),), np.zeros(len(responses), np.int64)
    codes = np.column_stack([responses.groups[level].cat.codes for level in responses.levels]).astype(np.int64)
    different, place = np.unique(codes, axis=0, return_inverse=True)
    names = [
        responses.groups[level].cat.categories.to_numpy(dtype=object)[column]
        for level, column in zip(responses.levels, different.T, strict=True)
    ]
    return tuple(_trimmed(path) for path in zip(*names, strict=True)), place.ravel().astype(np.int64)


def _trimmed(path: Path) -> Path:
    while path and not path[-1]:
        path = path[:-1]
    return path


def _counted(answers: Ints, units: Ints) -> pd.DataFrame:
    frame = pd.DataFrame({"answers": answers, "unit": units})
    return frame.groupby(["answers", "unit"], as_index=False).size().rename(columns={"size": "n"})


def _stays(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Those who stayed: all who gave answers that stand in the same units in both files, as many times."""
    both = before.merge(after, "outer", left_on=["answers", "unit"], right_on=["answers", "before"])
    moved = both.loc[both["n_x"] != both["n_y"], "answers"]  # also where one of them is missing
    stay = both[~both["answers"].isin(moved)]
    return pd.DataFrame(
        {
            "answers": stay["answers"],
            "before": stay["unit_x"],
            "after": stay["unit_y"],
            "fewest": stay["n_x"],
            "most": stay["n_x"],
        }
    )


def _moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Who may have moved from where to where; among people who answered alike anybody may be anybody.

    In a table of which only the margins are known, here of units before × units after, a cell holds at least what its
    two margins have beyond the total, and at most the smaller of them.
    """
    totals = pd.DataFrame({"b": before.groupby("answers")["n"].sum(), "a": after.groupby("answers")["n"].sum()})
    totals = totals.fillna(0).astype(np.int64)
    before, after = _with_absent(before, totals["a"] - totals["b"]), _with_absent(after, totals["b"] - totals["a"])
    sizes = pd.DataFrame({"b": before.groupby("answers").size(), "a": after.groupby("answers").size()})
    if (sizes["b"] * sizes["a"]).sum() > _MOST_PAIRS:
        raise OverflowError
    pairs = before.merge(after, on="answers", suffixes=("_b", "_a"))
    total = totals.max(axis=1).reindex(pairs["answers"]).to_numpy()
    return pd.DataFrame(
        {
            "answers": pairs["answers"],
            "before": pairs["unit_b"],
            "after": pairs["unit_a"],
            "fewest": np.maximum(pairs["n_b"] + pairs["n_a"] - total, 0),
            "most": pairs[["n_b", "n_a"]].min(axis=1),
        }
    )


def _with_absent(counted: pd.DataFrame, missing: "pd.Series[int]") -> pd.DataFrame:
    """Also the people whom only the other file holds."""
    absent = missing[missing > 0]
    rows = pd.DataFrame({"answers": absent.index, "unit": _NOWHERE, "n": absent.to_numpy()})
    return pd.concat([counted, rows], ignore_index=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The printed rows of a report, and the people in them.

    units: the printed units. shown: (units × items). chain: (paths × depths) the printed units that people of a path
    are in, from the outermost inwards; -1 where the unit of that depth is not printed.
    """

    units: tuple[Path, ...]
    shown: Bools
    chain: Ints

    def innermost(self, column: int) -> Ints:
        """(paths + 1) the innermost printed unit for one item; -1 for none, and for the people of no path, the last."""
        found = np.full(len(self.chain) + 1, _NOWHERE, np.int64)
        for units in self.chain.T:
            printed = (units >= 0) & self.shown[units, column]
            found[:-1] = np.where(printed, units, found[:-1])
        return found

    def called(self, unit: int, column: int) -> str:
        """The innermost row of a unit in words: the unit, or everybody in it who is in none of its printed parts."""
        path = self.units[unit]
        name = f"“{' / '.join(filter(None, path))}”" if path else "the organisation"
        parts = any(
            len(other) > len(path) and other[: len(path)] == path and self.shown[position, column]
            for position, other in enumerate(self.units)
        )
        return f"everybody else in {name}" if parts else name


def _rows(units: Mapping[Path, frozenset[str]], paths: Sequence[Path], items: Sequence[str]) -> _Rows:
    place = {path: position for position, path in enumerate(units)}
    depths = range(max(map(len, paths), default=0) + 1)
    chain = [
        [place.get(path[:depth], _NOWHERE) if depth <= len(path) else _NOWHERE for depth in depths] for path in paths
    ]
    shown = [[item in printed for item in items] for printed in units.values()]
    return _Rows(tuple(units), np.array(shown, np.bool_).reshape(len(units), len(items)), np.array(chain, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Those who share the innermost row before and the innermost row after, for one item.

    before, after: (groups) the rows; -1 for none. fewest, most: (groups) how many people. mixed: (groups) whether two
    of them certainly answered differently.
    """

    before: Ints
    after: Ints
    fewest: Ints
    most: Ints
    mixed: Bools


def _groups(people: _People, before: Ints, after: Ints, answer: npt.NDArray[np.int8]) -> _Groups:
    counts = (answer > 0) & ((before >= 0) | (after >= 0))
    entries = pd.DataFrame(
        {
            "before": before[counts],
            "after": after[counts],
            "fewest": people.fewest[counts],
            "most": people.most[counts],
            "answer": answer[counts],
        }
    )
    keys = ["before", "after"]
    sums = entries.groupby(keys)[["fewest", "most"]].sum()
    spread = entries[entries["fewest"] > 0].groupby(keys)["answer"].agg(["min", "max"]).reindex(sums.index)
    return _Groups(
        before=sums.index.get_level_values(0).to_numpy(np.int64),
        after=sums.index.get_level_values(1).to_numpy(np.int64),
        fewest=sums["fewest"].to_numpy(),
        most=sums["most"].to_numpy(),
        mixed=(spread["min"] < spread["max"]).to_numpy(),
    )


def _item_leaks(people: _People, before: _Rows, after: _Rows, column: int, least: int) -> Iterator[Leak]:
    """The groups of one item that are too small, or may be of one answer; the smallest few."""
    groups = _groups(
        people,
        before.innermost(column)[people.before],
        after.innermost(column)[people.after],
        people.answers[:, column],
    )
    bad = np.flatnonzero((groups.fewest < least) | ~groups.mixed)
    for group in bad[np.argsort(groups.most[bad], kind="stable")][:_MOST_NAMED].tolist():
        n = int(groups.most[group])
        words = f"{_words(groups, group, before, after, column)} = {counted(n)}"
        if groups.fewest[group] < min(n, least):
            yield Leak(n, f"{words} at most (people who answered alike cannot be told apart)")
        elif n < least:
            yield Leak(n, words)
        else:
            yield Leak(n, f"{words}, who may all have answered one question alike", alike=True)


def counted(n: int) -> str:
    """“1 person”, “3 people”."""
    return "1 person" if n == 1 else f"{n} people"


def _words(groups: _Groups, group: int, before: _Rows, after: _Rows, column: int) -> str:
    """The group as a difference of printed rows, the shorter one; where there is none, as those in one row of each."""
    earlier, later = (groups.before, before, "in the earlier report"), (groups.after, after, "in this report")
    differences = [
        f"{rows.called(int(mine[group]), column)} {here}{minus}"
        for (mine, rows, here), other in ((later, earlier), (earlier, later))
        if (minus := _minus(group, mine, other, column)) is not None
    ]
    if differences:
        return min(differences, key=len)
    was, now = (
        f"{rows.called(int(side[group]), column) if side[group] >= 0 else 'no row'} {when}"
        for side, rows, when in (earlier, later)
    )
    return f"those in {was} who are in {now}"


def _minus(group: int, mine: Ints, other: tuple[Ints, _Rows, str], column: int) -> str | None:
    """What must be taken from the row of one report that holds the group, to leave it alone; None where that fails.

    Every row of the other report that holds somebody else of this row must hold nobody beside them.
    """
    theirs, rows, there = other
    taken = theirs[(mine == mine[group]) & (np.arange(len(mine)) != group)]
    if mine[group] < 0 or (taken < 0).any() or (mine[np.isin(theirs, taken)] != mine[group]).any():
        return None
    names = [rows.called(row, column) for row in taken.tolist()]
    return f" − {listed(names)} {there}" if names else ""


def _joint_leaks(people: _People, earlier: Shown, later: Shown, least: int, joint_from: int) -> Iterator[Leak]:
    """Too few people by whom figures differ that need each person's answers to several items.

    Such figures are of the whole organisation: of all who answered (by whom both files differ), of the people with a
    score in a dimension, and of those of them who left gaps, since their scores tell what item means do not.
    """
    if min(len(earlier.responses), len(later.responses)) < joint_from:
        return
    answered = people.distinct > 0
    whole = answered.sum(axis=1)
    instrument = earlier.responses.instrument
    columns = [str(item) for item in earlier.responses.points.columns]
    sets = [(np.ones(len(answered), np.bool_), joint_from, "figures on whole questionnaires")]
    if len(instrument.dimensions) > 1:  # else those who left gaps in the only one are looked at below
        gaps = (whole > 0) & (whole < len(columns))
        sets.append((gaps, least, "figures on whole questionnaires of persons who left gaps"))
    for dimension in instrument.dimensions:
        places = [columns.index(item.id) for item in instrument.items_of(dimension.id)]
        some = answered[:, places].sum(axis=1)
        sets.append((some > 0, joint_from, "scores of persons"))
        sets.append(((some > 0) & (some < len(places)), least, "scores of persons who left gaps"))
    for inside, limit, what in sets:
        for n, words in (
            (
                int(people.left[inside].sum()),
                "the organisation in the earlier report − the organisation in this report",
            ),
            (
                int(people.came[inside].sum()),
                "the organisation in this report − the organisation in the earlier report",
            ),
        ):
            if 0 < n < limit:
                yield Leak(n, f"{words} = {counted(n)}, in {what}")


def _team_leaks(people: _People, earlier: Shown, later: Shown, joint_from: int) -> Iterator[Leak]:
    """Too few people by whom the teams that are compared with each other differ: how much differs inside them tells."""
    for dimension in earlier.responses.instrument.dimensions:
        if dimension.part == "outcome":
            continue
        items = frozenset(item.id for item in earlier.responses.instrument.items_of(dimension.id))
        before, after = (
            np.array([*(_is_compared(path, shown, items) for path in paths), False])[place]
            for shown, paths, place in zip((earlier, later), people.paths, (people.before, people.after), strict=True)
        )
        differing = before != after
        fewest, most = int(people.fewest[differing].sum()), int(people.most[differing].sum())
        both_print = min(people.most[before].sum(), people.most[after].sum()) >= joint_from
        if both_print and most and fewest < joint_from:
            yield Leak(most, f"teams in one report and not in the other = {counted(most)}, in how much teams differ")


def _is_compared(path: Path, shown: Shown, items: frozenset[str]) -> bool:
    """Whether a unit is a team that prints all of these items."""
    return bool(path) and len(path) == len(shown.responses.levels) and shown.units.get(path, frozenset()) >= items
