"""The bodies that form tools send by themselves, each ending in the right lead."""

import pytest

from tests.factories import make_cast, make_phone
from tests.leads.intake_addresses.bodies import BY_NAME
from tests.leads.intake_addresses.forms import Form, make_address


@pytest.mark.parametrize("name", BY_NAME)
def test_body_of_a_tool_ends_in_the_right_lead(web, sandbox, name):
    body = BY_NAME[name]
    cast = make_cast(sandbox, default_country="GB")
    mapped = body.mapped or None
    address = make_address(cast.workspace, tool=body.tool, mapped=mapped, consent=body.consent)
    phone = make_phone()
    national = f"0{phone.removeprefix('+44')}"

    response = Form(web.base_url, address).post(**body.request(national))

    [lead] = cast.workspace.leads.all()
    assert (response.status_code, response.json()) == (200, {"ok": True, "leadId": str(lead.pk)})
    assert (lead.name, lead.phone, lead.email) == ("Jane Doe", phone, "jane@example.com")
    assert lead.goal == body.goal
    assert lead.form_responses == body.responses
    assert len(cast.placed()) == 1


@pytest.mark.parametrize("name", BY_NAME)
def test_each_body_names_its_source(name):
    assert BY_NAME[name].source


def test_campaign_goes_to_the_metadata(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    form = Form(web.base_url, make_address(cast.workspace, tool="typeform"))

    form.post(**BY_NAME["TYPEFORM"].request(f"0{make_phone()[3:]}"))

    assert cast.workspace.leads.get().metadata == {"utm_source": "spring-mail"}


def test_answer_that_was_skipped_moves_no_other(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    form = Form(web.base_url, make_address(cast.workspace, tool="typeform"))
    request = BY_NAME["TYPEFORM"].request(f"0{make_phone()[3:]}")
    answers = request["json"]["form_response"]["answers"]
    del answers[3]  # the e-mail

    assert form.post(**request).status_code == 200
    lead = cast.workspace.leads.get()
    assert (lead.email, lead.goal) == ("", "Wants to compare plans.")
