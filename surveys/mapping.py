"""Which column holds which item of an instrument, with the evidence for it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Literal

from ..languages import gettext as _, language, ngettext, percent
from .answers import UNKNOWN, answer_texts, read_answers
from .cells import BLANK, NOT_APPLICABLE, fold
from .columns import counts_of_texts
from .errors import MappingError
from .identifying import is_identifying
from .instrument import Instrument, Item, in_language
from .phrases import enumerated, listed, short
from .platforms.export import Export
from .questions import NEARLY_SAME, likeness, question_texts, without_number

Role = Literal["item", "team", "unit", "wave", "cut", "comment", "metadata", "identifying", "not used"]

_MOST_TEXTS = 200  # more different texts than any column of ratings holds
_CLEARLY = 0.04  # by how much the nearest text must beat the second nearest


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the file; whatever is None is found out.

    team, units, wave, cuts: header or question text of a column; items: item id → header, for a file with other names.
    instrument: an instrument to read the file with; None: whichever shipped one fits, else one drafted from the file.
    platform: the name of a survey platform, as in `platforms.PLATFORMS`.
    labels: the answers of scales that nobody knows, each as "Nope|Sometimes|Totally", the lowest first.
    strict: whether a column that leads to a person is an error; else it is not read, and that is said.
    turn: ids of items that are read the other way round than the instrument says; see `keying`.
    remove: kinds of doubtful rows that are left out; see `doubtful`.
    comments: headers or question texts of columns of free text; names: what is masked in them; see `comments`.
    link: header of a column of codes that people made up, read as the last of the cuts: see `analysis.pairs`.
    """

    instrument: Instrument | None = None
    platform: str | None = None
    team: str | None = None
    units: tuple[str, ...] = ()
    wave: str | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    strict: bool = False
    turn: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What one column was taken for, and why; `item` is the id of its item, "" for other roles."""

    position: int
    name: str
    role: Role
    evidence: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A column that bears the name of an item.

    evidence: which of its names. weak: whether that is too little by itself, so that its answers must fit the item too.
    """

    position: int
    evidence: str
    weak: bool


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
            raise MappingError(
                f"{len(alike)} columns are called “{short(wanted)}”: {_columns(alike)}.",
                where=export.table.path.name,
                hint=f"Give each its own header, then name one with {option}.",
            )
    raise MappingError(
        f"There is no column “{short(wanted)}” in this file.",
        where=export.table.path.name,
        hint=_headers_to_choose(export, wanted, option),
    )


def _headers_to_choose(export: Export, wanted: str, option: str) -> str:
    headers = [name for name in dict.fromkeys(export.ids) if fold(name)]
    close = get_close_matches(fold(wanted), [fold(name) for name in headers], n=1)
    if close:
        return f"Did you mean “{next(name for name in headers if fold(name) == close[0])}”?"
    return f"{option} takes one of its headers: {listed([f'“{short(name)}”' for name in headers], most=12)}."


def match_items(
    export: Export, instrument: Instrument, wishes: Wishes, taken: Iterable[int]
) -> tuple[dict[str, int], dict[int, Column], list[str]]:
    """Item id → column, for the items of one instrument that the file holds; each column with its evidence; doubts.

    First what the person said, then ids and question texts, then near matches that are unambiguous.
    Raises MappingError where two columns claim the same item.
    """
    places, columns = _named_items(export, instrument, wishes)
    free = free_columns(export, {*taken, *columns})
    open_items = [item for item in instrument.items if item.id not in places]
    doubts: list[str] = []

    def take(item: Item, position: int, evidence: str) -> None:
        places[item.id] = position
        columns[position] = Column(position, export.ids[position], "item", evidence, item.id)

    claims = _claims(export, open_items, free)
    for item in open_items:
        claimed = claims.get(item.id, [])
        fitting = _sound(export, item, claimed)
        if len(fitting) > 1:
            raise _several_columns(export, item, fitting)
        if fitting:
            take(item, fitting[0].position, fitting[0].evidence)
        elif claimed:
            doubts.append(_misfit(item, claimed))
    if places or wishes.instrument is not None:
        near, unclear = _near_matches(export, instrument, places, [index for index in free if index not in columns])
        for item, position, share in near:
            evidence = _("nearly the same question text ({share})").format(share=percent(round(share * 100)))
            take(item, position, evidence)
            doubt = _("Column {column} was taken for the item “{item}”, as its text is nearly the same.")
            doubts.append(doubt.format(column=position + 1, item=item.id))
        doubts += [_near_but_unclear(position) for position in unclear]
    return {item.id: places[item.id] for item in instrument.items if item.id in places}, columns, doubts


