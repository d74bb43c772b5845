"""Who is counted in windows that do not end during a test.

The windows of a rate limit are fixed; where they begin depends on who is counted (the source is
django_ratelimit.core). A test that crosses an end sees one request more than the limit, so
it draws somebody else. Most windows in use are a whole number of minutes: one that ends together
with no minute does not end at all. Where a test waits for the end of a shorter one, it says how
many seconds that has.
"""

import time
import zlib

from tests.client import Api
from tests.factories import make_key, make_user
from workspaces.models import ApiKey, User, Workspace

# Limits that a test reaches soon, with windows of a day, and a proxy that tells addresses.
STRICT = {
    "TRUSTED_PROXIES": "1",
    "SIGN_IN_RATE_LIMIT": "3/d",
    "SIGN_IN_ACCOUNT_RATE_LIMIT": "7/d",
    "PASSWORD_MAIL_RATE_LIMIT": "2/d",
    "PASSWORD_MAIL_ADDRESS_RATE_LIMIT": "4/d",
    "INVITATION_RATE_LIMIT": "6/d",
    "INVITATION_RECIPIENT_RATE_LIMIT": "3/d",
}


def is_fresh(counted: str, seconds: int = 60) -> bool:
    """Tell whether no window of so many seconds ends in the next half, nor has just ended.

    The second after an end belongs to the old window still.
    """
    return seconds / 2 < (zlib.crc32(counted.encode()) - time.time()) % seconds < seconds - 1


def make_limited_key(workspace: Workspace, seconds: int = 60) -> str:
    """Make an API key whose windows are fresh. Return it in plain text."""
    while True:
        key = make_key(workspace)
        counted = str(ApiKey.objects.get(prefix=key[8:16]).pk)
        if is_fresh(counted) and is_fresh(counted, seconds):
            return key


def make_limited_api(server, workspace: Workspace, seconds: int = 60) -> Api:
    """Return a client of a server, with a key whose windows are fresh."""
    return Api(server.base_url, make_limited_key(workspace, seconds))


def make_limited_user(**fields) -> User:
    """Make a user whose account's windows are fresh."""
    while True:
        user = make_user(**fields)
        if all(is_fresh(counted) for counted in (user.email, f"{user.email} 127.0.0.1/32")):
            return user
