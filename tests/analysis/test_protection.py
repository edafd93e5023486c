"""The protection keeps its promise, by exhaustive search and exact arithmetic that share no code with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from handmade import (
    ONE_ITEM,
    Path,
    Person,
    bits,
    people,
    report,
    responses,
    row,
    shown_cells,
    shown_units,
    team,
)
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import NO_STANDING, WITHHELD, Withheld
from psafety.surveys.errors import ConfigError

DEEP = ("Division", "Department", "Group", "Team")
SEARCH = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def organisations(
    draw: st.DrawFn, *, units: int = 9, answered: st.SearchStrategy[int], size: int = 9, total: int = 60
) -> list[Person]:
    """A tree of at most `units` units below the organisation, up to four deep, people attached to any of them."""
    paths: list[Path] = [()]
    for number in range(draw(st.integers(0, units))):
        above = draw(st.sampled_from([path for path in paths if len(path) < len(DEEP)]))
        paths.append((*above, f"u{number}"))
    sizes = draw(st.lists(st.integers(0, size), min_size=len(paths), max_size=len(paths)))
    found = [(path, (draw(answered),)) for path, people in zip(paths, sizes, strict=True) for _ in range(people)]
    return found[:total]


ANY_ANSWER = st.sampled_from([0, 1, 2, 2, 3])


def units_of(people: Sequence[Person]) -> list[Path]:
    """Every unit that holds somebody, the organisation among them."""
    return sorted({path[:depth] for path, _ in people for depth in range(len(path) + 1)} | {()})


def residues_of(published: Iterable[Path], people: Sequence[Person]) -> dict[Path, list[int]]:
    """The answers of each published unit's people who are in none of its published parts, by definition."""
    smallest_first = sorted(published, key=len, reverse=True)
    found: dict[Path, list[int]] = {unit: [] for unit in smallest_first}
    for path, (answer,) in people:
        home = next((unit for unit in smallest_first if path[: len(unit)] == unit), None)
        if home is not None:
            found[home].append(answer)
    return found


def worth(unit: Path, people: Sequence[Person]) -> Fraction:
    """What publishing a unit is worth, as PRIVACY.md has it: a team 1 and a little, eight times more per level."""
    deepest = max(len(other) for other in units_of(people))
    size = sum(path[: len(unit)] == unit for path, _ in people)
    as_team = 1 + Fraction(min(size, 50), 500)
    values = {deepest: as_team} | {depth: Fraction(5, 2) * 8 ** (deepest - depth - 1) for depth in range(deepest)}
    return values[len(unit)] if unit else max(Fraction(1000), *(8 * value for value in values.values()))


def best_value(values: Mapping[Path, Fraction], answered: Sequence[Person], *, k: int, mixed: bool) -> Fraction:
    """The most that any safe set of the candidates is worth, by trying all sets."""
    subsets = chain.from_iterable(combinations(values, size) for size in range(len(values) + 1))
    return max(
        sum((values[unit] for unit in subset), Fraction(0))
        for subset in subsets
        if all(is_safe(residue, k=k, mixed=mixed) for residue in residues_of(subset, answered).values())
    )


def is_safe(residue: Sequence[int], *, k: int, mixed: bool) -> bool:
    return not residue or (len(residue) >= k and (not mixed or len(set(residue)) > 1))


def below(unit: Path, people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person[0][: len(unit)] == unit]


def path_of(findings: Findings, position: int) -> Path:
    """The names of a row's unit; a `rest` row has that of the unit whose rest it is."""
    unit = findings.units[position]
    if unit.parent is None:
        return ()
    above = path_of(findings, unit.parent)
    return above if unit.kind == "rest" else (*above, unit.name)


def published_units(findings: Findings) -> list[Path]:
    return [
        path_of(findings, position)
        for position, unit in enumerate(findings.units)
        if unit.kind != "rest" and not isinstance(unit.n, Withheld)
    ]


def published_cells(findings: Findings) -> list[Path]:
    """The units whose first item is printed."""
    return [
        path_of(findings, position)
        for position, unit in enumerate(findings.units)
        if unit.kind != "rest" and findings.items.shown[position, 0]
    ]


def analysed(found: Sequence[Person], k: int) -> Findings:
    return analyze(responses(found, ONE_ITEM, levels=DEEP), Policy(k))


@SEARCH
@given(found=organisations(answered=ANY_ANSWER), k=st.integers(3, 6))
def test_published_units_are_the_best_safe_set(found: list[Person], k: int) -> None:
    """Among all sets of units whose residues hold nobody or at least k people, none is worth more than the chosen."""
    if len(found) < k:
        return
    chosen = published_units(analysed(found, k))

    values = {unit: worth(unit, found) for unit in units_of(found) if len(below(unit, found)) >= k}
    assert all(is_safe(residue, k=k, mixed=False) for residue in residues_of(chosen, found).values())
    assert sum(values[unit] for unit in chosen) == best_value(values, found, k=k, mixed=False)


