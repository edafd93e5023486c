"""The page of a comparison: its tables, its texts, and charts that draw nothing but what the tables hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

from ...languages import gettext as _
from ..charts import FURNITURE, Chart, Row, shown_text
from ..figures import ORGANISATION, Printed, Questions, Unit, loads, plain
from ..language import pattern
from ..markup import Markup, Slot, Table
from ..pages import check_script, halves
from .figures import Beside, Compared, Gap, Line, Move, Pair, Wave, squeezed, written
from .wording import hover_of_level, hover_of_move, name_of, span_of, verdict_beside

Json = Any

_CLASSES = {"above": 1, "below": -1}

_END = r"[+−]?[\d.,]+"  # of an interval


def read_compared_page(file: str, data: bytes, questions: Questions) -> Compared:
    """All that a page says, and what in it must not be there."""
    printed = Printed(file)
    markup = Markup(printed, frozenset(one.dimension for one in questions.measures))
    markup.feed(data.decode("utf-8", "replace"))
    markup.close()
    page = _Page(Compared(printed), questions)
    for table in markup.tables:
        page.read(table)
    for script in markup.scripts:
        if script.chart:
            _read_chart(script.chart, script.text, page.said, questions)
        else:
            check_script(script, printed)
    return page.said


class _Page:
    """The tables of a page, in the order in which they stand."""

    def __init__(self, said: Compared, questions: Questions) -> None:
        self.said, self.questions = said, questions
        self._above: list[Unit] = [ORGANISATION]
        self._by_depth = {ORGANISATION.path: ORGANISATION}

    def read(self, table: Table) -> None:
        section, _dash, id_ = table.section.partition("-")
        readers = {
            ("compared", ""): self._waves,
            ("compared", "facts"): self._left_out,
            ("dimensions", ""): self._dimensions,
            ("trend", ""): self._lines,
            ("trend", "units matrix"): self._slopes,
            ("units", "units matrix"): self._matrix,
            ("items", "changes"): self._items,
            ("pairs", ""): self._pairs,
            ("benchmark", ""): self._beside,
        }
        measure = self.questions.place(id_, is_item=False)
        if (section, table.kind) == ("units", "units") and measure is not None:
            self._of_a_dimension(table, measure)
        elif (table.section, table.kind) in readers:
            readers[table.section, table.kind](table)
        else:
            self.said.fault(f"part “{table.section}”", "a table that comparisons do not have")

    def rows(self, table: Table, widths: Sequence[int]) -> Iterator[tuple[list[Slot], str]]:
        """The rows below the headings, with the place of each in words; headings are said."""
        head, body = halves(table)
        for slot in head:
            self.said.printed.say(f"part “{table.section}”, headings", "labels", f"{slot.text} {slot.small}".strip())
        if head and len(head) not in widths:
            self.said.fault(f"part “{table.section}”, headings", "more or fewer than there are columns")
        for row in body:
            where = f"part “{table.section}”, row “{plain(row[0].text)[:60]}”"
            if any(slot.spoken.strip() for slot in row):
                self.said.fault(where, "words that only a screen reader says")
            if len(row) in widths:
                yield row, where
            else:
                self.said.fault(where, f"{len(row)} columns where comparisons have {widths[0]}")

    def _waves(self, table: Table) -> None:
        for row, where in self.rows(table, (4,)):
            figures = [self.said.figure(slot.text, "count", where) for slot in row[1:]]
            self.said.waves.append(Wave._make((plain(row[0].text), plain(row[0].small), *figures, where)))
        self.said.before, self.said.after = [one.name for one in ([None, None, *self.said.waves])[-2:] if one] or (
            "",
            "",
        )

    def _left_out(self, table: Table) -> None:
        for row, where in self.rows(table, (2,)):
            self.said.left_out.append((plain(row[0].text), plain(row[1].text)))
            self.said.printed.say(where, "left-out", f"{row[0].text} {row[0].small}".strip())
            self.said.printed.say(where, "left-out", f"{row[1].text} {row[1].small}".strip())

    # Changes

    def _changes(self, table: Table, widths: Sequence[int]) -> Iterator[tuple[list[Slot], str]]:
        """The rows of a table of changes, whose headings name the waves."""
        head, _body = halves(table)
        if [plain(slot.text) for slot in head[1:3]] != [plain(self.said.before), plain(self.said.after)]:
            self.said.fault(f"part “{table.section}”, headings", "they do not name the waves in their order")
        yield from self.rows(table, widths)

    def _dimensions(self, table: Table) -> None:
        rest = iter(self.questions.dimensions)
        for row, where in self._changes(table, (6,)):
            measure = self.said.measure(self.questions, row[0].text, rest, where)
            if measure is not None and not row[0].small.strip():
                self._move(ORGANISATION, measure, row, where)

    def _of_a_dimension(self, table: Table, measure: int) -> None:
        for row, where in self._changes(table, (6,)):
            unit = self._unit(row[0], where)
            if unit is not None:
                self._move(unit, measure, row, where)

    def _items(self, table: Table) -> None:
        head = plain(table.rows[0][0].text) if table.rows and table.rows[0] else ""
        is_whole = len(table.rows[0]) == 7 and head == _("The organisation")
        unit = ORGANISATION if is_whole else self._named(table.above, head)
        if unit is None:
            self.said.fault("part “items”", f"a table of a unit that no row stands for: “{table.above[:60]}”")
            return
        rest = iter(self.questions.items)
        for row, where in self._changes(replaced_heads(table), (7 if is_whole else 6,)):
            measure = self.said.measure(self.questions, row[0].text, rest, where)
            if measure is None:
                return
            self._remark(row[0], measure, where)
            self._move(unit, measure, row[:6], f"{where} of {unit}")
            if is_whole:
                p = self.said.figure(row[6].text, "chance", where)
                self.said.ranks += [(measure, p, where)] if p is not None else []

    def _remark(self, slot: Slot, measure: int, where: str) -> None:
        """A statement that is turned round says so in small print, and no other has any."""
        said, turned = plain(slot.small), _("turned round: here low answers are the favourable ones")
        if said and not (said == plain(turned) and self.questions.measures[measure].reverse):
            self.said.fault(where, f"small print that its statement does not have: “{said[:40]}”")

    def _named(self, summary: str, head: str) -> Unit | None:
        found = (unit for unit in self.said.units if unit.path and plain(" › ".join(unit.path)) == plain(summary))
        return next((unit for unit in found if unit.path[-1] == head), None)

    def _move(self, unit: Unit, measure: int, row: Sequence[Slot], where: str) -> None:
        said = self.said
        before, after, gap, verdict, smallest = row[1:6]
        difference, low, high = self._difference(gap, where)
        move = Move(
            said.unit(unit),
            measure,
            said.figure(before.small, "count", where) if before.small.strip() else None,
            said.figure(after.small, "count", where) if after.small.strip() else None,
            said.figure(before.text, "index", where),
            said.figure(after.text, "index", where),
            difference,
            low,
            high,
            said.figure(smallest.text, "index", where),
            None,
            said.verdict(verdict.text, where),
            where,
        )
        if (move.before is None) != (move.n_before is None) or (move.after is None) != (move.n_after is None):
            said.fault(where, "a number of answers without a figure, or a figure without one")
        self._plain(row[0], verdict, smallest)
        said.move(move)

    def _plain(self, name: Slot, *slots: Slot) -> None:
        for slot in slots:
            if slot.small.strip():
                self.said.fault(
                    f"row “{plain(name.text)[:60]}”",
                    f"small print that comparisons do not have there: “{slot.small[:40]}”",
                )

    def _difference(self, slot: Slot, where: str) -> tuple[float | None, float | None, float | None]:
        """A difference, and the ends of its interval in small print."""
        difference = self.said.figure(slot.text, "signed", where)
        return difference, *self._ends(slot.small, where)

    def _ends(self, small: str, where: str) -> tuple[float | None, float | None]:
        if not small.strip():
            return None, None
        ends = re.fullmatch(pattern("%(low)s to %(high)s", low=_END, high=_END), " ".join(small.split()))
        if ends is not None:
            return self.said.figure(ends["low"], "signed", where), self.said.figure(ends["high"], "signed", where)
        self.said.fault(where, f"small print that comparisons do not have: “{small[:40]}”")
        return None, None

    def _matrix(self, table: Table) -> None:
        measures = self._heads(table)
        for row, where in self.rows(table, (1 + len(measures),)):
            unit = self._unit(row[0], where)
            for slot, measure in zip(row[1:], measures, strict=True):
                if unit is not None:
                    self.said.gaps.append(
                        Gap(self.said.unit(unit), measure, *self._difference(slot, where), _sign(slot), where)
                    )

    def _heads(self, table: Table) -> list[int]:
        rest = iter(self.questions.dimensions)
        heads, _body = halves(table)
        found = [self.said.measure(self.questions, slot.text, rest, f"part “{table.section}”") for slot in heads[1:]]
        return [measure for measure in found if measure is not None]

    def _unit(self, slot: Slot, where: str) -> Unit | None:
        """The row's unit, with its path from the depth at which it is set in."""
        depth, name = slot.depth or 0, plain(slot.text)
        if depth == 0:
            self._above = [ORGANISATION]
            if name != _("The organisation") or slot.small.strip():
                self.said.fault(where, "a first row that is not the organisation")
            return ORGANISATION
        path = (*self._above[depth - 1].path, name) if depth <= len(self._above) else ()
        if not path:
            self.said.fault(where, "a row that is set in where no unit stands above it")
            return None
        level = plain(slot.small) or next((one.level for one in self.said.units if one.path == path), "")
        unit = Unit(path, level)
        self._above = [*self._above[:depth], unit]
        return unit

    # Lines through all waves

    def _lines(self, table: Table) -> None:
        rest, waves = iter(self.questions.dimensions), len(self.said.waves)
        head, _body = halves(table)
        if [plain(slot.text) for slot in head[1 : 1 + waves]] != [plain(wave.name) for wave in self.said.waves]:
            self.said.fault("part “trend”, headings", "they do not name the waves in their order")
        for row, where in self.rows(table, (3 + waves,)):
            measure = self.said.measure(self.questions, row[0].text, rest, where)
            if measure is None:
                continue
            levels = tuple(self._level(slot, where) for slot in row[1 : 1 + waves])
            slope, low, high = self._difference(row[-2], where)
            self._plain(row[0], row[0], row[-1])
            verdict = self.said.verdict(row[-1].text, where)
            self.said.lines.append(Line(ORGANISATION, measure, levels, slope, low, high, verdict, where))

    def _level(self, slot: Slot, where: str) -> tuple[float | None, float | None, float | None]:
        index = self.said.figure(slot.text, "index", where)
        low, dash, high = slot.small.partition("–")
        if not dash and not low.strip():
            return index, None, None
        return index, self.said.figure(low, "index", where), self.said.figure(high, "index", where)

    def _slopes(self, table: Table) -> None:
        measures = self._heads(table)
        self._above = [ORGANISATION]
        for row, where in self.rows(table, (1 + len(measures),)):
            unit = self._unit(row[0], where)
            for slot, measure in zip(row[1:], measures, strict=True):
                if unit is not None:
                    slope, low, high = self._difference(slot, where)
                    verdict = {1: "rising", -1: "falling"}.get(_sign(slot) or 0, "")
                    self.said.lines.append(Line(unit, measure, (), slope, low, high, verdict, where))

    # Pairs, and figures from elsewhere

    def _pairs(self, table: Table) -> None:
        rest = iter(self.questions.dimensions)
        for row, where in self.rows(table, (5,)):
            measure = self.said.measure(self.questions, row[0].text, rest, where)
            if measure is not None:
                n, gap, verdict, smallest = row[1:]
                self._plain(row[0], row[0], n, verdict, smallest)
                self.said.pairs.append(
                    Pair._make(
                        (
                            measure,
                            self.said.figure(n.text, "count", where),
                            *self._difference(gap, where),
                            self.said.figure(smallest.text, "index", where),
                            self.said.verdict(verdict.text, where),
                            where,
                        )
                    )
                )

    def _beside(self, table: Table) -> None:
        for row, where in self.rows(table, (7,)):
            label, index, mean, n, gap, verdict, source = row
            self._plain(label, label, index, mean, n, verdict, source)
            difference, low, high = self._difference(gap, where)
            self.said.beside.append(
                Beside(
                    plain(label.text),
                    plain(source.text),
                    self.said.figure(n.text, "count", where),
                    self.said.figure(mean.text, "tenths", where),
                    self.said.figure(index.text, "index", where),
                    difference,
                    low,
                    high,
                    self.said.verdict(verdict.text, where),
                    where,
                )
            )


