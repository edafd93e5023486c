"""Which column of a file is what: items, team, units, wave; with the instrument the file is read with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..languages import gettext as _, marked, ngettext, speaking
from .comments import check_comments, comment_columns
from .draft import Draft, draft_instrument, no_ratings, unclear_notes
from .errors import MappingError
from .given_scales import asked_scales
from .groups import find_groups, team_note
from .identifying import NUMBERS, PLACES, contents, coordinate_pairs, is_identifying, is_own_id, says_something
from .instrument import Instrument, ResponseScale
from .instrument_files import shipped_instruments
from .mapping import Column, Wishes, choose_instrument, match_items, only_present
from .phrases import enumerated, listed, short
from .platforms.export import Export

_NO_QUESTION = marked("it matches no question")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the items and the groups stand in the file, by column position.

    items: item id → position, in the instrument's order. units: outermost first, without the team.
    cuts, comments: as the person named them.
    """

    items: Mapping[str, int]
    units: tuple[int, ...]
    team: int | None
    wave: int | None
    columns: tuple[Column, ...]
    doubts: tuple[str, ...]
    cuts: tuple[int, ...] = ()
    comments: tuple[int, ...] = ()


def find_places(export: Export, wishes: Wishes) -> tuple[Instrument, Places]:
    """The instrument the file is read with, and which column is what.

    Raises MappingError where the file holds no item at all, what the person named is not there, or a column leads to a
    person and the wish is to be strict.
    """
    group_columns = find_groups(export, wishes)
    comments = comment_columns(export, wishes, group_columns)
    check_comments(export, [wishes.instrument] if wishes.instrument else shipped_instruments(), comments)
    group_columns |= comments
    instrument = wishes.instrument or choose_instrument(export, shipped_instruments(), wishes, group_columns)
    unclear: Mapping[int, str] = {}
    if instrument is None:
        draft = draft_instrument(export, group_columns, wishes.labels)
        if not draft.items:
            raise no_ratings(export, draft)
        instrument, items, unclear = draft.instrument, draft.items, draft.unclear
        evidence, notes = _item_columns(export, items, _("the answers")), unclear_notes(export, draft)
    else:
        found, evidence, doubts = match_items(export, instrument, wishes, group_columns)
        if not found and instrument.by_position:
            found = _by_position(export, instrument, draft_instrument(export, group_columns))
            evidence = _item_columns(export, found, _("its position in the file"))
        if not found:
            raise _no_item(export, instrument, doubts)
        items = found
        instrument, missing = only_present(instrument, items)
        notes = (*doubts, *missing)
    known = evidence | group_columns
    personal = _personal_columns(export, known.keys())
    filled = {place: held for place, held in personal.items() if says_something(export.table.columns[place])}
    if filled and wishes.strict:
        raise _leads_to_a_person(export, filled)
    known |= {place: _personal_column(export, place, held) for place, held in personal.items()}
    columns = tuple(known.get(index) or _other_column(export, index, unclear) for index in range(len(export.ids)))
    return instrument, Places(
        items=items,
        units=tuple(index for index, column in group_columns.items() if column.role == "unit"),
        team=_place_of("team", group_columns.values()),
        wave=_place_of("wave", group_columns.values()),
        columns=columns,
        doubts=(
            *notes,
            *_notes_on_labels(instrument, wishes.labels),
            *_note_on_persons(filled),
            *team_note(export, columns, unclear),
        ),
        cuts=tuple(index for index, column in group_columns.items() if column.role == "cut"),
        comments=tuple(comments),
    )


def _notes_on_labels(instrument: Instrument, labels: Sequence[str]) -> tuple[str, ...]:
    """Which of the scales that a person gave were not needed."""
    used = [item.scale for item in instrument.items]
    return tuple(
        _("The scale “{scale}” was given with --labels, but no column that needs it holds only these answers.").format(
            scale=short(text, 60)
        )
        for text, scale in zip(labels, asked_scales(labels), strict=True)
        if scale not in used
    )


def _place_of(role: str, columns: Iterable[Column]) -> int | None:
    return next((column.position for column in columns if column.role == role), None)


