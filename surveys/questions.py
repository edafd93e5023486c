"""Question texts: what a header may stand for, and when two texts are one question."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from .cells import fold

NEARLY_SAME = 0.9  # how alike two texts must be to count as the same question
_ANY_LIKENESS = 0.8  # below this, texts are not alike at all
_SAME_WORD = 0.8  # how alike two words must be to count as one, spelled in two ways

_NEGATIONS = re.compile(
    r"\b(?:not|no|nor|never|none|nobody|nothing|without|hardly|rarely|seldom|cannot|nicht|nichts|kein\w*|nie|niemals"
    r"|niemand|ohne|kaum|selten)\b|n't\b"
)
# Words that may come or go without another meaning.
_LIGHT_WORDS = frozenset(
    {
        *("a", "an", "the", "this", "that", "these", "our", "my", "your", "their", "us", "we", "i", "you", "they"),
        *("in", "on", "at", "of", "to", "for", "with", "by", "from", "and", "is", "are", "am", "be", "been", "have"),
        *("has", "had", "do", "does", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem"),
        *("einer", "unser", "unsere", "unserem", "unserer", "unseren", "mein", "meine", "meinem", "meiner", "meinen"),
        *("dein", "deine", "ihr", "ihre", "im", "am", "zu", "zum", "zur", "an", "auf", "von", "vom", "bei", "und"),
        *("ist", "sind", "bin", "wir", "ich", "sie", "es", "uns", "mir", "mich", "dass"),
    }
)
# Where, in a header, another text may begin: after a code, a number, the question of a grid, a colon.
_BREAK = re.compile(r"[-:;.?!)\]\[_|>/=]+\s*")
_MOST_PARTS = 30  # of a header; the last ones, as the row of a grid stands at the end
_TRAILER = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")  # "(1 = never, 5 = always)"
_NUMBER = re.compile(
    r"(?:[(\[]?(?:[a-z]{1,12} ?)?\d+[a-z]?(?:[._-]\d+)*|[(\[]?[a-z](?=[.)\]]))\s*[.:)\]_|-]+\s*|q?\d+\s+"
)


def question_texts(header: str) -> tuple[str, ...]:
    """The texts a header may stand for, folded: itself; without numbering; its parts up to the end, as in a grid.

    >>> question_texts("Q3. We listen.")[:2], question_texts("How far do you agree? [We listen.]")[-1]
    (('q3. we listen', 'we listen'), 'we listen')
    """
    whole = fold(header)
    unnumbered = without_number(whole)
    breaks = [match.end() for match in _BREAK.finditer(whole)][-_MOST_PARTS:]
    parts = [fold(whole[start:]).removesuffix("]").rstrip(" .") for start in breaks]
    trimmed = [fold(_TRAILER.sub("", text)) for text in (unnumbered, *parts)]
    return tuple(text for text in dict.fromkeys([whole, unnumbered, *trimmed, *parts]) if text)


def without_number(folded: str) -> str:
    """The text without what counts the question: "3.", "Q3_1 -", "a)", "(2)", "Frage 4:", "rse16a.".

    >>> without_number("q3_1 - we listen"), without_number("a) we listen"), without_number("we listen")
    ('we listen', 'we listen', 'we listen')
    """
    match = _NUMBER.match(folded)
    return fold(folded[match.end() :]) if match else folded


def likeness(texts: Iterable[str], wordings: Iterable[str]) -> float:
    """How alike the nearest of some folded texts and of some wordings are, 0 to 1; 0 where they do not say the same."""
    wordings = [fold(wording) for wording in wordings]
    return max((_likeness(text, wording) for text in texts for wording in wordings), default=0.0)


def _likeness(mine: str, theirs: str) -> float:
    if 2 * min(len(mine), len(theirs)) < _ANY_LIKENESS * (len(mine) + len(theirs)):
        return 0.0  # their lengths alone keep them apart
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.quick_ratio() < _ANY_LIKENESS or not _says_the_same(mine, theirs):
        return 0.0
    return matcher.ratio()


def _says_the_same(mine: str, theirs: str) -> bool:
    """Whether two texts deny alike, and differ only in the spelling of words and in light words."""
    if sorted(_NEGATIONS.findall(mine)) != sorted(_NEGATIONS.findall(theirs)):
        return False
    a, b = (re.findall(r"[\w']+", text) for text in (mine, theirs))
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = ([word for word in words if word not in _LIGHT_WORDS] for words in (a[a1:a2], b[b1:b2]))
        if kind != "equal" and (len(gone) != len(come) or not all(map(_same_word, gone, come))):
            return False
    return True


def _same_word(mine: str, theirs: str) -> bool:
    """Whether two words are one, spelled or inflected differently; "able" and "unable", "3" and "8" are not."""
    if mine[0] != theirs[0] or mine.endswith(theirs) or theirs.endswith(mine) or not (mine + theirs).isalpha():
        return mine == theirs
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _SAME_WORD
