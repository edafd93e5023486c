"""Comments are printed once each, never for a team alone, and nobody's can be found by taking others away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations

import pandas as pd
import pytest
from handmade import LEVELS, Path, names_column, responses as of_people
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.comments import Comments, shuffled
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.disclosure.record import publication
from psafety.analysis.findings import Findings, analyze
from psafety.analysis.tally import tally
from psafety.surveys.responses import Responses

DEEP = ("Division", "Department", "Team")
WHAT = "What should change?"
KEY = "5a" * 16
Writer = tuple[Path, str]  # the names of a person's units from the outermost to the team, and what the person wrote


def survey(
    people: Sequence[Writer],
    *,
    levels: Sequence[str] = LEVELS,
    waves: Sequence[str] | None = None,
    question: str = WHAT,
) -> Responses:
    """The answers, of which only the comments matter, of some people; "" for nothing written."""
    answered = [(path, (1 + number % 5,)) for number, (path, _) in enumerate(people)]
    texts = pd.DataFrame({question: names_column([text for _, text in people])})
    return replace(of_people(answered, levels=levels, waves=waves), comments=texts)


def wrote(path: Path | str, writers: int, silent: int = 0) -> list[Writer]:
    """So many people of one unit who wrote something of their own, and so many who did not."""
    where = (path,) if isinstance(path, str) else path
    label = "/".join(where)
    return [(where, f"{label} {number}") for number in range(writers)] + [(where, "")] * silent


def shown(findings: Findings) -> dict[str, Counter[str]]:
    """Where comments are printed, "rest" for everybody else, and how many of which unit."""
    found = {}
    for group in findings.comments[0].groups:
        place = "/".join(name for name in findings.units[group.unit].path if name) or "organisation"
        found[f"{place}, rest" if group.rest else place] = Counter(text.rpartition(" ")[0] for text in group.texts)
    return found


BIG = [*wrote(("A", "a1"), 12), *wrote(("A", "a2"), 8), *wrote(("B", "b1"), 9), *wrote(("B", "b2"), 11)]


def test_units_with_enough_writers_show_theirs_once():
    """Two departments with twenty writers each show them; no comment stands in two places, and no team has its own."""
    assert shown(analyze(survey(BIG))) == {"A": {"A/a1": 12, "A/a2": 8}, "B": {"B/b1": 9, "B/b2": 11}}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (9, {"organisation": 29}),  # printing A would leave nine by subtraction
        (10, {"A": 20, "organisation, rest": 10}),
    ],
)
def test_what_is_left_over_is_nobody_or_enough(others, expected):
    """A department is shown only where the others together are enough."""
    found = shown(analyze(survey([*BIG[:20], *wrote(("B", "b1"), 5), *wrote(("C", "c1"), others - 5)])))

    assert {place: texts.total() for place, texts in found.items()} == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (wrote(("A", "a1"), 9, silent=30), None),
        ([*wrote(("A", "a1"), 5, silent=9), *wrote(("B", "b1"), 4, silent=9)], None),
        ([*wrote(("A", "a1"), 5, silent=9), *wrote(("B", "b1"), 5, silent=9)], {"organisation": 10}),
        (wrote(("A", "a1"), 30), None),  # all of one team
        ([*wrote(("A", "a1"), 30), *wrote(("A", "a2"), 1)], {"A": 31}),
        ([*wrote(("A", "a1"), 10), *wrote(("A",), 1)], {"A": 11}),
        (wrote((), 10), {"organisation": 10}),  # people who named no team
    ],
)
def test_too_few_writers_or_a_single_team_show_nothing(people, expected):
    """Below ten writers, or where all are of one team, there is nothing, not even how many wrote."""
    findings = analyze(survey(people))

    assert {place: texts.total() for place, texts in shown(findings).items()} == (expected or {})


def test_a_department_of_one_team_is_not_shown_by_itself():
    """Such a department is a team under another name; its comments stand with those of others."""
    people = [*wrote(("A", "a1"), 20), *wrote(("B", "b1"), 15), *wrote(("C", "c1"), 12), *wrote(("C", "c2"), 12)]

    assert shown(analyze(survey(people))) == {
        "C": {"C/c1": 12, "C/c2": 12},
        "organisation, rest": {"A/a1": 20, "B/b1": 15},
    }


def test_the_last_team_is_not_left_over_alone():
    """Where taking the shown departments away would leave one team's comments, fewer departments are shown."""
    people = [*wrote(("A", "a1"), 10), *wrote(("A", "a2"), 10), *wrote(("B", "b1"), 15)]

    assert shown(analyze(survey(people))) == {"organisation": {"A/a1": 10, "A/a2": 10, "B/b1": 15}}