@SEARCH
@given(found=organisations(answered=ANY_ANSWER), k=st.integers(3, 6))
def test_published_answers_are_the_best_safe_set(found: list[Person], k: int) -> None:
    """The same for one item, where a residue holds no answer, or at least k that are not all alike."""
    if len(found) < k:
        return
    findings = analysed(found, k)
    answered = [person for person in found if person[1] != (0,)]
    chosen = published_cells(findings)

    shown = [unit for unit in published_units(findings) if len(below(unit, answered)) >= k]
    values = {unit: worth(unit, found) for unit in shown}
    assert all(is_safe(residue, k=k, mixed=True) for residue in residues_of(chosen, answered).values())
    assert sum(values[unit] for unit in chosen) == best_value(values, answered, k=k, mixed=True)


@SEARCH
@given(found=organisations(answered=ANY_ANSWER), k=st.integers(3, 6))
def test_the_organisation_is_shown_whenever_it_can_be(found: list[Person], k: int) -> None:
    """With k people the organisation is printed; with k answers that are not all alike, so is the item."""
    if len(found) < k:
        return
    findings = analysed(found, k)
    answers = [answer for _, (answer,) in found if answer]

    assert findings.units[0].n == len(found)
    assert findings.items.shown[0, 0] == (len(answers) >= k and len(set(answers)) > 1)


# Theorem 1: sums


def row_space(rows: Iterable[Sequence[int]]) -> list[tuple[int, list[Fraction]]]:
    """A basis of what can be made of rows by adding and multiplying, each with its leading column; exact."""
    basis: list[tuple[int, list[Fraction]]] = []
    for line in rows:
        left = reduced([Fraction(entry) for entry in line], basis)
        if any(left):
            lead = next(column for column, entry in enumerate(left) if entry)
            basis.append((lead, [entry / left[lead] for entry in left]))
    return basis


def reduced(line: list[Fraction], basis: Iterable[tuple[int, list[Fraction]]]) -> list[Fraction]:
    """What of a row cannot be made of the basis."""
    for lead, known in basis:
        factor = line[lead]
        line = [entry - factor * other for entry, other in zip(line, known, strict=True)]
    return line


def isolated_groups(rows: Iterable[Sequence[int]], size: int, k: int) -> list[tuple[int, ...]]:
    """All groups of 1 to k - 1 people whose sum some combination of the rows gives."""
    basis = row_space(rows)
    groups = chain.from_iterable(combinations(range(size), few) for few in range(1, k))
    return [group for group in groups if not any(reduced([Fraction(person in group) for person in range(size)], basis))]


def members(findings: Findings, found: Sequence[Person], shown: Sequence[bool]) -> list[list[int]]:
    """Who is in each printed row, as 0 and 1 per person; a `rest` row leaves out the printed parts."""
    published = published_units(findings)
    lines = []
    for position, unit in enumerate(findings.units):
        if shown[position]:
            path = path_of(findings, position)
            parts = [part for part in published if len(part) > len(path)] if unit.kind == "rest" else []
            lines.append(
                [
                    int(home[: len(path)] == path and not any(home[: len(part)] == part for part in parts))
                    for home, _ in found
                ]
            )
    return lines


SMALL = organisations(answered=ANY_ANSWER, units=7, size=6, total=18)


@SEARCH
@given(found=SMALL, k=st.integers(3, 4))
def test_no_combination_of_printed_rows_isolates_a_few_people(found: list[Person], k: int) -> None:
    """No rational combination of the printed rows, `rest` rows included, is the sum over 1 to k - 1 people."""
    if len(found) < k:
        return
    findings = analysed(found, k)

    rows = members(findings, found, [not isinstance(unit.n, Withheld) for unit in findings.units])

    assert isolated_groups(rows, len(found), k) == []


@SEARCH
@given(found=SMALL, k=st.integers(3, 4))
def test_no_combination_of_printed_cells_isolates_a_few_answers(found: list[Person], k: int) -> None:
    """The same for the printed cells of an item, with those as people who answered it."""
    if len(found) < k:
        return
    findings = analysed(found, k)
    answered = [person for person in found if person[1] != (0,)]

    rows = members(findings, answered, findings.items.shown[:, 0].tolist())

    assert isolated_groups(rows, len(answered), k) == []


# Theorem 2: worlds


