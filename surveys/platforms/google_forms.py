"""Google Forms: a first column Timestamp, question texts as headers, grids as "Question [Row]".

The time stamp is named in the language of the spreadsheet. Several choices stand in one cell, joined by ", " (or ";" in
the CSV that Forms itself writes); linear scales are bare numbers.
"""

import re

from ...languages import gettext as _
from ..tables import Table
from .export import Export, plain_text, positions

# What Forms calls its first column in the languages we have seen.
_TIMESTAMPS = frozenset(
    {
        *("timestamp", "zeitstempel", "horodateur", "marca temporal", "informazioni cronologiche", "tijdstempel"),
        *("carimbo de data/hora", "data/hora", "tidsstämpel", "tidsstempel", "tidsstempling", "aikaleima"),
        *(
            "sygnatura czasowa",
            "časová značka",
            "časové razítko",
            "zaman damgası",
            "タイムスタンプ",
            "时间戳记",
            "時間戳記",
        ),
        *("отметка времени", "позначка часу", "időbélyeg", "marcaj de timp"),
    }
)
# What it adds behind the time stamp when asked to collect addresses, or to mark a quiz.
_COLLECTED = frozenset(
    {
        *("email address", "username", "score", "e-mail-adresse", "e-mail", "nutzername", "punktzahl", "score total"),
        *("adresse e-mail", "nom d'utilisateur", "dirección de correo electrónico", "nombre de usuario", "puntuación"),
        *("endereço de e-mail", "indirizzo email", "nome utente", "punteggio", "e-mailadres", "gebruikersnaam"),
    }
)
_DATE = re.compile(r"\d{1,4}[-/.年] ?\d{1,2}[-/.月]")


def recognise(table: Table) -> Export | None:
    """A file whose first column is the time stamp that Forms writes, with dates in it."""
    if plain_text(table.header[0]).casefold() not in _TIMESTAMPS or not _holds_dates(table):
        return None
    names = tuple(map(plain_text, table.header))
    return Export(
        platform="Google Forms",
        evidence=_("the first column is “{name}”").format(name=names[0]),
        table=table,
        ids=names,
        texts=names,
        metadata=frozenset({0}) | {place for place in positions(names, _COLLECTED) if place <= 2},
    )


def _holds_dates(table: Table) -> bool:
    first = next((text for text in table.columns[0].dictionary.slice(0, 1).to_pylist()), "")
    return bool(_DATE.match(first.strip()))
