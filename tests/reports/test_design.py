"""The look that an organisation chooses: logo, colours, introduction, paper, templates of its own."""

import base64
import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import chunk, jpeg, png
from psafety.reports.content import ReportContent, UnitRow
from psafety.reports.design import DARK, LIGHT, Design, brand, contrast, design_of, picture, readable
from psafety.reports.html import to_html
from psafety.surveys.errors import ConfigError

STYLE = Path(__file__).resolve().parents[2] / "reports" / "templates" / "style.css"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def shown(uri: str) -> bytes:
    return base64.b64decode(uri.partition(",")[2])


# Colours


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    """Contrast is reckoned against the colours that words stand on."""
    style = STYLE.read_text(encoding="utf-8")
    found = [re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style) for name in ("paper", "panel")]

    assert (found[0][0], found[1][0], found[0][2]) == LIGHT
    assert (found[0][1], found[1][1]) == DARK


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ffcc00", "#1b5a9b", "#00ff00", "#7a1f5c", "#808080"])
def test_any_colour_can_be_read_in_light_and_dark(colour: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for words, on every ground there is."""
    for grounds in (LIGHT, DARK):
        used = readable(colour, grounds)
        assert min(contrast(used, ground) for ground in grounds) >= 4.5


def test_a_colour_that_is_changed_is_said_once_with_its_contrast() -> None:
    """And a colour that can be read stays, without a word."""
    style, notes = brand(["#FC0", "#7a1f5c"])

    assert len(notes) == 1
    assert notes[0].startswith("The colour #ffcc00 has a contrast of 1.3 to 1")
    assert "--accent: #806600;" in style
    assert "--heading: #7a1f5c;" in style


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"colours": ["red"]}, "“red” is not a colour"),
        ({"colours": ["#12345"]}, "“#12345” is not a colour"),
        ({"colours": ["#123", "#456", "#789"]}, "3 colours where a report has two"),
        ({"assets": "cloud"}, "no way to keep assets"),
        ({"paper": "A3"}, "no paper “A3”"),
        ({"logo": "missing.png"}, "logo cannot be read"),
        ({"templates": "missing"}, "no templates in this folder"),
    ],
)
def test_a_wish_that_cannot_be_met_is_said(chosen: dict[str, object], said: str) -> None:
    """In one sentence, and with what there is instead."""
    with pytest.raises(ConfigError, match=said) as error:
        design_of(**chosen)  # type: ignore[arg-type]

    assert error.value.hint


# The logo


def test_a_logo_loses_what_programs_and_cameras_wrote_into_it(tmp_path: Path) -> None:
    """Names, places and paths; the picture itself stays as it is."""
    told = b"/home/anna/logo.png"
    drawn = SVG.replace("<svg ", '<svg xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" ').format(
        "<metadata>anna</metadata><title>anna</title>"
        '<inkscape:note>anna</inkscape:note><path inkscape:export-filename="/home/anna/x.png" d="M0 0h9v9"/>'
    )
    files = {
        "a.png": (png(chunk(b"tEXt", b"Path\0" + told), chunk(b"eXIf", told)), png()),
        "b.jpg": (jpeg(b"\xff\xe1" + struct.pack(">H", 2 + len(told)) + told) + told, jpeg()),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "c.svg").write_text(drawn, encoding="utf-8")

    assert {name: shown(picture(tmp_path / name)) for name in files} == {
        name: bare for name, (_, bare) in files.items()
    }
    assert picture(tmp_path / "a.png").startswith("data:image/png;base64,")
    assert b"anna" not in shown(picture(tmp_path / "c.svg"))
    assert b'd="M0 0h9v9"' in shown(picture(tmp_path / "c.svg"))


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "a script"),
        ('<rect onload="alert(1)"/>', "a script"),
        ("<foreignObject/>", "a page within it"),
        ('<image href="https://example.org/a.png"/>', "a reference to elsewhere"),
        ('<use href="other.svg#a"/>', "a reference to elsewhere"),
        ('<rect style="fill:url(https://example.org)"/>', "a reference to elsewhere"),
        ("<style>@import 'x.css';</style>", "a reference to elsewhere"),
    ],
)
def test_a_drawing_that_could_act_or_lead_elsewhere_is_refused(tmp_path: Path, inside: str, said: str) -> None:
    """And the message says what is in it."""
    (tmp_path / "logo.svg").write_text(SVG.format(inside), encoding="utf-8")

    with pytest.raises(ConfigError, match=f"holds {said}"):
        picture(tmp_path / "logo.svg")


def test_a_drawing_may_use_its_own_parts(tmp_path: Path) -> None:
    """References to what stands in the same file are no way out."""
    (tmp_path / "logo.svg").write_text(SVG.format('<path id="a"/><use href="#a" fill="url(#b)"/>'), encoding="utf-8")

    assert b'href="#a"' in shown(picture(tmp_path / "logo.svg"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no PNG, JPEG or SVG"),
        (b"GIF89a", "no PNG, JPEG or SVG"),
        (b"<html/>", "no PNG, JPEG or SVG"),
        (png()[:-20], "no PNG, JPEG or SVG"),
        (b"\xff\xd8\xff", "no PNG, JPEG or SVG"),
        (b"\xff\xd8\xff\x00\0\0\0\0\0", "no PNG, JPEG or SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>', "a declaration of its own"),
        (png(chunk(b"tEXt", b" " * 200_000)), "200 kB"),
    ],
)
def test_a_logo_that_is_none_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """Other kinds of files, broken ones, bombs and those that would make every page heavy."""
    (tmp_path / "logo").write_bytes(data)

    with pytest.raises(ConfigError, match=said):
        picture(tmp_path / "logo")


# In the page


def test_the_page_carries_what_was_chosen(content: ReportContent, tmp_path: Path) -> None:
    """Logo, colours, paper; the introduction as text, whatever signs are in it."""
    (tmp_path / "logo.png").write_bytes(png())
    chosen = design_of(
        logo=str(tmp_path / "logo.png"),
        colours=["#1b5a9b"],
        introduction="Hello <b>all</b>\nof you.\n\nBye.",
        paper="letter",
    )

    page = to_html(replace(content, design=chosen)).decode()

    assert '<img class="logo" src="data:image/png;base64,' in page
    assert "<p>Hello &lt;b&gt;all&lt;/b&gt; of you.</p>\n<p>Bye.</p>" in page
    assert "@page { size: letter; }" in page
    assert "--accent: #1b5a9b;" in page
    assert str(tmp_path) not in page


def test_a_shared_library_leaves_the_page_small(content: ReportContent) -> None:
    """The page names the file and its fingerprint, and is less than a quarter of a megabyte."""
    page = to_html(replace(content, design=Design(shared=True)))

    assert b'data-library="psafety-assets/plotly-' in page
    assert len(page) < 250_000


def test_a_template_of_ones_own_comes_before_ours(content: ReportContent, tmp_path: Path) -> None:
    """One by one: the others stay ours, and ours can be extended."""
    (tmp_path / "_data.html.jinja").write_text('<section id="data">Ask {{ content.title }}.</section>')
    (tmp_path / "organisation.html.jinja").write_text(
        '{% extends "psafety/organisation.html.jinja" %}{% block footer %}<p>Ours.</p>{% endblock %}'
    )

    page = to_html(replace(content, design=Design(templates=str(tmp_path)))).decode()

    assert '<section id="data">Ask' in page
    assert "<footer>\n<p>Ours.</p>" in page
    assert 'id="dimensions"' in page


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("\n{% if %}", "_data.html.jinja, line 2"),
        ("{{ content.tilte }}", "_data.html.jinja, line 1"),
        ("\n\n{{ 1 / 0 }}", "_data.html.jinja, line 3"),
        ('{% include "nothing.jinja" %}', "_data.html.jinja, line 1"),
    ],
)
def test_a_mistake_in_a_template_of_ones_own_is_placed(
    content: ReportContent, tmp_path: Path, text: str, where: str
) -> None:
    """One message with file and line, whether it is found on reading or on using it."""
    (tmp_path / "_data.html.jinja").write_text(text)

    with pytest.raises(ConfigError, match="template of your own") as error:
        to_html(replace(content, design=Design(templates=str(tmp_path))))

    assert error.value.where == where


def test_a_mistake_of_ours_keeps_its_traceback(content: ReportContent, tmp_path: Path) -> None:
    """It is not the user's to mend, even where templates of their own are used."""
    (tmp_path / "_data.html.jinja").write_text("")

    with pytest.raises(TypeError):
        to_html(replace(content, units=None, design=Design(templates=str(tmp_path))))  # type: ignore[arg-type]


def test_the_documentation_names_every_field_that_a_template_may_use() -> None:
    """docs/look.md lists the fields of the content, and the templates that can be overridden."""
    text = (STYLE.parents[2] / "docs" / "look.md").read_text(encoding="utf-8")
    offered = set(ReportContent.__dataclass_fields__) | set(UnitRow.__dataclass_fields__)

    assert offered - set(re.findall(r"`(?:content\.)?(\w+)`", text)) == set()
    assert {path.name for path in STYLE.parent.glob("*.jinja")} - set(re.findall(r"`([\w.]+\.jinja)`", text)) == set()
