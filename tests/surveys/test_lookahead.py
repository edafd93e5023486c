"""What another thread makes ahead is what would have been made here."""

import threading
from collections.abc import Iterator

import pytest
from psafety.languages import language, speaking
from psafety.surveys.lookahead import ahead


def counted(made: list[int], *, until: int = 10, fails: int = -1) -> Iterator[int]:
    """Numbers from 0, each noted when it is made."""
    for number in range(until):
        if number == fails:
            raise ValueError(number)
        made.append(number)
        yield number


@pytest.mark.parametrize("most", [1, 3, 20])
def test_a_series_keeps_its_order_and_its_end(most: int) -> None:
    """However many wait, all come, in their order; also of an empty series."""
    assert list(ahead(counted([]), most=most)) == list(range(10))
    assert list(ahead(counted([], until=0), most=most)) == []


def test_no_more_are_made_than_may_wait() -> None:
    """While the first is worked on, the next ones are made, and no more; those after an early end never."""
    made: list[int] = []
    series = ahead(counted(made, until=100), most=3)

    first = next(series)
    series.close()

    assert first == 0
    assert made == list(range(len(made)))
    assert len(made) <= 4


def test_an_error_comes_in_the_place_of_what_was_not_made() -> None:
    """What stands before it can be worked on."""
    found: list[int] = []

    with pytest.raises(ValueError, match="4"):
        found.extend(ahead(counted([], fails=4), most=2))

    assert found == [0, 1, 2, 3]


def test_something_else_is_done_while_the_first_are_made() -> None:
    """It is done here, once, before any is worked on; the series itself is made elsewhere, in the same language."""
    done: list[tuple[bool, str]] = []

    def series() -> Iterator[tuple[bool, str]]:
        yield threading.current_thread() is threading.main_thread(), language()

    with speaking("de"):
        made = list(ahead(series(), meanwhile=lambda: done.append((True, language()))))

    assert (done, made) == ([(True, "de")], [(False, "de")])