def determined_groups(
    families: Iterable[Sequence[int]], answers: Sequence[int], points: int, k: int
) -> list[tuple[int, ...]]:
    """All groups of 1 to k - 1 people who answered the same in every data set with the same printed histograms."""
    rows = [[person for person, member in enumerate(line) if member] for line in families]
    printed = [Counter(answers[person] for person in line) for line in rows]
    worlds = [
        world
        for world in product(range(1, points + 1), repeat=len(answers))
        if all(Counter(world[person] for person in line) == seen for line, seen in zip(rows, printed, strict=True))
    ]
    groups = chain.from_iterable(combinations(range(len(answers)), few) for few in range(1, k))
    return [group for group in groups if len({tuple(sorted(world[p] for p in group)) for world in worlds}) == 1]


def tiny(points: int, total: int) -> st.SearchStrategy[list[Person]]:
    return organisations(answered=st.integers(1, points), units=4, size=4, total=total)


@pytest.mark.parametrize(("points", "total"), [(2, 10), (3, 7)])
@settings(SEARCH, max_examples=30)
@given(data=st.data())
def test_no_few_peoples_answers_are_certain(points: int, total: int, data: st.DataObject) -> None:
    """For every group of 1 to k - 1 people there are data sets with the same printed histograms where they differ."""
    found = data.draw(tiny(points, total))
    if len(found) < 3:
        return
    findings = analysed(found, 3)

    rows = members(findings, found, findings.items.shown[:, 0].tolist())

    assert determined_groups(rows, [answer for _, (answer,) in found], points, 3) == []


@settings(SEARCH, max_examples=40)
@given(found=tiny(2, 8), data=st.data())
def test_a_small_or_unanimous_residue_is_all_that_makes_answers_certain(
    found: list[Person], data: st.DataObject
) -> None:
    """Whatever is published: a few people's answers are certain exactly where a residue is small or unanimous."""
    published = data.draw(st.lists(st.sampled_from(units_of(found)), unique=True))
    rows = [[int(home[: len(unit)] == unit) for home, _ in found] for unit in published]

    certain = determined_groups(rows, [answer for _, (answer,) in found], 2, 3)

    safe = all(is_safe(residue, k=3, mixed=True) for residue in residues_of(published, found).values())
    assert (certain == []) == safe


@SEARCH
@given(found=organisations(answered=ANY_ANSWER), data=st.data())
def test_the_order_of_rows_changes_nothing(found: list[Person], data: st.DataObject) -> None:
    """However the rows of the file are shuffled, the findings are the same to the bit."""
    if len(found) < 5:
        return
    shuffled = data.draw(st.permutations(found))

    assert bits(analysed(shuffled, 5)) == bits(analysed(found, 5))


def test_of_two_equal_ways_out_the_larger_team_is_shown() -> None:
    """Where one of two teams must be hidden and both would do, the smaller one is."""
    findings = report(people(("D", "small"), 6), people(("D", "large"), 7), people("D", 2))

    assert shown_units(findings) == {"": 15, "D": 15, "D / large": 7, "D / rest": 8}


@pytest.mark.parametrize(
    ("settings_", "word"), [({"min_group": 2}, "below 3"), ({"min_group": 6, "detail_from": 5}, "detail_from")]
)
def test_a_policy_that_gives_people_away_is_refused(settings_: dict[str, int], word: str) -> None:
    """Groups below 3, or details below the smallest group, cannot be asked for."""
    with pytest.raises(ConfigError) as caught:
        Policy(**settings_)

    assert word in f"{caught.value.problem} {caught.value.hint}"


# The attacks of PRIVACY.md that concern organisational units. `threshold` is what other tools would print.


def threshold(found: Sequence[Person], k: int = 5) -> dict[str, tuple[int, int]]:
    """Every unit with k answers or more: how many, and their sum."""
    sums = {}
    for unit in units_of(found):
        answers = [answer for _, (answer,) in below(unit, found) if answer]
        if len(answers) >= k:
            sums[" / ".join(unit)] = (len(answers), sum(answers))
    return sums


def minus(whole: tuple[int, int], *parts: tuple[int, int]) -> tuple[int, int]:
    return whole[0] - sum(n for n, _ in parts), whole[1] - sum(total for _, total in parts)


def test_a1_a_team_below_the_threshold_is_not_what_the_department_leaves() -> None:
    """A1: a department of 12 (sum 42) less its team of 9 (sum 35) would be 7 over 3 people; the team is not shown."""
    found = team(("D", "A"), *[4] * 8, 3) + team(("D", "B"), 2, 2, 3)
    others = threshold(found)
    assert minus(others["D"], others["D / A"]) == (3, 7)

    shown = shown_units(report(found))

    assert shown == {"": 12, "D": 12}


