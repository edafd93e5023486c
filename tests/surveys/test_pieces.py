"""A file that is read in pieces is the same survey as the file read whole."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from psafety.analysis.findings import analyze
from psafety.reports.compose import Look, compose
from psafety.reports.formats import RENDERERS
from psafety.surveys import encoding, pieces
from psafety.surveys.columns import text_codes, with_wide_codes, without_unused
from psafety.surveys.errors import PsafetyError
from psafety.surveys.instrument_files import load_instrument
from psafety.surveys.parts import read_tables
from psafety.surveys.pieces import codes_of, meanwhile, piece_for, pieces_of, rows_at_once, spooled, telling
from psafety.surveys.responses import Responses, load_survey
from psafety.surveys.sample import SampleDesign, sample_survey, write_sample
from psafety.surveys.tables import Table, read_table

Shared = Callable[[str], Path]
SAMPLES = Path(__file__).resolve().parents[2] / "surveys" / "samples"
RENDER = tuple(RENDERERS[name] for name in ("html", "xlsx", "json"))
REAL = (
    "carpentries_training/20180908_post_clean.csv",
    "carpentries_training/longterm_October2017.csv",
    "googleforms_oss_surveys/dask2020.csv",
    "limesurvey_rse_survey/rse2016_uk.csv",
    "qualtrics_qualtricstools/Sample_Survey.csv",
    "r_multilevel/bhr2000.csv",
    "r_multilevel/cohesion.csv",
    "r_psych/bfi.csv",
    "surveymonkey_fivethirtyeight/flying-etiquette.csv",
)


def table_as_said(path: Path, piece: int | None) -> tuple[object, ...]:
    """All that a table says, or the error that reading it raises."""
    try:
        table = read_table(path, piece=piece)
    except PsafetyError as error:
        return (type(error), error.problem, error.where, error.hint)
    return (*_of_table(table), *(column.to_pylist() for column in table.columns))


def _of_table(table: Table) -> tuple[object, ...]:
    texts = [column.dictionary.to_pylist() for column in table.columns]
    return table.header, tuple(table.rows), table.dialect, table.notes, texts


def survey_as_said(path: Path, piece: int | None) -> Responses | tuple[object, ...]:
    """The responses of a file, or the error that reading it raises."""
    try:
        return load_survey(path, piece=piece)
    except PsafetyError as error:
        return (type(error), error.problem, error.where, error.hint)


def assert_same(one: Responses | tuple[object, ...], other: Responses | tuple[object, ...]) -> None:
    """Whether two readings of a file are the same, down to the order of the names."""
    if isinstance(one, tuple) or isinstance(other, tuple):
        assert one == other
        return
    assert one.points.equals(other.points)
    assert one.groups.equals(other.groups)
    assert [list(one.groups[name].cat.categories) for name in one.groups] == [
        list(other.groups[name].cat.categories) for name in other.groups
    ]
    assert (one.instrument, one.levels, one.cuts) == (other.instrument, other.levels, other.cuts)
    assert (one.source, one.quality) == (other.source, other.quality)
    assert one.flags is not None
    assert other.flags is not None
    assert {kind: rows.tolist() for kind, rows in one.flags.rows.items()} == {
        kind: rows.tolist() for kind, rows in other.flags.rows.items()
    }


class TestReadInPieces:
    """However small the pieces, the table and the responses are those of the file read whole."""

    @pytest.mark.parametrize("piece", [200, 3_000, 30_000])
    @pytest.mark.parametrize("name", REAL)
    def test_a_real_survey_is_read_the_same(self, shared: Shared, name: str, piece: int) -> None:
        """A real export gives the same responses, or the same error, whole and in pieces."""
        path = shared(name)

        whole, parts = survey_as_said(path, None), survey_as_said(path, piece)

        assert_same(whole, parts)

    @pytest.mark.parametrize("piece", [200, 3_000, 30_000])
    @pytest.mark.parametrize("name", ["sample-2026-q1.csv", "sample-2026-q2.csv"])
    def test_the_sample_organisation_is_read_the_same(self, name: str, piece: int) -> None:
        """The surveys that ship give the same responses whole and in pieces."""
        path = SAMPLES / name

        whole, parts = survey_as_said(path, None), survey_as_said(path, piece)

        assert_same(whole, parts)

    @pytest.mark.parametrize("folder", ["clevercsv", "csv_spectrum", "frictionless_data", "carpentries_training"])
    def test_every_real_table_is_read_the_same(self, shared: Shared, folder: str) -> None:
        """Also files that are no surveys, whatever is odd about them: the same texts, notes and errors."""
        for path in sorted(shared(folder).rglob("*.csv")):
            assert table_as_said(path, 30) == table_as_said(path, None), path.name

    @pytest.mark.parametrize("style", ["plain", "labels", "google_forms", "qualtrics"])
    def test_every_style_of_export_is_read_the_same(self, tmp_path: Path, style: str) -> None:
        """Header rows below the header, response ids, times and comments included."""
        path = tmp_path / "survey.csv"
        design = SampleDesign(people=600, teams=30, style=style, waves=("2026-Q1", "2026-Q2"), seed=5)  # type: ignore[arg-type]
        write_sample(sample_survey(design, load_instrument("open-team-survey")), path)

        whole, parts = load_survey(path), load_survey(path, piece=2_000)

        assert_same(whole, parts)

    @pytest.mark.parametrize(
        "text",
        [
            "Team,Q1,Q2\nA,1,2\n\nB,,3\n",  # a blank row
            "Team,Q1,Q2\nA,1,2\nB,3\nC,2,2\n",  # a short record
            'Team,Q1,Q2\nA,1,"2\n3"\nB,3,1\n',  # a line end inside a cell
            "Team,Q1,Q2\n  ,1,2\nB, ,\n ,  ,\n",  # cells of white space
            "Team,Q1,Q2\nA,1,2\nB,3,1,,\nC,1,1\n",  # empty cells too many
            "Team;Q1;Q2\nA;1;2\nB;3;4\n\nNote: this is a footnote\n",
        ],
    )
    def test_what_is_odd_about_a_file_stays_so(self, tmp_path: Path, text: str) -> None:
        """Blank rows, records of another width and footnotes are found in pieces as in the whole."""
        path = tmp_path / "odd.csv"
        path.write_text(text)

        whole, parts = table_as_said(path, None), table_as_said(path, 1)

        assert whole == parts

    def test_several_files_are_put_together_the_same(self) -> None:
        """Two quarters, read as one survey in pieces, are those read whole."""
        paths = [SAMPLES / "sample-2026-q1.csv", SAMPLES / "sample-2026-q2.csv"]

        whole, parts = read_tables(paths), read_tables(paths, piece=50)

        assert _of_table(whole) == _of_table(parts)
        assert [a.to_pylist() for a in whole.columns] == [b.to_pylist() for b in parts.columns]


@pytest.mark.parametrize("piece", [200, 3_000])
def test_a_report_is_the_same_to_the_byte(piece: int) -> None:
    """Page, workbook and snapshot of a survey read in pieces are those of the survey read whole."""
    path = SAMPLES / "sample-2026-q1.csv"

    whole, parts = (
        [
            render(compose(analyze(load_survey(path, piece=size), key="ab" * 16), Look(), version="1"))
            for render in RENDER
        ]
        for size in (None, piece)
    )

    assert whole == parts


@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from(["", " ", "a", "b ", "Ω"]), st.integers(0, 300).map(str)), max_size=400
    ),
    st.integers(1, 60),
)
def test_a_spool_gives_back_what_was_put_in(texts: list[str | None], piece: int) -> None:
    """Any column in any pieces: the same texts, each once in the order of first use, blank ones as empty cells."""
    said = [None if text is None or not text.strip() else text for text in texts]
    parts = [
        [pa.array(texts[first : first + piece], pa.string()).dictionary_encode()]
        for first in range(0, len(texts), piece)
    ]

    [column] = spooled(parts, 1)

    assert column.to_pylist() == said
    assert column.dictionary.to_pylist() == list(dict.fromkeys(text for text in said if text is not None))


class TestNarrowCodes:
    """The fewer the texts of a column, the fewer bytes a cell takes; nothing else changes."""

    @pytest.mark.parametrize(
        ("texts", "width"),
        [(1, pa.int8()), (127, pa.int8()), (128, pa.int16()), (32_767, pa.int16()), (32_768, pa.int32())],
    )
    def test_a_code_is_left_for_the_empty_cell(self, texts: int, width: pa.DataType) -> None:
        """At the limit of each width the code behind the last text still tells an empty cell."""
        column = pa.array([*map(str, range(texts)), None], pa.string()).dictionary_encode()

        [narrow] = spooled([[column]], 1)

        assert narrow.type.index_type == width
        assert text_codes(narrow).tolist() == [*range(texts + 1)]
        assert with_wide_codes(narrow).equals(column)

    def test_a_narrow_column_stays_narrow_without_unused_texts(self) -> None:
        """What a platform cuts off at the top takes no more room afterwards."""
        [column] = spooled([[pa.array(["header", "a", "b", "a"], pa.string()).dictionary_encode()]], 1)

        rest = without_unused(column.slice(1))

        assert rest.type.index_type == pa.int8()
        assert rest.to_pylist() == ["a", "b", "a"]

    def test_no_piece_gives_empty_columns(self) -> None:
        """A table without records has columns all the same."""
        assert [len(column) for column in spooled([], 2)] == [0, 0]


class TestWhenFilesAreLarge:
    """Files are read in pieces from a size on, all of them together."""

    def test_small_files_are_read_whole(self, tmp_path: Path) -> None:
        """A small file is not worth a file beside it."""
        path = tmp_path / "small.csv"
        path.write_text("a,b\n1,2\n")

        assert piece_for([path, tmp_path / "missing.csv"]) is None

    def test_the_size_of_all_files_counts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two files, each below the limit, are large together."""
        monkeypatch.setattr(pieces, "LARGE", 12)
        paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
        for path in paths:
            path.write_text("a,b\n1,2\n")

        assert piece_for(paths[:1]) is None
        assert piece_for(paths)

    def test_many_answers_lie_in_a_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The table of points is one of zeros, in memory or not."""
        monkeypatch.setattr(pieces, "_IN_MEMORY", 5)

        small, large = codes_of(2, 2), codes_of(3, 2)

        assert not isinstance(small, np.memmap)
        assert isinstance(large, np.memmap)
        assert large.tolist() == [[0, 0], [0, 0], [0, 0]]

    @pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
    def test_rows_at_once_are_all_rows(self, size: int) -> None:
        """Every row stands in one piece, and in the order of the file."""
        ends = [(rows.start, rows.stop) for rows in rows_at_once(size)]

        assert [place for pair in ends for place in pair] == sorted(place for pair in ends for place in pair)
        assert sum(stop - start for start, stop in ends) == size


@pytest.mark.parametrize(
    "late",
    [
        b"caf\xe9,1",
        b"caf\xc3,\xa91",
        "café,1".encode(),
        b"nul\0,1",
        b'"open,1',
        b'"two\nlines",1',
        b"one,2,3",
        b'a \\"b\\", c,1',
        b"\xff\xfe,1",
    ],
)
def test_what_stands_behind_the_beginning_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bytes
) -> None:
    """A large file is taken for UTF-8 by its beginning; whatever comes later is read, or refused, as in a small one."""
    monkeypatch.setattr(encoding, "_BEGINNING", 20)
    path = tmp_path / "survey.csv"
    path.write_bytes(b"Team,Q1\n" + b"A,1\n" * 50 + late + b"\n" + b"B,2\n" * 50)

    assert table_as_said(path, 20) == table_as_said(path, None)


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 60))
def test_pieces_are_of_one_size(sizes: list[int], cells: int) -> None:
    """No piece but the last is smaller than was asked, and none twice as large: while one is read, one is worked on."""
    ends = np.cumsum([0, *sizes]).tolist()
    batches = [
        pa.record_batch([pa.array(range(first, last)), pa.array(range(first, last))], ["one", "other"])
        for first, last in pairwise(ends)
    ]
    rows = max(1, cells // 2)

    made = list(pieces_of(batches, cells))

    assert [value for piece in made for value in piece[0].to_pylist()] == list(range(ends[-1]))
    assert all(rows <= len(piece[0]) < 2 * rows for piece in made[:-1])


def test_libraries_can_be_loaded_while_a_large_file_is_read(tmp_path: Path) -> None:
    """What is to be done meanwhile is done once, and only where a file is read in pieces."""
    done: list[str] = []
    path = tmp_path / "survey.csv"
    path.write_text("Team,Q1\n" + "A,1\n" * 100)

    with meanwhile(lambda: done.append("loaded")):
        whole = read_table(path)
        assert not done
        parts = read_table(path, piece=20)
    read_table(path, piece=20)

    assert done == ["loaded"]
    assert _of_table(parts) == _of_table(whole)


def test_every_byte_of_a_file_is_told(tmp_path: Path) -> None:
    """Whoever watches learns how much has been read; outside the block nobody is told."""
    told: list[int] = []
    path = tmp_path / "survey.csv"
    path.write_text("Team,Q1\n" + "A,1\n" * 100)

    with telling(told.append):
        read_table(path, piece=20)
    read_table(path, piece=20)

    assert (len(told), sum(told)) == (10, path.stat().st_size)
