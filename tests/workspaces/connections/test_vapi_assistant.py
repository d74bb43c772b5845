"""Connecting Vapi in one page: choosing from lists, setting the assistant up, going back."""

import base64
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
import requests

from coachbot.sandbox.vapi.catalog import listed_numbers
from coachbot.sandbox.vapi.resources.assistants import listed_ids
from tests.dashboard import Visitor, text_of
from tests.factories import make_account, make_user, make_workspace
from workspaces.connections import credentials, own_secrets
from workspaces.connections.assistant import kept
from workspaces.models import AssistantSetup, Role

TOOLS = 8
THEIRS = "https://n8n.example/webhook/vapi"
MISSING = "00000000-0000-4000-8000-000000000000"


class Vapi:
    """The account of a workspace, as its owner sees it in Vapi."""

    def __init__(self, sandbox, account):
        self.sandbox, self.key, self.path = (
            sandbox,
            account.api_key,
            f"/assistant/{account.assistant_id}",
        )

    def ask(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.key}"}
        url = self.sandbox.base_url + path
        return requests.request(method, url, headers=headers, timeout=10, **options).json()

    def assistant(self, **parts):
        """Return the assistant, once some parts of it are changed."""
        return self.ask(
            "PATCH" if parts else "GET", self.path, **({"json": parts} if parts else {})
        )

    def written(self):
        """Return what Coachbot made and changed."""
        return [(one.method, one.path.split("/")[1]) for one in self.requests()]

    def requests(self):
        return self.sandbox.providers["vapi"].written(self.key)


@pytest.fixture
def account():
    return make_account()


@pytest.fixture
def workspace(account):
    return make_workspace(vapi_account=account)


@pytest.fixture
def vapi(sandbox, account):
    return Vapi(sandbox, account)


@pytest.fixture
def owner(workspace, visit):
    return visit(make_user(workspace))


@pytest.fixture
def page(workspace):
    return f"/admin/{workspace.slug}/settings/vapi"


def set_up(owner, page, **fields):
    """Press "Set it up" and return what the page says then."""
    answer = owner.post(f"{page}/set-up", **fields)
    return text_of(owner.get(page) if answer.status_code == 302 else answer)


def go_back(owner, page, **fields):
    answer = owner.post(f"{page}/go-back", **fields)
    return text_of(owner.get(page) if answer.status_code == 302 else answer)


# Choosing


