"""The breaker: while the account of a workspace at Vapi places no calls, or that at Twilio sends no
messages, what is planned is held.

Three faults of the account in a row open it, whoever the calls were made for, and that is told
once. From then on one a minute that is due is tried all the same. A call or a message that goes
well closes it, and so does another account. What a person or a site asks for is always tried.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Now

from coachbot.providers.twilio import errors as twilio
from coachbot.providers.vapi import ended_reasons
from coachbot.providers.vapi import errors as vapi
from coachbot.providers.vapi.ended_reasons import classify
from coachbot.providers.vapi.endings import Ending
from leads import notices
from leads.models import Call
from workspaces.models import Channel, Workspace
from workspaces.webhooks import alerts

FAULTS = 3
PROBE_AFTER = timedelta(minutes=1)
STATE = ("account_faults", "account_fault", "account_fault_at", "account_held_since")
# Codes of the log's rows, and their words.
HELD, RECOVERED = "account.held", "account.recovered"
WORDS = {HELD: "{what} that are planned are held", RECOVERED: "{what} that are planned go on"}
WHAT = {Channel.VOICE: "Calls", Channel.WHATSAPP: "Messages"}
# What Vapi refuses every call of an account for.
REFUSALS = frozenset(
    (
        *("vapi.unreadable_credentials", "vapi.invalid_key", "vapi.assistant_missing"),
        *("vapi.phone_number_missing", "vapi.cannot_dial_out", "vapi.trial_account"),
        *("vapi.no_balance", "vapi.blocked"),
    )
)
# What Twilio refuses every message of an account for, at once: one that it takes disproves it.
REFUSED_AT_ONCE = frozenset(
    (
        *("twilio.key_refused", "twilio.trial", "twilio.service_missing"),
        "twilio.unreadable_credentials",
    )
)
CAUSES = {"vapi": vapi.CAUSES, "twilio": twilio.CAUSES}
ENDINGS = (Ending.ACCOUNT, Ending.ACCOUNT_IN_CALL)
# Endings that prove nothing of the account, neither way.
NO_PROOF = (
    *(Ending.LINES_FULL, Ending.DAILY_LIMIT, Ending.NOT_STARTED, Ending.INBOUND),
    *(Ending.CANCELLED, Ending.UNKNOWN),
)


def is_open(workspace: Workspace) -> bool:
    """Return whether what is planned is held, by the workspace as it is held in memory."""
    return workspace.account_held_since is not None


def claim_probe(workspace_id: int) -> bool:
    """Return whether one call may be tried now: once a minute, of all who ask."""
    due = Workspace.objects.filter(
        pk=workspace_id, account_held_since__isnull=False, account_probe_at__lte=Now()
    )
    return bool(due.update(account_probe_at=Now() + PROBE_AFTER))


def note_refusal(workspace_id: int, code: str) -> None:
    """Count a call that Vapi refused. code: why, in the table of providers.vapi."""
    if code in REFUSALS:
        _count(workspace_id, code)


def note_placed(call: Call) -> None:
    """Note that Vapi took a call. That shows only that it refuses none any more."""
    if call.workspace.account_fault in REFUSALS:
        _close_after(call)


def note_picked_up(call: Call) -> None:
    """Note that a call was picked up: so calls of the account do ring."""
    if call.workspace.account_faults and _last_ending(call) is not Ending.ACCOUNT_IN_CALL:
        _close_after(call)


def note_end(call: Call) -> None:
    """Count how a call ended, once for each call."""
    ending = classify(call.ended_reason)
    if ending in ENDINGS:
        _count(call.workspace_id, call.ended_reason)
    elif call.workspace.account_faults and ending not in NO_PROOF:
        _close_after(call)


def note_fault(workspace_id: int, code: str) -> None:
    """Count a message that did not arrive for a fault of the account. code: as of a refusal."""
    _count(workspace_id, code)


def note_taken(workspace: Workspace, at: datetime) -> None:
    """Note that Twilio took a message that was written at a moment."""
    if workspace.account_fault in REFUSED_AT_ONCE:
        _close(workspace.pk, at)


def note_passed(workspace: Workspace, at: datetime) -> None:
    """Note that such a message left Twilio: so those of the account do."""
    if workspace.account_faults:
        _close(workspace.pk, at)


def _last_ending(call: Call) -> Ending:
    return classify(call.workspace.account_fault)


def explain(fault: str) -> str:
    """Return what a fault means and how to mend it, in sentences."""
    causes = CAUSES.get(fault.partition(".")[0])
    if causes is None:
        return ended_reasons.explain(fault).sentence
    cause = causes.explain(fault)
    return f"{cause.title}. {cause.fix}"


def _count(workspace_id: int, fault: str) -> None:
    rows = Workspace.objects.filter(pk=workspace_id)
    rows.update(account_faults=F("account_faults") + 1, account_fault=fault, account_fault_at=Now())
    closed = rows.filter(account_faults__gte=FAULTS, account_held_since=None)
    if closed.update(account_held_since=Now(), account_probe_at=Now() + PROBE_AFTER):
        notices.account_held(workspace_id, explain(fault))
        transaction.on_commit(partial(_tell, workspace_id, HELD, fault))


def _close_after(call: Call) -> None:
    _close(call.workspace_id, Subquery(Call.objects.filter(pk=call.pk).values("created_at")))


def _close(workspace_id: int, made_at: datetime | Subquery) -> None:
    """Forget the faults, where what went well was made after the last of them."""
    rows = Workspace.objects.filter(
        Q(account_fault_at=None) | Q(account_fault_at__lt=made_at), pk=workspace_id
    )
    was_open = bool(rows.exclude(account_held_since=None).update(account_held_since=None))
    rows.update(account_faults=0, account_fault="", account_probe_at=None)
    if was_open:
        notices.account_recovered(workspace_id)
        transaction.on_commit(partial(_tell, workspace_id, RECOVERED))


def _tell(workspace_id: int, code: str, fault: str = "") -> None:
    """Write an alert down, once for each time. fault: what is wrong, "" once it is mended."""
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    if workspace is None:
        return
    is_known = fault in REFUSALS or fault.partition(".")[0] in CAUSES
    alerts.tell(
        workspace_id,
        code=code,
        action=WORDS[code].format(what=WHAT[Channel(workspace.channel)]),
        is_over=not fault,
        error=explain(fault) if fault else "",
        error_code=fault if is_known else "",
    )
