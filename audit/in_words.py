"""Verdicts in words on the figures of averages: each is the one that the figures printed beside it lead to."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Final

from .. import languages
from ..languages import gettext, marked
from ..surveys.phrases import enumerated
from .figures import WITHHELD, Fault, Printed, Questions, Verdict, plain

_HOLDS: Final = 0.7  # alpha from which the statements of a dimension are read as one value
_FITS: Final = 0.3  # correlation with the others below which a statement goes badly with them
_STEADY: Final = 0.7  # ICC(2) from which the average of a usual team stands for the team
_HALF: Final = 0.5  # ICC(2) below which chance has the larger part
_HARDLY, _MUCH = 0.05, 0.25  # ICC(1)

_TOGETHER: Final = {
    "together": marked("They belong together: their average can be read as one value."),
    "unsure": marked("They seem to belong together, but the interval of alpha reaches below {limit}."),
    "apart": marked("They do not belong together well: read them one by one."),
    "against": marked("They run against each other: an average hides what they say. Read them one by one."),
    "single": marked("Cannot be worked out: there is only one statement."),
    "undefined": marked(
        "Cannot be worked out: the answers do not vary, or too few people answered the same statements."
    ),
}
_ICC1: Final = {
    "less": marked("Teams differ less than chance alone would make them: nothing points to differences between teams."),
    "hardly": marked("Teams hardly differ: nearly all differences are those between people of the same team."),
    "somewhat": marked("Teams differ somewhat; most differences are those between people of the same team."),
    "much": marked("Teams differ a great deal."),
    "none": marked("Cannot be worked out: no team is shown."),
    "single": marked("Cannot be worked out: only one team is shown, and there is none to set it against."),
    "undefined": marked("Cannot be worked out: the answers do not vary, or there is one answer per team."),
}
_ICC2: Final = {
    "steady": marked("The average of a team of usual size is steady enough to stand for the team."),
    "partly": marked(
        "The average of a team of usual size says something about the team, but chance has a large part in it."
    ),
    "chance": marked("The average of a team of usual size is chance for the larger part."),
}

# The same in sentences that name all dimensions of which they are true.
_NOTES: Final[Mapping[str, Mapping[str, str]]] = {
    "together": {
        "together": marked("{names}: the statements belong together, so that their average can be read as one value."),
        "unsure": marked("{names}: the statements seem to belong together; with so few answers that is not certain."),
        "apart": marked("{names}: the statements do not belong together well. Read them one by one."),
        "against": marked("{names}: the statements run against each other. Read them one by one, not their average."),
        "single": marked("{names}: there is only one statement, so there is nothing that could belong together."),
        "undefined": marked("{names}: it cannot be worked out whether the statements belong together."),
    },
    "halves": {
        "fitting": marked(
            "{names}: the statements that run the other way go with the others, once they are turned round."
        ),
        "unfitting": marked(
            "{names}: the statements that run the other way hardly go with the others, even turned round. Perhaps they"
            " ask for something else, or some people read past the word “not”."
        ),
    },
    "steady": {
        "steady": marked("{names}: a team’s average may be called the team’s, in a team of usual size."),
        "partly": marked("{names}: a team’s average says something about the team, but chance has a large part in it."),
        "chance": marked(
            "{names}: a team’s average is chance for the larger part, in a team of usual size. Do not call it the"
            " team’s."
        ),
        "undefined": marked("{names}: it cannot be worked out whether a team’s average may be called the team’s."),
    },
}

_Figures = Mapping[tuple[str, str, str], float]  # kind, measure, item → as printed, NaN where it is not defined


def misworded(printed: Printed, questions: Questions) -> Iterator[Fault]:
    """The verdicts of one file that its figures do not lead to; these were held against the survey."""
    figures = {(one.kind, one.measure, one.item): float(one.value) for one in printed.evidence}
    sizes = {id_: len(_items(questions, id_)) for id_ in (questions.measures[at].id for at in questions.dimensions)}
    for said in printed.verdicts:
        right = plain(_right(said, figures, sizes))
        if said.text != right:
            problem = f"its figures lead to “{right[:60]}”, not to “{said.text[:60]}”"
            yield Fault(printed.file, said.place, problem)
    yield from _misworded_notes(printed, questions, figures, sizes)


def _right(said: Verdict, figures: _Figures, sizes: Mapping[str, int]) -> str:
    """What must stand there; the mark of what is withheld where the figures are."""
    if said.kind == "together":
        kind = _together(figures, said.measure, sizes[said.measure])
        return gettext(_TOGETHER[kind]).format(limit=languages.decimal(_HOLDS, 2)) if kind else gettext(WITHHELD)
    if said.kind == "apart":
        kinds = _ICC1.get(_differing(figures, said.measure)), _ICC2.get(_steady(figures, said.measure))
        return " ".join(gettext(kind) for kind in kinds if kind) or gettext(WITHHELD)
    rest = figures.get(("item-rest", said.measure, said.item), float("nan"))
    if isnan(rest) or rest >= _FITS:
        return ""
    return gettext("runs against the others") if rest < 0 else gettext("goes badly with the others")


def _together(figures: _Figures, measure: str, items: int) -> str:
    """The verdict on the statements of a dimension; "" where its figures are withheld."""
    alpha = figures.get(("alpha", measure, ""))
    if alpha is None:
        return ""
    if isnan(alpha):
        return "single" if items == 1 else "undefined"
    if alpha < _HOLDS:
        return "against" if alpha < 0 else "apart"
    return "together" if figures.get(("alpha low", measure, ""), 0.0) >= _HOLDS else "unsure"


def _differing(figures: _Figures, measure: str) -> str:
    icc = figures.get(("icc1", measure, ""))
    if icc is None:
        return ""
    if isnan(icc):
        return {0.0: "none", 1.0: "single"}.get(figures.get(("teams", measure, ""), 2.0), "undefined")
    return "less" if icc < 0 else "hardly" if icc < _HARDLY else "somewhat" if icc < _MUCH else "much"


def _steady(figures: _Figures, measure: str) -> str:
    icc = figures.get(("icc2", measure, ""))
    if icc is None:
        return ""
    if isnan(icc):
        return "undefined"
    return "steady" if icc >= _STEADY else "partly" if icc >= _HALF else "chance"


def _fitting(figures: _Figures, measure: str) -> str:
    halves = figures.get(("halves", measure, ""), float("nan"))
    return "" if isnan(halves) else "fitting" if halves >= _FITS else "unfitting"


def _misworded_notes(
    printed: Printed, questions: Questions, figures: _Figures, sizes: Mapping[str, int]
) -> Iterator[Fault]:
    """Sentences that name dimensions of which they are not true, wherever they stand."""
    labels = {questions.measures[at].id: questions.measures[at].label for at in questions.dimensions}
    kinds = {
        "together": {id_: _together(figures, id_, sizes[id_]) for id_ in labels},
        "halves": {id_: _fitting(figures, id_) for id_ in labels},
        "steady": {id_: _steady(figures, id_) for id_ in labels},
    }
    said = "\n".join(printed.said)
    frames = [(about, kind, gettext(frame)) for about, notes in _NOTES.items() for kind, frame in notes.items()]
    for about, kind, frame in frames:
        named = [label for id_, label in labels.items() if kinds[about][id_] == kind]
        if named:
            said = said.replace(plain(frame.format(names=enumerated(named))), "")
    for _, _, frame in frames:
        piece = max(map(plain, frame.split("{names}")), key=len)
        if piece in said:
            problem = f"a sentence that no figures beside it lead to: “{piece[:80]}”"
            yield Fault(printed.file, "what is said of averages", problem)


def _items(questions: Questions, dimension: str) -> Sequence[int]:
    return [at for at in questions.items if questions.measures[at].dimension == dimension]