def replaced_heads(table: Table) -> Table:
    """The same table without the rows that are names of dimensions, of one cell each."""
    rows = [(row, worn) for row, worn in zip(table.rows, table.row_classes, strict=True) if len(row) > 1]
    return Table(
        table.section, table.kind, table.columns, table.above, [row for row, _ in rows], [worn for _, worn in rows]
    )


def _sign(slot: Slot) -> int | None:
    found = [_CLASSES[one] for one in slot.classes if one in _CLASSES]
    return found[0] if found else None if "absent" in slot.classes else 0


# Charts


def _read_chart(name: str, source: str, said: Compared, questions: Questions) -> None:
    try:
        figure = loads(source)
    except ValueError:
        figure = None
    kind, _dash, rest = name.removeprefix("chart-").partition("-")
    measure = questions.place(rest.rpartition("-")[0], is_item=False)
    if isinstance(figure, dict) and kind == "dimensions":
        _Moves(name, said, questions, None).read(figure)
    elif isinstance(figure, dict) and kind == "units" and measure is not None:
        _Moves(name, said, questions, measure).read(figure)
    elif isinstance(figure, dict) and kind == "trend" and measure is not None:
        line = next((one for one in said.lines if (one.unit, one.measure) == (ORGANISATION, measure)), None)
        if line is None:
            said.fault(f"chart “{name}”", "a line that stands in no table")
        else:
            _check_line(f"chart “{name}”", figure, line, said, questions)
    else:
        said.fault(f"chart “{name}”", "a chart that the audit does not know")


