"""Bars on the error stream, where a person watches it: what is done, how fast, how long the rest will take."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

_MANY = 50  # files, of which each is told
_STEPS = 8  # of a report with two formats


@contextmanager
def progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """A bar on the error stream, where a person watches it."""
    hidden = not (shown and sys.stderr.isatty())
    with click.progressbar(
        length=_STEPS, file=sys.stderr, hidden=hidden, show_eta=False, item_show_func=_or_nothing
    ) as bar:

        def step(label: str) -> None:
            bar.update(1, label)

        yield step
        bar.update(_STEPS)


def _or_nothing(label: str | None) -> str:
    return label or ""


@contextmanager
def reading(surveys: Sequence[Path], *, shown: bool) -> Iterator[None]:
    """A bar for files that are read in pieces: how many megabytes in a second, how long the rest will take."""
    from .surveys.pieces import LARGE, size_of, telling  # noqa: PLC0415

    size = size_of(surveys)
    if not shown or not sys.stderr.isatty() or size < LARGE:
        yield
        return
    begun = monotonic()
    with click.progressbar(  # type: ignore[var-annotated]  # it counts
        length=size,
        label="reading",
        file=sys.stderr,
        item_show_func=lambda rate: f"{rate:.0f} MB a second" if rate else "",
    ) as bar:

        def told(read: int) -> None:
            bar.update(read, (bar.pos + read) / 1e6 / max(monotonic() - begun, 0.001))

        with telling(told):
            yield


@contextmanager
def counting(files: int, *, shown: bool) -> Iterator[Callable[[Path], None]]:
    """A bar for very many files: how many are written, how many in a second, how long the rest will take."""
    hidden = not (shown and sys.stderr.isatty() and files > _MANY)
    begun = monotonic()
    with click.progressbar(  # type: ignore[var-annotated]  # it counts
        length=files,
        label="writing pages",
        file=sys.stderr,
        hidden=hidden,
        show_pos=True,
        item_show_func=lambda rate: f"{rate:.0f} a second" if rate else "",
        update_min_steps=max(1, files // 200),
    ) as bar:

        def each(_: Path) -> None:
            bar.update(1, (bar.pos + 1) / max(monotonic() - begun, 0.001))

        yield each
