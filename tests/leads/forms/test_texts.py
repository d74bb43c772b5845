"""The fixed texts: the same ones in every language, with the same gaps."""

import re
from collections.abc import Sequence

import pytest

from leads.forms import texts
from leads.forms.definition import Language

ENGLISH = texts.of(Language.ENGLISH)
# Where a language has another word order, it needs no weekday.
GAP = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", list(Language)[1:])
def test_language_has_all_texts_and_their_gaps(language):
    own = texts.of(language)

    assert own.keys() == ENGLISH.keys()
    for name, text in own.items():
        if isinstance(text, str):
            assert set(GAP.findall(text)) == set(GAP.findall(ENGLISH[name])), name
        else:
            assert isinstance(text, Sequence) and len(text) == len(ENGLISH[name])
