"""Cells that are made array by array say what those made one by one say."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hypothesis import given, strategies as st
from psafety.reports import wording
from psafety.reports.cells import nearly_percent, rows_of


class Pair(NamedTuple):
    """A record."""

    one: str
    other: str


@given(st.lists(st.fractions(0, 1, max_denominator=2_000) | st.floats(0, 1).map(Fraction), min_size=1))
def test_a_share_is_the_same_percent_once_few_differ(shares: list[Fraction]) -> None:
    """Also at a tie, and next to nothing or all."""
    exact = np.array([float(share) for share in shares])

    assert [wording.percent(share) for share in nearly_percent(exact).tolist()] == [
        wording.percent(share) for share in exact.tolist()
    ]


def test_very_many_shares_become_few() -> None:
    """All but ties come down to a hundred and two; what is undefined stays so."""
    shares = np.random.default_rng(1).random(100_000)

    assert len(np.unique(nearly_percent(shares))) <= 102
    assert np.isnan(nearly_percent(np.array([np.nan]))).all()


def test_records_stand_row_by_row() -> None:
    """So many in each row, field by field as the columns say."""
    columns = [np.array(list(text), object) for text in ("abcd", "wxyz")]

    rows = rows_of(Pair, columns, (2, 2))

    assert rows == [(Pair("a", "w"), Pair("b", "x")), (Pair("c", "y"), Pair("d", "z"))]
    assert all(type(record) is Pair for row in rows for record in row)
