"""Assistants, numbers and tools: they are listed, read, made and changed as at Vapi."""

import pytest

from tests.coachbot.sandbox.vapi.client import ASSISTANT, make_client

SERVER = {"url": "https://coachbot.example/events", "headers": {"X-Vapi-Secret": "s"}}
TOOL = {
    "type": "function",
    "function": {"name": "listSlots", "parameters": {"type": "object", "properties": {}}},
    "server": {"url": "https://coachbot.example/tools/listSlots"},
}


def written(sandbox, client):
    return [(one.method, one.path) for one in sandbox.providers["vapi"].written(client.key)]


def test_lists_are_bare_arrays_of_what_each_org_has(client, stranger):
    for path in ("/assistant", "/phone-number"):
        listed = client.get(path, params={"limit": 1000}).json()
        [first, second] = listed
        assert client.get(f"{path}/{second['id']}").json() == second
        assert {first["id"], second["id"]}.isdisjoint(
            one["id"] for one in stranger.get(path).json()
        )
        assert client.get(path, params={"limit": 1001}).status_code == 400
        assert client.get(path, params={"name": "x"}).json()["message"] == [
            "property name should not exist"
        ]
    assert client.get("/tool").json() == []


@pytest.mark.parametrize("path", ["/assistant", "/phone-number", "/tool"])
def test_wrong_key_is_told_so(client, path):
    answer = client.get(path, headers={"Authorization": "Bearer public-key"})

    assert (answer.status_code, answer.json()["error"]) == (401, "Unauthorized")
    assert answer.json()["message"].startswith("Invalid Key.")


def test_part_that_is_given_replaces_that_part_whole_and_the_others_stay(client, sandbox):
    path = f"/assistant/{ASSISTANT}"
    before = client.get(path).json()
    client.request("PATCH", path, json={"server": {**SERVER, "timeoutSeconds": 30}})

    changed = client.request("PATCH", path, json={"server": SERVER}).json()

    assert changed["server"] == SERVER == client.get(path).json()["server"]
    assert changed["model"] == before["model"] and changed["updatedAt"] > before["updatedAt"]
    assert client.request("PATCH", path, json={"server": None}).json().get("server") is None
    assert written(sandbox, client) == [("PATCH", path)] * 3
    assert "server" not in make_client(sandbox).get(path).json()


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"model": {"toolIds": []}}, "model.provider must be present"),
        ({"server": {"url": ""}}, "server.url must be a valid URL"),
        ({"server": {"uri": "https://x.y"}}, "server.property uri should not exist"),
        ({"toolIds": []}, "property toolIds should not exist"),
        ({"serverMessages": ["everything"]}, "each value in serverMessages must be one of"),
        ([], "body must be an object"),
    ],
)
def test_assistant_is_changed_by_the_schema_only(client, sandbox, parts, complaint):
    answer = client.request("PATCH", f"/assistant/{ASSISTANT}", json=parts)

    assert answer.status_code == 400
    assert answer.json()["message"][0].startswith(complaint)
    assert written(sandbox, client) == []


def test_tool_is_made_listed_read_and_changed(client, stranger, sandbox):
    made = client.request("POST", "/tool", json=TOOL)
    tool = made.json()
    path = f"/tool/{tool['id']}"

    changed = client.request("PATCH", path, json={"async": True})

    assert made.status_code == 201
    assert {**tool, **TOOL} == tool and tool["createdAt"] == tool["updatedAt"]
    assert (changed.status_code, changed.json()["async"]) == (200, True)
    assert client.get("/tool").json() == [client.get(path).json()] == [changed.json()]
    assert stranger.get(path).status_code == 404 and stranger.get("/tool").json() == []
    assert written(sandbox, client) == [("POST", "/tool"), ("PATCH", path)]


def test_type_of_a_tool_cannot_be_changed(client):
    tool_id = client.request("POST", "/tool", json=TOOL).json()["id"]

    answer = client.request("PATCH", f"/tool/{tool_id}", json={"type": "function"})

    assert answer.json()["message"] == ["property type should not exist"]


@pytest.mark.parametrize(
    ("tool", "complaint"),
    [
        ({}, "type must be present"),
        ({"type": "spell"}, "type must be one of the following values: function"),
        ({"type": "function", "function": {"name": "list slots"}}, "function.name must match"),
    ],
)
def test_tool_that_cannot_be_is_refused(client, tool, complaint):
    answer = client.request("POST", "/tool", json=tool)

    assert answer.status_code == 400 and answer.json()["message"][0].startswith(complaint)


def test_second_assistant_reports_to_somebody_else(client):
    [_, second] = client.get("/assistant").json()

    assert second["server"]["url"].startswith("https://n8n.example/")
