"""Which column is what: items of an instrument, team, units, wave; with the evidence for each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from .answers import fold
from .errors import MappingError
from .instrument import Instrument, Item
from .platforms.export import Export

Role = Literal["item", "team", "unit", "wave", "metadata", "identifying", "not used"]

# Headers by which we recognise the columns of groups, folded. Units from the outermost inwards.
_TEAM_NAMES = frozenset(
    {
        *("team", "team name", "teamname", "your team", "my team", "which team are you in", "work group", "workgroup"),
        *(
            "team id",
            "squad",
            "group",
            "which team do you work in",
            "what team are you in",
            "in welchem team arbeitest du",
        ),
        *("teamnamen", "dein team", "mein team", "gruppe", "arbeitsgruppe", "welches team"),
    }
)
_UNIT_NAMES = (
    frozenset({"company", "organisation unit", "business unit", "sparte", "geschäftsbereich"}),
    frozenset({"division", "directorate", "bereich", "hauptabteilung", "region"}),
    frozenset({"department", "dept", "dept.", "your department", "abteilung", "fachbereich", "unit", "org unit"}),
    frozenset({"section", "sub-department", "subdepartment", "referat", "sachgebiet", "unterabteilung"}),
)
_WAVE_NAMES = frozenset(
    {"wave", "quarter", "survey wave", "survey round", "round", "welle", "quartal", "erhebung", "period", "zeitraum"}
)
_IDENTIFYING = re.compile(
    r"\b(e-?mails?|mail address|first ?names?|last ?names?|surnames?|full ?names?|your names?|ip ?address|phone|mobile"
    r"|employee (id|number|no)|personnel number|latitude|longitude|date of birth|birth ?date|vorname|nachname|familienname"
    r"|telefon|personalnummer|geburtsdatum|ip-adresse)\b|^(name|user ?name|respondent|location(latitude|longitude))$"
)
_NEGATIONS = re.compile(
    r"\b(not|no|never|none|nobody|without|hardly|cannot|nicht|kein\w*|nie|niemand|ohne|kaum)\b|n't\b|\bun\w+"
)
_NEAR = 0.9  # how alike two texts must be to count as the same question
_NEAR_GAP = 0.04  # and by how much the best must beat the second


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the file; whatever is None is found out.

    team, units, wave: header or question text of a column; items: item id → header, for a file with other names.
    instrument: an instrument to read the file with; None: whichever shipped one fits, else one drafted from the file.
    """

    instrument: Instrument | None = None
    team: str | None = None
    units: tuple[str, ...] = ()
    wave: str | None = None
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column was taken for, and why; `item` is the id of its item, "" for other roles."""

    position: int
    name: str
    role: Role
    evidence: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the items and the groups stand in the file, by column position.

    items: item id → position, in the instrument's order. units: outermost first, without the team.
    """

    items: Mapping[str, int]
    units: tuple[int, ...]
    team: int | None
    wave: int | None
    columns: tuple[Column, ...]
    doubts: tuple[str, ...]


def find_column(export: Export, wanted: str, option: str) -> int:
    """The position of the column a person named by header or question text.

    Raises MappingError where there is none, or more than one.
    """
    for names in (export.ids, export.texts):
        exact = [index for index, name in enumerate(names) if name.strip() == wanted.strip()]
        alike = exact or [index for index, name in enumerate(names) if fold(name) == fold(wanted)]
        if len(alike) == 1:
            return alike[0]
        if alike:
            numbers = ", ".join(str(index + 1) for index in alike)
            raise MappingError(
                f"{len(alike)} columns are called “{wanted}” (columns {numbers}).",
                hint=f"Give each its own header, then name one with {option}.",
            )
    shown = ", ".join(f"“{name}”" for name in export.ids[:12] if len(name) <= 40)
    raise MappingError(
        f"There is no column “{wanted}” in this file.", hint=f"{option} takes one of its headers: {shown}."
    )


