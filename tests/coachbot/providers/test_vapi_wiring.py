"""What an assistant lacks, and the parts that mend it: everything else stays as it stood."""

import pytest

from coachbot.providers.vapi.assistant import wiring
from coachbot.providers.vapi.assistant.tools import TOOLS
from coachbot.providers.vapi.assistant.wiring import NEEDED_MESSAGES, Foreign, Wanted
from coachbot.providers.vapi.tool_calls import TOOL_NAMES
from leads.agent import tools as written

EVENTS = "https://coachbot.example/events"
WANTED = Wanted(EVENTS, {"listSlots": f"{EVENTS}/l", "optOut": f"{EVENTS}/o"}, "our-secret")
IDS = {"listSlots": "1", "optOut": "2"}
SECRET = {"X-Vapi-Secret": "our-secret"}
OURS = {"url": EVENTS, "headers": SECRET}
MODEL = {"provider": "openai", "model": "gpt-4o", "messages": [{"role": "system", "content": "Hi"}]}


def assistant(server=None, **model):
    return {"id": "a", "model": {**MODEL, **model}, **({"server": server} if server else {})}


def tool(name, url, tool_id, **fields):
    function = {"name": name}
    server = {"server": {"url": url}} if url else {}
    return {"id": tool_id, "type": "function", "function": function, **server, **fields}


def saved():
    return [{**wiring.tool_for(name, WANTED), "id": IDS[name]} for name in IDS]


def test_words_of_the_voice_tools_differ_from_the_written_ones_and_their_arguments_do_not():
    assert tuple(TOOLS) == TOOL_NAMES == tuple(written.TOOLS)
    for name, spoken in TOOLS.items():
        assert list(spoken.takes) == list(written.TOOLS[name].takes), name
        assert spoken.required == written.TOOLS[name].required, name


def test_bare_assistant_gets_server_and_tools_and_keeps_its_prompt():
    parts = wiring.parts_for(assistant(), saved(), WANTED, IDS)

    assert parts == {"server": OURS, "model": {**MODEL, "toolIds": ["1", "2"]}}


def test_what_is_right_is_left_alone():
    right = assistant(OURS, toolIds=["other", "1", "2"])

    assert wiring.parts_for(right, saved(), WANTED, IDS) == {}
    assert wiring.lacking(right, saved(), WANTED) == []
    assert [wiring.changes_of_tool(one, WANTED) for one in saved()] == [{}, {}]


def test_own_server_keeps_what_else_stands_in_it():
    server = {
        **{"url": f"{EVENTS}/", "timeoutSeconds": 5, "backoffPlan": {"maxRetries": 2}},
        **{"credentialId": "c", "headers": {"X-Own": "1", "x-vapi-secret": "old"}},
    }

    parts = wiring.parts_for(assistant(server), saved(), WANTED, IDS)

    assert parts["server"] == {
        **{"url": EVENTS, "timeoutSeconds": 20, "backoffPlan": {"maxRetries": 2}},
        **{"credentialId": "c", "headers": {"X-Own": "1", **SECRET}},
    }


def test_nothing_of_somebody_elses_server_comes_to_us():
    theirs = {
        "url": "https://n8n.example/x",
        "secret": "s",
        "credentialId": "c",
        "headers": {"A": "b"},
    }

    assert wiring.foreign(assistant(theirs), [], WANTED) == [Foreign("", "https://n8n.example/x")]
    assert wiring.parts_for(assistant(theirs), saved(), WANTED, IDS)["server"] == OURS


def test_messages_that_are_needed_are_added_only_where_some_are_chosen():
    chosen = {**assistant(OURS, toolIds=["1", "2"]), "serverMessages": ["transcript", "tool-calls"]}

    parts = wiring.parts_for(chosen, saved(), WANTED, IDS)

    rest = [one for one in NEEDED_MESSAGES if one != "tool-calls"]
    assert parts == {"serverMessages": ["transcript", "tool-calls", *rest]}


def test_tool_of_ours_that_is_part_of_the_assistant_stays_part_of_it():
    inline = tool("listSlots", "", "", description="kept")
    mine = {"type": "endCall"}

    parts = wiring.parts_for(assistant(OURS, tools=[mine, inline]), saved(), WANTED, IDS)

    server = {"url": f"{EVENTS}/l", "headers": SECRET}
    assert parts["model"]["tools"] == [mine, {**inline, "server": server}]
    assert parts["model"]["toolIds"] == ["2"]


def test_saved_tool_of_our_name_at_another_server_gives_way():
    theirs = tool("optOut", "https://n8n.example/o", "9")
    has = assistant(OURS, toolIds=["1", "9"], toolRefs=[{"toolId": "9", "version": "v1"}])

    assert wiring.lacking(has, [*saved(), theirs], WANTED) == ["optOut"]
    assert Foreign("optOut", "https://n8n.example/o") in wiring.foreign(has, [theirs], WANTED)
    model = wiring.parts_for(has, [*saved(), theirs], WANTED, IDS)["model"]
    assert (model["toolIds"], model["toolRefs"]) == (["1", "2"], [])


def test_pinned_tool_of_ours_counts_as_there():
    pinned = assistant(OURS, toolIds=["2"], toolRefs=[{"toolId": "1", "version": "v1"}])

    assert wiring.parts_for(pinned, saved(), WANTED, IDS) == {}
    assert wiring.lacking(pinned, saved(), WANTED) == []


def test_of_twins_the_one_in_use_is_ours_else_the_oldest():
    old, new = (
        tool("listSlots", f"{EVENTS}/l", tool_id, createdAt=at)
        for tool_id, at in (("old", "2026-01-01T00:00:00Z"), ("new", "2026-02-01T00:00:00Z"))
    )

    assert wiring.own_tools(assistant(), [new, old], WANTED)["listSlots"] == old
    used = assistant(toolIds=["new"])
    assert wiring.own_tools(used, [new, old], WANTED)["listSlots"] == new


def test_saved_tool_keeps_its_words_and_gets_what_it_lacks():
    theirs = tool("optOut", f"{EVENTS}/o", "2", **{"async": True})
    theirs["function"] |= {
        "description": "In our words",
        "parameters": {"properties": {"extra": {"type": "string"}}, "required": ["extra"]},
    }

    changes = wiring.changes_of_tool(theirs, WANTED)

    assert changes["async"] is False
    assert changes["server"] == {"url": f"{EVENTS}/o", "headers": SECRET}
    function = changes["function"]
    assert function["description"] == "In our words"
    assert set(function["parameters"]["properties"]) == {"extra", "reason"}
    assert function["parameters"]["required"] == ["extra"]


@pytest.mark.parametrize(
    "before",
    [
        assistant(),
        assistant({"url": "https://n8n.example/x", "secret": "s"}, tools=[{"type": "endCall"}]),
        {**assistant(toolIds=["9"]), "serverMessages": ["hang"]},
    ],
)
def test_way_back_leads_to_what_stood_there_and_keeps_a_prompt_of_later(before):
    after = {**before, **wiring.parts_for(before, saved(), WANTED, IDS)}
    later = {
        **after,
        "model": {**after["model"], "messages": [{"role": "system", "content": "New"}]},
    }

    back = {**later, **wiring.parts_back(later, wiring.standing(before))}

    assert wiring.standing({k: v for k, v in back.items() if v is not None}) == wiring.standing(
        before
    )
    assert back["model"]["messages"] == [{"role": "system", "content": "New"}]


def test_assistant_without_a_model_can_be_given_no_tools():
    with pytest.raises(wiring.NoModel):
        wiring.parts_for({"id": "a"}, saved(), WANTED, IDS)
