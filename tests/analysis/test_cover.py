"""The cover: withheld by lot, the same for whatever was answered, and stable."""

import numpy as np
import pytest
from handmade import instrument, label, people, responses, row
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure.cover import covered
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
PATHS = [(f"D{number % 40}", f"T{number}") for number in range(2000)]
ITEMS = [f"item{number}" for number in range(24)]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.5, 1.0])
def test_the_share_is_the_one_asked_for(share):
    """Of many cells, about the asked share is withheld, and none or all at the ends."""
    cover = covered(KEY, PATHS, ITEMS, share)

    assert cover.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / cover.size))


def test_no_team_and_no_item_is_hit_more_often():
    """Cells are drawn as if each alone: sums over teams and over items vary as those of coins do."""
    cover = covered(KEY, PATHS, ITEMS, 0.5)

    assert cover.sum(axis=1).var() == pytest.approx(24 / 4, rel=0.15)
    assert np.abs(np.corrcoef(cover.T) - np.eye(24)).max() < 5 / np.sqrt(len(PATHS))


def test_other_teams_and_items_change_nothing():
    """A cell is covered or not whatever other units and items there are, and in whatever order."""
    some = covered(KEY, PATHS[100:50:-1], ITEMS[5:2:-1], 0.3)

    assert (some == covered(KEY, PATHS, ITEMS, 0.3)[100:50:-1, 5:2:-1]).all()


def test_the_key_decides():
    """Another key is another cover; the same key is the same one."""
    assert (covered(KEY, PATHS, ITEMS, 0.3) == covered(KEY, PATHS, ITEMS, 0.3)).all()
    assert (covered(KEY, PATHS, ITEMS, 0.3) != covered(OTHER, PATHS, ITEMS, 0.3)).mean() > 0.3


def test_names_are_not_run_together():
    """Units whose names only together read alike are different units."""
    cover = covered(KEY, [("A", "BC"), ("AB", "C"), ("", "ABC")], ITEMS * 20, 0.5)

    assert not (cover[0] == cover[1]).all()
    assert not (cover[0] == cover[2]).all()


def test_no_cells_make_no_trouble():
    """Without units, or without items, there is nothing to cover."""
    assert covered(KEY, [], ITEMS, 0.5).shape == (0, 24)
    assert covered(KEY, PATHS, [], 0.5).shape == (2000, 0)


def survey(sizes):
    """Teams of these sizes in one department each, mixed answers."""
    return responses(
        [person for place, size in enumerate(sizes) for person in people((f"D{place % 2}", f"T{place}"), size)]
    )


def test_the_cover_is_of_teams_alone():
    """With everything covered no team shows the item; the organisation and the departments do, as a whole."""
    findings = analyze(survey([8, 9, 10, 11]), Policy(cover=1.0), key=KEY)

    shown = {label(findings.units, place) for place in np.flatnonzero(findings.items.shown[:, 0])}
    assert shown == {"", "D0", "D1"}


def test_without_a_key_there_is_no_cover():
    """From Python, without a record, nothing is withheld by lot, and the findings say that they are not recorded."""
    findings = analyze(survey([8, 9, 10, 11]), Policy(cover=1.0))

    assert findings.items.shown[row(findings, "D0 / T0"), 0]
    assert not findings.recorded


@settings(max_examples=25)
@given(st.lists(st.integers(1, 5), min_size=40, max_size=40))
def test_whatever_is_answered_the_cover_is_the_same(answers):
    """No answer changes which cells are covered: what is covered is withheld for any answers."""
    asked = instrument({"trust": 8})
    paths = [("D", f"T{place % 4}") for place in range(40)]
    varied = [
        (path, [1 + (answer + item) % 5 for item in range(8)]) for path, answer in zip(paths, answers, strict=True)
    ]
    cover = covered(KEY, sorted(set(paths)), [item.id for item in asked.items], 0.4)

    findings = analyze(responses(varied, asked), Policy(cover=0.4), key=KEY)

    teams = [row(findings, f"D / T{place}") for place in range(4)]
    assert not (findings.items.shown[teams] & cover).any()
