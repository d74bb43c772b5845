"""Why there is no confirmed call: raised by whoever dials, confirms or looks up."""

import uuid


class CallNotConfirmed(Exception):
    """There is no confirmed call; `str()` says why.

    lead_id: whose call it was to be. code: what it means, in the table of coachbot.providers.vapi.
    """

    def __init__(self, message: str, lead_id: uuid.UUID | None = None, code: str = "vapi.silent"):
        super().__init__(message)
        self.lead_id = lead_id
        self.code = code


class CallFailed(CallNotConfirmed):
    """The call was not placed and nothing is left behind."""


class CallUnconfirmed(CallNotConfirmed):
    """It is not known yet whether the call was placed; asking again settles it."""