@pytest.mark.parametrize(
    ("policy", "places"),
    [
        (Policy(), {"A", "B"}),
        (Policy(detail_from=20), {"A", "B"}),
        (Policy(detail_from=21), {"organisation"}),
        (Policy(detail_from=18, coalition=2), {"A", "B"}),
        (Policy(detail_from=18, coalition=3), {"organisation"}),
        (Policy(detail_from=41, joint_from=41), set()),
    ],
)
def test_the_limit_is_that_of_the_policy(policy, places):
    """As many writers as distributions need answers, and a coalition more."""
    assert set(shown(analyze(survey(BIG), policy))) == places


def test_a_withheld_unit_shows_no_comments():
    """A department that the report does not show has no comments of its own either."""
    people = [*BIG[:20], *wrote(("B", "b1"), 12), *wrote(("B", "b2"), 12), *[(("C", "c1"), "")] * 3]
    findings = analyze(survey(people))
    hidden = {unit.path for unit in findings.units if not isinstance(unit.n, int)}

    assert hidden >= {("C",)}
    assert all(findings.units[group.unit].path not in hidden for group in findings.comments[0].groups)


def test_several_questions_are_decided_one_by_one():
    """Few answers to one question hide nothing of another; both stay in the order they were named."""
    responses = survey(BIG)
    more = responses.comments.assign(Else=names_column(["why"] * 9 + [""] * 31))

    first, second = analyze(replace(responses, comments=more)).comments

    assert (first.question, second) == (WHAT, Comments("Else", ()))
    assert len(first.groups) == 2


def test_no_comments_are_there_unless_asked_for():
    """Without a column of comments the findings, the tally and its digest are what they were."""
    asked = survey(BIG)
    plain = replace(asked, comments=None)

    assert analyze(plain).comments == ()
    assert tally(plain).digest == tally(asked).digest
    assert tally(plain) != tally(asked)
    assert analyze(plain).units == analyze(asked).units


def test_the_record_holds_no_word():
    """What is kept of a report on comments is nothing that anybody wrote."""
    kept = str(publication(analyze(survey(BIG), key=KEY), version="1"))

    assert not any(text in kept for _, text in BIG)


def test_comments_of_another_wave_stay_out():
    """A report on one wave prints that wave's comments alone."""
    people = [*BIG, *wrote(("A", "a3"), 15), *wrote(("B", "b3"), 15)]
    waves = ["2026-Q1"] * len(BIG) + ["2026-Q2"] * 30
    both = survey(people, waves=waves)

    assert shown(analyze(both, wave="2026-Q1")) == {"A": {"A/a1": 12, "A/a2": 8}, "B": {"B/b1": 9, "B/b2": 11}}
    assert shown(analyze(both)) == {"organisation": {"A/a3": 15, "B/b3": 15}}
    assert tally(both).of_wave("2026-Q1").comments == tally(survey(BIG, waves=waves[: len(BIG)])).comments


@given(st.permutations(range(len(BIG))), st.integers(0, len(BIG)), st.sampled_from(["", KEY]))
@settings(max_examples=25)
def test_the_order_of_the_file_does_not_show(order, cut, key):
    """Rows in another order, or in two pieces added up, give the same comments in the same order."""
    mixed = [BIG[place] for place in order]
    pieces = [part for part in (mixed[:cut], mixed[cut:]) if part]
    added = tally(survey(pieces[0]))
    for piece in pieces[1:]:
        added = added + tally(survey(piece))

    assert analyze(survey(mixed), key=key).comments == analyze(survey(BIG), key=key).comments
    assert added.comments == tally(survey(BIG)).comments


def test_a_piece_without_a_question_adds_up():
    """Pieces of which only some were asked for comments, or for others, keep them all."""
    one, other = tally(survey(BIG[:20])), tally(survey(BIG[20:], question="Else?"))
    added = one + other

    assert set(added.comments) == {WHAT, "Else?"}
    assert added.comments[WHAT] == one.comments[WHAT]


