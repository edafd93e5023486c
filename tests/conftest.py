"""What all tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest

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
