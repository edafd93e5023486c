"""Long format: one row per answer, with who answered, which question, and what; turned to one row per person.

Databases and reporting tools hand survey data out like this. Three headers must say so outright, and people and
questions must repeat. A column that never differs within a person (the team) is kept; others are left out, in a note.
"""

from ...languages import gettext as _
from ..tables import Table
from .export import Export, place_of
from .pivot import pivot

_PERSON = (
    *(
        "respondent",
        "respondent id",
        "respondent_id",
        "respondentid",
        "respondent key",
        "participant",
        "participant id",
    ),
    *(
        "participant_id",
        "participantid",
        "person",
        "person id",
        "person_id",
        "response id",
        "response_id",
        "responseid",
    ),
    *("submission id", "submission_id", "user id", "user_id", "userid", "employee id", "employee_id", "befragte"),
    *("befragter", "befragten-id", "teilnehmer", "teilnehmer-id", "teilnehmer id", "person-id"),
)
_QUESTION = (
    *("question id", "question_id", "questionid", "question code", "question", "question text", "question_text"),
    *("item id", "item_id", "item", "item text", "statement", "frage-id", "frage", "fragetext", "aussage"),
)
_TEXT = ("question text", "question_text", "question", "item text", "item_text", "statement", "fragetext", "frage")
_ANSWER = (
    *("answer", "answer value", "answer_value", "answer text", "answer_text", "response", "response value"),
    *("response_value", "value", "score", "rating", "antwort", "antwortwert", "wert", "bewertung"),
)


def recognise(table: Table) -> Export | None:
    """A file whose headers name person, question and answer, and in which people and questions repeat."""
    person, question, answer = (place_of(table.header, *known) for known in (_PERSON, _QUESTION, _ANSWER))
    if person is None or question is None or answer is None:
        return None
    if any(2 * len(table.columns[place].dictionary) > len(table.rows) for place in (person, question)):
        return None
    wide, texts = pivot(table, person, question, answer, text=place_of(table.header, *_TEXT))
    named = "”, “".join(table.header[place].strip() for place in (person, question, answer))
    return Export(
        platform="long format",
        evidence=_("one row per answer: “{columns}”").format(columns=named),
        table=wide,
        ids=wide.header,
        texts=texts,
        metadata=frozenset({0}),
    )
