"""The certificate agrees with brute force in exact arithmetic, and names the attacks on cuts."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psafety.analysis.disclosure import certificate
from psafety.analysis.disclosure.certificate import Certifier, Leak, System, in_words

SEARCH = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def system(*atoms: tuple[int, int, tuple[int, ...]], inside: tuple[int, ...]) -> System:
    """Atoms as (people, residue, innermost cut of each attribute)."""
    n, residues, cuts = zip(*atoms, strict=True)
    return System(
        np.array(n), np.array(residues, np.intp), np.array(cuts, np.intp).reshape(len(n), -1), np.array(inside, np.intp)
    )


@st.composite
def systems(draw: st.DrawFn, *, k: int) -> System:
    """Up to five residues of k people and more in up to three units; up to two attributes, printed here and there."""
    units = draw(st.integers(1, 3))
    cut: dict[tuple[int, int, int | None], int] = {}
    inside: list[int] = []
    attributes = draw(st.integers(1, 2))
    for attribute in range(attributes):
        for value in range(draw(st.integers(1, 3))):
            for unit in (None, *range(units)):
                if draw(st.booleans()):
                    cut[attribute, value, unit] = len(inside)
                    inside.append(cut.get((attribute, value, None), -1) if unit is not None else -1)
    atoms: dict[tuple[int, tuple[int, ...]], int] = {}
    for residue in range(draw(st.integers(1, 4))):
        unit = draw(st.integers(0, units - 1))
        for _ in range(draw(st.integers(k, k + 5))):
            stated = [draw(st.integers(0, 2)) for _ in range(attributes)]
            cuts = tuple(
                cut.get((attribute, value, unit), cut.get((attribute, value, None), -1))
                for attribute, value in enumerate(stated)
            )
            atoms[residue, cuts] = atoms.get((residue, cuts), 0) + draw(st.integers(1, 2))
    return system(*((n, residue, cuts) for (residue, cuts), n in atoms.items()), inside=tuple(inside))


def around(printed: System, cut: int) -> Iterator[int]:
    """A cut and those that hold it."""
    while cut >= 0:
        yield cut
        cut = int(printed.inside[cut])


def rows_of(printed: System) -> list[list[int]]:
    """The printed rows, atom by atom: residues, then cuts."""
    residues = [
        [int(home == residue) for home in printed.residues] for residue in sorted(set(printed.residues.tolist()))
    ]
    held = [{outer for cut in atom for outer in around(printed, int(cut))} for atom in printed.cuts]
    return residues + [[int(cut in atom) for atom in held] for cut in range(len(printed.inside))]


def rank(rows: list[list[int]]) -> int:
    basis: list[tuple[int, list[Fraction]]] = []
    for line in rows:
        left = [Fraction(entry) for entry in line]
        for lead, known in basis:
            left = [entry - left[lead] * other for entry, other in zip(left, known, strict=True)]
        if any(left):
            lead = next(column for column, entry in enumerate(left) if entry)
            basis.append((lead, [entry / left[lead] for entry in left]))
    return len(basis)


def is_leaky(printed: System, k: int) -> bool:
    """Whether some combination of rows is zero for everybody but 1 to k - 1 people: leaving them out costs a rank."""
    rows = rows_of(printed)
    small = [atom for atom, n in enumerate(printed.n) if n < k]
    return any(
        rank([[entry for atom, entry in enumerate(row) if atom not in few] for row in rows]) < rank(rows)
        for size in range(1, k)
        for few in combinations(small, size)
        if sum(int(printed.n[atom]) for atom in few) < k
    )


def support(printed: System, leak: Leak) -> int:
    """How many people the rows of a leak, added up, speak of."""
    held = [[outer for cut in atom for outer in around(printed, int(cut))] for atom in printed.cuts]
    cuts, residues = dict(leak.cuts), dict(leak.residues)
    value = [
        residues.get(int(home), 0) + sum(cuts.get(cut, 0) for cut in atom)
        for home, atom in zip(printed.residues, held, strict=True)
    ]
    return sum(int(n) for n, times in zip(printed.n, value, strict=True) if times)


@pytest.mark.parametrize("k", [3, 4])
@SEARCH
@given(data=st.data())
def test_the_certificate_agrees_with_brute_force(k: int, data: st.DataObject) -> None:
    """It finds a leak exactly where there is one, and the rows it names add up to that many people."""
    printed = data.draw(systems(k=k))
    leaks = Certifier(k).leaks(printed)

    assert bool(leaks) == is_leaky(printed, k)
    assert all(leak.people == support(printed, leak) and 1 <= leak.people < k for leak in leaks)


@pytest.mark.parametrize("prime", [2, 3, 5])
@settings(SEARCH, max_examples=30)
@given(data=st.data())
def test_a_rank_that_drops_modulo_the_prime_never_hides_a_leak(prime: int, data: st.DataObject) -> None:
    """With a prime so small that ranks do drop, a leak may be suspected where there is none, but none is missed."""
    printed = data.draw(systems(k=3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "PRIME", prime)
        leaks = Certifier(3).leaks(printed)

    assert leaks or not is_leaky(printed, 3)
    assert all(leak.people is None or leak.people == support(printed, leak) for leak in leaks)


@settings(SEARCH, max_examples=30)
@given(data=st.data())
def test_a_search_that_ends_early_counts_as_a_leak(data: st.DataObject) -> None:
    """Where the steps do not suffice, the system is not called safe."""
    printed = data.draw(systems(k=4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "_MOST_STEPS", 0)
        leaks = Certifier(4).leaks(printed)

    assert leaks or not is_leaky(printed, 4)


def test_what_was_proved_safe_is_not_searched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items share most of their parts: a part that was proved safe is remembered."""
    crossed = system(
        *((1, home, ((home + person) % 2, 2 + person % 3)) for home in range(4) for person in range(7)),
        inside=(-1, -1, -1, -1, -1),
    )
    certifier = Certifier(3)
    first = certifier.leaks(crossed)
    monkeypatch.setattr(certificate._Search, "leak", lambda _: pytest.fail("searched again"))

    assert first == certifier.leaks(crossed) == ()


