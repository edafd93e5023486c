"""Verdicts in words on alpha and ICC: which figures lead to which."""

import pytest
from psafety.audit.columns import Stated
from psafety.audit.figures import Measure, Printed, Questions
from psafety.audit.in_words import misworded

NAN = float("nan")
QUESTIONS = Questions(
    (
        Measure("trust", "Trust", is_item=False, dimension="trust"),
        Measure("luck", "Luck", is_item=False, dimension="luck"),
        *(Measure(f"q{number}", "Asked", is_item=True, dimension="trust") for number in (1, 2)),
        Measure("q3", "Asked", is_item=True, dimension="luck"),
    )
)


def problems(kind: str, text: str, item: str = "", measure: str = "trust", **figures: float) -> int:
    """How many faults are found where this is said beside these figures."""
    printed = Printed("page")
    for name, value in figures.items():
        printed.evidence.append(Stated(name.replace("_", " "), None, measure, "", value, 2, "here"))
    if item:
        printed.evidence.append(Stated("item-rest", None, measure, item, figures["rest"], 2, "here"))
    printed.judge(kind, measure, text, "here", item)
    return len(list(misworded(printed, QUESTIONS)))


@pytest.mark.parametrize(
    ("alpha", "low", "begins"),
    [
        (0.7, 0.7, "They belong together: their average can be read as one value."),
        (0.7, 0.69, "They seem to belong together, but the interval of alpha reaches below 0.70."),
        (0.69, 0.6, "They do not belong together well: read them one by one."),
        (-0.01, -0.4, "They run against each other: an average hides what they say. Read them one by one."),
        (NAN, NAN, "Cannot be worked out: the answers do not vary, or too few people answered the same statements."),
    ],
)
def test_statements_belong_together_by_alpha_and_its_lower_end(alpha: float, low: float, begins: str) -> None:
    """From 0.70 on; what is said of other figures is found."""
    assert problems("together", begins, alpha=alpha, alpha_low=low) == 0
    assert problems("together", begins, alpha=0.5, alpha_low=0.4) == (0 if alpha == 0.69 else 1)
    assert problems("together", begins) == 1


def test_a_single_statement_and_withheld_figures_have_words_of_their_own() -> None:
    """One statement cannot belong together; where figures are withheld, so is the verdict."""
    single = "Cannot be worked out: there is only one statement."

    assert problems("together", single, measure="luck", alpha=NAN) == 0
    assert problems("together", single, alpha=NAN) == 1
    assert problems("together", "withheld") == problems("apart", "withheld") == 0


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({"icc1": -0.01, "icc2": -0.1}, "Teams differ less than chance alone would make them: nothing points to"),
        ({"icc1": 0.04, "icc2": 0.7}, "Teams hardly differ: nearly all differences are those between people of the"),
        ({"icc1": 0.05, "icc2": 0.5}, "Teams differ somewhat; most differences are those between people of the same"),
        ({"icc1": 0.25, "icc2": 0.49}, "Teams differ a great deal. The average of a team of usual size is chance"),
        ({"teams": 0.0, "icc1": NAN, "icc2": NAN}, "Cannot be worked out: no team is shown."),
        ({"teams": 1.0, "icc1": NAN, "icc2": NAN}, "Cannot be worked out: only one team is shown, and there is none"),
        ({"teams": 9.0, "icc1": NAN, "icc2": NAN}, "Cannot be worked out: the answers do not vary, or there is one"),
    ],
)
def test_teams_differ_by_icc(figures: dict[str, float], text: str) -> None:
    """What must stand there begins so; anything else is found."""
    printed = Printed("page")
    printed.evidence += [Stated(name, None, "trust", "", value, 2, "here") for name, value in figures.items()]
    printed.judge("apart", "trust", "Nothing.", "here")

    (fault,) = misworded(printed, QUESTIONS)

    assert f"lead to “{text[:50]}" in fault.problem


@pytest.mark.parametrize(
    ("rest", "text"),
    [(0.3, ""), (NAN, ""), (0.29, "goes badly with the others"), (-0.01, "runs against the others")],
)
def test_a_statement_goes_with_the_others_by_its_correlation(rest: float, text: str) -> None:
    """Below 0.30 it is said; a remark that its figure does not lead to is found."""
    assert problems("fit", text, item="q1", rest=rest) == 0
    assert problems("fit", text + "Never mind.", item="q1", rest=rest) == 1


def test_lines_of_a_sentence_may_break_inside_a_name() -> None:
    """A sheet breaks its notes into rows where a row is full; a sentence on another dimension is found all the same."""
    printed = Printed("book")
    apart = "the statements do not belong together well. Read them one by one."
    printed.evidence.append(Stated("alpha", None, "trust", "", 0.5, 2, "here"))
    printed.say("above the table", "evidence", f"Tr ust: {apart}")

    assert list(misworded(printed, QUESTIONS)) == []
    printed.say("above the table", "evidence", f"Luck: {apart}")
    assert len(list(misworded(printed, QUESTIONS))) == 1
