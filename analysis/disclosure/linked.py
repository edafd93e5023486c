"""Comparisons of the people in two waves, in the record: which waves they link, and whether one more may join them."""

from dataclasses import replace
from itertools import pairwise

from ...surveys.errors import RecordError
from .record import Record


def with_pairs(record: Record, earlier: str, later: str, fingerprint: str, *, replaces: bool = False) -> Record:
    """The record with a comparison of the people in two waves; the very same where it knows this one.

    Waves that are linked by such comparisons may not form a ring: with the people of the first and second wave, the
    second and third, and the first and third compared, the three sums of changes add up to those of the few who were in
    two of the waves and not in the other (docs/proofs.md).
    earlier, later: names of the waves. replaces: comparisons in the way were never shared with anybody; they leave.
    Raises RecordError where the two are linked already, by other pairs of their own or by way of other waves; where the
    record does not hold both; or where more is printed of one than the rows that pairs were held against.
    """
    for name in (earlier, later):
        _open_to_pairs(record, name)
    if record.waves[later].pairs.get(earlier) == fingerprint:
        return record
    way = _linked(record, earlier, later)
    if way and not replaces:
        raise _linked_already(way)
    left = record.without_pairs(set(pairwise(way)))
    wave = left.waves[later]
    return Record({**left.waves, later: replace(wave, pairs={**wave.pairs, earlier: fingerprint})})


def _open_to_pairs(record: Record, name: str) -> None:
    if name not in record.waves:
        raise RecordError(
            f"The record does not hold the wave “{name}”, so that nobody could know later which people were compared.",
            hint="Keep one record for both waves: --record FILE.",
        )
    publications = record.waves[name].publications
    if len(publications) > 1 or any(one.cuts for one in publications):
        what = "groups across the organisation" if any(one.cuts for one in publications) else "two reports"
        raise RecordError(
            f"Of the wave “{name}” {what} were published. That people who are compared by their codes cannot be told"
            " apart with these was not proved.",
            hint="Leave out --link.",
        )


def _linked(record: Record, one: str, other: str) -> tuple[str, ...]:
    """The waves on the way from one to another by comparisons of people, both among them; () where there is none."""
    ways: dict[str, tuple[str, ...]] = {one: (one,)}
    for _ in record.links:
        for link in (*record.links, *(link[::-1] for link in record.links)):
            if link[0] in ways:
                ways.setdefault(link[1], (*ways[link[0]], link[1]))
    return ways.get(other, ())


def _linked_already(way: tuple[str, ...]) -> RecordError:
    earlier, later = way[0], way[-1]
    if len(way) == 2:
        return RecordError(
            f"The people in both “{earlier}” and “{later}” were compared before, by other codes or other rules. Whoever"
            " holds both comparisons can subtract one from the other.",
            hint="Use the codes and rules of the first comparison, or leave out --link. If that comparison was never"
            " shared with anybody, add --replaces.",
        )
    steps = ", ".join(f"“{one}” with “{other}”" for one, other in pairwise(way))
    return RecordError(
        f"The people of these waves were compared by their codes before: {steps}. Together with “{earlier}” and"
        f" “{later}”, it could be worked out what the few answered who were in some of these waves and not in others.",
        hint="Leave out --link: the waves are compared all the same. If none of the earlier comparisons of people was"
        " ever shared with anybody, add --replaces.",
    )