class _Moves(Chart):
    """From the value before to the value after: rows are dimensions of the organisation, or units in one dimension."""

    furniture: ClassVar[Mapping[str, frozenset[Json]]] = {
        **FURNITURE,
        "size": FURNITURE["size"] | {10},
        "width": FURNITURE["width"] | {12},
        "x": frozenset({1}),
        "xshift": frozenset({10}),
    }
    _SIGNS = frozenset({"triangle-up", "triangle-down", "circle", "diamond"})

    def __init__(self, name: str, said: Compared, questions: Questions, measure: int | None) -> None:
        super().__init__(name, said.printed, questions, [])
        self.said = said
        moves = [one for one in said.moves if one.unit == ORGANISATION] if measure is None else said.moves
        self.moves = {
            (one.unit, one.measure): one
            for one in moves
            if (measure is None and not questions.measures[one.measure].is_item) or one.measure == measure
        }
        self.keys: dict[str, Move] = {}
        for (unit, found), move in self.moves.items():
            key = questions.measures[found].id if measure is None else f"unit-{said.units.index(unit)}"
            self.keys[key] = move
        self.label = _label_of(questions)
        self.by_unit = measure is not None

    def row(self, key: Json) -> Row | None:
        move = self.keys.get(str(key))
        if move is None:
            return None
        name = name_of(move.unit) if self.by_unit else self.label(move.measure)
        return Row(0, move.measure, name)

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:
        """The band, four kinds of lines, the values before, the values after; each point is of its row."""
        if count != 7 or (place == 6) != ("hovertext" in trace):
            self.fault("other traces than the charts of comparisons have")
            return
        xs, ys = trace.get("x"), trace.get("y")
        if not isinstance(xs, list) or not isinstance(ys, list) or len(xs) != len(ys):
            self.fault("a trace has more values than rows")
            return
        hover = trace.get("hovertext", [])
        if hover and len(hover) != len(xs):
            self.fault("more hover texts than rows")
        for x, key in zip(xs, ys, strict=True):
            self._point(place, x, key)
        for text, key in zip(hover, ys, strict=False):
            move = self.keys.get(str(key))
            if move is not None and squeezed(shown_text(str(text))) != squeezed(
                hover_of_move(move, self.label(move.measure))
            ):
                self.fault(f"the hover text of “{key}” says otherwise: “{shown_text(str(text))[:80]}”")

    def _point(self, place: int, x: Json, key: Json) -> None:
        if key is None or x is None:
            if not (key is None and x is None):
                self.fault("a value without a row, or a row without a value")
            return
        move = self.keys.get(str(key))
        if move is None or move.before is None or move.after is None:
            self.fault(f"a row “{str(key)[:40]}” that stands in no table, or is withheld there")
            return
        allowed: tuple[float, ...] = (move.before,) if place == 5 else (move.after,)
        if place == 0:
            ends = (move.low, move.high) if move.low is not None and move.high is not None else ()
            allowed = tuple(min(max(move.before + (end or 0), 0), 100) for end in ends)
        elif place < 5:
            allowed = move.before, move.after
        if (
            isinstance(x, bool)
            or not isinstance(x, int | float)
            or min((abs(x - one) for one in allowed), default=1) > 1e-6
        ):
            self.fault(f"the row “{str(key)[:40]}” is drawn at {x}, and its table says otherwise")

    def _closed(self, key: str, value: Json) -> None:
        if key == "symbol" and isinstance(value, list) and set(value) <= self._SIGNS:
            return
        super()._closed(key, value)

    def _note(self, note: Mapping[str, Json], traces: int) -> None:  # noqa: ARG002 (one kind of many)
        move = self.keys.get(str(note.get("y")))
        row = self.row(note.get("y"))
        if move is None or row is None:
            self.fault(f"a text stands at a row “{str(note.get('y'))[:40]}” that is in no table")
            return
        text = squeezed(shown_text(str(note.get("text", ""))))
        name, verdict = squeezed(row.name), squeezed(verdict_beside(move))
        if text not in {name, verdict, name + verdict}:
            self.fault(f"a text at the row “{row.name}” says otherwise: “{str(note.get('text'))[:60]}”")
        if note.get("xref") != "paper" or note.get("x") not in {0, 1}:
            self.fault(f"a text of the row “{row.name}” stands at {note.get('x')}")
        self._pixels("xshift", [note.get("xshift", 0), note.get("yshift", 0)], 500)
        for key in note.keys() - {"text", "x", "y", "xshift", "yshift"}:
            self._closed(key, note[key])


