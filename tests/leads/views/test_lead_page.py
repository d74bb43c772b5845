"""The page of one lead, and what operators do there."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Call, Lead, LeadStatus
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_call, make_cast, make_lead, make_phone, make_user
from tests.ordinary_data import make_long_call
from workspaces.log import record
from workspaces.models import Role, Workspace


@pytest.fixture
def owner(cast):
    return make_user(cast.workspace)


def page_of(cast, lead_id) -> str:
    return f"/admin/{cast.workspace.slug}/leads/{lead_id}"


def test_everything_about_a_lead_is_on_its_page_and_escaped(cast, api, visit, owner):
    body = api.submit(
        name="<b>Jane</b>",
        email="jane@acme.com",
        goal="Run <script>alert(1)</script>",
        metadata={"campaign": "spring"},
        formResponses={"How often?": "Twice a week"},
    ).json()

    page = visit(owner).get(page_of(cast, body["leadId"]))

    assert "<b>Jane" not in page.text and "<script>alert" not in page.text
    text = text_of(page)
    for wanted in ("jane@acme.com", "spring", "How often?", "Twice a week", "Consent given"):
        assert wanted in text
    assert "Vapi was asked to call" in text and "Request answered" in text


def test_lead_that_is_still_being_dispatched_has_no_page(cast, visit, owner):
    lead = make_lead(cast.workspace, accepted_at=None)

    assert visit(owner).get(page_of(cast, lead.pk)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "answered", "status"),
    [({}, False, "new"), ({}, True, "in_conversation"), ({"booking_uid": "b1"}, True, "booked")],
)
def test_lead_is_taken_over_and_handed_back_as_its_history_has_it(
    cast, api, visit, owner, fields, answered, status
):
    lead_id = api.submit().json()["leadId"]
    Lead.objects.filter(pk=lead_id).update(**fields)
    if answered:
        call = Call.objects.get(lead=lead_id)
        Call.objects.filter(pk=call.pk).update(started_at=call.created_at)
    visitor = visit(owner)

    visitor.post(f"{page_of(cast, lead_id)}/take-over")
    taken = Lead.objects.get(pk=lead_id).status
    visitor.post(f"{page_of(cast, lead_id)}/hand-back")

    assert (taken, Lead.objects.get(pk=lead_id).status) == (LeadStatus.NEEDS_HUMAN, status)
    actions = cast.workspace.log.filter(kind="operator_action").order_by("id")
    assert [row.action for row in actions] == ["Take over lead", "Hand lead back"]


def test_call_again_places_one_call_and_tells(cast, visit, owner):
    lead = make_lead(cast.workspace)
    visitor = visit(owner)

    visitor.post(f"{page_of(cast, lead.pk)}/call-again")

    assert "is being called." in text_of(visitor.get(page_of(cast, lead.pk)))
    assert [call.body["customer"]["number"] for call in cast.placed()] == [lead.phone]


def test_call_again_while_a_call_is_going_on_is_refused(cast, api, visit, owner):
    lead_id = api.submit().json()["leadId"]
    visitor = visit(owner)

    visitor.post(f"{page_of(cast, lead_id)}/call-again")

    text = text_of(visitor.get(page_of(cast, lead_id)))
    assert "A call to this lead is still going on." in text
    assert len(cast.placed()) == 1


def test_call_again_that_vapi_refuses_keeps_the_lead_and_says_why(cast, visit, owner):
    lead = make_lead(cast.workspace, phone=make_phone("45"))
    visitor = visit(owner)

    visitor.post(f"{page_of(cast, lead.pk)}/call-again")

    text = text_of(visitor.get(page_of(cast, lead.pk)))
    assert "was not called. Vapi /call failed (402)" in text
    assert "The Vapi account has no credit" in text
    assert Lead.objects.filter(pk=lead.pk).exists() and not lead.calls.exists()


def test_held_lead_says_why_and_is_called_from_its_page_once_it_may_be(sandbox, web, visit):
    cast = make_cast(sandbox, daily_call_limit=0)
    lead_id = Api(web.base_url, cast.key).submit().json()["leadId"]
    visitor = visit(make_user(cast.workspace))
    page = page_of(cast, lead_id)

    held = text_of(visitor.get(page))
    visitor.post(f"{page}/call-again")
    refused = text_of(visitor.get(page))
    Workspace.objects.filter(pk=cast.workspace.pk).update(daily_call_limit=1)
    free = text_of(visitor.get(page))
    visitor.post(f"{page}/call-again")
    called = text_of(visitor.get(page))

    assert "Not called yet The limit of 0 calls a day is reached." in held
    assert "Call now" not in held
    assert "was not called. The limit of 0 calls a day is reached." in refused
    assert "the lead can be called now" in free and "Call now" in free
    assert "is being called." in called and "Being called now" in called
    assert len(cast.placed()) == 1


def test_lead_that_is_being_dialled_is_not_deleted(cast, api, visit, owner):
    lead_id = api.submit(name="Ringing Now").json()["leadId"]
    Call.objects.filter(lead=lead_id).update(status="dialing")
    visitor = visit(owner)

    visitor.post(f"/admin/{cast.workspace.slug}/leads/delete", lead=lead_id)

    text = text_of(visitor.get(page_of(cast, lead_id)))
    assert "1 lead stays as before: 1 being dialled right now: try again in a few seconds." in text


def test_deleting_leaves_a_row_that_names_nobody(cast, api, visit, owner):
    body = api.submit(name="Gone Girl", email="gone@example.com").json()

    visit(owner).post(f"/admin/{cast.workspace.slug}/leads/delete", lead=body["leadId"])

    rows = cast.workspace.log.all()
    assert "Gone Girl" not in str(list(rows.values())) and "gone@" not in str(list(rows.values()))
    assert {row.action for row in rows} >= {"POST /api/public/leads", "Delete lead"}


def test_agent_works_leads_but_is_offered_no_deletion(cast, visit):
    lead = make_lead(cast.workspace)

    page = visit(make_user(cast.workspace, Role.AGENT)).get(page_of(cast, lead.pk))

    assert "Take over" in page.text
    assert "leads/delete" not in page.text


def test_questions_named_as_parts_of_python_are_shown_in_the_order_sent(api, cast, visit):
    answers = {"items": "a first", "a much longer question": "b second", "get": "c", "keys": "d"}
    metadata = {"items": "m1", "values": "m2"}
    lead_id = api.submit(formResponses=answers, metadata=metadata).json()["leadId"]

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead_id}")

    assert page.status_code == 200
    places = [page.text.index(f"<bdi>{word}</bdi>") for pair in answers.items() for word in pair]
    assert places == sorted(places)
    assert "<bdi>m1</bdi>" in page.text and "<bdi>m2</bdi>" in page.text


def test_name_that_turns_text_around_stays_in_its_place(api, cast, visit):
    api.submit(name="Jane \u202eeoD", goal="\u202eback", email="jane@acme.com")
    lead = cast.workspace.leads.get()
    visitor, home = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}"

    page, listed = visitor.get(f"{home}/leads/{lead.pk}").text, visitor.get(f"{home}/leads").text

    assert "<bdi>Jane \u202eeoD</bdi>" in page and "<bdi>\u202eback</bdi>" in page
    assert "<bdi>Jane \u202eeoD</bdi>" in listed
    everywhere_else = re.sub("<bdi>.*?</bdi>", "", page + listed, flags=re.DOTALL)
    assert "\u202e" not in everywhere_else


def test_calendar_that_refuses_is_told_in_a_plain_sentence_and_its_answer_folded(
    cast, visit, owner
):
    """Also where an older release wrote the answer into the notes."""
    raw = 'Cal.com GET /slots failed (401): {"status":"error","error":{"code":"Unauthorized"}}'
    notes = f"The lead wants an appointment, and Cal.com refused: {raw}"
    reason = {"status": "needs_human", "status_reason": "calendar_refused"}
    lead = make_lead(cast.workspace, qualification_notes=notes, **reason)
    refused = {"kind": "provider_request", "outcome": "refused", "error": raw}
    codes = {"code": "calcom.list_slots", "action": "Cal.com", "error_code": "calcom.key_refused"}
    record.row(workspace_id=cast.workspace.pk, lead_id=lead.pk, **refused, **codes)

    page = visit(owner).get(page_of(cast, lead.pk))

    above, below = page.text.split("Technical details")
    assert "Cal.com does not take the API key. Enter a key of the account" in text_of(page)
    assert "Unauthorized" not in above and "Unauthorized" in below


@pytest.mark.parametrize(
    ("reason", "started", "said"),
    [
        ("customer-ended-call", True, "The lead hung up The lead ended the conversation."),
        ("customer-did-not-answer", False, "Not reached No answer."),
        ("twilio-reported-customer-misdialed", False, "Not reached The number cannot be reached."),
    ],
)
def test_lead_that_hung_up_or_was_not_reached_says_so_and_is_called_again(
    cast, visit, owner, reason, started, said
):
    lead = make_lead(cast.workspace)
    make_call(lead, ended_reason=reason, started_at=lead.created_at if started else None)
    visitor = visit(owner)

    text = text_of(visitor.get(page_of(cast, lead.pk)))
    visitor.post(f"{page_of(cast, lead.pk)}/call-again")

    assert said in text and "Call again" in text
    assert len(cast.placed()) == 1


def test_lead_that_may_not_be_called_again_says_why(sandbox, visit):
    cast = make_cast(sandbox, is_paused=True)
    lead = make_lead(cast.workspace)
    make_call(lead, ended_reason="customer-ended-call")

    text = text_of(visit(make_user(cast.workspace)).get(page_of(cast, lead.pk)))

    assert "Call again" not in text
    assert "The agent is paused." in text


def test_call_shows_its_turns_with_seconds_its_length_and_what_vapi_says_it_cost(
    cast, visit, owner
):
    lead = make_lead(cast.workspace, name="Jane Doe")
    make_long_call(lead)

    page = visit(owner).get(page_of(cast, lead.pk))

    text = text_of(page)
    assert "AI 0:01 Guten Tag" in text and "Jane Doe 0:12 Ja, das ging ja schnell!" in text
    assert "2:05 min · $0.05 as Vapi reports it" in text
    assert re.search(r'href="[^"]+/recording\?call=[0-9a-f-]+#t=12.5"', page.text)


def test_transcript_of_an_older_call_is_taken_apart_into_turns(cast, visit, owner):
    lead = make_lead(cast.workspace, name="Jane Doe")
    make_call(lead, transcript="AI: Hi, is this Jane?\nUser: Yes.\nIt is.\n")

    page = visit(owner).get(page_of(cast, lead.pk)).text

    turns = re.findall(r'<li class="turn.*?</li>', page, re.DOTALL)
    assert len(turns) == 2
    assert "AI" in turns[0] and "Jane Doe" in turns[1] and "Yes.<br>It is." in turns[1]


def test_what_was_written_again_stands_on_the_page(cast, api, visit, owner):
    phone = make_phone()
    lead_id = api.submit(phone=phone, goal="Run 5 km").json()["leadId"]
    api.submit(phone=phone, goal="Run 10 km <b>soon</b>", metadata={"campaign": "autumn"})

    page = visit(owner).get(page_of(cast, lead_id))

    assert re.search("Wrote again .* Goal Run 10 km .*Metadata campaign autumn", text_of(page))
    assert "<b>soon" not in page.text


def test_unchanged_lead_is_answered_204_and_a_changed_one_with_its_page(cast, api, visit, owner):
    lead_id = api.submit().json()["leadId"]
    visitor, page = visit(owner), page_of(cast, lead_id)
    version = re.search('data-version="([0-9a-f]+)"', visitor.get(page).text)[1]

    unchanged = visitor.get(f"{page}/changes", version=version)
    visitor.post(f"{page}/take-over")
    changed = visitor.get(f"{page}/changes", version=version)

    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert changed.status_code == 200 and version not in changed.text
    assert "Needs a human" in changed.text and "<html" not in changed.text
    again = re.search('data-version="([0-9a-f]+)"', changed.text)[1]
    assert visitor.get(f"{page}/changes", version=again).status_code == 204


def test_unchanged_lead_costs_few_queries(cast, owner):
    lead = make_lead(cast.workspace)
    make_call(lead)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(owner)
    found = client.get(page_of(cast, lead.pk))
    path = f"{page_of(cast, lead.pk)}/changes?version={found.context['version']}"

    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)

    assert response.status_code == 204
    assert len(queries) <= 7
