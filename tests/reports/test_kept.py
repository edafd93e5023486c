"""What is made of our own files is kept beside the code, where Python may keep its own compiled files."""

import sys
from pathlib import Path

import pytest
from psafety.reports import kept as module
from psafety.reports.html import templates
from psafety.reports.kept import compiled_templates, kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of compiled files that may be written."""
    monkeypatch.setattr(module, "folder", lambda: tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def test_what_was_made_once_is_not_made_again(folder: Path) -> None:
    """The second time it comes from the folder, which holds nothing else."""
    first = kept("name", lambda: b"made")
    second = kept("name", lambda: b"made anew")

    assert (first, second) == (b"made", b"made")
    assert [path.name for path in folder.iterdir()] == ["name"]


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONDONTWRITEBYTECODE the folder stays as it is."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert [kept("name", lambda: b"1"), kept("name", lambda: b"2")] == [b"1", b"2"]
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report is made all the same, and so are its templates."""
    monkeypatch.setattr(module, "folder", lambda: tmp_path / "none")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    environment = templates().overlay(bytecode_cache=compiled_templates())

    assert kept("name", lambda: b"made") == b"made"
    assert environment.from_string("{{ 1 + 1 }}").render() == "2"
    assert environment.get_template("_logo.html.jinja")
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be moved into place is taken away."""

    def refuse(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(Path, "replace", refuse)

    assert kept("name", lambda: b"made") == b"made"
    assert not list(folder.iterdir())


def test_a_template_is_compiled_once(folder: Path) -> None:
    """Another run finds it compiled, and says the same."""
    first = templates().overlay(bytecode_cache=compiled_templates(), cache_size=0)
    source = first.get_template("_logo.html.jinja").root_render_func.__code__.co_code
    (name,) = [path.name for path in folder.iterdir()]
    second = templates().overlay(bytecode_cache=compiled_templates(), cache_size=0)

    assert name.endswith(".jinja")
    assert second.get_template("_logo.html.jinja").root_render_func.__code__.co_code == source