def _label_of(questions: Questions) -> Any:
    return lambda measure: questions.measures[measure].label


def _check_line(where: str, figure: Mapping[str, Json], line: Line, said: Compared, questions: Questions) -> None:
    """A line through all waves: nothing but the values, the ends of their intervals, and the names of the waves."""
    chart = _Lines(where.removeprefix("chart “").removesuffix("”"), said.printed, questions, [])
    label = questions.measures[line.measure].label
    shown = [(place, *level) for place, level in enumerate(line.levels) if level[0] is not None]
    sure = [(place, low, high) for place, _index, low, high in shown if low is not None]
    names = [wave.name for wave in said.waves]
    span = span_of([one for one in said.lines if one.unit == ORGANISATION and one.levels])
    layout = figure.get("layout", {})
    traces: list[Mapping[str, Json]] = figure.get("data", [])
    bars, dots = traces if len(traces) == 2 else ({}, {})
    axes = layout.get("xaxis", {}), layout.get("yaxis", {})
    notes = layout.get("annotations", [])
    ends: tuple[list[Json], list[Json]] = (
        [[place, place, None] for place, _low, _high in sure],
        [[low, high, None] for _place, low, high in sure],
    )
    facts = [
        (bars.get("x"), list(chain(*ends[0]))),
        (bars.get("y"), list(chain(*ends[1]))),
        (dots.get("x"), [place for place, *_rest in shown]),
        (dots.get("y"), [index for _place, index, *_rest in shown]),
        (axes[0].get("range"), [-0.5, len(names) - 0.5]),
        (axes[0].get("tickvals"), list(range(len(names)))),
        (axes[1].get("range"), [span[0] - 1, span[1] + 1]),
        (axes[1].get("tickvals"), list(range(span[0], span[1] + 1, 10))),
        ([note.get("x") for note in notes], [place for place, *_rest in shown]),
        ([note.get("y") for note in notes], [index if high is None else high for _p, index, _low, high in shown]),
        ([note.get("text") for note in notes], [written(index or 0, "index") for _place, index, *_rest in shown]),
        ([squeezed(shown_text(str(text))) for text in axes[0].get("ticktext", ())], list(map(squeezed, names))),
        (
            [squeezed(shown_text(str(text))) for text in dots.get("hovertext", ())],
            [squeezed(hover_of_level(line, place, names[place], label)) for place, *_rest in shown],
        ),
    ]
    for drawn, true in facts:
        if drawn != true:
            said.fault(where, f"it is drawn from {str(drawn)[:60]}, and its table says {str(true)[:60]}")
    chart.read(figure)


class _Lines(Chart):
    """What else stands in the chart of a line."""

    furniture: ClassVar[Mapping[str, frozenset[Json]]] = {
        **FURNITURE,
        "size": FURNITURE["size"] | {7},
        "width": FURNITURE["width"] | {3},
        "yshift": frozenset({11}),
    }
    _CHECKED = frozenset({"range", "tickvals", "ticktext"})

    def row(self, _key: Json) -> Row | None:
        """There are no rows."""
        return None

    def trace(self, trace: Mapping[str, Json], place: int, count: int) -> None:
        """Its values have been held against the table."""

    def _axis(self, _key: str, axis: Mapping[str, Json], _rows: int, _traces: int) -> None:
        for name in axis.keys() - self._CHECKED:
            self._closed(name, axis[name])

    def _note(self, note: Mapping[str, Json], traces: int) -> None:  # noqa: ARG002
        for key in note.keys() - {"text", "x", "y"}:
            self._closed(key, note[key])
