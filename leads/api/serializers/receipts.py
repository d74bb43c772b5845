"""What whoever submits a lead is told of it."""

from rest_framework import serializers

from leads.api.serializers.fields import TrueField
from leads.intake.submit import Receipt
from leads.models import CallStatus, HeldBecause, LeadStatus
from workspaces.models import Channel


class ReceiptSerializer(serializers.Serializer):
    """What became of the submission."""

    ok = TrueField()
    leadId = serializers.UUIDField()
    status = serializers.ChoiceField(
        [CallStatus.IN_PROGRESS.value, LeadStatus.NEW.value],
        help_text="`in_progress`: the lead is being called. `new`: it is saved.",
    )
    vapiCallId = serializers.CharField(
        required=False, help_text="Vapi's id of the call; where there is one."
    )
    callQueued = serializers.BooleanField(
        required=False, help_text="In a voice workspace: whether it is called."
    )
    messageQueued = serializers.BooleanField(
        required=False,
        help_text="In a WhatsApp workspace: whether it is written to. False until that is "
        "connected to WhatsApp.",
    )


class IntakeAnswerSerializer(serializers.Serializer):
    """A form was taken in."""

    ok = TrueField()
    leadId = serializers.UUIDField()


def receipt_json(receipt: Receipt) -> dict:
    """Return the body of a 201, as ReceiptSerializer describes it."""
    body = {"ok": True, "leadId": str(receipt.lead_id), "status": receipt.status}
    if receipt.call_id:
        body["vapiCallId"] = receipt.call_id
    # Of an agent that is paused, both channels say the same.
    is_written_to = (
        receipt.channel == Channel.WHATSAPP and receipt.held_because != HeldBecause.PAUSED
    )
    queued = "messageQueued" if is_written_to else "callQueued"
    return {**body, queued: receipt.held_because is None}
