"""The command line: arguments → library calls → exit status. Heavy imports happen in the command that needs them."""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from .config import FILE_NAME, overlaid
from .runs import (
    Audit,
    Past,
    chosen_settings,
    findings_of,
    look_of,
    names_of,
    parts,
    published_of,
    record_path,
    responses_of,
    settings_of,
    version,
    wishes_of,
)
from .surveys.errors import PsafetyError

if TYPE_CHECKING:
    from .analysis.published import Published
    from .reports.files import Source

_STEPS = 8  # of a report with two formats, for the progress bar


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    PROBLEM = 1  # something about the input or the wish, said on the screen
    USAGE = 2  # click's own


class _Commands(click.Group):
    """Turns a PsafetyError into a message and an exit status; anything else is our bug and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PsafetyError as error:
            _say(f"Error: {error.problem}")
            if error.where:
                _say(f"Where: {error.where}")
            if error.hint:
                _say(f"Try:   {error.hint}")
            ctx.exit(Exit.PROBLEM)


def _printable(line: str) -> str:
    """The line without signs that a terminal would obey: it may quote the headers of a file."""
    return "".join(sign if sign.isprintable() else "�" for sign in line)


def _say(line: str) -> None:
    """Tell the person at the keyboard, on the error stream."""
    click.echo(_printable(line), err=True)


_FILE_OPTIONS = (
    click.option(
        "--instrument",
        metavar="ID|FILE",
        help="Questionnaire: a shipped one (see `psafety instruments`) or a TOML file.",
    ),
    click.option("--platform", metavar="NAME", help="Survey platform the file is from (else found out)."),
    click.option("--team", metavar="COLUMN", help="Column that names the team."),
    click.option(
        "--unit",
        "units",
        multiple=True,
        metavar="COLUMN",
        help="Column of a unit above the team, outermost first; repeatable.",
    ),
    click.option(
        "--wave", metavar="COLUMN[=VALUE]", help="Column that names the wave, and which wave (else the last)."
    ),
    click.option("--sheet", help="Sheet of a workbook to read (else the first with data); “*” for all."),
    click.option(
        "--turn",
        metavar="ITEM,ITEM",
        help="Items to read the other way round than the questionnaire says; “none” where it is right.",
    ),
    click.option(
        "--remove",
        metavar="KIND,KIND",
        help="Doubtful rows to leave out: tests, unfinished, duplicates, speeders, straight-lines.",
    ),
    click.option(
        "--config", type=click.Path(path_type=Path), help=f"Settings file.  [default: {FILE_NAME} beside the survey]"
    ),
)
_SURVEY_OPTIONS = (
    *_FILE_OPTIONS,
    click.option("--wave-name", metavar="NAME", help="What the wave is called, where no column says so."),
    click.option(
        "--cut",
        "cuts",
        multiple=True,
        metavar="COLUMN",
        help="Column by which the whole organisation is cut, such as gender; weakens the promise; repeatable.",
    ),
    click.option(
        "--comments",
        multiple=True,
        metavar="COLUMN",
        help="Column of free text to print, the riskiest part; repeatable.",
    ),
    click.option(
        "--names", type=click.Path(path_type=Path), help="File of names to mask in the comments, one per line."
    ),
    click.option(
        "--labels",
        multiple=True,
        metavar="A|B|C",
        help="Answers of a scale psafety does not know, the lowest first; repeatable.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        default=None,
        help="Stop where a column leads to a person (else it is only not read).",
    ),
)
_LOOK_OPTIONS = (
    click.option("--min-group", type=int, help="Smallest group whose answers may be shown.  [default: 5]"),
    click.option("--title", help="Title of the report.  [default: the name of the file]"),
    click.option("--date", metavar="TEXT", help="Date to print on the report; none is printed otherwise."),
    click.option(
        "--format",
        "formats",
        metavar="LIST",
        help="Formats, separated by commas: html, xlsx, json.  [default: html,xlsx]",
    ),
)
_RECORD_OPTION = click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="File that keeps what was published.  [default: psafety-record.json beside the settings or the survey]",
)
_PAST_OPTIONS = (
    _RECORD_OPTION,
    click.option("--no-record", is_flag=True, help="Keep no record and check none; the report says so."),
    click.option("--replaces", is_flag=True, help="The earlier report on these answers was never shared with anybody."),
)
_QUIET_OPTION = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")

_Command = Callable[..., None]


def _takes(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Several options that more than one command has, in the order of the help text."""

    def with_options(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="psafety")
