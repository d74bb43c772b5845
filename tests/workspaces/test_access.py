"""Who gets in: every dashboard URL and method against everybody. A new URL without a row fails."""

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, get_resolver

from coachbot.sent_forms import claims
from tests.dashboard import text_of
from tests.factories import (
    make_cast,
    make_delivery,
    make_invitation,
    make_lead,
    make_refused,
    make_user,
    make_webhook,
    make_workspace,
)
from tests.leads.intake_addresses.forms import make_address
from tests.written import connect, make_twilio_account
from tests.written_leads import make_stranger
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.models import ApiKey, LogEntry, Role
from workspaces.views.sections import SECTIONS

SLUG = "admin/<slug:slug>/"
# Of these every provider, or every section of settings by their names, has its own: in the list
# below its code stands after the URL's name.
KINDS = {
    "<connection:connection>": list(CONNECTIONS),
    "<settings:section>": [code for code, section in SECTIONS.items() if section.form],
}
# For each URL name: what a member, an admin and an owner get for GET, and the same for POST.
OPEN, MADE, FORBIDDEN, MISSING, NONE, DONE = 200, 201, 403, 404, 405, 302
ROWS = {
    "overview": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "first_steps": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # A form that lacks something shows the page again; what is right is tested elsewhere.
    "call_me": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "book_by_hand": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "add_lead": ((OPEN, OPEN, OPEN), (OPEN, OPEN, OPEN)),
    "leads": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "list_changes": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # Nobody is chosen; who assigns or closes has to say to whom, or as what.
    "call_leads": ((OPEN, OPEN, OPEN), (DONE, DONE, DONE)),
    "assign_leads": ((OPEN, OPEN, OPEN), (OPEN, OPEN, OPEN)),
    "close_leads": ((OPEN, OPEN, OPEN), (OPEN, OPEN, OPEN)),
    "delete_leads": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # There is nothing to undo.
    "undo_leads": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "lead": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "lead_changes": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "take_over_lead": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "hand_back_lead": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "waiting": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # Nobody waits.
    "show_offered": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "call_offered": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "leave_offered": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    # What lacks something shows the lead's page again; a lead that is open cannot be reopened.
    "assign_lead": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "close_lead": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "reopen_lead": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "add_note": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "set_next_step": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "end_next_step": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    # Nobody is written to in a workspace that calls: the lead's page says so.
    "write_to_lead": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "write_lead_template": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "strangers": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "remove_stranger": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "call_lead_again": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "refused": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "take_in_all_refused": ((OPEN, OPEN, OPEN), (DONE, DONE, DONE)),
    "take_in_refused": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "remove_refused": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # The lead has no recording; that one is heard is tested elsewhere.
    "play_recording": ((MISSING, MISSING, MISSING), (NONE, NONE, NONE)),
    # Nothing is planned with the lead.
    "stop_follow_up": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "skip_attempt": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    # Without a time the lead's page comes back.
    "call_lead_back": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "change_settings follow-up": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "do_not_call_lead": ((NONE, NONE, NONE), (DONE, DONE, DONE)),
    "do_not_call": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # Without numbers the page comes back.
    "add_do_not_call": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "upload_do_not_call": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "check_do_not_call": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "remove_do_not_call": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "export_do_not_call": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # What lacks something shows the form again; a preview of it shows the draft.
    "form": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    # Nothing is written in a workspace that calls.
    "try_agent": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "preview_form": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "add_form_question": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "move_form_question": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "remove_form_question": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "publish_form": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "unpublish_form": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "form_draft_logo": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, NONE, NONE)),
    "change_settings form": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # A form that lacks something shows the page again; a token that is replaced is shown there.
    "connect_form": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "add_intake_address": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "intake_address": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "map_intake_fields": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "replace_intake_token": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "revoke_intake_address": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # A form that lacks something shows the page again.
    "webhooks": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "create_webhook": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "webhook": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "change_webhook": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "test_webhook": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "switch_webhook": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "rotate_webhook": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, MADE, MADE)),
    "delete_webhook": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "send_events_since": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "webhook_deliveries": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "webhook_delivery": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "send_event_again": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "logs": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "new_log_rows": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "log_entry": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    "api_keys": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "create_api_key": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, MADE, MADE)),
    "revoke_api_key": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "replace_api_key": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, MADE, MADE)),
    "export_leads": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # A form that lacks something shows its section again; what is right is tested elsewhere.
    "settings": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "notices": ((OPEN, OPEN, OPEN), (NONE, NONE, NONE)),
    # Without an hour, and without an address, the page comes back; no channel is connected.
    "choose_notices": ((NONE, NONE, NONE), (OPEN, OPEN, OPEN)),
    "connect_channel": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "test_channel": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "disconnect_channel": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "rename_workspace": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "set_time_zone": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "pause_agent": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "resume_agent": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    # Of an agent that is told nothing, too.
    "change_persona": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # An empty number is one, too.
    "change_settings transfers": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "change_settings limits": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "connect vapi": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "verify_connection vapi": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    # Without an account there is nothing to look at: the page says so.
    "look_at_vapi": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    "set_up_assistant": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "take_back_set_up": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "connect calcom": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "verify_connection calcom": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    # Of a voice workspace they are no pages.
    "connect twilio": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "verify_connection twilio": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "disconnect twilio": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "connect openai": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "verify_connection openai": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "disconnect openai": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    # Where no account is stored, it says so.
    "disconnect vapi": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "disconnect calcom": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "renew_tool_secret": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "vapi_setup": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "invite_member": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, OPEN, OPEN)),
    # No mail is set up, so the answer is the page with the link.
    "resend_invitation": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, MADE, MADE)),
    "revoke_invitation": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "members": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, NONE, NONE)),
    "change_role": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "remove_member": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "delete_workspace": ((FORBIDDEN, FORBIDDEN, OPEN), (FORBIDDEN, FORBIDDEN, OPEN)),
}
# The same in a workspace that writes, where that differs.
WRITTEN_ROWS = {
    "try_agent": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "connect twilio": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, OPEN, OPEN)),
    "verify_connection twilio": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "disconnect twilio": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # Fields that are left out stay as they are.
    "connect openai": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    "verify_connection openai": ((FORBIDDEN, NONE, NONE), (FORBIDDEN, DONE, DONE)),
    "disconnect openai": ((FORBIDDEN, OPEN, OPEN), (FORBIDDEN, DONE, DONE)),
    # Of a workspace that writes they are no pages.
    "connect vapi": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "verify_connection vapi": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "disconnect vapi": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "look_at_vapi": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "set_up_assistant": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
    "take_back_set_up": ((FORBIDDEN, MISSING, MISSING), (FORBIDDEN, MISSING, MISSING)),
}
POLLED = ("new_log_rows", "lead_changes", "list_changes")
ROLES = (Role.AGENT, Role.ADMIN, Role.OWNER)


