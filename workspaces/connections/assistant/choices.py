"""What can be chosen at Vapi with a key: the assistants and phone numbers of its organization."""

from dataclasses import dataclass

from coachbot.providers import ProviderError
from coachbot.providers.findings import UNAUTHORIZED
from coachbot.providers.vapi.account import TIMEOUT, WRONG_KEY
from coachbot.providers.vapi.assistant import resources
from coachbot.providers.vapi.assistant.resources import Choice
from coachbot.providers.vapi.errors import sentence
from workspaces.log import exchanges
from workspaces.models import Workspace

NONE_THERE = (
    "This Vapi organization has no {what} yet. Make one at dashboard.vapi.ai, then look again."
)


class NotListed(Exception):
    """There is nothing to choose from; `str()` says why. is_key_wrong: Vapi refuses the key."""

    def __init__(self, words: str, *, is_key_wrong: bool = False):
        super().__init__(words)
        self.is_key_wrong = is_key_wrong


@dataclass(frozen=True)
class Choices:
    """What Vapi lists, by name."""

    assistants: list[Choice]
    phone_numbers: list[Choice]


def look(workspace: Workspace, api_key: str) -> Choices:
    """Ask Vapi what there is to choose from; takes 10 seconds at most. Raises NotListed."""
    door = exchanges.door(workspace.pk)
    try:
        assistants = resources.list_assistants(door, api_key, timeout=TIMEOUT)
        numbers = resources.list_phone_numbers(door, api_key, timeout=TIMEOUT)
    except ProviderError as error:
        if error.status == UNAUTHORIZED:
            raise NotListed(WRONG_KEY, is_key_wrong=True) from error
        raise NotListed(sentence(error)) from error
    for what, found in (("assistant", assistants), ("phone number", numbers)):
        if not found:
            raise NotListed(NONE_THERE.format(what=what))
    return Choices(assistants, numbers)
