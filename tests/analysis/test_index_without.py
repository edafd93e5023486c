"""What a score may be without some of the people is said from printed figures alone, and always true."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
from psafety.analysis.indicators import index_without

ANSWERS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.integers(1, 4)),
    elements=st.sampled_from([0.0, 25, 50, 75, 100, np.nan]),
)


def index_of(answers):
    """The mean of the items' means, each over those who answered it."""
    return float(np.nanmean(answers, axis=0).mean())


@given(answers=ANSWERS, data=st.data())
def test_the_true_index_without_them_lies_between_the_bounds(answers, data):
    """Whoever is left out, whatever they answered, and whatever is left blank; with a printed index, too."""
    left_out = data.draw(st.sets(st.integers(0, len(answers) - 1), max_size=len(answers) - 1))
    most = len(left_out) + data.draw(st.integers(0, 4))
    kept = np.delete(answers, sorted(left_out), axis=0)
    answered = (~np.isnan(answers)).sum(axis=0).min()
    if answered <= most or not (~np.isnan(kept)).any(axis=0).all():
        return
    whole, true = index_of(answers), index_of(kept)

    for index, rounded_by in ((whole, 0.0), (round(whole), 0.5)):
        low, high = index_without(index, int(answered), most, rounded_by=rounded_by)
        assert max(low, 0) - 1e-9 <= true <= min(high, 100) + 1e-9


@pytest.mark.parametrize(
    ("index", "n", "left_out", "bounds"),
    [
        (68, 400, 12, ((400 * 67.5 - 1200) / 388, 400 * 68.5 / 388)),
        (68, 400, 0, (67.5, 68.5)),
        (99, 20, 4, ((20 * 98.5 - 400) / 16, 100)),  # no index lies above 100
        (1, 20, 4, (0, 20 * 1.5 / 16)),
        (50, 5, 4, (0, 100)),  # one person is left: anything may be true
        (50, 4, 4, None),  # nobody is left
        (50, 3, 4, None),
    ],
)
def test_the_bounds_by_hand(index, n, left_out, bounds):
    found = index_without(index, n, left_out)

    assert found == (bounds if bounds is None else pytest.approx(bounds))
