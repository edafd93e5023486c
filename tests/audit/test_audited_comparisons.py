"""Comparisons of waves, as the audit reads them: figures of their waves, differences of these, and nothing else."""

import json
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from psafety.audit.comparison.figures import Compared, Move, Wave
from psafety.audit.comparison.proof import _at_odds
from psafety.audit.comparison.wording import _counts
from psafety.audit.figures import Printed, Unit
from psafety.audit.proof import Source, audit_comparison, audit_responses, questions_of
from psafety.audit.verdict import Verdict
from psafety.cli import main
from psafety.reports.comparison import html
from psafety.surveys.responses import Responses, load_survey, of_wave

Json = dict[str, Any]
NAME = "all-comparison"


def made(folder: Path, waves: str, *options: str, people: str = "120") -> Path:
    """Waves in one file, and their comparison in the folder “out” beside it."""
    path = folder / "all.csv"
    design = ("--people", people, "--teams", "8", "--departments", "2", "--waves", waves)
    runner = CliRunner()
    assert runner.invoke(main, ["sample", str(path), *design]).exit_code == 0
    done = runner.invoke(
        main, ["compare", str(path), "--format", "html,xlsx,json", "-o", str(folder / "out"), "-q", *options]
    )
    assert done.exit_code == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("waves"), "2025-Q4,2026-Q1")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three waves, the report on the first as JSON beside the comparison."""
    path = made(tmp_path_factory.mktemp("three"), "2025-Q3,2025-Q4,2026-Q1")
    options = ("--wave", "Quarter=2025-Q3", "--format", "json", "-o", str(path.parent / "first"), "-q")
    done = CliRunner().invoke(main, ["report", str(path), *options])
    assert done.exit_code == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def responses(survey: Path) -> Responses:
    return load_survey(survey)


def only(survey: Path, tmp_path: Path, suffix: str, change: Callable[[bytes], bytes] = bytes) -> Path:
    """A folder with one format of the comparison, changed."""
    data = change((survey.parent / "out" / f"{NAME}.{suffix}").read_bytes())
    (tmp_path / f"{NAME}.{suffix}").write_bytes(data)
    return tmp_path


def named(given: object) -> str:
    """A stable name for what is given to a test."""
    return given if isinstance(given, str) else "change"


def problems(verdict: Verdict) -> str:
    return "\n".join([*(fault.problem for fault in verdict.faults), *map(str, verdict.attacks)])


# What is true


@pytest.mark.parametrize("suffix", ["html", "xlsx", "json"])
def test_a_true_comparison_is_proved(survey: Path, responses: Responses, tmp_path: Path, suffix: str) -> None:
    """Every figure of both waves, and every difference, in each format alone.

    A page leaves out the statements of units of which none can be compared; what else it prints of them rests on these.
    """
    verdict = audit_responses(only(survey, tmp_path, suffix), responses, [survey])

    assert (verdict.faults, verdict.attacks) == ((), ())
    assert all("whose statements no file prints" in line for line in verdict.unproved)
    assert verdict.is_proof or suffix == "html"
    assert verdict.figures > 500


def test_a_page_of_many_units_is_proved_beside_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many answers a typical team gave, and has no table of teams: those are in the workbook."""
    monkeypatch.setattr(html, "MOST_UNITS_BY_DIMENSION", 3)
    path = made(tmp_path, "2025-Q4,2026-Q1", people="600")
    page, responses = tmp_path / "out" / f"{NAME}.html", load_survey(path)

    together, alone = (audit_responses(output, responses, [path]) for output in (tmp_path / "out", page))

    assert "In a team of middling size" in page.read_text()
    assert (together.faults, together.unproved, together.attacks) == ((), (), ())
    assert (alone.faults, alone.attacks, alone.is_proof) == ((), (), False)
    page.write_text(re.sub(r"(In a team of middling size \()\d+", r"\g<1>9", page.read_text()))
    assert "is no printed figure" in problems(audit_responses(tmp_path / "out", responses, [path]))


