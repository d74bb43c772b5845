"""Vapi, asked for one account, all of it within one time."""

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.transport import Door
from coachbot.providers.vapi import account as vapi_account
from coachbot.providers.vapi.assistant import having, resources
from coachbot.providers.vapi.client import Account

# Of all requests together, and of each. A proxy waits 30 seconds, and what follows takes 15.
SECONDS, SECONDS_EACH = 10.0, 5.0


class NotDone(Exception):
    """Vapi did not do it; `str()` says why, and what helps."""


class Asking:
    """Vapi, asked for one account within one time."""

    def __init__(self, door: Door, account: Account) -> None:
        self.door, self.account = door, account
        self._deadline = Deadline(SECONDS)

    @property
    def timeout(self) -> float:
        return min(SECONDS_EACH, self._deadline.remaining())

    def assistant(self) -> having.Body:
        """Return the assistant. Raises NotDone where Vapi knows none, and ProviderError."""
        try:
            return resources.get_assistant(self.door, self.account, timeout=self.timeout)
        except ProviderError as error:
            if error.status in vapi_account.NO_SUCH_ID:
                words = vapi_account.no_such("assistant", self.account.assistant_id)
                raise NotDone(words) from error
            raise

    def tools(self) -> list[having.Body]:
        """Return the tools of the organization. Raises ProviderError."""
        return resources.list_tools(self.door, self.account, timeout=self.timeout)

    def create(self, tool: having.Body, secret: str) -> having.Body:
        """Save a tool. Raises ProviderError."""
        return resources.create_tool(
            self.door, self.account, tool, secret=secret, timeout=self.timeout
        )

    def change(self, tool: having.Body, parts: having.Body, secret: str) -> None:
        """Give a saved tool other parts. Raises ProviderError."""
        resources.change_tool(
            self.door, self.account, tool, parts, secret=secret, timeout=self.timeout
        )

    def change_assistant(self, parts: having.Body, secret: str = "") -> None:
        """Give the assistant other parts. secret: of ours, that stands in them.

        Raises ProviderError; after Unclear it may have been changed.
        """
        resources.change_assistant(
            self.door, self.account, parts, secret=secret, timeout=self.timeout
        )
