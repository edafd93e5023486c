"""The kinds of doubtful rows that can be told, and removed where somebody asks for it: see `doubtful`."""

from collections.abc import Collection
from typing import Final, Literal, get_args

from .errors import ConfigError

Kind = Literal["tests", "unfinished", "duplicates", "speeders", "straight-lines"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def checked_kinds(remove: Collection[str]) -> tuple[Kind, ...]:
    """The kinds, each once, in the order of KINDS. Raises ConfigError where there is no such kind."""
    for name in remove:
        if name not in KINDS:
            raise ConfigError(
                f"There are no rows of the kind “{name}” to remove.",
                where="--remove",
                hint=f"It takes: {', '.join(KINDS)}.",
            )
    return tuple(kind for kind in KINDS if kind in remove)
