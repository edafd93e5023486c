"""Counts that a database made, read back (see `warehouse`), and checked against each other before they are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from ..languages import gettext as _
from ..surveys.cells import group_name
from ..surveys.errors import AnswerError, ConfigError, FileError, TableError
from ..surveys.instrument import Instrument
from ..surveys.mapping import Column, only_present
from ..surveys.quality import OFTEN_BLANK, Quality
from ..surveys.responses import WAVE, Source
from .joint import Joint, questions_of
from .reliability import Products
from .tally import Tally
from .warehouse import MEASURES, VERSION

Counts = npt.NDArray[np.int64]

_SUMS: Final = ("n", "total", "squares")
_PAIRS: Final = ("n", "sums", "squares", "products")
_LARGEST: Final = 2**53


@dataclass(frozen=True, slots=True)
class Counted:
    """A survey of which only the counts are known.

    left_out: rows without an answer on any scale, in all waves.
    """

    tally: Tally
    source: Source
    left_out: int

    @property
    def waves(self) -> tuple[str, ...]:
        """The waves that somebody answered in, in alphabetical order."""
        return self.tally.waves

    def quality_of(self, wave: str) -> Quality:
        """What can be told of the answers of one wave; nothing of single rows."""
        mine, items = self.tally.of_wave(wave), self.tally.instrument.items
        people = int(mine.people.sum())
        blanks = {item.id: int(mine.answers[item.id, 0].sum()) for item in items}
        unplaced = 0
        if mine.levels:
            unplaced = int(mine.people.to_numpy()[mine.people.index.get_level_values(mine.levels[-1]) == ""].sum())
        return Quality(
            left_out=self.left_out,
            cells=people * len(items),
            blanks=sum(blanks.values()),
            not_applicable=sum(int(mine.answers[item.id, -1].sum()) for item in items),
            unplaced=unplaced,
            often_blank=tuple(id_ for id_, blank in blanks.items() if blank and blank >= OFTEN_BLANK * people),
        )


def with_named_wave(counted: Counted, name: str) -> Counted:
    """The same counts, of which the database does not say the wave. Raises ConfigError where it does."""
    if counted.waves != ("",):
        raise ConfigError(
            "The counts say themselves which wave they are of, so they cannot be given another name.",
            hint="Leave --wave-name out.",
        )
    old = counted.tally
    index = pd.MultiIndex.from_frame(old.people.index.to_frame().assign(**{WAVE: name}))
    named = replace(
        old,
        people=old.people.set_axis(index),
        answers=old.answers.set_axis(index),
        scores=old.scores.set_axis(index),
        joint={name: old.joint[""]},
    )
    return replace(counted, tally=named)


def with_min_answered(counted: Counted, share: float) -> Counted:
    """The same counts, by another rule on how many items of a dimension a person must have answered."""
    instrument = replace(counted.tally.instrument, min_answered=share)
    return replace(counted, tally=replace(counted.tally, instrument=instrument))


def read_counted(path: Path, instrument: Instrument) -> Counted:
    """Read the result of `psafety tally --sql`, as CSV or Parquet, for the questionnaire that it was made with.

    Raises FileError where it cannot be read, TableError where the counts do not fit the questionnaire or each other,
    AnswerError where the database holds answers that are on no scale.
    """
    table = _Counts(path, _read(path), instrument)
    counted = Tally(
        instrument=table.instrument,
        levels=table.levels,
        people=table.people(),
        answers=table.answers(),
        scores=table.scores(),
        joint=table.joint(),
        cuts=table.cuts,
    )
    _check(path, counted, table.ticked)
    left_out = int(table.of("left_out")["n"].sum())
    source = Source(
        name=path.name,
        platform=_("database"),
        evidence=_("it holds the counts that `psafety tally --sql` asks for"),
        dialect=_("Counts made by a database"),
        rows=int(counted.people.sum()) + left_out,
        columns=tuple(
            Column(place, item.id, "item", _("the query that counted it"), item.id)
            for place, item in enumerate(table.instrument.items)
        ),
        doubts=(
            _(
                "The answers were counted in a database and did not leave it. Whether single rows are doubtful (tests,"
                " duplicates, straight lines) was not looked at."
            ),
        ),
    )
    return Counted(counted, source, left_out)


def _read(path: Path) -> pa.Table:
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
        if is_parquet:
            return pq.read_table(path)
        text = pacsv.ConvertOptions(
            column_types={"measure": pa.string(), "item": pa.string(), "other": pa.string()}, strings_can_be_null=False
        )
        names = pacsv.open_csv(path).schema.names
        text.column_types = {name: pa.string() for name in names if name not in {"point", "n"}}
        return pacsv.read_csv(path, convert_options=text)
    except FileNotFoundError as error:
        raise FileError("There is no such file.", where=path.name, hint="Check the name and the folder.") from error
    except (pa.ArrowException, OSError) as error:
        raise FileError(
            "The counts cannot be read.", where=path.name, hint="Save the result of the query as CSV or Parquet."
        ) from error


class _Counts:
    """The rows of the result, with the names of cells as in a survey, and the tables that they make."""

    def __init__(self, path: Path, table: pa.Table, instrument: Instrument) -> None:
        self.path = path
        names = table.schema.names
        keys = [name for name in names if name not in MEASURES]
        if not set(MEASURES) <= set(names) or "wave" not in keys:
            self.refuse("it has no columns `wave`, `measure`, `item`, `other`, `point` and `n`")
        self.rows = table.to_pandas()
        for name in ("point", "n"):
            self.rows[name] = self._numbers(name)
        self.levels, self.cuts = self._headings("level"), self._headings("cut")
        wanted = ["wave", *_numbered("unit", self.levels), *_numbered("cut", self.cuts)]
        if sorted(wanted) != sorted(keys):
            self.refuse(f"its columns are not those of {len(self.levels)} levels and {len(self.cuts)} cuts")
        self.instrument = self._instrument(instrument)
        for name in wanted:
            texts, places = np.unique(self.rows[name].fillna("").astype(str), return_inverse=True)
            self.rows[name] = np.array([group_name(text) for text in texts], dtype=object)[places]
        known = {*(f"scores {each}" for each in _SUMS), *(f"pairs {each}" for each in _PAIRS)}
        known |= {VERSION, "level", "cut", "item", "people", "answers", "gaps", "left_out", "unknown"}
        if not set(self.rows["measure"]) <= known:
            self.refuse("it holds numbers of a kind that psafety does not know")
        unknown = self.of("unknown")
        unknown = unknown[unknown["n"] > 0]
        if len(unknown):
            raise AnswerError(
                f"In the database {int(unknown['n'].sum()):,} answers to “{unknown['item'].iloc[0]}”"
                + (" and other items" if unknown["item"].nunique() > 1 else "")
                + " are not on their scale.",
                where=path.name,
                hint="Make the query again from a file that holds every answer there is, or correct these cells.",
            )
        self.cells = self._cells(wanted)
        self.ticked: dict[str, Counts] = {}

    def refuse(self, why: str) -> NoReturn:
        """Raise the one error for counts that cannot be right."""
        raise TableError(
            f"These are not the counts that the query of psafety makes: {why}.",
            where=self.path.name,
            hint="Run the query that `psafety tally --sql` prints, unchanged, and save its whole result.",
        )

    def of(self, measure: str) -> pd.DataFrame:
        """The rows of one measure."""
        found: pd.DataFrame = self.rows[self.rows["measure"] == measure]
        return found

    def _numbers(self, name: str) -> Counts:
        column = self.rows[name]
        if not pd.api.types.is_numeric_dtype(column) or column.isna().any():
            self.refuse(f"`{name}` is not a number in every row")
        found = column.to_numpy()
        if ((found != np.floor(found)) | (np.abs(found) > _LARGEST)).any():
            self.refuse(f"`{name}` is not a whole number in every row")
        if name == "n" and (found < 0).any():
            self.refuse("some counts are below nought")
        whole: Counts = found.astype(np.int64)
        return whole

    def _headings(self, measure: str) -> tuple[str, ...]:
        rows = self.of(measure).sort_values("point")
        headings = tuple(rows["item"].astype(str))
        if rows["point"].tolist() != [*range(1, len(rows) + 1)] or len(set(headings)) < len(headings):
            self.refuse("the names of its levels and cuts are not complete")
        return headings

    def _instrument(self, instrument: Instrument) -> Instrument:
        """The instrument with the items that were counted. They must be keyed alike."""
        version, items = self.of(VERSION), self.of("item")
        if len(version) != 1:
            self.refuse(f"it has no row of the kind `{VERSION}`")
        found = {item.id: item for item in instrument.items}
        for id_, other, size in zip(items["item"], items["other"].fillna(""), items["point"], strict=True):
            if id_ not in found or (found[id_].reverse, len(found[id_].scale.values)) != (other == "reverse", size):
                raise ConfigError(
                    f"The counts are not of the questionnaire “{instrument.id}”: it has no such item “{id_}”.",
                    where=self.path.name,
                    hint="Name the questionnaire that the query was made with: --instrument; and --turn, if it was.",
                )
        if not len(items) or items["item"].duplicated().any():
            self.refuse("the names of its items are not complete")
        return only_present(instrument, items["item"])[0]

    def _cells(self, keys: Sequence[str]) -> pd.MultiIndex:
        """The cells, in alphabetical order; and for every row its own, -1 for rows that are of none."""
        names = [WAVE, *self.levels, *self.cuts]
        cells = self.of("people")[list(keys)].drop_duplicates()
        index = pd.MultiIndex.from_arrays([cells[key].to_numpy(dtype=object) for key in keys], names=names)
        index = index[index.argsort()]
        if not len(index):
            self.refuse("it counts nobody")
        here = self.rows["measure"].isin(["people", "answers", *(f"scores {each}" for each in _SUMS)])
        rows = pd.MultiIndex.from_frame(self.rows.loc[here, list(keys)])
        at = index.get_indexer(rows)
        if (at < 0).any():
            self.refuse("some answers are of nobody")
        self.rows["cell"] = -1
        self.rows.loc[here, "cell"] = at
        return index

    def _table(self, rows: pd.DataFrame, slots: Mapping[tuple[str, int], int]) -> Counts:
        """(cells × slots) the numbers of some rows, by item and point."""
        table = np.zeros((len(self.cells), len(slots)), np.int64)
        at = pd.MultiIndex.from_tuples(slots).get_indexer(pd.MultiIndex.from_frame(rows[["item", "point"]]))
        if (at < 0).any():
            self.refuse("some numbers are of no point of a scale")
        np.add.at(table, (rows["cell"].to_numpy(), at), rows["n"].to_numpy())
        return table

    def people(self) -> "pd.Series[int]":
        """(cells) how many people answered."""
        rows = self.of("people")
        counts = np.zeros(len(self.cells), np.int64)
        np.add.at(counts, rows["cell"].to_numpy(), rows["n"].to_numpy())
        return pd.Series(counts, index=self.cells)

    def answers(self) -> pd.DataFrame:
        """(cells × [item, point]) as in Tally."""
        places = [(item.id, point) for item in self.instrument.items for point in range(-1, len(item.scale.values) + 1)]
        table = self._table(self.of("answers"), {place: at for at, place in enumerate(places)})
        first = 0
        for item in self.instrument.items:
            last = first + len(item.scale.values) + 2
            self.ticked[item.id] = table[:, first:last].copy()
            if item.reverse:
                table[:, first + 2 : last] = self.ticked[item.id][:, :1:-1]
            first = last
        return pd.DataFrame(table, self.cells, pd.MultiIndex.from_tuples(places, names=["item", "point"]))

    def scores(self) -> pd.DataFrame:
        """(cells × [dimension, answered, measure]) as in Tally."""
        dimensions = [dimension.id for dimension in self.instrument.dimensions if dimension.part != "outcome"]
        places = [(name, n) for name in dimensions for n in range(len(self.instrument.items_of(name)) + 1)]
        if not places:
            return pd.DataFrame(index=self.cells)
        slots = {place: at for at, place in enumerate(places)}
        tables = [self._table(self.of(f"scores {measure}"), slots) for measure in _SUMS]
        names = [(*place, measure) for place in places for measure in _SUMS]
        columns = pd.MultiIndex.from_tuples(names, names=["dimension", "answered", "measure"])
        return pd.DataFrame(np.stack(tables, axis=2).reshape(len(self.cells), -1), self.cells, columns)

    def joint(self) -> dict[str, Joint]:
        """Wave → the sums over pairs of items, and the gaps."""
        ids = {item.id: place for place, item in enumerate(self.instrument.items)}
        asked = {question.outcome: place for place, question in enumerate(questions_of(self.instrument))}
        found = {}
        for wave in self.cells.get_level_values(WAVE).unique():
            mine = self.rows[self.rows["wave"] == wave]
            sums = []
            for measure in _PAIRS:
                rows = mine[mine["measure"] == f"pairs {measure}"]
                table = np.zeros((len(ids), len(ids)), np.int64)
                np.add.at(table, (self._places(rows["item"], ids), self._places(rows["other"], ids)), rows["n"])
                sums.append(table)
            rows = mine[mine["measure"] == "gaps"]
            gaps = np.zeros(len(asked), np.int64)
            np.add.at(gaps, self._places(rows["item"], asked), rows["n"])
            found[str(wave)] = Joint(Products(*sums), gaps)
        return found

    def _places(self, names: "pd.Series[str]", known: Mapping[str, int]) -> Counts:
        places = names.map(known)
        if places.isna().any():
            self.refuse("some numbers are of no item")
        return np.asarray(places, np.int64)


def _numbered(name: str, headings: Sequence[str]) -> list[str]:
    return [f"{name}_{k}" for k in range(1, len(headings) + 1)]


def _check(path: Path, counted: Tally, ticked: Mapping[str, Counts]) -> None:
    """Refuse counts that cannot be those of any answers. Raises TableError."""
    for holds, what in (
        (_same_people(counted, ticked), "the answers to an item are not as many as the people"),
        (_same_scores(counted), "the sums of a dimension are not those of its items"),
        (_possible_scores(counted), "the sums of a dimension are larger or smaller than any answers give"),
        (_same_pairs(counted), "the sums over pairs of items are not those of the items"),
    ):
        if not holds:
            raise TableError(
                f"The counts do not add up: {what}.",
                where=path.name,
                hint="Run the query that `psafety tally --sql` prints, unchanged, and save its whole result.",
            )


def _same_people(counted: Tally, ticked: Mapping[str, Counts]) -> bool:
    people = counted.people.to_numpy()
    return bool((people > 0).all()) and all((table.sum(axis=1) == people).all() for table in ticked.values())


def _keyed(counted: Tally, id_: str) -> tuple[Counts, Counts]:
    """(cells) how many answered an item on its scale, and the sum of their points."""
    table: Counts = counted.answers[id_].to_numpy()[:, 2:]
    return table.sum(axis=1), np.asarray(table @ np.arange(1, table.shape[1] + 1))


def _same_scores(counted: Tally) -> bool:
    for dimension in dict.fromkeys(counted.scores.columns.get_level_values(0)) if counted.scores.shape[1] else ():
        items = [_keyed(counted, item.id) for item in counted.instrument.items_of(dimension)]
        table = counted.scores[dimension].to_numpy().reshape(len(counted.people), -1, 3)
        answered = table[:, :, 0] @ np.arange(table.shape[1])
        if (
            (table[:, :, 0].sum(axis=1) != counted.people.to_numpy()).any()
            or (answered != sum(n for n, _total in items)).any()
            or (table[:, :, 1].sum(axis=1) != sum(total for _n, total in items)).any()
        ):
            return False
    return True


def _possible_scores(counted: Tally) -> bool:
    for dimension in dict.fromkeys(counted.scores.columns.get_level_values(0)) if counted.scores.shape[1] else ():
        items = counted.instrument.items_of(dimension)
        top = max(len(item.scale.values) for item in items)
        table = counted.scores[dimension].to_numpy().reshape(len(counted.people), -1, 3)
        n, total, squares = (table[:, :, k].astype(float) for k in range(3))
        least, most = np.arange(table.shape[1]), np.arange(table.shape[1]) * top
        if (
            (total < least * n).any()
            or (total > most * n).any()
            or (squares * n < total**2 * (1 - 1e-12)).any()
            or (squares > most * total).any()
        ):
            return False
    return True


def _same_pairs(counted: Tally) -> bool:
    for wave, joint in counted.joint.items():
        mine, products = counted.of_wave(wave), joint.products
        tables = [mine.answers[item.id].to_numpy()[:, 2:].sum(axis=0) for item in counted.instrument.items]
        points = [np.arange(1, len(table) + 1) for table in tables]
        n = np.array([table.sum() for table in tables])
        sums = np.array([table @ point for table, point in zip(tables, points, strict=True)])
        squares = np.array([table @ point**2 for table, point in zip(tables, points, strict=True)])
        if (
            (np.diag(products.n) != n).any()
            or (np.diag(products.sums) != sums).any()
            or (np.diag(products.squares) != squares).any()
            or (np.diag(products.products) != squares).any()
            or (products.n != products.n.T).any()
            or (products.products != products.products.T).any()
            or (products.n > np.minimum.outer(n, n)).any()
            or (products.sums > sums[:, None]).any()
            or (products.squares > squares[:, None]).any()
            or (
                products.products.astype(float) ** 2 > products.squares.astype(float) * products.squares.T * 1.0001
            ).any()
            or (joint.gaps > mine.people.sum()).any()
        ):
            return False
    return True
