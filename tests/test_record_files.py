"""The record as a run meets it: where it lies, what a run refuses, two runs at once, runs that die.

The attacks A16, A17, A18 and A20 are those of the threat model: each report by itself passes any threshold, and both
together tell what a few people answered.
"""

import csv
import itertools
import json
import os
import subprocess
import sys
import textwrap
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import psafety
import pytest
from click.testing import CliRunner
from psafety import records
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.disclosure.record import Record
from psafety.analysis.disclosure.record_text import to_text
from psafety.cli import Exit, main
from psafety.records import locked, read_record, recorded_findings
from psafety.reports.files import write_files
from psafety.surveys.errors import RecordError
from psafety.surveys.responses import load_survey

RECORD = "psafety-record.json"
SAMPLES = Path(psafety.__file__).parent / "surveys" / "samples"
ITEMS = ("trust1", "trust2", "trust3")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `psafety report … --format json -q` in an empty folder, with known keys; gives click's result."""
    monkeypatch.chdir(tmp_path)
    keys = itertools.count(1)
    monkeypatch.setattr("secrets.token_hex", lambda size: f"{next(keys):0{2 * size}x}")
    return lambda *arguments: CliRunner().invoke(
        main, ["report", *map(str, arguments), "--format", "json", "-q"], catch_exceptions=False
    )


def rows(team, *answers):
    """People of a team, by what they answered to the first question; nobody answers all three as in another team."""
    other = ord(team[0])
    return [(team, answer, 1 + place * 2 % 5, 1 + (place * 3 + other) % 5) for place, answer in enumerate(answers)]


def export(name, *parts, column="Team"):
    """Write a survey export of these people."""
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([(column, *ITEMS), *(row for part in parts for row in part)])
    return name


def naive(name, least=5):
    """What a report with nothing but a threshold shows of the first question: n and sum of everybody and of teams."""
    found = defaultdict(list)
    with Path(name).open(encoding="utf-8") as file:
        for row in csv.reader(file):
            if row[1].isdigit():
                for unit in ("", row[0]):
                    found[unit].append(int(row[1]))
    return {unit: (len(answers), sum(answers)) for unit, answers in found.items() if len(answers) >= least}


def minus(one, other):
    """The difference of two rows: how many people, and the sum of their answers."""
    return one[0] - other[0], one[1] - other[1]


def written():
    """The files of the folder and what is in them."""
    return {path.name: path.read_bytes() for path in sorted(Path.cwd().iterdir())}


def refused(result, before, *said):
    """Whether a run ended with one message that says all of this, and wrote nothing."""
    return (
        result.exit_code == Exit.PROBLEM
        and result.stderr.startswith("Error: ")
        and all(word in result.stderr for word in said)
        and result.stdout == ""
        and written() == before
    )


TWELVE = rows("A", 3, 4, 2, 5, 3, 4, 1, 5, 4, 3, 4, 4)


# The attacks ------------------------------------------------------------------------------------------------------


def test_a16_late_answers_are_refused(run):
    """Monday's report and Wednesday's, one answer later, tell what the late one answered; so Wednesday's is refused."""
    monday = export("monday.csv", TWELVE)
    wednesday = export("wednesday.csv", TWELVE, [("A", 3, 1, 5)])
    assert minus(naive(wednesday)[""], naive(monday)[""]) == (1, 3)
    assert run(monday).exit_code == Exit.DONE
    before = written()

    alone, beside = run(wednesday), run(wednesday, "--earlier", monday)

    assert refused(alone, before, "Answers were added", "monday.csv", "--replaces", "--earlier")
    assert refused(beside, before, "in this report −", "in the earlier report = 1 person")


def test_a17_a_year_to_date_is_refused(run):
    """The year is Q1 and three more people: Q2, withheld by itself, is the difference; so the year is refused."""
    q1, q2 = TWELVE[:6], rows("A", 2, 3, 2)
    first, year = export("q1.csv", q1), export("year.csv", q1, q2)
    assert minus(naive(year)[""], naive(first)[""]) == (3, 7)
    assert run(first, "--wave-name", "2026-Q1").exit_code == Exit.DONE
    before = written()

    unnamed, named = run(year), run(year, "--wave-name", "2026")
    beside = run(year, "--wave-name", "2026", "--earlier", first)

    assert refused(unnamed, before, "does not say which wave", "--wave-name")
    assert refused(named, before, "covers some of the same months as the wave “2026-Q1”")
    assert refused(beside, before, "= 3 people")


