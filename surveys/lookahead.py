"""A series whose next members a second thread makes while this one works on those that are there."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Made = TypeVar("Made")


def ahead(series: Iterator[Made], *, most: int = 1, meanwhile: Callable[[], object] = lambda: None) -> Iterator[Made]:
    """The same members, none of them None; an error in making one comes in its place.

    It pays where making or working on them is done outside of Python. most: how many may wait to be worked on.
    meanwhile: is done while the first of them are made.
    """
    context = copy_context()  # so that they are made in the same language

    def make() -> Made | None:
        return context.run(next, series, None)

    with ThreadPoolExecutor(1) as maker:
        coming = deque(maker.submit(make) for _ in range(most))
        try:
            meanwhile()
            while (made := coming.popleft().result()) is not None:
                coming.append(maker.submit(make))
                yield made
        finally:
            for each in coming:
                each.cancel()