@pytest.mark.parametrize("lang", ["de", "fr", "es", "sv"])
def test_a_comparison_is_read_in_every_language(tmp_path: Path, lang: str) -> None:
    """Its sentences and verdicts are known by their words in that language."""
    path = made(tmp_path, "2025-Q4,2026-Q1", "--lang", lang)

    verdict = audit_responses(tmp_path / "out", load_survey(path), [path])

    assert (verdict.faults, verdict.unproved) == ((), ())


def test_all_formats_of_a_comparison_are_held_against_each_other(survey: Path, tmp_path: Path) -> None:
    """A page that says otherwise than the workbook beside it."""
    shutil.copytree(survey.parent / "out", tmp_path, dirs_exist_ok=True)
    only(survey, tmp_path, "json", in_json(lambda one: one.update(smallest=40)))

    verdict = audit_responses(tmp_path, load_survey(survey), [survey])

    assert "it says otherwise than" in problems(verdict)


def test_three_waves_are_proved_with_the_report_on_the_first_or_the_record(three: Path) -> None:
    """Its statements are not in the comparison, and the figures of its dimensions are made of them.

    The record says which of them were printed.
    """
    responses = load_survey(three)
    first = (three.parent / "first" / "all-report.json").read_bytes()
    sources = [
        Source("2025-Q3", "2025-Q3", responses, snapshot=first),
        Source("2025-Q4", "2025-Q4", responses),
        Source("2026-Q1", "2026-Q1", responses),
    ]

    verdict = audit_comparison(three.parent / "out", sources, [three])
    by_record = audit_responses(three.parent / "out", responses, [three], record=three.parent / "psafety-record.json")
    without = audit_responses(three.parent / "out", responses, [three])

    assert verdict.is_proof, verdict.headline
    assert by_record.is_proof, by_record.headline
    assert (without.faults, without.attacks) == ((), ())
    assert all("is not one of the last two waves" in line for line in without.unproved)


def test_a_wave_without_its_survey_is_not_proved(survey: Path, responses: Responses, tmp_path: Path) -> None:
    """The figures of the others are held against theirs all the same."""
    verdict = audit_responses(only(survey, tmp_path, "json"), of_wave(responses, "2026-Q1"), [survey])

    assert verdict.faults == ()
    assert verdict.unproved == (f"{NAME}.json: the figures of “2025-Q4”, of which no survey was given.",)


def test_a_comparison_of_snapshots_is_held_against_them(survey: Path, tmp_path: Path) -> None:
    """Both waves are known by their reports alone."""
    kept = {}
    for wave in ("2025-Q4", "2026-Q1"):
        options = ("--wave", f"Quarter={wave}", "--format", "json", "-o", str(tmp_path / wave), "-q", "--no-record")
        assert CliRunner().invoke(main, ["report", str(survey), *options]).exit_code == 0
        kept[wave] = (tmp_path / wave / "all-report.json").read_bytes()
    options = ("--format", "html,xlsx,json", "-o", str(tmp_path / "both"), "-q")
    files = [str(tmp_path / wave / "all-report.json") for wave in kept]
    done = CliRunner().invoke(main, ["compare", *files, *options])
    assert done.exit_code == 0, done.stderr
    sources = [Source(wave, snapshot=data) for wave, data in kept.items()]

    verdict = audit_comparison(tmp_path / "both", sources, [])
    swapped = [Source("2025-Q4", snapshot=kept["2026-Q1"]), sources[1]]
    other = audit_comparison(tmp_path / "both", swapped, [])

    assert verdict.is_proof, verdict.headline
    assert "but the report of that wave says" in problems(other)


def test_units_are_counted_by_their_dimensions_alone(survey: Path) -> None:
    """A team in which a single statement changed is not among those said to have changed in a dimension."""
    questions = questions_of(load_survey(survey).instrument)
    said = Compared(Printed("page.html"), "then", "now")
    for name, measure in (("A", questions.items[0]), ("B", questions.dimensions[0])):
        for place in (*questions.dimensions[:2], questions.items[0]):
            sign = "better" if place == measure else "no visible change"
            said.move(Move(Unit((name,), "Team"), place, 9, 9, 50, 50, 0, -1, 1, 9, 0, sign, ""))

    assert _counts(said, questions) == {"2", "1", "0"}


