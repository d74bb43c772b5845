"""Making, changing and ending intake addresses. Each deed writes one log row."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from leads.intake_addresses import tokens
from leads.models import USUAL, ConsentRule, FormTool, IntakeAddress, IntakeConsent
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace


@dataclass(frozen=True)
class Fields:
    """Which fields of a form make a lead, by their columns."""

    name_field: str = ""
    last_name_field: str = ""
    phone_field: str = ""
    email_field: str = ""
    goal_field: str = ""
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Consent:
    """How it is known that people agreed, by the columns of IntakeConsent."""

    rule: str
    field: str = ""
    ticked: str = ""
    wording: str = ""


@transaction.atomic
def make_address(*, workspace: Workspace, name: str, tool: str, by: User) -> IntakeAddress:
    """Make the address of a form, with the fields that its tool usually has."""
    usual = "" if tool == FormTool.OTHER else USUAL
    address = IntakeAddress(workspace=workspace, name=name, tool=tool, created_by=by)
    for column in ("name_field", "last_name_field", "phone_field", "email_field", "goal_field"):
        setattr(address, column, usual)
    tokens.make(address)
    address.full_clean(exclude=["workspace", "created_by"])
    address.save(force_insert=True)
    address.consents.create(rule=ConsentRule.FIELD, field=usual, said_by=by.email)
    _log(address, by, Action.MAKE_INTAKE_ADDRESS, tool=tool)
    return address


def consent_of(address: IntakeAddress) -> IntakeConsent:
    """Return how it is known now that people who come through an address agreed."""
    return address.consents.latest("id")


@transaction.atomic
def map_fields(
    *, address: IntakeAddress, name: str, fields: Fields, consent: Consent, by: User
) -> None:
    """Choose the fields of a form, and how it tells consent. What was wrong before is forgotten.

    Another consent is another row: leads that are there name the one that they came with.
    """
    address.name = name
    for column, value in asdict(fields).items():
        setattr(address, column, value)
    address.fault, address.fault_count, address.fault_since = "", 0, None
    changed = ["name", *asdict(fields), "fault", "fault_count", "fault_since"]
    address.save(update_fields=changed)
    current = consent_of(address)
    if asdict(consent) != {name: getattr(current, name) for name in asdict(consent)}:
        address.consents.create(**asdict(consent), said_by=by.email)
    _log(address, by, Action.MAP_INTAKE_FIELDS, fields=asdict(fields), consent=asdict(consent))


def replace_token(*, address: IntakeAddress, by: User, end_now: bool) -> None:
    """Give an address a new token. The old one works for tokens.OVERLAP, unless end_now."""
    address.old_token_digest = address.token_digest
    tokens.make(address)
    address.old_token_until = Now() if end_now else Now() + tokens.OVERLAP
    address.save(
        update_fields=["token_digest", "token_sealed", "old_token_digest", "old_token_until"]
    )
    _log(address, by, Action.REPLACE_INTAKE_TOKEN, old_ended=end_now)


def revoke(*, address: IntakeAddress, by: User) -> None:
    """End an address: what is posted to it is refused from now on. Twice is once."""
    live = IntakeAddress.objects.filter(pk=address.pk, revoked_at=None)
    if live.update(revoked_at=timezone.now()):
        _log(address, by, Action.REVOKE_INTAKE_ADDRESS)


def _log(address: IntakeAddress, by: User, action: Action, **details: Any) -> None:
    record.action(
        workspace_id=address.workspace_id,
        actor=by,
        action=action,
        name=address.name,
        address=address.prefix,
        **details,
    )
