"""The record: what it says, what counts as the same data, and which reports it lets in."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from handmade import Person, instrument, people, responses, team
from hypothesis import given, settings, strategies as st
from psafety.analysis.disclosure import record_text
from psafety.analysis.disclosure.linked import with_pairs
from psafety.analysis.disclosure.policy import Policy
from psafety.analysis.disclosure.record import (
    PublishedRow,
    Record,
    Wave,
    joined,
    joined_beside,
    publication,
    scoring_digest,
)
from psafety.analysis.disclosure.record_text import ABOUT, SCHEMA, from_text, to_text
from psafety.analysis.findings import analyze
from psafety.analysis.tally import tally
from psafety.surveys.errors import RecordError

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
TEAMS = people(("D", "A"), 9) + people(("D", "B"), 12)


def report(survey: list[Person], policy: Policy | None = None, *, key: str = KEY, **more: object):
    """What a report on these people prints."""
    return publication(analyze(responses(survey), policy or Policy(), key=key), version="1.0", **more)


def recorded(*publications, wave=""):
    """A record of one wave."""
    return Record({wave: Wave(KEY, publications)})


# The digest of the data -------------------------------------------------------------------------------------------


@given(st.permutations(TEAMS))
@settings(max_examples=20)
def test_the_order_of_rows_is_not_data(shuffled):
    """The same answers in another order are the same data."""
    assert tally(responses(shuffled)).digest == tally(responses(TEAMS)).digest


def test_the_order_of_columns_is_not_data():
    """The same answers with the items in another order are the same data."""
    asked = instrument({"trust": 3})
    turned = replace(asked, items=asked.items[::-1])
    answers = [((), (1, 2, 3)), ((), (4, 4, 5))]

    backwards = responses([(path, given[::-1]) for path, given in answers], turned)

    assert tally(backwards).digest == tally(responses(answers, asked)).digest


@pytest.mark.parametrize(
    "other",
    [
        TEAMS[:-1],  # one answer fewer
        [*TEAMS, (("D", "B"), (3,))],  # a late one
        [(("D", "A"), (5,)), *TEAMS[1:]],  # a corrected one
        [(("D", "B"), TEAMS[0][1]), *TEAMS[1:]],  # sorted into another team
        [(("D2", *path[1:]), given) for path, given in TEAMS],  # a department under another name
        [(("D", "A"), (0,)), *TEAMS[1:]],  # an answer withdrawn
    ],
)
def test_another_answer_is_other_data(other):
    """Whatever changes the tally changes the digest."""
    assert tally(responses(other)).digest != tally(responses(TEAMS)).digest


def test_names_of_the_wave_and_of_columns_are_not_data():
    """The name of the wave, and the headings under which the units stand, do not enter the digest."""
    plain = tally(responses(TEAMS))
    named = tally(responses(TEAMS, levels=("Abteilung", "Gruppe"), waves=["2026-Q1"] * len(TEAMS)))

    assert named.digest == plain.digest


def test_the_same_answers_given_by_other_people_are_data():
    """The counts of every unit stay when two people swap one answer, but what goes with what does not."""
    one, other = (
        tally(responses([(("D", "A"), given) for given in people], instrument({"a": 1, "b": 1})))
        for people in ([(1, 1), (5, 5)], [(1, 5), (5, 1)])
    )

    assert one.digests.former == other.digests.former
    assert one.digest != other.digest


def test_swapped_names_of_units_are_data():
    """A team and a department that change names are other data."""
    assert tally(responses(team(("A", "B"), 1, 2))).digest != tally(responses(team(("B", "A"), 1, 2))).digest


def test_the_digest_is_the_documented_one():
    """Anybody can make it again from the counts: two lines of JSON, then little-endian integers of 64 bits."""
    counted = tally(responses(team(("B", "Ä"), 1, 0), instrument({"trust": 1}, points=2)))
    sums = [["trust", answered, what] for answered in "01" for what in ("n", "squares", "total")]
    columns = sums + [["trust1", point] for point in ("-1", "0", "1", "2")]
    lines = [["psafety-tally/1", "handmade", 2, columns], [["B", "Ä"]]]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    counts = np.array([2, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0], "<i8")
    former = hashlib.sha256(text.encode() + counts.tobytes()).hexdigest()
    line = json.dumps(["psafety-tally/2", former, ["trust1"]], separators=(",", ":")) + "\n"
    joint = np.array([1, 1, 1, 1, 0, 0], "<i8")  # n, sum, squares, product; nobody left gaps, in either question

    assert counted.digests == (hashlib.sha256(line.encode() + joint.tobytes()).hexdigest(), former)


def test_the_digest_does_not_depend_on_how_counts_are_kept():
    """Other integer types and big-endian counts are the same counts."""
    counted = tally(responses(TEAMS))
    other = replace(
        counted,
        people=counted.people.astype("int32"),
        answers=counted.answers.astype("int16"),
        scores=counted.scores.astype(">i8"),
    )

    assert other.digest == counted.digest


def test_a_survey_without_scores_has_a_digest():
    """A survey of single questions only has no joint scores; its answers are counted all the same."""
    asked = instrument({"single": 2}, outcomes=["single"])

    one, other = (tally(responses([((), answers)], asked)).digest for answers in ((1, 2), (1, 3)))

    assert one != other


def test_the_scoring_is_told_by_what_changes_scores():
    """Turned items, other dimensions and another rule on gaps are another scoring; order and bands are not."""
    asked = instrument({"trust": 2, "voice": 2})
    others = [
        instrument({"trust": 2, "voice": 2}, reverse=["trust1"]),
        instrument({"trust": 2, "voice": 2}, min_answered=0.8),
        instrument({"trust": 2, "voice": 2}, outcomes=["voice"]),
        instrument({"trust": 2, "voice": 2}, low=0),
        replace(asked, items=(replace(asked.items[0], dimension="voice"), *asked.items[1:])),
    ]
    scale = replace(asked.items[0].scale, favourable=frozenset({5}))
    same = replace(asked, items=tuple(replace(item, scale=scale) for item in asked.items[::-1]))

    assert len({scoring_digest(one) for one in (asked, *others)}) == 6
    assert scoring_digest(same) == scoring_digest(asked)


# What it says -----------------------------------------------------------------------------------------------------


def test_the_record_says_what_was_printed():
    """Units with people and the scores that were withheld; no withheld unit, no `rest` row, no answer."""
    survey = people(("D", "A"), 8) + people(("D", "B"), 3) + people(("E", "C"), 9) + team(("E", "F"), *[4] * 6)

    units = report(survey, Policy(cover=0.0)).units

    hidden = {"without_items": ("trust1",), "without_dimensions": ("trust",)}
    assert units == (
        PublishedRow((), 26),
        PublishedRow(("D",), 11),
        PublishedRow(("E",), 15),
        PublishedRow(("E", "C"), 9, **hidden),
        PublishedRow(("E", "F"), 6, **hidden),  # all of one answer
    )


def test_a_skipped_level_keeps_its_place():
    """A team without a department stands in the record under an empty name, as it is known by."""
    survey = [(("", "A"), given) for _, given in people("x", 6)] + people(("D", "B"), 7)

    assert ("", "A") in [unit.path for unit in report(survey, Policy(cover=0.0)).units]


def test_no_figure_enters_the_record():
    """Two surveys of the same people in the same units, with the same cells shown, differ in the digest alone."""
    survey = people(("D", "A"), 9) + people(("D", "B"), 12)
    other = [(path, (6 - given[0],)) for path, given in survey]

    one, two = (replace(report(who, Policy(cover=0.0)), data="") for who in (survey, other))

    assert one == two


# Which reports it lets in -----------------------------------------------------------------------------------------


def test_a_new_wave_enters():
    """The first report on a wave is recorded under a key of its own; other waves stay as they are."""
    before = recorded(report(TEAMS), wave="2026-Q1")
    new = report([*TEAMS, (("D", "A"), (2,))])

    after = joined(before, "2026-Q2", OTHER, new)

    assert after.waves == {**before.waves, "2026-Q2": Wave(OTHER, (new,))}


def test_the_same_report_again_changes_nothing():
    """Another run on the same data is let in, and the record is the very same, whatever file, date or version."""
    record = recorded(report(TEAMS))
    again = replace(report(TEAMS[::-1], date="today"), file="other.xlsx", psafety="2.0")

    assert joined(record, "", OTHER, again) is record


REFUSED = {
    "a late answer": (report([*TEAMS, (("D", "A"), (3,))]), "Answers were added, left out or corrected"),
    "another rule": (report(TEAMS, Policy(min_group=6)), "(min_group was 5, now 6)"),
    "another scoring": (replace(report(TEAMS), scoring="0"), "scored in another way"),
    "other cells": (
        replace(report(TEAMS), units=(PublishedRow((), 21), PublishedRow(("D", "C"), 5))),
        "Other figures on the same answers",
    ),
}


def test_the_same_file_read_with_teams_is_told_what_to_do():
    """Somebody who first left out the team column is not told of new waves and late answers."""
    whole = replace(report(TEAMS), data="0", units=report(TEAMS).units[:1])
    record = recorded(whole)

    with pytest.raises(RecordError, match="other levels of teams and units") as refused:
        joined(record, "", OTHER, report(TEAMS))

    assert refused.value.hint.startswith("If the earlier report was never shared with anybody, add --replaces.")


@pytest.mark.parametrize("what", REFUSED)
def test_the_same_people_in_another_report_are_refused(what):
    """Changed data, rules, scoring or cells of a wave that was reported on are refused, with the ways on."""
    new, said = REFUSED[what]
    record = recorded(report(TEAMS), wave="2026-Q1")

    with pytest.raises(RecordError) as refused:
        joined(record, "2026-Q1", OTHER, new)

    assert said in refused.value.problem
    assert "handmade.csv" in refused.value.where
    for way in ("--replaces", "--earlier FILE", "--record FILE"):
        assert way in refused.value.hint


@pytest.mark.parametrize("what", REFUSED)
def test_what_was_never_shared_is_replaced(what):
    """With `replaces` the new report takes the place of the old one, under the same key."""
    new, _ = REFUSED[what]

    after = joined(recorded(report(TEAMS), wave="2026-Q1"), "2026-Q1", OTHER, new, replaces=True)

    assert after == recorded(new, wave="2026-Q1")


def test_a_report_with_more_of_the_same_takes_the_place_of_the_other():
    """Cuts added to the same cells are let in; so is the first report again, of which nothing is new then."""
    plain = report(TEAMS)
    cut = replace(plain, cuts_data="1", cuts=(PublishedRow((), 11, "Gender", "Women"),))

    after = joined(recorded(plain), "", OTHER, cut)

    assert after == recorded(cut)
    assert joined(after, "", OTHER, plain) is after
    with pytest.raises(RecordError, match="other cuts"):
        joined(after, "", OTHER, replace(cut, cuts_data="2"))


@pytest.mark.parametrize(
    ("known", "new", "named", "said", "hint"),
    [
        ("2026-Q1", "", False, "does not say which wave", "--wave-name"),
        ("", "2026-Q1", False, "a wave without a name", "--wave-name"),
        ("2026-Q1", "2026", True, "covers some of the same months", "--earlier"),
        ("Q1 2026", "2026-Q1", True, "covers some of the same months", "--earlier"),
        ("2026-02", "2026-Q1", True, "covers some of the same months", "--earlier"),
    ],
)
def test_a_wave_that_may_hold_another_is_refused(known, new, named, said, hint):
    """A17: whether the same answers are in both is then not clear, or likely."""
    other = report([*TEAMS, (("D", "A"), (3,))])

    with pytest.raises(RecordError, match=said) as refused:
        joined(recorded(report(TEAMS), wave=known), new, OTHER, other, named=named)

    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("known", "new", "named"),
    [("2026-Q1", "2026-Q2", False), ("", "2026-Q2", True), ("spring", "2026", False), ("2025", "2026-Q1", False)],
)
def test_a_wave_of_its_own_enters(known, new, named):
    """Waves that have no month in common, and what a person says is a wave of its own, are let in."""
    other = report([*TEAMS, (("D", "A"), (3,))])

    after = joined(recorded(report(TEAMS), wave=known), new, OTHER, other, named=named)

    assert set(after.waves) == {known, new}


def test_the_same_answers_under_another_name_are_refused():
    """The same answers would be published twice, under two covers."""
    record = recorded(report(TEAMS), wave="2026-Q1")

    with pytest.raises(RecordError, match=r"same answers stand in the record as the wave “2026-Q1”"):
        joined(record, "2026-Q2", OTHER, report(TEAMS))


def test_a_wave_without_a_name_can_be_named():
    """The same report with a name for the wave gives the recorded wave that name; the key, and so the cover, stay."""
    record = recorded(report(TEAMS))

    assert record.key_for("2026-Q1", report(TEAMS).data) == KEY
    assert record.key_for("2026-Q1", "other data") == ""
    assert joined(record, "2026-Q1", OTHER, report(TEAMS)) == recorded(report(TEAMS), wave="2026-Q1")


def of_version_1(survey: list[Person], wave: str = "") -> Record:
    """The record that an earlier version, whose digests knew nothing of joint answers, kept of a report."""
    return recorded(replace(report(survey), data=tally(responses(survey)).digests.former), wave=wave)


@pytest.mark.parametrize("wave", ["", "2026-Q1"])
def test_a_record_of_version_1_knows_the_same_answers(wave):
    """The report is made again, and the record then holds the digest of this version, under the same key."""
    findings = analyze(responses(TEAMS), key=KEY)
    record = of_version_1(TEAMS, wave)

    renewed = record.renewed(findings.renewed)

    assert renewed == recorded(report(TEAMS), wave=wave)
    assert joined(renewed, wave, OTHER, report(TEAMS)) is renewed
    assert renewed.renewed(findings.renewed) is renewed
    assert renewed.key_for("2026-Q1", findings.data_digest) == KEY


def test_a_record_of_version_1_refuses_other_answers():
    """What is not of these answers stays as it was, and stands in the way as before."""
    other = [*TEAMS, (("D", "A"), (3,))]
    record = of_version_1(TEAMS)

    renewed = record.renewed(analyze(responses(other), key=KEY).renewed)

    assert renewed is record
    with pytest.raises(RecordError, match="Answers were added"):
        joined(renewed, "", OTHER, report(other))


def test_an_earlier_export_is_known_by_a_record_of_version_1():
    """Late answers are checked together with the export that the earlier version made its report of."""
    earlier = tagged(TEAMS)
    old = replace(tagged_report(TEAMS), data=tally(earlier).digests.former)

    after = beside(TEAMS, TEAMS + LATE, recorded(old))

    assert [one.units[0].n for one in after.waves[""].publications] == [21, 51]


# Both together ----------------------------------------------------------------------------------------------------

LATE = [(("D", "A"), (1 + place % 5,)) for place in range(30)]
TWO = instrument({"trust": 1, "tag": 1}, points={"trust": 5, "tag": 10})


def tagged(survey: list[Person]):
    """These people with a second item that nobody of team A answers like somebody of team B."""
    return responses(
        [(path, (*given, 1 + place % 5 + 5 * (path[-1] == "B"))) for place, (path, given) in enumerate(survey)], TWO
    )


def tagged_report(survey: list[Person]):
    """What a report on them prints; both items of all units."""
    return publication(analyze(tagged(survey), Policy(cover=0.0), key=KEY), version="1.0")


def beside(before: list[Person], after: list[Person], record: Record | None = None):
    """The record after a report on `after`, where one on `before` stands there."""
    return joined_beside(
        record or recorded(tagged_report(before)),
        "",
        OTHER,
        tagged_report(after),
        earlier=tagged(before),
        later=tagged(after),
    )


def test_enough_late_answers_enter_beside_the_earlier_report():
    """Where nothing small is set apart, both reports stand in the record, and each can be made again."""
    after = beside(TEAMS, TEAMS + LATE)

    assert [one.units[0].n for one in after.waves[""].publications] == [21, 51]
    assert joined(after, "", OTHER, tagged_report(TEAMS)) is after
    assert beside(TEAMS, TEAMS + LATE, after) is after


def test_few_late_answers_do_not():
    """A16: with three late answers both reports together set three people apart."""
    with pytest.raises(RecordError, match=r"“D / A” in this report − “D / A” in the earlier report = 3 people"):
        beside(TEAMS, TEAMS + LATE[:3])


def test_the_larger_of_two_limits_holds():
    """A20: what was promised with ten is kept: a rule of five beside it is refused where fewer than ten stand apart."""
    survey = people(("D", "A"), 8) + people(("D", "B"), 8) + people(("E", "C"), 20)
    first = report(survey, Policy(min_group=10, cover=0.0))

    with pytest.raises(RecordError, match="fewer than 10 people"):
        joined_beside(
            recorded(first),
            "",
            KEY,
            report(survey, Policy(cover=0.0)),
            earlier=responses(survey),
            later=responses(survey),
        )


def test_a_third_report_is_not_checked_against_two():
    """Where two reports stand in the way, a third is refused; never shared ones can all be replaced."""
    record = beside(TEAMS, TEAMS + LATE)

    with pytest.raises(RecordError, match="2 earlier reports"):
        beside(TEAMS, TEAMS + LATE + LATE, record)

    assert len(joined(record, "", OTHER, tagged_report(TEAMS[1:]), replaces=True).waves[""].publications) == 1


def test_another_export_than_the_earlier_one_is_refused():
    """What is given as the earlier export must be what the earlier report was made of."""
    with pytest.raises(RecordError, match="does not hold the answers"):
        beside(TEAMS[1:], TEAMS + LATE, recorded(tagged_report(TEAMS)))


def test_another_scoring_is_not_compared():
    """Two reports that score answers otherwise are not checked together."""
    new = replace(report(TEAMS + LATE), scoring="0")

    with pytest.raises(RecordError, match="scored in another way"):
        joined_beside(recorded(report(TEAMS)), "", KEY, new, earlier=responses(TEAMS), later=responses(TEAMS + LATE))


@pytest.mark.parametrize("more", [{"cuts": (PublishedRow((), 20, "Gender", "Women"),)}, {"comments": ("Why?",)}])
def test_cuts_and_comments_are_not_compared(more):
    """With cuts or comments it cannot be said what both reports together give away, so it is refused."""
    new = replace(report(TEAMS + LATE), **more)

    with pytest.raises(RecordError, match="Reports with cuts or comments"):
        joined_beside(recorded(report(TEAMS)), "", KEY, new, earlier=responses(TEAMS), later=responses(TEAMS + LATE))


def test_nothing_in_the_way_needs_no_check():
    """An earlier export given without need is not held against the report."""
    after = joined_beside(Record(), "", KEY, report(TEAMS), earlier=responses(TEAMS), later=responses(TEAMS))

    assert after == recorded(report(TEAMS))


def test_too_many_alike_are_refused_in_words(monkeypatch):
    """Where it cannot be told who is who, that is said, and counts as refused."""
    monkeypatch.setattr("psafety.analysis.disclosure.overlap._MOST_PAIRS", 0)
    moved = [(("D", f"{path[1]}2"), given) for path, given in TEAMS]

    with pytest.raises(RecordError, match="cannot be proved"):
        beside(TEAMS, moved)


# The text ---------------------------------------------------------------------------------------------------------

names = st.text(st.characters(codec="utf-8") | st.sampled_from('\u202e\n"\\'), max_size=6)
rows = st.builds(
    PublishedRow,
    path=st.lists(names, max_size=3).map(tuple),
    n=st.integers(0, 10**6),
    attribute=names,
    value=names,
    without_items=st.lists(names, max_size=2).map(tuple),
)


@given(st.dictionaries(names, st.tuples(rows, rows, names), max_size=3))
@settings(max_examples=50)
def test_the_text_says_all_of_it(waves):
    """What is read back is what was written, for any names, and the same record gives the same text."""
    base = report(TEAMS)
    record = Record(
        {
            name: Wave(
                KEY, (base, replace(base, units=(unit,), cuts=(cut,), cuts_data="c", date=date, comments=(name,)))
            )
            for name, (unit, cut, date) in waves.items()
        }
    )

    assert from_text(to_text(record), where="r") == record
    assert to_text(from_text(to_text(record), where="r")) == to_text(record)


def test_the_text_can_be_read_by_a_person():
    """One line for each unit, sorted waves, a first line that says what to do with it, no sign that hides."""
    base = replace(report(TEAMS), units=(PublishedRow((), 21), PublishedRow(("Mö\u202ewe",), 9)))

    lines = to_text(Record({"b": Wave(KEY, (base,)), "a": Wave(KEY, (base,))})).splitlines()

    assert lines[1:3] == [f' "schema": "{SCHEMA}",', f' "about": "{ABOUT}",']
    assert '      {"path": [], "n": 21},' in lines
    assert '      {"path": ["M\\u00f6\\u202ewe"], "n": 9}' in lines
    assert lines.index('  "a": {') < lines.index('  "b": {')


WHOLE = to_text(recorded(report(TEAMS), wave="2026-Q1"))


def edited(change):
    """The record with its waves changed and a checksum that fits, as a careful hand would leave it."""
    document = json.loads(WHOLE)
    change(document["waves"]["2026-Q1"])
    text = json.dumps(document["waves"], sort_keys=True, separators=(",", ":"))
    document["checksum"] = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps(document)


def in_report(**entries):
    """A change of the entries of the first report."""
    return lambda wave: wave["publications"][0].update(entries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid JSON"),
        (WHOLE[: len(WHOLE) // 2], "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "not a record"),
        ('{"schema": "psafety-snapshot/1"}', "not a record"),
        (WHOLE.replace("record/2", "record/3"), "another version"),
        (WHOLE.replace('"n": 21', '"n": 20'), "edited"),
        (WHOLE.replace("2026-Q1", "2026-Q3"), "edited"),
        (WHOLE.replace('"about"', '"About"'), "parts of it are missing"),
        ('{"schema": "psafety-record/1", "about": "", "checksum": "", "waves": []}', "parts of it are missing"),
        (edited(lambda wave: wave.update(key="x")), "a wave is not"),
        (edited(lambda wave: wave.update(key="g" * 32)), "a wave is not"),
        (edited(lambda wave: wave.update(publications=[])), "a wave is not"),
        (edited(lambda wave: wave.update(publications={})), "a wave is not"),
        (edited(lambda wave: wave.update(publications=[1])), "a report in it"),
        (edited(in_report(new=1)), "a report in it"),
        (edited(in_report(data=1)), "a report in it"),
        (edited(in_report(policy={})), "a report in it"),
        (edited(in_report(policy={"min_group": "5", "coalition": 0, "joint_from": 30})), "a report in it"),
        (edited(in_report(items=[1])), "a list of names"),
        (edited(in_report(units=[1])), "a row of a report"),
        (edited(in_report(units=[{"path": []}])), "a row of a report"),
        (edited(in_report(units=[{"path": [], "n": True}])), "a row of a report"),
        (edited(in_report(units=[{"path": [2], "n": 5}])), "a list of names"),
    ],
)
def test_a_damaged_record_is_told(text, said):
    """Whatever is wrong with a record, one message says what, where, and what to try."""
    with pytest.raises(RecordError, match=said) as error:
        from_text(text, where="psafety-record.json")

    assert error.value.where.startswith("psafety-record.json")
    assert error.value.hint


def test_a_record_of_version_1_is_read():
    """It says the same, but that its digests are of counts alone; a run writes it as one of this version."""
    assert from_text(WHOLE.replace("record/2", "record/1"), where="r") == from_text(WHOLE, where="r")


def test_an_unharmed_edit_passes():
    """The record without its line breaks is the same record."""
    assert from_text(json.dumps(json.loads(WHOLE)), where="r") == from_text(WHOLE, where="r")


def test_every_key_is_documented():
    """docs/record.md says what each key of the record is."""
    document = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", document, re.MULTILINE))))
    top, wave = {"schema", "about", "checksum", "waves"}, {"key", "publications"}

    assert top | wave | record_text._KINDS.keys() | record_text._CELLS.keys() <= described


# Pairs ---------------------------------------------------------------------------------------------------------------


def of_waves(*names):
    """A record of waves, of other people's answers each."""
    first = report(TEAMS)
    return Record({name: Wave(KEY, (replace(first, data=f"{at:064}"),)) for at, name in enumerate(names)})


