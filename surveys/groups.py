"""Which columns name the team, the units above it and the wave; and which might, where none says so."""

import re
from collections.abc import Collection, Iterator, Sequence

from ..languages import gettext as _, grouped, ngettext
from .cells import fold, group_name, whole_number
from .errors import MappingError
from .identifying import NUMBERS, contents, header_words, is_identifying
from .mapping import Column, Role, Wishes, find_column
from .phrases import enumerated, listed, short
from .platforms.export import Export
from .questions import without_number

# The headers that name a group outright, folded and without a question mark. Units from the outermost inwards.
_TEAM = re.compile(
    r"((my|your|the|our|current|dein|deine|mein|meine|ihr|ihre|unser) )?"
    r"(team|squad|group|work ?group|working group|gruppe|arbeitsgruppe)"
    r"([ -]?(name|id|code|no|number|nr|nummer|kennung))?"
    r"|(name (of|des|der|deines|ihres) )?((your|the|my) )?(team|teams)|teamname|teamnamen|teamzugehörigkeit"
    r"|(which|what|in which|to which) (team|squad|group)"
    r"( (do|are) you (work |belong |part |a member )?(in|to|of|on))?( work in)?"
    r"|(which|what) (team|squad|group) are you (in|on|part of|a member of)|(which|what) is your team"
    r"|(in |zu )?welche[mrs]? (team|gruppe)( (arbeitest|arbeiten|gehörst|gehören|bist|sind) (du|sie)( an)?)?"
)
_UNITS = (
    frozenset({"company", "organisation unit", "organization unit", "business unit", "sparte", "geschäftsbereich"}),
    frozenset({"division", "directorate", "bereich", "hauptabteilung", "region"}),
    frozenset({"department", "dept", "your department", "abteilung", "fachbereich", "unit", "org unit"}),
    frozenset({"section", "sub-department", "subdepartment", "referat", "sachgebiet", "unterabteilung"}),
)
_WAVE = frozenset(
    {
        *("wave", "quarter", "survey wave", "survey round", "round", "period", "survey period"),
        *("welle", "quartal", "erhebung", "erhebungswelle", "befragungswelle", "zeitraum"),
    }
)
# Words in a header that let us offer its column as the team, and words that speak against it.
_MAYBE_TEAM = re.compile(
    r"\b(teams?|squads?|groups?|grp|gruppen?|crew|units?|dep(t|artments?)|abteilung|bereich|division|section|branch|office"
    r"|sites?|location|store|ward|cohort|platoon|standort|filiale|station|referat)\b"
)
_NO_TEAM = re.compile(
    r"\b(gender|sex|geschlecht|age|alter|education|bildung|degree|country|language|sprache|date|datum|time|zeit|status"
    r"|income|salary|gehalt|race|ethnicity|religion|device|browser|consent|comments?|other|sonstiges?|position|how|wie|why|warum)\b"
)


_MOST_CUT_VALUES = 12  # of a cut: what has more is no grouping that people can be told apart by
_AGES = range(14, 101)
_SOME_AGES = 5  # different numbers, from which a column of them is read as ages


def find_groups(export: Export, wishes: Wishes) -> dict[int, Column]:
    """The columns of team, units, wave and cuts: those the person named, else those whose header says it.

    A column whose cells lead to a person names no group.
    Raises MappingError where two columns claim the same part, one is named for two, or one that was named leads to a
    person.
    """
    found: dict[int, Column] = {}
    for wanted, role, option in _named(wishes):
        position = find_column(export, wanted, option)
        if position in found:
            raise _named_twice(wanted)
        is_code = option == "--link"
        if (held := _held(export, position)) and not (is_code and held == NUMBERS):
            raise _no_names(export, position, role, option, held)
        if role == "cut" and not is_code:
            _check_cut(export, position)
        found[position] = Column(position, export.ids[position], role, _("named with {option}").format(option=option))
    of_items = {find_column(export, header, "[items] in psafety.toml") for header in wishes.items.values()}
    for position in of_items & found.keys():
        raise _named_twice(export.ids[position])
    for role, option, names in _sought(wishes):
        if role in {"team", "wave"}:
            _check_apart(export, found, names)
        claims = [
            place
            for place in _called(export, names)
            if place not in found and place not in of_items and not _held(export, place)
        ]
        if len(claims) > 1:
            raise _two_claims(export, claims, role, option)
        for position in claims:
            found.setdefault(position, Column(position, export.ids[position], role, _("its header says so")))
    return found


