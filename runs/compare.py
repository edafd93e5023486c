"""`psafety compare`: what was printed of every wave, set against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import ConfigError
from .findings import Past, Step, beside_earlier, responses_of
from .report import Reported
from .settings import look_of, version

if TYPE_CHECKING:
    from ..analysis.comparison import Comparison
    from ..analysis.pairs import Coded, PairedChanges
    from ..analysis.published import Published
    from ..surveys.benchmark import BenchmarkRow


def write_comparison(
    surveys: "Sequence[tuple[Path, Config, Past]]",
    chosen: Config,
    *,
    labels: Sequence[str],
    renamed: "Mapping[str, str]",
    benchmark: "Sequence[BenchmarkRow]",
    link: str | None,
    folder: Path,
    formats: Sequence[str],
    step: Step,
) -> Reported:
    """Compare waves, write what that gives, all or nothing, and say what was done.

    surveys: files, the earliest first, each with its settings and its record; a survey is reported on first. chosen:
    what holds for the comparison itself. labels: what the waves are called. renamed: old names of teams → new ones.
    link: a column of codes that people made up.
    """
    from ..analysis.benchmark import against  # noqa: PLC0415
    from ..analysis.comparison import compare  # noqa: PLC0415
    from ..analysis.waves import named  # noqa: PLC0415
    from ..reports.changes_in_words import NO_RECORD  # noqa: PLC0415
    from ..reports.compose_comparison import compose_comparison  # noqa: PLC0415
    from ..reports.files import comparison_renderer_of, rendered_files, write_files  # noqa: PLC0415

    found: list[tuple[Published, Coded | None]] = []
    for file, settings, past in surveys:
        found += published_of(file, settings, past, labels, len(found), step, link=link)
    called = named([wave.wave for wave, _ in found], labels)
    waves = [replace(wave, wave=name) for (wave, _), name in zip(found, called, strict=True)]
    comparison = compare(waves, renamed=renamed)
    content = compose_comparison(
        comparison,
        look_of(chosen),
        version=version(),
        notes=(NO_RECORD,) if any(past.record is None for _, _, past in surveys) else (),
        benchmark=against(comparison.waves[-1], benchmark) if benchmark else None,
        pairs=pairs_of(comparison, [people for _, people in found[-2:]], chosen) if link else None,
    )
    renderers = {name: comparison_renderer_of(name) for name in formats}
    stem = surveys[-1][0].stem.removesuffix("-report")
    written = write_files(rendered_files(content, renderers, folder / f"{stem}-comparison"))
    return Reported(written, (content.order, *content.notices, *content.summary), ())


def published_of(
    file: Path,
    settings: Config,
    past: Past,
    labels: Sequence[str],
    place: int,
    step: Step,
    *,
    link: str | None = None,
) -> "list[tuple[Published, Coded | None]]":
    """What was printed of each wave of one file: of a survey, by way of the report that is made of it.

    labels: what a person calls the waves of all files; place: how many of them come before this file. link: a column
    of codes that people made up; with it the people of a survey by their codes, None for a snapshot.
    """
    from ..analysis.pairs import coded, without_codes  # noqa: PLC0415
    from ..analysis.waves import ordered  # noqa: PLC0415
    from ..reports.compose import compose  # noqa: PLC0415
    from ..reports.files import write_files  # noqa: PLC0415
    from ..reports.snapshot import as_published, read_snapshot  # noqa: PLC0415
    from ..surveys.responses import of_wave, waves_of, with_wave_name  # noqa: PLC0415

    by_file = file.stem.removesuffix("-report")
    if file.suffix.casefold() == ".json":
        kept = read_snapshot(file)
        return [(replace(kept, wave=kept.wave or by_file), None)]
    responses, wave = responses_of((file,), settings, step, link=link)
    found = waves_of(responses)
    if found == ("",):
        said = labels[place] if place < len(labels) else None
        settings = replace(settings, wave_name=said)
        responses, found = with_wave_name(responses, said or by_file), (said or by_file,)
    published = []
    plain, heading = without_codes(responses) if link else (responses, "")
    for one in [wave] if wave else ordered(found, labels):
        with beside_earlier(plain, one, settings, past, step) as (findings, record):
            write_files(record)
            people = coded(of_wave(responses, one), heading) if link else None
            published.append((as_published(compose(findings, look_of(settings), version=version())), people))
    return published


def pairs_of(comparison: "Comparison", people: "Sequence[Coded | None]", settings: Config) -> "PairedChanges":
    """What may be said of the people in both of the last two waves. Raises ConfigError where one is a snapshot."""
    from ..analysis.disclosure.policy import Policy  # noqa: PLC0415
    from ..analysis.pairs import pair_up, paired_changes  # noqa: PLC0415

    before, after = people
    if before is None or after is None:
        raise ConfigError(
            "A snapshot holds nobody's code, so pairs cannot be made with it.",
            hint="Give --link the two survey files themselves, or leave it out.",
        )
    policy = Policy.of(**settings.policy)
    ids = [measure.id for measure in comparison.dimensions.measures]
    smallest = max(policy.smallest, *(wave.min_group for wave in comparison.waves[-2:]))
    least = max(policy.joint_from, smallest)
    return paired_changes(pair_up(before, after, ids), ids, smallest=smallest, least_pairs=least)
