"""Sums over the units of a hierarchy."""

import numpy as np
from hypothesis import given, strategies as st
from psafety.analysis.hierarchy import add_up


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9), st.integers(-9, 9)), max_size=30))
def test_values_are_added_to_their_groups_in_any_order(rows: list[tuple[int, int, int]]) -> None:
    """As numpy's own `add.at` adds them, also where a group has no values or there are none at all."""
    groups = np.array([group for group, *_ in rows], np.intp)
    values = np.array([value for _, *value in rows], np.int64).reshape(-1, 2)
    expected = np.arange(10).reshape(5, 2)
    found = expected.copy()
    np.add.at(expected, groups, values)

    add_up(found, groups, values)

    assert found.tolist() == expected.tolist()
