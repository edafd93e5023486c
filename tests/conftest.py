"""What all tests share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Time says little on a shared machine. CI repeats the same examples, so that a change is judged by what it changed;
# everybody else draws new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """Finds a file or folder of the real exports that lie beside the repository; skips where they do not."""

    def find(path: str) -> Path:
        found = _SHARED / path
        if not found.exists():
            pytest.skip(f"needs {path} of the shared data, which is not beside this copy of the repository")
        return found

    return find
