"""Groups across the organisation: A5, A6, A7 and A21 from the answers to the findings, and the laws of P6."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from handmade import ONE_ITEM, bits, from_arrays, instrument, label, names_column, people, responses
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.cut_scores import NO_CUTS, CutPrecision, CutRow, CutScore
from psafety.analysis.disclosure import cuts as protection
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.scores import Withheld
from psafety.analysis.tally import tally
from psafety.surveys.instrument import Instrument
from psafety.surveys.responses import Responses

Stated = Mapping[str, Sequence[str]]
SEARCH = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
SMALL = Policy(min_group=3, detail_from=3, joint_from=3, cut_group=3, cut_unit=6)


def cut(found: Responses, stated: Stated) -> Responses:
    """The same answers, with what people stated about themselves."""
    columns = {name: names_column(values) for name, values in stated.items()}
    return replace(found, groups=found.groups.assign(**columns), cuts=tuple(stated))


def teams(*sizes: int, division: str = "A") -> list:
    """Teams of so many people whose answers go 1, 2, 3, 4, 5, 1…"""
    return list(
        chain.from_iterable(people((division, f"{division}{number}"), size) for number, size in enumerate(sizes))
    )


def rows(findings: Findings) -> dict[tuple[str, str, str], CutRow]:
    """The rows of the cuts by unit, attribute and value."""
    return {(label(findings.units, row.unit), row.attribute, row.value): row for row in findings.cuts.rows}


def shown(findings: Findings) -> dict[tuple[str, str], int]:
    """The printed rows of the cuts and how many people they are about."""
    return {(unit, value): row.n for (unit, _, value), row in rows(findings).items() if not isinstance(row.n, Withheld)}


def threshold(found: Responses, least: int) -> dict[tuple[str, str], int]:
    """What a report shows that knows a smallest group only: the first cut in the organisation and its divisions."""
    counts: dict[tuple[str, str], int] = {}
    for division, value in zip(found.groups["Department"], found.groups[found.cuts[0]], strict=True):
        for unit in ("", division):
            counts[unit, value] = counts.get((unit, value), 0) + 1
    return {row: n for row, n in counts.items() if n >= least}


def test_a5_two_of_three_genders_do_not_leave_the_third() -> None:
    """A5: of 44 women, 53 men and 3 others a threshold shows both, and the total less both is the three; one goes."""
    stated = [*["F"] * 44, *["M"] * 53, *["other"] * 3]
    order = np.random.default_rng(1).permutation(100)
    found = cut(responses(teams(*[10] * 10)), {"Gender": [stated[place] for place in order]})
    others = threshold(found, 10)
    assert 100 - others["", "F"] - others["", "M"] == 3

    findings = analyze(found)

    assert shown(findings) == {("", "M"): 53, ("A", "M"): 53}  # what is hidden is 47 people
    assert ("", "Gender", "other") not in rows(findings)  # three people are too few even to be named


def test_a6_the_women_do_not_leave_the_one_man_of_a_team() -> None:
    """A6: team X is 8 women and a man, two more women sit elsewhere: women less X speaks of three people; they go."""
    found = cut(
        responses([*teams(9), *teams(12, 13, 15, 14, division="B")]),
        {"Gender": [*["F"] * 8, "M", *["F"] * 2, *["M"] * 52]},
    )
    assert threshold(found, 10)["", "F"] == 10

    findings = analyze(found)

    assert shown(findings) == {("B", "M"): 52} or shown(findings) == {}
    assert ("", "F") not in shown(findings)


def test_a7_the_women_of_the_others_are_not_what_one_division_leaves() -> None:
    """A7: division B has three women; women of the organisation less women of division A would be just those."""
    women = np.random.default_rng(2).permutation([*["F"] * 40, *["M"] * 20]).tolist()
    few = ["M"] * 60
    few[4] = few[25] = few[46] = "F"
    found = cut(responses([*teams(*[10] * 6), *teams(*[10] * 6, division="B")]), {"Gender": [*women, *few]})
    others = threshold(found, 10)
    assert others["", "F"] - others["A", "F"] == 3

    printed = shown(analyze(found))

    assert not {("", "F"), ("A", "F")} <= printed.keys()
    assert not {("", "M"), ("A", "M"), ("B", "F")} <= printed.keys()
    assert printed


A21 = [(("O", "A"), (1,)), (("O", "A"), (3,)), (("O", "A"), (3,)), (("O", "A"), (3,))]
A21 += [(("O", "B"), (2,)), (("O", "B"), (3,)), (("O", "B"), (2,))]


def test_a21_a_man_whose_answer_the_means_force_is_not_cut_out() -> None:
    """A21 (k = 3): means of women and men leave only one world for the men; the gate withholds them."""
    asked = instrument({"trust": 1}, points=3)
    found = cut(responses(A21, asked), {"Gender": ["F", "F", "M", "M", "F", "F", "M"]})

    findings = analyze(found, replace(SMALL, cut_unit=7))

    assert all(isinstance(row.items[0], Withheld) for row in findings.cuts.rows)


def test_a_group_that_answered_alike_is_withheld_for_that_item() -> None:
    """Twelve people of one mind have their row, and it is withheld for the item they agree on."""
    points = np.array([[1 + person % 5, 1 + person % 4] for person in range(60)])
    old = np.arange(60) % 5 == 0
    points[old, 0] = 4
    found = cut(
        from_arrays(points, [["D"] * 60, [f"T{person // 12}" for person in range(60)]], instrument({"trust": 2})),
        {"Age": np.where(old, "old", "young").tolist()},
    )

    row = rows(analyze(found))["", "Age", "old"]

    assert row.n == 12
    assert isinstance(row.items[0], Withheld)
    assert row.items[1] == CutScore(12, 38, 21, 55)
    assert isinstance(row.dimensions[0], Withheld)  # half of the items are too few


def test_a_withheld_group_need_not_have_answered_alike() -> None:
    """Else the mark alone says so: here what the men leave is twelve fives, or eleven and a four, which is printed.

    With a cover, the secret key can have withheld those eleven and the four as well, so nobody can tell.
    """

    def index_of(fives: int, key: str) -> tuple[object, object]:
        women, men = [5] * fives + [4] * (12 - fives), [5] * (20 - fives) + [4] * (13 + fives) + [3] * 17
        asked = responses([(("A", f"A{place % 4}"), (answer,)) for place, answer in enumerate(women + men)])
        groups = rows(analyze(cut(asked, {"Gender": "F" * 12 + "M" * 50}), key=key))
        return tuple(getattr(groups["", "Gender", sex].items[0], "index", None) for sex in "FM")

    covered = [key for key in map("{:032x}".format, range(200)) if index_of(11, key) == (None, 71)]

    assert (index_of(11, ""), index_of(12, "")) == ((98, 71), (None, 71))
    assert len(covered) in range(1, 20)


def test_a_row_holds_whole_points_only() -> None:
    """Index and interval of a printed row are whole numbers from 0 to 100; a dimension is the mean of whole indexes."""
    rng = np.random.default_rng(4)
    found = cut(
        from_arrays(
            rng.integers(1, 6, (80, 3)), [["D"] * 80, [f"T{person // 10}" for person in range(80)]], instrument()
        ),
        {"Gender": rng.choice(["F", "M"], 80).tolist()},
    )

    for row in analyze(found).cuts.rows:
        scores = [score for score in (*row.items, *row.dimensions) if isinstance(score, CutScore)]
        assert all(type(value) is int for score in scores for value in (score.n, score.index, score.low, score.high))
        assert all(0 <= score.low <= score.index <= score.high <= 100 for score in scores)
        assert len(scores) == 4
        assert abs(scores[3].index - sum(score.index for score in scores[:3]) / 3) <= 0.5


def test_an_interval_without_a_deviation_spans_the_scale() -> None:
    """Where nothing can be pooled, the interval says that nothing is known."""
    precision = CutPrecision(np.array([np.nan]), np.array([np.nan]), np.array([5]))

    assert precision.interval(0, 40, 12) == (0, 100)


def test_small_units_are_not_cut() -> None:
    """Only the organisation and top-level units of 50 people and more are; nothing where the organisation is not."""
    found = [*teams(*[10] * 6), *teams(*[10] * 4, division="B")]
    gender = np.random.default_rng(5).choice(["F", "M"], 100).tolist()

    assert {unit for unit, _ in shown(analyze(cut(responses(found), {"Gender": gender})))} == {"", "A"}
    assert analyze(cut(responses(found[:40]), {"Gender": gender[:40]})).cuts.rows == ()


def test_people_who_stated_nothing_are_in_no_row() -> None:
    """Nobody is printed as “not stated”, and such people count among the hidden ones."""
    gender = np.random.default_rng(6).permutation([*["F"] * 30, *["M"] * 28, *[""] * 2]).tolist()

    findings = analyze(cut(responses(teams(*[10] * 6)), {"Gender": gender}))

    assert {row.value for row in findings.cuts.rows} == {"F", "M"}
    assert shown(findings) == {("", "F"): 30, ("A", "F"): 30}  # the men would leave the two


def test_values_are_listed_in_every_unit_alike() -> None:
    """Whether anybody of a unit stated a value does not show in the list of its rows."""
    place = ["p"] * 60 + ["q"] * 30 + ["p"] * 30

    findings = analyze(cut(responses([*teams(*[10] * 6), *teams(*[10] * 6, division="B")]), {"Place": place}))

    assert list(rows(findings)) == [(unit, "Place", value) for unit in ("", "A", "B") for value in "pq"]


def test_without_cuts_everything_is_as_it_was() -> None:
    """Findings hold no cuts; and with cuts, all that is said of the units is the same to the bit."""
    plain = responses([*teams(*[7] * 9), *teams(*[6] * 9, division="B")])
    with_cuts = cut(plain, {"Gender": [*"FMF" * 39]})

    assert analyze(plain).cuts == NO_CUTS
    assert bits(analyze(with_cuts)) == bits(analyze(plain))
    assert analyze(with_cuts).data_digest == analyze(plain).data_digest
    assert analyze(with_cuts).cuts.digest != analyze(cut(plain, {"Gender": [*"FFM" * 39]})).cuts.digest != ""
    assert tally(with_cuts).without_cuts() == tally(plain)


def test_tallies_of_different_cuts_do_not_add_up() -> None:
    """Cells of other cuts are other cells."""
    plain = responses(teams(6))

    with pytest.raises(ValueError, match="do not add up"):
        tally(plain) + tally(cut(plain, {"Gender": [*"FFFMMM"]}))


def test_tallies_with_cuts_add_up() -> None:
    """Two halves of a file make the whole."""
    whole = cut(responses(teams(8, 8)), {"Gender": [*"FFMM" * 4]})
    halves = [
        replace(
            whole, points=whole.points[part].reset_index(drop=True), groups=whole.groups[part].reset_index(drop=True)
        )
        for part in (np.arange(16) < 7, np.arange(16) >= 7)
    ]

    assert tally(halves[0]) + tally(halves[1]) == tally(whole)


def test_where_the_search_does_not_end_the_last_attribute_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is printed, the findings say which, and the others are searched anew."""
    found = cut(
        responses(teams(*[10] * 6)),
        {"Gender": [*"FM" * 30], "Site": np.random.default_rng(7).choice([*"pq"], 60).tolist()},
    )
    search = protection.find_forced
    monkeypatch.setattr(
        protection,
        "find_forced",
        lambda printed, *rest: replace(search(printed, *rest), finished=printed.cuts.shape[1] < 2),
    )

    findings = analyze(found)

    assert findings.cuts.attributes == ("Gender", "Site")
    assert findings.cuts.unfinished == ("Site",)
    assert {row.attribute for row in findings.cuts.rows} == {"Gender"}


