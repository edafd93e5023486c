"""Writing reports: whole or not at all, and a message a person can act on."""

import errno
import os
from pathlib import Path

import pytest
from psafety.reports import files
from psafety.reports.files import renderer_of, write_files
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
