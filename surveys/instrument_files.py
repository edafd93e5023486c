"""Instrument files: TOML in, checked instruments out, and back into a TOML that a person can edit."""

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Final, TypeVar, cast, get_args

from .errors import InstrumentError
from .instrument import Dimension, Instrument, Item, Part, ResponseScale

_T = TypeVar("_T")
_Keys = tuple[str | int, ...]

_SHIPPED: Final = Path(__file__).parent / "instruments"
_REQUIRED: Final = ("id", "version", "title", "scales", "dimensions", "items")
_OPTIONAL: Final = ("licence", "citation", "evidence", "notes", "min_answered", "directed", "by_position")
_NOUNS: Final = {"items": "An item", "dimensions": "A dimension", "scales": "A response scale"}
_KINDS: Final = {str: "text in double quotes", bool: "true or false", int: "whole numbers", list: "a list"}


def shipped_instruments() -> tuple[Instrument, ...]:
    """The questionnaires that come with psafety, sorted by id."""
    return tuple(sorted(map(read_instrument, _SHIPPED.glob("*.toml")), key=lambda instrument: instrument.id))


def load_instrument(name_or_path: str | Path) -> Instrument:
    """The instrument in a file, where the name ends in .toml; else the shipped one of that id.

    Raises InstrumentError where there is none, or where the file does not hold one.
    """
    name = str(name_or_path)
    if name.lower().endswith(".toml"):
        return read_instrument(Path(name_or_path))
    shipped = {path.stem: path for path in _SHIPPED.glob("*.toml")}
    if name not in shipped:
        hint = f"Give {' or '.join(map(_quoted, sorted(shipped)))}, or the path of your own .toml file."
        raise InstrumentError(f"There is no instrument {_quoted(name)}.", hint=hint)
    return read_instrument(shipped[name])


