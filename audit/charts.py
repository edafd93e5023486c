"""Charts of a page: every number in their JSON is a printed figure, or the lay-out that the rows ask for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any, ClassVar

from ..languages import gettext, language
from .figures import PEOPLE, Printed, Questions, before_colon, kind_of_share, loads, plain
from .language import pattern, patterns

Json = Any

TRACE = frozenset(
    [
        "type",
        "mode",
        "orientation",
        "x",
        "y",
        "text",
        "hovertext",
        "hoverinfo",
        "textposition",
        "insidetextanchor",
        "textangle",
        "textfont",
        "marker",
        "line",
        "constraintext",
    ]
)
FURNITURE: Mapping[str, frozenset[Json]] = {
    "size": frozenset({12, 13}),
    "width": frozenset({1, 2, 8}),
    "solidity": frozenset({0.15}),
    "textangle": frozenset({0}),
    "hoverdistance": frozenset({40}),
    "minsize": frozenset({12}),
    "borderpad": frozenset({0}),
    "tickangle": frozenset({0, -90}),
}
TEXTUAL = frozenset(
    [
        "color",
        "family",
        "align",
        "bgcolor",
        "bordercolor",
        "hovermode",
        "paper_bgcolor",
        "plot_bgcolor",
        "barmode",
        "mode",
        "type",
        "categoryorder",
        "side",
        "gridcolor",
        "zerolinecolor",
        "hoverinfo",
        "textposition",
        "insidetextanchor",
        "constraintext",
        "orientation",
        "xref",
        "xanchor",
        "yanchor",
        "shape",
    ]
)
_PARTS = {"name": ".*", "index": r"\d+", "low": r"\d+", "high": r"\d+", "n": r"\d[\d.,\s]*"}
_ROLE = re.compile(r"var\(--[a-z]+(?:-[1-3])?\)|rgba\(0,0,0,0\)")
_MARK = re.compile(r"\u2009[▲▼]")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a chart is about: a unit, and a measure where every trace is about the same one."""

    unit: int
    measure: int
    name: str


def read_chart(name: str, source: str, printed: Printed, questions: Questions, unit_names: list[str]) -> None:
    """Read one chart into `printed`.

    name: its id, which says what kind of chart it is. unit_names: what the rows of the tables are called.
    """
    try:
        figure = loads(source)
    except ValueError:
        printed.fault(f"chart “{name}”", "its data cannot be read")
        return
    kinds: dict[str, type[Chart]] = {"dimensions": _Dimensions, "items": _Items, "units": _Units}
    kind = kinds.get(name.removeprefix("chart-").split("-")[0])
    if kind is None or not isinstance(figure, dict):
        printed.fault(f"chart “{name}”", "a chart that the audit does not know")
        return
    kind(name, printed, questions, unit_names).read(figure)


def sentence_figures(text: str) -> tuple[str, dict[str, str]] | None:
    """The name and the figures of “Team A, Trust: 70 of 100, between 58 and 84; 9 answers”; None for other texts.

    >>> sentence_figures("Trust: 70 of 100, between 58 and 84; 9 answers")
    ('Trust', {'index': '70', 'low': '58', 'high': '84', 'n': '9'})
    """
    found = next(filter(None, (form.fullmatch(text) for form in _sentences(language()))), None)
    if found is None:
        return None
    figures = {kind: value for kind, value in found.groupdict().items() if value is not None}
    return figures.pop("name"), figures


@cache
def _sentences(lang: str) -> tuple[re.Pattern[str], ...]:  # noqa: ARG001 (a part of the key)
    """Every form of the sentence, the one with an interval first."""
    forms = (
        *patterns(
            "{name}: {index} of 100, between {low} and {high}; {n} answer",
            "{name}: {index} of 100, between {low} and {high}; {n} answers",
            **_PARTS,
        ),
        *patterns("{name}: {index} of 100; {n} answer", "{name}: {index} of 100; {n} answers", **_PARTS),
    )
    return tuple(map(re.compile, forms))


@cache
def _squeezed_sentences(lang: str) -> tuple[re.Pattern[str], ...]:
    """The same without white space, as lines may break anywhere; and what is said where there are no figures."""
    forms = (form.pattern for form in _sentences(lang))
    absent = pattern("{name}: {text}", name=".*", text=".*")
    return tuple(re.compile(form.replace("\\ ", "")) for form in (*forms, absent))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def shown_text(text: str) -> str:
    """What a reader sees of a text in Plotly's pseudo-HTML."""
    return plain(unescape(re.sub(r"</?[bi]>", "", text.replace("<br>", " "))))