def test_a17_rows_of_several_quarters_are_not_pooled(run):
    """Where the file says which quarter an answer is of, no row of all quarters is made at all."""
    header = ("Quarter", "Team", *ITEMS)
    parts = [("2026-Q1", *row) for row in TWELVE[:6]] + [("2026-Q2", *row) for row in rows("A", 2, 3, 2, 1, 5)]
    with Path("year.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *parts])

    assert run("year.csv").exit_code == Exit.DONE

    snapshot = json.loads(Path("year-report.json").read_text(encoding="utf-8"))
    assert (snapshot["wave"], snapshot["units"][0]["n"]) == ("2026-Q2", 5)


def test_a18_a_new_sorting_of_the_same_answers_is_refused(run):
    """Team A′ is team A and two more people: both reports together show what the two answered; so it is refused."""
    rest = rows("B", 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 3)
    eight = TWELVE[:8]
    old = export("old.csv", eight, rest)
    moved = [("A′", *row[1:]) for row in eight + rest[:2]]
    new = export("new.csv", moved, rest[2:])
    assert minus(naive(new)["A′"], naive(old)["A"]) == (2, 3)
    assert run(old).exit_code == Exit.DONE
    before = written()

    alone, beside = run(new), run(new, "--earlier", old)

    assert refused(alone, before, "sorted into other units", "--replaces")
    assert refused(beside, before, "“B” in the earlier report − “B” in this report = 2 people")


def test_a18_another_team_column_is_refused(run):
    """The same file read with another column as the team is another sorting of the same answers."""
    header = ("Team", "Site", *ITEMS)
    staff = TWELVE + rows("B", 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 3, 5)
    people = [(team, "North" if place < 14 else "South", *row) for place, (team, *row) in enumerate(staff)]
    with Path("s.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *people])
    assert run("s.csv").exit_code == Exit.DONE
    before = written()

    assert refused(run("s.csv", "--team", "Site"), before, "sorted into other units")
    assert refused(
        run("s.csv", "--team", "Site", "--earlier", "s.csv"),
        before,
        "“North” in this report − “A” in the earlier report = 2 people",
    )


def two_departments(name, second):
    """A survey of the department D, of team A with eight people and team B with these, and of the department E."""
    people = [("D", *row) for row in rows("A", 1, 2, 3, 4, 5, 1, 2, 3) + rows("B", *second)]
    people += [("E", *row) for row in rows("C", 3, 4, 2, 5, 3, 4, 1, 5, 4, 3, 4, 4)]
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Department", "Team", *ITEMS), *people])
    return name, [row[1:] for row in people if row[0] == "D"]


def test_a20_another_limit_is_refused(run):
    """With ten the department, with five its team of eight: two people remain between both; so five is refused."""
    survey, department = two_departments("s.csv", (2, 5))
    department, team = naive(export("d.csv", department), 10), naive("d.csv", 5)
    assert minus(department[""], team["A"]) == (2, 7)
    assert run(survey, "--min-group", 10).exit_code == Exit.DONE
    before = written()

    assert refused(run(survey), before, "min_group was 10, now 5", "--replaces")


def test_a20_another_limit_is_let_in_only_beside_what_it_does_not_add_to(run):
    """Checked with the earlier report, five is let in where no group below ten is set apart, and else refused."""
    same, _ = two_departments("same.csv", (2, 5))  # our five hides the team of eight, as two would remain
    more, _ = two_departments("more.csv", (2, 5, 1, 3, 4, 2, 2, 1))  # two teams of eight, which ten promised to hide
    for survey in (same, more):
        assert run(survey, "--min-group", 10, "--record", f"{survey}.json").exit_code == Exit.DONE
    before = written()

    eight = run(more, "--earlier", more, "--record", f"{more}.json")

    assert refused(eight, before, "fewer than 10 people", "“D / A” in this report = 8 people")
    assert run(same, "--earlier", same, "--record", f"{same}.json").exit_code == Exit.DONE


# The ways on ------------------------------------------------------------------------------------------------------


def test_the_same_answers_may_be_published_again(run):
    """Another order of rows, another file and another look are the same data; the record keeps every byte."""
    export("a.csv", TWELVE)
    export("b.csv", TWELVE[::-1])
    run("a.csv")
    before = Path(RECORD).read_bytes()

    again = run("b.csv", "--title", "Another title", "--date", "1 March")

    assert again.exit_code == Exit.DONE, again.stderr
    assert Path(RECORD).read_bytes() == before


def test_a_recorded_wave_is_looked_at_once(run, monkeypatch):
    """Its key is known before anything is counted: the second report costs no more than the first."""
    export("a.csv", TWELVE)
    looks = []
    kept = records.analyze
    monkeypatch.setattr(records, "analyze", lambda *given, **kinds: looks.append(kinds["key"]) or kept(*given, **kinds))

    results = [run("a.csv", "--wave-name", "2026-Q3") for _ in range(2)]

    assert [result.exit_code for result in results] == [Exit.DONE, Exit.DONE], results[0].stderr
    assert len(looks) == 2
    assert looks[0] == looks[1]


def test_what_was_never_shared_is_replaced(run):
    """With --replaces the report on the changed answers is made, and takes the place of the earlier one."""
    run(export("a.csv", TWELVE))
    key = read_record(Path(RECORD)).waves[""].key

    result = run(export("b.csv", TWELVE, TWELVE[:1]), "--replaces")

    assert result.exit_code == Exit.DONE, result.stderr
    assert "NOT PROVED" not in result.output
    (wave,) = read_record(Path(RECORD)).waves.values()
    assert (wave.key, [(one.file, one.units[0].n) for one in wave.publications]) == (key, [("b.csv", 13)])


def test_late_answers_that_are_a_group_of_their_own_are_let_in(run):
    """With --earlier, thirty late answers of one team are published beside the earlier report; both are recorded."""
    late = rows("A", *(1 + place % 5 for place in range(30)))
    run(export("a.csv", TWELVE + TWELVE + TWELVE))

    result = run(export("b.csv", TWELVE + TWELVE + TWELVE, late), "--earlier", "a.csv")

    assert result.exit_code == Exit.DONE, result.stderr
    assert [one.units[0].n for one in read_record(Path(RECORD)).waves[""].publications] == [36, 66]


def test_the_next_quarter_is_named_on_the_command_line(run):
    """Without a wave column, each quarter gets its name with --wave-name, and a key of its own; the report bears it."""
    run(export("q3.csv", TWELVE), "--wave-name", "2026-Q3")
    result = run(export("q4.csv", TWELVE, TWELVE[:3]), "--wave-name", "2026-Q4")

    assert result.exit_code == Exit.DONE, result.stderr
    assert json.loads(Path("q4-report.json").read_text(encoding="utf-8"))["wave"] == "2026-Q4"
    waves = read_record(Path(RECORD)).waves
    assert set(waves) == {"2026-Q3", "2026-Q4"}
    assert len({wave.key for wave in waves.values()}) == 2


def test_a_first_report_without_a_name_can_be_named_later(run):
    """The first quarter was reported on without a name: the same export with a name gives it one, cover and all."""
    run(export("q3.csv", TWELVE, rows("B", 1, 2, 3, 4, 5, 1, 2)))
    first = json.loads(Path("q3-report.json").read_text(encoding="utf-8"))
    key = read_record(Path(RECORD)).waves[""].key

    result = run("q3.csv", "--wave-name", "2026-Q3")

    assert result.exit_code == Exit.DONE, result.stderr
    assert {name: wave.key for name, wave in read_record(Path(RECORD)).waves.items()} == {"2026-Q3": key}
    assert json.loads(Path("q3-report.json").read_text(encoding="utf-8"))["units"] == first["units"]


def test_a_file_that_names_its_wave_is_not_renamed(run):
    """--wave-name is for files that do not say which wave they are of."""
    result = run(SAMPLES / "sample-2026-q2.csv", "--wave-name", "2026-Q3", "--record", RECORD)

    assert result.exit_code == Exit.PROBLEM
    assert "--wave-name" in result.stderr


def test_another_file_is_not_the_earlier_export(run):
    """What the record does not know is not taken for the export of the earlier report."""
    run(export("a.csv", TWELVE))
    before = {**written(), "c.csv": b"", "b.csv": b""}
    export("c.csv", TWELVE[1:])

    result = run(export("b.csv", TWELVE, TWELVE[:1]), "--earlier", "c.csv")

    assert result.exit_code == Exit.PROBLEM
    assert "does not hold the answers of any report" in result.stderr
    assert set(written()) == set(before)


# Where it lies ----------------------------------------------------------------------------------------------------


def test_the_record_lies_beside_the_survey(run):
    """Without any setting the record lies beside the survey, wherever the reports go, also for standard output."""
    Path("data").mkdir()
    export("data/s.csv", TWELVE)

    result = run("data/s.csv", "-o", "-")

    assert json.loads(result.stdout)["units"][0]["n"] == 12
    assert sorted(path.name for path in Path("data").iterdir()) == [RECORD, "s.csv"]
    assert [path.name for path in Path.cwd().iterdir()] == ["data"]


def test_the_record_lies_beside_the_settings_that_are_named(run):
    """With --config it lies beside those settings; a path in them is relative to them; --record wins over both."""
    for folder in ("data", "settings", "own"):
        Path(folder).mkdir()
    export("data/s.csv", TWELVE)
    Path("settings/a.toml").write_text("", encoding="utf-8")
    Path("settings/b.toml").write_text('[report]\nrecord = "kept/r.json"', encoding="utf-8")

    for options in (("--config", "settings/a.toml"), ("--config", "settings/b.toml")):
        assert run("data/s.csv", *options).exit_code == Exit.DONE
    assert run("data/s.csv", "--config", "settings/b.toml", "--record", "own/r.json").exit_code == Exit.DONE

    found = sorted(path.relative_to(Path.cwd()).as_posix() for path in Path.cwd().rglob("*r*.json"))
    assert [path for path in found if "report" not in path] == [
        "own/r.json",
        "settings/kept/r.json",
        f"settings/{RECORD}",
    ]


def test_without_a_record_the_report_says_so(run):
    """--no-record writes none and checks none; the report then says that nobody checked."""
    export("a.csv", TWELVE)
    run("a.csv")
    before = Path(RECORD).read_bytes()
    export("a.csv", TWELVE[:-1])

    result = CliRunner().invoke(main, ["report", "a.csv", "--format", "html", "-o", "-", "--no-record"])

    assert result.exit_code == Exit.DONE
    assert "Made without a record." in result.stdout
    assert Path(RECORD).read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ("--no-record", "--record", "r.json"),
        ("--no-record", "--replaces"),
        ("--no-record", "--earlier", "a.csv"),
        ("--replaces", "--earlier", "a.csv"),
    ],
)
def test_options_that_contradict_each_other_are_a_usage_error(run, options):
    """What cannot be meant together is refused before anything is read."""
    assert run("a.csv", *options).exit_code == Exit.USAGE