def read_instrument(path: Path) -> Instrument:
    """The instrument in one TOML file, checked completely.

    Raises InstrumentError, which names the line, where the file does not say what an instrument must say.
    """
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, path, text) from error
    return _instrument(_Table(values, (), path, text))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = f"The instrument file cannot be read: {error.strerror}."
        raise InstrumentError(problem, where=str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = "Save the file again in that encoding."
        raise InstrumentError("This is not UTF-8.", where=f"{path.name}, line {line}", hint=hint) from error


def _syntax_error(error: tomllib.TOMLDecodeError, path: Path, text: str) -> InstrumentError:
    reason, _, place = str(error).rpartition(" (at ")  # "line 3, column 5)" or "end of document)"
    line = int(found[1]) if (found := re.search(r"line (\d+)", place)) else text.rstrip().count("\n") + 1
    hint = 'Texts stand in double quotes; a double quote inside a text is written \\".'
    return InstrumentError(f"This is not TOML: {reason}.", where=f"{path.name}, line {line}", hint=hint)


def _instrument(top: "_Table") -> Instrument:
    top.check_keys(_REQUIRED, _OPTIONAL)
    directed = top.get("directed", bool, default=True)
    scales = _scales(top.table("scales"), directed=directed)
    dimensions = tuple(map(_dimension, top.tables("dimensions")))
    items = tuple(_item(table, scales, [dimension.id for dimension in dimensions]) for table in top.tables("items"))
    _check_dimensions(top, dimensions, items)
    return Instrument(
        id=top.get("id", str),
        titles=top.texts("title"),
        version=top.get("version", str),
        licence=top.get("licence", str, default=""),
        citation=top.get("citation", str, default=""),
        evidence=top.texts("evidence"),
        dimensions=dimensions,
        items=items,
        min_answered=_min_answered(top),
        directed=directed,
        by_position=top.get("by_position", bool, default=False),
        notes=top.texts("notes"),
    )


def _min_answered(top: "_Table") -> float:
    value = top.values.get("min_answered", 0.5)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        problem = '"min_answered" must be a number above 0 and not above 1.'
        raise top.wrong(problem, "min_answered", hint="0.5 asks for half of the items of a dimension.")
    return float(value)


def _scales(table: "_Table", *, directed: bool) -> dict[str, ResponseScale]:
    for key, value in table.values.items():
        if not isinstance(value, dict):
            raise table.wrong("A response scale needs a name.", key, hint="Begin it with [scales.agreement].")
    return {id_: _scale(id_, table.table(id_), directed=directed) for id_ in table.values}


def _scale(id_: str, table: "_Table", *, directed: bool) -> ResponseScale:
    table.check_keys(("values",), ("labels", "favourable", "unfavourable"))
    values = table.list_of("values", int)
    if len(values) < 2 or values != tuple(range(values[0], values[0] + len(values))):
        problem = '"values" must be two or more whole numbers in a row, the lowest first.'
        raise table.wrong(problem, "values", hint="For example [1, 2, 3, 4, 5].")
    return ResponseScale(id_, values, _labels(table, values), *_bands(table, values, directed=directed))


def _labels(table: "_Table", values: Sequence[int]) -> dict[str, tuple[str, ...]]:
    by_language = table.by_language("labels")
    labels = {lang: by_language.list_of(lang, str) for lang in by_language.values}
    for lang, found in labels.items():
        if len(found) != len(values):
            problem = f"There are {len(found)} labels for {len(values)} values."
            raise by_language.wrong(problem, lang, hint="Give one label for each value, in the order of the values.")
        if len({label.strip().casefold() for label in found} - {""}) != len(found):
            raise by_language.wrong("A label is empty or appears twice.", lang, hint="Each value needs its own label.")
    return labels


def _bands(table: "_Table", values: Sequence[int], *, directed: bool) -> tuple[frozenset[int], frozenset[int]]:
    """The favourable and the unfavourable values.

    A score counts the high end as good, so a favourable value below an unfavourable one would contradict it.
    """
    favourable, unfavourable = (_band(table, key, values) for key in ("favourable", "unfavourable"))
    if favourable & unfavourable:
        problem = "A value is both favourable and unfavourable."
        raise table.wrong(problem, "unfavourable", hint="A value in neither list is neutral.")
    if favourable and unfavourable and min(favourable) < max(unfavourable):
        hint = "Where your survey writes 1 for full agreement, set reverse = true on the items whose low end is good."
        raise table.wrong("Favourable values must lie above unfavourable ones.", "favourable", hint=hint)
    if directed and not favourable:
        hint = "List the values that are good news, or write directed = false at the top of the file."
        raise table.wrong("The scale has no favourable values.", "favourable", hint=hint)
    return favourable, unfavourable


def _band(table: "_Table", key: str, values: Sequence[int]) -> frozenset[int]:
    band = frozenset(table.list_of(key, int))
    if not band <= set(values):
        problem = f"{_quoted(key)} has a value outside the scale."
        raise table.wrong(problem, key, hint=f"The scale goes from {values[0]} to {values[-1]}.")
    return band


def _dimension(table: "_Table") -> Dimension:
    table.check_keys(("id", "name"), ("part", "about"))
    part = cast("Part", table.choice("part", get_args(Part), default="core"))
    return Dimension(table.get("id", str), table.texts("name"), table.texts("about"), part)


def _item(table: "_Table", scales: Mapping[str, ResponseScale], dimensions: Collection[str]) -> Item:
    """One item; where there is only one response scale, it need not name it."""
    only = next(iter(scales)) if len(scales) == 1 else ""
    table.check_keys(("id", "dimension") if only else ("id", "dimension", "scale"), ("scale", "reverse", "text"))
    return Item(
        id=table.get("id", str),
        dimension=table.choice("dimension", dimensions),
        scale=scales[table.choice("scale", scales, default=only)],
        texts=table.texts("text"),
        reverse=table.get("reverse", bool, default=False),
    )


def _check_dimensions(top: "_Table", dimensions: Sequence[Dimension], items: Sequence[Item]) -> None:
    """Each dimension must have items, and those that make up one score must share one response scale."""
    for index, dimension in enumerate(dimensions):
        places = [place for place, item in enumerate(items) if item.dimension == dimension.id]
        if not places:
            hint = f"Give an item dimension = {_quoted(dimension.id)}, or delete the dimension."
            raise top.wrong(
                f"The dimension {_quoted(dimension.id)} has no items.", "dimensions", index, "id", hint=hint
            )
        odd = [place for place in places if items[place].scale != items[places[0]].scale]
        if odd and dimension.part != "outcome":
            problem = f"The items of {_quoted(dimension.id)} have different response scales."
            hint = 'Items that make up one score share one scale; only those of part = "outcome" need not.'
            raise top.wrong(problem, "items", odd[0], "scale", hint=hint)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of an instrument file, the keys that lead to it, and the file it stands in."""

    values: Mapping[str, object]
    keys: _Keys
    path: Path
    text: str

    def wrong(self, problem: str, *keys: str | int, hint: str = "") -> InstrumentError:
        """The error to raise for a key of this table, with its line."""
        line = _line_of(self.text, (*self.keys, *keys))
        return InstrumentError(problem, where=f"{self.path.name}, line {line}", hint=hint)

    def check_keys(self, required: Collection[str], optional: Collection[str]) -> None:
        """Raise for the first key that does not belong here, else for the first that is missing or empty."""
        noun = _NOUNS[str(self.keys[0])] if self.keys else "An instrument"
        known = (*required, *optional)
        for key in self.values:
            if key not in known:
                misplaced = bool(self.keys) and key in {*_REQUIRED, *_OPTIONAL}
                hint = (
                    "Move it to the top of the file, before the first [table]." if misplaced else _similar(key, known)
                )
                raise self.wrong(f"{noun} has no key {_quoted(key)}.", key, hint=hint)
        for key in required:
            value = self.values.get(key)
            if value in (None, {}, []) or (isinstance(value, str) and not value.strip()):
                raise self.wrong(f"{noun} needs {_quoted(key)}.", key)

    def get(self, key: str, kind: type[_T], *, default: _T | None = None) -> _T:
        """The value of a key, or the default where the key is not there."""
        value = self.values.get(key, default)
        if not isinstance(value, kind):
            raise self.wrong(f"{_quoted(key)} must be {_KINDS[kind]}.", key)
        return value

    def choice(self, key: str, known: Collection[str], *, default: str | None = None) -> str:
        """A text that must be one of those known."""
        value = self.get(key, str, default=default)
        if value not in known:
            raise self.wrong(f"There is no {key} {_quoted(value)}.", key, hint=_similar(value, known))
        return value

    def list_of(self, key: str, kind: type[_T]) -> tuple[_T, ...]:
        """A list whose entries are all of one kind."""
        values = self.get(key, list, default=[])
        if not all(type(value) is kind for value in values):  # type(), as True would pass for a whole number
            raise self.wrong(f"{_quoted(key)} must be a list of {_KINDS[kind]}.", key)
        return tuple(values)

    def table(self, key: str) -> "_Table":
        """A table inside this one; empty where it is not there."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            raise self.wrong(f"{_quoted(key)} must be a table.", key)
        return _Table(values, (*self.keys, key), self.path, self.text)

    def tables(self, key: str) -> "list[_Table]":
        """The tables of a list, each with an id of its own, for which upper and lower case make no difference."""
        values = self.values[key]
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            hint = f"Begin each with [[{key}]], in double square brackets."
            raise self.wrong(f"{_quoted(key)} must be a list of tables.", key, hint=hint)
        tables = [_Table(value, (key, index), self.path, self.text) for index, value in enumerate(values)]
        seen: set[str] = set()
        for table in tables:
            id_ = table.get("id", str, default="")
            if id_ and id_.casefold() in seen:
                raise table.wrong(f"The id {_quoted(id_)} is used twice in {_quoted(key)}.", "id")
            seen.add(id_.casefold())
        return tables

    def by_language(self, key: str) -> "_Table":
        """A table whose keys are language codes; empty where it is not there."""
        if not isinstance(self.values.get(key, {}), dict):
            raise self.wrong(f"{_quoted(key)} must say its language.", key, hint=f"Write {key}.en = … for English.")
        table = self.table(key)
        for lang in table.values:
            if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", lang):
                raise table.wrong(f"{_quoted(lang)} is not a language code.", lang, hint='For example "en" or "de".')
        return table

    def texts(self, key: str) -> dict[str, str]:
        """One text per language, none of them empty."""
        table = self.by_language(key)
        texts = {lang: table.get(lang, str) for lang in table.values}
        for lang, text in texts.items():
            if not text.strip():
                raise table.wrong(f'"{key}.{lang}" is empty.', lang, hint="Fill it in, or delete the line.")
        return texts


def _similar(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {_quoted(close[0])}?" if close else f"Known here: {', '.join(known)}."


_NAME: Final = r"""(?:[\w-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_DOTTED: Final = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_OPENING: Final = re.compile(rf"\s*(?:(?P<open>\[\[?)\s*(?P<table>{_DOTTED})\s*\]|(?P<key>{_DOTTED})\s*=)")


def _line_of(text: str, keys: _Keys) -> int:
    """The line of a key such as ("items", 3, "scale"); where it is not there, that of the innermost table around it."""
    line, most = 1, 0
    for number, path in _openings(text):
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(path, keys, strict=False))))
        if shared > most:
            line, most = number, shared
    return line


def _openings(text: str) -> Iterator[tuple[int, _Keys]]:
    """The lines that open a table or give a key, each with all the keys that lead there."""
    table: _Keys = ()
    lists: Counter[str] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        match = _OPENING.match(line)
        if not match:
            continue
        first, *rest = (name.strip("\"'") for name in re.findall(_NAME, match["table"] or match["key"]))
        if match["key"]:
            yield number, (*table, first, *rest)
            continue
        lists[first] += match["open"] == "[["
        table = (first, lists[first] - 1, *rest) if lists[first] else (first, *rest)
        yield number, table


_HEAD: Final = """\
# What your survey asked, and how its answers become scores. Change it in any text editor and save it as UTF-8.
# Lines that begin with # explain; psafety skips them. Texts stand in double quotes, one line for each language:
# title.en = "…" in English, title.de = "…" in German. A language that you do not need can be deleted.
#
# Three things only you can know. Please check them:
#   reverse      on every item: does a high answer speak against the dimension?
#   dimension    on every item: which items measure the same thing? Name each dimension under [[dimensions]].
#   favourable   on every scale: which answers are good news?"""

_KEYS: Final = {
    "id": "A short name for this questionnaire, without blanks.",
    "version": "Raise it when a wording changes: before and after, it is not the same question.",
    "licence": "Who may use the texts: MIT, CC0-1.0, the name of a publisher. May stay empty.",
    "citation": "Where the questionnaire comes from. May stay empty.",
    "title": "What the reports call it.",
    "evidence": "A sentence on what is known about how well it measures; every report prints it. May be left out.",
    "notes": "What a person who runs the survey should know. May be left out.",
    "min_answered": "A person counts for a dimension from this share of its items answered: 0.5 is half.",
    "directed": "true: a high score is good news. false: nobody has checked yet which end is the good one.",
    "by_position": "true: the items are known by their order in the file alone. false: by their text or their id.",
}

_SCALES: Final = """
# Response scales: what could be answered.
#   values         the points as whole numbers in a row, the lowest first
#   labels         the words for the points, in the same order; leave the line out where there are none
#   favourable     the values that are good news, once the answers to reverse-keyed items have been turned round
#   unfavourable   the values that are bad news; they lie below the favourable ones, and the rest is neutral"""

_DIMENSIONS: Final = """
# Dimensions: what several items measure together.
#   id      the short name by which the items refer to it
#   part    "core"; "module" where a survey may leave it out; "outcome" where each item stands alone, without a score
#   name    what the reports call it
#   about   one plain sentence for a manager on what it asks about; may be left out"""

_ITEMS: Final = """
# Items: the statements or questions, in the order in which they were asked.
#   id          a short name that stays the same in every wave
#   dimension   the id of the dimension that it measures
#   scale       the name of its response scale
#   reverse     true where a high answer speaks against the dimension: “I keep my worries to myself”, under openness
#   text        the wording as it stands in the survey"""


def instrument_toml(instrument: Instrument, *, comments: bool = True) -> str:
    """The instrument as TOML that reads back equal; with comments, each key is explained to the person who edits it.

    Response scales are told apart by their id, so two that share one must be the same.
    """
    scales = {item.scale.id: item.scale for item in instrument.items}
    blocks = [
        _HEAD,
        *_head(instrument),
        _SCALES,
        *map(_scale_toml, scales.values()),
        _DIMENSIONS,
        *map(_dimension_toml, instrument.dimensions),
        _ITEMS,
        *map(_item_toml, instrument.items),
    ]
    text = "\n\n".join(blocks) + "\n"
    if comments:
        return text
    lines = (line for line in text.split("\n") if not line.startswith("#"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).lstrip("\n")


_SKETCHES: Final = """
## Columns that may hold ratings, and were not read. To read one, look at its scale: put the labels into order, the
## lowest first, or correct the values. Then delete “# ” before the lines of the dimension, the scale and the item."""


def sketches_toml(items: Sequence[Item]) -> str:
    """Items of one dimension as comments, to stand at the end of an instrument file; "" where there are none.

    Without “# ” at the beginning of their lines they belong to the file, whose scales and dimensions have other ids.
    """
    if not items:
        return ""
    dimension = Dimension(items[0].dimension, {"en": "Questions added by hand"}, {}, "outcome")
    scales = {item.scale.id: replace(item.scale, favourable=frozenset(), unfavourable=frozenset()) for item in items}
    blocks = [_dimension_toml(dimension), *map(_scale_toml, scales.values()), *map(_item_toml, items)]
    return "\n".join([_SKETCHES, *(_commented(block) for block in blocks)])


def _commented(block: str) -> str:
    return "".join(f"# {line}\n" for line in block.split("\n"))


def _head(instrument: Instrument) -> list[str]:
    values = {
        "id": instrument.id,
        "version": instrument.version,
        "licence": instrument.licence,
        "citation": instrument.citation,
        "title": instrument.titles,
        "evidence": instrument.evidence,
        "notes": instrument.notes,
        "min_answered": instrument.min_answered,
        "directed": instrument.directed,
        "by_position": instrument.by_position,
    }
    return [_lines(f"# {_KEYS[key]}", {key: value}) for key, value in values.items()]


def _scale_toml(scale: ResponseScale) -> str:
    name = scale.id if re.fullmatch(r"[A-Za-z0-9_-]+", scale.id) else _quoted(scale.id)
    bands = {"favourable": sorted(scale.favourable), "unfavourable": sorted(scale.unfavourable)}
    return _lines(f"[scales.{name}]", {"values": scale.values, "labels": scale.labels, **bands})


def _dimension_toml(dimension: Dimension) -> str:
    values = {"id": dimension.id, "part": dimension.part, "name": dimension.names, "about": dimension.abouts}
    return _lines("[[dimensions]]", values)


def _item_toml(item: Item) -> str:
    keying = {"dimension": item.dimension, "scale": item.scale.id, "reverse": item.reverse}
    return _lines("[[items]]", {"id": item.id, **keying, "text": item.texts})


def _lines(first: str, values: Mapping[str, object]) -> str:
    """A line, then one for each value; a value per language takes one line for each language."""
    lines = [first]
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += [f"{key}.{lang} = {_quoted(each)}" for lang, each in value.items()]
        else:
            lines.append(f"{key} = {_quoted(value)}")
    return "\n".join(lines)


def _quoted(value: object) -> str:
    """A text, number, flag or list as TOML writes it: as JSON does, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
