"""The last bodies that arrived: which are kept, for how long, and what they tell."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from leads import erasure
from leads.intake_addresses import administration, arrivals
from leads.models import ArrivedBody
from leads.reading.troubles import found
from tests.factories import make_cast, make_phone, make_user
from tests.leads.intake_addresses.forms import BY_NAME, Form, make_address, make_form


@pytest.fixture
def form(web, cast):
    return make_form(web.base_url, cast.workspace)


def troubles(cast) -> list[str]:
    return [t.what for t in found.find(cast.workspace) if t.code == "intake_broken"]


def stored(form) -> str:
    return serializers.serialize("json", form.address.arrivals.all())


def test_last_five_are_kept_newest_first(form):
    for number in range(7):
        form.send(phone=make_phone(), number=number)

    kept = arrivals.latest(form.reload())

    assert [body.read[-1].text for body in kept] == ["6", "5", "4", "3", "2"]
    assert all(body.has_lead and body.is_taken_in for body in kept)
    assert form.address.arrived == 7


def test_many_at_once_leave_five(form):
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: form.send(phone=make_phone()).status_code, range(24)))

    assert set(statuses) == {200}
    assert form.reload().arrived == 24
    assert form.address.arrivals.count() == 5


def test_refused_ones_are_kept_with_the_reason(form):
    form.send(telephone=make_phone())

    [body] = arrivals.latest(form.reload())

    assert (body.status_code, body.has_lead) == (400, False)
    assert "“phone” did not arrive" in body.reason
    assert [answer.path for answer in body.read] == ["name", "consent", "telephone"]


def test_what_is_kept_is_masked_and_bounded(form):
    many = {f"field {n}": "z" * 5_000 for n in range(10)}

    form.send(phone=make_phone(), password="planted", key="ck_live_" + "a" * 32, **many)

    text = stored(form)
    assert "planted" not in text and "a" * 32 not in text
    assert len(text) < 60_000


def test_what_cannot_be_read_as_a_form_is_not_kept(form):
    assert form.post(data=b"{").status_code == 400
    assert form.post(json=5).status_code == 400

    assert arrivals.latest(form.reload()) == []


def test_bodies_go_after_a_week(form):
    form.send(phone=make_phone(), number=1)
    form.send(phone=make_phone(), number=2)
    first = form.address.arrivals.earliest("arrived_at")
    old = timezone.now() - timedelta(days=7, seconds=5)
    ArrivedBody.objects.filter(pk=first.pk).update(arrived_at=old)
    assert [body.read[-1].text for body in arrivals.latest(form.reload())] == ["2"]

    arrivals.forget_old()

    assert form.address.arrivals.count() == 1


def test_body_goes_with_its_lead(form, cast):
    phone = make_phone()
    lead_id = form.send(phone=phone, name="Zebulon Quartermain").json()["leadId"]
    form.send(phone=phone, name="Zebulon Quartermain")  # known by then
    form.send(other=phone, name="Zebulon Quartermain")  # not taken in
    form.send(phone=make_phone(), name="Somebody Else")

    erasure.erase_leads(cast.workspace, [lead_id])

    assert "Quartermain" not in stored(form) and phone not in stored(form)
    assert "Somebody Else" in stored(form)


def test_body_of_a_refused_person_goes_with_them(form, cast):
    phone = make_phone("41")
    form.send(phone=phone, name="Zebulon Quartermain")

    erasure.erase_refused(cast.workspace.refused_submissions.get())

    assert "Quartermain" not in stored(form)


def test_bodies_of_another_workspace_stay(form, cast, web, sandbox):
    other = make_form(web.base_url, make_cast(sandbox).workspace)
    phone = make_phone()
    lead_id = form.send(phone=phone).json()["leadId"]
    other.send(phone=phone)

    erasure.erase_leads(cast.workspace, [lead_id])

    assert (form.address.arrivals.count(), other.address.arrivals.count()) == (0, 1)


def test_broken_mapping_is_told_until_a_lead_comes_of_a_body(form, cast):
    form.send(phone=make_phone())
    assert troubles(cast) == []

    form.send(telephone=make_phone())
    form.send(telephone=make_phone())
    assert troubles(cast) == ["2 submissions of “Website form” were not taken in"]

    form.send(phone=make_phone())
    assert troubles(cast) == []


def test_broken_mapping_is_told_until_it_is_changed(form, cast):
    form.send(telephone=make_phone())
    assert len(troubles(cast)) == 1

    administration.map_fields(
        address=form.reload(),
        name="Website form",
        fields=administration.Fields(**{**BY_NAME, "phone_field": "telephone"}),
        consent=administration.Consent(rule="field", field="consent"),
        by=make_user(cast.workspace),
    )

    assert troubles(cast) == []
    assert form.send(telephone=make_phone()).status_code == 200


@pytest.mark.parametrize("body", [{"phone": "nonsense"}, {"phone": "1", "consent": None}])
def test_what_may_be_a_persons_own_fault_is_told_from_the_third_on(form, cast, body):
    for _ in range(2):
        form.send(**body)
    assert troubles(cast) == []

    form.send(**body)

    assert len(troubles(cast)) == 1


def test_who_does_not_tick_breaks_nothing(form, cast):
    for _ in range(4):
        form.send(phone=make_phone(), consent="no")

    assert troubles(cast) == []


def test_refused_calls_are_no_fault_of_the_mapping(form, cast):
    form.send(phone=make_phone("41"))

    assert troubles(cast) == []


def test_revoked_address_troubles_nobody(form, cast):
    form.send(telephone=make_phone())
    administration.revoke(address=form.address, by=make_user(cast.workspace))

    assert troubles(cast) == []


def test_address_that_was_never_mapped_is_told_when_people_come(web, cast):
    form = Form(web.base_url, make_address(cast.workspace))

    for _ in range(3):
        form.send(phone=make_phone())

    assert len(troubles(cast)) == 1
