"""What the audit does with outputs that are no plain report: archives, several waves, broken and overlapping things."""

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from click.testing import CliRunner
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.findings import analyze
from psafety.analysis.tally import tally
from psafety.audit.atoms import Family
from psafety.audit.figures import Unit, disordered, kind_in_words, loads
from psafety.audit.folder import collect
from psafety.audit.proof import Rules, audit_output
from psafety.audit.verdict import Attack, Verdict, to_lines
from psafety.cli import main
from psafety.records import recorded_findings
from psafety.reports.files import write_files, write_reports
from psafety.surveys.errors import ConfigError, FileError
from psafety.surveys.responses import load_survey
from surveyed import audited, digests, people, team, wishes, write_report, write_survey


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A department with two teams."""
    return write_survey(tmp_path, people(("D", "a"), 12) + people(("D", "b"), 9))


def zipped(*files: tuple[str, bytes], comment: bytes = b"") -> bytes:
    """An archive of some files."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.comment = comment
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """A broken archive, one with a comment, and one that is packed too deep: none is passed over."""
    deep = b"{}"
    for _ in range(7):
        deep = zipped(("inner.zip", deep))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "comment.zip").write_bytes(zipped(("a.json", b"{}"), comment=b"3.33"))
    (tmp_path / "deep.zip").write_bytes(deep)

    found = collect([tmp_path])

    assert [file.name for file in found.files] == ["comment.zip/a.json"]
    assert [fault.problem.split(",")[0] for fault in found.unread] == [
        "the archive cannot be opened",
        "a comment of the archive",
        "it is packed too deep",
    ]


def test_the_survey_and_the_record_are_no_part_of_the_output(survey: Path, tmp_path: Path) -> None:
    """The folder may be the one that the survey and the record lie in."""
    write_report(survey, tmp_path)
    (tmp_path / "psafety-record.json").write_text("{}")

    assert audited(survey, tmp_path).is_proof
    with pytest.raises(FileError):
        collect([tmp_path / "psafety-record.json"])


