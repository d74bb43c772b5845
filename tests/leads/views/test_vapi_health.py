"""The standing line of the Vapi page: facts that are stored, and nobody is asked."""

from django.utils import timezone

from tests.dashboard import Visitor, text_of
from tests.factories import make_call, make_lead, make_user
from tests.vapi_messages import Reporter


def line(visitor, workspace) -> str:
    text = text_of(visitor.get(f"/admin/{workspace.slug}/settings/vapi"))
    return text.partition("Calls are placed with it.")[0]


def test_line_tells_what_is_known_of_key_assistant_number_events_lines_and_account(
    cast, api, web, visit
):
    workspace, visitor = cast.workspace, visit(make_user(cast.workspace))
    fresh = line(visitor, workspace)
    visitor.post(f"/admin/{workspace.slug}/settings/vapi/verify")
    api.submit()
    [call] = cast.placed()
    Reporter(web.base_url, workspace).status(call, "in-progress")
    workspace.lines = 10
    workspace.save()

    known = line(visitor, workspace)

    for fact in ("Key", "Assistant", "Number"):
        assert f"{fact} Not asked yet" in fresh
    assert "Last event None yet" in fresh and "Lines 0 in use" in fresh
    assert "Key Accepted Assistant Not set up Number Calls out only" in known
    assert "Last event None yet" not in known and "Lines 1 of 10 in use" in known
    assert "Balance and account No fault" in known


def test_faults_of_the_balance_are_told_with_what_helps(cast, visit):
    workspace = cast.workspace
    workspace.account_faults, workspace.account_fault = 3, "vapi.no_balance"
    workspace.account_held_since = timezone.now()
    workspace.save()

    told = line(visit(make_user(workspace)), workspace)

    assert "Balance and account 3 failed in a row" in told
    assert "The Vapi account has no credit. Add credit in Vapi" in told


def test_wrong_key_says_nothing_of_the_rest(cast, visit):
    workspace, visitor = cast.workspace, visit(make_user(cast.workspace))
    visitor.post(
        f"/admin/{workspace.slug}/settings/vapi",
        api_key="public-key",
        assistant_id="5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01",
        phone_number_id="5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01",
        save_anyway="1",
    )

    told = line(visitor, workspace)

    assert "Key Not accepted Assistant Not known Number Not known" in told


def test_page_is_shown_while_vapi_is_away(cast, start_web):
    web = start_web(VAPI_BASE_URL="http://127.0.0.1:9")
    make_call(make_lead(cast.workspace))

    told = line(Visitor(web.base_url, make_user(cast.workspace)), cast.workspace)

    assert "Key Not asked yet" in told
    assert not cast.workspace.log.exists()
