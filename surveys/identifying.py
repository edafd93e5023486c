"""Which headers promise something that leads to a person: such columns are never read."""

import re

from .cells import fold

_THINGS = r"""
    (?: (?:first|fore|given|last|family|middle|maiden|full|user|nick|login|display|sur)\ ?)? names?
    | (?:vor|nach|familien|ruf|benutzer|nutzer|anmelde)?\ ?namen? | initials | initialen | signature | unterschrift
    | e?mails? | e?mail\ ?adressen? | login | ssn | uuid | guid | id | token | ip | respondent | participant | recipient
    | teilnehmer(?:in)? | (?:tele)?phone | mobile | cell(?:phone)? | fax | handy | (?:mobil)?telefon
    | (?:telefon|handy|mobil|mobilfunk|fax)\ ?nummer | adresse | address | anschrift | street | straße | strasse
    | zip\ ?(?:code)? | post(?:al)?\ ?code | plz | postleitzahl | mac\ address | device\ ?id
    | latitude | longitude | lat | lon | lng | gps | geo\ ?location | coordinates | koordinaten | breitengrad
    | längengrad | location\ (?:latitude|longitude|accuracy) | date\ of\ birth | birth\ ?da(?:te|y) | dob
    | geburts(?:datum|tag)
    | (?:employee|staff|personnel|person|worker|member|payroll|badge|passport|student|social\ security|unique|user
      |subject|respondent|participant|response|record|submission|contact|panelist|personal|mitarbeiter(?:in)?|angestellten
      |matrikel|ausweis|sozialversicherungs|teilnehmer(?:in)?)\ ?(?:id|number|no|nr|nummer|code|key|kennung)
"""
_WHOSE = r"""
    vor|your|my|the|a|of|and|or|for|work|business|office|private|personal|home|contact|recipient|respondent|employee|manager
    |supervisor|optional|number|no|nr|please|enter|give|us|what|is|are|external|data|reference|dein|deine|deiner|ihr|ihre
    |ihrer|mein|meine|der|die|das|des|von|und|oder|für|bitte|geschäftliche?|dienstliche?|private?|angeben|eingeben|wie
    |lautet|ist|empfängers|führungskraft|vorgesetzter?
"""
_IDENTIFYING = re.compile(rf"(?:(?:{_WHOSE})\ )*(?:{_THINGS})(?:\ (?:{_WHOSE}|{_THINGS}))*", re.VERBOSE)
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-z])")
_MOST_WORDS = 8


def header_words(header: str) -> list[str]:
    """The words of a header, folded, CamelCase and codes taken apart; no numbers and no single letters.

    >>> header_words("Q3_1. LikelyToRecommend"), header_words("E-Mail-Adresse")
    (['likely', 'to', 'recommend'], ['email', 'adresse'])
    """
    words = _WORD.findall(fold(_HUMP.sub(" ", header)))
    text = re.sub(r"\be mail", "email", " ".join(words))
    return [word for word in text.split() if len(word) > 1 or word == "a"]


def is_identifying(header: str) -> bool:
    """Whether a header names nothing but what leads to a person: "Your e-mail address (optional)", "LocationLatitude".

    A question that only contains such a word is none: "I can name problems openly".
    """
    words = header_words(header)
    return len(words) <= _MOST_WORDS and bool(_IDENTIFYING.fullmatch(" ".join(words)))