@pytest.mark.parametrize(
    "content", ["[1]", '{"schema": "psafety-snapshot/1", "units": 3}', '{"schema": 3, "schema": 3}']
)
def test_a_snapshot_that_is_none_is_a_fault(survey: Path, tmp_path: Path, content: str) -> None:
    """Whatever its structure, it is read to a fault, never to an error."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "survey.json").write_text(content)

    assert audited(survey, tmp_path / "out").faults


def test_a_chart_of_another_structure_is_a_fault(survey: Path, tmp_path: Path) -> None:
    """A file that breaks the reader is refuted for that."""
    page = write_report(survey, tmp_path / "out", formats=("html",)) / "survey-report.html"
    text = page.read_text(encoding="utf-8")
    found = re.search(r'data-chart="chart-dimensions-1">(.*?)</script>', text)
    assert found
    page.write_text(text.replace(found[1], '{"data":[],"layout":7}', 1), encoding="utf-8")

    verdict = audited(survey, tmp_path / "out")

    assert "not built as reports are" in verdict.faults[0].problem


def test_waves_are_told_apart(tmp_path: Path) -> None:
    """Reports on two waves are audited one by one; a report that names no wave of the file needs the option."""
    path = tmp_path / "waves.csv"
    rows = [
        f"{wave},{team},{1 + number % 5}" for wave in ("2026-Q1", "2026-Q2") for team in "ab" for number in range(9)
    ]
    path.write_text("Wave,Team,q1\n" + "\n".join(rows) + "\n")
    read = load_survey(path, wishes())
    for wave in ("2026-Q1", "2026-Q2"):
        write_reports(analyze(read, wave=wave), tmp_path / wave, formats=("json", "xlsx", "html"), version="0.1.0")
    both = [tmp_path / "2026-Q1", tmp_path / "2026-Q2"]
    snapshot = tmp_path / "2026-Q2" / "waves-report.json"

    assert all(audit_output(folder, path, wishes()).is_proof for folder in both)
    with pytest.raises(ConfigError, match="several waves"):
        audit_output(both, path, wishes())
    snapshot.write_text(snapshot.read_text().replace('"wave": "2026-Q2"', '"wave": "May"'))
    with pytest.raises(ConfigError, match="do not say which wave"):
        audit_output(snapshot, path, wishes())


def test_a_page_alone_that_prints_no_statements_of_teams_is_not_proved(tmp_path: Path) -> None:
    """Scores of dimensions are means of printed statements; where no file prints those, nothing is proved."""
    found = [person for number in range(125) for person in people((f"T{number}",), 5 + number % 3)]
    survey = write_survey(tmp_path, found, ("Team",))
    write_report(survey, tmp_path / "out", formats=("html", "xlsx"))

    whole = audited(survey, tmp_path / "out")
    (tmp_path / "out" / "survey-report.xlsx").unlink()
    page = audited(survey, tmp_path / "out")

    assert whole.is_proof, to_lines(whole)
    assert not page.attacks
    assert [reason for reason in page.unproved if "whose statements no file prints" in reason]


def test_intervals_narrowed_by_the_share_who_answered_are_proved(tmp_path: Path) -> None:
    """With headcounts, intervals follow one spread all the same, narrowed by the printed response rates."""
    survey, counts = tmp_path / "s.csv", tmp_path / "h.csv"
    run = CliRunner().invoke
    run(main, ["sample", str(survey), "--people", "150", "--teams", "12", "--seed", "3", "--headcounts", str(counts)])
    options = ["--headcounts", str(counts), "--finite-population", "--format", "json,html", "-q", "--no-record"]
    run(main, ["report", str(survey), "-o", str(tmp_path / "out"), *options])

    verdict = audit_output(tmp_path / "out", survey)

    assert verdict.is_proof, to_lines(verdict)


def test_the_spread_of_persons_scores_needs_many_people_and_few_gaps(tmp_path: Path) -> None:
    """A15: a standard deviation of persons' scores is refuted where a few people left gaps, or few answered at all."""
    gaps = [(1 + number % 5, 0 if number < 3 else 1 + number % 4) for number in range(40)]
    survey = write_survey(tmp_path, team(("D", "a"), *gaps))
    snapshot = write_report(survey, tmp_path / "out", items=2, formats=("json",)) / "survey-report.json"
    found = json.loads(snapshot.read_text())
    found["dimensions"][0]["sd"] = 0.9
    snapshot.write_text(json.dumps(found))

    with_gaps = audited(survey, tmp_path / "out", items=2)
    few = audit_output(tmp_path / "out", survey, wishes(2), rules=Rules(joint_from=50))

    assert [fault for fault in with_gaps.faults if "only 3 people left gaps" in fault.problem]
    assert [fault for fault in few.faults if "only a large organisation" in fault.problem]


