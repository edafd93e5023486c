"""Reports of a survey of which only the counts are known: made in a database, or on the machines of a cluster."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import ConfigError
from .findings import Past, findings_of
from .forecast import forecast
from .report import Reported, files_of, wants_pages
from .settings import look_of, version, wishes_of

if TYPE_CHECKING:
    from ..analysis.counted import Counted
    from ..bars import Watch

_NEED_ROWS = {
    "cuts": "--cut",
    "headcounts": "--headcounts",
    "finite_population": "--finite-population",
    "merge_small": "--merge-small",
    "comments": "--comments",
    "remove": "--remove",
    "last": "--last",
}
NOT_AUDITED = (
    "Not audited: the audit counts the rows anew, and they stay where they are. The protection decided over all that is"
    " printed together, as always."
)


def query_of(surveys: Sequence[Path], settings: Config, *, table: str, dialect: str) -> str:
    """The query by which a database counts the answers of a table with the columns of these files."""
    from ..analysis.warehouse import tally_query  # noqa: PLC0415
    from ..surveys.plan import plan_of  # noqa: PLC0415

    plan = plan_of(surveys, wishes_of(settings), sheet=settings.sheet)
    return tally_query(plan, table=table, dialect="postgres" if dialect == "postgres" else "duckdb")


def counts_of(path: Path, settings: Config) -> "Counted":
    """The counts that a database made, read as the settings say. Raises ConfigError for what needs rows."""
    from ..analysis.counted import read_counted, with_named_wave  # noqa: PLC0415
    from ..surveys.instrument_files import load_instrument  # noqa: PLC0415
    from ..surveys.keying import turn_items  # noqa: PLC0415

    _refuse_what_needs_rows(settings, allowed=())
    if not settings.instrument:
        raise ConfigError(
            "Counts do not say which questionnaire they are of.",
            where=path.name,
            hint="Name the one that the query was made with: --instrument ID or FILE.",
        )
    instrument = turn_items(load_instrument(settings.instrument), settings.turn)
    if settings.min_answered is not None:
        instrument = replace(instrument, min_answered=settings.min_answered)
    counted = read_counted(path, instrument)
    return with_named_wave(counted, settings.wave_name) if settings.wave_name else counted


def counts_on(address: str, surveys: Sequence[Path], settings: Config, watch: "Watch") -> "Counted":
    """The counts of files that the workers of a Dask scheduler make. surveys: URLs, patterns and paths."""
    from ..analysis.cluster import count_on_cluster  # noqa: PLC0415
    from ..analysis.counted import with_min_answered, with_named_wave  # noqa: PLC0415

    _refuse_what_needs_rows(settings, allowed=("cuts",))
    urls = [url_of(survey) for survey in surveys]
    counted = count_on_cluster(urls, wishes_of(settings), address, counting=watch.counting)
    if settings.min_answered is not None:
        counted = with_min_answered(counted, settings.min_answered)
    return with_named_wave(counted, settings.wave_name) if settings.wave_name else counted


def url_of(survey: Path) -> str:
    """A URL that was taken for a path has lost a slash: `s3:/bucket/file.csv`."""
    return re.sub(r"^([a-z][a-z0-9+.-]+):/(?=[^/])", r"\1://", survey.as_posix())


def stem_of(survey: Path) -> str:
    """What the report of a file or of a pattern is called, without what stands for other signs in it."""
    return re.sub(r"[*?\[\]]+", "", survey.stem).strip(" -_.") or "survey"


def _refuse_what_needs_rows(settings: Config, *, allowed: Sequence[str]) -> None:
    for name, option in _NEED_ROWS.items():
        if name not in allowed and getattr(settings, name):
            raise ConfigError(
                f"{option} needs the rows of the survey, and only counts are at hand.", hint=f"Leave {option} out."
            )


def write_counts(
    counted: "Counted",
    stem: str,
    settings: Config,
    past: Past,
    *,
    folder: Path,
    formats: Sequence[str],
    jobs: int,
    watch: "Watch",
) -> Reported:
    """Write the reports of one wave, all or none of them, and say what was done. stem: the name of the files."""
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.console import to_lines  # noqa: PLC0415
    from ..reports.files import write_files  # noqa: PLC0415

    if past.earlier:
        raise ConfigError("--earlier needs the rows of both reports.", hint="Leave --earlier out.")
    wave = (settings.wave or "").partition("=")[2].strip() or None
    watch.expect(forecast(counted, formats, pages=wants_pages(settings), audited=False))
    with findings_of(counted, wave, settings, past, watch) as (findings, record):
        content = compose(findings, replace(look_of(settings), audited=False), version=version())
        files = files_of(content, settings, folder, stem, formats, jobs=jobs, step=watch)
        written = write_files({**record, **files})
    return Reported(written, (*to_lines(content), NOT_AUDITED), (NOT_AUDITED,))
