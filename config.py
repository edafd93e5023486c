"""psafety.toml: what was decided about a survey, kept beside it; an option on the command line wins over it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .surveys.errors import ConfigError

FILE_NAME = "psafety.toml"
RECORD_NAME = "psafety-record.json"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one survey; whatever is None or empty is found out or left at its default.

    instrument: id or path. platform: a name. team, units, wave, cuts: headers. items: item id → header.
    labels: the answers of scales nobody knows, each as "Nope|Sometimes|Totally". strict: whether a column that leads to
    a person is an error. turn: ids of items read the other way round. remove: kinds of doubtful rows to leave out.
    policy: name of a disclosure rule → its value. min_answered: share of a dimension's items a person must have
    answered.
    title, date, lang, formats: the look of the report; logo, colors, introduction, templates, assets, paper: the same,
    explained in docs/look.md. browser: path of the one that prints a PDF. record: path of the record of what was
    published.
    wave_name: what the wave is called where the file does not say so. team_reports: a page for every team too.
    facilitator: a sheet for a facilitator beside every such page. merge_small: small teams of one unit are reported
    together. last: path of a snapshot of the last wave, or its name in the file.
    comments: headers of columns of free text. names: path of a list of names to mask in them.
    outcome: id of a dimension or question of which drivers are looked for, beside those of speaking up.
    """

    instrument: str | None = None
    platform: str | None = None
    team: str | None = None
    units: tuple[str, ...] = ()
    wave: str | None = None
    cuts: tuple[str, ...] = ()
    sheet: str | None = None
    headcounts: str | None = None
    min_answered: float | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    strict: bool | None = None
    turn: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    policy: Mapping[str, float] = field(default_factory=dict)
    finite_population: bool | None = None
    title: str | None = None
    date: str | None = None
    lang: str | None = None
    logo: str | None = None
    colors: tuple[str, ...] = ()
    introduction: str | None = None
    templates: str | None = None
    assets: str | None = None
    paper: str | None = None
    browser: str | None = None
    formats: tuple[str, ...] = ()
    record: str | None = None
    wave_name: str | None = None
    team_reports: bool | None = None
    facilitator: bool | None = None
    merge_small: bool | None = None
    last: str | None = None
    comments: tuple[str, ...] = ()
    names: str | None = None
    outcome: str | None = None


_LOOK = dict.fromkeys(("logo", "introduction", "templates", "assets", "paper", "browser"), str) | {"colors": list}

# Where each setting stands in the file, and what it must be.
_TABLES: dict[str, dict[str, type]] = {
    "survey": {
        **dict.fromkeys(("instrument", "platform", "team", "wave", "wave_name", "sheet", "headcounts", "names"), str),
        **dict.fromkeys(("units", "cuts", "labels", "turn", "remove", "comments"), list),
        "strict": bool,
        "merge_small": bool,
        "min_answered": float,
    },
    "items": {},
    "policy": {
        **dict.fromkeys(("min_group", "coalition", "detail_from", "joint_from", "cut_group", "cut_unit"), int),
        **dict.fromkeys(("dimension_items", "cover"), float),
    },
    "report": {
        **dict.fromkeys(("title", "date", "lang", "record", "outcome", "last"), str),
        "formats": list,
        **dict.fromkeys(("finite_population", "team_reports", "facilitator"), bool),
    }
    | _LOOK,
}
_KINDS = {str: "a text", list: "a list of texts", float: "a number", int: "a whole number", bool: "true or false"}


def read_config(path: Path) -> Config:
    """Read one psafety.toml. Paths in it are relative to the file itself.

    Raises ConfigError naming the key that is unknown or of the wrong kind.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError("The settings cannot be read.", where=path.name, hint="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"This is not valid TOML: {error}.", where=path.name, hint="Correct that line.") from error
    settings: dict[str, Any] = {}
    for table, content in document.items():
        if table not in _TABLES or not isinstance(content, dict):
            raise ConfigError(
                f"“{table}” is not a part of the settings.", where=path.name, hint=f"Parts are: {', '.join(_TABLES)}."
            )
        if table == "items":
            settings["items"] = _item_headers(content, path)
        else:
            found = {key: _setting(table, key, value, path) for key, value in content.items()}
            settings |= {"policy": found} if table == "policy" else found
    for name in ("instrument", "headcounts"):
        if name in settings and (path.parent / settings[name]).is_file():
            settings[name] = str(path.parent / settings[name])
    for name in ("record", "names", "logo", "templates"):
        if name in settings:
            settings[name] = str(path.parent / settings[name])
    return Config(**settings)


def _item_headers(content: Mapping[str, Any], path: Path) -> dict[str, str]:
    for key, value in content.items():
        if not isinstance(value, str):
            raise ConfigError(f"[items] {key} must be the header of a column.", where=path.name)
    return dict(content)


def _setting(table: str, key: str, value: Any, path: Path) -> Any:
    kind = _TABLES[table].get(key)
    if kind is None:
        raise ConfigError(
            f"[{table}] has no setting “{key}”.", where=path.name, hint=f"It has: {', '.join(_TABLES[table])}."
        )
    fits = isinstance(value, (int, float) if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if not fits or (kind is list and not all(isinstance(entry, str) for entry in value)):
        raise ConfigError(f"[{table}] {key} must be {_KINDS[kind]}.", where=path.name)
    return tuple(value) if kind is list else value


def overlaid(below: Config, above: Config) -> Config:
    """`below`, with whatever `above` sets."""
    default = Config()
    names = [entry.name for entry in fields(Config)]
    chosen = {name: getattr(above, name) for name in names if getattr(above, name) != getattr(default, name)}
    return replace(below, **chosen | {"policy": {**below.policy, **above.policy}})