def dashboard_patterns() -> dict[str, str]:
    """Return the paths below /admin/<slug>/ by their name, from the URL map."""
    found = {}
    for included in get_resolver().url_patterns:
        if str(included.pattern) == SLUG:
            patterns = [p for p in included.url_patterns if isinstance(p, URLPattern)]
            found |= {pattern.name: str(pattern.pattern) for pattern in patterns}
    for part, codes in KINDS.items():
        for name in [name for name, path in found.items() if part in path]:
            path = found.pop(name)
            found |= {f"{name} {code}": path.replace(part, code) for code in codes}
    return found


@pytest.fixture(scope="module")
def target(sandbox):
    """A workspace with something at every URL."""
    return make_cast(sandbox).workspace


@pytest.fixture(scope="module")
def written_target():
    """The same, of a workspace that writes."""
    workspace = make_workspace(channel="whatsapp")
    connect(workspace, make_twilio_account())
    return workspace


@pytest.fixture
def url(target):
    """Return a function from a URL's name to a path that leads somewhere."""

    def path(name: str, target=target) -> str:
        lead = make_lead(target)
        key = ApiKey.objects.filter(workspace=target, revoked_at=None).first()
        entry = LogEntry.objects.filter(workspace=target).first()
        member = make_user(target, Role.AGENT).memberships.get()
        path = dashboard_patterns()[name]
        for part, value in (
            ("<uuid:lead_id>", lead.pk),
            ("<uuid:refused_id>", make_refused(target).pk),
            ("<uuid:message_id>", make_stranger(target).pk),
            ("<str:because>", "paused"),
            ("<uuid:deed_id>", uuid.uuid4()),
            ("<question:question_id>", "q_abc234"),
            ("<way:way>", "up"),
            ("<slug:digest>", "0" * 64),
            ("<slug:prefix>", key and key.prefix),
            ("<uuid:address_id>", make_address(target).pk),
            ("<int:entry_id>", entry and entry.pk),
            ("<int:membership_id>", member.pk),
            ("<int:invitation_id>", make_invitation(target).pk),
            ("<int:endpoint_id>", make_webhook(target).pk),
            ("<int:delivery_id>", make_delivery(make_webhook(target), lead).pk),
        ):
            path = path.replace(part, str(value))
        return f"/admin/{target.slug}/{path}"

    return path


