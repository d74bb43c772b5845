"""The list of people whose call was refused, and taking them in after all."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from leads.models import Lead
from tests.dashboard import text_of
from tests.factories import make_lead, make_phone, make_refused, make_user, make_workspace
from workspaces.connections import credentials
from workspaces.models import Role, Workspace

ONCE = "83"  # refused at first, accepted later
NO_CREDIT, BAD_NUMBER = "45", "40"


@pytest.fixture
def member(cast, visit):
    return visit(make_user(cast.workspace, Role.AGENT))


@pytest.fixture
def base(cast):
    return f"/admin/{cast.workspace.slug}/refused"


def refuse(api, cast, ending=ONCE, **fields):
    """Submit somebody whose call Vapi refuses. Return the row of the list."""
    phone = make_phone(ending)
    assert api.submit(phone=phone, **fields).status_code == 502
    return cast.workspace.refused_submissions.get(phone=phone)


def test_a_refused_person_is_listed_with_the_reason_in_plain_words(api, cast, member, base):
    refused = refuse(api, cast, NO_CREDIT, name="Rita Book", email="rita@example.com")

    text = text_of(member.get(base))

    for wanted in (
        "Rita Book",
        "rita@example.com",
        refused.phone,
        "The Vapi account has no credit",
    ):
        assert wanted in text
    assert "Rita Book" not in text_of(member.get(base.replace("refused", "leads")))


def test_a_site_that_tries_ten_times_is_one_person_with_what_came_last(api, cast, member, base):
    first = refuse(api, cast, NO_CREDIT, name="Rita")
    for _ in range(9):
        api.submit(phone=first.phone, name="Rita Book")

    [row] = cast.workspace.refused_submissions.all()

    assert (row.pk, row.name, row.attempts) == (first.pk, "Rita Book", 10)
    assert "10 attempts" in text_of(member.get(base))


def test_who_is_taken_in_by_the_site_s_own_retry_leaves_the_list(api, cast, member, base):
    refused = refuse(api, cast, name="Rita Book")

    assert api.submit(phone=refused.phone).status_code == 201

    assert "Rita Book" not in text_of(member.get(base))


def test_taken_in_a_person_is_a_lead_with_all_that_was_submitted(api, cast, member, base):
    sent = {"goal": "Run", "email": "r@example.com", "metadata": {"utm_source": "ad"}}
    answers = {"How often exactly?": "Twice", "Why": "Health"}
    refused = refuse(api, cast, name="Rita Book", formResponses=answers, **sent)

    response = member.post(f"{base}/{refused.pk}/take-in")

    lead = cast.workspace.leads.get()
    assert response.headers["Location"].endswith(f"/leads/{lead.pk}")
    assert (lead.name, lead.goal, lead.email) == ("Rita Book", "Run", "r@example.com")
    assert lead.metadata == sent["metadata"] and lead.answers == list(answers.items())
    assert (lead.consent_at, lead.consent_source) == (refused.consent_at, refused.consent_source)
    assert lead.consent_address == refused.consent_address
    assert len(cast.placed()) == 1 and not cast.workspace.refused_submissions.exists()


def test_a_retry_of_the_site_after_that_is_a_duplicate_and_calls_nobody(api, cast, member, base):
    refused = refuse(api, cast)
    member.post(f"{base}/{refused.pk}/take-in")

    assert api.submit(phone=refused.phone).status_code == 409

    assert len(cast.placed()) == 1


def test_pressing_twice_takes_in_once(api, cast, member, base):
    refused = refuse(api, cast)

    for _ in range(2):
        assert member.post(f"{base}/{refused.pk}/take-in").status_code == 302

    assert len(cast.placed()) == 1 and cast.workspace.leads.count() == 1
    assert "not in the list any more" in text_of(member.get(base))


def test_a_member_and_the_site_s_retry_at_once_make_one_lead_and_one_call(api, cast, member, base):
    refused = [refuse(api, cast) for _ in range(5)]

    with ThreadPoolExecutor(10) as threads:
        for row in refused:
            threads.submit(member.post, f"{base}/{row.pk}/take-in")
            threads.submit(api.submit, phone=row.phone)

    phones = sorted(cast.workspace.leads.values_list("phone", flat=True))
    assert phones == sorted(row.phone for row in refused) and len(cast.placed()) == 5
    assert "Nobody was refused" in text_of(member.get(base))


def test_refused_again_a_person_waits_on_with_the_new_reason(api, cast, member, base):
    refused = refuse(api, cast, NO_CREDIT, name="Rita Book")
    cast.workspace.refused_submissions.update(error_code="vapi.invalid_key")

    member.post(f"{base}/{refused.pk}/take-in")
    text = text_of(member.get(base))

    assert "Rita Book was not called. Vapi /call failed (402)" in text
    assert "The Vapi account has no credit" in text and "2 attempts" in text
    row = cast.workspace.log.get(code="refused.take_in")
    assert (row.outcome, row.error_code) == ("failed", "vapi.no_balance")


def test_while_the_agent_is_paused_a_person_is_taken_in_and_not_called(api, cast, member, base):
    refused = refuse(api, cast)
    Workspace.objects.filter(pk=cast.workspace.pk).update(is_paused=True)

    response = member.post(f"{base}/{refused.pk}/take-in")

    assert "taken in and is not called yet" in text_of(member.get(response.headers["Location"]))
    assert cast.workspace.leads.get().held_because == "paused" and not cast.placed()


def test_all_are_taken_in_but_those_whose_own_number_was_refused(api, cast, member, base):
    for _ in range(3):
        refuse(api, cast)
    bad = refuse(api, cast, BAD_NUMBER)

    assert "Take in and call 3 people?" in text_of(member.get(f"{base}/take-in"))
    member.post(f"{base}/take-in")

    assert "3 people are taken in and being called" in text_of(member.get(base))
    assert len(cast.placed()) == 3
    assert list(cast.workspace.refused_submissions.values_list("pk", flat=True)) == [bad.pk]


def test_taking_in_all_ends_with_the_first_that_the_account_is_refused_for(api, cast, member, base):
    for _ in range(3):
        refuse(api, cast, NO_CREDIT)

    member.post(f"{base}/take-in")

    assert "No more were called. The Vapi account has no credit" in text_of(member.get(base))
    assert sorted(cast.workspace.refused_submissions.values_list("attempts", flat=True)) == [
        1,
        1,
        2,
    ]


def test_removed_nothing_of_a_person_is_left(api, cast, visit, base):
    refused = refuse(api, cast, name="Zebulon Quartermain", email="zebulon@example.com")
    admin = visit(make_user(cast.workspace, Role.ADMIN))

    admin.post(f"{base}/{refused.pk}/remove")

    assert "Zebulon Quartermain is removed" in text_of(admin.get(base))
    stored = str(list(cast.workspace.log.values()))
    assert "Quartermain" not in stored and refused.phone not in stored
    assert not cast.workspace.refused_submissions.exists()


def test_a_person_of_another_workspace_is_not_found(cast, visit, base):
    theirs = make_refused(make_workspace())
    owner = visit(make_user(cast.workspace))

    owner.post(f"{base}/{theirs.pk}/take-in")
    owner.post(f"{base}/{theirs.pk}/remove")

    theirs.refresh_from_db()
    assert not Lead.objects.filter(phone=theirs.phone).exists()


def test_without_a_vapi_account_people_wait_until_there_is_one(cast, api, member, base):
    account = credentials.vapi_account(cast.workspace.pk)
    cast.workspace.credentials.all().delete()
    refused = refuse(api, cast, "00", name="Rita Book")
    assert "Vapi is not connected" in text_of(member.get(base))

    credentials.connect_vapi(cast.workspace, account)
    member.post(f"{base}/{refused.pk}/take-in")

    assert len(cast.placed()) == 1 and cast.workspace.leads.get().phone == refused.phone


def test_a_phone_that_is_a_lead_meanwhile_is_taken_in_already(cast, member, base):
    refused = make_refused(cast.workspace)
    make_lead(cast.workspace, phone=refused.phone)

    assert "Nobody was refused" in text_of(member.get(base))
