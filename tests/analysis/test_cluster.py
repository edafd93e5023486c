"""A survey that a cluster counts is the survey that this machine counts, also where a worker dies of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from psafety.analysis.cluster import (
    Part,
    count_file,
    count_on_cluster,
    files_of,
    notes_on,
    stand_in,
    summary_of,
    together,
)
from psafety.analysis.findings import analyze
from psafety.analysis.tally import tally
from psafety.surveys.errors import AnswerError, ConfigError, FileError, TableError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.mapping import Wishes
from psafety.surveys.plan import plan_for
from psafety.surveys.responses import load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample

pytest.importorskip("distributed")
from distributed import KilledWorker
from distributed.client import FutureCancelledError

OURS = load_instrument("open-team-survey")
_PATIENCE = 60.0
_QUALTRICS = """StartDate,Q1,Q2
Start Date,I feel safe,I speak up
"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"
2026-01-01,1,2
"""
_LONG = "respondent,question,answer\n" + "".join(f"{n},Q{i},{i}\n" for n in range(9) for i in (1, 2))
_DEADLY = """
import os, signal
from psafety.analysis import cluster

count, counted = cluster._names, []

def deadly(*arguments):
    counted.append(1)
    if len(counted) > 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return count(*arguments)

cluster._names = deadly
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One survey of two waves: whole.csv, and in parts as CSV and as Parquet."""
    folder = tmp_path_factory.mktemp("files")
    design = SampleDesign(
        people=900, teams=40, waves=("2026-Q1", "2026-Q2"), style="labels", dimensions=("trust", "openness"), seed=8
    )
    write_sample(sample_survey(design, OURS), folder / "whole.csv")
    header, *lines = (folder / "whole.csv").read_text(encoding="utf-8").splitlines()
    for part in range(7):
        path = folder / f"part-{part}.csv"
        path.write_text("\n".join([header, *lines[part::7]]) + "\n", encoding="utf-8")
        pq.write_table(pacsv.read_csv(path), path.with_suffix(".parquet"))
    return folder


class _Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()
        self.file = folder / "scheduler.json"
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until(self.file.exists)
        self.address = self._address()

    def _address(self) -> str:
        import json

        until(lambda: bool(self.file.read_text().strip()))
        return str(json.loads(self.file.read_text())["address"])

    def worker(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start a worker with one thread."""
        return self._start("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *options)

    def wait_for(self, workers: int) -> None:
        """Until so many workers have come."""
        from distributed import Client

        with Client(self.address) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(workers, timeout=_PATIENCE)

    def _start(self, module: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self.file), *options]
        env = {**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"}
        quiet = subprocess.DEVNULL
        self.processes.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, env=env, cwd=self.folder))
        return self.processes[-1]

    def stop(self) -> None:
        """End all processes that were started here."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def until(true: "object") -> None:
    """Wait for something to come true."""
    end = time.monotonic() + _PATIENCE
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[_Cluster]:
    """A scheduler without workers."""
    started = _Cluster(tmp_path)
    try:
        yield started
    finally:
        started.stop()


@pytest.mark.filterwarnings("default")  # of what Dask itself leaves open
class TestOnACluster:
    """A real scheduler and workers in processes of their own."""

    def test_two_workers_count_what_one_machine_counts(self, cluster: _Cluster, folder: Path) -> None:
        """CSV and Parquet: the tally, findings and digest of the file read whole, read for the same reasons."""
        cluster.worker()
        cluster.worker()
        cluster.wait_for(2)

        csv, parquet = (
            count_on_cluster([f"{folder}/part-*.{kind}"], Wishes(), cluster.address) for kind in ("csv", "parquet")
        )

        here = load_survey(folder / "whole.csv")
        assert csv.tally == parquet.tally == tally(here)
        assert analyze(csv).data_digest == analyze(here).data_digest
        for source in (csv.source, parquet.source):
            assert replace(source, name="", dialect="", doubts=()) == replace(
                here.source, name="", dialect="", doubts=()
            )

    def test_a_worker_that_dies_loses_and_doubles_nothing(self, cluster: _Cluster, folder: Path) -> None:
        """Killed in the middle of its second file: what it had counted is counted again elsewhere, once."""
        deadly = cluster.folder / "deadly.py"
        deadly.write_text(_DEADLY)
        doomed = cluster.worker("--preload", str(deadly))
        cluster.worker()
        cluster.wait_for(2)

        counted = count_on_cluster([f"{folder}/part-*.csv"], Wishes(), cluster.address)

        assert counted.tally == tally(load_survey(folder / "whole.csv"))
        assert doomed.wait(timeout=_PATIENCE) == -9

    def test_without_workers_nothing_is_begun(self, cluster: _Cluster, folder: Path) -> None:
        """That is said, instead of waiting for ever."""
        with pytest.raises(ConfigError, match="there is none"):
            count_on_cluster([str(folder / "part-0.csv")], Wishes(), cluster.address)


@pytest.mark.filterwarnings("default")
def test_a_scheduler_that_is_not_there_is_said(folder: Path) -> None:
    """An address that nobody answers at, or that is none."""
    with pytest.raises(ConfigError, match="cannot be reached"):
        count_on_cluster([str(folder / "part-0.csv")], Wishes(), "nonsense://nowhere")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FutureCancelledError("summary", "scheduler-connection-lost"), "scheduler was lost"),
        (KilledWorker("summary", SimpleNamespace(address="tcp://worker"), 3), "One worker after the other"),
    ],
)
def test_what_ends_the_counting_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """A scheduler that is gone, or a file that no worker can hold."""

    def failing() -> None:
        raise error

    class Client(nullcontext[None]):
        def __init__(self, *_: object, **__: object) -> None:
            super().__init__(self)  # type: ignore[arg-type]

        def run(self, version: Callable[[], str]) -> dict[str, str]:
            return {"tcp://worker": version()}

        def map(self, *_: object, **__: object) -> list[SimpleNamespace]:
            return [SimpleNamespace(result=failing)]

    monkeypatch.setattr("distributed.Client", Client)

    with pytest.raises(ConfigError, match=said):
        count_on_cluster([str(folder / "part-0.csv")], Wishes(), "tcp://scheduler:8786")


class TestFileByFile:
    """What the workers do, without a cluster."""

    def test_parts_add_up_in_any_order(self, folder: Path) -> None:
        """The sum of all files is the whole, whichever came first."""
        urls = files_of([f"{folder}/part-*.csv"])
        plan = plan_for(stand_in(urls, [summary_of(url) for url in urls]), Wishes())
        parts = [count_file(url, plan) for url in urls]

        assert together(parts).tally == together(parts[::-1]).tally == tally(load_survey(folder / "whole.csv"))

    def test_a_file_without_answers_counts_nobody(self, folder: Path, tmp_path: Path) -> None:
        """Its rows are told as left out."""
        urls = files_of([str(folder / "part-0.csv")])
        plan = plan_for(stand_in(urls, [summary_of(url) for url in urls]), Wishes())
        empty = tmp_path / "empty.csv"
        header = (folder / "part-0.csv").read_text(encoding="utf-8").splitlines()[0]
        empty.write_text(f"{header}\n2026-Q1,Somewhere,Team{',' * 11}\n", encoding="utf-8")

        part = count_file(str(empty), plan)

        assert (part.tally, part.left_out) == (None, 1)
        assert together([part, part]) == Part(None, 2)

    def test_an_answer_on_no_scale_is_refused(self, folder: Path, tmp_path: Path) -> None:
        """The message names the file and the column, never the cell."""
        urls = files_of([str(folder / "part-0.csv")])
        plan = plan_for(stand_in(urls, [summary_of(url) for url in urls]), Wishes())
        odd = tmp_path / "odd.csv"
        odd.write_text((folder / "part-0.csv").read_text(encoding="utf-8").replace(",Agree,", ",Perhaps,"))

        with pytest.raises(AnswerError, match="on no scale") as caught:
            count_file(str(odd), plan)

        assert "Perhaps" not in str(caught.value)

    def test_headers_must_be_the_same(self, folder: Path, tmp_path: Path) -> None:
        """Else they are not one survey."""
        other = tmp_path / "other.csv"
        other.write_text("a,b\n1,2\n")
        urls = [str(folder / "part-0.csv"), str(other)]

        with pytest.raises(TableError, match="another than that of the first"):
            stand_in(urls, [summary_of(url) for url in urls])

    @pytest.mark.parametrize(("rows", "platform"), [(_QUALTRICS, "Qualtrics"), (_LONG, "long format")])
    def test_an_export_that_is_not_a_row_for_each_person_is_refused(
        self, tmp_path: Path, rows: str, platform: str
    ) -> None:
        """Its rows below the header, or of one answer each, would be counted as people."""
        path = tmp_path / "export.csv"
        path.write_text(rows)

        with pytest.raises(TableError, match=platform):
            stand_in([str(path)], [summary_of(str(path))])

    @pytest.mark.parametrize("url", ["nothing-*.csv", "nosuchscheme://x/y.csv"])
    def test_files_that_cannot_be_listed_are_said(self, url: str) -> None:
        """No match, or a kind of URL that nobody knows."""
        with pytest.raises(FileError):
            files_of([url])

    def test_a_folder_is_not_taken_for_a_file(self, tmp_path: Path) -> None:
        """Which files in it are meant, the person says."""
        with pytest.raises(FileError, match="a folder"):
            files_of([str(tmp_path)])

    def test_what_the_system_of_a_url_says_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Such as missing credentials; but only the workers need to open what is named in full."""

        def denied(*_: object) -> None:
            raise RuntimeError("No credentials.\nAsk for some.")

        monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.ls", denied)
        monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.info", denied)

        with pytest.raises(FileError, match=r"listed: No credentials\. Look"):
            files_of(["memory://bucket/*.csv"])
        assert files_of(["memory://bucket/survey.csv"]) == ["memory:///bucket/survey.csv"]

    def test_a_file_that_is_gone_is_said(self, tmp_path: Path) -> None:
        """As it may be between listing and reading."""
        with pytest.raises(FileError, match="cannot open the file"):
            summary_of(str(tmp_path / "gone.csv"))

    def test_what_is_to_be_said_of_a_file_comes_home(self, tmp_path: Path) -> None:
        """In the language of the report, and with the file's name where there are several."""
        odd, sound = tmp_path / "odd.csv", tmp_path / "sound.csv"
        odd.write_text("Antworten der Befragung\n\nTeam,Q1,Q2\nA,1,2\nB,2,2\n")
        sound.write_text("Team,Q1,Q2\nA,1,2\n")
        summaries = [summary_of(str(path), lang="de") for path in (odd, sound)]

        (note,) = summaries[0].notes
        assert note.startswith("Zeile")
        assert notes_on([str(odd)], summaries[:1]) == [note]
        assert notes_on([str(odd), str(sound)], summaries) == [f"odd.csv: {note}"]

    def test_texts_of_many_kinds_stay_where_they_are(self, tmp_path: Path) -> None:
        """Of a column of comments or ids only the number of cells comes home."""
        path = tmp_path / "many.csv"
        path.write_text("id,Q1\n" + "".join(f"person {n},{n % 5 + 1}\n" for n in range(1_200)))

        summary = summary_of(str(path))

        assert summary.texts == (None, {"1": 240, "2": 240, "3": 240, "4": 240, "5": 240})
        assert "person 7" not in stand_in([str(path)], [summary]).columns[0].to_pylist()