def after(text: str, beginning: str) -> str | None:
    """What follows a beginning, wherever lines were broken in it; None where the text begins otherwise.

    >>> after("far- reaching: 12", "far-reaching:"), after("another: 12", "far-reaching:")
    ('12', None)
    """
    place = 0
    for sign in "".join(plain(beginning).split()):
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text) or text[place] != sign:
            return None
        place += 1
    return text[place:].strip()


class Chart:
    """One chart while it is read; the kinds of chart differ in what their rows and traces are about."""

    furniture: ClassVar[Mapping[str, frozenset[Json]]] = FURNITURE

    def __init__(self, name: str, printed: Printed, questions: Questions, unit_names: list[str]) -> None:
        self.where = f"chart “{name}”"
        self.printed, self.questions, self.unit_names = printed, questions, unit_names

    def row(self, key: Json) -> Row | None:
        """What a row is about; None for one that stands in no table."""
        raise NotImplementedError

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:
        """Note the figures of one trace. place, count: which of how many."""
        raise NotImplementedError

    def fault(self, problem: str) -> None:
        """Note something that must not be there."""
        self.printed.fault(self.where, problem)

    def read(self, figure: Mapping[str, Json]) -> None:
        """Note all figures of the chart, and whatever else is in it."""
        for key in figure.keys() - {"data", "layout", "narrow", "config", "centred"}:
            self.fault(f"a part “{key}” that charts of reports do not have")
        traces = [trace for trace in figure.get("data", ()) if isinstance(trace, dict)]
        for place, trace in enumerate(traces):
            self._check_trace(trace)
            self.trace(trace, place, len(traces))
        for part in ("layout", "narrow"):
            self._layout(figure.get(part, {}), len(traces))
        self._closed("config", figure.get("config", {}))
        sizes = figure.get("centred", {})
        if not all(isinstance(size, int) and 0 <= size <= len(traces) for size in sizes.values()):
            self.fault("“centred” must count traces")

    # Traces

    def _check_trace(self, trace: Mapping[str, Json]) -> None:
        kind = trace.get("type")
        if kind not in {"bar", "scatter"}:
            self.fault(f"a trace of type “{kind}”, which draws single answers")
        for key in sorted(trace.keys() - TRACE):
            self.fault(f"a trace carries “{key}”, which no reader sees")
        for key in trace.keys() & TRACE - {"x", "y", "text", "hovertext"}:
            self._closed(key, trace[key])

    def _closed(self, key: str, value: Json) -> None:
        """Things that are the same in every report: colours, sizes, switches."""
        if isinstance(value, dict):
            for inner, part in value.items():
                self._closed(inner, part)
        elif isinstance(value, list):
            for part in value:
                self._closed(key, part)
        elif isinstance(value, str):
            if any(map(str.isnumeric, value)) and not (_ROLE.fullmatch(value) or value == "array"):
                self.fault(f"“{key}” holds a number: “{value[:40]}”")
            elif key not in TEXTUAL and value and not _ROLE.fullmatch(value):
                self.fault(f"“{key}” is not a part of charts of reports")
        elif (
            isinstance(value, int | float) and not isinstance(value, bool) and value not in self.furniture.get(key, ())
        ):
            self.fault(f"“{key}” holds the number {value}")

    def rows_of(self, trace: Mapping[str, Json]) -> Iterator[tuple[Row, dict[str, Json]]]:
        """What a trace says, row by row; a row that nobody knows is a fault."""
        lists = {key: trace[key] for key in ("x", "text", "hovertext") if isinstance(trace.get(key), list)}
        for key in {"x", "y", "text", "hovertext"} & trace.keys() - lists.keys() - {"y"}:
            self.fault(f"“{key}” must be a list")
        keys = trace.get("y", [])
        if any(len(values) != len(keys) for values in lists.values()):
            self.fault("a trace has more values than rows")
        for place, key in enumerate(keys):
            entries = {name: values[place] for name, values in lists.items() if place < len(values)}
            if key is None:
                if any(entry is not None for entry in entries.values()):
                    self.fault("a value without a row")
                continue
            row = self.row(key)
            if row is None:
                self.fault(f"a row “{str(key)[:40]}” that stands in no table")
            else:
                yield row, entries

    def say(self, row: Row, measure: int, kind: str, text: Json) -> None:
        """Note a figure as text."""
        self.printed.read(row.unit, measure, kind, str(text), f"{self.where}, row “{row.name}”")

    def count(self, row: Row, measure: int, kind: str, value: Json) -> None:
        """Note a figure as a number."""
        where = f"{self.where}, row “{row.name}”"
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"row “{row.name}” has “{str(value)[:40]}” where a number belongs")
        else:
            self.printed.count(row.unit, measure, kind, value, where)

    def hover(self, row: Row, measure: int, name: str, text: str) -> None:
        """The sentence of a hover text: its figures are printed figures like any other."""
        said = _squeezed(shown_text(text))
        found = (form.fullmatch(said) for form in _squeezed_sentences(language()))
        of_it = next((one for one in found if one and one["name"] == _squeezed(before_colon(name))), None)
        if of_it is None:
            self.fault(f"the hover text of “{row.name}” begins otherwise: “{shown_text(text)[:60]}”")
        elif "text" not in of_it.groupdict():
            for kind in of_it.groupdict().keys() - {"name"}:
                self.say(row, measure, kind, of_it[kind])
        elif any(map(str.isnumeric, of_it["text"])):
            self.fault(f"the hover text of “{row.name}” says what no table says: “{shown_text(text)[-60:]}”")

    # Lay-out

    def _layout(self, layout: Mapping[str, Json], traces: int) -> None:
        keys = layout.get("yaxis", {}).get("categoryarray", [])
        for key, value in layout.items():
            if key == "annotations":
                for note in value:
                    self._note(note, traces)
            elif key == "margin":
                self._pixels(key, value.values(), 400 + 20 * len(keys))
            elif key == "height":
                self._pixels(key, [value], 60 + 400 + 400 * len(keys))
            elif key == "bargap":
                if not (isinstance(value, float | int) and 0 <= value < 1 and round(value, 3) == value):
                    self.fault(f"“bargap” holds {value}")
            elif key in {"xaxis", "yaxis"}:
                self._axis(key, value, len(keys), traces)
            else:
                self._closed(key, value)

    def _pixels(self, key: str, values: Iterable[Json], most: int) -> None:
        for value in values:
            if not (isinstance(value, int) and abs(value) <= most):
                self.fault(f"“{key}” holds {value}, which is no number of pixels")

    def _axis(self, key: str, axis: Mapping[str, Json], rows: int, traces: int) -> None:
        for name, value in axis.items():
            if name == "range":
                self._range(key, value, rows, traces)
            elif name == "tickvals":
                if value not in ([0, 25, 50, 75, 100], [place + 0.5 for place in range(traces)]):
                    self.fault(f"the marks of the {key} are {value}")
            elif name == "ticktext":
                for text in value:
                    self.printed.say(f"{self.where}, heads of columns", "labels", shown_text(str(text)))
            elif name == "categoryarray":
                for entry in value:
                    if self.row(entry) is None:
                        self.fault(f"a row “{str(entry)[:40]}” that stands in no table")
            else:
                self._closed(name, value)

    def _range(self, key: str, value: Json, rows: int, traces: int) -> None:
        """The ends of an axis: of the whole scale, or of the rows; never of the figures."""
        if key == "xaxis":
            if value not in ([-2, 102], [0, traces], [0, 1], [0, 100]):
                self.fault(f"the range of the figures {value} may tell the lowest and the highest")
        else:
            sink = -value[-1] - 0.5
            if len(value) != 2 or abs(value[0] - (rows - 0.5 - sink)) > 1e-9 or not 0 <= sink < 0.5:
                self.fault(f"the range of the rows is {value}")

    def _note(self, note: Mapping[str, Json], traces: int) -> None:
        """A text beside a row: its name, its figure, or a mark for what is not shown."""
        row = self.row(note.get("y"))
        if row is None:
            self.fault(f"a text stands at a row “{str(note.get('y'))[:40]}” that is in no table")
            return
        text = shown_text(str(note.get("text", "")))
        if note.get("xref") == "paper":
            remark = after(text, row.name)
            if remark is None:
                self.fault(f"the row “{row.name}” is labelled “{text[:60]}”")
            elif any(map(str.isnumeric, remark)):
                self.fault(f"the label of “{row.name}” goes on with a number")
            if note.get("x") != 0:
                self.fault(f"the label of “{row.name}” stands at {note.get('x')}")
        else:
            self.note(row, text, note.get("x"), traces)
        self._pixels("xshift", [note.get("xshift", 0), note.get("yshift", 0)], 500)
        for key in note.keys() - {"text", "x", "y", "xshift", "yshift", "font"}:
            self._closed(key, note[key])
        self._closed("font", note.get("font", {}))

    def note(self, row: Row, text: str, x: Json, traces: int) -> None:
        """A text in a row; only the chart of the dimensions has some with figures."""
        if any(map(str.isnumeric, text)):
            self.fault(f"a number stands in the row “{row.name}”: “{text[:40]}”")
        if x not in {0, traces / 2, *(place + 0.5 for place in range(traces))}:
            self.fault(f"a text of the row “{row.name}” stands at {x}")


