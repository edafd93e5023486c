"""Two reports on overlapping people: what both together give away does not pass, and is named."""

import itertools
from collections import Counter

import pytest
from handmade import instrument, responses
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure import overlap
from psafety.analysis.disclosure.overlap import Leak, Shown, leaks

# The second item tells people apart (or not); no report prints it.
ASKED = instrument({"trust": 1, "tag": 1}, points={"trust": 5, "tag": 15}, outcomes=("trust", "tag"))
PRINTED = frozenset({"trust1"})


def shown(people, *units, levels=("Team",)):
    """What a report on these people (unit, answer, tag) prints, which prints these units."""
    return Shown(
        responses([(path, answers) for path, *answers in people], ASKED, levels=levels), dict.fromkeys(units, PRINTED)
    )


def found(earlier, later, *, least=5, joint_from=1000):
    """The groups that both reports set apart."""
    return leaks(earlier, later, least=least, joint_from=joint_from)


def team(name, *answers, first=1):
    """A team; nobody answers both items like somebody of a team with other tags (`first` and the next four)."""
    return [((name,), answer, first + place % 5) for place, answer in enumerate(answers)]


MIXED = (1, 2, 3, 4, 5, 1, 2, 3)


def test_the_same_report_twice_gives_nothing_away():
    """The same rows of the same answers tell nothing new, although several people answered alike."""
    people = team("A", *MIXED) + team("B", *MIXED, first=6)

    assert found(shown(people, (), ("A",), ("B",)), shown(people[::-1], (), ("A",), ("B",))) == ()


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ((3,), "“A” in this report − “A” in the earlier report = 1 person"),
        ((3, 4, 5), "“A” in this report − “A” in the earlier report = 3 people"),
        ((1, 2, 3, 4), "“A” in this report − “A” in the earlier report = 4 people"),
        ((1, 2, 3, 4, 5), None),
        (
            (3, 3, 3, 3, 3),  # enough people, but the difference of the two distributions is what each of them said
            "“A” in this report − “A” in the earlier report = 5 people, who may all have answered one question alike",
        ),
    ],
)
def test_late_answers_must_be_a_group_of_their_own(late, words):
    """A16: late answers are the difference of both reports, so they must be enough, and not all alike."""
    before = team("A", *MIXED) + team("B", *MIXED, first=6)
    after = before + [(("A",), answer, 5) for answer in late]

    leak = found(shown(before, (), ("A",), ("B",)), shown(after, (), ("A",), ("B",)))

    assert [one.words for one in leak] == ([] if words is None else [words])


@pytest.mark.parametrize(
    ("into_team", "printed", "words"),
    [
        (25, ("A",), ["teams in one report and not in the other = 25 people, in how much teams differ"]),
        (30, ("A",), []),
        (0, ("A",), []),
        (25, (), []),  # the team is printed in neither report
    ],
)
def test_late_answers_in_compared_teams_must_be_many(into_team, printed, words):
    """ICC(1) is made of the people of all printed teams: the difference of two of them tells of those who came late."""
    asked = instrument({"trust": 1, "tag": 1}, points={"trust": 5, "tag": 100}, outcomes=("tag",))
    before = [(("A",), (1 + place % 5, 1 + place)) for place in range(40)]
    late = [(("A",) if place < into_team else (), (1 + place % 5, 41 + place)) for place in range(60)]
    units = dict.fromkeys([(), *filter(None, [printed])], PRINTED)

    found = leaks(
        *(Shown(responses(people, asked, levels=("Team",)), units) for people in (before, before + late)),
        least=5,
        joint_from=30,
    )

    assert [leak.words for leak in found] == words


def test_answers_that_were_taken_out_count_like_late_ones():
    """A report without some answers of the earlier one sets just those apart."""
    before = team("A", *MIXED)

    (leak,) = found(shown(before, ()), shown(before[:-2], ()))

    assert leak == Leak(2, "the organisation in the earlier report − the organisation in this report = 2 people")


def test_a_corrected_answer_is_two_answers():
    """Who answers otherwise than before leaves with the one answer and comes with the other; both are set apart."""
    before = team("A", *MIXED)
    after = [(("A",), 5, 1), *before[1:]]

    leak = found(shown(before, ()), shown(after, ()))

    assert [one.words for one in leak] == [
        "those in no row in the earlier report who are in the organisation in this report = 1 person",
        "those in the organisation in the earlier report who are in no row in this report = 1 person",
    ]


