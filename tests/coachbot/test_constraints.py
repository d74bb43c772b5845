"""Rules that hold whatever the code above the database does."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from leads.models import Call, Lead
from tests.factories import (
    make_call,
    make_delivery,
    make_invitation,
    make_key,
    make_lead,
    make_phone,
    make_webhook,
    make_workspace,
)
from tests.leads.intake_addresses.forms import make_address
from workspaces.models import (
    ApiKey,
    Credential,
    Invitation,
    LogEntry,
    Membership,
    User,
    WebhookEvent,
    Workspace,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@contextmanager
def refusal():
    """Expect the database to refuse, and go on as before."""
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


@pytest.fixture(scope="module")
def workspace():
    return make_workspace()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "won"},
        {"channel": "fax"},
        {"name": ""},
        {"phone": "447123456789"},
        {"phone": "+0447123456789"},
        {"phone": "+44 7123456789"},
        {"phone": "+123456"},
        {"phone": "+12345678 "},
        {"closed_as": "given_up", "closed_at": NOW},
        {"closed_as": "won"},
        {"closed_at": NOW},
        {"came_by": "fax"},
        {"next_step": "Call back"},
        {"next_step_on": NOW.date()},
    ],
)
def test_lead_with_unknown_values_is_refused(workspace, fields):
    with refusal():
        make_lead(workspace, **fields)


@pytest.mark.parametrize("fields", [{"code": "forgotten"}, {"code": "noted"}])
def test_activity_of_an_unknown_kind_and_note_without_text_are_refused(workspace, fields):
    with refusal():
        make_lead(workspace).activities.create(author_name="jane@acme.example", **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "ftp://example.com/"},
        {"url": "https://me:secret@example.com/"},
        {"url": "https://exam ple.com/"},
        {"types": "lead.booked,"},
        {"off_because": "tired", "off_at": NOW},
        {"off_because": "gone"},
        {"off_at": NOW},
    ],
)
def test_endpoint_with_unknown_values_is_refused(workspace, fields):
    with refusal():
        make_webhook(workspace, **fields)


def test_event_is_told_once_in_its_place_and_delivered_once(workspace):
    endpoint, lead = make_webhook(workspace), make_lead(workspace)
    event = make_delivery(endpoint, lead).event
    again = {"workspace": workspace, "type": event.type, "created_at": NOW}

    for fields in (
        {"lead_id": lead.pk, "sequence": event.sequence},
        {"lead_id": lead.pk, "sequence": None},
        {"type": "lead.won"},
    ):
        with refusal():
            WebhookEvent.objects.create(**again | fields)
    with refusal():
        endpoint.deliveries.create(workspace=workspace, event=event, created_at=NOW, due_at=NOW)
    with refusal():
        endpoint.deliveries.update(ended_at=None)


def test_second_lead_with_the_same_phone_is_refused(workspace):
    phone = make_lead(workspace).phone

    with refusal():
        make_lead(workspace, phone=phone)

    assert make_lead(make_workspace(), phone=phone).phone == phone


@pytest.mark.parametrize("fields", [{"status": "ringing"}, {"status": "in_progress"}])
def test_call_in_an_impossible_state_is_refused(workspace, fields):
    with refusal():
        make_call(make_lead(workspace), **fields)


@pytest.mark.parametrize(
    "fields", [{"direction": "sideways"}, {"direction": "inbound", "used_budget": False}]
)
def test_call_of_an_unknown_direction_and_ring_that_uses_the_plan_are_refused(workspace, fields):
    with refusal():
        make_call(make_lead(workspace), **fields)


@pytest.mark.parametrize("number", ["020 7946 0018", "+44 20 7946 0018", "+0123456789", "+123"])
def test_transfer_number_in_another_form_is_refused(number):
    with refusal():
        make_workspace(transfer_number=number)


def test_call_that_is_under_way_names_the_call_of_vapi(workspace):
    lead = make_lead(workspace)

    call = make_call(lead, status="in_progress", vapi_call_id=f"call-{lead.pk}")

    with refusal():
        Call.objects.filter(pk=call.pk).update(vapi_call_id=None)


def test_one_call_of_vapi_is_one_call(workspace):
    vapi_call_id = f"call-{make_phone()}"
    make_call(make_lead(workspace), vapi_call_id=vapi_call_id)

    with refusal():
        make_call(make_lead(make_workspace()), vapi_call_id=vapi_call_id)


def test_lead_has_one_call_at_a_time(workspace):
    lead = make_lead(workspace)
    for _ in range(2):
        make_call(lead)
    make_call(lead, status="dialing")

    with refusal():
        make_call(lead, status="dialing")
    with refusal():
        make_call(lead, status="in_progress", vapi_call_id=f"call-{lead.pk}")


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "login"},
        {"slug": "workspaces"},
        {"slug": "Acme"},
        {"slug": "a"},
        {"slug": ""},
        {"name": ""},
        {"channel": "fax"},
        {"default_country": "gb"},
        {"default_country": "1"},
    ],
)
def test_workspace_with_unknown_values_is_refused(fields):
    with refusal():
        Workspace.objects.create(
            **{"slug": f"c-{make_phone()[1:]}", "name": "Acme", "channel": "voice", **fields}
        )


def test_slug_belongs_to_one_workspace(workspace):
    with refusal():
        Workspace.objects.create(slug=workspace.slug, name="Acme", channel="voice")


def test_member_has_one_role_of_the_known_ones(workspace):
    user = User.objects.create_user(f"{make_phone()}@acme.example")
    Membership.objects.create(workspace=workspace, user=user, role="agent")

    with refusal():
        Membership.objects.create(workspace=workspace, user=user, role="owner")
    with refusal():
        Membership.objects.filter(user=user).update(role="king")


def test_assistant_is_set_up_by_one_row_that_keeps_something_since_a_time(workspace):
    workspace.assistant_setups.create(assistant_id="a")

    for fields in (
        {"assistant_id": "a"},
        {"assistant_id": "b", "sealed": "v1.x.y"},
        {"assistant_id": "b", "set_up_at": NOW},
    ):
        with refusal():
            workspace.assistant_setups.create(**fields)


def test_address_has_one_open_invitation_with_one_end(workspace):
    row = make_invitation(workspace)

    with refusal():
        make_invitation(workspace, email=row.email)
    for fields in (
        {"role": "king"},
        {"token_digest": "x"},
        {"accepted_at": NOW, "revoked_at": NOW},
    ):
        with refusal():
            Invitation.objects.filter(pk=row.pk).update(**fields)
    Invitation.objects.filter(pk=row.pk).update(revoked_at=NOW)
    assert make_invitation(workspace, email=row.email).pk != row.pk


def test_address_belongs_to_one_user_in_any_spelling():
    user = User.objects.create_user(f"{make_phone()}@acme.example")

    with refusal():
        User.objects.create(email=user.email.upper())


@pytest.mark.parametrize("fields", [{"prefix": "ABCDEF01"}, {"digest": "short"}, {"preset": "god"}])
def test_key_with_a_wrong_prefix_digest_or_preset_is_refused(workspace, fields):
    prefix = make_key(workspace)[8:16]

    with refusal():
        ApiKey.objects.filter(prefix=prefix).update(**fields)


def test_prefix_belongs_to_one_key(workspace):
    first, second = (make_key(workspace)[8:16] for _ in range(2))

    with refusal():
        ApiKey.objects.filter(prefix=first).update(prefix=second)


def test_credential_of_an_unknown_kind_is_refused(workspace):
    with refusal():
        Credential.objects.create(workspace=workspace, kind="fax", sealed="v1.x.y")


@pytest.mark.parametrize("fields", [{"kind": "gossip"}, {"outcome": "maybe"}])
def test_log_entry_with_unknown_values_is_refused(workspace, fields):
    row = {"kind": "api_request", "outcome": "succeeded", "action": "x", "created_at": NOW}

    with refusal():
        LogEntry.objects.create(workspace=workspace, **{**row, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"tool": "telepathy"},
        {"token_digest": "x"},
        {"fault": "gossip", "fault_count": 1, "fault_since": NOW},
        {"fault_count": 1},
        {"old_token_until": NOW},
    ],
)
def test_address_of_a_form_in_an_impossible_state_is_refused(workspace, fields):
    address = make_address(workspace)

    with refusal():
        type(address).objects.filter(pk=address.pk).update(**fields)


def test_owners_word_of_consent_has_its_wording(workspace):
    with refusal():
        make_address(workspace).consents.create(rule="form", said_by="jane@acme.example")


def test_of_a_form_five_bodies_are_kept(workspace):
    address, body = make_address(workspace), {"status_code": 200, "arrived_at": NOW}
    for place in range(5):
        address.arrivals.create(place=place, **body)

    for place in (0, 5):
        with refusal():
            address.arrivals.create(place=place, **body)


def test_key_outlives_its_workspace_and_leads_do_not():
    workspace = make_workspace()
    prefix, lead = make_key(workspace)[8:16], make_lead(workspace)

    workspace.delete()

    assert ApiKey.objects.get(prefix=prefix).workspace is None
    assert not Lead.objects.filter(pk=lead.pk).exists()
