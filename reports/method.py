"""How the figures came about, what they do not show, and what the report hides: its last part, in plain words."""

from ..analysis.findings import Findings
from ..analysis.scoring import FALSE_DISCOVERIES
from ..surveys.instrument import in_language
from . import wording
from .comments import comment_method
from .content import Section


def method(findings: Findings, lang: str) -> tuple[Section, ...]:
    """The method notes of a report."""
    return (
        Section("questionnaire", "The questionnaire", _questionnaire(findings, lang)),
        Section("index", "The 0–100 index", _index(findings)),
        Section("intervals", "How sure the figures are", _intervals(findings)),
        Section("differences", "When a difference is called a difference", _differences()),
        Section("anonymity", "What this report hides, and why you can trust that", _anonymity(findings)),
        *([Section("comments", "Comments", comment_method(findings))] if findings.comments else []),
    )


def _questionnaire(findings: Findings, lang: str) -> tuple[str, ...]:
    instrument = findings.instrument
    name = f"{in_language(instrument.titles, lang)}, version {instrument.version}."
    licence = f"Licence of the questionnaire: {instrument.licence}." if instrument.licence else ""
    said = (name, in_language(instrument.evidence, lang), instrument.citation, licence)
    return tuple(text for text in said if text)


def _index(findings: Findings) -> tuple[str, ...]:
    half = wording.percent(findings.instrument.min_answered).text
    return (
        (
            "The average answer, put on a scale from 0 (everybody ticked the lowest point) to 100 (everybody"
            " ticked the highest). Statements that run the other way are turned round first, so a high value is"
            " always the same end."
        ),
        (
            "A dimension’s index is the average of the indexes of its questions. How its values spread between"
            f" people is worked out from those who answered at least {half} of its questions."
        ),
        "Shares are shares of the answers given; blanks and “not applicable” are not part of them.",
    )


def _intervals(findings: Findings) -> tuple[str, ...]:
    paragraphs = [
        (
            "The interval beside a value shows how far chance can carry it: if the same survey were repeated many"
            " times with other people of the same mind, 95 of 100 such intervals would hold the true value."
            " Intervals of averages use Student’s t, intervals of shares use Wilson’s method."
        ),
        (
            "For units and teams, the spread of answers inside the printed groups is pooled over the"
            " organisation. That is steadier in small teams, and a team’s own spread would give answers away."
        ),
        (
            "The intervals do not know who stayed away. If people who did not answer feel differently, the true"
            " value can lie outside."
        ),
    ]
    if findings.finite_population:
        paragraphs.append(
            "Where the number of people asked is known, intervals are narrowed by the share who answered: when"
            " everybody answered, nothing is left to chance (finite population correction)."
        )
    return tuple(paragraphs)


def _differences() -> tuple[str, ...]:
    return (
        (
            "Every unit and team is set against everybody else in the organisation. A difference is named only"
            " where it is larger than chance explains; where answers crowd at one end of the scale, which makes"
            " rare answers weigh more, it has to be larger still. Because many comparisons are made at once, the"
            " bar is raised so that of all differences named among the dimensions no more than about"
            f" {FALSE_DISCOVERIES:.0%} should be chance, and as few among the single statements (Benjamini and"
            " Hochberg’s rule)."
        ),
        (
            "“No difference can be seen” means just that. In a group of five to ten people only large differences"
            " can be seen."
        ),
        "Units stand in alphabetical order. This report ranks nobody.",
    )


def _anonymity(findings: Findings) -> tuple[str, ...]:
    policy, k = findings.policy, findings.policy.smallest
    alone = (
        f" People who tell each other their answers are counted with: {policy.min_group}, and {policy.coalition} more."
        if policy.coalition
        else ""
    )
    return (
        (
            f"A unit is shown only if at least {k} of its people answered, and only if no sum or difference of"
            f" anything printed here isolates fewer than {k} people.{alone} Among all ways to keep that promise, the"
            " one is taken that shows most. The same is checked again for every question by itself, also so that no"
            " group’s answers are certain because they are all the same."
        ),
        (
            "That is why a large team can be withheld too: showing it would let a reader subtract it, and what is left"
            " would be a small group. It says nothing about what anybody answered."
        ),
        "People of a unit who are in none of its printed parts are printed together as one row.",
        *_covered(findings),
        (
            f"Shares, spread and distributions are shown from {policy.detail_from} answers on. Figures that need"
            " each person’s answers to several questions are given for the whole organisation only, and only if"
            f" at least {policy.joint_from} people answered."
        ),
        (
            "Not promised: that nobody can guess what a group thinks (that is what a report is for), protection"
            " against people who tell or add up their own answers, or against figures published elsewhere from"
            " the same answers."
        ),
        (
            "You need not take our word for it: “psafety audit” works out from the survey file and the written report"
            " whether the promise holds, with none of the code that decided what to hide. The fingerprint of all rules"
            " stands at the end of this report; reports with the same one hide by the same rules."
        ),
    )


def _covered(findings: Findings) -> tuple[str, ...]:
    share = findings.policy.cover
    if not share or not findings.recorded:
        return ()
    return (
        (
            f"About {wording.percent(share).text} of the figures of teams on single questions are withheld at random,"
            " so that a withheld figure is no hint that everybody there answered alike."
        ),
    )
