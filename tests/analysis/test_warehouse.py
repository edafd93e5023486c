"""What a database counts by our query is what psafety counts from the rows."""

import csv
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from psafety.analysis.counted import read_counted, with_named_wave
from psafety.analysis.tally import Tally, tally
from psafety.analysis.warehouse import Dialect, tally_query
from psafety.surveys.errors import AnswerError, ConfigError, FileError, PsafetyError, TableError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.plan import plan_of
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

duckdb = pytest.importorskip("duckdb")
OURS = load_instrument("open-team-survey")
Change = Callable[[list[dict[str, str]]], object]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey of ten items, the two dimensions of which hold reverse-keyed ones; few, as a query grows with pairs."""
    path = tmp_path_factory.mktemp("survey") / "sample.csv"
    design = SampleDesign(people=200, style="labels", dimensions=("trust", "openness"), seed=6)
    write_sample(sample_survey(design, OURS), path)
    return path


@pytest.fixture(scope="module")
def counts(sample: Path) -> Path:
    """The counts that DuckDB makes of it, as CSV."""
    path = sample.with_name("counts.csv")
    in_duckdb(sample, path)
    return path


def in_duckdb(survey: Path, to: Path, wishes: Wishes | None = None, *, of: Path | None = None) -> None:
    """Load a survey into DuckDB, run the query made from it (or from another file), and save the result."""
    with duckdb.connect() as connection:
        connection.sql("SET threads = 1")
        connection.read_csv(str(survey), all_varchar=True, header=True).create("survey")
        result = connection.sql(tally_query(plan_of([of or survey], wishes)))
        (result.to_parquet if to.suffix == ".parquet" else result.to_csv)(str(to))


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a file, its header first."""
    return [*csv.reader(path.read_text(encoding="utf-8").splitlines())]


def assert_same(one: Tally, other: Tally) -> None:
    """Whether two tallies are the same, and so have the same digest."""
    assert one == other
    assert one.digest == other.digest


class TestInDuckDB:
    """DuckDB counts as psafety does, to the digest."""

    @pytest.mark.parametrize("suffix", [".csv", ".parquet"])
    def test_the_counts_are_the_tally(self, tmp_path: Path, suffix: str) -> None:
        """Two waves, blanks, reverse-keyed items and people without a team included."""
        survey, path = tmp_path / "survey.csv", tmp_path / f"counts{suffix}"
        design = SampleDesign(
            people=400,
            waves=("2026-Q1", "2026-Q2"),
            style="labels",
            missing=0.1,
            not_applicable=0.05,
            seed=4,
            dimensions=("trust", "openness"),
        )
        write_sample(sample_survey(design, OURS), survey)
        in_duckdb(survey, path)

        counted = read_counted(path, OURS)

        assert_same(counted.tally, tally(load_survey(survey)))
        assert counted.waves == ("2026-Q1", "2026-Q2")

    def test_names_and_texts_are_quoted(self, tmp_path: Path, sample: Path) -> None:
        """No header, team or answer can become part of the query, whatever signs it holds."""
        survey, path = tmp_path / "survey.csv", tmp_path / "counts.csv"
        rows = rows_of(sample)
        rows[0][1] = 'Unit"); DROP TABLE survey; --'
        rows[0][2] = 'Team\'s \\ "name"'
        for row in rows[1:]:
            row[2] = f"{row[2]}'; SELECT 1; --"
        with survey.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        wishes = Wishes(team=rows[0][2], units=(rows[0][1],))
        in_duckdb(survey, path, wishes)

        counted = read_counted(path, OURS)

        assert_same(counted.tally, tally(load_survey(survey, wishes)))

    def test_names_are_folded_as_in_a_file(self, tmp_path: Path, sample: Path) -> None:
        """White space in names and cells that name nothing make no other team: the counts are added up."""
        survey, path = tmp_path / "survey.csv", tmp_path / "counts.csv"
        rows = rows_of(sample)
        for k, row in enumerate(rows[1:]):
            row[2] = ["n/a", f"  {row[2]}  ", row[2].replace(" ", "  "), row[2]][k % 4]
        with survey.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        in_duckdb(survey, path)

        assert_same(read_counted(path, OURS).tally, tally(load_survey(survey)))

    def test_numbers_the_file_did_not_hold_are_understood(self, tmp_path: Path) -> None:
        """A query made from a small file reads all points of the scale, also as databases write fractions."""
        survey, small, path = tmp_path / "survey.csv", tmp_path / "small.csv", tmp_path / "counts.csv"
        write_sample(
            sample_survey(SampleDesign(people=300, style="plain", seed=2, dimensions=("trust", "openness")), OURS),
            survey,
        )
        lines = survey.read_text().splitlines()
        small.write_text("\n".join(lines[:12]) + "\n")
        fractions = [
            lines[0],
            *(",".join(f"{c}.0" if c.isdecimal() else c for c in line.split(",")) for line in lines[1:]),
        ]
        whole = tmp_path / "fractions.csv"
        whole.write_text("\n".join(fractions) + "\n")
        wishes = Wishes(instrument=OURS)
        in_duckdb(whole, path, wishes, of=small)

        assert_same(read_counted(path, OURS).tally, tally(load_survey(survey, wishes)))

    def test_answers_that_nobody_knows_are_refused(self, tmp_path: Path, sample: Path) -> None:
        """A text that is on no scale is counted as such, and stops the report."""
        survey, path = tmp_path / "survey.csv", tmp_path / "counts.csv"
        rows = rows_of(sample)
        rows[5][4] = "Whatever"
        with survey.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        in_duckdb(survey, path, of=sample)

        with pytest.raises(AnswerError, match=r"1 answers to .* not on their scale"):
            read_counted(path, OURS)

    def test_quality_is_what_counts_can_tell(self, counts: Path, sample: Path) -> None:
        """Blanks and people without a team as in the rows; nothing about single rows."""
        ours, rows = read_counted(counts, OURS).quality_of("2026-Q1"), load_survey(sample).quality

        assert (ours.cells, ours.blanks, ours.not_applicable, ours.unplaced, ours.often_blank) == (
            rows.cells,
            rows.blanks,
            rows.not_applicable,
            rows.unplaced,
            rows.often_blank,
        )
        assert ours.flagged == {}


