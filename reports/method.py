"""How the figures came about, what they do not show, and what the report hides: its last part, in plain words."""

from ..analysis.findings import Findings
from ..analysis.scoring import FALSE_DISCOVERIES
from ..languages import gettext as _
from ..surveys.instrument import in_language
from . import wording
from .comments import comment_method
from .content import Section


def method(findings: Findings, lang: str) -> tuple[Section, ...]:
    """The method notes of a report."""
    return (
        Section("questionnaire", _("The questionnaire"), _questionnaire(findings, lang)),
        Section("index", _("The 0–100 index"), _index(findings)),
        Section("intervals", _("How sure the figures are"), _intervals(findings)),
        Section("differences", _("When a difference is called a difference"), _differences()),
        Section("anonymity", _("What this report hides, and why you can trust that"), _anonymity(findings)),
        *([Section("comments", _("Comments"), comment_method(findings))] if findings.comments else []),
    )


def _questionnaire(findings: Findings, lang: str) -> tuple[str, ...]:
    instrument = findings.instrument
    title = in_language(instrument.titles, lang)
    name = _("{questionnaire}, version {version}.").format(questionnaire=title, version=instrument.version)
    licence = _("Licence of the questionnaire: {licence}.").format(licence=instrument.licence)
    evidence = in_language(instrument.evidence, lang)
    said = (name, evidence, instrument.citation, licence if instrument.licence else "")
    return tuple(text for text in said if text)


def _index(findings: Findings) -> tuple[str, ...]:
    half = wording.percent(findings.instrument.min_answered).text
    return (
        _(
            "The average answer, put on a scale from 0 (everybody ticked the lowest point) to 100 (everybody"
            " ticked the highest). Statements that run the other way are turned round first, so a high value is"
            " always the same end."
        ),
        _(
            "A dimension’s index is the average of the indexes of its questions. How its values spread between"
            " people is worked out from those who answered at least {share} of its questions."
        ).format(share=half),
        _("Shares are shares of the answers given; blanks and “not applicable” are not part of them."),
    )


def _intervals(findings: Findings) -> tuple[str, ...]:
    paragraphs = [
        _(
            "The interval beside a value shows how far chance can carry it: if the same survey were repeated many"
            " times with other people of the same mind, 95 of 100 such intervals would hold the true value."
            " Intervals of averages use Student’s t, intervals of shares use Wilson’s method."
        ),
        _(
            "For units and teams, the spread of answers inside the printed groups is pooled over the"
            " organisation. That is steadier in small teams, and a team’s own spread would give answers away."
        ),
        _(
            "The intervals do not know who stayed away. If people who did not answer feel differently, the true"
            " value can lie outside."
        ),
    ]
    if findings.finite_population:
        paragraphs.append(
            _(
                "Where the number of people asked is known, intervals are narrowed by the share who answered: when"
                " everybody answered, nothing is left to chance (finite population correction)."
            )
        )
    return tuple(paragraphs)


def _differences() -> tuple[str, ...]:
    return (
        _(
            "Every unit and team is set against everybody else in the organisation. A difference is named only"
            " where it is larger than chance explains; where answers crowd at one end of the scale, which makes"
            " rare answers weigh more, it has to be larger still. Because many comparisons are made at once, the"
            " bar is raised so that of all differences named among the dimensions no more than about {share}"
            " should be chance, and as few among the single statements (Benjamini and Hochberg’s rule)."
        ).format(share=wording.percent(FALSE_DISCOVERIES).text),
        _(
            "“No difference can be seen” means just that. In a group of five to ten people only large differences"
            " can be seen."
        ),
        _("Units stand in alphabetical order. This report ranks nobody."),
    )


def _anonymity(findings: Findings) -> tuple[str, ...]:
    policy = findings.policy
    smallest = wording.count(policy.smallest).text
    return (
        " ".join(
            [
                _(
                    "A unit is shown only if at least {number} of its people answered, and only if no sum or difference"
                    " of anything printed here isolates fewer than {number} people."
                ).format(number=smallest),
                *_coalition(findings),
                _(
                    "Among all ways to keep that promise, the one is taken that shows most. The same is checked again"
                    " for every question by itself, also so that no group’s answers are certain because they are all"
                    " the same."
                ),
            ]
        ),
        _(
            "That is why a large team can be withheld too: showing it would let a reader subtract it, and what is left"
            " would be a small group. It says nothing about what anybody answered."
        ),
        _("People of a unit who are in none of its printed parts are printed together as one row."),
        *_covered(findings),
        _(
            "Shares, spread and distributions are shown from {some} answers on. Figures that need each person’s answers"
            " to several questions are given for the whole organisation only, and only if at least {many} people"
            " answered."
        ).format(some=wording.count(policy.detail_from).text, many=wording.count(policy.joint_from).text),
        _(
            "Not promised: that nobody can guess what a group thinks (that is what a report is for), protection"
            " against people who tell or add up their own answers, or against figures published elsewhere from"
            " the same answers."
        ),
        _(
            "You need not take our word for it: “psafety audit” works out from the survey file and the written report"
            " whether the promise holds, with none of the code that decided what to hide. The fingerprint of all rules"
            " stands at the end of this report; reports with the same one hide by the same rules."
        ),
    )


def _coalition(findings: Findings) -> tuple[str, ...]:
    policy = findings.policy
    if not policy.coalition:
        return ()
    said = _("People who tell each other their answers are counted with: {people}, and {more} more.")
    return (said.format(people=policy.min_group, more=policy.coalition),)


def _covered(findings: Findings) -> tuple[str, ...]:
    share = findings.policy.cover
    if not share or not findings.recorded:
        return ()
    of_teams = _(
        "About {share} of the figures of teams on single questions are withheld at random, so that a withheld"
        " figure is no hint that everybody there answered alike."
    ).format(share=wording.percent(share).text)
    if not findings.cuts.rows:
        return (of_teams,)
    return (of_teams, _("So are as many of the figures of groups across the organisation on single questions."))
