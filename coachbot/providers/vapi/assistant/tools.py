"""The tools as an assistant that speaks is told of them, by the names in tool_calls.py.

Their arguments are those of the agent that writes, which has words of its own for them.
"""

from collections.abc import Mapping

from coachbot.providers.function_tools import FunctionTool, said

TOOLS: Mapping[str, FunctionTool] = {
    "updateLeadProfile": FunctionTool(
        "Keep what the lead says about itself. Call it as soon as something new is known.",
        {
            "goal": said("What the lead wants to reach"),
            "email": said("The lead's e-mail address, spelled back and confirmed"),
            "budget": said("What the lead wants to spend, in its own words"),
            "schedulePref": said("When the lead has time"),
            "fitnessLevel": said("How fit the lead is, where that matters"),
            "notes": said("Whatever else is worth knowing"),
        },
    ),
    "listSlots": FunctionTool(
        "List the free times of the calendar. Offer and book only times that it lists.",
        {
            "daysAhead": {
                "type": "integer",
                "description": "How many days from today to look at; 7 where nothing is said",
            }
        },
    ),
    "bookConsult": FunctionTool(
        "Book one of the times that listSlots listed, once the lead has chosen it. It is booked "
        "only if the answer begins with Booked.",
        {
            "start": said("The exact start in brackets, as listSlots gave it"),
            "email": said("The lead's e-mail address, for the invitation"),
            "name": said("The lead's name, where it is another than the one that is known"),
            "phone": said("Another phone number, where the lead gave one"),
            "notes": said("What the host should know beforehand"),
        },
        required=("start",),
    ),
    "scheduleCallback": FunctionTool(
        "Plan a call to the lead for later. Call it whenever the lead has no time now or asks to "
        "be called at another time. Pass the lead's own words as when; do not work the date out. "
        "Read the answer back to the lead.",
        {
            "when": said("When, in the lead's words, such as: tomorrow at five"),
            "notes": said("What the lead wants to talk about then"),
        },
        required=("when",),
    ),
    "markUnqualified": FunctionTool(
        "Note that the lead does not fit what is offered.",
        {"reason": said("Why, in one sentence")},
        required=("reason",),
    ),
    "escalateToHuman": FunctionTool(
        "Ask a person of the team to get in touch. Call it when the lead asks for one, complains, "
        "or asks what you do not know.",
        {"reason": said("What the lead wants, in one sentence")},
        required=("reason",),
    ),
    "optOut": FunctionTool(
        "The lead does not want to be called any more. Call it at once when it says so, in "
        "whatever words.",
        {"reason": said("What the lead said")},
    ),
    "endConversation": FunctionTool(
        "The conversation is over, and nothing is open. Say good-bye.", {}
    ),
}
