"""Charts as plain dictionaries: what is in them, what is not, and what Plotly makes of them."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest
from example import HIDDEN, score_row, unit_row
from psafety.reports import charts
from psafety.reports.content import Band, Figure, ReportContent, ScoreRow, UnitRow

HOSTILE = '<b>bold</b> <a href="https://example.org">link</a> </script> $x^2$ &lt; \u2028'


def figures(content: ReportContent) -> dict[str, dict[str, Any]]:
    """Every chart of a report, read back from what stands in the page."""
    made = [
        *charts.dimension_charts(content.dimensions),
        *(chart for group in content.items for chart in charts.item_charts(group.id, group.rows)),
        *charts.unit_charts(content.units, content.dimensions),
    ]
    return {chart.id: json.loads(chart.json) for chart in made}


def labels(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def organisation_of(units: int, *, depth: int = 1) -> tuple[UnitRow, ...]:
    teams = (unit_row(f"t{i}", f"Team {i}", "team", depth, (f"Team {i}",), ("same",) * 3) for i in range(units))
    return (unit_row("o", "All", "organisation", 0, (), ("none",) * 3), *teams)


def test_plotly_accepts_every_figure_wide_and_narrow(content: ReportContent) -> None:
    """Names and values are those of plotly.js; plotly.py knows them all and raises on any other."""
    for figure in figures(content).values():
        go.Figure(data=figure["data"], layout=figure["layout"])
        go.Figure(data=figure["data"], layout=figure["layout"] | figure["narrow"])


def test_there_is_a_chart_of_each_part_with_a_fixed_id(content: ReportContent) -> None:
    """Ids say what is drawn where, and are the same in every run."""
    assert list(figures(content)) == [
        "chart-dimensions-1",
        "chart-items-trust-1",
        "chart-items-openness-1",
        "chart-items-speaking-up-1",
        "chart-units-1",
    ]


def test_a_dimension_is_drawn_from_its_printed_numbers_alone(content: ReportContent) -> None:
    """The line runs from the lower to the upper end of the interval; there is nothing else to read out of it."""
    intervals, dots = figures(content)["chart-dimensions-1"]["data"]

    assert intervals["x"] == [68, 74, None, 61, 67, None, 55, 61, None]
    assert dots["x"] == [71, 64, 58]
    assert {key for trace in (intervals, dots) for key in trace} == {
        *("type", "mode", "x", "y", "line", "marker", "hoverinfo", "hovertext")
    }


def test_a_dimension_without_an_interval_or_an_index_says_so() -> None:
    """Where there is no number there is no dot, only the words that the table prints."""
    rows = (
        replace(score_row("a", "A", "", 50), low=HIDDEN, high=HIDDEN),
        replace(score_row("b", "B", "", 50), index=HIDDEN, low=HIDDEN, high=HIDDEN),
    )

    figure = charts.dimension_figure(rows)

    assert figure["data"][0]["x"] == []
    assert figure["data"][1]["y"] == ["a"]
    assert "<i>withheld</i>" in labels(figure)


def test_hovering_says_the_sentence_of_the_row(content: ReportContent) -> None:
    """Word for word, whatever the line breaks."""
    _, dots = figures(content)["chart-dimensions-1"]["data"]

    assert dots["hovertext"][0].replace("<br>", " ") == content.dimensions[0].sentence


def test_an_item_has_a_trace_for_each_point_of_its_scale(content: ReportContent) -> None:
    """Shares as printed; a reverse-keyed item is turned round, so that the favourable side is always the same."""
    figure = charts.item_figure(content.items[0].rows, 60)

    assert [trace["x"] for trace in figure["data"]] == [
        [0.05, 0.2],
        [0.12, 0.41],
        [0.22, 0.22],
        [0.41, 0.12],
        [0.2, 0.05],
    ]
    assert figure["data"][0]["hovertext"][0].startswith("Strongly disagree: 5%")
    assert figure["data"][0]["hovertext"][1].startswith("Strongly agree: 20%")


def test_a_reverse_keyed_item_is_marked_in_words(content: ReportContent) -> None:
    """Colour and place alone would not tell that agreeing is the bad news."""
    straight, turned = labels(charts.item_figure(content.items[0].rows, 60))

    assert "turned round" not in straight
    assert "<i>turned round: here low answers" in turned


def test_an_item_with_one_withheld_share_has_no_bar_at_all() -> None:
    """The other shares add up to what is withheld."""
    shown = score_row("a", "A", "Trust", 50)
    hidden = replace(shown, id="b", distribution=(*shown.distribution[:4], HIDDEN))

    figure = charts.item_figure((shown, hidden), 60)

    assert {row for trace in figure["data"] for row in trace["y"]} == {"a"}
    assert "<i>withheld</i>" in labels(figure)


def test_items_without_points_have_no_chart() -> None:
    """There is nothing to spread."""
    row = replace(score_row("a", "A", "Trust", 50), points=(), distribution=())

    assert charts.item_charts("trust", (row,)) == ()


@pytest.mark.parametrize(
    ("sizes", "roles"),
    [
        ((1, 0, 1), "against-2 for-2"),
        ((1, 1, 1), "against-2 neutral for-2"),
        ((2, 0, 2), "against-3 against-1 for-1 for-3"),  # nobody is neutral on a scale of four
        ((2, 1, 2), "against-3 against-1 neutral for-1 for-3"),
        ((3, 1, 3), "against-3 against-2 against-1 neutral for-1 for-2 for-3"),
        ((2, 2, 1), "against-3 against-1 neutral neutral for-2"),  # bands are the instrument's, and need not mirror
    ],
)
def test_shades_grow_stronger_away_from_neutral(sizes: tuple[int, int, int], roles: str) -> None:
    """Each band has its side, the further from neutral the stronger."""
    assert " ".join(charts.shades(bands(*sizes))) == roles


def bands(lower: int, middle: int, upper: int) -> tuple[Band, ...]:
    """A scale with so many points in each band."""
    return ("lower",) * lower + ("middle",) * middle + ("upper",) * upper


def test_a_longer_scale_has_a_shade_for_each_point() -> None:
    """0 to 10: neighbours may share a shade, but the order stays."""
    roles = charts.shades(bands(5, 1, 5))

    assert len(roles) == 11
    assert roles[0] == "against-3"
    assert roles[5] == "neutral"
    assert roles[10] == "for-3"


def test_a_cell_of_the_heat_map_holds_what_is_printed_and_its_mark(content: ReportContent) -> None:
    """The mark says again what the colour says."""
    trust, *_ = figures(content)["chart-units-1"]["data"]

    assert [text.replace("\u2009", " ") for text in trust["text"]] == ["60", "60 ▲", "60 ▼", "", "60"]
    assert trust["marker"]["color"][:3] == ["var(--paper)", "var(--for-2)", "var(--against-2)"]


def test_a_withheld_cell_holds_nothing(content: ReportContent) -> None:
    """No number, no mark, the same length as all others: hatching, and words above it."""
    figure = figures(content)["chart-units-1"]

    for trace in figure["data"]:
        place = trace["y"].index("u3")
        assert trace["text"][place] == ""
        assert trace["hovertext"][place].endswith(": withheld")
        assert trace["marker"]["pattern"]["shape"][place] == "/"
    assert {x for trace in figure["data"] for x in trace["x"]} == {1}
    assert labels(figure).count("<i>withheld</i>") == 4


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (organisation_of(59), 60),
        (organisation_of(60), 1),  # too many, and no level between them and the organisation
        ((*organisation_of(9), *organisation_of(60, depth=2)[1:]), 10),  # the teams are too many, their units are not
    ],
)
def test_a_heat_map_holds_all_units_or_the_upper_levels(units: tuple[UnitRow, ...], expected: int) -> None:
    """Sixty rows are the most that can be read."""
    assert len(charts.chartable(units)) == expected


def test_there_is_no_heat_map_of_one_row(content: ReportContent) -> None:
    """Nothing stands beside it."""
    assert charts.unit_charts(organisation_of(60), content.dimensions) == ()
    assert charts.unit_charts(organisation_of(3), ()) == ()


def test_charts_fit_a_sheet_of_paper(content: ReportContent) -> None:
    """Many rows make several charts; a department begins a new one rather than being cut."""
    departments = [
        unit_row(f"d{d}-{t}", f"Unit {t}", "team" if t else "unit", 2 if t else 1, (f"D{d}",), ("same",) * 3)
        for d in range(3)
        for t in range(18)
    ]

    made = [json.loads(chart.json) for chart in charts.unit_charts(departments, content.dimensions)]

    assert [len(figure["data"][0]["y"]) for figure in made] == [18, 18, 18]
    assert all(figure["layout"]["height"] < 1000 for figure in made)


def test_a_department_that_fits_on_no_sheet_is_cut(content: ReportContent) -> None:
    """All rows are drawn all the same."""
    teams = [unit_row(f"t{t}", f"Team {t}", "team", 2, ("One",), ("same",) * 3) for t in range(60)]

    made = [json.loads(chart.json) for chart in charts.unit_charts(teams, content.dimensions)]

    assert [row for figure in made for row in figure["data"][0]["y"]] == [team.id for team in teams]
    assert len(made) > 1


def test_many_columns_have_their_names_standing(content: ReportContent) -> None:
    """On a phone sooner than on a desk."""
    four = [replace(content.dimensions[0], id=f"d{i}") for i in range(4)]
    units = [replace(unit, dimensions=unit.dimensions[:1] * 4) for unit in content.units]

    figure = json.loads(charts.unit_charts(units, four)[0].json)

    assert figure["layout"]["xaxis"]["tickangle"] == 0
    assert figure["narrow"]["xaxis"]["tickangle"] == -90
    assert labels(figure).count("<i>withheld</i>") == 4  # in every cell
    assert json.dumps(figure["narrow"]).count("<i>withheld</i>") == 1  # once in the row: cells are too narrow for words


def test_no_chart_can_be_zoomed_dragged_or_edited(content: ReportContent) -> None:
    """A reader who scrolls past must not be caught."""
    for figure in figures(content).values():
        assert figure["config"]["displayModeBar"] is False
        assert figure["config"]["scrollZoom"] is False
        assert figure["config"]["doubleClick"] is False
        for layout in (figure["layout"], figure["layout"] | figure["narrow"]):
            assert layout["dragmode"] is False
            assert layout["xaxis"]["fixedrange"] is True
            assert layout["yaxis"]["fixedrange"] is True


def with_hostile_texts(content: ReportContent) -> ReportContent:
    def row(old: ScoreRow) -> ScoreRow:
        return replace(old, label=HOSTILE, sentence=HOSTILE, remark=HOSTILE, points=(HOSTILE,) * len(old.points))

    return replace(
        content,
        dimensions=tuple(map(row, content.dimensions)),
        items=tuple(replace(group, rows=tuple(map(row, group.rows))) for group in content.items),
        units=tuple(replace(unit, name=HOSTILE) for unit in content.units),
    )


def test_hostile_texts_are_shown_as_they_are(content: ReportContent) -> None:
    """Plotly's labels are a pseudo-HTML; the only tags in them are ours, and they have no attributes."""
    for figure in figures(with_hostile_texts(content)).values():
        text = json.dumps(figure)
        assert set(re.findall(r"<[^>]*>", text)) <= {"<b>", "</b>", "<i>", "</i>", "<br>"}
        assert "&amp;lt;" in text