class _Dimensions(Chart):
    """Dots with intervals: rows are dimensions, of the organisation."""

    def row(self, key: Json) -> Row | None:
        place = self.questions.place(str(key), is_item=False)
        return None if place is None else Row(0, place, self.questions.measures[place].label)

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:  # noqa: ARG002 (one kind of many)
        ends = {"low", "high"} if trace.get("mode") == "lines" else set()
        seen: set[int] = set()
        for row, entries in self.rows_of(trace):
            kind = "index" if not ends else "high" if row.measure in seen else "low"
            seen.add(row.measure)
            self.count(row, row.measure, kind, entries.get("x"))
            if "hovertext" in entries:
                self.hover(row, row.measure, row.name, str(entries["hovertext"]))
            if "text" in entries:
                self.say(row, row.measure, kind, shown_text(str(entries["text"])))

    def note(self, row: Row, text: str, x: Json, traces: int) -> None:
        if any(map(str.isnumeric, text)):
            self.say(row, row.measure, "index", text)
            self.count(row, row.measure, "index", x)
        elif x != 50:
            super().note(row, text, x, traces)


class _Items(Chart):
    """Bars of answers: rows are items of the organisation, traces the points of the scale."""

    def row(self, key: Json) -> Row | None:
        place = self.questions.place(str(key), is_item=True)
        return None if place is None else Row(0, place, self.questions.measures[place].label)

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:
        for row, entries in self.rows_of(trace):
            measure = self.questions.measures[row.measure]
            point = count - place if measure.reverse else place + 1
            label = measure.points[point - 1] if 0 < point <= len(measure.points) else ""
            share = shown_text(str(entries.get("text", "")))
            self.say(row, row.measure, kind_of_share(point), share)
            self.count(row, row.measure, kind_of_share(point), entries.get("x"))
            said = gettext("{name}: {text}").format(name=before_colon(label), text=share)
            sentence = after(shown_text(str(entries.get("hovertext", ""))), said)
            if sentence is None:
                self.fault(f"the hover text of “{row.name}” does not begin with the point of the scale: “{said}”")
                continue
            self.hover(row, row.measure, row.name, sentence)


