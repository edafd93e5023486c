"""The audit knows the look that was chosen, the shared library and the PDF; whatever else is there it finds."""

import base64
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import jpeg, png
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.audit.looks import Chosen
from psafety.audit.pdf import unlike
from psafety.audit.proof import audit_responses
from psafety.audit.verdict import Verdict, to_lines
from psafety.reports.compose import Look
from psafety.reports.design import design_of
from psafety.reports.files import write_reports
from psafety.reports.pdf import find_browser
from psafety.surveys.errors import ConfigError
from psafety.surveys.responses import Responses, load_survey
from surveyed import people, wishes, write_survey

SURVEY = people(("North", "Ahorn"), 12) + people(("North", "Birke"), 11) + people(("South", "Tanne"), 14)
WORDS = "Thank you, all 37 of you.\n\nWe talk on 12 March."
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><path d="M0 0h9"/></svg>'


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_survey(tmp_path_factory.mktemp("looks"), SURVEY)


@pytest.fixture(scope="module")
def responses(survey: Path) -> Responses:
    return load_survey(survey, wishes())


@pytest.fixture(scope="module")
def dressed(survey: Path, responses: Responses, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Chosen]:
    """A report with everything that can be chosen, and the settings as the audit knows them."""
    folder = tmp_path_factory.mktemp("dressed")
    logo = survey.parent / "logo.png"
    logo.write_bytes(png())
    design = design_of(
        logo=str(logo), colours=["#ffcc00", "#7a1f5c"], introduction=WORDS, assets="shared", paper="Letter"
    )
    findings = analyze(responses, Policy())
    write_reports(
        findings, folder, formats=["html", "json"], look=Look(design=design), version="0.1.0", team_reports=True
    )
    return folder, Chosen(logo, WORDS, colours=True)


def verdict_of(survey: Path, responses: Responses, folder: Path, chosen: Chosen | None) -> Verdict:
    return audit_responses(folder, responses, [survey], chosen=chosen)


