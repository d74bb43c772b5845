"""What the server gives to a provider, and what it asks of one."""

from dataclasses import dataclass
from typing import Protocol

from coachbot.sandbox.clock import Clock
from coachbot.sandbox.listeners import Listeners
from coachbot.sandbox.messages import Reply, Request

# The last two digits of a number or an id, and what happens with it in a plain sentence.
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Conditions:
    """How the providers are played.

    pace: how long a second of what is played takes; 0 is at once.
    listeners: whom a provider tells what happens at it.
    plays_leads: whether leads that are written to answer by themselves. whatsapp_url: where what
    they write goes, unless an account has set up another. model_delay: seconds that the language
    model takes for an answer.
    """

    now: Clock
    pace: float
    listeners: Listeners
    plays_leads: bool = False
    whatsapp_url: str = ""
    model_delay: float = 0.0


class Provider(Protocol):
    """One provider with its memory.

    about: its address, its keys and what decides, for --help. rows: its table, for the same.
    """

    about: str
    rows: Rows

    def __init__(self, conditions: Conditions) -> None:
        """Begin with an empty memory."""

    def answer(self, request: Request) -> Reply:
        """Any request in, its reply out. Never raises for what a client did wrong."""

    def stop(self) -> None:
        """End what goes on by itself, such as calls that are being played."""