class TestInPostgres:
    """A real PostgreSQL gives the same counts; where there is none, this is skipped."""

    @pytest.fixture
    def server(self) -> Iterator[list[str]]:
        """A server of its own, without a network; gives what psql needs to reach it."""
        needed = [shutil.which(name) for name in ("initdb", "pg_ctl", "psql")]
        if not all(needed):
            pytest.skip("needs initdb, pg_ctl and psql of PostgreSQL on the path")
        user = "nobody" if os.name == "posix" and os.geteuid() == 0 else None  # it refuses to run as root
        home = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
        try:
            if user:
                shutil.chown(home, user)
            env, data = {**os.environ, "LC_ALL": "C", "HOME": str(home)}, str(home / "data")

            def run(*command: str) -> None:
                quiet = subprocess.DEVNULL
                subprocess.run(command, user=user, env=env, cwd=home, check=True, stdout=quiet, stderr=quiet)

            run("initdb", "-D", data, "-A", "trust", "-U", "survey", "-E", "UTF8")
            socket = f"-k {home} -c listen_addresses=''"
            run("pg_ctl", "-D", data, "-o", socket, "-l", str(home / "log"), "-w", "start")
            try:
                yield ["psql", "-X", "-q", "-h", str(home), "-U", "survey", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
            finally:
                run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def test_the_counts_are_the_tally(self, server: list[str], tmp_path: Path, sample: Path) -> None:
        """As DuckDB's, with the dialect of PostgreSQL, from a table in a schema of its own."""
        header = rows_of(sample)[0]
        columns = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" text' for name in header)
        query = tally_query(plan_of([sample]), table="hr.survey", dialect="postgres")
        script = tmp_path / "script.sql"
        script.write_text(
            f"SET client_min_messages = error;\nCREATE SCHEMA hr;\nCREATE TABLE hr.survey ({columns});\n"
            f"\\copy hr.survey FROM '{sample}' CSV HEADER\nCREATE TABLE counts AS {query.split(chr(10), 1)[1]}\n"
            f"\\copy counts TO '{tmp_path / 'counts.csv'}' CSV HEADER\n",
            encoding="utf-8",
        )
        subprocess.run([*server, "-f", str(script)], check=True, env={**os.environ, "PGCLIENTENCODING": "UTF8"})

        counted = read_counted(tmp_path / "counts.csv", OURS)

        assert_same(counted.tally, tally(load_survey(sample)))


def first(rows: list[dict[str, str]], measure: str) -> dict[str, str]:
    """The first row of a kind that counts anybody."""
    return next(row for row in rows if row["measure"] == measure and int(row["n"]) > 0)


def add(measure: str, number: int) -> Change:
    """Change the number of one row."""
    return lambda rows: first(rows, measure).update(n=str(int(first(rows, measure)["n"]) + number))


def setting(kind: str, /, **values: str) -> Change:
    """Change a cell of one row."""
    return lambda rows: first(rows, kind).update(values)


def without(measure: str) -> Change:
    """Leave a row out."""
    return lambda rows: rows.remove(first(rows, measure))


def without_all(measure: str) -> Change:
    """Leave all rows of a kind out."""

    def change(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if row["measure"] != measure]

    return change


class TestHostileCounts:
    """Counts that cannot be those of any answers are refused with one message."""

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (setting("people", n="-3"), "below nought"),
            (setting("people", n="1.5"), "whole number"),
            (setting("people", n=""), "not a number"),
            (setting("people", n="many"), "not a number"),
            (add("people", 1), "not as many as the people"),
            (add("answers", 1), "not as many as the people"),
            (without("answers"), "not as many as the people"),
            (add("scores n", 1), "not those of its items"),
            (add("scores total", 1), "not those of its items"),
            (add("scores squares", 10**9), "larger or smaller"),
            (setting("scores squares", n="0"), "larger or smaller"),
            (add("pairs n", 1), "over pairs"),
            (add("pairs products", 1), "over pairs"),
            (add("gaps", 10**6), "over pairs"),
            (setting("answers", point="9"), "no point of a scale"),
            (setting("answers", unit_1="Nowhere"), "of nobody"),
            (setting("pairs n", other="no-such-item"), "of no item"),
            (setting("gaps", measure="secrets"), "of a kind that psafety does not know"),
            (without_all("people"), "counts nobody"),
            (without_all("psafety-tally/1"), "no row of the kind"),
            (without_all("item"), "names of its items"),
            (lambda rows: rows.remove(next(row for row in rows if row["measure"] == "level")), "levels and cuts"),
            (lambda rows: [row.pop("other") for row in rows], "it has no columns"),
            (lambda rows: [row.update(unit_7="x") for row in rows], "not those of 2 levels"),
        ],
    )
    def test_they_are_refused(self, counts: Path, tmp_path: Path, change: Change, why: str) -> None:
        """Whatever was changed, the message says so, and nothing is used."""
        path = tmp_path / "changed.csv"
        with counts.open(encoding="utf-8") as file:
            rows = [*csv.DictReader(file)]
        change(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

        with pytest.raises(PsafetyError, match=why) as caught:
            read_counted(path, OURS)

        assert isinstance(caught.value, TableError)

    def test_another_questionnaire_is_refused(self, counts: Path) -> None:
        """Items must be those of the instrument, keyed as they were counted."""
        with pytest.raises(ConfigError, match="not of the questionnaire"):
            read_counted(counts, load_instrument("edmondson-7"))

    def test_what_is_no_file_of_counts_is_refused(self, tmp_path: Path, sample: Path) -> None:
        """No such file, another file, a broken one."""
        broken, other = tmp_path / "broken.parquet", tmp_path / "other.parquet"
        broken.write_bytes(b"PAR1")
        pq.write_table(pa.table({"a": [1]}), other)

        for path, kind in (
            (tmp_path / "none.csv", FileError),
            (broken, FileError),
            (other, TableError),
            (sample, TableError),
        ):
            with pytest.raises(kind):
                read_counted(path, OURS)


class TestPlans:
    """What can be counted by a query, and what cannot."""

    @pytest.mark.parametrize("wishes", [Wishes(remove=("duplicates",)), Wishes(comments=("Anything",))])
    def test_rows_cannot_be_looked_at(self, wishes: Wishes, sample: Path) -> None:
        """What needs single rows is refused."""
        with pytest.raises(ConfigError, match="only counted"):
            plan_of([sample], wishes)

    def test_a_header_must_name_one_column(self, tmp_path: Path, sample: Path) -> None:
        """A query names columns by their headers."""
        path = tmp_path / "twice.csv"
        rows = rows_of(sample)
        for k, row in enumerate(rows):
            row.append("Team" if not k else "x")
        rows[0][1] = "Department"
        rows[0][2] = "Crew"
        rows[0].append("Crew")
        for row in rows[1:]:
            row.append("y")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

        with pytest.raises(PsafetyError):
            plan_of([path], Wishes(team="Crew"))

    @pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
    def test_the_query_warns_whoever_runs_it(self, dialect: Dialect, sample: Path) -> None:
        """Its result holds counts of small teams, and its first line says so."""
        assert "as confidential as the answers" in tally_query(plan_of([sample]), dialect=dialect).splitlines()[0]

    def test_a_wave_can_be_named(self, tmp_path: Path, counts: Path, sample: Path) -> None:
        """Only where the database does not say it."""
        survey, path = tmp_path / "survey.csv", tmp_path / "counts.csv"
        table = pacsv.read_csv(sample)
        pacsv.write_csv(table.select(table.column_names[1:]), survey)
        in_duckdb(survey, path)

        named = with_named_wave(read_counted(path, OURS), "2026-Q1")

        assert_same(named.tally, tally(load_survey(sample)))
        with pytest.raises(ConfigError, match="say themselves"):
            with_named_wave(read_counted(counts, OURS), "other")
