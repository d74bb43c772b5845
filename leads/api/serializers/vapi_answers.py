"""What Vapi is answered: what the assistant may say, and who takes a call that comes in."""

from collections.abc import Iterable

from rest_framework import serializers


class ToolResultSerializer(serializers.Serializer):
    toolCallId = serializers.CharField(source="tool_call_id", help_text="As it was asked.")
    name = serializers.CharField(help_text="As it was asked.")
    result = serializers.CharField(
        source="text", help_text="What the assistant may say, in one line."
    )


class VapiAnswerSerializer(serializers.Serializer):
    results = ToolResultSerializer(many=True, required=False)
    result = serializers.CharField(
        required=False, help_text="The answer to the older `function-call`."
    )
    error = serializers.CharField(
        required=False,
        help_text="Why a call cannot be taken, put through or handed over, in words to say.",
    )
    assistantId = serializers.CharField(
        required=False, help_text="Who answers a call that comes in; to an `assistant-request`."
    )
    assistantOverrides = serializers.DictField(
        required=False, help_text="What the assistant is told of the lead that rings."
    )
    destination = serializers.DictField(
        required=False,
        help_text="To whom a call is passed on; to a `transfer-destination-request`.",
    )


# One for all requests, as it keeps nothing of them: a new one would copy every field.
_tool_result = ToolResultSerializer()


def tool_results_json(answers: Iterable) -> dict:
    """Return answers to tool calls as Vapi reads them: always strings, in the same order."""
    return {"results": [_tool_result.to_representation(answer) for answer in answers]}
