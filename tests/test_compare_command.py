"""`psafety compare`: surveys and snapshots in any mix, under the rules and the record of `psafety report`."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from psafety.cli import Exit, main
from psafety.config import RECORD_NAME
from psafety.records import read_record


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def figures(folder: Path) -> dict:
    (path,) = folder.glob("*-comparison.json")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three waves in one file and in three, the index rising by eight points from wave to wave."""
    folder = tmp_path_factory.mktemp("samples")
    waves = ("2025-Q3", "2025-Q4", "2026-Q1")
    design = ("--people", 150, "--teams", 10, "--departments", 3, "--change", 8, "--mean-index", 50)
    assert run("sample", folder / "all.csv", "--waves", ",".join(waves), *design).exit_code == 0
    head, *rows = (folder / "all.csv").read_text("utf-8").splitlines(keepends=True)
    for wave in waves:
        mine = [row for row in rows if row.startswith(wave)]
        (folder / f"{wave}.csv").write_text("".join([head, *mine]), encoding="utf-8")
        unnamed = "".join(line.partition(",")[2] for line in (head, *mine))
        (folder / f"unnamed-{wave}.csv").write_text(unnamed, encoding="utf-8")
    return folder


@pytest.fixture
def folder(samples: Path, tmp_path: Path) -> Path:
    """The samples, with no record yet."""
    for path in samples.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_two_surveys_give_a_page_and_a_workbook(folder: Path) -> None:
    """Named after the last; what was done is said in a few lines; both waves stand in the record."""
    out = folder / "out"

    result = run("compare", folder / "2025-Q4.csv", folder / "2026-Q1.csv", "-o", out)

    assert result.exit_code == Exit.DONE, result.stderr
    assert {path.name for path in out.iterdir()} == {"2026-Q1-comparison.html", "2026-Q1-comparison.xlsx"}
    assert "“2026-Q1” is set against “2025-Q4”" in result.stderr
    assert set(read_record(folder / RECORD_NAME).waves) == {"2025-Q4", "2026-Q1"}


def test_one_survey_of_several_waves_gives_what_several_of_one_give(folder: Path) -> None:
    """The order is that of the waves' names; the figures, and the cover of single cells, are the same."""
    one, several = folder / "one", folder / "several"
    files = [folder / f"{wave}.csv" for wave in ("2025-Q3", "2025-Q4", "2026-Q1")]

    assert run("compare", folder / "all.csv", "--format", "json", "--title", "T", "-o", one).exit_code == 0
    assert run("compare", *files, "--format", "json", "--title", "T", "-o", several).exit_code == 0

    found, other = figures(one), figures(several)
    assert [wave["name"] for wave in found["waves"]] == ["2025-Q3", "2025-Q4", "2026-Q1"]
    assert found["units"] == other["units"]
    assert "better" in {change["verdict"] for change in found["units"][0]["dimensions"]}
    assert "getting better" in {trend["verdict"] for trend in found["units"][0]["trends"]}


def test_a_snapshot_stands_for_its_survey(folder: Path) -> None:
    """What a report printed is what enters a comparison, whichever way; a snapshot needs no record."""
    snapshots, mixed, plain = folder / "kept", folder / "mixed", folder / "plain"
    survey, last = folder / "2025-Q4.csv", folder / "2026-Q1.csv"
    run("report", survey, "--format", "json", "-o", snapshots, "-q")
    run("compare", survey, last, "--format", "json", "-o", plain, "-q")

    result = run("compare", snapshots / "2025-Q4-report.json", last, "--format", "json", "-o", mixed, "-q")

    assert (result.exit_code, result.stderr) == (0, "")
    assert figures(mixed) == figures(plain)


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    """Run again: the record knows the answers, and the cover stays."""
    out = folder / "out"
    made = []
    for _ in range(2):
        assert run("compare", folder / "2025-Q4.csv", folder / "2026-Q1.csv", "-o", out, "-q").exit_code == 0
        made.append({path.name: path.read_bytes() for path in out.iterdir()})

    assert made[0] == made[1]


def test_a_survey_that_names_no_wave_goes_by_its_file_or_its_label(folder: Path) -> None:
    """Under that name it stands in the record too, so that the two are not taken for one."""
    files = [folder / f"unnamed-{wave}.csv" for wave in ("2025-Q4", "2026-Q1")]
    out = folder / "out"

    assert run("compare", *files, "--format", "json", "-o", out).exit_code == 0
    assert figures(out)["before"] == "unnamed-2025-Q4"

    labelled = run("compare", *files, "--labels", "before, after", "--format", "json", "-o", out, "--no-record")
    assert (figures(out)["before"], figures(out)["after"]) == ("before", "after")
    assert "Made without a record" in labelled.stderr


