"""A page that leaves the teams of a very large organisation to the workbook is proved with it, and not without."""

from pathlib import Path

import psafety
import pytest
from psafety.analysis.findings import analyze
from psafety.audit import vocabulary
from psafety.audit.proof import audit_output
from psafety.audit.verdict import to_lines
from psafety.reports import html
from psafety.reports.files import write_reports
from psafety.surveys.responses import load_survey

SURVEY = Path(psafety.__file__).parent / "surveys" / "samples" / "sample-2026-q2.csv"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The report on the sample, whose page holds as few rows as that of a very large organisation."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(html, "MOST_UNITS", 10)
        write_reports(analyze(load_survey(SURVEY)), folder, formats=("html", "json"), version="0.1.0")
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit takes the sample for a very large organisation."""
    monkeypatch.setattr(vocabulary, "_MANY_UNITS", 5)


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for suffix, data in files.items():
        (folder / f"sample-2026-q2-report{suffix}").write_bytes(data)
    return folder


def test_beside_the_other_files_it_is_proved(written: dict[str, bytes], tmp_path: Path) -> None:
    """They list the teams that it counts and names; it lists none itself."""
    verdict = audit_output(put(tmp_path, written), SURVEY)

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert b"<small>Team</small></th><td>" not in written[".html"].split(b'id="units"')[1].split(b"</section>")[0]


def test_alone_it_is_no_proof(written: dict[str, bytes], tmp_path: Path) -> None:
    """Nobody can tell whether as many teams are shown as it says."""
    verdict = audit_output(put(tmp_path, {".html": written[".html"]}), SURVEY)

    assert not verdict.faults, "\n".join(to_lines(verdict))
    assert not verdict.is_proof
    assert any("it counts teams that no file lists" in reason for reason in verdict.unproved)


def test_a_wrong_number_of_teams_is_found(written: dict[str, bytes], tmp_path: Path) -> None:
    """Held against the file that lists them."""
    said = b" units and teams are shown"
    before, _, after = written[".html"].partition(said)
    head, _, _ = before.rpartition(b">")
    verdict = audit_output(put(tmp_path, {**written, ".html": head + b">91" + said + after}), SURVEY)

    assert said in written[".html"]
    assert any("91" in fault.problem for fault in verdict.faults)


def test_a_page_of_a_small_organisation_may_not_leave_its_teams_out(
    written: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the numbers must be those of its own rows."""
    monkeypatch.setattr(vocabulary, "_MANY_UNITS", 2_500)

    assert audit_output(put(tmp_path, {".html": written[".html"]}), SURVEY).faults
