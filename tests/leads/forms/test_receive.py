"""The hosted form: who sends it is called, as through the API, and told the truth."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from leads.forms import versions
from leads.forms.definition import Asked
from tests.factories import make_cast, make_lead, make_phone, make_workspace
from tests.hosted_form import LONG_AGO, QUESTIONS, Stranger, publish, words_of
from workspaces.models import Channel

RINGS = "Your phone rings now."
KEPT = "We have your request."


@pytest.fixture
def stranger(web, cast):
    publish(cast.workspace)
    return Stranger(web.base_url, cast.workspace)


def test_who_sends_the_form_is_called_and_told_so(cast, stranger):
    answer = stranger.send(name="Ada Lovelace", email="ada@example.com", goal="Engines")

    lead = cast.workspace.leads.get()
    assert (answer.status_code, words_of(answer).count(RINGS)) == (200, 1)
    assert (lead.name, lead.email, lead.goal) == ("Ada Lovelace", "ada@example.com", "Engines")
    assert [call.body["customer"]["number"] for call in cast.placed()] == [lead.phone]
    row = cast.workspace.log.get(kind="form")
    assert (row.code, row.outcome, row.lead_id) == ("form.submit", "succeeded", lead.pk)


def test_evidence_of_consent_is_kept(cast, stranger):
    page = "https://www.example.com/prices"

    stranger.send(page=f"{page}#top")

    lead = cast.workspace.leads.get()
    assert lead.consent_source == "form:1" and lead.consent_address == "127.0.0.1"
    assert (timezone.now() - lead.consent_at).total_seconds() < 60
    assert lead.consent_evidence == {
        "wording": "I agree that Test Studio calls me about my request.",
        "version": 1,
        "policy": "",
        "page": page,
    }


def test_answers_are_kept_with_what_was_asked(web, cast):
    publish(cast.workspace, questions=tuple(question for question, _ in QUESTIONS))
    answers = {question.id: answer for question, answer in QUESTIONS}

    Stranger(web.base_url, cast.workspace).send(**answers)

    lead = cast.workspace.leads.get()
    assert lead.form_responses == {**answers, "q_severl": "Monday, Friday"}
    assert [question for question, _ in lead.answers] == [
        question.text for question, _ in QUESTIONS
    ]
    [call] = cast.placed()
    told = call.body["assistantOverrides"]["variableValues"]["formResponses"]
    assert '"How often?": "Weekly"' in told and "q_" not in told


def test_nothing_is_public_before_it_is_published(web, visit, cast):
    stranger = Stranger(web.base_url, cast.workspace)
    nobody = Stranger(web.base_url, make_workspace())
    nobody.path = "/forms/no-such-workspace"

    for ending in ("", "/thanks", "/embed.js", f"/logo/{'0' * 64}"):
        found, missing = stranger.open(stranger.path + ending), nobody.open(nobody.path + ending)

        assert (found.status_code, found.text) == (missing.status_code, missing.text)
        assert found.status_code == 404
    assert stranger.send(began="x").status_code == 404
    assert not cast.workspace.leads.exists()


def test_setting_by_its_name_publishes_the_form(web, cast):
    cast.workspace.form_published = True
    cast.workspace.save()
    stranger = Stranger(web.base_url, cast.workspace)

    page = stranger.open()
    stranger.send()

    assert page.status_code == 200 and "I agree that Test Studio calls me" in page.text
    assert cast.workspace.leads.get().consent_source == "form:1"


def test_unpublished_form_says_so_in_its_own_look_and_takes_nothing(web, cast, stranger):
    cast.workspace.form_published = False
    cast.workspace.save()

    page, sent = stranger.open(), stranger.send()

    assert page.status_code == sent.status_code == 410
    assert "This form is closed" in words_of(page) and "Test Studio" in words_of(page)
    assert not cast.workspace.leads.exists()


def test_paused_form_says_so_and_keeps_the_request(web, sandbox):
    cast = make_cast(sandbox, is_paused=True)
    publish(cast.workspace)
    stranger = Stranger(web.base_url, cast.workspace)

    assert "Nobody is calling just now." in words_of(stranger.open())
    assert KEPT in words_of(stranger.send())
    assert cast.workspace.leads.get().held_because == "paused" and cast.placed() == []


def test_second_submission_says_the_same_and_calls_nobody(cast, stranger):
    phone = make_phone()

    first, second = stranger.send(phone=phone), stranger.send(phone=phone, name="Again")

    assert words_of(first) == words_of(second)
    assert cast.workspace.leads.count() == len(cast.placed()) == 1
    assert cast.workspace.leads.get().later_submissions.get().name == "Again"


def test_many_submissions_at_once_make_one_lead_and_one_call(cast, stranger):
    same = {"phone": make_phone(), "began": stranger.began(LONG_AGO)}

    with ThreadPoolExecutor(20) as pool:
        pages = list(pool.map(lambda _: stranger.send(**same), range(20)))

    assert {(page.status_code, words_of(page)) for page in pages} == {
        (200, f"Test Studio Thank you {RINGS}")
    }
    assert cast.workspace.leads.count() == len(cast.placed()) == 1
    assert not cast.workspace.refused_submissions.exists()


def test_reload_of_the_thank_you_sends_nothing(cast, stranger):
    answer = stranger.send()

    again = stranger.open(answer.url.removeprefix(stranger.base_url))

    assert words_of(again) == words_of(answer)
    assert cast.workspace.leads.count() == 1


def test_thank_you_of_another_workspace_or_none_leads_to_the_form(web, cast, stranger):
    other = make_workspace()
    publish(other)
    theirs = Stranger(web.base_url, other).send(follow=False).headers["Location"]
    said = theirs.partition("?said=")[2]

    for word in (said, "", "x", "x" * 1000):
        answer = stranger.open(f"{stranger.path}/thanks", said=word)

        assert (answer.status_code, answer.headers["Location"]) == (303, stranger.path)


def test_refused_dispatch_is_kept_for_members_and_no_error_is_shown(web, sandbox):
    cast = make_cast(sandbox)
    publish(cast.workspace, questions=(QUESTIONS[0][0],))
    stranger = Stranger(web.base_url, cast.workspace)

    answer = stranger.send(phone=make_phone("41"), q_short2="Rowing")

    assert answer.status_code == 200 and KEPT in words_of(answer)
    assert not cast.workspace.leads.exists()
    refused = cast.workspace.refused_submissions.get()
    assert refused.consent_evidence["version"] == 1
    assert refused.form_wordings == {"q_short2": "What is your sport?"}
    row = cast.workspace.log.get(kind="form")
    assert (row.outcome, row.error_code) == ("failed", refused.error_code)


def test_hours_are_told_in_the_time_of_the_person(web, sandbox):
    hours = "mon-sun 00:00-00:01" if timezone.now().hour else "mon-sun 23:58-23:59"
    cast = make_cast(sandbox, first_call_hours=hours)
    publish(cast.workspace)

    answer = Stranger(web.base_url, cast.workspace).send(timezone="UTC")

    assert "We call you t" in words_of(answer) and "(your time)." in words_of(answer)
    assert ("from 0:00" if timezone.now().hour else "from 23:58") in words_of(answer)
    assert cast.workspace.leads.get().held_because == "calling_hours"


def test_day_that_is_full_is_told_and_the_lead_is_kept(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=0)
    publish(cast.workspace)

    answer = Stranger(web.base_url, cast.workspace).send(timezone="UTC")

    assert "We call you tomorrow from 0:00 (your time)." in words_of(answer)
    assert cast.workspace.leads.get().held_because == "daily_limit"


def test_workspace_that_writes_says_nothing_of_a_call(web):
    workspace = make_workspace(channel=Channel.WHATSAPP)
    publish(workspace)
    stranger = Stranger(web.base_url, workspace)

    assert "writes to me on WhatsApp" in stranger.open().text
    assert RINGS not in words_of(stranger.send())


def test_number_on_the_do_not_call_list_is_promised_no_call(cast, stranger):
    from leads.contact.do_not_call import opt_outs
    from leads.models import Way

    phone = make_phone()
    opt_outs.add(cast.workspace, [phone], way=Way.PAGE)

    assert KEPT in words_of(stranger.send(phone=phone))
    assert cast.placed() == []


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_form_speaks_the_language_of_its_owner_choice(web, cast, language):
    from leads.forms import texts
    from leads.forms.definition import Language

    own = texts.of(Language(language))
    publish(cast.workspace, language=Language(language), email=Asked.REQUIRED)
    stranger = Stranger(web.base_url, cast.workspace)

    page, wrong, right = stranger.open(), stranger.send(), stranger.send(email="a@example.com")

    assert f'<html lang="{language}"' in page.text
    assert own["required"] in words_of(wrong)
    assert own["calling"] in words_of(right)


def test_old_slug_leads_on_for_ever_with_what_was_typed(web, cast, stranger, visit):
    from tests.factories import make_user
    from workspaces.settings import administration

    owner = make_user(cast.workspace)
    old = cast.workspace.slug
    for name in ("a", "b"):
        administration.rename(
            workspace=cast.workspace, name="Test Studio", slug=f"{old}-{name}", by=owner
        )

    page, answer = stranger.open(utm_source="ad"), stranger.send(name="Grace")

    assert page.headers["Location"] == f"/forms/{old}-b?utm_source=ad"
    assert RINGS in words_of(answer)
    assert cast.workspace.leads.get().name == "Grace"


def test_slug_that_was_a_workspaces_is_nobody_elses(cast):
    from tests.factories import make_user
    from workspaces.settings import administration, taken_slugs

    owner, old = make_user(cast.workspace), cast.workspace.slug
    administration.rename(workspace=cast.workspace, name="X", slug=f"{old}-new", by=owner)
    other = make_workspace()

    with pytest.raises(taken_slugs.SlugTaken):
        administration.rename(workspace=other, name="Y", slug=old, by=owner)
    administration.rename(workspace=cast.workspace, name="X", slug=old, by=owner)


def test_known_phone_is_answered_like_an_unknown_one_while_calls_are_refused(cast, stranger):
    known = make_lead(cast.workspace)
    stranger.send(phone=make_phone("41"))

    answers = [stranger.send(phone=phone) for phone in (known.phone, make_phone("41"))]

    assert {words_of(answer) for answer in answers} == {f"Test Studio Thank you {KEPT}"}


def test_versions_are_one_while_nothing_changes(cast):
    assert [publish(cast.workspace), publish(cast.workspace)] == [1, 1]
    assert publish(cast.workspace, title="Another") == 2
    assert versions.shown(cast.workspace).definition.title == "Another"