def _held(export: Export, place: int) -> str:
    return contents(export.texts[place], export.table.columns[place])


def _no_names(export: Export, place: int, role: Role, option: str, held: str) -> MappingError:
    return MappingError(
        f"Column {place + 1} holds {held}; it cannot name {role}s.",
        where=export.table.path.name,
        hint=f"Give {option} a column in which all people of one {role} have the same text, or leave it out.",
    )


def _check_cut(export: Export, place: int) -> None:
    """Raise MappingError where the column cannot be a cut: it leads to a person, or has too many values."""
    header, where = short(export.ids[place]), export.table.path.name
    if is_identifying(export.ids[place]) or is_identifying(export.texts[place]):
        raise MappingError(
            f"The column “{header}” may lead to a person; it cannot be a cut.", where=where, hint="Leave it out."
        )
    texts = export.table.columns[place].dictionary.slice(0, 1000).to_pylist()
    values = {group_name(text) for text in texts} - {""}
    numbers = [whole_number(value) for value in values]
    if len(values) > _SOME_AGES and all(number in _AGES for number in numbers):
        raise MappingError(
            f"The column “{header}” holds numbers that may be ages or years; a cut needs a few groups.",
            where=where,
            hint="Put bands into the file instead, such as “under 30”, “30 to 44”, “45 and over”.",
        )
    if len(values) > _MOST_CUT_VALUES:
        raise MappingError(
            f"The column “{header}” has more than {_MOST_CUT_VALUES} different values; a cut needs fewer.",
            where=where,
            hint="Put broader groups into the file, such as bands of years or regions.",
        )


def _check_apart(export: Export, found: dict[int, Column], names: re.Pattern[str] | frozenset[str]) -> None:
    """Raise MappingError where the column that names the team or the wave was named as a cut."""
    for place in _called(export, names):
        if place in found and found[place].role == "cut":
            raise _named_twice(export.ids[place])


def _named_twice(header: str) -> MappingError:
    return MappingError(
        f"The column “{short(header)}” is named for two things at once.",
        hint="Team, units, wave, cuts and items each need a column of their own: check --team, --unit, --wave, --cut"
        " and [items].",
    )


def _named(wishes: Wishes) -> Iterator[tuple[str, Role, str]]:
    for wanted in wishes.units:
        yield wanted, "unit", "--unit"
    if wishes.team is not None:
        yield wishes.team, "team", "--team"
    if wishes.wave is not None:
        yield wishes.wave, "wave", "--wave"
    for wanted in wishes.cuts:
        yield wanted, "cut", "--cut"
    if wishes.link is not None:
        yield wishes.link, "cut", "--link"


def _sought(wishes: Wishes) -> Iterator[tuple[Role, str, re.Pattern[str] | frozenset[str]]]:
    """The parts nobody named, and the headers that name them; the units only where none was named."""
    if not wishes.units:
        yield from (("unit", "--unit", names) for names in _UNITS)
    if wishes.team is None:
        yield "team", "--team", _TEAM
    if wishes.wave is None:
        yield "wave", "--wave", _WAVE


def _called(export: Export, names: re.Pattern[str] | frozenset[str]) -> list[int]:
    """The columns whose header or question text is one of the names, but for numbering and a question mark."""
    return [
        place
        for place, (id_, text) in enumerate(zip(export.ids, export.texts, strict=True))
        if place not in export.metadata and (_is_called(id_, names) or _is_called(text, names))
    ]