def test_late_answers_are_refused_as_by_report(folder: Path) -> None:
    """A wave is frozen at first publication, whichever command published it."""
    first, last = folder / "2025-Q4.csv", folder / "2026-Q1.csv"
    run("report", first, "--format", "json", "-o", folder / "kept", "-q")
    text = first.read_text("utf-8").splitlines(keepends=True)
    first.write_text("".join(text[:-1]), encoding="utf-8")

    refused = run("compare", first, last, "-o", folder / "out")
    replaced = run("compare", first, last, "-o", folder / "out", "--replaces")

    assert (refused.exit_code, replaced.exit_code) == (Exit.PROBLEM, Exit.DONE)
    assert "by subtraction" in refused.stderr


def test_one_wave_of_a_file_can_be_chosen(folder: Path) -> None:
    """By its column and its name."""
    out = folder / "out"

    result = run(
        "compare",
        folder / "2025-Q3.csv",
        folder / "all.csv",
        "--wave",
        "Quarter=2025-Q3",
        "--format",
        "json",
        "-o",
        out,
    )

    assert result.exit_code == Exit.PROBLEM
    assert "Two waves are called “2025-Q3”" in result.stderr


def test_renamed_teams_and_figures_from_elsewhere(folder: Path) -> None:
    """--map, --map-file and --against end up in the comparison."""
    last = (folder / "2026-Q1.csv").read_text("utf-8")
    team = last.splitlines()[1].split(",")[2]
    (folder / "2026-Q1.csv").write_text(last.replace(f",{team},", ",Renamed team,"), encoding="utf-8")
    (folder / "names.csv").write_text(f"old,new\n{team},Renamed team\nNone,None\n", encoding="utf-8")
    (folder / "bench.csv").write_text(
        "id,mean,sd,n,source\ntrust,60,20,900,A\nopenness,60,20,900,B\n", encoding="utf-8"
    )
    files = (folder / "2025-Q4.csv", folder / "2026-Q1.csv", "--format", "json", "-q")

    plain = run("compare", *files[:-1], "-o", folder / "plain")
    unknown = run("compare", *files, "-o", folder / "unknown", "--map-file", folder / "names.csv")
    mapped = run(
        "compare", *files, "-o", folder / "mapped", "--map", f"{team}=Renamed team", "--against", folder / "bench.csv"
    )

    assert (plain.exit_code, unknown.exit_code, mapped.exit_code) == (Exit.DONE, Exit.PROBLEM, Exit.DONE)
    (hint,) = (line for line in plain.stderr.splitlines() if "If a team was renamed, say so: --map" in line)
    assert hint.index("Only in “2025-Q4”: ") < hint.index(team) < hint.index("Only in “2026-Q1”: Renamed team.")
    assert {"Renamed team"} == {unit["name"] for unit in figures(folder / "mapped")["units"]} - {
        unit["name"] for unit in figures(folder / "plain")["units"]
    }
    assert [line["source"] for line in figures(folder / "mapped")["benchmark"]] == ["A", "B"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["2025-Q4.csv"], "A comparison needs two waves"),
        (["2025-Q4.csv", "2025-Q4.csv"], "Two waves are called “2025-Q4”"),
        (["2025-Q4.csv", "2026-Q1.csv", "--labels", "a"], "2 waves and 1 name for them"),
        (["2025-Q4.csv", "2026-Q1.csv", "--format", "pptx"], "no report format"),
        (["2025-Q4.csv", "2026-Q1.csv", "--map", "Nobody"], "which name became which"),
        (["2025-Q4.csv", "broken.json"], "no snapshot of psafety"),
        (["2025-Q4.csv", "none.csv"], "no such file"),
    ],
    ids=["one wave", "twice", "labels", "format", "map", "snapshot", "missing"],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(folder: Path, arguments: list[str], problem: str) -> None:
    """And nothing is written."""
    (folder / "broken.json").write_text('{"schema": "other"}', encoding="utf-8")
    files = [folder / one if "." in one else one for one in arguments]

    result = run("compare", *files, "-o", folder / "out")

    assert result.exit_code == Exit.PROBLEM
    assert problem in result.stderr
    assert not (folder / "out").exists()


