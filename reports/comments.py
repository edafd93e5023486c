"""Comments: what people wrote, unit by unit, and what must be read before it; for every format."""

from ..analysis.comments import fewest_writers
from ..analysis.findings import Findings
from ..languages import gettext as _
from . import wording
from .content import CommentGroup, CommentQuestion


def comment_questions(findings: Findings, names: tuple[str, ...]) -> tuple[CommentQuestion, ...]:
    """The comments by question and unit; names: what each unit of the findings is called."""
    return tuple(
        CommentQuestion(
            found.question,
            "" if found.groups else _nothing_shown(findings),
            tuple(
                CommentGroup(wording.everybody_else(names[group.unit]), group.texts)
                if group.rest
                else CommentGroup(names[group.unit], group.texts)
                for group in found.groups
            ),
        )
        for found in findings.comments
    )


def _nothing_shown(findings: Findings) -> str:
    return _(
        "Nothing is shown here. Comments are shown where at least {number} people, of more than one team, wrote"
        " something; here they did not."
    ).format(number=wording.count(fewest_writers(findings.policy)).text)


def comment_notes(findings: Findings) -> tuple[str, ...]:
    """What must be read before the comments; () where none were asked for."""
    if not findings.comments:
        return ()
    return (
        _(
            "Comments are the riskiest part of a survey. People may be known by their words: by how they write, or by"
            " what only they can know. Do not try to find out who wrote what. It breaks the promise under which people"
            " wrote, and they will not write openly again."
        ),
        _(
            "E-mail addresses, links, phone numbers, other long numbers, @names and the names of a list, where one was"
            " given, were replaced by “[…]” by a program. What was removed automatically is not everything. Read all"
            " comments yourself before you pass this report on."
        ),
    )


def comment_method(findings: Findings) -> tuple[str, ...]:
    """How the comments were chosen and put into order; () where none were asked for."""
    if not findings.comments:
        return ()
    if findings.recorded:
        order = _(
            "Within a unit they are sorted by a secret key that is kept in the record: not by time, by team, or by what"
            " else was answered."
        )
    else:
        order = _(
            "Within a unit they are sorted by a hash of the text alone, as this report is made without a record: not by"
            " time, by team, or by what else was answered."
        )
    beside = _(
        "They stand beside no figures, and in no other file than this report. Very long ones are cut; “-”, “n/a” and"
        " the like are left out."
    )
    return (
        _(
            "The promise on figures does not hold for what people wrote in their own words: no rule can tell whom a"
            " sentence gives away. Comments are printed because somebody asked for them, question by question."
        ),
        _(
            "They are shown for the organisation, and for units above the teams, where at least {number} people of"
            " more than one team wrote something; never for a team by itself. Each is printed once, under the smallest"
            " shown unit that its writer belongs to. So whoever takes the comments of some units away from the others"
            " is left with nobody’s, or with those of at least {number} people of more than one team. Where a unit has"
            " no comments of its own here, too few people wrote, or showing theirs would have left too few others."
        ).format(number=wording.count(fewest_writers(findings.policy)).text),
        f"{order} {beside}",
    )