@pytest.mark.parametrize(("least", "is_said"), [(3, False), (5, True), (None, True)])
def test_so_few_that_they_can_be_told_apart_are_fewer_than_the_smallest_group(least: int | None, is_said: bool) -> None:
    """Of the waves themselves, else five: four people in no pair."""
    said = Compared(Printed("page.html"), "then", "now")
    said.waves = [Wave(name, "", 44, 1, least, "") for name in ("then", "now")]
    said.printed.said = [
        "40 people gave the same code in both waves.",
        "Found in one wave only: 4 people of “then” and 4 of “now”.",
    ]

    assert any("so few can be told apart" in problem for _, problem in _at_odds(said)) == is_said


# What is not


def in_json(change: Callable[[Json], None]) -> Callable[[bytes], bytes]:
    """Change the first dimension of the organisation."""

    def changed(data: bytes) -> bytes:
        document = json.loads(data)
        change(document["units"][0]["dimensions"][0])
        return json.dumps(document).encode()

    return changed


def in_document(change: Callable[[Json], None]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        document = json.loads(data)
        change(document)
        return json.dumps(document).encode()

    return changed


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (in_json(lambda one: one.update(before=99)), "the index is said to be 99, but the survey gives"),
        (in_json(lambda one: one.update(n_after=3)), "the number of answers is said to be 3, but"),
        (in_json(lambda one: one.update(difference=40)), "the change is said to be 40"),
        (in_json(lambda one: one.update(low=90)), "does not lie about"),
        (in_json(lambda one: one.update(low=one["low"] - 9)), "does not lie evenly about"),
        (in_json(lambda one: one.update(low=-100, high=100)), "reaches further than chance"),
        (in_json(lambda one: one.update(smallest=1)), "points is said to be invisible"),
        (in_json(lambda one: one.update(effect=0.12345)), "more decimals than are printed"),
        (in_json(lambda one: one.update(effect=-3 * one["difference"])), "the effect is said to be"),
        (in_json(lambda one: one.update(verdict="excellent")), "an unknown verdict"),
        (in_json(lambda one: one.update(verdict="better", low=-1)), "it is said to have moved"),
        (in_json(lambda one: one.update(low=None)), "without the figure that it is about"),
        (in_json(lambda one: one.update(id="luck")), "a figure of something that was not asked"),
        (in_document(lambda document: document["units"][0].update(people=[1])), "keys that comparisons do not have"),
        (in_document(lambda document: document["units"][0].update(n_before=7)), "is said to be 7, but the survey"),
        (in_document(lambda document: document["units"][1].update(path=["No"], name="No")), "names this unit"),
        (in_document(lambda document: document["units"].append(7)), "something that is no list of objects"),
        (in_document(lambda document: document["units"].reverse()), "against the alphabet"),
        (in_document(lambda document: document["waves"][0].update(name="2026-Q1")), "they are not the last two waves"),
        (in_document(lambda document: document["items"][0].update(label="We were 12.")), "another text than was asked"),
        (in_document(lambda document: document.update(schema="other")), "it is no comparison of psafety"),
        (lambda _: b"nothing", "it is no comparison of psafety"),
        (lambda _: b'{"schema": 1, "schema": 2}', "it is no comparison of psafety"),
        (lambda data: data.replace(b'"units": [', b'"units": 3, "other": ['), "keys that comparisons do not have"),
    ],
    ids=named,
)
def test_what_is_not_so_in_the_document_is_named(
    survey: Path, responses: Responses, tmp_path: Path, change: Callable[[bytes], bytes], problem: str
) -> None:
    """One changed figure, and the sentence that says it."""
    verdict = audit_responses(only(survey, tmp_path, "json", change), responses, [survey])

    assert problem in problems(verdict)


def in_text(pattern: str, change: Callable[[re.Match[str]], str]) -> Callable[[bytes], bytes]:
    """Change the first place of the page that is so."""

    def changed(data: bytes) -> bytes:
        text, times = re.subn(pattern, change, data.decode(), count=1, flags=re.DOTALL)
        assert times == 1
        return text.encode()

    return changed