def test_an_order_that_the_names_do_not_tell_is_asked_for(folder: Path) -> None:
    """With --labels it is told, and the waves keep their names."""
    text = (folder / "all.csv").read_text("utf-8")
    for quarter, season in (("2025-Q3,", "summer,"), ("2025-Q4,", "autumn,"), ("2026-Q1,", "winter,")):
        text = text.replace(quarter, season)
    (folder / "all.csv").write_text(text, encoding="utf-8")
    call = ("compare", folder / "all.csv", "--wave", "Quarter", "--format", "json", "-o", folder / "out")

    asked = run(*call)
    told = run(*call, "--labels", "summer,autumn,winter")

    assert (asked.exit_code, told.exit_code) == (Exit.PROBLEM, Exit.DONE), told.stderr
    assert "--labels" in asked.stderr
    assert [wave["name"] for wave in figures(folder / "out")["waves"]] == ["summer", "autumn", "winter"]


def test_a_comparison_that_is_refused_leaves_no_trace_in_the_record(folder: Path) -> None:
    """Waves join it when they are compared; where nothing is published, they leave it again."""
    files = (folder / "2025-Q4.csv", folder / "2026-Q1.csv")

    refused = run("compare", *files, "--labels", "a", "-o", folder / "out")

    assert refused.exit_code == Exit.PROBLEM
    assert not (folder / RECORD_NAME).exists()


def test_a_comparison_of_renamed_teams_and_waves_is_proved_again(folder: Path) -> None:
    """Given the same names, from files that name no wave; without them, nobody knows who these teams are."""
    files = [folder / f"unnamed-{wave}.csv" for wave in ("2025-Q4", "2026-Q1")]
    text = files[1].read_text("utf-8")
    files[1].write_text(text.replace(",Team Aspen,", ",Renamed team,"), encoding="utf-8")
    names_of = ("--map", "Team Aspen=Renamed team")
    given = [option for file in files for option in ("--data", file)]
    out = folder / "out"

    made = run("compare", *files, *names_of, "--labels", "spring,autumn", "--format", "html,xlsx,json", "-o", out)
    proved = run("audit", out, *given, *names_of, "--wave-labels", "spring,autumn")
    other = run("audit", out, *given, "--wave-labels", "spring,autumn")

    assert made.exit_code == Exit.DONE, made.stderr
    assert "Renamed team" in {unit["name"] for unit in figures(out)["units"]}
    assert proved.exit_code == Exit.DONE, proved.stdout
    assert (other.exit_code, "nobody in the survey names this unit" in other.stdout) == (Exit.PROBLEM, True)


def test_a_record_and_no_record_exclude_each_other(folder: Path) -> None:
    """The wish contradicts itself."""
    result = run("compare", folder / "2025-Q4.csv", folder / "2026-Q1.csv", "--no-record", "--replaces")

    assert result.exit_code == Exit.USAGE


def coded(file: Path, codes: list[str]) -> Path:
    """A survey with one more column."""
    head, *rows = file.read_text("utf-8").splitlines()
    lines = [f"{head},Your code", *(f"{row},{code}" for row, code in zip(rows, codes, strict=True))]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_people_who_gave_a_code_are_compared_as_pairs(folder: Path) -> None:
    """Those in both waves, with those who are not counted; no code is written anywhere."""
    files = []
    for wave, first in (("2025-Q4", 0), ("2026-Q1", 20)):
        file = folder / f"{wave}.csv"
        count = len(file.read_text("utf-8").splitlines()) - 1
        files.append(coded(file, [f"ZQ{first + number:04}" for number in range(count)]))
    out = folder / "out"

    result = run("compare", *files, "--link", "Your code", "--format", "html,xlsx,json", "-o", out)

    assert result.exit_code == Exit.DONE, result.stderr
    assert all(60 <= pair["n"] <= 150 for pair in figures(out)["pairs"])
    for path in (*out.iterdir(), folder / RECORD_NAME):
        assert b"ZQ00" not in path.read_bytes()
    with ZipFile(out / "2026-Q1-comparison.xlsx") as book:
        assert not any(b"ZQ00" in book.read(name) for name in book.namelist())
    plain = run("compare", *files, "--format", "json", "-o", folder / "plain")
    assert plain.exit_code == Exit.DONE, plain.stderr  # the codes change nothing in the record
    assert figures(folder / "plain")["units"] == figures(out)["units"]


