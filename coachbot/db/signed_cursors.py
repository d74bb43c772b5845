"""Cursors for other people's programs: nobody makes one up, and each is good for one list only."""

import json
from collections.abc import Sequence

from django.core import signing

from coachbot.db.keyset import BadCursor

SEPARATOR = "."


def sign(cursor: str, *, of: Sequence[str]) -> str:
    """Return a cursor of coachbot.db.keyset as it is given out. of: what its list is of."""
    return _signer(of).sign(cursor)


def read(text: str, *, of: Sequence[str]) -> str:
    """Return the cursor that was signed for the same list. Raises BadCursor for anything else."""
    try:
        return _signer(of).unsign(text)
    except signing.BadSignature as error:
        raise BadCursor("No page of this list.") from error


def _signer(of: Sequence[str]) -> signing.Signer:
    # The list itself is only part of the signature, so a cursor tells nothing of it.
    return signing.Signer(salt=f"{__name__} {json.dumps(of)}", sep=SEPARATOR)