def test_what_was_chosen_is_proved(survey: Path, responses: Responses, dressed: tuple[Path, Chosen]) -> None:
    """Logo, colours, introduction with numbers in it, paper and shared library."""
    verdict = verdict_of(survey, responses, *dressed)

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert any(name.startswith("psafety-assets/plotly-") for name in verdict.files)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"logo": None}, "a picture that the settings do not name"),
        ({"introduction": "Another text."}, "a paragraph that the settings do not have"),
        ({"colours": False}, "colours that the settings do not have"),
    ],
)
def test_what_the_settings_do_not_name_is_found(
    survey: Path, responses: Responses, dressed: tuple[Path, Chosen], change: dict[str, object], said: str
) -> None:
    """On the report and on every team page."""
    folder, chosen = dressed
    verdict = verdict_of(survey, responses, folder, replace(chosen, **change))

    assert said in {fault.problem.partition(":")[0] for fault in verdict.faults}
    assert len({fault.file for fault in verdict.faults}) > 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Thank you, all 37", "Thank you, all 36", "a paragraph that the settings do not have"),
        ("size: letter", "size: 34mm", "none that psafety"),
        ("--accent: #", "--n: 34; --accent: #", "none that psafety"),
        ('alt="">', 'alt="34 of 100">', "34 of 100"),
        ('alt="">', 'alt="" width="34">', "width=“34”"),
        ('<img class="logo" src="', '<img class="logo" src="https://example.org/a.png?', "no picture of a kind"),
        ("plotly-", "plotly-34", "not among the files"),
        ('integrity="sha256-', 'integrity="sha256-34', "fingerprint is of another file"),
        ("psafety-assets/", "../psafety-assets/", "not among the files"),
    ],
)
def test_what_is_planted_in_the_look_is_found(
    survey: Path, responses: Responses, dressed: tuple[Path, Chosen], tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Numbers in a text, a rule, an attribute, an address."""
    folder, chosen = dressed
    page = (folder / "survey-report.html").read_text(encoding="utf-8")
    assert old in page
    (tmp_path / "survey-report.html").write_text(page.replace(old, new, 1), encoding="utf-8")
    for path in (*folder.glob("*.json"), *folder.glob("psafety-assets/*")):
        (tmp_path / path.relative_to(folder)).parent.mkdir(exist_ok=True)
        (tmp_path / path.relative_to(folder)).write_bytes(path.read_bytes())

    verdict = verdict_of(survey, responses, tmp_path, chosen)

    assert any(said in f"{fault.place}: {fault.problem}" for fault in verdict.faults), "\n".join(to_lines(verdict))


@pytest.mark.parametrize(
    ("name", "kept", "planted"),
    [
        ("a.png", png(), lambda: png()[:-12] + b"\0\0\0\x04tEXt34.2\0\0\0\0" + png()[-12:]),
        ("a.png", png(), lambda: png() + b"34.2"),
        ("a.jpg", jpeg(), lambda: jpeg(b"\xff\xfe\0\x0634.2")),
        ("a.jpg", jpeg(), lambda: jpeg() + b"34.2"),
        ("a.svg", DRAWING.encode(), lambda: DRAWING.replace("h9", "h34").encode()),
        ("a.svg", DRAWING.encode(), lambda: DRAWING.replace("</svg>", "<text>34</text></svg>").encode()),
        ("a.svg", DRAWING.encode(), lambda: b"<svg"),
    ],
    ids=["png text", "png end", "jpeg comment", "jpeg end", "svg path", "svg text", "svg broken"],
)
def test_a_logo_with_more_in_it_than_its_file_is_found(
    survey: Path,
    responses: Responses,
    dressed: tuple[Path, Chosen],
    tmp_path: Path,
    name: str,
    kept: bytes,
    planted: Callable[[], bytes],
) -> None:
    """A text behind the picture, a note within it, a shape that is longer."""
    kind = {"png": "png", "jpg": "jpeg", "svg": "svg+xml"}[name[-3:]]
    (tmp_path / name).write_bytes(kept)
    out = tmp_path / "out"
    out.mkdir()
    page = (dressed[0] / "survey-report.html").read_text(encoding="utf-8")
    uri = f"data:image/{kind};base64,{base64.b64encode(planted()).decode()}"
    (out / "survey-report.html").write_text(re.sub(r'(?<=class="logo" src=")[^"]*', uri, page), encoding="utf-8")

    verdict = verdict_of(survey, responses, out, replace(dressed[1], logo=tmp_path / name))

    assert "it holds what the file in the settings does not" in {fault.problem for fault in verdict.faults}


def test_the_shared_library_is_the_one_that_is_installed(
    survey: Path, responses: Responses, dressed: tuple[Path, Chosen], tmp_path: Path
) -> None:
    """Neither another script nor another name."""
    (source,) = dressed[0].glob("psafety-assets/*.js")
    (tmp_path / "other.js").write_bytes(source.read_bytes())
    (tmp_path / source.name).write_bytes(source.read_bytes() + b"//34")

    faults = verdict_of(survey, responses, tmp_path, None).faults

    assert {(fault.file, fault.problem) for fault in faults} == {
        ("other.js", "it is not made of the fingerprint of the library"),
        (source.name, "it is not the one that is installed here"),
    }


def test_templates_of_ones_own_are_not_proved_and_still_written(
    survey: Path, responses: Responses, dressed: tuple[Path, Chosen], tmp_path: Path
) -> None:
    """The audit cannot know such pages; it says so, and still reads the other files."""
    page = (dressed[0] / "survey-report.html").read_text(encoding="utf-8")
    (tmp_path / "survey-report.html").write_text(page.replace("<main", "<hr><main", 1), encoding="utf-8")
    for path in (*dressed[0].glob("*.json"), *dressed[0].glob("psafety-assets/*")):
        (tmp_path / path.relative_to(dressed[0])).parent.mkdir(exist_ok=True)
        (tmp_path / path.relative_to(dressed[0])).write_bytes(path.read_bytes())

    theirs = verdict_of(survey, responses, tmp_path, replace(dressed[1], templates=True))
    ours = verdict_of(survey, responses, tmp_path, dressed[1])

    assert ours.faults
    assert not theirs.faults
    assert not theirs.is_proof
    assert any("Templates of your own" in line for line in theirs.unproved)


# PDF


@pytest.fixture(scope="module")
def printed(survey: Path, responses: Responses, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report as page and as PDF."""
    try:
        find_browser()
    except ConfigError:
        pytest.skip("no browser is installed")
    folder = tmp_path_factory.mktemp("printed")
    write_reports(analyze(responses, Policy()), folder, formats=["pdf", "json"], version="0.1.0")
    return folder


def test_a_pdf_is_proved_with_its_page_and_not_alone(
    survey: Path, responses: Responses, printed: Path, tmp_path: Path
) -> None:
    """Asking for a PDF writes the page too."""
    (tmp_path / "survey-report.pdf").write_bytes((printed / "survey-report.pdf").read_bytes())

    both = verdict_of(survey, responses, printed, None)
    alone = verdict_of(survey, responses, tmp_path, None)

    assert both.is_proof, "\n".join(to_lines(both))
    assert any("beside the page it was printed from" in line for line in alone.unproved)


def with_text(data: bytes, old: bytes, new: bytes) -> bytes:
    """The file with one of its packed drawings changed, its length mended."""
    for found in re.finditer(rb"<</Filter /FlateDecode\n/Length (\d+)>> stream\n", data):
        size = int(found[1])
        content = zlib.decompress(data[found.end() : found.end() + size])
        if old in content:
            packed = zlib.compress(content.replace(old, new, 1))
            head = b"<</Filter /FlateDecode\n/Length %d>> stream\n" % len(packed)
            return data[: found.start()] + head + packed + data[found.end() + size :]
    raise AssertionError(old)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.replace(b"\nendobj\n", b"\nendobj\n% 34 of 100\n", 1), "between its parts"),
        (lambda data: data + b"34", "between its parts"),
        (lambda data: data.replace(b"/Type /Catalog", b"/OpenAction 3 0 R /Type /Catalog", 1), "OpenAction"),
        (
            lambda data: data.replace(b"/Type /Catalog", b"/Names <</EmbeddedFiles 3 0 R>> /Type /Catalog", 1),
            "Embedded",
        ),
        (lambda data: data.replace(b"/Type /Catalog", b"/Metadata 3 0 R /Type /Catalog", 1), "Metadata"),
        (lambda data: data.replace(b"/Creator (psafety", b"/Author (Anna) /Creator (psafety", 1), "who made it"),
        (lambda data: data.replace(b"D:20000101", b"D:20260101", 1), "who made it"),
        (lambda data: data.replace(b"/Title <FEFF", b"/Title <FEFF00330034", 1), "a title"),
        (lambda data: data.replace(b"%PDF-1.4", b"%PDF-x", 1), "no PDF file"),
        (lambda data: with_text(data, b"> Tj", b"> Tj (34) Tj"), "cannot be read"),
        (lambda data: with_text(data, b"\nET", b"\nET\nBT /F99 12 Tf <0001> Tj ET"), "cannot be read"),
    ],
    ids=["comment", "end", "action", "file", "metadata", "author", "date", "title", "version", "letters", "font"],
)
def test_what_is_planted_in_a_pdf_is_found(printed: Path, change: Callable[[bytes], bytes], said: str) -> None:
    """Between its parts, behind them, in its facts, its actions, its drawings."""
    page, data = (printed / "survey-report.html").read_bytes(), (printed / "survey-report.pdf").read_bytes()

    changed = change(data)

    assert changed != data
    assert list(unlike("a.pdf", data, page)) == []
    assert any(said in fault.problem for fault in unlike("a.pdf", changed, page))


def test_a_figure_that_only_the_pdf_says_is_found(printed: Path) -> None:
    """The page says another number in its place."""
    page, data = (printed / "survey-report.html").read_bytes(), (printed / "survey-report.pdf").read_bytes()
    other = page.replace(b"37", b"38")

    assert any("does not say" in fault.problem for fault in unlike("a.pdf", data, other))
