"""Passing a call on to a person: to whom, and what to do about it afterwards."""

from collections.abc import Mapping
from typing import Any

from coachbot.providers.vapi import inbound
from coachbot.providers.vapi.endings import Ending
from leads import status
from leads.models import Call, StatusReason
from workspaces.log import record
from workspaces.models import LogKind, Outcome, Workspace

CODE = "vapi.transfer_destination_request"
ONE_MOMENT = "One moment please, I am putting you through."
NOBODY = (
    "Nobody can be put through right now. Call escalateToHuman, and say that a person of the "
    "team will call back soon."
)
NOT_SET = "No transfer number is set: Settings, Transfers."
# What a call that was passed on leaves for a person, with the notes of the lead's page.
REASONS = {
    Ending.TRANSFERRED: (
        StatusReason.TRANSFERRED,
        "The agent put the lead through to a person. Vapi does not tell whether anybody answered: "
        "ask there, and call the lead back where nobody did.",
    ),
    Ending.TRANSFER_FAILED: (
        StatusReason.TRANSFER_FAILED,
        "The agent tried to put the lead through to a person, and it failed. Call the lead back.",
    ),
}


def destination(workspace_id: int, call: Call | None) -> Mapping[str, Any]:
    """Say to whom a call is passed on, as Vapi is told it. call: None where it is not known.

    A pause does not change it: it keeps the agent from calling, and this caller is on the line.
    """
    numbers = Workspace.objects.filter(pk=workspace_id).values_list("transfer_number", flat=True)
    number = numbers.first()
    record.row(
        workspace_id=workspace_id,
        kind=LogKind.PROVIDER_EVENT,
        code=CODE,
        action="Vapi transfer-destination-request",
        outcome=Outcome.SUCCEEDED if number else Outcome.REFUSED,
        lead_id=call.lead_id if call else None,
        error="" if number else NOT_SET,
        response={"destination": number or None},
    )
    return inbound.destination(number, ONE_MOMENT) if number else inbound.refusal(NOBODY)


def judge(call: Call) -> None:
    """Have a person look after a lead whose call was passed on, by how the call ended.

    In the transaction that writes the end, once for each: whoever has looked is not asked again.
    """
    if found := REASONS.get(call.ending.ending):
        because, notes = found
        status.move(call.lead_id, because, notes=notes)
