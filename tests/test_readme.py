"""The README is true: what it shows of the program is what the program says."""

import re
import tomllib
from pathlib import Path

import psafety
import pytest
from click.testing import CliRunner
from psafety.cli import main
from psafety.config import read_config

README = Path(__file__).parent.parent / "README.md"


def help_text(command):
    """The help of one command, as a terminal of 100 columns shows it."""
    return CliRunner().invoke(main, [command, "--help"], prog_name="psafety", terminal_width=100).stdout


def test_the_options_shown_are_those_there_are():
    """The option list in the README is the program's own.

    To mend it: python tests/test_readme.py
    """
    assert with_help(README.read_text(encoding="utf-8")) == README.read_text(encoding="utf-8")


def with_help(text):
    """The README with the help texts as they are now."""
    return re.sub(
        r"(<!-- help: (\w+) -->\n```text\n).*?(```)",
        lambda match: match[1] + help_text(match[2]) + match[3],
        text,
        flags=re.DOTALL,
    )


def test_the_settings_shown_are_read(tmp_path):
    """The psafety.toml of the README is a valid one."""
    (toml,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "psafety.toml").write_text(toml, encoding="utf-8")

    assert read_config(tmp_path / "psafety.toml").policy["min_group"] == tomllib.loads(toml)["policy"]["min_group"]


def shown_commands():
    """The psafety commands in the README's shell examples."""
    examples = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return sorted(set(re.findall(r"^psafety (\w+)", "".join(examples), re.MULTILINE)))


@pytest.mark.parametrize("command", shown_commands())
def test_the_commands_shown_exist(command):
    """Every psafety command that the README uses is one."""
    assert command in main.commands


def test_the_python_example_runs(tmp_path, monkeypatch):
    """The lines under “From Python” make the reports they speak of."""
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    sample = Path(psafety.__file__).parent / "surveys" / "samples" / "sample-2026-q1.csv"
    (tmp_path / "survey.csv").write_bytes(sample.read_bytes())

    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 (our own README)

    assert {path.name for path in (tmp_path / "reports").iterdir()} == {"survey-report.html", "survey-report.xlsx"}


def test_the_links_lead_somewhere():
    """Every file that the README links to is there."""
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target


if __name__ == "__main__":
    README.write_text(with_help(README.read_text(encoding="utf-8")), encoding="utf-8")