def test_no_text_can_close_the_script_element(content: ReportContent) -> None:
    """`<` and the line ends of JavaScript stand in the page as escapes."""
    (chart,) = charts.dimension_charts(with_hostile_texts(content).dimensions)

    assert not re.search("[<>&\u2028\u2029]", chart.json)
    assert json.loads(chart.json)["data"][1]["hovertext"][0].startswith("&lt;b&gt;bold&lt;/b&gt;")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("Trust", ["Trust"]),
        ("x" * 41, ["x" * 21, "x" * 20]),  # no word may run into the bars
        ("It is easy to ask others in this team for help.", ["It is easy to ask others", "in this team for help."]),
    ],
)
def test_labels_are_wrapped_into_lines_of_about_one_length(text: str, lines: list[str]) -> None:
    """Forty signs fit beside a chart, and on a phone above it."""
    figure = charts.dimension_figure([score_row("a", text, "", 50)])

    assert labels(figure)[0].split("<br>") == lines


def test_colours_are_roles_of_the_stylesheet(content: ReportContent) -> None:
    """A chart knows no colour; the page has one palette for light, one for dark and one for paper."""
    text = json.dumps(figures(content))

    assert "#" not in text
    assert set(re.findall(r"rgba?\([^)]*\)", text)) == {"rgba(0,0,0,0)"}


def test_printed_numbers_are_not_reckoned_with(content: ReportContent) -> None:
    """All that is drawn of an item is a number that its table prints."""
    printed = {
        cell.value
        for group in content.items
        for row in group.rows
        for cell in row.distribution
        if isinstance(cell, Figure)
    }

    for group in content.items:
        figure = charts.item_figure(group.rows, 60)
        assert {x for trace in figure["data"] for x in trace["x"]} <= printed


def test_rendering_imports_no_plotly_graph_objects() -> None:
    """They would take longer than the whole page; neither pandas nor narwhals comes with what is needed."""
    code = "import sys, psafety.reports.html; print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"plotly.graph_objects", "pandas", "narwhals"} & set(run.stdout.split())
