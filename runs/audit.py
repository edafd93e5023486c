"""`psafety audit`: files that were written, and the surveys that they are from, to the verdict on them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..languages import speaking
from .compare import in_one_comparison, sources_of
from .findings import responses_of
from .settings import chosen_look, names_of

if TYPE_CHECKING:
    from ..audit.comparison.proof import Source
    from ..audit.verdict import Verdict


def verdict_on(
    outputs: Sequence[Path],
    surveys: Sequence[tuple[Path, Config, Path | None]],
    *,
    labels: Sequence[str] = (),
    renamed: Mapping[str, str],
    link: str | None = None,
) -> "Verdict":
    """Prove, or refute, that nobody's answers can be worked out from an output.

    surveys: files, each with its settings and the record that there is. labels, renamed, link: of a comparison, as for
    `write_comparison`; its waves are those of the files, in their order.
    """
    from ..audit.proof import Rules, audit_comparison, audit_responses, kinds_of  # noqa: PLC0415

    files = [file for file, _, _ in surveys]
    settings, record = surveys[0][1:]
    lang, kinds = kinds_of(outputs, files)
    rules, chosen = Rules.of(settings.policy), chosen_look(settings)
    with speaking(lang):
        waves = _sources(surveys, labels, renamed, link) if "comparison" in kinds else ()
        if kinds == {"comparison"}:
            return audit_comparison(outputs, waves, files, rules=rules, chosen=chosen)
        responses, wave = responses_of(tuple(files), settings, lambda _: None)
    return audit_responses(
        outputs,
        responses,
        files,
        wave=wave,
        rules=rules,
        record=record,
        names=names_of(settings),
        chosen=chosen,
        last=Path(settings.last).read_bytes() if settings.last else None,
        waves=waves,
    )


def _sources(
    surveys: Sequence[tuple[Path, Config, Path | None]],
    labels: Sequence[str],
    renamed: Mapping[str, str],
    link: str | None,
) -> "Sequence[Source]":
    """The waves of a comparison, as it names them and their units.

    Files that hold the same wave are parts of one survey.
    """
    from ..analysis.waves import named  # noqa: PLC0415

    found: list[Source] = []
    for file, settings, record in surveys:
        found += sources_of((file,), settings, record, labels, len(found), lambda _: None, link=link).sources
    if len({source.wave for source in found}) < len(found):
        files = tuple(file for file, _, _ in surveys)
        found = [*sources_of(files, *surveys[0][1:], labels, 0, lambda _: None, link=link).sources]
    return in_one_comparison(found, named([source.wave for source in found], labels), renamed)
