"""`psafety compare`: what was printed of every wave, set against each other."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..surveys.errors import ConfigError
from ..surveys.phrases import listed
from .approval import approval_of_comparison
from .findings import Past, Step, noted_wave, responses_of
from .last_wave import kept_wave, noted_in, taken_back, wave_of_file
from .report import Reported
from .settings import look_of, version

if TYPE_CHECKING:
    from ..analysis.comparison import Comparison
    from ..analysis.pairs import Coded, PairedChanges, PairTally
    from ..analysis.published import Published
    from ..audit.comparison.proof import Source
    from ..surveys.benchmark import BenchmarkRow
    from ..surveys.responses import Responses


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
    audited: bool = True,
) -> Reported:
    """Compare waves, write what that gives, all or nothing, and say what was done.

    surveys: files, the earliest first, each with its settings and its record; a survey is reported on first. chosen:
    what holds for the comparison itself. labels: what the waves are called. renamed: old names of teams → new ones.
    link: a column of codes that people made up. audited: prove first that it says no more than the reports may.
    Where nothing comes of it, the records are as they were before.
    """
    from ..analysis.benchmark import against  # noqa: PLC0415
    from ..analysis.comparison import compare  # noqa: PLC0415
    from ..analysis.waves import named  # noqa: PLC0415
    from ..reports.comparison.compose import compose_comparison  # noqa: PLC0415
    from ..reports.comparison.wording import NO_RECORD, NOT_AUDITED  # noqa: PLC0415
    from ..reports.files import rendered_files, write_files  # noqa: PLC0415
    from ..reports.formats import comparison_renderer_of  # noqa: PLC0415

    with ExitStack() as undo:
        found: list[Known] = []
        for file, settings, past in surveys:
            found += published_of(file, settings, past, labels, len(found), step, undo, link=link)
        called = named([one.published.wave for one in found], labels)
        waves = [replace(one.published, wave=name) for one, name in zip(found, called, strict=True)]
        step("comparing the waves")
        comparison = compare(waves, renamed=renamed)
        linked = linked_in(comparison, found[-2:]) if link else None
        notes = (NO_RECORD,) if any(past.record is None for _, _, past in surveys) else ()
        content = compose_comparison(
            comparison,
            look_of(chosen),
            version=version(),
            notes=notes if audited else (*notes, NOT_AUDITED),
            benchmark=against(comparison.waves[-1], benchmark) if benchmark else None,
            pairs=linked.changes if linked else None,
        )
        renderers = {name: comparison_renderer_of(name) for name in formats}
        stem = surveys[-1][0].stem.removesuffix("-report")
        sources = in_one_comparison([one.source for one in found], called, renamed)
        files = rendered_files(content, renderers, folder / f"{stem}-comparison", step=step)
        read = [file for file, _, _ in surveys]
        approval = approval_of_comparison(content, sources, read, chosen, folder=folder, formats=formats, step=step)
        with linked.recorded(found[-2:], surveys[-1][2]) if linked else nullcontext({}) as record:
            approval.besides = tuple(record)
            written = write_files({**record, **files}, approve=approval if audited else None)
        said = (content.order, *content.notices, *content.summary, *content.pairs_notes[:4])
        return Reported(written, (*said, *_perhaps_renamed(comparison), *approval.lines), approval.doubts)


def _perhaps_renamed(comparison: "Comparison") -> tuple[str, ...]:
    """What to do about teams that only one of the last two waves names."""
    if not comparison.gone or not comparison.new:
        return ()
    sides = zip(comparison.waves[-2:], (comparison.gone, comparison.new), strict=True)
    only = " ".join(f"Only in “{wave.wave}”: {listed([path[-1] for path in paths])}." for wave, paths in sides)
    return (f"{only} If a team was renamed, say so: --map “old name=new name”.",)


def in_one_comparison(
    sources: "Sequence[Source]", called: Sequence[str], renamed: "Mapping[str, str]"
) -> "list[Source]":
    """What is known of the waves, under the names that they and their units have in a comparison: those of the last."""
    found = [replace(one, wave=name, renamed=renamed) for one, name in zip(sources, called, strict=True)]
    return [*found[:-1], replace(found[-1], renamed={})]


@dataclass(frozen=True, slots=True)
class Known:
    """One wave: what was printed of it, its people by their codes, None where there are none, and what proves it.

    settings: of its file.
    """

    published: "Published"
    coded: "Coded | None"
    source: "Source"
    settings: Config


def published_of(
    file: Path,
    settings: Config,
    past: Past,
    labels: Sequence[str],
    place: int,
    step: Step,
    undo: ExitStack,
    *,
    link: str | None = None,
) -> "list[Known]":
    """What was printed of each wave of one file: of a survey, by way of the report that is made of it.

    labels: what a person calls the waves of all files; place: how many of them come before this file. undo: takes the
    waves out of the record again, where nothing comes of the comparison. link: a column of codes that people made up;
    with it the people of a survey by their codes, None for a snapshot.
    """
    from ..analysis.pairs import coded, without_codes  # noqa: PLC0415
    from ..surveys.responses import of_wave  # noqa: PLC0415

    read = sources_of((file,), settings, past.record, labels, place, step, link=link)
    if read.responses is None:
        return [Known(kept, None, source, settings) for kept, source in zip(read.kept, read.sources, strict=True)]
    settings = replace(settings, wave_name=read.wave_name)
    plain = without_codes(read.responses)[0] if link else read.responses
    known = []
    for source in read.sources:
        former = noted_in(past.record)
        noted = noted_wave(plain, source.name, settings, past, step)
        undo.enter_context(taken_back(past.record, former))
        people = coded(of_wave(read.responses, source.name), read.heading, noted.findings) if link else None
        known.append(Known(noted.published, people, replace(source, snapshot=noted.snapshot), settings))
    return known


@dataclass(frozen=True, slots=True)
class Read:
    """One file of a comparison.

    sources: its waves, the earliest first. kept: of a snapshot what it holds, () of a survey. responses: of a survey,
    with the codes of its people, if they were asked for. heading: of those codes. wave_name: of the only wave, as a
    person named it.
    """

    sources: "Sequence[Source]"
    kept: "Sequence[Published]" = ()
    responses: "Responses | None" = None
    heading: str = ""
    wave_name: str | None = None


def sources_of(
    files: tuple[Path, ...],
    settings: Config,
    record: Path | None,
    labels: Sequence[str],
    place: int,
    step: Step,
    *,
    link: str | None = None,
) -> Read:
    """One survey of a comparison, in one file or several, as it is read. labels, place, link: see `published_of`."""
    from ..analysis.pairs import without_codes  # noqa: PLC0415
    from ..analysis.waves import ordered  # noqa: PLC0415
    from ..audit.comparison.proof import Source  # noqa: PLC0415
    from ..audit.rules import Rules  # noqa: PLC0415
    from ..surveys.responses import waves_of, with_wave_name  # noqa: PLC0415

    if files[0].suffix.casefold() == ".json":
        kept = kept_wave(files[0])
        return Read([Source(kept.published.wave, snapshot=kept.snapshot)], kept=(kept.published,))
    responses, wave = responses_of(files, settings, step, link=link)
    found, said = waves_of(responses), settings.wave_name
    if found == ("",):
        said = labels[place] if place < len(labels) else None
        name = said or wave_of_file(files[0])
        responses, found = with_wave_name(responses, name), (name,)
    plain, heading = without_codes(responses) if link else (responses, "")
    codes = responses.groups[heading] if link else None
    rules = Rules.of(settings.policy)
    return Read(
        [
            Source(one, one, plain, record=record, rules=rules, codes=codes)
            for one in ([wave] if wave else ordered(found, labels))
        ],
        responses=responses,
        heading=heading,
        wave_name=said,
    )


@dataclass(frozen=True, slots=True)
class Linked:
    """The people in both of two waves: what may be said of them, and what the record must know of it."""

    changes: "PairedChanges"
    counted: "PairTally"
    dimensions: Sequence[str]
    smallest: int
    least: int

    def recorded(self, known: Sequence[Known], past: Past) -> "AbstractContextManager[Mapping[Path, bytes]]":
        """The record as it must be once this is published; nothing where nothing is said, or no record is kept.

        Raises RecordError where other pairs of the same waves were published before.
        """
        from ..analysis.pairs import fingerprint  # noqa: PLC0415
        from ..records import recorded_pairs  # noqa: PLC0415

        if past.record is None or not self.changes.shown:
            return nullcontext({})
        before, after = (one.source.name for one in known)

        def told(key: str) -> str:
            rules = {"smallest": self.smallest, "least_pairs": self.least}
            return fingerprint(self.counted, self.dimensions, key=key, **rules)

        return recorded_pairs(past.record, before, after, told, replaces=past.replaces)


def linked_in(comparison: "Comparison", known: Sequence[Known]) -> Linked:
    """What may be said of the people in both of the last two waves, by the stricter rules of the two.

    Raises ConfigError where one is a snapshot, or is printed with groups across the organisation.
    """
    from ..analysis.disclosure.policy import Policy  # noqa: PLC0415
    from ..analysis.pairs import pair_up, paired_changes  # noqa: PLC0415

    if any(one.settings.cuts for one in known):
        raise ConfigError(
            "Groups across the organisation overlap with the people in both waves, so that few could be told apart.",
            hint="Leave out --link, or the cuts in the settings.",
        )
    before, after = (one.coded for one in known)
    if before is None or after is None:
        raise ConfigError(
            "A snapshot holds nobody's code, so pairs cannot be made with it.",
            hint="Give --link the two survey files themselves, or leave it out.",
        )
    policies = [Policy.of(**one.settings.policy) for one in known]
    ids = [measure.id for measure in comparison.dimensions.measures]
    smallest = max(*(policy.smallest for policy in policies), *(wave.min_group for wave in comparison.waves[-2:]))
    least = max(*(policy.joint_from for policy in policies), smallest)
    counted = pair_up(before, after, ids)
    changes = paired_changes(counted, ids, smallest=smallest, least_pairs=least)
    return Linked(changes, counted, ids, smallest, least)
