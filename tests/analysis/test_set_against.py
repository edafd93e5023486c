"""Units against everybody else, and against everybody else in the unit above: true, with an interval, no new row."""

import numpy as np
import pytest
from handmade import from_arrays, instrument, people, report, row, team
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.analysis.scores import NO_STANDING

TREE = (
    *people(("North", "A"), 20),
    *team(("North", "B"), *[5] * 10, *[4] * 10),
    *people(("North", "C"), 20),
    *people(("South", "D"), 40),
)


def test_a_team_is_set_against_the_rest_of_its_department() -> None:
    """B ticked 4.5 on average, A and C 3: 37.5 points of 100 more, by more than chance explains."""
    findings = report(TREE)

    above = findings.against.above
    b = row(findings, "North / B")

    assert above.difference[b, 0] == pytest.approx(37.5)
    assert above.others[b, 0] == 40
    assert above.low[b, 0] > 0
    assert above.standing[b, 0] == 1
    assert above.high[b, 0] - 37.5 == pytest.approx(37.5 - above.low[b, 0])


def test_a_top_level_unit_is_set_against_the_organisation_alone() -> None:
    """Its unit above is the organisation, so the other comparison would say the same twice."""
    findings = report(TREE)
    north = row(findings, "North")

    assert findings.against.above.standing[north, 0] == NO_STANDING
    assert np.isnan(findings.against.above.difference[north, 0])
    assert findings.against.organisation.difference[north, 0] == pytest.approx(12.5)
    assert findings.against.organisation.standing[north, 0] == findings.dimensions.standing[north, 0]


def test_a_department_with_one_team_has_nobody_else() -> None:
    """The same people twice: there is no comparison, and no figure."""
    findings = report(people(("North", "A"), 20), people(("South", "D"), 20))

    assert findings.against.above.standing[row(findings, "North / A"), 0] == NO_STANDING


def test_the_organisation_and_rests_are_compared_with_nobody() -> None:
    """They have no others."""
    findings = report(people(("North", "A"), 20), people(("North", "B"), 3), people(("North", "C"), 3), people("S", 20))

    for place, unit in enumerate(findings.units):
        if unit.kind in {"organisation", "rest"}:
            assert np.isnan(findings.against.organisation.difference[place]).all()
            assert np.isnan(findings.against.above.difference[place]).all()


names = st.sampled_from(["A", "B", "C", "D"])


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(30, 60), st.integers(0, 2**32 - 1))
def test_the_difference_is_that_of_the_people(data, size, seed) -> None:
    """Over the items printed of both: the mean of the unit less the mean of all others in the row above it."""
    draw = np.random.default_rng(seed)
    asked = instrument({"trust": 3})
    answers = draw.integers(0, 6, (size, 3))
    where = np.array(data.draw(st.lists(names, min_size=size, max_size=size)))
    units = [["North" if name in "ABC" else "South" for name in where], list(where)]
    findings = analyze(from_arrays(answers, units, asked), Policy())

    for place, unit in enumerate(findings.units):
        difference = findings.against.above.difference[place, 0]
        if unit.kind == "team" and np.isfinite(difference):
            mine, above = where == unit.name, np.isin(where, list("ABC"))
            both = findings.items.shown[place] & findings.items.shown[unit.parent]
            ticked = np.where(answers > 0, answers, np.nan)[:, both]
            apart = np.nanmean(ticked[mine], axis=0) - np.nanmean(ticked[above & ~mine], axis=0)
            assert difference == pytest.approx(apart.mean() * 25)
            named = findings.against.above.standing[place, 0]
            assert (named == 1) <= (findings.against.above.low[place, 0] > 0)
            assert (named == -1) <= (findings.against.above.high[place, 0] < 0)