def test_the_pairs_of_two_waves_are_published_once():
    """The same ones may be told again; others, or the same the other way round, only where those were never shared."""
    kept = with_pairs(of_waves("2026-Q1", "2026-Q2"), "2026-Q1", "2026-Q2", "a" * 64)

    assert with_pairs(kept, "2026-Q1", "2026-Q2", "a" * 64) is kept
    for earlier, later in (("2026-Q1", "2026-Q2"), ("2026-Q2", "2026-Q1")):
        with pytest.raises(RecordError, match="by other codes or other rules"):
            with_pairs(kept, earlier, later, "b" * 64)
        replaced = with_pairs(kept, earlier, later, "b" * 64, replaces=True)
        assert replaced.links == ((earlier, later),)
        assert replaced.waves[later].pairs == {earlier: "b" * 64}


def test_pairs_of_waves_form_no_ring():
    """However long: the last of the ring is refused, and those in its way are named. Branches are none."""
    names = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
    record = of_waves(*names)
    for earlier, later in ((0, 1), (1, 3), (0, 2), (2, 4)):
        record = with_pairs(record, names[earlier], names[later], "a" * 64)

    with pytest.raises(RecordError) as caught:
        with_pairs(record, "2026-Q3", "2026-Q4", "a" * 64)

    said = "“2026-Q3” with “2026-Q1”, “2026-Q1” with “2025-Q4”, “2025-Q4” with “2026-Q2”, “2026-Q2” with “2026-Q4”"
    assert said in caught.value.problem
    replaced = with_pairs(record, "2026-Q3", "2026-Q4", "a" * 64, replaces=True)
    assert replaced.links == (("2026-Q3", "2026-Q4"),)


