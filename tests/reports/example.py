"""A small hand-made ReportContent: every kind of row, long names, hostile texts; for the tests of the renderers."""

from psafety.reports.content import (
    Absent,
    DistributionRow,
    DriverRow,
    DriverTable,
    EvidenceContent,
    EvidenceRow,
    Fact,
    Figure,
    ItemFitRow,
    ItemGroup,
    ReportContent,
    ScoreRow,
    Section,
    UnitEvidence,
    UnitRow,
    UnitScore,
    ViewMeaning,
    Words,
)

HIDDEN = Absent("withheld")
LONG_TEXT = (
    "In this team <b>we</b> can say what we think,"
    " even when it is the third time this month that a long sentence is read."
)
BANDS = ("lower", "lower", "middle", "upper", "upper")
POINTS = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")


def whole(value: float) -> Figure:
    return Figure(value, f"{value:.0f}", "0")


def scale(value: float) -> Figure:
    return Figure(value, f"{value:.2f}", "0.00")


def share(value: float) -> Figure:
    return Figure(value, f"{value:.0%}", "0%")


def score_row(id_: str, label: str, group: str, index: int, *, reverse: bool = False) -> ScoreRow:
    return ScoreRow(
        id=id_,
        label=label,
        about="" if group else f"What {label} is about, in a plain sentence.",
        reverse=reverse,
        remark="turned round: here low answers are the favourable ones" if reverse else "",
        n=whole(212),
        index=whole(index),
        low=whole(index - 3),
        high=whole(index + 3),
        mean=scale(1 + index / 25),
        sd=scale(0.81),
        favourable=share(0.61),
        favourable_low=share(0.54),
        favourable_high=share(0.67),
        neutral=share(0.22),
        unfavourable=share(0.17),
        points=POINTS if group else (),
        bands=BANDS if group else (),
        distribution=tuple(map(share, (0.05, 0.12, 0.22, 0.41, 0.2))) if group else (),
        sentence=f"{label}: {index} of 100, between {index - 3} and {index + 3}; 212 answers",
        scale=(1, 5),
        sd_index=Figure(20.3, "20.3", "0.0"),
        sd_within=Figure(19.1, "19.1", "0.0"),
        degrees=whole(190),
    )


def unit_score(name: str, index: int, standing: str) -> UnitScore:
    if standing == "withheld":
        return UnitScore(name, "Trust", HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, "withheld")
    return UnitScore(
        unit=name,
        measure="Trust",
        n=whole(9),
        index=whole(index),
        low=whole(index - 12),
        high=whole(index + 12),
        mean=scale(1 + index / 25),
        favourable=HIDDEN,
        standing=standing,  # type: ignore[arg-type]
    )


VIEW_WORDS = {
    "shared": "shared view",
    "mixed": "mixed view",
    "split": "split team",
    "few": "too few to say",
    "withheld": "withheld",
    "none": "",
}


def unit_evidence(view: str) -> UnitEvidence:
    """What a team's average is worth; nothing of the organisation, of rests and of what is withheld but the bounds."""
    figures = (scale(0.62), scale(0.81), whole(66), share(0.47), whole(52), whole(83))
    hidden = {"withheld": 0, "none": 4, "few": 2}.get(view)
    if hidden is not None:
        figures = (HIDDEN,) * (hidden or 6) + (figures[hidden:] if hidden else ())
    return UnitEvidence(view, VIEW_WORDS[view], *figures)  # type: ignore[arg-type]


def evidence_row(id_: str, label: str, alpha: float, items: tuple[str, ...]) -> EvidenceRow:
    return EvidenceRow(
        id=id_,
        label=label,
        people=whole(212),
        alpha=scale(alpha),
        alpha_low=scale(alpha - 0.04),
        alpha_high=scale(alpha + 0.03),
        standardised=scale(alpha + 0.01),
        omega=Absent("not defined"),
        halves=scale(0.55),
        together="They belong together: their average can be read as one value.",
        items=tuple(
            ItemFitRow(
                item, LONG_TEXT, scale(0.61 - 0.4 * at), Absent("not defined"), "goes badly with the others" * at
            )
            for at, item in enumerate(items)
        ),
        teams=whole(14),
        team_people=whole(160),
        icc1=Figure(-0.03, "−0.03", "0.00"),
        icc2=scale(0.48),
        apart="The average of a team of usual size is chance for the larger part.",
    )


def evidence(groups: tuple[ItemGroup, ...]) -> EvidenceContent:
    return EvidenceContent(
        dimensions=tuple(
            evidence_row(group.id, group.name, 0.83, tuple(row.id for row in group.rows)) for group in groups
        ),
        together_notes=("The statements of every dimension belong together.",),
        together_about=("What alpha and omega are, in a plain sentence.",),
        apart_notes=("A team's average is chance for the larger part.",),
        apart_about=("What ICC(1) and ICC(2) are, in a plain sentence.",),
        views=tuple(
            ViewMeaning(view, VIEW_WORDS[view], f"What “{VIEW_WORDS[view]}” means.")  # type: ignore[arg-type]
            for view in ("shared", "mixed", "split", "few")
        ),
        view_notes=("Two camps can be seen in =1+1 (Trust).",),
        view_about=("What the verdicts are, in a plain sentence.",),
        guess_notes=("Some averages of teams are worth less than half.",),
        guess_about=("What a best guess is, in a plain sentence.",),
        drivers=(
            DriverTable(
                id="speaking-up",
                label="Speaking up",
                is_item=False,
                people=whole(212),
                explained=share(0.35),
                caption="35% goes with the other statements.",
                rows=tuple(
                    DriverRow(row.id, row.label, share(0.08), share(0.03), share(0.15))
                    for group in groups[:2]
                    for row in group.rows
                ),
            ),
        ),
        driver_notes=("These are no causes.",),
        driver_about=("What the shares are, in a plain sentence.",),
        others_notes=("212 of 283 people answered.",),
        others_about=("What the bounds are, in a plain sentence.",),
    )


