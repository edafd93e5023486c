"""What may be published: the rules a report follows, as numbers a person can set."""

from dataclasses import dataclass

from ...surveys.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Policy:
    """The disclosure rules of a report.

    min_group: no published figure, and no difference of published figures, speaks of fewer people than this (k).
    detail_from: shares, distributions and spread are shown from this many answers on.
    joint_from: figures that need each person's answers to several items are made from this many people on.
    dimension_items: share of a dimension's items that must be printed for a unit's dimension score to be printed.
    """

    min_group: int = 5
    detail_from: int = 10
    joint_from: int = 30
    dimension_items: float = 2 / 3

    def __post_init__(self) -> None:
        if self.min_group < 3:
            raise ConfigError(
                f"The smallest group cannot be {self.min_group}: below 3, one person's answers show.",
                hint="Use 5, or at least 3.",
            )
        if self.detail_from < self.min_group:
            raise ConfigError(
                f"Details cannot be shown from {self.detail_from} answers when groups start at {self.min_group}.",
                hint="Set detail_from to at least min_group.",
            )
