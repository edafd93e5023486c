"""The command line: arguments → library calls → exit status. Heavy imports happen in the command that needs them."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from .bars import READING, Watch, watching
from .config import Config, overlaid
from .languages import speaking
from .options import (
    FILE_OPTIONS,
    LAST_OPTION,
    LOOK_OPTIONS,
    MAP_OPTIONS,
    MERGE_OPTION,
    PAST_OPTIONS,
    QUIET_OPTION,
    RECORD_OPTION,
    SURVEY_OPTIONS,
    takes,
)
from .runs.findings import Past
from .runs.settings import (
    chosen_settings,
    language_of,
    parts,
    record_path,
    settings_of,
    wishes_of,
)
from .surveys.errors import PsafetyError

if TYPE_CHECKING:
    from .runs.report import Reported


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    PROBLEM = 1  # something about the input or the wish, said on the screen
    USAGE = 2  # click's own
    STOPPED = 130  # by Ctrl-C, as shells say it


class _Commands(click.Group):
    """Ends PsafetyErrors and Ctrl-C with a message and an exit status; anything else is our bug, with its traceback."""

    def invoke(self, ctx: click.Context) -> object:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are narrow: threads wait six times the work
        try:
            return super().invoke(ctx)
        except PsafetyError as error:
            _say(f"Error: {error.problem}")
            if error.where:
                _say(f"Where: {error.where}")
            if error.hint:
                _say(f"Try:   {error.hint}")
            ctx.exit(Exit.PROBLEM)
        except KeyboardInterrupt:
            _say("Stopped.")
            ctx.exit(Exit.STOPPED)


def _printable(line: str) -> str:
    """The line without signs that a terminal would obey: it may quote the headers of a file. Blanks of print stay."""
    return "".join(sign if sign.isprintable() or sign in "\xa0\u202f" else "�" for sign in line)


def _say(line: str) -> None:
    """Tell the person at the keyboard, on the error stream."""
    click.echo(_printable(line), err=True)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="psafety")
def main() -> None:
    """Reports on psychological safety in teams, without giving away what one person answered."""


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@takes(*SURVEY_OPTIONS)
@click.option("--headcounts", type=click.Path(path_type=Path), help="File of team and headcount: gives response rates.")
@click.option(
    "--finite-population",
    is_flag=True,
    default=None,
    help="Narrow intervals by the share who answered (needs headcounts).",
)
@click.option(
    "--outcome",
    metavar="ID",
    help="Dimension or question to look for drivers of, beside speaking up.",
)
@takes(*LOOK_OPTIONS)
@click.option("--team-reports", is_flag=True, default=None, help="Also write a page for every team and unit.")
@click.option(
    "--facilitator",
    is_flag=True,
    default=None,
    help="Also write those pages, and beside each a sheet for whoever leads the conversation.",
)
@MERGE_OPTION
@LAST_OPTION
@click.option(
    "--tally",
    is_flag=True,
    help="SURVEY holds the counts that a database made with the query of `psafety tally --sql`.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Scheduler whose workers count the files where they lie, such as tcp://scheduler:8786; SURVEY may be a URL.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that work on a large report.  [default: as many as cores]"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write to, or “-” for standard output (one format).",
)
@takes(*PAST_OPTIONS)
@click.option(
    "--earlier",
    type=click.Path(path_type=Path),
    help="Export that an earlier report was made of: both reports are checked together.",
)
@click.option(
    "--change", is_flag=True, help="Of a file with several waves, also compare the last with those before it."
)
@click.option(
    "--no-audit", is_flag=True, help="Write without the proof that nobody can be worked out; the report says so."
)
@QUIET_OPTION
def report(
    surveys: tuple[Path, ...],
    output: Path | None,
    config: Path | None,
    quiet: bool,
    jobs: int | None,
    tally: bool,
    dask: str | None,
    formats: str | None,
    no_record: bool,
    replaces: bool,
    earlier: Path | None,
    no_audit: bool,
    change: bool,
    **options: object,
) -> None:
    """Make the HTML report and the Excel workbook of a survey: a file, a .zip, or several files with one header."""
    from .reports.formats import renderer_of, with_page  # noqa: PLC0415
    from .reports.side_by_side import cores  # noqa: PLC0415
    from .runs.report import write_report  # noqa: PLC0415

    gc.disable()  # a report makes millions of small values and no cycles: looking for cycles costs a tenth of the time
    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, parts((formats or "").lower())))
    asked = with_page(settings.formats or ("html", "xlsx"))
    for name in asked:
        renderer_of(name)
    to_stdout = output is not None and str(output) == "-"
    if to_stdout:
        _refuse_many_files(settings, settings.formats or ("html", "xlsx"), change=change or tally or bool(dask))
    if no_record and (replaces or earlier or options["record"]):
        raise click.UsageError("--no-record goes with none of --record, --replaces and --earlier.")
    if replaces and earlier:
        raise click.UsageError("Either the earlier report was never shared (--replaces), or it was (--earlier FILE).")
    home = Path(surveys[0].name) if dask else surveys[0]
    past = Past(None if no_record else record_path(home, config, settings), replaces, earlier)
    with speaking(language_of(settings)), watching(shown=not quiet) as watch, TemporaryDirectory() as nowhere:
        folder, jobs = Path(nowhere) if to_stdout else output or Path(), jobs or cores()
        if tally or dask:
            reported = _report_counts(
                surveys, settings, past, with_page(asked), folder, dask=dask, jobs=jobs, watch=watch
            )
        else:
            reported = write_report(
                surveys,
                settings,
                past,
                folder=folder,
                formats=asked,
                change=change,
                audited=not no_audit,
                jobs=jobs,
                watch=watch,
            )
        if to_stdout:
            sys.stdout.buffer.write(reported.written[-1].read_bytes())
    shown = [path for path in reported.written if path.parent != Path(nowhere)]
    for line in reported.doubts if quiet else (*reported.lines, *_written(shown)):
        _say(line)


def _refuse_many_files(settings: Config, formats: Sequence[str], *, change: bool) -> None:
    """Standard output takes one file. Raises UsageError for wishes that make several."""
    if len(formats) != 1:
        raise click.UsageError("Standard output takes one format: add --format json, html, xlsx or pdf.")
    if settings.assets == "shared":
        raise click.UsageError("Shared assets are a file beside the report: name a folder with --output.")
    if settings.team_reports or settings.facilitator:
        raise click.UsageError("Team pages are many files: name a folder with --output.")
    if change:
        raise click.UsageError("--change, --tally and --dask write to a folder: name it with --output.")


def _report_counts(
    surveys: tuple[Path, ...],
    settings: Config,
    past: Past,
    formats: Sequence[str],
    folder: Path,
    *,
    dask: str | None,
    jobs: int,
    watch: Watch,
) -> "Reported":
    """Make the reports of counts: those in a file, or those that the workers of a scheduler make."""
    from .runs.counts import counts_of, counts_on, stem_of, write_counts  # noqa: PLC0415

    if len(surveys) > 1 and not dask:
        raise click.UsageError("--tally takes one file of counts.")
    watch("counting the files" if dask else "reading the counts")
    counted = counts_on(dask, surveys, settings, watch) if dask else counts_of(surveys[0], settings)
    return write_counts(
        counted, stem_of(surveys[0]), settings, past, folder=folder, formats=formats, jobs=jobs, watch=watch
    )


def _written(paths: Sequence[Path]) -> Iterator[str]:
    """A line for each file, but one for all pages of a folder, which are many; its index stands for them."""
    indexed = {path.parent for path in paths if path.name == "index.html"}
    kept = " – What was published of this survey. Keep it, unchanged, where the survey is, and show it to nobody."
    notes = {"psafety-record.json": kept}
    yield from (f"Written: {path}{notes.get(path.name, '')}" for path in paths if path.parent not in indexed)
    for folder in indexed:
        pages = sum((path.parent, path.suffix) == (folder, ".html") for path in paths) - 1
        prints = sum((path.parent, path.suffix) == (folder, ".pdf") for path in paths)
        beside = f"{pages:,} pages" + (f", {prints:,} as PDF too," if prints else "")
        yield f"Written: {folder / 'index.html'} and {beside} beside it"


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@takes(*SURVEY_OPTIONS)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for machines.")
def check(surveys: tuple[Path, ...], config: Path | None, as_json: bool, **options: object) -> None:
    """Explain how a survey is read: platform, columns, answers, doubts. Writes nothing."""
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from .surveys.check import check_survey, to_lines  # noqa: PLC0415

    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, ()))
    with watching(shown=True) as watch:
        watch(READING)
        found = check_survey(surveys, wishes_of(settings), sheet=settings.sheet)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        for line in to_lines(found):
            click.echo(_printable(line))


@main.command("tally")
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@takes(*SURVEY_OPTIONS)
@click.option(
    "--sql",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Print the query by which a database counts the answers.",
)
@click.option("--dialect", type=click.Choice(["duckdb", "postgres"]), default="duckdb", show_default=True)
@click.option("--table", metavar="NAME", default="survey", show_default=True, help="Table that holds the answers.")
def print_query(surveys: tuple[Path, ...], config: Path | None, dialect: str, table: str, **options: object) -> None:
    """Print the query that counts a table with the columns of SURVEY, so that no row need leave the database.

    Give an export of some rows that holds all columns and answers; save the result of the query as CSV or Parquet, and
    make the report of it with `psafety report --tally RESULT --instrument ID`.
    """
    from .runs.counts import query_of  # noqa: PLC0415

    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, ()))
    click.echo(query_of(surveys, settings, table=table, dialect=dialect), nl=False)


@main.command()
@click.argument("survey", type=click.Path(path_type=Path))
@click.option("--sheet", help="Sheet of a workbook to read (else the first with data).")
@click.option("--labels", multiple=True, metavar="A|B|C", help="Answers of a scale, the lowest first; repeatable.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write, or “-”.  [default: <name>-instrument.toml]"
)
def draft(survey: Path, sheet: str | None, labels: tuple[str, ...], output: Path | None) -> None:
    """Write a commented instrument file from the questions found in SURVEY; edit it and use it with --instrument."""
    from .reports.files import write_files  # noqa: PLC0415
    from .surveys.draft import draft_file  # noqa: PLC0415

    text = draft_file(survey, sheet=sheet, labels=labels)
    if output is not None and str(output) == "-":
        click.echo(text, nl=False)
        return
    path = output or Path(f"{survey.stem}-instrument.toml")
    write_files({path: text.encode()})
    _say(f"Written: {path}")


@main.group(invoke_without_command=True)
@click.pass_context
def instruments(ctx: click.Context) -> None:
    """List the questionnaires that ship; `psafety instruments show ID` prints one."""
    from .surveys.instrument import in_language  # noqa: PLC0415
    from .surveys.instrument_files import shipped_instruments  # noqa: PLC0415

    if ctx.invoked_subcommand is None:
        for instrument in shipped_instruments():
            title = in_language(instrument.titles, "en")
            click.echo(f"{instrument.id:<20} {title}, {len(instrument.items)} items, version {instrument.version}")


@instruments.command("show")
@click.argument("id_", metavar="ID")
def show_instrument(id_: str) -> None:
    """Print one questionnaire as TOML."""
    from .surveys.instrument_files import instrument_toml, load_instrument  # noqa: PLC0415

    click.echo(instrument_toml(load_instrument(id_)), nl=False)


@main.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--people", default=400, show_default=True, help="People asked.")
@click.option("--teams", type=int, help="Teams they work in.  [default: one for nine people]")
@click.option("--departments", type=int, help="Departments the teams lie in.  [default: the square root of the teams]")
@click.option("--response", default=0.76, show_default=True, help="Share of people who answer.")
@click.option("--missing", default=0.03, show_default=True, help="Share of answers left blank.")
@click.option("--careless", default=0.02, show_default=True, help="Share of people who tick one column throughout.")
@click.option("--mean-index", default=65.0, show_default=True, help="Expected index of the first wave, 0 to 100.")
@click.option("--icc", default=0.12, show_default=True, help="ICC(1): how much teams differ.")
@click.option("--waves", default="2026-Q1", show_default=True, help="Names of the waves, separated by commas.")
@click.option(
    "--change", default=0.0, show_default=True, help="Points by which the expected index rises from wave to wave."
)
@click.option("--style", default="labels", show_default=True, help="plain, labels, google_forms or qualtrics.")
@click.option("--lang", default="en", show_default=True, help="Language of texts and labels: en or de.")
@click.option("--instrument", default="open-team-survey", show_default=True, metavar="ID|FILE", help="Questionnaire.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same file.")
@click.option(
    "--headcounts", type=click.Path(path_type=Path), help="Also write the people asked per team to this file."
)
@click.option("--truth", type=click.Path(path_type=Path), help="Also write the true index of every team to this file.")
def sample(
    output: Path, waves: str, instrument: str, headcounts: Path | None, truth: Path | None, **design: object
) -> None:
    """Write a synthetic survey export whose truth is known, to try the program with."""
    from .surveys.instrument_files import load_instrument  # noqa: PLC0415
    from .surveys.sample import SampleDesign, sample_survey, write_headcounts, write_sample, write_truth  # noqa: PLC0415

    names = tuple(name.strip() for name in waves.split(",") if name.strip())
    drawn = sample_survey(SampleDesign(waves=names, **design), load_instrument(instrument))  # type: ignore[arg-type]
    for path, write in ((output, write_sample), (headcounts, write_headcounts), (truth, write_truth)):
        if path is not None:
            write(drawn, path)
            _say(f"Written: {path}")


@main.command()
@click.argument("outputs", metavar="OUTPUT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--data",
    "surveys",
    multiple=True,
    required=True,
    metavar="SURVEY",
    type=click.Path(path_type=Path),
    help="The survey that OUTPUT was made of; repeatable.",
)
@takes(*SURVEY_OPTIONS)
@MERGE_OPTION
@click.option("--last", metavar="FILE", help="Snapshot of the last wave, where OUTPUT says what has changed since.")
@takes(*MAP_OPTIONS)
@click.option("--link", metavar="COLUMN", help="Column of codes by which a comparison found who is in both waves.")
@click.option(
    "--wave-labels", "waves", metavar="A,B", help="What a comparison calls its waves, from the earliest on, by commas."
)
@click.option("--min-group", type=int, help="Smallest group that there may be.  [default: what OUTPUT says]")
@RECORD_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for machines.")
def audit(
    outputs: tuple[Path, ...],
    surveys: tuple[Path, ...],
    config: Path | None,
    pairs: tuple[str, ...],
    map_file: Path | None,
    link: str | None,
    waves: str | None,
    as_json: bool,
    **options: object,
) -> None:
    """Prove, from the files as written, that nobody's answers can be worked out from OUTPUT; or say how they can.

    OUTPUT is a folder, or files, that `psafety report` or `psafety compare` wrote. The exit status is 0 for a proof,
    and only then.
    """
    import json  # noqa: PLC0415

    from .audit.verdict import to_json, to_lines  # noqa: PLC0415
    from .runs.audit import verdict_on  # noqa: PLC0415
    from .surveys.renames import renames  # noqa: PLC0415

    gc.disable()  # as in a report
    chosen = chosen_settings(options, ())
    read = []
    for file in surveys:
        settings = overlaid(settings_of(file, config), chosen)
        record = record_path(file, config, settings)
        read.append((file, settings, record if settings.record or record.exists() else None))
    with watching(shown=True) as watch:
        watch("reading and checking")
        verdict = verdict_on(outputs, read, labels=parts(waves), renamed=renames(pairs, map_file), link=link)
    for line in [json.dumps(to_json(verdict), ensure_ascii=False, indent=1)] if as_json else to_lines(verdict):
        click.echo(line if as_json else _printable(line))
    if not verdict.is_proof:
        raise click.exceptions.Exit(Exit.PROBLEM)


@main.command("compare")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--labels", "names", metavar="A,B", help="What the waves are called, from the earliest on, separated by commas."
)
@takes(*MAP_OPTIONS)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="File of figures from elsewhere, each with its source: id, mean, sd, n, source.",
)
@click.option(
    "--earlier",
    type=click.Path(path_type=Path),
    help="Export that an earlier report on one of the waves was made of: both are checked together.",
)
@click.option(
    "--link",
    metavar="COLUMN",
    help="Column of codes that people made up, to find who is in both of the last two waves.",
)
@takes(*FILE_OPTIONS)
@click.option(
    "--scale-labels", "labels", multiple=True, metavar="A|B|C", help="Answers of a scale, the lowest first; repeatable."
)
@takes(*LOOK_OPTIONS)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write to.")
@takes(*PAST_OPTIONS)
@click.option(
    "--no-audit", is_flag=True, help="Write without the proof that nobody can be worked out; the comparison says so."
)
@QUIET_OPTION
def compare_waves(
    files: tuple[Path, ...],
    names: str | None,
    pairs: tuple[str, ...],
    map_file: Path | None,
    against: Path | None,
    earlier: Path | None,
    link: str | None,
    output: Path | None,
    config: Path | None,
    quiet: bool,
    formats: str | None,
    no_record: bool,
    replaces: bool,
    no_audit: bool,
    **options: object,
) -> None:
    """Compare waves: surveys, and snapshots that were kept of them (.json), in any mix, the earliest first.

    A survey is reported on first, under the same rules and in the same record as by `psafety report`; only what its
    report would print enters the comparison. A survey that holds several waves gives all of them.
    """
    from .reports.formats import comparison_renderer_of, with_page  # noqa: PLC0415
    from .runs.compare import write_comparison  # noqa: PLC0415
    from .surveys.benchmark import read_benchmark  # noqa: PLC0415
    from .surveys.renames import renames  # noqa: PLC0415

    gc.disable()  # as in a report
    if no_record and (replaces or earlier or options["record"]):
        raise click.UsageError("--no-record goes with none of --record, --replaces and --earlier.")
    chosen = chosen_settings(options, parts((formats or "").lower()))
    asked = with_page(chosen.formats or ("html", "xlsx"))
    for name in asked:
        comparison_renderer_of(name)
    chosen = replace(chosen, lang=language_of(chosen, settings_of(files[0], config)))
    surveys = []
    for file in files:
        settings = overlaid(settings_of(file, config), chosen)
        past = Past(None if no_record else record_path(file, config, settings), replaces, earlier)
        surveys.append((file, settings, past))
    with speaking(chosen.lang or "en"), watching(shown=not quiet) as watch, watch.reading(files):
        reported = write_comparison(
            surveys,
            chosen,
            labels=parts(names),
            renamed=renames(pairs, map_file),
            benchmark=read_benchmark(against) if against else (),
            link=link,
            folder=output or Path(),
            formats=asked,
            step=watch,
            audited=not no_audit,
        )
    for line in reported.doubts if quiet else (*reported.lines, *_written(reported.written)):
        _say(line)