def options_of(response, name):
    select = re.search(rf'<select name="{name}".*?</select>', response.text, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', select[0]) if select else None


def test_key_is_pasted_and_the_rest_chosen(sandbox, visit):
    workspace, key = make_workspace(), make_account().api_key
    owner = visit(make_user(workspace))
    page = f"/admin/{workspace.slug}/settings/vapi"

    listed = owner.post(f"{page}/look", api_key=key)
    carried = re.search(r'name="carried_key" value="([^"]+)"', listed.text)[1]
    assistants = options_of(listed, "assistant_id")
    numbers = options_of(listed, "phone_number_id")
    ids = {"assistant_id": listed_ids(key)[0], "phone_number_id": listed_numbers(key)[1]}
    saved = owner.post(page, carried_key=carried, **ids)

    assert set(assistants) == set(listed_ids(key)) and set(numbers) == set(listed_numbers(key))
    assert "Sandbox assistant" in listed.text and "+442079460100, Second number" in listed.text
    assert key not in listed.text and "sandbox-twilio-token" not in listed.text
    assert saved.status_code == 302
    stored = credentials.vapi_account(workspace.pk)
    assert vars(stored) == {"api_key": key, **ids}


def test_key_on_a_page_opens_for_its_member_and_workspace_alone(visit):
    workspace, key = make_workspace(), make_account().api_key
    page = f"/admin/{workspace.slug}/settings/vapi"
    listed = visit(make_user(workspace)).post(f"{page}/look", api_key=key)
    carried = re.search(r'name="carried_key" value="([^"]+)"', listed.text)[1]
    ids = {"assistant_id": listed_ids(key)[0], "phone_number_id": listed_numbers(key)[0]}

    other = visit(make_user(workspace, Role.ADMIN)).post(page, carried_key=carried, **ids)
    forged = visit(make_user(workspace, Role.ADMIN)).post(page, carried_key="v1.x.y", **ids)

    for answer in (other, forged):
        assert "Enter the private API key of the Vapi organization." in text_of(answer)
    assert not workspace.credentials.filter(kind="vapi").exists()


def test_stored_key_lists_too_and_what_is_stored_stays_chosen(owner, page, account):
    listed = owner.post(f"{page}/look")

    chosen = re.findall(r'<option value="([^"]+)" selected', listed.text)
    assert chosen == [account.assistant_id, account.phone_number_id]
    assert f"{account.assistant_id} (not in Vapi's list)" in listed.text.replace("&#x27;", "'")
    assert "carried_key" not in listed.text


def test_wrong_key_is_told_in_plain_words(visit):
    workspace = make_workspace()
    owner = visit(make_user(workspace))

    answer = owner.post(f"/admin/{workspace.slug}/settings/vapi/look", api_key="public-key")

    assert "Vapi does not accept the API key. Copy the private key, not the public one" in text_of(
        answer
    )
    assert "public-key" not in answer.text
    assert 'name="assistant_id"' in answer.text and options_of(answer, "assistant_id") is None


def test_list_that_cannot_be_had_locks_nobody_out(workspace, start_web, account):
    web = start_web(VAPI_BASE_URL="http://127.0.0.1:9")
    owner, page = (
        Visitor(web.base_url, make_user(workspace)),
        f"/admin/{workspace.slug}/settings/vapi",
    )
    ids = {"assistant_id": listed_ids("x")[0], "phone_number_id": listed_numbers("x")[0]}

    away = owner.post(f"{page}/look", **ids)
    owner.post(page, **ids, save_anyway="1")

    assert "Vapi could not be reached." in text_of(away)
    assert f'value="{ids["assistant_id"]}"' in away.text
    assert credentials.vapi_account(workspace.pk).assistant_id == ids["assistant_id"]


def test_ids_can_be_typed_with_the_key_that_was_entered(visit):
    workspace, key = make_workspace(), make_account().api_key
    owner = visit(make_user(workspace))
    page = f"/admin/{workspace.slug}/settings/vapi"
    listed = owner.post(f"{page}/look", api_key=key)
    carried = re.search(r'name="carried_key" value="([^"]+)"', listed.text)[1]

    typed = owner.post(f"{page}/look", carried_key=carried, by_hand="1")

    assert options_of(typed, "assistant_id") is None
    assert f'name="carried_key" value="{carried}"' in typed.text
    assert f"The key that you entered ends in {key[-4:]}." in text_of(typed)


# Setting up


def test_set_up_makes_tools_and_gives_the_assistant_url_secret_and_tools(
    workspace, owner, page, vapi
):
    before = vapi.assistant()

    said = set_up(owner, page)

    assert vapi.written() == [("POST", "tool")] * TOOLS + [("PATCH", "assistant")]
    after, base = vapi.assistant(), f"http://127.0.0.1/api/vapi/{workspace.slug}"
    headers = {"X-Vapi-Secret": own_secrets.tool_secret(workspace)}
    assert after["server"] == {"url": f"{base}/events", "headers": headers}
    tools = {tool["id"]: tool for tool in vapi.ask("GET", "/tool")}
    given = [tools[tool_id] for tool_id in after["model"].pop("toolIds")]
    assert after["model"] == before["model"]
    for tool in given:
        url = f"{base}/tools/{tool['function']['name']}"
        assert tool["server"] == {"url": url, "headers": headers}
    assert len({tool["function"]["name"] for tool in given}) == TOOLS
    assert "The assistant is set up. It got the server URL and the secret, its tools." in said
    assert "8 tools made in Vapi." in said and "Assistant Set up" in said
    row = workspace.log.get(code="vapi.set_up")
    assert (row.outcome, len(row.request["tools_made"])) == ("succeeded", TOOLS)


def test_second_set_up_writes_nothing(owner, page, vapi):
    set_up(owner, page)
    first = vapi.requests()

    said = set_up(owner, page)

    assert "The assistant is set up already. Nothing was changed." in said
    assert vapi.requests() == first


def test_page_says_which_tool_the_assistant_lacks(owner, page, vapi):
    before = text_of(owner.get(page))
    owner.post(f"{page}/verify")
    bare = unescape(text_of(owner.get(page)))
    set_up(owner, page)
    tools = {tool["function"]["name"]: tool["id"] for tool in vapi.ask("GET", "/tool")}
    model = vapi.assistant()["model"]
    model["toolIds"].remove(tools["bookConsult"])
    vapi.assistant(model=model)

    owner.post(f"{page}/verify")

    assert "Assistant Not asked yet" in before
    assert "The assistant lacks 8 of Coachbot's tools" in bare and "Assistant Not set up" in bare
    said = unescape(text_of(owner.get(page)))
    assert "The assistant lacks one of Coachbot's tools: bookConsult. Set it up." in said
    assert "Assistant Not set up" in said
    assert "Works" in said  # it is no fault of the account


def test_somebody_elses_server_is_replaced_only_once_that_is_agreed(sandbox, visit, account):
    mine = make_account(api_key=account.api_key, assistant_id=listed_ids(account.api_key)[1])
    workspace = make_workspace(vapi_account=mine)
    owner, vapi = visit(make_user(workspace)), Vapi(sandbox, mine)
    page = f"/admin/{workspace.slug}/settings/vapi"

    warned = owner.post(f"{page}/set-up")
    nothing = vapi.written()
    said = set_up(owner, page, may_replace="1")

    assert f"The assistant reports to {THEIRS}?…" in text_of(warned)
    assert 'name="may_replace"' in warned.text and "required" in warned.text
    assert "sandbox-token-of-theirs" not in warned.text
    assert nothing == []
    assert vapi.assistant()["server"]["url"].endswith(f"/api/vapi/{workspace.slug}/events")
    assert "status-update" in vapi.assistant()["serverMessages"]
    assert "what it reports" in said
    assert f"Server URL {THEIRS}?…" in said and "Reported end-of-call-report" in said
    [row] = AssistantSetup.objects.filter(workspace=workspace)
    assert "n8n" not in row.sealed
    logged = str(list(workspace.log.values_list("request", "response", "error")))
    assert "sandbox-token-of-theirs" not in logged
    assert own_secrets.tool_secret(workspace) not in logged


def test_tool_of_our_name_that_goes_elsewhere_is_warned_of(owner, page, vapi):
    function = {"name": "bookConsult"}
    server = {"url": "https://elsewhere.example/book"}
    theirs = vapi.ask(
        "POST", "/tool", json={"type": "function", "function": function, "server": server}
    )
    model = vapi.assistant()["model"]
    vapi.assistant(model={**model, "toolIds": [theirs["id"]]})
    before = len(vapi.requests())

    warned = set_up(owner, page)
    assert len(vapi.requests()) == before
    set_up(owner, page, may_replace="1")

    assert "The tool bookConsult goes to https://elsewhere.example/book" in warned
    assert theirs["id"] not in vapi.assistant()["model"]["toolIds"]
    assert vapi.ask("GET", f"/tool/{theirs['id']}") == theirs


def test_renewed_secret_is_given_to_all_and_the_way_back_stays(workspace, owner, page, vapi):
    bare = vapi.assistant()
    set_up(owner, page)
    owner.post(f"{page}/events/renew")
    written = len(vapi.requests())

    said = set_up(owner, page)

    assert "8 tools changed in Vapi." in said
    assert vapi.written()[written:] == [("PATCH", "tool")] * TOOLS + [("PATCH", "assistant")]
    secret = {"X-Vapi-Secret": own_secrets.tool_secret(workspace)}
    assert vapi.assistant()["server"]["headers"] == secret
    go_back(owner, page)
    assert vapi.assistant()["model"] == bare["model"] and "server" not in vapi.assistant()


def test_two_who_press_at_once_do_no_harm(workspace, page, vapi, visit):
    members = [visit(make_user(workspace, role)) for role in (Role.OWNER, Role.ADMIN)] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda member: member.post(f"{page}/set-up"), members))

    assert {answer.status_code for answer in answers} == {302}
    assert sorted(vapi.written()) == [("PATCH", "assistant")] + [("POST", "tool")] * TOOLS
    assert kept.read(workspace, vapi.path.split("/")[2]).before == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"api_key": "public-key"}, "Vapi does not accept the API key."),
        ({"assistant_id": MISSING}, f"Vapi knows no assistant with the id {MISSING}."),
    ],
)
def test_set_up_that_vapi_refuses_says_why_and_keeps_nothing(visit, changes, said):
    workspace = make_workspace(vapi_account=make_account(**changes))
    page = f"/admin/{workspace.slug}/settings/vapi"

    assert said in set_up(visit(make_user(workspace)), page)
    assert workspace.log.get(code="vapi.set_up").outcome == "failed"
    assert not AssistantSetup.objects.filter(workspace=workspace).exclude(sealed="").exists()