def more(found: re.Match[str]) -> str:
    """The number in the middle, and one more."""
    return f"{found[1]}{int(found[2]) + 1}{found[3]}"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (in_text(r'(<table>.*?row">Trust</th><td>)(\d+)( <small>)', more), "the change is said to be"),
        (in_text(r'(row">Trust</th><td>\d+ <small>)(\d+)(</small>)', more), "the number of answers is said to be"),
        (in_text(r'(row">Trust</th>.*? to [+−]?)(\d+)(</small>)', more), "the change is another one than in the table"),
        (in_text(r'(class="said">no visible change</td><td>)(\d+)(</td>)', more), "it says otherwise than"),
        (in_text(r"(<td class=.said.>)no visible", lambda found: f"{found[1]}almost no"), "an unknown verdict"),
        (in_text(r"No visible change: Trust, ", lambda _: "No visible change: "), "the sentence on it says otherwise"),
        (in_text(r"()(\d+)( people answered now)", more), "is no printed figure"),
        (in_text(r"(Both waves name )(\d+)( units)", more), "is no printed figure"),
        (in_text(r'(class="turned">)turned round', lambda found: f"{found[1]}47 turned round"), "small print that its"),
        (
            in_text(r"(can count on it\.)(</th>)", lambda found: f"{found[1]} <small>47</small></th>"),
            "small print that its",
        ),
        (in_text(r"(middling size \()(\d+)( answers)", more), "is no printed figure"),
        (in_text(r"(less than )(\d+)( points can be invisible: )", more), "is no printed figure"),
        (in_text(r"(<h2>Method</h2>)", lambda found: f"{found[1]}<p>We are 47.</p>"), "is no printed figure"),
        (in_text(r"(<h2>Method</h2>)", lambda found: f"{found[1]}<!-- 47 -->"), "a comment that no reader sees"),
        (in_text(r'(<td class="said">)', lambda _: '<td class="said" data-sum="47">'), "may carry a figure"),
        (in_text(r"(<h2>Method</h2>)", lambda found: f'{found[1]}<a href="https://example.org/47">x</a>'), "leads out"),
        (in_text(r'("x":\[)([\d.]+)(,)', lambda found: f"{found[1]}{float(found[2]) + 1}{found[3]}"), "is drawn at"),
        (in_text(r"(: from )(\d+)( to )", more), "the hover text of"),
        (in_text(r'("width":)(12)(\})', more), "holds the number"),
        (in_text(r'("range":\[)(-2)(,102\])', more), "the range of the figures"),
        (in_text(r'("text":"[^"]*?[+−])(\d+)(, no visible)', more), "says otherwise"),
        (
            in_text(r'(data-chart="chart-)(dimensions)(-1")', lambda found: f"{found[1]}people{found[3]}"),
            "a chart that the",
        ),
        (in_text(r'(<thead>\n<tr>\n<th scope="col">)(Wave)(</th>)', lambda found: found[0] + "<th>x</th>"), ""),
        (
            in_text(
                r'(class="units matrix".*?row" style="--depth:1">.*?<td)', lambda found: found[1] + ' class="above"'
            ),
            "",
        ),
    ],
    ids=named,
)
def test_what_is_not_so_on_the_page_is_named(
    survey: Path, responses: Responses, tmp_path: Path, change: Callable[[bytes], bytes], problem: str
) -> None:
    """A number in a table, in a chart, in a sentence, or where no reader looks."""
    verdict = audit_responses(only(survey, tmp_path, "html", change), responses, [survey])

    assert verdict.faults
    assert re.search(problem, problems(verdict)), problems(verdict)[:600]


