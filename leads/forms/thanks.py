"""What becomes of a request now, as whoever sent it is told.

It goes by the state of the workspace and by the number's country and hours, never by whether the
phone is known: a stranger must not find out who is a lead.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import TextChoices

from coachbot import zones
from coachbot.db import clock
from coachbot.providers.vapi.errors import CAUSES
from coachbot.visible import without_turning
from leads.contact import gate, hours, rules
from leads.contact.rules import Purpose
from leads.forms import texts
from leads.forms.definition import Language
from leads.models import HeldBecause, Lead, RefusedSubmission
from workspaces.models import Workspace

SALT = "coachbot.forms.thanks"
LONGEST = 1_000
LONGEST_ABOUT = 60
# After this what was said is not true any more.
TRUE_FOR = timedelta(hours=1)
# Held leads that are contacted without a person: the contract's section 10.
CONTACTED_LATER = (HeldBecause.CALLING_HOURS, HeldBecause.DAILY_LIMIT)


class Said(TextChoices):
    """What is said."""

    CALLING = "calling"
    WRITING = "writing"
    LATER = "later"
    KEPT = "kept"


@dataclass(frozen=True)
class Thanks:
    """What is said. at: for LATER, when they are contacted, and in which zone that is told.

    about: what the request is about, in the words of who sent it.
    """

    said: Said
    at: datetime | None = None
    zone: str = "UTC"
    about: str = ""


KEPT = Thanks(Said.KEPT)


def now(workspace: Workspace) -> Thanks:
    """Return what is said of somebody who is contacted now."""
    return Thanks(Said.CALLING if workspace.is_voice else Said.WRITING)


def expected(workspace: Workspace, *, phone: str, timezone: str) -> Thanks:
    """Return what a request with a phone would come to now, whether or not it is one.

    phone: in E.164 form. timezone: as it was sent. Raises Workspace.DoesNotExist.
    """
    lead = Lead(workspace=workspace, channel=workspace.channel, phone=phone, timezone=timezone)
    held = gate.ask(lead, Purpose.FIRST)
    if held is None:
        return KEPT if _is_refused_by_provider(workspace) else now(workspace)
    if held.code not in CONTACTED_LATER or held.until is None:
        return KEPT
    return _later(lead, held.until)


def about(thanks: Thanks, goal: str) -> Thanks:
    """Return the same with what the request is about, on one line and cut short."""
    return replace(thanks, about=without_turning(goal)[:LONGEST_ABOUT].strip())


def _later(lead: Lead, until: datetime) -> Thanks:
    found = rules.zones_of(lead, until)
    at = hours.next_opening(rules.hours_of(lead, Purpose.FIRST), until, found)
    return Thanks(Said.LATER, at, found[0].key) if at else KEPT


def _is_refused_by_provider(workspace: Workspace) -> bool:
    """Return whether the last call that was tried was refused for what others would be, too."""
    refused = RefusedSubmission.objects.filter(workspace=workspace)
    refused = refused.exclude(error_code__in=CAUSES.of_lead).order_by("-refused_at")
    last = refused.values_list("refused_at", flat=True).first()
    if last is None:
        return False
    return not workspace.calls.filter(created_at__gt=last, dialed_at__isnull=False).exists()


def sign(workspace: Workspace, thanks: Thanks) -> str:
    """Return a word for it, which is good for a while."""
    at = thanks.at.timestamp() if thanks.at else None
    said = [workspace.pk, thanks.said, at, thanks.zone, thanks.about]
    return signing.dumps(said, salt=SALT, compress=True)


def read(workspace: Workspace, word: str) -> Thanks | None:
    """Return what a word says; None for one that is not ours, or not true any more."""
    if len(word) > LONGEST:
        return None
    try:
        pk, said, at, zone, request = signing.loads(word, salt=SALT, max_age=TRUE_FOR)
    except (signing.BadSignature, ValueError):  # of a release that says less
        return None
    if pk != workspace.pk:
        return None
    return Thanks(Said(said), datetime.fromtimestamp(at, UTC) if at else None, zone, request)


def sentence(workspace: Workspace, thanks: Thanks, language: Language) -> str:
    """Return it in words."""
    own = texts.of(language)
    if thanks.said != Said.LATER or thanks.at is None:
        return str(own[thanks.said])
    later = own["call_later"] if workspace.is_voice else own["write_later"]
    return str(later).format(when=_when(thanks.at, thanks.zone, language))


def _when(at: datetime, zone_name: str, language: Language) -> str:
    own, zone = texts.of(language), zones.read(zone_name) or ZoneInfo("UTC")
    local, today = at.astimezone(zone), clock.now().astimezone(zone).date()
    days = (local.date() - today).days
    form = own["today"] if days <= 0 else own["tomorrow"] if days == 1 else own["on_day"]
    return str(form).format(
        time=f"{local.hour}:{local.minute:02d}",
        weekday=own["weekdays"][local.weekday()],
        day=local.day,
        month=own["months"][local.month - 1],
    )
