"""The rules that a report must keep: how small a group it may speak of, and in how much detail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .averages import Limits
from .groups import CutRules

USUAL: Final = 5
LOWEST: Final = 3  # no smallest group may be smaller
_FEWEST_DETAILED: Final = 10
_FEWEST_JOINT: Final = 30
_DIMENSION_ITEMS: Final = 2 / 3
_FEWEST_IN_CUT: Final = 10
_FEWEST_CUT_UP: Final = 50


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a report must keep. None: as the report itself says, or by default.

    min_group: people; coalition: how many of them may put their own answers together; detail_from: answers from which
    shares and spread are printed; joint_from: people from which figures of persons’ scores are; cut_group: people from
    which groups across the organisation are; cut_unit: people from which a unit has such groups; dimension_items: share
    of a dimension's items that must be printed.
    """

    min_group: int | None = None
    coalition: int = 0
    detail_from: int | None = None
    joint_from: int | None = None
    cut_group: int | None = None
    cut_unit: int | None = None
    dimension_items: float | None = None

    @classmethod
    def of(cls, policy: Mapping[str, float]) -> "Rules":
        """The rules of a settings file, as far as the audit needs them."""
        found = {name: policy[name] for name in cls.__slots__ if name in policy}
        whole = {name: int(value) for name, value in found.items() if name != "dimension_items"}
        return cls(**whole, dimension_items=found.get("dimension_items"))

    def limits(self, smallest: int) -> Limits:
        """From how many answers and people on evidence is printed. smallest: group, with the coalition."""
        return Limits(
            smallest=smallest,
            detail_from=self.detailed(smallest),
            joint_from=max(self.joint, smallest),
            dimension_items=_DIMENSION_ITEMS if self.dimension_items is None else self.dimension_items,
        )

    def detailed(self, smallest: int) -> int:
        """Answers from which shares and spread are printed."""
        return max(self.detail_from or _FEWEST_DETAILED, smallest)

    @property
    def joint(self) -> int:
        """People from which figures of persons' scores are printed."""
        return self.joint_from or _FEWEST_JOINT

    def writers(self, smallest: int) -> int:
        """How many comments must stand together: as many as answers of which the spread is printed, and a coalition."""
        return max((self.detail_from or _FEWEST_DETAILED) + self.coalition, smallest)

    def of_cuts(self, smallest: int) -> CutRules:
        """People from which groups across the organisation are printed, and a unit has such groups."""
        group = max((self.cut_group or _FEWEST_IN_CUT) + self.coalition, smallest)
        return CutRules(group, max((self.cut_unit or _FEWEST_CUT_UP) + self.coalition, group))

    def smallest(self, min_group: int) -> int:
        """The smallest group, with the coalition. min_group: as the reports say."""
        return max(min_group, (self.min_group or USUAL) + self.coalition if self.coalition else 0)

    def in_words(self, min_group: int, smallest: int) -> list[float]:
        """The numbers of the rules that sentences name."""
        detailed, joint = max(_FEWEST_DETAILED, min_group), max(_FEWEST_JOINT, min_group)
        return [min_group, smallest, self.detail_from or detailed, self.joint_from or joint]
