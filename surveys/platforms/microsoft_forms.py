"""Microsoft Forms: a workbook with ID, start time, completion time, and (where it asks for them) e-mail and name first.

The headers are in the language of the account. Questions follow as they were asked; every statement of a Likert grid is
a column of its own, without the question above it; several choices stand in one cell, each followed by ";". A quiz adds
points and feedback for each question.
"""

import re

from ...languages import gettext as _
from ..phrases import enumerated, quoted
from ..tables import Table
from .export import Export, plain_text

# Start and completion time, as files of these languages name them: en, de, fr, es, pt, nl, it.
_TIMES = frozenset(
    {
        ("start time", "completion time"),
        ("startzeit", "fertigstellungszeit"),
        ("heure de début", "heure de fin"),
        ("hora de inicio", "hora de finalización"),
        ("hora de início", "hora de conclusão"),
        ("begintijd", "tijd van voltooien"),
        ("ora di inizio", "ora di completamento"),
    }
)
_PERSON = frozenset(
    {
        *("email", "e-mail", "adresse de messagerie", "correo electrónico", "posta elettronica"),
        *("name", "nom", "nombre", "nome", "naam"),
    }
)
_LATER = re.compile(
    r"(?i)^(last modified time|uhrzeit der letzten änderung|heure de la dernière modification"
    r"|hora de la última modificación|hora da última modificação|tijd van laatste wijziging|total points"
    r"|gesamtpunktzahl|quiz feedback|grade posted time|total de pontos|comentários do teste|hora de postagem da nota"
    r"|(points|feedback|punkte|pontos|comentários) [-–] .*|language|sprache|langue|idioma|taal)$"
)


def recognise(table: Table) -> Export | None:
    """A file that starts with ID, start time and completion time."""
    names = tuple(map(plain_text, table.header))
    folded = [name.casefold() for name in names]
    if folded[0] != "id" or tuple(folded[1:3]) not in _TIMES:
        return None
    person = {place for place in (3, 4) if place < len(folded) and folded[place] in _PERSON}
    added = {place for place, name in enumerate(names) if _LATER.match(name)}
    return Export(
        platform="Microsoft Forms",
        evidence=_("the first columns are {columns}").format(columns=enumerated(list(map(quoted, names[:3])))),
        table=table,
        ids=names,
        texts=names,
        metadata=frozenset({0, 1, 2} | person | added),
        times=(1, 2),
    )
