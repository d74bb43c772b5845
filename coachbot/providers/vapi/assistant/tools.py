"""The tools as an assistant that speaks is told of them, by the names in tool_calls.py.

Their arguments are those of the agent that writes, which has words of its own for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tool:
    """What one is for, and what it takes: names with their JSON schema."""

    description: str
    takes: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what it takes as a JSON schema."""
        properties = {name: dict(schema) for name, schema in self.takes.items()}
        return {"type": "object", "properties": properties, "required": list(self.required)}


def _said(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


TOOLS: Mapping[str, Tool] = {
    "updateLeadProfile": Tool(
        "Keep what the lead says about itself. Call it as soon as something new is known.",
        {
            "goal": _said("What the lead wants to reach"),
            "email": _said("The lead's e-mail address, spelled back and confirmed"),
            "budget": _said("What the lead wants to spend, in its own words"),
            "schedulePref": _said("When the lead has time"),
            "fitnessLevel": _said("How fit the lead is, where that matters"),
            "notes": _said("Whatever else is worth knowing"),
        },
    ),
    "listSlots": Tool(
        "List the free times of the calendar. Offer and book only times that it lists.",
        {
            "daysAhead": {
                "type": "integer",
                "description": "How many days from today to look at; 7 where nothing is said",
            }
        },
    ),
    "bookConsult": Tool(
        "Book one of the times that listSlots listed, once the lead has chosen it. It is booked "
        "only if the answer begins with Booked.",
        {
            "start": _said("The exact start in brackets, as listSlots gave it"),
            "email": _said("The lead's e-mail address, for the invitation"),
            "name": _said("The lead's name, where it is another than the one that is known"),
            "phone": _said("Another phone number, where the lead gave one"),
            "notes": _said("What the host should know beforehand"),
        },
        required=("start",),
    ),
    "scheduleCallback": Tool(
        "Plan a call to the lead for later. Call it whenever the lead has no time now or asks to "
        "be called at another time. Pass the lead's own words as when; do not work the date out. "
        "Read the answer back to the lead.",
        {
            "when": _said("When, in the lead's words, such as: tomorrow at five"),
            "notes": _said("What the lead wants to talk about then"),
        },
        required=("when",),
    ),
    "markUnqualified": Tool(
        "Note that the lead does not fit what is offered.",
        {"reason": _said("Why, in one sentence")},
        required=("reason",),
    ),
    "escalateToHuman": Tool(
        "Ask a person of the team to get in touch. Call it when the lead asks for one, complains, "
        "or asks what you do not know.",
        {"reason": _said("What the lead wants, in one sentence")},
        required=("reason",),
    ),
    "optOut": Tool(
        "The lead does not want to be called any more. Call it at once when it says so, in "
        "whatever words.",
        {"reason": _said("What the lead said")},
    ),
    "endConversation": Tool("The conversation is over, and nothing is open. Say good-bye.", {}),
}
