"""What must not be in a report: whatever is not true, not allowed, or nothing that reports say."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from ..languages import gettext
from ..surveys.phrases import listed
from .against import astray, gaps_of
from .allowed import disagreements, too_few
from .case import Case
from .changes import gainsaid, misleading
from .claims import claimed_min_group, claimed_wave
from .figures import Fault, Printed, disordered, plain
from .in_words import misworded
from .language import pattern
from .prose import Vocabulary, any_of, unexplained
from .rules import LOWEST
from .spread import ends_astray, own_spread
from .teams import misnamed, misplaced, team_vocabulary, unfounded
from .truth import untrue
from .vocabulary import vocabulary
from .words import misprinted

_OTHER_SMALLEST = (
    "“{before}” shows groups from {then} people on, “{after}” from {now}. Figures that both waves print are compared."
)


def faults_of(case: Case) -> Iterator[Fault]:
    """Everything in the files that is not true, or that a report must not hold."""
    for one, rows in zip(case.printed, case.rows_of, strict=True):
        yield from one.faults
        yield from _claims(case, one)
        yield from _order(case, one)
        yield from _figures(case, one, rows)
        yield from _marks(one)
        yield from case.truths.faults(one.file, one.evidence, one.averages, rows)
        yield from misworded(one, case.questions)
        yield from unexplained(one, _vocabulary(case, one)) if one.prose else ()
        yield from misprinted(one, case.responses, case.rules.writers(case.smallest), case.names)
        yield from _links(case, one)
        yield from misleading(one, case.last)
        yield from gainsaid(one, case.questions)
        yield from misplaced(one, case.questions)
    for sheet in (one for one in case.printed if "pattern" in one.claims):
        yield from unfounded(sheet, case.printed, directed=case.responses.instrument.directed)
    yield from disagreements(case)
    yield from _file_names(case)


def untrue_figures(case: Case) -> Iterator[Fault]:
    """Of all this, what is wrong with rows and figures alone."""
    for one, rows in zip(case.printed, case.rows_of, strict=True):
        yield from _figures(case, one, rows)
    yield from disagreements(case)


def _figures(case: Case, one: Printed, rows: list[int]) -> Iterator[Fault]:
    yield from _unknown_units(case, one, rows)
    yield from too_few(case, one, rows)
    yield from untrue(one, rows, case.table)
    yield from astray(one.file, gaps_of(one, rows), case.table, case.questions)
    yield from own_spread(one, rows, case.table, case.questions)
    yield from ends_astray(one, rows, case.table)
    yield from case.truths.spread_faults(one, rows)


def _unknown_units(case: Case, one: Printed, rows: list[int]) -> Iterator[Fault]:
    for unit, row in zip(one.units, rows, strict=True):
        if row < 0:
            is_asked = not unit.cut or unit.cut[0] in map(plain, case.responses.cuts)
            what = "nobody in the survey names this unit" if is_asked else "groups that nobody named with --cut"
            yield Fault(one.file, f"row “{unit}”", what)


def _claims(case: Case, one: Printed) -> Iterator[Fault]:
    wave = claimed_wave(one)
    if wave is not None and wave != case.wave:
        yield Fault(one.file, "the wave", f"it is said to be “{wave[:40]}”, not “{case.wave}”")
    for said in claimed_min_group(one):
        if said < max(case.min_group, LOWEST):
            least = max(case.min_group, LOWEST)
            yield Fault(one.file, "the smallest group", f"it is said to be {said}; it must be at least {least}")


def _order(case: Case, one: Printed) -> Iterator[Fault]:
    for before, unit in disordered(one.units, case.named):
        yield Fault(
            one.file,
            f"row “{unit}”",
            f"it stands behind “{before}”, against the alphabet: an order can tell figures",
        )


def _marks(one: Printed) -> Iterator[Fault]:
    """Withheld cells of scores carry one neutral mark; only a rate or a spread may also not be known or defined."""
    marks = {mark.strip() for mark in one.marks} - {gettext("not defined"), gettext("not known")}
    if len(marks) > 1:
        said = listed([f"“{mark[:30]}”" for mark in sorted(marks)])
        yield Fault(one.file, "withheld cells", f"they carry different marks, and a reason is a clue: {said}")


def _file_names(case: Case) -> Iterator[Fault]:
    stem = {Path(case.responses.source.name).stem, case.wave}
    called = [*stem, *(name for unit in case.units for name in unit.path)]
    names = any_of(called, (file.name for file in case.output.files))
    pages = {one.file for one in case.printed if one.page is not None}
    for file, one in zip(case.output.files, case.printed, strict=True):
        if file.name.endswith(".js"):  # its name was held against its own fingerprint
            continue
        if file.name.removesuffix(".pdf") + ".html" in pages:  # a print goes by the name of its page
            continue
        said = file.name
        if one.page is not None:
            yield from misnamed(one, file.name, [case.named.get(name, name) for name in one.page.path])
            said = file.name.rpartition("/")[0]
        left = names.sub("", plain(said)) if names else said
        if any(map(str.isnumeric, left)):
            yield Fault(file.name, "the name of the file", "a number that is not of the survey’s name may be a figure")


def _links(case: Case, one: Printed) -> Iterator[Fault]:
    """Links lead to other files of the output, or to the report of this survey, and carry nothing else."""
    known = {file.name for file in case.output.files}
    report = f"../{Path(case.responses.source.name).stem}-report.html"
    for place, href in one.links:
        file = unquote(href)
        if file != report and posixpath.normpath(posixpath.join(posixpath.dirname(one.file), file)) not in known:
            yield Fault(one.file, place, f"a link that leads out of the report: “{href[:60]}”")


def _vocabulary(case: Case, one: Printed) -> Vocabulary:
    """The names of the survey, and the numbers that belong to each part of a report."""
    rules = case.rules.in_words(case.min_group, case.smallest)
    cut_rules = case.rules.of_cuts(case.smallest)
    whole = vocabulary(
        one,
        case.responses,
        case.questions,
        case.table,
        rules,
        cut_rules=(cut_rules.group, cut_rules.unit),
        elsewhere=case.elsewhere(one),
    )
    whole = whole if one.page is None else team_vocabulary(one, whole)
    before = (case.last.claims.get("wave", ""),) if case.last is not None else ()
    return replace(
        whole,
        names=(*whole.names, *before),
        parts={**whole.parts, "change": whole.parts.get("change", frozenset()) | _smallest_then(case, one)},
    )


def _smallest_then(case: Case, one: Printed) -> frozenset[str]:
    """From how many people on the last wave shows groups: as its snapshot has it, else as the file says."""
    if not one.steps:
        return frozenset()
    if case.last is not None:
        return frozenset({case.last.claims.get("min_group", "")})
    form = pattern(_OTHER_SMALLEST, before=".+", then=r"\d+", after=".+", now=r"\d+")
    return frozenset(found["then"] for prose in one.prose if (found := re.search(form, prose.text)))
