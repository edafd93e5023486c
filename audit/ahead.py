"""What an audit must know of the answers, whatever the files say: it can be counted while they are still written."""

from dataclasses import dataclass

from ..surveys.responses import Responses
from .asked import questions_of
from .members import People, people_of


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """The people of a wave by what they answered, told apart by these groups across the organisation, too."""

    wave: str
    cuts: tuple[str, ...]
    people: People


def count_ahead(responses: Responses, wave: str) -> Ahead:
    """What can be counted of one wave of a survey."""
    people = people_of(responses, wave, questions_of(responses.instrument), responses.cuts)
    _ = people.rows.together  # kept there: what is said of scores is held against it
    return Ahead(wave, responses.cuts, people)
