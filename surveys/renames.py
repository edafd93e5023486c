"""Teams that go by another name than before: from “old=new” on the command line, or from a file of two columns."""

from collections.abc import Iterable
from pathlib import Path

from .cells import fold
from .errors import ConfigError, TableError
from .tables import read_table


def renames(pairs: Iterable[str], path: Path | None = None) -> dict[str, str]:
    """Old name → new name. pairs: each as “old=new”. path: a file with the columns “old” and “new”.

    Raises ConfigError for a pair without “=”, or for an old name that is given two new ones (a team that was split has
    no successor), and TableError for a file without those columns.
    """
    found: dict[str, str] = {}
    for old, new in [*map(_pair, pairs), *(_rows(path) if path else ())]:
        if found.setdefault(old, new) != new:
            raise ConfigError(
                f"“{old}” is given two new names. A team that was split cannot be compared with one of its parts.",
                hint="Leave it out: it is then named as no longer there.",
            )
    return found


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = (part.strip() for part in text.partition("="))
    if not (old and sign and new):
        raise ConfigError(f"“{text}” does not say which name became which.", hint="Write --map “old name=new name”.")
    return old, new


def _rows(path: Path) -> list[tuple[str, str]]:
    table = read_table(path)
    headers = [fold(header) for header in table.header]
    if not {"old", "new"} <= set(headers):
        raise TableError("The file of names needs the columns “old” and “new”.", where=path.name, hint="Add them.")
    old, new = (table.columns[headers.index(name)].to_pylist() for name in ("old", "new"))
    pairs = [((before or "").strip(), (after or "").strip()) for before, after in zip(old, new, strict=True)]
    for number, pair in zip(table.rows, pairs, strict=True):
        if not all(pair):
            raise TableError("A name is missing.", where=f"{path.name}, row {number}", hint="Fill in both names.")
    return pairs
