"""Reports as PDF, printed by a real browser; and what is said where there is none."""

import os
import re
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from psafety.audit.pdf import unlike
from psafety.reports import pdf
from psafety.reports.content import ReportContent
from psafety.reports.design import Design, design_of
from psafety.reports.html import to_html
from psafety.reports.pdf import find_browser, printable, to_pdf
from psafety.surveys.errors import ConfigError, OutputError

PAGES = re.compile(rb"/Type /Page\s")


@pytest.fixture(scope="module")
def page(content: ReportContent) -> bytes:
    return to_html(replace(content, design=printable(Design())))


@pytest.fixture(scope="module")
def printed(page: bytes) -> bytes:
    try:
        find_browser()
    except ConfigError:
        pytest.skip("no browser is installed")
    return to_pdf(page)


def test_a_report_is_printed_with_its_charts_and_page_numbers(printed: bytes, page: bytes) -> None:
    """On A4, and every word of it stands on the page; a chart that came too late would be missing."""
    sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed))

    assert [(round(float(wide)), round(float(tall))) for wide, tall in sizes] == [(595, 842)]
    assert list(unlike("report.pdf", printed, page)) == []
    assert len(PAGES.findall(printed)) > 3


def test_the_file_does_not_say_who_made_it_where_or_when(printed: bytes) -> None:
    """No time, no system, no folder; the same page gives the same bytes."""
    assert re.findall(rb"/(?:Creation|Mod)Date \(D:(\d{4})", printed) == [b"2000", b"2000"]
    assert b"Mozilla" not in printed
    assert b"file:" not in printed
    assert b"/tmp" not in printed


def test_the_same_page_gives_the_same_bytes_and_letter_another_size(content: ReportContent, printed: bytes) -> None:
    """Printed again, and on the paper of the settings."""
    letter = to_pdf(to_html(replace(content, design=printable(design_of(paper="Letter")))))

    assert b"/MediaBox [0 0 612 792]" in letter
    assert letter != printed


def test_a_link_to_another_file_would_name_the_folder_so_it_is_a_word(printed: bytes) -> None:
    """The link stays on the page, from which it works."""
    page = b'<!doctype html><title>t</title><p><a href="other.html">Other</a> <a href="#here">Here</a><p id="here">x'

    data = to_pdf(page)

    assert b"other.html" not in data
    assert b"/URI" not in data


def test_without_a_browser_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which browsers there could be, and how to name one."""
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)

    with pytest.raises(ConfigError, match="Chromium, Google Chrome or Microsoft Edge") as error:
        find_browser()
    with pytest.raises(ConfigError, match="no such browser"):
        find_browser("/nowhere/chrome")

    assert "PSAFETY_BROWSER" in error.value.hint


def test_the_browser_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option before the variable, the variable before whatever is installed."""
    for name in ("one", "two"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv(pdf.VARIABLE, str(tmp_path / "one"))

    assert find_browser() == tmp_path / "one"
    assert find_browser(str(tmp_path / "two")) == tmp_path / "two"


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("darwin", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("linux", "microsoft-edge-stable"),
    ],
)
def test_browsers_are_looked_for_where_systems_keep_them(
    monkeypatch: pytest.MonkeyPatch, system: str, place: str
) -> None:
    """Programs on macOS are not on the PATH."""
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setattr(pdf.sys, "platform", system)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: name if name == place else None)

    assert find_browser() == Path(place)


def script(folder: Path, text: str) -> str:
    """A browser of which we know what it does."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_browser_that_fails_is_said_by_name(tmp_path: Path) -> None:
    """Whether it makes nothing, makes something else, or cannot be started at all."""
    writes = 'for one; do case "$one" in --print-to-pdf=*) echo no > "${one#--print-to-pdf=}";; esac; done'
    (tmp_path / "broken").write_text("")
    (tmp_path / "broken").chmod(0o755)

    for text in ("exit 1", writes):
        with pytest.raises(OutputError, match="made no PDF"):
            to_pdf(b"", browser=script(tmp_path, text))
    with pytest.raises(OutputError, match="cannot be started"):
        to_pdf(b"", browser=str(tmp_path / "broken"))


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_parts_of_a_page_are_numbered_alike_in_every_print(tmp_path: Path) -> None:
    """A browser that is busy numbers them otherwise, as it comes upon them."""
    writes = 'for one; do case "$one" in --print-to-pdf=*) printf "%s" "{}" > "${{one#--print-to-pdf=}}";; esac; done'
    prints = ("%PDF-(node00000062)(node00000007)(node00000062)", "%PDF-(node00000063)(node00000008)(node00000063)")

    made = {to_pdf(b"", browser=script(tmp_path, writes.format(one))) for one in prints}

    assert made == {b"%PDF-(node00000002)(node00000001)(node00000002)"}


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_browser_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    """After the time there is for a page; no process is left behind."""
    begun = time.monotonic()

    with pytest.raises(OutputError, match="did not finish"):
        to_pdf(b"", browser=script(tmp_path, "sleep 31.4159 & sleep 31.4159"), seconds=0.5)

    assert time.monotonic() - begun < 10
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
    assert "sleep 31.4159" not in left