@pytest.mark.parametrize("place", ["folder", "a.csv/r.json"])
def test_a_place_where_no_record_can_lie_is_named(run, place):
    """A folder in the place of the record, or a file in the place of its folder, is one message that names --record."""
    Path("folder").mkdir()
    export("a.csv", TWELVE)
    before = sorted(Path.cwd().iterdir())

    result = run("a.csv", "--record", place)

    assert result.exit_code == Exit.PROBLEM
    assert "--record" in result.stderr
    assert sorted(Path.cwd().iterdir()) == before


def test_a_damaged_record_is_never_overwritten(run):
    """A record that cannot be read stops the run; it stays as it is, and no report is written."""
    export("a.csv", TWELVE)
    for content in (b"{", b"\xff\xfe", b'{"schema": "psafety-record/9"}'):
        Path(RECORD).write_bytes(content)
        before = written()

        assert refused(run("a.csv"), before, "record")
        assert refused(run("a.csv", "--replaces"), before, "record")


def test_a_report_that_cannot_be_written_leaves_the_record_as_it_was(run):
    """Record and reports go together: where one of them cannot be written, none is."""
    export("a.csv", TWELVE)
    Path("out").write_text("a file", encoding="utf-8")
    before = written()

    assert refused(run("a.csv", "-o", "out"), before, "cannot be written")