def test_every_url_has_a_row():
    assert set(dashboard_patterns()) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_members_get_what_their_role_allows(name, url, target, visit):
    make_key_and_row(target)
    for index, role in enumerate(ROLES):
        visitor = visit(make_user(target, role))

        answers = [visitor.get(url(name)).status_code, post(visitor, url(name)).status_code]

        assert answers == [statuses[index] for statuses in ROWS[name]], role


@pytest.mark.parametrize("name", WRITTEN_ROWS)
def test_members_get_what_their_role_allows_where_is_written(name, url, written_target, visit):
    for index, role in enumerate(ROLES):
        visitor, path = visit(make_user(written_target, role)), url(name, written_target)

        answers = [visitor.get(path).status_code, post(visitor, path).status_code]

        assert answers == [statuses[index] for statuses in WRITTEN_ROWS[name]], role


def test_workspace_that_writes_has_all_other_pages(url, written_target, visit):
    make_key_and_row(written_target)
    owner, member = (visit(make_user(written_target, role)) for role in (Role.OWNER, Role.AGENT))
    others = ROWS.keys() - WRITTEN_ROWS.keys()

    found = {name: owner.get(url(name, written_target)).status_code for name in others}
    of_member = {name: member.get(url(name, written_target)).status_code for name in others}

    assert found == {name: ROWS[name][0][2] for name in others}
    assert of_member == {name: ROWS[name][0][0] for name in others}


@pytest.mark.parametrize("name", ROWS)
def test_strangers_get_the_answer_of_a_slug_that_does_not_exist(name, url, target, visit, sandbox):
    make_key_and_row(target)
    former = make_user(target, Role.OWNER)
    former.memberships.all().delete()
    elsewhere = make_user(make_cast(sandbox).workspace, Role.OWNER)
    for user in (None, elsewhere, former):
        visitor = visit(user)
        path = url(name)

        for ask in (visitor.get, post_with(visitor)):
            found, missing = ask(path), ask(path.replace(target.slug, "no-such-workspace"))

            assert found.status_code == missing.status_code
            assert missing.status_code == (404 if user else status_for_nobody(name, ask, visitor))
            assert found.text.replace(target.slug, "no-such-workspace") == missing.text


# What is MISSING belongs to the other channel.
@pytest.mark.parametrize(
    "name", [name for name, (_, posted) in ROWS.items() if posted[2] not in (NONE, MISSING)]
)
def test_every_form_is_sent_once(name, url, target, visit):
    make_key_and_row(target)
    user, path = make_user(target), url(name)
    page = visit(user).form_on(f"/admin/{target.slug}/api-keys")
    known = claims.digest(sender=user.pk, path=path, fields=urlencode(page))
    claims.claim(known)  # the first is being worked on

    answer = visit(user).post(path, **page)

    assert answer.status_code == DONE
    followed = visit(user).get(answer.headers["Location"])
    assert followed.status_code == OPEN