def test_pairs_of_mended_codes_are_refused_beside_those_that_were_published(folder: Path) -> None:
    """Two sets of pairs that differ by a few people tell of these few; the same ones may be told again."""
    files = []
    for wave, first in (("2025-Q4", 0), ("2026-Q1", 20)):
        file = folder / f"{wave}.csv"
        count = len(file.read_text("utf-8").splitlines()) - 1
        files.append(coded(file, [f"ZQ{first + number:04}" for number in range(count)]))
    options = ("--link", "Your code", "--format", "json", "-q")

    once = run("compare", *files, *options, "-o", folder / "once")
    again = run("compare", *files, *options, "-o", folder / "again")
    files[0].write_text(files[0].read_text("utf-8").replace("ZQ0030", "").replace("ZQ0031", "mine"), "utf-8")
    mended = run("compare", *files, *options, "-o", folder / "mended")
    replaced = run("compare", *files, *options, "-o", folder / "replaced", "--replaces")

    assert [one.exit_code for one in (once, again, mended, replaced)] == [Exit.DONE, Exit.DONE, Exit.PROBLEM, Exit.DONE]
    assert "by other codes or other rules" in mended.stderr
    assert not (folder / "mended").exists()
    assert figures(folder / "once")["pairs"] == figures(folder / "again")["pairs"]
    assert b"ZQ00" not in (folder / RECORD_NAME).read_bytes()


def with_codes(folder: Path) -> list[Path]:
    """The three waves, twenty people of each not in the next."""
    found = []
    for first, wave in ((0, "2025-Q3"), (20, "2025-Q4"), (40, "2026-Q1")):
        file = folder / f"{wave}.csv"
        count = len(file.read_text("utf-8").splitlines()) - 1
        found.append(coded(file, [f"ZQ{first + number:04}" for number in range(count)]))
    return found


def test_people_in_waves_that_are_linked_already_are_refused(folder: Path) -> None:
    """First and second, second and third; and first and third would tell of the few who are in two of them alone."""
    one, two, three = with_codes(folder)
    head, *rows = one.read_text("utf-8").splitlines()
    with_sites = [f"{head},Site", *(f"{row},{'AB'[place % 2]}" for place, row in enumerate(rows))]
    one.write_text("\n".join(with_sites), encoding="utf-8")
    options = ("--link", "Your code", "--format", "json", "-q")
    for pair in ((one, two), (two, three)):
        assert run("compare", *pair, *options, "-o", folder / "out").exit_code == Exit.DONE
    before = (folder / RECORD_NAME).read_bytes()

    ring = run("compare", one, three, *options, "-o", folder / "ring")
    plain = run("compare", one, three, "--format", "json", "-q", "-o", folder / "plain")
    with_cut = run("report", one, "--cut", "Site", "--format", "json", "-q", "-o", folder / "cut")

    assert (ring.exit_code, plain.exit_code, with_cut.exit_code) == (Exit.PROBLEM, Exit.DONE, Exit.PROBLEM)
    assert "“2025-Q3” with “2025-Q4”, “2025-Q4” with “2026-Q1”" in ring.stderr
    assert "has more rows" in with_cut.stderr
    assert not (folder / "ring").exists()
    assert (folder / RECORD_NAME).read_bytes() == before


def test_pairs_and_groups_exclude_each_other(folder: Path) -> None:
    """Groups that the settings name overlap with those in both waves; nothing is left in the record."""
    one, two, _ = with_codes(folder)
    (folder / "psafety.toml").write_text('[survey]\ncuts = ["Department"]\n', "utf-8")

    result = run("compare", one, two, "--link", "Your code", "-o", folder / "out")

    assert result.exit_code == Exit.PROBLEM
    assert "overlap with the people in both waves" in result.stderr
    assert not (folder / RECORD_NAME).exists()


def test_a_comparison_without_an_audit_says_so(folder: Path) -> None:
    """On the screen and above the figures, as a report does."""
    out = folder / "out"

    result = run("compare", folder / "2025-Q4.csv", folder / "2026-Q1.csv", "-o", out, "--no-audit", "--format", "html")

    assert result.exit_code == Exit.DONE, result.stderr
    assert "Not audited: nobody has checked" in result.stderr
    assert "Not audited. Nobody has proved of this comparison" in (out / "2026-Q1-comparison.html").read_text("utf-8")


