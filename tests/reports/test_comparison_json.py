"""The comparison as JSON: the printed figures, and the document that lists its keys."""

import json
import re
from pathlib import Path

import pytest
from compared import example
from psafety.reports.comparison.content import ComparisonContent
from psafety.reports.comparison.snapshot import CHANGE_FIGURES, to_json
from psafety.reports.content import Figure
from test_snapshot import keys

DOCUMENT = Path(__file__).parents[2] / "docs" / "comparison.md"


@pytest.fixture(scope="module")
def content() -> ComparisonContent:
    return example()


@pytest.fixture(scope="module")
def document(content: ComparisonContent):
    return json.loads(to_json(content))


def test_the_document_names_every_key_in_its_order(document) -> None:
    """docs/comparison.md lists the keys that are written, no more and no fewer."""
    documented = re.findall(r"^\| `([^`]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    written = list(dict.fromkeys(keys(document | {"not_compared": [{"what": "", "reason": ""}]})))

    assert documented == written
    assert document["schema"] == "psafety-comparison/1"


def test_every_change_carries_its_printed_figures(document, content: ComparisonContent) -> None:
    """Numbers as printed, null where there is none, the verdict in words."""
    for written, unit in zip(document["units"], content.units, strict=True):
        assert written["path"] == list(unit.path)
        for part in ("dimensions", "items"):
            for figures, change in zip(written[part], getattr(unit, part), strict=True):
                for name in CHANGE_FIGURES:
                    cell = getattr(change, name)
                    assert figures[name] == (cell.value if isinstance(cell, Figure) else None)
                assert figures["verdict"] == change.verdict


def test_the_same_content_gives_the_same_bytes(content: ComparisonContent) -> None:
    """No clock, no chance."""
    assert to_json(content) == to_json(example())
