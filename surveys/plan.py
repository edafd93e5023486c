"""How a survey is read, apart from its rows: which column is what, and which text is which point of a scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .answers import BLANK, UNKNOWN, Reading, as_in_instrument
from .columns import distinct_texts
from .errors import ConfigError
from .instrument import Instrument, Item
from .keying import turn_items, turn_notes
from .mapping import Wishes
from .parts import read_tables
from .places import find_places
from .platforms import recognise
from .platforms.export import Export
from .points import readings_of
from .responses import Source, headings_of
from .tables import Table

_MOST = 100  # the largest number that counts a point


@dataclass(frozen=True, slots=True)
class Plan:
    """How any table with these columns is read.

    columns: of the items, in their order: the header of each. points: of the items: trimmed text → point as ticked,
    1 for the lowest, BLANK, NOT_APPLICABLE; what is missing there is no answer that we know.
    levels, cuts: heading → header of its column, outermost first. wave: the header of its column; "" for none.
    source: how the table was understood that the plan was made of.
    """

    instrument: Instrument
    columns: tuple[str, ...]
    points: tuple[Mapping[str, int], ...]
    levels: Mapping[str, str]
    cuts: Mapping[str, str]
    wave: str
    source: Source


def plan_of(paths: Sequence[Path], wishes: Wishes | None = None, *, sheet: str | None = None) -> Plan:
    """The plan by which these files are read, so that other rows of the same survey can be read in the same way.

    To the texts that stand in the files come the labels of the scales, and numbers where the files hold numbers.
    Raises ConfigError where rows of some kind are to be left out, what `load_survey` raises, and for columns that
    share a header.
    """
    wishes = wishes or Wishes()
    return plan_for(read_tables(paths, sheet=sheet), wishes)


def plan_for(table: Table, wishes: Wishes) -> Plan:
    """The same for a table that has been read."""
    if wishes.remove or wishes.comments:
        raise ConfigError(
            "Doubtful rows and comments cannot be looked at where rows are only counted.",
            hint="Leave --remove and --comments out.",
        )
    export = recognise(table, wishes.platform)
    instrument, places = find_places(export, wishes)
    instrument = turn_items(instrument, wishes.turn)
    header = export.table.header
    units = [*places.units, *([places.team] if places.team is not None else [])]
    headings = headings_of(export, [*units, *places.cuts])
    named = dict(zip(headings, (header[place] for place in (*units, *places.cuts)), strict=True))
    readings = readings_of(export, instrument, places.items)
    plan = Plan(
        instrument=instrument,
        columns=tuple(header[places.items[item.id]] for item in instrument.items),
        points=tuple(_points(export, places.items[item.id], item, readings[item.id]) for item in instrument.items),
        levels={name: named[name] for name in headings[: len(units)]},
        cuts={name: named[name] for name in headings[len(units) :]},
        wave="" if places.wave is None else header[places.wave],
        source=Source(
            name=table.path.name,
            platform=export.platform,
            evidence=export.evidence,
            dialect=table.dialect,
            rows=len(table.rows),
            columns=places.columns,
            doubts=(*table.notes, *places.doubts, *turn_notes(instrument)),
        ),
    )
    used = [*plan.columns, *named.values(), *([plan.wave] if plan.wave else [])]
    twice = next((name for name in used if header.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(
            f"Several columns are called “{twice}”, so that a query cannot name one of them.",
            hint="Give each its own header.",
        )
    return plan


def _points(export: Export, place: int, item: Item, reading: Reading) -> dict[str, int]:
    """Trimmed text → point, for the texts of a column and those that other rows may hold; blank ones are blank."""
    known = {label.strip(): point for labels in item.scale.labels.values() for point, label in enumerate(labels, 1)}
    if reading.bare:
        line = reading.numbering or as_in_instrument(item.scale)
        numbers = {str(number): line.point(number, len(item.scale.values)) for number in range(_MOST + 1)}
        known |= {text: point for text, point in numbers.items() if point != UNKNOWN}
    texts = distinct_texts(export.table.columns[place])
    known |= {text.strip(): point for text, point in zip(texts, reading.points, strict=True) if point != UNKNOWN}
    whole = {f"{text}.0": point for text, point in known.items() if text.isdecimal()}  # as databases write fractions
    return {"": BLANK, **whole, **known}
