"""Ten secrets are planted, everything is used, and nothing that was written holds one of them."""

import os
import secrets

import pytest
import requests
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from leads.messages.turns import due
from tests.client import Api
from tests.dashboard import Visitor
from tests.factories import make_account, make_key, make_phone, make_user, make_workspace
from tests.servers import ForkedWebServer
from tests.vapi_messages import Reporter, assistant_request, inbound_call
from tests.written import make_twilio_account, make_written
from workspaces.connections import own_secrets

# Django keeps a session under its own key; that table is the session store and no log.
NOT_WRITTEN_BY_US = {"django_session"}


@pytest.fixture(scope="module")
def canaries(sandbox):
    """Use everything with secrets in every place where one can stand. Return name to secret."""
    canary = f"canary{secrets.token_hex(12)}"
    password = f"Pass-{canary}-word"
    account = make_account(api_key=f"sandbox-{canary}")
    workspace = make_workspace(vapi_account=account)
    key = make_key(workspace)
    owner = make_user(workspace)
    owner.set_password(password)
    owner.save()

    web = ForkedWebServer(
        VAPI_BASE_URL=sandbox.base_url,
        VAPI_LISTING_LAG="1",
        VAPI_SILENT_WORK="2",
        PUBLIC_API_RATE_LIMITS="1000/m",
    ).start()
    api = Api(web.base_url, key)
    for ending in ("00", "41", "44", "51", "39"):
        lead_id = api.submit(phone=make_phone(ending=ending)).json().get("leadId")
    api.post(data=b"{broken", headers={"Content-Type": "application/json"})
    api.read("no-such-lead")
    unknown_key = f"ck_live_{secrets.token_hex(16)}"
    Api(web.base_url, unknown_key).submit()
    Api(web.base_url, f"malformed header {canary}").submit()
    requests.get(f"{web.base_url}/api/x", headers={"Cookie": f"c=cookie-{canary}"}, timeout=30)

    reporter = Reporter(web.base_url, workspace)
    call = sandbox.providers["vapi"].placed(account.api_key)[0]
    monitor = call.body["monitor"]["listenUrl"]
    reporter.status(call, "in-progress")
    reporter.report(call)
    number = {"id": account.phone_number_id, "twilioAuthToken": f"twilio-{canary}"}
    for caller in (call.body["customer"]["number"], "+447700900999"):
        ringing = inbound_call(caller, account.phone_number_id)
        reporter.send(assistant_request(ringing, phoneNumber=number))
        reporter.status(ringing, "in-progress", phoneNumber=number)
    reporter.send({"type": "hang"}, headers={"X-Vapi-Secret": f"wrong-{canary}"})

    written = write_and_answer(sandbox, web, canary)

    visitor = Visitor(web.base_url, owner)
    visitor.post("/sign-in", username=owner.email, password=f"wrong-{password}")
    visitor.post("/sign-in", username=owner.email, password=password)
    pages = [visitor.get(f"/admin/{workspace.slug}/{page}") for page in ("logs", "settings")]
    pages.append(visitor.get(f"/admin/{workspace.slug}/leads/export"))
    pages.append(visitor.get(f"/admin/{workspace.slug}/leads/{lead_id}"))
    pages += look_at(written, web)
    vapi = f"/admin/{workspace.slug}/settings/vapi"
    theirs = {"url": f"https://n8n.example/x?token={canary}", "secret": f"theirs-{canary}"}
    requests.patch(
        f"{sandbox.base_url}/assistant/{account.assistant_id}",
        json={"server": theirs},
        headers={"Authorization": f"Bearer {account.api_key}"},
        timeout=30,
    )
    for path, fields in (
        *(("/verify", {}), ("/look", {}), ("/look", {"api_key": f"public-{canary}"})),
        *(("/set-up", {}), ("/set-up", {"may_replace": "1"}), ("/go-back", {})),
    ):
        pages.append(visitor.post(f"{vapi}{path}", **fields))
        pages.append(visitor.get(vapi))
    session = visitor.session.cookies["sessionid"]
    web.stop()
    return {
        "written": web.output() + "".join(page.text for page in pages) + dump_database(),
        "secrets": {
            "everything planted": canary,
            "API key": key,
            "unknown API key": unknown_key,
            "password": password,
            "tool secret": own_secrets.tool_secret(workspace),
            "session": session,
            "monitor URL": monitor,
            "provider's Twilio token": "twilioAuthToken",
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "ENCRYPTION_KEY": os.environ["ENCRYPTION_KEY"],
        },
    }


def write_and_answer(sandbox, web, canary):
    """Have a lead of a whatsapp workspace written to, and answer, with secrets in both accounts."""
    written = make_written(
        sandbox,
        web,
        account=make_twilio_account(auth_token=f"token-{canary}"),
        model_key=f"sk-{canary}",
    )
    with override_settings(
        TWILIO_BASE_URL=sandbox.base_url,
        OPENAI_BASE_URL=f"{sandbox.base_url}/v1",
        PUBLIC_BASE_URL=web.base_url,
    ):
        for digits in ("13", "41", "44", "50"):
            written.send(written.submit(phone=make_phone(ending=digits)))
        for said in ("Hello", "sandbox:html", "sandbox:error-200"):
            have_answered(written, said)
    slug = written.workspace.slug
    for path in (f"/api/whatsapp/{slug}/inbound", "/api/whatsapp/status"):
        headers = {"X-Twilio-Signature": f"wrong-{canary}"}
        requests.post(f"{web.base_url}{path}", data={"Body": "x"}, headers=headers, timeout=30)
    return written


def have_answered(written, said: str) -> None:
    """Let a lead write, and the agent ask the model for an answer."""
    lead = written.submit()
    written.send(lead)
    written.write(lead, said)
    conversation = written.conversation(lead)
    type(conversation).objects.filter(pk=conversation.pk).update(due_at=timezone.now())
    due.run.call_local(conversation.pk, conversation.fence)


def look_at(written, web) -> list:
    """Open the pages of a whatsapp workspace."""
    visitor = Visitor(web.base_url, make_user(written.workspace))
    slug = written.workspace.slug
    lead_id = written.workspace.leads.values_list("pk", flat=True).first()
    pages = ("logs", "settings", f"leads/{lead_id}")
    return [visitor.get(f"/admin/{slug}/{page}") for page in pages]


def dump_database() -> str:
    """Return every row of every table as text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in NOT_WRITTEN_BY_US:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


@pytest.mark.parametrize(
    "name",
    [
        "everything planted",
        "API key",
        "unknown API key",
        "password",
        "tool secret",
        "session",
        "monitor URL",
        "provider's Twilio token",
        "SECRET_KEY",
        "ENCRYPTION_KEY",
    ],
)
def test_secret_was_written_nowhere(canaries, name):
    secret = canaries["secrets"][name]
    where = canaries["written"].find(secret)

    assert where < 0, f"{name}: ...{canaries['written'][max(0, where - 300) : where + 60]}..."


def test_phones_and_addresses_are_masked_in_what_the_server_prints(sandbox):
    workspace = make_workspace(vapi_account=make_account())
    web = ForkedWebServer(VAPI_BASE_URL=sandbox.base_url).start()
    phone = make_phone()

    Api(web.base_url, make_key(workspace)).submit(phone=phone, email="zoe@quartz.example")
    web.stop()

    assert '"status": 201' in web.output()
    assert phone not in web.output()
    assert "zoe@" not in web.output()
