"""A large file in any encoding is written anew piece by piece, to the same text as a small one in memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.surveys import encoding, pieces
from psafety.surveys.encoding import Text, read_text
from psafety.surveys.errors import PsafetyError
from psafety.surveys.pieces import telling
from psafety.surveys.tables import read_table

RUSSIAN = 'команда;ответ\n1;"Полностью согласен"\n2;Я чувствую себя в безопасности на работе\n'
JAPANESE = "チーム;回答\n1;「そう思う」\n2;職場では自分の意見を安心して述べることができます\n"
GERMAN = 'Team;Antwort\nA;"Stimme voll zu"\nB;Für später, größer; grün\n'
on_one_file = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def large(chunk: int) -> Iterator[None]:
    """Inside the block every file counts as a large one, and is read so many bytes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LARGE", 1)
        patch.setattr(encoding, "_CHUNK", chunk)
        yield


def said(path: Path) -> tuple[object, ...]:
    """All there is to a text, or the error that reading it raises."""
    try:
        text = read_text(path)
    except PsafetyError as error:
        return (error.problem, error.where, error.hint)
    with text.open() as file:
        return (bytes(file.read()), text.last_quote, text.encoding, text.notes, text.size)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 18])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GERMAN.encode("cp1252"), id="cp1252"),
        pytest.param(GERMAN.encode("mac_roman"), id="mac_roman"),
        pytest.param(RUSSIAN.encode("cp1251"), id="cp1251"),
        pytest.param(JAPANESE.encode("cp932"), id="cp932"),
        pytest.param(GERMAN.encode("utf-16"), id="utf-16"),
        pytest.param(GERMAN.encode("utf-16-be"), id="utf-16-be, no mark"),
        pytest.param(b"\xef\xbb\xbf" + RUSSIAN.encode() + b"3;\xff\xfe\n", id="damaged UTF-8"),
        pytest.param(GERMAN.encode("utf-16")[:-1], id="half a character"),
        pytest.param(GERMAN.encode("cp1252") + b"\0", id="no text"),
    ],
)
def test_a_large_file_is_the_text_that_a_small_one_is(tmp_path: Path, content: bytes, chunk: int) -> None:
    """Also where a character is cut in two between the pieces; its last quotation mark, its notes and its errors."""
    path = tmp_path / "survey.csv"
    path.write_bytes(content)
    whole = said(path)

    with large(chunk):
        assert said(path) == whole


@given(
    st.lists(st.one_of(st.binary(max_size=4), st.sampled_from([b"ab,\n", b'"', "é€".encode(), b"\xe9", b"\xe2\x82"]))),
    st.integers(1, 5),
)
@on_one_file
def test_any_bytes_are_the_same_large_and_small(tmp_path: Path, parts: list[bytes], chunk: int) -> None:
    """Whatever they are: the same text, or the same error."""
    path = tmp_path / "survey.csv"
    path.write_bytes(b"".join(parts))
    whole = said(path)

    with large(chunk):
        assert said(path) == whole


def test_what_is_written_anew_lies_in_a_file_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it is gone with the program, however that ends; a small one is held in memory."""
    path = tmp_path / "survey.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    small: Text = read_text(path)
    with large(7):
        text = read_text(path)

    assert isinstance(small.source, bytes)
    assert isinstance(text.source, mmap)
    assert list(tmp_path.iterdir()) == [path]


def test_spaces_behind_delimiters_are_left_out_of_a_large_file_too(tmp_path: Path) -> None:
    """The rows written anew are those of a small file."""
    path = tmp_path / "survey.csv"
    path.write_text('Team, Q1, "Q2, really"\nA, 1, "2, or 3"\nB, 2, "4"\n')
    whole = read_table(path)

    with large(7):
        table = read_table(path, piece=1)

    assert [column.to_pylist() for column in table.columns] == [column.to_pylist() for column in whole.columns]
    assert (table.header, table.notes) == (whole.header, whole.notes)
    assert "space behind each delimiter" in table.notes[0]


@pytest.mark.parametrize("piece", [None, 2])
def test_a_backslash_before_a_quotation_mark_in_every_record_is_read(tmp_path: Path, piece: int | None) -> None:
    """As MySQL writes it: without that no delimiter would divide a single record."""
    path = tmp_path / "survey.csv"
    path.write_text("Team,Q1\n" + '"The \\"old\\" team, here",3\n' * 5)

    table = read_table(path, piece=piece)

    assert table.header == ("Team", "Q1")
    assert [column.to_pylist()[-1] for column in table.columns] == ['The "old" team, here', "3"]


def test_of_another_encoding_every_byte_is_told_twice_at_least(tmp_path: Path) -> None:
    """Once while the encoding is looked for, once while the cells are read, as of UTF-8."""
    told: list[int] = []
    path = tmp_path / "survey.csv"
    path.write_bytes(("Team,Q1\n" + "Grün,1\n" * 100).encode("cp1252"))

    with telling(told.append):
        read_table(path, piece=10)

    assert sum(told) >= 2 * path.stat().st_size
