"""The language of reports: every word of them goes through the catalogs, and the audit reads them in any language.

No translator is needed for that: a made-up language wraps every message in ‹…› and writes numbers as Danish does.
"""

import csv
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from click.testing import CliRunner, Result
from psafety import languages
from psafety.analysis.findings import analyze
from psafety.audit.figures import number_in
from psafety.audit.language import pattern, spoken_number
from psafety.cli import main
from psafety.languages import LANGUAGES, speaking
from psafety.reports.compose import Look, compose
from psafety.reports.content import Figure
from psafety.reports.wording import count, index, listed, on_scale, percent, signed, small_count, undefined, withheld
from psafety.surveys.instrument import in_language
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

ROOT = Path(__file__).resolve().parent.parent
PSEUDO = "da"
OUR_OWN = re.compile(r"psafety|CSV|UTF-8|ICC|\b[0-9a-f]{64}\b")  # the same in every language


@pytest.fixture(scope="module")
def catalogs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogs", ROOT / ".ci" / "catalogs.py")
    if spec is None or spec.loader is None or not (ROOT / ".ci" / "catalogs.py").is_file():
        pytest.skip("only in the repository")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def messages(catalogs: ModuleType) -> Catalog:
    found: Catalog = catalogs.messages()
    return found


@pytest.fixture(scope="module")
def pseudo(messages: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A language in which every message stands between ‹ and ›."""
    folder = tmp_path_factory.mktemp("catalogs")
    catalog = Catalog(locale=PSEUDO)
    for message in messages:
        if message.id:
            both = message.id if isinstance(message.id, tuple) else (message.id,)
            wrapped = tuple(f"‹{text}›" for text in both)
            catalog.add(message.id, wrapped if isinstance(message.id, tuple) else wrapped[0], context=message.context)
    path = folder / PSEUDO / "LC_MESSAGES" / "psafety.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LANGUAGES, PSEUDO, "Pseudo")
        patch.setattr(languages, "FOLDER", folder)
        languages._catalog.cache_clear()
        with speaking(PSEUDO):
            assert languages.gettext("withheld") == "‹withheld›"
        patch.undo()
        patch.setitem(LANGUAGES, PSEUDO, "Pseudo")
        yield PSEUDO
    languages._catalog.cache_clear()


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten teams of two waves, in two units; with a column to cut by, and comments."""
    design = SampleDesign(waves=("2026-Q1", "2026-Q2"), departments=2, teams=10, people=110, seed=3)
    path = tmp_path_factory.mktemp("survey") / "survey.csv"
    write_sample(sample_survey(design, load_instrument("open-team-survey")), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = [[*row, ("Women", "Men")[number % 2]] for number, row in enumerate(rows)]
        csv.writer(file).writerows([[*header, "Gender"], *lines])
    return path


@pytest.fixture(scope="module")
def written(pseudo: str, survey: Path) -> Path:
    """Everything that can be written, in the made-up language; all but the comparison was audited before."""
    folder = survey.parent / "out"
    more = ["--no-record", "--lang", pseudo, "--date", "2026-03-31", "-o", str(folder)]
    report = ["report", str(survey), "--cut", "Gender", "--team-reports", "--facilitator", *more]
    for command in ([*report, "--format", "html,xlsx,json"], ["compare", str(survey), *more]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    return folder


class _Visible(HTMLParser):
    """The texts of a page that somebody sees or hears, and the data of its charts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = ""
        self._block: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if value and name in {"aria-label", "title", "alt", "data-label"}]
        if tag not in {"small", "span", "i", "b", "em", "strong", "code", "a"}:
            self._inside = tag
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"small", "span", "i", "b", "em", "strong", "code", "a"}:
            self._inside = ""
            self._close()

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and data.startswith("{"):
            self.texts += _chart_texts(json.loads(data))
        elif self._inside not in {"script", "style"}:
            self._block.append(data)

    def _close(self) -> None:
        self.texts.append("".join(self._block))
        self._block = []


def _chart_texts(part: object, key: str = "") -> list[str]:
    if isinstance(part, dict):
        return [text for name, value in part.items() for text in _chart_texts(value, name)]
    if isinstance(part, list):
        return [text for value in part for text in _chart_texts(value, key)]
    return (
        [unescape(re.sub("<[^>]*>", " ", part))]
        if isinstance(part, str) and key in {"text", "hovertext", "ticktext"}
        else []
    )


def page_texts(data: bytes) -> list[str]:
    page = _Visible()
    page.feed(data.decode())
    return page.texts


def workbook_texts(data: bytes) -> list[str]:
    """What stands in cells, on tabs, on charts, in headers and footers, and beside cells."""
    found: list[str] = []
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/(worksheets|charts|drawings|comments)/?\w*\.xml|xl/sharedStrings\.xml", name):
                source = archive.read(name).decode()
                found += re.findall(r"<(?:\w+:)?(?:t|v|oddHeader|oddFooter)\b[^>]*>([^<]*)<", source)
                found += re.findall(r' (?:prompt|promptTitle|error|errorTitle|descr|title)="([^"]*)"', source)
        found += re.findall(r'<sheet [^>]*name="([^"]*)"', archive.read("xl/workbook.xml").decode())
    return [unescape(text) for text in found]


def left_over(texts: list[str], names: list[str]) -> set[str]:
    """The words that are left once messages, names and numbers are taken away."""
    known = re.compile("|".join(re.escape(name) for name in sorted({*names}, key=len, reverse=True) if name.strip()))
    left = " ".join(" ".join(texts).split())
    before = ""
    while before != left:  # from the innermost message outwards
        before, left = left, re.sub("‹[^‹›]*›", " ", left)
    return set(re.findall(r"[^\W\d_]{2,}", OUR_OWN.sub(" ", known.sub(" ", left))))


def names_in(survey: Path) -> list[str]:
    """What a report takes from the survey and the questionnaire as it stands."""
    responses = load_survey(survey, Wishes(cuts=("Gender",)))
    instrument, source = responses.instrument, responses.source
    texts = [
        *(text for one in instrument.dimensions for text in (*one.names.values(), *one.abouts.values(), one.id)),
        *(text for one in instrument.items for text in (*one.texts.values(), one.id)),
        *(label for one in instrument.items for labels in one.scale.labels.values() for label in labels),
        *(text for part in (instrument.titles, instrument.evidence, instrument.notes) for text in part.values()),
        *(instrument.citation, instrument.licence, instrument.id, source.name, source.name.rpartition(".")[0]),
        *(str(name) for level in responses.groups for name in responses.groups[level].cat.categories),
        *(column.name for column in source.columns),
        *(column.name[:59] for column in source.columns),
        *responses.levels,
    ]
    return [" ".join(text.split()) for text in texts if text]


# Nothing is left in English


def test_every_message_is_marked_once_and_said(catalogs: ModuleType, messages: Catalog) -> None:
    """The audit adds no words of its own: all that it looks for are messages of reports."""
    found = extract_from_dir(
        str(ROOT / "audit"), method_map=[("**.py", "python")], keywords=catalogs.KEYWORDS, comment_tags=[]
    )
    looked_for = {message for _, _, message, _, _ in found}

    assert looked_for
    assert {one for one in looked_for if one not in messages} == set()


def test_no_word_of_a_page_is_left_untranslated(written: Path, survey: Path) -> None:
    """The report, the pages of teams with their sheets, their index, and the comparison of waves."""
    names = [
        *names_in(survey),
        "survey-report.html",
        "survey-report",
        "survey-comparison",
        "Men",
        "Women",
        "Gender",
        "marts",
    ]
    pages = {path.name: page_texts(path.read_bytes()) for path in written.rglob("*.html")}

    assert len(pages) > 20
    assert {name: left for name, texts in pages.items() if (left := left_over(texts, names))} == {}


def test_no_word_of_a_workbook_is_left_untranslated(written: Path, survey: Path) -> None:
    """The workbook of the report, and that of the comparison."""
    names = [*names_in(survey), "Men", "Women", "Gender", "marts"]
    books = {path.name: workbook_texts(path.read_bytes()) for path in written.rglob("*.xlsx")}

    assert len(books) == 2
    assert {name: left for name, texts in books.items() if (left := left_over(texts, names))} == {}


def test_files_say_their_language(written: Path, pseudo: str) -> None:
    """So that browsers, screen readers, Excel and the audit know it."""
    for page in written.rglob("*.html"):
        assert f'<html lang="{pseudo}">' in page.read_text("utf-8")
    for book in written.rglob("*.xlsx"):
        with ZipFile(book) as archive:
            assert f"<dc:language>{pseudo}</dc:language>" in archive.read("docProps/core.xml").decode()
    assert json.loads((written / "survey-report.json").read_text("utf-8"))["lang"] == pseudo


# The audit reads any language


def only_report(written: Path, folder: Path) -> Path:
    """A copy without comparisons and pages of teams, which take the snapshot of the last wave to be proved."""
    shutil.copytree(written, folder, ignore=shutil.ignore_patterns("*-comparison*", "*-teams*"))
    return folder


def audited(folder: Path, survey: Path) -> Result:
    return CliRunner().invoke(main, ["audit", str(folder), "--data", str(survey), "--cut", "Gender"])


def test_a_report_in_any_language_is_proved(written: Path, survey: Path, tmp_path: Path) -> None:
    """The audit finds out the language by itself, and finds as many figures as in English."""
    english = tmp_path / "english"
    options = ["--cut", "Gender", "--no-record", "--format", "html,xlsx,json"]
    result = CliRunner().invoke(main, ["report", str(survey), *options, "-o", str(english)])
    assert result.exit_code == 0, result.output

    copies = [only_report(folder, tmp_path / name) for folder, name in ((written, "a"), (english, "b"))]
    verdicts = [audited(folder, survey).output for folder in copies]

    assert verdicts[0] == verdicts[1]
    assert verdicts[0].startswith("OK")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            r"‹(\d)(\d) people answered", r"‹\1\2 people answered, 7 of them crying", "7 is no printed", id="text"
        ),
        pytest.param(r"<td>(\d),(\d\d)</td>", r"<td>\1.\2</td>", "as reports round and write it", id="decimal point"),
        pytest.param(r"<td>(\d\d)\xa0%</td>", "<td>\\1,4\xa0%</td>", "as reports round and write it", id="exact share"),
        pytest.param(r"‹no group below 5", "‹no group below 2", "the smallest group", id="smallest group"),
        pytest.param(r"‹wave 2026-Q2›", "‹wave 2026-Q9›", "do not say which wave", id="wave"),
        pytest.param(r"; (\d+) answers›", r"; \1 answers, sum 205›", "hover text", id="hover text"),
        pytest.param(r'"absent">‹withheld›', '"absent">withheld', "different marks", id="another mark"),
    ],
)
def test_what_is_planted_in_another_language_is_found(
    old: str, new: str, problem: str, written: Path, survey: Path, tmp_path: Path
) -> None:
    """As surely as in English."""
    page = (written / "survey-report.html").read_text("utf-8")
    planted = re.sub(old, new, page, count=1)
    assert planted != page
    (tmp_path / "survey-report.html").write_text(planted, "utf-8")

    result = audited(tmp_path, survey)

    assert result.exit_code == 1
    assert problem in result.output


def test_reports_in_several_languages_are_audited_one_by_one(written: Path, survey: Path, tmp_path: Path) -> None:
    """Their words cannot be told apart otherwise."""
    page = (written / "survey-report.html").read_text("utf-8")
    (tmp_path / "one.html").write_text(page, "utf-8")
    (tmp_path / "two.html").write_text(page.replace(f'lang="{PSEUDO}"', 'lang="en"'), "utf-8")

    result = audited(tmp_path, survey)

    assert result.exit_code == 1
    assert "several languages: Pseudo and English" in result.output


def test_a_message_is_a_pattern_that_finds_its_fields() -> None:
    """A field that comes twice must say the same twice; a percent sign is one."""
    made = re.compile(pattern("{name} and {name}: 95 %% of %(all)s", name=".*", all=r"\d+"))

    assert made.fullmatch("a and a: 95 % of 7").groupdict() == {"name": "a", "all": "7"}  # type: ignore[union-attr]
    assert not made.fullmatch("a and b: 95 % of 7")


@pytest.mark.parametrize(
    ("lang", "text", "numbers"),
    [
        ("en", "1,234 of 5, <1%", ["1,234", "5", "<1%"]),
        ("de", "1.234 von 5,5 und 34\xa0%", ["1.234", "5,5", "34\xa0%"]),
        ("fr", "12 345 sur 100 personnes, 3,5", ["12 345", "100", "3,5"]),
        ("sv", "rad 3, 7 och 1 234", ["3", "7", "1 234"]),
    ],
)
def test_numbers_are_found_in_sentences(lang: str, text: str, numbers: list[str]) -> None:
    """As each language writes them, with white space folded."""
    with speaking(lang):
        found = [number.strip() for number in spoken_number().findall(text)]

    assert found == numbers


@pytest.mark.parametrize(
    ("lang", "text", "kind", "number"),
    [
        ("de", "1.234", "n", 1234),
        ("de", "1,234", "n", None),
        ("de", "3,40", "mean", 3.4),
        ("de", "3.40", "mean", None),
        ("de", "34\xa0%", "favourable", 0.34),
        ("de", "<1\xa0%", "share 2", 0.0),
        ("fr", "1\u202f234", "n", 1234),
        ("sv", "1\xa0234", "n", 1234),
        ("en", "34 %%", "favourable", None),
        ("en", "٣", "index", None),
    ],
)
def test_a_figure_is_read_only_as_its_language_writes_it(lang: str, text: str, kind: str, number: float | None) -> None:
    """Anything else is no figure of a report."""
    with speaking(lang):
        assert number_in(text, kind) == number


# Numbers and dates


@pytest.mark.parametrize(
    ("lang", "people", "mean", "share", "little", "change"),
    [
        ("en", "1,234", "3.40", "34%", "<1%", "−0.4"),
        ("de", "1.234", "3,40", "34\xa0%", "<1\xa0%", "−0,4"),
        ("fr", "1\u202f234", "3,40", "34\xa0%", "<1\xa0%", "−0,4"),
        ("es", "1.234", "3,40", "34\xa0%", "<1\xa0%", "−0,4"),
        ("sv", "1\xa0234", "3,40", "34\xa0%", "<1\xa0%", "−0,4"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    lang: str, people: str, mean: str, share: str, little: str, change: str
) -> None:
    """And said once per language: what was said in another one before is not said again."""
    with speaking(lang):
        said = [cell.text for cell in (count(1234), on_scale(3.4), percent(0.34), percent(0.004), signed(-0.4))]

    assert said == [people, mean, share, little, change]


def test_the_format_of_a_workbook_is_the_same_in_every_language() -> None:
    """Excel shows it as its reader writes it; only what stands between quotation marks is a text."""
    with speaking("de"):
        cells = [count(1234), index(71.2), on_scale(3.4), percent(0.34), percent(0.004)]

    formats = [cell.format for cell in cells if isinstance(cell, Figure)]
    assert formats == ["#,##0", "0", "0.00", "0%", '"<1\xa0%"']


@pytest.mark.parametrize(
    ("lang", "long"),
    [
        ("en", "March 31, 2026"),
        ("de", "31. März 2026"),
        ("fr", "31 mars 2026"),
        ("es", "31 de marzo de 2026"),
        ("sv", "31 mars 2026"),
    ],
)
def test_a_date_is_written_out(lang: str, long: str, survey: Path) -> None:
    """One as computers write it; any other text stands as it was given."""
    findings = analyze(load_survey(survey))

    dates = [compose(findings, Look(lang=lang, date=text), version="1").date for text in ("2026-03-31", "spring 2026")]

    assert dates == [long, "spring 2026"]


def test_an_absence_is_a_word_of_the_language(pseudo: str) -> None:
    """In each language anew."""
    with speaking(pseudo):
        said = [withheld().text, undefined().text, small_count(3, 5).text, listed(["a", "b"])]

    assert said == ["‹withheld›", "‹not defined›", "‹fewer than 5›", "‹a and b›"]
    assert withheld().text == "withheld"


# The choice of a language


def test_a_language_that_there_is_not_is_one_clear_message(survey: Path, tmp_path: Path) -> None:
    """It names those that there are."""
    result = CliRunner().invoke(main, ["report", str(survey), "--lang", "tlh", "-o", str(tmp_path)])

    assert result.exit_code == 1
    assert "There are no reports in the language “tlh”." in result.output
    assert "de (Deutsch)" in result.output
    assert not list(tmp_path.iterdir())


def test_the_settings_name_a_language_and_an_option_wins(survey: Path, tmp_path: Path) -> None:
    """Both take capitals, too."""
    settings = tmp_path / "psafety.toml"
    settings.write_text('[report]\nlang = "SV"\n', "utf-8")
    report = ["report", str(survey), "--config", str(settings), "--no-record", "--format", "json", "-o"]

    for folder, options in (("a", []), ("b", ["--lang", "en"])):
        assert CliRunner().invoke(main, [*report, str(tmp_path / folder), *options]).exit_code == 0

    found = [json.loads((tmp_path / folder / "survey-report.json").read_text("utf-8"))["lang"] for folder in "ab"]
    assert found == ["sv", "en"]


def test_the_questionnaire_speaks_the_language_of_the_report(survey: Path) -> None:
    """Its statements, its dimensions and its answers, as far as it has them; whatever the survey was held in."""
    responses = load_survey(survey)
    content = compose(analyze(responses), Look(lang="de"), version="1")
    item = responses.instrument.items[0]

    row = content.items[0].rows[0]

    assert (row.label, row.points) == (in_language(item.texts, "de"), item.scale.labels["de"])
    assert row.label != in_language(item.texts, "en")


def test_errors_stay_english(pseudo: str, survey: Path) -> None:
    """Whoever runs the program reads them, not whoever reads the report."""
    result = CliRunner().invoke(main, ["report", str(survey), "--lang", pseudo, "--team", "Nobody", "--no-record"])

    assert result.exit_code == 1
    assert "‹" not in result.output


# The catalogs


def test_every_message_is_translated_into_every_language() -> None:
    """With its placeholders, and compiled."""
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "catalogs.py"), "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
