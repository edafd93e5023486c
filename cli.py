"""The command line: arguments → library calls → exit status. Heavy imports happen in the command that needs them."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .config import FILE_NAME, Config, overlaid, read_config
from .surveys.errors import PsafetyError

if TYPE_CHECKING:
    from .analysis.findings import Findings
    from .reports.compose import Look
    from .surveys.mapping import Wishes
    from .surveys.responses import Responses

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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="psafety")
def main() -> None:
    """Reports on psychological safety in teams, without giving away what one person answered."""


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--instrument", metavar="ID|FILE", help="Questionnaire: a shipped one (see `psafety instruments`) or a TOML file."
)
@click.option("--platform", metavar="NAME", help="Survey platform the file is from (else found out).")
@click.option("--team", metavar="COLUMN", help="Column that names the team.")
@click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="COLUMN",
    help="Column of a unit above the team, outermost first; repeatable.",
)
@click.option(
    "--wave", metavar="COLUMN[=VALUE]", help="Column that names the wave, and which wave to report on (else the last)."
)
@click.option("--sheet", help="Sheet of a workbook to read (else the first with data); “*” for all.")
@click.option("--headcounts", type=click.Path(path_type=Path), help="File of team and headcount: gives response rates.")
@click.option(
    "--finite-population",
    is_flag=True,
    default=None,
    help="Narrow intervals by the share who answered (needs headcounts).",
)
@click.option("--min-group", type=int, help="Smallest group whose answers may be shown.  [default: 5]")
@click.option("--title", help="Title of the report.  [default: the name of the file]")
@click.option("--date", metavar="TEXT", help="Date to print on the report; none is printed otherwise.")
@click.option(
    "--format", "formats", metavar="LIST", help="Formats, separated by commas: html, xlsx, json.  [default: html,xlsx]"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write to, or “-” for standard output (one format).",
)
@click.option(
    "--config", type=click.Path(path_type=Path), help=f"Settings file.  [default: {FILE_NAME} beside the survey]"
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def report(
    surveys: tuple[Path, ...],
    output: Path | None,
    config: Path | None,
    quiet: bool,
    formats: str | None,
    **options: object,
) -> None:
    """Make the HTML report and the Excel workbook of a survey: a file, a .zip, or several files with one header."""
    from .reports.compose import compose  # noqa: PLC0415
    from .reports.console import to_lines  # noqa: PLC0415
    from .reports.files import renderer_of, write_files  # noqa: PLC0415

    gc.disable()  # a report makes millions of small values and no cycles: looking for cycles costs a tenth of the time
    wanted = tuple(name.strip().lower() for name in formats.split(",")) if formats else ()
    settings = overlaid(_settings(surveys[0], config), _chosen(options, wanted))
    renderers = {name: renderer_of(name) for name in settings.formats or ("html", "xlsx")}
    to_stdout = output is not None and str(output) == "-"
    if to_stdout and len(renderers) != 1:
        raise click.UsageError("Standard output takes one format: add --format json, html or xlsx.")
    with _progress(shown=not quiet) as step:
        content = compose(_findings(surveys, settings, step), _look(settings), version=_version())
        rendered = {}
        for name, render in renderers.items():
            step(f"writing {name}")
            rendered[name] = render(content)
    if to_stdout:
        sys.stdout.buffer.write(*rendered.values())
    else:
        written = write_files(
            {(output or Path()) / f"{surveys[0].stem}-report.{name}": data for name, data in rendered.items()}
        )
    if not quiet:
        for line in (*to_lines(content), *(() if to_stdout else (f"Written: {path}" for path in written))):
            _say(line)


@main.command()
@click.argument("surveys", metavar="SURVEY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--instrument", metavar="ID|FILE", help="Questionnaire to read it with.")
@click.option("--platform", metavar="NAME", help="Survey platform the file is from (else found out).")
@click.option("--team", metavar="COLUMN", help="Column that names the team.")
@click.option("--unit", "units", multiple=True, metavar="COLUMN", help="Column of a unit above the team; repeatable.")
@click.option("--wave", metavar="COLUMN", help="Column that names the wave.")
@click.option("--sheet", help="Sheet of a workbook to read (else the first with data); “*” for all.")
@click.option("--config", type=click.Path(path_type=Path), help=f"Settings.  [default: {FILE_NAME} beside the survey]")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for machines.")
def check(surveys: tuple[Path, ...], config: Path | None, as_json: bool, **options: object) -> None:
    """Explain how a survey is read: platform, columns, answers, doubts. Writes nothing."""
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from .surveys.check import check_survey, to_lines  # noqa: PLC0415

    settings = overlaid(_settings(surveys[0], config), _chosen(options, ()))
    found = check_survey(surveys, _wishes(settings), sheet=settings.sheet)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        for line in to_lines(found):
            click.echo(_printable(line))


@main.command()
@click.argument("survey", type=click.Path(path_type=Path))
@click.option("--sheet", help="Sheet of a workbook to read (else the first with data).")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write, or “-”.  [default: <name>-instrument.toml]"
)
def draft(survey: Path, sheet: str | None, output: Path | None) -> None:
    """Write a commented instrument file from the questions found in SURVEY; edit it and use it with --instrument."""
    from .reports.files import write_files  # noqa: PLC0415
    from .surveys.draft import draft_file  # noqa: PLC0415

    text = draft_file(survey, sheet=sheet)
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


def _settings(survey: Path, config: Path | None) -> Config:
    """The settings file that was named, else the one beside the survey, else nothing."""
    beside = survey.parent / FILE_NAME
    if config is not None:
        return read_config(config)
    return read_config(beside) if beside.is_file() else Config()


def _chosen(options: dict[str, object], formats: tuple[str, ...]) -> Config:
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    if "headcounts" in given:
        given["headcounts"] = str(given["headcounts"])
    policy = {name: given.pop(name) for name in ("min_group",) if name in given}
    return Config(formats=formats, policy=policy, **given)  # type: ignore[arg-type]


def _findings(surveys: tuple[Path, ...], settings: Config, step: Callable[[str], None]) -> "Findings":
    from .analysis.disclosure.policy import Policy  # noqa: PLC0415
    from .analysis.findings import analyze  # noqa: PLC0415
    from .surveys.headcounts import read_headcounts  # noqa: PLC0415

    policy = Policy.of(**settings.policy)
    responses, wave = _responses(surveys, settings, step)
    headcounts = read_headcounts(Path(settings.headcounts), responses.levels) if settings.headcounts else None
    step("protecting small groups")
    return analyze(
        responses, policy, wave=wave, headcounts=headcounts, finite_population=bool(settings.finite_population)
    )


def _responses(
    surveys: tuple[Path, ...], settings: Config, step: Callable[[str], None]
) -> tuple["Responses", str | None]:
    from .surveys.responses import load_survey  # noqa: PLC0415

    responses = load_survey(surveys, _wishes(settings), sheet=settings.sheet, progress=step)
    if settings.min_answered is not None:
        responses = replace(responses, instrument=replace(responses.instrument, min_answered=settings.min_answered))
    wave = (settings.wave or "").partition("=")[2]
    return responses, wave.strip() or None


def _wishes(settings: Config) -> "Wishes":
    from .surveys.instrument_files import load_instrument  # noqa: PLC0415
    from .surveys.mapping import Wishes  # noqa: PLC0415

    return Wishes(
        instrument=load_instrument(settings.instrument) if settings.instrument else None,
        platform=settings.platform,
        team=settings.team,
        units=settings.units,
        wave=(settings.wave or "").partition("=")[0].strip() or None,
        items=settings.items,
    )


def _look(settings: Config) -> "Look":
    from .reports.compose import Look  # noqa: PLC0415

    return Look(title=settings.title or "", date=settings.date or "")


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("psafety")


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """A bar on the error stream, where a person watches it."""
    hidden = not (shown and sys.stderr.isatty())
    with click.progressbar(length=_STEPS, file=sys.stderr, hidden=hidden, show_eta=False, item_show_func=str) as bar:

        def step(label: str) -> None:
            bar.update(1, label)

        yield step
        bar.update(_STEPS)
