"""What a person submitted is kept wherever a lead is withdrawn, and nowhere else."""

import pytest

from leads.calls.placing import reconcile, withdrawn
from leads.models import RefusedSubmission
from tests.factories import abandon_call, make_lead, make_phone, open_call


@pytest.fixture(autouse=True)
def vapi(sandbox, settings):
    settings.VAPI_BASE_URL = sandbox.base_url


def test_a_lead_whose_process_died_before_vapi_was_asked_is_kept_as_refused(cast):
    call = abandon_call(cast.workspace, placed=False)

    reconcile.settle_dialing_calls()

    kept = cast.workspace.refused_submissions.get()
    assert (kept.phone, kept.name) == (call.lead.phone, call.lead.name)
    assert (kept.lead_id, kept.error_code) == (call.lead_id, "vapi.silent")


def test_a_lead_whose_call_turns_out_to_be_placed_is_not(cast):
    abandon_call(cast.workspace, placed=True)

    reconcile.settle_dialing_calls()

    assert not RefusedSubmission.objects.filter(workspace=cast.workspace).exists()


def test_a_lead_that_was_accepted_before_stays_a_lead_when_another_call_is_refused(cast):
    call = open_call(make_lead(cast.workspace))

    withdrawn.withdraw(call, "vapi.no_balance")

    assert cast.workspace.leads.count() == 1
    assert not cast.workspace.refused_submissions.exists()


def test_bodies_that_are_refused_for_what_they_hold_are_not_kept(api, cast):
    for wrong in ({"consent": False}, {"email": "no address"}, {"phone": "12"}):
        assert api.submit(**wrong).status_code == 400
    phone = make_phone()
    assert [api.submit(phone=phone).status_code for _ in range(2)] == [201, 409]

    assert not cast.workspace.refused_submissions.exists()
