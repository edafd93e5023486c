"""What is made of our own files and is the same in every run: kept beside the code, as Python keeps compiled modules.

Nothing of a survey is in it. Where Python may not write its own compiled files it is made anew each time.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """What stands in the folder of compiled files under a name, else what `make` gives, which then stands there.

    name: must say what the bytes are made of, such as by its digest.
    """
    place = folder() / name
    with suppress(OSError):
        return place.read_bytes()
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _write_whole(place, made)
    return made


def compiled_templates() -> FileSystemBytecodeCache:
    """The compiled templates of this version of Jinja; one whose text has changed is compiled again."""
    return _Compiled(str(folder()), f"{_ways()}-%s.jinja")


def folder() -> Path:
    """Where Python keeps the compiled files of this package."""
    return Path(cache_from_source(__file__)).parent


class _Compiled(FileSystemBytecodeCache):
    """A folder of compiled templates that need not be writable."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where that is allowed."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


def _ways() -> str:
    """A name for the way in which templates are compiled: by which Jinja, in which environment."""
    settings = Path(__file__).with_name("html.py")
    said = settings.read_bytes() if settings.is_file() else b""
    return f"jinja-{version('jinja2')}-{hashlib.sha256(said).hexdigest()[:16]}"


def _write_whole(place: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(data)
            file.close()
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