def _named_items(export: Export, instrument: Instrument, wishes: Wishes) -> tuple[dict[str, int], dict[int, Column]]:
    """Item id → column, and column → its role, for the items that the person placed.

    Raises MappingError where there is no such item, or where two items are placed in one column.
    """
    ids = {item.id for item in instrument.items}
    columns: dict[int, Column] = {}
    for item_id, header in wishes.items.items():
        if item_id not in ids:
            raise MappingError(
                f"The instrument “{instrument.id}” has no item “{item_id}”.",
                where="[items] in psafety.toml",
                hint=f"`psafety instruments show {instrument.id}` lists its items.",
            )
        position = find_column(export, header, "[items] in psafety.toml")
        if position in columns:
            raise MappingError(
                f"“{short(header)}” is named for two items, “{columns[position].item}” and “{item_id}”.",
                where="[items] in psafety.toml",
                hint="Each item needs a column of its own.",
            )
        columns[position] = Column(position, export.ids[position], "item", _("the settings"), item_id)
    return {column.item: position for position, column in columns.items()}, columns


def free_columns(export: Export, taken: Collection[int]) -> list[int]:
    """The columns that may hold answers: not taken, not the platform's own, no free text, not leading to a person."""
    return [
        index
        for index in range(len(export.ids))
        if index not in taken
        and index not in export.metadata
        and index not in export.comments
        and not is_identifying(export.ids[index])
        and not is_identifying(export.texts[index])
    ]


def _claims(export: Export, items: Sequence[Item], free: Iterable[int]) -> dict[str, list[_Claim]]:
    """Item id → the columns that bear its name. A column claims one item: the one it has the best evidence for."""
    by_text = _index((fold(text), item.id) for item in items for text in item.texts.values())
    by_id = _index((fold(item.id), item.id) for item in items)
    by_code = _index((name_code(item.id), item.id) for item in items)
    claims: dict[str, list[_Claim]] = {}
    for index in free:
        text, id_ = fold(export.texts[index]), fold(export.ids[index])
        parts = (*question_texts(export.texts[index]), *question_texts(export.ids[index]))
        kinds = (
            (_("the same question text"), by_text, (text, id_, without_number(text), without_number(id_)), False),
            (_("the same id"), by_id, (id_,), False),
            (_("the same id"), by_code, (name_code(id_),), False),
            (_("the same question text"), by_text, parts, True),
        )
        for evidence, names_of_items, names, in_part in kinds:
            found = {names_of_items[name]: name for name in names if name in names_of_items}
            if len(found) == 1:
                [(item, name)] = found.items()
                claims.setdefault(item, []).append(_Claim(index, evidence, in_part or _is_ordinary(name)))
                break
    return claims