def _item_columns(export: Export, items: Mapping[str, int], evidence: str) -> dict[int, Column]:
    return {place: Column(place, export.ids[place], "item", evidence, item) for item, place in items.items()}


def _no_item(export: Export, instrument: Instrument, doubts: Sequence[str]) -> MappingError:
    return MappingError(
        " ".join([f"No column of this file holds an item of “{instrument.id}”.", *doubts[:1]]),
        where=export.table.path.name,
        hint=f"Its headers should be the items' ids or question texts (see `psafety instruments show {instrument.id}`);"
        " or say under [items] in psafety.toml which column is which item.",
    )


def _by_position(export: Export, instrument: Instrument, draft: Draft) -> dict[str, int]:
    """The items in file order, where the file has exactly as many rating columns that fit their scale."""
    scale = instrument.items[0].scale
    fitting = sorted(draft.items[item.id] for item in draft.instrument.items if _may_be(item.scale, scale))
    if len(fitting) != len(instrument.items):
        there = listed([f"“{short(export.ids[place])}”" for place in fitting], most=12) if fitting else "none"
        raise MappingError(
            f"“{instrument.id}” is matched by position and needs exactly {len(instrument.items)} columns of ratings"
            f" from {scale.low} to {scale.high}; this file has {len(fitting)}: {there}.",
            where=export.table.path.name,
            hint="Say which column is which item under [items] in psafety.toml, one line per item.",
        )
    return {item.id: place for item, place in zip(instrument.items, fitting, strict=True)}


def _may_be(found: ResponseScale, scale: ResponseScale) -> bool:
    """Whether answers on one scale may be on the other: as many labels, or numbers within its range."""
    if found.labels:
        return len(found.values) == len(scale.values)
    return scale.low <= found.low and found.high <= scale.high


def _personal_columns(export: Export, taken: Collection[int]) -> dict[int, str]:
    """The columns that lead to a person, among those not taken, each with what its cells hold; "" by the header alone.

    See `identifying` on the keys by which a platform keeps its responses.
    """
    pairs = coordinate_pairs(export.ids, export.table.columns)
    found: dict[int, str] = {}
    for index, names in enumerate(zip(export.ids, export.texts, strict=True)):
        if index in taken:
            continue
        own = index in export.metadata
        held = PLACES if index in pairs else contents(names[1], export.table.columns[index])
        if held and not (own and held == NUMBERS):
            found[index] = held
        elif any(map(is_identifying, names)) and not (own and is_own_id(names[0])):
            found[index] = ""
    return found


def _leads_to_a_person(export: Export, personal: Mapping[int, str]) -> MappingError:
    lead = "1 column leads" if len(personal) == 1 else f"{len(personal)} columns lead"
    with speaking("en"):
        columns = _by_kind(personal)
    return MappingError(
        f"{lead} to a person: {columns}.",
        where=export.table.path.name,
        hint="Delete these columns from the export; or leave --strict out: they are never read.",
    )


def _note_on_persons(personal: Mapping[int, str]) -> tuple[str, ...]:
    if not personal:
        return ()
    note = ngettext(
        "{number} column may lead to a person and was not read: number {columns}.",
        "{number} columns may lead to a person and were not read: numbers {columns}.",
        len(personal),
    )
    return (note.format(number=len(personal), columns=_by_kind(personal)),)


def _by_kind(personal: Mapping[int, str]) -> str:
    """The numbers of the columns, put together by what tells that they lead to a person."""
    places: dict[str, list[str]] = {}
    for place, held in personal.items():
        places.setdefault(held or marked("as the header says"), []).append(str(place + 1))
    return "; ".join(f"{enumerated(numbers, most=20)} ({_(held)})" for held, numbers in places.items())


def _personal_column(export: Export, index: int, held: str) -> Column:
    if held:
        why = _("its cells look like {what}; never read").format(what=_(held))
    else:
        why = _("it may lead to a person; never read")
    return Column(index, export.ids[index], "identifying", why)


def _other_column(export: Export, index: int, unclear: Mapping[int, str]) -> Column:
    name = export.ids[index]
    if index in export.metadata:
        return Column(index, name, "metadata", _("{platform} adds it").format(platform=export.platform))
    return Column(index, name, "not used", _(unclear.get(index, _NO_QUESTION)))