def test_set_up_of_an_assistant_without_a_model_says_so(owner, page, vapi):
    vapi.assistant(model=None)

    assert "The assistant has no language model yet. Choose one in Vapi" in set_up(owner, page)


# Going back


def test_go_back_restores_what_stood_there(owner, page, vapi, workspace):
    server = {"url": f"http://127.0.0.1/api/vapi/{workspace.slug}/events", "timeoutSeconds": 9}
    vapi.assistant(server=server, serverMessages=["hang"])
    before = vapi.assistant()
    set_up(owner, page)
    asked = text_of(owner.get(f"{page}/go-back"))

    said = go_back(owner, page)

    after = vapi.assistant()
    for part in ("server", "serverMessages", "model"):
        assert after[part] == before[part]
    assert f"Server URL {server['url']}" in asked and "Reported hang" in asked
    assert "The assistant is as it was before it was set up." in said
    assert "Nothing is kept of this assistant to go back to." in go_back(owner, page)
    assert workspace.log.filter(code="vapi.go_back").count() == 1


def test_what_somebody_else_changed_since_is_undone_only_once_that_is_agreed(owner, page, vapi):
    set_up(owner, page)
    theirs = {"url": "https://n8n.example/new"}
    vapi.assistant(server=theirs)
    written = len(vapi.requests())

    warned = go_back(owner, page)
    assert len(vapi.requests()) == written
    go_back(owner, page, may_undo="1")

    assert "Nothing was changed: somebody has changed the server URL in Vapi since." in warned
    assert "server" not in vapi.assistant()


