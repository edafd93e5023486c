"""The verdict: what was proved, or what a reader could work out, in words for people who are no statisticians."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..surveys.phrases import listed
from .figures import Fault, Unit

_MOST = 40  # lines about one kind of thing on the screen


@dataclass(frozen=True, slots=True)
class Attack:
    """What somebody can work out who adds and subtracts printed rows.

    plus, minus: the rows in words; people: how many are left; unanimous: they all gave the same answer; about: the
    questions it works on; () where it tells the rows’ people apart altogether. forced: the people are those that the
    rows in `plus` have in common, and only one set of answers of theirs fits all that is printed.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...]
    people: int
    unanimous: bool
    about: tuple[str, ...]
    forced: bool = False

    def __str__(self) -> str:
        joint = " ∩ " if self.forced else " + "
        rows = " − ".join([joint.join(self.plus), *self.minus])
        rows = rows[0].upper() + rows[1:]
        left = "1 person" if self.people == 1 else f"{self.people} people"
        said = f"{rows} = {left}"
        if self.unanimous:
            said += ", who all gave the same answer"
        if self.forced:
            said += ", whose answers are the only ones that fit the printed numbers"
        return said + (f" ({listed([f'“{text}”' for text in self.about], most=2)})" if self.about else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit found.

    attacks: what can be worked out. faults: what must not be in a report, or is not true. unproved: what could not be
    checked. The rest says what was looked at: files, printed rows, questions, the smallest group, the figures read, the
    data's SHA-256 (one per file), notes on what a proof leaves open, the digest of the rules where one is printed,
    the attributes by which groups across the organisation are printed. kept: the waves of a comparison of which only
    the snapshot of their report was given.
    """

    attacks: tuple[Attack, ...]
    faults: tuple[Fault, ...]
    unproved: tuple[str, ...]
    files: tuple[str, ...]
    rows: int
    items: int
    smallest: int
    figures: int
    data: tuple[str, ...]
    notes: tuple[str, ...]
    policy: str
    wave: str
    cuts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def is_proof(self) -> bool:
        """Whether everything was checked and nothing was found."""
        return not (self.attacks or self.faults or self.unproved)

    @property
    def headline(self) -> str:
        """The verdict in a sentence."""
        if self.attacks:
            return (
                f"NOT SAFE: answers of fewer than {self.smallest} people, or of people who all agree, can be worked"
                f" out: {_and_more(str(self.attacks[0]), len(self.attacks))}."
            )
        if self.faults:
            first = self.faults[0]
            what = _and_more(f"{first.file}, {first.place}: {first.problem}", len(self.faults))
            return f"NOT SAFE: the files hold what a report must not hold, or say what is not so: {what}."
        if self.unproved:
            what = _and_more(self.unproved[0].rstrip("."), len(self.unproved))
            return f"NOT PROVED: nothing was found, but not everything could be checked: {what}."
        rows = "1 printed row" if self.rows == 1 else f"{self.rows} printed rows"
        said = f"OK: {rows}, {self.items} questions, smallest group {self.smallest}."
        promise = "" if self.wave in self.kept else f" {self.promise}"
        return f"{said}{promise}{self._of_snapshots}"

    @property
    def _of_snapshots(self) -> str:
        """What is proved where a survey is not at hand: that nothing is said beyond the reports of that wave."""
        if not self.kept:
            return ""
        waves = listed([f"“{wave}”" for wave in self.kept])
        return (
            f" It says nothing of {waves} beyond what the snapshots print. Whether these are safe was for the audit of"
            " their own reports to prove."
        )

    @property
    def promise(self) -> str:
        """What a proof is of: less where groups across the organisation are printed."""
        sums = f"No sum or difference of printed rows speaks of fewer than {self.smallest} people"
        if self.cuts:
            return f"{sums}, and nobody’s answer is the only one that fits the printed numbers."
        return f"{sums}, and of no group that can be told apart is it certain what each of its people answered."


def rows_in_words(units: Sequence[Unit]) -> tuple[str, ...]:
    """The rows as they are called in a sentence."""
    return tuple(str(unit) for unit in units)


def to_lines(verdict: Verdict) -> tuple[str, ...]:
    """The verdict, a line for each thing that matters."""
    if verdict.is_proof:
        return (
            verdict.headline,
            f"Checked: {verdict.figures:,} figures in {listed(verdict.files, most=8)}, each against the survey.",
            *_parameters(verdict),
        )
    lines = [verdict.headline]
    lines += _some([f"Can be worked out: {attack}" for attack in verdict.attacks])
    lines += _some([f"Must not be there: {fault.file}, {fault.place}: {fault.problem}" for fault in verdict.faults])
    lines += _some([f"Could not be checked: {reason}" for reason in verdict.unproved])
    return (*lines, *_parameters(verdict))


def _and_more(first: str, number: int) -> str:
    return first if number == 1 else f"{first}, and {number - 1} more"


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST
    return [*lines[:_MOST], *([f"… and {more} more of this kind (--json lists all)"] if more > 0 else [])]


def _parameters(verdict: Verdict) -> tuple[str, ...]:
    wave = f"wave {verdict.wave}; " if verdict.wave else ""
    rules = f"; rules {verdict.policy}" if verdict.policy else ""
    notes = (f"Note: {note}" for note in verdict.notes)
    return (f"Data: {wave}SHA-256 {', '.join(verdict.data)}{rules}", *notes)


def to_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict for machines: `proved`, and all of its parts."""
    return {
        "schema": "psafety-audit/1",
        "proved": verdict.is_proof,
        **asdict(verdict),
        "attacks": [{"in_words": str(attack), **asdict(attack)} for attack in verdict.attacks],
        "faults": [fault._asdict() for fault in verdict.faults],
    }
