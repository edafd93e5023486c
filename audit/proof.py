"""`audit_output`: reads an output and the survey it is from, and proves or refutes that it keeps the promise."""

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..languages import language, speaking
from ..surveys.mapping import Wishes
from ..surveys.responses import Responses, load_survey, survey_paths, waves_of
from .ahead import Ahead
from .asked import questions_of
from .attacks import attacks_of
from .case import Case
from .comparison.proof import Source
from .comparison.together import together
from .doubts import misread, notes_of, unproved_of
from .faults import faults_of
from .figures import Fault, Printed, Questions
from .folder import LAST_WAVE, Output, Written, collect, is_comparison
from .language import language_of
from .looks import Chosen, excused, look_faults, read_library, unread_prints
from .pages import read_page
from .rules import Rules
from .snapshots import read_snapshot
from .verdict import Verdict
from .workbook.reading import read_workbook

_READERS: Mapping[str, Callable[[str, bytes, Questions], Printed]] = {
    ".html": read_page,
    ".xlsx": read_workbook,
    ".json": read_snapshot,
    ".js": read_library,
    ".pdf": lambda name, *_: Printed(name),  # held against its page, once all is read
}
_ODD = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError),
    zlib.error,
)  # whatever a file that is no report can break a reader with


def audit_output(
    outputs: Path | Sequence[Path],
    surveys: Path | Sequence[Path],
    wishes: Wishes | None = None,
    *,
    sheet: str | None = None,
    wave: str | None = None,
    rules: Rules | None = None,
    record: Path | None = None,
) -> Verdict:
    """Prove, or refute, that nobody can work out the answers of a small group from an output.

    outputs: folders and files that were written; surveys, wishes, sheet: as for `load_survey`; wave: the one that the
    reports must be on; rules: what must hold, beyond what the reports say of themselves; record: what was published.
    Raises PsafetyError where the output or the survey cannot be read at all.
    """
    with speaking(language_of_output(outputs, surveys)):
        responses = load_survey(surveys, wishes, sheet=sheet)
    names = wishes.names if wishes else ()
    return audit_responses(
        outputs, responses, survey_paths(surveys), wave=wave, rules=rules, record=record, names=names
    )


def language_of_output(outputs: Path | Sequence[Path], surveys: Path | Sequence[Path]) -> str:
    """The language of the reports: the survey must be read in it, as they repeat what was said of its reading.

    Raises FileError where there is no report, ConfigError where there are some in several languages.
    """
    return kinds_of(outputs, surveys)[0]


def kinds_of(outputs: Path | Sequence[Path], surveys: Path | Sequence[Path]) -> tuple[str, frozenset[str]]:
    """The language of an output, and what is in it: "report", "comparison". Raises as `language_of_output`."""
    output, compared = _collected(outputs, survey_paths(surveys))
    kinds = (("report", _are_reports(output)), ("comparison", bool(compared)))
    return language_of([*output.files, *compared]), frozenset(kind for kind, is_there in kinds if is_there)


def audit_responses(
    outputs: Path | Sequence[Path],
    responses: Responses,
    surveys: Sequence[Path],
    *,
    wave: str | None = None,
    rules: Rules | None = None,
    record: Path | None = None,
    names: Sequence[str] = (),
    chosen: Chosen | None = None,
    last: bytes | None = None,
    waves: Sequence[Source] = (),
    ahead: Ahead | None = None,
    names_data: bool = True,
) -> Verdict:
    """The same for a survey that has been read already.

    surveys: the files it is from. names: those that were to be masked in comments. chosen: the look in the settings.
    last: the snapshot of the wave since which pages say what has changed, where none stands among the outputs; one that
    does is audited as a report of its own.
    waves: what comparisons are held against; those of the survey where nothing is given. ahead: what has been counted
    of the answers already. names_data: whether the verdict tells the survey by its SHA-256; a large file takes a while.
    """
    output, compared = _collected(outputs, surveys)
    output, kept = _without_last_wave(output)
    if compared and not _are_reports(output):
        return audit_comparison(
            outputs,
            waves or waves_in(responses, record, surveys),
            surveys,
            rules=rules,
            chosen=chosen,
            names_data=names_data,
        )
    with speaking(language_of([*output.files, *compared])):
        questions = questions_of(responses.instrument, language())
        printed = _read_all(output.files, questions)
        case = Case(output, responses, questions, printed, rules or Rules(), wave, record, names, ahead)
        before = [_last_wave(file, responses, questions, rules or Rules(), record) for file in kept]
        if last is not None:
            case.last = read_snapshot("the snapshot of the last wave", last, questions)
        elif before:
            case.last = before[0].printed[0]
        is_other = misread(case)
        sources = (waves or waves_in(responses, record, surveys)) if compared else ()
        found = together(compared, sources, questions, rules or Rules(), reports={case.wave: printed})
        unproved = [f"{fault.file}: {fault.problem}." for fault in output.unread]
        unproved += [*unproved_of(case), *found.unproved, *(doubt for one in before for doubt in unproved_of(one))]
        by_name = {file.name: file.data for file in (*output.files, *compared)}
        looks = look_faults(by_name, [*printed, *found.printed], chosen or Chosen())
        faults = dict.fromkeys(
            [*faults_of(case), *found.faults, *looks, *(f for one in before for f in faults_of(one))]
        )
        attacks = dict.fromkeys([*attacks_of(case), *found.attacks, *(a for one in before for a in attacks_of(one))])
        upheld, doubts = excused(tuple(faults), chosen or Chosen())
        unproved += [*doubts, *unread_prints(by_name)]
        return Verdict(
            attacks=() if is_other else tuple(attacks),
            faults=() if is_other else upheld,
            unproved=(is_other,) if is_other else tuple(dict.fromkeys(unproved)),
            files=tuple(file.name for file in (*output.files, *kept, *compared)),
            rows=int(case.table.rows.sum()),
            items=len(questions.items),
            smallest=case.smallest,
            figures=sum(len(one.cells) for one in printed) + found.figures,
            data=tuple(map(_digest, surveys)) if names_data else (),
            notes=tuple(notes_of(case)),
            policy=case.policy,
            wave=case.wave,
            cuts=tuple(dict.fromkeys(unit.cut[0] for unit in case.units if unit.cut)),
            kept=found.kept,
        )


