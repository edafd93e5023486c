"""Ctrl-C, where it must not come in between."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended, which takes no time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: wanted.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if wanted:
        raise KeyboardInterrupt
