"""Options that more than one command has."""

from collections.abc import Callable
from pathlib import Path

import click

from .config import FILE_NAME

FILE_OPTIONS = (
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
SURVEY_OPTIONS = (
    *FILE_OPTIONS,
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
LOOK_OPTIONS = (
    click.option("--min-group", type=int, help="Smallest group whose answers may be shown.  [default: 5]"),
    click.option("--title", help="Title of the report.  [default: the name of the file]"),
    click.option("--date", metavar="TEXT", help="Date to print on the report; none is printed otherwise."),
    click.option("--lang", metavar="CODE", help="Language of what is written: en, de, fr, es, sv.  [default: en]"),
    click.option(
        "--format",
        "formats",
        metavar="LIST",
        help="Formats, separated by commas: html, xlsx, json, pdf.  [default: html,xlsx]",
    ),
    click.option(
        "--assets",
        type=click.Choice(["inline", "shared"]),
        help="Where the library of the charts lies: in each page, or in one file beside them.  [default: inline]",
    ),
    click.option(
        "--paper",
        type=click.Choice(["A4", "Letter"], case_sensitive=False),
        help="Paper to print on.  [default: A4 for a PDF, else the printer's]",
    ),
    click.option("--browser", metavar="PATH", help="Browser that prints the PDF: Chromium, Chrome or Edge."),
)
MAP_OPTIONS = (
    click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="A team that was renamed; repeatable."),
    click.option(
        "--map-file", type=click.Path(path_type=Path), help="File of renamed teams, with the columns “old” and “new”."
    ),
)
RECORD_OPTION = click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="File that keeps what was published.  [default: psafety-record.json beside the settings or the survey]",
)
PAST_OPTIONS = (
    RECORD_OPTION,
    click.option("--no-record", is_flag=True, help="Keep no record and check none; the report says so."),
    click.option("--replaces", is_flag=True, help="The earlier report on these answers was never shared with anybody."),
)
QUIET_OPTION = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")

_Command = Callable[..., None]

MERGE_OPTION = click.option(
    "--merge-small",
    is_flag=True,
    default=None,
    help="Report teams of one unit together that are too small to be shown alone.",
)

LAST_OPTION = click.option(
    "--last",
    metavar="FILE|WAVE",
    help="The last wave, for what has changed: its kept snapshot (.json), or its name in SURVEY.",
)


def takes(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Several options that more than one command has, in the order of the help text."""

    def with_options(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options
