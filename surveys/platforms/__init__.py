"""The survey platforms, each in a small file: how to recognise its exports, and what their columns are.

A platform is recognised by the structure of the file, never by its name. Each module offers
`recognise(table) -> Export | None`; `PLATFORMS` is the order in which they are asked, the plain table last.
"""

from collections.abc import Callable

from ..tables import Table
from . import google_forms, plain, qualtrics
from .export import Export

PLATFORMS: tuple[Callable[[Table], Export | None], ...] = (qualtrics.recognise, google_forms.recognise, plain.recognise)


def recognise(table: Table) -> Export:
    """What kind of export the table is, and what its header says."""
    return next(export for recognise_one in PLATFORMS if (export := recognise_one(table)) is not None)
