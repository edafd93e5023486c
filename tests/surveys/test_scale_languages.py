"""The agreement scale in more languages: four and five points are told apart, and every label stands at its point."""

import pytest
from psafety.surveys.answers import read_answers
from psafety.surveys.cells import no_answer
from psafety.surveys.responses import load_survey
from psafety.surveys.scales import known_scales
from surveyfiles import write_csv

LANGUAGES = "en", "de", "fr", "es", "it", "pt", "nl", "sv"
SCALES = {scale.id: scale for scale in known_scales()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scale", ["agreement-4", "agreement-5"])
@pytest.mark.parametrize("shape", ["{label}", "{point} - {label}", "{point}. {label}", "{label} ({point})"])
def test_a_file_in_any_language_is_read_on_its_scale(tmp_path, lang, scale, shape):
    """Every point in its usual words, with and without numbers, in any capitals, is read at its place."""
    labels = [ways[0] for ways in SCALES[scale].labels[lang]]
    cells = [shape.format(label=label.capitalize(), point=point) for point, label in enumerate(labels, 1)]
    headers = ["We listen", "We ask", "We help"]
    rows = [[cell] * 3 for cell in cells] * 3

    responses = load_survey(write_csv(tmp_path / "s.csv", headers, *rows))

    assert {len(item.scale.values) for item in responses.instrument.items} == {len(labels)}
    assert responses.points.iloc[: len(labels), 0].tolist() == list(range(1, len(labels) + 1))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scale", ["agreement-4", "agreement-5"])
def test_no_way_to_write_a_point_means_anything_else(lang, scale):
    """Each way to write a point stands at one point only, and none of them means that nothing was answered."""
    ways = [way for point in SCALES[scale].labels[lang] for way in point]

    assert len(set(ways)) == len(ways)
    assert [way for way in ways if no_answer(way) is not None] == []


def test_labels_of_another_language_are_read_on_an_instruments_scale():
    """A translated survey with the item ids as headers is read, though the instrument knows two languages only."""
    from psafety.surveys.instrument_files import load_instrument

    scale = load_instrument("open-team-survey").items[0].scale
    labels = [ways[0] for ways in SCALES["agreement-5"].labels["fr"]]

    assert read_answers(labels, scale).points == (1, 2, 3, 4, 5)