def find_groups(export: Export, wishes: Wishes) -> dict[int, Column]:
    """The columns of team, units and wave: those the person named, else those whose header says it.

    Raises MappingError where two columns claim the same part.
    """
    found: dict[int, Column] = {}

    def take(position: int, role: Role, evidence: str) -> None:
        found.setdefault(position, Column(position, export.ids[position], role, evidence))

    for wanted in wishes.units:
        take(find_column(export, wanted, "--unit"), "unit", "named with --unit")
    if wishes.team is not None:
        take(find_column(export, wishes.team, "--team"), "team", "named with --team")
    if wishes.wave is not None:
        take(find_column(export, wishes.wave, "--wave"), "wave", "named with --wave")
    if wishes.team is None and (position := _only(export, _TEAM_NAMES, "team", "--team")) is not None:
        take(position, "team", "its header says so")
    if wishes.wave is None and (position := _only(export, _WAVE_NAMES, "wave", "--wave")) is not None:
        take(position, "wave", "its header says so")
    if not wishes.units:
        for names in _UNIT_NAMES:
            if (position := _only(export, names, "unit", "--unit")) is not None:
                take(position, "unit", "its header says so")
    return found


def _only(export: Export, names: frozenset[str], role: str, option: str) -> int | None:
    found = [
        index
        for index, (id_, text) in enumerate(zip(export.ids, export.texts, strict=True))
        if index not in export.metadata and (fold(id_) in names or fold(text).rstrip("?") in names)
    ]
    if len(found) > 1:
        headers = " and ".join(f"“{export.ids[index]}”" for index in found)
        raise MappingError(
            f"{headers} could each be the {role} column.", hint=f"Say which one: {option} “{export.ids[found[0]]}”."
        )
    return found[0] if found else None


def is_identifying(header: str) -> bool:
    """Whether a header promises names, addresses or numbers that lead to a person."""
    return bool(_IDENTIFYING.search(fold(header)))


def match_items(
    export: Export, instrument: Instrument, wishes: Wishes, taken: Iterable[int]
) -> tuple[dict[str, int], dict[int, Column], list[str]]:
    """Item id → column, for the items of one instrument that the file holds; each column with its evidence; doubts.

    First what the person said, then ids, then question texts, then near matches that are unambiguous.
    Raises MappingError where two columns claim the same item.
    """
    free = [index for index in range(len(export.ids)) if index not in set(taken) | export.metadata]
    places: dict[str, int] = {}
    columns: dict[int, Column] = {}
    doubts: list[str] = []

    def take(item: Item, position: int, evidence: str) -> None:
        places[item.id] = position
        columns[position] = Column(position, export.ids[position], "item", evidence, item.id)
        if position in free:
            free.remove(position)

    by_id = {item.id: item for item in instrument.items}
    for item_id, header in wishes.items.items():
        if item_id not in by_id:
            raise MappingError(
                f"The instrument “{instrument.id}” has no item “{item_id}”.",
                hint=f"`psafety instruments show {instrument.id}` lists its items.",
            )
        take(by_id[item_id], find_column(export, header, "[items] in psafety.toml"), "named in the settings")
    for evidence, names_of in (("id", _item_ids), ("question text", _item_texts)):
        for item in instrument.items:
            if item.id in places:
                continue
            names = names_of(item)
            fits = [index for index in free if names & _column_names(export, index, evidence)]
            if len(fits) > 1:
                raise MappingError(
                    f"Columns {', '.join(str(index + 1) for index in fits)} all match the item “{item.id}”.",
                    hint="Remove the columns that do not belong, or name the right one under [items] in psafety.toml.",
                )
            if fits:
                take(item, fits[0], f"same {evidence}")
    for item, position, likeness in _near_matches(export, instrument, places, free):
        take(item, position, f"nearly the same question text ({likeness:.0%})")
        doubts.append(f"Column {position + 1} was taken for the item “{item.id}” because its text is nearly the same.")
    return {item.id: places[item.id] for item in instrument.items if item.id in places}, columns, doubts