class _Units(Chart):
    """Units by dimensions: rows are rows of the table, traces the dimensions."""

    def row(self, key: Json) -> Row | None:
        prefix, _, number = str(key).partition("-")
        if prefix != "unit" or not re.fullmatch("[0-9]{1,9}", number) or int(number) >= len(self.unit_names):
            return None
        return Row(int(number), PEOPLE, self.unit_names[int(number)])

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:  # noqa: ARG002 (one kind of many)
        measures = self.questions.dimensions
        if place >= len(measures):
            self.fault("more traces than dimensions")
            return
        self._one_look(trace)
        label = self.questions.measures[measures[place]].label
        for row, entries in self.rows_of(trace):
            if entries.get("x") != 1:
                self.fault(f"a cell of “{row.name}” is {entries.get('x')} wide: all must be 1")
            text = _MARK.sub("", unescape(str(entries.get("text", ""))))
            if text:
                self.say(row, measures[place], "index", text)
            self.hover(row, measures[place], f"{row.name}, {label}", str(entries.get("hovertext", "")))

    def _one_look(self, trace: Mapping[str, Json]) -> None:
        """Withheld cells look all the same, and as no cell that is shown and marked."""
        texts = [str(text) for text in trace.get("text", [])]
        hidden = [place for place, text in enumerate(texts) if not any(map(str.isnumeric, text))]
        marked = [place for place, text in enumerate(texts) if _MARK.search(text)]
        marker = trace.get("marker", {})
        for looks in (marker.get("color"), marker.get("pattern", {}).get("shape")):
            if isinstance(looks, list) and len(looks) == len(texts):
                of_hidden = {looks[place] for place in hidden}
                if len(of_hidden) > 1 or (looks is marker.get("color") and of_hidden & {looks[at] for at in marked}):
                    self.fault("withheld cells differ in colour, which is a clue")