def test_the_order_is_that_of_the_key():
    """Another key gives another order, the same key the same; without one it is that of a hash of the texts."""
    texts = [f"text {number}" for number in range(20)]
    keys = ("", KEY, "6b" * 16)
    orders = {key: shuffled(texts, key) for key in keys}

    assert len(set(orders.values())) == 3
    assert all(set(order) == set(texts) and order != tuple(texts) for order in orders.values())
    assert shuffled(texts[::-1], KEY) == orders[KEY]
    assert shuffled(["b", "a", "b"], KEY).count("b") == 2


# Against brute force ------------------------------------------------------------------------------------------------


@st.composite
def organisations(draw: st.DrawFn, *, units: int = 8, writers: int = 4) -> list[Writer]:
    """A tree of a few units below the organisation, people attached to any of them, some of whom wrote something."""
    paths: list[Path] = [()]
    for number in range(draw(st.integers(0, units))):
        above = draw(st.sampled_from([path for path in paths if len(path) < len(DEEP)]))
        paths.append((*above, f"u{number}"))
    numbers = st.integers(0, writers)
    return [person for path in paths for person in wrote(path, draw(numbers), silent=draw(st.integers(0, 2)))]


SMALL = Policy(min_group=3, detail_from=3, joint_from=3, cut_group=3)


def residues_of(units: Sequence[Path], people: Sequence[Writer]) -> dict[Path, list[Writer]]:
    """Who wrote and belongs to each unit, and to no smaller one of them."""
    smallest_first = sorted(units, key=len, reverse=True)
    found: dict[Path, list[Writer]] = {unit: [] for unit in units}
    for path, text in people:
        home = next((unit for unit in smallest_first if path[: len(unit)] == unit), None)
        if text and home is not None:
            found[home].append((path, text))
    return found


def is_safe(residue: Sequence[Writer], fewest: int) -> bool:
    """Nobody, or enough people who are not all of one team."""
    homes = {path for path, _ in residue}
    return not residue or (len(residue) >= fewest and not (len(homes) == 1 and len(min(homes)) == len(DEEP)))


@given(organisations())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_group_of_comments_is_large_enough_and_each_comment_is_printed_once(people):
    """On any tree: all that a reader can take apart is nobody's, or that of three people of more than one team."""
    if len(people) < SMALL.smallest:
        return
    findings = analyze(survey(people, levels=DEEP), SMALL)
    (comments,) = findings.comments
    printed = [text for group in comments.groups for text in group.texts]
    at = {findings.units[group.unit].path: set(group.texts) for group in comments.groups}
    home = {text: path for path, text in people if text}

    for path, texts in at.items():
        writers = [(home[text], text) for text in texts]
        assert writers
        assert is_safe(writers, 3)
        assert len(path) < len(DEEP)
        assert all(one[: len(path)] == path for one, _ in writers)
    assert len(printed) == len(set(printed))
    assert not printed or set(printed) == set(home)


@given(organisations(units=6))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_other_choice_shows_more_units(people):
    """Of all sets of units, tried one by one, none that is safe is worth more than what is shown."""
    if len(people) < SMALL.smallest or not any(text for _, text in people):
        return
    findings = analyze(survey(people, levels=DEEP), SMALL)
    (comments,) = findings.comments
    units = [unit.path for unit in findings.units if unit.kind not in {"team", "rest"} and isinstance(unit.n, int)]
    safe = [
        chosen
        for chosen in chain.from_iterable(combinations(units[1:], size) for size in range(len(units)))
        if all(is_safe(residue, 3) for residue in residues_of([(), *chosen], people).values())
        and all(sum(path[: len(unit)] == unit and text != "" for path, text in people) >= 3 for unit in chosen)
    ]
    most = max((sum(8.0 ** (3 - len(unit)) for unit in chosen) for chosen in safe), default=-1)

    groups = {findings.units[group.unit].path for group in comments.groups}
    assert bool(groups) == (most >= 0)
    if groups:
        assert (
            max(sum(8.0 ** (3 - len(unit)) for unit in chosen) for chosen in safe if groups - {()} <= set(chosen))
            == most
        )