def test_rows_that_overlap_are_searched_and_said(survey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rows overlap, sums are searched; what whole numbers tell beyond them is left open."""
    out = write_report(survey, tmp_path / "out")
    monkeypatch.setattr(Family, "is_laminar", lambda *_: False)

    verdict = audited(survey, out)

    assert not verdict.attacks
    assert all("overlap in a way that units do not" in reason for reason in verdict.unproved)
    assert not verdict.is_proof


def test_coalitions_raise_the_smallest_group(survey: Path, tmp_path: Path) -> None:
    """Groups that are large enough for a coalition of four are not for one of five."""
    out = tmp_path / "out"
    write_reports(analyze(load_survey(survey, wishes()), Policy(coalition=4)), out, formats=("json",), version="0.1.0")

    assert audit_output(out, survey, wishes(), rules=Rules.of({"coalition": 4, "cover": 0.02})).is_proof
    assert not audit_output(out, survey, wishes(), rules=Rules(coalition=5)).is_proof


def test_order_is_that_of_names() -> None:
    """“Team 2” before “Team 10”; accents and capitals do not matter; every level and every parent by itself."""
    names = ["Ahorn", "ärzte", "Bau", "Team 2", "Team 10"]
    rows = [Unit((name,), "Team") for name in names]

    assert not list(disordered(rows, {}))
    assert list(disordered(reversed(rows[:2]), {})) == [(rows[1], rows[0])]


def test_words_of_attacks_and_figures() -> None:
    """One person is a person; many lines are cut, and the cut is said."""
    attack = Attack(("the organisation",), ("Team A",), 1, unanimous=True, about=("q1", "q2", "q3"))
    verdict = Verdict((attack,) * 50, (), (), ("a.json",), 3, 3, 5, 9, ("0" * 64,), (), "", "")

    assert str(attack) == ("The organisation − Team A = 1 person, who all gave the same answer (“q1”, “q2” and 1 more)")
    assert "… and 10 more of this kind (--json lists all)" in to_lines(verdict)
    assert kind_in_words("share 2") == "the share of point 2"
    with pytest.raises(ValueError, match="NaN"):
        loads('{"n": NaN}')


def test_a_unit_nobody_named_is_a_fault(survey: Path, tmp_path: Path) -> None:
    """A report on other people than those of the survey is refuted."""
    out = write_report(survey, tmp_path / "out", formats=("json",))
    other = write_survey(tmp_path, people(("D", "a"), 12) + people(("D", "c"), 9))

    assert [fault for fault in audited(other, out).faults if "nobody in the survey" in fault.problem]
    assert np.isfinite(audited(other, out).figures)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"schema": "psafety-snapshot/2", "units": [{"n": 1e400}]}'),
        ("a.json", b'{"schema": "psafety-snapshot/2", "items": [{"id": "q1", "n": 1e300, "index": -1e200}]}'),
        ("a.json", b'{"schema": "psafety-snapshot/2", "cuts": [{"path": 3, "attribute": [], "value": {}}]}'),
        ("a.json", b"[" * 100_000),
        ("a.html", b"<table><tr><td></table>" * 50),
        ("a.html", b"\xff\xfe\x00<section id=comments><h3>"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18)),
        ("a.zip", zipped(("a.xlsx", b"PK"), ("b.json", b"\x00"))),
        ("a.pdf", b""),
    ],
)
def test_whatever_lies_in_the_folder_there_is_a_verdict(
    survey: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    """An odd file never stops the audit: it is a fault or leaves the proof open, said in one sentence."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_bytes(content)

    verdict = audited(survey, tmp_path / "out")

    assert verdict.faults or verdict.unproved
    assert verdict.headline.startswith(("NOT SAFE: ", "NOT PROVED: "))
    assert len(verdict.headline) < 400


def test_a_record_of_other_answers_with_the_same_head_counts_makes_nothing_unsafe(tmp_path: Path) -> None:
    """What it lists is of other people's answers: whether both can be subtracted is not known, and that is said."""
    teams = [*people("Team A", 9), *people("Team B", 8), *people("Team C", 7)]
    survey = write_survey(tmp_path, teams, ("Team",))
    record = tmp_path / "psafety-record.json"
    with recorded_findings(load_survey(survey, wishes()), Policy(), record, version="1") as (_findings, kept):
        write_files(kept)
    other = [(names, (6 - answers[0],)) for names, answers in teams]
    survey = write_survey(tmp_path, [*other[1:], (other[0][0], (2,))], ("Team",))
    out = write_report(survey, tmp_path / "out")

    verdict = audited(survey, out, record=record)

    assert (verdict.attacks, verdict.faults) == ((), ())
    assert len(verdict.unproved) == 1
    assert "a report of this wave on other answers" in verdict.unproved[0]
    assert "add the options that the report was made with" in verdict.unproved[0]


def test_a_survey_read_otherwise_than_for_the_report_is_one_line(tmp_path: Path) -> None:
    """No list of hundreds of figures: the options are missing."""
    survey = write_survey(tmp_path, [*people(("D", "Team A"), 9), *people(("D", "Team B"), 8)])
    out = write_report(survey, tmp_path / "out")
    text = survey.read_text("utf-8").replace("Team A", "Gruppe A").replace("Team B", "Gruppe B").replace("D,", "E,")
    survey.write_text(text.replace(",1\n", ",5\n").replace(",2\n", ",4\n"), "utf-8")

    verdict = audited(survey, out)

    assert (verdict.attacks, verdict.faults) == ((), ())
    assert len(verdict.unproved) == 1
    assert "add the options that the report was made with" in verdict.unproved[0]


@pytest.mark.parametrize("levels", [("Department", "Team"), ("Team",)])
def test_answers_are_known_by_the_digest_of_the_record(tmp_path: Path, levels: tuple[str, ...]) -> None:
    """Made from the raw file, as the documentation of the record describes it: both versions."""
    path = ("D", "Team A")[-len(levels) :]
    survey = write_survey(tmp_path, [*team(path, (1, 2, 0), (3, 4, 5), (5, 5, 5)), *team(path[:1], (2, 0, 0))], levels)
    responses = load_survey(survey, wishes(3))

    assert digests(responses) == set(tally(responses).digests)
