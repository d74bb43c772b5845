"""A form of somebody's, connected to a workspace."""

from typing import Any

import requests

from leads.intake_addresses import administration, answers, arrivals, tokens
from leads.models import ConsentRule, IntakeAddress, IntakeFault
from tests.factories import make_user
from workspaces.models import Workspace

TIMEOUT = 30
BY_NAME = {"name_field": "name", "phone_field": "phone", "email_field": "email"}
TICKED = {"field": "consent"}


def make_address(
    workspace: Workspace,
    *,
    tool: str = "other",
    mapped: dict[str, Any] | None = None,
    consent: dict[str, str] | None = None,
) -> IntakeAddress:
    """Make an address. mapped, consent: what is chosen, by their columns; None leaves it."""
    by = make_user(workspace)
    address = administration.make_address(
        workspace=workspace, name="Website form", tool=tool, by=by
    )
    if mapped is not None:
        administration.map_fields(
            address=address,
            name=address.name,
            fields=administration.Fields(**mapped),
            consent=administration.Consent(**{"rule": ConsentRule.FIELD, **(consent or TICKED)}),
            by=by,
        )
    return address


def make_connected_forms(workspace: Workspace) -> None:
    """Connect a form of every state: one that works, one that broke, one that is new."""
    works = make_address(workspace, tool="elementor")
    body = answers.read({"Name": "Jane Doe", "Phone": "+447700900123", "I agree": "on"})
    arrivals.keep(works, arrivals.Arrival(body, 200))
    broken = make_address(workspace, mapped=BY_NAME)
    long = {"Vollständiger Name des Interessenten": "x" * 300, "telephone": "1", "consent": "on"}
    reason = "phone: The field “phone” did not arrive."
    for _ in range(3):
        fault = IntakeFault.FIELD_MISSING
        arrivals.keep(broken, arrivals.Arrival(answers.read(long), 400, reason, fault))
    make_address(workspace, tool="typeform")


class Form:
    """Posts to one address, as a form tool does."""

    def __init__(self, base_url: str, address: IntakeAddress):
        self.address = address
        self.base_url, self.token = base_url, tokens.show(address)

    def post(self, **request) -> requests.Response:
        """POST whatever `requests` can send."""
        url = f"{self.base_url}/api/intake/{self.token}"
        return requests.post(url, timeout=TIMEOUT, **request)

    def send(self, **fields) -> requests.Response:
        """POST fields as JSON that say yes to the consent, unless they say otherwise."""
        body = {"name": "Jane Doe", "consent": "yes", **fields}
        return self.post(json={k: v for k, v in body.items() if v is not None})

    def reload(self) -> IntakeAddress:
        self.address.refresh_from_db()
        return self.address


def make_form(base_url: str, workspace: Workspace, **fields) -> Form:
    """Return a form that is mapped by the API's own names, unless fields say otherwise."""
    fields = {"mapped": BY_NAME, **fields}
    return Form(base_url, make_address(workspace, **fields))


def assert_refused(response: requests.Response, status: int, error: str) -> dict:
    """Check that an answer is in the envelope. Return it, for its words."""
    body = response.json()
    assert (response.status_code, body["ok"], body["error"]) == (status, False, error)
    assert set(body) <= {"ok", "error", "message", "issues"}
    return body
