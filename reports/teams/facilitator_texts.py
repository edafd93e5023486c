"""What a facilitator's sheet says for each pattern: aim, questions, what not to ask; plans, and the five practices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...languages import marked
from .guides import Experiment, Step

Pattern = Literal[
    "low-agreed",
    "low-split",
    "low-open",
    "high-agreed",
    "high-split",
    "high-open",
    "split",
    "falling",
    "rising",
    "silent",
    "plain",
    "unseen",
]


@dataclass(frozen=True, slots=True)
class Script:
    """What goes with a pattern. talk: what the longest step of a meeting is for."""

    title: str
    aim: str
    opening: tuple[str, ...]
    not_to_ask: tuple[str, ...]
    talk: str


SCRIPTS: Final[Mapping[Pattern, Script]] = {
    "low-agreed": Script(
        marked("Something stands lower, and the team sees it alike"),
        marked("Understand together what a usual week is like, and choose one thing that the team itself can change."),
        (
            marked("The answers say that many of you see this alike. Which everyday scene do they make you think of?"),
            marked("When was it better, even if only for a day? What was different then?"),
            marked("Which part of this can we change ourselves, and which part do we have to take to somebody else?"),
        ),
        (
            marked("“Is it really that bad?” It asks people to take their answers back."),
            marked("“What is wrong with you?” The figures are about how things are done here, not about persons."),
        ),
        marked("Collect scenes in which it shows, without names. Mark those that the team can change itself."),
    ),
    "low-split": Script(
        marked("Something stands lower, and the team is split over it"),
        marked("Let both views stand side by side. Do not look for a middle, and do not find out who is where."),
        (
            marked("Two people can live in the same team and have quite different weeks. What could make that so?"),
            marked(
                "For whom may it be hard to speak here, thinking of tasks, places and hours rather than of persons?"
            ),
            marked("What would have to be true so that both views are right?"),
        ),
        (
            marked("“Who sees it the other way?” Nobody has to show which side they are on."),
            marked("“Can we agree that it is fine?” A quick agreement silences the smaller side."),
        ),
        marked("Collect what could explain each of the views, on two sheets. Everybody writes on both of them."),
    ),
    "low-open": Script(
        marked("Something stands lower"),
        marked(
            "Find out together what is behind it. Whether the team sees it alike cannot be told from the answers, so"
            " expect more than one view."
        ),
        (
            marked("What in these figures fits what you see in our days together, and what does not?"),
            marked("When was it better, even if only for a day? What was different then?"),
            marked("Which small part of this could we change ourselves by next month?"),
        ),
        (
            marked("“Is it really that bad?” It asks people to take their answers back."),
            marked("“Do we all see it like that?” Whoever sees it otherwise would have to say so in front of all."),
        ),
        marked("Collect scenes in which it shows, without names. Mark those that the team can change itself."),
    ),
    "high-agreed": Script(
        marked("Something stands higher, and the team sees it alike"),
        marked("Find out what makes it so, and how it can last. A high value is no proof, so leave room for doubt."),
        (
            marked("What do we do that others may not do? Think of habits, not of qualities."),
            marked("When did it last come under strain, and what carried us through?"),
            marked("What would a new person notice in their first month, and what would they still not dare to say?"),
        ),
        (
            marked("“So there are no problems here?” It makes it harder to name the next one."),
            marked("“How did we beat the others?” These figures are no contest."),
        ),
        marked("Collect the habits that make it so. Choose one to keep on purpose when times get harder."),
    ),
    "high-split": Script(
        marked("Something stands higher, but the team is split over it"),
        marked("Make room for those who see it otherwise: an average that is high can hide people who are not well."),
        (
            marked("Not everybody has the same team. What could make it easier for some and harder for others here?"),
            marked("Who may be far from where decisions are made, thinking of tasks, places and hours?"),
            marked("What could we do so that it is as easy for everybody as it is for most?"),
        ),
        (
            marked("“Who is not happy?” Nobody has to show which side they are on."),
            marked("“But most of us are fine, are we not?” It tells the others to keep quiet."),
        ),
        marked("Collect what could make it easy for some and hard for others. Everybody writes on both sheets."),
    ),
    "high-open": Script(
        marked("Something stands higher"),
        marked("Find out what makes it so, and for whom it may not be so. A high value is no proof."),
        (
            marked("What in these figures fits what you see in our days together, and what does not?"),
            marked("What do we do that others may not do? Think of habits, not of qualities."),
            marked("What would a new person notice in their first month, and what would they still not dare to say?"),
        ),
        (
            marked("“So there are no problems here?” It makes it harder to name the next one."),
            marked("“How did we beat the others?” These figures are no contest."),
        ),
        marked("Collect the habits that make it so. Choose one to keep on purpose when times get harder."),
    ),
    "split": Script(
        marked("The team is split"),
        marked("Let both views stand side by side. Do not look for a middle, and do not find out who is where."),
        (
            marked("Two people can live in the same team and have quite different weeks. What could make that so?"),
            marked("What would have to be true so that both views are right?"),
            marked("What could we try that helps the ones and takes nothing from the others?"),
        ),
        (
            marked("“Who sees it the other way?” Nobody has to show which side they are on."),
            marked("“Can we agree on something in between?” A middle that nobody holds helps nobody."),
        ),
        marked("Collect what could explain each of the views, on two sheets. Everybody writes on both of them."),
    ),
    "falling": Script(
        marked("Something has become lower since last time"),
        marked(
            "Find out what was different in these months. The figures tell that something moved, not what moved it."
        ),
        (
            marked("What has changed around us since the last survey? Collect first, judge later."),
            marked("What did we stop doing that was good for us?"),
            marked("What is still as good as it was, so that we can build on it?"),
        ),
        (
            marked("“Whose fault is it?” Many things happen in such a time, and most of them have no culprit."),
            marked("“Was it since so-and-so came?” It turns a figure into an accusation."),
        ),
        marked(
            "Draw a line of the months since the last survey. Everybody adds what happened; then look for the turns."
        ),
    ),
    "rising": Script(
        marked("Something has become higher since last time"),
        marked("Find out what helped, so that it stays. The figures tell that something moved, not what moved it."),
        (
            marked("What has changed since the last survey that does us good?"),
            marked("Who or what outside of the team helped, and do they know?"),
            marked("What could make it slip back, and how would we notice early?"),
        ),
        (
            marked("“Are you content now?” It closes a conversation that has just begun to be possible."),
            marked("“Who gets the credit?” Ask what was done, not who won."),
        ),
        marked(
            "Draw a line of the months since the last survey. Mark what helped, and choose what to keep on purpose."
        ),
    ),
    "silent": Script(
        marked("Many did not answer"),
        marked("Win trust before you talk about figures. Those who did not answer may see things quite differently."),
        (
            marked("What would make it easy for anybody to answer such questions, here and next time?"),
            marked("What happened after earlier surveys, and what did not happen?"),
            marked("What should be done with answers so that giving them is worth the while?"),
        ),
        (
            marked("“Who did not take part?” People were free to answer and free not to."),
            marked("“Why did you not answer?” Silence may be the most careful answer that somebody has."),
        ),
        marked(
            "Collect what speaks for answering and what speaks against it. Say which of it you will change yourself."
        ),
    ),
    "plain": Script(
        marked("Nothing stands out"),
        marked("Talk about everyday life, not about decimals: no figure here calls for one subject more than another."),
        (
            marked("What in these figures fits what you see in our days together, and what surprises you?"),
            marked("Think of a week in which it was easy to say what you thought. What made it easy?"),
            marked("What is one thing that we could do differently by next month, small enough to begin on Monday?"),
        ),
        (
            marked("“What is our weakest point?” The figures do not tell; chance alone can order them."),
            marked("“Why are we only average?” Not to stand out says nothing about how good a team is."),
        ),
        marked(
            "Collect what makes it easy to speak here and what makes it hard. Choose one thing, not the loudest one."
        ),
    ),
    "unseen": Script(
        marked("Talking without figures"),
        marked("Have a good conversation that needs no number. Nothing here tells what this group answered."),
        (
            marked("When did you last say something here that was not easy to say? What helped?"),
            marked("What do we do that makes it safe to admit a mistake, and what makes it harder?"),
            marked("If you could change one small habit of ours for two weeks, which one?"),
        ),
        (
            marked("“What did you answer?” The promise was that nobody would have to tell."),
            marked("“Who took part?” People were free to answer and free not to."),
        ),
        marked(
            "Collect what makes it easy to speak here and what makes it hard. Choose one thing, not the loudest one."
        ),
    ),
}

NEVER: Final = (
    marked("“Who said that?”, or anything that leads there, such as “Was that you?”"),
    marked("“Can you give me an example?” to one person. Ask the room, and let silence stand."),
)

GROUND_RULES: Final = (
    marked("Nobody has to speak, and everybody may pass without a reason."),
    marked("What is told here is not told elsewhere. What was agreed is written down; who said what is not."),
    marked("Whoever leads the team speaks last, and thanks people before answering them."),
)

TALK: Final = ""  # stands for the step that the pattern fills

SHORT_PLAN: Final = (
    Step(marked("Five minutes"), marked("Arrive"), marked("Say why you meet, and read the three rules aloud.")),
    Step(marked("Five minutes"), marked("Think alone"), marked("Everybody writes for themselves, on one question.")),
    Step(marked("Twenty minutes"), marked("Talk in pairs, then together"), TALK),
    Step(marked("Ten minutes"), marked("Choose"), marked("One experiment from below, or one of your own.")),
    Step(marked("Five minutes"), marked("Close"), marked("Who begins? Put the day of the check-in into the calendar.")),
)
LONG_PLAN: Final = (
    Step(
        marked("Ten minutes"),
        marked("Arrive"),
        marked("Say why you meet, read the three rules aloud, and ask how people come into the room."),
    ),
    Step(
        marked("Ten minutes"),
        marked("Look"),
        marked("Show the page of the team, if there is one to show. Let people read; explain nothing yet."),
    ),
    Step(
        marked("Ten minutes"),
        marked("Think alone"),
        marked("Everybody writes for themselves, on one of the questions."),
    ),
    Step(marked("Thirty minutes"), marked("Talk in pairs, then together"), TALK),
    Step(
        marked("Twenty minutes"),
        marked("Choose and shape"),
        marked("One experiment: who does what, for how long, and how you will notice whether it helps."),
    ),
    Step(
        marked("Ten minutes"),
        marked("Close"),
        marked("Everybody says one word on how they leave. Put the day of the check-in into the calendar."),
    ),
)

PRACTICES: Final = (
    Experiment(
        marked("Start small"),
        marked("For two weeks, begin one meeting with a round: one sentence each on how things are, or pass."),
        marked("Keep it, change it or drop it?"),
    ),
    Experiment(
        marked("Be kind to yourself"),
        marked("In each weekly meeting, one person tells of something that did not work out. The lead begins."),
        marked("Is it easier to say that something went wrong?"),
    ),
    Experiment(
        marked("Seek support"),
        marked("Put one line into the weekly meeting: “Who could use a hand?” The lead asks for one first."),
        marked("Did anybody get help that they would not have asked for before?"),
    ),
    Experiment(
        marked("Question the expectations"),
        marked("Collect the unwritten rules of the team. Drop one that nobody needs, for a month."),
        marked("What happened when we left it out?"),
    ),
    Experiment(
        marked("Build a circle that welcomes openness"),
        marked("Before each decision, ask “What are we not seeing?”, and wait until two things are said."),
        marked("Which decision changed because somebody spoke?"),
    ),
)