def unit_row(id_: str, name: str, kind: str, depth: int, path: tuple[str, ...], standings: tuple[str, ...]) -> UnitRow:
    hidden = set(standings) == {"withheld"}
    return UnitRow(
        id=id_,
        name=name,
        kind=kind,  # type: ignore[arg-type]
        level={"organisation": "", "unit": "Department"}.get(kind, "Team"),
        depth=depth,
        path=path,
        withheld=hidden,
        n=HIDDEN if hidden else whole(9),
        response_rate=HIDDEN if hidden else share(0.75),
        dimensions=tuple(unit_score(name, 60 + 3 * i, s) for i, s in enumerate(standings)),
        items=tuple(unit_score(name, 55 + i, standings[i % 3]) for i in range(6)),
        evidence=tuple(
            unit_evidence(
                "withheld"
                if s == "withheld"
                else {"team": "split", "unit": "mixed"}.get(kind, "none")
                if not i
                else "few"
            )
            for i, s in enumerate(standings)
        ),
        asked=HIDDEN if hidden else whole(12),
    )


def example() -> ReportContent:
    items = tuple(
        ItemGroup(
            id=group.lower().replace(" ", "-"),
            name=group,
            about=f"What {group} is about, in a plain sentence.",
            caption=f"The statements on {group} are answered much alike.",
            band="Favourable: 4 and 5. Neutral: 3. Unfavourable: 1 and 2.",
            rows=tuple(
                score_row(
                    f"{group[:2].lower()}{i}",
                    LONG_TEXT,
                    group,
                    58 + 4 * i,
                    reverse=i == 1,
                )
                for i in range(2)
            ),
        )
        for group in ("Trust", "Openness", "Speaking up")
    )
    return ReportContent(
        title="Sample organisation",
        subtitle="Wave 2026-Q1 · 212 answers",
        lang="en",
        version="0.1.0",
        date="",
        source="survey.csv",
        wave="2026-Q1",
        instrument_id="open-team-survey",
        instrument="Open Team Survey",
        min_group=5,
        rules="7" * 64,
        directed=True,
        bands=("Favourable", "Neutral", "Unfavourable"),
        notices=("This is a notice that must be read before any figure.",),
        summary=tuple(f"This is sentence {i} of the summary." for i in range(1, 6)),
        dimensions_caption="Trust stands highest in this organisation; the intervals show how sure that is.",
        dimensions=(
            score_row("trust", "Trust", "", 71),
            score_row("openness", "Openness", "", 64),
            score_row("speaking-up", "Speaking up", "", 58),
        ),
        items_caption="Most statements are answered favourably.",
        items=items,
        units_caption="Of 3 units shown, 1 differs visibly from everybody else in at least one dimension.",
        units_legend=(
            ("above", "above everybody else, by more than chance explains"),
            ("below", "below everybody else, by more than chance explains"),
            ("same", "no difference can be seen"),
            ("withheld", "withheld to protect people's anonymity"),
        ),
        withheld_note="1 group is withheld, so that nobody can work out what a few people answered.",
        units=(
            unit_row("u0", "Sample organisation", "organisation", 0, (), ("none", "none", "none")),
            unit_row(
                "u1",
                "Werkstatt & Technik <script>alert(1)</script>",
                "unit",
                1,
                ("Werkstatt",),
                ("above", "same", "same"),
            ),
            unit_row("u2", "=1+1", "team", 2, ("Werkstatt", "=1+1"), ("below", "same", "withheld")),
            unit_row(
                "u3",
                "Team mit einem sehr langen Namen, vierzig Zeichen",
                "team",
                2,
                ("Werkstatt", "Team lang"),
                ("withheld",) * 3,
            ),
            unit_row(
                "u4", "Everybody else in Werkstatt, together", "rest", 2, ("Werkstatt",), ("none", "none", "none")
            ),
        ),
        distributions=tuple(
            DistributionRow(unit, row.label, row.points, row.n, row.distribution)
            for unit in ("Sample organisation", "Werkstatt & Technik")
            for group in items
            for row in group.rows
        ),
        reading=(
            Fact("Platform", Words("plain table"), "No platform was recognised; the columns were read as they are."),
            Fact("Rows", whole(220), ""),
        ),
        quality=(
            Fact("Rows without any answer", whole(8), "Left out: they answered none of the items."),
            Fact("Blank answers", share(0.03), "Left out item by item."),
        ),
        advice=("Read the sentences before the figures.", "Talk about one thing at a time."),
        method=(
            Section("index", "The 0–100 index", ("The mean, put on 0 to 100.",)),
            Section(
                "anonymity",
                "What this report hides",
                ("Groups below five are withheld.", "So are groups that could be worked out by subtraction."),
            ),
        ),
        evidence=evidence(items),
    )