def test_a_new_sorting_into_teams_shows_who_moved():
    """A18: team A has 8 people before; later A′ is those and 2 more: A′ − A is what the 2 said."""
    before = team("A", *MIXED) + team("B", *MIXED, *MIXED, first=6)
    after = [(("A′",) if place < 10 else ("B",), *answers) for place, (_, *answers) in enumerate(before)]

    leak = found(shown(before, (), ("A",)), shown(after, (), ("A′",)))

    assert leak[0] == Leak(2, "“A′” in this report − “A” in the earlier report = 2 people")


def test_people_who_changed_places_are_refused_although_no_sum_isolates_five():
    """Two left a team and three came: no sum is of fewer than five people, but the distributions show all five."""
    before = team("A", 1, 1, *MIXED) + team("B", 5, 5, 5, *MIXED, first=6)
    moved = {0: "B", 1: "B", 10: "A", 11: "A", 12: "A"}
    after = [((moved[place],) if place in moved else path, *rest) for place, (path, *rest) in enumerate(before)]

    leak = found(shown(before, (), ("A",), ("B",)), shown(after, (), ("A",), ("B",)))

    assert {one.words for one in leak} >= {
        "those in “A” in the earlier report who are in “B” in this report = 2 people",
        "those in “B” in the earlier report who are in “A” in this report = 3 people",
    }


def test_teams_that_are_only_called_otherwise_give_nothing_away():
    """New names for the same groups of people are no new information."""
    before = team("A", *MIXED) + team("B", 2, 4, first=6)
    after = [((path[0] + "2",), *rest) for path, *rest in before]

    assert found(shown(before, (), ("A",)), shown(after, (), ("A2",)), least=2) == ()


def test_people_who_answered_alike_are_not_guessed_apart():
    """Where it is open which of two who answered alike moved where, what may be counts as being."""
    before = [*team("A", *MIXED), *team("B", *MIXED, first=6), (("A",), 5, 15), (("B",), 5, 15)]
    after = [((path[0] + "2",), *rest) for path, *rest in before]

    leak = found(shown(before, (), ("A",), ("B",)), shown(after, (), ("A2",), ("B2",)), least=2)

    assert "people who answered alike cannot be told apart" in leak[0].words


def test_another_rule_leaves_remainders():
    """A20: with ten the department alone, with five the department's team of eight too: two people remain."""
    people = [(("D", "A"), *rest) for _, *rest in team("A", *MIXED)]
    people += [(("D", "B"), *rest) for _, *rest in team("B", 2, 4, first=6)]
    people += [(("E", "C"), *rest) for _, *rest in team("C", *MIXED, 4, 4, first=11)]
    levels = ("Department", "Team")

    leak = found(shown(people, (), ("D",), levels=levels), shown(people, (), ("D", "A"), levels=levels))

    assert leak[0] == Leak(2, "“D” in the earlier report − “D / A” in this report = 2 people")


def test_a_row_of_everybody_else_is_named_as_such():
    """Where a unit has printed parts, its own people are those in none of them."""
    before = team("A", *MIXED) + team("B", *MIXED, first=6)
    after = [*before, (("C",), 3, 11)]

    leak = found(shown(before, (), ("A",)), shown(after, (), ("A",)))

    assert leak[0].words == (
        "everybody else in the organisation in this report − everybody else in the organisation in the earlier report"
        " = 1 person"
    )


def test_who_did_not_answer_an_item_is_no_part_of_it():
    """A late answer with a blank to the item changes nothing that is printed of it."""
    before = team("A", *MIXED)
    after = [*before, (("A",), 0, 9)]

    assert found(shown(before, ()), shown(after, ())) == ()


def test_a_survey_without_units_is_compared_as_a_whole():
    """Without a team column there is one row, the organisation."""
    before = [((), answer, tag) for tag, answer in enumerate(MIXED, start=1)]

    (leak,) = found(shown(before, (), levels=()), shown([*before, ((), 1, 9)], (), levels=()))

    assert leak.n == 1