def test_the_policy_of_a_settings_file_holds_for_pairs(folder: Path) -> None:
    """With 400 people asked for before persons' scores are told, nothing is said of so few pairs."""
    files = []
    for wave in ("2025-Q4", "2026-Q1"):
        file = folder / f"{wave}.csv"
        count = len(file.read_text("utf-8").splitlines()) - 1
        files.append(coded(file, [f"ZQ{number:04}" for number in range(count)]))
    (folder / "psafety.toml").write_text("[policy]\njoint_from = 400\n", "utf-8")

    result = run("compare", *files, "--link", "Your code", "--format", "json", "-o", folder / "out")

    assert result.exit_code == Exit.DONE, result.stderr
    assert figures(folder / "out")["pairs"] == []


def test_a_snapshot_makes_no_pairs(folder: Path) -> None:
    """It holds nobody's code."""
    run("report", folder / "2025-Q4.csv", "--format", "json", "-o", folder, "-q")
    last = folder / "2026-Q1.csv"
    coded(last, [f"ZQ{number:04}" for number in range(len(last.read_text("utf-8").splitlines()) - 1)])

    result = run("compare", folder / "2025-Q4-report.json", last, "--link", "Your code", "-o", folder / "out")

    assert result.exit_code == Exit.PROBLEM
    assert "holds nobody's code" in result.stderr
    assert not (folder / "out").exists()


def test_a_changed_wave_is_looked_at_beside_the_export_of_its_earlier_report(folder: Path) -> None:
    """What the refusal advises is looked into, for the wave that needs it and no other: here both give one away."""
    first, last = folder / "2025-Q4.csv", folder / "2026-Q1.csv"
    assert run("compare", first, last, "--format", "json", "-o", folder / "out", "-q").exit_code == Exit.DONE
    before = folder / "kept.csv"
    before.write_bytes(first.read_bytes())
    lines = first.read_text("utf-8").splitlines(keepends=True)
    first.write_text("".join(lines[:-1]), encoding="utf-8")

    refused = run("compare", first, last, "--format", "json", "-o", folder / "two")
    beside = run("compare", first, last, "--format", "json", "-o", folder / "two", "--earlier", before)

    assert "--earlier FILE" in refused.stderr
    assert beside.exit_code == Exit.PROBLEM
    assert "Both reports together would tell" in beside.stderr  # one person less
    assert not (folder / "two").exists()


def test_a_report_on_a_file_of_several_waves_brings_the_change_with_it(folder: Path) -> None:
    """Beside the report on the last wave, in the same formats; the same figures as `psafety compare` gives."""
    out, alone = folder / "out", folder / "alone"

    result = run("report", folder / "all.csv", "--change", "--format", "html,json", "-o", out)

    assert result.exit_code == Exit.DONE, result.stderr
    assert {path.name for path in out.iterdir()} == {
        *("all-report.html", "all-report.json", "all-last-wave.json", "all-comparison.html", "all-comparison.json")
    }
    run("compare", folder / "all.csv", "--format", "json", "-o", alone, "-q")
    assert figures(out) == figures(alone)


def test_without_a_wave_before_there_is_nothing_to_compare(folder: Path) -> None:
    """Said before anything is written; without the wish, the report is on its wave alone."""
    call = ("report", folder / "all.csv", "--wave", "Quarter=2025-Q3", "--format", "json", "-o", folder / "out", "-q")

    wished, plain = run(*call, "--change"), run(*call)

    assert (wished.exit_code, plain.exit_code) == (Exit.PROBLEM, Exit.DONE)
    assert "There is nothing to compare" in wished.stderr
    assert [path.name for path in (folder / "out").iterdir()] == ["all-report.json"]


def test_a_wave_with_too_few_answers_is_left_out_and_named(folder: Path) -> None:
    """The report is made; what could not be compared is said."""
    head, *rows = (folder / "all.csv").read_text("utf-8").splitlines(keepends=True)
    few = [row for row in rows if row.startswith("2025-Q3")][:3]
    (folder / "all.csv").write_text(
        "".join([head, *few, *(row for row in rows if not row.startswith("2025-Q3"))]), encoding="utf-8"
    )

    result = run("report", folder / "all.csv", "--change", "--format", "json", "-o", folder / "out")

    assert result.exit_code == Exit.DONE, result.stderr
    assert "The wave “2025-Q3” is not compared. Only 3 people answered." in result.stderr
    assert [wave["name"] for wave in figures(folder / "out")["waves"]] == ["2025-Q4", "2026-Q1"]
