"""An instrument drafted from a file that matches none: its columns of ratings, grouped by what their headers share."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..languages import LANGUAGES, gettext as _, ngettext, speaking
from .cells import fold
from .errors import MappingError
from .given_scales import asked_scales, options_for
from .groups import find_groups
from .instrument import Dimension, Instrument, Item, ResponseScale, Texts
from .instrument_files import instrument_toml, sketches_toml
from .mapping import Wishes, name_code
from .phrases import enumerated, quoted, short
from .platforms import recognise
from .platforms.export import Export
from .questions import question_texts
from .ratings import TOGETHER, Ratings, find_ratings, grid_row
from .tables import read_table

_LONGEST_ID = 24


@dataclass(frozen=True, slots=True)
class Draft:
    """A made-up instrument, where its items stand in the file, and the columns that may hold ratings but are not read.

    items: item id → column position. unclear: position → what the column holds, as a clause.
    sketches: unclear column → its answers as if they were a scale, for a person to check.
    """

    instrument: Instrument
    items: Mapping[str, int]
    unclear: Mapping[int, str]
    sketches: Mapping[int, ResponseScale] = field(default_factory=dict)


def draft_instrument(export: Export, taken: Iterable[int], labels: Sequence[str] = ()) -> Draft:
    """Draft an instrument from the columns that are answers on a scale we can be sure of.

    Columns that share a scale, and a section of the questionnaire or a stem, are added up when there are at least
    three; the others stand alone. labels: scales that a person gave, see `given_scales`.
    Which end of a scale is the good one is not known: the instrument is not `directed`.
    """
    headers = own_headers(export)
    ratings = find_ratings(export, headers, set(taken), asked_scales(labels))
    ids = _ids(export, ratings.scales)
    bearers = _bearers(export)
    dimensions: list[Dimension] = []
    items: list[Item] = []
    groups = _groups(ratings, _families(export, ratings))
    families = Counter(family for family, _ in groups)
    for family, columns in groups:
        scale = ratings.scales[columns[0]]
        name = f"{family}, {_ends(scale)}" if family and families[family] > 1 else family
        in_section = family == export.sections.get(columns[0])
        dimension = _dimension(f"group{len(dimensions) + 1}", name, scale, len(columns), in_section=in_section)
        dimensions.append(dimension)
        for column in columns:
            row = grid_row(headers[column], ratings.stems[column]) if family else headers[column]
            # Only a row that can be taken for no other column is enough to find the item again.
            text = row if bearers.get(fold(row)) == {column} else headers[column]
            items.append(Item(ids[column], dimension.id, scale, {"en": text}))
    instrument = Instrument(
        id="drafted-from-file",
        titles=_said(lambda: _("Questions found in the file")),
        version="0",
        licence="",
        citation="",
        evidence=_said(lambda: _("Made up from the file itself. Nobody has checked what these questions measure.")),
        dimensions=tuple(dimensions),
        items=tuple(items),
        directed=False,
    )
    places = {id_: column for column, id_ in ids.items()}
    return Draft(instrument, {item.id: places[item.id] for item in items}, ratings.unclear, ratings.sketches)


def own_headers(export: Export) -> dict[int, str]:
    """Column → its question text, else its header, as long as no other column bears it; never a blank one."""
    names: Counter[str] = Counter()
    for id_, text in zip(export.ids, export.texts, strict=True):
        names.update({fold(id_), fold(text)})
    return {
        index: name.strip()
        for index, both in enumerate(zip(export.texts, export.ids, strict=True))
        for name in [next((each for each in both if fold(each) and names[fold(each)] == 1), "")]
        if name
    }


def _families(export: Export, ratings: Ratings) -> dict[int, str]:
    """Column → what the columns that are added up have in common: their section, else their stem; or "".

    A section that holds several stems of ratings is parted by them.
    """
    stems: dict[str, set[str]] = {}
    for column in ratings.scales:
        stems.setdefault(export.sections.get(column, ""), set()).add(ratings.stems[column])
    return {
        column: section if section and len(stems[section] - {""}) <= 1 else ratings.stems[column]
        for column in ratings.scales
        for section in [export.sections.get(column, "")]
    }


def _groups(ratings: Ratings, families: Mapping[int, str]) -> list[tuple[str, list[int]]]:
    """Family and columns of those that are added up; "" and columns of one scale for those that stand alone."""
    sizes = Counter((families[column], scale.id) for column, scale in ratings.scales.items())
    groups: dict[tuple[str, str], list[int]] = {}
    for column, scale in ratings.scales.items():
        family = families[column]
        groups.setdefault((family if sizes[family, scale.id] >= TOGETHER else "", scale.id), []).append(column)
    return [(family, columns) for (family, _), columns in groups.items()]


def _dimension(id_: str, name: str, scale: ResponseScale, size: int, *, in_section: bool) -> Dimension:
    """A dimension of questions that are added up, under a name; without one, of questions that stand alone.

    in_section: whether those that are added up are of one section of the survey; else their headers begin alike.
    """
    if name:
        about = _said(lambda: _about_group(scale, size, in_section=in_section))
        return Dimension(id_, {"en": name}, about, "core")
    names = _said(lambda: _("Single questions, {ends}").format(ends=_ends(scale)))
    return Dimension(id_, names, _said(lambda: _about_single(scale)), "outcome")


def _said(say: Callable[[], str]) -> Texts:
    """What is said, in every language that says it otherwise than English."""
    texts = {}
    for lang in LANGUAGES:
        with speaking(lang):
            texts[lang] = say()
    return {lang: text for lang, text in texts.items() if lang == "en" or text != texts["en"]}


def _about_group(scale: ResponseScale, size: int, *, in_section: bool) -> str:
    if in_section:
        about = ngettext(
            "{number} question of one section of the survey, answered from {ends}.",
            "{number} questions of one section of the survey, answered from {ends}.",
            size,
        )
    else:
        about = ngettext(
            "{number} question whose headers begin alike, answered from {ends}.",
            "{number} questions whose headers begin alike, answered from {ends}.",
            size,
        )
    return " ".join([about.format(number=size, ends=_ends(scale)), *_ends_seen(scale)])


def _about_single(scale: ResponseScale) -> str:
    about = _("Each stands alone, answered from {ends}.").format(ends=_ends(scale))
    return " ".join([about, *_ends_seen(scale)])


def _ends_seen(scale: ResponseScale) -> tuple[str, ...]:
    if scale.labels:
        return ()
    return (_("These are the ends found in this file: an end that nobody chose cannot be seen."),)


def _ends(scale: ResponseScale) -> str:
    labels = next(iter(scale.labels.values()), None)
    if not labels:
        return _("{first} to {last}").format(first=scale.low, last=scale.high)
    return _("“{lowest}” to “{highest}” in {number} steps").format(
        lowest=labels[0], highest=labels[-1], number=len(labels)
    )


def _bearers(export: Export) -> dict[str, set[int]]:
    """Folded text → the columns whose header may stand for it."""
    bearers: dict[str, set[int]] = {}
    for index, names in enumerate(zip(export.ids, export.texts, strict=True)):
        for text in {*question_texts(names[0]), *question_texts(names[1])}:
            bearers.setdefault(text, set()).add(index)
    return bearers


def _ids(export: Export, columns: Collection[int], taken: Collection[str] = ()) -> dict[int, str]:
    """A short id for each column: its header where that is short and the only one of its kind, else its position."""
    bearers: dict[str, set[int]] = {}
    for index, header in enumerate(export.ids):
        bearers.setdefault(name_code(header), set()).add(index)
    ids: dict[int, str] = {}
    for column in columns:
        slug = re.sub(r"[^a-z0-9]+", "-", export.ids[column].casefold()).strip("-")
        tries = [slug] if 0 < len(slug) <= _LONGEST_ID else []
        tries += [f"{word}-{column + 1}" for word in ("column", "position", "item-at-column")]
        ids[column] = next(
            name
            for name in tries
            if bearers.get(name_code(name), {column}) == {column} and name not in (*taken, *ids.values())
        )
    return ids


def draft_file(path: Path, *, sheet: str | None = None, labels: Sequence[str] = ()) -> str:
    """The text of a commented instrument TOML, drafted from the questions of a survey file.

    Columns that may hold ratings stand at its end as comments, for a person to complete. labels: as in Wishes.
    Raises MappingError where no column holds answers on a scale we can be sure of.
    """
    export = recognise(read_table(Path(path), sheet=sheet))
    draft = draft_instrument(export, find_groups(export, Wishes()), labels)
    if not draft.items:
        raise no_ratings(export, draft)
    return instrument_toml(in_english(draft.instrument)) + sketches_toml(_sketched_items(export, draft))


def in_english(instrument: Instrument) -> Instrument:
    """The instrument with its English texts alone: a person will write them anew."""
    only = tuple(
        replace(one, names={"en": one.names["en"]}, abouts={"en": one.abouts["en"]}) for one in instrument.dimensions
    )
    titles, evidence = {"en": instrument.titles["en"]}, {"en": instrument.evidence["en"]}
    return replace(instrument, titles=titles, evidence=evidence, dimensions=only)


def _sketched_items(export: Export, draft: Draft) -> list[Item]:
    """The columns that may hold ratings as items, each of its own dimension; columns alike share a scale."""
    ids = _ids(export, draft.sketches, taken=draft.items)
    headers = own_headers(export)
    answers = {column: (scale.values, *scale.labels.values()) for column, scale in draft.sketches.items()}
    numbers = {alike: number for number, alike in enumerate(dict.fromkeys(answers.values()), start=1)}
    return [
        Item(ids[column], "unclear", replace(scale, id=f"unclear-{numbers[answers[column]]}"), {"en": headers[column]})
        for column, scale in draft.sketches.items()
    ]


def no_ratings(export: Export, draft: Draft) -> MappingError:
    """The error for a file without a column that is a rating beyond doubt."""
    options = options_for(draft.sketches)
    order = f"{' '.join(options)}, with the answers put into order, the lowest first. Or: " if options else ""
    with speaking("en"):
        notes = _unclear_notes(export, draft.unclear)
    return MappingError(
        " ".join(["No column holds answers that can be read as ratings.", *notes]),
        where=export.table.path.name,
        hint=f"{order}Export the answers as the labels people saw, or describe the questionnaire in an instrument file"
        " and name it with --instrument; `psafety instruments show open-team-survey` prints one to start from.",
    )


def unclear_notes(export: Export, draft: Draft) -> tuple[str, ...]:
    """Which columns that may hold ratings are not read, for which reason, and how they can be."""
    notes = _unclear_notes(export, draft.unclear)
    option_note = _("To read {columns}, add this option once its answers stand in order, the lowest first: {option}")
    options = [
        option_note.format(columns=_columns(export, columns), option=option)
        for option, columns in options_for(draft.sketches).items()
    ]
    how = _("To read such columns, add them and their scale to the file that `psafety draft` writes.")
    return (*notes, *options, how) if notes else ()


def _unclear_notes(export: Export, unclear: Mapping[int, str]) -> tuple[str, ...]:
    """A sentence for each reason why columns that may hold ratings are not read."""
    by_reason: dict[str, list[int]] = {}
    for column, why in unclear.items():
        by_reason.setdefault(why, []).append(column)
    return tuple(_unclear_note(export, why, columns) for why, columns in by_reason.items())


def _unclear_note(export: Export, why: str, columns: Sequence[int]) -> str:
    # For translators: {what} is like “answers whose order is not known”.
    note = ngettext(
        "{number} column has {what} and was not read: {columns}.",
        "{number} columns have {what} and were not read: {columns}.",
        len(columns),
    )
    return note.format(number=len(columns), what=_(why), columns=_columns(export, columns))


def _columns(export: Export, columns: Sequence[int]) -> str:
    headers = [export.ids[column] for column in columns]
    return enumerated(
        [
            quoted(short(name)) if fold(name) else _("column {column}").format(column=column + 1)
            for column, name in zip(columns, headers, strict=True)
        ],
        most=3,
    )
