"""The texts that are the same in every form, in its language."""

from collections.abc import Mapping
from typing import Any

from leads.forms.definition import Language
from leads.forms.texts import de, en, es, fr

_TEXTS: Mapping[str, Mapping[str, Any]] = {
    Language.ENGLISH: en.TEXTS,
    Language.GERMAN: de.TEXTS,
    Language.SPANISH: es.TEXTS,
    Language.FRENCH: fr.TEXTS,
}


def of(language: Language) -> Mapping[str, Any]:
    """Return the texts of a language by their names; all languages have the same."""
    return _TEXTS[language]