def audit_comparison(
    outputs: Path | Sequence[Path],
    waves: Sequence[Source],
    surveys: Sequence[Path],
    *,
    rules: Rules | None = None,
    chosen: Chosen | None = None,
    names_data: bool = True,
) -> Verdict:
    """Prove, or refute, that a comparison of waves says no more than their reports may.

    waves: what is known of each, the last one last. surveys: the files that they are from, snapshots among them.
    names_data: as for `audit_responses`.
    """
    output, compared = _collected(outputs, surveys)
    with speaking(language_of([*output.files, *compared])):
        questions = _asked_last(waves)
        found = together(compared, waves, questions, rules or Rules())
        by_name = {file.name: file.data for file in (*output.files, *compared)}
        looks = look_faults(by_name, found.printed, chosen or Chosen())
        upheld, doubts = excused(tuple(dict.fromkeys([*found.faults, *looks])), chosen or Chosen())
        unproved = [f"{fault.file}: {fault.problem}." for fault in output.unread]
        return Verdict(
            attacks=found.attacks,
            faults=upheld,
            unproved=tuple(dict.fromkeys([*unproved, *found.unproved, *doubts, *unread_prints(by_name)])),
            files=tuple(file.name for file in compared),
            rows=found.rows,
            items=len(questions.items),
            smallest=found.smallest,
            figures=found.figures,
            data=tuple(map(_digest, surveys)) if names_data else (),
            notes=found.notes,
            policy="",
            wave=found.wave,
            kept=found.kept,
        )


def _asked_last(waves: Sequence[Source]) -> Questions:
    """What the last wave was asked; nothing where nothing is known of any."""
    for source in reversed(waves):
        questions = source.questions(language())
        if questions is not None:
            return questions
    return Questions(())


def waves_in(responses: Responses, record: Path | None, surveys: Sequence[Path]) -> tuple[Source, ...]:
    """The waves of a survey; one without a name goes by that of its file, as it does in a comparison."""
    found = waves_of(responses)
    stems = [path.stem for path in surveys[:1]]
    called = stems if found == ("",) and stems else found
    return tuple(Source(wave, name, responses, record=record) for wave, name in zip(called, found, strict=True))


def _collected(outputs: Path | Sequence[Path], surveys: Sequence[Path]) -> tuple[Output, list[Written]]:
    """The files of reports, and those of comparisons."""
    output = collect(survey_paths(outputs), besides=surveys)
    compared = [file for file in output.files if is_comparison(file.name)]
    return replace(output, files=tuple(file for file in output.files if file not in compared)), compared


def _are_reports(output: Output) -> bool:
    return any(file.name.endswith((".html", ".xlsx", ".json")) for file in output.files)


def _without_last_wave(output: Output) -> tuple[Output, list[Written]]:
    """The files of reports, and the snapshot of the wave before that stands beside them."""
    kept = [file for file in output.files if file.name.endswith(LAST_WAVE)]
    return replace(output, files=tuple(file for file in output.files if file not in kept)), kept


def _last_wave(file: Written, responses: Responses, questions: Questions, rules: Rules, record: Path | None) -> Case:
    """The snapshot of the wave before, as a report of its own. Raises ConfigError where the survey has no such wave."""
    printed = _read(file, questions)
    wave = printed.claims.get("wave", "")
    return Case(Output((file,), ()), responses, questions, [printed], rules, wave, record)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_all(files: Sequence[Written], questions: Questions) -> list[Printed]:
    """All that the files say; what has the very bytes of another, as a page in an archive has, is read once.

    Of such a copy only what depends on its place is kept: the unit that its name must be made of, and its links.
    """
    first: dict[tuple[str, bytes], Printed] = {}
    known: dict[Any, Any] = {}
    printed = []
    for file in files:
        key = Path(file.name).suffix.casefold(), file.data
        if key in first:
            printed.append(Printed(file.name, page=first[key].page, links=first[key].links))
        else:
            printed.append(first.setdefault(key, _read(file, questions)))
            _share(printed[-1], known)
    return printed


def _share(printed: Printed, known: dict[Any, Any]) -> None:
    """Keep what many files say, such as the figures of the organisation on every team page, only once in memory."""
    for columns in (printed.cells, printed.averages, printed.apart):
        columns.share(known)
    printed.said = [known.setdefault(text, text) for text in printed.said]
    printed.prose = [known.setdefault(text, text) for text in printed.prose]


def _read(file: Written, questions: Questions) -> Printed:
    """All that one file says; one that is not built as reports are is a fault, whatever is wrong with it."""
    reader = _READERS[Path(file.name).suffix.casefold()]
    try:
        return reader(file.name, file.data, questions)
    except _ODD as error:
        problem = f"it is not built as reports are, and cannot be read ({type(error).__name__})"
        return Printed(file.name, faults=[Fault(file.name, "the file", problem)])


__all__ = ["Rules", "Source", "audit_comparison", "audit_output", "audit_responses", "questions_of"]