def test_where_no_search_ends_no_cut_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All attributes are unfinished, and there is no row."""
    search = protection.find_forced
    monkeypatch.setattr(protection, "find_forced", lambda *given: replace(search(*given), finished=False))

    findings = analyze(cut(responses(teams(*[10] * 6)), {"Gender": [*"FMMFF" * 12]}))

    assert findings.cuts.unfinished == ("Gender",)
    assert findings.cuts.rows == ()


# Laws, on small organisations


@st.composite
def organisations(draw: st.DrawFn) -> Responses:
    """Up to two divisions of up to three teams, two attributes; a question that some left out."""
    homes = [
        (f"D{division}", f"T{division}{team}")
        for division in range(draw(st.integers(1, 2)))
        for team in range(draw(st.integers(1, 3)))
        for _ in range(draw(st.integers(2, 6)))
    ]
    size = len(homes)
    answers = draw(st.lists(st.sampled_from([0, 1, 1, 2, 3, 3]), min_size=size, max_size=size))
    stated = {
        name: draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))
        for name, values in (("Gender", ["F", "M"]), ("Site", ["p", "p", "q", ""]))
    }
    return cut(responses([(home, (answer,)) for home, answer in zip(homes, answers, strict=True)], ASKED), stated)


ASKED: Instrument = instrument({"trust": 1}, points=3)


def printed_members(found: Responses, findings: Findings, *, item: bool) -> list[list[int]]:
    """Who is in each printed row, units and cuts; of an item, those who answered it."""
    counts = (found.points.iloc[:, 0] > 0).to_numpy() if item else np.ones(len(found), bool)
    groups = found.groups

    def within(row: int) -> np.ndarray:
        unit = findings.units[row]
        path = [name for name in unit.path if name]
        inside = np.ones(len(found), bool)
        for level, name in zip(found.levels, path, strict=False):
            inside &= (groups[level] == name).to_numpy()
        return inside & counts

    lines = []
    for row, unit in enumerate(findings.units):
        printed = findings.items.shown[row, 0] if item else not isinstance(unit.n, Withheld)
        if printed and unit.kind != "rest":
            lines.append(within(row))
    for line in findings.cuts.rows:
        if not isinstance(line.items[0] if item else line.n, Withheld):
            lines.append(within(line.unit) & (groups[line.attribute] == line.value).to_numpy())
    return [line[counts].astype(int).tolist() for line in lines]


def isolates(lines: list[list[int]], k: int) -> bool:
    """Whether some combination of the rows is zero for all but 1 to k - 1 people."""
    matrix = np.array(lines, float).reshape(len(lines), -1)
    full = np.linalg.matrix_rank(matrix) if matrix.size else 0
    few = chain.from_iterable(combinations(range(matrix.shape[1]), size) for size in range(1, k))
    return any(np.linalg.matrix_rank(np.delete(matrix, group, axis=1)) < full for group in few)


@SEARCH
@given(found=organisations(), item=st.booleans())
def test_no_combination_of_printed_rows_isolates_a_few(found: Responses, item: bool) -> None:
    """Units and cuts together, of people and of answers: nothing speaks of one or two."""
    if len(found) < 7:
        return
    findings = analyze(found, SMALL)

    assert not isolates(printed_members(found, findings, item=item), 3)


@settings(SEARCH, max_examples=10)
@given(found=organisations(), data=st.data())
def test_the_order_of_rows_changes_nothing(found: Responses, data: st.DataObject) -> None:
    """However the rows of the file are shuffled, the cuts are the same."""
    if len(found) < 7:
        return
    order = data.draw(st.permutations(range(len(found))))
    mixed = replace(
        found,
        points=found.points.iloc[order].reset_index(drop=True),
        groups=pd.DataFrame({name: column.iloc[order].reset_index(drop=True) for name, column in found.groups.items()}),
    )

    assert analyze(mixed, SMALL).cuts == analyze(found, SMALL).cuts


@pytest.mark.parametrize("asked", [ONE_ITEM])
def test_a_survey_without_levels_can_be_cut(asked: Instrument) -> None:
    """Where the file names no teams, the organisation alone is cut."""
    answers = np.random.default_rng(8).integers(1, 6, (70, 1))

    findings = analyze(cut(from_arrays(answers, [], asked, levels=()), {"Gender": [*"FMFFMMF" * 10]}))

    assert shown(findings) == {("", "F"): 40, ("", "M"): 30}
