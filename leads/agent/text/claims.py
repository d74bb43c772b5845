"""Whether a text says that an appointment is made, moved or called off.

Sentence by sentence: a question, an offer or a condition claims nothing.
"""

import re

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
MADE = re.compile(
    r"\b(?:(?<!fully )(?<!already )booked|you(?:(?:'|’)?re| are| have)(?: been)? already booked|"
    r"you(?:'|’)?re (?:all )?(?:set|in|confirmed|scheduled)|you are (?:all )?"
    r"(?:set|confirmed|scheduled)|(?:appointment|consult(?:ation)?|call|slot|meeting|session|time|"
    r"place|spot|booking)\b[^.!?\n]{0,40}\b(?:is|has been|was|now)\b[^.!?\n]{0,20}\b(?:confirmed|"
    r"set|scheduled|reserved|arranged|fixed)|(?:i(?:'|’)?ve|i have|we(?:'|’)?ve|we have)\s+"
    r"(?:just |now |already )?(?:confirmed|scheduled|reserved|arranged|put you (?:in|down))|"
    r"see you (?:on|at|tomorrow|then|next)|"
    r"gebucht|(?:termin|beratung)\b[^.!?\n]{0,40}\b(?:steht|bestätigt|fix|reserviert|eingetragen|"
    r"vereinbart)|bis (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen)\b|"
    r"réservée?|(?:rendez-vous|rdv)\b[^.!?\n]{0,30}\b(?:confirmé|fixé|pris)|"
    r"reservad[ao]|agendad[ao]|(?:cita|consulta)\b[^.!?\n]{0,30}\b(?:confirmada|hecha)|"
    r"prenotat[ao]|appuntamento\b[^.!?\n]{0,30}\b(?:confermato|fissato)|marcad[ao]|geboekt|"
    r"afspraak\b[^.!?\n]{0,30}\b(?:bevestigd|staat))\b",
    re.IGNORECASE,
)
# What the agent has no tool for: it can only promise that a person does it.
CHANGED = re.compile(
    r"\b(?:i(?:'|’)?ve|i have|we(?:'|’)?ve|we have|i)\s+(?:just |now |already )?"
    r"(?:cancel(?:l)?ed|rescheduled|moved|changed) (?:it|your|the)\b|"
    r"(?:ich habe|habe)\b[^.!?\n]{0,40}\b(?:storniert|verschoben|abgesagt)\b|"
    r"\bj(?:'|’)ai (?:annulé|déplacé)\b|\bhe (?:cancelado|cambiado)\b",
    re.IGNORECASE,
)
# What leaves it open: a condition anywhere before, or a word of the same part of the sentence.
IF = re.compile(
    r"\b(?:once(?! again| more)|if|when|after|until|before|as soon as|wenn|sobald|falls|bis|si|"
    r"quand|avant|dès|cuando|antes|se|quando|prima|als|zodra|voordat)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:not|no|never|would|could|can|may|might|shall|should|want|like|need|will be|let me|to be|"
    r"get you|unfortunately|nicht|kein\w*|noch|kann|könn\w*|möchte\w*|soll\w*|würde\w*|werden|"
    r"pas|peux|pouvez|voulez|puede\w*|quiere\w*|non|può|vuole|não|niet|kunt|wilt)\b|"
    r"\w+n(?:'|’)t\b",
    re.IGNORECASE,
)
PART = re.compile(r"[,;:()–—]|\s-\s")
# "I can confirm that ..." leaves nothing open.
ASSURED = re.compile(r"\b(?:can|could|may|want to|like to) (?:gladly |happily )?confirm\b", re.I)


def claims_booking(text: str) -> bool:
    """Return whether a text says that something is booked."""
    return any(_states(sentence, MADE) for sentence in SENTENCE.split(text))


def claims_change(text: str) -> bool:
    """Return whether a text says that the agent moved or cancelled an appointment."""
    return any(_states(sentence, CHANGED) for sentence in SENTENCE.split(text))


def _states(sentence: str, said: re.Pattern[str]) -> bool:
    """Return whether a sentence states something; what comes before it may leave it open."""
    plain = ASSURED.sub("confirm", sentence)
    found = said.search(plain)
    if found is None or plain.rstrip().endswith("?"):
        return False
    before = plain[: found.start()]
    return not (IF.search(before) or OPEN.search(PART.split(before)[-1]))