def _item_ids(item: Item) -> set[str]:
    return {_code(item.id)}


def _item_texts(item: Item) -> set[str]:
    return {fold(text) for text in item.texts.values() if text}


def _code(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _column_names(export: Export, index: int, evidence: str) -> set[str]:
    if evidence == "id":
        return {_code(export.ids[index])}
    return set(question_texts(export.texts[index])) | set(question_texts(export.ids[index]))


def question_texts(header: str) -> tuple[str, ...]:
    """The texts a header may stand for, folded: itself, without numbering, and the row of a grid.

    >>> question_texts("3. How far do you agree? [We listen.]")
    ('3. how far do you agree? [we listen.]', 'how far do you agree? [we listen.]', 'we listen')
    """
    whole = fold(header)
    unnumbered = re.sub(r"^[a-z]{0,3}\d+[a-z]?([._-]\d+)*\s*[.:)_-]+\s*", "", whole)
    row = re.search(r"\[([^\[\]]+)\]$", whole)
    tails = [tail for mark in (" - ", ": ") if (tail := unnumbered.rpartition(mark)[2]) != unnumbered]
    rows = [fold(row[1])] if row else []
    return tuple(dict.fromkeys([whole, unnumbered, *rows, *map(fold, tails)]))


def _near_matches(
    export: Export, instrument: Instrument, places: Mapping[str, int], free: Sequence[int]
) -> list[tuple[Item, int, float]]:
    """Item, column and likeness, where each is the other's clear best match and no negation differs."""
    items = [item for item in instrument.items if item.id not in places and item.texts]
    if not items or not places:
        return []
    found: list[tuple[Item, int, float]] = []
    for index in free:
        ranked = sorted(((_likeness(export.texts[index], item), item.id) for item in items), reverse=True)
        best, item_id = ranked[0]
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        if best >= _NEAR and best - second >= _NEAR_GAP:
            found.append((next(item for item in items if item.id == item_id), index, best))
    claimed = [item.id for item, _, _ in found]
    return [match for match in found if claimed.count(match[0].id) == 1]


def _likeness(header: str, item: Item) -> float:
    return max((_alike(mine, theirs) for mine in question_texts(header) for theirs in _item_texts(item)), default=0.0)


def _alike(mine: str, theirs: str) -> float:
    """Likeness of two folded texts, 0 to 1; 0 where one denies what the other says."""
    if sorted(map(str, _NEGATIONS.findall(mine))) != sorted(map(str, _NEGATIONS.findall(theirs))):
        return 0.0
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR else 0.0


def choose_instrument(export: Export, shipped: Sequence[Instrument], taken: Iterable[int]) -> Instrument | None:
    """The shipped instrument most of whose items the file holds; None where none has at least three of them."""
    taken = tuple(taken)
    found = [
        (len(match_items(export, instrument, Wishes(), taken)[0]), instrument)
        for instrument in shipped
        if not instrument.by_position
    ]
    best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= 3 else None


def only_present(instrument: Instrument, present: Iterable[str]) -> tuple[Instrument, tuple[str, ...]]:
    """The instrument with the items that the file holds, and what a person should know about the others.

    A dimension keeps its joint score where at least `min_answered` of its items are there; else its items stand alone.
    """
    held = set(present)
    notes: list[str] = []
    dimensions = []
    for dimension in instrument.dimensions:
        asked = instrument.items_of(dimension.id)
        there = [item for item in asked if item.id in held]
        if not there:
            continue
        if len(there) < len(asked):
            missing = ", ".join(item.id for item in asked if item.id not in held)
            notes.append(f"Not in this file: {missing}.")
        enough = len(there) >= instrument.min_answered * len(asked)
        dimensions.append(dimension if enough else replace(dimension, part="outcome"))
    items = tuple(item for item in instrument.items if item.id in held)
    return replace(instrument, dimensions=tuple(dimensions), items=items), tuple(notes)
