"""Figures that R computed, by the id of their entry; the calls stand in the file itself."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference"


def r(entry: str) -> Any:
    """What R gave for one entry; skips where the figures are not at hand."""
    path = FOLDER / "reference_values.json"
    if not path.is_file():
        pytest.skip("the reference figures are not at hand")
    return next(each["value"] for each in json.loads(path.read_text())["computed"] if each["id"] == entry)
