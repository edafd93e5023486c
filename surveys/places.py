"""Which column of a file is what: items, team, units, wave; with the instrument the file is read with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .draft import Draft, draft_instrument, no_ratings, unclear_notes
from .errors import MappingError
from .groups import find_groups, team_note
from .identifying import is_identifying
from .instrument import Instrument, ResponseScale
from .instrument_files import shipped_instruments
from .mapping import Column, Wishes, choose_instrument, match_items, only_present
from .phrases import listed, short
from .platforms.export import Export


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


def find_places(export: Export, wishes: Wishes) -> tuple[Instrument, Places]:
    """The instrument the file is read with, and which column is what.

    Raises MappingError where the file holds no item at all, or what the person named is not there.
    """
    group_columns = find_groups(export, wishes)
    instrument = wishes.instrument or choose_instrument(export, shipped_instruments(), wishes, group_columns)
    unclear: Mapping[int, str] = {}
    if instrument is None:
        draft = draft_instrument(export, group_columns)
        if not draft.items:
            raise no_ratings(export, draft.unclear)
        instrument, items, unclear = draft.instrument, draft.items, draft.unclear
        evidence, notes = _item_columns(export, items, "the answers"), unclear_notes(export, unclear)
        if unclear:
            notes += ("To read such columns, add them and their scale to the file that `psafety draft` writes.",)
    else:
        found, evidence, doubts = match_items(export, instrument, wishes, group_columns)
        if not found and instrument.by_position:
            found = _by_position(export, instrument, draft_instrument(export, group_columns))
            evidence = _item_columns(export, found, "its position in the file")
        if not found:
            raise _no_item(export, instrument, doubts)
        items = found
        instrument, missing = only_present(instrument, items)
        notes = (*doubts, *missing)
    columns = tuple(
        group_columns.get(index) or evidence.get(index) or _other_column(export, index, unclear)
        for index in range(len(export.ids))
    )
    return instrument, Places(
        items=items,
        units=tuple(index for index, column in group_columns.items() if column.role == "unit"),
        team=_place_of("team", group_columns.values()),
        wave=_place_of("wave", group_columns.values()),
        columns=columns,
        doubts=(*notes, *team_note(export, columns, unclear)),
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


def _other_column(export: Export, index: int, unclear: Mapping[int, str]) -> Column:
    name = export.ids[index]
    if is_identifying(name) or is_identifying(export.texts[index]):
        return Column(index, name, "identifying", "it may lead to a person; never read")
    if index in export.metadata:
        return Column(index, name, "metadata", f"{export.platform} adds it")
    return Column(index, name, "not used", unclear.get(index, "it matches no question"))