@pytest.mark.parametrize("name", [name for name, (got, _) in ROWS.items() if got[2] == NONE])
def test_address_that_takes_forms_only_leads_to_the_page_that_holds_them(name, url, target, visit):
    make_key_and_row(target)
    owner = visit(make_user(target))

    refused = owner.get(url(name))

    assert (refused.status_code, refused.headers["Allow"]) == (NONE, "POST")
    assert "This address opens no page" in text_of(refused)
    page = re.search(r'class="button button-main" href="([^"]+)"', refused.text)[1]
    assert owner.get(page).status_code == OPEN


def test_rows_of_another_workspace_are_not_found(target, visit, sandbox):
    other = make_cast(sandbox).workspace
    owner = visit(make_user(other))
    base = f"/admin/{other.slug}"
    make_key_and_row(target)
    lead, entry, key = make_lead(target), target.log.first(), target.api_keys.first()
    invitation, address = make_invitation(target), make_address(target)
    endpoint = make_webhook(target)
    delivery = make_delivery(endpoint, lead)

    answers = [
        owner.post(f"{base}/leads/{lead.pk}/write", text="Hello"),
        owner.post(f"{base}/leads/{lead.pk}/write-template", which="opener"),
        owner.get(f"{base}/connect-form/{address.pk}"),
        owner.post(f"{base}/connect-form/{address.pk}/fields", name="Mine"),
        owner.post(f"{base}/connect-form/{address.pk}/replace"),
        owner.post(f"{base}/connect-form/{address.pk}/revoke"),
        owner.get(f"{base}/leads/{lead.pk}"),
        owner.post(f"{base}/leads/{lead.pk}/take-over"),
        owner.post(f"{base}/leads/{lead.pk}/call-again"),
        owner.post(f"{base}/leads/{lead.pk}/close", closed_as="won"),
        owner.post(f"{base}/leads/{lead.pk}/notes", text="Mine now"),
        owner.get(f"{base}/logs/{entry.pk}"),
        owner.get(f"{base}/api-keys/{key.prefix}/revoke"),
        owner.post(f"{base}/api-keys/{key.prefix}/revoke"),
        owner.post(f"{base}/api-keys/{key.prefix}/replace"),
        owner.get(f"{base}/webhooks/{endpoint.pk}"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/change", url="https://example.com/mine"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/test"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/switch"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/rotate"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/delete"),
        owner.post(f"{base}/webhooks/{endpoint.pk}/send-since", since="2026-01-01T00:00"),
        owner.get(f"{base}/webhooks/sent/{delivery.pk}"),
        owner.post(f"{base}/webhooks/sent/{delivery.pk}/again"),
        owner.post(f"{base}/settings/members/invitations/{invitation.pk}/resend"),
        owner.post(f"{base}/settings/members/invitations/{invitation.pk}/revoke"),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    owner.post(f"{base}/leads/delete", lead=str(lead.pk))
    assert target.leads.filter(pk=lead.pk, status="new", closed_as="").exists()


def test_staff_pages_and_workspaces_do_not_shadow_each_other(target, visit):
    staff = visit(make_user(is_staff=True, is_superuser=True))
    owner = visit(make_user(target))

    assert staff.get("/admin/").status_code == 200
    assert staff.get(f"/admin/{target.slug}/").status_code == 404
    assert owner.get("/admin/").status_code == 302
    assert owner.get("/admin/login/").status_code == 404
    assert owner.get(f"/admin/{target.slug}/").status_code == 200


def make_key_and_row(workspace):
    from tests.factories import make_key
    from workspaces.log import record

    make_key(workspace)
    record.row(
        workspace_id=workspace.pk,
        kind="tool_call",
        code="test",
        action="test",
        outcome="succeeded",
    )


def status_for_nobody(name, ask, visitor) -> int:
    """Return 401 for what only an open page sends, so that somebody was signed in there."""
    return 404 if ask == visitor.get and name not in POLLED else 401


def post(visitor, path):
    return visitor.post(path, name="A key")


def post_with(visitor):
    return lambda path: post(visitor, path)
