"""The pages of webhooks: the secret is shown once, and what was sent is there to see."""

import re

import pytest

from tests.dashboard import text_of
from tests.factories import make_delivery, make_lead, make_user, make_webhook
from workspaces.models import LogEntry, Role, WebhookAttempt, WebhookEndpoint
from workspaces.webhooks import signing

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
# In digits, so that no name server is asked.
URL = "https://8.8.8.8/events"


@pytest.fixture
def admin(workspace, visit):
    return visit(make_user(workspace, Role.ADMIN))


@pytest.fixture
def base(workspace):
    return f"/admin/{workspace.slug}/webhooks"


def test_secret_is_on_the_answer_to_the_post_and_nowhere_else(admin, base, workspace, web):
    created = admin.post(f"{base}/create", url=URL, types=["lead.booked", "call.ended"])
    secret = SECRET.search(created.text)[0]

    endpoint = WebhookEndpoint.objects.get(workspace=workspace)
    assert created.status_code == 201 and "no-store" in created.headers["Cache-Control"]
    assert signing.current_secret(endpoint) == secret
    assert endpoint.type_list == ["call.ended", "lead.booked"]
    pages = [admin.get(base).text, admin.get(f"{base}/{endpoint.pk}").text]
    assert not any(SECRET.search(page) for page in pages)
    kept = str(list(WebhookEndpoint.objects.values()) + list(LogEntry.objects.values()))
    assert secret not in kept and secret not in web.output()
    workspace.refresh_from_db()
    assert workspace.told_types == "call.ended,lead.booked"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://8.8.8.8/"}, "has to begin with https://"),
        ({"url": "https://localhost/"}, "not an address of the public internet"),
        ({"url": "https://169.254.169.254/"}, "leads to 169.254.169.254"),
        ({"url": "https://8.8.8.8:8443/"}, "port 443 only"),
        ({"url": URL, "types": ["lead.won"]}, "lead.won is not one of the available choices"),
    ],
)
def test_what_cannot_be_an_endpoint_comes_back_with_a_reason(admin, base, workspace, fields, words):
    answer = admin.post(f"{base}/create", **fields)

    assert answer.status_code == 200 and words in text_of(answer)
    assert fields["url"] in answer.text
    assert not WebhookEndpoint.objects.filter(workspace=workspace).exists()


def test_new_secret_is_shown_once_and_the_old_one_overlaps(admin, base, workspace):
    endpoint = make_webhook(workspace)
    old = signing.current_secret(endpoint)

    answer = admin.post(f"{base}/{endpoint.pk}/rotate")

    endpoint.refresh_from_db()
    new = SECRET.search(answer.text)[0]
    assert signing.valid_secrets(endpoint, endpoint.created_at) == [new, old]
    assert "For 24 hours" in text_of(answer)


def test_endpoint_is_switched_changed_and_deleted(admin, base, workspace):
    endpoint = make_webhook(workspace)
    page = f"{base}/{endpoint.pk}"

    admin.post(f"{page}/switch", to="off")
    assert "Switched off" in text_of(admin.get(page))
    admin.post(f"{page}/switch", to="on")
    admin.post(f"{page}/change", url=URL, types=["lead.created"])
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.url, endpoint.types) == (True, URL, "lead.created")

    admin.post(f"{page}/delete")
    workspace.refresh_from_db()
    assert admin.get(page).status_code == 404 and workspace.told_types == ""
    codes = LogEntry.objects.filter(workspace=workspace).order_by("pk").values_list("code")
    deeds = ["switch_off", "switch_on", "change", "delete"]
    assert [code for (code,) in codes] == [f"webhook.{deed}" for deed in deeds]


def test_delivery_shows_its_body_its_answers_and_its_lead(admin, base, workspace):
    lead = make_lead(workspace)
    delivery = make_delivery(make_webhook(workspace), lead)
    delivery.event.body = '{"type":"lead.created","note":"<b>seen</b>"}'
    delivery.event.request_id = "req-77"
    delivery.event.save()
    WebhookAttempt.objects.create(
        delivery=delivery, at=delivery.created_at, duration_ms=12, status_code=500, answer="<i>no"
    )

    answer = admin.get(f"{base}/sent/{delivery.pk}")

    assert "&lt;b&gt;seen" in answer.text and "&lt;i&gt;no" in answer.text
    assert f"/admin/{workspace.slug}/leads/{lead.pk}" in answer.text
    assert f"/admin/{workspace.slug}/logs?about=req-77" in answer.text
    assert delivery.event.webhook_id in answer.text and "500" in text_of(answer)


def test_list_is_filtered_by_state_type_endpoint_and_id(admin, base, workspace):
    lead, one, two = make_lead(workspace), make_webhook(workspace), make_webhook(workspace)
    mine = make_delivery(one, lead)
    make_delivery(two, state="given_up")

    def shown(**query):
        return len(re.findall(r"webhooks/sent/\d+", admin.get(f"{base}/sent", **query).text))

    assert shown() == 2
    assert shown(state="given_up") == 1 and shown(type="lead.booked") == 0
    assert shown(endpoint=one.pk) == 1 and shown(about=str(lead.pk)) == 1
    assert shown(about=mine.event.webhook_id) == 1 and shown(about="nothing") == 0


def test_endpoint_of_another_workspace_is_no_choice_of_the_filter(admin, base, cast):
    other = make_webhook(cast.workspace)

    assert other.url not in admin.get(f"{base}/sent").text
    assert "No event fits" in text_of(admin.get(f"{base}/sent", endpoint=other.pk))


def test_event_is_sent_again_by_hand_and_all_since_a_moment(admin, base, workspace):
    endpoint, other = make_webhook(workspace), make_webhook(workspace)
    first = make_delivery(endpoint, make_lead(workspace))
    make_delivery(other, make_lead(workspace))

    admin.post(f"{base}/sent/{first.pk}/again")
    first.refresh_from_db()
    assert (first.state, first.ended_at) == ("pending", None)

    admin.post(f"{base}/{endpoint.pk}/send-since", since="2026-01-01T00:00")
    assert endpoint.deliveries.filter(state="pending").count() == 2
    told = LogEntry.objects.filter(workspace=workspace).latest("pk")
    assert (told.code, told.request["events"]) == ("webhook.send_again", 2)


def test_lead_and_log_row_link_to_what_was_told(admin, workspace, web):
    make_webhook(workspace)
    workspace.told_types = "*"
    workspace.save()
    lead = make_lead(workspace)

    page = admin.get(f"/admin/{workspace.slug}/leads/{lead.pk}").text

    assert f"/admin/{workspace.slug}/webhooks/sent?about={lead.pk}" in page
