"""The rules of disclosure: what they may be, and that a change of any of them shows."""

from dataclasses import fields

import pytest
from psafety.analysis.disclosure.policy import Policy
from psafety.surveys.errors import ConfigError

_OTHER = {
    "min_group": 7,
    "coalition": 1,
    "detail_from": 12,
    "joint_from": 40,
    "dimension_items": 0.5,
    "cover": 0.05,
    "cut_group": 12,
    "cut_unit": 60,
}


@pytest.mark.parametrize(
    "chosen",
    [
        {"min_group": 2},
        {"coalition": -1},
        {"detail_from": 4},
        {"joint_from": 4},
        {"cut_group": 4},
        {"cut_unit": 9},
        {"cover": 1.5},
        {"dimension_items": -0.1},
    ],
)
def test_a_rule_that_would_give_answers_away_or_means_nothing_is_refused(chosen):
    """A wrong rule is named, with what to set instead."""
    with pytest.raises(ConfigError) as caught:
        Policy(**chosen)

    assert caught.value.hint


def test_a_higher_smallest_group_lifts_the_limits_that_nobody_chose():
    """`--min-group 40` alone is enough; nothing else has to be set."""
    policy = Policy.of(min_group=40)

    assert (policy.detail_from, policy.joint_from, policy.cut_group, policy.cut_unit) == (40, 40, 40, 50)


def test_a_coalition_raises_the_smallest_group():
    """Where one person of a group may add up their own answer, one more is needed."""
    assert Policy(min_group=5, coalition=1).smallest == 6


@pytest.mark.parametrize("rule", [field.name for field in fields(Policy)])
def test_the_digest_tells_any_change_of_the_rules(rule):
    """Two reports with the same digest hide by the same rules."""
    changed = Policy.of(**{rule: _OTHER[rule]})

    assert changed.digest != Policy().digest
    assert Policy().digest == Policy().digest
