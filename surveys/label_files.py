"""The files of surveys/scales: the labels of answers and the words for no answer, one file per language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "scales"
_NO_ANSWER = "\n[no-answer]\n"  # the last table of each file
_WAY = re.compile(r'"([^"\n]*)"')

Tables = Mapping[str, tuple[tuple[str, ...], ...]]


@cache
def _files() -> Mapping[str, tuple[str, str]]:
    """Language → its labels and its words for no answer, as TOML; English first."""
    paths = sorted(_FOLDER.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem))
    texts = {path.stem: path.read_text(encoding="utf-8").partition(_NO_ANSWER) for path in paths}
    return {lang: (labels, head + words) for lang, (labels, head, words) in texts.items()}


@cache
def written_labels() -> Mapping[str, list[str]]:
    """Language → every way to write a label, found without reading the tables, since that takes ten times as long."""
    return {lang: _WAY.findall(labels) for lang, (labels, _) in _files().items()}


@cache
def label_tables(lang: str) -> Tables:
    """Scale ("agreement-5") → per point, lowest first, the ways to write it in one language."""
    families = tomllib.loads(_files()[lang][0])
    return {
        f"{family}-{size}": tuple(tuple(ways) for ways in points)
        for family, sizes in families.items()
        for size, points in sizes.items()
    }


@cache
def no_answer_words() -> Mapping[str, tuple[str, ...]]:
    """Kind ("blank", "not-applicable", "uncertain") → how people and programs write it, in all languages."""
    tables = [tomllib.loads(words)["no-answer"] for _, words in _files().values()]
    return {kind: tuple(word for table in tables for word in table[kind]) for kind in tables[0]}
