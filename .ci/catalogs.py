"""Bring the catalogs of the languages up to date: messages out of the source, into every .po, and from there into .mo.

    python .ci/catalogs.py           after a message was added or changed; then translate what is new in the .po files
    python .ci/catalogs.py --check   changes nothing; says what is missing, and stops with status 1 if anything is

Needs Babel, which psafety depends on.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "languages" / "catalogs"
LANGUAGES = ("de", "fr", "es", "sv")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "marked": None}
SOURCES = [
    ("reports/**.py", "python"),
    ("surveys/**.py", "python"),
    ("analysis/**.py", "python"),
    ("audit/**.py", "python"),
    ("reports/templates/**.jinja", "jinja2"),
]
OPTIONS = {"reports/templates/**.jinja": {"trimmed": "true", "newstyle_gettext": "true"}}


def messages() -> Catalog:
    """All messages of the source, with the files they stand in."""
    catalog = Catalog(project="psafety", fuzzy=False)
    found = extract_from_dir(
        str(ROOT),
        method_map=SOURCES,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=["For translators:"],
        directory_filter=lambda folder: Path(folder).name not in {"tests", ".venv", "build", "benchmarks"},
    )
    for file, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        if not str(file).startswith("audit/"):  # the audit reads words and adds none of its own
            catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def po_file(lang: str) -> Path:
    """The translations into a language."""
    return CATALOGS / lang / "LC_MESSAGES" / "psafety.po"


def updated(lang: str, template: Catalog) -> Catalog:
    """The translations that there are, for the messages that there are now."""
    catalog = Catalog(locale=lang, project="psafety", fuzzy=False)
    if po_file(lang).is_file():
        with po_file(lang).open("rb") as file:
            catalog = read_po(file, locale=lang)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = f"# {catalog.locale.english_name} words of psafety's reports."
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """A catalog as its file: no lines and no dates, so that it changes only when words do."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, include_lineno=False, sort_output=False)
    lines = buffer.getvalue().decode().splitlines()
    return ("\n".join(line for line in lines if not line.startswith(_UNSTEADY)) + "\n").encode()


_UNSTEADY = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Report-Msgid-Bugs-To')


_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def as_mo(catalog: Catalog) -> bytes:
    """A catalog as gettext reads it, without the moment at which it was made."""
    catalog.creation_date = catalog.revision_date = _ANY_DAY
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def problems(lang: str, template: Catalog) -> Iterator[str]:
    """What keeps a language from being complete."""
    catalog = updated(lang, template)
    if not po_file(lang).is_file() or po_file(lang).read_bytes() != as_po(catalog):
        yield f"{lang}: the catalog does not hold the messages of the source"
    for message in catalog:
        if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,)):
            yield f"{lang}: not translated: {message.id!r}"
        for error in message.check(catalog):
            yield f"{lang}: {error}: {message.id!r}"
    mo_file = po_file(lang).with_suffix(".mo")
    with po_file(lang).open("rb") as file:
        if not mo_file.is_file() or mo_file.read_bytes() != as_mo(read_po(file, locale=lang)):
            yield f"{lang}: the compiled catalog is older than the translations"


def main() -> int:
    """Update, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is missing")
    template = messages()
    if parser.parse_args().check:
        found = [problem for lang in LANGUAGES for problem in problems(lang, template)]
        print("\n".join(found) or f"{len(template)} messages, in {len(LANGUAGES)} languages")
        return 1 if found else 0
    for lang in LANGUAGES:
        po_file(lang).parent.mkdir(parents=True, exist_ok=True)
        po_file(lang).write_bytes(as_po(updated(lang, template)))
        with po_file(lang).open("rb") as file:
            po_file(lang).with_suffix(".mo").write_bytes(as_mo(read_po(file, locale=lang)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
