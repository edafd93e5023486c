"""What a manager is told beside the figures: why a team is withheld, what to try, how to talk; without numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Experiment:
    """One small thing to try, and what to look at on the day agreed."""

    practice: str
    text: str
    check_in: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a meeting: how long it takes, what it is called, what happens."""

    minutes: str
    name: str
    text: str


MISUSE: Final = (
    "This page is for a conversation inside the team. Do not use it for bonuses, for comparing teams or leads, or to"
    " find out who said something. It would break the promise under which people answered, and they would not answer"
    " honestly again."
)
NO_PROOF: Final = "A high value is no proof that people feel safe, and a low one blames nobody."
NOT_VALIDATED: Final = (
    "No validated instrument. Nobody has checked what these questions measure or which end of their scales is the good"
    " one. Take the figures as what people ticked, not as a statement about psychological safety."
)

WHY_WITHHELD: Final = (
    (
        "This page leaves out what this {what} answered. That depends only on how many people answered where: a group"
        " is left out when it is small, and also when a reader could subtract it from a larger group and be left with"
        " a small one. So a large {what} can be left out too."
    ),
    (
        "It never depends on what anybody answered, and it says nothing about it. Nobody did anything wrong, and there"
        " is nothing to find out. The answers count all the same: they are part of the figures below."
    ),
    "Please do not ask who took part. People were free to answer and free not to.",
)

OPENING: Final = (
    "What in these figures fits what you see in our days together, and what surprises you?",
    "Think of a week in which it was easy to say what you thought. What made it easy?",
    "What is one thing that we could do differently by next month, small enough to begin on Monday?",
)
WITHOUT_NUMBERS: Final = (
    "When did you last say something here that was not easy to say? What helped?",
    "What do we do that makes it safe to admit a mistake, and what makes it harder?",
    "If you could change one small habit of ours for two weeks, which one?",
)
NOT_TO_ASK: Final = (
    "“Who said that?”, or anything that leads there: “Was that you?”, “Which of you does not trust us?”",
    "“Why are we so low?” Nobody has to explain an answer, and a value within its interval may be chance.",
    "“Can you give me an example?” to one person. Ask the room, and let silence stand.",
)
CLOSING: Final = (
    "Say aloud which one thing you will try, who does what, and on which day you look at it again.",
    "Thank people for what they said. Say what you, as the lead, will do first.",
    "Write down what was agreed, not who said what.",
)
PLAN: Final = (
    Step("Five minutes", "Arrive", "Say why you meet, that nobody has to speak, and that nothing is written by name."),
    Step("Ten minutes", "Think alone", "Each person writes an answer to one of the questions, for themselves."),
    Step("Fifteen minutes", "Talk in pairs, then together", "Pairs share what they like to share; the room listens."),
    Step("Ten minutes", "Choose one thing", "Collect ideas for one small experiment, and let the team choose."),
    Step("Five minutes", "Close", "Say who begins, and put the day of the check-in into the calendar now."),
)

_LISTEN: Final = Experiment(
    "Start small",
    "For two weeks, begin one meeting with a round in which everybody may say one sentence on how things are, or pass."
    " The lead goes first and says something true.",
    "Two weeks from now, ask: did it help, should we keep it, change it or drop it?",
)
GENERAL: Final = _LISTEN
EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "trust": Experiment(
        "Build a circle that welcomes openness",
        "Agree on one sentence about what stays in the room, such as “what is told here is not told elsewhere”, and"
        " begin your next four meetings with it.",
        "After the fourth meeting, ask: have we kept to it, and what would make it easier?",
    ),
    "openness": Experiment(
        "Be kind to yourself",
        "In each weekly meeting of the next month the lead tells of one thing that did not work out and what it cost,"
        " without a moral at the end. Others may join in; nobody has to.",
        "In a month, ask: is it easier to say that something went wrong?",
    ),
    "speaking-up": Experiment(
        "Question the expectations",
        "Before your next four decisions, ask everybody: “What are we not seeing?” Wait until two things are said"
        " before you answer any of them.",
        "After the fourth decision, ask: which one changed because somebody spoke?",
    ),
    "acceptance": Experiment(
        "Be kind to yourself",
        "For two weeks, answer every question with “good that you ask” or with a question back, never with a sigh or a"
        " joke. The lead watches over their own answers first.",
        "Two weeks from now, ask: are there questions that we still keep to ourselves?",
    ),
    "support": Experiment(
        "Seek support",
        "Put one line into your weekly meeting: “Who could use a hand?” The lead asks for help with something real at"
        " least once.",
        "In a month, ask: did anybody get help that they would not have asked for before?",
    ),
    "emotional-intelligence": Experiment(
        "Build a circle that welcomes openness",
        "When the next disagreement comes up, let each side say what it heard the other side say, before anybody"
        " answers.",
        "After two disagreements, ask: did we understand each other sooner?",
    ),
    "authenticity": Experiment(
        "Question the expectations",
        "Choose one meeting in which nobody has to look prepared: no slides, unfinished thoughts welcome.",
        "After three such meetings, ask: what did we hear that a polished meeting would have hidden?",
    ),
    "norms": Experiment(
        "Question the expectations",
        "Collect, without names, the unwritten rules of the team, such as “do not show that you are tired”. Choose one"
        " that nobody needs, and drop it for a month.",
        "In a month, ask: what happened when we left it out?",
    ),
    "growth": Experiment(
        "Start small",
        "After the next piece of work, take ten minutes for two questions: what did we learn, and what do we try"
        " differently next time? Leave out whose fault it was.",
        "After the third time, ask: did we try what we said?",
    ),
}
