"""The cover: a few cells of teams that are withheld by lot, so that no withheld cell tells why it is."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


def covered(key: str, paths: Sequence[tuple[str, ...]], items: Sequence[str], share: float) -> npt.NDArray[np.bool_]:
    """(units × items) which cells are withheld by lot.

    key: hexadecimal; the secret of the wave. Who does not know it cannot tell a covered cell from any other.
    paths: the names of each unit, from the outermost level inwards. items: their ids. share: how many, 0 to 1.
    Whether a cell is covered depends on the key, the path and the id alone: not on any answer, and not on which other
    units and items there are. A key is used for one wave; the name of the wave does not enter, so it can be corrected.

    Method: a keyed BLAKE2b of every path and of every id; the two words of a cell are mixed to a number from 0 to 1.
    """
    units = _hashed(key, b"unit", ("\0".join(path) for path in paths))
    questions = _hashed(key, b"item", items)
    mixed = _scrambled(_scrambled(units[:, None, 0] ^ questions[:, 0]) ^ units[:, None, 1] ^ questions[:, 1])
    return np.asarray((mixed >> np.uint64(11)) * 2.0**-53 < share)


def _hashed(key: str, purpose: bytes, names: Iterable[str]) -> Words:
    """(names × 2) words of 64 bits."""
    secret = bytes.fromhex(key)
    digests = [
        hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16, key=secret, person=purpose).digest()
        for name in names
    ]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64).reshape(-1, 2)


def _scrambled(words: Words) -> Words:
    """Each word as another, so that words which differ in one bit differ in half of them (splitmix64's last step)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
