"""scheduleCallback: the lead wants to be called at another time."""

from datetime import datetime

from coachbot.db import clock
from leads.agent.replies import Reply, Task, refuse, spoken
from leads.contact import wishes
from leads.contact.planned import callbacks
from leads.models import Lead

LONGEST_WISH = 300


def schedule_callback(task: Task) -> Reply:
    """Plan a call at the time that was asked for, by the lead's clock. The reply is to be read
    back, as it holds the date that was understood.
    """
    lead = Lead.objects.select_related("workspace").get(pk=task.lead_id)
    now = clock.now()
    zone, _ = callbacks.zone_of(lead, now)
    wish = task.arguments.text("when", longest=LONGEST_WISH)
    notes = task.arguments.text("notes", longest=callbacks.LONGEST_NOTES)
    try:
        at = wishes.read(wish, now=now, zone=zone)
        callbacks.plan(lead, at, notes=notes)
    except wishes.Unreadable:
        return _ask_again(lead, now)
    except callbacks.NotPossible as error:
        return _offer(lead, error, now)
    except callbacks.NotWanted as error:
        return refuse(f"{error} So no call is planned. Where the lead insists, escalateToHuman.")
    return Reply(f"I will call you on {_said(lead, at, now)}.")


def _ask_again(lead: Lead, now: datetime) -> Reply:
    return refuse(
        "No time was understood, so no call is planned. Ask the lead for a day and a time, such as "
        "“tomorrow at five”, and call scheduleCallback again. For the lead it is "
        f"{_said(lead, now, now)} now."
    )


def _offer(lead: Lead, error: callbacks.NotPossible, now: datetime) -> Reply:
    if error.offered is None:
        return refuse(f"{error} Ask the lead for another time. It is {_said(lead, now, now)} now.")
    zone, _ = callbacks.zone_of(lead, now)
    exact = error.offered.astimezone(zone).isoformat(timespec="seconds")
    return refuse(
        f"{error} No call is planned yet. The next possible time is "
        f"{_said(lead, error.offered, now)}. Offer it, and if the lead agrees, call "
        f"scheduleCallback with {exact}."
    )


def _said(lead: Lead, moment: datetime, now: datetime) -> str:
    """Return a moment as the lead is told it: by its own clock, where its zone is known."""
    zone, is_known = callbacks.zone_of(lead, moment)
    local = moment.astimezone(zone)
    said = spoken(local)
    if local.year == now.astimezone(zone).year:
        said = said.replace(f" {local.year} at", " at")
    return f"{said} your time" if is_known else f"{said} ({zone.key})"
