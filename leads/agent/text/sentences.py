"""Sentences that are sent without the model, in the language in which the lead writes."""

from enum import Enum

from leads.agent.text import languages


class Sentence(Enum):
    """What is said."""

    FAILED = "failed"  # the agent has no answer: a person will
    TEXT_ONLY = "text_only"
    HANDED_OVER = "handed_over"  # what came cannot be read: a person does


TEXTS = {
    "en": {
        Sentence.FAILED: "Sorry, I cannot answer that right now. A person of our team will write "
        "to you here.",
        Sentence.TEXT_ONLY: "Sorry, I can only read text for now. Could you write it to me?",
        Sentence.HANDED_OVER: "I cannot open this, so a person of our team will look at it and "
        "write to you here.",
    },
    "de": {
        Sentence.FAILED: "Entschuldigung, das kann ich gerade nicht beantworten. Jemand aus "
        "unserem Team schreibt Ihnen hier.",
        Sentence.TEXT_ONLY: "Entschuldigung, ich kann im Moment nur Text lesen. Könnten Sie es "
        "mir schreiben?",
        Sentence.HANDED_OVER: "Das kann ich nicht öffnen. Jemand aus unserem Team sieht es sich "
        "an und schreibt Ihnen hier.",
    },
    "fr": {
        Sentence.FAILED: "Désolé, je ne peux pas répondre à cela pour le moment. Une personne de "
        "notre équipe vous écrira ici.",
        Sentence.TEXT_ONLY: "Désolé, je ne peux lire que du texte pour le moment. Pourriez-vous "
        "me l'écrire ?",
        Sentence.HANDED_OVER: "Je ne peux pas ouvrir cela. Une personne de notre équipe va le "
        "regarder et vous écrira ici.",
    },
    "es": {
        Sentence.FAILED: "Lo siento, ahora mismo no puedo responder a eso. Una persona de nuestro "
        "equipo le escribirá aquí.",
        Sentence.TEXT_ONLY: "Lo siento, por ahora solo puedo leer texto. ¿Me lo puede escribir?",
        Sentence.HANDED_OVER: "No puedo abrir esto. Una persona de nuestro equipo lo mirará y le "
        "escribirá aquí.",
    },
}


def say(sentence: Sentence, lead_words: str) -> str:
    """Return a sentence in the language of what the lead wrote, English where that is not clear."""
    return TEXTS.get(languages.guess(lead_words), TEXTS["en"])[sentence]
