"""updateLeadProfile, markUnqualified, escalateToHuman, endConversation."""

import pytest

from leads import status
from leads.models import Lead, StatusReason
from tests.factories import make_user
from tests.vapi_messages import end_of_call_report

ABUSE = [{"goal": {"a": 1}}, {"goal": True}, {"budget": ["1"]}, {"notes": [], "goal": "x"}]


def lead_of(lead_id):
    return Lead.objects.get(pk=lead_id)


def test_profile_keeps_what_the_agent_learnt(cast, reporter, lead_id):
    placed = cast.placed()[0]
    reporter.ask(placed, "updateLeadProfile", {"goal": "Lose 5 kg", "budget": 200, "age": 30})

    reporter.ask(placed, "updateLeadProfile", {"schedulePref": "evenings", "fitnessLevel": "low"})

    lead = lead_of(lead_id)
    assert lead.goal == ""  # what the lead sent stays as it was sent
    assert lead.profile == {
        "goal": "Lose 5 kg",
        "budget": "200",
        "schedulePref": "evenings",
        "fitnessLevel": "low",
    }


def test_notes_are_added_to_and_never_lost(cast, reporter, lead_id):
    for notes in ("Has a dog.", "Knee trouble.", "Has a dog."):
        reporter.ask(cast.placed()[0], "updateLeadProfile", {"notes": notes})

    assert lead_of(lead_id).profile == {"notes": "Has a dog.\nKnee trouble."}


def test_long_and_unstorable_text_is_cut_to_what_can_be_kept(cast, reporter, lead_id):
    arguments = {"goal": "g" * 9000, "budget": "b\x00" * 900, "notes": "\ud83d n" * 4000}

    assert reporter.ask(cast.placed()[0], "updateLeadProfile", arguments) == "Saved."

    lead = lead_of(lead_id)
    assert (len(lead.profile["goal"]), len(lead.profile["budget"])) == (2000, 1000)
    assert len(lead.profile["notes"]) <= 4000


def test_address_that_is_too_long_is_refused_rather_than_cut(cast, reporter, lead_id):
    address = "jane@" + ".".join(["acme" * 15] * 4) + ".community"  # valid if it were cut

    answer = reporter.ask(cast.placed()[0], "updateLeadProfile", {"email": address})

    assert answer.startswith("email is not a valid e-mail address.")
    assert lead_of(lead_id).profile == {}


@pytest.mark.parametrize("arguments", ABUSE)
def test_argument_of_the_wrong_type_is_named_and_nothing_saved(cast, reporter, lead_id, arguments):
    answer = reporter.ask(cast.placed()[0], "updateLeadProfile", arguments)

    assert answer.endswith("must be a text.")
    assert (lead_of(lead_id).goal, lead_of(lead_id).profile) == ("", {})


def test_empty_profile_is_asked_for(cast, reporter, lead_id):
    answer = reporter.ask(cast.placed()[0], "updateLeadProfile", {"goal": " "})

    assert answer.startswith("Nothing was saved. Give at least one of goal, email,")


def test_unqualified_lead_keeps_the_reason(api, cast, reporter, lead_id):
    reporter.ask(cast.placed()[0], "markUnqualified", {"reason": "Under age."})

    lead = api.read(lead_id).json()["lead"]
    assert (lead["status"], lead["qualificationNotes"]) == ("unqualified", "Under age.")


def test_unqualified_needs_a_reason(cast, reporter, lead_id):
    answer = reporter.ask(cast.placed()[0], "markUnqualified", {})

    assert answer == "Say in one sentence as reason why the lead does not qualify."
    assert lead_of(lead_id).status == "in_conversation"


def test_booked_lead_stays_booked_when_it_is_called_unqualified(cast, reporter, lead_id):
    status.move(lead_id, StatusReason.APPOINTMENT_MADE)

    reporter.ask(cast.placed()[0], "markUnqualified", {"reason": "Changed its mind."})

    assert lead_of(lead_id).status == "booked"


@pytest.mark.parametrize("before", ["new", "unqualified", "booked"])
def test_escalated_lead_needs_a_human(cast, reporter, lead_id, before):
    Lead.objects.filter(pk=lead_id).update(status=before)

    reporter.ask(cast.placed()[0], "escalateToHuman", {"reason": "Wants the owner."})

    lead = lead_of(lead_id)
    assert (lead.status, lead.qualification_notes) == ("needs_human", "Wants the owner.")


def test_escalation_works_without_a_reason(cast, reporter, lead_id):
    reporter.ask(cast.placed()[0], "escalateToHuman")

    assert lead_of(lead_id).status == "needs_human"


def test_end_of_the_conversation_is_left_to_the_assistant(cast, reporter, lead_id):
    answer = reporter.ask(cast.placed()[0], "endConversation")

    assert answer == "Say goodbye in one short sentence, then end the call."
    assert lead_of(lead_id).status == "in_conversation"


def test_outcome_that_arrives_after_the_end_still_counts(cast, reporter, lead_id):
    reporter.send(end_of_call_report(cast.placed()[0]))

    reporter.ask(cast.placed()[0], "markUnqualified", {"reason": "Late."})

    assert lead_of(lead_id).status == "unqualified"


def test_what_was_sent_and_what_was_learnt_stand_apart(api, cast, reporter, visit):
    response = api.submit(goal="Run a marathon", email="sent@acme.com")
    lead_id = response.json()["leadId"]
    learnt = {"goal": "Run 10 km", "email": "Said\u200b@acme.com"}

    reporter.ask(cast.placed()[0], "updateLeadProfile", learnt)

    sent = api.read(lead_id).json()["lead"]
    assert (sent["goal"], sent["email"]) == ("Run a marathon", "sent@acme.com")
    assert lead_of(lead_id).profile == {"goal": "Run 10 km", "email": "said@acme.com"}
    page = (
        visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead_id}").text
    )
    assert all(text in page for text in ("Run a marathon", "sent@acme.com", "Run 10 km"))
    assert page.index("Run a marathon") < page.index("What the agent learnt") < page.index("Run 10")
