"""Asking Cal.com whether an account is right: its key, its event type, its time zone.

docs/providers/calcom.md (section 6) has the facts this relies on.
"""

from coachbot.providers import ProviderError, Refused
from coachbot.providers.calcom import client
from coachbot.providers.findings import Finding
from coachbot.providers.transport import Door


def verify_account(door: Door, account: client.Account) -> list[Finding]:
    """Return what Cal.com says of an account.

    Raises nothing: what could not be asked is a finding too.
    """
    try:
        warnings = client.verify(door, account)
    except Refused as error:
        return [Finding(False, f"Cal.com does not take the account as it is. {error}")]
    except ProviderError as error:
        return [Finding(False, f"The account could not be checked. {error}")]
    catches = [Finding(None, warning) for warning in warnings]
    return [Finding(True, "Key, event type and time zone work."), *catches]