def test_a2_managers_are_not_what_the_roll_up_leaves() -> None:
    """A2: a roll-up of 27 less its teams of 8, 9 and 7 would be the 3 managers; one team is hidden, 10 are left."""
    found = people("Boss", 3) + people(("Boss", "a"), 8) + people(("Boss", "b"), 9) + people(("Boss", "c"), 7)
    others = threshold(found)
    assert minus(others["Boss"], others["Boss / a"], others["Boss / b"], others["Boss / c"])[0] == 3

    shown = shown_units(report(found))

    assert shown == {"": 27, "Boss": 27, "Boss / a": 8, "Boss / b": 9, "Boss / rest": 10}


def test_a3_two_small_teams_are_not_what_the_large_one_leaves() -> None:
    """A3: 20 = 2 + 2 + 16 hides two teams, yet department less 16 is 4 people; only the department is shown."""
    found = people(("D", "a"), 2) + people(("D", "b"), 2) + people(("D", "c"), 16)
    others = threshold(found)
    assert minus(others["D"], others["D / c"])[0] == 4

    shown = shown_units(report(found))

    assert shown == {"": 20, "D": 20}


def test_a4_the_parts_of_a_hidden_unit_do_not_give_it_back() -> None:
    """A4: hiding L does not help while its teams of 5 and 6 are shown; the large unit M is hidden, the rest stays."""
    found = people("S", 3) + people(("L", "five"), 5) + people(("L", "six"), 6) + people("M", 20)
    others = threshold(found)
    assert minus(others[""], others["M"], others["L / five"], others["L / six"])[0] == 3

    shown = shown_units(report(found))

    assert shown == {"": 34, "L": 11, "L / five": 5, "L / six": 6, "rest": 23}


@pytest.mark.parametrize("answer", [1, 2, 3, 4, 5])
def test_a8_a9_a_unanimous_team_is_merged_into_a_residue(answer: int) -> None:
    """A8, A9: eight people who all ticked the same point, whichever it is, are not shown for that question."""
    found = team(("D", "X"), *[answer] * 8) + people(("D", "Y"), 9) + people(("D", "Z"), 10)
    assert threshold(found)["D / X"] == (8, 8 * answer)

    findings = report(found)

    assert set(shown_units(findings)) == {"", "D", "D / X", "D / Y", "D / Z"}
    assert set(shown_cells(findings)) == {"", "D", "D / Z"}  # X alone would be what is left, so Y goes with it


def test_a10_a_team_of_five_with_a_mean_of_4_8_is_allowed() -> None:
    """A10: four fives and a four can be read off a mean of 4.8, but not who ticked the four; that is allowed."""
    found = team(("D", "A"), 5, 5, 5, 5, 4) + people(("D", "B"), 9)

    shown = shown_cells(report(found))

    assert shown["D / A"] == (5, 24.0)


def test_a13_a_question_that_few_answered_is_not_shown_for_a_large_team() -> None:
    """A13: of a team of 8 only 4 answered the question: the team is shown, its answers to the question are not."""
    found = team(("D", "A"), 1, 2, 3, 4, 0, 0, 0, 0) + people(("D", "B"), 9)

    findings = report(found)

    assert shown_units(findings)["D / A"] == 8
    assert "D / A" not in shown_cells(findings)
    assert findings.items.at(row(findings, "D / A"), 0) == WITHHELD


def test_a14_few_answers_are_not_what_the_department_leaves() -> None:
    """A14: 14 answers less two teams of 6 would be the 2 answers of the third; one of the teams is not shown for it."""
    found = people(("D", "a"), 6) + people(("D", "b"), 6) + team(("D", "c"), 5, 1, 0, 0, 0, 0)
    others = threshold(found)
    assert minus(others["D"], others["D / a"], others["D / b"]) == (2, 6)

    findings = report(found)

    assert shown_units(findings) == {"": 18, "D": 18, "D / a": 6, "D / b": 6, "D / c": 6}
    assert {name: n for name, (n, _) in shown_cells(findings).items()} == {"": 14, "D": 14, "D / a": 6}


def test_a19_a_hidden_team_has_no_complement() -> None:
    """A19: “the rest of the organisation” of a hidden team of 4 would give it away; its row says nothing at all."""
    found = people("A", 10) + people("B", 11) + people("T", 4)
    others = threshold(found)
    assert minus(others[""], others["A"], others["B"])[0] == 4

    findings = report(found, levels=("Team",))

    hidden = row(findings, "T")
    assert shown_units(findings) == {"": 25, "B": 11, "rest": 14}
    assert findings.units[hidden].n == WITHHELD
    assert findings.items.standing[hidden, 0] == NO_STANDING


def test_a26_a_department_with_one_team_is_shown_twice() -> None:
    """A26: a department and its only team are the same people; showing both says nothing more, and is allowed."""
    found = people(("D", "only"), 9)

    findings = report(found)

    assert shown_units(findings) == {"": 9, "D": 9, "D / only": 9}
    assert findings.items.standing[:, 0].tolist() == [NO_STANDING] * 3  # there is nobody else to compare with
