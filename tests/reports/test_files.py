"""Writing reports: whole or not at all, and a message a person can act on."""

import errno
import os
import signal
import threading
from pathlib import Path

import pytest
from psafety.reports import files
from psafety.reports.files import write_files
from psafety.reports.formats import renderer_of
from psafety.surveys.errors import ConfigError, OutputError


def test_files_are_written_and_folders_made(tmp_path):
    """Missing folders are made, and nothing else is left behind."""
    path = tmp_path / "deep" / "er" / "a.html"

    written = write_files({path: b"page"})

    assert written == (path,)
    assert path.read_bytes() == b"page"
    assert list(path.parent.iterdir()) == [path]


def _fail_on_second_write(monkeypatch, code):
    real, calls = os.fdopen, []

    def failing(*args):
        file = real(*args)
        calls.append(file)
        if len(calls) == 2:
            file.close()
            raise OSError(code, os.strerror(code))
        return file

    monkeypatch.setattr(files.os, "fdopen", failing)


@pytest.mark.parametrize(("code", "said"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "the system refuses")])
def test_a_failure_leaves_the_old_files(tmp_path, monkeypatch, code, said):
    """A disk that fills while the second report is written leaves both old ones untouched and no scraps."""
    old = {tmp_path / "a.html": b"old", tmp_path / "a.xlsx": b"old"}
    write_files(old)
    _fail_on_second_write(monkeypatch, code)

    with pytest.raises(OutputError, match=said) as error:
        write_files(dict.fromkeys(old, b"new"))

    assert "--output" in error.value.hint
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == old


def test_a_folder_in_the_way_is_named(tmp_path):
    """A folder that has the report's name is said to be in the way."""
    (tmp_path / "a.html").mkdir()

    with pytest.raises(OutputError, match="a folder of that name") as error:
        write_files({tmp_path / "a.html": b""})

    assert error.value.where == "a.html"


def test_a_file_in_the_path_is_named(tmp_path):
    """A path that leads through a file is refused in plain words."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OutputError):
        write_files({tmp_path / "file" / "a.html": b""})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_for_real():
    """Writing to a place that takes no files says so."""
    with pytest.raises(OutputError):
        write_files({Path("/dev/full/a.html"): b"page"})


def test_an_unknown_format_lists_the_known_ones():
    """A format there is no renderer for is an error that lists those there are."""
    with pytest.raises(ConfigError) as error:
        renderer_of("docx")

    assert "html, xlsx, json" in error.value.hint


def test_files_that_the_new_ones_make_wrong_go_with_them(tmp_path):
    """In the same move: not before, and not where the new ones are refused."""
    old, new = tmp_path / "old.html", tmp_path / "new.html"
    old.write_bytes(b"old")

    def refuse(_):
        raise ConfigError("no")

    with pytest.raises(ConfigError):
        write_files({new: b"new"}, approve=refuse, outdated=[old])
    assert [path.name for path in tmp_path.iterdir()] == ["old.html"]

    told = []
    write_files({new: b"new"}, outdated=[old, tmp_path / "gone.html"], each=told.append)

    assert [path.name for path in tmp_path.iterdir()] == ["new.html"]
    assert told == [new]


def test_many_files_are_brought_to_the_disk_at_once(tmp_path, monkeypatch):
    """One by one, that takes longer than to make them."""
    asked = []
    monkeypatch.setattr(files.os, "fsync", lambda _: asked.append("one"))
    monkeypatch.setattr(files.os, "sync", lambda: asked.append("all"), raising=False)

    write_files({tmp_path / f"{number}.html": b"" for number in range(3)})
    few, asked[:] = list(asked), []
    write_files({tmp_path / f"{number}.html": b"" for number in range(60)})

    assert few == ["one"] * 3
    assert asked == ["all"]


def _interrupts(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("place", range(3))
def test_who_interrupts_the_writing_finds_the_old_files(tmp_path, place):
    """Whichever file it is at: every old page is there, whole, and no half one beside it. Run again, it finishes."""
    paths = [tmp_path / f"{number}.html" for number in range(3)]
    write_files(dict.fromkeys(paths, b"old"))

    with pytest.raises(KeyboardInterrupt):
        write_files({path: _interrupts if number == place else b"new" for number, path in enumerate(paths)})
    interrupted = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_files(dict.fromkeys(paths, b"new"))

    assert interrupted == {path.name: b"old" for path in paths}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {path.name: b"new" for path in paths}


@pytest.mark.skipif(os.name == "nt", reason="sends the signal of Ctrl-C to itself")
def test_who_interrupts_the_moving_finds_the_new_files(tmp_path, monkeypatch):
    """Ctrl-C waits for the few milliseconds in which all files take their places."""
    paths = [tmp_path / f"{number}.html" for number in range(3)]
    write_files(dict.fromkeys(paths, b"old"))
    real = Path.replace

    def interrupted(self, target):
        signal.raise_signal(signal.SIGINT)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files(dict.fromkeys(paths, b"new"))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {path.name: b"new" for path in paths}


def test_files_are_written_from_any_thread(tmp_path):
    """Only the main thread may say what Ctrl-C does; the others just write."""
    thread = threading.Thread(target=write_files, args=({tmp_path / "a.html": b"page"},))

    thread.start()
    thread.join()

    assert (tmp_path / "a.html").read_bytes() == b"page"