def test_prompt_of_later_survives_the_way_back(owner, page, vapi):
    set_up(owner, page)
    prompt = [{"role": "system", "content": "A better prompt."}]
    vapi.assistant(model={**vapi.assistant()["model"], "messages": prompt})

    go_back(owner, page)

    model = vapi.assistant()["model"]
    assert model["messages"] == prompt and "toolIds" not in model


def test_what_is_kept_is_sealed_for_its_workspace_and_goes_with_it(owner, page, workspace, account):
    set_up(owner, page)
    other = make_workspace(vapi_account=account)
    row = AssistantSetup.objects.get(workspace=workspace)

    AssistantSetup.objects.create(
        workspace=other, assistant_id=row.assistant_id, sealed=row.sealed, set_up_at=row.set_up_at
    )

    assert kept.read(workspace, row.assistant_id) is not None
    assert kept.read(other, row.assistant_id) is None
    workspace.delete()
    assert not AssistantSetup.objects.filter(pk=row.pk).exists()
    other.delete()


def test_way_back_is_sealed_under_another_key(owner, page, workspace, account, settings):
    set_up(owner, page)
    [old], new = settings.ENCRYPTION_KEYS, base64.b64encode(secrets.token_bytes(32)).decode()
    row = AssistantSetup.objects.get(workspace=workspace)

    settings.ENCRYPTION_KEYS = [new, old]
    try:
        resealed, left = kept.reseal_all()
        settings.ENCRYPTION_KEYS = [new]
        found = kept.read(workspace, account.assistant_id)
    finally:
        settings.ENCRYPTION_KEYS = [old, new]
        kept.reseal_all()

    assert resealed >= 1 and not left
    assert found is not None and found.before == {} and found.at == row.set_up_at


def test_workspace_that_writes_has_no_such_pages(visit):
    workspace = make_workspace(channel="whatsapp")
    owner, page = visit(make_user(workspace)), f"/admin/{workspace.slug}/settings/vapi"

    for path in ("look", "set-up", "go-back"):
        assert owner.post(f"{page}/{path}").status_code == 404
