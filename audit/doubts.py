"""What the audit cannot say: that the survey is another, that something was not checked, what a proof leaves open."""

from collections import defaultdict
from collections.abc import Iterator

from ..surveys.phrases import listed
from ..surveys.responses import WAVE
from .case import Case
from .changes import unchecked
from .claims import claimed_wave
from .figures import plain
from .truth import untrue
from .worlds import SECONDS


def misread(case: Case) -> str:
    """What to do where the survey, as it is read here, cannot be that of the files; "" where it may be."""
    named = [row for rows in case.rows_of for row in rows[1:]]
    claimed = {claim for one in case.printed for claim in [claimed_wave(one)] if claim}
    waves = set(map(str, case.responses.groups[WAVE].cat.categories))
    wrong = sum(1 for one, rows in zip(case.printed, case.rows_of, strict=True) for _ in untrue(one, rows, case.table))
    is_other = wrong > sum(len(one.cells) for one in case.printed) / 2
    if (named and max(named) < 0) or (is_other and claimed and not claimed & waves):
        return (
            "The survey, as it is read here, names none of the units in the files, or another wave: add the options"
            " that the report was made with, such as --team, --unit, --wave, --instrument or --config."
        )
    return ""


def unproved_of(case: Case) -> Iterator[str]:
    """What the audit cannot say, so that the whole is not proved."""
    if not any(one.cells for one in case.printed):
        yield "No file prints any figure, so there is nothing to prove."
    yield from _overlapping(case)
    yield from _other_answers(case)
    yield from unchecked(case.printed, is_given=case.last is not None)
    for one in case.printed:
        left_out = case.elsewhere(one)
        if left_out is not None and not left_out.is_held:
            yield (
                f"{one.file}: it counts teams that no file lists."
                " Audit it together with the workbook or the JSON of the same report."
            )
    measures = case.questions.measures
    for column, place in enumerate(case.questions.dimensions):
        mine = [at for at in case.questions.items if measures[at].dimension == measures[place].id]
        bare = case.table.shown[:, column] & ~case.table.shown[:, mine].any(axis=1)
        if bare.any():
            yield (
                f"“{measures[place].label}” is printed for {int(bare.sum())} rows whose statements no file prints."
                " Audit it together with the workbook or the JSON of the same report."
            )


def _overlapping(case: Case) -> Iterator[str]:
    """Rows that overlap take more than atoms: sums are searched; of cuts also what whole numbers tell beyond."""
    for one in case.sums:
        about = f"“{one.label}”" if one.label else "the people"
        far = "" if one.is_finished else " without coming to an end"
        if not one.is_nested:
            yield (
                f"The rows printed for {about} overlap in a way that units do not."
                f" Sums were searched{far}; what whole numbers tell beyond them was not."
            )
        elif not one.is_finished:
            yield f"Sums of groups and units printed for {about} were searched{far}."
    left_open: dict[str, list[str]] = defaultdict(list)
    for settled in case.settled:
        for attribute in sorted({case.units[row].cut[0] for row in settled.left_open}):
            left_open[attribute].append(settled.label)
    for attribute, labels in left_open.items():
        about = listed([f"“{label}”" for label in labels], most=3)
        yield (
            f"Groups by “{attribute}”: within {SECONDS:.0f} seconds it was not settled whether the printed numbers"
            f" leave only one answer for somebody, for {about}."
        )


def _other_answers(case: Case) -> Iterator[str]:
    if case.history and case.history.doubt:
        yield case.history.doubt
    cuts: dict[str, None] = {}
    for publication in case.earlier():
        unread = {unit.cut[0] for unit in publication.units if unit.cut} - set(map(plain, case.responses.cuts))
        if publication.data not in case.digests:
            yield (
                f"The record holds a report of this wave on other answers, {publication}, as the survey is read"
                " here. Whoever holds both can subtract one from the other. If it is the same survey, add the"
                " options that the report was made with."
            )
        else:
            cuts.update(dict.fromkeys(sorted(unread)))
    if cuts:
        options = " ".join(f'--cut "{name}"' for name in cuts)
        yield (
            "The record holds a report of this wave with groups across the organisation, which a reader of this"
            f" output may hold as well. To prove both together, add {options}."
        )
    if case.history and case.is_cut.any() and any(case.wave in link for link in case.history.links):
        yield (
            "The record holds a comparison of people of this wave with those of another, by their codes. That it"
            " tells nobody apart beside groups across the organisation is not proved."
        )


def notes_of(case: Case) -> Iterator[str]:
    """What a proof leaves open, so that everybody knows."""
    if any(one.words for one in case.printed):
        yield "What people wrote in their own words is no part of the proof: they may be known by it."
    if case.history is None:
        yield "No record was given, so only this output was looked at, not what may have been published before."