def main() -> None:
    """Reports on psychological safety in teams, without giving away what one person answered."""


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_takes(*_SURVEY_OPTIONS)
@click.option("--headcounts", type=click.Path(path_type=Path), help="File of team and headcount: gives response rates.")
@click.option(
    "--finite-population",
    is_flag=True,
    default=None,
    help="Narrow intervals by the share who answered (needs headcounts).",
)
@_takes(*_LOOK_OPTIONS)
@click.option("--team-reports", is_flag=True, default=None, help="Also write a page for every team and unit.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write to, or “-” for standard output (one format).",
)
@_takes(*_PAST_OPTIONS)
@click.option(
    "--earlier",
    type=click.Path(path_type=Path),
    help="Export that an earlier report was made of: both reports are checked together.",
)
@click.option(
    "--no-audit", is_flag=True, help="Write without the proof that nobody can be worked out; the report says so."
)
@_QUIET_OPTION
def report(
    surveys: tuple[Path, ...],
    output: Path | None,
    config: Path | None,
    quiet: bool,
    formats: str | None,
    no_record: bool,
    replaces: bool,
    earlier: Path | None,
    no_audit: bool,
    **options: object,
) -> None:
    """Make the HTML report and the Excel workbook of a survey: a file, a .zip, or several files with one header."""
    from .reports.compose import compose  # noqa: PLC0415
    from .reports.console import to_lines  # noqa: PLC0415
    from .reports.files import renderer_of, team_files, write_files  # noqa: PLC0415

    gc.disable()  # a report makes millions of small values and no cycles: looking for cycles costs a tenth of the time
    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, parts((formats or "").lower())))
    renderers = {name: renderer_of(name) for name in settings.formats or ("html", "xlsx")}
    to_stdout = output is not None and str(output) == "-"
    if to_stdout and len(renderers) != 1:
        raise click.UsageError("Standard output takes one format: add --format json, html or xlsx.")
    if to_stdout and settings.team_reports:
        raise click.UsageError("Team pages are many files: name a folder with --output.")
    if no_record and (replaces or earlier or options["record"]):
        raise click.UsageError("--no-record goes with none of --record, --replaces and --earlier.")
    if replaces and earlier:
        raise click.UsageError("Either the earlier report was never shared (--replaces), or it was (--earlier FILE).")
    past = Past(None if no_record else record_path(surveys[0], config, settings), replaces, earlier)
    with _progress(shown=not quiet) as step, TemporaryDirectory() as nowhere:
        folder, stem = Path(nowhere) if to_stdout else output or Path(), surveys[0].stem
        responses, wave = responses_of(surveys, settings, step)
        with findings_of(responses, wave, settings, past, step) as (findings, record):
            content = compose(findings, replace(look_of(settings), audited=not no_audit), version=version())
            files: dict[Path, Source] = {}
            for name, render in renderers.items():
                step(f"writing {name}")
                files[folder / f"{stem}-report.{name}"] = render(content)
            if settings.team_reports:
                step("writing team pages")
                files |= team_files(content, folder, stem, renderers)
            step("checking what was written")
            audit = Audit(responses, surveys, findings.wave, settings, past.record, folder)
            written = write_files({**record, **files}, approve=None if no_audit else audit.approve)
        if to_stdout:
            sys.stdout.buffer.write(written[-1].read_bytes())
    shown = written[:-1] if to_stdout else written
    for line in audit.doubts if quiet else (*to_lines(content), *audit.lines, *_written(shown)):
        _say(line)


def _written(paths: Sequence[Path]) -> Iterator[str]:
    """A line for each file, but one for all pages of a folder, which are many; its index stands for them."""
    indexed = {path.parent for path in paths if path.name == "index.html"}
    yield from (f"Written: {path}" for path in paths if path.parent not in indexed)
    for folder in indexed:
        pages = sum(path.parent == folder for path in paths) - 1
        yield f"Written: {folder / 'index.html'} and {pages:,} pages beside it"


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_takes(*_SURVEY_OPTIONS)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for machines.")
def check(surveys: tuple[Path, ...], config: Path | None, as_json: bool, **options: object) -> None:
    """Explain how a survey is read: platform, columns, answers, doubts. Writes nothing."""
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from .surveys.check import check_survey, to_lines  # noqa: PLC0415

    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, ()))
    found = check_survey(surveys, wishes_of(settings), sheet=settings.sheet)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        for line in to_lines(found):
            click.echo(_printable(line))


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
@_takes(*_SURVEY_OPTIONS)
@click.option("--min-group", type=int, help="Smallest group that there may be.  [default: what OUTPUT says]")
@_RECORD_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for machines.")
def audit(
    outputs: tuple[Path, ...], surveys: tuple[Path, ...], config: Path | None, as_json: bool, **options: object
) -> None:
    """Prove, from the files as written, that nobody's answers can be worked out from OUTPUT; or say how they can.

    OUTPUT is a folder, or files, that `psafety report` wrote. The exit status is 0 for a proof, and only then.
    """
    import json  # noqa: PLC0415

    from .audit.proof import Rules, audit_responses  # noqa: PLC0415
    from .audit.verdict import to_json, to_lines  # noqa: PLC0415

    settings = overlaid(settings_of(surveys[0], config), chosen_settings(options, ()))
    responses, wave = responses_of(surveys, settings, lambda _: None)
    record = record_path(surveys[0], config, settings)
    verdict = audit_responses(
        outputs,
        responses,
        surveys,
        wave=wave,
        rules=Rules.of(settings.policy),
        record=record if settings.record or record.exists() else None,
        names=names_of(settings),
    )
    for line in [json.dumps(to_json(verdict), ensure_ascii=False, indent=1)] if as_json else to_lines(verdict):
        click.echo(line if as_json else _printable(line))
    if not verdict.is_proof:
        raise click.exceptions.Exit(Exit.PROBLEM)


