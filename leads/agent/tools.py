"""The tools as a language model is told of them. What they do is in actions.py, by the same names.

A voice assistant has its own words for them at Vapi; a written one is offered these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coachbot.providers.function_tools import FunctionTool, said


@dataclass(frozen=True)
class Tool(FunctionTool):
    """A tool of the agent's. is_of_calls_only: whether it makes no sense where nobody is called."""

    is_of_calls_only: bool = False

    def told(self, name: str) -> dict[str, Any]:
        """Return it as OpenAI's API takes it."""
        parameters = {**self.parameters, "additionalProperties": False}
        function = {"name": name, "description": self.description, "parameters": parameters}
        return {"type": "function", "function": function}


TOOLS: Mapping[str, Tool] = {
    "updateLeadProfile": Tool(
        "Keep what the lead said about itself. Call it as soon as something new is known.",
        {
            "goal": said("What the lead wants to reach."),
            "email": said("The lead's e-mail address, as it was written."),
            "budget": said("What the lead wants to spend, in its own words."),
            "schedulePref": said("When the lead has time."),
            "fitnessLevel": said("How fit the lead is, where that matters."),
            "notes": said("Whatever else is worth knowing."),
        },
    ),
    "listSlots": Tool(
        "List the free times of the calendar. Only times that it lists can be offered or booked.",
        {
            "daysAhead": {
                "type": "integer",
                "description": "How many days from today to look at; 7 where nothing is said.",
            }
        },
    ),
    "bookConsult": Tool(
        "Book one of the times that listSlots listed, once the lead has chosen it. It is booked "
        "only if the answer begins with Booked.",
        {
            "start": said("The exact start in brackets, as listSlots gave it."),
            "email": said("The lead's e-mail address, for the invitation."),
            "name": said("The lead's name, where it is another than the one that is known."),
            "phone": said("Another phone number, where the lead gave one."),
            "notes": said("What the host should know beforehand."),
        },
        required=("start",),
    ),
    "scheduleCallback": Tool(
        "Plan a call to the lead for later. Pass the lead's own words as when.",
        {"when": said("When the lead wants to be called."), "notes": said("What about.")},
        required=("when",),
        is_of_calls_only=True,
    ),
    "markUnqualified": Tool(
        "Note that the lead does not fit what is offered.",
        {"reason": said("Why, in one sentence.")},
        required=("reason",),
    ),
    "escalateToHuman": Tool(
        "Ask a person of the team to take over. Call it when the lead asks for one, complains, or "
        "asks what you do not know.",
        {"reason": said("What the lead wants, in one sentence.")},
        required=("reason",),
    ),
    "optOut": Tool(
        "The lead does not want to be contacted any more. Call it at once when it says so, in "
        "whatever words.",
        {"reason": said("What the lead said.")},
    ),
    "endConversation": Tool("The conversation is over, and nothing is open.", {}),
}
WRITTEN = tuple(name for name, tool in TOOLS.items() if not tool.is_of_calls_only)


def told_to_model() -> list[dict[str, Any]]:
    """Return what a model is offered where it writes."""
    return [TOOLS[name].told(name) for name in WRITTEN]
