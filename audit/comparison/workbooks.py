"""The workbook of a comparison: its sheets, each with the columns that it has there, and nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from ...languages import gettext as _, marked, speaking
from ..figures import ORGANISATION, Printed, Questions, Unit, plain
from ..workbook.lines import Lines, Row, Value
from ..workbook.parts import check_parts, language_of, targets
from ..workbook.reading import check_links, check_names, grids_of
from ..workbook.tables import number_in_words
from .figures import Beside, Compared, Line, Move, Pair, Wave

_SHEETS: Final = (
    *(marked("Read me"), marked("Waves"), marked("Organisation"), marked("Trend"), marked("Teams"), marked("Items")),
    *(marked("Team items"), marked("Pairs"), marked("Elsewhere"), marked("Not compared"), marked("Method")),
)
_MOVE: Final = ("count", "count", "index", "index", "signed", "signed", "signed", "index", "effect")


def read_compared_workbook(file: str, data: bytes, questions: Questions) -> Compared:
    """All that a workbook says, and what in it must not be there."""
    printed = Printed(file)
    said = Compared(printed)
    try:
        with ZipFile(BytesIO(data)) as archive, speaking(language_of(archive)):
            check_parts(archive, printed)
            grids = grids_of(archive, printed, _SHEETS)
            check_names(archive, grids, printed)
            check_links(grids, printed)
            book = _Book(said, questions)
            for key in sorted(grids, key=_SHEETS.index if set(grids) <= set(_SHEETS) else str):
                book.read(key, grids[key].name, grids[key].rows)
                grid = grids[key]
                if (
                    grid.formulas
                    or grid.validations
                    or grid.heights
                    or grid.breaks
                    or targets(archive, grid.part, printed)
                ):
                    printed.fault(grid.where, "a formula, a list or a drawing, which comparisons do not have")
    except (BadZipFile, ET.ParseError, KeyError, RuntimeError) as error:
        printed.fault("the file", f"it cannot be read as a workbook ({type(error).__name__})")
    return said


class _Book:
    """The sheets of a workbook, read in the order in which they stand."""

    def __init__(self, said: Compared, questions: Questions) -> None:
        self.said, self.questions = said, questions

    def read(self, key: str, name: str, rows: Lines) -> None:
        """One sheet, by its English name."""
        readers: Mapping[str, Callable[[str, Lines], None]] = {
            "Waves": self._waves,
            "Organisation": self._organisation,
            "Trend": self._trend,
            "Teams": self._teams,
            "Items": self._items,
            "Team items": self._team_items,
            "Pairs": self._pairs,
            "Elsewhere": self._elsewhere,
            "Not compared": self._left_out,
        }
        if key in readers:
            readers[key](name, rows)
            return
        for number, row in enumerate(rows, 1):
            is_date = len(row) == 2 and row[0] == _("Date") and isinstance(row[1], str)
            for value in row[:1] if is_date else row:
                text = value if isinstance(value, str) else number_in_words(value)
                self.said.printed.say(
                    f"sheet “{name}”, row {number}", "method" if key == "Method" else "summary", plain(text)
                )
            if is_date:
                self.said.printed.claims["date"] = plain(str(row[1]))

    def _table(self, name: str, rows: Lines, heads: Sequence[str], part: str) -> Iterator[tuple[str, Row]]:
        """The rows below these headings; what stands above is said, and other headings are a fault."""
        said = self.said
        wanted = [plain(head) for head in heads]
        at = next((place for place, row in enumerate(rows) if [plain(str(one)) for one in row] == wanted), None)
        if at is None:
            said.fault(f"sheet “{name}”", "no table with the headings that comparisons have")
            return
        above = [value if isinstance(value, str) else number_in_words(value) for row in rows[:at] for value in row]
        said.printed.say(f"sheet “{name}”, above the table", part, plain(" ".join(above)))
        for head in wanted:
            said.printed.say(f"sheet “{name}”, headings", "headings", head)
        for number, row in enumerate(rows[at + 1 :], at + 2):
            where = f"sheet “{name}”, row {number}"
            if len(row) == len(wanted):
                yield where, row
            else:
                said.fault(where, f"{len(row)} columns where there should be {len(wanted)}")

    def _waves(self, name: str, rows: Lines) -> None:
        heads = (_("Wave"), _("Report"), _("Answers"), _("Units and teams shown"), _("Smallest group"))
        for where, row in self._table(name, rows, (*heads, _("Rules of disclosure")), "summary"):
            figures = [self.said.figure(value, "count", where) for value in row[2:5]]
            self.said.waves.append(Wave._make((plain(str(row[0])), plain(str(row[1])), *figures, where)))
            self.said.printed.say(where, "summary", str(row[5]))
        found = [one.name for one in self.said.waves]
        self.said.before, self.said.after = found[-2:] if len(found) > 1 else ("", "")

    # Changes

    def _of_change(self) -> tuple[str, ...]:
        answers, index = _("Answers {wave}"), _("Index {wave}")
        waves = self.said.before, self.said.after
        ends = (_("from"), _("to"), _("Invisible below"), _("Hedges’ g"), _("Verdict"))
        return (
            *(answers.format(wave=wave) for wave in waves),
            *(index.format(wave=wave) for wave in waves),
            _("Change"),
            *ends,
        )

    def _move(self, unit: Unit, measure: int, values: Sequence[Value], where: str) -> None:
        said = self.said
        figures = [said.figure(value, form, where) for value, form in zip(values[:9], _MOVE, strict=True)]
        said.move(Move._make((said.unit(unit), measure, *figures, said.verdict(values[9], where), where)))

    def _organisation(self, name: str, rows: Lines) -> None:
        rest = iter(self.questions.dimensions)
        for where, row in self._table(name, rows, (_("Dimension"), *self._of_change()), "dimensions"):
            measure = self.said.measure(self.questions, str(row[0]), rest, where)
            if measure is not None:
                self._move(ORGANISATION, measure, row[1:], where)

    def _items(self, name: str, rows: Lines) -> None:
        heads = (_("Dimension"), _("Item"), _("Statement"), *self._of_change(), _("Rank test, p"))
        rest = iter(self.questions.items)
        for where, row in self._table(name, rows, heads, "items"):
            measure = self._item(row[:3], rest, where)
            if measure is not None:
                self._move(ORGANISATION, measure, row[3:13], where)
                p = self.said.figure(row[13], "chance", where)
                self.said.ranks += [(measure, p, where)] if p is not None else []

    def _item(self, values: Sequence[Value], rest: Iterator[int], where: str) -> int | None:
        measure = self.said.measure(self.questions, str(values[2]), rest, where)
        if measure is not None and plain(str(values[1])) != plain(self.questions.measures[measure].id):
            self.said.fault(where, "an item with the id of another")
        self.said.printed.say(where, "items", plain(str(values[0])))
        return measure

    def _teams(self, name: str, rows: Lines) -> None:
        dimensions = [self.questions.measures[place].label for place in self.questions.dimensions]
        for where, unit, row in self._of_units(name, rows, (_("Dimension"), *self._of_change()), "units"):
            label = plain(str(row[0]))
            at = next((place for place, one in enumerate(dimensions) if plain(one) == label), None)
            if at is None:
                self.said.fault(where, "a dimension that was not asked")
            else:
                self._move(unit, self.questions.dimensions[at], row[1:], where)

    def _team_items(self, name: str, rows: Lines) -> None:
        heads = (_("Dimension"), _("Item"), _("Statement"), *self._of_change())
        for where, unit, row in self._of_units(name, rows, heads, "items"):
            place = self.questions.place(str(row[1]), is_item=True)
            if place is None or plain(self.questions.measures[place].label) != plain(str(row[2])):
                self.said.fault(where, "a statement that was not asked")
            else:
                self.said.printed.say(where, "items", plain(str(row[0])))
                self._move(unit, place, row[3:], where)

    def _of_units(self, name: str, rows: Lines, heads: Sequence[str], part: str) -> Iterator[tuple[str, Unit, Row]]:
        """Rows that begin with a unit, its level, and its names from the top down where there are several."""
        head = next((row for row in rows if row and row[0] == _("Unit")), [])
        depth = max(len(head) - 2 - len(heads), 0)
        levels = [_("Level {number}").format(number=level + 1) for level in range(depth)]
        for where, row in self._table(name, rows, (_("Unit"), _("Level"), *levels, *heads), part):
            called, level = plain(str(row[0])), plain(str(row[1]))
            names = [plain(str(value)) for value in row[2 : 2 + depth] if value != ""]
            path = tuple(names) if depth else (called,)
            is_whole = called == _("The organisation") and level == _("Organisation") and (not depth or not names)
            unit = ORGANISATION if is_whole else Unit(path, level)
            if not is_whole and (not path or path[-1] != called):
                self.said.fault(where, "its name is not the last of the names from the top down")
            else:
                yield where, unit, row[2 + depth :]

    def _trend(self, name: str, rows: Lines) -> None:
        heads = [_("Dimension")]
        for wave in self.said.waves:
            heads += [f"{wave.name}\n{head}" for head in (_("index"), _("from"), _("to"))]
        heads += [_("Points per wave"), _("from"), _("to"), _("Verdict")]
        dimensions = [(plain(self.questions.measures[at].label), at) for at in self.questions.dimensions]
        for where, unit, row in self._of_units(name, rows, heads, "trend"):
            measure = next((at for label, at in dimensions if label == plain(str(row[0]))), None)
            if measure is None:
                self.said.fault(where, "a dimension that was not asked")
                continue
            values = [self.said.figure(value, "index", where) for value in row[1:-4]]
            levels = tuple(zip(values[::3], values[1::3], values[2::3], strict=True))
            slope, low, high = (self.said.figure(value, "signed", where) for value in row[-4:-1])
            verdict = self.said.verdict(row[-1], where)
            self.said.lines.append(Line(self.said.unit(unit), measure, levels, slope, low, high, verdict, where))

    # The others

    def _pairs(self, name: str, rows: Lines) -> None:
        heads = (_("Dimension"), _("People in both"), _("Change"), _("from"), _("to"), _("Invisible below"))
        rest = iter(self.questions.dimensions)
        for where, row in self._table(name, rows, (*heads, _("Verdict")), "pairs"):
            measure = self.said.measure(self.questions, str(row[0]), rest, where)
            if measure is not None:
                forms = ("count", "signed", "signed", "signed", "index")
                figures = [self.said.figure(value, form, where) for value, form in zip(row[1:6], forms, strict=True)]
                self.said.pairs.append(Pair._make((measure, *figures, self.said.verdict(row[6], where), where)))

    def _elsewhere(self, name: str, rows: Lines) -> None:
        heads = [_("What"), _("Index {wave}").format(wave=self.said.after), _("Elsewhere"), _("People elsewhere")]
        heads += [_("Difference"), _("from"), _("to"), _("Verdict"), _("Source")]
        for where, row in self._table(name, rows, heads, "benchmark"):
            forms = ("index", "tenths", "count", "signed", "signed", "signed")
            index, mean, n, *gap = (
                self.said.figure(value, form, where) for value, form in zip(row[1:7], forms, strict=True)
            )
            difference, low, high = gap
            verdict = self.said.verdict(row[7], where)
            label, source = plain(str(row[0])), plain(str(row[8]))
            self.said.beside.append(Beside(label, source, n, mean, index, difference, low, high, verdict, where))

    def _left_out(self, name: str, rows: Lines) -> None:
        at = next((place for place, row in enumerate(rows) if row == [_("What"), _("Why")]), len(rows))
        for number, row in enumerate(rows, 1):
            where = f"sheet “{name}”, row {number}"
            for value in row:
                self.said.printed.say(where, "left-out", plain(str(value)))
            if number > at + 1 and len(row) == 2:
                self.said.left_out.append((plain(str(row[0])), plain(str(row[1]))))