def test_the_three_who_are_left_between_a_team_and_the_women() -> None:
    """A6: team X is 8 women and a man, two more women sit elsewhere: women less X speaks of three people."""
    printed = system((8, 0, (0,)), (1, 0, (-1,)), (2, 1, (0,)), (49, 1, (-1,)), inside=(-1,))
    leaks = Certifier(5).leaks(printed)

    said = [in_words(leak, {0: "Women (organisation)"}, {0: "Team X", 1: "organisation"}, {0: 1}) for leak in leaks]
    assert said == ["Women (organisation) − Team X = 3 people"]


def test_the_three_who_are_left_between_a_division_and_the_organisation() -> None:
    """A7: women of the organisation less women of division A are the three of division B, whose cell is hidden."""
    printed = system((40, 0, (1,)), (20, 0, (-1,)), (3, 1, (0,)), (57, 1, (-1,)), inside=(-1, 0))
    leaks = Certifier(5).leaks(printed)

    names = {0: "Women (organisation)", 1: "Women (A)"}
    assert [in_words(leak, names, {0: "A", 1: "B"}, {}) for leak in leaks] == [
        "Women (organisation) − Women (A) = 3 people"
    ]


def test_a_leak_that_takes_a_row_twice_says_so() -> None:
    """Rows that are added more than once are named with how often; what could not be told is said as well."""
    names = {0: "Women", 1: "Men"}

    assert in_words(Leak(1, ((0, -2), (1, 1)), ((0, 1),)), names, {0: "X"}, {}) == "2·Women − Men − X = 1 person"
    assert in_words(Leak(None, ((0, 1), (1, 1)), ()), names, {}, {}) == "not proved safe: Women, Men"


def test_nothing_printed_has_no_leak() -> None:
    """Without cuts there is nothing that the hierarchy's own rule does not cover."""
    assert Certifier(5).leaks(system((5, 0, ()), (6, 1, ()), inside=())) == ()
