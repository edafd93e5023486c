"""A survey that is counted on the machines where its files lie; the tallies come home, and no row.

Dask's scheduler does the work: what is asked of it are plain functions of a file, so that one which is lost is run
again somewhere else, and its answer takes the place of the lost one. See docs/scale.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ..languages import gettext as _, language, speaking
from ..surveys.cells import group_name
from ..surveys.columns import counts_of_texts, distinct_texts, text_codes
from ..surveys.errors import AnswerError, ConfigError, FileError, TableError
from ..surveys.mapping import Wishes
from ..surveys.parts import notes_of_parts
from ..surveys.pieces import codes_of
from ..surveys.plan import Plan, plan_for
from ..surveys.platforms import recognise
from ..surveys.quality import check_quality
from ..surveys.responses import WAVE, Responses, Source
from ..surveys.tables import Table, read_table
from .counted import Counted
from .tally import Tally, tally

if TYPE_CHECKING:
    from distributed import Client, Future
    from fsspec import AbstractFileSystem

_MOST_TEXTS = 1_000  # of a column that comes home text by text: more are no answers to choose from
_ROWS = 2_000  # of the table that stands for all files where their columns are told apart
_TOGETHER = 8  # tallies that are added up at a time, on the machines
_PIECE = 1 << 20  # cells of text that are worked on at once
_TEXT = pa.dictionary(pa.int32(), pa.string())
_RETRIES = 3

Counting = Callable[[int], AbstractContextManager[Callable[[object], None]]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What comes home of a file before it is counted: its header, and of each column the texts that many cells hold.

    texts: per column text → cells; None where it holds more different texts than answers to choose from do.
    notes: what a person should know of how it was read. reshaped: the platform of an export that is not one header and
    a row for each person; "" for all others.
    """

    header: tuple[str, ...]
    rows: int
    texts: tuple[Mapping[str, int] | None, ...]
    notes: tuple[str, ...] = ()
    reshaped: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The counts of a file, or of several together. left_out: rows without an answer on any scale."""

    tally: Tally | None
    left_out: int


def count_on_cluster(
    urls: Sequence[str], wishes: Wishes, address: str, *, counting: Counting = lambda _: nullcontext(lambda _: None)
) -> Counted:
    """Count the files that these URLs and patterns stand for, on the workers of a Dask scheduler.

    The files are CSV or Parquet with the same header; each is one piece of work, and must fit on the disk of a worker.
    Every worker needs this version of psafety, and must be able to open the URLs. counting: makes, of how often a file
    is read, what is told of each time.
    Raises ConfigError where the scheduler cannot be reached or the workers are of another version, FileError for no
    files, TableError for other headers, AnswerError for answers that are on no scale, and what `plan_for` raises.
    """
    files = files_of(urls)
    with _connected(address) as client, counting(2 * len(files)) as each:
        futures = client.map(summary_of, files, platform=wishes.platform, lang=language(), retries=_RETRIES)
        summaries: list[Summary] = []
        for future in futures:
            summaries.append(future.result())
            each(future)
        plan = plan_for(stand_in(files, summaries), wishes)
        found = _added_up(client, client.map(count_file, files, plan=plan, retries=_RETRIES), each)
    if found.tally is None:
        raise AnswerError(
            "No row holds an answer to any of the questions.",
            where=files[0],
            hint="Look whether the exports are empty.",
        )
    counted = _(
        "The answers were counted where they lie. Whether single rows are doubtful (tests, duplicates, straight"
        " lines) was not looked at."
    )
    source = replace(
        plan.source,
        name=_name_of(urls),
        dialect=_("CSV or Parquet"),
        rows=sum(summary.rows for summary in summaries),
        doubts=(*notes_on(files, summaries), *plan.source.doubts, counted),
    )
    return Counted(found.tally, source, found.left_out)


def files_of(urls: Sequence[str]) -> list[str]:
    """The files that URLs and patterns stand for, in the order given, those of a pattern by name; each once.

    Raises FileError where there is none, or a kind of URL is not known.
    """
    from fsspec.core import url_to_fs  # noqa: PLC0415

    found: list[str] = []
    for url in urls:
        try:
            system, path = url_to_fs(url)
            names = sorted(system.glob(path)) if any(sign in path for sign in "*?[") else [path]
        except Exception as error:  # each kind of URL has errors of its own
            raise FileError(
                f"The files cannot be listed: {_reason(error)}.",
                where=url,
                hint="Look at the URL and at what opens it; for s3:// install s3fs, for gs:// gcsfs, for abfs:// adlfs,"
                " here and on the workers.",
            ) from error
        if names == [path] and _is_folder(system, path):
            raise FileError("This is a folder.", where=url, hint="Say which files in it: add /*.parquet or /*.csv.")
        found += [system.unstrip_protocol(name) for name in names]
    if not found:
        raise FileError(
            "No file has such a name.",
            where=urls[0],
            hint="Look at the pattern, and at the folder before it.",
        )
    return list(dict.fromkeys(found))


def _is_folder(system: "AbstractFileSystem", path: str) -> bool:
    """Whether that is known here; it is the workers who must be able to open what is named."""
    try:
        return bool(system.isdir(path))
    except Exception:  # each kind of URL has errors of its own
        return False


def _reason(error: Exception) -> str:
    """What another library says of a failure, as the end of a sentence."""
    return next(iter(str(error).splitlines()), "").rstrip(". ") or type(error).__name__


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    try:
        from distributed import CancelledError, Client, KilledWorker  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError("Dask is not installed.", where="--dask", hint="pip install 'psafety[dask]'") from error
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ConfigError(
            "The scheduler cannot be reached.", where=address, hint="Give its address, such as tcp://scheduler:8786."
        ) from error
    with client:
        versions = set(client.run(_version).values())
        if versions != {_version()}:
            raise ConfigError(
                "The workers do not run this version of psafety, or there is none.",
                where=address,
                hint=f"Install psafety {_version()} on each of them.",
            )
        try:
            yield client
        except CancelledError as error:
            raise ConfigError(
                "The scheduler was lost while the files were counted.",
                where=address,
                hint="Start it, and run this again.",
            ) from error
        except KilledWorker as error:
            raise ConfigError(
                "One worker after the other ended while it counted the same file.",
                where=address,
                hint="Give each more memory, or divide the files: a million rows in each is a good size.",
            ) from error


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("psafety")


def _name_of(urls: Sequence[str]) -> str:
    return urls[0].rstrip("/").rpartition("/")[2] if len(urls) == 1 else _("several files")


def notes_on(files: Sequence[str], summaries: Sequence[Summary]) -> list[str]:
    """What is to be said of the files; which one, where there are several."""
    if len(files) == 1:
        return list(summaries[0].notes)
    return notes_of_parts((file.rpartition("/")[2], each.notes) for file, each in zip(files, summaries, strict=True))


# On the workers --------------------------------------------------------------------------------------------------


def summary_of(url: str, *, platform: str | None = None, lang: str = "en") -> Summary:
    """What must be known of a file to tell its columns apart.

    platform: the one it is from, where the person says so. lang: the language of what is said of it.
    """
    with speaking(lang), _table(url) as table:
        export = recognise(table, platform)
        kept = (export.table.header, len(export.table.rows)) == (table.header, len(table.rows))
        texts = [
            dict(zip(distinct_texts(column), counts_of_texts(column), strict=True))
            if len(column.dictionary) <= _MOST_TEXTS
            else None
            for column in table.columns
        ]
        header = tuple(name.strip() for name in table.header)
        return Summary(header, len(table.rows), tuple(texts), table.notes, "" if kept else export.platform)


def count_file(url: str, plan: Plan) -> Part:
    """The tally of one file. Raises AnswerError where an answer is on no scale."""
    with _table(url) as table:
        places = {name.strip(): place for place, name in enumerate(table.header)}
        points = codes_of(len(table.rows), len(plan.columns))
        for at, (name, known) in enumerate(zip(plan.columns, plan.points, strict=True)):
            points[:, at] = _points(url, table, places[name.strip()], known)
        answered: npt.NDArray[np.bool_] = np.any(points > 0, axis=1)
        left_out = len(points) - int(answered.sum())
        if not answered.any():
            return Part(None, left_out)
        groups = pd.DataFrame(
            {
                name: _names(table, places.get(header.strip()))[answered]
                for name, header in ((WAVE, plan.wave), *plan.levels.items(), *plan.cuts.items())
            }
        )
        kept = pd.DataFrame(points[answered], columns=[item.id for item in plan.instrument.items])
        return Part(tally(_responses(plan, kept, groups)), left_out)


def _responses(plan: Plan, points: pd.DataFrame, groups: pd.DataFrame) -> Responses:
    levels, cuts = tuple(plan.levels), tuple(plan.cuts)
    return Responses(
        instrument=plan.instrument,
        points=points,
        groups=groups,
        levels=levels,
        source=Source("", "", "", "", len(points), (), ()),
        quality=check_quality(points, groups[[WAVE, *levels]], plan.instrument, left_out=0),
        cuts=cuts,
    )


@contextmanager
def _table(url: str) -> Iterator[Table]:
    """A file as a table of text; a copy of it lies on this machine meanwhile."""
    from fsspec.core import url_to_fs  # noqa: PLC0415

    with TemporaryDirectory(prefix="psafety-") as folder:
        try:
            system, path = url_to_fs(url)
            copy = Path(folder) / path.rpartition("/")[2]
            system.get_file(path, str(copy))
        except Exception as error:  # each kind of URL has errors of its own
            raise FileError(
                f"A worker cannot open the file: {_reason(error)}.",
                where=url,
                hint="Check that every worker has what opens such a URL, and may read it.",
            ) from error
        yield read_table(copy, piece=_PIECE)


def _points(url: str, table: Table, place: int, known: Mapping[str, int]) -> npt.NDArray[np.int8]:
    column = table.columns[place]
    texts = [text.strip() for text in distinct_texts(column)] if len(column.dictionary) <= _MOST_TEXTS else [""]
    unknown = [text not in known for text in texts]
    if any(unknown) or len(texts) < len(column.dictionary):
        raise AnswerError(
            f"Column {place + 1} holds answers that are on no scale.",
            where=url,
            hint="Correct these cells, or describe the scale in an instrument file and name it with --instrument.",
        )
    lookup = np.array([*(known[text] for text in texts), known[""]], np.int8)
    return lookup[text_codes(column)]


def _names(table: Table, place: int | None) -> "pd.Categorical[str]":
    if place is None:
        return pd.Categorical.from_codes(np.zeros(len(table.rows), np.int8), categories=pd.Index([""]))
    column = table.columns[place]
    codes, names = pd.factorize(np.array([*map(group_name, distinct_texts(column)), ""], dtype=object))
    return pd.Categorical.from_codes(codes[text_codes(column)], categories=pd.Index(names))


def _added_up(client: "Client", parts: "Sequence[Future[Part]]", each: Callable[[object], None]) -> Part:
    """The sum of all parts, made on the workers: a few at a time, so that no machine holds all of them."""
    from distributed import as_completed  # noqa: PLC0415

    counted = as_completed(parts)  # type: ignore[no-untyped-call]
    while len(parts) > 1:
        groups = [list(parts[first : first + _TOGETHER]) for first in range(0, len(parts), _TOGETHER)]
        parts = client.map(together, groups, retries=_RETRIES)
    for part in counted:
        each(part)
        del part  # else its counts would stay where they are
    return parts[0].result()


def together(parts: Sequence[Part]) -> Part:
    """Several parts as one."""
    counted = [part.tally for part in parts if part.tally is not None]
    total = counted[0] if counted else None
    for each in counted[1:]:
        total = total + each if total is not None else each
    return Part(total, sum(part.left_out for part in parts))


# At home ---------------------------------------------------------------------------------------------------------


def stand_in(files: Sequence[str], summaries: Sequence[Summary]) -> Table:
    """A table that stands for all files where columns are told apart: in each the texts it holds, about as often.

    Which texts stand side by side in a row, nobody at home knows; nor the texts of columns that hold very many. Raises
    TableError where the headers differ, or a file is not a row for each person.
    """
    first = summaries[0]
    for file, summary in zip(files, summaries, strict=True):
        if summary.reshaped:
            raise TableError(
                f"The file ({summary.reshaped}) is not one header and a row for each person, as files on a cluster must"
                " be.",
                where=file,
                hint="Make the report of it without --dask, or save it with one header row and a row for each person.",
            )
        if sorted(summary.header) != sorted(first.header):
            raise TableError(
                "Its header is another than that of the first file.", where=file, hint=f"First: {files[0]}"
            )
    by_name = [dict(zip(each.header, each.texts, strict=True)) for each in summaries]
    columns = [_stand_in([texts[name] for texts in by_name], sum(s.rows for s in summaries)) for name in first.header]
    size = max(map(len, columns))
    return Table(
        path=Path(files[0].rpartition("/")[2]),
        header=first.header,
        columns=tuple(_filled(column, size) for column in columns),
        rows=range(2, size + 2),
        dialect=f"{len(files)} files",
    )


def _stand_in(texts: Sequence[Mapping[str, int] | None], rows: int) -> list[str | None]:
    counts: dict[str, int] = {}
    for each in texts:
        for text, count in (each or {}).items():
            counts[text] = counts.get(text, 0) + count
    if any(each is None for each in texts) or len(counts) > _MOST_TEXTS:
        return [f"text {number}" for number in range(_ROWS)]
    blank = rows - sum(counts.values())
    cells: list[str | None] = [
        text for text, count in counts.items() for _again in range(max(1, round(count / rows * _ROWS)))
    ]
    return cells + [None] * round(blank / rows * _ROWS)


def _filled(cells: Sequence[str | None], size: int) -> pa.DictionaryArray:
    return pa.array([*cells, *[None] * (size - len(cells))], pa.string()).dictionary_encode()
