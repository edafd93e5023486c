"""Names that break programs do not break the audit: it neither stops nor takes a name for a figure."""

import base64
import json

import pandas as pd
from psafety import Look, analyze, load_survey
from psafety.audit.proof import audit_responses
from psafety.audit.verdict import to_lines
from psafety.reports.files import write_reports

ANSWERS = [(1, 2, 3), (5, 4, 3), (2, 2, 2), (4, 5, 4), (3, 4, 5), (3, 1, 2)]  # six people, no two alike


def test_a_report_on_teams_with_hostile_names_is_proved(shared, tmp_path):
    """Some hundred strings as names of teams: every format is read back to the very same rows, and all is proved."""
    naughty = json.loads(shared("naughty_strings/blns.base64.json").read_text())
    strings = [base64.b64decode(text).decode("utf-8", "replace") for text in naughty]
    strings += shared("xss_strings/XSSDetection.txt").read_text("utf-8").splitlines()
    strings += ["../../x", "=1+1", "+1", "-1", "3.42", "3 of 12", "Everybody else in x, together", "a" * 400]
    teams = [text for text in dict.fromkeys(strings) if text.strip()]
    rows = [(team, *answers) for team in teams for answers in ANSWERS]
    survey = tmp_path / "hostile.csv"
    pd.DataFrame(rows, columns=["Team", "trust1", "trust2", "trust4"], dtype=str).to_csv(survey, index=False)
    read = load_survey(survey)
    formats = ("html", "xlsx", "json")
    write_reports(analyze(read), tmp_path / "out", formats=formats, look=Look(title="<b>&amp;"), version="0.1.0")

    verdict = audit_responses(tmp_path / "out", read, [survey])

    assert verdict.is_proof, "\n".join(to_lines(verdict))
    assert verdict.rows > 400