def in_book(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        book = load_workbook(BytesIO(data))
        change(book)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    return changed


def in_part(part: str, pattern: str, by: str) -> Callable[[bytes], bytes]:
    """Change one part of the workbook, as bytes."""

    def changed(data: bytes) -> bytes:
        out = BytesIO()
        with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
            for info in old.infolist():
                text = old.read(info).decode()
                if info.filename == part:
                    text, times = re.subn(pattern, by, text, count=1)
                    assert times == 1
                new.writestr(info, text)
        return out.getvalue()

    return changed


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (in_part("xl/worksheets/sheet3.xml", r'(<row r="9".*?<v>\d+</v>.*?<v>)\d+', r"\g<1>3"), "is said to be 3, but"),
        (in_part("xl/worksheets/sheet3.xml", r'<v>(\d+)</v></c><c s="13">', r'<v>3</v></c><c s="13">'), "said to be 3"),
        (in_part("xl/workbook.xml", r'(name="Items" sheetId="\d" state=")visible', r"\1hidden"), "it is hidden"),
        (
            in_part("xl/worksheets/sheet3.xml", r"<v>(-?\d+)</v></c><c s=\"16\">", r'<v>77</v></c><c s="16">'),
            "the change is",
        ),
        (in_part("xl/worksheets/sheet3.xml", r">no visible change<", ">better<"), "it is said to have moved"),
        (in_part("xl/worksheets/sheet1.xml", r"(\d+) people answered now", "61 people answered now"), "no printed fig"),
        (in_part("xl/worksheets/sheet3.xml", r">Trust<", ">Luck<"), "out of the order of the questionnaire"),
        (in_part("xl/worksheets/sheet3.xml", r">Change<", ">Sum<"), "no table with the headings"),
        (in_part("xl/worksheets/sheet3.xml", r"<v>(\d+)</v>", r"<f>1+1</f><v>\1</v>"), "a formula"),
        (in_part("xl/worksheets/sheet2.xml", r"<v>\d+</v>", "<v>3.5</v>"), "is no figure as comparisons round"),
        (in_part("docProps/core.xml", r"<dcterms:created[^>]*>[^<]*", "<x>47</x><dcterms:created>"), ""),
        (in_book(lambda book: book.create_sheet("Raw").append([1, 2, 3])), "reports have no such sheet"),
    ],
    ids=named,
)
def test_what_is_not_so_in_the_workbook_is_named(
    survey: Path, responses: Responses, tmp_path: Path, change: Callable[[bytes], bytes], problem: str
) -> None:
    """A changed cell, a hidden sheet, a formula, a number in a sentence."""
    verdict = audit_responses(only(survey, tmp_path, "xlsx", change), responses, [survey])

    assert verdict.faults
    assert problem in problems(verdict), problems(verdict)[:600]


def test_a_row_of_a_withheld_team_is_refused(tmp_path: Path) -> None:
    """Its people can be told apart, whatever its row says."""
    path = made(tmp_path, "2025-Q4,2026-Q1", "--no-record")
    document = json.loads((tmp_path / "out" / f"{NAME}.json").read_text("utf-8"))
    team = next(unit for unit in document["units"] if unit["level"] == "Team" and unit["n_before"] and unit["n_after"])
    head, *rows = path.read_text("utf-8-sig").splitlines()
    few = [row for row in rows if team["name"] not in row]
    mine = [row for row in rows if team["name"] in row]
    kept = [next(row for row in mine if wave in row) for wave in ("2025-Q4", "2026-Q1")]
    path.write_text("\n".join([head, *few, *kept]) + "\n", "utf-8")
    other = tmp_path / "other"
    other.mkdir()

    verdict = audit_responses(only(path, other, "json"), load_survey(path), [path])

    assert any("at least 5 are needed" in fault.problem for fault in verdict.faults)
    assert any(attack.people == 1 for attack in verdict.attacks)


def test_a_changed_line_through_all_waves_is_named(three: Path, tmp_path: Path) -> None:
    """A slope that no line through the values has, an interval beside its value, a chart of other values."""
    responses = load_survey(three)

    def found(pattern: str, by: str) -> str:
        page = only(three, tmp_path, "html", in_text(pattern, lambda match: match.expand(by)))
        return problems(audit_responses(page, responses, [three]))

    head = r'(id="trend".*?row">Trust</th>'
    assert "no line through its values" in found(
        head + r".*?<td>)[+−]?[\d.]+( <small>[^<]*</small></td>\n<td class)", r"\g<1>+44\2"
    )
    assert "does not lie about" in found(head + r"\n<td>\d+ <small>)\d+", r"\g<1>2")
    assert "it is drawn from" in found(r'(chart-trend-trust-1">.*?"x":\[0,1,2\],"y":\[)\d+', r"\g<1>12")
    assert "is no printed figure" in found(r"(Trust stood at )\d+", r"\g<1>12")
    assert "is no printed figure" in found(r"(the scale shown runs from )\d+", r"\g<1>33")
