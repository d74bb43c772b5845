"""In which language something is written, as far as a few words tell; else nobody knows."""

import re
from collections import Counter

# Words that are frequent in one of these languages and rare in the others.
WORDS = {
    "en": "the and you your is are was this that with for what when how have would please yes "
    "hello thanks want can could we it of my do does i'm there",
    "de": "der die das und ich du sie ist sind nicht ein eine mit für was wann wie bitte danke ja "
    "hallo möchte kann wir auf mein habe haben es zu den dem gerne schon ihr",
    "fr": "le la les et je vous est sont pas un une avec pour quoi quand comment merci oui bonjour "
    "voudrais peux nous mon ai avez c'est du des votre que qui bien",
    "es": "el los las y yo usted es son no un una con para qué cuándo cómo gracias sí hola quiero "
    "puedo nosotros mi tengo tiene del por su está buenos me gustaría",
    "it": "il gli le e io lei è sono non un una con per che quando come grazie sì ciao vorrei "
    "posso noi mio ho della del buongiorno suo può anche",
    "pt": "o os as e eu você é são não um uma com para que quando como obrigado obrigada sim olá "
    "quero posso nós meu tenho do da por seu está bom",
    "nl": "de het en ik je u is zijn niet een met voor wat wanneer hoe dank ja hallo wil kan wij "
    "mijn heb hebt van graag ook naar uw",
}
_SETS = {language: frozenset(words.split()) for language, words in WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Fewer words than that of a language say nothing, nor does a second one that is as near.
LEAST, TIMES = 3, 1.5


def guess(text: str) -> str:
    """Return the code of the language of a text, "" where it is not clear."""
    tokens = [token.casefold().replace("’", "'") for token in _TOKEN.findall(text)]
    counted = Counter({code: sum(t in words for t in tokens) for code, words in _SETS.items()})
    (first, most), (_, second) = counted.most_common(2)
    return first if most >= LEAST and most >= TIMES * second else ""


def script_of(text: str) -> str:
    """Return the script in which most letters of a text are; "" where there are hardly any."""
    letters = [c for c in text if c.isalpha()]
    counted = Counter(_script(c) for c in letters)
    if len(letters) < 4:
        return ""
    return counted.most_common(1)[0][0]


def _script(letter: str) -> str:
    for name, first, last in SCRIPTS:
        if first <= letter <= last:
            return name
    return "other"


SCRIPTS = (
    ("latin", "A", "\u024f"),
    ("greek", "\u0370", "\u03ff"),
    ("cyrillic", "\u0400", "\u052f"),
    ("hebrew", "\u0590", "\u05ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("indic", "\u0900", "\u0dff"),
    ("thai", "\u0e00", "\u0e7f"),
    ("hangul", "\uac00", "\ud7af"),
    ("east_asian", "\u3040", "\u9fff"),
)


def differ(one: str, other: str) -> bool:
    """Return whether two texts are clearly in two languages."""
    scripts = {script_of(one), script_of(other)} - {""}
    if len(scripts) > 1:
        return True
    languages = {guess(one), guess(other)} - {""}
    return len(languages) > 1
