"""The providers that the one server plays: a row for each. No other module names them.

A new one is a folder here, say acme/, and a row in PROVIDERS. The folder's api.py has a class
that is what provider.Provider asks for; the row says below which paths its requests come. Where
the paths of several fit, the longest decides.
"""

from coachbot.sandbox.calcom import page as calcom_page
from coachbot.sandbox.calcom.api import Calcom
from coachbot.sandbox.openai.api import OpenAI
from coachbot.sandbox.provider import Conditions, Provider
from coachbot.sandbox.twilio.api import Twilio
from coachbot.sandbox.twilio.pages import phone
from coachbot.sandbox.vapi.api import Vapi

PROVIDERS: dict[str, tuple[tuple[str, ...], type[Provider]]] = {
    "vapi": (("/",), Vapi),
    "calcom": (("/v2/",), Calcom),
    "twilio": (Twilio.below, Twilio),
    "openai": (OpenAI.below, OpenAI),
}
# Pages of the sandbox's own, in the place of a provider's.
PAGES = {calcom_page.PATH: "calcom", phone.PATH: "twilio"}


def start_all(conditions: Conditions) -> dict[str, Provider]:
    """Each provider by its name, with an empty memory."""
    return {name: provider(conditions) for name, (_, provider) in PROVIDERS.items()}


def name_for(path: str) -> str:
    """The path of a request in, the name of the provider that it is meant for out."""
    if path in PAGES:
        return PAGES[path]
    fitting = {
        below: name
        for name, (paths, _) in PROVIDERS.items()
        for below in paths
        if path.startswith(below)
    }
    return fitting[max(fitting, key=len)]