@main.command("compare")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--labels", "names", metavar="A,B", help="What the waves are called, from the earliest on, separated by commas."
)
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="A team that was renamed; repeatable.")
@click.option(
    "--map-file", type=click.Path(path_type=Path), help="File of renamed teams, with the columns “old” and “new”."
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="File of figures from elsewhere, each with its source: id, mean, sd, n, source.",
)
@_takes(*_FILE_OPTIONS)
@click.option(
    "--scale-labels", "labels", multiple=True, metavar="A|B|C", help="Answers of a scale, the lowest first; repeatable."
)
@_takes(*_LOOK_OPTIONS)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write to.")
@_takes(*_PAST_OPTIONS)
@_QUIET_OPTION
def compare_waves(
    files: tuple[Path, ...],
    names: str | None,
    pairs: tuple[str, ...],
    map_file: Path | None,
    against: Path | None,
    output: Path | None,
    config: Path | None,
    quiet: bool,
    formats: str | None,
    no_record: bool,
    replaces: bool,
    **options: object,
) -> None:
    """Compare waves: surveys, and snapshots that were kept of them (.json), in any mix, the earliest first.

    A survey is reported on first, under the same rules and in the same record as by `psafety report`; only what its
    report would print enters the comparison. A survey that holds several waves gives all of them.
    """
    from .analysis.benchmark import against as against_elsewhere  # noqa: PLC0415
    from .analysis.comparison import compare  # noqa: PLC0415
    from .analysis.waves import named  # noqa: PLC0415
    from .reports.changes_in_words import NO_RECORD  # noqa: PLC0415
    from .reports.compose_comparison import compose_comparison  # noqa: PLC0415
    from .reports.files import comparison_renderer_of, write_files  # noqa: PLC0415
    from .surveys.benchmark import read_benchmark  # noqa: PLC0415
    from .surveys.renames import renames  # noqa: PLC0415

    if no_record and (replaces or options["record"]):
        raise click.UsageError("--no-record goes with none of --record and --replaces.")
    chosen = chosen_settings(options, parts((formats or "").lower()))
    renderers = {name: comparison_renderer_of(name) for name in chosen.formats or ("html", "xlsx")}
    renamed, benchmark = renames(pairs, map_file), read_benchmark(against) if against else ()
    labels = parts(names)
    waves: list[Published] = []
    with _progress(shown=not quiet) as step:
        for file in files:
            settings = overlaid(settings_of(file, config), chosen)
            past = Past(None if no_record else record_path(file, config, settings), replaces, None)
            waves += published_of(file, settings, past, labels, len(waves), step)
        called = named([wave.wave for wave in waves], labels)
        waves = [replace(wave, wave=name) for wave, name in zip(waves, called, strict=True)]
        comparison = compare(waves, renamed=renamed)
        content = compose_comparison(
            comparison,
            look_of(chosen),
            version=version(),
            notes=(NO_RECORD,) if no_record else (),
            benchmark=against_elsewhere(comparison.waves[-1], benchmark) if benchmark else None,
        )
        folder, stem = output or Path(), files[-1].stem.removesuffix("-report")
        written = write_files(
            {folder / f"{stem}-comparison.{name}": render(content) for name, render in renderers.items()}
        )
    if not quiet:
        for line in (content.order, *content.notices, *content.summary, *(f"Written: {path}" for path in written)):
            _say(line)


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """A bar on the error stream, where a person watches it."""
    hidden = not (shown and sys.stderr.isatty())
    with click.progressbar(length=_STEPS, file=sys.stderr, hidden=hidden, show_eta=False, item_show_func=str) as bar:

        def step(label: str) -> None:
            bar.update(1, label)

        yield step
        bar.update(_STEPS)