@pytest.mark.parametrize(
    ("late", "blanks", "said"),
    [
        (6, 0, {"figures on whole questionnaires", "scores of persons"}),  # 6 people, but such figures need 30
        (30, 2, {"scores of persons who left gaps"}),
        (30, 0, set()),
        (30, 5, set()),
    ],
)
def test_figures_on_whole_questionnaires_need_more_late_people(late, blanks, said):
    """By the late answers also deviations and reliability differ, which need 30 people, and 0 or 5 with gaps."""
    asked = instrument({"trust": 2})
    people = [(("A",), (1 + n % 5, 1 + n // 5 % 5)) for n in range(40)]
    more = [(("A",), (1 + n % 5, 0 if n < blanks else 1 + n // 5 % 5)) for n in range(late)]
    printed = {(): frozenset({"trust1", "trust2"})}
    before, after = (Shown(responses(who, asked, levels=("Team",)), printed) for who in (people, people + more))

    leak = leaks(before, after, least=5, joint_from=30)

    assert {one.words.partition(", in ")[2] for one in leak} == said


def test_too_many_alike_are_not_compared(monkeypatch):
    """Where the ways in which people may have moved are too many, it says so and does not try."""
    monkeypatch.setattr(overlap, "_MOST_PAIRS", 3)
    before = [((name,), 3, 1) for name in "ABCD"]
    after = [((name,), 3, 1) for name in "EFGH"]

    with pytest.raises(OverflowError):
        found(shown(before, ()), shown(after, ()))


# Against all possible worlds --------------------------------------------------------------------------------------


def in_rows(units, paths):
    """Per printed unit the people in it; None is not in that file."""
    return [[who for who, path in enumerate(paths) if path is not None and path[: len(unit)] == unit] for unit in units]


def certain(rows, answers, least, points):
    """Fewer people than `least` of whom all worlds that print the same say how many gave which answer; else None."""

    def printed(world):
        return [sorted(world[who] for who in row) for row in rows]

    worlds = [
        world
        for world in itertools.product(range(1, points + 1), repeat=len(answers))
        if printed(world) == printed(answers)
    ]
    known = {who for row in rows for who in row}
    for size in range(1, least):
        for group in itertools.combinations(sorted(known), size):
            if len({tuple(sorted(world[who] for who in group)) for world in worlds}) == 1:
                return group
    return None


@st.composite
def two_reports(draw, *, moving):
    """Up to eight people before and after; the printed teams of both reports; the limit."""
    size = draw(st.integers(3, 8))
    teams = [("A",), ("B",)]
    before, after = [], []
    for _ in range(size):
        now = draw(st.sampled_from([*teams, ()]))
        then = draw(st.sampled_from([*teams, (), None] if moving else [now, now, None]))
        before.append(then)
        after.append(draw(st.sampled_from([now, now, None])) if moving else now)
    units = [[(), *(unit for unit in teams if draw(st.booleans()))] for _ in range(2)]
    if not moving:
        units[1] = units[0]
    answers = draw(st.lists(st.integers(1, 2), min_size=size, max_size=size))
    return before, after, answers, units, draw(st.sampled_from([2, 3]))


def compared(before, after, answers, units, least, *, told_apart):
    """What is found in two reports on these people."""
    both = [
        shown(
            [(path, answers[who], who + 1 if told_apart else 1) for who, path in enumerate(paths) if path is not None],
            *printed,
        )
        for paths, printed in zip((before, after), units, strict=True)
    ]
    return found(*both, least=least)


def changed_places(before, after, answers):
    """Whether people moved and yet the same answers stand in the same units: what is not considered."""
    for answer in set(answers):
        then, now = (
            [path for path, given in zip(paths, answers, strict=True) if given == answer] for paths in (before, after)
        )
        if then != now and Counter(then) == Counter(now):
            return True
    return False


@settings(max_examples=60)
@given(two_reports(moving=True), st.booleans())
def test_what_passes_leaves_nobody_certain(reports, told_apart):
    """Where nothing is found, for any fewer people than the limit another world prints the same in both reports.

    Some are told apart by their tags, some by their answers alone.
    """
    before, after, answers, units, least = reports
    if {None} in (set(before), set(after)):
        return

    if not told_apart and changed_places(before, after, answers):
        return
    if not compared(before, after, answers, units, least, told_apart=told_apart):
        rows = in_rows(units[0], before) + in_rows(units[1], after)
        assert certain(rows, answers, least, 2) is None


@settings(max_examples=40)
@given(two_reports(moving=False))
def test_late_answers_are_judged_exactly(reports):
    """Where nobody moves and the same rows are printed, what is found and what is certain are the same thing."""
    before, after, answers, units, least = reports
    if set(before) == {None}:
        return

    leak = compared(before, after, answers, units, least, told_apart=True)

    rows = in_rows(units[0], before) + in_rows(units[1], after)
    assert bool(leak) == (certain(rows, answers, least, 2) is not None)