def test_the_record_is_in_place_before_any_report(run, monkeypatch):
    """A crash between the two leaves a record without a report, never a report without a record."""
    moved = []
    move = Path.replace
    monkeypatch.setattr(Path, "replace", lambda path, target: (moved.append(Path(target).name), move(path, target))[1])

    run(export("a.csv", TWELVE))

    assert moved == [RECORD, "a-report.json"]


# Two runs at once, and runs that die ------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from psafety.records import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def child(code, *arguments):
    """A process that runs some lines of Python; its output can be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def test_a_second_run_waits_and_then_says_so(run, monkeypatch):
    """While another run holds the record, a run waits; after its patience it says so and writes nothing."""
    monkeypatch.setattr(records, "_PATIENCE", 0.2)
    export("a.csv", TWELVE)
    with child(HOLD, RECORD, 60) as other:
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(RecordError, match="Another run"), locked(Path(RECORD), patience=0.2):
            pass
        other.kill()

    assert run("a.csv").exit_code == Exit.DONE


def test_a_second_run_goes_on_when_the_first_is_done(tmp_path):
    """A run that waits for another takes its turn as soon as that is done."""
    with child(HOLD, tmp_path / RECORD, 0.5) as other:
        other.stdout.readline()
        with locked(tmp_path / RECORD, patience=30):
            assert other.wait(10) == 0

    assert list(tmp_path.iterdir()) == []


def test_a_lock_ends_with_its_run(tmp_path):
    """A run that was killed leaves no lock behind that would keep others out."""
    with child(HOLD, tmp_path / RECORD, 60) as other:
        other.stdout.readline()
        other.kill()

    with locked(tmp_path / RECORD, patience=0):
        assert (tmp_path / f".{RECORD}.lock").exists()


COUNT = """
import sys
from pathlib import Path
from psafety.records import locked
path = Path(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with locked(path, patience=60):
        path.write_text(str(int(path.read_text()) + 1))
"""


def test_no_two_runs_hold_it_at_once(tmp_path):
    """Processes that take turns at reading and writing lose nothing."""
    count = tmp_path / "count"
    count.write_text("0", encoding="utf-8")
    children = [child(COUNT, count, 90) for _ in range(2)]

    assert [one.wait(60) for one in children] == [0, 0]
    for one in children:
        one.stdout.close()
    assert count.read_text(encoding="utf-8") == "180"


TWO = """
import sys
from click.testing import CliRunner
from psafety.cli import main
print("ready", flush=True)
sys.stdin.readline()
print(CliRunner().invoke(main, ["report", *sys.argv[1:], "--format", "json", "-q"]).exit_code, flush=True)
"""


def test_two_reports_at_once_both_stand_in_the_record(tmp_path):
    """Two runs on two waves at the same moment: one waits, both are recorded, each with its report."""
    os.chdir(tmp_path)
    for wave, people in (("2026-Q1", TWELVE), ("2026-Q2", TWELVE[:9])):
        export(f"{wave}.csv", people)
    command = [sys.executable, "-c", TWO]
    runs = [
        subprocess.Popen([*command, f"{wave}.csv", "--wave-name", wave], stdin=-1, stdout=-1, text=True, cwd=tmp_path)
        for wave in ("2026-Q1", "2026-Q2")
    ]
    for one in runs:
        one.stdout.readline()

    for one in runs:
        one.stdin.write("go\n")
        one.stdin.flush()

    assert [one.communicate()[0].strip() for one in runs] == ["0", "0"]
    assert set(read_record(tmp_path / RECORD).waves) == {"2026-Q1", "2026-Q2"}
    assert {"2026-Q1-report.json", "2026-Q2-report.json"} <= {path.name for path in tmp_path.iterdir()}


KILL = """
import os, random, signal, sys, time
from pathlib import Path
from psafety.analysis.disclosure.record import Record
from psafety.analysis.disclosure.record_text import to_text
from psafety.records import locked, read_record
from psafety.reports.files import write_files

path, report = Path(sys.argv[1]), Path("report.txt")
dice = random.Random(5)
for _ in range(int(sys.argv[2])):
    writer = os.fork()
    while not writer:  # record n, then report n, over and over
        with locked(path):
            ((name, wave),) = read_record(path).waves.items()
            number = str(int(name) + 1)
            write_files({path: to_text(Record({number: wave})).encode(), report: number.encode()})
    time.sleep(dice.uniform(0, 0.05))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    (name,) = read_record(path).waves  # whole, or this stops
    if report.exists() and int(report.read_text()) > int(name):
        sys.exit("a report without its record")
print(name)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to start as many runs as it kills")
def test_a_run_that_is_killed_leaves_the_old_record_or_the_new_one(run):
    """Killed at any of a hundred moments, a run leaves a whole record, old or new, and no report without its record."""
    run(export("a.csv", TWELVE), "--wave-name", "0")

    with child(KILL, RECORD, 100) as killer:
        last = killer.stdout.read()

    assert killer.returncode == 0
    assert int(last) > 20  # it did write


# From Python ------------------------------------------------------------------------------------------------------


def test_the_record_is_kept_from_python_too(run):
    """`recorded_findings` does what the command does: findings with a cover, and the record to write with reports."""
    responses = load_survey(Path(export("a.csv", TWELVE)))
    path = Path("kept/r.json")

    with recorded_findings(responses, Policy(), path, version="1") as (findings, record):
        write_files({**record, Path("report.txt"): b"report"})
    with recorded_findings(responses, Policy(), path, version="1") as (_, nothing_new):
        pass

    assert findings.recorded
    assert nothing_new == {}
    assert [path.name for path in Path("kept").iterdir()] == ["r.json"]
    assert read_record(path).waves[""].publications[0].data == findings.data_digest


def test_a_record_of_version_1_is_taken_over(run):
    """Its digests knew counts alone: the same report is made again, and the record is then one of this version."""
    responses = load_survey(Path(export("a.csv", TWELVE)))
    path = Path("r.json")
    with recorded_findings(responses, Policy(), path, version="1") as (findings, record):
        write_files(record)
    (former,) = findings.renewed
    before = read_record(path)
    old = [replace(one, data=former) for one in before.waves[""].publications]
    text = to_text(Record({"": replace(before.waves[""], publications=tuple(old))}))
    path.write_text(text.replace("psafety-record/2", "psafety-record/1"), encoding="utf-8")

    with recorded_findings(responses, Policy(), path, version="1") as (_, taken_over):
        write_files(taken_over)
    with recorded_findings(responses, Policy(), path, version="1") as (_, nothing_new):
        pass

    assert read_record(path) == before
    assert nothing_new == {}


def test_a_record_that_is_not_there_is_empty(tmp_path):
    """The first run finds no record, and that is none at all."""
    assert read_record(tmp_path / RECORD) == Record()


def waves_of_two_columns(name):
    """An export whose rows stand in two columns of waves: halves of ten, and rounds that hold all but one of them."""
    people = rows("A", *(1 + place % 5 for place in range(20)))
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [
                ("Half", "Round", "Team", *ITEMS),
                *(
                    ("first" if place < 10 else "second", "one" if place < 12 else "two", *row)
                    for place, row in enumerate(people)
                ),
                ("second", "three", *people[0]),
            ]
        )
    return name


