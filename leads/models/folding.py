"""Text as it is searched: without regard to accents, case and Unicode form."""

import re
import unicodedata

from django.db import models

# Letters that Unicode does not take apart.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"}
)
# Marks that make another sound of a Japanese syllable: no accents.
VOICED = "\u3099\u309a"
# Scripts that put no space between words: Thai to Khmer, Japanese and Chinese, Korean.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)


def fold(text: str) -> str:
    """Return text without accents, in lower case and one Unicode form: `emilie` for `ÉMILIE`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in apart if c in VOICED or unicodedata.category(c) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFKC", "".join(kept)).translate(PLAIN)


def searchable(text: str) -> str:
    """Return text in which each word can be found by its beginning.

    Where words are not spaced, one may begin at any letter: 山田太郎 is found by 太郎.
    """
    folded = fold(text)
    ends = (run[place:] for run in UNSPACED.findall(folded) for place in range(1, len(run)))
    return " ".join([folded, *ends])


class SearchableField(models.TextField):
    """What the words of other columns are searched by; empty where they are plain ASCII.

    sources: names of text columns.
    """

    is_computed = True

    def __init__(self, *, sources: tuple[str, ...] = (), **options):
        options.update(editable=False, blank=True, default="", db_default="")
        super().__init__(**options)
        self.sources = sources

    def deconstruct(self):
        name, path, arguments, options = super().deconstruct()
        for computed in ("editable", "blank", "default", "db_default"):
            options.pop(computed, None)
        return name, path, arguments, {**options, "sources": self.sources}

    def pre_save(self, instance, add):
        text = " ".join(getattr(instance, source) for source in self.sources)
        found = "" if text.isascii() else searchable(text)
        setattr(instance, self.attname, found)
        return found
