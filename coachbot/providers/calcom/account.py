"""Asking Cal.com whether an account is right: its key, its event type, its time zone.

docs/providers/calcom.md (section 6) has the facts this relies on.
"""

from django.conf import settings

from coachbot.providers import ProviderError
from coachbot.providers.calcom import client
from coachbot.providers.findings import Finding, failure
from coachbot.providers.transport import Door

# Seconds for each of three questions: a page waits for their answers.
TIMEOUT = 4.0


def verify_account(door: Door, account: client.Account) -> list[Finding]:
    """Return what Cal.com says of an account. Takes up to 12 seconds.

    Raises nothing: what could not be asked is a finding too.
    """
    try:
        warnings = client.verify(door, account, timeout=min(TIMEOUT, settings.CALCOM_TIMEOUT))
    except ProviderError as error:
        found = failure(
            error,
            refused="Cal.com does not take the account as it is.",
            unanswered="The account could not be checked.",
        )
        return [found]
    catches = [Finding(None, warning) for warning in warnings]
    return [Finding(True, "Key, event type and time zone work."), *catches]
