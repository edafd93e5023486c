"""What may be published: the rules a report follows, as numbers a person can set."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Self

from ...surveys.errors import ConfigError

_LOWEST = 3  # below that, one person's answers show


@dataclass(frozen=True, slots=True)
class Policy:
    """The disclosure rules of a report.

    min_group: no published figure, and no difference of published figures, speaks of fewer people than this (k).
    coalition: how many people of a group may add up their own answers without working out those of fewer than
        `min_group` others; the limits are raised by that many.
    detail_from: shares, distributions and spread are shown from this many answers on.
    joint_from: figures that need each person's answers to several items are made from this many people on.
    dimension_items: share of a dimension's items that must be printed for a unit's dimension score to be printed.
    cover: share of team × item cells that are withheld at random, so that a withheld cell is no hint.
    cut_group: smallest group of a cut; cut_unit: a top-level unit is cut only where this many answered.
    """

    min_group: int = 5
    coalition: int = 0
    detail_from: int = 10
    joint_from: int = 30
    dimension_items: float = 2 / 3
    cover: float = 0.02
    cut_group: int = 10
    cut_unit: int = 50

    def __post_init__(self) -> None:
        if self.min_group < _LOWEST:
            raise ConfigError(
                f"The smallest group cannot be {self.min_group}: below {_LOWEST}, one person's answers show.",
                hint=f"Use 5, or at least {_LOWEST}.",
            )
        if self.coalition < 0:
            raise ConfigError(f"A coalition of {self.coalition} people makes no sense.", hint="Use 0, 1 or 2.")
        for name, value in (("detail_from", self.detail_from), ("joint_from", self.joint_from)):
            if value < self.min_group:
                raise ConfigError(
                    f"{name} cannot be {value} when groups start at {self.min_group}.",
                    hint=f"Set {name} to at least min_group.",
                )
        if self.cut_group < self.min_group or self.cut_unit < self.cut_group:
            raise ConfigError(
                f"Cuts cannot start at {self.cut_group} people in units of {self.cut_unit}.",
                hint="Set cut_group to at least min_group, and cut_unit to at least cut_group.",
            )
        for name, share in (("dimension_items", self.dimension_items), ("cover", self.cover)):
            if not 0 <= share <= 1:
                raise ConfigError(f"{name} cannot be {share:g}.", hint=f"Set {name} to a share from 0 to 1.")

    @classmethod
    def of(cls, **chosen: float) -> Self:
        """The rules with some of them chosen; limits that nobody chose rise with the smallest group."""
        least = chosen.get("min_group", cls().min_group)
        raised = {
            name: max(getattr(cls(), name), least) for name in ("detail_from", "joint_from", "cut_group", "cut_unit")
        }
        return cls(**raised | chosen)

    @property
    def smallest(self) -> int:
        """The fewest people that a figure may speak of, a coalition among them."""
        return self.min_group + self.coalition

    @property
    def digest(self) -> str:
        """SHA-256 of all the rules, as 64 hexadecimal digits: two reports with the same one hide by the same rules."""
        rules = "\n".join(f"{name} = {value!r}" for name, value in asdict(self).items())
        return hashlib.sha256(rules.encode()).hexdigest()
