"""Tool calls in every shape, at the events URL and at the tools' own: answered once, in words."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from coachbot.providers.calcom import client as calcom
from leads.models import Lead, ToolCall
from tests.vapi_messages import about, item, tool_calls
from workspaces.connections import credentials
from workspaces.models import LogKind

GOAL = {"goal": "Run a marathon"}
AS_JSON = json.dumps(GOAL)
SCHEMA_FORM = {"id": "call_9Xk", "type": "function"}
NAME = "updateLeadProfile"


def with_tool(tool_call):
    """The other list that Vapi sends along, here on its own."""
    function = {"name": NAME, "description": "...", "parameters": {"type": "object"}}
    tool = {"type": "function", "async": False, "messages": [], "function": function}
    return {"toolWithToolCallList": [{**tool, "toolCall": tool_call}], "toolCallList": []}


def function_form(arguments, field="arguments"):
    return {**SCHEMA_FORM, "function": {"name": NAME, field: arguments}}


def flat_form(field, arguments=None):
    return {"id": "call_9Xk", "name": NAME, field: arguments or GOAL}


SHAPES = {
    "A: arguments as JSON text": {"toolCallList": [function_form(AS_JSON)]},
    "B: arguments as an object": {"toolCallList": [function_form(GOAL)]},
    "B: the list as toolCalls": {"toolCalls": [function_form(GOAL)], "toolCallList": None},
    "C: flat, parameters": {"toolCallList": [flat_form("parameters")]},
    "D: flat, arguments": {"toolCallList": [flat_form("arguments")]},
    "D: flat, arguments as text": {"toolCallList": [flat_form("arguments", AS_JSON)]},
    "D: with its tool, parameters": with_tool(function_form(GOAL, "parameters")),
    "D: with its tool, arguments": with_tool(function_form(AS_JSON)),
    "D: with its tool, nameless": with_tool({"id": "call_9Xk", "parameters": GOAL}),
}


@pytest.mark.parametrize("path", ["events", "tools/updateLeadProfile", "tools/updateLeadProfile/"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_understood(cast, reporter, lead_id, shape, path):
    response = reporter.send({**tool_calls(cast.placed()[0]), **shape}, path=path)

    answer = {"toolCallId": "call_9Xk", "name": NAME, "result": "Saved."}
    assert (response.status_code, response.json()) == (200, {"results": [answer]})
    assert Lead.objects.get(pk=lead_id).profile == GOAL


@pytest.mark.parametrize("parameters", [GOAL, AS_JSON])
def test_older_function_call_is_answered_in_its_own_shape(cast, reporter, lead_id, parameters):
    call = {"name": NAME, "parameters": parameters}
    message = {"type": "function-call", "functionCall": call, **about(cast.placed()[0])}

    response = reporter.send({"timestamp": 1790000121870, **message})

    assert (response.status_code, response.json()) == (200, {"result": "Saved."})
    assert Lead.objects.get(pk=lead_id).profile == GOAL


def test_several_calls_are_answered_in_their_order(cast, reporter, lead_id):
    items = [
        item("escalateToHuman", {"reason": "a\nb"}, id="toolu_2"),
        item("juggle", {}, id="toolu_1"),
        item("endConversation", {}, id="toolu_3"),
    ]

    results = reporter.send(tool_calls(cast.placed()[0], *items)).json()["results"]

    assert [answer["toolCallId"] for answer in results] == ["toolu_2", "toolu_1", "toolu_3"]
    assert [answer["name"] for answer in results] == [i["function"]["name"] for i in items]
    assert all("\n" not in answer["result"] for answer in results)
    assert results[1]["result"].startswith("There is no such tool. There are: updateLeadProfile,")


def test_tool_of_another_name_does_what_its_url_says(cast, reporter, lead_id):
    answer = reporter.ask(cast.placed()[0], "save_it", GOAL, path=f"tools/{NAME}")

    assert answer == "Saved."
    assert Lead.objects.get(pk=lead_id).profile == GOAL


def test_repeated_tool_call_gets_the_first_answer_and_does_nothing(cast, reporter, lead_id):
    placed, call = cast.placed()[0], {"reason": "Lives abroad.", "b": 1}
    first = reporter.ask(placed, "markUnqualified", call, id="call_1")

    again = reporter.ask(placed, "markUnqualified", dict(reversed(call.items())), id="call_1")

    assert again == first
    assert cast.workspace.log.filter(kind=LogKind.TOOL_CALL).count() == 1


@pytest.mark.parametrize("call_id", ["call_0", ""])
def test_ids_that_start_again_are_other_tool_calls(cast, reporter, lead_id, call_id):
    """As several models number them: each turn begins with call_0."""
    placed = cast.placed()[0]
    asked = [
        ("updateLeadProfile", {"goal": "Run"}),
        ("updateLeadProfile", {"goal": "Swim"}),
        ("escalateToHuman", {"reason": "Asks for a person."}),
    ]

    answers = [reporter.ask(placed, *call, id=call_id or None) for call in asked]

    lead = Lead.objects.get(pk=lead_id)
    assert answers[2].startswith("Noted. Tell the lead that a person")
    assert (lead.profile, lead.status) == ({"goal": "Swim"}, "needs_human")
    assert ToolCall.objects.filter(call__lead=lead).count() == 3


def test_simultaneous_deliveries_act_once(cast, reporter, lead_id):
    message = tool_calls(cast.placed()[0], item(NAME, {"notes": "Once."}, id="call_1"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: reporter.send(message).json(), range(8)))

    assert all(answer == answers[0] for answer in answers)
    assert Lead.objects.get(pk=lead_id).profile == {"notes": "Once."}
    assert ToolCall.objects.filter(call__lead_id=lead_id).count() == 1


def test_tool_call_of_an_unknown_call_is_answered_in_words(cast, reporter):
    answer = reporter.ask({"id": "01a0c2f4-11d0-7c31-8a55-2f0d3c9b7e10"}, NAME, GOAL)

    assert answer == "This call is not known to Coachbot. Apologise, and say goodbye."
    assert not ToolCall.objects.filter(call__workspace=cast.workspace).exists()


def test_tool_call_shows_that_somebody_talks(api, cast, reporter, lead_id):
    reporter.ask(cast.placed()[0], NAME, GOAL)

    assert api.read(lead_id).json()["lead"]["status"] == "in_conversation"


def test_tool_call_is_logged_with_its_answer(cast, reporter, lead_id):
    reporter.ask(cast.placed()[0], NAME, GOAL)

    [row] = cast.workspace.log.filter(kind=LogKind.TOOL_CALL)
    assert (row.action, row.outcome) == ("Tool updateLeadProfile", "succeeded")
    assert (row.request, row.response, str(row.lead_id)) == (GOAL, "Saved.", lead_id)


@pytest.mark.parametrize("arguments", ["{", "[]", "7", [1], 7, '"text"', '{"goal": NaN}'])
def test_unreadable_arguments_are_asked_for_again(cast, reporter, lead_id, arguments):
    message = tool_calls(cast.placed()[0], function_form(arguments))

    [answer] = reporter.send(message).json()["results"]

    assert Lead.objects.get(pk=lead_id).profile == {}
    assert answer["result"].startswith(("The arguments are not a JSON object.", "Nothing was sav"))


@pytest.mark.parametrize("listed", [None, [], {}, "text", [None, 7, "x"]])
def test_message_without_tool_calls_gets_no_results(cast, reporter, lead_id, listed):
    response = reporter.send({**tool_calls(cast.placed()[0]), "toolCallList": listed})

    assert (response.status_code, response.json()) == (200, {"results": []})


def test_longest_and_strangest_ids_come_back_unchanged(cast, reporter, lead_id):
    strange = "x" * 5000 + "\u20ac"

    message = tool_calls(cast.placed()[0], item(NAME, GOAL, id=strange))
    answers = [reporter.send(message).json()["results"][0] for _ in range(2)]

    assert [answer["toolCallId"] for answer in answers] == [strange, strange]
    assert ToolCall.objects.filter(call__lead_id=lead_id).count() == 1


def test_fault_of_ours_is_answered_in_words_and_may_be_tried_again(cast, reporter, lead_id):
    # A zone that this machine's database of time zones does not know (any more).
    account = calcom.Account("cal_sandbox_x", 123400, "Mars/Olympus")
    credentials.connect_calcom(cast.workspace, account)
    sorry = "Something went wrong on our side. Tell the lead that a person will get in touch."
    first = reporter.ask(cast.placed()[0], "listSlots", id="call_1")

    credentials.connect_calcom(cast.workspace, replace(account, time_zone="Europe/London"))
    second = reporter.ask(cast.placed()[0], "listSlots", id="call_1")

    assert (first, second[:10]) == (sorry, "Free times")


@pytest.mark.parametrize("arguments", ["null", None, "", "{}", " null "])
def test_no_arguments_are_none_and_not_unreadable(cast, reporter, lead_id, arguments):
    [answer] = reporter.send(tool_calls(cast.placed()[0], function_form(arguments))).json()[
        "results"
    ]

    assert answer["result"].startswith("Nothing was saved. Give at least one of")
