"""A key that was entered and is not stored yet: sealed, it goes through the page that asks on.

So the key itself is never sent back. It opens for the same person and workspace, for an hour.
"""

import time

from coachbot.sealing import CannotUnseal, seal, unseal

SECONDS = 3_600
BOUND_TO = "entered_key"


def carry(api_key: str, *, workspace_id: int, user_id: int) -> str:
    """Return a key as text that a page may hold."""
    return seal({"key": api_key, "at": time.time()}, BOUND_TO, workspace_id, user_id)


def taken_from(carried: str, *, workspace_id: int, user_id: int) -> str:
    """Return the key in such text; "" where it is none, too old, or somebody else's."""
    try:
        content = unseal(carried, BOUND_TO, workspace_id, user_id)
    except CannotUnseal:
        return ""
    return str(content["key"]) if time.time() - content["at"] < SECONDS else ""
