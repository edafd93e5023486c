"""A line on the error stream, where a person watches it: what is done, how fast, how long the rest will take."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic

READING = "reading the file"
_EVERY = 1.0  # seconds
_WIDTH = 80  # signs, where a terminal does not say
_BAR = 16  # signs: with it the longest line fits a terminal
_DOUBT = 1.0  # seconds of work that count as foretold rightly before any was done


@dataclass(slots=True)
class _Amount:
    """What is counted in a step. unit: how many make one of what the rate tells, and what that is called."""

    total: int
    unit: tuple[float, str]
    done: int = 0

    def rate(self, seconds: float) -> str:
        size, name = self.unit
        rate = self.done / size / seconds
        return f"{rate:,.{int(rate < 10)}f}{name} a second"

    def left(self, seconds: float) -> float:
        return max(0, self.total - self.done) * seconds / self.done


@dataclass(slots=True)
class Watch:
    """How far a run is: called with the name of each step when that begins, it is a `Step`.

    foretold: seconds of each step on the machine where they were measured; how fast this one is, the steps tell that
    it has done. begun: when the current step began; known: the seconds that the run had taken when `expect` was called.
    """

    clock: Callable[[], float] = monotonic
    step: str = ""
    begun: float = 0.0
    foretold: Mapping[str, float] = field(default_factory=dict)
    known: float = 0.0
    _amount: _Amount | None = None
    _taken: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: str) -> None:
        """This step begins, and the one before it ends."""
        now = self.clock()
        if self.step:  # a new mapping, as another thread may look through the old one
            self._taken = {**self._taken, self.step: self._taken.get(self.step, 0.0) + now - self.begun}
        self.step, self.begun, self._amount = step, now, None

    def expect(self, seconds: Mapping[str, float]) -> None:
        """How long the steps take on some machine, those that are done among them."""
        self.foretold, self.known = seconds, self.clock()

    @contextmanager
    def reading(self, surveys: Sequence[Path]) -> Iterator[None]:
        """Inside the block files are read; of large ones it is told how many megabytes in a second."""
        from .surveys.pieces import LARGE, size_of, telling  # noqa: PLC0415

        size = size_of(surveys)
        if size < LARGE:
            yield
            return
        amount = _Amount(size, (1e6, " MB"))

        def told(read: int) -> None:
            amount.done += read
            self._amount = amount if self.step == READING else None

        with telling(told):
            yield

    @contextmanager
    def counting(self, files: int) -> Iterator[Callable[[object], None]]:
        """Inside the block so many files are worked on; it is told how many in a second."""
        amount = self._amount = _Amount(files, (1.0, ""))

        def each(_: object) -> None:
            amount.done += 1

        yield each

    def line(self) -> str:
        """What there is to say now, on one line."""
        now = self.clock()
        spent = now - self.begun
        counted = spent + self._taken.get(self.step, 0.0)  # as a second file is counted with the first
        amount = self._amount if self._amount is not None and self._amount.done and counted else None
        own = amount.left(counted) if amount else None
        passed, left = (now - self.known, self._left(spent, own)) if self.foretold else (counted, own or 0.0)
        said = [self.step, amount.rate(counted) if amount else f"{spent:.0f} s"]
        if left >= 1:
            said.append(f"about {_duration(left)} left " + ("in all" if self.foretold else "for this"))
        if not left:
            return ", ".join(said)
        full = round(_BAR * passed / (passed + left))
        return f"[{'#' * full}{'-' * (_BAR - full)}]  {', '.join(said)}"

    def _left(self, spent: float, own: float | None) -> float:
        """Seconds: of this step, by what is counted in it or else by what was foretold, and of all that come after."""
        taken = self._taken
        done = taken.keys() & self.foretold.keys()
        pace = (_DOUBT + sum(taken[step] for step in done)) / (_DOUBT + sum(self.foretold[step] for step in done))
        later = sum(self.foretold[step] for step in self.foretold.keys() - taken.keys() - {self.step})
        mine = max(0.0, self.foretold.get(self.step, 0.0) * pace - spent) if own is None else own
        return mine + later * pace


def _duration(seconds: float) -> str:
    """Seconds in words, no finer than a guess is.

    >>> _duration(7.4), _duration(42), _duration(100), _duration(1000)
    ('7 s', '40 s', '2 min', '17 min')
    """
    if seconds >= 95:
        return f"{seconds / 60:.0f} min"
    return f"{5 * round(seconds / 5) if seconds >= 10 else round(seconds)} s"


@contextmanager
def watching(*, shown: bool) -> Iterator[Watch]:
    """What is told of a run; where a person watches the error stream, a line there says it anew each second.

    The line is gone at the end of the block, however that comes, and nothing writes to the stream from then on.
    """
    watch = Watch()
    watch("starting")
    if not (shown and sys.stderr.isatty()):
        yield watch
        return
    ended = Event()
    writer = Thread(target=_write, args=(watch, sys.stderr.fileno(), ended), daemon=True)
    try:
        writer.start()
        yield watch
    finally:
        ended.set()
        if writer.ident is not None:
            writer.join()


def _write(watch: Watch, stream: int, ended: Event) -> None:
    """Bytes, straight to the stream: a copy of this process may be made at any time, and no lock may be held then."""
    width = 0
    with suppress(OSError):  # the terminal is gone
        while not ended.wait(_EVERY):
            width = (os.get_terminal_size(stream).columns or _WIDTH) - 1
            os.write(stream, f"\r{watch.line()[:width]:<{width}}".encode())
        os.write(stream, f"\r{'':{width}}\r".encode() if width else b"")
