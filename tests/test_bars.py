"""Whoever waits is told how far it is; whoever does not watch is told nothing."""

import os
import pty
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import active_count, enumerate as enumerate_threads
from types import SimpleNamespace

import pytest
from psafety import bars
from psafety.bars import Watch, watching
from psafety.config import Config
from psafety.runs.findings import Past
from psafety.runs.forecast import forecast
from psafety.runs.report import write_report
from psafety.surveys import pieces
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.pieces import told_by
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

SAMPLE = Path(__file__).resolve().parents[1] / "surveys" / "samples" / "sample-2026-q1.csv"
OURS = load_instrument("open-team-survey")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Its time, in seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Watch:
    """A watch that goes by this clock, in its first step."""
    watch = Watch(clock)
    watch("reading the file")
    return watch


class TestWhatALineSays:
    """Step, seconds or rate, and time left as far as it can be known."""

    def test_a_step_of_unknown_length_says_for_how_long_it_has_run(self, watch: Watch, clock: Clock) -> None:
        """No bar, and no time left that nobody knows."""
        clock.now += 4

        assert watch.line() == "reading the file, 4 s"

    def test_a_large_file_says_how_fast_it_is_read(
        self, watch: Watch, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """Megabytes in a second; the time left is that of reading alone, since what comes next is not known yet."""
        monkeypatch.setattr(pieces, "LARGE", 1)
        file = tmp_path / "survey.csv"
        file.write_bytes(bytes(8_000_000))

        with watch.reading([file]):
            clock.now += 2
            next(iter(told_by(lambda: 2_000_000, [[]])))

            told = "reading the file, 1.0 MB a second, about 6 s left for this"
            assert watch.line() == f"[{'#' * 4}{'-' * 12}]  {told}"

        watch("finding the questions")
        assert watch.line() == "finding the questions, 0 s"

    def test_two_large_files_are_read_as_one(
        self, watch: Watch, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """As where two waves are compared: the time of both counts, not that in between."""
        monkeypatch.setattr(pieces, "LARGE", 1)
        files = [tmp_path / "first.csv", tmp_path / "second.csv"]
        for file in files:
            file.write_bytes(bytes(4_000_000))

        with watch.reading(files):
            clock.now += 4
            next(iter(told_by(lambda: 4_000_000, [[]])))
            watch("protecting small groups")
            clock.now += 50
            watch("reading the file")
            clock.now += 1
            next(iter(told_by(lambda: 1_000_000, [[]])))

            assert watch.line().endswith("reading the file, 1.0 MB a second, about 3 s left for this")

    def test_a_small_file_is_read_before_a_rate_could_be_told(self, watch: Watch, clock: Clock) -> None:
        """Nobody is told of its pieces, as it is read in one."""
        with watch.reading([SAMPLE]):
            clock.now += 1

            assert watch.line() == "reading the file, 1 s"

    def test_steps_of_known_length_say_the_time_left_in_all(self, watch: Watch, clock: Clock) -> None:
        """Of the step itself and of those behind it; a step that is longer than foretold leaves those behind it."""
        watch.expect({"protecting small groups": 4, "checking what was written": 8})
        watch("protecting small groups")
        clock.now += 3

        assert watch.line() == f"[{'#' * 4}{'-' * 12}]  protecting small groups, 3 s, about 9 s left in all"

        clock.now += 3
        assert watch.line().endswith("6 s, about 8 s left in all")
        watch("checking what was written")
        clock.now += 90
        assert watch.line() == "checking what was written, 90 s"

    def test_a_slower_machine_is_noticed(self, watch: Watch, clock: Clock) -> None:
        """What the steps so far have taken says how long the others will."""
        clock.now += 20
        watch("protecting small groups")
        watch.expect({"reading the file": 9, "protecting small groups": 10})

        assert watch.line().endswith("0 s, about 20 s left in all")  # (1 + 20) ÷ (1 + 9) times ten

    def test_files_are_counted(self, watch: Watch, clock: Clock) -> None:
        """Their own pace tells how long they take."""
        watch("writing team pages")
        watch.expect({"writing team pages": 0.5})
        with watch.counting(51) as each:
            clock.now += 2
            for _ in range(10):
                each(SAMPLE)

        assert watch.line().endswith("writing team pages, 5.0 a second, about 8 s left in all")

    def test_what_is_done_twice_takes_as_long_as_both(self, watch: Watch, clock: Clock) -> None:
        """As reading does where two files are compared."""
        for _ in range(2):
            watch("reading the file")
            clock.now += 5
        watch("protecting small groups")
        watch.expect({"reading the file": 10, "protecting small groups": 30})

        assert watch.line().endswith("0 s, about 30 s left in all")


def test_every_step_that_is_foretold_comes(tmp_path: Path) -> None:
    """So that no time is counted for what is never done."""
    told: list[str] = []
    survey = tmp_path / "survey.csv"
    write_sample(
        sample_survey(SampleDesign(people=30, teams=2, departments=1, dimensions=("trust",), seed=4), OURS), survey
    )

    class Told(Watch):
        def __call__(self, step: str) -> None:
            told.append(step)

    settings = Config(team_reports=True)
    past = Past(None, replaces=False, earlier=None)
    write_report([survey], settings, past, folder=tmp_path, formats=("html",), watch=Told())

    foretold = forecast(load_survey(survey), ("html",), pages=True, audited=True)
    assert foretold.keys() <= set(told)
    assert set(told) - foretold.keys() == {"finding the questions"}
    assert all(seconds > 0 for seconds in foretold.values())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """The error stream is a terminal; gives what reads all that was written there."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        monkeypatch.setattr(bars, "sys", SimpleNamespace(stderr=stream))  # pytest puts its own stream back
        monkeypatch.setattr(bars, "_EVERY", 0.01)

        def written() -> str:
            os.set_blocking(ours, False)
            said = b""
            with suppress(BlockingIOError):
                while chunk := os.read(ours, 1 << 16):
                    said += chunk
            return said.decode()

        yield written
    os.close(ours)


def until_said(written: Callable[[], str], word: str) -> str:
    """All that is written up to a word and what comes with it."""
    said = ""
    while word not in said:
        said += written()
    return said


class TestOnATerminal:
    """A line that is written anew, and leaves no trace."""

    @pytest.mark.parametrize("end", [None, KeyboardInterrupt, ValueError])
    def test_the_line_is_gone_whatever_ends_the_run(
        self, terminal: Callable[[], str], end: type[BaseException] | None
    ) -> None:
        """Ctrl-C and errors included: no thread is left to write on."""
        before = active_count()

        with suppress(KeyboardInterrupt, ValueError), watching(shown=True) as watch:
            until_said(terminal, "starting, 0 s")
            watch("writing html")
            until_said(terminal, "writing html, 0 s")
            if end:
                raise end

        assert terminal().endswith("\r" + " " * 79 + "\r")
        assert active_count() == before

    def test_a_run_that_is_over_at_once_says_nothing(
        self, terminal: Callable[[], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """There is nothing to wait for."""
        monkeypatch.setattr(bars, "_EVERY", 60.0)

        with watching(shown=True) as watch:
            watch("writing html")

        assert terminal() == ""

    def test_a_narrow_terminal_is_kept_to_one_line(self, terminal: Callable[[], str]) -> None:
        """What does not fit is cut off, as a second line could not be taken back."""
        termios.tcsetwinsize(bars.sys.stderr.fileno(), (24, 20))

        with watching(shown=True) as watch:
            watch("checking what was written")
            until_said(terminal, "checking")

        assert {len(line) for line in terminal().split("\r")} <= {0, 19}

    def test_a_terminal_that_is_closed_ends_nothing(self, terminal: Callable[[], str]) -> None:
        """The run goes on, unwatched."""
        with watching(shown=True) as watch:
            watch("writing html")
            until_said(terminal, "html")
            with Path(os.devnull).open() as nothing:
                os.dup2(nothing.fileno(), bars.sys.stderr.fileno())
            (writer,) = (thread for thread in enumerate_threads() if thread.daemon)
            writer.join()

    def test_who_asks_for_quiet_is_told_nothing(self, terminal: Callable[[], str]) -> None:
        """No line and no thread."""
        before = active_count()

        with watching(shown=False) as watch:
            watch("writing html")

            assert active_count() == before
        assert terminal() == ""


def test_what_is_no_terminal_is_told_nothing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or a pipe holds messages only."""
    monkeypatch.setattr(bars, "_EVERY", 0.001)

    with watching(shown=True) as watch:
        watch("writing html")
        time.sleep(0.01)

    assert capfd.readouterr().err == ""
