"""Rendering in several processes gives the bytes of rendering in one."""

import os
import signal
import tempfile
import time
from functools import partial
from multiprocessing import active_children
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from psafety.analysis.findings import analyze
from psafety.reports import files as report_files, side_by_side as module
from psafety.reports.compose import Look, compose
from psafety.reports.files import rendered_files
from psafety.reports.formats import renderer_of
from psafety.reports.side_by_side import cores, side_by_side
from psafety.surveys.responses import load_survey

SAMPLE = Path(__file__).resolve().parents[2] / "surveys" / "samples" / "sample-2026-q1.csv"


def process() -> bytes:
    """The number of the process that runs this."""
    return str(os.getpid()).encode()


class TestSideBySide:
    """Tasks that are done by several processes."""

    @pytest.mark.parametrize("jobs", [1, 2, 3, 8])
    def test_a_report_is_the_same_with_any_number_of_jobs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
    ) -> None:
        """All formats of a report, to the byte and in the order asked."""
        monkeypatch.setattr(report_files, "_LARGE", 1)
        content = compose(analyze(load_survey(SAMPLE)), Look(), version="1")
        renderers = {name: renderer_of(name) for name in ("html", "xlsx", "json")}

        several = rendered_files(content, renderers, tmp_path / "report", jobs=jobs)

        assert list(several.items()) == [
            (tmp_path / f"report.{name}", render(content)) for name, render in renderers.items()
        ]

    def test_each_job_is_a_process(self) -> None:
        """The first task stays here, where a copy of the process can be made at all."""
        done = side_by_side({"one": process, "two": process, "three": process}, jobs=3)

        assert done["one"] == process()
        assert len(set(done.values())) == (3 if module._can_fork() else 1)

    def test_no_more_jobs_than_asked(self) -> None:
        """What is more than there are jobs waits for this process."""
        done = side_by_side({"one": process, "two": process, "three": process}, jobs=2)

        assert done["three"] == process()

    def test_where_no_copy_can_be_made_one_process_does_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As on Windows and macOS."""
        monkeypatch.setattr(module, "_can_fork", lambda: False)

        assert set(side_by_side({"one": process, "two": process}, jobs=2).values()) == {process()}

    def test_a_copy_that_fails_is_done_again(self) -> None:
        """What fails in the copy alone, for want of memory perhaps, is rendered here."""
        here = os.getpid()

        def in_one_process_only() -> bytes:
            if os.getpid() != here:
                raise MemoryError
            return b"done"

        assert side_by_side({"one": process, "two": in_one_process_only}, jobs=2)["two"] == b"done"

    def test_a_fault_is_raised_where_a_person_sees_it(self) -> None:
        """A renderer that fails, fails as if there were one process."""

        def broken() -> bytes:
            raise ValueError("no such thing")

        with pytest.raises(ValueError, match="no such thing"):
            side_by_side({"one": process, "two": broken}, jobs=2)

    def test_every_task_is_told_once(self) -> None:
        """Progress says what is done, in whichever process."""
        told: list[str] = []

        side_by_side({name: partial(bytes, 1) for name in "abc"}, jobs=2, step=told.append)

        assert sorted(told) == ["a", "b", "c"]


def test_there_is_a_core() -> None:
    """However few a machine says it has."""
    assert cores() >= 1


def test_a_run_that_is_broken_off_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a copy still renders: the copy is gone, and so are its temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = tmp_path / "begun"

    def endless() -> bytes:
        tempfile.mkstemp()
        begun.touch()
        time.sleep(60)
        return b""

    def broken_off() -> bytes:
        while not begun.exists():
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side({"page": broken_off, "book": endless}, jobs=2)

    assert list(tmp_path.iterdir()) == [begun]


@pytest.mark.skipif(not module._can_fork(), reason="no copies are made here")
class TestCtrlCWhileACopyIsMade:
    """Which a terminal sends to the copy as well."""

    def test_the_copy_takes_no_notice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """However early: this process decides what is to end."""
        begin = ForkProcess._bootstrap

        def interrupted(copy: ForkProcess, **options: object) -> int:
            os.kill(os.getpid(), signal.SIGINT)
            return int(begin(copy, **options))

        monkeypatch.setattr(ForkProcess, "_bootstrap", interrupted)

        done = side_by_side({"one": process, "two": process}, jobs=2)

        assert done["one"] != done["two"]

    def test_no_copy_is_left(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Once it is made, Ctrl-C ends it."""
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        start = ForkProcess.start

        def interrupted(copy: ForkProcess) -> None:
            start(copy)
            os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(ForkProcess, "start", interrupted)

        with pytest.raises(KeyboardInterrupt):
            side_by_side({"one": process, "two": partial(time.sleep, 60)}, jobs=2)  # type: ignore[dict-item]

        assert not active_children()
        assert not list(tmp_path.iterdir())