def test_pairs_take_one_record_for_both_waves():
    """Else a ring could be closed over two records, and neither would know."""
    with pytest.raises(RecordError, match="does not hold the wave “2026-Q1”"):
        with_pairs(of_waves("2026-Q2"), "2026-Q1", "2026-Q2", "a" * 64)


@pytest.mark.parametrize(
    ("publications", "words"),
    [
        (lambda one: (replace(one, cuts=(PublishedRow((), 40, "gender", "w"),)),), "groups across the organisation"),
        (lambda one: (one, one), "two reports"),
    ],
)
def test_pairs_do_not_stand_beside_rows_that_overlap(publications, words):
    """They were held against units alone, as one report prints them."""
    record = of_waves("2026-Q1", "2026-Q2")
    wave = record.waves["2026-Q1"]
    other = replace(wave, publications=publications(wave.publications[0]))

    with pytest.raises(RecordError, match=words):
        with_pairs(Record({**record.waves, "2026-Q1": other}), "2026-Q1", "2026-Q2", "a" * 64)


@pytest.mark.parametrize("wave", ["2026-Q1", "2026-Q2"])
def test_a_wave_whose_people_were_compared_gets_no_more_rows(wave):
    """A report with groups says all that the first said and more; comments are no figures."""
    record = with_pairs(of_waves("2026-Q1", "2026-Q2"), "2026-Q1", "2026-Q2", "a" * 64)
    (own,) = record.waves[wave].publications
    with_groups = replace(own, cuts_data="c" * 64, cuts=(PublishedRow((), 40, "gender", "w"),))
    with_comments = replace(own, comments=("Why?",))

    with pytest.raises(RecordError, match="has more rows than there were then"):
        joined(record, wave, "", with_groups)

    assert joined(record, wave, "", with_groups, replaces=True).links == ()
    assert joined(record, wave, "", with_comments).links == record.links


def test_a_wave_whose_people_were_compared_gets_no_second_report():
    """Beside an earlier export: that both together tell nobody is looked into for rows of units alone."""
    waves = {"": Wave(KEY, (tagged_report(TEAMS),), {"2025-Q4": "a" * 64})}

    with pytest.raises(RecordError, match="People of this wave were compared"):
        beside(TEAMS, TEAMS + LATE, Record(waves))


def test_pairs_stand_in_the_text_of_the_record():
    """Beside the reports on the later wave, and only where there are some."""
    record = of_waves("2026-Q1", "2026-Q2")
    kept = with_pairs(record, "2026-Q1", "2026-Q2", "a" * 64)

    assert from_text(to_text(kept), where="record") == kept
    assert '"pairs"' not in to_text(record)


@pytest.mark.parametrize("pairs", [[], {"2026-Q1": "short"}, {"2026-Q1": 3}])
def test_damaged_pairs_are_no_record(pairs):
    """Whoever edits them must not be believed."""
    document = json.loads(to_text(recorded(report(TEAMS))))
    document["waves"][""]["pairs"] = pairs
    document["checksum"] = record_text._checksum(document["waves"])

    with pytest.raises(RecordError, match="pairs"):
        from_text(json.dumps(document), where="record")
