"""What a lead that came by the address of a form agreed to."""

from dataclasses import dataclass
from datetime import datetime

from leads.intake.submission import INTAKE
from leads.models import USUAL, ConsentRule, IntakeConsent, Lead


@dataclass(frozen=True)
class Evidence:
    """form: its name. how: in words. wording: of the consent; "" where nobody entered it.

    since: from when on this was the consent of the form.
    """

    form: str
    how: str
    wording: str
    since: datetime


def of_lead(lead: Lead) -> Evidence | None:
    """Return the consent that a lead came with; None where it came by no address of a form."""
    number = lead.consent_source.removeprefix(INTAKE)
    if number == lead.consent_source or not number.isdecimal():
        return None
    rows = IntakeConsent.objects.filter(address__workspace=lead.workspace_id, pk=int(number))
    found = rows.select_related("address").first()
    if found is None:
        return None
    return Evidence(found.address.name, _how(found), found.wording, found.created_at)


def _how(consent: IntakeConsent) -> str:
    if consent.rule == ConsentRule.FORM:
        return f"The form cannot be sent without it, said {consent.said_by}"
    field = "The field of consent" if consent.field == USUAL else f"The field “{consent.field}”"
    says = f"“{consent.ticked}”" if consent.ticked else "yes"
    return f"{field} of the form said {says}"
