"""Several files rendered by several processes at a time: for large reports, as small ones are done before."""

import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory

from .interrupts import uninterrupted

Render = Callable[[], bytes]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    tasks: Mapping[str, Render], *, jobs: int, step: Callable[[str], None] = lambda _: None
) -> Mapping[str, bytes]:
    """Name → the bytes of each task, in the order given; the same with any number of jobs.

    jobs: how many processes may work at a time, this one among them. step: is told which task begins.
    """
    if min(jobs, len(tasks)) < 2 or not _can_fork():
        return {name: _done(name, render, step) for name, render in tasks.items()}
    with ExitStack() as stack:
        waiting = {name: stack.enter_context(_begun(tasks[name])) for name in list(tasks)[1:jobs]}
        mine = {name: _done(name, render, step) for name, render in tasks.items() if name not in waiting}
        return {name: mine[name] if name in mine else _done(name, waiting[name], step) for name in tasks}


def _done(name: str, render: Render, step: Callable[[str], None]) -> bytes:
    step(name)
    return render()


def _can_fork() -> bool:
    """Whether a copy of this process can render what is in memory; elsewhere, to hand it over costs what it saves."""
    return sys.platform == "linux" and "fork" in get_all_start_methods()


@contextmanager
def _begun(render: Render) -> Iterator[Render]:
    """Let a copy of this process render; gives what waits for the bytes. Where the copy fails, this process renders.

    At the end of the block, be it Ctrl-C, the copy is gone and so are the files that it may have left behind.
    """
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    with TemporaryDirectory(prefix="psafety-") as folder:
        process = context.Process(target=_render, args=(render, theirs, folder), daemon=True)

        def result() -> bytes:
            try:
                data = ours.recv_bytes()
            except EOFError:
                return render()  # and says what is wrong, if it is anything but the copy
            process.join()
            return data

        try:
            with warnings.catch_warnings(), uninterrupted():  # the copy is to know nothing of Ctrl-C
                warnings.simplefilter("ignore", DeprecationWarning)  # of threads that a copy lacks: it needs none
                process.start()
            theirs.close()
            yield result
        finally:
            ours.close()
            if process.pid is not None:
                process.terminate()
                process.join()


def _render(render: Render, to: Connection, folder: str) -> None:
    """In the copy: the bytes, or nothing. folder: for its temporary files, of which it may not see the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever waits for the bytes ends this process
    tempfile.tempdir = folder
    try:
        to.send_bytes(render())
    except Exception:
        to.close()
