"""The .lss file of a LimeSurvey as rows of text: XML with one block of rows per table of its database."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from ..errors import FileError
from .export import plain_text

_LARGEST = 20_000_000  # bytes; real ones have some hundred thousand
Row = Mapping[str, str]


class _NoDeclarations(ET.TreeBuilder):
    """Builds the tree of a document that declares nothing, so that there are no entities to expand or to fetch."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        """Refuse the declaration before anything in it is read."""
        raise ValueError(name)


def read_lss(path: Path) -> ET.Element:
    """The document of one structure file. Raises FileError where it is no such file, or one that may do harm."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _unreadable(path, "is too large to be one")
        text = path.read_bytes().decode("utf-8-sig")  # in another encoding, declarations could hide
        root = ET.fromstring(text, ET.XMLParser(target=_NoDeclarations()))  # noqa: S314 - see _NoDeclarations
    except OSError as error:
        raise _unreadable(path, "cannot be opened") from error
    except (ET.ParseError, ValueError) as error:
        raise _unreadable(path, "is no well-formed XML, or declares entities") from error
    if root.findtext("LimeSurveyDocType") != "Survey":
        raise _unreadable(path, "does not call itself one")
    return root


def rows_of(root: ET.Element, block: str, language: str) -> Iterator[Row]:
    """The rows of one block that are in one language, or in none."""
    for row in root.iterfind(f"{block}/rows/row"):
        cells = {cell.tag: (cell.text or "").strip() for cell in row}
        if (cells.get("language") or language) == language:
            yield cells


def texts_of(root: ET.Element, blocks: tuple[str, ...], key: str, field: str, language: str) -> dict[str, str]:
    """The texts in some field by id, from whichever of the blocks holds them; without HTML."""
    return {
        row[key]: plain_text(row[field])
        for block in blocks
        for row in rows_of(root, block, language)
        if row.get(key) and row.get(field)
    }


def _unreadable(path: Path, why: str) -> FileError:
    return FileError(
        f"The LimeSurvey structure file beside the export {why}.",
        where=path.name,
        hint="Export the structure again, or move the file to another folder.",
    )
