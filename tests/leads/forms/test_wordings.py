"""An answer keeps the words of the question that it answered, wherever it is shown."""

import csv
import io
import json

import pytest

from leads.forms.definition import Question
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_phone, make_user
from tests.hosted_form import LONG_AGO, Stranger, publish

OLD, NEW = "How often do you train?", "How many hours a week?"


def ask(workspace, text: str, **fields) -> int:
    return publish(workspace, questions=(Question("q_abc234", text=text),), **fields)


@pytest.fixture
def exported(visit, cast):
    """Return a function: the rows of the export, by their headings."""

    def rows():
        owner = visit(make_user(cast.workspace))
        text = owner.get(f"/admin/{cast.workspace.slug}/leads/export").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return rows


def told(call) -> dict:
    """Return the answers that the agent was told of."""
    variables = call.body["assistantOverrides"]["variableValues"]
    return json.loads(variables["formResponses"])


def test_answer_to_an_old_version_shows_the_old_wording_everywhere(web, cast, visit, exported):
    old = ask(cast.workspace, OLD, consent="I agree, as of old.")
    stranger = Stranger(web.base_url, cast.workspace)
    began = stranger.began(LONG_AGO, old)  # opened before ...
    ask(cast.workspace, NEW, consent="I agree anew.")  # ... and sent after the change

    stranger.send(began=began, q_abc234="Twice a week")

    lead, [call] = cast.workspace.leads.get(), cast.placed()
    assert told(call) == {OLD: "Twice a week"}
    page = text_of(
        visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")
    )
    assert OLD in page and NEW not in page
    assert "I agree, as of old. (version 1)" in page and "I agree anew" not in page
    row = next(row for row in exported() if row["id"] == str(lead.pk))
    assert json.loads(row["form_responses"]) == {OLD: "Twice a week"}


def test_answer_to_a_new_version_shows_the_new_wording(web, cast):
    for text in (OLD, NEW):
        ask(cast.workspace, text)

    Stranger(web.base_url, cast.workspace).send(q_abc234="Two")

    assert cast.workspace.leads.get().answers == [(NEW, "Two")]


def test_answers_that_a_site_sends_by_their_ids_get_the_words_of_today(cast, api):
    ask(cast.workspace, OLD)
    first = api.submit(formResponses={"q_abc234": "Twice", "q_unheard": "x", "own": "y"}).json()
    ask(cast.workspace, NEW)
    second = api.submit(formResponses={"q_abc234": "Thrice"}).json()

    answers = [cast.workspace.leads.get(pk=made["leadId"]).answers for made in (first, second)]

    assert answers == [
        [(OLD, "Twice"), ("q_unheard", "x"), ("own", "y")],
        [(NEW, "Thrice")],
    ]
    assert {OLD: "Twice", "q_unheard": "x", "own": "y"} in map(told, cast.placed())


def test_question_that_is_not_asked_any_more_keeps_its_words(cast, api):
    ask(cast.workspace, OLD)
    publish(cast.workspace)

    made = api.submit(formResponses={"q_abc234": "Twice"}).json()

    assert cast.workspace.leads.get(pk=made["leadId"]).answers == [(OLD, "Twice")]


def test_ids_of_another_workspace_mean_nothing(web, sandbox, cast):
    from tests.factories import make_cast

    ask(cast.workspace, OLD)
    other = make_cast(sandbox)

    Api(web.base_url, other.key).submit(formResponses={"q_abc234": "Twice"})

    assert other.workspace.leads.get().answers == [("q_abc234", "Twice")]


def test_two_questions_of_the_same_words_are_told_apart(web, cast):
    same = tuple(Question(name, text="Why?") for name in ("q_abc234", "q_abc235"))
    publish(cast.workspace, questions=same)

    Stranger(web.base_url, cast.workspace).send(q_abc234="A", q_abc235="B")

    assert cast.workspace.leads.get().answers == [
        ("Why? (q_abc234)", "A"),
        ("Why? (q_abc235)", "B"),
    ]


def test_later_submission_keeps_wording_and_evidence_too(web, cast):
    ask(cast.workspace, OLD)
    stranger, phone = Stranger(web.base_url, cast.workspace), make_phone()

    for answer in ("Once", "Twice"):
        stranger.send(phone=phone, q_abc234=answer)

    again = cast.workspace.leads.get().later_submissions.get()
    assert again.answers == [(OLD, "Twice")]
    assert again.consent_evidence["version"] == 1


def test_erasing_the_lead_erases_evidence_and_answers(web, cast):
    from leads import erasure
    from leads.models import LaterSubmission, Lead

    ask(cast.workspace, OLD)
    Stranger(web.base_url, cast.workspace).send(q_abc234="Once", page="https://example.com/x")
    lead = cast.workspace.leads.get()
    lead.calls.update(status="ended")

    erasure.erase_leads(cast.workspace, [lead.pk])

    assert not Lead.objects.filter(workspace=cast.workspace).exists()
    assert not LaterSubmission.objects.filter(lead=lead.pk).exists()
    assert "example.com/x" not in str(list(cast.workspace.log.values()))
