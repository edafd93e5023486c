"""What the settings and options of a run say to each part of the program."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..config import FILE_NAME, RECORD_NAME, Config, read_config
from ..languages import LANGUAGES
from ..surveys.errors import ConfigError
from ..surveys.phrases import short

if TYPE_CHECKING:
    from ..audit.looks import Chosen
    from ..reports.compose import Look
    from ..surveys.mapping import Wishes


def settings_of(survey: Path, config: Path | None) -> Config:
    """The settings file that was named, else the one beside the survey, else nothing."""
    beside = survey.parent / FILE_NAME
    if config is not None:
        return read_config(config)
    return read_config(beside) if beside.is_file() else Config()


def chosen_settings(options: dict[str, object], formats: tuple[str, ...]) -> Config:
    """What the options of a command say, as settings. options: name → value, None where not given."""
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    given |= {name: str(given[name]) for name in ("headcounts", "record", "names") if name in given}
    given |= {name: parts(str(given[name])) for name in ("turn", "remove") if name in given}
    policy = {name: given.pop(name) for name in ("min_group",) if name in given}
    return Config(formats=formats, policy=policy, **given)  # type: ignore[arg-type]


def parts(text: str | None) -> tuple[str, ...]:
    """What stands between the commas of an option, without blanks."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def record_path(survey: Path, config: Path | None, settings: Config) -> Path:
    """The record that was named, else the one beside the settings that were named, else the one beside the survey."""
    return Path(settings.record) if settings.record else (config or survey).parent / RECORD_NAME


def wishes_of(settings: Config) -> "Wishes":
    """What the settings say about the files."""
    from ..surveys.instrument_files import load_instrument  # noqa: PLC0415
    from ..surveys.mapping import Wishes  # noqa: PLC0415

    return Wishes(
        instrument=load_instrument(settings.instrument) if settings.instrument else None,
        platform=settings.platform,
        team=settings.team,
        units=settings.units,
        cuts=settings.cuts,
        wave=(settings.wave or "").partition("=")[0].strip() or None,
        items=settings.items,
        labels=settings.labels,
        strict=bool(settings.strict),
        turn=settings.turn,
        remove=settings.remove,
        comments=settings.comments,
        names=names_of(settings),
    )


def names_of(settings: Config) -> tuple[str, ...]:
    """The names to mask in comments."""
    if not (settings.names and settings.comments):
        return ()
    from ..surveys.comments import read_names  # noqa: PLC0415

    return read_names(Path(settings.names))


def look_of(settings: Config) -> "Look":
    """What the settings say about the looks of a report."""
    from ..reports.compose import Look  # noqa: PLC0415
    from ..reports.design import design_of  # noqa: PLC0415

    return Look(
        title=settings.title or "",
        date=settings.date or "",
        lang=language_of(settings),
        design=design_of(
            logo=settings.logo,
            colours=settings.colors,
            introduction=settings.introduction,
            templates=settings.templates,
            assets=settings.assets,
            paper=settings.paper,
            browser=settings.browser,
        ),
        team_reports=bool(settings.team_reports or settings.facilitator),
    )


def chosen_look(settings: Config) -> "Chosen":
    """The same for the audit, which holds every page against it."""
    from ..audit.looks import Chosen  # noqa: PLC0415

    return Chosen(
        logo=Path(settings.logo) if settings.logo else None,
        introduction=settings.introduction or "",
        colours=bool(settings.colors),
        templates=bool(settings.templates),
    )


def language_of(*settings: Config) -> str:
    """The language that the first of the settings with one name; English where none does.

    Raises ConfigError where reports cannot be had in it.
    """
    wanted = next((one.lang for one in settings if one.lang is not None), "en")
    lang = wanted.strip().casefold()
    if lang not in LANGUAGES:
        raise ConfigError(
            f"There are no reports in the language “{short(wanted)}”.",
            where="--lang",
            hint=f"It takes: {', '.join(f'{code} ({name})' for code, name in LANGUAGES.items())}.",
        )
    return lang


def version() -> str:
    """The version of psafety that runs."""
    from importlib.metadata import version  # noqa: PLC0415

    return version("psafety")