def _index(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name → item id; a name that two items share says nothing and is left out."""
    found: dict[str, str] = {}
    shared: set[str] = {""}
    for name, item in names:
        if found.setdefault(name, item) != item:
            shared.add(name)
    return {name: item for name, item in found.items() if name not in shared}


def _is_ordinary(name: str) -> bool:
    """Whether other columns may well be called so: one or two words without a number ("ideas", "any comments")."""
    return len(name.split()) <= 2 and not re.search(r"\d", name)


def name_code(text: str) -> str:
    """The letters and digits of a name: "AF-06" and "af06" are one id."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _sound(export: Export, item: Item, claims: Sequence[_Claim]) -> list[_Claim]:
    """The claims that stand: one alone unless it is weak; else those whose answers fit the item, or all strong ones."""
    strong = [claim for claim in claims if not claim.weak]
    if len(claims) == len(strong) == 1:
        return strong
    return [claim for claim in claims if answers_fit(export, claim.position, item)] or strong


def answers_fit(export: Export, position: int, item: Item) -> bool:
    """Whether a column holds answers, and at least half of them are on the scale of the item."""
    column = export.table.columns[position]
    if len(column.dictionary) > _MOST_TEXTS:
        return False
    points = read_answers(answer_texts(export, position), item.scale).points
    counts = dict.fromkeys((True, False), 0)
    for point, count in zip(points, counts_of_texts(column), strict=True):
        if point not in {BLANK, NOT_APPLICABLE}:
            counts[point != UNKNOWN] += count
    return 0 < counts[True] >= counts[False]


def bears_an_item(export: Export, instruments: Sequence[Instrument], position: int) -> str:
    """The id of the item whose name a column bears and whose answers it holds; "" for none."""
    for instrument in instruments:
        claims = _claims(export, instrument.items, [position])
        found = next((item for item in instrument.items if item.id in claims), None)
        if found is not None and answers_fit(export, position, found):
            return found.id
    return ""


def _several_columns(export: Export, item: Item, claims: Sequence[_Claim]) -> MappingError:
    headers = listed([f"“{short(export.ids[claim.position])}”" for claim in claims])
    columns = _columns([claim.position for claim in claims], capital=True)
    return MappingError(
        f"{columns} could each be the item “{item.id}”: {headers}.",
        where=export.table.path.name,
        hint="Remove the ones that do not belong, or name the right one under [items] in psafety.toml.",
    )


def _misfit(item: Item, claims: Sequence[_Claim]) -> str:
    doubt = ngettext(
        "Column {columns} bears the name of the item “{item}”, but no answers on its scale, and was not used.",
        "Columns {columns} bear the name of the item “{item}”, but no answers on its scale, and were not used.",
        len(claims),
    )
    return doubt.format(columns=enumerated([str(claim.position + 1) for claim in claims], most=8), item=item.id)


def _near_matches(
    export: Export, instrument: Instrument, places: Mapping[str, int], free: Sequence[int]
) -> tuple[list[tuple[Item, int, float]], list[int]]:
    """Item, column and likeness, where each is the other's clear best match; the columns near to several."""
    left = {item.id: item for item in instrument.items if item.id not in places and item.texts}
    alike: dict[tuple[int, str], float] = {}
    for index in free if left else ():
        texts = question_texts(export.texts[index])
        alike |= {
            (index, item.id): share for item in instrument.items if (share := likeness(texts, item.texts.values()))
        }
    near = {
        (index, id_): share
        for (index, id_), share in alike.items()
        if id_ in left and share >= NEARLY_SAME and answers_fit(export, index, left[id_])
    }
    clear = {
        (index, id_): share
        for (index, id_), share in near.items()
        if all(share - rival >= _CLEARLY for key, rival in alike.items() if (key[0] == index) != (key[1] == id_))
    }
    unclear = dict.fromkeys(index for index, _ in near.keys() - clear.keys())
    return [(left[id_], index, share) for (index, id_), share in clear.items()], sorted(unclear)


def _near_but_unclear(position: int) -> str:
    return (
        f"The text of column {position + 1} is nearly that of an item, but of more than one, or another column comes as"
        " near; it was not used. If it belongs, name it under [items] in psafety.toml."
    )


def choose_instrument(
    export: Export, shipped: Sequence[Instrument], wishes: Wishes, taken: Iterable[int]
) -> Instrument | None:
    """The shipped instrument whose items the person placed; else the one most of whose items the file holds.

    None where the file holds less than three items of each.
    Raises MappingError where the placed items are not those of one shipped instrument.
    """
    if wishes.items:
        fitting = [each for each in shipped if wishes.items.keys() <= {item.id for item in each.items}]
        if len(fitting) == 1:
            return fitting[0]
        raise MappingError(
            "Columns are named for items, but not the instrument these items belong to.",
            where="[items] in psafety.toml",
            hint="Name it with --instrument: one that ships (see `psafety instruments`) or your own file.",
        )
    free = free_columns(export, set(taken))
    found = [
        (_number_held(export, instrument, free), instrument) for instrument in shipped if not instrument.by_position
    ]
    best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= 3 else None


def _number_held(export: Export, instrument: Instrument, free: Sequence[int]) -> int:
    claims = _claims(export, instrument.items, free)
    return sum(1 for item in instrument.items if _sound(export, item, claims.get(item.id, [])))


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
        enough = len(there) >= instrument.min_answered * len(asked)
        if len(there) < len(asked):
            note = _("“{dimension}” lacks {missing} of its {all} items in this file: {items}.").format(
                dimension=in_language(dimension.names, language()) or dimension.id,
                missing=len(asked) - len(there),
                all=len(asked),
                items=enumerated([item.id for item in asked if item.id not in held]),
            )
            if not enough and dimension.part != "outcome":
                note = " ".join([note, _("The others are too few for a score and stand alone.")])
            notes.append(note)
        dimensions.append(dimension if enough else replace(dimension, part="outcome"))
    items = tuple(item for item in instrument.items if item.id in held)
    return replace(instrument, dimensions=tuple(dimensions), items=items), tuple(notes)


def _columns(positions: Sequence[int], *, capital: bool = False) -> str:
    text = f"column{'s' * (len(positions) > 1)} {listed([str(index + 1) for index in positions], most=8)}"
    return text.capitalize() if capital else text
