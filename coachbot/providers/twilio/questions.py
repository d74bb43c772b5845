"""The questions by which an account at Twilio is verified: together they have a deadline."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.findings import Finding, shown, unshown
from coachbot.providers.transport import Door
from coachbot.providers.twilio.asking import Account, ask

# Seconds for all of them, as a page waits for their answers, and for one.
ALTOGETHER = 12.0
TIMEOUT = 4.0


class Questions:
    """Those about one account. It is asked through a door."""

    def __init__(self, door: Door, account: Account):
        self.account, self._door = account, door
        self._deadline = Deadline(ALTOGETHER)

    def ask(
        self, operation: str, url: str, what: str, *, missing: str, **params: str
    ) -> Mapping[str, Any] | Finding:
        """Return the object at an address, or the finding that says why not. Raises BadKey.

        what: its name in a sentence. missing: the sentence where Twilio does not know it.
        """
        try:
            return ask(
                self._door,
                self.account,
                operation,
                url,
                timeout=min(TIMEOUT, settings.TWILIO_TIMEOUT, self._deadline.remaining()),
                params=params or None,
                is_quiet=True,  # the row of who asked says what was found
                read=partial(shown, provider="Twilio"),
            )
        except ProviderError as error:
            if error.status == 404:
                return Finding(False, missing)
            return unshown(error, provider="Twilio", what=what)
