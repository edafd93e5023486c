"""Times are read in whichever format the platform writes them, and in no time."""

import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from psafety.surveys.platforms.durations import durations

FORMATS = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%y %H:%M:%S"),
    *("%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
)


def export_of(start, end):
    """As much of an export as durations need."""
    columns = [pa.array(texts, pa.string()).dictionary_encode() for texts in (start, end)]
    return SimpleNamespace(duration=None, times=(0, 1), table=SimpleNamespace(columns=columns))


@pytest.fixture(scope="module")
def moments():
    """Two weeks of starts, and ends some minutes later."""
    chance = np.random.default_rng(4)
    start = pd.Timestamp("2026-03-01") + pd.to_timedelta(chance.integers(0, 14 * 86_400, 5_000), unit="s")
    taken = chance.integers(20, 900, 5_000)
    return start, start + pd.to_timedelta(taken, unit="s"), taken


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_gives_the_same_seconds(format_, moments):
    start, end, taken = moments

    found = durations(export_of(start.strftime(format_).tolist(), end.strftime(format_).tolist()))

    np.testing.assert_array_equal(found, taken)


def test_whole_minutes_are_read_as_such(moments):
    start, end, _ = moments
    texts = [each.strftime("%d.%m.%Y %H:%M").tolist() for each in (start, end)]

    found = durations(export_of(*texts))

    np.testing.assert_array_equal(found, (end.floor("min") - start.floor("min")).total_seconds())


def test_cells_that_are_no_times_are_unknown():
    """Blank, a word, a date alone: these rows have no duration, the others keep theirs."""
    start = ["01.03.2026 09:00:00", None, "soon", "01.03.2026", " 01.03.2026 09:00:00 "]
    end = ["01.03.2026 09:01:00", "01.03.2026 09:01:00", "01.03.2026 09:01:00", "01.03.2026", "01.03.2026 09:00:30"]

    np.testing.assert_array_equal(durations(export_of(start, end)), [60, np.nan, np.nan, np.nan, 30])


def test_no_time_at_all_is_no_duration():
    np.testing.assert_array_equal(durations(export_of([None, None], [None, None])), [np.nan, np.nan])


def test_a_large_file_is_read_about_as_fast_as_one_format_is(moments):
    """All formats but one are ruled out on a sample: reading is not done eleven times over."""
    start, end, taken = (np.tile(each, 10) for each in moments)
    moved = pd.to_timedelta(np.arange(len(start)), unit="s")
    texts = [(pd.DatetimeIndex(each) + moved).strftime("%d.%m.%Y %H:%M:%S").tolist() for each in (start, end)]
    export = export_of(*texts)
    begun = time.process_time()
    pd.to_datetime(pd.Series(texts[0]), format="%d.%m.%Y %H:%M:%S")
    once = time.process_time() - begun

    begun = time.process_time()
    found = durations(export)
    needed = time.process_time() - begun

    np.testing.assert_array_equal(found, taken)
    assert needed < 5 * once