def _is_called(header: str, names: re.Pattern[str] | frozenset[str]) -> bool:
    folded = fold(header.replace("_", " "))
    texts = {text.rstrip(" ?") for text in (folded, without_number(folded))}
    return not texts.isdisjoint(names) if isinstance(names, frozenset) else any(map(names.fullmatch, texts))


def is_team_header(header: str) -> bool:
    """Whether a header names the team outright: "Team", "3. Which team are you in?", "Teamname"."""
    return _is_called(header, _TEAM)


def _two_claims(export: Export, claims: list[int], role: Role, option: str) -> MappingError:
    headers = [export.ids[place] for place in claims]
    alike = len({fold(header) for header in headers}) < len(headers)
    hint = (
        "Give each column its own header."
        if alike
        else f"Say which are the units, the outermost first: {' '.join(f'{option} “{header}”' for header in headers)}."
        if role == "unit"
        else f"Say which one: {option} “{headers[0]}”."
    )
    names = " and ".join(f"“{short(header)}”" for header in headers)
    numbers = listed([str(place + 1) for place in claims], most=len(claims))
    return MappingError(
        f"{names} (columns {numbers}) could each be the {role} column.",
        where=export.table.path.name,
        hint=hint,
    )


def team_note(export: Export, columns: Sequence[Column], unclear: Collection[int]) -> tuple[str, ...]:
    """Where no column names the team: a sentence that says so, and which columns could, if any.

    unclear: the columns that may be ratings; they are offered only where the header speaks of a group.
    """
    if any(column.role == "team" for column in columns):
        return ()
    missing, unnamed = (
        (
            _("No column names the team, so this report goes down to the units above the teams."),
            _(
                "No column is called team, so this report goes down to the units above the teams. If the team stands in"
                " one of these, name it with --team: {columns}."
            ),
        )
        if any(column.role == "unit" for column in columns)
        else (
            _("No column names the team, so this report is on the organisation as a whole."),
            _(
                "No column is called team, so this report is on the organisation as a whole. If the team stands in one"
                " of these, name it with --team: {columns}."
            ),
        )
    )
    counts = {
        column.position: _number_of_names(export, column.position) for column in columns if column.role == "not used"
    }
    hinted = [place for place, count in counts.items() if count and _MAYBE_TEAM.search(_words(export, place))]
    others = [
        place for place, count in counts.items() if count >= 5 and place not in unclear and not _numbers(export, place)
    ]
    likely = sorted(hinted or others, key=lambda place: (-counts[place], place))[:3]
    if not likely:
        return (missing,)
    offered = [
        ngettext("“{column}” ({number} different name)", "“{column}” ({number} different names)", counts[place]).format(
            column=short(export.ids[place]), number=grouped(counts[place])
        )
        for place in likely
    ]
    return (unnamed.format(columns=enumerated(offered)),)


def _words(export: Export, place: int) -> str:
    return " ".join(header_words(export.texts[place]))


def _number_of_names(export: Export, place: int) -> int:
    """How many groups a column may name; 0 where it is a question, a list or free text, or its groups are too small."""
    column, header = export.table.columns[place], export.texts[place]
    words, answered = _words(export, place), len(column) - column.null_count
    count = len(column.dictionary)
    if not words or len(words.split()) > 4 or "?" in header or _NO_TEAM.search(words):
        return 0
    if not 2 <= count <= answered // 4 or answered < len(column) / 2:
        return 0
    texts = column.dictionary.slice(0, 1000).to_pylist()
    names = {group_name(text) for text in texts} - {""}
    plain = all(len(name) <= 60 and ";" not in name for name in names)
    return count - len(texts) + len(names) if plain and len(names) > 1 else 0


def _numbers(export: Export, place: int) -> bool:
    return all(
        whole_number(text) is not None for text in export.table.columns[place].dictionary.slice(0, 50).to_pylist()
    )
