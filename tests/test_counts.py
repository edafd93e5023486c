"""Reports of counts: made in a database, or on a cluster."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from psafety.analysis.counted import read_counted
from psafety.analysis.findings import analyze
from psafety.bars import Watch
from psafety.cli import main
from psafety.config import Config
from psafety.reports.compose import Look, compose
from psafety.reports.html import to_html
from psafety.reports.snapshot import to_json
from psafety.runs.counts import NOT_AUDITED, counts_of, counts_on, stem_of, url_of
from psafety.surveys.errors import ConfigError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

OURS = load_instrument("open-team-survey")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey of a few items, as the query grows with pairs of them."""
    path = tmp_path_factory.mktemp("survey") / "survey.csv"
    design = SampleDesign(people=200, style="labels", dimensions=("trust", "openness"), seed=6)
    write_sample(sample_survey(design, OURS), path)
    return path


@pytest.fixture(scope="module")
def counts(survey: Path) -> Path:
    """Its counts, by way of the command that prints the query."""
    duckdb = pytest.importorskip("duckdb")
    path = survey.with_name("counts.parquet")
    query = CliRunner().invoke(main, ["tally", str(survey), "--sql", "--table", "answers"])
    assert query.exit_code == 0
    with duckdb.connect() as connection:
        connection.sql("SET threads = 1")
        connection.read_csv(str(survey), all_varchar=True, header=True).create("answers")
        connection.sql(query.stdout).to_parquet(str(path))
    return path


def run(*arguments: object) -> tuple[int, str]:
    """The exit status of a command, and all it said."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    return result.exit_code, result.output


class TestReportsOfCounts:
    """`psafety report --tally`."""

    def test_reports_are_written_and_said_not_to_be_audited(self, counts: Path, tmp_path: Path) -> None:
        """The page, the workbook, and the pages of the teams."""
        record = tmp_path / "record.json"

        status, said = run(
            *("report", "--tally", counts, "--instrument", "open-team-survey", "-o", tmp_path, "--record", record),
            "--team-reports",
        )

        assert status == 0
        assert NOT_AUDITED in said
        assert {"counts-report.html", "counts-report.xlsx", "counts-teams"} <= {
            path.name for path in tmp_path.iterdir()
        }
        assert "Not audited" in (tmp_path / "counts-report.html").read_text(encoding="utf-8")

    def test_figures_are_those_of_the_rows(self, counts: Path, survey: Path) -> None:
        """What may be published, and every figure of it, is decided by the counts alone."""
        rows = analyze(load_survey(survey), key="ab" * 16)
        ours = analyze(read_counted(counts, OURS), key="ab" * 16)

        same = replace(ours, source=rows.source, quality=rows.quality)  # what only rows can tell
        assert to_json(compose(same, Look(), version="1")) == to_json(compose(rows, Look(), version="1"))
        assert to_html(compose(same, Look(), version="1")) == to_html(compose(rows, Look(), version="1"))

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ((), "which questionnaire"),
            (("--instrument", "edmondson-7"), "not of the questionnaire"),
            (("--instrument", "open-team-survey", "--cut", "Gender"), "--cut needs the rows"),
            (("--instrument", "open-team-survey", "--remove", "duplicates"), "--remove needs the rows"),
            (("--instrument", "open-team-survey", "--comments", "x"), "--comments needs the rows"),
            (("--instrument", "open-team-survey", "--earlier", "x.csv"), "--earlier needs the rows"),
            (("--instrument", "open-team-survey", "--wave-name", "Spring"), "say themselves which wave"),
            (("--instrument", "open-team-survey", "-o", "-", "--format", "json"), "write to a folder"),
        ],
    )
    def test_what_counts_cannot_give_is_refused(
        self, counts: Path, tmp_path: Path, options: tuple[object, ...], why: str
    ) -> None:
        """With the option that is in the way."""
        status, said = run("report", "--tally", counts, "-o", tmp_path, "--record", tmp_path / "record.json", *options)

        assert status
        assert why in said


class TestNames:
    """What a URL and a report are called."""

    @pytest.mark.parametrize(
        ("path", "url"),
        [
            ("s3://bucket/a/*.parquet", "s3://bucket/a/*.parquet"),
            ("/data/part-*.csv", "/data/part-*.csv"),
            ("c/x.csv", "c/x.csv"),
        ],
    )
    def test_a_url_gets_back_its_slash(self, path: str, url: str) -> None:
        """A path drops one of two."""
        assert url_of(Path(path)) == url

    @pytest.mark.parametrize(
        ("path", "stem"), [("s3://b/part-*.csv", "part"), ("s3://b/*.parquet", "survey"), ("q1.csv", "q1")]
    )
    def test_a_report_is_called_like_its_files(self, path: str, stem: str) -> None:
        """Without what stands for other signs."""
        assert stem_of(Path(path)) == stem


def test_a_cluster_refuses_what_needs_rows() -> None:
    """Before anything is begun."""
    with pytest.raises(ConfigError, match="--remove needs the rows"):
        counts_on("tcp://nowhere:1", [Path("x.csv")], Config(remove=("duplicates",)), Watch())


def test_the_share_that_must_be_answered_can_be_set(counts: Path) -> None:
    """As for rows, in the settings."""
    counted = counts_of(counts, Config(instrument="open-team-survey", min_answered=1.0))

    assert counted.tally.instrument.min_answered == 1.0
