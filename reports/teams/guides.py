"""What a manager is told beside the figures: why a team is withheld, what to try, how to talk; without numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...languages import marked


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


MISUSE: Final = marked(
    "This page is for a conversation inside the team. Do not use it for bonuses, for comparing teams or leads, or to"
    " find out who said something. It would break the promise under which people answered, and they would not answer"
    " honestly again."
)
NO_PROOF: Final = marked("A high value is no proof that people feel safe, and a low one blames nobody.")
NOT_VALIDATED: Final = marked(
    "No validated instrument. Nobody has checked what these questions measure or which end of their scales is the good"
    " one. Take the figures as what people ticked, not as a statement about psychological safety."
)

_PROTECTED: Final = (
    marked(
        "It never depends on what anybody answered, and it says nothing about it. Nobody did anything wrong, and there"
        " is nothing to find out. The answers count all the same: they are part of the figures below."
    ),
    marked("Please do not ask who took part. People were free to answer and free not to."),
)
WHY_WITHHELD: Final = {
    "team": (
        marked(
            "This page leaves out what this team answered. That depends only on how many people answered where: a group"
            " is left out when it is small, and also when a reader could subtract it from a larger group and be left"
            " with a small one. So a large team can be left out too."
        ),
        *_PROTECTED,
    ),
    "unit": (
        marked(
            "This page leaves out what this unit answered. That depends only on how many people answered where: a group"
            " is left out when it is small, and also when a reader could subtract it from a larger group and be left"
            " with a small one. So a large unit can be left out too."
        ),
        *_PROTECTED,
    ),
}

# What it asks of a conversation, whether the people of a unit see a dimension alike.
VIEWS: Final = {
    "shared": marked("People answered much alike, so you may speak of one view. Ask what makes it so."),
    "mixed": marked(
        "Answers lie apart, without two camps. Speak of a range, not of one opinion, and ask for several experiences."
    ),
    "split": marked(
        "Answers fall into two camps, and hardly anybody is where the average lies. Let both views stand, and do not"
        " find out who holds which."
    ),
    "few": marked("Too few answers to tell. It says neither that people agree nor that they do not."),
    "withheld": marked("Not shown, to protect people. It is no hint to anything."),
}

OPENING: Final = (
    marked("What in these figures fits what you see in our days together, and what surprises you?"),
    marked("Think of a week in which it was easy to say what you thought. What made it easy?"),
    marked("What is one thing that we could do differently by next month, small enough to begin on Monday?"),
)
WITHOUT_NUMBERS: Final = (
    marked("When did you last say something here that was not easy to say? What helped?"),
    marked("What do we do that makes it safe to admit a mistake, and what makes it harder?"),
    marked("If you could change one small habit of ours for two weeks, which one?"),
)
NOT_TO_ASK: Final = (
    marked("“Who said that?”, or anything that leads there: “Was that you?”, “Which of you does not trust us?”"),
    marked("“Why are we so low?” Nobody has to explain an answer, and a value within its interval may be chance."),
    marked("“Can you give me an example?” to one person. Ask the room, and let silence stand."),
)
NOT_TO_ASK_WITHOUT_NUMBERS: Final = (
    NOT_TO_ASK[0],
    marked("“Who took part?” People were free to answer and free not to."),
    NOT_TO_ASK[-1],
)
CLOSING: Final = (
    marked("Say aloud which one thing you will try, who does what, and on which day you look at it again."),
    marked("Thank people for what they said. Say what you, as the lead, will do first."),
    marked("Write down what was agreed, not who said what."),
)
PLAN: Final[tuple[Step, ...]] = (
    Step(
        marked("Five minutes"),
        marked("Arrive"),
        marked("Say why you meet, that nobody has to speak, and that nothing is written by name."),
    ),
    Step(
        marked("Ten minutes"),
        marked("Think alone"),
        marked("Each person writes an answer to one of the questions, for themselves."),
    ),
    Step(
        marked("Fifteen minutes"),
        marked("Talk in pairs, then together"),
        marked("Pairs share what they like to share; the room listens."),
    ),
    Step(
        marked("Ten minutes"),
        marked("Choose one thing"),
        marked("Collect ideas for one small experiment, and let the team choose."),
    ),
    Step(
        marked("Five minutes"),
        marked("Close"),
        marked("Say who begins, and put the day of the check-in into the calendar now."),
    ),
)

_LISTEN: Final = Experiment(
    marked("Start small"),
    marked(
        "For two weeks, begin one meeting with a round in which everybody may say one sentence on how things are, or"
        " pass. The lead goes first and says something true."
    ),
    marked("Two weeks from now, ask: did it help, should we keep it, change it or drop it?"),
)
GENERAL: Final = _LISTEN
EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "trust": Experiment(
        marked("Build a circle that welcomes openness"),
        marked(
            "Agree on one sentence about what stays in the room, such as “what is told here is not told elsewhere”, and"
            " begin your next four meetings with it."
        ),
        marked("After the fourth meeting, ask: have we kept to it, and what would make it easier?"),
    ),
    "openness": Experiment(
        marked("Be kind to yourself"),
        marked(
            "In each weekly meeting of the next month the lead tells of one thing that did not work out and what it"
            " cost, without a moral at the end. Others may join in; nobody has to."
        ),
        marked("In a month, ask: is it easier to say that something went wrong?"),
    ),
    "speaking-up": Experiment(
        marked("Question the expectations"),
        marked(
            "Before your next four decisions, ask everybody: “What are we not seeing?” Wait until two things are said"
            " before you answer any of them."
        ),
        marked("After the fourth decision, ask: which one changed because somebody spoke?"),
    ),
    "acceptance": Experiment(
        marked("Be kind to yourself"),
        marked(
            "For two weeks, answer every question with “good that you ask” or with a question back, never with a sigh"
            " or a joke. The lead watches over their own answers first."
        ),
        marked("Two weeks from now, ask: are there questions that we still keep to ourselves?"),
    ),
    "support": Experiment(
        marked("Seek support"),
        marked(
            "Put one line into your weekly meeting: “Who could use a hand?” The lead asks for help with something real"
            " at least once."
        ),
        marked("In a month, ask: did anybody get help that they would not have asked for before?"),
    ),
    "emotional-intelligence": Experiment(
        marked("Build a circle that welcomes openness"),
        marked(
            "When the next disagreement comes up, let each side say what it heard the other side say, before anybody"
            " answers."
        ),
        marked("After two disagreements, ask: did we understand each other sooner?"),
    ),
    "authenticity": Experiment(
        marked("Question the expectations"),
        marked("Choose one meeting in which nobody has to look prepared: no slides, unfinished thoughts welcome."),
        marked("After three such meetings, ask: what did we hear that a polished meeting would have hidden?"),
    ),
    "norms": Experiment(
        marked("Question the expectations"),
        marked(
            "Collect, without names, the unwritten rules of the team, such as “do not show that you are tired”. Choose"
            " one that nobody needs, and drop it for a month."
        ),
        marked("In a month, ask: what happened when we left it out?"),
    ),
    "growth": Experiment(
        marked("Start small"),
        marked(
            "After the next piece of work, take ten minutes for two questions: what did we learn, and what do we try"
            " differently next time? Leave out whose fault it was."
        ),
        marked("After the third time, ask: did we try what we said?"),
    ),
}