def test_a17_waves_of_one_record_are_told_by_one_column(run):
    """Both halves less two of three rounds is one person: the second column of waves is refused, also by `compare`."""
    survey = waves_of_two_columns("s.csv")
    assert all(run(survey, "--wave", f"Half={half}").exit_code == Exit.DONE for half in ("first", "second"))
    before = written()

    other = run(survey, "--wave", "Round=one")
    compared = CliRunner().invoke(main, ["compare", survey, "--wave", "Round", "--labels", "one,two,three", "-q"])

    assert refused(other, before, "told by another column", "one column")
    assert (compared.exit_code, "told by another column" in compared.output) == (Exit.PROBLEM, True)


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("March 2026", "Q1 2026", "months"),
        ("Jan 2026", "H1 2026", "months"),
        ("spring 2026", "2026", "months"),
        ("2026-03", "2026-03 final", "months"),
        ("Q1 FY26", "FY26", "months"),
        ("Wave 1", "wave 1", "same name"),
        ("Wave 1", " Wave  1 ", "same name"),
    ],
)
def test_a17_another_way_to_write_a_wave_is_no_other_wave(run, first, second, word):
    """One late answer under a name that means the same time, or is written in another way: refused."""
    early, late = export("early.csv", TWELVE), export("late.csv", TWELVE, [("A", 3, 1, 5)])
    assert run(early, "--wave-name", first).exit_code == Exit.DONE
    before = written()

    assert refused(run(late, "--wave-name", second), before, word)
