"""Where a call's recording can be heard right now. Vapi's own addresses are private.

A link of Vapi's lives for about a minute, so one is fetched each time, and none is kept.
"""

from django.conf import settings

from coachbot.providers import ProviderError, Refused
from coachbot.providers.vapi import client as vapi
from leads.models import Call
from workspaces.connections import credentials
from workspaces.log import exchanges

TIMEOUT = 8.0


class NoRecording(LookupError):
    """The call has no recording, or Vapi holds it no longer."""


class RecordingUnavailable(Exception):
    """Vapi could not be asked, or did not answer with a link; `str()` says why."""


def recording_link(call: Call | None) -> str:
    """Return a short-lived link to a call's recording.

    Raises NoRecording and RecordingUnavailable.
    """
    if call is None or not call.has_recording or not call.vapi_call_id:
        raise NoRecording("There is no recording of this call.")
    try:
        return _ask_vapi(call, call.vapi_call_id)
    except (credentials.NotConnected, credentials.CannotUnseal, ProviderError) as error:
        if isinstance(error, Refused) and error.status in (400, 404):
            raise NoRecording("Vapi does not hold this recording any more.") from error
        raise RecordingUnavailable(str(error)) from error


def _ask_vapi(call: Call, vapi_call_id: str) -> str:
    return vapi.recording_link(
        exchanges.door(call.workspace_id, lead_id=call.lead_id, phone=call.lead.phone),
        credentials.vapi_account(call.workspace_id),
        vapi_call_id,
        timeout=min(settings.VAPI_TIMEOUT, TIMEOUT),
    )
